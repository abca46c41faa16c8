/* src/marc/mrk_names.h - the names in braces of the mnemonic format, both ways. */
#ifndef RECTO_MARC_MRK_NAMES_H
#define RECTO_MARC_MRK_NAMES_H

#include "recto/marc/record.h"

typedef struct mrk_name {
    int32_t code;         /* the character; -1: the name stands for `sequence` */
    int32_t base;         /* of a name for a letter with a mark ({eacute}): the letter, and code is the mark; else 0 */
    bool mark;            /* a mark alone: it belongs on the next character */
    const char *sequence; /* of the names that change the set in MARC-8 ({greek} behind {esc}): ASCII */
} mrk_name;

/** What stands between the braces. false: unknown. */
bool mrk_name_find(mrk_name *out, text name);
/** The name of a character or, with `mark`, of a mark before its letter. NULL: it has none. Lent for ever. */
const char *mrk_name_of(int32_t code, bool mark);

/** A record with all that is not ASCII as names or {U+....} (formats.h, `mnemonics`). */
recto_status mrk_write_named(buffer *out, const marc_record *record, recto_error *error);

#endif
