/* src/catalog/matches.c - finding the records of the repository that a record matches, and saying what may be done with each.
 *
 * match/ decides what is the same; this file only brings the candidates. @spec search-resources.md section 7 */
#include "match_facts.h"
#include "recto/repo/links.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CANDIDATES_MAX = 2000 }; /* a key as common as that is no identifier */

const char CANNOT_CHANGE_COMMUNITY[] = "Community Zone records cannot be changed. Use Copy to Catalog to make a local record.";

typedef struct candidate_list {
    catalog *catalog;
    const int *zones;
    size_t zone_count;
    mms_id self;
    mms_id *ids;
    size_t count, capacity;
    recto_status status;
    recto_error *error;
} candidate_list;

/* How the zone matches such a record: by one method, or by a table of them. */
typedef struct how {
    match_method method;
    const match_profile *profile; /* NULL: by the method */
} how;

static how how_to_match(const ingest_policy *policy, const marc_record *record)
{
    const bool serial = match_is_serial(record);
    const match_profile *profile = serial ? &policy->serial_profile : &policy->non_serial_profile;
    return (how){ .method = serial ? policy->serial_match : policy->non_serial_match,
                  .profile = profile->count > 0 ? profile : NULL };
}

static bool add_candidate(void *context, mms_id id)
{
    candidate_list *list = context;
    if (id == list->self)
        return true;
    for (size_t i = 0; i < list->count; i++)
        if (list->ids[i] == id)
            return true;
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 16;
        mms_id *grown = realloc(list->ids, capacity * sizeof *grown);
        if (grown == NULL) {
            list->status = recto_fail_memory(list->error, "looking for matches");
            return false;
        }
        list->ids = grown;
        list->capacity = capacity;
    }
    list->ids[list->count++] = id;
    return list->count < CANDIDATES_MAX;
}

/* A record's own number: its MMS ID, if it is in one of the zones and not deleted. */
static bool look_up_number(candidate_list *list, text number)
{
    mms_id id;
    bib_info info;
    if (!mms_id_parse(&id, number) ||
        repo_bib_info(list->catalog->repo, id, &info, catalog_now(list->catalog), NULL) != RECTO_OK || info.deleted)
        return true;
    for (size_t i = 0; i < list->zone_count; i++)
        if (list->zones[i] == info.zone)
            return add_candidate(list, id);
    return true;
}

static bool look_up_key(void *context, const marc_key *key)
{
    candidate_list *list = context;
    if (key->kind == MARC_KEY_RECORD)
        return look_up_number(list, key->key);
    recto_status status = repo_find_by_key(list->catalog->repo, key->kind, key->key, list->zones, list->zone_count, add_candidate,
                                           list, list->error);
    if (status != RECTO_OK && status != RECTO_ENOTFOUND)
        list->status = status;
    return list->status == RECTO_OK && list->count < CANDIDATES_MAX;
}

static recto_status add_hit(match_list *out, const match_hit *hit, recto_error *error)
{
    if (out->count == out->capacity) {
        const size_t capacity = out->capacity > 0 ? 2 * out->capacity : 4;
        match_hit *grown = realloc(out->hits, capacity * sizeof *grown);
        if (grown == NULL)
            return recto_fail_memory(error, "listing matches");
        out->hits = grown;
        out->capacity = capacity;
    }
    out->hits[out->count++] = *hit;
    return RECTO_OK;
}

static void say_what_may_be_done(match_hit *hit, catalog *catalog)
{
    const repo_zone *zone = catalog_zone_by_id(catalog, hit->info.zone);
    repo_lock holder;
    hit->zone = zone != NULL ? zone->kind : ZONE_COMMUNITY;
    if (hit->zone == ZONE_COMMUNITY) {
        snprintf(hit->cannot, sizeof hit->cannot, "%s", CANNOT_CHANGE_COMMUNITY);
    } else if (!catalog_may_in(catalog, zone)) {
        snprintf(hit->cannot, sizeof hit->cannot, "Changing it %s.", privilege_sentence(PRIVILEGE_CATALOG));
    } else if (lock_refuses(catalog, hit->info.id, &holder)) {
        char since[32];
        clock_format_short(since, sizeof since, holder.taken_at, catalog_now(catalog));
        snprintf(hit->cannot, sizeof hit->cannot, "Locked by %.60s since %s: view only.", holder.owner, since);
    }
    hit->can_change = hit->cannot[0] == '\0';
}

