/* src/tui/pane_rule_versions.c - the versions of a zone's own rule: who saved what when and why, each to be read or restored.
 *
 * Restoring puts the text into the rule editor; it is a version of its own only when it is saved. */
#include "list_columns.h"
#include "pane_common.h"
#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct rule_versions_model {
    int zone;
    rule_language language;
    char name[120];
    catalog_rule *rows;
    list_view list;
    size_t rows_shown;
    bool viewing;
    buffer text; /* of the version that is viewed */
    size_t top;
} rule_versions_model;

enum { COLUMN_NUMBER, COLUMN_SAVED, COLUMN_BY, COLUMN_NOTE, COLUMN_COUNT };
static const list_column columns[COLUMN_COUNT] = {
    { "#", 4, 0, 0, 0 }, { "Saved", 19, 0, 0, 0 }, { "By", 8, 1, 0, 0 }, { "Note", 10, 5, 0, 0 }
};

static void draw_list(rule_versions_model *model, const surface *canvas)
{
    list_layout layout;
    list_layout_make(&layout, columns, COLUMN_COUNT, 2, canvas->columns);
    list_layout_header(&layout, columns, canvas, 1);
    model->rows_shown = canvas->rows > 2 ? (size_t)canvas->rows - 2 : 1;
    list_view_fit(&model->list, model->rows_shown);
    for (size_t i = 0; i < model->rows_shown && model->list.top + i < model->list.count; i++) {
        const catalog_rule *rule = &model->rows[model->list.top + i];
        bool current = model->list.top + i == model->list.current;
        char number[16], saved[32];
        int row = 2 + (int)i;
        snprintf(number, sizeof number, "%d", rule->version);
        clock_format_local(saved, sizeof saved, rule->saved_at);
        surface_put(canvas, row, 0, ROLE_TEXT, current ? ">" : " ");
        list_layout_cell(&layout, COLUMN_NUMBER, canvas, row, ROLE_TEXT, number);
        list_layout_cell(&layout, COLUMN_SAVED, canvas, row, ROLE_TEXT, saved);
        list_layout_cell(&layout, COLUMN_BY, canvas, row, ROLE_TEXT, rule->saved_by);
        list_layout_cell(&layout, COLUMN_NOTE, canvas, row, ROLE_TEXT, rule->deleted ? "(deleted)" : rule->note);
        if (current)
            surface_mark_row(canvas, row);
    }
}

static size_t count_lines(const rule_versions_model *model)
{
    size_t lines = 0;
    for (size_t i = 0; i < model->text.length; i++)
        lines += model->text.bytes[i] == '\n';
    return lines + 1;
}

static void draw_text(rule_versions_model *model, const surface *canvas)
{
    text rest = text_of(buffer_string(&model->text), model->text.length);
    size_t lines = count_lines(model), number = 0;
    model->rows_shown = canvas->rows > 1 ? (size_t)canvas->rows - 1 : 1;
    if (model->top + model->rows_shown > lines)
        model->top = lines > model->rows_shown ? lines - model->rows_shown : 0;
    while (rest.bytes != NULL && number < model->top + model->rows_shown) {
        text line = text_next_field(&rest, '\n');
        if (number++ < model->top)
            continue;
        int row = (int)(number - model->top);
        surface_format(canvas, row, 0, ROLE_TEXT_DIM, "%6zu", number);
        surface_data(canvas, row, 7, canvas->columns - 7, ROLE_TEXT, line, true);
    }
}

static void versions_draw(void *state, const surface *canvas, bool focused)
{
    rule_versions_model *model = state;
    char left[160], right[40] = "";
    surface_clear(canvas, ROLE_TEXT);
    snprintf(left, sizeof left, "Versions of \"%s\"", model->name);
    if (model->viewing)
        snprintf(right, sizeof right, "version %d", model->rows[model->list.current].version);
    surface_rule(canvas, 0, focused, left, right);
    if (model->viewing)
        draw_text(model, canvas);
    else
        draw_list(model, canvas);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static bool read_text(rule_versions_model *model, workstation *station)
{
    catalog_rule found;
    recto_error error;
    buffer_clear(&model->text);
    if (model->list.count == 0)
        return false;
    if (catalog_rule_text(&model->text, &found, station_catalog(station), model->zone, model->language, model->name,
                          model->rows[model->list.current].version, &error) == RECTO_OK)
        return true;
    station_error(station, &error);
    return false;
}

static void restore(rule_versions_model *model, workstation *station)
{
    int version = model->rows[model->list.current].version;
    catalog_rule rule = { .language = model->language };
    char *kept;
    if (!read_text(model, station) || (kept = strdup(buffer_string(&model->text))) == NULL)
        return;
    snprintf(rule.name, sizeof rule.name, "%s", model->name);
    int zone = model->zone;
    station_pop(station, model);
    rule_text_pane_open_with(station, zone, &rule, text_from(kept), false);
    station_say(station, "Version %d is in the editor, not yet saved. F2 saves it, Ctrl+Z takes it back", version);
    free(kept);
}

static bool scroll_text(rule_versions_model *model, const char *name)
{
    list_view lines = { .count = count_lines(model), .current = model->top, .top = model->top };
    if (!list_view_run(&lines, name, 1))
        return false;
    if (strcmp(name, "list.page_down") == 0)
        lines.current = model->top + model->rows_shown;
    else if (strcmp(name, "list.page_up") == 0)
        lines.current = model->top > model->rows_shown ? model->top - model->rows_shown : 0;
    model->top = lines.current;
    return true;
}

static bool versions_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    rule_versions_model *model = state;
    const char *name = command_row->name;
    (void)argument;
    if (model->viewing ? scroll_text(model, name) : list_view_run(&model->list, name, model->rows_shown))
        return true;
    if (strcmp(name, "pane.back") == 0 && model->viewing)
        model->viewing = false;
    else if (model->list.count > 0 && strcmp(name, "rule.restore") == 0)
        restore(model, station);
    else if (strcmp(name, "list.open") == 0) {
        model->viewing = read_text(model, station);
        model->top = 0;
    } else
        return false;
    return true;
}

static void versions_position(void *state, buffer *out)
{
    const rule_versions_model *model = state;
    if (model->list.count > 0)
        buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

static void versions_release(void *state, workstation *station)
{
    rule_versions_model *model = state;
    (void)station;
    buffer_release(&model->text);
    free(model->rows);
    free(model);
}

const pane_kind rule_versions_pane = {
    .name = "ruleversions",
    .title = "Versions of the Rule",
    .draw = versions_draw,
    .run = versions_run,
    .position = versions_position,
    .release = versions_release,
};

void rule_versions_pane_open(workstation *station, int zone, rule_language language, const char *name)
{
    rule_versions_model *model = calloc(1, sizeof *model);
    void *before = station_find(station, &rule_versions_pane);
    recto_error error;
    if (before != NULL)
        station_pop(station, before);
    if (model == NULL) {
        station_no_memory(station, "listing versions");
        return;
    }
    model->zone = zone;
    model->language = language;
    snprintf(model->name, sizeof model->name, "%s", name);
    buffer_init(&model->text, RULES_FILE_LIMIT);
    if (catalog_rule_versions(&model->rows, &model->list.count, station_catalog(station), zone, language, name, &error) ==
        RECTO_OK) {
        station_push(station, AREA_RULES, PLACE_COMPANION, &rule_versions_pane, model);
        return;
    }
    station_error(station, &error);
    versions_release(model, station);
}
