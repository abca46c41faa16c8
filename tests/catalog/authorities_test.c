/* Authority records in the corridor and in the editor: one kind of record from number to deletion; bibs with a former heading. */
#include "room.h"

#include "recto/catalog/custody.h"
#include "recto/catalog/headings.h"
#include "recto/catalog/rules.h"

static marc_record *authority(const char *number, const char *heading)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    static const char leader[] = "00000nz  a2200000n  4500";
    char line[80];
    must(marc_record_new(&record, &error), &error);
    marc_record_set_leader(record, leader);
    add_control(record, "008", "790416n| azannaabn          |n aaa     d");
    snprintf(line, sizeof line, "$a%s", number);
    add_line(record, "010", "  ", line);
    add_line(record, "040", "  ", "$aDLC$beng$erda$cDLC");
    add_line(record, "100", "1 ", heading);
    add_line(record, "400", "1 ", "$aClemens, Samuel Langhorne,$d1835-1910");
    return record;
}

typedef struct here {
    room room;
    catalog *desk;
    int zone;
} here;

static here begin(const char *roles)
{
    here made;
    room_open(&made.room);
    room_user(&made.room, "tove", roles);
    made.desk = room_desk(&made.room, "tove");
    made.zone = catalog_zone(made.desk, ZONE_INSTITUTION)->id;
    return made;
}

static ingest_outcome put(here *here, marc_record *record, const char *policy)
{
    recto_error error = { .status = RECTO_OK };
    ingest_outcome outcome = { 0 };
    const ingest_request request = { .record = record, .zone = here->zone, .policy = catalog_policy(policy) };
    must(catalog_ingest(&outcome, here->desk, &request, &error), &error);
    marc_record_free(record);
    return outcome;
}

static edit_session *open_record(here *here, mms_id id)
{
    recto_error error = { .status = RECTO_OK };
    edit_session *session = NULL;
    must(edit_open(&session, here->desk, id, &error), &error);
    assert_false(edit_state_of(session)->view_only);
    return session;
}

static void replace(edit_session *session, const char *tag, const char *indicators, const char *line)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *made = NULL;
    const size_t at = marc_record_find(marc_edit_record(edit_of(session)), tag, 0);
    must(marc_record_new(&made, &error), &error);
    add_line(made, tag, indicators, line);
    must(marc_edit_replace(edit_of(session), at, tag, marc_record_field(made, 0)->content, &error), &error);
    marc_record_free(made);
}

static ingest_outcome save(edit_session *session)
{
    recto_error error = { .status = RECTO_OK };
    ingest_outcome outcome = { 0 };
    must(edit_save(&outcome, session, false, &error), &error);
    return outcome;
}

static void a_load_knows_it_again(void **state)
{
    (void)state;
    here here = begin("CAT,CA");
    ingest_outcome first = put(&here, authority("n  79021164", "$aTwain, Mark,$d1835-1910"), "load");
    assert_int_equal(first.kind, OUTCOME_ADDED);
    assert_true(catalog_is_authority(first.id));
    ingest_outcome same = put(&here, authority("n  79021164", "$aTwain, Mark,$d1835-1910"), "load");
    assert_int_equal(same.kind, OUTCOME_UNCHANGED);
    ingest_outcome next = put(&here, authority("n  79021164", "$aTwain, Mark"), "load");
    assert_int_equal(next.kind, OUTCOME_UPDATED);
    assert_int_equal(next.id, first.id);
    assert_int_equal(next.version, 2);
    /* the editor's door asks first */
    ingest_outcome other = put(&here, authority("n  79021164", "$aTwain, M."), "ask");
    assert_int_equal(other.kind, OUTCOME_REFUSED);
    assert_non_null(strstr(other.message, "has the same number (010, 035)"));
    marc_record *bare = authority("n  1", "$aX");
    marc_record_remove(bare, marc_record_find(bare, "100", 0));
    assert_int_equal(put(&here, bare, "load").kind, OUTCOME_INVALID);
    room_close(&here.room);
}

