/* src/index/chunks.c - lists of documents as bytes.
 *
 * Documents with the same upper 16 bits are a chunk: distance to the upper half of the chunk before (from -1), then
 * (members << 2 | kind), and the lower halves in the shortest of three ways. Every chunk tells its length, so that one is passed
 * over without being read. What is read becomes a set by way of the library's portable form, which is made here from numbers that
 * were checked: the library never sees bytes from outside. */
#include "parts.h"

#include <stdlib.h>

enum { COOKIE_PLAIN = 12346, COOKIE_RUNS = 12347, OFFSETS_FROM = 4 };

/* ---- writing ---- */

static void append_gaps(buffer *out, const index_document *documents, size_t count)
{
    unsigned char *room = (unsigned char *)buffer_reserve(out, count * 3 + NUMBER_BYTES_MAX);
    if (room == NULL)
        return;
    unsigned char *at = room;
    uint32_t next = documents[0] & ~(uint32_t)0xFFFF;
    for (size_t i = 0; i < count; i++) {
        at = number_put(at, documents[i] - next);
        next = documents[i] + 1;
    }
    buffer_grow(out, (size_t)(at - room));
}

static void append_bits(buffer *out, const index_document *documents, size_t count)
{
    unsigned char *room = (unsigned char *)buffer_reserve(out, BITS_BYTES);
    if (room == NULL)
        return;
    memset(room, 0, BITS_BYTES);
    for (size_t i = 0; i < count; i++)
        room[(documents[i] & 0xFFFF) >> 3] |= (unsigned char)(1U << (documents[i] & 7));
    buffer_grow(out, BITS_BYTES);
}

static void append_runs(buffer *out, const index_document *documents, size_t count)
{
    uint32_t next = documents[0] & ~(uint32_t)0xFFFF;
    for (size_t i = 0; i < count;) {
        size_t length = 1;
        while (i + length < count && documents[i + length] == documents[i] + length)
            length++;
        number_append(out, documents[i] - next);
        number_append(out, (uint32_t)(length - 1));
        next = documents[i] + (uint32_t)length;
        i += length;
    }
}

static size_t count_runs(const index_document *documents, size_t count)
{
    size_t runs = 1;
    for (size_t i = 1; i < count; i++)
        runs += documents[i] != documents[i - 1] + 1;
    return runs;
}

void chunk_append(buffer *out, const index_document *documents, size_t count, int before)
{
    size_t runs = count_runs(documents, count);
    unsigned kind = count > ARRAY_MEMBERS_MAX ? CHUNK_BITS : CHUNK_GAPS;
    if (runs * 4 < count && runs * 4 < BITS_BYTES)
        kind = CHUNK_RUNS;
    number_append(out, (uint32_t)((int)(documents[0] >> 16) - before - 1));
    number_append(out, (uint32_t)(count - 1) << 2 | kind);
    if (kind == CHUNK_BITS) {
        append_bits(out, documents, count);
        return;
    }
    unsigned char *head = (unsigned char *)buffer_reserve(out, 4);
    if (head == NULL)
        return;
    buffer_grow(out, 2); /* length of what follows: three bytes a member at most, so a gap chunk has 12 KB at most */
    size_t start = out->length;
    if (kind == CHUNK_GAPS)
        append_gaps(out, documents, count);
    else
        append_runs(out, documents, count);
    if (buffer_failed(out))
        return;
    size_t length = out->length - start;
    out->bytes[start - 2] = (char)(length & 0xFF);
    out->bytes[start - 1] = (char)(length >> 8);
}

void chunk_copy(buffer *out, const chunk *chunk, int before)
{
    size_t length = (size_t)(chunk->data.end - chunk->data.at);
    number_append(out, (uint32_t)((int)chunk->upper - before - 1));
    number_append(out, (chunk->members - 1) << 2 | chunk->kind);
    if (chunk->kind != CHUNK_BITS)
        buffer_append(out, (const char[]){ (char)(length & 0xFF), (char)(length >> 8) }, 2);
    buffer_append(out, (const char *)chunk->data.at, length);
}

/* ---- reading ---- */

