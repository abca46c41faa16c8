/* src/tui/terminal_inside.h - what taking over and giving back (terminal.c) shares with showing (terminal_show.c). */
#ifndef RECTO_TUI_TERMINAL_INSIDE_H
#define RECTO_TUI_TERMINAL_INSIDE_H

#include "terminal_painter.h"

#include <curses.h>
#include <stdio.h>
#include <termios.h>

struct terminal {
    SCREEN *curses;
    struct termios saved;
    FILE *sheet; /* what curses writes to */
    int output;  /* the terminal, opened anew, so that not waiting is our business alone */
    buffer unsent;
    int colors;
    bool has_mouse; /* mouse_on was sent */
    bool has_modes; /* xterm-like: enter_modes was sent */
    attr_t attributes[ROLE_COUNT];
    short pairs[ROLE_COUNT];
    painter painter;
    int row, column; /* where curses left the cursor; -1 before the first drawing */
    bool shows_cursor;
};

/** Takes what curses wrote since the last time into `unsent`. (terminal.c) */
void terminal_collect(terminal *terminal);

#endif
