/* src/tui/pane_editor_draw.c - the record editor as it stands on the screen: header, title, strip, count, grid, help and alerts,
 * each where there is room for it. */
#include "editor.h"

#include "recto/catalog/headings.h"

#include <stdio.h>
#include <string.h>

enum { ROWS_FOR_STRIP = 16, ROWS_FOR_BOTH = 30, ROWS_FOR_TITLE = 10 };

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
        snprintf(out, capacity, "%c %s  Template%s: %.*s%s  v%d", state->zone_kind, families[marc_family_of(editor_record(pane))],
                 state->view_only ? ", View Only" : "", FIT(state->template_name, 80), state->view_only ? lock : "  mine",
                 state->template_version);
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

static void draw_lines_above(editor *pane, const surface *on, bool focused, bool title)
{
    surface header = surface_part(on, 0, 0, 1, on->columns);
    if (!surface_may_wait(&header, focused ? (const void *)pane : (const void *)&pane->session))
        draw_header(pane, on, focused);
    if (title) {
        surface line = surface_part(on, 1, 0, 1, on->columns);
        draw_title(pane, &line);
    }
}

static void draw_below(editor *pane, const surface *on, int alerts, int help)
{
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

/* Strip, count and grid, from row `y` on. */
static void draw_record(editor *pane, const surface *on, bool focused, int y)
{
    const bool is_template = edit_state_of(pane->session)->is_template; /* prompts are no positions */
    const bool strip = on->rows >= (pane->shows_help ? ROWS_FOR_BOTH : ROWS_FOR_STRIP) && !is_template;
    const bool title = on->rows >= ROWS_FOR_TITLE;
    const int alerts = editor_alert_rows(on->rows);
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
    const int help = editor_help_rows(pane, on->rows);
    surface grid = surface_part(on, y, 0, on->rows - y - alerts - help, on->columns);
    editor_draw_grid(pane, &grid, focused);
    draw_below(pane, on, alerts, help);
}

void editor_draw(void *model, const surface *on, bool focused)
{
    editor *pane = model;
    if (pane->session == NULL)
        return;
    editor_meet(pane);
    if (!surface_hurries(on))
        editor_settle(pane);
    const bool title = on->rows >= ROWS_FOR_TITLE;
    const int below = title ? 2 : 1;
    pane->columns = on->columns;
    pane->utf8 = surface_utf8(on);
    draw_lines_above(pane, on, focused, title);
    if (pane->form.open) {
        surface rest = surface_part(on, below, 0, on->rows - below, on->columns);
        editor_draw_form(pane, &rest);
    } else {
        draw_record(pane, on, focused, below);
    }
}
