/* src/catalog/profiles.c - the use-cases of integration profiles: list, read, save, delete, set the password, doubt.
 *
 * Everything that writes needs the General System Administrator, is one transaction and is audited. @spec gateway.md GW-66,
 * roles-admin.md RA-40 to RA-45 */
#include "profile_values.h"

#include "recto/base/resource.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char SHIPPED[] = "data/profiles/connexion.profile";
/* Argon2id as OWASP asks for it, with 19 MiB: a listener must stay small while it checks one. */
enum { HASH_PASSES = 2, HASH_BYTES = 19 * 1024 * 1024, PASSWORD_MAX_BYTES = 191 /* what the one-byte form can send */ };

/* ---- which profile is meant */

static bool is_code(const char *code)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
    const size_t length = strlen(code);
    return length > 0 && length < sizeof((repo_profile *)NULL)->code && strspn(code, allowed) == length;
}

static recto_status fail_unknown(const char *code, recto_error *error)
{
    return recto_fail(error, RECTO_ENOTFOUND, code, "recto profile list names them", "there is no such profile");
}

/* The institution's own before the network's. */
static recto_status find(repo_profile *out, buffer *source, catalog *catalog, const char *code, recto_error *error)
{
    recto_status status = repo_profile_get(catalog->repo, catalog->own->id, code, out, source, error);
    if (status == RECTO_ENOTFOUND && catalog->network != NULL)
        status = repo_profile_get(catalog->repo, catalog->network->id, code, out, source, error);
    return status == RECTO_ENOTFOUND ? fail_unknown(code, error) : status;
}

static void take_info(catalog_profile *out, const repo_profile *profile)
{
    *out = (catalog_profile){ .zone = profile->zone,
                              .active = profile->active,
                              .has_password = profile->has_password,
                              .version = profile->version,
                              .saved_at = profile->saved_at };
    snprintf(out->code, sizeof out->code, "%s", profile->code);
    snprintf(out->type, sizeof out->type, "%s", profile->type);
    snprintf(out->name, sizeof out->name, "%s", profile->name);
    snprintf(out->saved_by, sizeof out->saved_by, "%s", profile->saved_by);
}

/* ---- reading */

typedef struct profile_list {
    catalog_profile *rows;
    size_t count, capacity;
    recto_status status;
    recto_error *error;
} profile_list;

static void add_profile(void *context, const repo_profile *profile)
{
    profile_list *list = context;
    if (list->status == RECTO_OK && list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 8;
        catalog_profile *grown = realloc(list->rows, capacity * sizeof *grown);
        if (grown == NULL) {
            list->status = recto_fail_memory(list->error, "listing profiles");
            return;
        }
        list->rows = grown;
        list->capacity = capacity;
    }
    if (list->status == RECTO_OK)
        take_info(&list->rows[list->count++], profile);
}

recto_status catalog_profiles(catalog_profile **out, size_t *count, catalog *catalog, recto_error *error)
{
    profile_list list = { .status = RECTO_OK, .error = error };
    recto_status status = repo_profiles(catalog->repo, catalog->own->id, add_profile, &list, error);
    if (status == RECTO_OK && catalog->network != NULL)
        status = repo_profiles(catalog->repo, catalog->network->id, add_profile, &list, error);
    if (status == RECTO_OK)
        status = list.status;
    if (status != RECTO_OK) {
        free(list.rows);
        return status;
    }
    *out = list.rows;
    *count = list.count;
    return RECTO_OK;
}

recto_status catalog_profile_text(buffer *out, catalog_profile *info, catalog *catalog, const char *code, recto_error *error)
{
    repo_profile profile;
    recto_status status = find(&profile, out, catalog, code, error);
    if (status == RECTO_OK)
        take_info(info, &profile);
    return status;
}

