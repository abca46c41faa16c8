/* src/tui/workstation.c - one cataloger's session at the terminal: start, event loop, end.
 *
 * One poll over the keyboard, signals, the sockets of external searches and the timers of drafts and heartbeat. All input that
 * has come is handled before the screen is drawn, so that typing ahead is never dropped and costs one drawing. */
#include "macros.h"
#include "station.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Signals become bytes in a pipe; the handler does nothing else. */
static volatile sig_atomic_t signal_pipe = -1;

static void on_signal(int number)
{
    int saved_errno = errno;
    char byte = number == SIGWINCH ? 'W' : number == SIGCONT ? 'C' : number == SIGHUP ? 'H' : 'T';
    if (signal_pipe >= 0 && write((int)signal_pipe, &byte, 1) < 0)
        byte = 0; /* the pipe is full of the same news */
    errno = saved_errno;
}

static bool catch_signals(int pipe_ends[static 2])
{
    static const int caught[] = { SIGWINCH, SIGCONT, SIGHUP, SIGTERM, SIGINT, SIGQUIT };
    static const int ignored[] = { SIGTSTP, SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM, SIGTTOU };
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
    if (pipe2(pipe_ends, O_NONBLOCK | O_CLOEXEC) != 0)
        return false;
    signal_pipe = pipe_ends[1];
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof caught / sizeof *caught; i++)
        sigaction(caught[i], &action, NULL);
    action.sa_handler = SIG_IGN;
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        sigaction(ignored[i], &action, NULL);
    return true;
}

