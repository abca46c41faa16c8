/* src/catalog/combine.c - Merge Records and Combine Inventory: looked at first, then done as one transaction and one job.
 *
 * The left record is the primary: it gets the merged text and all that hangs on the other. The save walks the same corridor as
 * every save; what it was made of is kept as rows of the job, so that undo_merge.c can put all of it back.
 * @spec match-merge 5.4, editor ED-155 to ED-163, inventory-orders IO-90 to IO-100 */
#include "combine.h"
#include "recto/base/plural.h"
#include "recto/catalog/rules.h"
#include "recto/repo/authorities.h"

#include <stdio.h>
#include <string.h>

/* ---- looking: may it be done? */

typedef struct pair {
    catalog *catalog;
    marc_record *primary, *secondary;
    bib_info primary_info, secondary_info;
} pair;

static void pair_release(pair *pair)
{
    marc_record_free(pair->primary);
    marc_record_free(pair->secondary);
}

static recto_status pair_load(pair *out, catalog *catalog, mms_id primary, mms_id secondary, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    *out = (pair){ .catalog = catalog };
    mms_id_format(where, primary);
    if (primary == secondary)
        return recto_fail(error, RECTO_EINVALID, where, "choose two records", "a record cannot be merged with itself");
    recto_status status = catalog_load(catalog, primary, &out->primary, &out->primary_info, error);
    return status == RECTO_OK ? catalog_load(catalog, secondary, &out->secondary, &out->secondary_info, error) : status;
}

static const char *zone_code(const catalog *catalog, int zone)
{
    const repo_zone *found = catalog_zone_by_id(catalog, zone);
    return found != NULL ? found->code : "?";
}

static bool linked_to_community(const catalog *catalog, const bib_info *info)
{
    const repo_zone *zone = info->linked_to != 0 ? catalog_zone_of(catalog, info->linked_to) : NULL;
    return zone != NULL && zone->kind == ZONE_COMMUNITY;
}

static bool has_unsaved(catalog *catalog, mms_id id)
{
    const edit_session *open = session_open_for(catalog, id);
    return (open != NULL && marc_edit_changed(open->edit)) || draft_exists(catalog, id);
}

/* What stands against one of the two. RECTO_OK: nothing. */
static recto_status one_refused(char *out, size_t capacity, catalog *catalog, const bib_info *info)
{
    repo_lock holder;
    char sentence[128];
    const long long id = (long long)info->id;
    if (repo_is_authority(info->id))
        snprintf(out, capacity, "MMS ID %lld is an authority record: only bibs are merged", id);
    else if (info->deleted)
        snprintf(out, capacity, "MMS ID %lld has been deleted by %s", id, info->modified_by);
    else if (linked_to_community(catalog, info))
        snprintf(out, capacity, "MMS ID %lld is linked to the Community Zone", id);
    else if (has_unsaved(catalog, info->id))
        snprintf(out, capacity, "MMS ID %lld has unsaved changes: save or discard them first", id);
    else if (lock_refuses(catalog, info->id, &holder)) {
        lock_sentence(sentence, sizeof sentence, catalog, &holder);
        snprintf(out, capacity, "MMS ID %lld is locked: %s", id, sentence);
        return RECTO_ELOCKED;
    } else
        return RECTO_OK;
    return RECTO_EREFUSED;
}

static recto_status pair_refused(char *out, size_t capacity, const pair *pair)
{
    catalog *desk = pair->catalog;
    const repo_zone *zone = catalog_zone_by_id(desk, pair->primary_info.zone);
    out[0] = '\0';
    if (pair->primary_info.zone != pair->secondary_info.zone)
        snprintf(out, capacity, "the two records are of different zones: %s and %s", zone_code(desk, pair->primary_info.zone),
                 zone_code(desk, pair->secondary_info.zone));
    else if (zone == NULL || zone->kind == ZONE_COMMUNITY)
        snprintf(out, capacity, "%s", CANNOT_CHANGE_COMMUNITY);
    else if (!catalog_may(desk, PRIVILEGE_COMBINE))
        snprintf(out, capacity, "merging records %s", privilege_sentence(PRIVILEGE_COMBINE));
    else if (!catalog_may_in(desk, zone))
        snprintf(out, capacity, "changing records of %s %s", zone->code, privilege_sentence(PRIVILEGE_CATALOG));
    else if (catalog_is_read_only(desk))
        snprintf(out, capacity, "the repository is open for reading only");
    else {
        recto_status status = one_refused(out, capacity, desk, &pair->primary_info);
        return status == RECTO_OK ? one_refused(out, capacity, desk, &pair->secondary_info) : status;
    }
    return RECTO_EREFUSED;
}

