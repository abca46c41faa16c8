/* src/tui/editor_form.h - what keys and drawing of the fixed-field form share. Private to pane_editor_form*.c. */
#ifndef RECTO_TUI_EDITOR_FORM_H
#define RECTO_TUI_EDITOR_FORM_H

#include "editor.h"

/** The layout of the field that the form is of, and its row. NULL: no field, or no layout is known. */
const marc_fixed_layout *editor_form_layout(const editor *pane, editor_row *row);
/** Elements by their place in the field, whatever the order of the table is; the first when there are not so many. */
const marc_position *editor_form_element(const marc_fixed_layout *fixed, size_t number);
size_t editor_form_unit(const marc_position *position); /* bytes of one code, at least 1 */
/** The unit that byte `within` of the position is in; empty when the field is too short. Lent by the row. */
text editor_form_unit_at(const editor_row *row, const marc_position *position, size_t within);

#endif
