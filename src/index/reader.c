/* src/index/reader.c - which segments and entries a reader sees, and what of them newer ones hide. */
#include "reader.h"

#include <stdlib.h>

index_reader *index_reader_new(const index_store *store)
{
    index_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    reader->store = *store;
    cursor_init(&reader->scan, NULL);
    return reader;
}

void index_reader_clear(index_reader *reader)
{
    for (size_t i = 0; i < reader->count; i++) {
        index_set_free(reader->segments[i].documents);
        index_set_free(reader->segments[i].hidden);
    }
    reader->count = 0;
    index_set_free(reader->entered);
    reader->entered = NULL;
    pool_clear(&reader->pool);
    kept_clear(&reader->kept);
    cache_clear(&reader->cache); /* a number may come again with other blocks */
}

void index_reader_expect_few(index_reader *reader, const uint8_t *columns)
{
    for (; *columns != 0; columns++)
        reader->kept.few[*columns] = true;
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
    free(reader->places[0]);
    free(reader->places[1]);
    free(reader);
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

recto_status index_reader_add_segment(index_reader *reader, const index_segment_info *info, index_set *documents,
                                      recto_error *error)
{
    recto_status status = RECTO_OK;
    if (reader->pool.count > 0)
        status = recto_fail(error, RECTO_EINVALID, NULL, NULL, "segments of an index come before its entries");
    else if (!grow_array((void **)&reader->segments, &reader->capacity, reader->count, sizeof *reader->segments))
        status = recto_fail_memory(error, "opening the index");
    for (size_t i = 0; status == RECTO_OK && i < reader->count; i++)
        status = hide(&reader->segments[i], documents, error);
    if (status != RECTO_OK) {
        index_set_free(documents);
        return status;
    }
    kept_clear(&reader->kept);
    reader->segments[reader->count++] =
        (reader_segment){ { &reader->store, info->segment, info->root, info->blocks, &reader->cache }, documents, NULL };
    return RECTO_OK;
}

recto_status index_reader_add_entry(index_reader *reader, index_document document, text entry, recto_error *error)
{
    recto_status status = pool_add(&reader->pool, document, entry, error);
    if (status == RECTO_OK && reader->entered == NULL && (reader->entered = index_set_new()) == NULL)
        status = recto_fail_memory(error, "opening the index");
    if (status == RECTO_OK)
        index_set_add(reader->entered, document);
    return status;
}

size_t index_reader_entries(const index_reader *reader)
{
    return reader->pool.count;
}

recto_status reader_take(index_set **result, gather *gather, const index_set *hidden, recto_error *error)
{
    if (gather->set == NULL && gather->count == 0)
        return RECTO_OK;
    index_set *set = NULL;
    recto_status status = gather_end(&set, gather, error);
    if (status != RECTO_OK)
        return status;
    index_set_and_not(set, hidden);
    if (*result == NULL) {
        *result = set;
        return RECTO_OK;
    }
    index_set_or(*result, set);
    index_set_free(set);
    return RECTO_OK;
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
