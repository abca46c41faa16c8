/* tests/fault/scarce.h - inside of tests/fault/scarce: jobs of the lower rooms that are run while memory, or a statement of
 * SQLite, fails at each place in turn.
 *
 * A job writes all it has found into `out`, so that two runs of it can be compared. */
#ifndef TESTS_FAULT_SCARCE_H
#define TESTS_FAULT_SCARCE_H

#include "recto/marc/formats.h"
#include "recto/marc/tables.h"
#include "recto/repo/repo.h"

enum { SCARCE_NOW = 1769860800 };

typedef struct scarce_stage { /* made once, with nothing failing */
    marc_tables *tables;
    marc_record *own, *other; /* two states of one bib, with pairs of 880, errors and several scripts */
    marc_record *authority, *holdings;
    buffer samples[MARC_FORMAT_LINE + 1]; /* `own`, a record that cannot be read and `other` in each format; [0]: in MARC-8 */
    repo *repo;
    int zone;
    mms_id bib, second, heading, shelf, piece; /* two bibs, an authority record, holdings and an item */
    const char *folder;
    struct repo *guest; /* what a job of kind SCARCE_GUEST works on */
} scarce_stage;

typedef enum scarce_kind {
    SCARCE_PURE,    /* no repository */
    SCARCE_ALONE,   /* the repository, outside of a transaction: reads, or changes that can be made again */
    SCARCE_CHANGES, /* in a transaction, which is taken back afterwards */
    SCARCE_GUEST    /* another repository, made ready for each run and looked at behind it */
} scarce_kind;

typedef struct scarce_job {
    const char *name;
    scarce_kind kind;
    recto_status (*run)(buffer *out, const scarce_stage *stage, recto_error *error);
} scarce_job;

typedef struct scarce_guest_job { /* of kind SCARCE_GUEST */
    scarce_job job;
    void (*before)(scarce_stage *stage); /* nothing fails meanwhile; NULL: nothing is to be done */
    bool (*after)(scarce_stage *stage);  /* whether it is sound */
    long sparing;                        /* each so many-th event only */
} scarce_guest_job;

extern const scarce_job scarce_marc_jobs[], scarce_rule_jobs[], scarce_reading_jobs[], scarce_changing_jobs[];
extern const scarce_guest_job scarce_upkeep_jobs[]; /* ended, all of them, by no name */
void scarce_set_upkeep(const scarce_stage *stage);  /* the files of scarce_upkeep_jobs, made once */

recto_status scarce_put_record(buffer *out, const marc_record *record, recto_error *error);
/** What a job ends with: a buffer that failed is no memory. */
recto_status scarce_end(const buffer *out, recto_status status, recto_error *error);
void scarce_must(recto_status status, const recto_error *error); /* ends the program when it failed */
void scarce_fill_repo(scarce_stage *stage, const char *path);    /* ends the program when it cannot */

/* A step of a job, unless one before it failed. */
#define THEN(call)                                                                                                               \
    do {                                                                                                                         \
        if (status == RECTO_OK)                                                                                                  \
            status = (call);                                                                                                     \
    } while (0)

#endif
