/* src/marc/marcxml_write.c - a record as MARCXML.
 *
 * XML cannot hold control characters other than TAB and line ends: a record with others is refused. A control field with
 * subfield delimiters in it, which is not MARC 21 but exists, is written as a data field, so that it can come back. */
#include "record_store.h"
#include "scan.h"
#include "writer.h"

#include <string.h>

/* What each byte is to XML; most are nothing special. */
enum { PLAIN, ESCAPED, FORBIDDEN, SUSPECT };
#define F FORBIDDEN
#define E ESCAPED
/* clang-format off */
static const unsigned char kinds[256] = {
    F, F, F, F, F, F, F, F, F, E, E, F, F, E, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, F, /* control bytes */
    ['&'] = E, ['<'] = E, ['>'] = E, ['"'] = E, [0xEF] = SUSPECT /* begins U+FFFE and U+FFFF, which XML cannot hold either */
};
/* clang-format on */
#undef F
#undef E

static const char *escape_of(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\r':
        return "&#xD;"; /* bare, it would come back as a line feed */
    case '\n':
        return "&#xA;";
    default:
        return "&#x9;";
    }
}

static inline uint64_t special_in(scan_chunk chunk)
{
    scan_chunk special = scan_either(scan_either(scan_equal(chunk, '&'), scan_equal(chunk, '"')),
                                     scan_either(scan_equal(chunk, '<'), scan_equal(chunk, '>')));
    special = scan_either(special, scan_either(scan_below(chunk, MARC_FIELD_TERMINATOR), scan_equal(chunk, (char)0xEF)));
    return scan_answer(special);
}

/* Is some byte of this to be escaped, or forbidden, or suspect? What divides fields and subfields is not. */
static bool is_special(text content)
{
    size_t at = 0;
    for (; at + SCAN_CHUNK <= content.length; at += SCAN_CHUNK)
        if (special_in(scan_load(content.bytes + at)) != 0)
            return true;
    if (at > 0 && at < content.length) /* the last chunk, some of it again */
        return special_in(scan_load(content.bytes + content.length - SCAN_CHUNK)) != 0;
    for (; at < content.length; at++) {
        char byte = content.bytes[at];
        if (kinds[(unsigned char)byte] != PLAIN && byte != MARC_SUBFIELD_DELIMITER && byte != MARC_FIELD_TERMINATOR)
            return true;
    }
    return false;
}

static bool is_noncharacter(text rest)
{
    return rest.length >= 3 && (unsigned char)rest.bytes[1] == 0xBF && (unsigned char)rest.bytes[2] >= 0xBE;
}

static bool fits_xml(text value, bool delimiters)
{
    for (size_t i = 0; i < value.length; i++) {
        unsigned char kind = kinds[(unsigned char)value.bytes[i]];
        if (kind == FORBIDDEN && !(delimiters && value.bytes[i] == MARC_SUBFIELD_DELIMITER))
            return false;
        if (kind == SUSPECT && is_noncharacter(text_of(value.bytes + i, value.length - i)))
            return false;
    }
    return true;
}

/* The form of a data field serves when there is something for both indicators. */
static bool fits_data_field(text content)
{
    text indicators[2];
    size_t used = writer_indicators(content, indicators);
    return used == indicators[0].length + indicators[1].length;
}

static char *put(char *at, text piece)
{
    if (piece.length > 0)
        memcpy(at, piece.bytes, piece.length);
    return at + piece.length;
}
#define PUT(at, literal) put(at, TEXT(literal))

/* Copies a value up to the next control byte or the field's end, in steps that may write into the room behind it: what comes
 * next is written over that. *from is moved there. */
