/* tests/z3950/external_test.c - the client against a target that misbehaves as it is told, and against YAZ's own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "recto/base/clock.h"
#include "recto/z3950/z3950.h"
#include "support/scripted_target.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- records to serve: ISO 2709 by hand, because some of them must be wrong ---- */

typedef struct sample {
    char bytes[110000];
    size_t length;
} sample;

static void make_sample(sample *out, char coding, const char *title, size_t title_length)
{
    char fields[104000];
    const char *number = "ocm00012345";
    size_t first = strlen(number) + 1, second = title_length + 5, base = 24 + 24 + 1;
    memcpy(fields, number, first - 1);
    fields[first - 1] = 0x1E;
    memcpy(fields + first,
           "10\x1f"
           "a",
           4);
    memcpy(fields + first + 4, title, title_length);
    fields[first + second - 1] = 0x1E;
    out->length = base + first + second + 1;
    snprintf(out->bytes, sizeof out->bytes, "%05zunam %c22%05zu a 4500001%04zu%05d245%04zu%05zu\x1e", out->length, coding, base,
             first, 0, second, first);
    memcpy(out->bytes + base, fields, first + second);
    out->bytes[out->length - 1] = 0x1D;
}

static sample samples[25];
static const char *sample_bytes[25];
static size_t sample_lengths[25];

static void prepare_samples(void)
{
    for (size_t i = 0; i < 25; i++) {
        char title[40];
        snprintf(title, sizeof title, "Water, volume %zu", i + 1);
        make_sample(&samples[i], 'a', title, strlen(title));
        sample_bytes[i] = samples[i].bytes;
        sample_lengths[i] = samples[i].length;
    }
}

static scripted_target script_of(scripted_fault fault)
{
    return (scripted_target){
        .fault = fault, .hits = -1, .records = sample_bytes, .record_lengths = sample_lengths, .record_count = 25
    };
}

/* ---- running a search ---- */

static const char quick[] = "connect-timeout = 1\nanswer-timeout = 1\nhost = 127.0.0.1\nlabel = Scripted\n"
                            "box ti = use 4, structure 6, truncation 1\nbox isbn = use 7, structure 1, form isbn\n"
                            "box issn = use 8, structure 1, form issn\nbox sys = use 12, structure 1, form oclc\n"
                            "box au = use 1003, structure 6\n";

static target_list *list_for(int port, const char *more)
{
    char file[1000];
    target_list *list = NULL;
    snprintf(file, sizeof file, "%sport = %d\n%s", quick, port, more == NULL ? "" : more);
    assert_int_equal(target_list_new(&list, NULL), RECTO_OK);
    assert_int_equal(target_list_add(list, text_from(file), "scripted.target", NULL), RECTO_OK);
    return list;
}

static void drive(external_search *search)
{
    struct pollfd polled[8];
    int64_t limit = recto_clock_monotonic_ms() + 20000;
    while (external_search_busy(search)) {
        int timeout = -1;
        size_t count = external_search_wanted(search, polled, 8, &timeout);
        assert_true(recto_clock_monotonic_ms() < limit);
        poll(polled, (nfds_t)count, timeout);
        int64_t before = recto_clock_monotonic_ms();
        external_search_step(search, polled, count);
        assert_true(recto_clock_monotonic_ms() - before < 500); /* a step never waits */
    }
}

static external_search *search_for(target_list *list, external_box box, const char *value)
{
    external_search *search = NULL;
    external_query query = { { NULL } };
    const target *all[4];
    for (size_t i = 0; i < target_list_count(list); i++)
        all[i] = target_list_get(list, i);
    query.boxes[box] = value;
    assert_int_equal(external_search_new(&search, list, all, target_list_count(list), &query, 0, NULL), RECTO_OK);
    drive(search);
    return search;
}

/* One scripted target, the list that names it, and the last search of it. */
typedef struct served {
    scripted_target script;
    pid_t pid;
    target_list *list;
    external_search *search;
    const external_status *status;
} served;

