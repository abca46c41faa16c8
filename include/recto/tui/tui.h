/* include/recto/tui/tui.h - the door of the workstation: what the command line needs of it.
 *
 * `recto` alone runs it; `recto demo` runs it with a tour. The tables of commands and keys can be printed without a terminal,
 * for the man page and for `recto --help keys`. */
#ifndef RECTO_TUI_TUI_H
#define RECTO_TUI_TUI_H

#include "recto/catalog/catalog.h"
#include "recto/z3950/z3950.h"

typedef struct tui_options {
    catalog *catalog; /* lent; opened with with_session */
    /* Gives the targets when they are first asked for, so that nothing of Z39.50 is loaded before; the workstation frees them. */
    recto_status (*open_targets)(target_list **out, void *context, recto_error *error);
    void *targets_context;
    const char *keymap, *theme; /* names; NULL: RECTO_KEYMAP, RECTO_THEME, else default and slate */
    bool guided_tour;           /* a line that leads through the main job */
    bool linear;                /* line by line, for screen readers and for any terminal; RECTO_LINEAR=1 says the same */
} tui_options;

/** Runs until the cataloger quits, the terminal goes away, or a signal ends it; drafts are stored in each case.
 *  RECTO_EIO: TERM cannot show it, or no terminal. RECTO_EINVALID: no such keymap or theme. */
recto_status tui_run(const tui_options *options, recto_error *error);

/** Appends the table of keys of a keymap as text: context, key, command, title. RECTO_EINVALID: no such keymap. */
recto_status tui_print_keys(buffer *out, const char *keymap, recto_error *error);
void tui_list_themes(void (*visit)(void *context, const char *name), void *context);
void tui_list_keymaps(void (*visit)(void *context, const char *name), void *context);

#endif
