/* src/tui/pane_editor_fields.c - fields added, and undo and redo.
 *
 * What is done with whole fields that are there is in pane_editor_block.c. */
#include "editor.h"

#include <stdio.h>
#include <string.h>

static void report(editor *pane, recto_status status, const recto_error *error)
{
    if (status != RECTO_OK)
        station_error(pane->station, error);
}

static void add_field_at(editor *pane, size_t index)
{
    recto_error error = { 0 };
    if (pane->tag_pending)
        editor_commit_tag(pane);
    recto_status status = marc_edit_insert(edit_of(pane->session), index, "   ",
                                           TEXT("  \x1F"
                                                "a"),
                                           &error);
    report(pane, status, &error);
    if (status != RECTO_OK)
        return;
    editor_changed(pane);
    editor_move_to(pane, index + 1, BOX_TAG, 0);
    pane->code_supplied = true;
    editor_hold_alerts(pane); /* it is empty: who makes it knows */
}

void editor_add_field(editor *pane)
{
    if (editor_may_change(pane, 0))
        add_field_at(pane, editor_row_anchor(pane, pane->row)); /* row N is field N-1: right behind it */
}

void editor_insert_field(editor *pane)
{
    if (editor_may_change(pane, 0))
        add_field_at(pane, pane->row > 0 ? editor_row_anchor(pane, pane->row) - 1 : 0);
}

/* ---- undo and redo ---- */

static void go_to_changed_field(editor *pane, size_t field)
{
    editor_changed(pane);
    editor_marks_clear(pane);
    pane->tag_pending = false;
    pane->row = field == SIZE_MAX ? 0 : field + 1;
    if (pane->row >= editor_rows(pane))
        pane->row = editor_rows(pane) - 1;
    if (pane->form.open && pane->row != pane->form.row) /* the form was of another field */
        pane->form.open = pane->form.choosing = false;
    editor_clamp(pane);
}

static void step_back_or_forth(editor *pane, bool redo)
{
    marc_edit *edit = edit_of(pane->session);
    recto_error error = { 0 };
    char title[200];
    size_t field = 0;
    if (!editor_may_change(pane, 0))
        return;
    if (pane->tag_pending && !redo) { /* what is half typed is taken back first */
        pane->tag_pending = false;
        editor_move_to(pane, pane->row, BOX_TAG, 0);
        return;
    }
    if (!(redo ? marc_edit_can_redo(edit) : marc_edit_can_undo(edit))) {
        station_say(pane->station, redo ? "nothing to make again" : "nothing to undo");
        return;
    }
    snprintf(title, sizeof title, "%s", redo ? marc_edit_redo_title(edit) : marc_edit_undo_title(edit));
    recto_status status = redo ? edit_redo(pane->session, &field, &error) : edit_undo(pane->session, &field, &error);
    report(pane, status, &error);
    if (status != RECTO_OK)
        return;
    go_to_changed_field(pane, field);
    station_say(pane->station, "%s: %s", redo ? "made again" : "taken back", title);
}

void editor_undo(editor *pane)
{
    step_back_or_forth(pane, false);
}

void editor_redo(editor *pane)
{
    step_back_or_forth(pane, true);
}
