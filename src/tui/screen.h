/* src/tui/screen.h - the cells behind the surfaces, and the terminal that shows them. Private to the core of the room.
 *
 * A screen is memory only: tests draw on one without a terminal. terminal.c compares it with what was shown last and hands
 * curses the cells that changed. */
#ifndef RECTO_TUI_SCREEN_H
#define RECTO_TUI_SCREEN_H

#include "recto/base/error.h"
#include "surface.h"

#include <wchar.h>

enum { CELL_CHARACTERS = 5 }; /* curses' own limit: a letter and four marks */
enum { SCREEN_ROWS_MAX = 1000, SCREEN_COLUMNS_MAX = 1000 };

typedef struct cell {
    wchar_t text[CELL_CHARACTERS]; /* unused ones 0 */
    unsigned char role;
    unsigned char width;       /* 1, 2, or 0: the right half of the cell before */
    unsigned char placeholder; /* 1: of what stands for a character that is not shown */
    unsigned char unused;      /* cells are compared by their bytes */
} cell;

/* A part of the screen that only follows the cursor. */
enum { WAITING_MOST = 16 };
typedef struct screen_part {
    const void *of;
    int top, left, rows, columns;
} screen_part;

/* The column where `>` stands in the row of the cursor: that one may wait until the keys rest. */
typedef struct screen_marks {
    int top, rows, column;
} screen_marks;

typedef struct screen {
    int rows, columns;
    cell *cells, *shown; /* rows * columns each */
    bool utf8;
    bool shown_is_valid;           /* false after a resize: everything is sent again */
    int cursor_row, cursor_column; /* -1: no cursor */
    bool hurried;                  /* keys come in quick succession: what only follows them may wait (surface_may_wait) */
    bool flies;                    /* a key is held: colors of letters that come in may wait, too */
    screen_marks marks;
    screen_part waiting[WAITING_MOST], waited[WAITING_MOST]; /* such parts of this drawing, and of the one before */
    size_t waiting_count, waited_count;
} screen;

bool screen_init(screen *screen, int rows, int columns, bool utf8); /* false: no memory */
void screen_release(screen *screen);
bool screen_resize(screen *screen, int rows, int columns); /* on failure the old size stays */
surface screen_surface(screen *screen);
/** Before each drawing: everything is blank. */
void screen_begin(screen *screen, bool hurried, bool flies);
/** Appends the row as UTF-8, blanks at the end cut: for tests. */
void screen_row_text(buffer *out, const screen *screen, int row);
role screen_role_at(const screen *screen, int row, int column);
const char *role_name(role role); /* "field.tag" */

/* What a role looks like: theme.c decides, terminal.c sends. */
enum { COLOR_DEFAULT = -1 };
enum { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_ITALIC = 4, LOOK_UNDERLINE = 8, LOOK_REVERSE = 16 };
enum { COLOR_RGB = 1 << 24 }; /* set in a color given as #rrggbb */
typedef struct look {
    int foreground, background; /* 0 to 255, COLOR_RGB | rgb, or COLOR_DEFAULT */
    unsigned attributes;
} look;

typedef struct terminal terminal;

/** Takes the terminal over: RECTO_EIO when there is none or TERM cannot show a screen (RL-141). */
recto_status terminal_open(terminal **out, bool linear, recto_error *error); /* linear: line by line, on any terminal */
void terminal_close(terminal *terminal);                                     /* gives it back as it was; NULL is welcome */
/** The end without waiting for the terminal (RL-21): modes are given back, sequences sent only as far as nothing blocks. */
void terminal_abandon(terminal *terminal);
int terminal_colors(const terminal *terminal); /* 0, 8, 16, 256 or 1 << 24 */
void terminal_size(int *rows, int *columns);   /* asks the system */
/** Looks for all roles, ROLE_COUNT of them. */
void terminal_set_looks(terminal *terminal, const look *looks);
void terminal_resize(terminal *terminal, screen *screen);
void terminal_show(terminal *terminal, screen *screen);    /* sends what changed, in one write */
void terminal_repaint(terminal *terminal, screen *screen); /* sends everything */
/** Sends what the terminal did not take yet; as long as it is behind nothing is to be drawn, but its output polled. */
void terminal_flush(terminal *terminal);
bool terminal_is_behind(const terminal *terminal);
int terminal_output(const terminal *terminal);
/** The mouse reports clicks and the wheel (form 1006). false: this terminal has none. */
bool terminal_set_mouse(terminal *terminal, bool on);
bool terminal_has_mouse(const terminal *terminal);
void terminal_keep_modes(terminal *terminal); /* linear: after a stop the shell may have set its own */
/** Into the clipboard of the terminal, where it says that it takes that (SE-57). @return false: it does not */
bool terminal_to_clipboard(terminal *terminal, text copied);
void terminal_answer(terminal *terminal, const char *bytes, size_t length); /* as it stands: linear mode, test barrier */
bool terminal_is_utf8(void);
bool terminal_shifts(void); /* it inserts and deletes characters by ECMA-48's ICH and DCH */

/** Calls visit for every key that terminfo knows for this TERM: capability name and the bytes it sends. */
void terminal_keys(void (*visit)(void *context, const char *capability, const char *sent), void *context);
bool terminal_knows_key(const char *capability); /* false: this TERM has no such key */

#endif
