/* tests/fault/scarce_rules.c - jobs of the rooms match and rules, run while memory fails (scarce.h). */
#include "scarce.h"

#include "recto/base/resource.h"
#include "recto/match/match.h"
#include "recto/rules/checks.h"

#include <string.h>

/* ---- matching ---------------------------------------------------------------------------------------------------- */

static bool note_key(void *context, const marc_key *key)
{
    buffer_append_format(context, "%d ", (int)key->kind);
    buffer_append_text(context, key->key);
    return true;
}

static const char rows_of_a_profile[] = "1 serial issn-exact-024-035 prefix=(OCoLC)\n2 all fuzzy off\n3 all statement-fuzzy\n"
                                        "4 all isbn-024-035\n5 non-serial unique-oclc";

static recto_status look_up(buffer *out, const scarce_stage *stage, recto_error *error)
{
    size_t count = 0;
    const match_method_info *methods = match_methods(&count);
    match_profile profile;
    recto_status status = match_profile_parse(&profile, text_from(rows_of_a_profile), error);
    for (size_t i = 0; i < count && status == RECTO_OK; i++)
        if (!match_wanted_keys(stage->other, methods[i].method, note_key, out))
            status = recto_fail_memory(error, "taking keys");
    if (status == RECTO_OK && !match_profile_wanted_keys(stage->other, &profile, note_key, out))
        status = recto_fail_memory(error, "taking keys");
    if (status == RECTO_OK)
        match_profile_print(out, &profile);
    return status;
}

static recto_status compare(buffer *out, const scarce_stage *stage, recto_error *error)
{
    size_t count = 0;
    const match_method_info *methods = match_methods(&count);
    match_outcome outcome;
    match_profile profile;
    recto_status status = match_profile_parse(&profile, text_from(rows_of_a_profile), error);
    for (size_t i = 0; i < count && status == RECTO_OK; i++) {
        (void)match_compare(&outcome, stage->other, stage->own, methods[i].method, NULL);
        if (outcome.starved)
            status = recto_fail_memory(error, "matching");
        buffer_append_format(out, "%s %d %d %d %s\n", methods[i].name, outcome.met, outcome.step, outcome.score, outcome.why);
    }
    if (status == RECTO_OK) {
        (void)match_profile_compare(&outcome, stage->other, stage->own, &profile, true);
        if (outcome.starved)
            status = recto_fail_memory(error, "matching");
        buffer_append_format(out, "%d %d %s %d\n", outcome.row, outcome.score, outcome.why, match_brief_level(stage->own));
    }
    return status;
}

static recto_status explain(buffer *out, const scarce_stage *stage, recto_error *error)
{
    const match_options options = { .prefix = "(OCoLC)", .without_retired = true };
    size_t count = 0;
    const match_method_info *methods = match_methods(&count);
    match_profile profile;
    recto_status status = match_profile_parse(&profile, text_from(rows_of_a_profile), error);
    for (size_t i = 0; i < count && status == RECTO_OK; i++)
        match_explain(out, stage->other, stage->own, methods[i].method, i % 2 == 0 ? &options : NULL);
    if (status == RECTO_OK)
        match_profile_explain(out, stage->other, stage->own, &profile);
    return status;
}

/* ---- merging ----------------------------------------------------------------------------------------------------- */

static recto_status put_result(buffer *out, merge_result *result, recto_error *error)
{
    for (size_t i = 0; i < merge_result_count(result); i++) {
        const merge_line *line = merge_result_line(result, i);
        buffer_append_format(out, "%d%d %s ", (int)line->origin, line->kept, line->rule != NULL ? line->rule : "");
        buffer_append_text(out, line->other);
    }
    return scarce_put_record(out, merge_result_record(result), error);
}

static recto_status merge_by(buffer *out, const scarce_stage *stage, merge_method method, recto_error *error)
{
    merge_result *result = NULL;
    recto_status status = match_merge(&result, method, stage->own, stage->other, error);
    THEN(put_result(out, result, error));
    merge_result_free(result);
    return status;
}

