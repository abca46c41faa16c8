/* src/tui/pane_editor_rows.c - the record of the editor as rows, the leader first; and whether, and how, one of them is changed.
 */
#include "editor.h"

#include <string.h>

const marc_record *editor_record(const editor *pane)
{
    return marc_edit_record(edit_of(pane->session));
}

size_t editor_rows(const editor *pane)
{
    return marc_record_count(editor_record(pane)) + 1;
}

static bool is_one_of(const char *tag, const char *const *tags, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(tag, tags[i]) == 0)
            return true;
    return false;
}

static void describe(editor_row *row)
{
    static const char *const overwritten[] = { "LDR", "006", "007", "008" };
    static const char *const spaced[] = { "010", "035" };
    row->control = row->leader || marc_tag_is_control(row->tag);
    row->start = row->control ? 0 : row->content.length < EDITOR_INDICATORS ? row->content.length : EDITOR_INDICATORS;
    row->overwrite = is_one_of(row->tag, overwritten, sizeof overwritten / sizeof *overwritten);
    row->hash_blanks = row->control || is_one_of(row->tag, spaced, sizeof spaced / sizeof *spaced);
    row->read_only = strcmp(row->tag, "001") == 0   ? "001 is kept by the system: it is the record's MMS ID"
                     : strcmp(row->tag, "005") == 0 ? "005 is kept by the system: it is set when the record is saved"
                                                    : NULL;
}

bool editor_row_get(const editor *pane, size_t index, editor_row *out)
{
    const marc_record *record = editor_record(pane);
    *out = (editor_row){ .leader = index == 0, .index = index };
    if (index > marc_record_count(record))
        return false;
    if (index == 0) {
        memcpy(out->tag, "LDR", sizeof "LDR");
        out->content = text_of(marc_record_leader(record), MARC_LEADER_LENGTH);
    } else {
        const marc_field *field = marc_record_field(record, index - 1);
        memcpy(out->tag, field->tag, sizeof out->tag);
        out->content = field->content;
    }
    describe(out);
    out->delimiter = editor_delimiter(pane, &out->delimiter_columns);
    if (edit_state_of(pane->session)->is_template && !out->leader)
        out->overwrite = false; /* what stands in braces is longer than what becomes of it */
    if (!out->control)
        out->start += editor_hidden_link(pane, index, out->content);
    return true;
}

/* A pushed record is locked now that it is edited (ED-187), and one that another had and has given back (ED-80). When it was
 * saved by others since, the key waits until that is seen. */
static bool begins(editor *pane)
{
    recto_error error = { 0 };
    const int version = edit_state_of(pane->session)->version;
    if (edit_begin(pane->session, &error) != RECTO_OK) {
        station_error(pane->station, &error);
        return false;
    }
    if (edit_state_of(pane->session)->version == version) {
        station_say(pane->station, "locked for you: you edit this record now");
        return true;
    }
    editor_pane_touched(pane, pane->station);
    station_say(pane->station, "saved by others meanwhile: this is version %d, locked for you",
                edit_state_of(pane->session)->version);
    return false;
}

bool editor_may_change(editor *pane, size_t index)
{
    const edit_state *state = edit_state_of(pane->session);
    editor_row row;
    if ((state->pushed || edit_is_free(pane->session)) && !begins(pane))
        return false;
    if (state->view_only) {
        station_say(pane->station, "view only: %s", state->view_only_reason);
        return false;
    }
    if (editor_row_get(pane, index, &row) && row.read_only != NULL) {
        station_say(pane->station, "%s", row.read_only);
        return false;
    }
    return true;
}

bool editor_set_content(editor *pane, size_t index, const char *tag, text content)
{
    recto_error error = { 0 };
    marc_edit *edit = edit_of(pane->session);
    recto_status status;
    if (index == 0 && content.length != MARC_LEADER_LENGTH)
        return false;
    bool relabels = index == 0 && memcmp(marc_record_leader(editor_record(pane)) + 6, content.bytes + 6, 2) != 0;
    if (index == 0)
        status = marc_edit_set_leader(edit, content.bytes, &error);
    else
        status = marc_edit_replace(edit, index - 1, tag, content, &error);
    if (status != RECTO_OK) {
        station_error(pane->station, &error);
        return false;
    }
    editor_changed(pane);
    if (relabels)
        editor_relabelled(pane);
    return true;
}
