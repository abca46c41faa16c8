/* tests/fault/faults.c - every write, sync and allocation of the main jobs made to fail, and the power cut at each of them.
 *
 * A job runs in a child process on a copy of one small repository; what it was told is saved it tells its parent. Then the parent
 * opens what is left, without any layer: `check --full` must find it sound, everything told must be there and whole, and the
 * child must not have crashed (RL-3, RL-6, RL-27, RL-60, RL-200, RL-201). Usage: faults FOLDER EVERY [JOB]: each EVERY-th event.
 * Prints one line a job and fault; exit status 1: a promise was broken. */
#include "recto/catalog/catalog.h"
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

typedef struct told { /* what a job was told is so */
    char what;        /* 'V' a version of a record, 'D' a draft, 'H' a holdings record */
    mms_id id;
    int version;
} told;

typedef struct stage {
    char prepared[PATH_LENGTH], path[PATH_LENGTH];
    mms_id first; /* a record that is there from the beginning */
    long every;
} stage;

static const char MARK[] = "Typed while the disk was failing.";

/* ---- records ---------------------------------------------------------------------------------------------------------- */

static recto_status make_book(marc_record **out, int number, recto_error *error)
{
    char line[200];
    marc_record *record = NULL;
    recto_status status = marc_record_new(&record, error);
    if (status == RECTO_OK)
        status = marc_record_append(record, "008", text_from("250101s2001    xxu           000 1 eng d"), error);
    (void)snprintf(line, sizeof line, "$a(OCoLC)%d", 7000 + number);
    if (status == RECTO_OK)
        status = marc_record_append_line(record, "035", "  ", line, error);
    (void)snprintf(line, sizeof line, "$aBook number %d /$cAnn Writer.", number);
    if (status == RECTO_OK)
        status = marc_record_append_line(record, "245", "10", line, error);
    if (status == RECTO_OK)
        status = marc_record_append_line(record, "650", " 0", "$aDisks$xFailures.", error);
    if (status == RECTO_OK)
        *out = record;
    else
        marc_record_free(record);
    return status;
}

static recto_status type_mark(edit_session *session, recto_error *error)
{
    char content[100];
    marc_edit *edit = edit_of(session);
    (void)snprintf(content, sizeof content, "  %ca%s", MARC_SUBFIELD_DELIMITER, MARK);
    return marc_edit_insert(edit, marc_record_place(marc_edit_record(edit), "500"), "500", text_from(content), error);
}

static bool has_mark(const marc_record *record)
{
    for (size_t at = marc_record_find(record, "500", 0); at != SIZE_MAX; at = marc_record_find(record, "500", at + 1)) {
        text value = { NULL, 0 };
        if (marc_field_subfield(marc_record_field(record, at), 'a', &value) && text_equal(value, text_from(MARK)))
            return true;
    }
    return false;
}

static recto_status sit_down(catalog **out, const char *path, recto_error *error)
{
    catalog_options options = {
        .repository = path, .user = "chief", .login = "chief", .owns_file = true, .mode = REPO_READ_WRITE, .with_session = true
    };
    recto_status status = recto_clock_init(&options.clock, "2026-01-31T12:00:00Z", error);
    return status == RECTO_OK ? catalog_open(out, &options, error) : status;
}

/* ---- jobs ----------------------------------------------------------------------------------------------------------------- */

typedef struct job {
    const char *name;
    recto_status (*run)(catalog *desk, const stage *stage, int tell, recto_error *error);
} job;

static void tell_parent(int pipe, char what, mms_id id, int version)
{
    const told line = { what, id, version };
    if (write(pipe, &line, sizeof line) != (ssize_t)sizeof line)
        _exit(1);
}

static recto_status ingest_one(catalog *desk, int number, int tell, recto_error *error)
{
    marc_record *record = NULL;
    ingest_outcome outcome;
    recto_status status = make_book(&record, number, error);
    if (status != RECTO_OK)
        return status;
    const ingest_request request = { .record = record,
                                     .zone = catalog_zone(desk, ZONE_INSTITUTION)->id,
                                     .policy = catalog_policy("load") };
    status = catalog_ingest(&outcome, desk, &request, error);
    if (status == RECTO_OK) {
        if (outcome.kind == OUTCOME_ADDED)
            tell_parent(tell, 'V', outcome.id, outcome.version);
        ingest_outcome_release(&outcome);
    }
    marc_record_free(record);
    return status;
}

