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

/* What a content is to XML, found in one pass. */
typedef struct xml_traits {
    bool special;      /* some byte is to be escaped, is forbidden or suspect */
    size_t delimiters; /* of subfields */
} xml_traits;

static xml_traits traits_of(text content)
{
    xml_traits traits = { 0 };
    size_t at = 0;
    for (; at + SCAN_CHUNK <= content.length; at += SCAN_CHUNK) {
        scan_chunk chunk = scan_load(content.bytes + at);
        uint64_t delimiters = scan_answer(scan_equal(chunk, MARC_SUBFIELD_DELIMITER));
        scan_chunk special = scan_either(scan_either(scan_equal(chunk, '&'), scan_equal(chunk, '"')),
                                         scan_either(scan_equal(chunk, '<'), scan_equal(chunk, '>')));
        special = scan_either(special, scan_either(scan_below(chunk, ' '), scan_equal(chunk, (char)0xEF)));
        traits.special |= scan_answer(special) != delimiters;
        traits.delimiters += (size_t)__builtin_popcountll(delimiters);
    }
    for (; at < content.length; at++) {
        bool delimiter = content.bytes[at] == MARC_SUBFIELD_DELIMITER;
        traits.special |= kinds[(unsigned char)content.bytes[at]] != PLAIN && !delimiter;
        traits.delimiters += delimiter;
    }
    return traits;
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

static recto_status refuse(const marc_record *record, size_t index, recto_error *error)
{
    return recto_fail(error, RECTO_EDATA, NULL, "write it as marc or json",
                      "field %zu (%s) holds a control character, which XML cannot hold", index + 1,
                      record->fields[index].field.tag);
}

static char *put(char *at, text piece)
{
    if (piece.length > 0)
        memcpy(at, piece.bytes, piece.length);
    return at + piece.length;
}
#define PUT(at, literal) put(at, TEXT(literal))

/* Short values are copied in steps, which may write into the room behind them: what comes next is written over it. */
static char *put_value(char *at, text value, const char *readable_end)
{
    enum { STEP = 16 };
    if (value.length > 4 * STEP || (size_t)(readable_end - value.bytes) < 4 * STEP)
        return put(at, value);
    for (size_t i = 0; i < value.length; i += STEP)
        memcpy(at + i, value.bytes + i, STEP);
    return at + value.length;
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

/* Two indicators and then a delimiter, each code one byte: nearly every data field. */
static bool is_regular(text content)
{
    return content.length >= 3 && content.bytes[2] == MARC_SUBFIELD_DELIMITER && content.bytes[0] >= ' ' &&
           content.bytes[1] >= ' ';
}

/* A regular field with nothing to escape. @return NULL when a code is not one byte after all. */
static char *put_regular_field(char *at, const marc_field *field, const char *readable_end)
{
    const char *from = field->content.bytes + 2;
    const char *end = field->content.bytes + field->content.length;
    at = put_opening(at, field, text_of(from - 2, 1), text_of(from - 1, 1));
    while (from < end) {
        if (end - from < 2 || from[1] < ' ')
            return NULL;
        const char *value = from + 2;
        const char *next = memchr(value, MARC_SUBFIELD_DELIMITER, (size_t)(end - value));
        at = PUT(at, "    <subfield code=\"");
        *at++ = from[1];
        at = PUT(at, "\">");
        from = next != NULL ? next : end;
        at = put_value(at, text_of(value, (size_t)(from - value)), readable_end);
        at = PUT(at, "</subfield>\n");
    }
    return PUT(at, "  </datafield>\n");
}

static char *put_control_field(char *at, const marc_field *field)
{
    at = PUT(at, "  <controlfield tag=\"");
    memcpy(at, field->tag, MARC_TAG_LENGTH);
    at = PUT(at + MARC_TAG_LENGTH, "\">");
    at = put_escaped(at, field->content);
    return PUT(at, "</controlfield>\n");
}

/* The most room that a field can take: an element for each delimiter, and one for what stands before the first. */
enum { ROOM_OF_FIELD = 160, ROOM_OF_SUBFIELD = 48, ROOM_OF_BYTE = 6, ROOM_OF_RECORD = 256, ROOM_BEHIND = 64 };

static recto_status put_field(buffer *out, const marc_record *record, size_t index, recto_error *error)
{
    const marc_field *field = &record->fields[index].field;
    xml_traits traits = traits_of(field->content);
    bool control = marc_tag_is_control(field->tag);
    if ((traits.special && !fits_xml(field->content, true)) ||
        (control && traits.delimiters > 0 && !fits_data_field(field->content)))
        return refuse(record, index, error);
    char *start = buffer_reserve(out, ROOM_OF_FIELD + traits.delimiters * ROOM_OF_SUBFIELD +
                                          field->content.length * (traits.special ? ROOM_OF_BYTE : 1) + ROOM_BEHIND);
    if (start == NULL)
        return recto_fail_memory(error, "writing a record");
    char *end = NULL;
    if (control && traits.delimiters == 0)
        end = put_control_field(start, field);
    else if (!traits.special && is_regular(field->content))
        end = put_regular_field(start, field, readable_end(record, field));
    if (end == NULL)
        end = put_data_field(start, field);
    buffer_grow(out, (size_t)(end - start));
    return RECTO_OK;
}

recto_status marcxml_write(buffer *out, const marc_record *record, recto_error *error)
{
    text leader = text_of(record->leader, MARC_LEADER_LENGTH);
    recto_status status = writer_check_text(record, "marcxml", error);
    if (status == RECTO_OK && !fits_xml(leader, false))
        status =
            recto_fail(error, RECTO_EDATA, "leader", "write it as marc or json", "a control character, which XML cannot hold");
    char *start = status == RECTO_OK ? buffer_reserve(out, ROOM_OF_RECORD) : NULL;
    if (start == NULL)
        return status != RECTO_OK ? status : recto_fail_memory(error, "writing a record");
    char *end = put_escaped(PUT(start, "<record>\n  <leader>"), leader);
    buffer_grow(out, (size_t)(PUT(end, "</leader>\n") - start));
    for (size_t i = 0; i < record->count && status == RECTO_OK; i++)
        status = put_field(out, record, i, error);
    buffer_append_text(out, TEXT("</record>\n"));
    return status;
}
