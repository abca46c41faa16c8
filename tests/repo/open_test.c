/* tests/repo/open_test.c - making and opening a repository, zones, numbers, settings; and the sentences of refusals. */
#include "../../src/repo/store.h"
#include "room.h"
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void create__makes_a_file_for_its_owner_alone(void **state)
{
    const room *room = *state;
    struct stat file;
    assert_int_equal(stat(room->path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    assert_int_equal(file.st_nlink, 1);
}

/* RL-94: in a folder of a group (2770) all that is made is the group's, too, whatever the umask says; a backup as well. */
static void create__in_a_folder_of_a_group_makes_a_file_for_the_group(void **state)
{
    const room *room = *state;
    static const char *const institutions[] = { "01EXAMPLE" };
    const repo_plan plan = { .institutions = institutions, .institution_count = 1, .owner = "chief", .now = NOON };
    char folder[512], path[600], name[640];
    static const char *const made[] = { "", "-wal", "-shm", "-queue", ".backup" };
    repo *shared = NULL;
    recto_error error;
    snprintf(folder, sizeof folder, "%s-shared", room->path);
    snprintf(path, sizeof path, "%s/r.db", folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(chmod(folder, 02770), 0);
    const mode_t before = umask(0077);
    must(repo_create(path, &plan, &error), &error);
    must(repo_open(&shared, path, REPO_READ_WRITE, &error), &error);
    must(repo_setting_set(shared, INSTITUTION, "merge", "overlay", &error), &error);
    snprintf(name, sizeof name, "%s.backup", path);
    must(repo_backup(shared, name, &error), &error);
    umask(before);
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        struct stat file;
        snprintf(name, sizeof name, "%s%s", path, made[i]);
        if (stat(name, &file) != 0)
            fail_msg("%s is not there", name);
        if ((file.st_mode & 0777) != 0660)
            fail_msg("%s has %o", name, (unsigned)file.st_mode & 0777);
    }
    repo_close(shared);
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        snprintf(name, sizeof name, "%s%s", path, made[i]);
        (void)unlink(name);
    }
    assert_int_equal(rmdir(folder), 0);
}

static void create__refuses_a_name_that_exists(void **state)
{
    const room *room = *state;
    static const char *const institutions[] = { "01EXAMPLE" };
    const repo_plan plan = { .institutions = institutions, .institution_count = 1, .owner = "chief", .now = NOON };
    recto_error error;
    assert_int_equal(repo_create(room->path, &plan, &error), RECTO_EREFUSED);
}

static void create__makes_the_zones_and_the_first_user(void **state)
{
    const room *room = *state;
    repo_zone zones[8];
    repo_user user;
    size_t count = 0;
    recto_error error;
    must(repo_zones(room->repo, zones, 8, &count, &error), &error);
    assert_int_equal(count, 4);
    assert_int_equal(zones[0].kind, ZONE_INSTITUTION);
    assert_string_equal(zones[1].code, "02OTHER");
    assert_int_equal(zones[2].kind, ZONE_NETWORK);
    assert_int_equal(zones[3].kind, ZONE_COMMUNITY);
    for (size_t i = 1; i < count; i++)
        assert_string_not_equal(zones[i].suffix, zones[i - 1].suffix);
    must(repo_user_get(room->repo, "chief", &user, &error), &error);
    assert_non_null(strstr(user.roles, "GSA"));
    assert_sound(room->repo);
}

static void open__says_how_to_make_a_missing_repository(void **state)
{
    repo *repo = NULL;
    recto_error error;
    (void)state;
    assert_int_equal(repo_open(&repo, "/tmp/recto-repo-is-not-here.recto", REPO_READ_WRITE, &error), RECTO_EIO);
    assert_non_null(strstr(error.todo, "recto init"));
    assert_null(repo);
}

static void open__refuses_what_is_no_repository(void **state)
{
    const room *room = *state;
    static const struct {
        const char *name, *content;
    } cases[] = {
        { "text", "this is a letter, and long enough to be taken for a page of something; it goes on for some time yet" },
        { "an empty file", "" },
        { "a database of another program", "SQLite format 3" },
    };
    char path[160];
    snprintf(path, sizeof path, "%s.other", room->path);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        repo *repo = NULL;
        recto_error error;
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(cases[i].content, file);
        assert_int_equal(fclose(file), 0);
        recto_status status = repo_open(&repo, path, REPO_READ_WRITE, &error);
        if (status != RECTO_EDATA)
            fail_msg("%s: status %d", cases[i].name, (int)status);
        assert_non_null(strstr(error.what, "not a Recto repository"));
    }
}