static void the_editor_saves_it_as_a_bib(void **state)
{
    (void)state;
    here here = begin("CAT,CA");
    recto_error error = { .status = RECTO_OK };
    marc_record *record = authority("n  79021164", "$aTwain, Mark,$d1835-1910");
    edit_session *session = NULL;
    must(edit_new(&session, here.desk, here.zone, &record, "new", &error), &error);
    assert_true(catalog_is_authority(edit_state_of(session)->id));
    assert_int_equal(save(session).kind, OUTCOME_ADDED);
    const mms_id id = edit_state_of(session)->id;
    repo_lock lock;
    must(repo_lock_get(catalog_repo(here.desk), id, catalog_now(here.desk), &lock, &error), &error);
    assert_string_equal(lock.owner, "tove");
    replace(session, "100", "1 ", "$aTwain, Mark,$d1835-");
    ingest_outcome second = save(session);
    assert_int_equal(second.kind, OUTCOME_UPDATED);
    assert_int_equal(second.version, 2);
    /* what it is, it stays */
    char leader[MARC_LEADER_LENGTH + 1];
    memcpy(leader, marc_record_leader(marc_edit_record(edit_of(session))), sizeof leader);
    leader[6] = 'a';
    must(marc_edit_set_leader(edit_of(session), leader, &error), &error);
    assert_int_equal(save(session).kind, OUTCOME_REFUSED);
    must(edit_restore_version(session, 1, &error), &error);
    assert_int_equal(save(session).version, 3);
    must(edit_release(&session, &error), &error);
    authority_info info;
    must(catalog_authority_load(here.desk, id, 0, NULL, &info, &error), &error);
    assert_string_equal(info.shown, "Twain, Mark, 1835-1910");
    /* a bib does not become one */
    ingest_outcome bib = put(&here, book(NULL, "Roughing it"), "load");
    session = open_record(&here, bib.id);
    leader[6] = 'z';
    must(marc_edit_set_leader(edit_of(session), leader, &error), &error);
    assert_int_equal(save(session).kind, OUTCOME_REFUSED);
    room_close(&here.room);
}

static void a_draft_of_one_comes_back(void **state)
{
    (void)state;
    here here = begin("CAT,CA");
    recto_error error = { .status = RECTO_OK };
    const mms_id id = put(&here, authority("n  1", "$aTwain, Mark"), "load").id;
    edit_session *session = open_record(&here, id);
    replace(session, "100", "1 ", "$aTwain, M.");
    edit_leave(&session);
    room_leave(&here.room, here.desk);
    here.desk = room_desk(&here.room, "tove");
    session = open_record(&here, id);
    assert_true(edit_state_of(session)->has_draft);
    buffer title;
    buffer_init(&title, 0);
    marc_record_title(&title, marc_edit_record(edit_of(session)));
    assert_string_equal(buffer_string(&title), "Twain, M.");
    buffer_release(&title);
    must(edit_release(&session, &error), &error);
    room_close(&here.room);
}

static void what_is_for_bibs_is_refused(void **state)
{
    (void)state;
    here here = begin("CAT,CATX,CA,PIO");
    recto_error error = { .status = RECTO_OK };
    combine_plan plan;
    marc_record *holdings = NULL;
    const mms_id one = put(&here, authority("n  1", "$aOne"), "load").id, two = put(&here, authority("n  2", "$aTwo"), "load").id;
    assert_int_equal(catalog_set_tags(here.desk, one, 'N', 1, &error), RECTO_EREFUSED);
    assert_int_equal(catalog_holding_template(&holdings, here.desk, one, &error), RECTO_EREFUSED);
    must(catalog_combine_plan(&plan, here.desk, one, two, NULL, &error), &error);
    assert_non_null(strstr(plan.refusal, "only bibs are merged"));
    combine_plan_release(&plan);
    room_close(&here.room);
}

static recto_status named(mms_id *out, catalog *desk, recto_error *error)
{
    return repo_authority_named(out, catalog_repo(desk), NULL, 0, text_from("(DLC)n1"), error);
}