static void serve(served *at, const char *more)
{
    at->list = list_for(scripted_target_start(&at->pid, &at->script), more);
}

static void ask(served *at, external_box box, const char *value)
{
    external_search_free(at->search);
    at->search = search_for(at->list, box, value);
    at->status = external_search_status(at->search, 0);
}

static void serve_and_ask(served *at, const char *more)
{
    serve(at, more);
    ask(at, BOX_TITLE, "water");
}

static void end(served *at)
{
    external_search_free(at->search);
    target_list_free(at->list);
    scripted_target_stop(at->pid);
}

/* ---- failures are sentences, and never 0 hits ---- */

typedef struct failure_case {
    const char *name;
    scripted_fault fault;
    int code;
    const char *detail;
    const char *want; /* within the sentence */
} failure_case;

static const failure_case failures[] = {
    { "refused", FAULT_REFUSE, 0, NULL, "refused port" },
    { "silent before Init", FAULT_SILENT, 0, NULL, "did not answer in 1 seconds" },
    { "closed at once", FAULT_CLOSE_AT_ONCE, 0, NULL, "closed the connection" },
    { "a web server", FAULT_WEB_SERVER, 0, NULL, "not Z39.50" },
    { "garbage", FAULT_GARBAGE, 0, NULL, "Scripted" },
    { "Init rejected", FAULT_INIT_REJECTED, 0, NULL, "did not accept the session" },
    { "bad password", FAULT_INIT_DIAGNOSTIC, 1011, NULL, "User or password for Scripted not accepted" },
    { "too many sessions", FAULT_INIT_DIAGNOSTIC, 1015, NULL, "All sessions" },
    { "blocked address", FAULT_INIT_DIAGNOSTIC, 1016, NULL, "this server's address" },
    { "silent after Init", FAULT_HANG_SEARCH, 0, NULL, "did not answer in 1 seconds" },
    { "system error", FAULT_SEARCH_DIAGNOSTIC, 1, "disk", "has a fault of its own" },
    { "stop words", FAULT_SEARCH_DIAGNOSTIC, 4, NULL, "very common words" },
    { "short truncation", FAULT_SEARCH_DIAGNOSTIC, 9, NULL, "longer word beginnings" },
    { "too many", FAULT_SEARCH_DIAGNOSTIC, 31, NULL, "Too many results" },
    { "no such database", FAULT_SEARCH_DIAGNOSTIC, 109, "Default", "has no database 'Default'" },
    { "database denied", FAULT_SEARCH_DIAGNOSTIC, 236, NULL, "needs an account" },
    { "malformed term", FAULT_SEARCH_DIAGNOSTIC, 125, NULL, "does not accept 'water' in Title" },
    { "no such index", FAULT_SEARCH_DIAGNOSTIC, 114, "4", "cannot search by Title" },
    { "combination", FAULT_SEARCH_DIAGNOSTIC, 3, NULL, "combination of boxes" },
    { "searches used up", FAULT_SEARCH_DIAGNOSTIC, 1012, NULL, "used up" },
    { "unheard of", FAULT_SEARCH_DIAGNOSTIC, 7777, "\033[31mred", "reports a fault" },
    { "ends in a record", FAULT_CLOSE_IN_RECORD, 0, NULL, "closed the connection" },
    { "2 GB claimed", FAULT_HUGE_MESSAGE, 0, NULL, "not Z39.50" },
    { "never-ending message", FAULT_ENDLESS_MESSAGE, 0, NULL, "sent more than 1 MiB; stopped" },
    { "negative count", FAULT_NEGATIVE_HITS, 0, NULL, "not Z39.50" },
};