recto_status catalog_profile_shipped(buffer *out, recto_error *error)
{
    resource file;
    recto_status status = resource_open(&file, SHIPPED, PROFILE_BYTES_MAX, error);
    if (status != RECTO_OK)
        return status;
    buffer_append_text(out, file.content);
    resource_release(&file);
    return buffer_failed(out) ? recto_fail_memory(error, "reading the shipped profile") : RECTO_OK;
}

/* ---- saving */

/* Whose it is: the own institution's, or the network's, by the code in the text. */
static recto_status find_zone(const repo_zone **out, profile_values *values, catalog *catalog, recto_error *error)
{
    char *code = values->value[PROFILE_INSTITUTION];
    *out = catalog->own;
    if (code[0] == '\0')
        snprintf(code, PROFILE_VALUE, "%s", catalog->own->code);
    else if (catalog->network != NULL && strcmp(code, catalog->network->code) == 0)
        *out = catalog->network;
    else if (strcmp(code, catalog->own->code) != 0)
        return recto_fail(error, RECTO_EREFUSED, values->value[PROFILE_CODE], "work in that institution: --institution CODE",
                          "institution is %.60s, you work in %s", code, catalog->own->code);
    return RECTO_OK;
}

typedef struct other_active {
    const char *code, *type;
    char found[64];
} other_active;

static void note_active(void *context, const repo_profile *profile)
{
    other_active *other = context;
    if (profile->active && strcmp(profile->type, other->type) == 0 && strcmp(profile->code, other->code) != 0)
        snprintf(other->found, sizeof other->found, "%s", profile->code);
}

/* With two, every export would end with "no integration profile found" (seeds 000, 002): so there never are two. */
static recto_status refuse_second(catalog *catalog, const repo_profile *profile, const char *institution, recto_error *error)
{
    other_active other = { .code = profile->code, .type = profile->type };
    if (!profile->active)
        return RECTO_OK;
    recto_status status = repo_profiles(catalog->repo, profile->zone, note_active, &other, error);
    if (status != RECTO_OK || other.found[0] == '\0')
        return status;
    char todo[RECTO_ERROR_TODO];
    snprintf(
        todo, sizeof todo,
        "with two, exports fail: \"no integration profile found for institution %.60s\"; delete or deactivate that one first",
        institution);
    return recto_fail(error, RECTO_EREFUSED, profile->code, todo, "%s has an active OCLC Connexion profile already: %s",
                      institution, other.found);
}

static recto_status store(catalog *catalog, repo_profile *profile, const profile_values *values, recto_error *error)
{
    transaction change = { .repo = NULL };
    buffer source;
    char detail[160];
    buffer_init(&source, PROFILE_BYTES_MAX);
    profile_text_print(&source, values);
    recto_status status = buffer_failed(&source) ? recto_fail_memory(error, "saving a profile") : RECTO_OK;
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = refuse_second(catalog, profile, values->value[PROFILE_INSTITUTION], error);
    if (status == RECTO_OK)
        status = repo_profile_put(catalog->repo, profile, buffer_text(&source), error);
    snprintf(detail, sizeof detail, "version %d, %s", profile->version, profile->active ? "active" : "not active");
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "profile.put", profile->code, profile->zone, "done", detail, error);
    buffer_release(&source);
    return transaction_end(&change, status, error);
}

static recto_status put(catalog *catalog, profile_values *values, const char *origin, recto_error *error)
{
    const repo_zone *zone = NULL;
    connexion_profile *settings = calloc(1, sizeof *settings);
    repo_profile profile = { .saved_at = catalog_now(catalog), .active = profile_value_is(values, PROFILE_ACTIVE, "yes") };
    recto_status status = settings == NULL ? recto_fail_memory(error, "saving a profile") : RECTO_OK;
    if (values->value[PROFILE_NAME][0] == '\0')
        snprintf(values->value[PROFILE_NAME], PROFILE_VALUE, "%s", values->value[PROFILE_CODE]);
    if (status == RECTO_OK)
        status = find_zone(&zone, values, catalog, error);
    if (status == RECTO_OK)
        status = profile_settings(settings, catalog, values, zone->id, origin, error);
    free(settings);
    if (status != RECTO_OK)
        return status;
    profile.zone = zone->id;
    snprintf(profile.code, sizeof profile.code, "%.63s", values->value[PROFILE_CODE]);
    snprintf(profile.type, sizeof profile.type, "%s", PROFILE_CONNEXION);
    string_keep(profile.name, sizeof profile.name, text_from(values->value[PROFILE_NAME]));
    snprintf(profile.saved_by, sizeof profile.saved_by, "%s", catalog->user);
    return store(catalog, &profile, values, error);
}

