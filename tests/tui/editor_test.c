/* tests/tui/editor_test.c - the record editor by its keys: what typing makes of a record, and where the cursor goes.
 *
 * A workstation without a terminal: keys go to the pane as the event loop would send them, and the record is looked at. */
#include "editor_bench.h"

static void typing_changes_the_field_under_the_cursor(void **state)
{
    static const struct {
        const char *name, *tag;
        char code;
        const char *script, *want;
    } cases[] = {
        { "inserts at the start of $a", "245", 'a', "The ", "245 10 $aThe Solitude /$cG. García Márquez." },
        { "End appends", "245", 'a', "<End> x", "245 10 $aSolitude /$cG. García Márquez. x" },
        { "two dollars begin a subfield, the blank before them goes", "245", 'a', "<End> $$nPart",
          "245 10 $aSolitude /$cG. García Márquez.$nPart" },
        { "the blank behind a code is the screen's", "245", 'a', "<End>$$n Part",
          "245 10 $aSolitude /$cG. García Márquez.$nPart" },
        { "the command does the same", "245", 'a', "<End><subfield.append>nPart",
          "245 10 $aSolitude /$cG. García Márquez.$nPart" },
        { "a subfield in the middle", "300", 'a', "<Right><Right><Right><Right>$$bx", "300 \\\\ $a422$bxpages ;$c22 cm" },
        { "a dollar alone stays one", "300", 'a', "$5 ", "300 \\\\ $a{dollar}5 422 pages ;$c22 cm" },
        { "literal dollars", "300", 'a', "{dollar}{dollar}", "300 \\\\ $a{dollar}{dollar}422 pages ;$c22 cm" },
        { "a code is overwritten", "300", 'c', "<Left>e", "300 \\\\ $a422 pages ;$e22 cm" },
        { "Backspace behind a code joins", "300", 'c', "<BS>", "300 \\\\ $a422 pages ;22 cm" },
        { "Delete at the end of a value joins", "300", 'c', "<Left><Left><Del>", "300 \\\\ $a422 pages ;22 cm" },
        { "Backspace takes a grapheme", "100", 'd', "<Left><Left><BS><BS>", "100 1\\ $aGarcía Márquez, Gabrie$d1927-2014." },
        { "an indicator is overwritten and the cursor runs on", "245", 'a', "<BackTab><BackTab>04The ",
          "245 04 $aThe Solitude /$cG. García Márquez." },
        { "# is a blank indicator", "100", 'a', "<BackTab><BackTab>##", "100 \\\\ $aGarcía Márquez, Gabriel,$d1927-2014." },
        { "the tag is overwritten", "100", 'a', "<Home><Home>700", "700 1\\ $aGarcía Márquez, Gabriel,$d1927-2014." },
        { "CJK", "300", 'a', "<End>字", "300 \\\\ $a422 pages ;$c22 cm字" },
        { "Hebrew in logical order", "300", 'a', "<End>אב<Left>ג", "300 \\\\ $a422 pages ;$c22 cmאגב" },
        { "a character replaced", "245", 'a', "<text.replace>s", "245 10 $asolitude /$cG. García Márquez." },
        { "a letter with its accent replaced", "100", 'a', "<Right><Right><Right><Right><text.replace>i",
          "100 1\\ $aGarcia Márquez, Gabriel,$d1927-2014." },
        { "a code replaced", "300", 'c', "<Left><text.replace>e", "300 \\\\ $a422 pages ;$e22 cm" },
        { "an indicator replaced, the cursor stays", "245", 'a', "<BackTab><text.replace>4<text.replace>2",
          "245 12 $aSolitude /$cG. García Márquez." },
        { "nothing to replace at the end", "300", 'a', "<End><text.replace>x", "300 \\\\ $a422 pages ;$c22 cm" },
        { "case changed, going on", "245", 'a', "<text.change_case><text.change_case><text.change_case>",
          "245 10 $asOLitude /$cG. García Márquez." },
        { "case changed of an accent", "100", 'a', "<Right><Right><Right><Right><text.change_case>",
          "100 1\\ $aGarcÍa Márquez, Gabriel,$d1927-2014." },
        { "found in the field", "300", 'a', "<cursor.find>p<text.change_case>", "300 \\\\ $a422 Pages ;$c22 cm" },
        { "found once more", "100", 'a', "<cursor.find>a<cursor.find_again><text.change_case>",
          "100 1\\ $aGarcíA Márquez, Gabriel,$d1927-2014." },
        { "and the other way", "100", 'a', "<cursor.find>a<cursor.find_again><cursor.find_reverse><text.change_case>",
          "100 1\\ $aGArcía Márquez, Gabriel,$d1927-2014." },
        { "before it, and before the next one", "100", 'a', "<cursor.till>a<cursor.find_again><text.replace>x",
          "100 1\\ $aGarcxa Márquez, Gabriel,$d1927-2014." },
        { "found backwards", "245", 'c', "<End><cursor.find_back>M<text.change_case>",
          "245 10 $aSolitude /$cG. García márquez." },
        { "a dollar is the next subfield", "300", 'a', "<cursor.find>$<text.replace>b", "300 \\\\ $a422 pages ;$b22 cm" },
        { "what is not there moves nothing", "245", 'a', "<cursor.find>X<text.change_case>",
          "245 10 $asolitude /$cG. García Márquez." },
        { "deleted up to a character", "300", 'a', "<text.delete_till>p", "300 \\\\ $apages ;$c22 cm" },
        { "deleted with it", "300", 'a', "<text.delete_find>p", "300 \\\\ $aages ;$c22 cm" },
        { "deleted up to the next subfield", "300", 'a', "<text.delete_till>$", "300 \\\\ $a$c22 cm" },
        { "deleted through its code", "300", 'a', "<text.delete_find>$", "300 \\\\ $a22 cm" },
        { "changed up to a character", "300", 'a', "<text.change_till>pxii, ", "300 \\\\ $axii, pages ;$c22 cm" },
        { "undo takes the replacement back", "245", 'a', "<text.replace>s<edit.undo>",
          "245 10 $aSolitude /$cG. García Márquez." },
        { "undo takes the typing back", "245", 'a', "The <edit.undo>", "245 10 $aSolitude /$cG. García Márquez." },
        { "redo makes it again", "245", 'a', "The <edit.undo><edit.redo>", "245 10 $aThe Solitude /$cG. García Márquez." },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bench bench;
        sit_down(&bench, BOOK);
        size_t row = row_of(&bench, cases[i].tag);
        goes_to(&bench, cases[i].tag, cases[i].code);
        types(&bench, cases[i].script);
        shows(&bench, row, cases[i].want, cases[i].name);
        stand_up(&bench);
    }
}

