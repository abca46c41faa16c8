/* src/base/whole_file.c - files that appear whole or not at all: written beside, synced, named, the folder synced. */
#include "recto/base/whole_file.h"

#include "recto/base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool write_all(int descriptor, text content)
{
    while (content.length > 0) {
        const ssize_t written = write(descriptor, content.bytes, content.length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written == 0)
            errno = EIO; /* or this would go on forever */
        if (written <= 0)
            return false;
        content = text_of(content.bytes + written, content.length - (size_t)written);
    }
    return true;
}

recto_status whole_file_read(buffer *out, int descriptor, const char *name, recto_error *error)
{
    enum { PIECE = 64 * 1024 };
    for (ssize_t got = 1; got != 0;) {
        const size_t left = out->limit - out->length, piece = left < PIECE ? left : PIECE;
        if (left == 0)
            return recto_fail(error, RECTO_ELIMIT, name, "make it smaller", "file is larger than %zu bytes", out->limit - 1);
        char *room = buffer_reserve(out, piece);
        if (room == NULL)
            return recto_fail_memory(error, "reading a file");
        got = read(descriptor, room, piece);
        if (got < 0 && errno != EINTR)
            return recto_fail_system(error, errno, name, "cannot read");
        if (got > 0)
            buffer_grow(out, (size_t)got);
    }
    return RECTO_OK;
}

static recto_status fail_taken(const char *name, recto_error *error)
{
    return recto_fail(error, RECTO_EREFUSED, name, "choose another name", "a file of this name exists, and stays as it is");
}

static mode_t rights_of_umask(void)
{
    const mode_t mask = umask(077); /* meanwhile another thread's file is rather too private than too open */
    (void)umask(mask);
    return 0666 & ~mask;
}

/* A rename would take the place of a device as readily as that of a file. */
static recto_status look_at_name(mode_t *rights, const whole_file *file, recto_error *error)
{
    struct stat there;
    *rights = file->kind == WHOLE_FILE_NEW ? rights_of_umask() : 0600;
    if (stat(file->name, &there) != 0)
        return RECTO_OK;
    if (file->kind == WHOLE_FILE_NEW)
        return fail_taken(file->name, error);
    if (!S_ISREG(there.st_mode))
        return recto_fail(error, RECTO_EREFUSED, file->name, "choose another name", "this is no file that could be replaced");
    *rights = there.st_mode & 0777;
    return RECTO_OK;
}

recto_status whole_file_open(whole_file *out, const char *name, whole_file_kind kind, recto_error *error)
{
    mode_t rights;
    out->name = name;
    out->kind = kind;
    recto_status status = look_at_name(&rights, out, error);
    if (status != RECTO_OK)
        return status;
    if (snprintf(out->beside, sizeof out->beside, "%s.XXXXXX", name) >= (int)sizeof out->beside)
        return recto_fail(error, RECTO_EIO, name, NULL, "the name is too long");
    out->descriptor = mkostemp(out->beside, O_CLOEXEC);
    if (out->descriptor < 0)
        return recto_fail(error, RECTO_EIO, name, "its folder must be there, and yours to write in", "cannot write: %s",
                          strerror(errno));
    (void)fchmod(out->descriptor, rights); /* where a file system has none of these rights, it is for its owner alone */
    return RECTO_OK;
}

recto_status whole_file_add(whole_file *file, text piece, recto_error *error)
{
    return write_all(file->descriptor, piece) ? RECTO_OK : recto_fail_system(error, errno, file->name, "cannot write");
}

/* Some file systems know no renaming that replaces nothing, others no hard links, and some neither: there a file that somebody
 * makes in this very moment would be replaced. */
static bool give_free_name(const whole_file *file)
{
    if (renameat2(AT_FDCWD, file->beside, AT_FDCWD, file->name, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EEXIST && link(file->beside, file->name) == 0)
        return unlink(file->beside) == 0;
    if (errno == EEXIST)
        return false;
    if (access(file->name, F_OK) != 0)
        return rename(file->beside, file->name) == 0;
    errno = EEXIST;
    return false;
}

static bool give_name(const whole_file *file)
{
    return file->kind == WHOLE_FILE_NEW ? give_free_name(file) : rename(file->beside, file->name) == 0;
}

recto_status whole_file_close(whole_file *file, recto_status status, recto_error *error)
{
    if (status == RECTO_OK && fsync(file->descriptor) != 0)
        status = recto_fail_system(error, errno, file->name, "cannot write");
    if (close(file->descriptor) != 0 && status == RECTO_OK)
        status = recto_fail_system(error, errno, file->name, "cannot write");
    if (status == RECTO_OK && !give_name(file))
        status = errno == EEXIST ? fail_taken(file->name, error) : recto_fail_system(error, errno, file->name, "cannot write");
    if (status != RECTO_OK)
        (void)unlink(file->beside);
    else if (!sync_folder_of(file->name))
        status = recto_fail_system(error, errno, file->name, "cannot write");
    return status;
}

recto_status whole_file_write(const char *name, whole_file_kind kind, text content, recto_error *error)
{
    whole_file file;
    recto_status status = whole_file_open(&file, name, kind, error);
    if (status != RECTO_OK)
        return status;
    return whole_file_close(&file, whole_file_add(&file, content, error), error);
}
