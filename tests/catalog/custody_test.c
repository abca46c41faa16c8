/* tests/catalog/custody_test.c - locks taken over, records handed on, deletion and back, levels (ED-84 to ED-90, ED-145 to
 * ED-150, ED-180). */
#include "edit_room.h"

#include "recto/catalog/custody.h"

static void people(room *room)
{
    room_open(room);
    room_user(room, "cat1", "CAT,CATX");
    room_user(room, "cat2", "CAT,CATX");
    room_user(room, "head", "CAT,CATX,CA");
}

typedef struct heard {
    size_t count;
    repo_notice last;
} heard;

static void hear(void *context, const repo_notice *notice)
{
    heard *heard = context;
    heard->count++;
    heard->last = *notice;
}

/* ED-87: all five facts. */
static void who_holds_it(void **unused)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    buffer lines;
    (void)unused;
    people(&room);
    catalog *one = room_desk(&room, "cat1"), *two = room_desk(&room, "cat2");
    const mms_id id = store(one, ZONE_INSTITUTION, book("1", "Sea"));
    buffer_init(&lines, 4096);
    assert_int_equal(catalog_lock_facts(&lines, two, id, &error), RECTO_ENOTFOUND);
    edit_session *session = open_record(one, id);
    must(catalog_lock_facts(&lines, two, id, &error), &error);
    assert_non_null(strstr(buffer_string(&lines), "cat1"));
    assert_non_null(strstr(buffer_string(&lines), "01EXAMPLE"));
    assert_non_null(strstr(buffer_string(&lines), "Since"));
    assert_non_null(strstr(buffer_string(&lines), "Idle for"));
    assert_non_null(strstr(buffer_string(&lines), "not while the session is there"));
    edit_leave(&session);
    room_leave(&room, one);
    buffer_clear(&lines);
    must(catalog_lock_facts(&lines, two, id, &error), &error);
    assert_null(strstr(buffer_string(&lines), "not while"));
    buffer_release(&lines);
    room_close(&room);
}

/* RL-28: the same cataloger at two terminals has one working copy, which is fetched over without a role; what the first has typed
 * comes along, and the first writes it no more. */
static void own_record_is_fetched_from_the_other_session(void **unused)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    (void)unused;
    people(&room);
    catalog *first = room_desk(&room, "cat1"), *second = room_desk(&room, "cat1");
    const mms_id id = store(first, ZONE_INSTITUTION, book("1", "Sea"));
    edit_session *here = open_record(first, id), *there = open_record(second, id);
    assert_true(edit_state_of(there)->view_only);
    assert_non_null(strstr(edit_state_of(there)->view_only_reason, "session"));
    type_note(here, "Typed at the first.");
    must(edit_keep_draft(here, TEXT(""), &error), &error);
    must(edit_take_over(there, NULL, &error), &error);
    assert_false(edit_state_of(there)->view_only);
    assert_int_not_equal(marc_record_find(marc_edit_record(edit_of(there)), "500", 0), SIZE_MAX);
    type_note(there, "Typed at the second.");
    must(edit_keep_draft(there, TEXT(""), &error), &error);
    /* The first types on, and knows it only when it would write. */
    type_note(here, "Too late.");
    must(edit_keep_draft(here, TEXT(""), &error), &error);
    assert_true(edit_state_of(here)->view_only);
    release(&here);
    assert_int_equal(draft_count(second), 1);
    assert_int_equal(save(there, true, NULL), OUTCOME_UPDATED);
    size_t notes = 0;
    const marc_record *saved = marc_edit_record(edit_of(there));
    for (size_t at = marc_record_find(saved, "500", 0); at != SIZE_MAX; at = marc_record_find(saved, "500", at + 1))
        notes++;
    assert_int_equal(notes, 2);
    release(&there);
    room_close(&room);
}

