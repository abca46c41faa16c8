/* tests/tui/editor_form_test.c - the form of a fixed field: its raw string is typed in beside the elements; and the pairs of a
 * field and its 880 in the grid. */
#include "editor_bench.h"

static void the_raw_string_is_typed_over_in_the_form(void **state)
{
    static const struct {
        const char *name, *script, *want;
    } cases[] = {
        { "nothing typed", "<field.form><Up><Down>", "008 760211s1970\\\\\\\\nyu\\\\\\\\\\\\|\\\\\\\\000\\1\\eng\\\\" },
        { "the first position", "<field.form><Up><Home>9", "008 960211s1970\\\\\\\\nyu\\\\\\\\\\\\|\\\\\\\\000\\1\\eng\\\\" },
        { "two that follow", "<field.form><Up><Right><Right>12",
          "008 761211s1970\\\\\\\\nyu\\\\\\\\\\\\|\\\\\\\\000\\1\\eng\\\\" },
        { "Left at the start stays", "<field.form><Up><Left><Left>8",
          "008 860211s1970\\\\\\\\nyu\\\\\\\\\\\\|\\\\\\\\000\\1\\eng\\\\" },
    };
    bench bench;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sit_down(&bench, BOOK);
        goes_to(&bench, "008", 0);
        types(&bench, cases[i].script);
        shows(&bench, row_of(&bench, "008"), cases[i].want, cases[i].name);
        assert_true(bench.pane->form.open);
        stand_up(&bench);
    }
}

/* Whole positions and their name: not the byte that the cursor happens to be on. */
static void what_is_computed_is_named_whole(void **state)
{
    static const struct {
        const char *script, *want;
    } cases[] = {
        { "<field.form>9", "LDR/00-04, Record length, is computed when the record is saved" },
        { "9", "LDR/00-04, Record length, is computed when the record is saved" },
        { "<Right><Right>9", "LDR/00-04, Record length, is computed when the record is saved" },
    };
    bench bench;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sit_down(&bench, BOOK);
        editor_move_to(bench.pane, 0, BOX_CONTENT, 0);
        types(&bench, cases[i].script);
        assert_string_equal(bench.station->status, cases[i].want);
        stand_up(&bench);
    }
}

static const char PAIRS[] = "=LDR  00000cam a2200000 i 4500\n"
                            "=008  760211s1970\\\\\\\\nyu\\\\\\\\\\\\|\\\\\\\\000\\1\\eng\\\\\n"
                            "=245  10$6880-01$aSolitude\n"
                            "=300  \\\\$a422 pages\n"
                            "=880  10$6245-01/(2/r$a\xD7\x91\xD7\x93\n"
                            "=880  \\\\$6500-00/(2/r$a\xD7\x90\n\n";

static const char PAIR_LAST[] = "=LDR  00000cam a2200000 i 4500\n"
                                "=245  10$6880-01$aSolitude\n"
                                "=300  \\\\$a422 pages\n"
                                "=880  10$6245-01/(2/r$a\xD7\x91\xD7\x93\n\n";

/* LDR 008 245 =880 300 880: the rows 0 1 2 4 3 5. */
static void an_880_is_walked_under_its_field(void **state)
{
    static const size_t order[] = { 0, 1, 2, 4, 3, 5 };
    bench bench;
    (void)state;
    sit_down(&bench, PAIRS);
    editor_move_to(bench.pane, 0, BOX_CONTENT, 0);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        assert_int_equal(bench.pane->row, order[i]);
        types(&bench, "<Down>");
    }
    for (size_t i = sizeof order / sizeof *order; i-- > 0;) {
        assert_int_equal(bench.pane->row, order[i]);
        types(&bench, "<Up>");
    }
    command_named_runs(&bench, "cursor.last");
    assert_int_equal(bench.pane->row, 5); /* the one shown last: the lone 880, not whichever came last in the record */
    stand_up(&bench);
}

/* Where the record ends with the 880 of a field in its midst, the last field is still the one shown last. */
static void the_last_field_is_the_one_shown_last(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, PAIR_LAST);
    command_named_runs(&bench, "cursor.last");
    assert_int_equal(bench.pane->row, row_of(&bench, "300"));
    stand_up(&bench);
}

static void linkage_is_hidden_and_kept_while_typing(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, PAIRS);
    goes_to(&bench, "245", 'a');
    types(&bench, "The <Home><Left><Left>4"); /* left of $a: its code, then the second indicator */
    shows(&bench, row_of(&bench, "245"), "245 14 $6880-01$aThe Solitude", "typed before $a");
    command_named_runs(&bench, "linked.other");
    types(&bench, "<BS><Del>");
    shows(&bench, 4, "880 10 $6245-01/(2/r$a\xD7\x93", "the other half");
    command_named_runs(&bench, "linked.show");
    types(&bench, "<Home>");
    assert_int_equal(bench.pane->offset, 4); /* $6 is walked now */
    stand_up(&bench);
}

static void a_new_field_stands_behind_the_pair(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, PAIRS);
    editor_move_to(bench.pane, 4, BOX_CONTENT, 0);
    types(&bench, "<field.append>246  Other");
    shows(&bench, 3, "246 \\\\ $aOther", "behind 245");
    assert_int_equal(editor_row_before(bench.pane, 3), 5); /* the 880 of 245 */
    stand_up(&bench);
}

