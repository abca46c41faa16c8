/* tests/catalog/combine_test.c - two records of the repository become one, with all that hangs on them, and two again; and when
 * they must not. */
#include "catalog/combine_room.h"

static size_t hits(catalog *desk, search_type type, const char *index, const char *text)
{
    return count_hits(desk, type, ZONE_INSTITUTION, index, text, NULL);
}

/* ---- the whole act and its way back */

static void two_records_become_one_and_two_again(void **state)
{
    (void)state;
    two two;
    char number[MMS_ID_LENGTH];
    recto_error error = { .status = RECTO_OK };
    int64_t undo = 0;
    two_open(&two, ZONE_INSTITUTION);
    const mms_id plain = name_it(two.desk, two.secondary, ZONE_INSTITUTION, ""),
                 prefixed = name_it(two.desk, two.secondary, ZONE_NETWORK, "(01EXAMPLE)");
    combine_plan plan = look(two.desk, two.primary, two.secondary, "overlay-but-local");
    assert_int_equal(plan.holdings, 2);
    assert_int_equal(plan.items, 3);
    assert_int_equal(plan.portfolios, 0);
    assert_int_equal(plan.relinked, 2);
    assert_int_equal(plan.not_mended, 0);
    assert_int_equal(plan.linked, 0);
    assert_string_equal(plan.primary_title, "The Whale");
    combine_plan_release(&plan);

    const int64_t job = combine(&two, "overlay-but-local", COMBINE_DELETE);
    const bib_info primary = info_of(two.desk, two.primary);
    assert_int_equal(primary.holdings, 2);
    assert_int_equal(primary.items, 3);
    assert_int_equal(primary.version, 2);
    assert_true(info_of(two.desk, two.secondary).deleted);
    assert_int_equal(info_of(two.desk, two.secondary).items, 0);
    assert_true(stored_has(two.desk, two.primary, "650", "Whales"));
    mms_id_format(number, two.primary);
    assert_true(stored_has(two.desk, two.primary, "001", number));
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(bib_of(two.desk, two.holdings[i]), two.primary);
    assert_true(stored_has(two.desk, plain, "776", number));
    assert_true(stored_has(two.desk, plain, "776", "(OCoLC)77"));
    assert_true(stored_has(two.desk, prefixed, "776", "(01EXAMPLE)"));
    assert_true(stored_has(two.desk, prefixed, "776", number));
    /* found under the survivor: by barcode, by either OCLC number, by the number that went */
    assert_int_equal(first_hit(two.desk, SEARCH_PHYSICAL_ITEMS, "bc", "30002"), two.primary);
    assert_int_equal(first_hit(two.desk, SEARCH_ALL_TITLES, "oclcz", "1001"), two.primary);
    assert_int_equal(first_hit(two.desk, SEARCH_ALL_TITLES, "oclcz", "1002"), two.primary);
    mms_id_format(number, two.secondary);
    assert_int_equal(first_hit(two.desk, SEARCH_ALL_TITLES, "mms", number), two.primary);
    assert_int_equal(hits(two.desk, SEARCH_PHYSICAL_TITLES, "ti", "whale"), 1);
    assert_whole(two.desk);
    assert_int_equal(audit_rows(&two.room, "bib.merge"), 1);

    must(catalog_undo_merge(&undo, two.desk, two.primary, &error), &error);
    assert_true(undo > job);
    as_before(&two);
    mms_id_format(number, two.secondary);
    assert_true(stored_has(two.desk, plain, "776", number));
    assert_true(stored_has(two.desk, prefixed, "776", number));
    assert_int_equal(first_hit(two.desk, SEARCH_ALL_TITLES, "mms", number), two.secondary);
    assert_int_equal(info_of(two.desk, two.primary).version, 3);
    assert_int_equal(info_of(two.desk, two.secondary).version, 2);
    assert_int_equal(audit_rows(&two.room, "bib.merge.undo"), 2); /* one in each history */
    /* once */
    assert_int_equal(catalog_job_revert(&undo, two.desk, job, &error), RECTO_EREFUSED);
    two_close(&two);
}

