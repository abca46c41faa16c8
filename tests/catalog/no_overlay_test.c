/* tests/catalog/no_overlay_test.c - the 998 of the library of seed 003 from end to end, with the rules that are shipped.
 *
 * A record with 998 $a NO-OVERLAY is kept from the nightly update. Copy & Merge takes it away, because the better record is in
 * place then; serials that nobody has authenticated get it, whichever door they come by. @spec match-merge.md section 11 */
#include "catalog/room.h"

#include "recto/catalog/rules.h"

static void set_leader(marc_record *record, char level, char encoding)
{
    char leader[MARC_LEADER_LENGTH];
    memcpy(leader, "00000nam a2200000 i 4500", sizeof leader);
    leader[7] = level;
    leader[17] = encoding;
    marc_record_set_leader(record, leader);
}

static void choose(catalog *chief, rule_use use, const char *name)
{
    recto_error error = { .status = RECTO_OK };
    must(catalog_rule_choose(chief, catalog_zone(chief, ZONE_INSTITUTION)->id, use, name, false, NULL, &error), &error);
}

static catalog *desk_with_the_rules(room *room)
{
    room_open(room);
    catalog *chief = room_desk(room, "chief");
    choose(chief, RULE_USE_COPY_MERGE, "copy-cataloging");
    choose(chief, RULE_USE_NORMALIZE_EXTERNAL, "998-no-overlay");
    choose(chief, RULE_USE_NORMALIZE_INCOMING, "998-no-overlay");
    return chief;
}

static mms_id protected_record(catalog *desk, const char *number, char level)
{
    marc_record *poor = book(number, "Poor");
    set_leader(poor, level, '3');
    add_line(poor, "910", "  ", "$aours");
    add_line(poor, "998", "  ", "$aNO-OVERLAY");
    return store(desk, ZONE_INSTITUTION, poor);
}

typedef struct passing {
    char level, encoding;
    bool authenticated, protected_after;
} passing;

static const passing CASES[] = {
    { 'm', ' ', true, false },  /* a monograph is open to overlays again */
    { 'm', 'K', false, false }, /* at any level */
    { 's', 'K', false, true },  /* a serial below full level is not */
    { 's', ' ', true, false },  /* nor needs one that a program stands for it */
    { 's', ' ', false, true },  { 's', 'I', true, true }, { 's', '7', true, false },
};

static marc_record *better(const char *number, const passing *passing)
{
    marc_record *record = book(number, "Better");
    set_leader(record, passing->level, passing->encoding);
    if (passing->authenticated) {
        add_line(record, "010", "  ", "$a   97012345 ");
        add_line(record, "042", "  ", "$apcc");
    }
    return record;
}

static void copy_and_merge__opens_all_but_serials(void **state)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    (void)state;
    catalog *desk = desk_with_the_rules(&room);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char number[16];
        edit_session *session = NULL;
        ingest_outcome outcome;
        snprintf(number, sizeof number, "%zu", 500 + i);
        const mms_id id = protected_record(desk, number, CASES[i].level);
        marc_record *external = better(number, &CASES[i]);
        must(edit_open(&session, desk, id, &error), &error);
        must(edit_take_external(session, external, false, "WorldCat", &error), &error);
        must(edit_save(&outcome, session, true, &error), &error);
        assert_int_equal(outcome.kind, OUTCOME_UPDATED);
        assert_true(outcome.id == id);
        ingest_outcome_release(&outcome);
        must(edit_release(&session, &error), &error);
        marc_record_free(external);
        assert_true(stored_has(desk, id, "245", "Better"));
        assert_true(stored_has(desk, id, "910", "ours"));
        if (stored_has(desk, id, "998", "NO-OVERLAY") != CASES[i].protected_after)
            fail_msg("%c, %c: 998 is wrong", CASES[i].level, CASES[i].encoding);
    }
    room_close(&room);
}

static void incoming_serials__are_protected_once(void **state)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    (void)state;
    catalog *desk = desk_with_the_rules(&room);
    ingest_policy policy;
    must(catalog_policy_for(&policy, desk, "ask", catalog_zone(desk, ZONE_INSTITUTION)->id, &error), &error);
    policy.originating_system = "OCLC";
    policy.on_match = ON_MATCH_MERGE;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char number[16];
        snprintf(number, sizeof number, "%zu", 700 + i);
        marc_record *record = better(number, &CASES[i]), *stored = NULL;
        const ingest_request request = {
            .record = record, .zone = catalog_zone(desk, ZONE_INSTITUTION)->id, .policy = &policy, .note = NULL
        };
        for (int again = 0; again < 2; again++) {
            ingest_outcome outcome;
            must(catalog_ingest(&outcome, desk, &request, &error), &error);
            assert_int_equal(outcome.kind == OUTCOME_ADDED, again == 0);
            must(catalog_load(desk, outcome.id, &stored, NULL, &error), &error);
            const size_t at = marc_record_find(stored, "998", 0);
            if ((at != SIZE_MAX) != CASES[i].protected_after)
                fail_msg("%c, %c: 998 is wrong", CASES[i].level, CASES[i].encoding);
            if (at != SIZE_MAX)
                assert_int_equal(marc_record_find(stored, "998", at + 1), SIZE_MAX);
            marc_record_free(stored);
            ingest_outcome_release(&outcome);
        }
        marc_record_free(record);
    }
    room_close(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copy_and_merge__opens_all_but_serials),
        cmocka_unit_test(incoming_serials__are_protected_once),
    };
    return cmocka_run_group_tests_name("998 from end to end", tests, NULL, NULL);
}
