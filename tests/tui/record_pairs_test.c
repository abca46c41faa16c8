/* tests/tui/record_pairs_test.c - two records lined up, and fields copied from one to the other. */
#include "editor_bench.h"

#include "../../src/tui/record_pairs.h"

/* Tags of the left side, a slash, those of the right; `=` between when both are equal, `!` when they differ. */
static void lines_up(const char *left, const char *right, const char *want)
{
    marc_record *records[2];
    record_pairs pairs = { 0 };
    recto_error error;
    char got[400] = "";
    must(marc_record_parse(&records[0], text_from(left), MARC_FORMAT_LINE, &error), &error);
    must(marc_record_parse(&records[1], text_from(right), MARC_FORMAT_LINE, &error), &error);
    assert_true(record_pairs_make(&pairs, records[0], records[1]));
    for (size_t i = 1; i < pairs.count; i++) { /* without the leader */
        const char *tags[2] = { "---", "---" };
        for (int side = 0; side < 2; side++)
            if (pairs.slots[i].rows[side] != SIZE_MAX) {
                tags[side] = marc_record_field(records[side], pairs.slots[i].rows[side] - 1)->tag;
                assert_int_equal(pairs.slot_of[side][pairs.slots[i].rows[side]], i);
            }
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s%c%s", i > 1 ? " " : "", tags[0],
                 pairs.slots[i].differs ? '!' : '=', tags[1]);
    }
    assert_string_equal(got, want);
    record_pairs_release(&pairs);
    marc_record_free(records[0]);
    marc_record_free(records[1]);
}

static void fields_of_a_tag_pair_when_equal_and_else_by_occurrence(void **state)
{
    (void)state;
    lines_up("LDR 00000nam\\a2200000\\i\\4500\n245 10 $aA\n650 \\0 $aX\n650 \\0 $aY\n650 \\0 $aZ\n",
             "LDR 00000nam\\a2200000\\i\\4500\n245 10 $aB\n500 \\\\ $aN\n650 \\0 $aY\n650 \\0 $aW\n",
             "245!245 ---=500 650=--- 650=650 650!650");
    lines_up("LDR 00000nam\\a2200000\\i\\4500\n245 10 $aA\n500 \\\\ $aN\n490 0\\ $aS\n650 \\0 $aX\n",
             "LDR 00000nam\\a2200000\\i\\4500\n245 10 $aA\n490 0\\ $aS\n500 \\\\ $aN\n650 \\0 $aX\n",
             "245=245 ---=490 500=500 490=--- 650=650");
}

/* 001, 005 and the computed positions of the leader are no differences that a cataloger could do anything about. */
static void what_is_the_records_own_does_not_differ(void **state)
{
    static const struct {
        const char *left, *right;
        bool differs;
    } cases[] = {
        { "LDR 00120nam\\a2200061\\i\\4500\n245 10 $aA\n", "LDR 00340nam\\a2200109\\i\\4500\n245 10 $aA\n", false },
        { "LDR 00120nam\\a2200061\\i\\4500\n245 10 $aA\n", "LDR 00120cam\\a2200061\\i\\4500\n245 10 $aA\n", true },
        { "LDR 00120nam\\a2200061\\i\\4500\n245 10 $aA\n", "LDR 00120nam\\a2200061\\a\\4500\n245 10 $aA\n", true },
    };
    (void)state;
    lines_up("LDR 00000nam\\a2200000\\i\\4500\n001 1\n003 X\n005 20250101000000.0\n",
             "LDR 00000nam\\a2200000\\i\\4500\n001 2\n003 Y\n005 20260101000000.0\n", "001=001 003!003 005=005");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_record *left, *right;
        record_pairs pairs = { 0 };
        recto_error error;
        must(marc_record_parse(&left, text_from(cases[i].left), MARC_FORMAT_LINE, &error), &error);
        must(marc_record_parse(&right, text_from(cases[i].right), MARC_FORMAT_LINE, &error), &error);
        assert_true(record_pairs_make(&pairs, left, right));
        assert_int_equal(pairs.slots[0].differs, cases[i].differs);
        record_pairs_release(&pairs);
        marc_record_free(left);
        marc_record_free(right);
    }
}

static void marks(const char *one, const char *other, const char *want)
{
    bool differs[100];
    char got[101] = "";
    text content = text_from(one);
    field_difference(differs, content, text_from(other), false);
    for (size_t i = 0; i < content.length; i++)
        got[i] = differs[i] ? '^' : '.';
    assert_string_equal(got, want);
}

static void differences_are_marked_by_subfield_and_whole_characters(void **state)
{
    (void)state;
    marks("10\x1f"
          "aNew York :",
          "10\x1f"
          "aNew Jork :",
          "........^.....");
    marks("10\x1f"
          "aA\x1f"
          "bB",
          "11\x1f"
          "aA",
          ".^...^^^");
    marks("10\x1f"
          "a\xC3\xA9",
          "10\x1f"
          "a\xC3\xA8",
          "....^^");
    marks("10\x1f"
          "aSame",
          "10\x1f"
          "aSame",
          "........");
}

