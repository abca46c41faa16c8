/* src/index/parts.h - inside of the room: the small parts that all of it is made of.
 *
 * A key is the byte of a column and the bytes of a term; all order is the order of keys as bytes. Numbers are written seven bits
 * a byte, low bits first. The places of a document under a term are a *group*: each number is (distance << 1) | "more follow",
 * and a single 0 stands for none. A block starts with a checksum of four bytes and its kind. */
#ifndef RECTO_SRC_INDEX_PARTS_H
#define RECTO_SRC_INDEX_PARTS_H

#include "recto/index/index.h"

#include <roaring/roaring.h>
#include <string.h>

enum {
    KEY_BYTES_MAX = INDEX_TERM_BYTES_MAX + 1,
    PLACE_MAX = 0x3FFFFFFF,    /* greater ones count as this */
    GROUP_PLACES_MAX = 32768,  /* of one term in one document; what follows is not kept: a block must hold them */
    BLOCK_HEADER_BYTES = 5,    /* checksum, kind */
    CHUNK_DOCUMENTS = 1 << 16, /* documents that share their upper half stand in one chunk of a list */
};
enum block_kind { BLOCK_LEAF = 1, BLOCK_INNER, BLOCK_PACK, BLOCK_DOCUMENTS, BLOCK_PLACES, BLOCK_DIRECTORY };

/* ---- codec.c: numbers, checksums, hashes ---- */

typedef struct reading { /* hostile bytes; once bad, all further numbers are 0 */
    const unsigned char *at, *end;
    bool bad;
} reading;

static inline reading reading_of(text bytes)
{
    const unsigned char *at = (const unsigned char *)bytes.bytes;
    return (reading){ at, at == NULL ? at : at + bytes.length, false };
}
static inline size_t reading_left(const reading *reading)
{
    return reading->bad ? 0 : (size_t)(reading->end - reading->at);
}
uint32_t reading_long_number(reading *reading);
static inline uint32_t reading_number(reading *reading)
{
    if (reading->at < reading->end && *reading->at < 0x80)
        return *reading->at++;
    return reading_long_number(reading);
}
/** `length` bytes, passed over; NULL and bad when there are fewer. */
const unsigned char *reading_bytes(reading *reading, size_t length);
/** Passes over a group; every number of it is checked. @return how many places */
uint32_t reading_group(reading *reading);
/** The same for bytes that were checked before. */
static inline const unsigned char *group_end(const unsigned char *at)
{
    bool more = true;
    while (more) {
        more = (*at & 1) != 0;
        while (*at++ >= 0x80) {
        }
    }
    return at;
}

static inline unsigned char *number_put(unsigned char *at, uint32_t number)
{
    for (; number >= 0x80; number >>= 7)
        *at++ = (unsigned char)(number | 0x80);
    *at++ = (unsigned char)number;
    return at;
}
enum { NUMBER_BYTES_MAX = 5 };
void number_append(buffer *out, uint32_t number);
uint32_t little_get(const unsigned char *at); /* four bytes */
void little_put(unsigned char *at, uint32_t number);

uint32_t block_checksum(text bytes, uint32_t seed);
uint32_t key_hash(unsigned column, const void *term, size_t length);
/** Fills error with "the index is damaged". */
recto_status index_damaged(recto_error *error, int64_t segment, uint32_t block, const char *how);
/** memory for count + 1 elements at least: doubled when full. false: none, and all is as it was */
bool grow_array(void **array, size_t *capacity, size_t count, size_t element);

/** Asks for large pages behind much memory that is gone through at random; a wish only. */
void prefer_large_pages(void *memory, size_t bytes);

static inline int key_compare(const void *a, size_t a_length, const void *b, size_t b_length)
{
    size_t shorter = a_length < b_length ? a_length : b_length;
    int order = shorter == 0 ? 0 : memcmp(a, b, shorter);
    return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}
static inline size_t term_length(text term)
{
    return term.length < INDEX_TERM_BYTES_MAX ? term.length : INDEX_TERM_BYTES_MAX;
}
typedef struct index_key {
    unsigned char bytes[KEY_BYTES_MAX];
    size_t length;
} index_key;
static inline void key_make(index_key *out, unsigned column, text term)
{
    out->bytes[0] = (unsigned char)column;
    out->length = 1 + term_length(term);
    if (out->length > 1)
        memcpy(out->bytes + 1, term.bytes, out->length - 1);
}

/* ---- set.c ---- */

struct index_set {
    roaring_bitmap_t *bits;
    uint32_t stretch; /* of the document added last, from 1; 0: none was */
};
index_set *set_of_bits(roaring_bitmap_t *bits);                          /* takes bits also on failure */
index_set *set_of_sorted(const index_document *documents, size_t count); /* rising */
bool set_is_empty(const index_set *set);                                 /* NULL is */
bool set_add_sorted(index_set *set, const index_document *documents, size_t count);

/* ---- set_chunks.c: the members of a set, upper half by upper half ---- */

