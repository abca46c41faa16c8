/* src/tui/replace.h - the door of the pane that shows what a replacement would do (pane_replace.c). */
#ifndef RECTO_TUI_REPLACE_H
#define RECTO_TUI_REPLACE_H

#include "replace_plan.h"
#include "workstation.h"

/** What was typed last is looked for in the record in front, or in all open ones that can be changed; each change is asked. */
void replace_pane_open(workstation *station, bool all, text scope);

extern const pane_kind replace_pane;
bool replace_pane_is_of(const void *model, const edit_session *session); /* would it change this record? It lends its text */

#endif
