/* tests/catalog/edit_test.c - open records: locks, drafts, versions, and the way back. */
#include "catalog/edit_room.h"

/* ---- the plain walk */

static void an_imported_record_keeps_the_number_that_its_header_showed(void **state)
{
    (void)state;
    room here;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    marc_record *copy = book(NULL, "Imported");
    char message[300];
    add_control(copy, "001", "ocm00000123");
    add_control(copy, "003", "OCoLC");
    add_control(copy, "005", "20200101000000.0");
    edit_session *session = new_record(chief, ZONE_INSTITUTION, copy, "WorldCat");
    const mms_id temporary = edit_state_of(session)->id;
    assert_true(edit_state_of(session)->temporary_id);
    assert_true(edit_state_of(session)->is_new);
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, 0, "ti", "Imported", NULL), 0);
    assert_int_equal(save(session, false, message), OUTCOME_ADDED);
    assert_true(edit_state_of(session)->id == temporary);
    assert_false(edit_state_of(session)->is_new);
    assert_int_equal(edit_state_of(session)->version, 1);
    assert_true(shows(session, "035", "(OCoLC)123"));
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, ZONE_INSTITUTION, "oclc", "ocm00000123", NULL), 1);
    assert_int_equal(save(session, false, message), OUTCOME_UNCHANGED);
    assert_string_equal(message, "No changes to save.");
    bib_info info;
    marc_record *stored = NULL;
    must(catalog_load(chief, temporary, &stored, &info, NULL), NULL);
    assert_string_equal(info.originating_system, "WorldCat");
    assert_string_equal(info.originating_version, "20200101000000.0");
    marc_record_free(stored);
    type_note(session, "Second thoughts.");
    assert_int_equal(save(session, false, message), OUTCOME_UPDATED);
    assert_non_null(strstr(message, "saved as version 2"));
    release(&session);
    assert_int_equal(draft_count(chief), 0);
    room_close(&here);
}

static void release_of_an_import_leaves_nothing(void **state)
{
    (void)state;
    room here;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    edit_session *session = new_record(chief, ZONE_NETWORK, book("5", "Unwanted"), "WorldCat");
    must(edit_keep_draft(session, TEXT("cursor 3"), NULL), NULL);
    assert_int_equal(draft_count(chief), 1);
    release(&session);
    assert_int_equal(draft_count(chief), 0);
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, 0, "ti", "Unwanted", NULL), 0);
    room_close(&here);
}

/* ---- two catalogers */

static void a_lock_is_told_and_given_back(void **state)
{
    (void)state;
    room here;
    room_open(&here);
    room_user(&here, "cat2", "CAT");
    catalog *chief = room_desk(&here, "chief"), *cat2 = room_desk(&here, "cat2");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("123", "Wanted by two"));
    edit_session *first = open_record(cat2, id), *second = open_record(chief, id);
    assert_false(edit_state_of(first)->view_only);
    assert_true(edit_state_of(second)->view_only);
    assert_non_null(strstr(edit_state_of(second)->view_only_reason, "cat2 has it since"));
    assert_string_equal(edit_state_of(second)->locked_by, "cat2");
    assert_int_equal(save(second, false, NULL), OUTCOME_REFUSED);
    release(&second);
    release(&first);
    second = open_record(chief, id);
    assert_false(edit_state_of(second)->view_only);
    release(&second);
    room_close(&here);
}

static void a_lock_left_behind_ends_after_sixty_minutes(void **state)
{
    static const struct {
        const char *later;
        bool refuses;
    } cases[] = { { "2025-11-22T14:51:59Z", true }, { "2025-11-22T14:52:01Z", false } };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        room here;
        room_open(&here);
        room_user(&here, "cat2", "CAT");
        catalog *cat2 = room_desk(&here, "cat2");
        catalog *chief = room_desk(&here, "chief");
        const mms_id id = store(chief, ZONE_INSTITUTION, book("123", "Left behind"));
        edit_session *left = open_record(cat2, id);
        type_note(left, "Half a thought");
        edit_leave(&left);
        room_leave(&here, cat2);
        must(recto_clock_init(&here.clock, cases[i].later, NULL), NULL);
        catalog *later = room_desk(&here, "chief");
        edit_session *session = open_record(later, id);
        assert_int_equal(edit_state_of(session)->view_only, cases[i].refuses);
        release(&session);
        room_close(&here);
    }
}

