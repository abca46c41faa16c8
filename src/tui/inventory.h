/* src/tui/inventory.h - ways into the holdings and items of a record, for the panes that show one. */
#ifndef RECTO_TUI_INVENTORY_H
#define RECTO_TUI_INVENTORY_H

#include "workstation.h"

/** Opens the inventory with the form of a new holdings record on it (Ctrl+Alt+H, ED-168). */
void inventory_pane_new_holding(workstation *station, mms_id bib);
/** Opens the inventory with the form of a new item on it; without holdings it says what to do first (IO-51). */
void inventory_pane_new_item(workstation *station, mms_id bib);

/** Opens holdings as a whole record in the editor, beside their bib where that is open (ED-165). */
void inventory_open_record(workstation *station, mms_id holding, mms_id bib);
/** Something of this bib's inventory was changed elsewhere: a list of it that is shown is read again. */
void inventory_pane_touched(workstation *station, mms_id bib);

#endif
