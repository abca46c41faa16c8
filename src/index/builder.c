/* src/index/builder.c - many documents at once, in memory, and written as one segment.
 *
 * A hash table finds the term; beside its key, so that both come with one look into memory, stands a stream of numbers, (distance
 * of documents << 1 | 1) and (distance of places << 1), which grows by slices, each about twice the one before: a term of one
 * document costs few bytes, and one of thousands little more than its numbers. The last four bytes of a full slice are moved to
 * the next one and make room for where it is. Everything lies in one stretch of memory, so that what is in use is known exactly.
 */
#include "entry.h"
#include "tree.h"

#include <stdlib.h>

enum { LINK_BYTES = 4, FIRST_SLICE = 8, SLICE_LEVELS = 8 };
static const uint16_t slice_bytes[SLICE_LEVELS] = { FIRST_SLICE, 16, 32, 64, 128, 256, 512, 1024 };

typedef struct term { /* in the memory of the builder; its key and first slice stand behind it */
    uint32_t document, place;
    uint32_t at, end; /* of the slice under way */
    uint8_t level;    /* of that slice */
    uint8_t column, length;
    unsigned char key[]; /* bytes of the term */
} term;

typedef struct sort_item {
    uint64_t prefix; /* eight bytes of the key */
    uint32_t term;
} sort_item;

struct index_builder {
    unsigned char *memory;
    size_t used, capacity;
    size_t count;
    uint64_t *table; /* hash << 32 | where the term is in memory, a multiple of 4 */
    size_t table_size;
    index_set *documents;
    index_document last;
    size_t document_count;
};

index_builder *index_builder_new(void)
{
    return calloc(1, sizeof(index_builder));
}

void index_builder_free(index_builder *builder)
{
    if (builder == NULL)
        return;
    free(builder->memory);
    free(builder->table);
    index_set_free(builder->documents);
    free(builder);
}

/* What it has grown to is kept for the next documents. */
void index_builder_clear(index_builder *builder)
{
    index_set_free(builder->documents);
    if (builder->count > 0)
        memset(builder->table, 0, builder->table_size * sizeof *builder->table);
    builder->documents = NULL;
    builder->used = builder->count = builder->document_count = 0;
    builder->last = 0;
}

size_t index_builder_bytes(const index_builder *builder)
{
    /* Sorting takes two items a term when all is written. */
    return sizeof *builder + builder->used + builder->count * 2 * sizeof(sort_item) +
           builder->table_size * sizeof *builder->table + builder->document_count / 4;
}

size_t index_builder_documents(const index_builder *builder)
{
    return builder->document_count;
}

/* ---- memory ---- */

/* 0: none. Positions are of 32 bits: a builder holds 4 GiB. */
static uint32_t take_memory(index_builder *builder, size_t bytes)
{
    if (builder->used + bytes >= builder->capacity) {
        size_t wanted = builder->capacity + builder->capacity / 2 + bytes + 65536;
        unsigned char *grown = builder->used + bytes > UINT32_MAX ? NULL : realloc(builder->memory, wanted);
        if (grown == NULL)
            return 0;
        builder->memory = grown;
        builder->capacity = wanted;
        prefer_large_pages(grown, wanted);
    }
    if (builder->used == 0)
        builder->used = 8; /* nothing is at 0 */
    uint32_t at = (uint32_t)builder->used;
    builder->used += bytes;
    return at;
}

static term *term_at(const index_builder *builder, uint32_t at)
{
    return (term *)(void *)(builder->memory + at);
}

/* A term may move whenever memory is taken: it is named by where it is. */
static bool next_slice(index_builder *builder, uint32_t number)
{
    const term *before = term_at(builder, number);
    unsigned level = before->level + 1U < SLICE_LEVELS ? before->level + 1U : SLICE_LEVELS - 1U;
    uint32_t at = take_memory(builder, slice_bytes[level]);
    if (at == 0)
        return false;
    term *term = term_at(builder, number);
    unsigned char *old = builder->memory + term->end - LINK_BYTES;
    memcpy(builder->memory + at, old, LINK_BYTES);
    little_put(old, at);
    term->at = at + LINK_BYTES;
    term->end = at + slice_bytes[level];
    term->level = (uint8_t)level;
    return true;
}

