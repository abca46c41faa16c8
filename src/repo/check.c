/* src/repo/check.c - proves the repository sound, and makes copies of it. The quick part stands here (RL-80).
 *
 * All of it reads one state, in one read transaction, so that it may run while others work (RL-84). */
#include "check.h"

#include "recto/base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void tell_finding(check *check, const char *kind, mms_id id, const char *message, ...)
{
    char line[400];
    va_list values;
    va_start(values, message);
    (void)vsnprintf(line, sizeof line, message, values);
    va_end(values);
    const check_finding finding = { .kind = kind, .id = id, .message = line };
    check->verdict->sound = false;
    if (check->visit != NULL)
        check->visit(check->context, &finding);
}

/* What a killed session leaves: it is as it should be, and whoever looks wants to know what frees the record. */
static void tell_harmless(const check *check, const char *kind, mms_id id, const char *message)
{
    const check_finding finding = { .kind = kind, .id = id, .message = message, .harmless = true };
    if (check->visit != NULL)
        check->visit(check->context, &finding);
}

/* Damage stops SQLite's reading: that is a finding, not a failure of the check. */
static recto_status tolerate_damage(check *check, recto_status status)
{
    int code = sqlite3_errcode(check->repo->database) & 0xFF;
    if (status == RECTO_OK || (code != SQLITE_CORRUPT && code != SQLITE_NOTADB))
        return status;
    recto_error_clear(check->error);
    tell_finding(check, "page", 0, "the database file is damaged; " RUN_RESTORE);
    return RECTO_OK;
}

/* A page that could not be read for want of memory, and nothing else, comes as a line like any other. */
static bool is_for_want_of_memory(const char *line, size_t length)
{
    static const char ending[] = " error code=7"; /* SQLITE_NOMEM */
    const size_t size = sizeof ending - 1;
    return length >= size && memcmp(line + length - size, ending, size) == 0;
}

/* SQLite tells of several pages in one row, under a line that only names the database. A finding is one line. */
static recto_status tell_pages(check *check, const char *message)
{
    while (*message != '\0') {
        const size_t length = strcspn(message, "\n");
        if (is_for_want_of_memory(message, length))
            return recto_fail_memory(check->error, "checking the pages");
        if (strncmp(message, "***", 3) != 0)
            tell_finding(check, "page", 0, "%.*s; " RUN_RESTORE, (int)length, message);
        message += length + (message[length] == '\n');
    }
    return RECTO_OK;
}

static recto_status check_pages(check *check, bool full)
{
    rows rows;
    recto_status status = RECTO_OK;
    (void)rows_open(&rows, check->repo, check->error, full ? SQL_CHECK_FULL : SQL_CHECK_QUICK, "");
    while (status == RECTO_OK && rows_next(&rows)) {
        char message[300];
        row_string(&rows, 0, message, sizeof message);
        if (strcmp(message, "ok") != 0)
            status = tell_pages(check, message);
    }
    const recto_status closed = tolerate_damage(check, rows_close(&rows));
    return status != RECTO_OK ? status : closed;
}

static recto_status check_foreign_keys(check *check)
{
    rows rows;
    (void)rows_open(&rows, check->repo, check->error, SQL_CHECK_FOREIGN_KEYS, "");
    while (rows_next(&rows)) {
        char table[80], parent[80];
        row_string(&rows, 0, table, sizeof table);
        row_string(&rows, 2, parent, sizeof parent);
        tell_finding(check, "foreign-key", 0, "%s: row %lld names a row of %s that is not there; " RUN_RESTORE, table,
                     (long long)row_int64(&rows, 1), parent);
    }
    return tolerate_damage(check, rows_close(&rows));
}

static recto_status check_gaps(check *check)
{
    rows rows;
    (void)rows_open(&rows, check->repo, check->error, SQL_CHECK_VERSION_GAPS, "");
    while (rows_next(&rows))
        tell_finding(check, "version-gap", row_int64(&rows, 0),
                     "version %d is the present one, but %d versions are stored (%d to %d); " RUN_RESTORE, row_int(&rows, 1),
                     row_int(&rows, 2), row_int(&rows, 3), row_int(&rows, 4));
    return tolerate_damage(check, rows_close(&rows));
}

