/* src/index/tree.h - inside of the room: segments as trees of blocks, written bottom-up and read from the root.
 *
 * Leaves hold terms in order, inner blocks the first keys and numbers of the blocks below. A dictionary block:
 *   checksum 4, kind 1, level 1 (leaf 0), entries 2, the entries, and 2 bytes for every 16th entry: where it begins.
 *   An entry: bytes shared with the key before (0 at every 16th), bytes that follow, these, and then
 *   in a leaf (payload bytes << 3 | list_kind << 1 | has places) and the payload; in an inner block the number of a block.
 * Payloads. LIST_INLINE: for each document the distance to the one before and, with places, its group.
 *   LIST_PACKED: count, block, offset, bytes of documents, bytes of places; several such lists share a block.
 *   LIST_LARGE: count, block of the directory. The directory: number of blocks of documents, the first, and for each its first
 *   upper half (as distance); then the same of places with the first document of each. Documents are chunks (chunks.c).
 *   A block of places: count of marks 4, marks of 8 (a document, offset of its group), the groups; a mark each 128 documents. */
#ifndef RECTO_SRC_INDEX_TREE_H
#define RECTO_SRC_INDEX_TREE_H

#include "parts.h"

enum { DICT_HEADER_BYTES = 8, DICT_RESTART = 16, TREE_LEVELS_MAX = 12 };
enum { INLINE_DOCUMENTS_MAX = 24, INLINE_BYTES_MAX = 256, PACK_BYTES_MAX = INDEX_BLOCK_BYTES - BLOCK_HEADER_BYTES };
enum { PLACES_MARK = 128, PLACES_BLOCK_BYTES = INDEX_LIST_BYTES - 64 * 1024 };
enum list_kind { LIST_INLINE, LIST_PACKED, LIST_LARGE };

/* ---- writer.c, write_list.c ---- */

typedef struct block_out { /* numbers and puts blocks */
    const index_store *store;
    int64_t segment;
    uint32_t next;
    uint64_t bytes;
    buffer pack; /* the block of packed lists under way: it has the number `next`, and goes out before any other */
    buffer list, places, directory;
} block_out;
/** Puts `block`, whose first BLOCK_HEADER_BYTES are filled here, under the next number. */
recto_status block_put(block_out *out, enum block_kind kind, buffer *block, recto_error *error);
recto_status pack_flush(block_out *out, recto_error *error);
/** Writes a list where it belongs. @param payload  filled  @param flags  list_kind << 1 | has places */
recto_status list_write(buffer *payload, unsigned *flags, block_out *out, const postings *postings, recto_error *error);

/** A list of LIST_PACKED: distances of documents, and groups when it has places. Together they fit PACK_BYTES_MAX. */
recto_status packed_write(buffer *payload, block_out *out, size_t count, text documents, text places, recto_error *error);
void block_start(buffer *block); /* empty but for the room of its header */

typedef struct run_of_blocks { /* what the directory says of them */
    buffer firsts;
    uint32_t count, first, before;
} run_of_blocks;
typedef struct long_out { /* write_long.c: a LIST_LARGE under way; it uses `list`, `places` and `directory` of `out` */
    block_out *out;
    run_of_blocks documents, places;
    uint64_t count;       /* documents so far */
    int before;           /* upper half of the last chunk of the block under way; -1: it is empty */
    uint32_t first_upper; /* of that block */
    uint32_t unmarked;    /* groups since the last mark */
} long_out;
void long_begin(long_out *list, block_out *out);
void long_release(long_out *list);
/** Documents of one upper half, which is above those before; or the same as another segment has them. */
recto_status long_documents(long_out *list, const index_document *documents, size_t count, recto_error *error);
recto_status long_chunk(long_out *list, const chunk *chunk, recto_error *error);
recto_status long_documents_end(long_out *list, recto_error *error);
/** The groups of all these documents in order, one by one or with the marks of a block of places. */
recto_status long_group(long_out *list, index_document document, const unsigned char *group, size_t length, recto_error *error);
recto_status long_piece(long_out *list, const unsigned char *marks, uint32_t count, text groups, recto_error *error);
recto_status long_end(long_out *list, buffer *payload, recto_error *error);

