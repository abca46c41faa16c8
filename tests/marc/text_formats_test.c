/* tests/marc/text_formats_test.c - mrk, line, JSON and MARCXML: known forms, there and back, and what they refuse (RL-131 to
 * RL-133). */
#include "marc_testing.h"

#include <unistd.h>

static const char lines[] = "LDR 00000nam\\a2200000\\i\\4500\n"
                            "001 990001\n"
                            "008 240101s2024\\\\\\\\xx\\\\\\\\\\\\\\\\\\\\\\\\000\\0\\eng\\d\n"
                            "245 10 $aCosts {dollar}5 & <more> /$c\xC3\x89va \"K\".\n"
                            "650 \\0 $aA$xB\n\n";

static const char mrk[] = "=LDR  00000nam\\a2200000\\i\\4500\n"
                          "=001  990001\n"
                          "=008  240101s2024\\\\\\\\xx\\\\\\\\\\\\\\\\\\\\\\\\000\\0\\eng\\d\n"
                          "=245  10$aCosts {dollar}5 & <more> /$c\xC3\x89va \"K\".\n"
                          "=650  \\0$aA$xB\n\n";

static const char json[] = "{\"leader\":\"00000nam a2200000 i 4500\",\"fields\":[{\"001\":\"990001\"},"
                           "{\"008\":\"240101s2024    xx            000 0 eng d\"},"
                           "{\"245\":{\"ind1\":\"1\",\"ind2\":\"0\",\"subfields\":[{\"a\":\"Costs $5 & <more> /\"},"
                           "{\"c\":\"\xC3\x89va \\\"K\\\".\"}]}},"
                           "{\"650\":{\"ind1\":\" \",\"ind2\":\"0\",\"subfields\":[{\"a\":\"A\"},{\"x\":\"B\"}]}}]}\n";

static const char xml[] = "<record>\n  <leader>00000nam a2200000 i 4500</leader>\n"
                          "  <controlfield tag=\"001\">990001</controlfield>\n"
                          "  <controlfield tag=\"008\">240101s2024    xx            000 0 eng d</controlfield>\n"
                          "  <datafield tag=\"245\" ind1=\"1\" ind2=\"0\">\n"
                          "    <subfield code=\"a\">Costs $5 &amp; &lt;more&gt; /</subfield>\n"
                          "    <subfield code=\"c\">\xC3\x89va &quot;K&quot;.</subfield>\n"
                          "  </datafield>\n"
                          "  <datafield tag=\"650\" ind1=\" \" ind2=\"0\">\n"
                          "    <subfield code=\"a\">A</subfield>\n"
                          "    <subfield code=\"x\">B</subfield>\n"
                          "  </datafield>\n</record>\n";

static const struct {
    marc_format format;
    const char *text;
} forms[] = {
    { MARC_FORMAT_LINE, lines },
    { MARC_FORMAT_MRK, mrk },
    { MARC_FORMAT_JSON, json },
    { MARC_FORMAT_MARCXML, xml },
};
enum { FORMS = sizeof forms / sizeof *forms };

static void each_form__is_read_and_written_as_it_stands(void **state)
{
    (void)state;
    marc_record *first = parse(text_from(forms[0].text), forms[0].format);
    for (size_t i = 0; i < FORMS; i++) {
        marc_record *record = parse(text_from(forms[i].text), MARC_FORMAT_UNKNOWN);
        char *back = written(record, forms[i].format);
        assert_string_equal(back, forms[i].text);
        assert_true(marc_record_equal(record, first));
        free(back);
        marc_record_free(record);
    }
    marc_record_free(first);
}

