/* tests/fault/faults.c - every write, sync and allocation of the main jobs made to fail, and the power cut at each of them.
 *
 * A job runs in a child process on a copy of one small repository; what it was told is saved it tells its parent. Then the parent
 * opens what is left, without any layer: `check --full` must find it sound, everything told must be there and whole, and the
 * child must not have crashed (RL-3, RL-6, RL-27, RL-60, RL-200, RL-201). Usage: faults FOLDER EVERY [JOB]...: each EVERY-th
 * event. Prints a row of tests/soak/run.sh for each job, and what each fault did on standard error; exit status 1: a promise was
 * broken. */
#include "fault_jobs.h"
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TOLD_MAX = 32, PATH_LENGTH = 512, SCRATCH = 4096 };
enum { SCHEMAS_BETWEEN = 40, OF_A_WRITE = 6 }; /* of their allocations one in so many; so many are beside a write or a sync */
enum { PLAIN_RECORDS = 3, UNTIDY_RECORDS = 270, UNTIDY_SEGMENTS = 8 };

typedef struct stage {
    char prepared[PATH_LENGTH], path[PATH_LENGTH];
    mms_id first;  /* a record that is there from the beginning */
    uint64_t many; /* records that are there from the beginning */
    long every;
} stage;

static void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
#define OLD_FAILED(...) fail(__VA_ARGS__)
#include "repo/old_schema.h"

/* ---- the stage -------------------------------------------------------------------------------------------------------- */

static void fail(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    (void)fprintf(stderr, "faults: ");
    (void)vfprintf(stderr, format, values);
    (void)fputc('\n', stderr);
    va_end(values);
    exit(2);
}

static void must(recto_status status, const recto_error *error)
{
    char line[600];
    if (status == RECTO_OK)
        return;
    recto_error_line(line, sizeof line, error);
    fail("%s", line);
}

static void beside(char *out, const char *path, const char *suffix)
{
    if ((size_t)snprintf(out, PATH_LENGTH + 32, "%s%s", path, suffix) >= PATH_LENGTH + 32)
        fail("the path is too long");
}

static void copy_file(const char *from, const char *to)
{
    char bytes[SCRATCH * 4];
    const int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t got = 0;
    if (in < 0 || out < 0)
        fail("cannot copy %s: %s", from, strerror(errno));
    while ((got = read(in, bytes, sizeof bytes)) > 0)
        if (write(out, bytes, (size_t)got) != got)
            fail("cannot write %s", to);
    (void)close(in);
    (void)close(out);
}

static void name_stage(stage *stage, const char *folder, const char *name)
{
    if ((size_t)snprintf(stage->prepared, PATH_LENGTH, "%s/%s.recto", folder, name) >= PATH_LENGTH ||
        (size_t)snprintf(stage->path, PATH_LENGTH, "%s/stage.recto", folder) >= PATH_LENGTH)
        fail("the path is too long");
}

static void prepare(stage *stage, const char *folder)
{
    static const char *const institutions[] = { "01EXAMPLE" };
    recto_error error = { .status = RECTO_OK };
    catalog *desk = NULL;
    name_stage(stage, folder, "prepared");
    const repo_plan plan = {
        .institutions = institutions, .institution_count = 1, .network = "NETWORK", .owner = "chief", .now = 1769860800
    };
    must(repo_create(stage->prepared, &plan, &error), &error);
    must(sit_down(&desk, stage->prepared, &error), &error);
    int ends[2];
    told first = { 0 };
    if (pipe(ends) != 0)
        fail("no pipe");
    for (int i = 0; i < PLAIN_RECORDS; i++)
        must(ingest_one(desk, i, ends[1], &error), &error);
    if (read(ends[0], &first, sizeof first) != (ssize_t)sizeof first)
        fail("nothing was saved");
    (void)close(ends[0]);
    (void)close(ends[1]);
    stage->first = first.id;
    stage->many = PLAIN_RECORDS;
    catalog_close(desk);
}

