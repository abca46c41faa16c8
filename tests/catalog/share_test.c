/* tests/catalog/share_test.c - Share with Network and its way back (ED-175), related records (ED-172), and holdings in an editing
 * session (ED-165). */
#include "catalog/room.h"

#include "recto/catalog/jobs.h"
#include "recto/catalog/share.h"

typedef struct shared {
    room room;
    catalog *desk, *other;
    mms_id local;
} shared;

static void shared_open(shared *shared)
{
    room_open(&shared->room);
    room_user(&shared->room, "cat1", "CAT,CATX,PIO,PIOX,CM");
    room_user(&shared->room, "cat2", "CAT,CATX,PIO,PIOX,CM");
    shared->desk = room_desk(&shared->room, "cat1");
    shared->other = room_desk(&shared->room, "cat2");
    marc_record *record = book("1001", "A whale");
    add_line(record, "910", "  ", "$agift");
    shared->local = store(shared->desk, ZONE_INSTITUTION, record);
}

static recto_status append(edit_session *session, const char *tag, text content, recto_error *error)
{
    return marc_edit_insert(edit_of(session), marc_record_count(marc_edit_record(edit_of(session))), tag, content, error);
}

static bib_info info_of(catalog *desk, mms_id id)
{
    recto_error error = { .status = RECTO_OK };
    bib_info info;
    must(repo_bib_info(catalog_repo(desk), id, &info, catalog_now(desk), &error), &error);
    return info;
}

static bool has(catalog *desk, mms_id id, const char *tag)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    must(catalog_load(desk, id, &record, NULL, &error), &error);
    const bool found = marc_record_find(record, tag, 0) != SIZE_MAX;
    marc_record_free(record);
    return found;
}

static size_t matches(catalog *desk, mms_id id)
{
    recto_error error = { .status = RECTO_OK };
    match_hit *hits = NULL;
    size_t count = 0;
    must(catalog_share_matches(&hits, &count, desk, id, &error), &error);
    free(hits);
    return count;
}

static void the_text_of_a_match_is_taken_and_given_back(void **state)
{
    shared shared;
    recto_error error = { .status = RECTO_OK };
    int64_t job = 0, undo = 0;
    (void)state;
    shared_open(&shared);
    marc_record *record = book("1001", "The whale, or, Moby");
    add_line(record, "650", " 0", "$aWhales.");
    mms_id network = store(shared.desk, ZONE_NETWORK, record);
    assert_int_equal(matches(shared.desk, shared.local), 1);
    must(catalog_share(&job, &network, shared.desk, shared.local, 1, &error), &error);
    assert_int_equal(info_of(shared.desk, shared.local).linked_to, network);
    assert_string_equal(info_of(shared.desk, shared.local).title, "The whale, or, Moby");
    assert_true(has(shared.desk, shared.local, "650") && has(shared.desk, shared.local, "910"));
    must(catalog_undo_merge(&undo, shared.desk, shared.local, &error), &error);
    assert_int_equal(info_of(shared.desk, shared.local).linked_to, 0);
    assert_string_equal(info_of(shared.desk, shared.local).title, "A whale");
    assert_false(has(shared.desk, shared.local, "650"));
    room_close(&shared.room);
}

static void without_a_match_a_network_record_is_made_and_unmade(void **state)
{
    shared shared;
    recto_error error = { .status = RECTO_OK };
    int64_t job = 0, undo = 0;
    mms_id network = 0;
    (void)state;
    shared_open(&shared);
    assert_int_equal(matches(shared.desk, shared.local), 0);
    must(catalog_share(&job, &network, shared.desk, shared.local, 1, &error), &error);
    assert_true(network != 0 && catalog_zone_of(shared.desk, network)->kind == ZONE_NETWORK);
    assert_int_equal(info_of(shared.desk, shared.local).linked_to, network);
    assert_int_equal(info_of(shared.desk, shared.local).version, 1);
    must(catalog_job_revert(&undo, shared.desk, job, &error), &error);
    assert_int_equal(info_of(shared.desk, shared.local).linked_to, 0);
    assert_true(info_of(shared.desk, network).deleted);
    room_close(&shared.room);
}

static void what_was_saved_since_stays(void **state)
{
    shared shared;
    recto_error error = { .status = RECTO_OK };
    edit_session *session = NULL;
    ingest_outcome outcome = { 0 };
    int64_t job = 0, undo = 0;
    mms_id network = 0;
    (void)state;
    shared_open(&shared);
    must(catalog_share(&job, &network, shared.desk, shared.local, 1, &error), &error);
    must(edit_open(&session, shared.other, network, &error), &error);
    must(append(session, "500",
                TEXT("  \x1f"
                     "aSince."),
                &error),
         &error);
    must(edit_save(&outcome, session, true, &error), &error);
    ingest_outcome_release(&outcome);
    must(edit_release(&session, &error), &error);
    assert_int_equal(catalog_job_revert(&undo, shared.desk, job, &error), RECTO_EREFUSED);
    assert_int_equal(info_of(shared.desk, shared.local).linked_to, network);
    room_close(&shared.room);
}

