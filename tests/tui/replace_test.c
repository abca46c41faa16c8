/* tests/tui/replace_test.c - patterns, what they find, and what a replacement makes of a record. */
#include "editor_bench.h"

#include "../../src/tui/replace.h"

static void patterns_find_text_and_expressions(void **state)
{
    static const struct {
        const char *typed, *subject;
        size_t start, length; /* length 0: not found */
    } cases[] = {
        { "york", "New York", 4, 4 },     { "York", "new york", 0, 0 },
        { "[1970]", "c[1970]", 1, 6 },    { "/[0-9]{4}/", "c1970", 1, 4 },
        { "/YORK/i", "New York", 4, 4 },  { "/ork/w", "New York", 0, 0 },
        { "/york/iw", "New York", 4, 4 }, { "márquez", "García MÁRQUEZ", 8, 8 },
        { "/x*/", "aaa", 0, 0 },          { "/", "a/b", 1, 1 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        text_pattern *pattern = NULL;
        recto_error error;
        size_t start = 0, length = 0;
        must(text_pattern_new(&pattern, text_from(cases[i].typed), &error), &error);
        bool found = text_pattern_find(pattern, text_from(cases[i].subject), 0, &start, &length);
        if (found != (cases[i].length > 0) || (found && (start != cases[i].start || length != cases[i].length)))
            fail_msg("%s in %s: found %d at %zu, %zu bytes", cases[i].typed, cases[i].subject, found, start, length);
        text_pattern_free(pattern);
    }
}

static void a_bad_expression_says_where_and_a_costly_one_stops(void **state)
{
    text_pattern *pattern = NULL;
    recto_error error;
    size_t start, length;
    char long_text[4000];
    (void)state;
    assert_int_equal(text_pattern_new(&pattern, TEXT("/a(b/"), &error), RECTO_EINVALID);
    assert_string_equal(error.where, "column 4");
    must(text_pattern_new(&pattern, TEXT("/(a+)+$/"), &error), &error);
    memset(long_text, 'a', sizeof long_text);
    long_text[sizeof long_text - 1] = '!';
    assert_false(text_pattern_find(pattern, text_of(long_text, sizeof long_text), 0, &start, &length));
    assert_int_equal(text_pattern_limits_met(pattern), 1);
    text_pattern_free(pattern);
}

static void replacements_take_groups_and_plain_text_as_it_stands(void **state)
{
    static const struct {
        const char *typed, *by, *subject, *want;
        size_t count;
    } cases[] = {
        { "/([0-9]{4})/", "[$1]", "1970-1971", "[1970]-[1971]", 2 },
        { "a", "$1", "banana", "b$1n$1n$1", 3 },
        { "/a/", "$$", "aba", "$b$", 2 },
        { "/(?<y>\\d+)/", "${y}!", "in 12", "in 12!", 1 },
        { "é", "e", "caf\xC3\xA9", "cafe", 1 },
        { "/\\bNew\\b/", "", "New New", " ", 2 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        text_pattern *pattern = NULL;
        recto_error error;
        buffer out;
        size_t count = 0;
        buffer_init(&out, 0);
        must(text_pattern_new(&pattern, text_from(cases[i].typed), &error), &error);
        must(text_pattern_replace(pattern, &out, &count, text_from(cases[i].subject), text_from(cases[i].by), &error), &error);
        assert_string_equal(buffer_string(&out), cases[i].want);
        assert_int_equal(count, cases[i].count);
        buffer_release(&out);
        text_pattern_free(pattern);
    }
    text_pattern *pattern = NULL;
    recto_error error;
    buffer out;
    size_t count = 0;
    buffer_init(&out, 0);
    must(text_pattern_new(&pattern, TEXT("/a/"), &error), &error);
    assert_int_equal(text_pattern_replace(pattern, &out, &count, TEXT("a"), TEXT("$7"), &error), RECTO_EINVALID);
    buffer_release(&out);
    text_pattern_free(pattern);
}

static void a_scope_names_tags_and_codes(void **state)
{
    (void)state;
    assert_true(replace_scope_is_sound(TEXT("")));
    assert_true(replace_scope_is_sound(TEXT("245$a$b 6XX 008")));
    assert_false(replace_scope_is_sound(TEXT("24")));
    assert_false(replace_scope_is_sound(TEXT("245$")));
    assert_false(replace_scope_is_sound(TEXT("245$$a")));
    assert_true(replace_scope_has(TEXT(""), "500", 'a'));
    assert_true(replace_scope_has(TEXT("500 6XX$x"), "650", 'x'));
    assert_false(replace_scope_has(TEXT("500 6XX$x"), "650", 'a'));
}

static const char ONE[] =
    "=LDR  00000cam a2200000 i 4500\n=245  10$aThe colour of colour /$cA. Colour.\n=500  \\\\$aColour plates.\n"
    "=650  \\0$aColours.\n\n";
static const char OTHER[] = "=LDR  00000cam a2200000 i 4500\n=245  10$aNo more colour.\n\n";

static void run(bench *bench, const char *name)
{
    replace_pane.run(station_find(bench->station, &replace_pane), command_named(name), NULL, bench->station);
    station_bury(bench->station);
}

static void each_change_is_asked_and_made_in_one_step_a_record(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, OTHER);
    editor *second = bench.pane;
    put_down(&bench, ONE);
    snprintf(bench.station->find_typed, sizeof bench.station->find_typed, "colour");
    snprintf(bench.station->replace_typed, sizeof bench.station->replace_typed, "color");
    replace_pane_open(bench.station, true, TEXT("245 500"));
    run(&bench, "replace.no"); /* the other record comes first: it was opened first */
    run(&bench, "replace.yes");
    run(&bench, "replace.stop");
    shows(&bench, row_of(&bench, "245"), "245 10 $aThe color of color /$cA. Colour.", "yes to one subfield");
    shows(&bench, row_of(&bench, "500"), "500 \\\\ $aColour plates.", "nothing said");
    assert_false(marc_edit_changed(edit_of(second->session)) && marc_edit_can_undo(edit_of(second->session)));
    types(&bench, "<edit.undo>");
    shows(&bench, row_of(&bench, "245"), "245 10 $aThe colour of colour /$cA. Colour.", "one step");
    replace_pane_open(bench.station, true, TEXT(""));
    run(&bench, "pane.back");
    assert_false(marc_edit_can_undo(edit_of(bench.pane->session)));
    replace_pane_open(bench.station, true, TEXT(""));
    run(&bench, "replace.all");
    shows(&bench, row_of(&bench, "650"), "650 \\0 $acolors.", "all");
    assert_int_equal(marc_edit_steps(edit_of(bench.pane->session)), 1);
    assert_int_equal(marc_edit_steps(edit_of(second->session)), 1);
    stand_up(&bench);
}

static void a_record_changed_after_the_search_is_left_alone(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, ONE);
    snprintf(bench.station->find_typed, sizeof bench.station->find_typed, "Colour");
    snprintf(bench.station->replace_typed, sizeof bench.station->replace_typed, "Hue");
    replace_pane_open(bench.station, false, TEXT(""));
    assert_int_equal(marc_edit_remove(edit_of(bench.pane->session), 1, NULL), RECTO_OK);
    run(&bench, "replace.all");
    assert_non_null(strstr(bench.station->status, "changed after it was searched"));
    shows(&bench, row_of(&bench, "650"), "650 \\0 $aColours.", "left alone");
    stand_up(&bench);
}

