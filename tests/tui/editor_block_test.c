/* tests/tui/editor_block_test.c - fields marked, cut, copied, pasted, moved, sorted, split and joined; and subfields likewise. */
#include "editor_bench.h"

static const char NOTES[] = "=LDR  00000cam a2200000 i 4500\n"
                            "=001  990000000000000\n"
                            "=245  10$aSolitude /$cG. García Márquez.\n"
                            "=505  0\\$aFirst --$tSecond /$rSomeone.\n"
                            "=505  0\\$aThird.\n"
                            "=500  \\\\$aA note.\n"
                            "=650  \\0$aFamilies$zColombia.\n"
                            "=100  1\\$aGarcía Márquez, Gabriel.\n\n";

/* The tags in order, with blanks between. */
static void tags_are(const bench *bench, const char *want)
{
    char tags[200] = "";
    const marc_record *record = editor_record(bench->pane);
    for (size_t i = 0; i < marc_record_count(record); i++)
        snprintf(tags + strlen(tags), sizeof tags - strlen(tags), "%s%s", i > 0 ? " " : "", marc_record_field(record, i)->tag);
    assert_string_equal(tags, want);
}

static void marked_fields_go_together_into_another_record_and_back_by_one_undo(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, NOTES);
    goes_to(&bench, "500", 'a');
    types(&bench, "<field.mark><field.mark>");
    assert_int_equal(editor_marked_count(bench.pane), 2);
    types(&bench, "<field.cut>");
    tags_are(&bench, "001 245 505 505 100");
    types(&bench, "<edit.undo>");
    tags_are(&bench, "001 245 505 505 500 650 100");
    put_down(&bench, "=LDR  00000cam a2200000 i 4500\n=245  10$aOther.\n=700  1\\$aX.\n\n");
    goes_to(&bench, "245", 'a');
    types(&bench, "<field.paste>");
    tags_are(&bench, "245 500 650 700");
    shows(&bench, 3, "650 \\0 $aFamilies$zColombia.", "paste");
    types(&bench, "<edit.undo>");
    tags_are(&bench, "245 700");
    stand_up(&bench);
}

static void marks_are_dropped_when_fields_come_or_go_otherwise(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, NOTES);
    goes_to(&bench, "500", 'a');
    types(&bench, "<field.mark><field.append>520");
    assert_int_equal(editor_marked_count(bench.pane), 0);
    types(&bench, "<pane.back>");
    goes_to(&bench, "245", 'a');
    types(&bench, "<field.mark>");
    assert_int_equal(editor_marked_count(bench.pane), 1);
    types(&bench, "<pane.back>");
    assert_int_equal(editor_marked_count(bench.pane), 0);
    stand_up(&bench);
}

static void what_the_system_keeps_is_neither_cut_nor_pasted(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, NOTES);
    goes_to(&bench, "001", 0);
    types(&bench, "<field.mark><field.mark><field.cut>");
    tags_are(&bench, "001 245 505 505 500 650 100");
    types(&bench, "<field.copy><field.paste>");
    assert_non_null(strstr(bench.station->status, "left out"));
    stand_up(&bench);
}

static void fields_are_moved_and_sorted_as_one_step(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, NOTES);
    goes_to(&bench, "505", 'a');
    types(&bench, "<field.mark_tag><field.down>");
    tags_are(&bench, "001 245 500 505 505 650 100");
    types(&bench, "<edit.undo>");
    tags_are(&bench, "001 245 505 505 500 650 100");
    types(&bench, "<field.sort>");
    tags_are(&bench, "001 100 245 500 505 505 650");
    assert_string_equal(marc_edit_undo_title(edit_of(bench.pane->session)), "Sort fields");
    types(&bench, "<field.sort>");
    assert_non_null(strstr(bench.station->status, "already"));
    types(&bench, "<edit.undo>");
    tags_are(&bench, "001 245 505 505 500 650 100");
    goes_to(&bench, "650", 'a');
    types(&bench, "<field.mark><field.mark><field.sort>");
    tags_are(&bench, "001 245 505 505 500 100 650");
    stand_up(&bench);
}

static void a_field_is_split_at_the_cursor_and_joined_again(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, NOTES);
    goes_to(&bench, "505", 't');
    types(&bench, "<field.split>");
    shows(&bench, row_of(&bench, "505"), "505 0\\ $aFirst --", "first half");
    shows(&bench, row_of(&bench, "505") + 1, "505 0\\ $tSecond /$rSomeone.", "second half");
    assert_int_equal(bench.pane->row, row_of(&bench, "505") + 1);
    types(&bench, "<Up><field.join>");
    shows(&bench, row_of(&bench, "505"), "505 0\\ $aFirst --$tSecond /$rSomeone.", "joined");
    tags_are(&bench, "001 245 505 505 500 650 100");
    types(&bench, "<edit.undo><edit.undo>");
    goes_to(&bench, "505", 't');
    types(&bench, "<Right><Right><Right><field.split>");
    shows(&bench, row_of(&bench, "505"), "505 0\\ $aFirst --$tSec", "within a word");
    shows(&bench, row_of(&bench, "505") + 1, "505 0\\ $tond /$rSomeone.", "goes on with its code");
    goes_to(&bench, "500", 'a');
    types(&bench, "<field.join>");
    assert_non_null(strstr(bench.station->status, "500 and 650"));
    types(&bench, "<field.split>");
    assert_non_null(strstr(bench.station->status, "nothing to split"));
    stand_up(&bench);
}

