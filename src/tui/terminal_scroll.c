/* src/tui/terminal_scroll.c - finds rows that stand higher or lower than they were, and tells the terminal to move them.
 *
 * When a list or the record moves by a few rows, moving them on the terminal costs twenty bytes. Rows are compared by a number
 * made of their cells: two that only seem alike cost bytes, never a wrong screen, since all is compared again behind it. */
#include "terminal_painter.h"

#include <string.h>

enum { MARK_COLUMNS = 4, WORTH_LEAST = 2, ROWS_MOST = 100 };

/* The first columns hold the mark of the cursor's row: it moves while the rest stays. */
static uint64_t number_of(const cell *cells, int columns, bool flies)
{
    const uint64_t looks = flies ? 0 : UINT64_MAX; /* rows that flew in have not got theirs yet */
    uint64_t number = 14695981039346656037U;
    for (int column = columns > MARK_COLUMNS ? MARK_COLUMNS : 0; column < columns; column++) {
        number = (number ^ (((uint64_t)cells[column].role << 32 & looks) | (uint64_t)(uint32_t)cells[column].text[0])) *
                 1099511628211U;
    }
    return number;
}

static bool is_empty(const cell *cells, int columns)
{
    for (int column = MARK_COLUMNS; column < columns; column++)
        if (!cell_is_blank(&cells[column]))
            return false;
    return true;
}

typedef struct numbers {
    uint64_t now[ROWS_MOST], before[ROWS_MOST];
    bool empty[ROWS_MOST];
    int first, end; /* the rows between which something changed */
} numbers;

static bool row_changed(const screen *screen, int row)
{
    const size_t at = (size_t)row * (size_t)screen->columns;
    return memcmp(screen->cells + at, screen->shown + at, (size_t)screen->columns * sizeof(cell)) != 0;
}

static void number_rows(numbers *out, const screen *screen)
{
    out->first = 0;
    out->end = screen->rows;
    while (out->first < out->end && !row_changed(screen, out->first))
        out->first++;
    while (out->end > out->first && !row_changed(screen, out->end - 1))
        out->end--;
    for (int row = out->first; row < out->end; row++) {
        const size_t at = (size_t)row * (size_t)screen->columns;
        out->now[row] = number_of(screen->cells + at, screen->columns, screen->flies);
        out->before[row] = number_of(screen->shown + at, screen->columns, screen->flies);
        out->empty[row] = is_empty(screen->cells + at, screen->columns);
    }
}

/* The best run of rows that stand `by` rows higher. @return how many of them would have to be written otherwise */
static int best_run(const numbers *all, int by, scrolling *out)
{
    int best = 0;
    const int first = all->first + (by < 0 ? -by : 0), end = by > 0 ? all->end - by : all->end;
    for (int row = first; row < end; row++) {
        int length = 0, worth = 0;
        for (; row + length < end && all->now[row + length] == all->before[row + length + by]; length++)
            worth += all->now[row + length] != all->before[row + length] && !all->empty[row + length];
        if (worth > best) {
            best = worth;
            *out = by > 0 ? (scrolling){ by, row, row + length - 1 + by, worth }
                          : (scrolling){ by, row + by, row + length - 1, worth };
        }
        row += length;
    }
    return best;
}

bool scrolling_find(scrolling *out, const screen *screen)
{
    int best = 0;
    numbers all;
    if (screen->rows < WORTH_LEAST + 2 || screen->rows > ROWS_MOST)
        return false;
    number_rows(&all, screen);
    for (int distance = 1; distance < all.end - all.first - WORTH_LEAST; distance++)
        for (int by = -distance; by <= distance; by += 2 * distance) {
            scrolling found = { 0 };
            int worth = best_run(&all, by, &found);
            if (worth > best) {
                best = worth;
                *out = found;
            }
        }
    return best >= WORTH_LEAST;
}

static int count_of(const scrolling *how)
{
    return how->by > 0 ? how->by : -how->by;
}

void scrolling_write(const scrolling *how, pen *pen)
{
    const int edge = how->by > 0 ? how->bottom : how->top;
    pen_set_region(pen, how->top, how->bottom);
    if (pen->row != edge)
        pen_move(pen, edge, 0);
    for (int i = 0; i < count_of(how); i++)
        buffer_append_string(pen->out, how->by > 0 ? "\n" : "\033M");
}

void scrolling_note(const scrolling *how, screen *screen)
{
    const size_t columns = (size_t)screen->columns, count = (size_t)count_of(how);
    const size_t kept = (size_t)(how->bottom - how->top + 1) - count;
    cell *top = screen->shown + (size_t)how->top * columns, *moved = top + count * columns;
    cell *empty = how->by > 0 ? top + kept * columns : top;
    memmove(how->by > 0 ? top : moved, how->by > 0 ? moved : top, kept * columns * sizeof(cell));
    for (size_t i = 0; i < count * columns; i++)
        empty[i] = (cell){ .text = { L' ' }, .role = ROLE_TEXT, .width = 1 };
}
