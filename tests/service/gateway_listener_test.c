/* tests/service/gateway_listener_test.c - what the listener hears and answers, where it listens and how it is set. The corridor
 * itself: gateway_corridor_test.c; time, number and the end: gateway_limits_test.c. */
#include "service/listener_room.h"

#include <netinet/in.h>
#include <sys/socket.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_export_in_either_form),
        cmocka_unit_test(many_records_on_one_connection_each_answered_in_order),
        cmocka_unit_test(hostile_input_is_answered_and_the_next_is_served),
        cmocka_unit_test(values_cannot_break_the_log),
        cmocka_unit_test(there_is_always_a_reply),
        cmocka_unit_test(proxies_are_believed_where_configured),
        cmocka_unit_test(a_job_has_copies_of_all_that_was_lent),
        cmocka_unit_test(settings_are_read_or_refused),
        cmocka_unit_test(sockets_of_the_service_manager_are_taken),
        cmocka_unit_test(a_check_finds_it_or_says_why),
    };
    return cmocka_run_group_tests(tests, open_log, remove_log);
}
