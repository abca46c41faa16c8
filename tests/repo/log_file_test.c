/* tests/repo/log_file_test.c - what a commit wrote is in the log's file when it returns: others read it from there. */
#include "../../src/repo/log_file.h"
#include "room.h"

#include <sys/stat.h>

enum { LONG_NOTE = 6000, LONG_NOTES = 200 };

/* More pages than one piece holds, and than two. */
static marc_record *long_record(size_t notes)
{
    recto_error error;
    marc_record *record = RECORD("245 10 $aMany pages");
    char line[LONG_NOTE + 1];
    for (size_t i = 0; i < notes; i++) {
        for (size_t at = 0; at < LONG_NOTE; at++) /* nothing that packs well */
            line[at] = (char)('A' + (at * at * 7 + i * 31 + at * (i + 3)) % 57 % 26);
        memcpy(line, "$a", 2);
        line[LONG_NOTE] = '\0';
        must(marc_record_append_line(record, "500", "  ", line, &error), &error);
    }
    return record;
}

static void must_be_seen_by_another(const room *room, mms_id id, const marc_record *expected)
{
    repo *other = NULL;
    recto_error error;
    marc_record *read = NULL;
    must(repo_open(&other, room->path, REPO_READ_ONLY, &error), &error);
    must(repo_bib_load(other, id, &read, NULL, NOON, &error), &error);
    assert_true(marc_record_count(read) >= marc_record_count(expected));
    marc_record_free(read);
    repo_close(other);
}

static void commit_of_any_size__is_read_by_others_at_once(void **state)
{
    static const size_t sizes[] = { 0, 1, 5, 20, 21, 22, LONG_NOTES };
    room *room = *state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        marc_record *expected = long_record(sizes[i]);
        const mms_id id = room_add(room->repo, INSTITUTION, long_record(sizes[i]));
        must_be_seen_by_another(room, id, expected);
        marc_record_free(expected);
    }
    assert_sound(room->repo);
}

static void count_draft(void *context, const repo_draft *draft)
{
    size_t *seen = context;
    *seen += draft->record.length > 0;
}

/* A draft's commit is not synced (RL-2), but it is in the file. */
static void draft__is_read_by_others_at_once(void **state)
{
    room *room = *state;
    recto_error error;
    repo *other = NULL;
    must(repo_open(&other, room->path, REPO_READ_ONLY, &error), &error);
    for (size_t notes = 1; notes < 40; notes += 13) {
        size_t seen = 0;
        buffer content;
        marc_record *record = long_record(notes);
        buffer_init(&content, 0);
        must(repo_record_encode(&content, record, &error), &error);
        const repo_draft draft = { .owner = "cat1", .id = (mms_id)notes, .zone = INSTITUTION, .record = buffer_text(&content) };
        must(repo_draft_put(room->repo, &draft, &error), &error);
        must(repo_drafts(other, "cat1", count_draft, &seen, &error), &error);
        assert_int_equal(seen, (notes - 1) / 13 + 1);
        buffer_release(&content);
        marc_record_free(record);
    }
    repo_close(other);
    assert_sound(room->repo);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)

/* Emptied by whoever copies it away; what a commit has gathered is moved before. */
static void an_emptied_log__has_lost_nothing(void **state)
{
    room *room = *state;
    sqlite3 *database = NULL;
    char name[160];
    struct stat file;
    const mms_id id = room_add(room->repo, INSTITUTION, long_record(20));
    assert_int_equal(sqlite3_open_v2(room->path, &database, SQLITE_OPEN_READWRITE, log_file_system()), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL), SQLITE_OK);
    snprintf(name, sizeof name, "%s-wal", room->path);
    assert_int_equal(stat(name, &file), 0);
    assert_int_equal(file.st_size, 0);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    marc_record *expected = long_record(20);
    must_be_seen_by_another(room, id, expected);
    marc_record_free(expected);
    assert_sound(room->repo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(commit_of_any_size__is_read_by_others_at_once),
        IN_ROOM(draft__is_read_by_others_at_once),
        IN_ROOM(an_emptied_log__has_lost_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