static void release_signals(int pipe_ends[static 2])
{
    static const int ours[] = {
        SIGWINCH, SIGCONT, SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGTSTP, SIGUSR1, SIGUSR2, SIGALRM, SIGTTOU
    };
    signal_pipe = -1;
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        signal(ours[i], SIG_DFL);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

/* ---- painting ---------------------------------------------------------------------------------------------------- */

static void resize(workstation *station)
{
    int rows, columns;
    if (station->linear != NULL)
        return; /* its screen is not the terminal's */
    terminal_size(&rows, &columns);
    if (rows == station->screen.rows && columns == station->screen.columns)
        return;
    if (screen_resize(&station->screen, rows, columns)) {
        terminal_resize(station->terminal, &station->screen);
        station->hint_context = NULL;
        station->dirty = true;
    }
}

/* After a key, what only follows the cursor waits until the keys rest: the letter is seen at once, and a held key has less to
 * carry. Whoever asks for a barrier wants to see all of it, and what lies over the panes hides what would stay. */
static bool keys_hurry(const workstation *station)
{
    return station->now_ms - station->key_came_ms < KEYS_REST_MS && station->barrier_count == 0 && station->overlay_count == 0 &&
           !station->was_covered && !station->repaint;
}

void station_paint(workstation *station)
{
    if (station->lags && !keys_hurry(station))
        station->dirty = true;
    if ((!station->dirty && !station->repaint) || terminal_is_behind(station->terminal))
        return; /* behind: the next drawing shows all that came meanwhile */
    if (station->linear != NULL) {
        station_paint_linear(station);
        station->dirty = station->repaint = false;
        station->status_was_seen = true;
        return;
    }
    station->hurries = station->lags = keys_hurry(station);
    station_draw(station);
    station->was_covered = station->overlay_count > 0 || station->message_covers;
    if (station->repaint)
        terminal_repaint(station->terminal, &station->screen);
    else
        terminal_show(station->terminal, &station->screen);
    station->dirty = station->repaint = false;
    station->status_was_seen = true;
}

/* ---- the test barrier (style.md section 3) ----------------------------------------------------------------------- */

static bool source_is_busy(const station_source *source)
{
    struct pollfd polled[POLLED_MAX];
    int timeout = -1;
    if (source->busy != NULL)
        return source->busy(source->context);
    return source->wanted(source->context, polled, POLLED_MAX, &timeout) > 0 || timeout >= 0;
}

static bool is_idle(workstation *station)
{
    for (size_t i = 0; i < station->source_count; i++)
        if (source_is_busy(&station->sources[i]))
            return false;
    return !station->dirty && !station->lags;
}

static void note_barrier(workstation *station, const char *number)
{
    enum { MOST = sizeof station->barriers / sizeof *station->barriers };
    if (station->barrier_count < MOST) {
        snprintf(station->barriers[station->barrier_count], sizeof station->barriers[0], "%.31s", number);
        station->barrier_count++;
    }
}

static void answer_barriers(workstation *station)
{
    buffer answer;
    if (station->barrier_count == 0 || !is_idle(station))
        return;
    buffer_init(&answer, 1024);
    for (size_t i = 0; i < station->barrier_count; i++)
        buffer_append_format(&answer, "\033_recto;%s\033\\", station->barriers[i]);
    terminal_answer(station->terminal, buffer_string(&answer), answer.length);
    memset(station->barriers, 0, sizeof station->barriers);
    station->barrier_count = 0;
    buffer_release(&answer);
}

/* ---- input ------------------------------------------------------------------------------------------------------- */

static void handle_event(workstation *station, const event *event)
{
    switch (event->kind) {
    case EVENT_KEY:
        station_take_key(station, &event->key);
        break;
    case EVENT_MOUSE:
        station_take_mouse(station, event);
        break;
    case EVENT_PASTE:
        station_take_paste(station, event->paste);
        break;
    case EVENT_BARRIER:
        if (station->test_mode) {
            note_barrier(station, event->shown);
            break;
        }
        __attribute__((fallthrough));
    case EVENT_UNKNOWN:
        station_say(station, "this terminal sent something that is no key: %s", event->shown);
        break;
    }
}

static void handle_pending(workstation *station)
{
    event event;
    while (!station->leaving && decoder_next(station->decoder, &event, station->now_ms))
        handle_event(station, &event);
}

static void read_keyboard(workstation *station, short events)
{
    char bytes[16 * 1024];
    if (!(events & (POLLIN | POLLHUP | POLLERR | POLLNVAL)))
        return;
    ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    if (got > 0) {
        station->key_is_held = station->now_ms - station->key_came_ms < KEYS_REST_MS;
        if (station->now_ms - station->key_came_ms > HEARTBEAT_MS)
            station->heartbeat_at_ms = station->now_ms; /* back at work: the locks are told at once */
        station->key_came_ms = station->now_ms;
        decoder_feed(station->decoder, bytes, (size_t)got, station->now_ms);
    } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
        station->leaving = station->hung_up = true;
    }
}

void station_read_signals(workstation *station)
{
    char bytes[256];
    ssize_t got = read(station->signal_end, bytes, sizeof bytes);
    for (ssize_t i = 0; i < got; i++) {
        if (bytes[i] == 'W')
            resize(station);
        else if (bytes[i] == 'C')
            station->repaint = true;
        else
            station->leaving = station->hung_up = true;
    }
}

/* ---- the loop ---------------------------------------------------------------------------------------------------- */

static int earlier(int one, int other)
{
    return one < 0 ? other : other < 0 || one < other ? one : other;
}

static void tick_panes(workstation *station)
{
    desk *desk = station_desk(station);
    for (place place = PLACE_MAIN; place <= PLACE_COMPANION; place++) {
        const open_pane *pane = desk_top(desk, place);
        if (pane != NULL && pane->kind->tick != NULL && pane->kind->tick(pane->model, station))
            station->dirty = true;
    }
}

/* Which descriptors belong to which source, for one turn. */
typedef struct turn {
    struct pollfd polled[POLLED_MAX];
    size_t count, first[SOURCES_MAX], counts[SOURCES_MAX];
    int timeout;
} turn;

