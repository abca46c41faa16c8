/* src/index/builder.c - many documents at once, in memory, and written as one segment.
 *
 * A hash table finds the term; behind its key stands a stream of numbers, (distance of documents << 1 | 1) and (distance of
 * places << 1), which grows by slices, each about twice the one before: a term of one document costs few bytes, and one of
 * thousands little more than its numbers. The last four bytes of a full slice are moved to the next one and make room for where
 * it is. Everything lies in one stretch of memory, so that what is in use is known exactly. */
#include "entry.h"
#include "tree.h"

#include <stdlib.h>

enum { LINK_BYTES = 4, FIRST_SLICE = 8, SLICE_LEVELS = 8 };
static const uint16_t slice_bytes[SLICE_LEVELS] = { FIRST_SLICE, 16, 32, 64, 128, 256, 512, 1024 };

typedef struct term {
    uint32_t hash, key; /* key: column, length, bytes; then the first slice */
    uint32_t document, place, documents;
    uint32_t at, end; /* of the slice under way */
    uint8_t level;    /* of that slice */
} term;

struct index_builder {
    unsigned char *memory;
    size_t used, capacity;
    term *terms;
    size_t count, terms_capacity;
    uint64_t *table; /* hash << 32 | term + 1 */
    size_t table_size;
    index_set *documents;
    index_document last;
    size_t document_count;
};

index_builder *index_builder_new(void)
{
    return calloc(1, sizeof(index_builder));
}

static void clear(index_builder *builder)
{
    free(builder->memory);
    free(builder->terms);
    free(builder->table);
    index_set_free(builder->documents);
    *builder = (index_builder){ 0 };
}

void index_builder_free(index_builder *builder)
{
    if (builder == NULL)
        return;
    clear(builder);
    free(builder);
}

size_t index_builder_bytes(const index_builder *builder)
{
    /* Sorting takes two items a term when all is written. */
    return sizeof *builder + builder->used + builder->count * (sizeof(term) + 32) + builder->table_size * sizeof *builder->table +
           builder->document_count / 4;
}

size_t index_builder_documents(const index_builder *builder)
{
    return builder->document_count;
}

/* ---- memory ---- */

/* 0: none. Positions are of 32 bits: a builder holds 4 GiB. */
static uint32_t take_memory(index_builder *builder, size_t bytes)
{
    if (builder->used + bytes > builder->capacity) {
        size_t wanted = builder->capacity + builder->capacity / 2 + bytes + 65536;
        unsigned char *grown = builder->used + bytes > UINT32_MAX ? NULL : realloc(builder->memory, wanted);
        if (grown == NULL)
            return 0;
        builder->memory = grown;
        builder->capacity = wanted;
    }
    if (builder->used == 0)
        builder->used = 8;
    uint32_t at = (uint32_t)builder->used;
    builder->used += bytes;
    return at;
}

static bool next_slice(index_builder *builder, term *term)
{
    unsigned level = term->level + 1U < SLICE_LEVELS ? term->level + 1U : SLICE_LEVELS - 1U;
    uint32_t at = take_memory(builder, slice_bytes[level]);
    if (at == 0)
        return false;
    unsigned char *old = builder->memory + term->end - LINK_BYTES;
    memcpy(builder->memory + at, old, LINK_BYTES);
    little_put(old, at);
    term->at = at + LINK_BYTES;
    term->end = at + slice_bytes[level];
    term->level = (uint8_t)level;
    return true;
}

/* 35 bits at most: a distance and its mark. */
static bool put_number(index_builder *builder, term *term, uint64_t number)
{
    do {
        if (term->at == term->end && !next_slice(builder, term))
            return false;
        builder->memory[term->at++] = (unsigned char)(number >= 0x80 ? number | 0x80 : number);
        number >>= 7;
    } while (number > 0);
    return true;
}

/* ---- the table ---- */