static void check_failure(const failure_case *test)
{
    served at = { .script = script_of(test->fault) };
    at.script.code = test->code;
    at.script.detail = test->detail;
    /* YAZ looks at all of a message again with each 4 KiB of it: that may take longer than the silent are given. */
    serve_and_ask(&at, test->fault == FAULT_ENDLESS_MESSAGE ? "answer-limit = 1048576\nconnect-timeout = 15\n"
                                                            : "answer-limit = 1048576\n");
    if (at.status->state != EXTERNAL_FAILED || strstr(at.status->failure, test->want) == NULL || at.status->hits > 0)
        fail_msg("%s: state %d, %lld hits, '%s'", test->name, at.status->state, (long long)at.status->hits, at.status->failure);
    assert_int_equal(at.status->hits, -1); /* never read as "nothing found" (SR-101) */
    assert_null(strchr(at.status->failure, '\033'));
    end(&at);
}

static void failure__is_a_sentence_and_never_no_hits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        check_failure(&failures[i]);
}

static void name__that_does_not_exist_is_told_from_a_refused_port(void **state)
{
    target_list *list = NULL;
    (void)state;
    assert_int_equal(target_list_new(&list, NULL), RECTO_OK);
    assert_int_equal(target_list_add_address(list, "nowhere", "Nowhere", "no-such-host.invalid", 210, "X", NULL), RECTO_OK);
    external_search *search = search_for(list, BOX_TITLE, "water");
    const char *failure = external_search_status(search, 0)->failure;
    if (strstr(failure, "name no-such-host.invalid not found") == NULL && strstr(failure, "did not answer") == NULL)
        fail_msg("%s", failure);
    external_search_free(search);
    target_list_free(list);
}

/* ---- records ---- */

static void first_page__comes_with_the_search_and_more_on_demand(void **state)
{
    served at = { .script = script_of(FAULT_NONE) };
    (void)state;
    serve_and_ask(&at, NULL);
    assert_string_equal(at.status->failure, "");
    assert_int_equal(at.status->hits, 25);
    assert_int_equal(external_search_hits(at.search), 10);
    const external_hit *first = external_search_hit(at.search, 0);
    assert_int_equal(external_search_more(at.search, at.status->target, 10, NULL), RECTO_OK);
    drive(at.search);
    assert_int_equal(external_search_hits(at.search), 20);
    assert_int_equal(external_search_more(at.search, at.status->target, 10, NULL), RECTO_OK);
    drive(at.search);
    assert_int_equal(external_search_hits(at.search), 25);
    assert_int_equal(external_search_more(at.search, at.status->target, 10, NULL), RECTO_OK);
    drive(at.search); /* past the end is no failure, and no record (SR-49) */
    assert_int_equal(external_search_hits(at.search), 25);
    assert_int_equal(at.status->state, EXTERNAL_DONE);
    assert_ptr_equal(first, external_search_hit(at.search, 0));
    text title = marc_record_text(external_search_hit(at.search, 24)->record, "245", 'a');
    assert_int_equal(title.length, strlen("Water, volume 25"));
    assert_memory_equal(title.bytes, "Water, volume 25", title.length);
    end(&at);
}

static void fewer_records__than_announced_end_the_list(void **state)
{
    served at = { .script = script_of(FAULT_FEWER_RECORDS) };
    at.script.hits = 100;
    at.script.record_count = 3;
    (void)state;
    serve_and_ask(&at, NULL);
    size_t sound = 0;
    for (size_t i = 0; i < external_search_hits(at.search); i++)
        sound += external_search_hit(at.search, i)->record != NULL;
    assert_int_equal(sound, 3);
    end(&at);
}

static void huge_count__costs_nothing(void **state)
{
    served at = { .script = script_of(FAULT_HUGE_HITS) };
    (void)state;
    serve_and_ask(&at, NULL);
    assert_true(at.status->hits == INT64_C(1) << 40);
    assert_int_equal(external_search_hits(at.search), 10);
    end(&at);
}

static void unasked_init__does_not_end_the_program(void **state)
{
    served at = { .script = script_of(FAULT_SECOND_INIT) };
    (void)state;
    serve_and_ask(&at, NULL);
    if (external_search_hits(at.search) < 25 && external_search_more(at.search, at.status->target, 10, NULL) == RECTO_OK)
        drive(at.search);
    assert_int_equal(at.status->state, EXTERNAL_FAILED);
    assert_non_null(strstr(at.status->failure, "not Z39.50"));
    end(&at);
}

