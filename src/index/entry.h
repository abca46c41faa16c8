/* src/index/entry.h - inside of the room: one document's terms, as collected and as bytes, and many such entries together.
 *
 * The bytes of an entry: checksum 4, then for each column its number, how many terms, and the terms in order: length 1, bytes,
 * group of places. */
#ifndef RECTO_SRC_INDEX_ENTRY_H
#define RECTO_SRC_INDEX_ENTRY_H

#include "parts.h"

enum {
    COPIED = 16
}; /* bytes of a term at once: a call of memcpy costs more than the copy. Behind the last so many are readable */
typedef struct entry_item { /* a term at a place, as it was added */
    uint32_t offset, place;
    uint8_t column, length;
} entry_item;
struct index_entry {
    char *bytes; /* of all terms */
    size_t used, bytes_capacity;
    entry_item *items;
    size_t count, capacity;
    uint32_t last_place[256]; /* by column */
    bool disordered;          /* a place came that is lower than one before it in its column */
    bool failed;              /* no memory */
};
/** Brings items into the order of columns, terms and places. */
void entry_sort(index_entry *entry);

/* ---- pool.c ---- */

typedef struct pool_slot {     /* a term of an entry */
    const unsigned char *term; /* its group stands behind it */
    uint32_t hash, next, entry;
    uint8_t column, length;
} pool_slot;
typedef struct pool_entry {
    index_document document;
    char *bytes;
    uint32_t first_slot, slots;
    bool dead; /* a newer one of the same document is there, or what is newer than all entries has it */
} pool_entry;
typedef struct pool_order { /* living slots of a column by term and document, made when first asked for */
    uint32_t *slots;
    size_t count;
    uint64_t state; /* of the pool when it was made; 0: never */
} pool_order;
typedef struct pool {
    pool_entry *entries;
    size_t count, capacity;
    pool_slot *slots;
    size_t slot_count, slot_capacity;
    uint32_t *heads; /* by hash: slot number + 1 */
    size_t head_count;
    uint32_t *by_document; /* open addressing: entry number + 1 */
    size_t document_capacity;
    size_t living;
    uint64_t state;
    pool_order orders[256]; /* [0]: all columns */
} pool;
void pool_release(pool *pool);
void pool_clear(pool *pool);
/** Takes a copy of an entry. RECTO_EDATA: it is damaged, and the pool as it was. */
recto_status pool_add(pool *pool, index_document document, text entry, recto_error *error);
/** The living entry of a document, or NULL. */
pool_entry *pool_find(const pool *pool, index_document document);
void pool_kill(pool *pool, pool_entry *entry);
/** Slots of a term, living and dead: the first and the next; 0 ends (slot number + 1). */
uint32_t pool_first(const pool *pool, uint32_t hash);
static inline bool slot_is(const pool_slot *slot, uint32_t hash, unsigned column, text term)
{
    return slot->hash == hash && slot->column == column && slot->length == term.length &&
           (term.length == 0 || memcmp(slot->term, term.bytes, term.length) == 0);
}
static inline const unsigned char *slot_group(const pool_slot *slot)
{
    return slot->term + slot->length;
}
/** The first slot of an entry that is not before the column and term; first_slot + slots when there is none. */
uint32_t pool_lower(const pool *pool, const pool_entry *entry, unsigned column, text term);
/** Slots in order; lent until the pool changes. */
recto_status pool_sorted(const pool_order **out, pool *pool, unsigned column, recto_error *error);
static inline int slot_compare(const pool_slot *slot, unsigned column, text term)
{
    if (slot->column != column)
        return slot->column < column ? -1 : 1;
    return key_compare(slot->term, slot->length, term.bytes, term.length);
}

#endif
