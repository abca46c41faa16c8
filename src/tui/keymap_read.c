/* src/tui/keymap_read.c - reads keymap files.
 *
 * The files are text of other people: a fault costs its line and is told with file, line and the nearest known name; the rest
 * holds. A keymap can name commands of the table and nothing else (RL-137). */
#include "keymap_inside.h"

#include "setting_lines.h"

#include "recto/base/nearest.h"
#include "recto/base/resource.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INHERIT_DEPTH = 4, KEYMAP_BYTES = 256 * 1024 };

/* ---- lines ------------------------------------------------------------------------------------------------------- */

typedef struct reader {
    setting_lines lines;
    keymap *keymap;
    const char *context;
    bool whole; /* what the file inherits was read, or there is nothing: whether letters are keys is known */
} reader;

static void fault(reader *reader, const char *what, text name, const char *nearest)
{
    setting_fault(&reader->lines, what, name, nearest);
}

static void read_context(void *model, text name)
{
    reader *reader = model;
    char wanted[64] = "";
    reader->context = keymap_known_context(name);
    if (reader->context != NULL)
        return;
    setting_copy(wanted, sizeof wanted, name);
    fault(reader, "unknown context", name, keymap_nearest_context(wanted));
}

static bool read_keys(reader *reader, binding *out, text keys)
{
    while (keys.bytes != NULL && keys.length > 0) {
        text one = text_trim(text_next_field(&keys, ' '));
        if (one.length == 0)
            continue;
        if (out->key_count == KEYS_IN_SEQUENCE) {
            fault(reader, "more than four keys in a sequence", (text){ 0 }, NULL);
            return false;
        }
        if (!key_parse(&out->keys[out->key_count], one)) {
            fault(reader, "unknown key", one, "one of Ctrl+S, Alt+R, F8, PageUp, m");
            return false;
        }
        if (key_begins_others(&out->keys[out->key_count])) {
            fault(reader, "no terminal can send", one, NULL);
            return false;
        }
        out->key_count++;
    }
    if (out->key_count == 0)
        fault(reader, "a key is missing before the equals sign", (text){ 0 }, NULL);
    return out->key_count > 0;
}

/* Command, then perhaps "argument", then perhaps # hint. */
static bool read_command(reader *reader, binding *out, text value)
{
    char name[64] = "";
    text rest = value, word = text_next_field(&rest, ' ');
    const char *hash = value.length > 0 ? memchr(value.bytes, '#', value.length) : NULL;
    if (!setting_copy(name, sizeof name, text_trim(word)) || name[0] == '\0') {
        fault(reader, "a command is missing", (text){ 0 }, NULL);
        return false;
    }
    out->command = command_named(name);
    if (out->command == NULL && strcmp(name, "none") != 0) {
        fault(reader, "unknown command", text_trim(word), command_nearest(name));
        return false;
    }
    if (hash != NULL)
        setting_copy(out->hint, sizeof out->hint, text_trim(text_of(hash + 1, (size_t)(value.bytes + value.length - hash - 1))));
    text middle = rest.bytes == NULL                  ? TEXT("")
                  : hash != NULL && hash > rest.bytes ? text_of(rest.bytes, (size_t)(hash - rest.bytes))
                  : hash != NULL                      ? TEXT("")
                                                      : rest;
    middle = text_trim(middle);
    if (middle.length == 0)
        return true;
    if (middle.length < 2 || middle.bytes[0] != '"' || middle.bytes[middle.length - 1] != '"' ||
        !setting_copy(out->argument, sizeof out->argument, text_of(middle.bytes + 1, middle.length - 2))) {
        fault(reader, "an argument stands in double quotes:", middle, NULL);
        return false;
    }
    return true;
}

/* The equals sign that ends the keys: not one that is itself the key, as in `= = list.up`. */
static const char *find_equals(text line)
{
    for (size_t i = 1; i + 1 < line.length; i++)
        if (line.bytes[i] == '=' && line.bytes[i - 1] == ' ')
            return line.bytes + i;
    return memchr(line.bytes, '=', line.length);
}

/* A # begins a comment, unless it is the key itself. */
static text strip(text line)
{
    line = text_trim(line);
    bool comment = line.length > 0 && line.bytes[0] == '#' && (line.length == 1 || find_equals(line) != line.bytes + 2);
    return comment ? text_of(line.bytes, 0) : line;
}

static bool begins_with(const binding *longer, const binding *shorter)
{
    if (longer->key_count <= shorter->key_count)
        return false;
    for (size_t i = 0; i < shorter->key_count; i++)
        if (!key_equal(&longer->keys[i], &shorter->keys[i]))
            return false;
    return true;
}

