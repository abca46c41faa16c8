/* src/index/pool.c - entries in memory, found by term through one hash table, so that the newest saves cost a search nothing.
 *
 * Terms stay where the entry's bytes have them; a slot points there. Nothing is ever taken out but all: of a document that is
 * added again the older entry is marked dead. */
#include "entry.h"

#include <stdlib.h>

void pool_clear(pool *pool)
{
    for (size_t i = 0; i < pool->count; i++)
        free(pool->entries[i].bytes);
    if (pool->head_count > 0 && pool->slot_count > 0)
        memset(pool->heads, 0, pool->head_count * sizeof *pool->heads);
    if (pool->document_capacity > 0)
        memset(pool->by_document, 0, pool->document_capacity * sizeof *pool->by_document);
    pool->count = pool->slot_count = pool->living = 0;
    pool->state++;
}

void pool_release(pool *pool)
{
    pool_clear(pool);
    free(pool->entries);
    free(pool->slots);
    free(pool->heads);
    free(pool->by_document);
    for (size_t i = 0; i < 256; i++)
        free(pool->orders[i].slots);
    memset(pool, 0, sizeof *pool);
}

/* ---- tables ---- */

static bool heads_room(pool *pool, size_t slots)
{
    if (slots <= pool->head_count)
        return true;
    size_t wanted = pool->head_count == 0 ? 1024 : pool->head_count;
    while (wanted < slots)
        wanted *= 2;
    uint32_t *heads = calloc(wanted * 2, sizeof *heads);
    if (heads == NULL)
        return false;
    free(pool->heads);
    pool->heads = heads;
    pool->head_count = wanted * 2;
    for (size_t i = 0; i < pool->slot_count; i++) {
        uint32_t *head = &heads[pool->slots[i].hash & (pool->head_count - 1)];
        pool->slots[i].next = *head;
        *head = (uint32_t)i + 1;
    }
    return true;
}

static size_t document_place(const pool *pool, index_document document)
{
    size_t at = (document * UINT32_C(0x9E3779B1)) & (pool->document_capacity - 1);
    while (pool->by_document[at] != 0 && pool->entries[pool->by_document[at] - 1].document != document)
        at = (at + 1) & (pool->document_capacity - 1);
    return at;
}

static bool documents_room(pool *pool)
{
    if (pool->count * 2 < pool->document_capacity)
        return true;
    size_t wanted = pool->document_capacity == 0 ? 1024 : pool->document_capacity * 2;
    uint32_t *table = calloc(wanted, sizeof *table);
    if (table == NULL)
        return false;
    free(pool->by_document);
    pool->by_document = table;
    pool->document_capacity = wanted;
    for (size_t i = 0; i < pool->count; i++)
        table[document_place(pool, pool->entries[i].document)] = (uint32_t)i + 1;
    return true;
}

pool_entry *pool_find(const pool *pool, index_document document)
{
    if (pool->document_capacity == 0)
        return NULL;
    uint32_t number = pool->by_document[document_place(pool, document)];
    return number == 0 || pool->entries[number - 1].dead ? NULL : &pool->entries[number - 1];
}

void pool_kill(pool *pool, pool_entry *entry)
{
    pool->living -= !entry->dead;
    entry->dead = true;
    pool->state++;
}

uint32_t pool_first(const pool *pool, uint32_t hash)
{
    return pool->head_count == 0 ? 0 : pool->heads[hash & (pool->head_count - 1)];
}

/* ---- adding ---- */

static recto_status damaged(index_document document, recto_error *error)
{
    return recto_fail(error, RECTO_EDATA, NULL, "rebuild the index", "the search index is damaged: entry of document %lu",
                      (unsigned long)document);
}

static recto_status read_terms(pool *pool, reading *from, unsigned column, recto_error *error)
{
    uint32_t terms = reading_number(from), entry = (uint32_t)pool->count;
    for (uint32_t i = 0; i < terms && !from->bad; i++) {
        const unsigned char *head = reading_bytes(from, 1);
        const unsigned char *term = head == NULL || *head > INDEX_TERM_BYTES_MAX ? NULL : reading_bytes(from, *head);
        reading_group(from);
        if (from->bad || term == NULL || pool->slot_count >= UINT32_MAX - 1)
            return RECTO_EDATA;
        if (!grow_array((void **)&pool->slots, &pool->slot_capacity, pool->slot_count, sizeof *pool->slots))
            return recto_fail_memory(error, "reading the index");
        if (i > 0) {
            const pool_slot *before = &pool->slots[pool->slot_count - 1];
            if (key_compare(before->term, before->length, term, *head) >= 0)
                return RECTO_EDATA;
        }
        pool->slots[pool->slot_count++] = (pool_slot){ term, key_hash(column, term, *head), 0, entry, (uint8_t)column, *head };
    }
    return from->bad || terms == 0 ? RECTO_EDATA : RECTO_OK;
}

