/* src/tui/terminal_painter.c - small changes written straight to the terminal, for most keys change a few cells.
 *
 * Curses costs several times the drawing itself for a key: it builds every color by its interpreter and compares the rows
 * again. It stays in charge of all that is large: starts and menus, and of terminals that need padding or move the cursor in
 * ways of their own. Rows painted here are remembered, so that terminal.c can tell curses about them.
 * A change is written in up to four ways, row by row or look by look, with and without moving rows on the terminal, and the
 * shortest is sent: the bytes are what a slow line feels. */
#include "terminal_painter.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>

#undef columns /* term.h names terminfo capabilities as macros */
#undef lines

enum { ROWS_MOST = 60, GAP_MOST = 4, GAP_MOST_UNKNOWN = 6, CLEAR_LEAST = 4, SHIFT_MOST = 8, SCROLLED_LEAST = 4 };
enum { SHIFT_FROM_BYTES = 10, OTHER_WAYS_FROM_BYTES = 48 }; /* below, no other way can save much */

static const painter_style plain_style = { .foreground = -1, .background = -1 };

/* ---- what the terminal can do ------------------------------------------------------------------------------------ */

void painter_start(painter *painter, bool utf8)
{
    const char *move = pen_capability("cup");
    *painter = (struct painter){
        .reset = pen_capability("sgr0"), .clear_line = pen_capability("el"), .row = -1, .column = -1, .top = -1, .bottom = -1
    };
    buffer_init(&painter->written, 0);
    buffer_init(&painter->tried, 0);
    if (painter->reset != NULL && strcmp(painter->reset, "\033(B\033[m") == 0)
        painter->reset = "\033[m"; /* no other character set is ever chosen here */
    painter->able = utf8 && painter->reset != NULL && painter->clear_line != NULL && move != NULL &&
                    strcmp(move, "\033[%i%p1%d;%p2%dH") == 0 && tigetnum("ncv") <= 0;
    painter->has_regions = pen_capability_is("csr", "\033[%i%p1%d;%p2%dr");
    painter->scrolls = painter->has_regions && pen_capability_is("ind", "\n") && pen_capability_is("ri", "\033M");
    painter->deletes = pen_capability_is("dch", "\033[%p1%dP");
    painter->inserts = pen_capability_is("ich", "\033[%p1%d@");
    painter->steps = pen_can_step();
}

void painter_release(painter *painter)
{
    buffer_release(&painter->written);
    buffer_release(&painter->tried);
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
    const char *in_front = pen_capability("setaf"), *behind = pen_capability("setab");
    *style = (painter_style){ .attributes = attributes, .foreground = foreground, .background = background };
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (attributes & 1U << i)
            add(style, pen_capability(names[i]));
    if (foreground >= 0 && in_front != NULL)
        add(style, tiparm(in_front, foreground));
    if (background >= 0 && behind != NULL)
        add(style, tiparm(behind, background));
}

static pen take_pen(const painter *painter, buffer *out, const screen *screen)
{
    buffer_clear(out);
    return (pen){ .out = out,
                  .reset = painter->reset,
                  .row = painter->row,
                  .column = painter->column,
                  .columns = screen->columns,
                  .top = painter->top,
                  .bottom = painter->bottom,
                  .steps = painter->steps };
}

void painter_free_rows(painter *painter, buffer *out)
{
    if (painter->has_regions)
        buffer_append_string(out, "\033[r");
    painter->top = painter->bottom = painter->row = painter->column = -1;
}

void painter_settle(painter *painter, buffer *out)
{
    if (painter->top >= 0)
        buffer_append_string(out, "\033[r");
    painter->top = painter->bottom = painter->row = painter->column = -1;
}

void painter_move(painter *painter, buffer *out, int row, int column)
{
    pen pen = { .out = out, .row = -1, .column = -1, .top = -1, .bottom = -1 };
    pen_move(&pen, row, column);
    painter_moved(painter, row, column);
}

void painter_moved(painter *painter, int row, int column)
{
    painter->row = row;
    painter->column = column;
}

/* ---- one row ----------------------------------------------------------------------------------------------------- */

/* A row as it is to be and as it stands. */
typedef struct row_change {
    const painter *painter;
    const cell *now, *before;
    int row, columns;
    int held;  /* the column with the mark of the cursor's row, when that waits until the keys rest; -1 */
    int empty; /* from this column on the row is empty and plain: clearing it is three bytes */
    bool clears;
    bool flies;
    const painter_style *only; /* NULL: all looks */
} row_change;

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

