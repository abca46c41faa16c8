/* src/z3950/target_file.c - reading a target file: `key = value` lines, one target a file.
 *
 * The format is described where a library edits it, at the head of data/targets/worldcat.target. Every fault names file and
 * line; a target with a fault is not taken at all, because a half-read attribute table would search the wrong index. */
#include "targets.h"
#include <stdio.h>
#include <string.h>

typedef struct file_line { /* where we are, for messages */
    const char *file;
    size_t number;
    recto_error *error;
} file_line;

static recto_status line_fault(const file_line *line, const char *what, text value)
{
    char where[RECTO_ERROR_WHERE];
    snprintf(where, sizeof where, "%s:%zu", line->file, line->number);
    return recto_fail(line->error, RECTO_EDATA, where, "see the head of data/targets/worldcat.target for the keys", "%s '%.*s'",
                      what, (int)(value.length < 60 ? value.length : 60), value.bytes);
}

/* ---- values ---- */

static recto_status read_text(void *place, target_entry *entry, text value, const file_line *line)
{
    const char *copy = target_entry_keep(entry, value);
    if (copy == NULL)
        return recto_fail_memory(line->error, "reading a target");
    *(const char **)place = copy;
    return RECTO_OK;
}

static recto_status read_number(int64_t *out, int64_t low, int64_t high, text value, const file_line *line)
{
    if (!text_to_integer(value, out) || *out < low || *out > high)
        return line_fault(line, "not a number in range:", value);
    return RECTO_OK;
}

static recto_status read_port(void *place, target_entry *entry, text value, const file_line *line)
{
    int64_t number = 0;
    (void)entry;
    recto_status status = read_number(&number, 1, 65535, value, line);
    *(int *)place = (int)number;
    return status;
}

static recto_status read_seconds(void *place, target_entry *entry, text value, const file_line *line)
{
    int64_t number = 0;
    (void)entry;
    recto_status status = read_number(&number, 1, 600, value, line);
    *(int *)place = (int)number;
    return status;
}

static recto_status read_size(void *place, target_entry *entry, text value, const file_line *line)
{
    int64_t number = 0;
    (void)entry;
    recto_status status = read_number(&number, 1, 64 * 1024 * 1024, value, line); /* RL-114's ceiling */
    *(size_t *)place = (size_t)number;
    return status;
}

static recto_status read_switch(void *place, target_entry *entry, text value, const file_line *line)
{
    (void)entry;
    if (!text_equal(value, TEXT("yes")) && !text_equal(value, TEXT("no")))
        return line_fault(line, "neither yes nor no:", value);
    *(bool *)place = text_equal(value, TEXT("yes"));
    return RECTO_OK;
}

static recto_status read_charset(void *place, target_entry *entry, text value, const file_line *line)
{
    recto_status status = read_text(place, entry, value, line);
    if (status == RECTO_OK && !marc_encoding_named(&entry->encoding, entry->shown.charset))
        return line_fault(line, "unknown charset", value);
    return status;
}

typedef struct key_rule {
    const char *key;
    size_t offset;
    recto_status (*read)(void *place, target_entry *entry, text value, const file_line *line);
} key_rule;

static const key_rule keys[] = {
    { "label", offsetof(target_entry, shown.label), read_text },
    { "note", offsetof(target_entry, shown.note), read_text },
    { "host", offsetof(target_entry, shown.host), read_text },
    { "port", offsetof(target_entry, shown.port), read_port },
    { "database", offsetof(target_entry, shown.database), read_text },
    { "syntax", offsetof(target_entry, shown.syntax), read_text },
    { "charset", offsetof(target_entry, shown.charset), read_charset },
    { "negotiate-charset", offsetof(target_entry, negotiate), read_text },
    { "enabled", offsetof(target_entry, shown.enabled), read_switch },
    { "sru", offsetof(target_entry, shown.sru), read_switch },
    { "sru-version", offsetof(target_entry, sru_version), read_text },
    { "account", offsetof(target_entry, shown.needs_password), read_switch },
    { "piggyback", offsetof(target_entry, piggyback), read_switch },
    { "connect-timeout", offsetof(target_entry, connect_seconds), read_seconds },
    { "answer-timeout", offsetof(target_entry, answer_seconds), read_seconds },
    { "search-timeout", offsetof(target_entry, total_seconds), read_seconds },
    { "page-size", offsetof(target_entry, page_size), read_size },
    { "message-size", offsetof(target_entry, message_bytes), read_size },
    { "answer-limit", offsetof(target_entry, answer_bytes), read_size },
};

