/* tests/tools/typist.c - types into the editor through a pseudo-terminal, is killed in the middle, and looks what the next start
 * has kept (issue 5: never more than the last second lost).
 *
 * usage: typist RECTO MMSID RUNS [SEED]        (the repository by RECTO_REPO, the cataloger by RECTO_USER)
 *
 * Each run adds a field 500 and types numbers of six digits, one letter every few milliseconds, until SIGKILL falls at a random
 * time. The numbers are never the same again, so that what the next start shows is what was kept. What is counted as lost is the
 * time from the first letter of the first number that is missing to the kill. Prints one line: runs, greatest and middle loss in
 * milliseconds; ends with 1 when a loss was greater than a second, or the program did not come back. */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    OUTPUT_MAX = 1 << 20,
    NUMBERS_MAX = 900,
    ALLOWED_MS = 1000,
    ANSWER_MS = 20000,
    LETTER_MS = 6,
    TYPING_LEAST_MS = 1100,
    TYPING_MOST_MS = 2600
};

typedef struct typist {
    const char *program;
    int master, barrier;
    pid_t pid;
    char output[OUTPUT_MAX]; /* since the last start, the end of it when there was more */
    size_t length;
    uint64_t state;
} typist;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint32_t below(typist *typist, uint32_t limit)
{
    typist->state = typist->state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(typist->state >> 33) % limit;
}

static void give_up(const typist *typist, const char *why)
{
    fprintf(stderr, "typist: %s; the end of what was shown:\n", why);
    size_t from = typist->length > 3000 ? typist->length - 3000 : 0;
    fwrite(typist->output + from, 1, typist->length - from, stderr);
    if (typist->pid > 0)
        kill(typist->pid, SIGKILL);
    exit(1);
}

/* Reads what there is. @return false: the line has ended */
static bool pump(typist *typist, int wait_ms)
{
    struct pollfd polled = { typist->master, POLLIN, 0 };
    char bytes[16384];
    if (poll(&polled, 1, wait_ms) <= 0)
        return true;
    ssize_t got = read(typist->master, bytes, sizeof bytes);
    if (got <= 0)
        return got < 0 && errno == EINTR;
    if (typist->length + (size_t)got > sizeof typist->output) {
        memmove(typist->output, typist->output + sizeof typist->output / 2, typist->length - sizeof typist->output / 2);
        typist->length -= sizeof typist->output / 2;
    }
    memcpy(typist->output + typist->length, bytes, (size_t)got);
    typist->length += (size_t)got;
    return true;
}

static void type_bytes(const typist *typist, const char *bytes)
{
    if (write(typist->master, bytes, strlen(bytes)) < 0)
        give_up(typist, "cannot type");
}

/* Waits until all that was typed is done and drawn. */
static void settle(typist *typist)
{
    char question[32], answer[32];
    size_t from = typist->length;
    int64_t until = now_ms() + ANSWER_MS;
    typist->barrier++;
    snprintf(question, sizeof question, "\x1b_recto;%d\x1b\\", typist->barrier);
    snprintf(answer, sizeof answer, "\x1b_recto;%d\x1b\\", typist->barrier);
    type_bytes(typist, question);
    for (;;) {
        size_t start = from > 40 && from <= typist->length ? from - 40 : 0;
        if (memmem(typist->output + start, typist->length - start, answer, strlen(answer)) != NULL)
            return;
        if (!pump(typist, 50) || now_ms() > until)
            give_up(typist, "no answer");
    }
}

static void start(typist *typist)
{
    struct winsize size = { 24, 100, 0, 0 };
    typist->length = 0;
    typist->pid = forkpty(&typist->master, NULL, NULL, &size);
    if (typist->pid < 0)
        give_up(typist, "no pseudo-terminal");
    if (typist->pid == 0) {
        setenv("TERM", "xterm-256color", 1);
        setenv("RECTO_TEST_BARRIER", "1", 1);
        execl(typist->program, typist->program, "--theme", "mono", (char *)NULL);
        _exit(127);
    }
    struct pollfd first = { typist->master, POLLIN, 0 };
    poll(&first, 1, ANSWER_MS);
    settle(typist);
}