typedef struct set_chunk {
    index_document first; /* of its upper half */
    unsigned kind;        /* enum chunk_kind; CHUNK_GAPS: the members */
    uint32_t count;       /* of members or runs */
    const unsigned char *data;
} set_chunk;
typedef struct set_chunks {
    unsigned char *bytes;
    const unsigned char *runs, *heads, *body; /* `runs` NULL: there is none */
    uint32_t count, at;
} set_chunks;
bool set_chunks_open(set_chunks *out, const index_set *set); /* false: no memory */
void set_chunks_close(set_chunks *chunks);
bool set_chunks_next(set_chunk *out, set_chunks *chunks);
/** A lower half: a member, or of a run the first and its length - 1 behind it. */
static inline uint32_t set_chunk_half(const set_chunk *chunk, uint32_t number)
{
    return chunk->data[2 * number] | (uint32_t)chunk->data[2 * number + 1] << 8;
}
static inline uint64_t set_chunk_word(const set_chunk *chunk, size_t number)
{
    uint64_t word;
    memcpy(&word, chunk->data + number * sizeof word, sizeof word);
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* ---- chunks.c: lists of documents as bytes, a chunk for each upper half ---- */

/** Appends the documents of one chunk: rising, all of one upper half. @param before  upper half of the chunk before it in these
 *  bytes, or -1 */
void chunk_append(buffer *out, const index_document *documents, size_t count, int before);
enum chunk_kind { CHUNK_GAPS, CHUNK_BITS, CHUNK_RUNS, CHUNK_KINDS };
enum {
    BITS_BYTES = CHUNK_DOCUMENTS / 8,
    BITS_WORDS = CHUNK_DOCUMENTS / 64,
    ARRAY_MEMBERS_MAX = 4096 /* the library's limit, too: above it a container is a bitmap */
};
typedef struct chunk { /* one of them, not looked into */
    uint32_t upper, members;
    unsigned kind;
    reading data;
} chunk;
/** The next chunk. @param before  upper half of the last, from -1. false: damage */
bool chunk_next(chunk *out, reading *from, int64_t *before);
/** Lower halves of CHUNK_GAPS. @return false: they are not what the head says */
bool chunk_gaps(const chunk *chunk, uint16_t *out);
/** Of CHUNK_RUNS pairs of first and length - 1. @return how many runs; 0: damage */
uint32_t chunk_runs(const chunk *chunk, uint16_t *out, size_t capacity);
/** Its documents. @param room  CHUNK_DOCUMENTS. @return how many; 0: damage */
size_t chunk_documents(const chunk *chunk, index_document *room);
/** Appends it as it is, as chunk_append does. */
void chunk_copy(buffer *out, const chunk *chunk, int before);
/** Makes sets out of chunks: bytes of the portable form of the library, which are sound because we make them. */
typedef struct set_maker {
    buffer heads, bodies, whole;
    unsigned count;
    bool runs;
    unsigned char run_flags[CHUNK_DOCUMENTS / 8];
} set_maker;
set_maker *set_maker_new(void);
void set_maker_free(set_maker *maker);
void set_maker_clear(set_maker *maker);
/** Takes the chunks of `bytes`; their upper halves must be above those taken before. false: damage; want of memory shows in the
 * end
 */
bool set_maker_chunks(set_maker *maker, text bytes);
/** Takes documents that rise; one may come again. They must be above those taken before. */
void set_maker_documents(set_maker *maker, const index_document *documents, size_t count);
/** Takes the documents of one upper half as plain bits, BITS_WORDS of them. */
void set_maker_bits(set_maker *maker, uint32_t upper, const uint64_t *bits);
index_set *set_maker_end(set_maker *maker); /* NULL: no memory */
/** Calls `visit` with the documents of each chunk. false: damage */
typedef bool (*chunk_visit)(void *context, const index_document *documents, size_t count);
bool chunks_each(text bytes, index_document *room, chunk_visit visit, void *context); /* room: CHUNK_DOCUMENTS */

/* ---- bit_table.c: documents as plain bits ---- */

/** How many of BITS_BYTES bytes of bits are set. */
uint32_t bits_count(const void *bits);
/** Appends them as bytes, the lowest first. */
void bits_append(buffer *out, const uint64_t *bits);
/** Adds the documents of a chunk. false: damage */
bool chunk_to_bits(uint64_t *bits, const chunk *chunk);
/** A set as plain bits, for counting many lists against it. NULL: no memory */
typedef struct bit_table {
    uint64_t *chunks[CHUNK_DOCUMENTS]; /* by upper half; NULL: none */
} bit_table;
bit_table *bit_table_new(const index_set *set);
void bit_table_free(bit_table *table);
static inline bool bit_table_has(const bit_table *table, index_document document)
{
    const uint64_t *chunk = table->chunks[document >> 16];
    return chunk != NULL && (chunk[(document & 0xFFFF) >> 6] >> (document & 63) & 1) != 0;
}
/** Adds how many documents of the chunks are in the table. false: damage */
bool chunks_count(uint64_t *count, text bytes, const bit_table *table);
/** Whether a document is in chunks that are sound or not. false: damage (chunks.c) */
bool chunks_have(bool *out, text bytes, index_document document);

/* ---- postings.c: documents and places of one term in memory ---- */

typedef struct postings {
    index_document *documents;
    uint32_t *ends; /* where the group of each document ends in `places` */
    size_t count, capacity, ends_capacity;
    unsigned char *places;
    size_t places_length, places_capacity;
    bool has_places;
    size_t *runs; /* where documents start anew from lower ones: several sources */
    size_t run_count, run_capacity;
} postings;
void postings_release(postings *postings);
void postings_clear(postings *postings);
/** Room for so many documents and bytes of groups, from the beginning. */
bool postings_reserve(postings *postings, size_t documents, size_t bytes);
/** Appends a document with its group (checked before; `length` 1 and the byte 0: none). false: no memory */
bool postings_append(postings *postings, index_document document, const unsigned char *group, size_t length);
/** Brings runs together into one rising list; of a document that comes twice the later group is kept. */
bool postings_sort(postings *postings, struct postings *room);
static inline const unsigned char *postings_group(const postings *postings, size_t number, size_t *length)
{
    size_t from = number == 0 ? 0 : postings->ends[number - 1];
    *length = postings->ends[number] - from;
    return postings->places + from;
}

#endif