static recto_status merge(buffer *out, const scarce_stage *stage, recto_error *error)
{
    size_t count = 0;
    const merge_method_info *methods = merge_methods(&count);
    recto_status status = RECTO_OK;
    for (size_t i = 0; i < count; i++)
        THEN(merge_by(out, stage, methods[i].method, error));
    return status;
}

static recto_status toggle(buffer *out, const scarce_stage *stage, recto_error *error)
{
    merge_result *result = NULL;
    recto_status status = match_overlay(&result, stage->own, stage->other, error);
    for (size_t i = 0; status == RECTO_OK && i < merge_result_count(result); i += 2)
        if (strcmp(merge_result_line(result, i)->tag, "001") != 0)
            status = merge_result_toggle(result, i, error);
    THEN(put_result(out, result, error));
    merge_result_free(result);
    return status;
}

static recto_status merge_records(buffer *out, const scarce_stage *stage, recto_error *error)
{
    marc_record *merged = NULL;
    recto_status status = marc_record_new(&merged, error);
    THEN(match_merge_record(merged, merge_method_program(MERGE_CONDITIONAL_SUBJECTS), stage->own, stage->other, error));
    THEN(scarce_put_record(out, merged, error));
    marc_record_free(merged);
    return status;
}

/* ---- rules ------------------------------------------------------------------------------------------------------- */

static const char own_rules[] =
    "rule \"fields\" priority 9\nwhen (exists \"245.{1,*}.a\") AND NOT (existsControl \"LDR.{6,1}.c|d\") OR (exists "
    "\"999\")\nthen\n"
    "addField \"599.{ ,1}.a.Loaded\\\\\\\\.\" if (not exists \"599\")\naddSubField \"856.{4,*}.y.Campus\"\naddControlField "
    "\"006.m\"\n"
    "removeField \"650.{*,4}\"\nremoveSubField \"020.q\"\nremoveControlField \"003\"\nchangeField \"240\" to \"730\"\n"
    "changeSubField \"590.a\" to \"x\"\nchangeSubFieldExceptFirst \"500.a\" to \"b\"\nchangeFirstIndicator \"500\" to \"1\"\n"
    "changeSecondIndicator \"500\" to \"2\"\ncopyField \"490.a\" to \"830.{ ,0}.t\"\ncopyControlField \"010.a\" to \"003\"\nend\n"
    "rule \"values\" priority 8\nwhen (recordHasDuplicateSubfields \"500\" \"a\") OR TRUE\nthen\n"
    "combineFields \"650\" excluding \"0,2\"\ncorrectDuplicateFields \"500,65*\"\ncorrectDuplicateSubfields \"500\" \"a\"\n"
    "moveSubfieldsToEndOfField \"264\" \"b,a\"\nreplaceContents \"300.a.pages\" with \"p\\\\\\\\.\"\n"
    "replaceContents \"245.a.^(.{3}).*\" with \"$1\"\nreplaceContentsOnlyFirst \"500.a.T*e\" with \"t\"\n"
    "replaceContentsExceptFirst \"500.a.x\" with \"\"\nreplaceControlContents \"LDR.{17,1}.K\" with \"7\"\nprefix \"650.a\" with "
    "\"<\"\n"
    "suffix \"650.a\" with \">\"\nprefixSubField \"300.a\" with \"050.a\"\nsuffixSubField \"300.a\" with \"001\"\n"
    "splitSubField \"490.a.;\" to \"T98.a\"\naddSystemNumber \"035.a\" from \"001\" prefixed by \"003\"\nend\n"
    "rule \"never\"\nwhen (exists \"998.a.[x]*\") AND existsMoreThanOnce \"035\"\nthen\nend\n";