static recto_status load_ten(catalog *desk, const stage *stage, int tell, recto_error *error)
{
    recto_status status = RECTO_OK;
    (void)stage;
    for (int i = 0; i < 10 && status == RECTO_OK; i++)
        status = ingest_one(desk, 100 + i, tell, error);
    return status;
}

static recto_status save_changed(catalog *desk, const stage *stage, int tell, recto_error *error)
{
    edit_session *session = NULL;
    ingest_outcome outcome;
    recto_status status = edit_open(&session, desk, stage->first, error);
    if (status == RECTO_OK)
        status = type_mark(session, error);
    if (status == RECTO_OK)
        status = edit_save(&outcome, session, true, error);
    if (status == RECTO_OK) {
        if (outcome.kind == OUTCOME_UPDATED)
            tell_parent(tell, 'V', outcome.id, outcome.version);
        ingest_outcome_release(&outcome);
    }
    edit_leave(&session);
    return status;
}

static recto_status keep_draft(catalog *desk, const stage *stage, int tell, recto_error *error)
{
    edit_session *session = NULL;
    recto_status status = edit_open(&session, desk, stage->first, error);
    if (status == RECTO_OK)
        status = type_mark(session, error);
    if (status == RECTO_OK)
        status = edit_keep_draft(session, text_of("", 0), error);
    if (status == RECTO_OK)
        tell_parent(tell, 'D', stage->first, 0);
    edit_leave(&session);
    return status;
}

static recto_status add_holdings(catalog *desk, const stage *stage, int tell, recto_error *error)
{
    marc_record *record = NULL;
    mms_id id = 0;
    recto_status status = marc_record_new(&record, error);
    if (status == RECTO_OK)
        status = marc_record_append_line(record, "852", "0 ", "$bMAIN$cSTACKS$hQA76$i.F4", error);
    if (status == RECTO_OK)
        status = catalog_holding_save(desk, &id, stage->first, record, 0, error);
    if (status == RECTO_OK)
        tell_parent(tell, 'H', id, 0);
    marc_record_free(record);
    return status;
}

static const job jobs[] = {
    { "load", load_ten },
    { "save", save_changed },
    { "draft", keep_draft },
    { "holdings", add_holdings },
};

/* ---- the stage ---------------------------------------------------------------------------------------------------------------
 */

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

static void prepare(stage *stage, const char *folder)
{
    static const char *const institutions[] = { "01EXAMPLE" };
    recto_error error = { .status = RECTO_OK };
    catalog *desk = NULL;
    if ((size_t)snprintf(stage->prepared, PATH_LENGTH, "%s/prepared.recto", folder) >= PATH_LENGTH ||
        (size_t)snprintf(stage->path, PATH_LENGTH, "%s/stage.recto", folder) >= PATH_LENGTH)
        fail("the path is too long");
    const repo_plan plan = {
        .institutions = institutions, .institution_count = 1, .network = "NETWORK", .owner = "chief", .now = 1769860800
    };
    must(repo_create(stage->prepared, &plan, &error), &error);
    must(sit_down(&desk, stage->prepared, &error), &error);
    int ends[2];
    told first = { 0 };
    if (pipe(ends) != 0)
        fail("no pipe");
    for (int i = 0; i < 3; i++)
        must(ingest_one(desk, i, ends[1], &error), &error);
    if (read(ends[0], &first, sizeof first) != (ssize_t)sizeof first)
        fail("nothing was saved");
    (void)close(ends[0]);
    (void)close(ends[1]);
    stage->first = first.id;
    catalog_close(desk);
}

