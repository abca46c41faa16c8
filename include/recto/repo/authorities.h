/* include/recto/repo/authorities.h - authority records, their headings and references; and what a field's heading is.
 *
 * A part of the repository's door of its own (repo.h). An authority record is stored as a bib is (versions, drafts, locks,
 * search), with a number that begins 98; here is what it has beside that. It is known again by its identifiers: 010, 035, 001
 * with 003. Its headings (1XX), see-from references (4XX, and an 880 of the 1XX) and see-also references (5XX) are compared by
 * the keys that the browse lists of bibs have, so that the two can be laid into one list. @spec editor.md ED-115 to ED-119 */
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

/** A number for a new record, as repo_bib_new_id gives one for a bib. It is then written by repo_bib_write, read by repo_bib_load
 *  and deleted by repo_bib_delete; it is EDATA to write a record under such a number that is none or has no 1XX. */
recto_status repo_authority_new_id(repo *repo, int zone, mms_id *out, recto_error *error);
/** Other records of the zone that have one of its numbers (010, 035, 001 with 003). *known 0: none; *other 0: one alone.
 *  @param self  is no other; 0: none */
recto_status repo_authority_known(mms_id *known, mms_id *other, repo *repo, int zone, const marc_record *record, mms_id self,
                                  recto_error *error);
/** What F3 shows of it. ENOTFOUND: there is none, or it is deleted. */
recto_status repo_authority_info(repo *repo, mms_id id, authority_info *out, recto_error *error);
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
/** The bibs that have its heading (1XX) as a name, title, series or subject. @param zones  none: all. @param visit  may be NULL
 */
recto_status repo_authority_uses(size_t *count, repo *repo, const marc_record *record, const int *zones, size_t zone_count,
                                 bool (*visit)(void *context, mms_id id), void *context, recto_error *error);
/** Bibs with a subject or series heading whose words begin with those of its heading and go on: of "Solitude", "Solitude --
 *  Fiction" and "Solitude in art" alike. Which of them are the heading with something added, their fields say. */
recto_status repo_authority_longer(size_t *count, repo *repo, const marc_record *record, const int *zones, size_t zone_count,
                                   bool (*visit)(void *context, mms_id id), void *context, recto_error *error);
/** See-from references, and bibs as above, of a stored record; both 0 when there is none. */
recto_status repo_authority_counts(size_t *references, size_t *bibs, repo *repo, mms_id id, const int *zones, size_t zone_count,
                                   recto_error *error);

/* ---- headings of fields: pure ---- */

/** The key of the heading (1XX) of an authority record; appended. */
void repo_authority_key(buffer *out, const marc_record *record);
/** What was typed as the key of that list; appended. */
void repo_heading_key(buffer *out, browse_kind kind, text typed);
/** Index of the field of a bib whose heading in that list has this key; SIZE_MAX: none. */
size_t repo_heading_field(const marc_record *record, browse_kind kind, text key);
/** The heading of a field as the list shows it, and its key; appended. @return false: it has none of that kind, or no memory */
bool repo_field_heading(buffer *shown, buffer *key, const marc_field *field, browse_kind kind);

#endif