static const char own_merge[] =
    "rule \"ours\"\nwhen merge\nthen\nreplace MARC.control.\"LDR\"\nremove MARC.\"5\"XX excluding MARC.\"590\"\n"
    "add MARC.\"6\"XX excluding subfield (\"2\",\"fast\") if does not exist\n"
    "add MARC.\"246\" when MARC.\"246\".\"a\" matches \"(?i)solitude|[0-9]+\"\n"
    "replace MARC.\"245\" (\"1\",\"4\") if exists\nremove MARC.\"856\" when not MARC.\"245\".\"a\" contains \"*zz\"\nend\n";

static void note_fault(void *context, const rule_fault *fault)
{
    buffer_append_format(context, "%d:%d %s %s\n", fault->line, fault->column, fault->code, fault->message);
}

static void note_event(void *context, const rule_event *event)
{
    buffer_append_format(context, "%s %d %s %s ", event->rule, event->line, event->action, event->tag);
    buffer_append_text(context, event->after);
}

static recto_status apply(buffer *out, const scarce_stage *stage, const rule_file *file, recto_error *error)
{
    rule_result result = { .changed = false };
    marc_record *record = NULL;
    recto_status status = marc_record_copy(&record, stage->own, error);
    THEN(rule_file_normalize(&result, file, record, note_event, out, error));
    THEN(scarce_put_record(out, record, error));
    if (status == RECTO_OK) {
        rule_file_explain(out, file, stage->other);
        buffer_append_format(out, "%d %zu %d %d\n", result.changed, result.rules_fired, result.indication, result.brief_level);
    }
    marc_record_free(record);
    return status;
}

/* A rule that fails leaves the record as it was. */
static recto_status apply_wholly(buffer *out, const scarce_stage *stage, recto_error *error)
{
    rule_result result = { .changed = false };
    marc_record *record = NULL;
    rule_file *file = NULL;
    recto_status status = marc_record_copy(&record, stage->own, error);
    THEN(rule_file_parse(&file, text_from(own_rules), "ours", RULES_UNKNOWN, NULL, NULL, error));
    if (status == RECTO_OK) {
        status = rule_file_apply(&result, file, record, NULL, NULL, error);
        if (status != RECTO_OK && !marc_record_equal(record, stage->own))
            status = recto_fail(error, RECTO_EDATA, NULL, NULL, "half of the rules were applied");
    }
    THEN(scarce_put_record(out, record, error));
    rule_file_free(file);
    marc_record_free(record);
    return status;
}

static recto_status print_twice(buffer *out, const rule_file *file, recto_error *error)
{
    rule_file *again = NULL;
    buffer printed;
    buffer_init(&printed, 0);
    rule_file_print(&printed, file);
    recto_status status = scarce_end(&printed, RECTO_OK, error);
    THEN(rule_file_parse(&again, buffer_text(&printed), "again", rule_file_language(file), note_fault, out, error));
    buffer_append_format(out, "%d\n", status == RECTO_OK && rule_file_equal(file, again));
    buffer_append_text(out, buffer_text(&printed));
    rule_file_free(again);
    buffer_release(&printed);
    return status;
}

static recto_status read_rules(buffer *out, const scarce_stage *stage, recto_error *error)
{
    rule_file *file = NULL;
    recto_status status = rule_file_parse(&file, text_from(own_rules), "ours", RULES_UNKNOWN, note_fault, out, error);
    THEN(print_twice(out, file, error));
    THEN(apply(out, stage, file, error));
    rule_file_free(file);
    return status;
}

static recto_status read_merge_rules(buffer *out, const scarce_stage *stage, recto_error *error)
{
    rule_file *file = NULL;
    merge_result *result = NULL;
    recto_status status = rule_file_parse(&file, text_from(own_merge), "merge", RULES_UNKNOWN, note_fault, out, error);
    THEN(print_twice(out, file, error));
    THEN(match_merge_run(&result, rule_file_merge_program(file), stage->own, stage->other, error));
    THEN(put_result(out, result, error));
    merge_result_free(result);
    rule_file_free(file);
    return status;
}

