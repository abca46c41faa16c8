/* src/marc/marcjson.c - MARC-in-JSON:
 * {"leader":"...","fields":[{"001":"..."},{"245":{"ind1":"1",...,"subfields":[{"a":"..."}]}}]}
 *
 * One object a record, one after the other or in an array. Reading takes two passes over a record: the first finds where its
 * object ends, knowing only of strings and brackets, so that a bad record is passed over and the next is found; the second
 * reads it (marcjson_parse.c). Written are lines of one object each (marcjson_write.c).
 *
 * Read, and never written, are also the shapes that others make: members in any order; several subfields in one object; subfields
 * as one object, a value or an array of values for each code; fields as one object of tags; and the older form of "controlfield"
 * ({"tag","data"}) and "datafield" ({"tag","ind","subfield":[{"code","data"}]}). What was not a string and half surrogates are
 * reported. */
#include "marcjson_parse.h"
#include "record_store.h"
#include "recto/base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_LIMIT = 32, TEXT_AT_ONCE = 4096 }; /* RL-108; and of text that is no object, what one reject passes over */

static bool is_one_character(text name)
{
    int32_t code = 0;
    return name.length > 0 && utf8_decode(name.bytes, name.length, &code) == name.length && code >= 0 &&
           code != MARC_SUBFIELD_DELIMITER;
}

static bool take_code(json_parser *json)
{
    text code = buffer_text(&json->string);
    if (code.length > 0 && !is_one_character(code))
        return marcjson_fail(json, "a subfield code is one character");
    if (code.length > 0)
        memcpy(json->code, code.bytes, code.length);
    json->code_length = code.length;
    return true;
}

/* The value at the cursor, for the code that was taken. No code: text before the first delimiter, or a delimiter with nothing
 * behind it. */
static bool read_value(json_parser *json)
{
    if (!marcjson_text(json))
        return false;
    if (json->code_length > 0 || json->string.length == 0)
        buffer_append_char(&json->content, MARC_SUBFIELD_DELIMITER);
    buffer_append(&json->content, json->code, json->code_length);
    buffer_append_text(&json->content, buffer_text(&json->string));
    return true;
}

static bool is_name_of(text name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (text_equal(name, text_from(*names)))
            return true;
    return false;
}

static const char *const names_of_value[] = { "data", "value", NULL };

/* {"code":"a","data":"..."}: the value waits in json->content until the code is there too. */
static bool read_coded_member(json_parser *json)
{
    text name = buffer_text(&json->string);
    bool is_code = text_equal(name, TEXT("code"));
    if (!is_code && !is_name_of(name, names_of_value))
        return marcjson_skip(json);
    if (!marcjson_text(json))
        return false;
    if (is_code)
        return take_code(json);
    buffer_append_text(&json->content, buffer_text(&json->string));
    return true;
}

/* {"a":"..."}, or several, or an array of values. */
static bool read_subfield(json_parser *json)
{
    if (!take_code(json))
        return false;
    return marcjson_next_is(json, '[') ? marcjson_elements(json, read_value) : read_value(json);
}

/* Does the object at the cursor begin with such a name? Seen without reading it: each subfield of each record is asked. */
static bool is_coded(json_parser *json)
{
    static const char *const beginnings[] = { "\"code\"", "\"data\"", "\"value\"" };
    const char *start = json->at;
    bool coded = false;
    if (marcjson_next_is(json, '{')) {
        json->at++;
        text rest = marcjson_next_is(json, '"') ? text_of(json->at, (size_t)(json->end - json->at)) : text_of("", 0);
        for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
            coded = coded || text_starts(rest, text_from(beginnings[i]));
    }
    json->at = start;
    return coded;
}

