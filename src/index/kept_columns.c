/* src/index/kept_columns.c - columns of few terms (years, languages, beginnings of titles): their dictionary is read once, and
 * the set of each term when it is first asked for. What entries say comes to it at every walk. */
#include "terms.h"

#include <stdlib.h>

/* ---- reading the dictionary ---- */

static text cut_at(text term, int separator)
{
    const char *end = separator < 0 || term.length == 0 ? NULL : memchr(term.bytes, separator, term.length);
    return end == NULL ? term : text_of(term.bytes, (size_t)(end - term.bytes));
}

static text term_of(const kept_column *column, const kept_term *term)
{
    return text_of(column->bytes.bytes + term->term, term->length);
}

static bool add_term(kept_column *column, text term)
{
    if (!grow_array((void **)&column->terms, &column->capacity, column->count, sizeof *column->terms))
        return false;
    column->terms[column->count++] = (kept_term){ .term = (uint32_t)column->bytes.length,
                                                  .first_list = (uint32_t)column->list_count,
                                                  .length = (uint8_t)term.length };
    buffer_append_text(&column->bytes, term);
    return true;
}

static bool add_list(kept_column *column, size_t segment, const cursor *cursor)
{
    const text payload = cursor_payload(cursor);
    if (!grow_array((void **)&column->lists, &column->list_capacity, column->list_count, sizeof *column->lists))
        return false;
    column->lists[column->list_count++] = (kept_list){ .segment = (uint32_t)segment,
                                                       .payload = (uint32_t)column->bytes.length,
                                                       .length = (uint16_t)payload.length,
                                                       .flags = cursor->terms[cursor->at].flags };
    column->terms[column->count - 1].lists++;
    buffer_append_text(&column->bytes, payload);
    return true;
}

/* All lists of the least term; the cursors that stood on it go on. */
static recto_status take_term(kept_column *column, term_walk *walk, text least, recto_error *error)
{
    index_key key; /* the cursors go on under it */
    text own, term = cut_at(least, column->separator);
    bool taken = true;
    if (column->count == 0 || !text_equal(term, term_of(column, &column->terms[column->count - 1])))
        taken = add_term(column, term);
    key_make(&key, column->column, least);
    least.bytes = (const char *)key.bytes + 1;
    recto_status status = RECTO_OK;
    for (size_t i = 0; taken && status == RECTO_OK && i < walk->reader->tier_counts[walk->tier]; i++) {
        cursor *cursor = &walk->cursors[walk->reader->tiers[walk->tier][i]];
        if (!walk_cursor_term(&own, walk, cursor) || !text_equal(own, least))
            continue;
        taken = add_list(column, i, cursor);
        status = cursor_step(cursor, false, error);
    }
    return taken && !buffer_failed(&column->bytes) ? status : recto_fail_memory(error, "reading the index");
}

static recto_status read_column(kept_column *column, index_reader *reader, int tier, recto_error *error)
{
    term_walk walk = { .reader = reader, .tier = tier, .column = column->column };
    recto_status status = walk_begin(&walk, text_of(NULL, 0), error);
    while (status == RECTO_OK && !column->too_long) {
        const text least = walk_next(&walk);
        if (least.bytes == NULL)
            break;
        status = take_term(column, &walk, least, error);
        column->too_long = column->count > KEPT_TERMS_MAX || column->bytes.length > KEPT_PAYLOADS_MAX;
    }
    walk_release(&walk);
    return status;
}

static void column_free(kept_column *column)
{
    buffer_release(&column->bytes);
    free(column->terms);
    free(column->lists);
    free(column);
}

static void column_empty(kept_column *column)
{
    buffer_clear(&column->bytes);
    free(column->terms);
    free(column->lists);
    column->terms = NULL;
    column->lists = NULL;
    column->count = column->capacity = column->list_count = column->list_capacity = 0;
}

