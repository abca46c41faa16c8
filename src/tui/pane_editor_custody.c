/* src/tui/pane_editor_custody.c - who holds the open record: to see it, to take it over, to hand it to another cataloger, its
 * level; and a deletion that says first what stands in its way. */
#include "custody_panes.h"
#include "editor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void settle(editor *pane)
{
    editor_move_to(pane, pane->row, pane->box, pane->offset);
    if (pane->tag_pending)
        editor_commit_tag(pane);
    marc_edit_settle(edit_of(pane->session));
}

/* ---- taking over (ED-87, ED-88) ---- */

static void take_over_answered(workstation *station, void *context, const char *reason)
{
    editor *pane = context;
    recto_error error;
    if (reason == NULL || pane->session == NULL)
        return;
    if (edit_take_over(pane->session, reason, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    editor_pane_touched(pane, station);
    const edit_state *state = edit_state_of(pane->session);
    if (state->view_only)
        station_say(station, "still View Only: %s", state->view_only_reason);
    else if (reason[0] == '\0')
        station_say(station, "fetched from your other session, where it is View Only now");
    else
        station_say(station, "this record is yours now; the former holder is told, and keeps a draft");
}

void editor_take_over(editor *pane)
{
    if (!edit_state_of(pane->session)->view_only || edit_state_of(pane->session)->locked_by[0] == '\0')
        station_say(pane->station, "nobody else holds this record");
    else if (strcmp(edit_state_of(pane->session)->locked_by, catalog_user(station_catalog(pane->station))) == 0)
        take_over_answered(pane->station, pane, ""); /* one's own other session */
    else
        station_prompt(pane->station, "Reason (its holder will read it):", "", take_over_answered, pane);
}

static void lock_answered(workstation *station, void *context, const char *choice)
{
    (void)context;
    if (strcmp(choice, "take") == 0)
        station_run(station, "record.take_over", NULL);
}

void lock_facts_show(workstation *station, mms_id id, bool may_take)
{
    static const dialog_choice with_take[] = { { "close", "Close", 'c' }, { "take", "Take Over...", 't' }, { NULL, NULL, 0 } };
    static const dialog_choice without[] = { { "close", "Close", 'c' }, { NULL, NULL, 0 } };
    enum { LINES = 8 };
    char texts[LINES][120];
    const char *lines[LINES + 1] = { NULL };
    size_t count = 0;
    recto_error error;
    buffer facts;
    buffer_init(&facts, 4096);
    const recto_status status = catalog_lock_facts(&facts, station_catalog(station), id, &error);
    const bool own = status == RECTO_OK && strstr(buffer_string(&facts), "(another session)") != NULL;
    text rest = buffer_text(&facts);
    while (status == RECTO_OK && rest.length > 0 && count < LINES) {
        const text line = text_next_field(&rest, '\n');
        snprintf(texts[count], sizeof texts[count], "%.*s", (int)line.length, line.length > 0 ? line.bytes : "");
        lines[count] = texts[count];
        count++;
    }
    buffer_release(&facts);
    if (status != RECTO_OK) {
        station_say(station, "nobody holds this record");
        return;
    }
    const bool offer = may_take && (own || catalog_may(station_catalog(station), PRIVILEGE_LOCK_BREAK)); /* RL-28 */
    const dialog_choice *choices = offer ? with_take : without;
    station_ask(station, &(dialog){ .title = "Who Holds It",
                                    .lines = lines,
                                    .choices = choices,
                                    .initial = "close",
                                    .escape = "close",
                                    .done = lock_answered });
}

void editor_show_lock(editor *pane)
{
    const edit_state *state = edit_state_of(pane->session);
    if (state->is_new && !state->is_holdings)
        station_say(pane->station, "a record that was never saved is nobody else's: there is no lock yet");
    else
        lock_facts_show(pane->station, state->id, state->view_only);
}

/* ---- assigning (ED-90) ---- */

typedef struct assignment {
    editor *pane;
    char user[64];
} assignment;

static void note_answered(workstation *station, void *context, const char *note)
{
    assignment *work = context;
    editor *pane = work->pane;
    char user[64];
    recto_error error;
    snprintf(user, sizeof user, "%s", work->user);
    free(work);
    if (note == NULL) {
        station_say(station, "not assigned");
        return;
    }
    edit_session *session = pane->session, *given = session;
    if (edit_assign(&given, user, note, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    pane->session = NULL;
    station_close_session(station, session);
    station_say(station, "assigned to %s, with the text as it stands and the lock", user);
}

static void user_answered(workstation *station, void *context, const char *user)
{
    editor *pane = context;
    assignment *work = user != NULL && text_trim(text_from(user)).length > 0 ? calloc(1, sizeof *work) : NULL;
    if (work == NULL)
        return;
    const text name = text_trim(text_from(user));
    work->pane = pane;
    snprintf(work->user, sizeof work->user, "%.*s", (int)name.length, name.bytes);
    station_prompt(station, "Note for the receiver:", "", note_answered, work);
}

void editor_assign(editor *pane)
{
    settle(pane);
    station_prompt(pane->station, "Assign to (user name):", "", user_answered, pane);
}

/* ---- level (ED-179) ---- */

static void level_answered(workstation *station, void *context, const char *answer)
{
    editor *pane = context;
    int64_t level = 0;
    recto_error error;
    if (answer == NULL || pane->session == NULL)
        return;
    if (!text_to_integer(text_trim(text_from(answer)), &level) || level < 0 || level > CATALOGING_LEVEL_MAX) {
        station_say(station, "'%s' is no cataloging level; levels are 00 to 99", answer);
        return;
    }
    if (catalog_set_level(station_catalog(station), edit_state_of(pane->session)->id, (int)level, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    editor_pane_touched(pane, station);
    station_say(station, "cataloging level %02d%s", (int)level,
                catalog_levels_are_on(station_catalog(station)) ? "" : "; levels are not in force in this institution");
}

void editor_set_level(editor *pane)
{
    char now[8];
    snprintf(now, sizeof now, "%02d", edit_state_of(pane->session)->cataloging_level);
    station_prompt(pane->station, "Cataloging level (00 to 99):", now, level_answered, pane);
}

/* ---- deleting (ED-149) ---- */

void editor_ask_delete(editor *pane)
{
    delete_obstacle *rows = NULL;
    size_t count = 0;
    recto_error error;
    const mms_id id = edit_state_of(pane->session)->id;
    if (catalog_delete_obstacles(&rows, &count, station_catalog(pane->station), id, &error) != RECTO_OK) {
        station_error(pane->station, &error);
        return;
    }
    if (count > 0) {
        obstacles_pane_open(pane->station, pane->session, rows, count);
        return;
    }
    free(rows);
    editor_delete_record(pane);
}

void editor_three_way(editor *pane)
{
    settle(pane);
    three_way_pane_open(pane->station, pane->session);
}
