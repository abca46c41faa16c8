/* tests/repo/people_test.c - locks and sessions, drafts, users, audit, places of loads. */
#include "room.h"
#include <sys/wait.h>

enum { HOUR = 3600 };
static const mms_id RECORD_ID = 991000000000015801;

static recto_status take(repo *repo, const char *user, const char *session, int64_t now, recto_error *error)
{
    return repo_lock_take(repo, RECORD_ID, user, "01EXAMPLE", session, now, NULL, error);
}

static void lock_is_stale__after_an_hour_and_a_second(void **state)
{
    (void)state;
    assert_false(lock_is_stale(NOON, NOON + HOUR - 1, 60));
    assert_false(lock_is_stale(NOON, NOON + HOUR, 60));
    assert_true(lock_is_stale(NOON, NOON + HOUR + 1, 60));
}

static void lock__refuses_another_and_says_who_and_since_when(void **state)
{
    const room *room = *state;
    char first[64], second[64];
    repo_lock holder;
    recto_error error;
    must(repo_session_begin(room->repo, "cat1", "01EXAMPLE", NOON, first, &error), &error);
    must(repo_session_begin(room->repo, "cat2", "02OTHER", NOON, second, &error), &error);
    must(take(room->repo, "cat1", first, NOON, &error), &error);
    must(take(room->repo, "cat1", first, NOON + 30, &error), &error); /* renewed */
    assert_int_equal(repo_lock_take(room->repo, RECORD_ID, "cat2", "02OTHER", second, NOON + 60, &holder, &error), RECTO_ELOCKED);
    assert_string_equal(holder.owner, "cat1");
    assert_string_equal(holder.institution, "01EXAMPLE");
    assert_int_equal(holder.taken_at, NOON);
    assert_int_equal(holder.expires_at, 0); /* attached: it does not age */
    assert_non_null(strstr(error.what, "cat1 (01EXAMPLE) since"));
    must(repo_lock_release(room->repo, RECORD_ID, second, &error), &error); /* not theirs: stays */
    assert_int_equal(take(room->repo, "cat2", second, NOON + 61, &error), RECTO_ELOCKED);
    must(repo_lock_release(room->repo, RECORD_ID, first, &error), &error);
    must(take(room->repo, "cat2", second, NOON + 62, &error), &error);
}

static void lock__ages_from_the_end_of_its_session(void **state)
{
    const room *room = *state;
    char first[64], second[64];
    repo_lock lock;
    recto_error error;
    must(repo_session_begin(room->repo, "cat1", "01EXAMPLE", NOON, first, &error), &error);
    must(repo_session_begin(room->repo, "cat2", "01EXAMPLE", NOON, second, &error), &error);
    must(take(room->repo, "cat1", first, NOON, &error), &error);
    must(repo_session_end(room->repo, first, NOON + 100, &error), &error);
    must(repo_lock_get(room->repo, RECORD_ID, NOON + 200, &lock, &error), &error);
    assert_int_equal(lock.expires_at, NOON + 100 + HOUR);
    assert_int_equal(take(room->repo, "cat2", second, NOON + 100 + HOUR - 1, &error), RECTO_ELOCKED);
    assert_int_equal(repo_lock_get(room->repo, RECORD_ID, NOON + 100 + HOUR + 1, &lock, &error), RECTO_ENOTFOUND);
    must(take(room->repo, "cat2", second, NOON + 100 + HOUR + 1, &error), &error);
}

static void lock__of_a_live_session_never_ages(void **state)
{
    const room *room = *state;
    char first[64], second[64];
    recto_error error;
    must(repo_session_begin(room->repo, "cat1", "01EXAMPLE", NOON, first, &error), &error);
    must(repo_session_begin(room->repo, "cat2", "01EXAMPLE", NOON, second, &error), &error);
    must(take(room->repo, "cat1", first, NOON, &error), &error);
    for (int64_t now = NOON; now < NOON + 5 * HOUR; now += 600)
        must(repo_session_seen(room->repo, first, now, &error), &error);
    assert_int_equal(take(room->repo, "cat2", second, NOON + 5 * HOUR, &error), RECTO_ELOCKED);
}

/* ED-82: with lock_idle_minutes, who presses no key loses a lock to whoever wants it, is named to the taker, and keeps it else.
 */
