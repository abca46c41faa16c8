/* tests/service/gateway_limits_test.c - the listener with its loop, threads and limits: the silent, the slow, the many and the
 * hostile, a repository that is stuck, and how it ends. */
#include "service/listener_room.h"

#include <sys/resource.h>
#include <sys/socket.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_has_limits),
        cmocka_unit_test(a_record_that_drips_has_a_limit),
        cmocka_unit_test(a_stuck_repository_is_told_in_time),
        cmocka_unit_test(a_save_that_is_final_is_told_as_such),
        cmocka_unit_test(resets_hurt_nobody_and_the_record_counts),
        cmocka_unit_test(connections_have_limits),
        cmocka_unit_test(failed_logons_are_answered_late),
        cmocka_unit_test(a_stop_finishes_what_was_accepted),
        cmocka_unit_test(a_second_signal_ends_at_once),
        cmocka_unit_test(descriptors_that_run_out_do_not_kill),
        cmocka_unit_test(ten_good_ones_among_five_hundred),
    };
    return cmocka_run_group_tests(tests, open_log, remove_log);
}
