/* src/tui/terminal_row.h - what changed in one row of the screen, and the bytes that bring it to the terminal. Private to the
 * painter. */
#ifndef RECTO_TUI_TERMINAL_ROW_H
#define RECTO_TUI_TERMINAL_ROW_H

#include "terminal_painter.h"

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

row_change row_change_of(const painter *painter, const screen *screen, int row);
/** From cell to cell, over what is as it was; only those of the look `only`, when there is one. */
void row_write_changes(const row_change *change, pen *pen);
/** The same, or with the row's end moved on the terminal where that is shorter. */
void row_write(const row_change *change, pen *pen);
/** The roles of the cells that change, as bits. */
uint64_t row_roles(const row_change *change);
_Static_assert(ROLE_COUNT <= 64, "the roles of a row are bits of one number");
/** `before`, which the change is from, becomes what is on the terminal now: what was drawn, but for what waits. */
void row_note_shown(const row_change *change, cell *before);

#endif
