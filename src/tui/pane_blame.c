/* src/tui/pane_blame.c - the open record with, at the left of each field, the version that last changed it, who and when (ED-99).
 *
 * What is changed and not saved is told as "now". Row 1 tells of the field under the cursor, subfield by subfield. */
#include "history_panes.h"

#include "recto/catalog/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHO_COLUMNS = 9, WHEN_COLUMNS = 8, VERSION_COLUMNS = 5 };
enum { LEFT = 2, FIELDS_AT = LEFT + VERSION_COLUMNS + WHO_COLUMNS + WHEN_COLUMNS };

typedef struct blame_model {
    session_tie tie;
    char heading[120];
    int64_t now;
    record_blame blame;
    record_lines lines; /* line.field is the place in blame.fields */
    list_view list;     /* of lines */
    size_t rows;
    int laid_out_for;
    bool laid_out_utf8;
} blame_model;

/* ---- drawing ---- */

static void lay_out(blame_model *model, int columns, bool utf8)
{
    record_lines_clear(&model->lines);
    for (size_t i = 0; i < model->blame.field_count; i++) {
        const marc_field field = record_difference_field(model->blame.record, i == 0 ? DIFFERENCE_LEADER : i - 1);
        record_lines_add(&model->lines, field.tag, field.content, i, columns, utf8, 0);
    }
    model->list.count = model->lines.count;
    model->laid_out_for = columns;
    model->laid_out_utf8 = utf8;
}

static void version_name(char out[static 16], const blame_model *model, size_t version)
{
    if (version == BLAME_OPEN)
        snprintf(out, 16, "now");
    else
        snprintf(out, 16, "v%d", model->blame.versions[version].version);
}

static void draw_who(const blame_model *model, const surface *canvas, int row, size_t field)
{
    const size_t version = model->blame.fields[field].version;
    const role look = version == BLAME_OPEN ? ROLE_MARK_CHANGED : ROLE_TEXT_DIM;
    char name[16], when[32];
    version_name(name, model, version);
    surface_data(canvas, row, LEFT, VERSION_COLUMNS - 1, look, text_from(name), false);
    if (version == BLAME_OPEN) {
        surface_put(canvas, row, LEFT + VERSION_COLUMNS, look, "not saved");
        return;
    }
    const bib_version *made = &model->blame.versions[version];
    clock_format_short(when, sizeof when, made->saved_at, model->now);
    surface_data(canvas, row, LEFT + VERSION_COLUMNS, WHO_COLUMNS - 1, look, text_from(made->saved_by), true);
    surface_data(canvas, row, LEFT + VERSION_COLUMNS + WHO_COLUMNS, WHEN_COLUMNS - 1, look, text_from(when), false);
}

/* "245: ind v1, $a v1, $c v2 - v2 by cat1, 2025-11-22 12:00:00, editor: note" */
static void tell_field(const blame_model *model, buffer *out)
{
    if (model->list.current >= model->lines.count)
        return;
    const size_t at = model->lines.lines[model->list.current].field;
    const blame_field *field = &model->blame.fields[at];
    char name[16], saved[32];
    if (field->version != BLAME_OPEN) {
        const bib_version *made = &model->blame.versions[field->version];
        clock_format_local(saved, sizeof saved, made->saved_at);
        buffer_append_format(out, "v%d by %s, %s, %s%s%s", made->version, made->saved_by, saved, made->origin,
                             made->note[0] != '\0' ? ": " : "", made->note);
    } else {
        buffer_append_string(out, "changed here, not saved");
    }
    for (size_t i = 1; i < field->part_count; i++) {
        const blame_part *part = &model->blame.parts[field->first_part + i];
        version_name(name, model, part->version);
        buffer_append_format(out, "%s$%c %s", i == 1 ? " | " : ", ", part->code != '\0' ? part->code : '?', name);
    }
}

