/* tests/base/folder_test.c - folders are made as far as they are missing, and synced by the name of a file in them. */
#include "recto/base/folder.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void folders__are_made_for_their_owner_alone(void **state)
{
    char top[] = "/tmp/recto-folder-XXXXXX", path[60];
    struct stat about;
    (void)state;
    assert_non_null(mkdtemp(top));
    snprintf(path, sizeof path, "%s/one/two", top);
    assert_true(make_folders(path));
    assert_true(make_folders(path)); /* they are there */
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    assert_int_equal(rmdir(path), 0);
    snprintf(path, sizeof path, "%s/one", top);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(top), 0);
}

static void a_folder_that_cannot_be_made__is_named(void **state)
{
    char path[] = "/proc/none/below";
    (void)state;
    assert_false(make_folders(path));
    assert_int_equal(errno, ENOENT);
    assert_string_equal(path, "/proc/none");
}

static void a_folder__is_synced_by_the_name_of_its_file(void **state)
{
    char too_long[PATH_MAX + 10];
    (void)state;
    assert_true(sync_folder_of("plain"));
    assert_true(sync_folder_of("/tmp/plain"));
    assert_false(sync_folder_of("/none/plain"));
    assert_int_equal(errno, ENOENT);
    memset(too_long, 'x', sizeof too_long);
    too_long[sizeof too_long - 1] = '\0';
    too_long[PATH_MAX] = '/';
    assert_false(sync_folder_of(too_long));
    assert_int_equal(errno, ENAMETOOLONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders__are_made_for_their_owner_alone),
        cmocka_unit_test(a_folder_that_cannot_be_made__is_named),
        cmocka_unit_test(a_folder__is_synced_by_the_name_of_its_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
