/* src/catalog/checks.c - the local checks of a zone (ED-106a): kept as text among its settings, parsed once for each text. */
#include "inside.h"

#include <stdlib.h>
#include <string.h>

static const char SETTING[] = "local_checks";

struct kept_checks {
    kept_checks *next;
    int zone;
    char *source;
    local_checks *checks;
};

void kept_checks_free(kept_checks *kept)
{
    while (kept != NULL) {
        kept_checks *next = kept->next;
        local_checks_free(kept->checks);
        free(kept->source);
        free(kept);
        kept = next;
    }
}

recto_status catalog_checks_text(buffer *out, catalog *catalog, int zone, recto_error *error)
{
    recto_status status = repo_setting_get(catalog->repo, zone, SETTING, out, error);
    if (status != RECTO_ENOTFOUND)
        return status;
    recto_error_clear(error);
    return RECTO_OK;
}

static const char *file_name(const catalog *catalog, int zone)
{
    const repo_zone *place = catalog_zone_by_id(catalog, zone);
    return place != NULL ? place->code : "checks";
}

/* Those parsed before stay, for editors lend from them. */
static recto_status parse_and_keep(const local_checks **out, catalog *catalog, int zone, text source, recto_error *error)
{
    kept_checks *made = calloc(1, sizeof *made);
    if (made == NULL)
        return recto_fail_memory(error, "reading local checks");
    made->zone = zone;
    made->source = malloc(source.length + 1);
    recto_status status = made->source == NULL ? recto_fail_memory(error, "reading local checks")
                                               : local_checks_parse(&made->checks, source, file_name(catalog, zone), error);
    if (status != RECTO_OK) {
        kept_checks_free(made);
        return status;
    }
    memcpy(made->source, source.bytes, source.length);
    made->source[source.length] = '\0';
    made->next = catalog->checks;
    catalog->checks = made;
    *out = made->checks;
    return RECTO_OK;
}

recto_status catalog_checks(const local_checks **out, catalog *catalog, int zone, recto_error *error)
{
    buffer source;
    *out = NULL;
    buffer_init(&source, LOCAL_CHECKS_BYTES + 1);
    recto_status status = catalog_checks_text(&source, catalog, zone, error);
    bool known = source.length == 0;
    for (const kept_checks *at = catalog->checks; status == RECTO_OK && !known && at != NULL; at = at->next)
        if (at->zone == zone && strcmp(at->source, buffer_string(&source)) == 0) {
            *out = at->checks;
            known = true;
        }
    if (status == RECTO_OK && !known)
        status = parse_and_keep(out, catalog, zone, buffer_text(&source), error);
    buffer_release(&source);
    return status;
}

recto_status catalog_checks_put(catalog *catalog, int zone, text source, recto_error *error)
{
    local_checks *checks = NULL;
    buffer terminated;
    transaction change = { .repo = NULL };
    recto_status status = local_checks_parse(&checks, source, file_name(catalog, zone), error);
    local_checks_free(checks);
    if (status == RECTO_OK)
        status = need_privilege(catalog, PRIVILEGE_ADMINISTER, "checks.put", file_name(catalog, zone), error);
    if (status != RECTO_OK)
        return status;
    buffer_init(&terminated, LOCAL_CHECKS_BYTES + 1);
    buffer_append_text(&terminated, source);
    status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_setting_set(catalog->repo, zone, SETTING, buffer_string(&terminated), error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "checks.put", file_name(catalog, zone), zone, "done", NULL, error);
    status = transaction_end(&change, status, error);
    buffer_release(&terminated);
    return status;
}
