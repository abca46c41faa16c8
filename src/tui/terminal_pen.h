/* src/tui/terminal_pen.h - the terminal's cursor and the look it writes in, brought where they are wanted in few bytes. Private
 * to the painter. */
#ifndef RECTO_TUI_TERMINAL_PEN_H
#define RECTO_TUI_TERMINAL_PEN_H

#include "screen.h"

typedef struct painter_style {
    char bytes[96]; /* from plain to this look */
    unsigned attributes;
    int foreground, background; /* -1: the terminal's own */
} painter_style;

/* What is being written, and where and how the terminal stands behind it. */
typedef struct pen {
    buffer *out;
    const char *reset;         /* to the plain look */
    const painter_style *worn; /* NULL: plain */
    int row, column;           /* of the cursor; -1: not known */
    int columns;               /* of the terminal */
    int top, bottom;           /* the rows that scroll; -1: all of them */
    bool steps;                /* the short moves of most terminals: BS, CR, LF, CUU, CUF, CUB */
} pen;

/** Asks terminfo whether all the short moves mean what they mean nearly everywhere. */
bool pen_can_step(void);
/** A capability that is a string and needs no padding; else NULL. */
const char *pen_capability(const char *name);
bool pen_capability_is(const char *name, const char *bytes);
/** The rows that scroll from now on; -1: all of them. Sends the cursor home when it is another region than before. */
void pen_set_region(pen *pen, int top, int bottom);
void pen_move(pen *pen, int row, int column); /* by the shortest way that is known */
void pen_wear(pen *pen, const painter_style *style);
/** What a blank shows of a style, which is all one for letters. */
bool style_shows_on_blank(const painter_style *style);
extern const painter_style style_plain;
bool style_is_plain(const painter_style *style);
bool style_is_same(const painter_style *one, const painter_style *other);
bool cell_is_blank(const cell *cell);
void pen_put(pen *pen, const cell *cell);

#endif
