/* tests/marc/iso2709_test.c - ISO 2709 read and written: sound records to the byte, limits, encodings, long records. */
#include "iso2709_testing.h"

static void sound_record__comes_back_to_the_byte(void **state)
{
    static const char *const records[] = { sound, MINIMAL, "00026nam a2200025 i 4500\x1E\x1D",
                                           "00039xxx!a!!00037zzz____"
                                           "9Z 000100000\x1E\x1E\x1D" };
    (void)state;
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        marc_record *record = parse(text_from(records[i]), MARC_FORMAT_ISO2709);
        char *back = written(record, MARC_FORMAT_ISO2709);
        assert_string_equal(back, records[i]);
        free(back);
        marc_record_free(record);
    }
}

/* Whatever the sizes of the pieces that come, the records are the same. */
static void source__may_give_any_number_of_bytes(void **state)
{
    (void)state;
    buffer file;
    buffer_init(&file, 0);
    for (int i = 0; i < 5; i++) {
        buffer_append_string(&file, sound);
        buffer_append_string(&file, "\n");
        buffer_append_string(&file, MINIMAL);
    }
    for (size_t step = 1; step < 300; step += 7) {
        trickle trickle = { .rest = buffer_text(&file), .step = step };
        marc_reader_options options = { .format = MARC_FORMAT_UNKNOWN };
        marc_reader *reader = NULL;
        marc_record *record = NULL;
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        assert_int_equal(marc_reader_new(&reader, trickle_read, &trickle, NULL, &options, NULL), RECTO_OK);
        for (size_t i = 0; i < 10; i++) {
            assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
            assert_int_equal(marc_record_count(record), i % 2 == 0 ? 3 : 1);
            assert_int_equal(marc_reader_raw(reader).length, i % 2 == 0 ? SOUND_LENGTH : 40);
        }
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_END);
        marc_reader_free(reader);
        marc_record_free(record);
    }
    buffer_release(&file);
}

static void record_over_the_limit__is_rejected_in_constant_memory(void **state)
{
    (void)state;
    buffer file;
    recto_error error = { 0 };
    marc_reader_options options = { .format = MARC_FORMAT_ISO2709, .record_limit = 1000 };
    marc_reader *reader = NULL;
    marc_record *record = NULL;
    buffer_init(&file, 0);
    for (int i = 0; i < 1000000; i++)
        buffer_append_char(&file, 'x');
    buffer_append_string(&file, "\x1D" MINIMAL);
    trickle trickle = { .rest = buffer_text(&file), .step = 4096 };
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    assert_int_equal(marc_reader_new(&reader, trickle_read, &trickle, "big", &options, NULL), RECTO_OK);
    assert_int_equal(marc_reader_next(reader, record, &error), RECTO_ELIMIT);
    assert_true(marc_reader_raw(reader).length < 10000);
    assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
    assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_END);
    marc_reader_free(reader);
    marc_record_free(record);
    buffer_release(&file);
}

static void too_long__is_refused_and_nothing_written(void **state)
{
    (void)state;
    static char value[99999];
    marc_writer_options options = { .format = MARC_FORMAT_ISO2709 };
    marc_record *record = NULL;
    recto_error error = { 0 };
    buffer out;
    buffer_init(&out, 0);
    buffer_append_string(&out, "before");
    memset(value, 'a', sizeof value);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    assert_int_equal(marc_record_append(record, "500", text_of(value, 9998), NULL), RECTO_OK);
    assert_int_equal(marc_write_record(&out, record, &options, &error), RECTO_OK);
    assert_int_equal(marc_record_append(record, "501", text_of(value, 9999), NULL), RECTO_OK);
    size_t before = out.length;
    assert_int_equal(marc_write_record(&out, record, &options, &error), RECTO_ELIMIT);
    assert_int_equal(out.length, before);
    marc_record_remove(record, 1);
    for (int i = 0; i < 9; i++)
        assert_int_equal(marc_record_append(record, "502", text_of(value, 9990), NULL), RECTO_OK);
    assert_int_equal(marc_write_record(&out, record, &options, &error), RECTO_ELIMIT);
    assert_int_equal(out.length, before);
    marc_record_free(record);
    buffer_release(&out);
}

