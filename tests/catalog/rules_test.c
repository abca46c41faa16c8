/* tests/catalog/rules_test.c - rules of a zone: versions, refusals, choices and what the corridor does with them. */
#include "catalog/room.h"

#include "recto/catalog/rules.h"

static const char DROP_300[] = "rule \"Drop 300\"\nwhen\n  TRUE\nthen\n  removeField \"300\"\nend\n";
static const char ADD_500[] = "rule \"Add 500\"\nwhen\n  TRUE\nthen\n  addField \"500.a.Seen\" if (not exists \"500\")\nend\n";
static const char KEEP_ALL[] = "# primary: existing\nrule \"Keep\"\nwhen\n  merge\nthen\n  add MARC.\"5\"XX\nend\n";
static const char FOR_COPY[] = "# Made for Search Resources.\n# primary: incoming\nrule \"Take\"\nwhen\n  merge\nthen\n"
                               "  add MARC.\"9\"XX\nend\n";
static const char BRIEF[] = "rule \"Nine\"\nwhen\n  exists \"300\"\nthen\n  set brief_level.\"09\"\nend\n";
static const char REFUSE[] = "rule \"No drafts\"\nwhen\n  exists \"245.a.Draft*\"\nthen\n  set indication.\"true\"\nend\n";

static int zone_of(const catalog *desk)
{
    return catalog_zone(desk, ZONE_INSTITUTION)->id;
}

static int save_rule(catalog *desk, rule_language language, const char *name, const char *source, int expected)
{
    recto_error error = { .status = RECTO_OK };
    int version = 0;
    must(catalog_rule_save(desk, zone_of(desk), language, name, text_from(source), expected, "why", &version, &error), &error);
    return version;
}

static void choose(catalog *desk, rule_use use, const char *names)
{
    recto_error error = { .status = RECTO_OK };
    must(catalog_rule_choose(desk, zone_of(desk), use, names, false, NULL, &error), &error);
}

static ingest_outcome save_record(catalog *desk, marc_record *record, const char *policy_name, on_match on_match)
{
    recto_error error = { .status = RECTO_OK };
    ingest_policy policy;
    ingest_outcome outcome;
    must(catalog_policy_for(&policy, desk, policy_name, zone_of(desk), &error), &error);
    policy.on_match = on_match;
    policy.door = strcmp(policy_name, "ask") == 0 ? "save" : policy.door;
    const ingest_request request = { .record = record, .zone = zone_of(desk), .policy = &policy };
    must(catalog_ingest(&outcome, desk, &request, &error), &error);
    marc_record_free(record);
    ingest_outcome_release(&outcome);
    return outcome;
}

/* ---- the store */

static void rule__is_saved_with_versions(void **state)
{
    room here;
    catalog_rule *versions = NULL, info;
    recto_error error = { .status = RECTO_OK };
    size_t count = 0;
    buffer source;
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    buffer_init(&source, 0);
    assert_int_equal(save_rule(chief, RULES_NORMALIZATION, "Drop", DROP_300, 0), 1);
    assert_int_equal(save_rule(chief, RULES_NORMALIZATION, "Drop", ADD_500, 1), 2);
    must(catalog_rule_text(&source, &info, chief, zone_of(chief), RULES_NORMALIZATION, "Drop", 1, &error), &error);
    assert_string_equal(buffer_string(&source), DROP_300);
    assert_string_equal(info.saved_by, "chief");
    assert_string_equal(info.note, "why");
    must(catalog_rule_versions(&versions, &count, chief, zone_of(chief), RULES_NORMALIZATION, "Drop", &error), &error);
    assert_int_equal(count, 2);
    assert_int_equal(versions[0].version, 2);
    free(versions);
    assert_int_equal(
        catalog_rule_save(chief, zone_of(chief), RULES_NORMALIZATION, "Drop", text_from(DROP_300), 1, NULL, NULL, &error),
        RECTO_EREFUSED);
    must(catalog_rule_delete(chief, zone_of(chief), RULES_NORMALIZATION, "Drop", &error), &error);
    buffer_clear(&source);
    assert_int_equal(catalog_rule_text(&source, &info, chief, zone_of(chief), RULES_NORMALIZATION, "Drop", 0, &error),
                     RECTO_ENOTFOUND);
    must(catalog_rule_text(&source, &info, chief, zone_of(chief), RULES_NORMALIZATION, "Drop", 2, &error), &error);
    assert_string_equal(buffer_string(&source), ADD_500);
    buffer_release(&source);
    room_close(&here);
}

