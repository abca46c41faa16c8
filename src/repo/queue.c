/* src/repo/queue.c - the fair queue before writing.
 *
 * SQLite's own waiting is unfair: somebody may be passed over for seconds. So writers first queue on a file beside the repository
 * and only then BEGIN IMMEDIATE (RL-71, RL-73). Who holds the flock of that file writes. But a flock that is given back lies
 * free until the next one wakes, and whoever comes by at that moment takes it, above all who has just given it back: on a
 * busy machine the others wait for seconds again. So each draws a ticket, locks the byte of that number, and waits for the byte
 * before his. All of it goes with a process that is killed; whoever gives up gives his byte back, and the flock still admits only
 * one.
 *
 * The side file holds who writes, for the message, and the number of the next ticket; the database file itself is never opened
 * here (RL-8). Waiting for a lock knows no time-out: a timer interrupts it with a signal that does nothing else, sent to this
 * thread only. */
#include "queue.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_SECONDS = 10, HOLDER_LENGTH = 64 };
enum { NEXT_TICKET = HOLDER_LENGTH, DRAWING = NEXT_TICKET + 8, FIRST_TICKET = 4096 }; /* bytes of the side file */

static void wake(int signal_number)
{
    (void)signal_number; /* its arrival ends flock with EINTR; that is all */
}

static recto_status queue_open(repo *repo, recto_error *error)
{
    char name[4096 + 8];
    if (repo->queue >= 0)
        return RECTO_OK;
    if ((size_t)snprintf(name, sizeof name, "%s-queue", repo->path) >= sizeof name)
        return recto_fail(error, RECTO_EINVALID, repo->path, NULL, "the path of the repository is too long");
    repo->queue = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (repo->queue < 0)
        return recto_fail_system(error, errno, name, "cannot open the queue of writers");
    struct stat own;
    if (stat(repo->path, &own) == 0) /* whoever may write the repository may queue for it; others' file: leave it be */
        (void)fchmod(repo->queue, own.st_mode & 0666);
    return RECTO_OK;
}

/* ---- waiting at most so long ------------------------------------------------------------------------------------------ */

typedef struct patience {
    timer_t timer;
    struct sigaction before;
    int64_t until_ms;
} patience;

static int patience_begin(patience *out)
{
    const int wake_signal = SIGRTMIN + 5;
    struct sigaction waking = { .sa_handler = wake };
    struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = wake_signal };
    /* The timer repeats, because a signal that comes just before the waiting begins would be lost. */
    const struct itimerspec when = { .it_value = { .tv_sec = 1 }, .it_interval = { .tv_nsec = 250000000 } };
    event._sigev_un._tid = gettid();
    sigemptyset(&waking.sa_mask);
    if (sigaction(wake_signal, &waking, &out->before) != 0)
        return errno;
    if (timer_create(CLOCK_MONOTONIC, &event, &out->timer) != 0) {
        const int result = errno;
        (void)sigaction(wake_signal, &out->before, NULL);
        return result;
    }
    (void)timer_settime(out->timer, 0, &when, NULL);
    out->until_ms = recto_clock_monotonic_ms() + WAIT_SECONDS * 1000;
    return 0;
}

static void patience_end(const patience *patience)
{
    (void)timer_delete(patience->timer);
    (void)sigaction(SIGRTMIN + 5, &patience->before, NULL);
}

static bool patience_left(const patience *patience, int result)
{
    return result == EINTR && recto_clock_monotonic_ms() < patience->until_ms - 50;
}

/* ---- tickets ---------------------------------------------------------------------------------------------------------- */

static int lock_byte(int descriptor, int command, short type, int64_t at)
{
    struct flock byte = { .l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = 1 };
    return fcntl(descriptor, command, &byte) == 0 ? 0 : errno;
}

static bool somebody_holds(int descriptor, int64_t at, int64_t length)
{
    struct flock look = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = at, .l_len = length };
    return fcntl(descriptor, F_OFD_GETLK, &look) == 0 && look.l_type != F_UNLCK;
}

/* Drawing takes microseconds, and who is killed at it gives it back: nobody loses patience here. */
static int draw_ticket(repo *repo)
{
    int64_t number = 0;
    int result;
    do {
        result = lock_byte(repo->queue, F_OFD_SETLKW, F_WRLCK, DRAWING);
    } while (result == EINTR);
    if (result != 0)
        return result;
    if (pread(repo->queue, &number, sizeof number, NEXT_TICKET) != (ssize_t)sizeof number || number < FIRST_TICKET ||
        number > INT64_MAX / 2)
        number = FIRST_TICKET;
    const int64_t next = number + 1;
    if (pwrite(repo->queue, &next, sizeof next, NEXT_TICKET) < 0)
        number = 0; /* a full disk: without a ticket, behind the flock alone */
    else
        result = lock_byte(repo->queue, F_OFD_SETLK, F_WRLCK, number);
    repo->ticket = result == 0 ? number : 0;
    (void)lock_byte(repo->queue, F_OFD_SETLK, F_UNLCK, DRAWING);
    return 0;
}

