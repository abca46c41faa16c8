/* src/tui/pane_heading_bibs.c - the bibs behind a row of the list of headings, or of the shelf list (ED-119, ED-120). */
#include "heading_panes.h"
#include "list_columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct bibs_model {
    workstation *station;
    area area;
    place place;
    char heading[300];
    mms_id *ids;
    list_view list;
    size_t shown;
} bibs_model;

enum { COLUMN_ZONE, COLUMN_ID, COLUMN_TITLE, COLUMN_CREATOR, COLUMN_DATE, COLUMN_COUNT };
static const list_column columns[COLUMN_COUNT] = {
    { "Z", 1, 0, 0, 0 },          { "MMS ID", 19, 0, 0, 0 }, { "Title", 16, 3, 0, 0 },
    { "Creator", 12, 1, 100, 0 }, { "Date", 4, 0, 60, 0 },
};

static void draw_row(const bibs_model *model, const list_layout *layout, const surface *canvas, int row, size_t index)
{
    bib_info info;
    char id[MMS_ID_LENGTH], letter[2] = "?";
    mms_id_format(id, model->ids[index]);
    list_layout_cell(layout, COLUMN_ID, canvas, row, ROLE_TEXT, id);
    if (repo_bib_info(catalog_repo(station_catalog(model->station)), model->ids[index], &info,
                      catalog_now(station_catalog(model->station)), NULL) == RECTO_OK) {
        const repo_zone *zone = catalog_zone_by_id(station_catalog(model->station), info.zone);
        letter[0] = zone != NULL ? (char)zone->kind : '?';
        list_layout_cell(layout, COLUMN_TITLE, canvas, row, ROLE_TEXT, info.title);
        list_layout_cell(layout, COLUMN_CREATOR, canvas, row, ROLE_TEXT, info.creator);
        list_layout_cell(layout, COLUMN_DATE, canvas, row, ROLE_TEXT, info.date);
    } else {
        list_layout_cell(layout, COLUMN_TITLE, canvas, row, ROLE_TEXT_DIM, "(gone meanwhile)");
    }
    list_layout_cell(layout, COLUMN_ZONE, canvas, row, ROLE_TEXT, letter);
    if (index == model->list.current) {
        surface_put(canvas, row, 0, ROLE_TEXT, ">");
        surface_mark_row(canvas, row);
    }
}

static void bibs_draw(void *state, const surface *canvas, bool focused)
{
    bibs_model *model = state;
    list_layout layout;
    char left[360], right[40];
    surface_clear(canvas, ROLE_TEXT);
    snprintf(left, sizeof left, "Records with %s", model->heading);
    snprintf(right, sizeof right, "%zu", model->list.count);
    surface_rule(canvas, 0, focused, left, right);
    list_layout_make(&layout, columns, COLUMN_COUNT, 2, canvas->columns);
    list_layout_header(&layout, columns, canvas, 1);
    model->shown = canvas->rows > 2 ? (size_t)canvas->rows - 2 : 1;
    list_view_fit(&model->list, model->shown);
    for (size_t i = 0; i < model->shown && model->list.top + i < model->list.count; i++)
        draw_row(model, &layout, canvas, 2 + (int)i, model->list.top + i);
}

static void bibs_position(void *state, buffer *out)
{
    const bibs_model *model = state;
    buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

static bool bibs_run(void *state, const command *what, const char *argument, workstation *station)
{
    bibs_model *model = state;
    (void)argument;
    if (list_view_run(&model->list, what->name, model->shown))
        return true;
    if (model->list.current >= model->list.count)
        return false;
    const mms_id id = model->ids[model->list.current];
    if (strcmp(what->name, "list.open") == 0 && model->place == PLACE_COMPANION)
        record_pane_open(station, id, 0, PLACE_COMPANION);
    else if (strcmp(what->name, "list.open") == 0)
        record_pane_open_in(station, id, model->area);
    else if (strcmp(what->name, "heading.edit") == 0)
        station_open_record(station, id, false);
    else
        return false;
    return true;
}

static void bibs_release(void *state, workstation *station)
{
    bibs_model *model = state;
    (void)station;
    free(model->ids);
    free(model);
}

const pane_kind heading_bibs_pane = {
    .name = "headingbibs",
    .title = "Records of a Heading",
    .draw = bibs_draw,
    .run = bibs_run,
    .position = bibs_position,
    .release = bibs_release,
};

void heading_bibs_pane_open(workstation *station, area area, place place, const char *heading, mms_id *ids, size_t count)
{
    bibs_model *model = calloc(1, sizeof *model);
    if (model == NULL) {
        station_no_memory(station, "listing the records of a heading");
        free(ids);
        return;
    }
    model->station = station;
    model->area = area;
    model->place = place;
    model->ids = ids;
    model->list.count = count;
    string_keep(model->heading, sizeof model->heading, text_from(heading));
    station_push(station, area, place, &heading_bibs_pane, model);
}
