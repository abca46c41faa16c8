/* src/cli/command_job.c - recto job: what was done to many records as one act, record by record, and taking it back. */
#include "jobs_print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LISTED_JOBS = 50 };

/* ---- printing */

static void print_counters(json_writer *json, const catalog_job *job)
{
    json_open(json, "counters", '{');
    json_integer(json, "read", (int64_t)job->read);
    json_integer(json, "changed", (int64_t)job->changed);
    json_integer(json, "unchanged", (int64_t)job->unchanged);
    json_integer(json, "skipped", (int64_t)job->skipped);
    json_integer(json, "failed", (int64_t)job->failed);
    json_close(json, '}');
}

/* Ids are strings (cli.md). No job of this release has a profile: the key is left out. */
static void print_job_json(command_line *line, const catalog_job *job)
{
    char id[32], of[32];
    json_writer json;
    snprintf(id, sizeof id, "%lld", (long long)job->id);
    snprintf(of, sizeof of, "%lld", (long long)job->of);
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "id", id);
    json_string(&json, "type", job->type);
    json_string(&json, "status", job->status);
    json_string(&json, "title", job->title);
    json_string(&json, "user", job->user);
    print_counters(&json, job);
    json_time(&json, "started_at", job->started_at);
    json_time(&json, "ended_at", job->ended_at);
    json_string(&json, "of", job->of > 0 ? of : NULL);
    json_close(&json, '}');
    print_end(line);
}

void print_job(command_line *line, const catalog_job *job)
{
    char started[CLOCK_ISO_LENGTH];
    if (line->json) {
        print_job_json(line, job);
        return;
    }
    clock_format_iso(started, job->started_at);
    print_format(line, "%lld\t%s\t%s\t%s\t%s\t%zu changed, %zu unchanged, %zu skipped, %zu failed\t%s", (long long)job->id,
                 job->type, job->status, started, job->user, job->changed, job->unchanged, job->skipped, job->failed, job->title);
    print_end(line);
}

recto_status print_job_done(command_line *line, catalog *catalog, int64_t id, int *status, recto_error *error)
{
    catalog_job job;
    recto_status found = catalog_job_get(&job, catalog, id, error);
    if (found != RECTO_OK)
        return found;
    print_job(line, &job);
    *status = job.skipped + job.failed > 0 ? 1 : 0;
    return RECTO_OK;
}

static bool print_row(void *context, const catalog_job_row *row)
{
    command_line *line = context;
    char id[MMS_ID_LENGTH], kind[2] = { row->kind, '\0' };
    json_writer json;
    mms_id_format(id, row->id);
    if (!line->json) {
        print_format(line, "%s\t%s\t%s\t%d\t%d\t%s", id, kind, row->outcome, row->version_before, row->version_after,
                     row->message);
        print_end(line);
        return true;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "mms_id", id);
    json_string(&json, "kind", kind);
    json_string(&json, "outcome", row->outcome);
    json_integer(&json, "version_before", row->version_before);
    if (row->version_after > 0)
        json_integer(&json, "version_after", row->version_after);
    json_string(&json, "message", row->message[0] == '\0' ? NULL : row->message);
    json_close(&json, '}');
    print_end(line);
    return true;
}

bool show_job_progress(void *context, size_t done, size_t total)
{
    (void)context;
    if (isatty(STDERR_FILENO) == 1)
        fprintf(stderr, "\r%zu of %zu%s", done, total, done >= total ? "\n" : "");
    return !signal_waits();
}

recto_status job_number(int64_t *out, const char *given, recto_error *error)
{
    if (text_to_integer(text_from(given), out) && *out > 0)
        return RECTO_OK;
    return recto_fail(error, RECTO_EUSAGE, given, "recto job list names them", "this is no number of a job");
}

/* ---- the acts */

static recto_status list_jobs(command_line *line, catalog *catalog, size_t limit, size_t *listed, recto_error *error)
{
    catalog_job *jobs = NULL;
    recto_status status = catalog_jobs(&jobs, listed, catalog, limit, error);
    for (size_t i = 0; status == RECTO_OK && i < *listed; i++)
        print_job(line, &jobs[i]);
    free(jobs);
    return status;
}

static recto_status show_job(command_line *line, catalog *catalog, int64_t id, recto_error *error)
{
    catalog_job job;
    recto_status status = catalog_job_get(&job, catalog, id, error);
    if (status == RECTO_OK)
        print_job(line, &job);
    return status;
}

static recto_status list_rows(command_line *line, catalog *catalog, int64_t id, recto_error *error)
{
    catalog_job job;
    recto_status status = catalog_job_get(&job, catalog, id, error);
    return status == RECTO_OK ? catalog_job_rows(catalog, id, print_row, line, error) : status;
}

static recto_status revert_job(command_line *line, catalog *catalog, int64_t id, int *result, recto_error *error)
{
    int64_t made = 0;
    recto_status status = catalog_job_revert(&made, catalog, id, error);
    return status == RECTO_OK ? print_job_done(line, catalog, made, result, error) : status;
}

static int list_command(command_line *line, const char *limit_given)
{
    int64_t limit = LISTED_JOBS;
    size_t listed = 0;
    catalog *catalog = NULL;
    recto_error error = { 0 };
    if (limit_given != NULL && !option_number("limit", limit_given, 1, 1000000, &limit))
        return 2;
    recto_status status = open_catalog(&catalog, line, REPO_READ_ONLY, false, &error);
    if (status == RECTO_OK)
        status = list_jobs(line, catalog, (size_t)limit, &listed, &error);
    catalog_close(catalog);
    return status != RECTO_OK ? report(&error) : listed > 0 ? 0 : 1;
}

static int one_command(command_line *line, const char *act, const char *given)
{
    int64_t id = 0;
    int result = 0;
    catalog *catalog = NULL;
    recto_error error = { 0 };
    const bool reverts = strcmp(act, "revert") == 0;
    recto_status status = job_number(&id, given, &error);
    if (status == RECTO_OK)
        status = open_catalog(&catalog, line, reverts ? REPO_READ_WRITE : REPO_READ_ONLY, false, &error);
    if (status == RECTO_OK && reverts)
        status = revert_job(line, catalog, id, &result, &error);
    else if (status == RECTO_OK && strcmp(act, "records") == 0)
        status = list_rows(line, catalog, id, &error);
    else if (status == RECTO_OK)
        status = show_job(line, catalog, id, &error);
    catalog_close(catalog);
    return status != RECTO_OK ? report(&error) : result;
}

int command_job(command_line *line, int argc, char **argv)
{
    const char *limit = NULL;
    const option_value options[] = { { "limit", true, &limit, NULL, NULL } };
    static const char *const acts[] = { "show", "records", "revert" };
    int operands = read_options(argc, argv, options, 1);
    if (operands < 0)
        return 2;
    if (operands == 1 && strcmp(argv[1], "list") == 0)
        return list_command(line, limit);
    for (size_t i = 0; operands == 2 && i < sizeof acts / sizeof *acts; i++)
        if (strcmp(argv[1], acts[i]) == 0)
            return one_command(line, argv[1], argv[2]);
    if (operands > 0 && (strcmp(argv[1], "report") == 0 || strcmp(argv[1], "resolve") == 0))
        return usage("job %s comes with import profiles, which are not there yet; use job show and job records", argv[1]);
    return usage("job takes `list`, `show ID`, `records ID` or `revert ID`");
}
