/* src/tui/custody_panes.h - doors of what is shown about locks, superseded texts, refused deletions and deleted records. */
#ifndef RECTO_TUI_CUSTODY_PANES_H
#define RECTO_TUI_CUSTODY_PANES_H

#include "pane_common.h"

#include "recto/catalog/custody.h"

struct editor;
/* pane_editor_custody.c */
void editor_take_over(struct editor *pane);
void editor_show_lock(struct editor *pane);
void editor_assign(struct editor *pane);
void editor_set_level(struct editor *pane);
void editor_set_tags(struct editor *pane); /* pane_editor_tags.c */
void editor_ask_delete(struct editor *pane);
void editor_three_way(struct editor *pane);
void lock_facts_show(workstation *station, mms_id id, bool may_take);

void obstacles_pane_open(workstation *station, edit_session *session, delete_obstacle *rows,
                         size_t count);                                /* pane_obstacles.c; takes the rows */
void deleted_pane_open(workstation *station);                          /* pane_deleted.c */
void three_way_pane_open(workstation *station, edit_session *session); /* pane_three_way.c */
/** Tells what has happened to this user's records in other hands: after a key, and no oftener than it is worth. */
void station_hear(workstation *station); /* station_custody.c */

#endif
