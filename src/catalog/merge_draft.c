/* src/catalog/merge_draft.c - what a merge brought in, given back as a draft: it is stored nowhere but with the merge's job.
 *
 * @spec inventory-orders IO-100, import-profiles IP-182 */
#include "inside.h"

#include <string.h>

typedef struct kept_record {
    mms_id into; /* the record that it was merged into */
    buffer bytes;
} kept_record;

static bool keep_detail(void *context, const repo_job_row *row)
{
    kept_record *kept = context;
    kept->into = row->id;
    buffer_append_text(&kept->bytes, row->detail);
    return false; /* such a job has one row */
}

/* The merge itself: the job, or the one that it took back. *id 0: neither is a merge. */
static recto_status merge_of(int64_t *id, repo_job *job, catalog *catalog, int64_t given, recto_error *error)
{
    recto_status status = repo_job_get(catalog->repo, given, job, NULL, error);
    if (status == RECTO_OK && strcmp(job->type, "revert") == 0 && job->of != 0)
        status = repo_job_get(catalog->repo, job->of, job, NULL, error);
    *id = status == RECTO_OK && strcmp(job->type, "merge") == 0 ? job->id : 0;
    return status;
}

static recto_status store_draft(mms_id *draft, catalog *catalog, int zone, text bytes, recto_error *error)
{
    marc_record *record = NULL;
    edit_session *session = NULL;
    recto_status status = repo_record_decode(&record, bytes, error);
    if (status == RECTO_OK)
        status = edit_new(&session, catalog, zone, &record, "a merge taken back", error);
    if (status == RECTO_OK)
        status = draft_store(session, TEXT(""), error);
    if (status == RECTO_OK)
        *draft = session->state.id;
    session_free(session);
    marc_record_free(record);
    return status;
}

recto_status catalog_merge_draft(mms_id *draft, catalog *catalog, int64_t job, recto_error *error)
{
    repo_job merge;
    int64_t id = 0;
    kept_record kept = { .into = 0 };
    *draft = 0;
    buffer_init(&kept.bytes, 0);
    recto_status status = merge_of(&id, &merge, catalog, job, error);
    if (status == RECTO_OK && id != 0)
        status = repo_job_rows(catalog->repo, id, 0, 1, keep_detail, &kept, error);
    if (status == RECTO_OK && buffer_failed(&kept.bytes))
        status = recto_fail_memory(error, "reading what was merged");
    if (status == RECTO_OK && id != 0 && kept.bytes.length > 0) {
        char where[MMS_ID_LENGTH];
        mms_id_format(where, kept.into);
        status = catalog_sees(catalog, kept.into)
                     ? store_draft(draft, catalog, merge.zone, buffer_text(&kept.bytes), error)
                     : recto_fail(error, RECTO_EREFUSED, where, NULL, "another institution's record");
    }
    buffer_release(&kept.bytes);
    return status;
}
