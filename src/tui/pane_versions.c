/* src/tui/pane_versions.c - the versions of the open record: list, comparison of any two or with the working copy, restore.
 *
 * Restoring is an edit like any other (decisions.md 6): one undo step, nothing in the repository until Save. */
#include "history_panes.h"
#include "list_columns.h"
#include "version_compare.h"

#include "recto/catalog/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct version_changes {
    bool known, failed;
    difference_counts counts;
} version_changes;

typedef struct versions_model {
    session_tie tie;
    catalog *catalog;
    char heading[120];
    bib_version *rows; /* newest first */
    size_t capacity;
    bool failed; /* no memory while listing */
    int opened;  /* the version the working copy began with */
    list_view list;
    size_t rows_shown;

    version_changes *changes; /* by row; read when first shown (ED-99) */
    int marked[2];            /* versions to be compared with each other; 0: none */
    bool viewing;             /* a comparison is shown */
    version_compare compared;
    int left, right;   /* versions that are compared; right 0: the open record */
    uint64_t revision; /* of the open record, when it was compared */
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
    model->changes = status == RECTO_OK ? calloc(model->list.count + 1, sizeof *model->changes) : NULL;
    if (status == RECTO_OK && model->changes == NULL)
        status = recto_fail_memory(error, "listing versions");
    if (status == RECTO_OK && model->list.count > 1)
        qsort(model->rows, model->list.count, sizeof *model->rows, newest_first);
    return status;
}

/* ---- the list ------------------------------------------------------------------------------------------------------------- */

enum { COLUMN_MARK, COLUMN_NUMBER, COLUMN_SAVED, COLUMN_WHO, COLUMN_ORIGIN, COLUMN_CHANGES, COLUMN_NOTE, COLUMN_COUNT };
static const list_column columns[COLUMN_COUNT] = {
    { "", 1, 0, 0, 0 },        { "#", 3, 0, 0, 0 },       { "Saved", 16, 0, 0, 0 }, { "By", 8, 1, 0, 0 },
    { "By what", 7, 1, 0, 0 }, { "Fields", 11, 0, 0, 0 }, { "Note", 6, 6, 60, 0 },
};

/* "+1 ~2 -1": fields added, changed and removed by this version. */
static void format_changes(char out[static 48], versions_model *model, size_t index)
{
    version_changes *changes = &model->changes[index];
    if (!changes->known) {
        recto_error error;
        changes->failed = catalog_version_counts(&changes->counts, model->catalog, model->tie.id, model->rows[index].version,
                                                 &error) != RECTO_OK;
        changes->known = true;
    }
    const difference_counts *counts = &changes->counts;
    if (changes->failed)
        snprintf(out, 48, "damaged");
    else if (model->rows[index].version == 1)
        snprintf(out, 48, "%zu in all", counts->added);
    else
        snprintf(out, 48, "+%zu ~%zu -%zu", counts->added, counts->changed, counts->removed);
}

static bool is_marked(const versions_model *model, int version)
{
    return model->marked[0] == version || model->marked[1] == version;
}

