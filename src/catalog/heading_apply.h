/* src/catalog/heading_apply.h - inside of the room: a heading put into a part of a field. */
#ifndef RECTO_SRC_CATALOG_HEADING_APPLY_H
#define RECTO_SRC_CATALOG_HEADING_APPLY_H

#include "recto/catalog/headings.h"

typedef struct applying {
    buffer *out;
    const marc_field *field, *source;
    const char *codes, *source_codes;
    const catalog_heading *heading;
    browse_kind kind;
    text control;     /* the $0; empty: none */
    bool same;        /* the heading is the one that stands there */
    const char *tail; /* what stands here in the field, and behind it, is no part of what is replaced; NULL: nothing */
} applying;

/** The record that a heading is taken from, and its field. ENOTFOUND: it is gone meanwhile.
 *  @param record  NULL before; yours to free, whatever is returned */
recto_status heading_source(marc_record **record, const marc_field **field, authority_info *authority, catalog *catalog,
                            browse_kind kind, const catalog_heading *heading, recto_error *error);
/** Which subfields of a field are its heading. */
const char *heading_codes(const char *tag, browse_kind kind);
void heading_put(applying *work); /* writes the field */

/** As catalog_heading_apply, but only what stands before `tail` (within the content of the field) is replaced: a heading that a
 *  subdivision or a title was added to; list and numbers stay. NULL: as catalog_heading_apply does. */
recto_status heading_apply_before(buffer *content, catalog *catalog, const marc_field *field, browse_kind kind,
                                  const catalog_heading *heading, const char *tail, recto_error *error);
/** Is the list that a subject field names (second indicator, $2) the authority record's? Other fields name none: true. */
bool heading_list_agrees(const marc_field *field, const char *vocabulary);

#endif