static void rule_save__refuses_what_does_not_parse(void **state)
{
    static const struct {
        const char *what, *name, *source;
        recto_status status;
    } cases[] = {
        { "no end", "Bad", "rule \"Bad\"\nwhen\n  TRUE\nthen\n  removeField \"300\"\n", RECTO_EDATA },
        { "an unknown action", "Bad", "rule \"Bad\"\nwhen\n  TRUE\nthen\n  dropField \"300\"\nend\n", RECTO_EDATA },
        { "a merge rule", "Bad", KEEP_ALL, RECTO_EDATA },
        { "no name", "", DROP_300, RECTO_EINVALID },
        { "a path", "../x", DROP_300, RECTO_EINVALID },
        { "a comma", "a, b", DROP_300, RECTO_EINVALID },
    };
    room here;
    size_t count = 0;
    catalog_rule *rules = NULL;
    recto_error error;
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const recto_status status = catalog_rule_save(chief, zone_of(chief), RULES_NORMALIZATION, cases[i].name,
                                                      text_from(cases[i].source), 0, NULL, NULL, &error);
        if (status != cases[i].status)
            fail_msg("%s: status %d", cases[i].what, (int)status);
    }
    must(catalog_rules(&rules, &count, chief, zone_of(chief), &error), &error);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(rules[i].zone, 0); /* shipped ones only */
    free(rules);
    room_close(&here);
}

static void rule_save__needs_the_privilege(void **state)
{
    static const struct {
        const char *roles;
        recto_status status;
    } cases[] = { { "CAT", RECTO_EREFUSED }, { "CAT,CATX", RECTO_EREFUSED }, { "CM", RECTO_OK }, { "CA", RECTO_OK } };
    room here;
    (void)state;
    room_open(&here);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char user[16];
        recto_error error;
        snprintf(user, sizeof user, "user%zu", i);
        room_user(&here, user, cases[i].roles);
        catalog *desk = room_desk(&here, user);
        const recto_status status =
            catalog_rule_save(desk, zone_of(desk), RULES_NORMALIZATION, user, text_from(DROP_300), 0, NULL, NULL, &error);
        if (status != cases[i].status)
            fail_msg("%s: status %d", cases[i].roles, (int)status);
        if (status != RECTO_OK)
            assert_non_null(strstr(error.what, "Catalog Manager"));
        room_leave(&here, desk);
    }
    room_close(&here);
}

static void rule_file__follows_a_newer_version_of_another_desk(void **state)
{
    room here;
    const rule_file *before = NULL, *same = NULL, *after = NULL;
    recto_error error = { .status = RECTO_OK };
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief"), *other = room_desk(&here, "chief");
    save_rule(chief, RULES_NORMALIZATION, "Drop", DROP_300, 0);
    must(catalog_rule_file(&before, other, zone_of(other), RULES_NORMALIZATION, "Drop", &error), &error);
    must(catalog_rule_file(&same, other, zone_of(other), RULES_NORMALIZATION, "Drop", &error), &error);
    assert_ptr_equal(before, same);
    save_rule(chief, RULES_NORMALIZATION, "Drop", ADD_500, 1);
    must(catalog_rule_file(&after, other, zone_of(other), RULES_NORMALIZATION, "Drop", &error), &error);
    assert_ptr_not_equal(before, after);
    assert_string_equal(rule_file_rule(before, 0).name, "Drop 300"); /* what results lend from stays */
    assert_string_equal(rule_file_rule(after, 0).name, "Add 500");
    assert_int_equal(catalog_rule_file(&after, other, zone_of(other), RULES_NORMALIZATION, "Dropp", &error), RECTO_ENOTFOUND);
    assert_string_equal(error.todo, "did you mean Drop?");
    room_close(&here);
}

