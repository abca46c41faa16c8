/* src/repo/authority_headings.h - inside of the room: the headings, references and numbers of an authority record. */
#ifndef RECTO_SRC_REPO_AUTHORITY_HEADINGS_H
#define RECTO_SRC_REPO_AUTHORITY_HEADINGS_H

#include "recto/repo/authorities.h"

/* What a heading is by its nature; which lists show it is another thing. */
enum { NATURE_NAME, NATURE_TITLE, NATURE_SUBJECT };

typedef struct authority_heading {
    int nature;
    authority_form form;
    text key, shown; /* lent for the visit */
    char tag[4];
} authority_heading;

/** Visits the 1XX, 4XX, 5XX and the 880 of the 1XX, in field order. @return false: no memory */
bool authority_headings(const marc_record *record, bool (*visit)(void *context, const authority_heading *heading), void *context);
/** Visits the numbers it is known by, as they are compared. @return false: no memory */
bool authority_numbers(const marc_record *record, bool (*visit)(void *context, text number), void *context);
void authority_number_key(buffer *out, text number); /* "(DLC)n  79021164" and "(dlc)N79021164" are one */
/** Its number as a $0 has it (where it has none of elsewhere: our own), and its source; both are cut. */
void authority_control(char *out, size_t capacity, const marc_record *record);
void authority_vocabulary(char *out, size_t capacity, const marc_record *record);

/** Its heading as it is shown; appended. */
void authority_title(buffer *out, const marc_record *record);
/** "Personal name": by its 1XX. */
const char *authority_kind(const marc_record *record);

/* authority_store.c: all in the open write transaction */
/** Headings, references and numbers of a stored record take the place of what was kept of it. EDATA: it is no authority record,
 *  or has no heading. */
recto_status authority_store(repo *repo, int64_t document, const marc_record *record, recto_error *error);
/** EDATA as above, before anything is written. */
recto_status authority_check(const marc_record *record, recto_error *error);
recto_status authority_remove(repo *repo, int64_t document, recto_error *error);
/** Makes all that is derived from authority records that have become rows of `bib`. */
recto_status authorities_derive(repo *repo, recto_error *error);
/** Makes right what check_authorities would tell of; each in a transaction of its own, or in the one that is open. */
recto_status authorities_mend(repo *repo, recto_error *error);

#endif
