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
    for (size_t i = 0; taken && status == RECTO_OK && i < walk->reader->count; i++) {
        cursor *cursor = &walk->cursors[i];
        if (!walk_cursor_term(&own, walk, cursor) || !text_equal(own, least))
            continue;
        taken = add_list(column, i, cursor);
        status = cursor_step(cursor, false, error);
    }
    return taken && !buffer_failed(&column->bytes) ? status : recto_fail_memory(error, "reading the index");
}

static recto_status read_column(kept_column *column, index_reader *reader, recto_error *error)
{
    term_walk walk = { .reader = reader, .column = column->column };
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

recto_status kept_column_get(kept_column **out, index_reader *reader, unsigned column, int separator, recto_error *error)
{
    kept *kept = &reader->kept;
    *out = NULL;
    if (!kept->few[column])
        return RECTO_OK;
    for (size_t i = 0; i < kept->column_count && *out == NULL; i++)
        if (kept->columns[i]->column == column && kept->columns[i]->separator == separator)
            *out = kept->columns[i];
    if (*out == NULL && kept->column_count < KEPT_COLUMNS_MAX) {
        kept_column *made = calloc(1, sizeof *made);
        if (made == NULL)
            return recto_fail_memory(error, "reading the index");
        made->column = column;
        made->separator = separator;
        buffer_init(&made->bytes, 0);
        recto_status status = read_column(made, reader, error);
        if (status != RECTO_OK) {
            column_free(made);
            return status;
        }
        if (made->too_long)
            column_empty(made);
        *out = kept->columns[kept->column_count++] = made;
    }
    if (*out != NULL && (*out)->too_long)
        *out = NULL;
    return RECTO_OK;
}

/* ---- the set of a term ---- */

static recto_status add_lists(index_set **result, gather *gather, index_reader *reader, const kept_column *column,
                              const kept_term *term, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (uint32_t i = 0; status == RECTO_OK && i < term->lists; i++) {
        const kept_list *kept = &column->lists[term->first_list + i];
        const reader_segment *segment = &reader->segments[kept->segment];
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

/* Of the segments alone; lent until the next set of the reader is made. */
static recto_status term_set(const index_set **out, index_reader *reader, const kept_column *column, kept_term *term,
                             recto_error *error)
{
    index_set *made = NULL;
    if (term->kept.set != NULL) {
        kept_touch(&reader->kept, &term->kept);
        *out = term->kept.set;
        return RECTO_OK;
    }
    recto_status status = add_lists(&made, &reader->gather, reader, column, term, error);
    if (status != RECTO_OK)
        gather_release(&reader->gather);
    status = reader_finish(&made, made, status, error);
    if (status == RECTO_OK)
        kept_put(&reader->kept, &term->kept, made);
    *out = made;
    return status;
}

/* ---- walking: terms of the segments and of the entries in step ---- */

typedef struct kept_walk {
    index_reader *reader;
    kept_column *column;
    const pool_order *order;
    bool backwards;
    size_t at, slot; /* backwards: one behind */
    text term;       /* where the walk stands */
    kept_term *kept; /* its term of the segments; NULL: only entries have it */
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
    const unsigned column = walk->column->column;
    const bool from_end = walk->backwards && from.length == 0;
    from.length = term_length(from);
    recto_status status = pool_sorted(&walk->order, &walk->reader->pool, column, error);
    if (status != RECTO_OK)
        return status;
    walk->at = from_end ? walk->column->count : lower(walk->column, from);
    walk->slot = from_end ? walk->order->count : pool_order_lower(&walk->reader->pool, walk->order, column, from);
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
    return cut_at(text_of((const char *)slot->term, slot->length), walk->column->separator);
}

/* To the next term of either. false: none is left */
static bool next(kept_walk *walk)
{
    const kept_column *column = walk->column;
    const pool_slot *slot = slot_at(walk);
    walk->kept = NULL;
    if (walk->backwards ? walk->at > 0 : walk->at < column->count)
        walk->kept = &column->terms[walk->backwards ? walk->at - 1 : walk->at];
    if (walk->kept == NULL && slot == NULL)
        return false;
    int order = walk->kept == NULL ? 1 : -1;
    if (walk->kept != NULL && slot != NULL) {
        const text own = term_of(column, walk->kept), other = slot_term(walk, slot);
        order = key_compare(own.bytes, own.length, other.bytes, other.length);
        order = walk->backwards ? -order : order;
    }
    if (order > 0)
        walk->kept = NULL;
    else
        walk->at += walk->backwards ? SIZE_MAX : 1;
    walk->term = walk->kept != NULL ? term_of(column, walk->kept) : slot_term(walk, slot);
    return true;
}

/* The documents of entries that have the term; NULL in *out: none has. */
static recto_status take_slots(index_set **out, kept_walk *walk, recto_error *error)
{
    const pool_slot *slot;
    *out = NULL;
    while ((slot = slot_at(walk)) != NULL && text_equal(slot_term(walk, slot), walk->term)) {
        if (*out == NULL && (*out = index_set_new()) == NULL)
            return recto_fail_memory(error, "reading the index");
        index_set_add(*out, walk->reader->pool.entries[slot->entry].document);
        walk->slot += walk->backwards ? SIZE_MAX : 1;
    }
    return RECTO_OK;
}

/* What the term has now. *made: it had to be put together, and is the caller's; else it is lent. */
static recto_status current_set(const index_set **out, index_set **made, kept_walk *walk, recto_error *error)
{
    index_reader *reader = walk->reader;
    const index_set *segments = NULL;
    recto_status status = take_slots(made, walk, error);
    if (status == RECTO_OK && walk->kept != NULL)
        status = term_set(&segments, reader, walk->column, walk->kept, error);
    *out = segments;
    if (status != RECTO_OK || reader->entered == NULL)
        return status;
    if (segments != NULL && (*made != NULL || index_set_count_both(segments, reader->entered) > 0)) {
        index_set *all = index_set_copy(segments);
        if (all == NULL)
            return recto_fail_memory(error, "reading the index");
        index_set_and_not(all, reader->entered);
        index_set_or(all, *made);
        index_set_free(*made);
        *made = all;
    }
    if (*made != NULL)
        *out = *made;
    return RECTO_OK;
}

recto_status kept_terms(index_reader *reader, kept_column *column, text from, bool backwards, index_term_visit visit,
                        void *context, recto_error *error)
{
    kept_walk walk = { .reader = reader, .column = column, .backwards = backwards };
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

/* How many have the term; nothing is put together for that. @param old  `within` without the documents of entries */
static recto_status count_term(uint64_t *out, kept_walk *walk, const index_set *within, const index_set *old, recto_error *error)
{
    const index_set *segments = NULL;
    index_set *entries;
    recto_status status = take_slots(&entries, walk, error);
    if (status == RECTO_OK && walk->kept != NULL)
        status = term_set(&segments, walk->reader, walk->column, walk->kept, error);
    if (status == RECTO_OK && within != NULL)
        *out = index_set_count_both(segments, old) + index_set_count_both(entries, within);
    else if (status == RECTO_OK)
        *out = index_set_count(segments) - index_set_count_both(segments, walk->reader->entered) + index_set_count(entries);
    index_set_free(entries);
    return status;
}

recto_status kept_counts(index_reader *reader, kept_column *column, const index_set *within, index_count_visit visit,
                         void *context, recto_error *error)
{
    kept_walk walk = { .reader = reader, .column = column };
    index_set *rest = NULL;
    const bool entered = within != NULL && index_set_count_both(within, reader->entered) > 0;
    recto_status status = begin(&walk, text_of(NULL, 0), error);
    bool more = true;
    if (status == RECTO_OK && entered && (rest = index_set_copy(within)) == NULL)
        status = recto_fail_memory(error, "reading the index");
    index_set_and_not(rest, reader->entered);
    while (status == RECTO_OK && more && next(&walk)) {
        uint64_t count = 0;
        status = count_term(&count, &walk, within, entered ? rest : within, error);
        if (status == RECTO_OK && count > 0)
            more = visit(context, walk.term, count);
    }
    index_set_free(rest);
    return status;
}
