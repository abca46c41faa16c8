/* src/repo/statements.c - prepared statements: bind, step, read, and what SQLite's failures mean to a cataloger.
 *
 * A statement is prepared at its first use and kept. A visitor that asks the repository again may need the statement that
 * is giving it rows; it then gets a private one, so that no result is cut short. */
#include "store.h"
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

static recto_status fail_full(const repo *repo, recto_error *error)
{
    return recto_fail(error, RECTO_EIO, repo->path, "free space and try again",
                      "cannot save: no space left; nothing was changed");
}

/* The write-ahead log and its index are files too, and a full disk cannot hold new ones. Of a limit of file sizes SQLite says
 * only that a write failed, and its errno is that of the tidying up behind it. */
static bool is_for_want_of_space(const repo *repo, int code)
{
    struct rlimit limit;
    int system = repo->database != NULL ? sqlite3_system_errno(repo->database) : 0;
    if (code == SQLITE_IOERR_WRITE && getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        return true;
    return code == SQLITE_IOERR_SHMSIZE || system == ENOSPC || system == EDQUOT || system == EFBIG;
}

recto_status store_fail_code(const repo *repo, int code, recto_error *error)
{
    const char *path = repo->path;
    switch (code & 0xFF) {
    case SQLITE_NOMEM:
        return recto_fail_memory(error, "using the repository");
    case SQLITE_FULL:
        return fail_full(repo, error);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return recto_fail(error, RECTO_EBUSY, path, "your text is kept; try again", "the repository is busy; nothing was saved");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return recto_fail(error, RECTO_EIO, path,
                          "put a backup in its place (man recto, at backup); recto check --full tells what is damaged",
                          "the repository is damaged (%s)", sqlite3_errstr(code));
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return file_no_right(path, "write", error);
    case SQLITE_CANTOPEN:
        if (is_for_want_of_space(repo, code))
            return fail_full(repo, error);
        return recto_fail(error, RECTO_EIO, path, "look at the rights of the file and its folder", "cannot open the repository");
    case SQLITE_IOERR:
        if (is_for_want_of_space(repo, code))
            return fail_full(repo, error);
        return recto_fail(error, RECTO_EIO, path, "run: recto check", "the disk reported an error; nothing was changed");
    case SQLITE_TOOBIG:
        return recto_fail(error, RECTO_ELIMIT, path, NULL, "the record is too large for the repository");
    default:
        return recto_fail(error, RECTO_EIO, path, "run: recto check", "internal error %d in the repository (%s)", code,
                          repo->database != NULL ? sqlite3_errmsg(repo->database) : sqlite3_errstr(code));
    }
}

recto_status store_fail(const repo *repo, recto_error *error)
{
    return store_fail_code(repo, sqlite3_extended_errcode(repo->database), error);
}

static int bind_text(sqlite3_stmt *statement, int position, text value, bool blob)
{
    const char *bytes = value.bytes != NULL ? value.bytes : "";
    if (blob)
        return sqlite3_bind_blob64(statement, position, bytes, value.length, SQLITE_STATIC);
    return sqlite3_bind_text64(statement, position, bytes, value.length, SQLITE_STATIC, SQLITE_UTF8);
}

/* Texts are bound without a copy: they must live until rows_close, and at every call they do. */
static int bind_all(sqlite3_stmt *statement, const char *format, va_list values)
{
    int code = SQLITE_OK;
    for (int position = 1; *format != '\0' && code == SQLITE_OK; format++, position++) {
        const char *terminated;
        switch (*format) {
        case 'i':
            code = sqlite3_bind_int64(statement, position, va_arg(values, int64_t));
            break;
        case 'n':
            code = sqlite3_bind_int(statement, position, va_arg(values, int));
            break;
        case 's':
            terminated = va_arg(values, const char *);
            code = terminated == NULL ? sqlite3_bind_null(statement, position)
                                      : sqlite3_bind_text(statement, position, terminated, -1, SQLITE_STATIC);
            break;
        case 't':
            code = bind_text(statement, position, va_arg(values, text), false);
            break;
        case 'b':
            code = bind_text(statement, position, va_arg(values, text), true);
            break;
        default:
            assert(!"unknown letter in a binding format");
        }
    }
    return code;
}

static int prepare(rows *out, repo *repo, enum sql_id id)
{
    sqlite3_stmt **kept = &repo->statements[id];
    out->borrowed = *kept != NULL && sqlite3_stmt_busy(*kept);
    if (*kept != NULL && !out->borrowed) {
        out->statement = *kept;
        return SQLITE_OK;
    }
    int code =
        sqlite3_prepare_v3(repo->database, sql[id], -1, out->borrowed ? 0 : SQLITE_PREPARE_PERSISTENT, &out->statement, NULL);
    if (code == SQLITE_OK && !out->borrowed)
        *kept = out->statement;
    return code;
}

recto_status statement_ready(repo *repo, enum sql_id id, recto_error *error)
{
    rows found = { .statement = NULL };
    const int code = repo->statements[id] != NULL ? SQLITE_OK : prepare(&found, repo, id);
    return code == SQLITE_OK ? RECTO_OK : store_fail_code(repo, code, error);
}

static recto_status rows_open_list(rows *out, repo *repo, recto_error *error, enum sql_id id, const char *format, va_list values)
{
    *out = (rows){ .repo = repo, .error = error, .status = RECTO_OK };
    /* SQLite rolls back by itself when memory or disk fail: what came after would be outside of any transaction. */
    if (repo->writing && sqlite3_get_autocommit(repo->database) != 0)
        return out->status =
                   recto_fail(error, RECTO_EIO, repo->path, "try again", "the change was taken back; nothing was saved");
    int code = prepare(out, repo, id);
    if (code == SQLITE_OK)
        code = bind_all(out->statement, format, values);
    if (code != SQLITE_OK)
        out->status = store_fail_code(repo, code, error);
    return out->status;
}

recto_status rows_open(rows *out, repo *repo, recto_error *error, enum sql_id id, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    recto_status status = rows_open_list(out, repo, error, id, format, values);
    va_end(values);
    return status;
}

bool rows_next(rows *rows)
{
    if (rows->status != RECTO_OK || rows->statement == NULL)
        return false;
    int code = sqlite3_step(rows->statement);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        rows->status = store_fail(rows->repo, rows->error);
    return false;
}

recto_status rows_close(rows *rows)
{
    if (rows->statement == NULL)
        return rows->status;
    /* A value that could not be given for want of memory read as empty: only here SQLite says so. */
    const int code = rows->borrowed ? sqlite3_finalize(rows->statement) : sqlite3_reset(rows->statement);
    if (!rows->borrowed)
        sqlite3_clear_bindings(rows->statement); /* they point to memory that is not ours */
    if (rows->status == RECTO_OK && code == SQLITE_NOMEM)
        rows->status = store_fail_code(rows->repo, code, rows->error);
    rows->statement = NULL;
    return rows->status;
}

recto_status store_run(repo *repo, recto_error *error, enum sql_id id, const char *format, ...)
{
    rows rows;
    va_list values;
    va_start(values, format);
    (void)rows_open_list(&rows, repo, error, id, format, values);
    va_end(values);
    while (rows_next(&rows))
        ;
    return rows_close(&rows);
}

recto_status store_number(int64_t *out, repo *repo, recto_error *error, enum sql_id id, const char *format, ...)
{
    rows rows;
    bool found = false;
    va_list values;
    va_start(values, format);
    (void)rows_open_list(&rows, repo, error, id, format, values);
    va_end(values);
    while (rows_next(&rows)) { /* to the end, so that RETURNING does its work whole */
        *out = row_int64(&rows, 0);
        found = true;
    }
    recto_status status = rows_close(&rows);
    return status == RECTO_OK && !found ? RECTO_ENOTFOUND : status;
}

int store_changes(const repo *repo)
{
    return sqlite3_changes(repo->database);
}

int64_t row_int64(const rows *rows, int column)
{
    return sqlite3_column_int64(rows->statement, column);
}

int row_int(const rows *rows, int column)
{
    return sqlite3_column_int(rows->statement, column);
}

bool row_is_null(const rows *rows, int column)
{
    return sqlite3_column_type(rows->statement, column) == SQLITE_NULL;
}

text row_text(const rows *rows, int column)
{
    /* sqlite3_column_blob gives the bytes of texts and blobs alike. */
    const char *bytes = sqlite3_column_blob(rows->statement, column);
    return bytes == NULL ? text_of("", 0) : text_of(bytes, (size_t)sqlite3_column_bytes(rows->statement, column));
}

void row_string(const rows *rows, int column, char *out, size_t capacity)
{
    string_keep(out, capacity, row_text(rows, column));
}
