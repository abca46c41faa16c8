/* src/marc/write.c - records into bytes: picks the writer of the format, converts to MARC-8 before when that is asked for,
 * and sees that a writer that failed leaves nothing behind. */
#include "writer.h"
#include "charset_converter.h"
#include "record_store.h"
#include "recto/base/utf8.h"

#include <string.h>

enum { LEADER_ENCODING = 9 };

typedef recto_status (*record_writer)(buffer *out, const marc_record *record, recto_error *error);

static const struct {
    record_writer write;
    const char *before, *after;
} writers[] = {
    [MARC_FORMAT_UNKNOWN] = { NULL, "", "" },
    [MARC_FORMAT_ISO2709] = { iso2709_write, "", "" },
    [MARC_FORMAT_MARCXML] = { marcxml_write,
                              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<collection "
                              "xmlns=\"http://www.loc.gov/MARC21/slim\">\n",
                              "</collection>\n" },
    [MARC_FORMAT_MRK] = { mrk_write, "", "" },
    [MARC_FORMAT_JSON] = { marcjson_write, "", "" },
    [MARC_FORMAT_LINE] = { line_write, "", "" },
};

/* Only these bytes of a field are text; delimiters and indicators stay what they are. */
static recto_status field_to_marc8(charset_converter *charset, buffer *out, text content, const marc_writer_options *options,
                                   recto_error *error)
{
    recto_status status = RECTO_OK;
    buffer_clear(out);
    for (size_t at = 0; at <= content.length && status == RECTO_OK;) {
        size_t left = content.length - at;
        const char *delimiter = left > 0 ? memchr(content.bytes + at, MARC_SUBFIELD_DELIMITER, left) : NULL;
        size_t end = delimiter != NULL ? (size_t)(delimiter - content.bytes) : content.length;
        if (end > at)
            status =
                charset_to_marc8(charset, out, text_of(content.bytes + at, end - at), options->lossy_references, NULL, error);
        if (delimiter != NULL)
            buffer_append_char(out, MARC_SUBFIELD_DELIMITER);
        at = end + 1;
    }
    return status;
}

static recto_status to_marc8(marc_record *copy, const marc_writer_options *options, recto_error *error)
{
    charset_converter *charset = NULL;
    buffer converted;
    buffer_init(&converted, 0);
    recto_status status = charset_converter_new(&charset, error);
    for (size_t i = 0; i < copy->count && status == RECTO_OK; i++) {
        const marc_field *field = &copy->fields[i].field;
        if (charset_plain(field->content))
            continue;
        status = field_to_marc8(charset, &converted, field->content, options, error);
        if (status == RECTO_OK)
            status = marc_record_replace(copy, i, field->tag, buffer_text(&converted), error);
    }
    copy->leader[LEADER_ENCODING] = ' ';
    charset_converter_free(charset);
    buffer_release(&converted);
    return status;
}

static recto_status write_marc8(buffer *out, const marc_record *record, const marc_writer_options *options, recto_error *error)
{
    marc_record *copy = NULL;
    if (options->format != MARC_FORMAT_ISO2709)
        return recto_fail(error, RECTO_EUSAGE, NULL, "write it as marc", "only ISO 2709 can be in MARC-8");
    recto_status status = marc_record_copy(&copy, record, error);
    if (status == RECTO_OK)
        status = to_marc8(copy, options, error);
    if (status == RECTO_OK)
        status = iso2709_write(out, copy, error);
    marc_record_free(copy);
    return status;
}

static recto_status check_options(const marc_writer_options *options, recto_error *error)
{
    if ((size_t)options->format >= sizeof writers / sizeof *writers || writers[options->format].write == NULL)
        return recto_fail(error, RECTO_EUSAGE, NULL, "name marc, marcxml, mrk, json or line", "no format to write is named");
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

recto_status marc_write_record(buffer *out, const marc_record *record, const marc_writer_options *options, recto_error *error)
{
    size_t start = out->length;
    recto_status status = check_options(options, error);
    if (status != RECTO_OK)
        return status;
    if (options->encoding == MARC_ENCODING_MARC8 && !options->keep_bytes)
        status = write_marc8(out, record, options, error);
    else
        status = writers[options->format].write(out, record, error);
    if (status == RECTO_OK && options->format == MARC_FORMAT_ISO2709 && options->encoding != MARC_ENCODING_MARC8 &&
        !options->keep_bytes && !buffer_failed(out))
        out->bytes[start + LEADER_ENCODING] = 'a';
    if (buffer_failed(out))
        return recto_fail_memory(error, "writing a record");
    if (status != RECTO_OK && out->length > start) {
        out->length = start;
        out->bytes[start] = '\0';
    }
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
    for (size_t i = 0; i < record->count; i++) {
        const marc_field *field = &record->fields[i].field;
        recto_status status = check_tag(field, format, error);
        if (status != RECTO_OK)
            return status;
        if (!record->utf8 && !utf8_valid(field->content, &bad))
            return recto_fail(error, RECTO_EDATA, NULL, "write it as marc", "field %zu (%s) is not valid UTF-8 at byte %zu",
                              i + 1, field->tag, bad);
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
