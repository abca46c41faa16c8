/* src/tui/heading_panes.h - doors of the lists of headings: for the field under the cursor (F3), and to look through. */
#ifndef RECTO_TUI_HEADING_PANES_H
#define RECTO_TUI_HEADING_PANES_H

#include "pane_common.h"

#include "recto/catalog/headings.h"

struct editor;
void editor_browse_heading(struct editor *pane); /* pane_editor_heading.c */

/** pane_headings.c: the list beside the open record, for a field of it. */
void headings_pane_for_field(workstation *station, edit_session *session, size_t field, browse_kind kind, text heading);
/** The list in the area Search; on the shelf where `shelf`, else where it was the last time. */
void headings_pane_open(workstation *station, bool shelf);

/** pane_heading_bibs.c: the bibs of a row. Takes `ids`. */
void heading_bibs_pane_open(workstation *station, area area, place place, const char *heading, mms_id *ids, size_t count);

/** The bibs with the heading of a stored authority record, or a sentence that there are none. */
void authority_bibs_pane_open(workstation *station, mms_id id, area area);

/** Asks whether the bibs with a former heading of the record are to be shown, or given the present one. */
void authority_ask_update(workstation *station, mms_id id, area area);

extern const pane_kind headings_pane, heading_bibs_pane;

#endif
