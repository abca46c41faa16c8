/* tests/marc/any_to_any_test.c - from every format into every other: what one format gives back, the next one takes, and at the
 * end it is the record that it was at the beginning, or there was a clear refusal. Own samples, and records of all real files
 * where they are (every 29th; EVERY=1 takes all). */
#include "marc_testing.h"

#include "recto/base/utf8.h"
#include <ftw.h>
#include <unistd.h>

static const marc_format formats[] = { MARC_FORMAT_ISO2709, MARC_FORMAT_MARCXML, MARC_FORMAT_MRK, MARC_FORMAT_JSON,
                                       MARC_FORMAT_LINE };
enum { FORMATS = sizeof formats / sizeof *formats };

static size_t pairs_tried;
static size_t pairs_refused;

/* What every format can say of a record: lengths are made anew by ISO 2709, and a missing indicator is a blank elsewhere. */
static marc_record *as_given_back(const marc_record *record)
{
    marc_record *copy = NULL;
    char leader[MARC_LEADER_LENGTH];
    assert_int_equal(marc_record_new(&copy, NULL), RECTO_OK);
    memcpy(leader, marc_record_leader(record), sizeof leader);
    memset(leader, '0', 5);
    memset(leader + 12, '0', 5);
    marc_record_set_leader(copy, leader);
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);
        text rest = field->content;
        buffer content;
        buffer_init(&content, 0);
        for (int j = 0; j < 2 && !marc_tag_is_control(field->tag); j++) {
            int32_t code = 0;
            bool there = rest.length > 0 && rest.bytes[0] != MARC_SUBFIELD_DELIMITER;
            size_t length = there ? utf8_decode(rest.bytes, rest.length, &code) : 0;
            buffer_append(&content, there ? rest.bytes : " ", there ? length : 1);
            rest = text_of(rest.bytes + length, rest.length - length);
        }
        buffer_append_text(&content, rest);
        assert_int_equal(marc_record_append(copy, field->tag, buffer_text(&content), NULL), RECTO_OK);
        buffer_release(&content);
    }
    return copy;
}

/* @return NULL: refused, in words. */
static marc_record *through(const marc_record *record, marc_format format, bool mnemonics, const char *name)
{
    marc_writer_options options = { .format = format, .keep_bytes = true, .mnemonics = mnemonics };
    marc_reader_options reading = { .format = format, .keep_bytes = true };
    marc_record *back = NULL;
    marc_reader *reader = NULL;
    recto_error error = { 0 };
    buffer out;
    buffer_init(&out, 0);
    assert_int_equal(marc_write_begin(&out, &options, NULL), RECTO_OK);
    recto_status status = marc_write_record(&out, record, &options, &error);
    if (status == RECTO_OK) {
        assert_int_equal(marc_write_end(&out, &options, NULL), RECTO_OK);
        assert_int_equal(marc_record_new(&back, NULL), RECTO_OK);
        assert_int_equal(marc_reader_new_bytes(&reader, buffer_text(&out), name, &reading, NULL), RECTO_OK);
        status = marc_reader_next(reader, back, &error);
        if (status != RECTO_OK)
            fail_msg("%s: written as %s and not read: %s: %s", name, marc_format_name(format), error.where, error.what);
    } else if ((status != RECTO_EDATA && status != RECTO_ELIMIT) || error.what[0] == '\0' || error.todo[0] == '\0') {
        fail_msg("%s: refused as %s without saying what to do: %s", name, marc_format_name(format), error.what);
    }
    marc_reader_free(reader);
    buffer_release(&out);
    return back;
}

/* @return how many pairs of formats refused it. */
static size_t check_pairs(const marc_record *record, const char *name)
{
    size_t refused = 0;
    marc_record *wanted = as_given_back(record);
    for (size_t i = 0; i < FORMATS; i++) {
        marc_record *first = through(record, formats[i], false, name);
        for (size_t j = 0; j < FORMATS; j++) {
            marc_record *second = first != NULL ? through(first, formats[j], j % 2 == 0, name) : NULL;
            pairs_tried++;
            if (second == NULL) {
                refused++;
                continue;
            }
            marc_record *got = as_given_back(second);
            if (!marc_record_equal(wanted, got))
                fail_msg("%s: from %s to %s it becomes another record", name, marc_format_name(formats[i]),
                         marc_format_name(formats[j]));
            marc_record_free(got);
            marc_record_free(second);
        }
        marc_record_free(first);
    }
    marc_record_free(wanted);
    pairs_refused += refused;
    return refused;
}

