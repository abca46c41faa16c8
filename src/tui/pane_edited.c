/* src/tui/pane_edited.c - a record that was edited as text in $EDITOR: what would change, or what is wrong with the text.
 *
 * Nothing is taken before it has been seen, and nothing that was typed is lost: a text with faults is offered again as it was
 * left, and one that is not taken stays with the record's editor until it is. */
#include "edited_text.h"
#include "pane_common.h"
#include "difference_view.h"
#include "editor.h"
#include "external_editor.h"
#include "record_as_text.h"
#include "station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_LIMIT = 16 << 20 };

typedef struct edited {
    workstation *station;
    edit_session *session; /* only compared, unless its record is still open */
    buffer text;
    buffer faults; /* one line each; empty: the text is a record */
    size_t fault_count, top, rows;
    marc_record *record; /* what the text makes; NULL: it has faults */
    difference_view view;
    uint64_t revision; /* of the record it was compared with */
} edited;

static editor *editor_of(workstation *station, const edit_session *session)
{
    desk *desk = station_record_desk(station, session);
    for (size_t i = 0; desk != NULL && i < desk->stacks[PLACE_MAIN].count; i++)
        if (desk->stacks[PLACE_MAIN].panes[i].kind == &editor_pane)
            return desk->stacks[PLACE_MAIN].panes[i].model;
    return NULL;
}

static void keep_with_editor(const edited *model, bool keep)
{
    editor *pane = editor_of(model->station, model->session);
    if (pane == NULL)
        return;
    free(pane->kept_text);
    pane->kept_text = NULL;
    pane->kept_length = 0;
    if (keep && (pane->kept_text = malloc(model->text.length + 1)) != NULL) {
        memcpy(pane->kept_text, buffer_string(&model->text), model->text.length);
        pane->kept_length = model->text.length;
    }
}

/* ---- reading what came back ---- */

static bool compare(edited *model)
{
    recto_error error = { 0 };
    marc_record *before = NULL, *after = NULL;
    bool kept = false;
    marc_edit *edit = edit_of(model->session);
    buffer_clear(&model->faults);
    difference_view_clear(&model->view);
    marc_record_free(model->record);
    model->record = NULL;
    model->top = 0;
    recto_status status = record_from_text(&model->record, &model->faults, &model->fault_count, &kept, buffer_text(&model->text),
                                           marc_edit_record(edit), &error);
    if (status == RECTO_EDATA) {
        station_say(model->station, "the text has %zu fault%s: e goes back to it, nothing is lost", model->fault_count,
                    model->fault_count == 1 ? "" : "s");
        return true;
    }
    model->revision = marc_edit_revision(edit);
    if (status == RECTO_OK)
        status = marc_record_copy(&before, marc_edit_record(edit), &error);
    if (status == RECTO_OK)
        status = marc_record_copy(&after, model->record, &error);
    if (status == RECTO_OK && kept)
        difference_view_note(&model->view, "What the system keeps stays: 001, 005, and what is computed in the leader.");
    if (status == RECTO_OK)
        status = difference_view_set(&model->view, before, after, &error);
    if (status != RECTO_OK)
        station_error(model->station, &error);
    else
        station_say(model->station, "Enter takes the text as one step, e edits it again, Esc drops it");
    return status == RECTO_OK;
}

/* ---- drawing ---- */

static void draw_faults(edited *model, const surface *on)
{
    enum { FAULT_ROWS = 4 }; /* beside the record the pane is narrow, and a fault is to be read */
    text rest = buffer_text(&model->faults);
    int y = 1;
    for (size_t number = 0; rest.bytes != NULL && rest.length > 0 && y < on->rows; number++) {
        text line = text_next_field(&rest, '\n');
        if (number < model->top || line.length == 0)
            continue;
        surface_put(on, y, 1, ROLE_ALERT_BLOCK, "E");
        y += draw_wrapped(on, y, 3, on->rows - y < FAULT_ROWS ? on->rows - y : FAULT_ROWS, ROLE_TEXT, line);
    }
}

static void draw_edited(void *state, const surface *on, bool focused)
{
    edited *model = state;
    char right[60];
    if (model->record == NULL)
        snprintf(right, sizeof right, "%zu fault%s", model->fault_count, model->fault_count == 1 ? "" : "s");
    else
        snprintf(right, sizeof right, "%zu change%s", model->view.change_count, model->view.change_count == 1 ? "" : "s");
    surface_rule(on, 0, focused, model->record == NULL ? "Edited as text: not a record yet" : "Edited as text, not taken yet",
                 right);
    model->rows = on->rows > 1 ? (size_t)on->rows - 1 : 1;
    if (model->record == NULL)
        draw_faults(model, on);
    else
        difference_view_draw(&model->view, on, 1, on->rows - 1);
}

/* ---- deciding ---- */

