/* src/marc/marcjson.c - MARC-in-JSON:
 * {"leader":"...","fields":[{"001":"..."},{"245":{"ind1":"1",...,"subfields":[{"a":"..."}]}}]}
 *
 * One object a record, one after the other or in an array. Reading takes two passes over a record: the first finds where its
 * object ends, knowing only of strings and brackets, so that a bad record is passed over and the next is found; the second
 * reads it. Written are lines of one object each. */
#include "reader.h"
#include "record_store.h"
#include "recto/base/utf8.h"
#include "writer.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_LIMIT = 32, TEXT_AT_ONCE = 4096 }; /* RL-108; and of text that is no object, what one reject passes over */

/* Where the first pass stands in an object. */
typedef struct json_scan {
    size_t depth, deepest;
    bool in_string, escaped;
} json_scan;

typedef struct json_parser {
    marc_reader *reader;
    marc_record *record;
    const char *start, *at, *end;
    buffer string;  /* the string read last */
    buffer content; /* of the field that is being read */
    char indicators[2][4];
    size_t indicator_lengths[2];
    const char *fault; /* what is wrong, at `at` */
    bool has_leader, has_fields;
} json_parser;

/* @return bytes up to and with the end of the object; 0 when it does not end here. */
static size_t scan_object(json_scan *scan, text bytes)
{
    for (size_t i = 0; i < bytes.length; i++) {
        char byte = bytes.bytes[i];
        if (scan->escaped) {
            scan->escaped = false;
        } else if (scan->in_string) {
            scan->escaped = byte == '\\';
            scan->in_string = byte != '"';
        } else if (byte == '"') {
            scan->in_string = true;
        } else if (byte == '{' || byte == '[') {
            scan->depth++;
            if (scan->depth > scan->deepest)
                scan->deepest = scan->depth;
        } else if ((byte == '}' || byte == ']') && scan->depth > 0 && --scan->depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

static bool fail(json_parser *json, const char *fault)
{
    if (json->fault == NULL)
        json->fault = fault;
    return false;
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void skip_space(json_parser *json)
{
    while (json->at < json->end && is_space(*json->at))
        json->at++;
}

static bool take(json_parser *json, char expected, const char *fault)
{
    skip_space(json);
    if (json->at >= json->end || *json->at != expected)
        return fail(json, fault);
    json->at++;
    return true;
}

static bool next_is(json_parser *json, char expected)
{
    skip_space(json);
    return json->at < json->end && *json->at == expected;
}

static bool read_hex(json_parser *json, int32_t *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++, json->at++) {
        char digit = json->at < json->end ? *json->at : '\0';
        int value = digit >= '0' && digit <= '9'   ? digit - '0'
                    : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
                    : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                                   : -1;
        if (value < 0)
            return fail(json, "\\u is not followed by four hexadecimal digits");
        *code = *code * 16 + value;
    }
    return true;
}

static bool read_unicode_escape(json_parser *json)
{
    int32_t code = 0;
    int32_t low = 0;
    char bytes[4];
    if (!read_hex(json, &code))
        return false;
    if (code >= 0xD800 && code < 0xDC00) {
        if (json->end - json->at < 6 || json->at[0] != '\\' || json->at[1] != 'u')
            return fail(json, "half of a surrogate pair");
        json->at += 2;
        if (!read_hex(json, &low) || low < 0xDC00 || low > 0xDFFF)
            return fail(json, "half of a surrogate pair");
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    size_t length = utf8_encode(code, bytes);
    if (length == 0)
        return fail(json, "half of a surrogate pair");
    buffer_append(&json->string, bytes, length);
    return true;
}

static bool read_escape(json_parser *json)
{
    static const char names[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    if (json->at >= json->end)
        return fail(json, "the string does not end");
    char name = *json->at++;
    if (name == 'u')
        return read_unicode_escape(json);
    const char *place = name != '\0' ? strchr(names, name) : NULL;
    if (place == NULL)
        return fail(json, "an escape that JSON does not have");
    buffer_append_char(&json->string, meanings[place - names]);
    return true;
}

static bool read_string(json_parser *json)
{
    buffer_clear(&json->string);
    if (!take(json, '"', "a string is expected"))
        return false;
    while (json->at < json->end && *json->at != '"') {
        if ((unsigned char)*json->at < 0x20)
            return fail(json, "a control byte in a string");
        if (*json->at != '\\') {
            buffer_append_char(&json->string, *json->at++);
            continue;
        }
        json->at++;
        if (!read_escape(json))
            return false;
    }
    return take(json, '"', "the string does not end");
}

/* A value that has no meaning for us. The first pass has seen to its brackets and its depth. */
static bool skip_value(json_parser *json)
{
    json_scan scan = { 0 };
    skip_space(json);
    if (json->at < json->end && *json->at == '"')
        return read_string(json);
    if (json->at < json->end && (*json->at == '{' || *json->at == '[')) {
        size_t length = scan_object(&scan, text_of(json->at, (size_t)(json->end - json->at)));
        json->at += length;
        return length > 0 || fail(json, "a bracket is not closed");
    }
    const char *start = json->at;
    while (json->at < json->end && strchr(",]} \t\r\n", *json->at) == NULL)
        json->at++;
    return json->at > start || fail(json, "a value is expected");
}

/* Calls `member` for each name of an object, the name in json->string and the cursor before the value. */
static bool read_members(json_parser *json, bool (*member)(json_parser *json))
{
    if (!take(json, '{', "{ is expected"))
        return false;
    if (next_is(json, '}'))
        return take(json, '}', "");
    do {
        if (!read_string(json) || !take(json, ':', "a colon is expected") || !member(json))
            return false;
    } while (next_is(json, ',') && take(json, ',', ""));
    return take(json, '}', "a comma or } is expected");
}

static bool read_elements(json_parser *json, bool (*element)(json_parser *json))
{
    if (!take(json, '[', "[ is expected"))
        return false;
    if (next_is(json, ']'))
        return take(json, ']', "");
    do {
        if (!element(json))
            return false;
    } while (next_is(json, ',') && take(json, ',', ""));
    return take(json, ']', "a comma or ] is expected");
}

static bool is_one_character(text name)
{
    int32_t code = 0;
    return name.length > 0 && utf8_decode(name.bytes, name.length, &code) == name.length && code >= 0 &&
           code != MARC_SUBFIELD_DELIMITER;
}

/* A code and its value. No code: text before the first delimiter, or a delimiter with nothing behind it. */
static bool read_subfield(json_parser *json)
{
    text code = buffer_text(&json->string);
    size_t start = json->content.length;
    if (code.length > 0 && !is_one_character(code))
        return fail(json, "a subfield code is one character");
    buffer_append_char(&json->content, MARC_SUBFIELD_DELIMITER);
    buffer_append_text(&json->content, code);
    bool bare = code.length == 0;
    if (!read_string(json))
        return false;
    if (bare && json->string.length > 0)
        json->content.length = start;
    buffer_append_text(&json->content, buffer_text(&json->string));
    return true;
}

static bool read_subfield_object(json_parser *json)
{
    return read_members(json, read_subfield);
}

static bool read_indicator(json_parser *json, int which)
{
    if (!read_string(json))
        return false;
    text value = buffer_text(&json->string);
    if (value.length == 0)
        value = TEXT(" ");
    if (!is_one_character(value))
        return fail(json, "an indicator is one character");
    memcpy(json->indicators[which], value.bytes, value.length);
    json->indicator_lengths[which] = value.length;
    return true;
}

static bool read_data_member(json_parser *json)
{
    text name = buffer_text(&json->string);
    if (text_equal(name, TEXT("ind1")) || text_equal(name, TEXT("ind2")))
        return read_indicator(json, name.bytes[3] - '1');
    if (text_equal(name, TEXT("subfields")))
        return read_elements(json, read_subfield_object);
    return skip_value(json);
}

static bool read_data_field(json_parser *json)
{
    for (int i = 0; i < 2; i++) {
        json->indicators[i][0] = ' ';
        json->indicator_lengths[i] = 1;
    }
    buffer_clear(&json->content);
    if (!read_members(json, read_data_member))
        return false;
    buffer_clear(&json->string);
    for (int i = 0; i < 2; i++)
        buffer_append(&json->string, json->indicators[i], json->indicator_lengths[i]);
    buffer_append_text(&json->string, buffer_text(&json->content));
    return true;
}

static bool is_tag(text tag)
{
    if (tag.length != MARC_TAG_LENGTH || text_equal(tag, TEXT("LDR")))
        return false;
    for (size_t i = 0; i < MARC_TAG_LENGTH; i++) {
        char byte = tag.bytes[i];
        bool fits = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == ' ';
        if (!fits)
            return false;
    }
    return true;
}

static bool read_field(json_parser *json)
{
    char tag[MARC_TAG_LENGTH + 1] = { 0 };
    if (!is_tag(buffer_text(&json->string)))
        return fail(json, "a tag has three letters or digits");
    memcpy(tag, json->string.bytes, MARC_TAG_LENGTH);
    if (memchr(tag, ' ', MARC_TAG_LENGTH) != NULL)
        reader_oddity(json->reader, "tag-odd", "a blank in the tag \"%s\"", tag);
    bool data_field = next_is(json, '{');
    if (data_field == marc_tag_is_control(tag))
        return fail(json, data_field ? "a control field has no subfields" : "a data field is an object");
    if (!(data_field ? read_data_field(json) : read_string(json)))
        return false;
    if (buffer_failed(&json->string) || marc_record_append(json->record, tag, buffer_text(&json->string), NULL) != RECTO_OK)
        return fail(json, "no memory");
    return true;
}

static bool read_field_object(json_parser *json)
{
    return read_members(json, read_field);
}

static bool read_record_member(json_parser *json)
{
    text name = buffer_text(&json->string);
    char leader[MARC_LEADER_LENGTH];
    if (text_equal(name, TEXT("fields"))) {
        json->has_fields = true;
        return read_elements(json, read_field_object);
    }
    if (!text_equal(name, TEXT("leader")))
        return skip_value(json);
    if (!read_string(json))
        return false;
    if (json->string.length != MARC_LEADER_LENGTH)
        reader_oddity(json->reader, "leader-length", "the leader has %zu bytes instead of 24", json->string.length);
    for (size_t i = 0; i < MARC_LEADER_LENGTH; i++)
        leader[i] = i < json->string.length ? json->string.bytes[i] : ' ';
    marc_record_set_leader(json->record, leader);
    json->has_leader = true;
    return true;
}

static recto_status parse_record(marc_reader *reader, marc_record *record, recto_error *error)
{
    json_parser json = { .reader = reader,
                         .record = record,
                         .start = reader->raw.bytes,
                         .at = reader->raw.bytes,
                         .end = reader->raw.bytes + reader->raw.length };
    buffer_init(&json.string, 0);
    buffer_init(&json.content, 0);
    bool read = read_members(&json, read_record_member);
    if (read && !json.has_leader && !json.has_fields)
        read = fail(&json, "no leader and no fields: this is no MARC record");
    buffer_release(&json.string);
    buffer_release(&json.content);
    if (read)
        return RECTO_OK;
    reader->oddity_offset += (uint64_t)(json.at - json.start);
    return reader_reject(reader, error, RECTO_EDATA, "%s", json.fault);
}

/* What is left of an object over the limit. */
static recto_status skip_object(marc_reader *reader, recto_error *error)
{
    json_scan *scan = reader->parser;
    recto_status status = RECTO_OK;
    while (reader->skipping && status == RECTO_OK) {
        size_t length = scan_object(scan, reader_rest(reader));
        reader->next += length > 0 ? length : reader_rest(reader).length;
        if (length > 0)
            reader->skipping = false;
        else
            status = reader_more(reader, error);
    }
    return status;
}

/* Besides brackets and commas, the separator of JSON text sequences and the bytes of a byte order mark. */
static bool stands_between_objects(char byte)
{
    return is_space(byte) || (byte != '\0' && strchr("[],\x1E\xEF\xBB\xBF", byte) != NULL);
}

/* To the next object. Brackets and commas of an array around all records are passed. */
static recto_status find_object(marc_reader *reader, recto_error *error)
{
    for (;;) {
        text rest = reader_rest(reader);
        size_t at = 0;
        while (at < rest.length && stands_between_objects(rest.bytes[at]))
            at++;
        reader->next += at;
        if (at < rest.length)
            return RECTO_OK;
        recto_status status = reader_more(reader, error);
        if (status != RECTO_OK)
            return status;
    }
}

/* Length of the object that begins here; with *whole false when the input or the limit ends before it. */
static recto_status find_end(marc_reader *reader, json_scan *scan, size_t *length, bool *whole, recto_error *error)
{
    *length = 0;
    *scan = (json_scan){ 0 };
    for (;;) {
        text rest = reader_rest(reader);
        size_t found = scan_object(scan, text_of(rest.bytes + *length, rest.length - *length));
        *whole = found > 0;
        *length = found > 0 ? *length + found : rest.length;
        if (*whole || *length > reader_limit(reader))
            return RECTO_OK;
        recto_status status = reader_more(reader, error);
        if (status != RECTO_OK)
            return status == RECTO_END ? RECTO_OK : status;
    }
}

/* Bytes that begin no object go up to the next one that may, or to the end of the line. How much of it the window holds must not
 * matter: the same file must give the same records from a pipe. */
static recto_status reject_text(marc_reader *reader, recto_error *error)
{
    size_t length = 1;
    for (;;) {
        text rest = reader_rest(reader);
        while (length < rest.length && length < TEXT_AT_ONCE && rest.bytes[length] != '{' && rest.bytes[length] != '\n')
            length++;
        if (length < rest.length || length == TEXT_AT_ONCE)
            break;
        recto_status status = reader_more(reader, error);
        if (status == RECTO_END)
            break;
        if (status != RECTO_OK)
            return status;
    }
    reader_consume(reader, length);
    return reader_reject(reader, error, RECTO_EDATA, "an object is expected");
}

recto_status marcjson_next(marc_reader *reader, marc_record *record, recto_error *error)
{
    size_t length = 0;
    bool whole = false;
    if (reader->parser == NULL) {
        reader->parser = calloc(1, sizeof(json_scan));
        reader->parser_free = free;
    }
    json_scan *scan = reader->parser;
    if (scan == NULL)
        return recto_fail_memory(error, "reading JSON");
    recto_status status = skip_object(reader, error);
    if (status == RECTO_OK)
        status = find_object(reader, error);
    if (status != RECTO_OK)
        return status;
    reader->offset = reader->oddity_offset = marc_reader_position(reader);
    if (reader_rest(reader).bytes[0] != '{')
        return reject_text(reader, error);
    status = find_end(reader, scan, &length, &whole, error);
    if (status != RECTO_OK)
        return status;
    reader_consume(reader, length);
    reader->skipping = !whole && !reader->ended;
    if (length > reader_limit(reader))
        return reader_reject(reader, error, RECTO_ELIMIT, "the record has more than %zu bytes", reader_limit(reader));
    if (!whole)
        return reader_reject(reader, error, RECTO_EDATA, "the file ends in the middle of a record");
    if (scan->deepest > DEPTH_LIMIT)
        return reader_reject(reader, error, RECTO_ELIMIT, "nested deeper than %d", DEPTH_LIMIT);
    status = parse_record(reader, record, error);
    return status == RECTO_OK && !reader->options.keep_bytes ? encoding_settle(reader, record, error) : status;
}

static void put_string(buffer *out, text value)
{
    size_t start = 0;
    buffer_append_char(out, '"');
    for (size_t i = 0; i < value.length; i++) {
        unsigned char byte = (unsigned char)value.bytes[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        buffer_append(out, value.bytes + start, i - start);
        if (byte < 0x20)
            buffer_append_format(out, "\\u%04x", byte);
        else
            buffer_append(out, (const char[]){ '\\', (char)byte }, 2);
        start = i + 1;
    }
    buffer_append(out, value.bytes + start, value.length - start);
    buffer_append_char(out, '"');
}

static void put_data_field(buffer *out, text content)
{
    text indicators[2];
    text code;
    text value;
    size_t at = writer_indicators(content, indicators);
    buffer_append_string(out, "{\"ind1\":");
    put_string(out, indicators[0]);
    buffer_append_string(out, ",\"ind2\":");
    put_string(out, indicators[1]);
    buffer_append_string(out, ",\"subfields\":[");
    for (bool first = true; writer_next_subfield(content, &at, &code, &value); first = false) {
        buffer_append_string(out, first ? "{" : ",{");
        put_string(out, code);
        buffer_append_char(out, ':');
        put_string(out, value);
        buffer_append_char(out, '}');
    }
    buffer_append_string(out, "]}");
}

recto_status marcjson_write(buffer *out, const marc_record *record, recto_error *error)
{
    recto_status status = writer_check_text(record, "json", error);
    if (status != RECTO_OK)
        return status;
    buffer_append_string(out, "{\"leader\":");
    put_string(out, text_of(record->leader, MARC_LEADER_LENGTH));
    buffer_append_string(out, ",\"fields\":[");
    for (size_t i = 0; i < record->count; i++) {
        const marc_field *field = &record->fields[i].field;
        buffer_append_string(out, i == 0 ? "{" : ",{");
        put_string(out, text_of(field->tag, MARC_TAG_LENGTH));
        buffer_append_char(out, ':');
        if (marc_tag_is_control(field->tag))
            put_string(out, field->content);
        else
            put_data_field(out, field->content);
        buffer_append_char(out, '}');
    }
    buffer_append_string(out, "]}\n");
    return RECTO_OK;
}