static recto_status check_code(const char *code, recto_error *error)
{
    if (is_code(code))
        return RECTO_OK;
    return recto_fail(error, RECTO_EINVALID, code, "letters, digits, - _ and . ; at most 63 of them",
                      code[0] == '\0' ? "a profile needs a code" : "this is no code of a profile");
}

recto_status catalog_profile_put(catalog *catalog, const char *code, text source, recto_error *error)
{
    profile_values *values = malloc(sizeof *values);
    const char *origin = code != NULL ? code : "profile";
    if (values == NULL)
        return recto_fail_memory(error, "saving a profile");
    recto_status status = need_privilege(catalog, PRIVILEGE_ADMINISTER, "profile.put", origin, error);
    if (status == RECTO_OK)
        status = profile_text_parse(values, origin, source, error);
    if (status == RECTO_OK && code != NULL)
        snprintf(values->value[PROFILE_CODE], PROFILE_VALUE, "%.200s", code);
    if (status == RECTO_OK)
        status = check_code(values->value[PROFILE_CODE], error);
    if (status == RECTO_OK)
        status = put(catalog, values, values->value[PROFILE_CODE], error);
    free(values);
    return status;
}

/* The stored one, or the shipped default under a new code. */
static recto_status read_or_begin(profile_values *out, bool *known, catalog *catalog, const char *code, recto_error *error)
{
    repo_profile profile;
    buffer source;
    recto_error missing = { .status = RECTO_OK };
    buffer_init(&source, PROFILE_BYTES_MAX);
    recto_status status = find(&profile, &source, catalog, code, &missing);
    *known = status == RECTO_OK;
    if (status == RECTO_ENOTFOUND)
        status = catalog_profile_shipped(&source, error);
    else if (status != RECTO_OK && error != NULL)
        *error = missing;
    if (status == RECTO_OK)
        status = profile_text_parse(out, code, buffer_text(&source), error);
    if (status == RECTO_OK && !*known) {
        snprintf(out->value[PROFILE_CODE], PROFILE_VALUE, "%.200s", code);
        snprintf(out->value[PROFILE_NAME], PROFILE_VALUE, "%.200s", code);
    }
    memset(out->line, 0, sizeof out->line);
    buffer_release(&source);
    return status;
}

static recto_status change_value(profile_values *values, bool known, const char *code, const profile_change *change,
                                 recto_error *error)
{
    const profile_field field = profile_field_named(text_from(change->key));
    buffer near;
    if (field == PROFILE_FIELDS) {
        buffer_init(&near, 200);
        profile_nearest_key(&near, text_from(change->key));
        recto_status status = recto_fail(error, RECTO_EINVALID, code, buffer_string(&near), "unknown key '%.60s'", change->key);
        buffer_release(&near);
        return status;
    }
    if (field == PROFILE_CODE || (known && field == PROFILE_INSTITUTION))
        return recto_fail(error, RECTO_EREFUSED, code, "export it, import it as a new one, and delete this one",
                          "the %s of a profile stays as it is", change->key);
    return profile_value_take(values->value[field], field, text_from(change->value), error);
}

