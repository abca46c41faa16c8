/* src/tui/terminal_row.c - finds what changed in a row, and writes it in few bytes.
 *
 * Cells that look as before are not written, unless they are the shortest bridge to the next change. A row whose end moved by a
 * few columns is moved on the terminal, when that is shorter. While a key is held, colors of letters wait. */
#include "terminal_row.h"

#include <string.h>

enum { GAP_MOST = 4, GAP_MOST_UNKNOWN = 6, CLEAR_LEAST = 4, SHIFT_MOST = 8 };
enum { SHIFT_FROM_BYTES = 10 }; /* below, a move cannot save much */

/* By words: it is asked of every cell of every row that changed. */
static inline bool same(const cell *one, const cell *other)
{
    uint64_t words[2][sizeof(cell) / sizeof(uint64_t)];
    _Static_assert(sizeof words[0] == sizeof(cell), "a cell is made of words");
    memcpy(words[0], one, sizeof words[0]);
    memcpy(words[1], other, sizeof words[1]);
    return ((words[0][0] ^ words[1][0]) | (words[0][1] ^ words[1][1]) | (words[0][2] ^ words[1][2])) == 0;
}

static bool same_text(const cell *one, const cell *other)
{
    return one->width == other->width && memcmp(one->text, other->text, sizeof one->text) == 0;
}

/* Only the color of letters, which can wait while rows fly by. */
static bool is_color_only(const painter_style *style)
{
    return style->background < 0 && (style->attributes == 0 || style->attributes == LOOK_DIM);
}

/* Another role, and nothing to be seen of it. */
static bool looks_same(const row_change *change, int column)
{
    const cell *now = &change->now[column], *before = &change->before[column];
    const painter_style *style = &change->painter->styles[now->role], *other = &change->painter->styles[before->role];
    return same_text(now, before) &&
           (style_is_same(style, other) || (cell_is_blank(now) && !style_shows_on_blank(style) && !style_shows_on_blank(other)));
}

/* Until the keys rest. */
static bool waits(const row_change *change, int column)
{
    const cell *now = &change->now[column], *before = &change->before[column];
    const painter_style *styles = change->painter->styles;
    return column == change->held ||
           (change->flies && same_text(now, before) && is_color_only(&styles[now->role]) && is_color_only(&styles[before->role]));
}

static bool is_unchanged(const row_change *change, int column)
{
    return same(&change->now[column], &change->before[column]) || looks_same(change, column) || waits(change, column);
}

/* What stands between two changes is written again when it is shorter than a move. */
static int next_change(const row_change *change, int column)
{
    while (column < change->columns && is_unchanged(change, column))
        column++;
    while (column > 0 && column < change->columns && change->now[column].width == 0)
        column--;
    return column;
}

static int held_column(const screen *screen, int row)
{
    const screen_marks *marks = &screen->marks;
    if (!screen->hurried || row < marks->top || row >= marks->top + marks->rows || marks->column >= screen->columns)
        return -1;
    const size_t at = (size_t)row * (size_t)screen->columns + (size_t)marks->column;
    const bool marked = screen->cells[at].role == ROLE_CURSOR_LINE || screen->shown[at].role == ROLE_CURSOR_LINE;
    return marked ? marks->column : -1;
}

row_change row_change_of(const painter *painter, const screen *screen, int row)
{
    const size_t at = (size_t)row * (size_t)screen->columns;
    row_change made = { .painter = painter,
                        .now = screen->cells + at,
                        .before = screen->shown + at,
                        .row = row,
                        .columns = screen->columns,
                        .held = held_column(screen, row),
                        .flies = screen->flies && style_is_plain(&painter->styles[ROLE_TEXT]),
                        .empty = screen->columns };
    while (made.empty > 0 && cell_is_blank(&made.now[made.empty - 1]) &&
           !style_shows_on_blank(&painter->styles[made.now[made.empty - 1].role]))
        made.empty--;
    made.clears = made.columns - next_change(&made, made.empty) >= CLEAR_LEAST;
    return made;
}

static const painter_style *style_of(const row_change *change, int column)
{
    const painter_style *style = &change->painter->styles[change->now[column].role];
    return change->flies && is_color_only(style) ? &style_plain : style;
}

/* Blank, and the same in every color of letters. */
static bool has_no_look(const row_change *change, int column)
{
    return cell_is_blank(&change->now[column]) && !style_shows_on_blank(style_of(change, column));
}

static bool is_of_this_look(const row_change *change, int column)
{
    if (change->only == NULL)
        return true;
    const painter_style *style = has_no_look(change, column) ? &style_plain : style_of(change, column);
    return style_is_same(change->only, style);
}

/* Can it be written without a change of looks? */
static bool fits_worn(const row_change *change, const pen *pen, int column)
{
    const painter_style *worn = pen->worn == NULL ? &style_plain : pen->worn;
    return has_no_look(change, column) ? !style_shows_on_blank(worn) : style_is_same(worn, style_of(change, column));
}

