/* tests/service/gateway_listener_test.c - the listener with its loop, threads and limits; what works on the records is scripted,
 * so that it can be slow, stuck or faulty when a test wants it to be. The corridor itself: gateway_corridor_test.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../src/service/gateway_server.h"
#include "support/connexion.h"
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
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

static void receive(void *context, gateway_outcome *out, const gateway_request *request, recto_error *error)
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

static void note(void *context, const gateway_request *request, const char *code, const char *reply)
{
    (void)context;
    (void)request;
    (void)reply;
    seen_by_child->noted++;
    snprintf(seen_by_child->last_code, sizeof seen_by_child->last_code, "%s", code);
}

static bool knows(void *context, text logon)
{
    (void)context;
    return text_equal(logon, TEXT("01CARLI_NETWORK"));
}

static void prune(void *context, int keep_days, int keep_record_days)
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

static void tell_ready(void *context, const char *address, int port)
{
    (void)context;
    (void)address;
    ssize_t written = write(ready_pipe[1], &port, sizeof port);
    (void)written;
}

/* As a service manager does: the listening socket is descriptor 3. */
static void pass_socket(void)
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

static void be_server(const service_gateway_limits *limits, const char *proxies, const char *log)
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

static service start_with(service_gateway_limits limits, const char *proxies)
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

static service start(service_gateway_limits limits)
{
    return start_with(limits, "");
}

