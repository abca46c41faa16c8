/* src/catalog/trial.c - a normalization rule on a set of records: tried first, then applied exactly as tried.
 *
 * A trial reads and writes rows only: of each record the version it saw and a checksum of what the rule made of it. It keeps
 * the rule's text, so that applying it later runs the same rule, whatever was saved since; a record whose version or result
 * is another is skipped. Records are read outside of any write transaction and the rows written in batches: memory does not
 * grow with the set, but for eight bytes a record, and nobody waits. @spec roles-admin RA-81, import-profiles IP-180 */
#include "inside.h"
#include "search_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHY = 200 };
static const char TRIAL[] = "rule-trial";

/* ---- the rule of a trial: "NAME\n" and the text, kept with the job */

typedef struct tried_rule {
    buffer name, source;
    rule_file *file;
    bool only_local; /* the zone keeps it to local fields */
} tried_rule;

static void tried_rule_release(tried_rule *rule)
{
    buffer_release(&rule->name);
    buffer_release(&rule->source);
    rule_file_free(rule->file);
}

static recto_status parse_tried(tried_rule *rule, recto_error *error)
{
    if (buffer_failed(&rule->name) || buffer_failed(&rule->source))
        return recto_fail_memory(error, "reading a rule");
    return rule_file_parse(&rule->file, buffer_text(&rule->source), buffer_string(&rule->name), RULES_NORMALIZATION, NULL, NULL,
                           error);
}

static recto_status rule_to_try(tried_rule *out, catalog *catalog, int zone, const char *name, text source, recto_error *error)
{
    recto_status status = RECTO_OK;
    buffer_init(&out->name, 0);
    buffer_init(&out->source, 0);
    buffer_append_string(&out->name, name != NULL ? name : "unsaved rule");
    if (name != NULL)
        status = catalog_rule_text(&out->source, NULL, catalog, zone, RULES_NORMALIZATION, name, 0, error);
    else
        buffer_append_text(&out->source, source);
    return status == RECTO_OK ? parse_tried(out, error) : status;
}

static recto_status rule_of_trial(tried_rule *out, repo_job *job, catalog *catalog, int64_t id, recto_error *error)
{
    char where[32];
    buffer parameters;
    buffer_init(&parameters, 0);
    buffer_init(&out->name, 0);
    buffer_init(&out->source, 0);
    snprintf(where, sizeof where, "job %lld", (long long)id);
    recto_status status = repo_job_get(catalog->repo, id, job, &parameters, error);
    if (status == RECTO_OK && strcmp(job->type, TRIAL) != 0)
        status = recto_fail(error, RECTO_EINVALID, where, "recto job list names them", "this job is no trial of a rule");
    if (status == RECTO_OK) {
        text rest = buffer_text(&parameters);
        buffer_append_text(&out->name, text_next_field(&rest, '\n'));
        if (rest.bytes != NULL)
            buffer_append_text(&out->source, rest);
        status = parse_tried(out, error);
    }
    if (status == RECTO_OK)
        status = rules_only_local(&out->only_local, catalog, job->zone, error);
    buffer_release(&parameters);
    return status;
}

/* ---- one record */

typedef struct made_record {
    marc_record *after; /* NULL: the record stays as it is */
    unsigned char checksum[REPO_CHECKSUM_LENGTH];
    bool left; /* the rule would have changed what the network shares */
} made_record;

/* What the rule makes of a record. */
static recto_status make_after(made_record *out, catalog *catalog, const tried_rule *rule, const marc_record *before,
                               recto_error *error)
{
    marc_record *made = NULL;
    rule_result result;
    *out = (made_record){ .after = NULL };
    recto_status status = catalog_rule_try(&made, &result, rule->file, before, NULL, NULL, error);
    bool changed = status == RECTO_OK && result.changed;
    if (changed && rule->only_local) {
        status = keep_to_local(&made, &out->left, before, error);
        changed = status == RECTO_OK && !(out->left && marc_record_equal(made, before));
    }
    if (changed)
        status = repo_record_checksum(out->checksum, catalog->repo, made, error);
    if (status != RECTO_OK || !changed) {
        marc_record_free(made);
        made = NULL;
    }
    out->after = made;
    return status;
}

