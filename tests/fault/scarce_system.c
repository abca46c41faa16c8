/* tests/fault/scarce_system.c - calls of the system that fail when they are told to, under the jobs of tests/fault/scarce: the
 * linker's --wrap leads here. What SQLite calls by itself does not come this way: shim.c is its file system. */
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

int __real_open(const char *path, int flags, ...);
int __real_fcntl(int descriptor, int command, ...);
int __real_flock(int descriptor, int operation);
ssize_t __real_pread(int descriptor, void *out, size_t size, off_t at);
ssize_t __real_pwrite(int descriptor, const void *bytes, size_t size, off_t at);
int __real_fsync(int descriptor);
int __real_fchmod(int descriptor, mode_t mode);
int __real_stat(const char *path, struct stat *out);
int __real_statfs(const char *path, struct statfs *out);
int __real_link(const char *from, const char *to);
int __real_mkdir(const char *path, mode_t mode);
int __real_sigaction(int number, const struct sigaction *action, struct sigaction *before);
int __real_timer_create(clockid_t clock, struct sigevent *event, timer_t *out);
int __real_close(int descriptor);
int __wrap_open(const char *path, int flags, ...);
int __wrap_fcntl(int descriptor, int command, ...);
int __wrap_flock(int descriptor, int operation);
ssize_t __wrap_pread(int descriptor, void *out, size_t size, off_t at);
ssize_t __wrap_pwrite(int descriptor, const void *bytes, size_t size, off_t at);
int __wrap_fsync(int descriptor);
int __wrap_fchmod(int descriptor, mode_t mode);
int __wrap_stat(const char *path, struct stat *out);
int __wrap_statfs(const char *path, struct statfs *out);
int __wrap_link(const char *from, const char *to);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_sigaction(int number, const struct sigaction *action, struct sigaction *before);
int __wrap_timer_create(clockid_t clock, struct sigevent *event, timer_t *out);
int __wrap_close(int descriptor);

static bool falls(void)
{
    static const int codes[] = { EIO, EACCES, ENOSPC, EINTR };
    if (!shim_falls(SHIM_SYSTEM))
        return false;
    errno = codes[(unsigned long)shim_count(SHIM_SYSTEM) % (sizeof codes / sizeof *codes)];
    return true;
}

int __wrap_open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return falls() ? -1 : __real_open(path, flags, mode);
}

int __wrap_fcntl(int descriptor, int command, ...)
{
    va_list rest;
    va_start(rest, command);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    return falls() ? -1 : __real_fcntl(descriptor, command, argument);
}

int __wrap_flock(int descriptor, int operation)
{
    return falls() ? -1 : __real_flock(descriptor, operation);
}

ssize_t __wrap_pread(int descriptor, void *out, size_t size, off_t at)
{
    return falls() ? -1 : __real_pread(descriptor, out, size, at);
}

ssize_t __wrap_pwrite(int descriptor, const void *bytes, size_t size, off_t at)
{
    return falls() ? -1 : __real_pwrite(descriptor, bytes, size, at);
}

int __wrap_fsync(int descriptor)
{
    return falls() ? -1 : __real_fsync(descriptor);
}

int __wrap_fchmod(int descriptor, mode_t mode)
{
    return falls() ? -1 : __real_fchmod(descriptor, mode);
}

int __wrap_stat(const char *path, struct stat *out)
{
    return falls() ? -1 : __real_stat(path, out);
}

int __wrap_statfs(const char *path, struct statfs *out)
{
    return falls() ? -1 : __real_statfs(path, out);
}

int __wrap_link(const char *from, const char *to)
{
    return falls() ? -1 : __real_link(from, to);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
    return falls() ? -1 : __real_mkdir(path, mode);
}

int __wrap_sigaction(int number, const struct sigaction *action, struct sigaction *before)
{
    return falls() ? -1 : __real_sigaction(number, action, before);
}

int __wrap_timer_create(clockid_t clock, struct sigevent *event, timer_t *out)
{
    return falls() ? -1 : __real_timer_create(clock, event, out);
}

/* What could not be closed is closed all the same. */
int __wrap_close(int descriptor)
{
    const int closed = __real_close(descriptor);
    return falls() ? -1 : closed;
}
