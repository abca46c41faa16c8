/* tests/tools/walk.c - drives the real program in a pseudo-terminal by a script, and looks at the cells of its screen.
 *
 * usage: walk SCRIPT ROWSxCOLUMNS TERM RECTO        (RECTO: the program; the walk runs in a new temporary directory)
 *
 * A script has one statement a line; `#` begins a comment; ${NAME} is replaced by what was captured or set.
 *   only 80 | only vt100        the rest of the line holds only at this width or on this terminal; `unless` is its opposite
 *   shell COMMAND               run by sh, must end with 0; $RECTO is the program
 *   env NAME=VALUE              for what is run from now on
 *   terminal A|B                which of the two terminals the next statements are about
 *   run ARGUMENT...             starts the program and waits until it has drawn
 *   keys "text" Name ...        types; a barrier follows: the program answers once it has drawn what it was sent
 *   type "text" Name ...        types without waiting
 *   bytes 1B5B41 13 ...         sends these bytes as one terminal would send one key each; a barrier follows
 *   held COUNT Name ...         as held keys come, COUNT rounds of them, each once the one before has been answered; the screen
 * that stands in the end must be what a whole redraw draws mouse ROW COLUMN            clicks there, counted from 0; mouse up,
 * mouse down turn the wheel see "text"                  somewhere on the screen; see row N "text"; see status "text" (a message
 * can go over several rows); see not "text" cursor in "text"            the cursor's row holds the text capture NAME REGEX the
 * first group of an extended regular expression found on the screen set NAME VALUE resize ROWSxCOLUMNS         hangup (the line
 * is cut)     kill (SIGKILL)     exits N (within 5 s) monkey SEED COUNT [FILE]    types COUNT random keys, now and then in
 * another size; FILE has names of commands, one a line golden NAME                 the whole screen with its looks is
 * tests/tui/golden/NAME.SIZE.TERM; UPDATE=1 writes it anew editing SEED COUNT          COUNT random keys of the record editor,
 * then undo until there is nothing to undo dump                        prints the screen
 *
 * With WALK_STEADY set, the screen is drawn anew after each `keys`, and must be the same; the status line is not looked at.
 * (libvterm 0.1.4 shows stale cells after some deletions of characters where other terminals do not: read its findings so.)
 * Every byte that the program sends is looked at (support/stream_check.h): a control byte out of data ends the walk. No statement
 * sleeps, but for Esc, which is told from a sequence by time. The first that fails prints the screen and ends the walk with 1. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <regex.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#include "support/monkey.h"
#include "support/stream_check.h"

enum { TERMINALS = 2, VARIABLES = 32, LINE = 4096, SCREEN = 200 * 400 * 8, TIMEOUT_MS = 20000, ESCAPE_MS = 150, WORDS = 64 };

typedef struct terminal {
    int master;
    pid_t pid;
    VTerm *vterm;
    VTermScreen *screen;
    int rows, columns, barrier;
    char tail[64]; /* the end of the output, where the barrier's answer is looked for */
    size_t tail_length;
    bool answered, ended;
    int apc; /* 0 outside, 1 after ESC, 2 inside an answer, 3 inside after ESC */
    int status;
    stream_check check;
    char *arguments[WORDS + 2]; /* what it was started with */
} terminal;

typedef struct walk {
    const char *script, *term, *program;
    int line, rows, columns;
    char directory[200];
    struct {
        char name[40], value[400];
    } variables[VARIABLES];
    size_t variable_count;
    terminal terminals[TERMINALS], *at;
} walk;

static void screen_text(const terminal *terminal, int row, char *out, size_t capacity)
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

static void dump(const terminal *terminal)
{
    char row[LINE];
    for (int i = 0; i < terminal->rows; i++) {
        screen_text(terminal, i, row, sizeof row);
        printf("%3d|%s\n", i, row);
    }
    fflush(stdout);
}

static void stop_all(walk *walk)
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

static void fail(walk *walk, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));
static void fail(walk *walk, const char *format, ...)
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

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads what there is, waiting at most `wait_ms` for the first of it. @return false at the end of the line */
static bool pump(terminal *terminal, int wait_ms)
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

static void send_bytes(walk *walk, const char *bytes, size_t length)
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

