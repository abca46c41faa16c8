/* src/index/builder_run.c - a stretch of terms in memory, from which they are written in order.
 *
 * A hash table finds the term; beside its key, so that both come with one look into memory, stands a stream of numbers, (distance
 * of documents << 1 | 1) and (distance of places << 1), which grows by slices, each about twice the one before: a term of one
 * document costs few bytes, and one of thousands little more than its numbers. The last four bytes of a full slice are moved to
 * the next one and make room for where it is. A run is small enough to stay in the processor's own memory (builder.c).
 */
#include "builder.h"

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

struct term_run {
    unsigned char *memory;
    size_t used, capacity;
    size_t count;
    uint64_t *table; /* hash << 32 | where the term is in memory, a multiple of 4 */
    size_t table_size;
    sort_item *items; /* twice as many as terms: sorting needs the room */
    size_t item_capacity;
    postings postings;
    struct group_out *group;
};

typedef struct group_out { /* the places of the document under way */
    unsigned char bytes[GROUP_PLACES_MAX * NUMBER_BYTES_MAX];
    size_t length, last, count; /* `last`: where the last number begins */
} group_out;

term_run *term_run_new(void)
{
    term_run *run = calloc(1, sizeof *run);
    if (run != NULL && (run->group = malloc(sizeof *run->group)) == NULL) {
        free(run);
        return NULL;
    }
    return run;
}

void term_run_free(term_run *run)
{
    if (run == NULL)
        return;
    free(run->memory);
    free(run->table);
    free(run->items);
    free(run->group);
    postings_release(&run->postings);
    free(run);
}

/* What it has grown to is kept for the next terms. */
void term_run_clear(term_run *run)
{
    if (run->count > 0)
        memset(run->table, 0, run->table_size * sizeof *run->table);
    run->used = run->count = 0;
}

size_t term_run_terms(const term_run *run)
{
    return run->count;
}

size_t term_run_bytes(const term_run *run)
{
    return sizeof *run + sizeof *run->group + run->capacity + run->table_size * sizeof *run->table +
           run->item_capacity * sizeof *run->items;
}

/* ---- memory ---- */

/* 0: none. Positions are of 32 bits: a run holds 4 GiB. */
static uint32_t take_memory(term_run *run, size_t bytes)
{
    if (run->used == 0)
        run->used = 8; /* nothing is at 0 */
    if (run->used + bytes >= run->capacity) {
        size_t wanted = run->capacity + run->capacity / 2 + bytes + 65536;
        unsigned char *grown = run->used + bytes > UINT32_MAX ? NULL : realloc(run->memory, wanted);
        if (grown == NULL)
            return 0;
        run->memory = grown;
        run->capacity = wanted;
        prefer_large_pages(grown, wanted);
    }
    uint32_t at = (uint32_t)run->used;
    run->used += bytes;
    return at;
}

static term *term_at(const term_run *run, uint32_t at)
{
    return (term *)(void *)(run->memory + at);
}

/* A term may move whenever memory is taken: it is named by where it is. */
static bool next_slice(term_run *run, uint32_t number)
{
    const term *before = term_at(run, number);
    unsigned level = before->level + 1U < SLICE_LEVELS ? before->level + 1U : SLICE_LEVELS - 1U;
    uint32_t at = take_memory(run, slice_bytes[level]);
    if (at == 0)
        return false;
    term *term = term_at(run, number);
    unsigned char *old = run->memory + term->end - LINK_BYTES;
    memcpy(run->memory + at, old, LINK_BYTES);
    little_put(old, at);
    term->at = at + LINK_BYTES;
    term->end = at + slice_bytes[level];
    term->level = (uint8_t)level;
    return true;
}

/* 35 bits at most: a distance and its mark. */
static bool put_long_number(term_run *run, uint32_t number, uint64_t value)
{
    do {
        term *term = term_at(run, number);
        if (term->at == term->end) {
            if (!next_slice(run, number))
                return false;
            term = term_at(run, number);
        }
        run->memory[term->at++] = (unsigned char)(value >= 0x80 ? value | 0x80 : value);
        value >>= 7;
    } while (value > 0);
    return true;
}

