/* tests/marc/scan_test.c - passes over many bytes at once, and threads: the same answers as byte by byte, on any length and at
 * any place, with the chunks of this processor and with the portable ones; and blocks that are read like the whole. */
#include "marc_testing.h"

#include "../../src/marc/scan.h"
#include "recto/base/utf8.h"

/* The portable chunks once more, under other names. */
#define SCAN_PORTABLE
#define scan_chunk  portable_chunk
#define SCAN_CHUNK  PORTABLE_CHUNK
#define SCAN_BITS   PORTABLE_BITS
#define scan_load   portable_load
#define scan_either portable_either
#define scan_equal  portable_equal
#define scan_below  portable_below
#define scan_answer portable_answer
#define scan_first  portable_first
#undef RECTO_MARC_SCAN_H
#include "../../src/marc/scan.h"
#undef scan_chunk
#undef SCAN_CHUNK
#undef SCAN_BITS
#undef scan_load
#undef scan_either
#undef scan_equal
#undef scan_below
#undef scan_answer
#undef scan_first

static uint32_t next_random(uint32_t *seed)
{
    return *seed = *seed * 1664525 + 1013904223;
}

/* Mostly ASCII, with all that is special somewhere. */
static void fill(char *bytes, size_t length, uint32_t *seed)
{
    static const char special[] = "\x1B\x1D\x1E\x1F&<>\"\xEF\xC3\xA9\x80\xFF\x7F";
    for (size_t i = 0; i < length; i++) {
        uint32_t random = next_random(seed) >> 16;
        bytes[i] = random % 23 == 0 ? special[random / 23 % (sizeof special - 1)] : (char)(' ' + random % 90);
    }
}

static void every_byte__is_judged_alike_by_both_kinds_of_chunk(void **state)
{
    (void)state;
    for (int value = 0; value < 256; value++)
        for (int asked = 1; asked < 128; asked += 7) {
            char bytes[16];
            memset(bytes, asked == 'x' ? 'y' : 'x', sizeof bytes);
            bytes[3] = (char)value;
            bool equal =
                (scan_answer(scan_equal(scan_load(bytes), (char)asked)) >> (3 * SCAN_BITS) & (SCAN_BITS == 8 ? 0x80 : 1)) != 0;
            bool below =
                (scan_answer(scan_below(scan_load(bytes), (char)asked)) >> (3 * SCAN_BITS) & (SCAN_BITS == 8 ? 0x80 : 1)) != 0;
            assert_int_equal(equal, value == asked);
            assert_int_equal(below, value < asked);
            assert_int_equal((portable_answer(portable_equal(portable_load(bytes), (char)asked)) >> 24 & 0x80) != 0,
                             value == asked);
            assert_int_equal((portable_answer(portable_below(portable_load(bytes), (char)asked)) >> 24 & 0x80) != 0,
                             value < asked);
        }
    assert_int_equal(scan_first((uint64_t)1 << (5 * SCAN_BITS + SCAN_BITS - 1)), 5);
    assert_int_equal(portable_first((uint64_t)0x80 << 40), 5);
}

static size_t plain_by_bytes(const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length && (unsigned char)bytes[at] < 0x80 && bytes[at] != 0x1B)
        at++;
    return at;
}

static void runs__end_where_they_do_byte_by_byte(void **state)
{
    uint32_t seed = 7;
    (void)state;
    for (int round = 0; round < 3000; round++) {
        char bytes[120];
        size_t length = next_random(&seed) >> 8 & 63;
        size_t start = next_random(&seed) >> 8 & 31;
        size_t bad = 0;
        fill(bytes, sizeof bytes, &seed);
        assert_int_equal(scan_plain(bytes + start, length), plain_by_bytes(bytes + start, length));
        bool valid = utf8_valid(text_of(bytes + start, length), &bad);
        assert_int_equal(scan_utf8(bytes + start, length), valid ? length : bad);
    }
}

typedef struct heard_oddity {
    size_t record;
    uint64_t offset;
    char code[32];
} heard_oddity;

typedef struct reading {
    heard_oddity oddities[4000];
    size_t count, records, base;
    buffer written;
} reading;

static void hear_oddity(void *context, const marc_oddity *oddity)
{
    reading *reading = context;
    assert_true(reading->count < 4000);
    heard_oddity *heard = &reading->oddities[reading->count++];
    heard->record = reading->base + oddity->record_number;
    heard->offset = oddity->offset;
    snprintf(heard->code, sizeof heard->code, "%s", oddity->code);
}

