/* src/index/reader.h - inside of the room: the row of segments and entries that a search sees as one index. */
#ifndef RECTO_SRC_INDEX_READER_H
#define RECTO_SRC_INDEX_READER_H

#include "entry.h"
#include "kept.h"
#include "tree.h"

typedef struct reader_segment {
    segment_view view;
    index_set *documents, *hidden; /* `hidden`: those that newer segments have (of a large one: newer large ones); NULL: none */
    int tier;
} reader_segment;

struct index_reader {
    index_store store;
    block_cache cache;
    reader_segment *segments;
    size_t count, capacity;
    pool pool;
    /* Of which documents what the segments of a tier say is past: the pool has them; of large ones, or a small one that is newer
     * than the last large one with them. NULL: none */
    index_set *past[KEPT_TIERS];
    kept kept[KEPT_TIERS];
    size_t *tiers[KEPT_TIERS], tier_counts[KEPT_TIERS]; /* segments of each, made by reader_settle */
    bool settled;
    uint64_t large;      /* documents of a large segment, at least */
    bool few[256];       /* columns of few terms, as the caller says */
    cursor scan;         /* reused by finds; never across a visit */
    gather gather;       /* the same */
    uint32_t *places[2]; /* of phrases, GROUP_PLACES_MAX each; made when first needed */
};

/** To be called before `kept` or `tiers` are looked into. */
recto_status reader_settle(index_reader *reader, recto_error *error);
/** Takes what was gathered of one segment, without the hidden ones, into *result (made when NULL). */
recto_status reader_take(index_set **result, gather *gather, const index_set *hidden, recto_error *error);
/** Adds `found` without `past` to *result, which may become it; `found` is taken. On a failed status it is only thrown away. */
recto_status reader_join(index_set **result, index_set *found, const index_set *past, recto_status status);
recto_status reader_finish(index_set **out, index_set *result, recto_status status, recto_error *error);

#endif
