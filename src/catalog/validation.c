/* src/catalog/validation.c - validation exception profiles by name: files data/validation/NAME.txt, each read once. */
#include "inside.h"

#include "recto/base/resource.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROFILE_NAME = 64, PROFILE_BYTES = 1024 * 1024 };
static const char FOLDER[] = "data/validation/";
static const char SUFFIX[] = ".txt";

typedef struct kept_profile kept_profile;
struct kept_profile {
    kept_profile *next;
    char name[PROFILE_NAME];
    marc_validation_profile *profile;
};

void kept_profiles_free(kept_profile *profiles)
{
    while (profiles != NULL) {
        kept_profile *next = profiles->next;
        marc_validation_profile_free(profiles->profile);
        free(profiles);
        profiles = next;
    }
}

static void add_name(void *context, const char *path)
{
    buffer *names = context;
    const size_t length = strlen(path), outer = sizeof FOLDER - 1 + sizeof SUFFIX - 1;
    if (length <= outer || strcmp(path + length - (sizeof SUFFIX - 1), SUFFIX) != 0)
        return;
    buffer_append_string(names, names->length > 0 ? ", " : "there are ");
    buffer_append(names, path + sizeof FOLDER - 1, length - outer);
}

static recto_status fail_unknown(const char *name, recto_error *error)
{
    buffer names;
    buffer_init(&names, 0);
    resource_list(FOLDER, add_name, &names);
    recto_status status = recto_fail(error, RECTO_ENOTFOUND, name, buffer_string(&names), "no validation profile of this name");
    buffer_release(&names);
    return status;
}

static recto_status read_profile(kept_profile *out, const char *name, recto_error *error)
{
    char path[PROFILE_NAME + sizeof FOLDER + sizeof SUFFIX];
    resource file;
    if (name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL || strlen(name) >= PROFILE_NAME)
        return fail_unknown(name, error);
    snprintf(path, sizeof path, "%s%s%s", FOLDER, name, SUFFIX);
    recto_status status = resource_open(&file, path, PROFILE_BYTES, error);
    if (status != RECTO_OK)
        return status == RECTO_ENOTFOUND ? fail_unknown(name, error) : status;
    status = marc_validation_profile_parse(&out->profile, file.content, file.origin, NULL, NULL, error);
    resource_release(&file);
    snprintf(out->name, sizeof out->name, "%s", name);
    return status;
}

recto_status validation_profile_named(const marc_validation_profile **out, catalog *catalog, const char *name, recto_error *error)
{
    for (const kept_profile *at = catalog->profiles; at != NULL; at = at->next)
        if (strcmp(at->name, name) == 0) {
            *out = at->profile;
            return RECTO_OK;
        }
    kept_profile *made = calloc(1, sizeof *made);
    if (made == NULL)
        return recto_fail_memory(error, "reading a validation profile");
    recto_status status = read_profile(made, name, error);
    if (status != RECTO_OK) {
        free(made);
        return status;
    }
    made->next = catalog->profiles;
    catalog->profiles = made;
    *out = made->profile;
    return RECTO_OK;
}

recto_status zone_rules_validation(const marc_validation_profile **out, const zone_rules *rules, catalog *catalog, bool authority,
                                   recto_error *error)
{
    const buffer *name = &rules->chosen[authority ? RULE_USE_AUTHORITY_VALIDATION : RULE_USE_VALIDATION];
    *out = NULL;
    return name->length > 0 ? validation_profile_named(out, catalog, buffer_string(name), error) : RECTO_OK;
}

recto_status catalog_validation_profile(const marc_validation_profile **out, catalog *catalog, int zone, bool authority,
                                        recto_error *error)
{
    zone_rules rules;
    recto_status status = zone_rules_read(&rules, catalog, zone, error);
    if (status == RECTO_OK)
        status = zone_rules_validation(out, &rules, catalog, authority, error);
    zone_rules_release(&rules);
    return status;
}
