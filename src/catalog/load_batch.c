/* src/catalog/load_batch.c - records made ready are gathered into batches; a batch is stored in one transaction.
 *
 * Gathering goes in the order of the file and knows no repository, so that any thread can do it while another stores the batch
 * before: the transaction holds up other writers only as long as the rows take to be written. */
#include "load_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BATCH_MS = 1000, /* until it is closed: about a second (RL-62) */
    BATCH_RECORDS = 12 * 1024,
    BATCH_RAW = 8 * 1024 * 1024, /* bytes of rejects */
    BATCH_SPECIALS = 4096,
    NUMBERS = 2 * BATCH_RECORDS, /* taken at once */
    NUMBERS_LOW = BATCH_RECORDS
};

recto_status batch_init(batch *batch, recto_error *error)
{
    buffer_init(&batch->raw, 0);
    return bulk_batch_new(&batch->rows, error);
}

static void drop_specials(batch *batch)
{
    for (size_t i = 0; i < batch->special_count; i++) {
        marc_record_free(batch->specials[i].record);
        free(batch->specials[i].reason);
    }
    batch->special_count = 0;
}

void batch_release(batch *batch)
{
    drop_specials(batch);
    free(batch->specials);
    buffer_release(&batch->raw);
    bulk_batch_free(batch->rows);
}

void batch_begin(batch *batch, const load *load)
{
    drop_specials(batch);
    buffer_clear(&batch->raw);
    bulk_batch_clear(batch->rows, load->first_document + (int64_t)load->documents);
    batch->before = load->documents;
    batch->begun = recto_clock_monotonic_ms();
    batch->read = 0;
    batch->ended = false;
    batch->status = RECTO_OK;
}

/* ---- gathering ------------------------------------------------------------------------------------------------------------ */

static load_special *next_special(batch *batch)
{
    if (batch->special_count == batch->special_capacity) {
        const size_t capacity = batch->special_capacity * 2 + 64;
        load_special *grown = realloc(batch->specials, capacity * sizeof *grown);
        if (grown == NULL)
            return NULL;
        batch->specials = grown;
        batch->special_capacity = capacity;
    }
    return &batch->specials[batch->special_count++];
}

static recto_status gather_special(batch *batch, const block *block, load_item *item, recto_error *error)
{
    const bool rejected = item->kind == ITEM_REJECTED;
    load_special *special = next_special(batch);
    if (special == NULL)
        return recto_fail_memory(error, "loading");
    *special = (load_special){ .record = rejected ? NULL : item->record,
                               .number = item->number,
                               .offset = item->offset,
                               .raw_start = batch->raw.length,
                               .raw_length = item->raw_length,
                               .reason = rejected ? strdup(item->reason) : NULL };
    if (!rejected)
        item->record = NULL; /* the block gets another */
    buffer_append(&batch->raw, block->raw.bytes + item->raw_start, item->raw_length);
    return buffer_failed(&batch->raw) || (rejected && special->reason == NULL) ? recto_fail_memory(error, "loading") : RECTO_OK;
}

recto_status batch_gather(batch *batch, block *block, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t i = 0; i < block->count && status == RECTO_OK; i++) {
        load_item *item = &block->items[i];
        status =
            item->kind == ITEM_READY ? bulk_batch_add(batch->rows, item->slot, error) : gather_special(batch, block, item, error);
    }
    batch->read += block->count;
    batch->numbers_end = block->end_number;
    batch->position = block->position;
    batch->last = block->last;
    batch->ended = block->status == RECTO_END;
    return status;
}

bool batch_is_due(const batch *batch, const load *load)
{
    const size_t share = load->share;
    return batch->ended || bulk_batch_count(batch->rows) + BLOCK_RECORDS > BATCH_RECORDS * share / BATCH_WHOLE ||
           bulk_batch_bytes(batch->rows) >= load->batch_bytes || batch->raw.length >= BATCH_RAW ||
           batch->special_count >= BATCH_SPECIALS * share / BATCH_WHOLE ||
           recto_clock_monotonic_ms() - batch->begun >= (int64_t)(BATCH_MS * share / BATCH_WHOLE);
}

/* Whoever waits for us to store a batch waits the shorter for the next ones; when nobody does they grow again (RL-67). */
static void choose_share(load *load, bool others)
{
    if (others)
        load->share = load->share / 2 > BATCH_LEAST ? load->share / 2 : BATCH_LEAST;
    else
        load->share = load->share < BATCH_WHOLE ? load->share + BATCH_LEAST / 8 : BATCH_WHOLE;
}

/* ---- numbers -------------------------------------------------------------------------------------------------------------- */

bool numbers_are_low(const load *load)
{
    return load->number_end - load->number < NUMBERS_LOW;
}

