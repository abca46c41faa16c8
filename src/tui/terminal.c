/* src/tui/terminal.c - the terminal itself: taken over, written to, given back at every end. What it shows is terminal_show.c.
 *
 * Curses decides how the changed cells travel (insert and delete line, scroll regions); it reads nothing, the decoder does,
 * and it writes nothing to the terminal either: it would write a dozen times a key. Its bytes go to a file in memory, from
 * there into `unsent`, and leave in one write as far as the terminal takes them; the event loop sends the rest later and
 * draws nothing meanwhile, so that a stopped terminal stops neither drafts nor signals (RL-20, RL-21).
 * The few sequences that terminfo does not know stand in this file and nowhere else (RL-154): escape forms of Alt (1036,
 * 1039) and bracketed paste (2004), mouse reports (1000, 1006). Nothing is ever asked of the terminal. */
#include "terminal_inside.h"
#include "terminal_pen.h"

#include "recto/base/crash.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#undef columns /* term.h names terminfo capabilities as macros */
#undef lines

static const char enter_modes[] = "\033[?1036;1039s\033[?1036h\033[?1039h\033[?2004h";
static const char mouse_on[] = "\033[?1000h\033[?1006h", mouse_off[] = "\033[?1006l\033[?1000l";
static const char leave_modes[] = "\033[?2004l\033[?1036;1039r";

static terminal *open_terminal; /* for atexit: a program that ends anywhere gives the terminal back */

bool terminal_shifts(void)
{
    return pen_capability_is("dch", "\033[%p1%dP") && pen_capability_is("ich", "\033[%p1%d@");
}

bool terminal_is_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* Names that understand xterm's private modes; an unknown one is left alone. */
static bool is_xterm_like(const char *name)
{
    static const char *const families[] = { "xterm", "tmux", "screen", "rxvt",    "foot",  "alacritty", "kitty", "konsole",
                                            "gnome", "vte",  "st-",    "wezterm", "putty", "contour",   "mintty" };
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (strncmp(name, families[i], strlen(families[i])) == 0)
            return true;
    return false;
}

void terminal_size(int *rows, int *columns)
{
    struct winsize size = { 0 };
    if ((ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 || ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0) && size.ws_row > 0 &&
        size.ws_col > 0) {
        *rows = size.ws_row < SCREEN_ROWS_MAX ? size.ws_row : SCREEN_ROWS_MAX;
        *columns = size.ws_col < SCREEN_COLUMNS_MAX ? size.ws_col : SCREEN_COLUMNS_MAX;
        return;
    }
    *rows = 24;
    *columns = 80;
}

static recto_status refuse_term(const char *name, recto_error *error)
{
    buffer shown;
    buffer_init(&shown, 200);
    display_append(&shown, text_from(name), false);
    recto_status status =
        recto_fail(error, RECTO_EIO, NULL, NULL,
                   "This terminal (TERM=%s) cannot show the workstation; the commands work: recto --help", buffer_string(&shown));
    buffer_release(&shown);
    return status;
}

/* terminfo answers -1 for a name that is no string. */
static bool is_capability(const char *string)
{
    return string != NULL && (intptr_t)string != -1;
}

static bool can_show_a_screen(const char *name)
{
    int found = 0;
    if (name == NULL || *name == '\0' || strcmp(name, "dumb") == 0 || strcmp(name, "unknown") == 0)
        return false;
    if (setupterm(name, STDOUT_FILENO, &found) != OK || found <= 0)
        return false;
    const char *move = tigetstr("cup");
    bool can = is_capability(move);
    del_curterm(cur_term); /* newterm makes its own */
    return can;
}

static void close_at_exit(void)
{
    terminal_close(open_terminal);
}

static void count_colors(terminal *out)
{
    const char *refused = getenv("NO_COLOR");
    out->colors = 0;
    if ((refused != NULL && *refused != '\0') || !has_colors())
        return;
    start_color();
    use_default_colors();
    out->colors = COLORS >= 1 << 24 ? 1 << 24 : COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : COLORS >= 8 ? 8 : 0;
}

