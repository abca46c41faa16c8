/* src/repo/held_segment.h - inside of the room: the blocks of a segment in memory, on their way into the database. */
#ifndef RECTO_SRC_REPO_HELD_SEGMENT_H
#define RECTO_SRC_REPO_HELD_SEGMENT_H

#include "recto/index/index.h"

typedef struct held_segment {
    buffer bytes;
    size_t *ends, count, capacity; /* of blocks */
    index_segment_info info;
    index_set *documents;
} held_segment;

void held_init(held_segment *held);
void held_release(held_segment *held);
void held_clear(held_segment *held); /* memory is kept */
text held_block(const held_segment *held, size_t block);
/** A store of this segment: what is put is appended. `held` must stay where it is. */
index_store held_store(held_segment *held);

#endif
