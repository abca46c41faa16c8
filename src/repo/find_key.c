/* src/repo/find_key.c - the records that have an identifier: what match asks at every save.
 *
 * The key is a beginning of terms in the column of its kind, so any subfield is found. What is found is few: their rows say
 * zone and MMS ID. The index holds no deleted record. */
#include "search.h"
#include <stdlib.h>

typedef struct candidate {
    mms_id id;
    int zone;
} candidate;

static int compare_candidates(const void *left, const void *right)
{
    const candidate *a = left, *b = right;
    return a->id < b->id ? -1 : a->id > b->id;
}

static bool in_zones(const int *zones, size_t count, int zone)
{
    for (size_t i = 0; i < count; i++)
        if (zones[i] == zone)
            return true;
    return count == 0;
}

static recto_status find_documents(index_set **out, repo *repo, int kind, text key, recto_error *error)
{
    const int column = kind >= IDENTIFIER_LANGUAGE ? POSTING_OWN_KEYS + kind - IDENTIFIER_LANGUAGE : POSTING_KEYS + kind;
    const uint8_t columns[2] = { (uint8_t)column, 0 };
    index_reader *reader;
    buffer term;
    recto_status status = postings_reader(&reader, repo, error);
    if (status != RECTO_OK)
        return status;
    buffer_init(&term, 0);
    postings_key_beginning(&term, key);
    status = buffer_failed(&term) ? recto_fail_memory(error, "looking for a key")
                                  : index_find_prefix(out, reader, columns, buffer_text(&term), error);
    buffer_release(&term);
    return status;
}

static recto_status read_candidates(candidate *out, size_t *count, repo *repo, const index_set *documents, recto_error *error)
{
    index_document batch[64], after = 0;
    recto_status status = RECTO_OK;
    size_t got;
    *count = 0;
    while (status == RECTO_OK && (got = index_set_list(documents, after, batch, 64)) > 0) {
        after = batch[got - 1];
        for (size_t i = 0; i < got && status == RECTO_OK; i++) {
            rows rows;
            (void)rows_open(&rows, repo, error, SQL_DOCUMENT_PLACE, "i", (int64_t)batch[i]);
            if (rows_next(&rows))
                out[(*count)++] = (candidate){ row_int64(&rows, 0), row_int(&rows, 1) };
            status = rows_close(&rows);
        }
    }
    return status;
}

/* A visitor may read on, so what is found is noted before it is told. What he reads is of the same state, and nothing is locked
 * anew for it: a twentieth of the time of a known item with its record. */
recto_status find_by_identifier(repo *repo, int kind, text key, const int *zones, size_t zone_count,
                                bool (*visit)(void *context, mms_id id), void *context, recto_error *error)
{
    index_set *documents = NULL;
    candidate *found = NULL;
    size_t count = 0;
    bool own, more = true;
    recto_status status = look_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = find_documents(&documents, repo, kind, key, error);
    if (status == RECTO_OK && (found = calloc((size_t)index_set_count(documents) + 1, sizeof *found)) == NULL)
        status = recto_fail_memory(error, "looking for a key");
    if (status == RECTO_OK)
        status = read_candidates(found, &count, repo, documents, error);
    if (status == RECTO_OK)
        qsort(found, count, sizeof *found, compare_candidates);
    for (size_t i = 0; i < count && more && status == RECTO_OK; i++)
        if (in_zones(zones, zone_count, found[i].zone))
            more = visit(context, found[i].id);
    look_end(repo, own);
    free(found);
    index_set_free(documents);
    return status;
}

recto_status repo_find_by_key(repo *repo, marc_key_kind kind, text key, const int *zones, size_t zone_count,
                              bool (*visit)(void *context, mms_id id), void *context, recto_error *error)
{
    return find_by_identifier(repo, (int)kind, key, zones, zone_count, visit, context, error);
}
