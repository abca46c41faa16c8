/* src/repo/log_file.c - see log_file.h. A layer over SQLite's file system, of which only the log's file is not as it was.
 *
 * SQLite writes two pieces for each page that a transaction has changed, a head of 24 bytes and the page: of a batch of a load
 * tens of thousands of calls, each of which the kernel takes longer for than for the bytes. Here they are put together. Nothing
 * may be left behind where others could miss it: another process reads a page from the log as soon as the log's index names it,
 * which comes after the write of the transaction's last page, and only who has the write lock may write. So there is gathering
 * only while COMMIT runs, and the head that ends a transaction, which says how many pages the file then has, ends it: that head
 * and what follows go out at once. */
#include "log_file.h"

#include <stdlib.h>
#include <string.h>

enum {
    GATHERED_MOST = 124 * 1024, /* SQLite's own file system writes less than 128 KiB at once */
    HEAD_BYTES = 24,            /* of a page; its second number is 0, but in the last of a transaction */
    HEAD_PAGES = 4,
    NUMBER_BYTES = 4
};
static const char NAME[] = "recto-log";

typedef struct log_files {
    sqlite3_vfs base; /* must be first */
    sqlite3_vfs *below;
} log_files;

typedef struct log_file {
    sqlite3_file base; /* must be first */
    sqlite3_file *below;
    unsigned char *bytes; /* gathered; NULL: not yet, or no memory */
    int length;
    sqlite3_int64 offset; /* of the gathered in the file */
    bool gathers, ends;   /* the transaction is to be ended by what comes */
} log_file;

static log_file *of(sqlite3_file *file)
{
    return (log_file *)file;
}

/* ---- gathering ------------------------------------------------------------------------------------------------------------- */

/* What could not be written stays: whoever asked is told, and COMMIT fails. */
static int give(log_file *log)
{
    if (log->length == 0)
        return SQLITE_OK;
    const int code = log->below->pMethods->xWrite(log->below, log->bytes, log->length, log->offset);
    if (code == SQLITE_OK)
        log->length = 0;
    return code;
}

static bool ends_transaction(const unsigned char *head)
{
    static const unsigned char none[NUMBER_BYTES];
    return memcmp(head + HEAD_PAGES, none, sizeof none) != 0;
}

/* Behind what is gathered, and there is room? */
static bool fits(const log_file *log, int length, sqlite3_int64 offset)
{
    return log->length == 0 || (offset == log->offset + log->length && length <= GATHERED_MOST - log->length);
}

static void keep(log_file *log, const void *bytes, int length, sqlite3_int64 offset)
{
    if (log->length == 0)
        log->offset = offset;
    memcpy(log->bytes + log->length, bytes, (size_t)length);
    log->length += length;
}

static int log_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    log_file *log = of(file);
    int code = SQLITE_OK;
    if (length == HEAD_BYTES)
        log->ends = ends_transaction(bytes);
    if (!fits(log, length, offset))
        code = give(log);
    if (code != SQLITE_OK)
        return code;
    if (!log->gathers || length > GATHERED_MOST || (log->ends && log->length == 0))
        return log->below->pMethods->xWrite(log->below, bytes, length, offset);
    keep(log, bytes, length, offset);
    return log->ends && length != HEAD_BYTES ? give(log) : SQLITE_OK;
}

static int log_read(sqlite3_file *file, void *out, int length, sqlite3_int64 offset)
{
    log_file *log = of(file);
    const bool touches = offset < log->offset + log->length && offset + length > log->offset;
    const int code = touches ? give(log) : SQLITE_OK;
    return code == SQLITE_OK ? log->below->pMethods->xRead(log->below, out, length, offset) : code;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    const int code = give(of(file));
    return code == SQLITE_OK ? of(file)->below->pMethods->xTruncate(of(file)->below, size) : code;
}

