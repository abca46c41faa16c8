/* src/index/builder_run.c - a stretch of terms in memory, from which they are written in order.
 *
 * A hash table gives each term a number; of what is added, number, document and place are noted one after the other. When all is
 * there the terms are sorted, and documents and places moved to where their term stands, so that each list lies in one piece. A
 * run is small enough to stay in the processor's own memory meanwhile (builder.c).
 *
 * The first bytes of a key, its column and seven bytes of the term, are held as a number: most terms are no longer. */
#include "builder.h"

#include <stdlib.h>

enum { PREFIX_BYTES = 7, TABLE_LEAST = 4096 };

typedef struct run_term {
    uint64_t prefix;
    const unsigned char *bytes;
    uint32_t count; /* of its postings; then where the next of them goes */
    uint8_t length;
} run_term;
typedef struct run_note {
    uint32_t term, document, place;
} run_note;
typedef struct run_posting {
    uint32_t document, place;
} run_posting;
typedef struct sort_item {
    uint64_t prefix; /* eight bytes of the key */
    uint32_t term;
} sort_item;

struct term_run {
    uint64_t *table; /* hash << 32 | number of the term + 1 */
    size_t table_size;
    run_term *terms;
    size_t count, capacity;
    run_note *notes;
    size_t note_count, note_capacity;
    run_posting *postings;
    size_t posting_capacity;
    sort_item *items; /* twice as many as terms: sorting needs the room */
    size_t item_capacity;
    postings list; /* one that is too long for a leaf */
};

term_run *term_run_new(void)
{
    return calloc(1, sizeof(term_run));
}

void term_run_free(term_run *run)
{
    if (run == NULL)
        return;
    free(run->table);
    free(run->terms);
    free(run->notes);
    free(run->postings);
    free(run->items);
    postings_release(&run->list);
    free(run);
}

/* What it has grown to is kept for the next terms. */
void term_run_clear(term_run *run)
{
    if (run->count > 0)
        memset(run->table, 0, run->table_size * sizeof *run->table);
    run->count = run->note_count = 0;
}

size_t term_run_items(const term_run *run)
{
    return run->note_count;
}

size_t term_run_bytes(const term_run *run)
{
    return sizeof *run + run->table_size * sizeof *run->table + run->capacity * sizeof *run->terms +
           run->note_capacity * sizeof *run->notes + run->posting_capacity * sizeof *run->postings +
           run->item_capacity * sizeof *run->items;
}

/* ---- adding ---- */

