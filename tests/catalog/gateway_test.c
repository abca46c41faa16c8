/* tests/catalog/gateway_test.c - every outcome of gateway.md section 6 once, its words compared, and the repository proved
 * unchanged by each refusal. */
#include "catalog/gateway_room.h"

static const char NO_PROFILE[] = "Import failed. Reason: no integration profile found for institution ";
static const char NO_LOGON[] = "Import failed. Reason: Logon failed - the Logon ID and/or password is/are not valid.";

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

static bib_info info_of(counter *here, mms_id id)
{
    bib_info info;
    recto_error error = { .status = RECTO_OK };
    must(repo_bib_info(catalog_repo(here->chief), id, &info, catalog_now(here->chief), &error), &error);
    return info;
}

/* ---- what is saved */

static void a_new_record__is_saved_and_told(void **state)
{
    counter *here = *state;
    (void)send(here, worldcat("123", "First", "20240101120000.0"));
    const mms_id id = expect_success(here, "New record in 01EXAMPLE.");
    const bib_info info = info_of(here, id);
    assert_int_equal(here->out.kind, OUTCOME_ADDED);
    assert_string_equal(here->out.code, "added");
    assert_string_equal(info.created_by, "System");
    assert_string_equal(info.modified_by, "System");
    assert_string_equal(info.origin, "gateway");
    assert_string_equal(info.originating_system, "OCLC");
    assert_string_equal(info.originating_version, "20240101120000.0");
    assert_int_equal(info.sync, 'B');
    assert_true(stored_has(here->chief, id, "035", "(OCoLC)123"));
    assert_int_equal(count_hits(here->chief, SEARCH_ALL_TITLES, ZONE_INSTITUTION, "oclc", "123", NULL), 1);
}

static void the_same_number__is_merged(void **state)
{
    counter *here = *state;
    (void)send(here, worldcat("123", "First", "20240101120000.0"));
    const mms_id id = here->out.id;
    set(here, "IZ_OCLC", "synchronize", "Publish holdings only");
    (void)send(here, worldcat("123", "Second", "20240202120000.0"));
    assert_int_equal(expect_success(here, "Existing record updated."), id);
    const bib_info info = info_of(here, id);
    assert_int_equal(info.version, 2);
    assert_int_equal(info.sync, 'H');
    assert_string_equal(info.originating_version, "20240202120000.0");
    assert_true(stored_has(here->chief, id, "245", "Second"));
}

static void a_merge_that_brings_nothing__makes_no_version_but_is_told(void **state)
{
    counter *here = *state;
    (void)send(here, worldcat("123", "First", "20240101120000.0"));
    const mms_id id = here->out.id;
    (void)send(here, worldcat("123", "First", "20240303120000.0"));
    assert_int_equal(expect_success(here, "Existing record already up to date."), id);
    const bib_info info = info_of(here, id);
    assert_int_equal(info.version, 1);
    assert_string_equal(info.originating_version, "20240303120000.0"); /* step 14, on merge too */
}

static void the_same_bytes_again__get_the_first_answer(void **state)
{
    counter *here = *state;
    char first[GATEWAY_REPLY_LENGTH];
    snprintf(first, sizeof first, "%s", send(here, worldcat("123", "First", NULL)));
    const mms_id id = here->out.id;
    assert_false(here->out.replayed);
    assert_string_equal(send(here, worldcat("123", "First", NULL)), first);
    assert_true(here->out.replayed);
    assert_int_equal(here->out.id, id);
    assert_int_equal(info_of(here, id).version, 1);
    /* Not when the record has changed since. */
    (void)send(here, worldcat("123", "Second", NULL));
    (void)send(here, worldcat("123", "First", NULL));
    assert_false(here->out.replayed);
    (void)expect_success(here, "Existing record updated.");
    assert_true(stored_has(here->chief, id, "245", "First"));
}

/* ---- what is refused, and leaves all as it was */

typedef struct refusal_case {
    const char *name;
    const char *logon, *password;
    const char *first, *rest;
    const char *code;
    void (*prepare)(counter *here); /* the repository and the profile */
    marc_record *(*record)(void);
} refusal_case;

static marc_record *plain_record(void)
{
    return worldcat("123", "Coming", "20240101120000.0");
}

static marc_record *authority(void)
{
    marc_record *record = plain_record();
    set_leader(record, 6, 'z');
    return record;
}