/* A person decides, so these only warn (SR-96), in the words of the refusals. */
static void warn(match_hit *hit, catalog *catalog, const marc_record *incoming, const marc_record *stored,
                 const ingest_policy *policy)
{
    int coming, here;
    if (catalog_brief_level(&coming, catalog, hit->info.zone, incoming, NULL) == RECTO_OK &&
        catalog_brief_level(&here, catalog, hit->info.zone, stored, NULL) == RECTO_OK && coming < here)
        snprintf(hit->warning, sizeof hit->warning, "%s Incoming %02d, here %02d.", outcome_message(OUTCOME_NOT_ADDED_BRIEF),
                 coming, here);
    else if (match_is_older(incoming, text_from(policy->originating_system), stored, text_from(hit->info.originating_system),
                            text_from(hit->info.originating_version), MATCH_AGE_ALWAYS))
        snprintf(hit->warning, sizeof hit->warning, "%s", outcome_message(OUTCOME_NOT_ADDED_OLD));
}

/* Somebody has decided that the two are not the same (SR-93). */
static bool decided_apart(catalog *catalog, mms_id self, mms_id id)
{
    bool apart = false;
    return self != 0 && repo_apart(catalog->repo, self, id, &apart, NULL) == RECTO_OK && apart;
}

static bool compare(match_outcome *out, const how *how, const marc_record *record, const marc_record *stored)
{
    return how->profile != NULL ? match_profile_compare(out, record, stored, how->profile, false)
                                : match_compare(out, record, stored, how->method, NULL);
}

/* *outcome is met: a hit was added, and the outcome is that of the hit. */
static recto_status judge(match_list *out, match_outcome *outcome, catalog *catalog, const marc_record *record, mms_id id,
                          mms_id self, const how *how, const ingest_policy *policy, recto_error *error)
{
    marc_record *stored = NULL;
    match_hit hit = { .method = how->method };
    *outcome = (match_outcome){ .met = false };
    recto_status status = repo_bib_load(catalog->repo, id, &stored, &hit.info, catalog_now(catalog), error);
    if (status == RECTO_ENOTFOUND) { /* gone between the index and here: no candidate */
        recto_error_clear(error);
        return RECTO_OK;
    }
    if (status != RECTO_OK)
        return status;
    /* A record never matches itself, nor the copy it is linked to (SR-84). */
    if (!hit.info.deleted && (self == 0 || hit.info.linked_to != self) && compare(outcome, how, record, stored)) {
        if (how->profile != NULL && outcome->row > 0)
            hit.method = how->profile->rows[outcome->row - 1].method;
        snprintf(hit.why, sizeof hit.why, "%s", outcome->why);
        say_what_may_be_done(&hit, catalog);
        warn(&hit, catalog, record, stored, policy);
        match_facts_fill(&hit, record, stored);
        status = add_hit(out, &hit, error);
    } else if (outcome->starved) {
        status = recto_fail_memory(error, "looking for matches");
    }
    marc_record_free(stored);
    return status;
}

/* Only the first row or step in which anything matched counts; better ones come first, equal ones as they were found. */
static void keep_first(match_list *list, match_outcome *outcomes)
{
    size_t kept = 0;
    (void)match_keep_first(outcomes, list->count);
    for (size_t i = 0; i < list->count; i++) {
        const match_hit hit = list->hits[i];
        const match_outcome outcome = outcomes[i];
        size_t at = kept;
        if (!outcome.met)
            continue;
        for (; at > 0 && match_outcome_order(&outcomes[at - 1], &outcome) > 0; at--) {
            list->hits[at] = list->hits[at - 1];
            outcomes[at] = outcomes[at - 1];
        }
        list->hits[at] = hit;
        outcomes[at] = outcome;
        kept++;
    }
    list->count = kept;
}

