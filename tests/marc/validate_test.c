/* tests/marc/validate_test.c - each check of the validator on records that have one fault, and on a sound one that has none. */
#include "validate_testing.h"

#include <stdio.h>
#include <stdlib.h>

#include "recto/base/utf8.h"
#include "recto/marc/formats.h"

/* the samples below are short, and say nothing of punctuation; validate_consistency_test.c does */
static marc_validation_profile *quiet;

static int load_shipped(void **state)
{
    *state = shipped_tables();
    assert_int_equal(
        marc_validation_profile_parse(&quiet, TEXT("title-entry ignore\npunctuation ignore\n"), "quiet", NULL, NULL, NULL),
        RECTO_OK);
    return 0;
}

static int free_tables(void **state)
{
    marc_tables_free(*state);
    marc_validation_profile_free(quiet);
    return 0;
}

static void note(void *context, const marc_finding *finding)
{
    buffer_append_format(context, "%s %s %s\n", marc_severity_name(finding->severity), finding->code, finding->where);
    assert_true(finding->message[0] != '\0');
    assert_true(utf8_valid(text_from(finding->message), NULL));
    assert_null(strpbrk(finding->message, "\x1B\x1D\x1E\x1F\n"));
}

static void check_findings(const marc_tables *tables, const marc_record *record, const char *name, const char *want)
{
    buffer found;

    buffer_init(&found, 0);
    assert_int_equal(marc_validate_with(record, tables, &(marc_validate_options){ .profile = quiet }, note, &found, NULL),
                     RECTO_OK);
    if (strcmp(buffer_string(&found), want) != 0)
        fail_msg("%s:\n%swanted:\n%s", name, buffer_string(&found), want);
    buffer_release(&found);
}

#define SOUND_008 "008 250101s2024    nyua   j b    001 1deng d\n"
#define SOUND_245 "245 10 $aOne title :$bother /$cBy me.\n"

static void validate__says_nothing_of_a_sound_record(void **state)
{
    static const char *const sound[] = {
        "LDR 00000nam a2200000 i 4500\n001 991\n005 20250101120000.0\n007 ta\n" SOUND_008
        "010    $a   97012345 \n020    $a9780306406157 (pbk.)$z0306406153\n035    $a(OCoLC)123\n040    $aABC$beng$erda$cABC\n"
        "041 1  $aeng$hspa\n043    $an-us-ny$as-ck---\n100 1  $6880-01$aGarcía Márquez, Gabriel,$d1927-2014,$eauthor.$4aut\n"
        "245 10 $6880-02$aOne title /$cBy me.\n264  1 $aNew York :$bHarper,$c[2024]\n300    $a422 pages ;$c22 cm\n"
        "336    $atext$btxt$2rdacontent\n500    $aNote.\n650  0 $aFamilies$zColombia$vFiction.\n"
        "880 1  $6100-01/(N$aГарсиа Маркес\n880 10 $6245-02/(N$aЗаглавие\n880    $6500-00/(N$aодно\n"
        "910    $alocal\n998    $aNO-OVERLAY",
        "LDR 00000cas a2200000 a 4500\n008 750101c19749999nyuqr p       0   a0eng d\n022 0  "
        "$a0317-8471$y0317-8472\n023 0  $a0317-8471\n" SOUND_245,
        "LDR 00000cx  a22000004n 4500\n001 22\n004 991\n008 1001012u    8   4001uueng0000000\n852 0  $bMAIN$cSTACKS$hPQ8180$i.A1",
        ("LDR 00000nz  a2200000n  4500\n001 33\n008 850101n| azannaabn          |a aaa      \n100 1  $aGarcía Márquez, "
         "Gabriel,$d1927-2014"),
    };
    for (size_t i = 0; i < COUNT(sound); i++) {
        marc_record *record = record_of(sound[i]);
        check_findings(*state, record, sound[i], "");
        marc_record_free(record);
    }
}

typedef struct fault_case {
    const char *lines, *want;
} fault_case;

static void check_cases(const marc_tables *tables, const fault_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        marc_record *record = record_of(cases[i].lines);
        check_findings(tables, record, cases[i].lines, cases[i].want);
        marc_record_free(record);
    }
}

