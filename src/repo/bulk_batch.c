/* src/repo/bulk_batch.c - the records of one transaction: gathered in memory, their index written there, then stored at once.
 *
 * Rows come in the order of their keys, so that no tree takes inserts in the middle. A row is kept as what it says and the bytes
 * of its texts, one after the other, because a batch has thousands of them and most texts are short. The index is written for
 * the documents that the records will get if nobody else adds one before; if somebody has, it is moved when it is stored. */
#include "bulk_inside.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum row_text {
    ROW_TITLE,
    ROW_CREATOR,
    ROW_DATE,
    ROW_OCLC,
    ROW_ISBN,
    ROW_ISSN,
    ROW_TITLE_KEY,
    ROW_CREATOR_KEY,
    ROW_ORIGINATING_VERSION,
    ROW_TEXTS
};

typedef struct row { /* what stands behind it: texts with their NUL, then the packed record */
    bib_write write;
    const char *material;
    int64_t year;
    bool has_year, has_originating_version;
    uint8_t lengths[ROW_TEXTS];
    uint32_t packed_length;
    unsigned char checksum[CHECKSUM_LENGTH];
} row;

struct bulk_batch {
    buffer rows;
    size_t count;
    int64_t first;
    index_builder *builder; /* NULL: none yet, or lent on */
    held_segment held;
    bool ended;
};

recto_status bulk_batch_new(bulk_batch **out, recto_error *error)
{
    bulk_batch *made = calloc(1, sizeof *made);
    if (made == NULL)
        return recto_fail_memory(error, "loading");
    buffer_init(&made->rows, UINT32_MAX);
    held_init(&made->held);
    *out = made;
    return RECTO_OK;
}

void bulk_batch_free(bulk_batch *batch)
{
    if (batch == NULL)
        return;
    buffer_release(&batch->rows);
    held_release(&batch->held);
    index_builder_free(batch->builder);
    free(batch);
}

void bulk_batch_clear(bulk_batch *batch, int64_t first)
{
    buffer_clear(&batch->rows);
    held_clear(&batch->held);
    if (batch->builder != NULL)
        index_builder_clear(batch->builder);
    batch->count = 0;
    batch->first = first;
    batch->ended = false;
}

void bulk_batch_inherit(bulk_batch *batch, bulk_batch *ended)
{
    if (batch->builder != NULL || ended == batch)
        return;
    batch->builder = ended->builder;
    ended->builder = NULL;
}

size_t bulk_batch_count(const bulk_batch *batch)
{
    return batch->count;
}

size_t bulk_batch_bytes(const bulk_batch *batch)
{
    return batch->rows.length + (batch->builder != NULL ? index_builder_bytes(batch->builder) : 0);
}

/* ---- gathering ------------------------------------------------------------------------------------------------------------ */

_Static_assert(sizeof((brief *)NULL)->title <= 256 && sizeof((brief *)NULL)->creator <= 256, "lengths are bytes");

static void slot_texts(const char *out[static ROW_TEXTS], const bulk_slot *slot)
{
    const brief *brief = &slot->brief;
    out[ROW_TITLE] = brief->title;
    out[ROW_CREATOR] = brief->creator;
    out[ROW_DATE] = brief->date;
    out[ROW_OCLC] = brief->oclc;
    out[ROW_ISBN] = brief->isbn;
    out[ROW_ISSN] = brief->issn;
    out[ROW_TITLE_KEY] = brief->title_key;
    out[ROW_CREATOR_KEY] = brief->creator_key;
    out[ROW_ORIGINATING_VERSION] = slot->write.originating_version != NULL ? slot->originating_version : "";
}

static void append_row(buffer *rows, const bulk_slot *slot)
{
    const char *texts[ROW_TEXTS];
    row row = { .write = slot->write,
                .material = slot->brief.material,
                .year = slot->brief.year,
                .has_year = slot->brief.has_year,
                .has_originating_version = slot->write.originating_version != NULL,
                .packed_length = (uint32_t)slot->packed.length };
    slot_texts(texts, slot);
    for (size_t i = 0; i < ROW_TEXTS; i++)
        row.lengths[i] = (uint8_t)strlen(texts[i]);
    memcpy(row.checksum, slot->checksum, CHECKSUM_LENGTH);
    buffer_append(rows, (const char *)&row, sizeof row);
    for (size_t i = 0; i < ROW_TEXTS; i++)
        buffer_append(rows, texts[i], row.lengths[i] + (size_t)1);
    buffer_append_text(rows, buffer_text(&slot->packed));
}