static void coming_back_finds_lock_and_draft(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    edit_session *back = NULL;
    room_open(&here);
    room_user(&here, "cat2", "CAT");
    catalog *chief = room_desk(&here, "chief"), *cat2 = room_desk(&here, "cat2");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("123", "Interrupted"));
    edit_session *session = open_record(cat2, id);
    type_note(session, "Typed before the line dropped");
    must(edit_keep_draft(session, TEXT("row 7\ncolumn 3"), &error), &error);
    edit_leave(&session);
    room_leave(&here, cat2);
    must(recto_clock_init(&here.clock, "2025-11-22T14:20:00Z", &error), &error);
    cat2 = room_desk(&here, "cat2");
    assert_int_equal(draft_count(cat2), 1);
    assert_int_equal(draft_count(chief), 0);
    must(edit_resume(&back, cat2, id, &error), &error);
    assert_false(edit_state_of(back)->view_only);
    assert_true(edit_state_of(back)->has_draft);
    assert_true(text_equal(edit_view(back), TEXT("row 7\ncolumn 3")));
    assert_true(shows(back, "500", "Typed before"));
    assert_true(marc_edit_changed(edit_of(back))); /* against what is stored: Release has to ask */
    must(edit_undo(back, NULL, &error), &error);   /* the log came back too */
    assert_false(shows(back, "500", "Typed before"));
    assert_false(marc_edit_changed(edit_of(back)));
    must(edit_redo(back, NULL, &error), &error);
    assert_int_equal(save(back, false, NULL), OUTCOME_UPDATED);
    assert_int_equal(draft_count(cat2), 0);
    release(&back);
    room_close(&here);
}

/* ED-71: thirty days untouched it rests, after a year it says so; nobody throws it away (decisions.md 7). */
static void a_draft_rests_after_thirty_days_and_is_never_lost(void **state)
{
    static const struct {
        const char *later;
        draft_age age;
    } cases[] = { { "2025-12-22T13:51:00Z", DRAFT_IN_USE },
                  { "2025-12-22T13:52:00Z", DRAFT_RESTING },
                  { "2026-11-22T13:51:00Z", DRAFT_RESTING },
                  { "2026-11-22T13:52:00Z", DRAFT_PAST_ITS_YEAR } };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        room here;
        recto_error error = { .status = RECTO_OK };
        draft_row *rows = NULL;
        edit_session *back = NULL;
        size_t count = 0;
        room_open(&here);
        catalog *chief = room_desk(&here, "chief");
        const mms_id id = store(chief, ZONE_INSTITUTION, book("123", "Left lying"));
        edit_session *session = open_record(chief, id);
        type_note(session, "Typed long ago");
        must(edit_keep_draft(session, TEXT(""), &error), &error);
        edit_leave(&session);
        room_leave(&here, chief);
        must(recto_clock_init(&here.clock, cases[i].later, NULL), NULL);
        chief = room_desk(&here, "chief");
        must(catalog_drafts(&rows, &count, chief, &error), &error);
        assert_int_equal(count, 1);
        assert_int_equal(rows[0].age, cases[i].age);
        assert_int_equal(rows[0].family, MARC_BIBLIOGRAPHIC);
        free(rows);
        must(edit_resume(&back, chief, id, &error), &error);
        assert_true(shows(back, "500", "Typed long ago"));
        release(&back);
        room_close(&here);
    }
}

