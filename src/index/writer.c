/* src/index/writer.c - the tree of a segment, written bottom-up in one pass over its terms. */
#include "tree.h"

#include <stdlib.h>

typedef struct level {
    buffer entries; /* of the block under way */
    unsigned count, restart_count;
    uint16_t restarts[INDEX_BLOCK_BYTES / 4];
    index_key last;      /* key of the last entry */
    index_key separator; /* a key above all of the block before, not above any of this */
    bool flushed;        /* a block of this level was put */
} level;

struct writer {
    block_out out;
    level levels[TREE_LEVELS_MAX];
    buffer block, payload;
};

writer *writer_new(const index_store *store, int64_t segment)
{
    writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        return NULL;
    writer->out.store = store;
    writer->out.segment = segment;
    buffer *buffers[] = { &writer->out.pack,      &writer->out.list, &writer->out.places,
                          &writer->out.directory, &writer->block,    &writer->payload };
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        buffer_init(buffers[i], UINT32_MAX);
    for (size_t i = 0; i < TREE_LEVELS_MAX; i++)
        buffer_init(&writer->levels[i].entries, 0);
    return writer;
}

void writer_free(writer *writer)
{
    if (writer == NULL)
        return;
    buffer *buffers[] = { &writer->out.pack,      &writer->out.list, &writer->out.places,
                          &writer->out.directory, &writer->block,    &writer->payload };
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        buffer_release(buffers[i]);
    for (size_t i = 0; i < TREE_LEVELS_MAX; i++)
        buffer_release(&writer->levels[i].entries);
    free(writer);
}

static recto_status put_level(writer *writer, unsigned number, recto_error *error)
{
    level *level = &writer->levels[number];
    buffer *block = &writer->block;
    recto_status status = pack_flush(&writer->out, error); /* the lists of a leaf stand before it */
    if (status != RECTO_OK)
        return status;
    unsigned char head[DICT_HEADER_BYTES] = { 0 };
    head[5] = (unsigned char)number;
    head[6] = (unsigned char)(level->count & 0xFF);
    head[7] = (unsigned char)(level->count >> 8);
    buffer_clear(block);
    buffer_append(block, (const char *)head, sizeof head);
    buffer_append_text(block, buffer_text(&level->entries));
    for (unsigned i = 0; i < level->restart_count; i++) {
        char bytes[2] = { (char)(level->restarts[i] & 0xFF), (char)(level->restarts[i] >> 8) };
        buffer_append(block, bytes, 2);
    }
    if (buffer_failed(&level->entries))
        return recto_fail_memory(error, "writing the index");
    buffer_clear(&level->entries);
    level->count = level->restart_count = 0;
    level->flushed = true;
    return block_put(&writer->out, number == 0 ? BLOCK_LEAF : BLOCK_INNER, block, error);
}

static size_t shared_bytes(const index_key *a, const unsigned char *key, size_t length)
{
    size_t shared = 0;
    while (shared < a->length && shared < length && a->bytes[shared] == key[shared])
        shared++;
    return shared;
}

static recto_status flush_level(writer *writer, unsigned number, recto_error *error);

static bool put_entry(buffer *entries, const unsigned char *key, size_t length, size_t shared, text head, text tail)
{
    unsigned char *const room =
        (unsigned char *)buffer_reserve(entries, 2 * (size_t)NUMBER_BYTES_MAX + length + head.length + tail.length);
    if (room == NULL)
        return false;
    unsigned char *at = number_put(room, (uint32_t)shared);
    at = number_put(at, (uint32_t)(length - shared));
    memcpy(at, key + shared, length - shared);
    at += length - shared;
    if (head.length > 0)
        memcpy(at, head.bytes, head.length);
    at += head.length;
    if (tail.length > 0)
        memcpy(at, tail.bytes, tail.length);
    buffer_grow(entries, (size_t)(at - room) + tail.length);
    return true;
}

