/* src/tui/decoder.h - the terminal's bytes to keys, pastes and the test barrier. Pure: bytes and the time come in.
 *
 * Knows the sequences of xterm, rxvt and the linux console beside those that terminfo lists for the TERM. Joins Escape and a
 * key to Alt+key, assembles UTF-8, swallows unknown sequences whole and reports them, so that they are never typed into a
 * field (ED-190 to ED-199, RL-142, RL-155). */
#ifndef RECTO_TUI_DECODER_H
#define RECTO_TUI_DECODER_H

#include "key.h"

enum { DECODER_DELAY_DEFAULT_MS = 50, DECODER_DELAY_MIN_MS = 25, DECODER_DELAY_MAX_MS = 1000 };

typedef enum event_kind { EVENT_KEY, EVENT_PASTE, EVENT_BARRIER, EVENT_MOUSE, EVENT_UNKNOWN } event_kind;
typedef struct event {
    event_kind kind;
    key key;
    text paste;              /* lent until the next call */
    int button, row, column; /* EVENT_MOUSE: 0 left, 64 and 65 the wheel; from 0 */
    bool pressed;
    char shown[48]; /* EVENT_UNKNOWN: the sequence in printable form; EVENT_BARRIER: its number */
} event;

typedef struct decoder decoder;

decoder *decoder_new(int delay_ms); /* NULL: no memory; the delay is brought into its limits */
void decoder_free(decoder *decoder);
/** A sequence that terminfo lists: capability "kf5", "kcuu1" ... and its bytes; others are passed over. */
void decoder_learn(decoder *decoder, const char *capability, const char *sent);
void decoder_set_linux(decoder *decoder, bool is_linux); /* 1B 09 is Shift+Tab there (ED-193) */
/** Takes bytes; call decoder_next until it is false before giving more. */
void decoder_feed(decoder *decoder, const char *bytes, size_t length, int64_t now_ms);
bool decoder_next(decoder *decoder, event *out, int64_t now_ms);
/** Milliseconds until what is unfinished is decided; -1: nothing is. */
int decoder_timeout(const decoder *decoder, int64_t now_ms);

#endif
