/* tests/fault/shim.c - the layer over SQLite's file system and over malloc (shim.h). */
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *old, size_t bytes);
char *__real_strdup(const char *terminated);
void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *old, size_t bytes);
char *__wrap_strdup(const char *terminated);

/* One process has one plan: SQLite's file system has no other place to keep it. */
static struct plan {
    shim_event event;
    shim_effect effect;
    long number, counts[SHIM_EVENTS];
    unsigned seed;
    bool armed, happened;
} plan;

typedef struct pending { /* a change since the last sync */
    sqlite3_int64 offset;
    int length; /* -1: truncated to offset */
    char *bytes;
    struct pending *next;
} pending;

typedef struct layered_file {
    sqlite3_file base; /* must be first */
    sqlite3_file *real;
    char *synced; /* name of the file that a power cut leaves; NULL: a temporary file */
    pending *first, **last;
    struct layered_file *next_open;
} layered_file;

static layered_file *open_files;
static sqlite3_vfs layer;
static sqlite3_vfs *below;

/* ---- the plan -------------------------------------------------------------------------------------------------------- */

void shim_arm(shim_event event, shim_effect effect, long number, unsigned seed)
{
    plan = (struct plan){ .event = event, .effect = effect, .number = number, .seed = seed, .armed = true };
}

void shim_disarm(void)
{
    plan.armed = false;
}

long shim_count(shim_event event)
{
    return plan.counts[event];
}

bool shim_happened(void)
{
    return plan.happened;
}

static unsigned dice(void)
{
    plan.seed = plan.seed * 1103515245U + 12345U;
    return plan.seed >> 16;
}

/* ---- what a power cut leaves ------------------------------------------------------------------------------------------- */

static void apply(int descriptor, const pending *change, int length)
{
    if (change->length < 0)
        (void)!ftruncate(descriptor, change->offset);
    else
        (void)!pwrite(descriptor, change->bytes, (size_t)length, change->offset);
}

static void forget(layered_file *file)
{
    while (file->first != NULL) {
        pending *gone = file->first;
        file->first = gone->next;
        free(gone->bytes);
        free(gone);
    }
    file->last = &file->first;
}

static void make_synced(layered_file *file)
{
    const int descriptor = file->synced != NULL ? open(file->synced, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    for (const pending *change = file->first; descriptor >= 0 && change != NULL; change = change->next)
        apply(descriptor, change, change->length);
    if (descriptor >= 0)
        (void)close(descriptor);
    forget(file);
}

/* Of the unsynced changes each is there, or not, or in its first sectors only: a disk may write in any order. */
static void cut_power(void)
{
    enum { SECTOR = 512 };
    for (layered_file *file = open_files; file != NULL; file = file->next_open) {
        const int descriptor = file->synced != NULL ? open(file->synced, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
        for (const pending *change = file->first; descriptor >= 0 && change != NULL; change = change->next) {
            const unsigned throw = dice() % 4;
            if (throw == 0 && change->length > SECTOR)
                apply(descriptor, change, (int)(dice() % (unsigned)(change->length / SECTOR)) * SECTOR);
            else if (throw >= 2)
                apply(descriptor, change, change->length);
        }
        if (descriptor >= 0)
            (void)close(descriptor);
    }
    _exit(SHIM_CUT_STATUS);
}

bool shim_falls(shim_event event)
{
    if (!plan.armed)
        return false;
    const long number = ++plan.counts[event];
    if (event != plan.event || plan.effect == SHIM_COUNT_ONLY)
        return false;
    if (number != plan.number && !(plan.effect == SHIM_FAIL_ON && number > plan.number))
        return false;
    plan.happened = true;
    if (plan.effect == SHIM_POWER_CUT)
        cut_power();
    return true;
}

/* ---- files ----------------------------------------------------------------------------------------------------------------- */

static layered_file *of(sqlite3_file *file)
{
    return (layered_file *)file;
}

static void note(layered_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    pending *change = file->synced != NULL ? __real_calloc(1, sizeof *change) : NULL;
    if (change == NULL)
        return;
    change->offset = offset;
    change->length = length;
    if (length > 0 && (change->bytes = __real_malloc((size_t)length)) != NULL)
        memcpy(change->bytes, bytes, (size_t)length);
    *file->last = change;
    file->last = &change->next;
}

static int layer_close(sqlite3_file *file)
{
    layered_file **at = &open_files;
    while (*at != NULL && *at != of(file))
        at = &(*at)->next_open;
    if (*at != NULL)
        *at = of(file)->next_open;
    forget(of(file));
    free(of(file)->synced);
    return of(file)->real->pMethods != NULL ? of(file)->real->pMethods->xClose(of(file)->real) : SQLITE_OK;
}

static int layer_read(sqlite3_file *file, void *out, int length, sqlite3_int64 offset)
{
    return of(file)->real->pMethods->xRead(of(file)->real, out, length, offset);
}

static int layer_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    if (shim_falls(SHIM_WRITE))
        return dice() % 2 == 0 ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    note(of(file), bytes, length, offset);
    return of(file)->real->pMethods->xWrite(of(file)->real, bytes, length, offset);
}

static int layer_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    if (shim_falls(SHIM_WRITE))
        return SQLITE_IOERR_TRUNCATE;
    note(of(file), NULL, -1, size);
    return of(file)->real->pMethods->xTruncate(of(file)->real, size);
}

