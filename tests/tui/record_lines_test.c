/* tests/tui/record_lines_test.c - records as display lines, lists as columns, and what differs between two records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/tui/list_columns.h"
#include "../../src/tui/record_difference.h"
#include "../../src/tui/record_lines.h"
#include "../../src/tui/screen.h"

static marc_record *make_record(const char *const (*fields)[3])
{
    marc_record *record = NULL;

    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    for (size_t i = 0; fields[i][0] != NULL; i++)
        if (marc_tag_is_control(fields[i][0]))
            assert_int_equal(marc_record_append(record, fields[i][0], text_from(fields[i][2]), NULL), RECTO_OK);
        else
            assert_int_equal(marc_record_append_line(record, fields[i][0], fields[i][1], fields[i][2], NULL), RECTO_OK);
    return record;
}

static void check_content(const char *tag, const char *content, size_t length, const char *want)
{
    buffer out;

    buffer_init(&out, 0);
    record_content(&out, tag, text_of(content, length));
    assert_string_equal(buffer_string(&out), want);
    buffer_release(&out);
}

static void content__is_what_a_cataloger_reads(void **state)
{
    static const struct {
        const char *tag, *content, *want;
    } cases[] = {
        { "245",
          "10\x1f"
          "aTitle /\x1f"
          "cAuthor.",
          "$$a Title / $$c Author." },
        { "008", "760211s1970    nyu", "760211s1970####nyu" },
        { "LDR", "01402cam a2200337 i 4500", "01402cam#a2200337#i#4500" },
        { "010",
          "  \x1f"
          "a   70000001 ",
          "$$a ###70000001#" },
        { "500",
          "  \x1f"
          "aCosts $$5 or $6",
          "$$a Costs {dollar}{dollar}5 or $6" },
        { "500",
          "  stray\x1f"
          "a",
          "stray $$a " },
        { "500", "", "" },
        { "500", "1", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_content(cases[i].tag, cases[i].content, strlen(cases[i].content), cases[i].want);
}

/* Draws one field as wrapped lines on a screen of its own and compares the rows. */
static void check_lines(const char *tag, const char *content, int columns, bool utf8, const char *const *want)
{
    screen shown;
    record_lines lines;
    surface canvas;

    assert_true(screen_init(&shown, 8, columns, utf8));
    canvas = screen_surface(&shown);
    record_lines_init(&lines);
    record_lines_add(&lines, tag, text_from(content), 0, columns - RECORD_CONTENT, utf8, 0);
    for (size_t i = 0; i < lines.count && i < 8; i++)
        record_lines_draw(&lines, i, &canvas, (int)i, 0, columns, ROLE_FIELD_TAG, ROLE_FIELD_TEXT);
    for (size_t i = 0; want[i] != NULL; i++) {
        buffer row;

        buffer_init(&row, 0);
        screen_row_text(&row, &shown, (int)i);
        assert_string_equal(buffer_string(&row), want[i]);
        buffer_release(&row);
        assert_true(i < lines.count);
    }
    record_lines_release(&lines);
    screen_release(&shown);
}

static void long_fields__wrap_at_blanks_and_by_columns(void **state)
{
    (void)state;
    check_lines("245",
                "10\x1f"
                "aOne hundred years of solitude /\x1f"
                "cGarcia.",
                30, true,
                (const char *const[]){ "245 1 0 $$a One hundred years", "        of solitude /", "        $$c Garcia.", NULL });
    check_lines("245",
                "10\x1f"
                "a百年の孤独百年の孤独",
                20, true, (const char *const[]){ "245 1 0 $$a 百年の孤", "        独百年の孤独", NULL });
    check_lines("856",
                "40\x1f"
                "uhttp://example.org/abc",
                20, true, (const char *const[]){ "856 4 0 $$u http://e", "        xample.org/a", "        bc", NULL });
    check_lines("500",
                "  \x1f"
                "a",
                20, true, (const char *const[]){ "500 # # $$a", NULL });
}

static void control_characters__never_reach_the_cells(void **state)
{
    (void)state;
    check_lines("500",
                "  \x1f"
                "a\x1b[31mred",
                40, true, (const char *const[]){ "500 # # $$a ^[[31mred", NULL });
    check_lines("5\x1b"
                "0",
                "  \x1f"
                "atag",
                40, true, (const char *const[]){ "5^[ # # $$a tag", NULL });
    check_lines("500",
                "\x9b \x1f"
                "aindicator",
                40, true, (const char *const[]){ "500 ? # $$a indicator", NULL });
}