/* ---- sending ----------------------------------------------------------------------------------------------------- */

void terminal_collect(terminal *terminal)
{
    int sheet = fileno(terminal->sheet);
    off_t length = lseek(sheet, 0, SEEK_CUR), at = 0;
    while (at < length) {
        char *room = buffer_reserve(&terminal->unsent, (size_t)(length - at));
        ssize_t got = room == NULL ? 0 : pread(sheet, room, (size_t)(length - at), at);
        if (got <= 0)
            break;
        buffer_grow(&terminal->unsent, (size_t)got);
        at += got;
    }
    lseek(sheet, 0, SEEK_SET);
}

void terminal_flush(terminal *terminal)
{
    size_t sent = 0, length = terminal->unsent.length;
    while (sent < length) {
        ssize_t written = write(terminal->output, terminal->unsent.bytes + sent, length - sent);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0 && errno != EAGAIN)
            sent = length; /* the terminal is gone: its keyboard will say so */
        if (written <= 0)
            break;
        sent += (size_t)written;
    }
    if (sent == length) {
        buffer_clear(&terminal->unsent);
    } else if (sent > 0) {
        memmove(terminal->unsent.bytes, terminal->unsent.bytes + sent, length - sent);
        terminal->unsent.length = length - sent;
    }
}

bool terminal_is_behind(const terminal *terminal)
{
    return terminal->unsent.length > 0;
}

int terminal_output(const terminal *terminal)
{
    return terminal->output;
}

/* At the end: waits a moment for a slow terminal, not for a stopped one. */
static void flush_at_last(terminal *terminal)
{
    struct pollfd polled = { .fd = terminal->output, .events = POLLOUT };
    terminal_flush(terminal);
    for (int tries = 0; tries < 10 && terminal_is_behind(terminal); tries++)
        if (poll(&polled, 1, 100) > 0)
            terminal_flush(terminal);
}

/* ---- start and end ----------------------------------------------------------------------------------------------- */

static bool set_raw(const terminal *terminal)
{
    struct termios raw_modes = terminal->saved;
    cfmakeraw(&raw_modes);
    raw_modes.c_cc[VMIN] = 1;
    raw_modes.c_cc[VTIME] = 0;
    return tcsetattr(STDIN_FILENO, TCSANOW, &raw_modes) == 0;
}

static void take_over(terminal *out, const char *name)
{
    int rows, columns;
    set_raw(out);
    nonl();
    typeahead(-1); /* a drawing is never broken off half-way */
    keypad(stdscr, FALSE);
    idlok(stdscr, TRUE);
    idcok(stdscr, FALSE); /* some terminals leave stale cells behind deleted ones; few changes come this way */
    leaveok(stdscr, FALSE);
    count_colors(out);
    painter_start(&out->painter, terminal_is_utf8());
    out->row = out->column = -1;
    terminal_size(&rows, &columns);
    if (rows != LINES || columns != COLS)
        resizeterm(rows, columns);
    terminal_collect(out);
    painter_free_rows(&out->painter, &out->unsent); /* curses took the terminal for one of 24 rows at first */
    out->has_modes = is_xterm_like(name);
    if (out->has_modes)
        buffer_append_string(&out->unsent, enter_modes); /* leaves with the first paint, in the same write */
}

/* The same terminal by its own name: O_NONBLOCK then does not reach the shell that shares our standard output. */
static int open_output(void)
{
    char path[128];
    int output = ttyname_r(STDOUT_FILENO, path, sizeof path) == 0 ? open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC) : -1;
    return output >= 0 ? output : fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
}

static FILE *open_sheet(void)
{
    int file = memfd_create("recto-screen", MFD_CLOEXEC);
    FILE *sheet = file >= 0 ? fdopen(file, "w+") : NULL;
    if (sheet == NULL && file >= 0)
        close(file);
    return sheet != NULL ? sheet : tmpfile();
}

static void release(terminal *terminal)
{
    painter_release(&terminal->painter);
    if (terminal->sheet != NULL)
        fclose(terminal->sheet);
    if (terminal->output >= 0)
        close(terminal->output);
    buffer_release(&terminal->unsent);
    free(terminal);
}