recto_status bulk_batch_add(bulk_batch *batch, bulk_slot *slot, recto_error *error)
{
    const int64_t document = batch->first + (int64_t)batch->count;
    assert(!batch->ended && "nothing is added to a batch that has ended");
    if (document <= 0 || document > UINT32_MAX)
        return recto_fail(error, RECTO_ELIMIT, NULL, NULL, "a repository holds at most %lld records", (long long)UINT32_MAX);
    if (batch->builder == NULL)
        batch->builder = index_builder_new();
    append_row(&batch->rows, slot);
    if (batch->builder == NULL || buffer_failed(&batch->rows))
        return recto_fail_memory(error, "loading");
    batch->count++;
    return index_builder_add(batch->builder, (index_document)document, slot->entry, error);
}

recto_status bulk_batch_end(bulk_batch *batch, recto_error *error)
{
    const index_store store = held_store(&batch->held);
    batch->ended = true;
    if (batch->count == 0)
        return RECTO_OK;
    return index_builder_write(batch->builder, &store, 0, &batch->held.info, &batch->held.documents, error);
}

/* ---- storing -------------------------------------------------------------------------------------------------------------- */

static void row_brief(brief *out, const row *row, const char *const texts[static ROW_TEXTS])
{
    *out = (brief){ .material = row->material, .year = row->year, .has_year = row->has_year };
    const struct {
        char *out;
        enum row_text text;
    } parts[] = { { out->title, ROW_TITLE },         { out->creator, ROW_CREATOR },
                  { out->date, ROW_DATE },           { out->oclc, ROW_OCLC },
                  { out->isbn, ROW_ISBN },           { out->issn, ROW_ISSN },
                  { out->title_key, ROW_TITLE_KEY }, { out->creator_key, ROW_CREATOR_KEY } };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        memcpy(parts[i].out, texts[parts[i].text], row->lengths[parts[i].text] + (size_t)1);
}

/* @return where the next row begins */
static size_t take_row(row *out, const char *texts[static ROW_TEXTS], text *packed, const buffer *rows, size_t at)
{
    memcpy(out, rows->bytes + at, sizeof *out);
    at += sizeof *out;
    for (size_t i = 0; i < ROW_TEXTS; i++) {
        texts[i] = rows->bytes + at;
        at += out->lengths[i] + (size_t)1;
    }
    *packed = text_of(rows->bytes + at, out->packed_length);
    out->write.originating_version = out->has_originating_version ? texts[ROW_ORIGINATING_VERSION] : NULL;
    return at + out->packed_length;
}

static recto_status store_row(size_t *at, repo *repo, const bulk_batch *batch, recto_error *error)
{
    row row;
    brief brief;
    text packed;
    const char *texts[ROW_TEXTS];
    *at = take_row(&row, texts, &packed, &batch->rows, *at);
    row_brief(&brief, &row, texts);
    recto_status status = bib_row_store(repo, &row.write, &brief, SQL_BIB_ADD, error);
    if (status != RECTO_OK)
        return status;
    const int64_t document = sqlite3_last_insert_rowid(repo->database);
    if (document <= 0 || document > UINT32_MAX)
        return recto_fail(error, RECTO_ELIMIT, repo->path, NULL, "a repository holds at most %lld records",
                          (long long)UINT32_MAX);
    return bib_version_store(repo, document, 1, &row.write, text_of((const char *)row.checksum, CHECKSUM_LENGTH), packed, error);
}

/* Somebody has added records since the batch was begun: ours follow them. */
static recto_status move_index(bulk_batch *batch, int64_t first, recto_error *error)
{
    held_segment moved;
    index_segment_info info = { 0 };
    index_set *documents = NULL;
    held_init(&moved);
    const index_store from = held_store(&batch->held), to = held_store(&moved);
    const index_source source = { .segment = &batch->held.info, .documents = batch->held.documents };
    recto_status status = index_shift(&source, &from, first - batch->first, &to, 0, &info, &documents, error);
    moved.info = info;
    moved.documents = documents;
    if (status == RECTO_OK) {
        held_release(&batch->held);
        batch->held = moved;
        batch->first = first;
    } else {
        held_release(&moved);
    }
    return status;
}

recto_status bulk_store(bulk *bulk, bulk_batch *batch, int64_t *first, recto_error *error)
{
    repo *repo = bulk->repo;
    assert(repo->writing && batch->ended && "an ended batch is stored in a transaction");
    recto_status status = bulk_next_document(first, bulk, error);
    for (size_t i = 0, at = 0; i < batch->count && status == RECTO_OK; i++)
        status = store_row(&at, repo, batch, error);
    if (status != RECTO_OK || batch->count == 0)
        return status;
    if (*first != batch->first)
        status = move_index(batch, *first, error);
    if (status == RECTO_OK)
        status = postings_add_held(repo, &batch->held, error);
    if (status != RECTO_OK)
        return status;
    bulk->segments++;
    bulk->small++;
    bulk->documents += batch->count;
    return RECTO_OK;
}
