/* tests/catalog/ingest_test.c - the corridor: every outcome it can have, and what it never does. */
#include "catalog/room.h"

static ingest_outcome ingest(catalog *desk, const marc_record *record, zone_kind zone, const ingest_policy *policy, mms_id id,
                             int base)
{
    recto_error error = { .status = RECTO_OK };
    ingest_outcome outcome;
    const ingest_request request = {
        .record = record, .id = id, .base_version = base, .zone = catalog_zone(desk, zone)->id, .policy = policy
    };
    must(catalog_ingest(&outcome, desk, &request, &error), &error);
    return outcome;
}

/* ---- one outcome a row: what stands in the repository, what comes, with which policy */

typedef struct corridor_case {
    const char *name;
    int copies; /* records with OCLC 123 in the zone */
    bool community_copy, locked;
    char leader_17; /* encoding level of what comes; 0: full */
    const char *incoming_005;
    on_match on_match;
    bool refuse_briefer;
    match_age_rule age;
    const char *title; /* of what comes; NULL: no 245 */
    outcome_kind want;
} corridor_case;

static const corridor_case CASES[] = {
    { .name = "nothing matches", .on_match = ON_MATCH_MERGE, .title = "New", .want = OUTCOME_ADDED },
    { .name = "one match, merge", .copies = 1, .on_match = ON_MATCH_MERGE, .title = "New", .want = OUTCOME_MERGED },
    { .name = "one match, overlay", .copies = 1, .on_match = ON_MATCH_OVERLAY, .title = "New", .want = OUTCOME_OVERLAID },
    { .name = "one match, ask", .copies = 1, .on_match = ON_MATCH_ASK, .title = "New", .want = OUTCOME_NEEDS_DECISION },
    { .name = "one match, new", .copies = 1, .on_match = ON_MATCH_NEW, .title = "New", .want = OUTCOME_ADDED },
    { .name = "one match, refuse", .copies = 1, .on_match = ON_MATCH_REFUSE, .title = "New", .want = OUTCOME_REFUSED },
    { .name = "two matches", .copies = 2, .on_match = ON_MATCH_MERGE, .title = "New", .want = OUTCOME_MULTI_MATCH },
    { .name = "the same again", .copies = 1, .on_match = ON_MATCH_OVERLAY, .title = "Old", .want = OUTCOME_UNCHANGED },
    { .name = "briefer",
      .copies = 1,
      .leader_17 = '3',
      .on_match = ON_MATCH_MERGE,
      .refuse_briefer = true,
      .title = "New",
      .want = OUTCOME_NOT_ADDED_BRIEF },
    { .name = "briefer, not minded",
      .copies = 1,
      .leader_17 = '3',
      .on_match = ON_MATCH_MERGE,
      .title = "New",
      .want = OUTCOME_MERGED },
    { .name = "older",
      .copies = 1,
      .incoming_005 = "20010101000000.0",
      .on_match = ON_MATCH_MERGE,
      .age = MATCH_AGE_ALWAYS,
      .title = "New",
      .want = OUTCOME_NOT_ADDED_OLD },
    { .name = "locked",
      .copies = 1,
      .locked = true,
      .on_match = ON_MATCH_MERGE,
      .title = "New",
      .want = OUTCOME_NOT_ADDED_LOCKED },
    { .name = "only a Community Zone match",
      .community_copy = true,
      .on_match = ON_MATCH_MERGE,
      .title = "New",
      .want = OUTCOME_CZ_LINKED },
    { .name = "no title", .on_match = ON_MATCH_MERGE, .title = NULL, .want = OUTCOME_INVALID },
};

static marc_record *incoming_of(const corridor_case *row)
{
    marc_record *record = book("123", row->title != NULL ? row->title : "Lost");
    if (row->leader_17 != 0) {
        char leader[MARC_LEADER_LENGTH + 1];
        memcpy(leader, marc_record_leader(record), MARC_LEADER_LENGTH);
        leader[17] = row->leader_17;
        marc_record_set_leader(record, leader);
    }
    if (row->incoming_005 != NULL)
        add_control(record, "005", row->incoming_005);
    if (row->title == NULL)
        marc_record_remove(record, marc_record_find(record, "245", 0));
    return record;
}

