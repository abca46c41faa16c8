/* src/tui/pane_inventory_form.c - the forms of a holdings record and of an item.
 *
 * The holdings form changes six things of the 852 and leaves everything else of the record as it came; the field as it will
 * be stored stands below the boxes. What catalog/ refuses (no library, a barcode that is taken) leaves the form as it is. */
#include "inventory_model.h"

#include "recto/base/plural.h"
#include "pick.h"
#include "record_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_COLUMN = 2, INPUT_COLUMN = 20, FIRST_BOX_ROW = 2, PIECES_MAX = 128, BOX_LIMIT = 255 };

enum { HOLDING_SCHEME, HOLDING_LIBRARY, HOLDING_LOCATION, HOLDING_CALL_NUMBER, HOLDING_ITEM_PART, HOLDING_NOTE };
enum {
    ITEM_BARCODE,
    ITEM_COPY,
    ITEM_MATERIAL,
    ITEM_POLICY,
    ITEM_DESCRIPTION,
    ITEM_NOTE,
    ITEM_CALL_NUMBER,
    ITEM_TEMPORARY_LIBRARY,
    ITEM_TEMPORARY_LOCATION,
    ITEM_TEMPORARY_CALL_NUMBER
};

typedef struct form_box {
    const char *label;
    char code;
} form_box; /* code: subfield of 852 */
static const form_box form_boxes[][FORM_BOXES] = {
    [FORM_HOLDING] = { { "Shelving scheme", 0 },
                       { "Library      $$b", 'b' },
                       { "Location     $$c", 'c' },
                       { "Call number  $$h", 'h' },
                       { "Item part    $$i", 'i' },
                       { "Public note  $$z", 'z' } },
    [FORM_ITEM] = { { "Barcode", 0 },
                    { "Copy", 0 },
                    { "Material type", 0 },
                    { "Item policy", 0 },
                    { "Description", 0 },
                    { "Note", 0 },
                    { "Own call number", 0 },
                    { "Temp. library", 0 },
                    { "Temp. location", 0 },
                    { "Temp. call number", 0 } },
};

static size_t box_count(const inventory *model)
{
    size_t count = 0;
    while (count < FORM_BOXES && form_boxes[model->form][count].label != NULL)
        count++;
    return count;
}

/* 852, first indicator (MARC 21 Holdings). */
static const struct {
    char code;
    const char *label;
} schemes[] = {
    { ' ', "no information" },
    { '0', "Library of Congress" },
    { '1', "Dewey" },
    { '2', "National Library of Medicine" },
    { '3', "Superintendent of Documents" },
    { '4', "shelving control number" },
    { '5', "title" },
    { '6', "shelved separately" },
    { '7', "source given in $$2" },
    { '8', "other scheme" },
};

static const char *value_of(const inventory *model, size_t box)
{
    return buffer_string(&model->boxes[box].text);
}

static void set_box(inventory *model, size_t box, text value, bool prefilled)
{
    buffer cut;
    buffer_init(&cut, 4096);
    buffer_append(&cut, value.bytes, value.length < BOX_LIMIT ? value.length : BOX_LIMIT);
    snprintf(model->before[box], sizeof model->before[box], "%s", buffer_string(&cut));
    line_input_init(&model->boxes[box], BOX_LIMIT);
    line_input_set(&model->boxes[box], buffer_string(&cut), prefilled && cut.length > 0);
    buffer_release(&cut);
}

void inventory_form_close(inventory *model)
{
    if (model->form != FORM_NONE)
        for (size_t i = 0; i < box_count(model); i++)
            line_input_release(&model->boxes[i]);
    marc_record_free(model->record);
    model->record = NULL;
    model->form = FORM_NONE;
}

bool inventory_form_is_changed(const inventory *model)
{
    for (size_t i = 0; model->form != FORM_NONE && i < box_count(model); i++)
        if (strcmp(value_of(model, i), model->before[i]) != 0)
            return true;
    return false;
}

void inventory_form_step(inventory *model, int by)
{
    model->box = (model->box + box_count(model) + (size_t)by) % box_count(model);
}

/* ---- chosen from a list ---- */

static void scheme_chosen(workstation *station, void *context, const char *value)
{
    inventory *model = context;
    (void)station;
    if (value != NULL && model->form == FORM_HOLDING)
        line_input_set(&model->boxes[HOLDING_SCHEME], value, false);
}

