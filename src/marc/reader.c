/* src/marc/reader.c - reading records one by one from a source or from memory, whatever their format. */
#include "reader.h"
#include "record_store.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { READ_AT_ONCE = 256 * 1024, SNIFF_LENGTH = 4096 };

typedef recto_status (*next_record)(marc_reader *reader, marc_record *record, recto_error *error);

static const next_record next_of_format[] = {
    [MARC_FORMAT_ISO2709] = iso2709_next, [MARC_FORMAT_MARCXML] = marcxml_next, [MARC_FORMAT_MRK] = mrk_next,
    [MARC_FORMAT_JSON] = marcjson_next,   [MARC_FORMAT_LINE] = line_next,
};

static recto_status new_reader(marc_reader **out, const char *name, const marc_reader_options *options, recto_error *error)
{
    marc_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL) {
        recto_fail_memory(error, "opening records");
        return RECTO_ENOMEM;
    }
    if (options != NULL)
        reader->options = *options;
    size_t name_length = name != NULL ? strlen(name) : 0;
    size_t cut = name_length < sizeof reader->name ? 0 : name_length - sizeof reader->name + 1;
    if (name != NULL)
        memcpy(reader->name, name + cut, name_length - cut); /* the end of a path says most */
    reader->format = reader->options.format;
    reader->window = "";
    buffer_init(&reader->scratch, 0);
    buffer_init(&reader->converted, 0);
    *out = reader;
    return RECTO_OK;
}

recto_status marc_reader_new(marc_reader **out, marc_source source, void *source_context, const char *name,
                             const marc_reader_options *options, recto_error *error)
{
    recto_status status = new_reader(out, name, options, error);
    if (status != RECTO_OK)
        return status;
    (*out)->source = source;
    (*out)->source_context = source_context;
    return RECTO_OK;
}

recto_status marc_reader_new_bytes(marc_reader **out, text bytes, const char *name, const marc_reader_options *options,
                                   recto_error *error)
{
    recto_status status = new_reader(out, name, options, error);
    if (status != RECTO_OK)
        return status;
    if (bytes.length > 0)
        (*out)->window = bytes.bytes;
    (*out)->window_length = bytes.length;
    (*out)->ended = true;
    return RECTO_OK;
}

void marc_reader_feed(marc_reader *reader, text bytes, uint64_t offset)
{
    assert(reader->source == NULL && reader->parser == NULL);
    reader->window = bytes.length > 0 ? bytes.bytes : "";
    reader->window_length = bytes.length;
    reader->next = 0;
    reader->window_offset = offset;
    reader->number = 0;
    reader->skipping = false;
    reader->finished = RECTO_OK;
}

void marc_reader_free(marc_reader *reader)
{
    if (reader == NULL)
        return;
    if (reader->parser_free != NULL)
        reader->parser_free(reader->parser);
    buffer_release(&reader->scratch);
    buffer_release(&reader->converted);
    charset_converter_free(reader->charset);
    marc_record_free(reader->spare);
    free(reader->ends);
    free(reader->owned);
    free(reader);
}

size_t reader_limit(const marc_reader *reader)
{
    return reader->options.record_limit > 0 ? reader->options.record_limit : MARC_RECORD_LIMIT;
}

/* Brings what is unread to the front of the window and sees that there is room behind it. */
static bool make_room(marc_reader *reader)
{
    size_t rest = reader->window_length - reader->next;
    if (reader->next > 0 && rest > 0)
        memmove(reader->owned, reader->owned + reader->next, rest);
    reader->window_offset += reader->next;
    reader->window_length = rest;
    reader->next = 0;
    if (reader->owned_capacity - rest >= READ_AT_ONCE)
        return true;
    size_t capacity = rest + rest / 2 + READ_AT_ONCE;
    char *larger = realloc(reader->owned, capacity);
    if (larger == NULL)
        return false;
    reader->owned = larger;
    reader->owned_capacity = capacity;
    reader->window = larger;
    return true;
}