static void stop(const service *service)
{
    int status = 0;
    assert_int_equal(kill(service->pid, SIGTERM), 0);
    assert_int_equal(waitpid(service->pid, &status, 0), service->pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static bool log_has(const service *service, const char *words)
{
    static char content[1 << 20];
    FILE *file = fopen(service->log, "r");
    assert_non_null(file);
    size_t length = fread(content, 1, sizeof content - 1, file);
    fclose(file);
    content[length] = '\0';
    return strstr(content, words) != NULL;
}

static void wait_for(const volatile int *value, int wanted)
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

static void add(const char *bytes, size_t length)
{
    memcpy(made.bytes + made.length, bytes, length);
    made.length += length;
}

static void add_record(size_t length, unsigned declared, const char *mark)
{
    char *at = made.bytes + made.length, leader[32];
    memset(at, 'x', length);
    snprintf(leader, sizeof leader, "%05ucam a2200037 i 4500", declared % 100000);
    memcpy(at, leader, 24);
    memcpy(at + 24, mark, strlen(mark));
    at[length - 1] = 0x1D;
    made.length += length;
}

static void ask(const char *logon)
{
    char header[400];
    connexion_logon fields = { .form = CONNEXION_DESKTOP, .logon = logon, .password = "alma1234" };
    made.length = 0;
    add(header, connexion_header(header, sizeof header, &fields));
    add_record(RECORD, RECORD, "record-1");
}

static int begin(const service *service)
{
    int connection = connexion_connect("127.0.0.1", service->port);
    assert_true(connection >= 0);
    return connection;
}

static void expect_reply(int connection, const char *wanted)
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

static void expect_good_one(const service *service)
{
    int connection = begin(service);
    ask("01CARLI_NETWORK");
    assert_true(connexion_send(connection, made.bytes, made.length, 0, 0));
    expect_reply(connection, SUCCESS);
    close(connection);
}

/* ---- the tests ---- */

static void one_export_in_either_form(void **state)
{
    service service = start((service_gateway_limits){ 0 });
    (void)state;
    for (int form = CONNEXION_DESKTOP; form <= CONNEXION_WEB; form++)
        for (int cut = 0; cut <= 1; cut++) {
            char header[400];
            connexion_logon fields = { (connexion_form)form, "100-123-456", "01CARLI_NETWORK", "alma1234", cut == 1 };
            int connection = begin(&service);
            made.length = 0;
            add(header, connexion_header(header, sizeof header, &fields));
            add_record(RECORD, RECORD, "record-1");
            assert_true(connexion_send(connection, made.bytes, made.length, (size_t)cut, cut));
            expect_reply(connection, SUCCESS);
            assert_string_equal(seen_by_child->last_logon, "01CARLI_NETWORK");
            assert_false(connexion_is_closed(connection, 50)); /* the server does not close first */
            close(connection);
        }
    stop(&service);
    assert_true(log_has(&service, "form=\"decimal\""));
    assert_true(log_has(&service, "logon=\"01CARLI_NETWORK\""));
    assert_false(log_has(&service, "alma1234"));
}

static void many_records_on_one_connection_each_answered_in_order(void **state)
{
    service service = start((service_gateway_limits){ 0 });
    int connection = begin(&service);
    (void)state;
    ask("01CARLI_NETWORK");
    for (int i = 2; i <= 100; i++) {
        char mark[24], header[200];
        connexion_logon fields = { CONNEXION_WEB, NULL, "01CARLI_NETWORK", "x", false };
        if (i % 3 == 0)
            add(header, connexion_header(header, sizeof header, &fields));
        snprintf(mark, sizeof mark, "record-%d", i);
        add_record(RECORD + (size_t)i, RECORD + (unsigned)i, mark);
    }
    add("", 1); /* NUL: the end of transmission */
    assert_true(connexion_send(connection, made.bytes, made.length, 0, 0));
    for (int i = 1; i <= 100; i++) {
        char wanted[200];
        snprintf(wanted, sizeof wanted, SUCCESS "%d\nRecord of %d bytes, record-", i, RECORD + (i > 1 ? i : 0));
        expect_reply(connection, wanted);
    }
    assert_true(connexion_is_closed(connection, SOON));
    close(connection);
    stop(&service);
}

static void hostile_input_is_answered_and_the_next_is_served(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        bool end; /* half-closes: then the answer may need it */
        const char *reply;
    } cases[] = {
#define CASE(bytes, end, reply) { bytes, sizeof bytes - 1, end, reply }
        CASE("AO01CARLI_NETWORK", true, NO_RECORD),
        CASE("AO01CARLI_NETWORK\0", false, NO_RECORD),
        CASE("\0", false, NO_RECORD),
        CASE("GET / HTTP/1.1\r\n\r\n", false, UNREADABLE),
        CASE("POST / HTTP/1.1\r\n\r\n", false, UNREADABLE),
        CASE("\x16\x03\x01\x02\x00\x01", false, UNREADABLE),
        CASE("SSH-2.0-OpenSSH_9\r\n", false, UNREADABLE),
        CASE("Zzz", false, UNREADABLE),
        CASE("A?abc", false, UNREADABLE),
        CASE("AZtoo short", true, UNREADABLE),
        CASE("0x1F2cam a22", false, UNREADABLE),
        CASE("00000cam a22", false, UNREADABLE),
        CASE("<?xml version='1.0'?>", false, UNREADABLE),
        CASE("00060cam a2200037 i 4500", true, INCOMPLETE),
        CASE("00060cam a2200037 i 4500xxxxxxxxxx", true, INCOMPLETE),
        CASE("00060cam a2200037 i 4500xxxxx\0xxxxx\x1d", false, INCOMPLETE),
    };
    service service = start((service_gateway_limits){ 0 });
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int connection = begin(&service);
        assert_true(connexion_send(connection, cases[i].bytes, cases[i].length, 0, 0));
        if (cases[i].end)
            shutdown(connection, SHUT_WR);
        expect_reply(connection, cases[i].reply);
        assert_true(connexion_is_closed(connection, SOON));
        close(connection);
        expect_good_one(&service);
    }
    int connection = begin(&service); /* 150,000 bytes: the reply arrives though more is on its way */
    made.length = 0;
    add_record(150000, 99999, "");
    connexion_send(connection, made.bytes, made.length, 0, 0);
    expect_reply(connection, TOO_LONG);
    close(connection);
    connection = begin(&service); /* 99,999 bytes exactly */
    made.length = 0;
    add("AAx", 3);
    add_record(99999, 99999, "");
    assert_true(connexion_send(connection, made.bytes, made.length, 0, 0));
    expect_reply(connection, SUCCESS);
    close(connection);
    ask("LYING");
    made.length -= RECORD;
    add_record(RECORD, RECORD + 500, "");
    connection = begin(&service);
    assert_true(connexion_send(connection, made.bytes, made.length, 0, 0));
    expect_reply(connection, SUCCESS);
    assert_string_equal(seen_by_child->last_warning, "leader says 560, record has 60");
    close(connection);
    int noted = seen_by_child->noted;
    close(begin(&service)); /* a health check: no row, no line */
    expect_good_one(&service);
    assert_int_equal(seen_by_child->noted, noted);
    stop(&service);
    assert_true(log_has(&service, "The peer spoke HTTP"));
    assert_true(log_has(&service, "The peer spoke TLS"));
}