static void deleted_and_brought_back(void **state)
{
    (void)state;
    here here = begin("CAT,CATX,CA,RM");
    recto_error error = { .status = RECTO_OK };
    const mms_id id = put(&here, authority("n  1", "$aTwain, Mark"), "load").id;
    mms_id found = 0;
    undeleted back = { 0 };
    must(catalog_delete(here.desk, id, 1, &error), &error);
    assert_int_equal(named(&found, here.desk, &error), RECTO_ENOTFOUND);
    must(catalog_undelete(&back, here.desk, id, &error), &error);
    must(named(&found, here.desk, &error), &error);
    assert_int_equal(found, id);
    room_close(&here.room);
}

static marc_record *bib_of(const char *line)
{
    marc_record *record = book(NULL, "Roughing it");
    add_line(record, "700", "1 ", line);
    return record;
}

static void sees_bibs(here *here, mms_id id, size_t present, size_t former)
{
    recto_error error = { .status = RECTO_OK };
    mms_id *ids = NULL;
    size_t count = 0, references = 0, bibs = 0;
    must(catalog_authority_former_bibs(&ids, &count, here->desk, id, &error), &error);
    free(ids);
    assert_int_equal(count, former);
    must(catalog_authority_counts(&references, &bibs, here->desk, id, &error), &error);
    assert_int_equal(bibs, present);
    assert_int_equal(references, 1);
}

static void bibs_get_the_changed_heading(void **state)
{
    (void)state;
    here here = begin("CAT,CATX,CA,CM");
    recto_error error = { .status = RECTO_OK };
    const mms_id id = put(&here, authority("n  1", "$aTwain, Mark,$d1835-1910"), "load").id;
    const mms_id bib = put(&here, bib_of("$aTwain, Mark,$d1835-1910,$eauthor."), "load").id;
    const mms_id locked = put(&here, bib_of("$aTwain, Mark,$d1835-1910."), "load").id;
    (void)put(&here, bib_of("$aTwain, Shania."), "load");
    sees_bibs(&here, id, 2, 0);
    int64_t job = 0, back = 0;
    assert_int_equal(catalog_authority_update_bibs(&job, here.desk, id, NULL, NULL, &error), RECTO_ENOTFOUND);
    edit_session *session = open_record(&here, id);
    replace(session, "100", "1 ", "$aTwain, Mark,$d1835-1911");
    ingest_outcome saved = save(session);
    assert_non_null(strstr(saved.message, "The former heading is that of 2 bibs."));
    sees_bibs(&here, id, 0, 2);
    room_user(&here.room, "ines", "CAT");
    catalog *ines = room_desk(&here.room, "ines");
    edit_session *holds = NULL;
    must(edit_open(&holds, ines, locked, &error), &error);
    must(catalog_authority_update_bibs(&job, here.desk, id, NULL, NULL, &error), &error);
    catalog_job done;
    must(catalog_job_get(&done, here.desk, job, &error), &error);
    assert_int_equal(done.changed, 1);
    assert_int_equal(done.skipped, 1);
    sees_bibs(&here, id, 1, 1);
    marc_record *record = NULL;
    must(catalog_load(here.desk, bib, &record, NULL, &error), &error);
    buffer line;
    buffer_init(&line, 0);
    marc_field_join(&line, marc_record_field(record, marc_record_find(record, "700", 0)), NULL);
    assert_string_equal(buffer_string(&line), "Twain, Mark, 1835-1911, author. (DLC)n  1");
    buffer_release(&line);
    marc_record_free(record);
    must(catalog_job_revert(&back, here.desk, job, &error), &error);
    sees_bibs(&here, id, 0, 2);
    /* who may not work on many records at once */
    assert_int_equal(catalog_authority_update_bibs(&job, ines, id, NULL, NULL, &error), RECTO_EREFUSED);
    must(edit_release(&holds, &error), &error);
    must(edit_release(&session, &error), &error);
    room_close(&here.room);
}

static mms_id put_subject(here *here, const char *tag, const char *indicators, const char *line)
{
    marc_record *record = book(NULL, "Loneliness");
    add_line(record, tag, indicators, line);
    return put(here, record, "load").id;
}

