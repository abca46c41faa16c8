/* src/tui/setting_lines.c - see setting_lines.h. */
#include "setting_lines.h"

#include "recto/base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { NAME_MOST = 60, FILE_LINES = 10000 };

void setting_fault(setting_lines *lines, const char *what, text name, const char *nearest)
{
    const char *slash = strrchr(lines->origin, '/'); /* the name alone: a status line has 78 columns for all of it */
    lines->fault_count++;
    buffer_append_format(lines->faults, "%s:%zu: %s", slash == NULL ? lines->origin : slash + 1, lines->line, what);
    if (name.bytes != NULL) {
        buffer_append_string(lines->faults, " '");
        display_append(lines->faults, name.length > NAME_MOST ? text_of(name.bytes, NAME_MOST) : name, true);
        buffer_append_string(lines->faults, "'");
    }
    if (nearest != NULL)
        buffer_append_format(lines->faults, "; did you mean %s?", nearest);
    buffer_append_char(lines->faults, '\n');
}

bool setting_copy(char *out, size_t capacity, text from)
{
    if (from.length >= capacity)
        return false;
    if (from.length > 0)
        memcpy(out, from.bytes, from.length);
    out[from.length] = '\0';
    return true;
}

bool setting_name_is_sound(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length <= NAME_MOST &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == length;
}

static void read_line(setting_lines *lines, text whole)
{
    text line = lines->strip(whole);
    if (line.length == 0)
        return;
    if (line.bytes[0] == '[' && line.length > 1 && line.bytes[line.length - 1] == ']') {
        lines->section(lines->reader, text_trim(text_of(line.bytes + 1, line.length - 2)));
        return;
    }
    const char *equals = lines->equals(line);
    if (equals == NULL) {
        char what[64];
        snprintf(what, sizeof what, "not of the form: %s", lines->form);
        setting_fault(lines, what, line, NULL);
        return;
    }
    text left = text_trim(text_of(line.bytes, (size_t)(equals - line.bytes)));
    text right = text_trim(text_of(equals + 1, (size_t)(line.bytes + line.length - equals - 1)));
    if (!text_equal(left, TEXT("inherit")))
        lines->setting(lines->reader, left, right);
    else if (!setting_copy(lines->inherit, sizeof lines->inherit, right))
        setting_fault(lines, lines->unknown, right, NULL);
}

void setting_lines_read(setting_lines *lines, text content)
{
    lines->line = 0;
    while (content.bytes != NULL && content.length > 0) {
        lines->line++;
        read_line(lines, text_next_field(&content, '\n'));
    }
}

void setting_lines_find_inherit(setting_lines *lines, text content)
{
    while (content.bytes != NULL && content.length > 0 && lines->inherit[0] == '\0') {
        text line = text_trim(text_next_field(&content, '\n'));
        if (text_starts(line, TEXT("inherit")))
            read_line(lines, line);
    }
}

static void tell_file(buffer *faults, const recto_error *failure)
{
    char line[RECTO_ERROR_WHAT + RECTO_ERROR_WHERE + RECTO_ERROR_TODO];
    recto_error_line(line, sizeof line, failure);
    buffer_append_format(faults, "%s\n", line);
}

/* RL-117: a file of more lines is no file of settings. */
static recto_status refuse_long(resource *file, recto_error *error)
{
    size_t lines = 0;
    char origin[sizeof file->origin];
    for (text rest = file->content; rest.bytes != NULL && rest.length > 0; lines++)
        (void)text_next_field(&rest, '\n');
    if (lines <= FILE_LINES)
        return RECTO_OK;
    (void)snprintf(origin, sizeof origin, "%s", file->origin);
    resource_release(file);
    return recto_fail(error, RECTO_ELIMIT, origin, "make it shorter", "file is longer than %d lines", FILE_LINES);
}

recto_status setting_file_open(resource *out, const char *name, size_t limit_bytes, bool is_needed, buffer *faults,
                               recto_error *error)
{
    recto_error failure = { .status = RECTO_OK };
    recto_status status = resource_open(out, name, limit_bytes, &failure);
    if (status == RECTO_OK)
        status = refuse_long(out, &failure);
    if (status != RECTO_OK && status != RECTO_ENOTFOUND && status != RECTO_ENOMEM && failure.where[0] != '\0') {
        const recto_status built_in = resource_open_built_in(out, name, NULL);
        if (built_in == RECTO_OK || !is_needed) {
            tell_file(faults, &failure);
            return built_in;
        }
    }
    if (error != NULL && status != RECTO_OK)
        *error = failure;
    return status;
}
