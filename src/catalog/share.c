/* src/catalog/share.c - Share with Network: a local record is linked to one of the network, which is there or is made of it.
 *
 * What Alma does for good is a job here: the text before comes back as a new version, the link goes, and a network record that
 * was made for it is deleted, as long as nobody changed either. @spec editor.md ED-175, inventory-orders.md IO-15 */
#include "combine.h"

#include "recto/catalog/share.h"
#include "recto/repo/authorities.h"

#include <stdio.h>
#include <string.h>

static recto_status refuse(mms_id id, const char *what, const char *todo, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    mms_id_format(where, id);
    return recto_fail(error, RECTO_EREFUSED, where, todo, "%s", what);
}

/* Loads the record; *info tells its version. */
static recto_status load_local(marc_record **out, bib_info *info, catalog *catalog, mms_id id, recto_error *error)
{
    if (catalog->network == NULL)
        return refuse(id, "this institution belongs to no network", NULL, error);
    if (repo_is_authority(id) || catalog_zone_of(catalog, id) != catalog->own)
        return refuse(id, "only bibs of the own institution are shared with the network", NULL, error);
    recto_status status = catalog_load(catalog, id, out, info, error);
    if (status != RECTO_OK || (!info->deleted && info->linked_to == 0))
        return status;
    marc_record_free(*out);
    *out = NULL;
    return refuse(id, info->deleted ? "this record has been deleted" : "it is linked to a network record already", NULL, error);
}

recto_status catalog_share_matches(match_hit **out, size_t *count, catalog *catalog, mms_id id, recto_error *error)
{
    marc_record *record = NULL;
    bib_info info;
    ingest_policy policy;
    recto_status status = load_local(&record, &info, catalog, id, error);
    if (status == RECTO_OK)
        status = catalog_policy_for(&policy, catalog, "ask", catalog->network->id, error);
    if (status == RECTO_OK)
        status = catalog_find_matches(out, count, catalog, record, id, catalog->network->id, &policy, error);
    size_t kept = 0;
    for (size_t i = 0; status == RECTO_OK && i < *count; i++) /* a match of the institution is none of the network */
        if ((*out)[i].zone == ZONE_NETWORK)
            (*out)[kept++] = (*out)[i];
    if (status == RECTO_OK)
        *count = kept;
    marc_record_free(record);
    return status;
}

/* ---- the two ways */

static recto_status link_to(act *act, mms_id id, int version)
{
    recto_status status = repo_bib_set_link(act->catalog->repo, id, act->primary, act->error);
    const act_row row = { id, 'L', version, version, "changed", PART_INHERITED };
    return status == RECTO_OK ? act_note(act, &row, "linked to the network record %lld", (long long)act->primary) : status;
}

/* The network's text with the institution's own fields. */
static recto_status take_network_text(act *act, mms_id id, const marc_record *local, int version, int *after)
{
    marc_record *network = NULL, *made = NULL;
    bib_info info;
    bool left;
    char note[96];
    recto_status status = catalog_load(act->catalog, act->primary, &network, &info, act->error);
    if (status == RECTO_OK && (info.deleted || catalog_zone_of(act->catalog, act->primary) != act->catalog->network))
        status = refuse(act->primary, "no record of the network", NULL, act->error);
    if (status == RECTO_OK)
        status = marc_record_copy(&made, local, act->error);
    if (status == RECTO_OK)
        status = keep_to_local(&made, &left, network, act->error);
    snprintf(note, sizeof note, "text of the network record %lld", (long long)act->primary);
    if (status == RECTO_OK)
        status = write_version(after, act->catalog, id, version, made, "share", note, act->error);
    const act_row row = { id, 'B', version, *after, "changed", PART_PRIMARY };
    if (status == RECTO_OK)
        status = act_note(act, &row, "%s", note);
    marc_record_free(network);
    marc_record_free(made);
    return status;
}

