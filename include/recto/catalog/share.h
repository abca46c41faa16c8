/* include/recto/catalog/share.h - Share with Network: a record of the institution is linked to one of the network, as a job that
 * can be taken back; and the records that one is related to, seen from both ends.
 *
 * @spec editor.md ED-172, ED-175, inventory-orders.md IO-15, IO-74 */
#ifndef RECTO_CATALOG_SHARE_H
#define RECTO_CATALOG_SHARE_H

#include "recto/catalog/catalog.h"

/** Records of the network that match this one of the institution; yours to free(). EREFUSED: no network here, no record of the
 *  own institution, linked already. */
recto_status catalog_share_matches(match_hit **out, size_t *count, catalog *catalog, mms_id id, recto_error *error);
/** Links the record to `network`, whose text replaces its own but for local fields (9XX, X9X, $5, $9 LOCAL); *network 0: makes a
 *  network record of its text, and gives its number. One transaction, and a job that catalog_job_revert or catalog_undo_merge
 * takes back until one of them is changed. EREFUSED, ELOCKED: another has it, or it is not the version that was seen. */
recto_status catalog_share(int64_t *job, mms_id *network, catalog *catalog, mms_id id, int expected_version, recto_error *error);

typedef enum relation {
    RELATION_NAMES,    /* its own $w */
    RELATION_NAMED_BY, /* the other's $w */
    RELATION_LINKED_TO,
    RELATION_LINKED_FROM
} relation;
typedef struct related_row {
    relation relation;
    char tag[4]; /* of the field with the $w, on whichever side it is; "" for links */
    mms_id id;
    bool there; /* false: no such record any more */
    char title[200];
} related_row;
/** Yours to free(). */
recto_status catalog_related(related_row **out, size_t *count, catalog *catalog, mms_id id, recto_error *error);

#endif
