/* src/tui/pane_versions.c - the versions of the open record: list, comparison with the working copy, restore into it.
 *
 * Restoring is an edit like any other (decisions.md 6): one undo step, nothing in the repository until Save. */
#include "list_columns.h"
#include "pane_common.h"
#include "record_difference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct versions_model {
    session_tie tie;
    char heading[120];
    bib_version *rows; /* newest first */
    size_t capacity;
    bool failed; /* no memory while listing */
    int opened;  /* the version the working copy began with */
    list_view list;
    size_t rows_shown;

    bool viewing; /* one version, compared */
    bool differences_only;
    marc_record *version, *working; /* the two sides of the comparison */
    record_difference *differences;
    size_t difference_count;
    record_lines lines; /* line.field is twice the difference, and one more for the version's side of a change */
    int laid_out_for;
    bool laid_out_utf8;
    size_t top;
    int64_t now;
} versions_model;

/* ---- reading ------------------------------------------------------------------------------------------------------------- */

static void add_version(void *context, const bib_version *version)
{
    versions_model *model = context;

    if (model->list.count == model->capacity) {
        size_t capacity = model->capacity == 0 ? 16 : model->capacity * 2;
        bib_version *grown = realloc(model->rows, capacity * sizeof *grown);

        if (grown == NULL) {
            model->failed = true;
            return;
        }
        model->rows = grown;
        model->capacity = capacity;
    }
    model->rows[model->list.count++] = *version;
}

static int newest_first(const void *one, const void *other)
{
    const bib_version *a = one;
    const bib_version *b = other;

    return (a->version < b->version) - (a->version > b->version);
}

static recto_status read_versions(versions_model *model, workstation *station, recto_error *error)
{
    recto_status status = catalog_versions(station_catalog(station), model->tie.id, add_version, model, error);

    if (status == RECTO_OK && model->failed)
        status = recto_fail_memory(error, "listing versions");
    if (status == RECTO_OK && model->list.count > 1)
        qsort(model->rows, model->list.count, sizeof *model->rows, newest_first);
    return status;
}

/* ---- the list ------------------------------------------------------------------------------------------------------------- */

enum { COLUMN_NUMBER, COLUMN_SAVED, COLUMN_WHO, COLUMN_ORIGIN, COLUMN_NOTE, COLUMN_COUNT };
static const list_column columns[COLUMN_COUNT] = {
    { "#", 4, 0, 0, 0 }, { "Saved", 19, 0, 0, 0 }, { "By", 10, 1, 0, 0 }, { "By what", 8, 1, 0, 0 }, { "Note", 10, 4, 60, 0 },
};

static void draw_row(const versions_model *model, size_t index, const list_layout *layout, const surface *canvas, int row)
{
    const bib_version *version = &model->rows[index];
    char number[16];
    char saved[32];
    bool current = index == model->list.current;

    snprintf(number, sizeof number, "%d", version->version);
    clock_format_local(saved, sizeof saved, version->saved_at);
    surface_put(canvas, row, 0, ROLE_TEXT, current ? ">" : " ");
    list_layout_cell(layout, COLUMN_NUMBER, canvas, row, ROLE_TEXT, number);
    list_layout_cell(layout, COLUMN_SAVED, canvas, row, ROLE_TEXT, saved);
    list_layout_cell(layout, COLUMN_WHO, canvas, row, ROLE_TEXT, version->saved_by);
    list_layout_cell(layout, COLUMN_ORIGIN, canvas, row, ROLE_TEXT, version->origin);
    list_layout_cell(layout, COLUMN_NOTE, canvas, row, ROLE_TEXT,
                     version->note[0] != '\0'            ? version->note
                     : version->version == model->opened ? "(this is the stored record)"
                                                         : "");
    if (current)
        surface_paint(canvas, row, 0, canvas->columns, ROLE_SELECTION);
}

static void draw_list(versions_model *model, const surface *canvas)
{
    list_layout layout;
    int rows = canvas->rows - 3;

    if (model->list.count <= 1)
        surface_put(canvas, canvas->rows > 4 ? canvas->rows - 1 : 3, 1, ROLE_TEXT_DIM,
                    model->list.count == 0 ? "No versions: this is a new record, not yet saved."
                                           : "No earlier versions: this is the record as first loaded.");
    list_layout_make(&layout, columns, COLUMN_COUNT, 2, canvas->columns);
    list_layout_header(&layout, columns, canvas, 1);
    model->rows_shown = rows > 0 ? (size_t)rows : 0;
    list_view_fit(&model->list, model->rows_shown);
    for (size_t i = 0; i < model->rows_shown && model->list.top + i < model->list.count; i++)
        draw_row(model, model->list.top + i, &layout, canvas, 2 + (int)i);
}

