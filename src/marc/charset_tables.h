/* src/marc/charset_tables.h - what each code of MARC-8 stands for, and how each character is written.
 *
 * Read from data/marc8/characters.txt once for each converter: that takes less than a millisecond, and then every question is
 * answered by one look into an array. */
#ifndef RECTO_MARC_CHARSET_TABLES_H
#define RECTO_MARC_CHARSET_TABLES_H

#include "charset_converter.h"

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

enum {
    SET_COUNT = 11,               /* of one byte a code */
    EACC_ROWS = 1024,             /* rows of 94 codes with something in them; there are 981 */
    EACC_COLUMNS = SET_CODES + 1, /* one code of EACC ends in a blank */
    BMP_CODES = 0x10000,
    BEYOND_BMP = 8,        /* EACC has three characters there */
    BEYOND_FIRST = 0xD800, /* in eacc: no character but the index of one of these */
    SPELLING_CACHE = 1024  /* of letters that are taken apart */
};

struct charset_converter {
    marc8_glyph glyphs[SET_COUNT][SET_CODES];
    uint16_t eacc_row[SET_CODES][SET_CODES]; /* by the first two bytes; 0: none */
    uint16_t eacc_rows;
    uint16_t eacc[EACC_ROWS][EACC_COLUMNS];
    struct {
        int32_t code;
        uint32_t written;
    } beyond[BEYOND_BMP];
    uint16_t beyond_count;
    uint32_t written[BMP_CODES]; /* set << 24 | a mark << 23 | bytes of the code; 0: not directly */
    marc8_spelling spellings[SPELLING_CACHE];
};

bool charset_set_known(char set);
marc8_glyph charset_glyph(const charset_converter *converter, char set, unsigned char code); /* code without its high bit */
marc8_glyph charset_eacc_glyph(const charset_converter *converter, const unsigned char triple[static 3]);
int32_t charset_control(unsigned char byte); /* what 0x80 to 0x9F stand for: joiners and the marks around non-sorting words; 0 */
const marc8_spelling *charset_spelling(charset_converter *converter, int32_t code);

#endif
