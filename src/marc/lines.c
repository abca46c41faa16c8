/* src/marc/lines.c - see lines.h. */
#include "lines.h"
#include "record_store.h"
#include "recto/base/utf8.h"

#include <string.h>

enum { LINE_LIMIT = 1 << 20 }; /* RL-104 */

bool lines_take(text *rest, text *line)
{
    if (rest->length == 0)
        return false;
    const char *end = memchr(rest->bytes, '\n', rest->length);
    size_t length = end != NULL ? (size_t)(end - rest->bytes) : rest->length;
    *line = text_of(rest->bytes, length);
    if (line->length > 0 && line->bytes[line->length - 1] == '\r')
        line->length--;
    length += end != NULL;
    *rest = text_of(rest->bytes + length, rest->length - length);
    return true;
}

static bool is_blank(text line)
{
    return text_trim(line).length == 0;
}

/* Length of the line at `from`, with its end. RECTO_END when nothing is there. */
static recto_status line_length(marc_reader *reader, size_t from, size_t *length, recto_error *error)
{
    size_t searched = from;
    for (;;) {
        text rest = reader_rest(reader);
        const char *end = rest.length > searched ? memchr(rest.bytes + searched, '\n', rest.length - searched) : NULL;
        *length = (end != NULL ? (size_t)(end - rest.bytes) + 1 : rest.length) - from;
        if (end != NULL || *length > reader_limit(reader))
            return RECTO_OK;
        searched = rest.length;
        recto_status status = reader_more(reader, error);
        if (status == RECTO_END)
            return *length == 0 ? RECTO_END : RECTO_OK;
        if (status != RECTO_OK)
            return status;
    }
}

static recto_status skip_blank_lines(marc_reader *reader, recto_error *error)
{
    for (;;) {
        size_t length = 0;
        recto_status status = line_length(reader, 0, &length, error);
        if (status != RECTO_OK)
            return status;
        if (reader_rest(reader).length >= 3 && memcmp(reader_rest(reader).bytes, "\xEF\xBB\xBF", 3) == 0) {
            reader->next += 3;
            continue;
        }
        if (!is_blank(text_of(reader_rest(reader).bytes, length)) && !reader->skipping)
            return RECTO_OK;
        if (is_blank(text_of(reader_rest(reader).bytes, length)))
            reader->skipping = false;
        reader->next += length;
        reader->lines++;
    }
}

/* Bytes of all lines of the record that begins here. */
static recto_status record_length(marc_reader *reader, const line_format *format, size_t *length, recto_error *error)
{
    *length = 0;
    while (*length <= reader_limit(reader)) {
        size_t line = 0;
        recto_status status = line_length(reader, *length, &line, error);
        if (status != RECTO_OK)
            return status == RECTO_END ? RECTO_OK : status;
        text here = text_of(reader_rest(reader).bytes + *length, line);
        if (is_blank(here) || (*length > 0 && format->is_leader(here)))
            return RECTO_OK;
        *length += line;
    }
    return RECTO_OK;
}

/* Takes a line, and those that belong to it, which are put together in reader->converted with one blank between. @return how
 * many lines that is. */
static size_t take_whole_line(marc_reader *reader, text *lines, text *line, const line_format *format)
{
    size_t count = 1;
    text next;
    text rest = *lines;
    if (!lines_take(lines, line))
        return 0;
    rest = *lines;
    while (format->goes_on != NULL && lines_take(&rest, &next) && format->goes_on(next)) {
        buffer *joined = &reader->converted;
        if (count++ == 1) {
            buffer_clear(joined);
            buffer_append_text(joined, *line);
        }
        if (joined->length > 0 && joined->bytes[joined->length - 1] != ' ' && next.bytes[0] != ' ')
            buffer_append_char(joined, ' ');
        buffer_append_text(joined, next);
        *lines = rest;
    }
    if (count > 1)
        *line = buffer_text(&reader->converted);
    return count;
}