/* Statements that name what must not be there: MMS ID, and a name for the message. */
static const struct {
    enum sql_id id;
    bool has_name;
    const char *kind, *message;
} orphans[] = {
    { SQL_CHECK_STALE_SESSIONS, true, "stale-lock",
      "lock of a session (%s) that was never begun; break it with: recto lock break" },
    { SQL_CHECK_LOCK_ORPHANS, true, "orphan-lock", "lock of %s on a record that is not there; break it with: recto lock break" },
    { SQL_CHECK_DRAFT_ORPHANS, true, "orphan-draft", "draft of %s of a record that is not there; its owner can save it as new" },
    { SQL_CHECK_HOLDING_ORPHANS, false, "orphan-holding",
      "holdings record without its bibliographic record; restore or move it%s" },
    { SQL_CHECK_ITEM_ORPHANS, false, "orphan-item", "item without its holdings record; restore or move it%s" },
    { SQL_CHECK_JOB_COUNTS, true, "job-count", "job %s: its counters are not those of its rows; " RUN_RESTORE },
    { SQL_CHECK_RULE_GAPS, true, "rule-gap", "rule '%s': not all of its versions are there; " RUN_RESTORE },
    { SQL_CHECK_HOLDING_GAPS, false, "version-gap", "not all versions of the holdings record are there; " RUN_RESTORE "%s" },
    { SQL_CHECK_TEMPLATE_GAPS, true, "template-gap",
      "'%s' (template, text string or macro): not all of its versions are there; " RUN_RESTORE },
    { SQL_CHECK_PROFILE_GAPS, true, "profile-gap", "profile '%s': not all of its versions are there; " RUN_RESTORE },
    { SQL_CHECK_SET_MEMBERS, true, "set-member",
      "set '%s' has a member that cannot be in it; take it out, or delete the set: recto set delete" },
    { SQL_CHECK_NOTICES, true, "orphan-notice",
      "a notice for %s is of a record that never was; it goes when it has been read in the workstation" },
    { SQL_CHECK_LINKS, false, "orphan-link", "is linked to, or was merged into, a record that is not there; " RUN_RESTORE "%s" },
    { SQL_CHECK_NUMBERS, true, "number-counter",
      "zone %s would give a number a second time, which then is refused; " RUN_RESTORE ", or load again what is missing" },
    { SQL_CHECK_INVENTORY_COUNTS, false, "inventory-count", "holdings and items are counted wrong; " RUN_REBUILD "%s" },
};

static recto_status check_orphans(check *check)
{
    recto_status status = RECTO_OK;
    for (size_t i = 0; i < sizeof orphans / sizeof *orphans && status == RECTO_OK; i++) {
        rows rows;
        (void)rows_open(&rows, check->repo, check->error, orphans[i].id, "");
        while (rows_next(&rows)) {
            char name[80] = "", message[200];
            if (orphans[i].has_name)
                row_string(&rows, 1, name, sizeof name);
            const char *hole = strstr(orphans[i].message, "%s");
            (void)snprintf(message, sizeof message, "%.*s%s%s", (int)(hole - orphans[i].message), orphans[i].message, name,
                           hole + 2);
            tell_finding(check, orphans[i].kind, row_int64(&rows, 0), "%s", message);
        }
        status = tolerate_damage(check, rows_close(&rows));
    }
    return status;
}

static recto_status check_killed_sessions(const check *check)
{
    rows rows;
    (void)rows_open(&rows, check->repo, check->error, SQL_LOCKS, "");
    while (rows_next(&rows)) {
        char owner[64], message[320];
        process_identity identity;
        if (row_is_null(&rows, 7) || row_int64(&rows, 6) > 0)
            continue; /* no session, or one that has ended in order */
        row_string(&rows, 1, owner, sizeof owner);
        row_string(&rows, 7, identity.host, sizeof identity.host);
        row_string(&rows, 8, identity.boot, sizeof identity.boot);
        identity.process = row_int64(&rows, 9);
        identity.started = row_int64(&rows, 10);
        if (process_lives(&identity))
            continue;
        (void)snprintf(message, sizeof message,
                       "locked by %s in a session that did not end in order; %s gets it back at once, others when it has expired."
                       " To free it now: recto lock break",
                       owner, owner);
        tell_harmless(check, "dead-session", row_int64(&rows, 0), message);
    }
    return rows_close(&rows);
}

/* Whoever may write the file but not its folder, or the other way round, cannot work: the log lies beside the file. */
static void check_sharing(const check *check, mode_t mode)
{
    const bool folder = file_mode_in_folder(check->repo->path) == 0660, file = (mode & 0060) == 0060;
    if (folder && !file)
        tell_harmless(check, "file-mode", 0,
                      "a group shares the folder of the repository, and not the file; give it to them: chmod g+rw, also of what "
                      "lies beside it");
    else if (file && !folder)
        tell_harmless(check, "file-mode", 0,
                      "a group may write the repository file, and not make files beside it; let it: chmod g+rwxs of the folder");
}

