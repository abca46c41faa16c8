/* tests/fault/fault_jobs.h - inside of tests/fault/faults: what is disturbed, and what it must have kept. */
#ifndef TESTS_FAULT_FAULT_JOBS_H
#define TESTS_FAULT_FAULT_JOBS_H

#include "recto/catalog/catalog.h"

enum { FAULT_PATH = 600 };

typedef struct told { /* what a job was told is so */
    char what;        /* 'V' a version of a record, 'D' a draft, 'H' a holdings record, 'N' so many records more, 'B' a backup */
    mms_id id;
    int version;
} told;

typedef enum stage_kind {
    STAGE_PLAIN,  /* three records */
    STAGE_UNTIDY, /* many small segments, and entries that wait for one */
    STAGE_OLD,    /* of an earlier schema: each that there was */
    STAGE_KINDS
} stage_kind;

typedef struct job {
    const char *name;
    stage_kind stage;
    /** @param first  a record that is there from the beginning; @param tell  the pipe to who judges */
    recto_status (*run)(catalog *desk, mms_id first, int tell, recto_error *error);
    recto_status (*again)(catalog *desk, mms_id first, int tell, recto_error *error); /* afterwards, undisturbed; NULL: nothing */
    long step; /* of its allocations one in so many fails */
} job;
extern const job jobs[];
extern const size_t job_count;

recto_status sit_down(catalog **out, const char *path, recto_error *error);
recto_status ingest_one(catalog *desk, int number, int tell, recto_error *error);
bool has_mark(const marc_record *record);

#endif
