/* src/index/find.c - the documents of a term, of all terms with a beginning, and of a range of terms. */
#include "reader.h"

typedef struct wanted {
    const uint8_t *columns;
    enum { WANT_TERM, WANT_BEGINNING, WANT_RANGE } kind;
    text from, to;
} wanted;

static text cut(text term)
{
    return text_of(term.bytes, term_length(term));
}

/* Whether terms from here on are beyond what is wanted; `term` is not before wanted->from. */
static bool is_beyond(const wanted *wanted, const void *term, size_t length)
{
    text from = wanted->from, to = wanted->to;
    if (wanted->kind == WANT_BEGINNING)
        return length < from.length || (from.length > 0 && memcmp(term, from.bytes, from.length) != 0);
    return to.length > 0 && key_compare(term, length, to.bytes, to.length) > 0;
}

/* ---- segments ---- */

static recto_status find_in_segment(index_reader *reader, const segment_view *view, unsigned column, text term,
                                    recto_error *error)
{
    index_key key;
    dict_entry entry;
    key_make(&key, column, term);
    recto_status status = tree_find(&entry, view, &key, error);
    if (status == RECTO_ENOTFOUND)
        return RECTO_OK;
    list_ref list = { view, entry.flags, entry.payload };
    return status != RECTO_OK ? status : gather_list(&reader->gather, &list, error);
}

/* From a key on, over as many leaves as there are; `passed`: the key itself was taken before. */
static recto_status scan_leaves(index_reader *reader, const segment_view *view, const index_key *key, bool passed,
                                const wanted *wanted, recto_error *error)
{
    cursor *cursor = &reader->scan;
    cursor->view = view;
    recto_status status = cursor_seek(cursor, key, false, error);
    if (status == RECTO_OK && passed && !cursor->ended) {
        text own = cursor_key(cursor);
        if (key_compare(own.bytes, own.length, key->bytes, key->length) == 0)
            status = cursor_step(cursor, false, error);
    }
    while (status == RECTO_OK && !cursor->ended) {
        text own = cursor_key(cursor);
        if ((unsigned char)own.bytes[0] != key->bytes[0] || is_beyond(wanted, own.bytes + 1, own.length - 1))
            break;
        list_ref list = { view, cursor->terms[cursor->at].flags, cursor_payload(cursor) };
        status = gather_list(&reader->gather, &list, error);
        if (status == RECTO_OK)
            status = cursor_step(cursor, false, error);
    }
    return status;
}

/* Most often nothing is there, or one term with a short list: then one leaf is looked into, and nothing taken out of it. */
static recto_status scan_segment(index_reader *reader, const segment_view *view, unsigned column, const wanted *wanted,
                                 recto_error *error)
{
    index_key key;
    leaf_scan scan;
    key_make(&key, column, wanted->from);
    recto_status status = tree_lower(&scan, view, &key, error);
    if (status != RECTO_OK)
        return status;
    if (scan.order < 0)
        return scan.block.count == 0 ? RECTO_OK : scan_leaves(reader, view, &key, false, wanted, error);
    for (bool more = true; status == RECTO_OK && more;) {
        const dict_entry *entry = &scan.entry;
        if (entry->key[0] != column || is_beyond(wanted, entry->key + 1, entry->key_length - 1))
            return RECTO_OK;
        key.length = entry->key_length;
        memcpy(key.bytes, entry->key, key.length);
        if ((entry->flags >> 1 & 3) != LIST_INLINE) /* the leaf is lent no longer when a list is got */
            return scan_leaves(reader, view, &key, false, wanted, error);
        status = gather_list(&reader->gather, &(list_ref){ view, entry->flags, entry->payload }, error);
        if (status == RECTO_OK)
            status = leaf_next(&more, &scan, view, error);
    }
    return status != RECTO_OK ? status : scan_leaves(reader, view, &key, true, wanted, error);
}

/* ---- entries ---- */

static bool find_in_entries(index_reader *reader, unsigned column, text term)
{
    const pool *pool = &reader->pool;
    uint32_t hash = key_hash(column, term.bytes, term.length);
    for (uint32_t next = pool_first(pool, hash); next != 0; next = pool->slots[next - 1].next) {
        const pool_slot *slot = &pool->slots[next - 1];
        const pool_entry *entry = &pool->entries[slot->entry];
        if (slot_is(slot, hash, column, term) && !entry->dead && !gather_document(&reader->gather, entry->document))
            return false;
    }
    return true;
}

static bool scan_entries(index_reader *reader, unsigned column, const wanted *wanted)
{
    const pool *pool = &reader->pool;
    for (size_t i = 0; i < pool->count; i++) {
        const pool_entry *entry = &pool->entries[i];
        if (entry->dead || entry->slots == 0)
            continue;
        uint32_t at = pool_lower(pool, entry, column, wanted->from);
        const pool_slot *slot = &pool->slots[at];
        if (at == entry->first_slot + entry->slots || slot->column != column || is_beyond(wanted, slot->term, slot->length))
            continue;
        if (!gather_document(&reader->gather, entry->document))
            return false;
    }
    return true;
}

