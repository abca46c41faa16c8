/* src/marc/scan.h - passes over many bytes at once: nearly all text of nearly all records is ASCII, and readers and writers
 * look at every byte of it.
 *
 * A chunk is what a processor compares in one step: 16 bytes with SSE2, 8 in a plain integer elsewhere (and wherever
 * SCAN_PORTABLE is defined, as the test does). A comparison answers with the high bit of each byte that is so. */
#ifndef RECTO_MARC_SCAN_H
#define RECTO_MARC_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__) && !defined(SCAN_PORTABLE)
#include <emmintrin.h>
typedef __m128i scan_chunk;
enum { SCAN_CHUNK = 16, SCAN_BITS = 1 /* of the answer for each byte */ };
static inline scan_chunk scan_load(const char *bytes)
{
    return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}
static inline scan_chunk scan_either(scan_chunk a, scan_chunk b)
{
    return _mm_or_si128(a, b);
}
static inline scan_chunk scan_equal(scan_chunk chunk, char byte)
{
    return _mm_cmpeq_epi8(chunk, _mm_set1_epi8(byte));
}
/* Bytes of 0 to limit - 1; those of 0x80 and more are not. */
static inline scan_chunk scan_below(scan_chunk chunk, char limit)
{
    return _mm_cmpeq_epi8(_mm_min_epu8(chunk, _mm_set1_epi8((char)(limit - 1))), chunk);
}
static inline uint64_t scan_answer(scan_chunk chunk)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(chunk);
}
#else
typedef uint64_t scan_chunk;
enum { SCAN_CHUNK = 8, SCAN_BITS = 8 };
#define SCAN_EACH(byte) ((uint64_t)(unsigned char)(byte)*0x0101010101010101U)
static inline scan_chunk scan_load(const char *bytes)
{
    uint64_t chunk = 0;
    memcpy(&chunk, bytes, sizeof chunk);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    chunk = __builtin_bswap64(chunk); /* the first byte is the lowest one */
#endif
    return chunk;
}
static inline scan_chunk scan_either(scan_chunk a, scan_chunk b)
{
    return a | b;
}
static inline scan_chunk scan_equal(scan_chunk chunk, char byte)
{
    uint64_t differs = chunk ^ SCAN_EACH(byte);
    return ~(((differs & SCAN_EACH(0x7F)) + SCAN_EACH(0x7F)) | differs | SCAN_EACH(0x7F));
}
static inline scan_chunk scan_below(scan_chunk chunk, char limit)
{
    return ~(((chunk & SCAN_EACH(0x7F)) + SCAN_EACH(0x80 - limit)) | chunk) & SCAN_EACH(0x80);
}
static inline uint64_t scan_answer(scan_chunk chunk)
{
    return chunk & SCAN_EACH(0x80);
}
#endif

/* Place of the first byte that an answer other than 0 names. */
static inline size_t scan_first(uint64_t answer)
{
    return (size_t)__builtin_ctzll(answer) / SCAN_BITS;
}

/** Length of the run of ASCII, without the escape of MARC-8 (0x1B), at the front. */
size_t scan_plain(const char *bytes, size_t length);
/** Length of the valid UTF-8 at the front. */
size_t scan_utf8(const char *bytes, size_t length);

#endif
