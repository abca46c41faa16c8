/* include/recto/base/resource.h - the files of data/, keymaps/ and themes/, wherever the program runs.
 *
 * They are built into the program, so that it runs from build/ and starts without a search; a file of the same name in the
 * library's or the user's configuration takes precedence, so that nobody needs a compiler to change one. */
#ifndef RECTO_BASE_RESOURCE_H
#define RECTO_BASE_RESOURCE_H

#include "recto/base/error.h"
#include "recto/base/text.h"

typedef struct resource {
    text content;     /* lent until resource_release */
    char origin[256]; /* for messages: "/etc/recto/themes/slate.theme" or "built-in themes/slate.theme" */
    char *owned;      /* private */
} resource;

/** The folder of the user's configuration, which need not be there: $RECTO_CONFIG, else $XDG_CONFIG_HOME/recto, else
 *  ~/.config/recto. False when there is no home or the name is too long. */
bool resource_configuration(char *out, size_t capacity);
/** Finds NAME ("themes/slate.theme") in the user's configuration, /etc/recto, then built in.
 *  RECTO_ENOTFOUND; RECTO_ELIMIT over `limit_bytes` (0: 16 MiB); RECTO_EIO. A file that cannot be read is an error, not skipped.
 */
recto_status resource_open(resource *out, const char *name, size_t limit_bytes, recto_error *error);
recto_status resource_open_built_in(resource *out, const char *name, recto_error *error);
void resource_release(resource *resource);
/** Calls visit for each name that begins with `prefix` ("themes/"), built-in and configured, each once, sorted. */
void resource_list(const char *prefix, void (*visit)(void *context, const char *name), void *context);

#endif
