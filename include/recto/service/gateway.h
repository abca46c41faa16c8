/* include/recto/service/gateway.h - the OCLC Connexion gateway listener: `recto serve gateway`.
 *
 * One poll loop reads, frames and answers; records are worked on beside it, in one thread that alone has the repository, so
 * that a slow peer delays nobody and a slow repository delays no reading. Settings are in data/service/gateway.conf.
 * @spec gateway.md sections 1 to 4 and 8 */
#ifndef RECTO_SERVICE_GATEWAY_H
#define RECTO_SERVICE_GATEWAY_H

#include "recto/base/clock.h"
#include "recto/base/error.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct service_gateway_limits { /* 0: what the settings say, and else gateway.md; times in milliseconds */
    int first_byte, header_to_record, silence, record, reply, idle, idle_permanent, drain; /* GW-41, GW-40 */
    size_t record_bytes;                                                                   /* GW-21 */
    int connections, connections_per_second;                                               /* GW-70, GW-72 */
} service_gateway_limits;

typedef struct service_gateway_options {
    const char *repository; /* path */
    const char *login;      /* whom the operating system says; for the audit of what the service itself does */
    bool owns_file;         /* as in catalog_options */
    const char *listen;     /* addresses, separated by commas; NULL: the settings', and else 127.0.0.1 (GW-77) */
    int port;               /* 0: a free one; the default of the command is 5500 */
    bool json_log;          /* JSON lines in place of lines for people */
    service_gateway_limits limits;
    recto_clock clock;
    void (*ready)(void *context, const char *address, int port); /* told once, when the port is open. May be NULL. */
    void *ready_context;
} service_gateway_options;

/** Serves until SIGTERM or SIGINT: stops accepting, finishes and answers the records that have come (60 s at most), returns
 *  RECTO_OK. A second signal ends the process at once, with status 5; what was in work is then rolled back. SIGHUP re-reads the
 *  settings and opens the log anew. Sockets passed by the service manager (LISTEN_FDS) are used in place of `listen`.
 *  One line an event to standard error or the configured log, never with a password.
 *  RECTO_EIO: the port is in use, and by whom; RECTO_EDATA: a setting; and what catalog_open refuses. */
recto_status service_gateway_run(const service_gateway_options *options, recto_error *error);

/** Asks a running listener for a connection (GW-78): RECTO_OK, or RECTO_ENETWORK with what failed. address NULL: 127.0.0.1. */
recto_status service_gateway_check(const char *address, int port, recto_error *error);

#endif