static void gather(workstation *station, turn *turn)
{
    turn->polled[0] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
    turn->polled[1] = (struct pollfd){ .fd = station->signal_end, .events = POLLIN };
    turn->polled[2] = (struct pollfd){ .fd = terminal_is_behind(station->terminal) ? terminal_output(station->terminal) : -1,
                                       .events = POLLOUT };
    turn->count = 3;
    turn->timeout = decoder_timeout(station->decoder, station->now_ms);
    turn->timeout = earlier(turn->timeout, station_draft_timeout(station));
    int64_t heartbeat = station->heartbeat_at_ms - station->now_ms;
    turn->timeout = earlier(turn->timeout, heartbeat < 0 ? 0 : (int)heartbeat);
    int64_t resting = station->key_came_ms + KEYS_REST_MS - station->now_ms;
    if (station->lags && !terminal_is_behind(station->terminal))
        turn->timeout = earlier(turn->timeout, resting < 0 ? 0 : (int)resting);
    int64_t tidying = station->tidy_at_ms - station->now_ms;
    turn->timeout = earlier(turn->timeout, tidying < 0 ? 0 : (int)tidying);
    for (size_t i = 0; i < station->source_count; i++) {
        const station_source *source = &station->sources[i];
        int timeout = -1;
        turn->first[i] = turn->count;
        turn->counts[i] = source->wanted(source->context, turn->polled + turn->count, POLLED_MAX - turn->count, &timeout);
        turn->count += turn->counts[i];
        turn->timeout = earlier(turn->timeout, timeout);
        if (source_is_busy(source))
            turn->timeout = earlier(turn->timeout, 1000); /* seconds that pass are shown */
    }
}

/* A step may remove its own source: the list is walked from its end. */
static void step_sources(workstation *station, const turn *turn, size_t count)
{
    bool any = count > 0;
    for (size_t i = count; i-- > 0;) {
        if (i >= station->source_count)
            continue;
        const station_source source = station->sources[i];
        station->dirty |= source.step(source.context, turn->polled + turn->first[i], turn->counts[i]);
    }
    if (any) {
        tick_panes(station);
        station_bury(station);
    }
}

static void beat(workstation *station)
{
    recto_error error;
    if (station->now_ms < station->heartbeat_at_ms)
        return;
    station->heartbeat_at_ms = station->now_ms + HEARTBEAT_MS;
    if (catalog_heartbeat(station->options.catalog, (station->now_ms - station->key_came_ms) / 1000, &error) != RECTO_OK)
        station_error(station, &error);
}

/* While keys rest and nothing is under way, the repository is put in order: a few milliseconds at a time. */
static void tidy(workstation *station)
{
    if (station->now_ms < station->tidy_at_ms)
        return;
    bool more = is_idle(station) && catalog_tidy(station->options.catalog);
    station->tidy_at_ms = station->now_ms + (more ? TIDY_ON_MS : TIDY_MS);
}

static void one_turn(workstation *station)
{
    turn turn;
    size_t sources = station->source_count;
    gather(station, &turn);
    int ready = poll(turn.polled, turn.count, turn.timeout);
    station->now_ms = recto_clock_monotonic_ms();
    if (ready < 0) {
        if (errno != EINTR && errno != EAGAIN)
            station->leaving = station->hung_up = true;
        return;
    }
    station_read_signals(station); /* one that came while poll was returning is in the pipe, but not in revents */
    if (station->hung_up)
        return;
    if (turn.polled[2].revents != 0)
        terminal_flush(station->terminal);
    if (turn.polled[0].revents != 0) {
        station->tidy_at_ms = station->now_ms + TIDY_MS;
        read_keyboard(station, turn.polled[0].revents);
    }
    if (sources > 0)
        step_sources(station, &turn, sources);
    handle_pending(station);
    if (station_keep_drafts(station, false))
        station->dirty = true;
    beat(station);
    tidy(station);
}

static void loop(workstation *station)
{
    while (!station->leaving) {
        station_paint(station);
        answer_barriers(station);
        one_turn(station);
    }
}

/* ---- start and end ----------------------------------------------------------------------------------------------- */

