/* src/tui/quick_links.h - actions that a cataloger has pinned (ED-27). */
#ifndef RECTO_TUI_QUICK_LINKS_H
#define RECTO_TUI_QUICK_LINKS_H

#include "command.h"
#include "workstation.h"

enum { QUICK_LINKS_MOST = 30 };

/** The pinned commands, in the order they were pinned. @return how many */
size_t quick_links(const command *out[], size_t capacity, workstation *station);
/** Pins the command, or no longer; says so. */
void quick_links_turn(workstation *station, const command *turned);

#endif
