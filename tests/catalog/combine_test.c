/* tests/catalog/combine_test.c - two records of the repository become one, with all that hangs on them, and two again. */
#include "catalog/room.h"

#include "recto/catalog/jobs.h"
#include "recto/repo/links.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

/* The primary and the secondary, both of the own institution; the secondary has two holdings with three items. */
typedef struct two {
    room room;
    catalog *desk;
    mms_id primary, secondary, holdings[2];
} two;

static mms_id hang_holdings(catalog *desk, mms_id bib, const char *place)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    mms_id id = 0;
    must(catalog_holding_template(&record, desk, bib, &error), &error);
    const size_t at = marc_record_find(record, "852", 0);
    marc_record_remove(record, at);
    add_line(record, "852", "0 ", place);
    must(catalog_holding_save(desk, &id, bib, record, 0, &error), &error);
    marc_record_free(record);
    return id;
}

static void hang_item(catalog *desk, mms_id holdings, const char *barcode)
{
    recto_error error = { .status = RECTO_OK };
    item item = { .holding = holdings };
    snprintf(item.barcode, sizeof item.barcode, "%s", barcode);
    must(catalog_item_save(desk, &item, &error), &error);
}

static void two_open(two *two, zone_kind zone)
{
    room_open(&two->room);
    room_user(&two->room, "cat1", "CAT,CATX,PIO,PIOX,CM");
    room_user(&two->room, "cat2", "CAT");
    two->desk = room_desk(&two->room, "cat1");
    marc_record *first = book("1001", "The Whale"), *second = book("1002", "The whale, or, Moby");
    add_line(second, "650", " 0", "$aWhales.");
    two->primary = store(two->desk, zone, first);
    two->secondary = store(two->desk, zone, second);
    if (zone != ZONE_INSTITUTION)
        return;
    two->holdings[0] = hang_holdings(two->desk, two->secondary, "$bMAIN$cSTACKS$hPS1$i.W1");
    two->holdings[1] = hang_holdings(two->desk, two->secondary, "$bLAW$cREF");
    hang_item(two->desk, two->holdings[0], "30001");
    hang_item(two->desk, two->holdings[0], "30002");
    hang_item(two->desk, two->holdings[1], "30003");
}

static void two_close(two *two)
{
    room_close(&two->room);
}

static mms_id name_it(catalog *desk, mms_id named, zone_kind zone, const char *prefix)
{
    char line[120];
    marc_record *record = book(NULL, "Names another");
    snprintf(line, sizeof line, "$iPrint version:$tWhale$w%s%lld$w(OCoLC)77", prefix, (long long)named);
    add_line(record, "776", "08", line);
    return store(desk, zone, record);
}

static bib_info info_of(catalog *desk, mms_id id)
{
    recto_error error = { .status = RECTO_OK };
    bib_info info;
    must(repo_bib_info(catalog_repo(desk), id, &info, catalog_now(desk), &error), &error);
    return info;
}

static mms_id bib_of(catalog *desk, mms_id holdings)
{
    recto_error error = { .status = RECTO_OK };
    holding info;
    char number[MMS_ID_LENGTH];
    marc_record *record = NULL;
    must(catalog_holding_load(desk, holdings, &record, &info, &error), &error);
    mms_id_format(number, info.bib);
    assert_true(text_equal(marc_record_control(record, "004"), text_from(number)));
    marc_record_free(record);
    return info.bib;
}

static combine_plan look(catalog *desk, mms_id primary, mms_id secondary, const char *rule)
{
    recto_error error = { .status = RECTO_OK };
    combine_plan plan;
    must(catalog_combine_plan(&plan, desk, primary, secondary, rule, &error), &error);
    return plan;
}

static int64_t combine(two *two, const char *rule, combine_secondary what)
{
    recto_error error = { .status = RECTO_OK };
    int64_t job = 0;
    combine_plan plan = look(two->desk, two->primary, two->secondary, rule);
    assert_string_equal(plan.refusal, "");
    must(catalog_combine(&job, two->desk, two->primary, two->secondary, what, &plan, &error), &error);
    combine_plan_release(&plan);
    assert_true(job > 0);
    return job;
}

static size_t hits(catalog *desk, search_type type, const char *index, const char *text)
{
    return count_hits(desk, type, ZONE_INSTITUTION, index, text, NULL);
}

