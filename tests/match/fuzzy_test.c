/* tests/match/fuzzy_test.c - the steps and filters of the fuzzy methods, why and why not, multi step, and narrowing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "recto/match/match.h"

#include "records.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void fuzzy__goes_by_identifiers_then_author_and_title_then_title(void **state)
{
    static const struct {
        const char *name;
        match_method method;
        const char *incoming, *candidate;
        int step; /* 0: no match */
        int score;
        const char *why;
    } cases[] = {
        { "an identifier", MATCH_FUZZY, "020    $a0306406152\n245 10 $aA", "020    $z9780306406157\n245 10 $aB", 1, 301,
          "020 $a 0306406152 = 020 $z 9780306406157" },
        { "CODEN, LCCN and ISSN too", MATCH_FUZZY_SERIAL, "010    $a85-2\n022    $a0317-8471\n030    $aX",
          "010    $a85000002\n022    $l03178471\n030    $ax", 1, 303, "010 $a 85-2 = 010 $a 85000002" },
        { "author and title; other identifiers do not exclude", MATCH_FUZZY,
          "020    $a0306406152\n100 1  $aSmith, Ann$q(Anna),$eauthor\n245 14 $aThe odd thing /",
          "020    $a0801855667\n245 10 $aODD THING$bmore\n700 1  $iOf:$aSmith, Ann$q(Anna)$tX", 2, 202,
          "245 $a The odd thing / = 245 $a ODD THING; 100 Smith, Ann (Anna), = 700 Smith, Ann (Anna)" },
        { "title alone, another author", MATCH_FUZZY, "100 1  $aSmith\n245 10 $aOdd", "100 1  $aJones\n245 10 $aOdd", 3, 101,
          "245 $a Odd = 245 $a Odd" },
        { "title alone, no author", MATCH_FUZZY, "245 10 $aOdd", "100 1  $aJones\n246 3  $aOdd", 3, 101,
          "245 $a Odd = 246 $a Odd" },
        { "an abbreviated title", MATCH_FUZZY, "210 0  $aO.", "210 0  $aO", 3, 101, "210 $a O. = 210 $a O" },
        { "no partial titles", MATCH_FUZZY, "245 10 $aParadiso /", "245 10 $aParadiso : I-XVII", 0, 0, "" },
        { "a statement is no form of plain fuzzy", MATCH_FUZZY, "245 10 $aOdd$bthing", "245 10 $aOdd thing", 0, 0, "" },
        { "but is of extended fuzzy", MATCH_EXTENDED_FUZZY, "245 10 $aOdd$bthing", "245 10 $aOdd thing", 3, 101,
          "245 Odd thing = 245 $a Odd thing" },
        { "880 is no form of plain fuzzy", MATCH_FUZZY, "880 10 $6245-01$aOdd", "245 10 $aOdd", 0, 0, "" },
        { "but is of extended fuzzy", MATCH_EXTENDED_FUZZY_SERIAL, "880 10 $6245-01$aOdd", "245 10 $aOdd", 3, 102,
          "880 $a Odd = 245 $a Odd" },
        { "a whole statement only", MATCH_STATEMENT_FUZZY, "245 10 $aOdd$bthing", "245 10 $aOdd$bother", 0, 0, "" },
        { "a whole statement", MATCH_STATEMENT_FUZZY, "245 10 $aOdd$bthing$cx", "245 10 $aOdd thing /$cy", 3, 101,
          "245 Odd thing = 245 Odd thing /" },
        { "no varying title of a statement", MATCH_STATEMENT_FUZZY_SERIAL, "246 3  $aOdd", "246 3  $aOdd", 0, 0, "" },
        { "an author alone", MATCH_FUZZY, "100 1  $aSmith\n245 10 $aA", "100 1  $aSmith\n245 10 $aB", 0, 0, "" },
        { "nothing in common", MATCH_FUZZY, "245 10 $aA", "245 10 $aB", 0, 0, "" },
        { "nothing to compare", MATCH_FUZZY, "500    $aA", "500    $aA", 0, 0, "" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        marc_record *incoming = record_from_lines(cases[i].incoming);
        marc_record *candidate = record_from_lines(cases[i].candidate);
        match_outcome outcome;
        bool met = match_compare(&outcome, incoming, candidate, cases[i].method, NULL);
        if (met != (cases[i].step != 0) || outcome.met != met || outcome.step != cases[i].step)
            fail_msg("%s: step %d", cases[i].name, outcome.step);
        assert_string_equal(outcome.why, cases[i].why);
        assert_int_equal(outcome.score, cases[i].score);
        marc_record_free(incoming);
        marc_record_free(candidate);
    }
}

