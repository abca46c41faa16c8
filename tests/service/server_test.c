/* tests/service/server_test.c - the server as its clients see it, asked by our own client over loopback. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "recto/marc/formats.h"
#include "recto/repo/repo.h"
#include "recto/service/z3950_server.h"
#include "recto/z3950/z3950.h"
#include <errno.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[] = "/tmp/recto-server-XXXXXX", library[64];
enum { NOW = 1763820000 };

/* ---- a library of three zones ---- */

static void add_record(repo *repo, zone_kind kind, const char *number, const char *title)
{
    repo_zone zones[8];
    size_t count = 0, at = 0;
    mms_id id = 0;
    char control[MMS_ID_LENGTH], line[200];
    marc_record *record = NULL;
    assert_int_equal(repo_zones(repo, zones, 8, &count, NULL), RECTO_OK);
    while (zones[at].kind != kind)
        at++;
    assert_int_equal(repo_bib_new_id(repo, zones[at].id, &id, NULL), RECTO_OK);
    mms_id_format(control, id);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    assert_int_equal(marc_record_append(record, "001", text_from(control), NULL), RECTO_OK);
    assert_int_equal(marc_record_append(record, "008", TEXT("760211s1970    nyu           000 1 eng  "), NULL), RECTO_OK);
    snprintf(line, sizeof line, "$a(OCoLC)%s", number);
    assert_int_equal(marc_record_append_line(record, "035", "  ", line, NULL), RECTO_OK);
    snprintf(line, sizeof line, "$a%s", title);
    assert_int_equal(marc_record_append_line(record, "245", "00", line, NULL), RECTO_OK);
    bib_write write = {
        .id = id, .zone = zones[at].id, .record = record, .user = "cat1", .origin = "test", .now = NOW, .suppressed = -1
    };
    int version = 0;
    assert_int_equal(repo_bib_write(repo, &write, &version, NULL), RECTO_OK);
    marc_record_free(record);
}

static int make_library(void **state)
{
    static const char *const institutions[] = { "01EXAMPLE", "02OTHER" };
    repo_plan plan = { .institutions = institutions, .institution_count = 2, .network = "NETWORK", .owner = "cat1", .now = NOW };
    repo *repo = NULL;
    (void)state;
    if (mkdtemp(directory) == NULL)
        return -1;
    snprintf(library, sizeof library, "%s/library.db", directory);
    if (repo_create(library, &plan, NULL) != RECTO_OK || repo_open(&repo, library, REPO_READ_WRITE, NULL) != RECTO_OK)
        return -1;
    assert_int_equal(repo_begin(repo, NULL), RECTO_OK);
    add_record(repo, ZONE_INSTITUTION, "111", "Water in the institution");
    add_record(repo, ZONE_NETWORK, "222222222", "Water in the network");
    add_record(repo, ZONE_COMMUNITY, "3333333333", "Water in the community");
    for (int i = 0; i < 120; i++) {
        char number[20], title[40];
        snprintf(number, sizeof number, "5%03d", i);
        snprintf(title, sizeof title, "Pages, part %d", i);
        add_record(repo, ZONE_INSTITUTION, number, title);
    }
    assert_int_equal(repo_commit(repo, NULL), RECTO_OK);
    repo_close(repo);
    return 0;
}

static int remove_library(void **state)
{
    static const char *const endings[] = { "", "-wal", "-shm", "-queue" };
    char path[100];
    (void)state;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(path, sizeof path, "%s%s", library, endings[i]);
        unlink(path);
    }
    return rmdir(directory);
}

/* ---- asking ---- */

static service_z3950_options quiet_options(void)
{
    return (service_z3950_options){
        .repository = library, .institution = "01EXAMPLE", .quiet = true, .clock = { NOW * INT64_C(10) }
    };
}

typedef struct answer {
    target_list *list;
    external_search *search;
    const external_status *status;
} answer;

static void drive(external_search *search)
{
    struct pollfd polled[4];
    while (external_search_busy(search)) {
        int timeout = -1;
        size_t count = external_search_wanted(search, polled, 4, &timeout);
        poll(polled, (nfds_t)count, timeout);
        external_search_step(search, polled, count);
    }
}