/* Odd records that the format can hold come back the same. */
static void odd_fields__come_back_from_every_form_that_takes_them(void **state)
{
    static const struct {
        const char *tag, *content;
        size_t length;
        const char *refused_by;
    } cases[] = {
        { "500",
          "  \x1F"
          "a\x1F"
          "b",
          6, "" },
        { "500",
          "  \x1F\x1F"
          "ax\x1F",
          7, "" },
        { "500",
          "12stray\x1F"
          "ax",
          10, "" },
        { "500", "  ", 2, "" },
        { "500",
          "  \x1F"
          "$dollar\x1F"
          "a{}",
          14, "" },
        { "500",
          "  \x1F"
          "aback\\slash",
          14, "" },
        { "500",
          "\\$\x1F"
          "ax",
          5, "line" },
        { "500",
          "  \x1F"
          "a{dollar}",
          12, "line" },
        { "500",
          "  \x1F"
          "aone\ntwo\rthree\tfour",
          22, "line" },
        { "500",
          "  \x1F"
          "a\x1B[2J\x07",
          9, "line marcxml" },
        { "500",
          "  \x1F"
          "anul\0in",
          10, "line marcxml" },
        { "500",
          "  \x1F"
          "a\xC2\x9B\x7F",
          7, "line" },
        { "500", "\xC3\xB8 \x1F\xC3\xA9value", 11, "" },
        { "500",
          "  \x1F"
          "a&amp;]]>",
          12, "" },
        { "500",
          "  \x1F"
          "a\xEF\xBF\xBE",
          7, "marcxml" },
        { "500",
          "  \x1F"
          "a\xFF",
          5, "line mrk json marcxml" },
        { "500",
          "  \x1F"
          "a\x1E\x1D",
          6, "line marcxml" },
        { "001", "a b\\c$d{e}", 10, "line" },
        { "001",
          "00\x1F"
          "a1\x1F"
          "b2",
          8, "line" },
        { "001",
          "0\x1F"
          "a",
          3, "line marcxml" },
        { "500", "  \x1F\tx", 5, "" },
        { "001", "", 0, "" },
        { "AbC",
          "  \x1F"
          "ax",
          5, "" },
        { "2 4",
          "  \x1F"
          "ax",
          5, "" },
        { "2-4",
          "  \x1F"
          "ax",
          5, "line mrk json marcxml" },
        { "000", "00000nam a2200000 i 4500", 24, "mrk" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t j = 0; j < FORMS; j++) {
            marc_writer_options options = { .format = forms[j].format };
            marc_reader_options reading = { .format = forms[j].format, .keep_bytes = true };
            marc_record *record = NULL;
            marc_record *back = NULL;
            marc_reader *reader = NULL;
            recto_error error = { 0 };
            buffer out;
            buffer_init(&out, 0);
            assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
            assert_int_equal(marc_record_new(&back, NULL), RECTO_OK);
            assert_int_equal(marc_record_append(record, cases[i].tag, text_of(cases[i].content, cases[i].length), NULL),
                             RECTO_OK);
            recto_status status = marc_write_record(&out, record, &options, &error);
            bool refused = strstr(cases[i].refused_by, marc_format_name(forms[j].format)) != NULL;
            if (status != (refused ? RECTO_EDATA : RECTO_OK))
                fail_msg("case %zu as %s: %s", i, marc_format_name(forms[j].format), error.what);
            assert_true(!refused || out.length == 0);
            if (!refused) {
                assert_int_equal(marc_reader_new_bytes(&reader, buffer_text(&out), "odd", &reading, NULL), RECTO_OK);
                status = marc_reader_next(reader, back, &error);
                if (status != RECTO_OK || !marc_record_equal(record, back))
                    fail_msg("case %zu as %s came back otherwise: %s\n%s", i, marc_format_name(forms[j].format), error.what,
                             buffer_string(&out));
            }
            marc_reader_free(reader);
            marc_record_free(record);
            marc_record_free(back);
            buffer_release(&out);
        }
    }
}

