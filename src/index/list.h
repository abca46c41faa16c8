/* src/index/list.h - inside of the room: the parts of lists that do not stand in a leaf. What a part points to is lent by the
 * store until the next block is got. */
#ifndef RECTO_SRC_INDEX_LIST_H
#define RECTO_SRC_INDEX_LIST_H

#include "tree.h"

static inline enum list_kind list_kind_of(const list_ref *list)
{
    return (enum list_kind)(list->flags >> 1 & 3);
}
static inline bool list_has_places(const list_ref *list)
{
    return (list->flags & 1) != 0;
}
/* The next document of a list of distances. false: damage */
static inline bool next_document(index_document *document, reading *from)
{
    uint32_t distance = reading_number(from);
    if (from->bad || distance == 0 || distance > UINT32_MAX - *document)
        return false;
    *document += distance;
    return true;
}

typedef struct packed_parts {
    uint32_t count;
    reading documents, places;
} packed_parts;
typedef struct block_run {
    uint32_t count, first;
    reading firsts; /* distances, checked */
} block_run;
typedef struct large_parts {
    uint32_t count;
    block_run documents, places;
} large_parts;

recto_status list_damaged(const list_ref *list, recto_error *error);
recto_status packed_list(packed_parts *out, const list_ref *list, recto_error *error);
recto_status large_list(large_parts *out, const list_ref *list, recto_error *error);
bool places_body(reading *stream, uint32_t *marks, text body);

#endif
