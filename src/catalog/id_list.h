/* src/catalog/id_list.h - MMS IDs (or numbers of holdings) as a visitor brings them; private to the room. */
#ifndef CATALOG_ID_LIST_H
#define CATALOG_ID_LIST_H
#include "recto/repo/repo.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct id_list {
    mms_id *ids; /* of malloc, the list's own */
    size_t count, capacity;
    bool failed; /* for want of memory; nobody but the list notices, so ask */
} id_list;

bool id_list_add(void *context, mms_id id); /* context: the list; a visitor; false: no memory */
void id_list_release(id_list *list);        /* empty again */

#endif
