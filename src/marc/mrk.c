/* src/marc/mrk.c - the mnemonic format of MarcEdit: `=245  10$aTitle`, blanks of indicators and control fields as backslashes.
 *
 * A dollar sign in a value is {dollar}, braces are {lcub} and {rcub}; a control byte is written {U+000A}, so that nothing that
 * a record may hold is lost on the way there and back. */
#include "lines.h"
#include "mrk_names.h"
#include "record_store.h"
#include "recto/base/utf8.h"
#include "writer.h"

#include <string.h>

enum { DATA_COLUMN = 6, NAME_LIMIT = 16, PENDING_MARKS = 4 };

/* Reads text with names into a field. */
typedef struct mrk_text {
    marc_reader *reader;
    text rest;
    int32_t pending[PENDING_MARKS]; /* marks for the next character */
    size_t pending_count;
    bool blanks_marked; /* a backslash is a blank here */
} mrk_text;

static void put_code(buffer *out, int32_t code)
{
    char bytes[4];
    buffer_append(out, bytes, utf8_encode(code, bytes));
}

static void put_composed(buffer *out, int32_t base, int32_t mark)
{
    char bytes[8];
    size_t length = utf8_encode(base, bytes);
    length += utf8_encode(mark, bytes + length);
    utf8_nfc(out, text_of(bytes, length));
}

static void put_pending(mrk_text *in)
{
    for (size_t i = 0; i < in->pending_count; i++)
        put_code(&in->reader->scratch, in->pending[i]);
    in->pending_count = 0;
}

static void skip(mrk_text *in, size_t bytes)
{
    in->rest = text_of(in->rest.bytes + bytes, in->rest.length - bytes);
}

/* {name}; @return false when this brace begins no name that is known: it then stands for itself. */
static bool take_name(mrk_text *in)
{
    size_t most = in->rest.length < NAME_LIMIT ? in->rest.length : NAME_LIMIT;
    const char *end = memchr(in->rest.bytes, '}', most);
    bool mark = false;
    int32_t base = 0;
    if (end == NULL)
        return false;
    size_t length = (size_t)(end - in->rest.bytes);
    int32_t code = mrk_name_code(text_of(in->rest.bytes + 1, length - 1), &mark, &base);
    if (length == 7 && memcmp(in->rest.bytes, "{U+0000", length) == 0) {
        buffer_append_char(&in->reader->scratch, '\0');
        skip(in, length + 1);
        return true;
    }
    if (code == 0) {
        reader_oddity(in->reader, "mnemonic-unknown", "%.*s is no mnemonic we know; kept as it is", (int)length + 1,
                      in->rest.bytes);
        return false;
    }
    skip(in, length + 1);
    if (mark && in->pending_count < PENDING_MARKS) {
        in->pending[in->pending_count++] = code;
    } else if (base != 0) {
        put_composed(&in->reader->scratch, base, code);
        put_pending(in);
    } else {
        put_code(&in->reader->scratch, code);
        put_pending(in);
    }
    return true;
}

/* One character of a value, an indicator or a control field. */
static void take_character(mrk_text *in)
{
    size_t length = 0;
    if (in->rest.bytes[0] == '{' && take_name(in))
        return;
    length = lines_character(in->rest);
    if (in->blanks_marked && in->rest.bytes[0] == '\\')
        buffer_append_char(&in->reader->scratch, ' ');
    else
        buffer_append(&in->reader->scratch, in->rest.bytes, length);
    put_pending(in);
    skip(in, length);
}

static recto_status take_data_field(mrk_text *in, recto_error *error)
{
    in->blanks_marked = true;
    for (int i = 0; i < 2; i++) {
        if (in->rest.length == 0 || in->rest.bytes[0] == '$')
            return reader_reject(in->reader, error, RECTO_EDATA, "the line has no two indicators");
        take_character(in);
    }
    in->blanks_marked = false;
    while (in->rest.length > 0) {
        if (in->rest.bytes[0] != '$') {
            take_character(in);
            continue;
        }
        put_pending(in);
        buffer_append_char(&in->reader->scratch, MARC_SUBFIELD_DELIMITER);
        skip(in, 1);
    }
    put_pending(in);
    return RECTO_OK;
}

static recto_status take_control_field(mrk_text *in)
{
    in->blanks_marked = true;
    while (in->rest.length > 0)
        take_character(in);
    put_pending(in);
    return RECTO_OK;
}

/* A leader has bytes and not characters: one above 0x7F was written as the character of that number. */
static void narrow_leader(buffer *leader)
{
    size_t narrow = 0;
    for (size_t at = 0; at < leader->length;) {
        int32_t code = 0;
        size_t length = utf8_decode(leader->bytes + at, leader->length - at, &code);
        leader->bytes[narrow++] = code >= 0x80 && code < 0x100 ? (char)code : leader->bytes[at];
        for (size_t i = 1; i < length && (code < 0x80 || code >= 0x100); i++)
            leader->bytes[narrow++] = leader->bytes[at + i];
        at += length;
    }
    leader->length = narrow;
}

