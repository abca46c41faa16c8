/* tests/marc/shared_data_test.c - real records: as many as the manifest says, the same bytes back, the same text as other
 * programs read, there and back through every format, and a thousand single-byte faults. Skipped where the data are absent. */
#include "marc_testing.h"

#include "recto/base/utf8.h"
#include <unistd.h>

static bool data_are_here(void)
{
    if (access(SHARED_MARC "/manifest.tsv", R_OK) == 0)
        return true;
    printf("skipped: no %s beside the checkout\n", SHARED_MARC);
    return false;
}

/* Calls visit for every sound file of the manifest, with the number of records that it has. */
static void each_sound_file(void (*visit)(const char *path, bool iso2709, size_t records))
{
    static const char *const folders[] = { "authority/", "holdings/", "long/", "marc8/", "utf8/", "xml/", "derived/" };
    size_t length = 0;
    char *manifest = file_bytes(SHARED_MARC "/manifest.tsv", &length);
    text rest = text_of(manifest, length);
    assert_non_null(manifest);
    for (text line = text_next_field(&rest, '\n'); rest.bytes != NULL; line = text_next_field(&rest, '\n')) {
        text name = text_next_field(&line, '\t');
        text count = text_next_field(&line, '\t');
        int64_t records = 0;
        char path[300];
        bool wanted = text_to_integer(count, &records) && !text_starts(name, TEXT("derived/broken"));
        bool known = false;
        for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
            known = known || text_starts(name, text_from(folders[i]));
        snprintf(path, sizeof path, SHARED_MARC "/%.*s", (int)name.length, name.bytes);
        if (wanted && known)
            visit(path, name.length > 4 && memcmp(name.bytes + name.length - 4, ".mrc", 4) == 0, (size_t)records);
    }
    free(manifest);
}

static marc_reader *open_file(text bytes, const char *path, marc_format format, bool keep_bytes)
{
    marc_reader_options options = { .format = format, .keep_bytes = keep_bytes };
    marc_reader *reader = NULL;
    assert_int_equal(marc_reader_new_bytes(&reader, bytes, path, &options, NULL), RECTO_OK);
    return reader;
}

static void check_count(const char *path, bool iso2709, size_t records)
{
    size_t length = 0;
    size_t count = 0;
    recto_error error = { 0 };
    marc_record *record = NULL;
    char *bytes = file_bytes(path, &length);
    recto_status status = RECTO_OK;
    (void)iso2709;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    marc_reader *reader = open_file(text_of(bytes, length), path, MARC_FORMAT_UNKNOWN, false);
    while ((status = marc_reader_next(reader, record, &error)) == RECTO_OK)
        count++;
    if (status != RECTO_END || count != records)
        fail_msg("%s: %zu records instead of %zu; %s: %s", path, count, records, error.where, error.what);
    marc_reader_free(reader);
    marc_record_free(record);
    free(bytes);
}

static void sound_files__have_the_records_of_the_manifest(void **state)
{
    (void)state;
    if (!data_are_here())
        skip();
    each_sound_file(check_count);
}

/* What makes these four unsound stands in their names or, for the Connexion sample, is an unsorted directory. */
static bool cannot_come_back(const char *path)
{
    static const char *const names[] = { "field-over-9999", "over-100000", "datos-214804", "edge-connexion-samples" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strstr(path, names[i]) != NULL)
            return true;
    return false;
}

static void check_same_bytes(const char *path, bool iso2709, size_t records)
{
    marc_writer_options options = { .format = MARC_FORMAT_ISO2709, .keep_bytes = true };
    size_t length = 0;
    buffer out;
    marc_record *record = NULL;
    if (!iso2709 || cannot_come_back(path))
        return;
    char *bytes = file_bytes(path, &length);
    buffer_init(&out, 0);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    marc_reader *reader = open_file(text_of(bytes, length), path, MARC_FORMAT_ISO2709, true);
    for (size_t i = 0; i < records; i++) {
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
        buffer_clear(&out);
        assert_int_equal(marc_write_record(&out, record, &options, NULL), RECTO_OK);
        if (!text_equal(buffer_text(&out), marc_reader_raw(reader)))
            fail_msg("%s: record %zu is written otherwise", path, i + 1);
    }
    marc_reader_free(reader);
    marc_record_free(record);
    buffer_release(&out);
    free(bytes);
}

