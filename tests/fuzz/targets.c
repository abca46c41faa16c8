/* tests/fuzz/targets.c - the targets: see fuzz.h. Each reader is read three ways, from memory, through a source that gives a
 * few bytes at a time, and with bytes kept; the first two must agree on every record. */
#include "fuzz/fuzz.h"

#include "recto/base/utf8.h"
#include "recto/marc/charset.h"
#include "recto/marc/formats.h"
#include "recto/marc/standard_numbers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A finding. */
#define EXPECT(condition, ...)                                                                                                   \
    do {                                                                                                                         \
        if (!(condition)) {                                                                                                      \
            fprintf(stderr, "tests/fuzz: " __VA_ARGS__);                                                                         \
            fprintf(stderr, " (%s)\n", #condition);                                                                              \
            abort();                                                                                                             \
        }                                                                                                                        \
    } while (0)

/* Gives out the input in pieces of changing length, so that every seam is tried. */
typedef struct piecemeal {
    text rest;
    size_t step;
} piecemeal;

static ssize_t read_piece(void *context, char *bytes, size_t capacity, recto_error *error)
{
    piecemeal *input = context;
    size_t length = input->step < capacity ? input->step : capacity;
    (void)error;
    if (length > input->rest.length)
        length = input->rest.length;
    if (length > 0)
        memcpy(bytes, input->rest.bytes, length);
    input->rest = text_of(input->rest.bytes + length, input->rest.length - length);
    input->step = input->step * 7 % 1021 + 1;
    return (ssize_t)length;
}

static void mix(uint64_t *digest, text bytes)
{
    for (size_t i = 0; i < bytes.length; i++)
        *digest = (*digest ^ (unsigned char)bytes.bytes[i]) * 1099511628211U;
    *digest = (*digest ^ bytes.length) * 1099511628211U;
}

static void mix_record(uint64_t *digest, const marc_record *record)
{
    mix(digest, text_of(marc_record_leader(record), MARC_LEADER_LENGTH));
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);
        mix(digest, text_of(field->tag, MARC_TAG_LENGTH));
        mix(digest, field->content);
    }
}

static bool see_key(void *context, const marc_key *key)
{
    mix(context, key->key);
    return true;
}

/* Asks a record everything that other rooms ask. */
static void look_at(uint64_t *digest, const marc_record *record)
{
    static void (*const shown[])(buffer *, const marc_record *) = { marc_record_title, marc_record_title_statement,
                                                                    marc_record_creator, marc_record_date, marc_record_imprint };
    buffer out;
    buffer_init(&out, 0);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        shown[i](&out, record);
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);
        marc_subfield subfield;
        size_t before = 0;
        for (size_t offset = 0; marc_field_next_subfield(field, &offset, &subfield); before = offset) {
            EXPECT(offset > before && offset <= field->content.length, "a walk over subfields stands still");
            EXPECT(subfield.value.bytes + subfield.value.length <= field->content.bytes + field->content.length,
                   "a subfield is longer than its field");
        }
        marc_field_line(&out, field);
        marc_field_to_grid(&out, field, "$$");
    }
    marc_record_keys(record, see_key, digest);
    EXPECT(!buffer_failed(&out), "no memory");
    mix(digest, buffer_text(&out));
    buffer_release(&out);
}

static void check_error(const recto_error *error, recto_status status)
{
    EXPECT(status == error->status, "the error says %d and not %d", error->status, status);
    EXPECT(error->what[0] != '\0', "an error without words");
    EXPECT(utf8_valid(text_from(error->what), NULL) && utf8_valid(text_from(error->where), NULL), "an error is not UTF-8");
}

static void hear(void *context, const marc_oddity *oddity)
{
    size_t *count = context;
    EXPECT(oddity->code != NULL && oddity->code[0] != '\0' && oddity->message[0] != '\0', "an oddity without words");
    (*count)++;
}

/* Reads all there is. @return a digest of what was read and what was not. */
static uint64_t read_all(marc_reader *reader, size_t size, void (*visit)(uint64_t *digest, const marc_record *record))
{
    uint64_t digest = 14695981039346656037U;
    marc_record *record = NULL;
    EXPECT(marc_record_new(&record, NULL) == RECTO_OK, "no memory");
    for (size_t number = 1;; number++) {
        recto_error error = { 0 };
        recto_status status = marc_reader_next(reader, record, &error);
        if (status == RECTO_END)
            break;
        mix(&digest, text_of((const char *)&status, sizeof status));
        EXPECT(number <= size + 1, "more records than bytes: the reader stands still");
        if (status == RECTO_OK) {
            EXPECT(marc_reader_number(reader) == number, "record %zu is called %zu", number, marc_reader_number(reader));
            mix_record(&digest, record);
            if (visit != NULL)
                visit(&digest, record);
        } else {
            EXPECT(status == RECTO_EDATA || status == RECTO_ELIMIT, "status %d", (int)status);
            EXPECT(marc_record_count(record) == 0, "a rejected record has fields");
            check_error(&error, status);
        }
    }
    EXPECT(marc_reader_position(reader) <= size, "the reader is behind the end");
    marc_record_free(record);
    return digest;
}

