/* src/cli/convert_blocks.c - records of ISO 2709 converted in blocks, side by side.
 *
 * One thread (the caller's) cuts the input into blocks, hands them out in a ring, and takes them back in their order: messages
 * first, then output. The others each turn blocks into output. So memory is that of the ring, whatever the input is, and what is
 * written does not depend on how many threads there are; one job is the same without threads. */
#include "convert.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 128 * 1024, BLOCKS_A_JOB = 3, MAXIMAL_JOBS = 64 };

/* A block on its way. Records are numbered from 1 in it. */
typedef struct block {
    buffer in, out;
    uint64_t offset;
    marc_oddity *oddities;
    size_t oddity_count, oddity_capacity;
    size_t records, done, rejected, losses;
    recto_status status;
    recto_error error;
    bool finished;
} block;

/* One for each thread that converts. */
typedef struct converter {
    struct pool *pool;
    marc_reader *reader;
    marc_writer *writer; /* NULL: nothing is written */
    marc_record *record;
    block *block; /* that it works on */
    pthread_t thread;
    bool started;
} converter;

typedef struct pool {
    conversion *conversion;
    marc_splitter *splitter;
    converter converters[MAXIMAL_JOBS];
    block *blocks; /* a ring: block n stands at n % block_count */
    size_t block_count;
    size_t filled, taken, emitted; /* how many blocks so far */
    size_t records;                /* in the emitted ones */
    bool stopping;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
} pool;

static bool goes_on(recto_status status)
{
    return status == RECTO_EDATA || status == RECTO_ELIMIT;
}

static void keep_oddity(void *context, const marc_oddity *oddity)
{
    block *block = ((converter *)context)->block;
    if (block->oddity_count == block->oddity_capacity) {
        size_t capacity = block->oddity_capacity * 2 + 16;
        marc_oddity *oddities = realloc(block->oddities, capacity * sizeof *oddities);
        if (oddities == NULL) {
            block->status = recto_fail_memory(&block->error, "converting records");
            return;
        }
        block->oddities = oddities;
        block->oddity_capacity = capacity;
    }
    block->oddities[block->oddity_count++] = *oddity;
}

/* The reader reports what it rejects itself; what the writer refuses is reported here. */
static void keep_refusal(converter *converter, const recto_error *error)
{
    marc_oddity oddity = { .record_number = marc_reader_number(converter->reader),
                           .offset = marc_reader_offset(converter->reader),
                           .code = "rejected" };
    memcpy(oddity.message, error->what, sizeof error->what < sizeof oddity.message ? sizeof error->what : sizeof oddity.message);
    oddity.message[sizeof oddity.message - 1] = '\0';
    keep_oddity(converter, &oddity);
}

static void convert_record(converter *converter, block *block)
{
    const conversion *conversion = converter->pool->conversion;
    recto_error refusal = { 0 };
    recto_status status = RECTO_OK;
    bool keep = true;
    if (conversion->step != NULL) {
        const size_t number = conversion->jobs == 1 ? converter->pool->records + marc_reader_number(converter->reader) : 0;
        status = conversion->step(conversion->step_context, converter->record, number, &block->out, &keep, &refusal);
    }
    if (status == RECTO_OK && keep && converter->writer != NULL)
        status = marc_writer_record(converter->writer, &block->out, converter->record, &refusal);
    if (goes_on(status)) {
        keep_refusal(converter, &refusal);
        block->rejected++;
    } else if (status != RECTO_OK) {
        block->status = status;
        block->error = refusal;
    } else {
        block->done++;
    }
}

static void convert_block(converter *converter, block *block)
{
    size_t losses = converter->writer != NULL ? marc_writer_losses(converter->writer) : 0;
    converter->block = block;
    marc_reader_feed(converter->reader, buffer_text(&block->in), block->offset);
    while (block->status == RECTO_OK) {
        recto_status status = marc_reader_next(converter->reader, converter->record, &block->error);
        if (status == RECTO_END)
            break;
        if (status == RECTO_OK)
            convert_record(converter, block);
        else if (goes_on(status))
            block->rejected++;
        else
            block->status = status;
    }
    block->records = marc_reader_number(converter->reader);
    if (converter->writer != NULL)
        block->losses = marc_writer_losses(converter->writer) - losses;
}

