/* src/catalog/rule_uses.c - where a zone uses which rule: choosing, and running what was chosen in the corridor.
 *
 * A choice is a setting of the zone, "rule." and the use's name, read in one look per record; `copy_merge` keeps the name it
 * had before (match-merge.md section 1). @spec search-resources SR-73, import-profiles IP-185, roles-admin RA-96 */
#include "inside.h"

#include "recto/repo/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_LIMIT = sizeof((catalog_rule *)NULL)->name, NAMES_LIMIT = 2000, WARNING = RULE_WARNING };
static const char PREFIX[] = "rule.";
static const char COPY_MERGE[] = "copy_merge";

static const rule_use_info USES[RULE_USE_COUNT] = {
    { RULE_USE_COPY_MERGE, "copy-merge", "Merge rule for copy cataloging", RULES_MERGE, RULE_PRIMARY_INCOMING },
    { RULE_USE_MATCH_MERGE, "match-merge", "Merge rule for matches, gateway and import", RULES_MERGE, RULE_PRIMARY_EXISTING },
    { RULE_USE_COMBINE, "combine", "Merge rule for combining two records", RULES_MERGE, RULE_PRIMARY_EXISTING },
    { RULE_USE_NORMALIZE_INCOMING, "normalize-incoming", "Normalization of incoming records", RULES_NORMALIZATION,
      RULE_PRIMARY_EITHER },
    { RULE_USE_NORMALIZE_EXTERNAL, "normalize-external", "Normalization of external records", RULES_NORMALIZATION,
      RULE_PRIMARY_EITHER },
    { RULE_USE_NORMALIZE_SAVE, "normalize-save", "Normalization on save", RULES_NORMALIZATION, RULE_PRIMARY_EITHER },
    { RULE_USE_BRIEF_LEVEL, "brief-level", "Brief level rule", RULES_BRIEF_LEVEL, RULE_PRIMARY_EITHER },
    { RULE_USE_REJECT, "reject", "Indication rule that refuses incoming records", RULES_INDICATION, RULE_PRIMARY_EITHER },
    { RULE_USE_VALIDATION, "validation", "Validation exception profile", RULES_UNKNOWN, RULE_PRIMARY_EITHER },
    { RULE_USE_AUTHORITY_SAVE, "authority-save", "Normalization on save of authorities", RULES_NORMALIZATION,
      RULE_PRIMARY_EITHER },
    { RULE_USE_AUTHORITY_VALIDATION, "authority-validation", "Validation profile of authorities", RULES_UNKNOWN,
      RULE_PRIMARY_EITHER },
};

const rule_use_info *rule_uses(size_t *count)
{
    *count = RULE_USE_COUNT;
    return USES;
}

static const rule_use_info *info_of(rule_use use)
{
    return (unsigned)use < RULE_USE_COUNT ? &USES[use] : NULL;
}

static void setting_name(char out[static 64], const rule_use_info *use)
{
    if (use->use == RULE_USE_COPY_MERGE)
        snprintf(out, 64, "%s", COPY_MERGE);
    else
        snprintf(out, 64, "%s%s", PREFIX, use->name);
}

/* ---- what is chosen */

recto_status catalog_rule_chosen(buffer *out, catalog *catalog, int zone, rule_use use, recto_error *error)
{
    char name[64];
    const rule_use_info *info = info_of(use);
    if (info == NULL)
        return recto_fail(error, RECTO_EINVALID, NULL, NULL, "no such use of a rule");
    setting_name(name, info);
    recto_status status = repo_setting_get(catalog->repo, zone, name, out, error);
    if (status != RECTO_ENOTFOUND)
        return status;
    recto_error_clear(error);
    return RECTO_OK;
}

static void keep_choice(void *context, const char *name, text value)
{
    zone_rules *rules = context;
    for (size_t i = 0; i < RULE_USE_COUNT; i++)
        if (strcmp(name + sizeof PREFIX - 1, USES[i].name) == 0)
            buffer_append_text(&rules->chosen[i], value);
}

recto_status zone_rules_read(zone_rules *out, catalog *catalog, int zone, recto_error *error)
{
    out->zone = zone;
    for (size_t i = 0; i < RULE_USE_COUNT; i++)
        buffer_init(&out->chosen[i], NAMES_LIMIT + 1);
    recto_status status = repo_settings(catalog->repo, zone, PREFIX, keep_choice, out, error);
    for (size_t i = 0; status == RECTO_OK && i < RULE_USE_COUNT; i++)
        if (buffer_failed(&out->chosen[i]))
            status = recto_fail(error, RECTO_ELIMIT, USES[i].name, NULL, "too many rules are chosen");
    return status;
}