/* ---- looking: what would come of it? */

/* A method's name, a saved or shipped rule's, or the zone's own choice. */
static recto_status find_program(const merge_program **out, catalog *catalog, int zone, const char *rule, recto_error *error)
{
    if (rule == NULL || rule[0] == '\0')
        return catalog_merge_program(out, catalog, zone, RULE_USE_COMBINE, error);
    recto_status status = rules_merge_named(out, catalog, zone, rule, error);
    return status == RECTO_OK ? rule_needs_primary(catalog, zone, RULE_USE_COMBINE, rule, error) : status;
}

static recto_status count_links(combine_plan *plan, catalog *catalog, recto_error *error)
{
    id_list list;
    char reason[160];
    recto_status status = links_naming(&list, catalog, plan->secondary, plan->primary, error);
    if (status != RECTO_OK)
        return status;
    for (size_t i = 0; i < list.count; i++)
        if (links_refused(reason, sizeof reason, catalog, list.ids[i]))
            plan->not_mended++;
        else
            plan->relinked++;
    id_list_release(&list);
    status = repo_bibs_linked(catalog->repo, plan->secondary, id_list_add, &list, error);
    plan->linked = list.count;
    id_list_release(&list);
    return status;
}

static recto_status fill_plan(combine_plan *out, const pair *pair, const char *rule, recto_error *error)
{
    const merge_program *program = NULL;
    const bib_info *primary = &pair->primary_info, *secondary = &pair->secondary_info;
    out->primary = primary->id;
    out->secondary = secondary->id;
    out->primary_version = primary->version;
    out->secondary_version = secondary->version;
    out->holdings = (size_t)secondary->holdings;
    out->items = (size_t)secondary->items;
    snprintf(out->primary_title, sizeof out->primary_title, "%.*s", (int)sizeof out->primary_title - 1, primary->title);
    snprintf(out->secondary_title, sizeof out->secondary_title, "%.*s", (int)sizeof out->secondary_title - 1, secondary->title);
    recto_status status = count_links(out, pair->catalog, error);
    if (status == RECTO_OK)
        status = find_program(&program, pair->catalog, primary->zone, rule, error);
    if (status == RECTO_OK)
        snprintf(out->rule, sizeof out->rule, "%s", program->name);
    return status == RECTO_OK ? match_merge_run(&out->result, program, pair->primary, pair->secondary, error) : status;
}

recto_status catalog_combine_plan(combine_plan *out, catalog *catalog, mms_id primary, mms_id secondary, const char *rule,
                                  recto_error *error)
{
    pair pair;
    *out = (combine_plan){ .result = NULL };
    recto_status status = pair_load(&pair, catalog, primary, secondary, error);
    if (status == RECTO_OK)
        out->why = pair_refused(out->refusal, sizeof out->refusal, &pair);
    if (status == RECTO_OK)
        status = fill_plan(out, &pair, rule, error);
    pair_release(&pair);
    if (status != RECTO_OK)
        combine_plan_release(out);
    return status;
}

void combine_plan_release(combine_plan *plan)
{
    merge_result_free(plan->result);
    plan->result = NULL;
}

/* ---- doing */

/* What was looked at must be what is there now. */
static recto_status check_unchanged(const pair *pair, const combine_plan *plan, recto_error *error)
{
    const bib_info *infos[] = { &pair->primary_info, &pair->secondary_info };
    const int seen[] = { plan->primary_version, plan->secondary_version };
    char where[MMS_ID_LENGTH];
    for (size_t i = 0; i < 2; i++) {
        mms_id_format(where, infos[i]->id);
        if (infos[i]->version != seen[i])
            return recto_fail(error, RECTO_EREFUSED, where, "look at the merge again; nothing was changed",
                              "the record was saved by %s meanwhile (version %d; the preview was of version %d)",
                              infos[i]->modified_by, infos[i]->version, seen[i]);
    }
    return RECTO_OK;
}

static recto_status check_again(const pair *pair, const combine_plan *plan, recto_error *error)
{
    char refusal[200], where[MMS_ID_LENGTH];
    recto_status why = pair_refused(refusal, sizeof refusal, pair);
    mms_id_format(where, plan->primary);
    if (why != RECTO_OK)
        return recto_fail(error, why, where, "nothing was changed", "%s", refusal);
    return check_unchanged(pair, plan, error);
}

