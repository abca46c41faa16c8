/* tests/catalog/profiles_test.c - integration profiles: what can be saved, what is refused and in which words. */
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

static void expect_error(recto_status got, recto_status want, const recto_error *error, const char *words)
{
    char line[600];
    recto_error_line(line, sizeof line, error);
    if (got != want || strstr(line, words) == NULL)
        fail_msg("status %d: %s; wanted %d: %s", (int)got, line, (int)want, words);
}

static void the_shipped_profile__is_that_of_the_seeds(void **state)
{
    static const char *const lines[] = {
        "normalization = Marc21 Bib Copy 019a to 035z\n",
        "validation = MarcXML Bib Import\n",
        "serial-match = Unique OCLC Identifier\n",
        "non-serial-match = Unique OCLC Identifier\n",
        "merge-method = Overlay all fields but local\n",
        "refuse-briefer = yes\n",
        "older-version = Consider Originating System\n",
        "synchronize = Publish bibliographic records\n",
        "target-format = MARC 21 Bibliographic\n",
        "active = yes\n",
        "use-network-zone = no\n",
    };
    counter *here = *state;
    buffer shipped, saved;
    catalog_profile info;
    recto_error error = { .status = RECTO_OK };
    buffer_init(&shipped, 0);
    buffer_init(&saved, 0);
    must(catalog_profile_shipped(&shipped, &error), &error);
    must(catalog_profile_text(&saved, &info, here->chief, "IZ_OCLC", &error), &error);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_non_null(strstr(buffer_string(&shipped), lines[i]));
        assert_non_null(strstr(buffer_string(&saved), lines[i])); /* the one of the desk began as the shipped one */
    }
    assert_true(info.active && info.has_password);
    assert_null(strstr(buffer_string(&saved), PASSWORD));
    assert_null(strstr(buffer_string(&saved), "argon2"));
    buffer_release(&shipped);
    buffer_release(&saved);
}

static void what_is_exported__is_imported_as_the_same(void **state)
{
    counter *here = *state;
    buffer first, second;
    catalog_profile info;
    recto_error error = { .status = RECTO_OK };
    buffer_init(&first, 0);
    buffer_init(&second, 0);
    set(here, "IZ_OCLC", "description", "For records of our own = only; ...");
    must(catalog_profile_text(&first, &info, here->chief, "IZ_OCLC", &error), &error);
    const int version = info.version;
    must(catalog_profile_put(here->chief, NULL, buffer_text(&first), &error), &error);
    must(catalog_profile_text(&second, &info, here->chief, "IZ_OCLC", &error), &error);
    assert_string_equal(buffer_string(&first), buffer_string(&second));
    assert_int_equal(info.version, version + 1);
    assert_true(info.has_password); /* an import does not take it away */
    buffer_release(&first);
    buffer_release(&second);
}

typedef struct bad_text {
    const char *text;
    recto_status status;
    const char *words;
} bad_text;

static const bad_text BAD_TEXTS[] = {
    { "code = A\nserial-mach = x\n", RECTO_EDATA, "A:2: unknown key 'serial-mach'; did you mean serial-match?" },
    { "code = A\nzzzzzzzzzzzz = x\n", RECTO_EDATA, "recto profile keys lists them" },
    { "code = A\n\n# remark\nname\n", RECTO_EDATA, "A:4: a line without '='" },
    { "code = A\ncode = B\n", RECTO_EDATA, "A:2: 'code' stands in line 1 already" },
    { "active = perhaps\n", RECTO_EDATA, "choose yes, no" },
    { "serial-match = Guess\n", RECTO_EINVALID, "'Guess' is no match method" },
    { "\nmerge-method = Mine\n", RECTO_ENOTFOUND, "A:2: merge-method" },
    { "normalization = nothing of the kind\n", RECTO_ENOTFOUND, "A:1: normalization" },
    { "validation = Nobody\n", RECTO_ENOTFOUND, "marcxml-bib-import" },
    { "target-format = UNIMARC Bibliographic\n", RECTO_EREFUSED, "UNIMARC Bibliographic is not available" },
    { "target-format = kormarc\n", RECTO_EREFUSED, "KORMARC Bibliographic is not available" },
    { "target-format = cnmarc\n", RECTO_EREFUSED, "CNMARC Bibliographic is not available" },
    { "allowed-peers = 10.0.0.0/8, 300.1.1.1\n", RECTO_EINVALID, "'300.1.1.1' is no address" },
    { "allowed-peers = 10.0.0.0/33\n", RECTO_EINVALID, "'10.0.0.0/33' is no address" },
    { "rate-limit = -1\n", RECTO_EINVALID, "records a minute" },
    { "originating-system =\n", RECTO_EINVALID, "1 to 63 bytes" },
    { "institution = 02OTHER\n", RECTO_EREFUSED, "you work in 01EXAMPLE" },
    { "name = \xFF\n", RECTO_EDATA, "no UTF-8" },
    { "type = LDAP\n", RECTO_EDATA, "'LDAP' is no choice" },
};

