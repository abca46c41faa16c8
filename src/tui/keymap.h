/* src/tui/keymap.h - which keys are which command, from keymaps/NAME.keymap.
 *
 * [context], then `key = command "argument"   # hint`. A sequence is keys with blanks between. `inherit = NAME` takes another
 * file first; `key = none` unbinds. A fault (file, line, nearest known name) costs its line only. What a user keeps in
 * keymaps/user.keymap of the own configuration is laid over whatever keymap is chosen. */
#ifndef RECTO_TUI_KEYMAP_H
#define RECTO_TUI_KEYMAP_H

#include "command.h"
#include "key.h"

enum { KEYS_IN_SEQUENCE = 4 };

typedef struct binding {
    const char *context; /* of the table of contexts */
    key keys[KEYS_IN_SEQUENCE];
    size_t key_count;
    const command *command; /* NULL: unbound here */
    char argument[96];      /* "" none */
    char hint[32];          /* "": not in the last row */
    unsigned file;          /* which of the files that were read, and the line: for conflicts */
    size_t line;
} binding;

typedef struct keymap keymap;

/** Loads a keymap and what it inherits; one line a fault is appended to `faults`. EINVALID when there is none, with the nearest
 * name. */
recto_status keymap_load(keymap **out, const char *name, buffer *faults, recto_error *error);
/** Reads one file's text into an empty keymap, without inheriting: for checks and tests. @return number of faults */
size_t keymap_check(keymap **out, const char *origin, text content, buffer *faults);
void keymap_free(keymap *keymap);
/** `modal = yes` stood in the file: in the editor letters are commands until one of them begins typing. */
bool keymap_is_modal(const keymap *keymap);

typedef enum keymap_answer { KEYMAP_NOTHING, KEYMAP_PREFIX, KEYMAP_FOUND } keymap_answer;
/** Asks the context, then "list" when it is one, then "all". */
keymap_answer keymap_find(const binding **out, const keymap *keymap, const char *context, const key *keys, size_t count);
/** All bindings that hold in a context, its own first, then "list" and "all"; those hidden by an earlier one are left out.
 *  @return how many there are (at most `capacity` are written) */
size_t keymap_list(const binding **out, size_t capacity, const keymap *keymap, const char *context);
/** One line for each key of [all] that a context takes for itself when its command has no other key there: with file and line. */
void keymap_tell_hidden(buffer *out, const keymap *keymap);
/** The first binding of a command in this context that has no argument; NULL: none. */
const binding *keymap_key_of(const keymap *keymap, const char *context, const char *command);

const char *keymap_context_name(size_t number); /* from 0, in the order of the help; NULL: there are no more */
bool keymap_context_is_list(const char *context);
const char *keymap_context_title(const char *context); /* for help: "Search results" */

bool key_parse(key *out, text name);                     /* "Ctrl+Alt+R", "F8", "Shift+Tab", "m" */
void key_write(buffer *out, const key *key, bool brief); /* brief: "^S" */
bool key_equal(const key *one, const key *other);
/** Its bytes begin the sequences of other keys (Alt+Shift+O, Alt+[) or the answers of a terminal (Alt+Shift+P, Alt+Shift+X,
 * Alt+], Alt+^, Alt+_): with the next key right behind it both would be lost, so nothing is bound to it (ED-195). */
bool key_begins_others(const key *key);
void binding_write(buffer *out, const binding *binding, bool brief);
/** Can this TERM send it? `knows` tells whether terminfo has a capability. */
bool key_can_be_sent(const key *key, bool (*knows)(const char *capability));

#endif
