/* src/tui/keymap_inside.h - what a keymap is made of. Private to keymap.c, which holds it and answers, and keymap_read.c. */
#ifndef RECTO_TUI_KEYMAP_INSIDE_H
#define RECTO_TUI_KEYMAP_INSIDE_H

#include "keymap.h"

enum { BINDINGS_MAX = 1000 };
enum { FILES_TOLD = 8 }; /* by name: a keymap, what it inherits, the user's own lines */

struct keymap {
    binding *bindings;             /* later ones of the same context and keys replace earlier ones in place */
    uint32_t prints[BINDINGS_MAX]; /* of context and first key of each: bindings are large, and every key asks for all of them */
    size_t count, capacity;
    unsigned files; /* read so far */
    char origins[FILES_TOLD][128];
    bool modal;
};

/** The table's own string, which bindings point to; NULL: there is no such context. */
const char *keymap_known_context(text name);
const char *keymap_nearest_context(const char *wanted); /* NULL: none is near */
bool binding_has_same_keys(const binding *one, const binding *other);
/** Takes a copy. @return false: there are BINDINGS_MAX, or no memory */
bool keymap_add(keymap *keymap, const binding *added);

#endif
