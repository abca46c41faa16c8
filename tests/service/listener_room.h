/* tests/service/listener_room.h - the listener in a child, with a corridor that is scripted, so that it can be slow, stuck or
 * faulty when a test wants it to be; and requests to send it. */
#ifndef TESTS_SERVICE_LISTENER_ROOM_H
#define TESTS_SERVICE_LISTENER_ROOM_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../src/service/gateway_server.h"
#include "support/connexion.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SUCCESS       "The record has been processed successfully. MMS ID: "
#define NO_RECORD     "Import failed. Reason: no record received.\n"
#define UNREADABLE    "Import failed. Reason: the request could not be read.\n"
#define INCOMPLETE    "Import failed. Reason: the record is incomplete.\n"
#define TOO_LONG      "Import failed. Reason: the record is too long.\n"
#define NOT_AVAILABLE "Import failed. Reason: the repository is not available, try again.\n"
#define TOO_MANY      "Import failed. Reason: too many attempts, try again later.\n"
#define WRONG_LOGON   "Import failed. Reason: Logon failed - the Logon ID and/or password is/are not valid.\n"

enum { RECORD = 60, SOON = 5000 };

/* ---- the scripted corridor: the logon says what happens ---- */

typedef struct seen { /* shared with the parent */
    volatile int received, noted, finished, kept, dropped;
    char last_logon[64], last_warning[64], last_code[24];
} seen;
static seen *seen_by_child;

static inline void receive(void *context, gateway_outcome *out, const gateway_request *request, recto_error *error)
{
    char logon[64];
    (void)context;
    seen_by_child->received++;
    snprintf(logon, sizeof logon, "%.*s", (int)request->logon.length, request->logon.bytes);
    memcpy(seen_by_child->last_logon, logon, sizeof logon);
    snprintf(seen_by_child->last_warning, sizeof seen_by_child->last_warning, "%s",
             request->wire_warning == NULL ? "" : request->wire_warning);
    *out = (gateway_outcome){ .kind = OUTCOME_ADDED, .code = "added" };
    if (strncmp(logon, "SLOW", 4) == 0)
        usleep(200 * 1000);
    if (strncmp(logon, "STUCK", 5) == 0)
        usleep(1500 * 1000);
    const bool keep = request->keep(request->keep_context);
    seen_by_child->kept += keep;
    seen_by_child->dropped += !keep;
    if (strcmp(logon, "FINAL") == 0)
        usleep(900 * 1000); /* the disk takes its time over it */
    if (strcmp(logon, "WRONG") == 0) {
        out->logon_failed = true;
        snprintf(out->code, sizeof out->code, "logon");
        snprintf(out->reply, sizeof out->reply, "%s", WRONG_LOGON);
    } else if (strcmp(logon, "NOTHING") == 0) {
        recto_fail(error, RECTO_EIO, "the disk", NULL, "is full");
    } else {
        snprintf(out->reply, sizeof out->reply, SUCCESS "%d\nRecord of %zu bytes, %.8s", seen_by_child->received,
                 request->record.length, request->record.bytes + 24);
    }
    out->permanent = strcmp(logon, "PERMANENT") == 0;
    seen_by_child->finished++;
}

static inline void note(void *context, const gateway_request *request, const char *code, const char *reply)
{
    (void)context;
    (void)request;
    (void)reply;
    seen_by_child->noted++;
    snprintf(seen_by_child->last_code, sizeof seen_by_child->last_code, "%s", code);
}

static inline bool knows(void *context, text logon)
{
    (void)context;
    return text_equal(logon, TEXT("01CARLI_NETWORK"));
}

static inline void prune(void *context, int keep_days, int keep_record_days)
{
    (void)context;
    (void)keep_days;
    (void)keep_record_days;
}

/* ---- a server in a child ---- */

typedef struct service {
    pid_t pid;
    int port;
    char log[64];
} service;

static int ready_pipe[2], passed = -1;

static inline void tell_ready(void *context, const char *address, int port)
{
    (void)context;
    (void)address;
    ssize_t written = write(ready_pipe[1], &port, sizeof port);
    (void)written;
}

/* As a service manager does: the listening socket is descriptor 3. */
static inline void pass_socket(void)
{
    char process[24];
    if (passed < 0)
        return;
    ready_pipe[1] = fcntl(ready_pipe[1], F_DUPFD_CLOEXEC, 20);
    int above = fcntl(passed, F_DUPFD, 20);
    dup2(above, 3);
    snprintf(process, sizeof process, "%ld", (long)getpid());
    setenv("LISTEN_PID", process, 1);
    setenv("LISTEN_FDS", "1", 1);
}