/* ---- choices */

static void choice__warns_of_the_wrong_primary(void **state)
{
    room here;
    char warning[RULE_WARNING] = "";
    recto_error error = { .status = RECTO_OK };
    buffer chosen;
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    buffer_init(&chosen, 0);
    save_rule(chief, RULES_MERGE, "For import", KEEP_ALL, 0);
    save_rule(chief, RULES_MERGE, "For copy", FOR_COPY, 0);
    assert_int_equal(catalog_rule_choose(chief, zone_of(chief), RULE_USE_MATCH_MERGE, "For copy", false, warning, &error),
                     RECTO_EREFUSED);
    assert_non_null(strstr(warning, "For import"));
    assert_non_null(strstr(error.what, "primary"));
    must(catalog_rule_chosen(&chosen, chief, zone_of(chief), RULE_USE_MATCH_MERGE, &error), &error);
    assert_int_equal(chosen.length, 0);
    must(catalog_rule_choose(chief, zone_of(chief), RULE_USE_MATCH_MERGE, "For copy", true, warning, &error), &error);
    assert_string_not_equal(warning, "");
    must(catalog_rule_choose(chief, zone_of(chief), RULE_USE_COPY_MERGE, "For copy", false, warning, &error), &error);
    assert_string_equal(warning, "");
    must(catalog_rule_choose(chief, zone_of(chief), RULE_USE_COMBINE, "keep-old", false, warning, &error), &error);
    assert_string_equal(warning, "");
    assert_string_equal(catalog_copy_rule(chief, zone_of(chief)), "For copy");
    buffer_release(&chosen);
    room_close(&here);
}

static void choice__is_refused(void **state)
{
    static const struct {
        const char *what;
        rule_use use;
        const char *names;
        recto_status status;
    } cases[] = {
        { "an unknown rule", RULE_USE_NORMALIZE_SAVE, "Drop, Nothing", RECTO_ENOTFOUND },
        { "a rule of another language", RULE_USE_REJECT, "Drop", RECTO_ENOTFOUND },
        { "two merge rules", RULE_USE_COMBINE, "keep-old, overlay-but-local", RECTO_EINVALID },
        { "several normalizations", RULE_USE_NORMALIZE_SAVE, "Drop, Add", RECTO_OK },
        { "none", RULE_USE_NORMALIZE_SAVE, "", RECTO_OK },
    };
    room here;
    recto_error error;
    (void)state;
    room_open(&here);
    room_user(&here, "cat1", "CAT,CM");
    catalog *chief = room_desk(&here, "chief"), *cat1 = room_desk(&here, "cat1");
    save_rule(chief, RULES_NORMALIZATION, "Drop", DROP_300, 0);
    save_rule(chief, RULES_NORMALIZATION, "Add", ADD_500, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const recto_status status = catalog_rule_choose(chief, zone_of(chief), cases[i].use, cases[i].names, false, NULL, &error);
        if (status != cases[i].status)
            fail_msg("%s: status %d", cases[i].what, (int)status);
    }
    assert_int_equal(catalog_rule_choose(cat1, zone_of(cat1), RULE_USE_NORMALIZE_SAVE, "Drop", false, NULL, &error),
                     RECTO_EREFUSED);
    room_close(&here);
}

/* ---- the corridor */

static void corridor__normalizes_what_comes_and_what_is_saved(void **state)
{
    room here;
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    save_rule(chief, RULES_NORMALIZATION, "Drop", DROP_300, 0);
    save_rule(chief, RULES_NORMALIZATION, "Add", ADD_500, 0);
    choose(chief, RULE_USE_NORMALIZE_INCOMING, "Drop");
    choose(chief, RULE_USE_NORMALIZE_SAVE, "Add");
    static const char *const policies[] = { "ask", "load" };
    for (size_t i = 0; i < 2; i++) {
        const ingest_outcome outcome = save_record(chief, book(i == 0 ? "11" : "12", "Whale"), policies[i], ON_MATCH_NEW);
        assert_int_equal(outcome.kind, OUTCOME_ADDED);
        assert_false(stored_has(chief, outcome.id, "300", "200 pages"));
        assert_true(stored_has(chief, outcome.id, "500", "Seen"));
    }
    room_close(&here);
}

