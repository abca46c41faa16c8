/* tests/catalog/gateway_rules_test.c - what the profile decides: matches, locks, levels, versions, zones; and the log of it all.
 */
#include "catalog/gateway_room.h"

static int setup(void **state)
{
    *state = calloc(1, sizeof(counter));
    counter_open(*state);
    return 0;
}

static int teardown(void **state)
{
    counter_close(*state);
    free(*state);
    return 0;
}

/* The same people at a later hour. */
static void at(counter *here, const char *iso)
{
    recto_error error = { .status = RECTO_OK };
    gateway_desk_free(here->desk);
    room_leave(&here->room, here->chief);
    must(recto_clock_init(&here->room.clock, iso, &error), &error);
    here->chief = room_desk(&here->room, "chief");
    must(gateway_desk_new(&here->desk, here->chief, &error), &error);
}

static const char *code_after(counter *here, marc_record *record)
{
    (void)send(here, record);
    return here->out.code;
}

static bib_info info_of(counter *here, mms_id id)
{
    bib_info info;
    recto_error error = { .status = RECTO_OK };
    must(repo_bib_info(catalog_repo(here->chief), id, &info, catalog_now(here->chief), &error), &error);
    return info;
}

/* ---- locks */

static void a_lock__refuses_until_an_hour_after_its_owner_left(void **state)
{
    counter *here = *state;
    recto_error error = { .status = RECTO_OK };
    edit_session *session = NULL;
    const mms_id id = store(here->chief, ZONE_INSTITUTION, book("123", "Here"));
    room_user(&here->room, "cat2", "CAT");
    catalog *cat2 = room_desk(&here->room, "cat2");
    must(edit_open(&session, cat2, id, &error), &error);
    edit_leave(&session);
    room_leave(&here->room, cat2); /* at 13:52 */
    at(here, "2025-11-22T14:51:00Z");
    assert_string_equal(code_after(here, worldcat("123", "Coming", NULL)), "not_added_locked");
    at(here, "2025-11-22T14:53:00Z");
    assert_string_equal(code_after(here, worldcat("123", "Coming", NULL)), "merged");
}

static void ones_own_open_record__is_locked_for_the_gateway_too(void **state)
{
    counter *here = *state;
    recto_error error = { .status = RECTO_OK };
    edit_session *session = NULL;
    const mms_id id = store(here->chief, ZONE_INSTITUTION, book("123", "Here"));
    must(edit_open(&session, here->chief, id, &error), &error);
    assert_string_equal(code_after(here, worldcat("123", "Coming", NULL)), "not_added_locked");
    must(edit_release(&session, &error), &error);
    assert_string_equal(code_after(here, worldcat("123", "Coming", NULL)), "merged");
}

/* ---- which records match */

static void retired_numbers__match_in_both_directions(void **state)
{
    counter *here = *state;
    /* Incoming $a stands in $z here. */
    marc_record *stored = book("100", "Here");
    add_line(stored, "035", "  ", "$z(OCoLC)ocn000000123");
    const mms_id first = store(here->chief, ZONE_INSTITUTION, stored);
    (void)send(here, worldcat("123", "Coming", NULL));
    assert_int_equal(expect_success(here, "Existing record updated."), first);
    /* Incoming 019 stands in $a here. */
    const mms_id second = store(here->chief, ZONE_INSTITUTION, book("on1200", "Other"));
    marc_record *coming = worldcat("777", "Coming too", NULL);
    add_line(coming, "019", "  ", "$a1200$a1300");
    (void)send(here, coming);
    assert_int_equal(expect_success(here, "Existing record updated."), second);
    assert_true(stored_has(here->chief, second, "035", "(OCoLC)1300"));
}

static void without_the_019_step__a_merged_number_is_not_found(void **state)
{
    counter *here = *state;
    (void)store(here->chief, ZONE_INSTITUTION, book("1200", "Other"));
    set(here, "IZ_OCLC", "normalization", "");
    marc_record *coming = worldcat("777", "Coming too", NULL);
    add_line(coming, "019", "  ", "$a1200");
    assert_string_equal(code_after(here, coming), "added");
}

