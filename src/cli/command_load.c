/* src/cli/command_load.c - recto load: files of records into a zone, with full indexing, in batches that are all or nothing.
 *
 * catalog/load.c does it; here are the files, which are known again by their content: one that was cut off goes on where it
 * stopped, and one that is through is not loaded again (RL-63). A record that cannot be loaded goes to --rejects as it came. */
#include "command_line.h"
#include "rejects.h"

#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MEMORY_MIB = 256, PROGRESS_MS = 500, KEY_SAMPLE = 1024 * 1024 };

typedef struct load {
    command_line *line;
    catalog *catalog;
    const repo_zone *zone;
    ingest_policy policy;
    const char *format, *encoding;
    bool restart, progress_json;
    rejects rejects;
    int jobs; /* 0: as many as there are processors */
    size_t memory;
    const record_file *file;
    load_counts counts;
    uint64_t before_bytes, done_bytes, total_bytes; /* of the files before this one; with what is done of it; of all */
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

/* The first one is taken: the next ends the process as it ends any other, and the batch that is not committed is not there
 * (RL-64). */
static void let_the_next_signal_end(void)
{
    const struct timespec at_once = { 0, 0 };
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    (void)sigtimedwait(&set, NULL, &at_once);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static double seconds_since(const load *load)
{
    return (double)(recto_clock_monotonic_ms() - load->began_ms) / 1000.0;
}

static void show_progress(load *load, bool last)
{
    int64_t now = recto_clock_monotonic_ms();
    bool terminal = isatty(STDERR_FILENO) == 1;
    if (!last && now - load->shown_ms < (load->progress_json ? 1000 : PROGRESS_MS))
        return;
    load->shown_ms = now;
    const uint64_t bytes = load->done_bytes;
    if (load->progress_json) {
        json_writer json;
        json_init(&json, &load->line->out);
        json_open(&json, NULL, '{');
        json_integer(&json, "done", (int64_t)load->counts.read);
        json_integer(&json, "total_bytes", (int64_t)load->total_bytes);
        json_integer(&json, "done_bytes", (int64_t)bytes);
        json_close(&json, '}');
        print_end(load->line);
        output_flush(load->line);
    } else if (terminal) {
        double seconds = seconds_since(load), rate = seconds > 0 ? (double)load->counts.read / seconds : 0;
        double part = load->total_bytes > 0 ? (double)bytes / (double)load->total_bytes : 0;
        int64_t left = part > 0.001 ? (int64_t)(seconds / part - seconds) : 0;
        fprintf(stderr, "\r%llu records, %d %%, %.0f a second, %lld s left   %s", (unsigned long long)load->counts.read,
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

static recto_status reject(void *context, const load_reject *reject, recto_error *error)
{
    load *load = context;
    note("%s: record %zu, byte %llu: %s", load->file->name, reject->number, (unsigned long long)reject->offset, reject->reason);
    return rejects_add(&load->rejects, reject->raw, error);
}

static recto_status rejected(void *context, recto_error *error)
{
    const load *load = context;
    return rejects_reached(&load->rejects, error);
}

static void progress(void *context, const load_counts *counts)
{
    load *load = context;
    load->done_bytes = load->before_bytes + counts->position;
    show_progress(load, false);
}

static bool stop(void *context)
{
    load *load = context;
    if (!load->stopped && signal_waits()) {
        load->stopped = true;
        let_the_next_signal_end();
    }
    return load->stopped;
}

static recto_status pass_over(record_file *file, uint64_t records, recto_error *error)
{
    marc_record *record = NULL;
    recto_status status = marc_record_new(&record, error);
    while (status == RECTO_OK && marc_reader_number(file->reader) < records) {
        status = marc_reader_next(file->reader, record, error);
        if (status == RECTO_EDATA || status == RECTO_ELIMIT)
            status = RECTO_OK; /* it was told of when it was read */
    }
    marc_record_free(record);
    recto_error_clear(error);
    return status == RECTO_END ? RECTO_OK : status;
}

/* Passes over what an earlier run has loaded; *all: that is the whole file. */
static recto_status skip_loaded(load *load, record_file *file, text key, bool *all, recto_error *error)
{
    load_state state;
    char when[64];
    *all = false;
    if (load->restart)
        return catalog_load_forget(load->catalog, load->zone, key, error);
    recto_status status = catalog_load_state(&state, load->catalog, load->zone, key, error);
    if (status != RECTO_OK)
        return status;
    if (state.finished) {
        clock_format_local(when, sizeof when, state.finished_at);
        note("%s was loaded to its end at %s: %llu record%s. To load it once more: --restart", file->name, when,
             (unsigned long long)state.records, state.records == 1 ? "" : "s");
        *all = true;
        return RECTO_OK;
    }
    if (state.records == 0)
        return RECTO_OK;
    note("Resuming %s at record %llu (%llu already loaded)", file->name, (unsigned long long)state.records + 1,
         (unsigned long long)state.records);
    return pass_over(file, state.records, error);
}

static recto_status load_opened(load *load, record_file *file, recto_error *error)
{
    unsigned char key_bytes[crypto_generichash_BYTES];
    bool done = false, ended = false;
    load_request request = { .reader = file->reader,
                             .name = file->name,
                             .zone = load->zone,
                             .policy = &load->policy,
                             .jobs = load->jobs,
                             .memory = load->memory,
                             .context = load,
                             .reject = reject,
                             .rejected = rejected,
                             .progress = progress,
                             .stop = stop };
    recto_status status = RECTO_OK;
    if (file_key(file, key_bytes)) {
        request.key = text_of((const char *)key_bytes, sizeof key_bytes);
        status = skip_loaded(load, file, request.key, &done, error);
    }
    load->file = file;
    if (status == RECTO_OK && !done)
        status = catalog_load_file(&load->counts, &ended, load->catalog, &request, error);
    load->done_bytes = load->before_bytes + marc_reader_position(file->reader);
    if (status == RECTO_OK && !done)
        show_progress(load, true);
    return status;
}

static recto_status load_file(load *load, const char *name, recto_error *error)
{
    record_file file;
    recto_status status = record_file_open(&file, name, load->format, load->encoding, NULL, error);
    if (status != RECTO_OK)
        return status;
    add_file(load, &file);
    load->before_bytes = load->done_bytes;
    status = load_opened(load, &file, error);
    load->file = NULL;
    record_file_close(&file);
    return status;
}

/* Only where there were some: a file of bibs says nothing of them. */
static void print_authorities(const load *load)
{
    const load_counts *counts = &load->counts;
    if (counts->authorities > 0)
        print_format(load->line, "%llu authority records: %llu new versions of known ones, %llu as they were.\n",
                     (unsigned long long)counts->authorities, (unsigned long long)counts->updated,
                     (unsigned long long)counts->unchanged);
}

static void print_summary(const load *load)
{
    double seconds = seconds_since(load);
    double rate = seconds > 0 ? (double)load->counts.read / seconds : 0;
    json_writer json;
    if (!load->line->json) {
        print_format(load->line, "%llu read, %llu added, %llu rejected, in %.1f s (%.0f records a second).\n",
                     (unsigned long long)load->counts.read, (unsigned long long)load->counts.added,
                     (unsigned long long)load->counts.rejected, seconds, rate);
        print_authorities(load);
        return;
    }
    json_init(&json, &load->line->out);
    json_open(&json, NULL, '{');
    json_integer(&json, "read", (int64_t)load->counts.read);
    json_integer(&json, "added", (int64_t)load->counts.added);
    json_integer(&json, "rejected", (int64_t)load->counts.rejected);
    if (load->counts.authorities > 0)
        json_integer(&json, "authorities_updated", (int64_t)load->counts.updated);
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
    return rejects_open(&load->rejects, load->catalog, rejects, error);
}

int command_load(command_line *line, int argc, char **argv)
{
    const char *zone = NULL, *rejects = NULL, *restart = NULL, *as_is = NULL, *progress_json = NULL, *jobs = NULL, *memory = NULL;
    load load = { .line = line, .rejects = { .descriptor = -1 } };
    const option_value options[] = {
        { "zone", true, &zone, NULL, NULL },
        { "format", true, &load.format, NULL, NULL },
        { "encoding", true, &load.encoding, NULL, NULL },
        { "rejects", true, &rejects, NULL, NULL },
        { "restart", false, &restart, NULL, NULL },
        { "as-is", false, &as_is, NULL, NULL },
        { "progress-json", false, &progress_json, NULL, NULL },
        { "jobs", true, &jobs, NULL, NULL },
        { "memory", true, &memory, NULL, NULL },
    };
    recto_error error = { 0 };
    int64_t job_count = 0, mebibytes = MEMORY_MIB;
    int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands < 1)
        return operands < 0 ? 2 : usage("load needs at least one file; - is standard input");
    if (jobs != NULL && !option_number("jobs", jobs, 1, 64, &job_count))
        return 2;
    if (memory != NULL && !option_number("memory", memory, 16, 65536, &mebibytes))
        return 2;
    load.jobs = (int)job_count;
    load.memory = (size_t)mebibytes * 1024 * 1024;
    load.restart = restart != NULL;
    load.progress_json = progress_json != NULL;
    load.began_ms = load.shown_ms = recto_clock_monotonic_ms();
    recto_status status = prepare_load(&load, zone, rejects, as_is != NULL, &error);
    hold_signals();
    for (int i = 1; status == RECTO_OK && i <= operands && !load.stopped; i++)
        status = load_file(&load, argv[i], &error);
    const recto_status closed = rejects_close(&load.rejects, status == RECTO_OK, status == RECTO_OK ? &error : NULL);
    catalog_close(load.catalog);
    status = status == RECTO_OK ? closed : status;
    if (status != RECTO_OK)
        report(&error);
    if (load.catalog != NULL && (status == RECTO_OK || load.counts.read > 0))
        print_summary(&load);
    if (load.stopped)
        note("Stopped at record %llu; run the same command to go on.", (unsigned long long)load.counts.read);
    if (status != RECTO_OK)
        return recto_exit_status(error.status);
    return load.counts.rejected > 0 || load.stopped ? 1 : 0;
}
