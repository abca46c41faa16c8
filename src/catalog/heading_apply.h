/* src/catalog/heading_apply.h - inside of the room: a heading put into a part of a field. */
#ifndef RECTO_SRC_CATALOG_HEADING_APPLY_H
#define RECTO_SRC_CATALOG_HEADING_APPLY_H

#include "recto/catalog/headings.h"

/** As catalog_heading_apply, but only what stands before `tail` (within the content of the field) is replaced: a heading that a
 *  subdivision or a title was added to; list and numbers stay. NULL: as catalog_heading_apply does. */
recto_status heading_apply_before(buffer *content, catalog *catalog, const marc_field *field, browse_kind kind,
                                  const catalog_heading *heading, const char *tail, recto_error *error);
/** Is the list that a subject field names (second indicator, $2) the authority record's? Other fields name none: true. */
bool heading_list_agrees(const marc_field *field, const char *vocabulary);

#endif
