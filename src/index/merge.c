/* src/index/merge.c - a row of segments and entries into one segment, term by term, a slice at a time.
 *
 * Segments are gone through in step by their cursors; all entries together are one more source, sorted. What newer sources say
 * of a document hides what older ones said, so every document comes from one source only. Long lists go to merge_long.c. */
#include "entry.h"
#include "merge_join.h"
#include "merge_long.h"

#include <stdlib.h>

enum { LONG_FROM = 8192, TERM_WORK = 4 }; /* what a term costs beside its postings, in postings */

typedef struct merge_source {
    segment_view view;
    kept_pack pack;
    cursor cursor;
    index_document first, last; /* of its documents */
    index_set *hidden;          /* documents of it that newer sources have; NULL: none */
} merge_source;

struct index_merge {
    writer *writer;
    merge_source *sources; /* segments only, oldest first */
    size_t count;
    uint64_t *prefixes; /* of each source: the first eight bytes of the key it stands on, NO_PREFIX at its end */
    size_t *holders;    /* sources that stand on the lowest key */
    size_t holder_count;
    pool pool;
    const pool_order *order;
    size_t order_at;
    index_set *documents;
    uint64_t *seen[CHUNK_DOCUMENTS]; /* documents that hold a term; only when empty ones are to be dropped */
    bool drop_empty, begun;
    postings list, room, one;
    list_join join;
    bool apart;            /* the documents of the segments follow each other in their order, and none is hidden */
    long_merge *under_way; /* a term with long lists; NULL: none */
    uint64_t work;         /* of this step so far */
};

void index_merge_free(index_merge *merge)
{
    if (merge == NULL)
        return;
    for (size_t i = 0; i < merge->count; i++) {
        cursor_release(&merge->sources[i].cursor);
        buffer_release(&merge->sources[i].pack.body);
        index_set_free(merge->sources[i].hidden);
    }
    for (size_t i = 0; i < CHUNK_DOCUMENTS; i++)
        free(merge->seen[i]);
    free(merge->sources);
    free(merge->prefixes);
    free(merge->holders);
    pool_release(&merge->pool);
    index_set_free(merge->documents);
    join_release(&merge->join);
    postings_release(&merge->list);
    postings_release(&merge->room);
    postings_release(&merge->one);
    long_merge_free(merge->under_way);
    writer_free(merge->writer);
    free(merge);
}

/* ---- who hides whom ---- */

static recto_status add_segment(index_merge *merge, const index_source *source, const index_store *store, merge_source *out,
                                recto_error *error)
{
    out->view =
        (segment_view){ store, source->segment->segment, source->segment->root, source->segment->blocks, NULL, &out->pack };
    buffer_init(&out->pack.body, 0);
    cursor_init(&out->cursor, &out->view);
    if (source->documents == NULL)
        return RECTO_OK;
    out->first = roaring_bitmap_minimum(source->documents->bits);
    out->last = roaring_bitmap_maximum(source->documents->bits);
    if (roaring_bitmap_intersect(source->documents->bits, merge->documents->bits)) {
        out->hidden = index_set_copy(source->documents);
        if (out->hidden == NULL)
            return recto_fail_memory(error, "merging the index");
        index_set_and(out->hidden, merge->documents);
    }
    index_set_or(merge->documents, source->documents);
    return RECTO_OK;
}

/* From the newest to the oldest: merge->documents is what the newer ones have. Entries were put into the pool before. */
static recto_status add_sources(index_merge *merge, const index_source *sources, size_t count, const index_store *store,
                                recto_error *error)
{
    recto_status status = RECTO_OK;
    size_t segment = merge->count, entry = merge->pool.count;
    for (size_t i = count; status == RECTO_OK && i > 0; i--) {
        if (sources[i - 1].segment != NULL) {
            status = add_segment(merge, &sources[i - 1], store, &merge->sources[--segment], error);
            continue;
        }
        pool_entry *own = &merge->pool.entries[--entry];
        if (index_set_has(merge->documents, own->document))
            pool_kill(&merge->pool, own);
        if (!index_set_add(merge->documents, own->document))
            status = recto_fail_memory(error, "merging the index");
    }
    return status;
}