static void own_records__go_from_every_format_to_every_other(void **state)
{
    static const struct {
        const char *name, *tag, *content;
        size_t formats_that_refuse;
    } cases[] = {
        { "plain", "245",
          "10\x1F"
          "aTitle /\x1F"
          "cA. B.",
          0 },
        { "scripts", "880",
          "1 \x1F"
          "6100-01/(2/r\x1F"
          "a\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D, \xE6\x9D\x8E e\xCC\x81 \xC3\xA9",
          0 },
        { "letters of every format", "500",
          "  \x1F"
          "a<x> & \"y\" 'z' {w} $5 [v] | # = ]]>",
          0 },
        { "a code of two bytes", "500", "  \x1F\xC3\xA9value", 0 },
        { "an indicator of two bytes", "500",
          "\xC3\xB8\xC3\xA5\x1F"
          "ax",
          0 },
        { "a code of four bytes", "500",
          "  \x1F\xF0\x9F\x98\x80"
          "a",
          0 },
        { "a code that is one raw byte", "500", "  \x1F\xE9value", 4 },
        { "an indicator that is one raw byte", "500",
          "\xE9 \x1F"
          "ax",
          4 },
        { "a blank for a code", "500", "  \x1F x", 0 },
        { "signs for codes", "500", "  \x1F$a\x1F{b\x1F\\c\x1F<d\x1F\"e", 0 },
        { "signs for indicators", "500",
          "<\"\x1F"
          "ax",
          0 },
        { "line ends and tabs", "500",
          "  \x1F"
          "aone\ntwo\r\nthree\tfour",
          1 },
        { "a control byte", "500",
          "  \x1F"
          "a\x1B[31m",
          2 },
        { "an escape sequence's letters", "500",
          "  \x1F"
          "a{esc}p0{esc}s {eacute}",
          0 },
        { "no subfields", "500", "12", 0 },
        { "no indicators", "500",
          "\x1F"
          "ax",
          0 },
        { "nothing at all", "500", "", 0 },
        { "an empty control field", "001", "", 0 },
        { "a tag of letters", "ABC",
          "  \x1F"
          "ax",
          0 },
        { "a terminator", "500",
          "  \x1F"
          "a\x1E",
          SIZE_MAX },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_record *record = NULL;
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        assert_int_equal(marc_record_append(record, cases[i].tag, text_from(cases[i].content), NULL), RECTO_OK);
        size_t refused = check_pairs(record, cases[i].name);
        size_t left = FORMATS - cases[i].formats_that_refuse;
        if (cases[i].formats_that_refuse != SIZE_MAX && refused != FORMATS * FORMATS - left * left)
            fail_msg("%s: %zu pairs refused it", cases[i].name, refused);
        marc_record_free(record);
    }
}

static void leader_of_any_bytes__survives_or_is_refused(void **state)
{
    static const struct {
        const char *leader;
        size_t formats_that_refuse;
    } cases[] = {
        { "00000nam a2200000 i 4500", 0 },
        { "00000nam\xE9"
          "a2200000 i 4500",
          3 }, /* one raw byte: XML, JSON and line are UTF-8; mrk gives it a name */
        { "00000\xC3\xA9m a2200000 i 4500", 0 },
        { "00000n\\m a2200000 i 4500", 1 },
        { "00000n\x01m a2200000 i 4500", 2 },
        { "00000n<m a2200000\"i 4500", 0 },
        { "                        ", 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_record *record = NULL;
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        marc_record_set_leader(record, cases[i].leader);
        assert_int_equal(marc_record_append(record, "001", TEXT("x"), NULL), RECTO_OK);
        size_t refused = check_pairs(record, cases[i].leader);
        size_t left = FORMATS - cases[i].formats_that_refuse;
        if (refused != FORMATS * FORMATS - left * left)
            fail_msg("leader %zu: %zu pairs refused it", i, refused);
        marc_record_free(record);
    }
}

static int check_file(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    size_t length = 0;
    int64_t every = 29;
    const char *given = getenv("EVERY");
    marc_record *record = NULL;
    marc_reader *reader = NULL;
    marc_reader_options options = { .format = MARC_FORMAT_UNKNOWN };
    (void)about, (void)place;
    if (given != NULL && (!text_to_integer(text_from(given), &every) || every < 1))
        every = 29;
    if (kind != FTW_F || strstr(path, "/expected/") != NULL || strstr(path, "broken/") != NULL ||
        (strstr(path, ".mrc") == NULL && strstr(path, ".xml") == NULL))
        return 0;
    char *bytes = file_bytes(path, &length);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    assert_int_equal(marc_reader_new_bytes(&reader, text_of(bytes, length), path, &options, NULL), RECTO_OK);
    for (recto_status status = RECTO_OK; status != RECTO_END;) {
        char name[400];
        status = marc_reader_next(reader, record, NULL);
        snprintf(name, sizeof name, "%s, record %zu", path, marc_reader_number(reader));
        if (status == RECTO_OK && marc_reader_number(reader) % (size_t)every == 1 % (size_t)every)
            check_pairs(record, name);
    }
    marc_reader_free(reader);
    marc_record_free(record);
    free(bytes);
    return 0;
}

static void real_records__go_from_every_format_to_every_other(void **state)
{
    (void)state;
    if (access(SHARED_MARC "/manifest.tsv", R_OK) != 0) {
        printf("skipped: no %s beside the checkout\n", SHARED_MARC);
        skip();
    }
    pairs_tried = pairs_refused = 0;
    assert_int_equal(nftw(SHARED_MARC, check_file, 16, FTW_PHYS), 0);
    printf("%zu pairs of formats, %zu refused\n", pairs_tried, pairs_refused);
    assert_true(pairs_tried > 5000);
    assert_true(pairs_refused * 20 < pairs_tried);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_records__go_from_every_format_to_every_other),
        cmocka_unit_test(leader_of_any_bytes__survives_or_is_refused),
        cmocka_unit_test(real_records__go_from_every_format_to_every_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
