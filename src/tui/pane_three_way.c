/* src/tui/pane_three_way.c - a text that somebody overtook, compared three ways and re-applied (ED-84): the version it began
 * from, the own text, and what is stored now.
 *
 * Each field that either side changed is shown as it was, as it is mine and as it is stored; the one that will be taken has a
 * star. Space turns it. Nothing is changed before Re-apply, which is one undo step; Save then keeps it. */
#include "custody_panes.h"

#include "recto/marc/three_way.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIGN_AT = 2, NAME_AT = 4, FIELDS_AT = 11 };

typedef struct three_way_model {
    session_tie tie;
    marc_record *base, *mine, *theirs;
    uint64_t revision; /* of the open record when it was compared */
    int base_version, stored_version;
    three_way_line *lines;
    size_t line_count, conflicts;
    record_lines rows; /* row.field: three times the line, and which side */
    list_view list;
    size_t shown;
    int laid_out_for;
    bool laid_out_utf8;
} three_way_model;

/* ---- layout ---- */

static void add_side(three_way_model *model, size_t line, int side, int columns, bool utf8)
{
    const marc_record *records[] = { model->base, model->mine, model->theirs };
    const size_t indexes[] = { model->lines[line].base, model->lines[line].mine, model->lines[line].theirs };
    const size_t tag_side = indexes[0] != THREE_WAY_NONE ? 0 : indexes[1] != THREE_WAY_NONE ? 1 : 2;
    marc_field field = record_difference_field(records[tag_side], indexes[tag_side]);
    if (indexes[side] == THREE_WAY_NONE)
        field.content = marc_tag_is_control(field.tag) ? TEXT("(none)") : TEXT("  (none)");
    else
        field = record_difference_field(records[side], indexes[side]);
    record_lines_add(&model->rows, field.tag, field.content, 3 * line + (size_t)side, columns, utf8, 0);
}

static void lay_out(three_way_model *model, int columns, bool utf8)
{
    record_lines_clear(&model->rows);
    for (size_t i = 0; i < model->line_count; i++) {
        const three_way_line *line = &model->lines[i];
        if (line->kind == THREE_WAY_SAME)
            continue;
        if (line->base != THREE_WAY_NONE)
            add_side(model, i, 0, columns, utf8);
        if (line->kind != THREE_WAY_THEIRS)
            add_side(model, i, 1, columns, utf8);
        if (line->kind == THREE_WAY_THEIRS || line->kind == THREE_WAY_CONFLICT)
            add_side(model, i, 2, columns, utf8);
    }
    model->list.count = model->rows.count;
    model->laid_out_for = columns;
    model->laid_out_utf8 = utf8;
}

/* ---- drawing ---- */

static const char sign_of[] = {
    [THREE_WAY_MINE] = 'm', [THREE_WAY_THEIRS] = 't', [THREE_WAY_ALIKE] = '=', [THREE_WAY_CONFLICT] = '!'
};

/* Would this side be in the result? */
static bool is_taken(const three_way_line *line, int side)
{
    if (side == 0) /* one side left it as it was */
        return (line->kind == THREE_WAY_MINE && !line->take_mine) || (line->kind == THREE_WAY_THEIRS && line->take_mine);
    return line->kind == THREE_WAY_ALIKE || (side == 1) == line->take_mine;
}

static void draw_row(const three_way_model *model, const surface *canvas, int row, size_t at)
{
    static const char *const names[] = { "was", "mine", "stored" };
    const record_line *shown = &model->rows.lines[at];
    const three_way_line *line = &model->lines[shown->field / 3];
    const int side = (int)(shown->field % 3);
    const role look = side == 0 ? ROLE_TEXT_DIM : line->kind == THREE_WAY_CONFLICT ? ROLE_DIFFERENT : ROLE_FIELD_TEXT;
    const bool begins = at == 0 || model->rows.lines[at - 1].field / 3 != shown->field / 3;
    if (begins)
        surface_format(canvas, row, SIGN_AT, look, "%c", sign_of[line->kind]);
    if (shown->first)
        surface_format(canvas, row, NAME_AT - 1, look, "%c%s", is_taken(line, side) ? '*' : ' ', names[side]);
    record_lines_draw(&model->rows, at, canvas, row, FIELDS_AT, canvas->columns - FIELDS_AT, ROLE_FIELD_TAG, look);
    if (at == model->list.current) {
        surface_put(canvas, row, 0, ROLE_TEXT, ">");
        surface_paint(canvas, row, 0, canvas->columns, ROLE_SELECTION);
        surface_cursor(canvas, row, 0);
    }
}

static void three_way_draw(void *state, const surface *canvas, bool focused)
{
    three_way_model *model = state;
    char left[100], right[60];
    const int content = canvas->columns - FIELDS_AT - RECORD_CONTENT - 1;
    surface_clear(canvas, ROLE_TEXT);
    snprintf(left, sizeof left, "Three ways: v%d, mine, stored v%d", model->base_version, model->stored_version);
    snprintf(right, sizeof right, "%zu conflict%s", model->conflicts, model->conflicts == 1 ? "" : "s");
    surface_rule(canvas, 0, focused, left, right);
    surface_put(canvas, 1, 1, ROLE_TEXT_DIM, "m mine, t stored, = alike, ! conflict; * is taken");
    if (model->laid_out_for != content || model->laid_out_utf8 != surface_utf8(canvas))
        lay_out(model, content, surface_utf8(canvas));
    model->shown = canvas->rows > 2 ? (size_t)canvas->rows - 2 : 0;
    list_view_fit(&model->list, model->shown);
    for (size_t i = 0; i < model->shown && model->list.top + i < model->list.count; i++)
        draw_row(model, canvas, 2 + (int)i, model->list.top + i);
    if (model->list.count == 0)
        surface_put(canvas, 3, 2, ROLE_TEXT, "Neither side changed a field.");
}

