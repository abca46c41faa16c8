/* src/tui/macro_lines.c - one line of a macro: a command or a verb, its argument in quotes, and whether it can be understood. */
#include "macros_inside.h"

#include <stdio.h>
#include <string.h>

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

recto_status macro_line_read(macro_line *out, text line, int number, recto_error *error)
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
        status = macro_line_read(&line, text_next_field(&body, '\n'), number, error);
    buffer_release(&line.argument);
    return status == RECTO_END ? RECTO_OK : status;
}
