/* src/tui/pane_inventory.c - holdings and items of a record as one list, beside the editor or over the results.
 *
 * An item stands under the holdings record it hangs on. What is shown is read again after every change; nothing is kept
 * that the repository does not have, but for the form that is open. */
#include "inventory_model.h"

#include "recto/base/plural.h"
#include "list_columns.h"
#include "pane_common.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_ROW = 3 };

/* ---- reading ---- */

static inventory_row *add_row(inventory *model)
{
    if (model->count == INVENTORY_ROWS_MAX)
        return NULL;
    if (model->count == model->capacity) {
        size_t capacity = model->capacity == 0 ? 16 : model->capacity * 2;
        inventory_row *larger = realloc(model->rows, capacity * sizeof *larger);
        if (larger == NULL)
            return NULL;
        model->rows = larger;
        model->capacity = capacity;
    }
    inventory_row *row = &model->rows[model->count++];
    memset(row, 0, sizeof *row);
    return row;
}

static void add_item(void *context, const item *found)
{
    inventory *model = context;
    inventory_row *row = add_row(model);
    if (row == NULL)
        return;
    row->is_item = true;
    row->item = *found;
    model->items++;
}

static void add_holding(void *context, const holding *found)
{
    inventory *model = context;
    inventory_row *row = add_row(model);
    if (row == NULL)
        return;
    row->holding = *found;
    model->holdings++;
}

/* Items are asked for when all holdings have come: one statement at a time. */
static recto_status add_items(inventory *model, recto_error *error)
{
    catalog *desk = station_catalog(model->station);
    inventory_row *holdings = model->rows;
    size_t count = model->count;
    recto_status status = RECTO_OK;
    model->rows = NULL;
    model->count = model->capacity = 0;
    for (size_t i = 0; i < count && status == RECTO_OK; i++) {
        inventory_row *row = add_row(model);
        if (row == NULL)
            break;
        *row = holdings[i];
        status = catalog_items(desk, holdings[i].holding.id, add_item, model, error);
    }
    free(holdings);
    return status;
}

bool inventory_reload(inventory *model)
{
    recto_error error = { 0 };
    model->count = model->holdings = model->items = 0;
    recto_status status = catalog_holdings(station_catalog(model->station), model->bib, add_holding, model, &error);
    if (status == RECTO_OK)
        status = add_items(model, &error);
    if (status != RECTO_OK)
        station_error(model->station, &error);
    model->list.count = model->count;
    if (model->list.current >= model->count)
        model->list.current = model->count > 0 ? model->count - 1 : 0;
    return status == RECTO_OK;
}

void inventory_select(inventory *model, mms_id id)
{
    for (size_t i = 0; i < model->count; i++)
        if ((model->rows[i].is_item ? model->rows[i].item.id : model->rows[i].holding.id) == id)
            model->list.current = i;
}

/* ---- drawing ---- */

enum { COLUMN_KIND, COLUMN_NUMBER, COLUMN_LIBRARY, COLUMN_LOCATION, COLUMN_CALL_NUMBER, COLUMN_ITEMS, COLUMN_BY, COLUMN_COUNT };
static const list_column columns[COLUMN_COUNT] = {
    [COLUMN_KIND] = { .title = "", .least = 3 },
    [COLUMN_NUMBER] = { .title = "Number", .least = 18 },
    [COLUMN_LIBRARY] = { .title = "Library", .least = 7, .weight = 1 },
    [COLUMN_LOCATION] = { .title = "Location", .least = 8, .weight = 1 },
    [COLUMN_CALL_NUMBER] = { .title = "Call number", .least = 11, .weight = 3 },
    [COLUMN_ITEMS] = { .title = "Items", .least = 5, .from = 70 },
    [COLUMN_BY] = { .title = "By", .least = 8, .from = 100 },
};

static void draw_holding(const list_layout *laid, const surface *on, int y, const holding *shown)
{
    char number[MMS_ID_LENGTH], items[24];
    mms_id_format(number, shown->id);
    snprintf(items, sizeof items, "%d", shown->items);
    list_layout_cell(laid, COLUMN_KIND, on, y, ROLE_LABEL, "H");
    list_layout_cell(laid, COLUMN_NUMBER, on, y, ROLE_TEXT, number);
    list_layout_cell(laid, COLUMN_LIBRARY, on, y, ROLE_TEXT, shown->library);
    list_layout_cell(laid, COLUMN_LOCATION, on, y, ROLE_TEXT, shown->location);
    list_layout_cell(laid, COLUMN_CALL_NUMBER, on, y, ROLE_TEXT, shown->call_number);
    list_layout_cell(laid, COLUMN_ITEMS, on, y, ROLE_TEXT, items);
    list_layout_cell(laid, COLUMN_BY, on, y, ROLE_TEXT_DIM, shown->modified_by);
}

