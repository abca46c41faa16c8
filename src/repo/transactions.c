/* src/repo/transactions.c - one write transaction at a time, in the order of the queue (queue.c). */
#include "log_file.h"
#include "postings.h"
#include "queue.h"
#include <assert.h>
#include <sys/stat.h>
#include <unistd.h>

recto_status refuse_read_only(const repo *repo, recto_error *error)
{
    if (!repo->read_only)
        return RECTO_OK;
    return recto_fail(error, RECTO_EREFUSED, repo->path, "ask the owner of the file", "the repository is open for reading only");
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
        status = statement_ready(repo, SQL_ROLLBACK, error);
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
    log_file_gather(repo->database, true);
    recto_status status = store_run(repo, error, SQL_COMMIT, "");
    log_file_gather(repo->database, false);
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
    recto_status status = statement_ready(repo, SQL_COMMIT, error);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_BEGIN_READ, "");
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
