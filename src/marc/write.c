/* src/marc/write.c - records into bytes: picks the writer of the format, converts to MARC-8 before when that is asked for,
 * and sees that a writer that failed leaves nothing behind. */
#include "writer.h"
#include "charset_converter.h"
#include "mrk_names.h"
#include "record_store.h"
#include "recto/base/plural.h"
#include "recto/base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { LEADER_ENCODING = 9 };

typedef recto_status (*record_writer)(buffer *out, const marc_record *record, recto_error *error);

static const struct {
    record_writer write;
    const char *before, *after;
} writers[] = {
    [MARC_FORMAT_UNKNOWN] = { NULL, "", "" },
    [MARC_FORMAT_ISO2709] = { NULL, "", "" },
    [MARC_FORMAT_MARCXML] = { marcxml_write,
                              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<collection "
                              "xmlns=\"http://www.loc.gov/MARC21/slim\">\n",
                              "</collection>\n" },
    [MARC_FORMAT_MRK] = { mrk_write, "", "" },
    [MARC_FORMAT_JSON] = { marcjson_write, "", "" },
    [MARC_FORMAT_LINE] = { line_write, "", "" },
};

struct marc_writer {
    marc_writer_options options;
    charset_converter *charset; /* for MARC-8 */
    marc_record *converted;     /* lends its fields from the record and from bytes */
    buffer bytes;
    size_t *ends; /* in bytes, of the fields that had to be converted */
    size_t ends_capacity;
    charset_loss loss;
};

static marc8_lack lack_of(const marc_writer_options *options)
{
    return options->lossy ? MARC8_LACK_QUESTION : options->lossy_references ? MARC8_LACK_REFERENCE : MARC8_LACK_REFUSED;
}

/* Only these bytes of a field are text; delimiters and indicators stay what they are. */
static recto_status field_to_marc8(marc_writer *writer, text content, marc8_lack lack, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t at = 0; at <= content.length && status == RECTO_OK;) {
        size_t left = content.length - at;
        const char *delimiter = left > 0 ? memchr(content.bytes + at, MARC_SUBFIELD_DELIMITER, left) : NULL;
        size_t end = delimiter != NULL ? (size_t)(delimiter - content.bytes) : content.length;
        if (end > at)
            status = charset_to_marc8(writer->charset, &writer->bytes, text_of(content.bytes + at, end - at), lack, &writer->loss,
                                      error);
        if (delimiter != NULL)
            buffer_append_char(&writer->bytes, MARC_SUBFIELD_DELIMITER);
        at = end + 1;
    }
    return status;
}

/* All that the record has and MARC-8 lacks is counted, so that whoever asked for it can decide. */
static recto_status refuse_lacking(marc_writer *writer, const marc_record *record, size_t first, recto_error *error)
{
    int32_t code = writer->loss.first_code;
    char name[MARC_FIELD_NAME];
    if (code < 0)
        return recto_fail(error, RECTO_EDATA, NULL, "write it as marc in UTF-8", "%s is not valid UTF-8",
                          marc_record_name_field(name, record, first));
    writer->loss = (charset_loss){ 0 };
    for (size_t i = first; i < record->count; i++) {
        buffer_clear(&writer->bytes);
        if (field_to_marc8(writer, record->fields[i].field.content, MARC8_LACK_QUESTION, error) != RECTO_OK)
            break;
    }
    return recto_fail(error, RECTO_EDATA, NULL, "write UTF-8, or allow references or losses",
                      "%zu %s that MARC-8 lacks, the first U+%04X in %s", writer->loss.count,
                      plural(writer->loss.count, "character", "characters"), (unsigned)code,
                      marc_record_name_field(name, record, first));
}

static bool reserve_ends(marc_writer *writer, size_t count)
{
    if (count <= writer->ends_capacity)
        return true;
    size_t *ends = realloc(writer->ends, count * sizeof *ends);
    if (ends == NULL)
        return false;
    writer->ends = ends;
    writer->ends_capacity = count;
    return true;
}

/* Fields that are not ASCII, one behind the other. */
static recto_status convert_fields(marc_writer *writer, const marc_record *record, recto_error *error)
{
    recto_status status = RECTO_OK;
    size_t losses = writer->loss.count;
    buffer_clear(&writer->bytes);
    for (size_t i = 0; i < record->count && status == RECTO_OK; i++) {
        text content = record->fields[i].field.content;
        if (!charset_plain(content))
            status = field_to_marc8(writer, content, lack_of(&writer->options), error);
        if (status == RECTO_EDATA) {
            status = refuse_lacking(writer, record, i, error);
            writer->loss.count = losses;
        }
        writer->ends[i] = writer->bytes.length;
    }
    return status == RECTO_OK && buffer_failed(&writer->bytes) ? recto_fail_memory(error, "writing a record") : status;
}

