/* src/cli/command_rule_trial.c - recto rule apply --dry-run and --apply-exactly: counts, differences, a sample; then that job. */
#include "jobs_print.h"

#include "recto/base/plural.h"
#include "record_changes.h"
#include "rule_sources.h"
#include "rule_trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLED = 3 };

/* ---- the records that the rule changes */

typedef struct changed_records {
    mms_id *ids;
    size_t count, capacity, wanted;
    bool failed;
} changed_records;

static bool keep_changed(void *context, const catalog_job_row *row)
{
    changed_records *list = context;
    if (strcmp(row->outcome, "changed") != 0)
        return true;
    if (list->count == list->wanted)
        return false;
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity * 2 + 64;
        mms_id *grown = realloc(list->ids, capacity * sizeof *grown);
        list->failed = grown == NULL;
        if (grown == NULL)
            return false;
        list->ids = grown;
        list->capacity = capacity;
    }
    list->ids[list->count++] = row->id;
    return true;
}

/* ---- differences */

static void print_change(void *context, char sign, text line)
{
    command_line *out = context;
    print_format(out, "%c ", sign);
    print(out, line);
    print_end(out);
}

typedef struct json_changes {
    json_writer *json;
    char wanted;
} json_changes;

static void put_change(void *context, char sign, text line)
{
    const json_changes *changes = context;
    if (sign == changes->wanted)
        json_text(changes->json, NULL, line);
}

static recto_status print_difference_json(command_line *line, const char *id, const marc_record *before, const marc_record *after,
                                          recto_error *error)
{
    json_writer json;
    json_changes removed = { &json, '-' }, added = { &json, '+' };
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "mms_id", id);
    json_open(&json, "removed", '[');
    recto_status status = record_changes(before, after, put_change, &removed, error);
    json_close(&json, ']');
    json_open(&json, "added", '[');
    if (status == RECTO_OK)
        status = record_changes(before, after, put_change, &added, error);
    json_close(&json, ']');
    json_close(&json, '}');
    print_end(line);
    return status;
}

static recto_status print_difference(command_line *line, catalog *catalog, int64_t trial, mms_id id, recto_error *error)
{
    marc_record *before = NULL, *after = NULL;
    char shown[MMS_ID_LENGTH];
    buffer title;
    mms_id_format(shown, id);
    recto_status status = catalog_trial_record(&before, &after, catalog, trial, id, error);
    if (status == RECTO_EREFUSED) { /* saved by somebody between the trial and this line */
        note("%s: %s", shown, error->what);
        recto_error_clear(error);
        return RECTO_OK;
    }
    if (status == RECTO_OK && line->json) {
        status = print_difference_json(line, shown, before, after, error);
    } else if (status == RECTO_OK) {
        buffer_init(&title, 0);
        marc_record_title(&title, before);
        print_format(line, "\n%s %s", shown, buffer_string(&title));
        print_end(line);
        buffer_release(&title);
        status = record_changes(before, after, print_change, line, error);
    }
    marc_record_free(before);
    marc_record_free(after);
    return status;
}

static recto_status print_differences(command_line *line, catalog *catalog, int64_t trial, size_t wanted, recto_error *error)
{
    changed_records list = { .wanted = wanted };
    recto_status status = catalog_job_rows(catalog, trial, keep_changed, &list, error);
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(error, "listing changes");
    for (size_t i = 0; status == RECTO_OK && i < list.count; i++)
        status = print_difference(line, catalog, trial, list.ids[i], error);
    free(list.ids);
    return status;
}

/* ---- the counts */

static void print_trial(command_line *line, const catalog_job *job)
{
    char id[32];
    json_writer json;
    snprintf(id, sizeof id, "%lld", (long long)job->id);
    if (!line->json) {
        print_format(line, "Dry run %s: %s\n%zu %s: %zu would change, %zu would not, %zu skipped, %zu failed\n", id, job->title,
                     job->read, plural(job->read, "record", "records"), job->changed, job->unchanged, job->skipped, job->failed);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "run", id);
    json_string(&json, "status", job->status);
    json_integer(&json, "read", (int64_t)job->read);
    json_integer(&json, "changed", (int64_t)job->changed);
    json_integer(&json, "unchanged", (int64_t)job->unchanged);
    json_integer(&json, "skipped", (int64_t)job->skipped);
    json_integer(&json, "failed", (int64_t)job->failed);
    json_close(&json, '}');
    print_end(line);
}

