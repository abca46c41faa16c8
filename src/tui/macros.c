/* src/tui/macros.c - macros: commands and typed text, noted as they are done, kept as readable text, and played line by line.
 *
 * A line is the name of a command, perhaps with its argument in quotes; `type "text"` for what is typed; `press Down 3` for a key
 * that no command has; `paste "text"`; `answer "text"` and `choose id` for what a prompt or a question asked. Playing stops at
 * the first line that is refused, and says which. As long as the same record is open it is one step of undo. */
#include "macros.h"
#include "station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MACRO_BYTES = 64 * 1024, PLAYED_MOST = 100000, DEPTH_MOST = 8, COUNT_LIMIT = 10000 };

struct macros {
    bool recording;
    buffer text;  /* lines so far */
    buffer typed; /* letters that will be one `type` line */
    char pressed[48];
    size_t presses;
    size_t playing; /* depth */
};

/* ---- recording --------------------------------------------------------------------------------------------------- */

static bool notes(const workstation *station)
{
    return station->macros != NULL && station->macros->recording && station->macros->playing == 0;
}

bool macro_is_recording(const workstation *station)
{
    return station->macros != NULL && station->macros->recording;
}

void macros_release(workstation *station)
{
    if (station->macros == NULL)
        return;
    buffer_release(&station->macros->text);
    buffer_release(&station->macros->typed);
    free(station->macros);
    station->macros = NULL;
}

static void put_quoted(buffer *out, text words)
{
    buffer_append_char(out, '"');
    for (size_t i = 0; i < words.length; i++) {
        const char byte = words.bytes[i];
        if (byte == '"' || byte == '\\')
            buffer_append_char(out, '\\');
        if (byte == '\n')
            buffer_append_string(out, "\\n");
        else
            buffer_append_char(out, byte);
    }
    buffer_append_char(out, '"');
}

/* What was gathered of letters or of one key becomes its line. */
static void end_run(struct macros *macros)
{
    if (macros->typed.length > 0) {
        buffer_append_string(&macros->text, "type ");
        put_quoted(&macros->text, buffer_text(&macros->typed));
        buffer_append_char(&macros->text, '\n');
        buffer_clear(&macros->typed);
    }
    if (macros->presses == 1)
        buffer_append_format(&macros->text, "press %s\n", macros->pressed);
    else if (macros->presses > 1)
        buffer_append_format(&macros->text, "press %s %zu\n", macros->pressed, macros->presses);
    macros->presses = 0;
}

