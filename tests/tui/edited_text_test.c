/* tests/tui/edited_text_test.c - a record as text and back, with the line of every fault; and the list of steps. */
#include "editor_bench.h"

#include "../../src/tui/record_as_text.h"
#include "../../src/tui/steps.h"

static const char BOOK_LINES[] = "LDR 00714cam\\a2200217\\i\\4500\n001 991000000000105816\n005 20251122140500.0\n"
                                 "008 760211s1970\\\\\\\\nyu\n245 10 $aSolitude :$bnine $ dollars /$cG. M\n650 \\0 $aFamilies\n";

static marc_record *former_record(void)
{
    marc_record *record = NULL;
    recto_error error;
    buffer content;
    must(marc_record_parse(&record, text_from(BOOK_LINES), MARC_FORMAT_LINE, &error), &error);
    buffer_init(&content, 0);
    buffer_append_string(&content, "10\x1f"
                                   "aA {brace} \\ and $ for $5\x1f"
                                   "bטקסט");
    must(marc_record_replace(record, 4, "245", buffer_text(&content), &error), &error);
    buffer_release(&content);
    return record;
}

static void a_text_that_was_not_changed_is_the_same_record(void **state)
{
    marc_record *former = former_record(), *back = NULL;
    recto_error error;
    buffer content, faults;
    size_t fault_count;
    bool kept;
    (void)state;
    buffer_init(&content, 0);
    buffer_init(&faults, 0);
    must(record_as_text(&content, former, "991000000000105816", &error), &error);
    must(record_from_text(&back, &faults, &fault_count, &kept, buffer_text(&content), former, &error), &error);
    assert_true(marc_record_equal(former, back));
    assert_int_equal(fault_count, 0);
    assert_false(kept);
    buffer_release(&content);
    buffer_release(&faults);
    marc_record_free(former);
    marc_record_free(back);
}

static void every_fault_is_told_with_its_line(void **state)
{
    static const struct {
        const char *name, *content, *faults;
    } cases[] = {
        { "two bad lines", "# remark\n=LDR  00000nam a2200000 i 4500\n=245 10$aNo two blanks\n=500  \\\\$aGood\n=2450  $aX\n",
          "line 3: a line begins with =, a tag of three and two blanks\nline 5: a line begins with =, a tag of three and two "
          "blanks\n" },
        { "a tag that is none", "=LDR  00000nam a2200000 i 4500\n=2?5  10$aX\n",
          "line 2: \"2?5\" is no tag: three letters or digits make one\n" },
        { "no indicators", "=LDR  00000nam a2200000 i 4500\n=245  $aX\n", "line 2: the line has no two indicators\n" },
        { "no leader", "=245  10$aX\n", "line 2: there is no leader: a line =LDR and 24 positions\n" },
        { "a short leader", "=LDR  00000nam\n=245  10$aX\n", "line 1: the leader has 8 bytes instead of 24\n" },
        { "two records", "=LDR  00000nam a2200000 i 4500\n=245  10$aX\n\n=LDR  00000nam a2200000 i 4500\n=245  10$aY\n",
          "line 4: a second leader: there is one in a record\n" },
        { "text before any field", "hello\n=LDR  00000nam a2200000 i 4500\n",
          "line 1: a line begins with =, a tag of three and two blanks\n" },
        { "no UTF-8", "=LDR  00000nam a2200000 i 4500\n=245  10$aX\xFF\n", "line 2: a byte that is no UTF-8\n" },
    };
    marc_record *former = former_record();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_record *back = NULL;
        recto_error error;
        buffer faults;
        size_t count;
        bool kept;
        buffer_init(&faults, 0);
        recto_status status = record_from_text(&back, &faults, &count, &kept, text_from(cases[i].content), former, &error);
        if (status != RECTO_EDATA || strncmp(buffer_string(&faults), cases[i].faults, strlen(cases[i].faults)) != 0)
            fail_msg("%s: status %d, faults '%s'", cases[i].name, status, buffer_string(&faults));
        assert_null(back);
        buffer_release(&faults);
    }
    marc_record_free(former);
}

