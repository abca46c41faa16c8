/* src/base/utf8.c - decoding, graphemes, normalization and the form that is compared and indexed. */
#include "recto/base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

size_t utf8_decode(const char *bytes, size_t length, int32_t *code)
{
    const unsigned char *at = (const unsigned char *)bytes;
    *code = -1;
    if (at[0] < 0x80) {
        *code = at[0];
        return 1;
    }
    if (at[0] >= 0xC2 && at[0] < 0xE0 && length >= 2 && is_continuation(at[1])) {
        *code = (at[0] & 0x1F) << 6 | (at[1] & 0x3F);
        return 2;
    }
    if (at[0] >= 0xE0 && at[0] < 0xF0 && length >= 3 && is_continuation(at[1]) && is_continuation(at[2])) {
        int32_t value = (at[0] & 0x0F) << 12 | (at[1] & 0x3F) << 6 | (at[2] & 0x3F);
        if (value < 0x800 || (value >= 0xD800 && value < 0xE000))
            return 1;
        *code = value;
        return 3;
    }
    if (at[0] >= 0xF0 && at[0] < 0xF5 && length >= 4 && is_continuation(at[1]) && is_continuation(at[2]) &&
        is_continuation(at[3])) {
        int32_t value = (at[0] & 0x07) << 18 | (at[1] & 0x3F) << 12 | (at[2] & 0x3F) << 6 | (at[3] & 0x3F);
        if (value < 0x10000 || value > 0x10FFFF)
            return 1;
        *code = value;
        return 4;
    }
    return 1;
}

size_t utf8_encode(int32_t code, char out[static 4])
{
    if (code < 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        return 0;
    return (size_t)utf8proc_encode_char(code, (utf8proc_uint8_t *)out);
}

/* Length of the run of ASCII at the front, eight bytes at a time: nearly all text of records is ASCII. */
static size_t ascii_run(const char *bytes, size_t length)
{
    size_t at = 0;
    for (; at + 8 <= length; at += 8) {
        uint64_t eight;
        memcpy(&eight, bytes + at, 8);
        if (eight & 0x8080808080808080u)
            break;
    }
    while (at < length && (unsigned char)bytes[at] < 0x80)
        at++;
    return at;
}

bool utf8_valid(text bytes, size_t *first_bad)
{
    size_t at = 0;
    while ((at += ascii_run(bytes.bytes + at, bytes.length - at)) < bytes.length) {
        int32_t code;
        size_t length = utf8_decode(bytes.bytes + at, bytes.length - at, &code);
        if (code < 0) {
            if (first_bad != NULL)
                *first_bad = at;
            return false;
        }
        at += length;
    }
    return true;
}

size_t utf8_count(text bytes)
{
    size_t count = 0;
    for (size_t at = 0; at < bytes.length; count++) {
        int32_t code;
        at += utf8_decode(bytes.bytes + at, bytes.length - at, &code);
    }
    return count;
}

size_t utf8_grapheme(const char *bytes, size_t length)
{
    int32_t code, next;
    size_t at = utf8_decode(bytes, length, &code);
    if (code < 0x20) /* controls and invalid bytes stand alone */
        return at;
    if (at >= length || (code < 0x80 && (unsigned char)bytes[at] < 0x80))
        return at;
    utf8proc_int32_t state = 0;
    while (at < length) {
        size_t step = utf8_decode(bytes + at, length - at, &next);
        if (next < 0 || utf8proc_grapheme_break_stateful(code, next, &state))
            break;
        code = next;
        at += step;
    }
    return at;
}

/* Clusters can only be found forwards; a place between two ASCII bytes is a sure beginning. */
size_t utf8_grapheme_before(text whole, size_t offset)
{
    size_t start = offset;
    while (start > 0) {
        start--;
        if ((unsigned char)whole.bytes[start] < 0x80 && (start == 0 || (unsigned char)whole.bytes[start - 1] < 0x80))
            break;
    }
    size_t before = start;
    while (start < offset) {
        before = start;
        start += utf8_grapheme(whole.bytes + start, whole.length - start);
    }
    return before;
}

/* Composes what is valid; bytes that are not are kept as they are. */
static void append_composed(buffer *out, text in, utf8proc_option_t more)
{
    while (in.length > 0) {
        size_t bad = in.length;
        utf8_valid(in, &bad);
        utf8proc_uint8_t *composed = NULL;
        utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *)in.bytes, (utf8proc_ssize_t)bad, &composed,
                                               UTF8PROC_STABLE | UTF8PROC_COMPOSE | more);
        if (length < 0)
            buffer_append(out, in.bytes, bad);
        else
            buffer_append(out, (const char *)composed, (size_t)length);
        free(composed);
        if (bad < in.length)
            buffer_append_char(out, in.bytes[bad++]);
        in = text_of(in.bytes + bad, in.length - bad);
    }
}

