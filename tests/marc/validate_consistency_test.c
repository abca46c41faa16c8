/* tests/marc/validate_consistency_test.c - one part of a record against another: numbers, dates, languages, titles, carriers,
 * links; what would mend a finding; and profiles. Each sample is a sound record but for the lines that a case adds. */
#include "validate_testing.h"

#include <stdio.h>
#include <stdlib.h>

#include "recto/marc/formats.h"

static int load_shipped(void **state)
{
    *state = shipped_tables();
    return 0;
}

static int free_tables(void **state)
{
    marc_tables_free(*state);
    return 0;
}

static void note(void *context, const marc_finding *finding)
{
    buffer_append_format(context, "%s %s %s%s%s\n", marc_severity_name(finding->severity), finding->code, finding->where,
                         finding->fixable ? " -> " : "", finding->suggestion);
}

typedef struct fault_case {
    const char *lines, *want;
} fault_case;

static void check_cases(const marc_tables *tables, const marc_validation_profile *profile, const fault_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        marc_record *record = record_of(cases[i].lines);
        buffer found;
        buffer_init(&found, 0);
        assert_int_equal(marc_validate_with(record, tables, &(marc_validate_options){ .profile = profile }, note, &found, NULL),
                         RECTO_OK);
        if (strcmp(buffer_string(&found), cases[i].want) != 0)
            fail_msg("%s:\n%swanted:\n%s", cases[i].lines, buffer_string(&found), cases[i].want);
        buffer_release(&found);
        marc_record_free(record);
    }
}

#define FIXED "008 250101s2024    nyua   j b    001 1deng d\n"
#define TITLE "245 00 $aOne title /$cBy me.\n"

static void numbers__have_a_form_and_a_check_digit(void **state)
{
    static const fault_case cases[] = {
        { FIXED "024 1  $a012345678905\n024 2  $aM230671187\n024 3  $a4006381333931\n024 0  $aUSRC17607839\n" TITLE, "" },
        { FIXED "024 1  $a012345678901\n" TITLE, "warning number-check-digit 024 $a -> 5\n" },
        { FIXED "024 3  $a400638133393\n" TITLE, "warning number-form 024 $a\n" },
        { FIXED "024 0  $aUS-RC1\n" TITLE, "warning number-form 024 $a\n" },
        { FIXED "024 0  $aU1RC17607839\n" TITLE, "warning number-form 024 $a\n" },
        { FIXED "020    $a0-306-40615-3 (pbk.)\n" TITLE, "warning isbn-check-digit 020 $a -> 2\n" },
        { FIXED "020    $a0306406152(pbk.)\n" TITLE, "info isbn-qualifier 020 $a ->  \n" },
        { FIXED "020    $aISBN 0306406152\n" TITLE, "warning isbn-form 020 $a\n" },
        { FIXED "020    $z0306406152\n" TITLE, "info isbn-canceled-valid 020 $z\n" },
        { FIXED "010    $a97012345\n" TITLE, "info lccn-padding 010 $a ->    97012345 \n" },
        { FIXED "010    $a  2001012345\n" TITLE, "" },
        { FIXED "035    $a(OCoLC)x\n035    $a12345\n" TITLE, "warning oclc-form 035[1] $a\ninfo system-number-form 035[2] $a\n" },
    };
    check_cases(*state, NULL, cases, COUNT(cases));
}

/* What is missing is filled with "no attempt to code"; bytes taken away say nothing; others are for a person to judge. */
static void a_length__is_mended_without_saying_anything_new(void **state)
{
    static const fault_case cases[] = {
        { "008 250101s2024    nyua   j b    001 1deng\n" TITLE, "warning fixed-length 008 -> ||\n" },
        { "008 250101s2024    nyua   j b    001 1deng d  \n" TITLE, "warning fixed-length 008 -> \n" },
        { "008 250101s2024    nyua   j b    001 1deng dx\n" TITLE, "warning fixed-length 008\n" },
        { "008 2501\n" TITLE, "warning fixed-length 008\n" },
        { FIXED "007 cr un\n" TITLE, "warning fixed-length 007 -> |||||||||\n" },
    };
    check_cases(*state, NULL, cases, COUNT(cases));
}