static marc_record *holdings(void)
{
    marc_record *record = plain_record();
    set_leader(record, 6, 'x');
    return record;
}

static marc_record *brief(void)
{
    marc_record *record = plain_record();
    set_leader(record, 17, '3');
    return record;
}

static marc_record *older(void)
{
    return worldcat("123", "Coming", "20200101120000.0");
}

static marc_record *without_title(void)
{
    marc_record *record = plain_record();
    marc_record_remove(record, marc_record_find(record, "245", 0));
    return record;
}

static void run_sql(counter *here, const char *script)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(here->room.path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, script, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static void two_matches(counter *here)
{
    (void)store(here->chief, ZONE_INSTITUTION, book("123", "One"));
    (void)store(here->chief, ZONE_INSTITUTION, book("ocm00000123", "Two"));
}

static void one_match(counter *here)
{
    (void)store(here->chief, ZONE_INSTITUTION, book("123", "Here"));
}

static void imported_match(counter *here)
{
    (void)send(here, worldcat("123", "Here", "20230101120000.0"));
}

static void linked_match(counter *here)
{
    char script[200];
    const mms_id community = store(here->chief, ZONE_COMMUNITY, book("999", "Community"));
    const mms_id own = store(here->chief, ZONE_INSTITUTION, book("123", "Here"));
    snprintf(script, sizeof script, "UPDATE bib SET linked_to = %lld WHERE mms_id = %lld", (long long)community, (long long)own);
    run_sql(here, script);
}

static void locked_match(counter *here)
{
    recto_error error = { .status = RECTO_OK };
    edit_session *session = NULL;
    const mms_id id = store(here->chief, ZONE_INSTITUTION, book("123", "Here"));
    room_user(&here->room, "cat2", "CAT");
    must(edit_open(&session, room_desk(&here->room, "cat2"), id, &error), &error);
}

static void inactive(counter *here)
{
    set(here, "IZ_OCLC", "active", "no");
}

static void two_active(counter *here)
{
    set(here, "OTHER", "active", "no");
    run_sql(here, "UPDATE profile SET active = 1"); /* Recto would not do it (GW-66) */
}

static void lost_rule(counter *here)
{
    static const char rule[] = "rule \"Mine\"\nwhen\n  TRUE\nthen\n  removeField \"999\"\nend\n";
    recto_error error = { .status = RECTO_OK };
    int version;
    const int zone = catalog_zone(here->chief, ZONE_INSTITUTION)->id;
    must(catalog_rule_save(here->chief, zone, RULES_NORMALIZATION, "mine", text_from(rule), 0, NULL, &version, &error), &error);
    set(here, "IZ_OCLC", "normalization", "mine");
    must(catalog_rule_delete(here->chief, zone, RULES_NORMALIZATION, "mine", &error), &error);
}

static void only_from_elsewhere(counter *here)
{
    set(here, "IZ_OCLC", "allowed-peers", "10.0.0.0/8, 2001:db8::/32");
}

static void rate_of_one(counter *here)
{
    set(here, "IZ_OCLC", "rate-limit", "1");
    (void)send(here, worldcat("77", "The first of this minute", NULL));
}

/* From elsewhere: Recto would not save it. */
static void foreign_format(counter *here)
{
    run_sql(here, "UPDATE profile SET version = 99, source = 'target-format = UNIMARC Bibliographic'");
}

static void lost_merge_rule(counter *here)
{
    run_sql(here, "UPDATE profile SET version = 99, source = 'merge-method = Nobody knows it'");
}

static void rejecting(counter *here)
{
    static const char rule[] = "rule \"No books\"\nwhen\n  exists \"245\"\nthen\n  set indication.\"true\"\nend\n";
    recto_error error = { .status = RECTO_OK };
    int version;
    const int zone = catalog_zone(here->chief, ZONE_INSTITUTION)->id;
    must(catalog_rule_save(here->chief, zone, RULES_INDICATION, "none", text_from(rule), 0, NULL, &version, &error), &error);
    must(catalog_rule_choose(here->chief, zone, RULE_USE_REJECT, "none", false, NULL, &error), &error);
}

static const refusal_case REFUSALS[] = {
    { "no logon", "", "", NO_LOGON, "", "logon", NULL, plain_record },
    { "blank logon", "   ", "alma1234", NO_LOGON, "", "logon", NULL, plain_record },
    { "wrong password", "01EXAMPLE", "alma1235", NO_LOGON, "", "logon", NULL, plain_record },
    { "password with a blank", "01EXAMPLE", "alma1234 ", NO_LOGON, "", "logon", NULL, plain_record },
    { "no password", "01EXAMPLE", "", NO_LOGON, "", "logon", NULL, plain_record },
    { "address not allowed", "01EXAMPLE", "alma1234", NO_LOGON, "", "logon", only_from_elsewhere, plain_record },
    { "unknown institution", "01NOWHERE", "alma1234", "no profile", "", "profile", NULL, plain_record },
    { "other case", "01example", "alma1234", "no profile", "", "profile", NULL, plain_record },
    { "injection", "x' OR '1'='1", "alma1234", "no profile", "", "profile", NULL, plain_record },
    { "format", "%s%n", "alma1234", "no profile", "", "profile", NULL, plain_record },
    { "no profile", "02OTHER", "alma1234", "no profile", "", "profile", NULL, plain_record },
    { "not active", "01EXAMPLE", "alma1234", "no profile", "", "profile", inactive, plain_record },
    { "two", "01EXAMPLE", "alma1234", "no profile", "More than one Connexion profile is active.", "profile", two_active,
      plain_record },
    { "authority", "01EXAMPLE", "alma1234", "Import failed. Reason: the record is not a bibliographic record.", "",
      "not_bibliographic", NULL, authority },
    { "holdings", "01EXAMPLE", "alma1234", "Import failed. Reason: the record is not a bibliographic record.", "",
      "not_bibliographic", NULL, holdings },
    { "several", "01EXAMPLE", "alma1234", "Import failed. Reason: Multi matches found for this record.",
      "Matches: 991000000000015801, 991000000000025801", "multi_match", two_matches, plain_record },
    { "locked", "01EXAMPLE", "alma1234", "Import failed. Reason: NOT_ADDED_LOCKED.",
      "MMS ID 991000000000015801 is locked by cat2 (01EXAMPLE) since 13:52.", "not_added_locked", locked_match, plain_record },
    { "brief", "01EXAMPLE", "alma1234", "Import failed. Reason: NOT_ADDED_BRIEF.",
      "Incoming brief level 03, MMS ID 991000000000015801 has 10.\n"
      "Raise the encoding level in WorldCat, or import another way and merge by hand.",
      "not_added_brief", one_match, brief },
    { "older", "01EXAMPLE", "alma1234", "Import failed. Reason: NOT_ADDED_OLD.",
      "Incoming 005 20200101120000.0, MMS ID 991000000000015801 was last imported with 20230101120000.0.", "not_added_old",
      imported_match, older },
    { "no title", "01EXAMPLE", "alma1234", "Import failed. Reason: NOT_ADDED_INVALID.",
      "245: there is no title statement; a record has one field 245.", "invalid", NULL, without_title },
    { "linked to the Community Zone", "01EXAMPLE", "alma1234", "Import failed. Reason: NOT_ADDED_CZ_LINKED.",
      "MMS ID 991000000000015801 is linked to the Community Zone.", "cz_linked", linked_match, plain_record },
    { "a rule that is gone", "01EXAMPLE", "alma1234", "Import failed. Reason: the profile could not be applied.", "*", "refused",
      lost_rule, plain_record },
    { "a format we have not", "01EXAMPLE", "alma1234", "Import failed. Reason: the profile could not be applied.",
      "IZ_OCLC:1: target-format: target format UNIMARC Bibliographic is not available", "refused", foreign_format, plain_record },
    { "a merge rule nobody has", "01EXAMPLE", "alma1234", "Import failed. Reason: the profile could not be applied.", "*",
      "refused", lost_merge_rule, plain_record },
    { "an indication rule", "01EXAMPLE", "alma1234", "Import failed. Reason: NOT_ADDED_INVALID.",
      "Refused by the indication rule 'none' of 01EXAMPLE. Nothing was saved.", "refused", rejecting, plain_record },
    { "rate", "01EXAMPLE", "alma1234", "Import failed. Reason: too many attempts, try again later.", "", "rate", rate_of_one,
      plain_record },
};

static void check_refusal(const refusal_case *row)
{
    counter *here = calloc(1, sizeof *here);
    buffer before;
    char first[GATEWAY_REPLY_LENGTH];
    counter_open(here);
    if (row->prepare != NULL)
        row->prepare(here);
    dump(&before, here->room.path);
    const int64_t rows = count_of(here->room.path, "SELECT count(*) FROM gateway_log");
    const char *reply = send_as(here, row->logon, row->password, row->record());
    if (strcmp(row->first, "no profile") == 0)
        snprintf(first, sizeof first, "%s%s.", NO_PROFILE, row->logon);
    else
        snprintf(first, sizeof first, "%s", row->first);
    if (strncmp(reply, first, strlen(first)) != 0)
        fail_msg("%s: %s", row->name, reply);
    if (strcmp(row->rest, "*") != 0)
        expect_lines(reply, first, row->rest);
    assert_string_equal(here->out.code, row->code);
    assert_int_equal(here->out.logon_failed, strcmp(row->code, "logon") == 0);
    assert_untouched(here, &before);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM gateway_log"), rows + 1);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM gateway_log WHERE reply LIKE '%alma123%'"), 0);
    buffer_release(&before);
    counter_close(here);
    free(here);
}

