/* src/repo/open.c - making and opening a repository: safety switches, schema, the first rows. */
#include "authority_headings.h"
#include "log_file.h"
#include "pack.h"
#include "postings.h"

#include "recto/base/folder.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { APPLICATION_ID = 1380144207, FIRST_SUFFIX = 5801, NETWORK_SUFFIX = 5816, COMMUNITY_SUFFIX = 5899, MAX_INSTITUTIONS = 60 };
enum { BUSY_MILLISECONDS = 10000, LARGEST_VALUE = 512 * 1024 * 1024 };

/* ---- connection ------------------------------------------------------------------------------------------------------- */

static recto_status pragma(char *answer, size_t capacity, repo *repo, enum sql_pragma which, recto_error *error)
{
    sqlite3_stmt *statement = NULL;
    recto_status status = RECTO_OK;
    int code = sqlite3_prepare_v2(repo->database, sql_pragmas[which], -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    answer[0] = '\0';
    if (code == SQLITE_ROW)
        (void)snprintf(answer, capacity, "%s", (const char *)sqlite3_column_text(statement, 0));
    else if (code != SQLITE_DONE)
        status = store_fail(repo, error);
    (void)sqlite3_finalize(statement);
    return status;
}

/* A setting that was not taken would be a promise broken in silence: each is read back (RL-4). */
static recto_status insist(repo *repo, enum sql_pragma set, enum sql_pragma read, const char *name, const char *wanted,
                           recto_error *error)
{
    char answer[40];
    recto_status status = pragma(answer, sizeof answer, repo, set, error);
    if (status == RECTO_OK)
        status = pragma(answer, sizeof answer, repo, read, error);
    if (status == RECTO_OK && strcmp(answer, wanted) != 0)
        return recto_fail(error, RECTO_EIO, repo->path, "put the repository on another disk",
                          "Recto cannot make it safe: %s is %s, not %s", name, answer, wanted);
    return status;
}

/* A file from elsewhere is hostile: no extensions, no trust in its schema, no writing to SQLite's own tables (RL-140). */
static void defend(sqlite3 *database)
{
    (void)sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    (void)sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    (void)sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    (void)sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 1); /* VACUUM INTO attaches the copy */
    (void)sqlite3_limit(database, SQLITE_LIMIT_LENGTH, LARGEST_VALUE);
    (void)sqlite3_limit(database, SQLITE_LIMIT_EXPR_DEPTH, 500);
    (void)sqlite3_extended_result_codes(database, 1);
    (void)sqlite3_busy_timeout(database, BUSY_MILLISECONDS);
}

static recto_status connect_file(repo *repo, const char *name, int flags, recto_error *error)
{
    int code = sqlite3_open_v2(name, &repo->database, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, log_file_system());
    if (code != SQLITE_OK)
        return store_fail_code(repo, code, error);
    defend(repo->database);
    return RECTO_OK;
}

static recto_status make_safe(repo *repo, recto_error *error)
{
    char answer[40];
    static const enum sql_pragma helpful[] = { PRAGMA_CELL_SIZE_CHECK, PRAGMA_CACHE_SIZE, PRAGMA_TEMPORARY_IN_MEMORY };
    recto_status status = RECTO_OK;
    for (size_t i = 0; i < sizeof helpful / sizeof *helpful && status == RECTO_OK; i++)
        status = pragma(answer, sizeof answer, repo, helpful[i], error);
    if (status == RECTO_OK)
        status = insist(repo, PRAGMA_SET_FOREIGN_KEYS, PRAGMA_FOREIGN_KEYS, "foreign_keys", "1", error);
    if (status != RECTO_OK || repo->read_only)
        return status;
    status = insist(repo, PRAGMA_SET_WAL, PRAGMA_JOURNAL_MODE, "journal mode", "wal", error);
    if (status == RECTO_OK)
        status = insist(repo, PRAGMA_SET_SYNCHRONOUS, PRAGMA_SYNCHRONOUS, "synchronous", "2", error);
    if (status == RECTO_OK)
        status = pragma(answer, sizeof answer, repo, PRAGMA_JOURNAL_LIMIT, error);
    log_watch(repo);
    return status;
}