static void record_refused__leaves_the_others(void **state)
{
    served at = { .script = script_of(FAULT_RECORD_DIAGNOSTIC) };
    at.script.code = 14;
    at.script.detail = "no";
    (void)state;
    serve_and_ask(&at, NULL);
    assert_int_equal(external_search_hits(at.search), 10);
    assert_null(external_search_hit(at.search, 1)->record);
    assert_non_null(strstr(external_search_hit(at.search, 1)->problem, "record 2 but cannot send it as MARC 21"));
    assert_non_null(external_search_hit(at.search, 2)->record);
    end(&at);
}

static void check_title(char coding, const char *sent, const char *want, bool problem)
{
    static sample one;
    const char *bytes = one.bytes;
    make_sample(&one, coding, sent, strlen(sent));
    served at = { .script = { .hits = -1, .records = &bytes, .record_lengths = &one.length, .record_count = 1 } };
    serve_and_ask(&at, NULL);
    const external_hit *hit = external_search_hit(at.search, 0);
    assert_non_null(hit);
    if (hit->record == NULL)
        fail_msg("%s", hit->problem);
    text title = marc_record_text(hit->record, "245", 'a');
    if (!text_equal(title, text_from(want)))
        fail_msg("wanted '%s', got '%.*s'", want, (int)title.length, title.bytes);
    assert_int_equal(marc_record_leader(hit->record)[9], 'a');
    assert_int_equal(hit->problem[0] != '\0', problem);
    assert_int_equal(hit->raw.length, one.length);
    assert_memory_equal(hit->raw.bytes, one.bytes, one.length);
    end(&at);
}

static void character_sets__are_read_as_the_bytes_say(void **state)
{
    (void)state;
    check_title('a', "Garc\303\255a", "Garc\303\255a", false);
    check_title(' ', "Garc\342ia", "Garc\303\255a", false);   /* MARC-8: the accent stands before its letter */
    check_title(' ', "Garc\303\255a", "Garc\303\255a", true); /* UTF-8 that does not say so */
}

static void large_record__comes_whole(void **state)
{
    static char title[9000];
    (void)state;
    memset(title, 'w', sizeof title - 1);
    check_title('a', title, title, false);
}

static void damaged_record__is_listed_with_its_bytes(void **state)
{
    static const char damaged[] = "00100nam a22000490 a 4500rubbish where the directory should be";
    const char *bytes = damaged;
    size_t length = sizeof damaged - 1;
    served at = { .script = { .hits = -1, .records = &bytes, .record_lengths = &length, .record_count = 1 } };
    (void)state;
    serve_and_ask(&at, NULL);
    const external_hit *hit = external_search_hit(at.search, 0);
    assert_non_null(hit);
    assert_true(hit->problem[0] != '\0');
    assert_int_equal(hit->raw.length, length);
    end(&at);
}

static void foreign_syntax__is_shown_not_imported(void **state)
{
    const char *bytes = "Title: Water";
    size_t length = strlen(bytes);
    served at = { .script = { .hits = -1, .records = &bytes, .record_lengths = &length, .record_count = 1, .syntax = "sutrs" } };
    (void)state;
    serve_and_ask(&at, NULL);
    assert_null(external_search_hit(at.search, 0)->record);
    assert_non_null(strstr(external_search_hit(at.search, 0)->problem, "not imported"));
    end(&at);
}

/* Whatever is changed in an answer, the search ends in words or in records, within its time; and the program goes on. */
static void mutated_answers__are_survived(void **state)
{
    const char *seeds = getenv("RECTO_TEST_SEEDS");
    int count = seeds == NULL ? 25 : (int)strtol(seeds, NULL, 10);
    (void)state;
    for (int seed = 1; seed <= count; seed++) {
        served at = { .script = script_of(FAULT_MUTATED) };
        at.script.code = seed;
        serve_and_ask(&at, "answer-limit = 1048576\n");
        if (at.status->state == EXTERNAL_DONE && external_search_more(at.search, at.status->target, 10, NULL) == RECTO_OK)
            drive(at.search);
        if (at.status->state != EXTERNAL_DONE && (at.status->state != EXTERNAL_FAILED || at.status->failure[0] == '\0'))
            fail_msg("seed %d: state %d", seed, at.status->state);
        end(&at);
    }
}

