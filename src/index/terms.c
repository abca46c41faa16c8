/* src/index/terms.c - the terms of a column in order, all sources in step: for browse, facets and sort orders. */
#include "terms.h"

#include <stdlib.h>

void walk_release(term_walk *walk)
{
    for (size_t i = 0; walk->cursors != NULL && i < walk->reader->count; i++)
        cursor_release(&walk->cursors[i]);
    free(walk->cursors);
    gather_release(&walk->gather);
}

static const pool_slot *order_slot(const term_walk *walk, size_t at)
{
    return &walk->reader->pool.slots[walk->order->slots[at]];
}

static const pool_slot *current_slot(const term_walk *walk)
{
    if (walk->backwards)
        return walk->order_at > 0 ? order_slot(walk, walk->order_at - 1) : NULL;
    return walk->order_at < walk->order->count ? order_slot(walk, walk->order_at) : NULL;
}

size_t pool_order_lower(const pool *pool, const pool_order *order, unsigned column, text from)
{
    size_t low = 0, high = order->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slot_compare(&pool->slots[order->slots[middle]], column, from) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

recto_status walk_begin(term_walk *walk, text from, recto_error *error)
{
    static const pool_order none = { 0 };
    index_key key;
    walk->order = &none;
    bool from_end = walk->backwards && from.length == 0;
    from.length = term_length(from);
    key_make(&key, from_end ? walk->column + 1 : walk->column, from);
    walk->cursors = calloc(walk->reader->count + 1, sizeof *walk->cursors);
    if (walk->cursors == NULL)
        return recto_fail_memory(error, "reading the index");
    recto_status status = pool_sorted(&walk->order, &walk->reader->pool, walk->column, error);
    if (status == RECTO_OK)
        walk->order_at = from_end ? walk->order->count : pool_order_lower(&walk->reader->pool, walk->order, walk->column, from);
    for (size_t i = 0; i < walk->reader->count; i++)
        cursor_init(&walk->cursors[i], &walk->reader->segments[i].view);
    for (size_t i = 0; status == RECTO_OK && i < walk->reader->count; i++)
        if (walk->tier == KEPT_TIERS || walk->reader->segments[i].tier == walk->tier)
            status = cursor_seek(&walk->cursors[i], &key, walk->backwards, error);
    return status;
}

/* The term a cursor stands on, if it is of our column. */
bool walk_cursor_term(text *out, const term_walk *walk, const cursor *cursor)
{
    if (cursor->ended)
        return false;
    *out = cursor_key(cursor);
    if ((unsigned char)out->bytes[0] != walk->column)
        return false;
    *out = text_of(out->bytes + 1, out->length - 1);
    return true;
}

text walk_next(const term_walk *walk)
{
    text best = { NULL, 0 }, term;
    for (size_t i = 0; i < walk->reader->count; i++) {
        if (!walk_cursor_term(&term, walk, &walk->cursors[i]))
            continue;
        int order = best.bytes == NULL ? 0 : key_compare(term.bytes, term.length, best.bytes, best.length);
        if (best.bytes == NULL || (walk->backwards ? order > 0 : order < 0))
            best = term;
    }
    return best;
}

/* The next term of any source. false: none is left */
static bool next_term(index_key *out, const term_walk *walk)
{
    text best = walk_next(walk);
    const pool_slot *slot = current_slot(walk);
    if (slot != NULL) {
        int order = best.bytes == NULL ? 0 : key_compare(slot->term, slot->length, best.bytes, best.length);
        if (best.bytes == NULL || (walk->backwards ? order > 0 : order < 0))
            best = text_of((const char *)slot->term, slot->length);
    }
    if (best.bytes != NULL)
        key_make(out, walk->column, best);
    return best.bytes != NULL;
}

/* What is done with the lists of a term: made to a set, or counted. */
typedef struct term_use {
    index_set *set;
    bool counting;
    const index_set *within;
    const bit_table *table; /* of `within` */
    const index_set *past;  /* of the tier; NULL for entries */
    uint64_t count;
} term_use;

static bool wanted_document(const term_use *use, const index_set *hidden, index_document document)
{
    return !index_set_has(hidden, document) && !index_set_has(use->past, document) &&
           (use->table == NULL || bit_table_has(use->table, document));
}

static recto_status use_short(term_use *use, term_walk *walk, const index_set *hidden, const index_document *documents,
                              size_t count, recto_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (!wanted_document(use, hidden, documents[i]))
            continue;
        use->count++;
        if (!use->counting && !gather_document(&walk->gather, documents[i]))
            return recto_fail_memory(error, "reading the index");
    }
    return RECTO_OK;
}

