/* tests/catalog/history_test.c - counts, blame and restoring (ED-95 to ED-99). */
#include "room.h"

#include "recto/catalog/history.h"

static void change(edit_session *session, const char *tag, const char *line)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *made = NULL;
    marc_edit *edit = edit_of(session);
    const size_t at = marc_record_find(marc_edit_record(edit), tag, 0);
    must(marc_record_new(&made, &error), &error);
    add_line(made, tag, "10", line);
    must(marc_edit_replace(edit, at, tag, marc_record_field(made, 0)->content, &error), &error);
    marc_record_free(made);
}

static void save(edit_session *session, outcome_kind wanted)
{
    recto_error error = { .status = RECTO_OK };
    ingest_outcome outcome;
    must(edit_save(&outcome, session, true, &error), &error);
    assert_int_equal(outcome.kind, wanted);
    ingest_outcome_release(&outcome);
}

static edit_session *open_for(catalog *desk, mms_id id)
{
    recto_error error = { .status = RECTO_OK };
    edit_session *session = NULL;
    must(edit_open(&session, desk, id, &error), &error);
    assert_false(edit_state_of(session)->view_only);
    return session;
}

static void leave(edit_session *session)
{
    recto_error error = { .status = RECTO_OK };
    must(edit_release(&session, &error), &error);
}

/* Versions 1 (load), 2 (cat1: $c of 245, a note) and 3 (cat2: the note gone, 300 before 264). */
static mms_id three_versions(room *room, catalog **desk)
{
    recto_error error = { .status = RECTO_OK };
    room_user(room, "cat1", "CAT,CATX");
    room_user(room, "cat2", "CAT,CATX");
    *desk = room_desk(room, "cat1");
    const mms_id id = store(*desk, ZONE_INSTITUTION, book("77", "Sea"));
    edit_session *session = open_for(*desk, id);
    change(session, "245", "$aSea /$cby Ann Writer.");
    type_note(session, "A note.");
    save(session, OUTCOME_UPDATED);
    leave(session);
    catalog *other = room_desk(room, "cat2");
    session = open_for(other, id);
    marc_edit *edit = edit_of(session);
    must(marc_edit_remove(edit, marc_record_find(marc_edit_record(edit), "500", 0), &error), &error);
    const size_t from = marc_record_find(marc_edit_record(edit), "300", 0);
    must(marc_edit_move(edit, from, marc_record_find(marc_edit_record(edit), "264", 0), &error), &error);
    save(session, OUTCOME_UPDATED);
    leave(session);
    room_leave(room, other);
    return id;
}

static void counts_by_version(void **unused)
{
    room room;
    catalog *desk;
    difference_counts counts;
    recto_error error = { .status = RECTO_OK };
    (void)unused;
    room_open(&room);
    const mms_id id = three_versions(&room, &desk);
    must(catalog_version_counts(&counts, desk, id, 2, &error), &error);
    assert_int_equal(counts.added, 1);
    assert_int_equal(counts.changed, 1);
    assert_int_equal(counts.removed, 0);
    must(catalog_version_counts(&counts, desk, id, 1, &error), &error);
    assert_int_equal(counts.added, 8); /* with 001 and 005 */
    assert_int_equal(catalog_version_counts(&counts, desk, id, 9, &error), RECTO_ENOTFOUND);
    room_close(&room);
}

static const blame_field *blame_of(const record_blame *blame, const char *tag)
{
    return &blame->fields[marc_record_find(blame->record, tag, 0) + 1];
}

static void blame_to_the_subfield(void **unused)
{
    room room;
    catalog *desk;
    record_blame blame;
    recto_error error = { .status = RECTO_OK };
    (void)unused;
    room_open(&room);
    const mms_id id = three_versions(&room, &desk);
    must(catalog_blame(&blame, desk, id, NULL, &error), &error);
    assert_int_equal(blame.version_count, 3);
    const blame_field *title = blame_of(&blame, "245");
    assert_int_equal(blame.versions[title->version].version, 2);
    assert_string_equal(blame.versions[title->version].saved_by, "cat1");
    assert_int_equal(title->part_count, 3);
    assert_int_equal(blame.parts[title->first_part].version, 0);
    assert_int_equal(blame.parts[title->first_part + 1].version, 0);
    assert_int_equal(blame.parts[title->first_part + 1].code, 'a');
    assert_int_equal(blame.parts[title->first_part + 2].version, 1);
    /* Moved is not changed; the leader's lengths are nobody's work. */
    assert_int_equal(blame_of(&blame, "300")->version, 0);
    assert_int_equal(blame_of(&blame, "264")->version, 0);
    assert_int_equal(blame.fields[0].version, 0);
    record_blame_release(&blame);
    room_close(&room);
}

