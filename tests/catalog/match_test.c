/* tests/catalog/match_test.c - the list of matches: its columns, why and why not, previews that are taken as they stand. */
#include "catalog/room.h"

#include "recto/catalog/rules.h"

static void desk_open(room *room, catalog **desk)
{
    room_open(room);
    room_user(room, "cat1", "CAT,CATX,PIO,PIOX,CM,CA,GSA");
    room_user(room, "cat2", "CAT");
    *desk = room_desk(room, "cat1");
}

static edit_session *import(catalog *desk, const char *oclc, const char *title)
{
    recto_error error = { .status = RECTO_OK };
    edit_session *session = NULL;
    marc_record *record = book(oclc, title);
    must(edit_new(&session, desk, catalog_zone(desk, ZONE_INSTITUTION)->id, &record, "LC", &error), &error);
    return session;
}

static size_t find_line(const merge_result *result, const char *tag, bool kept, const char *words)
{
    for (size_t i = 0; i < merge_result_count(result); i++) {
        const merge_line *line = merge_result_line(result, i);
        buffer content;
        buffer_init(&content, 0);
        buffer_append_text(&content, line->content);
        const bool found = strcmp(line->tag, tag) == 0 && line->kept == kept && strstr(buffer_string(&content), words) != NULL;
        buffer_release(&content);
        if (found)
            return i;
    }
    fail_msg("no line %s %s", tag, words);
    return SIZE_MAX;
}

static bool shows(edit_session *session, const char *tag, const char *value)
{
    return record_has(marc_edit_record(edit_of(session)), tag, value);
}

static void save_note(catalog *desk, mms_id id)
{
    recto_error error = { .status = RECTO_OK };
    edit_session *open = NULL;
    ingest_outcome outcome;
    must(edit_open(&open, desk, id, &error), &error);
    type_note(open, "Somebody else was here.");
    must(edit_save(&outcome, open, true, &error), &error);
    ingest_outcome_release(&outcome);
    must(edit_release(&open, &error), &error);
}

/* ---- the list */

static void a_match_shows_what_it_is_and_how_alike(void **state)
{
    (void)state;
    room room;
    catalog *desk = NULL;
    recto_error error = { .status = RECTO_OK };
    match_hit *hits = NULL;
    size_t count = 0;
    desk_open(&room, &desk);
    const mms_id same = store(desk, ZONE_INSTITUTION, book("1001", "Moby Dick")),
                 other = store(desk, ZONE_INSTITUTION, book("1001", "Cooking with herbs"));
    edit_session *session = import(desk, "1001", "Moby Dick");
    must(edit_find_matches(&hits, &count, session, &error), &error);
    assert_int_equal(count, 2);
    for (size_t i = 0; i < count; i++) {
        const match_hit *hit = &hits[i];
        assert_string_equal(hit->imprint, "Town : House, 2001.");
        assert_int_equal(hit->encoding_level, ' ');
        assert_int_equal(hit->zone, ZONE_INSTITUTION);
        assert_string_equal(hit->info.modified_by, "cat1");
        assert_non_null(strstr(hit->why, "1001"));
        if (hit->info.id == same)
            assert_int_equal(hit->likeness, 100);
        else
            assert_in_range(hit->likeness, 40, 70); /* date and format agree, of the title nothing */
    }
    assert_true(hits[0].info.id == other || hits[1].info.id == other);
    free(hits);
    must(edit_release(&session, &error), &error);
    room_close(&room);
}

