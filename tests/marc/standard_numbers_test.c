/* tests/marc/standard_numbers_test.c - the values of match-merge.md section 2 and search.md SE-75 to SE-83, as tables. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "recto/marc/standard_numbers.h"

typedef struct key_case {
    const char *value, *want; /* NULL: no key */
    bool valid;
} key_case;

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void check_plain(const key_case *cases, size_t count, bool (*make)(buffer *out, text value))
{
    for (size_t i = 0; i < count; i++) {
        buffer out;
        buffer_init(&out, 0);
        buffer_append_string(&out, "before:");
        bool found = make(&out, text_from(cases[i].value));
        if (found != (cases[i].want != NULL))
            fail_msg("\"%s\": %s", cases[i].value, found ? buffer_string(&out) : "no key");
        assert_memory_equal(buffer_string(&out), "before:", 7);
        assert_string_equal(buffer_string(&out) + 7, cases[i].want != NULL ? cases[i].want : "");
        buffer_release(&out);
    }
}

static void check_with_digit(const key_case *cases, size_t count, bool (*make)(buffer *out, text value, bool *valid))
{
    for (size_t i = 0; i < count; i++) {
        buffer out;
        bool valid = !cases[i].valid;
        buffer_init(&out, 0);
        bool found = make(&out, text_from(cases[i].value), &valid);
        if (found != (cases[i].want != NULL) || (found && valid != cases[i].valid))
            fail_msg("\"%s\": \"%s\", %s", cases[i].value, buffer_string(&out), valid ? "valid" : "not valid");
        assert_string_equal(buffer_string(&out), cases[i].want != NULL ? cases[i].want : "");
        buffer_release(&out);
    }
}

static void oclc_key__needs_the_qualifier_and_drops_prefix_and_zeros(void **state)
{
    static const key_case cases[] = {
        { "(OCoLC)ocm00000123", "123", true },
        { "(OCoLC)ocn123456789", "123456789", true },
        { "(OCoLC)on1234567891", "1234567891", true },
        { "(OCoLC)00085820197", "85820197", true },
        { "(OCoLC) 459287", "459287", true },
        { "(OCoLC-M)858201973", NULL, false },
        { "(OCoLC)fst00871597", NULL, false },
        { "ocm36543210", NULL, false },
        { "36543210", NULL, false },
        { "(ocolc)36543210", "36543210", true },
        { "(OCoLC)0000123", "123", true },
        { "( OCoLC ) OCM00000123 ", "123", true },
        { "(OCoLC)ocl7", "7", true },
        { "(OCoLC)oc7", "7", true },
        { "(OCoLC)OCN7", "7", true },
        { "(OCoLC)ocmocn7", NULL, false },
        { "(OCoLC)ocm", NULL, false },
        { "(OCoLC)", NULL, false },
        { "(OCoLC", NULL, false },
        { "(OCoLC)000", NULL, false },
        { "(OCoLC)12 34", NULL, false },
        { "(OCoLC)-1", NULL, false },
        { "(OCoLC)99999999999999999999999999999999999999991", "99999999999999999999999999999999999999991", true },
        { "", NULL, false },
        { " ", NULL, false },
    };
    (void)state;
    check_plain(cases, COUNT(cases), number_oclc_key);
}

static void oclc_key__takes_numbers_of_any_length(void **state)
{
    char value[5000] = "(OCoLC)on00";
    buffer out;
    (void)state;
    memset(value + 11, '7', sizeof value - 11);
    buffer_init(&out, 0);
    assert_true(number_oclc_key(&out, text_of(value, sizeof value)));
    assert_int_equal(out.length, sizeof value - 11);
    buffer_release(&out);
}