void zone_rules_release(zone_rules *rules)
{
    for (size_t i = 0; i < RULE_USE_COUNT; i++)
        buffer_release(&rules->chosen[i]);
}

/* The next name of a list; false at its end. */
static bool next_name(char out[static NAME_LIMIT], text *rest)
{
    while (rest->bytes != NULL) {
        const text name = text_trim(text_next_field(rest, ','));
        if (name.length == 0)
            continue;
        snprintf(out, NAME_LIMIT, "%.*s", (int)name.length, name.bytes);
        return true;
    }
    return false;
}

static text chosen_names(const zone_rules *rules, rule_use use)
{
    const buffer *names = &rules->chosen[use];
    return names->length > 0 ? buffer_text(names) : (text){ NULL, 0 };
}

recto_status rules_refuse_in_use(catalog *catalog, int zone, rule_language language, const char *name, recto_error *error)
{
    char one[NAME_LIMIT];
    recto_status status = RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < RULE_USE_COUNT; i++) {
        buffer names;
        if (USES[i].language != language)
            continue;
        buffer_init(&names, NAMES_LIMIT + 1);
        status = catalog_rule_chosen(&names, catalog, zone, USES[i].use, error);
        text rest = names.length > 0 ? buffer_text(&names) : (text){ NULL, 0 };
        while (status == RECTO_OK && next_name(one, &rest))
            if (strcmp(one, name) == 0)
                status = recto_fail(error, RECTO_EREFUSED, name, "choose another rule there first", "the rule is in use: %s",
                                    USES[i].label);
        buffer_release(&names);
    }
    return status;
}

/* ---- running what is chosen */

recto_status zone_rules_normalize(const zone_rules *rules, catalog *catalog, rule_use use, marc_record *record,
                                  recto_error *error)
{
    char name[NAME_LIMIT];
    recto_status status = RECTO_OK;
    text rest = chosen_names(rules, use);
    while (status == RECTO_OK && next_name(name, &rest)) {
        const rule_file *file = NULL;
        rule_result result;
        status = catalog_rule_file(&file, catalog, rules->zone, RULES_NORMALIZATION, name, error);
        if (status == RECTO_OK)
            status = rule_file_normalize(&result, file, record, NULL, NULL, error);
    }
    return status;
}

recto_status catalog_normalize(catalog *catalog, int zone, rule_use use, marc_record *record, recto_error *error)
{
    zone_rules rules;
    const rule_use_info *info = info_of(use);
    if (info == NULL || info->language != RULES_NORMALIZATION)
        return recto_fail(error, RECTO_EINVALID, info != NULL ? info->name : NULL, NULL, "this use has no normalization rule");
    recto_status status = zone_rules_read(&rules, catalog, zone, error);
    if (status == RECTO_OK)
        status = zone_rules_normalize(&rules, catalog, use, record, error);
    zone_rules_release(&rules);
    return status;
}

recto_status zone_rules_reject(bool *out, char *name, const zone_rules *rules, catalog *catalog, marc_record *record,
                               recto_error *error)
{
    recto_status status = RECTO_OK;
    text rest = chosen_names(rules, RULE_USE_REJECT);
    *out = false;
    while (status == RECTO_OK && !*out && next_name(name, &rest)) {
        const rule_file *file = NULL;
        rule_result result = { .indication = false };
        status = catalog_rule_file(&file, catalog, rules->zone, RULES_INDICATION, name, error);
        if (status == RECTO_OK)
            status = rule_file_apply(&result, file, record, NULL, NULL, error);
        *out = status == RECTO_OK && result.indication;
    }
    return status;
}

recto_status zone_rules_brief_level(int *out, const zone_rules *rules, catalog *catalog, const marc_record *record,
                                    recto_error *error)
{
    char name[NAME_LIMIT];
    const rule_file *file = NULL;
    rule_result result = { .brief_level = 0 };
    text rest = chosen_names(rules, RULE_USE_BRIEF_LEVEL);
    if (!next_name(name, &rest)) {
        *out = match_brief_level(record);
        return RECTO_OK;
    }
    recto_status status = catalog_rule_file(&file, catalog, rules->zone, RULES_BRIEF_LEVEL, name, error);
    if (status == RECTO_OK)
        status = catalog_rule_try(NULL, &result, file, record, NULL, NULL, error);
    *out = result.brief_level > 0 ? result.brief_level : 1;
    return status;
}

