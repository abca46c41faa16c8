/* src/tui/external_editor.c - the cataloger's own editor: the terminal is lent to it, a file goes there and comes back. */
#include "external_editor.h"

#include "station.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static recto_status write_all(int file, text content, const char *path, recto_error *error)
{
    while (content.length > 0) {
        ssize_t written = write(file, content.bytes, content.length);
        if (written < 0 && errno != EINTR)
            return recto_fail_system(error, errno, path, "cannot write the text");
        if (written > 0)
            content = text_of(content.bytes + written, content.length - (size_t)written);
    }
    return RECTO_OK;
}

static recto_status read_all(buffer *out, const char *path, recto_error *error)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return recto_fail_system(error, errno, path, "cannot read the text again");
    for (;;) {
        char *room = buffer_reserve(out, 64 * 1024);
        size_t got = room == NULL ? 0 : fread(room, 1, 64 * 1024, file);
        if (got == 0)
            break;
        buffer_grow(out, got);
    }
    fclose(file);
    return buffer_failed(out) ? recto_fail(error, RECTO_ELIMIT, path, NULL, "the text is larger than such a file may be")
                              : RECTO_OK;
}

/* The editor's command may have arguments ("emacs -nw"): a shell splits them, the path comes as its own word. */
static recto_status run_editor(workstation *station, const char *path, recto_error *error)
{
    const char *visual = getenv("VISUAL");
    const char *editor = visual != NULL && *visual != '\0' ? visual : getenv("EDITOR");
    char command[1024];
    int status = 0;

    if (editor == NULL || *editor == '\0')
        return recto_fail(error, RECTO_EINVALID, NULL, "set EDITOR, for example to vi", "no editor is named");
    snprintf(command, sizeof command, "%s \"$1\"", editor);
    station_suspend(station);
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", command, "sh", path, (char *)NULL);
        _exit(127);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    int saved_errno = errno;
    recto_status resumed = station_resume(station, error);
    if (resumed != RECTO_OK)
        return resumed;
    if (child < 0)
        return recto_fail_system(error, saved_errno, editor, "cannot start the editor");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
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
    recto_status status = write_all(file, content, path, error);
    close(file);
    if (status == RECTO_OK)
        status = run_editor(station, path, error);
    if (status == RECTO_OK)
        status = read_all(out, path, error);
    unlink(path);
    return status;
}
