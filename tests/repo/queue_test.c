/* tests/repo/queue_test.c - who waits to write gets his turn in the order of coming, and nobody who is stopped holds it up. */
#include "../../src/repo/queue.h"
#include "room.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

enum { WAITING = 5 };

typedef struct shared {
    volatile int turns, order[WAITING], go[WAITING];
} shared;

static void pause_ms(long milliseconds)
{
    const struct timespec moment = { .tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000 };
    (void)nanosleep(&moment, NULL);
}

static void wait_for_turn(const char *path, shared *shared, int me)
{
    repo *own = NULL;
    while (!shared->go[me])
        pause_ms(1);
    if (repo_open(&own, path, REPO_READ_WRITE, NULL) != RECTO_OK || repo_begin(own, NULL) != RECTO_OK)
        _exit(1);
    shared->order[me] = ++shared->turns;
    repo_rollback(own);
    repo_close(own);
    _exit(0);
}

/* Processes that wait for a turn when they are told to, write down when it came, and end. An open repository never crosses a
 * fork (RL-8), so ours is closed meanwhile. */
static void fork_all(pid_t *children, int count, room *room, shared *shared)
{
    recto_error error;
    repo_close(room->repo);
    room->repo = NULL;
    for (int i = 0; i < count; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0)
            wait_for_turn(room->path, shared, i);
    }
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
    must(repo_begin(room->repo, &error), &error);
}

static void await(const volatile int *value, int wanted)
{
    for (int i = 0; i < 8000 && *value < wanted; i++)
        pause_ms(1);
    assert_int_equal(*value, wanted);
}

static void must_end_well(pid_t child)
{
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static shared *share(void)
{
    shared *made = mmap(NULL, sizeof *made, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(made != MAP_FAILED);
    return made;
}

/* How many wait: tickets that were drawn, from the side file. */
static int64_t drawn(const repo *repo)
{
    int64_t next = 0;
    assert_int_equal(pread(repo->queue, &next, sizeof next, 64), sizeof next);
    return next;
}

static void await_drawn(const repo *repo, int64_t wanted)
{
    for (int i = 0; i < 8000 && drawn(repo) < wanted; i++)
        pause_ms(1);
    assert_int_equal(drawn(repo), wanted);
    pause_ms(20); /* from the ticket to the waiting: only the figure of a failure would be another without it */
}

/* Tells one to wait, and sees that it does. */
static void send_to_wait(const repo *repo, shared *shared, int which)
{
    const int64_t before = drawn(repo);
    shared->go[which] = 1;
    await_drawn(repo, before + 1);
}

static void turns__come_in_the_order_of_coming(void **state)
{
    room *room = *state;
    recto_error error;
    shared *shared = share();
    pid_t children[WAITING];
    fork_all(children, WAITING, room, shared);
    assert_false(queue_has_others(room->repo));
    for (int i = WAITING - 1; i >= 0; i--)
        send_to_wait(room->repo, shared, i);
    assert_true(queue_has_others(room->repo));
    repo_rollback(room->repo);
    must(repo_begin(room->repo, &error), &error); /* at once again: behind all of them */
    assert_int_equal(shared->turns, WAITING);
    repo_rollback(room->repo);
    for (int i = 0; i < WAITING; i++) {
        must_end_well(children[i]);
        assert_int_equal(shared->order[i], WAITING - i);
    }
    (void)munmap(shared, sizeof *shared);
}

/* RL-75: one who is stopped while he waits, and one behind him. Upkeep does not go before them. */
static void stopped_process__holds_nobody_up(void **state)
{
    room *room = *state;
    recto_error error;
    shared *shared = share();
    bool got = true;
    pid_t children[2];
    fork_all(children, 2, room, shared);
    send_to_wait(room->repo, shared, 0);
    assert_int_equal(kill(children[0], SIGSTOP), 0);
    repo_rollback(room->repo);
    must(change_try(room->repo, &got, &error), &error); /* nobody writes, but somebody stands there */
    const bool upkeep = got;
    repo_rollback(room->repo);
    send_to_wait(room->repo, shared, 1);
    await(&shared->turns, 1);
    must(repo_begin(room->repo, &error), &error); /* and whoever comes later */
    repo_rollback(room->repo);
    assert_int_equal(kill(children[0], SIGCONT), 0);
    must_end_well(children[0]);
    must_end_well(children[1]);
    assert_false(upkeep);
    assert_int_equal(shared->order[1], 1);
    assert_int_equal(shared->order[0], 2);
    (void)munmap(shared, sizeof *shared);
}

/* One who is killed while he waits, between two others. */
static void killed_process__holds_nobody_up(void **state)
{
    room *room = *state;
    shared *shared = share();
    int status = 0;
    pid_t children[2];
    fork_all(children, 2, room, shared);
    send_to_wait(room->repo, shared, 0);
    send_to_wait(room->repo, shared, 1);
    assert_int_equal(kill(children[0], SIGKILL), 0);
    assert_int_equal(waitpid(children[0], &status, 0), children[0]);
    pause_ms(50);
    assert_int_equal(shared->turns, 0); /* whoever stood behind him still waits for us */
    repo_rollback(room->repo);
    must_end_well(children[1]);
    assert_int_equal(shared->order[1], 1);
    (void)munmap(shared, sizeof *shared);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(turns__come_in_the_order_of_coming),
        IN_ROOM(stopped_process__holds_nobody_up),
        IN_ROOM(killed_process__holds_nobody_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