static void dates__agree_with_their_type_and_the_imprint(void **state)
{
    static const fault_case cases[] = {
        { "008 250101s20242020nyua   j b    001 1deng d\n" TITLE, "warning date-combination 008/06\n" },
        { "008 250101m20242020nyua   j b    001 1deng d\n" TITLE, "warning date-combination 008/06\n" },
        { "008 250101r20241920nyua   j b    001 1deng d\n" TITLE, "" },
        { FIXED TITLE "264  1 $aNew York :$bX,$c[2023]\n", "warning date-differs 264 $c\n" },
        { FIXED TITLE "264  1 $aNew York :$bX,$c2024.\n264  4 $c©2023\n", "" },
        { "008 250101s202u    nyua   j b    001 1deng d\n" TITLE "260    $c2023.\n", "" },
        { "008 250101nuuuuuuuunyua   j b    001 1deng d\n" TITLE, "" },
        { "008 250101|||||||||nyua   j b    001 1deng d\n" TITLE, "" },
        { "008 250101s||||    nyua   j b    001 1deng d\n" TITLE, "" },
        { "008 250101e20240131nyua   j b    001 1deng d\n" TITLE, "" },
        { "008 250101e2024xx  nyua   j b    001 1deng d\n" TITLE,
          "warning fixed-date 008/11\nwarning date-combination 008/06\n" },
        { "008 251301s2024    nyua   j b    001 1deng d\n" TITLE, "warning fixed-date 008/00\n" },
    };
    check_cases(*state, NULL, cases, COUNT(cases));
}

#define SUNG "LDR 00000njm a2200000 i 4500\n008 250101s2024    nyujzn            | eng d\n"

static void languages__are_the_same_in_008_and_041(void **state)
{
    static const fault_case cases[] = {
        { FIXED "041 0  $aeng$afre\n" TITLE, "" },
        { FIXED "041 0  $afre$aeng\n" TITLE, "warning language-differs 041 $a\n" },
        { SUNG "041 0  $dita$aeng\n" TITLE, "" },
        { SUNG "041 0  $dita$afre\n" TITLE, "warning language-differs 041 $d\n" },
        { FIXED "041 0  $aeng$hfre\n" TITLE, "info translation-differs 041 ind1 -> 1\n" },
        { FIXED "041 1  $aeng\n" TITLE, "info translation-differs 041 ind1\n" },
        { FIXED "041 1  $aengfre\n" TITLE, "" },
        { FIXED "041 0  $aengl\n" TITLE, "warning code-length 041 $a\n" },
        { FIXED "041 0  $aeng$ascr\n" TITLE, "info code-obsolete 041 $a -> hrv\n" },
        { FIXED "040    $aX$bENG$cX\n" TITLE, "warning code-undefined 040 $b -> eng\n" },
        { FIXED "043    $an-us\n" TITLE, "warning code-length 043 $a -> n-us---\n" },
    };
    check_cases(*state, NULL, cases, COUNT(cases));
}

static void titles__count_their_articles(void **state)
{
    static const fault_case cases[] = {
        { FIXED "245 04 $aThe title /$cBy me.\n", "" },
        { FIXED "245 00 $aThe title /$cBy me.\n", "warning nonfiling-article 245 ind2 -> 4\n" },
        { FIXED "245 03 $aThe title /$cBy me.\n", "warning nonfiling-article 245 ind2 -> 4\n" },
        { FIXED "245 00 $a\"The title\" /$cBy me.\n", "warning nonfiling-article 245 ind2 -> 5\n" },
        { FIXED "245 00 $aA to Z /$cBy me.\n", "" },
        { FIXED "245 00 $aThebes /$cBy me.\n", "" },
        { FIXED "245 02 $aTitle /$cBy me.\n", "warning nonfiling-count 245 ind2\n" },
        { FIXED "245 05 $aNew title /$cBy me.\n", "warning nonfiling-count 245 ind2\n" },
        { FIXED "245 04 $aNew title /$cBy me.\n", "info nonfiling-no-article 245 ind2\n" },
        { FIXED "245 09 $aTitle.\n", "warning nonfiling-count 245 ind2\n" },
        { "008 250101s2024    fr a   j b    001 1dfre d\n245 00 $aL'eau /$cBy me.\n",
          "warning nonfiling-article 245 ind2 -> 2\n" },
        { FIXED "245 04 $aÉtu des /$cBy me.\n", "" },
        { FIXED "245 00 $aTitle$pPart /$cBy me.\n", "info punctuation 245 $p -> .\n" },
        { FIXED "100 1  $aMe.\n" TITLE, "info title-entry 245 ind1 -> 1\n" },
        { FIXED "245 10 $aTitle /$cBy me.\n", "info title-entry 245 ind1 -> 0\n" },
        { FIXED "245 00 $aTitle$bmore$cBy J. R. Me\n",
          "info punctuation 245 $b ->  :\ninfo punctuation 245 $c ->  /\ninfo punctuation 245 $c\n"
          "info punctuation 245 $c -> .\n" },
        { "LDR 00000nam a2200000   4500\n" FIXED "245 00 $aTitle$bmore$cBy J. R. Me\n", "" },
        { FIXED "245 00 $cBy me.$aTitle.\n", "warning subfield-order 245 $c\n" },
        { FIXED TITLE "490 1  $aSeries\n", "warning series-untraced 490 ind1\n" },
        { "LDR 00000naa a2200000 i 4500\n" FIXED TITLE, "info host-missing LDR/07\n" },
    };
    check_cases(*state, NULL, cases, COUNT(cases));
}

