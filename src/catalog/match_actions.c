/* src/catalog/match_actions.c - what else can be done with a match than merging: take it instead, or decide that it is another.
 *
 * @spec search-resources.md SR-93 */
#include "inside.h"
#include "recto/repo/links.h"

#include <stdio.h>
#include <stdlib.h>

recto_status edit_use_match(edit_session **session, mms_id match, recto_error *error)
{
    catalog *desk = (*session)->catalog;
    edit_session *opened = NULL;
    char where[MMS_ID_LENGTH];
    mms_id_format(where, match);
    if (match == (*session)->state.id)
        return recto_fail(error, RECTO_EINVALID, where, NULL, "this is the open record");
    recto_status status = edit_open(&opened, desk, match, error);
    if (status != RECTO_OK)
        return status;
    status = edit_release(session, error);
    if (status != RECTO_OK) {
        edit_release(&opened, NULL);
        return status;
    }
    *session = opened;
    return RECTO_OK;
}

/* One transaction behind the save: lost in between, the pair is only reported again. */
static recto_status remember_apart(catalog *catalog, mms_id id, const match_hit *hits, size_t count, const char *reason,
                                   recto_error *error)
{
    transaction change;
    char object[MMS_ID_LENGTH], detail[200];
    recto_status status = transaction_begin(&change, catalog, false, error);
    mms_id_format(object, id);
    for (size_t i = 0; i < count && status == RECTO_OK; i++) {
        snprintf(detail, sizeof detail, "not the same as %lld: %.*s", (long long)hits[i].info.id, FIT(reason, 120));
        status = repo_apart_put(catalog->repo, id, hits[i].info.id, reason, catalog->user, catalog_now(catalog), error);
        if (status == RECTO_OK)
            status = catalog_audit(catalog, "bib.apart", object, catalog_zone_of(catalog, id)->id, "decided", detail, error);
    }
    return transaction_end(&change, status, error);
}

static bool is_stored(const ingest_outcome *out)
{
    return out->kind == OUTCOME_ADDED || out->kind == OUTCOME_UPDATED || out->kind == OUTCOME_UNCHANGED;
}

recto_status edit_save_separate(ingest_outcome *out, edit_session *session, const char *reason, recto_error *error)
{
    match_hit *hits = NULL;
    size_t count = 0;
    const text said = text_trim(text_from(reason != NULL ? reason : ""));
    if (said.length == 0)
        return recto_fail(error, RECTO_EINVALID, NULL, "say why: others will read it", "a reason is needed");
    recto_status status = edit_find_matches(&hits, &count, session, error);
    if (status != RECTO_OK)
        return status;
    session->apart_reason = reason;
    status = edit_save(out, session, true, error);
    session->apart_reason = NULL;
    if (status == RECTO_OK && is_stored(out) && count > 0) {
        status = remember_apart(session->catalog, out->id, hits, count, reason, error);
        if (status != RECTO_OK)
            ingest_outcome_release(out);
    }
    free(hits);
    return status;
}