/* 35 bits at most: a distance and its mark. */
static bool put_long_number(index_builder *builder, uint32_t number, uint64_t value)
{
    do {
        term *term = term_at(builder, number);
        if (term->at == term->end) {
            if (!next_slice(builder, number))
                return false;
            term = term_at(builder, number);
        }
        builder->memory[term->at++] = (unsigned char)(value >= 0x80 ? value | 0x80 : value);
        value >>= 7;
    } while (value > 0);
    return true;
}

static inline bool put_number(index_builder *builder, uint32_t number, uint64_t value)
{
    term *term = term_at(builder, number);
    if (value >= 0x80 || term->at == term->end)
        return put_long_number(builder, number, value);
    builder->memory[term->at++] = (unsigned char)value;
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
    prefer_large_pages(table, size * sizeof *table);
    for (size_t i = 0; i < builder->table_size; i++) {
        if (builder->table[i] == 0)
            continue;
        size_t at = (size_t)(builder->table[i] >> 32) & (size - 1);
        while (table[at] != 0)
            at = (at + 1) & (size - 1);
        table[at] = builder->table[i];
    }
    free(builder->table);
    builder->table = table;
    builder->table_size = size;
    return true;
}

/* 0: no memory, here and below. */
static uint32_t new_term(index_builder *builder, const index_entry *entry, const entry_item *item, size_t at)
{
    builder->used = (builder->used + 3) & ~(size_t)3;
    uint32_t number = take_memory(builder, offsetof(term, key) + item->length + FIRST_SLICE);
    if (number == 0)
        return 0;
    term *term = term_at(builder, number);
    uint32_t start = number + (uint32_t)offsetof(struct term, key) + item->length;
    term->document = term->place = 0;
    term->at = start;
    term->end = start + FIRST_SLICE;
    term->level = 0;
    term->column = item->column;
    term->length = item->length;
    memcpy(term->key, entry->bytes + item->offset, item->length);
    builder->count++;
    builder->table[at] = (uint64_t)item->hash << 32 | number;
    return number;
}

static uint32_t find_term(index_builder *builder, const index_entry *entry, const entry_item *item)
{
    size_t at = item->hash & (builder->table_size - 1);
    for (; builder->table[at] != 0; at = (at + 1) & (builder->table_size - 1)) {
        if (builder->table[at] >> 32 != item->hash)
            continue;
        const term *term = term_at(builder, (uint32_t)builder->table[at]);
        if (term->column == item->column && term->length == item->length &&
            memcmp(term->key, entry->bytes + item->offset, item->length) == 0)
            return (uint32_t)builder->table[at];
    }
    return new_term(builder, entry, item, at);
}

/* ---- adding ---- */

static bool post(index_builder *builder, uint32_t number, index_document document, uint32_t place)
{
    term *term = term_at(builder, number);
    if (term->document != document) {
        index_document distance = document - term->document;
        term->document = document;
        term->place = 0;
        if (!put_number(builder, number, (uint64_t)distance << 1 | 1))
            return false;
        term = term_at(builder, number);
    }
    if (place <= term->place)
        return true; /* none, or the same again: places rise */
    uint32_t distance = place - term->place;
    term->place = place;
    return put_number(builder, number, (uint64_t)distance << 1);
}

/* A term is reached over two places far apart in memory, table and term: each is asked for some terms ahead, so that waiting for
 * them overlaps. What is guessed wrong costs nothing but that. */
enum { TABLE_AHEAD = 16, TERM_AHEAD = 8 };

static void look_ahead(const index_builder *builder, const index_entry *entry, size_t number)
{
    const entry_item *items = entry->items;
    if (number + TABLE_AHEAD < entry->count)
        __builtin_prefetch(&builder->table[items[number + TABLE_AHEAD].hash & (builder->table_size - 1)]);
    if (number + TERM_AHEAD < entry->count)
        __builtin_prefetch(builder->memory +
                           (uint32_t)builder->table[items[number + TERM_AHEAD].hash & (builder->table_size - 1)]);
}