typedef struct writer writer;
writer *writer_new(const index_store *store, int64_t segment);
void writer_free(writer *writer);
/** Terms in rising order of keys; `postings` sorted and not empty. */
recto_status writer_term(writer *writer, const unsigned char *key, size_t length, const postings *postings, recto_error *error);
/** The same with the payload of a LIST_INLINE as another segment has it. */
recto_status writer_inline(writer *writer, text key, unsigned flags, text payload, recto_error *error);
/** The same with a LIST_PACKED: see packed_write. */
recto_status writer_packed(writer *writer, text key, size_t count, text documents, text places, recto_error *error);
/** The same for a long list that the caller writes in pieces between the two; nothing else is written meanwhile. */
void writer_long_begin(writer *writer, long_out *list);
recto_status writer_long_end(writer *writer, const unsigned char *key, size_t length, long_out *list, bool has_places,
                             recto_error *error);
recto_status writer_end(writer *writer, index_segment_info *out, recto_error *error);

/* ---- tree.c ---- */

typedef struct cached_block {
    int64_t segment;
    uint32_t number;
    size_t length, capacity; /* length 0: none is kept */
    uint64_t used;           /* when last, counted by the cache */
    unsigned char *bytes;
} cached_block;
enum { CACHE_LEAVES = 1024, CACHE_INNER = 2048, CACHE_PACKS = 256, CACHE_WAYS = 4 };
typedef struct block_cache { /* of blocks that were checked */
    uint64_t uses;
    cached_block leaves[CACHE_LEAVES], inner[CACHE_INNER];
    cached_block packs[CACHE_PACKS]; /* whoever walks along terms wants the lists of neighbours */
} block_cache;
void cache_clear(block_cache *cache); /* and gives the memory back */

typedef struct kept_pack { /* the block of packed lists that was read last: who goes through terms in order needs it many times */
    buffer body;
    uint32_t number;
    bool kept;
} kept_pack;

typedef struct segment_view {
    const index_store *store;
    int64_t segment;
    uint32_t root, blocks;
    block_cache *cache; /* may be NULL */
    kept_pack *pack;    /* may be NULL */
} segment_view;

typedef struct dict_block {
    const unsigned char *bytes; /* lent until the next block is got */
    size_t end;                 /* of entries */
    unsigned level, count;
} dict_block;
typedef struct dict_entry { /* the entry a walk stands on */
    unsigned char key[256];
    size_t key_length;
    unsigned flags; /* of a leaf */
    text payload;
    uint32_t child; /* of an inner block */
} dict_entry;

/** A block that is no part of the dictionary: its body, checked, lent until the next get. */
recto_status list_block(text *body, const segment_view *view, uint32_t number, enum block_kind kind, recto_error *error);
/** The same of a block of packed lists, which may be at hand. */
recto_status pack_block(text *body, const segment_view *view, uint32_t number, recto_error *error);
/** A dictionary block of a level, or of any when `level` is -1. */
recto_status dict_block_get(dict_block *out, const segment_view *view, uint32_t number, int level, recto_error *error);
/** Reads the entry at `at` after `entry`, the one before it. @return where the next begins; 0: damage */
size_t dict_next(dict_entry *entry, const dict_block *block, size_t at);
/** In an inner block: the child of an entry; the last entry not above a key (or the first). false: damage */
bool inner_child(uint32_t *child, const dict_block *block, unsigned number);
bool inner_find(uint32_t *child, unsigned *number, const dict_block *block, const index_key *key);
typedef struct leaf_scan { /* stands on an entry of a leaf, whose bytes are lent until the next get */
    dict_block block;
    dict_entry entry;
    int order; /* of the entry against the key that was sought; below 0: the whole leaf is before it */
    size_t next;
    unsigned left;
} leaf_scan;
/** To the first entry not before a key, in the leaf where the key would stand. Cheaper than a cursor for few terms. */
recto_status tree_lower(leaf_scan *scan, const segment_view *view, const index_key *key, recto_error *error);
/** To the next of the leaf; false in *out: there is none. */
recto_status leaf_next(bool *out, leaf_scan *scan, const segment_view *view, recto_error *error);
/** Finds a key. RECTO_ENOTFOUND without filling error. `entry`'s payload is lent until the next get. */
recto_status tree_find(dict_entry *entry, const segment_view *view, const index_key *key, recto_error *error);

