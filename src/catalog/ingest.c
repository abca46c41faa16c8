/* src/catalog/ingest.c - the corridor: normalize, validate, match, check, merge, save; one transaction, one outcome.
 *
 * All three doors walk it; what differs is the policy. Lock and version are looked at inside the write transaction, so that
 * nothing can change between the look and the save (RL-40). @spec architecture.md, gateway.md section 5, match-merge.md */
#include "ingest.h"
#include "recto/repo/authorities.h"

#include <stdio.h>
#include <string.h>

/* ---- where the walk is */

void passage_enter(passage *way, ingest_stage stage)
{
    ingest_trace *trace = way->extra != NULL ? way->extra->trace : NULL;
    if (trace == NULL)
        return;
    const int64_t now = recto_clock_monotonic_ms();
    trace->milliseconds[trace->stage] += (int)(now - trace->since);
    trace->stage = stage;
    trace->since = now;
}

void passage_decide(passage *way, outcome_kind kind)
{
    outcome_say(way->out, kind, NULL);
    way->decided = true;
}

/* ---- who may, and where */

recto_status passage_privilege(passage *way)
{
    catalog *desk = way->catalog;
    const bool loads = strcmp(way->policy.door, "load") == 0;
    const privilege wanted = way->zone->kind == ZONE_COMMUNITY ? PRIVILEGE_ADMINISTER
                             : way->zone->kind == ZONE_NETWORK ? PRIVILEGE_CATALOG_NETWORK
                                                               : PRIVILEGE_CATALOG;
    if (way->zone->kind == ZONE_COMMUNITY && !loads) {
        outcome_say(way->out, OUTCOME_REFUSED, "%s", CANNOT_CHANGE_COMMUNITY);
        way->decided = true;
    } else if (!catalog_may(desk, wanted)) {
        refuse_privilege(desk, wanted, "bib.save", way->zone->code, way->request->join_transaction, NULL);
        outcome_say(way->out, OUTCOME_REFUSED, "You are not authorized to perform this action: it %s.",
                    privilege_sentence(wanted));
        way->decided = true;
    } else if (way->zone->kind == ZONE_INSTITUTION && way->zone != desk->own) {
        outcome_say(way->out, OUTCOME_REFUSED, "%s is another institution's zone.", way->zone->code);
        way->decided = true;
    } else if (catalog_is_read_only(desk)) {
        outcome_say(way->out, OUTCOME_REFUSED, "The repository is open for reading only.");
        way->decided = true;
    }
    return RECTO_OK;
}

/* What a record is never changes: its number says so. */
static void check_family(passage *way)
{
    const bool family = marc_family_of(way->request->record) == MARC_AUTHORITY;
    way->authority = way->request->id != 0 ? repo_is_authority(way->request->id) : family;
    if (way->authority == family)
        return;
    outcome_say(way->out, OUTCOME_REFUSED,
                family ? "Leader/06 z is for authority records, and this is a bibliographic one. Nothing was saved."
                       : "This is an authority record: leader/06 must stay z. Nothing was saved.");
    way->decided = true;
}

/* ---- the known record: version and lock */

static void refuse_unseen(passage *way)
{
    char when[64];
    clock_format_local(when, sizeof when, way->info.modified_at);
    outcome_say(way->out, OUTCOME_REFUSED,
                "MMS ID %lld changed at %s by %s (version %d); your copy is of version %d. Nothing was saved.",
                (long long)way->info.id, when, way->info.modified_by, way->info.version, way->request->base_version);
    way->decided = true;
}

/* The editor's record, now in other hands (ED-85): the text stays, as its draft. */
static void refuse_taken_over(passage *way, const repo_lock *holder)
{
    char when[32];
    const int64_t now = catalog_now(way->catalog);
    const bool saved = way->info.version != way->request->base_version;
    const char *by = holder->id != 0 ? holder->owner : way->info.modified_by;
    clock_format_short(when, sizeof when, holder->id != 0 ? holder->taken_at : way->info.modified_at, now);
    if (saved)
        outcome_say(way->out, OUTCOME_REFUSED,
                    "This record was taken over by %.60s at %s and saved as version %d. Your text is kept as a draft.", by, when,
                    way->info.version);
    else
        outcome_say(way->out, OUTCOME_REFUSED, "This record was taken over by %.60s at %s. Your text is kept as a draft.", by,
                    when);
    way->decided = true;
}

/* Levels hold for every door (ED-179). */
static void check_level(passage *way)
{
    char sentence[80];
    if (way->decided || !level_refuses(sentence, sizeof sentence, way->catalog, way->info.cataloging_level))
        return;
    outcome_say(way->out, OUTCOME_REFUSED, "MMS ID %lld: %s. Nothing was saved.", (long long)way->info.id, sentence);
    way->decided = true;
}

