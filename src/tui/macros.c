/* src/tui/macros.c - records macros: commands and typed text, noted as they are done, kept as readable text.
 *
 * A line is the name of a command, perhaps with its argument in quotes; `type "text"` for what is typed; `press Down 3` for a key
 * that no command has; `paste "text"`; `answer "text"` and `choose id` for what a prompt or a question asked. */
#include "macros_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