/* The same keys twice in one context of one file: the later line holds, and it is said. */
static void look_for_the_same(reader *reader, const binding *made)
{
    buffer what;
    for (size_t i = 0; i < reader->keymap->count; i++) {
        const binding *other = &reader->keymap->bindings[i];
        if (other->context != made->context || other->file != made->file || !binding_has_same_keys(other, made))
            continue;
        buffer_init(&what, 400);
        binding_write(&what, made, false);
        buffer_append_format(&what, " is bound twice in [%s]: line %zu has %s", made->context, other->line,
                             other->command == NULL ? "none" : other->command->name);
        fault(reader, buffer_string(&what), (text){ 0 }, NULL);
        buffer_release(&what);
    }
}

/* A sequence whose first keys are a command already can never be typed. */
static void look_for_unreachable(reader *reader)
{
    buffer what;
    for (size_t i = 0; i < reader->keymap->count; i++) {
        const binding *longer = &reader->keymap->bindings[i];
        for (size_t j = 0; j < reader->keymap->count && longer->file == reader->keymap->files; j++) {
            const binding *shorter = &reader->keymap->bindings[j];
            if (longer->command == NULL || shorter->command == NULL || shorter->context != longer->context ||
                !begins_with(longer, shorter))
                continue;
            buffer_init(&what, 400);
            binding_write(&what, longer, false);
            buffer_append_format(&what, " cannot be typed in [%s]: it begins with ", longer->context);
            binding_write(&what, shorter, false);
            buffer_append_format(&what, ", which is %s; unbind that with none", shorter->command->name);
            reader->lines.line = longer->line;
            fault(reader, buffer_string(&what), (text){ 0 }, NULL);
            buffer_release(&what);
        }
    }
}

/* Where letters are typed they reach no key, unless the keymap is one of modes. */
static bool takes_letters(const char *context)
{
    static const char *const typed_into[] = { "editor", "ruletext", "owntext", "prompts" };
    for (size_t i = 0; i < sizeof typed_into / sizeof *typed_into; i++)
        if (strcmp(context, typed_into[i]) == 0)
            return true;
    return false;
}

/* Keys that are text where they stand never get here, and are not bound. */
static bool tell_typed(reader *reader, const binding *made)
{
    const key *first = &made->keys[0];
    const bool letter = first->name == KEY_IS_TEXT && !first->ctrl && !first->alt;
    buffer what;
    if (made->command == NULL || !letter || !reader->whole || reader->keymap->modal || !takes_letters(made->context))
        return false;
    buffer_init(&what, 400);
    binding_write(&what, made, false);
    buffer_append_format(&what, " is typed into what [%s] shows and never gets here: begin with Ctrl, Alt or a function key",
                         made->context);
    fault(reader, buffer_string(&what), (text){ 0 }, NULL);
    buffer_release(&what);
    return true;
}

static void read_binding(void *model, text left, text right)
{
    reader *reader = model;
    binding made = { .context = reader->context, .file = reader->keymap->files, .line = reader->lines.line };
    if (reader->context == NULL && text_equal(left, TEXT("modal"))) {
        reader->keymap->modal = text_equal(right, TEXT("yes"));
        return;
    }
    if (reader->context == NULL) {
        fault(reader, "no context stands before this line", (text){ 0 }, NULL);
        return;
    }
    if (!read_keys(reader, &made, left) || !read_command(reader, &made, right))
        return;
    look_for_the_same(reader, &made);
    if (tell_typed(reader, &made))
        return;
    if (!keymap_add(reader->keymap, &made))
        fault(reader, "too many bindings", (text){ 0 }, NULL);
}

static void read_content(reader *reader, text content)
{
    if (reader->keymap->files < FILES_TOLD)
        setting_copy(reader->keymap->origins[reader->keymap->files], sizeof reader->keymap->origins[0],
                     text_from(reader->lines.origin));
    reader->keymap->files++;
    reader->context = NULL;
    setting_lines_read(&reader->lines, content);
    look_for_unreachable(reader);
}

static void reader_init(reader *reader, keymap *keymap, const char *origin, buffer *faults)
{
    *reader = (struct reader){ .keymap = keymap };
    reader->lines = (setting_lines){ .origin = origin,
                                     .faults = faults,
                                     .section = read_context,
                                     .setting = read_binding,
                                     .strip = strip,
                                     .equals = find_equals,
                                     .form = "key = command",
                                     .unknown = "no such keymap",
                                     .reader = reader };
}

