/* src/catalog/template_text.c - templates as mnemonic text with their braces readable, and the entries of strings and macros. */
#include "template_text.h"

#include <stdio.h>
#include <string.h>

/* ---- templates --------------------------------------------------------------------------------------------------- */

static const char OPEN[] = "{lcub}", CLOSE[] = "{rcub}";

static bool begins_value(text inside)
{
    static const char *const words[] = { "today", "008date", "year", "user", "symbol", "cursor", "ask:", "choose:" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_starts(inside, text_from(words[i])))
            return true;
    return false;
}

/* Braces of values are written as they are typed; others keep their names, so that they read back as themselves. */
static void put_braces(buffer *out, text line)
{
    while (line.length > 0) {
        const size_t mark = sizeof OPEN - 1;
        const char *end = NULL;
        if (text_starts(line, text_from(OPEN)) && begins_value(text_of(line.bytes + mark, line.length - mark)))
            end = memmem(line.bytes + mark, line.length - mark, CLOSE, sizeof CLOSE - 1);
        if (end == NULL) {
            buffer_append_char(out, line.bytes[0]);
            line = text_of(line.bytes + 1, line.length - 1);
            continue;
        }
        buffer_append_char(out, '{');
        for (const char *at = line.bytes + mark; at < end; at++)
            buffer_append_char(out, *at == '\\' ? ' ' : *at); /* a blank in a control field */
        buffer_append_char(out, '}');
        const size_t used = (size_t)(end - line.bytes) + sizeof CLOSE - 1;
        line = text_of(line.bytes + used, line.length - used);
    }
}

recto_status template_text_write(buffer *out, const marc_record *record, recto_error *error)
{
    const marc_writer_options options = { .format = MARC_FORMAT_MRK };
    buffer plain;
    buffer_init(&plain, TEMPLATE_FILE_MAX);
    recto_status status = marc_write_record(&plain, record, &options, error);
    if (status == RECTO_OK && !buffer_failed(&plain)) {
        text whole = buffer_text(&plain);
        while (whole.length > 0 && whole.bytes[whole.length - 1] == '\n')
            whole.length--;
        put_braces(out, whole);
        buffer_append_char(out, '\n');
    }
    if (status == RECTO_OK && (buffer_failed(&plain) || buffer_failed(out)))
        status = recto_fail(error, RECTO_ELIMIT, NULL, NULL, "a template has at most %d bytes", TEMPLATE_FILE_MAX);
    buffer_release(&plain);
    return status;
}

/* "# name: Book" */
static void read_setting(template_head *head, text line)
{
    line = text_trim(text_of(line.bytes + 1, line.length - 1));
    text value = line;
    const text name = text_trim(text_next_field(&value, ':'));
    if (value.bytes == NULL)
        return;
    value = text_trim(value);
    if (text_equal(name, TEXT("name")))
        snprintf(head->name, sizeof head->name, "%.*s", (int)value.length, value.bytes);
    else if (text_equal(name, TEXT("scope")))
        snprintf(head->scope, sizeof head->scope, "%.*s", (int)value.length, value.bytes);
}

recto_status template_text_read(marc_record **out, template_head *head, text source, const char *name, recto_error *error)
{
    buffer plain;
    text rest = source;
    recto_status status = RECTO_OK;
    buffer_init(&plain, TEMPLATE_FILE_MAX);
    while (rest.bytes != NULL && rest.length > 0) {
        const text line = text_next_field(&rest, '\n');
        if (line.length > 0 && line.bytes[0] == '#') {
            if (head != NULL)
                read_setting(head, line);
            continue;
        }
        buffer_append_text(&plain, line);
        buffer_append_char(&plain, '\n');
    }
    if (buffer_failed(&plain))
        status = recto_fail(error, RECTO_ELIMIT, name, NULL, "a template has at most %d bytes", TEMPLATE_FILE_MAX);
    else if (text_trim(buffer_text(&plain)).length == 0)
        status = recto_fail(error, RECTO_EDATA, name, "lines such as =245  10$a{ask:Title}", "there is no field in the template");
    else if (out != NULL)
        status = marc_record_parse(out, buffer_text(&plain), MARC_FORMAT_MRK, error);
    buffer_release(&plain);
    return status;
}

