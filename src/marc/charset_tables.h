/* src/marc/charset_tables.h - what each code of MARC-8 stands for, asked of YAZ once and remembered.
 *
 * YAZ knows the code tables; it also drops in silence what it does not know, and every control character. So it is only ever
 * asked about one code at a time, where a silence cannot be overlooked. */
#ifndef RECTO_MARC_CHARSET_TABLES_H
#define RECTO_MARC_CHARSET_TABLES_H

#include "charset_converter.h"
#include <yaz/yaz-iconv.h>

/* The final character of its escape sequence names a set. */
enum {
    SET_ASCII = 'B',
    SET_ANSEL = 'E',
    SET_EACC = '1',
    SET_FIRST_CODE = 0x21,
    SET_LAST_CODE = 0x7E,
    SET_CODES = SET_LAST_CODE - SET_FIRST_CODE + 1
};

typedef struct marc8_glyph {
    int32_t code; /* 0: the set has nothing here */
    bool mark;    /* combines with the character that comes after it in MARC-8 */
} marc8_glyph;

/* How a code point is written: marks first, as MARC-8 has them. */
typedef struct marc8_spelling {
    int32_t code;
    char set;  /* of the base; 0: MARC-8 lacks the character */
    bool mark; /* the character is itself a mark */
    unsigned char mark_count, base_length;
    unsigned char marks[3]; /* of ANSEL, with the high bit */
    unsigned char base[3];
} marc8_spelling;

typedef struct set_table {
    bool filled;
    marc8_glyph glyphs[SET_CODES];
} set_table;

enum { SET_COUNT = 11, EACC_CACHE = 4096, SPELLING_CACHE = 1024 };

struct charset_converter {
    yaz_iconv_t from_marc8, to_marc8;
    set_table sets[SET_COUNT];
    struct {
        uint32_t triple;
        marc8_glyph glyph;
    } eacc[EACC_CACHE];
    marc8_spelling spellings[SPELLING_CACHE];
};

bool charset_set_known(char set);
marc8_glyph charset_glyph(charset_converter *converter, char set, unsigned char code); /* code without its high bit */
marc8_glyph charset_eacc_glyph(charset_converter *converter, const unsigned char triple[static 3]);
const marc8_spelling *charset_spelling(charset_converter *converter, int32_t code);

#endif
