/* src/tui/history_panes.h - doors of the panes about who did what to a record, and who may do something now. */
#ifndef RECTO_TUI_HISTORY_PANES_H
#define RECTO_TUI_HISTORY_PANES_H

#include "pane_common.h"

void blame_pane_open(workstation *station, edit_session *session); /* pane_blame.c */
/** The versions with two of them compared; `right` 0: with the open record. (pane_versions.c) */
void versions_pane_compare(workstation *station, edit_session *session, int left, int right);

#endif
