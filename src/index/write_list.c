/* src/index/write_list.c - lists of documents and places to where they belong: in the leaf, packed with others, or in blocks of
 * their own. */
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

void block_start(buffer *block)
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

recto_status packed_write(buffer *payload, block_out *out, size_t count, text documents, text places, recto_error *error)
{
    if (out->pack.length + documents.length + places.length > INDEX_BLOCK_BYTES) {
        recto_status status = pack_flush(out, error);
        if (status != RECTO_OK)
            return status;
    }
    if (out->pack.length == 0)
        block_start(&out->pack);
    const uint32_t numbers[] = { (uint32_t)count, out->next, (uint32_t)out->pack.length - BLOCK_HEADER_BYTES,
                                 (uint32_t)documents.length, (uint32_t)places.length };
    buffer_clear(payload);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        number_append(payload, numbers[i]);
    buffer_append_text(&out->pack, documents);
    buffer_append_text(&out->pack, places);
    return buffer_failed(&out->pack) ? recto_fail_memory(error, "writing the index") : RECTO_OK;
}

/* Packed when documents and places fit a small block. */
static recto_status write_packed(bool *done, buffer *payload, block_out *out, const postings *postings, recto_error *error)
{
    const size_t places = postings->has_places ? postings->places_length : 0;
    *done = false;
    if (postings->count + places > PACK_BYTES_MAX)
        return RECTO_OK;
    buffer_clear(&out->list);
    append_distances(&out->list, postings);
    if (buffer_failed(&out->list))
        return recto_fail_memory(error, "writing the index");
    if (out->list.length + places > PACK_BYTES_MAX)
        return RECTO_OK;
    *done = true;
    return packed_write(payload, out, postings->count, buffer_text(&out->list),
                        places > 0 ? text_of((const char *)postings->places, places) : TEXT(""), error);
}

static recto_status write_large(buffer *payload, block_out *out, const postings *postings, recto_error *error)
{
    long_out list;
    recto_status status = RECTO_OK;
    const index_document *documents = postings->documents;
    long_begin(&list, out);
    for (size_t i = 0, end; i < postings->count && status == RECTO_OK; i = end) {
        for (end = i + 1; end < postings->count && documents[end] >> 16 == documents[i] >> 16;)
            end++;
        status = long_documents(&list, documents + i, end - i, error);
    }
    if (status == RECTO_OK)
        status = long_documents_end(&list, error);
    for (size_t i = 0; postings->has_places && i < postings->count && status == RECTO_OK; i++) {
        size_t length;
        const unsigned char *group = postings_group(postings, i, &length);
        status = long_group(&list, documents[i], group, length, error);
    }
    if (status == RECTO_OK)
        status = long_end(&list, payload, error);
    long_release(&list);
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