/* Keymap and theme files may be wrong in places; the first fault is told, the rest holds. */
static void say_first_fault(workstation *station, const buffer *faults)
{
    size_t lines = 0;
    for (size_t i = 0; i < faults->length; i++)
        lines += faults->bytes[i] == '\n';
    const char *end = lines > 0 ? memchr(faults->bytes, '\n', faults->length) : NULL;
    if (end == NULL)
        return;
    station_say(station, "%.*s%s", (int)(end - faults->bytes), faults->bytes,
                lines > 1 ? " (and more: recto keys tells all; the other lines hold)" : "");
    station->status_is_error = true;
}

static recto_status load_keymap(workstation *station, const char *name, recto_error *error)
{
    keymap *loaded = NULL;
    buffer faults;
    buffer_init(&faults, 64 * 1024);
    recto_status status = keymap_load(&loaded, name, &faults, error);
    if (status == RECTO_OK) {
        keymap_free(station->keymap);
        station->keymap = loaded;
        station->hint_context = NULL;
        snprintf(station->keymap_name, sizeof station->keymap_name, "%.63s", name);
        say_first_fault(station, &faults);
    }
    buffer_release(&faults);
    return status;
}

static recto_status load_theme(workstation *station, const char *name, recto_error *error)
{
    look looks[ROLE_COUNT];
    buffer faults;
    buffer_init(&faults, 64 * 1024);
    recto_status status = theme_load(looks, name, terminal_colors(station->terminal), &faults, error);
    if (status == RECTO_OK) {
        terminal_set_looks(station->terminal, looks);
        station->screen.shown_is_valid = false;
        snprintf(station->theme_name, sizeof station->theme_name, "%.63s", name);
        say_first_fault(station, &faults);
    }
    buffer_release(&faults);
    return status;
}

void station_set_keymap(workstation *station, const char *name)
{
    recto_error error;
    if (load_keymap(station, name, &error) != RECTO_OK)
        station_error(station, &error);
    else if (station->status[0] == '\0')
        station_say(station, "keymap %s", name);
}

void station_set_theme(workstation *station, const char *name)
{
    recto_error error;
    if (load_theme(station, name, &error) != RECTO_OK)
        station_error(station, &error);
    else
        station->repaint = true;
}

/* ---- another program takes the terminal for a while ---------------------------------------------------------------- */

void station_suspend(workstation *station)
{
    terminal_close(station->terminal);
    station->terminal = NULL;
}

recto_status station_resume(workstation *station, recto_error *error)
{
    char theme[sizeof station->theme_name];
    recto_status status = terminal_open(&station->terminal, station->linear != NULL, error);
    if (status != RECTO_OK) { /* nothing can be shown any more: as if the line had been cut */
        station->leaving = station->hung_up = true;
        return status;
    }
    snprintf(theme, sizeof theme, "%s", station->theme_name);
    terminal_set_mouse(station->terminal, station_mouse_is_wanted(station));
    resize(station);
    station->screen.shown_is_valid = false;
    station->repaint = true;
    return load_theme(station, theme, error);
}

static void learn_key(void *context, const char *capability, const char *sent)
{
    decoder_learn(context, capability, sent);
}

static const char *chosen(const char *given, const char *variable, const char *otherwise)
{
    const char *environment = getenv(variable);
    if (given != NULL && *given != '\0')
        return given;
    return environment != NULL && *environment != '\0' ? environment : otherwise;
}

