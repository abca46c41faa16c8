/* tests/repo/sets_test.c - itemized and logical sets: members once and in order, deleted ones told apart, sets joined. */
#include "room.h"
#include "recto/repo/sets.h"

typedef struct members {
    mms_id ids[32];
    bool gone[32];
    size_t count;
} members;

static bool note_member(void *context, mms_id id, bool gone)
{
    members *list = context;
    list->ids[list->count] = id;
    list->gone[list->count++] = gone;
    return list->count < 32;
}

static members members_of(repo *repo, int64_t number)
{
    members list = { .count = 0 };
    recto_error error;
    must(repo_set_members(repo, number, note_member, &list, &error), &error);
    return list;
}

static int64_t make_set(repo *repo, const char *name, const mms_id *ids, size_t count)
{
    record_set set = { .zone = INSTITUTION, .owner = "cat1" };
    size_t added = 0;
    recto_error error;
    snprintf(set.name, sizeof set.name, "%s", name);
    must(repo_set_put(repo, &set, TEXT(""), NOON, &error), &error);
    must(repo_set_add(repo, set.number, ids, count, NOON, &added, &error), &error);
    return set.number;
}

static void members__stand_once_in_the_order_of_addition(void **state)
{
    const room *room = *state;
    recto_error error;
    mms_id ids[4];
    size_t added = 9;
    for (int i = 0; i < 4; i++)
        ids[i] = room_add_title(room->repo, INSTITUTION, "A title");
    const mms_id order[] = { ids[2], ids[0], ids[2], ids[1] };
    int64_t number = make_set(room->repo, "mine", order, 4);
    members list = members_of(room->repo, number);
    assert_int_equal(list.count, 3);
    assert_true(list.ids[0] == ids[2] && list.ids[1] == ids[0] && list.ids[2] == ids[1]);
    must(repo_set_add(room->repo, number, ids, 4, NOON, &added, &error), &error);
    assert_int_equal(added, 1);
    assert_true(members_of(room->repo, number).ids[3] == ids[3]);
    must(repo_set_take_out(room->repo, number, &ids[0], 1, NOON, &added, &error), &error);
    assert_int_equal(added, 1);
    assert_int_equal(members_of(room->repo, number).count, 3);
}

static void a_member_deleted_later__is_counted_apart(void **state)
{
    const room *room = *state;
    recto_error error;
    record_set set;
    mms_id ids[2] = { room_add_title(room->repo, INSTITUTION, "One"), room_add_title(room->repo, INSTITUTION, "Two") };
    int64_t number = make_set(room->repo, "mine", ids, 2);
    must(repo_begin(room->repo, &error), &error);
    must(repo_bib_delete(room->repo, ids[0], 1, "cat1", NOON, &error), &error);
    must(repo_commit(room->repo, &error), &error);
    must(repo_set_get(room->repo, number, &set, NULL, &error), &error);
    assert_int_equal(set.members, 2);
    assert_int_equal(set.gone, 1);
    members list = members_of(room->repo, number);
    assert_true(list.gone[0] && !list.gone[1]);
}

static void sets__are_united_intersected_and_subtracted(void **state)
{
    const room *room = *state;
    recto_error error;
    mms_id ids[4];
    for (int i = 0; i < 4; i++)
        ids[i] = room_add_title(room->repo, INSTITUTION, "A title");
    static const struct {
        set_operation operation;
        size_t count, first, last;
    } cases[] = { { SET_UNITE, 4, 0, 3 }, { SET_INTERSECT, 2, 1, 2 }, { SET_SUBTRACT, 1, 0, 0 } };
    for (size_t i = 0; i < 3; i++) {
        char one[16], two[16];
        snprintf(one, sizeof one, "one %zu", i);
        snprintf(two, sizeof two, "two %zu", i);
        int64_t left = make_set(room->repo, one, ids, 3), right = make_set(room->repo, two, ids + 1, 3);
        must(repo_set_combine(room->repo, left, right, cases[i].operation, NOON, &error), &error);
        members list = members_of(room->repo, left);
        assert_int_equal(list.count, cases[i].count);
        assert_true(list.ids[0] == ids[cases[i].first] && list.ids[list.count - 1] == ids[cases[i].last]);
        assert_int_equal(members_of(room->repo, right).count, 3);
    }
}

static void a_logical_set__keeps_its_query_and_has_no_members(void **state)
{
    const room *room = *state;
    recto_error error;
    buffer query;
    record_set set = { .zone = INSTITUTION, .name = "new ones", .owner = "cat1", .logical = true, .is_public = true }, read;
    mms_id id = room_add_title(room->repo, INSTITUTION, "One");
    must(repo_set_put(room->repo, &set, TEXT("mdate>=2026-01-01"), NOON, &error), &error);
    buffer_init(&query, 0);
    must(repo_set_named(room->repo, INSTITUTION, "new ones", &read, &query, &error), &error);
    assert_string_equal(buffer_string(&query), "mdate>=2026-01-01");
    assert_true(read.logical && read.is_public && read.number == set.number);
    buffer_release(&query);
    assert_int_equal(repo_set_add(room->repo, set.number, &id, 1, NOON, NULL, &error), RECTO_EREFUSED);
    record_set same = { .zone = INSTITUTION, .name = "new ones", .owner = "cat2" };
    assert_int_equal(repo_set_put(room->repo, &same, TEXT(""), NOON, &error), RECTO_EREFUSED);
    assert_string_equal(error.what, "a set of this name exists");
    must(repo_set_remove(room->repo, set.number, &error), &error);
    assert_int_equal(repo_set_get(room->repo, set.number, &read, NULL, &error), RECTO_ENOTFOUND);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(members__stand_once_in_the_order_of_addition),
        IN_ROOM(a_member_deleted_later__is_counted_apart),
        IN_ROOM(sets__are_united_intersected_and_subtracted),
        IN_ROOM(a_logical_set__keeps_its_query_and_has_no_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