static void flipping_and_unlinking_can_be_undone(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, PAIRS);
    goes_to(&bench, "245", 'a');
    command_named_runs(&bench, "linked.flip");
    shows(&bench, row_of(&bench, "245"), "245 10 $6880-01$a\xD7\x91\xD7\x93", "flipped");
    command_named_runs(&bench, "edit.undo");
    assert_false(marc_edit_changed(edit_of(bench.pane->session)));
    goes_to(&bench, "300", 'a');
    command_named_runs(&bench, "linked.flip");
    assert_non_null(strstr(bench.station->status, "linked with none"));
    stand_up(&bench);
}

static void several_lines_are_shown_before_they_are_pasted(void **state)
{
    static const struct {
        const char *name, *pasted;
        bool asks;
    } cases[] = {
        { "one line", "and more", false },
        { "one line and its end", "and more\n", false },
        { "a field", "246 10 $$aOther", false },
        { "two lines", "and\nmore", true },
        { "two fields", "246 10 $$aOther\n500    $$aNote", true },
        { "the system's field beside a line", "=001  12\n=500  \\\\$aNote", true },
    };
    bench bench;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sit_down(&bench, BOOK);
        goes_to(&bench, "300", 'a');
        editor_pane.paste(bench.pane, text_from(cases[i].pasted), bench.station);
        if (answers(&bench, "c") != cases[i].asks)
            fail_msg("%s", cases[i].name);
        assert_int_equal(marc_edit_changed(edit_of(bench.pane->session)), !cases[i].asks);
        stand_up(&bench);
    }
}

static void removing_one_half_asks(void **state)
{
    static const struct {
        const char *letter, *want_245, *want_880;
    } cases[] = {
        { "k", "245 10 $6880-01$aSolitude", "880 10 $6245-01/(2/r$a\xD7\x91\xD7\x93" },
        { "r", NULL, "880 10 $6245-00/(2/r$a\xD7\x91\xD7\x93" },
        { "b", NULL, "880 \\\\ $6500-00/(2/r$a\xD7\x90" },
    };
    bench bench;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sit_down(&bench, PAIRS);
        goes_to(&bench, "245", 'a');
        command_named_runs(&bench, "field.remove");
        assert_true(answers(&bench, cases[i].letter));
        if (cases[i].want_245 != NULL)
            shows(&bench, row_of(&bench, "245"), cases[i].want_245, cases[i].letter);
        else
            assert_int_equal(row_of(&bench, "245"), 0);
        shows(&bench, row_of(&bench, "880"), cases[i].want_880, cases[i].letter);
        stand_up(&bench);
    }
}

/* Whatever lies over the editor is answered: mostly by Enter or a letter, at times by Esc. */
static void answer_by_chance(bench *bench, unsigned chance)
{
    static const char *const letters[] = { "k", "b", "r", "c", "t", "p", "2", "g" };
    for (int i = 0; bench->station->overlay_count > 0; i++) {
        overlay *top = &bench->station->overlays[bench->station->overlay_count - 1];
        key pressed = { .name = i > 3 || chance % 7 == 0 ? KEY_NAME_ESCAPE : KEY_NAME_ENTER };
        if (i < 3 && chance % 2 == 0)
            (void)answers(bench, letters[(chance / 2 + (unsigned)i) % 8]);
        else
            top->typed(top->model, &pressed, bench->station);
    }
}

static void random_work_on_pairs_is_all_taken_back_by_undo(void **state)
{
    static const char *const tokens[] = {
        "<linked.add>",
        "<linked.flip>",
        "<linked.unlink>",
        "<linked.link>",
        "<linked.script>",
        "<linked.other>",
        "<linked.show>",
        "<field.remove>",
        "<field.append>",
        "<character.insert>",
        "<character.compose>",
        "'e",
        "{acute}a",
        "\xD7\x91\xD7\x93",
        "<Up>",
        "<Down>",
        "<Left>",
        "<Right>",
        "<Home>",
        "<End>",
        "<Tab>",
        "<BackTab>",
        "<BS>",
        "<Del>",
        "<Enter>",
        "$$6880-0",
        "<value.choose>",
        "<help.cursor>",
        "<alert.fix>",
        "<edit.undo>",
        "<edit.redo>",
        "<field.mark>",
        "<field.form>",
        "1",
        "x",
        " ",
    };
    enum { TOKENS = sizeof tokens / sizeof *tokens, KEYS = 3000 };
    bench bench;
    unsigned random = 4711;
    (void)state;
    sit_down(&bench, PAIRS);
    for (int i = 0; i < KEYS; i++) {
        random = random * 1103515245U + 12345U;
        types(&bench, tokens[(random >> 16) % TOKENS]);
        answer_by_chance(&bench, random >> 8);
        assert_true(bench.pane->row < editor_rows(bench.pane));
        assert_true(editor_row_place(bench.pane, bench.pane->row) < editor_rows(bench.pane));
    }
    for (size_t left = marc_edit_steps(edit_of(bench.pane->session)) + 2; left > 0; left--)
        command_named_runs(&bench, "edit.undo");
    assert_false(marc_edit_changed(edit_of(bench.pane->session)));
    stand_up(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_raw_string_is_typed_over_in_the_form),
        cmocka_unit_test(what_is_computed_is_named_whole),
        cmocka_unit_test(an_880_is_walked_under_its_field),
        cmocka_unit_test(the_last_field_is_the_one_shown_last),
        cmocka_unit_test(linkage_is_hidden_and_kept_while_typing),
        cmocka_unit_test(a_new_field_stands_behind_the_pair),
        cmocka_unit_test(several_lines_are_shown_before_they_are_pasted),
        cmocka_unit_test(removing_one_half_asks),
        cmocka_unit_test(random_work_on_pairs_is_all_taken_back_by_undo),
        cmocka_unit_test(flipping_and_unlinking_can_be_undone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