static void every_refusal__has_its_words_and_touches_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof REFUSALS / sizeof REFUSALS[0]; i++)
        check_refusal(&REFUSALS[i]);
}

static const char NOT_AVAILABLE[] = "Import failed. Reason: the repository is not available, try again.";

/* The row of the log is part of the record's transaction: without it nothing is saved, and nothing was promised (GW-39). */
static void what_cannot_be_logged__is_not_saved(void **state)
{
    counter *here = *state;
    buffer before;
    recto_error error = { .status = RECTO_OK };
    run_sql(here, "CREATE TRIGGER full BEFORE INSERT ON gateway_log BEGIN SELECT RAISE(ABORT, 'no more'); END");
    dump(&before, here->room.path);
    buffer bytes;
    marc_record *record = plain_record();
    encode(&bytes, record);
    marc_record_free(record);
    const gateway_request request = { .logon = TEXT("01EXAMPLE"),
                                      .password = text_from(PASSWORD),
                                      .record = buffer_text(&bytes),
                                      .connection = 12,
                                      .record_number = 3 };
    gateway_receive(&here->out, here->desk, &request, &error);
    expect_lines(here->out.reply, NOT_AVAILABLE, "Reference: connection 12, record 3.");
    assert_int_not_equal(error.status, RECTO_OK); /* for the service's log */
    assert_int_equal(here->out.id, 0);
    assert_untouched(here, &before);
    run_sql(here, "DROP TRIGGER full");
    gateway_receive(&here->out, here->desk, &request, &error);
    (void)expect_success(here, "New record in 01EXAMPLE."); /* the desk is well again */
    buffer_release(&bytes);
    buffer_release(&before);
}