static int log_sync(sqlite3_file *file, int flags)
{
    const int code = give(of(file));
    return code == SQLITE_OK ? of(file)->below->pMethods->xSync(of(file)->below, flags) : code;
}

static int log_size(sqlite3_file *file, sqlite3_int64 *size)
{
    const int code = give(of(file));
    return code == SQLITE_OK ? of(file)->below->pMethods->xFileSize(of(file)->below, size) : code;
}

static int log_close(sqlite3_file *file)
{
    free(of(file)->bytes);
    return of(file)->below->pMethods->xClose(of(file)->below);
}

/* ---- what goes through --------------------------------------------------------------------------------------------- */

static int log_lock(sqlite3_file *file, int level)
{
    return of(file)->below->pMethods->xLock(of(file)->below, level);
}

static int log_unlock(sqlite3_file *file, int level)
{
    return of(file)->below->pMethods->xUnlock(of(file)->below, level);
}

static int log_check_reserved(sqlite3_file *file, int *out)
{
    return of(file)->below->pMethods->xCheckReservedLock(of(file)->below, out);
}

static int log_control(sqlite3_file *file, int operation, void *argument)
{
    return of(file)->below->pMethods->xFileControl(of(file)->below, operation, argument);
}

static int log_sector(sqlite3_file *file)
{
    return of(file)->below->pMethods->xSectorSize(of(file)->below);
}

static int log_features(sqlite3_file *file)
{
    return of(file)->below->pMethods->xDeviceCharacteristics(of(file)->below);
}

static const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_check_reserved,
    .xFileControl = log_control,
    .xSectorSize = log_sector,
    .xDeviceCharacteristics = log_features,
};

/* ---- the file system ----------------------------------------------------------------------------------------------------- */

static int open_file(sqlite3_vfs *files, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    sqlite3_vfs *below = ((log_files *)files)->below;
    if ((flags & SQLITE_OPEN_WAL) == 0)
        return below->xOpen(below, name, file, flags, out_flags);
    log_file *log = of(file);
    *log = (log_file){ .below = (sqlite3_file *)(log + 1) };
    const int code = below->xOpen(below, name, log->below, flags, out_flags);
    log->base.pMethods = log->below->pMethods != NULL ? &log_methods : NULL; /* where there are none it is not closed */
    return code;
}

/* All but opening is done by the functions below, which find in the copy what they look for in their own. */
static const char *make_file_system(void)
{
    sqlite3_vfs *below = sqlite3_vfs_find(NULL);
    log_files *made = below != NULL ? calloc(1, sizeof *made) : NULL;
    if (made == NULL)
        return NULL;
    made->below = below;
    made->base = *below;
    made->base.pNext = NULL;
    made->base.zName = NAME;
    made->base.szOsFile = (int)sizeof(log_file) + below->szOsFile;
    made->base.xOpen = open_file;
    if (sqlite3_vfs_register(&made->base, 0) == SQLITE_OK)
        return NAME; /* SQLite has it as long as the process lives */
    free(made);
    return NULL;
}

const char *log_file_system(void)
{
    if (sqlite3_initialize() != SQLITE_OK)
        return NULL;
    sqlite3_mutex *once = sqlite3_mutex_alloc(SQLITE_MUTEX_STATIC_APP1);
    sqlite3_mutex_enter(once);
    const char *name = sqlite3_vfs_find(NAME) != NULL ? NAME : make_file_system();
    sqlite3_mutex_leave(once);
    return name;
}

void log_file_gather(sqlite3 *database, bool on)
{
    sqlite3_file *file = NULL;
    if (sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, (void *)&file) != SQLITE_OK || file == NULL ||
        file->pMethods != &log_methods)
        return;
    log_file *log = of(file);
    if (on && log->bytes == NULL)
        log->bytes = malloc(GATHERED_MOST);
    log->gathers = on && log->bytes != NULL;
    log->ends = false;
    log->length = 0;
}