static void values_cannot_break_the_log(void **state)
{
    service service = start((service_gateway_limits){ 0 });
    int connection = begin(&service);
    (void)state;
    made.length = 0;
    add("AN1\n2025 gateway\0%n\x1b[31m", 22);
    made.bytes[1] = 0x40 + 20;
    add_record(RECORD, RECORD, "");
    assert_true(connexion_send(connection, made.bytes, made.length, 0, 0));
    expect_reply(connection, SUCCESS);
    close(connection);
    stop(&service);
    assert_false(log_has(&service, "\n2025 gateway"));
    assert_false(log_has(&service, "\x1b"));
    assert_true(log_has(&service, "2025 gateway"));
}

static void silence_has_limits(void **state)
{
    static const struct {
        const char *bytes;
        const char *reply;
    } cases[] = {
        { "", NO_RECORD }, { "AO01CARLI", NO_RECORD }, { "AO01CARLI_NETWORK", NO_RECORD }, { "AAx00060cam a22", INCOMPLETE }
    };
    service service = start((service_gateway_limits){ .first_byte = 300, .header_to_record = 300, .silence = 300, .idle = 300 });
    int connections[4];
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        connections[i] = begin(&service);
        assert_true(connexion_send(connections[i], cases[i].bytes, strlen(cases[i].bytes), 0, 0));
    }
    expect_good_one(&service); /* meanwhile */
    for (size_t i = 0; i < 4; i++) {
        expect_reply(connections[i], cases[i].reply);
        assert_true(connexion_is_closed(connections[i], SOON));
        close(connections[i]);
    }
    int idle = begin(&service); /* after a reply: closed without a word */
    ask("01CARLI_NETWORK");
    assert_true(connexion_send(idle, made.bytes, made.length, 0, 0));
    expect_reply(idle, SUCCESS);
    assert_false(connexion_is_closed(idle, 100));
    assert_true(connexion_is_closed(idle, SOON));
    close(idle);
    int permanent = begin(&service);
    ask("PERMANENT");
    assert_true(connexion_send(permanent, made.bytes, made.length, 0, 0));
    expect_reply(permanent, SUCCESS);
    assert_false(connexion_is_closed(permanent, 600));
    close(permanent);
    stop(&service);
}

static void a_record_that_drips_has_a_limit(void **state)
{
    service service = start((service_gateway_limits){ .silence = 300, .record = 500 });
    int connection = begin(&service);
    double begun = connexion_now_ms();
    (void)state;
    ask("01CARLI_NETWORK");
    while (connexion_now_ms() - begun < 1000 && connexion_send(connection, "0", 1, 0, 0))
        if (connexion_is_closed(connection, 50))
            break;
    assert_true(connexion_now_ms() - begun < 950);
    close(connection);
    stop(&service);
}

/* The repository is stuck: at the limit the client is told, and what was not begun is not done. */
static void a_stuck_repository_is_told_in_time(void **state)
{
    service service = start((service_gateway_limits){ .reply = 400 });
    int stuck = begin(&service), behind = begin(&service);
    double begun = connexion_now_ms();
    (void)state;
    ask("STUCK");
    assert_true(connexion_send(stuck, made.bytes, made.length, 0, 0));
    wait_for(&seen_by_child->received, 1);
    ask("01CARLI_NETWORK");
    assert_true(connexion_send(behind, made.bytes, made.length, 0, 0));
    expect_reply(stuck, NOT_AVAILABLE);
    expect_reply(behind, NOT_AVAILABLE);
    assert_true(connexion_now_ms() - begun < 1400);
    wait_for(&seen_by_child->finished, 1);
    expect_good_one(&service);
    assert_int_equal(seen_by_child->received, 2); /* the one behind was cancelled */
    assert_int_equal(seen_by_child->dropped, 1);  /* the one in work learned of it before its save was final */
    assert_int_equal(seen_by_child->kept, 1);
    close(stuck);
    close(behind);
    stop(&service);
}