static recto_status handle_lines(marc_reader *reader, marc_record *record, text lines, const line_format *format,
                                 recto_error *error)
{
    recto_status status = RECTO_OK;
    while (status == RECTO_OK) {
        text line = { "", 0 };
        size_t count = take_whole_line(reader, &lines, &line, format);
        if (count == 0)
            break;
        if (count > 1 && buffer_failed(&reader->converted))
            status = recto_fail_memory(error, "reading a record");
        else if (line.length > LINE_LIMIT)
            status = reader_reject(reader, error, RECTO_ELIMIT, "a line of %zu bytes, more than %d", line.length, LINE_LIMIT);
        else if (marc_record_count(record) > MARC_FIELDS_LIMIT)
            status = reader_reject(reader, error, RECTO_ELIMIT, "more than %d fields", MARC_FIELDS_LIMIT);
        if (count > 1 && status == RECTO_OK)
            reader_oddity(reader, "line-wrapped", "a field over %zu lines; put together with a blank between them", count);
        if (status == RECTO_OK)
            status = lines_check_bytes(reader, line, error);
        if (status == RECTO_OK)
            status = format->handle(reader, record, line, error);
        reader->oddity_offset += count;
    }
    return status;
}

static uint64_t count_lines(text lines)
{
    uint64_t count = 0;
    text line;
    while (lines_take(&lines, &line))
        count++;
    return count;
}

recto_status lines_next(marc_reader *reader, marc_record *record, const line_format *format, recto_error *error)
{
    size_t length = 0;
    recto_status status = skip_blank_lines(reader, error);
    if (status == RECTO_OK)
        status = record_length(reader, format, &length, error);
    if (status != RECTO_OK)
        return status;
    reader->offset = marc_reader_position(reader);
    reader->oddity_offset = reader->lines + 1;
    reader_consume(reader, length);
    reader->lines += count_lines(reader->raw);
    if (length > reader_limit(reader)) {
        reader->skipping = true; /* up to the next blank line */
        return reader_reject(reader, error, RECTO_ELIMIT, "the record has more than %zu bytes", reader_limit(reader));
    }
    status = handle_lines(reader, record, reader->raw, format, error);
    if (status == RECTO_OK && !reader->options.keep_bytes)
        status = encoding_settle(reader, record, error);
    return status;
}

recto_status lines_check_bytes(marc_reader *reader, text line, recto_error *error)
{
    for (size_t i = 0; i < line.length; i++) {
        unsigned char byte = (unsigned char)line.bytes[i];
        if ((byte < 0x20 && byte != '\t') || byte == 0x7F)
            return reader_reject(reader, error, RECTO_EDATA, "a control byte 0x%02X in column %zu", byte, i + 1);
    }
    return RECTO_OK;
}

recto_status lines_check_tag(marc_reader *reader, const char *tag, recto_error *error)
{
    for (size_t i = 0; i < MARC_TAG_LENGTH; i++) {
        bool letter_or_digit =
            (tag[i] >= '0' && tag[i] <= '9') || (tag[i] >= 'A' && tag[i] <= 'Z') || (tag[i] >= 'a' && tag[i] <= 'z');
        if (tag[i] == ' ')
            reader_oddity(reader, "tag-odd", "a blank in the tag \"%.3s\"", tag);
        else if (!letter_or_digit)
            return reader_reject(reader, error, RECTO_EDATA, "\"%.3s\" is no tag: three letters or digits make one", tag);
    }
    return RECTO_OK;
}

void lines_set_leader(marc_reader *reader, marc_record *record, text leader)
{
    char bytes[MARC_LEADER_LENGTH];
    if (leader.length != MARC_LEADER_LENGTH)
        reader_oddity(reader, "leader-length", "the leader has %zu bytes instead of 24", leader.length);
    for (size_t i = 0; i < MARC_LEADER_LENGTH; i++)
        bytes[i] = i < leader.length && leader.bytes[i] != '\\' ? leader.bytes[i] : ' ';
    marc_record_set_leader(record, bytes);
}

size_t lines_character(text rest)
{
    int32_t code = 0;
    return rest.length == 0 ? 0 : utf8_decode(rest.bytes, rest.length, &code);
}