static void check_stream(walk *walk)
{
    if (walk->at->check.fault[0] != '\0')
        fail(walk, "sent to the terminal: %s", walk->at->check.fault);
}

static void barrier(walk *walk)
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

static void start(walk *walk, char **arguments)
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

/* ---- words, keys and variables ---- */

static const struct {
    const char *name, *bytes;
} key_names[] = {
    { "Enter", "\r" },
    { "Tab", "\t" },
    { "Esc", "\x1b" },
    { "Backspace", "\x7f" },
    { "Space", " " },
    { "Up", "\x1b[A" },
    { "Down", "\x1b[B" },
    { "Right", "\x1b[C" },
    { "Left", "\x1b[D" },
    { "Home", "\x1b[1~" },
    { "End", "\x1b[4~" },
    { "PgUp", "\x1b[5~" },
    { "PgDn", "\x1b[6~" },
    { "Insert", "\x1b[2~" },
    { "Delete", "\x1b[3~" },
    { "Shift+Tab", "\x1b[Z" },
    { "F1", "\x1bOP" },
    { "F2", "\x1bOQ" },
    { "F3", "\x1bOR" },
    { "F4", "\x1bOS" },
    { "F5", "\x1b[15~" },
    { "F6", "\x1b[17~" },
    { "F7", "\x1b[18~" },
    { "F8", "\x1b[19~" },
    { "F9", "\x1b[20~" },
    { "F10", "\x1b[21~" },
    { "F11", "\x1b[23~" },
    { "F12", "\x1b[24~" },
    { "Ctrl+F6", "\x1b[17;5~" },
    { "Ctrl+Up", "\x1b[1;5A" },
    { "Ctrl+Down", "\x1b[1;5B" },
    { "Quote", "\"" },
};

/* "Ctrl+S", "Alt+M", "Ctrl+Alt+R", "Alt+Shift+R": as a terminal sends them. @return bytes, 0: no such key */
static size_t key_bytes(const char *name, char out[static 16])
{
    bool alt = false, ctrl = false, shift = false;
    for (size_t i = 0; i < sizeof key_names / sizeof *key_names; i++)
        if (strcmp(key_names[i].name, name) == 0) {
            size_t length = strlen(key_names[i].bytes);
            memcpy(out, key_names[i].bytes, length);
            return length;
        }
    if (strlen(name) == 1) {
        out[0] = name[0];
        return 1;
    }
    for (;; name = strchr(name, '+') + 1) {
        if (strncmp(name, "Ctrl+", 5) == 0)
            ctrl = true;
        else if (strncmp(name, "Alt+", 4) == 0)
            alt = true;
        else if (strncmp(name, "Shift+", 6) == 0)
            shift = true;
        else
            break;
    }
    if (strlen(name) != 1 || !(alt || ctrl))
        return 0;
    size_t length = 0;
    if (alt)
        out[length++] = '\x1b';
    char letter = shift ? (char)toupper((unsigned char)name[0]) : (char)tolower((unsigned char)name[0]);
    out[length++] = ctrl ? (char)(letter & 0x1F) : letter;
    return length;
}

static const char *variable(walk *walk, const char *name, size_t length)
{
    for (size_t i = 0; i < walk->variable_count; i++)
        if (strlen(walk->variables[i].name) == length && strncmp(walk->variables[i].name, name, length) == 0)
            return walk->variables[i].value;
    return NULL;
}

static void set_variable(walk *walk, const char *name, const char *value)
{
    size_t i = 0;
    while (i < walk->variable_count && strcmp(walk->variables[i].name, name) != 0)
        i++;
    if (i == VARIABLES)
        fail(walk, "too many variables");
    snprintf(walk->variables[i].name, sizeof walk->variables[i].name, "%s", name);
    snprintf(walk->variables[i].value, sizeof walk->variables[i].value, "%s", value);
    if (i == walk->variable_count)
        walk->variable_count++;
}

static void expand(walk *walk, const char *in, char out[static LINE])
{
    size_t used = 0;
    while (*in != '\0' && used + 1 < LINE) {
        const char *end = strncmp(in, "${", 2) == 0 ? strchr(in, '}') : NULL;
        const char *value = end == NULL ? NULL : variable(walk, in + 2, (size_t)(end - in - 2));
        if (end != NULL && value == NULL)
            fail(walk, "nothing was captured as %.*s", (int)(end - in - 2), in + 2);
        if (value != NULL) {
            used += (size_t)snprintf(out + used, LINE - used, "%s", value);
            in = end + 1;
        } else {
            out[used++] = *in++;
        }
    }
    out[used < LINE ? used : LINE - 1] = '\0';
}