recto_status take_numbers(load *load, recto_error *error)
{
    int64_t first = 0;
    if (!numbers_are_low(load))
        return RECTO_OK;
    recto_status status = bulk_numbers(load->bulk, NUMBERS, &first, error);
    if (status != RECTO_OK)
        return status;
    if (first != load->number_end)
        load->number = load->range_first = first; /* others have taken some meanwhile */
    load->number_end = first + NUMBERS;
    return RECTO_OK;
}

/* ---- storing -------------------------------------------------------------------------------------------------------------- */

static recto_status tell_reject(load *load, const batch *batch, const load_special *special, const char *reason,
                                recto_error *error)
{
    const load_reject reject = { .number = special->number,
                                 .offset = special->offset,
                                 .raw = text_of(batch->raw.bytes + special->raw_start, special->raw_length),
                                 .reason = reason };
    load->counts->rejected++;
    return load->request->reject(load->request->context, &reject, error);
}

/* An authority record that is known by its numbers becomes the next version of that one. */
static recto_status store_authority(load *load, const batch *batch, const load_special *special, recto_error *error)
{
    ingest_outcome outcome;
    const ingest_request request = {
        .record = special->record, .zone = load->request->zone->id, .policy = load->request->policy, .join_transaction = true
    };
    recto_status status = ingest_run(&outcome, load->catalog, &request, NULL, error);
    if (status != RECTO_OK)
        return status;
    const bool stored = outcome.kind == OUTCOME_ADDED || outcome.kind == OUTCOME_UPDATED || outcome.kind == OUTCOME_UNCHANGED;
    load->counts->authorities += stored;
    load->counts->updated += outcome.kind == OUTCOME_UPDATED;
    load->counts->unchanged += outcome.kind == OUTCOME_UNCHANGED;
    load->counts->added += outcome.kind == OUTCOME_ADDED;
    if (!stored)
        status = tell_reject(load, batch, special, outcome.message, error);
    ingest_outcome_release(&outcome);
    return status;
}

static recto_status store_records(load *load, batch *batch, int64_t *first, recto_error *error)
{
    recto_status status = bulk_store(load->bulk, batch->rows, first, error);
    for (size_t i = 0; i < batch->special_count && status == RECTO_OK; i++) {
        const load_special *special = &batch->specials[i];
        status = special->record == NULL ? tell_reject(load, batch, special, special->reason, error)
                                         : store_authority(load, batch, special, error);
    }
    load->counts->read += batch->read;
    load->counts->added += bulk_batch_count(batch->rows);
    load->counts->position = batch->position;
    return status;
}

static recto_status store_place(load *load, const batch *batch, recto_error *error)
{
    char detail[96];
    recto_status status = RECTO_OK;
    if (batch->ended)
        status = load_place_finished(load, batch->last, error);
    else if (batch->read > 0)
        status = load_place_reached(load, batch->position, batch->last, error);
    if (status == RECTO_OK && batch->read > 0) {
        snprintf(detail, sizeof detail, "%llu read, up to record %zu", (unsigned long long)batch->read, batch->last);
        status = catalog_audit(load->catalog, "load", load->request->name, load->request->zone->id, "ok", detail, error);
    }
    return status;
}

static recto_status store_numbers(load *load, recto_error *error)
{
    (void)pthread_mutex_lock(&load->mutex);
    recto_status status = load->ended ? RECTO_OK : take_numbers(load, error);
    (void)pthread_mutex_unlock(&load->mutex);
    return status;
}

recto_status batch_store(load *load, batch *batch, recto_error *error)
{
    const load_counts before = *load->counts;
    repo *repo = load->catalog->repo;
    int64_t first = 0;
    recto_status status = repo_begin(repo, error);
    if (status != RECTO_OK)
        return status;
    status = store_records(load, batch, &first, error);
    if (status == RECTO_OK && load->counts->rejected > before.rejected && load->request->rejected != NULL)
        status = load->request->rejected(load->request->context, error);
    if (status == RECTO_OK)
        status = store_place(load, batch, error);
    if (status == RECTO_OK)
        status = store_numbers(load, error);
    const bool others = bulk_others_wait(load->bulk);
    if (status == RECTO_OK)
        status = repo_commit(repo, error);
    else
        repo_rollback(repo);
    if (status != RECTO_OK) {
        *load->counts = before; /* what was not committed was not loaded */
        return status;
    }
    (void)pthread_mutex_lock(&load->mutex);
    choose_share(load, others);
    load->unused = batch->numbers_end;
    load->through = batch->ended;
    load->first_document = first - (int64_t)batch->before; /* others may have added some */
    (void)pthread_mutex_unlock(&load->mutex);
    load->request->progress(load->request->context, load->counts);
    return RECTO_OK;
}
