/* src/tui/external_editor.h - a text in the cataloger's own editor. */
#ifndef RECTO_TUI_EXTERNAL_EDITOR_H
#define RECTO_TUI_EXTERNAL_EDITOR_H

#include "workstation.h"

/** Gives the terminal to the program that VISUAL or EDITOR names, else to one that is installed (editor, nano, vi), with
 *  `content` in a file for its owner alone, and appends what stands there when it has ended. RECTO_EINVALID: there is none;
 *  RECTO_ENOTFOUND: the one that is named is not there; RECTO_EIO: it failed; RECTO_ELIMIT: over out's limit. */
recto_status external_editor_run(buffer *out, workstation *station, text content, recto_error *error);

#endif
