/* src/index/entry.c - collecting the terms of one document, and writing them as an entry. */
#include "entry.h"

#include <stdlib.h>

index_entry *index_entry_new(void)
{
    return calloc(1, sizeof(index_entry));
}

void index_entry_free(index_entry *entry)
{
    if (entry == NULL)
        return;
    free(entry->bytes);
    free(entry->items);
    free(entry);
}

void index_entry_clear(index_entry *entry)
{
    entry->used = entry->count = 0;
    entry->disordered = entry->failed = false;
    memset(entry->last_place, 0, sizeof entry->last_place);
}

static bool make_room(index_entry *entry, size_t length)
{
    if (entry->used + length + COPIED < entry->bytes_capacity && entry->count < entry->capacity)
        return true;
    if (entry->used + length + COPIED >= entry->bytes_capacity) {
        size_t wanted = entry->bytes_capacity * 2 + length + 1024;
        char *grown = wanted > UINT32_MAX ? NULL : realloc(entry->bytes, wanted);
        if (grown == NULL)
            return false;
        entry->bytes = grown;
        entry->bytes_capacity = wanted;
    }
    return grow_array((void **)&entry->items, &entry->capacity, entry->count, sizeof *entry->items);
}

static void copy_short(char *to, const char *from, size_t length)
{
    if (length > COPIED) {
        memcpy(to, from, length);
    } else if (length >= 8) {
        memcpy(to, from, 8);
        memcpy(to + length - 8, from + length - 8, 8);
    } else if (length >= 4) {
        memcpy(to, from, 4);
        memcpy(to + length - 4, from + length - 4, 4);
    } else {
        for (size_t i = 0; i < length; i++)
            to[i] = from[i];
    }
}

void index_entry_add(index_entry *entry, unsigned column, text term, uint32_t place)
{
    const size_t length = term_length(term);
    if (column == 0 || column > INDEX_COLUMNS_MAX || entry->failed)
        return;
    if (!make_room(entry, length)) {
        entry->failed = true;
        return;
    }
    if (place > PLACE_MAX)
        place = PLACE_MAX;
    entry->disordered = entry->disordered || place < entry->last_place[column];
    entry->last_place[column] = place;
    entry->items[entry->count++] = (entry_item){ (uint32_t)entry->used, place, (uint8_t)column, (uint8_t)length };
    copy_short(entry->bytes + entry->used, term.bytes, length);
    entry->used += length;
}

static int compare_items(const void *a, const void *b, void *context)
{
    const index_entry *entry = context;
    const entry_item *x = a, *y = b;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    int order = key_compare(entry->bytes + x->offset, x->length, entry->bytes + y->offset, y->length);
    return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

void entry_sort(index_entry *entry)
{
    if (entry->count > 1)
        qsort_r(entry->items, entry->count, sizeof *entry->items, compare_items, entry);
    entry->disordered = false;
}

static bool same_term(const index_entry *entry, const entry_item *a, const entry_item *b)
{
    return a->column == b->column && a->length == b->length &&
           memcmp(entry->bytes + a->offset, entry->bytes + b->offset, a->length) == 0;
}

/* The group of items [first, end), which are one term; a place that comes twice stands once, and none among some does not. */
static void write_group(buffer *out, const entry_item *items, size_t first, size_t end)
{
    uint32_t before = 0, kept = 0;
    for (size_t i = first; i < end && kept < GROUP_PLACES_MAX; i++) {
        if (items[i].place == before)
            continue;
        size_t next = i + 1;
        while (next < end && items[next].place == items[i].place)
            next++;
        bool more = next < end && kept + 1 < GROUP_PLACES_MAX;
        number_append(out, (items[i].place - before) << 1 | more);
        before = items[i].place;
        kept++;
    }
    if (kept == 0)
        number_append(out, 0);
}

static size_t term_end(const index_entry *entry, size_t first)
{
    size_t end = first + 1;
    while (end < entry->count && same_term(entry, &entry->items[first], &entry->items[end]))
        end++;
    return end;
}

static size_t write_column(buffer *out, const index_entry *entry, size_t first)
{
    const entry_item *items = entry->items;
    uint32_t terms = 0;
    size_t end = first, next = first;
    for (; end < entry->count && items[end].column == items[first].column; end = term_end(entry, end))
        terms++;
    buffer_append_char(out, (char)items[first].column);
    number_append(out, terms);
    for (size_t i = first; i < end; i = next) {
        next = term_end(entry, i);
        buffer_append_char(out, (char)items[i].length);
        buffer_append(out, entry->bytes + items[i].offset, items[i].length);
        write_group(out, items, i, next);
    }
    return end;
}

recto_status index_entry_write(buffer *out, index_entry *entry, recto_error *error)
{
    size_t start = out->length;
    if (entry->failed)
        return recto_fail_memory(error, "indexing a record");
    entry_sort(entry);
    buffer_append(out, "\0\0\0\0", 4);
    for (size_t i = 0; i < entry->count;)
        i = write_column(out, entry, i);
    if (buffer_failed(out))
        return recto_fail_memory(error, "indexing a record");
    text body = text_of(out->bytes + start + 4, out->length - start - 4);
    little_put((unsigned char *)out->bytes + start, block_checksum(body, 0));
    return RECTO_OK;
}