/* ---- answers that come too late, and several records in one save */

static bool never(void *context)
{
    ++*(int *)context;
    return false;
}

/* GW-41: at the limit the sender is told, and nothing of the record stays. */
static void what_nobody_waits_for__is_taken_back(void **state)
{
    counter *here = *state;
    int asked = 0;
    recto_error error = { .status = RECTO_OK };
    buffer before, bytes;
    marc_record *record = plain_record();
    encode(&bytes, record);
    marc_record_free(record);
    dump(&before, here->room.path);
    gateway_request request = { .logon = TEXT("01EXAMPLE"),
                                .password = text_from(PASSWORD),
                                .record = buffer_text(&bytes),
                                .connection = 12,
                                .record_number = 3,
                                .keep = never,
                                .keep_context = &asked };
    gateway_receive(&here->out, here->desk, &request, &error);
    expect_lines(here->out.reply, NOT_AVAILABLE, "Reference: connection 12, record 3.");
    assert_int_equal(asked, 1);
    assert_int_equal(here->out.id, 0);
    assert_untouched(here, &before);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM gateway_log WHERE code = 'unavailable'"), 1);
    request.keep = NULL;
    gateway_receive(&here->out, here->desk, &request, &error);
    (void)expect_success(here, "New record in 01EXAMPLE."); /* no answer of before is remembered */
    buffer_release(&bytes);
    buffer_release(&before);
}