static recto_status use_list(term_use *use, term_walk *walk, const list_ref *list, const index_set *hidden, recto_error *error)
{
    index_document room[INLINE_BYTES_MAX];
    size_t count = 0;
    recto_status status = list_short(room, &count, list, error);
    if (status != RECTO_OK)
        return status;
    if (count != SIZE_MAX)
        return use_short(use, walk, hidden, room, count, error);
    if (use->counting && hidden == NULL && use->past == NULL) {
        uint64_t all = 0;
        status = use->table == NULL ? list_count(&all, list, error) : list_count_in(&all, list, use->table, error);
        use->count += all;
        return status;
    }
    gather gather = { 0 };
    index_set *set = NULL;
    status = gather_list(&gather, list, error);
    if (status == RECTO_OK)
        status = gather_end(&set, &gather, error);
    gather_release(&gather);
    if (status != RECTO_OK)
        return status;
    index_set_and_not(set, hidden);
    index_set_and_not(set, use->past);
    if (use->counting) {
        use->count += use->within == NULL ? index_set_count(set) : index_set_count_both(set, use->within);
        index_set_free(set);
    } else if (use->set == NULL) {
        use->set = set;
    } else {
        index_set_or(use->set, set);
        index_set_free(set);
    }
    return RECTO_OK;
}

static recto_status use_entries(term_use *use, term_walk *walk, text term, recto_error *error)
{
    recto_status status = RECTO_OK;
    const pool_slot *slot;
    while (status == RECTO_OK && (slot = current_slot(walk)) != NULL && slot_compare(slot, walk->column, term) == 0) {
        status = use_short(use, walk, NULL, &walk->reader->pool.entries[slot->entry].document, 1, error);
        walk->order_at += walk->backwards ? SIZE_MAX : 1;
    }
    return status;
}

static recto_status use_term(term_use *use, term_walk *walk, const index_key *key, recto_error *error)
{
    text wanted = text_of((const char *)key->bytes + 1, key->length - 1), term;
    recto_status status = RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < walk->reader->count; i++) {
        cursor *cursor = &walk->cursors[i];
        if (!walk_cursor_term(&term, walk, cursor) || key_compare(term.bytes, term.length, wanted.bytes, wanted.length) != 0)
            continue;
        const reader_segment *segment = &walk->reader->segments[i];
        list_ref list = { &segment->view, cursor->terms[cursor->at].flags, cursor_payload(cursor) };
        use->past = walk->reader->past[segment->tier];
        status = use_list(use, walk, &list, segment->hidden, error);
        if (status == RECTO_OK)
            status = cursor_step(cursor, walk->backwards, error);
    }
    use->past = NULL;
    return status != RECTO_OK ? status : use_entries(use, walk, wanted, error);
}

/* Loose documents go to the set. */
static recto_status use_end(term_use *use, term_walk *walk, recto_error *error)
{
    index_set *loose = NULL;
    if (use->counting || gather_is_empty(&walk->gather))
        return RECTO_OK;
    recto_status status = gather_end(&loose, &walk->gather, error);
    if (status != RECTO_OK)
        return status;
    if (use->set == NULL) {
        use->set = loose;
        return RECTO_OK;
    }
    index_set_or(use->set, loose);
    index_set_free(loose);
    return RECTO_OK;
}

recto_status index_terms(index_reader *reader, unsigned column, text from, bool backwards, index_term_visit visit, void *context,
                         recto_error *error)
{
    term_walk walk = { .reader = reader, .tier = KEPT_TIERS, .column = column, .backwards = backwards };
    kept_pair kept = { false };
    index_key key;
    bool more = column > 0 && column <= INDEX_COLUMNS_MAX;
    recto_status status = more ? kept_column_get(&kept, reader, column, -1, error) : RECTO_OK;
    if (status == RECTO_OK && kept.is_kept)
        return kept_terms(reader, &kept, from, backwards, visit, context, error);
    if (status == RECTO_OK && more)
        status = walk_begin(&walk, from, error);
    while (status == RECTO_OK && more && next_term(&key, &walk)) {
        term_use use = { 0 };
        status = use_term(&use, &walk, &key, error);
        if (status == RECTO_OK)
            status = use_end(&use, &walk, error);
        if (status == RECTO_OK && !set_is_empty(use.set))
            more = visit(context, text_of((const char *)key.bytes + 1, key.length - 1), use.set);
        index_set_free(use.set);
    }
    walk_release(&walk);
    return status;
}

