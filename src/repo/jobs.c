/* src/repo/jobs.c - jobs and their rows (RA-78, RA-79, IP-182).
 *
 * A job carries the identity of the process that runs it, as a session does: one that "runs" while its process is gone has
 * failed, and is read so by everybody without anybody having to write it. */
#include "recto/repo/jobs.h"
#include "store.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

_Static_assert((int)REPO_CHECKSUM_LENGTH == (int)CHECKSUM_LENGTH, "one kind of checksum");

enum { PARAMETERS = 18, DETAIL = 9 }; /* columns behind those of every row */

static void read_process(process_identity *out, const rows *rows)
{
    *out = (process_identity){ .process = row_int64(rows, 16), .started = row_int64(rows, 17) };
    row_string(rows, 14, out->host, sizeof out->host);
    row_string(rows, 15, out->boot, sizeof out->boot);
}

static void read_job(repo_job *out, const rows *rows)
{
    process_identity process;
    *out = (repo_job){ .id = row_int64(rows, 0),
                       .zone = row_int(rows, 5),
                       .started_at = row_int64(rows, 6),
                       .ended_at = row_int64(rows, 7),
                       .of = row_int64(rows, 8),
                       .read = (size_t)row_int64(rows, 9),
                       .changed = (size_t)row_int64(rows, 10),
                       .unchanged = (size_t)row_int64(rows, 11),
                       .skipped = (size_t)row_int64(rows, 12),
                       .failed = (size_t)row_int64(rows, 13) };
    row_string(rows, 1, out->type, sizeof out->type);
    row_string(rows, 2, out->status, sizeof out->status);
    row_string(rows, 3, out->title, sizeof out->title);
    row_string(rows, 4, out->user, sizeof out->user);
    read_process(&process, rows);
    if (strcmp(out->status, "running") == 0 && !process_lives(&process))
        (void)snprintf(out->status, sizeof out->status, "failed");
}

recto_status repo_job_begin(repo *repo, repo_job *job, text parameters, recto_error *error)
{
    bool own;
    process_identity here;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    process_identity_own(&here);
    status = store_run(repo, error, SQL_JOB_ADD, "sssniissiib", job->type, job->title, job->user, job->zone, job->started_at,
                       job->of, here.host, here.boot, here.process, here.started, parameters);
    job->id = sqlite3_last_insert_rowid(repo->database);
    (void)snprintf(job->status, sizeof job->status, "running");
    return change_end(repo, own, status, error);
}

recto_status repo_job_row_add(repo *repo, int64_t job, repo_job_row *row, recto_error *error)
{
    const char kind[2] = { row->kind, '\0' };
    const text checksum = text_of((const char *)row->checksum, row->has_checksum ? REPO_CHECKSUM_LENGTH : 0);
    assert(repo->writing && "a row is written with the change that it tells of");
    return store_number(&row->number, repo, error, SQL_JOB_ROW_ADD, "iisnnssbb", job, row->id, kind, row->version_before,
                        row->version_after, row->outcome, row->message, checksum, row->detail);
}

recto_status repo_job_end(repo *repo, int64_t job, const char *status_name, int64_t ended_at, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    return change_end(repo, own, store_run(repo, error, SQL_JOB_END, "isi", job, status_name, ended_at), error);
}

recto_status repo_jobs(repo *repo, size_t limit, void (*visit)(void *context, const repo_job *job), void *context,
                       recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_JOBS, "i", limit > 0 ? (int64_t)limit : (int64_t)-1);
    while (rows_next(&rows)) {
        repo_job job;
        read_job(&job, &rows);
        visit(context, &job);
    }
    return rows_close(&rows);
}

