/* src/z3950/resolve.c - the resolver thread.
 *
 * YAZ resolves in a thread too, but waits for it when a connection is closed, and says "connect failed" for a name that
 * does not exist as for a port that refuses (SR-103). So names are resolved here, and YAZ is given addresses. Thread and
 * owner share one object; whoever is done last frees it. */
#include "resolve.h"
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct resolver {
    atomic_int owners;
    atomic_bool done;
    int event;
    char host[256], port[8];
    resolution result;
};

static void let_go(resolver *resolver)
{
    if (atomic_fetch_sub(&resolver->owners, 1) > 1)
        return;
    close(resolver->event);
    free(resolver);
}

static void add_address(resolution *result, const struct addrinfo *found)
{
    char host[64], port[8];
    resolved_address *place = &result->addresses[result->count];
    if (found->ai_addrlen > sizeof place->address || getnameinfo(found->ai_addr, found->ai_addrlen, host, sizeof host, port,
                                                                 sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return;
    memcpy(&place->address, found->ai_addr, found->ai_addrlen);
    place->length = found->ai_addrlen;
    snprintf(place->text, sizeof place->text, found->ai_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
    result->count++;
}

static bool look_up(resolver *resolver, int flags)
{
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = flags }, *found = NULL;
    if (getaddrinfo(resolver->host, resolver->port, &hints, &found) != 0)
        return false;
    for (struct addrinfo *at = found; at != NULL && resolver->result.count < RESOLVED_MAX; at = at->ai_next)
        add_address(&resolver->result, at);
    freeaddrinfo(found);
    return resolver->result.count > 0;
}

static void announce(resolver *resolver)
{
    uint64_t one = 1;
    atomic_store(&resolver->done, true);
    ssize_t written = write(resolver->event, &one, sizeof one);
    (void)written; /* an eventfd at 0 takes a 1 */
}

static void *resolve_thread(void *argument)
{
    resolver *resolver = argument;
    look_up(resolver, AI_ADDRCONFIG);
    announce(resolver);
    let_go(resolver);
    return NULL;
}

static recto_status start_thread(resolver *resolver, recto_error *error)
{
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;
    atomic_fetch_add(&resolver->owners, 1);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    sigfillset(&all); /* signals belong to the thread with the event loop */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failure = pthread_create(&thread, &attributes, resolve_thread, resolver);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (failure == 0)
        return RECTO_OK;
    atomic_fetch_sub(&resolver->owners, 1);
    return recto_fail_system(error, failure, resolver->host, "cannot start a thread to look up the name");
}

recto_status resolver_new(resolver **out, const char *host, int port, recto_error *error)
{
    recto_status status = RECTO_OK;
    resolver *resolver = calloc(1, sizeof *resolver);
    if (resolver == NULL)
        return recto_fail_memory(error, "looking up a name");
    atomic_init(&resolver->owners, 1);
    snprintf(resolver->host, sizeof resolver->host, "%s", host);
    snprintf(resolver->port, sizeof resolver->port, "%d", port);
    resolver->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (resolver->event < 0)
        status = recto_fail_system(error, errno, host, "cannot look up the name");
    else if (look_up(resolver, AI_NUMERICHOST)) /* an address needs no thread */
        announce(resolver);
    else
        status = start_thread(resolver, error);
    if (status != RECTO_OK) {
        let_go(resolver);
        return status;
    }
    *out = resolver;
    return RECTO_OK;
}

int resolver_descriptor(const resolver *resolver)
{
    return resolver->event;
}

bool resolver_done(const resolver *resolver)
{
    return atomic_load(&resolver->done);
}

const resolution *resolver_result(const resolver *resolver)
{
    return &resolver->result;
}

void resolver_free(resolver *resolver)
{
    if (resolver != NULL)
        let_go(resolver);
}

int resolver_probe(const resolved_address *address)
{
    int reason = 0;
    int descriptor = socket(address->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return errno;
    if (connect(descriptor, (const struct sockaddr *)&address->address, address->length) != 0 && errno != EINPROGRESS)
        reason = errno;
    close(descriptor);
    return reason;
}