/* ---- boxes: `box ti = use 4, structure 6, truncation 1, form words` or, for SRU, `index dc.title` ---- */

static const struct {
    const char *name;
    term_form form;
} forms[] = {
    { "words", FORM_WORDS }, { "plain", FORM_PLAIN }, { "isbn", FORM_ISBN },
    { "issn", FORM_ISSN },   { "lccn", FORM_LCCN },   { "oclc", FORM_OCLC },
};

static recto_status read_form(term_form *out, text value, const file_line *line)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (text_equal(value, text_from(forms[i].name))) {
            *out = forms[i].form;
            return RECTO_OK;
        }
    }
    return line_fault(line, "unknown form", value);
}

static recto_status read_attribute(box_attributes *box, target_entry *entry, text part, const file_line *line)
{
    text rest = part, name = text_next_field(&rest, ' '), value = text_trim(rest);
    int64_t number = 0;
    recto_status status = RECTO_OK;
    if (text_equal(name, TEXT("form")))
        return read_form(&box->form, value, line);
    if (text_equal(name, TEXT("index")))
        return read_text(&box->index, entry, value, line);
    status = read_number(&number, 0, 9999, value, line);
    if (text_equal(name, TEXT("use")))
        box->use = (int)number;
    else if (text_equal(name, TEXT("structure")))
        box->structure = (int)number;
    else if (text_equal(name, TEXT("truncation")))
        box->truncation = (int)number;
    else
        return line_fault(line, "unknown attribute", name);
    return status;
}

static recto_status read_box(target_entry *entry, text code, text value, const file_line *line)
{
    char name[16];
    external_box box = BOX_COUNT;
    snprintf(name, sizeof name, "%.*s", (int)code.length, code.bytes);
    if (code.length >= sizeof name || !external_box_named(&box, name))
        return line_fault(line, "unknown box", code);
    entry->boxes[box] = (box_attributes){ .supported = true };
    for (text rest = value; rest.bytes != NULL;) {
        text part = text_trim(text_next_field(&rest, ','));
        recto_status status = part.length == 0 ? RECTO_OK : read_attribute(&entry->boxes[box], entry, part, line);
        if (status != RECTO_OK)
            return status;
    }
    return RECTO_OK;
}

/* ---- the file ---- */

static recto_status read_setting(target_entry *entry, text key, text value, const file_line *line)
{
    if (text_equal(key, TEXT("name"))) /* must be the name the file goes by, or two files could fight over one name */
        return text_equal(value, text_from(entry->shown.name)) ? RECTO_OK
                                                               : line_fault(line, "the file is named otherwise than", value);
    if (text_starts(key, TEXT("box ")))
        return read_box(entry, text_trim(text_of(key.bytes + 4, key.length - 4)), value, line);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (text_equal(key, text_from(keys[i].key)))
            return keys[i].read((char *)entry + keys[i].offset, entry, value, line);
    }
    return line_fault(line, "unknown key", key);
}

static recto_status check_complete(const target_entry *entry, const char *name, recto_error *error)
{
    bool any_box = false;
    for (size_t i = 0; i < BOX_COUNT; i++)
        any_box = any_box || entry->boxes[i].supported;
    const char *missing = entry->shown.host == NULL ? "host" : entry->shown.port == 0 ? "port" : any_box ? NULL : "box";
    if (missing == NULL)
        return RECTO_OK;
    return recto_fail(error, RECTO_EDATA, name, "add the line", "the target file has no '%s'", missing);
}

recto_status target_file_read(target_entry *entry, text file, const char *name, recto_error *error)
{
    file_line line = { name, 0, error };
    recto_status status = RECTO_OK;
    for (text rest = file; rest.bytes != NULL && status == RECTO_OK;) {
        text whole = text_trim(text_next_field(&rest, '\n'));
        line.number++;
        if (whole.length == 0 || whole.bytes[0] == '#')
            continue;
        const char *equals = memchr(whole.bytes, '=', whole.length);
        if (equals == NULL)
            return line_fault(&line, "no '=' in", whole);
        text key = text_trim(text_of(whole.bytes, (size_t)(equals - whole.bytes)));
        text value = text_trim(text_of(equals + 1, (size_t)(whole.bytes + whole.length - equals - 1)));
        status = read_setting(entry, key, value, &line);
    }
    return status != RECTO_OK ? status : check_complete(entry, name, error);
}
