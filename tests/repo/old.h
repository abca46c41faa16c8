/* tests/repo/old.h - a repository as an earlier schema had it, with the rows of the present one.
 *
 * It is made by the migrations up to that schema alone, and gets what its tables have room for: so no test has to know what
 * later schemas brought. Indexes of words and identifiers stay empty: a migration makes its own. */
#ifndef TESTS_REPO_OLD_H
#define TESTS_REPO_OLD_H

#include "room.h"

#include "../../src/repo/sql.h"
#include <sqlite3.h>
#include <sys/stat.h>

static inline void old_run(sqlite3 *database, const char *script)
{
    char *message = NULL;
    if (sqlite3_exec(database, script, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", script, message);
}

/* Columns that both have. */
static inline void old_columns(buffer *out, sqlite3 *database, const char *table)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(database,
                                        "SELECT group_concat(o.name, ', ') FROM pragma_table_info(?1, 'main') o JOIN"
                                        " pragma_table_info(?1, 'later') n ON n.name = o.name",
                                        -1, &statement, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(statement, 1, table, -1, SQLITE_STATIC);
    if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        buffer_append_string(out, (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
}

static inline void old_copy(sqlite3 *database)
{
    sqlite3_stmt *tables = NULL;
    buffer columns, script;
    buffer_init(&columns, 0);
    buffer_init(&script, 0);
    assert_int_equal(sqlite3_prepare_v2(database,
                                        "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
                                        " AND name NOT GLOB 'words*' AND name <> 'ident'",
                                        -1, &tables, NULL),
                     SQLITE_OK);
    while (sqlite3_step(tables) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(tables, 0);
        buffer_clear(&columns);
        old_columns(&columns, database, name);
        if (columns.length > 0)
            buffer_append_format(&script, "INSERT INTO main.%s (%s) SELECT %s FROM later.%s;", name, buffer_string(&columns),
                                 buffer_string(&columns), name);
    }
    sqlite3_finalize(tables);
    old_run(database, buffer_string(&script));
    buffer_release(&columns);
    buffer_release(&script);
}

/* Closes the repository of the room; its file is of that schema then. */
static inline void room_make_old(room *room, int schema)
{
    sqlite3 *database = NULL;
    char other[160], line[256];
    repo_close(room->repo);
    room->repo = NULL;
    snprintf(other, sizeof other, "%s.other", room->path);
    assert_int_equal(sqlite3_open(other, &database), SQLITE_OK);
    for (int step = 0; step < schema; step++)
        old_run(database, sql_migrations[step]);
    snprintf(line, sizeof line, "PRAGMA application_id = 1380144207; PRAGMA user_version = %d; ATTACH '%s' AS later", schema,
             room->path);
    old_run(database, line);
    old_copy(database);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    assert_int_equal(rename(other, room->path), 0);
    assert_int_equal(chmod(room->path, 0600), 0);
    snprintf(other, sizeof other, "%s-wal", room->path);
    (void)unlink(other);
    snprintf(other, sizeof other, "%s-shm", room->path);
    (void)unlink(other);
}

#endif