/* The long way, where the column is not kept. */
static recto_status count_all(index_reader *reader, unsigned column, const index_set *within, index_count_visit visit,
                              void *context, recto_error *error)
{
    term_walk walk = { .reader = reader, .tier = KEPT_TIERS, .column = column };
    index_key key;
    bool more = true;
    bit_table *table = within == NULL ? NULL : bit_table_new(within);
    recto_status status = within != NULL && table == NULL ? recto_fail_memory(error, "reading the index") : RECTO_OK;
    if (status == RECTO_OK)
        status = walk_begin(&walk, text_of(NULL, 0), error);
    while (status == RECTO_OK && more && next_term(&key, &walk)) {
        term_use use = { .counting = true, .within = within, .table = table };
        status = use_term(&use, &walk, &key, error);
        if (status == RECTO_OK && use.count > 0)
            more = visit(context, text_of((const char *)key.bytes + 1, key.length - 1), use.count);
    }
    bit_table_free(table);
    walk_release(&walk);
    return status;
}

recto_status index_counts(index_reader *reader, unsigned column, const index_set *within, index_count_visit visit, void *context,
                          recto_error *error)
{
    kept_pair kept = { false };
    if (column == 0 || column > INDEX_COLUMNS_MAX)
        return RECTO_OK;
    recto_status status = kept_column_get(&kept, reader, column, -1, error);
    if (status != RECTO_OK)
        return status;
    return kept.is_kept ? kept_counts(reader, &kept, within, visit, context, error)
                        : count_all(reader, column, within, visit, context, error);
}

/* ---- terms that count as one ---- */

typedef struct joined_count {
    int separator;
    const index_set *within;
    index_count_visit visit;
    void *context;
    unsigned char term[INDEX_TERM_BYTES_MAX];
    size_t length;
    index_set *set; /* of the term so far; NULL: none was seen yet */
    bool failed;
} joined_count;

static bool give_joined(joined_count *joined)
{
    const uint64_t count =
        joined->within == NULL ? index_set_count(joined->set) : index_set_count_both(joined->set, joined->within);
    index_set_free(joined->set);
    joined->set = NULL;
    return count == 0 || joined->visit(joined->context, text_of((const char *)joined->term, joined->length), count);
}

static bool join_term(void *context, text term, const index_set *documents)
{
    joined_count *joined = context;
    const char *end = term.length == 0 ? NULL : memchr(term.bytes, joined->separator, term.length);
    const size_t length = end != NULL ? (size_t)(end - term.bytes) : term.length;
    if (joined->set != NULL && joined->length == length && memcmp(joined->term, term.bytes, length) == 0) {
        index_set_or(joined->set, documents);
        return true;
    }
    if (joined->set != NULL && !give_joined(joined))
        return false;
    memcpy(joined->term, term.bytes, length);
    joined->length = length;
    joined->set = index_set_copy(documents);
    joined->failed = joined->set == NULL;
    return !joined->failed;
}

recto_status index_counts_joined(index_reader *reader, unsigned column, char separator, const index_set *within,
                                 index_count_visit visit, void *context, recto_error *error)
{
    kept_pair kept = { false };
    joined_count joined = { .separator = (unsigned char)separator, .within = within, .visit = visit, .context = context };
    if (column == 0 || column > INDEX_COLUMNS_MAX)
        return RECTO_OK;
    recto_status status = kept_column_get(&kept, reader, column, joined.separator, error);
    if (status == RECTO_OK && kept.is_kept)
        return kept_counts(reader, &kept, within, visit, context, error);
    if (status == RECTO_OK)
        status = index_terms(reader, column, text_of(NULL, 0), false, join_term, &joined, error);
    if (status == RECTO_OK && joined.failed)
        status = recto_fail_memory(error, "reading the index");
    if (status == RECTO_OK && joined.set != NULL)
        (void)give_joined(&joined);
    index_set_free(joined.set);
    return status;
}