static void a_new_field_takes_its_tag_first_and_stays_where_it_was_put(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, BOOK);
    goes_to(&bench, "245", 'a');
    types(&bench, "<field.append>500  Translation.");
    shows(&bench, row_of(&bench, "500"), "500 \\\\ $aTranslation.", "F8");
    assert_int_equal(row_of(&bench, "500"), row_of(&bench, "245") + 1);
    stand_up(&bench);
}

/* What is typed at the title of the book leaves the field of this tag so. */
static void typing_makes(const char *typed, const char *tag, const char *want)
{
    bench bench;
    sit_down(&bench, BOOK);
    goes_to(&bench, "245", 'a');
    types(&bench, typed);
    shows(&bench, row_of(&bench, tag), want, typed);
    stand_up(&bench);
}

/* The $a of a new field is the editor's: whoever types the delimiter first gets the one typed, and no empty $a before it. */
static void a_delimiter_typed_in_a_new_field_takes_the_place_of_its_empty_a(void **state)
{
    static const struct {
        const char *typed, *want;
    } cases[] = {
        { "<field.append>500  $$aTyped.", "500 \\\\ $aTyped." },
        { "<field.append>500  $$3Copy 2:$$aTyped.", "500 \\\\ $3Copy 2:$aTyped." },
        { "<field.append>500  $$a$$b", "500 \\\\ $a$b" },
        { "<field.append>500  $5", "500 \\\\ $a{dollar}5" },
        { "<field.append>500  A$$bB", "500 \\\\ $aA$bB" },
        { "<field.append>500  A<BS>$$bB", "500 \\\\ $a$bB" },
        { "<field.append>500  <subfield.append>bB", "500 \\\\ $a$bB" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        typing_makes(cases[i].typed, "500", cases[i].want);
}

/* ED-35: in 010 and 035 a hash stands for a blank that counts, elsewhere for itself. */
static void a_hash_is_a_blank_where_blanks_count(void **state)
{
    static const struct {
        const char *typed, *tag, *want;
    } cases[] = {
        { "<field.append>010  n##12", "010", "010 \\\\ $an  12" },
        { "<field.append>035  (X)#1", "035", "035 \\\\ $a(X) 1" },
        { "<field.append>500  No. #1", "500", "500 \\\\ $aNo. #1" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        typing_makes(cases[i].typed, cases[i].tag, cases[i].want);
}

/* From a fixed field the column of the first code is nearest: what is typed there must not become the code. */
static void down_and_up_go_into_the_value_and_not_onto_a_code(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, BOOK);
    editor_go_to(bench.pane, row_of(&bench, "008"), 0, 2);
    types(&bench, "<Down>X");
    shows(&bench, row_of(&bench, "100"), "100 1\\ $aXGarcía Márquez, Gabriel,$d1927-2014.", "from above");
    goes_to(&bench, "300", 'a');
    types(&bench, "<Left><Up>Y");
    shows(&bench, row_of(&bench, "245"), "245 10 $aYSolitude /$cG. García Márquez.", "from below");
    stand_up(&bench);
}

static void a_new_field_that_gets_no_tag_goes_away(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, BOOK);
    size_t rows = editor_rows(bench.pane);
    goes_to(&bench, "245", 'a');
    types(&bench, "<field.append>");
    assert_int_equal(editor_rows(bench.pane), rows + 1);
    types(&bench, "<Down>");
    assert_int_equal(editor_rows(bench.pane), rows);
    stand_up(&bench);
}

static void the_system_keeps_001_005_and_the_computed_leader(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, BOOK);
    editor_go_to(bench.pane, 0, 0, 0);
    types(&bench, "99999");
    shows(&bench, 0, "00000cam a2200000 i 4500", "LDR/00-04");
    goes_to(&bench, "245", 'a');
    types(&bench, "<field.append>001");
    assert_int_equal(marc_record_find(editor_record(bench.pane), "001", 0), SIZE_MAX);
    stand_up(&bench);
}

static void a_changed_leader_has_the_mark_of_changed_rows(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, BOOK);
    assert_int_equal(editor_change_mark(bench.pane, 0), ' ');
    editor_move_to(bench.pane, 0, BOX_CONTENT, 6);
    types(&bench, "e");
    assert_int_equal(editor_change_mark(bench.pane, 0), '*');
    assert_int_equal(bench.pane->changed_fields, 1);
    types(&bench, "<edit.undo>");
    assert_int_equal(editor_change_mark(bench.pane, 0), ' ');
    stand_up(&bench);
}

