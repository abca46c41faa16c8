/* src/base/display.c - what a terminal is shown for text that is not our own (RL-150 to RL-152): one function for all. */
#include "recto/base/utf8.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>
#include <wchar.h>

enum { MARKS_MAX = 8 };

/* Ranges that are never sent to a terminal as they are, with their name; NULL: shown as <U+XXXX>. */
static const struct {
    int32_t first, last;
    const char *name;
} hidden[] = {
    { 0x0080, 0x009F, NULL },   { 0x00AD, 0x00AD, NULL },   { 0x034F, 0x034F, NULL },    { 0x061C, 0x061C, "ALM" },
    { 0x115F, 0x1160, NULL },   { 0x17B4, 0x17B5, NULL },   { 0x180B, 0x180F, NULL },    { 0x200B, 0x200B, "ZWSP" },
    { 0x200C, 0x200C, "ZWNJ" }, { 0x200D, 0x200D, "ZWJ" },  { 0x200E, 0x200E, "LRM" },   { 0x200F, 0x200F, "RLM" },
    { 0x2028, 0x2028, "LS" },   { 0x2029, 0x2029, "PS" },   { 0x202A, 0x202A, "LRE" },   { 0x202B, 0x202B, "RLE" },
    { 0x202C, 0x202C, "PDF" },  { 0x202D, 0x202D, "LRO" },  { 0x202E, 0x202E, "RLO" },   { 0x2060, 0x2060, "WJ" },
    { 0x2061, 0x2065, NULL },   { 0x2066, 0x2066, "LRI" },  { 0x2067, 0x2067, "RLI" },   { 0x2068, 0x2068, "FSI" },
    { 0x2069, 0x2069, "PDI" },  { 0x206A, 0x206F, NULL },   { 0x3164, 0x3164, NULL },    { 0xE000, 0xF8FF, NULL },
    { 0xFDD0, 0xFDEF, NULL },   { 0xFE00, 0xFE0F, NULL },   { 0xFEFF, 0xFEFF, "BOM" },   { 0xFFA0, 0xFFA0, NULL },
    { 0xFFF0, 0xFFFB, NULL },   { 0xE0000, 0xE0FFF, NULL }, { 0xF0000, 0x10FFFF, NULL },
};

static bool is_hidden(int32_t code, const char **name)
{
    *name = NULL;
    if ((code & 0xFFFE) == 0xFFFE)
        return true;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (code >= hidden[i].first && code <= hidden[i].last) {
            *name = hidden[i].name;
            return true;
        }
    return utf8proc_category(code) == UTF8PROC_CATEGORY_CN;
}

/* Joiners shape Persian and Indic words, and stay between letters of these scripts. */
static bool joins(int32_t code)
{
    return (code >= 0x0600 && code < 0x0E00) || (code >= 0xFB50 && code < 0xFE00) || (code >= 0xFE70 && code < 0xFF00);
}

static bool is_mark(int32_t code)
{
    utf8proc_category_t category = utf8proc_category(code);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME || category == UTF8PROC_CATEGORY_MC;
}

static void placeholder(display_unit *out, size_t bytes)
{
    out->bytes = bytes;
    out->width = (int)strlen(out->shown);
    out->placeholder = true;
}

static void show_code(display_unit *out, int32_t code, const char *name, size_t bytes)
{
    if (name != NULL)
        snprintf(out->shown, sizeof out->shown, "<%s>", name);
    else
        snprintf(out->shown, sizeof out->shown, "<U+%04X>", (unsigned)code);
    placeholder(out, bytes);
}

/* Columns of one code point: the C library's, which terminals follow; without a UTF-8 locale by utf8proc. */
static int code_width(int32_t code)
{
    int width = wcwidth((wchar_t)code);
    return width >= 0 ? width : utf8proc_charwidth(code);
}

static void add_bytes(display_unit *out, size_t *used, const char *bytes, size_t length)
{
    if (*used + length < sizeof out->shown) {
        memcpy(out->shown + *used, bytes, length);
        *used += length;
        out->shown[*used] = '\0';
    }
}

/* A base with its marks; what is too much for a cell begins a unit of its own and is shown by its number. */
static void show_cluster(display_unit *out, const char *bytes, size_t length, int32_t code, size_t step)
{
    size_t used = 0, cluster = utf8_grapheme(bytes, length), at = step;
    int marks = 0;
    out->width = code_width(code);
    if (is_mark(code)) {
        add_bytes(out, &used, "\xE2\x97\x8C", 3); /* a mark without a base stands on a dotted circle */
        out->width += 1;
        marks = 1;
    }
    add_bytes(out, &used, bytes, step);
    while (at < cluster) {
        int32_t next;
        const char *name;
        size_t size = utf8_decode(bytes + at, cluster - at, &next);
        bool joiner = (next == 0x200C || next == 0x200D) && joins(code);
        if (next < 0 || (!joiner && is_hidden(next, &name)) || ++marks > MARKS_MAX || used + size + 1 >= sizeof out->shown)
            break;
        if (!joiner) /* the vowel signs of Indic scripts that stand beside their letter take a column, as terminals have it */
            out->width += code_width(next);
        add_bytes(out, &used, bytes + at, size);
        code = next;
        at += size;
    }
    out->bytes = at;
    if (out->width < 1)
        out->width = 1;
}