/* What is being made final when the limit comes is saved: its sender hears that, and no refusal. */
static void a_save_that_is_final_is_told_as_such(void **state)
{
    service service = start((service_gateway_limits){ .reply = 300 });
    int connection = begin(&service);
    double begun = connexion_now_ms();
    (void)state;
    ask("FINAL");
    assert_true(connexion_send(connection, made.bytes, made.length, 0, 0));
    expect_reply(connection, SUCCESS);
    assert_true(connexion_now_ms() - begun > 800);
    assert_int_equal(seen_by_child->kept, 1);
    expect_good_one(&service);
    close(connection);
    stop(&service);
}

static void there_is_always_a_reply(void **state)
{
    service service = start((service_gateway_limits){ 0 });
    int connection = begin(&service);
    (void)state;
    ask("NOTHING");
    assert_true(connexion_send(connection, made.bytes, made.length, 0, 0));
    expect_reply(connection, NOT_AVAILABLE);
    close(connection);
    stop(&service);
    assert_true(log_has(&service, "the disk: is full"));
}

static void resets_hurt_nobody_and_the_record_counts(void **state)
{
    service service = start((service_gateway_limits){ 0 });
    (void)state;
    ask("SLOW");
    size_t cuts[] = { 10, made.length - RECORD, made.length - 20, made.length };
    for (size_t i = 0; i < 4; i++) {
        int connection = begin(&service);
        assert_true(connexion_send(connection, made.bytes, cuts[i], 0, 0));
        usleep(50 * 1000);
        connexion_reset(connection);
    }
    wait_for(&seen_by_child->finished, 1);
    expect_good_one(&service);
    stop(&service);
    assert_true(log_has(&service, "reply_not_delivered"));
}

static void connections_have_limits(void **state)
{
    service service = start((service_gateway_limits){ .connections = 5 });
    int open[5];
    (void)state;
    for (int i = 0; i < 5; i++)
        open[i] = begin(&service);
    usleep(50 * 1000);
    int one_too_many = begin(&service);
    expect_reply(one_too_many, TOO_MANY);
    assert_true(connexion_is_closed(one_too_many, SOON));
    close(one_too_many);
    for (int i = 0; i < 5; i++)
        close(open[i]);
    usleep(50 * 1000);
    expect_good_one(&service);
    stop(&service);

    service = start((service_gateway_limits){ .connections_per_second = 10 });
    int refused = 0;
    for (int i = 0; i < 20; i++) {
        char reply[200] = "";
        int connection = begin(&service);
        ask("01CARLI_NETWORK");
        connexion_send(connection, made.bytes, made.length, 0, 0);
        refused += connexion_reply(connection, reply, sizeof reply, SOON) > 0 && strcmp(reply, TOO_MANY) == 0;
        close(connection);
    }
    assert_in_range(refused, 5, 12);
    stop(&service);
}

/* Six wrong passwords: the sixth answer comes a second late, and nobody else waits for it. */
static void failed_logons_are_answered_late(void **state)
{
    service service = start((service_gateway_limits){ 0 });
    double begun = 0;
    int connection = begin(&service);
    (void)state;
    ask("WRONG");
    for (int i = 0; i < 5; i++) {
        assert_true(connexion_send(connection, made.bytes, made.length, 0, 0));
        expect_reply(connection, WRONG_LOGON);
    }
    begun = connexion_now_ms();
    assert_true(connexion_send(connection, made.bytes, made.length, 0, 0));
    wait_for(&seen_by_child->finished, 6);
    expect_good_one(&service);
    assert_true(connexion_now_ms() - begun < 900);
    expect_reply(connection, WRONG_LOGON);
    assert_true(connexion_now_ms() - begun > 900);
    close(connection);
    stop(&service);
}

static void proxies_are_believed_where_configured(void **state)
{
    service service = start_with((service_gateway_limits){ 0 }, "127.0.0.1");
    int connection = begin(&service);
    static const char line[] = "PROXY TCP4 192.0.2.77 10.0.0.1 51034 5500\r\n";
    (void)state;
    ask("01CARLI_NETWORK");
    assert_true(connexion_send(connection, line, sizeof line - 1, 7, 5));
    assert_true(connexion_send(connection, made.bytes, made.length, 0, 0));
    expect_reply(connection, SUCCESS);
    close(connection);
    connection = begin(&service);
    assert_true(connexion_send(connection, made.bytes, made.length, 0, 0));
    expect_reply(connection, UNREADABLE);
    close(connection);
    connection = begin(&service); /* line and record in one segment */
    memmove(made.bytes + sizeof line - 1, made.bytes, made.length);
    memcpy(made.bytes, line, sizeof line - 1);
    assert_true(connexion_send(connection, made.bytes, made.length + sizeof line - 1, 0, 0));
    expect_reply(connection, SUCCESS);
    close(connection);
    stop(&service);
    assert_true(log_has(&service, "peer=\"192.0.2.77\""));
}