static void the_secondary_may_be_suppressed_or_kept(void **state)
{
    (void)state;
    static const combine_secondary ways[] = { COMBINE_SUPPRESS, COMBINE_KEEP };
    for (size_t i = 0; i < 2; i++) {
        two two;
        recto_error error = { .status = RECTO_OK };
        int64_t undo = 0;
        two_open(&two, ZONE_INSTITUTION);
        const int64_t job = combine(&two, "conditional-subjects", ways[i]);
        const bib_info secondary = info_of(two.desk, two.secondary);
        assert_false(secondary.deleted);
        assert_int_equal(secondary.suppressed, ways[i] == COMBINE_SUPPRESS);
        assert_int_equal(secondary.holdings, 0);
        assert_int_equal(info_of(two.desk, two.primary).items, 3);
        assert_whole(two.desk);
        must(catalog_job_revert(&undo, two.desk, job, &error), &error);
        as_before(&two);
        two_close(&two);
    }
}

static void a_merge_that_keeps_the_old_text_still_moves_and_goes_back(void **state)
{
    (void)state;
    two two;
    recto_error error = { .status = RECTO_OK };
    int64_t undo = 0;
    two_open(&two, ZONE_INSTITUTION);
    marc_record *same = NULL;
    (void)combine(&two, "keep-old", COMBINE_DELETE);
    must(catalog_load(two.desk, two.primary, &same, NULL, &error), &error);
    assert_true(record_has(same, "245", "The Whale"));
    assert_true(record_has(same, "035", "(OCoLC)1002")); /* as $z: both numbers lead here */
    marc_record_free(same);
    must(catalog_undo_merge(&undo, two.desk, two.primary, &error), &error);
    as_before(&two);
    two_close(&two);
}

/* What the zone chose for matches is written for a fresher record that comes in; here the left one is to live on. */
static void without_a_choice_the_survivor_keeps_its_text(void **state)
{
    (void)state;
    two two;
    recto_error error = { .status = RECTO_OK };
    two_open(&two, ZONE_INSTITUTION);
    catalog *chief = room_desk(&two.room, "chief");
    const int zone = catalog_zone(chief, ZONE_INSTITUTION)->id;
    must(catalog_rule_choose(chief, zone, RULE_USE_MATCH_MERGE, "overlay-but-local", false, NULL, &error), &error);
    combine_plan plan = look(two.desk, two.primary, two.secondary, NULL);
    assert_string_equal(plan.rule, merge_method_label(MERGE_KEEP_OLD));
    assert_true(record_has(merge_result_record(plan.result), "245", "The Whale"));
    assert_false(record_has(merge_result_record(plan.result), "650", "Whales"));
    combine_plan_release(&plan);
    must(catalog_rule_choose(chief, zone, RULE_USE_COMBINE, "conditional-subjects", false, NULL, &error), &error);
    plan = look(two.desk, two.primary, two.secondary, NULL);
    assert_string_equal(plan.rule, merge_method_label(MERGE_CONDITIONAL_SUBJECTS));
    assert_true(record_has(merge_result_record(plan.result), "650", "Whales"));
    combine_plan_release(&plan);
    /* a rule for copy cataloging has its roles the other way round */
    assert_int_equal(catalog_combine_plan(&plan, two.desk, two.primary, two.secondary, "copy-cataloging", &error),
                     RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "incoming record as primary"));
    plan = look(two.desk, two.primary, two.secondary, "overlay-but-local");
    assert_string_equal(plan.rule, merge_method_label(MERGE_OVERLAY_BUT_LOCAL));
    combine_plan_release(&plan);
    two_close(&two);
}

static void toggled_lines_are_saved_as_previewed(void **state)
{
    (void)state;
    two two;
    recto_error error = { .status = RECTO_OK };
    int64_t job = 0;
    size_t turned = 0;
    two_open(&two, ZONE_INSTITUTION);
    combine_plan plan = look(two.desk, two.primary, two.secondary, "overlay-but-local");
    for (size_t i = 0; i < merge_result_count(plan.result); i++)
        if (strcmp(merge_result_line(plan.result, i)->tag, "650") == 0) {
            must(merge_result_toggle(plan.result, i, &error), &error);
            turned++;
        }
    assert_int_equal(turned, 1);
    must(catalog_combine(&job, two.desk, two.primary, two.secondary, COMBINE_DELETE, &plan, &error), &error);
    assert_false(stored_has(two.desk, two.primary, "650", "Whales"));
    combine_plan_release(&plan);
    two_close(&two);
}