static mms_id first_hit(catalog *desk, search_type type, const char *index, const char *text)
{
    recto_error error = { .status = RECTO_OK };
    catalog_hits found;
    const catalog_query query = { .type = type, .index = index, .text = text, .limit = 5 };
    must(catalog_search(&found, desk, &query, &error), &error);
    const mms_id id = found.total == 1 ? found.rows[0].id : 0;
    catalog_hits_release(&found);
    return id;
}

static void assert_whole(catalog *desk)
{
    recto_error error = { .status = RECTO_OK };
    check_verdict verdict;
    must(repo_check(catalog_repo(desk), true, NULL, NULL, &verdict, &error), &error);
    assert_true(verdict.sound);
}

static size_t audit_rows(room *room, const char *act)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(room->path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, "SELECT count(*) FROM audit WHERE act = ?1", -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_bind_text(statement, 1, act, -1, SQLITE_STATIC), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const size_t count = (size_t)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return count;
}

/* ---- the whole act and its way back */

static void as_before(two *two)
{
    const bib_info primary = info_of(two->desk, two->primary), secondary = info_of(two->desk, two->secondary);
    assert_false(secondary.deleted);
    assert_false(secondary.suppressed);
    assert_int_equal(primary.holdings, 0);
    assert_int_equal(primary.items, 0);
    assert_int_equal(secondary.holdings, 2);
    assert_int_equal(secondary.items, 3);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(bib_of(two->desk, two->holdings[i]), two->secondary);
    assert_true(stored_has(two->desk, two->primary, "245", "The Whale"));
    assert_false(stored_has(two->desk, two->primary, "650", "Whales"));
    assert_false(stored_has(two->desk, two->primary, "035", "1002"));
    assert_true(stored_has(two->desk, two->secondary, "650", "Whales"));
    assert_int_equal(first_hit(two->desk, SEARCH_PHYSICAL_ITEMS, "bc", "30002"), two->secondary);
    assert_whole(two->desk);
}

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
    recto_error error = { .status = RECTO_OK };
    edit_session *open = NULL;
    ingest_outcome outcome;
    must(edit_open(&open, desk, id, &error), &error);
    type_note(open, note);
    must(edit_save(&outcome, open, true, &error), &error);
    assert_int_equal(outcome.kind, OUTCOME_UPDATED);
    ingest_outcome_release(&outcome);
    must(edit_release(&open, &error), &error);
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
static void assert_given_back(catalog *desk, int64_t job, const char *title)
{
    recto_error error = { .status = RECTO_OK };
    mms_id draft = 0;
    edit_session *session = NULL;
    must(catalog_merge_draft(&draft, desk, job, &error), &error);
    assert_true(draft != 0);
    must(edit_resume(&session, desk, draft, &error), &error);
    assert_true(edit_state_of(session)->is_new);
    assert_true(record_has(marc_edit_record(edit_of(session)), "245", title));
    must(edit_release(&session, &error), &error);
    must(catalog_discard_draft(desk, draft, &error), &error);
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
        marc_record *incoming = book("1001", "The Whale, anew");
        policy.on_match = ways[i];
        const ingest_request request = {
            .record = incoming, .zone = catalog_zone(two.desk, ZONE_INSTITUTION)->id, .policy = &policy, .note = "from somewhere"
        };
        assert_int_equal(catalog_undo_merge(&undo, two.desk, two.primary, &error), RECTO_EREFUSED);
        must(catalog_ingest(&outcome, two.desk, &request, &error), &error);
        assert_int_equal(outcome.kind, ways[i] == ON_MATCH_MERGE ? OUTCOME_MERGED : OUTCOME_OVERLAID);
        ingest_outcome_release(&outcome);
        assert_true(stored_has(two.desk, two.primary, "245", "anew"));
        must(catalog_undo_merge(&undo, two.desk, two.primary, &error), &error);
        assert_false(stored_has(two.desk, two.primary, "245", "anew"));
        assert_given_back(two.desk, undo, "anew");
        assert_int_equal(info_of(two.desk, two.primary).version, 3);
        assert_int_equal(catalog_undo_merge(&undo, two.desk, two.primary, &error), RECTO_EREFUSED);
        marc_record_free(incoming);
        two_close(&two);
    }
}

