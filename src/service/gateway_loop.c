/* src/service/gateway_loop.c - the loop: listeners, connections, signals, finished work and time, in one poll.
 *
 * Signals come by a descriptor, so nothing happens within a handler. The set of descriptors is made anew for each turn: a
 * thousand of them cost less than one record, and no state has to be kept in step. */
#include "gateway_server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    RECORDS_IN_WORK = 32, /* GW-70 */
    NOTES_IN_WORK = 64,
    SPARE_CONNECTIONS = 64, /* beyond the limit: those that are being told so */
    OTHER_DESCRIPTORS = LISTENERS_MOST + 2,
    ACCEPT_AT_ONCE = 64,
    STOP_MS = 60 * 1000, /* GW-74 */
    DAY_MS = 24 * 60 * 60 * 1000,
    SMALL_BUFFER = 16 * 1024,
    BUFFERS_MOST = 24 * 1024 * 1024, /* of all connections, before the large ones have to wait for each other */
    EXIT_BROKEN_OFF = 5
};

/* ---- connections ---- */

static void refuse_quickly(int descriptor)
{
    buffer out;
    buffer_init(&out, 1024);
    gateway_reply_append(&out, gateway_rate_words().line);
    ssize_t sent = send(descriptor, buffer_string(&out), out.length, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)sent;
    close(descriptor);
    buffer_release(&out);
}

/* Past a limit: accept, GW-59, close (GW-70, GW-72). */
static void welcome(gateway_server *server, int descriptor, const char *peer)
{
    const service_gateway_limits *limits = &server->settings.limits;
    gateway_connection *connection = server->count < server->capacity ? connection_new(server, descriptor, peer) : NULL;
    if (connection == NULL) {
        refuse_quickly(descriptor);
        return;
    }
    bool admitted =
        connection->wants_proxy || gateway_guard_admits(server->guard, peer, limits->connections_per_second, server->now);
    bool full = server->count >= (size_t)limits->connections;
    server->connections[server->count++] = connection;
    if (full || !admitted)
        connection_refuse(server, connection, gateway_rate_words());
}

/* EMFILE: the spare descriptor is given up for a moment, so that the newcomer can be closed and does not stay in the queue,
 * where it would wake us for ever (GW-75). */
static void turn_away(gateway_server *server, int listener)
{
    close(server->spare);
    int descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor >= 0)
        close(descriptor);
    server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    gateway_tell(server, "turned_away", "no descriptor is free");
}

static void take_connections(gateway_server *server, int listener)
{
    char peer[PEER_LENGTH];
    for (int i = 0; i < ACCEPT_AT_ONCE; i++) {
        int descriptor = gateway_accept(listener, peer);
        if (descriptor >= 0)
            welcome(server, descriptor, peer);
        else if (errno == EMFILE || errno == ENFILE)
            turn_away(server, listener);
        else if (errno != ECONNABORTED && errno != EINTR)
            return;
    }
}

static void sweep(gateway_server *server)
{
    size_t kept = 0;
    for (size_t i = 0; i < server->count; i++) {
        if (server->connections[i]->state == CONNECTION_CLOSED)
            connection_free(server->connections[i]);
        else
            server->connections[kept++] = server->connections[i];
    }
    server->count = kept;
}

/* GW-71: when all buffers together are large, the large ones stop growing until others have gone; the oldest goes on. */
static void share_memory(gateway_server *server)
{
    size_t total = 0, most = BUFFERS_MOST;
    gateway_connection *oldest = NULL;
    if (most < server->settings.limits.record_bytes * 2)
        most = server->settings.limits.record_bytes * 2;
    for (size_t i = 0; i < server->count; i++)
        total += server->connections[i]->frame.capacity;
    for (size_t i = 0; i < server->count; i++) {
        gateway_connection *connection = server->connections[i];
        connection->paused = total > most && connection->frame.capacity >= SMALL_BUFFER;
        if (connection->paused && (oldest == NULL || connection->phase_began < oldest->phase_began))
            oldest = connection;
        if (connection->paused)
            connection->last_byte = server->now; /* it is us who are silent */
    }
    if (oldest != NULL)
        oldest->paused = false;
}

/* ---- work ---- */

static gateway_connection *connection_of(gateway_server *server, const gateway_job *job)
{
    for (size_t i = 0; i < server->count; i++)
        if (server->connections[i]->state == CONNECTION_WORKING && connection_awaits(server->connections[i], job->serial))
            return server->connections[i];
    return NULL;
}

