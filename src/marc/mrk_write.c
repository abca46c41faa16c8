/* src/marc/mrk_write.c - a record in the mnemonic format. What must have a name has one, and with `named` all that is not ASCII:
 * so that it reads back as the same characters, a composed letter is {eacute} and a letter with marks {acute}e. */
#include "lines.h"
#include "mrk_names.h"
#include "record_store.h"
#include "recto/base/utf8.h"
#include "writer.h"

#include <string.h>
#include <utf8proc.h>

enum { MARKS_MOST = 8, LIGATURE = 0x0361, DOUBLE_TILDE = 0x0360 };

/* What is being written, and how. */
typedef struct mrk_output {
    buffer *out;
    bool named;
    bool blanks_marked; /* a blank is a backslash here */
    bool delimiters;    /* 0x1F begins a subfield here */
} mrk_output;

static bool is_plain(const mrk_output *to, unsigned char byte)
{
    if (byte == ' ')
        return !to->blanks_marked;
    return byte > ' ' && byte != '$' && byte != '{' && byte != '}' && byte != '\\' && byte != 0x7F && (byte < 0x80 || !to->named);
}

/* A byte that is not plain and is ASCII. */
static void put_byte(const mrk_output *to, unsigned char byte)
{
    if (byte == MARC_SUBFIELD_DELIMITER && to->delimiters)
        buffer_append_char(to->out, '$');
    else if (byte == '$')
        buffer_append_string(to->out, "{dollar}");
    else if (byte == '{' || byte == '}')
        buffer_append_string(to->out, byte == '{' ? "{lcub}" : "{rcub}");
    else if (to->blanks_marked && (byte == ' ' || byte == '\\'))
        buffer_append_string(to->out, byte == ' ' ? "\\" : "{bsol}");
    else if (byte < 0x20 || byte == 0x7F)
        buffer_append_format(to->out, "{U+%04X}", byte);
    else
        buffer_append_char(to->out, (char)byte);
}

/* {eacute}: a letter that Unicode composes of an ASCII letter and one mark that has a name. */
static bool put_letter_with_mark(const mrk_output *to, text character, int32_t code)
{
    utf8proc_int32_t parts[4];
    char spelling[8];
    int boundary = 0;
    buffer composed;
    utf8proc_ssize_t count = utf8proc_decompose_char(code, parts, 4, UTF8PROC_DECOMPOSE, &boundary);
    const char *mark = count == 2 && parts[0] < 0x80 ? mrk_name_of(parts[1], true) : NULL;
    if (mark == NULL)
        return false;
    size_t length = utf8_encode(parts[0], spelling);
    length += utf8_encode(parts[1], spelling + length);
    buffer_init(&composed, 0);
    utf8_nfc(&composed, text_of(spelling, length));
    bool same = text_equal(buffer_text(&composed), character); /* or it would come back as another */
    to->out->failed = to->out->failed || buffer_failed(&composed);
    buffer_release(&composed);
    if (same)
        buffer_append_format(to->out, "{%c%s}", (char)parts[0], mark);
    return same;
}

static void put_character(const mrk_output *to, text character, int32_t code)
{
    const char *name = code >= 0x80 ? mrk_name_of(code, false) : NULL;
    if (code >= 0 && code < 0x80 && is_plain(to, (unsigned char)code))
        buffer_append_char(to->out, (char)code);
    else if (code >= 0 && code < 0x80)
        put_byte(to, (unsigned char)code);
    else if (name != NULL)
        buffer_append_format(to->out, "{%s}", name);
    else if (!put_letter_with_mark(to, character, code))
        buffer_append_format(to->out, "{U+%04X}", (unsigned)code);
}

/* The marks behind a character, up to the first that has no name. @return their bytes. */
static size_t read_marks(text rest, int32_t *marks, size_t *count)
{
    size_t at = 0;
    *count = 0;
    while (at < rest.length && *count < MARKS_MOST) {
        int32_t code = 0;
        size_t length = utf8_decode(rest.bytes + at, rest.length - at, &code);
        if (code < 0x300 || mrk_name_of(code, true) == NULL || code >= 0xFE00)
            break;
        marks[(*count)++] = code;
        at += length;
    }
    return at;
}

/* A character and its marks, these first; `pair` is the mark over two letters that the last one had. Delimiters and subfield
 * codes bear none: a mark behind them has a number. */