static void what_the_system_keeps_stays_and_fields_go_on_in_the_next_line(void **state)
{
    static const char edited[] =
        "=LDR  99999nas a2299999 i 4599\r\n=001  12345\r\n=245  10$aLong\r\n title\r\n=500  \\\\$aNew\r\n\r\n";
    marc_record *former = former_record(), *back = NULL;
    recto_error error;
    buffer faults;
    size_t count;
    bool kept;
    (void)state;
    buffer_init(&faults, 0);
    must(record_from_text(&back, &faults, &count, &kept, text_from(edited), former, &error), &error);
    assert_true(kept);
    assert_memory_equal(marc_record_leader(back), "00714nas a2200217 i 4500", MARC_LEADER_LENGTH);
    assert_true(text_equal(marc_record_control(back, "001"), TEXT("991000000000105816")));
    assert_true(text_equal(marc_record_control(back, "005"), TEXT("20251122140500.0")));
    assert_int_equal(marc_record_count(back), 4);
    assert_non_null(strstr(marc_record_text(back, "245", 'a').bytes, "Long"));
    buffer_release(&faults);
    marc_record_free(former);
    marc_record_free(back);
}

/* Whoever opens a line at the end of the file finds the end of the record there, and an empty line between two fields is air. */
static void an_empty_line_is_no_fault(void **state)
{
    static const char edited[] = "\n=LDR  00714nam a2200217 i 4500\n=245  10$aX\n\n=500  \\\\$aY\n\n\n=650  \\0$aZ\n\n";
    marc_record *former = former_record(), *back = NULL;
    recto_error error;
    buffer content, faults;
    size_t count;
    bool kept;
    (void)state;
    buffer_init(&content, 0);
    buffer_init(&faults, 0);
    must(record_as_text(&content, former, "991000000000105816", &error), &error);
    assert_null(strstr(buffer_string(&content), "\n\n"));
    must(record_from_text(&back, &faults, &count, &kept, text_from(edited), former, &error), &error);
    assert_int_equal(count, 0);
    assert_true(text_equal(marc_record_text(back, "500", 'a'), TEXT("Y")));
    assert_true(text_equal(marc_record_text(back, "650", 'a'), TEXT("Z")));
    buffer_release(&content);
    buffer_release(&faults);
    marc_record_free(former);
    marc_record_free(back);
}

static void each_step_says_what_it_did_and_can_be_gone_to(void **state)
{
    bench bench;
    buffer line;
    (void)state;
    sit_down(&bench, BOOK);
    buffer_init(&line, 0);
    goes_to(&bench, "300", 'a');
    types(&bench, "xx<Up><field.remove>");
    goes_to(&bench, "300", 'a');
    types(&bench, "<field.mark><field.copy><field.paste>");
    marc_edit *edit = edit_of(bench.pane->session);
    assert_int_equal(marc_edit_step_count(edit), 3);
    marc_edit_step_describe(&line, edit, 0);
    assert_string_equal(buffer_string(&line), "Change 300:   $a422 pages ;$… ->   $axx422 pages ;$…");
    steps_pane_open(bench.station, bench.pane->session);
    void *steps = station_find(bench.station, &steps_pane);
    steps_pane.run(steps, command_named("list.home"), NULL, bench.station);
    steps_pane.run(steps, command_named("list.open"), NULL, bench.station);
    assert_false(marc_edit_can_undo(edit));
    shows(&bench, row_of(&bench, "300"), "300 \\\\ $a422 pages ;$c22 cm", "as it was opened");
    steps_pane.run(steps, command_named("list.down"), NULL, bench.station);
    steps_pane.run(steps, command_named("list.open"), NULL, bench.station);
    assert_int_equal(marc_edit_steps(edit), 1);
    stand_up(&bench);
    buffer_release(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_that_was_not_changed_is_the_same_record),
        cmocka_unit_test(every_fault_is_told_with_its_line),
        cmocka_unit_test(what_the_system_keeps_stays_and_fields_go_on_in_the_next_line),
        cmocka_unit_test(an_empty_line_is_no_fault),
        cmocka_unit_test(each_step_says_what_it_did_and_can_be_gone_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
