/* src/repo/custody.c - see custody.h: notices, drafts that change their owner, deleted records, levels. */
#include "recto/repo/custody.h"

#include "store.h"

#include <stdio.h>

recto_status repo_notice_add(repo *repo, const repo_notice *notice, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = store_run(repo, error, SQL_NOTICE_ADD, "sissis", notice->owner, notice->id, notice->kind, notice->by, notice->at,
                       notice->reason);
    return change_end(repo, own, status, error);
}

recto_status repo_notices(repo *repo, const char *owner, bool untold_only,
                          void (*visit)(void *context, const repo_notice *notice), void *context, recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_NOTICES, "sn", owner, untold_only ? 1 : 0);
    while (rows_next(&rows)) {
        repo_notice notice = {
            .number = row_int64(&rows, 0), .id = row_int64(&rows, 2), .at = row_int64(&rows, 5), .told = row_int(&rows, 7) != 0
        };
        row_string(&rows, 1, notice.owner, sizeof notice.owner);
        row_string(&rows, 3, notice.kind, sizeof notice.kind);
        row_string(&rows, 4, notice.by, sizeof notice.by);
        row_string(&rows, 6, notice.reason, sizeof notice.reason);
        visit(context, &notice);
    }
    return rows_close(&rows);
}

recto_status repo_notices_told(repo *repo, const char *owner, recto_error *error)
{
    bool own;
    recto_status status = change_begin_relaxed(repo, &own, error); /* lost: it is told twice */
    if (status != RECTO_OK)
        return status;
    return change_end(repo, own, store_run(repo, error, SQL_NOTICES_TOLD, "s", owner), error);
}

recto_status repo_notices_settle(repo *repo, const char *owner, mms_id id, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    return change_end(repo, own, store_run(repo, error, SQL_NOTICES_SETTLE, "si", owner, id), error);
}

static recto_status hand_over(repo *repo, mms_id id, const char *from, const char *to, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    int64_t found = 0;
    mms_id_format(where, id);
    recto_status status = store_number(&found, repo, error, SQL_DRAFT_EXISTS, "si", to, id);
    if (status == RECTO_OK)
        return recto_fail(error, RECTO_EREFUSED, where, "it has to be saved or discarded first",
                          "%s has a draft of this record already", to);
    if (status != RECTO_ENOTFOUND)
        return status;
    status = store_run(repo, error, SQL_DRAFT_HAND_OVER, "sis", from, id, to);
    if (status == RECTO_OK && store_changes(repo) == 0)
        return recto_fail(error, RECTO_ENOTFOUND, where, NULL, "%s has no draft of this record", from);
    return status;
}

recto_status repo_draft_hand_over(repo *repo, mms_id id, const char *from, const char *to, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    return change_end(repo, own, hand_over(repo, id, from, to, error), error);
}

recto_status repo_deleted(repo *repo, const int *zones, size_t zone_count, int64_t now,
                          bool (*visit)(void *context, const bib_info *row), void *context, recto_error *error)
{
    recto_status status = RECTO_OK;
    bool more = true;
    for (size_t i = 0; status == RECTO_OK && more && i < zone_count; i++) {
        rows rows;
        (void)rows_open(&rows, repo, error, SQL_DELETED, "n", zones[i]);
        while (more && rows_next(&rows)) {
            bib_info info;
            bib_info_read(&info, &rows, now);
            more = visit(context, &info);
        }
        status = rows_close(&rows);
    }
    return status;
}

recto_status repo_user_level(repo *repo, const char *name, int *out, recto_error *error)
{
    int64_t level = 0;
    recto_status status = store_number(&level, repo, error, SQL_USER_LEVEL, "s", name);
    *out = (int)level;
    return status == RECTO_ENOTFOUND ? RECTO_OK : status;
}

recto_status repo_user_set_level(repo *repo, const char *name, int level, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = store_run(repo, error, SQL_USER_SET_LEVEL, "sn", name, level);
    if (status == RECTO_OK && store_changes(repo) == 0)
        status = recto_fail(error, RECTO_ENOTFOUND, name, "an administrator adds users with: recto user add", "no such user");
    return change_end(repo, own, status, error);
}

recto_status repo_bib_set_level(repo *repo, mms_id id, int level, const char *user, int64_t now, recto_error *error)
{
    bool own;
    char where[MMS_ID_LENGTH];
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    mms_id_format(where, id);
    status = store_run(repo, error, SQL_BIB_SET_LEVEL, "inis", id, level, now, user);
    if (status == RECTO_OK && store_changes(repo) == 0)
        status = recto_fail(error, RECTO_ENOTFOUND, where, NULL, "no such record");
    return change_end(repo, own, status, error);
}
