/* src/marc/record_text.c - reading out of a record: subfields, first values, and what a result list shows of it. */
#include "recto/marc/record.h"
#include "recto/base/utf8.h"
#include "recto/marc/tables.h"
#include "record_store.h"

#include <string.h>

/* Bytes of the two indicators: two, unless a delimiter comes too early, or a file has characters of several bytes there. */
static size_t indicator_bytes(text content)
{
    size_t end = 0;
    for (int i = 0; i < 2 && end < content.length && content.bytes[end] != MARC_SUBFIELD_DELIMITER; i++) {
        int32_t code = 0;
        if ((unsigned char)content.bytes[end] < 0x80)
            end++;
        else
            end += utf8_decode(content.bytes + end, content.length - end, &code);
    }
    return end;
}

char marc_field_indicator(const marc_field *field, int which)
{
    text content = field->content;
    size_t place = which == 1 ? 0 : 1;
    if (content.length <= place || memchr(content.bytes, MARC_SUBFIELD_DELIMITER, place + 1) != NULL)
        return ' ';
    return content.bytes[place];
}

bool marc_field_next_subfield(const marc_field *field, size_t *offset, marc_subfield *out)
{
    text content = field->content;
    size_t start = *offset;
    if (start == 0) {
        if (marc_tag_is_control(field->tag))
            return false;
        start = indicator_bytes(content);
    }
    if (start >= content.length)
        return false;
    out->offset = start;
    out->code = 0;
    if (content.bytes[start] == MARC_SUBFIELD_DELIMITER) {
        start++;
        if (start < content.length && content.bytes[start] != MARC_SUBFIELD_DELIMITER)
            out->code = content.bytes[start++];
    }
    const char *end =
        start < content.length ? memchr(content.bytes + start, MARC_SUBFIELD_DELIMITER, content.length - start) : NULL;
    size_t stop = end != NULL ? (size_t)(end - content.bytes) : content.length;
    out->value = text_of(content.bytes + start, stop - start);
    *offset = stop;
    return true;
}

bool marc_field_subfield(const marc_field *field, char code, text *value)
{
    marc_subfield subfield;
    for (size_t offset = 0; marc_field_next_subfield(field, &offset, &subfield);) {
        if (subfield.code == code) {
            *value = subfield.value;
            return true;
        }
    }
    return false;
}

void marc_field_join(buffer *out, const marc_field *field, const char *codes)
{
    marc_subfield subfield;
    bool first = true;
    if (marc_tag_is_control(field->tag)) {
        buffer_append_text(out, field->content);
        return;
    }
    for (size_t offset = 0; marc_field_next_subfield(field, &offset, &subfield);) {
        if (codes != NULL && (subfield.code == '\0' || strchr(codes, subfield.code) == NULL))
            continue;
        if (!first)
            buffer_append_char(out, ' ');
        buffer_append_text(out, subfield.value);
        first = false;
    }
}

text marc_record_text(const marc_record *record, const char *pattern, char code)
{
    text value = { "", 0 };
    for (size_t i = marc_record_find(record, pattern, 0); i != SIZE_MAX; i = marc_record_find(record, pattern, i + 1))
        if (marc_field_subfield(&record->fields[i].field, code, &value))
            break;
    return value;
}

text marc_record_control(const marc_record *record, const char *tag)
{
    size_t index = marc_record_find(record, tag, 0);
    return index == SIZE_MAX ? (text){ "", 0 } : record->fields[index].field.content;
}

/* A full stop belongs to the word when that is an abbreviation or an initial: up to three letters ("ed.", "J."). */
static bool stop_is_punctuation(text shown)
{
    size_t letters = 0;
    for (size_t i = shown.length - 1; i > 0 && shown.bytes[i - 1] != ' ' && shown.bytes[i - 1] != '.'; i--)
        letters++;
    bool ellipsis = shown.length > 1 && shown.bytes[shown.length - 2] == '.';
    return !ellipsis && letters > 3;
}

static text trim_isbd(text shown)
{
    while (shown.length > 0) {
        char last = shown.bytes[shown.length - 1];
        if (strchr(" /:;,=", last) == NULL && !(last == '.' && stop_is_punctuation(shown)))
            break;
        shown.length--;
    }
    return shown;
}

/* Control characters have no place in a list: those of MARC between words become a blank, and the marks around
 * non-sorting words (U+0088, U+0089, U+0098, U+009C) go without a trace. */
static void append_shown(buffer *out, text shown)
{
    for (size_t i = 0; i < shown.length; i++) {
        unsigned char byte = (unsigned char)shown.bytes[i];
        unsigned char next = i + 1 < shown.length ? (unsigned char)shown.bytes[i + 1] : 0;
        if (byte == 0xC2 && (next == 0x88 || next == 0x89 || next == 0x98 || next == 0x9C))
            i++;
        else
            buffer_append_char(out, byte < 0x20 || byte == 0x7F ? ' ' : (char)byte);
    }
}

