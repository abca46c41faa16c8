/* tests/repo/old_schema.h - a repository as an earlier schema had it, with the rows of a present one.
 *
 * It is made by the migrations up to that schema alone, and gets what its tables have room for: so nobody has to know what later
 * schemas brought. Indexes of words and identifiers stay empty: a migration makes its own. Whoever includes this defines
 * OLD_FAILED(format, ...), which does not return. */
#ifndef TESTS_REPO_OLD_SCHEMA_H
#define TESTS_REPO_OLD_SCHEMA_H

#include "../../src/repo/sql.h"
#include "recto/base/text.h"
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static inline void old_run(sqlite3 *database, const char *script)
{
    char *message = NULL;
    if (sqlite3_exec(database, script, NULL, NULL, &message) != SQLITE_OK)
        OLD_FAILED("%s: %s", script, message);
}

static inline void old_prepare(sqlite3_stmt **out, sqlite3 *database, const char *query)
{
    if (sqlite3_prepare_v2(database, query, -1, out, NULL) != SQLITE_OK)
        OLD_FAILED("%s: %s", query, sqlite3_errmsg(database));
}

/* Columns that both have. */
static inline void old_columns(buffer *out, sqlite3 *database, const char *table)
{
    sqlite3_stmt *statement = NULL;
    old_prepare(&statement, database,
                "SELECT group_concat(o.name, ', ') FROM pragma_table_info(?1, 'main') o JOIN"
                " pragma_table_info(?1, 'later') n ON n.name = o.name");
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
    old_prepare(&tables, database,
                "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
                " AND name NOT GLOB 'words*' AND name <> 'ident' AND name NOT GLOB 'authority*'");
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

/* Writes `to`, which must not be there: the rows of `from` in the tables of that schema. */
static inline void old_make(const char *to, const char *from, int schema)
{
    sqlite3 *database = NULL;
    char line[4096];
    if (sqlite3_open(to, &database) != SQLITE_OK)
        OLD_FAILED("cannot make %s", to);
    old_run(database, "PRAGMA synchronous = OFF; BEGIN");
    for (int step = 0; step < schema; step++)
        old_run(database, sql_migrations[step]);
    (void)snprintf(line, sizeof line,
                   "COMMIT; PRAGMA application_id = 1380144207; PRAGMA user_version = %d; ATTACH '%s' AS later; BEGIN", schema,
                   from);
    old_run(database, line);
    old_copy(database);
    old_run(database, "COMMIT; DETACH later");
    if (sqlite3_close(database) != SQLITE_OK || chmod(to, 0600) != 0)
        OLD_FAILED("cannot finish %s", to);
}

#endif