static recto_status make_column(kept_column **out, index_reader *reader, int tier, unsigned column, int separator,
                                recto_error *error)
{
    kept_column *made = calloc(1, sizeof *made);
    if (made == NULL)
        return recto_fail_memory(error, "reading the index");
    made->column = column;
    made->separator = separator;
    buffer_init(&made->bytes, 0);
    recto_status status = read_column(made, reader, tier, error);
    if (status != RECTO_OK) {
        column_free(made);
        return status;
    }
    if (made->too_long)
        column_empty(made);
    *out = made;
    return RECTO_OK;
}

recto_status kept_column_get(kept_pair *out, index_reader *reader, unsigned column, int separator, recto_error *error)
{
    *out = (kept_pair){ false };
    if (!reader->few[column])
        return RECTO_OK;
    recto_status status = reader_settle(reader, error);
    for (int tier = 0; status == RECTO_OK && tier < KEPT_TIERS; tier++) {
        kept *kept = &reader->kept[tier];
        kept_column **found = &out->columns[tier];
        for (size_t i = 0; i < kept->column_count && *found == NULL; i++)
            if (kept->columns[i]->column == column && kept->columns[i]->separator == separator)
                *found = kept->columns[i];
        if (*found == NULL && (kept->off || kept->column_count == KEPT_COLUMNS_MAX))
            return RECTO_OK;
        if (*found == NULL && (status = make_column(found, reader, tier, column, separator, error)) == RECTO_OK)
            kept->columns[kept->column_count++] = *found;
        if (*found == NULL || (*found)->too_long)
            return status;
    }
    out->is_kept = status == RECTO_OK;
    return status;
}

/* ---- the set of a term ---- */

static recto_status add_lists(index_set **result, index_reader *reader, int tier, const kept_column *column,
                              const kept_term *term, recto_error *error)
{
    gather *gather = &reader->gather;
    recto_status status = RECTO_OK;
    for (uint32_t i = 0; status == RECTO_OK && i < term->lists; i++) {
        const kept_list *kept = &column->lists[term->first_list + i];
        const reader_segment *segment = &reader->segments[reader->tiers[tier][kept->segment]];
        const list_ref list = { &segment->view, kept->flags, text_of(column->bytes.bytes + kept->payload, kept->length) };
        if (segment->hidden != NULL)
            status = reader_take(result, gather, NULL, error);
        if (status == RECTO_OK)
            status = gather_list(gather, &list, error);
        if (status == RECTO_OK && segment->hidden != NULL)
            status = reader_take(result, gather, segment->hidden, error);
    }
    return status == RECTO_OK ? reader_take(result, gather, NULL, error) : status;
}

recto_status kept_term_set(const index_set **out, index_reader *reader, int tier, const kept_column *column, kept_term *term,
                           recto_error *error)
{
    kept *kept = &reader->kept[tier];
    index_set *made = NULL;
    if (term->kept.set != NULL) {
        kept_touch(kept, &term->kept);
        *out = term->kept.set;
        return RECTO_OK;
    }
    recto_status status = add_lists(&made, reader, tier, column, term, error);
    if (status != RECTO_OK)
        gather_release(&reader->gather);
    status = reader_finish(&made, made, status, error);
    if (status == RECTO_OK)
        kept_put(kept, &term->kept, made);
    *out = made;
    return status;
}

/* ---- walking: terms of both tiers and of the entries in step ---- */

typedef struct kept_walk {
    index_reader *reader;
    const kept_pair *pair;
    int separator;
    const pool_order *order;
    bool backwards;
    size_t at[KEPT_TIERS], slot;  /* backwards: one behind */
    text term;                    /* where the walk stands */
    kept_term *terms[KEPT_TIERS]; /* it in each tier; NULL: only others have it */
} kept_walk;

