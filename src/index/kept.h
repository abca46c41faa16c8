/* src/index/kept.h - inside of the room: what a reader has found in its segments, kept for the next search.
 *
 * Segments never change, so what was found in them stays right as long as the reader holds the same. There are two tiers: large
 * segments, which stay for a day, and small ones, which come and go with every few hundred saves; entries are added to both at
 * every search. The sets of finds and of terms stand in one row by last use, and the oldest go when there are too many bytes.
 * What cannot be kept for want of memory is simply found again. */
#ifndef RECTO_SRC_INDEX_KEPT_H
#define RECTO_SRC_INDEX_KEPT_H

#include "parts.h"

enum { KEPT_LARGE, KEPT_SMALL, KEPT_TIERS };
enum { KEPT_LARGE_BYTES = 96 * 1024 * 1024, KEPT_SMALL_BYTES = 8 * 1024 * 1024, KEPT_HEADS = 16384, KEPT_KEY_MAX = 1024 };
enum { KEPT_COLUMNS_MAX = 32, KEPT_TERMS_MAX = 4096, KEPT_PAYLOADS_MAX = 8 * 1024 * 1024 };

struct kept_find;
typedef struct kept_set { /* in the row */
    struct kept_set *newer, *older;
    index_set *set; /* NULL: not kept now, and not in the row */
    size_t bytes;
    struct kept_find *find; /* what it was found by; NULL: it is a term's */
} kept_set;

typedef struct kept_key { /* of a find: what was looked for, as bytes */
    uint32_t hash;
    size_t length; /* 0: too long to be kept */
    unsigned char bytes[KEPT_KEY_MAX];
} kept_key;

typedef struct kept_list { /* of a segment, for a term of a column */
    uint32_t segment;      /* which of the tier */
    uint32_t payload;
    uint16_t length;
    uint8_t flags;
} kept_list;
typedef struct kept_term {
    kept_set kept;
    uint32_t term, first_list, lists;
    uint8_t length;
} kept_term;
typedef struct kept_several { /* a document with more terms than one: a pair for each */
    index_document document;
    uint32_t term;
} kept_several;
typedef struct kept_codes { /* by document: number of its term + 1 (kept_codes.c); NULL: not made */
    uint16_t *codes;
    size_t count;
    uint64_t *totals;      /* by term */
    kept_several *several; /* in order */
    size_t several_count, several_capacity;
} kept_codes;
void kept_codes_free(kept_codes *codes);

typedef struct kept_column { /* the terms of a column of few, all segments of the tier together */
    unsigned column;
    int separator; /* terms that are alike up to it are one; -1: none */
    bool too_long; /* it has not so few terms: nothing is kept */
    buffer bytes;  /* of terms and payloads */
    kept_term *terms;
    size_t count, capacity;
    kept_list *lists;
    size_t list_count, list_capacity;
    kept_codes codes;
    unsigned counted; /* how often */
} kept_column;

typedef struct kept {
    int64_t *segments; /* what was found was found in these */
    size_t segment_count;
    bool off; /* no memory to note them: nothing is kept */
    kept_set *newest, *oldest;
    size_t bytes, bytes_max;
    struct kept_find **heads;
    kept_column *columns[KEPT_COLUMNS_MAX];
    size_t column_count;
} kept;

void kept_clear(kept *kept);
/** What was found stays if it was found in these segments. */
void kept_settle(kept *kept, const int64_t *segments, size_t count);

void kept_key_begin(kept_key *out, unsigned kind, const uint8_t *columns);
void kept_key_add(kept_key *key, text term);
/** A copy of what was found by the key, yours. NULL: it is not kept. */
index_set *kept_copy(kept *kept, const kept_key *key);
/** Keeps a copy of a set (NULL: an empty one). */
void kept_remember(kept *kept, const kept_key *key, const index_set *set);
/** Puts a set into the row; it is the row's. */
void kept_put(kept *kept, kept_set *place, index_set *set);
void kept_touch(kept *kept, kept_set *place);

#endif