static void has_subject(here *here, mms_id id, const char *tag, const char *want)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    buffer line;
    buffer_init(&line, 0);
    must(catalog_load(here->desk, id, &record, NULL, &error), &error);
    const marc_field *field = marc_record_field(record, marc_record_find(record, tag, 0));
    buffer_append_char(&line, marc_field_indicator(field, 2));
    buffer_append_char(&line, ' ');
    marc_field_join(&line, field, NULL);
    assert_string_equal(buffer_string(&line), want);
    buffer_release(&line);
    marc_record_free(record);
}

/* ED-119: what was added to the heading stays, with its list and its number; another heading that only begins with the same
 * words, and the same words of another list, are none of this authority record's. */
static void what_was_added_to_a_heading_stays(void **state)
{
    (void)state;
    here here = begin("CAT,CATX,CA,CM");
    recto_error error = { .status = RECTO_OK };
    marc_record *subject = authority("sh  1", "$aTwain, Mark"), *name = authority("n  2", "$aTwain, Mark");
    marc_record_remove(subject, marc_record_find(subject, "100", 0));
    marc_record_remove(subject, marc_record_find(subject, "400", 0));
    add_line(subject, "150", "  ", "$aSolitude");
    add_line(subject, "450", "  ", "$aAloneness");
    const mms_id id = put(&here, subject, "load").id, person = put(&here, name, "load").id;
    const mms_id whole = put_subject(&here, "650", " 0", "$aSolitude.");
    const mms_id more = put_subject(&here, "650", " 0", "$aSolitude$zMexico$vFiction.$0(DLC)sh99");
    const mms_id words = put_subject(&here, "650", " 0", "$aSolitude in art$xHistory.");
    const mms_id other = put_subject(&here, "650", " 7", "$aSolitude$vFiction.$2fast");
    const mms_id about = put_subject(&here, "600", "10", "$aTwain, Mark$xReligion.");
    const mms_id work = put_subject(&here, "600", "10", "$aTwain, Mark.$tRoughing it$xSources.");
    edit_session *session = open_record(&here, id);
    int64_t job = 0;
    catalog_job done;
    replace(session, "150", "  ", "$aBeing alone");
    ingest_outcome saved = save(session);
    assert_non_null(strstr(saved.message, "The former heading is that of 2 bibs."));
    must(catalog_authority_update_bibs(&job, here.desk, id, NULL, NULL, &error), &error);
    must(catalog_job_get(&done, here.desk, job, &error), &error);
    assert_int_equal(done.changed, 2);
    assert_int_equal(done.unchanged + done.skipped, 0);
    has_subject(&here, whole, "650", "0 Being alone. (DLC)sh  1");
    has_subject(&here, more, "650", "0 Being alone Mexico Fiction. (DLC)sh99");
    has_subject(&here, words, "650", "0 Solitude in art History.");
    has_subject(&here, other, "650", "7 Solitude Fiction. fast");
    must(edit_release(&session, &error), &error);
    session = open_record(&here, person);
    replace(session, "100", "1 ", "$aClemens, Samuel");
    saved = save(session);
    assert_non_null(strstr(saved.message, "The former heading is that of 2 bibs."));
    must(catalog_authority_update_bibs(&job, here.desk, person, NULL, NULL, &error), &error);
    has_subject(&here, about, "600", "0 Clemens, Samuel Religion.");
    has_subject(&here, work, "600", "0 Clemens, Samuel. Roughing it Sources.");
    must(edit_release(&session, &error), &error);
    room_close(&here.room);
}

