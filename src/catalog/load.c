/* src/catalog/load.c - a load: blocks of records, made ready by several threads and stored in the order of the file.
 *
 * Whoever has time takes the next block: only one at a time reads, all make ready side by side, and the caller's thread, which
 * alone has the repository, stores blocks in their order and makes others ready while there is none to store. What needs the
 * repository before a record can be made ready is left to that thread. */
#include "ingest.h"
#include "recto/catalog/headings.h"
#include "recto/catalog/load.h"
#include "recto/repo/bulk.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BLOCK_RECORDS = 256,
    BLOCK_BYTES = 2 * 1024 * 1024, /* of a block, from which on it is not filled up */
    BLOCKS_MAX = 16,
    JOBS_MAX = 8,
    BATCH_MS = 800, /* with its part of the index and the commit about a second */
    BATCH_RECORDS = 100000,
    NUMBERS = 4096, /* taken at once */
    BLOCK_MEMORY = 6 * 1024 * 1024,
    MEMORY_LEAST = 16 * 1024 * 1024
};

typedef enum item_kind { ITEM_READY, ITEM_LATER, ITEM_REJECTED } item_kind;
typedef struct load_item {
    item_kind kind;
    marc_record *record;
    bulk_slot *slot;
    mms_id id;
    size_t number, raw_start, raw_length;
    uint64_t offset;
    char reason[sizeof((ingest_outcome *)NULL)->message];
} load_item;

typedef enum block_state { BLOCK_FREE, BLOCK_TAKEN, BLOCK_READY } block_state;
typedef struct block {
    block_state state;
    uint64_t sequence;
    load_item items[BLOCK_RECORDS];
    size_t count;
    buffer raw; /* bytes of rejects, or of all where a rule may refuse */
    int64_t first_number, end_number, now, ticks;
    uint64_t position; /* of the reader behind it */
    size_t last;       /* number of its last record */
    recto_status status;
    recto_error error;
} block;

typedef struct load {
    catalog *catalog;
    const load_request *request;
    bulk *bulk;
    zone_rules rules;
    bool ruled; /* the zone's rules need the repository: all is done by the caller's thread */
    bulk_maker *maker;
    block *blocks[BLOCKS_MAX];
    size_t block_count;
    pthread_mutex_t mutex; /* of what follows, and of the state of blocks */
    pthread_cond_t changed;
    bool reading, ended, quit;
    uint64_t taken, stored; /* sequences of blocks: given out, stored */
    int64_t number, number_end, range_first, unused;
    size_t threads;
    pthread_t thread[JOBS_MAX];
    load_counts *counts;
} load;

/* ---- reading: one at a time ------------------------------------------------------------------------------------------- */

static recto_status keep_raw(block *block, load_item *item, text raw, recto_error *error)
{
    item->raw_start = block->raw.length;
    item->raw_length = raw.length;
    buffer_append_text(&block->raw, raw);
    return buffer_failed(&block->raw) ? recto_fail_memory(error, "loading") : RECTO_OK;
}

static bool is_authority(const load_item *item)
{
    return marc_record_leader(item->record)[6] == 'z';
}

/* @return RECTO_OK, RECTO_END, or what ends the load */
static recto_status read_item(load *load, block *block, recto_error *error)
{
    marc_reader *reader = load->request->reader;
    load_item *item = &block->items[block->count];
    recto_status status = item->record != NULL ? RECTO_OK : marc_record_new(&item->record, error);
    if (status == RECTO_OK && item->slot == NULL)
        status = bulk_slot_new(&item->slot, error);
    if (status == RECTO_OK)
        status = marc_reader_next(reader, item->record, error);
    const bool bad = status == RECTO_EDATA || status == RECTO_ELIMIT;
    if (status != RECTO_OK && !bad)
        return status;
    item->kind = bad ? ITEM_REJECTED : ITEM_LATER;
    item->number = marc_reader_number(reader);
    item->offset = marc_reader_offset(reader);
    if (bad)
        snprintf(item->reason, sizeof item->reason, "%s", error->what);
    else
        item->id = bulk_id(load->bulk, block->end_number++);
    status = bad || load->ruled || is_authority(item) ? keep_raw(block, item, marc_reader_raw(reader), error) : RECTO_OK;
    if (bad)
        recto_error_clear(error);
    block->count++;
    return status;
}

