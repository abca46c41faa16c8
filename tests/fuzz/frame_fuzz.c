/* tests/fuzz/frame_fuzz.c - where libFuzzer comes in for the gateway's framing: hostile bytes as a Connexion client's stream.
 *
 * The first two bytes say where the stream is cut. Whatever comes, records lie within what was fed and end with 0x1D, values keep
 * their limits, memory follows the bytes, and a stream without decimal lengths is read the same however it is cut. (With decimal
 * lengths two readings may be valid, and the one that is complete first is taken.) */
#include "../src/service/gateway_frame.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define EXPECT(condition)                                                                                                        \
    do {                                                                                                                         \
        if (!(condition)) {                                                                                                      \
            fprintf(stderr, "tests/fuzz: frame: %s\n", #condition);                                                              \
            abort();                                                                                                             \
        }                                                                                                                        \
    } while (0)

enum { RECORD_LIMIT = 4096 };

typedef struct reading { /* what a stream was read as */
    uint64_t digest;
    frame_event last;
    size_t records;
    bool decimal;
} reading;

static void mix(reading *reading, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < length; i++)
        reading->digest = (reading->digest ^ at[i]) * 1099511628211u;
}

static void mix_value(reading *reading, text value)
{
    EXPECT(value.length <= FRAME_VALUE_MAX);
    mix(reading, &value.length, sizeof value.length);
    mix(reading, value.bytes, value.length);
}

static void see_record(reading *reading, const frame_reader *frame)
{
    EXPECT(frame->record.length > 0 && frame->record.length <= RECORD_LIMIT);
    EXPECT(memchr(frame->record.bytes, 0x1D, frame->record.length) == frame->record.bytes + frame->record.length - 1);
    EXPECT(memchr(frame->record.bytes, 0, frame->record.length) == NULL);
    EXPECT(memchr(frame->warning, 0, sizeof frame->warning) != NULL);
    mix(reading, frame->record.bytes, frame->record.length);
    mix_value(reading, frame_user(frame));
    mix_value(reading, frame_logon(frame));
    mix_value(reading, frame_password(frame));
    reading->records++;
}

/* @return is the stream over? */
static bool take_events(reading *reading, frame_reader *frame, bool ended)
{
    do {
        reading->last = frame_next(frame, ended);
        reading->decimal = reading->decimal || frame->form == FRAME_DECIMAL;
        if (reading->last == FRAME_RECORD)
            see_record(reading, frame);
    } while (reading->last == FRAME_RECORD);
    EXPECT(!ended || reading->last != FRAME_MORE);
    return reading->last != FRAME_MORE;
}

static reading read_stream(const uint8_t *bytes, size_t size, size_t cut, bool each)
{
    reading reading = { .digest = 14695981039346656037u };
    frame_reader frame;
    bool over = false;
    frame_init(&frame, RECORD_LIMIT);
    for (size_t at = 0, next; at < size && !over; at = next) {
        next = each ? at + 1 : at < cut ? cut : size;
        next = next - at > frame_room(&frame) ? at + frame_room(&frame) : next;
        EXPECT(next > at);
        EXPECT(frame_feed(&frame, bytes + at, next - at));
        EXPECT(frame.capacity <= RECORD_LIMIT + FRAME_HEADER_MAX);
        over = take_events(&reading, &frame, false);
    }
    if (!over)
        take_events(&reading, &frame, true);
    if (reading.last == FRAME_FAULT)
        mix(&reading, &frame.fault, sizeof frame.fault);
    frame_release(&frame);
    return reading;
}

static bool is_same(const reading *one, const reading *other)
{
    return one->decimal || other->decimal ||
           (one->digest == other->digest && one->last == other->last && one->records == other->records);
}

/* Digits behind a tag may be on the way to a decimal length though no field was taken. */
static bool may_be_decimal(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i + 1 < size; i++)
        if ((bytes[i] == 'A' || bytes[i] == 'P' || bytes[i] == 'U') && bytes[i + 1] >= '0' && bytes[i + 1] <= '9')
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 2)
        return 0;
    size_t cut = bytes[0] | (size_t)bytes[1] << 8;
    uint8_t *copy = malloc(size - 2 + (size == 2)); /* of exactly this size: a step beyond is seen */
    EXPECT(copy != NULL);
    memcpy(copy, bytes + 2, size - 2);
    size -= 2;
    reading whole = read_stream(copy, size, size, false), parts = read_stream(copy, size, cut < size ? cut : size, false),
            single = read_stream(copy, size, 0, true);
    EXPECT(may_be_decimal(copy, size) || (is_same(&whole, &parts) && is_same(&whole, &single)));
    free(copy);
    return 0;
}
