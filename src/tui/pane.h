/* src/tui/pane.h - what a pane is: a model, and four functions over it.
 *
 * Screens are functions of state: draw reads the model and writes cells and changes neither; run and typed change the model
 * and draw nothing. A pane never talks to another pane, only to the workstation (workstation.h).
 *
 * Order for one key: a plain character goes to `typed` first when takes_letters; then the keymap (the pane's context; "list"
 * for the contexts that are lists; "all") names a command, `cannot` is asked, `run` is called, and when it returns false the
 * workstation's own; a key that nothing binds goes to `typed`. Esc is the command pane.back: `run` leaves a field or form and
 * returns true; when there is nothing to leave it returns false, and the workstation closes a companion or upper pane. Enter,
 * Tab, Backspace and arrows are bound only where a keymap binds them (Tab and Shift+Tab are box.next, box.previous in forms;
 * arrows are list.* in lists and go to `typed` in forms and in the editor). */
#ifndef RECTO_TUI_PANE_H
#define RECTO_TUI_PANE_H

#include "command.h"
#include "key.h"
#include "surface.h"

typedef struct workstation workstation;

typedef struct pane_kind {
    const char *name; /* keymap context, help chapter and test handle: "editor" */
    /** Draws everything in `area`; row 0 is the pane's title rule. The two last rows of the screen are not part of it. */
    void (*draw)(void *model, const surface *area, bool focused);
    /** Runs a command. @return false: not mine, the workstation tries its own. `argument` may be NULL. */
    bool (*run)(void *model, const command *command, const char *argument, workstation *station);
    /** A key that the keymap does not bind. @return false: not used (an unknown key is said so in the status line). */
    bool (*typed)(void *model, const key *key, workstation *station);
    /** Bracketed paste, whole; NULL: typed is called per character without commands. */
    void (*paste)(void *model, text pasted, workstation *station);
    /** Is this command possible now? NULL or "" when it is, else why not ("no match is chosen"); greys hints and menus. */
    const char *(*cannot)(void *model, const command *command, workstation *station);
    /** Called when something the pane waits for may have changed (external search, timer). @return true: draw again. */
    bool (*tick)(void *model, workstation *station);
    /** Right part of the status line: "245 $c 1:41", "3/27". Appends. */
    void (*position)(void *model, buffer *out);
    /** What stands at the end of the status line whatever happened: "E0 W1 I0" (ED-107). Appends; NULL: nothing. */
    void (*standing)(void *model, buffer *out);
    /** May it go? false: the pane has asked its own question by a dialog. NULL: yes. */
    bool (*may_close)(void *model, workstation *station);
    void (*release)(void *model, workstation *station);
    bool takes_letters;    /* characters without Ctrl and Alt are offered to `typed` first; only when it returns false
                            * the keymap is asked (editor and forms; true while any part of the pane takes text) */
    bool wants_full_width; /* never split (search results) */
    /** Keymap context now: "search" in the form, "results" in the list. NULL: always `name`. Known ones: keymap.c. */
    const char *(*context)(void *model);
    /** What the draft keeps beside the record, so that it comes back (RL-24): cursor and the like. Appends; edit_view gives it
     *  back when the session is resumed. NULL: nothing. */
    void (*keep)(void *model, buffer *out);
    const char *title; /* for the bar and the status line when the pane is hidden: "Search Resources"; NULL: name */
} pane_kind;

#endif
