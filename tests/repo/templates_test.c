/* tests/repo/templates_test.c - templates keep their versions, their number, and who may not overwrite whom. */
#include "room.h"

#include "recto/repo/templates.h"

static recto_status put(repo *repo, repo_template *info, const char *source, int expected, recto_error *error)
{
    must(repo_begin(repo, error), error);
    recto_status status = repo_template_put(repo, info, text_from(source), expected, error);
    if (status == RECTO_OK)
        must(repo_commit(repo, error), error);
    else
        repo_rollback(repo);
    return status;
}

static repo_template named(const char *owner, const char *name)
{
    repo_template info = { .zone = INSTITUTION, .kind = "template", .saved_at = NOON, .saved_by = "cat1", .note = "why" };
    snprintf(info.owner, sizeof info.owner, "%s", owner);
    snprintf(info.name, sizeof info.name, "%s", name);
    return info;
}

static void assert_text(repo *repo, const char *owner, const char *name, int version, const char *wanted)
{
    repo_template found;
    recto_error error;
    buffer source;
    buffer_init(&source, 0);
    must(repo_template_get(repo, INSTITUTION, "template", owner, name, version, &found, &source, &error), &error);
    assert_string_equal(buffer_string(&source), wanted);
    buffer_release(&source);
}

static void template__keeps_every_version_and_one_number(void **state)
{
    room *room = *state;
    recto_error error;
    repo_template info = named("", "Book"), by_number;
    must(put(room->repo, &info, "one", 0, &error), &error);
    const mms_id first = info.id;
    assert_int_equal(info.version, 1);
    must(put(room->repo, &info, "two", 1, &error), &error);
    assert_int_equal(info.version, 2);
    assert_true(info.id == first && first > 0);
    assert_text(room->repo, "", "Book", 1, "one");
    assert_text(room->repo, "", "Book", 0, "two");
    must(repo_template_by_id(room->repo, first, &by_number, NULL, &error), &error);
    assert_string_equal(by_number.name, "Book");
}

static void template__unseen_version_is_not_overwritten(void **state)
{
    room *room = *state;
    recto_error error;
    repo_template info = named("", "Book");
    must(put(room->repo, &info, "one", 0, &error), &error);
    must(put(room->repo, &info, "two", 1, &error), &error);
    assert_int_equal(put(room->repo, &info, "three", 1, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "version 2"));
    assert_int_equal(put(room->repo, &info, "again", 0, &error), RECTO_EREFUSED);
    assert_text(room->repo, "", "Book", 0, "two");
}

static void count_one(void *context, const repo_template *info, text source)
{
    (void)info;
    (void)source;
    ++*(size_t *)context;
}

static void template__deleted_is_not_listed_and_its_name_can_be_used_again(void **state)
{
    room *room = *state;
    recto_error error;
    size_t listed = 0, versions = 0;
    repo_template info = named("cat1", "Book"), again = named("cat1", "Book");
    must(put(room->repo, &info, "one", 0, &error), &error);
    info.deleted = true;
    must(put(room->repo, &info, "", 1, &error), &error);
    must(repo_templates(room->repo, "template", INSTITUTION, NULL, count_one, &listed, &error), &error);
    assert_int_equal(listed, 0);
    must(put(room->repo, &again, "new", 0, &error), &error);
    assert_int_equal(again.version, 3);
    assert_true(again.id == info.id);
    must(repo_template_versions(room->repo, info.id, count_one, &versions, &error), &error);
    assert_int_equal(versions, 3);
}

static void template__owner_and_zone_part_names(void **state)
{
    room *room = *state;
    recto_error error;
    size_t own = 0, all = 0;
    repo_template shared = named("", "Book"), mine = named("cat1", "Book"), network = named("", "Book");
    network.zone = NETWORK;
    must(put(room->repo, &shared, "shared", 0, &error), &error);
    must(put(room->repo, &mine, "mine", 0, &error), &error);
    must(put(room->repo, &network, "network", 0, &error), &error);
    assert_text(room->repo, "", "Book", 0, "shared");
    assert_text(room->repo, "cat1", "Book", 0, "mine");
    must(repo_templates(room->repo, "template", INSTITUTION, "cat1", count_one, &own, &error), &error);
    must(repo_templates(room->repo, "template", INSTITUTION, NULL, count_one, &all, &error), &error);
    assert_int_equal(own, 1);
    assert_int_equal(all, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(template__keeps_every_version_and_one_number, room_open, room_close),
        cmocka_unit_test_setup_teardown(template__unseen_version_is_not_overwritten, room_open, room_close),
        cmocka_unit_test_setup_teardown(template__deleted_is_not_listed_and_its_name_can_be_used_again, room_open, room_close),
        cmocka_unit_test_setup_teardown(template__owner_and_zone_part_names, room_open, room_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
