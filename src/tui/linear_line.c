/* src/tui/linear_line.c - takes a line from the screen.
 *
 * A row is read as its cells stand, without rules and frames, and with the gaps of columns cut to two blanks; the text of fields
 * and inputs is left as it is, for there a blank is data. */
#include "linear_line.h"

#include <string.h>

enum { CHOSEN_GAP = 2 };

bool linear_is_blank(const cell *cell)
{
    return cell->text[0] == L' ' && cell->text[1] == 0;
}

static bool is_stroke(const cell *cell)
{
    bool ruled = cell->role == ROLE_RULE || cell->role == ROLE_RULE_FOCUS;
    wchar_t first = cell->text[0];
    return (first >= 0x2500 && first < 0x2580) || (ruled && (first == L'=' || first == L'-' || first == L'>' || first == L'|'));
}

/* The side of a box: its rows are no titles. */
static bool is_upright(const cell *cell)
{
    return cell->text[0] == 0x2502 || cell->text[0] == L'|';
}

/* Blanks that are data. Those of an input are mostly the room behind what was typed. */
static bool is_data(const cell *cell)
{
    return cell->role == ROLE_FIELD_TEXT || cell->role == ROLE_FIELD_FIXED;
}

static void add_cell(line *out, const cell *cell)
{
    if (out->count < SCREEN_COLUMNS_MAX)
        out->cells[out->count++] = *cell;
}

static const cell *cell_of(const screen *screen, int row, int column)
{
    return &screen->cells[(size_t)row * (size_t)screen->columns + (size_t)column];
}

/* What is drawn last in a row, or where the cursor is behind it. */
int linear_last_column(const screen *screen, int row, int cursor)
{
    int last = screen->columns - 1;
    while (last > cursor && (linear_is_blank(cell_of(screen, row, last)) || is_stroke(cell_of(screen, row, last))))
        last--;
    return last;
}

static bool is_mark(const cell *cell)
{
    static const role marks[] = { ROLE_MARK_NEW,   ROLE_MARK_CHANGED,  ROLE_MARK_LINKED, ROLE_DIFFERENT,
                                  ROLE_ALERT_INFO, ROLE_ALERT_WARNING, ROLE_ALERT_BLOCK };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (cell->role == marks[i])
            return true;
    return false;
}

static int count_marks(const line *line)
{
    int marks = 0, blanks = 0;
    if (line->count == 0 || !is_mark(&line->cells[0]))
        return 0;
    while (marks < line->count && is_mark(&line->cells[marks]))
        marks++;
    while (marks < line->count && blanks < CHOSEN_GAP && linear_is_blank(&line->cells[marks])) { /* a tag may be blank, too */
        marks++;
        blanks++;
    }
    return marks;
}

/* Does one begin at this cell, which is typed or drawn and not put for a character that is not shown? */
static bool seems_hidden(const line *line, int at)
{
    enum { LONGEST = 10 }; /* <U+10FFFF> */
    char letters[LONGEST];
    size_t count = 0;
    for (int i = at; i < line->count && count < LONGEST && !line->cells[i].placeholder; i++) {
        const wchar_t letter = line->cells[i].text[0];
        letters[count++] = (char)(letter > 0 && letter < 0x7F && line->cells[i].text[1] == 0 ? letter : ' ');
    }
    return display_seems_hidden(text_of(letters, count));
}

/* Looks are not heard: what is typed as a placeholder stands has its < doubled (RL-152). */
static void tell_typed_ones(line *line)
{
    for (int at = 0; at < line->count && line->count < SCREEN_COLUMNS_MAX; at++) {
        if (line->cells[at].text[0] != L'<' || !seems_hidden(line, at))
            continue;
        memmove(&line->cells[at + 1], &line->cells[at], (size_t)(line->count - at) * sizeof(cell));
        line->count++;
        line->cursor += line->cursor > at;
        at++;
    }
}

void linear_take(line *out, const screen *screen, int row, int cursor)
{
    static const cell blank = { .text = { L' ' }, .width = 1 };
    int gap = 0, last = linear_last_column(screen, row, cursor);
    out->count = 0;
    out->cursor = cursor < 0 ? -1 : 0;
    for (int column = 0; column <= last; column++) {
        const cell *here = cell_of(screen, row, column);
        bool marker = out->count == 0 && here->text[0] == L'>';
        if (column == cursor)
            out->cursor = out->count == 0 ? 0 : out->count + (gap > CHOSEN_GAP ? CHOSEN_GAP : gap);
        if (here->width == 0)
            continue;
        if ((linear_is_blank(here) && !is_data(here) && column != cursor) || is_stroke(here) || marker) {
            gap++;
            continue;
        }
        for (int i = 0; out->count > 0 && i < gap && i < CHOSEN_GAP; i++)
            add_cell(out, &blank);
        gap = 0;
        if (column == cursor)
            out->cursor = out->count;
        if (!(out->count == 0 && linear_is_blank(here) && column != cursor))
            add_cell(out, here);
    }
    out->marks = count_marks(out);
    tell_typed_ones(out);
    for (int i = 0; i < out->count; i++)
        out->cells[i].role = out->cells[i].placeholder = 0; /* looks are not said, and do not make two lines differ */
    if (out->cursor > out->count)
        out->cursor = out->count;
}

void linear_write_cell(buffer *out, const cell *cell)
{
    char bytes[4];
    for (int i = 0; i < CELL_CHARACTERS && cell->text[i] != 0; i++)
        buffer_append(out, bytes, utf8_encode((int32_t)cell->text[i], bytes));
}

void linear_write(buffer *out, const line *line)
{
    for (int i = 0; i < line->count; i++)
        linear_write_cell(out, &line->cells[i]);
}

/* Does the row begin with >? Within a box it stands behind its side. */
static bool is_marked(const screen *screen, int row)
{
    int column = 0;
    while (column < screen->columns &&
           (linear_is_blank(cell_of(screen, row, column)) || is_upright(cell_of(screen, row, column))))
        column++;
    return column < screen->columns && cell_of(screen, row, column)->text[0] == L'>';
}

int linear_marked_row(const screen *screen, bool over)
{
    for (int row = 0; row < screen->rows; row++)
        if (row != screen->cursor_row && (over ? is_marked(screen, row) : cell_of(screen, row, 0)->text[0] == L'>'))
            return row;
    return -1;
}

static bool has_focus_rule(const screen *screen, int row)
{
    for (int column = 0; column < screen->columns; column++)
        if (cell_of(screen, row, column)->role == ROLE_RULE_FOCUS && is_stroke(cell_of(screen, row, column)))
            return !is_upright(cell_of(screen, row, column));
    return false;
}

int linear_heading_row(const screen *screen, int row, bool over)
{
    for (int above = row < 0 ? screen->rows - 1 : row; above >= 0; above--)
        if (has_focus_rule(screen, above))
            return above;
    for (int first = 0; over && first < row; first++)
        if (linear_last_column(screen, first, 0) > 0)
            return first;
    return -1;
}