static void check_case(const corridor_case *row)
{
    room here;
    recto_error error = { .status = RECTO_OK };
    edit_session *other = NULL;
    mms_id first = 0;
    room_open(&here);
    room_user(&here, "cat2", "CAT");
    catalog *chief = room_desk(&here, "chief"), *cat2 = room_desk(&here, "cat2");
    for (int i = 0; i < row->copies; i++)
        first = store(chief, ZONE_INSTITUTION, book("123", "Old"));
    if (row->community_copy)
        store(chief, ZONE_COMMUNITY, book("123", "Old"));
    if (row->locked)
        must(edit_open(&other, cat2, first, &error), &error);
    ingest_policy policy = *catalog_policy("ask");
    policy.on_match = row->on_match;
    policy.refuse_briefer = row->refuse_briefer;
    policy.age_rule = row->age;
    marc_record *record = incoming_of(row);
    ingest_outcome outcome = ingest(chief, record, ZONE_INSTITUTION, &policy, 0, 0);
    if (outcome.kind != row->want)
        fail_msg("%s: %s (%s), wanted %s", row->name, outcome_name(outcome.kind), outcome.message, outcome_name(row->want));
    assert_true(outcome.message[0] != '\0');
    /* What refuses leaves the repository as it was. */
    const bool saves = outcome.kind == OUTCOME_ADDED;
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, ZONE_INSTITUTION, "oclc", "123", NULL),
                     (size_t)row->copies + (saves ? 1 : 0));
    if (first != 0 && outcome.kind != OUTCOME_MERGED && outcome.kind != OUTCOME_OVERLAID)
        assert_true(stored_has(chief, first, "245", "Old"));
    ingest_outcome_release(&outcome);
    marc_record_free(record);
    room_close(&here);
}

static void each_outcome_is_produced(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        check_case(&CASES[i]);
}

static void names_are_those_of_the_interface(void **state)
{
    static const struct {
        outcome_kind kind;
        const char *name;
    } names[] = { { OUTCOME_ADDED, "added" },
                  { OUTCOME_MERGED, "merged" },
                  { OUTCOME_OVERLAID, "overlaid" },
                  { OUTCOME_UNCHANGED, "unchanged" },
                  { OUTCOME_NOT_ADDED_BRIEF, "not_added_brief" },
                  { OUTCOME_NOT_ADDED_LOCKED, "not_added_locked" },
                  { OUTCOME_NOT_ADDED_OLD, "not_added_old" },
                  { OUTCOME_MULTI_MATCH, "multi_match" },
                  { OUTCOME_CZ_LINKED, "cz_linked" },
                  { OUTCOME_INVALID, "invalid" },
                  { OUTCOME_REFUSED, "refused" },
                  { OUTCOME_NEEDS_DECISION, "needs_decision" },
                  { OUTCOME_UPDATED, "updated" } };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_string_equal(outcome_name(names[i].kind), names[i].name);
}

/* ---- what the system keeps */