/* What is wrong, where it is said to be, and that the record behind it is read. `%` stands for a good record. */
static void bad_records__are_rejected_alone(void **state)
{
    static const struct {
        marc_format format;
        const char *bad, *where;
        recto_status status;
    } cases[] = {
        { MARC_FORMAT_LINE, "LDR x\n24 10 $aA\n\n", "bad: record 1, line 2", RECTO_EDATA },
        { MARC_FORMAT_LINE, "\n\n001 1\n2-5 10 $aA\n\n", "bad: record 1, line 4", RECTO_EDATA },
        { MARC_FORMAT_LINE, "245 1\n\n", "bad: record 1, line 1", RECTO_EDATA },
        { MARC_FORMAT_LINE, "245 10$aA\n\n", "bad: record 1, line 1", RECTO_EDATA },
        { MARC_FORMAT_LINE,
          "001 a\x1B"
          "b\n\n",
          "bad: record 1, line 1", RECTO_EDATA },
        { MARC_FORMAT_MRK, "=LDR  x\n245  10$aA\n\n", "bad: record 1, line 2", RECTO_EDATA },
        { MARC_FORMAT_MRK, "=24  10$aA\n\n", "bad: record 1, line 1", RECTO_EDATA },
        { MARC_FORMAT_MRK, "=245  1$aA\n\n", "bad: record 1, line 1", RECTO_EDATA },
        { MARC_FORMAT_MRK, "=245  10$aA\x01\n\n", "bad: record 1, line 1", RECTO_EDATA },
        { MARC_FORMAT_JSON, "{\"leader\":\"x\",\"fields\":[{\"24\":\"1\"}]}", "bad: record 1, byte 30", RECTO_EDATA },
        { MARC_FORMAT_JSON, "{\"leader\":\"x\",\"fields\":[{\"001\":\"a\x01\"}]}", "bad: record 1, byte 33", RECTO_EDATA },
        { MARC_FORMAT_JSON, "{\"fields\":[{\"245\":\"text\"}]}", "bad: record 1, byte 18", RECTO_EDATA },
        { MARC_FORMAT_JSON, "{\"fields\":[{\"001\":\"\\ud8x0\"}]}", "bad: record 1, byte 23", RECTO_EDATA },
        { MARC_FORMAT_JSON, "{\"fields\":[{\"001\":nil}]}", "bad: record 1, byte 18", RECTO_EDATA },
        { MARC_FORMAT_JSON, "{\"datafield\":[{\"ind\":\"10\"}]}", "bad: record 1, byte 26", RECTO_EDATA },
        { MARC_FORMAT_JSON, "{\"a\":1}", "bad: record 1, byte 7", RECTO_EDATA },
        { MARC_FORMAT_JSON, "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
          "bad: record 1, byte 0", RECTO_ELIMIT },
        { MARC_FORMAT_JSON, "nonsense ", "bad: record 1, byte 0", RECTO_EDATA },
        { MARC_FORMAT_MARCXML, "<record><controlfield tag=\"24\">x</controlfield></record>", "bad: record 1, byte 3",
          RECTO_EDATA },
        { MARC_FORMAT_MARCXML, "<record><datafield ind1=\"1\"/></record>", "bad: record 1, byte 3", RECTO_EDATA },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_reader_options options = { .format = cases[i].format };
        marc_reader *reader = NULL;
        marc_record *record = NULL;
        recto_error error = { 0 };
        buffer file;
        buffer_init(&file, 0);
        bool is_xml = cases[i].format == MARC_FORMAT_MARCXML;
        buffer_append_string(&file, is_xml ? "<c>" : "");
        buffer_append_string(&file, cases[i].bad);
        for (size_t j = 0; j < FORMS; j++)
            if (forms[j].format == cases[i].format)
                buffer_append_string(&file, forms[j].text);
        buffer_append_string(&file, is_xml ? "</c>" : "");
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        assert_int_equal(marc_reader_new_bytes(&reader, buffer_text(&file), "bad", &options, NULL), RECTO_OK);
        recto_status status = marc_reader_next(reader, record, &error);
        if (status != cases[i].status || strcmp(error.where, cases[i].where) != 0)
            fail_msg("case %zu: status %d at \"%s\": %s", i, status, error.where, error.what);
        status = marc_reader_next(reader, record, &error);
        if (status != RECTO_OK || marc_record_count(record) != 4)
            fail_msg("case %zu: the record behind was not read: %s %s", i, error.where, error.what);
        assert_int_equal(marc_reader_number(reader), 2);
        assert_int_equal(marc_reader_next(reader, record, &error), RECTO_END);
        marc_reader_free(reader);
        marc_record_free(record);
        buffer_release(&file);
    }
}

static void xml_document__that_is_dangerous_or_broken_ends_with_a_reason(void **state)
{
    static const struct {
        const char *text, *what;
        recto_status status;
    } cases[] = {
        { "<!DOCTYPE c [<!ENTITY a \"b\">]><c>&a;</c>", "document type declarations are not accepted in MARCXML", RECTO_EDATA },
        { "<!DOCTYPE c SYSTEM \"file:///etc/passwd\"><c/>", "document type declarations are not accepted in MARCXML",
          RECTO_EDATA },
        { "<c><record><controlfield tag=\"001\">&undefined;</controlfield></record></c>", "not well-formed XML", RECTO_EDATA },
        { "<c><record>", "not well-formed XML", RECTO_EDATA },
        { "<c><record></c>", "not well-formed XML", RECTO_EDATA },
        { "<c>\xFF</c>", "not well-formed XML", RECTO_EDATA },
        { "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"
          "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>",
          "elements nested deeper", RECTO_ELIMIT },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_reader_options options = { .format = MARC_FORMAT_MARCXML };
        marc_reader *reader = NULL;
        marc_record *record = NULL;
        recto_error error = { 0 };
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        assert_int_equal(marc_reader_new_bytes(&reader, text_from(cases[i].text), "bad.xml", &options, NULL), RECTO_OK);
        recto_status status = marc_reader_next(reader, record, &error);
        if (status != cases[i].status || strstr(error.what, cases[i].what) != error.what)
            fail_msg("case %zu: status %d, %s", i, status, error.what);
        assert_int_equal(marc_reader_next(reader, record, &error), RECTO_END);
        marc_reader_free(reader);
        marc_record_free(record);
    }
}

