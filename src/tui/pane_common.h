/* src/tui/pane_common.h - small things that the panes of search, view, external search, matches and preview share. */
#ifndef RECTO_TUI_PANE_COMMON_H
#define RECTO_TUI_PANE_COMMON_H

#include "record_lines.h"
#include "workstation.h"

/** "Institution Zone"; the zones have these names on every screen. */
const char *zone_title(zone_kind kind);
/** The letters of a result row (ED-15): 'S' saved, 'X' suppressed, 'L' locked, as a string of at most two. */
void bib_letters(char out[static 4], const bib_info *info);
/** "P2 E1", "-" when nothing hangs on the record. */
/** Why a command is not for a record of that family (inventory hangs on bibs); NULL: it is. */
const char *record_family_cannot(mms_id id, const char *name);
/** "bib" or "authority", by its number. */
const char *record_noun(mms_id id);
void bib_inventory(char *out, size_t capacity, const bib_info *info);
/** "Publish bib", "Publish holdings only", "Don't publish". */
const char *sync_title(char sync);
/** "13:52" today, else the day; empty for 0. */
void format_time_short(char *out, size_t capacity, int64_t seconds, int64_t now);

/** Bytes of `words` that go on a line of so many columns; a blank at the end goes along. 0: not even one character fits. */
size_t words_on_line(text words, int columns, bool utf8);
/** Data over at most `rows` rows from `column` on, broken at blanks where there are some; what is left over is cut with an
 *  ellipsis. Subfield codes of grid text have their role. @return rows used, at least 1 */
int draw_wrapped(const surface *canvas, int row, int column, int rows, role look, text words);
/** Shows the editor of the focused open record. */
void focus_editor(workstation *station);
/** The open record a companion pane was opened for. The pane goes with the record, so the pointer is good while the pane is
 *  in front; it is compared, not followed, before that is known. The ID is the one at opening: Copy & Merge changes it. */
typedef struct session_tie {
    edit_session *session;
    mms_id id;
} session_tie;
session_tie session_tie_to(edit_session *session);
/** The session, when it is the focused open record; else NULL. */
edit_session *session_tied(const session_tie *tie, workstation *station);
/** Why this session cannot be changed, or NULL. */
const char *session_cannot_change(edit_session *session);
/** How many fields of `open` have no equal in `other`; their tags, each once, into `tags` ("490, 520, 650"). */
size_t fields_lost(buffer *tags, const marc_record *open, const marc_record *other);
/** Appends the title of a record, or "(no title)". */
void append_title(buffer *out, const marc_record *record);
/** Appends the title in its own script, from the 880 that is linked to the 245; nothing when there is none. */
void append_own_script(buffer *out, const marc_record *record);

/** A read-only view of a record that is in no repository, beside the editor: the import while its match is edited. Takes
 * `record`. */
void record_pane_open_copy(workstation *station, marc_record **record, const char *heading, place where);
/** The same over the list of an area. */
void record_pane_open_copy_in(workstation *station, marc_record **record, const char *heading, area area);

/** Asks before a form with unsaved changes is left; the choices are "stay", "save" and "drop". `title` and `lines` are constant.
 */
void ask_unsaved(workstation *station, const char *title, const char *const *lines,
                 void (*done)(workstation *station, void *context, const char *choice), void *context);

/** Asks before something with versions is deleted; the choices are "keep", which is the default, and "delete". */
void ask_delete_of(workstation *station, const char *title, const char *const *lines,
                   void (*done)(workstation *station, void *context, const char *choice), void *context);

/** A pane's model, all zero; NULL: no memory while `doing` ("opening the rules"), and that was said. free() it. */
void *pane_model_new(workstation *station, size_t size, const char *doing);
/** Brings a pane that is open to the front. @return false: it is not open (model NULL), or lies below others */
bool pane_is_in_front(workstation *station, void *model);

/** A stored record over the list it was chosen from, in that list's area: Esc goes back there. */
void record_pane_open_in(workstation *station, mms_id id, area area);

#endif