static void corridor__an_editors_save_is_normalized_too(void **state)
{
    room here;
    edit_session *session = NULL;
    ingest_outcome outcome;
    recto_error error = { .status = RECTO_OK };
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("11", "Whale"));
    save_rule(chief, RULES_NORMALIZATION, "Drop", DROP_300, 0);
    choose(chief, RULE_USE_NORMALIZE_SAVE, "Drop");
    must(edit_open(&session, chief, id, &error), &error);
    type_note(session, "Mine");
    must(edit_save(&outcome, session, false, &error), &error);
    assert_int_equal(outcome.kind, OUTCOME_UPDATED);
    assert_true(stored_has(chief, id, "500", "Mine"));
    assert_false(stored_has(chief, id, "300", "200 pages"));
    assert_false(record_has(marc_edit_record(edit_of(session)), "300", "200 pages")); /* the grid shows what was saved */
    ingest_outcome_release(&outcome);
    must(edit_release(&session, &error), &error);
    room_close(&here);
}

static void corridor__refuses_by_an_indication_rule(void **state)
{
    room here;
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    save_rule(chief, RULES_INDICATION, "Drafts", REFUSE, 0);
    choose(chief, RULE_USE_REJECT, "Drafts");
    ingest_outcome outcome = save_record(chief, book("11", "Draft of a whale"), "ask", ON_MATCH_NEW);
    assert_int_equal(outcome.kind, OUTCOME_REFUSED);
    assert_non_null(strstr(outcome.message, "Drafts"));
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, ZONE_INSTITUTION, "ti", "whale", NULL), 0);
    outcome = save_record(chief, book("11", "A whale"), "ask", ON_MATCH_NEW);
    assert_int_equal(outcome.kind, OUTCOME_ADDED);
    room_close(&here);
}

static void corridor__takes_the_brief_level_of_the_zones_rule(void **state)
{
    room here;
    bib_info info;
    recto_error error = { .status = RECTO_OK };
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    save_rule(chief, RULES_BRIEF_LEVEL, "Levels", BRIEF, 0);
    choose(chief, RULE_USE_BRIEF_LEVEL, "Levels");
    const ingest_outcome outcome = save_record(chief, book("11", "Whale"), "ask", ON_MATCH_NEW);
    marc_record *record = NULL;
    must(catalog_load(chief, outcome.id, &record, &info, &error), &error);
    assert_int_equal(info.brief_level, 9);
    marc_record_free(record);
    room_close(&here);
}

/* A zone's merge rule, the policy's own, and a predefined method, by name. */
static void corridor__merges_by_a_rule(void **state)
{
    static const struct {
        const char *chosen, *merge_rule;
        bool kept, taken; /* the stored 300 stays; the incoming 500 comes */
    } cases[] = {
        { "For import", NULL, true, true }, { "", "For import", true, true }, { "For import", "keep-old", true, false },
        { "keep-old", NULL, true, false },  { "", NULL, false, true },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        room here;
        recto_error error = { .status = RECTO_OK };
        ingest_outcome outcome;
        ingest_policy policy;
        room_open(&here);
        catalog *chief = room_desk(&here, "chief");
        const mms_id id = store(chief, ZONE_INSTITUTION, book("11", "Whale"));
        save_rule(chief, RULES_MERGE, "For import", KEEP_ALL, 0);
        choose(chief, RULE_USE_MATCH_MERGE, cases[i].chosen);
        must(catalog_policy_for(&policy, chief, "ask", zone_of(chief), &error), &error);
        policy.on_match = ON_MATCH_MERGE;
        policy.merge_rule = cases[i].merge_rule;
        marc_record *incoming = book("11", "Another whale");
        marc_record_remove(incoming, marc_record_find(incoming, "300", 0));
        add_line(incoming, "500", "  ", "$aNew note");
        const ingest_request request = { .record = incoming, .zone = zone_of(chief), .policy = &policy };
        must(catalog_ingest(&outcome, chief, &request, &error), &error);
        if (outcome.kind != (cases[i].taken ? OUTCOME_MERGED : OUTCOME_UNCHANGED) ||
            stored_has(chief, id, "300", "200 pages") != cases[i].kept || stored_has(chief, id, "500", "New") != cases[i].taken)
            fail_msg("case %zu: %s", i, outcome.message);
        marc_record_free(incoming);
        ingest_outcome_release(&outcome);
        room_close(&here);
    }
}

