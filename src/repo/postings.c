/* src/repo/postings.c - the entry that a save writes, and the reader of the state that is read now.
 *
 * The reader is kept from one transaction to the next. What tells whether it still is right are the numbers of the segments,
 * which are never given twice, and the sequences of pending entries, which only rise: new entries are added to it, and where
 * the segments are others it is made anew. */
#include "postings_inside.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is kept ------------------------------------------------------------------------------------------------ */

/* Facets, and beginnings of sort keys. */
static const uint8_t few_terms[] = { POSTING_OWN_KEYS,
                                     POSTING_LIVE,
                                     POSTING_ZONE,
                                     POSTING_INVENTORY,
                                     POSTING_SUPPRESSED,
                                     POSTING_SYNC,
                                     POSTING_YEAR,
                                     POSTING_BROAD_TITLE,
                                     POSTING_BROAD_CREATOR,
                                     POSTING_BROAD_MMS,
                                     POSTING_MATERIAL,
                                     POSTING_OF_AUTHORITIES + POSTING_LIVE,
                                     POSTING_OF_AUTHORITIES + POSTING_BROAD_TITLE,
                                     POSTING_OF_AUTHORITIES + POSTING_BROAD_CREATOR,
                                     POSTING_OF_AUTHORITIES + POSTING_BROAD_MMS,
                                     0 };

recto_status postings_of(postings **out, repo *repo, recto_error *error)
{
    if (repo->postings == NULL) {
        postings *made = calloc(1, sizeof *made);
        if (made == NULL)
            return recto_fail_memory(error, "opening the index");
        made->store = (index_store){ .context = repo, .put = postings_put, .get = postings_get };
        buffer_init(&made->lent, 0);
        buffer_init(&made->bytes, 0);
        made->entry = index_entry_new();
        made->reader = index_reader_new(&made->store);
        if (made->reader != NULL)
            index_reader_expect_few(made->reader, few_terms);
        repo->postings = made;
    }
    *out = repo->postings;
    if ((*out)->entry == NULL || (*out)->reader == NULL) {
        postings_close(repo);
        return recto_fail_memory(error, "opening the index");
    }
    return RECTO_OK;
}

/* @param renew  only others are seen now: a number of a segment still means what it meant */
static void forget_all(postings *kept, bool renew)
{
    if (kept->reader != NULL && renew)
        index_reader_renew(kept->reader);
    else if (kept->reader != NULL)
        index_reader_clear(kept->reader);
    kept->segment_count = 0;
    kept->broad[0] = kept->broad[1] = POSTINGS_UNKNOWN;
    kept->last = 0;
    kept->unsure = false;
    kept->current = false;
}

postings_known *postings_know_broad(repo *repo, bool of_authorities)
{
    return &repo->postings->broad[of_authorities];
}

void postings_forget(repo *repo)
{
    if (repo->postings != NULL && repo->postings->unsure)
        forget_all(repo->postings, false);
}

void postings_settle(repo *repo)
{
    if (repo->postings != NULL)
        repo->postings->unsure = false;
}

