/* src/catalog/id_list.c - a list of MMS IDs that grows as a visitor brings them: who names a record, what a search found, what
 * stands under a heading. */
#include "id_list.h"

#include <stdlib.h>

bool id_list_add(void *context, mms_id id)
{
    id_list *list = context;
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 16;
        mms_id *grown = realloc(list->ids, capacity * sizeof *grown);
        if (grown == NULL) {
            list->failed = true;
            return false;
        }
        list->ids = grown;
        list->capacity = capacity;
    }
    list->ids[list->count++] = id;
    return true;
}

void id_list_release(id_list *list)
{
    free(list->ids);
    *list = (id_list){ .ids = NULL };
}
