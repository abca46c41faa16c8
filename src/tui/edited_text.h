/* src/tui/edited_text.h - the door of the pane that shows what a text edited elsewhere would change (pane_edited.c). */
#ifndef RECTO_TUI_EDITED_TEXT_H
#define RECTO_TUI_EDITED_TEXT_H

#include "workstation.h"

/** The record as text in the cataloger's own editor; then what it would change, or its faults, is shown beside the record.
 *  @param begun  a text that was not taken, to go on with; empty: the record as it is */
void edited_text_begin(workstation *station, edit_session *session, text begun);

extern const pane_kind edited_pane;

#endif
