/* src/tui/terminal_painter.c - small changes written straight to the terminal, for most keys change a few cells.
 *
 * Curses costs several times the drawing itself for a key: it builds every color by its interpreter and compares the rows
 * again. It stays in charge of all that is large: starts, scrolling, menus, and of terminals that need padding or move the
 * cursor in ways of their own. Rows painted here are remembered, so that terminal.c can tell curses about them. */
#include "terminal_painter.h"

#include <curses.h>
#include <stdio.h>
#include <string.h>
#include <term.h>

#undef columns /* term.h names terminfo capabilities as macros */
#undef lines

enum { ROWS_MOST = 60, GAP_MOST = 4, CLEAR_LEAST = 4, MARK_COLUMNS = 4, SCROLL_LEAST = 6 };

static const char *capability(const char *name)
{
    const char *bytes = tigetstr(name);
    bool is_string = bytes != NULL && (intptr_t)bytes != -1;
    return is_string && strstr(bytes, "$<") == NULL ? bytes : NULL;
}

static bool is_exactly(const char *name, const char *bytes)
{
    const char *known = capability(name);
    return known != NULL && strcmp(known, bytes) == 0;
}

void painter_start(painter *painter, bool utf8)
{
    const char *move = capability("cup");
    *painter = (struct painter){ .reset = capability("sgr0"), .clear_line = capability("el") };
    if (painter->reset != NULL && strcmp(painter->reset, "\033(B\033[m") == 0)
        painter->reset = "\033[m"; /* no other character set is ever chosen here */
    painter->able = utf8 && painter->reset != NULL && painter->clear_line != NULL && move != NULL &&
                    strcmp(move, "\033[%i%p1%d;%p2%dH") == 0 && tigetnum("ncv") <= 0;
    painter->scrolls = is_exactly("csr", "\033[%i%p1%d;%p2%dr") && is_exactly("ind", "\n") && is_exactly("ri", "\033M");
}

static void add(painter_style *style, const char *bytes)
{
    size_t used = strlen(style->bytes), more = bytes == NULL ? 0 : strlen(bytes);
    if (used + more < sizeof style->bytes)
        memcpy(style->bytes + used, bytes == NULL ? "" : bytes, more + 1);
}

void painter_set_style(painter *painter, role role, unsigned attributes, int foreground, int background)
{
    static const char *const names[] = { "bold", "dim", "sitm", "smul", "rev" }; /* bits of LOOK_ */
    painter_style *style = &painter->styles[role];
    const char *in_front = capability("setaf"), *behind = capability("setab");
    *style = (painter_style){ .attributes = attributes, .foreground = foreground, .background = background };
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (attributes & 1U << i)
            add(style, capability(names[i]));
    if (foreground >= 0 && in_front != NULL)
        add(style, tiparm(in_front, foreground));
    if (background >= 0 && behind != NULL)
        add(style, tiparm(behind, background));
}

void painter_move(buffer *out, int row, int column)
{
    char bytes[32];
    if (column == 0)
        snprintf(bytes, sizeof bytes, "\033[%dH", row + 1);
    else
        snprintf(bytes, sizeof bytes, "\033[%d;%dH", row + 1, column + 1);
    buffer_append_string(out, bytes);
}

static bool is_plain(const painter_style *style)
{
    return style->attributes == 0 && style->foreground < 0 && style->background < 0;
}

static bool same_style(const painter_style *one, const painter_style *other)
{
    return one->attributes == other->attributes && one->foreground == other->foreground && one->background == other->background;
}

/* What was on goes off, unless the new look replaces all of it. */
static void wear(const painter *painter, buffer *out, const painter_style **worn, const painter_style *style)
{
    if (*worn == style || (*worn != NULL && same_style(*worn, style)) || (*worn == NULL && is_plain(style)))
        return;
    bool replaced = *worn == NULL || is_plain(*worn) ||
                    ((*worn)->attributes == 0 && ((*worn)->foreground < 0 || style->foreground >= 0) &&
                     ((*worn)->background < 0 || style->background >= 0));
    if (!replaced)
        buffer_append_string(out, painter->reset);
    buffer_append_string(out, style->bytes);
    *worn = style;
}