static recto_status read_entry(pool *pool, text bytes, index_document document, recto_error *error)
{
    reading from = reading_of(text_of(bytes.bytes + 4, bytes.length - 4));
    recto_status status = RECTO_OK;
    unsigned before = 0;
    while (status == RECTO_OK && from.at < from.end) {
        unsigned column = *from.at++;
        status = column <= before || column > INDEX_COLUMNS_MAX ? RECTO_EDATA : read_terms(pool, &from, column, error);
        before = column;
    }
    return status == RECTO_EDATA ? damaged(document, error) : status;
}

static void enter(pool *pool, size_t first_slot, index_document document, char *bytes)
{
    for (size_t i = first_slot; i < pool->slot_count; i++) {
        uint32_t *head = &pool->heads[pool->slots[i].hash & (pool->head_count - 1)];
        pool->slots[i].next = *head;
        *head = (uint32_t)i + 1;
    }
    pool_entry *older = pool_find(pool, document);
    if (older != NULL)
        pool_kill(pool, older);
    pool->by_document[document_place(pool, document)] = (uint32_t)pool->count + 1;
    pool->entries[pool->count++] =
        (pool_entry){ document, bytes, (uint32_t)first_slot, (uint32_t)(pool->slot_count - first_slot), false };
    pool->living++;
    pool->state++;
}

recto_status pool_add(pool *pool, index_document document, text entry, recto_error *error)
{
    size_t slots = pool->slot_count;
    if (document == 0 || entry.length < 4 ||
        block_checksum(text_of(entry.bytes + 4, entry.length - 4), 0) != little_get((const unsigned char *)entry.bytes))
        return damaged(document, error);
    char *bytes = malloc(entry.length);
    if (bytes == NULL)
        return recto_fail_memory(error, "reading the index");
    memcpy(bytes, entry.bytes, entry.length);
    recto_status status = read_entry(pool, text_of(bytes, entry.length), document, error);
    if (status == RECTO_OK &&
        (!grow_array((void **)&pool->entries, &pool->capacity, pool->count, sizeof *pool->entries) || !documents_room(pool)))
        status = recto_fail_memory(error, "reading the index");
    if (status == RECTO_OK) {
        size_t all = pool->slot_count;
        pool->slot_count = slots; /* the table is made anew from those that are in it */
        if (!heads_room(pool, all + 1))
            status = recto_fail_memory(error, "reading the index");
        pool->slot_count = all;
    }
    if (status != RECTO_OK) {
        pool->slot_count = slots;
        free(bytes);
        return status;
    }
    enter(pool, slots, document, bytes);
    return RECTO_OK;
}

/* ---- in order ---- */

uint32_t pool_lower(const pool *pool, const pool_entry *entry, unsigned column, text term)
{
    uint32_t low = entry->first_slot, high = entry->first_slot + entry->slots;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (slot_compare(&pool->slots[middle], column, term) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int compare_slots(const void *a, const void *b, void *context)
{
    const pool *pool = context;
    const pool_slot *x = &pool->slots[*(const uint32_t *)a], *y = &pool->slots[*(const uint32_t *)b];
    int order = slot_compare(x, y->column, text_of((const char *)y->term, y->length));
    if (order != 0)
        return order;
    index_document first = pool->entries[x->entry].document, second = pool->entries[y->entry].document;
    return (first > second) - (first < second);
}

static size_t take_slots(const pool *pool, unsigned column, uint32_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i < pool->count; i++) {
        const pool_entry *entry = &pool->entries[i];
        if (entry->dead)
            continue;
        uint32_t end = entry->first_slot + entry->slots;
        uint32_t at = column == 0 ? entry->first_slot : pool_lower(pool, entry, column, text_of(NULL, 0));
        for (; at < end && (column == 0 || pool->slots[at].column == column); at++) {
            if (out != NULL)
                out[count] = at;
            count++;
        }
    }
    return count;
}

recto_status pool_sorted(const pool_order **out, pool *pool, unsigned column, recto_error *error)
{
    pool_order *order = &pool->orders[column];
    *out = order;
    if (order->state == pool->state + 1)
        return RECTO_OK;
    size_t count = take_slots(pool, column, NULL);
    uint32_t *slots = realloc(order->slots, (count + 1) * sizeof *slots);
    if (slots == NULL)
        return recto_fail_memory(error, "reading the index");
    order->slots = slots;
    order->count = take_slots(pool, column, slots);
    order->state = pool->state + 1;
    if (count > 1)
        qsort_r(slots, count, sizeof *slots, compare_slots, pool);
    return RECTO_OK;
}
