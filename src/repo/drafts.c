/* src/repo/drafts.c - working copies: written each second while somebody types, thrown away by their owner alone.
 *
 * They survive any crash of a process; a power cut may cost the last second, so these writes wait for no disk (RL-2). */
#include "store.h"

recto_status repo_draft_put(repo *repo, const repo_draft *draft, recto_error *error)
{
    bool own;
    recto_status status = change_begin_relaxed(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = store_run(repo, error, SQL_DRAFT_PUT, "sinnisbbb", draft->owner, draft->id, draft->zone, draft->base_version,
                       draft->changed_at, draft->title, draft->record, draft->log, draft->state);
    return change_end(repo, own, status, error);
}

recto_status repo_draft_remove(repo *repo, const char *owner, mms_id id, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    return change_end(repo, own, store_run(repo, error, SQL_DRAFT_REMOVE, "si", owner, id), error);
}

recto_status repo_drafts(repo *repo, const char *owner, void (*visit)(void *context, const repo_draft *draft), void *context,
                         recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_DRAFTS, "s", owner);
    while (rows_next(&rows)) {
        repo_draft draft = { .id = row_int64(&rows, 1),
                             .zone = row_int(&rows, 2),
                             .base_version = row_int(&rows, 3),
                             .changed_at = row_int64(&rows, 4) };
        row_string(&rows, 0, draft.owner, sizeof draft.owner);
        row_string(&rows, 5, draft.title, sizeof draft.title);
        draft.record = row_text(&rows, 6);
        draft.log = row_text(&rows, 7);
        draft.state = row_text(&rows, 8);
        visit(context, &draft);
    }
    return rows_close(&rows);
}
