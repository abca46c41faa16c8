/* src/tui/list_columns.c - see list_columns.h. */
#include "list_columns.h"

static bool is_shown(const list_column *column, int width)
{
    return width >= column->from && (column->until == 0 || width < column->until);
}

static int leftover(const list_column *columns, size_t count, int left, int width, int *weights)
{
    int room = width - left;

    *weights = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_shown(&columns[i], width))
            continue;
        room -= columns[i].least + 1;
        *weights += columns[i].weight;
    }
    return room > 0 ? room + 1 : 0; /* no blank behind the last */
}

void list_layout_make(list_layout *layout, const list_column *columns, size_t count, int left, int width)
{
    int weights;
    int room = leftover(columns, count, left, width, &weights);
    int at = left;

    *layout = (list_layout){ .count = count };
    for (size_t i = 0; i < count && i < LIST_COLUMNS_MAX; i++) {
        int share = weights > 0 ? room * columns[i].weight / weights : 0;

        if (!is_shown(&columns[i], width))
            continue;
        room -= share;
        weights -= columns[i].weight;
        layout->start[i] = at;
        layout->width[i] = columns[i].least + share;
        if (at + layout->width[i] > width)
            layout->width[i] = width > at ? width - at : 0;
        at += layout->width[i] + 1;
    }
}

void list_layout_header(const list_layout *layout, const list_column *columns, const surface *area, int row)
{
    for (size_t i = 0; i < layout->count; i++)
        if (layout->width[i] > 0)
            surface_put(area, row, layout->start[i], ROLE_LABEL, columns[i].title);
}

void list_layout_cell(const list_layout *layout, size_t column, const surface *area, int row, role look, const char *value)
{
    if (column < layout->count && layout->width[column] > 0)
        surface_data(area, row, layout->start[column], layout->width[column], look, text_from(value), true);
}
