/* tests/walk/terminal.c - the program in its pseudo-terminal: started, written to, and what it draws kept as cells. */
#include "walk/walk.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

void screen_text(const terminal *terminal, int row, char *out, size_t capacity)
{
    size_t used = 0;
    for (int column = 0; column < terminal->columns; column++) {
        VTermScreenCell cell = { .chars = { 0 } }; /* libvterm leaves what is behind the last character as it was */
        if (!vterm_screen_get_cell(terminal->screen, (VTermPos){ row, column }, &cell) || cell.chars[0] == (uint32_t)-1)
            continue;
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && (i == 0 || cell.chars[i] != 0) && used + 5 < capacity; i++) {
            uint32_t code = cell.chars[i] == 0 ? ' ' : cell.chars[i];
            if (code < 0x80)
                out[used++] = (char)code;
            else if (code < 0x800)
                used += (size_t)sprintf(out + used, "%c%c", (char)(0xC0 | code >> 6), (char)(0x80 | (code & 0x3F)));
            else if (code < 0x10000)
                used += (size_t)sprintf(out + used, "%c%c%c", (char)(0xE0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3F)),
                                        (char)(0x80 | (code & 0x3F)));
            else
                used += (size_t)sprintf(out + used, "%c%c%c%c", (char)(0xF0 | code >> 18), (char)(0x80 | (code >> 12 & 0x3F)),
                                        (char)(0x80 | (code >> 6 & 0x3F)), (char)(0x80 | (code & 0x3F)));
        }
    }
    out[used] = '\0';
    while (used > 0 && out[used - 1] == ' ')
        out[--used] = '\0';
}

void dump(const terminal *terminal)
{
    char row[LINE];
    for (int i = 0; i < terminal->rows; i++) {
        screen_text(terminal, i, row, sizeof row);
        printf("%3d|%s\n", i, row);
    }
    fflush(stdout);
}

void stop_all(walk *walk)
{
    for (int i = 0; i < TERMINALS; i++)
        if (walk->terminals[i].pid > 0 && !walk->terminals[i].ended)
            kill(walk->terminals[i].pid, SIGKILL);
    if (getenv("WALK_KEEP") == NULL && walk->directory[0] != '\0') {
        pid_t child = fork();
        if (child == 0) {
            execlp("rm", "rm", "-rf", walk->directory, (char *)NULL);
            _exit(127);
        }
        waitpid(child, NULL, 0);
    }
}

void fail(walk *walk, const char *format, ...)
{
    va_list arguments;
    printf("%s:%d (%dx%d %s): ", walk->script, walk->line, walk->columns, walk->rows, walk->term);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    if (walk->at->vterm != NULL)
        dump(walk->at);
    stop_all(walk);
    exit(1);
}

/* ---- the pseudo-terminal ---- */

static void note_output(terminal *terminal, const char *bytes, size_t length)
{
    char answer[32];
    int answer_length = snprintf(answer, sizeof answer, "\x1b_recto;%d\x1b\\", terminal->barrier);
    static char joined[sizeof terminal->tail + 65536];
    memcpy(joined, terminal->tail, terminal->tail_length);
    memcpy(joined + terminal->tail_length, bytes, length);
    size_t total = terminal->tail_length + length;
    if (memmem(joined, total, answer, (size_t)answer_length) != NULL)
        terminal->answered = true;
    terminal->tail_length = total < 48 ? total : 48;
    memmove(terminal->tail, joined + total - terminal->tail_length, terminal->tail_length);
}

/* Takes the answers out: libvterm 0.1.4 would print them. In place; gives the length that is left. */
static size_t without_answers(terminal *terminal, char *bytes, size_t length)
{
    size_t kept = 0;
    static char held[65536 + 8];
    for (size_t i = 0; i < length; i++) {
        char byte = bytes[i];
        if (terminal->apc == 0 && byte == '\x1b') {
            terminal->apc = 1;
        } else if (terminal->apc == 1 && byte == '_') {
            terminal->apc = 2;
        } else if (terminal->apc == 1) {
            held[kept++] = '\x1b';
            if (byte != '\x1b') {
                held[kept++] = byte;
                terminal->apc = 0;
            }
        } else if (terminal->apc == 2) {
            terminal->apc = byte == '\x1b' ? 3 : 2;
        } else if (terminal->apc == 3) {
            terminal->apc = byte == '\\' ? 0 : 2;
        } else {
            held[kept++] = byte;
        }
    }
    memcpy(bytes, held, kept);
    return kept;
}