/* ---- second tries ---- */

static void log_path(char out[64])
{
    snprintf(out, 64, "/tmp/recto-z3950-test.%ld", (long)getpid());
    unlink(out);
}

static size_t read_log(const char *path, char *out, size_t capacity)
{
    FILE *file = fopen(path, "r");
    size_t length = file == NULL ? 0 : fread(out, 1, capacity - 1, file), lines = 0;
    if (file != NULL)
        fclose(file);
    out[length] = '\0';
    for (size_t i = 0; i < length; i++)
        lines += out[i] == '\n';
    return lines;
}

static void refused_attributes__are_left_out_and_remembered(void **state)
{
    char path[64], log[4000];
    served at = { .script = script_of(FAULT_REFUSE_TRUNCATION) };
    (void)state;
    log_path(path);
    at.script.log = path;
    serve_and_ask(&at, NULL);
    assert_int_equal(at.status->hits, 25);
    assert_string_equal(at.status->query, "@attr 1=4 \"water\"");
    size_t first = read_log(path, log, sizeof log);
    assert_int_equal(first, 3);
    ask(&at, BOX_TITLE, "fire");
    assert_int_equal(at.status->hits, 25);
    assert_int_equal(read_log(path, log, sizeof log), first + 1); /* asked rightly at once */
    end(&at);
    unlink(path);
}

static void refused_syntax__is_asked_for_as_xml(void **state)
{
    const char *bytes = "<record xmlns=\"http://www.loc.gov/MARC21/slim\"><leader>00000nam a2200000 a 4500</leader>"
                        "<datafield tag=\"245\" ind1=\"0\" ind2=\"0\"><subfield code=\"a\">Water</subfield></datafield></record>";
    size_t length = strlen(bytes);
    served at = { .script = {
                      .fault = FAULT_ONLY_XML, .hits = -1, .records = &bytes, .record_lengths = &length, .record_count = 1 } };
    (void)state;
    serve_and_ask(&at, NULL);
    assert_string_equal(at.status->failure, "");
    assert_int_equal(external_search_hits(at.search), 1);
    if (external_search_hit(at.search, 0)->record == NULL)
        fail_msg("%s", external_search_hit(at.search, 0)->problem);
    end(&at);
}

static void other_form__of_an_identifier_is_tried_once(void **state)
{
    static const struct {
        external_box box;
        const char *typed, *first, *second;
    } cases[] = {
        { BOX_ISBN, "0-306-40615-2", "\"0306406152\"", "\"9780306406157\"" },
        { BOX_ISBN, "9780306406157", "\"9780306406157\"", "\"0306406152\"" },
        { BOX_ISSN, "03785955", "0378-5955", "03785955" },
        { BOX_SYSTEM_NUMBER, "ocm00012345", "\"12345\"", "ocm00012345" },
    };
    char path[64], log[4000];
    (void)state;
    log_path(path);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        served at = { .script = script_of(FAULT_NONE) };
        at.script.record_count = 0;
        at.script.log = path;
        unlink(path);
        serve(&at, NULL);
        ask(&at, cases[i].box, cases[i].typed);
        assert_int_equal(at.status->hits, 0);
        assert_int_equal(at.status->state, EXTERNAL_DONE);
        assert_int_equal(read_log(path, log, sizeof log), 2);
        char *second = strchr(log, '\n');
        *second++ = '\0';
        char plain_first[64], plain_second[64]; /* YAZ quotes only where it must */
        snprintf(plain_first, sizeof plain_first, "%.*s", (int)strcspn(cases[i].first + (cases[i].first[0] == '"'), "\""),
                 cases[i].first + (cases[i].first[0] == '"'));
        snprintf(plain_second, sizeof plain_second, "%.*s", (int)strcspn(cases[i].second + (cases[i].second[0] == '"'), "\""),
                 cases[i].second + (cases[i].second[0] == '"'));
        if (strstr(log, plain_first) == NULL || strstr(second, plain_second) == NULL)
            fail_msg("%s: '%s' then '%s'", cases[i].typed, log, second);
        end(&at);
    }
    unlink(path);
}