/* ---- entries ----------------------------------------------------------------------------------------------------- */

static bool is_head(text line)
{
    return line.length > 1 && line.bytes[0] == '[' && memchr(line.bytes, ']', line.length) != NULL;
}

static void read_head(text_entry *out, text line)
{
    const char *end = memchr(line.bytes, ']', line.length);
    string_keep(out->name, sizeof out->name, text_trim(text_of(line.bytes + 1, (size_t)(end - line.bytes) - 1)));
    string_keep(out->keys, sizeof out->keys, text_trim(text_of(end + 1, (size_t)(line.bytes + line.length - end) - 1)));
}

static text without_end(text line)
{
    return line.length > 0 && line.bytes[line.length - 1] == '\r' ? text_of(line.bytes, line.length - 1) : line;
}

/* Blank lines at the end, and comments behind one of them, belong to what follows. */
static text trim_body(const char *from, const char *until)
{
    const char *end = until, *at = from;
    bool after_blank = true;
    for (const char *last = from; at < until;) {
        const char *stop = memchr(at, '\n', (size_t)(until - at));
        const char *next = stop != NULL ? stop + 1 : until;
        const text line = text_trim(text_of(at, (size_t)((stop != NULL ? stop : until) - at)));
        const bool comment = after_blank && line.length > 0 && line.bytes[0] == '#';
        if (line.length > 0 && !comment)
            last = next;
        after_blank = line.length == 0 || comment;
        at = next;
        end = last;
    }
    while (end > from && (end[-1] == '\n' || end[-1] == '\r'))
        end--;
    return text_of(from, (size_t)(end - from));
}

bool text_entry_next(text_entry *out, text *rest, int *line)
{
    bool found = false;
    const char *from = NULL, *until = NULL;
    while (rest->bytes != NULL && rest->length > 0) {
        const text before = *rest;
        const text one = without_end(text_next_field(rest, '\n'));
        if (is_head(one) && found) {
            *rest = before;
            break;
        }
        ++*line;
        if (is_head(one)) {
            *out = (text_entry){ .line = *line };
            read_head(out, one);
            found = true;
            from = rest->bytes != NULL ? rest->bytes : one.bytes + one.length;
            until = from;
        } else if (found) {
            until = rest->bytes != NULL ? rest->bytes : before.bytes + before.length;
        }
    }
    if (found)
        out->body = trim_body(from, until);
    return found;
}

static recto_status fault(recto_error *error, int line, const char *todo, const char *what, const char *name)
{
    char where[32];
    snprintf(where, sizeof where, "line %d", line);
    char words[160];
    snprintf(words, sizeof words, "%s%s%s", what, name[0] != '\0' ? ": " : "", name);
    return recto_fail(error, RECTO_EDATA, where, todo, "%s", words);
}

recto_status text_entries_check(text source, recto_error *error)
{
    text rest = source, before = source;
    text_entry entry, other;
    int line = 0;
    while (before.bytes != NULL && before.length > 0) { /* what stands before the first entry */
        const text one = text_trim(text_next_field(&before, '\n'));
        line++;
        if (is_head(one))
            break;
        if (one.length > 0 && one.bytes[0] != '#')
            return fault(error, line, "an entry begins with [its name] on a line", "this line belongs to no entry", "");
    }
    line = 0;
    while (text_entry_next(&entry, &rest, &line)) {
        if (entry.name[0] == '\0')
            return fault(error, entry.line, "[name] KEYS", "the entry has no name", "");
        if (entry.body.length == 0)
            return fault(error, entry.line, "write its lines below it, or take it out", "an entry is empty", entry.name);
        text behind = rest;
        int number = line;
        while (text_entry_next(&other, &behind, &number))
            if (text_equal_ascii_case(text_from(other.name), text_from(entry.name)))
                return fault(error, other.line, "give one of them another name", "a name is there twice", entry.name);
    }
    return RECTO_OK;
}