/* ED-84, ED-85, ED-88: the role, the reason, the former owner told, the text kept; no silent overwrite either way. */
static void a_lock_is_taken_over(void **unused)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    heard heard = { .count = 0 };
    char message[300];
    (void)unused;
    people(&room);
    catalog *one = room_desk(&room, "cat1"), *head = room_desk(&room, "head"), *two = room_desk(&room, "cat2");
    const mms_id id = store(one, ZONE_INSTITUTION, book("1", "Sea"));
    edit_session *mine = open_record(one, id), *theirs = open_record(two, id);
    type_note(mine, "Of cat1.");
    assert_int_equal(edit_take_over(theirs, "I want it", &error), RECTO_EREFUSED);
    release(&theirs);
    theirs = open_record(head, id);
    assert_true(edit_state_of(theirs)->view_only);
    assert_int_equal(edit_take_over(theirs, "  ", &error), RECTO_EINVALID);
    must(edit_take_over(theirs, "cat1 is ill", &error), &error);
    assert_false(edit_state_of(theirs)->view_only);
    /* The former owner learns it at the next key, and the text is a draft from then on. */
    must(catalog_tell(one, hear, &heard, &error), &error);
    assert_int_equal(heard.count, 1);
    assert_string_equal(heard.last.kind, "taken");
    assert_string_equal(heard.last.by, "head");
    assert_string_equal(heard.last.reason, "cat1 is ill");
    assert_true(edit_state_of(mine)->view_only);
    assert_non_null(strstr(edit_state_of(mine)->view_only_reason, "head"));
    assert_int_equal(draft_count(one), 1);
    must(catalog_tell(one, hear, &heard, &error), &error);
    assert_int_equal(heard.count, 1);
    must(catalog_notices(one, hear, &heard, &error), &error);
    assert_int_equal(heard.count, 2);
    type_note(theirs, "Of head.");
    assert_int_equal(save(theirs, true, NULL), OUTCOME_UPDATED);
    release(&theirs);
    /* Released, and not thrown away; opened again it says what happened, and Save refuses until it was looked at. */
    release(&mine);
    assert_int_equal(draft_count(one), 1);
    mine = open_record(one, id);
    assert_true(edit_state_of(mine)->superseded);
    assert_true(record_has(marc_edit_record(edit_of(mine)), "500", "Of cat1."));
    assert_int_equal(save(mine, true, message), OUTCOME_REFUSED);
    assert_non_null(strstr(message, "taken over by head"));
    assert_true(stored_has(one, id, "500", "Of head."));
    /* Re-applied to the version that was seen: both notes. */
    marc_record *merged = NULL;
    must(catalog_load(one, id, &merged, NULL, &error), &error);
    add_line(merged, "500", "  ", "$aOf cat1.");
    must(edit_reapply(mine, merged, &error), &error);
    marc_record_free(merged);
    assert_false(edit_state_of(mine)->superseded);
    assert_int_equal(save(mine, true, NULL), OUTCOME_UPDATED);
    assert_true(stored_has(one, id, "500", "Of head.") && stored_has(one, id, "500", "Of cat1."));
    release(&mine);
    heard.count = 0;
    must(catalog_notices(one, hear, &heard, &error), &error);
    assert_int_equal(heard.count, 0);
    room_close(&room);
}

/* The owner has not been told yet and saves: refused, the text kept (ED-85). */
static void a_save_without_the_lock(void **unused)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    char message[300];
    (void)unused;
    people(&room);
    catalog *one = room_desk(&room, "cat1"), *head = room_desk(&room, "head");
    const mms_id id = store(one, ZONE_INSTITUTION, book("1", "Sea"));
    edit_session *mine = open_record(one, id), *theirs = open_record(head, id);
    type_note(mine, "Of cat1.");
    must(edit_take_over(theirs, "urgent", &error), &error);
    assert_int_equal(save(mine, true, message), OUTCOME_REFUSED);
    assert_non_null(strstr(message, "taken over by head"));
    assert_int_equal(draft_count(one), 1);
    assert_false(stored_has(one, id, "500", "Of cat1."));
    room_close(&room);
}

/* A sign of the session that holds the record, as its event loop gives it; another desk's clock has gone on meanwhile. */
static void give_sign(catalog *desk, mms_id id, int64_t now, int64_t key_at)
{
    recto_error error = { .status = RECTO_OK };
    repo_lock lock;
    must(repo_lock_get(catalog_repo(desk), id, catalog_now(desk), &lock, &error), &error);
    must(repo_session_seen(catalog_repo(desk), lock.session, now, &error), &error);
    must(repo_session_used(catalog_repo(desk), lock.session, key_at, &error), &error);
}

