/* include/recto/catalog/history.h - what became of a record: counts by version, who last changed each field, taking back.
 *
 * A part of the catalog's door of its own (catalog.h). Restoring goes into the open working copy and is an edit like any other
 * (decisions.md 6). @spec editor.md ED-95 to ED-99 */
#ifndef RECTO_CATALOG_HISTORY_H
#define RECTO_CATALOG_HISTORY_H

#include "recto/catalog/catalog.h"
#include "recto/marc/difference.h"

/** Fields added, changed and removed by a version against the one before it; those of the first are all added (ED-99). */
recto_status catalog_version_counts(difference_counts *out, catalog *catalog, mms_id id, int version, recto_error *error);

/* ---- who last changed each field */

#define BLAME_OPEN SIZE_MAX /* in place of a version: changed in the open record, not saved */

typedef struct blame_part { /* the indicators (code 0; the whole of a control field), then each subfield in its order */
    char code;
    size_t version; /* index in versions, or BLAME_OPEN */
} blame_part;

typedef struct blame_field {
    size_t version; /* which changed anything of it last: a subfield that went counts too */
    size_t first_part, part_count;
} blame_field;

typedef struct record_blame {
    marc_record *record;   /* of which it tells */
    bib_version *versions; /* oldest first */
    size_t version_count;
    blame_field *fields; /* the leader, then each field of the record */
    size_t field_count;
    blame_part *parts;
    size_t part_count;
    size_t damaged; /* versions that could not be read: their changes count as those of the next */
} record_blame;

/** A field that only moved keeps its history. @param open  the working copy; NULL: the stored record
 *  @param out  yours through record_blame_release, also after a failure */
recto_status catalog_blame(record_blame *out, catalog *catalog, mms_id id, const marc_record *open, recto_error *error);
void record_blame_release(record_blame *blame);

/* ---- taking back */

/** One line of a comparison of `version` (left) with the working copy as it stands (right) becomes as in the version: a field
 *  that is only there comes, one that is only here goes. One undo step. */
recto_status edit_restore_line(edit_session *session, const marc_record *stored, int version, const record_difference *line,
                               recto_error *error);
/** The same by name. @param occurrence  from 1; 0: all fields of this tag become as in the version. ENOTFOUND: neither side has
 *  such a field. EREFUSED: 001, 003 and 005 are the system's. One undo step. */
recto_status edit_restore_field(edit_session *session, int version, const char *tag, size_t occurrence, recto_error *error);
/** Restores and saves, with lock and release: `recto restore`. @param tag  NULL: the whole record. Outcomes as of edit_save;
 *  EREFUSED: the user has a draft of this record, which would be saved with it; ELOCKED. */
recto_status catalog_restore(ingest_outcome *out, catalog *catalog, mms_id id, int version, const char *tag, size_t occurrence,
                             recto_error *error);

#endif