recto_status catalog_profile_change(catalog *catalog, const char *code, const profile_change *changes, size_t count,
                                    recto_error *error)
{
    bool known = false;
    profile_values *values = malloc(sizeof *values);
    if (values == NULL)
        return recto_fail_memory(error, "changing a profile");
    recto_status status = need_privilege(catalog, PRIVILEGE_ADMINISTER, "profile.put", code, error);
    if (status == RECTO_OK)
        status = check_code(code, error);
    if (status == RECTO_OK)
        status = read_or_begin(values, &known, catalog, code, error);
    for (size_t i = 0; status == RECTO_OK && i < count; i++)
        status = change_value(values, known, code, &changes[i], error);
    if (status == RECTO_OK)
        status = put(catalog, values, code, error);
    free(values);
    return status;
}

recto_status catalog_profile_delete(catalog *catalog, const char *code, recto_error *error)
{
    repo_profile profile = { .zone = 0 };
    transaction change = { .repo = NULL };
    recto_status status = need_privilege(catalog, PRIVILEGE_ADMINISTER, "profile.delete", code, error);
    if (status == RECTO_OK)
        status = find(&profile, NULL, catalog, code, error);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_profile_delete(catalog->repo, profile.zone, code, catalog->user, catalog_now(catalog), error);
    if (status == RECTO_ENOTFOUND)
        status = fail_unknown(code, error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "profile.delete", code, profile.zone, "done", NULL, error);
    return transaction_end(&change, status, error);
}

/* ---- the password */

