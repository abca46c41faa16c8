/* src/catalog/load.c - a load: blocks of records, made ready side by side, gathered into batches and stored in the order of the
 * file.
 *
 * Whoever has time takes what is next: writing the index of a full batch comes before gathering, and gathering before reading and
 * making ready more, so that little lies about unfinished. One at a time reads, one at a time gathers. The caller's thread alone
 * has the repository: it stores batches and merges segments while the others work, and does their work only where there are
 * none, or where a record cannot be made ready without the repository. */
#include "load_inside.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
    BLOCK_MEMORY = 4 * 1024 * 1024,
    MEMORY_LEAST = 16 * 1024 * 1024,
    LOOK_MS = 100, /* how soon a wish to stop is seen */
    HELPER_NICE = 5
};

/* ---- what is next: with the mutex held --------------------------------------------------------------------------- */

static void fail(load *load, recto_status status, const recto_error *error)
{
    if (load->status == RECTO_OK) {
        load->status = status;
        load->error = *error;
    }
    load->ended = true;
}

static block *take_block(load *load)
{
    if (load->reading || load->ended || load->quit || load->number_end - load->number < BLOCK_RECORDS)
        return NULL;
    for (size_t i = 0; i < load->block_count; i++) {
        block *block = load->blocks[i];
        if (block->state != BLOCK_FREE)
            continue;
        block->state = BLOCK_TAKEN;
        block->sequence = load->taken++;
        block->first_number = block->end_number = load->number;
        load->number += BLOCK_RECORDS;
        block->now = catalog_now(load->catalog);
        block->ticks = recto_clock_ticks(&load->catalog->clock);
        return block;
    }
    return NULL;
}

static batch *batch_in(load *load, batch_state state)
{
    for (size_t i = 0; i < BATCHES; i++)
        if (load->batches[i].state == state)
            return &load->batches[i];
    return NULL;
}

/* ---- reading and making ready ------------------------------------------------------------------------------------ */

static bool make_next(load *load, bulk_maker *maker)
{
    block *block = take_block(load);
    if (block == NULL)
        return false;
    load->reading = true;
    (void)pthread_mutex_unlock(&load->mutex);
    read_block(load, block);
    (void)pthread_mutex_lock(&load->mutex);
    load->reading = false;
    load->ended = load->ended || block->status != RECTO_OK;
    if (load->number == block->first_number + BLOCK_RECORDS)
        load->number = block->end_number; /* rejects need none */
    (void)pthread_cond_broadcast(&load->changed);
    (void)pthread_mutex_unlock(&load->mutex);
    make_block(load, maker, block);
    (void)pthread_mutex_lock(&load->mutex);
    block->state = BLOCK_READY;
    (void)pthread_cond_broadcast(&load->changed);
    return true;
}

/* ---- gathering ------------------------------------------------------------------------------------------------------------ */

static batch *filling_batch(load *load)
{
    batch *batch = batch_in(load, BATCH_FILLING);
    if (batch != NULL || (batch = batch_in(load, BATCH_FREE)) == NULL)
        return batch;
    for (size_t i = 0; i < BATCHES; i++)
        if (load->batches[i].state == BATCH_READY || load->batches[i].state == BATCH_FREE)
            bulk_batch_inherit(batch->rows, load->batches[i].rows);
    batch->state = BATCH_FILLING;
    batch->sequence = load->begun++;
    batch_begin(batch, load);
    return batch;
}

static void close_batch(load *load, batch *batch)
{
    batch->state = BATCH_FULL;
    load->documents += bulk_batch_count(batch->rows);
}

static block *next_to_gather(const load *load)
{
    for (size_t i = 0; i < load->block_count && !load->gathering && load->status == RECTO_OK; i++)
        if (load->blocks[i]->state == BLOCK_READY && load->blocks[i]->sequence == load->gathered)
            return load->blocks[i];
    return NULL;
}

/* @param own  the thread has the repository */
static bool gather_next(load *load, bool own)
{
    recto_error error = { 0 };
    block *block = next_to_gather(load);
    batch *batch = block == NULL || (block->asks && !own) ? NULL : filling_batch(load);
    if (batch == NULL)
        return false;
    load->gathering = true;
    (void)pthread_mutex_unlock(&load->mutex);
    recto_status status = block->status == RECTO_END ? RECTO_OK : block->status;
    if (status != RECTO_OK)
        error = block->error;
    if (status == RECTO_OK)
        status = make_rest(load, block, &error);
    if (status == RECTO_OK)
        status = batch_gather(batch, block, &error);
    (void)pthread_mutex_lock(&load->mutex);
    load->gathering = false;
    load->gathered++;
    block->state = BLOCK_FREE;
    if (status != RECTO_OK)
        fail(load, status, &error);
    else if (batch_is_due(batch, load))
        close_batch(load, batch);
    (void)pthread_cond_broadcast(&load->changed);
    return true;
}