static void a_text_whose_lock_was_taken_over_is_kept_and_not_saved(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    char message[300];
    edit_session *back = NULL;
    room_open(&here);
    room_user(&here, "cat2", "CAT");
    catalog *chief = room_desk(&here, "chief"), *cat2 = room_desk(&here, "cat2");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("123", "Taken over"));
    edit_session *slow = open_record(cat2, id);
    type_note(slow, "Slow note");
    must(catalog_lock_break(chief, id, "on holiday", &error), &error);
    edit_session *fast = open_record(chief, id);
    assert_false(edit_state_of(fast)->view_only);
    type_note(fast, "Fast note");
    assert_int_equal(save(fast, false, NULL), OUTCOME_UPDATED);
    assert_int_equal(save(slow, false, message), OUTCOME_REFUSED);
    assert_non_null(strstr(message, "taken over by chief"));
    assert_non_null(strstr(message, "saved as version 2"));
    assert_non_null(strstr(message, "Your text is kept as a draft"));
    assert_true(edit_state_of(slow)->superseded);
    assert_false(stored_has(chief, id, "500", "Slow note"));
    release(&fast);
    edit_leave(&slow);
    room_leave(&here, cat2);
    cat2 = room_desk(&here, "cat2");
    draft_row *rows = NULL;
    size_t count = 0;
    must(catalog_drafts(&rows, &count, cat2, &error), &error);
    assert_int_equal(count, 1);
    assert_true(rows[0].record_changed_since);
    free(rows);
    must(edit_resume(&back, cat2, id, &error), &error);
    assert_true(edit_state_of(back)->superseded);
    assert_int_equal(edit_state_of(back)->stored_version, 2);
    assert_true(shows(back, "500", "Slow note"));
    assert_int_equal(save(back, false, message), OUTCOME_REFUSED);
    must(edit_rebase(back, &error), &error); /* after looking at the newer version */
    assert_int_equal(save(back, false, message), OUTCOME_UPDATED);
    assert_true(stored_has(chief, id, "500", "Slow note"));
    release(&back);
    room_close(&here);
}

static void one_record_has_one_working_copy(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    edit_session *again = NULL;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("123", "Once"));
    edit_session *session = open_record(chief, id);
    assert_int_equal(edit_open(&again, chief, id, &error), RECTO_EREFUSED);
    release(&session);
    room_close(&here);
}

static void another_institutions_record_is_not_seen(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    catalog *other = NULL;
    edit_session *session = NULL;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("123", "Private"));
    const catalog_options options = {
        .repository = here.path, .login = "chief", .institution = "02OTHER", .clock = here.clock, .with_session = true
    };
    must(catalog_open(&other, &options, &error), &error);
    assert_int_equal(edit_open(&session, other, id, &error), RECTO_ENOTFOUND);
    assert_int_equal(count_hits(other, SEARCH_ALL_TITLES, 0, "ti", "Private", NULL), 0);
    catalog_close(other);
    room_close(&here);
}

/* ED-87: of a network record whose holder sits elsewhere, the institution is told, too. */
static void a_lock_of_another_institution_says_which(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    catalog *other = NULL;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id id = store(chief, ZONE_NETWORK, book("123", "Shared"));
    const catalog_options options = {
        .repository = here.path, .login = "chief", .institution = "02OTHER", .clock = here.clock, .with_session = true
    };
    room_user(&here, "cat2", "CAT,CA");
    edit_session *mine = open_record(room_desk(&here, "cat2"), id);
    must(catalog_open(&other, &options, &error), &error);
    edit_session *theirs = open_record(other, id);
    assert_non_null(strstr(edit_state_of(theirs)->view_only_reason, "cat2 of 01EXAMPLE has it since"));
    release(&theirs);
    release(&mine);
    catalog_close(other);
    room_close(&here);
}

/* ---- undo over a save, versions, copies */

