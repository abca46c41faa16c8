/* src/index/set_chunks.c - the members of a set, upper half by upper half, for what is asked of each of a million.
 *
 * The iterator of the library takes a dozen steps a member. Its portable form is written at the speed of memory and says of each
 * upper half whether it stands there as bits, as members or as runs: these are gone through as they are. The bytes are our own.
 */
#include "parts.h"

#include <stdlib.h>

enum { COOKIE_PLAIN = 12346, COOKIE_RUNS = 12347, OFFSETS_FROM = 4, HEAD_BYTES = 4, OFFSET_BYTES = 4 };

static uint32_t short_at(const unsigned char *at)
{
    return at[0] | (uint32_t)at[1] << 8;
}

bool set_chunks_open(set_chunks *out, const index_set *set)
{
    const size_t bytes = roaring_bitmap_portable_size_in_bytes(set->bits);
    *out = (set_chunks){ .bytes = malloc(bytes) };
    if (out->bytes == NULL)
        return false;
    (void)roaring_bitmap_portable_serialize(set->bits, (char *)out->bytes);
    const unsigned char *at = out->bytes;
    const uint32_t cookie = little_get(at);
    at += 4;
    if ((cookie & 0xFFFF) == COOKIE_RUNS) {
        out->count = (cookie >> 16) + 1;
        out->runs = at;
        at += (out->count + 7) / 8;
    } else {
        out->count = little_get(at);
        at += 4;
    }
    out->heads = at;
    at += (size_t)out->count * HEAD_BYTES;
    if (out->runs == NULL || out->count >= OFFSETS_FROM)
        at += (size_t)out->count * OFFSET_BYTES;
    out->body = at;
    return true;
}

void set_chunks_close(set_chunks *chunks)
{
    free(chunks->bytes);
    chunks->bytes = NULL;
}

bool set_chunks_next(set_chunk *out, set_chunks *chunks)
{
    if (chunks->at == chunks->count)
        return false;
    const unsigned char *head = chunks->heads + (size_t)chunks->at * HEAD_BYTES;
    const bool runs = chunks->runs != NULL && (chunks->runs[chunks->at >> 3] >> (chunks->at & 7) & 1) != 0;
    const uint32_t members = short_at(head + 2) + 1;
    *out = (set_chunk){ .first = short_at(head) << 16, .kind = CHUNK_GAPS, .count = members, .data = chunks->body };
    size_t length = 2 * (size_t)members;
    if (runs) {
        out->kind = CHUNK_RUNS;
        out->count = short_at(chunks->body);
        out->data += 2;
        length = 2 + 4 * (size_t)out->count;
    } else if (members > ARRAY_MEMBERS_MAX) {
        out->kind = CHUNK_BITS;
        length = BITS_BYTES;
    }
    chunks->body += length;
    chunks->at++;
    return true;
}
