/* src/tui/take.h - Copy & Merge and Copy & Overlay: one way for the match list, the external results and the preview.
 *
 * "Copy" takes the record that is listed and puts it on the record that is open (decisions.md 1, SR-66). */
#ifndef RECTO_TUI_TAKE_H
#define RECTO_TUI_TAKE_H

#include "pane_common.h"

typedef struct take_source {     /* what is listed: a match of the repository, or an external record */
    mms_id match;                /* 0: external */
    const marc_record *external; /* lent */
    const char *target;          /* "WorldCat" */
    const merge_result *result;  /* lent; what a preview shows, lines turned perhaps: exactly this is taken. NULL: by the rule */
} take_source;

/** Does it at once; closes the panes of the choice, shows the editor and says what happened. @return false: it failed and said so
 */
bool take_now(workstation *station, edit_session *session, const take_source *source, bool overlay);
/** Copy & Overlay: asks first, naming the record that loses its content. */
void take_overlay_ask(workstation *station, edit_session *session, const take_source *source);
/** Opens the preview of Copy & Merge (or of Copy & Overlay). */
void take_preview(workstation *station, edit_session *session, const take_source *source, bool overlay);

#endif