static void extended__asks_for_the_same_format_and_about_the_same_year(void **state)
{
    static const struct {
        char format;
        const char *mine, *theirs;
        bool want;
    } cases[] = {
        { 'a', "1999", "1999", true },  { 'a', "1999", "2000", true },  { 'a', "2000", "1999", true },
        { 'a', "1999", "2001", false }, { 'a', "19uu", "19uu", true },  { 'a', "19uu", "1999", false },
        { 'a', "    ", "    ", true },  { 'e', "1999", "1999", false }, { 'a', "-001", "0000", false },
        { 'a', "1999", NULL, false },   { 'a', NULL, NULL, true },
    };
    static const match_method methods[] = { MATCH_EXTENDED_FUZZY, MATCH_STATEMENT_FUZZY, MATCH_FUZZY };
    (void)state;
    for (size_t i = 0; i < COUNT(cases) * COUNT(methods); i++) {
        const char *years[2] = { cases[i / COUNT(methods)].mine, cases[i / COUNT(methods)].theirs };
        match_method method = methods[i % COUNT(methods)];
        marc_record *records[2];
        match_outcome outcome;
        for (int side = 0; side < 2; side++) {
            char fixed[64];
            char leader[] = "00000nam a2200000 i 4500";
            leader[6] = side == 0 ? cases[i / COUNT(methods)].format : 'a';
            records[side] = record_from_lines("020    $a0306406152\n245 10 $aOdd");
            marc_record_set_leader(records[side], leader);
            if (years[side] == NULL)
                continue;
            snprintf(fixed, sizeof fixed, "850612s%s    xx", years[side]);
            marc_record_append(records[side], "008", text_from(fixed), NULL);
        }
        bool want = method == MATCH_FUZZY || cases[i / COUNT(methods)].want;
        if (match_compare(&outcome, records[0], records[1], method, NULL) != want)
            fail_msg("case %zu, method %s", i / COUNT(methods), match_method_name(method));
        marc_record_free(records[0]);
        marc_record_free(records[1]);
    }
}

static void first_step__decides_and_better_ones_come_first(void **state)
{
    match_outcome outcomes[] = {
        { .met = true, .step = 2, .score = 202 }, { .met = true, .step = 1, .score = 301 }, { .met = false },
        { .met = true, .step = 1, .score = 305 }, { .met = true, .step = 3, .score = 101 },
    };
    match_outcome rows[] = { { .met = true, .row = 4, .step = 1 }, { .met = true, .row = 2, .step = 3 } };
    match_outcome none[] = { { .met = false } };
    (void)state;
    assert_int_equal(match_keep_first(outcomes, COUNT(outcomes)), 2);
    assert_true(match_outcome_order(&rows[1], &rows[0]) < 0); /* an earlier row of the profile comes first */
    assert_true(match_outcome_order(&rows[0], &rows[1]) > 0);
    qsort(outcomes, COUNT(outcomes), sizeof *outcomes, match_outcome_order);
    assert_int_equal(outcomes[0].score, 305);
    assert_int_equal(outcomes[1].score, 301);
    assert_false(outcomes[2].met);
    assert_int_equal(match_keep_first(rows, 2), 1);
    assert_true(rows[1].met);
    assert_int_equal(match_keep_first(none, 1), 0);
}

static void check_explained(match_method method, const char *incoming, const char *candidate, const match_options *options,
                            const char *want)
{
    marc_record *one = record_from_lines(incoming);
    marc_record *other = record_from_lines(candidate);
    buffer out;

    buffer_init(&out, 0);
    match_explain(&out, one, other, method, options);
    assert_string_equal(buffer_string(&out), want);
    buffer_release(&out);
    marc_record_free(one);
    marc_record_free(other);
}

