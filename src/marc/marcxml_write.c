/* src/marc/marcxml_write.c - a record as MARCXML.
 *
 * XML cannot hold control characters other than TAB and line ends: a record with others is refused. A control field with
 * subfield delimiters in it, which is not MARC 21 but exists, is written as a data field, so that it can come back. */
#include "record_store.h"
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

static void put_text(buffer *out, text value)
{
    size_t start = 0;
    for (size_t i = 0; i < value.length; i++) {
        if (kinds[(unsigned char)value.bytes[i]] != ESCAPED)
            continue;
        buffer_append(out, value.bytes + start, i - start);
        buffer_append_string(out, escape_of(value.bytes[i]));
        start = i + 1;
    }
    buffer_append(out, value.bytes + start, value.length - start);
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

static bool is_delimited(const marc_field *field)
{
    return field->content.length > 0 && memchr(field->content.bytes, MARC_SUBFIELD_DELIMITER, field->content.length) != NULL;
}

static recto_status check_record(const marc_record *record, recto_error *error)
{
    recto_status status = writer_check_text(record, "marcxml", error);
    if (status == RECTO_OK && !fits_xml(text_of(record->leader, MARC_LEADER_LENGTH), false))
        status =
            recto_fail(error, RECTO_EDATA, "leader", "write it as marc or json", "a control character, which XML cannot hold");
    for (size_t i = 0; i < record->count && status == RECTO_OK; i++) {
        const marc_field *field = &record->fields[i].field;
        bool fits = fits_xml(field->content, true) &&
                    (!marc_tag_is_control(field->tag) || !is_delimited(field) || fits_data_field(field->content));
        if (!fits)
            status = recto_fail(error, RECTO_EDATA, NULL, "write it as marc or json",
                                "field %zu (%s) holds a control character, which XML cannot hold", i + 1, field->tag);
    }
    return status;
}

static void put_data_field(buffer *out, const marc_field *field)
{
    text indicators[2];
    text code;
    text value;
    size_t at = writer_indicators(field->content, indicators);
    buffer_append_string(out, "  <datafield tag=\"");
    put_text(out, text_of(field->tag, MARC_TAG_LENGTH));
    buffer_append_string(out, "\" ind1=\"");
    put_text(out, indicators[0]);
    buffer_append_string(out, "\" ind2=\"");
    put_text(out, indicators[1]);
    buffer_append_string(out, "\">\n");
    while (writer_next_subfield(field->content, &at, &code, &value)) {
        buffer_append_string(out, "    <subfield code=\"");
        put_text(out, code);
        buffer_append_string(out, "\">");
        put_text(out, value);
        buffer_append_string(out, "</subfield>\n");
    }
    buffer_append_string(out, "  </datafield>\n");
}

static void put_control_field(buffer *out, const marc_field *field)
{
    buffer_append_string(out, "  <controlfield tag=\"");
    put_text(out, text_of(field->tag, MARC_TAG_LENGTH));
    buffer_append_string(out, "\">");
    put_text(out, field->content);
    buffer_append_string(out, "</controlfield>\n");
}

recto_status marcxml_write(buffer *out, const marc_record *record, recto_error *error)
{
    recto_status status = check_record(record, error);
    if (status != RECTO_OK)
        return status;
    buffer_append_string(out, "<record>\n  <leader>");
    put_text(out, text_of(record->leader, MARC_LEADER_LENGTH));
    buffer_append_string(out, "</leader>\n");
    for (size_t i = 0; i < record->count; i++) {
        const marc_field *field = &record->fields[i].field;
        if (marc_tag_is_control(field->tag) && !is_delimited(field))
            put_control_field(out, field);
        else
            put_data_field(out, field);
    }
    buffer_append_string(out, "</record>\n");
    return RECTO_OK;
}
