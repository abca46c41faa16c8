/* src/index/merge_join.h - inside of the room: short lists of one term, of segments whose documents follow each other, put end to
 * end. */
#ifndef RECTO_SRC_INDEX_MERGE_JOIN_H
#define RECTO_SRC_INDEX_MERGE_JOIN_H

#include "list.h"

typedef struct list_join { /* a list under way, as it stands in a block of packed lists */
    buffer distances, groups;
    uint64_t count;
    index_document last;
    bool has_places;
    bool (*visit)(void *context, index_document document); /* NULL: nobody asks for each. false: no memory */
    void *context;
} list_join;
void join_init(list_join *join);
void join_release(list_join *join);
void join_clear(list_join *join);
/** Puts a list behind the others: its documents are above theirs. *fits false: it is of another kind, or there is too much for a
 *  block; the join is as good as nothing then. */
recto_status join_add(bool *fits, list_join *join, const list_ref *list, recto_error *error);

#endif