static const char LEFT[] = "=LDR  00000cam a2200000 i 4500\n=245  10$aSolitude /$cG. Márquez.\n=260  \\\\$aNY :$bHarper,$c1970.\n"
                           "=500  \\\\$aLeft alone.\n=650  \\0$aFamilies.\n\n";
static const char RIGHT[] = "=LDR  00000nam a2200000 i 4500\n=245  10$aSolitude.\n=260  \\\\$aNew York :$bHarper,$c1970.\n"
                            "=650  \\0$aFamilies.\n=700  1\\$aRabassa.\n\n";

static editor *beside(bench *bench)
{
    sit_down(bench, LEFT);
    edit_session *left = bench->pane->session;
    put_down(bench, RIGHT);
    edit_session *right = bench->pane->session;
    station_focus_session(bench->station, left);
    bench->pane = station_find(bench->station, &editor_pane);
    beside_open(bench->station, right);
    editor *other = station_find(bench->station, &beside_pane);
    assert_non_null(other);
    assert_ptr_equal(other->session, right);
    assert_ptr_equal(bench->pane->session, left);
    return other;
}

static void shows_in(bench *bench, editor *pane, const char *tag, const char *want)
{
    editor *before = bench->pane;
    bench->pane = pane;
    shows(bench, row_of(bench, tag), want, tag);
    bench->pane = before;
}

static void fields_and_subfields_are_copied_both_ways_as_one_step(void **state)
{
    bench bench;
    (void)state;
    editor *other = beside(&bench);
    goes_to(&bench, "245", 'c');
    types(&bench, "<beside.subfield_right>");
    shows_in(&bench, other, "245", "245 10 $aSolitude.$cG. Márquez.");
    types(&bench, "<beside.field_right>");
    shows_in(&bench, other, "245", "245 10 $aSolitude /$cG. Márquez.");
    types(&bench, "<beside.field_right>");
    assert_non_null(strstr(bench.station->status, "same in both"));
    goes_to(&bench, "260", 'a');
    types(&bench, "<beside.subfield_left>");
    shows(&bench, row_of(&bench, "260"), "260 \\\\ $aNew York :$bHarper,$c1970.", "from the right");
    assert_non_null(strstr(marc_edit_undo_title(edit_of(bench.pane->session)), "Copy 260 $$a from"));
    types(&bench, "<edit.undo>");
    shows(&bench, row_of(&bench, "260"), "260 \\\\ $aNY :$bHarper,$c1970.", "one step");
    goes_to(&bench, "500", 'a');
    types(&bench, "<beside.field_left>");
    assert_non_null(strstr(bench.station->status, "no such field"));
    types(&bench, "<beside.field_right>");
    shows_in(&bench, other, "500", "500 \\\\ $aLeft alone.");
    assert_int_equal(other->row, 3);
    stand_up(&bench);
}

static void the_next_difference_may_be_in_the_other_record(void **state)
{
    bench bench;
    (void)state;
    editor *other = beside(&bench);
    goes_to(&bench, "500", 'a');
    types(&bench, "<beside.next>");
    assert_ptr_equal(station_focused_pane(bench.station)->model, other);
    editor_row row;
    assert_true(editor_row_get(other, other->row, &row));
    assert_string_equal(row.tag, "700");
    bench.pane = other;
    types(&bench, "<beside.field_left>");
    assert_non_null(strstr(bench.station->status, "copied 700 to the left"));
    types(&bench, "<beside.previous>");
    stand_up(&bench);
}

static void a_record_released_or_changed_elsewhere_leaves_the_pair_sound(void **state)
{
    bench bench;
    (void)state;
    editor *other = beside(&bench);
    other->row = 4;
    editor *own = NULL;
    for (size_t i = 0; i < bench.station->record_count; i++)
        if (bench.station->records[i]->session == other->session)
            own = bench.station->records[i]->stacks[PLACE_MAIN].panes[0].model;
    assert_non_null(own);
    own->row = 4;
    assert_int_equal(marc_edit_remove(edit_of(own->session), 3, NULL), RECTO_OK);
    editor_meet(other);
    assert_int_equal(other->row, 3);
    editor *left = bench.pane;
    bench.pane = other;
    types(&bench, "<Home>x"); /* a letter where a tag is: nothing breaks */
    edit_session *gone = other->session, *released = gone;
    assert_int_equal(edit_release(&released, NULL), RECTO_OK);
    station_close_session(bench.station, gone);
    station_bury(bench.station);
    assert_null(station_find(bench.station, &beside_pane));
    assert_null(left->pair == NULL ? NULL : left->pair->sides[1]);
    bench.pane = left;
    types(&bench, "<beside.next>");
    assert_non_null(strstr(bench.station->status, "no second record"));
    stand_up(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_of_a_tag_pair_when_equal_and_else_by_occurrence),
        cmocka_unit_test(what_is_the_records_own_does_not_differ),
        cmocka_unit_test(differences_are_marked_by_subfield_and_whole_characters),
        cmocka_unit_test(fields_and_subfields_are_copied_both_ways_as_one_step),
        cmocka_unit_test(the_next_difference_may_be_in_the_other_record),
        cmocka_unit_test(a_record_released_or_changed_elsewhere_leaves_the_pair_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