static void oclc_typed__takes_every_form_a_person_types(void **state)
{
    static const key_case cases[] = {
        { "123", "123", true },
        { "ocm00000123", "123", true },
        { "(OCoLC)123", "123", true },
        { " ocn123456789 ", "123456789", true },
        { "ON1234567891", "1234567891", true },
        { "0000123", "123", true },
        { "ocm00000123 ", "123", true },
        { "(OCoLC)ocm00000123", "123", true },
        { "solitude", NULL, false },
        { "(DLC)123", NULL, false },
        { "on", NULL, false },
        { "12a", NULL, false },
    };
    (void)state;
    check_plain(cases, COUNT(cases), number_oclc_typed);
}

static void system_key__keeps_the_qualifier_and_forgets_case(void **state)
{
    static const key_case cases[] = {
        { " (DE-599)BVB012345678 ", "(de-599)bvb012345678", true },
        { "(DLC)   97012345", "(dlc)97012345", true },
        { "(OCoLC)ocm00000123", "(ocolc)123", true },
        { "(ocolc)0123", "(ocolc)123", true },
        { "(OCoLC)fst00871597", "(ocolc)fst00871597", true },
        { "ocm36543210", "ocm36543210", true },
        { "(OCoLC-M)858201973", "(ocolc-m)858201973", true },
        { "AAA-1   B", "aaa-1 b", true },
        { "(unclosed 12", "(unclosed 12", true },
        { "  ", NULL, false },
    };
    (void)state;
    check_plain(cases, COUNT(cases), number_system_key);
}

static void isbn_key__is_the_13_digits_where_the_check_digit_is_right(void **state)
{
    static const key_case cases[] = {
        { "0801855667", "9780801855665", true },
        { "0306406152", "9780306406157", true },
        { "097522980X", "9780975229804", true },
        { "097522980x", "9780975229804", true },
        { "155404295X", "9781554042951", true },
        { "0-306-40615-2 (pbk.)", "9780306406157", true },
        { "0306406152(pbk.)", "9780306406157", true },
        { "978-0-306-40615-7", "9780306406157", true },
        { "978 0 306 40615 7", "9780306406157", true },
        { "978\xE2\x80\x91"
          "0306406157",
          "9780306406157", true }, /* a non-breaking hyphen */
        { "9780306406157:", "9780306406157", true },
        { "0306406152 : $12.50", "9780306406157", true },
        { "9791032305690", "9791032305690", true },
        { "0306406153", "0306406153", false },
        { "9780306406158 (cased)", "9780306406158", false },
        { "9770306406157", "9770306406157", false },
        { "X306406152", "X306406152", false },
        { "12345", "12345", false },
        { "(pbk.)", NULL, false },
        { "---", NULL, false },
        { "", NULL, false },
    };
    (void)state;
    check_with_digit(cases, COUNT(cases), number_isbn_key);
}

