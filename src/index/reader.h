/* src/index/reader.h - inside of the room: the row of segments and entries that a search sees as one index. */
#ifndef RECTO_SRC_INDEX_READER_H
#define RECTO_SRC_INDEX_READER_H

#include "entry.h"
#include "kept.h"
#include "tree.h"

typedef struct reader_segment {
    segment_view view;
    index_set *documents, *hidden; /* `hidden`: those that newer segments have; NULL: none */
} reader_segment;

struct index_reader {
    index_store store;
    block_cache cache;
    reader_segment *segments;
    size_t count, capacity;
    pool pool;
    index_set *entered;  /* documents of the pool: what segments say of them is past; NULL: none */
    kept kept;           /* of the segments alone */
    cursor scan;         /* reused by finds; never across a visit */
    gather gather;       /* the same */
    uint32_t *places[2]; /* of phrases, GROUP_PLACES_MAX each; made when first needed */
};

/** Takes what was gathered of one segment, without the hidden ones, into *result (made when NULL). */
recto_status reader_take(index_set **result, gather *gather, const index_set *hidden, recto_error *error);
recto_status reader_finish(index_set **out, index_set *result, recto_status status, recto_error *error);

#endif