static void view__scrolls_inside_of_the_record(void **state)
{
    static const char *const fields[][3] = {
        { "001", NULL, "1" }, { "245", "00", "$aA" }, { "500", "  ", "$aB" }, { NULL, NULL, NULL }
    };
    record_view view;
    screen shown;
    surface canvas;

    (void)state;
    assert_true(screen_init(&shown, 2, 40, true));
    canvas = screen_surface(&shown);
    record_view_init(&view);
    record_view_set(&view, make_record(fields));
    record_view_draw(&view, &canvas, 0, 2);
    assert_true(record_view_run(&view, "list.end"));
    assert_int_equal(view.top, 2); /* four lines, two of them shown */
    assert_true(record_view_run(&view, "list.down"));
    assert_int_equal(view.top, 2);
    assert_true(record_view_run(&view, "list.up"));
    assert_int_equal(view.top, 1);
    assert_true(record_view_run(&view, "list.home"));
    assert_int_equal(view.top, 0);
    assert_false(record_view_run(&view, "record.save"));
    record_view_release(&view);
    screen_release(&shown);
}

static void columns__share_the_room_and_go_by_width(void **state)
{
    static const list_column columns[] = {
        { "#", 4, 0, 0, 0 }, { "Title", 10, 2, 0, 0 }, { "By", 5, 1, 60, 0 }, { "Age", 5, 0, 0, 60 }
    };
    list_layout layout;

    (void)state;
    list_layout_make(&layout, columns, 4, 0, 40);
    assert_int_equal(layout.width[1], 10 + 40 - 21);
    assert_int_equal(layout.width[2], 0);
    assert_int_equal(layout.start[3] + layout.width[3], 40);
    list_layout_make(&layout, columns, 4, 0, 60);
    assert_int_equal(layout.width[3], 0);
    assert_int_equal(layout.start[2] + layout.width[2], 60);
    assert_true(layout.width[1] > 10 && layout.width[2] > 5);
    list_layout_make(&layout, columns, 4, 0, 12);
    assert_true(layout.start[1] + layout.width[1] <= 12);
    assert_int_equal(layout.width[3], 0);
}

static void differences__name_what_each_side_has(void **state)
{
    static const char *const left[][3] = {
        { "001", NULL, "1" }, { "245", "10", "$aTitle" }, { "500", "  ", "$aGone" }, { "650", " 0", "$aA" }, { NULL, NULL, NULL }
    };
    static const char *const right[][3] = { { "001", NULL, "1" },
                                            { "245", "10", "$aTitle /$cAuthor" },
                                            { "520", "  ", "$aNew" },
                                            { "650", " 0", "$aA" },
                                            { NULL, NULL, NULL } };
    static const difference_kind want[] = { DIFFERENCE_NONE,      DIFFERENCE_NONE,       DIFFERENCE_CHANGED,
                                            DIFFERENCE_ONLY_LEFT, DIFFERENCE_ONLY_RIGHT, DIFFERENCE_NONE };
    marc_record *one = make_record(left);
    marc_record *other = make_record(right);
    record_difference *lines = NULL;
    size_t count = 0;

    (void)state;
    assert_int_equal(record_difference_make(&lines, &count, one, other, NULL), RECTO_OK);
    assert_int_equal(count, sizeof want / sizeof *want);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(lines[i].kind, want[i]);
    assert_int_equal(lines[2].left, 1);
    assert_int_equal(lines[2].right, 1);
    free(lines);
    marc_record_free(one);
    marc_record_free(other);
}

static void check_marks(const char *one, const char *other, const char *want)
{
    bool *marks = calloc(strlen(one) + 1, sizeof *marks);

    assert_non_null(marks);
    text_difference(marks, text_from(one), text_from(other));
    for (size_t i = 0; i < strlen(one); i++)
        assert_int_equal(marks[i], want[i] == '^');
    free(marks);
}

static void text_difference__marks_what_the_other_lacks(void **state)
{
    (void)state;
    check_marks("same", "same", "    ");
    check_marks("$$c Gabriel Garcia ; tr", "$$c G. Garcia", "     ^^^^^^       ^^^^^");
    check_marks("a new word", "a word", "  ^^^^    ");
    check_marks("", "x", "");
    check_marks("all", "", "^^^");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content__is_what_a_cataloger_reads),
        cmocka_unit_test(long_fields__wrap_at_blanks_and_by_columns),
        cmocka_unit_test(control_characters__never_reach_the_cells),
        cmocka_unit_test(view__scrolls_inside_of_the_record),
        cmocka_unit_test(columns__share_the_room_and_go_by_width),
        cmocka_unit_test(differences__name_what_each_side_has),
        cmocka_unit_test(text_difference__marks_what_the_other_lacks),
    };

    if (setlocale(LC_ALL, "C.UTF-8") == NULL)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
