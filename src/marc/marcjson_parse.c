/* src/marc/marcjson_parse.c - see marcjson_parse.h. */
#include "marcjson_parse.h"
#include "recto/base/utf8.h"

#include <string.h>

enum { REPLACEMENT = 0xFFFD };

size_t marcjson_scan_object(json_scan *scan, text bytes)
{
    for (size_t i = 0; i < bytes.length; i++) {
        char byte = bytes.bytes[i];
        if (scan->escaped) {
            scan->escaped = false;
        } else if (scan->in_string) {
            scan->escaped = byte == '\\';
            scan->in_string = byte != '"';
        } else if (byte == '"') {
            scan->in_string = true;
        } else if (byte == '{' || byte == '[') {
            scan->depth++;
            if (scan->depth > scan->deepest)
                scan->deepest = scan->depth;
        } else if ((byte == '}' || byte == ']') && scan->depth > 0 && --scan->depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

bool marcjson_fail(json_parser *json, const char *fault)
{
    if (json->fault == NULL)
        json->fault = fault;
    return false;
}

bool marcjson_starve(json_parser *json)
{
    json->starved = true;
    return marcjson_fail(json, "no memory");
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void skip_space(json_parser *json)
{
    while (json->at < json->end && is_space(*json->at))
        json->at++;
}

static bool take(json_parser *json, char expected, const char *fault)
{
    skip_space(json);
    if (json->at >= json->end || *json->at != expected)
        return marcjson_fail(json, fault);
    json->at++;
    return true;
}

bool marcjson_next_is(json_parser *json, char expected)
{
    skip_space(json);
    return json->at < json->end && *json->at == expected;
}

static bool read_hex(json_parser *json, int32_t *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++, json->at++) {
        char digit = json->at < json->end ? *json->at : '\0';
        int value = digit >= '0' && digit <= '9'   ? digit - '0'
                    : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
                    : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                                   : -1;
        if (value < 0)
            return marcjson_fail(json, "\\u is not followed by four hexadecimal digits");
        *code = *code * 16 + value;
    }
    return true;
}

/* The second half of a pair, if it comes next. */
static bool read_low_half(json_parser *json, int32_t *low)
{
    const char *before = json->at;
    *low = 0;
    if (json->end - json->at < 6 || json->at[0] != '\\' || json->at[1] != 'u')
        return true;
    json->at += 2;
    if (!read_hex(json, low))
        return false;
    if (*low >= 0xDC00 && *low <= 0xDFFF)
        return true;
    *low = 0; /* another character, which comes for itself */
    json->at = before;
    return true;
}

static bool read_unicode_escape(json_parser *json)
{
    int32_t code = 0;
    int32_t low = 0;
    char bytes[4];
    if (!read_hex(json, &code))
        return false;
    if (code >= 0xD800 && code < 0xDC00) {
        if (!read_low_half(json, &low))
            return false;
        if (low != 0)
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    if (code >= 0xD800 && code <= 0xDFFF) {
        json->halves++;
        code = REPLACEMENT;
    }
    buffer_append(&json->string, bytes, utf8_encode(code, bytes));
    return true;
}

static bool read_escape(json_parser *json)
{
    static const char names[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    if (json->at >= json->end)
        return marcjson_fail(json, "the string does not end");
    char name = *json->at++;
    if (name == 'u')
        return read_unicode_escape(json);
    const char *place = name != '\0' ? strchr(names, name) : NULL;
    if (place == NULL)
        return marcjson_fail(json, "an escape that JSON does not have");
    buffer_append_char(&json->string, meanings[place - names]);
    return true;
}

bool marcjson_string(json_parser *json)
{
    buffer_clear(&json->string);
    if (!take(json, '"', "a string is expected"))
        return false;
    while (json->at < json->end && *json->at != '"') {
        if ((unsigned char)*json->at < 0x20)
            return marcjson_fail(json, "a control byte in a string");
        if (*json->at != '\\') {
            buffer_append_char(&json->string, *json->at++);
            continue;
        }
        json->at++;
        if (!read_escape(json))
            return false;
    }
    if (buffer_failed(&json->string))
        return marcjson_starve(json);
    return take(json, '"', "the string does not end");
}

/* A number, true, false or null. @return its bytes; 0: there is none. */
static text bare_value(json_parser *json)
{
    skip_space(json);
    const char *start = json->at;
    while (json->at < json->end && strchr(",]}[{\" \t\r\n", *json->at) == NULL)
        json->at++;
    return text_of(start, (size_t)(json->at - start));
}

bool marcjson_text(json_parser *json)
{
    if (marcjson_next_is(json, '"'))
        return marcjson_string(json);
    const char *start = json->at;
    text value = bare_value(json);
    bool null = text_equal(value, TEXT("null"));
    bool known = null || text_equal(value, TEXT("true")) || text_equal(value, TEXT("false")) ||
                 (value.length > 0 && strchr("-0123456789", value.bytes[0]) != NULL);
    for (size_t i = 0; i < value.length; i++)
        known = known && value.bytes[i] > ' ' && value.bytes[i] < 0x7F;
    if (!known) {
        json->at = start;
        return marcjson_fail(json, "a string is expected");
    }
    json->bare_values++;
    buffer_clear(&json->string);
    if (!null)
        buffer_append_text(&json->string, value);
    return !buffer_failed(&json->string) || marcjson_starve(json);
}

/* A value that has no meaning for us. The first pass has seen to its brackets and its depth. */
bool marcjson_skip(json_parser *json)
{
    json_scan scan = { 0 };
    skip_space(json);
    if (json->at < json->end && *json->at == '"')
        return marcjson_string(json);
    if (json->at < json->end && (*json->at == '{' || *json->at == '[')) {
        size_t length = marcjson_scan_object(&scan, text_of(json->at, (size_t)(json->end - json->at)));
        json->at += length;
        return length > 0 || marcjson_fail(json, "a bracket is not closed");
    }
    return bare_value(json).length > 0 || marcjson_fail(json, "a value is expected");
}

bool marcjson_members(json_parser *json, bool (*member)(json_parser *json))
{
    if (!take(json, '{', "{ is expected"))
        return false;
    if (marcjson_next_is(json, '}'))
        return take(json, '}', "");
    do {
        if (!marcjson_string(json) || !take(json, ':', "a colon is expected") || !member(json))
            return false;
    } while (marcjson_next_is(json, ',') && take(json, ',', ""));
    return take(json, '}', "a comma or } is expected");
}

bool marcjson_elements(json_parser *json, bool (*element)(json_parser *json))
{
    if (!take(json, '[', "[ is expected"))
        return false;
    if (marcjson_next_is(json, ']'))
        return take(json, ']', "");
    do {
        if (!element(json))
            return false;
    } while (marcjson_next_is(json, ',') && take(json, ',', ""));
    return take(json, ']', "a comma or ] is expected");
}