/* SIGTERM: what was accepted is finished and answered, also what was sent ahead; what is half here is told. */
static void a_stop_finishes_what_was_accepted(void **state)
{
    service service = start((service_gateway_limits){ 0 });
    int slow = begin(&service), ahead = begin(&service), half = begin(&service), idle = begin(&service);
    int status = 0;
    (void)state;
    ask("SLOW");
    assert_true(connexion_send(half, made.bytes, made.length - 10, 0, 0));
    assert_true(connexion_send(slow, made.bytes, made.length, 0, 0));
    add_record(RECORD, RECORD, "record-2");
    add_record(RECORD, RECORD, "record-3");
    assert_true(connexion_send(ahead, made.bytes, made.length, 0, 0));
    wait_for(&seen_by_child->received, 1);
    assert_int_equal(kill(service.pid, SIGTERM), 0);
    expect_reply(slow, SUCCESS);
    for (int i = 0; i < 3; i++)
        expect_reply(ahead, SUCCESS);
    expect_reply(half, NOT_AVAILABLE);
    assert_true(connexion_is_closed(idle, SOON));
    assert_int_equal(connexion_connect("127.0.0.1", service.port), -1);
    close(slow);
    close(ahead);
    close(half);
    close(idle);
    assert_int_equal(waitpid(service.pid, &status, 0), service.pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(seen_by_child->finished, 4);
}

static void a_second_signal_ends_at_once(void **state)
{
    service service = start((service_gateway_limits){ 0 });
    int connection = begin(&service), status = 0;
    double begun = 0;
    (void)state;
    ask("STUCK");
    assert_true(connexion_send(connection, made.bytes, made.length, 0, 0));
    wait_for(&seen_by_child->received, 1);
    begun = connexion_now_ms();
    kill(service.pid, SIGTERM);
    usleep(100 * 1000);
    kill(service.pid, SIGTERM);
    assert_int_equal(waitpid(service.pid, &status, 0), service.pid);
    assert_true(connexion_now_ms() - begun < 1200);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 5);
    close(connection);
}

/* Without a free descriptor newcomers are closed, those who are in are served, and it recovers. */
static void descriptors_that_run_out_do_not_kill(void **state)
{
    enum { MANY = 60 };
    struct rlimit before, few = { 40, 40 };
    int open[MANY];
    (void)state;
    getrlimit(RLIMIT_NOFILE, &before);
    few.rlim_max = before.rlim_max;
    service service = start((service_gateway_limits){ 0 });
    few.rlim_max = 40;
    assert_int_equal(prlimit(service.pid, RLIMIT_NOFILE, &few, NULL), 0);
    int first = begin(&service);
    ask("01CARLI_NETWORK");
    assert_true(connexion_send(first, made.bytes, made.length, 0, 0));
    expect_reply(first, SUCCESS);
    for (int i = 0; i < MANY; i++)
        open[i] = begin(&service);
    assert_true(connexion_is_closed(open[MANY - 1], SOON));
    assert_true(connexion_send(first, made.bytes, made.length, 0, 0));
    expect_reply(first, SUCCESS);
    for (int i = 0; i < MANY; i++)
        close(open[i]);
    usleep(50 * 1000);
    expect_good_one(&service);
    close(first);
    stop(&service);
    assert_true(log_has(&service, "turned_away"));
}

static long resident_kb(pid_t pid)
{
    char path[64], line[200];
    long kb = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "VmHWM:", 6) == 0)
            kb = strtol(line + 6, NULL, 10);
    fclose(file);
    return kb;
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;
    return one < other ? -1 : one > other;
}

