/* src/index/builder.c - many documents at once, in memory, and written as one segment.
 *
 * Where a term belongs in the order is known from its column and its first byte: terms are appended to a stream for each of
 * these, with nothing looked up. When all is written, stream after stream is read back, and some at a time become a run of terms
 * (builder_run.c) that is small enough for the processor's own memory: to look terms up in all of them at once would wait for
 * main memory at nearly every word.
 *
 * A stream is a chain of slices of one stretch of memory, so that what is in use is known exactly. An item of it: length 1,
 * distance of documents and place as numbers, bytes. END_OF_SLICE in place of a length, and then four bytes: where the next
 * slice begins. */
#include "builder.h"

#include <stdlib.h>

enum {
    COLUMNS = INDEX_COLUMNS_MAX + 1,
    STREAMS = 257, /* of a column: the empty term, then each first byte */
    SLICE_LEVELS = 5,
    END_OF_SLICE = 255, /* no term is so long */
    LINK_BYTES = 4,
    ITEM_BYTES_MAX = 1 + 2 * NUMBER_BYTES_MAX + INDEX_TERM_BYTES_MAX,
    RUN_ITEMS = 24576
};
static const uint16_t slice_bytes[SLICE_LEVELS] = { 64, 256, 1024, 4096, 16384 };

typedef struct stream {
    uint32_t first, at, end; /* first 0: nothing is in it. `end`: room for the link stands behind it */
    index_document document; /* the last */
    uint32_t level;
} stream;

struct index_builder {
    unsigned char *memory;
    size_t used, capacity;
    stream *streams[COLUMNS]; /* of a column, when it has any */
    term_run *run;
    index_set *documents;
    index_document last;
    size_t document_count;
};

index_builder *index_builder_new(void)
{
    index_builder *builder = calloc(1, sizeof *builder);
    if (builder != NULL && (builder->run = term_run_new()) == NULL) {
        free(builder);
        return NULL;
    }
    return builder;
}

void index_builder_free(index_builder *builder)
{
    if (builder == NULL)
        return;
    for (size_t i = 0; i < COLUMNS; i++)
        free(builder->streams[i]);
    free(builder->memory);
    term_run_free(builder->run);
    index_set_free(builder->documents);
    free(builder);
}

/* What it has grown to is kept for the next documents. */
void index_builder_clear(index_builder *builder)
{
    index_set_free(builder->documents);
    for (size_t i = 0; i < COLUMNS; i++)
        if (builder->streams[i] != NULL)
            memset(builder->streams[i], 0, STREAMS * sizeof *builder->streams[i]);
    term_run_clear(builder->run);
    builder->documents = NULL;
    builder->used = builder->document_count = 0;
    builder->last = 0;
}

size_t index_builder_bytes(const index_builder *builder)
{
    return sizeof *builder + builder->used + term_run_bytes(builder->run) + builder->document_count / 4;
}

size_t index_builder_documents(const index_builder *builder)
{
    return builder->document_count;
}

/* ---- streams ---- */

/* 0: none, as below. Positions are of 32 bits: a builder holds 4 GiB. */
static uint32_t take_memory(index_builder *builder, size_t bytes)
{
    if (builder->used == 0)
        builder->used = 64; /* nothing is at 0 */
    if (builder->used + bytes + READ_AHEAD >= builder->capacity) {
        size_t wanted = builder->capacity + builder->capacity / 2 + bytes + 65536;
        unsigned char *grown = builder->used + bytes > UINT32_MAX ? NULL : realloc(builder->memory, wanted);
        if (grown == NULL)
            return 0;
        builder->memory = grown;
        builder->capacity = wanted;
        prefer_large_pages(grown, wanted);
    }
    uint32_t at = (uint32_t)builder->used;
    builder->used += bytes;
    return at;
}

static bool next_slice(index_builder *builder, stream *stream)
{
    const uint32_t at = take_memory(builder, slice_bytes[stream->level]);
    if (at == 0)
        return false;
    if (stream->first == 0) {
        stream->first = at;
    } else {
        builder->memory[stream->at] = END_OF_SLICE;
        little_put(builder->memory + stream->at + 1, at);
    }
    stream->at = at;
    stream->end = at + slice_bytes[stream->level] - 1 - LINK_BYTES;
    stream->level += stream->level + 1 < SLICE_LEVELS;
    return true;
}

static stream *stream_of(index_builder *builder, unsigned column, const char *bytes, size_t length)
{
    if (builder->streams[column] == NULL)
        builder->streams[column] = calloc(STREAMS, sizeof *builder->streams[column]);
    return builder->streams[column] == NULL ? NULL : &builder->streams[column][length == 0 ? 0 : 1 + (unsigned char)*bytes];
}

