/* src/marc/line.c - the line format: `245 10 $aTitle /$cAuthor.`, one field a line, for people, tests and differences.
 *
 * Blanks of the leader, of control fields and of indicators are written as backslashes; {dollar} is a dollar sign; there is
 * no other escape, so that a record with a line end or another control byte in it cannot be written and is refused. */
#include "lines.h"
#include "record_store.h"
#include "writer.h"

#include <stdio.h>
#include <string.h>

static const char dollar[] = "{dollar}";
enum { DOLLAR_LENGTH = sizeof dollar - 1, INDICATOR_COLUMN = 4 };

static void append_blanks_marked(buffer *out, text data)
{
    char *room = buffer_reserve(out, data.length);
    if (room == NULL)
        return;
    for (size_t i = 0; i < data.length; i++)
        room[i] = data.bytes[i] == ' ' ? '\\' : data.bytes[i];
    buffer_grow(out, data.length);
}

static void append_value(buffer *out, text value)
{
    for (size_t at = 0; at < value.length;) {
        const char *sign = memchr(value.bytes + at, '$', value.length - at);
        size_t end = sign != NULL ? (size_t)(sign - value.bytes) : value.length;
        buffer_append(out, value.bytes + at, end - at);
        if (sign != NULL)
            buffer_append(out, dollar, DOLLAR_LENGTH);
        at = end + 1;
    }
}

/* The two indicators as they are written: a missing one is a blank. @return bytes of the content that they take. */
static size_t append_indicators(buffer *out, text content)
{
    size_t at = 0;
    for (int i = 0; i < 2; i++) {
        text rest = text_of(content.bytes + at, content.length - at);
        size_t length = rest.length > 0 && rest.bytes[0] != MARC_SUBFIELD_DELIMITER ? lines_character(rest) : 0;
        if (length == 0 || rest.bytes[0] == ' ')
            buffer_append_char(out, '\\');
        else
            buffer_append(out, rest.bytes, length);
        at += length;
    }
    return at;
}

static void append_subfields(buffer *out, text data)
{
    for (size_t at = 0; at < data.length;) {
        if (data.bytes[at] != MARC_SUBFIELD_DELIMITER) {
            const char *delimiter = memchr(data.bytes + at, MARC_SUBFIELD_DELIMITER, data.length - at);
            size_t end = delimiter != NULL ? (size_t)(delimiter - data.bytes) : data.length;
            append_value(out, text_of(data.bytes + at, end - at));
            at = end;
        } else {
            buffer_append_char(out, '$');
            at++;
        }
    }
}

void marc_field_line(buffer *out, const marc_field *field)
{
    buffer_append(out, field->tag, MARC_TAG_LENGTH);
    buffer_append_char(out, ' ');
    if (marc_tag_is_control(field->tag)) {
        append_blanks_marked(out, field->content);
        return;
    }
    size_t used = append_indicators(out, field->content);
    buffer_append_char(out, ' ');
    append_subfields(out, text_of(field->content.bytes + used, field->content.length - used));
}

/* Line text to subfields. {dollar} stands for the sign wherever it comes; what comes before the first $ has no delimiter. */
static void read_subfields(buffer *out, text line)
{
    for (size_t at = 0; at < line.length;) {
        if (line.bytes[at] == '$') {
            buffer_append_char(out, MARC_SUBFIELD_DELIMITER);
            at++;
        } else if (line.length - at >= DOLLAR_LENGTH && memcmp(line.bytes + at, dollar, DOLLAR_LENGTH) == 0) {
            buffer_append_char(out, '$');
            at += DOLLAR_LENGTH;
        } else {
            buffer_append_char(out, line.bytes[at++]);
        }
    }
}

