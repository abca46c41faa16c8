/* src/repo/bibs.h - inside of the room: the steps of storing a record, for one at a time (bibs.c) and for loads (bulk.c). */
#ifndef RECTO_SRC_REPO_BIBS_H
#define RECTO_SRC_REPO_BIBS_H

#include "postings.h"

enum { TITLE_KEY_BYTES = 80 };

typedef struct brief { /* what the list columns show */
    char title[240], creator[120], date[8], oclc[24], isbn[24], issn[12], title_key[TITLE_KEY_BYTES + 1],
        creator_key[TITLE_KEY_BYTES + 1];
    const char *material;
    bool has_year;
    int64_t year;
} brief;

/** From the record alone: in any thread. @return false: no memory */
bool brief_make(brief *out, buffer *scratch, const marc_record *record);
/** @param what  SQL_BIB_ADD or SQL_BIB_UPDATE */
recto_status bib_row_store(repo *repo, const bib_write *write, const brief *brief, enum sql_id what, recto_error *error);
/** @param checksum  of the bytes before they were packed */
recto_status bib_version_store(repo *repo, int64_t document, int version, const bib_write *write, text checksum, text packed,
                               recto_error *error);

/* zones.c */
/** `count` numbers of the zone for new records, in the open write transaction; the first of them in *first. */
recto_status bib_numbers_take(int64_t *first, repo *repo, int zone, int64_t count, recto_error *error);
/** Gives back numbers from `first` on, when nobody has taken one since; else they stay unused. */
recto_status bib_numbers_return(repo *repo, int zone, int64_t first, int64_t end, recto_error *error);
mms_id bib_number_id(const repo_zone *zone, int64_t number);

#endif