static void old_number_becomes_a_035_once(void **state)
{
    static const struct {
        const char *number, *organisation, *field_035, *want;
        size_t count;
    } cases[] = {
        { "ocm00000456", "OCoLC", NULL, "(OCoLC)456", 1 },
        { "ocm00000456", "OCoLC", "$a(OCoLC)456", "(OCoLC)456", 1 }, /* there already, in another form */
        { "b123", "XyZ", NULL, "(XyZ)b123", 1 },
        { "ocn123456789", NULL, NULL, "(OCoLC)123456789", 1 }, /* SR-32: no 003, but its form tells */
        { "b123", NULL, NULL, NULL, 0 },
    };
    (void)state;
    room here;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        recto_error error = { .status = RECTO_OK };
        marc_record *record = book(NULL, "Numbers"), *stored = NULL;
        add_control(record, "001", cases[i].number);
        if (cases[i].organisation != NULL)
            add_control(record, "003", cases[i].organisation);
        if (cases[i].field_035 != NULL)
            add_line(record, "035", "  ", cases[i].field_035);
        const mms_id id = store(chief, ZONE_INSTITUTION, record);
        must(catalog_load(chief, id, &stored, NULL, &error), &error);
        size_t count = 0;
        for (size_t at = marc_record_find(stored, "035", 0); at != SIZE_MAX; at = marc_record_find(stored, "035", at + 1))
            count++;
        assert_int_equal(count, cases[i].count);
        if (cases[i].want != NULL)
            assert_true(record_has(stored, "035", cases[i].want));
        char digits[MMS_ID_LENGTH];
        mms_id_format(digits, id);
        assert_true(text_equal(marc_record_control(stored, "001"), text_from(digits)));
        assert_int_equal(marc_record_find(stored, "003", 0), SIZE_MAX);
        marc_record_free(stored);
    }
    room_close(&here);
}

static void retired_numbers_go_to_035_z(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    ingest_policy policy = *catalog_policy("load");
    policy.copy_019_to_035 = true;
    marc_record *record = book("123", "Retired"), *stored = NULL;
    add_line(record, "019", "  ", "$a77$a88");
    ingest_outcome outcome = ingest(chief, record, ZONE_INSTITUTION, &policy, 0, 0);
    must(catalog_load(chief, outcome.id, &stored, NULL, &error), &error);
    assert_true(record_has(stored, "035", "(OCoLC)123 (OCoLC)77 (OCoLC)88"));
    assert_true(record_has(stored, "019", "77 88"));
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, 0, "oclcz", "88", NULL), 1);
    marc_record_free(stored);
    marc_record_free(record);
    ingest_outcome_release(&outcome);
    room_close(&here);
}

static void a_005_rises_though_the_clock_stands_still(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    char before[CLOCK_005_LENGTH + 1] = "";
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("123", "Ticks"));
    for (int version = 1; version < 5; version++) {
        marc_record *record = NULL, *stored = NULL;
        char note[32];
        must(catalog_load(chief, id, &record, NULL, &error), &error);
        snprintf(note, sizeof note, "$aNote %d", version);
        add_line(record, "500", "  ", note);
        ingest_outcome outcome = ingest(chief, record, ZONE_INSTITUTION, catalog_policy("ask"), id, version);
        assert_int_equal(outcome.kind, OUTCOME_UPDATED);
        assert_int_equal(outcome.version, version + 1);
        must(catalog_load(chief, id, &stored, NULL, &error), &error);
        const text stamp = marc_record_control(stored, "005");
        assert_int_equal(stamp.length, CLOCK_005_LENGTH);
        assert_true(strncmp(before, stamp.bytes, CLOCK_005_LENGTH) < 0);
        memcpy(before, stamp.bytes, CLOCK_005_LENGTH);
        ingest_outcome_release(&outcome);
        marc_record_free(stored);
        marc_record_free(record);
    }
    room_close(&here);
}

/* ---- what was not seen is not overwritten */

static void a_save_never_replaces_a_version_its_author_has_not_seen(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    marc_record *first = NULL, *second = NULL;
    int version = 0;
    mms_id id = 0;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id stored = store(chief, ZONE_INSTITUTION, book("123", "Two copies"));
    must(catalog_load(chief, stored, &first, NULL, &error), &error);
    must(catalog_load(chief, stored, &second, NULL, &error), &error);
    add_line(first, "500", "  ", "$aFirst");
    add_line(second, "500", "  ", "$aSecond");
    must(catalog_identify(&id, &version, chief, first, 0, &error), &error);
    assert_true(id == stored);
    assert_int_equal(version, 1);
    ingest_outcome outcome = ingest(chief, first, ZONE_INSTITUTION, catalog_policy("ask"), id, version);
    assert_int_equal(outcome.kind, OUTCOME_UPDATED);
    ingest_outcome_release(&outcome);
    /* by its 005 */
    assert_int_equal(catalog_identify(&id, &version, chief, second, 0, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "version 2"));
    /* by the version, whoever calls */
    outcome = ingest(chief, second, ZONE_INSTITUTION, catalog_policy("ask"), stored, 1);
    assert_int_equal(outcome.kind, OUTCOME_REFUSED);
    assert_non_null(strstr(outcome.message, "Nothing was saved"));
    assert_false(stored_has(chief, stored, "500", "Second"));
    ingest_outcome_release(&outcome);
    marc_record_free(first);
    marc_record_free(second);
    room_close(&here);
}

