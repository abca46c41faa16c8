/* include/recto/marc/standard_numbers.h - OCLC numbers, ISBN, ISSN, LCCN and other identifiers, as they are compared.
 *
 * The keys of match-merge.md section 2 and search.md section 7: what search finds, what match compares and what the
 * repository indexes is one function each. Keys are appended; on false nothing is appended and the value has no such key. */
#ifndef RECTO_MARC_STANDARD_NUMBERS_H
#define RECTO_MARC_STANDARD_NUMBERS_H

#include "recto/marc/record.h"

/** Of a 035 value: needs "(OCoLC)" (any case). "(OCoLC)ocm00000123" -> "123". @spec match-merge 2.1, SE-77 */
bool number_oclc_key(buffer *out, text value);
/** Of what a person types for an OCLC number: with or without (OCoLC), ocm, ocn, on, zeros. @spec SE-75, SR-11 */
bool number_oclc_typed(buffer *out, text typed);
/** 035: trimmed, case folded; an (OCoLC) value in its normalised form. @spec match-merge 2.2 */
bool number_system_key(buffer *out, text value);
/** ISBN-13 digits where the check digit is right; else the cleaned text as it is and *valid false. @spec 2.3, SE-80 */
bool number_isbn_key(buffer *out, text value, bool *valid);
bool number_issn_key(buffer *out, text value, bool *valid); /* eight characters, no hyphen. @spec 2.4 */
bool number_lccn_key(buffer *out, text value);              /* @spec 2.5, SE-83 */
bool number_isbn_valid(text cleaned);                       /* 10 or 13 characters, check digit right */
bool number_issn_valid(text cleaned);
bool number_ean_valid(text cleaned);                       /* 13 digits, the last one the check digit; 979-0: an ISMN */
bool number_upc_valid(text cleaned);                       /* 12 digits */
bool number_ismn_valid(text cleaned);                      /* "M230671187" or 13 digits from 9790 */
bool number_isbn_10_of(char out[static 11], text isbn_13); /* false for 979 */

/* stored in the repository: numbers are stable */
typedef enum marc_key_kind {
    MARC_KEY_OCLC = 1,
    MARC_KEY_SYSTEM = 2,
    MARC_KEY_ISBN = 3,
    MARC_KEY_ISSN = 4,
    MARC_KEY_LCCN = 5,
    MARC_KEY_CODEN = 6,
    MARC_KEY_OTHER_STANDARD = 7,   /* 024: indicator, $2, $a. @spec 2.7 */
    MARC_KEY_PUBLISHER_NUMBER = 8, /* 028 */
    MARC_KEY_TITLE = 9,            /* of marc_title_keys (title_keys.h), not of marc_record_keys */
    MARC_KEY_AUTHOR = 10,          /* compared by match/, not stored */
    MARC_KEY_RECORD = 11           /* the record's own number, 001: looked up as an MMS ID, not stored */
} marc_key_kind;

typedef struct marc_key {
    marc_key_kind kind;
    text key;
    char tag[MARC_TAG_LENGTH + 1]; /* the field it came from: "035", "019" */
    char subfield;                 /* 'a', 'z', 'l' ... */
    bool valid;                    /* false: wrong check digit, kept as typed, matches only itself */
    text value;                    /* as it stands in the record, trimmed; for saying why something matched */
} marc_key;

/** All identifier keys of a record, in field order: 010 019 020 022 024 028 030 035 (019 $a as OCLC with tag "019"; 001 as
 *  OCLC with tag "001" and subfield ' ' where 003 is OCoLC). An (OCoLC) 035 gives two keys, OCLC and SYSTEM. A 024 key is
 *  "indicator/$2/value", so that equal numbers of different schemes stay apart.
 *  `visit` returns false to stop; the key is lent for the call.
 *  @return false: for want of memory a key was left out */
bool marc_record_keys(const marc_record *record, bool (*visit)(void *context, const marc_key *key), void *context);

#endif
