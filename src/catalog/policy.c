/* src/catalog/policy.c - who decides at the match, as data: the policies that are built in, and what a zone says about them.
 *
 * Names of the settings are those of the product whose configuration a library may bring (match-merge.md section 1). */
#include "inside.h"

#include <string.h>

typedef struct named_policy {
    const char *name;
    ingest_policy policy;
} named_policy;

static const named_policy POLICIES[] = {
    { "ask",
      { .door = "editor",
        .serial_match = MATCH_UNIQUE_OCLC,
        .non_serial_match = MATCH_UNIQUE_OCLC,
        .merge = MERGE_OVERLAY_BUT_LOCAL,
        .on_match = ON_MATCH_ASK,
        .initial_normalization = true } },
    { "load",
      { .door = "load",
        .serial_match = MATCH_NONE,
        .non_serial_match = MATCH_NONE,
        .merge = MERGE_NONE,
        .on_match = ON_MATCH_NEW,
        .initial_normalization = true,
        .ignore_community = true,
        .structure_only = true } },
};

const ingest_policy *catalog_policy(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof POLICIES / sizeof POLICIES[0]; i++)
        if (strcmp(name, POLICIES[i].name) == 0)
            return &POLICIES[i].policy;
    return NULL;
}

/* The setting's value in `value`, or an empty one. Only a failure of the repository is an error. */
static recto_status setting(buffer *value, catalog *catalog, int zone, const char *name, recto_error *error)
{
    buffer_clear(value);
    recto_status status = repo_setting_get(catalog->repo, zone, name, value, error);
    if (status == RECTO_ENOTFOUND) {
        recto_error_clear(error);
        buffer_clear(value);
        status = RECTO_OK;
    }
    return status;
}

/* A method's name, "none", or the rows of a Multi Step profile; what is none of these leaves the policy as it was. */
static void use_method(match_method *method, match_profile *profile, const char *value)
{
    match_profile rows = { .count = 0 };
    const match_method named = value[0] != '\0' ? match_method_named(value) : MATCH_NONE;
    if (named != MATCH_NONE || strcmp(value, "none") == 0)
        *method = named;
    else if (value[0] != '\0' && match_profile_parse(&rows, text_from(value), NULL) == RECTO_OK && rows.count > 0)
        *profile = rows;
}

static void use_merge(ingest_policy *policy, const char *value)
{
    const merge_method named = value[0] != '\0' ? merge_method_named(value) : MERGE_NONE;
    if (named != MERGE_NONE)
        policy->merge = named;
}

static bool is_yes(const char *value)
{
    return strcmp(value, "yes") == 0 || strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
}

static recto_status apply_settings(ingest_policy *policy, catalog *catalog, int zone, recto_error *error)
{
    buffer value;
    buffer_init(&value, 4096);
    recto_status status = setting(&value, catalog, zone, "serial_match_profile", error);
    if (status == RECTO_OK) {
        use_method(&policy->serial_match, &policy->serial_profile, buffer_string(&value));
        status = setting(&value, catalog, zone, "non_serial_match_profile", error);
    }
    if (status == RECTO_OK) {
        use_method(&policy->non_serial_match, &policy->non_serial_profile, buffer_string(&value));
        status = setting(&value, catalog, zone, "copy_merge", error);
    }
    if (status == RECTO_OK) {
        use_merge(policy, buffer_string(&value));
        status = setting(&value, catalog, zone, "rule.match-merge", error);
    }
    if (status == RECTO_OK) {
        if (value.length > 0)
            policy->merge = MERGE_NONE; /* the zone's choice is looked up where two records are merged */
        status = setting(&value, catalog, zone, "ignore_cz_records", error);
    }
    if (status == RECTO_OK) {
        policy->ignore_community = policy->ignore_community || is_yes(buffer_string(&value));
        status = setting(&value, catalog, zone, "match_on_every_save", error);
    }
    if (status == RECTO_OK)
        policy->match_again = policy->match_again || is_yes(buffer_string(&value));
    buffer_release(&value);
    return status;
}

recto_status catalog_policy_for(ingest_policy *out, catalog *catalog, const char *name, int zone, recto_error *error)
{
    const ingest_policy *policy = catalog_policy(name);
    if (policy == NULL)
        return recto_fail(error, RECTO_EINVALID, name, "built in are ask and load", "no such policy");
    *out = *policy;
    if (policy->serial_match == MATCH_NONE && policy->non_serial_match == MATCH_NONE)
        return RECTO_OK; /* a load asks for nothing per record */
    return apply_settings(out, catalog, zone, error);
}

recto_status policy_of_request(ingest_policy *out, catalog *catalog, const ingest_policy *policy, int zone, recto_error *error)
{
    for (size_t i = 0; i < sizeof POLICIES / sizeof POLICIES[0]; i++)
        if (policy == &POLICIES[i].policy)
            return catalog_policy_for(out, catalog, POLICIES[i].name, zone, error);
    *out = *policy;
    return RECTO_OK;
}

const char *catalog_copy_rule(const catalog *desk, int zone)
{
    /* Reading a setting changes nothing that the caller could see; only the repository's handle is not const. */
    catalog *reader = (catalog *)desk;
    const merge_program *program = NULL;
    if (catalog_merge_program(&program, reader, zone, RULE_USE_COPY_MERGE, NULL) != RECTO_OK)
        return "(the chosen rule cannot be read)";
    size_t count;
    const merge_method_info *methods = merge_methods(&count);
    for (size_t i = 0; i < count; i++)
        if (merge_method_program(methods[i].method) == program)
            return methods[i].label;
    return program->name;
}