static void a_bad_text__is_told_with_its_line(void **state)
{
    counter *here = *state;
    for (size_t i = 0; i < sizeof BAD_TEXTS / sizeof BAD_TEXTS[0]; i++) {
        recto_error error = { .status = RECTO_OK };
        const recto_status status = catalog_profile_put(here->chief, "A", text_from(BAD_TEXTS[i].text), &error);
        expect_error(status, BAD_TEXTS[i].status, &error, BAD_TEXTS[i].words);
    }
    recto_error error = { .status = RECTO_OK };
    buffer text;
    catalog_profile info;
    buffer_init(&text, 0);
    assert_int_equal(catalog_profile_text(&text, &info, here->chief, "A", &error), RECTO_ENOTFOUND);
    buffer_release(&text);
}

static void a_code__has_no_strange_characters(void **state)
{
    static const char *const codes[] = {
        "", "a b", "../x", "a'b", "x\n", "\xC3\xA9", "0123456789012345678901234567890123456789012345678901234567890123"
    };
    counter *here = *state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        recto_error error = { .status = RECTO_OK };
        assert_int_equal(catalog_profile_put(here->chief, codes[i], TEXT("active = no\n"), &error), RECTO_EINVALID);
    }
}

static void a_second_active_one__is_refused_in_the_words_of_the_error(void **state)
{
    counter *here = *state;
    recto_error error = { .status = RECTO_OK };
    expect_error(profile_set(here->chief, "SECOND", "name", "x", &error), RECTO_EREFUSED, &error,
                 "no integration profile found for institution 01EXAMPLE");
    expect_error(profile_set(here->chief, "SECOND", "name", "x", &error), RECTO_EREFUSED, &error, "IZ_OCLC");
    set(here, "SECOND", "active", "no"); /* one that is not active may stand beside it */
    expect_error(profile_set(here->chief, "SECOND", "active", "yes", &error), RECTO_EREFUSED, &error, "IZ_OCLC");
    set(here, "IZ_OCLC", "active", "no");
    set(here, "SECOND", "active", "yes");
    set(here, "NZ_OCLC", "institution", "NETWORK"); /* the network has one of its own */
}

static void names__are_taken_in_any_form(void **state)
{
    counter *here = *state;
    static const struct {
        const char *key, *value, *line;
    } forms[] = {
        { "synchronize", "none", "synchronize = Don't publish\n" },
        { "synchronize", "PUBLISH HOLDINGS ONLY", "synchronize = Publish holdings only\n" },
        { "older-version", "disregard", "older-version = Disregard\n" },
        { "older-version", "ignore", "older-version = Ignore originating system\n" },
        { "Merge method", "keep-old", "merge-method = keep-old\n" },
        { "serial-match", "1 serial issn-exact-024-035; 2 all unique-oclc", "serial-match = 1 serial issn-exact" },
        { "permanent-connections", "true", "permanent-connections = yes\n" },
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        buffer source;
        catalog_profile info;
        recto_error error = { .status = RECTO_OK };
        buffer_init(&source, 0);
        set(here, "IZ_OCLC", forms[i].key, forms[i].value);
        must(catalog_profile_text(&source, &info, here->chief, "IZ_OCLC", &error), &error);
        if (strstr(buffer_string(&source), forms[i].line) == NULL)
            fail_msg("%s: %s", forms[i].line, buffer_string(&source));
        buffer_release(&source);
    }
}

static void several_changes__are_all_or_nothing(void **state)
{
    static const profile_change changes[] = { { "name", "New name" }, { "rate-limit", "many" } };
    counter *here = *state;
    buffer source;
    catalog_profile info;
    recto_error error = { .status = RECTO_OK };
    assert_int_equal(catalog_profile_change(here->chief, "IZ_OCLC", changes, 2, &error), RECTO_EINVALID);
    buffer_init(&source, 0);
    must(catalog_profile_text(&source, &info, here->chief, "IZ_OCLC", &error), &error);
    assert_null(strstr(buffer_string(&source), "New name"));
    assert_int_equal(profile_set(here->chief, "IZ_OCLC", "code", "OTHER", &error), RECTO_EREFUSED);
    assert_int_equal(profile_set(here->chief, "IZ_OCLC", "institution", "NETWORK", &error), RECTO_EREFUSED);
    buffer_release(&source);
}

static void only_the_general_system_administrator__writes(void **state)
{
    counter *here = *state;
    recto_error error = { .status = RECTO_OK };
    catalog_profile *profiles = NULL;
    size_t count = 0;
    room_user(&here->room, "cat2", "CAT,CM,CA");
    catalog *cat2 = room_desk(&here->room, "cat2");
    const int64_t audited = count_of(here->room.path, "SELECT count(*) FROM audit WHERE outcome = 'refused'");
    assert_int_equal(profile_set(cat2, "IZ_OCLC", "name", "x", &error), RECTO_EREFUSED);
    assert_int_equal(catalog_profile_put(cat2, "B", TEXT("active = no\n"), &error), RECTO_EREFUSED);
    assert_int_equal(catalog_profile_delete(cat2, "IZ_OCLC", &error), RECTO_EREFUSED);
    assert_int_equal(catalog_profile_password(cat2, "IZ_OCLC", "whatever1", &error), RECTO_EREFUSED);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM audit WHERE outcome = 'refused'"), audited + 4);
    must(catalog_profiles(&profiles, &count, cat2, &error), &error); /* all may look */
    assert_int_equal(count, 1);
    free(profiles);
}