/* ---- schema ----------------------------------------------------------------------------------------------------------- */

static recto_status pragma_number(int *out, repo *repo, enum sql_pragma which, recto_error *error)
{
    char answer[40];
    int64_t value = 0;
    recto_status status = pragma(answer, sizeof answer, repo, which, error);
    if (status == RECTO_OK && text_to_integer(text_from(answer), &value) && value >= 0 && value <= INT32_MAX)
        *out = (int)value;
    else
        *out = -1;
    return status;
}

static recto_status fail_foreign(const repo *repo, recto_error *error)
{
    return recto_fail(error, RECTO_EDATA, repo->path, "name the right file with --repo, or create one with: recto init",
                      "this is not a Recto repository");
}

/* What SQLite says of bytes that are no database at all is "not a database": for us, not a repository (RL-184). */
static recto_status check_identity(repo *repo, int *schema, recto_error *error)
{
    int application = 0;
    recto_status status = pragma_number(&application, repo, PRAGMA_APPLICATION_ID, error);
    if (status != RECTO_OK && (sqlite3_errcode(repo->database) & 0xFF) == SQLITE_NOTADB)
        return fail_foreign(repo, error);
    if (status != RECTO_OK)
        return status;
    if (application != APPLICATION_ID)
        return fail_foreign(repo, error);
    return pragma_number(schema, repo, PRAGMA_SCHEMA_VERSION, error);
}

static recto_status fail_newer(repo *repo, int schema, recto_error *error)
{
    buffer writer;
    buffer_init(&writer, 100);
    (void)repo_setting_get(repo, 0, "program_version", &writer, NULL);
    recto_status status =
        recto_fail(error, RECTO_EIO, repo->path, "use the newer program",
                   "the repository was written by Recto %s (schema %d); this is %s (schema %d)",
                   writer.length > 0 ? buffer_string(&writer) : "of a later version", schema, RECTO_VERSION, sql_migration_count);
    buffer_release(&writer);
    return status;
}

void migration_reached(repo *repo, int64_t done, int64_t records)
{
    repo->migration.done = done;
    repo->migration.records = records;
    if (repo->tell != NULL && repo->migration.to != 0)
        repo->tell(repo->tell_context, &repo->migration);
}

static recto_status execute(repo *repo, const char *script, recto_error *error)
{
    return sqlite3_exec(repo->database, script, NULL, NULL, NULL) == SQLITE_OK ? RECTO_OK : store_fail(repo, error);
}

/* All steps and the new schema number in the one transaction that is open (RL-68). */
static recto_status migrate_from(repo *repo, int schema, recto_error *error)
{
    char set[64];
    recto_status status = RECTO_OK;
    for (int step = schema; step < sql_migration_count && status == RECTO_OK; step++)
        status = execute(repo, sql_migrations[step], error);
    if (status == RECTO_OK && schema > 0 && schema < SCHEMA_OF_AUTHORITIES)
        status = authorities_derive(repo, error);
    if (status == RECTO_OK && schema > 0 && schema < SCHEMA_OF_INDEX)
        status = postings_rebuild_here(repo, error);
    if (status == RECTO_OK && schema > 0 && schema < SCHEMA_OF_CALL_TYPES)
        status = holdings_derive(repo, error);
    (void)snprintf(set, sizeof set, sql_set_schema_version, sql_migration_count);
    if (status == RECTO_OK)
        status = execute(repo, set, error);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_SETTING_SET, "nss", 0, "program_version", RECTO_VERSION);
    return status;
}

/* A step may be one statement over all records: SQLite calls this while it works. */
static int on_progress(void *context)
{
    repo *repo = context;
    migration_reached(repo, repo->migration.done, repo->migration.records);
    return 0;
}

static recto_status migrate_told(repo *repo, int schema, recto_error *error)
{
    enum { STEPS = 100 * 1000 }; /* of SQLite's machine: some milliseconds */
    repo->migration = (repo_migration){ .path = repo->path, .from = schema, .to = sql_migration_count };
    migration_reached(repo, 0, 0);
    sqlite3_progress_handler(repo->database, STEPS, repo->tell == NULL ? NULL : on_progress, repo);
    recto_status status = migrate_from(repo, schema, error);
    sqlite3_progress_handler(repo->database, 0, NULL, NULL);
    return status;
}