static recto_status prepare(index_merge *merge, const index_source *sources, size_t count, const index_store *store,
                            recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < count; i++) {
        if (sources[i].segment != NULL)
            merge->count++;
        else
            status = pool_add(&merge->pool, sources[i].document, sources[i].entry, error);
    }
    size_t segments = merge->count;
    merge->count = 0;
    if (status != RECTO_OK)
        return status;
    merge->sources = calloc(segments + 1, sizeof *merge->sources);
    merge->prefixes = calloc(segments + 1, sizeof *merge->prefixes);
    merge->holders = calloc(segments + 1, sizeof *merge->holders);
    if (merge->sources == NULL || merge->prefixes == NULL || merge->holders == NULL)
        return recto_fail_memory(error, "merging the index");
    merge->count = segments;
    return add_sources(merge, sources, count, store, error);
}

recto_status index_merge_new(index_merge **out, const index_source *sources, size_t count, const index_store *store,
                             int64_t segment, bool drop_empty, recto_error *error)
{
    *out = NULL;
    index_merge *merge = calloc(1, sizeof *merge);
    if (merge == NULL)
        return recto_fail_memory(error, "merging the index");
    merge->drop_empty = drop_empty;
    join_init(&merge->join);
    merge->writer = writer_new(store, segment);
    merge->documents = index_set_new();
    recto_status status = merge->writer == NULL || merge->documents == NULL ? recto_fail_memory(error, "merging the index")
                                                                            : prepare(merge, sources, count, store, error);
    if (status != RECTO_OK) {
        index_merge_free(merge);
        return status;
    }
    *out = merge;
    return RECTO_OK;
}

/* ---- documents that hold something ---- */

static bool mark_seen(index_merge *merge, index_document document)
{
    uint64_t **chunk = &merge->seen[document >> 16];
    if (*chunk == NULL && (*chunk = calloc(CHUNK_DOCUMENTS / 64, sizeof **chunk)) == NULL)
        return false;
    (*chunk)[(document & 0xFFFF) >> 6] |= UINT64_C(1) << (document & 63);
    return true;
}

static recto_status drop_unseen(index_merge *merge, recto_error *error)
{
    index_set *empty = index_set_new();
    index_document room[1024], after = 0;
    size_t count;
    bool added = empty != NULL;
    while (added && (count = index_set_list(merge->documents, after, room, 1024)) > 0) {
        for (size_t i = 0; added && i < count; i++) {
            const uint64_t *chunk = merge->seen[room[i] >> 16];
            if (chunk == NULL || (chunk[(room[i] & 0xFFFF) >> 6] >> (room[i] & 63) & 1) == 0)
                added = index_set_add(empty, room[i]);
        }
        after = room[count - 1];
    }
    if (added)
        index_set_and_not(merge->documents, empty);
    index_set_free(empty);
    return added ? RECTO_OK : recto_fail_memory(error, "merging the index");
}

/* ---- one term ---- */

static const pool_slot *entry_slot(const index_merge *merge)
{
    return merge->order_at < merge->order->count ? &merge->pool.slots[merge->order->slots[merge->order_at]] : NULL;
}

/* Most keys are told apart by their first bytes: the others are looked at only where these are alike. */
static const uint64_t NO_PREFIX = UINT64_MAX; /* no column is so high */

static void note_prefix(index_merge *merge, size_t number)
{
    const cursor *cursor = &merge->sources[number].cursor;
    uint64_t prefix = 0;
    if (cursor->ended) {
        merge->prefixes[number] = NO_PREFIX;
        return;
    }
    const text key = cursor_key(cursor);
    for (size_t i = 0; i < sizeof prefix; i++)
        prefix = prefix << 8 | (i < key.length ? (unsigned char)key.bytes[i] : 0);
    merge->prefixes[number] = prefix;
}