static bool read_subfield_object(json_parser *json)
{
    size_t start = json->content.length;
    if (!is_coded(json))
        return marcjson_members(json, read_subfield);
    json->code_length = 0;
    if (!marcjson_members(json, read_coded_member))
        return false;
    size_t length = json->content.length - start;
    size_t before = 1 + json->code_length;
    char *room = buffer_reserve(&json->content, before);
    if (room == NULL)
        return true; /* the failed buffer is asked later */
    memmove(json->content.bytes + start + before, json->content.bytes + start, length);
    json->content.bytes[start] = MARC_SUBFIELD_DELIMITER;
    memcpy(json->content.bytes + start + 1, json->code, json->code_length);
    buffer_grow(&json->content, before);
    return true;
}

static bool read_subfields(json_parser *json)
{
    return marcjson_next_is(json, '{') ? read_subfield_object(json) : marcjson_elements(json, read_subfield_object);
}

static bool take_indicator(json_parser *json, int which, text value)
{
    if (value.length == 0)
        value = TEXT(" ");
    if (!is_one_character(value))
        return marcjson_fail(json, "an indicator is one character");
    memcpy(json->indicators[which], value.bytes, value.length);
    json->indicator_lengths[which] = value.length;
    return true;
}

/* "ind":"10" */
static bool take_both_indicators(json_parser *json)
{
    text both = buffer_text(&json->string);
    int32_t code = 0;
    size_t first = both.length > 0 ? utf8_decode(both.bytes, both.length, &code) : 0;
    return take_indicator(json, 0, text_of(both.bytes, first)) &&
           take_indicator(json, 1, text_of(both.bytes + first, both.length - first));
}

static bool read_data_member(json_parser *json)
{
    text name = buffer_text(&json->string);
    bool both = text_equal(name, TEXT("ind"));
    if (both || text_equal(name, TEXT("ind1")) || text_equal(name, TEXT("ind2"))) {
        int which = both ? 0 : name.bytes[3] - '1';
        if (!marcjson_text(json))
            return false;
        return both ? take_both_indicators(json) : take_indicator(json, which, buffer_text(&json->string));
    }
    if (text_equal(name, TEXT("subfields")) || text_equal(name, TEXT("subfield")))
        return read_subfields(json);
    return marcjson_skip(json);
}

static void begin_field(json_parser *json)
{
    for (int i = 0; i < 2; i++) {
        json->indicators[i][0] = ' ';
        json->indicator_lengths[i] = 1;
    }
    buffer_clear(&json->content);
}

/* The indicators go before what was read of a data field. */
static bool add_field(json_parser *json)
{
    bool control = marc_tag_is_control(json->tag);
    buffer_clear(&json->string);
    for (int i = 0; i < 2 && !control; i++)
        buffer_append(&json->string, json->indicators[i], json->indicator_lengths[i]);
    buffer_append_text(&json->string, buffer_text(&json->content));
    if (json->record_is_full)
        return marcjson_fail(json, "more than 10,000 fields");
    if (buffer_failed(&json->string) || buffer_failed(&json->content) ||
        marc_record_append(json->record, json->tag, buffer_text(&json->string), NULL) != RECTO_OK)
        return marcjson_starve(json);
    json->record_is_full = marc_record_count(json->record) > MARC_FIELDS_LIMIT;
    return true;
}

static bool take_tag(json_parser *json)
{
    text tag = buffer_text(&json->string);
    bool fits = tag.length == MARC_TAG_LENGTH && !text_equal(tag, TEXT("LDR"));
    for (size_t i = 0; i < MARC_TAG_LENGTH && fits; i++) {
        char byte = tag.bytes[i];
        fits = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == ' ';
    }
    if (!fits)
        return marcjson_fail(json, "a tag has three letters or digits");
    memcpy(json->tag, tag.bytes, MARC_TAG_LENGTH);
    if (memchr(json->tag, ' ', MARC_TAG_LENGTH) != NULL)
        reader_oddity(json->reader, "tag-odd", "a blank in the tag \"%s\"", json->tag);
    return true;
}

static bool read_field_value(json_parser *json)
{
    bool data_field = marcjson_next_is(json, '{');
    if (data_field == marc_tag_is_control(json->tag))
        return marcjson_fail(json, data_field ? "a control field has no subfields" : "a data field is an object");
    begin_field(json);
    if (!(data_field ? marcjson_members(json, read_data_member) : marcjson_text(json)))
        return false;
    if (!data_field)
        buffer_append_text(&json->content, buffer_text(&json->string));
    return add_field(json);
}

