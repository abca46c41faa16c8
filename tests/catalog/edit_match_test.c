/* tests/catalog/edit_match_test.c - the matched record that an open one becomes, what a target's record brings into it, and the
 * way back. */
#include "catalog/edit_room.h"

/* ---- the match list */

/* A new record from elsewhere, and a stored one of the same number that it meets. */
typedef struct meeting {
    room room;
    catalog *chief;
    mms_id match;
    edit_session *session;
} meeting;

static void meet(meeting *out, zone_kind zone)
{
    room_open(&out->room);
    out->chief = room_desk(&out->room, "chief");
    out->match = store(out->chief, zone, book("123", "Ours"));
    out->session = new_record(out->chief, ZONE_INSTITUTION, book("123", "Theirs"), "WorldCat");
}

static void a_merge_becomes_the_match_and_undo_goes_back(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    ingest_outcome outcome;
    room_open(&here);
    room_user(&here, "cat2", "CAT");
    catalog *chief = room_desk(&here, "chief"), *cat2 = room_desk(&here, "cat2");
    marc_record *ours = book("123", "Ours");
    add_line(ours, "590", "  ", "$aLocal note");
    add_line(ours, "900", "  ", "$aKeep me");
    const mms_id match = store(chief, ZONE_INSTITUTION, ours);
    edit_session *session = new_record(chief, ZONE_INSTITUTION, book("123", "Fuller"), "WorldCat");
    const mms_id temporary = edit_state_of(session)->id;
    must(edit_save(&outcome, session, false, &error), &error);
    assert_int_equal(outcome.kind, OUTCOME_NEEDS_DECISION);
    assert_int_equal(outcome.match_count, 1);
    assert_true(outcome.matches[0].info.id == match);
    assert_true(outcome.matches[0].can_change);
    assert_non_null(strstr(outcome.message, "do you want to view them before saving?"));
    ingest_outcome_release(&outcome);

    must(edit_take_match(session, match, false, &error), &error);
    assert_true(edit_state_of(session)->id == match);
    assert_true(edit_state_of(session)->will_update == match);
    assert_false(edit_state_of(session)->temporary_id);
    assert_true(shows(session, "245", "Fuller"));
    assert_true(shows(session, "900", "Keep me"));
    assert_true(stored_has(chief, match, "245", "Ours")); /* nothing is stored before Save */
    edit_session *looker = open_record(cat2, match);
    assert_true(edit_state_of(looker)->view_only);
    release(&looker);

    must(edit_undo(session, NULL, &error), &error);
    assert_true(edit_state_of(session)->id == temporary);
    assert_true(edit_state_of(session)->temporary_id);
    assert_true(edit_state_of(session)->will_update == 0);
    assert_true(shows(session, "245", "Fuller"));
    assert_false(shows(session, "900", "Keep me"));
    looker = open_record(cat2, match); /* the match's lock is free again */
    assert_false(edit_state_of(looker)->view_only);
    assert_int_equal(edit_redo(session, NULL, &error), RECTO_ELOCKED);
    assert_true(edit_state_of(session)->id == temporary);
    release(&looker);
    must(edit_redo(session, NULL, &error), &error);
    assert_true(edit_state_of(session)->id == match);

    assert_int_equal(save(session, false, NULL), OUTCOME_UPDATED);
    assert_int_equal(edit_state_of(session)->version, 2);
    assert_true(edit_state_of(session)->will_update == 0);
    assert_true(stored_has(chief, match, "245", "Fuller"));
    assert_true(stored_has(chief, match, "900", "Keep me"));
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, ZONE_INSTITUTION, "oclc", "123", NULL), 1);
    assert_int_equal(edit_undo(session, NULL, &error), RECTO_EREFUSED); /* it is saved: a version brings it back */
    assert_true(shows(session, "245", "Fuller"));
    release(&session);
    assert_int_equal(draft_count(chief), 0);
    room_close(&here);
}

static void a_changed_match_is_not_merged_by_redo(void **state)
{
    (void)state;
    meeting at;
    recto_error error = { .status = RECTO_OK };
    meet(&at, ZONE_INSTITUTION);
    room_user(&at.room, "cat2", "CAT");
    catalog *cat2 = room_desk(&at.room, "cat2");
    must(edit_take_match(at.session, at.match, false, &error), &error);
    must(edit_undo(at.session, NULL, &error), &error);
    edit_session *other = open_record(cat2, at.match);
    type_note(other, "Meanwhile");
    assert_int_equal(save(other, false, NULL), OUTCOME_UPDATED);
    release(&other);
    assert_int_equal(edit_redo(at.session, NULL, &error), RECTO_EREFUSED);
    assert_true(edit_state_of(at.session)->temporary_id);
    other = open_record(cat2, at.match); /* and the refused redo holds no lock */
    assert_false(edit_state_of(other)->view_only);
    release(&other);
    release(&at.session);
    room_close(&at.room);
}

static void an_overlay_from_the_match_list_brings_back_what_we_had(void **state)
{
    (void)state;
    meeting at;
    recto_error error = { .status = RECTO_OK };
    merge_result *preview = NULL;
    meet(&at, ZONE_INSTITUTION);
    must(edit_preview_match(&preview, at.session, at.match, true, &error), &error);
    assert_true(record_has(merge_result_record(preview), "245", "Ours"));
    assert_true(shows(at.session, "245", "Theirs")); /* a preview touches nothing */
    merge_result_free(preview);
    must(edit_take_match(at.session, at.match, true, &error), &error);
    assert_true(shows(at.session, "245", "Ours"));
    assert_int_equal(save(at.session, false, NULL), OUTCOME_UNCHANGED);
    release(&at.session);
    room_close(&at.room);
}