/* Entries, and segments of entries, so that there is much to tidy up. */
static void prepare_untidy(stage *stage, const struct stage *plain, const char *folder)
{
    recto_error error = { .status = RECTO_OK };
    catalog *desk = NULL;
    bool more = false;
    const int nobody = open("/dev/null", O_WRONLY | O_CLOEXEC);
    *stage = *plain;
    name_stage(stage, folder, "untidy");
    copy_file(plain->prepared, stage->prepared);
    must(sit_down(&desk, stage->prepared, &error), &error);
    for (int part = 0; part < UNTIDY_SEGMENTS; part++) {
        for (int i = 0; i < UNTIDY_RECORDS; i++)
            must(ingest_one(desk, (part + 1) * 10000 + i, nobody, &error), &error);
        if (part + 1 < UNTIDY_SEGMENTS)
            must(repo_tidy(catalog_repo(desk), &more, &error), &error);
        stage->many += UNTIDY_RECORDS;
    }
    catalog_close(desk);
    (void)close(nobody);
}

static void prepare_old(stage *stage, const struct stage *plain, const char *folder, int schema)
{
    *stage = *plain;
    name_stage(stage, folder, "old");
    (void)unlink(stage->prepared);
    old_make(stage->prepared, plain->prepared, schema);
}

static void set_stage(const stage *stage)
{
    static const char *const gone[] = { "-wal", "-shm", "-queue", "-wal.synced", "-copy" };
    char name[PATH_LENGTH + 32];
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
        beside(name, stage->path, gone[i]);
        (void)unlink(name);
    }
    copy_file(stage->prepared, stage->path);
    beside(name, stage->path, ".synced");
    copy_file(stage->prepared, name);
}

/* What the disk holds when the power is back. */
static void power_returns(const stage *stage)
{
    char from[PATH_LENGTH + 32], to[PATH_LENGTH + 32];
    beside(from, stage->path, ".synced");
    (void)rename(from, stage->path);
    beside(to, stage->path, "-wal");
    (void)unlink(to);
    beside(from, stage->path, "-wal.synced");
    (void)rename(from, to);
    beside(to, stage->path, "-shm");
    (void)unlink(to);
}

/* ---- judging ---------------------------------------------------------------------------------------------------------- */

static void print_finding(void *context, const check_finding *finding)
{
    (void)context;
    if (!finding->harmless)
        (void)fprintf(stderr, "  check: %s %lld %s\n", finding->kind, (long long)finding->id, finding->message);
}

static bool record_is_there(catalog *desk, const told *line, const stage *stage)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    const bool there = catalog_version_load(desk, line->id, line->version, &record, &error) == RECTO_OK &&
                       marc_record_find(record, "245", 0) != SIZE_MAX && (line->id != stage->first || has_mark(record));
    marc_record_free(record);
    return there;
}

static bool draft_is_there(catalog *desk, const told *line)
{
    recto_error error = { .status = RECTO_OK };
    edit_session *session = NULL;
    const bool there = edit_resume(&session, desk, line->id, &error) == RECTO_OK && has_mark(marc_edit_record(edit_of(session)));
    edit_leave(&session);
    return there;
}

static bool holdings_are_there(catalog *desk, const told *line)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    holding info;
    const bool there = catalog_holding_load(desk, line->id, &record, &info, &error) == RECTO_OK;
    marc_record_free(record);
    return there;
}

static bool check_file(check_verdict *verdict, const char *path)
{
    recto_error error = { .status = RECTO_OK };
    repo *repo = NULL;
    *verdict = (check_verdict){ .sound = false };
    recto_status status = repo_open(&repo, path, REPO_READ_WRITE, &error);
    if (status == RECTO_OK)
        status = repo_check(repo, true, print_finding, NULL, verdict, &error);
    repo_close(repo);
    if (status != RECTO_OK)
        (void)fprintf(stderr, "  check of %s: %s\n", path, error.what);
    return status == RECTO_OK && verdict->sound;
}

/* A copy that has its name is whole; one that was reported is there. */
static bool copy_is_whole(const stage *stage, bool reported)
{
    char name[PATH_LENGTH + 32];
    check_verdict verdict;
    struct stat there;
    beside(name, stage->path, "-copy");
    if (stat(name, &there) != 0)
        return !reported;
    const bool whole = check_file(&verdict, name) && verdict.records == stage->many;
    char side[PATH_LENGTH + 40];
    (void)snprintf(side, sizeof side, "%s-queue", name);
    (void)unlink(side);
    return whole;
}

static bool is_there(catalog *desk, const told *line, const stage *stage, const check_verdict *verdict)
{
    switch (line->what) {
    case 'V':
        return record_is_there(desk, line, stage);
    case 'D':
        return draft_is_there(desk, line);
    case 'H':
        return holdings_are_there(desk, line);
    case 'B':
        return copy_is_whole(stage, true);
    default:
        return verdict->records >= stage->many + (uint64_t)line->version;
    }
}