/* Splits into words; a quoted word keeps its opening quote as a mark. In place. */
static size_t split(char *line, char **words)
{
    size_t count = 0;
    char *at = line;
    while (count < WORDS) {
        while (*at == ' ')
            at++;
        if (*at == '\0')
            break;
        words[count++] = at;
        if (*at == '"') {
            at = strchr(at + 1, '"');
            if (at == NULL)
                break;
        } else {
            at += strcspn(at, " ");
        }
        if (*at == '\0')
            break;
        *at++ = '\0';
    }
    return count;
}

static const char *unquoted(const char *word)
{
    return word[0] == '"' ? word + 1 : word;
}

/* ---- statements ---- */

static void type_words(walk *walk, char **words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char bytes[16];
        size_t length = words[i][0] == '"' ? 0 : key_bytes(words[i], bytes);
        if (words[i][0] != '"' && length == 0)
            fail(walk, "unknown key %s", words[i]);
        if (words[i][0] == '"')
            send_bytes(walk, words[i] + 1, strlen(words[i] + 1));
        else
            send_bytes(walk, bytes, length);
        /* What tells Escape from the beginning of a sequence is that nothing follows it for a while. */
        for (int64_t until = now_ms() + ESCAPE_MS; length == 1 && bytes[0] == '\x1b' && now_ms() < until;)
            pump(walk->at, 10);
    }
}

/* Each word is one key: what it sends stands in hexadecimal digits. */
static void type_hex(walk *walk, char **words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char bytes[LINE / 2];
        size_t length = 0;
        for (const char *at = words[i]; *at != '\0'; at += 2) {
            const char digits[3] = { at[0], at[1], '\0' };
            char *end;
            bytes[length++] = (char)strtoul(digits, &end, 16);
            if (*end != '\0' || at[1] == '\0')
                fail(walk, "no bytes in hexadecimal digits: %s", words[i]);
        }
        send_bytes(walk, bytes, length);
        for (int64_t until = now_ms() + ESCAPE_MS; length == 1 && bytes[0] == '\x1b' && now_ms() < until;)
            pump(walk->at, 10);
    }
}

static bool on_screen(const walk *walk, const char *text, int first, int last)
{
    char row[LINE];
    for (int i = first; i <= last; i++) {
        screen_text(walk->at, i, row, sizeof row);
        if (strstr(row, text) != NULL)
            return true;
    }
    return false;
}

/* A long message goes on over as many as four rows; a blank is where a row ends. */
static bool is_said(const walk *walk, const char *wanted, int last)
{
    char said[LINE * 5] = "", row[LINE];
    for (int at = last; at > last - 4 && at > 0; at--) {
        char joined[LINE * 6 + 2];
        screen_text(walk->at, at, row, sizeof row);
        size_t length = strlen(row), from = row[0] == ' ' ? 1 : 0;
        while (length > from && row[length - 1] == ' ')
            length--;
        snprintf(joined, sizeof joined, "%.*s %s", (int)(length - from), row + from, said);
        snprintf(said, sizeof said, "%.*s", (int)sizeof said - 1, joined);
        if (strstr(said, wanted) != NULL)
            return true;
    }
    return false;
}

static void see(walk *walk, char **words, size_t count)
{
    int last = walk->at->rows - 1;
    if (count == 1 && !on_screen(walk, unquoted(words[0]), 0, last))
        fail(walk, "not on the screen: %s", unquoted(words[0]));
    if (count == 2 && strcmp(words[0], "not") == 0 && on_screen(walk, unquoted(words[1]), 0, last))
        fail(walk, "on the screen: %s", unquoted(words[1]));
    if (count == 2 && strcmp(words[0], "status") == 0 && getenv("WALK_STEADY") == NULL &&
        !on_screen(walk, unquoted(words[1]), last - 1, last - 1) && !is_said(walk, unquoted(words[1]), last - 1))
        fail(walk, "the status line does not say: %s", unquoted(words[1]));
    if (count == 3 && strcmp(words[0], "row") == 0 && !on_screen(walk, unquoted(words[2]), atoi(words[1]), atoi(words[1])))
        fail(walk, "row %s does not hold: %s", words[1], unquoted(words[2]));
    if (count < 1 || count > 3)
        fail(walk, "see: text, not text, status text, or row N text");
}

