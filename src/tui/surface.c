/* src/tui/surface.c - drawing into cells: clipping, widths, the filter for data, ASCII signs where UTF-8 is missing.
 *
 * Nothing here talks to the terminal; terminal.c compares cells and sends them. Widths are those of wcwidth, code point by
 * code point, so that curses, which counts the same way, never disagrees about a column. */
#include "screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const role_names[ROLE_COUNT] = {
#define SURFACE_ROLE(name, text) [ROLE_##name] = (text),
    SURFACE_ROLES(SURFACE_ROLE)
#undef SURFACE_ROLE
};

/* The signs of the program's own texts, and what stands for them in ASCII (style.md, "Scripts"). */
static const struct {
    int32_t code;
    char ascii;
} signs[] = {
    { 0x2550, '=' }, { 0x2500, '-' }, { 0x2502, '|' }, { 0x2026, '~' }, { 0x2260, '!' },  { 0x253C, '+' }, { 0x252C, '+' },
    { 0x2534, '+' }, { 0x2564, '+' }, { 0x2567, '+' }, { 0x251C, '+' }, { 0x2524, '+' },  { 0x256A, '+' }, { 0x25BE, 'v' },
    { 0x203E, '^' }, { 0x00D7, 'x' }, { 0x2013, '-' }, { 0x2014, '-' }, { 0x2019, '\'' }, { 0x2192, '>' }, { 0x2190, '<' },
    { 0x2191, '^' }, { 0x2193, 'v' }, { 0x2022, '*' }, { 0x201C, '"' }, { 0x201D, '"' },
};

const char *role_name(role role)
{
    return role_names[role];
}

static char sign_in_ascii(int32_t code)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (signs[i].code == code)
            return signs[i].ascii;
    return '?';
}

static void blank(cell *cell, role role)
{
    *cell = (struct cell){ .text = { L' ' }, .role = (unsigned char)role, .width = 1 };
}

