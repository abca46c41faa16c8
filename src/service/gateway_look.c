/* src/service/gateway_look.c - decimal lengths with nothing behind them: `A1501CARLI_NETWORK` is 15, 150 or 1501 bytes long.
 *
 * Each of the first one, two and three digits is tried. A candidate is confirmed when its value is followed by a plausible
 * leader, by NUL, or by a field with a tag that this header has not had and that is itself confirmed; refuted when by anything
 * else; open while bytes are missing. At most three tags and three lengths each: 27 readings, whatever is sent. */
#include "gateway_look.h"

#include <string.h>

enum { DIGITS_MOST = 3, DECIMAL_MOST = 255, ONE_BYTE_LEAST = 0x40, LEADER = 24, LEAST_RECORD = 26 };

bool look_is_filler(unsigned char byte)
{
    return byte == ' ' || byte == '\r' || byte == '\n' || byte == '\t';
}

bool look_is_tag(unsigned char byte)
{
    return byte == 'U' || byte == 'A' || byte == 'P';
}

unsigned look_bit(unsigned char tag)
{
    return tag == 'A' ? 1U : tag == 'P' ? 2U : 4U;
}

static bool is_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

/* ---- leaders ---- */

/* Byte 5 matters: without it, long values of digits are taken for leaders. Some records have another indicator count than 2, or
 * no base address; they are taken for leaders where nothing else would be one. */
static bool leader_byte_fits(size_t position, unsigned char byte, bool lenient)
{
    if (position < 5)
        return is_digit(byte);
    if (position == 5)
        return !is_digit(byte);
    if (lenient || position < 10 || position > 16)
        return true;
    return position >= 12 ? is_digit(byte) : byte == '2';
}

static look_result look_leader(const look_stream *stream, size_t at, bool lenient)
{
    size_t available = stream->length - at;
    unsigned length = 0;
    for (size_t i = 0; i < LEADER && i < available; i++) {
        if (!leader_byte_fits(i, stream->bytes[at + i], lenient))
            return LOOK_REFUTED;
        length = i < 5 ? length * 10 + (stream->bytes[at + i] - (unsigned)'0') : length;
    }
    if (available >= 5 && length < LEAST_RECORD)
        return LOOK_REFUTED;
    if (available >= LEADER || stream->ended) /* cut short: then the record is what is incomplete, and not the header */
        return LOOK_CONFIRMED;
    return LOOK_OPEN;
}

/* ---- readings ---- */

typedef struct search {
    const look_stream *stream;
    look_reading reading, best;
    bool found, open, lenient;
} search;

static bool names_institution(const search *search, const look_reading *reading)
{
    const look_stream *stream = search->stream;
    for (size_t i = 0; i < reading->count; i++)
        if (reading->fields[i].tag == 'A')
            return stream->knows != NULL &&
                   stream->knows(stream->knows_context, text_trim(text_of((const char *)stream->bytes + reading->fields[i].at,
                                                                          reading->fields[i].length)));
    return false;
}

static bool is_mixed(const look_reading *reading)
{
    for (size_t i = 1; i < reading->count; i++)
        if (reading->fields[i].decimal != reading->fields[0].decimal)
            return true;
    return false;
}

/* The one whose logon is known; then, since no client is known to mix the two forms, one that does not; then the one with the
 * fewest fields. */
static bool is_better(const search *search)
{
    bool known = names_institution(search, &search->reading), mixed = is_mixed(&search->reading);
    if (known != names_institution(search, &search->best))
        return known;
    if (mixed != is_mixed(&search->best))
        return !mixed;
    return search->reading.count < search->best.count;
}

static void keep_better(search *search)
{
    if (!search->found || is_better(search))
        search->best = search->reading;
    search->found = true;
}

static void look_field_at(search *search, size_t at, unsigned named);