static void network_records_take_their_linked_records_along(void **state)
{
    (void)state;
    two two;
    recto_error error = { .status = RECTO_OK };
    mms_id local = 0, found = 0;
    int64_t undo = 0;
    two_open(&two, ZONE_NETWORK);
    must(catalog_link_bib(&local, NULL, two.desk, two.secondary, &error), &error);
    const mms_id held = hang_holdings(two.desk, local, "$bMAIN$cSTACKS");
    hang_item(two.desk, held, "40001");
    combine_plan plan = look(two.desk, two.primary, two.secondary, NULL);
    assert_int_equal(plan.linked, 1);
    assert_int_equal(plan.holdings, 0);
    combine_plan_release(&plan);
    (void)combine(&two, NULL, COMBINE_DELETE);
    assert_int_equal(info_of(two.desk, local).linked_to, two.primary);
    must(catalog_inventory_bib(&found, two.desk, two.primary, &error), &error);
    assert_int_equal(found, local);
    must(catalog_undo_merge(&undo, two.desk, two.primary, &error), &error);
    assert_int_equal(info_of(two.desk, local).linked_to, two.secondary);
    assert_whole(two.desk);
    two_close(&two);
}

/* ---- refusals */

static void assert_refused(catalog *desk, mms_id primary, mms_id secondary, const char *words, recto_status expected)
{
    recto_error error = { .status = RECTO_OK };
    int64_t job = 0;
    combine_plan plan = look(desk, primary, secondary, NULL);
    if (strstr(plan.refusal, words) == NULL)
        fail_msg("'%s' is not in '%s'", words, plan.refusal);
    assert_int_equal(plan.why, expected);
    const recto_status status = catalog_combine(&job, desk, primary, secondary, COMBINE_DELETE, &plan, &error);
    assert_int_equal(status, expected);
    assert_int_equal(job, 0);
    combine_plan_release(&plan);
}

static void what_must_not_be_merged_is_refused(void **state)
{
    (void)state;
    two two;
    recto_error error = { .status = RECTO_OK };
    combine_plan plan;
    two_open(&two, ZONE_INSTITUTION);
    room_user(&two.room, "root", "GSA,CAT,CATX");
    catalog *plain = room_desk(&two.room, "cat2"), *root = room_desk(&two.room, "root");
    const mms_id network = store(two.desk, ZONE_NETWORK, book("1003", "Network"));
    const mms_id community = store(root, ZONE_COMMUNITY, book("1004", "Community")),
                 community_too = store(root, ZONE_COMMUNITY, book("1005", "Community"));
    assert_int_equal(catalog_combine_plan(&plan, two.desk, two.primary, two.primary, NULL, &error), RECTO_EINVALID);
    assert_int_equal(catalog_combine_plan(&plan, two.desk, two.primary, 991, NULL, &error), RECTO_ENOTFOUND);
    assert_int_equal(catalog_combine_plan(&plan, two.desk, two.primary, two.secondary, "no such rule", &error), RECTO_ENOTFOUND);
    assert_refused(two.desk, two.primary, network, "different zones", RECTO_EREFUSED);
    assert_refused(two.desk, community, community_too, "Community Zone", RECTO_EREFUSED);
    assert_refused(plain, two.primary, two.secondary, "Cataloger Extended", RECTO_EREFUSED);
    must(repo_bib_set_link(catalog_repo(two.desk), two.secondary, community, &error), &error);
    assert_refused(two.desk, two.primary, two.secondary, "linked to the Community Zone", RECTO_EREFUSED);
    must(repo_bib_set_link(catalog_repo(two.desk), two.secondary, 0, &error), &error);
    as_before(&two);
    two_close(&two);
}

static void anothers_lock_refuses(void **state)
{
    (void)state;
    two two;
    recto_error error = { .status = RECTO_OK };
    edit_session *held = NULL;
    two_open(&two, ZONE_INSTITUTION);
    catalog *other = room_desk(&two.room, "cat2");
    const mms_id both[] = { two.primary, two.secondary };
    for (size_t i = 0; i < 2; i++) {
        must(edit_open(&held, other, both[i], &error), &error);
        assert_refused(two.desk, two.primary, two.secondary, "is locked", RECTO_ELOCKED);
        must(edit_release(&held, &error), &error);
    }
    as_before(&two);
    two_close(&two);
}