static recto_status step_source(index_merge *merge, size_t number, recto_error *error)
{
    recto_status status = cursor_step(&merge->sources[number].cursor, false, error);
    if (status == RECTO_OK)
        note_prefix(merge, number);
    return status;
}

/* The sources that stand on the lowest key of all segments, and that key; none when all are at their end. */
static text find_holders(index_merge *merge)
{
    text lowest = { NULL, 0 };
    uint64_t prefix = NO_PREFIX;
    merge->holder_count = 0;
    for (size_t i = 0; i < merge->count; i++)
        prefix = merge->prefixes[i] < prefix ? merge->prefixes[i] : prefix;
    for (size_t i = 0; i < merge->count && prefix != NO_PREFIX; i++) {
        if (merge->prefixes[i] != prefix)
            continue;
        const text key = cursor_key(&merge->sources[i].cursor);
        const int order = lowest.bytes == NULL ? -1 : key_compare(key.bytes, key.length, lowest.bytes, lowest.length);
        if (order < 0) {
            lowest = key;
            merge->holder_count = 0;
        }
        if (order <= 0)
            merge->holders[merge->holder_count++] = i;
    }
    return lowest;
}

/* The lowest key that anything stands on, and whether an entry does. false: all are at their end */
static bool lowest_key(index_key *out, bool *entries, index_merge *merge)
{
    const text lowest = find_holders(merge);
    const pool_slot *slot = entry_slot(merge);
    *entries = false;
    if (lowest.bytes != NULL) {
        out->length = lowest.length;
        memcpy(out->bytes, lowest.bytes, lowest.length);
    }
    if (slot == NULL)
        return lowest.bytes != NULL;
    index_key key;
    key_make(&key, slot->column, text_of((const char *)slot->term, slot->length));
    const int order = lowest.bytes == NULL ? -1 : key_compare(key.bytes, key.length, out->bytes, out->length);
    if (order < 0) {
        *out = key;
        merge->holder_count = 0;
    }
    *entries = order <= 0;
    return true;
}

static recto_status take_list(index_merge *merge, const merge_source *source, recto_error *error)
{
    const cursor *cursor = &source->cursor;
    list_ref list = { &source->view, cursor->terms[cursor->at].flags, cursor_payload(cursor) };
    if (source->hidden == NULL)
        return list_read(&merge->list, &list, error);
    postings_clear(&merge->one);
    recto_status status = list_read(&merge->one, &list, error);
    for (size_t i = 0; status == RECTO_OK && i < merge->one.count; i++) {
        if (index_set_has(source->hidden, merge->one.documents[i]))
            continue;
        size_t length;
        const unsigned char *group = postings_group(&merge->one, i, &length);
        if (!postings_append(&merge->list, merge->one.documents[i], group, length))
            status = recto_fail_memory(error, "merging the index");
    }
    return status;
}

static recto_status take_entries(index_merge *merge, const index_key *key, recto_error *error)
{
    text term = text_of((const char *)key->bytes + 1, key->length - 1);
    for (const pool_slot *slot; (slot = entry_slot(merge)) != NULL; merge->order_at++) {
        if (slot_compare(slot, key->bytes[0], term) != 0)
            break;
        const unsigned char *group = slot_group(slot);
        if (!postings_append(&merge->list, merge->pool.entries[slot->entry].document, group, (size_t)(group_end(group) - group)))
            return recto_fail_memory(error, "merging the index");
    }
    return RECTO_OK;
}