static recto_status to_marc8(marc_writer *writer, const marc_record *record, recto_error *error)
{
    marc_record *converted = writer->converted;
    if (!marc_record_reserve_fields(converted, record->count) || !reserve_ends(writer, record->count))
        return recto_fail_memory(error, "writing a record");
    recto_status status = convert_fields(writer, record, error);
    marc_record_lend(converted, text_of("", 0));
    for (size_t i = 0; i < record->count && status == RECTO_OK; i++) {
        const marc_field *field = &record->fields[i].field;
        size_t start = i > 0 ? writer->ends[i - 1] : 0;
        if (charset_plain(field->content))
            marc_record_add_span(converted, field->tag, field->content.bytes, field->content.length);
        else
            marc_record_add_span(converted, field->tag, writer->bytes.bytes + start, writer->ends[i] - start);
    }
    marc_record_set_leader(converted, record->leader);
    converted->leader[LEADER_ENCODING] = ' ';
    return status;
}

static recto_status check_options(const marc_writer_options *options, recto_error *error)
{
    if ((size_t)options->format >= sizeof writers / sizeof *writers || options->format == MARC_FORMAT_UNKNOWN)
        return recto_fail(error, RECTO_EUSAGE, NULL, "name marc, marcxml, mrk, json or line", "no format to write is named");
    if (options->encoding == MARC_ENCODING_MARC8 && options->format != MARC_FORMAT_ISO2709)
        return recto_fail(error, RECTO_EUSAGE, NULL, "write it as marc", "only ISO 2709 can be in MARC-8");
    if (options->encoding == MARC_ENCODING_LATIN1)
        return recto_fail(error, RECTO_EUSAGE, NULL, "name utf-8 or marc-8", "records are not written in Latin-1");
    return RECTO_OK;
}

recto_status marc_write_begin(buffer *out, const marc_writer_options *options, recto_error *error)
{
    recto_status status = check_options(options, error);
    if (status != RECTO_OK)
        return status;
    buffer_append_string(out, writers[options->format].before);
    return buffer_failed(out) ? recto_fail_memory(error, "writing records") : RECTO_OK;
}

recto_status marc_write_end(buffer *out, const marc_writer_options *options, recto_error *error)
{
    recto_status status = check_options(options, error);
    if (status != RECTO_OK)
        return status;
    buffer_append_string(out, writers[options->format].after);
    return buffer_failed(out) ? recto_fail_memory(error, "writing records") : RECTO_OK;
}

recto_status marc_writer_new(marc_writer **out, const marc_writer_options *options, recto_error *error)
{
    recto_status status = check_options(options, error);
    if (status != RECTO_OK)
        return status;
    marc_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        recto_fail_memory(error, "writing records");
        return RECTO_ENOMEM;
    }
    writer->options = *options;
    buffer_init(&writer->bytes, 0);
    if (options->encoding == MARC_ENCODING_MARC8 && !options->keep_bytes) {
        status = charset_converter_new(&writer->charset, error);
        if (status == RECTO_OK)
            status = marc_record_new(&writer->converted, error);
    }
    if (status == RECTO_OK)
        *out = writer;
    else
        marc_writer_free(writer);
    return status;
}

void marc_writer_free(marc_writer *writer)
{
    if (writer == NULL)
        return;
    charset_converter_free(writer->charset);
    marc_record_free(writer->converted);
    buffer_release(&writer->bytes);
    free(writer->ends);
    free(writer);
}

size_t marc_writer_losses(const marc_writer *writer)
{
    return writer->loss.count;
}

static recto_status write_format(marc_writer *writer, buffer *out, const marc_record *record, recto_error *error)
{
    const marc_writer_options *options = &writer->options;
    size_t start = out->length;
    if (options->format == MARC_FORMAT_MRK && options->mnemonics)
        return mrk_write_named(out, record, error);
    if (options->format != MARC_FORMAT_ISO2709)
        return writers[options->format].write(out, record, error);
    recto_status status = writer->charset != NULL ? to_marc8(writer, record, error) : RECTO_OK;
    if (status == RECTO_OK)
        status = iso2709_write(out, writer->charset != NULL ? writer->converted : record, options->long_records, error);
    if (status == RECTO_OK && options->encoding != MARC_ENCODING_MARC8 && !options->keep_bytes && !buffer_failed(out))
        out->bytes[start + LEADER_ENCODING] = 'a';
    return status;
}

