/* src/repo/links.c - who names a record, who is linked to it, and where a record that was merged away lives on. */
#include "postings.h"
#include "recto/repo/links.h"
#include <string.h>

bool repo_link_number(mms_id *out, text *prefix, text value)
{
    value = text_trim(value);
    *prefix = text_of(value.bytes, 0);
    if (value.length > 0 && value.bytes[0] == '(') {
        const char *end = memchr(value.bytes, ')', value.length);
        if (end == NULL)
            return false;
        *prefix = text_of(value.bytes + 1, (size_t)(end - value.bytes) - 1);
        value = text_trim(text_of(end + 1, value.length - (size_t)(end + 1 - value.bytes)));
    }
    return text_starts(value, TEXT("99")) && mms_id_parse(out, value);
}

static recto_status visit_ids(rows *rows, bool (*visit)(void *context, mms_id id), void *context)
{
    while (rows_next(rows))
        if (!visit(context, row_int64(rows, 0)))
            break;
    return rows_close(rows);
}

recto_status repo_bibs_naming(repo *repo, mms_id id, bool (*visit)(void *context, mms_id id), void *context, recto_error *error)
{
    char number[MMS_ID_LENGTH];
    mms_id_format(number, id);
    return find_by_identifier(repo, IDENTIFIER_LINK, text_from(number), NULL, 0, visit, context, error);
}

recto_status repo_bibs_linked(repo *repo, mms_id to, bool (*visit)(void *context, mms_id id), void *context, recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_BIBS_LINKED, "i", to);
    return visit_ids(&rows, visit, context);
}

static recto_status set_number(repo *repo, mms_id id, mms_id number, enum sql_id what, recto_error *error)
{
    bool own;
    char where[MMS_ID_LENGTH];
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    mms_id_format(where, id);
    status = store_run(repo, error, what, "ii", id, number);
    if (status == RECTO_OK && store_changes(repo) == 0)
        status = recto_fail(error, RECTO_ENOTFOUND, where, NULL, "no record of this MMS ID");
    if (status == RECTO_OK && what == SQL_BIB_SET_LINK)
        status = postings_write_id(repo, id, error);
    return change_end(repo, own, status, error);
}

recto_status repo_bib_set_link(repo *repo, mms_id id, mms_id to, recto_error *error)
{
    return set_number(repo, id, to, SQL_BIB_SET_LINK, error);
}

recto_status repo_bib_set_survivor(repo *repo, mms_id id, mms_id survivor, recto_error *error)
{
    return set_number(repo, id, survivor, SQL_BIB_SET_SURVIVOR, error);
}

recto_status repo_bib_survivor(repo *repo, mms_id id, mms_id *out, recto_error *error)
{
    int64_t survivor = 0;
    recto_status status = store_number(&survivor, repo, error, SQL_BIB_SURVIVOR, "i", id);
    *out = status == RECTO_OK ? survivor : 0;
    return status == RECTO_ENOTFOUND ? RECTO_OK : status;
}

/* ---- pairs that are not the same */

recto_status repo_apart_put(repo *repo, mms_id one, mms_id other, const char *reason, const char *user, int64_t now,
                            recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status =
        store_run(repo, error, SQL_APART_PUT, "iissi", one < other ? one : other, one < other ? other : one, reason, user, now);
    return change_end(repo, own, status, error);
}

recto_status repo_apart(repo *repo, mms_id one, mms_id other, bool *out, recto_error *error)
{
    int64_t found = 0;
    recto_status status =
        store_number(&found, repo, error, SQL_APART_GET, "ii", one < other ? one : other, one < other ? other : one);
    *out = status == RECTO_OK;
    return status == RECTO_ENOTFOUND ? RECTO_OK : status;
}
