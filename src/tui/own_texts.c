/* src/tui/own_texts.c - text strings and macros of the cataloger, and shared ones, with the keys that are theirs.
 *
 * Their keys come before those of the keymap: whoever wrote them meant them. Plain letters are no such keys, since letters type.
 */
#include "macros.h"
#include "pick.h"
#include "station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OWN_TEXTS_MAX = 500, TEXT_BYTES = 256 * 1024 };

struct own_texts {
    own_text rows[OWN_TEXTS_MAX];
    key keys[OWN_TEXTS_MAX][KEYS_IN_SEQUENCE];
    size_t key_counts[OWN_TEXTS_MAX];
    size_t count;
};

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static bool parse_keys(key out[static KEYS_IN_SEQUENCE], size_t *count, text keys)
{
    *count = 0;
    while (keys.bytes != NULL && keys.length > 0) {
        const text one = text_trim(text_next_field(&keys, ' '));
        if (one.length == 0)
            continue;
        if (*count == KEYS_IN_SEQUENCE || !key_parse(&out[*count], one))
            return false;
        (*count)++;
    }
    return true;
}

static void add_entries(struct own_texts *texts, text_kind kind, bool shared, text source)
{
    text_entry entry;
    int line = 0;
    while (texts->count < OWN_TEXTS_MAX && text_entry_next(&entry, &source, &line)) {
        own_text *row = &texts->rows[texts->count];
        *row = (own_text){ .kind = kind, .shared = shared, .body = strndup(entry.body.bytes, entry.body.length) };
        if (row->body == NULL)
            return;
        snprintf(row->name, sizeof row->name, "%s", entry.name);
        snprintf(row->keys, sizeof row->keys, "%s", entry.keys);
        if (!parse_keys(texts->keys[texts->count], &texts->key_counts[texts->count], text_from(entry.keys)))
            texts->key_counts[texts->count] = 0;
        texts->count++;
    }
}

static struct own_texts *read_texts(workstation *station)
{
    struct own_texts *texts = calloc(1, sizeof *texts);
    buffer source;
    buffer_init(&source, TEXT_BYTES + 1);
    for (int shared = 0; texts != NULL && shared < 2; shared++)
        for (text_kind kind = TEXT_STRINGS; kind <= TEXT_MACROS; kind++) {
            buffer_clear(&source);
            if (catalog_text_load(&source, NULL, station->options.catalog, kind, shared != 0, NULL) == RECTO_OK)
                add_entries(texts, kind, shared != 0, buffer_text(&source));
        }
    buffer_release(&source);
    return texts;
}

static struct own_texts *texts_of(workstation *station)
{
    if (station->own_texts == NULL)
        station->own_texts = read_texts(station);
    return station->own_texts;
}

void own_texts_forget(workstation *station)
{
    own_texts_release(station);
}

void own_texts_release(workstation *station)
{
    for (size_t i = 0; station->own_texts != NULL && i < station->own_texts->count; i++)
        free(station->own_texts->rows[i].body);
    free(station->own_texts);
    station->own_texts = NULL;
}

const own_text *own_text_at(workstation *station, size_t index)
{
    const struct own_texts *texts = texts_of(station);
    return texts != NULL && index < texts->count ? &texts->rows[index] : NULL;
}

