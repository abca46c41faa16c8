/* src/catalog/jobs.c - jobs: what they share, their lists, and taking one back.
 *
 * A job works in batches, one transaction each, short enough that somebody's save hardly waits. Locks are respected: what
 * another has, or what is open at this desk, is skipped and listed. Every job leaves an audit row when it begins and when it
 * ends; what it did to which record is in its rows. @spec roles-admin RA-70 to RA-82, import-profiles IP-182 */
#include "combine.h"

#include "recto/base/plural.h"
#include "inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHY = 200 };

/* ---- beginning and ending */

static recto_status audit_job(catalog *catalog, const repo_job *job, const char *act, const char *outcome, recto_error *error)
{
    char object[32], detail[320];
    snprintf(object, sizeof object, "job %lld", (long long)job->id);
    snprintf(detail, sizeof detail, "%s: %.*s; %zu %s, %zu changed, %zu unchanged, %zu skipped, %zu failed", job->type,
             FIT(job->title, 160), job->read, plural(job->read, "row", "rows"), job->changed, job->unchanged, job->skipped,
             job->failed);
    return catalog_audit(catalog, act, object, job->zone, outcome, detail, error);
}

recto_status job_begin(int64_t *id, catalog *catalog, const char *type, const char *title, int zone, int64_t of, text parameters,
                       bool joined, recto_error *error)
{
    repo_job job = { .zone = zone, .started_at = catalog_now(catalog), .of = of };
    transaction change = { .repo = NULL };
    snprintf(job.type, sizeof job.type, "%s", type);
    snprintf(job.title, sizeof job.title, "%s", title);
    snprintf(job.user, sizeof job.user, "%s", catalog->user);
    recto_status status = transaction_begin(&change, catalog, joined, error);
    if (status == RECTO_OK)
        status = repo_job_begin(catalog->repo, &job, parameters, error);
    if (status == RECTO_OK)
        status = audit_job(catalog, &job, "job.begin", "running", error);
    *id = job.id;
    return transaction_end(&change, status, error);
}

recto_status job_end(catalog *catalog, int64_t id, const char *outcome, bool joined, recto_error *error)
{
    repo_job job;
    transaction change = { .repo = NULL };
    recto_status status = transaction_begin(&change, catalog, joined, error);
    if (status == RECTO_OK)
        status = repo_job_end(catalog->repo, id, outcome, catalog_now(catalog), error);
    if (status == RECTO_OK)
        status = repo_job_get(catalog->repo, id, &job, NULL, error);
    if (status == RECTO_OK)
        status = audit_job(catalog, &job, "job.end", outcome, error);
    return transaction_end(&change, status, error);
}

recto_status job_finish(catalog *catalog, int64_t id, recto_status status, bool stopped, recto_error *error)
{
    if (status != RECTO_OK) {
        (void)job_end(catalog, id, "failed", false, NULL); /* the first failure is what is told */
        return status;
    }
    return job_end(catalog, id, stopped ? "stopped" : "done", false, error);
}

void job_row_say(repo_job_row *row, const char *outcome, const char *format, ...)
{
    va_list arguments;
    snprintf(row->outcome, sizeof row->outcome, "%s", outcome);
    va_start(arguments, format);
    vsnprintf(row->message, sizeof row->message, format, arguments);
    va_end(arguments);
}

/* ---- one record */

bool job_may_change(char *why, catalog *catalog, const bib_info *info, int expected_version)
{
    repo_lock holder;
    char sentence[128];
    why[0] = '\0';
    if (info->deleted)
        snprintf(why, WHY, "deleted by %.60s since", info->modified_by);
    else if (info->version != expected_version)
        snprintf(why, WHY, "changed since by %.60s: it is version %d, not %d", info->modified_by, info->version,
                 expected_version);
    else if (session_open_for(catalog, info->id) != NULL)
        snprintf(why, WHY, "open in your own list");
    else if (lock_refuses(catalog, info->id, &holder)) {
        lock_sentence(sentence, sizeof sentence, catalog, &holder);
        snprintf(why, WHY, "locked: %s", sentence);
    }
    return why[0] == '\0';
}

recto_status job_write_record(int *version, catalog *catalog, int64_t job, const bib_info *info, text stored_005,
                              marc_record *record, recto_error *error)
{
    char note[64];
    int brief_level = 0;
    recto_status status = normalize_system_fields(record, info->id, recto_clock_ticks(&catalog->clock), stored_005, error);
    if (status == RECTO_OK)
        status = catalog_brief_level(&brief_level, catalog, info->zone, record, error);
    if (status != RECTO_OK)
        return status;
    snprintf(note, sizeof note, "job %lld", (long long)job);
    const bib_write write = { .id = info->id,
                              .zone = info->zone,
                              .record = record,
                              .expected_version = info->version,
                              .user = catalog->user,
                              .origin = "job",
                              .note = note,
                              .now = catalog_now(catalog),
                              .brief_level = brief_level,
                              .cataloging_level = info->cataloging_level,
                              .suppressed = -1 };
    return repo_bib_write(catalog->repo, &write, version, error);
}

