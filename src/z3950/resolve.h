/* src/z3950/resolve.h - names to addresses without waiting: a small thread asks, a descriptor tells when it knows. */
#ifndef RECTO_SRC_Z3950_RESOLVE_H
#define RECTO_SRC_Z3950_RESOLVE_H

#include "recto/base/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

enum { RESOLVED_MAX = 8, ADDRESS_TEXT = 80 };

typedef struct resolved_address {
    char text[ADDRESS_TEXT]; /* "192.0.2.1:210" or "[2001:db8::1]:210", as YAZ takes it */
    struct sockaddr_storage address;
    socklen_t length;
} resolved_address;

typedef struct resolution {
    size_t count; /* 0: the name was not found */
    resolved_address addresses[RESOLVED_MAX];
} resolution;

typedef struct resolver resolver;

recto_status resolver_new(resolver **out, const char *host, int port, recto_error *error);
int resolver_descriptor(const resolver *resolver); /* readable when resolver_done */
bool resolver_done(const resolver *resolver);
const resolution *resolver_result(const resolver *resolver); /* once done; lent */
void resolver_free(resolver *resolver);                      /* never waits: the thread frees what it still uses */
/** The errno of an attempt to connect that fails at once; 0 when it does not. Never waits. */
int resolver_probe(const resolved_address *address);

#endif
