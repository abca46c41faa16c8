/* src/catalog/withdrawal.c - an item goes, and with the last one perhaps its holdings and bib: one transaction (ED-146). */
#include "inside.h"

#include "recto/catalog/custody.h"

static recto_status go_on_with_bib(catalog *catalog, mms_id bib, withdrawal rest, recto_error *error)
{
    bib_info info;
    if (rest == WITHDRAW_AND_SUPPRESS)
        return bib_set_tags(catalog, bib, 0, 1, true, error);
    recto_status status = repo_bib_info(catalog->repo, bib, &info, catalog_now(catalog), error);
    return status == RECTO_OK ? bib_delete(catalog, bib, info.version, true, error) : status;
}

recto_status catalog_withdraw(catalog *catalog, const item *item, withdrawal rest, recto_error *error)
{
    transaction change = { .repo = NULL };
    char where[MMS_ID_LENGTH];
    mms_id_format(where, rest == WITHDRAW_BIB ? item->bib : item->id);
    /* Asked before the transaction: a refusal is written down in one of its own. */
    if (rest == WITHDRAW_BIB && !catalog_may(catalog, PRIVILEGE_DELETE))
        return refuse_privilege(catalog, PRIVILEGE_DELETE, "bib.delete", where, false, error);
    if (rest == WITHDRAW_AND_SUPPRESS && !catalog_may(catalog, PRIVILEGE_CATALOG))
        return refuse_privilege(catalog, PRIVILEGE_CATALOG, "bib.tags", where, false, error);
    recto_status status = need_privilege_for(catalog, PRIVILEGE_WITHDRAW, item->holding, "item.delete", error);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = item_delete(catalog, item->id, error);
    if (status == RECTO_OK && rest != WITHDRAW_ITEM)
        status = holding_delete(catalog, item->holding, true, error);
    if (status == RECTO_OK && (rest == WITHDRAW_AND_SUPPRESS || rest == WITHDRAW_BIB))
        status = go_on_with_bib(catalog, item->bib, rest, error);
    return transaction_end(&change, status, error);
}