int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads what there is, waiting at most `wait_ms` for the first of it. @return false at the end of the line */
bool pump(terminal *terminal, int wait_ms)
{
    static char bytes[65536 + 8];
    struct pollfd polled = { terminal->master, POLLIN, 0 };
    if (terminal->master < 0)
        return false;
    if (poll(&polled, 1, wait_ms) <= 0)
        return true;
    ssize_t got = read(terminal->master, bytes, 65536);
    if (got <= 0)
        return got < 0 && errno == EINTR;
    const char *raw = getenv("WALK_RAW");
    if (raw != NULL) {
        int file = open(raw, O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (file < 0 || write(file, bytes, (size_t)got) != got)
            perror(raw);
        close(file);
    }
    stream_check_bytes(&terminal->check, bytes, (size_t)got);
    note_output(terminal, bytes, (size_t)got);
    vterm_input_write(terminal->vterm, bytes, without_answers(terminal, bytes, (size_t)got));
    return true;
}

void send_bytes(walk *walk, const char *bytes, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t written = write(walk->at->master, bytes + done, length - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            fail(walk, "cannot type: %s", strerror(errno));
        done += (size_t)written;
        pump(walk->at, 0);
    }
}

/* On a busy machine the program may read late. A moment before it reads what follows would be one with the Escape. */
static void await_reading(walk *walk)
{
    char name[64];
    int unread = 1;
    const int64_t until = now_ms() + TIMEOUT_MS;
    const int other_end = ptsname_r(walk->at->master, name, sizeof name) == 0 ? open(name, O_RDONLY | O_NOCTTY | O_NONBLOCK) : -1;
    while (other_end >= 0 && ioctl(other_end, FIONREAD, &unread) == 0 && unread > 0 && now_ms() < until && pump(walk->at, 5))
        continue;
    if (other_end >= 0)
        close(other_end);
}

void await_escape(walk *walk)
{
    await_reading(walk);
    for (int64_t until = now_ms() + ESCAPE_MS; now_ms() < until;)
        pump(walk->at, 10);
}

void check_stream(walk *walk)
{
    if (walk->at->check.fault[0] != '\0')
        fail(walk, "sent to the terminal: %s", walk->at->check.fault);
}

void barrier(walk *walk)
{
    char question[32];
    int64_t until = now_ms() + TIMEOUT_MS;
    walk->at->barrier++;
    walk->at->answered = false;
    int length = snprintf(question, sizeof question, "\x1b_recto;%d\x1b\\", walk->at->barrier);
    send_bytes(walk, question, (size_t)length);
    while (!walk->at->answered) {
        if (!pump(walk->at, 100))
            fail(walk, "the program ended instead of answering");
        if (now_ms() > until)
            fail(walk, "no answer within %d s: the program hangs or is still busy", TIMEOUT_MS / 1000);
    }
    check_stream(walk);
}

/* What was given is kept: a monkey that quits is brought back. */
static void keep_arguments(terminal *at, char **arguments)
{
    char *kept[WORDS + 2] = { NULL };
    for (size_t i = 0; i <= WORDS && arguments[i] != NULL; i++)
        kept[i] = strdup(arguments[i]);
    for (size_t i = 0; i <= WORDS; i++)
        free(at->arguments[i]);
    memcpy(at->arguments, kept, sizeof kept);
}

void start(walk *walk, char **arguments)
{
    terminal *at = walk->at;
    struct winsize size = { (unsigned short)walk->rows, (unsigned short)walk->columns, 0, 0 };
    if (at->vterm != NULL)
        vterm_free(at->vterm);
    keep_arguments(at, arguments);
    terminal fresh = { .rows = walk->rows, .columns = walk->columns };
    memcpy(fresh.arguments, at->arguments, sizeof fresh.arguments);
    *at = fresh;
    at->vterm = vterm_new(walk->rows, walk->columns);
    vterm_set_utf8(at->vterm, 1);
    at->screen = vterm_obtain_screen(at->vterm);
    vterm_screen_enable_altscreen(at->screen, 1);
    vterm_screen_reset(at->screen, 1);
    at->pid = forkpty(&at->master, NULL, NULL, &size);
    if (at->pid < 0)
        fail(walk, "forkpty: %s", strerror(errno));
    if (at->pid == 0) {
        setenv("TERM", walk->term, 1);
        setenv("RECTO_TEST_BARRIER", "1", 1);
        struct termios modes; /* what is typed while it leaves is not to be taken for its output */
        if (tcgetattr(STDIN_FILENO, &modes) == 0) {
            modes.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL | ECHOCTL);
            tcsetattr(STDIN_FILENO, TCSANOW, &modes);
        }
        if (chdir(walk->directory) == 0)
            execv(walk->program, at->arguments);
        _exit(127);
    }
    fcntl(at->master, F_SETFD, FD_CLOEXEC);
    struct pollfd first = { at->master, POLLIN, 0 };
    poll(&first, 1, TIMEOUT_MS); /* it has the terminal in raw mode once it writes: nothing is echoed */
    barrier(walk);
}