/* Room for one more term. */
static bool table_room(term_run *run)
{
    if ((run->count + 1) * 2 < run->table_size)
        return true;
    const size_t size = run->table_size == 0 ? TABLE_LEAST : run->table_size * 2;
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

/* The highest byte is the first. */
static uint64_t eight_bytes(const unsigned char *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value;
}

/* Bytes of a term from `from` on: as many as there are, eight at most. */
static uint64_t bytes_from(const unsigned char *bytes, size_t length, size_t from)
{
    if (length <= from)
        return 0;
    const uint64_t all = eight_bytes(bytes + from);
    return length - from >= sizeof all ? all : all & ~(UINT64_MAX >> 8 * (length - from));
}

static uint64_t mixed(uint64_t value)
{
    value *= UINT64_C(0x9E3779B97F4A7C15);
    return value ^ value >> 32;
}

static uint64_t plain_eight(const unsigned char *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

/* What the prefix does not hold: eight bytes at a time, the last eight in any case. */
static uint32_t hash_of(uint64_t prefix, const run_item *item)
{
    uint64_t hash = mixed(prefix ^ item->length);
    if (item->length > PREFIX_BYTES) {
        for (size_t at = PREFIX_BYTES; at + sizeof hash < item->length; at += sizeof hash)
            hash = mixed(hash ^ plain_eight(item->bytes + at));
        hash = mixed(hash ^ plain_eight(item->bytes + item->length - sizeof hash));
    }
    return (uint32_t)(mixed(hash) >> 16);
}

static bool is_same(const run_term *term, uint64_t prefix, const run_item *item)
{
    const size_t length = item->length;
    if (term->prefix != prefix || term->length != length)
        return false;
    if (length <= PREFIX_BYTES)
        return true;
    for (size_t at = PREFIX_BYTES; at + sizeof prefix < length; at += sizeof prefix)
        if (plain_eight(term->bytes + at) != plain_eight(item->bytes + at))
            return false;
    return plain_eight(term->bytes + length - sizeof prefix) == plain_eight(item->bytes + length - sizeof prefix);
}

/* SIZE_MAX: no memory */
static size_t term_of(term_run *run, const run_item *item)
{
    const uint64_t prefix = (uint64_t)item->column << 56 | bytes_from(item->bytes, item->length, 0) >> 8;
    const uint32_t hash = hash_of(prefix, item);
    size_t at = hash & (run->table_size - 1);
    for (; run->table[at] != 0; at = (at + 1) & (run->table_size - 1)) {
        const uint32_t number = (uint32_t)run->table[at] - 1;
        if (run->table[at] >> 32 == hash && is_same(&run->terms[number], prefix, item))
            return number;
    }
    if (run->count >= UINT32_MAX - 1 || !grow_array((void **)&run->terms, &run->capacity, run->count, sizeof *run->terms))
        return SIZE_MAX;
    run->terms[run->count] = (run_term){ .prefix = prefix, .bytes = item->bytes, .length = item->length };
    run->table[at] = (uint64_t)hash << 32 | (run->count + 1);
    return run->count++;
}

bool term_run_add(term_run *run, const run_item *item)
{
    if (!table_room(run) || run->note_count == UINT32_MAX ||
        !grow_array((void **)&run->notes, &run->note_capacity, run->note_count, sizeof *run->notes))
        return false;
    const size_t number = term_of(run, item);
    if (number == SIZE_MAX)
        return false;
    run->terms[number].count++;
    run->notes[run->note_count++] = (run_note){ (uint32_t)number, item->document, item->place };
    return true;
}

/* ---- in order ---- */

static uint64_t prefix_at(const term_run *run, uint32_t number, size_t depth)
{
    const run_term *term = &run->terms[number];
    return depth == 0 ? term->prefix : bytes_from(term->bytes, term->length, depth - 1); /* the key begins with the column */
}

static int compare_keys(const void *a, const void *b, void *context)
{
    const term_run *run = context;
    const sort_item *x = a, *y = b;
    if (x->prefix != y->prefix)
        return x->prefix < y->prefix ? -1 : 1;
    const run_term *k = &run->terms[x->term], *l = &run->terms[y->term];
    return k->prefix != l->prefix ? (k->prefix < l->prefix ? -1 : 1) : key_compare(k->bytes, k->length, l->bytes, l->length);
}

/* By half of the prefix, `shift` 32 or 0, from its lowest byte up; bytes that are all alike are passed over. `room` as long. */
static void sort_half(sort_item *items, sort_item *room, size_t count, unsigned shift)
{
    uint32_t counts[4][256] = { 0 };
    sort_item *from = items, *to = room;
    for (size_t i = 0; i < count; i++)
        for (unsigned byte = 0; byte < 4; byte++)
            counts[byte][items[i].prefix >> (shift + 8 * byte) & 0xFF]++;
    for (unsigned byte = 0; byte < 4; byte++) {
        uint32_t *const places = counts[byte];
        uint32_t sum = 0;
        if (places[items[0].prefix >> (shift + 8 * byte) & 0xFF] == count)
            continue;
        for (unsigned i = 0; i < 256; i++) {
            const uint32_t here = places[i];
            places[i] = sum;
            sum += here;
        }
        for (size_t i = 0; i < count; i++)
            to[places[from[i].prefix >> (shift + 8 * byte) & 0xFF]++] = from[i];
        sort_item *const swap = from;
        from = to;
        to = swap;
    }
    if (from != items)
        memcpy(items, from, count * sizeof *items);
}

static void insert_sorted(const term_run *run, sort_item *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const sort_item item = items[i];
        size_t at = i;
        for (; at > 0 && compare_keys(&item, &items[at - 1], (void *)run) < 0; at--)
            items[at] = items[at - 1];
        items[at] = item;
    }
}

/* Of what is alike as far as it was looked at, the next four bytes of the keys, and so on; few at once by whole keys. */
static void sort_terms(const term_run *run, sort_item *items, sort_item *room, size_t count, size_t depth)
{
    enum { FEW = 12, SOME = 96, HALF = 4 };
    const unsigned shift = depth % 8 == 0 ? 32 : 0;
    if (count <= FEW) {
        insert_sorted(run, items, count);
        return;
    }
    if (count < SOME || depth > KEY_BYTES_MAX) {
        qsort_r(items, count, sizeof *items, compare_keys, (void *)run);
        return;
    }
    for (size_t i = 0; depth > 0 && shift != 0 && i < count; i++)
        items[i].prefix = prefix_at(run, items[i].term, depth);
    sort_half(items, room, count, shift);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && items[end].prefix >> shift == items[i].prefix >> shift;)
            end++;
        if (end - i > 1)
            sort_terms(run, items + i, room + i, end - i, depth + HALF);
    }
}

static bool have_room(term_run *run)
{
    if (run->count * 2 > run->item_capacity) {
        sort_item *grown = realloc(run->items, run->count * 2 * sizeof *grown);
        if (grown == NULL)
            return false;
        run->items = grown;
        run->item_capacity = run->count * 2;
    }
    if (run->note_count > run->posting_capacity) {
        run_posting *grown = realloc(run->postings, run->note_count * sizeof *grown);
        if (grown == NULL)
            return false;
        run->postings = grown;
        run->posting_capacity = run->note_count;
    }
    return true;
}