static void read_block(load *load, block *block)
{
    const uint64_t start = marc_reader_position(load->request->reader);
    block->count = 0;
    block->status = RECTO_OK;
    buffer_clear(&block->raw);
    recto_error_clear(&block->error);
    while (block->status == RECTO_OK && block->count < BLOCK_RECORDS &&
           marc_reader_position(load->request->reader) - start < BLOCK_BYTES)
        block->status = read_item(load, block, &block->error);
    block->position = marc_reader_position(load->request->reader);
    block->last = marc_reader_number(load->request->reader);
}

/* ---- making ready: any thread ------------------------------------------------------------------------------------------ */

/* Our own number in 001 is looked up where 003 names somebody. */
static bool asks_repository(const marc_record *record)
{
    return text_starts(text_trim(marc_record_control(record, "001")), TEXT("99")) &&
           text_trim(marc_record_control(record, "003")).length > 0;
}

static recto_status apply_rules(load *load, load_item *item, recto_error *error)
{
    char rule[sizeof((catalog_rule *)NULL)->name];
    bool refused = false;
    recto_status status = zone_rules_reject(&refused, rule, &load->rules, load->catalog, item->record, error);
    if (status != RECTO_OK || !refused)
        return status;
    item->kind = ITEM_REJECTED;
    snprintf(item->reason, sizeof item->reason, "Refused by the indication rule '%s' of %s. Nothing was saved.", rule,
             load->request->zone->code);
    return RECTO_OK;
}

static recto_status normalize(load *load, load_item *item, recto_error *error)
{
    const ingest_policy *policy = load->request->policy;
    recto_status status = RECTO_OK;
    if (policy->initial_normalization)
        status = normalize_initial(item->record, load->catalog, error);
    if (status == RECTO_OK && policy->copy_019_to_035)
        status = normalize_019(item->record, error);
    if (status == RECTO_OK && load->ruled)
        status = zone_rules_normalize(&load->rules, load->catalog, RULE_USE_NORMALIZE_INCOMING, item->record, error);
    return status;
}

static recto_status make_written(load *load, bulk_maker *maker, const block *block, load_item *item, const char *incoming_005,
                                 recto_error *error)
{
    const ingest_policy *policy = load->request->policy;
    int brief_level = 0;
    recto_status status = normalize_system_fields(item->record, item->id, block->ticks, TEXT(""), error);
    if (status == RECTO_OK)
        status = zone_rules_brief_level(&brief_level, &load->rules, load->catalog, item->record, error);
    if (status != RECTO_OK)
        return status;
    const bib_write write = {
        .id = item->id,
        .zone = load->request->zone->id,
        .record = item->record,
        .user = load->catalog->user,
        .origin = policy->door,
        .now = block->now,
        .brief_level = brief_level,
        .sync = policy->sync,
        .suppressed = -1,
        .originating_system = policy->originating_system,
        .originating_version = incoming_005[0] != '\0' ? incoming_005 : NULL,
    };
    return bulk_make(item->slot, maker, &write, error);
}

static recto_status make_item(load *load, bulk_maker *maker, const block *block, load_item *item, recto_error *error)
{
    char incoming_005[CLOCK_005_LENGTH + 1] = "";
    int64_t ticks;
    recto_status status = load->ruled ? apply_rules(load, item, error) : RECTO_OK;
    if (status != RECTO_OK || item->kind == ITEM_REJECTED)
        return status;
    status = normalize(load, item, error);
    const text stamp = marc_record_control(item->record, "005");
    if (clock_parse_005(&ticks, stamp.bytes, stamp.length))
        snprintf(incoming_005, sizeof incoming_005, "%.*s", (int)stamp.length, stamp.bytes);
    if (status == RECTO_OK && load->ruled)
        status = zone_rules_normalize(&load->rules, load->catalog, RULE_USE_NORMALIZE_SAVE, item->record, error);
    if (status == RECTO_OK)
        status = make_written(load, maker, block, item, incoming_005, error);
    if (status == RECTO_OK)
        item->kind = ITEM_READY;
    return status;
}

static void make_block(load *load, bulk_maker *maker, block *block)
{
    recto_error error = { 0 };
    for (size_t i = 0; i < block->count; i++) {
        load_item *item = &block->items[i];
        if (item->kind == ITEM_REJECTED || load->ruled || is_authority(item) || asks_repository(item->record))
            continue;
        recto_status status = make_item(load, maker, block, item, &error);
        if (status == RECTO_OK)
            continue;
        block->status = status;
        block->error = error;
        return;
    }
}

