/* include/recto/service/z3950_server.h - the repository as a Z39.50 and SRU target: `recto serve z3950`, and the demo's WorldCat.
 *
 * Built on YAZ's server library. Each session is a process of its own that opens the repository read only, so that one
 * session's failure or slowness is nobody else's. Databases: Default (the institution's view: its own zone and its
 * network's), IZ, NZ and CZ. Searches by the Bib-1 attributes of search-resources.md 4.4 or by CQL; records as MARC 21 or
 * MARCXML. */
#ifndef RECTO_SERVICE_Z3950_SERVER_H
#define RECTO_SERVICE_Z3950_SERVER_H

#include "recto/base/clock.h"
#include "recto/base/error.h"
#include <stdbool.h>
#include <sys/types.h>

typedef struct service_z3950_options {
    const char *repository;  /* path */
    const char *institution; /* code; NULL: the first */
    const char *listen;      /* address; NULL: 127.0.0.1 */
    int port;                /* 0: a free one */
    const char *database;    /* one more name by which Default answers ("OLUCWorldCat"); NULL none */
    bool as_union_catalog;   /* 12 and 1211 mean the OCLC number; 001 and 003 of a record given are its OCLC number */
    bool quiet;              /* no lines about sessions; faults are still told */
    int sessions_max;        /* at the same time; 0: 100 */
    recto_clock clock;
    /* Told once, when the port is open. May be NULL. */
    void (*ready)(void *context, const char *address, int port);
    void *ready_context;
} service_z3950_options;

/** Serves until SIGTERM or SIGINT, then ends its sessions and returns RECTO_OK. One line an event to standard error.
 *  RECTO_EIO "port 2100 on 127.0.0.1 is in use (by PID n, NAME)" (RL-192); a repository that cannot be opened is refused first.
 */
recto_status service_z3950_run(const service_z3950_options *options, recto_error *error);

/** The same in a child process, which ends when this process ends, whatever the cause. Returns when the port is open.
 *  Standard error of the child goes to /dev/null, so that nothing is written over a screen. End it with service_stop. */
recto_status service_z3950_spawn(pid_t *pid, int *port, const service_z3950_options *options, recto_error *error);
void service_stop(pid_t pid); /* SIGTERM, then waits; 0 and -1 are welcome */

#endif
