/* include/recto/repo/jobs.h - jobs and their rows: what a run touched, which version it found and which it left.
 *
 * A part of the repository's door of its own (repo.h). A row is written in the transaction of the change it tells of, and the
 * counters of the job follow the rows by themselves: they cannot differ (RA-79). A job whose process is gone before it ended
 * is read as "failed": what its rows say was done, nothing else was. @spec roles-admin RA-78, RA-79, import-profiles IP-182 */
#ifndef RECTO_REPO_JOBS_H
#define RECTO_REPO_JOBS_H

#include "recto/repo/repo.h"

typedef struct repo_job {
    int64_t id;
    char type[24], status[16]; /* "running" until repo_job_end */
    char title[160], user[64];
    int zone;
    int64_t started_at, ended_at; /* 0: runs */
    int64_t of;                   /* another job; 0 none */
    size_t read, changed, unchanged, skipped, failed;
} repo_job;

enum { REPO_CHECKSUM_LENGTH = 16 };
typedef struct repo_job_row {
    int64_t number;                    /* from 1 within its job */
    mms_id id;                         /* of a bib, holdings record or item */
    char kind;                         /* 'B', 'H', 'I' */
    int version_before, version_after; /* after 0: nothing was written */
    char outcome[16];                  /* "changed", "unchanged", "skipped", "failed", "reverted" */
    char message[200];
    bool taken_back;   /* a later job has reverted this row */
    bool has_checksum; /* of the record as it was made, for a trial */
    unsigned char checksum[REPO_CHECKSUM_LENGTH];
    text detail; /* opaque: what the act needs to take the row back; lent to a visitor, copied when written */
} repo_job_row;

/** A new job with status "running", of this process. Joins an open transaction, or is one of its own.
 *  @param job  type, title, user, zone, started_at, of; id is filled
 *  @param parameters  opaque, kept for whoever applies or shows the job */
recto_status repo_job_begin(repo *repo, repo_job *job, text parameters, recto_error *error);
/** Adds a row, in the open transaction; number is filled. "changed" and "reverted" count as changed, and so on. */
recto_status repo_job_row_add(repo *repo, int64_t job, repo_job_row *row, recto_error *error);
/** Ends or re-marks a job; joins an open transaction. @param ended_at  0: as it was */
recto_status repo_job_end(repo *repo, int64_t job, const char *status, int64_t ended_at, recto_error *error);

recto_status repo_jobs(repo *repo, size_t limit, void (*visit)(void *context, const repo_job *job), void *context,
                       recto_error *error); /* newest first; limit 0: all */
/** ENOTFOUND: no such job. @param parameters  appended; may be NULL */
recto_status repo_job_get(repo *repo, int64_t id, repo_job *out, buffer *parameters, recto_error *error);
/** Rows in order, those behind number `after`, at most `limit` (0: all). `visit` returns false to stop. */
recto_status repo_job_rows(repo *repo, int64_t job, int64_t after, size_t limit,
                           bool (*visit)(void *context, const repo_job_row *row), void *context, recto_error *error);
/** The row of one record in a job. ENOTFOUND. @param detail  appended; may be NULL (out->detail is empty) */
recto_status repo_job_row_get(repo *repo, int64_t job, mms_id id, repo_job_row *out, buffer *detail, recto_error *error);
/** The job that made this version of a record. *job 0: none did. */
recto_status repo_job_of_version(repo *repo, mms_id id, int version, int64_t *job, recto_error *error);
/** Marks a row as taken back, in the open transaction. */
recto_status repo_job_row_taken_back(repo *repo, int64_t job, int64_t number, recto_error *error);
/** Rows that changed something and were not taken back. */
recto_status repo_job_open_rows(repo *repo, int64_t job, size_t *count, recto_error *error);

/** A checksum of a record as repo stores it; equal records have equal ones. */
recto_status repo_record_checksum(unsigned char out[static REPO_CHECKSUM_LENGTH], repo *repo, const marc_record *record,
                                  recto_error *error);

#endif