static void set_stage(const stage *stage)
{
    static const char *const gone[] = { "-wal", "-shm", "-queue", "-wal.synced" };
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

/* ---- judging
 * --------------------------------------------------------------------------------------------------------------------- */

static void print_finding(void *context, const check_finding *finding)
{
    (void)context;
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

static bool is_there(catalog *desk, const told *line, const stage *stage)
{
    recto_error error = { .status = RECTO_OK };
    if (line->what == 'V')
        return record_is_there(desk, line, stage);
    if (line->what == 'D')
        return draft_is_there(desk, line);
    marc_record *record = NULL;
    holding info;
    const bool there = catalog_holding_load(desk, line->id, &record, &info, &error) == RECTO_OK;
    marc_record_free(record);
    return there;
}

static bool is_sound(const stage *stage)
{
    recto_error error = { .status = RECTO_OK };
    repo *repo = NULL;
    check_verdict verdict = { .sound = false };
    recto_status status = repo_open(&repo, stage->path, REPO_READ_WRITE, &error);
    if (status == RECTO_OK)
        status = repo_check(repo, true, print_finding, NULL, &verdict, &error);
    repo_close(repo);
    if (status != RECTO_OK)
        (void)fprintf(stderr, "  check: %s\n", error.what);
    return status == RECTO_OK && verdict.sound;
}

static bool keeps_its_word(const stage *stage, const told *lines, size_t count)
{
    recto_error error = { .status = RECTO_OK };
    catalog *desk = NULL;
    bool kept = is_sound(stage);
    if (kept && sit_down(&desk, stage->path, &error) != RECTO_OK)
        kept = false;
    for (size_t i = 0; i < count && kept; i++)
        if (!is_there(desk, &lines[i], stage)) {
            (void)fprintf(stderr, "  lost: %c %lld version %d\n", lines[i].what, (long long)lines[i].id, lines[i].version);
            kept = false;
        }
    catalog_close(desk);
    return kept;
}

/* ---- runs
 * -----------------------------------------------------------------------------------------------------------------------------
 */

typedef struct fault {
    const char *name;
    shim_event event;
    shim_effect effect;
    long step; /* allocations are many */
} fault;

static const fault faults[] = {
    { "write fails once", SHIM_WRITE, SHIM_FAIL_ONCE, 1 },
    { "writes fail from there on", SHIM_WRITE, SHIM_FAIL_ON, 1 },
    { "sync fails once", SHIM_SYNC, SHIM_FAIL_ONCE, 1 },
    { "syncs fail from there on", SHIM_SYNC, SHIM_FAIL_ON, 1 },
    { "allocation fails once", SHIM_ALLOCATION, SHIM_FAIL_ONCE, 7 },
    { "allocations fail from there on", SHIM_ALLOCATION, SHIM_FAIL_ON, 13 },
    { "power cut at a write", SHIM_WRITE, SHIM_POWER_CUT, 1 },
    { "power cut at a sync", SHIM_SYNC, SHIM_POWER_CUT, 1 },
};

/* The child's exit status: 0 the fault came, 3 the job ended before it. */
static void run_child(const stage *stage, const job *job, const fault *fault, long number, int tell)
{
    recto_error error = { .status = RECTO_OK };
    catalog *desk = NULL;
    shim_install();
    shim_arm(fault->event, fault->effect, number, (unsigned)number);
    if (sit_down(&desk, stage->path, &error) == RECTO_OK)
        (void)job->run(desk, stage, tell, &error);
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
    if (!keeps_its_word(stage, lines, count)) {
        (void)fprintf(stderr, "  %s, %s, number %ld: broken\n", job->name, fault->name, number);
        return BROKEN;
    }
    return WEXITSTATUS(status) == 3 ? OVER : KEPT;
}

static bool run_all(const stage *stage, const job *job, const fault *fault)
{
    long runs = 0, broken = 0;
    const long step = fault->event == SHIM_ALLOCATION ? fault->step * stage->every : stage->every;
    for (long number = 1;; number += step) {
        const verdict verdict = run_once(stage, job, fault, number);
        if (verdict == OVER)
            break;
        runs++;
        broken += verdict == BROKEN;
    }
    (void)printf("%s: %s\t%ld of %ld runs sound, all that was told is there\tall\t%s\n", job->name, fault->name, runs - broken,
                 runs, broken == 0 ? "met" : "BROKEN");
    (void)fflush(stdout);
    return broken == 0;
}

int main(int argc, char **argv)
{
    stage stage = { .every = argc > 2 ? strtol(argv[2], NULL, 10) : 1 };
    bool kept = true;
    if (argc < 2 || stage.every < 1) {
        (void)fprintf(stderr, "usage: faults FOLDER EVERY [JOB]\n");
        return 2;
    }
    prepare(&stage, argv[1]);
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++)
        for (size_t j = 0; j < sizeof faults / sizeof *faults; j++)
            if (argc < 4 || strcmp(argv[3], jobs[i].name) == 0)
                kept = run_all(&stage, &jobs[i], &faults[j]) && kept;
    return kept ? 0 : 1;
}