void utf8_nfc(buffer *out, text in)
{
    if (ascii_run(in.bytes, in.length) == in.length)
        buffer_append_text(out, in);
    else
        append_composed(out, in, (utf8proc_option_t)0);
}

void utf8_nfc_folded(buffer *out, text in)
{
    append_composed(out, in, UTF8PROC_CASEFOLD);
}

/* Marks that tell words apart in their scripts stay: Indic and other Mc/Mn signs above U+0900, kana voicing; dropped are
 * those of Latin, Greek, Cyrillic, Hebrew and Arabic, which their readers leave out when they type (SE-34). */
static bool mark_is_dropped(int32_t code)
{
    return (code >= 0x0300 && code < 0x0370) || (code >= 0x0483 && code < 0x048A) || (code >= 0x0591 && code < 0x05C8) ||
           (code >= 0x0610 && code < 0x061B) || (code >= 0x064B && code < 0x0660) || code == 0x0670 ||
           (code >= 0x06D6 && code < 0x06EE) || (code >= 0x1AB0 && code < 0x1B00) || (code >= 0x1DC0 && code < 0x1E00) ||
           (code >= 0x20D0 && code < 0x2100) || (code >= 0xFE20 && code < 0xFE30);
}

static const struct {
    int32_t code;
    const char *instead;
} letters[] = { { 0x00DF, "ss" },
                { 0x00E6, "ae" },
                { 0x00F0, "d" },
                { 0x00F8, "o" },
                { 0x00FE, "th" },
                { 0x0111, "d" },
                { 0x0127, "h" },
                { 0x0131, "i" },
                { 0x0138, "k" },
                { 0x0142, "l" },
                { 0x0153, "oe" },
                { 0x0167, "t" },
                { 0x01A1, "o" },
                { 0x01B0, "u" },
                { 0x0259, "ə" },
                { 0x1E9E, "ss" },
                { 0x0640, "" },
                { 0x02BB, "" },
                { 0x02BC, "" },
                { 0x02B9, "" },
                { 0x02BA, "" },
                { 0x02BE, "" },
                { 0x02BF, "" },
                { 0x0027, "" },
                { 0x2019, "" },
                { 0x05F3, "" },
                { 0x05F4, "" },
                { 0x200C, "" },
                { 0x200D, "" },
                { 0x00AD, "" },
                { 0x02BD, "" },
                { 0x2018, "" }, /* an ayn as some write it */
                /* Persian and Urdu letters, and endings, where an Arabic keyboard has others */
                { 0x06A9, "\xD9\x83" },
                { 0x06CC, "\xD9\x8A" },
                { 0x0649, "\xD9\x8A" },
                { 0x0629, "\xD9\x87" } };

static const char *letter_instead(int32_t code)
{
    if (code > 0x2019 || (code > 0x06CC && code < 0x1E9E)) /* most of what is not Latin */
        return NULL;
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].code == code)
            return letters[i].instead;
    return NULL;
}

static bool is_word_character(int32_t code)
{
    switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return true;
    default:
        return false;
    }
}

typedef struct index_writer {
    buffer *out;
    size_t start; /* where our text begins in out */
    bool gap;     /* a blank is owed before the next letter */
    bool arabic;  /* the letter before is of that script */
} index_writer;

static void write_word_bytes(index_writer *writer, const char *bytes, size_t length)
{
    if (writer->gap && writer->out->length > writer->start)
        buffer_append_char(writer->out, ' ');
    writer->gap = false;
    buffer_append(writer->out, bytes, length);
}