static void draw_item(const list_layout *laid, const surface *on, int y, const item *shown)
{
    char copy[24], rest[sizeof shown->description + sizeof shown->note + sizeof shown->policy + 8];
    snprintf(copy, sizeof copy, "copy %d", shown->copy);
    snprintf(rest, sizeof rest, "%s%s%s%s%s", shown->description, shown->description[0] != '\0' ? "  " : "", shown->policy,
             shown->policy[0] != '\0' ? "  " : "", shown->note);
    list_layout_cell(laid, COLUMN_KIND, on, y, ROLE_TEXT_DIM, "  I");
    list_layout_cell(laid, COLUMN_NUMBER, on, y, ROLE_TEXT, shown->barcode);
    list_layout_cell(laid, COLUMN_LIBRARY, on, y, ROLE_TEXT, copy);
    list_layout_cell(laid, COLUMN_LOCATION, on, y, ROLE_TEXT, shown->material);
    list_layout_cell(laid, COLUMN_CALL_NUMBER, on, y, ROLE_TEXT, rest);
    list_layout_cell(laid, COLUMN_BY, on, y, ROLE_TEXT_DIM, shown->modified_by);
}

static void draw_list(inventory *model, const surface *on, bool focused)
{
    char left[80], right[80], number[MMS_ID_LENGTH];
    list_layout laid;
    mms_id_format(number, model->bib);
    snprintf(left, sizeof left, "Inventory of bib %s", number);
    snprintf(right, sizeof right, "%zu %s, %zu %s", model->holdings, plural(model->holdings, "holding", "holdings"), model->items,
             plural(model->items, "item", "items"));
    surface_rule(on, 0, focused, left, right);
    surface_data(on, 1, 1, on->columns - 1, ROLE_TITLE, text_from(model->title), true);
    if (model->count == 0) {
        surface_put(on, LIST_ROW, 1, ROLE_TEXT_DIM, "No holdings yet. Alt+H adds a holdings record, then Alt+I an item.");
        return;
    }
    list_layout_make(&laid, columns, COLUMN_COUNT, 2, on->columns - 2);
    list_layout_header(&laid, columns, on, LIST_ROW - 1);
    model->list_rows = on->rows > LIST_ROW ? (size_t)(on->rows - LIST_ROW) : 1;
    model->list.count = model->count;
    list_view_fit(&model->list, model->list_rows);
    for (size_t i = model->list.top; i < model->count && i < model->list.top + model->list_rows; i++) {
        int y = LIST_ROW + (int)(i - model->list.top);
        if (model->rows[i].is_item)
            draw_item(&laid, on, y, &model->rows[i].item);
        else
            draw_holding(&laid, on, y, &model->rows[i].holding);
        if (i != model->list.current)
            continue;
        surface_put(on, y, 0, ROLE_CURSOR_LINE, ">");
        if (focused) {
            surface_paint(on, y, 1, on->columns - 1, ROLE_SELECTION);
            surface_cursor(on, y, 0);
        }
    }
}

static void draw_inventory(void *model, const surface *on, bool focused)
{
    inventory *shown = model;
    if (shown->form != FORM_NONE)
        inventory_form_draw(shown, on, focused);
    else
        draw_list(shown, on, focused);
}

/* ---- commands ---- */

static void open_or_link(workstation *station, mms_id bib, bool item);

static const inventory_row *current_row(const inventory *model)
{
    return model->list.current < model->count ? &model->rows[model->list.current] : NULL;
}

mms_id inventory_current_holding(const inventory *model)
{
    const inventory_row *row = current_row(model);
    if (row == NULL)
        return 0;
    return row->is_item ? row->item.holding : row->holding.id;
}

static void new_item(inventory *model)
{
    mms_id on = inventory_current_holding(model);
    if (on == 0)
        station_say(model->station, "an item hangs on holdings: Alt+H adds the holdings record first");
    else
        inventory_form_new_item(model, on);
}

static void leave_answered(workstation *station, void *context, const char *choice)
{
    inventory *model = context;
    if (strcmp(choice, "save") == 0) {
        inventory_form_save(model);
    } else if (strcmp(choice, "drop") == 0) {
        inventory_form_close(model);
        station_say(station, "nothing was saved");
    }
}

static void leave_form(inventory *model)
{
    static const char *const lines[] = { "The form has changes that are not saved.", NULL };
    if (!inventory_form_is_changed(model)) {
        inventory_form_close(model);
        return;
    }
    ask_unsaved(model->station, "Leave the form", lines, leave_answered, model);
}

