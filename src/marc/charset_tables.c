/* src/marc/charset_tables.c - see charset_tables.h. */
#include "charset_tables.h"
#include "recto/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* ASCII, ANSEL, Hebrew, basic and extended Arabic, basic and extended Cyrillic, Greek, Greek symbols, sub- and superscripts */
static const char set_names[SET_COUNT + 1] = "BE234NQSgbp";

/* The marks over two letters, which MARC-8 halves. YAZ drops the right halves. */
static const struct {
    int32_t code;
    unsigned char byte;
    bool decodes;
} halves[] = {
    { 0x0361, 0xEB, true }, { 0xFE21, 0xEC, true },  { 0x0360, 0xFA, true },
    { 0xFE23, 0xFB, true }, { 0xFE20, 0xEB, false }, { 0xFE22, 0xFA, false },
};
enum { HALF_COUNT = sizeof halves / sizeof *halves };

recto_status charset_converter_new(charset_converter **out, recto_error *error)
{
    charset_converter *converter = calloc(1, sizeof *converter);
    if (converter == NULL)
        return recto_fail_memory(error, "converting MARC-8");
    converter->from_marc8 = yaz_iconv_open("utf-8", "marc-8");
    converter->to_marc8 = yaz_iconv_open("marc-8", "utf-8");
    if (converter->from_marc8 == NULL || converter->to_marc8 == NULL) {
        charset_converter_free(converter);
        return recto_fail_memory(error, "converting MARC-8");
    }
    *out = converter;
    return RECTO_OK;
}

void charset_converter_free(charset_converter *converter)
{
    if (converter == NULL)
        return;
    if (converter->from_marc8 != NULL)
        yaz_iconv_close(converter->from_marc8);
    if (converter->to_marc8 != NULL)
        yaz_iconv_close(converter->to_marc8);
    free(converter);
}

bool charset_set_known(char set)
{
    return set == SET_EACC || (set != '\0' && strchr(set_names, set) != NULL);
}

/* One question to YAZ; @return bytes of the answer, 0 when it has none. */
static size_t ask(yaz_iconv_t handle, const char *question, size_t length, char *answer, size_t capacity)
{
    char *in = (char *)question; /* YAZ takes it so and does not write there */
    char *out = answer;
    size_t in_left = length;
    size_t out_left = capacity;
    size_t result = yaz_iconv(handle, &in, &in_left, &out, &out_left);
    size_t flushed = yaz_iconv(handle, NULL, NULL, &out, &out_left);
    return result == (size_t)-1 || flushed == (size_t)-1 ? 0 : (size_t)(out - answer);
}

/* A digit is asked for behind the code. When it comes out first, the code is a mark; when it comes alone, it is nothing. */
static marc8_glyph glyph_of_answer(const char *answer, size_t length)
{
    marc8_glyph glyph = { 0, false };
    size_t start = 0;
    size_t end = length;
    if (length < 2)
        return glyph;
    if (answer[0] == '1') {
        glyph.mark = true;
        start = 1;
    } else {
        end--;
    }
    if (utf8_decode(answer + start, end - start, &glyph.code) != end - start || glyph.code < 0)
        glyph.code = 0;
    return glyph;
}

static marc8_glyph ask_for_glyph(charset_converter *converter, const char *escape, const char *code, size_t code_length)
{
    char question[16];
    char answer[32] = { 0 };
    int length = snprintf(question, sizeof question, "%s%.*s\x1B(B1", escape, (int)code_length, code);
    return glyph_of_answer(answer, ask(converter->from_marc8, question, (size_t)length, answer, sizeof answer));
}

static void fill_table(charset_converter *converter, set_table *table, char set)
{
    char escape[5] = { 0x1B, '(', set, 0 };
    if (set == 'g' || set == 'b' || set == 'p')
        memcpy(escape + 1, (const char[]){ set, 0 }, 2);
    else if (set == SET_ANSEL)
        memcpy(escape + 1, "(!E", 4);
    for (int i = 0; i < SET_CODES; i++) {
        char code = (char)(SET_FIRST_CODE + i);
        /* '1' itself would be taken for the digit that is asked for behind it */
        table->glyphs[i] = set == SET_ASCII ? (marc8_glyph){ code, false } : ask_for_glyph(converter, escape, &code, 1);
    }
    for (size_t i = 0; set == SET_ANSEL && i < HALF_COUNT && halves[i].decodes; i++)
        table->glyphs[(halves[i].byte & 0x7F) - SET_FIRST_CODE] = (marc8_glyph){ halves[i].code, true };
    table->filled = true;
}

