/* src/tui/terminal_pen.c - the terminal's cursor and the look it writes in, brought where they are wanted in few bytes.
 *
 * A line feed is one byte where an absolute move is seven: over a slow line, and for a cursor key, that is what counts. After a
 * character that terminals do not agree on (wide ones, marks), and in the last column, the cursor is not known any more, and
 * the next move is an absolute one. */
#include "terminal_pen.h"

#include <curses.h>
#include <string.h>
#include <term.h>

#undef columns /* term.h names terminfo capabilities as macros */
#undef lines

enum { MOVE_BYTES = 48 };

const char *pen_capability(const char *name)
{
    const char *bytes = tigetstr(name);
    bool is_string = bytes != NULL && (intptr_t)bytes != -1;
    return is_string && strstr(bytes, "$<") == NULL ? bytes : NULL;
}

bool pen_capability_is(const char *name, const char *bytes)
{
    const char *known = pen_capability(name);
    return known != NULL && strcmp(known, bytes) == 0;
}

bool pen_can_step(void)
{
    return pen_capability_is("cub1", "\b") && pen_capability_is("cr", "\r") && pen_capability_is("cud1", "\n") &&
           pen_capability_is("cuu", "\033[%p1%dA") && pen_capability_is("cud", "\033[%p1%dB") &&
           pen_capability_is("cuf", "\033[%p1%dC") && pen_capability_is("cub", "\033[%p1%dD");
}

/* ---- moves ------------------------------------------------------------------------------------------------------- */

/* A way to go, as it is put together; too long ones lose anyway. */
typedef struct way {
    char bytes[MOVE_BYTES];
    size_t length;
} way;

static void go_on(way *way, const char *bytes, int times)
{
    size_t length = strlen(bytes);
    for (int i = 0; i < times && way->length + length < sizeof way->bytes; i++) {
        memcpy(way->bytes + way->length, bytes, length);
        way->length += length;
    }
}

/* A screen has at most a thousand rows and columns. */
static void add_number(way *way, int number)
{
    char digits[8];
    int count = 0;
    do
        digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) > 0 && count < 8);
    while (count > 0 && way->length < sizeof way->bytes)
        way->bytes[way->length++] = digits[--count];
}

static void go_by(way *way, int count, char letter)
{
    const char last[] = { letter, '\0' };
    go_on(way, "\033[", 1);
    if (count > 1)
        add_number(way, count);
    go_on(way, last, 1);
}

/* So many times one byte, or once a sequence of three or four. */
static void go_by_bytes(way *way, int count, char byte, char letter)
{
    char once[] = { byte, '\0' };
    if (count <= 3)
        go_on(way, once, count);
    else
        go_by(way, count, letter);
}

static void go_across(way *way, int from, int to)
{
    struct way back;
    back.length = 0;
    if (to > from)
        go_by(way, to - from, 'C');
    else if (to < from)
        go_by_bytes(way, from - to, '\b', 'D');
    if (to >= from)
        return;
    go_on(&back, "\r", 1); /* from the margin it may be shorter */
    if (to > 0)
        go_by(&back, to, 'C');
    if (back.length < way->length)
        *way = back;
}

static way absolute_way(int row, int column)
{
    way made;
    made.length = 0;
    go_on(&made, "\033[", 1);
    if (row > 0 || column > 0)
        add_number(&made, row + 1);
    if (column > 0) {
        go_on(&made, ";", 1);
        add_number(&made, column + 1);
    }
    go_on(&made, "H", 1);
    return made;
}

static way relative_way(const pen *pen, int row, int column)
{
    way made, down;
    made.length = down.length = 0;
    go_across(&made, pen->column, column);
    if (row > pen->row)
        go_by_bytes(&down, row - pen->row, '\n', 'B');
    else if (row < pen->row)
        go_by(&down, pen->row - row, 'A');
    if (made.length + down.length < sizeof made.bytes) {
        memcpy(made.bytes + made.length, down.bytes, down.length);
        made.length += down.length;
    }
    return made;
}

/* Up and down stop, or scroll, at the edges of the region. */
static bool can_go_straight(const pen *pen, int row)
{
    const bool inside = pen->row >= pen->top && pen->row <= pen->bottom && row >= pen->top && row <= pen->bottom;
    return pen->steps && pen->row >= 0 && pen->column >= 0 && (pen->top < 0 || row == pen->row || inside);
}

void pen_set_region(pen *pen, int top, int bottom)
{
    if (pen->top == top && pen->bottom == bottom)
        return;
    if (top < 0)
        buffer_append_string(pen->out, "\033[r");
    else
        buffer_append_format(pen->out, "\033[%d;%dr", top + 1, bottom + 1);
    pen->top = top;
    pen->bottom = bottom;
    pen->row = pen->column = 0;
}

void pen_move(pen *pen, int row, int column)
{
    way best = absolute_way(row, column);
    if (pen->row == row && pen->column == column)
        return;
    if (can_go_straight(pen, row)) {
        way other = relative_way(pen, row, column);
        if (other.length < best.length)
            best = other;
    }
    buffer_append(pen->out, best.bytes, best.length);
    pen->row = row;
    pen->column = column;
}

/* ---- looks ------------------------------------------------------------------------------------------------------- */

const painter_style style_plain = { .foreground = -1, .background = -1 };

bool style_is_plain(const painter_style *style)
{
    return style->attributes == 0 && style->foreground < 0 && style->background < 0;
}

bool style_is_same(const painter_style *one, const painter_style *other)
{
    return one->attributes == other->attributes && one->foreground == other->foreground && one->background == other->background;
}

/* What was on goes off, unless the new look replaces all of it. */
void pen_wear(pen *pen, const painter_style *style)
{
    const painter_style *worn = pen->worn;
    if (worn == style || (worn != NULL && style_is_same(worn, style)) || (worn == NULL && style_is_plain(style)))
        return;
    bool replaced = worn == NULL || style_is_plain(worn) ||
                    (worn->attributes == 0 && (worn->foreground < 0 || style->foreground >= 0) &&
                     (worn->background < 0 || style->background >= 0));
    if (!replaced)
        buffer_append_string(pen->out, pen->reset);
    buffer_append_string(pen->out, style->bytes);
    pen->worn = style;
}

bool style_shows_on_blank(const painter_style *style)
{
    return style->background >= 0 || (style->attributes & (LOOK_UNDERLINE | LOOK_REVERSE)) != 0;
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */

bool cell_is_blank(const cell *cell)
{
    return cell->width == 1 && cell->text[0] == L' ' && cell->text[1] == 0;
}

void pen_put(pen *pen, const cell *cell)
{
    char bytes[4];
    const bool known = cell->text[0] < 0x7F && cell->text[1] == 0 && pen->column >= 0 && pen->column + 1 < pen->columns;
    for (int i = 0; i < CELL_CHARACTERS && cell->text[i] != 0; i++)
        if (cell->text[i] < 0x80)
            buffer_append_char(pen->out, (char)cell->text[i]);
        else
            buffer_append(pen->out, bytes, utf8_encode((int32_t)cell->text[i], bytes));
    pen->column = known ? pen->column + 1 : -1;
}
