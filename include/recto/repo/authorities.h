/* include/recto/repo/authorities.h - authority records, their headings and references; and what a field's heading is.
 *
 * A part of the repository's door of its own (repo.h). An authority record is of a zone, has a number of its own (98...) and
 * keeps all its versions. It is known again by its identifiers: 010, 035, 001 with 003. Its headings (1XX), see-from references
 * (4XX, and an 880 of the 1XX) and see-also references (5XX) are compared by the keys that the browse lists of bibs have, so
 * that the two can be laid into one list. @spec editor.md ED-115 to ED-119 */
#ifndef RECTO_REPO_AUTHORITIES_H
#define RECTO_REPO_AUTHORITIES_H

#include "recto/repo/browse.h"

typedef enum authority_form { AUTHORITY_HEADING = 1, AUTHORITY_SEE = 4, AUTHORITY_SEE_ALSO = 5 } authority_form;

typedef struct authority_info {
    mms_id id;
    int zone, version;
    int64_t modified_at;
    char modified_by[64], tag[4];
    char vocabulary[24]; /* "naf", "lcsh", "mesh": its source; "" unknown */
    char control[64];    /* its number as a $0 has it: "(DLC)n 79021164" */
    char shown[256];     /* its heading, cut */
} authority_info;

typedef struct authority_write {
    int zone;
    const marc_record *record; /* leader/06 is z, and it has a 1XX */
    const char *user, *origin;
    int64_t now; /* seconds */
} authority_write;

typedef enum authority_outcome { AUTHORITY_ADDED, AUTHORITY_UPDATED, AUTHORITY_UNCHANGED } authority_outcome;

/** Adds the record to its zone, or makes it the next version of the one with the same identifiers. Needs an open transaction.
 *  EDATA: no 1XX, or no authority record. EREFUSED: its identifiers are those of two records. */
recto_status repo_authority_put(repo *repo, const authority_write *write, mms_id *id, authority_outcome *outcome,
                                recto_error *error);
/** @param record, info  either may be NULL. @param version  0: the newest. ENOTFOUND, EDATA (damaged). */
recto_status repo_authority_load(repo *repo, mms_id id, int version, marc_record **record, authority_info *info,
                                 recto_error *error);
recto_status repo_authority_versions(repo *repo, mms_id id, void (*visit)(void *context, const bib_version *version),
                                     void *context, recto_error *error);
bool repo_is_authority(mms_id id); /* by its number */
/** The record that a $0 names, in these zones (none: all). RECTO_ENOTFOUND without filling `error`. */
recto_status repo_authority_named(mms_id *out, repo *repo, const int *zones, size_t zone_count, text number, recto_error *error);

typedef struct authority_row {
    text key, shown; /* lent for the visit */
    text heading;    /* of the record: the form to use. The same as `shown` for its own heading */
    text vocabulary;
    mms_id id;
    char tag[4]; /* of the field: "100", "450" */
    authority_form form;
    bool before;
} authority_row;

/** Headings and see-from references near a place, in order of their keys, as repo_browse does for bibs. Names also stand among
 *  subjects; of series and titles the uniform titles and name-titles. @param vocabulary  "": all */
recto_status repo_authority_browse(repo *repo, const browse_request *request, const char *vocabulary,
                                   bool (*visit)(void *context, const authority_row *row), void *context, recto_error *error);
/** The references of one record, see-from first. */
recto_status repo_authority_references(repo *repo, mms_id id, bool (*visit)(void *context, const authority_row *row),
                                       void *context, recto_error *error);
recto_status repo_authority_count(int64_t *out, repo *repo, int zone, recto_error *error);

/* ---- headings of fields: pure ---- */

/** What was typed as the key of that list; appended. */
void repo_heading_key(buffer *out, browse_kind kind, text typed);
/** Index of the field of a bib whose heading in that list has this key; SIZE_MAX: none. */
size_t repo_heading_field(const marc_record *record, browse_kind kind, text key);
/** The heading of a field as the list shows it, and its key; appended. @return false: it has none of that kind, or no memory */
bool repo_field_heading(buffer *shown, buffer *key, const marc_field *field, browse_kind kind);

#endif
