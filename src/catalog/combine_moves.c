/* src/catalog/combine_moves.c - holdings with their items from one bib to another, the locks it needs, and the job that tells.
 *
 * @spec inventory-orders sections 7 and 8 */
#include "combine.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the job */

recto_status act_begin(act *act, const char *type, int zone, int64_t of, recto_error *error)
{
    catalog *desk = act->catalog;
    char parameters[128];
    act->error = error;
    snprintf(act->job.type, sizeof act->job.type, "%s", type);
    snprintf(act->job.user, sizeof act->job.user, "%s", desk->user);
    act->job.zone = zone;
    act->job.started_at = catalog_now(desk);
    act->job.of = of;
    snprintf(parameters, sizeof parameters, "primary %lld\nsecondary %lld\n", (long long)act->primary, (long long)act->secondary);
    return repo_job_begin(desk->repo, &act->job, text_from(parameters), error);
}

recto_status act_note(act *act, const act_row *row, const char *format, ...)
{
    repo_job_row kept = { .id = row->id,
                          .kind = row->kind,
                          .version_before = row->before,
                          .version_after = row->after,
                          .detail = text_from(row->part) };
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(kept.message, sizeof kept.message, format, arguments);
    va_end(arguments);
    snprintf(kept.outcome, sizeof kept.outcome, "%s", row->outcome);
    return repo_job_row_add(act->catalog->repo, act->job.id, &kept, act->error);
}

recto_status act_end(act *act, recto_status status)
{
    if (status != RECTO_OK)
        return status; /* the transaction goes back, and the job with it */
    return repo_job_end(act->catalog->repo, act->job.id, "done", catalog_now(act->catalog), act->error);
}

/* ---- locks */

recto_status lock_for(bool *taken, catalog *catalog, mms_id id, recto_error *error)
{
    repo_lock holder = { .id = 0 };
    const bool ours = repo_lock_get(catalog->repo, id, catalog_now(catalog), &holder, NULL) == RECTO_OK &&
                      strcmp(holder.session, catalog->session) == 0;
    *taken = false;
    recto_status status = repo_lock_take(catalog->repo, id, catalog->user, catalog->institution, catalog->session,
                                         catalog_now(catalog), NULL, error);
    *taken = status == RECTO_OK && !ours;
    return status;
}

void unlock_after(catalog *catalog, mms_id id, bool taken)
{
    if (taken)
        repo_lock_release(catalog->repo, id, catalog->session, NULL);
}

/* ---- moving */

recto_status move_holding(act *act, mms_id id, mms_id to, int expected_version, const char *outcome)
{
    catalog *desk = act->catalog;
    marc_record *record = NULL;
    buffer stamp;
    holding info;
    buffer_init(&stamp, 64);
    recto_status status = repo_holding_load(desk->repo, id, &record, &info, act->error);
    if (status == RECTO_OK) {
        buffer_append_text(&stamp, marc_record_control(record, "005"));
        status = holding_stamp(record, id, to, desk, buffer_text(&stamp), act->error);
    }
    if (status == RECTO_OK)
        status = repo_holding_move(desk->repo, id, to, record, expected_version != 0 ? expected_version : info.version,
                                   desk->user, catalog_now(desk), act->error);
    buffer_release(&stamp);
    marc_record_free(record);
    if (status != RECTO_OK)
        return status;
    const act_row row = { id, 'H', info.version, info.version + 1, outcome, PART_MOVED };
    return act_note(act, &row, "moved from %lld to %lld with %d item%s", (long long)info.bib, (long long)to, info.items,
                    info.items == 1 ? "" : "s");
}

typedef struct holding_list {
    id_list list;
    size_t items;
} holding_list;

static void note_holding(void *context, const holding *holding)
{
    holding_list *found = context;
    id_list_add(&found->list, holding->id);
    found->items += (size_t)holding->items;
}

recto_status move_holdings(act *act, mms_id from, mms_id to, size_t *holdings, size_t *items)
{
    holding_list found = { .items = 0 };
    recto_status status = repo_holdings(act->catalog->repo, from, note_holding, &found, act->error);
    if (status == RECTO_OK && found.list.failed)
        status = recto_fail_memory(act->error, "listing holdings");
    for (size_t i = 0; i < found.list.count && status == RECTO_OK; i++)
        status = move_holding(act, found.list.ids[i], to, 0, "changed");
    *holdings = found.list.count;
    *items = found.items;
    id_list_release(&found.list);
    return status;
}