static void open__refuses_a_file_of_two_names(void **state)
{
    const room *room = *state;
    char other[160];
    repo *repo = NULL;
    recto_error error;
    snprintf(other, sizeof other, "%s.other", room->path);
    assert_int_equal(link(room->path, other), 0);
    assert_int_equal(repo_open(&repo, room->path, REPO_READ_WRITE, &error), RECTO_EIO);
    assert_non_null(strstr(error.what, "hard links"));
}

static void open__refuses_a_schema_of_a_later_program(void **state)
{
    enum { USER_VERSION_OFFSET = 60 }; /* in the header of the file, SQLite file format 1.3.13 */
    room *room = *state;
    repo *repo = NULL;
    recto_error error;
    repo_close(room->repo);
    room->repo = NULL;
    int file = open(room->path, O_RDWR);
    assert_true(file >= 0);
    assert_int_equal(pwrite(file, "\0\0\3\350", 4, USER_VERSION_OFFSET), 4);
    close(file);
    assert_int_equal(repo_open(&repo, room->path, REPO_READ_WRITE, &error), RECTO_EIO);
    assert_non_null(strstr(error.what, "schema 1000"));
}

static void open__for_reading_refuses_every_change(void **state)
{
    room *room = *state;
    mms_id id = room_add_title(room->repo, INSTITUTION, "Read me");
    repo *reader = NULL;
    bib_info info;
    recto_error error;
    must(repo_open(&reader, room->path, REPO_READ_ONLY, &error), &error);
    assert_true(repo_is_read_only(reader));
    must(repo_bib_info(reader, id, &info, NOON, &error), &error);
    assert_string_equal(info.title, "Read me");
    assert_int_equal(repo_begin(reader, &error), RECTO_EREFUSED);
    assert_int_equal(repo_setting_set(reader, 0, "x", "y", &error), RECTO_EREFUSED);
    repo_close(reader);
}

static void begin__refuses_when_the_file_was_replaced(void **state)
{
    room *room = *state;
    char other[160];
    recto_error error;
    snprintf(other, sizeof other, "%s.other", room->path);
    assert_int_equal(rename(room->path, other), 0);
    assert_int_equal(repo_begin(room->repo, &error), RECTO_EIO);
    assert_non_null(strstr(error.what, "replaced"));
    assert_int_equal(rename(other, room->path), 0);
    must(repo_begin(room->repo, &error), &error);
    repo_rollback(room->repo);
}

