/* src/repo/transactions.c - one write transaction at a time, and a fair queue before it.
 *
 * SQLite's own waiting is unfair: somebody may be passed over for seconds. So writers first take an flock on a file beside
 * the repository, where the kernel serves them in order, and only then BEGIN IMMEDIATE (RL-71, RL-73). The side file holds
 * who has it, for the message; the database file itself is never opened here (RL-8). A blocking flock knows no time-out: a
 * timer interrupts it with a signal that does nothing else, sent to this thread only. */
#include "postings.h"
#include <assert.h>
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

recto_status refuse_read_only(const repo *repo, recto_error *error)
{
    if (!repo->read_only)
        return RECTO_OK;
    return recto_fail(error, RECTO_EREFUSED, repo->path, "ask the owner of the file", "the repository is open for reading only");
}

/* ---- the queue ----------------------------------------------------------------------------------------------------- */

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

/* Waits at most WAIT_SECONDS. @return 0, or errno; ETIMEDOUT when time ran out. */
static int flock_for_a_while(int descriptor)
{
    const int wake_signal = SIGRTMIN + 5;
    struct sigaction waking = { .sa_handler = wake }, before;
    struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = wake_signal };
    /* The timer repeats, because a signal that comes just before flock begins to wait would be lost. */
    struct itimerspec when = { .it_value = { .tv_sec = WAIT_SECONDS }, .it_interval = { .tv_nsec = 100000000 } };
    const int64_t until = recto_clock_monotonic_ms() + WAIT_SECONDS * 1000;
    timer_t timer;
    int result;
    event._sigev_un._tid = gettid();
    sigemptyset(&waking.sa_mask);
    if (sigaction(wake_signal, &waking, &before) != 0)
        return errno;
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) {
        result = errno;
        (void)sigaction(wake_signal, &before, NULL);
        return result;
    }
    (void)timer_settime(timer, 0, &when, NULL);
    do {
        result = flock(descriptor, LOCK_EX) == 0 ? 0 : errno;
    } while (result == EINTR && recto_clock_monotonic_ms() < until - 50);
    (void)timer_delete(timer);
    (void)sigaction(wake_signal, &before, NULL);
    return result == EINTR ? ETIMEDOUT : result;
}

/* Who waits holds a byte of the side file for reading: it goes with the process, and costs nothing where nobody waits. */
static struct flock waiting_room(short type)
{
    return (struct flock){ .l_type = type, .l_whence = SEEK_SET, .l_start = HOLDER_LENGTH, .l_len = 1 };
}

static int wait_in_queue(int descriptor)
{
    struct flock sit = waiting_room(F_RDLCK), leave = waiting_room(F_UNLCK);
    (void)fcntl(descriptor, F_OFD_SETLK, &sit);
    const int result = flock_for_a_while(descriptor);
    (void)fcntl(descriptor, F_OFD_SETLK, &leave);
    return result;
}

bool queue_has_others(const repo *repo)
{
    struct flock look = waiting_room(F_WRLCK);
    return repo->queued && fcntl(repo->queue, F_OFD_GETLK, &look) == 0 && look.l_type != F_UNLCK;
}

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

