/* src/marc/characters.c - names of characters, their place in MARC-8, and what is typed for them.
 *
 * The lines of names.txt stand in the order of their codes: a name is found by halving the file, without reading it in. */
#include "recto/marc/characters.h"

#include "charset_tables.h"
#include "mrk_names.h"
#include "recto/base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { CODE_LEAST = 4, CODE_MOST = 6, LAST_CODE = 0x10FFFF, COMPOSE_LIMIT = 65536 };

/* ---- hexadecimal ---- */

static int digit_of(char letter)
{
    if (letter >= '0' && letter <= '9')
        return letter - '0';
    if (letter >= 'a' && letter <= 'f')
        return letter - 'a' + 10;
    return letter >= 'A' && letter <= 'F' ? letter - 'A' + 10 : -1;
}

static int32_t hexadecimal(text digits)
{
    int32_t code = 0;

    if (digits.length == 0 || digits.length > CODE_MOST)
        return -1;
    for (size_t i = 0; i < digits.length; i++) {
        int digit = digit_of(digits.bytes[i]);
        if (digit < 0)
            return -1;
        code = code * 16 + digit;
    }
    return code <= LAST_CODE ? code : -1;
}

int32_t character_code_typed(text typed)
{
    typed = text_trim(typed);
    if (typed.length > 2 && (typed.bytes[0] == 'U' || typed.bytes[0] == 'u') && typed.bytes[1] == '+')
        return hexadecimal(text_of(typed.bytes + 2, typed.length - 2));
    if (typed.length > 2 && typed.bytes[0] == '0' && (typed.bytes[1] == 'x' || typed.bytes[1] == 'X'))
        return hexadecimal(text_of(typed.bytes + 2, typed.length - 2));
    if (typed.length > CODE_LEAST && (typed.bytes[0] == 'u' || typed.bytes[0] == 'U'))
        return hexadecimal(text_of(typed.bytes + 1, typed.length - 1));
    return typed.length >= CODE_LEAST ? hexadecimal(typed) : -1;
}

/* ---- names ---- */

recto_status character_file_open(resource *out, recto_error *error)
{
    return resource_open(out, "data/characters/names.txt", 0, error);
}

static text line_at(text content, size_t at)
{
    while (at > 0 && content.bytes[at - 1] != '\n')
        at--;
    const char *end = memchr(content.bytes + at, '\n', content.length - at);
    return text_of(content.bytes + at, end != NULL ? (size_t)(end - content.bytes) - at : content.length - at);
}

/* "00E9 L latin small ..." or "table L Latin letters". */
static bool read_line(text line, character_line *out)
{
    text word = text_next_field(&line, ' ');
    text table = line.bytes != NULL ? text_next_field(&line, ' ') : TEXT("");

    if (table.length != 1 || line.bytes == NULL)
        return false;
    *out = (character_line){ .code = -1, .table = table.bytes[0], .name = line };
    if (text_equal(word, TEXT("table")))
        return true;
    out->code = hexadecimal(word);
    return out->code >= 0 && word.length >= CODE_LEAST;
}

bool character_next(text *rest, character_line *out)
{
    while (rest->bytes != NULL && rest->length > 0)
        if (read_line(text_next_field(rest, '\n'), out))
            return true;
    return false;
}

/* What is no line of a character stands before them all. */
static bool find_name(buffer *out, text content, int32_t code)
{
    size_t low = 0, high = content.length;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        text line = line_at(content, middle);
        size_t start = (size_t)(line.bytes - content.bytes);
        character_line read = { .code = -1, .name = TEXT("") };
        int32_t here = read_line(line, &read) ? read.code : -1;
        if (here == code) {
            buffer_append_text(out, read.name);
            return true;
        }
        if (here < code)
            low = start + line.length + 1;
        else
            high = start;
    }
    return false;
}

static const char *range_of(int32_t code)
{
    static const struct {
        int32_t first, last;
        const char *name;
    } ranges[] = {
        { 0x3400, 0x4DBF, "CJK ideograph" },  { 0x4E00, 0x9FFF, "CJK ideograph" },         { 0xAC00, 0xD7A3, "Hangul syllable" },
        { 0xE000, 0xF8FF, "private use" },    { 0xF900, 0xFAFF, "CJK ideograph" },         { 0x20000, 0x3FFFF, "CJK ideograph" },
        { 0xF0000, 0x10FFFF, "private use" }, { 0x1100, 0x11FF, "Hangul letter" },         { 0x3130, 0x318F, "Hangul letter" },
        { 0x80, 0x9F, "control character" },  { 0xFFFD, 0xFFFD, "replacement character" },
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return ranges[i].name;
    return code >= 0 && code < 0x20 ? "control character" : NULL;
}

bool character_name(buffer *out, int32_t code)
{
    resource file = { .content = TEXT("") };
    const char *range = range_of(code);
    bool found = false;

    if (range != NULL) {
        buffer_append_format(out, "%s %04X", range, (unsigned)code);
        return true;
    }
    if (character_file_open(&file, NULL) == RECTO_OK) {
        found = find_name(out, file.content, code);
        resource_release(&file);
    }
    return found;
}

/* ---- MARC-8 ---- */

static const char *set_name(char set)
{
    static const struct {
        char set;
        const char *name;
    } names[] = {
        { 'B', "ASCII" },           { 'E', "ANSEL" },          { '2', "basic Hebrew" },      { '3', "basic Arabic" },
        { '4', "extended Arabic" }, { 'N', "basic Cyrillic" }, { 'Q', "extended Cyrillic" }, { 'S', "basic Greek" },
        { 'g', "Greek symbols" },   { 'b', "subscripts" },     { 'p', "superscripts" },      { '1', "EACC" },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].set == set)
            return names[i].name;
    return "";
}

