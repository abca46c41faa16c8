/* tests/marc/record_test.c - the record: fields put in, changed, moved and read, and what lists show of it. */
#include "marc_testing.h"

static void append_line__builds_indicators_and_subfields(void **state)
{
    (void)state;
    marc_record *record = NULL;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    assert_string_equal(marc_record_leader(record), "00000nam a2200000 i 4500");
    assert_int_equal(marc_record_append_line(record, "245", "1#", "$aCosts {dollar}5 /$cA.", NULL), RECTO_OK);
    text content = marc_record_field(record, 0)->content;
    assert_int_equal(content.length, 18);
    assert_memory_equal(content.bytes,
                        "1 \x1F"
                        "aCosts $5 /\x1F"
                        "cA.",
                        18);
    marc_record_free(record);
}

static void append_line__refuses_text_without_a_code_and_leaves_the_record(void **state)
{
    static const struct {
        const char *line, *where;
    } cases[] = {
        { "Title", "column 1" },
        { "$aA$", "column 4" },
        { "$a1$$b2", "column 4" },
        { "$aA\x1F"
          "bB",
          "column 4" },
    };
    (void)state;
    marc_record *record = NULL;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        recto_error error = { 0 };
        assert_int_equal(marc_record_append_line(record, "245", "10", cases[i].line, &error), RECTO_EDATA);
        assert_string_equal(error.where, cases[i].where);
        assert_int_equal(marc_record_count(record), 0);
    }
    marc_record_free(record);
}

static void what_stands_nowhere__comes_to_the_end(void **state)
{
    (void)state;
    marc_record *record = NULL, *none = NULL;
    recto_error error = { .status = RECTO_OK };
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    assert_int_equal(marc_record_append_line(record, "001", NULL, "ocm {dollar}1", NULL), RECTO_OK);
    assert_int_equal(marc_record_insert(record, 99, "003", TEXT("OCoLC"), NULL), RECTO_OK);
    assert_true(text_equal(marc_record_field(record, 0)->content, TEXT("ocm {dollar}1"))); /* a control field has no signs */
    assert_string_equal(marc_record_field(record, 1)->tag, "003");
    assert_false(marc_tag_matches("24", "24X"));
    assert_false(marc_tag_matches("245", "24"));
    assert_int_equal(marc_record_parse(&none, TEXT(" \n"), MARC_FORMAT_LINE, &error), RECTO_EDATA);
    assert_string_equal(error.what, "there is no record in these bytes");
    assert_null(none);
    assert_int_equal(marc_format_sniff(text_of("\x1F\x8B\x08\0\0\0\0\0\0\3", 10)), MARC_FORMAT_UNKNOWN);
    marc_record_free(record);
}

static void insert__refuses_the_leader_and_short_tags(void **state)
{
    static const struct {
        const char *tag;
        recto_status want;
    } cases[] = {
        { "245", RECTO_OK }, { "2A5", RECTO_OK }, { "LDR", RECTO_EINVALID }, { "24", RECTO_EINVALID }, { "", RECTO_EINVALID },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_record *record = NULL;
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        assert_int_equal(marc_record_append(record, cases[i].tag, TEXT("x"), NULL), cases[i].want);
        assert_int_equal(marc_record_count(record), cases[i].want == RECTO_OK);
        marc_record_free(record);
    }
}

static void edits__keep_the_order_and_the_bytes_of_the_others(void **state)
{
    (void)state;
    marc_record *record = from_lines("LDR 00000nam\\a2200000\\i\\4500\n001 1\n245 10 $aA\n300 \\\\ $aB\n");
    const char *still = marc_record_field(record, 1)->content.bytes;
    assert_int_equal(marc_record_insert(record, 1, "100",
                                        TEXT("1 \x1F"
                                             "aC"),
                                        NULL),
                     RECTO_OK);
    for (int i = 0; i < 2000; i++) /* grows the list and fills the block: no other field may move */
        assert_int_equal(marc_record_append(record, "500",
                                            TEXT("  \x1F"
                                                 "aa note of some length"),
                                            NULL),
                         RECTO_OK);
    assert_ptr_equal(marc_record_field(record, 2)->content.bytes, still);
    assert_int_equal(marc_record_replace(record, 2, "246",
                                         TEXT("3 \x1F"
                                              "aa much longer title than before"),
                                         NULL),
                     RECTO_OK);
    marc_record_move(record, 0, 3);
    check_line(record, 0, "100 1\\ $aC");
    check_line(record, 1, "246 3\\ $aa much longer title than before");
    check_line(record, 2, "300 \\\\ $aB");
    check_line(record, 3, "001 1");
    marc_record_move(record, 3, 0);
    marc_record_remove(record, 1);
    check_line(record, 0, "001 1");
    check_line(record, 1, "246 3\\ $aa much longer title than before");
    assert_int_equal(marc_record_count(record), 2003);
    marc_record_free(record);
}

