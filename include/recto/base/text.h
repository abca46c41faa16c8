/* include/recto/base/text.h - lent pieces of text, and a buffer that grows to a stated limit.
 *
 * A `text` is a pointer and a length, not terminated, never owned. A `buffer` owns its bytes, keeps a NUL after them, and
 * once an append failed (no memory, or over the limit) stays failed: check once, at the end, with buffer_failed. */
#ifndef RECTO_BASE_TEXT_H
#define RECTO_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct text {
    const char *bytes;
    size_t length;
} text;

#define TEXT(literal) ((text){ (literal), sizeof(literal) - 1 })
static inline text text_of(const char *bytes, size_t length)
{
    return (text){ bytes, length };
}
text text_from(const char *terminated); /* NULL gives an empty text */
bool text_equal(text a, text b);
bool text_equal_ascii_case(text a, text b); /* ASCII letters compared without case */
bool text_starts(text whole, text beginning);
int text_compare(text a, text b);                 /* by bytes: <0, 0, >0 */
text text_trim(text whole);                       /* ASCII white space off both ends */
text text_next_field(text *rest, char separator); /* up to separator, which is consumed; rest->bytes NULL at end */
/** Copies what fits, terminated, cut at a character of UTF-8; a NUL in it ends it. `capacity` counts bytes, at least 1. */
void string_keep(char *out, size_t capacity, text from);
/** How many of its bytes a "%.*s" may show that has room for `most`: no character of UTF-8 is cut. */
int string_fit(const char *terminated, size_t most);
#define FIT(terminated, most) string_fit((terminated), (most)), (terminated)
bool text_to_integer(text digits, int64_t *out); /* decimal, optional '-', nothing else; false on overflow */

typedef struct buffer {
    char *bytes; /* NUL after length; never NULL once something was appended */
    size_t length, capacity, limit;
    bool failed;
} buffer;

void buffer_init(buffer *buffer, size_t limit_bytes); /* 0: limit of 1 GiB. Allocates nothing */
void buffer_release(buffer *buffer);
void buffer_clear(buffer *buffer); /* length 0, memory kept, failed reset */
bool buffer_failed(const buffer *buffer);
text buffer_text(const buffer *buffer);            /* lent until the next append */
const char *buffer_string(const buffer *buffer);   /* terminated; "" when empty */
char *buffer_take(buffer *buffer);                 /* the bytes are yours to free(); NULL when failed or empty */
char *buffer_reserve(buffer *buffer, size_t more); /* room for `more` bytes behind length; then buffer_grow; NULL: failed */
void buffer_grow(buffer *buffer, size_t written);  /* after buffer_reserve */
void buffer_append(buffer *buffer, const char *bytes, size_t length);
void buffer_append_text(buffer *buffer, text piece);
void buffer_append_string(buffer *buffer, const char *terminated);
void buffer_append_char(buffer *buffer, char byte);
void buffer_append_format(buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