/* Only one source has the term, in its leaf, and hides none of it: the payload is taken as it is. */
static recto_status copy_term(bool *done, index_merge *merge, recto_error *error)
{
    merge_source *source = &merge->sources[merge->holders[0]];
    *done = false;
    if (source->hidden != NULL)
        return RECTO_OK;
    index_document room[INLINE_BYTES_MAX];
    size_t count = 0;
    list_ref list = { &source->view, source->cursor.terms[source->cursor.at].flags, cursor_payload(&source->cursor) };
    recto_status status = list_short(room, &count, &list, error);
    if (status != RECTO_OK || count == SIZE_MAX)
        return status;
    for (size_t i = 0; merge->drop_empty && i < count; i++)
        if (!mark_seen(merge, room[i]))
            return recto_fail_memory(error, "merging the index");
    *done = true;
    status = writer_inline(merge->writer, cursor_key(&source->cursor), list.flags, list.payload, error);
    return status != RECTO_OK ? status : step_source(merge, merge->holders[0], error);
}

static bool mark_joined(void *context, index_document document)
{
    return mark_seen(context, document);
}

static bool lie_apart(const index_merge *merge)
{
    for (size_t i = 0; i < merge->count; i++)
        if (merge->sources[i].hidden != NULL || (i > 0 && merge->sources[i].first <= merge->sources[i - 1].last))
            return false;
    return true;
}

/* Short lists of segments that lie apart are put end to end, if what comes of it fits a block and would not fit a leaf. */
static recto_status join_term(bool *done, index_merge *merge, const index_key *key, recto_error *error)
{
    list_join *join = &merge->join;
    bool fits = merge->apart;
    recto_status status = RECTO_OK;
    join_clear(join);
    for (size_t i = 0; fits && status == RECTO_OK && i < merge->holder_count; i++) {
        const merge_source *source = &merge->sources[merge->holders[i]];
        list_ref list = { &source->view, source->cursor.terms[source->cursor.at].flags, cursor_payload(&source->cursor) };
        status = join_add(&fits, join, &list, error);
    }
    *done = fits && join->count > INLINE_DOCUMENTS_MAX;
    if (status != RECTO_OK || !*done)
        return status;
    merge->work += join->count;
    status = writer_packed(merge->writer, text_of((const char *)key->bytes, key->length), (size_t)join->count,
                           buffer_text(&join->distances), buffer_text(&join->groups), error);
    for (size_t i = 0; status == RECTO_OK && i < merge->holder_count; i++)
        status = step_source(merge, merge->holders[i], error);
    return status;
}

/* Whether so much is to be moved for the term that it is done in pieces. */
static recto_status is_long(bool *out, const index_merge *merge, recto_error *error)
{
    uint64_t all = 0;
    recto_status status = RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < merge->holder_count; i++) {
        const merge_source *source = &merge->sources[merge->holders[i]];
        uint64_t count = 0;
        list_ref list = { &source->view, source->cursor.terms[source->cursor.at].flags, cursor_payload(&source->cursor) };
        if ((list.flags >> 1 & 3) == LIST_LARGE)
            status = list_count(&count, &list, error);
        all += count;
    }
    *out = all >= LONG_FROM;
    return status;
}

static recto_status begin_long(index_merge *merge, const index_key *key, recto_error *error)
{
    long_merge *begun = NULL;
    recto_status status =
        long_merge_new(&begun, merge->writer, key, merge->count + 1, merge->drop_empty ? merge->seen : NULL, error);
    merge->under_way = begun;
    for (size_t i = 0; status == RECTO_OK && i < merge->holder_count; i++) {
        merge_source *source = &merge->sources[merge->holders[i]];
        list_ref list = { &source->view, source->cursor.terms[source->cursor.at].flags, cursor_payload(&source->cursor) };
        status = long_merge_add(begun, &list, source->hidden, source->first, source->last, error);
        if (status == RECTO_OK)
            status = step_source(merge, merge->holders[i], error);
    }
    postings_clear(&merge->list);
    if (status == RECTO_OK)
        status = take_entries(merge, key, error);
    if (status == RECTO_OK && merge->list.count > 0)
        long_merge_add_postings(begun, &merge->list);
    return status;
}