static void submit_waiting(gateway_server *server)
{
    while (server->waiting > 0 && gateway_work_has_room(server->work)) {
        gateway_connection *first = NULL;
        for (size_t i = 0; i < server->count; i++) {
            gateway_connection *connection = server->connections[i];
            if (connection->state == CONNECTION_WAITING && (first == NULL || connection->ready_order < first->ready_order))
                first = connection;
        }
        if (first == NULL)
            return;
        connection_submit(server, first);
    }
}

static void take_finished(gateway_server *server)
{
    for (gateway_job *job; (job = gateway_work_collect(server->work)) != NULL; gateway_job_free(job)) {
        if (job->kind != JOB_RECORD)
            continue;
        gateway_connection *connection = connection_of(server, job);
        gateway_tell_record(server, job, job->outcome.code, job->outcome.reply);
        if (connection != NULL)
            connection_answer(server, connection, job);
    }
    for (size_t i = 0; i < server->count; i++)
        connection_send(server, server->connections[i]);
    submit_waiting(server);
}

static void prune(gateway_server *server)
{
    gateway_request nothing = { .form = GATEWAY_NO_HEADER };
    gateway_job *job = gateway_job_new(&nothing);
    server->prune_at = server->now + DAY_MS;
    if (job == NULL)
        return;
    job->kind = JOB_PRUNE;
    job->keep_days = server->settings.keep_days;
    job->keep_record_days = server->settings.keep_record_days;
    if (!gateway_work_offer(server->work, job))
        gateway_job_free(job);
}

/* ---- signals ---- */

static void stop(gateway_server *server)
{
    if (server->stopping) { /* the second one: what is in work is rolled back by never being committed */
        gateway_tell(server, "broken_off", "a second signal came");
        _exit(EXIT_BROKEN_OFF);
    }
    gateway_tell(server, "stopping", NULL);
    gateway_listeners_close(&server->listeners);
    server->stopping = true;
    server->stop_at = server->now;
    for (size_t i = 0; i < server->count; i++)
        connection_stop(server, server->connections[i]);
}

static void reload(gateway_server *server, const service_gateway_options *options)
{
    gateway_settings settings;
    recto_error error = { 0 };
    char why[RECTO_ERROR_WHAT + RECTO_ERROR_WHERE + RECTO_ERROR_TODO];
    if (gateway_settings_load(&settings, &options->limits, &error) == RECTO_OK) {
        server->settings = settings;
        server->log.path = server->settings.log;
        if (gateway_log_open(&server->log, &error) == RECTO_OK) {
            gateway_tell(server, "reloaded", NULL);
            return;
        }
    }
    recto_error_line(why, sizeof why, &error);
    gateway_tell(server, "not_reloaded", why);
}

static void take_signals(gateway_server *server, const service_gateway_options *options)
{
    struct signalfd_siginfo signal;
    while (read(server->signals, &signal, sizeof signal) == (ssize_t)sizeof signal) {
        if (signal.ssi_signo == SIGHUP)
            reload(server, options);
        else
            stop(server);
    }
}

static recto_status open_signals(gateway_server *server, sigset_t *before, recto_error *error)
{
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    pthread_sigmask(SIG_BLOCK, &wanted, before);
    server->signals = signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
    return server->signals >= 0 ? RECTO_OK : recto_fail_system(error, errno, NULL, "cannot wait for signals");
}

/* ---- a turn ---- */

static int64_t next_deadline(const gateway_server *server)
{
    int64_t next = server->stopping ? server->stop_at + STOP_MS : server->prune_at;
    for (size_t i = 0; i < server->count; i++) {
        int64_t deadline = connection_deadline(server, server->connections[i]);
        next = deadline < next ? deadline : next;
    }
    return next;
}

static size_t fill_polled(gateway_server *server)
{
    size_t count = 0;
    server->polled[count++] = (struct pollfd){ .fd = server->signals, .events = POLLIN };
    server->polled[count++] = (struct pollfd){ .fd = gateway_work_descriptor(server->work), .events = POLLIN };
    for (size_t i = 0; i < server->listeners.count; i++)
        server->polled[count++] = (struct pollfd){ .fd = server->listeners.descriptors[i], .events = POLLIN };
    for (size_t i = 0; i < server->count; i++) {
        short events = connection_events(server->connections[i]);
        server->polled[count++] =
            (struct pollfd){ .fd = events != 0 ? server->connections[i]->descriptor : -1, .events = events };
    }
    return count;
}