static answer ask(int port, const char *database, external_box box, const char *value)
{
    answer out = { NULL, NULL, NULL };
    external_query query = { { NULL } };
    query.boxes[box] = value;
    assert_int_equal(target_list_new(&out.list, NULL), RECTO_OK);
    assert_int_equal(target_list_add_address(out.list, "own", "Own", "127.0.0.1", port, database, NULL), RECTO_OK);
    const target *target = target_list_get(out.list, 0);
    assert_int_equal(external_search_new(&out.search, out.list, &target, 1, &query, 0, NULL), RECTO_OK);
    drive(out.search);
    out.status = external_search_status(out.search, 0);
    return out;
}

static void forget(answer *answer)
{
    external_search_free(answer->search);
    target_list_free(answer->list);
}

static pid_t spawn(int *port, const service_z3950_options *options)
{
    pid_t pid = 0;
    recto_error error = { .what = "" };
    if (service_z3950_spawn(&pid, port, options, &error) != RECTO_OK)
        fail_msg("%s", error.what);
    assert_true(*port > 0);
    return pid;
}

/* ---- what must hold ---- */

static void databases__are_zones(void **state)
{
    static const struct {
        const char *database;
        int64_t hits;
    } cases[] = {
        { "Default", 2 }, { "IZ", 1 }, { "NZ", 1 }, { "CZ", 1 }, { "iz", 1 },
    };
    int port = 0;
    service_z3950_options options = quiet_options();
    (void)state;
    pid_t pid = spawn(&port, &options);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        answer answer = ask(port, cases[i].database, BOX_TITLE, "water");
        if (answer.status->hits != cases[i].hits)
            fail_msg("%s: %lld hits, %s", cases[i].database, (long long)answer.status->hits, answer.status->failure);
        forget(&answer);
    }
    answer answer = ask(port, "ZZ", BOX_TITLE, "water");
    assert_int_equal(answer.status->diagnostic, 109);
    forget(&answer);
    service_stop(pid);
}

static void records__come_page_by_page_as_they_are(void **state)
{
    int port = 0;
    service_z3950_options options = quiet_options();
    (void)state;
    pid_t pid = spawn(&port, &options);
    answer answer = ask(port, "IZ", BOX_TITLE, "pages");
    assert_int_equal(answer.status->hits, 120);
    while (external_search_hits(answer.search) < 120) {
        size_t before = external_search_hits(answer.search);
        assert_int_equal(external_search_more(answer.search, answer.status->target, 35, NULL), RECTO_OK);
        drive(answer.search);
        assert_true(external_search_hits(answer.search) > before);
    }
    for (size_t i = 0; i < 120; i++) { /* in the order of their IDs: each once */
        char want[40];
        const external_hit *hit = external_search_hit(answer.search, i);
        snprintf(want, sizeof want, "Pages, part %zu", i);
        assert_non_null(hit->record);
        text title = marc_record_text(hit->record, "245", 'a');
        if (!text_equal(title, text_from(want)))
            fail_msg("record %zu is %.*s", i + 1, (int)title.length, title.bytes);
    }
    forget(&answer);
    service_stop(pid);
}

static void union_catalog__goes_by_oclc_numbers(void **state)
{
    static const struct {
        const char *typed, *control;
    } cases[] = {
        { "(OCoLC)ocm00000111", "ocm00000111" },
        { "222222222", "ocn222222222" },
        { "on3333333333", "on3333333333" },
    };
    int port = 0;
    service_z3950_options options = quiet_options();
    options.as_union_catalog = true;
    options.database = "OLUCWorldCat";
    (void)state;
    pid_t pid = spawn(&port, &options);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        answer answer = ask(port, "OLUCWorldCat", BOX_SYSTEM_NUMBER, cases[i].typed);
        assert_int_equal(answer.status->hits, 1);
        const marc_record *record = external_search_hit(answer.search, 0)->record;
        assert_true(text_equal(marc_record_control(record, "001"), text_from(cases[i].control)));
        assert_true(text_equal(marc_record_control(record, "003"), TEXT("OCoLC")));
        forget(&answer);
    }
    service_stop(pid);
}

