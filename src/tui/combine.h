/* src/tui/combine.h - Merge Records & Combine Inventory, and Undo Merge: from lists, from the record view, from the editor. */
#ifndef RECTO_TUI_COMBINE_H
#define RECTO_TUI_COMBINE_H

#include "workstation.h"

/** The first record that is picked is the one that stays (Alma's left pane); the second opens the preview of merging it into the
 *  first. The first one again: takes the mark off. @spec editor.md ED-155 to ED-163 */
void combine_pick(workstation *station, mms_id id);
/** Both at once: the preview of merging `goes` into `stays`. */
void combine_two(workstation *station, mms_id stays, mms_id goes);
bool combine_is_marked(const workstation *station, mms_id id); /* the first one is picked: lists show it */
/** Takes back the merge that was this record's last save, or its last combine; open editors follow. */
void combine_undo(workstation *station, mms_id id);

#endif
