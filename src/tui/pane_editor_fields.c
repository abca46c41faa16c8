/* src/tui/pane_editor_fields.c - whole fields: add, remove, cut, copy, paste, move; and undo and redo.
 *
 * Each of these is one step of the undo log with a title of its own, so that Ctrl+Z can say what it took back. */
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
}

void editor_add_field(editor *pane)
{
    if (editor_may_change(pane, 0))
        add_field_at(pane, pane->row); /* row N is field N-1: right behind it */
}

void editor_insert_field(editor *pane)
{
    if (editor_may_change(pane, 0))
        add_field_at(pane, pane->row > 0 ? pane->row - 1 : 0);
}

void editor_remove_field(editor *pane)
{
    recto_error error = { 0 };
    editor_row row;
    char tag[MARC_TAG_LENGTH + 1];
    if (!editor_may_change(pane, pane->row) || !editor_row_get(pane, pane->row, &row))
        return;
    if (row.leader) {
        station_say(pane->station, "the leader cannot be removed");
        return;
    }
    memcpy(tag, row.tag, sizeof tag);
    pane->tag_pending = false;
    marc_edit_settle(edit_of(pane->session));
    recto_status status = marc_edit_remove(edit_of(pane->session), pane->row - 1, &error);
    report(pane, status, &error);
    if (status != RECTO_OK)
        return;
    editor_changed(pane);
    editor_move_to(pane, pane->row, BOX_CONTENT, 0);
    if (pane->box == BOX_CONTENT)
        editor_enter_content(pane);
    station_say(pane->station, "removed %s; undo brings it back", tag);
}

void editor_copy_field(editor *pane, bool cut)
{
    editor_row row;
    if (!editor_row_get(pane, pane->row, &row))
        return;
    if (row.leader || (cut && row.read_only != NULL)) {
        station_say(pane->station, "%s", row.leader ? "the leader is not a field to be copied" : row.read_only);
        return;
    }
    char tag[MARC_TAG_LENGTH + 1];
    buffer *clipboard = station_clipboard(pane->station);
    memcpy(tag, row.tag, sizeof tag);
    buffer_clear(clipboard);
    buffer_append(clipboard, tag, MARC_TAG_LENGTH);
    buffer_append_text(clipboard, row.content);
    if (buffer_failed(clipboard)) {
        buffer_clear(clipboard);
        station_say(pane->station, "no memory to copy the field");
        return;
    }
    if (cut)
        editor_remove_field(pane);
    station_say(pane->station, "%s %s; paste puts it behind the field under the cursor, in any open record",
                cut ? "cut" : "copied", tag);
}

void editor_paste_field(editor *pane)
{
    recto_error error = { 0 };
    const buffer *clipboard = station_clipboard(pane->station);
    char tag[MARC_TAG_LENGTH + 1];
    if (!editor_may_change(pane, 0) || clipboard->length < MARC_TAG_LENGTH)
        return;
    memcpy(tag, clipboard->bytes, MARC_TAG_LENGTH);
    tag[MARC_TAG_LENGTH] = '\0';
    if (strcmp(tag, "001") == 0 || strcmp(tag, "005") == 0) {
        station_say(pane->station, "%s is kept by the system: it cannot be pasted", tag);
        return;
    }
    if (pane->tag_pending)
        editor_commit_tag(pane);
    marc_edit_settle(edit_of(pane->session));
    size_t index = pane->row;
    text content = text_of(clipboard->bytes + MARC_TAG_LENGTH, clipboard->length - MARC_TAG_LENGTH);
    recto_status status = marc_edit_insert(edit_of(pane->session), index, tag, content, &error);
    report(pane, status, &error);
    if (status != RECTO_OK)
        return;
    editor_changed(pane);
    editor_move_to(pane, index + 1, BOX_CONTENT, 0);
    editor_enter_content(pane);
    station_say(pane->station, "pasted %s", tag);
}

void editor_move_field(editor *pane, int by)
{
    recto_error error = { 0 };
    size_t fields = marc_record_count(editor_record(pane)), to = pane->row + (size_t)by;
    if (!editor_may_change(pane, 0))
        return;
    if (pane->row == 0 || to == 0 || to > fields) {
        station_say(pane->station, pane->row == 0 ? "the leader stays first"
                                   : by < 0       ? "it is the first field"
                                                  : "it is the last field");
        return;
    }
    if (pane->tag_pending)
        editor_commit_tag(pane);
    recto_status status = marc_edit_move(edit_of(pane->session), pane->row - 1, to - 1, &error);
    report(pane, status, &error);
    if (status != RECTO_OK)
        return;
    pane->row = to;
    editor_changed(pane);
}

/* ---- undo and redo ---- */

static void go_to_changed_field(editor *pane, size_t field)
{
    editor_changed(pane);
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