static inline bool put_number(term_run *run, uint32_t number, uint64_t value)
{
    term *term = term_at(run, number);
    if (value >= 0x80 || term->at == term->end)
        return put_long_number(run, number, value);
    run->memory[term->at++] = (unsigned char)value;
    return true;
}

/* ---- the table ---- */

/* Room for one more term. */
static bool table_room(term_run *run)
{
    if ((run->count + 1) * 3 < run->table_size * 2)
        return true;
    size_t size = run->table_size == 0 ? 4096 : run->table_size * 2;
    uint64_t *table = calloc(size, sizeof *table);
    if (table == NULL)
        return false;
    for (size_t i = 0; i < run->table_size; i++) {
        if (run->table[i] == 0)
            continue;
        size_t at = (size_t)(run->table[i] >> 32) & (size - 1);
        while (table[at] != 0)
            at = (at + 1) & (size - 1);
        table[at] = run->table[i];
    }
    free(run->table);
    run->table = table;
    run->table_size = size;
    return true;
}

/* 0: no memory, here and below. */
static uint32_t new_term(term_run *run, const run_item *item, size_t at)
{
    run->used = (run->used + 3) & ~(size_t)3;
    uint32_t number = take_memory(run, offsetof(term, key) + item->length + FIRST_SLICE);
    if (number == 0)
        return 0;
    term *term = term_at(run, number);
    uint32_t start = number + (uint32_t)offsetof(struct term, key) + item->length;
    term->document = term->place = 0;
    term->at = start;
    term->end = start + FIRST_SLICE;
    term->level = 0;
    term->column = item->column;
    term->length = item->length;
    if (item->length > 0)
        memcpy(term->key, item->bytes, item->length);
    run->count++;
    run->table[at] = (uint64_t)item->hash << 32 | number;
    return number;
}