static void stale_session__is_made_anew_in_silence(void **state)
{
    served at = { .script = script_of(FAULT_STALE) };
    (void)state;
    serve(&at, NULL);
    for (int i = 0; i < 3; i++) {
        ask(&at, BOX_TITLE, "water");
        assert_string_equal(at.status->failure, "");
        assert_int_equal(external_search_hits(at.search), 10);
    }
    end(&at);
}

static void lost_result__is_searched_again_once(void **state)
{
    served at = { .script = script_of(FAULT_LOST_RESULT) };
    (void)state;
    serve_and_ask(&at, NULL);
    assert_string_equal(at.status->failure, "");
    assert_int_equal(external_search_hits(at.search), 10);
    end(&at);
}

/* ---- several at once, stopping, queries ---- */

static void silent_target__does_not_delay_another(void **state)
{
    pid_t silent_pid = 0, good_pid = 0;
    scripted_target silent = script_of(FAULT_HANG_SEARCH), good = script_of(FAULT_NONE);
    char file[1000];
    (void)state;
    target_list *list = list_for(scripted_target_start(&silent_pid, &silent), NULL);
    snprintf(file, sizeof file, "%sport = %d\n", quick, scripted_target_start(&good_pid, &good));
    assert_int_equal(target_list_add(list, text_from(file), "good.target", NULL), RECTO_OK);
    const target *both[2] = { target_list_get(list, 0), target_list_get(list, 1) };
    external_query query = { { [BOX_TITLE] = "water" } };
    external_search *search = NULL;
    struct pollfd polled[8];
    int64_t start = recto_clock_monotonic_ms();
    assert_int_equal(external_search_new(&search, list, both, 2, &query, 0, NULL), RECTO_OK);
    while (external_search_status(search, 1)->state != EXTERNAL_DONE) {
        int timeout = -1;
        size_t count = external_search_wanted(search, polled, 8, &timeout);
        poll(polled, (nfds_t)count, timeout);
        external_search_step(search, polled, count);
        assert_true(recto_clock_monotonic_ms() - start < 900);
    }
    assert_true(external_search_busy(search)); /* the silent one is still waited for, its row alone */
    assert_int_equal(external_search_hits(search), 10);
    external_search_stop(search);
    assert_false(external_search_busy(search));
    assert_int_equal(external_search_status(search, 0)->state, EXTERNAL_STOPPED);
    assert_int_equal(external_search_hits(search), 10); /* what came stays */
    external_search_free(search);
    target_list_free(list);
    scripted_target_stop(silent_pid);
    scripted_target_stop(good_pid);
}

static void query__holds_no_operator_of_the_user(void **state)
{
    static const struct {
        external_box box;
        const char *typed, *want;
    } cases[] = {
        { BOX_TITLE, "war and peace", "@attr 1=4 @attr 4=6 @attr 5=1 \"war and peace\"" },
        { BOX_TITLE, "\"war and peace\"", "@attr 1=4 @attr 4=1 \"war and peace\"" },
        { BOX_TITLE, "\"war and pe*\"", "@attr 1=4 @attr 4=1 @attr 5=1 \"war and pe\"" },
        { BOX_TITLE, "@or @attr 1=7 \"x\" y", "@attr 1=4 @attr 4=6 @attr 5=1 \"or attr 1 7 x y\"" },
        { BOX_TITLE, "a\\\" @attr", "@attr 1=4 @attr 4=6 @attr 5=1 \"a attr\"" },
        { BOX_AUTHOR, "solit*", "@attr 1=1003 @attr 4=6 @attr 5=1 \"solit\"" },
        { BOX_SYSTEM_NUMBER, "(OCoLC)ocn000123456", "@attr 1=12 @attr 4=1 \"123456\"" },
        { BOX_SYSTEM_NUMBER, "weird \"quote\\", "@attr 1=12 @attr 4=1 \"weird \\\"quote\\\\\"" },
    };
    served at = { .script = script_of(FAULT_NONE) };
    (void)state;
    serve(&at, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ask(&at, cases[i].box, cases[i].typed);
        assert_string_equal(at.status->query, cases[i].want);
    }
    end(&at);
}