static bool table_room(index_builder *builder, size_t more)
{
    if ((builder->count + more) * 3 < builder->table_size * 2)
        return true;
    size_t size = builder->table_size == 0 ? 4096 : builder->table_size * 2;
    while ((builder->count + more) * 3 >= size * 2)
        size *= 2;
    uint64_t *table = calloc(size, sizeof *table);
    if (table == NULL)
        return false;
    for (size_t i = 0; i < builder->count; i++) {
        size_t at = builder->terms[i].hash & (size - 1);
        while (table[at] != 0)
            at = (at + 1) & (size - 1);
        table[at] = (uint64_t)builder->terms[i].hash << 32 | (i + 1);
    }
    free(builder->table);
    builder->table = table;
    builder->table_size = size;
    return true;
}

static term *new_term(index_builder *builder, const index_entry *entry, const entry_item *item, size_t at)
{
    size_t key = 2 + (size_t)item->length;
    if (!grow_array((void **)&builder->terms, &builder->terms_capacity, builder->count, sizeof *builder->terms))
        return NULL;
    uint32_t memory = take_memory(builder, key + FIRST_SLICE);
    if (memory == 0)
        return NULL;
    builder->memory[memory] = item->column;
    builder->memory[memory + 1] = item->length;
    memcpy(builder->memory + memory + 2, entry->bytes + item->offset, item->length);
    uint32_t start = memory + (uint32_t)key;
    term *term = &builder->terms[builder->count++];
    *term = (struct term){ .hash = item->hash, .key = memory, .at = start, .end = start + FIRST_SLICE };
    builder->table[at] = (uint64_t)item->hash << 32 | builder->count;
    return term;
}

static term *find_term(index_builder *builder, const index_entry *entry, const entry_item *item)
{
    size_t at = item->hash & (builder->table_size - 1);
    for (; builder->table[at] != 0; at = (at + 1) & (builder->table_size - 1)) {
        if (builder->table[at] >> 32 != item->hash)
            continue;
        term *term = &builder->terms[(uint32_t)builder->table[at] - 1];
        const unsigned char *key = builder->memory + term->key;
        if (key[0] == item->column && key[1] == item->length && memcmp(key + 2, entry->bytes + item->offset, item->length) == 0)
            return term;
    }
    return new_term(builder, entry, item, at);
}

/* ---- adding ---- */

static bool post(index_builder *builder, term *term, index_document document, uint32_t place)
{
    if (term->document != document) {
        if (!put_number(builder, term, (uint64_t)(document - term->document) << 1 | 1))
            return false;
        term->document = document;
        term->place = 0;
        term->documents++;
    }
    if (place <= term->place)
        return true; /* none, or the same again: places rise */
    uint32_t distance = place - term->place;
    term->place = place;
    return put_number(builder, term, (uint64_t)distance << 1);
}

enum { LOOK_AHEAD = 8 };

static bool post_all(index_builder *builder, index_document document, const index_entry *entry)
{
    size_t mask = builder->table_size - 1;
    for (size_t i = 0; i < entry->count; i++) {
        if (i + LOOK_AHEAD < entry->count)
            __builtin_prefetch(&builder->table[entry->items[i + LOOK_AHEAD].hash & mask]);
        term *term = find_term(builder, entry, &entry->items[i]);
        if (term == NULL || !post(builder, term, document, entry->items[i].place))
            return false;
    }
    return true;
}

recto_status index_builder_add(index_builder *builder, index_document document, index_entry *entry, recto_error *error)
{
    if (document == 0 || document <= builder->last)
        return recto_fail(error, RECTO_EINVALID, NULL, NULL, "documents of an index must rise: %lu after %lu",
                          (unsigned long)document, (unsigned long)builder->last);
    if (builder->documents == NULL)
        builder->documents = index_set_new();
    if (entry->failed || builder->documents == NULL || !table_room(builder, entry->count))
        return recto_fail_memory(error, "indexing");
    if (entry->disordered)
        entry_sort(entry);
    index_set_add(builder->documents, document);
    builder->last = document;
    builder->document_count++;
    if (!post_all(builder, document, entry))
        return recto_fail_memory(error, "indexing");
    index_entry_clear(entry);
    return RECTO_OK;
}

