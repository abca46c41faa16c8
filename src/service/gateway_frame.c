/* src/service/gateway_frame.c - the stream of a Connexion client, field by field.
 *
 * A field is a tag, a length and a value. The length is one byte (0x40 and more) or decimal digits with nothing behind them,
 * so that in the second form a value that begins with a digit reads like a longer length. Such a field is not taken before
 * what follows has confirmed it: gateway_look.c. Every byte here is hostile; all that is trusted is what has arrived. */
#include "gateway_frame.h"
#include "gateway_look.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUL = 0x00, RECORD_END = 0x1D, LEADER_LENGTH_DIGITS = 5, SMALL = 4096 };

void frame_init(frame_reader *reader, size_t record_limit)
{
    memset(reader, 0, sizeof *reader);
    reader->record_limit = record_limit == 0 ? FRAME_RECORD_MOST : record_limit;
}

void frame_release(frame_reader *reader)
{
    if (reader->bytes != NULL)
        sodium_memzero(reader->bytes, reader->capacity);
    free(reader->bytes);
    sodium_memzero(reader, sizeof *reader);
}

text frame_user(const frame_reader *reader)
{
    return text_of(reader->user.bytes, reader->user.length);
}

text frame_logon(const frame_reader *reader)
{
    text logon = text_of(reader->logon.bytes, reader->logon.length);
    while (logon.length > 0 && logon.bytes[0] == ' ')
        logon = text_of(logon.bytes + 1, logon.length - 1);
    while (logon.length > 0 && logon.bytes[logon.length - 1] == ' ')
        logon.length--;
    return logon;
}

text frame_password(const frame_reader *reader)
{
    return text_of(reader->password.bytes, reader->password.length);
}

/* ---- the bytes at hand ---- */

/* A record that was lent goes now; what stands behind it moves to the front. */
static void drop_taken(frame_reader *reader)
{
    if (reader->taken == 0)
        return;
    reader->start += reader->taken;
    reader->taken = 0;
    reader->record = (text){ NULL, 0 };
    reader->warning[0] = '\0';
}

static void move_to_front(frame_reader *reader)
{
    if (reader->start == 0)
        return;
    reader->length -= reader->start;
    if (reader->length > 0)
        memmove(reader->bytes, reader->bytes + reader->start, reader->length);
    reader->start = 0;
}

size_t frame_room(const frame_reader *reader)
{
    size_t most = reader->record_limit + FRAME_HEADER_MAX, held = reader->length - reader->start - reader->taken;
    return held < most ? most - held : 0;
}

static bool make_room(frame_reader *reader, size_t more)
{
    size_t most = reader->record_limit + FRAME_HEADER_MAX, wanted = reader->length + more;
    if (wanted <= reader->capacity)
        return true;
    size_t capacity = reader->capacity + reader->capacity / 4;
    capacity = (capacity < wanted ? wanted : capacity) + 255;
    capacity = capacity > most ? most : capacity;
    unsigned char *bytes = realloc(reader->bytes, capacity);
    if (bytes == NULL)
        return false;
    reader->bytes = bytes;
    reader->capacity = capacity;
    return true;
}

bool frame_feed(frame_reader *reader, const void *bytes, size_t length)
{
    drop_taken(reader);
    if (length == 0)
        return true;
    reader->heard = true;
    if (length > frame_room(reader))
        return false;
    move_to_front(reader);
    if (!make_room(reader, length))
        return false;
    memcpy(reader->bytes + reader->length, bytes, length);
    reader->length += length;
    return true;
}

/* An idle connection keeps no large buffer. */
static void give_back(frame_reader *reader)
{
    if (reader->start < reader->length)
        return;
    reader->start = reader->length = 0;
    if (reader->capacity <= SMALL)
        return;
    free(reader->bytes);
    reader->bytes = NULL;
    reader->capacity = 0;
}

/* ---- ends and faults ---- */

static frame_event fail(frame_reader *reader, frame_fault fault)
{
    reader->fault = fault;
    return FRAME_FAULT;
}