static void offer_schemes(inventory *model)
{
    pick *offered = pick_new(model->station, "852 indicator 1: Shelving scheme", scheme_chosen, model);
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        const char *code = schemes[i].code == ' ' ? "#" : (const char[]){ schemes[i].code, '\0' };
        pick_add(offered, text_from(code), text_from(code), text_from(schemes[i].label));
    }
    pick_open(offered, TEXT(""));
}

void inventory_form_choose(inventory *model)
{
    if (model->form == FORM_HOLDING && model->box == HOLDING_SCHEME)
        offer_schemes(model);
    else if (model->form == FORM_HOLDING && (model->box == HOLDING_LIBRARY || model->box == HOLDING_LOCATION))
        inventory_offer_places(model, model->box == HOLDING_LOCATION, value_of(model, HOLDING_LIBRARY));
    else if (model->form == FORM_ITEM && (model->box == ITEM_TEMPORARY_LIBRARY || model->box == ITEM_TEMPORARY_LOCATION))
        inventory_offer_places(model, model->box == ITEM_TEMPORARY_LOCATION, value_of(model, ITEM_TEMPORARY_LIBRARY));
    else
        station_say(model->station, "any text may stand here: there is no list");
}

/* ---- holdings ---- */

static marc_field field_852(const inventory *model)
{
    size_t at = marc_record_find(model->record, "852", 0);
    return at == SIZE_MAX ? (marc_field){ .tag = "852", .content = { "  ", 2 } } : *marc_record_field(model->record, at);
}

static void open_holding(inventory *model, bool prefilled)
{
    marc_field field = field_852(model);
    model->form = FORM_HOLDING;
    char scheme = marc_field_indicator(&field, 1);
    for (size_t i = 0; i < box_count(model); i++) {
        text value = { "", 0 };
        char code = form_boxes[FORM_HOLDING][i].code;
        if (code == 0)
            value = text_of(&scheme, scheme == ' ' ? 0 : 1);
        else if (!marc_field_subfield(&field, code, &value))
            value = (text){ "", 0 };
        set_box(model, i, value, prefilled);
    }
    model->box = HOLDING_LIBRARY;
}

void inventory_form_new_holding(inventory *model)
{
    recto_error error = { 0 };
    inventory_form_close(model);
    if (catalog_holding_template(&model->record, station_catalog(model->station), model->bib, &error) != RECTO_OK) {
        station_error(model->station, &error);
        return;
    }
    model->id = 0;
    model->version = 0;
    open_holding(model, true);
}

typedef struct piece {
    char code;
    text value;
} piece;
typedef struct pieces {
    piece list[PIECES_MAX];
    size_t count;
} pieces;

static void insert_piece(pieces *all, char code, text value)
{
    size_t at = 0;
    while (at < all->count && !(all->list[at].code > code && all->list[at].code >= 'a'))
        at++;
    if (all->count == PIECES_MAX)
        return;
    memmove(&all->list[at + 1], &all->list[at], (all->count - at) * sizeof *all->list);
    all->list[at] = (piece){ code, value };
    all->count++;
}

/* One box into the pieces: the first subfield of its code is replaced, removed when empty, put in its place when missing. */
static void apply_box(const inventory *model, pieces *all, size_t box)
{
    char code = form_boxes[FORM_HOLDING][box].code;
    text value = text_from(value_of(model, box));
    for (size_t i = 0; i < all->count; i++) {
        if (all->list[i].code != code)
            continue;
        if (value.length > 0) {
            all->list[i].value = value;
        } else {
            memmove(&all->list[i], &all->list[i + 1], (all->count - i - 1) * sizeof *all->list);
            all->count--;
        }
        return;
    }
    if (value.length > 0)
        insert_piece(all, code, value);
}