static recto_status hash_password(char out[static crypto_pwhash_STRBYTES], const char *code, const char *password,
                                  recto_error *error)
{
    const size_t length = strlen(password);
    if (length == 0 || length > PASSWORD_MAX_BYTES)
        return recto_fail(error, RECTO_EINVALID, code, "Connexion can send no other", "a password has 1 to %d bytes",
                          PASSWORD_MAX_BYTES);
    if (sodium_init() < 0)
        return recto_fail(error, RECTO_EIO, NULL, NULL, "no source of randomness");
    if (crypto_pwhash_str_alg(out, password, length, HASH_PASSES, HASH_BYTES, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return recto_fail_memory(error, "hashing a password");
    return RECTO_OK;
}

recto_status catalog_profile_password(catalog *catalog, const char *code, const char *password, recto_error *error)
{
    repo_profile profile = { .zone = 0 };
    char hash[crypto_pwhash_STRBYTES];
    transaction change = { .repo = NULL };
    recto_status status = need_privilege(catalog, PRIVILEGE_ADMINISTER, "profile.password", code, error);
    if (status == RECTO_OK)
        status = find(&profile, NULL, catalog, code, error);
    if (status == RECTO_OK)
        status = hash_password(hash, code, password, error);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_profile_set_password(catalog->repo, profile.zone, code, hash, error);
    if (status == RECTO_ENOTFOUND)
        status = fail_unknown(code, error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "profile.password", code, profile.zone, "changed", NULL, error);
    status = transaction_end(&change, status, error);
    sodium_memzero(hash, sizeof hash);
    return status;
}

/* ---- doubts and choices */

static void say_doubts(buffer *out, const repo_profile *profile, const profile_values *values)
{
    if (!profile->active)
        buffer_append_string(out, "It is not active: the gateway answers as if it were not there.\n");
    if (!profile->has_password)
        buffer_append_string(out, "It has no password: the gateway refuses every record until one is set.\n");
    if (values->value[PROFILE_ALLOWED_PEERS][0] == '\0')
        buffer_append_string(out, "Records are taken from every address: Connexion sends logon and password in clear text.\n");
    if (profile_value_is(values, PROFILE_REFUSE_BRIEFER, "no"))
        buffer_append_string(out, "A briefer record replaces a fuller one.\n");
    if (profile_value_is(values, PROFILE_OLDER_VERSION, "Disregard"))
        buffer_append_string(out, "An older version of a record replaces a newer one.\n");
    if (profile_value_is(values, PROFILE_PERMANENT, "yes"))
        buffer_append_string(out, "Permanent connections: the vendor's manual tells libraries to leave them off.\n");
}

static recto_status check_stored(buffer *out, catalog *catalog, const char *code, profile_values *values,
                                 connexion_profile *settings, recto_error *error)
{
    repo_profile profile = { .zone = 0 };
    recto_error cause = { .status = RECTO_OK };
    buffer source;
    char line[600];
    buffer_init(&source, PROFILE_BYTES_MAX);
    recto_status status = find(&profile, &source, catalog, code, error);
    if (status == RECTO_OK)
        status = profile_text_parse(values, code, buffer_text(&source), error);
    if (status == RECTO_OK && profile_settings(settings, catalog, values, profile.zone, code, &cause) != RECTO_OK) {
        recto_error_line(line, sizeof line, &cause);
        buffer_append_format(out, "The profile cannot be applied: %s\n", line);
    }
    if (status == RECTO_OK)
        say_doubts(out, &profile, values);
    buffer_release(&source);
    return status;
}

recto_status catalog_profile_check(buffer *out, catalog *catalog, const char *code, recto_error *error)
{
    profile_values *values = malloc(sizeof *values);
    connexion_profile *settings = calloc(1, sizeof *settings);
    recto_status status = values == NULL || settings == NULL ? recto_fail_memory(error, "checking a profile")
                                                             : check_stored(out, catalog, code, values, settings, error);
    free(values);
    free(settings);
    return status;
}

static recto_status append_rules(buffer *out, catalog *catalog, int zone, rule_language language, recto_error *error)
{
    catalog_rule *rules = NULL;
    size_t count = 0;
    recto_status status = catalog_rules(&rules, &count, catalog, zone, error);
    for (size_t i = 0; status == RECTO_OK && i < count; i++)
        if (rules[i].language == language)
            buffer_append_format(out, "%s\n", rules[i].name);
    free(rules);
    return status;
}

static void append_validation(void *context, const char *path)
{
    const char *name = strrchr(path, '/'), *end = strrchr(path, '.');
    if (name != NULL && end > name + 1)
        buffer_append_format(context, "%.*s\n", (int)(end - name - 1), name + 1);
}

recto_status catalog_profile_choices(buffer *out, catalog *catalog, int zone, const char *key, recto_error *error)
{
    size_t count, keys_count;
    const profile_field field = profile_field_named(text_from(key));
    if (field == PROFILE_FIELDS)
        return recto_fail(error, RECTO_EINVALID, key, "recto profile keys lists them", "there is no such key");
    const profile_key *known = &profile_keys(&keys_count)[field];
    for (const char *c = known->choices; c != NULL && *c != '\0'; c++)
        buffer_append_char(out, *c == '|' ? '\n' : *c);
    if (known->choices != NULL)
        buffer_append_char(out, '\n');
    if (field == PROFILE_SERIAL_MATCH || field == PROFILE_NON_SERIAL_MATCH) {
        const match_method_info *methods = match_methods(&count);
        for (size_t i = 0; i < count; i++)
            buffer_append_format(out, "%s\n", methods[i].label);
    } else if (field == PROFILE_MERGE_METHOD) {
        const merge_method_info *methods = merge_methods(&count);
        for (size_t i = 0; i < count; i++)
            buffer_append_format(out, "%s\n", methods[i].label);
        return append_rules(out, catalog, zone, RULES_MERGE, error);
    } else if (field == PROFILE_NORMALIZATION) {
        buffer_append_string(out, "Marc21 Bib Copy 019a to 035z\n");
        return append_rules(out, catalog, zone, RULES_NORMALIZATION, error);
    } else if (field == PROFILE_VALIDATION) {
        buffer_append_string(out, "MarcXML Bib Import\n");
        resource_list("data/validation/", append_validation, out);
    }
    return RECTO_OK;
}