static char *put_value(char *at, const char **from, const char *end, const char *readable_end)
{
    const char *next = *from;
    uint64_t control = 0;
    while (next < end && readable_end - next >= SCAN_CHUNK && control == 0) {
        memcpy(at, next, SCAN_CHUNK);
        control = scan_answer(scan_below(scan_load(next), ' '));
        size_t step = control == 0 ? SCAN_CHUNK : scan_first(control);
        next += step;
        at += step;
    }
    if (next > end) { /* nothing stands between this field and what comes behind it */
        at -= next - end;
        next = end;
    }
    while (control == 0 && next < end && (unsigned char)*next >= ' ')
        *at++ = *next++;
    *from = next;
    return at;
}

static char *put_escaped(char *at, text value)
{
    for (size_t i = 0; i < value.length; i++) {
        if (kinds[(unsigned char)value.bytes[i]] == ESCAPED)
            at = put(at, text_from(escape_of(value.bytes[i])));
        else
            *at++ = value.bytes[i];
    }
    return at;
}

static char *put_opening(char *at, const marc_field *field, text first, text second)
{
    at = PUT(at, "  <datafield tag=\"");
    memcpy(at, field->tag, MARC_TAG_LENGTH);
    at = PUT(at + MARC_TAG_LENGTH, "\" ind1=\"");
    at = put_escaped(at, first);
    at = PUT(at, "\" ind2=\"");
    at = put_escaped(at, second);
    return PUT(at, "\">\n");
}

/* How far one may read behind a field: to the end of what the spans lie in. */
static const char *readable_end(const marc_record *record, const marc_field *field)
{
    text spans = marc_record_spans(record);
    bool inside = record->owners == 0 && spans.bytes != NULL;
    return inside ? spans.bytes + spans.length : field->content.bytes + field->content.length;
}

/* Any data field. */
static char *put_data_field(char *at, const marc_field *field)
{
    text indicators[2];
    text code;
    text value;
    size_t from = writer_indicators(field->content, indicators);
    at = put_opening(at, field, indicators[0], indicators[1]);
    while (writer_next_subfield(field->content, &from, &code, &value)) {
        at = PUT(at, "    <subfield code=\"");
        at = put_escaped(at, code);
        at = PUT(at, "\">");
        at = put_escaped(at, value);
        at = PUT(at, "</subfield>\n");
    }
    return PUT(at, "  </datafield>\n");
}

/* Two indicators and then a delimiter: nearly every data field. */
static bool is_regular(text content)
{
    return content.length >= 3 && content.bytes[2] == MARC_SUBFIELD_DELIMITER && content.bytes[0] >= ' ' &&
           content.bytes[1] >= ' ';
}

/* A regular field with nothing to escape. @return NULL when there is something unusual in it after all. */
static char *put_regular_field(char *at, const marc_field *field, const char *readable_end)
{
    const char *from = field->content.bytes + 2;
    const char *end = field->content.bytes + field->content.length;
    at = PUT(at, "  <datafield tag=\"");
    memcpy(at, field->tag, MARC_TAG_LENGTH);
    at = PUT(at + MARC_TAG_LENGTH, "\" ind1=\"");
    *at++ = from[-2];
    at = PUT(at, "\" ind2=\"");
    *at++ = from[-1];
    at = PUT(at, "\">\n");
    while (from < end) {
        if (end - from < 2 || from[0] != MARC_SUBFIELD_DELIMITER || from[1] < ' ')
            return NULL;
        at = PUT(at, "    <subfield code=\"");
        *at++ = from[1];
        at = PUT(at, "\">");
        from += 2;
        at = put_value(at, &from, end, readable_end);
        at = PUT(at, "</subfield>\n");
    }
    return PUT(at, "  </datafield>\n");
}

static bool is_delimited(text content)
{
    return content.length > 0 && memchr(content.bytes, MARC_SUBFIELD_DELIMITER, content.length) != NULL;
}

