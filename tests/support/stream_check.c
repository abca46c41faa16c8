/* tests/support/stream_check.c - a list of what may be sent to a terminal; all else is a fault. */
#include "support/stream_check.h"

#include <stdio.h>
#include <string.h>

enum { PLAIN, ESCAPE, CSI, CHARSET, ANSWER, ANSWER_END, CLIPBOARD };

static const char answer_begin[] = "recto;";
static const char clipboard_begin[] = "52;c;"; /* then base 64, and BEL */

static void fault(stream_check *check, const char *what, uint32_t value)
{
    if (check->fault[0] == '\0')
        snprintf(check->fault, sizeof check->fault, "%s (%02X) at byte %zu of the output", what, (unsigned)value, check->offset);
}

static bool is_forbidden(uint32_t code)
{
    return (code >= 0x80 && code <= 0x9F) || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF || (code >= 0xE000 && code <= 0xF8FF) ||
           (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF;
}

static void look_at_text(stream_check *check, unsigned char byte)
{
    if (check->following > 0) {
        if ((byte & 0xC0) != 0x80)
            fault(check, "broken UTF-8", byte);
        check->code = check->code << 6 | (byte & 0x3FU);
        if (--check->following == 0 && is_forbidden(check->code))
            fault(check, "a character that is never sent", check->code);
    } else if (byte < 0x20 || byte == 0x7F) {
        if (strchr("\r\n\b\t\x0e\x0f", byte) == NULL || byte == 0)
            fault(check, "control byte", byte);
    } else if (byte >= 0x80) {
        check->following = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
        check->code = byte & (byte >= 0xF0 ? 0x07U : byte >= 0xE0 ? 0x0FU : 0x1FU);
        if (byte < 0xC2 || byte > 0xF4)
            fault(check, "not UTF-8", byte);
    }
}

static int after_escape(stream_check *check, unsigned char byte)
{
    check->matched = 0;
    if (byte == '[')
        return CSI;
    if (byte == '(' || byte == ')')
        return CHARSET;
    if (byte == '_')
        return ANSWER;
    if (byte == ']')
        return CLIPBOARD;
    if (byte == '\0' || strchr("78=>MDEHc", byte) == NULL)
        fault(check, "an escape sequence of unknown kind", byte);
    return PLAIN;
}

static int in_answer(stream_check *check, unsigned char byte)
{
    if (byte == 0x1B)
        return ANSWER_END;
    if (check->matched < sizeof answer_begin - 1 ? byte != answer_begin[check->matched++] : byte < '0' || byte > '9')
        fault(check, "a string that is no answer to a barrier", byte);
    return ANSWER;
}

/* A number for the clipboard; no title, no colour, nothing else that a terminal takes in that way. */
static int in_clipboard(stream_check *check, unsigned char byte)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    const bool begun = check->matched == sizeof clipboard_begin - 1;
    if (begun && byte == '\a')
        return PLAIN;
    if (begun ? byte == '\0' || strchr(digits, byte) == NULL : byte != (unsigned char)clipboard_begin[check->matched++])
        fault(check, "a string that is not for the clipboard", byte);
    return CLIPBOARD;
}

static void look_at(stream_check *check, unsigned char byte)
{
    switch (check->state) {
    case ESCAPE:
        check->state = after_escape(check, byte);
        break;
    case CSI:
        if (byte < 0x20 || byte > 0x7E)
            fault(check, "a broken CSI sequence", byte);
        if (byte >= 0x40)
            check->state = PLAIN;
        break;
    case ANSWER:
        check->state = in_answer(check, byte);
        break;
    case ANSWER_END:
        if (byte != '\\')
            fault(check, "a string that is not ended", byte);
        check->state = PLAIN;
        break;
    case CLIPBOARD:
        check->state = in_clipboard(check, byte);
        break;
    case CHARSET:
        check->state = PLAIN;
        break;
    default:
        if (byte == 0x1B && check->following == 0)
            check->state = ESCAPE;
        else
            look_at_text(check, byte);
    }
}

bool stream_check_bytes(stream_check *check, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length && check->fault[0] == '\0'; i++, check->offset++)
        look_at(check, (unsigned char)bytes[i]);
    return check->fault[0] == '\0';
}
