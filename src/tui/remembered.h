/* src/tui/remembered.h - choices of a cataloger that outlive the session: placement of new records, targets, search type. */
#ifndef RECTO_TUI_REMEMBERED_H
#define RECTO_TUI_REMEMBERED_H

#include "workstation.h"

/** Appends what was kept for this user under `name`; nothing when nothing was. */
void remembered_get(workstation *station, const char *name, buffer *out);
/** Keeps it. A repository that cannot be written forgets in silence: the choice holds for the session. */
void remembered_set(workstation *station, const char *name, const char *value);

#endif
