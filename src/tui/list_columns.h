/* src/tui/list_columns.h - the columns of a list as data: minimum, weight, and from which width on they are there.
 *
 * Room that is left over goes to the columns by weight; titles of columns are never cut, lists cut with an ellipsis. */
#ifndef RECTO_TUI_LIST_COLUMNS_H
#define RECTO_TUI_LIST_COLUMNS_H

#include "surface.h"

typedef struct list_column {
    const char *title;
    int least;       /* columns it always has */
    int weight;      /* its share of what is left over */
    int from, until; /* shown when the list is at least so wide, and narrower than `until` (0: any) */
} list_column;

enum { LIST_COLUMNS_MAX = 16 };
typedef struct list_layout {
    int start[LIST_COLUMNS_MAX], width[LIST_COLUMNS_MAX]; /* width 0: not shown */
    size_t count;
} list_layout;

/** Lays `count` (at most LIST_COLUMNS_MAX) columns out from `left` to `width`, one blank between them. */
void list_layout_make(list_layout *layout, const list_column *columns, size_t count, int left, int width);
void list_layout_header(const list_layout *layout, const list_column *columns, const surface *area, int row);
/** One cell; nothing when the column is not shown. */
void list_layout_cell(const list_layout *layout, size_t column, const surface *area, int row, role look, const char *value);

#endif