static void explain__says_why_and_why_not(void **state)
{
    const match_options prefix = { .prefix = "(X)" };
    const match_options retired = { .without_retired = true };
    (void)state;
    check_explained(MATCH_UNIQUE_OCLC, "035    $a(OCoLC)1", "035    $z(OCoLC)1", NULL,
                    "Unique OCLC Identifier: match\n035 $a (OCoLC)1 = 035 $z (OCoLC)1\n");
    check_explained(MATCH_UNIQUE_OCLC, "035    $a(OCoLC)1", "035    $a1", NULL,
                    "Unique OCLC Identifier: no match\nnothing is equal\n  incoming: 035 $a (OCoLC)1\n  candidate: none\n");
    check_explained(MATCH_OTHER_SYSTEM, "035    $a(Y)1", "035    $a(Y)1", &prefix,
                    "035 (Other System Identifier): no match\nonly 035 that begin with (X) count\nnothing is equal\n"
                    "  incoming: none\n  candidate: none\n");
    check_explained(MATCH_UNIQUE_OCLC, "035    $z(OCoLC)1", "035    $a(OCoLC)1", &retired,
                    "Unique OCLC Identifier: no match\n035 $z does not count\nnothing is equal\n  incoming: none\n"
                    "  candidate: 035 $a (OCoLC)1\n");
    check_explained(MATCH_FUZZY, "100 1  $aMe\n245 10 $aOdd", "100 1  $aYou\n245 10 $aOdd", NULL,
                    "Fuzzy Non-Serial: match\nstep 1, identifiers: nothing is equal\n  incoming: none\n  candidate: none\n"
                    "step 2, author and title: a title is equal, no author is\n  incoming: 245 $a Odd, 100 Me\n"
                    "  candidate: 245 $a Odd, 100 You\nstep 3, title: 245 $a Odd = 245 $a Odd\n");
    check_explained(MATCH_EXTENDED_FUZZY, "LDR 00000nam a2200000 i 4500\n020    $a0306406152",
                    "LDR 00000nem a2200000 i 4500\n020    $a0306406152", NULL,
                    "Extended Fuzzy Non-Serial: no match\nstep 1, identifiers: 020 $a 0306406152 = 020 $a 0306406152\n"
                    "filter: refused, leader/06 a against e\n");
    check_explained(MATCH_EXTENDED_FUZZY, "008 850612s1999\n020    $a0306406152", "008 850612s2003\n020    $a0306406152", NULL,
                    "Extended Fuzzy Non-Serial: no match\nstep 1, identifiers: 020 $a 0306406152 = 020 $a 0306406152\n"
                    "filter: refused, 008/07-10 \"1999\" against \"2003\", more than one year apart\n");
    check_explained(MATCH_NONE, "001 1", "001 1", NULL, "no match method: nothing matches\n");
    check_explained(MATCH_FUZZY, "245 10 $aOdd", "245 10 $aEven", NULL,
                    "Fuzzy Non-Serial: no match\nstep 1, identifiers: nothing is equal\n  incoming: none\n  candidate: none\n"
                    "step 2, author and title: not done, the incoming record has no author\n"
                    "step 3, title: nothing is equal\n  incoming: 245 $a Odd\n  candidate: 245 $a Even\n");
    check_explained(MATCH_FUZZY, "100 1  $aMe\n245 10 $aOdd", "100 1  $aMe\n245 10 $aEven", NULL,
                    "Fuzzy Non-Serial: no match\nstep 1, identifiers: nothing is equal\n  incoming: none\n  candidate: none\n"
                    "step 2, author and title: an author is equal, no title is\n  incoming: 245 $a Odd, 100 Me\n"
                    "  candidate: 245 $a Even, 100 Me\nstep 3, title: nothing is equal\n  incoming: 245 $a Odd\n"
                    "  candidate: 245 $a Even\n");
    check_explained(MATCH_OTHER_SYSTEM,
                    "035    $aX1\n035    $aX2\n035    $aX3\n035    $aX4\n035    $aX5\n035    $aX6\n035    $aX7\n"
                    "035    $aX8\n035    $aX9\n035    $aX10\n035    $aX11\n035    $aX12\n035    $aX13\n035    $aX14",
                    "245 10 $aOdd", NULL,
                    "035 (Other System Identifier): no match\nnothing is equal\n  incoming: 035 $a X1, 035 $a X2, 035 $a X3, "
                    "035 $a X4, 035 $a X5, 035 $a X6, 035 $a X7, 035 $a X8, 035 $a X9, 035 $a X10, 035 $a X11, 035 $a X12 "
                    "and 2 more\n  candidate: none\n");
}

