/* src/tui/pane_deleted.c - deleted records, found by title and by any number, and brought back (ED-150). */
#include "custody_panes.h"
#include "list_columns.h"

#include "recto/repo/authorities.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MOST = 500 };

typedef struct deleted_model {
    workstation *station;
    deleted_row *rows;
    bool more;
    list_view list;
    size_t shown;
    char words[120];
} deleted_model;

static void read_rows(deleted_model *model)
{
    recto_error error;
    free(model->rows);
    model->rows = NULL;
    model->list.count = 0;
    if (catalog_deleted(&model->rows, &model->list.count, &model->more, station_catalog(model->station), model->words, ROWS_MOST,
                        &error) != RECTO_OK)
        station_error(model->station, &error);
}

/* ---- drawing ---- */

enum { COLUMN_KIND, COLUMN_ZONE, COLUMN_ID, COLUMN_TITLE, COLUMN_WHAT, COLUMN_BY, COLUMN_WHEN, COLUMN_COUNT };
static const list_column columns[COLUMN_COUNT] = {
    { "Kind", 8, 0, 0, 0 },
    { "Z", 1, 0, 0, 0 },
    { "MMS ID", 18, 0, 0, 0 },
    { "Title", 10, 3, 0, 0 },
    { "Creator, or which", 16, 2, 100, 0 },
    { "By", 8, 0, 100, 0 },
    { "Deleted", 16, 0, 0, 0 },
};

static const char *kind_name(const deleted_row *row)
{
    return row->kind == 'I' ? "item" : row->kind == 'H' ? "holdings" : repo_is_authority(row->id) ? "auth" : "bib";
}

/* Where the list is too narrow for what the row is, it stands in the last row. */
static void draw_detail(const deleted_model *model, const surface *canvas)
{
    char line[800];
    if (model->list.current >= model->list.count)
        return;
    const deleted_row *row = &model->rows[model->list.current];
    snprintf(line, sizeof line, "%s%s%s, deleted by %s", row->title, row->what[0] != '\0' ? "; " : "", row->what, row->by);
    surface_data(canvas, canvas->rows - 1, 2, canvas->columns - 2, ROLE_TEXT_DIM, text_from(line), true);
}

static void draw_row(const deleted_model *model, const list_layout *layout, const surface *canvas, int row, size_t index)
{
    const deleted_row *info = &model->rows[index];
    const repo_zone *zone = catalog_zone_by_id(station_catalog(model->station), info->zone);
    const char letter[2] = { zone != NULL ? (char)zone->kind : '?', '\0' };
    char id[MMS_ID_LENGTH], when[32];
    mms_id_format(id, info->id);
    clock_format_local(when, sizeof when, info->at);
    when[16] = '\0';
    list_layout_cell(layout, COLUMN_KIND, canvas, row, ROLE_TEXT, kind_name(info));
    list_layout_cell(layout, COLUMN_ZONE, canvas, row, ROLE_TEXT, letter);
    list_layout_cell(layout, COLUMN_ID, canvas, row, ROLE_TEXT, id);
    list_layout_cell(layout, COLUMN_TITLE, canvas, row, ROLE_TEXT, info->title);
    list_layout_cell(layout, COLUMN_WHAT, canvas, row, ROLE_TEXT, info->what);
    list_layout_cell(layout, COLUMN_BY, canvas, row, ROLE_TEXT, info->by);
    list_layout_cell(layout, COLUMN_WHEN, canvas, row, ROLE_TEXT, when);
    if (index == model->list.current) {
        surface_put(canvas, row, 0, ROLE_TEXT, ">");
        surface_paint(canvas, row, 0, canvas->columns, ROLE_SELECTION);
        surface_cursor(canvas, row, 0);
    }
}

static void deleted_draw(void *state, const surface *canvas, bool focused)
{
    deleted_model *model = state;
    list_layout layout;
    char left[200], right[64];
    surface_clear(canvas, ROLE_TEXT);
    snprintf(left, sizeof left, "Deleted records%s%s", model->words[0] != '\0' ? " with " : "", model->words);
    snprintf(right, sizeof right, "%s%zu", model->more ? "the newest " : "", model->list.count);
    surface_rule(canvas, 0, focused, left, right);
    list_layout_make(&layout, columns, COLUMN_COUNT, 2, canvas->columns);
    list_layout_header(&layout, columns, canvas, 1);
    model->shown = canvas->rows > 3 ? (size_t)canvas->rows - 3 : 0;
    draw_detail(model, canvas);
    list_view_fit(&model->list, model->shown);
    for (size_t i = 0; i < model->shown && model->list.top + i < model->list.count; i++)
        draw_row(model, &layout, canvas, 2 + (int)i, model->list.top + i);
    if (model->list.count == 0)
        surface_put(canvas, 3, 2, ROLE_TEXT_DIM,
                    model->words[0] != '\0' ? "No deleted record has these words or this number; / changes them."
                                            : "No record of your zones is deleted.");
}