/* ---- in order ---- */

typedef struct sort_item {
    uint64_t prefix; /* eight bytes of the key */
    uint32_t term;
} sort_item;

static uint64_t prefix_at(const index_builder *builder, uint32_t number, size_t depth)
{
    const unsigned char *key = builder->memory + builder->terms[number].key;
    unsigned char bytes[8] = { 0 };
    size_t length = (size_t)key[1] + 1, at = depth;
    uint64_t prefix = 0;
    for (unsigned i = 0; i < 8 && at < length; i++, at++)
        bytes[i] = at == 0 ? key[0] : key[1 + at];
    for (unsigned i = 0; i < 8; i++)
        prefix = prefix << 8 | bytes[i];
    return prefix;
}

static int compare_prefixes(const void *a, const void *b)
{
    const sort_item *x = a, *y = b;
    return (x->prefix > y->prefix) - (x->prefix < y->prefix);
}

static int compare_keys(const void *a, const void *b, void *context)
{
    const index_builder *builder = context;
    const sort_item *x = a, *y = b;
    if (x->prefix != y->prefix)
        return x->prefix < y->prefix ? -1 : 1;
    const unsigned char *k = builder->memory + builder->terms[x->term].key, *l = builder->memory + builder->terms[y->term].key;
    return k[0] != l[0] ? k[0] - l[0] : key_compare(k + 2, k[1], l + 2, l[1]);
}

/* From the lowest byte of the prefix up; bytes that are all alike are passed over. `room` as long. */
static void sort_prefixes(sort_item *items, sort_item *room, size_t count)
{
    sort_item *from = items, *to = room;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        size_t places[257] = { 0 };
        for (size_t i = 0; i < count; i++)
            places[(from[i].prefix >> shift & 0xFF) + 1]++;
        if (places[(from[0].prefix >> shift & 0xFF) + 1] == count)
            continue;
        for (unsigned i = 1; i < 257; i++)
            places[i] += places[i - 1];
        for (size_t i = 0; i < count; i++)
            to[places[from[i].prefix >> shift & 0xFF]++] = from[i];
        sort_item *swap = from;
        from = to;
        to = swap;
    }
    if (from != items)
        memcpy(items, from, count * sizeof *items);
}

/* Equal prefixes are sorted by what follows, eight bytes deeper each time; few at once by whole keys. */
static void sort_terms(const index_builder *builder, sort_item *items, sort_item *room, size_t count, size_t depth)
{
    for (size_t i = 0; i < count; i++)
        items[i].prefix = prefix_at(builder, items[i].term, depth);
    if (count < 256 || depth > KEY_BYTES_MAX) {
        qsort_r(items, count, sizeof *items, compare_keys, (void *)builder);
        return;
    }
    if (count < 4096)
        qsort(items, count, sizeof *items, compare_prefixes);
    else
        sort_prefixes(items, room, count);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && items[end].prefix == items[i].prefix;)
            end++;
        if (end - i > 1)
            sort_terms(builder, items + i, room + i, end - i, depth + 8);
    }
}

/* ---- writing ---- */

typedef struct stream { /* reads the numbers of a term back */
    const unsigned char *memory;
    uint32_t at, end, last; /* `last`: where the numbers end */
    unsigned level;
} stream;

static uint32_t data_end(const stream *stream, uint32_t start)
{
    uint32_t end = start + slice_bytes[stream->level];
    return stream->last >= start && stream->last <= end ? stream->last : end - LINK_BYTES;
}

static bool stream_next(stream *stream, uint64_t *number)
{
    *number = 0;
    for (unsigned shift = 0;; shift += 7) {
        if (stream->at == stream->end) {
            if (stream->at == stream->last)
                return false;
            stream->at = little_get(stream->memory + stream->at);
            stream->level += stream->level + 1 < SLICE_LEVELS;
            stream->end = data_end(stream, stream->at);
        }
        unsigned char byte = stream->memory[stream->at++];
        *number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return true;
    }
}

