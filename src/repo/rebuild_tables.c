/* src/repo/rebuild_tables.c - makes the tables of words and identifiers again from the records; no record is touched (RL-83). */
#include "store.h"

static recto_status add_all(repo *repo, recto_error *error)
{
    rows rows;
    recto_status status = RECTO_OK;
    (void)rows_open(&rows, repo, error, SQL_CHECK_ALL_BIBS, "");
    while (status == RECTO_OK && rows_next(&rows)) {
        marc_record *record = NULL;
        const int64_t document = row_int64(&rows, 0);
        if (row_int(&rows, 3) != 0)
            continue;
        /* A damaged record cannot be indexed: check names it, and its last good version can be taken back. */
        status = stored_record(&record, repo, row_int64(&rows, 1), document, row_int(&rows, 2), error);
        if (status == RECTO_OK)
            status = store_indexes(repo, document, record, error);
        else if (status == RECTO_EDATA)
            status = RECTO_OK;
        if (status == RECTO_OK)
            status = store_run(repo, error, SQL_BIB_COUNT_INVENTORY, "i", document);
        marc_record_free(record);
    }
    recto_status closed = rows_close(&rows);
    return status != RECTO_OK ? status : closed;
}

recto_status store_identifiers_anew(repo *repo, recto_error *error)
{
    rows rows;
    recto_status status = store_run(repo, error, SQL_IDENTIFIERS_CLEAR, "");
    if (status != RECTO_OK)
        return status;
    (void)rows_open(&rows, repo, error, SQL_CHECK_ALL_BIBS, "");
    while (status == RECTO_OK && rows_next(&rows)) {
        marc_record *record = NULL;
        const int64_t document = row_int64(&rows, 0);
        if (row_int(&rows, 3) != 0)
            continue;
        status = stored_record(&record, repo, row_int64(&rows, 1), document, row_int(&rows, 2), error);
        if (status == RECTO_OK)
            status = store_identifiers_of(repo, document, record, error);
        else if (status == RECTO_EDATA)
            status = RECTO_OK;
        marc_record_free(record);
    }
    recto_status closed = rows_close(&rows);
    return status != RECTO_OK ? status : closed;
}

recto_status store_rebuild_tables(repo *repo, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = store_run(repo, error, SQL_IDENTIFIERS_CLEAR, "");
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_WORDS_DROP, "");
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_WORDS_CREATE, "");
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_WORDS_HASH_SIZE, "");
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_WORDS_MERGE, "");
    if (status == RECTO_OK)
        status = add_all(repo, error);
    if (status == RECTO_OK)
        recto_error_clear(error);
    return change_end(repo, own, status, error);
}
