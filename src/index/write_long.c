/* src/index/write_long.c - lists that fill blocks of their own, written piece by piece: first all documents, then all groups of
 * places, the directory last. Nothing else may be written in between. */
#include "tree.h"

void long_begin(long_out *list, block_out *out)
{
    *list = (long_out){ .out = out, .before = -1 };
    buffer_init(&list->documents.firsts, 0);
    buffer_init(&list->places.firsts, 0);
    block_start(&out->list);
    buffer_clear(&out->directory); /* marks, until the directory is made */
    buffer_clear(&out->places);
}

void long_release(long_out *list)
{
    buffer_release(&list->documents.firsts);
    buffer_release(&list->places.firsts);
}

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

/* ---- documents ---- */

static recto_status put_documents(long_out *list, recto_error *error)
{
    block_out *out = list->out;
    recto_status status = run_put(&list->documents, out, BLOCK_DOCUMENTS, &out->list, list->first_upper, error);
    block_start(&out->list);
    list->before = -1;
    return status;
}

static recto_status took_chunk(long_out *list, uint32_t upper, size_t count, recto_error *error)
{
    if (list->before < 0)
        list->first_upper = upper;
    list->before = (int)upper;
    list->count += count;
    return list->out->list.length + 3 * (size_t)8192 < INDEX_LIST_BYTES ? RECTO_OK : put_documents(list, error);
}

recto_status long_documents(long_out *list, const index_document *documents, size_t count, recto_error *error)
{
    chunk_append(&list->out->list, documents, count, list->before);
    return took_chunk(list, documents[0] >> 16, count, error);
}

recto_status long_chunk(long_out *list, const chunk *chunk, recto_error *error)
{
    chunk_copy(&list->out->list, chunk, list->before);
    return took_chunk(list, chunk->upper, chunk->members, error);
}

recto_status long_documents_end(long_out *list, recto_error *error)
{
    return list->before < 0 ? RECTO_OK : put_documents(list, error);
}

/* ---- places ---- */

static recto_status put_places(long_out *list, recto_error *error)
{
    block_out *out = list->out;
    buffer *marks = &out->directory;
    if (marks->length == 0 || buffer_failed(marks) || buffer_failed(&out->places))
        return marks->length == 0 ? RECTO_OK : recto_fail_memory(error, "writing the index");
    uint32_t first = little_get((const unsigned char *)marks->bytes);
    unsigned char count[4];
    block_start(&out->list);
    little_put(count, (uint32_t)(marks->length / 8));
    buffer_append(&out->list, (const char *)count, 4);
    buffer_append_text(&out->list, buffer_text(marks));
    buffer_append_text(&out->list, buffer_text(&out->places));
    buffer_clear(marks);
    buffer_clear(&out->places);
    return run_put(&list->places, out, BLOCK_PLACES, &out->list, first, error);
}

static void append_mark(buffer *marks, index_document document, size_t offset)
{
    unsigned char mark[8];
    little_put(mark, document);
    little_put(mark + 4, (uint32_t)offset);
    buffer_append(marks, (const char *)mark, sizeof mark);
}

recto_status long_group(long_out *list, index_document document, const unsigned char *group, size_t length, recto_error *error)
{
    block_out *out = list->out;
    if (out->places.length > 0 && out->places.length + length > PLACES_BLOCK_BYTES) {
        recto_status status = put_places(list, error);
        if (status != RECTO_OK)
            return status;
    }
    if (out->places.length == 0 || list->unmarked == PLACES_MARK) {
        append_mark(&out->directory, document, out->places.length);
        list->unmarked = 0;
    }
    list->unmarked++;
    buffer_append(&out->places, (const char *)group, length);
    return RECTO_OK;
}

recto_status long_piece(long_out *list, const unsigned char *marks, uint32_t count, text groups, recto_error *error)
{
    block_out *out = list->out;
    recto_status status = RECTO_OK;
    if (out->places.length > 0 && out->places.length + groups.length > PLACES_BLOCK_BYTES)
        status = put_places(list, error);
    for (uint32_t i = 0; i < count; i++)
        append_mark(&out->directory, little_get(marks + 8 * (size_t)i),
                    out->places.length + little_get(marks + 8 * (size_t)i + 4));
    buffer_append_text(&out->places, groups);
    list->unmarked = PLACES_MARK; /* how many stand behind the last mark is not known */
    return status;
}

/* ---- the end ---- */

static void append_run(buffer *out, const run_of_blocks *run)
{
    number_append(out, run->count);
    number_append(out, run->first);
    buffer_append_text(out, buffer_text(&run->firsts));
}

recto_status long_end(long_out *list, buffer *payload, recto_error *error)
{
    block_out *out = list->out;
    recto_status status = put_places(list, error);
    if (status == RECTO_OK)
        status = pack_flush(out, error);
    if (status != RECTO_OK)
        return status;
    block_start(&out->directory);
    append_run(&out->directory, &list->documents);
    append_run(&out->directory, &list->places);
    if (buffer_failed(&list->documents.firsts) || buffer_failed(&list->places.firsts))
        return recto_fail_memory(error, "writing the index");
    buffer_clear(payload);
    number_append(payload, (uint32_t)list->count);
    number_append(payload, out->next);
    return block_put(out, BLOCK_DIRECTORY, &out->directory, error);
}