const own_text *own_text_find(workstation *station, text_kind kind, const char *name)
{
    const own_text *row;
    for (size_t i = 0; (row = own_text_at(station, i)) != NULL; i++)
        if (row->kind == kind && text_equal_ascii_case(text_from(row->name), text_from(name)))
            return row;
    return NULL;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

/* @return the row whose keys these are; *begins: they begin longer ones */
static const own_text *with_keys(workstation *station, bool *begins)
{
    const struct own_texts *texts = texts_of(station);
    const size_t typed = station->sequence_length;
    *begins = false;
    for (size_t i = 0; texts != NULL && i < texts->count; i++) {
        size_t same = 0;
        if (texts->key_counts[i] < typed)
            continue;
        while (same < typed && key_equal(&texts->keys[i][same], &station->sequence[same]))
            same++;
        if (same == typed && texts->key_counts[i] == typed)
            return &texts->rows[i];
        *begins |= same == typed;
    }
    return NULL;
}

bool own_texts_take_keys(workstation *station)
{
    bool begins;
    char name[64];
    const own_text *row = with_keys(station, &begins);
    if (row == NULL)
        return begins;
    station->sequence_length = 0;
    snprintf(name, sizeof name, "%s", row->name);
    station_run(station, row->kind == TEXT_MACROS ? "macro.play" : "string.insert", name);
    return true;
}

/* Another text of these keys; *holds: it is found before the one of that name. */
static const own_text *others_keys(bool *holds, workstation *station, const char *name, const key *keys, size_t count)
{
    const struct own_texts *texts = texts_of(station);
    *holds = true;
    for (size_t i = 0; texts != NULL && i < texts->count; i++) {
        bool same = texts->key_counts[i] == count;
        for (size_t k = 0; k < count && same; k++)
            same = key_equal(&texts->keys[i][k], &keys[k]);
        if (same && strcmp(texts->rows[i].name, name) != 0)
            return &texts->rows[i];
        if (same)
            *holds = false;
    }
    return NULL;
}

void own_text_tell_taken(buffer *out, workstation *station, const char *name, const char *keys)
{
    binding made = { 0 };
    const binding *found = NULL;
    size_t count;
    if (!parse_keys(made.keys, &count, text_from(keys)) || count == 0)
        return;
    bool holds;
    const own_text *other = others_keys(&holds, station, name, made.keys, count);
    if (other != NULL) {
        buffer_append_format(out, "%s is %s %s", keys, other->name, holds ? "already" : "no more");
        return;
    }
    for (made.key_count = 1; made.key_count <= count; made.key_count++)
        if (station->keymap != NULL &&
            keymap_find(&found, station->keymap, "editor", made.keys, made.key_count) == KEYMAP_FOUND) {
            binding_write(out, &made, false);
            buffer_append_format(out, " is %s no more", found->command->title);
            return;
        }
}

/* What two texts take is told once. */
void own_texts_tell_taken(buffer *out, workstation *station, text source)
{
    enum { TOLD_MOST = 3 };
    text_entry entry;
    buffer taken;
    int line = 0, told = 0;
    buffer_init(&taken, 400);
    while (told < TOLD_MOST && text_entry_next(&entry, &source, &line)) {
        buffer_clear(&taken);
        own_text_tell_taken(&taken, station, entry.name, entry.keys);
        if (taken.length == 0 || strstr(buffer_string(out), buffer_string(&taken)) != NULL)
            continue;
        buffer_append_format(out, ". Line %d: %s", entry.line, buffer_string(&taken));
        told++;
    }
    buffer_release(&taken);
}

recto_status own_text_check(text_kind kind, text source, recto_error *error)
{
    recto_status status = text_entries_check(source, error);
    text_entry entry;
    int line = 0;
    while (status == RECTO_OK && text_entry_next(&entry, &source, &line)) {
        key keys[KEYS_IN_SEQUENCE];
        size_t count;
        char where[32];
        snprintf(where, sizeof where, "line %d", entry.line);
        if (!parse_keys(keys, &count, text_from(entry.keys)))
            return recto_fail(error, RECTO_EDATA, where, "keys are written as Alt+Q r, Ctrl+F5, F11; at most four",
                              "'%s' are no keys", entry.keys);
        if (count > 0 && keys[0].name == KEY_IS_TEXT && !keys[0].ctrl && !keys[0].alt)
            return recto_fail(error, RECTO_EDATA, where, "begin with Ctrl, Alt or a function key",
                              "'%s' would take a letter from typing", entry.keys);
        for (size_t i = 0; i < count; i++)
            if (key_begins_others(&keys[i]))
                return recto_fail(error, RECTO_EDATA, where, "take another one", "'%s': its bytes begin what other keys send",
                                  entry.keys);
        if (kind == TEXT_MACROS)
            status = macro_check(entry.body, entry.line + 1, error);
    }
    return status;
}

/* ---- text strings ------------------------------------------------------------------------------------------------ */

typedef struct string_work { /* a string whose prompts are being asked */
    char *body;
    template_prompt prompts[TEMPLATE_PROMPTS_MAX];
    size_t prompt_count;
} string_work;

static void string_release(void *context)
{
    string_work *work = context;
    free(work->body);
    free(work);
}

static bool insert_filled(workstation *station, void *context, const char *const *answers)
{
    string_work *work = context;
    template_values values;
    buffer symbol, filled;
    size_t cursor;
    buffer_init(&symbol, 1024);
    buffer_init(&filled, TEXT_BYTES);
    catalog_template_values(&values, &symbol, station->options.catalog);
    values.prompts = work->prompts;
    values.answers = answers;
    values.prompt_count = work->prompt_count;
    template_fill_text(&filled, &cursor, text_from(work->body), &values);
    if (!editor_insert_string(station, buffer_text(&filled), cursor) && station->status[0] == '\0')
        station_say(station, "a text string goes into an open record");
    buffer_release(&filled);
    buffer_release(&symbol);
    return true;
}

static void insert_string(workstation *station, const own_text *row)
{
    recto_error error;
    string_work *work = calloc(1, sizeof *work);
    if (work == NULL || (work->body = strdup(row->body)) == NULL) {
        free(work);
        return;
    }
    if (template_text_prompts(work->prompts, &work->prompt_count, text_from(work->body), "string", &error) != RECTO_OK) {
        station_error(station, &error);
        string_release(work);
        return;
    }
    prompts_pane_open(station, &(prompt_request){ .title = row->name,
                                                  .action = "Insert it",
                                                  .area = AREA_RECORDS,
                                                  .place = PLACE_COMPANION,
                                                  .prompts = work->prompts,
                                                  .count = work->prompt_count,
                                                  .done = insert_filled,
                                                  .release = string_release,
                                                  .context = work });
}

static void string_picked(workstation *station, void *context, const char *value)
{
    (void)context;
    if (value != NULL)
        station_run(station, "string.insert", value);
}

void own_text_pick(workstation *station, text_kind kind, void (*done)(workstation *station, void *context, const char *value))
{
    const own_text *row;
    size_t found = 0;
    for (size_t i = 0; (row = own_text_at(station, i)) != NULL; i++)
        found += row->kind == kind;
    if (found == 0) {
        station_say(station, kind == TEXT_MACROS ? "you have no macros yet: Record Macro makes one"
                                                 : "you have no text strings yet: My Text Strings is where to write them");
        return;
    }
    pick *list = pick_new(station, kind == TEXT_MACROS ? "Play which macro?" : "Insert which text string?", done, NULL);
    for (size_t i = 0; (row = own_text_at(station, i)) != NULL; i++) {
        char label[160];
        if (row->kind != kind)
            continue;
        snprintf(label, sizeof label, "%-10.*s %.*s", FIT(row->keys, 40), FIT(row->body, 80));
        for (char *at = label; *at != '\0'; at++)
            if (*at == '\n')
                *at = ' ';
        pick_add(list, text_from(row->name), text_from(row->name), text_from(label));
    }
    if (list != NULL)
        pick_open(list, TEXT(""));
}

void strings_insert(workstation *station, const char *name)
{
    const own_text *row = name != NULL ? own_text_find(station, TEXT_STRINGS, name) : NULL;
    if (station_session(station) == NULL)
        station_say(station, "a text string goes into an open record");
    else if (name == NULL)
        own_text_pick(station, TEXT_STRINGS, string_picked);
    else if (row == NULL)
        station_say(station, "there is no text string '%s'", name);
    else
        insert_string(station, row);
}