static void kill_it(typist *typist)
{
    int status;
    kill(typist->pid, SIGKILL);
    waitpid(typist->pid, &status, 0);
    close(typist->master);
    typist->pid = 0;
}

static bool shows(const typist *typist, const char *text)
{
    return memmem(typist->output, typist->length, text, strlen(text)) != NULL;
}

/* Types numbers until the time has come. @return how many letters; when each was typed is in `typed_at` */
static size_t type_until_killed(typist *typist, int run, int64_t *typed_at, int64_t *killed_at)
{
    char number[16];
    size_t letters = 0;
    int64_t until;
    type_bytes(typist, "\x1b[19~500  ");
    settle(typist);
    until = now_ms() + TYPING_LEAST_MS + below(typist, TYPING_MOST_MS - TYPING_LEAST_MS);
    while (now_ms() < until && letters / 7 < NUMBERS_MAX) {
        snprintf(number, sizeof number, "%03d%03d ", run % 1000, (int)(letters / 7));
        char letter[2] = { number[letters % 7], '\0' };
        typed_at[letters++] = now_ms();
        type_bytes(typist, letter);
        for (int64_t next = now_ms() + 1 + below(typist, 2 * LETTER_MS); now_ms() < next;)
            pump(typist, (int)(next - now_ms()));
    }
    *killed_at = now_ms();
    kill_it(typist);
    return letters;
}

/* @return milliseconds of typing that did not come back */
static int64_t look(typist *typist, int run, size_t letters, const int64_t *typed_at, int64_t killed_at)
{
    char number[16];
    int kept = -1, whole = (int)(letters / 7);
    for (int i = whole - 1; i >= 0 && kept < 0; i--) {
        snprintf(number, sizeof number, "%03d%03d", run % 1000, i);
        if (shows(typist, number))
            kept = i;
    }
    size_t first_missing = (size_t)(kept + 1) * 7;
    return first_missing >= letters ? 0 : killed_at - typed_at[first_missing];
}

static int compare(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return a < b ? -1 : a > b;
}

int main(int argc, char **argv)
{
    static typist typist;
    static int64_t typed_at[NUMBERS_MAX * 7 + 7], losses[10000];
    int runs = argc > 3 ? atoi(argv[3]) : 0, over = 0;
    if (runs < 1 || runs > 10000) {
        fprintf(stderr, "usage: typist RECTO MMSID RUNS [SEED]\n");
        return 2;
    }
    typist.program = argv[1];
    typist.state = (argc > 4 ? strtoull(argv[4], NULL, 10) : 1) * 2862933555777941757U + 3037000493U;
    start(&typist);
    type_bytes(&typist, argv[2]);
    type_bytes(&typist, "\r");
    settle(&typist);
    type_bytes(&typist, "e");
    settle(&typist);
    for (int run = 0; run < runs; run++) {
        int64_t killed_at;
        size_t letters = type_until_killed(&typist, run, typed_at, &killed_at);
        start(&typist);
        if (!shows(&typist, "Your work is back"))
            give_up(&typist, "the draft was not offered");
        type_bytes(&typist, "\r");
        settle(&typist);
        losses[run] = look(&typist, run, letters, typed_at, killed_at);
        over += losses[run] > ALLOWED_MS;
        if (losses[run] > ALLOWED_MS)
            fprintf(stderr, "run %d: %lld ms lost\n", run, (long long)losses[run]);
    }
    kill_it(&typist);
    qsort(losses, (size_t)runs, sizeof *losses, compare);
    printf("%d kills, most lost %lld ms, middle %lld ms, over a second %d\n", runs, (long long)losses[runs - 1],
           (long long)losses[runs / 2], over);
    return over > 0;
}
