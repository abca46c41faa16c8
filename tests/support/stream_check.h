/* tests/support/stream_check.h - looks at every byte that a program sends to its terminal.
 *
 * Data must never reach a terminal as control bytes (RL-150). What the workstation may send of its own is little: text in UTF-8,
 * carriage return, line feed, backspace, tab, shifts, CSI sequences, the two-byte escapes of terminfo, and the barrier's answer.
 * Anything else, an OSC, a C1 character, a bell, a NUL, a bidirectional control, must have come from a record. */
#ifndef RECTO_TESTS_SUPPORT_STREAM_CHECK_H
#define RECTO_TESTS_SUPPORT_STREAM_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct stream_check {
    int state;
    size_t matched; /* bytes of the barrier's prefix seen */
    uint32_t code;  /* UTF-8 begun */
    int following;
    size_t offset;   /* bytes looked at */
    char fault[120]; /* the first fault, "" when there is none */
} stream_check;

/** Looks at the next bytes; the first fault stays. @return false once there is one */
bool stream_check_bytes(stream_check *check, const char *bytes, size_t length);

#endif
