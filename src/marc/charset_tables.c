/* src/marc/charset_tables.c - see charset_tables.h. */
#include "charset_tables.h"
#include "recto/base/resource.h"
#include "recto/base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static const char table_name[] = "data/marc8/characters.txt";

/* ASCII, ANSEL, Hebrew, basic and extended Arabic, basic and extended Cyrillic, Greek, Greek symbols, sub- and superscripts */
static const char set_names[SET_COUNT + 1] = "BE234NQSgbp";

/* The left halves of the marks over two letters: MARC-8 has but one code for the half and for the whole. */
static const struct {
    int32_t code;
    unsigned char byte;
} halves[] = { { 0xFE20, 0x6B }, { 0xFE22, 0x7A } };

/* Joiners and the marks around non-sorting words have codes among the controls, in whatever set. */
static const struct {
    unsigned char byte;
    int32_t code;
} controls[] = { { 0x88, 0x98 }, { 0x89, 0x9C }, { 0x8D, 0x200D }, { 0x8E, 0x200C } };

enum { MARK_BIT = 1 << 23, SET_SHIFT = 24 };

static bool is_graphic(unsigned code)
{
    return code >= SET_FIRST_CODE && code <= SET_LAST_CODE;
}

bool charset_set_known(char set)
{
    return set == SET_EACC || (set != '\0' && strchr(set_names, set) != NULL);
}

int32_t charset_control(unsigned char byte)
{
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++)
        if (controls[i].byte == byte)
            return controls[i].code;
    return 0;
}

/* The first place of a character is the one where it is written. */
static void note_written(charset_converter *converter, char set, uint32_t bytes, uint32_t character, bool mark)
{
    if (converter->written[character] == 0)
        converter->written[character] = (uint32_t)set << SET_SHIFT | (mark ? MARK_BIT : 0U) | bytes;
}

/* What the tables of EACC hold for a character: itself, or where it stands among those beyond. 0: no room. */
static uint16_t eacc_entry(charset_converter *converter, uint32_t bytes, uint32_t character)
{
    if (character < BMP_CODES) {
        if ((bytes & 0xFF) != ' ')
            note_written(converter, SET_EACC, bytes, character, false);
        return (uint16_t)character;
    }
    if (converter->beyond_count == BEYOND_BMP)
        return 0;
    converter->beyond[converter->beyond_count].code = (int32_t)character;
    converter->beyond[converter->beyond_count].written = (uint32_t)SET_EACC << SET_SHIFT | bytes;
    return (uint16_t)(BEYOND_FIRST + converter->beyond_count++);
}

static bool add_eacc(charset_converter *converter, uint32_t bytes, uint32_t character)
{
    unsigned first = bytes >> 16;
    unsigned second = bytes >> 8 & 0xFF;
    if (!is_graphic(first) || !is_graphic(second))
        return false;
    uint16_t *row = &converter->eacc_row[first - SET_FIRST_CODE][second - SET_FIRST_CODE];
    if (*row == 0 && converter->eacc_rows + 1 >= EACC_ROWS)
        return false;
    if (*row == 0)
        *row = ++converter->eacc_rows;
    uint16_t entry = eacc_entry(converter, bytes, character);
    converter->eacc[*row][(bytes & 0xFF) - ' '] = entry;
    return entry != 0;
}

static bool add_character(charset_converter *converter, char set, uint32_t bytes, uint32_t character, bool mark)
{
    unsigned last = bytes & 0xFF;
    if (character == 0 || character > 0x10FFFF || !(is_graphic(last) || (last == ' ' && set == SET_EACC)))
        return false;
    if (set != SET_EACC) {
        const char *place = strchr(set_names, set);
        if (place == NULL || bytes > 0xFF || character >= BMP_CODES)
            return false;
        note_written(converter, set, bytes, character, mark);
        converter->glyphs[place - set_names][last - SET_FIRST_CODE] = (marc8_glyph){ (int32_t)character, mark };
        return true;
    }
    return add_eacc(converter, bytes, character);
}

static bool read_hexadecimal(text digits, uint32_t *out)
{
    uint32_t number = 0;
    for (size_t i = 0; i < digits.length; i++) {
        char digit = digits.bytes[i];
        uint32_t value = digit >= '0' && digit <= '9'   ? (uint32_t)(digit - '0')
                         : digit >= 'A' && digit <= 'F' ? (uint32_t)(digit - 'A') + 10
                                                        : 16;
        if (value > 15)
            return false;
        number = number << 4 | value;
    }
    *out = number;
    return digits.length > 0 && digits.length <= 6;
}

static bool read_line(charset_converter *converter, text line)
{
    uint32_t bytes = 0;
    text set = text_next_field(&line, ' ');
    text first = text_next_field(&line, ' ');
    if (set.length != 1 || set.bytes[0] == '\0' || !read_hexadecimal(first, &bytes))
        return false;
    for (; line.bytes != NULL; bytes++) {
        text word = text_next_field(&line, ' ');
        bool mark = text_starts(word, TEXT("+"));
        uint32_t character = 0;
        if (text_equal(word, TEXT("-")))
            continue;
        if (!read_hexadecimal(text_of(word.bytes + mark, word.length - mark), &character) ||
            !add_character(converter, set.bytes[0], bytes, character, mark))
            return false;
    }
    return true;
}