static void lock__of_an_idle_session_runs_out_where_that_is_set(void **state)
{
    const room *room = *state;
    char first[64], second[64];
    repo_lock holder = { .id = 0 };
    recto_error error;
    must(repo_setting_set(room->repo, 0, "lock_idle_minutes", "30", &error), &error);
    must(repo_session_begin(room->repo, "cat1", "01EXAMPLE", NOON, first, &error), &error);
    must(repo_session_begin(room->repo, "cat2", "01EXAMPLE", NOON, second, &error), &error);
    must(take(room->repo, "cat1", first, NOON, &error), &error);
    for (int64_t now = NOON; now <= NOON + 2 * HOUR; now += 60)
        must(repo_session_seen(room->repo, first, now, &error), &error);
    must(repo_session_used(room->repo, first, NOON + HOUR, &error), &error);
    must(repo_lock_get(room->repo, RECORD_ID, NOON + HOUR + 60, &holder, &error), &error);
    assert_true(holder.attached);
    assert_int_equal(holder.used_at, NOON + HOUR);
    assert_int_equal(holder.expires_at, NOON + HOUR + HOUR / 2);
    assert_int_equal(take(room->repo, "cat2", second, NOON + HOUR + HOUR / 2 - 1, &error), RECTO_ELOCKED);
    assert_int_equal(repo_lock_get(room->repo, RECORD_ID, NOON + HOUR + HOUR / 2 + 1, &holder, &error), RECTO_ENOTFOUND);
    must(take(room->repo, "cat1", first, NOON + HOUR + HOUR / 2 + 1, &error), &error); /* nobody came: it is theirs again */
    holder.id = 0;
    must(repo_lock_take(room->repo, RECORD_ID, "cat2", "01EXAMPLE", second, NOON + 2 * HOUR + 2, &holder, &error), &error);
    assert_int_equal(holder.id, RECORD_ID);
    assert_string_equal(holder.owner, "cat1");
}

static void lock__of_a_dead_process_comes_back_to_its_user_at_once(void **state)
{
    room *room = *state;
    int written[2];
    char dead[64] = "", mine[64], other[64];
    recto_error error;
    assert_int_equal(pipe(written), 0);
    repo_close(room->repo);
    room->repo = NULL;
    pid_t child = fork();
    if (child == 0) {
        char session[64] = "";
        repo *theirs = NULL;
        bool well = repo_open(&theirs, room->path, REPO_READ_WRITE, NULL) == RECTO_OK &&
                    repo_session_begin(theirs, "cat1", "01EXAMPLE", NOON, session, NULL) == RECTO_OK &&
                    take(theirs, "cat1", session, NOON, NULL) == RECTO_OK;
        if (!well || write(written[1], session, sizeof session) != sizeof session)
            _exit(1);
        _exit(0); /* without a word: as if killed */
    }
    assert_int_equal(read(written[0], dead, sizeof dead), sizeof dead);
    assert_int_equal(waitpid(child, NULL, 0), child);
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
    must(repo_session_begin(room->repo, "cat1", "01EXAMPLE", NOON + 60, mine, &error), &error);
    must(repo_session_begin(room->repo, "cat2", "01EXAMPLE", NOON + 60, other, &error), &error);
    assert_int_equal(take(room->repo, "cat2", other, NOON + 60, &error), RECTO_ELOCKED);
    assert_int_equal(take(room->repo, "cat2", other, NOON + HOUR, &error), RECTO_ELOCKED);
    must(take(room->repo, "cat1", mine, NOON + 61, &error), &error);
    close(written[0]);
    close(written[1]);
}

static void lock__of_the_same_user_counts_while_the_other_session_lives(void **state)
{
    const room *room = *state;
    char first[64], second[64];
    recto_error error;
    must(repo_session_begin(room->repo, "cat1", "01EXAMPLE", NOON, first, &error), &error);
    must(repo_session_begin(room->repo, "cat1", "01EXAMPLE", NOON, second, &error), &error);
    must(take(room->repo, "cat1", first, NOON, &error), &error);
    assert_int_equal(take(room->repo, "cat1", second, NOON + 1, &error), RECTO_ELOCKED);
    assert_non_null(strstr(error.what, "another session"));
    must(repo_session_end(room->repo, first, NOON + 2, &error), &error);
    must(take(room->repo, "cat1", second, NOON + 3, &error), &error);
}

static int64_t boot_clock(void *context)
{
    return *(const int64_t *)context;
}