static void see_cursor(walk *walk, const char *text)
{
    VTermPos position;
    char row[LINE];
    vterm_state_get_cursorpos(vterm_obtain_state(walk->at->vterm), &position);
    screen_text(walk->at, position.row, row, sizeof row);
    if (strstr(row, text) == NULL)
        fail(walk, "the cursor is in row %d, which does not hold: %s", position.row, text);
}

static void capture(walk *walk, const char *name, const char *pattern)
{
    static char all[SCREEN];
    char row[LINE], value[400];
    regex_t regex;
    regmatch_t groups[2];
    size_t used = 0;
    for (int i = 0; i < walk->at->rows; i++) {
        screen_text(walk->at, i, row, sizeof row);
        used += (size_t)snprintf(all + used, sizeof all - used, "%s\n", row);
    }
    if (regcomp(&regex, pattern, REG_EXTENDED | REG_NEWLINE) != 0)
        fail(walk, "bad expression %s", pattern);
    if (regexec(&regex, all, 2, groups, 0) != 0 || groups[1].rm_so < 0)
        fail(walk, "not found: %s", pattern);
    snprintf(value, sizeof value, "%.*s", (int)(groups[1].rm_eo - groups[1].rm_so), all + groups[1].rm_so);
    regfree(&regex);
    set_variable(walk, name, value);
}

static void shell(walk *walk, const char *command)
{
    fflush(stdout);
    pid_t child = fork();
    int status = 0;
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        fail(walk, "shell ended with %d: %s", WIFEXITED(status) ? WEXITSTATUS(status) : -1, command);
}

static void await_exit(walk *walk, int wanted)
{
    int64_t until = now_ms() + 5000;
    int status;
    while (waitpid(walk->at->pid, &status, WNOHANG) == 0) {
        if (now_ms() > until)
            fail(walk, "the program has not ended");
        if (!pump(walk->at, 20))
            usleep(2000);
    }
    for (int i = 0; i < 16 && pump(walk->at, 0); i++) {
        /* its last words */
    }
    walk->at->ended = true;
    check_stream(walk);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    if (wanted >= 0 && code != wanted)
        fail(walk, "the program ended with %d, not %d", code, wanted);
}

static void resize(walk *walk, const char *size)
{
    int rows, columns;
    if (sscanf(size, "%dx%d", &rows, &columns) != 2)
        fail(walk, "resize: ROWSxCOLUMNS");
    struct winsize wanted = { (unsigned short)rows, (unsigned short)columns, 0, 0 };
    vterm_set_size(walk->at->vterm, rows, columns);
    walk->at->rows = rows;
    walk->at->columns = columns;
    ioctl(walk->at->master, TIOCSWINSZ, &wanted);
    barrier(walk);
}

/* ---- the monkey ---- */

enum { MONKEY_ROUND = 40, MONKEY_RESIZES = 400, MONKEY_COMMANDS = 300 };

static size_t read_commands(walk *walk, const char *path, char **commands)
{
    char line[200];
    size_t count = 0;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        fail(walk, "cannot open %s", path);
    while (count < MONKEY_COMMANDS && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        commands[count++] = strdup(line);
    }
    fclose(file);
    return count;
}

/* Bytes that may leave the program in the middle of a sequence or a paste are followed by the ends of both. A monkey may also
 * leave: that is no fault when the status says so. @return false: it left */
static bool monkey_barrier(walk *walk, uint64_t key)
{
    static const char ends[] = "\x1b\\\x1b[201~";
    char question[32];
    int64_t until = now_ms() + 2 * TIMEOUT_MS;
    terminal *at = walk->at;
    at->barrier++;
    at->answered = false;
    int length = snprintf(question, sizeof question, "\x1b_recto;%d\x1b\\", at->barrier);
    bool there = write(at->master, ends, sizeof ends - 1) > 0 && write(at->master, question, (size_t)length) > 0;
    while (there && !at->answered) {
        there = pump(at, 100);
        if (now_ms() > until)
            fail(walk, "key %llu: no answer", (unsigned long long)key);
    }
    check_stream(walk);
    return there;
}