marc8_glyph charset_glyph(charset_converter *converter, char set, unsigned char code)
{
    const char *place = strchr(set_names, set);
    if (place == NULL || set == '\0' || code < SET_FIRST_CODE || code > SET_LAST_CODE)
        return (marc8_glyph){ 0, false };
    set_table *table = &converter->sets[place - set_names];
    if (!table->filled)
        fill_table(converter, table, set);
    return table->glyphs[code - SET_FIRST_CODE];
}

marc8_glyph charset_eacc_glyph(charset_converter *converter, const unsigned char triple[static 3])
{
    uint32_t key = (uint32_t)triple[0] << 16 | (uint32_t)triple[1] << 8 | triple[2];
    size_t place = (key * 2654435761U) >> 20 & (EACC_CACHE - 1);
    if (converter->eacc[place].triple != key) {
        converter->eacc[place].triple = key;
        converter->eacc[place].glyph = ask_for_glyph(converter, "\x1B$1", (const char *)triple, 3);
    }
    return converter->eacc[place].glyph;
}

/* Passes an escape sequence of YAZ's answer; @return its length and the set that it names. */
static size_t read_escape(const unsigned char *bytes, size_t length, char *set)
{
    if (length >= 2 && strchr("gbps", bytes[1]) != NULL) {
        *set = bytes[1] == 's' ? SET_ASCII : (char)bytes[1];
        return 2;
    }
    if (length < 3)
        return length;
    *set = (char)bytes[2];
    return 3;
}

static void read_spelling(charset_converter *converter, marc8_spelling *spelling, const unsigned char *answer, size_t length)
{
    char set = SET_ASCII;
    for (size_t i = 0; i < length;) {
        if (answer[i] == 0x1B) {
            i += read_escape(answer + i, length - i, &set);
            continue;
        }
        unsigned char byte = answer[i++];
        bool mark = byte >= 0xA0 && charset_glyph(converter, SET_ANSEL, byte & 0x7F).mark;
        if (mark && spelling->mark_count < sizeof spelling->marks) {
            spelling->marks[spelling->mark_count++] = byte;
        } else if (spelling->base_length < sizeof spelling->base) {
            spelling->set = byte >= 0x80 ? SET_ANSEL : set;
            spelling->base[spelling->base_length++] = byte;
        }
    }
}

static unsigned char half_of(int32_t code)
{
    for (size_t i = 0; i < HALF_COUNT; i++)
        if (halves[i].code == code)
            return halves[i].byte;
    return 0;
}

static void ask_for_spelling(charset_converter *converter, marc8_spelling *spelling, int32_t code)
{
    char question[4];
    char answer[32];
    *spelling = (marc8_spelling){ .code = code };
    unsigned char half = half_of(code);
    if (half != 0) {
        *spelling = (marc8_spelling){ .code = code, .set = SET_ANSEL, .mark = true, .mark_count = 1, .marks = { half } };
        return;
    }
    size_t length = ask(converter->to_marc8, question, utf8_encode(code, question), answer, sizeof answer);
    read_spelling(converter, spelling, (const unsigned char *)answer, length);
    if (spelling->base_length == 0 && spelling->mark_count > 0) {
        spelling->set = SET_ANSEL;
        spelling->mark = true;
    } else if (spelling->base_length == 1 && spelling->set != SET_ANSEL) {
        spelling->mark = charset_glyph(converter, spelling->set, spelling->base[0]).mark;
    }
    if ((spelling->set == SET_EACC) != (spelling->base_length == 3) || spelling->base_length == 2)
        spelling->set = 0;
}

/* YAZ knows not all letters that Unicode composes (Vietnamese); their parts it does know. */
static void spell_parts(charset_converter *converter, marc8_spelling *spelling, int32_t code)
{
    utf8proc_int32_t parts[4];
    marc8_spelling whole;
    int boundary = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(code, parts, 4, UTF8PROC_DECOMPOSE | UTF8PROC_STABLE, &boundary);
    if (count < 2 || count > 4)
        return;
    ask_for_spelling(converter, &whole, parts[0]);
    for (utf8proc_ssize_t i = 1; i < count && whole.set != 0; i++) {
        marc8_spelling mark;
        ask_for_spelling(converter, &mark, parts[i]);
        if (mark.mark_count != 1 || mark.base_length != 0 || whole.mark_count >= sizeof whole.marks)
            return;
        whole.marks[whole.mark_count++] = mark.marks[0];
    }
    if (whole.set == 0 || whole.mark)
        return;
    whole.code = code;
    *spelling = whole;
}

const marc8_spelling *charset_spelling(charset_converter *converter, int32_t code)
{
    marc8_spelling *spelling = &converter->spellings[(uint32_t)code % SPELLING_CACHE];
    if (spelling->code == code)
        return spelling;
    ask_for_spelling(converter, spelling, code);
    if (spelling->set == 0)
        spell_parts(converter, spelling, code);
    return spelling;
}
