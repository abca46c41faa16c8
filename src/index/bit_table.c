/* src/index/bit_table.c - documents as plain bits: the cheapest union of many lists, and facets count dozens of lists against the
 * hits, where one bit is asked for each document. */
#include "parts.h"

#include <stdlib.h>

/* ---- one upper half ---- */

static unsigned ones(uint64_t word)
{
    word -= word >> 1 & UINT64_C(0x5555555555555555);
    word = (word & UINT64_C(0x3333333333333333)) + (word >> 2 & UINT64_C(0x3333333333333333));
    word = (word + (word >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (unsigned)(word * UINT64_C(0x0101010101010101) >> 56);
}

/* Carry-save adders: eight words are counted for little more than one. */
uint32_t bits_count(const void *bits)
{
    const unsigned char *bytes = bits;
    uint64_t w[8], single = 0, twos = 0, fours = 0, eights = 0;
    uint32_t count = 0;
    for (size_t i = 0; i < BITS_BYTES; i += sizeof w) {
        memcpy(w, bytes + i, sizeof w);
        uint64_t two_a = 0, two_b = 0, four_a = 0, four_b = 0, u;
#define ADD(high, low, a, b) (u = (low) ^ (a), (high) = ((low) & (a)) | (u & (b)), (low) = u ^ (b))
        ADD(two_a, single, w[0], w[1]);
        ADD(two_b, single, w[2], w[3]);
        ADD(four_a, twos, two_a, two_b);
        ADD(two_a, single, w[4], w[5]);
        ADD(two_b, single, w[6], w[7]);
        ADD(four_b, twos, two_a, two_b);
        ADD(eights, fours, four_a, four_b);
#undef ADD
        count += 8 * ones(eights);
    }
    return count + 4 * ones(fours) + 2 * ones(twos) + ones(single);
}

static uint64_t word_at(const unsigned char *bytes, size_t number)
{
    uint64_t word;
    memcpy(&word, bytes + number * sizeof word, sizeof word);
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

void bits_append(buffer *out, const uint64_t *bits)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    buffer_append(out, (const char *)bits, BITS_BYTES);
#else
    for (size_t i = 0; i < BITS_WORDS; i++) {
        const uint64_t word = __builtin_bswap64(bits[i]);
        buffer_append(out, (const char *)&word, sizeof word);
    }
#endif
}

/* Nearly every distance is one byte, and its way is kept short. */
static bool gaps_to_bits(uint64_t *bits, const chunk *chunk)
{
    const unsigned char *at = chunk->data.at, *const end = chunk->data.end;
    uint64_t next = 0;
    for (uint32_t i = 0; i < chunk->members; i++, next++) {
        if (at < end && *at < 0x80) {
            next += *at++;
        } else {
            reading rest = { at, end, false };
            next += reading_number(&rest);
            if (rest.bad)
                return false;
            at = rest.at;
        }
        if (next > 0xFFFF)
            return false;
        bits[next >> 6] |= UINT64_C(1) << (next & 63);
    }
    return at == end;
}

static void run_to_bits(uint64_t *bits, unsigned first, unsigned last)
{
    const unsigned from = first >> 6, to = last >> 6;
    const uint64_t head = UINT64_MAX << (first & 63), tail = UINT64_MAX >> (63 - (last & 63));
    if (from == to) {
        bits[from] |= head & tail;
        return;
    }
    bits[from] |= head;
    for (unsigned i = from + 1; i < to; i++)
        bits[i] = UINT64_MAX;
    bits[to] |= tail;
}

bool chunk_to_bits(uint64_t *bits, const chunk *chunk)
{
    uint16_t runs[ARRAY_MEMBERS_MAX];
    uint32_t count;
    switch ((enum chunk_kind)chunk->kind) {
    case CHUNK_GAPS:
        return gaps_to_bits(bits, chunk);
    case CHUNK_BITS:
        for (size_t i = 0; i < BITS_WORDS; i++)
            bits[i] |= word_at(chunk->data.at, i);
        return bits_count(chunk->data.at) == chunk->members;
    case CHUNK_RUNS:
        count = chunk_runs(chunk, runs, ARRAY_MEMBERS_MAX / 2);
        for (uint32_t i = 0; i < count; i++)
            run_to_bits(bits, runs[2 * i], (unsigned)runs[2 * i] + runs[2 * i + 1]);
        return count > 0;
    case CHUNK_KINDS:
        break;
    }
    return false;
}

/* ---- a table of them ---- */

bit_table *bit_table_new(const index_set *set)
{
    bit_table *table = calloc(1, sizeof *table);
    index_document room[4096], after = 0;
    size_t count;
    while (table != NULL && (count = index_set_list(set, after, room, 4096)) > 0) {
        for (size_t i = 0; i < count; i++) {
            uint64_t **chunk = &table->chunks[room[i] >> 16];
            if (*chunk == NULL && (*chunk = calloc(CHUNK_DOCUMENTS / 64, sizeof **chunk)) == NULL) {
                bit_table_free(table);
                return NULL;
            }
            (*chunk)[(room[i] & 0xFFFF) >> 6] |= UINT64_C(1) << (room[i] & 63);
        }
        after = room[count - 1];
    }
    return table;
}

void bit_table_free(bit_table *table)
{
    if (table == NULL)
        return;
    for (size_t i = 0; i < CHUNK_DOCUMENTS; i++)
        free(table->chunks[i]);
    free(table);
}

static uint64_t count_both(const unsigned char *bits, const uint64_t *table)
{
    uint64_t both[BITS_WORDS];
    for (size_t i = 0; i < BITS_WORDS; i++)
        both[i] = word_at(bits, i) & table[i];
    return bits_count(both);
}

bool chunks_count(uint64_t *count, text bytes, const bit_table *table)
{
    reading from = reading_of(bytes);
    uint16_t halves[ARRAY_MEMBERS_MAX];
    int64_t before = -1;
    while (from.at < from.end) {
        chunk chunk;
        if (!chunk_next(&chunk, &from, &before))
            return false;
        const uint64_t *bits = table->chunks[chunk.upper];
        if (bits == NULL)
            continue;
        if (chunk.kind == CHUNK_BITS) {
            *count += count_both(chunk.data.at, bits);
        } else if (chunk.kind == CHUNK_GAPS) {
            if (!chunk_gaps(&chunk, halves))
                return false;
            for (uint32_t i = 0; i < chunk.members; i++)
                *count += bits[halves[i] >> 6] >> (halves[i] & 63) & 1;
        } else {
            uint32_t runs = chunk_runs(&chunk, halves, ARRAY_MEMBERS_MAX / 2);
            for (uint32_t i = 0; i < runs; i++)
                for (uint32_t at = halves[2 * i], last = at + halves[2 * i + 1]; at <= last; at++)
                    *count += bits[at >> 6] >> (at & 63) & 1;
            if (runs == 0)
                return false;
        }
    }
    return !from.bad;
}