/* `head`, `tail`: what comes after the key. */
static recto_status add_entry(writer *writer, unsigned number, const unsigned char *key, size_t length, text head, text tail,
                              recto_error *error)
{
    level *level = &writer->levels[number];
    size_t room = 4 + length + head.length + tail.length + 2;
    if (DICT_HEADER_BYTES + level->entries.length + room + 2 * (size_t)level->restart_count > INDEX_BLOCK_BYTES) {
        recto_status status = flush_level(writer, number, error);
        if (status != RECTO_OK)
            return status;
    }
    if (level->count == 0) {
        size_t shared = level->flushed ? shared_bytes(&level->last, key, length) + 1 : 0;
        level->separator.length = number > 0 ? length : shared;
        memcpy(level->separator.bytes, key, level->separator.length);
    }
    size_t shared = level->count % DICT_RESTART == 0 ? 0 : shared_bytes(&level->last, key, length);
    if (level->count % DICT_RESTART == 0)
        level->restarts[level->restart_count++] = (uint16_t)(DICT_HEADER_BYTES + level->entries.length);
    if (!put_entry(&level->entries, key, length, shared, head, tail))
        return recto_fail_memory(error, "writing the index");
    level->count++;
    level->last.length = length;
    memcpy(level->last.bytes + shared, key + shared, length - shared);
    return RECTO_OK;
}

/* Puts the block under way and enters it in the level above. */
static recto_status flush_level(writer *writer, unsigned number, recto_error *error)
{
    if (number + 1 >= TREE_LEVELS_MAX)
        return recto_fail(error, RECTO_ELIMIT, NULL, NULL, "the index has too many terms");
    recto_status status = put_level(writer, number, error);
    if (status != RECTO_OK)
        return status;
    unsigned char child[NUMBER_BYTES_MAX];
    size_t length = (size_t)(number_put(child, writer->out.next - 1) - child);
    index_key separator = writer->levels[number].separator;
    return add_entry(writer, number + 1, separator.bytes, separator.length, text_of((const char *)child, length),
                     text_of(NULL, 0), error);
}

static recto_status add_term(writer *writer, const unsigned char *key, size_t length, unsigned flags, text payload,
                             recto_error *error)
{
    unsigned char head[NUMBER_BYTES_MAX];
    const size_t head_length = (size_t)(number_put(head, (uint32_t)payload.length << 3 | flags) - head);
    return add_entry(writer, 0, key, length, text_of((const char *)head, head_length), payload, error);
}

recto_status writer_inline(writer *writer, text key, unsigned flags, text payload, recto_error *error)
{
    return add_term(writer, (const unsigned char *)key.bytes, key.length, flags, payload, error);
}

recto_status writer_packed(writer *writer, text key, size_t count, text documents, text places, recto_error *error)
{
    const unsigned flags = (unsigned)LIST_PACKED << 1 | (places.length > 0);
    recto_status status = packed_write(&writer->payload, &writer->out, count, documents, places, error);
    return status != RECTO_OK
               ? status
               : add_term(writer, (const unsigned char *)key.bytes, key.length, flags, buffer_text(&writer->payload), error);
}

recto_status writer_term(writer *writer, const unsigned char *key, size_t length, const postings *postings, recto_error *error)
{
    unsigned flags = 0;
    recto_status status = list_write(&writer->payload, &flags, &writer->out, postings, error);
    return status != RECTO_OK ? status : add_term(writer, key, length, flags, buffer_text(&writer->payload), error);
}

void writer_long_begin(writer *writer, long_out *list)
{
    long_begin(list, &writer->out);
}

recto_status writer_long_end(writer *writer, const unsigned char *key, size_t length, long_out *list, bool has_places,
                             recto_error *error)
{
    recto_status status = long_end(list, &writer->payload, error);
    unsigned flags = (unsigned)LIST_LARGE << 1 | has_places;
    return status != RECTO_OK ? status : add_term(writer, key, length, flags, buffer_text(&writer->payload), error);
}

recto_status writer_end(writer *writer, index_segment_info *out, recto_error *error)
{
    recto_status status = RECTO_OK;
    unsigned number = 0;
    for (; status == RECTO_OK; number++) {
        bool root = !writer->levels[number].flushed;
        status = root ? put_level(writer, number, error) : flush_level(writer, number, error);
        if (root)
            break;
    }
    if (status != RECTO_OK)
        return status;
    out->segment = writer->out.segment;
    out->root = writer->out.next - 1;
    out->blocks = writer->out.next;
    out->bytes = writer->out.bytes;
    return RECTO_OK;
}