static void record_terminator_in_data__is_refused(void **state)
{
    (void)state;
    marc_writer_options options = { .format = MARC_FORMAT_ISO2709 };
    marc_record *record = NULL;
    buffer out;
    buffer_init(&out, 0);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    assert_int_equal(marc_record_append(record, "500",
                                        TEXT("  \x1F"
                                             "aone\x1Dtwo"),
                                        NULL),
                     RECTO_OK);
    assert_int_equal(marc_write_record(&out, record, &options, NULL), RECTO_EDATA);
    assert_int_equal(out.length, 0);
    marc_record_free(record);
    buffer_release(&out);
}

/* Over 10,000 fields (RL-102): refused, and not slowly, however the directory lies (RL-120). */
static void too_many_fields__are_refused_in_linear_time(void **state)
{
    (void)state;
    enum { FIELDS = 8300, MANY = 300000 };
    for (int kind = 0; kind < 2; kind++) {
        size_t fields = kind == 0 ? FIELDS : MANY;
        buffer bytes;
        marc_reader_options options = { 0 };
        marc_record *record = NULL;
        recto_error error = { 0 };
        buffer_init(&bytes, 0);
        buffer_append_string(&bytes, "99999nam a2299999 i 4500");
        for (size_t i = fields; i > 0; i--) /* backwards, and wrong above 99,999 */
            buffer_append_format(&bytes, "500%04d%05zu", 1, (i - 1) % 100000);
        buffer_append_char(&bytes, MARC_FIELD_TERMINATOR);
        for (size_t i = 0; i < fields; i++)
            buffer_append_char(&bytes, MARC_FIELD_TERMINATOR);
        buffer_append_char(&bytes, MARC_RECORD_TERMINATOR);
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        marc_reader *reader = open_bytes(buffer_text(&bytes), &options);
        recto_status status = marc_reader_next(reader, record, &error);
        assert_int_equal(status, kind == 0 ? RECTO_OK : RECTO_ELIMIT);
        assert_int_equal(marc_record_count(record), kind == 0 ? FIELDS : 0);
        assert_int_equal(marc_reader_next(reader, record, &error), RECTO_END);
        marc_reader_free(reader);
        marc_record_free(record);
        buffer_release(&bytes);
    }
}

/* Encodings (SR-50): leader/09, the bytes, and what is said of them. */
static void encoding__is_decided_by_leader_and_bytes(void **state)
{
    static const struct {
        const char *name;
        char leader_09;
        const char *value, *want, *code;
    } cases[] = {
        { "UTF-8 as flagged", 'a', "\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9", NULL },
        { "UTF-8 without the flag", ' ', "\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9", "utf8-unflagged" },
        { "MARC-8 as flagged", ' ',
          "\xE2"
          "et\xE2"
          "e",
          "e\xCC\x81te\xCC\x81", NULL },
        { "MARC-8 under the flag of UTF-8", 'a',
          "\xE2"
          "et\xE2"
          "e",
          "e\xCC\x81te\xCC\x81", "marc8-under-utf8" },
        { "Latin-1 under the flag of UTF-8", 'a', "pr\xE8s du caf\xE9, \xE0 c\xF4t\xE9.",
          "pr\xC3\xA8s du caf\xC3\xA9, \xC3\xA0 c\xC3\xB4t\xC3\xA9.", "latin1-under-utf8" },
        { "one bad byte in UTF-8", 'a', "\xC3\xA9 \xE9. \xC3\xA9", "\xC3\xA9 \xEF\xBF\xBD. \xC3\xA9", "not-utf8" },
        { "a code that MARC-8 lacks", ' ',
          "a\xFF"
          "b",
          "a\xEF\xBF\xBD"
          "b",
          "marc8-loss" },
        { "an escape that is none", 'a', "a\x1B[2Jb", "a\x1B[2Jb", NULL },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_record *record = NULL;
        marc_writer_options writer = { .format = MARC_FORMAT_ISO2709, .keep_bytes = true };
        heard heard = { 0 };
        marc_reader_options options = { .report = hear, .report_context = &heard };
        buffer bytes;
        char leader[] = "00000nam a2200000 i 4500";
        leader[9] = cases[i].leader_09;
        buffer_init(&bytes, 0);
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        marc_record_set_leader(record, leader);
        assert_int_equal(marc_record_append(record, "001", text_from(cases[i].value), NULL), RECTO_OK);
        assert_int_equal(marc_write_record(&bytes, record, &writer, NULL), RECTO_OK);
        marc_reader *reader = open_bytes(buffer_text(&bytes), &options);
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
        assert_true(marc_record_leader(record)[9] == 'a');
        if (!text_equal(marc_record_control(record, "001"), text_from(cases[i].want)))
            fail_msg("%s: \"%.*s\"", cases[i].name, (int)marc_record_control(record, "001").length,
                     marc_record_control(record, "001").bytes);
        if (cases[i].code == NULL ? heard.count > 0 : !was_heard(&heard, cases[i].code))
            fail_msg("%s: heard %s", cases[i].name, heard.count > 0 ? heard.codes[0] : "nothing");
        marc_reader_free(reader);
        options = (marc_reader_options){ .keep_bytes = true };
        reader = open_bytes(buffer_text(&bytes), &options);
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
        char *back = written(record, MARC_FORMAT_ISO2709);
        assert_memory_equal(back, bytes.bytes, bytes.length);
        free(back);
        marc_reader_free(reader);
        marc_record_free(record);
        buffer_release(&bytes);
    }
}