static const char *words_of(const made_record *made)
{
    return made->left ? "fields that the network shares were left as they are" : "";
}

/* A record at fault (too many steps, damaged) is a row; a repository at fault ends the job. */
static bool is_of_the_record(recto_status status)
{
    return status == RECTO_EDATA || status == RECTO_ELIMIT || status == RECTO_EINVALID || status == RECTO_ENOTFOUND;
}

static recto_status row_of_fault(repo_job_row *row, recto_status status, recto_error *error)
{
    if (!is_of_the_record(status))
        return status;
    job_row_say(row, "failed", "%s", error != NULL ? error->what : "the rule failed");
    recto_error_clear(error);
    return RECTO_OK;
}

static recto_status try_record(repo_job_row *row, catalog *catalog, const tried_rule *rule, mms_id id, recto_error *error)
{
    marc_record *before = NULL;
    made_record made = { .after = NULL };
    bib_info info = { .version = 0 };
    recto_error own = { .status = RECTO_OK };
    *row = (repo_job_row){ .id = id, .kind = 'B' };
    recto_status status = repo_bib_load(catalog->repo, id, &before, &info, catalog_now(catalog), &own);
    row->version_before = info.version;
    if (status == RECTO_OK && info.deleted)
        job_row_say(row, "skipped", "deleted by %.60s meanwhile", info.modified_by);
    else if (status == RECTO_OK)
        status = make_after(&made, catalog, rule, before, &own);
    row->has_checksum = made.after != NULL;
    memcpy(row->checksum, made.checksum, sizeof row->checksum);
    if (status == RECTO_OK && row->outcome[0] == '\0')
        job_row_say(row, made.after != NULL ? "changed" : "unchanged", "%s", words_of(&made));
    marc_record_free(before);
    marc_record_free(made.after);
    status = row_of_fault(row, status, &own);
    if (status != RECTO_OK && error != NULL)
        *error = own;
    return status;
}

/* ---- trying a set */

static recto_status store_rows(catalog *catalog, int64_t job, repo_job_row *rows, size_t count, recto_error *error)
{
    transaction change = { .repo = NULL };
    recto_status status = transaction_begin(&change, catalog, false, error);
    for (size_t i = 0; status == RECTO_OK && i < count; i++)
        status = repo_job_row_add(catalog->repo, job, &rows[i], error);
    return transaction_end(&change, status, error);
}

typedef struct trial {
    catalog *catalog;
    const tried_rule *rule;
    int64_t job;
    const mms_id *ids;
    size_t count;
    job_progress progress;
    void *context;
    repo_job_row rows[JOB_BATCH_RECORDS];
} trial;

static recto_status try_batch(trial *trial, size_t first, size_t *done, recto_error *error)
{
    recto_status status = RECTO_OK;
    size_t count = 0;
    while (status == RECTO_OK && count < JOB_BATCH_RECORDS && first + count < trial->count) {
        status = try_record(&trial->rows[count], trial->catalog, trial->rule, trial->ids[first + count], error);
        count++;
    }
    *done = first + count;
    return status == RECTO_OK ? store_rows(trial->catalog, trial->job, trial->rows, count, error) : status;
}

static recto_status try_all(trial *trial, bool *stopped, recto_error *error)
{
    recto_status status = RECTO_OK;
    size_t done = 0;
    *stopped = false;
    while (status == RECTO_OK && !*stopped && done < trial->count) {
        status = try_batch(trial, done, &done, error);
        *stopped = status == RECTO_OK && trial->progress != NULL && !trial->progress(trial->context, done, trial->count) &&
                   done < trial->count;
    }
    return status;
}

static recto_status begin_trial(int64_t *job, catalog *catalog, int zone, const tried_rule *rule, const catalog_query *query,
                                recto_error *error)
{
    char title[160];
    buffer parameters;
    buffer_init(&parameters, 0);
    snprintf(title, sizeof title, "try %.*s on %s%s%.*s", FIT(buffer_string(&rule->name), 70),
             query->index != NULL ? query->index : "", query->index != NULL && query->index[0] != '\0' ? "=" : "",
             FIT(query->text != NULL ? query->text : "everything", 60));
    buffer_append_text(&parameters, buffer_text(&rule->name));
    buffer_append_char(&parameters, '\n');
    buffer_append_text(&parameters, buffer_text(&rule->source));
    recto_status status = buffer_failed(&parameters)
                              ? recto_fail_memory(error, "beginning a trial")
                              : job_begin(job, catalog, TRIAL, title, zone, 0, buffer_text(&parameters), false, error);
    buffer_release(&parameters);
    return status;
}

