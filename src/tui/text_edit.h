/* src/tui/text_edit.h - a text of lines that is edited: cursor, typing, undo. For rule files; knows no screen.
 *
 * The text is one run of bytes, lines end in LF (CRLF and CR become LF when it is set). Offsets are bytes; the cursor stands
 * between graphemes. Typing joins into one step of undo until the cursor moves or a line ends. */
#ifndef RECTO_TUI_TEXT_EDIT_H
#define RECTO_TUI_TEXT_EDIT_H

#include "key.h"

typedef struct text_change { /* at `at`, `removed` gave way to `added`; both lie in the change's own block of `bytes` */
    char *bytes;
    size_t at, removed, added;
    bool typed;
} text_change;

typedef struct text_edit {
    buffer text;
    size_t cursor;
    size_t goal; /* graphemes that Up and Down aim at; SIZE_MAX: none */
    text_change *changes;
    size_t change_count, changes_made, change_capacity; /* those behind change_count can be made again */
    size_t saved_at;                                    /* change_count when it was saved; SIZE_MAX: that state is gone */
    uint64_t revision;                                  /* rises with every change */
    bool settled;                                       /* the next letter begins a new step */
} text_edit;

void text_edit_init(text_edit *edit, size_t limit_bytes);
void text_edit_release(text_edit *edit);
/** Begins anew with this text; nothing can be undone, nothing is unsaved. @return false: no memory, or over the limit */
bool text_edit_set(text_edit *edit, text content);
/** Replaces all, as one step. @return false: no memory, or over the limit; nothing was changed */
bool text_edit_become(text_edit *edit, text content);
bool text_edit_replace(text_edit *edit, size_t at, size_t removed, text added); /* one step */
bool text_edit_paste(text_edit *edit, text pasted);                             /* at the cursor, line ends kept */
/** Letters, Enter (keeps the indentation), Tab (two blanks), Backspace, Delete, arrows, Home, End, pages of `rows`.
 *  @return false: not a key of an editor */
bool text_edit_typed(text_edit *edit, const key *key, size_t rows);
bool text_edit_undo(text_edit *edit); /* false: nothing to undo */
bool text_edit_redo(text_edit *edit);
bool text_edit_changed(const text_edit *edit);
void text_edit_mark_saved(text_edit *edit);

size_t text_edit_lines(const text_edit *edit);                   /* at least 1 */
text text_edit_line(const text_edit *edit, size_t line);         /* from 0; without its LF; lent until the next change */
size_t text_edit_line_start(const text_edit *edit, size_t line); /* bytes; the end of the text when there is no such line */
void text_edit_place(const text_edit *edit, size_t *line, size_t *offset); /* of the cursor: line from 0, bytes within it */
/** Puts the cursor at a line and a character of it, both from 1, as faults name places. */
void text_edit_go_to(text_edit *edit, int line, int column);

#endif
