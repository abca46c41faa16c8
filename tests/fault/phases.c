/* tests/fault/phases.c - see phases.h. */
#include "phases.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct { /* the only state that the functions under SQLite can reach; one thread a process */
    phases now;
    double begun, processor, granted;
    long preempted;
    bool counting;
} meter;

double phases_now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double processor_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static long preempted(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_nivcsw : 0;
}

void phases_begin(void)
{
    memset(&meter, 0, sizeof meter);
    meter.counting = true;
    meter.preempted = preempted();
    meter.processor = processor_ms();
    meter.begun = phases_now_ms();
}

void phases_end(phases *out)
{
    meter.now.begun = meter.begun;
    meter.now.all = phases_now_ms() - meter.begun;
    meter.now.processor = processor_ms() - meter.processor;
    meter.now.preempted = (int)(preempted() - meter.preempted);
    meter.counting = false;
    *out = meter.now;
}

/* ---- in the place of the C library's ----------------------------------------------------------------------------- */

int flock(int descriptor, int operation)
{
    const double begun = meter.counting ? phases_now_ms() : 0;
    const int result = (int)syscall(SYS_flock, descriptor, operation);
    if (!meter.counting)
        return result;
    const double now = phases_now_ms();
    if ((operation & LOCK_UN) != 0)
        meter.now.held += now - meter.granted;
    else
        meter.now.queue += now - begun;
    if ((operation & LOCK_UN) == 0 && result == 0)
        meter.granted = now;
    return result;
}

/* Tickets of the queue are bytes that are waited for; SQLite's locks are tried only. */
static int control(int descriptor, int command, void *argument)
{
    const double begun = meter.counting && command == F_OFD_SETLKW ? phases_now_ms() : 0;
    const int result = (int)syscall(SYS_fcntl, descriptor, command, argument);
    if (begun > 0)
        meter.now.queue += phases_now_ms() - begun;
    return result;
}

int fcntl(int descriptor, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *); /* a number, too, comes in such a register */
    va_end(arguments);
    return control(descriptor, command, argument);
}

int fcntl64(int descriptor, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    return control(descriptor, command, argument);
}

static int sync_by(long call, int descriptor)
{
    const double begun = meter.counting ? phases_now_ms() : 0;
    const int result = (int)syscall(call, descriptor);
    if (meter.counting) {
        meter.now.sync += phases_now_ms() - begun;
        meter.now.syncs++;
    }
    return result;
}

int fdatasync(int descriptor)
{
    return sync_by(SYS_fdatasync, descriptor);
}

int fsync(int descriptor)
{
    return sync_by(SYS_fsync, descriptor);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t offset)
{
    const double begun = meter.counting ? phases_now_ms() : 0;
    const ssize_t result = syscall(SYS_pwrite64, descriptor, bytes, length, offset);
    if (meter.counting) {
        meter.now.write += phases_now_ms() - begun;
        meter.now.writes++;
    }
    return result;
}
