/* src/tui/pane_editor_strings.c - text that comes from elsewhere to the cursor of the editor: text strings, {cursor} of
 * templates.
 */
#include "editor.h"
#include "template_panes.h"

static editor *focused_editor(workstation *station)
{
    editor *pane = station_find(station, &editor_pane);
    return pane != NULL && pane->session != NULL && pane->session == station_session(station) ? pane : NULL;
}

void editor_place_cursor(workstation *station, size_t field, size_t offset)
{
    editor *pane = focused_editor(station);
    if (pane != NULL && field < marc_record_count(editor_record(pane))) {
        editor_move_to(pane, field + 1, BOX_CONTENT, offset);
        editor_clamp(pane);
    }
}

bool editor_insert_string(workstation *station, text content, size_t cursor)
{
    editor *pane = focused_editor(station);
    if (pane == NULL || !editor_may_change(pane, pane->row))
        return false;
    const size_t cut = cursor < content.length ? cursor : content.length;
    marc_edit_settle(edit_of(pane->session));
    marc_edit_begin(edit_of(pane->session), "text string");
    if (cut > 0)
        editor_paste_text(pane, text_of(content.bytes, cut));
    const size_t row = pane->row, offset = pane->offset;
    const editor_box box = pane->box;
    if (cut < content.length)
        editor_paste_text(pane, text_of(content.bytes + cut, content.length - cut));
    marc_edit_end(edit_of(pane->session));
    if (cut < content.length)
        editor_move_to(pane, row, box, offset);
    return true;
}