/* What is wrong is told as it is, or memory is: never a sound file. */
static recto_status read_faulty_rules(buffer *out, const scarce_stage *stage, recto_error *error)
{
    static const char *const sources[] = {
        "rule \"a\" when TRUE then dropField \"245\" end rule \"a\" when exists \"24\" then end",
        "rule \"m\" when merge then add Marc.\"245\" end",
        "rule \"r\" when ((((exists \"245.{9,9,9}\" then prefix \"245\" with 7 end", "rule \""
    };
    recto_status status = RECTO_OK;
    (void)stage;
    for (size_t i = 0; i < sizeof sources / sizeof *sources && status == RECTO_OK; i++) {
        rule_file *file = NULL;
        status = rule_file_parse(&file, text_from(sources[i]), "faulty", RULES_UNKNOWN, note_fault, out, error);
        rule_file_free(file);
        if (status == RECTO_EDATA) {
            buffer_append_format(out, "%s %s\n", error->where, error->what);
            recto_error_clear(error);
            status = RECTO_OK;
        } else if (status == RECTO_OK) {
            status = recto_fail(error, RECTO_EINVALID, NULL, NULL, "faulty rules were taken");
        }
    }
    return status;
}

static recto_status read_shipped(buffer *out, const scarce_stage *stage, const char *name, recto_error *error)
{
    resource found = { .owned = NULL };
    rule_file *file = NULL;
    recto_status status = resource_open_built_in(&found, name, error);
    THEN(rule_file_parse(&file, found.content, name, RULES_UNKNOWN, note_fault, out, error));
    THEN(apply(out, stage, file, error));
    rule_file_free(file);
    resource_release(&found);
    return status;
}

static recto_status shipped_rules(buffer *out, const scarce_stage *stage, recto_error *error)
{
    static const char *const names[] = { "data/rules/norm/copy-019-to-035.rules", "data/rules/norm/initial-normalization.rules",
                                         "data/rules/brief/harvard.rules", "data/rules/indication/worldcat-updates.rules" };
    recto_status status = RECTO_OK;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        THEN(read_shipped(out, stage, names[i], error));
    return status;
}

static void note_finding(void *context, const marc_finding *finding)
{
    buffer_append_format(context, "%s %s: %s\n", finding->where, finding->code, finding->message);
}

static recto_status check_locally(buffer *out, const scarce_stage *stage, recto_error *error)
{
    resource found = { .owned = NULL };
    local_checks *checks = NULL;
    recto_status status = resource_open_built_in(&found, "data/checks/example.txt", error);
    THEN(local_checks_parse(&checks, found.content, "example", error));
    THEN(local_checks_run(checks, stage->own, MARC_SEVERITY_INFO, note_finding, out, error));
    THEN(local_checks_run(checks, stage->authority, MARC_SEVERITY_INFO, note_finding, out, error));
    local_checks_free(checks);
    resource_release(&found);
    return status;
}

const scarce_job scarce_rule_jobs[] = {
    { "keys to look up", SCARCE_PURE, look_up },
    { "matching", SCARCE_PURE, compare },
    { "why it matches", SCARCE_PURE, explain },
    { "merging", SCARCE_PURE, merge },
    { "turning lines of a merge", SCARCE_PURE, toggle },
    { "merging in batches", SCARCE_PURE, merge_records },
    { "rules read, printed, applied", SCARCE_PURE, read_rules },
    { "rules applied wholly", SCARCE_PURE, apply_wholly },
    { "merge rules", SCARCE_PURE, read_merge_rules },
    { "faulty rules", SCARCE_PURE, read_faulty_rules },
    { "shipped rules", SCARCE_PURE, shipped_rules },
    { "local checks", SCARCE_PURE, check_locally },
    { .name = NULL },
};
