/* src/tui/macros.h - recording and playing macros; text strings and macros on keys. Private to the workstation's own files. */
#ifndef RECTO_TUI_MACROS_H
#define RECTO_TUI_MACROS_H

#include "key.h"
#include "template_panes.h"

/* macros.c: the recorder. Each note is one line of the text that is being recorded; nothing happens when none is. */
void macro_note_command(workstation *station, const command *command, const char *argument);
void macro_note_key(workstation *station, const key *key);
void macro_note_paste(workstation *station, text pasted);
void macro_note_answer(workstation *station, const char *verb, const char *answer); /* "answer", "choose" */
bool macro_is_recording(const workstation *station);
void macros_release(workstation *station);
void macro_record(workstation *station, const char *argument); /* the command macro.record */

/** The command macro.play. @param argument  a name, and perhaps how often: "add note 5" (macro_play.c) */
void macro_play(workstation *station, const char *argument);
/** Can every line be understood? EDATA with the line of the text (`first_line` is that of the first) and the nearest name.
 *  (macro_lines.c) */
recto_status macro_check(text body, int first_line, recto_error *error);

/* own_texts.c: what is kept of one's own and shared strings and macros, with their keys */
typedef struct own_text {
    text_kind kind;
    bool shared;
    char name[64], keys[64];
    char *body;
} own_text;
const own_text *own_text_find(workstation *station, text_kind kind, const char *name); /* own before shared; NULL: none */
const own_text *own_text_at(workstation *station, size_t index);                       /* NULL: no more */
/** Shows those of a kind, to choose one by name; done gets NULL when the cataloger went back. */
void own_text_pick(workstation *station, text_kind kind, void (*done)(workstation *station, void *context, const char *value));
/** Is the sequence of keys that is being typed one of theirs, or the beginning of one? It is then run, or waited for. */
bool own_texts_take_keys(workstation *station);
void own_texts_forget(workstation *station); /* they are read again when next needed */
void own_texts_release(workstation *station);
/** Checks keys (and lines of macros) of a text before it is saved. EDATA with the line. */
recto_status own_text_check(text_kind kind, text source, recto_error *error);
/** What the keys of one text take away: "F2 is Save Record no more", "Alt+1 s is seen already"; nothing: "". For the message
 *  that says it was kept: the text holds, since it was asked for. @param keys  as written, sound */
void own_text_tell_taken(buffer *out, workstation *station, const char *name, const char *keys);
/** The same of all texts of a source, with their lines: ". Line 1: Alt+1 is Menus no more". */
void own_texts_tell_taken(buffer *out, workstation *station, text source);

#endif