static recto_status make(terminal **out, recto_error *error)
{
    terminal *made = calloc(1, sizeof *made);
    if (made == NULL)
        return recto_fail_memory(error, "opening the terminal");
    buffer_init(&made->unsent, 64 * 1024 * 1024);
    made->output = open_output();
    made->sheet = open_sheet();
    if (made->output < 0 || made->sheet == NULL || tcgetattr(STDIN_FILENO, &made->saved) != 0) {
        int saved_errno = errno;
        release(made);
        return recto_fail_system(error, saved_errno, "terminal", "cannot be opened");
    }
    *out = made;
    return RECTO_OK;
}

/* Line by line: no curses; terminfo is asked for keys only, when it knows the name. */
static void take_over_linear(terminal *out, const char *name)
{
    int found = 0;
    set_raw(out);
    setupterm(name == NULL ? "dumb" : name, STDOUT_FILENO, &found);
    out->has_modes = name != NULL && is_xterm_like(name);
    if (out->has_modes)
        buffer_append_string(&out->unsent, enter_modes);
}

static void append_capability(buffer *out, const char *name)
{
    const char *bytes = tigetstr(name);
    if (is_capability(bytes))
        buffer_append_string(out, bytes);
}

/* What gives the terminal back, with nothing of curses' own: also for who crashes. */
static void append_last(buffer *out, const terminal *terminal, bool has_mouse)
{
    if (has_mouse)
        buffer_append_string(out, mouse_off);
    if (terminal->has_modes)
        buffer_append_string(out, leave_modes);
    if (terminal->curses != NULL) {
        append_capability(out, "sgr0");
        append_capability(out, "cnorm");
        append_capability(out, "rmcup");
    }
}

static void watch_for_crash(const terminal *terminal)
{
    buffer bytes;
    buffer_init(&bytes, 0);
    append_last(&bytes, terminal, terminal->has_modes);
    buffer_append_string(&bytes, "\r\n");
    crash_doing("the workstation");
    crash_terminal(terminal->output, bytes.bytes, buffer_failed(&bytes) ? 0 : bytes.length, &terminal->saved);
    buffer_release(&bytes);
}

recto_status terminal_open(terminal **out, bool linear, recto_error *error)
{
    static bool registered;
    const char *name = getenv("TERM");
    if (!linear && !can_show_a_screen(name))
        return refuse_term(name == NULL ? "" : name, error);
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return recto_fail(error, RECTO_EIO, NULL, "the commands work without one: recto --help",
                          "the workstation needs a terminal");
    terminal *made = NULL;
    recto_status status = make(&made, error);
    if (status != RECTO_OK || made == NULL)
        return status;
    if (linear) {
        take_over_linear(made, name);
    } else {
        made->curses = newterm(NULL, made->sheet, stdin);
        if (made->curses == NULL) {
            release(made);
            return refuse_term(name, error);
        }
        take_over(made, name);
    }
    open_terminal = made;
    watch_for_crash(made);
    if (!registered)
        registered = atexit(close_at_exit) == 0;
    *out = made;
    return RECTO_OK;
}

void terminal_close(terminal *terminal)
{
    if (terminal == NULL)
        return;
    open_terminal = NULL;
    crash_terminal(-1, NULL, 0, NULL);
    if (terminal->curses != NULL)
        painter_settle(&terminal->painter, &terminal->unsent);
    if (terminal->has_mouse)
        buffer_append_string(&terminal->unsent, mouse_off);
    if (terminal->has_modes)
        buffer_append_string(&terminal->unsent, leave_modes);
    if (terminal->curses != NULL) {
        endwin();
        terminal_collect(terminal);
    }
    if (terminal->curses == NULL || !is_capability(tigetstr("rmcup")))
        buffer_append_string(&terminal->unsent, "\r\n"); /* no other screen: the shell goes on below ours */
    flush_at_last(terminal);
    tcsetattr(STDIN_FILENO, TCSANOW, &terminal->saved);
    if (terminal->curses != NULL)
        delscreen(terminal->curses);
    release(terminal);
}