static recto_status merged_record(marc_record **out, const pair *pair, const combine_plan *plan, recto_error *error)
{
    recto_status status = marc_record_copy(out, merge_result_record(plan->result), error);
    if (status == RECTO_OK)
        status = normalize_keep_oclc(*out, pair->primary, error);
    return status == RECTO_OK ? normalize_keep_oclc(*out, pair->secondary, error) : status;
}

/* Through the corridor, as every save; what it refuses is refused here. */
static recto_status save_primary(act *act, const pair *pair, const combine_plan *plan)
{
    catalog *desk = act->catalog;
    marc_record *merged = NULL;
    char note[96], where[MMS_ID_LENGTH];
    ingest_policy policy = *catalog_policy("ask");
    ingest_outcome outcome = { .version = 0 };
    policy.door = "combine";
    policy.initial_normalization = false; /* both numbers are ours */
    snprintf(note, sizeof note, "merged with %lld", (long long)plan->secondary);
    mms_id_format(where, plan->primary);
    recto_status status = merged_record(&merged, pair, plan, act->error);
    const ingest_request request = { .record = merged,
                                     .id = plan->primary,
                                     .base_version = plan->primary_version,
                                     .zone = pair->primary_info.zone,
                                     .policy = &policy,
                                     .ignore_matches = true,
                                     .note = note,
                                     .join_transaction = true };
    if (status == RECTO_OK)
        status = catalog_ingest(&outcome, desk, &request, act->error);
    if (status == RECTO_OK && outcome.kind != OUTCOME_UPDATED && outcome.kind != OUTCOME_UNCHANGED)
        status = recto_fail(act->error, RECTO_EREFUSED, where, "nothing was changed", "%s", outcome.message);
    const int version = outcome.kind == OUTCOME_UNCHANGED ? plan->primary_version : outcome.version;
    const act_row row = {
        plan->primary, 'B', plan->primary_version, version, outcome.kind == OUTCOME_UNCHANGED ? "unchanged" : "changed",
        PART_PRIMARY
    };
    if (status == RECTO_OK)
        status = act_note(act, &row, "%s", note);
    ingest_outcome_release(&outcome);
    marc_record_free(merged);
    return status;
}

/* The network record of the secondary would have nobody here; a primary that has one of its own keeps that. */
static recto_status inherit_link(act *act, const pair *pair)
{
    const bib_info *primary = &pair->primary_info, *secondary = &pair->secondary_info;
    if (primary->linked_to != 0 || secondary->linked_to == 0 || secondary->linked_to == primary->id)
        return RECTO_OK;
    recto_status status = repo_bib_set_link(act->catalog->repo, primary->id, secondary->linked_to, act->error);
    if (status != RECTO_OK)
        return status;
    const act_row row = { primary->id, 'L', primary->version, primary->version, "changed", PART_INHERITED };
    return act_note(act, &row, "linked to %lld as the secondary was", (long long)secondary->linked_to);
}

static recto_status move_all(act *act, const combine_plan *plan)
{
    size_t holdings = 0, items = 0;
    char where[MMS_ID_LENGTH];
    mms_id_format(where, plan->secondary);
    recto_status status = move_holdings(act, plan->secondary, plan->primary, &holdings, &items);
    if (status == RECTO_OK && (holdings != plan->holdings || items != plan->items)) /* IO-97 */
        status = recto_fail(act->error, RECTO_EREFUSED, where, "look at the merge again; nothing was changed",
                            "its inventory changed meanwhile: %zu %s and %zu %s, the preview said %zu and %zu", holdings,
                            plural(holdings, "holding", "holdings"), items, plural(items, "item", "items"), plan->holdings,
                            plan->items);
    return status;
}

static recto_status delete_secondary(act *act, const combine_plan *plan)
{
    catalog *desk = act->catalog;
    recto_status status =
        repo_bib_delete(desk->repo, plan->secondary, plan->secondary_version, desk->user, catalog_now(desk), act->error);
    return status == RECTO_OK ? repo_bib_set_survivor(desk->repo, plan->secondary, plan->primary, act->error) : status;
}

