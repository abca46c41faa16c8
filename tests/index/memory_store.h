/* tests/index/memory_store.h - blocks of segments in memory, for tests: it can lose, damage and refuse them. */
#ifndef TESTS_INDEX_MEMORY_STORE_H
#define TESTS_INDEX_MEMORY_STORE_H

#include "recto/index/index.h"

#include <stdlib.h>
#include <string.h>

typedef struct memory_block {
    int64_t segment;
    uint32_t number;
    char *bytes;
    size_t length;
} memory_block;

typedef struct memory_store {
    memory_block *blocks;
    size_t count, capacity;
    size_t fail_put, fail_get; /* the how many-th call from now fails; 0: none */
    size_t gets;
    char *lent; /* what was given last: freed at the next get, so that late readers are caught */
    index_store door;
} memory_store;

static inline recto_status memory_put(void *context, int64_t segment, uint32_t number, text bytes, recto_error *error)
{
    memory_store *store = context;
    if (store->fail_put > 0 && --store->fail_put == 0)
        return recto_fail(error, RECTO_EIO, NULL, NULL, "the disk is full");
    if (store->count == store->capacity) {
        store->capacity = store->capacity * 2 + 64;
        store->blocks = realloc(store->blocks, store->capacity * sizeof *store->blocks);
    }
    memory_block *block = &store->blocks[store->count++];
    *block = (memory_block){ segment, number, malloc(bytes.length + 1), bytes.length };
    memcpy(block->bytes, bytes.bytes, bytes.length);
    return RECTO_OK;
}

/* Blocks of a segment come in rising order, but segments among each other may not: from the end, then. */
static inline memory_block *memory_find(const memory_store *store, int64_t segment, uint32_t number)
{
    size_t low = 0, high = store->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const memory_block *block = &store->blocks[middle];
        if (block->segment < segment || (block->segment == segment && block->number < number))
            low = middle + 1;
        else
            high = middle;
    }
    memory_block *block = low < store->count ? &store->blocks[low] : NULL;
    return block != NULL && block->segment == segment && block->number == number ? block : NULL;
}

static inline recto_status memory_get(void *context, int64_t segment, uint32_t number, text *bytes, recto_error *error)
{
    memory_store *store = context;
    store->gets++;
    if (store->fail_get > 0 && --store->fail_get == 0)
        return recto_fail(error, RECTO_EIO, NULL, NULL, "the disk is gone");
    const memory_block *block = memory_find(store, segment, number);
    if (block == NULL)
        return RECTO_ENOTFOUND;
    free(store->lent);
    store->lent = malloc(block->length + (block->length == 0));
    memcpy(store->lent, block->bytes, block->length);
    *bytes = text_of(store->lent, block->length);
    return RECTO_OK;
}

static inline void memory_init(memory_store *store)
{
    memset(store, 0, sizeof *store);
    store->door = (index_store){ store, memory_put, memory_get };
}

static inline void memory_release(memory_store *store)
{
    for (size_t i = 0; i < store->count; i++)
        free(store->blocks[i].bytes);
    free(store->blocks);
    free(store->lent);
    memory_init(store);
}

#endif
