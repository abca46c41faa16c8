/* src/repo/headings.h - inside of the room: the headings of a record, as they are browsed. */
#ifndef RECTO_SRC_REPO_HEADINGS_H
#define RECTO_SRC_REPO_HEADINGS_H

#include "postings.h"

#include "recto/repo/browse.h"

typedef struct heading {
    unsigned column; /* POSTING_HEADING_NAME .. POSTING_CALL_NUMBER */
    text key;        /* the term: folded, or the shelf key; at most INDEX_TERM_BYTES_MAX bytes, ended at a character */
    text shown;      /* as it stands in the record, joined */
    char tag[MARC_TAG_LENGTH + 1];
    size_t field; /* index in the record */
} heading;

/** Visits the headings of a record in field order; texts are lent for the call. A function of the record alone: the index is
 *  made of the keys, and a browse list finds what to show by asking the record again. `visit` false: enough.
 *  @return false: no memory */
bool index_headings(const marc_record *record, bool (*visit)(void *context, const heading *heading), void *context);

unsigned heading_column(browse_kind kind); /* where the headings of a list stand */
/** What was typed, as a key of that column: where the list begins. */
void heading_key(buffer *out, unsigned column, text typed);

#endif
