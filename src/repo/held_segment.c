/* src/repo/held_segment.c - the blocks of a segment in memory: made by any thread, stored by the one that has the repository. */
#include "held_segment.h"
#include <assert.h>
#include <stdlib.h>

void held_init(held_segment *held)
{
    *held = (held_segment){ .count = 0 };
    buffer_init(&held->bytes, UINT32_MAX);
}

void held_clear(held_segment *held)
{
    index_set_free(held->documents);
    held->documents = NULL;
    held->count = 0;
    buffer_clear(&held->bytes);
}

void held_release(held_segment *held)
{
    held_clear(held);
    free(held->ends);
    buffer_release(&held->bytes);
    held_init(held);
}

text held_block(const held_segment *held, size_t block)
{
    const size_t start = block == 0 ? 0 : held->ends[block - 1];
    return text_of(held->bytes.bytes + start, held->ends[block] - start);
}

static recto_status put(void *context, int64_t segment, uint32_t block, text bytes, recto_error *error)
{
    held_segment *held = context;
    (void)segment;
    assert(block == held->count && "blocks come in rising order");
    if (held->count == held->capacity) {
        const size_t capacity = held->capacity * 2 + 1024;
        size_t *grown = realloc(held->ends, capacity * sizeof *grown);
        if (grown == NULL)
            return recto_fail_memory(error, "building the index");
        held->ends = grown;
        held->capacity = capacity;
    }
    buffer_append_text(&held->bytes, bytes);
    held->ends[held->count++] = held->bytes.length;
    return buffer_failed(&held->bytes) ? recto_fail_memory(error, "building the index") : RECTO_OK;
}

static recto_status get(void *context, int64_t segment, uint32_t block, text *bytes, recto_error *error)
{
    const held_segment *held = context;
    if (block >= held->count)
        return recto_fail(error, RECTO_ENOTFOUND, NULL, NULL, "a block of segment %lld is not there", (long long)segment);
    *bytes = held_block(held, block);
    return RECTO_OK;
}

index_store held_store(held_segment *held)
{
    return (index_store){ .context = held, .put = put, .get = get };
}