static void replace__takes_a_piece_of_the_field_itself(void **state)
{
    (void)state;
    marc_record *record = from_lines("001 abcdef\n");
    text content = marc_record_field(record, 0)->content;
    assert_int_equal(marc_record_replace(record, 0, "001", text_of(content.bytes + 2, 3), NULL), RECTO_OK);
    check_line(record, 0, "001 cde");
    marc_record_free(record);
}

static void copy_and_equal__look_at_every_byte(void **state)
{
    (void)state;
    marc_record *record = from_lines("LDR 00000nam\\a2200000\\i\\4500\n001 1\n245 10 $aA\n");
    marc_record *copy = NULL;
    assert_int_equal(marc_record_copy(&copy, record, NULL), RECTO_OK);
    assert_true(marc_record_equal(record, copy));
    assert_int_equal(marc_record_replace(copy, 1, "245",
                                         TEXT("10\x1F"
                                              "aB"),
                                         NULL),
                     RECTO_OK);
    assert_false(marc_record_equal(record, copy));
    check_line(record, 1, "245 10 $aA");
    marc_record_clear(copy);
    assert_int_equal(marc_record_count(copy), 0);
    marc_record_free(copy);
    marc_record_free(record);
}

static void place__is_behind_the_last_tag_not_greater(void **state)
{
    static const struct {
        const char *tag;
        size_t want;
    } cases[] = {
        { "000", 0 }, { "001", 1 }, { "100", 1 }, { "245", 3 }, { "246", 3 }, { "999", 4 },
    };
    (void)state;
    marc_record *record = from_lines("001 1\n245 10 $aA\n245 10 $aB\n300 \\\\ $aC\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(marc_record_place(record, cases[i].tag), cases[i].want);
    marc_record_free(record);
}

static void find__knows_patterns(void **state)
{
    (void)state;
    marc_record *record = from_lines("001 1\n245 10 $aA\n600 10 $aB\n650 \\0 $aC\n");
    assert_int_equal(marc_record_find(record, "6XX", 0), 2);
    assert_int_equal(marc_record_find(record, "6XX", 3), 3);
    assert_int_equal(marc_record_find(record, "6XX", 4), SIZE_MAX);
    assert_int_equal(marc_record_find(record, "7XX", 0), SIZE_MAX);
    assert_true(marc_tag_matches("650", "XXX"));
    assert_false(marc_tag_matches("65a", "65X"));
    assert_true(text_equal(marc_record_text(record, "6XX", 'a'), TEXT("B")));
    assert_int_equal(marc_record_text(record, "6XX", 'z').length, 0);
    assert_true(text_equal(marc_record_control(record, "001"), TEXT("1")));
    marc_record_free(record);
}

/* Content of a field and how it is walked: codes, 0 as '.', and values. */
static void subfields__come_as_they_lie(void **state)
{
    static const struct {
        const char *content, *want;
        char first, second;
    } cases[] = {
        { "10\x1F"
          "aA\x1F"
          "bB",
          "a=A b=B ", '1', '0' },
        { "10", "", '1', '0' },
        { "", "", ' ', ' ' },
        { "\x1F"
          "aA",
          "a=A ", ' ', ' ' },
        { "1\x1F"
          "aA",
          "a=A ", '1', ' ' },
        { "10stray\x1F"
          "aA",
          ".=stray a=A ", '1', '0' },
        { "10\x1F\x1F"
          "aA\x1F",
          ".= a=A .= ", '1', '0' },
        { "  \x1F"
          "a",
          "a= ", ' ', ' ' },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_field field = { .tag = "245", .content = text_from(cases[i].content) };
        marc_subfield subfield;
        buffer walked;
        buffer_init(&walked, 0);
        for (size_t offset = 0; marc_field_next_subfield(&field, &offset, &subfield);) {
            buffer_append_char(&walked, subfield.code == 0 ? '.' : subfield.code);
            buffer_append_char(&walked, '=');
            buffer_append_text(&walked, subfield.value);
            buffer_append_char(&walked, ' ');
        }
        assert_string_equal(buffer_string(&walked), cases[i].want);
        assert_int_equal(marc_field_indicator(&field, 1), cases[i].first);
        assert_int_equal(marc_field_indicator(&field, 2), cases[i].second);
        buffer_release(&walked);
    }
}

typedef void (*shown_part)(buffer *out, const marc_record *record);

static void shown__is_trimmed_of_punctuation_and_control_characters(void **state)
{
    static const struct {
        shown_part part;
        const char *lines, *want;
    } cases[] = {
        { marc_record_title, "245 10 $aThe history of salt :$ba guide /$cA. Writer.\n", "The history of salt : a guide" },
        { marc_record_title, "245 10 $aAtlas.$n2,$pNorth.\n", "Atlas. 2, North" },
        { marc_record_title, "245 10 $aLetters, vol.\n", "Letters, vol." },
        { marc_record_title, "245 10 $aWait...\n", "Wait..." },
        { marc_record_title, "245 04 $a\xC2\x98The \xC2\x9Crain\n", "The rain" },
        { marc_record_title, "LDR 00000nz  a2200000n  4500\n100 1\\ $6880-01$aRowe, Ann$d1900-\n", "Rowe, Ann 1900-" },
        { marc_record_title, "001 1\n", "" },
        { marc_record_title_statement, "245 10 $6880-01$aA /$cB.\n", "A / B." },
        { marc_record_creator, "100 1\\ $aRowe, Ann,$d1900-$eauthor.\n245 10 $aA\n", "Rowe, Ann" },
        { marc_record_creator, "245 10 $aA\n710 2\\ $aOld Press.$bEditors.\n", "Old Press. Editors" },
        { marc_record_creator, "100 1\\ $aRowe, J.\n", "Rowe, J." },
        { marc_record_date,
          "008 "
          "240101s2019\\\\\\\\xx\n264 \\1 $cc2018.\n",
          "2019" },
        { marc_record_date,
          "008 "
          "240101suuuu\\\\\\\\xx\n264 \\4 $c\xC2\xA9"
          "1999\n264 \\1 $c[2018?]\n",
          "2018" },
        { marc_record_date, "260 \\\\ $aBonn :$bVerlag,$c1981.\n", "1981" },
        { marc_record_imprint, "260 \\\\ $aBonn :$bVerlag,$c1981.\n", "Bonn : Verlag, 1981" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_record *record = from_lines(cases[i].lines);
        buffer out;
        buffer_init(&out, 0);
        cases[i].part(&out, record);
        assert_string_equal(buffer_string(&out), cases[i].want);
        buffer_release(&out);
        marc_record_free(record);
    }
}

static void clear__gives_back_what_a_longer_record_held(void **state)
{
    (void)state;
    marc_record *record = NULL;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    for (int round = 0; round < 50; round++) {
        marc_record_clear(record);
        assert_string_equal(marc_record_leader(record), "00000nam a2200000 i 4500");
        for (int i = 0; i < 20 + round; i++)
            assert_int_equal(marc_record_append(record, "500",
                                                TEXT("  \x1F"
                                                     "athe same note"),
                                                NULL),
                             RECTO_OK);
        assert_int_equal(marc_record_count(record), (size_t)(20 + round));
    }
    marc_record_free(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(append_line__builds_indicators_and_subfields),
        cmocka_unit_test(append_line__refuses_text_without_a_code_and_leaves_the_record),
        cmocka_unit_test(insert__refuses_the_leader_and_short_tags),
        cmocka_unit_test(edits__keep_the_order_and_the_bytes_of_the_others),
        cmocka_unit_test(replace__takes_a_piece_of_the_field_itself),
        cmocka_unit_test(copy_and_equal__look_at_every_byte),
        cmocka_unit_test(place__is_behind_the_last_tag_not_greater),
        cmocka_unit_test(what_stands_nowhere__comes_to_the_end),
        cmocka_unit_test(find__knows_patterns),
        cmocka_unit_test(subfields__come_as_they_lie),
        cmocka_unit_test(shown__is_trimmed_of_punctuation_and_control_characters),
        cmocka_unit_test(clear__gives_back_what_a_longer_record_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
