/* tests/marc/mrk_line_test.c - mrk and its mnemonics, and the line format: how lines come and go. */
#include "marc_testing.h"

/* Reads one field of mrk and compares it, in the line format. */
static void check_mnemonics(const char *value, const char *leader, const char *want, const char *oddity)
{
    heard heard = { 0 };
    marc_reader_options options = { .report = hear, .report_context = &heard };
    marc_reader *reader = NULL;
    marc_record *record = NULL;
    recto_error error = { 0 };
    buffer file;
    buffer wanted;
    buffer_init(&file, 0);
    buffer_init(&wanted, 0);
    buffer_append_format(&file, "=LDR  %s\n=245  10$a%s\n", leader, value);
    buffer_append_format(&wanted, "245 10 $a%s", want);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    assert_int_equal(marc_reader_new_bytes(&reader, buffer_text(&file), "x", &options, NULL), RECTO_OK);
    if (marc_reader_next(reader, record, &error) != RECTO_OK)
        fail_msg("%s: %s", value, error.what);
    check_line(record, 0, buffer_string(&wanted));
    if (oddity == NULL ? heard.count > 0 : !was_heard(&heard, oddity))
        fail_msg("%s: %zu oddities, the first %s", value, heard.count, heard.codes[0]);
    marc_reader_free(reader);
    marc_record_free(record);
    buffer_release(&file);
    buffer_release(&wanted);
}