/* --- multi step --- */

static void profile__reads_what_it_prints(void **state)
{
    static const struct {
        const char *source, *printed; /* NULL: refused */
    } cases[] = {
        { "1 serial issn-exact-024-035 prefix=(OCoLC)\n2 non-serial isbn off\n\n# a comment\nall fuzzy # the last",
          "1 serial issn-exact-024-035 prefix=(OCoLC)\n2 non-serial isbn off\n3 all fuzzy\n" },
        { "serial 035; non-serial 035 \"prefix=(A) 1;2\"", NULL },
        { "serial 035; non-serial 035 \"prefix=(A) 1\"", "1 serial 035\n2 non-serial 035 \"prefix=(A) 1\"\n" },
        { "all \"ISBN / 024 / 035\"", "1 all isbn-024-035\n" },
        { "ISBN / 024 / 035", "1 all isbn-024-035\n" },
        { "com.exlibris.repository.mms.match.CDLMatchingProfile", "1 all fuzzy\n" },
        { "001", "1 all 001\n" },
        { "", "" },
        { "1 sometimes isbn", NULL },
        { "serial nonsense", NULL },
        { "serial", NULL },
        { "serial isbn maybe", NULL },
        { "all isbn prefix=01234567890123456789012345678901", NULL },
        { "all isbn;all isbn;all isbn;all isbn;all isbn;all isbn", NULL },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        match_profile profile;
        recto_error error = { 0 };
        buffer printed;
        recto_status status = match_profile_parse(&profile, text_from(cases[i].source), &error);
        if (cases[i].printed == NULL) {
            if (status != RECTO_EINVALID || error.where[0] == '\0' || error.todo[0] == '\0')
                fail_msg("taken: %s", cases[i].source);
            continue;
        }
        if (status != RECTO_OK)
            fail_msg("%s: %s", cases[i].source, error.what);
        buffer_init(&printed, 0);
        match_profile_print(&printed, &profile);
        assert_string_equal(buffer_string(&printed), cases[i].printed);
        assert_int_equal(match_profile_parse(&profile, buffer_text(&printed), NULL), RECTO_OK);
        buffer_clear(&printed);
        match_profile_print(&printed, &profile);
        assert_string_equal(buffer_string(&printed), cases[i].printed);
        buffer_release(&printed);
    }
}

static bool append_key(void *context, const marc_key *key)
{
    buffer_append_text(context, key->key);
    buffer_append_char(context, ' ');
    return true;
}

static void profile__asks_its_rows_in_order(void **state)
{
    static const char source[] = "serial issn\nnon-serial 035 prefix=(X)\nnon-serial isbn off\nall fuzzy";
    marc_record *book = record_from_lines("020    $a0306406152\n022    $a0317-8471\n035    $a(X)1\n035    $a(Y)2\n245 00 $aT");
    marc_record *by_prefix = record_from_lines("035    $a(X)1");
    marc_record *by_other = record_from_lines("035    $a(Y)2");
    marc_record *unlike = record_from_lines("245 00 $aU");
    match_profile profile;
    match_outcome outcome;
    buffer out;
    (void)state;
    buffer_init(&out, 0);
    assert_int_equal(match_profile_parse(&profile, text_from(source), NULL), RECTO_OK);
    assert_true(match_profile_compare(&outcome, book, by_prefix, &profile, false));
    assert_int_equal(outcome.row, 2);
    assert_true(match_profile_compare(&outcome, book, by_other, &profile, false));
    assert_int_equal(outcome.row, 4);
    assert_int_equal(outcome.step, 1);
    assert_false(match_profile_compare(&outcome, book, unlike, &profile, false));
    match_profile_wanted_keys(book, &profile, append_key, &out);
    assert_string_equal(buffer_string(&out), "(x)1 9780306406157 03178471 (y)2 t ");
    buffer_clear(&out);
    match_profile_explain(&out, book, by_prefix, &profile);
    assert_string_equal(buffer_string(&out), "row 1, ISSN: not asked, the incoming record is no serial\n"
                                             "row 2, 035 (Other System Identifier): match\nonly 035 that begin with (X) count\n"
                                             "035 $a (X)1 = 035 $a (X)1\n");
    marc_record_set_leader(book, "00000nas a2200000 i 4500");
    assert_true(match_profile_compare(&outcome, book, by_prefix, &profile, false));
    assert_int_equal(outcome.row, 4);
    profile = (match_profile){ 0 };
    assert_false(match_profile_compare(&outcome, book, book, &profile, false));
    buffer_clear(&out);
    match_profile_explain(&out, book, book, &profile);
    assert_string_equal(buffer_string(&out), "the match profile has no row: nothing matches\n");
    buffer_release(&out);
    marc_record_free(book);
    marc_record_free(by_prefix);
    marc_record_free(by_other);
    marc_record_free(unlike);
}