static void set_leader(marc_reader *reader, marc_record *record, text leader)
{
    char bytes[MARC_LEADER_LENGTH];
    if (leader.length != MARC_LEADER_LENGTH)
        reader_oddity(reader, "leader-length", "the leader has %zu bytes instead of 24", leader.length);
    for (size_t i = 0; i < MARC_LEADER_LENGTH; i++)
        bytes[i] = i < leader.length ? leader.bytes[i] : ' ';
    marc_record_set_leader(record, bytes);
}

static recto_status read_line(marc_reader *reader, marc_record *record, text line, recto_error *error)
{
    char tag[MARC_TAG_LENGTH + 1] = { 0 };
    recto_status status = RECTO_OK;
    if (line.length < DATA_COLUMN || line.bytes[0] != '=' || line.bytes[4] != ' ' || line.bytes[5] != ' ')
        return reader_reject(reader, error, RECTO_EDATA, "a line begins with =, a tag of three and two blanks");
    memcpy(tag, line.bytes + 1, MARC_TAG_LENGTH);
    for (size_t i = 0; i < MARC_TAG_LENGTH; i++)
        if (tag[i] == '\\')
            tag[i] = ' ';
    mrk_text in = { .reader = reader, .rest = text_of(line.bytes + DATA_COLUMN, line.length - DATA_COLUMN) };
    buffer_clear(&reader->scratch);
    if (memcmp(tag, "LDR", MARC_TAG_LENGTH) == 0) {
        take_control_field(&in);
        narrow_leader(&reader->scratch);
        set_leader(reader, record, buffer_text(&reader->scratch));
        return RECTO_OK;
    }
    status = lines_check_tag(reader, tag, error);
    if (status == RECTO_OK)
        status = marc_tag_is_control(tag) ? take_control_field(&in) : take_data_field(&in, error);
    if (status == RECTO_OK && buffer_failed(&reader->scratch))
        status = recto_fail_memory(error, "reading a record");
    return status == RECTO_OK ? marc_record_append(record, tag, buffer_text(&reader->scratch), error) : status;
}

recto_status mrk_next(marc_reader *reader, marc_record *record, recto_error *error)
{
    return lines_next(reader, record, "=LDR", read_line, error);
}

static bool is_plain(unsigned char byte)
{
    return byte > ' ' && byte != '$' && byte != '{' && byte != '}' && byte != '\\' && byte != 0x7F;
}

static void put_escaped(buffer *out, text data, bool blanks_marked, bool delimiters)
{
    for (size_t i = 0; i < data.length; i++) {
        unsigned char byte = (unsigned char)data.bytes[i];
        size_t run = i;
        while (run < data.length && (is_plain((unsigned char)data.bytes[run]) || (data.bytes[run] == ' ' && !blanks_marked)))
            run++;
        if (run > i) {
            buffer_append(out, data.bytes + i, run - i);
            i = run - 1;
            continue;
        }
        if (byte == MARC_SUBFIELD_DELIMITER && delimiters)
            buffer_append_char(out, '$');
        else if (byte == '$')
            buffer_append_string(out, "{dollar}");
        else if (byte == '{' || byte == '}')
            buffer_append_string(out, byte == '{' ? "{lcub}" : "{rcub}");
        else if (blanks_marked && (byte == ' ' || byte == '\\'))
            buffer_append_string(out, byte == ' ' ? "\\" : "{bsol}");
        else if (byte < 0x20 || byte == 0x7F)
            buffer_append_format(out, "{U+%04X}", byte);
        else
            buffer_append_char(out, (char)byte);
    }
}

static void write_data_field(buffer *out, text content)
{
    size_t at = 0;
    for (int i = 0; i < 2; i++) {
        text rest = text_of(content.bytes + at, content.length - at);
        size_t length = rest.length > 0 && rest.bytes[0] != MARC_SUBFIELD_DELIMITER ? lines_character(rest) : 0;
        if (length == 0)
            buffer_append_char(out, '\\');
        else
            put_escaped(out, text_of(rest.bytes, length), true, false);
        at += length;
    }
    put_escaped(out, text_of(content.bytes + at, content.length - at), false, true);
}

recto_status mrk_write(buffer *out, const marc_record *record, recto_error *error)
{
    recto_status status = writer_check_fields(record, "mrk", error);
    if (status != RECTO_OK)
        return status;
    buffer_append_string(out, "=LDR  ");
    for (size_t i = 0; i < MARC_LEADER_LENGTH; i++) {
        if ((unsigned char)record->leader[i] >= 0x80)
            buffer_append_format(out, "{U+%04X}", (unsigned char)record->leader[i]);
        else
            put_escaped(out, text_of(record->leader + i, 1), true, false);
    }
    buffer_append_char(out, '\n');
    for (size_t i = 0; i < record->count; i++) {
        const marc_field *field = &record->fields[i].field;
        buffer_append_char(out, '=');
        for (size_t j = 0; j < MARC_TAG_LENGTH; j++)
            buffer_append_char(out, field->tag[j] == ' ' ? '\\' : field->tag[j]);
        buffer_append_string(out, "  ");
        if (marc_tag_is_control(field->tag))
            put_escaped(out, field->content, true, false);
        else
            write_data_field(out, field->content);
        buffer_append_char(out, '\n');
    }
    buffer_append_char(out, '\n');
    return RECTO_OK;
}