static void mnemonics__become_characters(void **state)
{
    static const char marc8[] = "00000nam  2200000 i 4500";
    static const char utf8[] = "00000nam a2200000 i 4500";
    static const struct {
        const char *value, *leader, *want, *oddity;
    } cases[] = {
        { "M{uuml}ller {copy} {acute}e {Ostrok}re {U+05D0} {nonsense}{lcub}", marc8,
          "M\xC3\xBCller \xC2\xA9 e\xCC\x81 \xC3\x98re \xD7\x90 {nonsense}{", "mnemonic-unknown" },
        { "{88}The {89}end", utf8,
          "\xC2\x98The \xC2\x9C"
          "end",
          NULL },
        { "{Eacute}{Idot}{Uring}{odblac}{Scommab}{Aogon}", utf8, "\xC3\x89\xC4\xB0\xC5\xAE\xC5\x91\xC8\x98\xC4\x84", NULL },
        { "{dotb}{circ}a {llig}i{rlig}a {ldbltil}n{rdbltil}g {rlig}o", utf8,
          "a\xCC\xA3\xCC\x82 i\xCD\xA1"
          "a n\xCD\xA0g o\xEF\xB8\xA1",
          NULL },
        { "{hookr}a{hookl}s{diaer}u{hacek}c{rcedil}o{candra}i{vlineb}n", utf8,
          "a\xCC\xA8s\xCC\xA6u\xCC\x88"
          "c\xCC\x8Co\xCC\x9Ci\xCC\x90n\xCC\xA9",
          NULL },
        { "{mlrhring}alif {mllhring}ayn {softsign}{hardsign}{Lstrok}{THORN}{eth}{inodot}{szlig}{euro}", utf8,
          "\xCA\xBC"
          "alif \xCA\xBB"
          "ayn \xCA\xB9\xCA\xBA\xC5\x81\xC3\x9E\xC3\xB0\xC4\xB1\xC3\x9F\xE2\x82\xAC",
          NULL },
        { "{laquo}x{raquo} {mdash} {hellip} {frac12} {sup2} {trade} {No} {nbsp}", utf8,
          "\xC2\xABx\xC2\xBB \xE2\x80\x94 \xE2\x80\xA6 \xC2\xBD \xC2\xB2 \xE2\x84\xA2 \xE2\x84\x96 \xC2\xA0", NULL },
        { "{Acy}{SHCHcy}{yacy}{IOcy}{ghcy}", utf8, "\xD0\x90\xD0\xA9\xD1\x8F\xD0\x81\xD2\x91", NULL },
        { "{A}{z}{7} {41}{E2}e{A5} {C7}{8D}", utf8, "Az7 Ae\xCC\x81\xC3\x86 \xC3\x9F\xE2\x80\x8D", NULL },
        { "{dollar}5 {bsol} {lcub}{rcub} {num}{verbar}{commat}{joiner}{nonjoin}", utf8,
          "{dollar}5 \\ {} #|@\xE2\x80\x8D\xE2\x80\x8C", NULL },
        { "{&#x5d0;} &#x5d0; {U+1F600}", utf8, "\xD7\x90 &#x5d0; \xF0\x9F\x98\x80", NULL },
        { "{U+D800}", utf8, "{U+D800}", "mnemonic-unknown" },
        { "{U+110000}{}{", utf8, "{U+110000}{}{", "mnemonic-unknown" },
        { "W 129{esc}p0{esc}s--W 109{esc}{super}0{esc}s, H{esc}b2{esc}sO", marc8,
          "W 129\xE2\x81\xB0--W 109\xE2\x81\xB0, H\xE2\x82\x82O", NULL },
        { "{esc}(2`a{esc}(B {esc}(NA{esc}(B {esc}{dollar}1!0!{esc}(B.", marc8, "\xD7\x90\xD7\x91 \xD0\xB0 \xE4\xB8\x80.", NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_mnemonics(cases[i].value, cases[i].leader, cases[i].want, cases[i].oddity);
}

/* Asked for, all that is not ASCII has a name or a number, and reads back as the same bytes: composed, decomposed, marks over
 * two letters, marks that no name is for, a mark without a letter. */
static void mnemonics__are_written_when_asked_for(void **state)
{
    static const struct {
        const char *value, *want;
    } cases[] = {
        { "caf\xC3\xA9 cafe\xCC\x81", "caf{eacute} caf{acute}e" },
        { "\xE1\xBB\x85 e\xCC\x82\xCC\x83 \xC6\xA1\xCC\x89", "{U+1EC5} {circ}{tilde}e {hooka}{ohorn}" },
        { "i\xCD\xA1"
          "a i\xEF\xB8\xA0"
          "a\xEF\xB8\xA1",
          "{llig}i{rlig}a i{U+FE20}a{U+FE21}" },
        { "\xCC\x81x e\xCC\x9B", "{U+0301}x e{U+031B}" },
        { "\xD0\x90\xD0\xB9 \xD7\x90 \xE4\xB8\x80", "{Acy}{jcy} {U+05D0} {U+4E00}" },
        { "\xC5\x81 \xC2\x98The\xC2\x9C {x} $5 \\", "{Lstrok} {nsb}The{nse} {lcub}x{rcub} {dollar}5 \\" },
        { "\xE2\x84\xAB \xC3\x85 \xCA\xBC\xE2\x80\x99", "{U+212B} {Aring} {mlrhring}{rsquo}" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_writer_options options = { .format = MARC_FORMAT_MRK, .mnemonics = true };
        marc_record *record = NULL;
        buffer content, out, want;
        buffer_init(&content, 0);
        buffer_init(&out, 0);
        buffer_init(&want, 0);
        buffer_append_format(&content,
                             "  \x1F"
                             "a%s",
                             cases[i].value);
        buffer_append_format(&want, "=LDR  00000nam\\a2200000\\i\\4500\n=500  \\\\$a%s\n\n", cases[i].want);
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        assert_int_equal(marc_record_append(record, "500", buffer_text(&content), NULL), RECTO_OK);
        assert_int_equal(marc_write_record(&out, record, &options, NULL), RECTO_OK);
        assert_string_equal(buffer_string(&out), buffer_string(&want));
        marc_record *back = parse(buffer_text(&out), MARC_FORMAT_MRK);
        assert_true(marc_record_equal(record, back));
        marc_record_free(record);
        marc_record_free(back);
        buffer_release(&content);
        buffer_release(&out);
        buffer_release(&want);
    }
}

static void mrk_lines__may_be_wrapped_and_hold_remarks(void **state)
{
    static const char file[] = "=000  00000nam\\a2200000\\i\\4500\r\n"
                               "# a remark\r\n"
                               "=001  one\r\n"
                               "=245  10$aA title that\r\ngoes on \r\nand on$bhere\r\n$cand here\r\n"
                               "=000  00000nam\\a2200000\\i\\4500\r\n"
                               "=001  two\r\n";
    (void)state;
    for (size_t step = 1; step < 200; step += 7) {
        heard heard = { 0 };
        trickle trickle = { .rest = text_of(file, sizeof file - 1), .step = step };
        marc_reader_options options = { .format = MARC_FORMAT_MRK, .report = hear, .report_context = &heard };
        marc_reader *reader = NULL;
        marc_record *record = NULL;
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        assert_int_equal(marc_reader_new(&reader, trickle_read, &trickle, "x", &options, NULL), RECTO_OK);
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
        assert_int_equal(marc_record_leader(record)[9], 'a');
        check_line(record, 0, "001 one");
        check_line(record, 1, "245 10 $aA title that goes on and on$bhere $cand here");
        assert_true(was_heard(&heard, "line-wrapped") && was_heard(&heard, "remark-skipped"));
        assert_int_equal(heard.offsets[0], 2);
        assert_int_equal(heard.offsets[1], 4);
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
        check_line(record, 0, "001 two");
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_END);
        marc_reader_free(reader);
        marc_record_free(record);
    }
}

static void lines__may_come_in_any_pieces_and_without_blank_lines(void **state)
{
    (void)state;
    static const char file[] =
        "\xEF\xBB\xBF\nLDR 00000nam\\\\2200000\\i\\4500\r\n001 1\r\nLDR 00000nam\\\\2200000\\i\\4500\n001 2\n\n  \n001 3";
    for (size_t step = 1; step < 90; step += 3) {
        trickle trickle = { .rest = text_of(file, sizeof file - 1), .step = step };
        marc_reader_options options = { .format = MARC_FORMAT_LINE };
        marc_reader *reader = NULL;
        marc_record *record = NULL;
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        assert_int_equal(marc_reader_new(&reader, trickle_read, &trickle, "x", &options, NULL), RECTO_OK);
        for (char number = '1'; number <= '3'; number++) {
            assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
            assert_int_equal(marc_record_control(record, "001").bytes[0], number);
            assert_int_equal(marc_record_control(record, "001").length, 1);
        }
        assert_true(marc_record_leader(record)[9] == 'a'); /* the one that had no leader */
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_END);
        marc_reader_free(reader);
        marc_record_free(record);
    }
}

static void grid__names_the_delimiter_in_data(void **state)
{
    (void)state;
    static const struct {
        const char *line, *want;
    } cases[] = {
        { "245 10 $aTitle /$cAuthor.", "$$a Title / $$c Author." },
        { "500 \\\\ $aCosts {dollar}{dollar}5 or {dollar}6", "$$a Costs {dollar}{dollar}5 or $6" },
        { "001 9 1", "9 1" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_record *record = from_lines(cases[i].line);
        buffer out;
        buffer_init(&out, 0);
        marc_field_to_grid(&out, marc_record_field(record, 0), "$$");
        assert_string_equal(buffer_string(&out), cases[i].want);
        buffer_release(&out);
        marc_record_free(record);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mnemonics__become_characters),
        cmocka_unit_test(mnemonics__are_written_when_asked_for),
        cmocka_unit_test(mrk_lines__may_be_wrapped_and_hold_remarks),
        cmocka_unit_test(lines__may_come_in_any_pieces_and_without_blank_lines),
        cmocka_unit_test(grid__names_the_delimiter_in_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
