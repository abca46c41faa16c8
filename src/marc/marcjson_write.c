/* src/marc/marcjson_write.c - a record as MARC-in-JSON, one object on one line. */
#include "record_store.h"
#include "writer.h"

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
