/* tests/marc/long_records_test.c - records over 99,999 bytes: read however their lengths were written, refused or written by
 * the convention that formats.h names. */
#include "marc_testing.h"

enum { FIELDS = 15, FIELD_BYTES = 12000, LIMIT = 100000 };

typedef struct convention {
    const char *name;
    int overflow; /* what stands in a column that is too narrow: '9', '0', or the last digits */
} convention;

static const convention conventions[] = { { "nines, as MARC4J", '9' }, { "zeros, as ruby-marc", '0' }, { "the last digits", 0 } };

static void put_number(buffer *out, size_t number, int digits, int overflow)
{
    size_t most = digits == 4 ? 9999 : 99999;
    char text[8];
    if (number > most)
        number = overflow == '9' ? most : overflow == '0' ? 0 : number % (most + 1);
    snprintf(text, sizeof text, "%0*zu", digits, number);
    buffer_append_string(out, text);
}

/* A record of 001 and FIELDS notes, its numbers as that convention has them. */
static void append_long_record(buffer *out, size_t field_bytes, int overflow)
{
    buffer directory, data;
    buffer_init(&directory, 0);
    buffer_init(&data, 0);
    for (size_t i = 0; i <= FIELDS; i++) {
        size_t start = data.length;
        buffer_append_string(&data, i == 0 ? "long"
                                           : "  \x1F"
                                             "a");
        for (size_t j = 0; i > 0 && j < field_bytes; j++)
            buffer_append_char(&data, (char)('a' + (i + j) % 26));
        buffer_append_char(&data, MARC_FIELD_TERMINATOR);
        buffer_append_string(&directory, i == 0 ? "001" : "500");
        put_number(&directory, data.length - start, 4, overflow);
        put_number(&directory, start, 5, overflow);
    }
    size_t base = MARC_LEADER_LENGTH + directory.length + 1;
    put_number(out, base + data.length + 1, 5, overflow);
    buffer_append_string(out, "nam a22");
    put_number(out, base, 5, overflow);
    buffer_append_string(out, " a 4500");
    buffer_append_text(out, buffer_text(&directory));
    buffer_append_char(out, MARC_FIELD_TERMINATOR);
    buffer_append_text(out, buffer_text(&data));
    buffer_append_char(out, MARC_RECORD_TERMINATOR);
    buffer_release(&directory);
    buffer_release(&data);
}

static marc_record *read_whole(const buffer *bytes, const char *name)
{
    marc_record *record = NULL;
    recto_error error = { 0 };
    if (marc_record_parse(&record, buffer_text(bytes), MARC_FORMAT_ISO2709, &error) != RECTO_OK)
        fail_msg("%s: %s", name, error.what);
    assert_int_equal(marc_record_count(record), FIELDS + 1);
    return record;
}

static void long_records__are_read_whole_whatever_stands_for_their_lengths(void **state)
{
    (void)state;
    static const size_t field_bytes[] = { FIELD_BYTES, 9000 }; /* fields too long; only their places too far */
    for (size_t i = 0; i < sizeof conventions / sizeof *conventions; i++) {
        for (size_t j = 0; j < sizeof field_bytes / sizeof *field_bytes; j++) {
            buffer bytes;
            buffer_init(&bytes, 0);
            append_long_record(&bytes, field_bytes[j], conventions[i].overflow);
            marc_record *record = read_whole(&bytes, conventions[i].name);
            for (size_t k = 1; k <= FIELDS; k++) {
                text content = marc_record_field(record, k)->content;
                assert_int_equal(content.length, field_bytes[j] + 4);
                assert_int_equal(content.bytes[4], 'a' + k % 26);
            }
            marc_record_free(record);
            buffer_release(&bytes);
        }
    }
}

static void long_records__are_refused_or_written_with_nines(void **state)
{
    (void)state;
    buffer bytes, out;
    recto_error error = { 0 };
    marc_writer_options options = { .format = MARC_FORMAT_ISO2709 };
    buffer_init(&bytes, 0);
    buffer_init(&out, 0);
    append_long_record(&bytes, FIELD_BYTES, '9');
    assert_true(bytes.length > LIMIT);
    marc_record *record = read_whole(&bytes, "nines");
    assert_int_equal(marc_write_record(&out, record, &options, &error), RECTO_ELIMIT);
    assert_int_equal(out.length, 0);
    options.long_records = true;
    assert_int_equal(marc_write_record(&out, record, &options, &error), RECTO_OK);
    assert_true(text_equal(buffer_text(&out), buffer_text(&bytes)));
    marc_record_free(record);
    buffer_release(&bytes);
    buffer_release(&out);
}

static void long_records__are_whole_in_every_other_format(void **state)
{
    (void)state;
    static const marc_format formats[] = { MARC_FORMAT_MARCXML, MARC_FORMAT_MRK, MARC_FORMAT_JSON, MARC_FORMAT_LINE };
    buffer bytes;
    buffer_init(&bytes, 0);
    append_long_record(&bytes, FIELD_BYTES, '9');
    marc_record *record = read_whole(&bytes, "nines");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        marc_writer_options options = { .format = formats[i] };
        marc_record *back = NULL;
        buffer out;
        buffer_init(&out, 0);
        assert_int_equal(marc_write_begin(&out, &options, NULL), RECTO_OK);
        assert_int_equal(marc_write_record(&out, record, &options, NULL), RECTO_OK);
        assert_int_equal(marc_write_end(&out, &options, NULL), RECTO_OK);
        assert_int_equal(marc_record_parse(&back, buffer_text(&out), formats[i], NULL), RECTO_OK);
        assert_true(marc_record_equal(record, back));
        marc_record_free(back);
        buffer_release(&out);
    }
    marc_record_free(record);
    buffer_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_records__are_read_whole_whatever_stands_for_their_lengths),
        cmocka_unit_test(long_records__are_refused_or_written_with_nines),
        cmocka_unit_test(long_records__are_whole_in_every_other_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