static void look_behind(search *search, size_t at, unsigned named)
{
    const look_stream *stream = search->stream;
    look_result result = LOOK_REFUTED;
    while (at < stream->length && look_is_filler(stream->bytes[at]))
        at++;
    if (at == stream->length)
        result = stream->ended ? LOOK_CONFIRMED : LOOK_OPEN; /* the end of the stream is as good as NUL */
    else if (stream->bytes[at] == 0)
        result = LOOK_CONFIRMED;
    else if (is_digit(stream->bytes[at]))
        result = look_leader(stream, at, search->lenient);
    else if (look_is_tag(stream->bytes[at]) && (named & look_bit(stream->bytes[at])) == 0)
        look_field_at(search, at, named);
    if (result == LOOK_CONFIRMED)
        keep_better(search);
    search->open = search->open || result == LOOK_OPEN;
}

/* A value of `length` bytes at `at`, and all that can stand behind it. */
static void look_value(search *search, unsigned char tag, bool decimal, size_t at, size_t length, unsigned named)
{
    if (at + length > search->stream->header_end)
        return;
    if (at + length > search->stream->length) {
        search->open = search->open || !search->stream->ended;
        return;
    }
    search->reading.fields[search->reading.count++] = (look_field){ tag, decimal, at, length };
    look_behind(search, at + length, named | look_bit(tag));
    search->reading.count--;
}

static void look_decimal(search *search, unsigned char tag, size_t at, unsigned named)
{
    const look_stream *stream = search->stream;
    size_t length = 0;
    for (size_t digits = 1; digits <= DIGITS_MOST; digits++, at++) {
        if (at == stream->length) {
            search->open = search->open || !stream->ended;
            return;
        }
        if (!is_digit(stream->bytes[at]))
            return;
        length = length * 10 + (stream->bytes[at] - (size_t)'0');
        if (length > DECIMAL_MOST)
            return;
        look_value(search, tag, true, at + 1, length, named);
        if (length == 0) /* GW-8: 0 is the empty value, and what follows is not part of the length */
            return;
    }
}

static void look_field_at(search *search, size_t at, unsigned named)
{
    const look_stream *stream = search->stream;
    unsigned char tag = stream->bytes[at];
    if (at + 1 == stream->length)
        search->open = search->open || !stream->ended;
    else if (is_digit(stream->bytes[at + 1]))
        look_decimal(search, tag, at + 1, named);
    else if (stream->bytes[at + 1] >= ONE_BYTE_LEAST)
        look_value(search, tag, false, at + 2, stream->bytes[at + 1] - (size_t)ONE_BYTE_LEAST, named);
}

/* A one-byte length leaves no doubt (GW-10). */
static look_result look_one_byte(look_reading *out, const look_stream *stream, size_t at)
{
    size_t length = stream->bytes[at + 1] - (size_t)ONE_BYTE_LEAST;
    if (at + 2 + length > stream->header_end)
        return LOOK_REFUTED;
    if (at + 2 + length > stream->length)
        return LOOK_OPEN;
    out->fields[0] = (look_field){ stream->bytes[at], false, at + 2, length };
    out->count = 1;
    return LOOK_CONFIRMED;
}

static look_result look_for_readings(look_reading *out, const look_stream *stream, size_t at, unsigned named, bool lenient)
{
    search search = { .stream = stream, .lenient = lenient };
    look_decimal(&search, stream->bytes[at], at + 1, named);
    *out = search.best;
    return search.found ? LOOK_CONFIRMED : search.open ? LOOK_OPEN : LOOK_REFUTED;
}

look_result look_ahead(look_reading *out, const look_stream *stream, size_t at, unsigned named)
{
    out->count = 0;
    if (!look_is_tag(stream->bytes[at]))
        return LOOK_REFUTED;
    if (at + 1 == stream->length)
        return LOOK_OPEN;
    if (stream->bytes[at + 1] >= ONE_BYTE_LEAST)
        return look_one_byte(out, stream, at);
    if (!is_digit(stream->bytes[at + 1]) || (named & look_bit(stream->bytes[at])) != 0)
        return LOOK_REFUTED;
    look_result result = look_for_readings(out, stream, at, named, false);
    return result == LOOK_REFUTED ? look_for_readings(out, stream, at, named, true) : result;
}