static void subfields_are_moved_sorted_cut_and_pasted(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, NOTES);
    size_t row = row_of(&bench, "505");
    goes_to(&bench, "505", 't');
    types(&bench, "<subfield.left>");
    shows(&bench, row, "505 0\\ $tSecond /$aFirst --$rSomeone.", "left");
    types(&bench, "<subfield.left>");
    assert_non_null(strstr(bench.station->status, "first subfield"));
    types(&bench, "<subfield.right><subfield.right>");
    shows(&bench, row, "505 0\\ $aFirst --$rSomeone.$tSecond /", "right");
    types(&bench, "<subfield.cut>");
    shows(&bench, row, "505 0\\ $aFirst --$rSomeone.", "cut");
    goes_to(&bench, "500", 'a');
    types(&bench, "<field.paste>");
    shows(&bench, row_of(&bench, "500"), "500 \\\\ $aA note.$tSecond /", "pasted in another field");
    goes_to(&bench, "505", 'r');
    types(&bench, "<subfield.remove>");
    shows(&bench, row, "505 0\\ $aFirst --", "removed");
    types(&bench, "<edit.undo><edit.undo><edit.undo><edit.undo><edit.undo><edit.undo>");
    assert_false(marc_edit_can_undo(edit_of(bench.pane->session)));
    goes_to(&bench, "505", 'a');
    types(&bench, "<End>$$6880-01<subfield.sort>");
    shows(&bench, row, "505 0\\ $6880-01$aFirst --$rSomeone.$tSecond /", "linkage first, then letters");
    stand_up(&bench);
}

static void a_dagger_begins_a_subfield_and_a_bar_where_it_was_chosen(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, NOTES);
    goes_to(&bench, "500", 'a');
    types(&bench, "<End> ‡bMore | less");
    shows(&bench, row_of(&bench, "500"), "500 \\\\ $aA note.$bMore | less", "a bar is text");
    bench.pane->delimiter = 2;
    types(&bench, "<End> |cThird");
    shows(&bench, row_of(&bench, "500"), "500 \\\\ $aA note.$bMore | less$cThird", "a bar begins a subfield");
    editor_row row;
    assert_true(editor_row_get(bench.pane, 1, &row));
    assert_string_equal(row.delimiter, "|");
    stand_up(&bench);
}

static void with_sort_on_tag_a_new_field_goes_to_its_place(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, NOTES);
    bench.pane->sort_on_tag = true;
    goes_to(&bench, "245", 'a');
    types(&bench, "<field.append>600");
    tags_are(&bench, "001 245 505 505 500 650 100 600"); /* behind the last tag that is not greater */
    assert_int_equal(bench.pane->row, 8);
    assert_int_equal(bench.pane->box, BOX_INDICATOR_1);
    types(&bench, "10Name");
    shows(&bench, 8, "600 10 $aName", "typing goes on in it");
    types(&bench, "<edit.undo><edit.undo><edit.undo>");
    tags_are(&bench, "001 245 505 505 500 650 100");
    stand_up(&bench);
}

/* ED-130, ED-129: also when fields are removed by marks, no half is left with a link to nothing; and a lone 880 goes with a word.
 */
static void the_other_half_of_a_removed_field_stands_alone(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, "=LDR  00000cam a2200000 i 4500\n=245  10$6880-01$aSipur.\n=500  \\\\$6880-02$aNote.\n=504  \\\\$aX.\n"
                     "=880  10$6245-01/(2/r$aסיפור.\n=880  \\\\$6500-02/(2/r$aהערה.\n\n");
    goes_to(&bench, "500", 'a');
    types(&bench, "<field.mark>");
    goes_to(&bench, "504", 'a');
    types(&bench, "<field.mark>");
    types(&bench, "<field.remove>");
    tags_are(&bench, "245 880 880");
    shows(&bench, 3, "880 \\\\ $6500-00/(2/r$aהערה.", "the other half");
    shows(&bench, 1, "245 10 $6880-01$aSipur.", "another pair");
    editor_move_to(bench.pane, 3, BOX_CONTENT, 0);
    types(&bench, "<field.remove>");
    tags_are(&bench, "245 880");
    assert_non_null(strstr(bench.station->status, "nowhere else"));
    types(&bench, "<edit.undo><edit.undo>");
    tags_are(&bench, "245 500 504 880 880");
    shows(&bench, 5, "880 \\\\ $6500-02/(2/r$aהערה.", "undone");
    stand_up(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marked_fields_go_together_into_another_record_and_back_by_one_undo),
        cmocka_unit_test(marks_are_dropped_when_fields_come_or_go_otherwise),
        cmocka_unit_test(what_the_system_keeps_is_neither_cut_nor_pasted),
        cmocka_unit_test(fields_are_moved_and_sorted_as_one_step),
        cmocka_unit_test(a_field_is_split_at_the_cursor_and_joined_again),
        cmocka_unit_test(subfields_are_moved_sorted_cut_and_pasted),
        cmocka_unit_test(a_dagger_begins_a_subfield_and_a_bar_where_it_was_chosen),
        cmocka_unit_test(with_sort_on_tag_a_new_field_goes_to_its_place),
        cmocka_unit_test(the_other_half_of_a_removed_field_stands_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