void postings_close(repo *repo)
{
    postings *kept = repo->postings;
    if (kept == NULL)
        return;
    building_drop(kept);
    index_entry_free(kept->entry);
    index_reader_free(kept->reader);
    buffer_release(&kept->lent);
    buffer_release(&kept->bytes);
    free(kept->segments);
    free(kept);
    repo->postings = NULL;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static recto_status look_behind(repo *repo, postings *kept, int64_t sequence, recto_error *error)
{
    rows range;
    int64_t first = sequence;
    (void)rows_open(&range, repo, error, SQL_PENDING_RANGE, "");
    if (rows_next(&range))
        first = row_int64(&range, 0);
    recto_status status = rows_close(&range);
    kept->behind = kept->behind || sequence - first + 1 >= CATCH_UP_FROM;
    return status == RECTO_OK && sequence - first + 1 >= FLUSH_AT_ONCE ? postings_flush(repo, FLUSH_AT_ONCE, FLUSH_PART, error)
                                                                       : status;
}

static recto_status write_entry(repo *repo, postings *kept, int64_t document, recto_error *error)
{
    int64_t sequence = 0;
    buffer_clear(&kept->bytes);
    recto_status status = index_entry_write(&kept->bytes, kept->entry, error);
    if (status != RECTO_OK)
        return status;
    status = store_number(&sequence, repo, error, SQL_PENDING_ADD, "ib", document, buffer_text(&kept->bytes));
    kept->written++;
    return status == RECTO_OK ? look_behind(repo, kept, sequence, error) : status;
}

recto_status postings_write(repo *repo, int64_t document, const marc_record *record, recto_error *error)
{
    postings *kept = NULL;
    assert(repo->writing && "an entry is written in a transaction");
    if (document <= 0 || document > UINT32_MAX)
        return recto_fail(error, RECTO_ELIMIT, repo->path, NULL, "a repository holds at most %lld records",
                          (long long)UINT32_MAX);
    recto_status status = postings_of(&kept, repo, error);
    if (status == RECTO_OK)
        status = postings_collect(kept->entry, repo, document, record, error);
    return status == RECTO_OK ? write_entry(repo, kept, document, error) : status;
}

recto_status postings_write_id(repo *repo, mms_id id, recto_error *error)
{
    int64_t document = 0;
    recto_status status = store_number(&document, repo, error, SQL_POSTING_DOCUMENT, "i", id);
    if (status == RECTO_ENOTFOUND)
        return RECTO_OK; /* no such record: nothing to be found, either */
    return status == RECTO_OK ? postings_write(repo, document, NULL, error) : status;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static bool holds_these(const postings *kept, const segment_list *list)
{
    size_t at = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (list->rows[i].state != SEGMENT_LIVE)
            continue;
        if (at == kept->segment_count || kept->segments[at] != list->rows[i].info.segment)
            return false;
        at++;
    }
    return at == kept->segment_count;
}

static recto_status add_segment(repo *repo, postings *kept, const segment_row *row, recto_error *error)
{
    index_set *documents = NULL;
    if (kept->segment_count == kept->segment_capacity) {
        size_t capacity = kept->segment_capacity * 2 + 16;
        int64_t *grown = realloc(kept->segments, capacity * sizeof *grown);
        if (grown == NULL)
            return recto_fail_memory(error, "opening the index");
        kept->segments = grown;
        kept->segment_capacity = capacity;
    }
    recto_status status = documents_get(&documents, repo, row->info.segment, error);
    if (status == RECTO_OK)
        status = index_reader_add_segment(kept->reader, &row->info, documents, error);
    if (status == RECTO_OK)
        kept->segments[kept->segment_count++] = row->info.segment;
    return status;
}

static recto_status bring_segments_up(repo *repo, postings *kept, recto_error *error)
{
    segment_list list = { .rows = NULL };
    recto_status status = segments_read(&list, repo, error);
    if (status == RECTO_OK && !holds_these(kept, &list)) {
        forget_all(kept, !kept->unsure);
        for (size_t i = 0; i < list.count && status == RECTO_OK; i++)
            if (list.rows[i].state == SEGMENT_LIVE)
                status = add_segment(repo, kept, &list.rows[i], error);
    }
    segment_list_free(&list);
    return status;
}

static recto_status bring_entries_up(repo *repo, postings *kept, recto_error *error)
{
    rows entries;
    recto_status status = RECTO_OK;
    (void)rows_open(&entries, repo, error, SQL_PENDING_FROM, "i", kept->last);
    while (status == RECTO_OK && rows_next(&entries)) {
        const int64_t document = row_int64(&entries, 1);
        if (document <= 0 || document > UINT32_MAX)
            status = recto_fail(error, RECTO_EDATA, repo->path, "run: recto check --rebuild-index", "the index is damaged");
        else
            status = index_reader_add_entry(kept->reader, (index_document)document, row_text(&entries, 2), error);
        kept->last = row_int64(&entries, 0);
    }
    recto_status closed = rows_close(&entries);
    return status != RECTO_OK ? status : closed;
}

/* What SQLite counts up with every commit of others, and with our own: nothing was committed, so nothing has changed. Asked
 * for after a reading, because only that begins the transaction. */
static bool is_current(repo *repo, postings *kept, recto_status *status, recto_error *error)
{
    rows range;
    unsigned version = 0;
    (void)rows_open(&range, repo, error, SQL_PENDING_RANGE, "");
    int64_t last = rows_next(&range) ? row_int64(&range, 1) : -1;
    *status = rows_close(&range);
    if (*status != RECTO_OK || repo->writing ||
        sqlite3_file_control(repo->database, "main", SQLITE_FCNTL_DATA_VERSION, &version) != SQLITE_OK)
        return false;
    const bool same = kept->current && kept->version == version && (last == 0 || last == kept->last);
    kept->version = version;
    return same;
}

recto_status postings_reader(index_reader **out, repo *repo, recto_error *error)
{
    postings *kept = NULL;
    assert((repo->reading || repo->writing) && "the index is read in a transaction");
    recto_status status = postings_of(&kept, repo, error);
    if (status != RECTO_OK)
        return status;
    *out = kept->reader;
    if (is_current(repo, kept, &status, error))
        return RECTO_OK;
    if (status == RECTO_OK)
        status = bring_segments_up(repo, kept, error);
    if (status == RECTO_OK)
        status = bring_entries_up(repo, kept, error);
    kept->current = status == RECTO_OK && !repo->writing;
    kept->unsure = kept->unsure || repo->writing;
    if (status != RECTO_OK)
        forget_all(kept, false);
    return status;
}
