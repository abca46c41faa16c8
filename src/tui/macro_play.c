/* src/tui/macro_play.c - plays a macro line by line.
 *
 * It stops at the first line that is refused, and says which. As long as the same record is open it is one step of undo. */
#include "macros_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLAYED_MOST = 100000, DEPTH_MOST = 8 };

typedef struct player {
    workstation *station;
    edit_session *stepping; /* whose step of undo is open; NULL: none is */
    mms_id id;
    const char *name;
    size_t lines; /* done so far */
} player;

static bool is_open(const workstation *station, const edit_session *session)
{
    for (size_t i = 0; i < station->record_count; i++)
        if (station->records[i]->session == session)
            return true;
    return false;
}

static void end_step(player *player)
{
    if (player->stepping != NULL && is_open(player->station, player->stepping))
        marc_edit_end(edit_of(player->stepping));
    player->stepping = NULL;
}

static void begin_step(player *player)
{
    char title[100];
    edit_session *session = station_session(player->station);
    if (player->stepping == session || session == NULL)
        return;
    end_step(player);
    if (edit_state_of(session)->view_only)
        return;
    snprintf(title, sizeof title, "macro %s", player->name);
    marc_edit_settle(edit_of(session));
    marc_edit_begin(edit_of(session), title);
    player->stepping = session;
}

/* Undo, saving and closing need the record's steps to be whole. */
static bool needs_whole_steps(const char *verb)
{
    return strncmp(verb, "record.", 7) == 0 || strncmp(verb, "edit.", 5) == 0 || strncmp(verb, "records.", 8) == 0 ||
           strncmp(verb, "match.", 6) == 0 || strcmp(verb, "pane.close") == 0 || strcmp(verb, "choose") == 0 ||
           strcmp(verb, "app.quit") == 0;
}

static bool press(workstation *station, const key *pressed)
{
    station->refused = false;
    station_take_key(station, pressed);
    return !station->refused && !station->status_is_error;
}

static bool type_text(workstation *station, text words)
{
    const open_pane *pane = station_focused_pane(station);
    if (station->overlay_count > 0 || pane == NULL || !pane->kind->takes_letters) {
        station_say(station, "nothing here takes text");
        return false;
    }
    while (words.length > 0) {
        key one = { .name = KEY_IS_TEXT };
        const size_t bytes = utf8_grapheme(words.bytes, words.length);
        if (bytes >= sizeof one.text)
            return false;
        memcpy(one.text, words.bytes, bytes);
        if (!press(station, &one))
            return false;
        words = text_of(words.bytes + bytes, words.length - bytes);
    }
    return true;
}

static bool run_command(workstation *station, const macro_line *line)
{
    station->refused = false;
    if (station->overlay_count > 0) {
        station_say(station, "a question is open: answer or choose comes first");
        return false;
    }
    station_execute(station, command_named(line->verb), line->has_argument ? buffer_string(&line->argument) : NULL);
    station_bury(station);
    return !station->refused && !station->status_is_error;
}

static bool run_line(player *player, const macro_line *line)
{
    workstation *station = player->station;
    const text argument = buffer_text(&line->argument);
    station->status[0] = '\0';
    station->status_is_error = false;
    if (needs_whole_steps(line->verb))
        end_step(player);
    else
        begin_step(player);
    if (strcmp(line->verb, "type") == 0)
        return type_text(station, argument);
    if (strcmp(line->verb, "answer") == 0)
        return station_answer_prompt(station, buffer_string(&line->argument));
    if (strcmp(line->verb, "choose") == 0)
        return station_answer_choice(station, buffer_string(&line->argument));
    if (strcmp(line->verb, "paste") == 0) {
        station_take_paste(station, argument);
        return !station->status_is_error;
    }
    if (strcmp(line->verb, "press") != 0)
        return run_command(station, line);
    key pressed;
    text rest = argument;
    bool sound = key_parse(&pressed, text_next_field(&rest, ' '));
    for (size_t i = 0; sound && i < line->times; i++)
        sound = press(station, &pressed);
    return sound;
}

static void say_stopped(workstation *station, const char *name, int number, const char *verb)
{
    char why[STATUS_BYTES];
    snprintf(why, sizeof why, "%s", station->status[0] != '\0' ? station->status : "refused");
    station_say(station, "%.60s stopped at its line %d, %.40s: %.300s", name, number, verb, why);
    station->status_is_error = true;
}

/* @return false: stopped, and said so */
static bool play_once(player *player, text body)
{
    macro_line line;
    recto_error error;
    bool sound = true;
    buffer_init(&line.argument, MACRO_BYTES);
    for (int number = 1; sound && body.bytes != NULL; number++) {
        recto_status status = macro_line_read(&line, text_next_field(&body, '\n'), number, &error);
        if (status == RECTO_END)
            continue;
        if (status != RECTO_OK) {
            station_error(player->station, &error);
            sound = false;
        } else if (++player->lines > PLAYED_MOST) {
            station_say(player->station, "more than %d lines were played", PLAYED_MOST);
            sound = false;
        } else {
            sound = run_line(player, &line);
        }
        if (!sound)
            say_stopped(player->station, player->name, number, line.verb);
    }
    buffer_release(&line.argument);
    return sound;
}

static void play(workstation *station, const own_text *macro, size_t count)
{
    char name[64], *body = strdup(macro->body);
    player player = { .station = station, .name = name };
    size_t done = 0;
    snprintf(name, sizeof name, "%s", macro->name);
    if (body == NULL)
        return;
    if (count > 1)
        station_progress(station, "Playing", 0, count);
    while (done < count && play_once(&player, text_from(body))) {
        done++;
        if (count > 1 && done < count && !station_progress(station, "Playing", done, count))
            break;
    }
    end_step(&player);
    free(body);
    if (count > 1)
        station_work_done(station);
    if (done == count && count > 1)
        station_say(station, "Played %s %zu times", name, done);
    else if (done == count && station->status[0] == '\0')
        station_say(station, "Played %s", name);
}

static void macro_picked(workstation *station, void *context, const char *value)
{
    (void)context;
    if (value != NULL)
        station_run(station, "macro.play", value);
}

/* The whole is a name; else its last word may be a number. */
static const own_text *find_macro(workstation *station, const char *argument, size_t *count)
{
    char name[120];
    int64_t number = 0;
    const char *blank = strrchr(argument, ' ');
    const own_text *found = own_text_find(station, TEXT_MACROS, argument);
    *count = 1;
    if (found != NULL || blank == NULL || !text_to_integer(text_from(blank + 1), &number) || number < 1 || number > COUNT_LIMIT)
        return found;
    snprintf(name, sizeof name, "%.*s", (int)(blank - argument), argument);
    *count = (size_t)number;
    return own_text_find(station, TEXT_MACROS, name);
}

void macro_play(workstation *station, const char *argument)
{
    size_t count;
    if (argument == NULL) {
        own_text_pick(station, TEXT_MACROS, macro_picked);
        return;
    }
    const own_text *macro = find_macro(station, argument, &count);
    if (macro == NULL) {
        station_say(station, "there is no macro '%s'; My Macros lists them", argument);
        station->refused = true;
        return;
    }
    if (station->macros == NULL && (station->macros = calloc(1, sizeof *station->macros)) == NULL)
        return;
    if (station->macros->playing == DEPTH_MOST) {
        station_say(station, "macros play one another more than %d deep", DEPTH_MOST);
        station->refused = true;
        return;
    }
    station->macros->playing++;
    play(station, macro, count);
    station->macros->playing--;
}
