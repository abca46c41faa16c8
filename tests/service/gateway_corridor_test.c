/* tests/service/gateway_corridor_test.c - the whole gateway, from the wire to the repository and back: real records, many at
 * once, refusals that the catalog makes, and a service that is killed while records stream in. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "recto/catalog/gateway.h"
#include "recto/marc/formats.h"
#include "recto/service/gateway.h"
#include "support/connexion.h"
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SUCCESS     "The record has been processed successfully. MMS ID: "
#define WRONG_LOGON "Import failed. Reason: Logon failed - the Logon ID and/or password is/are not valid.\n"

enum { SOON = 20000, NOW = 1763820000 };
static char directory[] = "/tmp/recto-corridor-XXXXXX", library[64], log_path[64];
static const connexion_logon desktop = { CONNEXION_DESKTOP, "100-123-456", "01EXAMPLE", "alma1234", false };
static const connexion_logon web = { CONNEXION_WEB, NULL, "01EXAMPLE", "alma1234", false };

/* ---- a library with a profile, and its gateway in a child ---- */

static catalog *open_desk(void)
{
    catalog *desk = NULL;
    recto_error error = { 0 };
    catalog_options options = {
        .repository = library, .user = "cat1", .login = "cat1", .owns_file = true, .clock = { -1 }, .mode = REPO_READ_WRITE
    };
    if (catalog_open(&desk, &options, &error) != RECTO_OK)
        fail_msg("%s", error.what);
    return desk;
}

static void make_library(const char *name)
{
    static const char *const institutions[] = { "01EXAMPLE" };
    repo_plan plan = { .institutions = institutions, .institution_count = 1, .network = "NETWORK", .owner = "cat1", .now = NOW };
    recto_error error = { 0 };
    snprintf(library, sizeof library, "%s/%s.db", directory, name);
    snprintf(log_path, sizeof log_path, "%s/%s.log", directory, name);
    assert_int_equal(repo_create(library, &plan, &error), RECTO_OK);
    catalog *desk = open_desk();
    const profile_change named = { .key = "name", .value = "Connexion" };
    if (catalog_profile_change(desk, "IZ_OCLC", &named, 1, &error) != RECTO_OK ||
        catalog_profile_password(desk, "IZ_OCLC", "alma1234", &error) != RECTO_OK)
        fail_msg("%s %s", error.where, error.what);
    catalog_close(desk);
}

typedef struct service {
    pid_t pid;
    int port;
} service;

static int ready_pipe[2];

static void tell_ready(void *context, const char *address, int port)
{
    (void)context;
    (void)address;
    ssize_t written = write(ready_pipe[1], &port, sizeof port);
    (void)written;
}