static bool keeps_its_word(const stage *stage, const told *lines, size_t count)
{
    recto_error error = { .status = RECTO_OK };
    catalog *desk = NULL;
    check_verdict verdict;
    bool kept = check_file(&verdict, stage->path) && verdict.records >= stage->many && copy_is_whole(stage, false);
    if (kept && sit_down(&desk, stage->path, &error) != RECTO_OK)
        kept = false;
    for (size_t i = 0; i < count && kept; i++)
        if (!is_there(desk, &lines[i], stage, &verdict)) {
            (void)fprintf(stderr, "  lost: %c %lld version %d\n", lines[i].what, (long long)lines[i].id, lines[i].version);
            kept = false;
        }
    catalog_close(desk);
    return kept;
}

/* The same job again, undisturbed: it goes on where it was stopped, and does nothing twice. */
static bool goes_on(const stage *stage, const job *job)
{
    recto_error error = { .status = RECTO_OK };
    catalog *desk = NULL;
    check_verdict verdict;
    told line = { 0 };
    int ends[2];
    if (job->again == NULL)
        return true;
    if (pipe(ends) != 0)
        fail("no pipe");
    recto_status status = sit_down(&desk, stage->path, &error);
    if (status == RECTO_OK)
        status = job->again(desk, stage->first, ends[1], &error);
    catalog_close(desk);
    (void)close(ends[1]);
    const bool told_so = read(ends[0], &line, sizeof line) == (ssize_t)sizeof line && line.what == 'N';
    (void)close(ends[0]);
    const uint64_t wanted = stage->many + (told_so ? (uint64_t)line.version : 0);
    if (status != RECTO_OK)
        (void)fprintf(stderr, "  again: %s\n", error.what);
    else if (check_file(&verdict, stage->path) && verdict.records == wanted)
        return true;
    else
        (void)fprintf(stderr, "  again: %llu records, not %llu\n", (unsigned long long)verdict.records,
                      (unsigned long long)wanted);
    return false;
}

/* ---- runs -------------------------------------------------------------------------------------------------------------- */

typedef struct fault {
    const char *name;
    shim_event event;
    shim_effect effect;
} fault;

static const fault faults[] = {
    { "write fails once", SHIM_WRITE, SHIM_FAIL_ONCE },
    { "writes fail from there on", SHIM_WRITE, SHIM_FAIL_ON },
    { "sync fails once", SHIM_SYNC, SHIM_FAIL_ONCE },
    { "syncs fail from there on", SHIM_SYNC, SHIM_FAIL_ON },
    { "allocation fails once", SHIM_ALLOCATION, SHIM_FAIL_ONCE },
    { "allocations fail from there on", SHIM_ALLOCATION, SHIM_FAIL_ON },
    { "power cut at a write", SHIM_WRITE, SHIM_POWER_CUT },
    { "power cut at a sync", SHIM_SYNC, SHIM_POWER_CUT },
};

/* The child's exit status: 0 the fault came, 3 the job ended before it. */
static void run_child(const stage *stage, const job *job, const fault *fault, long number, int tell)
{
    recto_error error = { .status = RECTO_OK };
    catalog *desk = NULL;
    shim_install();
    shim_arm(fault->event, fault->effect, number, (unsigned)number);
    if (sit_down(&desk, stage->path, &error) == RECTO_OK)
        (void)job->run(desk, stage->first, tell, &error);
    catalog_close(desk);
    shim_disarm();
    _exit(shim_happened() ? 0 : 3);
}

typedef enum verdict { KEPT, BROKEN, OVER } verdict;