static void validate__finds_what_is_missing_or_repeated(void **state)
{
    static const fault_case cases[] = {
        { SOUND_008 "500    $aNo title", "block field-missing 245\n" },
        { SOUND_245, "warning field-missing 008\n" },
        { SOUND_008 "245 10 $a $b", "warning subfield-empty 245 $a\nwarning subfield-empty 245 $b\nblock field-empty 245\n" },
        { SOUND_008 SOUND_245 "245 10 $aTwo", "block field-repeated 245[2]\n" },
        { SOUND_008 "100 1  $aA\n100 1  $aB\n" SOUND_245, "block field-repeated 100[2]\n" },
        { SOUND_008 "100 1  $aA\n110 2  $aB\n" SOUND_245, "warning main-entry-repeated 110\n" },
        { SOUND_008 "130 0  $aA\n130 0  $aB\n" SOUND_245, "warning field-repeated 130[2]\n" },
        { SOUND_008 SOUND_245 "254    $aA\n254    $aB", "warning field-repeated 254[2]\n" },
        { SOUND_008 SOUND_245 "500    $aA\n500    $aB\n500    $aA", "warning field-duplicate 500[3]\n" },
        { SOUND_008 "245 10 $bNo a", "warning subfield-missing 245 $a\n" },
        { SOUND_008 SOUND_245 "650  0 $xNo a", "warning subfield-missing 650 $a\n" },
        { SOUND_008 SOUND_245 "500    $a", "warning subfield-empty 500 $a\nwarning field-empty 500\n" },
        { SOUND_008 "245 10 $aA$aB$cC$cD$cE", "warning subfield-repeated 245 $a\nwarning subfield-repeated 245 $c\n" },
        { "LDR                         \n" SOUND_008 SOUND_245, "block leader-missing LDR\n" },
        { "LDR 00000cx  a22000004n 4500\n001 22\n008 1001012u    8   4001uueng0000000", "warning field-missing 852\n" },
        { "LDR 00000nz  a2200000n  4500\n008 850101n| azannaabn          |a aaa      \n400 1  $aA",
          "warning field-missing 1XX\n" },
    };
    check_cases(*state, cases, COUNT(cases));
}

static void validate__finds_what_is_not_in_the_tables(void **state)
{
    static const fault_case cases[] = {
        { SOUND_008 "245 70 $aA", "warning indicator-invalid 245 ind1\n" },
        { SOUND_008 "050  4 $aQA76\n050    $aQA76.1\n" SOUND_245, "info indicator-obsolete 050[2] ind2\n" },
        { SOUND_008 SOUND_245 "500 1  $aA", "warning indicator-invalid 500 ind1\n" },
        { SOUND_008 SOUND_245 "650  0 $aA\n650  9 $aB", "warning indicator-invalid 650[2] ind2\n" },
        { SOUND_008 SOUND_245 "500    $aA$qB", "warning subfield-undefined 500 $q\n" },
        { SOUND_008 SOUND_245 "650  0 $aA$9private", "warning subfield-undefined 650 $9\n" },
        { SOUND_008 "245 10 $aA$dOld", "info subfield-obsolete 245 $d\n" },
        { SOUND_008 SOUND_245 "440  0 $aSeries", "info field-obsolete 440\n" },
        { SOUND_008 SOUND_245 "501    $aA\n528    $aA\n503    $aA", "warning field-undefined 528\ninfo field-obsolete 503\n" },
        { SOUND_008 SOUND_245 "590 99 $0any$ything\n949    $aX\nLKR    $bX", "" },
        { SOUND_008 SOUND_245 "!24    $aX", "block tag-malformed !24\n" },
        { SOUND_008 SOUND_245 "863 40 $a1", "" },
        { SOUND_008 SOUND_245 "886 2  $2x$zforeign$bmarc", "" },
        { SOUND_008 SOUND_245 "880  4 $6650-00$aX$qY", "warning subfield-undefined 880 $q\n" },
        { SOUND_008 SOUND_245 "880 94 $6650-00$aX", "warning indicator-invalid 880 ind1\n" },
        { SOUND_008 SOUND_245 "043    $ax-us---", "warning code-undefined 043 $a\n" },
        { SOUND_008 "041 0  $aengspa\n" SOUND_245, "" },
        { SOUND_008 "041 0  $aengqqq\n" SOUND_245, "warning code-undefined 041 $a\n" },
        { SOUND_008 "041 07 $aqq$2iso639-1\n" SOUND_245, "" },
        { SOUND_008 "040    $aA$bxyz$cA\n041 0  $aengscr\n" SOUND_245,
          "warning code-undefined 040 $b\ninfo code-obsolete 041 $a\n" },
        { SOUND_008 SOUND_245 "700 1  $aA$4qqq$4http://id.loc.gov/x", "warning code-undefined 700 $4\n" },
    };
    check_cases(*state, cases, COUNT(cases));
}

