/* include/recto/repo/gateway.h - the gateway's log, the bytes of records it refused, and what it last answered to whom.
 *
 * A part of the repository's door of its own (repo.h). @spec gateway.md GW-42, GW-80, GW-81 */
#ifndef RECTO_REPO_GATEWAY_H
#define RECTO_REPO_GATEWAY_H

#include "recto/repo/repo.h"

typedef struct repo_gateway_row {
    int64_t number, at;
    int zone;             /* of the institution; 0: unknown */
    char institution[64]; /* logon ID as received, harmless */
    int64_t connection, record;
    char peer[64], user[64], form[16], encoding[4], oclc[24], title[244], code[24];
    char stages[96]; /* "decode 0, match 1 ..." in milliseconds */
    char warning[160];
    const char *reply; /* whole, lines joined by LF; when read: lent for the visit */
    mms_id id;
    int version, matches, bytes, milliseconds;
    bool kept; /* read only: its bytes are kept */
} repo_gateway_row;

/** Adds a row; row->number is filled. Needs an open transaction.
 *  @param digest  of a record that was saved, so that the same again can be recognized; empty: none
 *  @param record  bytes of a record to be kept; empty: none */
recto_status repo_gateway_add(repo *repo, repo_gateway_row *row, text digest, text record, recto_error *error);

typedef struct repo_gateway_query {
    int64_t from, to;                              /* seconds; to 0: open */
    const char *institution, *oclc, *code, *words; /* NULL: any; words in title or reply, without regard to ASCII case */
    int64_t number;                                /* one row alone; 0: any */
    size_t limit;
} repo_gateway_query;
/** Newest first. */
recto_status repo_gateway_rows(repo *repo, const repo_gateway_query *query,
                               void (*visit)(void *context, const repo_gateway_row *row), void *context, recto_error *error);
/** The kept bytes of a row, appended. RECTO_ENOTFOUND without filling `error`. */
recto_status repo_gateway_kept(repo *repo, int64_t number, buffer *record, recto_error *error);
recto_status repo_gateway_kept_remove(repo *repo, int64_t number, recto_error *error); /* needs an open transaction */
/** The newest row of this digest not older than `since`: its reply (appended), what it saved and which version that became.
 *  RECTO_ENOTFOUND without filling `error`. */
recto_status repo_gateway_answered(repo *repo, text digest, int64_t since, buffer *reply, mms_id *id, int *version,
                                   recto_error *error);
/** Rows from before `rows_before` and kept bytes from before `records_before` go. Needs an open transaction. */
recto_status repo_gateway_prune(repo *repo, int64_t rows_before, int64_t records_before, recto_error *error);

/** What an import says about a record whose content it did not change: management tag and version of the source. No new version,
 *  no other date. Needs an open transaction. @param sync  0: as it was. @param system, version  NULL: as they were */
recto_status repo_bib_set_source(repo *repo, mms_id id, char sync, const char *system, const char *version, recto_error *error);

#endif
