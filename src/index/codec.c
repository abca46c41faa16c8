/* src/index/codec.c - numbers of varying length, checksums of blocks, hashes of keys. */
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

uint32_t reading_long_number(reading *reading)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 35 && reading->at < reading->end; shift += 7) {
        unsigned char byte = *reading->at++;
        number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80 && number <= UINT32_MAX)
            return (uint32_t)number;
    }
    reading->bad = true;
    reading->at = reading->end;
    return 0;
}

const unsigned char *reading_bytes(reading *reading, size_t length)
{
    if (reading->bad || (size_t)(reading->end - reading->at) < length) {
        reading->bad = true;
        reading->at = reading->end;
        return NULL;
    }
    const unsigned char *bytes = reading->at;
    reading->at += length;
    return bytes;
}

uint32_t reading_group(reading *reading)
{
    uint64_t place = 0;
    uint32_t count = 0, number = reading_number(reading);
    if (number == 0)
        return 0;
    for (;; number = reading_number(reading)) {
        place += number >> 1;
        count++;
        if (reading->bad || number >> 1 == 0 || place > PLACE_MAX || count > GROUP_PLACES_MAX)
            break;
        if ((number & 1) == 0)
            return count;
    }
    reading->bad = true;
    reading->at = reading->end;
    return 0;
}

void number_append(buffer *out, uint32_t number)
{
    unsigned char *room = (unsigned char *)buffer_reserve(out, NUMBER_BYTES_MAX);
    if (room != NULL)
        buffer_grow(out, (size_t)(number_put(room, number) - room));
}

uint32_t little_get(const unsigned char *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

void little_put(unsigned char *at, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(number >> (8 * i));
}

static uint64_t eight_bytes(const void *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static uint64_t mixed(uint64_t value)
{
    value *= UINT64_C(0x9E3779B97F4A7C15);
    return value ^ value >> 32;
}

/* Four lanes, so that a long block is read at the speed of memory. Each step can be turned round, so one changed byte always
 * changes a lane. */
uint32_t block_checksum(text bytes, uint32_t seed)
{
    uint64_t lanes[4] = { seed, bytes.length, 3, 4 };
    const char *at = bytes.bytes;
    size_t left = bytes.length;
    for (; left >= 32; at += 32, left -= 32)
        for (int i = 0; i < 4; i++)
            lanes[i] = mixed(lanes[i] ^ eight_bytes(at + 8 * (size_t)i));
    char rest[32] = { 0 };
    if (left > 0)
        memcpy(rest, at, left);
    uint64_t sum = 0;
    for (int i = 0; i < 4; i++)
        sum = mixed(sum ^ mixed(lanes[i] ^ eight_bytes(rest + 8 * (size_t)i)));
    return (uint32_t)(sum ^ sum >> 32);
}

/* Up to eight bytes as a number, without asking for bytes that are not there. */
static uint64_t few_bytes(const char *at, size_t length)
{
    uint32_t low, high;
    if (length >= 4) {
        memcpy(&low, at, 4);
        memcpy(&high, at + length - 4, 4);
        return low | (uint64_t)high << 32;
    }
    if (length == 0)
        return 0;
    return (unsigned char)at[0] | (uint64_t)(unsigned char)at[length / 2] << 8 | (uint64_t)(unsigned char)at[length - 1] << 16;
}

/* Only in memory: no file knows of it. */
uint32_t key_hash(unsigned column, const void *term, size_t length)
{
    const char *at = term;
    uint64_t hash = column + (length << 8);
    size_t left = length;
    for (; left > 8; at += 8, left -= 8)
        hash = mixed(hash ^ eight_bytes(at));
    hash = mixed(mixed(hash ^ few_bytes(at, left)));
    return (uint32_t)(hash ^ hash >> 32);
}

recto_status index_damaged(recto_error *error, int64_t segment, uint32_t block, const char *how)
{
    char where[80];
    snprintf(where, sizeof where, "segment %lld, block %lu", (long long)segment, (unsigned long)block);
    return recto_fail(error, RECTO_EDATA, where, "rebuild the index", "the search index is damaged: %s", how);
}

bool grow_array(void **array, size_t *capacity, size_t count, size_t element)
{
    if (count < *capacity)
        return true;
    size_t wanted = count < 16 ? 32 : count * 2;
    void *grown = wanted > SIZE_MAX / element ? NULL : realloc(*array, wanted * element);
    if (grown == NULL)
        return false;
    *array = grown;
    *capacity = wanted;
    return true;
}

void prefer_large_pages(void *memory, size_t bytes)
{
    enum { PAGE = 4096, WORTH_IT = 4 << 20 };
    if (bytes < WORTH_IT)
        return;
    uintptr_t first = ((uintptr_t)memory + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
    uintptr_t last = ((uintptr_t)memory + bytes) & ~(uintptr_t)(PAGE - 1);
    (void)madvise((char *)memory + (first - (uintptr_t)memory), last - first, MADV_HUGEPAGE);
}