static recto_status converter_init(converter *converter, pool *pool, recto_error *error)
{
    conversion *conversion = pool->conversion;
    marc_reader_options reading = conversion->reading;
    reading.format = MARC_FORMAT_ISO2709;
    reading.lend = true;
    reading.report = keep_oddity;
    reading.report_context = converter;
    converter->pool = pool;
    recto_status status = marc_record_new(&converter->record, error);
    if (status == RECTO_OK)
        status = marc_reader_new_bytes(&converter->reader, TEXT(""), conversion->name, &reading, error);
    if (status == RECTO_OK && conversion->writes)
        status = marc_writer_new(&converter->writer, &conversion->writing, error);
    return status;
}

static void converter_release(converter *converter)
{
    marc_record_free(converter->record);
    marc_reader_free(converter->reader);
    marc_writer_free(converter->writer);
}

/* A thread's life: the next block that nobody has taken, until there will be no more. */
static void *work(void *context)
{
    converter *converter = context;
    pool *pool = converter->pool;
    pthread_mutex_lock(&pool->mutex);
    for (;;) {
        while (pool->taken == pool->filled && !pool->stopping)
            pthread_cond_wait(&pool->changed, &pool->mutex);
        if (pool->taken == pool->filled)
            break;
        block *block = &pool->blocks[pool->taken++ % pool->block_count];
        pthread_mutex_unlock(&pool->mutex);
        convert_block(converter, block);
        pthread_mutex_lock(&pool->mutex);
        block->finished = true;
        pthread_cond_broadcast(&pool->changed);
    }
    pthread_mutex_unlock(&pool->mutex);
    return NULL;
}

static int write_block(command_line *line, block *block)
{
    int failed = line->out.length > 0 ? output_flush(line) : 0;
    const buffer kept = line->out;
    line->out = block->out; /* written from where it lies */
    failed = failed != 0 ? failed : output_flush(line);
    block->out = line->out;
    line->out = kept;
    return failed;
}

static int show_block(command_line *line, const block *block)
{
    print(line, buffer_text(&block->out));
    return output_flush(line);
}

/* The finished block's messages, with the numbers that the records have in the whole input, and its output. */
static recto_status emit(pool *pool, block *block, recto_error *error)
{
    command_line *line = pool->conversion->line;
    for (size_t i = 0; i < block->oddity_count; i++) {
        block->oddities[i].record_number += pool->records;
        convert_note(pool->conversion, &block->oddities[i]);
    }
    pool->records += block->records;
    pool->conversion->done += block->done;
    pool->conversion->rejected += block->rejected;
    pool->conversion->losses += block->losses;
    const int failed = line->out_is_terminal ? show_block(line, block) : write_block(line, block);
    if (block->status != RECTO_OK)
        *error = block->error;
    else if (failed != 0)
        block->status = recto_fail(error, RECTO_EIO, "standard output", "free space and try again", "cannot write");
    return block->status;
}

static recto_status fill(pool *pool, recto_error *error)
{
    block *block = &pool->blocks[pool->filled % pool->block_count];
    buffer_clear(&block->out);
    block->oddity_count = 0;
    block->records = block->done = block->rejected = block->losses = 0;
    block->status = RECTO_OK;
    block->finished = false;
    return marc_splitter_next(pool->splitter, &block->in, BLOCK_BYTES, &block->offset, error);
}

static recto_status run_alone(pool *pool, recto_error *error)
{
    recto_status status = RECTO_OK;
    while (status == RECTO_OK && (status = fill(pool, error)) == RECTO_OK) {
        convert_block(&pool->converters[0], &pool->blocks[0]);
        status = emit(pool, &pool->blocks[0], error);
    }
    return status;
}

static bool oldest_is_finished(pool *pool, bool wait)
{
    bool finished = false;
    pthread_mutex_lock(&pool->mutex);
    do {
        finished = pool->emitted < pool->filled && pool->blocks[pool->emitted % pool->block_count].finished;
        if (!finished && wait)
            pthread_cond_wait(&pool->changed, &pool->mutex);
    } while (!finished && wait);
    pthread_mutex_unlock(&pool->mutex);
    return finished;
}