static void port_in_use__names_who_has_it(void **state)
{
    int port = 0;
    service_z3950_options options = quiet_options();
    recto_error error = { .what = "" };
    char pid_text[32];
    (void)state;
    pid_t pid = spawn(&port, &options);
    options.port = port;
    assert_int_equal(service_z3950_run(&options, &error), RECTO_EIO);
    assert_int_equal(recto_exit_status(error.status), 5);
    snprintf(pid_text, sizeof pid_text, "PID %ld", (long)pid);
    if (strstr(error.what, "is in use") == NULL || strstr(error.what, pid_text) == NULL)
        fail_msg("%s", error.what);
    service_stop(pid);
    options.port = port; /* free again at once */
    pid = spawn(&port, &options);
    assert_int_equal(port, options.port);
    service_stop(pid);
}

static void missing_repository__is_told_before_listening(void **state)
{
    pid_t pid = 0;
    int port = 0;
    service_z3950_options options = quiet_options();
    recto_error error = { .what = "" };
    (void)state;
    options.repository = "/nonexistent/library.db";
    assert_int_not_equal(service_z3950_spawn(&pid, &port, &options, &error), RECTO_OK);
    assert_true(error.what[0] != '\0');
    assert_int_equal(pid, 0);
    options = quiet_options();
    options.listen = "no-such-address.invalid";
    assert_int_equal(service_z3950_spawn(&pid, &port, &options, &error), RECTO_EINVALID);
}

static bool answers(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)port),
                                   .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool open = connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0;
    close(descriptor);
    return open;
}

static bool ends_soon(int port)
{
    for (int i = 0; i < 200; i++) {
        if (!answers(port))
            return true;
        poll(NULL, 0, 20);
    }
    return false;
}

/* The parent is killed outright; the server and an open session must go with it. */
static void spawned_server__ends_with_its_parent(void **state)
{
    int told[2], port = 0;
    (void)state;
    assert_int_equal(pipe(told), 0);
    pid_t parent = fork();
    if (parent == 0) {
        pid_t pid = 0;
        service_z3950_options options = quiet_options();
        if (service_z3950_spawn(&pid, &port, &options, NULL) != RECTO_OK || write(told[1], &port, sizeof port) < 0)
            _exit(1);
        for (;;)
            pause();
    }
    assert_int_equal(read(told[0], &port, sizeof port), sizeof port);
    assert_true(answers(port));
    answer answer = ask(port, "IZ", BOX_TITLE, "water"); /* a session stays open behind it */
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    assert_true(ends_soon(port));
    forget(&answer);
    close(told[0]);
    close(told[1]);
}

static void too_many_sessions__are_refused_the_others_served(void **state)
{
    int port = 0;
    service_z3950_options options = quiet_options();
    options.sessions_max = 1;
    (void)state;
    pid_t pid = spawn(&port, &options);
    answer first = ask(port, "IZ", BOX_TITLE, "water");
    assert_int_equal(first.status->hits, 1);
    answer second = ask(port, "IZ", BOX_TITLE, "water");
    assert_int_equal(second.status->state, EXTERNAL_FAILED);
    assert_int_equal(external_search_more(first.search, first.status->target, 1, NULL), RECTO_OK);
    drive(first.search);
    assert_int_equal(first.status->state, EXTERNAL_DONE);
    forget(&second);
    forget(&first);
    service_stop(pid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(databases__are_zones),
        cmocka_unit_test(records__come_page_by_page_as_they_are),
        cmocka_unit_test(union_catalog__goes_by_oclc_numbers),
        cmocka_unit_test(port_in_use__names_who_has_it),
        cmocka_unit_test(missing_repository__is_told_before_listening),
        cmocka_unit_test(spawned_server__ends_with_its_parent),
        cmocka_unit_test(too_many_sessions__are_refused_the_others_served),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, make_library, remove_library);
}