static recto_status read_tables(charset_converter *converter, recto_error *error)
{
    resource file = { 0 };
    recto_status status = resource_open_built_in(&file, table_name, error);
    text rest = file.content;
    for (size_t number = 1; status == RECTO_OK && rest.bytes != NULL; number++) {
        text line = text_next_field(&rest, '\n');
        if (line.length > 0 && line.bytes[0] != '#' && !read_line(converter, line))
            status = recto_fail(error, RECTO_EDATA, table_name, NULL, "line %zu cannot be read", number);
    }
    for (size_t i = 0; i < sizeof halves / sizeof *halves; i++)
        note_written(converter, SET_ANSEL, halves[i].byte, (uint32_t)halves[i].code, true);
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++)
        note_written(converter, SET_ANSEL, controls[i].byte & 0x7F, (uint32_t)controls[i].code, false);
    resource_release(&file);
    return status;
}

recto_status charset_converter_new(charset_converter **out, recto_error *error)
{
    charset_converter *converter = calloc(1, sizeof *converter);
    if (converter == NULL)
        return recto_fail_memory(error, "converting MARC-8");
    recto_status status = read_tables(converter, error);
    if (status == RECTO_OK)
        *out = converter;
    else
        charset_converter_free(converter);
    return status;
}

void charset_converter_free(charset_converter *converter)
{
    free(converter);
}

marc8_glyph charset_glyph(const charset_converter *converter, char set, unsigned char code)
{
    const char *place = set != '\0' ? strchr(set_names, set) : NULL;
    return place != NULL && is_graphic(code) ? converter->glyphs[place - set_names][code - SET_FIRST_CODE]
                                             : (marc8_glyph){ 0, false };
}

marc8_glyph charset_eacc_glyph(const charset_converter *converter, const unsigned char triple[static 3])
{
    if (!is_graphic(triple[0]) || !is_graphic(triple[1]) || triple[2] < ' ' || triple[2] > SET_LAST_CODE)
        return (marc8_glyph){ 0, false };
    uint16_t row = converter->eacc_row[triple[0] - SET_FIRST_CODE][triple[1] - SET_FIRST_CODE];
    uint16_t entry = row != 0 ? converter->eacc[row][triple[2] - ' '] : 0;
    bool beyond = entry >= BEYOND_FIRST && entry < BEYOND_FIRST + BEYOND_BMP;
    return (marc8_glyph){ beyond ? converter->beyond[entry - BEYOND_FIRST].code : entry, false };
}

static uint32_t written_as(const charset_converter *converter, int32_t code)
{
    if (code < BMP_CODES)
        return converter->written[code];
    for (size_t i = 0; i < converter->beyond_count; i++)
        if (converter->beyond[i].code == code)
            return converter->beyond[i].written;
    return 0;
}

/* A character that has a code of its own. */
static bool spell_directly(const charset_converter *converter, marc8_spelling *spelling, int32_t code)
{
    uint32_t written = written_as(converter, code);
    *spelling = (marc8_spelling){ .code = code };
    if (written == 0)
        return false;
    spelling->set = (char)(written >> SET_SHIFT);
    spelling->mark = (written & MARK_BIT) != 0;
    unsigned char high = spelling->set == SET_ANSEL ? 0x80 : 0;
    if (spelling->mark && spelling->set == SET_ANSEL) {
        spelling->marks[spelling->mark_count++] = (unsigned char)(written | high);
    } else if (spelling->set == SET_EACC) {
        spelling->base_length = 3;
        spelling->base[0] = (unsigned char)(written >> 16 & 0x7F);
        spelling->base[1] = (unsigned char)(written >> 8);
        spelling->base[2] = (unsigned char)written;
    } else {
        spelling->base_length = 1;
        spelling->base[0] = (unsigned char)(written | high);
    }
    return true;
}

/* A letter that Unicode composes is written as its parts, a letter and marks of ANSEL. */
static void spell_parts(const charset_converter *converter, marc8_spelling *spelling, int32_t code)
{
    utf8proc_int32_t parts[4];
    marc8_spelling whole;
    int boundary = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(code, parts, 4, UTF8PROC_DECOMPOSE | UTF8PROC_STABLE, &boundary);
    if (count < 2 || count > 4 || !spell_directly(converter, &whole, parts[0]) || whole.mark)
        return;
    for (utf8proc_ssize_t i = 1; i < count; i++) {
        marc8_spelling mark;
        if (!spell_directly(converter, &mark, parts[i]) || mark.mark_count != 1 || whole.mark_count >= sizeof whole.marks)
            return;
        whole.marks[whole.mark_count++] = mark.marks[0];
    }
    whole.code = code;
    *spelling = whole;
}

const marc8_spelling *charset_spelling(charset_converter *converter, int32_t code)
{
    marc8_spelling *spelling = &converter->spellings[(uint32_t)code % SPELLING_CACHE];
    if (spelling->code != code && !spell_directly(converter, spelling, code))
        spell_parts(converter, spelling, code);
    return spelling;
}
