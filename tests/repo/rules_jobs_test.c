/* tests/repo/rules_jobs_test.c - rule texts and their versions, jobs and their rows, and the migration that made room for both.
 */
#include "room.h"

#include "recto/repo/jobs.h"
#include "recto/repo/rules.h"

#include "old.h"

#include <sys/wait.h>

/* ---- rules */

static int put_rule(repo *repo, const char *name, const char *source, int expected, recto_error *error, recto_status *status)
{
    repo_rule rule = { .zone = INSTITUTION, .language = "norm", .saved_at = NOON, .saved_by = "cat1", .note = "why" };
    snprintf(rule.name, sizeof rule.name, "%s", name);
    must(repo_begin(repo, error), error);
    *status = repo_rule_put(repo, &rule, text_from(source), expected, error);
    if (*status == RECTO_OK)
        must(repo_commit(repo, error), error);
    else
        repo_rollback(repo);
    return rule.version;
}

static int must_put(repo *repo, const char *name, const char *source, int expected)
{
    recto_error error;
    recto_status status;
    const int version = put_rule(repo, name, source, expected, &error, &status);
    must(status, &error);
    return version;
}

static void assert_source(repo *repo, const char *name, int version, const char *wanted)
{
    buffer source;
    repo_rule rule;
    recto_error error = { .status = RECTO_OK };
    buffer_init(&source, 0);
    must(repo_rule_get(repo, INSTITUTION, "norm", name, version, &rule, &source, &error), &error);
    assert_string_equal(buffer_string(&source), wanted);
    buffer_release(&source);
}

static void count_rule(void *context, const repo_rule *rule)
{
    assert_string_equal(rule->language, "norm");
    ++*(size_t *)context;
}

static void rule__keeps_every_version(void **state)
{
    repo *repo = ((room *)*state)->repo;
    size_t count = 0;
    recto_error error;
    assert_int_equal(must_put(repo, "Drop", "one", 0), 1);
    assert_int_equal(must_put(repo, "Drop", "two", 1), 2);
    assert_int_equal(must_put(repo, "drop", "another name", 0), 1);
    assert_source(repo, "Drop", 0, "two");
    assert_source(repo, "Drop", 1, "one");
    must(repo_rule_versions(repo, INSTITUTION, "norm", "Drop", count_rule, &count, &error), &error);
    assert_int_equal(count, 2);
    count = 0;
    must(repo_rules(repo, INSTITUTION, NULL, count_rule, &count, &error), &error);
    assert_int_equal(count, 2);
    count = 0;
    must(repo_rules(repo, OTHER, NULL, count_rule, &count, &error), &error);
    assert_int_equal(count, 0);
}

static void rule__refuses_a_text_of_an_older_version(void **state)
{
    repo *repo = ((room *)*state)->repo;
    recto_error error;
    recto_status status;
    must_put(repo, "Drop", "one", 0);
    must_put(repo, "Drop", "two", 1);
    (void)put_rule(repo, "Drop", "three", 1, &error, &status);
    assert_int_equal(status, RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "version 2"));
    (void)put_rule(repo, "Drop", "three", 0, &error, &status);
    assert_int_equal(status, RECTO_EREFUSED);
    assert_source(repo, "Drop", 0, "two");
}

static void rule__deleted_keeps_its_versions(void **state)
{
    repo *repo = ((room *)*state)->repo;
    recto_error error;
    repo_rule gone = { .zone = INSTITUTION, .language = "norm", .name = "Drop", .deleted = true, .saved_by = "cat1" };
    size_t count = 0;
    must_put(repo, "Drop", "one", 0);
    must(repo_begin(repo, &error), &error);
    must(repo_rule_put(repo, &gone, TEXT(""), 1, &error), &error);
    must(repo_commit(repo, &error), &error);
    assert_int_equal(repo_rule_get(repo, INSTITUTION, "norm", "Drop", 0, &gone, NULL, &error), RECTO_ENOTFOUND);
    assert_source(repo, "Drop", 1, "one");
    must(repo_rules(repo, INSTITUTION, NULL, count_rule, &count, &error), &error);
    assert_int_equal(count, 0);
    assert_int_equal(must_put(repo, "Drop", "again", 0), 3);
}

/* ---- jobs */

