/* src/cli/passwords.c - asking for a password. */
#include "passwords.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* With echo off on a terminal; one line otherwise (RL-162). */
static bool ask_password(char out[static PASSWORD_MAX], const char *prompt)
{
    struct termios before, quiet;
    bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        quiet = before;
        quiet.c_lflag &= (tcflag_t)~ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
        fputs(prompt, stderr);
    }
    bool got = fgets(out, PASSWORD_MAX, stdin) != NULL;
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fputc('\n', stderr);
    }
    if (got)
        out[strcspn(out, "\r\n")] = '\0';
    return got;
}

recto_status ask_new_password(char out[static PASSWORD_MAX], const char *whose, recto_error *error)
{
    char again[PASSWORD_MAX] = "";
    recto_status status = RECTO_OK;
    out[0] = '\0';
    if (!ask_password(out, "New password: ") || out[0] == '\0')
        status = recto_fail(error, RECTO_EUSAGE, whose, "type it, or give it on standard input", "there is no password");
    if (status == RECTO_OK && isatty(STDIN_FILENO) == 1 && (!ask_password(again, "Once more: ") || strcmp(out, again) != 0))
        status = recto_fail(error, RECTO_EUSAGE, whose, "try again", "the two passwords differ");
    explicit_bzero(again, sizeof again);
    return status;
}
