/* src/catalog/ingest.c - the corridor: normalize, validate, match, check, merge, save; one transaction, one outcome.
 *
 * All three doors walk it; what differs is the policy. Lock and version are looked at inside the write transaction, so that
 * nothing can change between the look and the save (RL-40). @spec architecture.md, gateway.md section 5, match-merge.md */
#include "inside.h"

#include "recto/repo/gateway.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One record on its way through the corridor. */
typedef struct passage {
    catalog *catalog;
    const ingest_request *request;
    const ingest_extra *extra;
    ingest_policy policy;
    const repo_zone *zone;
    zone_rules rules; /* what the zone has chosen */
    ingest_outcome *out;
    marc_record *record; /* the working copy; what will be saved */
    marc_record *stored; /* of a known record or of the one match; NULL */
    bib_info info;       /* of `stored` */
    char incoming_005[CLOCK_005_LENGTH + 1];
    const char *note;
    bool decided; /* out->kind is an outcome without a save */
    recto_error *error;
} passage;

static void enter(passage *way, ingest_stage stage)
{
    ingest_trace *trace = way->extra != NULL ? way->extra->trace : NULL;
    if (trace == NULL)
        return;
    const int64_t now = recto_clock_monotonic_ms();
    trace->milliseconds[trace->stage] += (int)(now - trace->since);
    trace->stage = stage;
    trace->since = now;
}

static void decide(passage *way, outcome_kind kind)
{
    outcome_say(way->out, kind, NULL);
    way->decided = true;
}

/* ---- who may, and where */

static recto_status check_privilege(passage *way)
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

/* ---- reject, normalize and validate: pure, before the transaction */

/* New to the repository: what is known already was looked at when it came. */
static bool is_incoming(const passage *way)
{
    return way->request->base_version == 0;
}

/* What a cataloger typed here came from nowhere, and is not refused as an import is. */
static bool is_typed(const passage *way)
{
    return way->extra != NULL && way->extra->draft != 0 && way->policy.originating_system == NULL;
}

static recto_status reject(passage *way)
{
    char rule[sizeof((catalog_rule *)NULL)->name];
    bool refused = false;
    if (!is_incoming(way) || is_typed(way))
        return RECTO_OK;
    recto_status status = zone_rules_reject(&refused, rule, &way->rules, way->catalog, way->record, way->error);
    if (status != RECTO_OK || !refused)
        return status;
    outcome_say(way->out, OUTCOME_REFUSED, "Refused by the indication rule '%s' of %s. Nothing was saved.", rule,
                way->zone->code);
    way->decided = true;
    return RECTO_OK;
}

static recto_status copy_in(passage *way)
{
    recto_status status = marc_record_copy(&way->record, way->request->record, way->error);
    if (status == RECTO_OK)
        status = zone_rules_read(&way->rules, way->catalog, way->zone->id, way->error);
    return status;
}

/* The rules of a profile, by name and in order. */
static recto_status normalize_by(passage *way, const char *names)
{
    recto_status status = RECTO_OK;
    text rest = text_from(names);
    while (status == RECTO_OK && rest.bytes != NULL) {
        char name[sizeof((catalog_rule *)NULL)->name];
        const rule_file *file = NULL;
        rule_result result;
        const text piece = text_trim(text_next_field(&rest, ','));
        if (piece.length == 0)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)piece.length, piece.bytes);
        status = catalog_rule_file(&file, way->catalog, way->zone->id, RULES_NORMALIZATION, name, way->error);
        if (status == RECTO_OK)
            status = rule_file_apply(&result, file, way->record, NULL, NULL, way->error);
    }
    return status;
}

static recto_status normalize(passage *way)
{
    recto_status status = RECTO_OK;
    int64_t ticks;
    if (way->policy.initial_normalization)
        status = normalize_initial(way->record, way->catalog, way->error);
    if (status == RECTO_OK && way->policy.copy_019_to_035)
        status = normalize_019(way->record, way->error);
    if (status == RECTO_OK && is_incoming(way))
        status = zone_rules_normalize(&way->rules, way->catalog, RULE_USE_NORMALIZE_INCOMING, way->record, way->error);
    if (status == RECTO_OK && way->extra != NULL && way->extra->normalization != NULL)
        status = normalize_by(way, way->extra->normalization);
    const text stamp = marc_record_control(way->record, "005");
    if (clock_parse_005(&ticks, stamp.bytes, stamp.length))
        snprintf(way->incoming_005, sizeof way->incoming_005, "%.*s", (int)stamp.length, stamp.bytes);
    return status;
}

