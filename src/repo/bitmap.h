/* src/repo/bitmap.h - sets of small numbers, for search: a bit for each document.
 *
 * Conditions give sets, AND OR NOT join them word by word, and the count of hits is exact at any size. */
#ifndef RECTO_SRC_REPO_BITMAP_H
#define RECTO_SRC_REPO_BITMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct bitmap {
    uint64_t *words;
    size_t size; /* numbers 0 to size - 1 can be in it */
} bitmap;

bool bitmap_init(bitmap *out, size_t size); /* empty; false: no memory */
void bitmap_release(bitmap *set);
void bitmap_clear(bitmap *set);
void bitmap_add(bitmap *set, int64_t number); /* out of range: ignored */
void bitmap_remove(bitmap *set, int64_t number);
bool bitmap_has(const bitmap *set, int64_t number);
size_t bitmap_count(const bitmap *set);
void bitmap_and(bitmap *set, const bitmap *other); /* both of one size */
void bitmap_or(bitmap *set, const bitmap *other);
void bitmap_and_not(bitmap *set, const bitmap *other);
/** The first number at or after `from`; -1 when there is none. */
int64_t bitmap_next(const bitmap *set, int64_t from);

#endif