static size_t put_with_marks(const mrk_output *to, text rest, bool may_bear, int32_t *pair)
{
    int32_t code = 0;
    int32_t marks[MARKS_MOST];
    size_t count = 0;
    size_t length = utf8_decode(rest.bytes, rest.length, &code);
    size_t marks_length = may_bear ? read_marks(text_of(rest.bytes + length, rest.length - length), marks, &count) : 0;
    if (*pair != 0 && may_bear)
        buffer_append_string(to->out, *pair == LIGATURE ? "{rlig}" : "{rdbltil}");
    *pair = 0;
    for (size_t i = 0; i < count; i++) {
        buffer_append_format(to->out, "{%s}", mrk_name_of(marks[i], true));
        if (marks[i] == LIGATURE || marks[i] == DOUBLE_TILDE)
            *pair = marks[i];
    }
    put_character(to, text_of(rest.bytes, length), code);
    return length + marks_length;
}

static void put_named(const mrk_output *to, text data)
{
    int32_t pair = 0;
    bool code = false;
    for (size_t at = 0; at < data.length;) {
        bool delimiter = to->delimiters && data.bytes[at] == MARC_SUBFIELD_DELIMITER;
        at += put_with_marks(to, text_of(data.bytes + at, data.length - at), !delimiter && !code, &pair);
        code = delimiter;
    }
}

static void put_escaped(const mrk_output *to, text data)
{
    if (to->named) {
        put_named(to, data);
        return;
    }
    for (size_t at = 0; at < data.length;) {
        size_t run = at;
        while (run < data.length && is_plain(to, (unsigned char)data.bytes[run]))
            run++;
        buffer_append(to->out, data.bytes + at, run - at);
        if (run < data.length)
            put_byte(to, (unsigned char)data.bytes[run++]);
        at = run;
    }
}

static void put_data_field(mrk_output *to, text content)
{
    size_t at = 0;
    to->blanks_marked = true;
    to->delimiters = false;
    for (int i = 0; i < 2; i++) {
        text rest = text_of(content.bytes + at, content.length - at);
        size_t length = rest.length > 0 && rest.bytes[0] != MARC_SUBFIELD_DELIMITER ? lines_character(rest) : 0;
        if (length == 0)
            buffer_append_char(to->out, '\\');
        else
            put_escaped(to, text_of(rest.bytes, length));
        at += length;
    }
    to->blanks_marked = false;
    to->delimiters = true;
    put_escaped(to, text_of(content.bytes + at, content.length - at));
}

static void put_leader(mrk_output *to, const char *leader)
{
    to->blanks_marked = true;
    buffer_append_string(to->out, "=LDR  ");
    for (size_t i = 0; i < MARC_LEADER_LENGTH; i++) {
        if ((unsigned char)leader[i] >= 0x80)
            buffer_append_format(to->out, "{U+%04X}", (unsigned char)leader[i]);
        else
            put_escaped(to, text_of(leader + i, 1));
    }
    buffer_append_char(to->out, '\n');
}

static recto_status write_record(buffer *out, const marc_record *record, bool named, recto_error *error)
{
    mrk_output to = { .out = out, .named = named };
    recto_status status = writer_check_fields(record, "mrk", error);
    if (status != RECTO_OK)
        return status;
    put_leader(&to, record->leader);
    for (size_t i = 0; i < record->count; i++) {
        const marc_field *field = &record->fields[i].field;
        if (strcmp(field->tag, "000") == 0) /* some write their leaders so, and it is read as one */
            return recto_fail(error, RECTO_EDATA, NULL, "write it as marc", "a field has the tag 000, a leader in mrk");
        buffer_append_char(out, '=');
        for (size_t j = 0; j < MARC_TAG_LENGTH; j++)
            buffer_append_char(out, field->tag[j] == ' ' ? '\\' : field->tag[j]);
        buffer_append_string(out, "  ");
        to.blanks_marked = true;
        to.delimiters = false;
        if (marc_tag_is_control(field->tag))
            put_escaped(&to, field->content);
        else
            put_data_field(&to, field->content);
        buffer_append_char(out, '\n');
    }
    buffer_append_char(out, '\n');
    return RECTO_OK;
}

recto_status mrk_write(buffer *out, const marc_record *record, recto_error *error)
{
    return write_record(out, record, false, error);
}

recto_status mrk_write_named(buffer *out, const marc_record *record, recto_error *error)
{
    return write_record(out, record, true, error);
}
