/* src/cli/rejects.c - see rejects.h.
 *
 * Whole files are written beside and renamed (base/whole_file.h). This one grows as the load does and is watched meanwhile, so it
 * is added to in place, and how long it is belongs to the transaction of each batch, as the place in the loaded file does: what
 * lies behind that length is of a batch that was never committed. The length is kept under the file's device and inode, and only
 * as long as a load is under way; another load that adds to the same file finds it, too. */
#include "rejects.h"
#include "command_line.h"

#include "recto/base/folder.h"
#include "recto/base/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static recto_status fail(const rejects *rejects, recto_error *error)
{
    return recto_fail_system(error, errno, rejects->name, "cannot write the rejects");
}

static text key_of(const rejects *rejects)
{
    return text_from(rejects->key);
}

/* To the length that the last batch which was committed has left. */
static recto_status cut(const rejects *rejects, recto_error *error)
{
    struct stat about;
    uint64_t length = 0;
    bool known = false;
    recto_status status = catalog_load_rejects(&length, &known, rejects->catalog, key_of(rejects), error);
    if (status != RECTO_OK || !known)
        return status;
    if (fstat(rejects->descriptor, &about) != 0)
        return fail(rejects, error);
    if ((uint64_t)about.st_size > length &&
        (ftruncate(rejects->descriptor, (off_t)length) != 0 || fsync(rejects->descriptor) != 0))
        return fail(rejects, error);
    return RECTO_OK;
}

recto_status rejects_reached(const rejects *rejects, recto_error *error)
{
    struct stat about;
    if (rejects->key[0] == '\0')
        return RECTO_OK;
    if (fsync(rejects->descriptor) != 0 || fstat(rejects->descriptor, &about) != 0)
        return fail(rejects, error);
    return catalog_load_rejects_set(rejects->catalog, key_of(rejects), (uint64_t)about.st_size, error);
}

/* Two loads would each take what the other has added for its own. */
static recto_status take(const rejects *rejects, recto_error *error)
{
    if (flock(rejects->descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return RECTO_OK; /* or the file system knows no such locks */
    return recto_fail(error, RECTO_ELOCKED, rejects->name, "name another file, or wait for it to end",
                      "another load is adding its rejects to this file");
}

recto_status rejects_open(rejects *out, catalog *catalog, const char *name, recto_error *error)
{
    struct stat about;
    *out = (rejects){ .name = name, .descriptor = -1, .catalog = catalog };
    if (name == NULL)
        return RECTO_OK;
    out->descriptor = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (out->descriptor < 0 || fstat(out->descriptor, &about) != 0)
        return fail(out, error);
    if (!S_ISREG(about.st_mode) || catalog_is_read_only(catalog))
        return RECTO_OK;
    (void)sync_folder_of(name); /* it may be new; a folder that may not be read keeps nobody from loading */
    recto_status status = take(out, error);
    if (status != RECTO_OK)
        return status;
    snprintf(out->key, sizeof out->key, "rejects:%llx:%llx", (unsigned long long)about.st_dev, (unsigned long long)about.st_ino);
    status = cut(out, error);
    return status == RECTO_OK ? rejects_reached(out, error) : status;
}

recto_status rejects_add(const rejects *rejects, text raw, recto_error *error)
{
    return rejects->descriptor < 0 || write_all(rejects->descriptor, raw) ? RECTO_OK : fail(rejects, error);
}

recto_status rejects_close(rejects *rejects, bool is_whole, recto_error *error)
{
    recto_status status = RECTO_OK;
    if (rejects->descriptor < 0)
        return status;
    if (rejects->key[0] != '\0' && !is_whole)
        status = cut(rejects, error);
    else if (rejects->key[0] != '\0' && fsync(rejects->descriptor) != 0)
        status = fail(rejects, error);
    if (rejects->key[0] != '\0' && status == RECTO_OK)
        status = catalog_load_rejects_forget(rejects->catalog, key_of(rejects), error);
    if (close(rejects->descriptor) != 0 && status == RECTO_OK)
        status = fail(rejects, error);
    rejects->descriptor = -1;
    return status;
}
