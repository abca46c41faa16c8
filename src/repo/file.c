/* src/repo/file.c - where a repository may lie: a disk of this machine, one name, nobody else's rights (RL-90 to RL-94). */
#include "store.h"

#include "recto/base/folder.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* The numbers of statfs(2); some are in no header. SQLite's locks cannot be trusted on any of these. */
static const struct {
    unsigned long type;
    const char *name;
} network_systems[] = {
    { 0x6969, "NFS" },        { 0x517B, "SMB" },      { 0xFF534D42, "CIFS" },  { 0xFE534D42, "SMB2" }, { 0x5346414F, "AFS" },
    { 0x6B414653, "AFS" },    { 0x73757245, "Coda" }, { 0x564C, "NCP" },       { 0x01021997, "9p" },   { 0x00C36400, "Ceph" },
    { 0x0BD00BD0, "Lustre" }, { 0x01161970, "GFS2" }, { 0x7461636F, "OCFS2" },
};

/* The folder of a path, into out. */
static void folder_of(char out[static PATH_MAX], const char *path)
{
    (void)snprintf(out, PATH_MAX, "%s", path);
    char *slash = strrchr(out, '/');
    if (slash == NULL)
        (void)snprintf(out, PATH_MAX, ".");
    else if (slash == out)
        out[1] = '\0';
    else
        *slash = '\0';
}

recto_status file_resolve(char **out, const char *path, recto_error *error)
{
    char real[PATH_MAX];
    const char *found = realpath(path, real) != NULL ? real : NULL;
    if (found == NULL && (errno == ENOENT || errno == ENOTDIR))
        return recto_fail(error, RECTO_EIO, path, "create one with: recto init", "no repository here");
    if (found == NULL)
        return recto_fail_system(error, errno, path, "cannot open the repository");
    *out = strdup(found);
    return *out != NULL ? RECTO_OK : recto_fail_memory(error, "opening the repository");
}

recto_status file_check(const char *path, dev_t *device, ino_t *inode, recto_error *error)
{
    struct stat file, folder;
    char folder_name[PATH_MAX];
    if (stat(path, &file) != 0)
        return recto_fail_system(error, errno, path, "cannot open the repository");
    if (!S_ISREG(file.st_mode))
        return recto_fail(error, RECTO_EDATA, path, NULL, "this is not a Recto repository");
    if (file.st_nlink > 1)
        return recto_fail(error, RECTO_EIO, path, "remove the other name, or copy the repository with: recto backup",
                          "the repository file has %lu names (hard links)", (unsigned long)file.st_nlink);
    folder_of(folder_name, path);
    /* The sticky bit keeps others from replacing the file: a folder such as /tmp is bad taste but no danger. */
    if (stat(folder_name, &folder) == 0 && (folder.st_mode & S_IWOTH) != 0 && (folder.st_mode & S_ISVTX) == 0)
        return recto_fail(error, RECTO_EIO, folder_name, "take the right to write from others: chmod o-w",
                          "the folder of the repository is writable by everybody");
    *device = file.st_dev;
    *inode = file.st_ino;
    return RECTO_OK;
}

recto_status file_check_system(const char *path, recto_error *error)
{
    char folder[PATH_MAX];
    struct statfs system;
    folder_of(folder, path);
    if (statfs(folder, &system) != 0)
        return recto_fail_system(error, errno, folder, "cannot look at the file system");
    for (size_t i = 0; i < sizeof network_systems / sizeof *network_systems; i++)
        if (((unsigned long)system.f_type & 0xFFFFFFFFUL) == network_systems[i].type)
            return recto_fail(error, RECTO_EIO, path, "put it on a disk of the machine that the catalogers log in to",
                              "this is on a network file system (%s), where SQLite cannot keep it safe", network_systems[i].name);
    return RECTO_OK;
}

/* Locks work there, but what is below may be a cloud folder or a layer that is thrown away (RL-91). */
const char *file_doubtful_system(const char *path)
{
    char folder[PATH_MAX];
    struct statfs system;
    folder_of(folder, path);
    if (statfs(folder, &system) != 0)
        return NULL;
    const unsigned long type = (unsigned long)system.f_type & 0xFFFFFFFFUL;
    return type == 0x65735546UL ? "FUSE" : type == 0x794C7630UL ? "overlayfs" : NULL;
}

/* "anna:catalogers 0660", so that whoever may not knows whom to ask (RL-186). */
static void describe_rights(char *out, size_t capacity, const char *path)
{
    enum { NAMES = 4096 };
    struct stat file;
    struct passwd user, *owner = NULL;
    struct group band, *group = NULL;
    char space[NAMES], more[NAMES];
    out[0] = '\0';
    if (stat(path, &file) != 0)
        return;
    if (getpwuid_r(file.st_uid, &user, space, sizeof space, &owner) != 0)
        owner = NULL;
    if (getgrgid_r(file.st_gid, &band, more, sizeof more, &group) != 0)
        group = NULL;
    (void)snprintf(out, capacity, " (%s:%s %04o)", owner != NULL ? owner->pw_name : "?", group != NULL ? group->gr_name : "?",
                   (unsigned)file.st_mode & 07777U);
}

recto_status file_no_right(const char *path, const char *what, recto_error *error)
{
    char rights[200];
    describe_rights(rights, sizeof rights, path);
    return recto_fail(error, RECTO_EIO, path, "ask the owner of the file", "you may not %s this repository%s", what, rights);
}

recto_status file_make_directories(const char *path, recto_error *error)
{
    char folder[PATH_MAX];
    if (strlen(path) >= PATH_MAX - 16)
        return recto_fail(error, RECTO_EINVALID, path, NULL, "the path is too long");
    folder_of(folder, path);
    return make_folders(folder) ? RECTO_OK : recto_fail_system(error, errno, folder, "cannot make the folder");
}

mode_t file_mode_in_folder(const char *path)
{
    struct stat folder;
    char folder_name[PATH_MAX];
    folder_of(folder_name, path);
    const bool shared = stat(folder_name, &folder) == 0 && (folder.st_mode & S_ISGID) != 0 && (folder.st_mode & S_IWGRP) != 0;
    return shared ? 0660 : 0600;
}

bool file_has_beside(const char *path, const char *suffix)
{
    char name[PATH_MAX];
    return (size_t)snprintf(name, sizeof name, "%s%s", path, suffix) < sizeof name && access(name, F_OK) == 0;
}