/* The wall clock is set back and forward by a day: a lock with minutes left keeps them, and none lasts a day (RL-46). */
static void lock__ages_by_a_clock_that_nobody_can_set(void **state)
{
    enum { DAY = 86400 };
    static const int64_t jumps[] = { DAY, -DAY, -365 * (int64_t)DAY, 3650 * (int64_t)DAY };
    room *room = *state;
    int64_t boot = 5000;
    recto_error error;
    char session[64], other[64];
    repo_lock lock;
    repo_age_by(room->repo, boot_clock, &boot);
    must(repo_session_begin(room->repo, "cat1", "01EXAMPLE", NOON, session, &error), &error);
    must(repo_session_begin(room->repo, "cat2", "01EXAMPLE", NOON, other, &error), &error);
    for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++) {
        const int64_t wall = NOON + boot - 5000;
        must(take(room->repo, "cat1", session, wall, &error), &error);
        must(repo_session_end(room->repo, session, wall, &error), &error);
        boot += HOUR - 60; /* a minute is left */
        assert_int_equal(take(room->repo, "cat2", other, wall + HOUR - 60 + jumps[i], &error), RECTO_ELOCKED);
        must(repo_lock_get(room->repo, RECORD_ID, wall + HOUR - 60 + jumps[i], &lock, &error), &error);
        assert_int_equal(lock.expires_at, wall + HOUR + jumps[i]); /* by the clock on the wall, as it is now */
        assert_int_equal(lock.taken_at, wall + jumps[i]);
        boot += 61;
        assert_int_equal(repo_lock_get(room->repo, RECORD_ID, wall + HOUR + 1 + jumps[i], &lock, &error), RECTO_ENOTFOUND);
        must(take(room->repo, "cat2", other, wall + HOUR + 1 + jumps[i], &error), &error);
        must(repo_lock_release(room->repo, RECORD_ID, other, &error), &error);
        must(repo_session_begin(room->repo, "cat1", "01EXAMPLE", NOON + boot - 5000, session, &error), &error);
    }
}

/* What another process, and the next start of the machine, make of it. */
static void lock_clock__is_of_one_start_of_the_machine(void **state)
{
    room *room = *state;
    int64_t boot = 5000;
    recto_error error;
    char session[64];
    repo_lock lock;
    repo_age_by(room->repo, boot_clock, &boot);
    must(repo_session_begin(room->repo, "cat1", "01EXAMPLE", NOON, session, &error), &error);
    must(take(room->repo, "cat1", session, NOON, &error), &error);
    must(repo_setting_set(room->repo, 0, "lock_clock", "another-boot 17", &error), &error);
    repo_age_by(room->repo, boot_clock, &boot); /* as a new process begins */
    boot = 10;
    must(repo_lock_get(room->repo, RECORD_ID, NOON + 60, &lock, &error), &error); /* the wall clock serves */
    assert_int_equal(lock.taken_at, NOON);
    must(repo_session_seen(room->repo, session, NOON + 61, &error), &error);
    must(take(room->repo, "cat1", session, NOON + 61, &error), &error);
    boot = 30;
    must(repo_lock_get(room->repo, RECORD_ID, NOON - 86400, &lock, &error), &error);
    assert_int_equal(lock.last_seen_at, NOON - 86400 - 20);
}

static void lock_timeout__is_a_setting(void **state)
{
    const room *room = *state;
    char first[64], second[64];
    recto_error error;
    must(repo_setting_set(room->repo, 0, "lock_timeout_minutes", "5", &error), &error);
    must(repo_session_begin(room->repo, "cat1", "01EXAMPLE", NOON, first, &error), &error);
    must(repo_session_begin(room->repo, "cat2", "01EXAMPLE", NOON, second, &error), &error);
    must(take(room->repo, "cat1", first, NOON, &error), &error);
    must(repo_session_end(room->repo, first, NOON, &error), &error);
    assert_int_equal(take(room->repo, "cat2", second, NOON + 299, &error), RECTO_ELOCKED);
    must(take(room->repo, "cat2", second, NOON + 301, &error), &error);
}

static void count_lock(void *context, const repo_lock *lock)
{
    assert_string_equal(lock->owner, "cat1");
    ++*(int *)context;
}

