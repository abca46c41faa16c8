/* src/catalog/relink.c - holdings that hung on the wrong record: "Relink here", as a job that can be taken back.
 *
 * @spec inventory-orders section 7, search-resources SR-93, editor ED-170 */
#include "combine.h"

#include <stdio.h>

static recto_status check_bib(catalog *catalog, mms_id id, recto_error *error)
{
    bib_info info;
    repo_lock holder;
    char where[MMS_ID_LENGTH], sentence[128];
    const repo_zone *zone = catalog_zone_of(catalog, id);
    mms_id_format(where, id);
    if (zone != catalog->own)
        return recto_fail(error, RECTO_EREFUSED, where, NULL, "inventory hangs on records of the own institution");
    recto_status status = repo_bib_info(catalog->repo, id, &info, catalog_now(catalog), error);
    if (status == RECTO_OK && info.deleted)
        return recto_fail(error, RECTO_EREFUSED, where, NULL, "this record has been deleted");
    if (status != RECTO_OK || !lock_refuses(catalog, id, &holder))
        return status;
    lock_sentence(sentence, sizeof sentence, catalog, &holder);
    return recto_fail(error, RECTO_ELOCKED, where, sentence, "the record is locked");
}

static recto_status check_holding(act *act, mms_id id)
{
    holding info;
    char where[MMS_ID_LENGTH];
    mms_id_format(where, id);
    recto_status status = repo_holding_load(act->catalog->repo, id, NULL, &info, act->error);
    if (status == RECTO_OK && info.bib != act->secondary)
        return recto_fail(act->error, RECTO_EREFUSED, where, "look again", "the holdings hang on %lld", (long long)info.bib);
    return status;
}

/* In the history of both records (IO-88): what went, and what came. */
static recto_status audit_relink(act *act, size_t moved)
{
    char object[MMS_ID_LENGTH], detail[96];
    const int zone = act->catalog->own->id;
    mms_id_format(object, act->secondary);
    snprintf(detail, sizeof detail, "job %lld: %zu holdings now hang on %lld", (long long)act->job.id, moved,
             (long long)act->primary);
    recto_status status = catalog_audit(act->catalog, "holding.relink", object, zone, "moved", detail, act->error);
    mms_id_format(object, act->primary);
    snprintf(detail, sizeof detail, "job %lld: %zu holdings came from %lld", (long long)act->job.id, moved,
             (long long)act->secondary);
    return status == RECTO_OK ? catalog_audit(act->catalog, "holding.relink", object, zone, "moved", detail, act->error) : status;
}

static recto_status relink_inside(act *act, mms_id holdings)
{
    size_t moved = 1, items = 0;
    char object[MMS_ID_LENGTH];
    mms_id_format(object, act->secondary);
    recto_status status = check_bib(act->catalog, act->secondary, act->error);
    if (status == RECTO_OK)
        status = check_bib(act->catalog, act->primary, act->error);
    if (status == RECTO_OK && holdings != 0)
        status = check_holding(act, holdings);
    if (status == RECTO_OK)
        status = act_begin(act, "relink", act->catalog->own->id, 0, act->error);
    if (status == RECTO_OK)
        status = holdings != 0 ? move_holding(act, holdings, act->primary, 0, "changed")
                               : move_holdings(act, act->secondary, act->primary, &moved, &items);
    if (status == RECTO_OK && moved == 0)
        status = recto_fail(act->error, RECTO_EREFUSED, object, NULL, "this record has no holdings");
    if (status == RECTO_OK)
        status = audit_relink(act, moved);
    return act_end(act, status);
}

typedef struct rights {
    const catalog *catalog;
    mms_id wanted; /* 0: all holdings of the record */
    bool found;    /* some of a library where the user may not */
    char library[32];
} rights;

/* Both may be given as network records: inventory hangs on ours. The linked record of the target is made before, by itself. */
static recto_status find_ends(act *act, catalog *catalog, mms_id from, mms_id to, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    mms_id_format(where, to);
    recto_status status = catalog_inventory_bib(&act->secondary, catalog, from, error);
    if (status == RECTO_OK)
        status = catalog_link_bib(&act->primary, NULL, catalog, to, error);
    if (status == RECTO_OK && act->primary == act->secondary)
        status = recto_fail(error, RECTO_EINVALID, where, "choose another record", "the holdings hang there already");
    return status;
}

static void note_foreign(void *context, const holding *holding)
{
    rights *rights = context;
    if (rights->found || (rights->wanted != 0 && holding->id != rights->wanted) ||
        catalog_may_at(rights->catalog, PRIVILEGE_INVENTORY, holding->library))
        return;
    rights->found = true;
    snprintf(rights->library, sizeof rights->library, "%s", holding->library);
}

/* Whoever has the role for one library moves that library's holdings only (ED-2). */
static recto_status need_libraries(act *act, mms_id holdings)
{
    rights rights = { .catalog = act->catalog, .wanted = holdings };
    char object[MMS_ID_LENGTH];
    mms_id_format(object, act->secondary);
    recto_status status = repo_holdings(act->catalog->repo, act->secondary, note_foreign, &rights, act->error);
    if (status != RECTO_OK || !rights.found)
        return status;
    return need_privilege_at(act->catalog, PRIVILEGE_INVENTORY, rights.library, "holding.relink", object, act->error);
}

recto_status catalog_relink(int64_t *job, catalog *catalog, mms_id from, mms_id holdings, mms_id to, recto_error *error)
{
    transaction change = { .repo = NULL };
    act act = { .catalog = catalog, .error = error };
    char object[MMS_ID_LENGTH];
    mms_id_format(object, from);
    recto_status status = need_privilege(catalog, PRIVILEGE_INVENTORY, "holding.relink", object, error);
    if (status == RECTO_OK)
        status = find_ends(&act, catalog, from, to, error);
    if (status == RECTO_OK)
        status = need_libraries(&act, holdings);
    snprintf(act.job.title, sizeof act.job.title, "relink: holdings of %lld to %lld", (long long)act.secondary,
             (long long)act.primary);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = relink_inside(&act, holdings);
    status = transaction_end(&change, status, error);
    if (status == RECTO_OK)
        *job = act.job.id;
    return status;
}
