/* src/tui/terminal_painter.h - small changes written straight to the terminal. Private to terminal.c. */
#ifndef RECTO_TUI_TERMINAL_PAINTER_H
#define RECTO_TUI_TERMINAL_PAINTER_H

#include "terminal_pen.h"

typedef struct painter {
    bool able;             /* this terminal has all that is needed */
    bool has_regions;      /* its scrolling can be kept to some rows, which curses does, too */
    bool scrolls;          /* and regions of it can be scrolled */
    bool inserts, deletes; /* blanks be put into a row, characters taken out of it */
    bool steps;            /* see pen */
    const char *reset, *clear_line;
    painter_style styles[ROLE_COUNT];
    bool rows[SCREEN_ROWS_MAX]; /* painted here since curses last painted: curses does not know what stands there */
    bool ahead;                 /* at least one of them */
    int row, column;            /* where the terminal's cursor is; -1: not known */
    int top, bottom;            /* the rows that scroll; -1: all. In a hurry they stay so: the next key mostly wants the same */
    buffer written, tried;      /* ways to write one change: the shortest is sent */
} painter;

/** Asks terminfo; curses must have been started. */
void painter_start(painter *painter, bool utf8);
void painter_release(painter *painter);
/** @param foreground, background  as this terminal counts colors, or -1 */
void painter_set_style(painter *painter, role role, unsigned attributes, int foreground, int background);
/** Appends what brings the terminal from `shown` to `cells`, makes them equal, and puts the cursor where the screen has it. In a
 *  hurry (screen->hurried) the mark of the cursor's row stays where it is. @return false: too much changed, or not able;
 *  nothing was done */
bool painter_paint(painter *painter, buffer *out, screen *screen);
/** All rows of the terminal scroll, whatever was said before; the cursor goes home. */
void painter_free_rows(painter *painter, buffer *out);
/** Before somebody else writes to the terminal: all rows scroll again. */
void painter_settle(painter *painter, buffer *out);
/** Brings the cursor there whatever was sent meanwhile. */
void painter_move(painter *painter, buffer *out, int row, int column);
/** Somebody else wrote to the terminal: where its cursor is now, -1 when that is not known. */
void painter_moved(painter *painter, int row, int column);

/* terminal_scroll.c: rows that stand higher or lower than they were. */
typedef struct scrolling {
    int by; /* rows; above 0: upwards */
    int top, bottom;
    int worth; /* rows that would have to be written otherwise */
} scrolling;

/** @return false: nothing is worth being moved */
bool scrolling_find(scrolling *out, const screen *screen);
void scrolling_write(const scrolling *how, pen *pen);
void scrolling_note(const scrolling *how, screen *screen); /* in `shown`: what comes in is empty */

#endif