static recto_status migrate(repo *repo, recto_error *error)
{
    int schema = 0;
    recto_status status = repo_begin(repo, error);
    if (status != RECTO_OK)
        return status;
    status = pragma_number(&schema, repo, PRAGMA_SCHEMA_VERSION, error); /* another process may have been faster */
    if (status == RECTO_OK && schema < sql_migration_count)
        status = migrate_told(repo, schema, error);
    status = change_end(repo, true, status, error);
    repo->migration.over = status == RECTO_OK;
    if (repo->migration.over)
        migration_reached(repo, repo->migration.done, repo->migration.records);
    repo->migration = (repo_migration){ 0 };
    return status;
}

/* ---- opening ------------------------------------------------------------------------------------------------------------ */

static recto_status new_repo(repo **out, recto_error *error)
{
    repo *made = calloc(1, sizeof *made);
    if (made == NULL || sodium_init() < 0) {
        free(made);
        return recto_fail_memory(error, "opening the repository");
    }
    made->queue = -1;
    made->process = getpid();
    buffer_init(&made->scratch, 0);
    for (size_t i = 0; i < sizeof made->words / sizeof *made->words; i++)
        buffer_init(&made->words[i], 0);
    *out = made;
    return RECTO_OK;
}

void repo_close(repo *repo)
{
    if (repo == NULL)
        return;
    repo_rollback(repo);
    building_leave(repo);
    postings_close(repo);
    packer_free(repo->packer);
    for (size_t i = 0; i < SQL_COUNT; i++)
        (void)sqlite3_finalize(repo->statements[i]);
    (void)sqlite3_close(repo->database);
    if (repo->queue >= 0)
        (void)close(repo->queue);
    buffer_release(&repo->scratch);
    for (size_t i = 0; i < sizeof repo->words / sizeof *repo->words; i++)
        buffer_release(&repo->words[i]);
    free(repo->path);
    free(repo);
}

/* Where neither file nor folder may be written and no writer is about, SQLite needs to be told that nothing will change. */
static recto_status connect_immutable(repo *repo, recto_error *error)
{
    buffer name;
    buffer_init(&name, 16 * 4096);
    buffer_append_string(&name, "file:");
    for (const char *c = repo->path; *c != '\0'; c++)
        if (strchr("%?#", *c) != NULL)
            buffer_append_format(&name, "%%%02X", (unsigned char)*c);
        else
            buffer_append_char(&name, *c);
    buffer_append_string(&name, "?immutable=1");
    recto_status status = buffer_failed(&name)
                              ? recto_fail_memory(error, "opening the repository")
                              : connect_file(repo, buffer_string(&name), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, error);
    buffer_release(&name);
    return status;
}

static recto_status connect_by_right(repo *repo, repo_mode mode, recto_error *error)
{
    char folder[4096];
    if (access(repo->path, R_OK) != 0)
        return file_no_right(repo->path, "read", error);
    repo->read_only = mode == REPO_READ_ONLY || access(repo->path, W_OK) != 0;
    if (!repo->read_only)
        return connect_file(repo, repo->path, SQLITE_OPEN_READWRITE, error);
    (void)snprintf(folder, sizeof folder, "%s", repo->path);
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        slash[slash == folder] = '\0';
    if (access(folder, W_OK) != 0 && !file_has_beside(repo->path, "-shm"))
        return connect_immutable(repo, error);
    return connect_file(repo, repo->path, SQLITE_OPEN_READONLY, error);
}

/* Whoever asks to read only, but may write, need not know that the program is newer than the file: it is brought up by a
 * connection of its own, and this one goes on reading. */
static recto_status bring_up(repo *repo, int schema, recto_error *error)
{
    struct repo *writer = NULL;
    if (!repo->read_only)
        return migrate(repo, error);
    if (access(repo->path, W_OK) != 0)
        return recto_fail(error, RECTO_EIO, repo->path, "whoever may write it must open it once with this program",
                          "the repository is of an older schema (%d)", schema);
    recto_status status = repo_open_telling(&writer, repo->path, REPO_READ_WRITE, repo->tell, repo->tell_context, error);
    repo_close(writer);
    return status;
}