/* ---- lists */

static void tell_job(catalog_job *out, const repo_job *job)
{
    *out = (catalog_job){ .id = job->id,
                          .zone = job->zone,
                          .started_at = job->started_at,
                          .ended_at = job->ended_at,
                          .read = job->read,
                          .changed = job->changed,
                          .unchanged = job->unchanged,
                          .skipped = job->skipped,
                          .failed = job->failed,
                          .of = job->of };
    memcpy(out->type, job->type, sizeof out->type);
    memcpy(out->status, job->status, sizeof out->status);
    memcpy(out->title, job->title, sizeof out->title);
    memcpy(out->user, job->user, sizeof out->user);
}

typedef struct job_list {
    catalog_job *jobs;
    size_t count, capacity;
    bool failed;
} job_list;

static void add_job(void *context, const repo_job *job)
{
    job_list *list = context;
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 32;
        catalog_job *grown = realloc(list->jobs, capacity * sizeof *grown);
        list->failed = list->failed || grown == NULL;
        if (grown == NULL)
            return;
        list->jobs = grown;
        list->capacity = capacity;
    }
    tell_job(&list->jobs[list->count++], job);
}

recto_status catalog_jobs(catalog_job **out, size_t *count, catalog *catalog, size_t limit, recto_error *error)
{
    job_list list = { .jobs = NULL };
    recto_status status = repo_jobs(catalog->repo, limit, add_job, &list, error);
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(error, "listing jobs");
    if (status != RECTO_OK) {
        free(list.jobs);
        return status;
    }
    *out = list.jobs;
    *count = list.count;
    return RECTO_OK;
}

recto_status catalog_job_get(catalog_job *out, catalog *catalog, int64_t id, recto_error *error)
{
    repo_job job;
    recto_status status = repo_job_get(catalog->repo, id, &job, NULL, error);
    if (status == RECTO_OK)
        tell_job(out, &job);
    return status;
}

typedef struct row_teller {
    bool (*visit)(void *context, const catalog_job_row *row);
    void *context;
} row_teller;

static bool tell_row(void *context, const repo_job_row *row)
{
    const row_teller *teller = context;
    catalog_job_row told = {
        .id = row->id, .kind = row->kind, .version_before = row->version_before, .version_after = row->version_after
    };
    memcpy(told.outcome, row->outcome, sizeof told.outcome);
    memcpy(told.message, row->message, sizeof told.message);
    return teller->visit(teller->context, &told);
}

recto_status catalog_job_rows(catalog *catalog, int64_t id, bool (*visit)(void *context, const catalog_job_row *row),
                              void *context, recto_error *error)
{
    row_teller teller = { visit, context };
    return repo_job_rows(catalog->repo, id, 0, 0, tell_row, &teller, error);
}

/* ---- batches */

typedef struct batch {
    repo_job_row rows[JOB_BATCH_RECORDS];
    size_t count;
} batch;

static bool gather(void *context, const repo_job_row *row)
{
    batch *batch = context;
    repo_job_row *kept = &batch->rows[batch->count];
    *kept = *row;
    kept->detail = text_of("", 0); /* lent for the visit only */
    batch->count++;
    return batch->count < JOB_BATCH_RECORDS;
}

/* Rows of one batch until the time is up: at least one, so that work goes on. @param done  how many were looked at */
static recto_status work_batch(const job_work *work, const batch *batch, size_t *done, recto_error *error)
{
    const int64_t began = recto_clock_monotonic_ms();
    transaction change = { .repo = NULL };
    recto_status status = transaction_begin(&change, work->catalog, false, error);
    for (*done = 0; status == RECTO_OK && *done < batch->count; ++*done) {
        repo_job_row row = { .id = batch->rows[*done].id, .kind = batch->rows[*done].kind };
        if (*done > 0 && recto_clock_monotonic_ms() - began >= JOB_BATCH_MS)
            break;
        status = work->act(work->context, &batch->rows[*done], &row, error);
        if (status == RECTO_OK && row.outcome[0] != '\0')
            status = repo_job_row_add(work->catalog->repo, work->job, &row, error);
    }
    return transaction_end(&change, status, error);
}

recto_status job_work_rows(const job_work *work, int64_t of, size_t total, job_progress progress, void *context, bool *stopped,
                           recto_error *error)
{
    batch *rows = malloc(sizeof *rows);
    int64_t last = 0;
    size_t seen = 0;
    recto_status status = RECTO_OK;
    *stopped = false;
    if (rows == NULL)
        return recto_fail_memory(error, "running a job");
    while (status == RECTO_OK && !*stopped) {
        size_t done = 0;
        rows->count = 0;
        status = repo_job_rows(work->catalog->repo, of, last, JOB_BATCH_RECORDS, gather, rows, error);
        if (status != RECTO_OK || rows->count == 0)
            break;
        status = work_batch(work, rows, &done, error);
        if (status != RECTO_OK)
            break;
        last = rows->rows[done - 1].number;
        seen += done;
        *stopped = progress != NULL && !progress(context, seen, total);
    }
    free(rows);
    return status;
}

/* ---- taking back */

