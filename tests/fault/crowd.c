/* tests/fault/crowd.c - fifty catalogers on one repository: nobody's save is lost, nobody waits long, all in one run.
 *
 * counter: each process reads one record, adds one to its counter and saves what it saw, again and again: the counter ends at the
 * number of saves that were acknowledged (RL-40, RL-70). pace: they search, open and save as people do. beside: the same while
 * COMMAND works on the repository, whose path it finds in RECTO_REPO: a load, a gateway (RL-67, RL-70). full: they save without a
 * pause, first through Recto's queue, then rows of the same size by plain SQLite with busy_timeout, for the ratio of the worst
 * waits. Usage: crowd FOLDER counter|pace|full|beside PROCESSES SECONDS [COMMAND...]. Prints rows of tests/soak/run.sh. Waits are
 * told, not judged: only a lost or doubled save, or one that failed, ends it with 1. */
#include "phases.h"
#include "recto/catalog/catalog.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROCESSES_MAX = 100, SAMPLES = 20000, RECORDS = 500, PAUSE_MS = 100, SLOWEST = 10, PROBE = PROCESSES_MAX };
enum {
    WARM_SECONDS = 5, /* of people who have just sat down: not counted at human pace */
    PROBE_PAUSE_MS = 40,
    PROBE_BYTES = 4 * 4096
};

typedef struct share { /* between all processes; each writes its own row */
    long saved[PROCESSES_MAX], refused[PROCESSES_MAX], failed[PROCESSES_MAX], samples[PROCESSES_MAX];
    long acknowledged[PROCESSES_MAX];               /* saved counts the warm ones only */
    float milliseconds[PROCESSES_MAX + 1][SAMPLES]; /* the last row: bare fdatasyncs of the probe */
    bool beside[PROCESSES_MAX][SAMPLES];            /* while the command ran */
    long probes;
    long long log;                                           /* bytes of the log at its longest */
    phases slow[PROCESSES_MAX][SLOWEST], sum[PROCESSES_MAX]; /* the slowest first */
    double start;
    char reason[200];
    volatile int go, warm, over; /* warm: what is done counts */
    volatile int companion;      /* the command runs */
    double companion_seconds;
    int companion_status;
} share;

typedef struct crowd {
    char path[512], plain[512];
    int processes, seconds;
    mms_id ids[RECORDS];
    char **command;
    share *share;
} crowd;

static _Noreturn void fail(const char *what)
{
    (void)fprintf(stderr, "crowd: %s\n", what);
    exit(2);
}

static double now_ms(void)
{
    return phases_now_ms();
}

static void pause_ms(long milliseconds)
{
    const struct timespec moment = { .tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000 };
    (void)nanosleep(&moment, NULL);
}

/* Whoever runs it: the command is run by him, too. */
static const char *login(void)
{
    const struct passwd *own = getpwuid(geteuid());
    return own != NULL ? own->pw_name : "chief";
}

static recto_status sit_down(catalog **out, const char *path, recto_error *error)
{
    catalog_options options = {
        .repository = path, .user = login(), .login = login(), .owns_file = true, .mode = REPO_READ_WRITE, .with_session = true
    };
    recto_status status = recto_clock_init(&options.clock, NULL, error);
    return status == RECTO_OK ? catalog_open(out, &options, error) : status;
}

/* ---- one save ------------------------------------------------------------------------------------------------------------ */

static marc_record *new_book(long number, long counter)
{
    char line[240];
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    recto_status status = marc_record_new(&record, &error);
    if (status == RECTO_OK)
        status = marc_record_append(record, "008", text_from("250101s2001    xxu           000 1 eng d"), &error);
    (void)snprintf(line, sizeof line, "$aCrowd %ld, a book for many hands and a title of common length /$cAnn Writer.", number);
    if (status == RECTO_OK)
        status = marc_record_append_line(record, "245", "10", line, &error);
    for (int i = 0; i < 10 && status == RECTO_OK; i++)
        status = marc_record_append_line(record, "650", " 0", "$aCataloging$xEvaluation$vHandbooks, manuals, etc.", &error);
    (void)snprintf(line, sizeof line, "$a%ld", counter);
    if (status == RECTO_OK)
        status = marc_record_append_line(record, "999", "  ", line, &error);
    if (status != RECTO_OK)
        fail("cannot make a record");
    return record;
}

