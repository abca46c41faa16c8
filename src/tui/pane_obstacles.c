/* src/tui/pane_obstacles.c - what stands in the way of deleting a record, each line to be opened (ED-149). */
#include "custody_panes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct obstacles_model {
    session_tie tie;
    delete_obstacle *rows;
    list_view list;
    size_t shown;
    char heading[200];
} obstacles_model;

static void obstacles_draw(void *state, const surface *canvas, bool focused)
{
    obstacles_model *model = state;
    surface_clear(canvas, ROLE_TEXT);
    surface_rule(canvas, 0, focused, "Not deleted: these are in the way", "");
    surface_data(canvas, 1, 1, canvas->columns - 1, ROLE_LABEL, text_from(model->heading), true);
    model->shown = canvas->rows > 2 ? (size_t)canvas->rows - 2 : 0;
    list_view_fit(&model->list, model->shown);
    for (size_t i = 0; i < model->shown && model->list.top + i < model->list.count; i++) {
        const size_t at = model->list.top + i;
        const int row = 2 + (int)i;
        surface_data(canvas, row, 2, canvas->columns - 2, ROLE_TEXT, text_from(model->rows[at].what), true);
        if (at == model->list.current) {
            surface_put(canvas, row, 0, ROLE_TEXT, ">");
            surface_paint(canvas, row, 0, canvas->columns, ROLE_SELECTION);
            surface_cursor(canvas, row, 0);
        }
    }
}

static void obstacles_position(void *state, buffer *out)
{
    const obstacles_model *model = state;
    buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

static void open_row(obstacles_model *model, workstation *station)
{
    const delete_obstacle *row = &model->rows[model->list.current];
    switch (row->kind) {
    case 'H':
    case 'I':
        inventory_pane_open(station, model->tie.id);
        break;
    case 'L':
    case 'W':
        station_open_record(station, row->id, false);
        break;
    case 'K':
        lock_facts_show(station, model->tie.id, false);
        break;
    default:
        station_say(station, "portfolios are not edited in this release");
    }
}

static bool obstacles_run(void *state, const command *what, const char *argument, workstation *station)
{
    obstacles_model *model = state;
    (void)argument;
    if (list_view_run(&model->list, what->name, model->shown))
        return true;
    if (strcmp(what->name, "list.open") != 0)
        return false;
    open_row(model, station);
    return true;
}

static void obstacles_release(void *state, workstation *station)
{
    obstacles_model *model = state;
    (void)station;
    free(model->rows);
    free(model);
}

const pane_kind obstacles_pane = {
    .name = "obstacles",
    .title = "Not Deleted",
    .draw = obstacles_draw,
    .run = obstacles_run,
    .position = obstacles_position,
    .release = obstacles_release,
};

void obstacles_pane_open(workstation *station, edit_session *session, delete_obstacle *rows, size_t count)
{
    obstacles_model *model = calloc(1, sizeof *model);
    obstacles_model *before = station_find(station, &obstacles_pane);
    buffer sentence;
    if (before != NULL && before->tie.session == session)
        station_pop(station, before);
    if (model == NULL) {
        free(rows);
        station_no_memory(station, "listing what is in the way");
        return;
    }
    model->tie = session_tie_to(session);
    model->rows = rows;
    model->list.count = count;
    buffer_init(&sentence, 1024);
    delete_obstacles_sentence(&sentence, rows, count);
    string_keep(model->heading, sizeof model->heading, buffer_text(&sentence));
    station_say(station, "not deleted: %s; Enter goes there", buffer_string(&sentence));
    buffer_release(&sentence);
    station_push(station, AREA_RECORDS, PLACE_COMPANION, &obstacles_pane, model);
}