static void monkey_resize(walk *walk, monkey *monkey)
{
    static const int sizes[][2] = { { 12, 40 }, { 11, 39 },  { 3, 10 },  { 1, 1 },  { 60, 200 },
                                    { 24, 80 }, { 24, 300 }, { 13, 41 }, { 5, 132 } };
    uint32_t chosen = monkey_below(monkey, sizeof sizes / sizeof *sizes + 3);
    bool back = chosen >= sizeof sizes / sizeof *sizes;
    int rows = back ? walk->rows : sizes[chosen][0], columns = back ? walk->columns : sizes[chosen][1];
    struct winsize wanted = { (unsigned short)rows, (unsigned short)columns, 0, 0 };
    vterm_set_size(walk->at->vterm, rows < 2 ? 2 : rows, columns < 2 ? 2 : columns);
    walk->at->rows = rows < 2 ? 2 : rows;
    walk->at->columns = columns < 2 ? 2 : columns;
    ioctl(walk->at->master, TIOCSWINSZ, &wanted);
}

static void monkey_types(walk *walk, monkey *monkey, FILE *log)
{
    char bytes[MONKEY_KEY_MAX];
    size_t length = monkey_key(monkey, bytes);
    if (log != NULL) {
        for (size_t i = 0; i < length; i++)
            fprintf(log, "%02x", (unsigned char)bytes[i]);
        fprintf(log, "\n");
    }
    for (size_t done = 0; done < length;) {
        ssize_t written = write(walk->at->master, bytes + done, length - done);
        if (written <= 0)
            return; /* it has left: the barrier will tell */
        done += (size_t)written;
        pump(walk->at, 0);
    }
    if (length == 1 && bytes[0] == '\x1b' && monkey_below(monkey, 4) == 0)
        for (int64_t until = now_ms() + ESCAPE_MS; now_ms() < until;)
            pump(walk->at, 10);
}

static void run_monkey(walk *walk, uint64_t seed, uint64_t count, const char *path)
{
    static char *commands[MONKEY_COMMANDS];
    monkey monkey;
    const char *log_name = getenv("WALK_KEYS");
    FILE *log = log_name == NULL ? NULL : fopen(log_name, "we");
    monkey_init(&monkey, seed, (const char *const *)commands, path == NULL ? 0 : read_commands(walk, path, commands));
    for (uint64_t key = 0; key < count; key++) {
        monkey_types(walk, &monkey, log);
        if (key % MONKEY_RESIZES == MONKEY_RESIZES - 1)
            monkey_resize(walk, &monkey);
        if (key % MONKEY_ROUND == MONKEY_ROUND - 1 && !monkey_barrier(walk, key)) {
            if (log != NULL)
                fflush(log);
            await_exit(walk, 0);
            close(walk->at->master);
            start(walk, walk->at->arguments);
        }
    }
    if (log != NULL)
        fclose(log);
    struct winsize wanted = { (unsigned short)walk->rows, (unsigned short)walk->columns, 0, 0 };
    vterm_set_size(walk->at->vterm, walk->rows, walk->columns);
    walk->at->rows = walk->rows;
    walk->at->columns = walk->columns;
    ioctl(walk->at->master, TIOCSWINSZ, &wanted);
}

/* ---- a monkey in the record editor, and everything undone ---- */

static bool status_says(walk *walk, const char *text)
{
    return on_screen(walk, text, walk->at->rows - 2, walk->at->rows - 2);
}

/* Out of the form, out of the field; then one step back after the other. */
static void undo_all(walk *walk)
{
    enum { UNDO_MOST = 50000 };
    char escape[] = "Esc", *escapes[] = { escape, escape };
    type_words(walk, escapes, 2);
    barrier(walk);
    for (int step = 0; step < UNDO_MOST; step++) {
        send_bytes(walk, "\x1a", 1);
        barrier(walk);
        if (status_says(walk, "nothing to undo"))
            return;
    }
    fail(walk, "after %d keys there is still something to undo", UNDO_MOST);
}

