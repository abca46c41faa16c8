/* src/repo/gateway_log.c - one row for each record that came to the gateway, and the bytes of those that were refused. */
#include "recto/repo/gateway.h"
#include "postings.h"
#include <assert.h>
#include <string.h>

recto_status repo_gateway_add(repo *repo, repo_gateway_row *row, text digest, text record, recto_error *error)
{
    assert(repo->writing && "a row of the log belongs to the transaction of its record");
    recto_status status =
        store_number(&row->number, repo, error, SQL_GATEWAY_ADD, "insiisssnsssssinnnssb", row->at, row->zone, row->institution,
                     row->connection, row->record, row->peer, row->user, row->form, row->bytes, row->encoding, row->oclc,
                     row->title, row->code, row->reply != NULL ? row->reply : "", row->id, row->version, row->matches,
                     row->milliseconds, row->stages, row->warning, digest);
    if (status == RECTO_OK && record.length > 0)
        status = store_run(repo, error, SQL_GATEWAY_KEEP, "iib", row->number, row->at, record);
    return status;
}

static void read_row(repo_gateway_row *out, const rows *rows, char *reply, size_t capacity)
{
    *out = (repo_gateway_row){ .number = row_int64(rows, 0),
                               .at = row_int64(rows, 1),
                               .zone = row_int(rows, 2),
                               .connection = row_int64(rows, 4),
                               .record = row_int64(rows, 5),
                               .bytes = row_int(rows, 9),
                               .id = row_int64(rows, 15),
                               .version = row_int(rows, 16),
                               .matches = row_int(rows, 17),
                               .milliseconds = row_int(rows, 18),
                               .kept = row_int(rows, 21) != 0,
                               .reply = reply };
    row_string(rows, 3, out->institution, sizeof out->institution);
    row_string(rows, 6, out->peer, sizeof out->peer);
    row_string(rows, 7, out->user, sizeof out->user);
    row_string(rows, 8, out->form, sizeof out->form);
    row_string(rows, 10, out->encoding, sizeof out->encoding);
    row_string(rows, 11, out->oclc, sizeof out->oclc);
    row_string(rows, 12, out->title, sizeof out->title);
    row_string(rows, 13, out->code, sizeof out->code);
    row_string(rows, 14, reply, capacity);
    row_string(rows, 19, out->stages, sizeof out->stages);
    row_string(rows, 20, out->warning, sizeof out->warning);
}

recto_status repo_gateway_rows(repo *repo, const repo_gateway_query *query,
                               void (*visit)(void *context, const repo_gateway_row *row), void *context, recto_error *error)
{
    rows rows;
    char reply[1100];
    const int64_t to = query->to != 0 ? query->to : INT64_MAX;
    (void)rows_open(&rows, repo, error, SQL_GATEWAY_ROWS, "iissssii", query->from, to, query->institution, query->oclc,
                    query->code, query->words, query->number, (int64_t)query->limit);
    while (rows_next(&rows)) {
        repo_gateway_row row;
        read_row(&row, &rows, reply, sizeof reply);
        visit(context, &row);
    }
    return rows_close(&rows);
}

recto_status repo_gateway_kept(repo *repo, int64_t number, buffer *record, recto_error *error)
{
    rows rows;
    bool found = false;
    (void)rows_open(&rows, repo, error, SQL_GATEWAY_KEPT, "i", number);
    if (rows_next(&rows)) {
        found = true;
        buffer_append_text(record, row_text(&rows, 0));
    }
    recto_status status = rows_close(&rows);
    if (status == RECTO_OK && buffer_failed(record))
        return recto_fail_memory(error, "reading a kept record");
    return status == RECTO_OK && !found ? RECTO_ENOTFOUND : status;
}

recto_status repo_gateway_kept_remove(repo *repo, int64_t number, recto_error *error)
{
    assert(repo->writing && "kept bytes are removed in a transaction");
    return store_run(repo, error, SQL_GATEWAY_KEPT_REMOVE, "i", number);
}

recto_status repo_gateway_answered(repo *repo, text digest, int64_t since, buffer *reply, mms_id *id, int *version,
                                   recto_error *error)
{
    rows rows;
    bool found = false;
    (void)rows_open(&rows, repo, error, SQL_GATEWAY_ANSWERED, "bi", digest, since);
    if (rows_next(&rows)) {
        found = true;
        buffer_append_text(reply, row_text(&rows, 0));
        *id = row_int64(&rows, 1);
        *version = row_int(&rows, 2);
    }
    recto_status status = rows_close(&rows);
    return status == RECTO_OK && !found ? RECTO_ENOTFOUND : status;
}

recto_status repo_gateway_prune(repo *repo, int64_t rows_before, int64_t records_before, recto_error *error)
{
    assert(repo->writing && "the log is pruned in a transaction");
    recto_status status = store_run(repo, error, SQL_GATEWAY_PRUNE_KEPT, "ii", records_before, rows_before);
    return status == RECTO_OK ? store_run(repo, error, SQL_GATEWAY_PRUNE, "i", rows_before) : status;
}

recto_status repo_bib_set_source(repo *repo, mms_id id, char sync, const char *system, const char *version, recto_error *error)
{
    const char tag[2] = { sync, '\0' };
    assert(repo->writing && "a record's source is set in a transaction");
    int64_t changes = 0;
    recto_status status = store_number(&changes, repo, error, SQL_BIB_SOURCE_CHANGES, "iss", id, sync != 0 ? tag : NULL, system);
    if (status == RECTO_OK || status == RECTO_ENOTFOUND)
        status = store_run(repo, error, SQL_BIB_SET_SOURCE, "isss", id, sync != 0 ? tag : NULL, system, version);
    return status == RECTO_OK && changes != 0 ? postings_write_id(repo, id, error) : status;
}
