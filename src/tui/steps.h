/* src/tui/steps.h - the door of the list of steps (pane_steps.c). */
#ifndef RECTO_TUI_STEPS_H
#define RECTO_TUI_STEPS_H

#include "workstation.h"

void steps_pane_open(workstation *station, edit_session *session);

extern const pane_kind steps_pane;

#endif
