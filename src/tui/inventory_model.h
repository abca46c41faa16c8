/* src/tui/inventory_model.h - private to pane_inventory*.c: the list of holdings with their items, and the form over it. */
#ifndef RECTO_TUI_INVENTORY_MODEL_H
#define RECTO_TUI_INVENTORY_MODEL_H

#include "inventory.h"

enum { FORM_BOXES = 10, INVENTORY_ROWS_MAX = 20000 };

typedef struct inventory_row {
    bool is_item;
    holding holding; /* of an item: the one it hangs on */
    item item;
} inventory_row;

typedef enum inventory_form { FORM_NONE, FORM_HOLDING, FORM_ITEM } inventory_form;

typedef struct inventory {
    workstation *station;
    mms_id bib;
    char title[240];
    inventory_row *rows;
    size_t count, capacity, holdings, items;
    list_view list;
    size_t list_rows; /* as last drawn */
    inventory_form form;
    line_input boxes[FORM_BOXES];
    char before[FORM_BOXES][256]; /* values when the form opened */
    size_t box;
    marc_record *record; /* of the holdings form; owned */
    mms_id id;           /* 0: a new one */
    int version;
    item item;
    mms_id relink_holding, relink_to; /* what a question is about */
} inventory;

/* pane_inventory.c */
bool inventory_reload(inventory *model);
void inventory_select(inventory *model, mms_id id);
mms_id inventory_current_holding(const inventory *model); /* under the cursor, or of the item there; 0 none */

/* inventory_relink.c */
void inventory_relink(inventory *model, mms_id holding); /* asks where to */

/* inventory_choices.c */
void inventory_offer_places(inventory *model, bool locations, const char *library); /* of this library alone; "" all */

/* inventory_withdraw.c */
void inventory_withdraw(inventory *model); /* asks; with the last item also what becomes of holdings and bib */

/* pane_inventory_form.c */
void inventory_form_new_holding(inventory *model);
void inventory_form_new_item(inventory *model, mms_id holding);
void inventory_form_edit(inventory *model, const inventory_row *row);
void inventory_form_close(inventory *model);
bool inventory_form_is_changed(const inventory *model);
void inventory_form_save(inventory *model);
void inventory_form_record(inventory *model); /* saves the form of holdings and opens all their fields in the editor */
void inventory_form_choose(inventory *model); /* from a list, what the box may hold */
void inventory_form_step(inventory *model, int by);
void inventory_form_draw(inventory *model, const surface *on, bool focused);

#endif