static void sound_records__are_written_as_the_same_bytes(void **state)
{
    (void)state;
    if (!data_are_here())
        skip();
    each_sound_file(check_same_bytes);
}

/* Through a text format and back. What the format refuses is counted, and must be little. */
static size_t tried;
static size_t refused;

/* Text formats have no way to say that a field has no indicators; they come back as blanks. */
static bool lacks_indicators(const marc_record *record)
{
    for (size_t i = 0; i < marc_record_count(record); i++) {
        text content = marc_record_field(record, i)->content;
        if (!marc_tag_is_control(marc_record_field(record, i)->tag) &&
            (content.length < 2 || content.bytes[0] == MARC_SUBFIELD_DELIMITER || content.bytes[1] == MARC_SUBFIELD_DELIMITER))
            return true;
    }
    return false;
}

static void check_format(const marc_record *record, marc_format format, const char *path, size_t number)
{
    marc_writer_options options = { .format = format };
    marc_record *back = NULL;
    buffer out;
    recto_error error = { 0 };
    buffer_init(&out, 0);
    tried++;
    recto_status status = marc_write_record(&out, record, &options, &error);
    if (status != RECTO_OK) {
        assert_int_equal(status, RECTO_EDATA);
        refused++;
    } else {
        assert_int_equal(marc_record_new(&back, NULL), RECTO_OK);
        marc_reader *reader = open_file(buffer_text(&out), path, format, true);
        status = marc_reader_next(reader, back, &error);
        if (status != RECTO_OK || (!marc_record_equal(record, back) && !lacks_indicators(record)))
            fail_msg("%s: record %zu comes back otherwise from %s: %s", path, number, marc_format_name(format), error.what);
        marc_reader_free(reader);
        marc_record_free(back);
    }
    buffer_release(&out);
}

static void check_there_and_back(const char *path, bool iso2709, size_t records)
{
    size_t length = 0;
    marc_record *record = NULL;
    char *bytes = file_bytes(path, &length);
    (void)iso2709;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    marc_reader *reader = open_file(text_of(bytes, length), path, MARC_FORMAT_UNKNOWN, false);
    for (size_t i = 1; i <= records; i++) {
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
        if (i % 7 != 1) /* one in seven: all would take too long under the sanitizers */
            continue;
        check_format(record, MARC_FORMAT_MARCXML, path, i);
        check_format(record, MARC_FORMAT_MRK, path, i);
        check_format(record, MARC_FORMAT_JSON, path, i);
        check_format(record, MARC_FORMAT_LINE, path, i);
    }
    marc_reader_free(reader);
    marc_record_free(record);
    free(bytes);
}

static void every_format__gives_the_record_back(void **state)
{
    (void)state;
    if (!data_are_here())
        skip();
    tried = refused = 0;
    each_sound_file(check_there_and_back);
    printf("%zu there and back, %zu of them refused\n", tried, refused);
    assert_true(tried > 4000);
    assert_true(refused * 30 < tried);
}