/* A blank looks the same in every color of letters. */
static bool is_blank(const cell *cell)
{
    return cell->width == 1 && cell->text[0] == L' ' && cell->text[1] == 0;
}

static bool shows_on_blank(const painter_style *style)
{
    return style->background >= 0 || (style->attributes & (LOOK_UNDERLINE | LOOK_REVERSE)) != 0;
}

static bool needs_style(const cell *cell, const painter_style *worn, const painter_style *style)
{
    return !is_blank(cell) || shows_on_blank(style) || (worn != NULL && shows_on_blank(worn));
}

static void put_cell(buffer *out, const cell *cell)
{
    char bytes[4];
    for (int i = 0; i < CELL_CHARACTERS && cell->text[i] != 0; i++)
        if (cell->text[i] < 0x80)
            buffer_append_char(out, (char)cell->text[i]);
        else
            buffer_append(out, bytes, utf8_encode((int32_t)cell->text[i], bytes));
}

static bool same(const cell *one, const cell *other)
{
    return memcmp(one, other, sizeof *one) == 0;
}

/* The column from which on the row is empty and plain: clearing it is three bytes. */
static int empty_from(const painter *painter, const cell *now, int columns)
{
    while (columns > 0 && is_blank(&now[columns - 1]) && !shows_on_blank(&painter->styles[now[columns - 1].role]))
        columns--;
    return columns;
}

/* What stands between two changes is written again when it is shorter than a move. */
static int next_change(const cell *now, const cell *before, int column, int columns)
{
    while (column < columns && same(&now[column], &before[column]))
        column++;
    while (column > 0 && column < columns && now[column].width == 0)
        column--;
    return column;
}

static void paint_row(painter *painter, buffer *out, const painter_style **worn, const screen *screen, int row)
{
    const cell *now = screen->cells + (size_t)row * (size_t)screen->columns;
    const cell *before = screen->shown + (size_t)row * (size_t)screen->columns;
    int columns = screen->columns, empty = empty_from(painter, now, columns), at = -1;
    bool clears = columns - next_change(now, before, empty, columns) >= CLEAR_LEAST;
    for (int column = next_change(now, before, 0, columns); column < columns;) {
        if (at < 0 || column - at > GAP_MOST || column < at)
            painter_move(out, row, column);
        else
            column = at;
        const painter_style *style = &painter->styles[now[column].role];
        if (needs_style(&now[column], *worn, style))
            wear(painter, out, worn, style);
        if (clears && column >= empty) {
            buffer_append_string(out, painter->clear_line);
            break;
        }
        put_cell(out, &now[column]);
        at = column + (now[column].width == 2 ? 2 : 1);
        column = next_change(now, before, at, columns);
    }
}

static bool is_small(const screen *screen)
{
    size_t columns = (size_t)screen->columns, last = (size_t)screen->rows * columns - 1;
    int changed = 0;
    if (!screen->shown_is_valid || !same(&screen->cells[last], &screen->shown[last])) /* the corner may scroll the screen */
        return false;
    for (int row = 0; row < screen->rows && changed <= ROWS_MOST; row++)
        changed +=
            memcmp(screen->cells + (size_t)row * columns, screen->shown + (size_t)row * columns, columns * sizeof(cell)) != 0;
    return changed <= ROWS_MOST;
}

/* ---- scrolling by one row ------------------------------------------------------------------------------------------ */

/* The first columns hold the mark of the cursor's row: it moves while the rest stays. */
static bool same_row(const screen *screen, int now, int before)
{
    size_t columns = (size_t)screen->columns, from = columns > MARK_COLUMNS ? MARK_COLUMNS : 0;
    return memcmp(screen->cells + (size_t)now * columns + from, screen->shown + (size_t)before * columns + from,
                  (columns - from) * sizeof(cell)) == 0;
}

