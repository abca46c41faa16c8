/* src/repo/bulk.c - many new records at once: the same rows and the same terms as bibs.c writes one by one.
 *
 * Here a record is made ready, numbers are taken, and segments of many batches become few; bulk_batch.c gathers and stores. */
#include "bulk_inside.h"
#include "pack.h"
#include "postings_inside.h"
#include "recto/repo/bulk.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    MERGE_SLICE = 200,        /* milliseconds of a write transaction */
    SEGMENTS_MANY = 24,       /* of a size: they become one while the load goes on */
    SEGMENTS_MANY_LARGE = 48, /* ... of a large load */
    LARGE_LOAD = 4 * 1024 * 1024,
    SEGMENTS_SOME = 2,              /* ... when it ends */
    SEGMENTS_BEHIND = 64,           /* new ones, from which on merging goes before storing, as long as nobody waits for that */
    SEGMENTS_FAR_BEHIND = 192,      /* ... or waits */
    MERGE_DOCUMENTS = 384 * 1024,   /* at most, while the load has not brought many more */
    MERGE_SHARE = 2,                /* ... of a large one: a part of all that it has brought */
    LARGE_DOCUMENTS = 96 * 1024,    /* of a segment that is one of many already */
    LARGEST_DOCUMENTS = 768 * 1024, /* ... of many of these */
    LARGE_SOME = 3, /* of these become one when they are as many documents as may: each search looks into all of them */
    LARGE_MANY = 8, /* ... or in any case */
    MERGE_AT_END = 256 * 1024,
    SHARE_AT_END = 4,
    KEPT_BYTES = 256 * 1024 /* of a slot: what a giant took is given back */
};

/* ---- making ready: no repository ---------------------------------------------------------------------------------------- */

struct bulk_maker {
    packer *packer;
    buffer scratch, words[WORDS_SCRATCH];
};

recto_status bulk_maker_new(bulk_maker **out, recto_error *error)
{
    bulk_maker *made = calloc(1, sizeof *made);
    if (made == NULL)
        return recto_fail_memory(error, "loading");
    buffer_init(&made->scratch, 0);
    for (size_t i = 0; i < sizeof made->words / sizeof *made->words; i++)
        buffer_init(&made->words[i], 0);
    recto_status status = packer_new(&made->packer, error);
    if (status == RECTO_OK)
        *out = made;
    else
        bulk_maker_free(made);
    return status;
}

void bulk_maker_free(bulk_maker *maker)
{
    if (maker == NULL)
        return;
    packer_free(maker->packer);
    buffer_release(&maker->scratch);
    for (size_t i = 0; i < sizeof maker->words / sizeof *maker->words; i++)
        buffer_release(&maker->words[i]);
    free(maker);
}

recto_status bulk_slot_new(bulk_slot **out, recto_error *error)
{
    bulk_slot *made = calloc(1, sizeof *made);
    if (made != NULL)
        buffer_init(&made->packed, 0);
    if (made == NULL || (made->entry = index_entry_new()) == NULL) {
        bulk_slot_free(made);
        return recto_fail_memory(error, "loading");
    }
    *out = made;
    return RECTO_OK;
}

void bulk_slot_free(bulk_slot *slot)
{
    if (slot == NULL)
        return;
    buffer_release(&slot->packed);
    index_entry_free(slot->entry);
    free(slot);
}

static text text_or_empty(const char *string)
{
    return string != NULL ? text_from(string) : TEXT("");
}

/* What the row will say once it is stored: SQL_BIB_ADD with these values. */
static record_facts facts_of(const bulk_slot *slot)
{
    const bib_write *write = &slot->write;
    return (record_facts){
        .id = write->id,
        .zone = write->zone,
        .linked_to = write->linked_to,
        .brief_level = write->brief_level,
        .cataloging_level = write->cataloging_level,
        .created_at = write->now,
        .modified_at = write->now,
        .has_year = slot->brief.has_year,
        .year = slot->brief.year,
        .suppressed = write->suppressed > 0,
        .sync = write->sync != 0 ? text_of(&write->sync, 1) : TEXT("B"),
        .created_by = text_from(write->user),
        .modified_by = text_from(write->user),
        .originating_system = text_or_empty(write->originating_system),
        .material = text_or_empty(slot->brief.material),
        .title_key = text_from(slot->brief.title_key),
        .creator_key = text_from(slot->brief.creator_key),
    };
}

