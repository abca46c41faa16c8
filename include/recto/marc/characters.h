/* include/recto/marc/characters.h - characters as a cataloger meets them: their names, how MARC-8 has them, ways to type them.
 *
 * Names and tables are data/characters/names.txt, what two keys compose is data/characters/compose.txt; both are built in and
 * may be replaced in the configuration. Nothing is kept between calls. */
#ifndef RECTO_MARC_CHARACTERS_H
#define RECTO_MARC_CHARACTERS_H

#include "recto/base/error.h"
#include "recto/base/resource.h"

/** Appends the name of a code point ("latin small letter e with acute", "CJK ideograph 4E00"). @return false: none is known,
 *  and nothing was appended */
bool character_name(buffer *out, int32_t code);

typedef struct marc8_home { /* where MARC-8 has a character */
    char set;               /* the last character of its escape sequence; 0: MARC-8 lacks it */
    const char *name;       /* "ANSEL", "basic Hebrew"; "" when it is lacking */
    bool mark;              /* it combines with a letter */
    bool in_parts;          /* written as a letter and its marks */
} marc8_home;
marc8_home marc8_home_of(int32_t code);

/* --- the tables, line by line --- */

typedef struct character_line {
    int32_t code; /* -1: a table is named here */
    char table;
    text name; /* lent by the file */
} character_line;
/** Opens names.txt; release it with resource_release. */
recto_status character_file_open(resource *out, recto_error *error);
/** The next line of its content. false: no more. */
bool character_next(text *rest, character_line *out);

/* --- ways to type --- */

/** What two characters make together, in either order. false: nothing, and nothing is appended. RECTO_E... never: a file that
 *  cannot be read makes nothing. */
bool character_compose(buffer *out, text first, text second);
/** What a mnemonic names ("eacute", "AElig", "U+05D0"); *mark: it is a mark that goes on the letter typed next. */
bool character_mnemonic(buffer *out, text name, bool *mark);
/** A code point as it is typed: "U+05D0", "u05d0", "0x5D0"; bare hexadecimal digits of four to six. -1: none. */
int32_t character_code_typed(text typed);

#endif