static size_t lower(const kept_column *column, text from)
{
    size_t low = 0, high = column->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const text term = term_of(column, &column->terms[middle]);
        if (key_compare(term.bytes, term.length, from.bytes, from.length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static recto_status begin(kept_walk *walk, text from, recto_error *error)
{
    const kept_column *first = walk->pair->columns[0];
    pool *pool = &walk->reader->pool;
    const bool from_end = walk->backwards && from.length == 0;
    from.length = term_length(from);
    walk->separator = first->separator;
    recto_status status = pool_sorted(&walk->order, pool, first->column, error);
    if (status != RECTO_OK)
        return status;
    for (int tier = 0; tier < KEPT_TIERS; tier++) {
        const kept_column *column = walk->pair->columns[tier];
        walk->at[tier] = from_end ? column->count : lower(column, from);
    }
    walk->slot = from_end ? walk->order->count : pool_order_lower(pool, walk->order, first->column, from);
    return RECTO_OK;
}

static const pool_slot *slot_at(const kept_walk *walk)
{
    if (walk->backwards ? walk->slot == 0 : walk->slot >= walk->order->count)
        return NULL;
    return &walk->reader->pool.slots[walk->order->slots[walk->backwards ? walk->slot - 1 : walk->slot]];
}

static text slot_term(const kept_walk *walk, const pool_slot *slot)
{
    return cut_at(text_of((const char *)slot->term, slot->length), walk->separator);
}

static kept_term *term_at(const kept_walk *walk, int tier)
{
    const kept_column *column = walk->pair->columns[tier];
    if (walk->backwards ? walk->at[tier] == 0 : walk->at[tier] >= column->count)
        return NULL;
    return &column->terms[walk->backwards ? walk->at[tier] - 1 : walk->at[tier]];
}

static void keep_next(text *best, const kept_walk *walk, text term)
{
    const int order = best->bytes == NULL ? 0 : key_compare(term.bytes, term.length, best->bytes, best->length);
    if (best->bytes == NULL || (walk->backwards ? order > 0 : order < 0))
        *best = term;
}

/* To the next term of any. false: none is left */
static bool next(kept_walk *walk)
{
    const pool_slot *slot = slot_at(walk);
    kept_term *terms[KEPT_TIERS];
    walk->term = text_of(NULL, 0);
    for (int tier = 0; tier < KEPT_TIERS; tier++)
        if ((terms[tier] = term_at(walk, tier)) != NULL)
            keep_next(&walk->term, walk, term_of(walk->pair->columns[tier], terms[tier]));
    if (slot != NULL)
        keep_next(&walk->term, walk, slot_term(walk, slot));
    for (int tier = 0; tier < KEPT_TIERS; tier++) {
        const bool own = terms[tier] != NULL && text_equal(term_of(walk->pair->columns[tier], terms[tier]), walk->term);
        walk->terms[tier] = own ? terms[tier] : NULL;
        if (own)
            walk->at[tier] += walk->backwards ? SIZE_MAX : 1;
    }
    return walk->term.bytes != NULL;
}

/* The documents of entries that have the term; NULL in *out: none has. */
static recto_status take_slots(index_set **out, kept_walk *walk, recto_error *error)
{
    const pool_slot *slot;
    *out = NULL;
    while ((slot = slot_at(walk)) != NULL && text_equal(slot_term(walk, slot), walk->term)) {
        if (*out == NULL && (*out = index_set_new()) == NULL)
            return recto_fail_memory(error, "reading the index");
        if (!index_set_add(*out, walk->reader->pool.entries[slot->entry].document)) {
            index_set_free(*out);
            *out = NULL;
            return recto_fail_memory(error, "reading the index");
        }
        walk->slot += walk->backwards ? SIZE_MAX : 1;
    }
    return RECTO_OK;
}

/* What the term has now. *made: it had to be put together, and is the caller's; else it is lent. */
static recto_status current_set(const index_set **out, index_set **made, kept_walk *walk, recto_error *error)
{
    index_reader *reader = walk->reader;
    const index_set *sets[KEPT_TIERS] = { NULL, NULL };
    bool whole = true;
    recto_status status = take_slots(made, walk, error);
    *out = NULL;
    for (int tier = 0; status == RECTO_OK && tier < KEPT_TIERS; tier++) {
        if (walk->terms[tier] == NULL)
            continue;
        whole = whole && *out == NULL && *made == NULL;
        status = kept_term_set(&sets[tier], reader, tier, walk->pair->columns[tier], walk->terms[tier], error);
        *out = sets[tier];
        whole = whole && index_set_count_both(sets[tier], reader->past[tier]) == 0;
    }
    for (int tier = 0; status == RECTO_OK && !whole && tier < KEPT_TIERS; tier++) {
        index_set *copy = sets[tier] == NULL ? NULL : index_set_copy(sets[tier]);
        if (sets[tier] != NULL && copy == NULL)
            return recto_fail_memory(error, "reading the index");
        if (copy != NULL)
            status = reader_join(made, copy, reader->past[tier], RECTO_OK);
    }
    if (*made != NULL)
        *out = *made;
    return status;
}

recto_status kept_terms(index_reader *reader, const kept_pair *pair, text from, bool backwards, index_term_visit visit,
                        void *context, recto_error *error)
{
    kept_walk walk = { .reader = reader, .pair = pair, .backwards = backwards };
    recto_status status = begin(&walk, from, error);
    bool more = true;
    while (status == RECTO_OK && more && next(&walk)) {
        const index_set *set;
        index_set *made;
        status = current_set(&set, &made, &walk, error);
        if (status == RECTO_OK && !set_is_empty(set))
            more = visit(context, walk.term, set);
        index_set_free(made);
    }
    return status;
}

/* How many have the term; nothing is put together for that. @param own  `within` without what is past of each tier
 * @param counts  of the large segments, where they are counted already; else NULL */
static recto_status count_term(uint64_t *out, kept_walk *walk, const index_set *within, const index_set *const own[KEPT_TIERS],
                               const uint64_t *counts, recto_error *error)
{
    index_set *entries;
    recto_status status = take_slots(&entries, walk, error);
    *out = within != NULL ? index_set_count_both(entries, within) : index_set_count(entries);
    for (int tier = 0; status == RECTO_OK && tier < KEPT_TIERS; tier++) {
        const index_set *set = NULL;
        if (walk->terms[tier] == NULL)
            continue;
        if (tier == KEPT_LARGE && counts != NULL) {
            *out += counts[walk->terms[tier] - walk->pair->columns[tier]->terms];
            continue;
        }
        status = kept_term_set(&set, walk->reader, tier, walk->pair->columns[tier], walk->terms[tier], error);
        if (status == RECTO_OK && within != NULL)
            *out += index_set_count_both(set, own[tier]);
        else if (status == RECTO_OK)
            *out += index_set_count(set) - index_set_count_both(set, walk->reader->past[tier]);
    }
    index_set_free(entries);
    return status;
}

recto_status kept_counts(index_reader *reader, const kept_pair *pair, const index_set *within, index_count_visit visit,
                         void *context, recto_error *error)
{
    kept_walk walk = { .reader = reader, .pair = pair };
    index_set *copies[KEPT_TIERS] = { NULL, NULL };
    const index_set *own[KEPT_TIERS] = { within, within };
    uint64_t *counts = NULL;
    recto_status status = begin(&walk, text_of(NULL, 0), error);
    bool more = true;
    for (int tier = 0; status == RECTO_OK && within != NULL && tier < KEPT_TIERS; tier++) {
        if (index_set_count_both(within, reader->past[tier]) == 0)
            continue;
        own[tier] = copies[tier] = index_set_copy(within);
        if (copies[tier] == NULL)
            status = recto_fail_memory(error, "reading the index");
        index_set_and_not(copies[tier], reader->past[tier]);
    }
    if (status == RECTO_OK)
        status = kept_codes_count(&counts, reader, pair->columns[KEPT_LARGE], own[KEPT_LARGE], error);
    while (status == RECTO_OK && more && next(&walk)) {
        uint64_t count = 0;
        status = count_term(&count, &walk, within, own, counts, error);
        if (status == RECTO_OK && count > 0)
            more = visit(context, walk.term, count);
    }
    for (int tier = 0; tier < KEPT_TIERS; tier++)
        index_set_free(copies[tier]);
    free(counts);
    return status;
}