static bool post_all(index_builder *builder, index_document document, const index_entry *entry)
{
    for (size_t i = 0; i < entry->count; i++) {
        look_ahead(builder, entry, i);
        uint32_t term = find_term(builder, entry, &entry->items[i]);
        if (term == 0 || !post(builder, term, document, entry->items[i].place))
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
    if (entry->failed || builder->documents == NULL || take_memory(builder, 0) == 0 || !table_room(builder, entry->count))
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

static uint64_t prefix_at(const index_builder *builder, uint32_t number, size_t depth)
{
    const term *term = term_at(builder, number);
    uint64_t prefix = depth == 0 ? term->column : 0;
    size_t at = depth == 0 ? 0 : depth - 1; /* the key begins with the column */
    for (unsigned i = depth == 0; i < 8; i++, at++)
        prefix = prefix << 8 | (at < term->length ? term->key[at] : 0);
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
    const term *k = term_at(builder, x->term), *l = term_at(builder, y->term);
    return k->column != l->column ? k->column - l->column : key_compare(k->key, k->length, l->key, l->length);
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

static bool read_stream(const index_builder *builder, uint32_t number, group_out *group, postings *out)
{
    const term *term = term_at(builder, number);
    uint32_t start = number + (uint32_t)offsetof(struct term, key) + term->length;
    stream stream = { builder->memory, start, 0, term->at, 0 };
    stream.end = data_end(&stream, start);
    index_document document = 0;
    uint64_t value;
    postings_clear(out);
    group->length = group->count = 0;
    while (stream_next(&stream, &value)) {
        if ((value & 1) == 0) {
            group_add(group, value >> 1);
            continue;
        }
        if (document != 0 && !group_flush(group, out, document))
            return false;
        document += (index_document)(value >> 1);
    }
    return group_flush(group, out, document);
}

static recto_status write_terms(index_builder *builder, writer *writer, const sort_item *items, recto_error *error)
{
    postings postings = { 0 };
    group_out *group = malloc(sizeof *group);
    recto_status status = RECTO_OK;
    if (group == NULL)
        return recto_fail_memory(error, "writing the index");
    for (size_t i = 0; status == RECTO_OK && i < builder->count; i++) {
        if (i + TERM_AHEAD < builder->count)
            __builtin_prefetch(builder->memory + items[i + TERM_AHEAD].term);
        const term *term = term_at(builder, items[i].term);
        unsigned char key[KEY_BYTES_MAX];
        key[0] = term->column;
        memcpy(key + 1, term->key, term->length);
        status = read_stream(builder, items[i].term, group, &postings)
                     ? writer_term(writer, key, (size_t)term->length + 1, &postings, error)
                     : recto_fail_memory(error, "writing the index");
    }
    postings_release(&postings);
    free(group);
    return status;
}

static recto_status write_segment(index_builder *builder, writer *writer, sort_item *items, index_segment_info *out,
                                  recto_error *error)
{
    size_t count = 0;
    for (size_t i = 0; i < builder->table_size; i++)
        if (builder->table[i] != 0)
            items[count++].term = (uint32_t)builder->table[i];
    sort_terms(builder, items, items + builder->count, builder->count, 0);
    recto_status status = write_terms(builder, writer, items, error);
    return status != RECTO_OK ? status : writer_end(writer, out, error);
}

recto_status index_builder_write(index_builder *builder, const index_store *store, int64_t segment, index_segment_info *out,
                                 index_set **documents, recto_error *error)
{
    *documents = NULL;
    recto_status status;
    writer *writer = writer_new(store, segment);
    sort_item *items = calloc(builder->count * 2 + 1, sizeof *items);
    if (builder->documents == NULL)
        builder->documents = index_set_new();
    if (writer == NULL || items == NULL || builder->documents == NULL)
        status = recto_fail_memory(error, "writing the index");
    else
        status = write_segment(builder, writer, items, out, error);
    if (status == RECTO_OK && builder->documents != NULL) {
        roaring_bitmap_run_optimize(builder->documents->bits);
        out->documents = index_set_count(builder->documents);
        *documents = builder->documents;
        builder->documents = NULL;
        index_builder_clear(builder);
    }
    writer_free(writer);
    free(items);
    return status;
}
