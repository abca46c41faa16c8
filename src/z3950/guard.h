/* src/z3950/guard.h - limits on what a target sends, looked at before YAZ reads it. */
#ifndef RECTO_SRC_Z3950_GUARD_H
#define RECTO_SRC_Z3950_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct guard {
    uint64_t answer_start;  /* bytes received on the connection when the question was sent */
    uint64_t next_message;  /* where in the stream the next protocol message begins; UINT64_MAX: not known */
    uint64_t received;      /* when last looked */
} guard;

typedef enum guard_verdict { GUARD_OK, GUARD_TOO_MUCH, GUARD_NOT_THE_PROTOCOL } guard_verdict;

void guard_connected(guard *guard);
void guard_ask(guard *guard, int descriptor); /* a question is about to be sent */
/** Call when the descriptor is readable, before YAZ reads. @param opening  Init has not been answered yet */
guard_verdict guard_look(guard *guard, int descriptor, size_t limit, bool z3950, bool opening);
/** Did the stream end within a message? YAZ then tries to decode the half, and blames its form. */
bool guard_cut_off(const guard *guard);

#endif