static void give_ticket_back(repo *repo)
{
    if (repo->ticket != 0)
        (void)lock_byte(repo->queue, F_OFD_SETLK, F_UNLCK, repo->ticket);
    repo->ticket = 0;
}

/* For the one before us; then for whoever writes without a ticket. One before us who is stopped does not wake when it is his
 * turn: after a second it is looked now and then whether anybody writes at all (RL-75). @return 0, or errno; ETIMEDOUT when time
 * ran out. */
static int wait_in_order(repo *repo)
{
    patience patience;
    const int64_t before = repo->ticket - 1;
    bool passed = false; /* the turn is ours */
    int result = patience_begin(&patience);
    if (result != 0)
        return result;
    if (before >= FIRST_TICKET) {
        do {
            result = lock_byte(repo->queue, F_OFD_SETLKW, F_RDLCK, before);
            passed = result == EINTR && flock(repo->queue, LOCK_EX | LOCK_NB) == 0;
        } while (!passed && patience_left(&patience, result));
        (void)lock_byte(repo->queue, F_OFD_SETLK, F_UNLCK, before);
    }
    while (!passed && (result == 0 || patience_left(&patience, result))) {
        result = flock(repo->queue, LOCK_EX) == 0 ? 0 : errno;
        passed = result == 0;
    }
    patience_end(&patience);
    return passed ? 0 : result == EINTR ? ETIMEDOUT : result;
}

static int enter_in_order(repo *repo)
{
    int result = draw_ticket(repo);
    if (result != 0)
        return result;
    const bool first = repo->ticket <= FIRST_TICKET || !somebody_holds(repo->queue, repo->ticket - 1, 1);
    result = first && flock(repo->queue, LOCK_EX | LOCK_NB) == 0 ? 0 : EWOULDBLOCK;
    if (result == EWOULDBLOCK)
        result = wait_in_order(repo);
    if (result != 0)
        give_ticket_back(repo);
    return result;
}

bool queue_has_others(const repo *repo)
{
    return repo->queued && somebody_holds(repo->queue, FIRST_TICKET, 0);
}

/* ---- who it is ---------------------------------------------------------------------------------------------------------- */

static void queue_sign(const repo *repo)
{
    char command[32] = "", note[HOLDER_LENGTH];
    memset(note, ' ', sizeof note);
    FILE *name = fopen("/proc/self/comm", "re");
    if (name != NULL) {
        if (fgets(command, sizeof command, name) != NULL)
            command[strcspn(command, "\n")] = '\0';
        (void)fclose(name);
    }
    (void)snprintf(note, sizeof note, "%ld %lld %s\n", (long)getpid(), (long long)recto_clock_monotonic_ms(), command);
    if (pwrite(repo->queue, note, sizeof note, 0) < 0) {
        /* Only a message to others is poorer: on a full disk the save itself will say so. */
        return;
    }
}

static recto_status fail_busy(const repo *repo, recto_error *error)
{
    char note[HOLDER_LENGTH + 1] = "", command[32] = "";
    int64_t holder = 0, since = 0;
    text rest = text_of(note, pread(repo->queue, note, HOLDER_LENGTH, 0) > 0 ? strlen(note) : 0);
    if (!text_to_integer(text_next_field(&rest, ' '), &holder) || !text_to_integer(text_next_field(&rest, ' '), &since))
        return recto_fail(error, RECTO_EBUSY, repo->path, "your text is kept; try again",
                          "the repository is busy; nothing was saved");
    string_keep(command, sizeof command, text_trim(rest));
    return recto_fail(error, RECTO_EBUSY, repo->path, "your text is kept; try again",
                      "the repository is busy (held by PID %lld, %s, for %lld s); nothing was saved", (long long)holder,
                      command[0] != '\0' ? command : "recto", (long long)((recto_clock_monotonic_ms() - since) / 1000));
}

/* ---- the door ----------------------------------------------------------------------------------------------------------- */

static recto_status enter_if_free(repo *repo, recto_error *error)
{
    const bool taken = somebody_holds(repo->queue, FIRST_TICKET, 0);
    const int result = taken ? EWOULDBLOCK : flock(repo->queue, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
    if (result == EWOULDBLOCK || result == EINTR)
        return RECTO_EBUSY;
    return result == 0 ? RECTO_OK : recto_fail_system(error, result, repo->path, "cannot queue for writing");
}

recto_status queue_enter(repo *repo, bool wait, recto_error *error)
{
    recto_status status = queue_open(repo, error);
    if (status == RECTO_OK && !wait)
        status = enter_if_free(repo, error);
    if (status != RECTO_OK)
        return status;
    const int result = wait ? enter_in_order(repo) : 0;
    if (result == ETIMEDOUT)
        return fail_busy(repo, error);
    if (result != 0)
        return recto_fail_system(error, result, repo->path, "cannot queue for writing");
    queue_sign(repo);
    repo->queued = true;
    return RECTO_OK;
}

void queue_leave(repo *repo)
{
    if (repo->queued)
        (void)flock(repo->queue, LOCK_UN);
    repo->queued = false;
    give_ticket_back(repo); /* wakes who is next: he finds the flock free */
}
