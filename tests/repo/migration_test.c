/* tests/repo/migration_test.c - repositories of every earlier schema, opened by the present program (RL-68).
 *
 * tests/fault/faults.c and tests/soak/killed_migrations.sh do the same while writes fail and kills fall. */
#include "old.h"

static void open_by_hand(room *room, const char *script)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(room->path, &database), SQLITE_OK);
    old_run(database, script);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static int schema_of(room *room)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(room->path, &database), SQLITE_OK);
    old_prepare(&statement, database, "PRAGMA user_version");
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const int schema = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return schema;
}

static mms_id fill(room *room)
{
    recto_error error;
    mms_id id = 0;
    for (int i = 0; i < 4; i++)
        id = room_add(room->repo, INSTITUTION, RECORD("245 10 $aOne hundred years", "650  0 $aSolitude"));
    marc_record *second = RECORD("245 10 $aOne hundred years of solitude");
    must(room_change(room->repo, id, second, 1, NULL, &error), &error);
    marc_record_free(second);
    return id;
}

static void expect_as_before(room *room, mms_id id)
{
    recto_error error;
    marc_record *record = NULL;
    bib_info info;
    assert_sound(room->repo);
    must(repo_bib_load(room->repo, id, &record, &info, NOON, &error), &error);
    assert_int_equal(info.version, 2);
    assert_true(text_equal(marc_record_text(record, "245", 'a'), TEXT("One hundred years of solitude")));
    marc_record_free(record);
    room_add_title(room->repo, INSTITUTION, "Written by the newer program");
    assert_sound(room->repo);
}

static void each_schema__is_brought_up_and_loses_nothing(void **state)
{
    (void)state;
    for (int schema = 1; schema < sql_migration_count; schema++) {
        void *own = NULL;
        recto_error error;
        assert_int_equal(room_open(&own), 0);
        room *room = own;
        const mms_id id = fill(room);
        room_make_old(room, schema);
        assert_int_equal(schema_of(room), schema);
        must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
        expect_as_before(room, id);
        repo_close(room->repo);
        room->repo = NULL;
        assert_int_equal(schema_of(room), sql_migration_count);
        must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
        assert_int_equal(room_close(&own), 0);
    }
}

/* An index that an earlier program made says less than this one looks for. */
static void an_older_index__is_made_anew(void **state)
{
    room *room = *state;
    recto_error error;
    const mms_id id = fill(room);
    room_make_old(room, SCHEMA_OF_INDEX - 1);
    open_by_hand(room, "DELETE FROM posting_pending; DELETE FROM posting_segment; DELETE FROM posting_block");
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
    expect_as_before(room, id);
}

static void opening_to_read__brings_it_up_where_one_may_write(void **state)
{
    room *room = *state;
    recto_error error;
    bib_info info;
    const mms_id id = fill(room);
    room_make_old(room, 3);
    must(repo_open(&room->repo, room->path, REPO_READ_ONLY, &error), &error);
    assert_true(repo_is_read_only(room->repo));
    must(repo_bib_info(room->repo, id, &info, NOON, &error), &error);
    assert_int_equal(info.version, 2);
    assert_sound(room->repo);
}

typedef struct told {
    int times, over, from, to;
    int64_t done, records;
    char path[160];
} told;

static void keep_told(void *context, const repo_migration *now)
{
    told *told = context;
    assert_int_equal(told->over, 0); /* the last word */
    assert_true(now->done >= told->done);
    told->times++;
    told->over += now->over;
    told->from = now->from;
    told->to = now->to;
    told->done = now->done;
    told->records = now->records;
    (void)snprintf(told->path, sizeof told->path, "%s", now->path);
}

static void whoever_opens__is_told_of_a_migration_and_how_far(void **state)
{
    static const repo_mode modes[] = { REPO_READ_WRITE, REPO_READ_ONLY };
    room *room = *state;
    recto_error error;
    const mms_id id = fill(room);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        told told = { 0 }, again = { 0 };
        room_make_old(room, 3);
        must(repo_open_telling(&room->repo, room->path, modes[i], keep_told, &told, &error), &error);
        assert_true(told.times > 2); /* it begins, how far, it is over */
        assert_int_equal(told.over, 1);
        assert_int_equal(told.from, 3);
        assert_int_equal(told.to, sql_migration_count);
        assert_int_equal(told.records, 4);
        assert_int_equal(told.done, 4);
        assert_string_equal(told.path, repo_path(room->repo));
        repo_close(room->repo);
        must(repo_open_telling(&room->repo, room->path, modes[i], keep_told, &again, &error), &error);
        assert_int_equal(again.times, 0); /* it is not old any more */
    }
    repo_close(room->repo);
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
    expect_as_before(room, id);
}

/* A statement over many rows is told of while it works, and not only behind it. */
static void a_step_of_many_rows__is_told_of_meanwhile(void **state)
{
    room *room = *state;
    recto_error error;
    told few = { 0 }, many = { 0 };
    (void)fill(room);
    room_make_old(room, SCHEMA_OF_CALL_TYPES - 1);
    must(repo_open_telling(&room->repo, room->path, REPO_READ_WRITE, keep_told, &few, &error), &error);
    room_make_old(room, SCHEMA_OF_CALL_TYPES - 1);
    open_by_hand(room, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
                       " INSERT INTO item SELECT i, i, 1, 1, 1, '', '', '', '', '', '', 1, 1, 1, 'cat1' FROM n");
    must(repo_open_telling(&room->repo, room->path, REPO_READ_WRITE, keep_told, &many, &error), &error);
    assert_int_equal(many.over, 1);
    assert_true(many.times > few.times);
}

/* A step that fails leaves the schema it began with, and what was in it. */
static void a_step_that_fails__leaves_the_old_schema(void **state)
{
    room *room = *state;
    recto_error error;
    const mms_id id = fill(room);
    told told = { 0 };
    room_make_old(room, 3);
    open_by_hand(room, "CREATE TABLE template (in_the_way TEXT)");
    assert_int_equal(repo_open_telling(&room->repo, room->path, REPO_READ_WRITE, keep_told, &told, &error), RECTO_EIO);
    assert_true(told.times > 0);
    assert_int_equal(told.over, 0); /* nobody is told that it is up to date */
    assert_int_equal(schema_of(room), 3);
    open_by_hand(room, "DROP TABLE template");
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
    expect_as_before(room, id);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_schema__is_brought_up_and_loses_nothing),
        IN_ROOM(an_older_index__is_made_anew),
        IN_ROOM(opening_to_read__brings_it_up_where_one_may_write),
        IN_ROOM(whoever_opens__is_told_of_a_migration_and_how_far),
        IN_ROOM(a_step_of_many_rows__is_told_of_meanwhile),
        IN_ROOM(a_step_that_fails__leaves_the_old_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