bool chunk_next(chunk *out, reading *from, int64_t *before)
{
    int64_t upper = *before + 1 + reading_number(from);
    uint32_t head = reading_number(from);
    out->kind = head & 3;
    out->members = (head >> 2) + 1;
    if (from->bad || upper > 0xFFFF || out->members > CHUNK_DOCUMENTS || out->kind >= CHUNK_KINDS)
        return false;
    size_t length = BITS_BYTES;
    if (out->kind != CHUNK_BITS) {
        const unsigned char *bytes = reading_bytes(from, 2);
        length = bytes == NULL ? 0 : bytes[0] | (size_t)bytes[1] << 8;
    }
    const unsigned char *data = reading_bytes(from, length);
    if (data == NULL || (out->kind == CHUNK_BITS) != (out->kind != CHUNK_RUNS && out->members > ARRAY_MEMBERS_MAX))
        return false;
    out->upper = (uint32_t)upper;
    out->data = (reading){ data, data + length, false };
    *before = upper;
    return true;
}

bool chunk_gaps(const chunk *chunk, uint16_t *out)
{
    reading data = chunk->data;
    uint64_t next = 0;
    for (uint32_t i = 0; i < chunk->members; i++) {
        next += reading_number(&data);
        if (next > 0xFFFF)
            return false;
        out[i] = (uint16_t)next++;
    }
    return !data.bad && data.at == data.end;
}

uint32_t chunk_runs(const chunk *chunk, uint16_t *out, size_t capacity)
{
    reading data = chunk->data;
    uint64_t next = 0, members = 0;
    uint32_t runs = 0;
    while (data.at < data.end) {
        uint64_t first = next + reading_number(&data), last = first + reading_number(&data);
        if (data.bad || last > 0xFFFF || runs == capacity)
            return 0;
        out[2 * runs] = (uint16_t)first;
        out[2 * runs++ + 1] = (uint16_t)(last - first);
        members += last - first + 1;
        next = last + 1;
    }
    return members == chunk->members ? runs : 0;
}

/* ---- making sets ---- */

set_maker *set_maker_new(void)
{
    set_maker *maker = malloc(sizeof *maker);
    if (maker == NULL)
        return NULL;
    buffer_init(&maker->heads, 0);
    buffer_init(&maker->bodies, 0);
    buffer_init(&maker->whole, 0);
    set_maker_clear(maker);
    return maker;
}

void set_maker_free(set_maker *maker)
{
    if (maker == NULL)
        return;
    buffer_release(&maker->heads);
    buffer_release(&maker->bodies);
    buffer_release(&maker->whole);
    free(maker);
}

void set_maker_clear(set_maker *maker)
{
    buffer_clear(&maker->heads);
    buffer_clear(&maker->bodies);
    maker->count = 0;
    maker->runs = false;
    memset(maker->run_flags, 0, sizeof maker->run_flags);
}

static void append_short(buffer *out, uint32_t number)
{
    char bytes[2] = { (char)(number & 0xFF), (char)(number >> 8 & 0xFF) };
    buffer_append(out, bytes, 2);
}

static bool take_body(set_maker *maker, const chunk *chunk)
{
    uint16_t halves[ARRAY_MEMBERS_MAX];
    size_t count = chunk->members;
    if (chunk->kind == CHUNK_BITS) {
        buffer_append(&maker->bodies, (const char *)chunk->data.at, BITS_BYTES);
        return bits_count(chunk->data.at) == chunk->members;
    }
    if (chunk->kind == CHUNK_RUNS) {
        uint32_t runs = chunk_runs(chunk, halves, ARRAY_MEMBERS_MAX / 2);
        if (runs == 0)
            return false;
        append_short(&maker->bodies, runs);
        maker->runs = true;
        maker->run_flags[maker->count >> 3] |= (unsigned char)(1U << (maker->count & 7));
        count = (size_t)runs * 2;
    } else if (!chunk_gaps(chunk, halves)) {
        return false;
    }
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    buffer_append(&maker->bodies, (const char *)halves, count * 2);
#else
    for (size_t i = 0; i < count; i++)
        append_short(&maker->bodies, halves[i]);
#endif
    return true;
}

