/* tests/fault/other_disk.c - loaded before the C library: every file system says that it is of the type OTHER_DISK (hexadecimal).
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

int statfs(const char *path, struct statfs *out)
{
    const char *type = getenv("OTHER_DISK");
    const int result = (int)syscall(SYS_statfs, path, out);
    if (result == 0 && type != NULL)
        out->f_type = (typeof(out->f_type))strtoul(type, NULL, 16);
    return result;
}

int statfs64(const char *path, struct statfs64 *out)
{
    return statfs(path, (struct statfs *)out); /* the same structure where both are of 64 bits */
}
