/* src/tui/terminal_painter.h - small changes written straight to the terminal. Private to terminal.c. */
#ifndef RECTO_TUI_TERMINAL_PAINTER_H
#define RECTO_TUI_TERMINAL_PAINTER_H

#include "screen.h"

typedef struct painter_style {
    char bytes[96]; /* from plain to this look */
    unsigned attributes;
    int foreground, background; /* -1: the terminal's own */
} painter_style;

typedef struct painter {
    bool able;    /* this terminal has all that is needed */
    bool scrolls; /* and regions of it can be scrolled */
    const char *reset, *clear_line;
    painter_style styles[ROLE_COUNT];
    bool rows[SCREEN_ROWS_MAX]; /* painted here since curses last painted: curses does not know what stands there */
    bool ahead;                 /* at least one of them */
} painter;

/** Asks terminfo; curses must have been started. */
void painter_start(painter *painter, bool utf8);
/** @param foreground, background  as this terminal counts colors, or -1 */
void painter_set_style(painter *painter, role role, unsigned attributes, int foreground, int background);
/** Appends what brings the terminal from `shown` to `cells`, and makes them equal. @return false: too much changed, or not
 *  able; nothing was done */
bool painter_paint(painter *painter, buffer *out, screen *screen);
void painter_move(buffer *out, int row, int column);

#endif