recto_status catalog_brief_level(int *out, catalog *catalog, int zone, const marc_record *record, recto_error *error)
{
    zone_rules rules;
    recto_status status = zone_rules_read(&rules, catalog, zone, error);
    if (status == RECTO_OK)
        status = zone_rules_brief_level(out, &rules, catalog, record, error);
    zone_rules_release(&rules);
    return status;
}

/* ---- merge programs */

/* Before there were rules a zone chose a predefined method for copy cataloging, and matches were merged by it, too. */
static recto_status match_fallback(buffer *out, catalog *catalog, int zone, recto_error *error)
{
    recto_status status = catalog_rule_chosen(out, catalog, zone, RULE_USE_COPY_MERGE, error);
    if (status == RECTO_OK && merge_method_named(buffer_string(out)) == MERGE_NONE)
        buffer_clear(out);
    return status;
}

/* Of two records that are both the library's own, the one that lives on keeps its text unless the zone has said otherwise:
 * what it chose for matches was written for a fresher record that comes in, and is no choice for this (match-merge 5.4). */
static merge_method method_without_choice(rule_use use)
{
    return use == RULE_USE_COMBINE ? MERGE_KEEP_OLD : MERGE_OVERLAY_BUT_LOCAL;
}

recto_status catalog_merge_program(const merge_program **out, catalog *catalog, int zone, rule_use use, recto_error *error)
{
    buffer name;
    const rule_use_info *info = info_of(use);
    if (info == NULL || info->language != RULES_MERGE)
        return recto_fail(error, RECTO_EINVALID, info != NULL ? info->name : NULL, NULL, "this use has no merge rule");
    buffer_init(&name, NAMES_LIMIT + 1);
    recto_status status = catalog_rule_chosen(&name, catalog, zone, use, error);
    if (status == RECTO_OK && name.length == 0 && use == RULE_USE_MATCH_MERGE)
        status = match_fallback(&name, catalog, zone, error);
    if (status == RECTO_OK && name.length == 0)
        *out = merge_method_program(method_without_choice(use));
    else if (status == RECTO_OK)
        status = rules_merge_named(out, catalog, zone, buffer_string(&name), error);
    buffer_release(&name);
    return status;
}

recto_status policy_merge_program(const merge_program **out, catalog *catalog, const ingest_policy *policy, int zone,
                                  recto_error *error)
{
    if (policy->merge_rule != NULL)
        return rules_merge_named(out, catalog, zone, policy->merge_rule, error);
    if (policy->merge == MERGE_NONE)
        return catalog_merge_program(out, catalog, zone, RULE_USE_MATCH_MERGE, error);
    *out = merge_method_program(policy->merge);
    return RECTO_OK;
}

/* ---- choosing */

static const char *primary_name(rule_primary primary)
{
    return primary == RULE_PRIMARY_INCOMING ? "incoming" : "existing";
}

/* The zone's rule that was written the other way round, to be named in the warning (SR-73); "" when there is none. */
static void name_the_right_one(char out[static NAME_LIMIT], catalog *catalog, int zone, rule_primary wanted)
{
    catalog_rule *rules = NULL;
    size_t count = 0;
    out[0] = '\0';
    if (catalog_rules(&rules, &count, catalog, zone, NULL) != RECTO_OK)
        return;
    for (size_t i = 0; i < count && out[0] == '\0'; i++)
        if (rules[i].language == RULES_MERGE && rules[i].primary == wanted)
            snprintf(out, NAME_LIMIT, "%s", rules[i].name);
    free(rules);
}

static void warn_of_primary(char warning[static WARNING], catalog *catalog, int zone, const rule_use_info *use,
                            const catalog_rule *rule)
{
    char right[NAME_LIMIT];
    if (use->primary == RULE_PRIMARY_EITHER || rule->primary == RULE_PRIMARY_EITHER || rule->primary == use->primary)
        return;
    name_the_right_one(right, catalog, zone, use->primary);
    snprintf(warning, WARNING, "written with the %s record as primary, here it is the %s one%s%s", primary_name(rule->primary),
             primary_name(use->primary), right[0] != '\0' ? "; meant is perhaps " : "", right);
}