static void take_turn(gateway_server *server, const service_gateway_options *options)
{
    size_t listeners = server->listeners.count, connections = server->count, first = 2 + listeners;
    const struct pollfd *polled = server->polled;
    for (size_t i = 0; i < connections; i++)
        if (polled[first + i].revents != 0)
            connection_ready(server, server->connections[i]);
    if (polled[1].revents != 0)
        take_finished(server);
    for (size_t i = 0; i < server->count; i++)
        if (connection_deadline(server, server->connections[i]) <= server->now)
            connection_timeout(server, server->connections[i]);
    submit_waiting(server); /* those that gave up have made room */
    for (size_t i = 0; i < listeners; i++)
        if (polled[2 + i].revents != 0)
            take_connections(server, server->listeners.descriptors[i]);
    if (polled[0].revents != 0)
        take_signals(server, options);
    if (!server->stopping && server->prune_at <= server->now)
        prune(server);
}

static bool is_finished(gateway_server *server)
{
    if (!server->stopping)
        return false;
    if (server->now >= server->stop_at + STOP_MS) {
        gateway_tell(server, "broken_off", "the records in work took too long");
        _exit(EXIT_BROKEN_OFF);
    }
    return server->count == 0;
}

static recto_status loop(gateway_server *server, const service_gateway_options *options, recto_error *error)
{
    server->now = recto_clock_monotonic_ms();
    prune(server);
    while (!is_finished(server)) {
        share_memory(server);
        size_t count = fill_polled(server);
        int64_t wait = next_deadline(server) - recto_clock_monotonic_ms();
        int ready = poll(server->polled, count, wait < 0 ? 0 : wait > INT32_MAX ? INT32_MAX : (int)wait);
        if (ready < 0 && errno != EINTR)
            return recto_fail_system(error, errno, NULL, "the gateway cannot wait for its connections");
        server->now = recto_clock_monotonic_ms();
        if (ready >= 0)
            take_turn(server, options);
        sweep(server);
    }
    return RECTO_OK;
}

/* ---- from start to end ---- */

/* As many descriptors as the connections need, where the system lets us. */
static void raise_descriptors(size_t wanted)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static recto_status prepare(gateway_server *server, recto_error *error)
{
    server->capacity = (size_t)server->settings.limits.connections + SPARE_CONNECTIONS;
    raise_descriptors(server->capacity + 64);
    server->connections = calloc(server->capacity, sizeof(gateway_connection *));
    server->polled = calloc(server->capacity + OTHER_DESCRIPTORS, sizeof(struct pollfd));
    server->scratch = malloc(SCRATCH);
    server->guard = gateway_guard_new();
    server->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (server->connections == NULL || server->polled == NULL || server->scratch == NULL || server->guard == NULL)
        return recto_fail_memory(error, "starting the gateway");
    recto_status status = gateway_log_open(&server->log, error);
    if (status == RECTO_OK)
        status = gateway_work_new(&server->work, server->corridor, RECORDS_IN_WORK, NOTES_IN_WORK, error);
    return status;
}

static void release(gateway_server *server)
{
    gateway_listeners_close(&server->listeners);
    gateway_work_free(server->work); /* notes are finished here */
    for (size_t i = 0; i < server->count; i++)
        connection_free(server->connections[i]);
    free(server->connections);
    free(server->polled);
    free(server->scratch);
    gateway_guard_free(server->guard);
    gateway_log_close(&server->log);
    if (server->spare >= 0)
        close(server->spare);
    if (server->signals >= 0)
        close(server->signals);
}

static void tell_start(gateway_server *server, const service_gateway_options *options, const char *list)
{
    char where[320];
    snprintf(where, sizeof where, "%s, port %d", server->listeners.address, server->listeners.port);
    gateway_tell(server, "listening", where);
    if (!server->listeners.passed && gateway_is_public(list))
        gateway_tell(server, "warning",
                     "this address can be reached from other networks, and logons cross them in clear: use a "
                     "VPN, an SSH tunnel or stunnel (data/stunnel/recto-gateway.conf)");
    if (options->ready != NULL)
        options->ready(options->ready_context, server->listeners.address, server->listeners.port);
}

recto_status gateway_serve(const service_gateway_options *options, const gateway_settings *settings,
                           const gateway_corridor *corridor, recto_error *error)
{
    gateway_server server = { .corridor = corridor, .settings = *settings, .signals = -1, .spare = -1 };
    const char *list = options->listen != NULL ? options->listen : settings->listen[0] != '\0' ? settings->listen : "127.0.0.1";
    sigset_t before;
    server.log = (gateway_log){ STDERR_FILENO, server.settings.log, options->json_log, options->clock };
    recto_status status = open_signals(&server, &before, error);
    if (status == RECTO_OK)
        status = prepare(&server, error);
    if (status == RECTO_OK)
        status = gateway_listen(&server.listeners, list, options->port, error);
    if (status == RECTO_OK) {
        tell_start(&server, options, list);
        status = loop(&server, options, error);
        gateway_tell(&server, "stopped", NULL);
    }
    release(&server);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}
