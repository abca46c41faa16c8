/* src/cli/passwords.h - a password from the terminal, with its echo off, or from standard input; never from the command line. */
#ifndef RECTO_CLI_PASSWORDS_H
#define RECTO_CLI_PASSWORDS_H

#include "recto/base/error.h"

enum { PASSWORD_MAX = 1024 };

/** Asks twice on a terminal. EUSAGE: there is none, or the two differ. The caller wipes `out`. @spec reliability RL-162 */
recto_status ask_new_password(char out[static PASSWORD_MAX], const char *whose, recto_error *error);

#endif
