/* src/tui/external.h - opening the external search from a record that is not in the editor, or from a query without hits. */
#ifndef RECTO_TUI_EXTERNAL_H
#define RECTO_TUI_EXTERNAL_H

#include "workstation.h"

typedef struct external_prefill {
    const marc_record *record; /* boxes come from it; NULL: none */
    external_box box;          /* and this box from `value` when that is not NULL */
    const char *value;
} external_prefill;

void external_pane_open_from(workstation *station, const external_prefill *prefill);

#endif
