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
    for (int role = 0; role < ROLE_COUNT; role++)
        painter_set_style(&made->painter, (enum role)role, 0, -1, -1);
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
    painter_release(&made->painter);
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
    if (!made->screen.flies && wanted->text[0] != L' ') {
        assert_int_equal(VTERM_COLOR_IS_DEFAULT_FG(&got.fg), style->foreground < 0);
        if (style->foreground >= 0)
            assert_int_equal(got.fg.indexed.idx, style->foreground);
    }
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

/* Rows that look like a list, so that what moves is found. */
static void fill_rows(shown *made, int from)
{
    surface whole = screen_surface(&made->screen);
    for (int row = 1; row < ROWS - 2; row++) {
        surface_fill(&whole, row, 0, COLUMNS, ' ', ROLE_TEXT);
        surface_format(&whole, row, 4, ROLE_FIELD_TAG, "%03d", (from + row) * 7 % 900);
        surface_format(&whole, row, 9, ROLE_TEXT, "field %d of them", (from + row) * 31);
        surface_put(&whole, row, 30, ROLE_TITLE, "$$x");
    }
}

/* Puts letters into a row, or takes some out, as typing does. */
static void type_at_random(shown *made)
{
    screen *screen = &made->screen;
    int row = 1 + rand() % (ROWS - 3), first = rand() % (COLUMNS - 12), count = 1 + rand() % 4;
    cell *cells = screen->cells + (size_t)row * COLUMNS;
    const cell blank = { .text = { L' ' }, .role = ROLE_TEXT, .width = 1 };
    if (rand() % 2 == 0) {
        memmove(cells + first + count, cells + first, (size_t)(COLUMNS - first - count) * sizeof(cell));
        for (int i = 0; i < count; i++)
            cells[first + i] = (cell){ .text = { L'a' + rand() % 26 }, .role = ROLE_TEXT, .width = 1 };
    } else {
        memmove(cells + first, cells + first + count, (size_t)(COLUMNS - first - count) * sizeof(cell));
        for (int i = 0; i < count; i++)
            cells[COLUMNS - 1 - i] = blank;
    }
}

static void put_cursor_at_random(shown *made)
{
    made->screen.cursor_row = rand() % ROWS;
    made->screen.cursor_column = rand() % COLUMNS;
}

static void check_cursor(shown *made)
{
    VTermPos at;
    vterm_state_get_cursorpos(vterm_obtain_state(made->vterm), &at);
    assert_int_equal(at.row, made->screen.cursor_row);
    assert_int_equal(at.col, made->screen.cursor_column);
}

static void rows_that_move__and_text_that_is_typed__show_what_was_drawn(void **state)
{
    shown *made = begin("xterm-256color");
    int from = 0;
    (void)state;
    assert_true(made->painter.scrolls && made->painter.steps && made->painter.inserts && made->painter.deletes);
    srand(11);
    fill_rows(made, from);
    for (int i = 0; i < 3000; i++) {
        made->screen.hurried = rand() % 2 == 0; /* there are no marks: only the region stays */
        if (rand() % 2 == 0)
            fill_rows(made, from += rand() % 7 - 3);
        if (rand() % 2 == 0)
            type_at_random(made);
        if (rand() % 8 == 0)
            change_at_random(made);
        put_cursor_at_random(made);
        if (!send(made))
            fail_msg("step %d was not painted", i);
        check(made);
        check_cursor(made);
    }
    end(made);
}

/* What was sent for the last change. */
static size_t bytes_of(shown *made)
{
    buffer out;
    buffer_init(&out, 0);
    assert_true(painter_paint(&made->painter, &out, &made->screen));
    vterm_input_write(made->vterm, out.bytes == NULL ? "" : out.bytes, out.length);
    const size_t length = out.length;
    buffer_release(&out);
    return length;
}