static void the_same_content_makes_no_version(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    bib_info info;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("123", "Same"));
    must(catalog_load(chief, id, &record, &info, &error), &error);
    ingest_outcome outcome = ingest(chief, record, ZONE_INSTITUTION, catalog_policy("ask"), id, info.version);
    assert_int_equal(outcome.kind, OUTCOME_UNCHANGED);
    assert_string_equal(outcome.message, "No changes to save.");
    assert_int_equal(outcome.version, 1);
    ingest_outcome_release(&outcome);
    marc_record_free(record);
    room_close(&here);
}

static void a_blocking_error_is_named(void **state)
{
    (void)state;
    room here;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    marc_record *record = book("123", "Two titles");
    add_line(record, "245", "10", "$aAnother title.");
    ingest_outcome outcome = ingest(chief, record, ZONE_INSTITUTION, catalog_policy("ask"), 0, 0);
    assert_int_equal(outcome.kind, OUTCOME_INVALID);
    assert_true(outcome.findings[MARC_SEVERITY_BLOCK] >= 1);
    assert_non_null(strstr(outcome.message, "245"));
    ingest_outcome_release(&outcome);
    marc_record_free(record);
    room_close(&here);
}

static void who_may_not_is_refused(void **state)
{
    static const struct {
        const char *roles;
        zone_kind zone;
        outcome_kind want;
    } cases[] = { { "", ZONE_INSTITUTION, OUTCOME_REFUSED },  { "PIO", ZONE_INSTITUTION, OUTCOME_REFUSED },
                  { "CAT", ZONE_INSTITUTION, OUTCOME_ADDED }, { "CAT", ZONE_NETWORK, OUTCOME_ADDED },
                  { "CAT", ZONE_COMMUNITY, OUTCOME_REFUSED }, { "CATX", ZONE_INSTITUTION, OUTCOME_REFUSED } };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        room here;
        room_open(&here);
        room_user(&here, "cat", cases[i].roles);
        catalog *desk = room_desk(&here, "cat");
        marc_record *record = book("123", "Privileges");
        ingest_outcome outcome = ingest(desk, record, cases[i].zone, catalog_policy("ask"), 0, 0);
        assert_int_equal(outcome.kind, cases[i].want);
        ingest_outcome_release(&outcome);
        marc_record_free(record);
        room_close(&here);
    }
}

/* ---- matches as they are listed */