/* What one of the hostile ones has sent when the good ones come. */
static void be_hostile(int connection, int kind)
{
    static char large[90000];
    switch (kind % 6) {
    case 0: /* says nothing */
        break;
    case 1: /* half a header */
        connexion_send(connection, "AO01CARLI", 9, 0, 0);
        break;
    case 2: /* a long record without an end */
        memset(large, 'x', sizeof large);
        memcpy(large, "99999cam a2200037 i 4500", 24);
        connexion_send(connection, large, sizeof large, 0, 0);
        break;
    case 3: /* rubbish */
        connexion_send(connection, "\xff\xfe\xfd rubbish", 11, 0, 0);
        break;
    case 4: /* half a record */
        connexion_send(connection, "AAx00500cam a2200037", 20, 0, 0);
        break;
    default: /* resets */
        connexion_send(connection, "A1501", 5, 0, 0);
        break;
    }
}

static void ten_good_ones_among_five_hundred(void **state)
{
    enum { HOSTILE = 490, GOOD = 10, ROUNDS = 20 };
    static int hostile[HOSTILE], good[GOOD];
    static double times[GOOD * ROUNDS];
    size_t count = 0;
    const char *only = getenv("GATEWAY_HOSTILE"); /* by hand: all of one kind */
    service service = start((service_gateway_limits){ 0 });
    (void)state;
    for (int i = 0; i < HOSTILE; i++) {
        hostile[i] = begin(&service);
        struct timeval patience = { .tv_usec = 100000 };
        setsockopt(hostile[i], SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience); /* the server may stop reading */
        be_hostile(hostile[i], only == NULL ? i : (int)strtol(only, NULL, 10));
    }
    for (int i = 0; i < GOOD; i++)
        good[i] = begin(&service);
    ask("01CARLI_NETWORK");
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < GOOD; i++) {
            double begun = connexion_now_ms();
            assert_true(connexion_send(good[i], made.bytes, made.length, 0, 0));
            expect_reply(good[i], SUCCESS);
            times[count++] = connexion_now_ms() - begun;
        }
        for (int i = round; i < HOSTILE; i += ROUNDS) /* slow ones drip, others vanish */
            if (i % 6 == 5) {
                connexion_reset(hostile[i]);
                hostile[i] = -1;
            } else {
                send(hostile[i], "x", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
            }
    }
    qsort(times, count, sizeof *times, by_size);
    long resident = resident_kb(service.pid);
    print_message("10 good among 490 hostile: p50 %.2f ms, p99 %.2f ms, peak RSS %ld KiB\n", times[count / 2],
                  times[count * 99 / 100], resident);
#if !defined(__SANITIZE_ADDRESS__)
    assert_true(resident < 64 * 1024);
#endif
    assert_true(times[count * 99 / 100] < 50 * (getenv("TEST_TIMEOUT") != NULL ? 10 : 1)); /* generous under sanitizers */
    for (int i = 0; i < HOSTILE; i++)
        if (hostile[i] >= 0)
            close(hostile[i]);
    for (int i = 0; i < GOOD; i++)
        close(good[i]);
    stop(&service);
}

static bool lies_in(const gateway_job *job, const void *pointer, size_t length)
{
    const char *at = pointer;
    return at >= (const char *)job && at + length <= job->bytes + length + 200;
}

/* A job lives longer than the connection that it came from, and so points to nothing of it. */
static void a_job_has_copies_of_all_that_was_lent(void **state)
{
    char warning[2][64] = { "", "leader says 1, record has 2" };
    gateway_request request = { .logon = TEXT("01A"), .password = TEXT("secret"), .user = TEXT("u"), .record = TEXT("00026") };
    (void)state;
    for (int i = 0; i < 2; i++) {
        request.wire_warning = warning[i];
        gateway_job *job = gateway_job_new(&request);
        assert_non_null(job);
        assert_true(lies_in(job, job->request.logon.bytes, 3) && lies_in(job, job->request.password.bytes, 6));
        assert_true(lies_in(job, job->request.user.bytes, 1) && lies_in(job, job->request.record.bytes, 5));
        assert_true(text_equal(job->request.record, request.record));
        if (i == 0)
            assert_null(job->request.wire_warning);
        else
            assert_ptr_equal(job->request.wire_warning, job->wire_warning);
        gateway_job_free(job);
    }
}