static void boxes__are_joined_with_and(void **state)
{
    served at = { .script = script_of(FAULT_NONE) };
    external_query query = { { [BOX_TITLE] = "war peace", [BOX_AUTHOR] = " tolstoy ", [BOX_ISBN] = "  " } };
    recto_error error;
    (void)state;
    serve(&at, NULL);
    const target *one = target_list_get(at.list, 0);
    assert_int_equal(external_search_new(&at.search, at.list, &one, 1, &query, 0, NULL), RECTO_OK);
    drive(at.search);
    assert_string_equal(external_search_status(at.search, 0)->query,
                        "@and @attr 1=4 @attr 4=6 @attr 5=1 \"war peace\" @attr 1=1003 @attr 4=6 \"tolstoy\"");
    external_search_free(at.search);
    query = (external_query){ { NULL } };
    assert_int_equal(external_search_new(&at.search, at.list, &one, 1, &query, 0, &error), RECTO_EINVALID);
    assert_string_equal(error.what, "type something to search for");
    query.boxes[BOX_SUBJECT] = "water";
    assert_false(target_supports(at.list, one, BOX_SUBJECT));
    assert_int_equal(external_search_new(&at.search, at.list, &one, 1, &query, 0, &error), RECTO_OK);
    assert_non_null(strstr(external_search_status(at.search, 0)->failure, "cannot search by Subject"));
    end(&at);
}

/* ---- accounts ---- */

