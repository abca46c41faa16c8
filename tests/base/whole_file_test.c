/* tests/base/whole_file_test.c - files appear whole or not at all, and nothing else is left in their folder. */
#include "recto/base/whole_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct place {
    char folder[40], name[60];
} place;

static void place_open(place *out)
{
    snprintf(out->folder, sizeof out->folder, "/tmp/recto-whole-XXXXXX");
    assert_non_null(mkdtemp(out->folder));
    snprintf(out->name, sizeof out->name, "%s/file", out->folder);
}

static size_t names_in(const char *folder)
{
    size_t count = 0;
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

static void place_close(place *place, size_t files)
{
    assert_int_equal(names_in(place->folder), files);
    (void)unlink(place->name);
    assert_int_equal(rmdir(place->folder), 0);
}

static void put(const place *place, const char *content)
{
    const int file = open(place->name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(file >= 0 && write_all(file, text_from(content)) && close(file) == 0);
}

static void holds(const place *place, const char *content)
{
    char bytes[64] = "";
    const int file = open(place->name, O_RDONLY);
    assert_true(file >= 0 && read(file, bytes, sizeof bytes - 1) >= 0 && close(file) == 0);
    assert_string_equal(bytes, content);
}

static mode_t rights(const place *place)
{
    struct stat about;
    assert_int_equal(stat(place->name, &about), 0);
    return about.st_mode & 07777;
}

static void a_new_file__takes_no_name_that_is_taken(void **state)
{
    place place;
    whole_file file;
    recto_error error;
    (void)state;
    place_open(&place);
    const mode_t before = umask(027);
    assert_int_equal(whole_file_write(place.name, WHOLE_FILE_NEW, TEXT("first"), &error), RECTO_OK);
    (void)umask(before);
    assert_int_equal(rights(&place), 0640);
    assert_int_equal(whole_file_write(place.name, WHOLE_FILE_NEW, TEXT("second"), &error), RECTO_EREFUSED);
    assert_string_equal(error.where, place.name);
    holds(&place, "first");
    assert_int_equal(unlink(place.name), 0);
    assert_int_equal(whole_file_open(&file, place.name, WHOLE_FILE_NEW, &error), RECTO_OK);
    assert_int_equal(access(place.name, F_OK), -1); /* nobody takes half of it for the whole */
    assert_int_equal(whole_file_add(&file, TEXT("late"), &error), RECTO_OK);
    put(&place, "meanwhile");
    assert_int_equal(whole_file_close(&file, RECTO_OK, &error), RECTO_EREFUSED);
    holds(&place, "meanwhile");
    place_close(&place, 1);
}

static void a_file_again__keeps_its_rights(void **state)
{
    place place;
    recto_error error;
    (void)state;
    place_open(&place);
    assert_int_equal(whole_file_write(place.name, WHOLE_FILE_AGAIN, TEXT("one"), &error), RECTO_OK);
    assert_int_equal(rights(&place), 0600);
    assert_int_equal(chmod(place.name, 0664), 0);
    assert_int_equal(whole_file_write(place.name, WHOLE_FILE_AGAIN, TEXT("two"), &error), RECTO_OK);
    assert_int_equal(rights(&place), 0664);
    holds(&place, "two");
    place_close(&place, 1);
}

static void a_file_given_up__leaves_what_was_there(void **state)
{
    place place;
    whole_file file;
    recto_error error = { .what = "of the caller" };
    (void)state;
    place_open(&place);
    put(&place, "old");
    assert_int_equal(whole_file_open(&file, place.name, WHOLE_FILE_AGAIN, &error), RECTO_OK);
    assert_int_equal(whole_file_add(&file, TEXT("half"), &error), RECTO_OK);
    assert_int_equal(whole_file_close(&file, RECTO_EDATA, &error), RECTO_EDATA);
    assert_string_equal(error.what, "of the caller");
    holds(&place, "old");
    place_close(&place, 1);
}

/* The limit stands for a disk that is full halfway. */
static void a_disk_that_is_full__leaves_what_was_there(void **state)
{
    static char much[8192];
    const text pieces[] = { TEXT("small"), { much, sizeof much } };
    struct rlimit before, little;
    place place;
    whole_file file;
    recto_error error;
    (void)state;
    place_open(&place);
    put(&place, "old");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    little = (struct rlimit){ .rlim_cur = 4096, .rlim_max = before.rlim_max };
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    assert_int_equal(whole_file_open(&file, place.name, WHOLE_FILE_AGAIN, &error), RECTO_OK);
    assert_int_equal(whole_file_add(&file, pieces[0], &error), RECTO_OK);
    const recto_status status = whole_file_add(&file, pieces[1], &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(whole_file_close(&file, status, &error), RECTO_EIO);
    assert_string_equal(error.what, "cannot write: File too large");
    holds(&place, "old");
    place_close(&place, 1);
}

static void what_is_no_file__is_not_replaced(void **state)
{
    place place;
    recto_error error;
    struct stat about;
    char below[80];
    (void)state;
    place_open(&place);
    assert_int_equal(mkfifo(place.name, 0600), 0);
    assert_int_equal(whole_file_write(place.name, WHOLE_FILE_AGAIN, TEXT("x"), &error), RECTO_EREFUSED);
    assert_int_equal(whole_file_write(place.folder, WHOLE_FILE_AGAIN, TEXT("x"), &error), RECTO_EREFUSED);
    assert_true(stat(place.name, &about) == 0 && S_ISFIFO(about.st_mode));
    snprintf(below, sizeof below, "%s/none/file", place.folder);
    assert_int_equal(whole_file_write(below, WHOLE_FILE_NEW, TEXT("x"), &error), RECTO_EIO);
    assert_string_equal(error.todo, "its folder must be there, and yours to write in");
    place_close(&place, 1);
}

static void wake(int number)
{
    (void)number;
}

/* A pipe that is read slowly takes a little at once, and signals come meanwhile. */
static void all_is_written__whatever_comes_between(void **state)
{
    enum { MUCH = 1 << 20 };
    const struct sigaction interrupting = { .sa_handler = wake };
    const struct itimerval often = { { 0, 500 }, { 0, 500 } }, never = { 0 };
    int ends[2], ended;
    (void)state;
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        static char bytes[4096];
        size_t got = 0;
        close(ends[1]);
        for (ssize_t more; (more = read(ends[0], bytes, sizeof bytes)) > 0; got += (size_t)more)
            usleep(100);
        _exit(got == MUCH ? 0 : 1);
    }
    close(ends[0]);
    char *much = calloc(1, MUCH);
    assert_non_null(much);
    assert_int_equal(sigaction(SIGALRM, &interrupting, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    const bool written = write_all(ends[1], text_of(much, MUCH));
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    free(much);
    close(ends[1]);
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(written && WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
    const int full = open("/dev/full", O_WRONLY);
    assert_false(write_all(full, TEXT("x")));
    assert_int_equal(errno, ENOSPC);
    close(full);
}

static void what_is_read__is_all_or_told(void **state)
{
    static char much[200000];
    place place;
    buffer bytes;
    recto_error error;
    (void)state;
    place_open(&place);
    memset(much, 'x', sizeof much);
    assert_int_equal(whole_file_write(place.name, WHOLE_FILE_NEW, text_of(much, sizeof much), &error), RECTO_OK);
    for (size_t room = sizeof much - 1; room <= sizeof much + 1; room++) {
        const int file = open(place.name, O_RDONLY);
        buffer_init(&bytes, room);
        const recto_status status = whole_file_read(&bytes, file, place.name, &error);
        assert_int_equal(status, room > sizeof much ? RECTO_OK : RECTO_ELIMIT);
        if (status == RECTO_OK)
            assert_true(text_equal(buffer_text(&bytes), text_of(much, sizeof much)));
        buffer_release(&bytes);
        close(file);
    }
    const int folder = open(place.folder, O_RDONLY);
    buffer_init(&bytes, 0);
    assert_int_equal(whole_file_read(&bytes, folder, place.folder, &error), RECTO_EIO);
    assert_string_equal(error.what, "cannot read: Is a directory");
    buffer_release(&bytes);
    close(folder);
    place_close(&place, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_file__takes_no_name_that_is_taken), cmocka_unit_test(a_file_again__keeps_its_rights),
        cmocka_unit_test(a_file_given_up__leaves_what_was_there),  cmocka_unit_test(a_disk_that_is_full__leaves_what_was_there),
        cmocka_unit_test(what_is_no_file__is_not_replaced),        cmocka_unit_test(what_is_read__is_all_or_told),
        cmocka_unit_test(all_is_written__whatever_comes_between),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
