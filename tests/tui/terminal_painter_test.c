/* tests/tui/terminal_painter_test.c - what is painted straight to the terminal gives the screen that was drawn.
 *
 * Screens change by a few random cells; a terminal (libvterm) takes the painter's bytes, and must then show every cell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <vterm.h> /* before term.h, whose macros have its names */

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>

#undef columns /* term.h names terminfo capabilities as macros */
#undef lines

#include "../../src/tui/terminal_painter.h"

enum { ROWS = 12, COLUMNS = 40 };

typedef struct shown {
    painter painter;
    screen screen;
    VTerm *vterm;
    VTermScreen *cells;
} shown;

static shown *begin(const char *term)
{
    int found;
    shown *made = calloc(1, sizeof *made);
    assert_non_null(made);
    assert_int_equal(setupterm(term, 1, &found), OK);
    painter_start(&made->painter, true);
    painter_set_style(&made->painter, ROLE_TEXT, 0, -1, -1);
    painter_set_style(&made->painter, ROLE_TITLE, LOOK_BOLD, -1, -1);
    painter_set_style(&made->painter, ROLE_SELECTION, LOOK_REVERSE, -1, -1);
    painter_set_style(&made->painter, ROLE_FIELD_TAG, 0, 6, -1);
    painter_set_style(&made->painter, ROLE_ALERT_BLOCK, LOOK_BOLD | LOOK_UNDERLINE, 1, -1);
    painter_set_style(&made->painter, ROLE_BAR, 0, 7, 4);
    assert_true(screen_init(&made->screen, ROWS, COLUMNS, true));
    surface whole = screen_surface(&made->screen);
    surface_clear(&whole, ROLE_TEXT);
    memcpy(made->screen.shown, made->screen.cells, sizeof(cell) * ROWS * COLUMNS);
    made->screen.shown_is_valid = true;
    made->vterm = vterm_new(ROWS, COLUMNS);
    vterm_set_utf8(made->vterm, 1);
    made->cells = vterm_obtain_screen(made->vterm);
    vterm_screen_reset(made->cells, 1);
    return made;
}

static void end(shown *made)
{
    vterm_free(made->vterm);
    screen_release(&made->screen);
    free(made);
}

static bool send(shown *made)
{
    buffer out;
    buffer_init(&out, 0);
    bool painted = painter_paint(&made->painter, &out, &made->screen);
    if (painted && out.length > 0)
        vterm_input_write(made->vterm, out.bytes, out.length);
    buffer_release(&out);
    return painted;
}

static void check_cell(shown *made, int row, int column)
{
    const cell *wanted = &made->screen.cells[row * COLUMNS + column];
    const painter_style *style = &made->painter.styles[wanted->role];
    VTermScreenCell got;
    if (wanted->width == 0)
        return;
    assert_true(vterm_screen_get_cell(made->cells, (VTermPos){ row, column }, &got));
    uint32_t code = got.chars[0] == 0 ? ' ' : got.chars[0];
    if (code != (uint32_t)wanted->text[0])
        fail_msg("row %d column %d: U+%04X, not U+%04X", row, column, code, (unsigned)wanted->text[0]);
    if (wanted->text[0] == L' ' && style->background < 0 && (style->attributes & (LOOK_REVERSE | LOOK_UNDERLINE)) == 0)
        return; /* a blank has no look of its own, unless the one before it still shows */
    assert_int_equal(got.attrs.bold, (style->attributes & LOOK_BOLD) != 0);
    assert_int_equal(got.attrs.reverse, (style->attributes & LOOK_REVERSE) != 0);
    assert_int_equal(got.attrs.underline != 0, (style->attributes & LOOK_UNDERLINE) != 0);
}

static void check(shown *made)
{
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < COLUMNS; column++)
            check_cell(made, row, column);
}

static void change_at_random(shown *made)
{
    static const char *const words[] = {
        "a", "245 $$a", "   ", "\xC3\xA9t\xC3\xA9", "\xE7\x99\xBE\xE5\xB9\xB4", "e\xCC\x81x", "-"
    };
    static const role roles[] = { ROLE_TEXT, ROLE_TITLE, ROLE_SELECTION, ROLE_FIELD_TAG, ROLE_ALERT_BLOCK, ROLE_BAR };
    surface whole = screen_surface(&made->screen);
    int row = rand() % (ROWS - 1), column = rand() % COLUMNS;
    if (rand() % 6 == 0)
        surface_fill(&whole, row, 0, COLUMNS, ' ', ROLE_TEXT);
    else
        surface_data(&whole, row, column, COLUMNS - column, roles[(size_t)rand() % (sizeof roles / sizeof *roles)],
                     text_from(words[(size_t)rand() % (sizeof words / sizeof *words)]), false);
}

static void small_changes__show_what_was_drawn(void **state)
{
    shown *made = begin("xterm-256color");
    (void)state;
    assert_true(made->painter.able);
    srand(7);
    for (int i = 0; i < 2000; i++) {
        change_at_random(made);
        if (rand() % 3 == 0)
            change_at_random(made);
        if (!send(made))
            fail_msg("step %d was not painted", i);
        check(made);
    }
    end(made);
}

static void what_it_painted__is_remembered_for_curses(void **state)
{
    shown *made = begin("xterm-256color");
    surface whole = screen_surface(&made->screen);
    (void)state;
    surface_put(&whole, 3, 5, ROLE_TEXT, "here");
    assert_true(send(made));
    assert_true(made->painter.ahead && made->painter.rows[3]);
    assert_false(made->painter.rows[2]);
    assert_memory_equal(made->screen.shown, made->screen.cells, sizeof(cell) * ROWS * COLUMNS);
    end(made);
}

static void whole_pages__show_what_was_drawn(void **state)
{
    shown *made = begin("xterm-256color");
    surface whole = screen_surface(&made->screen);
    (void)state;
    for (int row = 0; row < ROWS; row++)
        surface_put(&whole, row, 0, ROLE_TEXT, "changed");
    assert_true(send(made));
    check(made);
    end(made);
}

static void the_last_corner_and_an_unknown_screen__are_left_to_curses(void **state)
{
    shown *made = begin("xterm-256color");
    surface whole = screen_surface(&made->screen);
    (void)state;
    surface_put(&whole, ROWS - 1, COLUMNS - 1, ROLE_TEXT, "x");
    assert_false(send(made));
    memcpy(made->screen.shown, made->screen.cells, sizeof(cell) * ROWS * COLUMNS);
    surface_put(&whole, 0, 0, ROLE_TEXT, "c");
    surface_put(&whole, 1, 0, ROLE_TEXT, "d");
    made->screen.shown_is_valid = false;
    assert_false(send(made));
    end(made);
}

static void terminals__that_need_more_are_left_to_curses(void **state)
{
    shown *made = begin("vt100"); /* its capabilities ask for padding */
    (void)state;
    assert_false(made->painter.able);
    assert_false(send(made));
    end(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_changes__show_what_was_drawn),
        cmocka_unit_test(what_it_painted__is_remembered_for_curses),
        cmocka_unit_test(whole_pages__show_what_was_drawn),
        cmocka_unit_test(the_last_corner_and_an_unknown_screen__are_left_to_curses),
        cmocka_unit_test(terminals__that_need_more_are_left_to_curses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