static row_change change_of(const painter *painter, const screen *screen, int row)
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
    return change->flies && is_color_only(style) ? &plain_style : style;
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
    const painter_style *style = has_no_look(change, column) ? &plain_style : style_of(change, column);
    return style_is_same(change->only, style);
}

/* Can it be written without a change of looks? */
static bool fits_worn(const row_change *change, const pen *pen, int column)
{
    const painter_style *worn = pen->worn == NULL ? &plain_style : pen->worn;
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

static void write_changes(const row_change *change, pen *pen)
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
        pen_wear(pen, &plain_style); /* blanks come in, in the colors that are on */
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

static void write_row(const row_change *change, pen *pen)
{
    const struct pen before = *pen;
    const size_t start = pen->out->length;
    shift how;
    write_changes(change, pen);
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

/* ---- the screen -------------------------------------------------------------------------------------------------- */

static bool row_changed(const screen *screen, int row)
{
    const size_t at = (size_t)row * (size_t)screen->columns;
    return memcmp(screen->cells + at, screen->shown + at, (size_t)screen->columns * sizeof(cell)) != 0;
}

/* @return -1: more than is to be painted here; the last corner may scroll the screen, too */
static int rows_to_paint(const screen *screen)
{
    size_t last = (size_t)screen->rows * (size_t)screen->columns - 1;
    int changed = 0;
    if (!screen->shown_is_valid || !same(&screen->cells[last], &screen->shown[last]))
        return -1;
    for (int row = 0; row < screen->rows && changed <= ROWS_MOST; row++)
        changed += row_changed(screen, row);
    return changed <= ROWS_MOST ? changed : -1;
}

static void write_end(pen *pen, const screen *screen)
{
    if (pen->worn != NULL)
        pen_wear(pen, &plain_style);
    if (!screen->hurried)
        pen_set_region(pen, -1, -1);
    if (screen->cursor_row >= 0)
        pen_move(pen, screen->cursor_row, screen->cursor_column);
}

static void write_by_rows(const painter *painter, pen *pen, const screen *screen)
{
    for (int row = 0; row < screen->rows; row++) {
        if (!row_changed(screen, row))
            continue;
        const row_change change = change_of(painter, screen, row);
        write_row(&change, pen);
    }
    write_end(pen, screen);
}

/* A look, and the roles that have it as bits. */
typedef struct worn_by {
    const painter_style *style;
    uint64_t roles;
} worn_by;
_Static_assert(ROLE_COUNT <= 64, "the roles of a row are bits of one number");

/* The roles of the cells that change. */
static uint64_t roles_of(const row_change *change)
{
    uint64_t roles = 0;
    for (int column = 0; column < change->columns; column++)
        if (!is_unchanged(change, column))
            roles |= UINT64_C(1) << change->now[column].role;
    return roles;
}

/* Their looks, each once; the plain one first, for it writes the blanks of all others. */
static size_t looks_of(const painter *painter, uint64_t roles, worn_by out[static ROLE_COUNT + 1])
{
    size_t count = 1;
    out[0] = (worn_by){ &plain_style, roles };
    for (int role = 0; role < ROLE_COUNT; role++) {
        const painter_style *style = &painter->styles[role];
        size_t i = 0;
        if ((roles & UINT64_C(1) << role) == 0)
            continue;
        while (i < count && !style_is_same(out[i].style, style))
            i++;
        if (i == count)
            out[count++] = (worn_by){ style, 0 };
        out[i].roles |= UINT64_C(1) << role;
    }
    return count;
}

static void write_by_looks(const painter *painter, pen *pen, const screen *screen)
{
    worn_by looks[ROLE_COUNT + 1];
    row_change changes[ROWS_MOST];
    uint64_t roles[ROWS_MOST], all = 0;
    size_t changed = 0;
    for (int row = 0; row < screen->rows && changed < ROWS_MOST; row++)
        if (row_changed(screen, row)) {
            changes[changed] = change_of(painter, screen, row);
            all |= roles[changed] = roles_of(&changes[changed]);
            changed++;
        }
    const size_t count = looks_of(painter, all, looks);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < changed; j++)
            if (roles[j] & looks[i].roles) {
                changes[j].only = looks[i].style;
                write_changes(&changes[j], pen);
            }
    write_end(pen, screen);
}

/* The shorter one becomes `written`. */
static void keep_shorter(painter *painter, pen *best, const pen *other)
{
    if (buffer_failed(&painter->tried) || painter->tried.length >= painter->written.length)
        return;
    const buffer shorter = painter->tried;
    painter->tried = painter->written;
    painter->written = shorter;
    *best = *other;
}

static void try_by_looks(painter *painter, pen *best, const screen *screen)
{
    pen pen = take_pen(painter, &painter->tried, screen);
    write_by_looks(painter, &pen, screen);
    keep_shorter(painter, best, &pen);
}

static void note_moved(painter *painter, const scrolling *how)
{
    for (int row = how->top; row <= how->bottom; row++)
        painter->rows[row] = true;
}

/* Moves rows on the terminal first. When that is shorter, `shown` has them moved. */
static void try_scrolling(painter *painter, pen *best, screen *wanted, const scrolling *how)
{
    const size_t size = (size_t)wanted->rows * (size_t)wanted->columns * sizeof(cell), before = painter->written.length;
    screen moved = *wanted;
    if ((moved.shown = malloc(size)) == NULL)
        return;
    memcpy(moved.shown, wanted->shown, size);
    scrolling_note(how, &moved);
    for (int way = 0; way < (wanted->flies ? 1 : 2); way++) {
        pen pen = take_pen(painter, &painter->tried, wanted);
        scrolling_write(how, &pen);
        if (way == 0)
            write_by_rows(painter, &pen, &moved);
        else
            write_by_looks(painter, &pen, &moved);
        keep_shorter(painter, best, &pen);
    }
    if (painter->written.length < before) {
        memcpy(wanted->shown, moved.shown, size);
        note_moved(painter, how);
    }
    free(moved.shown);
}

/* A held key moves most of what changes: then nothing else need be tried. */
static bool scrolls_in_flight(painter *painter, screen *screen, pen *best, int changed)
{
    scrolling how;
    if (!screen->flies || changed < SCROLLED_LEAST || !scrolling_find(&how, screen) || how.worth * 2 < changed)
        return false;
    scrolling_note(&how, screen);
    note_moved(painter, &how);
    scrolling_write(&how, best);
    write_by_rows(painter, best, screen);
    return true;
}

static void write_shortest(painter *painter, screen *screen, int changed)
{
    const bool scrolls = painter->scrolls && !style_shows_on_blank(&painter->styles[ROLE_TEXT]); /* rows come in plain */
    pen best = take_pen(painter, &painter->written, screen);
    if (!scrolls || !scrolls_in_flight(painter, screen, &best, changed)) {
        scrolling how;
        write_by_rows(painter, &best, screen);
        if (painter->written.length > OTHER_WAYS_FROM_BYTES && scrolls && scrolling_find(&how, screen))
            try_scrolling(painter, &best, screen, &how);
        else if (painter->written.length > OTHER_WAYS_FROM_BYTES)
            try_by_looks(painter, &best, screen);
    }
    painter_moved(painter, best.row, best.column);
    painter->top = best.top;
    painter->bottom = best.bottom;
}

/* What is on the terminal now is what was drawn, but for marks and colors that wait. */
static void note_shown(painter *painter, screen *screen)
{
    const size_t columns = (size_t)screen->columns;
    for (int row = 0; row < screen->rows; row++) {
        cell *now = screen->cells + (size_t)row * columns, *before = screen->shown + (size_t)row * columns;
        if (!row_changed(screen, row))
            continue;
        const row_change change = change_of(painter, screen, row);
        for (int column = 0; column < screen->columns; column++) {
            const bool seen = looks_same(&change, column);
            if (!seen && waits(&change, column))
                continue;
            before[column] = now[column];
            const painter_style *style = &painter->styles[now[column].role];
            if (!seen && change.flies && is_color_only(style) && !style_is_plain(style))
                before[column].role = ROLE_TEXT;
        }
        painter->rows[row] = true;
    }
    painter->ahead = true; /* the cursor at least is not where curses left it */
}

bool painter_paint(painter *painter, buffer *out, screen *screen)
{
    const int changed = painter->able ? rows_to_paint(screen) : -1;
    if (changed < 0)
        return false;
    write_shortest(painter, screen, changed);
    buffer_append(out, painter->written.bytes, painter->written.length);
    note_shown(painter, screen);
    return true;
}