static void hand_out(pool *pool, bool last)
{
    pthread_mutex_lock(&pool->mutex);
    pool->filled += !last;
    pool->stopping = last;
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->mutex);
}

/* Blocks are filled while the ring has room, and emitted in turn; at the end of the input those under way are waited for. */
static recto_status run_beside(pool *pool, recto_error *error)
{
    recto_status reading = RECTO_OK;
    recto_status status = RECTO_OK;
    recto_error reading_error = { 0 };
    while (status == RECTO_OK && (reading == RECTO_OK || pool->emitted < pool->filled)) {
        bool full = pool->filled - pool->emitted == pool->block_count;
        if (!full && reading == RECTO_OK) {
            reading = fill(pool, &reading_error);
            hand_out(pool, reading != RECTO_OK);
        }
        while (status == RECTO_OK && pool->emitted < pool->filled && oldest_is_finished(pool, full || reading != RECTO_OK)) {
            status = emit(pool, &pool->blocks[pool->emitted % pool->block_count], error);
            pool->emitted++;
            full = false;
        }
    }
    if (status == RECTO_OK && reading != RECTO_END)
        *error = reading_error;
    return status == RECTO_OK ? reading : status;
}

static recto_status start_threads(pool *pool, recto_error *error)
{
    for (int i = 0; i < pool->conversion->jobs; i++) {
        if (pthread_create(&pool->converters[i].thread, NULL, work, &pool->converters[i]) != 0)
            return i > 0 ? RECTO_OK /* fewer will do */
                         : recto_fail(error, RECTO_EIO, NULL, "try --jobs 1", "no thread can be started");
        pool->converters[i].started = true;
    }
    return RECTO_OK;
}

static void pool_release(pool *pool)
{
    pthread_mutex_lock(&pool->mutex);
    pool->taken = pool->filled; /* what nobody has begun, nobody needs */
    pool->stopping = true;
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->mutex);
    for (int i = 0; i < pool->conversion->jobs; i++) {
        if (pool->converters[i].started)
            pthread_join(pool->converters[i].thread, NULL);
        converter_release(&pool->converters[i]);
    }
    for (size_t i = 0; i < pool->block_count && pool->blocks != NULL; i++) {
        buffer_release(&pool->blocks[i].in);
        buffer_release(&pool->blocks[i].out);
        free(pool->blocks[i].oddities);
    }
    free(pool->blocks);
    marc_splitter_free(pool->splitter);
    pthread_mutex_destroy(&pool->mutex);
    pthread_cond_destroy(&pool->changed);
    free(pool);
}

static recto_status pool_new(pool **out, conversion *conversion, recto_error *error)
{
    pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        recto_fail_memory(error, "converting records");
        return RECTO_ENOMEM;
    }
    *out = pool;
    pool->conversion = conversion;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->changed, NULL);
    pool->block_count = conversion->jobs == 1 ? 1 : (size_t)conversion->jobs * BLOCKS_A_JOB;
    pool->blocks = calloc(pool->block_count, sizeof *pool->blocks);
    if (pool->blocks == NULL) {
        recto_fail_memory(error, "converting records");
        return RECTO_ENOMEM;
    }
    for (size_t i = 0; i < pool->block_count; i++) {
        buffer_init(&pool->blocks[i].in, 0);
        buffer_init(&pool->blocks[i].out, 0);
    }
    recto_status status = marc_splitter_new(&pool->splitter, conversion->source, conversion->source_context,
                                            conversion->reading.record_limit, error);
    for (int i = 0; i < conversion->jobs && status == RECTO_OK; i++)
        status = converter_init(&pool->converters[i], pool, error);
    return status;
}

recto_status convert_blocks(conversion *conversion, recto_error *error)
{
    pool *pool = NULL;
    recto_status status = pool_new(&pool, conversion, error);
    if (status == RECTO_OK && conversion->jobs > 1)
        status = start_threads(pool, error);
    if (status == RECTO_OK)
        status = conversion->jobs > 1 ? run_beside(pool, error) : run_alone(pool, error);
    if (pool != NULL)
        pool_release(pool);
    return status == RECTO_END ? RECTO_OK : status;
}
