/* src/catalog/profile_text.c - a profile as a readable text: `key = value` a line, `#` begins a comment line. */
#include "profile_values.h"

#include "recto/base/utf8.h"

#include <stdio.h>
#include <string.h>

static recto_status fail_line(const char *origin, int line, const recto_error *cause, recto_error *error)
{
    char where[RECTO_ERROR_WHERE];
    snprintf(where, sizeof where, "%.100s:%d", origin, line);
    if (cause->where[0] == '\0')
        return recto_fail(error, RECTO_EDATA, where, cause->todo, "%s", cause->what);
    return recto_fail(error, RECTO_EDATA, where, cause->todo, "%.60s: %.130s", cause->where, cause->what);
}

static recto_status fail_key(text key, recto_error *error)
{
    buffer todo;
    buffer_init(&todo, 200);
    profile_nearest_key(&todo, key);
    recto_status status = recto_fail(error, RECTO_EDATA, NULL, buffer_string(&todo), "unknown key '%.*s'",
                                     (int)(key.length < 60 ? key.length : 60), key.bytes);
    buffer_release(&todo);
    return status;
}

static recto_status take_line(profile_values *out, text line, int number, recto_error *error)
{
    text rest = line;
    const text key = text_trim(text_next_field(&rest, '='));
    const profile_field field = profile_field_named(key);
    if (rest.bytes == NULL)
        return recto_fail(error, RECTO_EDATA, NULL, "write key = value", "a line without '='");
    if (field == PROFILE_FIELDS)
        return fail_key(key, error);
    if (out->line[field] != 0)
        return recto_fail(error, RECTO_EDATA, NULL, NULL, "'%.*s' stands in line %d already", (int)key.length, key.bytes,
                          out->line[field]);
    out->line[field] = number;
    return profile_value_take(out->value[field], field, rest, error);
}

recto_status profile_text_parse(profile_values *out, const char *origin, text source, recto_error *error)
{
    int number = 0;
    text rest = source;
    profile_values_default(out);
    if (source.length > PROFILE_BYTES_MAX)
        return recto_fail(error, RECTO_ELIMIT, origin, NULL, "a profile has at most %d bytes", PROFILE_BYTES_MAX);
    if (!utf8_valid(source, NULL))
        return recto_fail(error, RECTO_EDATA, origin, "save it as UTF-8", "this is no UTF-8 text");
    while (rest.bytes != NULL) {
        recto_error cause = { .status = RECTO_OK };
        const text line = text_trim(text_next_field(&rest, '\n'));
        number++;
        if (line.length == 0 || line.bytes[0] == '#')
            continue;
        if (take_line(out, line, number, &cause) != RECTO_OK)
            return fail_line(origin, number, &cause, error);
    }
    return RECTO_OK;
}

void profile_text_print(buffer *out, const profile_values *values)
{
    size_t count;
    const profile_key *keys = profile_keys(&count);
    buffer_append_string(out, "# Integration profile. The password is not part of it: recto profile passwd sets one.\n");
    for (size_t i = 0; i < count; i++) {
        const char *value = values->value[i];
        buffer_append_format(out, "\n# %s: %s\n", keys[i].label, keys[i].help);
        buffer_append_format(out, "%s =%s%s\n", keys[i].name, value[0] != '\0' ? " " : "", value);
    }
}