static void three_way_position(void *state, buffer *out)
{
    const three_way_model *model = state;
    if (model->list.count > 0)
        buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

/* ---- commands ---- */

static void turn(three_way_model *model, workstation *station)
{
    if (model->list.current >= model->rows.count)
        return;
    three_way_line *line = &model->lines[model->rows.lines[model->list.current].field / 3];
    if (line->kind == THREE_WAY_ALIKE)
        station_say(station, "both sides made the same change");
    else
        line->take_mine = !line->take_mine;
}

/* Also for a change of one side only: mine dropped, or theirs, is then as the other side has it. */
static void reapply(three_way_model *model, workstation *station)
{
    edit_session *session = session_tied(&model->tie, station);
    marc_record *merged = NULL;
    recto_error error;
    const char *why = session_cannot_change(session);
    if (why != NULL) {
        station_say(station, "not re-applied: %s", why);
        return;
    }
    if (marc_edit_revision(edit_of(session)) != model->revision) {
        station_say(station, "the open record was changed meanwhile; close this and compare again");
        return;
    }
    recto_status status = three_way_merge(&merged, model->lines, model->line_count, model->mine, model->theirs, &error);
    if (status == RECTO_OK)
        status = edit_reapply(session, merged, &error);
    marc_record_free(merged);
    if (status != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    const int version = edit_state_of(session)->version;
    station_record_changed(station, session);
    station_pop(station, model);
    focus_editor(station);
    station_say(station, "re-applied to version %d, not yet saved. Save keeps it, Undo takes it back", version);
}

static bool three_way_run(void *state, const command *what, const char *argument, workstation *station)
{
    three_way_model *model = state;
    (void)argument;
    if (list_view_run(&model->list, what->name, model->shown))
        return true;
    if (strcmp(what->name, "threeway.turn") == 0 || strcmp(what->name, "list.open") == 0)
        turn(model, station);
    else if (strcmp(what->name, "threeway.apply") == 0)
        reapply(model, station);
    else
        return false;
    return true;
}

static const char *three_way_cannot(void *state, const command *what, workstation *station)
{
    three_way_model *model = state;
    if (strcmp(what->name, "threeway.apply") == 0)
        return session_cannot_change(session_tied(&model->tie, station));
    return NULL;
}

static void three_way_release(void *state, workstation *station)
{
    three_way_model *model = state;
    (void)station;
    marc_record_free(model->base);
    marc_record_free(model->mine);
    marc_record_free(model->theirs);
    free(model->lines);
    record_lines_release(&model->rows);
    free(model);
}

const pane_kind three_way_pane = {
    .name = "threeway",
    .title = "Three Ways",
    .draw = three_way_draw,
    .run = three_way_run,
    .cannot = three_way_cannot,
    .position = three_way_position,
    .release = three_way_release,
};

static recto_status read_sides(three_way_model *model, catalog *catalog, edit_session *session, recto_error *error)
{
    bib_info info;
    recto_status status = catalog_load(catalog, model->tie.id, &model->theirs, &info, error);
    if (status == RECTO_OK)
        status = catalog_version_load(catalog, model->tie.id, edit_state_of(session)->version, &model->base, error);
    if (status == RECTO_OK)
        status = marc_record_copy(&model->mine, marc_edit_record(edit_of(session)), error);
    if (status == RECTO_OK)
        status = three_way_make(&model->lines, &model->line_count, model->base, model->mine, model->theirs, error);
    model->base_version = edit_state_of(session)->version;
    model->stored_version = status == RECTO_OK ? info.version : 0;
    for (size_t i = 0; i < model->line_count; i++)
        model->conflicts += model->lines[i].kind == THREE_WAY_CONFLICT;
    return status;
}

void three_way_pane_open(workstation *station, edit_session *session)
{
    three_way_model *before = station_find(station, &three_way_pane);
    recto_error error;
    if (before != NULL && before->tie.session == session) /* as it is now */
        station_pop(station, before);
    three_way_model *model = calloc(1, sizeof *model);
    if (model == NULL) {
        station_no_memory(station, "comparing three ways");
        return;
    }
    record_lines_init(&model->rows);
    model->tie = session_tie_to(session);
    model->revision = marc_edit_revision(edit_of(session));
    if (edit_state_of(session)->version == 0 || read_sides(model, station_catalog(station), session, &error) != RECTO_OK) {
        if (edit_state_of(session)->version == 0)
            station_say(station, "this record was never saved: there is nothing to compare with");
        else
            station_error(station, &error);
        three_way_release(model, station);
        return;
    }
    station_push(station, AREA_RECORDS, PLACE_COMPANION, &three_way_pane, model);
}