static bool run_form(inventory *model, const char *name)
{
    if (strcmp(name, "pane.back") == 0)
        leave_form(model);
    else if (strcmp(name, "inventory.save") == 0 || strcmp(name, "record.save") == 0)
        inventory_form_save(model);
    else if (strcmp(name, "inventory.record") == 0)
        inventory_form_record(model);
    else if (strcmp(name, "inventory.choose") == 0)
        inventory_form_choose(model);
    else if (strcmp(name, "box.next") == 0)
        inventory_form_step(model, 1);
    else if (strcmp(name, "box.previous") == 0)
        inventory_form_step(model, -1);
    else
        return false;
    return true;
}

static bool run_list(inventory *model, const char *name)
{
    if (strcmp(name, "holding.new") == 0)
        open_or_link(model->station, model->bib, false);
    else if (strcmp(name, "item.new") == 0 || strcmp(name, "inventory.items") == 0)
        new_item(model);
    else if ((strcmp(name, "inventory.edit") == 0 || strcmp(name, "list.open") == 0) && current_row(model) != NULL)
        inventory_form_edit(model, current_row(model));
    else if (strcmp(name, "inventory.record") == 0 && current_row(model) != NULL)
        inventory_open_record(model->station, inventory_current_holding(model), model->bib);
    else if (strcmp(name, "inventory.relink") == 0 && current_row(model) != NULL)
        inventory_relink(model, inventory_current_holding(model));
    else if (strcmp(name, "inventory.withdraw") == 0)
        inventory_withdraw(model);
    else if (strcmp(name, "inventory.holdings") == 0)
        inventory_reload(model);
    else
        return list_view_run(&model->list, name, model->list_rows);
    return true;
}

static bool run_inventory(void *model, const command *what, const char *argument, workstation *station)
{
    inventory *shown = model;
    (void)argument;
    (void)station;
    return shown->form != FORM_NONE ? run_form(shown, what->name) : run_list(shown, what->name);
}

static bool type_inventory(void *model, const key *pressed, workstation *station)
{
    inventory *shown = model;
    (void)station;
    if (shown->form == FORM_NONE)
        return false;
    if (pressed->name == KEY_NAME_UP || pressed->name == KEY_NAME_DOWN) {
        inventory_form_step(shown, pressed->name == KEY_NAME_UP ? -1 : 1);
        return true;
    }
    return line_input_typed(&shown->boxes[shown->box], pressed);
}

static void paste_inventory(void *model, text pasted, workstation *station)
{
    inventory *shown = model;
    (void)station;
    if (shown->form != FORM_NONE)
        line_input_paste(&shown->boxes[shown->box], pasted);
}

static const char *cannot_inventory(void *model, const command *what, workstation *station)
{
    const inventory *shown = model;
    (void)station;
    if (shown->form != FORM_NONE)
        return shown->form == FORM_ITEM && strcmp(what->name, "inventory.record") == 0 ? "an item is no record: its holdings are"
                                                                                       : NULL;
    if ((strcmp(what->name, "inventory.edit") == 0 || strcmp(what->name, "inventory.record") == 0 ||
         strcmp(what->name, "inventory.relink") == 0) &&
        shown->count == 0)
        return "there are no holdings yet: Alt+H adds them";
    if (strcmp(what->name, "item.new") == 0 && shown->holdings == 0)
        return "an item hangs on holdings: Alt+H adds the holdings record first";
    return NULL;
}

static const char *context_inventory(void *model)
{
    const inventory *shown = model;
    return shown->form != FORM_NONE ? "form" : "inventory";
}

static void position_inventory(void *model, buffer *out)
{
    const inventory *shown = model;
    if (shown->form == FORM_NONE && shown->count > 0)
        buffer_append_format(out, "%zu/%zu", shown->list.current + 1, shown->count);
}

static bool may_close_inventory(void *model, workstation *station)
{
    inventory *shown = model;
    (void)station;
    if (!inventory_form_is_changed(shown))
        return true;
    leave_form(shown);
    return false;
}

static void release_inventory(void *model, workstation *station)
{
    inventory *shown = model;
    (void)station;
    inventory_form_close(shown);
    free(shown->rows);
    free(shown);
}

const pane_kind inventory_pane = {
    .name = "inventory",
    .title = "Inventory",
    .draw = draw_inventory,
    .run = run_inventory,
    .typed = type_inventory,
    .paste = paste_inventory,
    .cannot = cannot_inventory,
    .position = position_inventory,
    .may_close = may_close_inventory,
    .release = release_inventory,
    .context = context_inventory,
    .takes_letters = true,
};

/* ---- opening ---- */

