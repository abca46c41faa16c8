/* tests/catalog/combine_undo_test.c - merges and relinked holdings are taken back, whole or not at all. */
#include "catalog/combine_room.h"
#include "catalog/edit_room.h"

#include <signal.h>
#include <sys/wait.h>

/* ---- undo that is refused */

static void assert_not_taken_back(two *two, const char *words)
{
    recto_error error = { .status = RECTO_OK };
    int64_t undo = 0;
    const recto_status status = catalog_undo_merge(&undo, two->desk, two->primary, &error);
    assert_int_not_equal(status, RECTO_OK);
    if (strstr(error.what, words) == NULL)
        fail_msg("'%s' is not in '%s'", words, error.what);
    assert_true(info_of(two->desk, two->secondary).deleted);
    assert_whole(two->desk);
}

static void save_note(catalog *desk, mms_id id, const char *note)
{
    edit_session *open = open_record(desk, id);
    type_note(open, note);
    assert_int_equal(save(open, true, NULL), OUTCOME_UPDATED);
    release(&open);
}

static void what_changed_since_the_merge_stands_against_undo(void **state)
{
    (void)state;
    two two;
    recto_error error = { .status = RECTO_OK };
    two_open(&two, ZONE_INSTITUTION);
    const mms_id naming = name_it(two.desk, two.secondary, ZONE_INSTITUTION, "");
    const mms_id third = store(two.desk, ZONE_INSTITUTION, book("1009", "Third"));
    const int64_t job = combine(&two, NULL, COMBINE_DELETE);
    int64_t moved = 0, undo = 0;
    /* holdings that went on come back first */
    must(catalog_relink(&moved, two.desk, two.primary, two.holdings[1], third, &error), &error);
    assert_not_taken_back(&two, "moved on");
    must(catalog_job_revert(&undo, two.desk, moved, &error), &error);
    assert_not_taken_back(&two, "holdings record was saved");
    /* a linking record that was saved since */
    save_note(two.desk, naming, "Later.");
    assert_int_equal(catalog_job_revert(&undo, two.desk, job, &error), RECTO_EREFUSED);
    /* the survivor saved since: its last save is no merge */
    save_note(two.desk, two.primary, "Later.");
    assert_not_taken_back(&two, "no merge");
    assert_int_equal(catalog_job_revert(&undo, two.desk, job, &error), RECTO_EREFUSED);
    assert_true(info_of(two.desk, two.secondary).deleted);
    two_close(&two);
}

static void undo_needs_the_right_and_the_locks(void **state)
{
    (void)state;
    two two;
    recto_error error = { .status = RECTO_OK };
    edit_session *held = NULL;
    int64_t undo = 0;
    two_open(&two, ZONE_INSTITUTION);
    (void)combine(&two, NULL, COMBINE_DELETE);
    catalog *plain = room_desk(&two.room, "cat2");
    assert_int_equal(catalog_undo_merge(&undo, plain, two.primary, &error), RECTO_EREFUSED);
    must(edit_open(&held, plain, two.primary, &error), &error);
    assert_not_taken_back(&two, "locked");
    must(edit_release(&held, &error), &error);
    must(catalog_undo_merge(&undo, two.desk, two.primary, &error), &error);
    as_before(&two);
    two_close(&two);
}

/* ---- all or nothing */

static void run_sql(const char *path, const char *script)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, script, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

