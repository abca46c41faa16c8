/* include/recto/base/arena.h - memory that goes away together.
 *
 * An arena hands out memory that lives until the arena is cleared or freed; nothing is freed singly. With -DARENA_DEBUG
 * every object is a malloc of its own, so that the sanitizers see every overrun. Not for sharing between threads. */
#ifndef RECTO_BASE_ARENA_H
#define RECTO_BASE_ARENA_H

#include <stddef.h>

typedef struct arena arena;

arena *arena_new(size_t first_block_bytes);                       /* NULL: no memory; 0 takes a default of 4 KiB */
void arena_free(arena *arena);                                    /* NULL is welcome */
void arena_clear(arena *arena);                                   /* all objects go, the first block is kept for the next use */
void *arena_alloc(arena *arena, size_t bytes);                    /* aligned for any type, not zeroed; NULL: no memory */
void *arena_calloc(arena *arena, size_t count, size_t bytes);     /* zeroed; NULL also when count * bytes overflows */
char *arena_copy(arena *arena, const char *bytes, size_t length); /* copy with a NUL after it; NULL: no memory */
size_t arena_bytes(const arena *arena);                           /* bytes taken from the heap, for limits and reports */

#endif