static void assert_not_shared(shared *shared, catalog *desk, mms_id id, int version, recto_status want)
{
    recto_error error = { .status = RECTO_OK };
    int64_t job = 0;
    mms_id network = 0;
    assert_int_equal(catalog_share(&job, &network, desk, id, version, &error), want);
    assert_int_equal(info_of(shared->desk, shared->local).linked_to, 0);
}

static void what_must_not_be_shared_is_refused(void **state)
{
    shared shared;
    recto_error error = { .status = RECTO_OK };
    edit_session *session = NULL;
    (void)state;
    shared_open(&shared);
    const mms_id network = store(shared.desk, ZONE_NETWORK, book("1002", "Another"));
    assert_not_shared(&shared, shared.desk, network, 1, RECTO_EREFUSED);
    assert_not_shared(&shared, shared.desk, shared.local, 7, RECTO_EREFUSED);
    must(edit_open(&session, shared.other, shared.local, &error), &error);
    assert_not_shared(&shared, shared.desk, shared.local, 1, RECTO_ELOCKED);
    must(edit_release(&session, &error), &error);
    room_close(&shared.room);
}

static void related_records_are_seen_from_both_ends(void **state)
{
    shared shared;
    recto_error error = { .status = RECTO_OK };
    related_row *rows = NULL;
    size_t count = 0;
    char line[80];
    (void)state;
    shared_open(&shared);
    marc_record *host = book(NULL, "Host");
    snprintf(line, sizeof line, "$tA whale$w%lld", (long long)shared.local);
    add_line(host, "774", "1 ", line);
    const mms_id of = store(shared.desk, ZONE_INSTITUTION, host);
    must(catalog_related(&rows, &count, shared.desk, of, &error), &error);
    assert_int_equal(count, 1);
    assert_true(rows[0].relation == RELATION_NAMES && rows[0].id == shared.local && rows[0].there);
    assert_string_equal(rows[0].tag, "774");
    free(rows);
    must(catalog_related(&rows, &count, shared.desk, shared.local, &error), &error);
    assert_int_equal(count, 1);
    assert_true(rows[0].relation == RELATION_NAMED_BY && rows[0].id == of);
    assert_string_equal(rows[0].title, "Host");
    free(rows);
    room_close(&shared.room);
}

static mms_id hang(catalog *desk, mms_id bib)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    mms_id id = 0;
    must(catalog_holding_template(&record, desk, bib, &error), &error);
    must(catalog_holding_save(desk, &id, bib, record, 0, &error), &error);
    marc_record_free(record);
    return id;
}

static void holdings_in_a_session_are_locked_saved_and_kept_as_a_draft(void **state)
{
    shared shared;
    recto_error error = { .status = RECTO_OK };
    edit_session *mine = NULL, *theirs = NULL;
    marc_record *record = NULL;
    holding info;
    int version = 0;
    (void)state;
    shared_open(&shared);
    mms_id id = hang(shared.desk, shared.local);
    must(edit_open_holding(&mine, shared.desk, id, &error), &error);
    assert_true(edit_state_of(mine)->is_holdings && edit_state_of(mine)->holdings_of == shared.local);
    must(edit_open_holding(&theirs, shared.other, id, &error), &error);
    assert_true(edit_state_of(theirs)->view_only);
    must(edit_release(&theirs, &error), &error);
    must(edit_save_holding(&version, mine, &error), &error);
    assert_int_equal(version, 0); /* nothing had changed */
    const text summary = TEXT(" 0\x1f"
                              "av.1-v.3");
    must(append(mine, "866", summary, &error), &error);
    must(edit_save_holding(&version, mine, &error), &error);
    assert_int_equal(version, 2);
    assert_false(marc_edit_changed(edit_of(mine)));
    /* by the form, meanwhile: what is typed is kept, and not written over it */
    must(catalog_holding_load(shared.desk, id, &record, &info, &error), &error);
    assert_true(marc_record_find(record, "866", 0) != SIZE_MAX);
    must(catalog_holding_save(shared.other, &id, shared.local, record, info.version, &error), &error);
    marc_record_free(record);
    must(append(mine, "867", summary, &error), &error);
    assert_int_equal(edit_save_holding(&version, mine, &error), RECTO_EREFUSED);
    edit_leave(&mine);
    must(edit_open_holding(&mine, shared.desk, id, &error), &error);
    assert_true(edit_state_of(mine)->has_draft && edit_state_of(mine)->is_holdings);
    assert_true(marc_record_find(marc_edit_record(edit_of(mine)), "867", 0) != SIZE_MAX);
    must(edit_release(&mine, &error), &error);
    room_close(&shared.room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_of_a_match_is_taken_and_given_back),
        cmocka_unit_test(without_a_match_a_network_record_is_made_and_unmade),
        cmocka_unit_test(what_was_saved_since_stays),
        cmocka_unit_test(what_must_not_be_shared_is_refused),
        cmocka_unit_test(related_records_are_seen_from_both_ends),
        cmocka_unit_test(holdings_in_a_session_are_locked_saved_and_kept_as_a_draft),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
