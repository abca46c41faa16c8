/* src/catalog/template_entries.c - the texts of strings and macros, as they are kept: one a user, and one that is shared. */
#include "inside.h"
#include "template_text.h"

#include "recto/repo/templates.h"

#include <stdio.h>
#include <string.h>

static const char *kind_name(text_kind kind)
{
    return kind == TEXT_MACROS ? "macros" : "strings";
}

static const char *owner_of(const catalog *catalog, bool shared)
{
    return shared ? "" : catalog->user;
}

recto_status catalog_text_load(buffer *out, int *version, catalog *catalog, text_kind kind, bool shared, recto_error *error)
{
    repo_template stored = { .version = 0 };
    recto_status status = repo_template_get(catalog->repo, catalog->own->id, kind_name(kind), owner_of(catalog, shared),
                                            kind_name(kind), 0, &stored, out, error);
    if (status == RECTO_ENOTFOUND) {
        recto_error_clear(error);
        status = RECTO_OK;
    }
    if (version != NULL)
        *version = stored.deleted ? 0 : stored.version;
    return status;
}

recto_status catalog_text_save(catalog *catalog, text_kind kind, bool shared, text source, int expected_version, int *version,
                               recto_error *error)
{
    transaction change = { .repo = NULL };
    repo_template info = { .zone = catalog->own->id, .saved_at = catalog_now(catalog) };
    char detail[64];
    recto_status status =
        need_privilege(catalog, shared ? PRIVILEGE_TEMPLATES : PRIVILEGE_CATALOG, "template.save", kind_name(kind), error);
    if (status == RECTO_OK && source.length > TEMPLATE_FILE_MAX)
        status = recto_fail(error, RECTO_ELIMIT, kind_name(kind), NULL, "such a text has at most %d bytes", TEMPLATE_FILE_MAX);
    if (status == RECTO_OK)
        status = text_entries_check(source, error);
    if (status != RECTO_OK)
        return status;
    snprintf(info.kind, sizeof info.kind, "%s", kind_name(kind));
    snprintf(info.owner, sizeof info.owner, "%s", owner_of(catalog, shared));
    snprintf(info.name, sizeof info.name, "%s", kind_name(kind));
    snprintf(info.saved_by, sizeof info.saved_by, "%s", catalog->user);
    status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_template_put(catalog->repo, &info, source, expected_version, error);
    snprintf(detail, sizeof detail, "%s%s: version %d", shared ? "shared " : "", kind_name(kind), info.version);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "template.save", kind_name(kind), info.zone, "done", detail, error);
    status = transaction_end(&change, status, error);
    if (status == RECTO_OK && version != NULL)
        *version = info.version;
    return status;
}
