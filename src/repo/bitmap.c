/* src/repo/bitmap.c - sets of small numbers as bits. */
#include "bitmap.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BITS = 64 };

static size_t word_count(const bitmap *set)
{
    return (set->size + BITS - 1) / BITS;
}

bool bitmap_init(bitmap *out, size_t size)
{
    out->size = size;
    out->words = calloc(word_count(out) + 1, sizeof *out->words);
    return out->words != NULL;
}

void bitmap_release(bitmap *set)
{
    free(set->words);
    *set = (bitmap){ NULL, 0 };
}

void bitmap_clear(bitmap *set)
{
    memset(set->words, 0, word_count(set) * sizeof *set->words);
}

static bool in_range(const bitmap *set, int64_t number)
{
    return number >= 0 && (uint64_t)number < set->size;
}

void bitmap_add(bitmap *set, int64_t number)
{
    if (in_range(set, number))
        set->words[number / BITS] |= UINT64_C(1) << (number % BITS);
}

void bitmap_remove(bitmap *set, int64_t number)
{
    if (in_range(set, number))
        set->words[number / BITS] &= ~(UINT64_C(1) << (number % BITS));
}

bool bitmap_has(const bitmap *set, int64_t number)
{
    return in_range(set, number) && (set->words[number / BITS] >> (number % BITS) & 1) != 0;
}

size_t bitmap_count(const bitmap *set)
{
    size_t count = 0;
    for (size_t i = 0; i < word_count(set); i++)
        count += (size_t)__builtin_popcountll(set->words[i]);
    return count;
}

void bitmap_and(bitmap *set, const bitmap *other)
{
    assert(set->size == other->size);
    for (size_t i = 0; i < word_count(set); i++)
        set->words[i] &= other->words[i];
}

void bitmap_or(bitmap *set, const bitmap *other)
{
    assert(set->size == other->size);
    for (size_t i = 0; i < word_count(set); i++)
        set->words[i] |= other->words[i];
}

void bitmap_and_not(bitmap *set, const bitmap *other)
{
    assert(set->size == other->size);
    for (size_t i = 0; i < word_count(set); i++)
        set->words[i] &= ~other->words[i];
}

int64_t bitmap_next(const bitmap *set, int64_t from)
{
    if (!in_range(set, from))
        return -1;
    size_t i = (size_t)from / BITS;
    uint64_t word = set->words[i] & (~UINT64_C(0) << (from % BITS));
    while (word == 0) {
        if (++i >= word_count(set))
            return -1;
        word = set->words[i];
    }
    return (int64_t)(i * BITS) + __builtin_ctzll(word);
}