static void a_match_is_explained_and_so_is_none(void **state)
{
    (void)state;
    room room;
    catalog *desk = NULL;
    recto_error error = { .status = RECTO_OK };
    buffer why;
    buffer_init(&why, 0);
    desk_open(&room, &desk);
    const mms_id same = store(desk, ZONE_INSTITUTION, book("1001", "Moby Dick")),
                 none = store(desk, ZONE_INSTITUTION, book("1002", "Moby Dick"));
    marc_record *record = book("1001", "Moby Dick");
    must(catalog_explain_match(&why, desk, record, same, catalog_policy("ask"), &error), &error);
    assert_non_null(strstr(buffer_string(&why), "1001"));
    buffer_clear(&why);
    must(catalog_explain_match(&why, desk, record, none, catalog_policy("ask"), &error), &error);
    assert_non_null(strstr(buffer_string(&why), "1001"));
    assert_non_null(strstr(buffer_string(&why), "1002"));
    assert_int_equal(catalog_explain_match(&why, desk, record, 991, catalog_policy("ask"), &error), RECTO_ENOTFOUND);
    buffer_clear(&why);
    must(catalog_delete(desk, none, 1, &error), &error);
    must(catalog_explain_match(&why, desk, record, none, catalog_policy("ask"), &error), &error);
    assert_non_null(strstr(buffer_string(&why), "deleted"));
    buffer_release(&why);
    marc_record_free(record);
    room_close(&room);
}

/* ---- previews with lines turned */

static void what_was_previewed_is_what_is_taken(void **state)
{
    (void)state;
    room room;
    catalog *desk = NULL;
    recto_error error = { .status = RECTO_OK };
    merge_result *result = NULL;
    desk_open(&room, &desk);
    marc_record *stored = book("1001", "Moby Dick");
    add_line(stored, "650", " 0", "$aWhales.");
    const mms_id match = store(desk, ZONE_INSTITUTION, stored);
    edit_session *session = import(desk, "1001", "Moby Dick, or, The whale");
    assert_int_equal(edit_take_match_result(session, match, false, NULL, &error), RECTO_EREFUSED); /* nothing was previewed */
    must(edit_preview_match(&result, session, match, false, &error), &error);
    assert_false(record_has(merge_result_record(result), "650", "Whales"));
    must(merge_result_toggle(result, find_line(result, "650", false, "Whales"), &error), &error);
    assert_int_equal(edit_take_match_result(session, match, true, result, &error), RECTO_EREFUSED); /* the other way */
    must(edit_take_match_result(session, match, false, result, &error), &error);
    merge_result_free(result);
    assert_true(shows(session, "650", "Whales"));
    assert_true(shows(session, "245", "The whale"));
    assert_int_equal(edit_state_of(session)->will_update, match);
    assert_int_equal(marc_edit_steps(edit_of(session)), 1);
    must(edit_undo(session, NULL, &error), &error);
    assert_int_equal(edit_state_of(session)->will_update, 0);
    assert_false(shows(session, "650", "Whales"));
    must(edit_redo(session, NULL, &error), &error);
    assert_true(shows(session, "650", "Whales"));
    must(edit_release(&session, &error), &error);
    room_close(&room);
}

static void a_preview_that_is_no_longer_true_is_refused(void **state)
{
    (void)state;
    room room;
    catalog *desk = NULL;
    recto_error error = { .status = RECTO_OK };
    merge_result *result = NULL;
    desk_open(&room, &desk);
    const mms_id match = store(desk, ZONE_INSTITUTION, book("1001", "Moby Dick"));
    edit_session *session = import(desk, "1001", "Moby Dick, or, The whale");
    must(edit_preview_match(&result, session, match, false, &error), &error);
    save_note(room_desk(&room, "cat2"), match);
    assert_int_equal(edit_take_match_result(session, match, false, result, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "saved by cat2 since the preview"));
    assert_int_equal(edit_state_of(session)->will_update, 0);
    merge_result_free(result);
    must(edit_preview_match(&result, session, match, false, &error), &error);
    type_note(session, "Typed meanwhile.");
    assert_int_equal(edit_take_match_result(session, match, false, result, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "open record was changed"));
    merge_result_free(result);
    must(edit_preview_match(&result, session, match, false, &error), &error);
    must(edit_take_match_result(session, match, false, result, &error), &error);
    merge_result_free(result);
    must(edit_release(&session, &error), &error);
    room_close(&room);
}