marc8_home marc8_home_of(int32_t code)
{
    charset_converter *converter = NULL;
    marc8_home home = { .name = "" };

    if (code >= 0x20 && code < 0x7F)
        return (marc8_home){ .set = SET_ASCII, .name = set_name(SET_ASCII) };
    if (code < 0 || code > LAST_CODE || charset_converter_new(&converter, NULL) != RECTO_OK)
        return home;
    const marc8_spelling *spelling = charset_spelling(converter, code);
    home.set = spelling->set;
    home.in_parts = spelling->set != 0 && spelling->mark_count > 0 && !spelling->mark;
    home.mark = spelling->set != 0 && spelling->mark;
    home.name = set_name(home.in_parts && spelling->set == SET_ASCII ? (char)SET_ANSEL : spelling->set);
    charset_converter_free(converter);
    return home;
}

/* ---- typing ---- */

static bool is_letter_for_mark(text base)
{
    int32_t code;

    return base.length > 0 && utf8_decode(base.bytes, base.length, &code) == base.length && code > 0x20 &&
           (code >= 0x80 || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z'));
}

static void put_on(buffer *out, text base, int32_t mark)
{
    char bytes[4];
    buffer apart;

    buffer_init(&apart, 0);
    buffer_append_text(&apart, base);
    buffer_append(&apart, bytes, utf8_encode(mark, bytes));
    utf8_nfc(out, buffer_text(&apart));
    buffer_release(&apart);
}

/* @return 2: a pair, which goes before everything; 1: a mark on a letter; 0 */
static int compose_line(buffer *out, text line, text first, text second)
{
    text kind = text_next_field(&line, ' ');
    text keys = line.bytes != NULL ? text_next_field(&line, ' ') : TEXT("");

    if (line.bytes == NULL)
        return 0;
    if (text_equal(kind, TEXT("pair")) && keys.length == first.length + second.length) {
        bool straight = memcmp(keys.bytes, first.bytes, first.length) == 0 &&
                        memcmp(keys.bytes + first.length, second.bytes, second.length) == 0;
        bool turned = memcmp(keys.bytes, second.bytes, second.length) == 0 &&
                      memcmp(keys.bytes + second.length, first.bytes, first.length) == 0;
        if (straight || turned)
            buffer_append_text(out, text_trim(line));
        return straight || turned ? 2 : 0;
    }
    if (!text_equal(kind, TEXT("mark")))
        return 0;
    int32_t mark = hexadecimal(text_trim(line));
    text base = text_equal(keys, first) ? second : first;
    if (mark < 0 || (!text_equal(keys, first) && !text_equal(keys, second)) || !is_letter_for_mark(base))
        return 0;
    put_on(out, base, mark);
    return 1;
}

/* A mark is better when it makes one character: of o and v, the v is not meant to wear the ring. */
static bool is_one_character(text made)
{
    int32_t code;
    return made.length > 0 && utf8_decode(made.bytes, made.length, &code) == made.length;
}

bool character_compose(buffer *out, text first, text second)
{
    resource file = { .content = TEXT("") };
    buffer best, made;
    int best_kind = 0;

    if (first.length == 0 || second.length == 0 ||
        resource_open(&file, "data/characters/compose.txt", COMPOSE_LIMIT, NULL) != RECTO_OK)
        return false;
    buffer_init(&best, 0);
    buffer_init(&made, 0);
    for (text rest = file.content; rest.bytes != NULL && best_kind < 3;) {
        buffer_clear(&made);
        int kind = compose_line(&made, text_next_field(&rest, '\n'), first, second);
        kind = kind == 2 ? 3 : kind == 1 && is_one_character(buffer_text(&made)) ? 2 : kind;
        if (kind <= best_kind)
            continue;
        best_kind = kind;
        buffer_clear(&best);
        buffer_append_text(&best, buffer_text(&made));
    }
    if (best_kind > 0)
        buffer_append_text(out, buffer_text(&best));
    buffer_release(&best);
    buffer_release(&made);
    resource_release(&file);
    return best_kind > 0;
}

bool character_mnemonic(buffer *out, text name, bool *mark)
{
    mrk_name found;
    char bytes[4];

    *mark = false;
    if (!mrk_name_find(&found, name) || found.code < 0x20 || found.sequence != NULL)
        return false;
    if (found.base != 0) {
        text base = text_of(bytes, utf8_encode(found.base, bytes));
        put_on(out, base, found.code);
        return true;
    }
    *mark = found.mark;
    buffer_append(out, bytes, utf8_encode(found.code, bytes));
    return true;
}