/* The 852 as the boxes have it. @return false: more subfields than can be handled here; then nothing is changed */
static bool write_852(const inventory *model, buffer *out)
{
    marc_field field = field_852(model);
    pieces all = { .count = 0 };
    marc_subfield subfield;
    size_t offset = 0;
    const char *scheme = value_of(model, HOLDING_SCHEME);
    while (marc_field_next_subfield(&field, &offset, &subfield)) {
        if (all.count + FORM_BOXES >= PIECES_MAX)
            return false;
        all.list[all.count++] = (piece){ subfield.code, subfield.value };
    }
    for (size_t i = 0; i < box_count(model); i++)
        if (form_boxes[FORM_HOLDING][i].code != 0 && strcmp(value_of(model, i), model->before[i]) != 0)
            apply_box(model, &all, i);
    buffer_append_char(out, scheme[0] == '\0' || scheme[0] == '#' ? ' ' : scheme[0]);
    buffer_append_char(out, marc_field_indicator(&field, 2));
    for (size_t i = 0; i < all.count; i++) {
        if (all.list[i].code != 0) {
            buffer_append_char(out, MARC_SUBFIELD_DELIMITER);
            buffer_append_char(out, all.list[i].code);
        }
        buffer_append_text(out, all.list[i].value);
    }
    return !buffer_failed(out);
}

static recto_status put_852(inventory *model, recto_error *error)
{
    buffer content;
    buffer_init(&content, 1 << 20);
    recto_status status = RECTO_OK;
    size_t at = marc_record_find(model->record, "852", 0);
    if (!write_852(model, &content))
        status = recto_fail(error, RECTO_ELIMIT, "852", "edit it as MARC", "this 852 has more subfields than the form handles");
    else if (at == SIZE_MAX)
        status = marc_record_append(model->record, "852", buffer_text(&content), error);
    else
        status = marc_record_replace(model->record, at, "852", buffer_text(&content), error);
    buffer_release(&content);
    return status;
}

/* The counts are those of the bib now. */
static void say_saved(inventory *model, const char *what, const char *next)
{
    station_say(model->station, "%s saved: %zu %s, %zu %s. %s", what, model->holdings,
                plural(model->holdings, "holding", "holdings"), model->items, plural(model->items, "item", "items"), next);
}

/* One holdings record a location; more are told apart by a copy number (ED-166). */
static const inventory_row *at_the_same_place(const inventory *model, mms_id saved)
{
    const inventory_row *own = NULL;
    for (size_t i = 0; i < model->count; i++)
        if (!model->rows[i].is_item && model->rows[i].holding.id == saved)
            own = &model->rows[i];
    for (size_t i = 0; own != NULL && i < model->count; i++) {
        const inventory_row *row = &model->rows[i];
        if (!row->is_item && row != own && strcmp(row->holding.library, own->holding.library) == 0 &&
            strcmp(row->holding.location, own->holding.location) == 0)
            return row;
    }
    return NULL;
}

static void save_holding(inventory *model)
{
    recto_error error = { 0 };
    bool is_new = model->id == 0;
    marc_record *before = NULL;
    recto_status status = marc_record_copy(&before, model->record, &error);
    if (status == RECTO_OK)
        status = put_852(model, &error);
    if (status == RECTO_OK)
        status =
            catalog_holding_save(station_catalog(model->station), &model->id, model->bib, model->record, model->version, &error);
    if (status != RECTO_OK) {
        station_error(model->station, &error);
        if (before != NULL) { /* the boxes go on from the record they were opened on */
            marc_record_free(model->record);
            model->record = before;
        }
        return;
    }
    marc_record_free(before);
    mms_id saved = model->id;
    inventory_form_close(model);
    inventory_reload(model);
    inventory_select(model, saved);
    const inventory_row *other = at_the_same_place(model, saved);
    if (other != NULL)
        station_say(model->station, "Holdings saved. Others are at %s %s, too: e opens these, for a copy number in 852 $$t",
                    other->holding.library, other->holding.location);
    else
        say_saved(model, "Holdings", is_new ? "Alt+I adds an item." : "");
}

/* What the form cannot show (853 to 878, 541, 583) is written in the editor; new holdings are saved for it. */
void inventory_form_record(inventory *model)
{
    mms_id opened = model->id;
    if (model->form != FORM_HOLDING) {
        station_say(model->station, "an item is no record: its holdings are");
        return;
    }
    if (opened == 0 || inventory_form_is_changed(model))
        save_holding(model);
    if (model->form != FORM_NONE && (opened == 0 || inventory_form_is_changed(model)))
        return; /* refused, and that was said */
    inventory_form_close(model);
    inventory_open_record(model->station, inventory_current_holding(model), model->bib);
}

/* ---- items ---- */

