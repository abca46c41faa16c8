/* src/tui/pane_templates.c - the list of templates: one's own, shared ones, the network's, and those that come with Recto.
 *
 * In its own area, Enter makes a record from one; beside an open record, Enter expands that record from it (ED-139). */
#include "list_columns.h"
#include "pane_common.h"
#include "template_panes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILTER_BYTES = 64 };

typedef struct templates_model {
    workstation *station;
    bool choosing; /* for the open record beside it */
    catalog_template *rows;
    size_t row_count;
    size_t *shown; /* indexes of rows that the filter lets through */
    list_view list;
    size_t rows_shown;
    char filter[FILTER_BYTES];
    bool stale;
} templates_model;

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static bool passes(const templates_model *model, const catalog_template *row)
{
    return model->filter[0] == '\0' || strcasestr(row->name, model->filter) != NULL ||
           strcasestr(row->title, model->filter) != NULL || strcasestr(row->note, model->filter) != NULL;
}

static void apply_filter(templates_model *model)
{
    model->list.count = 0;
    for (size_t i = 0; i < model->row_count; i++)
        if (passes(model, &model->rows[i]))
            model->shown[model->list.count++] = i;
    if (model->list.current >= model->list.count)
        model->list.current = model->list.count > 0 ? model->list.count - 1 : 0;
}

static const catalog_template *current(const templates_model *model)
{
    return model->list.current < model->list.count ? &model->rows[model->shown[model->list.current]] : NULL;
}

