/* src/service/z3950_session.h - one session of the Z39.50 and SRU server: what YAZ's server library calls. */
#ifndef RECTO_SRC_SERVICE_Z3950_SESSION_H
#define RECTO_SRC_SERVICE_Z3950_SESSION_H

#include "recto/service/z3950_server.h"
#include <yaz/backend.h>

/* Serves the connection that is descriptor 0 until it ends; for a process of its own. */
void z3950_session_serve(const service_z3950_options *options, const char *peer);

/* A line of the log: time, what, and texts that came from outside made safe. */
void z3950_log(const service_z3950_options *options, const char *peer, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