static void marc8__is_written_with_a_blank_flag_or_refused(void **state)
{
    (void)state;
    marc_record *record = from_lines("LDR 00000nam\\a2200000\\i\\4500\n245 10 $ae\xCC\x81t\xC3\xA9$b\xD7\xA9\n");
    marc_writer_options options = { .format = MARC_FORMAT_ISO2709, .encoding = MARC_ENCODING_MARC8 };
    buffer out;
    buffer_init(&out, 0);
    assert_int_equal(marc_write_record(&out, record, &options, NULL), RECTO_OK);
    assert_int_equal(out.bytes[9], ' ');
    assert_non_null(memmem(out.bytes, out.length,
                           "10\x1F"
                           "a\xE2"
                           "et\xE2"
                           "e\x1F"
                           "b\x1B(2",
                           14));
    buffer_clear(&out);
    assert_int_equal(marc_record_append(record, "500",
                                        TEXT("  \x1F"
                                             "a\xF0\x9F\x98\x80"),
                                        NULL),
                     RECTO_OK);
    assert_int_equal(marc_write_record(&out, record, &options, NULL), RECTO_EDATA);
    assert_int_equal(out.length, 0);
    options.lossy_references = true;
    assert_int_equal(marc_write_record(&out, record, &options, NULL), RECTO_OK);
    assert_non_null(memmem(out.bytes, out.length, "&#x1F600;", 9));
    marc_record_free(record);
    buffer_release(&out);
}

/* Written with nines by option, and read back whole. */
static void long_records__are_written_by_option_and_come_back(void **state)
{
    static char value[70000];
    marc_writer_options options = { .format = MARC_FORMAT_ISO2709, .long_records = true };
    marc_record *record = NULL;
    marc_record *back = NULL;
    buffer out;
    (void)state;
    memset(value, 'a', sizeof value);
    memcpy(value, "  \x1F", 3);
    buffer_init(&out, 0);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    marc_record_set_leader(record, "99999nam a2200073 i 4500");
    assert_int_equal(marc_record_append(record, "001", TEXT("1"), NULL), RECTO_OK);
    assert_int_equal(marc_record_append(record, "500", text_of(value, sizeof value), NULL), RECTO_OK);
    assert_int_equal(marc_record_append(record, "501", text_of(value, sizeof value - 1), NULL), RECTO_OK);
    assert_int_equal(marc_record_append(record, "502", text_of(value, 20), NULL), RECTO_OK);
    assert_int_equal(marc_write_record(&out, record, &options, NULL), RECTO_OK);
    assert_memory_equal(out.bytes, "99999nam a2200073 i 4500001000200000500999900002501999970003502002199999\x1E", 73);
    assert_int_equal(marc_record_parse(&back, buffer_text(&out), MARC_FORMAT_ISO2709, NULL), RECTO_OK);
    assert_true(marc_record_equal(record, back));
    marc_record_free(record);
    marc_record_free(back);
    buffer_release(&out);
}