recto_status reader_more(marc_reader *reader, recto_error *error)
{
    if (reader->ended)
        return RECTO_END;
    if (!make_room(reader)) {
        reader->finished = RECTO_ENOMEM;
        return recto_fail_memory(error, "reading records");
    }
    ssize_t got = reader->source(reader->source_context, reader->owned + reader->window_length,
                                 reader->owned_capacity - reader->window_length, error);
    if (got < 0)
        return reader->finished = RECTO_EIO;
    if (got == 0) {
        reader->ended = true;
        return RECTO_END;
    }
    reader->window_length += (size_t)got;
    return RECTO_OK;
}

void reader_consume(marc_reader *reader, size_t bytes)
{
    reader->raw = text_of(reader->window + reader->next, bytes);
    reader->next += bytes;
}

void reader_oddity(marc_reader *reader, const char *code, const char *message, ...)
{
    if (reader->options.report == NULL)
        return;
    marc_oddity oddity = { .record_number = reader->number, .offset = reader->oddity_offset, .code = code };
    va_list arguments;
    va_start(arguments, message);
    vsnprintf(oddity.message, sizeof oddity.message, message, arguments);
    va_end(arguments);
    for (char *byte = oddity.message; *byte != '\0'; byte++) /* it may quote the record, and will be shown */
        if (*byte < ' ' || *byte > '~')
            *byte = '?';
    reader->options.report(reader->options.report_context, &oddity);
}

static bool is_line_format(marc_format format)
{
    return format == MARC_FORMAT_MRK || format == MARC_FORMAT_LINE;
}

/* The reject is reported like an oddity too, so that one list tells of everything that was not smooth. */
recto_status reader_reject(marc_reader *reader, recto_error *error, recto_status status, const char *message, ...)
{
    char what[RECTO_ERROR_WHAT];
    char where[RECTO_ERROR_WHERE];
    va_list arguments;
    va_start(arguments, message);
    vsnprintf(what, sizeof what, message, arguments);
    va_end(arguments);
    snprintf(where, sizeof where, "%s%srecord %zu, %s %llu", reader->name, reader->name[0] != '\0' ? ": " : "", reader->number,
             is_line_format(reader->format) ? "line" : "byte", (unsigned long long)reader->oddity_offset);
    reader_oddity(reader, "rejected", "%s", what);
    return recto_fail(error, status, where, NULL, "%s", what);
}

recto_status record_check_limits(marc_reader *reader, const marc_record *record, recto_error *error)
{
    if (marc_record_spans(record).length < MARC_SUBFIELDS_LIMIT && record->owners == 0 && record->count < MARC_FIELDS_LIMIT)
        return RECTO_OK; /* too short to have too many of anything */
    if (record->count > MARC_FIELDS_LIMIT)
        return reader_reject(reader, error, RECTO_ELIMIT, "%zu fields, more than %d", record->count, MARC_FIELDS_LIMIT);
    char name[MARC_FIELD_NAME];
    for (size_t i = 0; i < record->count; i++) {
        const marc_field *field = &record->fields[i].field;
        if (field->content.length < MARC_SUBFIELDS_LIMIT)
            continue;
        if (field->content.length > MARC_FIELD_LIMIT)
            return reader_reject(reader, error, RECTO_ELIMIT, "%s has %zu bytes, more than %d",
                                 marc_record_name_field(name, record, i), field->content.length, MARC_FIELD_LIMIT);
        size_t subfields = 0;
        for (size_t at = 0; at < field->content.length; at++)
            subfields += field->content.bytes[at] == MARC_SUBFIELD_DELIMITER;
        if (subfields > MARC_SUBFIELDS_LIMIT)
            return reader_reject(reader, error, RECTO_ELIMIT, "%s has %zu subfields, more than %d",
                                 marc_record_name_field(name, record, i), subfields, MARC_SUBFIELDS_LIMIT);
    }
    return RECTO_OK;
}