static void run_editing(walk *walk, uint64_t seed, uint64_t count)
{
    char bytes[MONKEY_KEY_MAX];
    monkey monkey;
    const char *log_name = getenv("WALK_KEYS");
    FILE *log = log_name == NULL ? NULL : fopen(log_name, "we");
    monkey_init(&monkey, seed, NULL, 0);
    for (uint64_t key = 0; key < count; key++) {
        size_t length = monkey_editing_key(&monkey, bytes);
        for (size_t i = 0; log != NULL && i < length; i++)
            fprintf(log, "%02x%s", (unsigned char)bytes[i], i + 1 == length ? "\n" : "");
        send_bytes(walk, bytes, length);
        if (key % MONKEY_ROUND == MONKEY_ROUND - 1)
            barrier(walk);
    }
    if (log != NULL)
        fclose(log);
    barrier(walk);
    undo_all(walk);
}

/* ---- golden screens ---- */

/* A blank has no weight and no colour of letters: what it wears depends on the way there. */
static bool is_bare_blank(const VTermScreenCell *cell)
{
    return (cell->chars[0] == 0 || cell->chars[0] == ' ') && !cell->attrs.reverse && !cell->attrs.underline &&
           VTERM_COLOR_IS_DEFAULT_BG(&cell->bg);
}

/* One letter a cell: b bold, u underlined, r reverse, c coloured, . plain; rows that are all plain have none. */
static void looks_of_row(const terminal *terminal, int row, char *out)
{
    int used = 0;
    for (int column = 0; column < terminal->columns; column++) {
        VTermScreenCell cell;
        char look = '.';
        if (!vterm_screen_get_cell(terminal->screen, (VTermPos){ row, column }, &cell) || cell.chars[0] == (uint32_t)-1)
            continue;
        if (is_bare_blank(&cell))
            look = '.';
        else if (cell.attrs.reverse)
            look = 'r';
        else if (cell.attrs.bold)
            look = 'b';
        else if (cell.attrs.underline)
            look = 'u';
        else if (!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg))
            look = 'c';
        out[column] = look;
        if (look != '.')
            used = column + 1;
    }
    out[used] = '\0';
}

/* "0.02 s": how long a search took is of the machine, not of the screen. In place. */
static void without_seconds(char *row)
{
    for (char *at = row; (at = strstr(at, " s")) != NULL; at++)
        if (at - row >= 4 && isdigit((unsigned char)at[-1]) && isdigit((unsigned char)at[-2]) && at[-3] == '.' &&
            isdigit((unsigned char)at[-4]) && (at[2] == ' ' || at[2] == '\0'))
            at[-1] = at[-2] = at[-4] = '0';
}

static void write_screen(const terminal *terminal, FILE *out)
{
    char row[LINE], looks[LINE];
    VTermPos cursor;
    vterm_state_get_cursorpos(vterm_obtain_state(terminal->vterm), &cursor);
    for (int i = 0; i < terminal->rows; i++) {
        memset(looks, '.', sizeof looks);
        screen_text(terminal, i, row, sizeof row);
        without_seconds(row);
        looks_of_row(terminal, i, looks);
        fprintf(out, "%2d|%s\n", i, row);
        if (looks[0] != '\0')
            fprintf(out, "  :%s\n", looks);
    }
    fprintf(out, "cursor %d,%d\n", cursor.row, cursor.col);
}

/* Says the first line that is not as it was. */
static void compare_screens(walk *walk, const char *path, FILE *wanted, FILE *seen)
{
    char one[LINE] = "", other[LINE] = "";
    for (;;) {
        char *had = fgets(one, sizeof one, wanted), *has = fgets(other, sizeof other, seen);
        if (had == NULL && has == NULL)
            return;
        if (had == NULL || has == NULL || strcmp(one, other) != 0)
            fail(walk, "%s says\n%sbut the screen is\n%s", path, had == NULL ? "(end)\n" : one, has == NULL ? "(end)\n" : other);
    }
}

static void golden(walk *walk, const char *name)
{
    char path[LINE];
    const char *update = getenv("UPDATE"), *slash = strstr(walk->script, "walks/");
    int folder = slash == NULL ? 0 : (int)(slash - walk->script);
    snprintf(path, sizeof path, "%.*sgolden/%s.%dx%d.%s", folder, walk->script, name, walk->at->columns, walk->at->rows,
             walk->term);
    bool renew = update != NULL && strcmp(update, "1") == 0;
    FILE *file = fopen(path, renew ? "we" : "re"), *seen = renew ? file : tmpfile();
    if (file == NULL || seen == NULL)
        fail(walk, "%s: %s; UPDATE=1 writes it", path, strerror(errno));
    write_screen(walk->at, seen);
    if (!renew) {
        rewind(seen);
        compare_screens(walk, path, file, seen);
        fclose(seen);
    }
    fclose(file);
}