/* Each step is made to fail in turn; the repository must be as before every time. */
static void a_step_that_fails_leaves_nothing_half(void **state)
{
    (void)state;
    static const char *const steps[] = {
        "AFTER INSERT ON version",
        "AFTER INSERT ON holding_version",
        "AFTER UPDATE OF doc ON item",
        "AFTER UPDATE OF deleted ON bib WHEN NEW.deleted = 1",
        "AFTER UPDATE OF merged_into ON bib WHEN NEW.merged_into <> 0",
        "AFTER INSERT ON job_row WHEN NEW.kind = 'H'",
        "AFTER INSERT ON audit WHEN NEW.act = 'bib.merge'",
        "AFTER UPDATE OF status ON job WHEN NEW.status = 'done'",
    };
    two two;
    two_open(&two, ZONE_INSTITUTION);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        recto_error error = { .status = RECTO_OK };
        char script[200];
        int64_t job = 0;
        catalog_job *jobs = NULL;
        size_t count = 0;
        combine_plan plan = look(two.desk, two.primary, two.secondary, NULL);
        snprintf(script, sizeof script, "CREATE TRIGGER in_the_way %s BEGIN SELECT RAISE(ABORT, 'in the way'); END", steps[i]);
        run_sql(two.room.path, script);
        if (catalog_combine(&job, two.desk, two.primary, two.secondary, COMBINE_DELETE, &plan, &error) == RECTO_OK)
            fail_msg("not stopped by %s", steps[i]);
        run_sql(two.room.path, "DROP TRIGGER in_the_way");
        combine_plan_release(&plan);
        as_before(&two);
        assert_int_equal(info_of(two.desk, two.primary).version, 1);
        must(catalog_jobs(&jobs, &count, two.desk, 10, &error), &error);
        assert_int_equal(count, 0);
        free(jobs);
    }
    (void)combine(&two, NULL, COMBINE_DELETE); /* and nothing of it stays in the way */
    two_close(&two);
}

/* Tells through `begun` that once all went well. */
static void do_and_undo_until_killed(const room *room, mms_id primary, mms_id secondary, int begun)
{
    const catalog_options options = {
        .repository = room->path, .user = "cat1", .login = "cat1", .clock = room->clock, .mode = REPO_READ_WRITE
    };
    catalog *desk = NULL;
    if (catalog_open(&desk, &options, NULL) != RECTO_OK)
        _exit(1);
    for (;;) {
        combine_plan plan;
        int64_t job = 0;
        if (catalog_combine_plan(&plan, desk, primary, secondary, "overlay-but-local", NULL) != RECTO_OK ||
            catalog_combine(&job, desk, primary, secondary, COMBINE_DELETE, &plan, NULL) != RECTO_OK ||
            catalog_undo_merge(&job, desk, primary, NULL) != RECTO_OK)
            _exit(2);
        combine_plan_release(&plan);
        if (write(begun, "x", 1) != 1)
            _exit(3);
    }
}

static void a_process_that_is_killed_leaves_nothing_half(void **state)
{
    (void)state;
    two two;
    two_open(&two, ZONE_INSTITUTION);
    room_leave(&two.room, two.desk);
    int whole = 0;
    size_t jobs_seen = 0;
    for (int round = 0; round < 12; round++) {
        int status = 0, begun[2];
        char byte;
        assert_int_equal(pipe(begun), 0);
        const pid_t child = fork();
        if (child == 0)
            do_and_undo_until_killed(&two.room, two.primary, two.secondary, begun[1]);
        close(begun[1]);
        assert_int_equal(read(begun[0], &byte, 1), 1);
        usleep((useconds_t)(round * 1713));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        close(begun[0]);
        assert_true(WIFSIGNALED(status)); /* it had not failed by itself */
        two.desk = room_desk(&two.room, "cat1");
        const bib_info primary = info_of(two.desk, two.primary), secondary = info_of(two.desk, two.secondary);
        assert_int_equal(primary.items, secondary.deleted ? 3 : 0);
        assert_int_equal(secondary.items, secondary.deleted ? 0 : 3);
        assert_int_equal(stored_has(two.desk, two.primary, "650", "Whales"), secondary.deleted);
        assert_int_equal(bib_of(two.desk, two.holdings[0]), secondary.deleted ? two.primary : two.secondary);
        assert_whole(two.desk);
        catalog_job *jobs = NULL;
        recto_error failed = { .status = RECTO_OK };
        must(catalog_jobs(&jobs, &jobs_seen, two.desk, 100000, &failed), &failed);
        for (size_t i = 0; i < jobs_seen; i++)
            assert_string_not_equal(jobs[i].status, "running");
        free(jobs);
        whole++;
        if (secondary.deleted) {
            recto_error error = { .status = RECTO_OK };
            int64_t undo = 0;
            must(catalog_undo_merge(&undo, two.desk, two.primary, &error), &error);
        }
        room_leave(&two.room, two.desk);
    }
    assert_int_equal(whole, 12);
    assert_true(jobs_seen > 12); /* they were killed at work, not before it */
    two_close(&two);
}

