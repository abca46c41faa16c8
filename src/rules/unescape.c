/* src/rules/unescape.c - backslashes, and quoted text that goes into a record. @spec rules.md 1.1
 *
 * Rule files pass through Java and Drools on their way into Alma, so a period is written with up to four backslashes before
 * it. One to four of them and the next character are that character, taken literally. */
#include "pattern.h"

#include "recto/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool text_fault_set(text_fault *fault, const char *code, const char *message, ...)
{
    va_list arguments;
    fault->code = code;
    va_start(arguments, message);
    (void)vsnprintf(fault->message, sizeof fault->message, message, arguments);
    va_end(arguments);
    return false;
}

enum { BACKSLASH_RUN = 4, HEX_DIGITS = 4 };

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

/* The code unit of "uXXXX" at `at`, or -1. */
static int32_t unit_at(text raw, size_t at)
{
    int32_t unit = 0;
    if (raw.length - at < HEX_DIGITS + 1 || raw.bytes[at] != 'u')
        return -1;
    for (size_t i = at + 1; i <= at + HEX_DIGITS; i++) {
        int digit = hex_value(raw.bytes[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* Java writes characters beyond U+FFFF as two units: the second is \uXXXX again. */
static int32_t join_pair(text raw, size_t *at, int32_t high)
{
    size_t next = *at;
    while (next < raw.length && raw.bytes[next] == '\\')
        next++;
    int32_t low = next > *at && next < raw.length ? unit_at(raw, next) : -1;
    if (low < 0xDC00 || low > 0xDFFF)
        return -1;
    *at = next + 1 + HEX_DIGITS;
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

/* What MARC uses for its own structure must not come in through a rule. */
static bool check_character(int32_t code, text_fault *fault)
{
    if (code < 0)
        return text_fault_set(fault, "E04", "\\u escape is half of a surrogate pair, expected both halves");
    if ((code < ' ' && code != '\t') || code == 0x7F)
        return text_fault_set(fault, "E04", "control character U+%04X in a quoted text, expected a printable character",
                              (unsigned)code);
    return true;
}

typedef struct unescaper {
    char *bytes;
    bool *plain;
    size_t length;
} unescaper;

static void put(unescaper *out, const char *bytes, size_t length, bool plain)
{
    for (size_t i = 0; i < length; i++) {
        out->bytes[out->length] = bytes[i];
        out->plain[out->length++] = plain;
    }
}

/* Behind a run of backslashes: \uXXXX, or a character as it is. A run at the very end is one backslash. [U] */
static bool put_escaped(unescaper *out, text raw, size_t *at, text_fault *fault)
{
    char encoded[4];
    if (*at == raw.length) {
        put(out, "\\", 1, false);
        return true;
    }
    int32_t code = unit_at(raw, *at);
    if (code < 0) {
        size_t length = utf8_decode(raw.bytes + *at, raw.length - *at, &code);
        put(out, raw.bytes + *at, length, false);
        *at += length;
        return true;
    }
    *at += 1 + HEX_DIGITS;
    if (code >= 0xD800 && code <= 0xDFFF)
        code = code < 0xDC00 ? join_pair(raw, at, code) : -1;
    if (!check_character(code, fault))
        return false;
    put(out, encoded, utf8_encode(code, encoded), false);
    return true;
}

static bool unescape_all(unescaper *out, text raw, text_fault *fault)
{
    for (size_t at = 0; at < raw.length;) {
        size_t run = 0;
        while (run < BACKSLASH_RUN && at + run < raw.length && raw.bytes[at + run] == '\\')
            run++;
        if (run == 0) {
            put(out, raw.bytes + at++, 1, true);
            continue;
        }
        at += run;
        if (!put_escaped(out, raw, &at, fault))
            return false;
    }
    return true;
}

bool text_unescape(unescaped *out, arena *memory, text raw, text_fault *fault)
{
    unescaper made = { arena_alloc(memory, raw.length + 1), arena_alloc(memory, raw.length + 1), 0 };
    fault->code = NULL;
    if (made.bytes == NULL || made.plain == NULL)
        return false;
    if (!unescape_all(&made, raw, fault))
        return false;
    out->bytes = text_of(made.bytes, made.length);
    out->plain = made.plain;
    return true;
}

bool text_created(text *out, arena *memory, text raw, text_fault *fault)
{
    unescaped made;
    if (raw.length == 0 || memchr(raw.bytes, '\\', raw.length) == NULL) {
        *out = raw;
        return true;
    }
    if (!text_unescape(&made, memory, raw, fault))
        return false;
    *out = made.bytes;
    return true;
}