/* Is this walk of the width, or on the terminal, that the first word names? */
static bool here(const walk *walk, const char *word)
{
    size_t length = strcspn(word, " ");
    return atoi(word) == walk->columns || (strlen(walk->term) == length && strncmp(walk->term, word, length) == 0);
}

/* What was drawn by small changes must be what a whole redraw draws; the two last rows say what the last key did. */
static void stand_steady(walk *walk)
{
    static char before[200][LINE];
    char after[LINE];
    int rows = walk->at->rows - 2;
    for (int row = 0; row < rows && row < 200; row++)
        screen_text(walk->at, row, before[row], sizeof before[row]);
    send_bytes(walk, "\x0c", 1);
    barrier(walk);
    for (int row = 0; row < rows && row < 200; row++) {
        screen_text(walk->at, row, after, sizeof after);
        if (strcmp(before[row], after) != 0)
            fail(walk, "row %d was drawn as |%s|", row, before[row]);
    }
}

/* Soon after one another, so that what only follows the cursor waits; whole drawings come between when the machine is slow. */
static void hold(walk *walk, char **words, size_t count)
{
    enum { BETWEEN_KEYS_MS = 15 };
    for (int round = atoi(words[0]); round > 0; round--)
        for (size_t i = 1; i < count; i++) {
            type_words(walk, words + i, 1);
            pump(walk->at, BETWEEN_KEYS_MS);
        }
    barrier(walk);
    stand_steady(walk);
}

static void run_statement(walk *walk, char *line)
{
    char *words[WORDS + 1], copy[LINE];
    char verb[40] = "";
    line += strspn(line, " ");
    sscanf(line, "%39s", verb);
    char *rest = line + strlen(verb);
    rest += strspn(rest, " ");
    if (verb[0] == '\0' || verb[0] == '#')
        return;
    if (strcmp(verb, "only") == 0 || strcmp(verb, "unless") == 0) {
        if (here(walk, rest) == (verb[0] == 'o'))
            run_statement(walk, rest + strcspn(rest, " "));
        return;
    }
    if (strcmp(verb, "shell") == 0) {
        shell(walk, rest);
        return;
    }
    snprintf(copy, sizeof copy, "%s", rest);
    size_t count = split(copy, words);
    words[count] = NULL;
    if (strcmp(verb, "env") == 0) {
        char *equals = strchr(rest, '=');
        if (equals == NULL)
            fail(walk, "env NAME=VALUE");
        *equals = '\0';
        setenv(rest, equals + 1, 1);
    } else if (strcmp(verb, "terminal") == 0 && count == 1) {
        walk->at = &walk->terminals[words[0][0] == 'B'];
    } else if (strcmp(verb, "run") == 0) {
        char *arguments[WORDS + 2] = { (char *)(uintptr_t)walk->program };
        for (size_t i = 0; i <= count; i++)
            arguments[i + 1] = words[i] == NULL ? NULL : (char *)(uintptr_t)unquoted(words[i]);
        start(walk, arguments);
    } else if (strcmp(verb, "keys") == 0) {
        type_words(walk, words, count);
        barrier(walk);
        if (getenv("WALK_STEADY") != NULL)
            stand_steady(walk);
    } else if (strcmp(verb, "bytes") == 0) {
        type_hex(walk, words, count);
        barrier(walk);
    } else if (strcmp(verb, "held") == 0 && count >= 2) {
        hold(walk, words, count);
    } else if (strcmp(verb, "type") == 0) {
        type_words(walk, words, count);
    } else if (strcmp(verb, "see") == 0) {
        see(walk, words, count);
    } else if (strcmp(verb, "cursor") == 0 && count == 2) {
        see_cursor(walk, unquoted(words[1]));
    } else if (strcmp(verb, "capture") == 0 && count >= 2) {
        capture(walk, words[0], rest + strlen(words[0]) + 1);
    } else if (strcmp(verb, "set") == 0 && count == 2) {
        set_variable(walk, words[0], unquoted(words[1]));
    } else if (strcmp(verb, "resize") == 0 && count == 1) {
        resize(walk, words[0]);
    } else if (strcmp(verb, "hangup") == 0) {
        close(walk->at->master);
        walk->at->master = -1;
    } else if (strcmp(verb, "kill") == 0) {
        kill(walk->at->pid, SIGKILL);
        await_exit(walk, -1);
    } else if (strcmp(verb, "exits") == 0 && count == 1) {
        await_exit(walk, atoi(words[0]));
    } else if (strcmp(verb, "monkey") == 0 && (count == 2 || count == 3)) {
        run_monkey(walk, strtoull(words[0], NULL, 10), strtoull(words[1], NULL, 10), count == 3 ? words[2] : NULL);
    } else if (strcmp(verb, "mouse") == 0 && (count == 1 || count == 2)) {
        char report[64];
        bool wheel = count == 1;
        int length = wheel ? snprintf(report, sizeof report, "\x1b[<%d;1;5M", words[0][0] == 'u' ? 64 : 65)
                           : snprintf(report, sizeof report, "\x1b[<0;%d;%dM\x1b[<0;%d;%dm", atoi(words[1]) + 1,
                                      atoi(words[0]) + 1, atoi(words[1]) + 1, atoi(words[0]) + 1);
        send_bytes(walk, report, (size_t)length);
        barrier(walk);
    } else if (strcmp(verb, "editing") == 0 && count == 2) {
        run_editing(walk, strtoull(words[0], NULL, 10), strtoull(words[1], NULL, 10));
    } else if (strcmp(verb, "golden") == 0 && count == 1) {
        golden(walk, words[0]);
    } else if (strcmp(verb, "dump") == 0) {
        dump(walk->at);
    } else {
        fail(walk, "unknown statement: %s", line);
    }
}