static void a_serial__goes_by_its_own_method(void **state)
{
    counter *here = *state;
    marc_record *stored = book(NULL, "Journal"), *serial = worldcat("5", "Journal", NULL), *monograph = worldcat("6", "J", NULL);
    add_line(stored, "022", "  ", "$a0317-8471");
    add_line(serial, "022", "  ", "$a0317-8471");
    add_line(monograph, "022", "  ", "$a0317-8471");
    set_leader(stored, 7, 's');
    set_leader(serial, 7, 's');
    const mms_id id = store(here->chief, ZONE_INSTITUTION, stored);
    set(here, "IZ_OCLC", "serial-match", "issn");
    (void)send(here, serial);
    assert_int_equal(expect_success(here, "Existing record updated."), id);
    assert_string_equal(code_after(here, monograph), "added"); /* Unique OCLC */
}

static void a_record_without_a_number__matches_nothing(void **state)
{
    counter *here = *state;
    marc_record *first = book(NULL, "Alike"), *second = book(NULL, "Alike");
    assert_string_equal(code_after(here, first), "added");
    add_line(second, "500", "  ", "$aNot the same bytes.");
    assert_string_equal(code_after(here, second), "added");
}

/* ---- how they are merged */

static void the_method_decides__what_stays(void **state)
{
    counter *here = *state;
    marc_record *stored = book("123", "Here");
    add_line(stored, "949", "  ", "$alocal");
    const mms_id id = store(here->chief, ZONE_INSTITUTION, stored);
    (void)send(here, worldcat("123", "Overlaid", NULL));
    assert_true(stored_has(here->chief, id, "245", "Overlaid") && stored_has(here->chief, id, "949", "local"));
    set(here, "IZ_OCLC", "merge-method", "Keep only old value");
    (void)send(here, worldcat("123", "Ignored", NULL));
    assert_int_equal(expect_success(here, "Existing record already up to date."), id);
    assert_true(stored_has(here->chief, id, "245", "Overlaid"));
}

static void a_rule_of_the_zone__merges_by_its_name(void **state)
{
    static const char rule[] = "rule \"Take the title\"\nwhen\n  merge\nthen\n  replace MARC.\"245\"\nend\n";
    counter *here = *state;
    recto_error error = { .status = RECTO_OK };
    int version;
    const int zone = catalog_zone(here->chief, ZONE_INSTITUTION)->id;
    must(catalog_rule_save(here->chief, zone, RULES_MERGE, "Titles only", text_from(rule), 0, NULL, &version, &error), &error);
    const mms_id id = store(here->chief, ZONE_INSTITUTION, book("123", "Here"));
    set(here, "IZ_OCLC", "merge-method", "Titles only");
    marc_record *coming = worldcat("123", "Title of WorldCat", NULL);
    add_line(coming, "500", "  ", "$aNote of WorldCat");
    (void)send(here, coming);
    assert_int_equal(expect_success(here, "Existing record updated."), id);
    assert_true(stored_has(here->chief, id, "245", "Title of WorldCat"));
    assert_false(stored_has(here->chief, id, "500", "Note of WorldCat"));
    must(catalog_rule_delete(here->chief, zone, RULES_MERGE, "Titles only", &error), &error);
    assert_string_equal(code_after(here, worldcat("999", "Not even a new one", NULL)), "refused");
}

/* ---- brief levels: leader/17 of both, and what is to come of it (gateway.md 5.1) */

typedef struct brief_case {
    char here, coming;
    bool refused;
} brief_case;

static const brief_case BRIEFS[] = {
    { ' ', ' ', false }, { ' ', '1', false }, { ' ', 'I', false }, { 'L', ' ', false }, { ' ', '2', true },  { ' ', 'M', true },
    { ' ', '7', true },  { ' ', '8', true },  { ' ', '3', true },  { ' ', '5', true },  { ' ', 'u', true },  { ' ', 'z', true },
    { '4', 'K', true },  { 'K', '7', false }, { '7', '8', true },  { '8', '7', false }, { '3', '5', true },  { '5', '3', false },
    { '3', '3', false }, { 'u', 'z', false }, { 'z', '5', false }, { 'M', '4', false }, { '2', ' ', false },
};