static inline void be_server(const service_gateway_limits *limits, const char *proxies, const char *log)
{
    static const gateway_corridor corridor = { NULL, receive, note, knows, prune, NULL, NULL, NULL };
    gateway_settings settings;
    recto_error error = { 0 };
    char text_of_settings[200];
    service_gateway_options options = { .port = 0, .clock = { -1 }, .ready = tell_ready };
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    pass_socket();
    int descriptor = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
    dup2(descriptor, STDERR_FILENO);
    options.limits = *limits;
    gateway_settings_init(&settings);
    if (gateway_settings_load(&settings, limits, &error) != RECTO_OK)
        _exit(9);
    snprintf(text_of_settings, sizeof text_of_settings, "proxies = %s\n", proxies);
    if (gateway_settings_read(&settings, text_from(text_of_settings), "test", &error) != RECTO_OK)
        _exit(9);
    recto_status status = gateway_serve(&options, &settings, &corridor, &error);
    exit(recto_exit_status(status)); /* not _exit: the leak checker looks at exit */
}

static char log_path[] = "/tmp/recto-gateway-XXXXXX";

static inline service start_with(service_gateway_limits limits, const char *proxies)
{
    service service = { .port = 0 };
    memset(seen_by_child, 0, sizeof *seen_by_child);
    if (limits.connections_per_second == 0)
        limits.connections_per_second = 100000;
    snprintf(service.log, sizeof service.log, "%s", log_path);
    assert_int_equal(pipe2(ready_pipe, O_CLOEXEC), 0);
    service.pid = fork();
    assert_true(service.pid >= 0);
    if (service.pid == 0)
        be_server(&limits, proxies, service.log);
    close(ready_pipe[1]);
    assert_int_equal(read(ready_pipe[0], &service.port, sizeof service.port), sizeof service.port);
    close(ready_pipe[0]);
    return service;
}

static inline service start(service_gateway_limits limits)
{
    return start_with(limits, "");
}

static inline void stop(const service *service)
{
    int status = 0;
    assert_int_equal(kill(service->pid, SIGTERM), 0);
    assert_int_equal(waitpid(service->pid, &status, 0), service->pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static inline bool log_has(const service *service, const char *words)
{
    static char content[1 << 20];
    FILE *file = fopen(service->log, "r");
    assert_non_null(file);
    size_t length = fread(content, 1, sizeof content - 1, file);
    fclose(file);
    content[length] = '\0';
    return strstr(content, words) != NULL;
}

static inline void wait_for(const volatile int *value, int wanted)
{
    for (int i = 0; i < 200 && *value < wanted; i++)
        usleep(20 * 1000);
    assert_int_equal(*value, wanted);
}

/* ---- requests ---- */

typedef struct request {
    char bytes[200 * 1024];
    size_t length;
} request;
static request made;

static inline void add(const char *bytes, size_t length)
{
    memcpy(made.bytes + made.length, bytes, length);
    made.length += length;
}

static inline void add_record(size_t length, unsigned declared, const char *mark)
{
    char *at = made.bytes + made.length, leader[32];
    memset(at, 'x', length);
    snprintf(leader, sizeof leader, "%05ucam a2200037 i 4500", declared % 100000);
    memcpy(at, leader, 24);
    memcpy(at + 24, mark, strlen(mark));
    at[length - 1] = 0x1D;
    made.length += length;
}

static inline void ask(const char *logon)
{
    char header[400];
    connexion_logon fields = { .form = CONNEXION_DESKTOP, .logon = logon, .password = "alma1234" };
    made.length = 0;
    add(header, connexion_header(header, sizeof header, &fields));
    add_record(RECORD, RECORD, "record-1");
}

static inline int begin(const service *service)
{
    int connection = connexion_connect("127.0.0.1", service->port);
    assert_true(connection >= 0);
    return connection;
}

static inline void expect_reply(int connection, const char *wanted)
{
    char reply[2048] = "";
    ssize_t length = connexion_reply(connection, reply, sizeof reply, SOON);
    if (length < 0)
        print_error("no reply (%zd), wanted: %s\n", length, wanted);
    assert_true(length > 0);
    assert_int_equal(reply[length - 1], '\n');
    if (strncmp(reply, wanted, strlen(wanted)) != 0)
        assert_string_equal(reply, wanted);
}

static inline void expect_good_one(const service *service)
{
    int connection = begin(service);
    ask("01CARLI_NETWORK");
    assert_true(connexion_send(connection, made.bytes, made.length, 0, 0));
    expect_reply(connection, SUCCESS);
    close(connection);
}

static inline int open_log(void **state)
{
    (void)state;
    int descriptor = mkstemp(log_path);
    close(descriptor);
    seen_by_child = mmap(NULL, sizeof *seen_by_child, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return seen_by_child == MAP_FAILED || descriptor < 0 ? -1 : 0;
}

static inline int remove_log(void **state)
{
    (void)state;
    munmap(seen_by_child, sizeof *seen_by_child);
    return unlink(log_path);
}

#endif
