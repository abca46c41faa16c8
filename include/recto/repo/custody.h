/* include/recto/repo/custody.h - texts and locks that pass from one cataloger to another, what they are told of it, and records
 * that were deleted.
 *
 * A part of the repository's door of its own (repo.h). All that change something join the open transaction or are one of their
 * own. @spec editor.md ED-84, ED-88, ED-90, ED-150 */
#ifndef RECTO_REPO_CUSTODY_H
#define RECTO_REPO_CUSTODY_H

#include "recto/repo/repo.h"

typedef struct repo_notice { /* told to its owner at the next key; kept as long as there is a text that it explains */
    int64_t number;
    char owner[64];
    mms_id id;
    char kind[16]; /* "taken": the lock was taken over; "assigned": the record was handed to the owner */
    char by[64], reason[200];
    int64_t at;
    bool told;
} repo_notice;

recto_status repo_notice_add(repo *repo, const repo_notice *notice, recto_error *error); /* as one not told yet; gets a number */
/** Newest first. */
recto_status repo_notices(repo *repo, const char *owner, bool untold_only,
                          void (*visit)(void *context, const repo_notice *notice), void *context, recto_error *error);
/** All of this owner's are told from now on. */
recto_status repo_notices_told(repo *repo, const char *owner, recto_error *error);
/** Those that were told go: the text they explain is saved, or given up. */
recto_status repo_notices_settle(repo *repo, const char *owner, mms_id id, recto_error *error);

/** The draft changes its owner. ENOTFOUND; EREFUSED: the receiver has a draft of this record already. */
recto_status repo_draft_hand_over(repo *repo, mms_id id, const char *from, const char *to, recto_error *error);

/** Deleted records of these zones, newest deletion first, at most `limit`; `visit` returns false to stop. */
recto_status repo_deleted(repo *repo, const int *zones, size_t zone_count, int64_t now,
                          bool (*visit)(void *context, const bib_info *row), void *context, recto_error *error);

/* Holdings and items that were deleted (ED-150): they are kept with all they had. */
typedef struct repo_deleted_inventory {
    char kind; /* 'H' holdings, 'I' item */
    mms_id id, holding, bib;
    int zone;
    char title[240]; /* of the bib */
    char what[240];  /* "MAIN STACKS PZ4 .A1", "3011 v.2" */
    char barcode[64], deleted_by[64];
    int64_t deleted_at;
    int64_t step; /* what went in one transaction has the same; 0: not known */
} repo_deleted_inventory;
recto_status repo_deletion_step(int64_t *out, repo *repo, mms_id id, recto_error *error); /* of a deleted bib; 0: not known */
/** Holdings, newest deletion first, then items. @param zone 0: all. @param bib 0: of all bibs */
recto_status repo_deleted_below(repo *repo, int zone, mms_id bib, bool (*visit)(void *context, const repo_deleted_inventory *row),
                                void *context, recto_error *error);
/** EREFUSED: the bib is deleted; for an item: its holdings are, or its barcode is taken by another item now. ENOTFOUND. */
recto_status repo_holding_undelete(repo *repo, mms_id id, const char *user, int64_t now, recto_error *error);
recto_status repo_item_undelete(repo *repo, mms_id id, const char *user, int64_t now, recto_error *error);

/** The cataloging level of a user (ED-179); 0 for one that is not known. */
recto_status repo_user_level(repo *repo, const char *name, int *out, recto_error *error);
recto_status repo_user_set_level(repo *repo, const char *name, int level, recto_error *error); /* ENOTFOUND */
/** Sets the cataloging level of a record (ED-179); no version is made. ENOTFOUND. */
recto_status repo_bib_set_level(repo *repo, mms_id id, int level, const char *user, int64_t now, recto_error *error);

#endif