/* Rows that failed say why; those that were skipped too. */
static bool tell_fault(void *context, const catalog_job_row *row)
{
    char id[MMS_ID_LENGTH];
    (void)context;
    mms_id_format(id, row->id);
    if (strcmp(row->outcome, "failed") == 0 || strcmp(row->outcome, "skipped") == 0)
        note("%s: %s: %s", id, row->outcome, row->message);
    return true;
}

static recto_status show_trial(command_line *line, catalog *catalog, int64_t trial, size_t wanted, int *result,
                               recto_error *error)
{
    catalog_job job;
    recto_status status = catalog_job_get(&job, catalog, trial, error);
    if (status != RECTO_OK)
        return status;
    print_trial(line, &job);
    if (job.failed + job.skipped > 0)
        status = catalog_job_rows(catalog, trial, tell_fault, NULL, error);
    if (status == RECTO_OK)
        status = print_differences(line, catalog, trial, wanted, error);
    if (status == RECTO_OK && !line->json && job.changed > 0)
        print_format(line, "\nNothing was changed. To do precisely this: recto rule apply --apply-exactly %lld\n",
                     (long long)trial);
    *result = job.read == 0 || job.failed > 0 ? 1 : 0;
    return status;
}

/* ---- the commands */

static bool read_trial_options(catalog_query *query, size_t *wanted, const trial_options *options)
{
    int64_t sample = SAMPLED;
    if (options->sample != NULL && !option_number("sample", options->sample, 0, 1000000, &sample))
        return false;
    *wanted = options->diff != NULL ? SIZE_MAX : (size_t)sample;
    *query = (catalog_query){ .type = SEARCH_ALL_TITLES, .index = options->index, .text = options->set, .sort = SORT_MMS_ID };
    if (options->type != NULL && strcmp(options->type, "all-titles") != 0)
        return usage("rules work on titles: --type is all-titles, not '%s'", options->type), false;
    return true;
}

int trial_run(command_line *line, const char *rule, const char *zone_given, const trial_options *options)
{
    static const rule_language language = RULES_NORMALIZATION;
    catalog *catalog = NULL;
    const repo_zone *zone = NULL;
    catalog_query query;
    rule_source source;
    recto_error error = { 0 };
    int64_t trial = 0;
    size_t wanted;
    int result = 0;
    if (!read_trial_options(&query, &wanted, options))
        return 2;
    recto_status status = rule_source_find(&source, line, rule, zone_given, &language, 1, &error);
    if (status == RECTO_OK)
        status = open_catalog(&catalog, line, REPO_READ_WRITE, false, &error);
    if (status == RECTO_OK)
        status = zone_named(&zone, catalog, zone_given, &error);
    if (status == RECTO_OK) {
        query.zone = zone->kind;
        hold_signals();
        status = catalog_rule_trial(&trial, catalog, zone->id, source.is_file ? NULL : rule, buffer_text(&source.text), &query,
                                    show_job_progress, NULL, &error);
    }
    if (status == RECTO_OK)
        status = show_trial(line, catalog, trial, wanted, &result, &error);
    catalog_close(catalog);
    rule_source_release(&source);
    return status == RECTO_OK ? result : report(&error);
}

int trial_apply(command_line *line, const trial_options *options)
{
    catalog *catalog = NULL;
    recto_error error = { 0 };
    int64_t trial = 0, job = 0;
    int result = 0;
    recto_status status = job_number(&trial, options->run, &error);
    if (status == RECTO_OK)
        status = open_catalog(&catalog, line, REPO_READ_WRITE, false, &error);
    if (status == RECTO_OK) {
        hold_signals();
        status = catalog_trial_apply(&job, catalog, trial, show_job_progress, NULL, &error);
    }
    if (status == RECTO_OK)
        status = print_job_done(line, catalog, job, &result, &error);
    catalog_close(catalog);
    return status == RECTO_OK ? result : report(&error);
}