static void append_joined(buffer *out, const marc_field *field, const char *codes, bool trim)
{
    buffer joined;
    buffer_init(&joined, 0);
    marc_field_join(&joined, field, codes);
    text shown = text_trim(buffer_text(&joined));
    append_shown(out, trim ? trim_isbd(shown) : shown);
    if (buffer_failed(&joined))
        out->failed = true;
    buffer_release(&joined);
}

static const marc_field *first_of(const marc_record *record, const char *const *tags)
{
    for (; *tags != NULL; tags++) {
        size_t index = marc_record_find(record, *tags, 0);
        if (index != SIZE_MAX)
            return &record->fields[index].field;
    }
    return NULL;
}

static void append_first(buffer *out, const marc_record *record, const char *const *tags, const char *codes, bool trim)
{
    const marc_field *field = first_of(record, tags);
    if (field != NULL)
        append_joined(out, field, codes, trim);
}

/* An authority record has its heading for a title, with dashes before subdivisions. */
static bool append_heading(buffer *out, const marc_record *record)
{
    const size_t index = marc_record_leader(record)[6] == 'z' ? marc_record_find(record, "1XX", 0) : SIZE_MAX;
    marc_subfield subfield;
    buffer joined;
    if (index == SIZE_MAX)
        return false;
    buffer_init(&joined, 0);
    for (size_t offset = 0; marc_field_next_subfield(marc_record_field(record, index), &offset, &subfield);) {
        if (subfield.code < 'a' || subfield.code > 'z' || subfield.code == 'w')
            continue;
        if (joined.length > 0)
            buffer_append_string(&joined, strchr("vxyz", subfield.code) != NULL ? " -- " : " ");
        buffer_append_text(&joined, subfield.value);
    }
    append_shown(out, trim_isbd(text_trim(buffer_text(&joined))));
    if (buffer_failed(&joined))
        out->failed = true;
    buffer_release(&joined);
    return true;
}

/* Holdings have no title: where they stand, and their call number, tells one from the other. */
static bool append_place(buffer *out, const marc_record *record)
{
    if (marc_family_of(record) != MARC_HOLDINGS || marc_record_find(record, "245", 0) != SIZE_MAX)
        return false;
    buffer_append_string(out, "Holdings ");
    append_first(out, record, (const char *const[]){ "852", NULL }, "bckhim", false);
    return true;
}

void marc_record_title(buffer *out, const marc_record *record)
{
    if (append_heading(out, record) || append_place(out, record))
        return;
    append_first(out, record, (const char *const[]){ "245", NULL }, "abnp", true);
}

void marc_record_title_statement(buffer *out, const marc_record *record)
{
    static const char every_code_but_links[] = "abcdefghijklmnopqrstuvwxyz";
    if (append_heading(out, record) || append_place(out, record))
        return;
    append_first(out, record, (const char *const[]){ "245", NULL }, every_code_but_links, false);
}

void marc_record_creator(buffer *out, const marc_record *record)
{
    append_first(out, record, (const char *const[]){ "100", "110", "111", "700", "710", "711", NULL }, "abcq", true);
}

/* Where the publication stands: the 264 that says publication, then any 264, then 260. */
static const marc_field *publication(const marc_record *record)
{
    for (size_t i = marc_record_find(record, "264", 0); i != SIZE_MAX; i = marc_record_find(record, "264", i + 1))
        if (marc_field_indicator(&record->fields[i].field, 2) == '1')
            return &record->fields[i].field;
    return first_of(record, (const char *const[]){ "264", "260", NULL });
}

static bool four_digits(const char *bytes)
{
    for (int i = 0; i < 4; i++)
        if (bytes[i] < '0' || bytes[i] > '9')
            return false;
    return true;
}

void marc_record_date(buffer *out, const marc_record *record)
{
    enum { DATE_1 = 7, YEAR = 4 };
    text fixed = marc_record_control(record, "008");
    text written = { "", 0 };
    if (fixed.length >= DATE_1 + YEAR && four_digits(fixed.bytes + DATE_1)) {
        buffer_append(out, fixed.bytes + DATE_1, YEAR);
        return;
    }
    const marc_field *field = publication(record);
    if (field == NULL || !marc_field_subfield(field, 'c', &written))
        return;
    for (size_t i = 0; i + YEAR <= written.length; i++) {
        if (four_digits(written.bytes + i)) {
            buffer_append(out, written.bytes + i, YEAR);
            return;
        }
    }
}

void marc_record_imprint(buffer *out, const marc_record *record)
{
    const marc_field *field = publication(record);
    if (field != NULL)
        append_joined(out, field, "abc", true);
}
