/* src/tui/command.h - every action has a name; menus, palette, help, hints, keymaps, the man page and tests use this table. */
#ifndef RECTO_TUI_COMMAND_H
#define RECTO_TUI_COMMAND_H

#include "recto/catalog/catalog.h"

typedef struct command {
    const char *name;     /* "record.save" */
    const char *title;    /* as in the menu: "Save Record" */
    const char *hint;     /* short, for the last row: "Save" */
    const char *help;     /* one sentence */
    const char *menu;     /* "File", "Record", "Edit", "View", "Search", "Inventory"; NULL: in no menu */
    const char *contexts; /* keymap contexts where it makes sense: "editor,record"; "all" */
    privilege privilege;
} command;

const command *command_table(size_t *count);
const command *command_named(const char *name); /* NULL: unknown */
const char *command_nearest(const char *name);  /* for messages: the nearest known name; NULL when none is near */

#endif
