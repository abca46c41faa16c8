/* src/tui/setting_lines.h - what keymap and theme files have in common: lines, [sections], `name = value`, `inherit = NAME`.
 *
 * They are text of other people: a fault costs its line and is told with file, line and the nearest known name; the rest holds.
 */
#ifndef RECTO_TUI_SETTING_LINES_H
#define RECTO_TUI_SETTING_LINES_H

#include "recto/base/error.h"
#include "recto/base/resource.h"
#include "recto/base/text.h"

typedef struct setting_lines {
    const char *origin;
    buffer *faults; /* lent; one line each is appended */
    size_t line, fault_count;
    char inherit[64]; /* "": nothing */
    /* what a file of this kind is made of; `reader` is the one that holds this structure */
    void (*section)(void *reader, text name);             /* "[name]" */
    void (*setting)(void *reader, text left, text right); /* name and value, trimmed */
    text (*strip)(text line);                             /* comments off; empty: nothing is on the line */
    const char *(*equals)(text line);                     /* of a stripped line; NULL: there is none */
    const char *form, *unknown;                           /* "key = command", "no such keymap" */
    void *reader;
} setting_lines;

/** Notes a fault: "FILE:LINE: what 'name'; did you mean NEAREST?". @param name  may be of NULL bytes, @param nearest  NULL */
void setting_fault(setting_lines *lines, const char *what, text name, const char *nearest);
void setting_lines_read(setting_lines *lines, text content);
/** Only the line that inherits, wherever it stands, is looked for; its name is in `inherit`. */
void setting_lines_find_inherit(setting_lines *lines, text content);
/** Letters, digits, - and _: the name of a file that a user may give. */
bool setting_name_is_sound(const char *name);
bool setting_copy(char *out, size_t capacity, text from); /* false: too long, and nothing is written */

/** As resource_open; when a file of the user's is too large or cannot be read, that is a fault and the built-in one is taken
 * (RL-117).
 *  @param is_needed  where there is no built-in one, it is an error; else a fault, and RECTO_ENOTFOUND */
recto_status setting_file_open(resource *out, const char *name, size_t limit_bytes, bool is_needed, buffer *faults,
                               recto_error *error);

#endif
