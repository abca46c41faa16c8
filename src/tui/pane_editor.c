/* src/tui/pane_editor.c - the record editor's pane: header, title, strip, grid and alerts; and its commands.
 *
 * What the parts do is in pane_editor_*.c; the model they share is editor.h. Only the geometry of the last drawing (columns,
 * rows, first line seen) is written while drawing, because cursor keys need it. */
#include "editor.h"

#include "recto/catalog/headings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_FOR_STRIP = 16, ROWS_FOR_BOTH = 30, ROWS_FOR_TITLE = 10 };

/* ---- the record as rows ---- */

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

static void count_marks(editor *pane)
{
    marc_edit *edit = edit_of(pane->session);
    size_t fields = marc_record_count(editor_record(pane));
    pane->changed_fields = 0;
    pane->new_fields = 0;
    for (size_t i = 0; i < fields; i++) {
        char mark = marc_edit_mark(edit, i);
        pane->changed_fields += mark == '*' ? 1 : 0;
        pane->new_fields += mark == '+' ? 1 : 0;
    }
    pane->counted = true;
    pane->counted_revision = marc_edit_revision(edit);
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

/* ---- drawing ---- */

static const char *badge(const edit_state *state)
{
    if (state->pushed) /* until the first key that changes it: nobody's lock stands in the way (ED-14, ED-187) */
        return "  Pushed";
    if (state->view_only)
        return "  View Only";
    if (state->is_template)
        return "  Template";
    if (state->is_new && !state->is_holdings)
        return "  New";
    return state->has_draft ? "  Draft" : "";
}

/* What leads the header: the levels stand behind it where there is room. */
static void header_left(const editor *pane, char *out, size_t capacity)
{
    const edit_state *state = edit_state_of(pane->session);
    char number[MMS_ID_LENGTH], lock[96] = "";
    static const char *const families[] = {
        [MARC_BIBLIOGRAPHIC] = "bib", [MARC_HOLDINGS] = "holdings", [MARC_AUTHORITY] = "authority"
    };
    mms_id_format(number, state->id);
    if (!state->view_only && (!state->is_new || state->is_holdings))
        snprintf(lock, sizeof lock, "  mine");
    else if (state->view_only && state->locked_by[0] != '\0')
        snprintf(lock, sizeof lock, "  locked by %s", state->locked_by);
    if (state->is_template)
        snprintf(out, capacity, "%c %s  Template%s: %.80s%s  v%d", state->zone_kind,
                 families[marc_family_of(editor_record(pane))], state->view_only ? ", View Only" : "", state->template_name,
                 state->view_only ? lock : "  mine", state->template_version);
    else if (state->is_holdings)
        snprintf(out, capacity, "%c holdings %s%s%s  v%d  of bib %lld", state->zone_kind, number, badge(state), lock,
                 state->holdings_version, (long long)state->holdings_of);
    else
        snprintf(out, capacity, "%c %s %s%s%s%s  v%d", state->zone_kind,
                 catalog_is_authority(state->id) ? "authority" : families[marc_family_of(editor_record(pane))], number,
                 badge(state), state->suppressed ? "  Suppressed" : "", lock, state->version);
}

/* A level that would be cut is left out: who holds the record matters more. */
static void add_level(char *out, size_t capacity, int columns, const char *name, int level)
{
    char added[32];
    const size_t used = strlen(out);
    const int wide = snprintf(added, sizeof added, "  %s %02d", name, level);
    if (display_width(text_from(out), true) + wide <= columns && used + (size_t)wide < capacity)
        snprintf(out + used, capacity - used, "%s", added);
}

static void draw_header(editor *pane, const surface *on, bool focused)
{
    char left[240], right[32] = "";
    header_left(pane, left, sizeof left);
    size_t count = station_session_count(pane->station);
    if (count > 1 && pane->session == station_session(pane->station))
        snprintf(right, sizeof right, "%zu/%zu", station_session_number(pane->station), count);
    else if (count > 1)
        snprintf(right, sizeof right, "beside");
    const edit_state *state = edit_state_of(pane->session);
    const int columns = on->columns - 6 - (right[0] != '\0' ? (int)strlen(right) + 3 : 0); /* as surface_rule has it */
    const bool has_level = !state->is_template && !state->is_holdings;
    if (has_level && !catalog_is_authority(state->id)) /* brief levels are of bibs */
        add_level(left, sizeof left, columns, "brief", state->brief_level);
    if (has_level)
        add_level(left, sizeof left, columns, "level", state->cataloging_level);
    surface_rule(on, 0, focused, left, right);
}

static void draw_title(const editor *pane, const surface *on)
{
    buffer title;
    if (surface_may_wait(on, pane))
        return;
    buffer_init(&title, 4096);
    marc_record_title_statement(&title, editor_record(pane));
    if (title.length == 0)
        surface_put(on, 0, 1, ROLE_TEXT_DIM, "(no title yet)");
    else
        surface_data(on, 0, 1, on->columns - 1, ROLE_TITLE, buffer_text(&title), true);
    buffer_release(&title);
}

/* ED-68: when the working copy was stored last, to the minute. */
static void say_draft_time(const editor *pane, char *out, size_t capacity)
{
    char at[40];
    clock_format_short(at, sizeof at, edit_state_of(pane->session)->draft_at, catalog_now(station_catalog(pane->station)));
    snprintf(out, capacity, "draft kept %s", at);
}

static void draw_count(const editor *pane, const surface *on, int y, bool below_strip)
{
    const edit_state *state = edit_state_of(pane->session);
    char left[160], right[240] = "";
    size_t fields = editor_rows(pane) - 1;
    int used = snprintf(left, sizeof left, "%zu field%s", fields, fields == 1 ? "" : "s");
    if (pane->changed_fields > 0)
        used += snprintf(left + used, sizeof left - (size_t)used, ", %zu changed", pane->changed_fields);
    if (pane->new_fields > 0)
        snprintf(left + used, sizeof left - (size_t)used, ", %zu new", pane->new_fields);
    if (state->draft_failed)
        snprintf(right, sizeof right, "Draft NOT stored: %s", state->draft_failure);
    else if (state->superseded)
        snprintf(right, sizeof right, "version %d was saved meanwhile", state->stored_version);
    else if (state->has_draft && !state->view_only)
        say_draft_time(pane, right, sizeof right);
    surface_rule(on, y, false, left, right);
    if (below_strip && strlen(right) < 20 && editor_meaning_column(on) > 0)
        surface_put(on, y, editor_meaning_column(on), ROLE_RULE, "┴");
}

static void draw_editor(void *model, const surface *on, bool focused)
{
    editor *pane = model;
    if (pane->session == NULL)
        return;
    editor_meet(pane);
    if (!surface_hurries(on))
        editor_settle(pane);
    const bool is_template = edit_state_of(pane->session)->is_template; /* prompts are no positions */
    const int strip_from = pane->shows_help ? ROWS_FOR_BOTH : ROWS_FOR_STRIP;
    bool strip = on->rows >= strip_from && !is_template, title = on->rows >= ROWS_FOR_TITLE;
    int alerts = editor_alert_rows(on->rows), y = 1;
    pane->columns = on->columns;
    pane->utf8 = surface_utf8(on);
    surface header = surface_part(on, 0, 0, 1, on->columns);
    if (!surface_may_wait(&header, focused ? (const void *)pane : (const void *)&pane->session))
        draw_header(pane, on, focused);
    if (title) {
        surface line = surface_part(on, y++, 0, 1, on->columns);
        draw_title(pane, &line);
    }
    if (pane->form.open) {
        surface rest = surface_part(on, y, 0, on->rows - y, on->columns);
        editor_draw_form(pane, &rest);
        return;
    }
    if (strip) {
        surface block = surface_part(on, y, 0, STRIP_ROWS, on->columns);
        if (!surface_may_wait(&block, pane))
            editor_draw_strip(pane, &block);
        y += STRIP_ROWS;
    }
    surface count = surface_part(on, y, 0, title ? 1 : 0, on->columns);
    if (title && !surface_may_wait(&count, pane))
        draw_count(pane, on, y, strip);
    y += title ? 1 : 0;
    int help = editor_help_rows(pane, on->rows);
    surface grid = surface_part(on, y, 0, on->rows - y - alerts - help, on->columns);
    editor_draw_grid(pane, &grid, focused);
    if (help > 0) {
        surface told = surface_part(on, on->rows - alerts - help, 0, help, on->columns);
        if (!surface_may_wait(&told, pane))
            editor_draw_help(pane, &told);
    }
    if (alerts > 0) {
        surface below = surface_part(on, on->rows - alerts, 0, alerts, on->columns);
        if (!surface_may_wait(&below, pane))
            editor_draw_alerts(pane, &below);
    }
}

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

static bool editor_typed(void *model, const key *pressed, workstation *station)
{
    editor *pane = model;
    if (pane->session == NULL)
        return false;
    pane->key_at_ms = station_now_ms(pane->station);
    bool letter = pressed->name == KEY_IS_TEXT && !pressed->ctrl && !pressed->alt, modal = station_is_modal(station);
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
    .draw = draw_editor,
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
    .draw = draw_editor,
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