/* MARC-8 that was read is written again as MARC-8 that reads the same. */
static void check_marc8(const char *path, bool iso2709, size_t records)
{
    marc_writer_options options = { .format = MARC_FORMAT_ISO2709, .encoding = MARC_ENCODING_MARC8 };
    size_t length = 0;
    buffer out;
    marc_record *record = NULL;
    recto_error error = { 0 };
    if (!iso2709 || strstr(path, "marc8/") == NULL)
        return;
    char *bytes = file_bytes(path, &length);
    buffer_init(&out, 0);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    marc_reader *reader = open_file(text_of(bytes, length), path, MARC_FORMAT_ISO2709, false);
    for (size_t i = 0; i < records; i++) {
        marc_record *back = NULL;
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
        if (i % 5 != 0)
            continue;
        buffer_clear(&out);
        tried++;
        if (marc_write_record(&out, record, &options, &error) != RECTO_OK) {
            refused++; /* what stood as U+FFFD cannot be written */
            continue;
        }
        assert_int_equal(marc_record_parse(&back, buffer_text(&out), MARC_FORMAT_ISO2709, NULL), RECTO_OK);
        for (size_t j = 0; j < marc_record_count(record); j++)
            if (!text_equal(marc_record_field(record, j)->content, marc_record_field(back, j)->content))
                fail_msg("%s: record %zu, field %zu comes back otherwise from MARC-8", path, i + 1, j + 1);
        marc_record_free(back);
    }
    marc_reader_free(reader);
    marc_record_free(record);
    buffer_release(&out);
    free(bytes);
}

static void marc8__gives_the_text_back(void **state)
{
    (void)state;
    if (!data_are_here())
        skip();
    tried = refused = 0;
    each_sound_file(check_marc8);
    printf("%zu to MARC-8 and back, %zu refused\n", tried, refused);
    assert_true(tried > 500);
    assert_true(refused * 50 < tried);
}

/* The lines on which yaz-marcdump and MARC::Charset agree, in NFC. */
static void append_expected_form(buffer *out, const marc_record *record)
{
    buffer plain;
    buffer_init(&plain, 0);
    buffer_append_string(&plain, "LDR -----");
    buffer_append(&plain, marc_record_leader(record) + 5, 4);
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);
        marc_subfield subfield;
        buffer_append_format(&plain, "\n%s ", field->tag);
        if (marc_tag_is_control(field->tag)) {
            buffer_append_text(&plain, field->content);
            continue;
        }
        buffer_append_format(&plain, "%c%c ", marc_field_indicator(field, 1), marc_field_indicator(field, 2));
        for (size_t offset = 0; marc_field_next_subfield(field, &offset, &subfield);) {
            if (subfield.code != 0) { /* a delimiter with no code behind it: the others drop it */
                buffer_append_string(&plain, "\xE2\x80\xA1");
                buffer_append_char(&plain, subfield.code);
            }
            buffer_append_text(&plain, subfield.value);
        }
    }
    utf8_nfc(out, buffer_text(&plain));
    buffer_release(&plain);
}

/* The next "# record N" of an expected file and its lines. */
static bool next_expected(text *rest, size_t *number, text *lines)
{
    const char *end = NULL;
    while (rest->length > 0 && !text_starts(*rest, TEXT("# record "))) {
        text line = text_next_field(rest, '\n');
        if (line.bytes == NULL || rest->bytes == NULL)
            return false;
    }
    if (rest->length == 0)
        return false;
    text heading = text_next_field(rest, '\n');
    *number = strtoul(heading.bytes + 9, NULL, 10);
    end = memmem(rest->bytes, rest->length, "\n\n# record ", 11);
    size_t length = end != NULL ? (size_t)(end - rest->bytes) : rest->length;
    *lines = text_of(rest->bytes, length);
    *rest = text_of(rest->bytes + length + (end != NULL ? 2 : 0), rest->length - length - (end != NULL ? 2 : 0));
    while (lines->length > 0 && lines->bytes[lines->length - 1] == '\n')
        lines->length--;
    return true;
}

static void fail_other_lines(const char *path, size_t number, text ours, text theirs)
{
    for (;;) {
        text one = text_next_field(&ours, '\n');
        text other = text_next_field(&theirs, '\n');
        if (!text_equal(one, other) || (ours.bytes == NULL && theirs.bytes == NULL))
            fail_msg("%s: record %zu is read otherwise:\n%.*s\n%.*s", path, number, (int)one.length, one.bytes, (int)other.length,
                     other.bytes);
    }
}

