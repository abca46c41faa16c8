/* tests/repo/log_room_test.c - the file of the write-ahead log is made long before it is needed, and stays so (RL-70).
 *
 * What it holds is looked at with a connection of its own. */
#include "room.h"

#include <sys/stat.h>

enum { MEBIBYTE = 1024 * 1024 };

static long log_length(const room *room)
{
    char name[160];
    struct stat file = { .st_size = -1 };
    snprintf(name, sizeof name, "%s-wal", room->path);
    return stat(name, &file) == 0 ? (long)file.st_size : -1;
}

static size_t count_all(repo *repo)
{
    recto_error error;
    size_t count = 0;
    must(repo_search(repo, &(search_request){ .type = SEARCH_ALL_TITLES }, NULL, NULL, &count, &error), &error);
    return count;
}

/* What others see, and after a restart. */
static void expect_records(const room *room, size_t wanted)
{
    recto_error error;
    repo *other = NULL;
    must(repo_open(&other, room->path, REPO_READ_ONLY, &error), &error);
    assert_int_equal(count_all(other), wanted);
    repo_close(other);
}

static void tidy_all(repo *repo)
{
    recto_error error;
    for (bool more = true; more;)
        must(repo_tidy(repo, &more, &error), &error);
}

static void reserve__makes_the_log_long_at_once_and_saves_go_into_it(void **state)
{
    room *room = *state;
    recto_error error;
    room_add_title(room->repo, INSTITUTION, "Before");
    must(repo_reserve_log(room->repo, &error), &error);
    assert_true(log_length(room) >= 32 * MEBIBYTE);
    const long length = log_length(room);
    for (int i = 0; i < 20; i++)
        room_add_title(room->repo, INSTITUTION, "Behind it");
    assert_int_equal(log_length(room), length); /* no save has made it longer */
    expect_records(room, 21);
    assert_sound(room->repo);
    must(repo_reserve_log(room->repo, &error), &error); /* again: there is nothing to do */
    assert_int_equal(log_length(room), length);
}

static void keep__makes_it_long_in_pieces_while_nobody_waits(void **state)
{
    room *room = *state;
    recto_error error;
    bool more = false;
    room_add_title(room->repo, INSTITUTION, "Before");
    tidy_all(room->repo);
    assert_true(log_length(room) < MEBIBYTE);
    repo_keep_log(room->repo);
    must(repo_tidy(room->repo, &more, &error), &error);
    assert_true(more);
    assert_true(log_length(room) > MEBIBYTE && log_length(room) < 2 * MEBIBYTE);
    tidy_all(room->repo);
    assert_true(log_length(room) >= 8 * MEBIBYTE && log_length(room) < 10 * MEBIBYTE);
    room_add_title(room->repo, INSTITUTION, "After");
    expect_records(room, 2);
    assert_sound(room->repo);
}

/* A log of zeros alone, as a crash right behind the reservation leaves it, is an empty one. */
static void reserve__in_an_empty_log_loses_nothing(void **state)
{
    room *room = *state;
    recto_error error;
    room_add_title(room->repo, INSTITUTION, "Before");
    repo_close(room->repo); /* the log goes */
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
    must(repo_reserve_log(room->repo, &error), &error);
    expect_records(room, 1);
    room_add_title(room->repo, INSTITUTION, "After");
    expect_records(room, 2);
    assert_sound(room->repo);
}

static void neither__is_for_whoever_only_reads_or_is_in_a_transaction(void **state)
{
    room *room = *state;
    recto_error error;
    repo *reader = NULL;
    room_add_title(room->repo, INSTITUTION, "One");
    const long length = log_length(room);
    must(repo_open(&reader, room->path, REPO_READ_ONLY, &error), &error);
    must(repo_reserve_log(reader, &error), &error);
    repo_keep_log(reader);
    tidy_all(reader);
    repo_tidy_briefly(reader);
    repo_close(reader);
    must(repo_begin(room->repo, &error), &error);
    must(repo_reserve_log(room->repo, &error), &error);
    repo_tidy_briefly(room->repo);
    tidy_all(room->repo);
    repo_rollback(room->repo);
    assert_int_equal(log_length(room), length);
}

/* How often the log has been begun anew: bytes 12 to 15 of it, most significant first. */
static long log_restarts(const room *room)
{
    unsigned char head[16] = { 0 };
    char name[160];
    snprintf(name, sizeof name, "%s-wal", room->path);
    FILE *log = fopen(name, "rb");
    assert_non_null(log);
    assert_int_equal(fread(head, sizeof head, 1, log), 1);
    fclose(log);
    return (long)head[12] << 24 | head[13] << 16 | head[14] << 8 | head[15];
}

/* RL-10: those that have searched and now look at their screens hold nothing open that would keep the log from being begun anew,
 * even where no save has a moment for it. */
static void the_log__stays_short_among_fifty_idle_workstations(void **state)
{
    enum { WORKSTATIONS = 50, SAVES = 20000 };
    room *room = *state;
    recto_error error;
    repo *idle[WORKSTATIONS];
    int saves = 0;
    room_add_title(room->repo, INSTITUTION, "Before");
    for (int i = 0; i < WORKSTATIONS; i++) {
        must(repo_open(&idle[i], room->path, REPO_READ_WRITE, &error), &error);
        assert_int_equal(count_all(idle[i]), 1);
    }
    for (const long first = log_restarts(room); log_restarts(room) < first + 2 && saves < SAVES; saves++) {
        room_add_title(room->repo, INSTITUTION, "Among idle workstations");
        assert_true(log_length(room) < 64 * MEBIBYTE);
    }
    assert_in_range(saves, 1, SAVES - 1);
    for (int i = 0; i < WORKSTATIONS; i++) {
        assert_int_equal(count_all(idle[i]), (size_t)saves + 1);
        repo_close(idle[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reserve__makes_the_log_long_at_once_and_saves_go_into_it, room_open, room_close),
        cmocka_unit_test_setup_teardown(keep__makes_it_long_in_pieces_while_nobody_waits, room_open, room_close),
        cmocka_unit_test_setup_teardown(reserve__in_an_empty_log_loses_nothing, room_open, room_close),
        cmocka_unit_test_setup_teardown(neither__is_for_whoever_only_reads_or_is_in_a_transaction, room_open, room_close),
        cmocka_unit_test_setup_teardown(the_log__stays_short_among_fifty_idle_workstations, room_open, room_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
