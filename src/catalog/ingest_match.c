/* src/catalog/ingest_match.c - the match that the corridor finds, what is checked of it, and the merge with it.
 *
 * Inside the transaction: what is checked is what will be replaced. @spec gateway.md section 5, match-merge.md 4 to 7 */
#include "ingest.h"
#include "recto/repo/authorities.h"

#include <stdio.h>
#include <string.h>

static size_t changeable_match(const ingest_outcome *out, size_t *count)
{
    size_t first = SIZE_MAX;
    *count = 0;
    for (size_t i = 0; i < out->match_count; i++)
        if (out->matches[i].zone != ZONE_COMMUNITY && (*count)++ == 0)
            first = i;
    return first;
}

static bool is_community_linked(const passage *way)
{
    const repo_zone *zone = way->info.linked_to != 0 ? catalog_zone_of(way->catalog, way->info.linked_to) : NULL;
    return zone != NULL && zone->kind == ZONE_COMMUNITY;
}

/* Both levels by the rule of the zone that is saved into (match-merge 6.1). */
static recto_status check_brief(passage *way)
{
    int incoming = 0, stored = 0;
    if (!way->policy.refuse_briefer)
        return RECTO_OK;
    recto_status status = zone_rules_brief_level(&incoming, &way->rules, way->catalog, way->record, way->error);
    if (status == RECTO_OK)
        status = zone_rules_brief_level(&stored, &way->rules, way->catalog, way->stored, way->error);
    if (status != RECTO_OK || incoming >= stored)
        return status;
    outcome_say(way->out, OUTCOME_NOT_ADDED_BRIEF, "%s Incoming brief level %02d, MMS ID %lld has %02d.",
                outcome_message(OUTCOME_NOT_ADDED_BRIEF), incoming, (long long)way->info.id, stored);
    way->decided = true;
    return RECTO_OK;
}

static void check_place(passage *way)
{
    repo_lock holder;
    char sentence[80];
    if (is_community_linked(way)) {
        outcome_say(way->out, OUTCOME_CZ_LINKED, "%s MMS ID %lld is linked to the Community Zone.",
                    outcome_message(OUTCOME_CZ_LINKED), (long long)way->info.id);
    } else if (lock_refuses(way->catalog, way->info.id, &holder)) {
        char since[32];
        clock_format_short(since, sizeof since, holder.taken_at, catalog_now(way->catalog));
        outcome_say(way->out, OUTCOME_NOT_ADDED_LOCKED, "%s MMS ID %lld is locked by %.60s (%.60s) since %s.",
                    outcome_message(OUTCOME_NOT_ADDED_LOCKED), (long long)way->info.id, holder.owner, holder.institution, since);
    } else if (level_refuses(sentence, sizeof sentence, way->catalog, way->info.cataloging_level)) {
        outcome_say(way->out, OUTCOME_REFUSED, "MMS ID %lld: %s. Nothing was saved.", (long long)way->info.id, sentence);
    } else {
        return;
    }
    way->decided = true;
}

/* Three names of one system (GW-63). */
static text system_named(const char *name)
{
    static const char *const names[] = { "OCLC", "OCoLC", "WorldCat" };
    const text given = text_trim(text_from(name));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (text_equal_ascii_case(given, text_from(names[i])))
            return text_from(names[0]);
    return given;
}

static void check_age(passage *way)
{
    const ingest_policy *policy = &way->policy;
    const char *stored = way->info.originating_version;
    if (policy->age_rule == MATCH_AGE_DISREGARD ||
        !match_is_older(way->record, system_named(policy->originating_system), way->stored,
                        system_named(way->info.originating_system), text_from(stored), policy->age_rule))
        return;
    const text own = marc_record_control(way->stored, "005");
    const text last = stored[0] != '\0' ? text_from(stored) : own;
    outcome_say(way->out, OUTCOME_NOT_ADDED_OLD, "%s Incoming 005 %s, MMS ID %lld %s %.*s.",
                outcome_message(OUTCOME_NOT_ADDED_OLD), way->incoming_005, (long long)way->info.id,
                stored[0] != '\0' ? "was last imported with" : "has", (int)(last.length < 24 ? last.length : 24), last.bytes);
    way->decided = true;
}

static recto_status check_match(passage *way)
{
    recto_status status = RECTO_OK;
    check_place(way);
    if (!way->decided)
        status = check_brief(way);
    if (status == RECTO_OK && !way->decided)
        check_age(way);
    return status;
}

static recto_status merge_into(marc_record **out, passage *way)
{
    const merge_program *program = NULL;
    recto_status status = policy_merge_program(&program, way->catalog, &way->policy, way->zone->id, way->error);
    if (status == RECTO_OK)
        status = marc_record_new(out, way->error);
    if (status == RECTO_OK)
        status = match_merge_record(*out, program, way->stored, way->record, way->error);
    if (status == RECTO_OK)
        way->note = program->name;
    return status;
}

static recto_status overlay_onto(marc_record **out, passage *way)
{
    merge_result *result = NULL;
    recto_status status = match_overlay(&result, way->stored, way->record, way->error);
    if (status == RECTO_OK)
        status = marc_record_copy(out, merge_result_record(result), way->error);
    merge_result_free(result);
    way->note = "overlaid";
    return status;
}

