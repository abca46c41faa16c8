/* src/tui/pane_steps.c - the steps of the open record's undo log as a list: what each did, and back or forth to any of them.
 *
 * The list is read from the log at each drawing, so it is never older than the record. Row 0 is the record as it was when it
 * was opened; the row with the sign is the state it has now; rows behind it were taken back and can be made again. */
#include "editor.h"

#include "recto/base/plural.h"
#include "station.h"
#include "steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct steps_model {
    workstation *station;
    edit_session *session; /* only used while its record is open */
    list_view list;
    size_t rows;
} steps_model;

static marc_edit *log_of(const steps_model *model)
{
    return station_record_desk(model->station, model->session) != NULL ? edit_of(model->session) : NULL;
}

static void draw_step(const steps_model *model, const surface *on, int y, size_t number, bool focused)
{
    const marc_edit *edit = log_of(model);
    size_t done = marc_edit_steps(edit);
    role look = number > done ? ROLE_TEXT_DIM : ROLE_TEXT;
    buffer line;
    buffer_init(&line, 4096);
    if (number == model->list.current) {
        surface_put(on, y, 0, ROLE_CURSOR_LINE, ">");
        if (focused)
            surface_cursor(on, y, 0);
    }
    if (number == done)
        surface_put(on, y, 1, ROLE_MARK_CHANGED, "*");
    surface_format(on, y, 3, ROLE_LABEL, "%4zu", number);
    if (number == 0)
        buffer_append_string(&line, "the record as it was opened");
    else
        marc_edit_step_describe(&line, edit, number - 1);
    if (number > done)
        buffer_append_string(&line, "  (taken back)");
    surface_data(on, y, 9, on->columns - 9, look, buffer_text(&line), true);
    buffer_release(&line);
}

static void draw_steps(void *state, const surface *on, bool focused)
{
    steps_model *model = state;
    const marc_edit *edit = log_of(model);
    char right[60] = "";
    if (edit != NULL)
        snprintf(right, sizeof right, "%zu of %zu %s in force", marc_edit_steps(edit), marc_edit_step_count(edit),
                 plural(marc_edit_step_count(edit), "step", "steps"));
    surface_rule(on, 0, focused, "Steps", right);
    if (edit == NULL) {
        surface_put(on, 1, 1, ROLE_TEXT_DIM, "The record is no longer open.");
        return;
    }
    model->rows = on->rows > 1 ? (size_t)on->rows - 1 : 1;
    model->list.count = marc_edit_step_count(edit) + 1;
    list_view_fit(&model->list, model->rows);
    for (size_t i = 0; i < model->rows && model->list.top + i < model->list.count; i++)
        draw_step(model, on, 1 + (int)i, model->list.top + i, focused);
}

/* Back or forth until so many steps are in force. */
static void go_to_step(steps_model *model, size_t wanted)
{
    recto_error error = { 0 };
    marc_edit *edit = log_of(model);
    recto_status status = RECTO_OK;
    if (edit_state_of(model->session)->view_only) {
        station_say(model->station, "view only: %s", edit_state_of(model->session)->view_only_reason);
        return;
    }
    size_t from = marc_edit_steps(edit);
    while (status == RECTO_OK && marc_edit_steps(edit) > wanted)
        status = edit_undo(model->session, NULL, &error);
    while (status == RECTO_OK && marc_edit_steps(edit) < wanted)
        status = edit_redo(model->session, NULL, &error);
    station_record_changed(model->station, model->session);
    if (status != RECTO_OK)
        station_error(model->station, &error);
    else if (wanted == from)
        station_say(model->station, "this is how the record stands now");
    else
        station_say(model->station, "%zu step%s %s; Enter on another row goes there",
                    wanted < from ? from - wanted : wanted - from,
                    (wanted < from ? from - wanted : wanted - from) == 1 ? "" : "s", wanted < from ? "taken back" : "made again");
}

static bool run_steps(void *state, const command *what, const char *argument, workstation *station)
{
    steps_model *model = state;
    const marc_edit *edit = log_of(model);
    (void)argument;
    (void)station;
    if (edit == NULL)
        return false;
    model->list.count = marc_edit_step_count(edit) + 1;
    if (strcmp(what->name, "list.open") == 0) {
        go_to_step(model, model->list.current);
        return true;
    }
    return list_view_run(&model->list, what->name, model->rows);
}

static void release_steps(void *state, workstation *station)
{
    (void)station;
    free(state);
}

const pane_kind steps_pane = {
    .name = "steps",
    .title = "Steps",
    .draw = draw_steps,
    .run = run_steps,
    .release = release_steps,
};

void steps_pane_open(workstation *station, edit_session *session)
{
    steps_model *model = calloc(1, sizeof *model);
    if (model == NULL) {
        station_no_memory(station, "listing the steps");
        return;
    }
    model->station = station;
    model->session = session;
    model->list.count = marc_edit_step_count(edit_of(session)) + 1;
    model->list.current = marc_edit_steps(edit_of(session));
    station_push(station, AREA_RECORDS, PLACE_COMPANION, &steps_pane, model);
}