/* ---- one version beside the working copy ------------------------------------------------------------------------------------
 */

static void add_side(versions_model *model, const marc_record *record, size_t field, size_t line, int columns_of_content,
                     bool utf8)
{
    const marc_field *shown;

    if (field == RECORD_LEADER_INDEX) {
        record_lines_add(&model->lines, "LDR", text_of(marc_record_leader(record), MARC_LEADER_LENGTH), line, columns_of_content,
                         utf8, 0);
        return;
    }
    shown = marc_record_field(record, field);
    record_lines_add(&model->lines, shown->tag, shown->content, line, columns_of_content, utf8, 0);
}

static void lay_out(versions_model *model, int columns_of_content, bool utf8)
{
    record_lines_clear(&model->lines);
    for (size_t i = 0; i < model->difference_count; i++) {
        const record_difference *line = &model->differences[i];

        if (line->kind == DIFFERENCE_NONE && model->differences_only)
            continue;
        if (line->kind == DIFFERENCE_ONLY_LEFT) {
            add_side(model, model->version, line->left, 2 * i + 1, columns_of_content, utf8);
            continue;
        }
        add_side(model, model->working, line->right, 2 * i, columns_of_content, utf8);
        if (line->kind == DIFFERENCE_CHANGED)
            add_side(model, model->version, line->left, 2 * i + 1, columns_of_content, utf8);
    }
    model->laid_out_for = columns_of_content;
    model->laid_out_utf8 = utf8;
}

static const char *sign_of(const versions_model *model, size_t line, role *look)
{
    const record_difference *difference = &model->differences[line / 2];

    *look = ROLE_FIELD_TEXT;
    switch (difference->kind) {
    case DIFFERENCE_NONE:
        return " ";
    case DIFFERENCE_ONLY_LEFT:
        *look = ROLE_FROM_DROPPED;
        return "-";
    case DIFFERENCE_ONLY_RIGHT:
        *look = ROLE_MARK_NEW;
        return "+";
    case DIFFERENCE_CHANGED:
        break;
    }
    *look = line % 2 == 0 ? ROLE_DIFFERENT : ROLE_TEXT_DIM;
    return line % 2 == 0 ? "≠" : "v";
}

static void draw_comparison(versions_model *model, const surface *canvas)
{
    int content = canvas->columns - 3 - RECORD_CONTENT;
    size_t last;

    if (model->laid_out_for != content || model->laid_out_utf8 != surface_utf8(canvas))
        lay_out(model, content, surface_utf8(canvas));
    surface_format(canvas, 1, 1, ROLE_TEXT_DIM, "+ only in the open record   - only in version %d   ≠ open record, v version %d",
                   model->rows[model->list.current].version, model->rows[model->list.current].version);
    model->rows_shown = canvas->rows > 2 ? (size_t)canvas->rows - 2 : 0;
    last = model->lines.count > model->rows_shown ? model->lines.count - model->rows_shown : 0;
    if (model->top > last)
        model->top = last;
    if (model->lines.count == 0)
        surface_put(canvas, 3, 1, ROLE_TEXT, "No field differs from the open record.");
    for (size_t i = 0; i < model->rows_shown && model->top + i < model->lines.count; i++) {
        role look;
        const char *sign = sign_of(model, model->lines.lines[model->top + i].field, &look);

        if (model->lines.lines[model->top + i].first)
            surface_put(canvas, 2 + (int)i, 1, look, sign);
        record_lines_draw(&model->lines, model->top + i, canvas, 2 + (int)i, 3, canvas->columns - 3, ROLE_FIELD_TAG, look);
    }
}

static void versions_draw(void *state, const surface *canvas, bool focused)
{
    versions_model *model = state;
    char right[60];

    surface_clear(canvas, ROLE_TEXT);
    if (!model->viewing) {
        surface_rule(canvas, 0, focused, model->heading, "");
        draw_list(model, canvas);
        return;
    }
    snprintf(right, sizeof right, "version %d%s", model->rows[model->list.current].version,
             model->differences_only ? ", differences only" : "");
    surface_rule(canvas, 0, focused, model->heading, right);
    draw_comparison(model, canvas);
}

