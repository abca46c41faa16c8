/* include/recto/marc/edit.h - editing a record with unlimited undo: a log of small reversible operations on fields.
 *
 * Pure: no screen, no repository. The log can be written out and read back, so that undo survives a lost connection
 * (RL-24). Operations made between marc_edit_begin and marc_edit_end are one step for undo: a merge is one step (SR-70). */
#ifndef RECTO_MARC_EDIT_H
#define RECTO_MARC_EDIT_H

#include "recto/marc/record.h"

typedef struct marc_edit marc_edit;

/** Takes the record (sets *record NULL on success); frees it with the edit. RECTO_ENOMEM: the record is still yours. */
recto_status marc_edit_new(marc_edit **out, marc_record **record, recto_error *error);
void marc_edit_free(marc_edit *edit);
const marc_record *marc_edit_record(const marc_edit *edit); /* as it stands now; lent, and good until the next change */

/** Begins one step; `title` is what undo will name ("Copy & Merge from WorldCat"). Steps do not nest: an inner begin joins
 *  the outer step. Each operation outside of a step is a step of its own; typing in one field joins into one step until
 *  marc_edit_settle is called or another field is touched. */
void marc_edit_begin(marc_edit *edit, const char *title);
void marc_edit_end(marc_edit *edit);
void marc_edit_settle(marc_edit *edit);

/* Each of these is as the function of that name in record.h, and can be undone. RECTO_EINVALID for a tag that is none,
 * RECTO_ENOMEM; the record and the log are then as they were. */
recto_status marc_edit_insert(marc_edit *edit, size_t index, const char *tag, text content, recto_error *error);
recto_status marc_edit_replace(marc_edit *edit, size_t index, const char *tag, text content, recto_error *error);
recto_status marc_edit_remove(marc_edit *edit, size_t index, recto_error *error);
recto_status marc_edit_move(marc_edit *edit, size_t from, size_t to, recto_error *error);
recto_status marc_edit_set_leader(marc_edit *edit, const char leader[static MARC_LEADER_LENGTH], recto_error *error);
/** Makes the record equal to `wanted`, which stays yours and is copied from, by the fewest field operations: merge, overlay,
 * restore of a version, $EDITOR. */
recto_status marc_edit_become(marc_edit *edit, const marc_record *wanted, const char *title, recto_error *error);

bool marc_edit_can_undo(const marc_edit *edit);
bool marc_edit_can_redo(const marc_edit *edit);
const char *marc_edit_undo_title(const marc_edit *edit); /* "" when there is nothing */
const char *marc_edit_redo_title(const marc_edit *edit);
/** Takes the last step back, or does it again. RECTO_END when there is none; RECTO_ENOMEM, and the record is as it was.
 *  @param field  out, may be NULL: index of the field touched, to put the cursor there; SIZE_MAX for the leader */
recto_status marc_edit_undo(marc_edit *edit, size_t *field, recto_error *error);
recto_status marc_edit_redo(marc_edit *edit, size_t *field, recto_error *error);

uint64_t marc_edit_revision(const marc_edit *edit); /* rises with every change, undo and redo too */
size_t marc_edit_steps(const marc_edit *edit);      /* that can be undone */
size_t marc_edit_step_count(const marc_edit *edit); /* in all: those behind marc_edit_steps can be made again */
/** What step (from 0) did, in one line: its title, and of a single change what was and what is. Appends. */
void marc_edit_step_describe(buffer *out, const marc_edit *edit, size_t step);

/** What a field is against the record as it was when the edit began or was last marked saved: ' ', '+' new, '*' changed. */
char marc_edit_mark(const marc_edit *edit, size_t index);
bool marc_edit_leader_changed(const marc_edit *edit); /* against the same state; not what is computed (lengths) */
bool marc_edit_changed(const marc_edit *edit);        /* differs from the saved state */
void marc_edit_mark_saved(marc_edit *edit);           /* undo stays possible (ED-39) */
/** What is stored is `saved`, not what stands here now: a draft that came back. Copied from; NULL: the oldest state the log
 *  leads to. Marks and marc_edit_changed compare with it from now on. RECTO_ENOMEM: nothing has changed. */
recto_status marc_edit_saved_is(marc_edit *edit, const marc_record *saved, recto_error *error);

/** The log of at least the last 100 steps, as bytes for the draft row, and back. RECTO_EDATA when the bytes are not ours or
 *  do not fit the record: the record is then kept and only the log is lost (RL-25). RECTO_ENOMEM. */
recto_status marc_edit_log_write(buffer *out, const marc_edit *edit, recto_error *error);
recto_status marc_edit_log_read(marc_edit *edit, text bytes, recto_error *error);

#endif
