/* include/recto/catalog/jobs.h - work on many records as one act that can be looked at before and taken back after.
 *
 * A job has rows, one a record it touched: which version it found, which it left. A trial (dry run) writes rows and no
 * records; applying it makes exactly what it showed. Reverting puts back every record that nobody has changed since and lists
 * the others. @spec roles-admin RA-70 to RA-82, import-profiles IP-180 to IP-182, match-merge 5.4 */
#ifndef RECTO_CATALOG_JOBS_H
#define RECTO_CATALOG_JOBS_H

#include "recto/catalog/rules.h"

typedef struct catalog_job {
    int64_t id;
    char type[24];   /* "rule-trial", "rule", "combine", "merge", "revert" */
    char status[16]; /* "running", "done", "stopped", "reverted", "partly-reverted", "failed" (also: its process died) */
    char title[160]; /* "normalize: Drop vendor fields, ti=whale" */
    char user[64];
    int zone;
    int64_t started_at, ended_at;
    size_t read, changed, unchanged, skipped, failed; /* equal the rows by outcome (RA-79) */
    int64_t of;                                       /* the trial this run applied, the job this one reverted; 0: none */
} catalog_job;

typedef struct catalog_job_row {
    mms_id id;
    char kind;                         /* 'B' bib, 'H' holdings, 'I' item, 'L' a bib's link to a network record */
    int version_before, version_after; /* after 0: nothing was written */
    char outcome[16];                  /* "changed", "unchanged", "skipped", "failed", "reverted" */
    char message[200];
} catalog_job_row;

/** Told now and then of a job's progress; false stops it between two records: what was done stays and is listed. */
typedef bool (*job_progress)(void *context, size_t done, size_t total);

/** Newest first; yours to free(). */
recto_status catalog_jobs(catalog_job **out, size_t *count, catalog *catalog, size_t limit, recto_error *error);
recto_status catalog_job_get(catalog_job *out, catalog *catalog, int64_t id, recto_error *error);
recto_status catalog_job_rows(catalog *catalog, int64_t id, bool (*visit)(void *context, const catalog_job_row *row),
                              void *context, recto_error *error);

/** Tries a normalization rule on every record the query finds: counts, a row a record, nothing else is written. The rule's
 *  text and each record's version and result checksum are kept with the trial, so that applying it can be exact.
 *  EINVALID: the query names a set of items or of authority records (SE-66).
 *  @param name  a saved rule's name, or NULL with `source` an unsaved text */
recto_status catalog_rule_trial(int64_t *job, catalog *catalog, int zone, const char *name, text source,
                                const catalog_query *query, job_progress progress, void *context, recto_error *error);
/** What the trial would make of one of its records, for a diff: both yours. EREFUSED: changed since the trial. */
recto_status catalog_trial_record(marc_record **before, marc_record **after, catalog *catalog, int64_t job, mms_id id,
                                  recto_error *error);
/** Does precisely what the trial showed, as one job that can be reverted. A record that has changed since, or is locked by
 *  somebody, is skipped and listed. Needs the privileges of editing the zone's records in bulk. */
recto_status catalog_trial_apply(int64_t *job, catalog *catalog, int64_t trial, job_progress progress, void *context,
                                 recto_error *error);
/** Takes a job back (IP-182): every record it changed and nobody changed since gets its version before as a new version; what
 *  it moved goes back. Itself a job, *job; the rest is listed there as skipped with the reason. EREFUSED: already reverted. */
recto_status catalog_job_revert(int64_t *job, catalog *catalog, int64_t id, recto_error *error);
/** The same, telling how far it is. Stopped ("stopped", the job taken back "partly-reverted") it can be gone on with by another
 *  revert. A combine and a relink go back in one transaction, untold. */
recto_status catalog_job_revert_telling(int64_t *job, catalog *catalog, int64_t id, job_progress progress, void *context,
                                        recto_error *error);

/* ---- Merge Records and Combine Inventory -------------------------------------------------------------------------------- */

typedef enum combine_secondary { COMBINE_DELETE, COMBINE_SUPPRESS, COMBINE_KEEP } combine_secondary;

typedef struct combine_plan {                     /* what would happen; counts first (match-merge 5.4, ED-156) */
    merge_result *result;                         /* yours: merge_result_free, lines may be toggled before applying */
    size_t holdings, items, portfolios, relinked; /* moved; records whose 76X-78X $w name the secondary */
    int primary_version, secondary_version;
    char refusal[200]; /* why it cannot be done now (zone, CZ link, lock by whom); "" when it can */
    recto_status why;  /* of the refusal: RECTO_EREFUSED or RECTO_ELOCKED; RECTO_OK when it can be done */
    mms_id primary, secondary;
    char primary_title[120], secondary_title[120];
    size_t linked;     /* records of institutions that are linked to the secondary, a network record, and follow */
    size_t not_mended; /* records that name the secondary and stay as they are: locked, or another institution's */
    char rule[120];    /* by which the result was made: the asked one, the zone's choice, else "Keep only old value" */
} combine_plan;

/** Looks, changes nothing. EINVALID: the same record twice. @param rule  name of a merge rule; NULL: the zone's choice for
 *  combining, and where it chose none the primary's text stays (keep-old): what it chose for matches is no choice for this.
 *  EREFUSED: the named rule says that it was written for an incoming record as primary (SR-73). */
recto_status catalog_combine_plan(combine_plan *out, catalog *catalog, mms_id primary, mms_id secondary, const char *rule,
                                  recto_error *error);
void combine_plan_release(combine_plan *plan);
/** Does it in one transaction, as a job: merged record saved, holdings and items moved, links mended, the secondary deleted,
 *  suppressed or kept. EREFUSED with the plan's refusal, or when either record is not the version the plan saw. Locks of both
 *  are taken for it; another's lock refuses (ELOCKED). Needs role Cataloger Extended (ED-5). */
recto_status catalog_combine(int64_t *job, catalog *catalog, mms_id primary, mms_id secondary, combine_secondary what,
                             const combine_plan *plan, recto_error *error);

/** Hangs one holdings record, or (holdings 0) all of them, with items on another bib of the institution, as a job that can be
 *  taken back: "Relink here" (SR-93, IO-80 to IO-88). A network record stands for the institution's linked to it, which is made
 *  when there is none. Needs INVENTORY. EREFUSED, ELOCKED: a bib is locked by another. */
recto_status catalog_relink(int64_t *job, catalog *catalog, mms_id from, mms_id holdings, mms_id to, recto_error *error);

/** The last save of this record was a merge, an overlay or a combine: takes it back (one command after saving). The record gets
 *  the version before it as a new version; of a combine all else goes back too. EREFUSED: no merge, or changed since. */
recto_status catalog_undo_merge(int64_t *job, catalog *catalog, mms_id id, recto_error *error);
/** The record that a merge brought in, which is stored nowhere else, as a new draft of yours (edit_resume opens it).
 *  @param job  a "merge" job, or the one that took it back. *draft 0: none was kept (of a combine: both records are stored) */
recto_status catalog_merge_draft(mms_id *draft, catalog *catalog, int64_t job, recto_error *error);

#endif
