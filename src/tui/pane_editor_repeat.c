/* src/tui/pane_editor_repeat.c - the last change made again elsewhere, as vi's dot: the command that made it, and what was typed
 * until Esc.
 *
 * Noted in a modal keymap only, where a change has a beginning and an end. It belongs to the workstation, so it can be repeated
 * in the next record. What came from elsewhere (a list, a paste, a form) cannot be repeated: then nothing is. */
#include "editor.h"
#include "station.h"

#include <stdlib.h>
#include <string.h>

enum { EVENTS_MOST = 10000 };

typedef struct noted { /* a command, or a key when there is none */
    const command *what;
    char argument[96];
    key pressed;
} noted;

struct last_change {
    noted *events;
    size_t count, capacity;
    bool open;    /* typing goes on, or a letter is awaited */
    bool repeats; /* it is being made again */
};

void editor_repeat_release(workstation *station)
{
    if (station->last_change != NULL)
        free(station->last_change->events);
    free(station->last_change);
    station->last_change = NULL;
}

static struct last_change *change_of(const editor *pane)
{
    workstation *station = pane->station;
    if (station->last_change == NULL && station_is_modal(station))
        station->last_change = calloc(1, sizeof *station->last_change);
    return station->last_change != NULL && !station->last_change->repeats ? station->last_change : NULL;
}

static void forget(struct last_change *change)
{
    change->count = 0;
    change->open = false;
}

static void note(struct last_change *change, const noted *event)
{
    if (change->count == EVENTS_MOST) {
        forget(change);
        return;
    }
    if (change->count == change->capacity) {
        const size_t capacity = change->capacity > 0 ? 2 * change->capacity : 32;
        noted *grown = realloc(change->events, capacity * sizeof *grown);
        if (grown == NULL) {
            forget(change);
            return;
        }
        change->events = grown;
        change->capacity = capacity;
    }
    change->events[change->count++] = *event;
}

static bool begins_with_one_of(const char *name, const char *const *beginnings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(name, beginnings[i], strlen(beginnings[i])) == 0)
            return true;
    return false;
}

static bool is_change(const char *name)
{
    static const char *const changes[] = { "text.", "field.", "subfield." };
    return strcmp(name, "field.form") != 0 && begins_with_one_of(name, changes, sizeof changes / sizeof *changes);
}

/* May stand within a change. */
static bool is_within(const char *name)
{
    static const char *const within[] = { "cursor.", "box.", "pane.back" };
    return is_change(name) || begins_with_one_of(name, within, sizeof within / sizeof *within);
}

/* Ends typing, or goes on beside it, without a part in it. */
static bool leaves_it_whole(const char *name)
{
    static const char *const beside[] = { "record.", "records.", "alert.", "help.", "app.", "linear.", "pane." };
    return begins_with_one_of(name, beside, sizeof beside / sizeof *beside);
}

static void close_when_done(struct last_change *change, const editor *pane)
{
    if (pane->left_field && pane->awaits.what == NULL)
        change->open = false;
}

/* Esc instead of the letter that was awaited. */
static bool is_given_up(const editor *pane, const command *what)
{
    return pane->awaits.what != NULL && strcmp(what->name, "pane.back") == 0;
}

editor_before editor_note_before(editor *pane, const command *what)
{
    struct last_change *change = change_of(pane);
    const bool watched = change != NULL && is_within(what->name);
    if (change != NULL && change->open && !watched && leaves_it_whole(what->name) && pane->awaits.what == NULL)
        change->open = false;
    else if (change != NULL && change->open && (!watched || pane->form.open || is_given_up(pane, what)))
        forget(change);
    return (
        editor_before){ .watched = watched, .left = pane->left_field, .revision = marc_edit_revision(edit_of(pane->session)) };
}

void editor_note_command(editor *pane, const editor_before *before, const command *what, const char *argument)
{
    struct last_change *change = before->watched ? change_of(pane) : NULL;
    noted event = { .what = what };
    if (change == NULL)
        return;
    if (argument != NULL && strlen(argument) >= sizeof event.argument) {
        forget(change); /* or something else would be made again than what was done */
        return;
    }
    if (argument != NULL)
        memcpy(event.argument, argument, strlen(argument) + 1);
    const bool begins = before->left && !pane->left_field, awaits = pane->awaits.what != NULL,
               changed = marc_edit_revision(edit_of(pane->session)) != before->revision;
    if (!change->open && (!is_change(what->name) || !(begins || awaits || changed)))
        return;
    if (!change->open && !pane->station->counts_on)
        change->count = 0;
    change->open = true;
    note(change, &event);
    close_when_done(change, pane);
}

void editor_note_key(editor *pane, const key *pressed)
{
    struct last_change *change = change_of(pane);
    if (change == NULL || !change->open)
        return;
    note(change, &(noted){ .pressed = *pressed });
    close_when_done(change, pane);
}

void editor_note_other(editor *pane)
{
    struct last_change *change = change_of(pane);
    if (change != NULL && change->open)
        forget(change);
}

static void make_again(editor *pane, const noted *event)
{
    workstation *station = pane->station;
    if (event->what == NULL)
        (void)editor_pane.typed(pane, &event->pressed, station);
    else
        (void)editor_pane.run(pane, event->what, event->argument[0] != '\0' ? event->argument : NULL, station);
}

void editor_repeat(editor *pane)
{
    workstation *station = pane->station;
    struct last_change *change = change_of(pane);
    const size_t overlays = station->overlay_count;
    if (change == NULL || change->count == 0) {
        station_say(station, "nothing was changed yet that could be made again");
        station->refused = true;
        return;
    }
    if (!editor_may_change(pane, pane->row))
        return;
    marc_edit_settle(edit_of(pane->session));
    marc_edit_begin(edit_of(pane->session), "made again");
    change->repeats = true;
    station->refused = false;
    for (size_t i = 0; i < change->count && station->overlay_count == overlays && !station->refused; i++)
        make_again(pane, &change->events[i]);
    change->repeats = false;
    pane->left_field = true;
    (void)editor_await_cancel(pane);
    marc_edit_end(edit_of(pane->session));
    marc_edit_settle(edit_of(pane->session));
}
