/* src/tui/pane_expand.c - what a template would add to the open record; Enter applies it as one step of undo (ED-140). */
#include "difference_view.h"
#include "pane_common.h"
#include "template_panes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct expand_model {
    session_tie tie;
    uint64_t revision; /* of the open record, when it was compared */
    char name[120];
    marc_record *after;
    difference_view view;
} expand_model;

static void expand_draw(void *state, const surface *canvas, bool focused)
{
    expand_model *model = state;
    char left[160], right[60];
    surface_clear(canvas, ROLE_TEXT);
    snprintf(left, sizeof left, "Expand from %s", model->name);
    snprintf(right, sizeof right, "%zu field%s", model->view.change_count, model->view.change_count == 1 ? "" : "s");
    surface_rule(canvas, 0, focused, left, right);
    difference_view_draw(&model->view, canvas, 1, canvas->rows - 1);
}

static void apply(expand_model *model, workstation *station)
{
    edit_session *session = session_tied(&model->tie, station);
    char title[160];
    recto_error error;
    const char *why = session == NULL ? "that record is not open any more" : session_cannot_change(session);
    if (why == NULL && marc_edit_revision(edit_of(session)) != model->revision)
        why = "the record was changed meanwhile; expand it again";
    if (why != NULL) {
        station_say(station, "not expanded: %s", why);
        return;
    }
    snprintf(title, sizeof title, "Expand from %s", model->name);
    if (marc_edit_become(edit_of(session), model->after, title, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    const size_t changes = model->view.change_count;
    station_record_changed(station, session);
    station_pop(station, model);
    focus_editor(station);
    station_say(station, "Expanded: %zu field%s. Not yet saved; Undo takes it back", changes, changes == 1 ? "" : "s");
}

static bool expand_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    expand_model *model = state;
    (void)argument;
    if (difference_view_run(&model->view, command_row->name))
        return true;
    if (strcmp(command_row->name, "expand.apply") != 0 && strcmp(command_row->name, "list.open") != 0)
        return false;
    apply(model, station);
    return true;
}

static void expand_release(void *state, workstation *station)
{
    expand_model *model = state;
    (void)station;
    difference_view_release(&model->view);
    marc_record_free(model->after);
    free(model);
}

const pane_kind expand_pane = {
    .name = "expand",
    .title = "Expand from Template",
    .draw = expand_draw,
    .run = expand_run,
    .release = expand_release,
};

void expand_pane_open(workstation *station, edit_session *session, const char *name, marc_record *after)
{
    marc_record *before = NULL, *shown = NULL;
    recto_error error;
    expand_model *model = calloc(1, sizeof *model);
    if (model == NULL) {
        marc_record_free(after);
        station_no_memory(station, "comparing records");
        return;
    }
    difference_view_init(&model->view);
    model->tie = session_tie_to(session);
    model->revision = marc_edit_revision(edit_of(session));
    model->after = after;
    snprintf(model->name, sizeof model->name, "%s", name);
    recto_status status = marc_record_copy(&before, marc_edit_record(edit_of(session)), &error);
    if (status == RECTO_OK)
        status = marc_record_copy(&shown, after, &error);
    if (status == RECTO_OK) {
        status = difference_view_set(&model->view, before, shown, &error);
    } else {
        marc_record_free(before);
        marc_record_free(shown);
    }
    if (status != RECTO_OK || model->view.change_count == 0) {
        if (status != RECTO_OK)
            station_error(station, &error);
        else
            station_say(station, "%s adds nothing: the record has it all", name);
        expand_release(model, station);
        return;
    }
    station_push(station, AREA_RECORDS, PLACE_COMPANION, &expand_pane, model);
    station_say(station, "Nothing is changed yet: Enter applies, Esc leaves the record as it is");
}