/* ED-82, lock_idle_minutes: who is there and presses no key for so long keeps text and place, but not the lock against another;
 * and is told so. Without the setting the lock stays. */
static void a_lock_runs_out_without_a_key(void **unused)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    heard heard = { .count = 0 };
    (void)unused;
    people(&room);
    catalog *one = room_desk(&room, "cat1");
    must(recto_clock_init(&room.clock, "2025-11-22T15:52:00Z", &error), &error);
    catalog *two = room_desk(&room, "cat2");
    const int64_t now = catalog_now(two);
    const mms_id id = store(one, ZONE_INSTITUTION, book("1", "Sea"));
    edit_session *mine = open_record(one, id);
    type_note(mine, "Of cat1.");
    must(catalog_heartbeat(one, 0, &error), &error);
    give_sign(one, id, now, now - 3600);
    edit_session *theirs = open_record(two, id);
    assert_true(edit_state_of(theirs)->view_only);
    release(&theirs);
    must(repo_setting_set(catalog_repo(one), 0, "lock_idle_minutes", "61", &error), &error);
    theirs = open_record(two, id);
    assert_true(edit_state_of(theirs)->view_only);
    release(&theirs);
    must(repo_setting_set(catalog_repo(one), 0, "lock_idle_minutes", "59", &error), &error);
    theirs = open_record(two, id);
    assert_false(edit_state_of(theirs)->view_only);
    must(catalog_tell(one, hear, &heard, &error), &error);
    assert_int_equal(heard.count, 1);
    assert_string_equal(heard.last.by, "cat2");
    assert_non_null(strstr(heard.last.reason, "run out"));
    assert_true(edit_state_of(mine)->view_only);
    assert_int_equal(draft_count(one), 1);
    release(&theirs);
    release(&mine);
    room_close(&room);
}

/* ED-90: text, undo and lock go along; the receiver finds it. */
static void a_record_is_assigned(void **unused)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    heard heard = { .count = 0 };
    (void)unused;
    people(&room);
    room_user(&room, "reader", "");
    catalog *one = room_desk(&room, "cat1"), *two = room_desk(&room, "cat2");
    const mms_id id = store(one, ZONE_INSTITUTION, book("1", "Sea"));
    edit_session *mine = open_record(one, id);
    type_note(mine, "Half done.");
    assert_int_equal(edit_assign(&mine, "nobody", "", &error), RECTO_ENOTFOUND);
    assert_int_equal(edit_assign(&mine, "reader", "", &error), RECTO_EREFUSED);
    assert_int_equal(edit_assign(&mine, "cat1", "", &error), RECTO_EINVALID);
    must(edit_assign(&mine, "cat2", "please delete", &error), &error);
    assert_null(mine);
    assert_int_equal(draft_count(one), 0);
    assert_int_equal(draft_count(two), 1);
    must(catalog_tell(two, hear, &heard, &error), &error);
    assert_int_equal(heard.count, 1);
    assert_string_equal(heard.last.kind, "assigned");
    assert_string_equal(heard.last.by, "cat1");
    /* The lock is the receiver's: the sender sees it so. */
    mine = open_record(one, id);
    assert_true(edit_state_of(mine)->view_only);
    assert_string_equal(edit_state_of(mine)->locked_by, "cat2");
    release(&mine);
    edit_session *theirs = NULL;
    must(edit_resume(&theirs, two, id, &error), &error);
    assert_false(edit_state_of(theirs)->view_only);
    assert_true(record_has(marc_edit_record(edit_of(theirs)), "500", "Half done."));
    must(edit_undo(theirs, NULL, &error), &error);
    assert_false(record_has(marc_edit_record(edit_of(theirs)), "500", "Half done."));
    release(&theirs);
    room_close(&room);
}