static void blame_of_what_is_not_saved(void **unused)
{
    room room;
    catalog *desk;
    record_blame blame;
    recto_error error = { .status = RECTO_OK };
    (void)unused;
    room_open(&room);
    const mms_id id = three_versions(&room, &desk);
    edit_session *session = open_for(desk, id);
    change(session, "245", "$aSeas /$cby Ann Writer.");
    must(catalog_blame(&blame, desk, id, marc_edit_record(edit_of(session)), &error), &error);
    const blame_field *title = blame_of(&blame, "245");
    assert_true(title->version == BLAME_OPEN);
    assert_true(blame.parts[title->first_part + 1].version == BLAME_OPEN);
    assert_int_equal(blame.parts[title->first_part + 2].version, 1);
    record_blame_release(&blame);
    leave(session);
    room_close(&room);
}

/* Any line of a comparison, of any kind, makes that field as in the version; undo takes each back. */
static void each_line_can_be_taken_back(void **unused)
{
    room room;
    catalog *desk;
    marc_record *stored = NULL;
    recto_error error = { .status = RECTO_OK };
    (void)unused;
    room_open(&room);
    const mms_id id = three_versions(&room, &desk);
    edit_session *session = open_for(desk, id);
    marc_edit *edit = edit_of(session);
    must(catalog_version_load(desk, id, 2, &stored, &error), &error);
    for (size_t left = 100, steps = 0;; steps++) {
        record_difference *lines = NULL;
        size_t count = 0, at = 0, open = 0;
        must(record_difference_make(&lines, &count, stored, marc_edit_record(edit), &error), &error);
        for (size_t i = 0; i < count; i++)
            if (lines[i].kind != DIFFERENCE_NONE && !record_difference_is_system(&lines[i], stored, marc_edit_record(edit))) {
                at = i;
                open++;
            }
        if (open > 0)
            must(edit_restore_line(session, stored, 2, &lines[at], &error), &error);
        free(lines);
        if (open == 0) {
            assert_true(steps >= 2);
            break;
        }
        assert_true(open < left);
        left = open;
    }
    assert_true(record_has(marc_edit_record(edit), "500", "A note."));
    while (edit_undo(session, NULL, &error) == RECTO_OK) {
    }
    assert_false(record_has(marc_edit_record(edit), "500", "A note."));
    assert_false(marc_edit_changed(edit));
    marc_record_free(stored);
    leave(session);
    room_close(&room);
}

static void restore_by_name(void **unused)
{
    room room;
    catalog *desk;
    ingest_outcome outcome;
    recto_error error = { .status = RECTO_OK };
    (void)unused;
    room_open(&room);
    const mms_id id = three_versions(&room, &desk);
    must(catalog_restore(&outcome, desk, id, 2, "500", 1, &error), &error);
    assert_int_equal(outcome.kind, OUTCOME_UPDATED);
    ingest_outcome_release(&outcome);
    assert_true(stored_has(desk, id, "500", "A note."));
    assert_true(stored_has(desk, id, "245", "by Ann Writer"));
    /* Of version 1, that had none: the note goes. */
    must(catalog_restore(&outcome, desk, id, 1, "500", 0, &error), &error);
    ingest_outcome_release(&outcome);
    assert_false(stored_has(desk, id, "500", "A note."));
    assert_int_equal(catalog_restore(&outcome, desk, id, 1, "005", 0, &error), RECTO_EREFUSED);
    assert_int_equal(catalog_restore(&outcome, desk, id, 1, "999", 1, &error), RECTO_ENOTFOUND);
    room_close(&room);
}

/* Neither past another's lock, nor together with a draft of one's own that nobody asked to be saved. */
static void restore_refused(void **unused)
{
    room room;
    catalog *desk;
    ingest_outcome outcome;
    recto_error error = { .status = RECTO_OK };
    (void)unused;
    room_open(&room);
    const mms_id id = three_versions(&room, &desk);
    catalog *other = room_desk(&room, "cat2");
    edit_session *session = open_for(other, id);
    assert_int_equal(catalog_restore(&outcome, desk, id, 1, NULL, 0, &error), RECTO_ELOCKED);
    assert_non_null(strstr(error.what, "cat2"));
    type_note(session, "Of cat2.");
    edit_leave(&session);
    assert_int_equal(catalog_restore(&outcome, other, id, 1, NULL, 0, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "draft"));
    room_close(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_by_version),
        cmocka_unit_test(blame_to_the_subfield),
        cmocka_unit_test(blame_of_what_is_not_saved),
        cmocka_unit_test(each_line_can_be_taken_back),
        cmocka_unit_test(restore_by_name),
        cmocka_unit_test(restore_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