static void carriers__agree_with_each_other(void **state)
{
#define BOOK "336    $atext$btxt$2rdacontent\n337    $aunmediated$bn$2rdamedia\n338    $avolume$bnc$2rdacarrier\n"
    static const fault_case cases[] = {
        { FIXED TITLE "300    $a10 pages\n" BOOK, "" },
        { FIXED TITLE "300    $a1 online resource\n" BOOK, "warning extent-carrier-differs 300 $a\n" },
        { "007 cr |||||||||||\n" FIXED TITLE BOOK, "warning category-media-differs 007/00\n" },
        { "LDR 00000njm a2200000 i 4500\n008 250101s2024    nyujzn            | eng d\n" TITLE BOOK,
          "warning content-type-differs 336\n" },
        { FIXED TITLE "336    $atext$bspw$2rdacontent\n336    $atext$btxt$2rdacontent\n",
          "warning term-differs 336[1] $a -> spoken word\n" },
        { FIXED TITLE "336    $atext$2rdacontent\n", "" },
        { FIXED TITLE "336    $awords of ours$2rdacontent\n336    $2rdacontent\n336    $awords$btx$2local\n", "" },
        { FIXED TITLE "336    $atext$btxx$2rdacontent\n", "warning code-undefined 336 $b\nwarning content-type-differs 336\n" },
        { FIXED TITLE "337    $acomputer$bc$2rdamedia\n338    $avolume$bnc$2rdacarrier\n",
          "warning carrier-media-differs 338\n" },
        { FIXED TITLE "337    $acomputer$bc$2rdamedia\n338    $aonline resource$bcr$2rdacarrier\n",
          "info form-carrier-differs 008/23 -> o\n" },
    };
    check_cases(*state, NULL, cases, COUNT(cases));
}

static void links__have_their_own_numbers_and_a_script(void **state)
{
    static const fault_case cases[] = {
        { FIXED "245 00 $6880-01$aA.\n880 00 $6245-01/Cyrl$aB.\n", "" },
        { FIXED "245 00 $6880-01$aA.\n880 00 $6245-01/(N$aB.\n880 00 $6245-01/(3/r$aC.\n",
          "warning link-ambiguous 880[1] $6\nwarning link-ambiguous 880[2] $6\n" },
        { FIXED "245 00 $6880-01$aA.\n880 00 $6245-01/x9$aB.\n", "warning link-script 880 $6\n" },
        { FIXED "245 00 $aA.$6880-01\n880 00 $6245-01$aB.\n", "warning subfield-order 245 $6\n" },
        { FIXED TITLE "650  7 $aTopic\n", "warning source-missing 650 $2\n" },
        { FIXED TITLE "650  4 $aTopic$2fast\n", "info source-unasked 650 $2 -> 7\n" },
    };
    check_cases(*state, NULL, cases, COUNT(cases));
}

/* --- profiles --- */