static void undo_goes_on_after_a_save(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("123", "Undo"));
    edit_session *session = open_record(chief, id);
    type_note(session, "First");
    assert_int_equal(save(session, false, NULL), OUTCOME_UPDATED);
    must(edit_undo(session, NULL, &error), &error);
    assert_false(shows(session, "500", "First"));
    assert_int_equal(save(session, false, NULL), OUTCOME_UPDATED);
    assert_int_equal(edit_state_of(session)->version, 3);
    assert_false(stored_has(chief, id, "500", "First"));
    release(&session);
    room_close(&here);
}

static void an_old_version_comes_back_as_one_step(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("123", "Versions"));
    edit_session *session = open_record(chief, id);
    type_note(session, "A mistake");
    assert_int_equal(save(session, false, NULL), OUTCOME_UPDATED);
    must(edit_restore_version(session, 1, &error), &error);
    assert_false(shows(session, "500", "A mistake"));
    assert_true(stored_has(chief, id, "500", "A mistake")); /* not before Save (decisions.md 6) */
    must(edit_undo(session, NULL, &error), &error);
    assert_true(shows(session, "500", "A mistake"));
    must(edit_redo(session, NULL, &error), &error);
    assert_int_equal(save(session, false, NULL), OUTCOME_UPDATED);
    assert_false(stored_has(chief, id, "500", "A mistake"));
    assert_int_equal(edit_state_of(session)->version, 3);
    release(&session);
    room_close(&here);
}

static void a_linked_copy_is_no_match_and_is_never_merged_over(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    edit_session *session = NULL;
    ingest_outcome outcome;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id community = store(chief, ZONE_COMMUNITY, book("123", "Community"));
    must(edit_copy_to_catalog(&session, chief, community, true, &error), &error);
    assert_int_equal(save(session, false, NULL), OUTCOME_ADDED);
    release(&session);
    ingest_policy policy = *catalog_policy("ask");
    policy.on_match = ON_MATCH_MERGE;
    marc_record *record = book("123", "Export");
    const ingest_request request = { .record = record, .zone = catalog_zone(chief, ZONE_INSTITUTION)->id, .policy = &policy };
    must(catalog_ingest(&outcome, chief, &request, &error), &error);
    assert_int_equal(outcome.kind, OUTCOME_CZ_LINKED);
    ingest_outcome_release(&outcome);
    marc_record_free(record);
    room_close(&here);
}

static void a_blocked_record_stays_open(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    edit_session *session = new_record(chief, ZONE_INSTITUTION, book("123", "No title"), "");
    marc_edit *edit = edit_of(session);
    must(marc_edit_remove(edit, marc_record_find(marc_edit_record(edit), "245", 0), &error), &error);
    assert_int_equal(save(session, false, NULL), OUTCOME_INVALID);
    assert_true(edit_state_of(session)->is_new);
    must(edit_undo(session, NULL, &error), &error);
    assert_int_equal(save(session, false, NULL), OUTCOME_ADDED);
    release(&session);
    room_close(&here);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_imported_record_keeps_the_number_that_its_header_showed),
        cmocka_unit_test(release_of_an_import_leaves_nothing),
        cmocka_unit_test(a_lock_is_told_and_given_back),
        cmocka_unit_test(a_lock_left_behind_ends_after_sixty_minutes),
        cmocka_unit_test(coming_back_finds_lock_and_draft),
        cmocka_unit_test(a_draft_rests_after_thirty_days_and_is_never_lost),
        cmocka_unit_test(a_text_whose_lock_was_taken_over_is_kept_and_not_saved),
        cmocka_unit_test(one_record_has_one_working_copy),
        cmocka_unit_test(another_institutions_record_is_not_seen),
        cmocka_unit_test(a_lock_of_another_institution_says_which),
        cmocka_unit_test(undo_goes_on_after_a_save),
        cmocka_unit_test(an_old_version_comes_back_as_one_step),
        cmocka_unit_test(a_linked_copy_is_no_match_and_is_never_merged_over),
        cmocka_unit_test(a_blocked_record_stays_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