static void validate__checks_fixed_fields_position_by_position(void **state)
{
    static const fault_case cases[] = {
        { "LDR 00000n?m a2200000 i 4500\n" SOUND_008 SOUND_245, "warning fixed-code LDR/06\n" },
        { "LDR 00000xam a2200000 i 4500\n" SOUND_008 SOUND_245, "warning fixed-code LDR/05\n" },
        { "LDR 00000nam a22000009i 4500\n" SOUND_008 SOUND_245, "warning fixed-code LDR/17\n" },
        { "LDR 00000nam a2200000Ki 4500\n" SOUND_008 SOUND_245, "" },
        { "LDR 00000nam a22000006i 4500\n" SOUND_008 SOUND_245, "info fixed-code-obsolete LDR/17\n" },
        { "008 250101s2024    nyua   j b    001 xdeng d\n" SOUND_245, "warning fixed-code 008/33\n" },
        { "008 250101s2024    nyua   j b    001 ||eng d\n" SOUND_245, "" },
        { "008 250101s2024    nyuaxbzj b    001 1deng d\n" SOUND_245, "warning fixed-code 008/19\nwarning fixed-code 008/21\n" },
        { "008 250101s2024    zzza   j b    001 1deng d\n" SOUND_245, "warning fixed-code 008/15\n" },
        { "008 250101s2024    fr a   j b    001 1d    d\n" SOUND_245, "" },
        { "008 250101s2024    ur a   j b    001 1d    d\n" SOUND_245, "info fixed-code-obsolete 008/15\n" },
        { "008 2501x1s2024    nyua   j b    001 1deng d\n" SOUND_245, "warning fixed-date 008/00\n" },
        { "008 250101s20x4    nyua   j b    001 1deng d\n" SOUND_245, "warning fixed-date 008/07\n" },
        { "008 250101s199u    nyua   j b    001 1deng d\n" SOUND_245, "" },
        { "008 250101s2024\n" SOUND_245, "warning fixed-length 008\n" },
        { "005 yesterday\n" SOUND_008 SOUND_245, "warning fixed-date 005\n" },
        { "007 sd fsngnnmmned\n" SOUND_008 SOUND_245, "" },
        { "007 sd fsngnnmmne\n" SOUND_008 SOUND_245, "warning fixed-length 007\n" },
        { "007 sy fsngnnmmned\n007 ta\n" SOUND_008 SOUND_245, "warning fixed-code 007[1]/01\n" },
        { "007 y\n" SOUND_008 SOUND_245, "warning fixed-code 007/00\n" },
        { "006 m     o  d        \n" SOUND_008 SOUND_245, "" },
        { "006 m     o  y        \n" SOUND_008 SOUND_245, "warning fixed-code 006/09\n" },
        { "006 |||||||||||||||||| \n" SOUND_008 SOUND_245, "warning fixed-code 006/00\n" },
        { "003  \n" SOUND_008 SOUND_245, "warning field-empty 003\n" },
        { "LDR 00000ngm a2200000 i 4500\n008 250101s2024    nyu117            vleng d\n" SOUND_245, "" },
        { "LDR 00000ngm a2200000 i 4500\n008 250101s2024    nyu1x7            vleng d\n" SOUND_245,
          "warning fixed-code 008/18\n" },
    };
    check_cases(*state, cases, COUNT(cases));
}

static void validate__checks_numbers_and_links(void **state)
{
    static const fault_case cases[] = {
        { SOUND_008 "020    $a0306406153\n" SOUND_245, "warning isbn-check-digit 020 $a\n" },
        { SOUND_008 "020    $a9780306406158\n020    $z9780306406158\n" SOUND_245, "warning isbn-check-digit 020[1] $a\n" },
        { SOUND_008 "020    $a12345\n" SOUND_245, "warning isbn-form 020 $a\n" },
        { SOUND_008 "022 0  $a0317-8472\n" SOUND_245, "warning issn-check-digit 022 $a\n" },
        { SOUND_008 "022    $a0317-8471$l03178$z0317\n" SOUND_245, "info subfield-obsolete 022 $l\nwarning issn-form 022 $l\n" },
        { SOUND_008 "245 10 $6880-01$aA", "warning link-broken 245 $6\n" },
        { SOUND_008 "245 10 $6880-01$aA\n880 10 $6246-01/{dollar}1$aB",
          "warning link-broken 245 $6\ninfo link-number-reused 880 $6\nwarning link-broken 880 $6\n" },
        { SOUND_008 SOUND_245 "880 10 $aB", "warning link-missing 880 $6\n" },
        { SOUND_008 "245 10 $6880$aA\n880 10 $6x$aB", "warning link-malformed 245 $6\nwarning link-malformed 880 $6\n" },
        { SOUND_008 "245 10 $6245-01$aA", "warning link-malformed 245 $6\n" },
    };
    check_cases(*state, cases, COUNT(cases));
}

