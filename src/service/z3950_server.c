/* src/service/z3950_server.c - the listener: one process a session, so that none can hurt another.
 *
 * Signals are read from a descriptor beside the socket, so nothing happens within a handler. On SIGTERM nothing new is taken,
 * the sessions are told to end after the answer they are writing, and the last of them is waited for. */
#include "recto/service/z3950_server.h"
#include "ports.h"
#include "recto/repo/repo.h"
#include "z3950_session.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SESSIONS_DEFAULT = 100, SESSIONS_CEILING = 1000, PATIENCE_MS = 5000 };

typedef struct server {
    const service_z3950_options *options;
    int listener, signals;
    sigset_t before; /* the caller's mask, given back and given to sessions */
    pid_t *sessions;
    size_t count, capacity;
    bool stopping;
} server;

/* ---- sessions ---- */

static void peer_name(char *out, size_t capacity, const struct sockaddr_storage *peer, socklen_t length)
{
    char host[64], port[8];
    if (getnameinfo((const struct sockaddr *)peer, length, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        snprintf(out, capacity, "unknown");
    else
        snprintf(out, capacity, "%s:%s", host, port);
}

static void be_session(server *server, int connection, const char *peer, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(0);
    close(server->listener);
    close(server->signals);
    sigprocmask(SIG_SETMASK, &server->before, NULL);
    dup2(connection, STDIN_FILENO);
    if (connection != STDIN_FILENO)
        close(connection);
    z3950_session_serve(server->options, peer);
    _exit(0); /* not exit: what the parent has buffered is the parent's to write */
}

static void take_connection(server *server)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    char peer[80];
    int connection = accept4(server->listener, (struct sockaddr *)&address, &length, SOCK_CLOEXEC);
    if (connection < 0)
        return;
    peer_name(peer, sizeof peer, &address, length);
    if (server->count == server->capacity) {
        z3950_log(server->options, peer, "refused: %zu sessions are open", server->count);
        close(connection);
        return;
    }
    pid_t parent = getpid(), child = fork();
    if (child == 0)
        be_session(server, connection, peer, parent);
    if (child > 0)
        server->sessions[server->count++] = child;
    else
        z3950_log(server->options, peer, "refused: %s", strerror(errno));
    close(connection);
}

static void reap(server *server, int options)
{
    for (size_t i = 0; i < server->count;) {
        int status = 0;
        pid_t ended = waitpid(server->sessions[i], &status, options);
        if (ended == 0) {
            i++;
            continue;
        }
        if (ended > 0 && WIFSIGNALED(status) && WTERMSIG(status) != SIGTERM)
            z3950_log(server->options, NULL, "session %ld ended by signal %d", (long)ended, WTERMSIG(status));
        server->sessions[i] = server->sessions[--server->count];
    }
}

static void end_sessions(server *server)
{
    for (size_t i = 0; i < server->count; i++)
        kill(server->sessions[i], SIGTERM);
    for (int64_t until = recto_clock_monotonic_ms() + PATIENCE_MS; server->count > 0 && recto_clock_monotonic_ms() < until;) {
        reap(server, WNOHANG);
        if (server->count > 0)
            poll(NULL, 0, 10);
    }
    for (size_t i = 0; i < server->count; i++)
        kill(server->sessions[i], SIGKILL);
    reap(server, 0);
}

/* ---- the loop ---- */

static void take_signals(server *server)
{
    struct signalfd_siginfo signal;
    while (read(server->signals, &signal, sizeof signal) == (ssize_t)sizeof signal)
        if (signal.ssi_signo != SIGCHLD)
            server->stopping = true;
    reap(server, WNOHANG);
}

static void loop(server *server)
{
    struct pollfd polled[2] = { { .fd = server->listener, .events = POLLIN }, { .fd = server->signals, .events = POLLIN } };
    while (!server->stopping) {
        if (poll(polled, 2, -1) < 0 && errno != EINTR)
            break;
        if ((polled[1].revents & POLLIN) != 0)
            take_signals(server);
        if ((polled[0].revents & POLLIN) != 0 && !server->stopping)
            take_connection(server);
    }
}

static recto_status open_signals(server *server, recto_error *error)
{
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGCHLD);
    sigprocmask(SIG_BLOCK, &wanted, &server->before);
    server->signals = signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
    return server->signals >= 0 ? RECTO_OK : recto_fail_system(error, errno, NULL, "cannot wait for signals");
}