static void broken_lock__is_free_and_the_audit_chain_holds(void **state)
{
    const room *room = *state;
    char session[64];
    int locks = 0;
    repo_lock lock;
    recto_error error;
    must(repo_session_begin(room->repo, "cat1", "01EXAMPLE", NOON, session, &error), &error);
    must(take(room->repo, "cat1", session, NOON, &error), &error);
    must(repo_locks(room->repo, NOON, count_lock, &locks, &error), &error);
    assert_int_equal(locks, 1);
    must(repo_lock_break(room->repo, RECORD_ID, "chief", "gone home", NOON + 5, &error), &error);
    assert_int_equal(repo_lock_get(room->repo, RECORD_ID, NOON + 6, &lock, &error), RECTO_ENOTFOUND);
    assert_int_equal(repo_lock_break(room->repo, RECORD_ID, "chief", "again", NOON + 7, &error), RECTO_ENOTFOUND);
    assert_sound(room->repo);
}

static void list__says_who_has_locked_a_record(void **state)
{
    const room *room = *state;
    char session[64];
    bib_info info;
    recto_error error;
    assert_true(room_add_title(room->repo, INSTITUTION, "A") == RECORD_ID);
    must(repo_session_begin(room->repo, "cat1", "01EXAMPLE", NOON, session, &error), &error);
    must(take(room->repo, "cat1", session, NOON + 7, &error), &error);
    must(repo_bib_info(room->repo, RECORD_ID, &info, NOON + 8, &error), &error);
    assert_string_equal(info.locked_by, "cat1");
    assert_int_equal(info.locked_at, NOON + 7);
    must(repo_session_end(room->repo, session, NOON + 9, &error), &error);
    must(repo_bib_info(room->repo, RECORD_ID, &info, NOON + 9 + HOUR + 1, &error), &error);
    assert_string_equal(info.locked_by, "");
}

/* ---- drafts ---------------------------------------------------------------------------------------------------------------- */

typedef struct draft_list {
    size_t count;
    char title[80], state[40];
    int64_t changed_at;
} draft_list;

static void note_draft(void *context, const repo_draft *draft)
{
    draft_list *list = context;
    if (list->count++ > 0)
        return;
    snprintf(list->title, sizeof list->title, "%.79s", draft->title);
    snprintf(list->state, sizeof list->state, "%.*s", (int)draft->state.length, draft->state.bytes);
    list->changed_at = draft->changed_at;
}

static draft_list drafts_of(repo *repo, const char *owner)
{
    draft_list list = { .count = 0 };
    recto_error error;
    must(repo_drafts(repo, owner, note_draft, &list, &error), &error);
    return list;
}

static void drafts__belong_to_their_owner(void **state)
{
    const room *room = *state;
    repo_draft draft = { .owner = "cat1",
                         .id = RECORD_ID,
                         .zone = INSTITUTION,
                         .changed_at = NOON,
                         .title = "Solitude",
                         .record = TEXT("bytes"),
                         .log = TEXT(""),
                         .state = TEXT("cursor 3\x00 4") };
    recto_error error;
    must(repo_draft_put(room->repo, &draft, &error), &error);
    draft.changed_at++;
    must(repo_draft_put(room->repo, &draft, &error), &error); /* takes the place of the first */
    draft_list mine = drafts_of(room->repo, "cat1");
    assert_int_equal(mine.count, 1);
    assert_int_equal(mine.changed_at, NOON + 1);
    assert_string_equal(mine.state, "cursor 3");
    assert_int_equal(drafts_of(room->repo, "cat2").count, 0);
    must(repo_draft_remove(room->repo, "cat2", RECORD_ID, &error), &error);
    assert_int_equal(drafts_of(room->repo, "cat1").count, 1);
    must(repo_draft_remove(room->repo, "cat1", RECORD_ID, &error), &error);
    assert_int_equal(drafts_of(room->repo, "cat1").count, 0);
}

static void draft_of_an_open_transaction__goes_with_it(void **state)
{
    const room *room = *state;
    const repo_draft draft = { .owner = "cat1", .id = RECORD_ID, .zone = INSTITUTION, .changed_at = NOON };
    recto_error error;
    must(repo_begin(room->repo, &error), &error);
    must(repo_draft_put(room->repo, &draft, &error), &error);
    repo_rollback(room->repo);
    assert_int_equal(drafts_of(room->repo, "cat1").count, 0);
}

/* ---- users, audit, places ---------------------------------------------------------------------------------------- */