static void password__is_sent_and_never_shown(void **state)
{
    char path[64];
    recto_error error;
    served at = { .script = script_of(FAULT_INIT_DIAGNOSTIC) };
    (void)state;
    at.script.code = 1014; /* the sentence quotes the target, and the target quotes the password */
    serve_and_ask(&at, "account = yes\n");
    assert_non_null(strstr(at.status->failure, "needs an account"));

    log_path(path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("# accounts\nscripted 100200300 open sesame 17\nunknown a b\n", file);
    fclose(file);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(target_list_credentials(at.list, path, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.todo, "chmod 600"));
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(target_list_credentials(at.list, path, &error), RECTO_OK);
    ask(&at, BOX_TITLE, "water");
    const char *failure = at.status->failure;
    if (strstr(failure, "you sent ****") == NULL || strstr(failure, "sesame") != NULL)
        fail_msg("%s", failure);
    assert_int_equal(target_list_credentials(at.list, "/nonexistent/accounts", &error), RECTO_ENOTFOUND);
    end(&at);
    unlink(path);
}

/* ---- target files ---- */

static void target_file__names_file_and_line_of_a_fault(void **state)
{
    static const struct {
        const char *name, *file, *where;
    } cases[] = {
        { "unknown key", "host = x\nprot = 210\n", "bad.target:2" },
        { "port out of range", "host = x\nport = 70000\n", "bad.target:2" },
        { "no equals", "host = x\n\n# remark\nrubbish\n", "bad.target:4" },
        { "unknown box", "box xx = use 4\n", "bad.target:1" },
        { "unknown form", "box ti = use 4, form poem\n", "bad.target:1" },
        { "unknown charset", "charset = klingon\n", "bad.target:1" },
        { "neither yes nor no", "enabled = perhaps\n", "bad.target:1" },
        { "no host", "port = 210\nbox ti = use 4\n", "bad.target" },
        { "no box", "port = 210\nhost = x\n", "bad.target" },
    };
    target_list *list = NULL;
    (void)state;
    assert_int_equal(target_list_new(&list, NULL), RECTO_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        recto_error error = { .where = "" };
        if (target_list_add(list, text_from(cases[i].file), "bad.target", &error) != RECTO_EDATA)
            fail_msg("%s was taken", cases[i].name);
        assert_string_equal(error.where, cases[i].where);
    }
    assert_int_equal(target_list_count(list), 0);
    target_list_free(list);
}

static void later_file__replaces_an_earlier_one(void **state)
{
    target_list *list = NULL;
    (void)state;
    assert_int_equal(target_list_new(&list, NULL), RECTO_OK);
    assert_int_equal(target_list_add(list, text_from("host=a\nport=1\nbox ti=use 4\n"), "x/one.target", NULL), RECTO_OK);
    const target *old = target_list_find(list, "one");
    assert_int_equal(target_list_add(list, text_from("host=b\nport=2\nbox ti=use 4\n"), "one.target", NULL), RECTO_OK);
    assert_int_equal(target_list_count(list), 1);
    assert_string_equal(target_list_find(list, "ONE")->host, "b");
    assert_string_equal(old->host, "a"); /* a screen that still holds it reads sound memory */
    target_list_free(list);
}

static void keep_line(void *context, const char *line)
{
    strncat(context, line, 3999 - strlen(context));
    strncat(context, "\n", 3999 - strlen(context));
}

static void target_test__tells_each_step(void **state)
{
    char told[4000] = "";
    served at = { .script = script_of(FAULT_NONE) };
    recto_error error;
    (void)state;
    serve(&at, NULL);
    assert_int_equal(target_test(at.list, target_list_get(at.list, 0), keep_line, told, &error), RECTO_OK);
    assert_non_null(strstr(told, "session accepted"));
    assert_non_null(strstr(told, "25 hits"));
    assert_non_null(strstr(told, "fetched record 1"));
    scripted_target_stop(at.pid);
    assert_int_equal(target_test(at.list, target_list_get(at.list, 0), keep_line, told, &error), RECTO_ENETWORK);
    target_list_free(at.list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failure__is_a_sentence_and_never_no_hits),
        cmocka_unit_test(name__that_does_not_exist_is_told_from_a_refused_port),
        cmocka_unit_test(first_page__comes_with_the_search_and_more_on_demand),
        cmocka_unit_test(fewer_records__than_announced_end_the_list),
        cmocka_unit_test(huge_count__costs_nothing),
        cmocka_unit_test(unasked_init__does_not_end_the_program),
        cmocka_unit_test(record_refused__leaves_the_others),
        cmocka_unit_test(character_sets__are_read_as_the_bytes_say),
        cmocka_unit_test(large_record__comes_whole),
        cmocka_unit_test(damaged_record__is_listed_with_its_bytes),
        cmocka_unit_test(foreign_syntax__is_shown_not_imported),
        cmocka_unit_test(mutated_answers__are_survived),
        cmocka_unit_test(refused_attributes__are_left_out_and_remembered),
        cmocka_unit_test(refused_syntax__is_asked_for_as_xml),
        cmocka_unit_test(other_form__of_an_identifier_is_tried_once),
        cmocka_unit_test(stale_session__is_made_anew_in_silence),
        cmocka_unit_test(lost_result__is_searched_again_once),
        cmocka_unit_test(silent_target__does_not_delay_another),
        cmocka_unit_test(query__holds_no_operator_of_the_user),
        cmocka_unit_test(boxes__are_joined_with_and),
        cmocka_unit_test(password__is_sent_and_never_shown),
        cmocka_unit_test(target_file__names_file_and_line_of_a_fault),
        cmocka_unit_test(later_file__replaces_an_earlier_one),
        cmocka_unit_test(target_test__tells_each_step),
    };
    signal(SIGPIPE, SIG_IGN);
    prepare_samples();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