/* ---- all of them ---- */

/* Without what newer segments hide. Lists of segments of which nothing is hidden are gathered together. */
static recto_status find_in_tier(index_set **result, index_reader *reader, int tier, const wanted *wanted, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < reader->tier_counts[tier]; i++) {
        const reader_segment *segment = &reader->segments[reader->tiers[tier][i]];
        if (segment->hidden != NULL)
            status = reader_take(result, &reader->gather, NULL, error);
        for (const uint8_t *column = wanted->columns; status == RECTO_OK && *column != 0; column++)
            status = wanted->kind == WANT_TERM ? find_in_segment(reader, &segment->view, *column, wanted->from, error)
                                               : scan_segment(reader, &segment->view, *column, wanted, error);
        if (status == RECTO_OK && segment->hidden != NULL)
            status = reader_take(result, &reader->gather, segment->hidden, error);
    }
    return status == RECTO_OK ? reader_take(result, &reader->gather, NULL, error) : status;
}

/* Adds what a tier has, without what is past. */
static recto_status find_kept(index_set **result, index_reader *reader, int tier, const kept_key *key, const wanted *wanted,
                              recto_error *error)
{
    kept *kept = &reader->kept[tier];
    if (reader->tier_counts[tier] == 0)
        return RECTO_OK;
    index_set *found = kept_copy(kept, key);
    recto_status status = RECTO_OK;
    if (found == NULL) {
        status = find_in_tier(&found, reader, tier, wanted, error);
        if (status == RECTO_OK)
            kept_remember(kept, key, found);
    }
    return reader_join(result, found, reader->past[tier], status);
}

static recto_status find_in_segments(index_set **result, index_reader *reader, const wanted *wanted, recto_error *error)
{
    kept_key key;
    recto_status status = reader_settle(reader, error);
    kept_key_begin(&key, wanted->kind, wanted->columns);
    kept_key_add(&key, wanted->from);
    kept_key_add(&key, wanted->to);
    for (int tier = 0; status == RECTO_OK && tier < KEPT_TIERS; tier++)
        status = find_kept(result, reader, tier, &key, wanted, error);
    return status;
}

static recto_status find_all(index_set **out, index_reader *reader, const wanted *wanted, recto_error *error)
{
    index_set *result = NULL;
    bool term = wanted->kind == WANT_TERM;
    recto_status status = find_in_segments(&result, reader, wanted, error);
    for (const uint8_t *column = wanted->columns; status == RECTO_OK && reader->pool.living > 0 && *column != 0; column++)
        if (!(term ? find_in_entries(reader, *column, wanted->from) : scan_entries(reader, *column, wanted)))
            status = recto_fail_memory(error, "searching");
    if (status == RECTO_OK)
        status = reader_take(&result, &reader->gather, NULL, error);
    if (status != RECTO_OK)
        gather_release(&reader->gather); /* nothing of this search may come up in the next */
    return reader_finish(out, result, status, error);
}

recto_status index_find(index_set **out, index_reader *reader, const uint8_t *columns, text term, recto_error *error)
{
    return find_all(out, reader, &(wanted){ columns, WANT_TERM, cut(term), { 0 } }, error);
}

recto_status index_find_prefix(index_set **out, index_reader *reader, const uint8_t *columns, text beginning, recto_error *error)
{
    return find_all(out, reader, &(wanted){ columns, WANT_BEGINNING, cut(beginning), { 0 } }, error);
}

recto_status index_find_range(index_set **out, index_reader *reader, const uint8_t *columns, text from, text to,
                              recto_error *error)
{
    return find_all(out, reader, &(wanted){ columns, WANT_RANGE, cut(from), cut(to) }, error);
}

/* ---- one document: only its newest source is asked ---- */

static bool entry_holds(const pool *pool, const pool_entry *entry, unsigned column, text term)
{
    uint32_t at = pool_lower(pool, entry, column, term);
    return at < entry->first_slot + entry->slots && slot_compare(&pool->slots[at], column, term) == 0;
}

recto_status index_holds(bool *out, index_reader *reader, unsigned column, text term, index_document document, recto_error *error)
{
    *out = false;
    const pool_entry *newest = pool_find(&reader->pool, document);
    if (newest != NULL) {
        *out = entry_holds(&reader->pool, newest, column, cut(term));
        return RECTO_OK;
    }
    size_t i = reader->count;
    while (i > 0 && !index_set_has(reader->segments[i - 1].documents, document))
        i--;
    if (i == 0)
        return RECTO_OK;
    const segment_view *view = &reader->segments[i - 1].view;
    index_key key;
    dict_entry entry;
    key_make(&key, column, term);
    recto_status status = tree_find(&entry, view, &key, error);
    if (status == RECTO_ENOTFOUND)
        return RECTO_OK;
    list_ref list = { view, entry.flags, entry.payload };
    return status != RECTO_OK ? status : list_has(out, &list, document, error);
}