/* Whatever the pieces in which it comes: what cannot be converted ends in words, never as if there were no more records, and
 * libxml2 says nothing of its own to the terminal. */
static void xml_in_an_encoding_it_does_not_keep__is_not_the_end_in_silence(void **state)
{
    static const struct {
        const char *name, *bytes;
        size_t length;
    } cases[] = {
        { "half a surrogate pair in UTF-16", "\xFF\xFE<\0c\0>\0\0\xD8<\0/\0c\0>\0", 18 },
        { "half a character in UTF-16", "\xFF\xFE<\0c\0>\0<\0/\0c\0", 14 },
        { "UTF-7", "<?xml version='1.0' encoding='UTF-7'?><c>+AAA\x88-\x88</c>", 52 },
        { "UCS-4", "<?xml version='1.0' encoding='UCS-4'?><c/>", 42 },
        { "an encoding that nobody has", "<?xml version='1.0' encoding='x-none'?><c/>", 43 },
    };
    int kept = dup(2);
    FILE *said = tmpfile();
    (void)state;
    assert_true(kept >= 0 && said != NULL);
    fflush(stderr);
    dup2(fileno(said), 2);
    size_t wrong = SIZE_MAX;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t step = 1; step < 100; step = step * 3 + 1) {
            trickle trickle = { .rest = text_of(cases[i].bytes, cases[i].length), .step = step };
            marc_reader_options options = { .format = MARC_FORMAT_MARCXML };
            marc_reader *reader = NULL;
            marc_record *record = NULL;
            recto_error error = { 0 };
            assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
            assert_int_equal(marc_reader_new(&reader, trickle_read, &trickle, "x", &options, NULL), RECTO_OK);
            if (marc_reader_next(reader, record, &error) != RECTO_EDATA || error.what[0] == '\0')
                wrong = i;
            marc_reader_free(reader);
            marc_record_free(record);
        }
    }
    fflush(stderr);
    dup2(kept, 2);
    close(kept);
    assert_int_equal(fseek(said, 0, SEEK_END), 0);
    assert_int_equal(ftell(said), 0);
    fclose(said);
    if (wrong != SIZE_MAX)
        fail_msg("%s is no reason", cases[wrong].name);
}

