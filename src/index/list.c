/* src/index/list.c - reading the list of a term: its parts, as postings, or for one document. gather.c makes sets. */
#include "list.h"

#include <stdlib.h>

recto_status list_damaged(const list_ref *list, recto_error *error)
{
    return index_damaged(error, list->view->segment, list->view->root, "a list of documents cannot be read");
}

recto_status packed_list(packed_parts *out, const list_ref *list, recto_error *error)
{
    reading payload = reading_of(list->payload);
    uint32_t numbers[5];
    for (size_t i = 0; i < 5; i++)
        numbers[i] = reading_number(&payload);
    if (payload.bad)
        return list_damaged(list, error);
    text body;
    recto_status status = pack_block(&body, list->view, numbers[1], error);
    if (status != RECTO_OK)
        return status;
    uint64_t end = (uint64_t)numbers[2] + numbers[3] + numbers[4];
    if (end > body.length || numbers[0] > numbers[3])
        return list_damaged(list, error);
    out->count = numbers[0];
    out->documents = reading_of(text_of(body.bytes + numbers[2], numbers[3]));
    out->places = reading_of(text_of(body.bytes + numbers[2] + numbers[3], numbers[4]));
    return RECTO_OK;
}

static bool read_run(block_run *out, reading *from, uint32_t blocks)
{
    out->count = reading_number(from);
    out->first = reading_number(from);
    out->firsts = *from;
    for (uint32_t i = 0; i < out->count && !from->bad; i++)
        reading_number(from);
    return !from->bad && out->first <= blocks && out->count <= blocks - out->first;
}

recto_status large_list(large_parts *out, const list_ref *list, recto_error *error)
{
    reading payload = reading_of(list->payload);
    out->count = reading_number(&payload);
    uint32_t directory = reading_number(&payload);
    if (payload.bad)
        return list_damaged(list, error);
    text body;
    recto_status status = list_block(&body, list->view, directory, BLOCK_DIRECTORY, error);
    if (status != RECTO_OK)
        return status;
    reading from = reading_of(body);
    if (!read_run(&out->documents, &from, list->view->blocks) || !read_run(&out->places, &from, list->view->blocks) ||
        out->documents.count == 0 || (list_has_places(list) && out->places.count == 0))
        return list_damaged(list, error);
    return RECTO_OK;
}

/* ---- postings ---- */

static recto_status read_inline(postings *out, const list_ref *list, recto_error *error)
{
    static const unsigned char none = 0;
    reading from = reading_of(list->payload);
    index_document document = 0;
    while (from.at < from.end) {
        if (!next_document(&document, &from))
            return list_damaged(list, error);
        const unsigned char *group = &none, *end = &none + 1;
        if (list_has_places(list)) {
            group = from.at;
            reading_group(&from);
            end = from.at;
        }
        if (from.bad)
            return list_damaged(list, error);
        if (!postings_append(out, document, group, (size_t)(end - group)))
            return recto_fail_memory(error, "reading the index");
    }
    return RECTO_OK;
}

static recto_status read_packed(postings *out, const list_ref *list, recto_error *error)
{
    static const unsigned char none = 0;
    packed_parts parts = { 0 };
    index_document document = 0;
    recto_status status = packed_list(&parts, list, error);
    for (uint32_t i = 0; status == RECTO_OK && i < parts.count; i++) {
        const unsigned char *group = &none, *end = &none + 1;
        if (list_has_places(list)) {
            group = parts.places.at;
            reading_group(&parts.places);
            end = parts.places.at;
        }
        if (!next_document(&document, &parts.documents) || parts.places.bad || group == end)
            return list_damaged(list, error);
        if (!postings_append(out, document, group, (size_t)(end - group)))
            return recto_fail_memory(error, "reading the index");
    }
    return status;
}

typedef struct large_read { /* documents are taken first, the groups after them */
    postings *out;
    index_document *documents;
    size_t count, capacity;
    bool no_memory;
} large_read;

static bool take_chunk(void *context, const index_document *documents, size_t count)
{
    large_read *read = context;
    while (read->count + count > read->capacity) {
        size_t wanted = read->capacity == 0 ? CHUNK_DOCUMENTS : read->capacity * 2;
        index_document *grown = realloc(read->documents, wanted * sizeof *grown);
        read->no_memory = grown == NULL;
        if (grown == NULL)
            return false;
        read->documents = grown;
        read->capacity = wanted;
    }
    if (read->count > 0 && documents[0] <= read->documents[read->count - 1])
        return false;
    memcpy(read->documents + read->count, documents, count * sizeof *documents);
    read->count += count;
    return true;
}

static recto_status large_documents(large_read *read, const large_parts *parts, const list_ref *list, recto_error *error)
{
    index_document *room = malloc(CHUNK_DOCUMENTS * sizeof *room);
    recto_status status = room == NULL ? recto_fail_memory(error, "reading the index") : RECTO_OK;
    for (uint32_t i = 0; status == RECTO_OK && i < parts->documents.count; i++) {
        text body;
        status = list_block(&body, list->view, parts->documents.first + i, BLOCK_DOCUMENTS, error);
        if (status == RECTO_OK && !chunks_each(body, room, take_chunk, read))
            status = read->no_memory ? recto_fail_memory(error, "reading the index") : list_damaged(list, error);
    }
    free(room);
    if (status == RECTO_OK && read->count != parts->count)
        status = list_damaged(list, error);
    return status;
}

bool places_body(reading *stream, uint32_t *marks, text body)
{
    *marks = body.length < 4 ? 0 : little_get((const unsigned char *)body.bytes);
    if (*marks == 0 || *marks > (body.length - 4) / 8)
        return false;
    *stream = reading_of(text_of(body.bytes + 4 + 8 * (size_t)*marks, body.length - 4 - 8 * (size_t)*marks));
    return true;
}