static long counter_of(const marc_record *record)
{
    int64_t number = -1;
    text value = { NULL, 0 };
    const size_t at = marc_record_find(record, "999", 0);
    if (at == SIZE_MAX || !marc_field_subfield(marc_record_field(record, at), 'a', &value) || !text_to_integer(value, &number))
        return -1;
    return (long)number;
}

static void keep_sample(share *share, int me, const phases *save)
{
    if (!share->warm)
        return;
    if (share->samples[me] < SAMPLES) {
        share->beside[me][share->samples[me]] = share->companion != 0;
        share->milliseconds[me][share->samples[me]++] = (float)save->all;
    }
    phases *slow = share->slow[me], *sum = &share->sum[me];
    size_t at = SLOWEST;
    for (; at > 0 && slow[at - 1].all < save->all; at--)
        if (at < SLOWEST)
            slow[at] = slow[at - 1];
    if (at < SLOWEST)
        slow[at] = *save;
    sum->all += save->all;
    sum->queue += save->queue;
    sum->held += save->held;
    sum->sync += save->sync;
    sum->write += save->write;
    sum->processor += save->processor;
    sum->syncs += save->syncs;
    sum->writes += save->writes;
    sum->preempted += save->preempted;
}

/* Reads the record and saves it with its counter one higher, as version that was seen. */
static void add_one(const crowd *crowd, int me, catalog *desk, mms_id id, long number)
{
    share *share = crowd->share;
    recto_error error = { .status = RECTO_OK };
    marc_record *seen = NULL;
    bib_info info;
    ingest_outcome outcome;
    if (catalog_load(desk, id, &seen, &info, &error) != RECTO_OK) {
        share->failed[me]++;
        return;
    }
    marc_record *wanted = new_book(number, counter_of(seen) + 1);
    const ingest_request request = { .record = wanted,
                                     .id = id,
                                     .base_version = info.version,
                                     .zone = info.zone,
                                     .policy = catalog_policy("load"),
                                     .ignore_matches = true };
    phases save;
    phases_begin();
    const recto_status status = catalog_ingest(&outcome, desk, &request, &error);
    phases_end(&save);
    if (status == RECTO_OK && outcome.kind == OUTCOME_UPDATED) {
        share->saved[me] += share->warm;
        share->acknowledged[me]++;
        keep_sample(share, me, &save);
    } else if (status == RECTO_OK || status == RECTO_EREFUSED || status == RECTO_ELOCKED) {
        share->refused[me]++;
    } else {
        share->failed[me]++;
        (void)snprintf(share->reason, sizeof share->reason, "%s", error.what);
    }
    if (status == RECTO_OK)
        ingest_outcome_release(&outcome);
    marc_record_free(wanted);
    marc_record_free(seen);
}

/* ---- what a process does ----------------------------------------------------------------------------------------- */

static void wait_for_all(const crowd *crowd)
{
    while (!crowd->share->go)
        pause_ms(1);
}

static void count(const crowd *crowd, int me)
{
    recto_error error = { .status = RECTO_OK };
    catalog *desk = NULL;
    if (sit_down(&desk, crowd->path, &error) != RECTO_OK)
        fail(error.what);
    wait_for_all(crowd);
    const double until = now_ms() + crowd->seconds * 1e3;
    while (now_ms() < until)
        add_one(crowd, me, desk, crowd->ids[0], 0);
    catalog_close(desk);
}

static void search_once(catalog *desk, unsigned *seed)
{
    char words[40];
    catalog_hits hits;
    recto_error error = { .status = RECTO_OK };
    (void)snprintf(words, sizeof words, "crowd %u", (unsigned)rand_r(seed) % RECORDS);
    const catalog_query query = { .text = words, .index = "kw", .limit = 20 };
    if (catalog_search(&hits, desk, &query, &error) == RECTO_OK)
        catalog_hits_release(&hits);
}

/* What a workstation does while its user thinks: slices of upkeep, until there is nothing to do. */
static void rest(catalog *desk, long milliseconds)
{
    enum { BETWEEN_SLICES_MS = 20 };
    const double until = now_ms() + (double)milliseconds;
    pause_ms(BETWEEN_SLICES_MS);
    while (now_ms() < until - BETWEEN_SLICES_MS && catalog_tidy(desk))
        pause_ms(BETWEEN_SLICES_MS);
    const double left = until - now_ms();
    if (left >= 1)
        pause_ms((long)left);
}