static void xml_records__are_found_in_namespaces_and_envelopes(void **state)
{
    static const struct {
        const char *name, *text;
        size_t want;
    } cases[] = {
        { "no collection", "<record><controlfield tag=\"001\">1</controlfield></record>", 1 },
        { "default namespace",
          "<collection xmlns=\"http://www.loc.gov/MARC21/slim\"><record><controlfield "
          "tag=\"001\">1</controlfield></record></collection>",
          1 },
        { "prefix",
          "<m:c xmlns:m=\"http://www.loc.gov/MARC21/slim\"><m:record><m:controlfield "
          "tag=\"001\">1</m:controlfield></m:record></m:c>",
          1 },
        { "prefix not declared", "<c><m:record><m:controlfield tag=\"001\">1</m:controlfield></m:record></c>", 1 },
        { "OAI-PMH",
          "<OAI xmlns=\"http://www.openarchives.org/OAI/2.0/\"><record><header/><metadata><record "
          "xmlns=\"http://www.loc.gov/MARC21/slim\">"
          "<controlfield tag=\"001\">1</controlfield></record></metadata></record><record><header "
          "status=\"deleted\"/></record></OAI>",
          1 },
        { "several roots",
          "<record><controlfield tag=\"001\">1</controlfield></record>\n<record><controlfield "
          "tag=\"001\">1</controlfield></record>\n",
          2 },
        { "two documents in one file",
          "<?xml version=\"1.0\"?><c><record><controlfield tag=\"001\">1</controlfield></record></c>\n"
          "<?xml version=\"1.0\"?><c><record><controlfield tag=\"001\">1</controlfield></record></c>",
          2 },
        { "empty collection", "<collection/>", 0 },
        { "CDATA and comments", "<c><!-- <record> --><record><controlfield tag=\"001\"><![CDATA[1]]></controlfield></record></c>",
          1 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t step = 1; step < 4000; step = step * 5 + 2) {
            trickle trickle = { .rest = text_from(cases[i].text), .step = step };
            marc_reader_options options = { .format = MARC_FORMAT_MARCXML };
            marc_reader *reader = NULL;
            marc_record *record = NULL;
            recto_error error = { 0 };
            size_t count = 0;
            recto_status status = RECTO_OK;
            assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
            assert_int_equal(marc_reader_new(&reader, trickle_read, &trickle, "x", &options, NULL), RECTO_OK);
            while ((status = marc_reader_next(reader, record, &error)) == RECTO_OK) {
                count++;
                assert_true(text_equal(marc_record_control(record, "001"), TEXT("1")));
                text raw = marc_reader_raw(reader);
                if (raw.length < 40 || raw.bytes[0] != '<' || raw.bytes[raw.length - 1] != '>')
                    fail_msg("%s by %zu: the raw bytes are \"%.*s\"", cases[i].name, step, (int)raw.length, raw.bytes);
            }
            if (status != RECTO_END || count != cases[i].want)
                fail_msg("%s by %zu: %zu records, %s", cases[i].name, step, count, error.what);
            marc_reader_free(reader);
            marc_record_free(record);
        }
    }
}

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

static void json__is_read_from_arrays_and_with_foreign_members(void **state)
{
    (void)state;
    static const char file[] =
        "[ {\"x\":[1,{\"y\":\"]}\"}],\"leader\":\"00000nam a2200000 i "
        "4500\",\"fields\":[{\"001\":\"\\u00e9\\ud83d\\ude00\\/\"}]},\n"
        "{\"fields\":[{\"245\":{\"subfields\":[{\"a\":\"A\"}],\"ind2\":\"4\",\"z\":null}}],\"n\":-1.5e3} ]";
    for (size_t step = 1; step < 300; step += 11) {
        trickle trickle = { .rest = text_of(file, sizeof file - 1), .step = step };
        marc_reader_options options = { .format = MARC_FORMAT_JSON };
        marc_reader *reader = NULL;
        marc_record *record = NULL;
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        assert_int_equal(marc_reader_new(&reader, trickle_read, &trickle, "x", &options, NULL), RECTO_OK);
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
        assert_true(text_equal(marc_record_control(record, "001"), TEXT("\xC3\xA9\xF0\x9F\x98\x80/")));
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
        check_line(record, 0, "245 \\4 $aA");
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_END);
        marc_reader_free(reader);
        marc_record_free(record);
    }
}

