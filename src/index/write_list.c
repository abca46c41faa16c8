/* src/index/write_list.c - lists of documents and places to blocks: in the leaf, packed with others, or in blocks of their own.
 */
#include "tree.h"

recto_status block_put(block_out *out, enum block_kind kind, buffer *block, recto_error *error)
{
    if (kind != BLOCK_PACK) {
        recto_status status = pack_flush(out, error);
        if (status != RECTO_OK)
            return status;
    }
    if (buffer_failed(block))
        return recto_fail_memory(error, "writing the index");
    if (out->next == UINT32_MAX)
        return recto_fail(error, RECTO_ELIMIT, NULL, NULL, "the index has too many blocks");
    block->bytes[4] = (char)kind;
    uint32_t sum = block_checksum(text_of(block->bytes + 4, block->length - 4), out->next);
    little_put((unsigned char *)block->bytes, sum);
    recto_status status = out->store->put(out->store->context, out->segment, out->next, buffer_text(block), error);
    out->bytes += block->length;
    out->next++;
    return status;
}

recto_status pack_flush(block_out *out, recto_error *error)
{
    if (out->pack.length == 0)
        return RECTO_OK;
    recto_status status = block_put(out, BLOCK_PACK, &out->pack, error);
    buffer_clear(&out->pack);
    return status;
}

static void block_start(buffer *block)
{
    buffer_clear(block);
    buffer_append(block, "\0\0\0\0\0", BLOCK_HEADER_BYTES);
}

/* ---- short ones ---- */

static bool write_inline(buffer *payload, const postings *postings)
{
    buffer_clear(payload);
    if (postings->count > INLINE_DOCUMENTS_MAX || (postings->has_places && postings->places_length > INLINE_BYTES_MAX))
        return false;
    index_document before = 0;
    for (size_t i = 0; i < postings->count; i++) {
        number_append(payload, postings->documents[i] - before);
        before = postings->documents[i];
        if (!postings->has_places)
            continue;
        size_t length;
        const unsigned char *group = postings_group(postings, i, &length);
        buffer_append(payload, (const char *)group, length);
    }
    return payload->length <= INLINE_BYTES_MAX;
}

static void append_distances(buffer *out, const postings *postings)
{
    unsigned char *room = (unsigned char *)buffer_reserve(out, postings->count * NUMBER_BYTES_MAX), *at = room;
    if (room == NULL)
        return;
    index_document before = 0;
    for (size_t i = 0; i < postings->count; i++) {
        at = number_put(at, postings->documents[i] - before);
        before = postings->documents[i];
    }
    buffer_grow(out, (size_t)(at - room));
}

/* Packed when documents and places fit a small block. */
static recto_status write_packed(bool *done, buffer *payload, block_out *out, const postings *postings, recto_error *error)
{
    size_t places = postings->has_places ? postings->places_length : 0;
    *done = false;
    if (postings->count + places > PACK_BYTES_MAX)
        return RECTO_OK;
    buffer_clear(&out->list);
    append_distances(&out->list, postings);
    size_t documents = out->list.length;
    if (documents + places > PACK_BYTES_MAX)
        return RECTO_OK;
    if (places > 0)
        buffer_append(&out->list, (const char *)postings->places, places);
    if (out->pack.length + out->list.length > INDEX_BLOCK_BYTES) {
        recto_status status = pack_flush(out, error);
        if (status != RECTO_OK)
            return status;
    }
    if (out->pack.length == 0)
        block_start(&out->pack);
    uint32_t numbers[] = { (uint32_t)postings->count, out->next, (uint32_t)out->pack.length - BLOCK_HEADER_BYTES,
                           (uint32_t)documents, (uint32_t)places };
    buffer_clear(payload);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        number_append(payload, numbers[i]);
    buffer_append_text(&out->pack, buffer_text(&out->list));
    *done = true;
    return buffer_failed(&out->pack) || buffer_failed(&out->list) ? recto_fail_memory(error, "writing the index") : RECTO_OK;
}

/* ---- large ones ---- */

typedef struct run_of_blocks { /* what the directory says of them */
    buffer firsts;
    uint32_t count, first, before;
} run_of_blocks;

static recto_status run_put(run_of_blocks *run, block_out *out, enum block_kind kind, buffer *block, uint32_t first,
                            recto_error *error)
{
    recto_status status = pack_flush(out, error);
    if (status != RECTO_OK)
        return status;
    if (run->count++ == 0)
        run->first = out->next;
    number_append(&run->firsts, first - run->before);
    run->before = first;
    return block_put(out, kind, block, error);
}