static void be_server(void)
{
    recto_error error = { 0 };
    service_gateway_options options = { .repository = library,
                                        .login = "service",
                                        .owns_file = true,
                                        .clock = { -1 },
                                        .ready = tell_ready,
                                        .limits = { .connections_per_second = 100000 } };
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int descriptor = open(log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(descriptor, STDERR_FILENO);
    recto_status status = service_gateway_run(&options, &error);
    if (status != RECTO_OK)
        fprintf(stderr, "%s %s\n", error.where, error.what);
    exit(recto_exit_status(status));
}

static service start(void)
{
    service service = { .port = 0 };
    assert_int_equal(pipe2(ready_pipe, O_CLOEXEC), 0);
    service.pid = fork();
    assert_true(service.pid >= 0);
    if (service.pid == 0)
        be_server();
    close(ready_pipe[1]);
    assert_int_equal(read(ready_pipe[0], &service.port, sizeof service.port), sizeof service.port);
    close(ready_pipe[0]);
    return service;
}

static void stop(const service *service)
{
    int status = 0;
    assert_int_equal(kill(service->pid, SIGTERM), 0);
    assert_int_equal(waitpid(service->pid, &status, 0), service->pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void check_sound(void)
{
    catalog *desk = open_desk();
    check_verdict verdict = { .sound = false };
    assert_int_equal(repo_check(catalog_repo(desk), true, NULL, NULL, &verdict, NULL), RECTO_OK);
    assert_true(verdict.sound);
    catalog_close(desk);
}

/* ---- requests ---- */

static char sent[128 * 1024];
static size_t sent_length;

static void put(const connexion_logon *logon, const char *record, size_t length)
{
    sent_length = logon == NULL ? 0 : connexion_header(sent, 1000, logon);
    assert_true(sent_length + length < sizeof sent);
    memcpy(sent + sent_length, record, length);
    sent_length += length;
}

/* A small book, as it would come from WorldCat. @return bytes of ISO 2709 in `out` */
static size_t make_book(char *out, size_t capacity, long number, const char *title)
{
    marc_record *record = NULL;
    marc_writer_options options = { .format = MARC_FORMAT_ISO2709 };
    char line[200];
    buffer bytes;
    buffer_init(&bytes, 0);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    marc_record_set_leader(record, "00000cam a2200000 i 4500");
    snprintf(line, sizeof line, "ocm%08ld", number);
    marc_record_append(record, "001", text_from(line), NULL);
    marc_record_append(record, "003", TEXT("OCoLC"), NULL);
    marc_record_append(record, "008", TEXT("760211s1970    nyu           000 1 eng  "), NULL);
    snprintf(line, sizeof line, "$a(OCoLC)%ld", number);
    marc_record_append_line(record, "035", "  ", line, NULL);
    snprintf(line, sizeof line, "$a%s %ld /$cby nobody.", title, number);
    marc_record_append_line(record, "245", "00", line, NULL);
    marc_record_append_line(record, "264", " 1", "$aNew York :$bHouse,$c1970.", NULL);
    marc_record_append_line(record, "300", "  ", "$a100 pages", NULL);
    assert_int_equal(marc_write_record(&bytes, record, &options, NULL), RECTO_OK);
    assert_true(bytes.length <= capacity);
    memcpy(out, bytes.bytes, bytes.length);
    size_t length = bytes.length;
    buffer_release(&bytes);
    marc_record_free(record);
    return length;
}

static int begin(const service *service)
{
    int connection = connexion_connect("127.0.0.1", service->port);
    assert_true(connection >= 0);
    return connection;
}

static mms_id id_of(const char *reply)
{
    if (strncmp(reply, SUCCESS, sizeof SUCCESS - 1) != 0)
        fail_msg("%s", reply);
    return strtoull(reply + sizeof SUCCESS - 1, NULL, 10);
}

static void converse(char reply[static 2048], int connection)
{
    assert_true(connexion_send(connection, sent, sent_length, 0, 0));
    ssize_t length = connexion_reply(connection, reply, 2048, SOON);
    if (length <= 0)
        fail_msg("no reply (%zd) to %.60s", length, sent);
}

/* ---- real records: what comes in by the wire is what is shown ---- */

/* Those fields belong to the repository: numbers, and the time of the save. */
static bool is_ours(const char *tag)
{
    return strcmp(tag, "001") == 0 || strcmp(tag, "003") == 0 || strcmp(tag, "005") == 0 || strcmp(tag, "035") == 0;
}

static void put_fields(buffer *out, const marc_record *record)
{
    buffer_clear(out);
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);
        if (is_ours(field->tag))
            continue;
        buffer_append_string(out, field->tag);
        buffer_append_text(out, field->content);
        buffer_append_char(out, '\n');
    }
    buffer_append(out, marc_record_leader(record) + 5, 4); /* status, type, level; not the encoding, which is UTF-8 now */
    buffer_append(out, marc_record_leader(record) + 17, 2);
}

typedef struct tally {
    int sent, saved, refused, different, marc8;
} tally;

static void compare(tally *tally, catalog *desk, mms_id id, const marc_record *wanted, const char *where)
{
    marc_record *shown = NULL;
    bib_info info;
    buffer one, other;
    buffer_init(&one, 0);
    buffer_init(&other, 0);
    assert_int_equal(catalog_load(desk, id, &shown, &info, NULL), RECTO_OK);
    put_fields(&one, wanted);
    put_fields(&other, shown);
    if (!text_equal(buffer_text(&one), buffer_text(&other)) && tally->different++ < 3)
        print_error("%s: sent\n%s\nshown\n%s\n", where, buffer_string(&one), buffer_string(&other));
    assert_int_equal(marc_record_leader(shown)[9], 'a');
    marc_record_free(shown);
    buffer_release(&one);
    buffer_release(&other);
}

/* Only what is new: a record that matches an earlier one is merged, and that is other tests' business. */
static void send_file(tally *tally, const service *service, catalog *desk, const char *path, int most)
{
    marc_reader_options options = { .format = MARC_FORMAT_ISO2709 };
    marc_reader *reader = NULL;
    marc_record *record = NULL;
    static char content[3 << 20];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(content, 1, sizeof content, file);
    fclose(file);
    assert_int_equal(marc_reader_new_bytes(&reader, text_of(content, length), path, &options, NULL), RECTO_OK);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    int connection = begin(service);
    for (int i = 0; i < most && marc_reader_next(reader, record, NULL) == RECTO_OK; i++) {
        char reply[2048];
        text raw = marc_reader_raw(reader);
        while (raw.length > 0 && (raw.bytes[0] == '\n' || raw.bytes[0] == '\r'))
            raw = text_of(raw.bytes + 1, raw.length - 1);
        put(i % 2 == 0 ? &desktop : &web, raw.bytes, raw.length);
        converse(reply, connection);
        if (strstr(reply, "incomplete") != NULL ||
            strstr(reply, "request could not") != NULL) { /* after a record that lost its place */
            print_message("%s: record %d: %s", path, i + 1, reply);
            close(connection);
            connection = begin(service);
        }
        tally->sent++;
        tally->marc8 += raw.bytes[9] == ' ';
        if (strstr(reply, "New record") == NULL) {
            tally->refused++;
            continue;
        }
        tally->saved++;
        compare(tally, desk, id_of(reply), record, path);
    }
    close(connection);
    marc_reader_free(reader);
    marc_record_free(record);
}

static void real_records_arrive_as_they_are(void **state)
{
    static const char *const folders[] = { "../shared/data/marc/utf8", "../shared/data/marc/marc8" };
    tally tally = { 0 };
    (void)state;
    if (access(folders[0], R_OK) != 0) {
        print_message("skipped: no %s beside the checkout\n", folders[0]);
        skip();
    }
    make_library("real");
    service service = start();
    catalog *desk = open_desk();
    int most = getenv("GATEWAY_ALL") != NULL ? 100000 : 25;
    for (size_t i = 0; i < 2; i++) {
        DIR *folder = opendir(folders[i]);
        assert_non_null(folder);
        for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
            char path[600];
            snprintf(path, sizeof path, "%s/%s", folders[i], entry->d_name);
            if (strstr(entry->d_name, ".mrc") != NULL)
                send_file(&tally, &service, desk, path, most);
        }
        closedir(folder);
    }
    print_message(
        "%d real records by the wire, %d of them MARC-8: %d new ones, %d of them shown otherwise, %d merged or refused\n",
        tally.sent, tally.marc8, tally.saved, tally.different, tally.refused);
    assert_true(tally.saved > tally.sent / 2);
    assert_int_equal(tally.different, 0);
    catalog_close(desk);
    stop(&service);
    check_sound();
}

