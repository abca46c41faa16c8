/* include/recto/marc/linkage.h - a field and its 880: who belongs to whom, and what is done with the two together.
 *
 * MARC 21, appendix A: $6 of a field is 880-NN, that of its 880 is TAG-NN/SCRIPT; NN is 00 in an 880 that stands alone. Every
 * change is one step of the edit's undo. Numbers have two digits or more, scripts and /r stay as they are. */
#ifndef RECTO_MARC_LINKAGE_H
#define RECTO_MARC_LINKAGE_H

#include "recto/marc/edit.h"

typedef struct marc_linkage {      /* $6 of a field, read */
    char tag[MARC_TAG_LENGTH + 1]; /* that it names: 880 in a field, 245 in an 880 */
    unsigned number;               /* 0: the 880 stands alone */
    text script;                   /* "(2/r", lent by the field; empty: none */
    bool in_880;
} marc_linkage;

typedef struct marc_script {
    const char *name;    /* "Hebrew" */
    const char *code;    /* as $6 has it behind the stroke: "(2/r" */
    int32_t first, last; /* code points that tell it, the widest range */
} marc_script;
/** The scripts that a field can be given in, in the order they are offered. */
const marc_script *marc_scripts(size_t *count);
/** The script most letters of the field are of; NULL: Latin, or none is known. */
const marc_script *marc_script_of(const marc_field *field);

/** @return false: no $6, or one that cannot be read */
bool marc_linkage_of(const marc_field *field, marc_linkage *out);
/** Index of the field that this one is paired with; SIZE_MAX: it stands alone. */
size_t marc_linkage_partner(const marc_record *record, size_t index);

/** Adds an 880 that begins as a copy of the field (ED-127).
 *  @param made  out: its index. RECTO_EINVALID: a control field, an 880, or it has its 880 already */
recto_status marc_linkage_add(marc_edit *edit, size_t index, const char *script_code, size_t *made, recto_error *error);
/** Pairs two fields that stand alone: of two of one tag the one in another script becomes the 880; or a field and an 880.
 *  RECTO_EINVALID with the reason. */
recto_status marc_linkage_link(marc_edit *edit, size_t one, size_t other, recto_error *error);
/** Ends a pair. `as_880`: the vernacular field stays an 880, numbered 00 (ED-128); else both are ordinary fields of one tag. */
recto_status marc_linkage_unlink(marc_edit *edit, size_t index, bool as_880, recto_error *error);
/** The two change places: what was romanized stands in the 880, indicators and all but $6. */
recto_status marc_linkage_flip(marc_edit *edit, size_t index, recto_error *error);
/** Gives the 880 of the pair another script. */
recto_status marc_linkage_set_script(marc_edit *edit, size_t index, const char *script_code, recto_error *error);
/** Removes one half. The other one stays: an 880 as number 00, an ordinary field without its $6 (ED-130); or `both` go. */
recto_status marc_linkage_remove(marc_edit *edit, size_t index, bool both, recto_error *error);
/** Gives every pair a number of its own, where two have the same (ED-130). @param changed  out: pairs that got another one */
recto_status marc_linkage_renumber(marc_edit *edit, size_t *changed, recto_error *error);

#endif
