/* tests/repo/rights_test.c - files that somebody may only read, or not even that, and folders that fit no repository (RL-90 to
 * RL-95, RL-186). Needs root, who can be somebody else for access(2). */
#include "old.h"

#include <sys/stat.h>

enum { NOBODY = 65534 };

#define NEEDS_ROOT()                                                                                                             \
    do {                                                                                                                         \
        if (geteuid() != 0) {                                                                                                    \
            puts("skipped: only root can be another user");                                                                      \
            skip();                                                                                                              \
        }                                                                                                                        \
    } while (0)

static recto_status open_as_nobody(repo **out, const room *room, recto_error *error)
{
    assert_int_equal(setreuid(NOBODY, (uid_t)-1), 0);
    const recto_status status = repo_open(out, room->path, REPO_READ_WRITE, error);
    assert_int_equal(setreuid(0, (uid_t)-1), 0);
    return status;
}

static void finds_one(repo *repo)
{
    recto_error error;
    size_t count = 0;
    must(repo_search(repo, &(search_request){ .limit = 0 }, NULL, NULL, &count, &error), &error);
    assert_int_equal(count, 1);
}

/* Closed in order: nothing lies beside the file. */
static void leave_to_others(room *room, mode_t file, mode_t folder)
{
    repo_close(room->repo);
    room->repo = NULL;
    if (access(room->path, F_OK) != 0)
        fail_msg("%s is gone", room->path);
    assert_int_equal(chmod(room->path, file), 0);
    assert_int_equal(chmod(room->folder, folder), 0);
}

static void take_back(room *room)
{
    recto_error error;
    assert_int_equal(chmod(room->folder, 0700), 0);
    assert_int_equal(chmod(room->path, 0600), 0);
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
}

static void a_file_to_read__is_open_for_reading_only(void **state)
{
    static const mode_t folders[] = { 0755, 01777 };
    room *room = *state;
    NEEDS_ROOT();
    (void)room_add_title(room->repo, INSTITUTION, "Read by all");
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        recto_error error;
        repo *opened = NULL;
        leave_to_others(room, 0644, folders[i]);
        must(open_as_nobody(&opened, room, &error), &error);
        assert_true(repo_is_read_only(opened));
        finds_one(opened);
        assert_int_equal(repo_begin(opened, &error), RECTO_EREFUSED);
        repo_close(opened);
        take_back(room);
    }
}

/* Every byte of a name is a name: to SQLite some mean something in an address. */
static void a_folder_to_read__may_have_any_name(void **state)
{
    room *room = *state;
    char folder[100], path[160];
    recto_error error;
    repo *opened = NULL;
    NEEDS_ROOT();
    (void)room_add_title(room->repo, INSTITUTION, "Read by all");
    leave_to_others(room, 0644, 0755);
    snprintf(folder, sizeof folder, "%s-50%%25 #1?x", room->folder);
    snprintf(path, sizeof path, "%s/test.recto", folder);
    assert_int_equal(rename(room->folder, folder), 0);
    assert_int_equal(setreuid(NOBODY, (uid_t)-1), 0);
    const recto_status status = repo_open(&opened, path, REPO_READ_WRITE, &error);
    assert_int_equal(setreuid(0, (uid_t)-1), 0);
    assert_int_equal(rename(folder, room->folder), 0);
    must(status, &error);
    assert_true(repo_is_read_only(opened));
    finds_one(opened);
    repo_close(opened);
    take_back(room);
}

static void a_file_of_another__names_its_owner(void **state)
{
    room *room = *state;
    recto_error error;
    repo *opened = NULL;
    NEEDS_ROOT();
    leave_to_others(room, 0600, 0755);
    assert_int_equal(open_as_nobody(&opened, room, &error), RECTO_EIO);
    assert_non_null(strstr(error.what, "you may not read this repository (root:root 0600)"));
    assert_null(opened);
    assert_int_equal(chown(room->path, 54321, 54321), 0); /* users that have no name */
    assert_int_equal(open_as_nobody(&opened, room, &error), RECTO_EIO);
    assert_non_null(strstr(error.what, "(?:? 0600)"));
    assert_int_equal(chown(room->path, 0, 0), 0);
    take_back(room);
}

static void an_older_schema__is_for_whoever_may_write(void **state)
{
    room *room = *state;
    recto_error error;
    repo *opened = NULL;
    NEEDS_ROOT();
    (void)room_add_title(room->repo, INSTITUTION, "Old");
    room_make_old(room, 3);
    assert_int_equal(chmod(room->path, 0644), 0);
    assert_int_equal(chmod(room->folder, 0755), 0);
    assert_int_equal(open_as_nobody(&opened, room, &error), RECTO_EIO);
    assert_non_null(strstr(error.what, "older schema (3)"));
    take_back(room);
    finds_one(room->repo);
}

