/* src/tui/pick.h - a list over everything, from which one is chosen: what is typed narrows it. */
#ifndef RECTO_TUI_PICK_H
#define RECTO_TUI_PICK_H

#include "workstation.h"

typedef struct pick pick;

/** @return NULL: no memory, and done was called with NULL. `done` gets the value chosen, or NULL when the cataloger went back. */
pick *pick_new(workstation *station, const char *title, void (*done)(workstation *station, void *context, const char *value),
               void *context);
/** One row: its value, how that is shown, and what it means. All are copied. NULL is welcome. */
void pick_add(pick *pick, text value, text shown, text label);
/** The row of what stands there now: the list begins on it as long as nothing is typed; on the first one where there is none.
 * After all pick_add. NULL is welcome. */
void pick_start_at(pick *pick, text value);
/** Shows it, `typed` being typed already. */
void pick_open(pick *pick, text typed);

#endif