static int64_t begin_job(repo *repo, const char *type)
{
    recto_error error;
    repo_job job = { .zone = INSTITUTION, .started_at = NOON, .title = "a title", .user = "cat1" };
    snprintf(job.type, sizeof job.type, "%s", type);
    must(repo_job_begin(repo, &job, TEXT("text of a rule"), &error), &error);
    return job.id;
}

static void add_row(repo *repo, int64_t job, mms_id id, const char *outcome, int before, int after, const char *detail)
{
    recto_error error;
    repo_job_row row = { .id = id, .kind = 'B', .version_before = before, .version_after = after, .detail = text_from(detail) };
    snprintf(row.outcome, sizeof row.outcome, "%s", outcome);
    must(repo_begin(repo, &error), &error);
    must(repo_job_row_add(repo, job, &row, &error), &error);
    must(repo_commit(repo, &error), &error);
}

static void job__counts_its_rows(void **state)
{
    repo *repo = ((room *)*state)->repo;
    static const char *const outcomes[] = { "changed", "changed", "unchanged", "skipped", "failed", "reverted" };
    const int64_t id = begin_job(repo, "rule");
    repo_job job;
    recto_error error;
    buffer parameters;
    buffer_init(&parameters, 0);
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        add_row(repo, id, 1000 + (mms_id)i, outcomes[i], 1, 2, "");
    must(repo_job_get(repo, id, &job, &parameters, &error), &error);
    assert_string_equal(buffer_string(&parameters), "text of a rule");
    assert_string_equal(job.status, "running");
    assert_int_equal(job.read, 6);
    assert_int_equal(job.changed, 3);
    assert_int_equal(job.unchanged, 1);
    assert_int_equal(job.skipped, 1);
    assert_int_equal(job.failed, 1);
    must(repo_job_end(repo, id, "done", NOON + 5, &error), &error);
    must(repo_job_get(repo, id, &job, NULL, &error), &error);
    assert_string_equal(job.status, "done");
    assert_int_equal(job.ended_at, NOON + 5);
    assert_int_equal(repo_job_get(repo, id + 1, &job, NULL, &error), RECTO_ENOTFOUND);
    buffer_release(&parameters);
}

static bool sum_numbers(void *context, const repo_job_row *row)
{
    *(int64_t *)context = *(int64_t *)context * 10 + row->number;
    return true;
}

static void job_rows__come_in_order_and_in_parts(void **state)
{
    repo *repo = ((room *)*state)->repo;
    const int64_t id = begin_job(repo, "rule");
    int64_t seen = 0;
    recto_error error;
    repo_job_row row;
    buffer detail;
    size_t open_rows = 0;
    buffer_init(&detail, 0);
    for (int i = 0; i < 5; i++)
        add_row(repo, id, 1000 - i, "changed", 1, 2, "from here to there");
    must(repo_job_rows(repo, id, 0, 0, sum_numbers, &seen, &error), &error);
    assert_int_equal(seen, 12345);
    seen = 0;
    must(repo_job_rows(repo, id, 1, 2, sum_numbers, &seen, &error), &error);
    assert_int_equal(seen, 23);
    must(repo_job_row_get(repo, id, 998, &row, &detail, &error), &error);
    assert_int_equal(row.number, 3);
    assert_string_equal(buffer_string(&detail), "from here to there");
    must(repo_begin(repo, &error), &error);
    must(repo_job_row_taken_back(repo, id, 3, &error), &error);
    must(repo_commit(repo, &error), &error);
    must(repo_job_open_rows(repo, id, &open_rows, &error), &error);
    assert_int_equal(open_rows, 4);
    buffer_release(&detail);
}

static void job_of_version__names_the_last_one(void **state)
{
    repo *repo = ((room *)*state)->repo;
    const int64_t trial = begin_job(repo, "rule-trial"), applied = begin_job(repo, "rule");
    int64_t job = 0;
    recto_error error;
    add_row(repo, trial, 1000, "changed", 1, 0, "");
    add_row(repo, applied, 1000, "changed", 1, 2, "");
    must(repo_job_of_version(repo, 1000, 2, &job, &error), &error);
    assert_int_equal(job, applied);
    must(repo_job_of_version(repo, 1000, 1, &job, &error), &error);
    assert_int_equal(job, 0);
}

