/* src/index/shift.c - a segment once more, with all its documents moved by the same distance.
 *
 * A load writes the segments of its batches ahead, for the documents they will get if nobody else adds a record meanwhile. When
 * somebody has, what was written is moved, which costs a fraction of collecting it again. */
#include "tree.h"

static bool shift_document(index_document *document, int64_t by)
{
    const int64_t moved = (int64_t)*document + by;
    *document = (index_document)moved;
    return moved >= 1 && moved <= UINT32_MAX;
}

static bool shift_postings(postings *list, int64_t by)
{
    for (size_t i = 0; i < list->count; i++)
        if (!shift_document(&list->documents[i], by))
            return false;
    return true;
}

static recto_status fail_limit(recto_error *error)
{
    return recto_fail(error, RECTO_ELIMIT, NULL, NULL, "the index holds at most %lu documents", (unsigned long)UINT32_MAX);
}

static recto_status shift_terms(writer *writer, const segment_view *view, int64_t by, recto_error *error)
{
    const index_key start = { .length = 0 };
    postings list = { 0 };
    cursor cursor;
    cursor_init(&cursor, view);
    recto_status status = cursor_seek(&cursor, &start, false, error);
    while (status == RECTO_OK && !cursor.ended) {
        const list_ref at = { view, cursor.terms[cursor.at].flags, cursor_payload(&cursor) };
        const text key = cursor_key(&cursor);
        postings_clear(&list);
        status = list_read(&list, &at, error);
        if (status == RECTO_OK && !shift_postings(&list, by))
            status = fail_limit(error);
        if (status == RECTO_OK && list.count > 0)
            status = writer_term(writer, (const unsigned char *)key.bytes, key.length, &list, error);
        if (status == RECTO_OK)
            status = cursor_step(&cursor, false, error);
    }
    postings_release(&list);
    cursor_release(&cursor);
    return status;
}

static recto_status shift_set(index_set **out, const index_set *documents, int64_t by, recto_error *error)
{
    index_document room[1024], after = 0;
    size_t count;
    recto_status status = RECTO_OK;
    index_set *moved = *out = index_set_new();
    if (moved == NULL)
        return recto_fail_memory(error, "writing the index");
    while (status == RECTO_OK && (count = index_set_list(documents, after, room, 1024)) > 0) {
        after = room[count - 1];
        for (size_t i = 0; i < count && status == RECTO_OK; i++)
            if (!shift_document(&room[i], by))
                status = fail_limit(error);
        if (status == RECTO_OK && !set_add_sorted(moved, room, count))
            status = recto_fail_memory(error, "writing the index");
    }
    if (status == RECTO_OK)
        roaring_bitmap_run_optimize(moved->bits);
    return status;
}

recto_status index_shift(const index_source *from, const index_store *from_store, int64_t by, const index_store *store,
                         int64_t segment, index_segment_info *out, index_set **documents, recto_error *error)
{
    const index_segment_info *info = from->segment;
    const segment_view view = { from_store, info->segment, info->root, info->blocks, NULL, NULL };
    writer *writer = writer_new(store, segment);
    *documents = NULL;
    recto_status status = writer == NULL ? recto_fail_memory(error, "writing the index") : RECTO_OK;
    if (status == RECTO_OK)
        status = shift_terms(writer, &view, by, error);
    if (status == RECTO_OK)
        status = writer_end(writer, out, error);
    if (status == RECTO_OK)
        status = shift_set(documents, from->documents, by, error);
    if (status == RECTO_OK)
        out->documents = index_set_count(*documents);
    if (status != RECTO_OK) {
        index_set_free(*documents);
        *documents = NULL;
    }
    writer_free(writer);
    return status;
}