static bool belongs_to_open_record(workstation *station, mms_id bib)
{
    edit_session *session = station_session(station);
    mms_id linked = 0;
    if (session != NULL && edit_state_of(session)->zone_kind == ZONE_NETWORK)
        catalog_inventory_bib(&linked, station_catalog(station), edit_state_of(session)->id, NULL);
    return session != NULL &&
           (edit_state_of(session)->id == bib || edit_state_of(session)->holdings_of == bib || linked == bib) &&
           station_find(station, &editor_pane) != NULL;
}

static bool read_title(inventory *model, recto_error *error)
{
    marc_record *record = NULL;
    bib_info info;
    recto_status status = catalog_load(station_catalog(model->station), model->bib, &record, &info, error);
    if (status == RECTO_OK)
        snprintf(model->title, sizeof model->title, "%s", info.title);
    marc_record_free(record);
    return status == RECTO_OK;
}

/* The inventory of this record, opened or shown again. NULL: it could not be read, and that was said. */
static inventory *show(workstation *station, mms_id bib)
{
    recto_error error = { 0 };
    inventory *model = station_find(station, &inventory_pane);
    if (model != NULL && model->bib == bib) {
        station_focus(station, model);
        inventory_reload(model);
        return model;
    }
    model = calloc(1, sizeof *model);
    if (model == NULL) {
        station_no_memory(station, "opening the inventory");
        return NULL;
    }
    model->station = station;
    model->bib = bib;
    if (!read_title(model, &error)) {
        station_error(station, &error);
        free(model);
        return NULL;
    }
    inventory_reload(model);
    bool beside = belongs_to_open_record(station, bib);
    station_push(station, beside ? AREA_RECORDS : AREA_SEARCH, beside ? PLACE_COMPANION : PLACE_MAIN, &inventory_pane, model);
    return model;
}

/* ---- network records: their inventory hangs on the linked record of the institution ---- */

void inventory_pane_touched(workstation *station, mms_id bib)
{
    inventory *model = station_find(station, &inventory_pane);
    if (model != NULL && model->bib == bib && model->form == FORM_NONE)
        inventory_reload(model);
}

typedef struct wish {
    mms_id bib;
    bool item;
} wish;

static void open_new(workstation *station, mms_id bib, bool item)
{
    inventory *model = show(station, bib);
    if (model == NULL || model->form != FORM_NONE)
        return;
    if (item)
        new_item(model);
    else
        inventory_form_new_holding(model);
}

static void link_answered(workstation *station, void *context, const char *choice)
{
    wish *wanted = context;
    mms_id linked = 0;
    recto_error error = { 0 };
    if (strcmp(choice, "link") != 0) {
        station_say(station, "no holdings were made");
    } else if (catalog_link_bib(&linked, NULL, station_catalog(station), wanted->bib, &error) != RECTO_OK) {
        station_error(station, &error);
    } else {
        open_new(station, linked, wanted->item);
        station_say(station, "Bib %lld of your institution is linked to the network record; its holdings hang there",
                    (long long)linked);
    }
    free(wanted);
}

static void ask_to_link(workstation *station, mms_id bib, bool item)
{
    static const dialog_choice choices[] = { { "link", "Make it", 'm' }, { "cancel", "Cancel", 'c' }, { NULL, NULL, 0 } };
    static const char *const lines[] = { "The Network Zone holds no inventory.",
                                         "A linked record in your institution can carry the holdings.", NULL };
    wish *wanted = malloc(sizeof *wanted);
    if (wanted == NULL)
        return;
    *wanted = (wish){ bib, item };
    station_ask(station, &(dialog){ .title = "Holdings of a network record",
                                    .lines = lines,
                                    .choices = choices,
                                    .initial = "link",
                                    .escape = "cancel",
                                    .done = link_answered,
                                    .context = wanted });
}

/* The record whose inventory is meant; 0: a network record that has no linked one yet, or a failure, which was said. */
static mms_id inventory_bib(workstation *station, mms_id bib, bool *failed)
{
    mms_id out = 0;
    recto_error error = { 0 };
    *failed = catalog_inventory_bib(&out, station_catalog(station), bib, &error) != RECTO_OK;
    if (*failed)
        station_error(station, &error);
    return out;
}

static void open_or_link(workstation *station, mms_id bib, bool item)
{
    bool failed;
    mms_id on = inventory_bib(station, bib, &failed);
    if (on != 0)
        open_new(station, on, item);
    else if (!failed)
        ask_to_link(station, bib, item);
}

void inventory_pane_open(workstation *station, mms_id bib)
{
    bool failed;
    mms_id on = inventory_bib(station, bib, &failed);
    if (!failed)
        show(station, on != 0 ? on : bib);
}

void inventory_pane_new_holding(workstation *station, mms_id bib)
{
    open_or_link(station, bib, false);
}

void inventory_pane_new_item(workstation *station, mms_id bib)
{
    open_or_link(station, bib, true);
}