/* ---- the index of a batch ---------------------------------------------------------------------------------------- */

static bool end_next(load *load)
{
    batch *batch = batch_in(load, BATCH_FULL);
    if (batch == NULL)
        return false;
    batch->state = BATCH_ENDING;
    (void)pthread_mutex_unlock(&load->mutex);
    batch->status = bulk_batch_end(batch->rows, &batch->error);
    (void)pthread_mutex_lock(&load->mutex);
    batch->state = BATCH_READY;
    (void)pthread_cond_broadcast(&load->changed);
    return true;
}

/* @return false: there is nothing to do now */
static bool work_once(load *load, bulk_maker *maker, bool own)
{
    return end_next(load) || gather_next(load, own) || make_next(load, maker);
}

/* The caller's thread, which alone can store, goes first; and so do people at work on the same machine. Of Linux a thread has a
 * nice value of its own; elsewhere nothing is lost but speed. */
static void give_way(void)
{
#ifdef __linux__
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), HELPER_NICE);
#endif
}

static void *help(void *context)
{
    load *load = context;
    bulk_maker *maker = NULL;
    recto_error error = { 0 };
    give_way();
    recto_status status = bulk_maker_new(&maker, &error);
    (void)pthread_mutex_lock(&load->mutex);
    if (status != RECTO_OK)
        fail(load, status, &error);
    while (!load->quit && status == RECTO_OK)
        if (!work_once(load, maker, false))
            (void)pthread_cond_wait(&load->changed, &load->mutex);
    (void)pthread_cond_broadcast(&load->changed);
    (void)pthread_mutex_unlock(&load->mutex);
    bulk_maker_free(maker);
    return NULL;
}

/* ---- the caller's thread ----------------------------------------------------------------------------------------- */

typedef enum next_step { STEP_STORE, STEP_NUMBERS, STEP_MERGE, STEP_WORK, STEP_WAIT, STEP_END } next_step;

static batch *ready_batch(load *load)
{
    for (size_t i = 0; i < BATCHES; i++)
        if (load->batches[i].state == BATCH_READY && load->batches[i].sequence == load->stored)
            return &load->batches[i];
    return NULL;
}

/* All that was taken is gathered: what is in hand becomes the last batch. */
static void close_last(load *load)
{
    batch *batch = batch_in(load, BATCH_FILLING);
    if (!load->ended || load->gathering || load->taken != load->gathered || batch == NULL || load->status != RECTO_OK)
        return;
    close_batch(load, batch);
    (void)pthread_cond_broadcast(&load->changed);
}

static bool nothing_left(const load *load)
{
    if (!load->ended || load->gathering || load->reading)
        return false;
    if (load->status == RECTO_OK)
        return load->taken == load->gathered && load->stored == load->begun;
    for (size_t i = 0; i < BATCHES; i++)
        if (load->batches[i].state > BATCH_FILLING)
            return false; /* what was full before the failure is stored */
    return true;
}

static next_step choose_step(load *load, bool merging)
{
    const block *block = next_to_gather(load);
    close_last(load);
    const bool room = batch_in(load, BATCH_FILLING) != NULL || batch_in(load, BATCH_FREE) != NULL;
    if (merging && bulk_merges_first(load->bulk, !room))
        return STEP_MERGE;
    if (ready_batch(load) != NULL)
        return STEP_STORE;
    if (nothing_left(load))
        return STEP_END;
    if (!load->ended && load->number_end - load->number < BLOCK_RECORDS)
        return STEP_NUMBERS;
    if (block != NULL && block->asks && room)
        return STEP_WORK;
    if (merging)
        return STEP_MERGE;
    return load->threads == 0 ? STEP_WORK : STEP_WAIT;
}

static void wait_a_while(load *load)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    (void)pthread_cond_timedwait(&load->changed, &load->mutex, &until);
}

/* What cannot be done without the repository, with the mutex free; else with it held. */
static next_step next_to_do(load *load, bool merging)
{
    (void)pthread_mutex_lock(&load->mutex);
    next_step step = choose_step(load, merging);
    if (load->request->stop(load->request->context))
        load->ended = true;
    if (step == STEP_WORK && work_once(load, load->maker, true))
        step = STEP_WAIT;
    else if (step == STEP_WORK || step == STEP_WAIT)
        wait_a_while(load);
    (void)pthread_mutex_unlock(&load->mutex);
    return step;
}

