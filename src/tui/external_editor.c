/* src/tui/external_editor.c - the cataloger's own editor: the terminal is lent to it, a file goes there and comes back. */
#include "external_editor.h"

#include "station.h"

#include "recto/base/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COMMAND_NOT_FOUND = 127 }; /* as a shell ends then */

static recto_status read_again(buffer *out, const char *path, recto_error *error)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return recto_fail_system(error, errno, path, "cannot read the text again");
    const recto_status status = whole_file_read(out, file, path, error);
    close(file);
    return status;
}

/* ---- while it runs */

/* Ctrl+C in the editor is the editor's: a signal of the terminal goes to whoever works there, us among them. */
static void leave_interrupts(struct sigaction before[static 2])
{
    const struct sigaction ignore = { .sa_handler = SIG_IGN };
    sigaction(SIGINT, &ignore, &before[0]);
    sigaction(SIGQUIT, &ignore, &before[1]);
}

static void take_interrupts(const struct sigaction before[static 2])
{
    sigaction(SIGINT, &before[0], NULL);
    sigaction(SIGQUIT, &before[1], NULL);
}

/* What we ignore, it need not. SIGTSTP stays ignored: nobody would be there to continue an editor that was stopped. */
static void run_in_child(const char *command, const char *path)
{
    static const int ours[] = { SIGINT, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM, SIGTTOU, SIGXFSZ };
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        signal(ours[i], SIG_DFL);
    execl("/bin/sh", "sh", "-c", command, "sh", path, (char *)NULL);
    _exit(COMMAND_NOT_FOUND);
}

/* What the signals say: 0, to go on; SIGHUP, the terminal is gone; SIGTERM. A new size is seen when the screen is taken back. */
static int told_to_leave(const workstation *station)
{
    char bytes[256];
    int told = 0;
    const ssize_t got = read(station->signal_end, bytes, sizeof bytes);
    for (ssize_t i = 0; i < got; i++)
        if (bytes[i] != 'W' && bytes[i] != 'C')
            told = bytes[i] == 'H' ? SIGHUP : SIGTERM;
    return told;
}

/* The keyboard is the editor's: of it we only hear when it is gone. @return as told_to_leave */
static int await_end(const workstation *station, int ended)
{
    struct pollfd polled[] = { { .fd = ended, .events = POLLIN },
                               { .fd = station->signal_end, .events = POLLIN },
                               { .fd = STDIN_FILENO, .events = 0 } };
    for (;;) {
        const bool heard = poll(polled, sizeof polled / sizeof *polled, -1) > 0;
        if (heard && polled[0].revents != 0)
            return 0;
        const int told = heard && polled[1].revents != 0 ? told_to_leave(station) : 0;
        if (told != 0 || (heard && polled[2].revents != 0))
            return told != 0 ? told : SIGHUP;
    }
}

/* The system tells only the first process of a session that its terminal is gone; the editor hears it from us (RL-22).
 * @return how it ended, as waitpid tells it; -1: it is left behind */
static int await_editor(workstation *station, pid_t child)
{
    int status = -1, ended = pidfd_open(child, 0);
    const int told = ended < 0 ? 0 : await_end(station, ended);
    if (told != 0) {
        station->leaving = station->hung_up = true;
        (void)kill(told == SIGHUP ? 0 : child, SIGHUP);
    }
    while (told == 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (ended >= 0)
        close(ended);
    return status;
}

/* ---- which one */

enum { PATH_BYTES = 4096 };

static bool is_installed(const char *name)
{
    const char *path = getenv("PATH");
    text rest = text_from(path != NULL ? path : "");
    char file[PATH_BYTES];
    while (rest.bytes != NULL && rest.length > 0) {
        const text directory = text_next_field(&rest, ':');
        const int length = snprintf(file, sizeof file, "%.*s/%s", (int)directory.length, directory.bytes, name);
        if (directory.length > 0 && length < (int)sizeof file && access(file, X_OK) == 0)
            return true;
    }
    return false;
}

/* `editor` is what the machine has for all programs. Not sensible-editor, which asks a question when it is first run. */
static const char *installed_editor(void)
{
    static const char *const editors[] = { "editor", "nano", "vi", "vim", "mg" };
    for (size_t i = 0; i < sizeof editors / sizeof *editors; i++)
        if (is_installed(editors[i]))
            return editors[i];
    return NULL;
}

static const char *chosen_editor(void)
{
    static const char *const variables[] = { "VISUAL", "EDITOR" };
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *named = getenv(variables[i]);
        if (named != NULL && *named != '\0')
            return named;
    }
    return installed_editor();
}

/* The editor's command may have arguments ("emacs -nw"): a shell splits them, the path comes as its own word. The shell outlives
 * an interrupt that the editor outlives. */
static recto_status run_editor(workstation *station, const char *path, recto_error *error)
{
    const char *editor = chosen_editor();
    char command[1024];
    struct sigaction before[2];

    if (editor == NULL)
        return recto_fail(error, RECTO_EINVALID, NULL,
                          "have nano or vi installed, or leave Recto and set EDITOR to the one you use",
                          "no editor is named by VISUAL or EDITOR, and none was found");
    snprintf(command, sizeof command, "trap : INT QUIT; %s \"$1\"", editor);
    station_suspend(station);
    leave_interrupts(before);
    pid_t child = fork();
    const int saved_errno = errno;
    if (child == 0)
        run_in_child(command, path);
    const int ended = child > 0 ? await_editor(station, child) : -1;
    take_interrupts(before);
    recto_status resumed = station_resume(station, error);
    if (resumed != RECTO_OK)
        return resumed;
    if (child < 0)
        return recto_fail_system(error, saved_errno, editor, "cannot start the editor");
    if (WIFEXITED(ended) && WEXITSTATUS(ended) == COMMAND_NOT_FOUND)
        return recto_fail(error, RECTO_ENOTFOUND, editor, "set EDITOR to one that is installed", "there is no such editor");
    if (!WIFEXITED(ended) || WEXITSTATUS(ended) != 0)
        return recto_fail(error, RECTO_EIO, editor, "the text is as it was", "the editor ended with a failure");
    return RECTO_OK;
}

recto_status external_editor_run(buffer *out, workstation *station, text content, recto_error *error)
{
    const char *directory = getenv("TMPDIR");
    char path[300];

    snprintf(path, sizeof path, "%.200s/recto-text-XXXXXX", directory != NULL && *directory == '/' ? directory : "/tmp");
    int file = mkstemp(path); /* for its owner alone */
    if (file < 0)
        return recto_fail_system(error, errno, path, "cannot make a file for the editor");
    recto_status status = RECTO_OK;
    if (!write_all(file, content))
        status = recto_fail_system(error, errno, path, "cannot write the text");
    if (close(file) != 0 && status == RECTO_OK)
        status = recto_fail_system(error, errno, path, "cannot write the text");
    if (status == RECTO_OK)
        status = run_editor(station, path, error);
    if (status == RECTO_OK)
        status = read_again(out, path, error);
    unlink(path);
    return status;
}