static void check_known(passage *way)
{
    repo_lock holder;
    const bool editor = way->extra != NULL && way->extra->draft != 0;
    const bool locked = lock_refuses(way->catalog, way->info.id, &holder);
    const bool unseen = way->request->base_version != way->info.version;
    if (way->info.deleted) {
        outcome_say(way->out, OUTCOME_REFUSED, "MMS ID %lld was deleted by %s. Nothing was saved.", (long long)way->info.id,
                    way->info.modified_by);
        way->decided = true;
    } else if (editor && (locked || unseen)) {
        if (!locked)
            holder.id = 0;
        refuse_taken_over(way, &holder);
    } else if (unseen) {
        refuse_unseen(way);
    } else if (locked) {
        char sentence[128];
        lock_sentence(sentence, sizeof sentence, way->catalog, &holder);
        outcome_say(way->out, OUTCOME_NOT_ADDED_LOCKED, "Locked: %s (%s). Nothing was saved.", sentence, holder.institution);
        way->decided = true;
    }
    check_level(way);
}

recto_status passage_load_stored(passage *way, mms_id id)
{
    return repo_bib_load(way->catalog->repo, id, &way->stored, &way->info, catalog_now(way->catalog), way->error);
}

static recto_status find_known(passage *way)
{
    if (way->request->id == 0 || way->request->base_version == 0)
        return RECTO_OK;
    recto_status status = passage_load_stored(way, way->request->id);
    if (status == RECTO_ENOTFOUND) {
        recto_error_clear(way->error);
        outcome_say(way->out, OUTCOME_REFUSED, "MMS ID %lld is not in the repository. Nothing was saved.",
                    (long long)way->request->id);
        way->decided = true;
        return RECTO_OK;
    }
    if (status == RECTO_OK) {
        way->out->id = way->info.id;
        way->out->version = way->info.version;
        check_known(way);
    }
    return status;
}

/* ---- the walk */

/* What the transaction holds: the order of gateway.md section 5. */
static recto_status walk_inside(passage *way)
{
    recto_status status = find_known(way);
    if (status != RECTO_OK || way->decided)
        return status;
    if (way->stored != NULL && same_content(way->record, way->stored)) {
        passage_decide(way, OUTCOME_UNCHANGED);
        return passage_drop_draft(way);
    }
    if (way->out->findings[MARC_SEVERITY_BLOCK] > 0) {
        passage_refuse_invalid(way);
        return RECTO_OK;
    }
    passage_enter(way, INGEST_MATCH);
    status = way->authority ? passage_match_authority(way) : passage_match(way);
    if (status == RECTO_OK && !way->decided) {
        passage_enter(way, INGEST_MERGE);
        status = passage_normalize_save(way);
    }
    if (status != RECTO_OK || way->decided)
        return status;
    passage_enter(way, INGEST_SAVE);
    return way->stored != NULL && same_content(way->record, way->stored) ? passage_settle_unchanged(way) : passage_save(way);
}

static recto_status walk(passage *way)
{
    transaction change = { .repo = NULL };
    recto_status status = passage_privilege(way);
    if (status != RECTO_OK || way->decided)
        return status;
    status = passage_copy_in(way);
    if (status == RECTO_OK)
        status = passage_reject(way);
    if (status != RECTO_OK || way->decided)
        return status;
    status = passage_normalize(way);
    passage_enter(way, INGEST_VALIDATE);
    if (status == RECTO_OK)
        status = passage_validate(way);
    passage_enter(way, INGEST_SAVE); /* what fails from here until the match is the repository's doing */
    if (status == RECTO_OK)
        status = transaction_begin(&change, way->catalog, way->request->join_transaction, way->error);
    if (status == RECTO_OK)
        status = walk_inside(way);
    return transaction_end(&change, status, way->error);
}

recto_status ingest_run(ingest_outcome *out, catalog *catalog, const ingest_request *request, const ingest_extra *extra,
                        recto_error *error)
{
    passage way = { .catalog = catalog, .request = request, .extra = extra, .out = out, .error = error };
    *out = (ingest_outcome){ .kind = OUTCOME_ADDED, .first_block_field = SIZE_MAX };
    const int zone = request->zone;
    way.zone = request->base_version != 0 ? catalog_zone_of(catalog, request->id) : catalog_zone_by_id(catalog, zone);
    if (way.zone == NULL)
        return recto_fail(error, RECTO_EINVALID, NULL, NULL, "no such zone");
    check_family(&way);
    recto_status status = way.decided ? RECTO_OK : policy_of_request(&way.policy, catalog, request->policy, way.zone->id, error);
    if (status == RECTO_OK && !way.decided)
        status = walk(&way);
    zone_rules_release(&way.rules);
    marc_record_free(way.record);
    marc_record_free(way.stored);
    if (status != RECTO_OK)
        ingest_outcome_release(out);
    return status;
}

recto_status catalog_ingest(ingest_outcome *out, catalog *catalog, const ingest_request *request, recto_error *error)
{
    return ingest_run(out, catalog, request, NULL, error);
}
