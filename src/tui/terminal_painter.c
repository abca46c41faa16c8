/* src/tui/terminal_painter.c - small changes written straight to the terminal, for most keys change a few cells.
 *
 * Curses costs several times the drawing itself for a key: it builds every color by its interpreter and compares the rows
 * again. It stays in charge of all that is large: starts and menus, and of terminals that need padding or move the cursor in
 * ways of their own. Rows painted here are remembered, so that terminal.c can tell curses about them.
 * A change is written in up to four ways, row by row or look by look, with and without moving rows on the terminal, and the
 * shortest is sent: the bytes are what a slow line feels. */
#include "terminal_row.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>

#undef columns /* term.h names terminfo capabilities as macros */
#undef lines

enum { ROWS_MOST = 60, SCROLLED_LEAST = 4 };
enum { OTHER_WAYS_FROM_BYTES = 48 }; /* below, no other way can save much */

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
    if (!screen->shown_is_valid || memcmp(&screen->cells[last], &screen->shown[last], sizeof(cell)) != 0)
        return -1;
    for (int row = 0; row < screen->rows && changed <= ROWS_MOST; row++)
        changed += row_changed(screen, row);
    return changed <= ROWS_MOST ? changed : -1;
}

static void write_end(pen *pen, const screen *screen)
{
    if (pen->worn != NULL)
        pen_wear(pen, &style_plain);
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
        const row_change change = row_change_of(painter, screen, row);
        row_write(&change, pen);
    }
    write_end(pen, screen);
}

/* A look, and the roles that have it as bits. */
typedef struct worn_by {
    const painter_style *style;
    uint64_t roles;
} worn_by;

/* Their looks, each once; the plain one first, for it writes the blanks of all others. */
static size_t looks_of(const painter *painter, uint64_t roles, worn_by out[static ROLE_COUNT + 1])
{
    size_t count = 1;
    out[0] = (worn_by){ &style_plain, roles };
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
            changes[changed] = row_change_of(painter, screen, row);
            all |= roles[changed] = row_roles(&changes[changed]);
            changed++;
        }
    const size_t count = looks_of(painter, all, looks);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < changed; j++)
            if (roles[j] & looks[i].roles) {
                changes[j].only = looks[i].style;
                row_write_changes(&changes[j], pen);
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

static void note_shown(painter *painter, screen *screen)
{
    for (int row = 0; row < screen->rows; row++) {
        if (!row_changed(screen, row))
            continue;
        const row_change change = row_change_of(painter, screen, row);
        row_note_shown(&change, screen->shown + (size_t)row * (size_t)screen->columns);
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