static void read_templates(templates_model *model)
{
    recto_error error;
    catalog_template *rows = NULL;
    size_t count = 0;
    model->stale = false;
    if (catalog_templates(&rows, &count, station_catalog(model->station), &error) != RECTO_OK) {
        station_error(model->station, &error);
        return;
    }
    size_t *shown = calloc(count + 1, sizeof *shown);
    if (shown == NULL) {
        free(rows);
        return;
    }
    free(model->rows);
    free(model->shown);
    model->rows = rows;
    model->row_count = count;
    model->shown = shown;
    apply_filter(model);
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

enum { COLUMN_MARK, COLUMN_NAME, COLUMN_SCOPE, COLUMN_KIND, COLUMN_VERSION, COLUMN_SAVED, COLUMN_BY, COLUMN_LOCK, COLUMN_COUNT };
static const list_column columns[COLUMN_COUNT] = {
    { "", 1, 0, 0, 0 },     { "Template", 24, 8, 0, 0 }, { "Scope", 9, 0, 0, 0 }, { "For", 10, 3, 0, 0 },
    { "Ver", 3, 0, 66, 0 }, { "Saved", 10, 0, 72, 0 },   { "By", 8, 1, 96, 0 },   { "Open by", 8, 1, 110, 0 },
};

static void draw_row(const templates_model *model, size_t index, const list_layout *layout, const surface *canvas, int row)
{
    const catalog_template *info = &model->rows[model->shown[index]];
    const bool here = index == model->list.current;
    char version[16] = "", saved[32] = "";
    if (info->scope != TEMPLATE_DELIVERED) {
        snprintf(version, sizeof version, "%3d", info->version);
        format_time_short(saved, sizeof saved, info->saved_at, catalog_now(station_catalog(model->station)));
    }
    surface_put(canvas, row, 0, ROLE_TEXT, here ? ">" : " ");
    list_layout_cell(layout, COLUMN_MARK, canvas, row, ROLE_TEXT, info->is_own_default ? "d" : info->is_default ? "D" : "");
    list_layout_cell(layout, COLUMN_NAME, canvas, row, ROLE_TEXT, info->name);
    list_layout_cell(layout, COLUMN_SCOPE, canvas, row, ROLE_TEXT_DIM, template_scope_name(info->scope));
    list_layout_cell(layout, COLUMN_KIND, canvas, row, ROLE_TEXT_DIM, info->title);
    list_layout_cell(layout, COLUMN_VERSION, canvas, row, ROLE_TEXT, version);
    list_layout_cell(layout, COLUMN_SAVED, canvas, row, ROLE_TEXT, saved);
    list_layout_cell(layout, COLUMN_BY, canvas, row, ROLE_TEXT, info->saved_by);
    list_layout_cell(layout, COLUMN_LOCK, canvas, row, ROLE_TEXT, info->locked_by);
    if (here) {
        surface_paint(canvas, row, 0, canvas->columns, ROLE_SELECTION);
        surface_cursor(canvas, row, 0);
    }
}

static void draw_note(const templates_model *model, const surface *canvas)
{
    const catalog_template *info = current(model);
    char line[240];
    if (info == NULL)
        return;
    const char *why = catalog_template_cannot(station_catalog(model->station), info);
    snprintf(line, sizeof line, "%s%s%s",
             info->is_own_default ? "Your default for new records. "
             : info->is_default   ? "The default for new records, for everybody. "
                                  : "",
             info->locked_by[0] != '\0' ? "Locked. " : "", info->note);
    if (model->choosing)
        snprintf(line, sizeof line, "Enter shows what it would add to the open record; nothing is changed before");
    else if (line[0] == '\0' && why != NULL)
        snprintf(line, sizeof line, "Enter makes a record; %s", why);
    surface_rule(canvas, canvas->rows - 2, false, info->name, template_scope_name(info->scope));
    surface_data(canvas, canvas->rows - 1, 1, canvas->columns - 2, ROLE_TEXT_DIM,
                 text_from(line[0] != '\0' ? line : "Enter makes a record from it, e changes the template"), true);
}

static void templates_draw(void *state, const surface *canvas, bool focused)
{
    templates_model *model = state;
    list_layout layout;
    char right[120] = "";
    const int rows = canvas->rows - 4;
    if (model->stale)
        read_templates(model);
    surface_clear(canvas, ROLE_TEXT);
    if (model->filter[0] != '\0')
        snprintf(right, sizeof right, "filter: %s", model->filter);
    surface_rule(canvas, 0, focused, model->choosing ? "Expand from which template?" : "Templates", right);
    list_layout_make(&layout, columns, COLUMN_COUNT, 2, canvas->columns);
    list_layout_header(&layout, columns, canvas, 1);
    model->rows_shown = rows > 0 ? (size_t)rows : 1;
    list_view_fit(&model->list, model->rows_shown);
    for (size_t i = 0; i < model->rows_shown && model->list.top + i < model->list.count; i++)
        draw_row(model, model->list.top + i, &layout, canvas, 2 + (int)i);
    if (model->list.count == 0)
        surface_put(canvas, 3, 2, ROLE_TEXT_DIM, "No template has this text. / and Enter shows all.");
    draw_note(model, canvas);
}

static void templates_position(void *state, buffer *out)
{
    const templates_model *model = state;
    if (model->list.count > 0)
        buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static void filter_typed(workstation *station, void *context, const char *answer)
{
    templates_model *model = context;
    if (answer == NULL)
        return;
    string_keep(model->filter, sizeof model->filter, text_trim(text_from(answer)));
    apply_filter(model);
    station_redraw(station);
}

static void delete_answered(workstation *station, void *context, const char *choice)
{
    templates_model *model = context;
    const catalog_template *info = current(model);
    recto_error error;
    if (strcmp(choice, "delete") != 0 || info == NULL)
        station_say(station, "Not deleted");
    else if (catalog_template_delete(station_catalog(station), info, &error) != RECTO_OK)
        station_error(station, &error);
    else
        station_say(station, "Deleted; its versions are kept");
    model->stale = true;
}

static void ask_delete(templates_model *model, const catalog_template *info)
{
    char line[240];
    snprintf(line, sizeof line, "Delete the %s template \"%s\", version %d?", template_scope_name(info->scope), info->name,
             info->version);
    const char *const lines[] = { line, info->scope == TEMPLATE_PRIVATE ? "It is yours alone." : "Others use it, too.", NULL };
    ask_delete_of(model->station, "Delete a template", lines, delete_answered, model);
}

static void view(templates_model *model, const catalog_template *info)
{
    marc_record *record = NULL;
    recto_error error;
    if (catalog_template_load(NULL, &record, station_catalog(model->station), info, 0, &error) != RECTO_OK)
        station_error(model->station, &error);
    else if (model->choosing)
        record_pane_open_copy(model->station, &record, info->name, PLACE_COMPANION);
    else
        record_pane_open_copy_in(model->station, &record, info->name, AREA_TEMPLATES);
    marc_record_free(record);
}

static void open_current(templates_model *model, const catalog_template *info)
{
    workstation *station = model->station;
    const catalog_template chosen = *info;
    if (!model->choosing) {
        template_new_from(station, &chosen, NULL);
        return;
    }
    station_pop(station, model);
    template_expand_from(station, &chosen);
}

static bool run_on(templates_model *model, const catalog_template *info, const char *name)
{
    if (strcmp(name, "list.open") == 0 || strcmp(name, "template.use") == 0)
        open_current(model, info);
    else if (strcmp(name, "template.edit") == 0)
        template_edit(model->station, info);
    else if (strcmp(name, "template.view") == 0)
        view(model, info);
    else if (strcmp(name, "template.copy") == 0)
        template_ask_copy(model->station, info);
    else if (strcmp(name, "template.delete") == 0)
        ask_delete(model, info);
    else if (strcmp(name, "template.default") == 0)
        template_ask_default(model->station, info);
    else
        return false;
    return true;
}

static bool templates_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    templates_model *model = state;
    const char *name = command_row->name;
    if (model->stale)
        read_templates(model);
    if (list_view_run(&model->list, name, model->rows_shown))
        return true;
    if (strcmp(name, "template.filter") == 0) {
        if (argument != NULL)
            filter_typed(station, model, argument);
        else
            station_prompt(station, "Show templates with:", model->filter, filter_typed, model);
        return true;
    }
    const catalog_template *info = current(model);
    return info != NULL && run_on(model, info, name);
}

static const char *templates_cannot(void *state, const command *command_row, workstation *station)
{
    templates_model *model = state;
    const catalog_template *info = current(model);
    const char *name = command_row->name;
    const bool changes = strcmp(name, "template.edit") == 0 || strcmp(name, "template.delete") == 0;
    if (info == NULL && (changes || strcmp(name, "template.use") == 0 || strcmp(name, "template.view") == 0 ||
                         strcmp(name, "template.copy") == 0 || strcmp(name, "template.default") == 0))
        return "no template is chosen";
    return changes ? catalog_template_cannot(station_catalog(station), info) : NULL;
}

static void templates_release(void *state, workstation *station)
{
    templates_model *model = state;
    (void)station;
    free(model->rows);
    free(model->shown);
    free(model);
}

const pane_kind templates_pane = {
    .name = "templates",
    .title = "Templates",
    .draw = templates_draw,
    .run = templates_run,
    .cannot = templates_cannot,
    .position = templates_position,
    .release = templates_release,
};

static void open_list(workstation *station, bool choosing)
{
    templates_model *model = pane_model_new(station, sizeof *model, "opening the templates");
    if (model == NULL)
        return;
    model->station = station;
    model->choosing = choosing;
    read_templates(model);
    station_push(station, choosing ? AREA_RECORDS : AREA_TEMPLATES, choosing ? PLACE_COMPANION : PLACE_MAIN, &templates_pane,
                 model);
}

void templates_pane_open(workstation *station)
{
    open_list(station, false);
}

void templates_pane_choose(workstation *station)
{
    open_list(station, true);
}

void templates_pane_touched(workstation *station)
{
    templates_model *model = station_find(station, &templates_pane);
    if (model != NULL)
        model->stale = true;
}
