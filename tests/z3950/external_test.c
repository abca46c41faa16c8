/* tests/z3950/external_test.c - the client against targets that fail, that send whatever they like, or nothing. */
#include "z3950/external_room.h"

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

/* ---- several at once, and stopping ---- */

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
        cmocka_unit_test(silent_target__does_not_delay_another),
    };
    signal(SIGPIPE, SIG_IGN);
    prepare_samples();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
