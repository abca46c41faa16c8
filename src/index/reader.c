/* src/index/reader.c - which segments and entries a reader sees, and what of them newer ones hide. */
#include "reader.h"

#include <stdlib.h>

enum { LARGE_DOCUMENTS = 16384 };

index_reader *index_reader_new(const index_store *store)
{
    index_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    reader->store = *store;
    reader->large = LARGE_DOCUMENTS;
    reader->kept[KEPT_LARGE].bytes_max = KEPT_LARGE_BYTES;
    reader->kept[KEPT_SMALL].bytes_max = KEPT_SMALL_BYTES;
    cursor_init(&reader->scan, NULL);
    return reader;
}

void index_reader_renew(index_reader *reader)
{
    for (size_t i = 0; i < reader->count; i++) {
        index_set_free(reader->segments[i].documents);
        index_set_free(reader->segments[i].hidden);
    }
    reader->count = 0;
    for (int tier = 0; tier < KEPT_TIERS; tier++) {
        index_set_free(reader->past[tier]);
        reader->past[tier] = NULL;
    }
    reader->settled = false;
    pool_clear(&reader->pool);
}

void index_reader_clear(index_reader *reader)
{
    index_reader_renew(reader);
    for (int tier = 0; tier < KEPT_TIERS; tier++)
        kept_clear(&reader->kept[tier]);
    cache_clear(&reader->cache); /* a number may come again with other blocks */
}

void index_reader_expect_few(index_reader *reader, const uint8_t *columns)
{
    for (; *columns != 0; columns++)
        reader->few[*columns] = true;
}

void index_reader_expect_large(index_reader *reader, uint64_t documents)
{
    reader->large = documents;
}

void index_reader_free(index_reader *reader)
{
    if (reader == NULL)
        return;
    index_reader_clear(reader);
    pool_release(&reader->pool);
    cursor_release(&reader->scan);
    gather_release(&reader->gather);
    free(reader->segments);
    free(reader->tiers[KEPT_LARGE]);
    free(reader->tiers[KEPT_SMALL]);
    free(reader->places[0]);
    free(reader->places[1]);
    free(reader);
}

/* What is found in small segments depends on all, since the large ones that are newer hide what they have. */
recto_status reader_settle(index_reader *reader, recto_error *error)
{
    if (reader->settled)
        return RECTO_OK;
    int64_t *numbers = malloc((reader->count + 1) * sizeof *numbers);
    recto_status status = RECTO_OK;
    if (numbers == NULL)
        return recto_fail_memory(error, "opening the index");
    for (int tier = 0; status == RECTO_OK && tier < KEPT_TIERS; tier++) {
        size_t *own = realloc(reader->tiers[tier], (reader->count + 1) * sizeof *own), count = 0, seen = 0;
        if (own == NULL) {
            status = recto_fail_memory(error, "opening the index");
            break;
        }
        reader->tiers[tier] = own;
        for (size_t i = 0; i < reader->count; i++) {
            if (reader->segments[i].tier == tier)
                own[count++] = i;
            if (reader->segments[i].tier == tier || tier == KEPT_SMALL)
                numbers[seen++] = reader->segments[i].view.segment;
        }
        reader->tier_counts[tier] = count;
        kept_settle(&reader->kept[tier], numbers, seen);
    }
    free(numbers);
    reader->settled = status == RECTO_OK;
    return status;
}

static recto_status hide(reader_segment *older, const index_set *newer, recto_error *error)
{
    if (newer == NULL || older->documents == NULL || !roaring_bitmap_intersect(older->documents->bits, newer->bits))
        return RECTO_OK;
    index_set *both = index_set_copy(older->documents);
    if (both == NULL)
        return recto_fail_memory(error, "opening the index");
    index_set_and(both, newer);
    if (older->hidden == NULL) {
        older->hidden = both;
        return RECTO_OK;
    }
    index_set_or(older->hidden, both);
    index_set_free(both);
    return RECTO_OK;
}

/* A newer small segment hides nothing of a large one by itself: what was found in large ones stays right. */
static recto_status hide_older(index_reader *reader, int tier, const index_set *documents, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < reader->count; i++)
        if (reader->segments[i].tier == KEPT_SMALL || tier == KEPT_LARGE)
            status = hide(&reader->segments[i], documents, error);
    if (status != RECTO_OK || documents == NULL)
        return status;
    index_set **past = &reader->past[KEPT_LARGE];
    if (tier == KEPT_LARGE)
        index_set_and_not(*past, documents);
    else if (*past == NULL && (*past = index_set_copy(documents)) == NULL)
        status = recto_fail_memory(error, "opening the index");
    else
        index_set_or(*past, documents);
    return status;
}

recto_status index_reader_add_segment(index_reader *reader, const index_segment_info *info, index_set *documents,
                                      recto_error *error)
{
    const int tier = info->documents >= reader->large ? KEPT_LARGE : KEPT_SMALL;
    recto_status status = RECTO_OK;
    if (reader->pool.count > 0)
        status = recto_fail(error, RECTO_EINVALID, NULL, NULL, "segments of an index come before its entries");
    else if (!grow_array((void **)&reader->segments, &reader->capacity, reader->count, sizeof *reader->segments))
        status = recto_fail_memory(error, "opening the index");
    if (status == RECTO_OK)
        status = hide_older(reader, tier, documents, error);
    if (status != RECTO_OK) {
        index_set_free(documents);
        return status;
    }
    reader->settled = false;
    reader->segments[reader->count++] = (reader_segment){
        { &reader->store, info->segment, info->root, info->blocks, &reader->cache, NULL }, documents, NULL, tier
    };
    return RECTO_OK;
}

recto_status index_reader_add_entry(index_reader *reader, index_document document, text entry, recto_error *error)
{
    recto_status status = pool_add(&reader->pool, document, entry, error);
    for (int tier = 0; status == RECTO_OK && tier < KEPT_TIERS; tier++) {
        if (reader->past[tier] == NULL && (reader->past[tier] = index_set_new()) == NULL)
            status = recto_fail_memory(error, "opening the index");
        else if (!index_set_add(reader->past[tier], document))
            status = recto_fail_memory(error, "opening the index");
    }
    return status;
}

size_t index_reader_entries(const index_reader *reader)
{
    return reader->pool.count;
}

recto_status reader_join(index_set **result, index_set *found, const index_set *past, recto_status status)
{
    if (status != RECTO_OK) {
        index_set_free(found);
        return status;
    }
    index_set_and_not(found, past);
    if (*result == NULL) {
        *result = found;
        return RECTO_OK;
    }
    index_set_or(*result, found);
    index_set_free(found);
    return RECTO_OK;
}

recto_status reader_take(index_set **result, gather *gather, const index_set *hidden, recto_error *error)
{
    if (gather_is_empty(gather))
        return RECTO_OK;
    index_set *set = NULL;
    recto_status status = gather_end(&set, gather, error);
    return reader_join(result, set, hidden, status);
}

recto_status reader_finish(index_set **out, index_set *result, recto_status status, recto_error *error)
{
    *out = NULL;
    if (status == RECTO_OK && result == NULL) {
        result = index_set_new();
        if (result == NULL)
            status = recto_fail_memory(error, "searching");
    }
    if (status == RECTO_OK)
        *out = result;
    else
        index_set_free(result);
    return status;
}
