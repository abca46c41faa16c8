/* src/repo/rebuild.c - makes the posting index again from the records; no record is touched (RL-83).
 *
 * It is made while others work: the sequences of the pending entries up to now are what is replaced, records are read a few at a
 * time in the state they have then, and whoever saves meanwhile has a later sequence, which counts more. What is built stands
 * in segments that nobody reads, until one short transaction puts them in the place of the old ones. */
#include "authority_headings.h"
#include "held_segment.h"
#include "postings_inside.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 500 }; /* records that are read in one transaction */

typedef struct built_segment {
    index_segment_info info;
    index_set *documents;
} built_segment;

typedef struct rebuilding {
    repo *repo;
    postings *kept;
    index_builder *builder;
    built_segment *segments;
    size_t count;
    int64_t last;          /* sequence up to which all is replaced */
    int64_t document, end; /* done, and the last one there is */
    bool here;             /* all in the transaction that is open */
    held_segment blocks;   /* on their way into the database, in slices */
    recto_error *error;
} rebuilding;

/* ---- documents into the builder ---------------------------------------------------------------------------------- */

static recto_status add_document(rebuilding *work, int64_t document)
{
    recto_status status = postings_collect(work->kept->entry, work->repo, document, NULL, work->error);
    return status == RECTO_OK ? index_builder_add(work->builder, (index_document)document, work->kept->entry, work->error)
                              : status;
}

static recto_status add_batch(rebuilding *work)
{
    rows rows;
    recto_status status = RECTO_OK;
    int64_t reached = work->end;
    int seen = 0;
    (void)rows_open(&rows, work->repo, work->error, SQL_POSTING_BATCH, "iin", work->document, work->end, (int)BATCH);
    while (status == RECTO_OK && rows_next(&rows)) {
        int64_t document = row_int64(&rows, 0);
        if (row_int(&rows, 1) == 0)
            status = add_document(work, document);
        if (++seen == BATCH)
            reached = document;
    }
    recto_status closed = rows_close(&rows);
    work->document = reached;
    if (work->here)
        migration_reached(work->repo, reached, work->end);
    return status != RECTO_OK ? status : closed;
}

/* ---- a full builder becomes a segment ---------------------------------------------------------------------------- */

static recto_status begin_step(rebuilding *work)
{
    return work->here ? RECTO_OK : repo_begin(work->repo, work->error);
}

static recto_status end_step(rebuilding *work, recto_status status)
{
    return work->here ? status : change_end(work->repo, true, status, work->error);
}

static recto_status store_blocks(rebuilding *work, int64_t segment)
{
    recto_status status = RECTO_OK;
    for (size_t i = 0; i < work->blocks.count && status == RECTO_OK;) {
        const int64_t until = recto_clock_monotonic_ms() + SLICE_MILLISECONDS;
        status = begin_step(work);
        while (status == RECTO_OK && i < work->blocks.count) {
            status = postings_put(work->repo, segment, (uint32_t)i, held_block(&work->blocks, i), work->error);
            i++;
            if (!work->here && (recto_clock_monotonic_ms() >= until || queue_has_others(work->repo)))
                break;
        }
        status = work->repo->writing ? end_step(work, status) : status;
    }
    held_clear(&work->blocks);
    return status;
}

static recto_status write_segment(rebuilding *work)
{
    int64_t number = 0;
    built_segment built = { 0 };
    const index_store held = held_store(&work->blocks);
    if (index_builder_documents(work->builder) == 0)
        return RECTO_OK;
    built_segment *grown = realloc(work->segments, (work->count + 1) * sizeof *grown);
    if (grown == NULL)
        return recto_fail_memory(work->error, "building the index");
    work->segments = grown;
    recto_status status = begin_step(work);
    if (status == RECTO_OK) {
        status = segment_begin(&number, work->repo, 0, work->last, work->error);
        status = end_step(work, status);
    }
    if (status == RECTO_OK)
        status = index_builder_write(work->builder, &held, number, &built.info, &built.documents, work->error);
    if (status == RECTO_OK)
        status = store_blocks(work, number);
    if (status == RECTO_OK)
        work->segments[work->count++] = built;
    else
        index_set_free(built.documents);
    return status;
}