static void fixed_positions_are_overwritten_and_never_move(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, BOOK);
    editor_go_to(bench.pane, row_of(&bench, "008"), 0, 33);
    types(&bench, "f");
    shows(&bench, row_of(&bench, "008"), "008 760211s1970\\\\\\\\nyu\\\\\\\\\\\\|\\\\\\\\000\\f\\eng\\\\", "008/33");
    types(&bench, "<BS>");
    shows(&bench, row_of(&bench, "008"), "008 760211s1970\\\\\\\\nyu\\\\\\\\\\\\|\\\\\\\\000\\\\\\eng\\\\", "Backspace");
    stand_up(&bench);
}

static void the_form_closed_unchanged_keeps_fill_and_blanks(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, BOOK);
    goes_to(&bench, "245", 'a');
    types(&bench, "<field.form><Down><Down><Right><Left><Up>");
    assert_true(bench.pane->form.open);
    types(&bench, "<pane.back>");
    assert_false(bench.pane->form.open);
    assert_false(marc_edit_changed(edit_of(bench.pane->session)));
    assert_int_equal(bench.pane->row, row_of(&bench, "245"));
    stand_up(&bench);
}

static void the_form_writes_the_position_that_is_typed(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, BOOK);
    editor_go_to(bench.pane, row_of(&bench, "008"), 0, 33);
    types(&bench, "<field.form>f<pane.back>");
    shows(&bench, row_of(&bench, "008"), "008 760211s1970\\\\\\\\nyu\\\\\\\\\\\\|\\\\\\\\000\\f\\eng\\\\", "LitF");
    stand_up(&bench);
}

static void a_cut_field_is_pasted_into_another_record(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, BOOK);
    goes_to(&bench, "300", 'a');
    types(&bench, "<field.cut>");
    assert_int_equal(marc_record_find(editor_record(bench.pane), "300", 0), SIZE_MAX);
    put_down(&bench, "=LDR  00000cam a2200000 i 4500\n=245  10$aOther.\n\n");
    goes_to(&bench, "245", 'a');
    types(&bench, "<field.paste>");
    shows(&bench, row_of(&bench, "300"), "300 \\\\ $a422 pages ;$c22 cm", "paste");
    stand_up(&bench);
}