void display_next(display_unit *out, const char *bytes, size_t length, bool utf8)
{
    int32_t code;
    const char *name;
    size_t step = utf8_decode(bytes, length, &code);
    out->placeholder = false;
    out->shown[0] = '\0';
    if (code >= 0x20 && code < 0x7F && (length == step || (unsigned char)bytes[1] < 0x80)) {
        *out = (display_unit){ .shown = { (char)code, '\0' }, .bytes = 1, .width = 1 };
    } else if (code < 0) {
        snprintf(out->shown, sizeof out->shown, "<%02X>", (unsigned char)bytes[0]);
        placeholder(out, 1);
    } else if (code < 0x20 || code == 0x7F) {
        snprintf(out->shown, sizeof out->shown, "^%c", code == 0x7F ? '?' : (char)(code + '@'));
        placeholder(out, step);
    } else if ((!utf8 && code > 0x7E) || is_hidden(code, &name)) {
        show_code(out, code, utf8 ? name : NULL, step);
    } else if (!utf8) {
        *out = (display_unit){ .shown = { (char)code, '\0' }, .bytes = 1, .width = 1 };
    } else {
        show_cluster(out, bytes, length, code, step);
    }
}

int display_width(text data, bool utf8)
{
    int width = 0;
    for (size_t at = 0; at < data.length;) {
        display_unit unit;
        display_next(&unit, data.bytes + at, data.length - at, utf8);
        width += unit.width;
        at += unit.bytes;
    }
    return width;
}

void display_append(buffer *out, text data, bool utf8)
{
    for (size_t at = 0; at < data.length;) {
        display_unit unit;
        display_next(&unit, data.bytes + at, data.length - at, utf8);
        buffer_append_string(out, unit.shown);
        at += unit.bytes;
    }
}

static size_t count_hexadecimal(text digits)
{
    size_t count = 0;
    while (count < digits.length && digits.bytes[count] != '\0' && strchr("0123456789ABCDEF", digits.bytes[count]) != NULL)
        count++;
    return count;
}

/* What stands between < and >: a byte, a code point or a name of the table. */
static bool is_inside(text inside)
{
    const bool number = text_starts(inside, TEXT("U+"));
    const text digits = number ? text_of(inside.bytes + 2, inside.length - 2) : inside;
    if (digits.length > 0 && count_hexadecimal(digits) == digits.length)
        return number ? digits.length >= 4 && digits.length <= 6 : digits.length == 2;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (hidden[i].name != NULL && text_equal(inside, text_from(hidden[i].name)))
            return true;
    return false;
}

bool display_seems_hidden(text data)
{
    enum { LONGEST = 8 }; /* U+10FFFF */
    if (data.length < 3 || data.bytes[0] != '<')
        return false;
    const size_t most = data.length - 1 < LONGEST + 1 ? data.length - 1 : LONGEST + 1;
    const char *end = memchr(data.bytes + 1, '>', most);
    return end != NULL && is_inside(text_of(data.bytes + 1, (size_t)(end - data.bytes) - 1));
}

void display_append_data(buffer *out, text data, bool utf8)
{
    for (text rest = data; rest.length > 0;) {
        const char *next = memchr(rest.bytes + 1, '<', rest.length - 1);
        const text part = text_of(rest.bytes, next == NULL ? rest.length : (size_t)(next - rest.bytes));
        if (display_seems_hidden(rest))
            buffer_append_char(out, '<');
        display_append(out, part, utf8);
        rest = text_of(rest.bytes + part.length, rest.length - part.length);
    }
}

int display_cut(buffer *out, text data, int columns, bool utf8)
{
    int used = 0;
    size_t at = 0, before_last = out->length;
    int width_before_last = 0;
    while (at < data.length) {
        display_unit unit;
        display_next(&unit, data.bytes + at, data.length - at, utf8);
        if (used + unit.width > columns)
            break;
        if (used + unit.width <= columns - 1) { /* up to here there is room for the ellipsis */
            before_last = out->length + strlen(unit.shown);
            width_before_last = used + unit.width;
        }
        buffer_append_string(out, unit.shown);
        used += unit.width;
        at += unit.bytes;
    }
    if (at == data.length || columns < 1 || buffer_failed(out))
        return used;
    out->length = before_last;
    buffer_append_string(out, utf8 ? "\xE2\x80\xA6" : "~");
    return width_before_last + 1;
}