static recto_status build_all(rebuilding *work)
{
    recto_status status = RECTO_OK;
    while (work->document < work->end && status == RECTO_OK) {
        bool own = false;
        status = look_begin(work->repo, &own, work->error);
        if (status == RECTO_OK)
            status = add_batch(work);
        look_end(work->repo, own);
        if (status == RECTO_OK && index_builder_bytes(work->builder) >= POSTINGS_MEMORY)
            status = write_segment(work);
    }
    return status == RECTO_OK ? write_segment(work) : status;
}

/* ---- beginning and publishing ------------------------------------------------------------------------------------ */

static bool is_built(const rebuilding *work, int64_t number)
{
    for (size_t i = 0; i < work->count; i++)
        if (work->segments[i].info.segment == number)
            return true;
    return false;
}

static recto_status publish_all(rebuilding *work)
{
    segment_list list = { .rows = NULL };
    recto_status status = segments_read(&list, work->repo, work->error);
    for (size_t i = 0; i < list.count && status == RECTO_OK; i++)
        if (list.rows[i].last <= work->last && !is_built(work, list.rows[i].info.segment))
            status = segment_kill(work->repo, list.rows[i].info.segment, work->error);
    segment_list_free(&list);
    for (size_t i = 0; i < work->count && status == RECTO_OK; i++)
        status = segment_publish(work->repo, &work->segments[i].info, work->segments[i].documents, 0, work->last, work->error);
    if (status == RECTO_ENOTFOUND)
        status = recto_fail(work->error, RECTO_EREFUSED, work->repo->path, NULL,
                            "somebody else has rebuilt the index at the same time; it was left as that is");
    return status == RECTO_OK ? store_run(work->repo, work->error, SQL_PENDING_REMOVE, "ii", (int64_t)0, work->last) : status;
}

static recto_status read_range(rebuilding *work)
{
    rows rows;
    segment_list list = { .rows = NULL };
    (void)rows_open(&rows, work->repo, work->error, SQL_PENDING_RANGE, "");
    if (rows_next(&rows))
        work->last = row_int64(&rows, 1);
    recto_status status = rows_close(&rows);
    if (status == RECTO_OK)
        status = segments_read(&list, work->repo, work->error);
    for (size_t i = 0; i < list.count; i++)
        if (list.rows[i].last > work->last)
            work->last = list.rows[i].last;
    segment_list_free(&list);
    return status == RECTO_OK ? store_number(&work->end, work->repo, work->error, SQL_DOCUMENT_LAST, "") : status;
}

/* Counts of inventory stand in the row, and are searched for: they are set right first. */
static recto_status count_inventory(rebuilding *work)
{
    rows rows;
    recto_status status = RECTO_OK;
    (void)rows_open(&rows, work->repo, work->error, SQL_CHECK_INVENTORY_COUNTS, "");
    while (status == RECTO_OK && rows_next(&rows)) {
        int64_t document = 0;
        status = store_number(&document, work->repo, work->error, SQL_POSTING_DOCUMENT, "i", row_int64(&rows, 0));
        if (status == RECTO_OK)
            status = store_run(work->repo, work->error, SQL_BIB_COUNT_INVENTORY, "i", document);
    }
    recto_status closed = rows_close(&rows);
    return status != RECTO_OK ? status : closed;
}

/* The sequences up to now are read where they cannot grow meanwhile. */
static recto_status begin_all(rebuilding *work)
{
    recto_status status = begin_step(work);
    if (status != RECTO_OK)
        return status;
    status = count_inventory(work);
    if (status == RECTO_OK)
        status = read_range(work);
    return end_step(work, status);
}

