/* src/tui/theme.h - roles to looks, from themes/NAME.theme: [16], [256], [true] and [mono] sections, `inherit = NAME` first.
 *
 * `role = foreground [background] [attributes]`; a role is one of the table or the beginning of some ("alert"); the longest
 * name wins. Only named colours, numbers, #rrggbb and attributes: a theme cannot send sequences of its own (RL-137). */
#ifndef RECTO_TUI_THEME_H
#define RECTO_TUI_THEME_H

#include "recto/base/error.h"
#include "screen.h"

/** Looks of all roles for a terminal with so many colors (0: [mono]). EINVALID: no such theme; faults as in a keymap. */
recto_status theme_load(look out[static ROLE_COUNT], const char *name, int colors, buffer *faults, recto_error *error);
/** One file's text over what `out` has: for tests. @return number of faults */
size_t theme_read(look out[static ROLE_COUNT], const char *origin, text content, int colors, buffer *faults);

#endif