static void brief_levels__are_compared(void **state)
{
    counter *here = *state;
    for (size_t i = 0; i < sizeof BRIEFS / sizeof BRIEFS[0]; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", 1000 + (int)i);
        marc_record *stored = book(number, "Here"), *coming = worldcat(number, "Coming", NULL);
        set_leader(stored, 17, BRIEFS[i].here);
        set_leader(coming, 17, BRIEFS[i].coming);
        (void)store(here->chief, ZONE_INSTITUTION, stored);
        const char *code = code_after(here, coming);
        if (strcmp(code, BRIEFS[i].refused ? "not_added_brief" : "merged") != 0)
            fail_msg("'%c' upon '%c': %s", BRIEFS[i].coming, BRIEFS[i].here, code);
    }
    set(here, "IZ_OCLC", "refuse-briefer", "no");
    marc_record *coming = worldcat("1000", "Briefer", NULL);
    set_leader(coming, 17, 'u');
    assert_string_equal(code_after(here, coming), "merged");
}

/* ---- versions (5.2) */

typedef struct age_case {
    const char *setting, *system; /* of the profile; what is stored with the record, NULL: none */
    const char *stored, *coming;  /* version last imported; 005 that comes */
    const char *code;
} age_case;

#define OLD "20230101120000.0"
#define NEW "20240101120000.0"
static const age_case AGES[] = {
    { "consider", "OCLC", NEW, OLD, "not_added_old" },
    { "consider", "OCLC", NEW, NEW, "merged" },
    { "consider", "OCLC", OLD, NEW, "merged" },
    { "consider", "WorldCat", NEW, OLD, "not_added_old" }, /* GW-63: names of one system */
    { "consider", "OCoLC", NEW, OLD, "not_added_old" },
    { "consider", "LC", NEW, OLD, "merged" },
    { "consider", "", NEW, OLD, "merged" },
    { "ignore", "LC", NEW, OLD, "not_added_old" },
    { "ignore", "", NEW, OLD, "not_added_old" },
    { "ignore", "LC", NEW, NULL, "merged" },        /* GW-62 */
    { "ignore", "LC", NEW, "yesterday", "merged" }, /* not of the form */
    { "disregard", "OCLC", NEW, OLD, "merged" },
};