static recto_status end_secondary(act *act, const pair *pair, const combine_plan *plan, combine_secondary what)
{
    catalog *desk = act->catalog;
    act_row row = { plan->secondary, 'B', plan->secondary_version, 0, "changed", PART_DELETED };
    recto_status status = RECTO_OK;
    if (what == COMBINE_DELETE) {
        status = delete_secondary(act, plan);
        return status == RECTO_OK ? act_note(act, &row, "deleted: merged into %lld", (long long)plan->primary) : status;
    }
    if (what == COMBINE_SUPPRESS && !pair->secondary_info.suppressed) {
        row.part = PART_SUPPRESSED;
        status = repo_bib_set_tags(desk->repo, plan->secondary, 0, 1, desk->user, catalog_now(desk), act->error);
        return status == RECTO_OK ? act_note(act, &row, "suppressed: merged into %lld", (long long)plan->primary) : status;
    }
    row.part = PART_KEPT;
    row.outcome = "unchanged";
    return act_note(act, &row, "kept: merged into %lld", (long long)plan->primary);
}

static recto_status audit_combine(act *act, const combine_plan *plan, combine_secondary what)
{
    static const char *const ends[] = { "deleted", "suppressed", "kept" };
    char object[MMS_ID_LENGTH], detail[200];
    mms_id_format(object, plan->primary);
    snprintf(detail, sizeof detail, "job %lld: %lld merged into it and %s; %zu %s and %zu %s moved, %zu %s mended",
             (long long)act->job.id, (long long)plan->secondary, ends[what], plan->holdings,
             plural(plan->holdings, "holding", "holdings"), plan->items, plural(plan->items, "item", "items"), plan->relinked,
             plural(plan->relinked, "link", "links"));
    return catalog_audit(act->catalog, "bib.merge", object, act->job.zone, "merged", detail, act->error);
}

static recto_status combine_inside(act *act, const pair *pair, const combine_plan *plan, combine_secondary what)
{
    recto_status status = act_begin(act, "combine", pair->primary_info.zone, 0, act->error);
    if (status == RECTO_OK)
        status = save_primary(act, pair, plan);
    if (status == RECTO_OK)
        status = inherit_link(act, pair);
    if (status == RECTO_OK)
        status = move_all(act, plan);
    if (status == RECTO_OK)
        status = links_mend(act);
    if (status == RECTO_OK)
        status = links_turn(act);
    if (status == RECTO_OK)
        status = end_secondary(act, pair, plan, what);
    if (status == RECTO_OK)
        status = audit_combine(act, plan, what);
    return act_end(act, status);
}

/* Both locks are held from the look to the end of the transaction; those that the editor holds stay. */
static recto_status combine_locked(act *act, const combine_plan *plan, combine_secondary what)
{
    catalog *desk = act->catalog;
    bool primary_taken = false, secondary_taken = false;
    pair pair = { .catalog = desk };
    recto_status status = pair_load(&pair, desk, plan->primary, plan->secondary, act->error);
    if (status == RECTO_OK)
        status = check_again(&pair, plan, act->error);
    if (status == RECTO_OK)
        status = lock_for(&primary_taken, desk, plan->primary, act->error);
    if (status == RECTO_OK)
        status = lock_for(&secondary_taken, desk, plan->secondary, act->error);
    if (status == RECTO_OK)
        status = combine_inside(act, &pair, plan, what);
    unlock_after(desk, plan->primary, primary_taken);
    unlock_after(desk, plan->secondary, secondary_taken);
    pair_release(&pair);
    return status;
}

static recto_status check_plan(mms_id primary, mms_id secondary, const combine_plan *plan, recto_error *error)
{
    if (plan->result == NULL || plan->primary != primary || plan->secondary != secondary)
        return recto_fail(error, RECTO_EINVALID, NULL, "look at these two first", "the plan is of other records");
    return RECTO_OK;
}

recto_status catalog_combine(int64_t *job, catalog *catalog, mms_id primary, mms_id secondary, combine_secondary what,
                             const combine_plan *plan, recto_error *error)
{
    transaction change = { .repo = NULL };
    char object[MMS_ID_LENGTH];
    act act = { .catalog = catalog, .primary = primary, .secondary = secondary, .error = error };
    mms_id_format(object, primary);
    snprintf(act.job.title, sizeof act.job.title, "combine: %lld into %lld", (long long)secondary, (long long)primary);
    recto_status status = check_plan(primary, secondary, plan, error);
    if (status == RECTO_OK)
        status = need_privilege(catalog, PRIVILEGE_COMBINE, "bib.merge", object, error);
    if (status == RECTO_OK)
        status = catalog_session_needed(catalog, error);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = combine_locked(&act, plan, what);
    status = transaction_end(&change, status, error);
    if (status != RECTO_OK)
        return status;
    *job = act.job.id;
    session_follow(catalog, 0); /* records whose links were mended may be open, too */
    return RECTO_OK;
}