static void external__is_normalized_before_it_is_copied(void **state)
{
    room here;
    edit_session *session = NULL;
    merge_result *preview = NULL;
    recto_error error = { .status = RECTO_OK };
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    marc_record *external = book("11", "Whale, better described");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("11", "Whale"));
    save_rule(chief, RULES_NORMALIZATION, "Add", ADD_500, 0);
    choose(chief, RULE_USE_NORMALIZE_EXTERNAL, "Add");
    must(edit_open(&session, chief, id, &error), &error);
    must(edit_preview_external(&preview, session, external, false, &error), &error);
    assert_true(record_has(merge_result_record(preview), "500", "Seen"));
    assert_false(record_has(external, "500", "Seen"));
    assert_int_equal(catalog_normalize(chief, zone_of(chief), RULE_USE_COMBINE, external, &error), RECTO_EINVALID);
    merge_result_free(preview);
    marc_record_free(external);
    must(edit_release(&session, &error), &error);
    room_close(&here);
}

/* ED-91: as a record is; a rule of the same name in another language is another one. */
static void rule__is_locked_while_it_is_changed(void **state)
{
    room here;
    recto_error error = { .status = RECTO_OK };
    static const char source[] = "rule \"a\"\nwhen TRUE\nthen removeField \"029\"\nend\n";
    int version = 0;
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    room_user(&here, "boss", "CAT,CATX,CA,CM,GSA");
    room_user(&here, "tove", "CAT");
    catalog *boss = room_desk(&here, "boss"), *tove = room_desk(&here, "tove");
    assert_int_equal(save_rule(chief, RULES_NORMALIZATION, "clean", source, 0), 1);
    must(catalog_rule_lock(tove, zone_of(chief), RULES_NORMALIZATION, "clean", &error), &error); /* may not change it: none */
    must(catalog_rule_lock(chief, zone_of(chief), RULES_NORMALIZATION, "clean", &error), &error);
    assert_int_equal(catalog_rule_lock(boss, zone_of(chief), RULES_NORMALIZATION, "clean", &error), RECTO_ELOCKED);
    assert_non_null(strstr(error.what, "chief has it since"));
    assert_int_equal(
        catalog_rule_save(boss, zone_of(chief), RULES_NORMALIZATION, "clean", text_from(source), 1, "", &version, &error),
        RECTO_ELOCKED);
    assert_int_equal(catalog_rule_delete(boss, zone_of(chief), RULES_NORMALIZATION, "clean", &error), RECTO_ELOCKED);
    must(catalog_rule_lock(boss, zone_of(chief), RULES_INDICATION, "clean", &error), &error);
    assert_int_equal(save_rule(chief, RULES_NORMALIZATION, "clean", source, 1), 2);
    catalog_rule_unlock(chief, zone_of(chief), RULES_NORMALIZATION, "clean");
    must(catalog_rule_lock(boss, zone_of(chief), RULES_NORMALIZATION, "clean", &error), &error);
    assert_int_equal(save_rule(boss, RULES_NORMALIZATION, "clean", source, 2), 3);
    room_close(&here);
}