static recto_status store_next(load *load, bool *merging, recto_error *error)
{
    (void)pthread_mutex_lock(&load->mutex);
    batch *batch = ready_batch(load);
    (void)pthread_mutex_unlock(&load->mutex);
    recto_status status = batch->status;
    if (status == RECTO_OK)
        status = batch_store(load, batch, error);
    else
        *error = batch->error;
    (void)pthread_mutex_lock(&load->mutex);
    batch->state = BATCH_FREE;
    load->stored++;
    (void)pthread_cond_broadcast(&load->changed);
    (void)pthread_mutex_unlock(&load->mutex);
    *merging = true;
    return status;
}

static recto_status more_numbers(load *load, recto_error *error)
{
    recto_status status = repo_begin(load->catalog->repo, error);
    if (status != RECTO_OK)
        return status;
    (void)pthread_mutex_lock(&load->mutex);
    status = take_numbers(load, error);
    (void)pthread_cond_broadcast(&load->changed);
    (void)pthread_mutex_unlock(&load->mutex);
    if (status == RECTO_OK)
        return repo_commit(load->catalog->repo, error);
    repo_rollback(load->catalog->repo);
    return status;
}

static recto_status store_all(load *load, recto_error *error)
{
    bool merging = false;
    recto_status status = RECTO_OK;
    for (next_step step = STEP_WAIT; step != STEP_END && status == RECTO_OK;) {
        step = next_to_do(load, merging);
        if (step == STEP_STORE)
            status = store_next(load, &merging, error);
        else if (step == STEP_NUMBERS)
            status = more_numbers(load, error);
        else if (step == STEP_MERGE)
            status = bulk_merge(load->bulk, false, &merging, error);
    }
    if (status == RECTO_OK && load->status != RECTO_OK) {
        status = load->status;
        *error = load->error;
    }
    return status;
}

static recto_status merge_rest(load *load, recto_error *error)
{
    bool more = true;
    recto_status status = RECTO_OK;
    while (status == RECTO_OK && more && !load->request->stop(load->request->context))
        status = bulk_merge(load->bulk, true, &more, error);
    return status;
}

/* ---- beginning and ending -------------------------------------------------------------------------------------------------- */

static void free_block(block *block)
{
    for (size_t i = 0; i < BLOCK_RECORDS; i++) {
        marc_record_free(block->items[i].record);
        bulk_slot_free(block->items[i].slot);
    }
    buffer_release(&block->raw);
    free(block);
}

static size_t jobs_of(const load *load)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const long wanted = load->request->jobs > 0 ? load->request->jobs : processors;
    return load->ruled || wanted < 1 ? 1 : wanted > JOBS_MAX ? JOBS_MAX : (size_t)wanted;
}

/* A quarter of the memory for blocks at most, the rest for batches and what is merged. */
static recto_status prepare(load *load, recto_error *error)
{
    const size_t memory = load->request->memory > MEMORY_LEAST ? load->request->memory : MEMORY_LEAST;
    const size_t affordable = memory / 4 / BLOCK_MEMORY, wanted = jobs_of(load) * 4;
    const size_t count = affordable < 2 ? 2 : affordable < wanted ? affordable : wanted;
    load->batch_bytes = memory / 5; /* two are worked on at once */
    load->share = BATCH_WHOLE;
    recto_status status = bulk_new(&load->bulk, load->catalog->repo, load->request->zone->id, error);
    if (status == RECTO_OK)
        status = bulk_maker_new(&load->maker, error);
    for (size_t i = 0; i < BATCHES && status == RECTO_OK; i++)
        status = batch_init(&load->batches[i], error);
    while (status == RECTO_OK && load->block_count < count && load->block_count < BLOCKS_MAX) {
        block *block = calloc(1, sizeof *block);
        if (block == NULL)
            return recto_fail_memory(error, "loading");
        buffer_init(&block->raw, 0);
        load->blocks[load->block_count++] = block;
    }
    return status;
}

static recto_status begin(load *load, recto_error *error)
{
    recto_status status = repo_begin(load->catalog->repo, error);
    if (status != RECTO_OK)
        return status;
    status = bulk_next_document(&load->first_document, load->bulk, error);
    if (status == RECTO_OK)
        status = take_numbers(load, error);
    if (status == RECTO_OK)
        return repo_commit(load->catalog->repo, error);
    repo_rollback(load->catalog->repo);
    return status;
}

/* As many as there are jobs, beside the caller's, which mostly waits for the disk. Signals are the caller's. Threads that cannot
 * be had are done without. */
