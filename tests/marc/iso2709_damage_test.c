/* tests/marc/iso2709_damage_test.c - ISO 2709 that is damaged is read as far as it goes, and never farther (RL-130). */
#include "iso2709_testing.h"

static void damaged_record__is_kept_when_all_of_it_can_be_told_apart(void **state)
{
    static const struct {
        const char *name;
        size_t at;
        const char *with;
        const char *code;
    } cases[] = {
        { "length not digits", 0, "ABCDE", "length-wrong" },
        { "length too small", 0, "00056", "length-wrong" },
        { "length too big", 0, "00996", "length-wrong" },
        { "base address past the end", 12, "99999", "base-address-wrong" },
        { "base address in the directory", 12, "00049", "base-address-wrong" },
        { "letter in a length", DIRECTORY + 12 + 3, "00x6", "directory-wrong" },
        { "start past the end", DIRECTORY + 12 + 7, "99999", "directory-wrong" },
        { "two entries with one start", DIRECTORY + 12 + 7, "00000", "directory-wrong" },
        { "no length at all", DIRECTORY + 12 + 3, "0000", "directory-wrong" },
        { "entries out of order", DIRECTORY + 12, "300001300019245001500004", "directory-unsorted" },
        { "no terminator of a field in the middle", DATA + 3, " ", "field-terminator-missing" },
        { "no terminator of the last field", SOUND_LENGTH - 2, " ", "field-terminator-missing" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[SOUND_LENGTH];
        heard heard = { 0 };
        marc_reader_options options = { .report = hear, .report_context = &heard };
        marc_record *record = NULL;
        memcpy(bytes, sound, SOUND_LENGTH);
        memcpy(bytes + cases[i].at, cases[i].with, strlen(cases[i].with));
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        marc_reader *reader = open_bytes(text_of(bytes, SOUND_LENGTH), &options);
        if (marc_reader_next(reader, record, NULL) != RECTO_OK || !was_heard(&heard, cases[i].code))
            fail_msg("%s: %s", cases[i].name, heard.count > 0 ? heard.codes[0] : "nothing heard");
        assert_int_equal(marc_record_count(record), 3);
        bool swapped = strcmp(cases[i].code, "directory-unsorted") == 0;
        check_line(record, swapped ? 2 : 1, "245 10 $aTitle /$cB");
        assert_int_equal(heard.numbers[0], 1);
        marc_reader_free(reader);
        marc_record_free(record);
    }
}

static void hopeless_record__is_rejected_and_the_next_one_read(void **state)
{
    static const struct {
        const char *name, *bytes;
    } cases[] = {
        { "too short", "00012\x1D" },
        { "no directory end", "00060nam a2200049 i 4500 and so on without any terminator at all\x1D" },
        { "leader cut", "00060nam\x1E a2200049 i 4500 and so on without any other\x1D" },
        { "a byte of the directory lost", "00039nam a2200036 i 4500"
                                          "00100020000"
                                          "\x1E"
                                          "1\x1E\x1D" },
        { "more entries than fields", "00053nam a2200050 i 4500"
                                      "001000200000"
                                      "002000200002"
                                      "\x1E"
                                      "1\x1E\x1D" },
        { "more fields than entries", "00044nam a2200037 i 4500"
                                      "001009200000"
                                      "\x1E"
                                      "1\x1E"
                                      "2\x1E\x1D" },
        { "text", "this is no record, is it? It goes on for a while and then ends with this.\x1D" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer file;
        heard heard = { 0 };
        marc_reader_options options = { .report = hear, .report_context = &heard };
        marc_record *record = NULL;
        recto_error error = { 0 };
        buffer_init(&file, 0);
        buffer_append_string(&file, MINIMAL);
        buffer_append_string(&file, cases[i].bytes);
        buffer_append_string(&file, MINIMAL);
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        marc_reader *reader = open_bytes(buffer_text(&file), &options);
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
        if (marc_reader_next(reader, record, &error) != RECTO_EDATA)
            fail_msg("%s was not rejected", cases[i].name);
        assert_string_equal(error.where, "test: record 2, byte 40");
        assert_true(text_equal(marc_reader_raw(reader), text_from(cases[i].bytes)));
        assert_true(was_heard(&heard, "rejected"));
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
        assert_int_equal(marc_reader_number(reader), 3);
        assert_int_equal(marc_reader_offset(reader), 40 + strlen(cases[i].bytes));
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_END);
        marc_reader_free(reader);
        marc_record_free(record);
        buffer_release(&file);
    }
}

static void lost_record_terminator__does_not_swallow_the_next_record(void **state)
{
    (void)state;
    buffer file;
    marc_reader_options options = { 0 };
    marc_record *record = NULL;
    buffer_init(&file, 0);
    buffer_append(&file, sound, SOUND_LENGTH - 1);
    buffer_append_string(&file, sound);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    marc_reader *reader = open_bytes(buffer_text(&file), &options);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
        assert_int_equal(marc_record_count(record), 3);
    }
    assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_END);
    marc_reader_free(reader);
    marc_record_free(record);
    buffer_release(&file);
}

