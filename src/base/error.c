/* src/base/error.c - filling the one error type. Nothing here allocates: "no memory" must be reportable without any. */
#include "recto/base/error.h"

#include "recto/base/text.h"
#include "recto/base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Copies what may be shown, cut at a character: messages can quote names and data, and reach terminals and logs (RL-150). */
static void keep_message(char *out, size_t capacity, const char *from)
{
    size_t used = 0, left = from == NULL ? 0 : strlen(from);
    while (left > 0) {
        display_unit unit;
        display_next(&unit, from, left, true);
        size_t length = strlen(unit.shown);
        if (used + length + 1 > capacity)
            break;
        memcpy(out + used, unit.shown, length);
        used += length;
        from += unit.bytes;
        left -= unit.bytes;
    }
    out[used] = '\0';
}

recto_status recto_fail(recto_error *error, recto_status status, const char *where, const char *todo, const char *what, ...)
{
    if (error == NULL)
        return status;
    char message[2 * RECTO_ERROR_WHAT];
    va_list arguments;
    va_start(arguments, what);
    vsnprintf(message, sizeof message, what, arguments);
    va_end(arguments);
    error->status = status;
    keep_message(error->what, sizeof error->what, message);
    keep_message(error->where, sizeof error->where, where);
    keep_message(error->todo, sizeof error->todo, todo);
    return status;
}

recto_status recto_fail_memory(recto_error *error, const char *while_doing)
{
    return recto_fail(error, RECTO_ENOMEM, NULL, "free memory and try again", "out of memory while %s", while_doing);
}

static recto_status status_of_errno(int number)
{
    switch (number) {
    case ENOMEM:
        return RECTO_ENOMEM;
    case ENOENT:
        return RECTO_ENOTFOUND;
    default:
        return RECTO_EIO;
    }
}

/* What whoever reads the reason can do about it; NULL: nothing that holds everywhere. */
static const char *todo_of_errno(int saved_errno)
{
    static const struct {
        int number;
        const char *todo;
    } known[] = {
        { ENOSPC, "free space and try again" },
        { EDQUOT, "free space and try again" },
        { ENOENT, "check the name, and that its folder is there" },
        { ENOTDIR, "check the name: a part of it is a file, and no folder" },
        { EISDIR, "name a file, not its folder" },
        { EACCES, "check the rights of the file and of its folder" },
        { EPERM, "check the rights of the file and of its folder" },
        { EROFS, "nothing can be written there; choose another place" },
        { EMFILE, "more files are open than ulimit -n allows" },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].number == saved_errno)
            return known[i].todo;
    return NULL;
}

recto_status recto_fail_system(recto_error *error, int saved_errno, const char *where, const char *what)
{
    char text[96] = "";
    const char *reason = strerror_r(saved_errno, text, sizeof text);
    return recto_fail(error, status_of_errno(saved_errno), where, todo_of_errno(saved_errno), "%s: %s", what, reason);
}

void recto_error_clear(recto_error *error)
{
    if (error != NULL)
        memset(error, 0, sizeof *error);
}

int recto_exit_status(recto_status status)
{
    static const unsigned char exits[] = {
        [RECTO_OK] = 0,    [RECTO_END] = 0,      [RECTO_ENOTFOUND] = 1, [RECTO_EINVALID] = 2, [RECTO_EUSAGE] = 2,
        [RECTO_EDATA] = 3, [RECTO_ELIMIT] = 3,   [RECTO_EREFUSED] = 4,  [RECTO_ELOCKED] = 4,  [RECTO_EBUSY] = 5,
        [RECTO_EIO] = 5,   [RECTO_ENETWORK] = 5, [RECTO_ENOMEM] = 5,
    };
    return (size_t)status < sizeof exits ? exits[status] : 5;
}

void recto_error_line(char *out, unsigned long capacity, const recto_error *error)
{
    const char *gap = error->where[0] == '\0' ? "" : ": ";
    const char *mark = error->todo[0] == '\0' ? "" : "; ";
    int length = snprintf(out, capacity, "%s%s%s%s%s", error->where, gap, error->what, mark, error->todo);
    if (length < 0 || (unsigned long)length < capacity || capacity == 0)
        return;
    size_t bad = 0; /* cut in the middle of a character? */
    if (!utf8_valid(text_from(out), &bad))
        out[bad] = '\0';
}