static void count_user(void *context, const repo_user *user)
{
    (void)user;
    ++*(int *)context;
}

static void users__keep_their_password_over_a_change(void **state)
{
    const room *room = *state;
    repo_user user = { .name = "cat1", .full_name = "First Cataloger", .roles = "CAT", .active = true }, back;
    buffer hash;
    int count = 0;
    recto_error error;
    buffer_init(&hash, 0);
    must(repo_user_put(room->repo, &user, &error), &error);
    assert_int_equal(repo_user_password(room->repo, "cat1", &hash, &error), RECTO_ENOTFOUND);
    must(repo_user_set_password(room->repo, "cat1", "$argon2id$x", &error), &error);
    snprintf(user.roles, sizeof user.roles, "CAT,CATX");
    must(repo_user_put(room->repo, &user, &error), &error);
    must(repo_user_get(room->repo, "cat1", &back, &error), &error);
    assert_true(back.has_password);
    assert_string_equal(back.roles, "CAT,CATX");
    must(repo_user_password(room->repo, "cat1", &hash, &error), &error);
    assert_string_equal(buffer_string(&hash), "$argon2id$x");
    assert_int_equal(repo_user_get(room->repo, "Cat1", &back, &error), RECTO_ENOTFOUND); /* compared exactly */
    assert_int_equal(repo_user_set_password(room->repo, "nobody", "x", &error), RECTO_ENOTFOUND);
    must(repo_users(room->repo, count_user, &count, &error), &error);
    assert_int_equal(count, 2);
    buffer_release(&hash);
}

static void audit__goes_with_the_transaction_of_its_act(void **state)
{
    const room *room = *state;
    const audit_entry entry = { .at = NOON,
                                .actor = "cat1",
                                .acting_as = "cat1",
                                .act = "bib.save",
                                .object = "991",
                                .zone = "01EXAMPLE",
                                .outcome = "added" };
    recto_error error;
    for (int i = 0; i < 3; i++) {
        must(repo_begin(room->repo, &error), &error);
        must(repo_audit(room->repo, &entry, &error), &error);
        if (i == 1)
            repo_rollback(room->repo);
        else
            must(repo_commit(room->repo, &error), &error);
    }
    assert_sound(room->repo); /* the chain holds over the one that was taken back */
}

static void load_place__is_kept_by_content(void **state)
{
    const room *room = *state;
    uint64_t bytes = 9, records = 9;
    recto_error error;
    must(repo_load_place_get(room->repo, TEXT("\x00\x01key"), &bytes, &records, &error), &error);
    assert_int_equal(bytes + records, 0);
    must(repo_load_place_set(room->repo, TEXT("\x00\x01key"), 1000, 7, &error), &error);
    must(repo_load_place_get(room->repo, TEXT("\x00\x01key"), &bytes, &records, &error), &error);
    assert_int_equal(bytes, 1000);
    assert_int_equal(records, 7);
    must(repo_load_place_clear(room->repo, TEXT("\x00\x01key"), &error), &error);
    must(repo_load_place_get(room->repo, TEXT("\x00\x01key"), &bytes, &records, &error), &error);
    assert_int_equal(bytes, 0);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lock_is_stale__after_an_hour_and_a_second),
        IN_ROOM(lock__refuses_another_and_says_who_and_since_when),
        IN_ROOM(lock__ages_from_the_end_of_its_session),
        IN_ROOM(lock__of_a_live_session_never_ages),
        IN_ROOM(lock__of_an_idle_session_runs_out_where_that_is_set),
        IN_ROOM(lock__ages_by_a_clock_that_nobody_can_set),
        IN_ROOM(lock_clock__is_of_one_start_of_the_machine),
        IN_ROOM(lock__of_a_dead_process_comes_back_to_its_user_at_once),
        IN_ROOM(lock__of_the_same_user_counts_while_the_other_session_lives),
        IN_ROOM(lock_timeout__is_a_setting),
        IN_ROOM(broken_lock__is_free_and_the_audit_chain_holds),
        IN_ROOM(list__says_who_has_locked_a_record),
        IN_ROOM(drafts__belong_to_their_owner),
        IN_ROOM(draft_of_an_open_transaction__goes_with_it),
        IN_ROOM(users__keep_their_password_over_a_change),
        IN_ROOM(audit__goes_with_the_transaction_of_its_act),
        IN_ROOM(load_place__is_kept_by_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