static void a_password__is_kept_as_a_hash_only(void **state)
{
    counter *here = *state;
    recto_error error = { .status = RECTO_OK };
    char longest[193];
    assert_int_equal(catalog_profile_password(here->chief, "IZ_OCLC", "", &error), RECTO_EINVALID);
    memset(longest, 'x', sizeof longest - 1);
    longest[192] = '\0';
    assert_int_equal(catalog_profile_password(here->chief, "IZ_OCLC", longest, &error), RECTO_EINVALID);
    longest[191] = '\0';
    must(catalog_profile_password(here->chief, "IZ_OCLC", longest, &error), &error);
    assert_int_equal(catalog_profile_password(here->chief, "NOBODY", "whatever1", &error), RECTO_ENOTFOUND);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM profile WHERE password LIKE '$argon2id$%'"), 1);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM audit WHERE detail LIKE '%alma1234%'"), 0);
    (void)send_as(here, "01EXAMPLE", longest, worldcat("9", "By the new one", NULL));
    (void)expect_success(here, "New record in 01EXAMPLE.");
}

static void a_deleted_profile__keeps_its_versions(void **state)
{
    counter *here = *state;
    recto_error error = { .status = RECTO_OK };
    must(catalog_profile_delete(here->chief, "IZ_OCLC", &error), &error);
    assert_int_equal(catalog_profile_delete(here->chief, "IZ_OCLC", &error), RECTO_ENOTFOUND);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM profile"), 0);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM profile_version"), 2);
    set(here, "IZ_OCLC", "name", "Again");
    assert_int_equal(count_of(here->room.path, "SELECT max(version) FROM profile_version"), 3);
    assert_int_equal(count_of(here->room.path, "SELECT count(*) FROM profile WHERE password IS NOT NULL"), 0);
}

static void doubts__are_sentences(void **state)
{
    counter *here = *state;
    buffer doubts;
    recto_error error = { .status = RECTO_OK };
    buffer_init(&doubts, 0);
    set(here, "IZ_OCLC", "allowed-peers", "192.0.2.0/24");
    must(catalog_profile_check(&doubts, here->chief, "IZ_OCLC", &error), &error);
    assert_string_equal(buffer_string(&doubts), "");
    set(here, "IZ_OCLC", "refuse-briefer", "no");
    set(here, "IZ_OCLC", "active", "no");
    must(catalog_profile_check(&doubts, here->chief, "IZ_OCLC", &error), &error);
    assert_non_null(strstr(buffer_string(&doubts), "not active"));
    assert_non_null(strstr(buffer_string(&doubts), "briefer"));
    buffer_release(&doubts);
}

static void choices__are_those_of_today(void **state)
{
    counter *here = *state;
    static const struct {
        const char *key, *has;
    } wanted[] = {
        { "merge-method", "Conditional subject headings\n" },
        { "merge-method", "overlay-but-local\n" },
        { "serial-match", "Unique OCLC Identifier\n" },
        { "normalization", "Marc21 Bib Copy 019a to 035z\n" },
        { "validation", "MarcXML Bib Import\n" },
        { "active", "yes\nno\n" },
    };
    const int zone = catalog_zone(here->chief, ZONE_INSTITUTION)->id;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        buffer choices;
        recto_error error = { .status = RECTO_OK };
        buffer_init(&choices, 0);
        must(catalog_profile_choices(&choices, here->chief, zone, wanted[i].key, &error), &error);
        if (strstr(buffer_string(&choices), wanted[i].has) == NULL)
            fail_msg("%s: no %s in %s", wanted[i].key, wanted[i].has, buffer_string(&choices));
        buffer_release(&choices);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_shipped_profile__is_that_of_the_seeds, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_exported__is_imported_as_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(a_bad_text__is_told_with_its_line, setup, teardown),
        cmocka_unit_test_setup_teardown(a_code__has_no_strange_characters, setup, teardown),
        cmocka_unit_test_setup_teardown(a_second_active_one__is_refused_in_the_words_of_the_error, setup, teardown),
        cmocka_unit_test_setup_teardown(names__are_taken_in_any_form, setup, teardown),
        cmocka_unit_test_setup_teardown(several_changes__are_all_or_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(only_the_general_system_administrator__writes, setup, teardown),
        cmocka_unit_test_setup_teardown(a_password__is_kept_as_a_hash_only, setup, teardown),
        cmocka_unit_test_setup_teardown(a_deleted_profile__keeps_its_versions, setup, teardown),
        cmocka_unit_test_setup_teardown(doubts__are_sentences, setup, teardown),
        cmocka_unit_test_setup_teardown(choices__are_those_of_today, setup, teardown),
    };
    return cmocka_run_group_tests_name("profiles", tests, NULL, NULL);
}