/* ---- refusals that only the catalog can make, and the resend ---- */

static void expect(int connection, const connexion_logon *logon, const char *record, size_t length, const char *wanted)
{
    char reply[2048];
    put(logon, record, length);
    converse(reply, connection);
    if (strncmp(reply, wanted, strlen(wanted)) != 0)
        assert_string_equal(reply, wanted);
}

static void refusals_come_by_the_wire_and_the_next_is_served(void **state)
{
    char book[2000], bad[2000], reply[2048];
    (void)state;
    make_library("refusals");
    service service = start();
    int connection = begin(&service);
    size_t length = make_book(book, sizeof book, 1001, "Refusals");
    connexion_logon wrong = desktop, unknown = desktop, sly = web;
    wrong.password = "alma1235";
    unknown.logon = "01NOWHERE";
    sly.logon = "x' OR '1'='1";
    expect(connection, &wrong, book, length, WRONG_LOGON);
    expect(connection, &unknown, book, length,
           "Import failed. Reason: no integration profile found for institution 01NOWHERE.\n");
    expect(connection, &sly, book, length, "Import failed. Reason: no integration profile found for institution x' OR '1'='1.\n");
    memcpy(bad, book, length);
    memcpy(bad + 12, "99998", 5);
    expect(connection, &desktop, bad, length, "Import failed. Reason: the record could not be read.\n");
    memcpy(bad, book, length);
    *(char *)memmem(bad, length, "Refusals", 8) = (char)0xFF;
    expect(connection, &web, bad, length, "Import failed. Reason: the record could not be read.\n");
    memcpy(bad, book, length);
    bad[6] = 'z';
    expect(connection, &web, bad, length, "Import failed. Reason: the record is not a bibliographic record.\n");
    memcpy(bad, book, length);
    memcpy(bad, "99999", 5); /* the leader lies */
    put(&web, bad, length);
    converse(reply, connection);
    mms_id id = id_of(reply);
    put(&web, bad, length); /* and again: the reply was lost */
    converse(reply, connection);
    assert_true(id_of(reply) == id);
    close(connection);
    connection = begin(&service);
    length = make_book(book, sizeof book, 1002, "Reset");
    put(&desktop, book, length);
    assert_true(connexion_send(connection, sent, sent_length, 0, 0));
    connexion_reset(connection);
    usleep(300 * 1000);
    connection = begin(&service);
    converse(reply, connection);
    id_of(reply);
    close(connection);
    stop(&service);
    check_sound();
    catalog *desk = open_desk();
    catalog_hits hits;
    catalog_query query = { .type = SEARCH_ALL_TITLES, .text = "Reset", .limit = 5 };
    assert_int_equal(catalog_search(&hits, desk, &query, NULL), RECTO_OK);
    assert_int_equal(hits.total, 1);
    catalog_hits_release(&hits);
    catalog_close(desk);
}