static void matches_say_why_and_what_may_be_done(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    edit_session *held = NULL;
    match_hit *hits = NULL;
    size_t count = 0;
    room_open(&here);
    room_user(&here, "cat2", "CAT");
    catalog *chief = room_desk(&here, "chief"), *cat2 = room_desk(&here, "cat2");
    const mms_id locked = store(chief, ZONE_INSTITUTION, book("123", "Locked"));
    store(chief, ZONE_COMMUNITY, book("123", "Community"));
    store(chief, ZONE_NETWORK, book("123", "Network")); /* another zone: no candidate for the institution */
    must(edit_open(&held, cat2, locked, &error), &error);
    marc_record *record = book(NULL, "Incoming");
    add_line(record, "035", "  ", "$z(OCoLC)ocm00000123");
    must(catalog_find_matches(&hits, &count, chief, record, 0, catalog_zone(chief, ZONE_INSTITUTION)->id, catalog_policy("ask"),
                              &error),
         &error);
    assert_int_equal(count, 2);
    for (size_t i = 0; i < count; i++) {
        assert_false(hits[i].can_change);
        assert_non_null(strstr(hits[i].why, "123"));
        assert_non_null(strstr(hits[i].cannot, hits[i].zone == ZONE_COMMUNITY ? "Copy to Catalog" : "cat2"));
    }
    free(hits);
    ingest_policy policy = *catalog_policy("ask");
    policy.ignore_community = true;
    must(catalog_find_matches(&hits, &count, chief, record, 0, catalog_zone(chief, ZONE_INSTITUTION)->id, &policy, &error),
         &error);
    assert_int_equal(count, 1);
    free(hits);
    /* a record never matches itself */
    must(catalog_find_matches(&hits, &count, chief, record, locked, catalog_zone(chief, ZONE_INSTITUTION)->id, &policy, &error),
         &error);
    assert_int_equal(count, 0);
    free(hits);
    marc_record_free(record);
    room_close(&here);
}

static void a_zone_chooses_its_methods(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const int zone = catalog_zone(chief, ZONE_INSTITUTION)->id;
    marc_record *stored = book(NULL, "By number"), *record = book(NULL, "By number");
    add_line(stored, "020", "  ", "$a0306406152");
    add_line(record, "020", "  ", "$a978-0-306-40615-7");
    store(chief, ZONE_INSTITUTION, stored);
    ingest_outcome outcome = ingest(chief, record, ZONE_INSTITUTION, catalog_policy("ask"), 0, 0);
    assert_int_equal(outcome.kind, OUTCOME_ADDED);
    ingest_outcome_release(&outcome);
    must(repo_setting_set(catalog_repo(chief), zone, "non_serial_match_profile", "isbn", &error), &error);
    must(repo_setting_set(catalog_repo(chief), zone, "copy_merge", "keep-old", &error), &error);
    outcome = ingest(chief, record, ZONE_INSTITUTION, catalog_policy("ask"), 0, 0);
    assert_int_equal(outcome.kind, OUTCOME_NEEDS_DECISION);
    assert_int_equal(outcome.match_count, 2);
    ingest_outcome_release(&outcome);
    assert_string_equal(catalog_copy_rule(chief, zone), merge_method_label(MERGE_KEEP_OLD));
    marc_record_free(record);
    room_close(&here);
}

static void a_batch_is_part_of_its_callers_transaction(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    marc_record *record = book("123", "Batch");
    const ingest_request request = { .record = record,
                                     .zone = catalog_zone(chief, ZONE_INSTITUTION)->id,
                                     .policy = catalog_policy("load"),
                                     .join_transaction = true };
    must(repo_begin(catalog_repo(chief), &error), &error);
    for (int i = 0; i < 3; i++) {
        ingest_outcome outcome;
        must(catalog_ingest(&outcome, chief, &request, &error), &error);
        assert_int_equal(outcome.kind, OUTCOME_ADDED);
        ingest_outcome_release(&outcome);
    }
    repo_rollback(catalog_repo(chief));
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, 0, "ti", "Batch", NULL), 0);
    marc_record_free(record);
    room_close(&here);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_outcome_is_produced),
        cmocka_unit_test(names_are_those_of_the_interface),
        cmocka_unit_test(old_number_becomes_a_035_once),
        cmocka_unit_test(retired_numbers_go_to_035_z),
        cmocka_unit_test(a_005_rises_though_the_clock_stands_still),
        cmocka_unit_test(a_save_never_replaces_a_version_its_author_has_not_seen),
        cmocka_unit_test(the_same_content_makes_no_version),
        cmocka_unit_test(a_blocking_error_is_named),
        cmocka_unit_test(who_may_not_is_refused),
        cmocka_unit_test(matches_say_why_and_what_may_be_done),
        cmocka_unit_test(a_zone_chooses_its_methods),
        cmocka_unit_test(a_batch_is_part_of_its_callers_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