static void versions_position(void *state, buffer *out)
{
    const versions_model *model = state;

    if (model->list.count > 0)
        buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

/* ---- commands ----------------------------------------------------------------------------------------------------------------
 */

static void leave_comparison(versions_model *model)
{
    marc_record_free(model->version);
    marc_record_free(model->working);
    free(model->differences);
    record_lines_clear(&model->lines);
    model->version = model->working = NULL;
    model->differences = NULL;
    model->difference_count = 0;
    model->laid_out_for = 0;
    model->top = 0;
    model->viewing = false;
}

static void view_version(versions_model *model, workstation *station)
{
    edit_session *session = session_tied(&model->tie, station);
    recto_error error;
    recto_status status;

    leave_comparison(model);
    if (session == NULL) {
        station_say(station, "This list belongs to another open record; go to that record first");
        return;
    }
    status = catalog_version_load(station_catalog(station), model->tie.id, model->rows[model->list.current].version,
                                  &model->version, &error);
    if (status == RECTO_OK)
        status = marc_record_copy(&model->working, marc_edit_record(edit_of(session)), &error);
    if (status == RECTO_OK)
        status = record_difference_make(&model->differences, &model->difference_count, model->version, model->working, &error);
    model->viewing = status == RECTO_OK;
    if (status != RECTO_OK) {
        leave_comparison(model);
        station_error(station, &error);
    }
}

static void restore_version(versions_model *model, workstation *station)
{
    edit_session *session = session_tied(&model->tie, station);
    int version = model->rows[model->list.current].version;
    const char *why = session_cannot_change(session);
    recto_error error;

    if (why != NULL) {
        station_say(station, "Cannot restore: %s", why);
        return;
    }
    if (edit_restore_version(session, version, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    station_record_changed(station, session);
    station_pop(station, model);
    focus_editor(station);
    station_say(station, "Version %d is in the editor, not yet saved. Save keeps it, Undo takes it back", version);
}

static bool scroll(versions_model *model, const char *name)
{
    record_view scrolled = { .lines = model->lines, .top = model->top, .rows = model->rows_shown };
    bool used = record_view_run(&scrolled, name);

    model->top = scrolled.top;
    return used;
}

static bool versions_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    versions_model *model = state;
    const char *name = command_row->name;

    (void)argument;
    if (model->viewing ? scroll(model, name) : list_view_run(&model->list, name, model->rows_shown))
        return true;
    if (strcmp(name, "pane.back") == 0 && model->viewing) {
        leave_comparison(model);
        return true;
    }
    if (model->list.count == 0)
        return false;
    if (strcmp(name, "version.view") == 0 || strcmp(name, "list.open") == 0) {
        view_version(model, station);
    } else if (strcmp(name, "version.restore") == 0) {
        restore_version(model, station);
    } else if (strcmp(name, "version.differences") == 0) {
        model->differences_only = !model->differences_only;
        model->laid_out_for = 0;
        if (!model->viewing)
            view_version(model, station);
    } else {
        return false;
    }
    return true;
}

static const char *versions_cannot(void *state, const command *command_row, workstation *station)
{
    versions_model *model = state;

    if (strncmp(command_row->name, "version.", 8) == 0 && model->list.count == 0)
        return "this record was never saved";
    if (strcmp(command_row->name, "version.restore") == 0)
        return session_cannot_change(session_tied(&model->tie, station));
    return NULL;
}

static void versions_release(void *state, workstation *station)
{
    versions_model *model = state;

    (void)station;
    leave_comparison(model);
    record_lines_release(&model->lines);
    free(model->rows);
    free(model);
}

const pane_kind versions_pane = {
    .name = "versions",
    .title = "Versions",
    .draw = versions_draw,
    .run = versions_run,
    .cannot = versions_cannot,
    .position = versions_position,
    .release = versions_release,
};

void versions_pane_open(workstation *station, edit_session *session)
{
    versions_model *model = calloc(1, sizeof *model);
    versions_model *before = station_find(station, &versions_pane);
    char id[MMS_ID_LENGTH];
    recto_error error;

    if (before != NULL && before->tie.session == session) /* the list as it is now */
        station_pop(station, before);
    if (model == NULL) {
        recto_fail_memory(&error, "listing versions");
        station_error(station, &error);
        return;
    }
    record_lines_init(&model->lines);
    model->tie = session_tie_to(session);
    model->opened = edit_state_of(session)->version;
    model->now = catalog_now(station_catalog(station));
    mms_id_format(id, model->tie.id);
    snprintf(model->heading, sizeof model->heading, "Versions of bib %s", id);
    if (edit_state_of(session)->is_new || read_versions(model, station, &error) == RECTO_OK) {
        station_push(station, AREA_RECORDS, PLACE_COMPANION, &versions_pane, model);
        return;
    }
    station_error(station, &error);
    versions_release(model, station);
}