static recto_status run_trial(trial *work, const tried_rule *rule, const catalog_query *query, int zone, recto_error *error)
{
    mms_id *ids = NULL;
    bool stopped = false;
    recto_status status = search_all_ids(&ids, &work->count, work->catalog, query, zone, error);
    if (status == RECTO_OK)
        status = begin_trial(&work->job, work->catalog, zone, rule, query, error);
    if (status == RECTO_OK) {
        work->ids = ids;
        status = try_all(work, &stopped, error);
        status = job_finish(work->catalog, work->job, status, stopped, error);
    }
    free(ids);
    return status;
}

static recto_status may_work_in(catalog *catalog, int zone, privilege privilege, const char *act, recto_error *error)
{
    const repo_zone *place = catalog_zone_by_id(catalog, zone);
    recto_status status = need_privilege(catalog, privilege, act, place != NULL ? place->code : "", error);
    if (status == RECTO_OK && !catalog_may_in(catalog, place))
        return recto_fail(error, RECTO_EREFUSED, place != NULL ? place->code : NULL, NULL,
                          "you may not change records of this zone");
    return status;
}

recto_status catalog_rule_trial(int64_t *job, catalog *catalog, int zone, const char *name, text source,
                                const catalog_query *query, job_progress progress, void *context, recto_error *error)
{
    tried_rule rule = { .file = NULL };
    recto_status status = may_work_in(catalog, zone, PRIVILEGE_CATALOG, "rule.trial", error);
    if (status != RECTO_OK)
        return status;
    trial *work = calloc(1, sizeof *work);
    if (work == NULL)
        return recto_fail_memory(error, "trying a rule");
    work->catalog = catalog;
    work->progress = progress;
    work->context = context;
    status = rule_to_try(&rule, catalog, zone, name, source, error);
    work->rule = &rule;
    if (status == RECTO_OK)
        status = rules_only_local(&rule.only_local, catalog, zone, error);
    if (status == RECTO_OK)
        status = sets_fit_titles(catalog, query, error);
    if (status == RECTO_OK)
        status = run_trial(work, &rule, query, zone, error);
    *job = work->job;
    tried_rule_release(&rule);
    free(work);
    return status;
}

/* ---- looking at one record of a trial */

static recto_status refuse_changed(mms_id id, const char *why, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    mms_id_format(where, id);
    return recto_fail(error, RECTO_EREFUSED, where, "try the rule again", "the record is not as the trial saw it: %s", why);
}

static recto_status show_record(marc_record **before, marc_record **after, catalog *catalog, const tried_rule *rule,
                                const repo_job_row *row, recto_error *error)
{
    bib_info info;
    made_record made;
    recto_status status = catalog_load(catalog, row->id, before, &info, error);
    if (status != RECTO_OK)
        return status;
    if (info.deleted || info.version != row->version_before)
        return refuse_changed(row->id, info.deleted ? "it was deleted" : "it was saved since", error);
    status = make_after(&made, catalog, rule, *before, error);
    *after = made.after;
    if (status == RECTO_OK && *after == NULL)
        status = marc_record_copy(after, *before, error);
    return status;
}

recto_status catalog_trial_record(marc_record **before, marc_record **after, catalog *catalog, int64_t job, mms_id id,
                                  recto_error *error)
{
    tried_rule rule = { .file = NULL };
    repo_job trial;
    repo_job_row row;
    marc_record *old = NULL, *made = NULL;
    recto_status status = rule_of_trial(&rule, &trial, catalog, job, error);
    if (status == RECTO_OK)
        status = repo_job_row_get(catalog->repo, job, id, &row, NULL, error);
    if (status == RECTO_OK)
        status = show_record(&old, &made, catalog, &rule, &row, error);
    tried_rule_release(&rule);
    if (status != RECTO_OK) {
        marc_record_free(old);
        marc_record_free(made);
        return status;
    }
    *before = old;
    *after = made;
    return RECTO_OK;
}

