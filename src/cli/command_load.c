/* src/cli/command_load.c - recto load: files of records into a zone, with full indexing, in batches that are all or nothing.
 *
 * The place reached in a file is stored in the transaction of each batch, so that a load that was cut off goes on where it
 * stopped and never loads a record twice (RL-62, RL-63). A record that cannot be loaded goes to --rejects as it came. */
#include "command_line.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BATCH_RECORDS = 1000, BATCH_MS = 1000, PROGRESS_MS = 500, KEY_SAMPLE = 1024 * 1024 };

typedef struct load {
    command_line *line;
    catalog *catalog;
    const repo_zone *zone;
    ingest_policy policy;
    const char *format, *encoding;
    bool restart, progress_json;
    int rejects; /* descriptor, -1: none */
    uint64_t read, added, rejected, resumed;
    uint64_t done_bytes, total_bytes;
    int64_t began_ms, shown_ms;
    bool stopped; /* by SIGINT or SIGTERM */
} load;

static void add_file(load *load, const record_file *file)
{
    load->total_bytes += file->size > 0 ? (uint64_t)file->size : 0;
}

/* The present record is finished, the batch committed, and the same command goes on later (RL-64). */
void hold_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

bool signal_waits(void)
{
    sigset_t set;
    return sigpending(&set) == 0 && (sigismember(&set, SIGINT) == 1 || sigismember(&set, SIGTERM) == 1);
}

static double seconds_since(const load *load)
{
    return (double)(recto_clock_monotonic_ms() - load->began_ms) / 1000.0;
}

static void show_progress(load *load, const record_file *file, bool last)
{
    int64_t now = recto_clock_monotonic_ms();
    bool terminal = isatty(STDERR_FILENO) == 1;
    if (!last && now - load->shown_ms < (load->progress_json ? 1000 : PROGRESS_MS))
        return;
    load->shown_ms = now;
    uint64_t bytes = load->done_bytes + marc_reader_position(file->reader);
    if (load->progress_json) {
        json_writer json;
        json_init(&json, &load->line->out);
        json_open(&json, NULL, '{');
        json_integer(&json, "done", (int64_t)load->read);
        json_integer(&json, "total_bytes", (int64_t)load->total_bytes);
        json_integer(&json, "done_bytes", (int64_t)bytes);
        json_close(&json, '}');
        print_end(load->line);
        output_flush(load->line);
    } else if (terminal) {
        double seconds = seconds_since(load), rate = seconds > 0 ? (double)load->read / seconds : 0;
        double part = load->total_bytes > 0 ? (double)bytes / (double)load->total_bytes : 0;
        int64_t left = part > 0.001 ? (int64_t)(seconds / part - seconds) : 0;
        fprintf(stderr, "\r%llu records, %d %%, %.0f a second, %lld s left   %s", (unsigned long long)load->read,
                (int)(part * 100), rate, (long long)left, last ? "\n" : "");
    }
}

/* A file is known again by its size and its first and last mebibyte: reading all of a large one would cost as much as
 * loading the beginning of it. */
static bool file_key(const record_file *file, unsigned char key[static crypto_generichash_BYTES])
{
    static const unsigned char salt[] = "recto load 1";
    crypto_generichash_state state;
    char sample[64 * 1024];
    if (file->size < 0)
        return false;
    crypto_generichash_init(&state, salt, sizeof salt > crypto_generichash_KEYBYTES_MIN ? sizeof salt : 0,
                            crypto_generichash_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)&file->size, sizeof file->size);
    for (int64_t at = 0; at < file->size; at += (int64_t)sizeof sample) {
        if (at >= KEY_SAMPLE && at < file->size - KEY_SAMPLE)
            at = file->size - KEY_SAMPLE;
        ssize_t got = pread(file->descriptor, sample, sizeof sample, at);
        if (got <= 0)
            break;
        crypto_generichash_update(&state, (const unsigned char *)sample, (unsigned long long)got);
    }
    crypto_generichash_final(&state, key, crypto_generichash_BYTES);
    return true;
}

