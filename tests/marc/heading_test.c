/* tests/marc/heading_test.c - the comparison form of headings, in many scripts; and that comparing leaves the record alone. */
#include "marc_testing.h"

#include "recto/marc/heading.h"

static void check_form(const char *name, const char *heading, bool first_comma, const char *want)
{
    buffer out;
    buffer_init(&out, 0);
    buffer_append_string(&out, "-");
    marc_naco_normalize(&out, text_from(heading), first_comma);
    if (strcmp(buffer_string(&out) + 1, want) != 0)
        fail_msg("%s: \"%s\" and not \"%s\"", name, buffer_string(&out) + 1, want);
    buffer_release(&out);
}

static void form__is_that_of_the_rules(void **state)
{
    static const struct {
        const char *name, *heading, *want;
    } cases[] = {
        { "case and stops", "United States. Congress.", "UNITED STATES CONGRESS" },
        { "hyphen is a blank", "Large-Scale  Computer -- Analysis", "LARGE SCALE COMPUTER ANALYSIS" },
        { "apostrophe goes", "Ku, Ch'\xC3\xBCn", "KU CHUN" },
        { "tabs and ends of lines", "One\ttwo\nthree", "ONE TWO THREE" },
        { "brackets", "[Title] (1999) {x}", "TITLE 1999 X" },
        { "kept signs", "C# & C++ @ A\xE2\x99\xAD, F\xE2\x99\xAF $5 \xC2\xA3",
          "C# & C++ @ A\xE2\x99\xAD F\xE2\x99\xAF $5 \xC2\xA3" },
        { "other signs",
          "a|b*c%d=e\xC2\xB1"
          "f\xC2\xA9g\xC2\xB0h^i_j~k`l\\m/n",
          "A B C D E F G H I J K L M N" },
        { "composed", "\xC3\x89t\xC3\xA9", "ETE" },
        { "decomposed", "E\xCC\x81te\xCC\x81", "ETE" },
        { "special letters",
          "\xC3\x86gir \xC5\x93uvre \xC3\x9Eor \xC3\xBEorn \xC4\x90uro \xC3\xB0 \xC5\x81\xC3\xB3"
          "d\xC5\xBA \xC3\x98st Stra\xC3\x9F"
          "e STRA\xE1\xBA\x9E"
          "E",
          "AEGIR OEUVRE THOR THORN DURO D LODZ OST STRASSE STRASSE" },
        { "ligatures and full width", "\xEF\xAC\x81nal \xEF\xBC\xA1\xEF\xBC\xA2\xEF\xBC\x93", "FINAL AB3" },
        { "super- and subscript", "x\xC2\xB2 H\xE2\x82\x82O \xE2\x84\x93", "X2 H2O L" },
        { "Turkish", "\xC4\xB0stanbul \xC4\xB1\xC5\x9F\xC4\xB1k", "ISTANBUL ISIK" },
        { "Vietnamese", "Nguy\xE1\xBB\x85n Tr\xC6\xB0\xC6\xA1ng \xC4\x90\xE1\xBA\xA1t", "NGUYEN TRUONG DAT" },
        { "Romanised Arabic", "\xCA\xBB\x41\x62\x64 al-Ma\xCA\xBC\xC4\x81rif Yatxi\xCC\x84m", "ABD AL MAARIF YATXIM" },
        { "Romanised Russian", "T\xCD\xA1Svetaeva, Le\xCC\x88v, ob\xCA\xBA\x65kt\xCA\xB9", "TSVETAEVA LEV OBEKT" },
        { "Greek", "\xCE\x86\xCE\xBD\xCE\xB8\xCF\x81\xCF\x89\xCF\x80\xCE\xBF\xCF\x82 \xCF\x8C",
          "\xCE\x91\xCE\x9D\xCE\x98\xCE\xA1\xCE\xA9\xCE\xA0\xCE\x9F\xCE\xA3 \xCE\x9F" },
        { "Cyrillic", "\xD0\xA2\xD0\xBE\xD0\xBB\xD1\x81\xD1\x82\xD0\xBE\xD0\xB9",
          "\xD0\xA2\xD0\x9E\xD0\x9B\xD0\xA1\xD0\xA2\xD0\x9E\xD0\x98" },
        { "Hebrew with points", "\xD7\xA9\xD6\xB8\xD7\x81\xD7\x9C\xD7\x95\xD6\xB9\xD7\x9D", "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D" },
        { "Hebrew initials", "\xD7\xA6\xD7\x94\xD7\xB4\xD7\x9C", "\xD7\xA6\xD7\x94\xD7\x9C" },
        { "Arabic with vowels, hamza and tatweel", "\xD9\x83\xD9\x90\xD8\xAA\xD9\x80\xD8\xA7\xD8\xA8 \xD8\xA3",
          "\xD9\x83\xD8\xAA\xD8\xA7\xD8\xA8 \xD8\xA7" },
        { "Arabic digits", "\xD9\xA1\xD9\xA9\xD9\xA9\xD9\xA0 \xDB\xB1\xE0\xA5\xA7", "1990 11" },
        { "Japanese voicing tells words apart", "\xE3\x81\x8C\xE3\x81\x8B", "\xE3\x81\x8C\xE3\x81\x8B" },
        { "Japanese half width", "\xEF\xBD\xB6\xEF\xBE\x9E\xEF\xBD\xB0\xE3\x80\x85\xE3\x83\xBB\xE6\x9D\x8E",
          "\xE3\x82\xAC\xE3\x83\xBC\xE3\x80\x85 \xE6\x9D\x8E" },
        { "Hangul", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB\xEA\xB5\xAD", "\xED\x95\x9C\xEA\xB5\xAD" },
        { "vowel signs of Devanagari", "\xE0\xA4\xB9\xE0\xA4\xBF\xE0\xA4\xA8\xE0\xA5\x8D\xE0\xA4\xA6\xE0\xA5\x80",
          "\xE0\xA4\xB9\xE0\xA4\xBF\xE0\xA4\xA8\xE0\xA5\x8D\xE0\xA4\xA6\xE0\xA5\x80" },
        { "direction marks",
          "\xE2\x80\x8F\xD7\x90\xE2\x80\x8E\xE2\x80\xAA"
          "a\xE2\x80\xAC \xE2\x81\xA6z\xE2\x81\xA9",
          "\xD7\x90\x41 Z" },
        { "joiners and soft hyphen",
          "a\xE2\x80\x8D"
          "b\xE2\x80\x8C"
          "c\xC2\xAD"
          "d",
          "ABCD" },
        { "non-sorting",
          "\xC2\x98The \xC2\x9C"
          "book of <<the>> dead",
          "BOOK OF DEAD" },
        { "non-sorting without an end", "\xC2\x98The book << a", "THE BOOK A" },
        { "all of it non-sorting", "<<Der>>", "DER" },
        { "other non-sorting marks",
          "\xC2\x88L'\xC2\x89"
          "ami",
          "AMI" },
        { "no-break and ideographic blank", " a\xC2\xA0\xE3\x80\x80 b ", "A B" },
        { "nothing is left", "... ---", "" },
        { "not UTF-8",
          "a\xFF"
          "b",
          "A B" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_form(cases[i].name, cases[i].heading, false, cases[i].want);
}

static void first_comma__stays_when_something_follows(void **state)
{
    static const struct {
        const char *heading, *want;
    } cases[] = {
        { "Smith, John, Jr.", "SMITH, JOHN JR" },
        { "Smith,", "SMITH" },
        { "Smith, ...", "SMITH" },
        { "Chandra Prakash", "CHANDRA PRAKASH" },
        { ", x", ", X" },
        { "\xD7\x9B\xD7\x94\xD7\x9F, \xD7\x93", "\xD7\x9B\xD7\x94\xD7\x9F, \xD7\x93" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_form("comma", cases[i].heading, true, cases[i].want);
}

static void heading__is_its_subfields_without_what_is_not_of_it(void **state)
{
    static const struct {
        const char *line, *want;
    } cases[] = {
        { "100 1\\ $aM\xC3\xBCller, Karl,$d1950-$eauthor.$4aut$0http://x", "MULLER, KARL\x1F"
                                                                           "d1950" },
        { "600 10 $aM\xC3\xBCller, Karl,$d1950-$xCriticism.", "MULLER, KARL\x1F"
                                                              "d1950\x1FxCRITICISM" },
        { "110 2\\ $aUnited States.$bCongress.", "UNITED STATES\x1F"
                                                 "bCONGRESS" },
        { "711 2\\ $iRelated:$aMeeting$eGroup$jhost", "MEETING\x1F"
                                                      "eGROUP" },
        { "700 1\\ $aX, Y.$tWork.$x1234-5678", "X, Y\x1FtWORK" },
        { "830 \\0 $aSeries ;$vv. 3.$x1234-5678", "SERIES" },
        { "490 1\\ $aSeries ;$vv. 3.", "SERIES" },
        { "410 2\\ $aBody$vCatalogs.", "BODY\x1FvCATALOGS" },
        { "650 \\0 $a...$xHistory", "\x1FxHISTORY" },
        { "880 1\\ $6100-01/(2/r$a\xD7\x9B\xD7\x94\xD7\x9F, \xD7\x93.", "\xD7\x9B\xD7\x94\xD7\x9F, \xD7\x93" },
        { "650 \\0 $aSolitude$x...", "SOLITUDE" },
        { "650 \\0 $a--", "" },
        { "001 x", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_record *record = from_lines(cases[i].line);
        marc_record *copy = NULL;
        buffer out;
        buffer_init(&out, 0);
        assert_int_equal(marc_record_copy(&copy, record, NULL), RECTO_OK);
        assert_int_equal(marc_naco_heading(&out, marc_record_field(record, 0)), cases[i].want[0] != '\0');
        assert_string_equal(buffer_string(&out), cases[i].want);
        assert_true(marc_record_equal(record, copy));
        marc_record_free(record);
        marc_record_free(copy);
        buffer_release(&out);
    }
}

/* Half a mebibyte of marks that begin something and end nothing: once through, not once through for each. */
static void hostile_heading__takes_time_in_proportion(void **state)
{
    (void)state;
    static const char *const pieces[] = { "\xC2\x98", "<<", "<<>", "\xCC\x81", "\xF0\x9D\x9F\x98", "\xFF", "," };
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        buffer heading;
        buffer out;
        buffer_init(&heading, 0);
        buffer_init(&out, 0);
        while (heading.length < 512 * 1024)
            buffer_append_string(&heading, pieces[i]);
        marc_naco_normalize(&out, buffer_text(&heading), true);
        assert_false(buffer_failed(&out));
        assert_true(out.length <= heading.length);
        buffer_release(&heading);
        buffer_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(form__is_that_of_the_rules),
        cmocka_unit_test(first_comma__stays_when_something_follows),
        cmocka_unit_test(heading__is_its_subfields_without_what_is_not_of_it),
        cmocka_unit_test(hostile_heading__takes_time_in_proportion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