static void blame_draw(void *state, const surface *canvas, bool focused)
{
    blame_model *model = state;
    const int content = canvas->columns - FIELDS_AT - RECORD_CONTENT - 1;
    buffer told;
    surface_clear(canvas, ROLE_TEXT);
    surface_rule(canvas, 0, focused, model->heading, "");
    if (model->laid_out_for != content || model->laid_out_utf8 != surface_utf8(canvas))
        lay_out(model, content > 4 ? content : 4, surface_utf8(canvas));
    model->laid_out_for = content;
    buffer_init(&told, 1 << 16);
    tell_field(model, &told);
    surface_data(canvas, 1, LEFT, canvas->columns - LEFT, ROLE_LABEL, buffer_text(&told), true);
    buffer_release(&told);
    model->rows = canvas->rows > 2 ? (size_t)canvas->rows - 2 : 0;
    list_view_fit(&model->list, model->rows);
    for (size_t i = 0; i < model->rows && model->list.top + i < model->lines.count; i++) {
        const size_t at = model->list.top + i;
        const int row = 2 + (int)i;
        if (model->lines.lines[at].first || i == 0)
            draw_who(model, canvas, row, model->lines.lines[at].field);
        record_lines_draw(&model->lines, at, canvas, row, FIELDS_AT, canvas->columns - FIELDS_AT, ROLE_FIELD_TAG,
                          ROLE_FIELD_TEXT);
        if (at == model->list.current) {
            surface_put(canvas, row, 0, ROLE_TEXT, ">");
            surface_paint(canvas, row, 0, canvas->columns, ROLE_SELECTION);
            surface_cursor(canvas, row, 0);
        }
    }
}

static void blame_position(void *state, buffer *out)
{
    const blame_model *model = state;
    if (model->list.count > 0)
        buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

/* ---- commands ---- */

/* What the version of this field changed: it and the one before it, compared. */
static void view_change(blame_model *model, workstation *station)
{
    if (model->list.current >= model->lines.count)
        return;
    const size_t version = model->blame.fields[model->lines.lines[model->list.current].field].version;
    if (session_tied(&model->tie, station) == NULL)
        station_say(station, "this list belongs to another open record; go to that record first");
    else if (version == BLAME_OPEN)
        versions_pane_compare(station, model->tie.session, model->blame.versions[model->blame.version_count - 1].version, 0);
    else if (version == 0)
        station_say(station, "this field is as it first came, in version %d", model->blame.versions[0].version);
    else
        versions_pane_compare(station, model->tie.session, model->blame.versions[version - 1].version,
                              model->blame.versions[version].version);
}

static bool blame_run(void *state, const command *what, const char *argument, workstation *station)
{
    blame_model *model = state;
    (void)argument;
    if (list_view_run(&model->list, what->name, model->rows))
        return true;
    if (strcmp(what->name, "list.open") != 0 && strcmp(what->name, "version.view") != 0)
        return false;
    view_change(model, station);
    return true;
}

static void blame_release(void *state, workstation *station)
{
    blame_model *model = state;
    (void)station;
    record_blame_release(&model->blame);
    record_lines_release(&model->lines);
    free(model);
}

const pane_kind blame_pane = {
    .name = "blame",
    .title = "Who Changed What",
    .draw = blame_draw,
    .run = blame_run,
    .position = blame_position,
    .release = blame_release,
};

void blame_pane_open(workstation *station, edit_session *session)
{
    blame_model *model = calloc(1, sizeof *model);
    blame_model *before = station_find(station, &blame_pane);
    char id[MMS_ID_LENGTH];
    recto_error error;
    if (before != NULL && before->tie.session == session) /* as it is now */
        station_pop(station, before);
    if (model == NULL) {
        station_no_memory(station, "asking who changed what");
        return;
    }
    record_lines_init(&model->lines);
    model->tie = session_tie_to(session);
    model->now = catalog_now(station_catalog(station));
    mms_id_format(id, model->tie.id);
    snprintf(model->heading, sizeof model->heading, "Who changed what in %s %s", record_noun(model->tie.id), id);
    if (catalog_blame(&model->blame, station_catalog(station), model->tie.id, marc_edit_record(edit_of(session)), &error) !=
        RECTO_OK) {
        station_error(station, &error);
        blame_release(model, station);
        return;
    }
    station_push(station, AREA_RECORDS, PLACE_COMPANION, &blame_pane, model);
}
