/* src/tui/pane_facets.c - the results of a search by what they are: material, language, inventory, tag, year; each value with its
 * exact count. Space narrows the results by it; values of one facet are "any of them", of several facets "each" (SE-46, SE-47).
 */
#include "facets.h"
#include "list_columns.h"
#include "search_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct facets_model {
    workstation *station;
    catalog_facet_value *values; /* a facet's together; the longest, years, last */
    list_view list;
    size_t shown;
} facets_model;

/* ---- choices of the search ---- */

static size_t place_of(const search_model *search, const catalog_facet_value *value)
{
    size_t at = 0;
    while (at < search->chosen_count &&
           (search->chosen[at].facet != value->facet || strcmp(search->chosen[at].value, value->value) != 0))
        at++;
    return at;
}

static void choose(search_model *search, const catalog_facet_value *value, workstation *station)
{
    const size_t at = place_of(search, value);
    if (at < search->chosen_count) {
        search->chosen_count--;
        memmove(&search->chosen[at], &search->chosen[at + 1], (search->chosen_count - at) * sizeof search->chosen[0]);
    } else if (search->chosen_count < SEARCH_CHOSEN_MOST) {
        search->chosen[search->chosen_count++] = *value;
    } else {
        station_say(station, "at most %d values narrow a search", SEARCH_CHOSEN_MOST);
    }
    search_run_again(search, station);
}

/* ---- reading ---- */

static int rank_of(search_facet facet)
{
    return facet == FACET_YEAR ? FACET_COUNT : (int)facet;
}

/* What comes from the catalog is in order within each facet: the sort must keep that. */
static void put_years_last(catalog_facet_value *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const catalog_facet_value moved = values[i];
        size_t at = i;
        for (; at > 0 && rank_of(values[at - 1].facet) > rank_of(moved.facet); at--)
            values[at] = values[at - 1];
        values[at] = moved;
    }
}

static void read_values(facets_model *model)
{
    search_model *search = station_find(model->station, &search_pane);
    recto_error error;
    free(model->values);
    model->values = NULL;
    model->list.count = 0;
    if (search == NULL || !search->searched)
        return;
    const catalog_query query = search_query_of(search, 0, 0);
    if (catalog_facets(&model->values, &model->list.count, station_catalog(model->station), &query, &error) != RECTO_OK) {
        station_error(model->station, &error);
        model->list.count = 0;
        return;
    }
    put_years_last(model->values, model->list.count);
    if (search->zone != 0) { /* one zone's results have one zone */
        size_t kept = 0;
        for (size_t i = 0; i < model->list.count; i++)
            if (model->values[i].facet != FACET_ZONE)
                model->values[kept++] = model->values[i];
        model->list.count = kept;
    }
    if (model->list.current >= model->list.count)
        model->list.current = model->list.count > 0 ? model->list.count - 1 : 0;
}

/* ---- drawing ---- */

enum { COLUMN_FACET, COLUMN_MARK, COLUMN_VALUE, COLUMN_RECORDS, COLUMN_COUNT };
static const list_column columns[COLUMN_COUNT] = {
    { "Facet", 14, 0, 0, 0 },
    { "", 1, 0, 0, 0 },
    { "Value", 24, 3, 0, 0 },
    { "   Records", 10, 0, 0, 0 },
};

static void draw_value(const facets_model *model, const search_model *search, const list_layout *layout, const surface *canvas,
                       int row, size_t index)
{
    const catalog_facet_value *value = &model->values[index];
    const bool first = index == 0 || model->values[index - 1].facet != value->facet || index == model->list.top;
    char records[24], name[32], shown[140];
    snprintf(records, sizeof records, "%10zu", value->count);
    snprintf(name, sizeof name, "%s", first ? catalog_facet_name(value->facet) : "");
    if (name[0] >= 'a' && name[0] <= 'z')
        name[0] = (char)(name[0] - 'a' + 'A');
    if (value->facet == FACET_LANGUAGE && strcmp(value->label, value->value) != 0)
        snprintf(shown, sizeof shown, "%s (%s)", value->label, value->value);
    else
        snprintf(shown, sizeof shown, "%s", value->label);
    list_layout_cell(layout, COLUMN_FACET, canvas, row, ROLE_LABEL, name);
    list_layout_cell(layout, COLUMN_MARK, canvas, row, ROLE_MARK_CHANGED,
                     search != NULL && place_of(search, value) < search->chosen_count ? "+" : "");
    list_layout_cell(layout, COLUMN_VALUE, canvas, row, ROLE_TEXT, shown);
    list_layout_cell(layout, COLUMN_RECORDS, canvas, row, ROLE_TEXT, records);
    if (index == model->list.current) {
        surface_put(canvas, row, 0, ROLE_TEXT, ">");
        surface_paint(canvas, row, 0, canvas->columns, ROLE_SELECTION);
        surface_cursor(canvas, row, 0);
    }
}

