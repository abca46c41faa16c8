/* src/tui/pane_editor.c - the record editor's pane: what is done when the record changed or the keys rest, keys, and opening.
 *
 * What the parts do is in pane_editor_*.c; the model they share is editor.h. Only the geometry of the last drawing (columns,
 * rows, first line seen) is written while drawing, because cursor keys need it. */
#include "editor.h"

#include <stdlib.h>
#include <string.h>

char editor_change_mark(const editor *pane, size_t row)
{
    const marc_edit *edit = edit_of(pane->session);
    if (row == 0)
        return marc_edit_leader_changed(edit) ? '*' : ' ';
    return marc_edit_mark(edit, row - 1);
}

static void count_marks(editor *pane)
{
    size_t rows = editor_rows(pane);
    pane->changed_fields = 0;
    pane->new_fields = 0;
    for (size_t row = 0; row < rows; row++) {
        char mark = editor_change_mark(pane, row);
        pane->changed_fields += mark == '*' ? 1 : 0;
        pane->new_fields += mark == '+' ? 1 : 0;
    }
    pane->counted = true;
}

/* ---- a large record is checked when the keys rest ---- */

static size_t check_wanted(void *context, struct pollfd *out, size_t capacity, int *timeout_ms)
{
    (void)out;
    (void)capacity;
    *timeout_ms = editor_check_wait_ms(context);
    return 0;
}

static bool check_step(void *context, const struct pollfd *polled, size_t count)
{
    editor *pane = context;
    (void)polled;
    (void)count;
    if (pane->session != NULL && !editor_check_is_due(pane) && editor_check_wait_ms(pane) > 0)
        return false;
    pane->check_waits = false;
    station_remove_source(pane->station, pane);
    if (pane->session == NULL)
        return false;
    editor_check_live(pane);
    count_marks(pane);
    return true;
}

static void check_later(editor *pane)
{
    if (pane->check_waits)
        return;
    pane->check_waits = true;
    station_add_source(pane->station, &(station_source){ .wanted = check_wanted, .step = check_step, .context = pane });
}

void editor_changed(editor *pane)
{
    pane->seen_revision = marc_edit_revision(edit_of(pane->session));
    pane->key_at_ms = station_now_ms(pane->station);
    pane->counted = false;
    const bool same_rows = editor_rows(pane) == pane->findings.rows; /* else signs would stand at the wrong fields */
    if (editor_rows(pane) > EDITOR_SMALL_RECORD)
        check_later(pane);
    else if (!same_rows || !station_draws_later(pane->station))
        editor_settle(pane);
}

void editor_settle(editor *pane)
{
    if (pane->session == NULL || editor_rows(pane) > EDITOR_SMALL_RECORD)
        return;
    if (!pane->findings.checked || pane->findings.revision != marc_edit_revision(edit_of(pane->session)))
        editor_check_live(pane);
    if (!pane->counted)
        count_marks(pane);
}

void editor_meet(editor *pane)
{
    if (pane->seen_revision == marc_edit_revision(edit_of(pane->session))) {
        if (editor_alerts_are_due(pane)) {
            pane->findings.checked = false;
            editor_changed(pane);
        }
        return;
    }
    editor_marks_clear(pane);
    editor_clamp(pane);
    editor_changed(pane);
}

/* ---- the last rows of the screen ---- */

static char subfield_here(const editor *pane, const editor_row *row)
{
    char code = 0;
    for (size_t i = row->start; i + 1 < row->content.length && i < pane->offset; i++)
        if (row->content.bytes[i] == MARC_SUBFIELD_DELIMITER)
            code = row->content.bytes[i + 1];
    return code;
}

static void editor_position(void *model, buffer *out)
{
    static const char *const boxes[] = {
        [BOX_TAG] = "tag", [BOX_INDICATOR_1] = "indicator 1", [BOX_INDICATOR_2] = "indicator 2"
    };
    editor *pane = model;
    editor_row row;
    int line, column;
    if (pane->session == NULL || !editor_row_get(pane, pane->row, &row))
        return;
    if (station_is_modal(pane->station) && !pane->left_field)
        buffer_append_string(out, "INSERT  ");
    editor_character_position(pane, &row, out);
    display_append(out, text_from(row.tag), pane->utf8);
    if (pane->box != BOX_CONTENT) {
        buffer_append_format(out, " %s", boxes[pane->box]);
    } else if (row.control) {
        buffer_append_format(out, "/%02zu", pane->offset);
    } else if (editor_place(pane, &line, &column)) {
        char code = subfield_here(pane, &row);
        if (code > 0x20 && code < 0x7F)
            buffer_append_format(out, " $$%c", code);
        buffer_append_format(out, " %d:%d", line + 1, column + 1);
    }
}

static void editor_standing(void *model, buffer *out)
{
    const editor *pane = model;
    char counts[80];
    if (pane->session == NULL || edit_state_of(pane->session)->is_template)
        return;
    editor_alert_counts(pane, counts, sizeof counts);
    buffer_append_string(out, counts);
}

/* ---- keys and time ---- */

