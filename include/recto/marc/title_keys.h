/* include/recto/marc/title_keys.h - titles and names as the fuzzy match methods compare them, and as repo/ indexes titles.
 *
 * One function for both, so that what is looked up is what is compared. A key is the named subfields in the order of the
 * field, joined with one blank, without the characters that the non-filing indicator counts, in the form of
 * utf8_index_form: no marks, no case, no punctuation. Keys of more than MARC_TITLE_KEY_MAX bytes keep their beginning, and
 * a hash stands for the rest; equal keys are equal titles. @spec match-merge.md sections 2.8 and 3.1 */
#ifndef RECTO_MARC_TITLE_KEYS_H
#define RECTO_MARC_TITLE_KEYS_H

#include "recto/marc/standard_numbers.h"

enum { MARC_TITLE_KEY_MAX = 120 };

typedef enum marc_title_form {
    MARC_TITLE_PROPER = 1,      /* 245 $a */
    MARC_TITLE_STATEMENT = 2,   /* 245 $a $b $k $n $p */
    MARC_TITLE_ABBREVIATED = 4, /* 210 $a */
    MARC_TITLE_VARYING = 8      /* 246 $a */
} marc_title_form;              /* bits: a method compares a set of them */

typedef struct marc_title {
    marc_title_form form;
    bool linked;                   /* of an 880 that belongs to such a field */
    char tag[MARC_TAG_LENGTH + 1]; /* of the field it came from: "245", "880" */
    text key;
    text value; /* as it stands in the record, joined; for saying why something matched */
} marc_title;

/** Visits every title form of the record in field order; a form without a letter or digit is none. Texts are lent for the
 *  call. `visit` returns false to stop.
 *  @return false: for want of memory a title was left out */
bool marc_titles(const marc_record *record, bool (*visit)(void *context, const marc_title *title), void *context);

/** The same as keys of kind MARC_KEY_TITLE, each key once: what the repository stores for a record. `subfield` is 'a', or
 *  ' ' where the key is of several subfields. @return as marc_titles */
bool marc_title_keys(const marc_record *record, bool (*visit)(void *context, const marc_key *key), void *context);

/** The normal form of some subfields of a field: for names. `skip` characters at the beginning are left out. Appends nothing
 *  when no letter or digit is left. @return whether something was appended */
bool marc_heading_key(buffer *out, const marc_field *field, const char *codes, int skip);

#endif