static recto_status go_on_long(index_merge *merge, recto_error *error)
{
    bool done = false;
    recto_status status = long_merge_step(merge->under_way, &merge->work, &done, error);
    if (!done)
        return status;
    long_merge_free(merge->under_way);
    merge->under_way = NULL;
    return status;
}

static recto_status merge_term(index_merge *merge, const index_key *key, recto_error *error)
{
    recto_status status = RECTO_OK;
    postings_clear(&merge->list);
    for (size_t i = 0; status == RECTO_OK && i < merge->holder_count; i++) {
        status = take_list(merge, &merge->sources[merge->holders[i]], error);
        if (status == RECTO_OK)
            status = step_source(merge, merge->holders[i], error);
    }
    if (status == RECTO_OK)
        status = take_entries(merge, key, error);
    if (status == RECTO_OK && !postings_sort(&merge->list, &merge->room))
        status = recto_fail_memory(error, "merging the index");
    for (size_t i = 0; status == RECTO_OK && merge->drop_empty && i < merge->list.count; i++)
        if (!mark_seen(merge, merge->list.documents[i]))
            status = recto_fail_memory(error, "merging the index");
    merge->work += merge->list.count;
    if (status == RECTO_OK && merge->list.count > 0)
        status = writer_term(merge->writer, key->bytes, key->length, &merge->list, error);
    return status;
}

/* ---- slices ---- */

static recto_status begin(index_merge *merge, recto_error *error)
{
    index_key start = { .length = 0 };
    recto_status status = pool_sorted(&merge->order, &merge->pool, 0, error);
    for (size_t i = 0; status == RECTO_OK && i < merge->count; i++) {
        status = cursor_seek(&merge->sources[i].cursor, &start, false, error);
        if (status == RECTO_OK)
            note_prefix(merge, i);
    }
    merge->apart = lie_apart(merge);
    merge->join.visit = merge->drop_empty ? mark_joined : NULL;
    merge->join.context = merge;
    merge->begun = status == RECTO_OK;
    return status;
}

static recto_status finish(index_merge *merge, index_segment_info *out, index_set **documents, recto_error *error)
{
    recto_status status = writer_end(merge->writer, out, error);
    if (status == RECTO_OK && merge->drop_empty)
        status = drop_unseen(merge, error);
    if (status != RECTO_OK)
        return status;
    roaring_bitmap_run_optimize(merge->documents->bits);
    out->documents = index_set_count(merge->documents);
    *documents = merge->documents;
    merge->documents = NULL;
    return RECTO_OK;
}

static recto_status next_term(index_merge *merge, bool *ended, recto_error *error)
{
    index_key key;
    bool entries, copied = false, in_pieces = false;
    merge->work += TERM_WORK;
    *ended = !lowest_key(&key, &entries, merge);
    if (*ended)
        return RECTO_OK;
    recto_status status = merge->holder_count == 1 && !entries ? copy_term(&copied, merge, error) : RECTO_OK;
    if (status != RECTO_OK || copied)
        return status;
    if (!entries)
        status = join_term(&copied, merge, &key, error);
    if (status != RECTO_OK || copied)
        return status;
    status = is_long(&in_pieces, merge, error);
    if (status != RECTO_OK)
        return status;
    return in_pieces ? begin_long(merge, &key, error) : merge_term(merge, &key, error);
}

recto_status index_merge_step(index_merge *merge, uint64_t work, bool *done, index_segment_info *out, index_set **documents,
                              recto_error *error)
{
    recto_status status = merge->begun ? RECTO_OK : begin(merge, error);
    bool ended = false;
    *done = false;
    merge->work = 0;
    while (status == RECTO_OK && !ended && (work == 0 || merge->work < work))
        status = merge->under_way != NULL ? go_on_long(merge, error) : next_term(merge, &ended, error);
    if (status != RECTO_OK || !ended)
        return status;
    *done = true;
    return finish(merge, out, documents, error);
}