/* ---- relinking, and merges of single records */

/* What a merge brought in comes back as a draft of one's own. */
static const char INCOMING[] = "The Whale, anew"; /* the title that a merge brings into the primary */

static bool has_incoming(two *two)
{
    return stored_has(two->desk, two->primary, "245", INCOMING);
}

/* The primary is as it was before INCOMING was merged into it, and INCOMING is a draft again, which goes. */
static void assert_taken_back(two *two)
{
    recto_error error = { .status = RECTO_OK };
    int64_t undo = 0;
    mms_id draft = 0;
    edit_session *session = NULL;
    assert_true(has_incoming(two));
    must(catalog_undo_merge(&undo, two->desk, two->primary, &error), &error);
    assert_false(has_incoming(two));
    must(catalog_merge_draft(&draft, two->desk, undo, &error), &error);
    assert_true(draft != 0);
    must(edit_resume(&session, two->desk, draft, &error), &error);
    assert_true(edit_state_of(session)->is_new);
    assert_true(shows(session, "245", INCOMING));
    release(&session);
    must(catalog_discard_draft(two->desk, draft, &error), &error);
}

static void holdings_are_relinked_and_back(void **state)
{
    (void)state;
    two two;
    recto_error error = { .status = RECTO_OK };
    int64_t job = 0, undo = 0;
    two_open(&two, ZONE_INSTITUTION);
    catalog *plain = room_desk(&two.room, "cat2");
    assert_int_equal(catalog_relink(&job, plain, two.secondary, 0, two.primary, &error), RECTO_EREFUSED);
    assert_int_equal(catalog_relink(&job, two.desk, two.secondary, 0, two.secondary, &error), RECTO_EINVALID);
    assert_int_equal(catalog_relink(&job, two.desk, two.primary, 0, two.secondary, &error), RECTO_EREFUSED); /* it has none */
    assert_int_equal(catalog_relink(&job, two.desk, two.primary, two.holdings[0], two.secondary, &error), RECTO_EREFUSED);
    must(catalog_relink(&job, two.desk, two.secondary, 0, two.primary, &error), &error);
    assert_int_equal(audit_rows(&two.room, "holding.relink"), 3); /* the refusal; one in each history (IO-88) */
    assert_int_equal(info_of(two.desk, two.primary).items, 3);
    assert_int_equal(info_of(two.desk, two.primary).version, 1);
    must(catalog_job_revert(&undo, two.desk, job, &error), &error);
    as_before(&two);
    must(catalog_relink(&job, two.desk, two.secondary, two.holdings[1], two.primary, &error), &error);
    assert_int_equal(info_of(two.desk, two.primary).items, 1);
    assert_int_equal(info_of(two.desk, two.secondary).items, 2);
    assert_whole(two.desk);
    two_close(&two);
}

static void a_merge_by_a_job_is_taken_back_by_one_command(void **state)
{
    (void)state;
    static const on_match ways[] = { ON_MATCH_MERGE, ON_MATCH_OVERLAY };
    for (size_t i = 0; i < 2; i++) {
        two two;
        recto_error error = { .status = RECTO_OK };
        int64_t undo = 0;
        ingest_outcome outcome;
        ingest_policy policy = *catalog_policy("ask");
        two_open(&two, ZONE_INSTITUTION);
        marc_record *incoming = book("1001", INCOMING);
        policy.on_match = ways[i];
        const ingest_request request = {
            .record = incoming, .zone = catalog_zone(two.desk, ZONE_INSTITUTION)->id, .policy = &policy, .note = "from somewhere"
        };
        assert_int_equal(catalog_undo_merge(&undo, two.desk, two.primary, &error), RECTO_EREFUSED);
        must(catalog_ingest(&outcome, two.desk, &request, &error), &error);
        assert_int_equal(outcome.kind, ways[i] == ON_MATCH_MERGE ? OUTCOME_MERGED : OUTCOME_OVERLAID);
        ingest_outcome_release(&outcome);
        assert_taken_back(&two);
        assert_int_equal(info_of(two.desk, two.primary).version, 3);
        assert_int_equal(catalog_undo_merge(&undo, two.desk, two.primary, &error), RECTO_EREFUSED);
        marc_record_free(incoming);
        two_close(&two);
    }
}

