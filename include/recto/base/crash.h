/* include/recto/base/crash.h - the last words of a program that has an error in it (RL-195).
 *
 * A signal such as SIGSEGV gives the terminal back and says one line with a reference; the exit status is 5. What was saved is
 * saved, and working copies were stored before (RL-20). In debug builds (ARENA_DEBUG) an error of our own is left to the
 * sanitizer or the debugger, which say more; a signal that somebody sends is not. */
#ifndef RECTO_BASE_CRASH_H
#define RECTO_BASE_CRASH_H

#include <stddef.h>
#include <termios.h>

enum { CRASH_BYTES_MAX = 256 };

/** From now on. Without memory for it, it is done without. */
void crash_watch(void);

/** What is under way, for the message: a constant string, "recto" until then. */
void crash_doing(const char *what);

/** How to give the terminal back; `descriptor` -1: there is none any more.
 *  @param bytes  what is sent to it first, CRASH_BYTES_MAX at most (longer: nothing is sent).  @param modes  copied */
void crash_terminal(int descriptor, const char *bytes, size_t length, const struct termios *modes);

#endif
