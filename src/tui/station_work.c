/* src/tui/station_work.c - long work that the repository does in one call: the screen lives on, what is typed is kept.
 *
 * A trial of a rule on a hundred thousand records is one call with a progress told now and then. Each telling draws how far it
 * is, reads the keyboard without interpreting it (what is typed ahead is neither lost nor taken out of order), and looks for Esc
 * alone, which stops the work between two records. Signals are obeyed: a cut line stops it as well (RL-21). */
#include "station.h"

#include "recto/base/plural.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum { SHOW_EVERY_MS = 100, QUIET_MS = 300 };

/* An Esc that nothing follows; one that begins a sequence has its bytes behind it in the same reading. */
static bool read_ahead(workstation *station)
{
    char bytes[4096];
    struct pollfd polled = { .fd = STDIN_FILENO, .events = POLLIN };
    if (poll(&polled, 1, 0) <= 0)
        return false;
    ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) {
        station->leaving = station->hung_up = true;
        return false;
    }
    if (got == 1 && (bytes[0] == '\033' || bytes[0] == 3)) {
        buffer_clear(&station->typed_ahead);
        return true;
    }
    if (got > 0)
        buffer_append(&station->typed_ahead, bytes, (size_t)got);
    return false;
}

static void show(workstation *station, const char *what, size_t done, size_t total)
{
    int seconds = (int)((station->now_ms - station->work_since_ms) / 1000);
    if (total > 0)
        station_say(station, "%s: %zu of %zu %s, %zu %%, %d s.  Esc stops", what, done, total, plural(total, "record", "records"),
                    done * 100 / total, seconds);
    else
        station_say(station, "%s: %zu %s, %d s.  Esc stops", what, done, plural(done, "record", "records"), seconds);
    station_paint(station);
    terminal_flush(station->terminal);
    station->work_shown_ms = station->now_ms;
}

bool station_progress(workstation *station, const char *what, size_t done, size_t total)
{
    station->now_ms = recto_clock_monotonic_ms();
    if (done == 0 || station->work_since_ms == 0) {
        station->work_since_ms = station->now_ms;
        station->work_shown_ms = station->now_ms - SHOW_EVERY_MS + QUIET_MS / 2;
    }
    if (station->now_ms - station->work_shown_ms < SHOW_EVERY_MS)
        return true;
    show(station, what, done, total);
    station_read_signals(station);
    bool stopped = read_ahead(station);
    return !stopped && !station->hung_up;
}

void station_work_done(workstation *station)
{
    station->work_since_ms = 0;
    station->now_ms = recto_clock_monotonic_ms();
    if (station->typed_ahead.length > 0 && !buffer_failed(&station->typed_ahead))
        decoder_feed(station->decoder, station->typed_ahead.bytes, station->typed_ahead.length, station->now_ms);
    buffer_clear(&station->typed_ahead);
}