static recto_status check_rule(char warning[static WARNING], catalog *catalog, int zone, const rule_use_info *use,
                               const char *name, recto_error *error)
{
    const rule_file *file = NULL;
    catalog_rule info;
    buffer source;
    if (use->language == RULES_MERGE && merge_method_named(name) != MERGE_NONE) {
        const merge_program *program = NULL;
        recto_status found = rules_merge_named(&program, catalog, zone, name, error);
        if (found != RECTO_OK || program == merge_method_program(merge_method_named(name)))
            return found; /* a predefined method goes either way */
    }
    buffer_init(&source, 0);
    recto_status status = catalog_rule_text(&source, &info, catalog, zone, use->language, name, 0, error);
    if (status == RECTO_OK)
        status = catalog_rule_file(&file, catalog, zone, use->language, name, error);
    if (status == RECTO_OK)
        warn_of_primary(warning, catalog, zone, use, &info);
    buffer_release(&source);
    return status;
}

recto_status rule_needs_primary(catalog *catalog, int zone, rule_use use, const char *name, recto_error *error)
{
    char warning[WARNING] = "";
    recto_status status = check_rule(warning, catalog, zone, info_of(use), name, error);
    if (status != RECTO_OK || warning[0] == '\0')
        return status;
    return recto_fail(error, RECTO_EREFUSED, name, "swap the two records, or take a rule of the other kind", "%s", warning);
}

static recto_status check_names(char warning[static WARNING], catalog *catalog, int zone, const rule_use_info *use,
                                const char *names, recto_error *error)
{
    char name[NAME_LIMIT];
    size_t count = 0;
    text rest = text_from(names);
    recto_status status = RECTO_OK;
    if (strlen(names) > NAMES_LIMIT)
        return recto_fail(error, RECTO_ELIMIT, use->name, NULL, "too many rules");
    while (status == RECTO_OK && next_name(name, &rest)) {
        status = check_rule(warning, catalog, zone, use, name, error);
        count++;
    }
    if (status == RECTO_OK && count > 1 && use->language != RULES_NORMALIZATION)
        return recto_fail(error, RECTO_EINVALID, use->label, NULL, "only one can be chosen here");
    return status;
}

static recto_status store_choice(catalog *catalog, int zone, const rule_use_info *use, const char *names, recto_error *error)
{
    char setting[64], detail[400];
    buffer before;
    transaction change = { .repo = NULL };
    buffer_init(&before, 0);
    setting_name(setting, use);
    recto_status status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = catalog_rule_chosen(&before, catalog, zone, use->use, error);
    if (status == RECTO_OK)
        status = repo_setting_set(catalog->repo, zone, setting, names, error);
    snprintf(detail, sizeof detail, "was: %.180s; is: %.180s", buffer_string(&before), names);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "rule.choose", use->name, zone, "done", detail, error);
    buffer_release(&before);
    return transaction_end(&change, status, error);
}

recto_status catalog_rule_choose(catalog *catalog, int zone, rule_use use, const char *names, bool despite, char *warning,
                                 recto_error *error)
{
    char said[WARNING] = "";
    const rule_use_info *info = info_of(use);
    if (warning != NULL)
        warning[0] = '\0';
    if (info == NULL)
        return recto_fail(error, RECTO_EINVALID, NULL, NULL, "no such use of a rule");
    recto_status status = need_privilege(catalog, PRIVILEGE_ADMINISTER, "rule.choose", info->name, error);
    if (status == RECTO_OK && catalog_zone_by_id(catalog, zone) == NULL)
        status = recto_fail(error, RECTO_EINVALID, NULL, NULL, "no such zone");
    const marc_validation_profile *profile = NULL;
    if (status == RECTO_OK && info->language == RULES_UNKNOWN && names[0] != '\0')
        status = validation_profile_named(&profile, catalog, names, error);
    else if (status == RECTO_OK && info->language != RULES_UNKNOWN)
        status = check_names(said, catalog, zone, info, names, error);
    if (status != RECTO_OK)
        return status;
    if (warning != NULL)
        snprintf(warning, WARNING, "%s", said);
    if (said[0] != '\0' && !despite)
        return recto_fail(error, RECTO_EREFUSED, names, "choose it all the same, or a rule of the other kind", "%s", said);
    return store_choice(catalog, zone, info, names, error);
}