/* The letter that a command waits for, in whatever mode. */
static bool awaited_typed(editor *pane, const key *pressed)
{
    if (pane->awaits.what == NULL)
        return false;
    editor_meet(pane);
    if (pane->form.open || !editor_await_typed(pane, pressed))
        return false;
    editor_pair_follow(pane);
    editor_watch_raw(pane);
    editor_note_key(pane, pressed);
    return true;
}

static bool editor_typed(void *model, const key *pressed, workstation *station)
{
    editor *pane = model;
    if (pane->session == NULL)
        return false;
    pane->key_at_ms = station_now_ms(pane->station);
    bool letter = pressed->name == KEY_IS_TEXT && !pressed->ctrl && !pressed->alt, modal = station_is_modal(station);
    if (awaited_typed(pane, pressed))
        return true;
    if (letter && modal && pane->left_field && !pane->form.open)
        return false;
    bool command_key = pressed->name == KEY_IS_TEXT && (strcmp(pressed->text, ":") == 0 || strcmp(pressed->text, "?") == 0);
    if (command_key && (pane->left_field || edit_state_of(pane->session)->view_only))
        return false;
    pane->left_field = pane->left_field && modal;
    editor_meet(pane);
    if (pane->form.open)
        return editor_form_type(pane, pressed);
    pane->offers = letter || pressed->name == KEY_NAME_BACKSPACE;
    bool used = editor_aid_typed(pane, pressed) || editor_type(pane, pressed);
    if (pane->session != NULL)
        editor_pair_follow(pane);
    editor_watch_raw(pane);
    if (pane->session != NULL && used && letter)
        editor_look_for_used(pane);
    if (pane->session != NULL && used)
        editor_note_key(pane, pressed);
    return used;
}

static void editor_paste(void *model, text pasted, workstation *station)
{
    editor *pane = model;
    (void)station;
    if (pane->session == NULL || pane->form.open)
        return;
    pane->key_at_ms = station_now_ms(pane->station);
    pane->left_field = false;
    editor_note_other(pane);
    editor_paste_text(pane, pasted);
}

static bool editor_tick(void *model, workstation *station)
{
    editor *pane = model;
    (void)station;
    if (pane->session == NULL || !editor_check_is_due(pane))
        return false;
    editor_check_live(pane);
    count_marks(pane);
    return true;
}

static void editor_keep(void *model, buffer *out)
{
    editor_keep_view(model, out);
}

static bool editor_may_close(void *model, workstation *station)
{
    editor *pane = model;
    (void)station;
    if (pane->session != NULL && pane->tag_pending)
        editor_commit_tag(pane);
    return true;
}

static void editor_release(void *model, workstation *station)
{
    editor *pane = model;
    (void)station;
    editor_findings_release(&pane->findings);
    editor_pair_leave(pane);
    free(pane->kept_text);
    editor_marks_release(pane);
    for (size_t i = 0; i < EDITOR_LAYOUTS; i++)
        layout_release(&pane->layouts[i]);
    editor_linkage_release(pane);
    editor_used_release(pane);
    buffer_release(&pane->pasted);
    free(pane);
}

const pane_kind editor_pane = {
    .name = "editor",
    .title = "Record Editor",
    .draw = editor_draw,
    .run = editor_run_command,
    .typed = editor_typed,
    .paste = editor_paste,
    .cannot = editor_cannot_now,
    .tick = editor_tick,
    .position = editor_position,
    .standing = editor_standing,
    .keep = editor_keep,
    .may_close = editor_may_close,
    .release = editor_release,
    .takes_letters = true,
};

/* The same at the right of another record; another kind, so that nobody takes it for the record in front. */
const pane_kind beside_pane = {
    .name = "editor",
    .title = "Second Record",
    .draw = editor_draw,
    .run = editor_run_command,
    .typed = editor_typed,
    .paste = editor_paste,
    .cannot = editor_cannot_now,
    .tick = editor_tick,
    .position = editor_position,
    .standing = editor_standing,
    .may_close = editor_may_close,
    .release = editor_release,
    .takes_letters = true,
};

/* ---- opening ---- */

editor *editor_make(workstation *station, edit_session *session)
{
    editor *pane = calloc(1, sizeof *pane);
    if (pane == NULL) {
        station_no_memory(station, "opening the editor");
        return NULL;
    }
    pane->station = station;
    pane->session = session;
    pane->goal = -1;
    pane->columns = station_columns(station);
    pane->grid_rows = station_rows(station);
    pane->utf8 = true;
    pane->findings.current = SIZE_MAX;
    editor_settings_read(pane);
    editor_linkage_begin(pane);
    pane->left_field = station_is_modal(station);
    editor_restore_view(pane);
    editor_check(pane);
    count_marks(pane);
    pane->seen_revision = marc_edit_revision(edit_of(session));
    return pane;
}

void editor_pane_open(workstation *station, edit_session *session)
{
    editor *pane = editor_make(station, session);
    if (pane != NULL)
        station_push(station, AREA_RECORDS, PLACE_MAIN, &editor_pane, pane);
}

void editor_pane_touched(void *model, workstation *station)
{
    editor *pane = model;
    (void)station;
    if (pane->session == NULL)
        return;
    editor_return_place(pane);
    editor_clamp(pane);
    editor_changed(pane);
}