/* Terms are short: a call of memcmp costs more than the look. */
static bool same_bytes(const unsigned char *a, const unsigned char *b, size_t length)
{
    uint64_t x, y;
    for (; length >= sizeof x; a += sizeof x, b += sizeof x, length -= sizeof x) {
        memcpy(&x, a, sizeof x);
        memcpy(&y, b, sizeof y);
        if (x != y)
            return false;
    }
    for (size_t i = 0; i < length; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

static uint32_t find_term(term_run *run, const run_item *item)
{
    size_t at = item->hash & (run->table_size - 1);
    for (; run->table[at] != 0; at = (at + 1) & (run->table_size - 1)) {
        if (run->table[at] >> 32 != item->hash)
            continue;
        const term *term = term_at(run, (uint32_t)run->table[at]);
        if (term->column == item->column && term->length == item->length && same_bytes(term->key, item->bytes, item->length))
            return (uint32_t)run->table[at];
    }
    return new_term(run, item, at);
}

/* ---- adding ---- */

static bool post(term_run *run, uint32_t number, index_document document, uint32_t place)
{
    term *term = term_at(run, number);
    if (term->document != document) {
        index_document distance = document - term->document;
        term->document = document;
        term->place = 0;
        if (!put_number(run, number, (uint64_t)distance << 1 | 1))
            return false;
        term = term_at(run, number);
    }
    if (place <= term->place)
        return true; /* none, or the same again: places rise */
    uint32_t distance = place - term->place;
    term->place = place;
    return put_number(run, number, (uint64_t)distance << 1);
}

bool term_run_add(term_run *run, const run_item *item)
{
    if (!table_room(run))
        return false;
    const uint32_t term = find_term(run, item);
    return term != 0 && post(run, term, item->document, item->place);
}

/* ---- in order ---- */

static uint64_t prefix_at(const term_run *run, uint32_t number, size_t depth)
{
    const term *term = term_at(run, number);
    uint64_t prefix = depth == 0 ? term->column : 0;
    size_t at = depth == 0 ? 0 : depth - 1; /* the key begins with the column */
    for (unsigned i = depth == 0; i < 8; i++, at++)
        prefix = prefix << 8 | (at < term->length ? term->key[at] : 0);
    return prefix;
}

static int compare_keys(const void *a, const void *b, void *context)
{
    const term_run *run = context;
    const sort_item *x = a, *y = b;
    if (x->prefix != y->prefix)
        return x->prefix < y->prefix ? -1 : 1;
    const term *k = term_at(run, x->term), *l = term_at(run, y->term);
    return k->column != l->column ? k->column - l->column : key_compare(k->key, k->length, l->key, l->length);
}

/* From the lowest byte of the prefix up; bytes that are all alike are passed over. `room` as long. */
static void sort_prefixes(sort_item *items, sort_item *room, size_t count)
{
    uint32_t counts[8][256] = { 0 };
    sort_item *from = items, *to = room;
    for (size_t i = 0; i < count; i++)
        for (unsigned byte = 0; byte < 8; byte++)
            counts[byte][items[i].prefix >> (8 * byte) & 0xFF]++;
    for (unsigned byte = 0; byte < 8; byte++) {
        uint32_t *const places = counts[byte];
        uint32_t sum = 0;
        if (places[items[0].prefix >> (8 * byte) & 0xFF] == count)
            continue;
        for (unsigned i = 0; i < 256; i++) {
            const uint32_t here = places[i];
            places[i] = sum;
            sum += here;
        }
        for (size_t i = 0; i < count; i++)
            to[places[from[i].prefix >> (8 * byte) & 0xFF]++] = from[i];
        sort_item *const swap = from;
        from = to;
        to = swap;
    }
    if (from != items)
        memcpy(items, from, count * sizeof *items);
}

/* Equal prefixes are sorted by what follows, eight bytes deeper each time; few at once by whole keys. */
static void sort_terms(const term_run *run, sort_item *items, sort_item *room, size_t count, size_t depth)
{
    for (size_t i = 0; i < count; i++)
        items[i].prefix = prefix_at(run, items[i].term, depth);
    if (count < 128 || depth > KEY_BYTES_MAX) {
        qsort_r(items, count, sizeof *items, compare_keys, (void *)run);
        return;
    }
    sort_prefixes(items, room, count);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && items[end].prefix == items[i].prefix;)
            end++;
        if (end - i > 1)
            sort_terms(run, items + i, room + i, end - i, depth + 8);
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

static bool read_stream(const term_run *run, uint32_t number, group_out *group, postings *out)
{
    const term *term = term_at(run, number);
    uint32_t start = number + (uint32_t)offsetof(struct term, key) + term->length;
    stream stream = { run->memory, start, 0, term->at, 0 };
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

static recto_status write_terms(term_run *run, writer *writer, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < run->count; i++) {
        const term *term = term_at(run, run->items[i].term);
        unsigned char key[KEY_BYTES_MAX];
        key[0] = term->column;
        memcpy(key + 1, term->key, term->length);
        status = read_stream(run, run->items[i].term, run->group, &run->postings)
                     ? writer_term(writer, key, (size_t)term->length + 1, &run->postings, error)
                     : recto_fail_memory(error, "writing the index");
    }
    return status;
}

static bool items_room(term_run *run)
{
    if (run->count * 2 <= run->item_capacity)
        return true;
    sort_item *grown = realloc(run->items, run->count * 2 * sizeof *grown);
    if (grown == NULL)
        return false;
    run->items = grown;
    run->item_capacity = run->count * 2;
    return true;
}

recto_status term_run_write(term_run *run, writer *writer, recto_error *error)
{
    size_t count = 0;
    if (run->count == 0)
        return RECTO_OK;
    if (!items_room(run))
        return recto_fail_memory(error, "writing the index");
    for (size_t i = 0; i < run->table_size; i++)
        if (run->table[i] != 0)
            run->items[count++].term = (uint32_t)run->table[i];
    sort_terms(run, run->items, run->items + count, count, 0);
    recto_status status = write_terms(run, writer, error);
    term_run_clear(run);
    return status;
}