static void a_merge_from_the_match_list_is_taken_back_after_saving(void **state)
{
    (void)state;
    two two;
    recto_error error = { .status = RECTO_OK };
    int64_t undo = 0;
    edit_session *session = NULL;
    ingest_outcome outcome;
    two_open(&two, ZONE_INSTITUTION);
    marc_record *incoming = book("1001", "The Whale, anew");
    must(edit_new(&session, two.desk, catalog_zone(two.desk, ZONE_INSTITUTION)->id, &incoming, "LC", &error), &error);
    must(edit_take_match(session, two.primary, false, &error), &error);
    must(edit_save(&outcome, session, true, &error), &error);
    assert_int_equal(outcome.kind, OUTCOME_UPDATED);
    ingest_outcome_release(&outcome);
    assert_true(stored_has(two.desk, two.primary, "245", "anew"));
    must(catalog_undo_merge(&undo, two.desk, two.primary, &error), &error); /* open still: it shows what is stored */
    assert_false(stored_has(two.desk, two.primary, "245", "anew"));
    assert_given_back(two.desk, undo, "anew");
    assert_int_equal(edit_state_of(session)->version, 3);
    assert_false(record_has(marc_edit_record(edit_of(session)), "245", "anew"));
    /* an undone merge is no merge */
    must(edit_release(&session, &error), &error);
    must(edit_open(&session, two.desk, two.primary, &error), &error);
    incoming = book("1001", "The Whale, again");
    must(edit_take_external(session, incoming, false, "LC", &error), &error);
    must(edit_undo(session, NULL, &error), &error);
    type_note(session, "Only a note.");
    must(edit_save(&outcome, session, true, &error), &error);
    ingest_outcome_release(&outcome);
    assert_int_equal(catalog_undo_merge(&undo, two.desk, two.primary, &error), RECTO_EREFUSED);
    must(edit_take_external(session, incoming, false, "LC", &error), &error);
    must(edit_save(&outcome, session, true, &error), &error);
    ingest_outcome_release(&outcome);
    must(catalog_undo_merge(&undo, two.desk, two.primary, &error), &error);
    assert_true(stored_has(two.desk, two.primary, "500", "Only a note"));
    marc_record_free(incoming);
    two_close(&two);
}

/* The machine stops between Copy & Merge and the save: the draft still knows that it is a merge, and of what. */
static void a_merge_that_waited_as_a_draft_is_taken_back_after_saving(void **state)
{
    (void)state;
    for (int external = 0; external < 2; external++) {
        two two;
        recto_error error = { .status = RECTO_OK };
        int64_t undo = 0;
        edit_session *session = NULL;
        ingest_outcome outcome;
        two_open(&two, ZONE_INSTITUTION);
        marc_record *incoming = book("1001", "The Whale, anew");
        if (external) {
            must(edit_open(&session, two.desk, two.primary, &error), &error);
            must(edit_take_external(session, incoming, true, "LC", &error), &error);
            must(edit_undo(session, NULL, &error), &error);
            must(edit_redo(session, NULL, &error), &error); /* a redone merge is one, too */
            marc_record_free(incoming);
        } else {
            must(edit_new(&session, two.desk, catalog_zone(two.desk, ZONE_INSTITUTION)->id, &incoming, "LC", &error), &error);
            must(edit_take_match(session, two.primary, false, &error), &error);
        }
        must(edit_keep_draft(session, TEXT(""), &error), &error);
        room_leave(&two.room, two.desk);
        two.desk = room_desk(&two.room, "cat1");
        must(edit_resume(&session, two.desk, two.primary, &error), &error);
        must(edit_save(&outcome, session, true, &error), &error);
        assert_int_equal(outcome.kind, OUTCOME_UPDATED);
        ingest_outcome_release(&outcome);
        assert_true(stored_has(two.desk, two.primary, "245", "anew"));
        must(catalog_undo_merge(&undo, two.desk, two.primary, &error), &error);
        assert_false(stored_has(two.desk, two.primary, "245", "anew"));
        assert_given_back(two.desk, undo, "anew");
        two_close(&two);
    }
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
        cmocka_unit_test(what_changed_since_the_merge_stands_against_undo),
        cmocka_unit_test(undo_needs_the_right_and_the_locks),
        cmocka_unit_test(a_step_that_fails_leaves_nothing_half),
        cmocka_unit_test(a_process_that_is_killed_leaves_nothing_half),
        cmocka_unit_test(holdings_are_relinked_and_back),
        cmocka_unit_test(a_merge_by_a_job_is_taken_back_by_one_command),
        cmocka_unit_test(a_merge_from_the_match_list_is_taken_back_after_saving),
        cmocka_unit_test(a_merge_that_waited_as_a_draft_is_taken_back_after_saving),
    };
    return cmocka_run_group_tests_name("two records into one", tests, NULL, NULL);
}