static void job__of_a_process_that_died_has_failed(void **state)
{
    room *room = *state;
    repo_job job;
    recto_error error;
    int status = 0;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        repo *own = NULL;
        if (repo_open(&own, room->path, REPO_READ_WRITE, NULL) != RECTO_OK)
            _exit(1);
        repo_job begun = { .type = "rule", .zone = INSTITUTION, .started_at = NOON };
        _exit(repo_job_begin(own, &begun, TEXT(""), NULL) == RECTO_OK ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    must(repo_job_get(room->repo, 1, &job, NULL, &error), &error);
    assert_string_equal(job.status, "failed");
}

/* ---- migration: a repository of schema 1, as the program before this one made it */

static void run_sql(const char *path, const char *script)
{
    sqlite3 *database = NULL;
    char *message = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    if (sqlite3_exec(database, script, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static int append_row(void *context, int count, char **values, char **names)
{
    (void)names;
    for (int i = 0; i < count; i++)
        buffer_append_format(context, "%s|", values[i] != NULL ? values[i] : "");
    buffer_append_char(context, '\n');
    return 0;
}

static void describe(buffer *out, sqlite3 *database)
{
    assert_int_equal(sqlite3_exec(database,
                                  "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name",
                                  append_row, out, NULL),
                     SQLITE_OK);
}

static bool note_id(void *context, mms_id id)
{
    *(mms_id *)context = id;
    return true;
}

static void open__brings_an_older_repository_up_to_date(void **state)
{
    room *room = *state;
    bib_info info;
    recto_error error;
    const mms_id id = room_add_title(room->repo, INSTITUTION, "Kept through the migration");
    room_make_old(room, 1);
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
    must(repo_bib_info(room->repo, id, &info, NOON, &error), &error);
    assert_string_equal(info.title, "Kept through the migration");
    mms_id found = 0;
    must(repo_find_by_key(room->repo, MARC_KEY_TITLE, TEXT("kept through the migration"), NULL, 0, note_id, &found, &error),
         &error);
    assert_int_equal(found, id); /* titles are keys since schema 4 */
    assert_int_equal(must_put(room->repo, "Drop", "one", 0), 1);
    add_row(room->repo, begin_job(room->repo, "rule"), id, "changed", 1, 2, "");
    assert_sound(room->repo);
}

static void open__leaves_an_older_repository_alone_where_it_cannot_be_brought_up(void **state)
{
    room *room = *state;
    recto_error error;
    sqlite3 *database = NULL;
    buffer before, after;
    buffer_init(&before, 0);
    buffer_init(&after, 0);
    (void)room_add_title(room->repo, INSTITUTION, "Kept");
    room_make_old(room, 1);
    run_sql(room->path, "CREATE TABLE job (in_the_way INTEGER)"); /* the migration's second step fails */
    assert_int_equal(sqlite3_open(room->path, &database), SQLITE_OK);
    describe(&before, database);
    assert_int_not_equal(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), RECTO_OK);
    assert_null(room->repo);
    describe(&after, database);
    assert_string_equal(buffer_string(&after), buffer_string(&before));
    assert_int_equal(sqlite3_exec(database, "PRAGMA user_version", append_row, &after, NULL), SQLITE_OK);
    assert_string_equal(buffer_string(&after) + before.length, "1|\n");
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    buffer_release(&before);
    buffer_release(&after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rule__keeps_every_version, room_open, room_close),
        cmocka_unit_test_setup_teardown(rule__refuses_a_text_of_an_older_version, room_open, room_close),
        cmocka_unit_test_setup_teardown(rule__deleted_keeps_its_versions, room_open, room_close),
        cmocka_unit_test_setup_teardown(job__counts_its_rows, room_open, room_close),
        cmocka_unit_test_setup_teardown(job_rows__come_in_order_and_in_parts, room_open, room_close),
        cmocka_unit_test_setup_teardown(job_of_version__names_the_last_one, room_open, room_close),
        cmocka_unit_test_setup_teardown(job__of_a_process_that_died_has_failed, room_open, room_close),
        cmocka_unit_test_setup_teardown(open__brings_an_older_repository_up_to_date, room_open, room_close),
        cmocka_unit_test_setup_teardown(open__leaves_an_older_repository_alone_where_it_cannot_be_brought_up, room_open,
                                        room_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