static recto_status forget_giant(bulk_slot *slot, size_t length, recto_error *error)
{
    if (length <= KEPT_BYTES)
        return RECTO_OK;
    index_entry_free(slot->entry);
    buffer_release(&slot->packed);
    buffer_init(&slot->packed, 0);
    slot->entry = index_entry_new();
    return slot->entry != NULL ? RECTO_OK : recto_fail_memory(error, "loading");
}

recto_status bulk_make(bulk_slot *slot, bulk_maker *maker, const bib_write *write, recto_error *error)
{
    assert(write->expected_version == 0 && write->user != NULL && write->origin != NULL);
    recto_status status = forget_giant(slot, slot->packed.length, error);
    if (status != RECTO_OK)
        return status;
    slot->write = *write;
    if (write->originating_version != NULL) {
        string_keep(slot->originating_version, sizeof slot->originating_version, text_from(write->originating_version));
        slot->write.originating_version = slot->originating_version;
    }
    if (!brief_make(&slot->brief, &maker->scratch, write->record))
        return recto_fail_memory(error, "making a record ready");
    buffer_clear(&maker->scratch);
    buffer_clear(&slot->packed);
    status = repo_record_encode(&maker->scratch, write->record, error);
    if (status == RECTO_OK)
        status = packer_pack(&slot->packed, maker->packer, buffer_text(&maker->scratch), error);
    if (status != RECTO_OK)
        return status;
    checksum_make(slot->checksum, buffer_text(&maker->scratch));
    const record_facts facts = facts_of(slot);
    status = postings_collect_new(slot->entry, maker->words, &facts, write->record, error);
    slot->write.record = NULL;
    return status;
}

/* ---- the repository ---------------------------------------------------------------------------------------------- */

recto_status bulk_new(bulk **out, repo *repo, int zone, recto_error *error)
{
    bulk *made = calloc(1, sizeof *made);
    if (made == NULL)
        return recto_fail_memory(error, "loading");
    made->repo = repo;
    made->zone = zone_by_id(repo, zone);
    *out = made;
    return RECTO_OK;
}

void bulk_free(bulk *bulk)
{
    if (bulk == NULL)
        return;
    merge_close(&bulk->merge);
    free(bulk);
}

recto_status bulk_numbers(bulk *bulk, int64_t count, int64_t *first, recto_error *error)
{
    assert(bulk->repo->writing && "numbers are taken in a transaction");
    recto_status status = bib_numbers_take(first, bulk->repo, bulk->zone->id, count, error);
    if (status == RECTO_OK)
        bulk->numbers_end = *first + count;
    return status;
}

mms_id bulk_id(const bulk *bulk, int64_t number)
{
    return bib_number_id(bulk->zone, number);
}

recto_status bulk_return_numbers(bulk *bulk, int64_t first, recto_error *error)
{
    return bib_numbers_return(bulk->repo, bulk->zone->id, first, bulk->numbers_end, error);
}

bool bulk_others_wait(const bulk *bulk)
{
    return queue_has_others(bulk->repo);
}

recto_status bulk_next_document(int64_t *out, bulk *bulk, recto_error *error)
{
    recto_status status = store_number(out, bulk->repo, error, SQL_DOCUMENT_LAST, "");
    ++*out;
    return status;
}

/* ---- fewer segments of many ----------------------------------------------------------------------------------------------- */

/* A merge writes the new segment before the old ones go, so it needs as much room as they have; what they took is used again for
 * the next records. Larger merges than these would leave much room unused when the load ends, and take longer than a small load
 * itself: they are left to repo_tidy, when nobody waits. */
static uint64_t merge_limit(const bulk *bulk, bool at_end)
{
    const uint64_t share = bulk->documents / (at_end ? SHARE_AT_END : MERGE_SHARE);
    const uint64_t least = at_end ? MERGE_AT_END : MERGE_DOCUMENTS;
    return share > least ? share : least;
}

/* The oldest of those chosen, as many as the limit allows, if these are enough. */
static bool cut_to_limit(size_t from, size_t *count, const segment_list *list, size_t enough, uint64_t limit)
{
    const size_t chosen = *count;
    while (*count > 1 && segments_documents(list, from, *count) > limit)
        --*count;
    return *count > 1 && (*count == chosen || *count >= enough);
}

/* Without the newest, which are small; but what somebody builds of them stays in sight. */
static segment_list older_segments(const segment_list *list, uint64_t least)
{
    segment_list older = *list;
    while (older.count > 0 && older.rows[older.count - 1].state != SEGMENT_BUILDING &&
           older.rows[older.count - 1].info.documents < least)
        older.count--;
    return older;
}