static void settings_are_read_or_refused(void **state)
{
    gateway_settings settings;
    recto_error error = { 0 };
    (void)state;
    gateway_settings_init(&settings);
    assert_int_equal(gateway_settings_read(&settings,
                                           TEXT("# all\nidle = 2.5 # s\n\nrecord-bytes=200000\nlisten = ::1, 127.0.0.1"),
                                           "x.conf", &error),
                     RECTO_OK);
    assert_int_equal(settings.limits.idle, 2500);
    assert_int_equal(settings.limits.record_bytes, 200000);
    assert_string_equal(settings.listen, "::1, 127.0.0.1");
    static const char *const bad[] = { "idle = 0",   "idle = soon", "idle = 1e9",       "idel = 3",
                                       "idle",       "idle =",      "connections = -1", "record-bytes = 99999999",
                                       "idle = inf", "idle = 0x10" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(gateway_settings_read(&settings, text_from(bad[i]), "x.conf", &error), RECTO_EDATA);
        assert_string_equal(error.where, "x.conf:1");
        assert_int_equal(settings.limits.idle, 2500);
    }
    assert_false(gateway_is_public("127.0.0.1, ::1, 10.1.2.3, 192.168.0.1, fd00::1, localhost"));
    assert_true(gateway_is_public("127.0.0.1, 0.0.0.0"));
    assert_true(gateway_is_public("::"));
    assert_true(gateway_is_public("203.0.113.5"));
    assert_true(gateway_is_public("172.32.0.1"));
}

static void sockets_of_the_service_manager_are_taken(void **state)
{
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof here;
    (void)state;
    passed = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(passed, (struct sockaddr *)&here, sizeof here), 0);
    assert_int_equal(listen(passed, 8), 0);
    assert_int_equal(getsockname(passed, (struct sockaddr *)&here, &length), 0);
    service service = start((service_gateway_limits){ 0 });
    assert_int_equal(service.port, ntohs(here.sin_port));
    expect_good_one(&service);
    stop(&service);
    close(passed);
    passed = -1;
}

static void a_check_finds_it_or_says_why(void **state)
{
    service service = start((service_gateway_limits){ 0 });
    recto_error error = { 0 };
    (void)state;
    assert_int_equal(service_gateway_check("127.0.0.1", service.port, &error), RECTO_OK);
    stop(&service);
    assert_int_equal(service_gateway_check("127.0.0.1", service.port, &error), RECTO_ENETWORK);
    assert_non_null(strstr(error.what, "no gateway answers"));
}

static int open_log(void **state)
{
    (void)state;
    int descriptor = mkstemp(log_path);
    close(descriptor);
    seen_by_child = mmap(NULL, sizeof *seen_by_child, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return seen_by_child == MAP_FAILED || descriptor < 0 ? -1 : 0;
}

static int remove_log(void **state)
{
    (void)state;
    munmap(seen_by_child, sizeof *seen_by_child);
    return unlink(log_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_export_in_either_form),
        cmocka_unit_test(many_records_on_one_connection_each_answered_in_order),
        cmocka_unit_test(hostile_input_is_answered_and_the_next_is_served),
        cmocka_unit_test(values_cannot_break_the_log),
        cmocka_unit_test(silence_has_limits),
        cmocka_unit_test(a_record_that_drips_has_a_limit),
        cmocka_unit_test(a_stuck_repository_is_told_in_time),
        cmocka_unit_test(a_save_that_is_final_is_told_as_such),
        cmocka_unit_test(there_is_always_a_reply),
        cmocka_unit_test(resets_hurt_nobody_and_the_record_counts),
        cmocka_unit_test(connections_have_limits),
        cmocka_unit_test(failed_logons_are_answered_late),
        cmocka_unit_test(proxies_are_believed_where_configured),
        cmocka_unit_test(a_stop_finishes_what_was_accepted),
        cmocka_unit_test(a_second_signal_ends_at_once),
        cmocka_unit_test(descriptors_that_run_out_do_not_kill),
        cmocka_unit_test(ten_good_ones_among_five_hundred),
        cmocka_unit_test(a_job_has_copies_of_all_that_was_lent),
        cmocka_unit_test(settings_are_read_or_refused),
        cmocka_unit_test(sockets_of_the_service_manager_are_taken),
        cmocka_unit_test(a_check_finds_it_or_says_why),
    };
    return cmocka_run_group_tests(tests, open_log, remove_log);
}