static void set_source(counter *here, mms_id id, const char *system, const char *version)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(here->room.path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database,
                                        "UPDATE bib SET originating_system = ?1, originating_version = ?2 WHERE mms_id = ?3", -1,
                                        &statement, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(statement, 1, system, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, version, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 3, id);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static void versions__are_compared_as_the_setting_says(void **state)
{
    counter *here = *state;
    for (size_t i = 0; i < sizeof AGES / sizeof AGES[0]; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", 2000 + (int)i);
        const mms_id id = store(here->chief, ZONE_INSTITUTION, book(number, "Here"));
        set_source(here, id, AGES[i].system, AGES[i].stored);
        set(here, "IZ_OCLC", "older-version", AGES[i].setting);
        const char *code = code_after(here, worldcat(number, "Coming", AGES[i].coming));
        if (strcmp(code, AGES[i].code) != 0)
            fail_msg("row %zu (%s, %s): %s", i, AGES[i].setting, AGES[i].system, here->out.reply);
    }
}

/* GW-60: what was edited here since does not make the same version of WorldCat an older one. */
static void a_local_edit__does_not_age_what_comes(void **state)
{
    counter *here = *state;
    recto_error error = { .status = RECTO_OK };
    ingest_outcome outcome;
    edit_session *session = NULL;
    (void)send(here, worldcat("123", "First", NEW));
    const mms_id id = here->out.id;
    must(edit_open(&session, here->chief, id, &error), &error);
    type_note(session, "A local note.");
    must(edit_save(&outcome, session, true, &error), &error);
    ingest_outcome_release(&outcome);
    must(edit_release(&session, &error), &error);
    assert_int_equal(info_of(here, id).version, 2);
    marc_record *coming = worldcat("123", "First", NEW);
    add_line(coming, "650", " 0", "$aWhales.");
    assert_string_equal(code_after(here, coming), "merged");
    assert_string_equal(code_after(here, worldcat("123", "Older", OLD)), "not_added_old");
}

/* ---- zones */

static void give_password(counter *here, const char *code)
{
    recto_error error = { .status = RECTO_OK };
    must(catalog_profile_password(here->chief, code, PASSWORD, &error), &error);
}

static void records_go_to_the_network__by_its_code_or_by_the_profile(void **state)
{
    counter *here = *state;
    set(here, "NZ_OCLC", "institution", "NETWORK");
    give_password(here, "NZ_OCLC");
    (void)send_as(here, "NETWORK", PASSWORD, worldcat("123", "For all", NULL));
    const mms_id id = expect_success(here, "New record in NETWORK.");
    assert_int_equal(catalog_zone_of(here->chief, id)->kind, ZONE_NETWORK);
    (void)send(here, worldcat("123", "For us", NULL)); /* one zone knows nothing of the other */
    (void)expect_success(here, "New record in 01EXAMPLE.");
    set(here, "IZ_OCLC", "use-network-zone", "yes"); /* with the next record, without a restart */
    (void)send(here, worldcat("123", "For all, by us", NULL));
    assert_int_equal(expect_success(here, "Existing record updated."), id);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM audit WHERE act = 'bib.save' AND detail LIKE"
                                               " '%institution 01EXAMPLE; profile IZ_OCLC; user 100-200-300; peer 192.0.2.7'"),
                     2);
}

static void institutions__are_served_side_by_side(void **state)
{
    counter *here = *state;
    recto_error error = { .status = RECTO_OK };
    catalog *other = NULL;
    const catalog_options options = { .repository = here->room.path,
                                      .user = "chief",
                                      .login = "chief",
                                      .institution = "02OTHER",
                                      .clock = here->room.clock,
                                      .mode = REPO_READ_WRITE };
    must(catalog_open(&other, &options, &error), &error);
    must(profile_set(other, "IZ_OCLC", "merge-method", "keep-old", &error), &error); /* the same code, another's */
    must(catalog_profile_password(other, "IZ_OCLC", "another one", &error), &error);
    catalog_close(other);
    (void)send_as(here, "02OTHER", PASSWORD, worldcat("123", "A", NULL));
    assert_string_equal(here->out.code, "logon"); /* the password of 01EXAMPLE opens nothing here */
    (void)send_as(here, "02OTHER", "another one", worldcat("123", "A", NULL));
    const mms_id theirs = expect_success(here, "New record in 02OTHER.");
    (void)send(here, worldcat("123", "B", NULL));
    const mms_id ours = expect_success(here, "New record in 01EXAMPLE.");
    assert_int_not_equal(catalog_zone_of(here->chief, theirs)->id, catalog_zone_of(here->chief, ours)->id);
    assert_string_equal(catalog_user(here->chief), "chief"); /* the desk is as it was */
    assert_string_equal(catalog_institution(here->chief), "01EXAMPLE");
    assert_true(gateway_knows_institution(here->desk, TEXT("02OTHER")));
    assert_true(gateway_knows_institution(here->desk, TEXT("NETWORK")));
    assert_false(gateway_knows_institution(here->desk, TEXT("COMMUNITY")));
    assert_false(gateway_knows_institution(here->desk, TEXT("02OTHE")));
}