/* ---- cursor.c ---- */

typedef struct cursor_term {
    uint32_t key, payload; /* where they begin */
    uint16_t key_length, payload_length;
    uint8_t flags;
} cursor_term;
typedef struct cursor { /* stands on a term of a leaf, which it has taken out */
    const segment_view *view;
    struct {
        uint32_t block;
        unsigned entry, count;
    } path[TREE_LEVELS_MAX]; /* [level], from 1 */
    unsigned levels;
    buffer bytes;
    cursor_term *terms;
    size_t count, capacity, at;
    bool ended;
} cursor;
void cursor_init(cursor *cursor, const segment_view *view);
void cursor_release(cursor *cursor);
/** To the first term not before the key; `backwards`: to the last before it. */
recto_status cursor_seek(cursor *cursor, const index_key *key, bool backwards, recto_error *error);
recto_status cursor_step(cursor *cursor, bool backwards, recto_error *error);
static inline text cursor_key(const cursor *cursor)
{
    const cursor_term *term = &cursor->terms[cursor->at];
    return text_of(cursor->bytes.bytes + term->key, term->key_length);
}
static inline text cursor_payload(const cursor *cursor)
{
    const cursor_term *term = &cursor->terms[cursor->at];
    return text_of(cursor->bytes.bytes + term->payload, term->payload_length);
}

/* ---- list.c ---- */

typedef struct list_ref {
    const segment_view *view;
    unsigned flags;
    text payload;
} list_ref;

/* gather.c: collects the documents of many lists into one set */
typedef struct gather_bits {
    struct gather_bits *next; /* of the spare ones */
    uint64_t words[CHUNK_DOCUMENTS / 64];
} gather_bits;
typedef struct gather {
    index_document *loose;
    size_t count, capacity;
    gather_bits **chunks; /* by upper half; NULL: none */
    size_t chunk_count, capacity_of_chunks;
    gather_bits *spare; /* for the next */
    size_t spares;
    set_maker *maker;
} gather;
void gather_release(gather *gather);
recto_status gather_list(gather *gather, const list_ref *list, recto_error *error);
bool gather_document(gather *gather, index_document document);
bool gather_is_empty(const gather *gather);
recto_status gather_end(index_set **out, gather *gather, recto_error *error); /* a set in any case of success; empty again */

/* list.c: one list */
recto_status list_read(postings *out, const list_ref *list, recto_error *error); /* appended */
/** How many documents the term has, masked ones among them, without reading the list. */
recto_status list_count(uint64_t *out, const list_ref *list, recto_error *error);
/** How many of its documents are in the table. */
recto_status list_count_in(uint64_t *out, const list_ref *list, const bit_table *table, recto_error *error);
recto_status list_has(bool *out, const list_ref *list, index_document document, recto_error *error);
/** Short lists: the documents, at most INLINE_BYTES_MAX. *count is SIZE_MAX for a list that does not stand in its leaf. */
recto_status list_short(index_document *room, size_t *count, const list_ref *list, recto_error *error);

/* ---- places.c ---- */

typedef struct places_reader { /* the groups of a list, asked for in rising order of documents */
    list_ref list;
    index_set *set; /* all its documents */
    postings short_list;
    size_t at; /* in short_list */
    /* a large list: */
    roaring_uint32_iterator_t iterator; /* stands behind `members` */
    index_document members[PLACES_MARK];
    uint32_t member, member_count;
    uint32_t first_block, block_count, block;
    index_document *firsts;
    buffer body;
    uint32_t marks, mark;
    const unsigned char *stream, *group, *end; /* `group` belongs to members[member] */
    const unsigned char *after;                /* where that group ends, once it was read; else NULL */
    bool loaded;
} places_reader;
recto_status places_open(places_reader *out, const list_ref *list, recto_error *error);
void places_close(places_reader *reader);
/** The group of a document. NULL in *group: the list does not hold it. */
recto_status places_seek(places_reader *reader, index_document document, const unsigned char **group, recto_error *error);

#endif