static void a_folder_of_everybody__is_refused(void **state)
{
    room *room = *state;
    recto_error error;
    repo *opened = NULL;
    assert_int_equal(chmod(room->folder, 0777), 0);
    assert_int_equal(repo_open(&opened, room->path, REPO_READ_WRITE, &error), RECTO_EIO);
    assert_non_null(strstr(error.what, "writable by everybody"));
    assert_int_equal(chmod(room->folder, 01777), 0); /* as /tmp: others cannot put another file in its place */
    must(repo_open(&opened, room->path, REPO_READ_WRITE, &error), &error);
    repo_close(opened);
}

static const repo_plan *plan(void)
{
    static const char *const institutions[] = { "01EXAMPLE" };
    static const repo_plan plan = { .institutions = institutions, .institution_count = 1, .owner = "chief", .now = NOON };
    return &plan;
}

static void a_path__is_made_or_told_to_be_none(void **state)
{
    room *room = *state;
    recto_error error;
    repo *opened = NULL;
    char path[5000], before[200];
    snprintf(path, sizeof path, "%s/below.recto", room->path); /* below a file */
    assert_int_equal(repo_create(path, plan(), &error), RECTO_EIO);
    assert_int_equal(repo_open(&opened, path, REPO_READ_WRITE, &error), RECTO_EIO);
    assert_non_null(strstr(error.what, "no repository here"));
    snprintf(path, sizeof path, "%s/deeper/below.recto", room->path);
    assert_int_equal(repo_create(path, plan(), &error), RECTO_EIO);
    assert_int_equal(repo_open(&opened, room->folder, REPO_READ_WRITE, &error), RECTO_EDATA);
    assert_int_equal(repo_open(&opened, "/no-such-repository.recto", REPO_READ_WRITE, &error), RECTO_EIO);
    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_int_equal(repo_create(path, plan(), &error), RECTO_EINVALID);
    assert_int_equal(repo_open(&opened, path, REPO_READ_WRITE, &error), RECTO_EIO);
    assert_int_equal(repo_backup(room->repo, path, &error), RECTO_EINVALID);
    /* without a folder: the one we are in */
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(room->folder), 0);
    const recto_status made = repo_create("test.recto.other", plan(), &error),
                       copied = repo_backup(room->repo, "test.recto.copy", &error);
    assert_int_equal(chdir(before), 0);
    assert_int_equal(made, RECTO_OK);
    assert_int_equal(copied, RECTO_OK);
}

static void a_plan__is_looked_at_before_a_file_is_made(void **state)
{
    room *room = *state;
    const char *many[61], *twice[] = { "01EXAMPLE", "01EXAMPLE" }, *empty[] = { "" }, *one[] = { "01EXAMPLE" };
    char long_code[80], codes[61][16], path[200];
    const char *too_long[] = { long_code };
    recto_error error;
    memset(long_code, 'x', sizeof long_code - 1);
    long_code[sizeof long_code - 1] = '\0';
    for (int i = 0; i < 61; i++) {
        snprintf(codes[i], sizeof codes[i], "%02dMANY", i);
        many[i] = codes[i];
    }
    const struct {
        repo_plan plan;
        recto_status status;
    } plans[] = { { { .institutions = many, .institution_count = 61, .owner = "chief" }, RECTO_ELIMIT },
                  { { .institutions = twice, .institution_count = 2, .owner = "chief" }, RECTO_EINVALID },
                  { { .institutions = empty, .institution_count = 1, .owner = "chief" }, RECTO_EINVALID },
                  { { .institutions = too_long, .institution_count = 1, .owner = "chief" }, RECTO_EINVALID },
                  { { .institutions = one, .institution_count = 1, .network = "", .owner = "chief" }, RECTO_EINVALID },
                  { { .institutions = one, .institution_count = 1, .owner = "" }, RECTO_EINVALID },
                  { { .institutions = one, .institution_count = 1 }, RECTO_EINVALID } };
    snprintf(path, sizeof path, "%s.other", room->path);
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        assert_int_equal(repo_create(path, &plans[i].plan, &error), plans[i].status);
        assert_true(error.what[0] != '\0');
        assert_int_not_equal(access(path, F_OK), 0);
    }
    /* as many as may be; none has the suffix of the network or the community */
    repo *made = NULL;
    repo_zone zones[64];
    size_t count = 0;
    const repo_plan most = { .institutions = many, .institution_count = 60, .network = "NETWORK", .owner = "chief", .now = NOON };
    must(repo_create(path, &most, &error), &error);
    must(repo_open(&made, path, REPO_READ_WRITE, &error), &error);
    must(repo_zones(made, zones, 64, &count, &error), &error);
    assert_int_equal(count, 62);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(zones[i].suffix, zones[j].suffix);
    must(repo_zones(made, zones, 2, &count, &error), &error);
    assert_int_equal(count, 2);
    repo_close(made);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(a_file_to_read__is_open_for_reading_only),   IN_ROOM(a_folder_to_read__may_have_any_name),
        IN_ROOM(a_file_of_another__names_its_owner),         IN_ROOM(an_older_schema__is_for_whoever_may_write),
        IN_ROOM(a_folder_of_everybody__is_refused),          IN_ROOM(a_path__is_made_or_told_to_be_none),
        IN_ROOM(a_plan__is_looked_at_before_a_file_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