static void addresses__may_be_limited(void **state)
{
    counter *here = *state;
    static const struct {
        const char *peer;
        bool admitted;
    } peers[] = {
        { "10.1.2.3", true },     { "11.1.2.3", false },       { "192.0.2.129", true },
        { "192.0.2.127", false }, { "::ffff:10.9.9.9", true }, { "2001:db8::5", true },
        { "2001:db9::5", false }, { "nonsense", false },       { "", false },
    };
    set(here, "IZ_OCLC", "allowed-peers", "10.0.0.0/8, 192.0.2.128/25 , 2001:db8::/32");
    for (size_t i = 0; i < sizeof peers / sizeof peers[0]; i++) {
        buffer bytes;
        char number[16];
        snprintf(number, sizeof number, "%d", 3000 + (int)i);
        marc_record *record = worldcat(number, "From afar", NULL);
        encode(&bytes, record);
        (void)send_bytes_as(here, "01EXAMPLE", PASSWORD, peers[i].peer, buffer_text(&bytes));
        if (strcmp(here->out.code, peers[i].admitted ? "added" : "logon") != 0)
            fail_msg("%s: %s", peers[i].peer, here->out.reply);
        buffer_release(&bytes);
        marc_record_free(record);
    }
}

static void a_new_password__counts_at_once(void **state)
{
    counter *here = *state;
    recto_error error = { .status = RECTO_OK };
    assert_string_equal(code_after(here, worldcat("1", "A", NULL)), "added");
    assert_string_equal(code_after(here, worldcat("2", "B", NULL)), "added"); /* from the cache */
    must(catalog_profile_password(here->chief, "IZ_OCLC", "something else", &error), &error);
    assert_string_equal(code_after(here, worldcat("3", "C", NULL)), "logon");
    assert_true(here->out.logon_failed);
    (void)send_as(here, "01EXAMPLE", "something else", worldcat("3", "C", NULL));
    assert_string_equal(here->out.code, "added");
    assert_false(here->out.permanent);
    set(here, "IZ_OCLC", "permanent-connections", "yes");
    (void)send_as(here, "01EXAMPLE", "something else", worldcat("4", "D", NULL));
    assert_true(here->out.permanent);
}

static void an_answer__is_remembered_for_ten_minutes(void **state)
{
    counter *here = *state;
    assert_string_equal(code_after(here, worldcat("1", "A", NULL)), "added");
    at(here, "2025-11-22T14:01:30Z");
    assert_string_equal(code_after(here, worldcat("1", "A", NULL)), "replayed");
    at(here, "2025-11-22T14:02:30Z");
    assert_string_equal(code_after(here, worldcat("1", "A", NULL)), "unchanged");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_lock__refuses_until_an_hour_after_its_owner_left, setup, teardown),
        cmocka_unit_test_setup_teardown(ones_own_open_record__is_locked_for_the_gateway_too, setup, teardown),
        cmocka_unit_test_setup_teardown(retired_numbers__match_in_both_directions, setup, teardown),
        cmocka_unit_test_setup_teardown(without_the_019_step__a_merged_number_is_not_found, setup, teardown),
        cmocka_unit_test_setup_teardown(a_serial__goes_by_its_own_method, setup, teardown),
        cmocka_unit_test_setup_teardown(a_record_without_a_number__matches_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(the_method_decides__what_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(a_rule_of_the_zone__merges_by_its_name, setup, teardown),
        cmocka_unit_test_setup_teardown(brief_levels__are_compared, setup, teardown),
        cmocka_unit_test_setup_teardown(versions__are_compared_as_the_setting_says, setup, teardown),
        cmocka_unit_test_setup_teardown(a_local_edit__does_not_age_what_comes, setup, teardown),
        cmocka_unit_test_setup_teardown(records_go_to_the_network__by_its_code_or_by_the_profile, setup, teardown),
        cmocka_unit_test_setup_teardown(institutions__are_served_side_by_side, setup, teardown),
        cmocka_unit_test_setup_teardown(addresses__may_be_limited, setup, teardown),
        cmocka_unit_test_setup_teardown(a_new_password__counts_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(an_answer__is_remembered_for_ten_minutes, setup, teardown),
    };
    return cmocka_run_group_tests_name("gateway rules", tests, NULL, NULL);
}