static recto_status write_documents(run_of_blocks *run, block_out *out, const postings *postings, recto_error *error)
{
    const index_document *documents = postings->documents;
    recto_status status = RECTO_OK;
    uint32_t first = 0;
    int before = -1;
    block_start(&out->list);
    for (size_t i = 0, end; i < postings->count && status == RECTO_OK; i = end) {
        uint32_t upper = documents[i] >> 16;
        for (end = i + 1; end < postings->count && documents[end] >> 16 == upper;)
            end++;
        if (before < 0)
            first = upper;
        chunk_append(&out->list, documents + i, end - i, before);
        before = (int)upper;
        if (end < postings->count && out->list.length + 3 * 8192 < INDEX_LIST_BYTES)
            continue;
        status = run_put(run, out, BLOCK_DOCUMENTS, &out->list, first, error);
        block_start(&out->list);
        before = -1;
    }
    return status;
}

static recto_status put_places(run_of_blocks *run, block_out *out, buffer *marks, const buffer *stream, recto_error *error)
{
    uint32_t first = little_get((const unsigned char *)marks->bytes);
    unsigned char count[4];
    block_start(&out->list);
    little_put(count, (uint32_t)(marks->length / 8));
    buffer_append(&out->list, (const char *)count, 4);
    buffer_append_text(&out->list, buffer_text(marks));
    buffer_append_text(&out->list, buffer_text(stream));
    return run_put(run, out, BLOCK_PLACES, &out->list, first, error);
}

static recto_status write_places(run_of_blocks *run, block_out *out, const postings *postings, recto_error *error)
{
    buffer *marks = &out->directory, *stream = &out->places;
    recto_status status = RECTO_OK;
    size_t marked = 0;
    buffer_clear(marks);
    buffer_clear(stream);
    for (size_t i = 0; i < postings->count && status == RECTO_OK; i++) {
        size_t length;
        const unsigned char *group = postings_group(postings, i, &length);
        if (stream->length > 0 && stream->length + length > PLACES_BLOCK_BYTES) {
            status = put_places(run, out, marks, stream, error);
            buffer_clear(marks);
            buffer_clear(stream);
        }
        if (stream->length == 0 || i - marked == PLACES_MARK) {
            unsigned char mark[8];
            little_put(mark, postings->documents[i]);
            little_put(mark + 4, (uint32_t)stream->length);
            buffer_append(marks, (const char *)mark, sizeof mark);
            marked = i;
        }
        buffer_append(stream, (const char *)group, length);
    }
    if (buffer_failed(marks) || buffer_failed(stream))
        return recto_fail_memory(error, "writing the index");
    return status != RECTO_OK ? status : put_places(run, out, marks, stream, error);
}

static void append_run(buffer *out, const run_of_blocks *run)
{
    number_append(out, run->count);
    number_append(out, run->first);
    buffer_append_text(out, buffer_text(&run->firsts));
}

static recto_status write_large(buffer *payload, block_out *out, const postings *postings, recto_error *error)
{
    run_of_blocks documents = { 0 }, places = { 0 };
    buffer_init(&documents.firsts, 0);
    buffer_init(&places.firsts, 0);
    recto_status status = write_documents(&documents, out, postings, error);
    if (status == RECTO_OK && postings->has_places)
        status = write_places(&places, out, postings, error);
    if (status == RECTO_OK) {
        block_start(&out->directory);
        append_run(&out->directory, &documents);
        append_run(&out->directory, &places);
        if (buffer_failed(&documents.firsts) || buffer_failed(&places.firsts))
            status = recto_fail_memory(error, "writing the index");
    }
    if (status == RECTO_OK)
        status = pack_flush(out, error);
    if (status == RECTO_OK) {
        buffer_clear(payload);
        number_append(payload, (uint32_t)postings->count);
        number_append(payload, out->next);
        status = block_put(out, BLOCK_DIRECTORY, &out->directory, error);
    }
    buffer_release(&documents.firsts);
    buffer_release(&places.firsts);
    return status;
}

recto_status list_write(buffer *payload, unsigned *flags, block_out *out, const postings *postings, recto_error *error)
{
    enum list_kind kind = LIST_INLINE;
    recto_status status = RECTO_OK;
    if (!write_inline(payload, postings)) {
        bool packed = false;
        status = write_packed(&packed, payload, out, postings, error);
        kind = packed ? LIST_PACKED : LIST_LARGE;
        if (status == RECTO_OK && !packed)
            status = write_large(payload, out, postings, error);
    }
    *flags = (unsigned)kind << 1 | postings->has_places;
    if (status == RECTO_OK && buffer_failed(payload))
        status = recto_fail_memory(error, "writing the index");
    return status;
}