static void an_external_record_is_taken_as_previewed(void **state)
{
    (void)state;
    room room;
    catalog *desk = NULL;
    recto_error error = { .status = RECTO_OK };
    merge_result *result = NULL;
    edit_session *session = NULL;
    desk_open(&room, &desk);
    marc_record *stored = book("1001", "Moby Dick"), *external = book("1001", "Moby Dick, or, The whale");
    add_line(stored, "500", "  ", "$aOurs.");
    const mms_id id = store(desk, ZONE_INSTITUTION, stored);
    must(edit_open(&session, desk, id, &error), &error);
    must(edit_preview_external(&result, session, external, true, &error), &error);
    must(merge_result_toggle(result, find_line(result, "500", false, "Ours"), &error), &error);
    assert_int_equal(edit_take_external_result(session, external, false, "LC", result, &error), RECTO_EREFUSED);
    must(edit_take_external_result(session, external, true, "LC", result, &error), &error);
    merge_result_free(result);
    assert_true(shows(session, "500", "Ours"));
    assert_true(shows(session, "245", "The whale"));
    must(edit_undo(session, NULL, &error), &error);
    assert_false(shows(session, "245", "The whale"));
    marc_record_free(external);
    must(edit_release(&session, &error), &error);
    room_close(&room);
}

/* ---- who is primary */

/* Written for copy cataloging: the incoming record is the primary; what the library has added is added back. */
static const char COPY_RULE[] = "# primary: incoming\n"
                                "rule \"copy\"\n"
                                "when\n"
                                "merge\n"
                                "then\n"
                                "add MARC.\"500\"\n"
                                "end\n";

static void choose(catalog *desk, rule_use use, const char *name, const char *source)
{
    recto_error error = { .status = RECTO_OK };
    char warning[RULE_WARNING] = "";
    int version = 0;
    const int zone = catalog_zone(desk, ZONE_INSTITUTION)->id;
    must(catalog_rule_save(desk, zone, RULES_MERGE, name, text_from(source), 0, NULL, &version, &error), &error);
    must(catalog_rule_choose(desk, zone, use, name, false, warning, &error), &error);
}

static void a_rule_for_copying_has_the_external_record_as_primary(void **state)
{
    (void)state;
    room room;
    catalog *desk = NULL;
    recto_error error = { .status = RECTO_OK };
    edit_session *session = NULL;
    char number[MMS_ID_LENGTH];
    desk_open(&room, &desk);
    marc_record *stored = book("1001", "Moby Dick"), *external = book("1001", "Moby Dick, or, The whale");
    add_line(stored, "500", "  ", "$aOurs.");
    add_line(stored, "650", " 0", "$aWhales.");
    const mms_id id = store(desk, ZONE_INSTITUTION, stored);
    choose(desk, RULE_USE_COPY_MERGE, "Copy", COPY_RULE);
    must(edit_open(&session, desk, id, &error), &error);
    must(edit_take_external(session, external, false, "LC", &error), &error);
    assert_true(shows(session, "245", "The whale")); /* the primary's */
    assert_true(shows(session, "500", "Ours"));      /* added from the secondary */
    assert_false(shows(session, "650", "Whales"));
    mms_id_format(number, id);
    assert_true(shows(session, "001", number));
    must(edit_release(&session, &error), &error);
    /* A predefined method has the repository's record as primary, as it always had. */
    char warning[RULE_WARNING] = "";
    must(catalog_rule_choose(desk, catalog_zone(desk, ZONE_INSTITUTION)->id, RULE_USE_COPY_MERGE, "keep-old", true, warning,
                             &error),
         &error);
    must(edit_open(&session, desk, id, &error), &error);
    must(edit_take_external(session, external, false, "LC", &error), &error);
    assert_false(shows(session, "245", "The whale"));
    assert_true(shows(session, "650", "Whales"));
    must(edit_release(&session, &error), &error);
    marc_record_free(external);
    room_close(&room);
}