static recto_status open_resolved(repo *repo, repo_mode mode, recto_error *error)
{
    int schema = 0;
    recto_status status = file_check(repo->path, &repo->device, &repo->inode, error);
    if (status == RECTO_OK)
        status = file_check_system(repo->path, error);
    if (status == RECTO_OK)
        status = connect_by_right(repo, mode, error);
    if (status == RECTO_OK)
        status = check_identity(repo, &schema, error); /* before anything is written to a file that may not be ours */
    if (status == RECTO_OK && schema > sql_migration_count)
        return fail_newer(repo, schema, error);
    if (status == RECTO_OK)
        status = make_safe(repo, error);
    if (status == RECTO_OK && schema < sql_migration_count)
        status = bring_up(repo, schema, error);
    return status == RECTO_OK ? zones_load(repo, error) : status;
}

recto_status repo_open(repo **out, const char *path, repo_mode mode, recto_error *error)
{
    return repo_open_telling(out, path, mode, NULL, NULL, error);
}

recto_status repo_open_telling(repo **out, const char *path, repo_mode mode, repo_migration_teller *tell, void *context,
                               recto_error *error)
{
    repo *opened = NULL;
    recto_status status = new_repo(&opened, error);
    if (status == RECTO_OK) {
        opened->tell = tell;
        opened->tell_context = context;
    }
    if (status == RECTO_OK)
        status = file_resolve(&opened->path, path, error);
    if (status == RECTO_OK)
        status = open_resolved(opened, mode, error);
    if (status != RECTO_OK) {
        repo_close(opened);
        return status;
    }
    *out = opened;
    return RECTO_OK;
}

bool repo_is_read_only(const repo *repo)
{
    return repo->read_only;
}

const char *repo_doubtful_system(const repo *repo)
{
    return file_doubtful_system(repo->path);
}

const char *repo_path(const repo *repo)
{
    return repo->path;
}

/* ---- creating ------------------------------------------------------------------------------------------------------------- */

static recto_status add_zone(repo *repo, zone_kind kind, const char *code, int suffix, recto_error *error)
{
    char letter[2] = { (char)kind, '\0' }, digits[16];
    size_t length = strlen(code);
    if (length == 0 || length >= sizeof repo->zones[0].code)
        return recto_fail(error, RECTO_EINVALID, code, "use 1 to 63 characters, such as 01EXAMPLE", "bad code of an institution");
    (void)snprintf(digits, sizeof digits, "%04d", suffix);
    return store_run(repo, error, SQL_ZONE_ADD, "sss", letter, code, digits);
}

static recto_status add_zones(repo *repo, const repo_plan *plan, recto_error *error)
{
    recto_status status = RECTO_OK;
    int suffix = FIRST_SUFFIX;
    for (size_t i = 0; i < plan->institution_count && status == RECTO_OK; i++, suffix++) {
        for (size_t j = 0; j < i; j++)
            if (strcmp(plan->institutions[i], plan->institutions[j]) == 0)
                return recto_fail(error, RECTO_EINVALID, plan->institutions[i], NULL, "this institution is named twice");
        if (suffix == NETWORK_SUFFIX)
            suffix++;
        status = add_zone(repo, ZONE_INSTITUTION, plan->institutions[i], suffix, error);
    }
    if (status == RECTO_OK && plan->network != NULL)
        status = add_zone(repo, ZONE_NETWORK, plan->network, NETWORK_SUFFIX, error);
    if (status == RECTO_OK)
        status = add_zone(repo, ZONE_COMMUNITY, "COMMUNITY", COMMUNITY_SUFFIX, error);
    return status;
}