/* ---- who does what: with the mutex held ---------------------------------------------------------------------------------- */

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

/* Reads a block and makes it ready. @return false: there is nothing to do now */
static bool work_once(load *load, bulk_maker *maker)
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

static void *help(void *context)
{
    load *load = context;
    bulk_maker *maker = NULL;
    recto_error error = { 0 };
    if (bulk_maker_new(&maker, &error) != RECTO_OK)
        return NULL; /* the others do it */
    (void)pthread_mutex_lock(&load->mutex);
    while (!load->quit && !load->ended)
        if (!work_once(load, maker))
            (void)pthread_cond_wait(&load->changed, &load->mutex);
    (void)pthread_mutex_unlock(&load->mutex);
    bulk_maker_free(maker);
    return NULL;
}

static block *next_ready(const load *load)
{
    for (size_t i = 0; i < load->block_count; i++)
        if (load->blocks[i]->state == BLOCK_READY && load->blocks[i]->sequence == load->stored)
            return load->blocks[i];
    return NULL;
}

/* ---- storing: the caller's thread ----------------------------------------------------------------------------------------- */

static recto_status take_numbers(load *load, recto_error *error)
{
    int64_t first = 0;
    if (load->number_end - load->number >= NUMBERS / 2)
        return RECTO_OK;
    recto_status status = bulk_numbers(load->bulk, NUMBERS, &first, error);
    if (status != RECTO_OK)
        return status;
    if (first != load->number_end)
        load->number = load->range_first = first; /* others have taken some meanwhile */
    load->number_end = first + NUMBERS;
    (void)pthread_cond_broadcast(&load->changed);
    return RECTO_OK;
}

/* The next block in the order of the file; NULL in *out: there is none any more. */
static recto_status await_block(block **out, load *load, recto_error *error)
{
    recto_status status = RECTO_OK;
    (void)pthread_mutex_lock(&load->mutex);
    while ((*out = next_ready(load)) == NULL) {
        status = take_numbers(load, error);
        if (status != RECTO_OK || (load->ended && load->stored == load->taken))
            break;
        if (!work_once(load, load->maker))
            (void)pthread_cond_wait(&load->changed, &load->mutex);
    }
    (void)pthread_mutex_unlock(&load->mutex);
    return status;
}

static recto_status tell_reject(load *load, const block *block, const load_item *item, recto_error *error)
{
    const load_reject reject = { .number = item->number,
                                 .offset = item->offset,
                                 .raw = text_of(block->raw.bytes + item->raw_start, item->raw_length),
                                 .reason = item->reason };
    load->counts->rejected++;
    return load->request->reject(load->request->context, &reject, error);
}

/* Authority records have a store of their own; one that is known already becomes its next version. */
static recto_status store_authority(load *load, load_item *item, recto_error *error)
{
    mms_id id;
    authority_outcome outcome;
    recto_status status = catalog_authority_put(load->catalog, load->request->zone->id, item->record, &id, &outcome, error);
    if (status == RECTO_EDATA || status == RECTO_EREFUSED) {
        item->kind = ITEM_REJECTED;
        snprintf(item->reason, sizeof item->reason, "%s", error->what);
        recto_error_clear(error);
        return RECTO_OK;
    }
    load->counts->authorities += status == RECTO_OK;
    load->counts->updated += status == RECTO_OK && outcome == AUTHORITY_UPDATED;
    load->counts->unchanged += status == RECTO_OK && outcome == AUTHORITY_UNCHANGED;
    load->counts->added += status == RECTO_OK && outcome == AUTHORITY_ADDED;
    return status;
}

static recto_status store_block(load *load, block *block, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t i = 0; i < block->count && status == RECTO_OK; i++) {
        load_item *item = &block->items[i];
        if (item->kind == ITEM_LATER && is_authority(item))
            status = store_authority(load, item, error);
        else if (item->kind == ITEM_LATER && (block->status == RECTO_OK || block->status == RECTO_END))
            status = make_item(load, load->maker, block, item, error);
        if (status == RECTO_OK && item->kind == ITEM_REJECTED)
            status = tell_reject(load, block, item, error);
        else if (status == RECTO_OK && item->kind == ITEM_READY)
            status = bulk_add(load->bulk, item->slot, error);
        load->counts->added += status == RECTO_OK && item->kind == ITEM_READY;
        load->counts->read++;
    }
    if (status == RECTO_OK && block->status != RECTO_OK && block->status != RECTO_END) {
        status = block->status;
        *error = block->error;
    }
    return status;
}