static verdict run_once(const stage *stage, const job *job, const fault *fault, long number)
{
    told lines[TOLD_MAX];
    size_t count = 0;
    int ends[2], status = 0;
    set_stage(stage);
    if (pipe(ends) != 0)
        fail("no pipe");
    (void)fflush(NULL);
    const pid_t child = fork();
    if (child == 0)
        run_child(stage, job, fault, number, ends[1]);
    (void)close(ends[1]);
    while (count < TOLD_MAX && read(ends[0], &lines[count], sizeof *lines) == (ssize_t)sizeof *lines)
        count++;
    (void)close(ends[0]);
    if (child < 0 || waitpid(child, &status, 0) != child)
        fail("no child");
    if (!WIFEXITED(status) || (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 3 && WEXITSTATUS(status) != SHIM_CUT_STATUS)) {
        (void)fprintf(stderr, "  %s, %s, number %ld: the program crashed (%#x)\n", job->name, fault->name, number, status);
        return BROKEN;
    }
    if (WEXITSTATUS(status) == SHIM_CUT_STATUS) {
        power_returns(stage);
        count -= count > 0 && lines[0].what == 'D'; /* a draft outlives the process, not the machine (RL-2) */
    }
    if (!keeps_its_word(stage, lines, count) || !goes_on(stage, job)) {
        (void)fprintf(stderr, "  %s, %s, number %ld: broken\n", job->name, fault->name, number);
        return BROKEN;
    }
    return WEXITSTATUS(status) == 3 ? OVER : KEPT;
}

typedef struct tally { /* of a job */
    long runs, broken;
} tally;

/* Each allocation of a save, a draft and a small load (RL-201); elsewhere they are many, and near ones fail alike. What an old
 * schema needs of memory is nearly the same in all: the first and the last stand for them. */
static long step_of(const fault *fault, const stage *stage, const job *job, int schema)
{
    const bool between = schema > 1 && schema < sql_migration_count - 1;
    const long rare = (stage->every + OF_A_WRITE - 1) / OF_A_WRITE;
    return fault->event != SHIM_ALLOCATION ? rare : stage->every * (between ? job->step * SCHEMAS_BETWEEN : job->step);
}

static void run_all(tally *all, const stage *stage, const job *job, const fault *fault, int schema)
{
    long runs = 0, broken = 0;
    const long step = step_of(fault, stage, job, schema);
    for (long number = 1;; number += step) {
        const verdict verdict = run_once(stage, job, fault, number);
        if (verdict == OVER)
            break;
        runs++;
        broken += verdict == BROKEN;
    }
    if (runs == 0)
        fail("%s, %s: the layer saw nothing to fail", job->name, fault->name);
    all->runs += runs;
    all->broken += broken;
    (void)fprintf(stderr, "%s", job->name);
    if (schema > 0)
        (void)fprintf(stderr, " from schema %d", schema);
    (void)fprintf(stderr, ": %s: %ld of %ld runs sound, all that was told is there\n", fault->name, runs - broken, runs);
}

static void run_faults(tally *all, const stage *stage, const job *job, int schema)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        run_all(all, stage, job, &faults[i], schema);
}

static bool run_job(const stage *stages, const job *job, const char *folder)
{
    tally all = { 0 };
    stage old = { .every = stages->every };
    if (job->stage != STAGE_OLD)
        run_faults(&all, &stages[job->stage], job, 0);
    for (int schema = 1; job->stage == STAGE_OLD && schema < sql_migration_count; schema++) {
        prepare_old(&old, &stages[STAGE_PLAIN], folder, schema);
        run_faults(&all, &old, job, schema);
    }
    (void)printf("disk, memory or power fails: %s\t%ld of %ld runs sound, all told is there\t%ld runs\t%.4f\t1\t%s\n", job->name,
                 all.runs - all.broken, all.runs, all.runs, all.runs > 0 ? (double)(all.runs - all.broken) / (double)all.runs : 0,
                 all.broken == 0 && all.runs > 0 ? "met" : "BROKEN");
    (void)fflush(stdout);
    return all.broken == 0 && all.runs > 0;
}

static bool is_wanted(const job *job, char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], job->name) == 0)
            return true;
    return count == 0;
}

int main(int argc, char **argv)
{
    stage stages[STAGE_KINDS] = { { .every = argc > 2 ? strtol(argv[2], NULL, 10) : 1 } };
    bool kept = true;
    if (argc < 2 || stages->every < 1) {
        (void)fprintf(stderr, "usage: faults FOLDER EVERY [JOB]...\n");
        return 2;
    }
    prepare(&stages[STAGE_PLAIN], argv[1]);
    prepare_untidy(&stages[STAGE_UNTIDY], &stages[STAGE_PLAIN], argv[1]);
    for (size_t i = 0; i < job_count; i++)
        if (is_wanted(&jobs[i], argv + 3, argc > 3 ? argc - 3 : 0))
            kept = run_job(stages, &jobs[i], argv[1]) && kept;
    return kept ? 0 : 1;
}
