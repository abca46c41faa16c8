/* tests/tui/editor_alerts_test.c - alerts of the editor: each is mended by one command where something is known to mend it. */
#include "editor_bench.h"

static const char FAULTY[] = "=LDR  00000cam a2200000 i 4500\n"
                             "=008  760211s1970\\\\\\\\nyu\\\\\\\\\\\\|\\\\\\\\000\\1\\eng\\\\\n"
                             "=020  \\\\$a9780262033845\n"
                             "=022  \\\\$a0378-5956\n"
                             "=100  1\\$aGarcía Márquez, Gabriel,$d1927-2014.\n"
                             "=245  10$6880-07$aThe solitude:$bnovel $cG. García Márquez\n"
                             "=300  \\\\$a422 pages ;$c22 cm\n"
                             "=880  \\\\$6500-09/(2$aHebrew\n\n";

static void mends_from(bench *bench, const char *tag, char code, size_t times)
{
    goes_to(bench, tag, code);
    for (size_t i = 0; i < times; i++)
        command_named_runs(bench, "alert.fix");
}

static void an_alert_is_mended_by_one_command(void **state)
{
    static const struct {
        const char *name, *tag;
        char code;
        size_t times;
        const char *want;
    } cases[] = {
        { "check digit of an ISBN", "020", 'a', 1, "020 \\\\ $a9780262033848" },
        { "check digit of an ISSN", "022", 'a', 1, "022 \\\\ $a0378-5955" },
        { "the number of an 880 that stands alone", "880", 'a', 1, "880 \\\\ $6500-00/(2$aHebrew" },
    };
    bench bench;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sit_down(&bench, FAULTY);
        mends_from(&bench, cases[i].tag, cases[i].code, cases[i].times);
        shows(&bench, row_of(&bench, cases[i].tag), cases[i].want, cases[i].name);
        command_named_runs(&bench, "edit.undo");
        assert_false(marc_edit_changed(edit_of(bench.pane->session)));
        stand_up(&bench);
    }
}

/* Non-filing characters, the $6 without partner, and the marks before $b, $c and at the end: one after the other. */
static void mending_goes_on_until_nothing_is_left(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, FAULTY);
    mends_from(&bench, "245", 'a', 8);
    shows(&bench, row_of(&bench, "245"), "245 14 $aThe solitude :$bnovel /$cG. García Márquez.", "all of 245");
    assert_non_null(strstr(bench.station->status, "no alert"));
    stand_up(&bench);
}

static void a_field_without_alert_is_left_alone(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, FAULTY);
    mends_from(&bench, "300", 'a', 1);
    assert_false(marc_edit_changed(edit_of(bench.pane->session)));
    stand_up(&bench);
}

static size_t alerts_of(const bench *bench, size_t row)
{
    size_t count = 0;
    for (size_t i = 0; i < bench->pane->findings.count; i++)
        count += bench->pane->findings.list[i].row == row;
    return count;
}

/* A field that is being made is empty, and whoever makes it knows: it is looked at when it is left, or when one asks. */
static void a_new_field_has_no_alert_until_it_is_left(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, FAULTY);
    goes_to(&bench, "300", 'a');
    command_named_runs(&bench, "field.append");
    const size_t made = bench.pane->row;
    assert_int_equal(alerts_of(&bench, made), 0);
    types(&bench, "490");
    assert_int_equal(alerts_of(&bench, made), 0);
    types(&bench, "<Up>");
    editor_meet(bench.pane);
    assert_true(alerts_of(&bench, made) > 0);
    stand_up(&bench);
}

static void a_new_field_has_its_alerts_when_one_asks(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, FAULTY);
    goes_to(&bench, "300", 'a');
    command_named_runs(&bench, "field.append");
    types(&bench, "490");
    command_named_runs(&bench, "record.validate");
    assert_true(alerts_of(&bench, bench.pane->row) > 0);
    stand_up(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alert_is_mended_by_one_command),        cmocka_unit_test(mending_goes_on_until_nothing_is_left),
        cmocka_unit_test(a_field_without_alert_is_left_alone),      cmocka_unit_test(a_new_field_has_no_alert_until_it_is_left),
        cmocka_unit_test(a_new_field_has_its_alerts_when_one_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
