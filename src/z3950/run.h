/* src/z3950/run.h - one search at one target: its connection, its result, its records, its failure. */
#ifndef RECTO_SRC_Z3950_RUN_H
#define RECTO_SRC_Z3950_RUN_H

#include "diagnostics.h"
#include "query.h"
#include "relay.h"
#include "resolve.h"
#include <poll.h>

typedef enum run_phase { PHASE_RESOLVING, PHASE_CONNECTING, PHASE_SEARCHING, PHASE_FETCHING, PHASE_IDLE } run_phase;

enum { RECORDS_MAX = 1000, SYNTAXES = 3 }; /* RL-115; SR-51 */

typedef struct run {
    target_entry *entry;
    const external_query *query; /* the search's copy */
    external_status status;
    run_phase phase;

    resolver *resolver;
    resolution addresses;
    size_t address; /* the one being tried */
    int connect_errno;

    ZOOM_connection connection;
    ZOOM_resultset result;
    relay *relay;     /* once connected */
    bool reused;      /* the session was kept from an earlier search: it may be stale, and is tried anew once (SR-106) */
    bool asked_again; /* so that every second try happens once */
    bool alternate;   /* the other form of an identifier is being tried */
    int fallback;     /* FALLBACK_... */
    size_t syntax;    /* which of the three */
    buffer pqf;       /* the query as sent */

    int64_t started_ms, phase_ms;
    size_t page, wanted; /* records of a page; records wanted in all */
    external_hit **hits; /* each at an address of its own: screens hold them while more come */
    size_t hit_count, hit_capacity;
    size_t phase_first; /* hit_count when the phase began: no progress, no further round */
} run;

recto_status run_init(run *run, target_entry *entry, const external_query *query, size_t page, recto_error *error);
void search_run_release(run *run); /* keeps the session for the next search, where it is sound */
void run_start(run *run);          /* failures are the run's status from here on */
bool run_busy(const run *run);
/* The descriptor to poll, and until when; descriptor -1: none. */
void run_wanted(const run *run, struct pollfd *out, int64_t *until_ms);
bool run_step(run *run, short events); /* @return true when anything visible changed */
void run_stop(run *run);
void run_more(run *run, size_t more);

/* records.c: one record of ZOOM's as a hit. */
void run_take_record(run *run, ZOOM_record record, size_t number);
void run_free_hits(run *run);

#endif