static void compare_with_expected(const char *path, bool iso2709, size_t records)
{
    char expected_path[320];
    size_t length = 0;
    size_t expected_length = 0;
    size_t wanted = 0;
    text lines;
    const char *name = path + sizeof SHARED_MARC;
    snprintf(expected_path, sizeof expected_path, SHARED_MARC "/expected/%.*s.lines", (int)strlen(name) - 4, name);
    char *expected = iso2709 ? file_bytes(expected_path, &expected_length) : NULL;
    if (expected == NULL)
        return;
    char *bytes = file_bytes(path, &length);
    text rest = text_of(expected, expected_length);
    marc_record *record = NULL;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    marc_reader *reader = open_file(text_of(bytes, length), path, MARC_FORMAT_ISO2709, false);
    while (next_expected(&rest, &wanted, &lines)) {
        buffer ours;
        buffer_init(&ours, 0);
        assert_true(wanted <= records);
        while (marc_reader_number(reader) < wanted)
            assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
        append_expected_form(&ours, record);
        tried++;
        /* a right half of a ligature without a left one: the others drop it, we do not */
        bool known = memmem(ours.bytes, ours.length, "o\xEF\xB8\xA1", 4) != NULL;
        if (!text_equal(buffer_text(&ours), lines) && !known)
            fail_other_lines(path, wanted, buffer_text(&ours), lines);
        refused += known;
        buffer_release(&ours);
    }
    marc_reader_free(reader);
    marc_record_free(record);
    free(bytes);
    free(expected);
}

static void marc8_text__is_what_other_programs_read(void **state)
{
    (void)state;
    if (!data_are_here())
        skip();
    tried = refused = 0;
    each_sound_file(compare_with_expected);
    printf("%zu records compared, %zu with a lone right half of a ligature\n", tried, refused);
    assert_true(tried > 3900);
    assert_true(refused <= 2);
}

/* One byte wrong in each of a thousand copies of a file: whatever becomes of that record, nothing worse happens, and most of
 * the others are still read. */
static void single_byte_faults__cost_no_more_than_their_record(void **state)
{
    (void)state;
    size_t length = 0;
    uint32_t seed = 20251122;
    if (!data_are_here())
        skip();
    char *bytes = file_bytes(SHARED_MARC "/marc8/oss-42.mrc", &length);
    assert_non_null(bytes);
    marc_record *record = NULL;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    for (int round = 0; round < 1000; round++) {
        seed = seed * 1664525 + 1013904223;
        size_t at = seed % length;
        seed = seed * 1664525 + 1013904223;
        char kept = bytes[at];
        bytes[at] = (char)(seed >> 24);
        size_t count = 0;
        size_t calls = 0;
        marc_reader *reader = open_file(text_of(bytes, length), "faulty", MARC_FORMAT_ISO2709, false);
        for (recto_status status = RECTO_OK; status != RECTO_END; calls++) {
            assert_true(calls < 60);
            status = marc_reader_next(reader, record, NULL);
            assert_true(status == RECTO_OK || status == RECTO_END || status == RECTO_EDATA);
            count += status == RECTO_OK;
        }
        assert_true(count >= 40);
        assert_int_equal(marc_reader_position(reader), length);
        marc_reader_free(reader);
        bytes[at] = kept;
    }
    marc_record_free(record);
    free(bytes);
}