static void count_finding(void *context, const marc_finding *finding)
{
    ingest_outcome *out = context;
    if ((size_t)finding->severity >= sizeof out->findings / sizeof out->findings[0])
        return;
    if (out->findings[finding->severity]++ > 0 || finding->severity != MARC_SEVERITY_BLOCK)
        return;
    snprintf(out->first_block, sizeof out->first_block, "%s: %.180s", finding->where, finding->message);
    out->first_block_field = finding->field;
}

static recto_status validate(passage *way)
{
    ingest_outcome *out = way->out;
    if (way->policy.structure_only)
        return RECTO_OK; /* a load keeps what can be read, however little it is */
    if (marc_record_count(way->record) == 0) {
        out->findings[MARC_SEVERITY_BLOCK] = 1;
        snprintf(out->first_block, sizeof out->first_block, "the record has no fields");
        return RECTO_OK;
    }
    const marc_tables *tables = catalog_tables(way->catalog);
    if (tables == NULL)
        return recto_fail(way->error, RECTO_EDATA, "marc21", "recto check names the file", "the MARC 21 tables cannot be read");
    marc_validate_options options = { .profile = NULL };
    recto_status status = way->extra != NULL && way->extra->validation != NULL
                              ? validation_profile_named(&options.profile, way->catalog, way->extra->validation, way->error)
                              : zone_rules_validation(&options.profile, &way->rules, way->catalog, way->error);
    if (status == RECTO_OK)
        status = marc_validate_with(way->record, tables, &options, count_finding, out, way->error);
    /* The index is of our copy; where normalization put a 035 in front, the caller's is one less. */
    if (out->first_block_field != SIZE_MAX && marc_record_count(way->record) != marc_record_count(way->request->record))
        out->first_block_field = SIZE_MAX;
    return status;
}

static void refuse_invalid(passage *way)
{
    const size_t count = way->out->findings[MARC_SEVERITY_BLOCK];
    outcome_say(way->out, OUTCOME_INVALID, "Not saved: %zu blocking error%s. %.220s", count, count == 1 ? "" : "s",
                way->out->first_block);
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
}

static recto_status load_stored(passage *way, mms_id id)
{
    return repo_bib_load(way->catalog->repo, id, &way->stored, &way->info, catalog_now(way->catalog), way->error);
}