static void facets_draw(void *state, const surface *canvas, bool focused)
{
    enum { WIDEST = 90 };
    facets_model *model = state;
    const search_model *search = station_find(model->station, &search_pane);
    list_layout layout;
    char left[160], right[64] = "";
    surface_clear(canvas, ROLE_TEXT);
    snprintf(left, sizeof left, "Narrow %zu results by", search != NULL ? search->hits.total : 0);
    if (search != NULL && search->chosen_count > 0)
        snprintf(right, sizeof right, "%zu chosen", search->chosen_count);
    surface_rule(canvas, 0, focused, left, right);
    list_layout_make(&layout, columns, COLUMN_COUNT, 2, canvas->columns < WIDEST ? canvas->columns : WIDEST);
    list_layout_header(&layout, columns, canvas, 1);
    model->shown = canvas->rows > 2 ? (size_t)canvas->rows - 2 : 0;
    list_view_fit(&model->list, model->shown);
    for (size_t i = 0; i < model->shown && model->list.top + i < model->list.count; i++)
        draw_value(model, search, &layout, canvas, 2 + (int)i, model->list.top + i);
    if (model->list.count == 0)
        surface_put(canvas, 3, 2, ROLE_TEXT_DIM, "There is nothing to narrow: the search has no results.");
}

static void facets_position(void *state, buffer *out)
{
    const facets_model *model = state;
    if (model->list.count > 0)
        buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

/* ---- commands ---- */

/* To the first value of the next facet, or of the one before. */
static void step_facet(facets_model *model, int step)
{
    size_t at = model->list.current;
    const search_facet here = model->values[at].facet;
    if (step > 0) {
        while (at + 1 < model->list.count && model->values[at].facet == here)
            at++;
    } else {
        while (at > 0 && model->values[at - 1].facet == here)
            at--;
        for (const search_facet before = at > 0 ? model->values[at - 1].facet : here;
             at > 0 && model->values[at - 1].facet == before;)
            at--;
    }
    model->list.current = at;
}

static void follow_value(facets_model *model, const catalog_facet_value *value)
{
    for (size_t i = 0; i < model->list.count; i++)
        if (model->values[i].facet == value->facet && strcmp(model->values[i].value, value->value) == 0)
            model->list.current = i;
}

static bool facets_run(void *state, const command *what, const char *argument, workstation *station)
{
    facets_model *model = state;
    search_model *search = station_find(station, &search_pane);
    (void)argument;
    if (list_view_run(&model->list, what->name, model->shown))
        return true;
    if (search == NULL)
        return false;
    if (strcmp(what->name, "list.open") == 0) {
        station_pop(station, model);
    } else if (strcmp(what->name, "facet.clear") == 0) {
        search->chosen_count = 0;
        search_run_again(search, station);
        read_values(model);
    } else if (strcmp(what->name, "facet.choose") == 0 && model->list.current < model->list.count) {
        const catalog_facet_value value = model->values[model->list.current];
        choose(search, &value, station);
        read_values(model);
        follow_value(model, &value);
    } else if ((strcmp(what->name, "box.next") == 0 || strcmp(what->name, "box.previous") == 0) && model->list.count > 0) {
        step_facet(model, strcmp(what->name, "box.next") == 0 ? 1 : -1);
    } else {
        return false;
    }
    return true;
}

static const char *facets_cannot(void *state, const command *what, workstation *station)
{
    const facets_model *model = state;
    const search_model *search = station_find(station, &search_pane);
    if (strcmp(what->name, "facet.choose") == 0 && model->list.count == 0)
        return "there is no value to choose";
    if (strcmp(what->name, "facet.clear") == 0 && (search == NULL || search->chosen_count == 0))
        return "no value is chosen";
    return NULL;
}

static void facets_release(void *state, workstation *station)
{
    facets_model *model = state;
    (void)station;
    free(model->values);
    free(model);
}

const pane_kind facets_pane = {
    .name = "facets",
    .title = "Facets",
    .draw = facets_draw,
    .run = facets_run,
    .cannot = facets_cannot,
    .position = facets_position,
    .release = facets_release,
    .wants_full_width = true,
};

void facets_pane_open(workstation *station)
{
    facets_model *model = station_find(station, &facets_pane);
    if (model != NULL) {
        read_values(model);
        station_focus(station, model);
        return;
    }
    model = pane_model_new(station, sizeof *model, "counting the results");
    if (model == NULL)
        return;
    model->station = station;
    read_values(model);
    station_push(station, AREA_SEARCH, PLACE_MAIN, &facets_pane, model);
}