/* The broken files: never a crash, an end in a bounded number of calls, and every reject with its bytes. */
static void check_broken(const char *name)
{
    char path[300];
    size_t length = 0;
    size_t calls = 0;
    marc_record *record = NULL;
    snprintf(path, sizeof path, SHARED_MARC "/%s", name);
    char *bytes = file_bytes(path, &length);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    marc_reader *reader = open_file(text_of(bytes, length), path, MARC_FORMAT_UNKNOWN, false);
    for (recto_status status = RECTO_OK; status != RECTO_END; calls++) {
        recto_error error = { 0 };
        if (calls > 1000)
            fail_msg("%s does not end", name);
        status = marc_reader_next(reader, record, &error);
        if (status == RECTO_EDATA)
            assert_true(error.what[0] != '\0' && error.where[0] != '\0');
        else
            assert_true(status == RECTO_OK || status == RECTO_END);
    }
    marc_reader_free(reader);
    marc_record_free(record);
    free(bytes);
}

static void broken_files__end_with_reasons(void **state)
{
    size_t length = 0;
    (void)state;
    if (!data_are_here())
        skip();
    char *manifest = file_bytes(SHARED_MARC "/manifest.tsv", &length);
    text rest = text_of(manifest, length);
    for (text line = text_next_field(&rest, '\n'); rest.bytes != NULL; line = text_next_field(&rest, '\n')) {
        char name[200];
        text file = text_next_field(&line, '\t');
        snprintf(name, sizeof name, "%.*s", (int)file.length, file.bytes);
        if (strstr(name, "broken/") != NULL)
            check_broken(name);
    }
    free(manifest);
}

