/* src/base/folder.c - folders are made as far as they are missing, and synced. */
#include "recto/base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool make_one(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

bool make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (!make_one(path))
            return false;
        *slash = '/';
    }
    return make_one(path);
}

bool sync_folder_of(const char *name)
{
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(name, '/');
    if (slash != NULL && snprintf(folder, sizeof folder, "%.*s", (int)(slash - name + 1), name) >= (int)sizeof folder) {
        errno = ENAMETOOLONG;
        return false;
    }
    const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const int failed = fsync(descriptor) == 0 ? 0 : errno;
    (void)close(descriptor);
    errno = failed;
    return failed == 0;
}