static void keys_of_a_typist__cost_what_they_must(void **state)
{
    shown *made = begin("xterm-256color");
    surface whole = screen_surface(&made->screen);
    (void)state;
    fill_rows(made, 3);
    surface_cursor(&whole, 2, 9);
    bytes_of(made);
    surface_cursor(&whole, 3, 9); /* down */
    assert_int_equal(bytes_of(made), 1);
    surface_put(&whole, 3, 35, ROLE_TEXT, "a");
    surface_cursor(&whole, 3, 36);
    bytes_of(made);
    surface_put(&whole, 3, 36, ROLE_TEXT, "b"); /* a letter at the end */
    surface_cursor(&whole, 3, 37);
    assert_int_equal(bytes_of(made), 1);
    surface_cursor(&whole, 4, 15);
    bytes_of(made);
    cell *cells = made->screen.cells + 4 * (size_t)COLUMNS;
    memmove(cells + 16, cells + 15, (COLUMNS - 16) * sizeof(cell));
    surface_put(&whole, 4, 15, ROLE_TEXT, "z"); /* a letter within */
    surface_cursor(&whole, 4, 16);
    assert_int_equal(bytes_of(made), 4);
    check(made);
    check_cursor(made);
    end(made);
}

static void the_mark_of_the_row__waits_until_the_keys_rest(void **state)
{
    shown *made = begin("xterm-256color");
    surface whole = screen_surface(&made->screen);
    (void)state;
    fill_rows(made, 5);
    surface_put(&whole, 4, 0, ROLE_CURSOR_LINE, ">");
    surface_cursor(&whole, 4, 9);
    bytes_of(made);
    made->screen.hurried = true;
    surface_marks(&whole, 0);
    surface_put(&whole, 4, 0, ROLE_TEXT, " ");
    surface_put(&whole, 5, 0, ROLE_CURSOR_LINE, ">");
    surface_cursor(&whole, 5, 9);
    assert_int_equal(bytes_of(made), 1);
    assert_int_equal(made->screen.shown[4 * COLUMNS].text[0], L'>');
    made->screen.hurried = false;
    assert_true(bytes_of(made) > 1);
    check(made);
    check_cursor(made);
    end(made);
}

static void colors_of_rows_that_fly_by__come_when_the_keys_rest(void **state)
{
    shown *made = begin("xterm-256color");
    int from = 0;
    (void)state;
    srand(5);
    fill_rows(made, from);
    for (int i = 0; i < 2000; i++) {
        made->screen.hurried = made->screen.flies = rand() % 4 != 0;
        if (rand() % 4 != 0)
            fill_rows(made, from += rand() % 5 - 2);
        if (rand() % 6 == 0)
            type_at_random(made);
        if (rand() % 8 == 0)
            change_at_random(made);
        put_cursor_at_random(made);
        assert_true(send(made));
        check(made); /* letters, and looks that are more than a color, are there at once */
        check_cursor(made);
        if (!made->screen.flies)
            assert_memory_equal(made->screen.shown, made->screen.cells, sizeof(cell) * ROWS * COLUMNS);
    }
    end(made);
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

/* Curses takes a vt100 for one of 24 rows at first and keeps its scrolling to these: in a larger window a move down by one would
 * stop at the 24th. */
static void regions__are_taken_back_where_curses_alone_draws(void **state)
{
    shown *made = begin("vt100");
    buffer sent;
    (void)state;
    buffer_init(&sent, 0);
    painter_free_rows(&made->painter, &sent);
    assert_string_equal(buffer_string(&sent), "\033[r");
    buffer_release(&sent);
    end(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_changes__show_what_was_drawn),
        cmocka_unit_test(rows_that_move__and_text_that_is_typed__show_what_was_drawn),
        cmocka_unit_test(keys_of_a_typist__cost_what_they_must),
        cmocka_unit_test(colors_of_rows_that_fly_by__come_when_the_keys_rest),
        cmocka_unit_test(the_mark_of_the_row__waits_until_the_keys_rest),
        cmocka_unit_test(what_it_painted__is_remembered_for_curses),
        cmocka_unit_test(whole_pages__show_what_was_drawn),
        cmocka_unit_test(the_last_corner_and_an_unknown_screen__are_left_to_curses),
        cmocka_unit_test(terminals__that_need_more_are_left_to_curses),
        cmocka_unit_test(regions__are_taken_back_where_curses_alone_draws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