static recto_status reject(load *load, const record_file *file, const char *reason, recto_error *error)
{
    load->rejected++;
    note("%s: record %zu, byte %llu: %s", file->name, marc_reader_number(file->reader),
         (unsigned long long)marc_reader_offset(file->reader), reason);
    text raw = marc_reader_raw(file->reader);
    for (size_t done = 0; load->rejects >= 0 && done < raw.length;) {
        ssize_t written = write(load->rejects, raw.bytes + done, raw.length - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return recto_fail_system(error, errno, "--rejects", "cannot write the rejects");
        done += (size_t)written;
    }
    return RECTO_OK;
}

/* One record through the corridor, inside the batch's transaction. */
static recto_status load_record(load *load, const record_file *file, const marc_record *record, recto_error *error)
{
    ingest_request request = { .record = record, .zone = load->zone->id, .policy = &load->policy, .join_transaction = true };
    ingest_outcome outcome = { 0 };
    recto_status status = catalog_ingest(&outcome, load->catalog, &request, error);
    if (status == RECTO_OK && outcome.kind == OUTCOME_ADDED)
        load->added++;
    else if (status == RECTO_OK)
        status = reject(load, file, outcome.message, error);
    ingest_outcome_release(&outcome);
    return status;
}

typedef struct batch {
    text key; /* of the file; empty: not resumable */
    size_t records;
    int64_t began_ms;
} batch;

static recto_status commit_batch(load *load, const batch *batch, const record_file *file, recto_error *error)
{
    repo *repo = catalog_repo(load->catalog);
    recto_status status = RECTO_OK;
    if (batch->key.length > 0)
        status =
            repo_load_place_set(repo, batch->key, marc_reader_position(file->reader), marc_reader_number(file->reader), error);
    if (status == RECTO_OK && batch->records > 0) {
        char detail[96];
        snprintf(detail, sizeof detail, "%zu read, up to record %zu", batch->records, marc_reader_number(file->reader));
        status = catalog_audit(load->catalog, "load", file->name, load->zone->id, "ok", detail, error);
    }
    return status == RECTO_OK ? repo_commit(repo, error) : status;
}

/* Reads on until the batch is full or the file ends; *ended tells. */
static recto_status fill_batch(load *load, batch *batch, record_file *file, marc_record *record, bool *ended, recto_error *error)
{
    recto_status status = RECTO_OK;
    while (status == RECTO_OK && batch->records < BATCH_RECORDS && !*ended && !load->stopped) {
        status = marc_reader_next(file->reader, record, error);
        if (status == RECTO_END) {
            *ended = true;
            return RECTO_OK;
        }
        load->read++;
        batch->records++;
        if (status == RECTO_OK)
            status = load_record(load, file, record, error);
        else if (status == RECTO_EDATA || status == RECTO_ELIMIT)
            status = reject(load, file, error->what, error);
        if (batch->records % 64 == 0) {
            show_progress(load, file, false);
            if (recto_clock_monotonic_ms() - batch->began_ms > BATCH_MS)
                break;
        }
        load->stopped = signal_waits();
    }
    return status;
}

/* Passes over what an earlier run has loaded. */
static recto_status skip_loaded(load *load, record_file *file, marc_record *record, text key, recto_error *error)
{
    uint64_t bytes = 0, records = 0;
    if (load->restart)
        return repo_load_place_clear(catalog_repo(load->catalog), key, error);
    recto_status status = repo_load_place_get(catalog_repo(load->catalog), key, &bytes, &records, error);
    if (status != RECTO_OK || records == 0)
        return status;
    note("resuming %s at record %llu (%llu already read)", file->name, (unsigned long long)records + 1,
         (unsigned long long)records);
    while (marc_reader_number(file->reader) < records) {
        status = marc_reader_next(file->reader, record, error);
        if (status != RECTO_OK && status != RECTO_EDATA && status != RECTO_ELIMIT)
            return status == RECTO_END ? RECTO_OK : status;
    }
    load->resumed += records;
    return RECTO_OK;
}

static recto_status load_opened(load *load, record_file *file, recto_error *error)
{
    unsigned char key_bytes[crypto_generichash_BYTES];
    repo *repo = catalog_repo(load->catalog);
    marc_record *record = NULL;
    batch batch = { .key = { NULL, 0 } };
    bool ended = false;
    recto_status status = marc_record_new(&record, error);
    if (status == RECTO_OK && file_key(file, key_bytes)) {
        batch.key = text_of((const char *)key_bytes, sizeof key_bytes);
        status = skip_loaded(load, file, record, batch.key, error);
    }
    while (status == RECTO_OK && !ended && !load->stopped) {
        batch.records = 0;
        batch.began_ms = recto_clock_monotonic_ms();
        status = repo_begin(repo, error);
        if (status == RECTO_OK)
            status = fill_batch(load, &batch, file, record, &ended, error);
        if (status == RECTO_OK)
            status = commit_batch(load, &batch, file, error);
        if (status != RECTO_OK)
            repo_rollback(repo);
        while (status == RECTO_OK && catalog_tidy(load->catalog) && !load->stopped)
            load->stopped = signal_waits();
    }
    if (status == RECTO_OK)
        show_progress(load, file, true);
    if (status == RECTO_OK && ended && batch.key.length > 0)
        status = repo_load_place_clear(repo, batch.key, error);
    marc_record_free(record);
    return status;
}

static recto_status load_file(load *load, const char *name, recto_error *error)
{
    record_file file;
    recto_status status = record_file_open(&file, name, load->format, load->encoding, NULL, error);
    if (status != RECTO_OK)
        return status;
    add_file(load, &file);
    status = load_opened(load, &file, error);
    load->done_bytes += marc_reader_position(file.reader);
    record_file_close(&file);
    return status;
}

static void print_summary(const load *load)
{
    double seconds = seconds_since(load);
    double rate = seconds > 0 ? (double)load->read / seconds : 0;
    json_writer json;
    if (!load->line->json) {
        print_format(load->line, "%llu read, %llu added, %llu rejected, in %.1f s (%.0f records a second).\n",
                     (unsigned long long)load->read, (unsigned long long)load->added, (unsigned long long)load->rejected, seconds,
                     rate);
        return;
    }
    json_init(&json, &load->line->out);
    json_open(&json, NULL, '{');
    json_integer(&json, "read", (int64_t)load->read);
    json_integer(&json, "added", (int64_t)load->added);
    json_integer(&json, "rejected", (int64_t)load->rejected);
    json_real(&json, "seconds", seconds);
    json_real(&json, "records_per_second", rate);
    json_close(&json, '}');
    print_end(load->line);
}

static recto_status prepare_load(load *load, const char *zone, const char *rejects, bool as_is, recto_error *error)
{
    recto_status status = open_catalog(&load->catalog, load->line, REPO_READ_WRITE, false, error);
    if (status == RECTO_OK)
        status = zone_named(&load->zone, load->catalog, zone, error);
    if (status != RECTO_OK)
        return status;
    load->policy = *catalog_policy("load");
    if (as_is)
        load->policy.initial_normalization = false;
    if (rejects != NULL && (load->rejects = open(rejects, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666)) < 0)
        return recto_fail_system(error, errno, rejects, "cannot write the rejects");
    return RECTO_OK;
}

int command_load(command_line *line, int argc, char **argv)
{
    const char *zone = NULL, *rejects = NULL, *restart = NULL, *as_is = NULL, *progress = NULL, *jobs = NULL;
    load load = { .line = line, .rejects = -1 };
    const option_value options[] = {
        { "zone", true, &zone, NULL, NULL },
        { "format", true, &load.format, NULL, NULL },
        { "encoding", true, &load.encoding, NULL, NULL },
        { "rejects", true, &rejects, NULL, NULL },
        { "restart", false, &restart, NULL, NULL },
        { "as-is", false, &as_is, NULL, NULL },
        { "progress-json", false, &progress, NULL, NULL },
        { "jobs", true, &jobs, NULL, NULL },
    };
    recto_error error = { 0 };
    int64_t job_count = 1;
    int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands < 1)
        return operands < 0 ? 2 : usage("load needs at least one file; - is standard input");
    if (jobs != NULL && !option_number("jobs", jobs, 1, 64, &job_count))
        return 2;
    load.restart = restart != NULL;
    load.progress_json = progress != NULL;
    load.began_ms = load.shown_ms = recto_clock_monotonic_ms();
    recto_status status = prepare_load(&load, zone, rejects, as_is != NULL, &error);
    hold_signals();
    for (int i = 1; status == RECTO_OK && i <= operands && !load.stopped; i++)
        status = load_file(&load, argv[i], &error);
    catalog_close(load.catalog);
    if (load.rejects >= 0 && close(load.rejects) != 0 && status == RECTO_OK)
        status = recto_fail_system(&error, errno, rejects, "cannot write the rejects");
    if (status != RECTO_OK)
        report(&error);
    if (load.catalog != NULL)
        print_summary(&load);
    if (load.stopped)
        note("stopped at record %llu; run the same command to go on", (unsigned long long)load.read);
    if (status != RECTO_OK)
        return recto_exit_status(error.status);
    return load.rejected > 0 || load.stopped ? 1 : 0;
}