/* How many records of a broken file are kept and how many rejected. */
static void broken_files__are_read_as_far_as_they_go(void **state)
{
    static const struct {
        const char *name;
        size_t kept, rejected;
    } cases[] = {
        { "broken/alma-bu-bibs-wrong-length.mrc", 100, 0 },
        { "broken/perl-dos-eof.mrc", 10, 0 },
        { "broken/perl-filler.mrc", 3, 0 },
        { "broken/marc4j-too-long-123375.mrc", 3, 0 },
        { "broken/marc4j-oversize-field.mrc", 5, 0 },
        { "broken/marc4j-truncated-at-64K.mrc", 18, 1 },
        { "broken/openlibrary-wrong-length.mrc", 3, 0 },
        { "broken/idzebra-26-chunks.mrc", 24, 0 },
        { "broken/ruby-random-order.mrc", 2, 0 },
        { "broken/catmandu-broken.xml", 10, 0 },
        { "broken/idzebra-missing-ns.xml", 1, 0 },
        { "broken/alma-bad-utf8.xml", 3, 0 },
        { "broken/filemarc-bad-example.mrc", 1, 0 },
        { "broken/filemarc-bad-example2.mrc", 1, 0 },
        { "broken/filemarc-wronglen.mrc", 1, 0 },
        { "broken/folio-broken-dir.mrc", 50, 0 },
        { "broken/folio-truncated.xml", 0, 1 },
        { "broken/foreign-cp1251.mrc", 6, 0 },
        { "broken/foreign-cp866.mrc", 2, 0 },
        { "broken/marc4j-bad-leader-10-11.mrc", 1, 0 },
        { "broken/marc4j-chinese-mangled.mrc", 4, 0 },
        { "broken/marc4j-error.mrc", 1, 0 },
        { "broken/marc4j-incomplete-escape.mrc", 1, 0 },
        { "broken/marc4j-many-errors-383.mrc", 383, 0 },
        { "broken/marc4j-unordered-directory.mrc", 1, 0 },
        { "broken/openlibrary-no-title.mrc", 4, 0 },
        { "broken/perl-baddir.mrc", 1, 0 },
        { "broken/perl-badind.mrc", 1, 0 },
        { "broken/perl-badldr.mrc", 6, 1 },
        { "broken/pymarc-bad-eacc.mrc", 1, 0 },
        { "broken/pymarc-bad-escape.mrc", 1, 0 },
        { "broken/pymarc-bad-indicator.mrc", 1, 0 },
        { "broken/pymarc-bad-records.mrc", 7, 1 },
        { "broken/pymarc-bad-subfield-code.mrc", 1, 0 },
        { "broken/pymarc-utf8-without-flag.mrc", 1, 0 },
        { "broken/recordmanager-broken.xml", 1, 0 },
        { "broken/ruby-bad-utf8.mrc", 1, 0 },
        { "broken/ruby-wrong-length-utf8.mrc", 1, 0 },
        { "broken/serializers-erroneous.xml", 0, 1 },
        { "broken/traject-bad-utf-byte.mrc", 1, 0 },
        { "broken/yaz-marc4.mrc", 1, 1 },
        { "derived/broken/ansi-escapes.mrc", 10, 0 },
        { "derived/broken/base-address-past-end.mrc", 2, 0 },
        { "derived/broken/control-chars.mrc", 13, 0 },
        { "derived/broken/directory-letters.mrc", 2, 0 },
        { "derived/broken/directory-not-multiple-of-12.mrc", 2, 0 },
        { "derived/broken/directory-offset-past-end.mrc", 2, 0 },
        { "derived/broken/indicators-lost.mrc", 1, 0 },
        { "derived/broken/leader-only.mrc", 1, 0 },
        { "derived/broken/length-letters.mrc", 2, 0 },
        { "derived/broken/length-too-big.mrc", 2, 0 },
        { "derived/broken/length-too-small.mrc", 2, 0 },
        { "derived/broken/no-subfield-delimiter.mrc", 1, 0 },
        { "derived/broken/truncated-in-directory.mrc", 1, 1 },
        { "derived/broken/utf16le.mrc", 0, 1 },
        { "derived/broken/blank-lines-between.mrc", 4, 0 },
        { "derived/broken/bom-first.mrc", 1, 0 },
        { "derived/broken/base-address-wrong.mrc", 2, 0 },
        { "derived/broken/directory-overlap.mrc", 2, 0 },
        { "derived/broken/no-record-terminator.mrc", 2, 0 },
        { "derived/broken/no-field-terminator.mrc", 2, 0 },
        { "derived/broken/length-zero.mrc", 2, 0 },
        { "derived/broken/truncated-in-data.mrc", 1, 1 },
        { "derived/broken/truncated-in-leader.mrc", 1, 1 },
        { "derived/broken/bad-utf8.mrc", 8, 0 },
        { "derived/broken/html-error-page.mrc", 0, 1 },
        { "derived/broken/empty.mrc", 0, 0 },
    };
    (void)state;
    if (!data_are_here())
        skip();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[300];
        size_t length = 0;
        size_t kept = 0;
        size_t rejected = 0;
        marc_record *record = NULL;
        snprintf(path, sizeof path, SHARED_MARC "/%s", cases[i].name);
        char *bytes = file_bytes(path, &length);
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        marc_reader *reader = open_file(text_of(bytes, length), path, MARC_FORMAT_UNKNOWN, false);
        for (recto_status status = RECTO_OK; status != RECTO_END;) {
            status = marc_reader_next(reader, record, NULL);
            kept += status == RECTO_OK;
            rejected += status == RECTO_EDATA;
        }
        if (kept != cases[i].kept || rejected != cases[i].rejected)
            fail_msg("%s: %zu kept, %zu rejected", cases[i].name, kept, rejected);
        marc_reader_free(reader);
        marc_record_free(record);
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_files__have_the_records_of_the_manifest),
        cmocka_unit_test(sound_records__are_written_as_the_same_bytes),
        cmocka_unit_test(every_format__gives_the_record_back),
        cmocka_unit_test(marc8__gives_the_text_back),
        cmocka_unit_test(marc8_text__is_what_other_programs_read),
        cmocka_unit_test(single_byte_faults__cost_no_more_than_their_record),
        cmocka_unit_test(broken_files__end_with_reasons),
        cmocka_unit_test(broken_files__are_read_as_far_as_they_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
