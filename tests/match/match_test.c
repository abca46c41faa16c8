/* tests/match/match_test.c - methods, serials, brief levels and ages, as the tables of match-merge.md have them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "recto/match/match.h"

#include "records.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void methods__are_found_by_name_label_and_class(void **state)
{
    static const struct {
        const char *name;
        match_method want;
    } cases[] = {
        { "unique-oclc", MATCH_UNIQUE_OCLC },
        { "Unique OCLC Identifier", MATCH_UNIQUE_OCLC },
        { "unique oclc identifier match method", MATCH_UNIQUE_OCLC },
        { "com.exlibris.repository.mms.match.uniqueOCLC", MATCH_UNIQUE_OCLC },
        { "035", MATCH_OTHER_SYSTEM },
        { "035 (Other System Identifier) Match Method", MATCH_OTHER_SYSTEM },
        { "isbn", MATCH_ISBN },
        { "ISBN (exact subfield match) Match Method", MATCH_ISBN_EXACT },
        { " issn ", MATCH_ISSN },
        { "issn-exact", MATCH_ISSN_EXACT },
        { "com.exlibris.repository.mms.match.CDLMatchingProfile", MATCH_FUZZY },
        { "com.exlibris.repository.mms.match.CDLSeMatchingProfile", MATCH_FUZZY_SERIAL },
        { "com.exlibris.repository.mms.match.OCLCMatchProfile", MATCH_UNIQUE_OCLC },
        { "x.match.OCLCSerialMatchProfile", MATCH_UNIQUE_OCLC },
        { "Fuzzy Non-Serial Match Method", MATCH_FUZZY },
        { "fuzzy", MATCH_FUZZY },
        { "fuzz", MATCH_NONE },
        { "x.match.AnotherProfile", MATCH_NONE },
        { "", MATCH_NONE },
        { NULL, MATCH_NONE },
    };
    size_t count = 0;
    const match_method_info *methods = match_methods(&count);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (match_method_named(cases[i].name) != cases[i].want)
            fail_msg("%s", cases[i].name);
    assert_int_equal(count, 20);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(match_method_named(methods[i].name), methods[i].method);
        assert_int_equal(match_method_named(methods[i].label), methods[i].method);
        assert_string_equal(match_method_name(methods[i].method), methods[i].name);
        assert_string_equal(match_method_label(methods[i].method), methods[i].label);
    }
    assert_string_equal(match_method_name((match_method)99), "none");
    assert_string_equal(match_method_label((match_method)99), "no match method");
}

static void records__match_by_the_condition_of_each_method(void **state)
{
    static const struct {
        match_method method;
        const char *incoming, *candidate, *why;
    } cases[] = {
        { MATCH_UNIQUE_OCLC, "035    $a(OCoLC)123", "035    $a(OCoLC)ocm00000123",
          "035 $a (OCoLC)123 = 035 $a (OCoLC)ocm00000123" },
        { MATCH_UNIQUE_OCLC, "035    $a(OCoLC)9$z(OCoLC)123", "035    $a(OCoLC)123", "035 $z (OCoLC)123 = 035 $a (OCoLC)123" },
        { MATCH_UNIQUE_OCLC, "035    $a(OCoLC)9", "035    $z(ocolc)on9", "035 $a (OCoLC)9 = 035 $z (ocolc)on9" },
        { MATCH_UNIQUE_OCLC, "035    $z(OCoLC)9", "035    $a(x)1$z(OCoLC)9", "035 $z (OCoLC)9 = 035 $z (OCoLC)9" },
        { MATCH_UNIQUE_OCLC, "035    $a123", "035    $a123", NULL },
        { MATCH_UNIQUE_OCLC, "035    $a(DLC)123", "035    $a(DLC)123", NULL },
        { MATCH_UNIQUE_OCLC, "019    $a123", "035    $a(OCoLC)123", NULL },
        { MATCH_UNIQUE_OCLC, "035    $a(OCoLC)123", "019    $a123", NULL },
        { MATCH_UNIQUE_OCLC, "003 OCoLC\n001 123", "003 OCoLC\n001 123", NULL },
        { MATCH_UNIQUE_OCLC, "035    $9(OCoLC)123", "035    $a(OCoLC)123", NULL },
        { MATCH_UNIQUE_OCLC, "245 00 $aNo number", "245 00 $aNo number", NULL },
        { MATCH_OTHER_SYSTEM, "035    $a(de-599)bvb1", "035    $a (DE-599)BVB1 ", "035 $a (de-599)bvb1 = 035 $a (DE-599)BVB1" },
        { MATCH_OTHER_SYSTEM, "035    $a(OCoLC)ocm0012", "035    $a(OCoLC)12", "035 $a (OCoLC)ocm0012 = 035 $a (OCoLC)12" },
        { MATCH_OTHER_SYSTEM, "035    $a(A)1", "035    $a(B)1", NULL },
        { MATCH_OTHER_SYSTEM, "035    $a1", "035    $z1", "035 $a 1 = 035 $z 1" },
        { MATCH_ISBN, "020    $a0306406152 (pbk.)", "020    $z978-0-306-40615-7",
          "020 $a 0306406152 (pbk.) = 020 $z 978-0-306-40615-7" },
        { MATCH_ISBN_EXACT, "020    $a0306406152", "020    $z9780306406157", NULL },
        { MATCH_ISBN_EXACT, "020    $z0306406152", "020    $a9780801855665$z9780306406157",
          "020 $z 0306406152 = 020 $z 9780306406157" },
        { MATCH_ISBN_EXACT, "020    $a0306406152", "020    $z0306406152\n020    $a9780306406157",
          "020 $a 0306406152 = 020 $a 9780306406157" },
        { MATCH_ISBN, "020    $a0306406153", "020    $a0306406152", NULL },
        { MATCH_ISBN, "020    $a0306406153", "020    $a0-306-40615-3", "020 $a 0306406153 = 020 $a 0-306-40615-3" },
        { MATCH_ISSN, "022    $a0317-8471", "022    $y03178471", "022 $a 0317-8471 = 022 $y 03178471" },
        { MATCH_ISSN, "022    $m0317-8471", "022    $a0317-8471", "022 $m 0317-8471 = 022 $a 0317-8471" },
        { MATCH_ISSN_EXACT, "022    $a0317-8471", "022    $y0317-8471", NULL },
        { MATCH_ISSN_EXACT, "022    $l0317-8471", "022    $l0317-8471", "022 $l 0317-8471 = 022 $l 0317-8471" },
        { MATCH_ISSN_EXACT, "022    $m0317-8471", "022    $m0317-8471", NULL },
        { MATCH_ISSN, "020    $a0317-8471", "022    $a0317-8471", NULL },
        { MATCH_NONE, "035    $a(OCoLC)1", "035    $a(OCoLC)1", NULL },
        { MATCH_ISBN_EXACT_024_035, "020    $a0306406152", "020    $a9780306406157", "020 $a 0306406152 = 020 $a 9780306406157" },
        { MATCH_ISBN_EXACT_024_035, "020    $a0306406152", "020    $z9780306406157", NULL },
        { MATCH_ISBN_EXACT_024_035, "024 7  $a10.1/X$2doi", "024 7  $a10.1/x$2DOI", "024 $a 10.1/X = 024 $a 10.1/x" },
        { MATCH_ISBN_EXACT_024_035, "024 7  $a10.1/X$2doi", "024 7  $a10.1/X$2hdl", NULL },
        { MATCH_ISBN_EXACT_024_035, "024 1  $a5", "024 2  $a5", NULL },
        { MATCH_ISBN_EXACT_024_035, "035    $a(X)1", "035    $a(x)1", "035 $a (X)1 = 035 $a (x)1" },
        { MATCH_ISBN_024_035, "020    $a0306406152", "020    $z9780306406157", "020 $a 0306406152 = 020 $z 9780306406157" },
        { MATCH_ISBN_024_035, "022    $a0317-8471", "022    $a0317-8471", NULL },
        { MATCH_ISSN_EXACT_024_035, "022    $a0317-8471", "022    $a03178471", "022 $a 0317-8471 = 022 $a 03178471" },
        { MATCH_ISSN_EXACT_024_035, "022    $a0317-8471", "022    $y0317-8471", NULL },
        { MATCH_ISSN_EXACT_024_035, "035    $a(X)1", "035    $z(X)1", "035 $a (X)1 = 035 $z (X)1" },
        { MATCH_ISSN_024_035, "022    $a0317-8471", "022    $y0317-8471", "022 $a 0317-8471 = 022 $y 0317-8471" },
        { MATCH_ISSN_024_035, "020    $a0306406152", "020    $a0306406152", NULL },
        { MATCH_LCCN, "010    $a   97012345 ", "010    $a97-12345", "010 $a 97012345 = 010 $a 97-12345" },
        { MATCH_LCCN, "010    $a85-2", "010    $a  85000002 /AC/r86", "010 $a 85-2 = 010 $a 85000002 /AC/r86" },
        { MATCH_LCCN, "010    $a85-2", "010    $z85-2", NULL },
        { MATCH_RECORD_NUMBER, "001 991", "001 991", "001 991 = 001 991" },
        { MATCH_RECORD_NUMBER, "001 991", "001 9911", NULL },
        { MATCH_RECORD_NUMBER, "245 00 $aNone", "245 00 $aNone", NULL },
        { MATCH_024_ORIGINAL, "024 8  $a991", "001 991", "024 $a 991 = 001 991" },
        { MATCH_024_ORIGINAL, "024 8  $2doi$a $a991", "001 991", "024 $a 991 = 001 991" },
        { MATCH_024_ORIGINAL, "024 8  $a(Dig)7", "001 991\n035    $a(dig)7", "024 $a (Dig)7 = 035 $a (dig)7" },
        { MATCH_024_ORIGINAL, "001 991\n024 8  $a5", "001 991", NULL },
        { MATCH_024_ORIGINAL, "024 8  $a5", "024 8  $a5", NULL },
        { MATCH_TITLE, "245 14 $aThe Odd\xC3\xA9 thing :$bits parts", "245 00 $aODDE THING$bits parts.$cme",
          "245 The Odd\xC3\xA9 thing : its parts = 245 ODDE THING its parts." },
        { MATCH_TITLE, "245 10 $aParadiso /", "245 10 $aParadiso :$bI-XVII", NULL },
        { MATCH_TITLE, "245 10 $aSame", "246 3  $aSame", NULL },
        { MATCH_TITLE, "100 1  $aOnly", "100 1  $aOnly", NULL },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        marc_record *incoming = record_from_lines(cases[i].incoming);
        marc_record *candidate = record_from_lines(cases[i].candidate);
        char why[MATCH_WHY_LENGTH] = "left over";
        bool met = match_records(incoming, candidate, cases[i].method, why);
        if (met != (cases[i].why != NULL))
            fail_msg("case %zu: %s", i, why);
        assert_string_equal(why, met ? cases[i].why : "");
        assert_int_equal(match_records(incoming, candidate, cases[i].method, NULL), met);
        marc_record_free(incoming);
        marc_record_free(candidate);
    }
}

static void why__shows_no_control_bytes_and_is_cut_at_a_character(void **state)
{
    marc_record *record = NULL;
    char content[400] = "  \x1F"
                        "a";
    char why[MATCH_WHY_LENGTH];
    (void)state;
    memcpy(content + 4, "\x1B[2J", 4);
    for (size_t i = 8; i + 3 <= sizeof content; i += 3)
        memcpy(content + i, "\xE2\x82\xAC", 3);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    assert_int_equal(marc_record_append(record, "035", text_of(content, 8 + 3 * 130), NULL), RECTO_OK);
    assert_true(match_records(record, record, MATCH_OTHER_SYSTEM, why));
    assert_null(strchr(why, '\x1B'));
    assert_null(strstr(why, "\xE2\x82\xE2"));
    assert_true(strlen(why) < MATCH_WHY_LENGTH);
    assert_non_null(strstr(why, " = 035 $a "));
    assert_string_equal(why + strlen(why) - 3, "\xE2\x80\xA6");
    marc_record_free(record);
}

typedef struct wanted {
    char keys[256];
    size_t calls, stop_after;
} wanted;

static bool note_key(void *context, const marc_key *key)
{
    wanted *seen = context;
    size_t used = strlen(seen->keys);

    snprintf(seen->keys + used, sizeof seen->keys - used, "%s%.*s", used > 0 ? " " : "", (int)key->key.length, key->key.bytes);
    return ++seen->calls != seen->stop_after;
}

static void wanted_keys__come_once_each_in_record_order(void **state)
{
    static const struct {
        match_method method;
        const char *record, *want;
        size_t stop_after;
    } cases[] = {
        { MATCH_UNIQUE_OCLC, "019    $a5\n035    $a(OCoLC)9$z(OCoLC)2\n035    $a(OCoLC)ocm9$a(x)1\n035    $z(OCoLC)1", "9 2 1",
          0 },
        { MATCH_UNIQUE_OCLC, "035    $a(OCoLC)9$z(OCoLC)2", "9", 1 },
        { MATCH_UNIQUE_OCLC, "020    $a0306406152", "", 0 },
        { MATCH_OTHER_SYSTEM, "035    $a(OCoLC)9$z(X)2", "(ocolc)9 (x)2", 0 },
        { MATCH_ISBN_EXACT, "020    $a0306406152$z9780306406157", "9780306406157", 0 },
        { MATCH_ISSN, "022    $a2434-561x$l03178471", "2434561X 03178471", 0 },
        { MATCH_NONE, "035    $a(OCoLC)9", "", 0 },
        { MATCH_LCCN, "010    $an78-890351$zn1", "n78890351", 0 },
        { MATCH_RECORD_NUMBER, "001 991\n035    $a(X)1", "991", 0 },
        { MATCH_024_ORIGINAL, "001 1\n024 8  $aX7\n035    $a(X)1", "X7 x7", 0 },
        { MATCH_TITLE, "245 14 $aThe odd$bthing\n246    $aOther", "odd thing", 0 },
        { MATCH_FUZZY, "020    $a0306406152\n030    $aabcde\n035    $a(OCoLC)9\n100 1  $aMe\n245 04 $aThe odd$bthing",
          "9780306406157 ABCDE 9 (ocolc)9 odd", 0 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        marc_record *record = record_from_lines(cases[i].record);
        wanted seen = { .stop_after = cases[i].stop_after };
        match_wanted_keys(record, cases[i].method, note_key, &seen);
        assert_string_equal(seen.keys, cases[i].want);
        marc_record_free(record);
    }
}

/** match-merge.md section 2, vector by vector: the keys of a field by a method that uses that field. */
static void keys__are_those_of_the_tables(void **state)
{
    static const struct {
        match_method method;
        const char *field, *want;
    } cases[] = {
        { MATCH_UNIQUE_OCLC, "035    $a(OCoLC)ocm00000123", "123" },
        { MATCH_UNIQUE_OCLC, "035    $a(OCoLC)ocn123456789", "123456789" },
        { MATCH_UNIQUE_OCLC, "035    $a(OCoLC)on1234567891", "1234567891" },
        { MATCH_UNIQUE_OCLC, "035    $a(OCoLC)00085820197", "85820197" },
        { MATCH_UNIQUE_OCLC, "035    $a(OCoLC) 459287", "459287" },
        { MATCH_UNIQUE_OCLC, "035    $a(OCoLC-M)858201973", "" },
        { MATCH_UNIQUE_OCLC, "035    $a(OCoLC)fst00871597", "" },
        { MATCH_UNIQUE_OCLC, "035    $aocm36543210", "" },
        { MATCH_UNIQUE_OCLC, "035    $a(ocolc)36543210", "36543210" },
        { MATCH_OTHER_SYSTEM, "035    $a (DE-599)X ", "(de-599)x" },
        { MATCH_OTHER_SYSTEM, "035    $a(OCoLC)ocm00000123", "(ocolc)123" },
        { MATCH_ISBN, "020    $a0801855667", "9780801855665" },
        { MATCH_ISBN, "020    $a0306406152", "9780306406157" },
        { MATCH_ISBN, "020    $a0-9752298-0-X (pbk.)", "9780975229804" },
        { MATCH_ISBN, "020    $a155404295x:$9", "9781554042951" },
        { MATCH_ISBN, "020    $a9791234567896", "9791234567896" },
        { MATCH_ISBN, "020    $a12345", "12345" },
        { MATCH_ISSN, "022    $a0317-8471$y0378-5955$z2434-561x", "03178471 03785955 2434561X" },
        { MATCH_LCCN, "010    $a   97012345 ", "97012345" },
        { MATCH_LCCN, "010    $an78-890351", "n78890351" },
        { MATCH_LCCN, "010    $a85-2", "85000002" },
        { MATCH_FUZZY, "030    $ajaspa", "JASPA" },
        { MATCH_ISBN_024_035, "024 7  $a 10.1000/AB $2doi", "7/doi/10.1000/ab" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        marc_record *record = record_from_lines(cases[i].field);
        wanted seen = { .stop_after = 0 };
        match_wanted_keys(record, cases[i].method, note_key, &seen);
        if (strcmp(seen.keys, cases[i].want) != 0)
            fail_msg("%s gives '%s'", cases[i].field, seen.keys);
        marc_record_free(record);
    }
}

static void match__of_many_numbers_does_not_take_the_square(void **state)
{
    enum { MANY = 100000 };
    marc_record *incoming = record_from_lines("001 1");
    marc_record *candidate = record_from_lines("001 2");
    char why[MATCH_WHY_LENGTH];
    (void)state;
    for (int i = 0; i < MANY; i++) {
        char number[32];
        snprintf(number, sizeof number,
                 "  \x1F"
                 "a(OCoLC)%d",
                 i);
        marc_record_append(incoming, "035", text_from(number), NULL);
        snprintf(number, sizeof number,
                 "  \x1F"
                 "a(OCoLC)%d",
                 MANY + MANY - 1 - i);
        marc_record_append(candidate, "035", text_from(number), NULL);
    }
    assert_false(match_records(incoming, candidate, MATCH_UNIQUE_OCLC, why));
    marc_record_append(candidate, "035", TEXT("  \x1Fz(OCoLC)77"), NULL);
    assert_true(match_records(incoming, candidate, MATCH_UNIQUE_OCLC, why));
    assert_string_equal(why, "035 $a (OCoLC)77 = 035 $z (OCoLC)77");
    marc_record_free(incoming);
    marc_record_free(candidate);
}

static void set_leader_byte(marc_record *record, size_t offset, char byte)
{
    char leader[MARC_LEADER_LENGTH];
    memcpy(leader, marc_record_leader(record), sizeof leader);
    leader[offset] = byte;
    marc_record_set_leader(record, leader);
}

static void serial__is_bibliographic_level_b_i_s(void **state)
{
    marc_record *record = record_from_lines("001 1");
    (void)state;
    for (int byte = 1; byte < 256; byte++) {
        set_leader_byte(record, 7, (char)byte);
        assert_int_equal(match_is_serial(record), byte == 'b' || byte == 'i' || byte == 's');
    }
    marc_record_free(record);
}

static void brief_level__follows_the_encoding_level(void **state)
{
    static const struct {
        char level;
        int want;
    } cases[] = {
        { 'u', 1 },  { 'z', 1 },  { '0', 1 },  { 'm', 1 },  { 'k', 1 }, { '#', 1 },  { '5', 2 },
        { '3', 3 },  { '8', 4 },  { '7', 5 },  { 'K', 5 },  { '2', 7 }, { '4', 7 },  { 'M', 7 },
        { ' ', 10 }, { '1', 10 }, { 'I', 10 }, { 'L', 10 }, { 'J', 1 }, { '\0', 1 },
    };
    marc_record *record = record_from_lines("001 1");
    marc_record *other = record_from_lines("001 1");
    (void)state;
    set_leader_byte(other, 17, '8');
    for (size_t i = 0; i < COUNT(cases); i++) {
        set_leader_byte(record, 17, cases[i].level);
        assert_int_equal(match_brief_level(record), cases[i].want);
        assert_int_equal(match_is_briefer(record, other), cases[i].want < 4);
        assert_int_equal(match_is_briefer(other, record), cases[i].want > 4);
    }
    marc_record_free(record);
    marc_record_free(other);
}

static void older__compares_the_005_last_imported(void **state)
{
    static const struct {
        const char *incoming, *system, *own, *stored_system, *stored;
        match_age_rule rule;
        bool want;
    } cases[] = {
        { "20240101000000.0", "OCLC", "20250101000000.0", "OCLC", "20240102000000.0", MATCH_AGE_ALWAYS, true },
        { "20240102000000.0", "OCLC", "20250101000000.0", "OCLC", "20240102000000.0", MATCH_AGE_ALWAYS, false },
        { "20240103000000.0", "OCLC", "20250101000000.0", "OCLC", "20240102000000.0", MATCH_AGE_ALWAYS, false },
        { "20240102000000.1", "OCLC", "", "OCLC", "20240102000000.9", MATCH_AGE_ALWAYS, false },
        { "20240101000000.0", "OCLC", "20250101000000.0", "", "", MATCH_AGE_ALWAYS, true },
        { "20260101000000.0", "OCLC", "20250101000000.0", "", "", MATCH_AGE_ALWAYS, false },
        { "20240101000000.0", "OCLC", "20250101000000.0", "OCLC", "20250101000000.0", MATCH_AGE_DISREGARD, false },
        { "20240101000000.0", "oclc", "", "OCLC ", "20250101000000.0", MATCH_AGE_SAME_SYSTEM, true },
        { "20240101000000.0", "OCLC", "", "YBP", "20250101000000.0", MATCH_AGE_SAME_SYSTEM, false },
        { "20240101000000.0", "OCLC", "20250101000000.0", "", "", MATCH_AGE_SAME_SYSTEM, false },
        { "20240101000000.0", "", "20250101000000.0", "", "", MATCH_AGE_SAME_SYSTEM, false },
        { "20240101000000.0", "OCLC", "", "YBP", "20250101000000.0", MATCH_AGE_ALWAYS, true },
        { "", "OCLC", "20250101000000.0", "OCLC", "20250101000000.0", MATCH_AGE_ALWAYS, false },
        { "2024010100000", "OCLC", "20250101000000.0", "OCLC", "20250101000000.0", MATCH_AGE_ALWAYS, false },
        { "00000000000000.0", "OCLC", "20250101000000.0", "OCLC", "20250101000000.0", MATCH_AGE_ALWAYS, false },
        { "20241301000000.0", "OCLC", "20250101000000.0", "OCLC", "20250101000000.0", MATCH_AGE_ALWAYS, false },
        { "20240101000000.0", "OCLC", "", "OCLC", "yesterday", MATCH_AGE_ALWAYS, false },
        { "20240101000000.0", "OCLC", "", "OCLC", "2025010100000x.0", MATCH_AGE_ALWAYS, false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        marc_record *incoming = record_from_lines("245 00 $aA");
        marc_record *existing = record_from_lines("245 00 $aA");
        if (cases[i].incoming[0] != '\0')
            marc_record_insert(incoming, 0, "005", text_from(cases[i].incoming), NULL);
        if (cases[i].own[0] != '\0')
            marc_record_insert(existing, 0, "005", text_from(cases[i].own), NULL);
        bool older = match_is_older(incoming, text_from(cases[i].system), existing, text_from(cases[i].stored_system),
                                    text_from(cases[i].stored), cases[i].rule);
        if (older != cases[i].want)
            fail_msg("case %zu", i);
        marc_record_free(incoming);
        marc_record_free(existing);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(methods__are_found_by_name_label_and_class),
        cmocka_unit_test(records__match_by_the_condition_of_each_method),
        cmocka_unit_test(why__shows_no_control_bytes_and_is_cut_at_a_character),
        cmocka_unit_test(wanted_keys__come_once_each_in_record_order),
        cmocka_unit_test(keys__are_those_of_the_tables),
        cmocka_unit_test(match__of_many_numbers_does_not_take_the_square),
        cmocka_unit_test(serial__is_bibliographic_level_b_i_s),
        cmocka_unit_test(brief_level__follows_the_encoding_level),
        cmocka_unit_test(older__compares_the_005_last_imported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