recto_status marc_subfields_from_line(buffer *out, text line, recto_error *error)
{
    char where[32];
    for (size_t i = 0; i < line.length; i++) {
        unsigned char byte = (unsigned char)line.bytes[i];
        if ((byte >= 0x20 || byte == '\t') && byte != 0x7F)
            continue;
        snprintf(where, sizeof where, "column %zu", i + 1);
        return recto_fail(error, RECTO_EDATA, where, NULL, "a control byte 0x%02X", byte);
    }
    if (line.length > 0 && line.bytes[0] != '$')
        return recto_fail(error, RECTO_EDATA, "column 1", "begin with $ and a code", "text before the first subfield");
    for (size_t i = 0; i < line.length; i++) {
        if (line.bytes[i] != '$' || (i + 1 < line.length && line.bytes[i + 1] != '$'))
            continue;
        snprintf(where, sizeof where, "column %zu", i + 1);
        return recto_fail(error, RECTO_EDATA, where, "write {dollar} for the sign", "a $ without a subfield code");
    }
    read_subfields(out, line);
    return buffer_failed(out) ? recto_fail_memory(error, "reading a field") : RECTO_OK;
}

recto_status marc_record_append_line(marc_record *record, const char *tag, const char *indicators, const char *line,
                                     recto_error *error)
{
    buffer content;
    buffer_init(&content, 0);
    recto_status status = RECTO_OK;
    if (marc_tag_is_control(tag)) {
        buffer_append_string(&content, line);
    } else {
        char pair[2] = { ' ', ' ' };
        for (int i = 0; i < 2 && indicators != NULL && indicators[i] != '\0'; i++)
            pair[i] = indicators[i] == '\\' || indicators[i] == '#' ? ' ' : indicators[i];
        buffer_append(&content, pair, 2);
        status = marc_subfields_from_line(&content, text_from(line), error);
    }
    if (status == RECTO_OK && buffer_failed(&content))
        status = recto_fail_memory(error, "adding a field");
    if (status == RECTO_OK)
        status = marc_record_append(record, tag, buffer_text(&content), error);
    buffer_release(&content);
    return status;
}

static void read_blanks_marked(buffer *out, text data)
{
    for (size_t i = 0; i < data.length; i++)
        buffer_append_char(out, data.bytes[i] == '\\' ? ' ' : data.bytes[i]);
}

static recto_status read_data_field(marc_reader *reader, text line, recto_error *error)
{
    text rest = text_of(line.bytes + INDICATOR_COLUMN, line.length - INDICATOR_COLUMN);
    for (int i = 0; i < 2; i++) {
        size_t length = lines_character(rest);
        if (length == 0)
            return reader_reject(reader, error, RECTO_EDATA, "the line ends before the second indicator");
        if (length == 1)
            buffer_append_char(&reader->scratch, rest.bytes[0] == '\\' ? ' ' : rest.bytes[0]);
        else
            buffer_append(&reader->scratch, rest.bytes, length);
        rest = text_of(rest.bytes + length, rest.length - length);
    }
    if (rest.length > 0 && rest.bytes[0] != ' ')
        return reader_reject(reader, error, RECTO_EDATA, "no blank between the indicators and the subfields");
    if (rest.length > 0)
        read_subfields(&reader->scratch, text_of(rest.bytes + 1, rest.length - 1));
    return RECTO_OK;
}

static recto_status read_line(marc_reader *reader, marc_record *record, text line, recto_error *error)
{
    char tag[MARC_TAG_LENGTH + 1] = { 0 };
    recto_status status = RECTO_OK;
    if (line.length < INDICATOR_COLUMN || line.bytes[MARC_TAG_LENGTH] != ' ')
        return reader_reject(reader, error, RECTO_EDATA, "a line begins with a tag of three and a blank");
    memcpy(tag, line.bytes, MARC_TAG_LENGTH);
    text data = text_of(line.bytes + INDICATOR_COLUMN, line.length - INDICATOR_COLUMN);
    if (memcmp(tag, "LDR", MARC_TAG_LENGTH) == 0) {
        lines_set_leader(reader, record, data);
        return RECTO_OK;
    }
    status = lines_check_tag(reader, tag, error);
    if (status != RECTO_OK)
        return status;
    buffer_clear(&reader->scratch);
    if (marc_tag_is_control(tag))
        read_blanks_marked(&reader->scratch, data);
    else
        status = read_data_field(reader, line, error);
    if (status == RECTO_OK && buffer_failed(&reader->scratch))
        status = recto_fail_memory(error, "reading a record");
    return status == RECTO_OK ? marc_record_append(record, tag, buffer_text(&reader->scratch), error) : status;
}

static bool is_leader(text line)
{
    return text_starts(line, TEXT("LDR "));
}