/* Packed records would be read as a thousand damaged ones. */
static recto_status refuse_container(marc_reader *reader, recto_error *error)
{
    enum { LONGEST_MARK = 8 };
    while (reader_rest(reader).length < LONGEST_MARK) {
        recto_status status = reader_more(reader, error);
        if (status == RECTO_END)
            break;
        if (status != RECTO_OK)
            return status;
    }
    const char *container = marc_sniff_container(reader_rest(reader));
    if (container == NULL)
        return RECTO_OK;
    reader->finished = RECTO_END;
    return recto_fail(error, RECTO_EDATA, reader->name, "unpack it first", "this is packed (%s)", container);
}

static recto_status sniff_input(marc_reader *reader, recto_error *error)
{
    while (reader->window_length - reader->next < SNIFF_LENGTH) {
        recto_status status = reader_more(reader, error);
        if (status == RECTO_END)
            break;
        if (status != RECTO_OK)
            return status;
    }
    text rest = reader_rest(reader);
    if (rest.length > SNIFF_LENGTH)
        rest.length = SNIFF_LENGTH;
    reader->format = marc_format_sniff(rest);
    if (reader->format == MARC_FORMAT_UNKNOWN && rest.length == 0)
        reader->format = MARC_FORMAT_ISO2709; /* nothing there: no records, and no reason to complain */
    if (reader->format != MARC_FORMAT_UNKNOWN)
        return RECTO_OK;
    reader->finished = RECTO_END;
    return recto_fail(error, RECTO_EDATA, reader->name, "name the format: marc, marcxml, mrk, json or line",
                      "these bytes are in no record format we know");
}

recto_status marc_reader_next(marc_reader *reader, marc_record *record, recto_error *error)
{
    marc_record_clear(record);
    reader->raw = text_of("", 0);
    if (reader->finished != RECTO_OK) {
        if (reader->finished != RECTO_END)
            recto_fail(error, reader->finished, reader->name, NULL, "reading has ended after a failure");
        return reader->finished;
    }
    if (marc_reader_position(reader) == 0) {
        recto_status status = refuse_container(reader, error);
        if (status == RECTO_OK && reader->format == MARC_FORMAT_UNKNOWN)
            status = sniff_input(reader, error);
        if (status != RECTO_OK)
            return status;
    }
    reader->number++;
    next_record next = next_of_format[reader->format];
    assert(next != NULL);
    recto_status status = next(reader, record, error);
    if (status == RECTO_OK)
        status = record_check_limits(reader, record, error);
    if (status == RECTO_OK)
        return status;
    marc_record_clear(record);
    if (status != RECTO_EDATA && status != RECTO_ELIMIT) {
        reader->number--;
        reader->finished = status;
    }
    return status;
}

text marc_reader_raw(const marc_reader *reader)
{
    return reader->raw;
}

size_t marc_reader_number(const marc_reader *reader)
{
    return reader->number;
}

uint64_t marc_reader_offset(const marc_reader *reader)
{
    return reader->offset;
}

uint64_t marc_reader_position(const marc_reader *reader)
{
    return reader->window_offset + reader->next;
}

recto_status marc_record_parse(marc_record **out, text bytes, marc_format format, recto_error *error)
{
    marc_reader_options options = { .format = format };
    marc_reader *reader = NULL;
    marc_record *record = NULL;
    recto_status status = marc_record_new(&record, error);
    if (status == RECTO_OK)
        status = marc_reader_new_bytes(&reader, bytes, NULL, &options, error);
    if (status == RECTO_OK)
        status = marc_reader_next(reader, record, error);
    if (status == RECTO_END)
        status = recto_fail(error, RECTO_EDATA, NULL, NULL, "there is no record in these bytes");
    marc_reader_free(reader);
    if (status == RECTO_OK)
        *out = record;
    else
        marc_record_free(record);
    return status;
}