/* A new record has no lock to go along; a receiver with a text of their own keeps that. */
static void assigning_new_and_refused(void **unused)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    (void)unused;
    people(&room);
    catalog *one = room_desk(&room, "cat1"), *two = room_desk(&room, "cat2");
    marc_record *record = book("5", "New");
    edit_session *mine = NULL, *theirs = NULL;
    must(edit_new(&mine, one, catalog_zone(one, ZONE_INSTITUTION)->id, &record, "new", &error), &error);
    const mms_id id = edit_state_of(mine)->id;
    must(edit_assign(&mine, "cat2", NULL, &error), &error);
    must(edit_resume(&theirs, two, id, &error), &error);
    assert_true(edit_state_of(theirs)->is_new);
    assert_int_equal(save(theirs, true, NULL), OUTCOME_ADDED);
    type_note(theirs, "Of cat2.");
    edit_leave(&theirs);
    catalog *head = room_desk(&room, "head");
    mine = open_record(head, id);
    must(edit_take_over(mine, "needed", &error), &error);
    assert_int_equal(edit_assign(&mine, "cat2", NULL, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "draft"));
    assert_non_null(mine);
    assert_false(edit_state_of(mine)->view_only);
    assert_int_equal(save(mine, true, NULL), OUTCOME_UNCHANGED);
    release(&mine);
    room_close(&room);
}

/* ED-149: each thing in the way, by itself and as a sentence; ED-172 */
static void what_stands_in_the_way(void **unused)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    delete_obstacle *rows = NULL;
    size_t count = 0;
    char line[64];
    buffer sentence;
    (void)unused;
    people(&room);
    room_user(&room, "cat3", "CAT,CATX,PIO,PIOX,RM");
    catalog *desk = room_desk(&room, "cat3");
    const mms_id id = store(desk, ZONE_INSTITUTION, book("1", "Host"));
    marc_record *part = book("2", "Part"), *holdings = NULL;
    snprintf(line, sizeof line, "$tHost$w%lld", (long long)id);
    add_line(part, "773", "08", line);
    const mms_id naming = store(desk, ZONE_INSTITUTION, part);
    mms_id holding = 0;
    must(catalog_holding_template(&holdings, desk, id, &error), &error);
    must(catalog_holding_save(desk, &holding, id, holdings, 0, &error), &error);
    marc_record_free(holdings);
    item item = { .holding = holding };
    snprintf(item.barcode, sizeof item.barcode, "3901");
    must(catalog_item_save(desk, &item, &error), &error);
    must(catalog_delete_obstacles(&rows, &count, desk, id, &error), &error);
    assert_int_equal(count, 3);
    assert_int_equal(rows[0].kind, 'H');
    assert_true(rows[0].id == holding);
    assert_int_equal(rows[1].kind, 'I');
    assert_non_null(strstr(rows[1].what, "3901"));
    assert_int_equal(rows[2].kind, 'W');
    assert_true(rows[2].id == naming);
    buffer_init(&sentence, 1024);
    delete_obstacles_sentence(&sentence, rows, count);
    assert_string_equal(buffer_string(&sentence), "1 holdings record, 1 item, 1 record that names it");
    buffer_release(&sentence);
    free(rows);
    assert_int_equal(catalog_delete(desk, id, 1, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "1 item"));
    room_close(&room);
}

static size_t deleted_rows(catalog *desk, const char *words)
{
    recto_error error = { .status = RECTO_OK };
    deleted_row *rows = NULL;
    size_t count = 0;
    bool more = false;
    must(catalog_deleted(&rows, &count, &more, desk, words, 100, &error), &error);
    free(rows);
    return count;
}

