/* src/tui/terminal_show.c - looks become attributes and colour pairs, changed cells become calls of curses.
 *
 * What the painter can send by itself (terminal_painter.c) goes past curses, which is told of it before it draws again. */
#include "terminal_inside.h"

#include <string.h>

static attr_t attributes_of(unsigned wanted)
{
    attr_t attributes = A_NORMAL;
    if (wanted & LOOK_BOLD)
        attributes |= A_BOLD;
    if (wanted & LOOK_DIM)
        attributes |= A_DIM;
    if (wanted & LOOK_ITALIC)
        attributes |= A_ITALIC;
    if (wanted & LOOK_UNDERLINE)
        attributes |= A_UNDERLINE;
    if (wanted & LOOK_REVERSE)
        attributes |= A_REVERSE;
    return attributes;
}

/* The nearest of the 6x6x6 cube and the 24 greys of a 256-colour terminal. */
static int nearest_of_256(int rgb)
{
    static const int steps[] = { 0, 95, 135, 175, 215, 255 };
    int best = 16, best_distance = 1 << 30, wanted[3] = { rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255 };
    for (int color = 16; color < 256; color++) {
        int cube = color - 16, grey = 8 + (color - 232) * 10, away = 0;
        bool is_grey = color >= 232;
        int has[3] = { is_grey ? grey : steps[cube / 36 % 6], is_grey ? grey : steps[cube / 6 % 6],
                       is_grey ? grey : steps[cube % 6] };
        for (int i = 0; i < 3; i++)
            away += (has[i] - wanted[i]) * (has[i] - wanted[i]);
        if (away < best_distance) {
            best_distance = away;
            best = color;
        }
    }
    return best;
}

static int color_here(const terminal *terminal, int color)
{
    if (color < 0)
        return -1;
    if (color & COLOR_RGB)
        return terminal->colors >= 1 << 24 ? color & 0xFFFFFF : nearest_of_256(color & 0xFFFFFF);
    if (color >= terminal->colors) /* bright ones where there are eight */
        return color % 8;
    return color;
}

void terminal_set_looks(terminal *terminal, const look *looks)
{
    if (terminal->curses == NULL)
        return;
    for (int i = 0; i < ROLE_COUNT; i++) {
        int foreground = color_here(terminal, looks[i].foreground), background = color_here(terminal, looks[i].background);
        terminal->attributes[i] = attributes_of(looks[i].attributes);
        terminal->pairs[i] = 0;
        painter_set_style(&terminal->painter, (role)i, looks[i].attributes, foreground, background);
        if (terminal->colors > 0 && (foreground >= 0 || background >= 0) && i + 1 < COLOR_PAIRS &&
            init_extended_pair(i + 1, foreground, background) == OK)
            terminal->pairs[i] = (short)(i + 1);
    }
}

static bool to_curses(const terminal *terminal, cchar_t *out, const cell *cell)
{
    wchar_t text[CELL_CHARACTERS + 1] = { 0 };
    memcpy(text, cell->text, sizeof cell->text);
    return setcchar(out, text, terminal->attributes[cell->role], terminal->pairs[cell->role], NULL) == OK;
}

static bool is_same(const screen *screen, const cell *now, const cell *before)
{
    return screen->shown_is_valid && memcmp(now, before, sizeof *now) == 0;
}

/* Cells side by side that changed go in one call; a right half goes with its left one, and what curses does not
 * know ends the run. @return column behind them */
static int send_run(const terminal *terminal, const screen *screen, int row, int column)
{
    cchar_t run[SCREEN_COLUMNS_MAX];
    const cell *now = screen->cells + (size_t)row * (size_t)screen->columns;
    const cell *before = screen->shown + (size_t)row * (size_t)screen->columns;
    int first = column, count = 0;
    for (bool known = true; known && column < screen->columns && !is_same(screen, &now[column], &before[column]); column++) {
        known = now[column].width == 0 || to_curses(terminal, &run[count], &now[column]);
        if (known && now[column].width > 0)
            count++;
    }
    if (count > 0)
        mvadd_wchnstr(row, first, run, count);
    return column;
}

static void send_row(const terminal *terminal, screen *screen, int row)
{
    size_t start = (size_t)row * (size_t)screen->columns, bytes = (size_t)screen->columns * sizeof(cell);
    cell *now = screen->cells + start, *before = screen->shown + start;
    if (screen->shown_is_valid && memcmp(now, before, bytes) == 0)
        return;
    for (int column = 0; column < screen->columns;)
        if (now[column].width == 0 || is_same(screen, &now[column], &before[column]))
            column++;
        else
            column = send_run(terminal, screen, row, column);
    memcpy(before, now, bytes);
}

/* Curses draws anew what was painted without it, from where it left the cursor. */
static void tell_curses(terminal *terminal, screen *screen)
{
    enum { UNLIKE_ANY_CELL = 0xFF };
    size_t columns = (size_t)screen->columns;
    if (!terminal->painter.ahead)
        return;
    painter_move(&terminal->painter, &terminal->unsent, terminal->row, terminal->column);
    for (int row = 0; row < screen->rows && row < LINES; row++)
        if (terminal->painter.rows[row]) {
            memset(screen->shown + (size_t)row * columns, UNLIKE_ANY_CELL, columns * sizeof(cell));
            wredrawln(stdscr, row, 1);
        }
    memset(terminal->painter.rows, 0, sizeof terminal->painter.rows);
    terminal->painter.ahead = false;
}

static void show_by_curses(terminal *terminal, screen *screen)
{
    painter_settle(&terminal->painter, &terminal->unsent);
    tell_curses(terminal, screen);
    for (int row = 0; row < screen->rows && row < LINES; row++)
        send_row(terminal, screen, row);
    screen->shown_is_valid = true;
    terminal->shows_cursor = screen->cursor_row >= 0;
    terminal->row = terminal->shows_cursor ? screen->cursor_row : 0;
    terminal->column = terminal->shows_cursor ? screen->cursor_column : 0;
    curs_set(terminal->shows_cursor ? 1 : 0);
    move(terminal->row, terminal->column);
    refresh();
    terminal_collect(terminal);
    painter_moved(&terminal->painter, terminal->row, terminal->column);
}

void terminal_show(terminal *terminal, screen *screen)
{
    bool same_cursor = terminal->row >= 0 && terminal->shows_cursor == (screen->cursor_row >= 0);
    if (!same_cursor || !painter_paint(&terminal->painter, &terminal->unsent, screen))
        show_by_curses(terminal, screen);
    terminal_flush(terminal);
}

void terminal_resize(terminal *terminal, screen *screen)
{
    painter_free_rows(&terminal->painter, &terminal->unsent);
    resizeterm(screen->rows, screen->columns);
    erase();
    clearok(curscr, TRUE);
    screen->shown_is_valid = false;
}