/* Forty without waiting for an answer, refusals among them, and rubbish at the end: forty-one answers, in order, whatever was
 * saved together with what. */
static void records_sent_ahead_are_answered_in_order(void **state)
{
    enum { SENT = 40 };
    char book[2000], reply[2048], wanted[64];
    connexion_logon wrong = desktop;
    (void)state;
    wrong.password = "alma1235";
    make_library("ahead");
    service service = start();
    int connection = begin(&service);
    put(&desktop, book, make_book(book, sizeof book, 6999, "Ahead"));
    converse(reply, connection); /* the logon is known to be right from here on */
    id_of(reply);
    for (int i = 0; i < SENT; i++) {
        size_t length = make_book(book, sizeof book, 7000 + i, "Ahead");
        if (i % 10 == 7)
            book[6] = 'z';
        put(i == 25 ? &wrong : i % 2 == 0 ? &desktop : &web, book, length);
        assert_true(connexion_send(connection, sent, sent_length, 0, 0));
    }
    assert_true(connexion_send(connection, "?", 1, 0, 0));
    catalog *desk = open_desk();
    for (int i = 0; i < SENT; i++) {
        marc_record *record = NULL;
        bib_info info;
        assert_true(connexion_reply(connection, reply, sizeof reply, SOON) > 0);
        if (i == 25 || i % 10 == 7) {
            assert_int_equal(strncmp(reply, i == 25 ? WRONG_LOGON : "Import failed. Reason: the record is not a bib", 40), 0);
            continue;
        }
        snprintf(wanted, sizeof wanted, "Ahead %d /", 7000 + i);
        assert_int_equal(catalog_load(desk, id_of(reply), &record, &info, NULL), RECTO_OK);
        assert_true(text_equal(marc_record_text(record, "245", 'a'), text_from(wanted)));
        marc_record_free(record);
    }
    assert_true(connexion_reply(connection, reply, sizeof reply, SOON) > 0);
    assert_int_equal(strncmp(reply, "Import failed. Reason: the request could not be read.", 53), 0);
    assert_true(connexion_reply(connection, reply, sizeof reply, SOON) <= 0);
    catalog_close(desk);
    close(connection);
    stop(&service);
    check_sound();
}

/* The same number on 20 connections at once: one record, 20 successes, one MMS ID. */
static void twenty_at_once_make_one_record(void **state)
{
    enum { AT_ONCE = 20 };
    int connections[AT_ONCE];
    char book[2000], reply[2048];
    mms_id first = 0;
    (void)state;
    make_library("at-once");
    service service = start();
    for (int i = 0; i < AT_ONCE; i++) {
        char title[64];
        snprintf(title, sizeof title, "At once, the %dth", i); /* not the same bytes: no replay */
        connections[i] = begin(&service);
        put(&desktop, book, make_book(book, sizeof book, 77, title));
        assert_true(connexion_send(connections[i], sent, sent_length, 0, 0));
    }
    for (int i = 0; i < AT_ONCE; i++) {
        assert_true(connexion_reply(connections[i], reply, sizeof reply, SOON) > 0);
        first = first == 0 ? id_of(reply) : first;
        assert_true(id_of(reply) == first);
        close(connections[i]);
    }
    stop(&service);
    check_sound();
}

/* ---- killed ---- */

enum { STREAM = 400, AHEAD = 8 };
typedef struct stream {
    mms_id ids[STREAM];
    int answered;
} stream;

static void send_number(int connection, long number)
{
    char book[2000];
    put(&desktop, book, make_book(book, sizeof book, number, "Stream"));
    connexion_send(connection, sent, sent_length, 0, 0);
}