/* ---- applying */

typedef struct application {
    catalog *catalog;
    const tried_rule *rule;
    int64_t job;
} application;

static recto_status write_tried(application *act, const repo_job_row *tried, repo_job_row *out, const bib_info *info,
                                const marc_record *before, recto_error *error)
{
    made_record made;
    buffer stamp;
    int version = 0;
    recto_status status = make_after(&made, act->catalog, act->rule, before, error);
    if (status != RECTO_OK)
        return row_of_fault(out, status, error);
    if (made.after == NULL || !tried->has_checksum || memcmp(made.checksum, tried->checksum, sizeof made.checksum) != 0) {
        job_row_say(out, "skipped", "the rule makes something else of it than in the trial");
        marc_record_free(made.after);
        return RECTO_OK;
    }
    buffer_init(&stamp, 64);
    buffer_append_text(&stamp, marc_record_control(before, "005"));
    status = job_write_record(&version, act->catalog, act->job, info, buffer_text(&stamp), made.after, error);
    out->version_after = version;
    job_row_say(out, "changed", "%s", words_of(&made));
    buffer_release(&stamp);
    marc_record_free(made.after);
    return status;
}

static recto_status apply_row(void *context, const repo_job_row *tried, repo_job_row *out, recto_error *error)
{
    application *act = context;
    marc_record *before = NULL;
    bib_info info;
    char why[WHY];
    if (strcmp(tried->outcome, "changed") != 0)
        return RECTO_OK;
    out->version_before = tried->version_before;
    recto_status status = repo_bib_load(act->catalog->repo, tried->id, &before, &info, catalog_now(act->catalog), error);
    if (status != RECTO_OK)
        return row_of_fault(out, status, error);
    out->version_before = info.version;
    if (!job_may_change(why, act->catalog, &info, tried->version_before))
        job_row_say(out, "skipped", "%s", why);
    else
        status = write_tried(act, tried, out, &info, before, error);
    marc_record_free(before);
    return status;
}

static recto_status check_trial(const repo_job *trial, recto_error *error)
{
    char where[32];
    snprintf(where, sizeof where, "job %lld", (long long)trial->id);
    if (strcmp(trial->status, "done") == 0 || strcmp(trial->status, "stopped") == 0)
        return RECTO_OK;
    return recto_fail(error, RECTO_EREFUSED, where, "try the rule again", "the trial did not come to its end (%s)",
                      trial->status);
}

static recto_status run_application(int64_t *job, catalog *catalog, const tried_rule *rule, const repo_job *trial,
                                    job_progress progress, void *context, recto_error *error)
{
    char title[160];
    bool stopped = false;
    snprintf(title, sizeof title, "normalize: %.*s", FIT(trial->title + (strncmp(trial->title, "try ", 4) == 0 ? 4 : 0), 140));
    recto_status status = job_begin(job, catalog, "rule", title, trial->zone, trial->id, buffer_text(&rule->name), false, error);
    if (status != RECTO_OK)
        return status;
    application act = { catalog, rule, *job };
    const job_work work = { catalog, *job, apply_row, &act };
    status = job_work_rows(&work, trial->id, trial->read, progress, context, &stopped, error);
    return job_finish(catalog, *job, status, stopped, error);
}

recto_status catalog_trial_apply(int64_t *job, catalog *catalog, int64_t trial, job_progress progress, void *context,
                                 recto_error *error)
{
    tried_rule rule = { .file = NULL };
    repo_job tried;
    recto_status status = rule_of_trial(&rule, &tried, catalog, trial, error);
    if (status == RECTO_OK)
        status = may_work_in(catalog, tried.zone, PRIVILEGE_BULK, "rule.apply", error);
    if (status == RECTO_OK)
        status = check_trial(&tried, error);
    if (status == RECTO_OK)
        status = run_application(job, catalog, &rule, &tried, progress, context, error);
    tried_rule_release(&rule);
    return status;
}