/* Lent fields are the reader's bytes until they are changed. */
static void lent_fields__are_never_written_to(void **state)
{
    char bytes[SOUND_LENGTH];
    marc_reader_options options = { .lend = true };
    marc_record *record = NULL;
    (void)state;
    memcpy(bytes, sound, SOUND_LENGTH);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    marc_reader *reader = open_bytes(text_of(bytes, SOUND_LENGTH), &options);
    assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
    assert_ptr_equal(marc_record_field(record, 0)->content.bytes, bytes + DATA);
    assert_int_equal(marc_record_replace(record, 0, "001", TEXT("x"), NULL), RECTO_OK);
    assert_int_equal(marc_record_append(record, "500",
                                        TEXT("  \x1F"
                                             "anote"),
                                        NULL),
                     RECTO_OK);
    assert_memory_equal(bytes, sound, SOUND_LENGTH);
    check_line(record, 0, "001 x");
    check_line(record, 3, "500 \\\\ $anote");
    char *xml = written(record, MARC_FORMAT_MARCXML);
    assert_non_null(strstr(xml, "<subfield code=\"a\">12 pages</subfield>"));
    free(xml);
    marc_reader_free(reader);
    marc_record_free(record);
}

/* MARC-8 lacks these: told with counts before anything is written, or written as was asked for; and read again. */
static void what_marc8_lacks__is_counted_and_refused_or_written_as_asked(void **state)
{
    marc_record *record = parse(TEXT("00000nam a2200000 i 4500\x1E\x1D"), MARC_FORMAT_ISO2709);
    marc_record *back = NULL;
    marc_reader *reader = NULL;
    recto_error error = { 0 };
    buffer out;
    (void)state;
    buffer_init(&out, 0);
    assert_int_equal(marc_record_append(record, "500",
                                        TEXT("  \x1F"
                                             "a\xE2\x98\x83 and \xF0\x9F\x98\x80"),
                                        NULL),
                     RECTO_OK);
    assert_int_equal(marc_record_append(record, "501",
                                        TEXT("  \x1F"
                                             "a\xE2\x98\x83\xC3\xA9"),
                                        NULL),
                     RECTO_OK);
    marc_writer_options options = { .format = MARC_FORMAT_ISO2709, .encoding = MARC_ENCODING_MARC8 };
    assert_int_equal(marc_write_record(&out, record, &options, &error), RECTO_EDATA);
    assert_string_equal(error.what, "3 characters that MARC-8 lacks, the first U+2603 in 500");
    assert_int_equal(out.length, 0);
    options.lossy = true;
    assert_int_equal(marc_write_record(&out, record, &options, NULL), RECTO_OK);
    assert_non_null(memmem(out.bytes, out.length, "a? and ?\x1E", 9));
    buffer_clear(&out);
    options.lossy = false;
    options.lossy_references = true;
    assert_int_equal(marc_write_record(&out, record, &options, NULL), RECTO_OK);
    assert_non_null(memmem(out.bytes, out.length, "a&#x2603; and &#x1F600;\x1E", 24));
    marc_reader_options reading = { .references = true };
    reader = open_bytes(buffer_text(&out), &reading);
    assert_int_equal(marc_record_new(&back, NULL), RECTO_OK);
    assert_int_equal(marc_reader_next(reader, back, NULL), RECTO_OK);
    check_line(back, 0, "500 \\\\ $a\xE2\x98\x83 and \xF0\x9F\x98\x80");
    check_line(back, 1,
               "501 \\\\ $a\xE2\x98\x83"
               "e\xCC\x81");
    marc_reader_free(reader);
    marc_record_free(record);
    marc_record_free(back);
    buffer_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_record__comes_back_to_the_byte),
        cmocka_unit_test(source__may_give_any_number_of_bytes),
        cmocka_unit_test(record_over_the_limit__is_rejected_in_constant_memory),
        cmocka_unit_test(too_long__is_refused_and_nothing_written),
        cmocka_unit_test(record_terminator_in_data__is_refused),
        cmocka_unit_test(too_many_fields__are_refused_in_linear_time),
        cmocka_unit_test(encoding__is_decided_by_leader_and_bytes),
        cmocka_unit_test(marc8__is_written_with_a_blank_flag_or_refused),
        cmocka_unit_test(long_records__are_written_by_option_and_come_back),
        cmocka_unit_test(lent_fields__are_never_written_to),
        cmocka_unit_test(what_marc8_lacks__is_counted_and_refused_or_written_as_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