static void prepare(walk *walk)
{
    static const char *const unset[] = { "RECTO_USER", "RECTO_INSTITUTION", "RECTO_CONFIG", "NO_COLOR", "XDG_RUNTIME_DIR" };
    char path[300];
    snprintf(walk->directory, sizeof walk->directory, "%s/recto-walk-XXXXXX",
             getenv("TMPDIR") == NULL ? "/tmp" : getenv("TMPDIR"));
    if (mkdtemp(walk->directory) == NULL)
        fail(walk, "no temporary directory");
    for (size_t i = 0; i < sizeof unset / sizeof *unset; i++)
        unsetenv(unset[i]);
    snprintf(path, sizeof path, "%s/repository.db", walk->directory);
    setenv("RECTO_REPO", path, 1);
    setenv("HOME", walk->directory, 1);
    snprintf(path, sizeof path, "%s/config", walk->directory);
    setenv("XDG_CONFIG_HOME", path, 1);
    setenv("XDG_DATA_HOME", walk->directory, 1);
    setenv("XDG_STATE_HOME", walk->directory, 1);
    setenv("RECTO", walk->program, 1);
    setenv("WALK_DIR", walk->directory, 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("TZ", "UTC", 1);
    set_variable(walk, "DIR", walk->directory);
}

int main(int argc, char **argv)
{
    static walk walk;
    char line[LINE], expanded[LINE];
    if (argc != 5 || sscanf(argv[2], "%dx%d", &walk.rows, &walk.columns) != 2) {
        fprintf(stderr, "usage: walk SCRIPT ROWSxCOLUMNS TERM RECTO\n");
        return 2;
    }
    walk.script = argv[1];
    walk.term = argv[3];
    walk.program = realpath(argv[4], NULL);
    walk.at = &walk.terminals[0];
    FILE *script = fopen(argv[1], "re");
    if (script == NULL || walk.program == NULL) {
        fprintf(stderr, "cannot open %s or %s\n", argv[1], argv[4]);
        return 2;
    }
    prepare(&walk);
    while (fgets(line, sizeof line, script) != NULL) {
        walk.line++;
        line[strcspn(line, "\n")] = '\0';
        if (line[strspn(line, " ")] == '#')
            continue;
        expand(&walk, line, expanded);
        run_statement(&walk, expanded);
    }
    fclose(script);
    stop_all(&walk);
    return 0;
}