recto_status repo_job_get(repo *repo, int64_t id, repo_job *out, buffer *parameters, recto_error *error)
{
    rows rows;
    bool found = false;
    char where[32];
    (void)rows_open(&rows, repo, error, SQL_JOB_GET, "i", id);
    if (rows_next(&rows)) {
        found = true;
        read_job(out, &rows);
        if (parameters != NULL)
            buffer_append_text(parameters, row_text(&rows, PARAMETERS));
    }
    recto_status status = rows_close(&rows);
    if (status == RECTO_OK && parameters != NULL && buffer_failed(parameters))
        return recto_fail_memory(error, "reading a job");
    (void)snprintf(where, sizeof where, "job %lld", (long long)id);
    return status == RECTO_OK && !found ? recto_fail(error, RECTO_ENOTFOUND, where, "recto job list names them", "no such job")
                                        : status;
}

/* ---- rows ------------------------------------------------------------------------------------------------------------- */

static void read_row(repo_job_row *out, const rows *rows)
{
    const text kind = row_text(rows, 2), checksum = row_text(rows, 8);
    *out = (repo_job_row){ .number = row_int64(rows, 0),
                           .id = row_int64(rows, 1),
                           .kind = kind.length > 0 ? kind.bytes[0] : 'B',
                           .version_before = row_int(rows, 3),
                           .version_after = row_int(rows, 4),
                           .taken_back = row_int(rows, 7) != 0,
                           .has_checksum = checksum.length == REPO_CHECKSUM_LENGTH,
                           .detail = row_text(rows, DETAIL) };
    row_string(rows, 5, out->outcome, sizeof out->outcome);
    row_string(rows, 6, out->message, sizeof out->message);
    if (out->has_checksum)
        memcpy(out->checksum, checksum.bytes, REPO_CHECKSUM_LENGTH);
}

recto_status repo_job_rows(repo *repo, int64_t job, int64_t after, size_t limit,
                           bool (*visit)(void *context, const repo_job_row *row), void *context, recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_JOB_ROWS, "iii", job, after, limit > 0 ? (int64_t)limit : (int64_t)-1);
    while (rows_next(&rows)) {
        repo_job_row row;
        read_row(&row, &rows);
        if (!visit(context, &row))
            break;
    }
    return rows_close(&rows);
}

recto_status repo_job_row_get(repo *repo, int64_t job, mms_id id, repo_job_row *out, buffer *detail, recto_error *error)
{
    rows rows;
    bool found = false;
    char where[MMS_ID_LENGTH];
    (void)rows_open(&rows, repo, error, SQL_JOB_ROW_GET, "ii", job, id);
    if (rows_next(&rows)) {
        found = true;
        read_row(out, &rows);
        if (detail != NULL)
            buffer_append_text(detail, out->detail);
        out->detail = text_of("", 0);
    }
    recto_status status = rows_close(&rows);
    if (status == RECTO_OK && detail != NULL && buffer_failed(detail))
        return recto_fail_memory(error, "reading a row of a job");
    mms_id_format(where, id);
    return status == RECTO_OK && !found
               ? recto_fail(error, RECTO_ENOTFOUND, where, NULL, "job %lld has no row of this record", (long long)job)
               : status;
}

recto_status repo_job_of_version(repo *repo, mms_id id, int version, int64_t *job, recto_error *error)
{
    *job = 0;
    recto_status status = store_number(job, repo, error, SQL_JOB_OF_VERSION, "in", id, version);
    return status == RECTO_ENOTFOUND ? RECTO_OK : status;
}

recto_status repo_job_row_taken_back(repo *repo, int64_t job, int64_t number, recto_error *error)
{
    assert(repo->writing && "a row is marked with the change that takes it back");
    return store_run(repo, error, SQL_JOB_ROW_TAKEN_BACK, "ii", job, number);
}

recto_status repo_job_open_rows(repo *repo, int64_t job, size_t *count, recto_error *error)
{
    int64_t found = 0;
    recto_status status = store_number(&found, repo, error, SQL_JOB_OPEN_ROWS, "i", job);
    *count = (size_t)found;
    return status;
}

recto_status repo_record_checksum(unsigned char out[static REPO_CHECKSUM_LENGTH], repo *repo, const marc_record *record,
                                  recto_error *error)
{
    buffer_clear(&repo->scratch);
    recto_status status = repo_record_encode(&repo->scratch, record, error);
    if (status == RECTO_OK)
        checksum_make(out, buffer_text(&repo->scratch));
    return status;
}