static void find_goes_from_match_to_match_and_round(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, ONE);
    snprintf(bench.station->find_typed, sizeof bench.station->find_typed, "colour");
    goes_to(&bench, "245", 'a');
    types(&bench, "<edit.find_next>");
    assert_int_equal(bench.pane->offset, 4 + 4);
    types(&bench, "<edit.find_next><edit.find_next><edit.find_next>");
    assert_int_equal(bench.pane->row, row_of(&bench, "500"));
    types(&bench, "<edit.find_next><edit.find_next>");
    assert_int_equal(bench.pane->row, row_of(&bench, "245"));
    assert_non_null(strstr(bench.station->status, "from the top"));
    types(&bench, "<edit.find_previous>");
    assert_int_equal(bench.pane->row, row_of(&bench, "650"));
    snprintf(bench.station->find_typed, sizeof bench.station->find_typed, "nowhere");
    types(&bench, "<edit.find_next>");
    assert_non_null(strstr(bench.station->status, "not in this record"));
    stand_up(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_find_text_and_expressions),
        cmocka_unit_test(a_bad_expression_says_where_and_a_costly_one_stops),
        cmocka_unit_test(replacements_take_groups_and_plain_text_as_it_stands),
        cmocka_unit_test(a_scope_names_tags_and_codes),
        cmocka_unit_test(each_change_is_asked_and_made_in_one_step_a_record),
        cmocka_unit_test(a_record_changed_after_the_search_is_left_alone),
        cmocka_unit_test(find_goes_from_match_to_match_and_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