typedef struct revert {
    catalog *catalog;
    int64_t of, into;
} revert;

static recto_status write_back(revert *act, const repo_job_row *row, const bib_info *info, const marc_record *stored,
                               int *version, recto_error *error)
{
    marc_record *before = NULL;
    buffer stamp;
    buffer_init(&stamp, 64);
    buffer_append_text(&stamp, marc_record_control(stored, "005"));
    recto_status status = repo_version_load(act->catalog->repo, row->id, row->version_before, &before, error);
    if (status == RECTO_OK)
        status = job_write_record(version, act->catalog, act->into, info, buffer_text(&stamp), before, error);
    marc_record_free(before);
    buffer_release(&stamp);
    return status;
}

static recto_status take_back_row(void *context, const repo_job_row *row, repo_job_row *out, recto_error *error)
{
    revert *act = context;
    catalog *desk = act->catalog;
    marc_record *stored = NULL;
    bib_info info;
    char why[WHY];
    int version = 0;
    if (strcmp(row->outcome, "changed") != 0 || row->taken_back || row->version_after == 0)
        return RECTO_OK;
    recto_status status = repo_bib_load(desk->repo, row->id, &stored, &info, catalog_now(desk), error);
    if (status != RECTO_OK)
        return status;
    out->version_before = info.version;
    if (!job_may_change(why, desk, &info, row->version_after)) {
        job_row_say(out, "skipped", "%s", why);
    } else {
        status = write_back(act, row, &info, stored, &version, error);
        out->version_after = version;
        job_row_say(out, "reverted", "as version %d was", row->version_before);
        if (status == RECTO_OK)
            status = repo_job_row_taken_back(desk->repo, act->of, row->number, error);
    }
    marc_record_free(stored);
    return status;
}

/* Two records merged go back as a whole or not at all; combine.c knows how. */
static bool goes_back_whole(const repo_job *job)
{
    return strcmp(job->type, "combine") == 0 || strcmp(job->type, "relink") == 0 || strcmp(job->type, "share") == 0;
}

static recto_status may_revert(catalog *catalog, const repo_job *job, recto_error *error)
{
    char where[32];
    snprintf(where, sizeof where, "job %lld", (long long)job->id);
    recto_status status = need_privilege(catalog, PRIVILEGE_BULK, "job.revert", where, error);
    if (status != RECTO_OK)
        return status;
    if (!catalog_may_in(catalog, catalog_zone_by_id(catalog, job->zone)))
        return recto_fail(error, RECTO_EREFUSED, where, NULL, "the job ran in a zone whose records you may not change");
    if (strcmp(job->status, "running") == 0)
        return recto_fail(error, RECTO_EREFUSED, where, "wait for its end, or stop it", "the job is running");
    if (strcmp(job->status, "reverted") == 0)
        return recto_fail(error, RECTO_EREFUSED, where, NULL, "the job was taken back already");
    if (strcmp(job->type, "rule-trial") == 0 || strcmp(job->type, "revert") == 0)
        return recto_fail(error, RECTO_EREFUSED, where, NULL, "a %s has nothing to take back",
                          strcmp(job->type, "revert") == 0 ? "taking back" : "trial");
    return RECTO_OK;
}

/* What the rows still have tells whether all was taken back. */
static recto_status mark_reverted(catalog *catalog, const repo_job *job, recto_error *error)
{
    size_t left = 0;
    recto_status status = repo_job_open_rows(catalog->repo, job->id, &left, error);
    const char *mark = left == 0 ? "reverted" : left == job->changed ? job->status : "partly-reverted";
    return status == RECTO_OK ? repo_job_end(catalog->repo, job->id, mark, 0, error) : status;
}

recto_status catalog_job_revert(int64_t *job, catalog *catalog, int64_t id, recto_error *error)
{
    return catalog_job_revert_telling(job, catalog, id, NULL, NULL, error);
}

recto_status catalog_job_revert_telling(int64_t *job, catalog *catalog, int64_t id, job_progress progress, void *context,
                                        recto_error *error)
{
    bool stopped = false;
    repo_job original;
    char title[sizeof original.title];
    int64_t into = 0;
    recto_status status = repo_job_get(catalog->repo, id, &original, NULL, error);
    if (status == RECTO_OK && goes_back_whole(&original))
        return combine_revert(job != NULL ? job : &into, catalog, id, error);
    if (status == RECTO_OK)
        status = may_revert(catalog, &original, error);
    if (status != RECTO_OK)
        return status;
    snprintf(title, sizeof title, "takes back job %lld: %.*s", (long long)id, FIT(original.title, 120));
    status = job_begin(&into, catalog, "revert", title, original.zone, id, TEXT(""), false, error);
    if (status != RECTO_OK)
        return status;
    revert act = { catalog, id, into };
    const job_work work = { catalog, into, take_back_row, &act };
    status = job_work_rows(&work, id, original.read, progress, context, &stopped, error);
    if (status == RECTO_OK)
        status = mark_reverted(catalog, &original, error);
    if (job != NULL)
        *job = into;
    return job_finish(catalog, into, status, stopped, error);
}