/* From the cursor to the next change over what stands between: written again when it is as short as a move. */
static bool bridge(const row_change *change, pen *pen, int at, int column)
{
    const int most = pen->steps && pen->column == at ? GAP_MOST : GAP_MOST_UNKNOWN;
    if (column - at > most)
        return false;
    for (int i = at; i < column; i++) {
        const cell *here = &change->now[i];
        if (change->flies && !style_is_plain(&change->painter->styles[change->before[i].role]))
            return false; /* it has its color already */
        if (i == change->held || here->width != 1 || here->text[0] >= 0x7F || here->text[1] != 0 || !fits_worn(change, pen, i))
            return false;
    }
    for (int i = at; i < column; i++)
        pen_put(pen, &change->now[i]);
    return true;
}

void row_write_changes(const row_change *change, pen *pen)
{
    int at = pen->row == change->row ? pen->column : -1;
    for (int column = next_change(change, 0); column < change->columns;) {
        if (!is_of_this_look(change, column)) {
            column = next_change(change, column + (change->now[column].width == 2 ? 2 : 1));
            continue;
        }
        if (column != at && (at < 0 || column < at || !bridge(change, pen, at, column)))
            pen_move(pen, change->row, column);
        if (!fits_worn(change, pen, column))
            pen_wear(pen, style_of(change, column));
        if (change->clears && column >= change->empty) {
            buffer_append_string(pen->out, change->painter->clear_line);
            break;
        }
        pen_put(pen, &change->now[column]);
        at = column + (change->now[column].width == 2 ? 2 : 1);
        column = next_change(change, at);
    }
}

/* A row whose end moved to the right or to the left, behind a few cells that changed. */
typedef struct shift {
    int first, count; /* so many cells more from there on, or less when below 0 */
    int written;      /* and so many to write there */
} shift;

static bool is_ascii_from(const cell *cells, int first, int columns)
{
    for (int i = first; i < columns; i++)
        if (cells[i].width != 1 || cells[i].text[0] >= 0x7F || cells[i].text[1] != 0)
            return false;
    return true;
}

/* Is what stood from column `from` on now `by` columns farther to the right? On the left what comes in must be blank. */
static bool has_moved(const row_change *change, int from, int by)
{
    const int to = from + by, behind = to > from ? to : from;
    if (to < 0 || behind >= change->columns)
        return false;
    if (memcmp(&change->now[to], &change->before[from], (size_t)(change->columns - behind) * sizeof(cell)) != 0)
        return false;
    for (int i = change->columns + by; i < change->columns; i++)
        if (!has_no_look(change, i) || change->now[i].role != ROLE_TEXT)
            return false;
    return true;
}

static bool find_shift(const row_change *change, shift *out)
{
    const int first = next_change(change, 0), columns = change->columns;
    if (first <= change->held || !is_ascii_from(change->now, first, columns) || !is_ascii_from(change->before, first, columns))
        return false;
    for (int replaced = 0; replaced <= SHIFT_MOST; replaced++)
        for (int count = 1; count <= SHIFT_MOST; count++) {
            if (change->painter->inserts && has_moved(change, first + replaced, count)) {
                *out = (shift){ first, count, replaced + count };
                return true;
            }
            if (change->painter->deletes && has_moved(change, first + replaced + count, -count)) {
                *out = (shift){ first, -count, replaced };
                return true;
            }
        }
    return false;
}

static void write_shift(const row_change *change, pen *pen, const shift *how)
{
    const int count = how->count < 0 ? -how->count : how->count;
    const char letter = how->count < 0 ? 'P' : '@';
    pen_move(pen, change->row, how->first);
    if (pen->worn != NULL)
        pen_wear(pen, &style_plain); /* blanks come in, in the colors that are on */
    if (count == 1)
        buffer_append_format(pen->out, "\033[%c", letter);
    else
        buffer_append_format(pen->out, "\033[%d%c", count, letter);
    for (int column = how->first; column < how->first + how->written; column++) {
        if (!fits_worn(change, pen, column))
            pen_wear(pen, style_of(change, column));
        pen_put(pen, &change->now[column]);
    }
}

void row_write(const row_change *change, pen *pen)
{
    const struct pen before = *pen;
    const size_t start = pen->out->length;
    shift how;
    row_write_changes(change, pen);
    const size_t end = pen->out->length;
    const bool heard =
        pen->top < 0 || (change->row >= pen->top && change->row <= pen->bottom); /* some terminals, elsewhere, not */
    if (end - start <= SHIFT_FROM_BYTES || change->only != NULL || !heard || !find_shift(change, &how))
        return;
    const struct pen plainly = *pen;
    *pen = before;
    write_shift(change, pen, &how);
    const size_t length = pen->out->length - end;
    if (length < end - start) {
        memmove(pen->out->bytes + start, pen->out->bytes + end, length);
        pen->out->length = start + length;
    } else {
        *pen = plainly;
        pen->out->length = end;
    }
}

uint64_t row_roles(const row_change *change)
{
    uint64_t roles = 0;
    for (int column = 0; column < change->columns; column++)
        if (!is_unchanged(change, column))
            roles |= UINT64_C(1) << change->now[column].role;
    return roles;
}

void row_note_shown(const row_change *change, cell *before)
{
    for (int column = 0; column < change->columns; column++) {
        const bool seen = looks_same(change, column);
        if (!seen && waits(change, column))
            continue;
        before[column] = change->now[column];
        const painter_style *style = &change->painter->styles[change->now[column].role];
        if (!seen && change->flies && is_color_only(style) && !style_is_plain(style))
            before[column].role = ROLE_TEXT;
    }
}