static recto_status find_known(passage *way)
{
    if (way->request->id == 0 || way->request->base_version == 0)
        return RECTO_OK;
    recto_status status = load_stored(way, way->request->id);
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

/* ---- the match and what may be done with it */

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
    if (is_community_linked(way)) {
        outcome_say(way->out, OUTCOME_CZ_LINKED, "%s MMS ID %lld is linked to the Community Zone.",
                    outcome_message(OUTCOME_CZ_LINKED), (long long)way->info.id);
    } else if (lock_refuses(way->catalog, way->info.id, &holder)) {
        char since[32];
        clock_format_short(since, sizeof since, holder.taken_at, catalog_now(way->catalog));
        outcome_say(way->out, OUTCOME_NOT_ADDED_LOCKED, "%s MMS ID %lld is locked by %.60s (%.60s) since %s.",
                    outcome_message(OUTCOME_NOT_ADDED_LOCKED), (long long)way->info.id, holder.owner, holder.institution, since);
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
    recto_status status = load_stored(way, id);
    if (status != RECTO_OK)
        return status;
    way->out->id = id;
    way->out->version = way->info.version;
    enter(way, INGEST_CHECK);
    status = check_match(way);
    enter(way, INGEST_MERGE);
    return way->decided || status != RECTO_OK ? status : combine(way);
}

static recto_status decide_match(passage *way)
{
    size_t changeable;
    const size_t first = changeable_match(way->out, &changeable);
    switch (way->policy.on_match) {
    case ON_MATCH_ASK:
        decide(way, OUTCOME_NEEDS_DECISION);
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
        decide(way, OUTCOME_MULTI_MATCH);
        return RECTO_OK;
    }
    if (changeable == 0) {
        way->out->id = way->out->matches[0].info.id;
        decide(way, OUTCOME_CZ_LINKED);
        return RECTO_OK;
    }
    return take_match(way, way->out->matches[first].info.id);
}

static recto_status match_step(passage *way)
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

/* ---- saving */

static recto_status choose_id(passage *way, mms_id *id)
{
    if (way->stored != NULL)
        *id = way->info.id;
    else if (way->request->id != 0)
        *id = way->request->id; /* the temporary MMS ID that the header has shown */
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
    recto_status status = zone_rules_brief_level(&brief_level, &way->rules, way->catalog, way->record, way->error);
    if (status != RECTO_OK)
        return status;
    const char *version =
        way->extra != NULL && way->extra->originating_version != NULL ? way->extra->originating_version : way->incoming_005;
    /* A load is an import: later ones are compared with the 005 that it brought, not with the day it was loaded. */
    const bool imported = (policy->originating_system != NULL || policy->structure_only) && version[0] != '\0';
    char note[VERSION_NOTE];
    const bib_write write = {
        .id = id,
        .zone = way->zone->id,
        .record = way->record,
        .expected_version = way->stored != NULL ? way->info.version : 0,
        .user = way->catalog->user,
        .origin = policy->door,
        .note = note_of_save(note, way->out->kind, way->note, way->request->note),
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
    return catalog_audit(way->catalog, "bib.save", object, way->zone->id, outcome_name(way->out->kind), detail, way->error);
}

static recto_status drop_draft(passage *way)
{
    if (way->extra == NULL || way->extra->draft == 0)
        return RECTO_OK;
    recto_status status = repo_draft_remove(way->catalog->repo, way->catalog->user, way->extra->draft, way->error);
    if (status != RECTO_ENOTFOUND)
        return status;
    recto_error_clear(way->error);
    return RECTO_OK;
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
    outcome_say(out, out->kind, "MMS ID %lld: %s %d.", (long long)out->id, how, out->version);
}

static recto_status save(passage *way)
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
        status = audit_save(way);
    }
    if (status == RECTO_OK)
        status = drop_draft(way);
    if (status == RECTO_OK)
        say_saved(way);
    buffer_release(&stored_005);
    return status;
}

/* A merge that brought nothing new (GW-45): what the import says of the record counts all the same. */
static recto_status settle_unchanged(passage *way)
{
    const bool dated = way->incoming_005[0] != '\0';
    decide(way, OUTCOME_UNCHANGED);
    if (!tags_merged(way))
        return RECTO_OK;
    return repo_bib_set_source(way->catalog->repo, way->info.id, way->policy.sync, way->policy.originating_system,
                               dated ? way->incoming_005 : NULL, way->error);
}

/* What the transaction holds: the order of gateway.md section 5. */
static recto_status walk_inside(passage *way)
{
    recto_status status = find_known(way);
    if (status != RECTO_OK || way->decided)
        return status;
    if (way->stored != NULL && same_content(way->record, way->stored)) {
        decide(way, OUTCOME_UNCHANGED);
        return drop_draft(way);
    }
    if (way->out->findings[MARC_SEVERITY_BLOCK] > 0) {
        refuse_invalid(way);
        return RECTO_OK;
    }
    enter(way, INGEST_MATCH);
    status = match_step(way);
    if (status == RECTO_OK && !way->decided) {
        enter(way, INGEST_MERGE);
        status = zone_rules_normalize(&way->rules, way->catalog, RULE_USE_NORMALIZE_SAVE, way->record, way->error);
    }
    if (status != RECTO_OK || way->decided)
        return status;
    enter(way, INGEST_SAVE);
    return way->stored != NULL && same_content(way->record, way->stored) ? settle_unchanged(way) : save(way);
}

static recto_status walk(passage *way)
{
    transaction change = { .repo = NULL };
    recto_status status = check_privilege(way);
    if (status != RECTO_OK || way->decided)
        return status;
    status = copy_in(way);
    if (status == RECTO_OK)
        status = reject(way);
    if (status != RECTO_OK || way->decided)
        return status;
    status = normalize(way);
    enter(way, INGEST_VALIDATE);
    if (status == RECTO_OK)
        status = validate(way);
    enter(way, INGEST_SAVE); /* what fails from here until the match is the repository's doing */
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
    recto_status status = policy_of_request(&way.policy, catalog, request->policy, way.zone->id, error);
    if (status == RECTO_OK)
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