static void take(edited *model)
{
    workstation *station = model->station;
    recto_error error = { 0 };
    if (model->record == NULL) {
        station_say(station, "the text has faults: e goes back to it");
        return;
    }
    if (station_record_desk(station, model->session) == NULL) {
        station_say(station, "the record is no longer open");
        return;
    }
    if (marc_edit_revision(edit_of(model->session)) != model->revision) {
        compare(model);
        station_say(station, "the record was changed meanwhile: this is the difference now; Enter takes it");
        return;
    }
    if (marc_edit_become(edit_of(model->session), model->record, "Edit as text", &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    keep_with_editor(model, false);
    station_record_changed(station, model->session);
    station_pop(station, model);
    station_say(station, "taken from the text; undo takes it all back at once");
}

static bool edit_elsewhere(workstation *station, buffer *out, text content)
{
    recto_error error = { 0 };
    if (external_editor_run(out, station, content, &error) == RECTO_OK)
        return true;
    station_error(station, &error);
    return false;
}

static void edit_again(edited *model)
{
    buffer again;
    buffer_init(&again, TEXT_LIMIT);
    if (station_record_desk(model->station, model->session) == NULL) {
        station_say(model->station, "the record is no longer open");
    } else if (edit_elsewhere(model->station, &again, buffer_text(&model->text))) {
        buffer_clear(&model->text);
        buffer_append_text(&model->text, buffer_text(&again));
        keep_with_editor(model, true);
        compare(model);
    }
    buffer_release(&again);
}

static bool run_edited(void *state, const command *what, const char *argument, workstation *station)
{
    edited *model = state;
    (void)argument;
    if (strcmp(what->name, "edited.take") == 0 || strcmp(what->name, "list.open") == 0) {
        take(model);
    } else if (strcmp(what->name, "edited.again") == 0) {
        edit_again(model);
    } else if (strcmp(what->name, "pane.back") == 0) {
        station_pop(station, model);
        station_say(station, "not taken; the text is kept: Edit as Text goes on with it");
    } else if (model->record != NULL) {
        return difference_view_run(&model->view, what->name);
    } else {
        list_view list = { .count = model->fault_count, .current = model->top, .top = model->top };
        if (!list_view_run(&list, what->name, model->rows))
            return false;
        model->top = list.current;
    }
    return true;
}

static void release_edited(void *state, workstation *station)
{
    edited *model = state;
    (void)station;
    buffer_release(&model->text);
    buffer_release(&model->faults);
    marc_record_free(model->record);
    difference_view_release(&model->view);
    free(model);
}

const pane_kind edited_pane = {
    .name = "edited",
    .title = "Edited as Text",
    .draw = draw_edited,
    .run = run_edited,
    .release = release_edited,
};

/* ---- opening ---- */

static void show(workstation *station, edit_session *session, const buffer *content)
{
    edited *model = station_find(station, &edited_pane);
    if (model != NULL)
        station_pop(station, model);
    model = calloc(1, sizeof *model);
    if (model == NULL) {
        station_say(station, "no memory for the text");
        return;
    }
    model->station = station;
    model->session = session;
    buffer_init(&model->text, TEXT_LIMIT);
    buffer_init(&model->faults, TEXT_LIMIT);
    difference_view_init(&model->view);
    buffer_append_text(&model->text, buffer_text(content));
    keep_with_editor(model, true);
    if (compare(model))
        station_push(station, AREA_RECORDS, PLACE_COMPANION, &edited_pane, model);
    else
        release_edited(model, station);
}

void edited_text_begin(workstation *station, edit_session *session, text begun)
{
    char number[MMS_ID_LENGTH];
    recto_error error = { 0 };
    buffer before, after;
    buffer_init(&before, TEXT_LIMIT);
    buffer_init(&after, TEXT_LIMIT);
    mms_id_format(number, edit_state_of(session)->id);
    if (begun.length > 0)
        buffer_append_text(&before, begun);
    else if (record_as_text(&before, marc_edit_record(edit_of(session)), number, &error) != RECTO_OK)
        station_error(station, &error);
    if (error.status == RECTO_OK && edit_elsewhere(station, &after, buffer_text(&before))) {
        if (begun.length == 0 && text_equal(buffer_text(&before), buffer_text(&after)))
            station_say(station, "the text is as it was");
        else
            show(station, session, &after);
    }
    buffer_release(&before);
    buffer_release(&after);
}

static void kept_answered(workstation *station, void *context, const char *choice)
{
    editor *pane = context;
    if (strcmp(choice, "on") == 0) {
        edited_text_begin(station, pane->session, text_of(pane->kept_text, pane->kept_length));
    } else if (strcmp(choice, "anew") == 0) {
        free(pane->kept_text);
        pane->kept_text = NULL;
        pane->kept_length = 0;
        edited_text_begin(station, pane->session, (text){ 0 });
    }
}

void editor_edit_as_text(editor *pane)
{
    static const dialog_choice choices[] = {
        { "on", "Go on with that text", 'g' }, { "anew", "Begin anew", 'a' }, { "cancel", "Cancel", 'c' }, { NULL, NULL, 0 }
    };
    static const char *const lines[] = { "A text of this record was edited and not taken.", NULL };
    if (!editor_may_change(pane, 0))
        return;
    if (pane->tag_pending)
        editor_commit_tag(pane);
    marc_edit_settle(edit_of(pane->session));
    if (pane->kept_text == NULL)
        edited_text_begin(pane->station, pane->session, (text){ 0 });
    else
        station_ask(pane->station, &(dialog){ .title = "Edit as Text",
                                              .lines = lines,
                                              .choices = choices,
                                              .initial = "on",
                                              .escape = "cancel",
                                              .done = kept_answered,
                                              .context = pane });
}