static void write_index_code(index_writer *writer, int32_t code)
{
    enum { NON_JOINER = 0x200C };
    const char *instead = letter_instead(code);
    char bytes[4];
    if (code == NON_JOINER && writer->arabic) { /* Persian divides words by it that many write with a blank */
        writer->gap = true;
        return;
    }
    writer->arabic = (code >= 0x0600 && code < 0x0700) || (writer->arabic && mark_is_dropped(code));
    if (instead != NULL) {
        if (instead[0] != '\0')
            write_word_bytes(writer, instead, strlen(instead));
    } else if (mark_is_dropped(code)) {
        return;
    } else if (is_word_character(code)) {
        write_word_bytes(writer, bytes, utf8_encode(code, bytes));
    } else {
        writer->gap = true;
    }
}

/* One code point in full decomposition with case folded; NFKD is done by code point because order of marks, which are
 * mostly dropped, does not matter after that. */
static void write_decomposed(index_writer *writer, int32_t code)
{
    utf8proc_int32_t parts[32];
    int boundary = 0;
    utf8proc_ssize_t count =
        utf8proc_decompose_char(code, parts, 32, UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, &boundary);
    if (count < 0 || count > 32) {
        write_index_code(writer, code);
        return;
    }
    for (utf8proc_ssize_t i = 0; i < count; i++)
        write_index_code(writer, parts[i]);
}

/* What becomes of a byte of ASCII: itself in small letters, nothing (an apostrophe), or a gap. */
enum { BYTE_GAP = 0, BYTE_NOTHING = 1 };
static const unsigned char ascii_forms[128] = {
    ['\''] = BYTE_NOTHING, ['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4', ['5'] = '5', ['6'] = '6', ['7'] = '7',
    ['8'] = '8',           ['9'] = '9', ['A'] = 'a', ['a'] = 'a', ['B'] = 'b', ['b'] = 'b', ['C'] = 'c', ['c'] = 'c', ['D'] = 'd',
    ['d'] = 'd',           ['E'] = 'e', ['e'] = 'e', ['F'] = 'f', ['f'] = 'f', ['G'] = 'g', ['g'] = 'g', ['H'] = 'h', ['h'] = 'h',
    ['I'] = 'i',           ['i'] = 'i', ['J'] = 'j', ['j'] = 'j', ['K'] = 'k', ['k'] = 'k', ['L'] = 'l', ['l'] = 'l', ['M'] = 'm',
    ['m'] = 'm',           ['N'] = 'n', ['n'] = 'n', ['O'] = 'o', ['o'] = 'o', ['P'] = 'p', ['p'] = 'p', ['Q'] = 'q', ['q'] = 'q',
    ['R'] = 'r',           ['r'] = 'r', ['S'] = 's', ['s'] = 's', ['T'] = 't', ['t'] = 't', ['U'] = 'u', ['u'] = 'u', ['V'] = 'v',
    ['v'] = 'v',           ['W'] = 'w', ['w'] = 'w', ['X'] = 'x', ['x'] = 'x', ['Y'] = 'y', ['y'] = 'y', ['Z'] = 'z', ['z'] = 'z',
};

/* Nearly all text is ASCII: what comes out is no longer than what goes in, so room is asked for once. */
static void write_ascii(index_writer *writer, const char *bytes, size_t length)
{
    buffer *out = writer->out;
    const size_t before = out->length;
    char *const room = buffer_reserve(out, length + 1), *to = room;
    bool gap = writer->gap;
    if (room == NULL)
        return;
    for (size_t i = 0; i < length;) {
        unsigned char form = ascii_forms[(unsigned char)bytes[i]];
        if (form <= BYTE_NOTHING) {
            gap = gap || form == BYTE_GAP;
            i++;
            continue;
        }
        if (gap && (to > room || before > writer->start))
            *to++ = ' ';
        gap = false;
        do
            *to++ = (char)form;
        while (++i < length && (form = ascii_forms[(unsigned char)bytes[i]]) > BYTE_NOTHING);
    }
    writer->gap = gap;
    buffer_grow(out, (size_t)(to - room));
}

void utf8_index_form(buffer *out, text in)
{
    index_writer writer = { out, out->length, false, false };
    for (size_t at = 0; at < in.length;) {
        const size_t run = ascii_run(in.bytes + at, in.length - at);
        if (run > 0)
            write_ascii(&writer, in.bytes + at, run);
        at += run;
        if (at == in.length)
            break;
        int32_t code;
        at += utf8_decode(in.bytes + at, in.length - at, &code);
        if (code < 0)
            writer.gap = true;
        else
            write_decomposed(&writer, code);
    }
}