/* @param plain  nothing is to be escaped. @return NULL when there is something unusual in it after all. */
static char *put_control_field(char *at, const marc_field *field, bool plain, const char *readable_end)
{
    const char *from = field->content.bytes;
    const char *end = from + field->content.length;
    at = PUT(at, "  <controlfield tag=\"");
    memcpy(at, field->tag, MARC_TAG_LENGTH);
    at = PUT(at + MARC_TAG_LENGTH, "\">");
    at = plain ? put_value(at, &from, end, readable_end) : put_escaped(at, field->content);
    return plain && from != end ? NULL : PUT(at, "</controlfield>\n");
}

/* The most room that things can take: an element for each delimiter, and one for what stands before the first. Fields that are
 * not long are taken to be delimiters throughout, which is quicker than to count them. */
enum { ROOM_OF_RECORD = 256, ROOM_OF_FIELD = 160 + SCAN_CHUNK, ROOM_OF_SUBFIELD = 48, ROOM_OF_BYTE = 6, LONG_FIELD = 4096 };

static size_t room_of_field(text content)
{
    size_t delimiters = content.length;
    if (content.length > LONG_FIELD) {
        delimiters = 0;
        for (size_t i = 0; i < content.length; i++)
            delimiters += content.bytes[i] == MARC_SUBFIELD_DELIMITER;
    }
    return ROOM_OF_FIELD + delimiters * ROOM_OF_SUBFIELD + content.length * ROOM_OF_BYTE;
}

/* A control field with subfields is written like a data field, if that will do. */
static bool fits(const marc_field *field, bool as_data)
{
    return fits_xml(field->content, as_data) && (!as_data || !marc_tag_is_control(field->tag) || fits_data_field(field->content));
}

static recto_status append_field(buffer *out, const marc_record *record, size_t index, bool special, recto_error *error)
{
    const marc_field *field = &record->fields[index].field;
    bool control = field->tag[0] == '0' && field->tag[1] == '0';
    char *end = NULL;
    size_t room = room_of_field(field->content);
    char *start = out->capacity > out->length + room && !out->failed ? out->bytes + out->length : buffer_reserve(out, room);
    if (start == NULL)
        return recto_fail_memory(error, "writing a record");
    if (control && !special)
        end = put_control_field(start, field, true, readable_end(record, field));
    else if (is_regular(field->content) && !control && !(special && is_special(field->content)))
        end = put_regular_field(start, field, readable_end(record, field));
    if (end == NULL) {
        bool as_data = !control || is_delimited(field->content);
        char name[MARC_FIELD_NAME];
        if (!fits(field, as_data))
            return recto_fail(error, RECTO_EDATA, NULL, "write it as marc or json",
                              "%s holds a control character, which XML cannot hold", marc_record_name_field(name, record, index));
        end = as_data ? put_data_field(start, field) : put_control_field(start, field, false, NULL);
    }
    buffer_grow(out, (size_t)(end - start));
    return RECTO_OK;
}

static recto_status append_leader(buffer *out, const marc_record *record, recto_error *error)
{
    text leader = text_of(record->leader, MARC_LEADER_LENGTH);
    if (!fits_xml(leader, false))
        return recto_fail(error, RECTO_EDATA, "leader", "write it as marc or json", "a control character, which XML cannot hold");
    char *start = buffer_reserve(out, ROOM_OF_RECORD);
    if (start == NULL)
        return recto_fail_memory(error, "writing a record");
    char *end = put_escaped(PUT(start, "<record>\n  <leader>"), leader);
    buffer_grow(out, (size_t)(PUT(end, "</leader>\n") - start));
    return RECTO_OK;
}

recto_status marcxml_write(buffer *out, const marc_record *record, recto_error *error)
{
    bool together = record->owners == 0 && record->count > 0;
    bool special = !together || is_special(marc_record_spans(record));
    recto_status status = writer_check_text(record, "marcxml", error);
    if (status == RECTO_OK)
        status = append_leader(out, record, error);
    for (size_t i = 0; i < record->count && status == RECTO_OK; i++)
        status = append_field(out, record, i, special, error);
    buffer_append_text(out, TEXT("</record>\n"));
    return status;
}
