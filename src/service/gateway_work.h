/* src/service/gateway_work.h - the one who works on records, beside the loop that reads and answers.
 *
 * A repository belongs to one thread: this one. Jobs go in by a bounded queue and come out finished, in the same order; a
 * descriptor becomes readable when there is one. What is done with a record is the corridor's business. Records that wait at the
 * same time are saved with one write to the disk. */
#ifndef RECTO_SRC_SERVICE_GATEWAY_WORK_H
#define RECTO_SRC_SERVICE_GATEWAY_WORK_H

#include "recto/catalog/gateway.h"
#include <stdatomic.h>

typedef struct gateway_corridor { /* catalog/gateway.h with its desk; a test's own */
    void *context;
    void (*receive)(void *context, gateway_outcome *out, const gateway_request *request, recto_error *error);
    void (*note)(void *context, const gateway_request *request, const char *code, const char *reply);
    bool (*knows)(void *context, text logon); /* called from the loop, not from the worker; may be NULL */
    void (*prune)(void *context, int keep_days, int keep_record_days);
    bool (*tidy)(void *context);             /* when nothing waits: a short slice of upkeep; true: there is more. May be NULL */
    bool (*begin)(void *context);            /* receives until `end` are one save; false: one by one. May be NULL */
    bool (*end)(void *context, bool wanted); /* false, and whenever not wanted: nothing was saved; each is received again */
} gateway_corridor;

typedef enum job_kind { JOB_RECORD, JOB_NOTE, JOB_PRUNE } job_kind;
/* Either the loop gives a job up or the worker makes it final: whoever moves it on first. */
typedef enum job_stage { JOB_OPEN, JOB_FINAL, JOB_GIVEN_UP } job_stage;

typedef struct gateway_job {
    struct gateway_job *next;
    job_kind kind;
    uint64_t serial;
    _Atomic int stage;       /* job_stage */
    gateway_request request; /* its texts lie in `bytes` */
    char wire_warning[64], code[24], reply[GATEWAY_REPLY_LENGTH];
    int keep_days, keep_record_days;
    gateway_outcome outcome;
    recto_error error;
    int64_t queued_ms, begun_ms, ended_ms; /* monotonic */
    char bytes[];
} gateway_job;

typedef struct gateway_work gateway_work;

/** Starts the thread. `corridor` must outlive it. @param records, notes  how many jobs may wait */
recto_status gateway_work_new(gateway_work **out, const gateway_corridor *corridor, size_t records, size_t notes,
                              recto_error *error);
/** Finishes what waits, and ends the thread. */
void gateway_work_free(gateway_work *work);
int gateway_work_descriptor(const gateway_work *work);

/** A job with copies of what `request` lends; kind JOB_RECORD. NULL: no memory. */
gateway_job *gateway_job_new(const gateway_request *request);
void gateway_job_free(gateway_job *job); /* wipes it: there is a password in it */

bool gateway_work_offer(gateway_work *work, gateway_job *job); /* takes it; false: full, it is still yours */
bool gateway_work_has_room(gateway_work *work);                /* for a record */
/** Gives a job up. true: nothing of it is or will be saved. false: it is being made final at this moment, and its answer comes.
 */
bool gateway_work_cancel(gateway_work *work, uint64_t serial);
gateway_job *gateway_work_collect(gateway_work *work); /* finished and yours; NULL: none now */

#endif
