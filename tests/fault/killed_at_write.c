/* tests/fault/killed_at_write.c - loaded before the C library: the process is killed behind write number KILL_WRITE into the file
 * KILL_FILE, as if by kill -9 in that very moment. */
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

ssize_t write(int descriptor, const void *bytes, size_t length)
{
    static long count;
    const char *file = getenv("KILL_FILE"), *number = getenv("KILL_WRITE");
    struct stat wanted, here;
    const ssize_t result = (ssize_t)syscall(SYS_write, descriptor, bytes, length);
    if (file == NULL || number == NULL || stat(file, &wanted) != 0 || fstat(descriptor, &here) != 0 ||
        wanted.st_dev != here.st_dev || wanted.st_ino != here.st_ino)
        return result;
    if (++count == strtol(number, NULL, 10))
        (void)kill(getpid(), SIGKILL);
    return result;
}