/* Sends until the service is gone: it is killed that many microseconds after so many answers, with others on their way.
 * @return true: it was killed in the middle */
static bool stream_and_kill(stream *stream, const service *service, long base, int answers, useconds_t pause)
{
    int connection = begin(service), sent_count = 0;
    char reply[2048];
    bool killed = false;
    stream->answered = 0;
    while (stream->answered < STREAM) {
        for (; sent_count < STREAM && sent_count - stream->answered < AHEAD; sent_count++)
            send_number(connection, base + sent_count);
        if (!killed && stream->answered >= answers) {
            usleep(pause);
            kill(service->pid, SIGKILL);
            killed = true;
        }
        if (connexion_reply(connection, reply, sizeof reply, SOON) <= 0)
            break;
        stream->ids[stream->answered++] = id_of(reply);
    }
    close(connection);
    if (!killed)
        kill(service->pid, SIGKILL);
    assert_int_equal(waitpid(service->pid, NULL, 0), service->pid);
    return killed;
}

static void expect_all_there(const stream *stream, catalog *desk, long base)
{
    for (int i = 0; i < stream->answered; i++) {
        marc_record *record = NULL;
        bib_info info;
        char wanted[64];
        assert_int_equal(catalog_load(desk, stream->ids[i], &record, &info, NULL), RECTO_OK);
        snprintf(wanted, sizeof wanted, "Stream %ld /", base + i);
        assert_true(text_equal(marc_record_text(record, "245", 'a'), text_from(wanted)));
        assert_true(text_equal(marc_record_text(record, "300", 'a'), TEXT("100 pages")));
        marc_record_free(record);
    }
}

static void a_killed_service_has_kept_what_it_answered(void **state)
{
    static stream stream;
    const char *wanted = getenv("GATEWAY_KILLS");
    int kills = wanted == NULL ? 5 : (int)strtol(wanted, NULL, 10), answered = 0, hits = 0;
    unsigned seed = 4711;
    (void)state;
    make_library("killed");
    for (int i = 0; i < kills; i++) {
        service service = start();
        seed = seed * 1103515245U + 12345U;
        long base = 1000000 + (long)i * STREAM;
        hits += stream_and_kill(&stream, &service, base, (int)(seed >> 16) % (STREAM - 2 * AHEAD), (seed >> 8) % 4000);
        answered += stream.answered;
        catalog *desk = open_desk();
        check_verdict verdict = { .sound = false };
        expect_all_there(&stream, desk, base);
        assert_int_equal(repo_check(catalog_repo(desk), i % 20 == 0 || i + 1 == kills, NULL, NULL, &verdict, NULL), RECTO_OK);
        assert_true(verdict.sound);
        catalog_close(desk);
    }
    print_message("%d times killed, %d of them while records came; %d records answered with success, all there, none half\n",
                  kills, hits, answered);
    assert_true(answered > 0);
}

/* SIGTERM in the middle of a stream: every record that was taken is answered, and is there. */
static void a_stopped_service_has_finished_what_it_took(void **state)
{
    static stream stream;
    int status = 0;
    char reply[2048];
    (void)state;
    make_library("stopped");
    service service = start();
    int connection = begin(&service);
    for (int i = 0; i < 100; i++)
        send_number(connection, 5000 + i);
    assert_true(connexion_reply(connection, reply, sizeof reply, SOON) > 0);
    stream.ids[stream.answered++] = id_of(reply);
    kill(service.pid, SIGTERM);
    while (connexion_reply(connection, reply, sizeof reply, SOON) > 0)
        stream.ids[stream.answered++] = id_of(reply);
    close(connection);
    assert_int_equal(waitpid(service.pid, &status, 0), service.pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(stream.answered, 100);
    catalog *desk = open_desk();
    expect_all_there(&stream, desk, 5000);
    catalog_close(desk);
    check_sound();
}

static int make_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) == NULL ? -1 : 0;
}

static int remove_directory(void **state)
{
    DIR *folder = opendir(directory);
    char path[400];
    (void)state;
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(path);
    }
    closedir(folder);
    return rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals_come_by_the_wire_and_the_next_is_served),
        cmocka_unit_test(real_records_arrive_as_they_are),
        cmocka_unit_test(records_sent_ahead_are_answered_in_order),
        cmocka_unit_test(twenty_at_once_make_one_record),
        cmocka_unit_test(a_stopped_service_has_finished_what_it_took),
        cmocka_unit_test(a_killed_service_has_kept_what_it_answered),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