static void profile__gives_another_severity(void **state)
{
    static const fault_case cases[] = {
        { FIXED TITLE "650  0 $aTopic$9x\n590    $aA$9x\n591    $9x\n",
          "warning subfield-undefined 650 $9\nblock subfield-undefined 590 $9\n" },
        { FIXED TITLE "500    $aA$9x\n", "info subfield-undefined 500 $9\n" },
        { FIXED "500    $aA\n", "warning field-missing 245\n" },
        { FIXED TITLE "020    $a0306406153\n", "" },
    };
    marc_validation_profile *profile = NULL;
    assert_int_equal(marc_validation_profile_parse(&profile,
                                                   TEXT("# ours\nname Our own\n\nsubfield-undefined 590 $9 block\r\n"
                                                        "subfield-undefined 5XX info\nfield-missing warning\n"
                                                        "isbn-check-digit ignore\n"),
                                                   "ours", NULL, NULL, NULL),
                     RECTO_OK);
    assert_string_equal(marc_validation_profile_name(profile), "Our own");
    check_cases(*state, profile, cases, COUNT(cases));
    assert_int_equal(marc_validation_severity(profile, "subfield-undefined", "590", '9'), MARC_SEVERITY_BLOCK);
    assert_int_equal(marc_validation_severity(NULL, "field-repeated", "245", 0), MARC_SEVERITY_BLOCK);
    assert_int_equal(marc_validation_severity(NULL, "field-repeated", "130", 0), MARC_SEVERITY_WARNING);
    marc_validation_profile_free(profile);
}

static void count_fault(void *context, size_t line, const recto_error *fault)
{
    size_t *lines = context;
    assert_true(fault->what[0] != '\0' && fault->todo[0] != '\0');
    *lines = *lines * 10 + line;
}

static void profile__tells_every_faulty_line(void **state)
{
    marc_validation_profile *profile = NULL;
    recto_error error = { 0 };
    size_t lines = 0;
    (void)state;
    assert_int_equal(marc_validation_profile_parse(&profile,
                                                   TEXT("field-odd block\nfield-missing\nfield-missing 245 hard\n"
                                                        "field-missing block\nfield-missing 24 block\n"
                                                        "subfield-undefined 590 9 block\nfield-missing a b c d e\n"),
                                                   "ours", count_fault, &lines, &error),
                     RECTO_EDATA);
    assert_null(profile);
    assert_int_equal(lines, 123567);
    assert_string_equal(error.where, "ours:1");
    lines = 0;
    assert_int_equal(
        marc_validation_profile_parse(&profile,
                                      TEXT("name\nname one that has more bytes than there is room for in the lists that "
                                           "show it beside all others\n"),
                                      "ours", count_fault, &lines, &error),
        RECTO_EDATA);
    assert_int_equal(lines, 12);
}

static void profile__shipped_default_says_what_is_built_in(void **state)
{
    static const char *const tags[] = { "", "100", "110", "111", "130", "245", "500" };
    size_t count = 0;
    size_t kinds = 0;
    const char *const *files = marc_validation_profile_files(&count);
    const marc_finding_kind *findings = marc_validate_findings(&kinds);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        marc_validation_profile *profile = NULL;
        resource file;
        assert_int_equal(resource_open_built_in(&file, files[i], NULL), RECTO_OK);
        assert_int_equal(marc_validation_profile_parse(&profile, file.content, files[i], NULL, NULL, NULL), RECTO_OK);
        for (size_t j = 0; i == 0 && j < kinds; j++)
            for (size_t k = 0; k < COUNT(tags); k++)
                if (marc_validation_severity(profile, findings[j].code, tags[k], 0) !=
                    marc_validation_severity(NULL, findings[j].code, tags[k], 0))
                    fail_msg("%s %s", findings[j].code, tags[k]);
        if (i == 0) /* every code stands in the file */
            for (size_t j = 0; j < kinds; j++)
                if (memmem(file.content.bytes, file.content.length, findings[j].code, strlen(findings[j].code)) == NULL)
                    fail_msg("%s is not in the file", findings[j].code);
        marc_validation_profile_free(profile);
        resource_release(&file);
    }
    for (size_t j = 0; j < kinds; j++)
        for (size_t k = 0; k < j; k++)
            assert_string_not_equal(findings[j].code, findings[k].code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers__have_a_form_and_a_check_digit),
        cmocka_unit_test(a_length__is_mended_without_saying_anything_new),
        cmocka_unit_test(dates__agree_with_their_type_and_the_imprint),
        cmocka_unit_test(languages__are_the_same_in_008_and_041),
        cmocka_unit_test(titles__count_their_articles),
        cmocka_unit_test(carriers__agree_with_each_other),
        cmocka_unit_test(links__have_their_own_numbers_and_a_script),
        cmocka_unit_test(profile__gives_another_severity),
        cmocka_unit_test(profile__tells_every_faulty_line),
        cmocka_unit_test(profile__shipped_default_says_what_is_built_in),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_tables);
}