static int layer_sync(sqlite3_file *file, int flags)
{
    if (shim_falls(SHIM_SYNC))
        return SQLITE_IOERR_FSYNC;
    const int code = of(file)->real->pMethods->xSync(of(file)->real, flags);
    if (code == SQLITE_OK)
        make_synced(of(file));
    return code;
}

static int layer_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return of(file)->real->pMethods->xFileSize(of(file)->real, size);
}

static int layer_lock(sqlite3_file *file, int level)
{
    return of(file)->real->pMethods->xLock(of(file)->real, level);
}

static int layer_unlock(sqlite3_file *file, int level)
{
    return of(file)->real->pMethods->xUnlock(of(file)->real, level);
}

static int layer_check_reserved(sqlite3_file *file, int *out)
{
    return of(file)->real->pMethods->xCheckReservedLock(of(file)->real, out);
}

static int layer_control(sqlite3_file *file, int operation, void *argument)
{
    return of(file)->real->pMethods->xFileControl(of(file)->real, operation, argument);
}

static int layer_sector(sqlite3_file *file)
{
    return of(file)->real->pMethods->xSectorSize(of(file)->real);
}

static int layer_features(sqlite3_file *file)
{
    return of(file)->real->pMethods->xDeviceCharacteristics(of(file)->real);
}

static int layer_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return of(file)->real->pMethods->xShmMap(of(file)->real, page, size, extend, out);
}

static int layer_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return of(file)->real->pMethods->xShmLock(of(file)->real, offset, count, flags);
}

static void layer_barrier(sqlite3_file *file)
{
    of(file)->real->pMethods->xShmBarrier(of(file)->real);
}

static int layer_unmap(sqlite3_file *file, int remove)
{
    return of(file)->real->pMethods->xShmUnmap(of(file)->real, remove);
}

static const sqlite3_io_methods layer_methods = {
    .iVersion = 2,
    .xClose = layer_close,
    .xRead = layer_read,
    .xWrite = layer_write,
    .xTruncate = layer_truncate,
    .xSync = layer_sync,
    .xFileSize = layer_size,
    .xLock = layer_lock,
    .xUnlock = layer_unlock,
    .xCheckReservedLock = layer_check_reserved,
    .xFileControl = layer_control,
    .xSectorSize = layer_sector,
    .xDeviceCharacteristics = layer_features,
    .xShmMap = layer_map,
    .xShmLock = layer_shm_lock,
    .xShmBarrier = layer_barrier,
    .xShmUnmap = layer_unmap,
};

static int layer_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    layered_file *opened = of(file);
    (void)vfs;
    memset(opened, 0, sizeof *opened);
    opened->real = (sqlite3_file *)(opened + 1);
    opened->last = &opened->first;
    const int code = below->xOpen(below, name, opened->real, flags, out_flags);
    if (code != SQLITE_OK)
        return code;
    opened->base.pMethods = &layer_methods;
    if (name != NULL && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0) {
        const size_t length = strlen(name) + sizeof ".synced";
        opened->synced = __real_malloc(length);
        if (opened->synced != NULL)
            (void)snprintf(opened->synced, length, "%s.synced", name);
        opened->next_open = open_files;
        open_files = opened;
    }
    return SQLITE_OK;
}

/* SQLite's memory, by its own door: it is a library that --wrap does not reach. */
static sqlite3_mem_methods memory_below;

static void *layer_malloc(int bytes)
{
    return shim_falls(SHIM_ALLOCATION) ? NULL : memory_below.xMalloc(bytes);
}

static void *layer_realloc(void *old, int bytes)
{
    return shim_falls(SHIM_ALLOCATION) ? NULL : memory_below.xRealloc(old, bytes);
}

void shim_install(void)
{
    sqlite3_mem_methods memory;
    (void)sqlite3_shutdown();
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory_below) != SQLITE_OK)
        abort();
    memory = memory_below;
    memory.xMalloc = layer_malloc;
    memory.xRealloc = layer_realloc;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &memory) != SQLITE_OK || sqlite3_initialize() != SQLITE_OK)
        abort();
    sqlite3_vfs *above = sqlite3_vfs_find("recto-log"); /* over what was there before: it is made anew, over this */
    if (above != NULL)
        (void)sqlite3_vfs_unregister(above);
    below = sqlite3_vfs_find(NULL);
    layer = *below;
    layer.zName = "faulty";
    layer.szOsFile = (int)sizeof(layered_file) + below->szOsFile;
    layer.xOpen = layer_open;
    if (sqlite3_vfs_register(&layer, 1) != SQLITE_OK)
        abort();
}

/* ---- memory ------------------------------------------------------------------------------------------------------ */

void *__wrap_malloc(size_t bytes)
{
    return shim_falls(SHIM_ALLOCATION) ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    return shim_falls(SHIM_ALLOCATION) ? NULL : __real_calloc(count, bytes);
}

void *__wrap_realloc(void *old, size_t bytes)
{
    return shim_falls(SHIM_ALLOCATION) ? NULL : __real_realloc(old, bytes);
}

char *__wrap_strdup(const char *terminated)
{
    return shim_falls(SHIM_ALLOCATION) ? NULL : __real_strdup(terminated);
}