/* These open what is noted by what is chosen in it, or are about macros themselves. */
static bool is_not_noted(const char *name, const char *argument)
{
    static const char *const names[] = { "app.palette", "app.menu", "app.help", "macro.record", "app.quit" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return argument == NULL && (strcmp(name, "macro.play") == 0 || strcmp(name, "string.insert") == 0);
}

void macro_note_command(workstation *station, const command *command, const char *argument)
{
    if (!notes(station) || is_not_noted(command->name, argument))
        return;
    end_run(station->macros);
    buffer_append_string(&station->macros->text, command->name);
    if (argument != NULL) {
        buffer_append_char(&station->macros->text, ' ');
        put_quoted(&station->macros->text, text_from(argument));
    }
    buffer_append_char(&station->macros->text, '\n');
}

void macro_note_key(workstation *station, const key *pressed)
{
    buffer name;
    if (!notes(station))
        return;
    struct macros *macros = station->macros;
    if (pressed->name == KEY_IS_TEXT && !pressed->ctrl && !pressed->alt) {
        if (macros->presses > 0)
            end_run(macros);
        buffer_append_string(&macros->typed, pressed->text);
        return;
    }
    buffer_init(&name, sizeof macros->pressed);
    key_write(&name, pressed, false);
    if (macros->presses > 0 && macros->typed.length == 0 && strcmp(macros->pressed, buffer_string(&name)) == 0) {
        macros->presses++;
    } else {
        end_run(macros);
        snprintf(macros->pressed, sizeof macros->pressed, "%s", buffer_string(&name));
        macros->presses = 1;
    }
    buffer_release(&name);
}

void macro_note_paste(workstation *station, text pasted)
{
    macro_note_answer(station, "paste", NULL);
    if (!notes(station))
        return;
    buffer_append_string(&station->macros->text, "paste ");
    put_quoted(&station->macros->text, pasted);
    buffer_append_char(&station->macros->text, '\n');
}

void macro_note_answer(workstation *station, const char *verb, const char *answer)
{
    if (!notes(station))
        return;
    end_run(station->macros);
    if (answer == NULL)
        return;
    buffer_append_format(&station->macros->text, "%s ", verb);
    put_quoted(&station->macros->text, text_from(answer));
    buffer_append_char(&station->macros->text, '\n');
}

/* "add note = Alt+Q n" */
static void split_name(const char *answer, char name[static 64], char keys[static 64])
{
    text rest = text_from(answer);
    const text first = text_trim(text_next_field(&rest, '='));
    const text second = rest.bytes != NULL ? text_trim(rest) : TEXT("");
    snprintf(name, 64, "%.*s", (int)(first.length < 63 ? first.length : 63), first.length > 0 ? first.bytes : "");
    snprintf(keys, 64, "%.*s", (int)(second.length < 63 ? second.length : 63), second.length > 0 ? second.bytes : "");
}

static void name_typed(workstation *station, void *context, const char *answer);

/* @param why  the name was not taken, "" at first: it stands where the question is, which covers the message line */
static void ask_name(workstation *station, const char *why, const char *typed)
{
    char label[200];
    snprintf(label, sizeof label, "%.190s:", *why != '\0' ? why : "Name of the macro (name = keys)");
    station_prompt(station, label, typed, name_typed, NULL);
}

static recto_status keep_macro(workstation *station, const char *name, const char *keys, recto_error *error)
{
    buffer source;
    int version = 0;
    buffer_init(&source, 1 << 20);
    recto_status status = catalog_text_load(&source, &version, station->options.catalog, TEXT_MACROS, false, error);
    if (source.length > 0)
        buffer_append_string(&source, source.bytes[source.length - 1] == '\n' ? "\n" : "\n\n");
    buffer_append_format(&source, "[%s]%s%s\n%s", name, keys[0] != '\0' ? " " : "", keys, buffer_string(&station->macros->text));
    if (status == RECTO_OK)
        status = own_text_check(TEXT_MACROS, buffer_text(&source), error);
    if (status == RECTO_OK)
        status = catalog_text_save(station->options.catalog, TEXT_MACROS, false, buffer_text(&source), version, NULL, error);
    buffer_release(&source);
    return status;
}

static void name_typed(workstation *station, void *context, const char *answer)
{
    char name[64], keys[64];
    recto_error error;
    (void)context;
    if (answer == NULL || station->macros == NULL) {
        station_say(station, "The recording was thrown away");
        return;
    }
    split_name(answer, name, keys);
    if (name[0] == '\0' || keep_macro(station, name, keys, &error) != RECTO_OK) {
        ask_name(station, name[0] != '\0' ? error.what : "it needs a name", answer); /* what was recorded is not lost */
        return;
    }
    own_texts_forget(station);
    buffer taken;
    buffer_init(&taken, 400);
    own_text_tell_taken(&taken, station, name, keys);
    station_say(station, "Kept as the macro %s%s%s%s%s; Play Macro plays it, My Macros shows its text", name,
                keys[0] != '\0' ? ", on " : "", keys, taken.length > 0 ? ": " : "", buffer_string(&taken));
    buffer_release(&taken);
}

void macro_record(workstation *station, const char *argument)
{
    (void)argument;
    if (station->macros == NULL && (station->macros = calloc(1, sizeof *station->macros)) != NULL) {
        buffer_init(&station->macros->text, MACRO_BYTES);
        buffer_init(&station->macros->typed, MACRO_BYTES);
    }
    struct macros *macros = station->macros;
    if (macros == NULL || macros->playing > 0)
        return;
    if (!macros->recording) {
        buffer_clear(&macros->text);
        buffer_clear(&macros->typed);
        macros->presses = 0;
        macros->recording = true;
        station_say(station, "Recording: the same key ends it");
        return;
    }
    end_run(macros);
    macros->recording = false;
    if (buffer_failed(&macros->text))
        station_say(station, "Not kept: a macro has at most %d bytes", MACRO_BYTES);
    else if (macros->text.length == 0)
        station_say(station, "Nothing was recorded");
    else
        ask_name(station, "", "");
}

/* ---- a line ------------------------------------------------------------------------------------------------------ */

typedef struct macro_line {
    char verb[64];
    buffer argument;
    bool has_argument;
    size_t times;
} macro_line;

/* "text" with \" \\ \n, or a bare word. @return false: a quotation mark is missing */
static bool read_argument(buffer *out, text rest)
{
    if (rest.length == 0 || rest.bytes[0] != '"') {
        buffer_append_text(out, rest);
        return true;
    }
    for (size_t i = 1; i < rest.length; i++) {
        if (rest.bytes[i] == '"')
            return i + 1 == rest.length;
        if (rest.bytes[i] == '\\' && i + 1 < rest.length)
            i++;
        else {
            buffer_append_char(out, rest.bytes[i]);
            continue;
        }
        buffer_append_char(out, rest.bytes[i] == 'n' ? '\n' : rest.bytes[i]);
    }
    return false;
}

static bool is_verb(const char *verb)
{
    static const char *const verbs[] = { "type", "press", "paste", "answer", "choose" };
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verb, verbs[i]) == 0)
            return true;
    return false;
}

