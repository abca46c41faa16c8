/* tests/fault/kill_at.c - runs a command and kills it after a time, as `kill -9` or a power switch would.
 *
 * usage: kill_at MICROSECONDS COMMAND [ARGUMENT]...
 *
 * Ends with 137 when the kill came before the command's end (a hit), else with the command's own status. Written in C because a
 * shell needs longer to fork a `sleep` than many a command to be over. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HIT = 137, FAILED = 125, NOT_FOUND = 127, MILLION = 1000000, THOUSAND = 1000 };

static int run_and_kill(long microseconds, char **command)
{
    const struct timespec moment = { microseconds / MILLION, microseconds % MILLION * THOUSAND };
    sigset_t ended, before;
    int status = 0;
    sigemptyset(&ended);
    sigaddset(&ended, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &ended, &before);
    const pid_t child = fork();
    if (child < 0)
        return FAILED;
    if (child == 0) {
        (void)sigprocmask(SIG_SETMASK, &before, NULL);
        (void)execvp(command[0], command);
        _exit(NOT_FOUND);
    }
    (void)sigtimedwait(&ended, NULL, &moment); /* the moment has come, or the command was over before */
    (void)kill(child, SIGKILL); /* where it has ended by itself it is not waited for yet: its number is not another's */
    if (waitpid(child, &status, 0) != child)
        return FAILED;
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGKILL ? HIT : FAILED;
    return WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    char *end = NULL;
    const long microseconds = argc > 2 ? strtol(argv[1], &end, 10) : -1;
    if (microseconds < 0 || end == NULL || *end != '\0') {
        (void)fprintf(stderr, "usage: kill_at MICROSECONDS COMMAND [ARGUMENT]...\n");
        return FAILED;
    }
    return run_and_kill(microseconds, argv + 2);
}
