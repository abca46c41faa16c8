/* src/index/set.c - sets of documents, over the compressed bitmaps of CRoaring.
 *
 * The library (0.2.66) does not check every allocation of its own: where two sets are united, a process without memory may end
 * with a fault instead of an error. What it asks for is bounded by the documents: 8 KB for each 65,536 of them, beside a table
 * for these. Nothing is half written by such an end: the transaction is taken back. Where a set grows, memory is asked for
 * before the library does. */
#include "parts.h"

#include <stdlib.h>

index_set *set_of_bits(roaring_bitmap_t *bits)
{
    index_set *set = bits == NULL ? NULL : malloc(sizeof *set);
    if (set == NULL) {
        if (bits != NULL)
            roaring_bitmap_free(bits);
        return NULL;
    }
    *set = (index_set){ .bits = bits };
    return set;
}

index_set *index_set_new(void)
{
    return set_of_bits(roaring_bitmap_create());
}

index_set *index_set_copy(const index_set *set)
{
    return set == NULL ? index_set_new() : set_of_bits(roaring_bitmap_copy(set->bits));
}

index_set *index_set_range(index_document first, index_document last)
{
    return first > last ? index_set_new() : set_of_bits(roaring_bitmap_from_range(first, (uint64_t)last + 1, 1));
}

void index_set_free(index_set *set)
{
    if (set == NULL)
        return;
    roaring_bitmap_free(set->bits);
    free(set);
}

/* For another stretch of documents. What is free now another thread may take, but seldom does. */
static bool has_room(const index_set *set)
{
    enum { STRETCH_BYTES = 24 * 1024, TABLE_ROW_BYTES = 32 };
    void *volatile room = malloc(STRETCH_BYTES + TABLE_ROW_BYTES * (size_t)set->bits->high_low_container.size);
    free(room);
    return room != NULL;
}

bool index_set_add(index_set *set, index_document document)
{
    const uint32_t stretch = (document >> 16) + 1;
    if (set->stretch != stretch && !has_room(set))
        return false;
    set->stretch = stretch;
    roaring_bitmap_add(set->bits, document);
    return true;
}

void index_set_and(index_set *set, const index_set *other)
{
    if (set == NULL)
        return;
    if (other == NULL)
        roaring_bitmap_clear(set->bits);
    else
        roaring_bitmap_and_inplace(set->bits, other->bits);
}

index_set *index_set_both(const index_set *set, const index_set *other)
{
    if (set == NULL || other == NULL)
        return index_set_new();
    return set_of_bits(roaring_bitmap_and(set->bits, other->bits));
}

bool index_set_or(index_set *set, const index_set *other)
{
    if (other != NULL)
        roaring_bitmap_or_inplace(set->bits, other->bits);
    return true;
}

void index_set_and_not(index_set *set, const index_set *other)
{
    if (set != NULL && other != NULL)
        roaring_bitmap_andnot_inplace(set->bits, other->bits);
}

bool index_set_has(const index_set *set, index_document document)
{
    return set != NULL && roaring_bitmap_contains(set->bits, document);
}

uint64_t index_set_count(const index_set *set)
{
    return set == NULL ? 0 : roaring_bitmap_get_cardinality(set->bits);
}

uint64_t index_set_count_both(const index_set *set, const index_set *other)
{
    return set == NULL || other == NULL ? 0 : roaring_bitmap_and_cardinality(set->bits, other->bits);
}

size_t index_set_list(const index_set *set, index_document after, index_document *out, size_t capacity)
{
    if (set == NULL || after == UINT32_MAX)
        return 0;
    roaring_uint32_iterator_t iterator;
    roaring_init_iterator(set->bits, &iterator);
    if (!roaring_move_uint32_iterator_equalorlarger(&iterator, after + 1))
        return 0;
    size_t count = 0;
    while (count < capacity) {
        size_t wanted = capacity - count < 1 << 20 ? capacity - count : 1 << 20;
        uint32_t got = roaring_read_uint32_iterator(&iterator, out + count, (uint32_t)wanted);
        count += got;
        if (got < wanted)
            break;
    }
    return count;
}

bool set_is_empty(const index_set *set)
{
    return set == NULL || roaring_bitmap_is_empty(set->bits);
}

bool set_add_sorted(index_set *set, const index_document *documents, size_t count)
{
    if (count > 0)
        roaring_bitmap_add_many(set->bits, count, documents);
    return true;
}

index_set *set_of_sorted(const index_document *documents, size_t count)
{
    index_set *set = index_set_new();
    if (set != NULL)
        set_add_sorted(set, documents, count);
    return set;
}

/* ---- as bytes: checksum, then chunks ---- */

recto_status index_set_write(buffer *out, const index_set *set, recto_error *error)
{
    size_t start = out->length;
    index_document *room = malloc((CHUNK_DOCUMENTS + 1) * sizeof *room);
    if (room == NULL)
        return recto_fail_memory(error, "writing a set");
    buffer_append(out, "\0\0\0\0", 4);
    int before = -1;
    index_document after = 0;
    bool zero = index_set_has(set, 0); /* no document; but a set is a set */
    for (;;) {
        size_t count = 0;
        if (zero)
            room[count++] = 0;
        count += index_set_list(set, after, room + count, CHUNK_DOCUMENTS);
        zero = false;
        if (count == 0)
            break;
        index_document last = room[0] | 0xFFFF;
        while (count > 0 && room[count - 1] > last)
            count--;
        chunk_append(out, room, count, before);
        before = (int)(last >> 16);
        after = last;
        if (last == UINT32_MAX)
            break;
    }
    free(room);
    if (buffer_failed(out))
        return recto_fail_memory(error, "writing a set");
    text body = text_of(out->bytes + start + 4, out->length - start - 4);
    little_put((unsigned char *)out->bytes + start, block_checksum(body, 0));
    return RECTO_OK;
}

recto_status index_set_read(index_set **out, text bytes, recto_error *error)
{
    *out = NULL;
    if (bytes.length < 4 ||
        block_checksum(text_of(bytes.bytes + 4, bytes.length - 4), 0) != little_get((const unsigned char *)bytes.bytes))
        return recto_fail(error, RECTO_EDATA, NULL, "rebuild the index", "a set of documents is damaged");
    set_maker *maker = set_maker_new();
    if (maker == NULL)
        return recto_fail_memory(error, "reading a set");
    bool sound = set_maker_chunks(maker, text_of(bytes.bytes + 4, bytes.length - 4));
    *out = sound ? set_maker_end(maker) : NULL;
    set_maker_free(maker);
    if (!sound)
        return recto_fail(error, RECTO_EDATA, NULL, "rebuild the index", "a set of documents is damaged");
    return *out == NULL ? recto_fail_memory(error, "reading a set") : RECTO_OK;
}
