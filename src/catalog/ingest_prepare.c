/* src/catalog/ingest_prepare.c - what the corridor does before its transaction: reject, normalize, validate.
 *
 * All of it works on a copy and reads rules and tables only. @spec match-merge.md section 8 (order at import), 9 */
#include "ingest.h"

#include <stdio.h>
#include <string.h>

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

recto_status passage_reject(passage *way)
{
    char rule[sizeof((catalog_rule *)NULL)->name];
    bool refused = false;
    if (way->authority || !is_incoming(way) || is_typed(way))
        return RECTO_OK;
    recto_status status = zone_rules_reject(&refused, rule, &way->rules, way->catalog, way->record, way->error);
    if (status != RECTO_OK || !refused)
        return status;
    outcome_say(way->out, OUTCOME_REFUSED, "Refused by the indication rule '%s' of %s. Nothing was saved.", rule,
                way->zone->code);
    way->decided = true;
    return RECTO_OK;
}

recto_status passage_copy_in(passage *way)
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
            status = rule_file_normalize(&result, file, way->record, NULL, NULL, way->error);
    }
    return status;
}

recto_status passage_normalize(passage *way)
{
    recto_status status = RECTO_OK;
    int64_t ticks;
    if (way->policy.initial_normalization)
        status = normalize_initial(way->record, way->catalog, way->error);
    if (status == RECTO_OK && way->policy.copy_019_to_035)
        status = normalize_019(way->record, way->error);
    if (status == RECTO_OK && is_incoming(way) && !way->authority)
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

recto_status passage_validate(passage *way)
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
    recto_status status = !way->authority && way->extra != NULL && way->extra->validation != NULL
                              ? validation_profile_named(&options.profile, way->catalog, way->extra->validation, way->error)
                              : zone_rules_validation(&options.profile, &way->rules, way->catalog, way->authority, way->error);
    if (status == RECTO_OK)
        status = marc_validate_with(way->record, tables, &options, count_finding, out, way->error);
    const local_checks *checks = NULL;
    if (status == RECTO_OK)
        status = catalog_checks(&checks, way->catalog, way->zone->id, way->error);
    if (status == RECTO_OK && checks != NULL)
        status = local_checks_run(checks, way->record, MARC_SEVERITY_INFO, count_finding, out, way->error);
    /* The index is of our copy; where normalization put a 035 in front, the caller's is one less. */
    if (out->first_block_field != SIZE_MAX && marc_record_count(way->record) != marc_record_count(way->request->record))
        out->first_block_field = SIZE_MAX;
    return status;
}

void passage_refuse_invalid(passage *way)
{
    const size_t count = way->out->findings[MARC_SEVERITY_BLOCK];
    outcome_say(way->out, OUTCOME_INVALID, "Not saved: %zu blocking error%s. %.220s", count, count == 1 ? "" : "s",
                way->out->first_block);
    way->decided = true;
}