static void start_threads(load *load)
{
    sigset_t all, before;
    const size_t jobs = jobs_of(load);
    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    while (jobs > 1 && load->threads < jobs && pthread_create(&load->thread[load->threads], NULL, help, load) == 0)
        load->threads++;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void end_threads(load *load)
{
    (void)pthread_mutex_lock(&load->mutex);
    load->quit = true;
    (void)pthread_cond_broadcast(&load->changed);
    (void)pthread_mutex_unlock(&load->mutex);
    for (size_t i = 0; i < load->threads; i++)
        (void)pthread_join(load->thread[i], NULL);
}

/* Numbers that were taken ahead and are not used; when others have taken some since, they stay unused. */
static void return_numbers(load *load)
{
    repo *repo = load->catalog->repo;
    const int64_t first = load->unused > load->range_first ? load->unused : load->range_first;
    if (load->number_end == 0 || repo_begin(repo, NULL) != RECTO_OK)
        return;
    if (bulk_return_numbers(load->bulk, first, NULL) != RECTO_OK || repo_commit(repo, NULL) != RECTO_OK)
        repo_rollback(repo);
}

/* Nobody without the right gets further than here; all records of the file are refused with one sentence. */
static recto_status check_right(load *load, char *sentence, size_t capacity, recto_error *error)
{
    const ingest_request request = { .zone = load->request->zone->id, .policy = load->request->policy };
    ingest_outcome outcome = { 0 };
    passage way = { .catalog = load->catalog,
                    .request = &request,
                    .policy = *load->request->policy,
                    .zone = load->request->zone,
                    .out = &outcome,
                    .error = error };
    recto_status status = passage_privilege(&way);
    snprintf(sentence, capacity, "%s", way.decided ? outcome.message : "");
    ingest_outcome_release(&outcome);
    return status;
}

static recto_status refuse_all(load *load, const char *sentence, bool *ended, recto_error *error)
{
    marc_reader *reader = load->request->reader;
    marc_record *record = NULL;
    recto_status status = marc_record_new(&record, error);
    while (status == RECTO_OK || status == RECTO_EDATA || status == RECTO_ELIMIT) {
        status = marc_reader_next(reader, record, error);
        if (status != RECTO_OK && status != RECTO_EDATA && status != RECTO_ELIMIT)
            break;
        const load_reject reject = { .number = marc_reader_number(reader),
                                     .offset = marc_reader_offset(reader),
                                     .raw = marc_reader_raw(reader),
                                     .reason = status == RECTO_OK ? sentence : error->what };
        load->counts->read++;
        load->counts->rejected++;
        status = load->request->reject(load->request->context, &reject, error);
    }
    *ended = status == RECTO_END;
    marc_record_free(record);
    return *ended ? RECTO_OK : status;
}

static recto_status load_all(load *load, recto_error *error)
{
    recto_status status = begin(load, error);
    if (status != RECTO_OK)
        return status;
    start_threads(load);
    status = store_all(load, error);
    end_threads(load);
    return_numbers(load);
    return status;
}

static void release(load *load)
{
    for (size_t i = 0; i < load->block_count; i++)
        free_block(load->blocks[i]);
    for (size_t i = 0; i < BATCHES; i++)
        batch_release(&load->batches[i]);
    bulk_maker_free(load->maker);
    bulk_free(load->bulk);
    zone_rules_release(&load->rules);
}

static recto_status run(load *load, bool *ended, recto_error *error)
{
    static const rule_use asked[] = { RULE_USE_NORMALIZE_INCOMING, RULE_USE_NORMALIZE_SAVE, RULE_USE_BRIEF_LEVEL,
                                      RULE_USE_REJECT };
    recto_status status = zone_rules_read(&load->rules, load->catalog, load->request->zone->id, error);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        load->ruled = load->ruled || load->rules.chosen[asked[i]].length > 0;
    if (status == RECTO_OK)
        status = prepare(load, error);
    if (status == RECTO_OK && !load->request->stop(load->request->context))
        status = load_all(load, error);
    *ended = status == RECTO_OK && load->through;
    if (status == RECTO_OK)
        status = merge_rest(load, error);
    release(load);
    return status;
}

static void init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(condition, &attributes);
    (void)pthread_condattr_destroy(&attributes);
}

recto_status catalog_load_file(load_counts *counts, bool *ended, catalog *catalog, const load_request *request,
                               recto_error *error)
{
    char sentence[REASON_BYTES];
    load load = { .catalog = catalog, .request = request, .counts = counts };
    *ended = false;
    recto_status status = check_right(&load, sentence, sizeof sentence, error);
    if (status != RECTO_OK)
        return status;
    if (sentence[0] != '\0')
        return refuse_all(&load, sentence, ended, error);
    (void)pthread_mutex_init(&load.mutex, NULL);
    init_condition(&load.changed);
    status = run(&load, ended, error);
    (void)pthread_cond_destroy(&load.changed);
    (void)pthread_mutex_destroy(&load.mutex);
    return status;
}