bool set_maker_chunks(set_maker *maker, text bytes)
{
    reading from = reading_of(bytes);
    int64_t before = -1;
    if (maker->count > 0) { /* the blocks of a list each begin anew */
        const unsigned char *last = (const unsigned char *)maker->heads.bytes + maker->heads.length - 4;
        before = last[0] | last[1] << 8;
    }
    int64_t own = -1;
    while (!from.bad && from.at < from.end) {
        chunk chunk;
        if (!chunk_next(&chunk, &from, &own) || own <= before || maker->count >= CHUNK_DOCUMENTS)
            return false;
        before = own;
        if (!take_body(maker, &chunk))
            return false;
        append_short(&maker->heads, chunk.upper);
        append_short(&maker->heads, chunk.members - 1);
        maker->count++;
    }
    return !from.bad;
}

/* Documents of one upper half, as lower halves or as bits. @return how many are taken: all that have it */
static size_t take_documents(set_maker *maker, const index_document *documents, size_t count)
{
    const uint32_t upper = documents[0] >> 16;
    size_t end = 1, members = 1;
    for (; end < count && documents[end] >> 16 == upper; end++)
        members += documents[end] != documents[end - 1];
    const size_t bytes = members > ARRAY_MEMBERS_MAX ? BITS_BYTES : 2 * members;
    unsigned char *room = (unsigned char *)buffer_reserve(&maker->bodies, bytes);
    if (room == NULL)
        return end;
    if (members > ARRAY_MEMBERS_MAX) {
        memset(room, 0, BITS_BYTES);
        for (size_t i = 0; i < end; i++)
            room[(documents[i] & 0xFFFF) >> 3] |= (unsigned char)(1U << (documents[i] & 7));
    } else {
        unsigned char *at = room;
        for (size_t i = 0; i < end; i++) {
            if (i > 0 && documents[i] == documents[i - 1])
                continue;
            *at++ = (unsigned char)documents[i];
            *at++ = (unsigned char)(documents[i] >> 8);
        }
    }
    buffer_grow(&maker->bodies, bytes);
    append_short(&maker->heads, upper);
    append_short(&maker->heads, (uint32_t)(members - 1));
    maker->count++;
    return end;
}

void set_maker_documents(set_maker *maker, const index_document *documents, size_t count)
{
    while (count > 0) {
        const size_t taken = take_documents(maker, documents, count);
        documents += taken;
        count -= taken;
    }
}

static void append_members(buffer *out, const uint64_t *bits, uint32_t members)
{
    unsigned char *at = (unsigned char *)buffer_reserve(out, 2 * (size_t)members);
    if (at == NULL)
        return;
    for (uint32_t i = 0; i < BITS_WORDS; i++)
        for (uint64_t word = bits[i]; word != 0; word &= word - 1) {
            const uint32_t lower = i * 64 + (uint32_t)__builtin_ctzll(word);
            *at++ = (unsigned char)lower;
            *at++ = (unsigned char)(lower >> 8);
        }
    buffer_grow(out, 2 * (size_t)members);
}

void set_maker_bits(set_maker *maker, uint32_t upper, const uint64_t *bits)
{
    const uint32_t members = bits_count(bits);
    if (members == 0)
        return;
    if (members <= ARRAY_MEMBERS_MAX)
        append_members(&maker->bodies, bits, members);
    else
        bits_append(&maker->bodies, bits);
    append_short(&maker->heads, upper);
    append_short(&maker->heads, members - 1);
    maker->count++;
}

static void append_long(buffer *out, uint32_t number)
{
    append_short(out, number & 0xFFFF);
    append_short(out, number >> 16);
}

static void append_offsets(set_maker *maker, size_t start)
{
    const unsigned char *head = (const unsigned char *)maker->heads.bytes, *body = (const unsigned char *)maker->bodies.bytes;
    size_t at = 0;
    for (unsigned i = 0; i < maker->count; i++) {
        append_long(&maker->whole, (uint32_t)(start + at));
        uint32_t members = (head[4 * i + 2] | (uint32_t)head[4 * i + 3] << 8) + 1;
        if (maker->run_flags[i >> 3] >> (i & 7) & 1)
            at += 2 + 4 * (size_t)(body[at] | body[at + 1] << 8);
        else
            at += members > ARRAY_MEMBERS_MAX ? BITS_BYTES : 2 * (size_t)members;
    }
}