static size_t zones_to_ask(int zones[static 2], const catalog *catalog, int zone, bool ignore_community)
{
    size_t count = 0;
    zones[count++] = zone;
    if (!ignore_community && catalog->community != NULL && catalog->community->id != zone)
        zones[count++] = catalog->community->id;
    return count;
}

static mms_id linked_copy(catalog *catalog, mms_id self)
{
    bib_info info;
    if (self == 0 || repo_bib_info(catalog->repo, self, &info, catalog_now(catalog), NULL) != RECTO_OK)
        return 0;
    return info.linked_to;
}

static recto_status judge_all(match_list *out, candidate_list *list, const marc_record *record, mms_id linked, const how *how,
                              const ingest_policy *policy)
{
    catalog *desk = list->catalog;
    match_outcome *outcomes = list->count > 0 ? calloc(list->count, sizeof *outcomes) : NULL;
    if (list->count > 0 && outcomes == NULL)
        return recto_fail_memory(list->error, "looking for matches");
    const mms_id copy = list->count > 0 ? linked_copy(desk, list->self) : 0;
    recto_status status = RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < list->count; i++)
        if ((linked == 0 || list->ids[i] != linked) && (copy == 0 || list->ids[i] != copy) &&
            !decided_apart(desk, list->self, list->ids[i]))
            status = judge(out, &outcomes[out->count], desk, record, list->ids[i], list->self, how, policy, list->error);
    if (status == RECTO_OK && out->count > 0)
        keep_first(out, outcomes);
    free(outcomes);
    return status;
}

recto_status matches_find(match_list *out, catalog *catalog, const marc_record *record, mms_id self, mms_id linked, int zone,
                          const ingest_policy *policy, recto_error *error)
{
    const how how = how_to_match(policy, record);
    int zones[2];
    candidate_list list = { .catalog = catalog, .zones = zones, .self = self, .status = RECTO_OK, .error = error };
    *out = (match_list){ .hits = NULL };
    if (how.method == MATCH_NONE && how.profile == NULL)
        return RECTO_OK;
    list.zone_count = zones_to_ask(zones, catalog, zone, policy->ignore_community);
    const bool all_asked = how.profile != NULL ? match_profile_wanted_keys(record, how.profile, look_up_key, &list)
                                               : match_wanted_keys(record, how.method, look_up_key, &list);
    if (list.status == RECTO_OK && !all_asked)
        list.status = recto_fail_memory(error, "looking for matches");
    if (list.status == RECTO_OK)
        list.status = judge_all(out, &list, record, linked, &how, policy);
    free(list.ids);
    if (list.status != RECTO_OK) {
        free(out->hits);
        *out = (match_list){ .hits = NULL };
    }
    return list.status;
}

recto_status catalog_find_matches(match_hit **out, size_t *count, catalog *catalog, const marc_record *record, mms_id self,
                                  int zone, const ingest_policy *policy, recto_error *error)
{
    ingest_policy settled;
    match_list list;
    recto_status status = policy_of_request(&settled, catalog, policy, zone, error);
    if (status == RECTO_OK)
        status = matches_find(&list, catalog, record, self, 0, zone, &settled, error);
    if (status != RECTO_OK)
        return status;
    *out = list.hits;
    *count = list.count;
    return RECTO_OK;
}

mms_id catalog_already_held(catalog *catalog, const marc_record *record, zone_kind *zone)
{
    const repo_zone *places[] = { catalog->own, catalog->network };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        ingest_policy policy;
        match_list list;
        mms_id found = 0;
        if (places[i] == NULL || catalog_policy_for(&policy, catalog, "ask", places[i]->id, NULL) != RECTO_OK)
            continue;
        policy.ignore_community = true;
        if (matches_find(&list, catalog, record, 0, 0, places[i]->id, &policy, NULL) != RECTO_OK)
            continue;
        if (list.count > 0)
            found = list.hits[0].info.id;
        free(list.hits);
        if (found == 0)
            continue;
        if (zone != NULL)
            *zone = places[i]->kind;
        return found;
    }
    return 0;
}
