/* src/service/gateway_glimpse.c - a look into the directory of a hostile record: an entry that points outside is none. */
#include "gateway_glimpse.h"

#include <string.h>

enum { LEADER = 24, ENTRY = 12, BASE_AT = 12, BASE_DIGITS = 5, DELIMITER = 0x1F, FIELD_END = 0x1E, INDICATORS = 2 };

static size_t number(const char *digits, size_t count)
{
    size_t value = 0;
    for (size_t i = 0; i < count; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return SIZE_MAX;
        value = value * 10 + (size_t)(digits[i] - '0');
    }
    return value;
}

/* The content of the field of directory entry `index`; false behind the last one. Of another tag, or outside: empty. */
static bool field_at(text *out, text record, size_t index, const char *tag)
{
    size_t at = LEADER + index * ENTRY;
    *out = text_of(record.bytes, 0);
    if (at + ENTRY > record.length || record.bytes[at] == FIELD_END)
        return false;
    const char *entry = record.bytes + at;
    size_t base = number(record.bytes + BASE_AT, BASE_DIGITS), length = number(entry + 3, 4), start = number(entry + 7, 5);
    if (memcmp(entry, tag, 3) != 0 || base == SIZE_MAX || length == SIZE_MAX || start == SIZE_MAX ||
        base + start + length > record.length)
        return true;
    *out = text_of(record.bytes + base + start, length);
    if (length > 0 && out->bytes[length - 1] == FIELD_END)
        out->length--;
    return true;
}

/* Of subfield $a, the first one. */
static text subfield_a(text field)
{
    for (size_t i = INDICATORS; i + 1 < field.length; i++) {
        if (field.bytes[i] != DELIMITER || field.bytes[i + 1] != 'a')
            continue;
        text value = text_of(field.bytes + i + 2, field.length - i - 2);
        const char *end = value.length == 0 ? NULL : memchr(value.bytes, DELIMITER, value.length);
        return end == NULL ? value : text_of(value.bytes, (size_t)(end - value.bytes));
    }
    return text_of(field.bytes, 0);
}

static text without(text value, text prefix)
{
    return text_starts(value, prefix) ? text_of(value.bytes + prefix.length, value.length - prefix.length) : value;
}

static text bare_number(text value)
{
    value = text_trim(without(value, TEXT("(OCoLC)")));
    value = without(without(without(value, TEXT("ocm")), TEXT("ocn")), TEXT("on"));
    while (value.length > 1 && value.bytes[0] == '0')
        value = text_of(value.bytes + 1, value.length - 1);
    return value.length > 20 ? text_of(value.bytes, 20) : value;
}

text gateway_glimpse_oclc(text record)
{
    text field;
    for (size_t i = 0; field_at(&field, record, i, "035"); i++) {
        text value = subfield_a(field);
        if (text_starts(value, TEXT("(OCoLC)")))
            return bare_number(value);
    }
    for (size_t i = 0; field_at(&field, record, i, "001"); i++)
        if (field.length > 0)
            return bare_number(field);
    return text_of(record.bytes, 0);
}

text gateway_glimpse_title(text record)
{
    text field;
    for (size_t i = 0; field_at(&field, record, i, "245"); i++) {
        text title = subfield_a(field);
        if (title.length == 0)
            continue;
        size_t most = title.length > GLIMPSE_TITLE ? GLIMPSE_TITLE : title.length;
        while (most < title.length && most > 0 && ((unsigned char)title.bytes[most] & 0xC0) == 0x80)
            most--; /* not within a character, where it is UTF-8 */
        return text_of(title.bytes, most);
    }
    return text_of(record.bytes, 0);
}