static void deleted_position(void *state, buffer *out)
{
    const deleted_model *model = state;
    if (model->list.count > 0)
        buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

/* ---- commands ---- */

static void words_typed(workstation *station, void *context, const char *answer)
{
    deleted_model *model = context;
    (void)station;
    if (answer == NULL)
        return;
    snprintf(model->words, sizeof model->words, "%s", answer);
    model->list.current = model->list.top = 0;
    read_rows(model);
}

static void say_back(workstation *station, mms_id asked, const undeleted *back)
{
    char id[MMS_ID_LENGTH], bib[60] = "", inventory[80] = "";
    mms_id_format(id, asked);
    if (back->bibs > 0 && back->bib == asked)
        snprintf(bib, sizeof bib, ", as version %d", back->version);
    else if (back->bibs > 0)
        snprintf(bib, sizeof bib, ", its bib as version %d", back->version);
    if (back->holdings + back->items > 0)
        snprintf(inventory, sizeof inventory, ": %zu holdings record%s, %zu item%s", back->holdings,
                 back->holdings == 1 ? "" : "s", back->items, back->items == 1 ? "" : "s");
    station_say(station, "%s is back%s%s", id, bib, inventory);
}

static void restore_answered(workstation *station, void *context, const char *choice)
{
    deleted_model *model = context;
    recto_error error;
    undeleted back;
    if (strcmp(choice, "restore") != 0 || model->list.current >= model->list.count)
        return;
    const mms_id asked = model->rows[model->list.current].id;
    if (catalog_undelete(&back, station_catalog(station), asked, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    read_rows(model);
    say_back(station, asked, &back);
}

static void ask_restore(deleted_model *model)
{
    static const dialog_choice choices[] = { { "restore", "Restore", 'r' }, { "leave", "Leave it", 'l' }, { NULL, NULL, 0 } };
    char line[300], id[MMS_ID_LENGTH];
    if (model->list.current >= model->list.count)
        return;
    const deleted_row *info = &model->rows[model->list.current];
    mms_id_format(id, info->id);
    if (info->kind == 'B')
        snprintf(line, sizeof line, "Bring %s %s back, as it was in version %d?", kind_name(info), id, info->version);
    else
        snprintf(line, sizeof line, "Bring %s %s back?", kind_name(info), id);
    const char *along = info->kind == 'B'   ? "Holdings and items that went in the same step come back with it."
                        : info->kind == 'H' ? "Its bib comes back if it is gone, and items that went with it."
                                            : "Its holdings and bib come back if they are gone.";
    const char *lines[] = { line, info->title, info->what, along, NULL };
    station_ask(model->station, &(dialog){ .title = "Restore Deleted",
                                           .lines = lines,
                                           .choices = choices,
                                           .initial = "leave",
                                           .escape = "leave",
                                           .done = restore_answered,
                                           .context = model });
}

static bool deleted_run(void *state, const command *what, const char *argument, workstation *station)
{
    deleted_model *model = state;
    (void)argument;
    if (list_view_run(&model->list, what->name, model->shown))
        return true;
    if (strcmp(what->name, "list.open") == 0 && model->list.current < model->list.count)
        record_pane_open_in(station, model->rows[model->list.current].bib, AREA_SEARCH);
    else if (strcmp(what->name, "deleted.restore") == 0)
        ask_restore(model);
    else if (strcmp(what->name, "deleted.words") == 0)
        station_prompt(station, "Title, call number or any number:", model->words, words_typed, model);
    else
        return false;
    return true;
}

static const char *deleted_cannot(void *state, const command *what, workstation *station)
{
    const deleted_model *model = state;
    (void)station;
    if (model->list.count == 0 && (strcmp(what->name, "deleted.restore") == 0 || strcmp(what->name, "list.open") == 0))
        return "no record is listed";
    return NULL;
}

static void deleted_release(void *state, workstation *station)
{
    deleted_model *model = state;
    (void)station;
    free(model->rows);
    free(model);
}

const pane_kind deleted_pane = {
    .name = "deleted",
    .title = "Deleted Records",
    .draw = deleted_draw,
    .run = deleted_run,
    .cannot = deleted_cannot,
    .position = deleted_position,
    .release = deleted_release,
    .wants_full_width = true,
};

void deleted_pane_open(workstation *station)
{
    deleted_model *model = station_find(station, &deleted_pane);
    if (model != NULL) {
        read_rows(model);
        station_focus(station, model);
        return;
    }
    model = calloc(1, sizeof *model);
    if (model == NULL) {
        station_no_memory(station, "listing deleted records");
        return;
    }
    model->station = station;
    read_rows(model);
    station_push(station, AREA_SEARCH, PLACE_MAIN, &deleted_pane, model);
}