/* The first user administers, and catalogs too: in a library of one there is nobody else. */
static recto_status fill(repo *repo, const repo_plan *plan, recto_error *error)
{
    repo_user owner = { .active = true, .roles = "GSA,CA,CM,CAT,CATX,PIO,PIOX,RM" };
    const audit_entry entry = { .at = plan->now,
                                .actor = plan->owner,
                                .acting_as = plan->owner,
                                .act = "repository.create",
                                .object = "",
                                .zone = "",
                                .outcome = "done",
                                .detail = "" };
    recto_status status = repo_begin(repo, error);
    if (status != RECTO_OK)
        return status;
    status = execute(repo, sql_pragmas[PRAGMA_SET_APPLICATION_ID], error);
    if (status == RECTO_OK)
        status = migrate_from(repo, 0, error);
    if (status == RECTO_OK)
        status = add_zones(repo, plan, error);
    string_keep(owner.name, sizeof owner.name, text_from(plan->owner));
    if (status == RECTO_OK)
        status = repo_user_put(repo, &owner, error);
    if (status == RECTO_OK)
        status = repo_audit(repo, &entry, error);
    return change_end(repo, true, status, error);
}

/* Built under another name and renamed when whole: a crash leaves no half repository, and the last step fails when
 * somebody else has made one meanwhile. */
static recto_status create_at(const char *temporary, const repo_plan *plan, recto_error *error)
{
    repo *made = NULL;
    recto_status status = new_repo(&made, error);
    if (made == NULL)
        return status;
    made->path = strdup(temporary);
    int descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made->path == NULL || descriptor < 0)
        status = recto_fail_system(error, made->path == NULL ? ENOMEM : errno, temporary, "cannot create the repository");
    else if (fchmod(descriptor, file_mode_in_folder(temporary)) != 0)
        status = recto_fail_system(error, errno, temporary, "cannot give rights to the repository");
    if (descriptor >= 0)
        (void)close(descriptor); /* before SQLite opens it: closing later would drop its locks (RL-8) */
    if (status == RECTO_OK)
        status = file_check(made->path, &made->device, &made->inode, error);
    if (status == RECTO_OK)
        status = connect_file(made, made->path, SQLITE_OPEN_READWRITE, error);
    if (status == RECTO_OK)
        status = execute(made, sql_pragmas[PRAGMA_SET_PAGE_SIZE], error);
    if (status == RECTO_OK)
        status = make_safe(made, error);
    if (status == RECTO_OK)
        status = fill(made, plan, error);
    repo_close(made);
    return status;
}

static void remove_beside(const char *path, const char *suffix)
{
    char name[4096 + 64];
    if ((size_t)snprintf(name, sizeof name, "%s%s", path, suffix) < sizeof name)
        (void)unlink(name);
}

static recto_status fail_exists(const char *path, recto_error *error)
{
    return recto_fail(error, RECTO_EREFUSED, path, "name another with --repo", "a file of this name exists, and stays as it is");
}

recto_status repo_create(const char *path, const repo_plan *plan, recto_error *error)
{
    char temporary[4096];
    if (plan->institution_count > MAX_INSTITUTIONS)
        return recto_fail(error, RECTO_ELIMIT, NULL, NULL, "at most %d institutions fit into one repository", MAX_INSTITUTIONS);
    if (plan->owner == NULL || plan->owner[0] == '\0')
        return recto_fail(error, RECTO_EINVALID, path, NULL, "a repository needs a first user");
    if (access(path, F_OK) == 0)
        return fail_exists(path, error);
    recto_status status = file_make_directories(path, error);
    if (status == RECTO_OK)
        status = file_check_system(path, error);
    if (status != RECTO_OK)
        return status;
    if ((size_t)snprintf(temporary, sizeof temporary, "%s.new-%ld", path, (long)getpid()) >= sizeof temporary)
        return recto_fail(error, RECTO_EINVALID, path, NULL, "the path is too long");
    status = create_at(temporary, plan, error);
    /* link, not rename: it never replaces a file that somebody else has made meanwhile. */
    if (status == RECTO_OK && link(temporary, path) != 0)
        status =
            errno == EEXIST ? fail_exists(path, error) : recto_fail_system(error, errno, path, "cannot create the repository");
    else if (status == RECTO_OK && !sync_folder_of(path)) {
        status = recto_fail_system(error, errno, path, "cannot create the repository");
        remove_beside(path, ""); /* one that a power cut may take is none */
    }
    remove_beside(temporary, "");
    remove_beside(temporary, "-wal");
    remove_beside(temporary, "-shm");
    remove_beside(temporary, "-queue");
    return status;
}