static uint64_t read_from_memory(text input, marc_format format, bool keep_bytes,
                                 void (*visit)(uint64_t *digest, const marc_record *record))
{
    size_t oddities = 0;
    marc_reader_options options = { .format = format, .keep_bytes = keep_bytes, .report = hear, .report_context = &oddities };
    marc_reader *reader = NULL;
    EXPECT(marc_reader_new_bytes(&reader, input, "fuzz", &options, NULL) == RECTO_OK, "no memory");
    uint64_t digest = read_all(reader, input.length, visit);
    marc_reader_free(reader);
    return digest;
}

static uint64_t read_from_source(text input, marc_format format, void (*visit)(uint64_t *digest, const marc_record *record))
{
    piecemeal source = { .rest = input, .step = 1 + input.length % 97 };
    marc_reader_options options = { .format = format };
    marc_reader *reader = NULL;
    EXPECT(marc_reader_new(&reader, read_piece, &source, "fuzz", &options, NULL) == RECTO_OK, "no memory");
    uint64_t digest = read_all(reader, input.length, visit);
    marc_reader_free(reader);
    return digest;
}

static void try_reader(marc_format format, const uint8_t *bytes, size_t size)
{
    text input = text_of((const char *)bytes, size);
    uint64_t from_memory = read_from_memory(input, format, false, look_at);
    uint64_t from_source = read_from_source(input, format, look_at);
    EXPECT(from_memory == from_source, "what is read depends on where the bytes come from");
    read_from_memory(input, format, true, NULL);
}

static void try_iso2709(const uint8_t *bytes, size_t size)
{
    try_reader(MARC_FORMAT_ISO2709, bytes, size);
}

static void try_marcxml(const uint8_t *bytes, size_t size)
{
    try_reader(MARC_FORMAT_MARCXML, bytes, size);
}

static void try_mrk(const uint8_t *bytes, size_t size)
{
    try_reader(MARC_FORMAT_MRK, bytes, size);
}

static void try_json(const uint8_t *bytes, size_t size)
{
    try_reader(MARC_FORMAT_JSON, bytes, size);
}

static void try_line(const uint8_t *bytes, size_t size)
{
    try_reader(MARC_FORMAT_LINE, bytes, size);
}

/* MARC-8 there, back and there again: what was written can be read. */
static void try_marc8(const uint8_t *bytes, size_t size)
{
    text input = text_of((const char *)bytes, size);
    charset_loss loss = { 0 };
    charset_loss again = { 0 };
    recto_error error = { 0 };
    buffer read, composed, written, reread;
    buffer_init(&read, 0);
    buffer_init(&composed, 0);
    buffer_init(&written, 0);
    buffer_init(&reread, 0);
    EXPECT(marc8_to_utf8(&read, input, false, &loss, &error) == RECTO_OK, "decoding fails: %s", error.what);
    EXPECT(marc8_to_utf8(&composed, input, true, NULL, &error) == RECTO_OK, "decoding fails: %s", error.what);
    EXPECT(utf8_valid(buffer_text(&read), NULL) && utf8_valid(buffer_text(&composed), NULL), "decoded to no UTF-8");
    EXPECT(loss.count == 0 || loss.first_offset < size, "loss behind the end");
    if (utf8_to_marc8(&written, buffer_text(&read), false, NULL, &error) == RECTO_OK) {
        EXPECT(marc8_to_utf8(&reread, buffer_text(&written), false, &again, &error) == RECTO_OK, "decoding fails");
        EXPECT(again.count == 0, "written MARC-8 is not read");
        if (loss.count == 0)
            EXPECT(text_equal(buffer_text(&read), buffer_text(&reread)), "MARC-8 that was written is read otherwise");
    } else {
        check_error(&error, RECTO_EDATA);
        EXPECT(written.length == 0, "something was written in spite of the error");
    }
    if (utf8_valid(input, NULL))
        EXPECT(utf8_to_marc8(&written, input, true, NULL, &error) == RECTO_OK, "references do not help: %s", error.what);
    buffer_release(&read);
    buffer_release(&composed);
    buffer_release(&written);
    buffer_release(&reread);
}

