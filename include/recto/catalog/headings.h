/* include/recto/catalog/headings.h - headings of bibs and authority records in one list, and a heading put into a field.
 *
 * @spec editor.md section 9 (ED-115 to ED-122), ED-169 */
#ifndef RECTO_CATALOG_HEADINGS_H
#define RECTO_CATALOG_HEADINGS_H

#include "recto/catalog/jobs.h"
#include "recto/repo/authorities.h"

typedef struct catalog_heading {
    char *key, *shown;
    size_t key_length;
    char tag[4];         /* of a field that has it */
    authority_form form; /* 0: of bibs alone */
    mms_id authority;    /* 0: none */
    char *use;           /* the form to use; the same as `shown` but for references */
    char vocabulary[24]; /* source of the authority; "" */
    size_t count;        /* of bibs (holdings on the shelf) that have it */
    mms_id example;      /* one of them; 0: none */
    bool before;         /* stands before what was asked for */
} catalog_heading;

typedef struct heading_list {
    catalog_heading *rows;
    size_t count;
} heading_list;
void heading_list_release(heading_list *list);

/** Headings near a place, in order: those of bibs with counts, authorized ones and see-from references, each once.
 *  @param zone  0: all that the user sees. @param request  zones are filled here. @param vocabulary  "": all;
 *  else authority records alone, of this source, "*": of any */
recto_status catalog_headings(heading_list *out, catalog *catalog, zone_kind zone, const browse_request *request,
                              const char *vocabulary, recto_error *error);
/** The bibs behind a row. Yours to free(). */
recto_status catalog_heading_bibs(mms_id **out, size_t *count, catalog *catalog, zone_kind zone, browse_kind kind, text key,
                                  recto_error *error);
/** The bibs behind a row of the shelf list, within the limits it was read with. Yours to free(). */
recto_status catalog_shelf_bibs(mms_id **out, size_t *count, catalog *catalog, zone_kind zone, const shelf_limits *limits,
                                text key, recto_error *error);

/** The list a field's heading is browsed in. @return false: the field is not controlled (ED-115) */
bool catalog_controlled(browse_kind *kind, const char *tag);
/** The field with this heading in place of its own: relators, links, notes, volume and $5 stay; $0 is that of the authority, or
 *  of the bib field it was taken from; $2 and the second indicator of subjects go by the source. Appended to `content`, which is
 *  indicators and subfields. For a reference it is the form to use. Subdivisions stay when a subject of an authority record is
 *  taken that has none; such a field has no $0, unless it begins with that subject already. @param field  as it stands */
recto_status catalog_heading_apply(buffer *content, catalog *catalog, const marc_field *field, browse_kind kind,
                                   const catalog_heading *heading, recto_error *error);

/* ---- uniform titles: with the name of its record's 1XX a 240 is the heading of a work, as authority records have it ---- */

bool catalog_is_uniform_title(const marc_record *record, const char *tag); /* a 240 of a bib */
/** The name of 100, 110 or 111 as headings of works begin with it, up to where the title begins: "Tyler, Anne. ". Appended.
 *  @return false: there is none */
bool catalog_main_name(buffer *out, const marc_record *record);
/** "Name. Title. Language", to browse BROWSE_TITLES by: the name as in 100, 110 or 111, the title without its leading article.
 *  Where no authority record has a work of that name it is the title alone, as bibs have it. Appended. @return false: nothing */
bool catalog_uniform_title_heading(buffer *out, catalog *catalog, const marc_record *record, const marc_field *title);
/** As catalog_heading_apply: of a heading that is name and title the title alone is put. $0 is put only where the name (or that
 *  there is none) is the same here as in the heading, since it is of the two together. @param record  has the field
 *  @param other_name  out: the heading has a name, and the record's 1XX another or none */
recto_status catalog_uniform_title_apply(buffer *content, bool *other_name, catalog *catalog, const marc_record *record,
                                         const marc_field *title, const catalog_heading *heading, recto_error *error);

/* ---- authority records ---- */

recto_status catalog_authority_load(catalog *catalog, mms_id id, int version, marc_record **record, authority_info *info,
                                    recto_error *error);
bool catalog_is_authority(mms_id id); /* by its number */
/** See-from references of a stored record, and the bibs that the user sees with its heading. */
recto_status catalog_authority_counts(size_t *references, size_t *bibs, catalog *catalog, mms_id id, recto_error *error);
/** Those bibs. Yours to free(). @param record  may be another version than the one that is stored */
recto_status catalog_authority_bibs(mms_id **out, size_t *count, catalog *catalog, const marc_record *record, recto_error *error);
/** Bibs with a heading that earlier versions of the record had and the present one has not. Yours to free(). */
recto_status catalog_authority_former_bibs(mms_id **out, size_t *count, catalog *catalog, mms_id id, recto_error *error);
/** Gives those of its zone the present heading, as a job with a row a bib that can be taken back (jobs.h); locked ones are
 *  skipped and listed. Subjects stay where the record's list is not known. Needs BULK. ENOTFOUND: there is none. */
recto_status catalog_authority_update_bibs(int64_t *job, catalog *catalog, mms_id id, job_progress progress, void *context,
                                           recto_error *error);
/** Its references, and one line of what the setting heading_extract tells about it (ED-119a). Appended. */
recto_status catalog_authority_describe(buffer *references, buffer *about, catalog *catalog, mms_id id, recto_error *error);

#endif