static void cut_off_record__is_rejected_not_halved(void **state)
{
    (void)state;
    for (size_t length = 1; length < SOUND_LENGTH; length++) {
        marc_reader_options options = { 0 };
        marc_record *record = NULL;
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        marc_reader *reader = open_bytes(text_of(sound, length), &options);
        recto_status status = marc_reader_next(reader, record, NULL);
        assert_int_equal(status, length == SOUND_LENGTH - 1 ? RECTO_OK : RECTO_EDATA); /* only the last byte says nothing */
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_END);
        marc_reader_free(reader);
        marc_record_free(record);
    }
}

static void filler_between_records__is_passed_over_and_reported(void **state)
{
    static const char file[] = "\xEF\xBB\xBF" MINIMAL "\r\n" MINIMAL "\x1A\x1A  " MINIMAL "\n\x1A";
    (void)state;
    heard heard = { 0 };
    marc_reader_options options = { .report = hear, .report_context = &heard };
    marc_record *record = NULL;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    marc_reader *reader = open_bytes(text_of(file, sizeof file - 1), &options);
    for (int i = 0; i < 3; i++)
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
    assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_END);
    assert_int_equal(marc_reader_number(reader), 3);
    assert_int_equal(marc_reader_position(reader), sizeof file - 1);
    assert_int_equal(heard.count, 4);
    assert_true(was_heard(&heard, "filler"));
    marc_reader_free(reader);
    marc_record_free(record);
}

/* Directories as programs wrote them that ran out of columns or counted characters. */
static void wide_and_counted_directories__are_read(void **state)
{
    (void)state;
    buffer bytes;
    heard heard = { 0 };
    marc_reader_options options = { .report = hear, .report_context = &heard };
    marc_record *record = NULL;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    buffer_init(&bytes, 0);
    buffer_append_string(&bytes, "00000nam a2200049 i 4500"
                                 "5001000300000"
                                 "501000210003"
                                 "\x1E");
    for (int i = 0; i < 10002; i++)
        buffer_append_char(&bytes, 'x');
    buffer_append_string(&bytes, "\x1Ey\x1E\x1D");
    buffer_append_string(&bytes, "00057nam a2200049 i 4500"
                                 "500000600000"
                                 "501000200006"
                                 "\x1E"
                                 "1 \x1F"
                                 "a\xC3\xA9\x1Ey\x1E\x1D");
    marc_reader *reader = open_bytes(buffer_text(&bytes), &options);
    assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
    assert_true(was_heard(&heard, "directory-wide"));
    assert_int_equal(marc_record_field(record, 0)->content.length, 10002);
    assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
    assert_true(was_heard(&heard, "directory-characters"));
    check_line(record, 0, "500 1\\ $a\xC3\xA9");
    marc_reader_free(reader);
    marc_record_free(record);
    buffer_release(&bytes);
}

