/* src/tui/facets.h - the door of the pane that narrows the results of a search (pane_facets.c). */
#ifndef RECTO_TUI_FACETS_H
#define RECTO_TUI_FACETS_H

#include "workstation.h"

void facets_pane_open(workstation *station);
extern const pane_kind facets_pane;

#endif