static void read_all(reading *reading, marc_reader *reader)
{
    static const marc_writer_options writing = { .format = MARC_FORMAT_ISO2709 };
    marc_record *record = NULL;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    for (recto_status status = RECTO_OK; status != RECTO_END;) {
        status = marc_reader_next(reader, record, NULL);
        if (status == RECTO_OK)
            assert_int_equal(marc_write_record(&reading->written, record, &writing, NULL), RECTO_OK);
    }
    reading->records = reading->base + marc_reader_number(reader);
    marc_record_free(record);
}

static void read_blocks(reading *reading, text file, size_t about, size_t limit, size_t step)
{
    marc_reader_options options = {
        .format = MARC_FORMAT_ISO2709, .lend = true, .record_limit = limit, .report = hear_oddity, .report_context = reading
    };
    trickle trickle = { .rest = file, .step = step };
    marc_splitter *splitter = NULL;
    marc_reader *reader = NULL;
    buffer block;
    uint64_t offset = 0;
    buffer_init(&block, 0);
    assert_int_equal(marc_splitter_new(&splitter, trickle_read, &trickle, limit, NULL), RECTO_OK);
    assert_int_equal(marc_reader_new_bytes(&reader, TEXT(""), "blocks", &options, NULL), RECTO_OK);
    while (marc_splitter_next(splitter, &block, about, &offset, NULL) == RECTO_OK) {
        reading->base = reading->records;
        marc_reader_feed(reader, buffer_text(&block), offset);
        read_all(reading, reader);
    }
    marc_reader_free(reader);
    marc_splitter_free(splitter);
    buffer_release(&block);
}

/* Sound records, damaged ones, filler, lost ends, too long ones. */
static void make_file(buffer *file, uint32_t seed)
{
    static const char *const pieces[] = { "00040nam a2200037 i 4500001000200000\x1E"
                                          "1\x1E\x1D",
                                          "00057nam a2200049 i 4500500000700000501000200007\x1E"
                                          "1 \x1F"
                                          "a\xC3\xA9\x1Ey\x1E\x1D",
                                          "\r\n",
                                          "\x1D",
                                          " \x1D\x1A",
                                          "00040nam a2200037 i 4500001000900000\x1E"
                                          "1\x1E\x1D",
                                          "00040nam a2200037 i 4500001000200000\x1E"
                                          "1\x1E",
                                          "no record at all\x1D" };
    for (int i = 0; i < 200; i++) {
        uint32_t random = next_random(&seed) >> 12;
        buffer_append_string(file, pieces[random % (sizeof pieces / sizeof *pieces)]);
        for (int j = 0; random % 29 == 0 && j < 3000; j++)
            buffer_append_char(file, 'x');
    }
}

static void blocks__are_read_like_the_whole(void **state)
{
    static reading whole;
    static reading parts;
    (void)state;
    for (uint32_t seed = 1; seed < 40; seed++) {
        marc_reader_options options = {
            .format = MARC_FORMAT_ISO2709, .record_limit = 2000, .report = hear_oddity, .report_context = &whole
        };
        marc_reader *reader = NULL;
        buffer file;
        buffer_init(&file, 0);
        make_file(&file, seed);
        whole.count = whole.records = whole.base = parts.count = parts.records = parts.base = 0;
        buffer_init(&whole.written, 0);
        buffer_init(&parts.written, 0);
        trickle trickle = { .rest = buffer_text(&file), .step = 64 };
        assert_int_equal(marc_reader_new(&reader, trickle_read, &trickle, "whole", &options, NULL), RECTO_OK);
        read_all(&whole, reader);
        marc_reader_free(reader);
        read_blocks(&parts, buffer_text(&file), 50 + seed * 13, 2000, 1 + seed * 5);
        assert_int_equal(parts.records, whole.records);
        assert_int_equal(parts.count, whole.count);
        for (size_t i = 0; i < whole.count; i++) {
            assert_string_equal(parts.oddities[i].code, whole.oddities[i].code);
            assert_int_equal(parts.oddities[i].record, whole.oddities[i].record);
            assert_int_equal(parts.oddities[i].offset, whole.oddities[i].offset);
        }
        assert_true(whole.written.length > 100);
        assert_true(text_equal(buffer_text(&parts.written), buffer_text(&whole.written)));
        buffer_release(&whole.written);
        buffer_release(&parts.written);
        buffer_release(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte__is_judged_alike_by_both_kinds_of_chunk),
        cmocka_unit_test(runs__end_where_they_do_byte_by_byte),
        cmocka_unit_test(blocks__are_read_like_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