/* The shapes that other programs give the same record, and what they cannot say. */
static void json__is_read_in_the_shapes_of_others(void **state)
{
    static const struct {
        const char *text, *oddity;
    } cases[] = {
        { "{\"fields\":[{\"001\":\"1\"},{\"245\":{\"subfields\":[{\"a\":\"A\"},{\"b\":\"B\"},{\"b\":\"C\"}],\"ind2\":\"0\","
          "\"ind1\":\"1\"}}]}",
          NULL },
        { "{\"fields\":[{\"001\":\"1\",\"245\":{\"ind1\":\"1\",\"ind2\":\"0\",\"subfields\":[{\"a\":\"A\",\"b\":\"B\"},{\"b\":"
          "\"C\"}]}}]}",
          NULL },
        { "{\"fields\":{\"001\":\"1\",\"245\":[{\"ind1\":\"1\",\"ind2\":\"0\",\"subfields\":{\"a\":\"A\",\"b\":[\"B\",\"C\"]}}]}"
          "}",
          NULL },
        { "{\"fields\":[{\"001\":1},{\"245\":{\"ind1\":1,\"ind2\":0,\"subfields\":[{\"a\":\"A\"},{\"b\":\"B\"},{\"b\":\"C\"}]}}]"
          "}",
          "json-value" },
        { "{\"controlfield\":[{\"tag\":\"001\",\"data\":\"1\"}],\"datafield\":[{\"tag\":\"245\",\"ind\":\"10\",\"subfield\":["
          "{\"code\":\"a\",\"data\":\"A\"},{\"data\":\"B\",\"code\":\"b\"}, { \"value\" : \"C\", \"code\":\"b\", \"x\":[1]}]}]}",
          NULL },
        { "{\"leader\":\"00000nam a2200000 i 4500\",\"leader\":\"00000nam a2200000 i "
          "4500\",\"fields\":[{\"001\":\"1\"}],\"fields\":[{\"245\":"
          "{\"ind1\":\"1\",\"ind2\":\"0\",\"subfields\":[{\"a\":\"A\"},{\"b\":\"B\"},{\"b\":\"C\"}]}}]}",
          "member-repeated" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heard heard = { 0 };
        recto_error error = { 0 };
        marc_reader_options options = { .format = MARC_FORMAT_JSON, .report = hear, .report_context = &heard };
        marc_reader *reader = NULL;
        marc_record *record = NULL;
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        assert_int_equal(marc_reader_new_bytes(&reader, text_from(cases[i].text), "x", &options, NULL), RECTO_OK);
        if (marc_reader_next(reader, record, &error) != RECTO_OK)
            fail_msg("case %zu: %s: %s", i, error.where, error.what);
        assert_int_equal(marc_record_count(record), 2);
        check_line(record, 0, "001 1");
        check_line(record, 1, "245 10 $aA$bB$bC");
        if (cases[i].oddity == NULL ? heard.count > 0 : !was_heard(&heard, cases[i].oddity))
            fail_msg("case %zu: %zu oddities", i, heard.count);
        marc_reader_free(reader);
        marc_record_free(record);
    }
}

/* Half a surrogate pair is no character: it is not lost in silence, and does not cost the record. */
static void json_halves_of_surrogate_pairs__stand_as_the_replacement_character(void **state)
{
    static const struct {
        const char *value, *want;
    } cases[] = {
        { "\\ud83d\\ude00", "\xF0\x9F\x98\x80" },
        { "\\ud83d", "\xEF\xBF\xBD" },
        { "\\ude00x", "\xEF\xBF\xBDx" },
        { "\\ud83d\\u0041", "\xEF\xBF\xBD"
                            "A" },
        { "\\ud83d\\ud83d\\ude00", "\xEF\xBF\xBD\xF0\x9F\x98\x80" },
        { "\\ud83d\\n", "\xEF\xBF\xBD\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heard heard = { 0 };
        marc_reader_options options = { .format = MARC_FORMAT_JSON, .report = hear, .report_context = &heard };
        marc_reader *reader = NULL;
        marc_record *record = NULL;
        buffer file;
        buffer_init(&file, 0);
        buffer_append_format(&file, "{\"fields\":[{\"001\":\"%s\"}]}", cases[i].value);
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        assert_int_equal(marc_reader_new_bytes(&reader, buffer_text(&file), "x", &options, NULL), RECTO_OK);
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
        if (!text_equal(marc_record_control(record, "001"), text_from(cases[i].want)))
            fail_msg("case %zu is read otherwise", i);
        assert_int_equal(was_heard(&heard, "surrogate-lone"), i > 0);
        marc_reader_free(reader);
        marc_record_free(record);
        buffer_release(&file);
    }
}

/* One byte wrong at random, in each format: the reading ends, and says something or gives records. */
static void single_byte_faults__never_do_worse_than_reject(void **state)
{
    (void)state;
    uint32_t seed = 11;
    marc_record *record = NULL;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    for (size_t i = 0; i < FORMS; i++) {
        buffer file;
        buffer_init(&file, 0);
        for (int j = 0; j < 3; j++)
            buffer_append_string(&file, forms[i].text);
        for (int round = 0; round < 1000; round++) {
            seed = seed * 1664525 + 1013904223;
            size_t at = (seed >> 4) % file.length;
            seed = seed * 1664525 + 1013904223;
            char kept = file.bytes[at];
            file.bytes[at] = (char)(seed >> 24);
            trickle trickle = { .rest = buffer_text(&file), .step = 1 + (seed >> 8) % 200 };
            marc_reader_options options = { .format = forms[i].format };
            marc_reader *reader = NULL;
            assert_int_equal(marc_reader_new(&reader, trickle_read, &trickle, "faulty", &options, NULL), RECTO_OK);
            size_t calls = 0;
            size_t good = 0;
            for (recto_status status = RECTO_OK; status != RECTO_END; calls++) {
                assert_true(calls < 20);
                status = marc_reader_next(reader, record, NULL);
                assert_true(status == RECTO_OK || status == RECTO_END || status == RECTO_EDATA || status == RECTO_ELIMIT);
                good += status == RECTO_OK;
            }
            if (forms[i].format != MARC_FORMAT_MARCXML && forms[i].format != MARC_FORMAT_JSON)
                assert_true(good >= 1); /* XML ends at a fault, and a bracket in JSON can take the rest with it */
            marc_reader_free(reader);
            file.bytes[at] = kept;
        }
        buffer_release(&file);
    }
    marc_record_free(record);
}

static void formats__are_known_by_name_ending_and_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        marc_format want;
    } cases[] = {
        { lines, MARC_FORMAT_LINE },
        { mrk, MARC_FORMAT_MRK },
        { json, MARC_FORMAT_JSON },
        { xml, MARC_FORMAT_MARCXML },
        { "00026nam a2200025 i 4500\x1E\x1D", MARC_FORMAT_ISO2709 },
        { "[{", MARC_FORMAT_JSON },
        { "\xEF\xBB\xBF <?xml ", MARC_FORMAT_MARCXML },
        { "", MARC_FORMAT_UNKNOWN },
        { "dear all", MARC_FORMAT_UNKNOWN },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(marc_format_sniff(text_from(cases[i].bytes)), cases[i].want);
    assert_int_equal(marc_format_named("marcxml"), MARC_FORMAT_MARCXML);
    assert_int_equal(marc_format_named("MARC"), MARC_FORMAT_UNKNOWN);
    assert_string_equal(marc_format_name(MARC_FORMAT_ISO2709), "marc");
    assert_int_equal(marc_format_of_file("/a.b/books.MRC"), MARC_FORMAT_ISO2709);
    assert_int_equal(marc_format_of_file("/a.mrk/books"), MARC_FORMAT_UNKNOWN);
    marc_encoding encoding = MARC_ENCODING_AUTO;
    assert_true(marc_encoding_named(&encoding, "MARC-8") && encoding == MARC_ENCODING_MARC8);
    assert_false(marc_encoding_named(&encoding, "ebcdic"));
}

static void unknown_bytes__are_refused_once(void **state)
{
    (void)state;
    marc_reader_options options = { 0 };
    marc_reader *reader = NULL;
    marc_record *record = NULL;
    recto_error error = { 0 };
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    assert_int_equal(marc_reader_new_bytes(&reader, TEXT("dear all"), "letter.txt", &options, NULL), RECTO_OK);
    assert_int_equal(marc_reader_next(reader, record, &error), RECTO_EDATA);
    assert_string_equal(error.where, "letter.txt");
    assert_int_equal(marc_reader_next(reader, record, &error), RECTO_END);
    marc_reader_free(reader);
    marc_record_free(record);
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
        cmocka_unit_test(each_form__is_read_and_written_as_it_stands),
        cmocka_unit_test(odd_fields__come_back_from_every_form_that_takes_them),
        cmocka_unit_test(bad_records__are_rejected_alone),
        cmocka_unit_test(xml_document__that_is_dangerous_or_broken_ends_with_a_reason),
        cmocka_unit_test(xml_in_an_encoding_it_does_not_keep__is_not_the_end_in_silence),
        cmocka_unit_test(xml_records__are_found_in_namespaces_and_envelopes),
        cmocka_unit_test(mnemonics__become_characters),
        cmocka_unit_test(mnemonics__are_written_when_asked_for),
        cmocka_unit_test(mrk_lines__may_be_wrapped_and_hold_remarks),
        cmocka_unit_test(lines__may_come_in_any_pieces_and_without_blank_lines),
        cmocka_unit_test(json__is_read_from_arrays_and_with_foreign_members),
        cmocka_unit_test(json__is_read_in_the_shapes_of_others),
        cmocka_unit_test(json_halves_of_surrogate_pairs__stand_as_the_replacement_character),
        cmocka_unit_test(single_byte_faults__never_do_worse_than_reject),
        cmocka_unit_test(formats__are_known_by_name_ending_and_bytes),
        cmocka_unit_test(unknown_bytes__are_refused_once),
        cmocka_unit_test(grid__names_the_delimiter_in_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