static void open_item(inventory *model, bool prefilled)
{
    char copy[16];
    snprintf(copy, sizeof copy, "%d", model->item.copy);
    set_box(model, ITEM_BARCODE, text_from(model->item.barcode), false);
    set_box(model, ITEM_COPY, text_from(copy), prefilled);
    set_box(model, ITEM_MATERIAL, text_from(model->item.material), prefilled);
    set_box(model, ITEM_POLICY, text_from(model->item.policy), prefilled);
    set_box(model, ITEM_DESCRIPTION, text_from(model->item.description), false);
    set_box(model, ITEM_NOTE, text_from(model->item.note), false);
    set_box(model, ITEM_CALL_NUMBER, text_from(model->item.call_number), false);
    set_box(model, ITEM_TEMPORARY_LIBRARY, text_from(model->item.temporary_library), false);
    set_box(model, ITEM_TEMPORARY_LOCATION, text_from(model->item.temporary_location), false);
    set_box(model, ITEM_TEMPORARY_CALL_NUMBER, text_from(model->item.temporary_call_number), false);
    model->form = FORM_ITEM;
    model->box = ITEM_BARCODE;
}

void inventory_form_new_item(inventory *model, mms_id on)
{
    int copies = 0;
    inventory_form_close(model);
    for (size_t i = 0; i < model->count; i++)
        if (model->rows[i].is_item && model->rows[i].item.holding == on && model->rows[i].item.copy > copies)
            copies = model->rows[i].item.copy;
    model->item = (item){ .holding = on, .bib = model->bib, .copy = copies + 1 };
    snprintf(model->item.material, sizeof model->item.material, "BOOK");
    open_item(model, true);
}

static bool read_item(inventory *model, item *out)
{
    int64_t copy = 0;
    const char *typed = value_of(model, ITEM_COPY);
    if (typed[0] != '\0' && (!text_to_integer(text_trim(text_from(typed)), &copy) || copy < 0 || copy > 99999)) {
        station_say(model->station, "copy is a number, 0 to 99999");
        model->box = ITEM_COPY;
        return false;
    }
    *out = model->item;
    out->copy = (int)copy;
    text barcode = text_trim(text_from(value_of(model, ITEM_BARCODE)));
    snprintf(out->barcode, sizeof out->barcode, "%.*s", (int)barcode.length, barcode.bytes);
    snprintf(out->material, sizeof out->material, "%s", value_of(model, ITEM_MATERIAL));
    snprintf(out->policy, sizeof out->policy, "%s", value_of(model, ITEM_POLICY));
    snprintf(out->description, sizeof out->description, "%s", value_of(model, ITEM_DESCRIPTION));
    snprintf(out->note, sizeof out->note, "%s", value_of(model, ITEM_NOTE));
    snprintf(out->call_number, sizeof out->call_number, "%s", value_of(model, ITEM_CALL_NUMBER));
    snprintf(out->temporary_library, sizeof out->temporary_library, "%s", value_of(model, ITEM_TEMPORARY_LIBRARY));
    snprintf(out->temporary_location, sizeof out->temporary_location, "%s", value_of(model, ITEM_TEMPORARY_LOCATION));
    snprintf(out->temporary_call_number, sizeof out->temporary_call_number, "%s", value_of(model, ITEM_TEMPORARY_CALL_NUMBER));
    return true;
}

/* The widest that each box of an item may be: what would be cut is refused, not cut. */
static bool item_fits(inventory *model)
{
    static const size_t limits[FORM_BOXES] = { sizeof((item *)0)->barcode,
                                               8,
                                               sizeof((item *)0)->material,
                                               sizeof((item *)0)->policy,
                                               sizeof((item *)0)->description,
                                               sizeof((item *)0)->note,
                                               sizeof((item *)0)->call_number,
                                               sizeof((item *)0)->temporary_library,
                                               sizeof((item *)0)->temporary_location,
                                               sizeof((item *)0)->temporary_call_number };
    for (size_t i = 0; i < box_count(model); i++)
        if (strlen(value_of(model, i)) >= limits[i]) {
            station_say(model->station, "%s is too long: at most %zu bytes", form_boxes[FORM_ITEM][i].label, limits[i] - 1);
            model->box = i;
            return false;
        }
    return true;
}

