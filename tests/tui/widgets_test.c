/* tests/tui/widgets_test.c - the editable line goes by graphemes, the list's cursor stays inside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include "../../src/tui/keymap.h"
#include "../../src/tui/screen.h"
#include "../../src/tui/workstation.h"

/* Types keys by name, "a Left Ctrl+U"; the result with | at the cursor. */
static void check_typing(const char *start, bool prefilled, const char *keys, const char *want)
{
    line_input input;
    buffer shown;
    line_input_init(&input, 40);
    line_input_set(&input, start, prefilled);
    text rest = text_from(keys);
    while (rest.bytes != NULL && rest.length > 0) {
        key key;
        assert_true(key_parse(&key, text_next_field(&rest, ' ')));
        line_input_typed(&input, &key);
    }
    buffer_init(&shown, 0);
    buffer_append(&shown, buffer_string(&input.text), input.cursor);
    buffer_append_char(&shown, '|');
    buffer_append_string(&shown, buffer_string(&input.text) + input.cursor);
    assert_string_equal(buffer_string(&shown), want);
    buffer_release(&shown);
    line_input_release(&input);
}

static void typing__edits_by_grapheme(void **state)
{
    static const struct {
        const char *start;
        bool prefilled;
        const char *keys, *want;
    } cases[] = {
        { "", false, "a b c", "abc|" },
        { "", false, "n Alt+K ' e", "n\xc3\xa9|" },
        { "", false, "{ e a c u t e } x", "\xc3\xa9x|" },
        { "", false, "{ a c u t e } e", "\xc3\xa9|" },
        { "", false, "{ n o } e", "{no}e|" },
        { "", false, "{ a c u t e } Left e", "e|" },
        { "abc", false, "Left Left x", "ax|bc" },
        { "abc", false, "Home Delete End Backspace", "b|" },
        { "e\xcc\x81"
          "a",
          false, "Left Left x",
          "x|e\xcc\x81"
          "a" },
        { "ae\xcc\x81", false, "Backspace", "a|" },
        { "\xd7\x90\xd7\x91", false, "Left Space", "\xd7\x90 |\xd7\x91" },
        { "old", true, "n", "n|" },
        { "old", true, "Left n", "oln|d" },
        { "one two  ", false, "Ctrl+W", "one |" },
        { "one two", false, "Left Left Ctrl+U", "|wo" },
        { "one two", false, "Home Ctrl+K", "|" },
        { "", false, "Backspace Delete Left Right", "|" },
        { "ab", false, "Home Left Delete Delete Delete", "|" },
        { "0123456789012345678901234567890123456789", false, "x", "0123456789012345678901234567890123456789|" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_typing(cases[i].start, cases[i].prefilled, cases[i].keys, cases[i].want);
}

static void keys_that_are_no_editing__are_not_used(void **state)
{
    static const char *const others[] = { "Enter", "Tab", "Esc", "F2", "Up", "Alt+I", "Ctrl+S" };
    line_input input;
    (void)state;
    line_input_init(&input, 40);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        key key;
        assert_true(key_parse(&key, text_from(others[i])));
        assert_false(line_input_typed(&input, &key));
    }
    line_input_release(&input);
}

static void paste__turns_line_ends_into_blanks(void **state)
{
    line_input input;
    (void)state;
    line_input_init(&input, 100);
    line_input_set(&input, "old", true);
    line_input_paste(&input, TEXT("one\r\ntwo\nthree\tfour"));
    assert_string_equal(buffer_string(&input.text), "one two three four");
    line_input_release(&input);
}

static void a_long_line__shows_the_part_with_the_cursor(void **state)
{
    screen screen;
    line_input input;
    buffer row;
    (void)state;
    buffer_init(&row, 0);
    assert_true(screen_init(&screen, 1, 10, true));
    surface area = screen_surface(&screen);
    line_input_init(&input, 100);
    line_input_set(&input, "0123456789abcdef", false);
    line_input_draw(&input, &area, 0, 0, 8, true);
    screen_row_text(&row, &screen, 0);
    assert_string_equal(buffer_string(&row), "9abcdef");
    assert_int_equal(screen.cursor_column, 7);
    input.cursor = 0;
    line_input_draw(&input, &area, 0, 0, 8, true);
    buffer_clear(&row);
    screen_row_text(&row, &screen, 0);
    assert_string_equal(buffer_string(&row), "01234567");
    assert_int_equal(screen.cursor_column, 0);
    buffer_release(&row);
    line_input_release(&input);
    screen_release(&screen);
}

static void list__stays_inside_and_in_sight(void **state)
{
    static const struct {
        size_t count, start;
        const char *command;
        size_t current, top;
    } cases[] = {
        { 20, 0, "list.up", 0, 0 },      { 20, 0, "list.down", 1, 0 },      { 20, 4, "list.down", 5, 1 },
        { 20, 19, "list.down", 19, 15 }, { 20, 0, "list.page_down", 4, 0 }, { 20, 18, "list.page_down", 19, 15 },
        { 20, 3, "list.page_up", 0, 0 }, { 20, 3, "list.end", 19, 15 },     { 20, 19, "list.home", 0, 0 },
        { 3, 2, "list.down", 2, 0 },     { 0, 0, "list.down", 0, 0 },       { 0, 0, "list.end", 0, 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        list_view list = { .count = cases[i].count, .current = cases[i].start };
        list_view_fit(&list, 5);
        assert_true(list_view_run(&list, cases[i].command, 5));
        assert_int_equal(list.current, cases[i].current);
        assert_int_equal(list.top, cases[i].top);
    }
    list_view list = { .count = 3 };
    assert_false(list_view_run(&list, "record.save", 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typing__edits_by_grapheme),          cmocka_unit_test(keys_that_are_no_editing__are_not_used),
        cmocka_unit_test(paste__turns_line_ends_into_blanks), cmocka_unit_test(a_long_line__shows_the_part_with_the_cursor),
        cmocka_unit_test(list__stays_inside_and_in_sight),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
