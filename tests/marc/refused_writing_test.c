/* tests/marc/refused_writing_test.c - what cannot be written is refused in words, before anything is written. */
#include "marc_testing.h"

#include "recto/marc/formats.h"

static marc_record *record_with(const char *tag, const char *line)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    assert_int_equal(marc_record_new(&record, &error), RECTO_OK);
    assert_int_equal(marc_record_append_line(record, tag, "  ", line, &error), RECTO_OK);
    return record;
}

static void refused(marc_record *record, const marc_writer_options *options, recto_status status, const char *words)
{
    recto_error error = { .status = RECTO_OK };
    buffer out;
    buffer_init(&out, 0);
    const recto_status got = marc_write_record(&out, record, options, &error);
    if (got != status || strstr(error.what, words) == NULL)
        fail_msg("status %d and not %d: %s", (int)got, (int)status, error.what);
    assert_int_equal(out.length, 0);
    buffer_release(&out);
    marc_record_free(record);
}

static void a_format__is_needed(void **state)
{
    (void)state;
    refused(record_with("500", "$aNote"), &(marc_writer_options){ .format = MARC_FORMAT_UNKNOWN }, RECTO_EUSAGE, "no format");
    refused(record_with("500", "$aNote"), &(marc_writer_options){ .format = (marc_format)99 }, RECTO_EUSAGE, "no format");
    refused(record_with("500", "$aNote"),
            &(marc_writer_options){ .format = MARC_FORMAT_MARCXML, .encoding = MARC_ENCODING_MARC8 }, RECTO_EUSAGE, "MARC-8");
    refused(record_with("500", "$aNote"),
            &(marc_writer_options){ .format = MARC_FORMAT_ISO2709, .encoding = MARC_ENCODING_LATIN1 }, RECTO_EUSAGE, "Latin-1");
    assert_string_equal(marc_format_name((marc_format)99), "unknown");
}

static void a_terminator__cannot_stand_in_the_leader(void **state)
{
    static const char signs[] = { 0x1D, 0x1E };
    (void)state;
    for (size_t i = 0; i < sizeof signs; i++) {
        marc_record *record = record_with("500", "$aNote");
        char leader[MARC_LEADER_LENGTH + 1];
        memcpy(leader, marc_record_leader(record), sizeof leader);
        leader[7] = signs[i];
        marc_record_set_leader(record, leader);
        refused(record, &(marc_writer_options){ .format = MARC_FORMAT_ISO2709 }, RECTO_EDATA, "leader");
    }
}

static void bytes_that_are_no_text__are_not_guessed(void **state)
{
    (void)state;
    refused(record_with("500", "$aNote \xFF"),
            &(marc_writer_options){ .format = MARC_FORMAT_ISO2709, .encoding = MARC_ENCODING_MARC8 }, RECTO_EDATA, "UTF-8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_format__is_needed),
        cmocka_unit_test(a_terminator__cannot_stand_in_the_leader),
        cmocka_unit_test(bytes_that_are_no_text__are_not_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