static bool is_empty_row(const screen *screen, int row)
{
    const cell *cells = screen->cells + (size_t)row * (size_t)screen->columns;
    for (int column = MARK_COLUMNS; column < screen->columns; column++)
        if (!is_blank(&cells[column]))
            return false;
    return true;
}

/* The longest run of rows that stand one higher (by 1) or lower (by -1) than they were. @return how many of them were moved and
 * are not as they would be anyway */
static int find_run(const screen *screen, int by, int *first)
{
    int best = 0;
    for (int row = by < 0 ? 1 : 0; row < screen->rows - (by > 0 ? 1 : 0); row++) {
        int length = 0, worth = 0;
        while (row + length < screen->rows - (by > 0 ? 1 : 0) && same_row(screen, row + length, row + length + by)) {
            worth += !same_row(screen, row + length, row + length) && !is_empty_row(screen, row + length);
            length++;
        }
        if (worth > best) {
            best = worth;
            *first = row;
        }
        row += length;
    }
    return best;
}

static int run_length(const screen *screen, int by, int first)
{
    int length = 0;
    while (first + length < screen->rows - (by > 0 ? 1 : 0) && same_row(screen, first + length, first + length + by))
        length++;
    return length;
}

/* Tells the terminal to move the rows, and what is known of it with them; what comes in is empty. */
static void move_rows(painter *painter, buffer *out, screen *screen, int by, int top, int bottom)
{
    size_t columns = (size_t)screen->columns;
    cell *rows = screen->shown + (size_t)top * columns, *empty = by > 0 ? screen->shown + (size_t)bottom * columns : rows;
    buffer_append_format(out, "\033[%d;%dr", top + 1, bottom + 1);
    painter_move(out, by > 0 ? bottom : top, 0);
    buffer_append_string(out, by > 0 ? "\n" : "\033M");
    buffer_append_string(out, "\033[r");
    memmove(by > 0 ? rows : rows + columns, by > 0 ? rows + columns : rows, (size_t)(bottom - top) * columns * sizeof(cell));
    for (size_t i = 0; i < columns; i++)
        empty[i] = (cell){ .text = { L' ' }, .role = ROLE_TEXT, .width = 1 };
    for (int row = top; row <= bottom; row++)
        painter->rows[row] = true;
    painter->ahead = true;
}

/* When a list or the record has moved by one row, moving it on the terminal costs twenty bytes. */
static void scroll_when_worth(painter *painter, buffer *out, screen *screen)
{
    int up_first = 0, down_first = 0;
    if (!painter->scrolls || !screen->shown_is_valid || screen->rows < 4)
        return;
    int up = find_run(screen, 1, &up_first), down = find_run(screen, -1, &down_first);
    if (up < SCROLL_LEAST && down < SCROLL_LEAST)
        return;
    if (up >= down)
        move_rows(painter, out, screen, 1, up_first, up_first + run_length(screen, 1, up_first));
    else
        move_rows(painter, out, screen, -1, down_first - 1, down_first - 1 + run_length(screen, -1, down_first));
}

bool painter_paint(painter *painter, buffer *out, screen *screen)
{
    const painter_style *worn = NULL;
    size_t columns = (size_t)screen->columns;
    if (painter->able && !is_small(screen))
        scroll_when_worth(painter, out, screen);
    if (!painter->able || !is_small(screen))
        return false;
    for (int row = 0; row < screen->rows; row++) {
        cell *now = screen->cells + (size_t)row * columns, *before = screen->shown + (size_t)row * columns;
        if (memcmp(now, before, columns * sizeof(cell)) == 0)
            continue;
        paint_row(painter, out, &worn, screen, row);
        memcpy(before, now, columns * sizeof(cell));
        painter->rows[row] = painter->ahead = true;
    }
    if (worn != NULL && !is_plain(worn))
        buffer_append_string(out, painter->reset);
    return true;
}
