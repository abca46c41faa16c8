/* src/tui/search_ways.c - the ways on when nothing was found: what is near, each with its count; Enter takes one (SE-90). */
#include "search_model.h"

#include <stdio.h>
#include <string.h>

static bool is_hint(const search_model *model, const catalog_near *near)
{
    const catalog_hint *hint = &model->hits.hint;

    return hint->offers && hint->index == NULL && hint->type == near->type && hint->zone == near->zone &&
           (near->type != model->type || near->zone != model->zone);
}

void search_find_ways(search_model *model, catalog *house, const catalog_query *query)
{
    catalog_near all[SEARCH_NEAR_MOST];
    size_t count = 0;

    model->ways = 0;
    model->way = 0;
    if (model->hits.total > 0 || catalog_search_near(all, &count, house, query, NULL) != RECTO_OK)
        return;
    for (size_t i = 0; i < count; i++)
        if (!is_hint(model, &all[i]))
            model->near[model->ways++] = all[i];
}

/* The sentence of the hint, when it offers something, is the first way. */
static size_t hint_ways(const search_model *model)
{
    return model->hits.hint.offers ? 1 : 0;
}

bool search_step_way(search_model *model, const char *command)
{
    const size_t all = hint_ways(model) + model->ways;

    if (!model->searched || model->hits.total > 0 || all == 0)
        return false;
    if (strcmp(command, "list.down") == 0)
        model->way += model->way + 1 < all;
    else if (strcmp(command, "list.up") == 0)
        model->way -= model->way > 0;
    else
        return false;
    return true;
}

static void follow_near(search_model *model, workstation *station, const catalog_near *way)
{
    const catalog_near near = *way;

    search_set_type(model, near.type);
    model->zone = near.zone;
    model->index[0] = repo_search_index("kw");
    line_input_set(&model->query[0], near.text, false);
    line_input_set(&model->query[1], "", false);
    search_run_text(model, station);
}

bool search_follow_way(search_model *model, workstation *station)
{
    const size_t first = hint_ways(model);

    if (model->way < first || model->way - first >= model->ways)
        return false;
    follow_near(model, station, &model->near[model->way - first]);
    return true;
}

int search_draw_ways(const search_model *model, const surface *canvas, int row)
{
    const catalog_hint *hint = &model->hits.hint;
    const size_t first = hint_ways(model);

    if (hint->sentence[0] != '\0') {
        surface_put(canvas, row, 0, ROLE_TEXT, first > 0 && model->ways > 0 && model->way == 0 ? ">" : " ");
        row += draw_wrapped(canvas, row, 1, 2, ROLE_ALERT_INFO, text_from(hint->sentence));
    }
    for (size_t i = 0; i < model->ways && row < canvas->rows; i++, row++) {
        surface_put(canvas, row, 0, ROLE_TEXT, model->way == first + i ? ">" : " ");
        surface_data(canvas, row, 1, canvas->columns - 2, ROLE_ALERT_INFO, text_from(model->near[i].sentence), true);
    }
    return row;
}