static void validate__finds_bytes_that_do_no_good(void **state)
{
    static const struct {
        const char *tag;
        text content;
        const char *want;
    } cases[] = {
        { "500",
          { "  \x1F"
            "aBell \x07 here",
            15 },
          "warning control-character 500\n" },
        { "500",
          { "  \x1F"
            "aEsc \x1B[2J",
            12 },
          "warning control-character 500\n" },
        { "500",
          { "  \x1F"
            "aField\x1E end",
            14 },
          "block terminator-inside 500\n" },
        { "500",
          { "  \x1F"
            "aRecord\x1D",
            11 },
          "block terminator-inside 500\n" },
        { "500",
          { "  \x1F"
            "aC1 \xC2\x9B"
            "2J",
            12 },
          "warning control-character 500\n" },
        { "500",
          { "  \x1F"
            "a\xC2\x98"
            "The\xC2\x9C title",
            17 },
          "" },
        { "500",
          { "  \x1F"
            "aLatin \xE9",
            11 },
          "warning not-utf8 500\n" },
        { "500",
          { "  stray\x1F"
            "aX",
            10 },
          "warning subfield-malformed 500\n" },
        { "500",
          { "  \x1F"
            "aX\x1F",
            6 },
          "warning subfield-malformed 500\n" },
        { "500", { "", 0 }, "warning field-empty 500\n" },
        { "001",
          { "a\x1F"
            "b",
            3 },
          "block terminator-inside 001\n" },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        marc_record *record = record_of(SOUND_008 SOUND_245);
        char name[24];
        snprintf(name, sizeof name, "case %zu", i);
        assert_int_equal(marc_record_append(record, cases[i].tag, cases[i].content, NULL), RECTO_OK);
        check_findings(*state, record, name, cases[i].want);
        marc_record_free(record);
    }
}

typedef struct last_finding {
    marc_finding finding;
    size_t count;
} last_finding;

static void remember(void *context, const marc_finding *finding)
{
    last_finding *last = context;
    last->finding = *finding;
    last->count++;
}

static void finding__names_the_place_the_value_and_what_would_be_right(void **state)
{
    static const struct {
        const char *lines;
        size_t field;
        char subfield;
        size_t offset;
        const char *says[3];
    } cases[] = {
        { SOUND_008 "020    $cgift$a0306406153\n" SOUND_245, 1, 'a', 8, { "0306406153", "3 is wrong", "2 would be right" } },
        { SOUND_008 "022 0  $a2434-5611\n" SOUND_245, 1, 'a', 2, { "2434-5611", "X would be right", "$y" } },
        { "008 250101s2024    nyua   j b    001 xdeng d\n" SOUND_245, 0, 0, 33, { "LitF", "\"x\"", "0 1 d e f h i j m p s u" } },
        { SOUND_008 "245 90 $aA", 1, 0, 0, { "indicator 1", "\"9\"", "0 1" } },
        { SOUND_008 "245 10 $aA$yB", 1, 'y', 5, { "$y", "245", "Title Statement" } },
        { SOUND_008 SOUND_245 "500    $aGift of H.\n500    $aOther\n500    $aGift of H.",
          4,
          0,
          0,
          { "the same as 500[1]", "\"Gift of H.\"", "once is enough" } },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        marc_record *record = record_of(cases[i].lines);
        last_finding last = { .count = 0 };
        assert_int_equal(marc_validate_with(record, *state, &(marc_validate_options){ .profile = quiet }, remember, &last, NULL),
                         RECTO_OK);
        assert_int_equal(last.count, 1);
        assert_int_equal(last.finding.field, cases[i].field);
        assert_int_equal(last.finding.subfield, cases[i].subfield);
        assert_int_equal(last.finding.offset, cases[i].offset);
        for (size_t j = 0; j < 3; j++)
            if (strstr(last.finding.message, cases[i].says[j]) == NULL)
                fail_msg("\"%s\" does not say \"%s\"", last.finding.message, cases[i].says[j]);
        marc_record_free(record);
    }
}

