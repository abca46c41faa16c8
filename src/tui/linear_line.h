/* src/tui/linear_line.h - a row of the screen as the line that is said of it. Private to linear.c. */
#ifndef RECTO_TUI_LINEAR_LINE_H
#define RECTO_TUI_LINEAR_LINE_H

#include "linear.h"

typedef struct line {
    cell cells[SCREEN_COLUMNS_MAX + 1];
    int count, cursor; /* cursor: index into cells; -1 none */
    int marks;         /* cells of the marks before a field: changed, new, an alert; they are heard when one comes to the line */
} line;

/** @param cursor  column of the cursor in this row; -1: it is elsewhere */
void linear_take(line *out, const screen *screen, int row, int cursor);
void linear_write(buffer *out, const line *line); /* appends it as UTF-8, as the next does a cell */
void linear_write_cell(buffer *out, const cell *cell);
bool linear_is_blank(const cell *cell);
/** The last column with something in it, or the cursor's; -1: none. */
int linear_last_column(const screen *screen, int row, int cursor);
/** The chosen row of a list; -1: none. @param over  something lies over the panes */
int linear_marked_row(const screen *screen, bool over);
/** The title over the cursor; of what lies over the panes and has no rule, its first row. -1: none */
int linear_heading_row(const screen *screen, int row, bool over);

#endif