static void isbn_10__comes_back_from_978_and_never_from_979(void **state)
{
    static const key_case cases[] = {
        { "9780801855665", "0801855667", true }, { "9780975229804", "097522980X", true }, { "9781554042951", "155404295X", true },
        { "9791032305690", NULL, false },        { "9780801855660", NULL, false },        { "0801855667", NULL, false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[11] = "";
        assert_int_equal(number_isbn_10_of(out, text_from(cases[i].value)), cases[i].want != NULL);
        assert_string_equal(out, cases[i].want != NULL ? cases[i].want : "");
    }
}

static void issn_key__is_eight_characters_without_a_hyphen(void **state)
{
    static const key_case cases[] = {
        { "0317-8471", "03178471", true },
        { "0378-5955", "03785955", true },
        { "2434-561X", "2434561X", true },
        { "2434561x", "2434561X", true },
        { "0317 8471", "03178471", true },
        { "0317-8471 (print)", "03178471", true },
        { "0317-8471 print", "03178471", true },
        { "0317-8472", "03178472", false },
        { "0317-847", NULL, false },
        { "X317-8471", NULL, false },
        { "0317-84711", NULL, false },
        { "", NULL, false },
    };
    (void)state;
    check_with_digit(cases, COUNT(cases), number_issn_key);
}

static void lccn_key__drops_blanks_and_pads_behind_the_hyphen(void **state)
{
    static const key_case cases[] = {
        { "   97012345 ", "97012345", true },
        { "n78-890351", "n78890351", true },
        { "85-2", "85000002", true },
        { "78-890351", "78890351", true },
        { "n 79021164", "n79021164", true },
        { "2001-627", "2001000627", true },
        { "79139101 /AC/r932", "79139101", true },
        { "85-2 /AC", "85000002", true },
        { "N79-21164", "n79021164", true },
        { "85-1234567", "851234567", true },
        { "  ", NULL, false },
        { "/AC", NULL, false },
        { "-", NULL, false },
    };
    (void)state;
    check_plain(cases, COUNT(cases), number_lccn_key);
}

/* --- the keys of a record --- */

typedef struct seen_key {
    marc_key_kind kind;
    const char *tag;
    char subfield;
    const char *key;
    bool valid;
} seen_key;

typedef struct expectation {
    const seen_key *wanted;
    size_t count, met;
} expectation;

static bool meet(void *context, const marc_key *key)
{
    expectation *expected = context;
    const seen_key *want = &expected->wanted[expected->met];

    assert_true(expected->met < expected->count);
    assert_int_equal(key->kind, want->kind);
    assert_string_equal(key->tag, want->tag);
    assert_int_equal(key->subfield, want->subfield);
    assert_int_equal(key->key.length, strlen(want->key));
    assert_memory_equal(key->key.bytes, want->key, key->key.length);
    assert_int_equal(key->valid, want->valid);
    expected->met++;
    return true;
}

static bool stop_at_once(void *context, const marc_key *key)
{
    (void)key;
    (*(int *)context)++;
    return false;
}

static marc_record *record_of_lines(const char *const lines[][3], size_t count)
{
    marc_record *record = NULL;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    for (size_t i = 0; i < count; i++) {
        recto_status status = lines[i][1] == NULL ? marc_record_append(record, lines[i][0], text_from(lines[i][2]), NULL)
                                                  : marc_record_append_line(record, lines[i][0], lines[i][1], lines[i][2], NULL);
        assert_int_equal(status, RECTO_OK);
    }
    return record;
}

static void record_keys__come_in_field_order_with_where_they_stood(void **state)
{
    static const char *const lines[][3] = {
        { "001", NULL, "ocm00000123 " },
        { "003", NULL, "OCoLC" },
        { "010", "  ", "$a   97012345 $z85-2" },
        { "019", "  ", "$a7654321$anot a number" },
        { "020", "  ", "$a0306406152 (pbk.)$c$12$z0306406153" },
        { "022", "0 ", "$a0317-8471$l0317-8471$y0317-8472" },
        { "024", "7 ", "$a10.1000/ABC$2doi" },
        { "028", "02", "$aSLPX  2345$bDecca" },
        { "030", "  ", "$ajacsat" },
        { "035", "  ", "$a(OCoLC)123$z(OCoLC)ocm00000456$9(x)1" },
        { "035", "9 ", "$a(XYZ)9" },
    };
    static const seen_key wanted[] = {
        { MARC_KEY_OCLC, "001", ' ', "123", true },
        { MARC_KEY_LCCN, "010", 'a', "97012345", true },
        { MARC_KEY_LCCN, "010", 'z', "85000002", true },
        { MARC_KEY_OCLC, "019", 'a', "7654321", true },
        { MARC_KEY_ISBN, "020", 'a', "9780306406157", true },
        { MARC_KEY_ISBN, "020", 'z', "0306406153", false },
        { MARC_KEY_ISSN, "022", 'a', "03178471", true },
        { MARC_KEY_ISSN, "022", 'l', "03178471", true },
        { MARC_KEY_ISSN, "022", 'y', "03178472", false },
        { MARC_KEY_OTHER_STANDARD, "024", 'a', "7/doi/10.1000/abc", true },
        { MARC_KEY_PUBLISHER_NUMBER, "028", 'a', "slpx 2345", true },
        { MARC_KEY_CODEN, "030", 'a', "JACSAT", true },
        { MARC_KEY_OCLC, "035", 'a', "123", true },
        { MARC_KEY_SYSTEM, "035", 'a', "(ocolc)123", true },
        { MARC_KEY_OCLC, "035", 'z', "456", true },
        { MARC_KEY_SYSTEM, "035", 'z', "(ocolc)456", true },
        { MARC_KEY_SYSTEM, "035", 'a', "(xyz)9", true },
    };
    expectation expected = { wanted, COUNT(wanted), 0 };
    marc_record *record = record_of_lines(lines, COUNT(lines));
    int calls = 0;

    (void)state;
    marc_record_keys(record, meet, &expected);
    assert_int_equal(expected.met, COUNT(wanted));
    marc_record_keys(record, stop_at_once, &calls);
    assert_int_equal(calls, 1);
    marc_record_free(record);
}

static void record_keys__001_is_oclc_only_where_003_says_so(void **state)
{
    static const char *const lines[][3] = { { "001", NULL, "123" }, { "003", NULL, "DLC" }, { "035", "  ", "$z " } };
    marc_record *record = record_of_lines(lines, COUNT(lines));
    int calls = 0;

    (void)state;
    marc_record_keys(record, stop_at_once, &calls);
    assert_int_equal(calls, 0);
    marc_record_free(record);
}

static void check_digits__are_those_of_each_kind(void **state)
{
    static const struct {
        const char *number;
        bool (*valid)(text cleaned);
        bool want;
    } cases[] = {
        { "9780306406157", number_ean_valid, true },
        { "9780306406158", number_ean_valid, false },
        { "978030640615", number_ean_valid, false },
        { "97803064061X7", number_ean_valid, false },
        { "036000291452", number_upc_valid, true },
        { "036000291453", number_upc_valid, false },
        { "9790230671187", number_ismn_valid, true },
        { "9790230671188", number_ismn_valid, false },
        { "M230671187", number_ismn_valid, true },
        { "M230671188", number_ismn_valid, false },
        { "N230671187", number_ismn_valid, false },
        { "9780306406157", number_ismn_valid, false },
        { "0306406152", number_isbn_valid, true },
        { "030640615X", number_isbn_valid, false },
        { "03064X6152", number_isbn_valid, false },
        { "080442957X", number_isbn_valid, true },
        { "03785955", number_issn_valid, true },
        { "03785954", number_issn_valid, false },
        { "2434561X", number_issn_valid, true },
        { "0378595Y", number_issn_valid, false },
        { "", number_issn_valid, false },
        { "", number_ismn_valid, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (cases[i].valid(text_from(cases[i].number)) != cases[i].want)
            fail_msg("case %zu, %s", i, cases[i].number);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oclc_key__needs_the_qualifier_and_drops_prefix_and_zeros),
        cmocka_unit_test(oclc_key__takes_numbers_of_any_length),
        cmocka_unit_test(oclc_typed__takes_every_form_a_person_types),
        cmocka_unit_test(system_key__keeps_the_qualifier_and_forgets_case),
        cmocka_unit_test(isbn_key__is_the_13_digits_where_the_check_digit_is_right),
        cmocka_unit_test(isbn_10__comes_back_from_978_and_never_from_979),
        cmocka_unit_test(issn_key__is_eight_characters_without_a_hyphen),
        cmocka_unit_test(lccn_key__drops_blanks_and_pads_behind_the_hyphen),
        cmocka_unit_test(record_keys__come_in_field_order_with_where_they_stood),
        cmocka_unit_test(check_digits__are_those_of_each_kind),
        cmocka_unit_test(record_keys__001_is_oclc_only_where_003_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
