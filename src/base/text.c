/* src/base/text.c - lent texts and the growing buffer. */
#include "recto/base/text.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

text text_from(const char *terminated)
{
    return (text){ terminated == NULL ? "" : terminated, terminated == NULL ? 0 : strlen(terminated) };
}

bool text_equal(text a, text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

static unsigned char fold(char byte)
{
    return (unsigned char)(byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte);
}

bool text_equal_ascii_case(text a, text b)
{
    if (a.length != b.length)
        return false;
    for (size_t i = 0; i < a.length; i++)
        if (fold(a.bytes[i]) != fold(b.bytes[i]))
            return false;
    return true;
}

bool text_starts(text whole, text beginning)
{
    return whole.length >= beginning.length && text_equal(text_of(whole.bytes, beginning.length), beginning);
}

int text_compare(text a, text b)
{
    size_t common = a.length < b.length ? a.length : b.length;
    int order = common == 0 ? 0 : memcmp(a.bytes, b.bytes, common);
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static bool is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

text text_trim(text whole)
{
    while (whole.length > 0 && is_space(whole.bytes[0]))
        whole = text_of(whole.bytes + 1, whole.length - 1);
    while (whole.length > 0 && is_space(whole.bytes[whole.length - 1]))
        whole.length--;
    return whole;
}

static bool continues_character(text from, size_t at)
{
    return at < from.length && ((unsigned char)from.bytes[at] & 0xC0) == 0x80;
}

static size_t fit(text from, size_t most)
{
    size_t length = from.length < most ? from.length : most;
    while (length > 0 && continues_character(from, length))
        length--;
    return length;
}

int string_fit(const char *terminated, size_t most)
{
    return (int)fit(text_from(terminated), most < INT_MAX ? most : INT_MAX);
}

void string_keep(char *out, size_t capacity, text from)
{
    const char *end = from.length > 0 ? memchr(from.bytes, '\0', from.length) : NULL;
    const size_t length = fit(end != NULL ? text_of(from.bytes, (size_t)(end - from.bytes)) : from, capacity - 1);
    if (length > 0)
        memcpy(out, from.bytes, length);
    out[length] = '\0';
}

text text_next_field(text *rest, char separator)
{
    if (rest->bytes == NULL)
        return (text){ NULL, 0 };
    const char *end = rest->length == 0 ? NULL : memchr(rest->bytes, separator, rest->length);
    text field = *rest;
    if (end == NULL) {
        *rest = (text){ NULL, 0 };
        return field;
    }
    field.length = (size_t)(end - rest->bytes);
    *rest = text_of(end + 1, rest->length - field.length - 1);
    return field;
}

bool text_to_integer(text digits, int64_t *out)
{
    bool negative = digits.length > 0 && digits.bytes[0] == '-';
    size_t at = negative ? 1 : 0;
    int64_t value = 0;
    if (at == digits.length)
        return false;
    for (; at < digits.length; at++) {
        char digit = digits.bytes[at];
        if (digit < '0' || digit > '9')
            return false;
        if (__builtin_mul_overflow(value, (int64_t)10, &value) || __builtin_sub_overflow(value, (int64_t)(digit - '0'), &value))
            return false;
    }
    if (!negative && value == INT64_MIN)
        return false;
    *out = negative ? value : -value; /* counted downwards, so that the least integer fits */
    return true;
}

void buffer_init(buffer *buffer, size_t limit_bytes)
{
    memset(buffer, 0, sizeof *buffer);
    buffer->limit = limit_bytes == 0 ? (size_t)1 << 30 : limit_bytes;
}

void buffer_release(buffer *buffer)
{
    size_t limit = buffer->limit;
    free(buffer->bytes);
    buffer_init(buffer, limit);
}

void buffer_clear(buffer *buffer)
{
    buffer->length = 0;
    buffer->failed = false;
    if (buffer->bytes != NULL)
        buffer->bytes[0] = '\0';
}

bool buffer_failed(const buffer *buffer)
{
    return buffer->failed;
}

text buffer_text(const buffer *buffer)
{
    return text_of(buffer->bytes == NULL ? "" : buffer->bytes, buffer->length);
}

const char *buffer_string(const buffer *buffer)
{
    return buffer->bytes == NULL ? "" : buffer->bytes;
}

char *buffer_take(buffer *buffer)
{
    char *bytes = buffer->failed ? NULL : buffer->bytes;
    if (bytes != NULL)
        buffer->bytes = NULL;
    buffer_release(buffer);
    return bytes;
}

char *buffer_reserve(buffer *buffer, size_t more)
{
    if (buffer->failed)
        return NULL;
    if (more < buffer->capacity - buffer->length)
        return buffer->bytes + buffer->length;
    if (more > buffer->limit - buffer->length || buffer->length > buffer->limit) {
        buffer->failed = true;
        return NULL;
    }
    size_t wanted = buffer->length + more + 1;
    if (wanted > buffer->capacity) {
        size_t capacity = buffer->capacity * 2 < wanted ? wanted + (buffer->capacity == 0 ? 96 : 32) : buffer->capacity * 2;
        if (capacity > buffer->limit + 1) /* what fits is within the limit */
            capacity = buffer->limit + 1;
        char *bytes = realloc(buffer->bytes, capacity);
        if (bytes == NULL) {
            buffer->failed = true;
            return NULL;
        }
        buffer->bytes = bytes;
        buffer->capacity = capacity;
        bytes[buffer->length] = '\0';
    }
    return buffer->bytes + buffer->length;
}

void buffer_grow(buffer *buffer, size_t written)
{
    buffer->length += written;
    buffer->bytes[buffer->length] = '\0';
}

void buffer_append(buffer *buffer, const char *bytes, size_t length)
{
    if (length < buffer->capacity - buffer->length && !buffer->failed && length > 0) { /* nearly always */
        memcpy(buffer->bytes + buffer->length, bytes, length);
        buffer->length += length;
        buffer->bytes[buffer->length] = '\0';
        return;
    }
    char *room = buffer_reserve(buffer, length);
    if (room == NULL)
        return;
    if (length > 0)
        memcpy(room, bytes, length);
    buffer_grow(buffer, length);
}

void buffer_append_text(buffer *buffer, text piece)
{
    buffer_append(buffer, piece.bytes, piece.length);
}

void buffer_append_string(buffer *buffer, const char *terminated)
{
    buffer_append(buffer, terminated, strlen(terminated));
}

void buffer_append_char(buffer *buffer, char byte)
{
    if (buffer->length + 1 < buffer->capacity && !buffer->failed) {
        buffer->bytes[buffer->length++] = byte;
        buffer->bytes[buffer->length] = '\0';
        return;
    }
    buffer_append(buffer, &byte, 1);
}

void buffer_append_format(buffer *buffer, const char *format, ...)
{
    char small[256];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    if (length < 0) {
        buffer->failed = true;
    } else if ((size_t)length < sizeof small) {
        buffer_append(buffer, small, (size_t)length);
    } else {
        char *room = buffer_reserve(buffer, (size_t)length);
        if (room == NULL)
            return;
        va_start(arguments, format);
        vsnprintf(room, (size_t)length + 1, format, arguments);
        va_end(arguments);
        buffer_grow(buffer, (size_t)length);
    }
}
