/* src/catalog/transaction.c - one use-case, one transaction; and the audit row that belongs into it. */
#include "inside.h"

#include <stdio.h>

recto_status transaction_begin(transaction *out, catalog *catalog, bool join, recto_error *error)
{
    *out = (transaction){ .repo = catalog->repo, .joined = join };
    if (join)
        return RECTO_OK;
    recto_status status = repo_begin(catalog->repo, error);
    out->open = status == RECTO_OK;
    return status;
}

recto_status transaction_end(transaction *transaction, recto_status status, recto_error *error)
{
    if (!transaction->open)
        return status;
    transaction->open = false;
    if (status == RECTO_OK)
        return repo_commit(transaction->repo, error);
    repo_rollback(transaction->repo);
    return status;
}

static const char *zone_code(const catalog *catalog, int zone)
{
    const repo_zone *found = catalog_zone_by_id(catalog, zone);
    return found != NULL ? found->code : catalog->institution;
}

recto_status catalog_audit(catalog *catalog, const char *act, const char *object, int zone, const char *outcome,
                           const char *detail, recto_error *error)
{
    const audit_entry entry = { .at = catalog_now(catalog),
                                .actor = catalog->actor,
                                .acting_as = catalog->user,
                                .act = act,
                                .object = object,
                                .zone = zone_code(catalog, zone),
                                .outcome = outcome,
                                .detail = detail != NULL ? detail : "" };
    return repo_audit(catalog->repo, &entry, error);
}

recto_status refuse_privilege(catalog *catalog, privilege privilege, const char *act, const char *object, bool joined,
                              recto_error *error)
{
    transaction change;
    if (!catalog_is_read_only(catalog) && transaction_begin(&change, catalog, joined, NULL) == RECTO_OK) {
        recto_status status = catalog_audit(catalog, act, object, 0, "refused", privilege_sentence(privilege), NULL);
        transaction_end(&change, status, NULL);
    }
    return recto_fail(error, RECTO_EREFUSED, object, "ask an administrator for the role", "you are not authorized: %s %s",
                      catalog->user, privilege_sentence(privilege));
}

recto_status need_privilege(catalog *catalog, privilege privilege, const char *act, const char *object, recto_error *error)
{
    if (!catalog_may(catalog, privilege))
        return refuse_privilege(catalog, privilege, act, object, false, error);
    if (catalog_is_read_only(catalog))
        return recto_fail(error, RECTO_EREFUSED, repo_path(catalog->repo), "ask its owner for the right to write the file",
                          "the repository is open for reading only");
    return RECTO_OK;
}