static void save_item(inventory *model)
{
    recto_error error = { 0 };
    item changed;
    if (!item_fits(model) || !read_item(model, &changed))
        return;
    if (catalog_item_save(station_catalog(model->station), &changed, &error) != RECTO_OK) {
        station_error(model->station, &error);
        return;
    }
    inventory_form_close(model);
    inventory_reload(model);
    inventory_select(model, changed.id);
    say_saved(model, "Item", "");
}

void inventory_form_save(inventory *model)
{
    if (model->form == FORM_HOLDING)
        save_holding(model);
    else if (model->form == FORM_ITEM)
        save_item(model);
}

void inventory_form_edit(inventory *model, const inventory_row *row)
{
    recto_error error = { 0 };
    holding info;
    inventory_form_close(model);
    if (row->is_item) {
        model->item = row->item;
        open_item(model, false);
        return;
    }
    if (catalog_holding_load(station_catalog(model->station), row->holding.id, &model->record, &info, &error) != RECTO_OK) {
        station_error(model->station, &error);
        return;
    }
    model->id = info.id;
    model->version = info.version;
    open_holding(model, false);
}

/* ---- drawing ---- */

static void draw_scheme(const inventory *model, const surface *on, int y)
{
    const char *typed = value_of(model, HOLDING_SCHEME);
    char code = typed[0] == '\0' || typed[0] == '#' ? ' ' : typed[0];
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (schemes[i].code == code) {
            surface_put(on, y, INPUT_COLUMN + 4, ROLE_TEXT_DIM, schemes[i].label);
            return;
        }
    surface_put(on, y, INPUT_COLUMN + 4, ROLE_ALERT_WARNING, "(undefined): blank or 0 to 8");
}

/* The 852 as it will be stored. */
static void draw_raw(const inventory *model, const surface *on, int y)
{
    buffer content, shown;
    buffer_init(&content, 1 << 20);
    buffer_init(&shown, 1 << 22);
    if (write_852(model, &content)) {
        char boxes[] = "852 # #";
        for (size_t i = 0; i < 2; i++)
            if (content.bytes[i] != ' ')
                boxes[4 + 2 * i] = content.bytes[i];
        surface_data(on, y, LABEL_COLUMN, (int)sizeof boxes - 1, ROLE_FIELD_TAG, text_from(boxes), false);
        record_content(&shown, "852", buffer_text(&content));
        record_content_draw(on, y, LABEL_COLUMN + (int)sizeof boxes, on->columns - LABEL_COLUMN - (int)sizeof boxes,
                            ROLE_FIELD_TEXT, buffer_text(&shown), true);
    }
    buffer_release(&content);
    buffer_release(&shown);
}

static void form_title(const inventory *model, char *out, size_t capacity)
{
    char number[MMS_ID_LENGTH];
    bool is_holding = model->form == FORM_HOLDING;
    mms_id id = is_holding ? model->id : model->item.id;
    mms_id_format(number, id != 0 ? id : is_holding ? model->bib : model->item.holding);
    snprintf(out, capacity,
             id != 0      ? "%s %s"
             : is_holding ? "New %s of bib %s"
                          : "New %s of holdings %s",
             is_holding ? "Holdings"
             : id != 0  ? "Item"
                        : "item",
             number);
}

void inventory_form_draw(inventory *model, const surface *on, bool focused)
{
    char title[120];
    form_title(model, title, sizeof title);
    surface_rule(on, 0, focused, title, inventory_form_is_changed(model) ? "changed" : "");
    surface_data(on, 1, 1, on->columns - 1, ROLE_TITLE, text_from(model->title), true);
    for (size_t i = 0; i < box_count(model); i++) {
        int y = FIRST_BOX_ROW + (int)i;
        bool narrow = model->form == FORM_HOLDING && i == HOLDING_SCHEME;
        if (i == model->box && focused)
            surface_put(on, y, 0, ROLE_CURSOR_LINE, ">");
        surface_put(on, y, LABEL_COLUMN, ROLE_LABEL, form_boxes[model->form][i].label);
        line_input_draw(&model->boxes[i], on, y, INPUT_COLUMN, narrow ? 2 : on->columns - INPUT_COLUMN - 1,
                        focused && i == model->box);
        if (narrow)
            draw_scheme(model, on, y);
    }
    if (model->form == FORM_HOLDING)
        draw_raw(model, on, FIRST_BOX_ROW + (int)box_count(model) + 1);
}
