/* src/tui/pane_editor_strings.c - text that comes from elsewhere to the cursor of the editor: text strings, {cursor} of
 * templates.
 */
#include "editor.h"
#include "template_panes.h"

#include <string.h>

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

/* Text goes into the content, wherever the cursor stands in the field. */
static void enter_content(editor *pane)
{
    editor_row row;
    if (pane->tag_pending)
        editor_commit_tag(pane);
    if (pane->box != BOX_CONTENT && editor_row_get(pane, pane->row, &row))
        editor_move_to(pane, pane->row, BOX_CONTENT, row.control ? 0 : editor_first_stop(&row));
}

/* "$$a Text" at an empty $a fills it: the code is there already. @return bytes of the string that are not needed */
static size_t code_already_there(const editor *pane, text content)
{
    editor_row row;
    const size_t at = pane->offset;
    if (content.length < 3 || memcmp(content.bytes, "$$", 2) != 0 || !editor_row_get(pane, pane->row, &row) || row.control ||
        at < 2 || at > row.content.length)
        return 0;
    const char *before = row.content.bytes + at - 2;
    const bool empty = at == row.content.length || row.content.bytes[at] == MARC_SUBFIELD_DELIMITER;
    if (!empty || before[0] != MARC_SUBFIELD_DELIMITER || before[1] != content.bytes[2])
        return 0;
    return content.length > 3 && content.bytes[3] == ' ' ? 4 : 3;
}

bool editor_insert_string(workstation *station, text content, size_t cursor)
{
    editor *pane = focused_editor(station);
    if (pane == NULL || !editor_may_change(pane, pane->row))
        return false;
    enter_content(pane);
    const size_t known = code_already_there(pane, content);
    content = text_of(content.bytes + known, content.length - known);
    cursor = cursor == SIZE_MAX || cursor < known ? cursor : cursor - known;
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
