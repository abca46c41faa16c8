/* src/base/crash.c - see crash.h. All that the handler needs was made ready before: it only writes. */
#include "recto/base/crash.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

enum { STACK = 64 * 1024, STATUS = 5, LINE = 400, SIXTEEN = 16, SIGNALS = 5 };
#ifdef ARENA_DEBUG
enum { SANITIZED = true };
#else
enum { SANITIZED = false };
#endif

static const int watched[SIGNALS] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };

static struct last_words { /* a handler is given nothing else */
    const char *doing;
    int descriptor;
    char bytes[CRASH_BYTES_MAX];
    size_t length;
    struct termios modes;
    volatile sig_atomic_t ending;
    struct sigaction before[SIGNALS]; /* who watched the signals until then */
} last_words = { .doing = "recto", .descriptor = -1 };

void crash_doing(const char *what)
{
    last_words.doing = what;
}

void crash_terminal(int descriptor, const char *bytes, size_t length, const struct termios *modes)
{
    last_words.descriptor = -1;
    if (descriptor < 0)
        return;
    last_words.length = length <= sizeof last_words.bytes ? length : 0;
    if (last_words.length > 0)
        memcpy(last_words.bytes, bytes, last_words.length);
    last_words.modes = *modes;
    last_words.descriptor = descriptor;
}

extern const char __executable_start[]; /* of the linker: addresses are told from here, so that they are the same at each start */

/* Where it happened: the place in the program, or in a library far from it. */
static uintptr_t place_of(const void *context)
{
    const ucontext_t *found = context;
#if defined(__x86_64__)
    const uintptr_t at = (uintptr_t)found->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    const uintptr_t at = (uintptr_t)found->uc_mcontext.pc;
#else
    const uintptr_t at = (uintptr_t)found;
#endif
    return at - (uintptr_t)__executable_start;
}

static void append(char line[static LINE], size_t *length, const char *words)
{
    while (*words != '\0' && *length < LINE)
        line[(*length)++] = *words++;
}

static void append_hexadecimal(char line[static LINE], size_t *length, uintptr_t number)
{
    char digits[sizeof number * 2 + 1];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        digits[--at] = "0123456789abcdef"[number % SIXTEEN];
        number /= SIXTEEN;
    } while (number != 0);
    append(line, length, digits + at);
}

static void append_reference(char line[static LINE], size_t *length, int number, const void *context)
{
    append(line, length, RECTO_VERSION "-");
    append_hexadecimal(line, length, (uintptr_t)number);
    append(line, length, "-");
    append_hexadecimal(line, length, place_of(context));
}

static void write_all(int descriptor, const char *bytes, size_t length)
{
    enum { TRIES = 100 }; /* the terminal may be behind, and is not waited for */
    for (int i = 0; i < TRIES && length > 0; i++) {
        const ssize_t sent = write(descriptor, bytes, length);
        if (sent > 0) {
            bytes += sent;
            length -= (size_t)sent;
        }
    }
}

/* A sanitizer tells more of an error than we can: it happens again, to its handler. What somebody sends is ours. */
static bool left_to_others(int number, const siginfo_t *information)
{
    if (!SANITIZED || information->si_code == SI_USER)
        return false;
    for (size_t i = 0; i < SIGNALS; i++)
        if (watched[i] == number)
            (void)sigaction(number, &last_words.before[i], NULL);
    return true;
}

static void on_crash(int number, siginfo_t *information, void *context)
{
    char line[LINE];
    size_t length = 0;
    if (left_to_others(number, information))
        return;
    if (last_words.ending != 0)
        _exit(STATUS); /* a crash on the way out */
    last_words.ending = 1;
    if (last_words.descriptor >= 0) {
        write_all(last_words.descriptor, last_words.bytes, last_words.length);
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &last_words.modes);
    }
    append(line, &length, "recto: internal error ");
    append_reference(line, &length, number, context);
    append(line, &length, " in ");
    append(line, &length, last_words.doing);
    append(line, &length, ": what was saved is saved, and text is kept up to the last second. Please report ");
    append_reference(line, &length, number, context);
    append(line, &length, ".\n");
    write_all(STDERR_FILENO, line, length);
    _exit(STATUS);
}

void crash_watch(void)
{
    static char stack[STACK]; /* the usual one may be what has run out */
    const stack_t other = { .ss_sp = stack, .ss_size = sizeof stack };
    struct sigaction action = { .sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK };
    if (!SANITIZED && sigaltstack(&other, NULL) != 0)
        action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIGNALS; i++)
        (void)sigaction(watched[i], &action, &last_words.before[i]);
}
