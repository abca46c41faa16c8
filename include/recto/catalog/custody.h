/* include/recto/catalog/custody.h - who holds a record, and passing it on: taking a lock over, assigning, what stands in the way
 * of a deletion, and bringing back what was deleted.
 *
 * A part of the catalog's door of its own (catalog.h). @spec editor.md ED-84 to ED-90, ED-145 to ED-150, ED-179, ED-180 */
#ifndef RECTO_CATALOG_CUSTODY_H
#define RECTO_CATALOG_CUSTODY_H

#include "recto/catalog/catalog.h"
#include "recto/repo/custody.h"

/* ---- locks */

/** Who holds the record: user, institution, since when, idle for how long, when the lock would expire (ED-87), a sentence each.
 *  ENOTFOUND: nobody. @param lines  appended, one fact a line */
recto_status catalog_lock_facts(buffer *lines, catalog *catalog, mms_id id, recto_error *error);
/** Takes the lock that stands against this session; LOCK_BREAK, a reason. The former owner is told, keeps the own text as a
 * draft, and the audit has both names (ED-88). The record is then open for editing as it is stored. */
recto_status edit_take_over(edit_session *session, const char *reason, recto_error *error);
/** Hands the working copy, saved or not, and its lock to another cataloger, who finds it in the list (ED-90). *session goes.
 *  EREFUSED: that user is inactive or may not catalog, or has a draft of it. */
recto_status edit_assign(edit_session **session, const char *user, const char *reason, recto_error *error);

/** What this user has not been told yet: a lock taken over, a record assigned. An open session whose lock was taken over is
 *  view only from now on, its text stored as a draft (ED-84). Cheap where there is nothing. */
recto_status catalog_tell(catalog *catalog, void (*visit)(void *context, const repo_notice *notice), void *context,
                          recto_error *error);
/** The newest notice about each record the user has a text of: "assigned by cat1", "taken over by cat2". */
recto_status catalog_notices(catalog *catalog, void (*visit)(void *context, const repo_notice *notice), void *context,
                             recto_error *error);
/** A superseded text becomes `merged`, made of it and of the newer version that its author has seen: one undo step, and Save
 *  is possible again. Needs the lock. */
recto_status edit_reapply(edit_session *session, const marc_record *merged, recto_error *error);

/* ---- deleting, and back */

typedef struct delete_obstacle {
    char kind;      /* 'H' holdings, 'I' item, 'P' portfolios, 'L' a record linked to it, 'W' one that names it, 'K' a lock */
    mms_id id;      /* what to open; 0: nothing */
    char what[200]; /* "holdings 22...: MAIN, STACKS, PZ4 .A1, 2 items" */
} delete_obstacle;
/** Everything that stands in the way of deleting the bib (ED-149); none: it can be deleted. Rows are yours to free(). */
recto_status catalog_delete_obstacles(delete_obstacle **out, size_t *count, catalog *catalog, mms_id id, recto_error *error);
/** "2 holdings, 3 items, 1 record that names it" */
void delete_obstacles_sentence(buffer *out, const delete_obstacle *rows, size_t count);

typedef struct deleted_row {
    char kind; /* 'B' bib or authority, 'H' holdings, 'I' item */
    mms_id id, bib;
    int zone, version; /* version: of a bib */
    char title[240];   /* of the bib */
    char what[240];    /* its creator; library, location and call number; barcode and description */
    char by[64];
    int64_t at;
} deleted_row;

/** Deleted records of the zones that the user may change, holdings and items among them, newest first (ED-150).
 *  @param words  in title, creator or call number, or an MMS ID, OCLC number, ISBN, ISSN or barcode, whole or its beginning; ""
 *  all
 *  @param most  of rows; *more tells that there were others */
recto_status catalog_deleted(deleted_row **out, size_t *count, bool *more, catalog *catalog, const char *words, size_t most,
                             recto_error *error);
typedef struct undeleted {
    mms_id bib;
    int version; /* of the bib, when that came back */
    size_t bibs, holdings, items;
} undeleted;
/** Brings back what was deleted, as one transaction: a bib as a new version with the content of its last one and with the
 *  holdings and items that went in the same step; holdings with their items; an item with its holdings and bib, where those are
 *  gone, too. DELETE for a bib, WITHDRAW for inventory. EREFUSED: the bib was merged into another, which Undo Merge takes back
 *  with all that moved. EINVALID: another item has the barcode now. */
recto_status catalog_undelete(undeleted *out, catalog *catalog, mms_id id, recto_error *error);

/** What becomes of holdings and bib when an item goes (ED-146). */
typedef enum withdrawal {
    WITHDRAW_ITEM,         /* both stay */
    WITHDRAW_HOLDINGS,     /* the holdings go, the bib stays */
    WITHDRAW_AND_SUPPRESS, /* the holdings go, the bib is suppressed */
    WITHDRAW_BIB           /* holdings and bib go */
} withdrawal;
/** Withdraws an item and does the rest, all or nothing; WITHDRAW, for the bib DELETE too. EREFUSED: the holdings have other
 * items, the bib other inventory; what stands in the way is said. */
recto_status catalog_withdraw(catalog *catalog, const item *item, withdrawal rest, recto_error *error);

/* ---- cataloging levels */

enum { CATALOGING_LEVEL_MAX = 99 };
bool catalog_levels_are_on(catalog *catalog); /* the setting cataloging_levels of the institution (ED-179) */
recto_status catalog_set_levels_on(catalog *catalog, bool on, recto_error *error); /* ADMINISTER; audited */
int catalog_own_level(catalog *catalog);
/** ADMINISTER; EINVALID outside 0 to 99. Audited. */
recto_status catalog_user_set_level(catalog *catalog, const char *user, int level, recto_error *error);
/** At most the user's own level; no version is made. Audited. */
recto_status catalog_set_level(catalog *catalog, mms_id id, int level, recto_error *error);

#endif
