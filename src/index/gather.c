/* src/index/gather.c - the documents of many lists as one set.
 *
 * A common word has a list in each column of words of each segment. Few documents stay loose and are sorted at the end; long
 * lists, and loose ones that have become many, go into plain bits, eight kilobytes for each upper half, which is the cheapest
 * union there is; the set is made of them once. */
#include "list.h"

#include <stdlib.h>

enum { MANY_LOOSE = 64, LOOSE_MAX = 8192, SPARE_MAX = 256 };

/* ---- plain bits ---- */

static void free_spare(gather *gather)
{
    while (gather->spare != NULL) {
        gather_bits *next = gather->spare->next;
        free(gather->spare);
        gather->spare = next;
    }
    gather->spares = 0;
}

static void set_aside(gather *gather, gather_bits *bits)
{
    if (gather->spares == SPARE_MAX) {
        free(bits);
        return;
    }
    bits->next = gather->spare;
    gather->spare = bits;
    gather->spares++;
}

/* Empty bits for an upper half that has none. */
static gather_bits *new_bits(gather *gather)
{
    gather_bits *bits = gather->spare;
    if (bits != NULL) {
        gather->spare = bits->next;
        gather->spares--;
    } else if ((bits = malloc(sizeof *bits)) == NULL) {
        return NULL;
    }
    memset(bits->words, 0, sizeof bits->words);
    return bits;
}

static bool make_room(gather *gather, size_t chunks)
{
    if (chunks <= gather->capacity_of_chunks)
        return true;
    const size_t wanted = chunks * 2 < CHUNK_DOCUMENTS ? chunks * 2 : CHUNK_DOCUMENTS;
    gather_bits **grown = realloc(gather->chunks, wanted * sizeof *grown);
    if (grown == NULL)
        return false;
    for (size_t i = gather->capacity_of_chunks; i < wanted; i++)
        grown[i] = NULL;
    gather->chunks = grown;
    gather->capacity_of_chunks = wanted;
    return true;
}

/* The bits of an upper half. NULL: no memory */
static uint64_t *bits_of(gather *gather, uint32_t upper)
{
    if (!make_room(gather, (size_t)upper + 1))
        return NULL;
    if (gather->chunks[upper] == NULL && (gather->chunks[upper] = new_bits(gather)) == NULL)
        return NULL;
    if (upper >= gather->chunk_count)
        gather->chunk_count = (size_t)upper + 1;
    return gather->chunks[upper]->words;
}

static bool loose_to_bits(gather *gather)
{
    uint32_t upper = 0;
    uint64_t *bits = NULL;
    for (size_t i = 0; i < gather->count; i++) {
        const index_document document = gather->loose[i];
        if ((bits == NULL || document >> 16 != upper) && (bits = bits_of(gather, upper = document >> 16)) == NULL)
            return false;
        bits[(document & 0xFFFF) >> 6] |= UINT64_C(1) << (document & 63);
    }
    gather->count = 0;
    return true;
}

void gather_release(gather *gather)
{
    for (size_t i = 0; i < gather->chunk_count; i++)
        free(gather->chunks[i]);
    free(gather->chunks);
    free_spare(gather);
    free(gather->loose);
    set_maker_free(gather->maker);
    *gather = (struct gather){ 0 };
}

/* ---- taking lists ---- */

/* A packed list has fewer documents than its block has bytes. */
static bool make_loose_room(gather *gather, size_t more)
{
    if (gather->count + more > LOOSE_MAX && !loose_to_bits(gather))
        return false;
    while (gather->capacity < gather->count + more)
        if (!grow_array((void **)&gather->loose, &gather->capacity, gather->capacity, sizeof *gather->loose))
            return false;
    return true;
}

bool gather_document(gather *gather, index_document document)
{
    if (!make_loose_room(gather, 1))
        return false;
    gather->loose[gather->count++] = document;
    return true;
}

static recto_status gather_inline(gather *gather, const list_ref *list, recto_error *error)
{
    reading from = reading_of(list->payload);
    index_document document = 0;
    while (from.at < from.end) {
        if (!next_document(&document, &from))
            return list_damaged(list, error);
        if (list_has_places(list))
            reading_group(&from);
        if (!gather_document(gather, document))
            return recto_fail_memory(error, "searching");
    }
    return from.bad ? list_damaged(list, error) : RECTO_OK;
}

