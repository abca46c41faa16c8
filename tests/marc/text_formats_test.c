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

/* Once, and not for each thing in them that looks like a terminator: with that, packed records are full. */
static void foreign_bytes__are_refused_once(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *what;
        marc_format format;
    } cases[] = {
        { "dear all", "these bytes are in no record format we know", MARC_FORMAT_UNKNOWN },
        { "\x1F\x8B\x08\x1D\x1E\x1F\x1D", "this is packed (gzip)", MARC_FORMAT_UNKNOWN },
        { "\x1F\x8B\x08\x1D\x1E\x1F\x1D", "this is packed (gzip)", MARC_FORMAT_ISO2709 },
        { "PK\x03\x04\x1D\x1E\x1F\x1D", "this is packed (zip)", MARC_FORMAT_MARCXML },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t step = 0; step < 3; step++) {
            trickle trickle = { .rest = text_from(cases[i].bytes), .step = step };
            marc_reader_options options = { .format = cases[i].format };
            marc_reader *reader = NULL;
            marc_record *record = NULL;
            recto_error error = { 0 };
            assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
            if (step > 0)
                assert_int_equal(marc_reader_new(&reader, trickle_read, &trickle, "letter.txt", &options, NULL), RECTO_OK);
            else
                assert_int_equal(marc_reader_new_bytes(&reader, trickle.rest, "letter.txt", &options, NULL), RECTO_OK);
            assert_int_equal(marc_reader_next(reader, record, &error), RECTO_EDATA);
            assert_string_equal(error.where, "letter.txt");
            assert_string_equal(error.what, cases[i].what);
            assert_int_equal(marc_reader_next(reader, record, &error), RECTO_END);
            marc_reader_free(reader);
            marc_record_free(record);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form__is_read_and_written_as_it_stands),
        cmocka_unit_test(odd_fields__come_back_from_every_form_that_takes_them),
        cmocka_unit_test(bad_records__are_rejected_alone),
        cmocka_unit_test(single_byte_faults__never_do_worse_than_reject),
        cmocka_unit_test(formats__are_known_by_name_ending_and_bytes),
        cmocka_unit_test(foreign_bytes__are_refused_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