static void give_back(load *load, block *block)
{
    (void)pthread_mutex_lock(&load->mutex);
    block->state = BLOCK_FREE;
    load->stored++;
    load->unused = block->end_number;
    (void)pthread_cond_broadcast(&load->changed);
    (void)pthread_mutex_unlock(&load->mutex);
}

/* ---- batches --------------------------------------------------------------------------------------------------------------- */

static void place_key(buffer *out, const repo_zone *zone, text key, bool finished)
{
    buffer_append_format(out, "%s%d:", finished ? "end:" : "", zone->id);
    buffer_append_text(out, key);
}

static recto_status set_place(load *load, bool finished, uint64_t bytes, uint64_t records, recto_error *error)
{
    buffer key;
    if (load->request->key.length == 0)
        return RECTO_OK;
    buffer_init(&key, 0);
    place_key(&key, load->request->zone, load->request->key, finished);
    recto_status status = repo_load_place_set(load->catalog->repo, buffer_text(&key), bytes, records, error);
    buffer_release(&key);
    return status;
}

/* When it was loaded to its end takes the place of how far it is. */
static recto_status set_finished(load *load, uint64_t records, recto_error *error)
{
    recto_status status = RECTO_OK;
    if (load->request->key.length > 0)
        status = catalog_load_forget(load->catalog, load->request->zone, load->request->key, error);
    return status == RECTO_OK ? set_place(load, true, (uint64_t)catalog_now(load->catalog), records, error) : status;
}

typedef struct batch {
    uint64_t read, added; /* counts before it */
    uint64_t position;    /* reached */
    size_t last;          /* record reached */
    bool ended;
} batch;

static recto_status fill_batch(load *load, batch *batch, recto_error *error)
{
    const int64_t until = recto_clock_monotonic_ms() + BATCH_MS;
    recto_status status = RECTO_OK;
    do {
        block *block = NULL;
        status = await_block(&block, load, error);
        batch->ended = block == NULL;
        if (status != RECTO_OK || block == NULL)
            return status;
        status = store_block(load, block, error);
        batch->position = block->position;
        batch->last = block->last;
        give_back(load, block);
        load->counts->position = batch->position;
        load->request->progress(load->request->context, load->counts);
    } while (status == RECTO_OK && !load->request->stop(load->request->context) && !bulk_is_full(load->bulk) &&
             load->counts->added - batch->added < BATCH_RECORDS && recto_clock_monotonic_ms() < until);
    return status;
}

static recto_status end_batch(load *load, const batch *batch, recto_error *error)
{
    const uint64_t read = load->counts->read - batch->read;
    char detail[96];
    recto_status status = bulk_end_batch(load->bulk, error);
    if (status == RECTO_OK && batch->ended)
        status = set_finished(load, batch->last, error);
    else if (status == RECTO_OK && read > 0)
        status = set_place(load, false, batch->position, batch->last, error);
    if (status == RECTO_OK && read > 0) {
        snprintf(detail, sizeof detail, "%llu read, up to record %zu", (unsigned long long)read, batch->last);
        status = catalog_audit(load->catalog, "load", load->request->name, load->request->zone->id, "ok", detail, error);
    }
    return status;
}

static recto_status run_batch(load *load, batch *batch, recto_error *error)
{
    const load_counts before = *load->counts;
    repo *repo = load->catalog->repo;
    batch->read = before.read;
    batch->added = before.added;
    recto_status status = repo_begin(repo, error);
    if (status != RECTO_OK)
        return status;
    status = fill_batch(load, batch, error);
    if (status == RECTO_OK)
        status = end_batch(load, batch, error);
    if (status == RECTO_OK)
        return repo_commit(repo, error);
    repo_rollback(repo);
    bulk_drop_batch(load->bulk);
    *load->counts = before; /* what was not committed was not loaded */
    return status;
}