static recto_status gather_packed(gather *gather, const list_ref *list, recto_error *error)
{
    packed_parts parts = { 0 };
    index_document document = 0;
    recto_status status = packed_list(&parts, list, error);
    if (status == RECTO_OK && !make_loose_room(gather, parts.count))
        status = recto_fail_memory(error, "searching");
    for (uint32_t i = 0; status == RECTO_OK && i < parts.count; i++) {
        if (!next_document(&document, &parts.documents))
            return list_damaged(list, error);
        gather->loose[gather->count++] = document;
    }
    return status;
}

/* @param *before  upper half of the last chunk of the block before; -1: there is none */
static recto_status gather_block(gather *gather, const list_ref *list, text body, int64_t *before, recto_error *error)
{
    reading from = reading_of(body);
    int64_t own = -1; /* each block begins anew */
    while (!from.bad && from.at < from.end) {
        chunk chunk;
        if (!chunk_next(&chunk, &from, &own) || own <= *before)
            return list_damaged(list, error);
        uint64_t *bits = bits_of(gather, chunk.upper);
        if (bits == NULL)
            return recto_fail_memory(error, "searching");
        if (!chunk_to_bits(bits, &chunk))
            return list_damaged(list, error);
        *before = own;
    }
    return from.bad ? list_damaged(list, error) : RECTO_OK;
}

static recto_status gather_large(gather *gather, const list_ref *list, recto_error *error)
{
    large_parts parts = { 0 };
    int64_t before = -1;
    recto_status status = large_list(&parts, list, error);
    for (uint32_t i = 0; status == RECTO_OK && i < parts.documents.count; i++) {
        text body;
        status = list_block(&body, list->view, parts.documents.first + i, BLOCK_DOCUMENTS, error);
        if (status == RECTO_OK)
            status = gather_block(gather, list, body, &before, error);
    }
    return status;
}

recto_status gather_list(gather *gather, const list_ref *list, recto_error *error)
{
    switch (list_kind_of(list)) {
    case LIST_INLINE:
        return gather_inline(gather, list, error);
    case LIST_PACKED:
        return gather_packed(gather, list, error);
    case LIST_LARGE:
        return gather_large(gather, list, error);
    }
    return list_damaged(list, error);
}

/* ---- the set ---- */

/* By bytes from the lowest; the ones that are all alike are passed over. */
static bool sort_loose(index_document *documents, size_t count)
{
    bool sorted = true;
    for (size_t i = 1; i < count && sorted; i++)
        sorted = documents[i - 1] <= documents[i];
    if (sorted)
        return true;
    index_document *room = malloc(count * sizeof *room), *from = documents, *to = room;
    if (room == NULL)
        return false;
    for (unsigned shift = 0; shift < 32; shift += 8) {
        size_t places[257] = { 0 };
        for (size_t i = 0; i < count; i++)
            places[(from[i] >> shift & 0xFF) + 1]++;
        if (places[(from[0] >> shift & 0xFF) + 1] == count)
            continue;
        for (unsigned i = 1; i < 257; i++)
            places[i] += places[i - 1];
        for (size_t i = 0; i < count; i++)
            to[places[from[i] >> shift & 0xFF]++] = from[i];
        index_document *swap = from;
        from = to;
        to = swap;
    }
    if (from != documents)
        memcpy(documents, from, count * sizeof *documents);
    free(room);
    return true;
}

static index_set *loose_set(gather *gather)
{
    if (!sort_loose(gather->loose, gather->count))
        return NULL;
    if (gather->count < MANY_LOOSE) {
        index_set *few = set_of_sorted(gather->loose, gather->count);
        gather->count = 0;
        return few;
    }
    set_maker_documents(gather->maker, gather->loose, gather->count);
    gather->count = 0;
    return set_maker_end(gather->maker);
}

static index_set *bits_set(gather *gather)
{
    if (!loose_to_bits(gather))
        return NULL;
    for (size_t i = 0; i < gather->chunk_count; i++) {
        if (gather->chunks[i] == NULL)
            continue;
        set_maker_bits(gather->maker, (uint32_t)i, gather->chunks[i]->words);
        set_aside(gather, gather->chunks[i]);
        gather->chunks[i] = NULL;
    }
    gather->chunk_count = 0;
    return set_maker_end(gather->maker);
}

bool gather_is_empty(const gather *gather)
{
    return gather->count == 0 && gather->chunk_count == 0;
}

recto_status gather_end(index_set **out, gather *gather, recto_error *error)
{
    *out = NULL;
    if (gather->maker == NULL && (gather->maker = set_maker_new()) == NULL)
        return recto_fail_memory(error, "searching");
    set_maker_clear(gather->maker);
    *out = gather->chunk_count > 0 ? bits_set(gather) : loose_set(gather);
    return *out != NULL ? RECTO_OK : recto_fail_memory(error, "searching");
}
