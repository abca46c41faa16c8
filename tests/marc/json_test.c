/* tests/marc/json_test.c - MARC-in-JSON in the shapes that others give it. */
#include "marc_testing.h"

/* A reader of JSON, the record it reads into, and what went wrong. */
typedef struct reading {
    marc_reader *reader;
    marc_record *record;
    recto_error error;
    heard heard;
    trickle from;
} reading;

/* @param step  so many bytes come at once; 0: all */
static void reading_open(reading *out, text content, size_t step, size_t limit)
{
    *out = (struct reading){ .from = { .rest = content, .step = step > 0 ? step : content.length } };
    const marc_reader_options options = {
        .format = MARC_FORMAT_JSON, .record_limit = limit, .report = hear, .report_context = &out->heard
    };
    assert_int_equal(marc_record_new(&out->record, NULL), RECTO_OK);
    assert_int_equal(marc_reader_new(&out->reader, trickle_read, &out->from, "x", &options, NULL), RECTO_OK);
}

static recto_status reading_next(reading *reading)
{
    return marc_reader_next(reading->reader, reading->record, &reading->error);
}

static text reading_number(const reading *reading)
{
    return marc_record_control(reading->record, "001");
}

static void reading_close(reading *reading)
{
    marc_reader_free(reading->reader);
    marc_record_free(reading->record);
}

static void json__is_read_from_arrays_and_with_foreign_members(void **state)
{
    (void)state;
    static const char file[] =
        "[ {\"x\":[1,{\"y\":\"]}\"}],\"leader\":\"00000nam a2200000 i "
        "4500\",\"fields\":[{\"001\":\"\\u00e9\\ud83d\\ude00\\/\"}]},\n"
        "{\"fields\":[{\"245\":{\"subfields\":[{\"a\":\"A\"}],\"ind2\":\"4\",\"z\":null}}],\"n\":-1.5e3} ]";
    for (size_t step = 1; step < 300; step += 11) {
        reading reading;
        reading_open(&reading, text_of(file, sizeof file - 1), step, 0);
        assert_int_equal(reading_next(&reading), RECTO_OK);
        assert_true(text_equal(reading_number(&reading), TEXT("\xC3\xA9\xF0\x9F\x98\x80/")));
        assert_int_equal(reading_next(&reading), RECTO_OK);
        check_line(reading.record, 0, "245 \\4 $aA");
        assert_int_equal(reading_next(&reading), RECTO_END);
        reading_close(&reading);
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
        reading reading;
        reading_open(&reading, text_from(cases[i].text), 0, 0);
        if (reading_next(&reading) != RECTO_OK)
            fail_msg("case %zu: %s: %s", i, reading.error.where, reading.error.what);
        assert_int_equal(marc_record_count(reading.record), 2);
        check_line(reading.record, 0, "001 1");
        check_line(reading.record, 1, "245 10 $aA$bB$bC");
        if (cases[i].oddity == NULL ? reading.heard.count > 0 : !was_heard(&reading.heard, cases[i].oddity))
            fail_msg("case %zu: %zu oddities", i, reading.heard.count);
        reading_close(&reading);
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
        reading reading;
        buffer file;
        buffer_init(&file, 0);
        buffer_append_format(&file, "{\"fields\":[{\"001\":\"%s\"}]}", cases[i].value);
        reading_open(&reading, buffer_text(&file), 0, 0);
        assert_int_equal(reading_next(&reading), RECTO_OK);
        if (!text_equal(reading_number(&reading), text_from(cases[i].want)))
            fail_msg("case %zu is read otherwise", i);
        assert_int_equal(was_heard(&reading.heard, "surrogate-lone"), i > 0);
        reading_close(&reading);
        buffer_release(&file);
    }
}