recto_status marc_writer_record(marc_writer *writer, buffer *out, const marc_record *record, recto_error *error)
{
    size_t start = out->length;
    recto_status status = write_format(writer, out, record, error);
    if (buffer_failed(out))
        return recto_fail_memory(error, "writing a record");
    if (status != RECTO_OK && out->length > start) {
        out->length = start;
        out->bytes[start] = '\0';
    }
    return status;
}

recto_status marc_write_record(buffer *out, const marc_record *record, const marc_writer_options *options, recto_error *error)
{
    marc_writer *writer = NULL;
    recto_status status = marc_writer_new(&writer, options, error);
    if (status == RECTO_OK)
        status = marc_writer_record(writer, out, record, error);
    marc_writer_free(writer);
    return status;
}

static bool are_digits(const char *tag)
{
    return (unsigned char)(tag[0] - '0') <= 9 && (unsigned char)(tag[1] - '0') <= 9 && (unsigned char)(tag[2] - '0') <= 9;
}

static recto_status check_tag(const marc_field *field, const char *format, recto_error *error)
{
    if (are_digits(field->tag))
        return RECTO_OK;
    for (size_t i = 0; i < MARC_TAG_LENGTH; i++) {
        char byte = field->tag[i];
        bool fits = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == ' ';
        if (!fits)
            return recto_fail(error, RECTO_EDATA, NULL, "write it as marc", "the tag \"%.3s\" cannot be written as %s",
                              field->tag, format);
    }
    if (memcmp(field->tag, "LDR", MARC_TAG_LENGTH) == 0)
        return recto_fail(error, RECTO_EDATA, NULL, "write it as marc", "a field with the tag LDR cannot be written as %s",
                          format);
    return RECTO_OK;
}

recto_status writer_check_text(const marc_record *record, const char *format, recto_error *error)
{
    if (!utf8_valid(text_of(record->leader, MARC_LEADER_LENGTH), NULL))
        return recto_fail(error, RECTO_EDATA, "leader", "write it as marc or mrk",
                          "the leader is not valid UTF-8 and cannot be written as %s", format);
    return writer_check_fields(record, format, error);
}

recto_status writer_check_fields(const marc_record *record, const char *format, recto_error *error)
{
    size_t bad = 0;
    char name[MARC_FIELD_NAME];
    for (size_t i = 0; i < record->count; i++) {
        const marc_field *field = &record->fields[i].field;
        recto_status status = check_tag(field, format, error);
        if (status != RECTO_OK)
            return status;
        if (!record->utf8 && !utf8_valid(field->content, &bad))
            return recto_fail(error, RECTO_EDATA, NULL, "write it as marc", "%s is not valid UTF-8 at byte %zu",
                              marc_record_name_field(name, record, i), bad);
    }
    return RECTO_OK;
}

static size_t character_length(text rest)
{
    int32_t code = 0;
    return utf8_decode(rest.bytes, rest.length, &code);
}

size_t writer_indicators(text content, text indicators[static 2])
{
    size_t at = 0;
    for (int i = 0; i < 2; i++) {
        indicators[i] = TEXT(" ");
        if (at >= content.length || content.bytes[at] == MARC_SUBFIELD_DELIMITER)
            continue;
        text rest = text_of(content.bytes + at, content.length - at);
        indicators[i] = text_of(rest.bytes, character_length(rest));
        at += indicators[i].length;
    }
    return at;
}

bool writer_next_subfield(text content, size_t *at, text *code, text *value)
{
    size_t start = *at;
    if (start >= content.length)
        return false;
    *code = text_of(content.bytes + start, 0);
    if (content.bytes[start] == MARC_SUBFIELD_DELIMITER) {
        start++;
        if (start < content.length && content.bytes[start] != MARC_SUBFIELD_DELIMITER)
            *code = text_of(content.bytes + start, character_length(text_of(content.bytes + start, content.length - start)));
        start += code->length;
    }
    const char *end =
        start < content.length ? memchr(content.bytes + start, MARC_SUBFIELD_DELIMITER, content.length - start) : NULL;
    *at = end != NULL ? (size_t)(end - content.bytes) : content.length;
    *value = text_of(content.bytes + start, *at - start);
    return true;
}