static recto_status make_network_record(act *act, mms_id id, const marc_record *local)
{
    static const char *const own[] = { "001", "003", "005" };
    marc_record *copy = NULL;
    ingest_policy policy;
    ingest_outcome outcome = { .version = 0 };
    char note[120];
    snprintf(note, sizeof note, "shared by %s from %lld", act->catalog->own->code, (long long)id);
    recto_status status = marc_record_copy(&copy, local, act->error);
    for (size_t i = 0; i < sizeof own / sizeof *own && status == RECTO_OK; i++)
        while (marc_record_find(copy, own[i], 0) != SIZE_MAX)
            marc_record_remove(copy, marc_record_find(copy, own[i], 0));
    if (status == RECTO_OK)
        status = catalog_policy_for(&policy, act->catalog, "ask", act->catalog->network->id, act->error);
    const ingest_request request = { .record = copy,
                                     .id = act->primary,
                                     .zone = act->catalog->network->id,
                                     .policy = &policy,
                                     .ignore_matches = true,
                                     .note = note,
                                     .join_transaction = true };
    if (status == RECTO_OK)
        status = catalog_ingest(&outcome, act->catalog, &request, act->error);
    if (status == RECTO_OK && (outcome.kind != OUTCOME_ADDED || outcome.id != act->primary))
        status = refuse(id, outcome.message, "nothing was changed", act->error);
    const act_row row = { outcome.id, 'B', 0, outcome.version, "changed", PART_MADE };
    if (status == RECTO_OK)
        status = act_note(act, &row, "made from %lld", (long long)id);
    ingest_outcome_release(&outcome);
    marc_record_free(copy);
    return status;
}

/* ---- the whole */

static recto_status share_inside(act *act, mms_id id, int expected, bool makes)
{
    marc_record *local = NULL;
    bib_info info;
    int version = expected;
    char object[MMS_ID_LENGTH], detail[96];
    mms_id_format(object, id);
    recto_status status = load_local(&local, &info, act->catalog, id, act->error);
    if (status == RECTO_OK && info.version != expected)
        status = refuse(id, "the record was saved by others meanwhile", "look at it again", act->error);
    if (status == RECTO_OK && makes)
        status = repo_bib_new_id(act->catalog->repo, act->catalog->network->id, &act->primary, act->error);
    if (status == RECTO_OK)
        status = act_begin(act, "share", act->catalog->own->id, 0, act->error);
    if (status == RECTO_OK)
        status = makes ? make_network_record(act, id, local) : take_network_text(act, id, local, expected, &version);
    if (status == RECTO_OK)
        status = link_to(act, id, version);
    snprintf(detail, sizeof detail, "job %lld: %s %lld", (long long)act->job.id, makes ? "made" : "linked to",
             (long long)act->primary);
    if (status == RECTO_OK)
        status = catalog_audit(act->catalog, "bib.share", object, act->catalog->own->id, "done", detail, act->error);
    marc_record_free(local);
    return act_end(act, status);
}

static recto_status check_rights(catalog *catalog, mms_id id, bool makes, recto_error *error)
{
    char object[MMS_ID_LENGTH];
    mms_id_format(object, id);
    recto_status status = need_privilege(catalog, PRIVILEGE_CATALOG, "bib.share", object, error);
    if (status == RECTO_OK && makes && catalog->network != NULL && !catalog_may_in(catalog, catalog->network))
        status = refuse_privilege(catalog, PRIVILEGE_CATALOG_NETWORK, "bib.share", object, true, error);
    return status;
}

/* A draft that says nothing more than what is stored goes; any other is saved or discarded first. */
static recto_status settle_draft(catalog *catalog, mms_id id, recto_error *error)
{
    edit_session *open = session_open_for(catalog, id);
    if (!draft_exists(catalog, id))
        return RECTO_OK;
    if (open == NULL || open->state.view_only || marc_edit_changed(open->edit))
        return refuse(id, "you have unsaved changes of this record", "save or discard them first", error);
    recto_status status = draft_remove(catalog, id, error);
    if (status != RECTO_OK)
        return status;
    open->state.has_draft = false;
    open->kept = false;
    open->kept_revision = marc_edit_revision(open->edit);
    return RECTO_OK;
}

recto_status catalog_share(int64_t *job, mms_id *network, catalog *catalog, mms_id id, int expected_version, recto_error *error)
{
    transaction change = { .repo = NULL };
    act act = { .catalog = catalog, .primary = *network, .secondary = id, .error = error };
    bool locked = false;
    recto_status status = check_rights(catalog, id, *network == 0, error);
    if (status == RECTO_OK)
        status = lock_for(&locked, catalog, id, error);
    if (status == RECTO_OK)
        status = settle_draft(catalog, id, error);
    snprintf(act.job.title, sizeof act.job.title, "share %lld with the network", (long long)id);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = share_inside(&act, id, expected_version, *network == 0);
    status = transaction_end(&change, status, error);
    unlock_after(catalog, id, locked);
    if (status != RECTO_OK)
        return status;
    *job = act.job.id;
    *network = act.primary;
    session_follow(catalog, id);
    return RECTO_OK;
}