/* A repository that cannot be read is told now, not to each client. */
static recto_status try_repository(const service_z3950_options *options, recto_error *error)
{
    repo *repo = NULL;
    recto_status status = repo_open(&repo, options->repository, REPO_READ_ONLY, error);
    repo_close(repo);
    return status;
}

recto_status service_z3950_run(const service_z3950_options *options, recto_error *error)
{
    const char *address = options->listen == NULL ? "127.0.0.1" : options->listen;
    int port = 0;
    server server = { .options = options, .listener = -1, .signals = -1 };
    server.capacity = options->sessions_max <= 0 ? SESSIONS_DEFAULT : (size_t)options->sessions_max;
    server.capacity = server.capacity > SESSIONS_CEILING ? SESSIONS_CEILING : server.capacity;
    server.sessions = calloc(server.capacity, sizeof *server.sessions);
    if (server.sessions == NULL)
        return recto_fail_memory(error, "starting the server");
    recto_status status = try_repository(options, error);
    if (status == RECTO_OK)
        status = open_signals(&server, error);
    if (status == RECTO_OK)
        status = port_listen(&server.listener, &port, address, options->port, error);
    if (status == RECTO_OK) {
        z3950_log(options, NULL, "listening on %s:%d", address, port);
        if (options->ready != NULL)
            options->ready(options->ready_context, address, port);
        loop(&server);
        close(server.listener);
        server.listener = -1;
        end_sessions(&server);
        z3950_log(options, NULL, "stopped");
    }
    if (server.signals >= 0) {
        close(server.signals);
        sigprocmask(SIG_SETMASK, &server.before, NULL);
    }
    free(server.sessions);
    return status;
}

/* ---- as a child ---- */

typedef struct first_word { /* what the child tells its parent once */
    recto_status status;
    int port;
    recto_error error;
} first_word;

typedef struct speaker {
    int pipe;
} speaker;

static void tell_parent(void *context, const char *address, int port)
{
    speaker *speaker = context;
    first_word word = { .status = RECTO_OK, .port = port };
    (void)address;
    ssize_t written = write(speaker->pipe, &word, sizeof word); /* fits a pipe: whole or not at all */
    (void)written;
    close(speaker->pipe);
    speaker->pipe = -1;
}

static void be_server(const service_z3950_options *options, int pipe, pid_t parent)
{
    first_word word = { .status = RECTO_OK };
    speaker speaker = { pipe };
    service_z3950_options own = *options;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(0);
    setpgid(0, 0); /* a Ctrl+C at the workstation is a key, and not for us */
    int nowhere = open("/dev/null", O_RDWR);
    for (int descriptor = 0; descriptor <= 2 && nowhere >= 0; descriptor++)
        dup2(nowhere, descriptor);
    own.ready = tell_parent;
    own.ready_context = &speaker;
    word.status = service_z3950_run(&own, &word.error);
    if (word.status != RECTO_OK && speaker.pipe >= 0) {
        ssize_t written = write(speaker.pipe, &word, sizeof word);
        (void)written;
    }
    _exit(word.status == RECTO_OK ? 0 : 5);
}

static recto_status hear(int pipe, int *port, recto_error *error)
{
    first_word word;
    ssize_t got;
    do
        got = read(pipe, &word, sizeof word);
    while (got < 0 && errno == EINTR);
    if (got != (ssize_t)sizeof word)
        return recto_fail(error, RECTO_EIO, NULL, NULL, "the local target ended before it listened");
    if (word.status != RECTO_OK && error != NULL)
        *error = word.error;
    *port = word.port;
    return word.status;
}

recto_status service_z3950_spawn(pid_t *pid, int *port, const service_z3950_options *options, recto_error *error)
{
    int ends[2];
    pid_t parent = getpid();
    *pid = 0;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return recto_fail_system(error, errno, NULL, "cannot start the local target");
    fflush(NULL);
    *pid = fork();
    if (*pid == 0) {
        close(ends[0]);
        be_server(options, ends[1], parent);
    }
    close(ends[1]);
    recto_status status =
        *pid < 0 ? recto_fail_system(error, errno, NULL, "cannot start the local target") : hear(ends[0], port, error);
    close(ends[0]);
    if (status != RECTO_OK) {
        service_stop(*pid);
        *pid = 0;
    }
    return status;
}

void service_stop(pid_t pid)
{
    if (pid <= 0)
        return;
    kill(pid, SIGTERM);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}