/* What a zone has chosen for authority records holds for them, and what it has chosen for bibs does not. */
static void rules_and_checks_of_the_zone_hold_for_it(void **state)
{
    (void)state;
    here here = begin("CAT,CATX,CA");
    recto_error error = { .status = RECTO_OK };
    catalog *chief = room_desk(&here.room, "chief");
    ingest_outcome outcome = { 0 };
    int version = 0;
    must(catalog_rule_save(chief, here.zone, RULES_NORMALIZATION, "bibs",
                           TEXT("rule \"a\"\nwhen TRUE\nthen removeField \"010\"\nend\n"), 0, NULL, &version, &error),
         &error);
    must(catalog_rule_save(chief, here.zone, RULES_NORMALIZATION, "authorities",
                           TEXT("rule \"b\"\nwhen TRUE\nthen removeField \"678\"\nend\n"), 0, NULL, &version, &error),
         &error);
    must(catalog_rule_choose(chief, here.zone, RULE_USE_NORMALIZE_SAVE, "bibs", false, NULL, &error), &error);
    must(catalog_rule_choose(chief, here.zone, RULE_USE_AUTHORITY_SAVE, "authorities", false, NULL, &error), &error);
    must(catalog_checks_put(chief, here.zone,
                            TEXT("check \"Bib\"\nseverity block\ntext of a bib\nwhen TRUE\n"
                                 "check \"Found\"\nrecords authority\nseverity block\ntext no 670\n"
                                 "when not exists \"670\"\n"),
                            &error),
         &error);
    marc_record *record = authority("n  1", "$aTwain, Mark");
    add_line(record, "678", "0 ", "$aA writer.");
    edit_session *session = NULL;
    must(edit_new(&session, here.desk, here.zone, &record, "new", &error), &error);
    must(edit_save(&outcome, session, false, &error), &error);
    assert_int_equal(outcome.kind, OUTCOME_INVALID);
    assert_non_null(strstr(outcome.message, "no 670"));
    replace(session, "678", "0 ", "$aA writer of novels.");
    marc_record *made = NULL;
    must(marc_record_new(&made, &error), &error);
    add_line(made, "670", "  ", "$aHis Roughing it, 1872.");
    must(marc_edit_insert(edit_of(session), marc_record_count(marc_edit_record(edit_of(session))), "670",
                          marc_record_field(made, 0)->content, &error),
         &error);
    marc_record_free(made);
    outcome = save(session);
    assert_int_equal(outcome.kind, OUTCOME_ADDED);
    assert_non_null(strstr(outcome.by_rules, "678 taken out"));
    const marc_record *saved = marc_edit_record(edit_of(session));
    assert_int_equal(marc_record_find(saved, "678", 0), SIZE_MAX);
    assert_int_not_equal(marc_record_find(saved, "010", 0), SIZE_MAX);
    must(edit_release(&session, &error), &error);
    room_close(&here.room);
}

static void a_search_says_where_it_is(void **state)
{
    (void)state;
    here here = begin("CAT,CA");
    recto_error error = { .status = RECTO_OK };
    catalog_hits hits = { 0 };
    char typed[MMS_ID_LENGTH];
    mms_id_format(typed, put(&here, authority("n  1", "$aTwain, Mark"), "load").id);
    const catalog_query titles = { .type = SEARCH_ALL_TITLES, .zone = ZONE_INSTITUTION, .text = typed, .limit = 5 };
    must(catalog_search(&hits, here.desk, &titles, &error), &error);
    assert_int_equal(hits.total, 0);
    assert_true(hits.hint.offers);
    assert_int_equal(hits.hint.type, SEARCH_AUTHORITIES);
    catalog_hits_release(&hits);
    const catalog_query authorities = { .type = SEARCH_AUTHORITIES, .zone = ZONE_INSTITUTION, .text = typed, .limit = 5 };
    must(catalog_search(&hits, here.desk, &authorities, &error), &error);
    assert_int_equal(hits.total, 1);
    assert_string_equal(hits.rows[0].title, "Twain, Mark");
    assert_string_equal(hits.rows[0].material, "Personal name");
    catalog_hits_release(&hits);
    const catalog_query wrong = { .type = SEARCH_AUTHORITIES, .text = "ti=twain", .limit = 5 };
    assert_int_equal(catalog_search(&hits, here.desk, &wrong, &error), RECTO_EINVALID);
    room_close(&here.room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_load_knows_it_again),
        cmocka_unit_test(the_editor_saves_it_as_a_bib),
        cmocka_unit_test(a_draft_of_one_comes_back),
        cmocka_unit_test(what_is_for_bibs_is_refused),
        cmocka_unit_test(deleted_and_brought_back),
        cmocka_unit_test(bibs_get_the_changed_heading),
        cmocka_unit_test(what_was_added_to_a_heading_stays),
        cmocka_unit_test(rules_and_checks_of_the_zone_hold_for_it),
        cmocka_unit_test(a_search_says_where_it_is),
    };
    return cmocka_run_group_tests_name("authorities", tests, NULL, NULL);
}