index_set *set_maker_end(set_maker *maker)
{
    if (maker->count == 0)
        return index_set_new();
    if (buffer_failed(&maker->heads) || buffer_failed(&maker->bodies))
        return NULL;
    buffer *whole = &maker->whole;
    buffer_clear(whole);
    if (maker->runs) {
        append_long(whole, COOKIE_RUNS | (maker->count - 1) << 16);
        buffer_append(whole, (const char *)maker->run_flags, (maker->count + 7) / 8);
    } else {
        append_long(whole, COOKIE_PLAIN);
        append_long(whole, maker->count);
    }
    buffer_append_text(whole, buffer_text(&maker->heads));
    if (!maker->runs || maker->count >= OFFSETS_FROM)
        append_offsets(maker, whole->length + 4 * (size_t)maker->count);
    buffer_append_text(whole, buffer_text(&maker->bodies));
    if (buffer_failed(whole))
        return NULL;
    return set_of_bits(roaring_bitmap_portable_deserialize_safe(whole->bytes, whole->length));
}

/* ---- as documents ---- */

size_t chunk_documents(const chunk *chunk, index_document *room)
{
    uint16_t halves[ARRAY_MEMBERS_MAX];
    uint32_t upper = chunk->upper << 16;
    size_t count = 0;
    if (chunk->kind == CHUNK_BITS) {
        if (bits_count(chunk->data.at) != chunk->members)
            return 0;
        for (size_t i = 0; i < BITS_BYTES; i++)
            for (unsigned byte = chunk->data.at[i]; byte != 0; byte &= byte - 1)
                room[count++] = upper | (uint32_t)(i * 8 + (unsigned)__builtin_ctz(byte));
        return count;
    }
    if (chunk->kind == CHUNK_RUNS) {
        uint32_t runs = chunk_runs(chunk, halves, ARRAY_MEMBERS_MAX / 2);
        for (uint32_t i = 0; i < runs; i++)
            for (uint32_t j = 0; j <= halves[2 * i + 1]; j++)
                room[count++] = upper | (halves[2 * i] + j);
        return count;
    }
    if (!chunk_gaps(chunk, halves))
        return 0;
    for (; count < chunk->members; count++)
        room[count] = upper | halves[count];
    return count;
}

bool chunks_each(text bytes, index_document *room, chunk_visit visit, void *context)
{
    reading from = reading_of(bytes);
    int64_t before = -1;
    while (from.at < from.end) {
        chunk chunk;
        size_t count = chunk_next(&chunk, &from, &before) ? chunk_documents(&chunk, room) : 0;
        if (count == 0 || !visit(context, room, count))
            return false;
    }
    return !from.bad;
}

static bool chunk_has(bool *out, const chunk *chunk, uint32_t lower)
{
    uint16_t halves[ARRAY_MEMBERS_MAX];
    *out = false;
    if (chunk->kind == CHUNK_BITS) {
        *out = chunk->data.at[lower >> 3] >> (lower & 7) & 1;
    } else if (chunk->kind == CHUNK_RUNS) {
        uint32_t runs = chunk_runs(chunk, halves, ARRAY_MEMBERS_MAX / 2);
        for (uint32_t i = 0; i < runs && !*out; i++)
            *out = lower >= halves[2 * i] && lower - halves[2 * i] <= halves[2 * i + 1];
        return runs > 0;
    } else {
        if (!chunk_gaps(chunk, halves))
            return false;
        for (uint32_t i = 0; i < chunk->members && !*out; i++)
            *out = halves[i] == lower;
    }
    return true;
}

bool chunks_have(bool *out, text bytes, index_document document)
{
    reading from = reading_of(bytes);
    int64_t before = -1;
    *out = false;
    while (from.at < from.end) {
        chunk chunk;
        if (!chunk_next(&chunk, &from, &before))
            return false;
        if (chunk.upper == document >> 16)
            return chunk_has(out, &chunk, document & 0xFFFF);
        if (chunk.upper > document >> 16)
            return true;
    }
    return !from.bad;
}