/* Where it lies and who may touch it (RL-91, RL-94). */
static void check_place(const check *check)
{
    struct stat file;
    char message[200];
    const char *system = file_doubtful_system(check->repo->path);
    if (system != NULL) {
        (void)snprintf(message, sizeof message,
                       "the repository lies on %s: what is acknowledged is as safe as that is; a disk of this machine is better",
                       system);
        tell_harmless(check, "file-system", 0, message);
    }
    if (stat(check->repo->path, &file) != 0)
        return;
    if ((file.st_mode & S_IWOTH) != 0)
        tell_harmless(check, "file-mode", 0, "everybody may write the repository file; take that right away: chmod o-w");
    else if ((file.st_mode & S_IROTH) != 0)
        tell_harmless(check, "file-mode", 0, "everybody may read the repository file; take that right away: chmod o-r");
    else
        check_sharing(check, file.st_mode);
}

static recto_status count_all(check *check)
{
    rows rows;
    (void)rows_open(&rows, check->repo, check->error, SQL_CHECK_COUNTS, "");
    if (rows_next(&rows)) {
        check->verdict->records = (uint64_t)row_int64(&rows, 0);
        check->verdict->versions = (uint64_t)row_int64(&rows, 1);
    }
    return tolerate_damage(check, rows_close(&rows));
}

recto_status repo_check(repo *repo, bool full, void (*visit)(void *context, const check_finding *finding), void *context,
                        check_verdict *verdict, recto_error *error)
{
    check check = { .repo = repo, .visit = visit, .context = context, .verdict = verdict, .error = error };
    bool own;
    *verdict = (check_verdict){ .sound = true };
    check_place(&check);
    recto_status status = look_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = check_pages(&check, full);
    if (status == RECTO_OK)
        status = check_foreign_keys(&check);
    if (status == RECTO_OK)
        status = count_all(&check);
    if (status == RECTO_OK)
        status = check_gaps(&check);
    if (status == RECTO_OK)
        status = check_orphans(&check);
    if (status == RECTO_OK)
        status = tolerate_damage(&check, check_killed_sessions(&check));
    if (status == RECTO_OK && full)
        status = tolerate_damage(&check, check_everything(&check));
    look_end(repo, own);
    return status;
}

/* ---- copying -------------------------------------------------------------------------------------------------------------- */

/* Whoever holds a lock holds it in the repository that he has open, not in a copy of it (RL-86). By a connection of its own: the
 * repository may be open for reading only. */
static recto_status unlock_copy(const char *temporary, recto_error *error)
{
    sqlite3 *copy = NULL;
    int code = sqlite3_open_v2(temporary, &copy, SQLITE_OPEN_READWRITE, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(copy, sql[SQL_LOCKS_CLEAR], NULL, NULL, NULL);
    const int closed = sqlite3_close(copy);
    if (code == SQLITE_OK)
        code = closed;
    if (code == SQLITE_OK)
        return RECTO_OK;
    return recto_fail(error, code == SQLITE_NOMEM ? RECTO_ENOMEM : RECTO_EIO, temporary, "free space and try again",
                      "cannot write the backup: %s", sqlite3_errstr(code));
}

/* @param path  the name that the copy gets in the end: the one that the user knows. VACUUM INTO wants an empty file, and syncs
 * nothing by itself. The copy gets its name when it is whole (RL-5). */
static recto_status copy_to(repo *repo, const char *temporary, const char *path, recto_error *error)
{
    int descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return recto_fail(error, RECTO_EIO, path, "its folder must be there, and yours to write in",
                          "cannot write the backup: %s", strerror(errno));
    recto_status status = store_run(repo, error, SQL_BACKUP_INTO, "s", temporary);
    if (status == RECTO_OK)
        status = unlock_copy(temporary, error);
    if (status == RECTO_OK && (fchmod(descriptor, file_mode_in_folder(path)) != 0 || fsync(descriptor) != 0))
        status = recto_fail_system(error, errno, temporary, "cannot write the backup");
    if (close(descriptor) != 0 && status == RECTO_OK)
        status = recto_fail_system(error, errno, temporary, "cannot write the backup");
    return status;
}

recto_status repo_backup(repo *repo, const char *path, recto_error *error)
{
    char temporary[4096];
    struct stat there;
    if (lstat(path, &there) == 0)
        return recto_fail(error, RECTO_EUSAGE, path, "choose another name", "a file of this name exists");
    if ((size_t)snprintf(temporary, sizeof temporary, "%s.new-%ld", path, (long)getpid()) >= sizeof temporary)
        return recto_fail(error, RECTO_EINVALID, path, NULL, "the path is too long");
    recto_status status = copy_to(repo, temporary, path, error);
    if (status == RECTO_OK && link(temporary, path) != 0)
        status = errno == EEXIST ? recto_fail(error, RECTO_EUSAGE, path, "choose another name", "a file of this name exists")
                                 : recto_fail_system(error, errno, path, "cannot write the backup");
    (void)unlink(temporary);
    if (status == RECTO_OK && !sync_folder_of(path)) {
        status = recto_fail_system(error, errno, path, "cannot finish the backup");
        (void)unlink(path); /* one that a power cut may take is none */
    }
    return status;
}
