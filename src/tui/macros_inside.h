/* src/tui/macros_inside.h - what recording (macros.c), reading (macro_lines.c) and playing (macro_play.c) share. Private to them.
 */
#ifndef RECTO_TUI_MACROS_INSIDE_H
#define RECTO_TUI_MACROS_INSIDE_H

#include "macros.h"
#include "station.h"

enum { MACRO_BYTES = 64 * 1024, COUNT_LIMIT = 10000 };

struct macros {
    bool recording;
    buffer text;  /* lines so far */
    buffer typed; /* letters that will be one `type` line */
    char pressed[48];
    size_t presses;
    size_t playing; /* depth */
};

typedef struct macro_line {
    char verb[64];
    buffer argument;
    bool has_argument;
    size_t times;
} macro_line;

/** Reads one line; its number is for messages. @param out  its argument must be a buffer  @return RECTO_END: a blank line or a
 *  comment; RECTO_EDATA */
recto_status macro_line_read(macro_line *out, text line, int number, recto_error *error);

#endif
