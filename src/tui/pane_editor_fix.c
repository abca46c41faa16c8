/* src/tui/pane_editor_fix.c - mends what an alert is about, where the validator knows what would be right.
 *
 * Nothing mends itself: the cataloger is shown what would become what, presses one key, and has one step of undo for it. */
#include "editor.h"

#include <stdio.h>
#include <string.h>

/* Which alert is meant: the one stepped to when the cursor is still in its field, else the first of this field that can be
 * mended, before all the one of the subfield the cursor is in. */
static const editor_finding *finding_meant(const editor *pane, bool *any)
{
    const editor_findings *findings = &pane->findings;
    const editor_finding *best = NULL;
    *any = false;
    if (findings->current < findings->count && findings->list[findings->current].row == pane->row &&
        findings->list[findings->current].fixable)
        return &findings->list[findings->current];
    for (size_t i = 0; i < findings->count; i++) {
        const editor_finding *found = &findings->list[i];
        if (found->row != pane->row)
            continue;
        *any = true;
        if (!found->fixable)
            continue;
        if (best == NULL || (found->offset <= pane->offset && found->offset > best->offset))
            best = found;
    }
    return best;
}

static void shown_piece(char *out, size_t capacity, text piece)
{
    buffer safe;
    buffer_init(&safe, 0);
    for (size_t i = 0; i < piece.length; i++)
        if (piece.bytes[i] == MARC_SUBFIELD_DELIMITER)
            buffer_append_string(&safe, "$$");
        else
            buffer_append(&safe, piece.bytes + i, 1);
    (void)snprintf(out, capacity, "%s", buffer_string(&safe));
    buffer_release(&safe);
}

bool editor_fix_sentence(const editor *pane, const editor_finding *finding, char *out, size_t capacity)
{
    editor_row row;
    char before[48];
    if (!finding->fixable || finding->row == SIZE_MAX || !editor_row_get(pane, finding->row, &row) ||
        finding->fix_offset + finding->fix_length > row.content.length)
        return false;
    shown_piece(before, sizeof before, text_of(row.content.bytes + finding->fix_offset, finding->fix_length));
    if (finding->fix_length == 0)
        (void)snprintf(out, capacity, "puts in \"%s\"", finding->suggestion);
    else if (finding->suggestion[0] == '\0')
        (void)snprintf(out, capacity, "takes \"%s\" away", before);
    else
        (void)snprintf(out, capacity, "makes \"%s\" \"%s\"", before, finding->suggestion);
    return true;
}

static bool mend(editor *pane, const editor_finding *finding, const editor_row *row)
{
    buffer content;
    size_t behind = finding->fix_offset + finding->fix_length;
    buffer_init(&content, EDITOR_FIELD_LIMIT * 2);
    buffer_append(&content, row->content.bytes, finding->fix_offset);
    buffer_append_string(&content, finding->suggestion);
    buffer_append(&content, row->content.bytes + behind, row->content.length - behind);
    marc_edit_settle(edit_of(pane->session));
    bool done = !buffer_failed(&content) && editor_set_content(pane, finding->row, row->tag, buffer_text(&content));
    marc_edit_settle(edit_of(pane->session));
    buffer_release(&content);
    return done;
}

void editor_fix_alert(editor *pane)
{
    editor_row row;
    char said[200];
    bool any = false;
    editor_check(pane);
    const editor_finding *meant = finding_meant(pane, &any);
    if (meant == NULL) {
        station_say(pane->station,
                    any ? "no mending is known for the alerts of this field" : "this field has no alert; F7 goes to the next");
        return;
    }
    const editor_finding finding = *meant; /* the list is made anew by the change */
    if (!editor_may_change(pane, finding.row) || !editor_row_get(pane, finding.row, &row) ||
        !editor_fix_sentence(pane, &finding, said, sizeof said))
        return;
    if (!mend(pane, &finding, &row))
        return;
    editor_go_to(pane, finding.row, 0, 0);
    editor_move_to(pane, finding.row, BOX_CONTENT, finding.fix_offset);
    editor_clamp(pane);
    station_say(pane->station, "%s: %s; undo takes it back", finding.where, said);
}
