/* src/index/places.c - the places of a term in documents that are asked for in rising order: of a long list only the blocks and
 * stretches are read in which one of them lies. */
#include "list.h"

#include <stdlib.h>

static recto_status open_large(places_reader *out, recto_error *error)
{
    large_parts parts = { 0 };
    recto_status status = large_list(&parts, &out->list, error);
    if (status != RECTO_OK)
        return status;
    if (parts.places.count == 0)
        return RECTO_OK; /* a column without places */
    out->first_block = parts.places.first;
    out->block_count = parts.places.count;
    out->firsts = malloc(parts.places.count * sizeof *out->firsts);
    if (out->firsts == NULL)
        return recto_fail_memory(error, "searching");
    uint64_t first = 0;
    for (uint32_t i = 0; i < out->block_count; i++) {
        first += reading_number(&parts.places.firsts);
        if (first > UINT32_MAX)
            return list_damaged(&out->list, error);
        out->firsts[i] = (index_document)first;
    }
    return RECTO_OK;
}

recto_status places_open(places_reader *out, const list_ref *list, recto_error *error)
{
    memset(out, 0, sizeof *out);
    out->list = *list;
    buffer_init(&out->body, 0);
    if ((list->flags >> 1 & 3) == LIST_LARGE) {
        gather gather = { 0 };
        char payload[2 * NUMBER_BYTES_MAX]; /* it is lent only until the first block is got, and read twice */
        if (list->payload.length > sizeof payload)
            return list_damaged(list, error);
        memcpy(payload, list->payload.bytes, list->payload.length);
        out->list.payload.bytes = payload;
        recto_status status = gather_list(&gather, &out->list, error);
        if (status == RECTO_OK)
            status = gather_end(&out->set, &gather, error);
        gather_release(&gather);
        if (status == RECTO_OK)
            status = open_large(out, error);
        out->list.payload = text_of(NULL, 0);
        return status;
    }
    recto_status status = list_read(&out->short_list, list, error);
    if (status == RECTO_OK) {
        out->set = set_of_sorted(out->short_list.documents, out->short_list.count);
        if (out->set == NULL)
            status = recto_fail_memory(error, "searching");
    }
    return status;
}

void places_close(places_reader *reader)
{
    index_set_free(reader->set);
    postings_release(&reader->short_list);
    free(reader->firsts);
    buffer_release(&reader->body);
}

static recto_status load_block(places_reader *reader, uint32_t number, recto_error *error)
{
    text body;
    reading stream = { 0 };
    recto_status status = list_block(&body, reader->list.view, reader->first_block + number, BLOCK_PLACES, error);
    if (status != RECTO_OK)
        return status;
    buffer_clear(&reader->body);
    buffer_append_text(&reader->body, body);
    if (buffer_failed(&reader->body))
        return recto_fail_memory(error, "searching");
    if (!places_body(&stream, &reader->marks, buffer_text(&reader->body)))
        return list_damaged(&reader->list, error);
    reader->stream = stream.at;
    reader->end = stream.end;
    reader->block = number;
    reader->mark = UINT32_MAX;
    reader->loaded = true;
    return RECTO_OK;
}

static index_document mark_document(const places_reader *reader, uint32_t mark)
{
    return little_get((const unsigned char *)reader->body.bytes + 4 + 8 * (size_t)mark);
}

/* The last mark not after the document. */
static uint32_t find_mark(const places_reader *reader, index_document document)
{
    uint32_t low = 0, high = reader->marks;
    while (low + 1 < high) {
        uint32_t middle = low + (high - low) / 2;
        if (mark_document(reader, middle) <= document)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void read_members(places_reader *reader)
{
    reader->member = 0;
    reader->member_count = roaring_read_uint32_iterator(&reader->iterator, reader->members, PLACES_MARK);
}

static recto_status go_to_mark(places_reader *reader, uint32_t mark, recto_error *error)
{
    uint32_t offset = little_get((const unsigned char *)reader->body.bytes + 4 + 8 * (size_t)mark + 4);
    if (offset >= (size_t)(reader->end - reader->stream))
        return list_damaged(&reader->list, error);
    reader->mark = mark;
    reader->group = reader->stream + offset;
    reader->after = NULL;
    roaring_init_iterator(reader->set->bits, &reader->iterator);
    roaring_move_uint32_iterator_equalorlarger(&reader->iterator, mark_document(reader, mark));
    read_members(reader);
    return RECTO_OK;
}

/* The group that was asked for is checked, those that are passed over are not: only that they end. */
static bool check_group(places_reader *reader)
{
    if (reader->after != NULL)
        return true;
    reading from = { reader->group, reader->end, false };
    reading_group(&from);
    if (from.bad)
        return false;
    reader->after = from.at;
    return true;
}

static bool pass_group(places_reader *reader)
{
    const unsigned char *at = reader->group, *end = reader->end;
    bool more = reader->after == NULL;
    if (!more)
        at = reader->after;
    while (more) {
        if (at == end)
            return false;
        more = (*at & 1) != 0;
        while (*at >= 0x80)
            if (++at == end)
                return false;
        at++;
    }
    reader->group = at;
    reader->after = NULL;
    if (++reader->member == reader->member_count)
        read_members(reader);
    return true;
}

/* To the block in which the document's group would stand, and to the last mark before it. */
static recto_status seek_mark(places_reader *reader, index_document document, recto_error *error)
{
    uint32_t block = reader->loaded ? reader->block : 0;
    while (block + 1 < reader->block_count && reader->firsts[block + 1] <= document)
        block++;
    if (!reader->loaded || block != reader->block) {
        recto_status status = load_block(reader, block, error);
        if (status != RECTO_OK)
            return status;
    }
    if (reader->mark == UINT32_MAX || (reader->mark + 1 < reader->marks && mark_document(reader, reader->mark + 1) <= document))
        return go_to_mark(reader, find_mark(reader, document), error);
    return RECTO_OK;
}

static recto_status seek_large(places_reader *reader, index_document document, const unsigned char **group, recto_error *error)
{
    if (reader->block_count == 0 || document < reader->firsts[0])
        return RECTO_OK;
    recto_status status = seek_mark(reader, document, error);
    if (status != RECTO_OK)
        return status;
    while (reader->member_count > 0 && reader->members[reader->member] < document)
        if (!pass_group(reader))
            return list_damaged(&reader->list, error);
    if (reader->member_count == 0 || reader->members[reader->member] != document)
        return RECTO_OK;
    if (!check_group(reader))
        return list_damaged(&reader->list, error);
    *group = reader->group;
    return RECTO_OK;
}

recto_status places_seek(places_reader *reader, index_document document, const unsigned char **group, recto_error *error)
{
    *group = NULL;
    if ((reader->list.flags >> 1 & 3) == LIST_LARGE)
        return seek_large(reader, document, group, error);
    const postings *list = &reader->short_list;
    while (reader->at < list->count && list->documents[reader->at] < document)
        reader->at++;
    if (reader->at < list->count && list->documents[reader->at] == document) {
        size_t length;
        *group = postings_group(list, reader->at, &length);
    }
    return RECTO_OK;
}