static recto_status large_places(large_read *read, const large_parts *parts, const list_ref *list, recto_error *error)
{
    size_t at = 0;
    recto_status status = RECTO_OK;
    for (uint32_t i = 0; status == RECTO_OK && i < parts->places.count; i++) {
        text body;
        reading stream = { 0 };
        uint32_t marks = 0;
        status = list_block(&body, list->view, parts->places.first + i, BLOCK_PLACES, error);
        if (status == RECTO_OK && !places_body(&stream, &marks, body))
            status = list_damaged(list, error);
        while (status == RECTO_OK && stream.at < stream.end) {
            const unsigned char *group = stream.at;
            reading_group(&stream);
            if (stream.bad || at == read->count)
                status = list_damaged(list, error);
            else if (!postings_append(read->out, read->documents[at++], group, (size_t)(stream.at - group)))
                status = recto_fail_memory(error, "reading the index");
        }
    }
    return status == RECTO_OK && at != read->count ? list_damaged(list, error) : status;
}

static recto_status read_large(postings *out, const list_ref *list, recto_error *error)
{
    static const unsigned char none = 0;
    large_parts parts = { 0 };
    large_read read = { .out = out };
    recto_status status = large_list(&parts, list, error);
    if (status == RECTO_OK)
        status = large_documents(&read, &parts, list, error);
    if (status == RECTO_OK && list_has_places(list))
        status = large_places(&read, &parts, list, error);
    for (size_t i = 0; status == RECTO_OK && !list_has_places(list) && i < read.count; i++)
        if (!postings_append(out, read.documents[i], &none, 1))
            status = recto_fail_memory(error, "reading the index");
    free(read.documents);
    return status;
}

recto_status list_read(postings *out, const list_ref *list, recto_error *error)
{
    switch (list_kind_of(list)) {
    case LIST_INLINE:
        return read_inline(out, list, error);
    case LIST_PACKED:
        return read_packed(out, list, error);
    case LIST_LARGE:
        return read_large(out, list, error);
    }
    return list_damaged(list, error);
}

/* ---- one document ---- */

recto_status list_short(index_document *room, size_t *count, const list_ref *list, recto_error *error)
{
    *count = SIZE_MAX;
    if (list_kind_of(list) != LIST_INLINE)
        return RECTO_OK;
    reading from = reading_of(list->payload);
    index_document document = 0;
    for (*count = 0; from.at < from.end; (*count)++) {
        if (*count == INLINE_BYTES_MAX || !next_document(&document, &from))
            return list_damaged(list, error);
        if (list_has_places(list))
            reading_group(&from);
        room[*count] = document;
    }
    return from.bad ? list_damaged(list, error) : RECTO_OK;
}

static recto_status large_has(bool *out, const list_ref *list, index_document document, recto_error *error)
{
    large_parts parts = { 0 };
    recto_status status = large_list(&parts, list, error);
    if (status != RECTO_OK)
        return status;
    uint32_t upper = 0, block = 0;
    for (uint32_t i = 0; i < parts.documents.count; i++) {
        upper += reading_number(&parts.documents.firsts);
        if (upper > document >> 16)
            break;
        block = i;
    }
    text body;
    status = list_block(&body, list->view, parts.documents.first + block, BLOCK_DOCUMENTS, error);
    if (status == RECTO_OK && !chunks_have(out, body, document))
        status = list_damaged(list, error);
    return status;
}

recto_status list_has(bool *out, const list_ref *list, index_document document, recto_error *error)
{
    *out = false;
    if (list_kind_of(list) == LIST_LARGE)
        return large_has(out, list, document, error);
    reading from = reading_of(list->payload);
    packed_parts parts = { 0 };
    bool packed = list_kind_of(list) == LIST_PACKED;
    recto_status status = packed ? packed_list(&parts, list, error) : RECTO_OK;
    if (status != RECTO_OK)
        return status;
    if (packed)
        from = parts.documents;
    for (index_document at = 0; from.at < from.end && at < document;) {
        if (!next_document(&at, &from))
            return list_damaged(list, error);
        if (!packed && list_has_places(list))
            reading_group(&from);
        *out = at == document;
    }
    return from.bad ? list_damaged(list, error) : RECTO_OK;
}

recto_status list_count(uint64_t *out, const list_ref *list, recto_error *error)
{
    if (list_kind_of(list) == LIST_INLINE) {
        index_document room[INLINE_BYTES_MAX];
        size_t count;
        recto_status status = list_short(room, &count, list, error);
        *out = count;
        return status;
    }
    reading payload = reading_of(list->payload);
    *out = reading_number(&payload);
    return payload.bad ? list_damaged(list, error) : RECTO_OK;
}

static recto_status count_large(uint64_t *out, const list_ref *list, const bit_table *table, recto_error *error)
{
    large_parts parts = { 0 };
    recto_status status = large_list(&parts, list, error);
    for (uint32_t i = 0; status == RECTO_OK && i < parts.documents.count; i++) {
        text body;
        status = list_block(&body, list->view, parts.documents.first + i, BLOCK_DOCUMENTS, error);
        if (status == RECTO_OK && !chunks_count(out, body, table))
            status = list_damaged(list, error);
    }
    return status;
}

recto_status list_count_in(uint64_t *out, const list_ref *list, const bit_table *table, recto_error *error)
{
    *out = 0;
    if (list_kind_of(list) == LIST_LARGE)
        return count_large(out, list, table, error);
    gather gather = { 0 };
    recto_status status = gather_list(&gather, list, error);
    for (size_t i = 0; status == RECTO_OK && i < gather.count; i++)
        *out += bit_table_has(table, gather.loose[i]);
    gather_release(&gather);
    return status;
}
