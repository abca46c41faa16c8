/* tests/tools/key_latency.c - how long a key takes to be seen: types into the real program and waits for what it draws.
 *
 * usage: key_latency ROWSxCOLUMNS BEFORE KEYS COUNT PACE_MS COMMAND [ARGUMENT ...]
 *
 * BEFORE is typed first and not measured; then KEYS, over and over, COUNT keys in all, one every PACE_MS at most, as a typist
 * does. In both, words in <> are keys (<enter> <down> <up> <left> <right> <end> <home> <pgdn> <esc> <f9> ^X), <wait> waits for
 * silence; all else is letters. For each key: time from writing it to the last byte before 4 ms of silence. A key that draws
 * nothing is counted apart, and so is what comes once the keys rest. The time that the program's own thread was on a processor
 * is read from the kernel, key by key, so that a busy machine can be told from a slow program. Prints: keys, silent, p50, p99,
 * worst (ms), mean bytes, processor time a key (mean; median and 99th of a hundred of the keys themselves), bytes at rest. */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { QUIET_MS = 4, ANSWER_MS = 200, SETTLE_MS = 400, KEYS_MAX = 100000 };

typedef struct key {
    char bytes[16];
    bool waits;
} key;

typedef struct driver {
    int master;
    pid_t child;
    double *times, *used; /* from key to paint; on the processor for it */
    size_t count, silent;
    unsigned long bytes;
} driver;

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

/* @return false: nothing came in time, or the program is gone */
static bool read_some(driver *drive, int timeout_ms, unsigned long *bytes)
{
    char block[65536];
    struct pollfd wanted = { .fd = drive->master, .events = POLLIN };
    if (poll(&wanted, 1, timeout_ms) <= 0)
        return false;
    ssize_t got = read(drive->master, block, sizeof block);
    if (got <= 0)
        return false;
    *bytes += (unsigned long)got;
    return true;
}

static unsigned long settle(driver *drive)
{
    unsigned long bytes = 0;
    while (read_some(drive, SETTLE_MS, &bytes))
        ;
    return bytes;
}

static const char *next_key(const char *script, key *out)
{
    static const struct {
        const char *name, *bytes;
    } names[] = {
        { "<enter>", "\r" },      { "<down>", "\033[B" },      { "<up>", "\033[A" },   { "<left>", "\033[D" },
        { "<right>", "\033[C" },  { "<end>", "\033[F" },       { "<home>", "\033[H" }, { "<pgdn>", "\033[6~" },
        { "<pgup>", "\033[5~" },  { "<esc>", "\033" },         { "<f9>", "\033[20~" }, { "<bs>", "\177" },
        { "<top>", "\033[1;5H" }, { "<bottom>", "\033[1;5F" },
    };
    *out = (key){ .bytes = { script[0] } };
    if (strncmp(script, "<wait>", 6) == 0) {
        out->waits = true;
        return script + 6;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strncmp(script, names[i].name, strlen(names[i].name)) == 0) {
            snprintf(out->bytes, sizeof out->bytes, "%s", names[i].bytes);
            return script + strlen(names[i].name);
        }
    if (script[0] == '^' && script[1] != '\0') {
        out->bytes[0] = (char)(script[1] & 0x1F);
        return script + 2;
    }
    return script + 1;
}

static void type(driver *drive, const key *pressed)
{
    size_t length = strlen(pressed->bytes);
    if (write(drive->master, pressed->bytes, length) != (ssize_t)length) {
        fprintf(stderr, "key_latency: the program takes no keys: %s\n", strerror(errno));
        exit(1);
    }
}

/* Of the thread that draws; 0 where the kernel does not tell. */
static double processor_ms(pid_t child)
{
    char path[64];
    double nanoseconds = 0;
    snprintf(path, sizeof path, "/proc/%d/schedstat", (int)child);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%lf", &nanoseconds) != 1)
        nanoseconds = 0;
    fclose(file);
    return nanoseconds / 1e6;
}

static void measure(driver *drive, const key *pressed)
{
    double before = processor_ms(drive->child), start = now_ms(), last = 0;
    unsigned long bytes = 0;
    type(drive, pressed);
    for (int wait = ANSWER_MS; read_some(drive, wait, &bytes); wait = QUIET_MS)
        last = now_ms();
    if (last == 0)
        drive->silent++;
    else {
        drive->used[drive->count] = processor_ms(drive->child) - before;
        drive->times[drive->count++] = last - start;
    }
    drive->bytes += bytes;
}

static int compare(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return a < b ? -1 : a > b;
}

static double percentile(const double *sorted, size_t count, double part)
{
    size_t at = (size_t)((double)count * part);
    return count == 0 ? 0 : sorted[at < count ? at : count - 1];
}

static void start(driver *drive, const char *size, char **command)
{
    struct winsize window = { 24, 80, 0, 0 };
    unsigned rows = 24, columns = 80;
    sscanf(size, "%ux%u", &rows, &columns);
    window.ws_row = (unsigned short)rows;
    window.ws_col = (unsigned short)columns;
    drive->child = forkpty(&drive->master, NULL, NULL, &window);
    if (drive->child == 0) {
        setenv("TERM", "xterm-256color", 1);
        execvp(command[0], command);
        _exit(127);
    }
}

int main(int count, char **arguments)
{
    driver drive = { 0 };
    key pressed;
    if (count < 7) {
        fprintf(stderr, "usage: key_latency ROWSxCOLUMNS BEFORE KEYS COUNT PACE_MS COMMAND [ARGUMENT ...]\n");
        return 2;
    }
    size_t wanted = strtoul(arguments[4], NULL, 10);
    double pace = strtod(arguments[5], NULL);
    drive.times = calloc(wanted + 1, sizeof *drive.times);
    drive.used = calloc(wanted + 1, sizeof *drive.used);
    if (wanted > KEYS_MAX || drive.times == NULL || drive.used == NULL)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    start(&drive, arguments[1], arguments + 6);
    settle(&drive);
    for (const char *at = arguments[2]; *at != '\0';) {
        at = next_key(at, &pressed);
        if (pressed.waits)
            settle(&drive);
        else
            type(&drive, &pressed);
    }
    settle(&drive);
    double before = processor_ms(drive.child);
    const char *at = arguments[3];
    for (size_t i = 0; i < wanted; i++) {
        double due = now_ms() + pace;
        at = next_key(*at == '\0' ? arguments[3] : at, &pressed);
        measure(&drive, &pressed);
        unsigned long late = 0;
        for (double left = due - now_ms(); left > 1; left = due - now_ms())
            if (read_some(&drive, (int)left, &late))
                drive.bytes += late;
    }
    double used = processor_ms(drive.child) - before;
    const unsigned long at_rest = settle(&drive);
    qsort(drive.times, drive.count, sizeof *drive.times, compare);
    qsort(drive.used, drive.count, sizeof *drive.used, compare);
    printf("%zu keys, %zu silent, p50 %.3f ms, p99 %.2f ms, worst %.2f ms, %.1f bytes a key, "
           "%.3f ms of the processor a key (half of them %.3f, of a hundred 99 below %.2f), %lu at rest\n",
           wanted, drive.silent, percentile(drive.times, drive.count, 0.5), percentile(drive.times, drive.count, 0.99),
           percentile(drive.times, drive.count, 1), (double)drive.bytes / (double)wanted, used / (double)wanted,
           percentile(drive.used, drive.count, 0.5), percentile(drive.used, drive.count, 0.99), at_rest);
    kill(drive.child, SIGKILL);
    waitpid(drive.child, NULL, 0);
    free(drive.times);
    free(drive.used);
    return 0;
}
