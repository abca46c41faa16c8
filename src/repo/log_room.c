/* src/repo/log_room.c - the write-ahead log: room taken before it is needed, and its pages moved while nobody waits.
 *
 * A commit that writes over what the log's file already has costs one sync of data; one that makes the file longer costs the file
 * system's journal, too, and with it whatever others on that disk have written: three to a hundred times as much. The log is
 * written over from its beginning whenever all of it has been moved into the file, so its file is made long once, a piece at a
 * time, by whoever stays and has a moment. What lies behind the last frame is never read: a frame of zeros has no valid
 * checksum.
 *
 * How much is to be moved stands in the log's index, which is shared memory: SQLite documents its header. Looked at without a
 * lock, a wrong answer costs a checkpoint too early or too late. */
#include "postings_inside.h"

enum {
    MIB = 1024 * 1024,
    ROOM_OF_SERVICE = 32 * MIB, /* more than CHECKPOINT_SOON, less than journal_size_limit */
    ROOM_OF_DESK = 8 * MIB,     /* twice CHECKPOINT_IN_TIME */
    PIECE = MIB,
    WRITTEN_AT_ONCE = 64 * 1024,   /* a page at most: SQLite's file system keeps 17 bits of a length */
    CHECKPOINT_IN_TIME = 4 * MIB,  /* when the last time was long ago; little, because a save behind it waits for the disk */
    CHECKPOINT_SOON = 24 * MIB,    /* at any time */
    CHECKPOINT_AT_ONCE = 48 * MIB, /* by a save, when nobody had a moment */
    CHECKPOINT_PAUSE_MS = 1000,
    INDEX_REGION = 32 * 1024, /* the first part of the log's index */
    INDEX_PAGE_BYTES = 14,    /* bytes from its beginning: two with the size of a page, 1 for 64 KiB */
    INDEX_LAST_FRAME = 16,    /* frames in the log, and those that have been moved */
    INDEX_MOVED = 96
};

static sqlite3_file *file_of(const repo *repo, int which)
{
    sqlite3_file *file = NULL;
    if (sqlite3_file_control(repo->database, "main", which, (void *)&file) != SQLITE_OK || file == NULL || file->pMethods == NULL)
        return NULL;
    return file;
}

/* ---- room ----------------------------------------------------------------------------------------------------------------- */

static sqlite3_int64 length_of(sqlite3_file *log)
{
    sqlite3_int64 length = 0;
    return log->pMethods->xFileSize(log, &length) == SQLITE_OK ? length : INT64_MAX;
}

/* By whole pieces. Inside a write transaction: nobody else appends. */
static int lengthen(sqlite3_file *log, sqlite3_int64 until)
{
    static const char zeros[WRITTEN_AT_ONCE];
    int code = SQLITE_OK;
    const sqlite3_int64 length = length_of(log);
    const sqlite3_int64 end = length < until ? length + (until - length + PIECE - 1) / PIECE * PIECE : length;
    for (sqlite3_int64 at = length; code == SQLITE_OK && at < end; at += WRITTEN_AT_ONCE)
        code = log->pMethods->xWrite(log, zeros, WRITTEN_AT_ONCE, at);
    return code;
}

recto_status repo_reserve_log(repo *repo, recto_error *error)
{
    if (repo->read_only || repo->writing || repo->reading)
        return RECTO_OK;
    repo->log_room = ROOM_OF_SERVICE;
    recto_status status = repo_begin(repo, error);
    if (status != RECTO_OK)
        return status;
    sqlite3_file *log = file_of(repo, SQLITE_FCNTL_JOURNAL_POINTER);
    int code = log != NULL ? lengthen(log, repo->log_room) : SQLITE_OK;
    repo_rollback(repo);
    if (code == SQLITE_OK && log != NULL)
        code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
    return code == SQLITE_OK ? RECTO_OK : store_fail_code(repo, code, error);
}

void repo_keep_log(repo *repo)
{
    if (!repo->read_only && repo->log_room == 0)
        repo->log_room = ROOM_OF_DESK;
}

/* The sync that makes the piece the file system's own comes after the turn, so that no save waits for it. */
static recto_status take_piece(repo *repo, recto_error *error)
{
    bool got = false;
    int code = SQLITE_OK;
    recto_status status = change_try(repo, &got, error);
    if (status != RECTO_OK || !got)
        return status;
    sqlite3_file *log = file_of(repo, SQLITE_FCNTL_JOURNAL_POINTER);
    const sqlite3_int64 length = log != NULL ? length_of(log) : INT64_MAX;
    if (length < repo->log_room)
        code = lengthen(log, length + 1);
    repo_rollback(repo);
    if (code == SQLITE_OK && length < repo->log_room)
        code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
    if (code != SQLITE_OK)
        repo->log_room = -1; /* a full disk: not again, and it is not worth a word */
    return RECTO_OK;
}

static bool lacks_room(repo *repo)
{
    sqlite3_file *log = repo->log_room > 0 ? file_of(repo, SQLITE_FCNTL_JOURNAL_POINTER) : NULL;
    return log != NULL && length_of(log) < repo->log_room;
}

/* ---- moving ------------------------------------------------------------------------------------------------------ */

static uint32_t number_at(const volatile char *index, size_t at)
{
    return *(const volatile uint32_t *)(const volatile void *)(index + at);
}

static uint32_t page_bytes(const volatile char *index)
{
    const uint16_t bytes = *(const volatile uint16_t *)(const volatile void *)(index + INDEX_PAGE_BYTES);
    return bytes == 1 ? 64 * 1024 : bytes;
}

/* Bytes of the pages that stand in the log alone. */
static uint64_t bytes_to_move(const repo *repo)
{
    void volatile *index = NULL;
    sqlite3_file *file = file_of(repo, SQLITE_FCNTL_FILE_POINTER);
    if (file == NULL || file->pMethods->iVersion < 2 || file_of(repo, SQLITE_FCNTL_JOURNAL_POINTER) == NULL ||
        file->pMethods->xShmMap(file, 0, INDEX_REGION, 0, &index) != SQLITE_OK || index == NULL)
        return 0;
    const uint32_t last = number_at(index, INDEX_LAST_FRAME), moved = number_at(index, INDEX_MOVED);
    return last > moved ? (uint64_t)(last - moved) * page_bytes(index) : 0;
}

static void move(repo *repo)
{
    (void)sqlite3_wal_checkpoint_v2(repo->database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static int after_commit(void *context, sqlite3 *database, const char *name, int pages)
{
    (void)database;
    (void)name;
    (void)pages;
    if (bytes_to_move(context) >= CHECKPOINT_AT_ONCE)
        move(context);
    return SQLITE_OK;
}

void log_watch(repo *repo)
{
    (void)sqlite3_wal_hook(repo->database, after_commit, repo);
}

/* Moving needs no turn among those who write, and none of them waits for it but for the disk. */
recto_status log_tidy(bool *did, repo *repo, recto_error *error)
{
    const uint64_t bytes = bytes_to_move(repo);
    const int64_t now = recto_clock_monotonic_ms();
    *did = true;
    if (bytes >= CHECKPOINT_SOON || (bytes >= CHECKPOINT_IN_TIME && now >= repo->log_moved_at_ms + CHECKPOINT_PAUSE_MS)) {
        repo->log_moved_at_ms = now;
        move(repo);
        return RECTO_OK;
    }
    if (lacks_room(repo))
        return take_piece(repo, error);
    *did = false;
    return RECTO_OK;
}