/* Who else may have knocked: told in the log (gateway.md section 4). */
static const char *other_protocol(const unsigned char *bytes, size_t length)
{
    static const struct {
        const char *begins, *name;
        size_t length;
    } known[] = {
        { "GET ", "HTTP", 4 }, { "HEAD ", "HTTP", 5 }, { "POST /", "HTTP", 6 }, { "\x16\x03", "TLS", 2 }, { "SSH-", "SSH", 4 }
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (length >= known[i].length && memcmp(bytes, known[i].begins, known[i].length) == 0)
            return known[i].name;
    return NULL;
}

static frame_event unreadable(frame_reader *reader)
{
    reader->spoke = other_protocol(reader->bytes + reader->start, reader->length - reader->start);
    return fail(reader, FRAME_UNREADABLE);
}

/* NUL, or the end of the stream, where a field or a record could begin. */
static frame_event finish(frame_reader *reader)
{
    if (reader->in_header == 0 && reader->records > 0)
        return FRAME_END;
    return fail(reader, FRAME_NO_RECORD);
}

static frame_event nothing_left(frame_reader *reader, bool ended)
{
    give_back(reader);
    if (!ended)
        return FRAME_MORE;
    return reader->heard ? finish(reader) : FRAME_END;
}

/* ---- the header ---- */

static frame_value *value_of(frame_reader *reader, unsigned char tag)
{
    return tag == 'A' ? &reader->logon : tag == 'P' ? &reader->password : &reader->user;
}

static void take_field(frame_reader *reader, const look_field *field)
{
    frame_value *value = value_of(reader, field->tag);
    if (reader->in_header == 0)
        reader->warning[0] = '\0';
    if ((reader->named & look_bit(field->tag)) != 0)
        snprintf(reader->warning, sizeof reader->warning, "%c comes twice, the last one counts", field->tag);
    memcpy(value->bytes, reader->bytes + field->at, field->length);
    value->length = (unsigned char)field->length;
    reader->named |= look_bit(field->tag);
    reader->form = field->decimal ? FRAME_DECIMAL : FRAME_ONE_BYTE;
    size_t end = field->at + field->length;
    reader->in_header += end - reader->start;
    reader->start = end;
}

static look_stream stream_of(const frame_reader *reader, bool ended)
{
    return (look_stream){ .bytes = reader->bytes,
                          .length = reader->length,
                          .header_end = reader->start + FRAME_HEADER_MAX - reader->in_header,
                          .ended = ended,
                          .knows = reader->knows,
                          .knows_context = reader->knows_context };
}

/* One field, or with decimal lengths all that a confirmed reading holds. FRAME_RECORD here means: go on. */
static frame_event read_fields(frame_reader *reader, bool ended)
{
    look_stream stream = stream_of(reader, ended);
    look_reading reading;
    if (reader->records == 0 && reader->in_header == 0 &&
        other_protocol(reader->bytes + reader->start, reader->length - reader->start) != NULL)
        return unreadable(reader);
    switch (look_ahead(&reading, &stream, reader->start, reader->named)) {
    case LOOK_REFUTED:
        return unreadable(reader);
    case LOOK_OPEN:
        return ended ? unreadable(reader) : FRAME_MORE;
    case LOOK_CONFIRMED:
        break;
    }
    for (size_t i = 0; i < reading.count; i++)
        take_field(reader, &reading.fields[i]);
    return FRAME_RECORD;
}

/* ---- the record ---- */

/* Bytes 0 to 4. @return false: not a leader; *declared -1: bytes are missing */
static bool read_length(const frame_reader *reader, const unsigned char *leader, size_t available, long *declared)
{
    long length = 0;
    size_t digits = available < LEADER_LENGTH_DIGITS ? available : LEADER_LENGTH_DIGITS;
    for (size_t i = 0; i < digits; i++) {
        if (leader[i] < '0' || leader[i] > '9')
            return false;
        length = length * 10 + (leader[i] - '0');
    }
    *declared = digits < LEADER_LENGTH_DIGITS ? -1 : length;
    /* With a limit above what five digits can say, 00000 is how a leader says so. */
    return *declared < 0 || length >= FRAME_RECORD_LEAST || (length == 0 && reader->record_limit > FRAME_RECORD_MOST);
}

static frame_event take_record(frame_reader *reader, size_t size, long declared)
{
    if (size > reader->record_limit)
        return fail(reader, FRAME_TOO_LONG);
    if ((size_t)declared != size && declared != 0)
        snprintf(reader->warning, sizeof reader->warning, "leader says %ld, record has %zu", declared, size);
    reader->record = text_of((const char *)reader->bytes + reader->start, size);
    reader->taken = size;
    reader->records++;
    reader->scanned = reader->in_header = 0;
    reader->named = 0;
    return FRAME_RECORD;
}

/* The record ends at its first 0x1D, whatever its leader says (GW-20). */
static frame_event read_record(frame_reader *reader, bool ended)
{
    const unsigned char *bytes = reader->bytes + reader->start;
    size_t available = reader->length - reader->start;
    long declared;
    if (!read_length(reader, bytes, available, &declared))
        return unreadable(reader);
    const unsigned char *end = memchr(bytes + reader->scanned, RECORD_END, available - reader->scanned);
    size_t until = end == NULL ? available : (size_t)(end - bytes);
    if (memchr(bytes + reader->scanned, NUL, until - reader->scanned) != NULL)
        return fail(reader, FRAME_INCOMPLETE);
    if (end != NULL)
        return take_record(reader, until + 1, declared);
    reader->scanned = available;
    if (available >= reader->record_limit)
        return fail(reader, FRAME_TOO_LONG);
    return ended ? fail(reader, FRAME_INCOMPLETE) : FRAME_MORE;
}

/* ---- what comes next ---- */

frame_phase frame_where(const frame_reader *reader)
{
    size_t at = reader->start + reader->taken;
    if (at < reader->length)
        return reader->bytes[at] >= '0' && reader->bytes[at] <= '9' ? FRAME_IN_RECORD : FRAME_IN_HEADER;
    return reader->in_header > 0 ? FRAME_IN_HEADER : FRAME_NOTHING;
}

frame_event frame_next(frame_reader *reader, bool ended)
{
    drop_taken(reader);
    for (;;) {
        while (reader->start < reader->length && look_is_filler(reader->bytes[reader->start])) {
            reader->start++;
            reader->in_header += reader->in_header > 0;
        }
        if (reader->in_header > FRAME_HEADER_MAX)
            return unreadable(reader);
        if (reader->start == reader->length)
            return nothing_left(reader, ended);
        unsigned char byte = reader->bytes[reader->start];
        if (byte == NUL)
            return finish(reader);
        if (byte >= '0' && byte <= '9')
            return read_record(reader, ended);
        frame_event event = read_fields(reader, ended);
        if (event != FRAME_RECORD)
            return event;
    }
}