static void validate__without_tables_checks_what_needs_none(void **state)
{
    static const fault_case cases[] = {
        { SOUND_008 "500 99 $yAnything", "block field-missing 245\n" },
        { SOUND_008 SOUND_245 SOUND_245 "020    $a0306406153",
          "block field-repeated 245[2]\nwarning field-duplicate 245[2]\nwarning isbn-check-digit 020 $a\n" },
    };
    (void)state;
    check_cases(NULL, cases, COUNT(cases));
}

static void count_finding(void *context, const marc_finding *finding)
{
    ((size_t *)context)[finding->severity]++;
}

static void validate__of_many_fields_does_not_take_the_square(void **state)
{
    enum { MANY = 100000 };
    marc_record *record = record_of(SOUND_008 SOUND_245);
    size_t counts[3] = { 0 };
    for (int i = 0; i < MANY; i++)
        assert_int_equal(marc_record_append(record, "880",
                                            TEXT("  \x1F"
                                                 "6500-01\x1F"
                                                 "aX"),
                                            NULL),
                         RECTO_OK);
    assert_int_equal(marc_validate(record, *state, count_finding, counts, NULL), RECTO_OK);
    assert_int_equal(
        counts[MARC_SEVERITY_WARNING],
        3 * MANY); /* each has a broken link and a number that others have, all but one is a duplicate; and it is long */
    marc_record_free(record);
}

static char *read_all(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    enum { FILE_MAX = 1 << 24 };
    if (file == NULL)
        return NULL;
    char *bytes = malloc(FILE_MAX);
    *length = bytes == NULL ? 0 : fread(bytes, 1, FILE_MAX, file);
    fclose(file);
    return bytes;
}

static void validate__blocks_few_real_records(void **state)
{
    static const char *const files[] = { "utf8/loc-books-2014-100.mrc", "utf8/connexion-export.mrc", "utf8/evergreen-maps.mrc",
                                         "utf8/umich-av.mrc",           "utf8/yaz-nonlatin.mrc",     "utf8/folio-100.mrc" };
    size_t records = 0;
    size_t blocked = 0;
    size_t counts[3] = { 0 };
    for (size_t i = 0; i < COUNT(files); i++) {
        char path[200];
        size_t length = 0;
        marc_reader *reader = NULL;
        marc_record *record = NULL;
        marc_reader_options options = { .format = MARC_FORMAT_ISO2709 };
        snprintf(path, sizeof path, "../shared/data/marc/%s", files[i]);
        char *bytes = read_all(path, &length);
        if (bytes == NULL)
            continue;
        assert_int_equal(marc_reader_new_bytes(&reader, text_of(bytes, length), path, &options, NULL), RECTO_OK);
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        while (marc_reader_next(reader, record, NULL) == RECTO_OK) {
            size_t before = counts[MARC_SEVERITY_BLOCK];
            assert_int_equal(marc_validate(record, *state, count_finding, counts, NULL), RECTO_OK);
            blocked += counts[MARC_SEVERITY_BLOCK] > before;
            records++;
        }
        marc_reader_free(reader);
        marc_record_free(record);
        free(bytes);
    }
    if (records == 0) {
        print_message("skipped: ../shared/data/marc is not here\n");
        skip();
    }
    print_message("           %zu records, %zu blocked; %zu warnings, %zu infos\n", records, blocked,
                  counts[MARC_SEVERITY_WARNING], counts[MARC_SEVERITY_INFO]);
    assert_true(blocked * 20 <= records);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(validate__says_nothing_of_a_sound_record),
        cmocka_unit_test(validate__finds_what_is_missing_or_repeated),
        cmocka_unit_test(validate__finds_what_is_not_in_the_tables),
        cmocka_unit_test(validate__checks_fixed_fields_position_by_position),
        cmocka_unit_test(validate__checks_numbers_and_links),
        cmocka_unit_test(validate__finds_bytes_that_do_no_good),
        cmocka_unit_test(finding__names_the_place_the_value_and_what_would_be_right),
        cmocka_unit_test(validate__without_tables_checks_what_needs_none),
        cmocka_unit_test(validate__of_many_fields_does_not_take_the_square),
        cmocka_unit_test(validate__blocks_few_real_records),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_tables);
}
