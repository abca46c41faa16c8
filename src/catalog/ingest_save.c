/* src/catalog/ingest_save.c - the corridor's writing: the version, its audit row, the draft that goes with it.
 *
 * @spec reliability RL-40, RL-173, gateway GW-45 */
#include "ingest.h"
#include "search_plan.h"
#include "recto/base/plural.h"

#include "recto/repo/authorities.h"
#include "recto/repo/custody.h"
#include "recto/repo/gateway.h"

#include <stdio.h>
#include <string.h>

static recto_status choose_id(passage *way, mms_id *id)
{
    if (way->stored != NULL)
        *id = way->info.id;
    else if (way->request->id != 0)
        *id = way->request->id; /* the temporary MMS ID that the header has shown */
    else if (way->authority)
        return repo_authority_new_id(way->catalog->repo, way->zone->id, id, way->error);
    else
        return repo_bib_new_id(way->catalog->repo, way->zone->id, id, way->error);
    return RECTO_OK;
}

static bool tags_merged(const passage *way)
{
    return way->extra != NULL && way->extra->tags_on_merge;
}

static recto_status write_version(passage *way, mms_id id)
{
    const ingest_policy *policy = &way->policy;
    int brief_level = 0;
    recto_status status =
        way->authority ? RECTO_OK : zone_rules_brief_level(&brief_level, &way->rules, way->catalog, way->record, way->error);
    if (status != RECTO_OK)
        return status;
    const char *version =
        way->extra != NULL && way->extra->originating_version != NULL ? way->extra->originating_version : way->incoming_005;
    /* A load is an import: later ones are compared with the 005 that it brought, not with the day it was loaded. */
    const bool imported = (policy->originating_system != NULL || policy->structure_only) && version[0] != '\0';
    char note[VERSION_NOTE], with_rules[VERSION_NOTE];
    const bib_write write = {
        .id = id,
        .zone = way->zone->id,
        .record = way->record,
        .expected_version = way->stored != NULL ? way->info.version : 0,
        .user = way->catalog->user,
        .origin = policy->door,
        .note =
            ingest_rules_note(with_rules, note_of_save(note, way->out->kind, way->note, way->request->note), way->out->by_rules),
        .now = catalog_now(way->catalog),
        .brief_level = brief_level,
        .cataloging_level = way->info.cataloging_level,
        .sync = way->stored == NULL || tags_merged(way) ? policy->sync : 0,
        .suppressed = -1,
        .originating_system = policy->originating_system,
        .originating_version = imported ? version : NULL,
        .linked_to = way->extra != NULL ? way->extra->linked_to : 0,
    };
    return repo_bib_write(way->catalog->repo, &write, &way->out->version, way->error);
}

/* The merge as a job of one row: what came in is kept with it, for it is stored nowhere else and taking the merge back would
 * lose it. The save's own audit row tells of it. @spec inventory-orders IO-100, import-profiles IP-182 */
static recto_status keep_incoming(passage *way, text incoming, int version_before)
{
    repo *repo = way->catalog->repo;
    const int64_t now = catalog_now(way->catalog);
    repo_job job = { .zone = way->zone->id, .started_at = now };
    repo_job_row row = {
        .id = way->out->id, .kind = 'B', .version_before = version_before, .version_after = way->out->version, .detail = incoming
    };
    snprintf(job.type, sizeof job.type, "merge");
    snprintf(job.title, sizeof job.title, "merge into %lld by %.100s", (long long)way->out->id, way->policy.door);
    snprintf(job.user, sizeof job.user, "%s", way->catalog->user);
    job_row_say(&row, "changed", "%s", outcome_name(way->out->kind));
    recto_status status = repo_job_begin(repo, &job, TEXT(""), way->error);
    if (status == RECTO_OK)
        status = repo_job_row_add(repo, job.id, &row, way->error);
    return status == RECTO_OK ? repo_job_end(repo, job.id, "done", now, way->error) : status;
}

static recto_status keep_merge(passage *way)
{
    const outcome_kind kind = way->out->kind;
    buffer bytes;
    if (way->stored == NULL)
        return RECTO_OK;
    if (way->extra != NULL && way->extra->merged_incoming.length > 0)
        return keep_incoming(way, way->extra->merged_incoming, way->info.version);
    if (kind != OUTCOME_MERGED && kind != OUTCOME_OVERLAID)
        return RECTO_OK;
    buffer_init(&bytes, 0);
    recto_status status = repo_record_encode(&bytes, way->request->record, way->error);
    if (status == RECTO_OK)
        status = keep_incoming(way, buffer_text(&bytes), way->info.version);
    buffer_release(&bytes);
    return status;
}