static void a_rule_for_matches_has_the_repositorys_record_as_primary(void **state)
{
    (void)state;
    static const char rule[] = "# primary: existing\nrule \"match\"\nwhen\nmerge\nthen\nadd MARC.\"500\"\nend\n";
    room room;
    catalog *desk = NULL;
    recto_error error = { .status = RECTO_OK };
    desk_open(&room, &desk);
    const mms_id match = store(desk, ZONE_INSTITUTION, book("1001", "Moby Dick"));
    choose(desk, RULE_USE_MATCH_MERGE, "Match", rule);
    edit_session *session = import(desk, "1001", "Moby Dick, or, The whale");
    type_note(session, "Theirs.");
    must(edit_take_match(session, match, false, &error), &error);
    assert_false(shows(session, "245", "The whale"));
    assert_true(shows(session, "500", "Theirs"));
    must(edit_release(&session, &error), &error);
    room_close(&room);
}

/* ---- other ways than merging */

static void the_match_is_used_instead(void **state)
{
    (void)state;
    room room;
    catalog *desk = NULL;
    recto_error error = { .status = RECTO_OK };
    desk_open(&room, &desk);
    const mms_id match = store(desk, ZONE_INSTITUTION, book("1001", "Moby Dick"));
    edit_session *session = import(desk, "1001", "Moby Dick, or, The whale"), *before = session;
    assert_int_equal(edit_use_match(&session, 991, &error), RECTO_ENOTFOUND);
    assert_ptr_equal(session, before);
    must(edit_use_match(&session, match, &error), &error);
    assert_int_equal(edit_state_of(session)->id, match);
    assert_false(edit_state_of(session)->view_only);
    assert_false(shows(session, "245", "The whale"));
    draft_row *drafts = NULL;
    size_t count = 0;
    must(catalog_drafts(&drafts, &count, desk, &error), &error);
    assert_int_equal(count, 0);
    free(drafts);
    must(edit_release(&session, &error), &error);
    room_close(&room);
}

static void note_version(void *context, const bib_version *version)
{
    if (version->version == 1)
        snprintf(context, 160, "%s", version->note);
}

static void a_separate_record_is_not_reported_again(void **state)
{
    (void)state;
    room room;
    catalog *desk = NULL;
    recto_error error = { .status = RECTO_OK };
    ingest_outcome outcome;
    match_hit *hits = NULL;
    size_t count = 0;
    char note[160] = "";
    desk_open(&room, &desk);
    (void)store(desk, ZONE_INSTITUTION, book("1001", "Moby Dick"));
    edit_session *session = import(desk, "1001", "Moby Dick");
    assert_int_equal(edit_save_separate(&outcome, session, "  ", &error), RECTO_EINVALID);
    must(edit_save(&outcome, session, false, &error), &error);
    assert_int_equal(outcome.kind, OUTCOME_NEEDS_DECISION);
    ingest_outcome_release(&outcome);
    must(edit_save_separate(&outcome, session, "another printing", &error), &error);
    assert_int_equal(outcome.kind, OUTCOME_ADDED);
    must(catalog_versions(desk, outcome.id, note_version, note, &error), &error);
    assert_string_equal(note, "separate record: another printing");
    ingest_outcome_release(&outcome);
    must(edit_find_matches(&hits, &count, session, &error), &error);
    assert_int_equal(count, 0);
    free(hits);
    /* a third one is */
    (void)store(desk, ZONE_INSTITUTION, book("1001", "Moby Dick"));
    must(edit_find_matches(&hits, &count, session, &error), &error);
    assert_int_equal(count, 1);
    free(hits);
    must(edit_release(&session, &error), &error);
    room_close(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_match_shows_what_it_is_and_how_alike),
        cmocka_unit_test(a_match_is_explained_and_so_is_none),
        cmocka_unit_test(what_was_previewed_is_what_is_taken),
        cmocka_unit_test(a_preview_that_is_no_longer_true_is_refused),
        cmocka_unit_test(an_external_record_is_taken_as_previewed),
        cmocka_unit_test(a_rule_for_copying_has_the_external_record_as_primary),
        cmocka_unit_test(a_rule_for_matches_has_the_repositorys_record_as_primary),
        cmocka_unit_test(the_match_is_used_instead),
        cmocka_unit_test(a_separate_record_is_not_reported_again),
    };
    return cmocka_run_group_tests_name("the list of matches", tests, NULL, NULL);
}
