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
/** Its number as a $0 has it, and its source; both are appended to nothing and cut. */
void authority_control(char *out, size_t capacity, const marc_record *record);
void authority_vocabulary(char *out, size_t capacity, const marc_record *record);

#endif