/* "245":{...}, or an array of such */
static bool read_field(json_parser *json)
{
    if (!take_tag(json))
        return false;
    return marcjson_next_is(json, '[') ? marcjson_elements(json, read_field_value) : read_field_value(json);
}

static bool read_field_object(json_parser *json)
{
    return marcjson_members(json, read_field);
}

/* {"tag":"001","data":"..."} or {"tag":"245","ind":"10","subfield":[...]} */
static bool read_tagged_member(json_parser *json)
{
    text name = buffer_text(&json->string);
    if (text_equal(name, TEXT("tag")))
        return marcjson_string(json) && take_tag(json);
    if (!is_name_of(name, names_of_value))
        return read_data_member(json);
    if (!marcjson_text(json))
        return false;
    buffer_append_text(&json->content, buffer_text(&json->string));
    return true;
}

static bool read_tagged_field(json_parser *json)
{
    json->tag[0] = '\0';
    begin_field(json);
    if (!marcjson_members(json, read_tagged_member))
        return false;
    return json->tag[0] != '\0' ? add_field(json) : marcjson_fail(json, "a field without a tag");
}

static bool read_leader(json_parser *json)
{
    char leader[MARC_LEADER_LENGTH];
    if (!marcjson_string(json))
        return false;
    if (json->has_leader)
        reader_oddity(json->reader, "member-repeated", "a second leader; the last one was kept");
    if (json->string.length != MARC_LEADER_LENGTH)
        reader_oddity(json->reader, "leader-length", "the leader has %zu bytes instead of 24", json->string.length);
    for (size_t i = 0; i < MARC_LEADER_LENGTH; i++)
        leader[i] = i < json->string.length ? json->string.bytes[i] : ' ';
    marc_record_set_leader(json->record, leader);
    json->has_leader = true;
    return true;
}

static bool read_record_member(json_parser *json)
{
    text name = buffer_text(&json->string);
    if (text_equal(name, TEXT("leader")))
        return read_leader(json);
    if (text_equal(name, TEXT("fields"))) {
        json->has_fields = true;
        return marcjson_next_is(json, '{') ? read_field_object(json) : marcjson_elements(json, read_field_object);
    }
    if (text_equal(name, TEXT("controlfield")) || text_equal(name, TEXT("datafield"))) {
        json->has_fields = true;
        return marcjson_elements(json, read_tagged_field);
    }
    return marcjson_skip(json);
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
    bool read = marcjson_members(&json, read_record_member);
    if (read && !json.has_leader && !json.has_fields)
        read = marcjson_fail(&json, "no leader and no fields: this is no MARC record");
    buffer_release(&json.string);
    buffer_release(&json.content);
    if (json.halves > 0)
        reader_oddity(reader, "surrogate-lone", "%zu halves of surrogate pairs are no characters and stand as U+FFFD",
                      json.halves);
    if (json.bare_values > 0)
        reader_oddity(reader, "json-value", "%zu values are no strings; read as they stand", json.bare_values);
    if (read)
        return RECTO_OK;
    if (json.starved)
        return recto_fail_memory(error, "reading JSON");
    reader->oddity_offset += (uint64_t)(json.at - json.start);
    return reader_reject(reader, error, json.record_is_full ? RECTO_ELIMIT : RECTO_EDATA, "%s", json.fault);
}

/* What is left of an object over the limit. */
static recto_status skip_object(marc_reader *reader, recto_error *error)
{
    json_scan *scan = reader->parser;
    recto_status status = RECTO_OK;
    while (reader->skipping && status == RECTO_OK) {
        size_t length = marcjson_scan_object(scan, reader_rest(reader));
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
    return byte != '\0' && strchr(" \t\r\n[],\x1E\xEF\xBB\xBF", byte) != NULL;
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
        size_t found = marcjson_scan_object(scan, text_of(rest.bytes + *length, rest.length - *length));
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