/* A load writes one audit row a batch, which its caller does; all else one a record (RL-173). */
static recto_status audit_save(passage *way)
{
    char object[MMS_ID_LENGTH], detail[400];
    const char *more = way->extra != NULL && way->extra->audit != NULL ? way->extra->audit : NULL;
    if (way->request->join_transaction && way->policy.structure_only)
        return RECTO_OK;
    mms_id_format(object, way->out->id);
    snprintf(detail, sizeof detail, "%s: version %d to %d%s%s", way->policy.door, way->stored != NULL ? way->info.version : 0,
             way->out->version, more != NULL ? "; " : "", more != NULL ? more : "");
    return catalog_audit(way->catalog, way->authority ? "authority.save" : "bib.save", object, way->zone->id,
                         outcome_name(way->out->kind), detail, way->error);
}

recto_status passage_drop_draft(passage *way)
{
    if (way->extra == NULL || way->extra->draft == 0)
        return RECTO_OK;
    recto_status status = repo_draft_remove(way->catalog->repo, way->catalog->user, way->extra->draft, way->error);
    return status == RECTO_OK ? repo_notices_settle(way->catalog->repo, way->catalog->user, way->extra->draft, way->error)
                              : status;
}

static void say_saved(passage *way)
{
    ingest_outcome *out = way->out;
    const char *how = "saved as version";
    if (out->kind == OUTCOME_ADDED)
        how = "new record, saved as version";
    else if (out->kind == OUTCOME_MERGED)
        how = "merged, saved as version";
    else if (out->kind == OUTCOME_OVERLAID)
        how = "overlaid, saved as version";
    char brief[160];
    ingest_rules_short(brief, sizeof brief, out->by_rules);
    outcome_say(out, out->kind, "MMS ID %lld: %s %d.%s%s%s", (long long)out->id, how, out->version,
                brief[0] != '\0' ? " On save: " : "", brief, brief[0] != '\0' ? "." : "");
}

/* The heading of an authority record was changed: how many bibs have the one before. @spec ED-119 */
static recto_status tell_former_bibs(passage *way)
{
    size_t count = 0, length = strlen(way->out->message);
    bool at_most = false;
    buffer before, after;
    buffer_init(&before, 0);
    buffer_init(&after, 0);
    repo_authority_key(&before, way->stored);
    repo_authority_key(&after, way->record);
    const bool same = text_equal(buffer_text(&before), buffer_text(&after));
    recto_status status = RECTO_OK;
    if (!same)
        status = authority_count_former(&count, &at_most, way->catalog, way->out->id, way->stored, way->error);
    if (status == RECTO_OK && count > 0)
        snprintf(way->out->message + length, sizeof way->out->message - length, " The former heading is that of %s%zu %s.",
                 at_most ? "up to " : "", count, plural(count, "bib", "bibs"));
    buffer_release(&before);
    buffer_release(&after);
    return status;
}

recto_status passage_save(passage *way)
{
    mms_id id = 0;
    buffer stored_005;
    buffer_init(&stored_005, 64);
    if (way->stored != NULL && way->out->kind == OUTCOME_ADDED)
        way->out->kind = OUTCOME_UPDATED;
    recto_status status = choose_id(way, &id);
    if (status == RECTO_OK && way->stored != NULL)
        buffer_append_text(&stored_005, marc_record_control(way->stored, "005"));
    if (status == RECTO_OK)
        status = normalize_system_fields(way->record, id, recto_clock_ticks(&way->catalog->clock), buffer_text(&stored_005),
                                         way->error);
    if (status == RECTO_OK)
        status = write_version(way, id);
    if (status == RECTO_OK) {
        way->out->id = id;
        status = keep_merge(way);
    }
    if (status == RECTO_OK)
        status = audit_save(way);
    if (status == RECTO_OK)
        status = passage_drop_draft(way);
    if (status == RECTO_OK)
        say_saved(way);
    if (status == RECTO_OK && way->authority && way->stored != NULL && !way->policy.structure_only)
        status = tell_former_bibs(way);
    buffer_release(&stored_005);
    return status;
}

/* A merge that brought nothing new (GW-45): what the import says of the record counts all the same. */
recto_status passage_settle_unchanged(passage *way)
{
    const bool dated = way->incoming_005[0] != '\0';
    passage_decide(way, OUTCOME_UNCHANGED);
    if (!tags_merged(way))
        return RECTO_OK;
    return repo_bib_set_source(way->catalog->repo, way->info.id, way->policy.sync, way->policy.originating_system,
                               dated ? way->incoming_005 : NULL, way->error);
}
