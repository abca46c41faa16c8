/* src/repo/log_room.c - room for the write-ahead log, taken before it is needed.
 *
 * A commit that writes over what the log's file already has costs one sync of data; one that makes the file longer costs the file
 * system's journal, too, which is three to ten times as much. The log is written over from its beginning whenever all of it has
 * been moved, so a service that commits all day makes the file long once, while nobody waits. What lies behind the last frame is
 * never read: a frame of zeros has no valid checksum. */
#include "store.h"

enum { LOG_ROOM = 32 * 1024 * 1024, PIECE = 256 * 1024 }; /* more than CHECKPOINT_WHEN_IDLE pages, less than journal_size_limit */

/* Inside a write transaction: nobody else appends. */
static int lengthen(sqlite3_file *file)
{
    static const char zeros[PIECE];
    sqlite3_int64 length = 0;
    int code = file->pMethods->xFileSize(file, &length);
    for (; code == SQLITE_OK && length < LOG_ROOM; length += PIECE)
        code = file->pMethods->xWrite(file, zeros, PIECE, length);
    return code == SQLITE_OK ? file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) : code;
}

recto_status repo_reserve_log(repo *repo, recto_error *error)
{
    sqlite3_file *file = NULL;
    if (repo->read_only || repo->writing || repo->reading)
        return RECTO_OK;
    recto_status status = repo_begin(repo, error);
    if (status != RECTO_OK)
        return status;
    int code = sqlite3_file_control(repo->database, "main", SQLITE_FCNTL_JOURNAL_POINTER, (void *)&file);
    if (code == SQLITE_OK && file != NULL && file->pMethods != NULL)
        code = lengthen(file);
    repo_rollback(repo);
    return code == SQLITE_OK ? RECTO_OK : store_fail_code(repo, code, error);
}