/* RECTO_EBUSY without a word when `wait` is false and somebody else has the queue. */
static recto_status queue_enter(repo *repo, bool wait, recto_error *error)
{
    recto_status status = queue_open(repo, error);
    if (status != RECTO_OK)
        return status;
    int result = flock(repo->queue, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
    if (!wait && (result == EWOULDBLOCK || result == EINTR))
        return RECTO_EBUSY;
    if (result == EWOULDBLOCK || result == EINTR)
        result = wait_in_queue(repo->queue);
    if (result == ETIMEDOUT)
        return fail_busy(repo, error);
    if (result != 0)
        return recto_fail_system(error, result, repo->path, "cannot queue for writing");
    queue_sign(repo);
    repo->queued = true;
    return RECTO_OK;
}

static void queue_leave(repo *repo)
{
    if (repo->queued)
        (void)flock(repo->queue, LOCK_UN);
    repo->queued = false;
}

/* ---- transactions --------------------------------------------------------------------------------------------------- */

static recto_status refuse_replaced(const repo *repo, recto_error *error)
{
    struct stat now;
    if (stat(repo->path, &now) == 0 && now.st_dev == repo->device && now.st_ino == repo->inode)
        return RECTO_OK;
    return recto_fail(error, RECTO_EIO, repo->path, "your text is kept; start Recto again", "the repository file was replaced");
}

/* Full at every change but a draft's: a saved record survives a power cut (RL-1). */
static recto_status choose_synchronous(repo *repo, bool relaxed, recto_error *error)
{
    if (repo->relaxed == relaxed)
        return RECTO_OK;
    recto_status status = store_run(repo, error, relaxed ? SQL_SYNCHRONOUS_NORMAL : SQL_SYNCHRONOUS_FULL, "");
    if (status == RECTO_OK)
        repo->relaxed = relaxed;
    return status;
}

static recto_status begin(repo *repo, bool relaxed, bool wait, recto_error *error)
{
    assert(!repo->writing && "transactions do not nest");
    assert(!repo->reading && "a visitor of a search must not write");
    assert(repo->process == getpid() && "a repository never crosses a fork");
    recto_status status = refuse_read_only(repo, error);
    if (status == RECTO_OK)
        status = refuse_replaced(repo, error);
    if (status == RECTO_OK)
        status = queue_enter(repo, wait, error);
    if (status != RECTO_OK)
        return status;
    repo->deletion_step = 0;
    status = choose_synchronous(repo, relaxed, error);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_BEGIN_WRITE, "");
    if (status == RECTO_OK)
        repo->writing = true;
    else
        queue_leave(repo);
    return status;
}

recto_status repo_begin(repo *repo, recto_error *error)
{
    return begin(repo, false, true, error);
}

recto_status repo_commit(repo *repo, recto_error *error)
{
    assert(repo->writing);
    recto_status status = store_run(repo, error, SQL_COMMIT, "");
    if (status != RECTO_OK) {
        repo_rollback(repo);
        return status;
    }
    repo->writing = false;
    postings_settle(repo);
    queue_leave(repo);
    if (!repo->relaxed) /* what is relaxed is a draft, which comes with a key, or upkeep itself */
        postings_catch_up(repo);
    return RECTO_OK;
}

void repo_rollback(repo *repo)
{
    if (!repo->writing)
        return;
    /* SQLite may have rolled back by itself (full disk): then there is nothing left to undo. */
    if (sqlite3_get_autocommit(repo->database) == 0)
        (void)store_run(repo, NULL, SQL_ROLLBACK, "");
    repo->writing = false;
    postings_forget(repo);
    queue_leave(repo);
}

recto_status change_begin(repo *repo, bool *own, recto_error *error)
{
    *own = !repo->writing;
    return *own ? begin(repo, false, true, error) : RECTO_OK;
}

recto_status change_begin_relaxed(repo *repo, bool *own, recto_error *error)
{
    *own = !repo->writing;
    return *own ? begin(repo, true, true, error) : RECTO_OK;
}

recto_status change_try(repo *repo, bool *got, recto_error *error)
{
    *got = false;
    recto_status status = begin(repo, true, false, error);
    if (status == RECTO_EBUSY)
        return RECTO_OK;
    if (status == RECTO_OK && queue_has_others(repo)) { /* they were passed over */
        repo_rollback(repo);
        return RECTO_OK;
    }
    *got = status == RECTO_OK;
    return status;
}

recto_status change_end(repo *repo, bool own, recto_status status, recto_error *error)
{
    if (!own)
        return status;
    if (status == RECTO_OK)
        return repo_commit(repo, error);
    repo_rollback(repo);
    return status;
}

recto_status look_begin(repo *repo, bool *own, recto_error *error)
{
    *own = !repo->writing && !repo->reading;
    if (!*own)
        return RECTO_OK;
    recto_status status = store_run(repo, error, SQL_BEGIN_READ, "");
    repo->reading = status == RECTO_OK;
    *own = repo->reading;
    return status;
}

void look_end(repo *repo, bool own)
{
    if (!own)
        return;
    (void)store_run(repo, NULL, SQL_COMMIT, "");
    repo->reading = false;
}
