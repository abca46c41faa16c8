/* tests/marc/marcxml_test.c - MARCXML: documents that are dangerous, broken or odd, and where records are found in them. */
#include "marc_testing.h"

#include <unistd.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xml_document__that_is_dangerous_or_broken_ends_with_a_reason),
        cmocka_unit_test(xml_in_an_encoding_it_does_not_keep__is_not_the_end_in_silence),
        cmocka_unit_test(xml_records__are_found_in_namespaces_and_envelopes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
