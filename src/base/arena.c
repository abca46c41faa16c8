/* src/base/arena.c - blocks of growing size, handed out from the front. With ARENA_DEBUG each object is its own block. */
#include "recto/base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct block {
    struct block *next;
    size_t size, used; /* of the bytes behind this header */
    max_align_t bytes[];
} block;

struct arena {
    block *current; /* newest first */
    size_t first_bytes, taken;
};

static block *block_new(arena *arena, size_t bytes)
{
    if (bytes > SIZE_MAX - sizeof(block))
        return NULL;
    block *made = malloc(sizeof(block) + bytes);
    if (made == NULL)
        return NULL;
    made->next = arena->current;
    made->size = bytes;
    made->used = 0;
    arena->current = made;
    arena->taken += sizeof(block) + bytes;
    return made;
}

arena *arena_new(size_t first_block_bytes)
{
    arena *made = calloc(1, sizeof *made);
    if (made != NULL)
        made->first_bytes = first_block_bytes == 0 ? 4096 : first_block_bytes;
    return made;
}

static void free_down_to(arena *arena, const block *keep)
{
    while (arena->current != keep) {
        block *next = arena->current->next;
        arena->taken -= sizeof(block) + arena->current->size;
        free(arena->current);
        arena->current = next;
    }
}

void arena_free(arena *arena)
{
    if (arena == NULL)
        return;
    free_down_to(arena, NULL);
    free(arena);
}

void arena_clear(arena *arena)
{
#ifdef ARENA_DEBUG
    free_down_to(arena, NULL);
#else
    block *first = arena->current;
    while (first != NULL && first->next != NULL)
        first = first->next;
    free_down_to(arena, first);
    if (first != NULL)
        first->used = 0;
#endif
}

void *arena_alloc(arena *arena, size_t bytes)
{
    enum { ALIGN = sizeof(max_align_t) };
    if (bytes > SIZE_MAX - ALIGN)
        return NULL;
#ifdef ARENA_DEBUG
    block *own = block_new(arena, bytes == 0 ? 1 : bytes);
    return own == NULL ? NULL : own->bytes;
#else
    size_t wanted = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    block *in = arena->current;
    if (in == NULL || in->size - in->used < wanted) {
        size_t size = in == NULL ? arena->first_bytes : in->size < SIZE_MAX / 4 ? in->size * 2 : in->size;
        if (size > 1024 * 1024)
            size = 1024 * 1024; /* doubling stops here: a large arena wastes at most a mebibyte */
        in = block_new(arena, size < wanted ? wanted : size);
    }
    if (in == NULL)
        return NULL;
    void *object = (char *)in->bytes + in->used;
    in->used += wanted;
    return object;
#endif
}

void *arena_calloc(arena *arena, size_t count, size_t bytes)
{
    if (bytes != 0 && count > SIZE_MAX / bytes)
        return NULL;
    void *object = arena_alloc(arena, count * bytes);
    if (object != NULL)
        memset(object, 0, count * bytes);
    return object;
}

char *arena_copy(arena *arena, const char *bytes, size_t length)
{
    char *copy = length == SIZE_MAX ? NULL : arena_alloc(arena, length + 1);
    if (copy != NULL) {
        if (length > 0)
            memcpy(copy, bytes, length);
        copy[length] = '\0';
    }
    return copy;
}

size_t arena_bytes(const arena *arena)
{
    return arena->taken;
}
