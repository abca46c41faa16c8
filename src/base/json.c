/* src/base/json.c - writing JSON, one value after the other. */
#include "recto/base/json.h"

#include "recto/base/clock.h"
#include "recto/base/utf8.h"

#include <math.h>
#include <string.h>

void json_init(json_writer *json, buffer *out)
{
    json->out = out;
    json->comma = false;
}

/* Controls, and what would turn or hide text on a terminal (RL-151, RL-156): JSON knows a way to say them. */
static bool is_escaped(int32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD || code == 0x61C || code == 0x200B || code == 0x200E ||
           code == 0x200F || (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
           (code >= 0xFFF9 && code <= 0xFFFB);
}

static void write_escaped(buffer *out, text value)
{
    buffer_append_char(out, '"');
    for (size_t at = 0; at < value.length;) {
        int32_t code;
        size_t length = utf8_decode(value.bytes + at, value.length - at, &code);
        if (code < 0)
            buffer_append_string(out, "\xEF\xBF\xBD");
        else if (code == '"' || code == '\\')
            buffer_append_format(out, "\\%c", (char)code);
        else if (is_escaped(code))
            buffer_append_format(out, "\\u%04x", (unsigned)code);
        else
            buffer_append(out, value.bytes + at, length);
        at += length;
    }
    buffer_append_char(out, '"');
}

static void begin_value(json_writer *json, const char *key)
{
    if (json->comma)
        buffer_append_char(json->out, ',');
    json->comma = true;
    if (key != NULL) {
        write_escaped(json->out, text_from(key));
        buffer_append_char(json->out, ':');
    }
}

void json_open(json_writer *json, const char *key, char bracket)
{
    begin_value(json, key);
    buffer_append_char(json->out, bracket);
    json->comma = false;
}

void json_close(json_writer *json, char bracket)
{
    buffer_append_char(json->out, bracket);
    json->comma = true;
}

void json_text(json_writer *json, const char *key, text value)
{
    begin_value(json, key);
    write_escaped(json->out, value);
}

void json_string(json_writer *json, const char *key, const char *value)
{
    if (value != NULL)
        json_text(json, key, text_from(value));
}

void json_integer(json_writer *json, const char *key, int64_t value)
{
    begin_value(json, key);
    buffer_append_format(json->out, "%lld", (long long)value);
}

void json_real(json_writer *json, const char *key, double value)
{
    begin_value(json, key);
    if (isfinite(value))
        buffer_append_format(json->out, "%.6g", value);
    else
        buffer_append_string(json->out, "null");
}

void json_bool(json_writer *json, const char *key, bool value)
{
    begin_value(json, key);
    buffer_append_string(json->out, value ? "true" : "false");
}

void json_time(json_writer *json, const char *key, int64_t seconds)
{
    char iso[CLOCK_ISO_LENGTH];
    if (seconds <= 0)
        return;
    clock_format_iso(iso, seconds);
    json_string(json, key, iso);
}
