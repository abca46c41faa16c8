/* tests/fault/old_repository.c - repositories of earlier schemas, for the scripts that kill migrations.
 *
 * usage: old_repository schemas                how many schemas there are
 *        old_repository make FROM TO SCHEMA    the rows of the repository FROM in a new one of that schema
 *        old_repository state PATH             its schema, and a digest of its tables: what a cut migration must have left alone
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void old_failed(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
#define OLD_FAILED(...) old_failed(__VA_ARGS__)
#include "repo/old_schema.h"

static void old_failed(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    (void)fprintf(stderr, "old_repository: ");
    (void)vfprintf(stderr, format, values);
    (void)fputc('\n', stderr);
    va_end(values);
    exit(2);
}

static void print_rows(sqlite3 *database, const char *query)
{
    sqlite3_stmt *statement = NULL;
    uint64_t digest = UINT64_C(14695981039346656037);
    int code = 0;
    old_prepare(&statement, database, query);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
        for (const unsigned char *byte = sqlite3_column_text(statement, 0); byte != NULL && *byte != '\0'; byte++)
            digest = (digest ^ *byte) * UINT64_C(1099511628211);
    (void)sqlite3_finalize(statement);
    if (code != SQLITE_DONE)
        old_failed("%s: %s", query, sqlite3_errmsg(database));
    (void)printf(" %016llx", (unsigned long long)digest);
}

static void print_state(const char *path)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        old_failed("cannot open %s", path);
    old_prepare(&statement, database, "PRAGMA user_version");
    if (sqlite3_step(statement) != SQLITE_ROW)
        old_failed("%s: %s", path, sqlite3_errmsg(database));
    (void)printf("%d", sqlite3_column_int(statement, 0));
    (void)sqlite3_finalize(statement);
    print_rows(database, "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY type, name");
    print_rows(database, "SELECT doc || ' ' || version || ' ' || hex(checksum) FROM version ORDER BY doc, version");
    (void)printf("\n");
    (void)sqlite3_close(database);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "schemas") == 0)
        (void)printf("%d\n", sql_migration_count);
    else if (argc == 5 && strcmp(argv[1], "make") == 0)
        old_make(argv[3], argv[2], (int)strtol(argv[4], NULL, 10));
    else if (argc == 3 && strcmp(argv[1], "state") == 0)
        print_state(argv[2]);
    else
        old_failed("usage: old_repository schemas | make FROM TO SCHEMA | state PATH");
    return 0;
}