/* How a format gives a record back: ISO 2709 makes the lengths anew, the others write an indicator that is missing as a blank. */
static void append_as_given_back(buffer *out, const marc_record *record, marc_format format)
{
    size_t start = out->length;
    buffer_append(out, marc_record_leader(record), MARC_LEADER_LENGTH);
    if (format == MARC_FORMAT_ISO2709 && !buffer_failed(out)) {
        memset(out->bytes + start, '0', 5);
        memset(out->bytes + start + 12, '0', 5);
    }
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);
        size_t at = 0;
        buffer_append(out, field->tag, MARC_TAG_LENGTH + 1);
        for (int j = 0; j < 2 && format != MARC_FORMAT_ISO2709 && !marc_tag_is_control(field->tag); j++) {
            int32_t code = 0;
            bool there = at < field->content.length && field->content.bytes[at] != MARC_SUBFIELD_DELIMITER;
            size_t length = there ? utf8_decode(field->content.bytes + at, field->content.length - at, &code) : 0;
            buffer_append(out, there ? field->content.bytes + at : " ", there ? length : 1);
            at += length;
        }
        buffer_append(out, field->content.bytes + at, field->content.length - at);
        buffer_append_char(out, MARC_FIELD_TERMINATOR);
    }
}

static void check_same(const marc_record *record, const marc_record *back, marc_format format)
{
    buffer wanted, got;
    buffer_init(&wanted, 0);
    buffer_init(&got, 0);
    append_as_given_back(&wanted, record, format);
    append_as_given_back(&got, back, format);
    EXPECT(text_equal(buffer_text(&wanted), buffer_text(&got)), "%s gives back another record:\n%s\n%s", marc_format_name(format),
           buffer_string(&wanted), buffer_string(&got));
    buffer_release(&wanted);
    buffer_release(&got);
}

static void there_and_back(const marc_record *record, marc_format format, bool mnemonics)
{
    marc_writer_options options = { .format = format, .keep_bytes = true, .mnemonics = mnemonics };
    marc_reader_options reading = { .format = format, .keep_bytes = true };
    recto_error error = { 0 };
    marc_reader *reader = NULL;
    marc_record *back = NULL;
    buffer out;
    buffer_init(&out, 0);
    EXPECT(marc_record_new(&back, NULL) == RECTO_OK, "no memory");
    EXPECT(marc_write_begin(&out, &options, NULL) == RECTO_OK, "no memory");
    size_t begun = out.length;
    recto_status status = marc_write_record(&out, record, &options, &error);
    if (status == RECTO_OK) {
        EXPECT(marc_write_end(&out, &options, NULL) == RECTO_OK, "no memory");
        EXPECT(marc_reader_new_bytes(&reader, buffer_text(&out), "back", &reading, NULL) == RECTO_OK, "no memory");
        status = marc_reader_next(reader, back, &error);
        EXPECT(status == RECTO_OK, "%s is not read again: %s: %s\n%s", marc_format_name(format), error.where, error.what,
               buffer_string(&out));
        check_same(record, back, format);
        EXPECT(marc_reader_next(reader, back, &error) == RECTO_END, "%s gives a second record: %s", marc_format_name(format),
               error.what);
    } else {
        EXPECT(status == RECTO_EDATA || status == RECTO_ELIMIT, "status %d", (int)status);
        check_error(&error, status);
        EXPECT(out.length == begun, "something was written in spite of the error");
    }
    marc_reader_free(reader);
    marc_record_free(back);
    buffer_release(&out);
}

static void through_every_format(uint64_t *digest, const marc_record *record)
{
    static const marc_format formats[] = { MARC_FORMAT_ISO2709, MARC_FORMAT_MARCXML, MARC_FORMAT_MRK, MARC_FORMAT_JSON,
                                           MARC_FORMAT_LINE };
    (void)digest;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        there_and_back(record, formats[i], false);
    there_and_back(record, MARC_FORMAT_MRK, true);
}

static void try_roundtrip(const uint8_t *bytes, size_t size)
{
    text input = text_of((const char *)bytes, size);
    read_from_memory(input, MARC_FORMAT_UNKNOWN, false, through_every_format);
    read_from_memory(input, MARC_FORMAT_UNKNOWN, true, through_every_format);
}

static const fuzz_target targets[] = {
    { "iso2709", try_iso2709 }, { "marcxml", try_marcxml },     { "mrk", try_mrk }, { "json", try_json }, { "line", try_line },
    { "marc8", try_marc8 },     { "roundtrip", try_roundtrip },
};

const fuzz_target *fuzz_targets(size_t *count)
{
    *count = sizeof targets / sizeof *targets;
    return targets;
}

const fuzz_target *fuzz_target_named(const char *name)
{
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        if (strcmp(targets[i].name, name) == 0)
            return &targets[i];
    return NULL;
}

void fuzz_run(const fuzz_target *target, const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1); /* of exactly this size: a step beyond is seen */
    EXPECT(copy != NULL, "no memory");
    if (size > 0)
        memcpy(copy, bytes, size);
    fuzz_memory_begin();
    target->run(copy, size);
    size_t most = fuzz_memory_most();
    free(copy);
    EXPECT(most <= FUZZ_MEMORY_MULTIPLE * size + FUZZ_MEMORY_CONSTANT, "%zu bytes in use for an input of %zu", most, size);
}