static recto_status run_batches(load *load, bool *ended, recto_error *error)
{
    batch batch = { .position = marc_reader_position(load->request->reader), .last = marc_reader_number(load->request->reader) };
    recto_status status = RECTO_OK;
    while (status == RECTO_OK && !batch.ended && !load->request->stop(load->request->context)) {
        bool more = true;
        status = run_batch(load, &batch, error);
        while (status == RECTO_OK && more && !load->request->stop(load->request->context))
            status = bulk_merge(load->bulk, batch.ended, &more, error);
    }
    *ended = batch.ended;
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

/* Half of the memory for blocks at most, the rest for the index of a batch. */
static recto_status prepare(load *load, recto_error *error)
{
    const size_t memory = load->request->memory > MEMORY_LEAST ? load->request->memory : MEMORY_LEAST;
    const size_t affordable = memory / 2 / BLOCK_MEMORY, wanted = jobs_of(load) * 4;
    const size_t count = affordable < 2 ? 2 : affordable < wanted ? affordable : wanted;
    recto_status status = bulk_new(&load->bulk, load->catalog->repo, load->request->zone->id, memory / 2, error);
    if (status == RECTO_OK)
        status = bulk_maker_new(&load->maker, error);
    while (status == RECTO_OK && load->block_count < count && load->block_count < BLOCKS_MAX) {
        block *block = calloc(1, sizeof *block);
        if (block == NULL)
            return recto_fail_memory(error, "loading");
        buffer_init(&block->raw, 0);
        load->blocks[load->block_count++] = block;
    }
    return status;
}

/* Signals are the caller's. Threads that cannot be had are done without. */
static void start_threads(load *load)
{
    sigset_t all, before;
    const size_t wanted = jobs_of(load) - 1;
    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    while (load->threads < wanted && pthread_create(&load->thread[load->threads], NULL, help, load) == 0)
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

static recto_status run(load *load, bool *ended, recto_error *error)
{
    static const rule_use asked[] = { RULE_USE_NORMALIZE_INCOMING, RULE_USE_NORMALIZE_SAVE, RULE_USE_BRIEF_LEVEL,
                                      RULE_USE_REJECT };
    recto_status status = zone_rules_read(&load->rules, load->catalog, load->request->zone->id, error);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        load->ruled = load->ruled || load->rules.chosen[asked[i]].length > 0;
    if (status == RECTO_OK)
        status = prepare(load, error);
    if (status == RECTO_OK) {
        start_threads(load);
        status = run_batches(load, ended, error);
        end_threads(load);
        return_numbers(load);
    }
    for (size_t i = 0; i < load->block_count; i++)
        free_block(load->blocks[i]);
    bulk_maker_free(load->maker);
    bulk_free(load->bulk);
    zone_rules_release(&load->rules);
    return status;
}

recto_status catalog_load_file(load_counts *counts, bool *ended, catalog *catalog, const load_request *request,
                               recto_error *error)
{
    char sentence[sizeof((ingest_outcome *)NULL)->message];
    load load = { .catalog = catalog, .request = request, .counts = counts };
    *ended = false;
    recto_status status = check_right(&load, sentence, sizeof sentence, error);
    if (status != RECTO_OK)
        return status;
    if (sentence[0] != '\0')
        return refuse_all(&load, sentence, ended, error);
    (void)pthread_mutex_init(&load.mutex, NULL);
    (void)pthread_cond_init(&load.changed, NULL);
    status = run(&load, ended, error);
    (void)pthread_cond_destroy(&load.changed);
    (void)pthread_mutex_destroy(&load.mutex);
    return status;
}

/* ---- files known again ------------------------------------------------------------------------------------------------------
 */

recto_status catalog_load_state(load_state *out, catalog *catalog, const repo_zone *zone, text key, recto_error *error)
{
    buffer name;
    uint64_t at = 0, records = 0;
    *out = (load_state){ .finished = false };
    buffer_init(&name, 0);
    place_key(&name, zone, key, false);
    recto_status status = repo_load_place_get(catalog->repo, buffer_text(&name), &out->bytes, &out->records, error);
    buffer_clear(&name);
    place_key(&name, zone, key, true);
    if (status == RECTO_OK)
        status = repo_load_place_get(catalog->repo, buffer_text(&name), &at, &records, error);
    out->finished = at > 0;
    out->finished_at = (int64_t)at;
    if (out->finished)
        out->records = records;
    buffer_release(&name);
    return status;
}

recto_status catalog_load_forget(catalog *catalog, const repo_zone *zone, text key, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (int finished = 0; finished < 2 && status == RECTO_OK; finished++) {
        buffer name;
        buffer_init(&name, 0);
        place_key(&name, zone, key, finished == 1);
        status = repo_load_place_clear(catalog->repo, buffer_text(&name), error);
        buffer_release(&name);
    }
    return status;
}