/* A zone that makes a finding blocking, which is none by default, and one that lets a blocking one pass. */
static void corridor__validates_by_the_zones_profile(void **state)
{
    room here;
    ingest_outcome outcome;
    const marc_validation_profile *profile = NULL;
    recto_error error = { .status = RECTO_OK };
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    assert_int_equal(catalog_rule_choose(chief, zone_of(chief), RULE_USE_VALIDATION, "nonesuch", false, NULL, &error),
                     RECTO_ENOTFOUND);
    assert_non_null(strstr(error.todo, "marcxml-bib-import"));
    must(catalog_validation_profile(&profile, chief, zone_of(chief), false, &error), &error);
    assert_null(profile);
    choose(chief, RULE_USE_VALIDATION, "marcxml-bib-import");
    must(catalog_validation_profile(&profile, chief, zone_of(chief), false, &error), &error);
    assert_non_null(profile);
    marc_record *odd = book("11", "Whale");
    add_line(odd, "500", "  ", "$a");
    add_line(odd, "500", "  ", "$a");
    outcome = save_record(chief, odd, "ask", ON_MATCH_NEW);
    const size_t infos = outcome.findings[MARC_SEVERITY_INFO];
    assert_int_equal(outcome.kind, OUTCOME_ADDED);
    choose(chief, RULE_USE_VALIDATION, "");
    odd = book("12", "Whale");
    add_line(odd, "500", "  ", "$a");
    add_line(odd, "500", "  ", "$a");
    outcome = save_record(chief, odd, "ask", ON_MATCH_NEW);
    assert_true(infos > outcome.findings[MARC_SEVERITY_INFO]); /* the profile has made information of warnings */
    marc_record *untitled = book("13", "Whale");
    marc_record_remove(untitled, marc_record_find(untitled, "245", 0));
    choose(chief, RULE_USE_VALIDATION, "marcxml-bib-import");
    outcome = save_record(chief, untitled, "ask", ON_MATCH_NEW);
    assert_int_equal(outcome.kind, OUTCOME_INVALID);
    room_close(&here);
}

static void set_setting(catalog *desk, const char *name, const char *value)
{
    recto_error error = { .status = RECTO_OK };
    must(repo_setting_set(catalog_repo(desk), zone_of(desk), name, value, &error), &error);
}