static void draw_row(versions_model *model, size_t index, const list_layout *layout, const surface *canvas, int row)
{
    const bib_version *version = &model->rows[index];
    char number[16];
    char saved[32], changes[48];
    bool current = index == model->list.current;

    snprintf(number, sizeof number, "%d", version->version);
    clock_format_local(saved, sizeof saved, version->saved_at);
    saved[16] = '\0'; /* seconds are seen in the comparison's heading */
    format_changes(changes, model, index);
    surface_put(canvas, row, 0, ROLE_TEXT, current ? ">" : " ");
    list_layout_cell(layout, COLUMN_MARK, canvas, row, ROLE_MARK_CHANGED, is_marked(model, version->version) ? "*" : "");
    list_layout_cell(layout, COLUMN_CHANGES, canvas, row, ROLE_TEXT, changes);
    list_layout_cell(layout, COLUMN_NUMBER, canvas, row, ROLE_TEXT, number);
    list_layout_cell(layout, COLUMN_SAVED, canvas, row, ROLE_TEXT, saved);
    list_layout_cell(layout, COLUMN_WHO, canvas, row, ROLE_TEXT, version->saved_by);
    list_layout_cell(layout, COLUMN_ORIGIN, canvas, row, ROLE_TEXT, version->origin);
    list_layout_cell(layout, COLUMN_NOTE, canvas, row, ROLE_TEXT,
                     version->note[0] != '\0'            ? version->note
                     : version->version == model->opened ? "(this is the stored record)"
                                                         : "");
    if (current) {
        surface_paint(canvas, row, 0, canvas->columns, ROLE_SELECTION);
        surface_cursor(canvas, row, 0);
    }
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

static void versions_draw(void *state, const surface *canvas, bool focused)
{
    versions_model *model = state;
    char right[100];

    surface_clear(canvas, ROLE_TEXT);
    if (!model->viewing) {
        surface_rule(canvas, 0, focused, model->heading, "");
        draw_list(model, canvas);
        return;
    }
    snprintf(right, sizeof right, "%s : %s%s", model->compared.left_name, model->compared.right_name,
             model->compared.differences_only ? ", differences" : "");
    surface_rule(canvas, 0, focused, model->heading, right);
    version_compare_draw(&model->compared, canvas, 1);
}

static void versions_position(void *state, buffer *out)
{
    const versions_model *model = state;
    const list_view *list = model->viewing ? &model->compared.list : &model->list;

    if (list->count > 0)
        buffer_append_format(out, "%zu/%zu", list->current + 1, list->count);
}

/* ---- commands ---- */

static void leave_comparison(versions_model *model)
{
    version_compare_clear(&model->compared);
    model->viewing = false;
}

/* `right` 0: the open record. */
static recto_status read_sides(marc_record **left_record, marc_record **right_record, versions_model *model,
                               edit_session *session, int left, int right, recto_error *error)
{
    recto_status status = catalog_version_load(model->catalog, model->tie.id, left, left_record, error);
    if (status != RECTO_OK)
        return status;
    return right == 0 ? marc_record_copy(right_record, marc_edit_record(edit_of(session)), error)
                      : catalog_version_load(model->catalog, model->tie.id, right, right_record, error);
}

static void compare(versions_model *model, workstation *station, int left, int right)
{
    edit_session *session = session_tied(&model->tie, station);
    marc_record *left_record = NULL, *right_record = NULL;
    recto_error error;

    if (session == NULL) {
        station_say(station, "This list belongs to another open record; go to that record first");
        return;
    }
    recto_status status = read_sides(&left_record, &right_record, model, session, left, right, &error);
    if (status == RECTO_OK) {
        status = version_compare_set(&model->compared, left_record, right_record, &error);
    } else {
        marc_record_free(left_record);
        marc_record_free(right_record);
    }
    if (status != RECTO_OK) {
        leave_comparison(model);
        station_error(station, &error);
        return;
    }
    model->viewing = true;
    model->left = left;
    model->right = right;
    model->revision = marc_edit_revision(edit_of(session));
    snprintf(model->compared.left_name, sizeof model->compared.left_name, "version %d", left);
    if (right == 0)
        snprintf(model->compared.right_name, sizeof model->compared.right_name, "open record");
    else
        snprintf(model->compared.right_name, sizeof model->compared.right_name, "version %d", right);
}

/* Said, since a comparison looks like the record itself until one has come to what differs. */
static void say_how_much(const versions_model *model, workstation *station)
{
    const version_compare *compared = &model->compared;
    difference_counts counts;
    recto_error error;
    if (!model->viewing || record_difference_count(&counts, compared->left, compared->right, &error) != RECTO_OK)
        return;
    const size_t all = counts.added + counts.changed + counts.removed;
    if (all == 0)
        station_say(station, "%s and %s are the same", compared->left_name, compared->right_name);
    else
        station_say(station, "%s and %s: %zu field%s changed, %zu added, %zu removed", compared->left_name, compared->right_name,
                    counts.changed, counts.changed == 1 ? "" : "s", counts.added, counts.removed);
}

/* The two that are marked with each other, the older one first; else the one under the cursor with the open record. */
static void view_version(versions_model *model, workstation *station)
{
    const int *marked = model->marked;
    if (marked[0] != 0 && marked[1] != 0)
        compare(model, station, marked[0] < marked[1] ? marked[0] : marked[1], marked[0] < marked[1] ? marked[1] : marked[0]);
    else
        compare(model, station, model->rows[model->list.current].version, 0);
    say_how_much(model, station);
}

static void mark_version(versions_model *model, workstation *station)
{
    const int version = model->rows[model->list.current].version;
    int *marked = model->marked;

    if (marked[0] == version) {
        marked[0] = marked[1];
        marked[1] = 0;
    } else if (marked[1] == version) {
        marked[1] = 0;
    } else if (marked[0] != 0 && marked[1] != 0) { /* the one marked first goes */
        marked[0] = marked[1];
        marked[1] = version;
    } else {
        marked[marked[0] != 0] = version;
    }
    if (marked[1] != 0)
        station_say(station, "versions %d and %d are marked; Enter compares them", marked[0], marked[1]);
    else if (marked[0] != 0)
        station_say(station, "version %d is marked; mark another one to compare the two", marked[0]);
}

static int restored_version(const versions_model *model)
{
    return model->viewing ? model->left : model->rows[model->list.current].version;
}

static void restore_version(versions_model *model, workstation *station)
{
    edit_session *session = session_tied(&model->tie, station);
    int version = restored_version(model);
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

/* The field under the cursor, as the version has it, into the open record; the comparison goes on (ED-99). */
static void restore_field(versions_model *model, workstation *station)
{
    edit_session *session = session_tied(&model->tie, station);
    const record_difference *line = version_compare_current(&model->compared);
    const char *why = session_cannot_change(session);
    char tag[MARC_TAG_LENGTH + 1];
    recto_error error;

    if (why != NULL || line == NULL) {
        station_say(station, "%s%s", why != NULL ? "Cannot restore: " : "", why != NULL ? why : "this field does not differ");
        return;
    }
    if (marc_edit_revision(edit_of(session)) != model->revision) {
        compare(model, station, model->left, 0);
        station_say(station, "The record was changed meanwhile and is compared anew; look, then restore");
        return;
    }
    const bool of_left = line->kind != DIFFERENCE_ONLY_RIGHT;
    snprintf(
        tag, sizeof tag, "%s",
        record_difference_field(of_left ? model->compared.left : model->compared.right, of_left ? line->left : line->right).tag);
    const bool goes = !of_left;
    if (edit_restore_line(session, model->compared.left, model->left, line, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    station_record_changed(station, session);
    compare(model, station, model->left, 0);
    if (goes)
        station_say(station, "%s is gone, as in version %d; not yet saved, Undo brings it back", tag, model->left);
    else
        station_say(station, "%s is as in version %d; not yet saved, Undo takes it back", tag, model->left);
}

static bool run_in_comparison(versions_model *model, const char *name, workstation *station)
{
    if (strcmp(name, "pane.back") == 0)
        leave_comparison(model);
    else if (strcmp(name, "version.restore_field") == 0)
        restore_field(model, station);
    else if (strcmp(name, "version.view") == 0 || strcmp(name, "list.open") == 0)
        version_compare_run(&model->compared, "version.next");
    else
        return version_compare_run(&model->compared, name);
    return true;
}

static bool versions_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    versions_model *model = state;
    const char *name = command_row->name;

    (void)argument;
    if (model->viewing ? run_in_comparison(model, name, station) : list_view_run(&model->list, name, model->rows_shown))
        return true;
    if (strcmp(name, "version.blame") == 0) {
        blame_pane_open(station, model->tie.session);
        return true;
    }
    if (model->list.count == 0)
        return false;
    if (strcmp(name, "version.view") == 0 || strcmp(name, "list.open") == 0) {
        view_version(model, station);
    } else if (strcmp(name, "version.restore") == 0) {
        restore_version(model, station);
    } else if (strcmp(name, "version.mark") == 0) {
        mark_version(model, station);
    } else if (strcmp(name, "version.differences") == 0) {
        model->compared.differences_only = true;
        view_version(model, station);
    } else {
        return false;
    }
    return true;
}

static const char *versions_cannot(void *state, const command *command_row, workstation *station)
{
    versions_model *model = state;
    const char *name = command_row->name;

    if (strncmp(name, "version.", 8) == 0 && model->list.count == 0)
        return "this record was never saved";
    if (strcmp(name, "version.restore_field") == 0 && !model->viewing)
        return "compare a version with the open record first: Enter, then the field";
    if (strcmp(name, "version.restore_field") == 0 && model->right != 0)
        return "take the marks off: fields are taken back from one version";
    if (strcmp(name, "version.mark") == 0 && model->viewing)
        return "versions are marked in their list";
    if (strncmp(name, "version.restore", 15) == 0)
        return session_cannot_change(session_tied(&model->tie, station));
    return NULL;
}

static void versions_release(void *state, workstation *station)
{
    versions_model *model = state;

    (void)station;
    version_compare_release(&model->compared);
    free(model->changes);
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
        station_no_memory(station, "listing versions");
        return;
    }
    version_compare_init(&model->compared);
    model->catalog = station_catalog(station);
    model->tie = session_tie_to(session);
    model->opened = edit_state_of(session)->version;
    mms_id_format(id, model->tie.id);
    snprintf(model->heading, sizeof model->heading, "Versions of %s %s", record_noun(model->tie.id), id);
    if (edit_state_of(session)->is_new || read_versions(model, station, &error) == RECTO_OK) {
        station_push(station, AREA_RECORDS, PLACE_COMPANION, &versions_pane, model);
        return;
    }
    station_error(station, &error);
    versions_release(model, station);
}

void versions_pane_compare(workstation *station, edit_session *session, int left, int right)
{
    versions_pane_open(station, session);
    versions_model *model = station_find(station, &versions_pane);
    if (model != NULL && model->tie.session == session)
        compare(model, station, left, right);
}