size_t keymap_check(keymap **out, const char *origin, text content, buffer *faults)
{
    reader reader;
    *out = calloc(1, sizeof **out);
    if (*out == NULL)
        return 1;
    reader_init(&reader, *out, origin, faults);
    setting_lines_find_inherit(&reader.lines, content);
    reader.whole = reader.lines.inherit[0] == '\0';
    read_content(&reader, content);
    return reader.lines.fault_count;
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

typedef struct name_list {
    char wanted[64];
    char nearest[64];
} name_list;

static void look_for_nearest(void *context, const char *name)
{
    name_list *list = context;
    char plain[64];
    const char *const names[] = { plain };
    text stem = text_from(name);
    const char *slash = strrchr(name, '/');
    if (slash != NULL)
        stem = text_from(slash + 1);
    if (stem.length > 7 && stem.length - 7 < sizeof plain) {
        setting_copy(plain, sizeof plain, text_of(stem.bytes, stem.length - 7));
        if (nearest_name(list->wanted, names, 1) != NULL)
            setting_copy(list->nearest, sizeof list->nearest, text_from(plain));
    }
}

/* A file that inherits its own name means the one that is built in. */
static recto_status load_file(keymap *keymap, const char *name, const char *heir, int depth, buffer *faults, recto_error *error)
{
    char path[128];
    resource file;
    if (!setting_name_is_sound(name))
        return recto_fail(error, RECTO_EINVALID, name, "letters, digits, - and _", "not a name of a keymap");
    snprintf(path, sizeof path, "keymaps/%s.keymap", name);
    recto_status status = strcmp(name, heir) == 0 ? resource_open_built_in(&file, path, error)
                                                  : setting_file_open(&file, path, KEYMAP_BYTES, true, faults, error);
    if (status == RECTO_ENOTFOUND) {
        name_list near = { 0 };
        setting_copy(near.wanted, sizeof near.wanted, text_from(name));
        resource_list("keymaps/", look_for_nearest, &near);
        return recto_fail(error, RECTO_EINVALID, name, near.nearest[0] != '\0' ? near.nearest : "default, connexion, vi, emacs",
                          "no such keymap");
    }
    if (status != RECTO_OK)
        return status;
    reader reader;
    reader_init(&reader, keymap, file.origin, faults);
    if (depth < INHERIT_DEPTH) /* what is inherited comes first, wherever it is named */
        setting_lines_find_inherit(&reader.lines, file.content);
    if (reader.lines.inherit[0] != '\0')
        status = load_file(keymap, reader.lines.inherit, name, depth + 1, faults, error);
    reader.whole = true;
    if (status == RECTO_OK)
        read_content(&reader, file.content);
    resource_release(&file);
    return status;
}

/* The user's own lines over the chosen keymap; most have none. */
static recto_status lay_over(keymap *keymap, buffer *faults, recto_error *error)
{
    resource file;
    recto_status status = setting_file_open(&file, "keymaps/user.keymap", KEYMAP_BYTES, false, faults, error);
    if (status == RECTO_ENOTFOUND)
        return RECTO_OK;
    if (status != RECTO_OK)
        return status;
    reader reader;
    reader_init(&reader, keymap, file.origin, faults);
    reader.whole = true;
    read_content(&reader, file.content);
    resource_release(&file);
    return RECTO_OK;
}

/* Whoever writes a keymap from nothing must still be able to leave. */
static bool has_a_way_out(const keymap *keymap)
{
    for (size_t i = 0; i < keymap->count; i++) {
        const char *name = keymap->bindings[i].command == NULL ? "" : keymap->bindings[i].command->name;
        if (strcmp(keymap->bindings[i].context, "all") == 0 &&
            (strcmp(name, "app.quit") == 0 || strcmp(name, "app.menu") == 0 || strcmp(name, "app.palette") == 0))
            return true;
    }
    return false;
}

static recto_status add_a_way_out(keymap *keymap, const char *name, buffer *faults, recto_error *error)
{
    buffer again;
    free(keymap->bindings);
    *keymap = (struct keymap){ 0 };
    buffer_init(&again, 64 * 1024);
    recto_status status = load_file(keymap, "default", "", 0, &again, error);
    if (status == RECTO_OK)
        status = load_file(keymap, name, "", 0, &again, error);
    buffer_release(&again); /* told already */
    buffer_append_format(faults, "%s.keymap: no key in [all] leaves the program; the keys of default are added\n", name);
    return status;
}

recto_status keymap_load(keymap **out, const char *name, buffer *faults, recto_error *error)
{
    keymap *made = calloc(1, sizeof *made);
    if (made == NULL)
        return recto_fail_memory(error, "reading the keymap");
    recto_status status = load_file(made, name, "", 0, faults, error);
    if (status == RECTO_OK && strcmp(name, "user") != 0)
        status = lay_over(made, faults, error);
    if (status == RECTO_OK && !has_a_way_out(made) && strcmp(name, "default") != 0)
        status = add_a_way_out(made, name, faults, error);
    if (status != RECTO_OK) {
        keymap_free(made);
        return status;
    }
    *out = made;
    return RECTO_OK;
}