/* "Down 3": a key, and how often. */
static bool read_press(macro_line *out)
{
    key parsed;
    int64_t times = 1;
    text rest = buffer_text(&out->argument);
    const text name = text_next_field(&rest, ' ');
    if (!key_parse(&parsed, name) ||
        (rest.bytes != NULL && (!text_to_integer(text_trim(rest), &times) || times < 1 || times > COUNT_LIMIT)))
        return false;
    out->times = (size_t)times;
    return true;
}

static recto_status fault(recto_error *error, int number, const char *todo, const char *what, const char *name)
{
    char where[32];
    snprintf(where, sizeof where, "line %d", number);
    return recto_fail(error, RECTO_EDATA, where, todo, "%s '%s'", what, name);
}

/* @return RECTO_END: a blank line or a comment */
static recto_status read_line(macro_line *out, text line, int number, recto_error *error)
{
    text rest = text_trim(line);
    out->times = 1;
    buffer_clear(&out->argument);
    if (rest.length == 0 || rest.bytes[0] == '#')
        return RECTO_END;
    const text verb = text_next_field(&rest, ' ');
    snprintf(out->verb, sizeof out->verb, "%.*s", (int)(verb.length < 63 ? verb.length : 63), verb.bytes);
    out->has_argument = rest.bytes != NULL && text_trim(rest).length > 0;
    if (out->has_argument && !read_argument(&out->argument, text_trim(rest)))
        return fault(error, number, "put it in double quotes, \\\" for one inside", "a quotation mark is missing after",
                     out->verb);
    if (!is_verb(out->verb)) {
        if (command_named(out->verb) != NULL)
            return RECTO_OK;
        const char *near = command_nearest(out->verb);
        return fault(error, number, near != NULL ? near : "a command, or type, press, paste, answer, choose",
                     "there is no command", out->verb);
    }
    if (!out->has_argument)
        return fault(error, number, "for example type \"500\"", "something is missing after", out->verb);
    if (strcmp(out->verb, "press") == 0 && !read_press(out))
        return fault(error, number, "for example press Down 3", "no such key, or no such number:", buffer_string(&out->argument));
    return RECTO_OK;
}

recto_status macro_check(text body, int first_line, recto_error *error)
{
    macro_line line;
    recto_status status = RECTO_OK;
    buffer_init(&line.argument, MACRO_BYTES);
    for (int number = first_line; body.bytes != NULL && (status == RECTO_OK || status == RECTO_END); number++)
        status = read_line(&line, text_next_field(&body, '\n'), number, error);
    buffer_release(&line.argument);
    return status == RECTO_END ? RECTO_OK : status;
}

/* ---- playing ----------------------------------------------------------------------------------------------------- */

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
        recto_status status = read_line(&line, text_next_field(&body, '\n'), number, &error);
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