static recto_status combine(passage *way)
{
    marc_record *merged = NULL;
    const bool overlay = way->policy.on_match == ON_MATCH_OVERLAY;
    recto_status status = overlay ? overlay_onto(&merged, way) : merge_into(&merged, way);
    if (status != RECTO_OK) {
        marc_record_free(merged);
        return status;
    }
    marc_record_free(way->record);
    way->record = merged;
    way->out->kind = overlay ? OUTCOME_OVERLAID : OUTCOME_MERGED;
    return RECTO_OK;
}

/* One match that may be changed: it is loaded inside the transaction, so what is checked is what will be replaced. */
static recto_status take_match(passage *way, mms_id id)
{
    recto_status status = passage_load_stored(way, id);
    if (status != RECTO_OK)
        return status;
    way->out->id = id;
    way->out->version = way->info.version;
    passage_enter(way, INGEST_CHECK);
    status = check_match(way);
    passage_enter(way, INGEST_MERGE);
    return way->decided || status != RECTO_OK ? status : combine(way);
}

static recto_status decide_match(passage *way)
{
    size_t changeable;
    const size_t first = changeable_match(way->out, &changeable);
    switch (way->policy.on_match) {
    case ON_MATCH_ASK:
        passage_decide(way, OUTCOME_NEEDS_DECISION);
        return RECTO_OK;
    case ON_MATCH_NEW:
        return RECTO_OK;
    case ON_MATCH_REFUSE:
        outcome_say(way->out, OUTCOME_REFUSED, "%zu record%s in the catalog match%s. Nothing was saved.", way->out->match_count,
                    way->out->match_count == 1 ? "" : "s", way->out->match_count == 1 ? "es" : "");
        way->decided = true;
        return RECTO_OK;
    case ON_MATCH_MERGE:
    case ON_MATCH_OVERLAY:
        break;
    }
    if (changeable > 1) {
        passage_decide(way, OUTCOME_MULTI_MATCH);
        return RECTO_OK;
    }
    if (changeable == 0) {
        way->out->id = way->out->matches[0].info.id;
        passage_decide(way, OUTCOME_CZ_LINKED);
        return RECTO_OK;
    }
    return take_match(way, way->out->matches[first].info.id);
}

recto_status passage_match(passage *way)
{
    const bool known = way->stored != NULL;
    match_list list;
    if (way->request->ignore_matches || (known && (!way->policy.match_again || way->policy.on_match != ON_MATCH_ASK)))
        return RECTO_OK;
    const mms_id linked = way->extra != NULL ? way->extra->copied_from : 0;
    recto_status status =
        matches_find(&list, way->catalog, way->record, way->request->id, linked, way->zone->id, &way->policy, way->error);
    if (status != RECTO_OK)
        return status;
    way->out->matches = list.hits;
    way->out->match_count = list.count;
    return list.count > 0 ? decide_match(way) : RECTO_OK;
}

/* ---- authority records ---- */

static recto_status refuse_same_number(passage *way, mms_id known, mms_id other)
{
    bib_info info;
    recto_status status = repo_bib_info(way->catalog->repo, known, &info, catalog_now(way->catalog), way->error);
    if (status != RECTO_OK)
        return status;
    if (other != 0)
        outcome_say(way->out, OUTCOME_MULTI_MATCH,
                    "The numbers of this record (010, 035) are those of two others, MMS ID %lld and %lld. Nothing was saved.",
                    (long long)known, (long long)other);
    else
        outcome_say(
            way->out, OUTCOME_REFUSED,
            "MMS ID %lld, %.100s, has the same number (010, 035). Open that one, or take the number out. Nothing was saved.",
            (long long)known, info.title);
    way->decided = true;
    return RECTO_OK;
}

recto_status passage_match_authority(passage *way)
{
    const bool overlays = way->policy.structure_only || way->policy.on_match == ON_MATCH_OVERLAY;
    mms_id known = 0, other = 0;
    buffer heading;
    buffer_init(&heading, 0);
    marc_record_title(&heading, way->record);
    if (heading.length == 0) {
        outcome_say(way->out, OUTCOME_INVALID, "Not saved: the authority record has no heading (1XX).");
        way->decided = true;
    }
    const bool failed = buffer_failed(&heading);
    buffer_release(&heading);
    if (failed || way->decided)
        return failed ? recto_fail_memory(way->error, "saving an authority record") : RECTO_OK;
    if (way->request->ignore_matches)
        return RECTO_OK;
    recto_status status =
        repo_authority_known(&known, &other, way->catalog->repo, way->zone->id, way->record, way->request->id, way->error);
    if (status != RECTO_OK || known == 0)
        return status;
    if (way->stored != NULL || other != 0 || !overlays)
        return refuse_same_number(way, known, other);
    status = passage_load_stored(way, known);
    if (status != RECTO_OK)
        return status;
    way->out->id = known;
    way->out->version = way->info.version;
    check_place(way);
    return RECTO_OK;
}