/* What is wrong is said in words, and the record behind it is read. */
static void json_that_is_no_record__is_rejected_alone(void **state)
{
    static const struct {
        const char *faulty, *words;
    } cases[] = {
        { "{\"fields\":[{\"245\":{\"subfields\":[{\"ab\":\"A\"}]}}]}", "a subfield code is one character" },
        { "{\"fields\":[{\"245\":{\"ind1\":\"10\",\"subfields\":[{\"a\":\"A\"}]}}]}", "an indicator is one character" },
        { "{\"datafield\":[{\"tag\":\"245\",\"ind\":\"104\",\"subfield\":[]}]}", "an indicator is one character" },
        { "{\"fields\":[{\"24\":\"A\"}]}", "a tag has three letters or digits" },
        { "{\"fields\":[{\"LDR\":\"A\"}]}", "a tag has three letters or digits" },
        { "{\"datafield\":[{\"ind\":\"10\",\"subfield\":[{\"code\":\"a\",\"data\":\"A\"}]}]}", "a field without a tag" },
        { "{\"fields\":[{\"001\":{\"subfields\":[]}}]}", "a control field has no subfields" },
        { "{\"fields\":[{\"245\":\"A\"}]}", "a data field is an object" },
        { "{\"fields\":[{\"001\":\"\\u00g1\"}]}", "four hexadecimal digits" },
        { "{\"fields\":[{\"001\":\"\\ud83d\\u00g1\"}]}", "four hexadecimal digits" },
        { "{\"fields\":[{\"001\":\"\\x\"}]}", "an escape that JSON does not have" },
        { "{\"fields\":[{\"001\":\"a\tb\"}]}", "a control byte in a string" },
        { "{\"fields\":[{\"001\":maybe}]}", "a string is expected" },
        { "{\"fields\":[{\"001\":-1\x01}]}", "a string is expected" },
        { "{\"datafield\":[{\"tag\":\"245\",\"subfield\":[{\"code\":\"a\",\"data\":maybe}]}]}", "a string is expected" },
        { "{\"controlfield\":[{\"tag\":\"001\",\"data\":maybe}]}", "a string is expected" },
        { "{\"x\":,\"fields\":[]}", "a value is expected" },
        { "{\"x\":\"A\",\"y\":[1,2]}", "no leader and no fields" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        reading reading;
        buffer file;
        buffer_init(&file, 0);
        buffer_append_format(&file, "%s\n{\"fields\":[{\"001\":\"sound\"}]}\n", cases[i].faulty);
        reading_open(&reading, buffer_text(&file), 0, 0);
        if (reading_next(&reading) != RECTO_EDATA || strstr(reading.error.what, cases[i].words) == NULL)
            fail_msg("%s: %s", cases[i].faulty, reading.error.what);
        assert_int_equal(reading_next(&reading), RECTO_OK);
        assert_true(text_equal(reading_number(&reading), TEXT("sound")));
        reading_close(&reading);
        buffer_release(&file);
    }
}

/* An object over the limit is passed, however it comes, and what stands behind it is read. */
static void json_over_the_limit__is_passed(void **state)
{
    (void)state;
    for (size_t step = 1; step < 400; step += 57) {
        reading reading;
        buffer file;
        buffer_init(&file, 0);
        buffer_append_format(&file, "{\"fields\":[{\"001\":\"%0300d\"}]}\n{\"fields\":[{\"001\":\"sound\"}]}\n", 1);
        reading_open(&reading, buffer_text(&file), step, 100);
        assert_int_equal(reading_next(&reading), RECTO_ELIMIT);
        assert_int_equal(reading_next(&reading), RECTO_OK);
        assert_true(text_equal(reading_number(&reading), TEXT("sound")));
        assert_int_equal(reading_next(&reading), RECTO_END);
        reading_close(&reading);
        buffer_release(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json__is_read_from_arrays_and_with_foreign_members),
        cmocka_unit_test(json__is_read_in_the_shapes_of_others),
        cmocka_unit_test(json_halves_of_surrogate_pairs__stand_as_the_replacement_character),
        cmocka_unit_test(json_that_is_no_record__is_rejected_alone),
        cmocka_unit_test(json_over_the_limit__is_passed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
