/* tests/tui/surface_test.c - what stands in the cells: clipping, widths, the filter for data, ASCII signs, rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "../../src/tui/screen.h"

static void check_row(const screen *screen, int row, const char *want)
{
    buffer out;
    buffer_init(&out, 0);
    screen_row_text(&out, screen, row);
    assert_string_equal(buffer_string(&out), want);
    buffer_release(&out);
}

static void check_data(const char *data, size_t length, int columns, bool utf8, const char *want)
{
    screen screen;
    assert_true(screen_init(&screen, 2, 20, utf8));
    surface area = screen_surface(&screen);
    surface_data(&area, 0, 0, columns, ROLE_TEXT, text_of(data, length), true);
    check_row(&screen, 0, want);
    screen_release(&screen);
}

static void data__is_filtered_and_cut_by_columns(void **state)
{
    static const struct {
        const char *data;
        int columns;
        bool utf8;
        const char *want;
    } cases[] = {
        { "plain", 20, true, "plain" },
        { "exactly ten", 11, true, "exactly ten" },
        { "much too long", 8, true, "much to…" },
        { "much too long", 8, false, "much to~" },
        { "a\x1b[31mred\x9b", 20, true, "a^[[31mred<9B>" },
        { "\xc2\x9b"
          "31m",
          20, true, "<U+009B>31m" },
        { "百年の孤独", 10, true, "百年の孤独" },
        { "百年の孤独", 9, true, "百年の孤…" },
        { "百年の孤独", 8, true, "百年の …" },
        { "\xd7\x90", 20, false, "<U+05D0>" },
        { "e\xcc\x81t", 20, true, "e\xcc\x81t" },
        { "a\nb\tc", 20, true, "a^Jb^Ic" },
        { "", 5, true, "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_data(cases[i].data, strlen(cases[i].data), cases[i].columns, cases[i].utf8, cases[i].want);
    check_data("a\0b", 3, 20, true, "a^@b");
}

static void nothing__is_written_outside_of_the_area(void **state)
{
    screen screen;
    (void)state;
    assert_true(screen_init(&screen, 4, 20, true));
    surface whole = screen_surface(&screen);
    for (int row = 0; row < 4; row++)
        surface_fill(&whole, row, 0, 20, '.', ROLE_TEXT);
    surface part = surface_part(&whole, 1, 5, 2, 8);
    surface_data(&part, 0, 0, 100, ROLE_TEXT, TEXT("abcdefghijklmnop"), false);
    surface_data(&part, 1, 7, 5, ROLE_TEXT, text_from("百"), false);
    surface_put(&part, 2, 0, ROLE_TEXT, "below");
    surface_put(&part, -1, 0, ROLE_TEXT, "above");
    surface_fill(&part, 0, 6, 100, '#', ROLE_TEXT);
    check_row(&screen, 0, "....................");
    check_row(&screen, 1, ".....abcdef##.......");
    check_row(&screen, 2, "....................");
    check_row(&screen, 3, "....................");
    surface nowhere = surface_part(&whole, 10, 30, 5, 5);
    assert_int_equal(nowhere.rows, 0);
    surface_put(&nowhere, 0, 0, ROLE_TEXT, "x");
    screen_release(&screen);
}

static void half_of_a_wide_character__does_not_stay_behind(void **state)
{
    screen screen;
    (void)state;
    assert_true(screen_init(&screen, 1, 10, true));
    surface area = screen_surface(&screen);
    surface_put(&area, 0, 0, ROLE_TEXT, "百年");
    surface_put(&area, 0, 1, ROLE_TEXT, "x");
    check_row(&screen, 0, " x年");
    surface_put(&area, 0, 2, ROLE_TEXT, "y");
    check_row(&screen, 0, " xy");
    screen_release(&screen);
}

static void rules__name_the_pane_and_show_the_focus_without_colour(void **state)
{
    screen screen;
    (void)state;
    assert_true(screen_init(&screen, 4, 30, true));
    surface area = screen_surface(&screen);
    surface_rule(&area, 0, true, "Results", "1/3");
    surface_rule(&area, 1, false, "Results", "1/3");
    surface_rule(&area, 2, false, "A title much longer than the row", "1/3");
    check_row(&screen, 0, "═> Results ════════════ 1/3 ══");
    check_row(&screen, 1, "── Results ──────────── 1/3 ──");
    check_row(&screen, 2, "── A title much long… ─ 1/3 ──");
    screen_release(&screen);
    assert_true(screen_init(&screen, 1, 30, false));
    area = screen_surface(&screen);
    surface_rule(&area, 0, true, "Results", "1/3");
    check_row(&screen, 0, "=> Results ============ 1/3 ==");
    screen_release(&screen);
}

static void marks__belong_to_the_cell_before_and_the_fifth_is_left_out(void **state)
{
    screen screen;
    (void)state;
    assert_true(screen_init(&screen, 1, 10, true));
    surface area = screen_surface(&screen);
    surface_put(&area, 0, 0, ROLE_TEXT,
                "a\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85"
                "b");
    check_row(&screen, 0,
              "a\xcc\x81\xcc\x82\xcc\x83\xcc\x84"
              "b");
    screen_release(&screen);
}

static void paint__changes_roles_and_keeps_the_text(void **state)
{
    screen screen;
    (void)state;
    assert_true(screen_init(&screen, 1, 10, true));
    surface area = screen_surface(&screen);
    surface_put(&area, 0, 0, ROLE_FIELD_TAG, "245");
    surface_paint(&area, 0, 0, 100, ROLE_SELECTION);
    check_row(&screen, 0, "245");
    assert_int_equal(screen_role_at(&screen, 0, 2), ROLE_SELECTION);
    assert_int_equal(screen_role_at(&screen, 0, 9), ROLE_SELECTION);
    screen_release(&screen);
}

static void any_size__is_taken(void **state)
{
    static const int sizes[][2] = { { 0, 0 }, { 1, 1 }, { 1000, 1000 }, { 5000, 5000 }, { 24, 80 }, { -3, 7 } };
    screen screen;
    (void)state;
    assert_true(screen_init(&screen, 24, 80, true));
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        assert_true(screen_resize(&screen, sizes[i][0], sizes[i][1]));
        surface area = screen_surface(&screen);
        surface_clear(&area, ROLE_TEXT);
        surface_rule(&area, 0, true, "title", "right");
        surface_rule(&area, screen.rows - 1, true, "title", "right");
        surface_vertical_rule(&area, screen.columns - 1);
        surface_cursor(&area, screen.rows - 1, screen.columns - 1);
        assert_true(screen.rows <= 1000 && screen.columns <= 1000);
    }
    screen_release(&screen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data__is_filtered_and_cut_by_columns),
        cmocka_unit_test(nothing__is_written_outside_of_the_area),
        cmocka_unit_test(half_of_a_wide_character__does_not_stay_behind),
        cmocka_unit_test(rules__name_the_pane_and_show_the_focus_without_colour),
        cmocka_unit_test(marks__belong_to_the_cell_before_and_the_fifth_is_left_out),
        cmocka_unit_test(paint__changes_roles_and_keeps_the_text),
        cmocka_unit_test(any_size__is_taken),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