/* ED-150: by title and any ID, and back with the content it had; found again afterwards. */
static void deleted_and_restored(void **unused)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    char id_text[MMS_ID_LENGTH];
    undeleted back;
    (void)unused;
    people(&room);
    catalog *desk = room_desk(&room, "cat1"), *plain = NULL;
    room_user(&room, "plain", "CAT");
    plain = room_desk(&room, "plain");
    const mms_id id = store(desk, ZONE_INSTITUTION, book("4711", "Señor Sea")),
                 other = store(desk, ZONE_INSTITUTION, book("2", "Land"));
    must(catalog_delete(desk, id, 1, &error), &error);
    must(catalog_delete(desk, other, 1, &error), &error);
    mms_id_format(id_text, id);
    assert_int_equal(deleted_rows(desk, ""), 2);
    assert_int_equal(deleted_rows(desk, "senor"), 1);
    assert_int_equal(deleted_rows(desk, "writer"), 2);
    assert_int_equal(deleted_rows(desk, id_text), 1);
    assert_int_equal(deleted_rows(desk, "(OCoLC)4711"), 1);
    assert_int_equal(deleted_rows(desk, "ocean"), 0);
    assert_int_equal(catalog_undelete(&back, plain, id, &error), RECTO_EREFUSED);
    must(catalog_undelete(&back, desk, id, &error), &error);
    assert_int_equal(back.version, 2);
    assert_int_equal(catalog_undelete(&back, desk, id, &error), RECTO_EREFUSED);
    assert_int_equal(deleted_rows(desk, ""), 1);
    assert_int_equal(count_hits(desk, SEARCH_ALL_TITLES, ZONE_INSTITUTION, "ti", "senor sea", NULL), 1);
    room_close(&room);
}

/* ED-179, ED-180: off until enabled; then view only with the sentence, and no door writes past it. */
static void levels(void **unused)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    char message[300];
    (void)unused;
    people(&room);
    catalog *one = room_desk(&room, "cat1"), *chief = room_desk(&room, "chief");
    const mms_id id = store(one, ZONE_INSTITUTION, book("1", "Sea"));
    must(repo_setting_set(catalog_repo(chief), catalog_zone(chief, ZONE_INSTITUTION)->id, "cataloging_levels", "on", &error),
         &error);
    assert_int_equal(catalog_set_level(one, id, 50, &error), RECTO_EREFUSED);
    assert_int_equal(catalog_user_set_level(one, "cat2", 50, &error), RECTO_EREFUSED);
    assert_int_equal(catalog_user_set_level(chief, "cat2", 500, &error), RECTO_EINVALID);
    must(catalog_user_set_level(chief, "cat2", 50, &error), &error);
    catalog *two = room_desk(&room, "cat2");
    assert_int_equal(catalog_own_level(two), 50);
    edit_session *open = open_record(one, id);
    type_note(open, "Begun before.");
    assert_int_equal(catalog_set_level(two, id, 50, &error), RECTO_ELOCKED);
    release(&open);
    must(catalog_set_level(two, id, 50, &error), &error);
    open = open_record(one, id);
    assert_true(edit_state_of(open)->view_only);
    assert_string_equal(edit_state_of(open)->view_only_reason, "Level 50 record; yours is 00");
    release(&open);
    open = open_record(two, id);
    assert_false(edit_state_of(open)->view_only);
    release(&open);
    assert_int_equal(catalog_delete(one, id, 1, &error), RECTO_EREFUSED);
    marc_record *record = NULL;
    ingest_outcome outcome;
    ingest_policy policy = *catalog_policy("load");
    must(catalog_load(one, id, &record, NULL, &error), &error);
    add_line(record, "500", "  ", "$aPast the level.");
    const ingest_request request = {
        .record = record, .zone = catalog_zone(one, ZONE_INSTITUTION)->id, .policy = &policy, .id = id, .base_version = 1
    };
    must(catalog_ingest(&outcome, one, &request, &error), &error);
    assert_int_equal(outcome.kind, OUTCOME_REFUSED);
    snprintf(message, sizeof message, "%s", outcome.message);
    assert_non_null(strstr(message, "Level 50 record"));
    ingest_outcome_release(&outcome);
    marc_record_free(record);
    room_close(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_holds_it),
        cmocka_unit_test(own_record_is_fetched_from_the_other_session),
        cmocka_unit_test(a_lock_is_taken_over),
        cmocka_unit_test(a_save_without_the_lock),
        cmocka_unit_test(a_lock_runs_out_without_a_key),
        cmocka_unit_test(a_record_is_assigned),
        cmocka_unit_test(assigning_new_and_refused),
        cmocka_unit_test(what_stands_in_the_way),
        cmocka_unit_test(deleted_and_restored),
        cmocka_unit_test(levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