/* Fuzzy by title; a profile of two rows, of which the first that finds anything counts; an MMS ID in 001. */
static void corridor__matches_by_title_and_in_steps(void **state)
{
    room here;
    recto_error error = { .status = RECTO_OK };
    match_hit *hits = NULL;
    size_t count = 0;
    ingest_policy policy;
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id by_title = store(chief, ZONE_INSTITUTION, book(NULL, "A singular title of whales"));
    const mms_id by_number = store(chief, ZONE_INSTITUTION, book("77", "Quite something else"));
    marc_record *incoming = book("77", "A singular title of whales");
    static const struct {
        const char *profile;
        match_method method;
        bool number;
    } cases[] = {
        { "title", MATCH_TITLE, false },
        { "fuzzy", MATCH_FUZZY, true }, /* step 1, the number, ends the search */
        { "1 all title; 2 all unique-oclc", MATCH_TITLE, false },
        { "1 all lccn; 2 non-serial unique-oclc; 3 all title", MATCH_UNIQUE_OCLC, true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_setting(chief, "non_serial_match_profile", cases[i].profile);
        must(catalog_policy_for(&policy, chief, "ask", zone_of(chief), &error), &error);
        must(catalog_find_matches(&hits, &count, chief, incoming, 0, zone_of(chief), &policy, &error), &error);
        if (count != 1 || hits[0].info.id != (cases[i].number ? by_number : by_title) || hits[0].method != cases[i].method ||
            hits[0].why[0] == '\0')
            fail_msg("%s: %zu hits", cases[i].profile, count);
        free(hits);
    }
    char number[MMS_ID_LENGTH];
    mms_id_format(number, by_title);
    must(marc_record_insert(incoming, 0, "001", text_from(number), &error), &error);
    set_setting(chief, "non_serial_match_profile", "001");
    must(catalog_policy_for(&policy, chief, "ask", zone_of(chief), &error), &error);
    must(catalog_find_matches(&hits, &count, chief, incoming, 0, zone_of(chief), &policy, &error), &error);
    assert_int_equal(count, 1);
    assert_int_equal(hits[0].info.id, by_title);
    free(hits);
    marc_record_free(incoming);
    room_close(&here);
}

/* What is shipped parses, is listed once, can be chosen, and gives way to a zone's own of the same name. */
static void shipped_rules__can_be_used(void **state)
{
    room here;
    recto_error error = { .status = RECTO_OK };
    catalog_rule *rules = NULL, info;
    size_t count = 0, languages[RULES_BRIEF_LEVEL + 1] = { 0 };
    buffer source;
    (void)state;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    buffer_init(&source, 0);
    must(catalog_rules(&rules, &count, chief, zone_of(chief), &error), &error);
    for (size_t i = 0; i < count; i++) {
        const rule_file *file = NULL;
        must(catalog_rule_file(&file, chief, zone_of(chief), rules[i].language, rules[i].name, &error), &error);
        assert_int_equal(rules[i].version, 0);
        languages[rules[i].language]++;
    }
    for (int language = RULES_MERGE; language <= RULES_BRIEF_LEVEL; language++)
        assert_true(languages[language] > 0);
    free(rules);
    save_rule(chief, RULES_BRIEF_LEVEL, "carli", BRIEF, 0);
    must(catalog_rule_text(&source, &info, chief, zone_of(chief), RULES_BRIEF_LEVEL, "carli", 0, &error), &error);
    assert_string_equal(buffer_string(&source), BRIEF);
    assert_int_equal(info.version, 1);
    must(catalog_rules(&rules, &languages[0], chief, zone_of(chief), &error), &error);
    assert_int_equal(languages[0], count);
    assert_int_equal(catalog_rule_delete(chief, zone_of(chief), RULES_BRIEF_LEVEL, "harvard", &error), RECTO_ENOTFOUND);
    free(rules);
    buffer_release(&source);
    room_close(&here);
}

static void try__leaves_the_record_alone(void **state)
{
    room here;
    rule_file *file = NULL;
    rule_result result;
    marc_record *record = book("11", "Whale"), *after = NULL;
    recto_error error = { .status = RECTO_OK };
    (void)state;
    room_open(&here);
    must(rule_file_parse(&file, text_from(DROP_300), "Drop", RULES_NORMALIZATION, NULL, NULL, &error), &error);
    must(catalog_rule_try(&after, &result, file, record, NULL, NULL, &error), &error);
    assert_true(result.changed);
    assert_true(record_has(record, "300", "200 pages"));
    assert_false(record_has(after, "300", "200 pages"));
    marc_record_free(record);
    marc_record_free(after);
    rule_file_free(file);
    room_close(&here);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule__is_saved_with_versions),
        cmocka_unit_test(rule_save__refuses_what_does_not_parse),
        cmocka_unit_test(rule_save__needs_the_privilege),
        cmocka_unit_test(rule_file__follows_a_newer_version_of_another_desk),
        cmocka_unit_test(choice__warns_of_the_wrong_primary),
        cmocka_unit_test(choice__is_refused),
        cmocka_unit_test(corridor__normalizes_what_comes_and_what_is_saved),
        cmocka_unit_test(corridor__an_editors_save_is_normalized_too),
        cmocka_unit_test(corridor__refuses_by_an_indication_rule),
        cmocka_unit_test(corridor__takes_the_brief_level_of_the_zones_rule),
        cmocka_unit_test(corridor__merges_by_a_rule),
        cmocka_unit_test(external__is_normalized_before_it_is_copied),
        cmocka_unit_test(rule__is_locked_while_it_is_changed),
        cmocka_unit_test(corridor__validates_by_the_zones_profile),
        cmocka_unit_test(corridor__matches_by_title_and_in_steps),
        cmocka_unit_test(shipped_rules__can_be_used),
        cmocka_unit_test(try__leaves_the_record_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