void terminal_abandon(terminal *terminal)
{
    if (terminal == NULL)
        return;
    open_terminal = NULL;
    crash_terminal(-1, NULL, 0, NULL);
    if (terminal->curses != NULL)
        painter_settle(&terminal->painter, &terminal->unsent);
    append_last(&terminal->unsent, terminal, terminal->has_mouse);
    if (fcntl(terminal->output, F_GETFL) & O_NONBLOCK)
        terminal_flush(terminal); /* as much as goes without waiting */
    tcsetattr(STDIN_FILENO, TCSANOW, &terminal->saved);
    if (terminal->curses != NULL)
        delscreen(terminal->curses);
    release(terminal);
}

int terminal_colors(const terminal *terminal)
{
    return terminal->colors;
}

/* ---- modes -------------------------------------------------------------------------------------------------------- */

void terminal_repaint(terminal *terminal, screen *screen)
{
    set_raw(terminal); /* after a stop the shell may have set its own modes */
    clearok(curscr, TRUE);
    screen->shown_is_valid = false;
    terminal_show(terminal, screen);
}

bool terminal_set_mouse(terminal *terminal, bool on)
{
    if (!terminal->has_modes || terminal->curses == NULL || !is_capability(tigetstr("kmous")))
        return false;
    if (on != terminal->has_mouse)
        buffer_append_string(&terminal->unsent, on ? mouse_on : mouse_off); /* leaves with the next drawing */
    terminal->has_mouse = on;
    return true;
}

bool terminal_has_mouse(const terminal *terminal)
{
    return terminal->has_mouse;
}

void terminal_keep_modes(terminal *terminal)
{
    set_raw(terminal);
}

void terminal_answer(terminal *terminal, const char *bytes, size_t length)
{
    buffer_append(&terminal->unsent, bytes, length);
    terminal_flush(terminal);
}

/* ---- what terminfo knows ----------------------------------------------------------------------------------------- */

/* OSC 52. What its terminfo entry says of it, is the one form that there is. */
bool terminal_to_clipboard(terminal *terminal, text copied)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    buffer bytes;
    if (!pen_capability_is("Ms", "\033]52;%p1%s;%p2%s\a"))
        return false;
    buffer_init(&bytes, 0);
    buffer_append_string(&bytes, "\033]52;c;");
    for (size_t at = 0; at < copied.length; at += 3) {
        const size_t left = copied.length - at;
        const unsigned group = (unsigned)(unsigned char)copied.bytes[at] << 16 |
                               (left > 1 ? (unsigned)(unsigned char)copied.bytes[at + 1] << 8 : 0) |
                               (left > 2 ? (unsigned)(unsigned char)copied.bytes[at + 2] : 0);
        for (size_t i = 0; i < 4; i++)
            buffer_append_char(&bytes, i <= left ? digits[group >> (18 - 6 * i) & 63] : '=');
    }
    buffer_append_char(&bytes, '\a');
    const bool whole = !buffer_failed(&bytes);
    if (whole)
        terminal_answer(terminal, bytes.bytes, bytes.length);
    buffer_release(&bytes);
    return whole;
}

bool terminal_knows_key(const char *capability)
{
    const char *sent = tigetstr(capability);
    return is_capability(sent) && *sent != '\0';
}

void terminal_keys(void (*visit)(void *context, const char *capability, const char *sent), void *context)
{
    static const char *const capabilities[] = { "kf1",   "kf2",  "kf3",  "kf4",  "kf5",   "kf6",   "kf7",   "kf8",
                                                "kf9",   "kf10", "kf11", "kf12", "kcuu1", "kcud1", "kcuf1", "kcub1",
                                                "khome", "kend", "kpp",  "knp",  "kich1", "kdch1", "kcbt",  "kbs" };
    for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
        if (terminal_knows_key(capabilities[i]))
            visit(context, capabilities[i], tigetstr(capabilities[i]));
}