static void several_together__are_one_save(void **state)
{
    counter *here = *state;
    buffer before;
    must(gateway_together_begin(here->desk, NULL), NULL);
    (void)send(here, worldcat("201", "One", NULL));
    const mms_id one = expect_success(here, "New record in 01EXAMPLE.");
    expect_lines(send_as(here, "01EXAMPLE", "wrong", worldcat("202", "Two", NULL)), NO_LOGON, "");
    assert_string_equal(here->out.oclc, "202"); /* the log finds it by its number all the same */
    (void)send(here, worldcat("201", "One again", NULL));
    assert_int_equal(expect_success(here, "Existing record updated."), one); /* it sees what is not final yet */
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM gateway_log"), 0);
    assert_true(gateway_together_end(here->desk, true));
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM gateway_log"), 3);
    assert_int_equal(info_of(here, one).version, 2);
    dump(&before, here->room.path);
    must(gateway_together_begin(here->desk, NULL), NULL);
    (void)send(here, worldcat("203", "Three", NULL));
    assert_false(gateway_together_end(here->desk, false)); /* not wanted */
    assert_untouched(here, &before);
    buffer_release(&before);
}

/* One cannot be saved: none is, and none says so; alone each has its own answer. */
static void together__all_or_none(void **state)
{
    counter *here = *state;
    buffer before, bytes;
    recto_error error = { .status = RECTO_OK };
    marc_record *record = worldcat("302", "Two", NULL);
    encode(&bytes, record);
    marc_record_free(record);
    const gateway_request request = { .logon = TEXT("01EXAMPLE"),
                                      .password = text_from(PASSWORD),
                                      .record = buffer_text(&bytes) };
    run_sql(here,
            "CREATE TRIGGER full BEFORE INSERT ON gateway_log WHEN NEW.oclc = '302' BEGIN SELECT RAISE(ROLLBACK, 'full'); END");
    dump(&before, here->room.path);
    must(gateway_together_begin(here->desk, NULL), NULL);
    (void)send(here, worldcat("301", "One", NULL));
    gateway_receive(&here->out, here->desk, &request, &error);
    gateway_receive(&here->out, here->desk, &request,
                    &error); /* SQLite has ended the transaction: nothing is written outside it */
    assert_false(gateway_together_end(here->desk, true));
    assert_untouched(here, &before);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM gateway_log"), 0);
    (void)send(here, worldcat("301", "One", NULL));
    (void)expect_success(here, "New record in 01EXAMPLE.");
    gateway_receive(&here->out, here->desk, &request, &error);
    assert_int_equal(strncmp(here->out.reply, NOT_AVAILABLE, sizeof NOT_AVAILABLE - 1), 0);
    run_sql(here, "DROP TRIGGER full");
    buffer_release(&bytes);
    buffer_release(&before);
}

static void a_repository_for_reading_only__is_not_available(void **state)
{
    counter *here = *state;
    recto_error error = { .status = RECTO_OK };
    catalog *reader = NULL;
    gateway_desk *own = here->desk;
    const catalog_options options = {
        .repository = here->room.path, .user = "chief", .login = "chief", .clock = here->room.clock, .mode = REPO_READ_ONLY
    };
    must(catalog_open(&reader, &options, &error), &error);
    must(gateway_desk_new(&here->desk, reader, &error), &error);
    expect_lines(send(here, plain_record()), NOT_AVAILABLE, "Reference: connection 7, record 1.");
    gateway_desk_free(here->desk);
    here->desk = own;
    catalog_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_record__is_saved_and_told, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_number__is_merged, setup, teardown),
        cmocka_unit_test_setup_teardown(a_merge_that_brings_nothing__makes_no_version_but_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_bytes_again__get_the_first_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_logged__is_not_saved, setup, teardown),
        cmocka_unit_test_setup_teardown(what_nobody_waits_for__is_taken_back, setup, teardown),
        cmocka_unit_test_setup_teardown(several_together__are_one_save, setup, teardown),
        cmocka_unit_test_setup_teardown(together__all_or_none, setup, teardown),
        cmocka_unit_test_setup_teardown(a_repository_for_reading_only__is_not_available, setup, teardown),
        cmocka_unit_test(every_refusal__has_its_words_and_touches_nothing),
    };
    return cmocka_run_group_tests_name("gateway", tests, NULL, NULL);
}