/* A document is written anew by each merge, so the large ones wait until their merge is a large one, too. */
static bool choose_large(size_t *from, size_t *count, const segment_list *list, uint64_t least, uint64_t limit)
{
    const segment_list older = older_segments(list, least);
    segments_choose(&older, LARGE_SOME, from, count);
    return (*count >= LARGE_MANY || segments_documents(list, *from, *count) >= limit) &&
           cut_to_limit(*from, count, list, LARGE_SOME, limit);
}

static bool choose_for_load(size_t *from, size_t *count, const segment_list *list, const bulk *bulk)
{
    const uint64_t limit = merge_limit(bulk, false);
    segments_choose(list, bulk->documents < LARGE_LOAD ? SEGMENTS_MANY : SEGMENTS_MANY_LARGE, from, count);
    return cut_to_limit(*from, count, list, LARGE_SOME, limit) || choose_large(from, count, list, LARGE_DOCUMENTS, limit) ||
           choose_large(from, count, list, LARGEST_DOCUMENTS, limit);
}

static bool choose_at_end(size_t *from, size_t *count, const segment_list *list, const bulk *bulk)
{
    segments_choose(list, SEGMENTS_SOME, from, count);
    return cut_to_limit(*from, count, list, SEGMENTS_SOME, merge_limit(bulk, true));
}

static size_t small_segments(const segment_list *list)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        count += list->rows[i].state == SEGMENT_LIVE && list->rows[i].info.documents < LARGE_DOCUMENTS;
    return count;
}

static recto_status begin_merge(bulk *bulk, bool at_end, recto_error *error)
{
    segment_list list = { .count = 0 };
    size_t from = 0, count = 0;
    recto_status status = segments_read(&list, bulk->repo, error);
    if (status == RECTO_OK && (at_end ? choose_at_end : choose_for_load)(&from, &count, &list, bulk))
        status = merge_open(&bulk->merge, bulk->repo, &bulk->repo->postings->store, &list, from, count, error);
    bulk->small = small_segments(&list);
    segment_list_free(&list);
    return status;
}

bool bulk_merges_first(const bulk *bulk, bool others_wait)
{
    return bulk->small >= (others_wait ? SEGMENTS_FAR_BEHIND : SEGMENTS_BEHIND);
}

static recto_status remove_slice(repo *repo, bool *more, recto_error *error)
{
    segment_list list = { .count = 0 };
    bool gone = true;
    const int64_t until = recto_clock_monotonic_ms() + MERGE_SLICE;
    recto_status status = segments_read(&list, repo, error);
    for (size_t i = 0; i < list.count && status == RECTO_OK && gone; i++)
        if (list.rows[i].state == SEGMENT_DEAD)
            status = segment_remove(&gone, repo, list.rows[i].info.segment, until, error);
    segment_list_free(&list);
    *more = !gone;
    return status;
}

/* Before another merge the blocks of what the last one has replaced go, so that the new one uses their room. */
static recto_status merge_slice(bulk *bulk, bool at_end, bool *more, recto_error *error)
{
    bool done = false;
    recto_status status = RECTO_OK;
    if (bulk->merge.number == 0) {
        status = remove_slice(bulk->repo, more, error);
        if (status != RECTO_OK || *more)
            return status;
        status = begin_merge(bulk, at_end, error);
    }
    *more = bulk->merge.number != 0;
    if (status == RECTO_OK && *more)
        status = merge_go_on(&done, &bulk->merge, bulk->repo, recto_clock_monotonic_ms() + MERGE_SLICE, error);
    if (status != RECTO_OK || done)
        merge_close(&bulk->merge);
    return status;
}

/* Relaxed: what a power cut takes back is only done again. */
recto_status bulk_merge(bulk *bulk, bool at_end, bool *more, recto_error *error)
{
    bool own = false;
    *more = false;
    if (bulk->segments < (at_end ? 1 : SEGMENTS_MANY))
        return RECTO_OK;
    recto_status status = change_begin_relaxed(bulk->repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = merge_slice(bulk, at_end, more, error);
    status = change_end(bulk->repo, own, status, error);
    if (status != RECTO_OK || !*more)
        bulk->segments = SEGMENTS_MANY - 1; /* the next one may make them enough */
    if (status == RECTO_ENOTFOUND) {        /* somebody has rebuilt the index meanwhile */
        *more = false;
        status = RECTO_OK;
    }
    return status;
}