static recto_status start(workstation *station, recto_error *error)
{
    int rows, columns;
    const char *delay = getenv("ESCDELAY"), *term = getenv("TERM"), *test = getenv("RECTO_TEST_BARRIER");
    const char *linear = getenv("RECTO_LINEAR");
    bool line_by_line = station->options.linear || (linear != NULL && strcmp(linear, "1") == 0);
    int64_t delay_ms = DECODER_DELAY_DEFAULT_MS;
    if (delay != NULL && !text_to_integer(text_from(delay), &delay_ms))
        delay_ms = DECODER_DELAY_DEFAULT_MS;
    if (delay_ms < DECODER_DELAY_MIN_MS || delay_ms > DECODER_DELAY_MAX_MS)
        delay_ms = delay_ms < DECODER_DELAY_MIN_MS ? DECODER_DELAY_MIN_MS : DECODER_DELAY_MAX_MS;
    recto_status status = terminal_open(&station->terminal, line_by_line, error);
    if (status == RECTO_OK)
        status = load_theme(station, chosen(station->options.theme, "RECTO_THEME", "slate"), error);
    if (status == RECTO_OK)
        status = load_keymap(station, chosen(station->options.keymap, "RECTO_KEYMAP", "default"), error);
    if (status != RECTO_OK)
        return status;
    terminal_size(&rows, &columns);
    if (line_by_line) {
        station->linear = linear_new();
        if (station->linear == NULL)
            return recto_fail_memory(error, "opening the workstation");
        rows = LINEAR_ROWS;
        columns = LINEAR_COLUMNS;
    }
    station->decoder = decoder_new((int)delay_ms);
    if (station->decoder == NULL || !screen_init(&station->screen, rows, columns, terminal_is_utf8()))
        return recto_fail_memory(error, "opening the workstation");
    terminal_keys(learn_key, station->decoder);
    decoder_set_linux(station->decoder, term != NULL && strncmp(term, "linux", 5) == 0);
    station->test_mode = test != NULL && strcmp(test, "1") == 0;
    return RECTO_OK;
}

static void open_first_panes(workstation *station)
{
    station->now_ms = recto_clock_monotonic_ms();
    station->heartbeat_at_ms = station->now_ms + HEARTBEAT_MS;
    station->tidy_at_ms = station->now_ms + TIDY_MS;
    station->touring = station->options.guided_tour;
    terminal_set_mouse(station->terminal, station_mouse_is_wanted(station));
    station->dirty = true;
    records_pane_open(station);
    search_pane_open(station);
    station_show(station, AREA_SEARCH);
    if (!terminal_is_utf8())
        station_say(station, "no UTF-8 here: letters show as <U+00E9>; LC_ALL=C.UTF-8 recto shows them");
    station_tell_kept(station);
    station_offer_drafts(station);
    if (catalog_is_read_only(station_catalog(station)))
        station_say(station, "this repository is open for reading only: nothing can be saved");
}

/* The terminal is given back before the panes go: a slow repository must not hold it. */
static void finish(workstation *station)
{
    if (station->hung_up) {
        station_leave_all(station);
        terminal_abandon(station->terminal);
        signal(SIGALRM, SIG_DFL);
        alarm(2); /* RL-21: what is left, closing the repository, has two seconds */
    } else {
        station_leave_all(station);
        terminal_close(station->terminal);
    }
    while (station->overlay_count > 0)
        station_drop_overlay(station, station->overlays[station->overlay_count - 1].model);
    station_release_panes(station);
    buffer_release(&station->clipboard);
    buffer_release(&station->cut_text);
    buffer_release(&station->typed_ahead);
    macros_release(station);
    editor_repeat_release(station);
    own_texts_release(station);
    target_list_free(station->targets);
    keymap_free(station->keymap);
    decoder_free(station->decoder);
    screen_release(&station->screen);
    linear_free(station->linear);
}

recto_status workstation_run(const workstation_options *options, recto_error *error)
{
    int pipe_ends[2];
    workstation *station = calloc(1, sizeof *station);
    if (station == NULL)
        return recto_fail_memory(error, "opening the workstation");
    station->options = *options;
    buffer_init(&station->clipboard, 0);
    buffer_init(&station->cut_text, 0);
    buffer_init(&station->typed_ahead, 64 * 1024);
    setlocale(LC_CTYPE, "");
    if (!catch_signals(pipe_ends)) {
        int saved_errno = errno;
        free(station);
        return recto_fail_system(error, saved_errno, NULL, "cannot open a pipe");
    }
    recto_status status = start(station, error);
    if (status == RECTO_OK) {
        open_first_panes(station);
        station->signal_end = pipe_ends[0];
        loop(station);
    }
    bool hung_up = station->hung_up;
    finish(station);
    if (!hung_up)
        release_signals(pipe_ends);
    free(station);
    return status;
}
