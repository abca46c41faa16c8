/* src/tui/linear.h - the workstation line by line, for screen readers and for terminals that can do no more. Private to the core.
 *
 * The panes draw as ever, on a screen that nobody sees; from it the line with the cursor is taken, and what else changed: the
 * title of the pane, the message, the marked row of a list beside an input, a question. Each goes out as one line; the last line
 * of the terminal is always the line that has the focus, with the cursor where it is in the pane. Typing changes that line in
 * place and sends no more than what is new. No sequences are used: carriage return, line feed, backspace and text; but where the
 * terminal can make room within a line, a letter typed there goes out alone, and its reader does not hear the rest again. */
#ifndef RECTO_TUI_LINEAR_H
#define RECTO_TUI_LINEAR_H

#include "screen.h"

/* So wide that a field hardly ever wraps and no column is cut; so low that a page is no wall of text. */
enum { LINEAR_ROWS = 40, LINEAR_COLUMNS = SCREEN_COLUMNS_MAX };

typedef struct linear linear;

typedef struct linear_view {
    const screen *screen; /* drawn; under a question only the question */
    const char *status;   /* the message */
    const void *over;     /* what lies over the panes: a question, a menu; NULL: nothing */
    const char *hint;     /* its keys: said once when it opens and is too long to be said whole; NULL: none */
    int columns;          /* of the terminal */
    bool shifts;          /* it inserts and deletes characters within a line (ich, dch) */
} linear_view;

linear *linear_new(void); /* NULL: no memory */
void linear_free(linear *linear);
/** Appends the lines that say what has changed since the last call. */
void linear_tell(linear *linear, buffer *out, const linear_view *view);
/** Appends a text as lines of its own; the line with the focus is said again at the next call. */
void linear_say(linear *linear, buffer *out, text said, int columns);
/** Says all rows of the screen that hold something, from the first to the last. */
void linear_read(linear *linear, buffer *out, const linear_view *view);
/** The pane's title is said again, too, at the next call. */
void linear_forget(linear *linear);

#endif
