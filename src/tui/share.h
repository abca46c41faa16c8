/* src/tui/share.h - ways to the network and to related records, for the panes that show a record. */
#ifndef RECTO_TUI_SHARE_H
#define RECTO_TUI_SHARE_H

#include "workstation.h"

/** Asks, and shares a saved record of the institution with the network (ED-175). @param version  that was seen; 0: what is stored
 */
void share_with_network(workstation *station, mms_id id, int version);
/** The records it names, is linked to, and that name it; one is chosen to be viewed (ED-172). */
void related_records_show(workstation *station, mms_id id);
/** The record of another zone that it is linked to, or that is linked to it (SE-15). @return 0: there is none, and that was said;
 * or there are several, and one is chosen to be viewed */
mms_id linked_record(workstation *station, mms_id id);

#endif