static void what_changed_since_the_preview_refuses(void **state)
{
    (void)state;
    two two;
    recto_error error = { .status = RECTO_OK };
    int64_t job = 0;
    two_open(&two, ZONE_INSTITUTION);
    combine_plan plan = look(two.desk, two.primary, two.secondary, NULL);
    hang_item(two.desk, two.holdings[1], "30004");
    assert_int_equal(catalog_combine(&job, two.desk, two.primary, two.secondary, COMBINE_DELETE, &plan, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "inventory changed"));
    combine_plan_release(&plan);
    plan = look(two.desk, two.primary, two.secondary, NULL);
    edit_session *open = NULL;
    ingest_outcome outcome;
    must(edit_open(&open, two.desk, two.secondary, &error), &error);
    type_note(open, "Newer.");
    must(edit_keep_draft(open, TEXT(""), &error), &error);
    assert_int_equal(catalog_combine(&job, two.desk, two.primary, two.secondary, COMBINE_DELETE, &plan, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "unsaved changes"));
    must(edit_save(&outcome, open, true, &error), &error);
    ingest_outcome_release(&outcome);
    must(edit_release(&open, &error), &error);
    assert_int_equal(catalog_combine(&job, two.desk, two.primary, two.secondary, COMBINE_DELETE, &plan, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "meanwhile"));
    assert_int_equal(catalog_combine(&job, two.desk, two.secondary, two.primary, COMBINE_DELETE, &plan, &error), RECTO_EINVALID);
    assert_int_equal(info_of(two.desk, two.secondary).items, 4);
    combine_plan_release(&plan);
    two_close(&two);
}

static void a_linking_record_that_is_locked_stays_and_is_listed(void **state)
{
    (void)state;
    two two;
    recto_error error = { .status = RECTO_OK };
    edit_session *held = NULL;
    catalog_job job;
    char number[MMS_ID_LENGTH];
    two_open(&two, ZONE_INSTITUTION);
    const mms_id naming = name_it(two.desk, two.secondary, ZONE_INSTITUTION, "");
    must(edit_open(&held, room_desk(&two.room, "cat2"), naming, &error), &error);
    combine_plan plan = look(two.desk, two.primary, two.secondary, NULL);
    assert_int_equal(plan.relinked, 0);
    assert_int_equal(plan.not_mended, 1);
    combine_plan_release(&plan);
    const int64_t id = combine(&two, NULL, COMBINE_DELETE);
    must(catalog_job_get(&job, two.desk, id, &error), &error);
    assert_string_equal(job.type, "combine");
    assert_string_equal(job.status, "done");
    assert_int_equal(job.skipped, 1);
    mms_id_format(number, two.secondary);
    assert_true(stored_has(two.desk, naming, "776", number));
    assert_int_equal(first_hit(two.desk, SEARCH_ALL_TITLES, "mms", number), two.primary);
    must(edit_release(&held, &error), &error);
    two_close(&two);
}

static void both_may_be_open_at_the_same_desk(void **state)
{
    (void)state;
    two two;
    recto_error error = { .status = RECTO_OK };
    edit_session *left = NULL, *right = NULL;
    two_open(&two, ZONE_INSTITUTION);
    const mms_id naming = name_it(two.desk, two.secondary, ZONE_INSTITUTION, "");
    edit_session *third = NULL;
    must(edit_open(&third, two.desk, naming, &error), &error);
    must(edit_open(&left, two.desk, two.primary, &error), &error);
    must(edit_open(&right, two.desk, two.secondary, &error), &error);
    (void)combine(&two, "overlay-but-local", COMBINE_DELETE);
    assert_false(edit_state_of(left)->superseded);
    assert_int_equal(edit_state_of(left)->version, 2);
    assert_true(record_has(marc_edit_record(edit_of(left)), "650", "Whales"));
    assert_true(edit_state_of(right)->view_only);
    assert_int_equal(edit_state_of(third)->version, 2);
    assert_false(edit_state_of(third)->superseded);
    must(edit_release(&third, &error), &error);
    assert_string_equal(info_of(two.desk, two.secondary).locked_by, "");
    assert_string_equal(info_of(two.desk, two.primary).locked_by, "cat1");
    must(edit_release(&left, &error), &error);
    must(edit_release(&right, &error), &error);
    assert_string_equal(info_of(two.desk, two.primary).locked_by, "");
    two_close(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_records_become_one_and_two_again),
        cmocka_unit_test(the_secondary_may_be_suppressed_or_kept),
        cmocka_unit_test(a_merge_that_keeps_the_old_text_still_moves_and_goes_back),
        cmocka_unit_test(without_a_choice_the_survivor_keeps_its_text),
        cmocka_unit_test(toggled_lines_are_saved_as_previewed),
        cmocka_unit_test(network_records_take_their_linked_records_along),
        cmocka_unit_test(what_must_not_be_merged_is_refused),
        cmocka_unit_test(anothers_lock_refuses),
        cmocka_unit_test(what_changed_since_the_preview_refuses),
        cmocka_unit_test(a_linking_record_that_is_locked_stays_and_is_listed),
        cmocka_unit_test(both_may_be_open_at_the_same_desk),
    };
    return cmocka_run_group_tests_name("two records into one", tests, NULL, NULL);
}