/* One save in twenty acts, a tenth of a second between them: far more than people do. */
static void work(const crowd *crowd, int me, bool pause)
{
    recto_error error = { .status = RECTO_OK };
    unsigned seed = (unsigned)me + 1;
    catalog *desk = NULL;
    if (sit_down(&desk, crowd->path, &error) != RECTO_OK)
        fail(error.what);
    wait_for_all(crowd);
    const double until = now_ms() + (crowd->seconds + (pause ? WARM_SECONDS : 0)) * 1e3;
    while (now_ms() < until) {
        const int own = me * (RECORDS / PROCESSES_MAX) + rand_r(&seed) % (RECORDS / PROCESSES_MAX);
        if (!pause || rand_r(&seed) % 20 == 0)
            add_one(crowd, me, desk, crowd->ids[own], own);
        else
            search_once(desk, &seed);
        if (pause)
            rest(desk, PAUSE_MS / 2 + rand_r(&seed) % PAUSE_MS);
    }
    catalog_close(desk);
}

/* What the disk itself takes, in the same minutes: four pages written over and made durable, and nothing of Recto. */
static void probe(const crowd *crowd)
{
    char name[sizeof crowd->path + 8], log[sizeof crowd->path + 8], bytes[PROBE_BYTES];
    struct stat length;
    share *share = crowd->share;
    memset(bytes, 'p', sizeof bytes);
    (void)snprintf(name, sizeof name, "%s-probe", crowd->plain);
    (void)snprintf(log, sizeof log, "%s-wal", crowd->path);
    const int file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        fail("cannot open the probe's file");
    while (!share->over) {
        const double begun = now_ms();
        if (pwrite(file, bytes, sizeof bytes, 0) != PROBE_BYTES || fdatasync(file) != 0)
            fail("cannot write the probe's file");
        if (stat(log, &length) == 0 && length.st_size > share->log)
            share->log = length.st_size;
        if (share->warm && share->probes < SAMPLES)
            share->milliseconds[PROBE][share->probes++] = (float)(now_ms() - begun);
        pause_ms(PROBE_PAUSE_MS);
    }
    (void)close(file);
    (void)unlink(name);
}

/* The peer: rows of the same size in a file of the same settings, with nothing but SQLite's own waiting. */
static void save_plainly(const crowd *crowd, int me)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *write = NULL;
    char bytes[1400];
    share *share = crowd->share;
    memset(bytes, 'x', sizeof bytes);
    if (sqlite3_open(crowd->plain, &database) != SQLITE_OK || sqlite3_busy_timeout(database, 20000) != SQLITE_OK ||
        sqlite3_exec(database, "PRAGMA synchronous=FULL", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(database, "INSERT INTO version (doc, record) VALUES (?1, ?2)", -1, &write, NULL) != SQLITE_OK)
        fail("cannot open the plain file");
    wait_for_all(crowd);
    const double until = now_ms() + crowd->seconds * 1e3;
    while (now_ms() < until) {
        const double begun = now_ms();
        int code = sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL);
        (void)sqlite3_bind_int(write, 1, me);
        (void)sqlite3_bind_blob(write, 2, bytes, sizeof bytes, SQLITE_STATIC);
        for (int i = 0; i < 8 && code == SQLITE_OK; i++) { /* a save of Recto writes about so many pages */
            code = sqlite3_step(write) == SQLITE_DONE ? SQLITE_OK : SQLITE_ERROR;
            (void)sqlite3_reset(write);
        }
        if (code == SQLITE_OK)
            code = sqlite3_exec(database, "COMMIT", NULL, NULL, NULL);
        if (code != SQLITE_OK) {
            share->failed[me]++;
            (void)sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
            continue;
        }
        share->saved[me]++;
        if (share->samples[me] < SAMPLES)
            share->milliseconds[me][share->samples[me]++] = (float)(now_ms() - begun);
    }
    (void)sqlite3_finalize(write);
    (void)sqlite3_close(database);
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

typedef enum task { COUNT, PACE, BESIDE, FULL, PLAIN } task;