recto_status line_next(marc_reader *reader, marc_record *record, recto_error *error)
{
    static const line_format format = { .is_leader = is_leader, .handle = read_line };
    return lines_next(reader, record, &format, error);
}

static bool has_bytes(text content, const char *bytes, size_t length)
{
    return content.length >= length && memmem(content.bytes, content.length, bytes, length) != NULL;
}

/* What would not come back as it went. */
static recto_status check_field(const marc_field *field, recto_error *error)
{
    bool control = marc_tag_is_control(field->tag);
    for (size_t i = 0; i < field->content.length; i++) {
        unsigned char byte = (unsigned char)field->content.bytes[i];
        if ((byte < 0x20 && byte != '\t' && (control || byte != MARC_SUBFIELD_DELIMITER)) || byte == 0x7F)
            return recto_fail(error, RECTO_EDATA, NULL, "write it as mrk",
                              "field %s holds a control byte 0x%02X, which a line cannot", field->tag, byte);
    }
    if (has_bytes(text_of(field->content.bytes, control                     ? field->content.length
                                                : field->content.length < 2 ? field->content.length
                                                                            : 2),
                  "\\", 1))
        return recto_fail(error, RECTO_EDATA, NULL, "write it as mrk",
                          "field %s holds a backslash where the line format means a blank", field->tag);
    if (!control && has_bytes(field->content, dollar, DOLLAR_LENGTH))
        return recto_fail(error, RECTO_EDATA, NULL, "write it as mrk", "field %s holds the letters {dollar}", field->tag);
    return RECTO_OK;
}

recto_status line_write(buffer *out, const marc_record *record, recto_error *error)
{
    recto_status status = writer_check_text(record, "line", error);
    if (status == RECTO_OK && memchr(record->leader, '\\', MARC_LEADER_LENGTH) != NULL)
        status = recto_fail(error, RECTO_EDATA, "leader", "write it as mrk", "the leader holds a backslash");
    for (size_t i = 0; i < MARC_LEADER_LENGTH && status == RECTO_OK; i++)
        if ((unsigned char)record->leader[i] < 0x20 || record->leader[i] == 0x7F)
            status = recto_fail(error, RECTO_EDATA, "leader", "write it as marc", "the leader holds a control byte");
    for (size_t i = 0; i < record->count && status == RECTO_OK; i++)
        status = check_field(&record->fields[i].field, error);
    if (status != RECTO_OK)
        return status;
    buffer_append_string(out, "LDR ");
    append_blanks_marked(out, text_of(record->leader, MARC_LEADER_LENGTH));
    buffer_append_char(out, '\n');
    for (size_t i = 0; i < record->count; i++) {
        marc_field_line(out, &record->fields[i].field);
        buffer_append_char(out, '\n');
    }
    buffer_append_char(out, '\n'); /* the blank line that ends a record: whoever writes need not know whether one follows */
    return RECTO_OK;
}

/* Where the value holds the delimiter itself, its dollar signs are named (ED-34). */
static void append_grid_value(buffer *out, text value, const char *delimiter)
{
    size_t length = strlen(delimiter);
    for (size_t at = 0; at < value.length;) {
        bool is_delimiter = length > 0 && value.length - at >= length && memcmp(value.bytes + at, delimiter, length) == 0;
        for (size_t i = 0; i < (is_delimiter ? length : 1); i++, at++) {
            if (is_delimiter && value.bytes[at] == '$')
                buffer_append(out, dollar, DOLLAR_LENGTH);
            else
                buffer_append_char(out, value.bytes[at]);
        }
    }
}

void marc_field_to_grid(buffer *out, const marc_field *field, const char *delimiter)
{
    marc_subfield subfield;
    bool first = true;
    if (marc_tag_is_control(field->tag)) {
        buffer_append_text(out, field->content);
        return;
    }
    for (size_t offset = 0; marc_field_next_subfield(field, &offset, &subfield); first = false) {
        if (!first)
            buffer_append_char(out, ' ');
        if (subfield.code != 0 || field->content.bytes[subfield.offset] == MARC_SUBFIELD_DELIMITER)
            buffer_append_string(out, delimiter);
        if (subfield.code != 0)
            buffer_append(out, (const char[]){ subfield.code, ' ' }, 2);
        append_grid_value(out, subfield.value, delimiter);
    }
}
