/* tests/z3950/targets_test.c - how a target is asked: the query that its boxes make, second tries, its account; and the files
 * that describe targets. */
#include "z3950/external_room.h"

#include <sys/stat.h>

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

/* ---- queries ---- */

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
        cmocka_unit_test(refused_attributes__are_left_out_and_remembered),
        cmocka_unit_test(refused_syntax__is_asked_for_as_xml),
        cmocka_unit_test(other_form__of_an_identifier_is_tried_once),
        cmocka_unit_test(stale_session__is_made_anew_in_silence),
        cmocka_unit_test(lost_result__is_searched_again_once),
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