static recto_status rebuild(rebuilding *work)
{
    recto_status status = postings_of(&work->kept, work->repo, work->error);
    work->builder = index_builder_new();
    held_init(&work->blocks);
    if (status == RECTO_OK && work->builder == NULL)
        status = recto_fail_memory(work->error, "building the index");
    if (status == RECTO_OK)
        status = authorities_mend(work->repo, work->error);
    if (status == RECTO_OK)
        status = begin_all(work);
    if (status == RECTO_OK)
        status = build_all(work);
    if (status == RECTO_OK)
        status = begin_step(work);
    if (status == RECTO_OK)
        status = end_step(work, publish_all(work));
    for (size_t i = 0; i < work->count; i++)
        index_set_free(work->segments[i].documents);
    free(work->segments);
    held_release(&work->blocks);
    index_builder_free(work->builder);
    return status;
}

/* Dead segments go now, so that the file does not keep both; each slice waits its turn among those who save. */
static recto_status remove_dead(repo *repo, int64_t until_ms, bool *more, recto_error *error)
{
    segment_list list = { .rows = NULL };
    bool gone = true;
    recto_status status = segments_read(&list, repo, error);
    for (size_t i = 0; i < list.count && status == RECTO_OK && gone; i++)
        if (list.rows[i].state == SEGMENT_DEAD)
            status = segment_remove(&gone, repo, list.rows[i].info.segment, until_ms, error);
    for (int64_t number = 0; status == RECTO_OK && gone;) {
        status = segment_stray(&number, repo, &list, error);
        if (status == RECTO_OK)
            status = segment_remove(&gone, repo, number, until_ms, error);
    }
    segment_list_free(&list);
    *more = !gone;
    return status == RECTO_ENOTFOUND ? RECTO_OK : status;
}

recto_status postings_rebuild_here(repo *repo, recto_error *error)
{
    rebuilding work = { .repo = repo, .here = true, .error = error };
    assert(repo->writing && "this rebuilding is a part of a transaction");
    recto_status status = rebuild(&work);
    bool more;
    return status == RECTO_OK ? remove_dead(repo, 0, &more, error) : status;
}

recto_status repo_rebuild_indexes(repo *repo, recto_error *error)
{
    rebuilding work = { .repo = repo, .error = error };
    bool more = true;
    if (repo->writing)
        return postings_rebuild_here(repo, error);
    recto_status status = rebuild(&work);
    while (status == RECTO_OK && more) {
        status = repo_begin(repo, error);
        if (status == RECTO_OK)
            status =
                change_end(repo, true, remove_dead(repo, recto_clock_monotonic_ms() + SLICE_MILLISECONDS, &more, error), error);
    }
    return status;
}

/* ---- for loads --------------------------------------------------------------------------------------------------- */

/* The segment's own range of sequences: behind all that was saved, before all that will be. */
static recto_status begin_held(int64_t *number, int64_t *sequence, repo *repo, recto_error *error)
{
    rebuilding range = { .repo = repo, .error = error };
    postings *kept = NULL;
    recto_status status = postings_of(&kept, repo, error);
    if (status == RECTO_OK)
        status = postings_flush(repo, CATCH_UP_FROM, INT64_MAX, error); /* documents of it are in no entry: they may stay */
    if (status == RECTO_OK)
        status = read_range(&range);
    *sequence = range.last + 1;
    return status == RECTO_OK ? segment_begin(number, repo, *sequence, *sequence, error) : status;
}

recto_status postings_add_held(repo *repo, const held_segment *held, recto_error *error)
{
    int64_t number = 0, sequence = 0;
    assert(repo->writing && "a segment is added in a transaction");
    recto_status status = begin_held(&number, &sequence, repo, error);
    for (size_t i = 0; i < held->count && status == RECTO_OK; i++)
        status = postings_put(repo, number, (uint32_t)i, held_block(held, i), error);
    index_segment_info info = held->info;
    info.segment = number;
    return status == RECTO_OK ? segment_publish(repo, &info, held->documents, sequence, sequence, error) : status;
}
