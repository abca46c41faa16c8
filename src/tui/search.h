/* src/tui/search.h - what other panes may ask of the search pane: the neighbours in its result list (SE-59). */
#ifndef RECTO_TUI_SEARCH_H
#define RECTO_TUI_SEARCH_H

#include "workstation.h"

/** Moves the result list by `step` rows. @return false: there is no further result, or the record now shown, `from`, is not its
 *  current row */
bool search_pane_step(workstation *station, mms_id from, int step, mms_id *id);
/** Where `id` stands in the result list: "3/27"; false when it is not the current row. */
bool search_pane_place(workstation *station, mms_id id, size_t *number, size_t *total);

/** Esc leaves the form for this area, where the cataloger came from, until a search is run (SE-1). */
void search_pane_goes_back(workstation *station, area from);

/** Records were changed in bulk: runs the last search again, the cursor stays on its row as far as there is one. */
void search_pane_refresh(workstation *station);

#endif