static void pasted_lines_with_tags_become_fields_in_one_step(void **state)
{
    static const struct {
        const char *name, *pasted, *want;
    } cases[] = {
        { "as the grid writes it", "650 # 0 $$a Families $$z Colombia", "650 \\0 $aFamilies$zColombia" },
        { "as the line format writes it", "650  0 $aFamilies$zColombia", "650 \\0 $aFamilies$zColombia" },
        { "mnemonic", "=650  \\0$aFamilies$zColombia\r\n", "650 \\0 $aFamilies$zColombia" },
        { "line ends without a tag are blanks", "650 # 0 $$a Families\nof Colombia", "650 \\0 $aFamilies of Colombia" },
        { "what a record may not hold is left out", "650 # 0 $$a Fam\x1b\x1filies", "650 \\0 $aFamilies" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bench bench;
        sit_down(&bench, BOOK);
        goes_to(&bench, "300", 'a');
        editor_pane.paste(bench.pane, text_from(cases[i].pasted), bench.station);
        answers(&bench, "p"); /* several lines are asked about */
        shows(&bench, row_of(&bench, "650"), cases[i].want, cases[i].name);
        types(&bench, "<edit.undo>");
        assert_int_equal(marc_record_find(editor_record(bench.pane), "650", 0), SIZE_MAX);
        stand_up(&bench);
    }
}

static void lines_wrap_at_words_and_the_cursor_walks_over_them(void **state)
{
    layout laid = { 0 };
    editor_row row = { .tag = "500", .start = 2 };
    (void)state;
    row.content = TEXT("  \x1F"
                       "aone two three\x1F"
                       "b\xD7\x90\xD7\x91 four");
    assert_true(layout_build(&laid, &row, 14, true));
    assert_int_equal(laid.lines, 3);
    const glyph *code = layout_at(&laid, 18); /* behind "three ", which did not fit above */
    assert_int_equal(code->kind, GLYPH_CODE);
    assert_int_equal(code->line, 1);
    assert_int_equal(code->column, 8);
    assert_int_equal(layout_offset(&laid, 1, 10), 19);
    layout_release(&laid);
}

/* Any keys in any order: nothing breaks, and undo leads back to the record as it was. */
static void random_keys_are_all_taken_back_by_undo(void **state)
{
    static const char *const keys[] = { "a",
                                        "5",
                                        "$",
                                        "#",
                                        " ",
                                        "é",
                                        "字",
                                        "{dollar}",
                                        "<Left>",
                                        "<Right>",
                                        "<Up>",
                                        "<Down>",
                                        "<Home>",
                                        "<End>",
                                        "<BS>",
                                        "<Del>",
                                        "<Tab>",
                                        "<BackTab>",
                                        "<Enter>",
                                        "<PgDn>",
                                        "<PgUp>",
                                        "<field.append>",
                                        "<field.remove>",
                                        "<subfield.append>",
                                        "<field.up>",
                                        "<field.down>",
                                        "<field.form>",
                                        "<field.copy>",
                                        "<field.paste>",
                                        "<field.cut>",
                                        "<edit.undo>",
                                        "<alert.next>",
                                        "<pane.back>" };
    uint32_t seed = 20251122;
    marc_record *before = NULL;
    bench bench;
    (void)state;
    sit_down(&bench, BOOK);
    must(marc_record_copy(&before, editor_record(bench.pane), NULL), NULL);
    for (int i = 0; i < 6000; i++) {
        seed = seed * 1664525U + 1013904223U;
        const char *one = keys[(seed >> 16) % (sizeof keys / sizeof *keys)];
        const command *what = one[0] == '<' && strchr(one, '.') != NULL ? NULL : command_named("app.help");
        if (what != NULL || strcmp(one, "<pane.back>") != 0 || bench.pane->form.open)
            types(&bench, one);
        assert_true(bench.pane->row < editor_rows(bench.pane));
    }
    if (bench.pane->form.open)
        types(&bench, "<pane.back>");
    bench.pane->tag_pending = false;
    while (marc_edit_can_undo(edit_of(bench.pane->session)))
        types(&bench, "<edit.undo>");
    assert_true(marc_record_equal(editor_record(bench.pane), before));
    marc_record_free(before);
    stand_up(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typing_changes_the_field_under_the_cursor),
        cmocka_unit_test(a_new_field_takes_its_tag_first_and_stays_where_it_was_put),
        cmocka_unit_test(a_delimiter_typed_in_a_new_field_takes_the_place_of_its_empty_a),
        cmocka_unit_test(a_hash_is_a_blank_where_blanks_count),
        cmocka_unit_test(down_and_up_go_into_the_value_and_not_onto_a_code),
        cmocka_unit_test(a_new_field_that_gets_no_tag_goes_away),
        cmocka_unit_test(the_system_keeps_001_005_and_the_computed_leader),
        cmocka_unit_test(a_changed_leader_has_the_mark_of_changed_rows),
        cmocka_unit_test(fixed_positions_are_overwritten_and_never_move),
        cmocka_unit_test(the_form_closed_unchanged_keeps_fill_and_blanks),
        cmocka_unit_test(the_form_writes_the_position_that_is_typed),
        cmocka_unit_test(a_cut_field_is_pasted_into_another_record),
        cmocka_unit_test(pasted_lines_with_tags_become_fields_in_one_step),
        cmocka_unit_test(lines_wrap_at_words_and_the_cursor_walks_over_them),
        cmocka_unit_test(random_keys_are_all_taken_back_by_undo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