static edit_session *merged_by_match(catalog *desk, mms_id match)
{
    recto_error error = { .status = RECTO_OK };
    edit_session *session = new_record(desk, ZONE_INSTITUTION, book("1001", INCOMING), "LC");
    must(edit_take_match(session, match, false, &error), &error);
    return session;
}

static void a_merge_from_the_match_list_is_taken_back_after_saving(void **state)
{
    (void)state;
    two two;
    two_open(&two, ZONE_INSTITUTION);
    edit_session *session = merged_by_match(two.desk, two.primary);
    assert_int_equal(save(session, true, NULL), OUTCOME_UPDATED);
    assert_taken_back(&two); /* open still: it shows what is stored */
    assert_int_equal(edit_state_of(session)->version, 3);
    assert_false(shows(session, "245", INCOMING));
    release(&session);
    two_close(&two);
}

static void an_undone_merge_is_no_merge(void **state)
{
    (void)state;
    two two;
    recto_error error = { .status = RECTO_OK };
    int64_t undo = 0;
    two_open(&two, ZONE_INSTITUTION);
    marc_record *incoming = book("1001", INCOMING);
    edit_session *session = open_record(two.desk, two.primary);
    must(edit_take_external(session, incoming, false, "LC", &error), &error);
    must(edit_undo(session, NULL, &error), &error);
    type_note(session, "Only a note.");
    assert_int_equal(save(session, true, NULL), OUTCOME_UPDATED);
    assert_int_equal(catalog_undo_merge(&undo, two.desk, two.primary, &error), RECTO_EREFUSED);
    must(edit_take_external(session, incoming, false, "LC", &error), &error);
    assert_int_equal(save(session, true, NULL), OUTCOME_UPDATED);
    assert_taken_back(&two);
    assert_true(stored_has(two.desk, two.primary, "500", "Only a note"));
    marc_record_free(incoming);
    release(&session);
    two_close(&two);
}

/* A redone merge is one, too. */
static edit_session *merged_by_redo(catalog *desk, mms_id id)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *incoming = book("1001", INCOMING);
    edit_session *session = open_record(desk, id);
    must(edit_take_external(session, incoming, true, "LC", &error), &error);
    must(edit_undo(session, NULL, &error), &error);
    must(edit_redo(session, NULL, &error), &error);
    marc_record_free(incoming);
    return session;
}

/* The machine stops between Copy & Merge and the save: the draft still knows that it is a merge, and of what. */
static void a_merge_that_waited_as_a_draft_is_taken_back_after_saving(void **state)
{
    edit_session *(*const ways[])(catalog * desk, mms_id id) = { merged_by_match, merged_by_redo };
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        two two;
        recto_error error = { .status = RECTO_OK };
        two_open(&two, ZONE_INSTITUTION);
        edit_session *session = ways[i](two.desk, two.primary);
        must(edit_keep_draft(session, TEXT(""), &error), &error);
        room_leave(&two.room, two.desk);
        two.desk = room_desk(&two.room, "cat1");
        must(edit_resume(&session, two.desk, two.primary, &error), &error);
        assert_int_equal(save(session, true, NULL), OUTCOME_UPDATED);
        assert_taken_back(&two);
        two_close(&two);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_changed_since_the_merge_stands_against_undo),
        cmocka_unit_test(undo_needs_the_right_and_the_locks),
        cmocka_unit_test(a_step_that_fails_leaves_nothing_half),
        cmocka_unit_test(a_process_that_is_killed_leaves_nothing_half),
        cmocka_unit_test(holdings_are_relinked_and_back),
        cmocka_unit_test(a_merge_by_a_job_is_taken_back_by_one_command),
        cmocka_unit_test(a_merge_from_the_match_list_is_taken_back_after_saving),
        cmocka_unit_test(an_undone_merge_is_no_merge),
        cmocka_unit_test(a_merge_that_waited_as_a_draft_is_taken_back_after_saving),
    };
    return cmocka_run_group_tests_name("one record into two again", tests, NULL, NULL);
}