static void a_merge_survives_a_dropped_line(void **state)
{
    (void)state;
    meeting at;
    recto_error error = { .status = RECTO_OK };
    edit_session *back = NULL;
    meet(&at, ZONE_INSTITUTION);
    const mms_id temporary = edit_state_of(at.session)->id;
    must(edit_take_match(at.session, at.match, false, &error), &error);
    edit_leave(&at.session);
    room_leave(&at.room, at.chief);
    catalog *again = room_desk(&at.room, "chief");
    assert_int_equal(draft_count(again), 1);
    must(edit_resume(&back, again, at.match, &error), &error);
    assert_true(edit_state_of(back)->will_update == at.match);
    must(edit_undo(back, NULL, &error), &error);
    assert_true(edit_state_of(back)->id == temporary);
    assert_true(edit_state_of(back)->temporary_id);
    assert_int_equal(draft_count(again), 1);
    release(&back);
    room_close(&at.room);
}

static void a_community_match_cannot_be_changed(void **state)
{
    (void)state;
    meeting at;
    recto_error error = { .status = RECTO_OK };
    ingest_outcome outcome;
    meet(&at, ZONE_COMMUNITY);
    must(edit_save(&outcome, at.session, false, &error), &error);
    assert_int_equal(outcome.kind, OUTCOME_NEEDS_DECISION);
    assert_false(outcome.matches[0].can_change);
    assert_non_null(strstr(outcome.matches[0].cannot, "Community Zone records cannot be changed"));
    ingest_outcome_release(&outcome);
    assert_int_equal(edit_take_match(at.session, at.match, false, &error), RECTO_EREFUSED);
    assert_int_equal(edit_take_match(at.session, at.match, true, &error), RECTO_EREFUSED);
    assert_true(shows(at.session, "245", "Theirs"));
    edit_session *view = open_record(at.chief, at.match);
    assert_true(edit_state_of(view)->view_only);
    release(&view);
    assert_int_equal(save(at.session, true, NULL), OUTCOME_ADDED); /* "Save anyway" */
    release(&at.session);
    room_close(&at.room);
}

static void a_locked_match_is_named(void **state)
{
    (void)state;
    meeting at;
    recto_error error = { .status = RECTO_OK };
    meet(&at, ZONE_INSTITUTION);
    room_user(&at.room, "cat2", "CAT");
    edit_session *held = open_record(room_desk(&at.room, "cat2"), at.match);
    assert_int_equal(edit_take_match(at.session, at.match, false, &error), RECTO_ELOCKED);
    assert_non_null(strstr(error.what, "cat2"));
    assert_true(edit_state_of(at.session)->temporary_id);
    release(&at.session);
    release(&held);
    room_close(&at.room);
}

/* ---- from the external result list */

static void copy_and_merge_from_a_target_keeps_the_own_number(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    marc_record *ours = book("123", "Ours"), *external = book(NULL, "Upgraded");
    add_line(ours, "998", "  ", "$aLocal 998");
    const mms_id id = store(chief, ZONE_INSTITUTION, ours);
    add_control(external, "001", "ocm00000123");
    add_control(external, "003", "OCoLC");
    add_control(external, "005", "20240101000000.0");
    edit_session *session = open_record(chief, id);
    const size_t steps = marc_edit_steps(edit_of(session));
    must(edit_take_external(session, external, false, "WorldCat", &error), &error);
    assert_int_equal(marc_edit_steps(edit_of(session)), steps + 1);
    assert_true(edit_state_of(session)->id == id);
    assert_true(shows(session, "245", "Upgraded"));
    assert_true(shows(session, "998", "Local 998"));
    assert_true(shows(session, "035", "(OCoLC)123"));
    must(edit_undo(session, NULL, &error), &error);
    assert_true(shows(session, "245", "Ours"));
    must(edit_redo(session, NULL, &error), &error);
    assert_int_equal(save(session, false, NULL), OUTCOME_UPDATED);
    bib_info info;
    marc_record *stored = NULL;
    must(catalog_load(chief, id, &stored, &info, &error), &error);
    assert_string_equal(info.originating_system, "WorldCat");
    assert_string_equal(info.originating_version, "20240101000000.0");
    assert_int_equal(marc_record_find(stored, "003", 0), SIZE_MAX);
    marc_record_free(stored);
    release(&session);
    marc_record_free(external);
    room_close(&here);
}

static void an_overlay_from_a_target_drops_what_was_local(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    merge_result *preview = NULL;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    marc_record *ours = book("123", "Ours"), *external = book("123", "Whole");
    add_line(ours, "998", "  ", "$aLocal 998");
    const mms_id id = store(chief, ZONE_INSTITUTION, ours);
    edit_session *session = open_record(chief, id);
    must(edit_preview_external(&preview, session, external, true, &error), &error);
    assert_true(merge_result_counts(preview).dropped > 0);
    merge_result_free(preview);
    must(edit_take_external(session, external, true, "WorldCat", &error), &error);
    assert_false(shows(session, "998", "Local 998"));
    assert_int_equal(save(session, false, NULL), OUTCOME_UPDATED);
    assert_true(stored_has(chief, id, "245", "Whole"));
    release(&session);
    marc_record_free(external);
    room_close(&here);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_merge_becomes_the_match_and_undo_goes_back),
        cmocka_unit_test(a_changed_match_is_not_merged_by_redo),
        cmocka_unit_test(an_overlay_from_the_match_list_brings_back_what_we_had),
        cmocka_unit_test(a_merge_survives_a_dropped_line),
        cmocka_unit_test(a_community_match_cannot_be_changed),
        cmocka_unit_test(a_locked_match_is_named),
        cmocka_unit_test(copy_and_merge_from_a_target_keeps_the_own_number),
        cmocka_unit_test(an_overlay_from_a_target_drops_what_was_local),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
