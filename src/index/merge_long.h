/* src/index/merge_long.h - inside of the room: the lists of one term of several sources into one long list, piece by piece. */
#ifndef RECTO_SRC_INDEX_MERGE_LONG_H
#define RECTO_SRC_INDEX_MERGE_LONG_H

#include "list.h"

typedef struct long_source {
    /* a large list in blocks: */
    const segment_view *view;             /* NULL: the list is in memory */
    uint32_t documents[2], places[2];     /* blocks: the first, and one behind the last */
    uint32_t document_block, place_block; /* the next to be read */
    buffer document_body, place_body;
    reading chunks, groups; /* what is left of the block under way */
    chunk chunk;            /* the next */
    int64_t before;         /* upper half of the chunk before it in its block */
    /* in memory: */
    postings list;
    size_t list_at;
    /* all: */
    const index_set *hidden;    /* documents that newer sources have; NULL: none */
    uint64_t *hidden_bits;      /* of the upper half under way */
    index_document first, last; /* none of its documents is outside */
    bool has_places, ended;
    index_document *room;          /* CHUNK_DOCUMENTS */
    const index_document *members; /* of the upper half under way, hidden ones among them */
    size_t count, at;
} long_source;

typedef struct long_merge {
    writer *writer;
    index_key key;
    long_out out;
    long_source *sources;
    size_t count, capacity;
    uint64_t **seen; /* by upper half, made when needed: documents that hold a term; NULL: nobody asks */
    enum { LONG_DOCUMENTS, LONG_PLACES, LONG_END } stage;
    bool begun, has_places;
    bool apart;    /* the documents of the sources do not overlap, and none is hidden: the sources stand in their order */
    size_t source; /* the one under way, when they are apart */
    uint64_t *bits;
    index_document *room;
} long_merge;

/** All but `out` stays the caller's. @param seen  CHUNK_DOCUMENTS pointers, or NULL */
recto_status long_merge_new(long_merge **out, writer *writer, const index_key *key, size_t sources, uint64_t **seen,
                            recto_error *error);
void long_merge_free(long_merge *merge);
/** A list; `first` and `last`: the documents of its segment lie between. */
recto_status long_merge_add(long_merge *merge, const list_ref *list, const index_set *hidden, index_document first,
                            index_document last, recto_error *error);
/** Sorted ones, of which none is hidden; they are taken over. */
void long_merge_add_postings(long_merge *merge, postings *postings);
/** One piece, of at most CHUNK_DOCUMENTS documents of each source. *work grows by what it cost, in postings. */
recto_status long_merge_step(long_merge *merge, uint64_t *work, bool *done, recto_error *error);

#endif