/** OCLC merged two records; the master has the other number in $z, and the repository holds both. */
static void retired_numbers__can_be_disregarded(void **state)
{
    marc_record *incoming = record_from_lines("035    $a(OCoLC)1$z(OCoLC)2");
    marc_record *one = record_from_lines("035    $a(OCoLC)1");
    marc_record *two = record_from_lines("035    $a(OCoLC)2");
    const match_options options = { .without_retired = true };
    match_outcome outcome;
    (void)state;
    assert_true(match_compare(&outcome, incoming, one, MATCH_UNIQUE_OCLC, NULL));
    assert_true(match_compare(&outcome, incoming, two, MATCH_UNIQUE_OCLC, NULL));
    assert_true(match_compare(&outcome, incoming, one, MATCH_UNIQUE_OCLC, &options));
    assert_false(match_compare(&outcome, incoming, two, MATCH_UNIQUE_OCLC, &options));
    marc_record_free(incoming);
    marc_record_free(one);
    marc_record_free(two);
}

static void narrow__goes_step_by_step_while_several_are_left(void **state)
{
    match_candidate all[] = {
        { .community_linked = true, .matches_without_retired = true, .has_electronic = true, .items = 9 },
        { .matches_without_retired = false, .has_physical = true, .items = 3 },
        { .matches_without_retired = true, .has_electronic = true, .items = 1, .added_at = 5 },
        { .matches_without_retired = true, .has_physical = true, .items = 1, .added_at = 7 },
    };
    match_narrowing none = { 0 };
    match_narrowing some = { .drop_community_linked = true, .disregard_retired = true };
    match_narrowing every = { true, true, true, true };
    (void)state;
    assert_int_equal(match_narrow(all, COUNT(all), &none), 4);
    assert_int_equal(match_preferred(all, COUNT(all)), 0);
    assert_int_equal(match_narrow(all, COUNT(all), &some), 2);
    assert_non_null(all[0].dropped);
    assert_non_null(all[1].dropped);
    assert_int_equal(match_preferred(all, COUNT(all)), 3);
    assert_int_equal(match_narrow(all, COUNT(all), &every), 1);
    assert_null(all[2].dropped);
    assert_int_equal(match_narrow(all, 1, &every), 1); /* a single match is never narrowed */
    assert_int_equal(match_narrow(all, 0, &every), 0);
    assert_true(match_preferred(all, 0) == SIZE_MAX);
    all[2].has_electronic = false; /* a preference only: nobody has the type */
    assert_int_equal(match_narrow(all, COUNT(all), &every), 2);
    match_candidate print = { .matches_without_retired = true, .has_physical = true };
    match_candidate both[] = { { .matches_without_retired = true, .has_electronic = true }, print };
    const match_narrowing printed = { .prefer_same_inventory = true };
    assert_int_equal(match_narrow(both, COUNT(both), &printed), 1);
    assert_string_equal(both[0].dropped, "has no physical inventory, another match has");
    all[0].community_linked = all[1].community_linked = all[2].community_linked = all[3].community_linked = true;
    assert_int_equal(match_narrow(all, COUNT(all), &every), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fuzzy__goes_by_identifiers_then_author_and_title_then_title),
        cmocka_unit_test(extended__asks_for_the_same_format_and_about_the_same_year),
        cmocka_unit_test(first_step__decides_and_better_ones_come_first),
        cmocka_unit_test(explain__says_why_and_why_not),
        cmocka_unit_test(profile__reads_what_it_prints),
        cmocka_unit_test(profile__asks_its_rows_in_order),
        cmocka_unit_test(retired_numbers__can_be_disregarded),
        cmocka_unit_test(narrow__goes_step_by_step_while_several_are_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