bool screen_resize(screen *screen, int rows, int columns)
{
    rows = rows < 1 ? 1 : rows > SCREEN_ROWS_MAX ? SCREEN_ROWS_MAX : rows;
    columns = columns < 1 ? 1 : columns > SCREEN_COLUMNS_MAX ? SCREEN_COLUMNS_MAX : columns;
    size_t count = (size_t)rows * (size_t)columns;
    cell *cells = calloc(count, sizeof *cells), *shown = calloc(count, sizeof *shown);
    if (cells == NULL || shown == NULL) {
        free(cells);
        free(shown);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        blank(&cells[i], ROLE_TEXT);
    free(screen->cells);
    free(screen->shown);
    screen->cells = cells;
    screen->shown = shown;
    screen->rows = rows;
    screen->columns = columns;
    screen->shown_is_valid = false;
    screen->cursor_row = screen->cursor_column = -1;
    return true;
}

bool screen_init(screen *screen, int rows, int columns, bool utf8)
{
    *screen = (struct screen){ .utf8 = utf8 };
    return screen_resize(screen, rows, columns);
}

void screen_release(screen *screen)
{
    free(screen->cells);
    free(screen->shown);
    *screen = (struct screen){ 0 };
}

surface screen_surface(screen *screen)
{
    return (surface){ screen, 0, 0, screen->rows, screen->columns };
}

role screen_role_at(const screen *screen, int row, int column)
{
    return (role)screen->cells[row * screen->columns + column].role;
}

void screen_row_text(buffer *out, const screen *screen, int row)
{
    size_t kept = out->length;
    for (int column = 0; column < screen->columns; column++) {
        const cell *cell = &screen->cells[row * screen->columns + column];
        for (int i = 0; cell->width > 0 && i < CELL_CHARACTERS && cell->text[i] != 0; i++) {
            char bytes[4];
            buffer_append(out, bytes, utf8_encode((int32_t)cell->text[i], bytes));
        }
        if (cell->width > 0 && cell->text[0] != L' ')
            kept = out->length;
    }
    if (out->bytes != NULL && !out->failed) {
        out->length = kept;
        out->bytes[kept] = '\0';
    }
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */

bool surface_utf8(const surface *area)
{
    return area->screen->utf8;
}

surface surface_part(const surface *area, int row, int column, int rows, int columns)
{
    int bottom = row + rows, right = column + columns;
    row = row < 0 ? 0 : row > area->rows ? area->rows : row;
    column = column < 0 ? 0 : column > area->columns ? area->columns : column;
    bottom = bottom > area->rows ? area->rows : bottom;
    right = right > area->columns ? area->columns : right;
    return (surface){ area->screen, area->top + row, area->left + column, bottom > row ? bottom - row : 0,
                      right > column ? right - column : 0 };
}

/* NULL outside of the area: every write is clipped here. */
static cell *cell_at(const surface *area, int row, int column)
{
    if (row < 0 || column < 0 || row >= area->rows || column >= area->columns)
        return NULL;
    int screen_row = area->top + row, screen_column = area->left + column;
    if (screen_row >= area->screen->rows || screen_column >= area->screen->columns)
        return NULL;
    return &area->screen->cells[screen_row * area->screen->columns + screen_column];
}

/* Half of a wide character must not stay behind when the other half is overwritten. */
static void free_cell(cell *cell, const surface *area, int column)
{
    if (cell->width == 0 && area->left + column > 0 && cell[-1].width == 2)
        blank(&cell[-1], (role)cell[-1].role);
    if (cell->width == 2 && area->left + column + 1 < area->screen->columns)
        blank(&cell[1], (role)cell[1].role);
}

static void set_cell(const surface *area, int row, int column, wchar_t code, int width, role role)
{
    cell *cell = cell_at(area, row, column);
    if (cell == NULL)
        return;
    free_cell(cell, area, column);
    if (width == 2) {
        struct cell *right = cell_at(area, row, column + 1);
        if (right == NULL) { /* the right half would stick out */
            blank(cell, role);
            return;
        }
        free_cell(right, area, column + 1);
        *right = (struct cell){ .role = (unsigned char)role, .width = 0 };
    }
    *cell = (struct cell){ .text = { code }, .role = (unsigned char)role, .width = (unsigned char)width };
}

/* A mark goes onto the cell before; the fifth is left out, as curses would. */
static void add_mark(const surface *area, int row, int column, wchar_t code)
{
    cell *cell = cell_at(area, row, column);
    if (cell != NULL && cell->width == 0)
        cell = cell_at(area, row, column - 1);
    for (int i = 1; cell != NULL && i < CELL_CHARACTERS; i++)
        if (cell->text[i] == 0) {
            cell->text[i] = code;
            return;
        }
}

/* Cells side by side, all with one look; clipped at the right. Only at the two ends a wide character can be cut.
 * @return the first of them, `*count` of them; NULL when none is inside */
static cell *take_cells(const surface *area, int row, int column, int *count)
{
    cell *cells = cell_at(area, row, column);
    if (*count > area->columns - column)
        *count = area->columns - column;
    if (cells == NULL || *count <= 0 || cell_at(area, row, column + *count - 1) == NULL)
        return NULL;
    free_cell(&cells[0], area, column);
    free_cell(&cells[*count - 1], area, column + *count - 1);
    return cells;
}

static bool is_plain(char byte)
{
    return byte >= ' ' && byte <= '~';
}

/* The hot one: nearly all that is drawn is ASCII. */
static void put_plain(const surface *area, int row, int column, role role, const char *bytes, int count)
{
    cell *cells = take_cells(area, row, column, &count);
    for (int i = 0; cells != NULL && i < count; i++)
        cells[i] = (cell){ .text = { (wchar_t)bytes[i] }, .role = (unsigned char)role, .width = 1 };
}

/* Writes printable UTF-8 that is known to be safe. @return columns used */
static int put_safe(const surface *area, int row, int column, role role, const char *bytes, size_t length)
{
    int at = column;
    while (length > 0) {
        int32_t code;
        size_t used = 0;
        while (at >= 0 && used < length && is_plain(bytes[used]))
            used++;
        if (used > 0) {
            put_plain(area, row, at, role, bytes, (int)used);
            at += (int)used;
            bytes += used;
            length -= used;
            continue;
        }
        used = utf8_decode(bytes, length, &code);
        bytes += used;
        length -= used;
        if (code < 0 || code == 0)
            code = '?';
        if (code > 0x7E && !area->screen->utf8)
            code = (unsigned char)sign_in_ascii(code);
        int width = code < 0x7F ? 1 : wcwidth((wchar_t)code);
        if (width == 0 && at > column) {
            add_mark(area, row, at - 1, (wchar_t)code);
            continue;
        }
        if (width <= 0) {
            code = '?';
            width = 1;
        }
        set_cell(area, row, at, (wchar_t)code, width, role);
        at += width;
    }
    return at - column;
}

void surface_clear(const surface *area, role role)
{
    for (int row = 0; row < area->rows; row++)
        surface_fill(area, row, 0, area->columns, ' ', role);
}

/* Every drawing begins with it. */
static void fill_cells(const surface *area, int row, int column, int columns, wchar_t code, role role)
{
    int first = column < 0 ? 0 : column, count = column + columns - first;
    cell *cells = take_cells(area, row, first, &count);
    if (cells == NULL)
        return;
    blank(&cells[0], role);
    cells[0].text[0] = code;
    for (int done = 1, more; done < count; done += more) { /* what is filled doubles: long copies are the fast ones */
        more = done < count - done ? done : count - done;
        memcpy(&cells[done], &cells[0], (size_t)more * sizeof *cells);
    }
}

void surface_fill(const surface *area, int row, int column, int columns, char ascii, role role)
{
    fill_cells(area, row, column, columns, is_plain(ascii) ? (wchar_t)ascii : L' ', role);
}

int surface_put(const surface *area, int row, int column, role role, const char *text)
{
    return put_safe(area, row, column, role, text, strlen(text));
}

int surface_format(const surface *area, int row, int column, role role, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    /* what came in through %s may be data, so all of it is filtered */
    return surface_data(area, row, column, area->columns - column, role, text_from(line), false);
}

static void put_ellipsis(const surface *area, int row, int column, int columns, role role)
{
    set_cell(area, row, column + columns - 1, area->screen->utf8 ? (wchar_t)0x2026 : L'~', 1, role);
}

/* ASCII at the front that stands for itself: no mark follows the last of it. */
static int plain_run(text data, int most)
{
    size_t count = 0;
    while (count < (size_t)most && count < data.length && is_plain(data.bytes[count]) &&
           (count + 1 == data.length || (unsigned char)data.bytes[count + 1] < 0x80))
        count++;
    return (int)count;
}

static void note_placeholder(const surface *area, int row, int column, int columns)
{
    for (int i = 0; i < columns; i++) {
        cell *cell = cell_at(area, row, column + i);
        if (cell != NULL)
            cell->placeholder = 1;
    }
}

int surface_data(const surface *area, int row, int column, int columns, role role, text data, bool ellipsis)
{
    int used = 0;
    if (column + columns > area->columns)
        columns = area->columns - column;
    while (data.length > 0 && columns > 0) {
        display_unit unit;
        bool own_sign = false;
        int plain = column < 0 ? 0 : plain_run(data, columns - used);
        if (plain > 0) {
            put_plain(area, row, column + used, role, data.bytes, plain);
            used += plain;
            data = text_of(data.bytes + plain, data.length - (size_t)plain);
            continue;
        }
        display_next(&unit, data.bytes, data.length, area->screen->utf8);
        if (!area->screen->utf8 && unit.placeholder) {
            int32_t code; /* the program's own signs come through formats too */
            utf8_decode(data.bytes, data.length, &code);
            own_sign = code > 0x7E && sign_in_ascii(code) != '?' && code >= 0x2500 && code < 0x2600;
        }
        int width = own_sign ? 1 : unit.width;
        if (used + width > columns) {
            if (ellipsis) {
                surface_fill(area, row, column + used, columns - used, ' ', role);
                put_ellipsis(area, row, column, columns, role);
                used = columns;
            }
            break;
        }
        if (own_sign)
            put_safe(area, row, column + used, role, data.bytes, unit.bytes);
        else
            put_safe(area, row, column + used, unit.placeholder ? ROLE_TEXT_PLACEHOLDER : role, unit.shown, strlen(unit.shown));
        if (unit.placeholder && !own_sign)
            note_placeholder(area, row, column + used, width);
        used += width;
        data = text_of(data.bytes + unit.bytes, data.length - unit.bytes);
    }
    return used;
}

void surface_rule(const surface *area, int row, bool focused, const char *left, const char *right)
{
    role line = focused ? ROLE_RULE_FOCUS : ROLE_RULE;
    wchar_t stroke = focused ? (area->screen->utf8 ? 0x2550 : L'=') : (area->screen->utf8 ? 0x2500 : L'-');
    fill_cells(area, row, 0, area->columns, stroke, line);
    if (focused)
        set_cell(area, row, 1, L'>', 1, line);
    int right_columns = right == NULL || *right == '\0' ? 0 : display_width(text_from(right), area->screen->utf8);
    int free_columns = area->columns - 6;
    if (right_columns + 3 > free_columns)
        right_columns = 0;
    if (left != NULL && *left != '\0' && free_columns > 0) {
        int room = free_columns - (right_columns > 0 ? right_columns + 3 : 0);
        set_cell(area, row, 2, L' ', 1, line);
        int used = surface_data(area, row, 3, room, focused ? ROLE_TITLE : line, text_from(left), true);
        set_cell(area, row, 3 + used, L' ', 1, line);
    }
    if (right_columns > 0) {
        int column = area->columns - 3 - right_columns;
        set_cell(area, row, column - 1, L' ', 1, line);
        surface_data(area, row, column, right_columns, line, text_from(right), false);
        set_cell(area, row, column + right_columns, L' ', 1, line);
    }
}

/* Where a rule of a pane meets the vertical one, a crossing shows. */
void surface_vertical_rule(const surface *area, int column)
{
    for (int row = 0; row < area->rows; row++) {
        const cell *before = cell_at(area, row, column - 1);
        bool crossing = before != NULL && (before->text[0] == 0x2550 || before->text[0] == 0x2500);
        wchar_t stroke = !area->screen->utf8 ? L'|' : !crossing ? 0x2502 : row == 0 ? 0x252C : 0x253C;
        set_cell(area, row, column, stroke, 1, ROLE_RULE);
    }
}

void surface_paint(const surface *area, int row, int column, int columns, role role)
{
    for (int i = 0; i < columns; i++) {
        cell *cell = cell_at(area, row, column + i);
        if (cell != NULL)
            cell->role = (unsigned char)role;
    }
}

void surface_mark_row(const surface *area, int row)
{
    enum { MARK_COLUMNS = 4 };
    surface_paint(area, row, 0, MARK_COLUMNS, ROLE_SELECTION);
    surface_cursor(area, row, 0);
}

void surface_cursor(const surface *area, int row, int column)
{
    if (cell_at(area, row, column) == NULL)
        return;
    area->screen->cursor_row = area->top + row;
    area->screen->cursor_column = area->left + column;
}

/* ---- what may wait until the keys rest ----------------------------------------------------------------------------- */

void screen_begin(screen *screen, bool hurried, bool flies)
{
    const surface whole = screen_surface(screen);
    memcpy(screen->waited, screen->waiting, sizeof screen->waited);
    screen->waited_count = screen->waiting_count;
    screen->waiting_count = 0;
    screen->marks = (screen_marks){ 0 };
    screen->hurried = hurried && screen->shown_is_valid;
    screen->flies = screen->hurried && flies;
    screen->cursor_row = screen->cursor_column = -1;
    surface_clear(&whole, ROLE_TEXT);
}

/* Only what told of the same thing at the same place can stay. */
static bool stood_here(const screen *screen, const screen_part *part)
{
    for (size_t i = 0; i < screen->waited_count; i++) {
        const screen_part *before = &screen->waited[i];
        if (before->of == part->of && before->top == part->top && before->left == part->left && before->rows == part->rows &&
            before->columns == part->columns)
            return true;
    }
    return false;
}

/* A wide character across the edge cannot stay in one half. */
static bool is_cut(const screen *screen, const screen_part *part)
{
    for (int row = part->top; row < part->top + part->rows; row++) {
        const cell *shown = screen->shown + (size_t)row * (size_t)screen->columns;
        const int behind = part->left + part->columns;
        if (shown[part->left].width == 0 || (behind < screen->columns && shown[behind].width == 0))
            return true;
    }
    return false;
}

bool surface_hurries(const surface *area)
{
    return area->screen->hurried;
}

bool surface_may_stay(const surface *area, const void *of, bool unchanged)
{
    screen *screen = area->screen;
    const screen_part part = { of, area->top, area->left, area->rows, area->columns };
    if (area->rows <= 0 || area->columns <= 0 || screen->waiting_count == WAITING_MOST)
        return false;
    screen->waiting[screen->waiting_count++] = part;
    if (!unchanged || !screen->hurried || !stood_here(screen, &part) || is_cut(screen, &part))
        return false;
    for (int row = area->top; row < area->top + area->rows; row++) {
        const size_t at = (size_t)row * (size_t)screen->columns + (size_t)area->left;
        memcpy(screen->cells + at, screen->shown + at, (size_t)area->columns * sizeof(cell));
    }
    return true;
}

bool surface_may_wait(const surface *area, const void *of)
{
    return surface_may_stay(area, of, true);
}

void surface_marks(const surface *area, int column)
{
    area->screen->marks = (screen_marks){ area->top, area->rows, area->left + column };
}