/* Each list behind the one before; their order within a list is that of adding. */
static void place_postings(term_run *run)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < run->count; i++) {
        run_term *term = &run->terms[run->items[i].term];
        const uint32_t here = term->count;
        term->count = sum;
        sum += here;
    }
    for (size_t i = 0; i < run->note_count; i++) {
        const run_note *note = &run->notes[i];
        run->postings[run->terms[note->term].count++] = (run_posting){ note->document, note->place };
    }
}

/* ---- writing ---- */

static bool any_place(const run_posting *at, const run_posting *end)
{
    for (; at < end; at++)
        if (at->place != INDEX_NO_PLACE)
            return true;
    return false;
}

/* The places of one document as a group (parts.h), which takes 5 bytes a place, and one, at most. @return where it ends; *next:
 * the posting of the next document */
static unsigned char *put_group(unsigned char *out, const run_posting **next, const run_posting *end)
{
    const run_posting *at = *next;
    const uint32_t document = at->document;
    unsigned char *last = NULL;
    uint32_t before = 0, count = 0;
    for (; at < end && at->document == document; at++) {
        if (at->place <= before || count == GROUP_PLACES_MAX)
            continue; /* none, or the same again: places rise */
        if (count++ > 0)
            *last |= 1; /* more follow */
        last = out;
        out = number_put(out, (at->place - before) << 1);
        before = at->place;
    }
    if (count == 0)
        *out++ = 0;
    *next = at;
    return out;
}

/* What fits a leaf is made as it stands there. @return its length; 0: it does not fit */
static size_t put_inline(unsigned char *out, const run_posting *at, const run_posting *end, bool places)
{
    enum { POSTINGS_MOST = 128 }; /* so many are looked at */
    unsigned char *to = out;
    uint32_t before = 0;
    if (end - at > POSTINGS_MOST)
        return 0;
    for (size_t documents = 0; at < end; documents++) {
        if (documents == INLINE_DOCUMENTS_MAX)
            return 0;
        to = number_put(to, at->document - before);
        before = at->document;
        if (places)
            to = put_group(to, &at, end);
        else
            while (at < end && at->document == before)
                at++;
    }
    return (size_t)(to - out) <= INLINE_BYTES_MAX ? (size_t)(to - out) : 0;
}

static bool fill_list(postings *list, const run_posting *at, const run_posting *end, bool places)
{
    const size_t most = (size_t)(end - at);
    postings_clear(list);
    if (!postings_reserve(list, most, most * (NUMBER_BYTES_MAX + 1)))
        return false;
    unsigned char *to = list->places;
    while (at < end) {
        list->documents[list->count] = at->document;
        to = put_group(to, &at, end);
        list->ends[list->count++] = (uint32_t)(to - list->places);
    }
    list->places_length = (size_t)(to - list->places);
    list->has_places = places;
    return true;
}

static recto_status write_term(term_run *run, writer *writer, const run_term *term, const run_posting *first, recto_error *error)
{
    unsigned char key[KEY_BYTES_MAX], payload[128 * (2 * NUMBER_BYTES_MAX + 1)];
    const run_posting *const end = run->postings + term->count;
    const bool places = any_place(first, end);
    const size_t length = put_inline(payload, first, end, places);
    key[0] = (unsigned char)(term->prefix >> 56);
    memcpy(key + 1, term->bytes, term->length);
    if (length > 0)
        return writer_inline(writer, text_of((const char *)key, (size_t)term->length + 1),
                             (unsigned)LIST_INLINE << 1 | (unsigned)places, text_of((const char *)payload, length), error);
    if (!fill_list(&run->list, first, end, places))
        return recto_fail_memory(error, "writing the index");
    return writer_term(writer, key, (size_t)term->length + 1, &run->list, error);
}

recto_status term_run_write(term_run *run, writer *writer, recto_error *error)
{
    recto_status status = RECTO_OK;
    if (run->count == 0)
        return RECTO_OK;
    if (!have_room(run))
        return recto_fail_memory(error, "writing the index");
    for (size_t i = 0; i < run->count; i++)
        run->items[i] = (sort_item){ run->terms[i].prefix, (uint32_t)i };
    sort_terms(run, run->items, run->items + run->count, run->count, 0);
    place_postings(run);
    const run_posting *first = run->postings;
    for (size_t i = 0; status == RECTO_OK && i < run->count; i++) {
        const run_term *term = &run->terms[run->items[i].term];
        status = write_term(run, writer, term, first, error);
        first = run->postings + term->count;
    }
    term_run_clear(run);
    return status;
}