static void begin__waits_its_turn_and_then_says_who_holds_it(void **state)
{
    room *room = *state;
    int ready[2];
    recto_error error;
    char byte;
    assert_int_equal(pipe(ready), 0);
    repo_close(room->repo); /* a database never crosses a fork */
    room->repo = NULL;
    pid_t child = fork();
    if (child == 0) {
        repo *other = NULL;
        if (repo_open(&other, room->path, REPO_READ_WRITE, NULL) != RECTO_OK || repo_begin(other, NULL) != RECTO_OK)
            _exit(1);
        if (write(ready[1], "x", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
    int64_t before = recto_clock_monotonic_ms();
    assert_int_equal(repo_begin(room->repo, &error), RECTO_EBUSY);
    int64_t waited = recto_clock_monotonic_ms() - before;
    char holder[32];
    snprintf(holder, sizeof holder, "PID %ld", (long)child);
    assert_non_null(strstr(error.what, holder));
    assert_true(waited > 9000 && waited < 13000);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    must(repo_begin(room->repo, &error), &error); /* the dead hold nothing */
    repo_rollback(room->repo);
    close(ready[0]);
    close(ready[1]);
}

/* Held by who has not written down who he is: a stranger's lock. */
static void begin__tells_of_a_holder_nobody_knows(void **state)
{
    const room *room = *state;
    recto_error error;
    char name[160];
    must(repo_begin(room->repo, &error), &error); /* makes the side file */
    repo_rollback(room->repo);
    snprintf(name, sizeof name, "%s-queue", room->path);
    const int held = open(name, O_RDWR | O_CLOEXEC);
    assert_true(held >= 0);
    assert_int_equal(flock(held, LOCK_EX), 0);
    assert_int_equal(pwrite(held, "nobody", 7, 0), 7);
    assert_int_equal(repo_begin(room->repo, &error), RECTO_EBUSY);
    assert_string_equal(error.what, "the repository is busy; nothing was saved");
    close(held);
    must(repo_begin(room->repo, &error), &error);
    repo_rollback(room->repo);
}

static void new_ids__rise_and_name_their_zone(void **state)
{
    room *room = *state;
    mms_id first = 0, second = 0, network = 0;
    char digits[MMS_ID_LENGTH];
    recto_error error;
    must(repo_bib_new_id(room->repo, INSTITUTION, &first, &error), &error);
    must(repo_bib_new_id(room->repo, INSTITUTION, &second, &error), &error);
    must(repo_bib_new_id(room->repo, NETWORK, &network, &error), &error);
    mms_id_format(digits, first);
    assert_int_equal(strlen(digits), 18);
    assert_memory_equal(digits, "99", 2);
    assert_string_equal(digits + 14, "5801");
    assert_true(second > first);
    assert_int_equal(network % 10000, 5816);
    repo_close(room->repo); /* reserved for good, though nothing was saved */
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
    mms_id third = 0;
    must(repo_bib_new_id(room->repo, INSTITUTION, &third, &error), &error);
    assert_true(third > second);
}

static void mms_id_parse__takes_what_people_paste(void **state)
{
    static const struct {
        const char *typed;
        mms_id want; /* 0: refused */
    } cases[] = {
        { "991000000000105816", 991000000000105816 },
        { "  991000000000105816 ", 991000000000105816 },
        { "MMS 991000000000105816", 991000000000105816 },
        { "mms id: 991000000000105816", 991000000000105816 },
        { "1234567", 0 },
        { "99100000000010581x", 0 },
        { "", 0 },
        { "-9910000000000", 0 },
        { "99999999999999999999", 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mms_id id = 0;
        if (mms_id_parse(&id, text_from(cases[i].typed)) != (cases[i].want != 0) || id != cases[i].want)
            fail_msg("%s gave %lld", cases[i].typed, (long long)id);
    }
}

static void settings__belong_to_their_zone(void **state)
{
    room *room = *state;
    buffer value;
    recto_error error;
    buffer_init(&value, 0);
    must(repo_setting_set(room->repo, INSTITUTION, "merge", "overlay", &error), &error);
    must(repo_setting_set(room->repo, INSTITUTION, "merge", "keep", &error), &error);
    assert_int_equal(repo_setting_get(room->repo, OTHER, "merge", &value, &error), RECTO_ENOTFOUND);
    must(repo_setting_get(room->repo, INSTITUTION, "merge", &value, &error), &error);
    assert_string_equal(buffer_string(&value), "keep");
    buffer_release(&value);
}

/* "/./" as often as it fits. */
static void lengthen(char *out, size_t length, const room *room)
{
    const size_t end = strlen("/long.recto");
    size_t at = strlen(room->folder);
    memcpy(out, room->folder, at);
    while (at + end + 2 <= length) {
        memcpy(out + at, "/.", 2);
        at += 2;
    }
    memcpy(out + at, "/long.recto", end + 1);
}

static void create__refuses_a_path_with_no_room_behind_it(void **state)
{
    static const char *const institutions[] = { "01EXAMPLE" };
    const repo_plan plan = { .institutions = institutions, .institution_count = 1, .owner = "chief", .now = NOON };
    const room *room = *state;
    recto_error error;
    char path[4096];
    lengthen(path, 4094, room);
    assert_int_equal(repo_create(path, &plan, &error), RECTO_EINVALID);
    assert_string_equal(error.what, "the path is too long");
    assert_int_not_equal(access(path, F_OK), 0);
}

/* What is asked of the folder of a file is asked of the root, too. */
static void open__finds_the_folder_of_a_file_of_the_root(void **state)
{
    (void)state;
    const char *root = file_doubtful_system("/recto-test.recto"), *again = file_doubtful_system("/./recto-test.recto");
    assert_true(root == again);
    assert_false(file_has_beside("/", "recto-test.recto"));
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(create__makes_a_file_for_its_owner_alone),
        IN_ROOM(create__in_a_folder_of_a_group_makes_a_file_for_the_group),
        IN_ROOM(create__refuses_a_name_that_exists),
        IN_ROOM(create__makes_the_zones_and_the_first_user),
        cmocka_unit_test(open__says_how_to_make_a_missing_repository),
        IN_ROOM(open__refuses_what_is_no_repository),
        IN_ROOM(open__refuses_a_file_of_two_names),
        IN_ROOM(open__refuses_a_schema_of_a_later_program),
        IN_ROOM(open__for_reading_refuses_every_change),
        IN_ROOM(begin__refuses_when_the_file_was_replaced),
        IN_ROOM(begin__waits_its_turn_and_then_says_who_holds_it),
        IN_ROOM(begin__tells_of_a_holder_nobody_knows),
        IN_ROOM(new_ids__rise_and_name_their_zone),
        cmocka_unit_test(mms_id_parse__takes_what_people_paste),
        IN_ROOM(settings__belong_to_their_zone),
        IN_ROOM(create__refuses_a_path_with_no_room_behind_it),
        IN_ROOM(open__finds_the_folder_of_a_file_of_the_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