static bool append(index_builder *builder, index_document document, const entry_item *item, const char *bytes)
{
    stream *stream = stream_of(builder, item->column, bytes, item->length);
    if (stream == NULL)
        return false;
    while ((size_t)stream->at + ITEM_BYTES_MAX - INDEX_TERM_BYTES_MAX + item->length + COPIED > stream->end)
        if (!next_slice(builder, stream))
            return false;
    unsigned char *at = builder->memory + stream->at;
    *at++ = item->length;
    at = number_put(at, document - stream->document);
    at = number_put(at, item->place);
    memcpy(at, bytes, COPIED);
    if (item->length > COPIED)
        memcpy(at + COPIED, bytes + COPIED, (size_t)item->length - COPIED);
    stream->at = (uint32_t)(at + item->length - builder->memory);
    stream->document = document;
    return true;
}

recto_status index_builder_add(index_builder *builder, index_document document, index_entry *entry, recto_error *error)
{
    if (document == 0 || document <= builder->last)
        return recto_fail(error, RECTO_EINVALID, NULL, NULL, "documents of an index must rise: %lu after %lu",
                          (unsigned long)document, (unsigned long)builder->last);
    if (builder->documents == NULL)
        builder->documents = index_set_new();
    if (entry->failed || builder->documents == NULL)
        return recto_fail_memory(error, "indexing");
    if (entry->disordered)
        entry_sort(entry);
    if (!index_set_add(builder->documents, document))
        return recto_fail_memory(error, "indexing");
    builder->last = document;
    builder->document_count++;
    for (size_t i = 0; i < entry->count; i++)
        if (!append(builder, document, &entry->items[i], entry->bytes + entry->items[i].offset))
            return recto_fail_memory(error, "indexing");
    index_entry_clear(entry);
    return RECTO_OK;
}

/* ---- writing ---- */

static const unsigned char *take_number(uint32_t *out, const unsigned char *at)
{
    uint32_t number = *at & 0x7F;
    for (unsigned shift = 7; *at++ >= 0x80; shift += 7)
        number |= (uint32_t)(*at & 0x7F) << shift;
    *out = number;
    return at;
}

static bool replay(index_builder *builder, unsigned column, const stream *stream)
{
    run_item item = { .column = (uint8_t)column };
    const unsigned char *at = builder->memory + stream->first, *const end = builder->memory + stream->at;
    while (at != end) {
        uint32_t distance;
        if (*at == END_OF_SLICE) {
            at = builder->memory + little_get(at + 1);
            continue;
        }
        item.length = *at++;
        at = take_number(&distance, at);
        at = take_number(&item.place, at);
        item.document += distance;
        item.bytes = at;
        at += item.length;
        if (!term_run_add(builder->run, &item))
            return false;
    }
    return true;
}

static recto_status write_streams(index_builder *builder, writer *writer, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (unsigned column = 0; column < COLUMNS && status == RECTO_OK; column++) {
        const stream *const streams = builder->streams[column];
        for (unsigned i = 0; streams != NULL && i < STREAMS && status == RECTO_OK; i++) {
            if (streams[i].first == 0)
                continue;
            if (!replay(builder, column, &streams[i]))
                status = recto_fail_memory(error, "writing the index");
            else if (term_run_items(builder->run) >= RUN_ITEMS)
                status = term_run_write(builder->run, writer, error);
        }
    }
    return status == RECTO_OK ? term_run_write(builder->run, writer, error) : status;
}

recto_status index_builder_write(index_builder *builder, const index_store *store, int64_t segment, index_segment_info *out,
                                 index_set **documents, recto_error *error)
{
    *documents = NULL;
    recto_status status;
    writer *writer = writer_new(store, segment);
    term_run_clear(builder->run);
    if (builder->documents == NULL)
        builder->documents = index_set_new();
    if (writer == NULL || builder->documents == NULL)
        status = recto_fail_memory(error, "writing the index");
    else
        status = write_streams(builder, writer, error);
    if (status == RECTO_OK)
        status = writer_end(writer, out, error);
    if (status == RECTO_OK && builder->documents != NULL) {
        roaring_bitmap_run_optimize(builder->documents->bits);
        out->documents = index_set_count(builder->documents);
        *documents = builder->documents;
        builder->documents = NULL;
        index_builder_clear(builder);
    }
    writer_free(writer);
    return status;
}