typedef struct group_out { /* the places of the document under way */
    unsigned char bytes[GROUP_PLACES_MAX * NUMBER_BYTES_MAX];
    size_t length, last, count; /* `last`: where the last number begins */
} group_out;

static void group_add(group_out *group, uint64_t distance)
{
    if (group->count == GROUP_PLACES_MAX)
        return;
    if (group->count++ > 0)
        group->bytes[group->last] |= 1; /* more follow */
    group->last = group->length;
    group->length = (size_t)(number_put(group->bytes + group->length, (uint32_t)distance << 1) - group->bytes);
}

static bool group_flush(group_out *group, postings *out, index_document document)
{
    if (group->count == 0)
        group->bytes[group->length++] = 0;
    bool done = postings_append(out, document, group->bytes, group->length);
    group->length = group->count = 0;
    return done;
}

static bool read_stream(const index_builder *builder, const term *term, group_out *group, postings *out)
{
    uint32_t start = term->key + 2 + builder->memory[term->key + 1];
    stream stream = { builder->memory, start, 0, term->at, 0 };
    stream.end = data_end(&stream, start);
    index_document document = 0;
    uint64_t number;
    postings_clear(out);
    group->length = group->count = 0;
    while (stream_next(&stream, &number)) {
        if ((number & 1) == 0) {
            group_add(group, number >> 1);
            continue;
        }
        if (document != 0 && !group_flush(group, out, document))
            return false;
        document += (index_document)(number >> 1);
    }
    return group_flush(group, out, document);
}

static recto_status write_terms(index_builder *builder, writer *writer, const sort_item *items, recto_error *error)
{
    postings postings = { 0 };
    group_out *group = malloc(sizeof *group);
    recto_status status = group == NULL ? recto_fail_memory(error, "writing the index") : RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < builder->count; i++) {
        if (i + LOOK_AHEAD < builder->count)
            __builtin_prefetch(builder->memory + builder->terms[items[i + LOOK_AHEAD].term].key);
        const term *term = &builder->terms[items[i].term];
        if (!read_stream(builder, term, group, &postings)) {
            status = recto_fail_memory(error, "writing the index");
            break;
        }
        unsigned char key[KEY_BYTES_MAX];
        const unsigned char *from = builder->memory + term->key;
        key[0] = from[0];
        memcpy(key + 1, from + 2, from[1]);
        status = writer_term(writer, key, (size_t)from[1] + 1, &postings, error);
    }
    postings_release(&postings);
    free(group);
    return status;
}

recto_status index_builder_write(index_builder *builder, const index_store *store, int64_t segment, index_segment_info *out,
                                 index_set **documents, recto_error *error)
{
    *documents = NULL;
    writer *writer = writer_new(store, segment);
    sort_item *items = malloc((builder->count * 2 + 1) * sizeof *items);
    recto_status status = writer == NULL || items == NULL ? recto_fail_memory(error, "writing the index") : RECTO_OK;
    if (status == RECTO_OK && builder->documents == NULL && (builder->documents = index_set_new()) == NULL)
        status = recto_fail_memory(error, "writing the index");
    if (status == RECTO_OK) {
        for (size_t i = 0; i < builder->count; i++)
            items[i].term = (uint32_t)i;
        sort_terms(builder, items, items + builder->count, builder->count, 0);
        status = write_terms(builder, writer, items, error);
    }
    if (status == RECTO_OK)
        status = writer_end(writer, out, error);
    if (status == RECTO_OK) {
        roaring_bitmap_run_optimize(builder->documents->bits);
        out->documents = index_set_count(builder->documents);
        *documents = builder->documents;
        builder->documents = NULL;
        clear(builder);
    }
    writer_free(writer);
    free(items);
    return status;
}