/* Bytes of the directory lost or added: what can be told is kept, a tag that cannot is XXX and nothing else. */
static void damaged_directory__is_read_by_what_its_entries_must_say(void **state)
{
    static const struct {
        const char *name;
        size_t at;
        size_t lost;
        const char *added;
        const char *tags;
    } cases[] = {
        { "a digit of a length lost", DIRECTORY + 12 + 4, 1, "", "001 245 300" },
        { "a digit of a place lost", DIRECTORY + 12 + 9, 1, "", "001 245 300" },
        { "a digit added", DIRECTORY + 12 + 5, 0, "7", "001 245 300" },
        { "a letter added among the digits", DIRECTORY + 12 + 8, 0, "x", "001 245 300" },
        { "a digit of a tag lost", DIRECTORY + 12 + 1, 1, "", "001 XXX 300" },
        { "a digit of a tag added", DIRECTORY + 12 + 1, 0, "9", "001 XXX 300" },
        { "a digit of the last tag lost", DIRECTORY + 24 + 1, 1, "", "001 245 XXX" },
        { "a byte of the leader lost", 17, 1, "", "001 245 300" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer bytes;
        buffer tags;
        heard heard = { 0 };
        marc_reader_options options = { .report = hear, .report_context = &heard };
        marc_record *record = NULL;
        buffer_init(&bytes, 0);
        buffer_init(&tags, 0);
        buffer_append(&bytes, sound, cases[i].at);
        buffer_append_string(&bytes, cases[i].added);
        buffer_append(&bytes, sound + cases[i].at + cases[i].lost, SOUND_LENGTH - cases[i].at - cases[i].lost);
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        marc_reader *reader = open_bytes(buffer_text(&bytes), &options);
        if (marc_reader_next(reader, record, NULL) != RECTO_OK || !was_heard(&heard, "directory-damaged"))
            fail_msg("%s: %s", cases[i].name, heard.count > 0 ? heard.codes[0] : "nothing heard");
        for (size_t j = 0; j < marc_record_count(record); j++)
            buffer_append_format(&tags, "%s%s", j > 0 ? " " : "", marc_record_field(record, j)->tag);
        if (strcmp(buffer_string(&tags), cases[i].tags) != 0)
            fail_msg("%s: %s", cases[i].name, buffer_string(&tags));
        marc_reader_free(reader);
        marc_record_free(record);
        buffer_release(&bytes);
        buffer_release(&tags);
    }
}

/* Every byte of a record changed to every other one, lost, or doubled: whatever is made of it, a tag of a field is its own, or
 * differs in the byte that was changed, or is unknown; and the next record is read. */
static void one_byte_faults__never_move_a_tag_to_another_field(void **state)
{
    enum { CHANGED, LOST, DOUBLED, KINDS };
    (void)state;
    for (size_t at = 0; at < SOUND_LENGTH; at++)
        for (int kind = 0; kind < KINDS; kind++)
            for (int value = 0; value < (kind == CHANGED ? 256 : 1); value += 3) {
                buffer bytes;
                marc_reader_options options = { 0 };
                marc_record *record = NULL;
                size_t calls = 0;
                bool last = false;
                buffer_init(&bytes, 0);
                buffer_append(&bytes, sound, at + (kind == DOUBLED));
                if (kind == CHANGED)
                    buffer_append_char(&bytes, (char)value);
                buffer_append(&bytes, sound + at + (kind != DOUBLED), SOUND_LENGTH - at - (kind != DOUBLED));
                buffer_append_string(&bytes, MINIMAL);
                assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
                marc_reader *reader = open_bytes(buffer_text(&bytes), &options);
                for (recto_status status = RECTO_OK; status != RECTO_END; calls++) {
                    assert_true(calls < 5);
                    status = marc_reader_next(reader, record, NULL);
                    if (status == RECTO_OK)
                        last = marc_record_count(record) == 1 && marc_record_control(record, "001").length == 1;
                    for (size_t i = 0; status == RECTO_OK && marc_record_count(record) == 3 && i < 3; i++) {
                        static const char *const tags[] = { "001", "245", "300" };
                        const char *tag = marc_record_field(record, i)->tag;
                        size_t differ = 0;
                        for (size_t j = 0; j < 3; j++)
                            differ += tag[j] != tags[i][j];
                        if (differ > (kind == CHANGED) && strcmp(tag, "XXX") != 0)
                            fail_msg("byte %zu, kind %d, value %d: field %zu has the tag %s", at, kind, value, i, tag);
                    }
                }
                assert_true(last);
                marc_reader_free(reader);
                marc_record_free(record);
                buffer_release(&bytes);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_record__is_kept_when_all_of_it_can_be_told_apart),
        cmocka_unit_test(hopeless_record__is_rejected_and_the_next_one_read),
        cmocka_unit_test(lost_record_terminator__does_not_swallow_the_next_record),
        cmocka_unit_test(cut_off_record__is_rejected_not_halved),
        cmocka_unit_test(filler_between_records__is_passed_over_and_reported),
        cmocka_unit_test(wide_and_counted_directories__are_read),
        cmocka_unit_test(damaged_directory__is_read_by_what_its_entries_must_say),
        cmocka_unit_test(one_byte_faults__never_move_a_tag_to_another_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