/* The command in a process of its own, and one that waits for it. */
static void run_companion(const crowd *crowd)
{
    int status = 0;
    const double begun = now_ms();
    const pid_t child = fork();
    if (child == 0) {
        (void)setenv("RECTO_REPO", crowd->path, 1);
        (void)execvp(crowd->command[0], crowd->command);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        status = -1;
    crowd->share->companion = 0;
    crowd->share->companion_status = status;
    crowd->share->companion_seconds = (now_ms() - begun) / 1e3;
}

static pid_t start_companion(const crowd *crowd)
{
    crowd->share->companion = 1;
    (void)fflush(NULL);
    const pid_t child = fork();
    if (child < 0)
        fail("no process");
    if (child == 0) {
        run_companion(crowd);
        _exit(0);
    }
    return child;
}

static pid_t start_probe(const crowd *crowd)
{
    (void)fflush(NULL);
    const pid_t child = fork();
    if (child < 0)
        fail("no process");
    if (child == 0) {
        probe(crowd);
        _exit(0);
    }
    return child;
}

static void run(const crowd *crowd, task task)
{
    pid_t children[PROCESSES_MAX];
    memset(crowd->share, 0, sizeof *crowd->share);
    const pid_t prober = start_probe(crowd);
    for (int i = 0; i < crowd->processes; i++) {
        (void)fflush(NULL);
        children[i] = fork();
        if (children[i] < 0)
            fail("no process");
        if (children[i] > 0)
            continue;
        if (task == COUNT)
            count(crowd, i);
        else if (task == PLAIN)
            save_plainly(crowd, i);
        else
            work(crowd, i, task == PACE || task == BESIDE);
        _exit(0);
    }
    (void)sleep(1);
    crowd->share->start = now_ms();
    const bool paced = task == PACE || task == BESIDE;
    crowd->share->warm = !paced;
    crowd->share->go = 1;
    if (paced)
        (void)sleep(WARM_SECONDS);
    crowd->share->warm = 1;
    const pid_t companion = task == BESIDE ? start_companion(crowd) : 0;
    for (int i = 0; i < crowd->processes; i++) {
        int status = 0;
        if (waitpid(children[i], &status, 0) != children[i] || status != 0)
            fail("a process crashed");
    }
    crowd->share->over = 1;
    (void)waitpid(prober, NULL, 0);
    if (companion > 0)
        (void)waitpid(companion, NULL, 0);
}

typedef struct result {
    long saved, acknowledged, refused, failed;
    size_t samples;
    double median, p99, worst, bare_median, bare_p99;
} result;

static int compare(const void *left, const void *right)
{
    const float *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* @param beside_only  the samples while the command ran */
static void take_samples(result *result, const share *share, int processes, bool beside_only)
{
    size_t samples = 0;
    float *all = calloc((size_t)processes * SAMPLES, sizeof *all);
    if (all == NULL)
        fail("no memory");
    for (int i = 0; i < processes; i++)
        for (long sample = 0; sample < share->samples[i]; sample++)
            if (!beside_only || share->beside[i][sample])
                all[samples++] = share->milliseconds[i][sample];
    qsort(all, samples, sizeof *all, compare);
    result->samples = samples;
    if (samples > 0) {
        result->median = (double)all[samples / 2];
        result->p99 = (double)all[samples * 99 / 100];
        result->worst = (double)all[samples - 1];
    }
    free(all);
}

static result sum_up(const crowd *crowd, bool beside_only)
{
    share *share = crowd->share;
    result result = { 0 };
    for (int i = 0; i < crowd->processes; i++) {
        result.saved += share->saved[i];
        result.acknowledged += share->acknowledged[i];
        result.refused += share->refused[i];
        result.failed += share->failed[i];
    }
    take_samples(&result, share, crowd->processes, beside_only);
    qsort(share->milliseconds[PROBE], (size_t)share->probes, sizeof(float), compare);
    if (share->probes > 0) {
        result.bare_median = (double)share->milliseconds[PROBE][share->probes / 2];
        result.bare_p99 = (double)share->milliseconds[PROBE][share->probes * 99 / 100];
    }
    return result;
}

/* ---- why a save was slow ----------------------------------------------------------------------------------------- */

static void print_phases(const char *name, const phases *save, double saves, double start)
{
    const double known = save->queue + save->sync + save->write + save->processor;
    (void)fprintf(stderr, "    %-10s %8.2f %8.2f %8.2f %8.2f (%4.1f) %8.2f (%5.1f) %9.2f %8.2f (%3.1f) %6.1f\n", name,
                  save->all / saves, save->queue / saves, save->held / saves, save->sync / saves, save->syncs / saves,
                  save->write / saves, save->writes / saves, save->processor / saves,
                  save->all > known ? (save->all - known) / saves : 0, save->preempted / saves,
                  save->begun > 0 ? (save->begun - start) / 1e3 : 0);
}

static int slower(const void *left, const void *right)
{
    const phases *a = left, *b = right;
    return a->all > b->all ? -1 : a->all < b->all;
}

static void tell_phases(const crowd *crowd)
{
    phases all[PROCESSES_MAX * SLOWEST], sum = { 0 };
    const size_t count = (size_t)crowd->processes * SLOWEST;
    double saves = 0;
    for (int i = 0; i < crowd->processes; i++) {
        const phases *own = &crowd->share->sum[i];
        memcpy(all + (size_t)i * SLOWEST, crowd->share->slow[i], sizeof crowd->share->slow[i]);
        saves += (double)crowd->share->saved[i];
        sum.all += own->all;
        sum.queue += own->queue;
        sum.held += own->held;
        sum.sync += own->sync;
        sum.write += own->write;
        sum.processor += own->processor;
        sum.syncs += own->syncs;
        sum.writes += own->writes;
        sum.preempted += own->preempted;
    }
    qsort(all, count, sizeof *all, slower);
    (void)fprintf(stderr, "    %-10s %8s %8s %8s %8s %6s %8s %7s %9s %8s (times)  %4s\n", "ms", "save", "queue", "turn", "sync",
                  "(n)", "write", "(n)", "processor", "off it", "at s");
    if (saves > 0)
        print_phases("mean", &sum, saves, 0);
    for (size_t i = 0; i < SLOWEST && i < count && all[i].all > 0; i++)
        print_phases(i == 0 ? "slowest" : "", &all[i], 1, crowd->share->start);
}

static void make_repository(crowd *crowd, const char *folder)
{
    static const char *const institutions[] = { "01EXAMPLE" };
    recto_error error = { .status = RECTO_OK };
    sqlite3 *plain = NULL;
    catalog *desk = NULL;
    (void)snprintf(crowd->path, sizeof crowd->path, "%s/crowd.recto", folder);
    (void)snprintf(crowd->plain, sizeof crowd->plain, "%s/plain.db", folder);
    const repo_plan plan = { .institutions = institutions, .institution_count = 1, .owner = login(), .now = 1769860800 };
    if (repo_create(crowd->path, &plan, &error) != RECTO_OK || sit_down(&desk, crowd->path, &error) != RECTO_OK)
        fail(error.what);
    for (int i = 0; i < RECORDS; i++) {
        marc_record *record = new_book(i, 0);
        ingest_outcome outcome;
        const ingest_request request = { .record = record,
                                         .zone = catalog_zone(desk, ZONE_INSTITUTION)->id,
                                         .policy = catalog_policy("load"),
                                         .ignore_matches = true };
        if (catalog_ingest(&outcome, desk, &request, &error) != RECTO_OK)
            fail(error.what);
        crowd->ids[i] = outcome.id;
        ingest_outcome_release(&outcome);
        marc_record_free(record);
    }
    catalog_close(desk);
    if (sqlite3_open(crowd->plain, &plain) != SQLITE_OK ||
        sqlite3_exec(plain,
                     "PRAGMA journal_mode=WAL; CREATE TABLE IF NOT EXISTS version (number INTEGER PRIMARY KEY, doc, record)",
                     NULL, NULL, NULL) != SQLITE_OK)
        fail("cannot make the plain file");
    (void)sqlite3_close(plain);
}

/* What the counters of all records have come to. */
static long counters_now(const crowd *crowd)
{
    long sum = 0;
    recto_error error = { .status = RECTO_OK };
    catalog *desk = NULL;
    if (sit_down(&desk, crowd->path, &error) != RECTO_OK)
        fail(error.what);
    for (int i = 0; i < RECORDS; i++) {
        marc_record *record = NULL;
        if (catalog_load(desk, crowd->ids[i], &record, NULL, &error) != RECTO_OK)
            fail(error.what);
        sum += counter_of(record);
        marc_record_free(record);
    }
    catalog_close(desk);
    return sum;
}

/* ---- rows: name, figure, peer, ratio, goal, verdict ------------------------------------------------------------------------ */

static const char *verdict_of(bool met)
{
    return met ? "met" : "missed";
}

static bool tell_counters(const crowd *crowd, const char *name)
{
    const result result = sum_up(crowd, false);
    const long counters = counters_now(crowd);
    const bool equal = counters == result.acknowledged && counters > 0;
    (void)printf("%d processes, %s\tcounter %ld\tacknowledged %ld (refused as not seen %ld)\t%.3f\t1\t%s\n", crowd->processes,
                 name, counters, result.acknowledged, result.refused,
                 result.acknowledged > 0 ? (double)counters / (double)result.acknowledged : 0, equal ? "met" : "BROKEN");
    if (result.failed > 0)
        (void)fprintf(stderr, "crowd: %ld saves failed: %s\n", result.failed, crowd->share->reason);
    return equal && result.failed == 0;
}

static void tell_waits(const crowd *crowd, const char *name, bool beside_only, double p99, double worst)
{
    const result result = sum_up(crowd, beside_only);
    (void)printf("%d processes at human pace, save%s\tp50 %.2f, p99 %.2f, worst %.1f ms (%zu saves)\tbare fdatasync p50 %.2f, "
                 "p99 %.2f\t%.2f\tp99 <= %.0f ms\t%s\n",
                 crowd->processes, name, result.median, result.p99, result.worst, result.samples, result.bare_median,
                 result.bare_p99, result.bare_p99 > 0 ? result.p99 / result.bare_p99 : 0, p99,
                 verdict_of(result.p99 <= p99 && result.worst <= worst));
}

static bool do_counter(crowd *crowd)
{
    run(crowd, COUNT);
    return tell_counters(crowd, "one counter");
}

static bool do_pace(crowd *crowd)
{
    run(crowd, PACE);
    tell_waits(crowd, "", false, 5, 10000);
    (void)printf("%d processes at human pace, the log\t%.1f MiB at its longest\t-\t-\t<= 64 MiB\t%s\n", crowd->processes,
                 (double)crowd->share->log / (1024 * 1024), verdict_of(crowd->share->log <= 64LL * 1024 * 1024));
    tell_phases(crowd);
    return tell_counters(crowd, "all that was saved at human pace");
}

static bool do_beside(crowd *crowd)
{
    char name[100];
    run(crowd, BESIDE);
    (void)snprintf(name, sizeof name, ", %d s beside a load and a gateway", crowd->seconds);
    tell_waits(crowd, name, false, 1000, 10000);
    (void)snprintf(name, sizeof name, ", the %.0f s of the load among them", crowd->share->companion_seconds);
    tell_waits(crowd, name, true, 2000, 10000);
    tell_phases(crowd);
    if (crowd->share->companion_status != 0)
        (void)fprintf(stderr, "crowd: %s ended with an error\n", crowd->command[0]);
    return tell_counters(crowd, "all that was saved beside them") && crowd->share->companion_status == 0;
}

static bool do_full(crowd *crowd)
{
    run(crowd, PLAIN);
    const result plain = sum_up(crowd, false);
    run(crowd, FULL);
    const result ours = sum_up(crowd, false);
    (void)printf("%d processes saving without a pause, worst wait\t%.0f ms (p99 %.0f, %ld/s)\tbusy_timeout %.0f ms (p99 %.0f, "
                 "%ld/s)\t%.3f\t<= 0.1\t%s\n",
                 crowd->processes, ours.worst, ours.p99, ours.saved / crowd->seconds, plain.worst, plain.p99,
                 plain.saved / crowd->seconds, plain.worst > 0 ? ours.worst / plain.worst : 0,
                 verdict_of(ours.worst <= plain.worst * 0.1));
    tell_phases(crowd);
    return tell_counters(crowd, "all that was saved without a pause");
}

static const struct {
    const char *name;
    bool (*run)(crowd *crowd);
} tasks[] = { { "counter", do_counter }, { "pace", do_pace }, { "beside", do_beside }, { "full", do_full } };

int main(int argc, char **argv)
{
    static crowd crowd;
    if (argc < 5 || (strcmp(argv[2], "beside") == 0) != (argc > 5)) {
        (void)fprintf(stderr, "usage: crowd FOLDER counter|pace|full|beside PROCESSES SECONDS [COMMAND...]\n");
        return 2;
    }
    crowd.processes = (int)strtol(argv[3], NULL, 10);
    crowd.seconds = (int)strtol(argv[4], NULL, 10);
    crowd.command = argv + 5;
    crowd.share = mmap(NULL, sizeof *crowd.share, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (crowd.share == MAP_FAILED || crowd.processes < 1 || crowd.processes > PROCESSES_MAX || crowd.seconds < 1)
        fail("bad arguments, or no memory");
    make_repository(&crowd, argv[1]);
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++)
        if (strcmp(argv[2], tasks[i].name) == 0)
            return tasks[i].run(&crowd) ? 0 : 1;
    fail("no such task");
}
