/* src/repo/inventory.c - what holdings (holdings.c) and items (items.c) share: counts, numbers unknown, and what was deleted.
 *
 * Inventory belongs to institutions: the Network and the Community Zone hold none (SE-8). What a bib has is counted in its
 * row, in the same transaction, because the search types ask for it. */
#include "inventory_inside.h"
#include "postings.h"
#include <stdio.h>

recto_status inventory_unknown(mms_id id, const char *what, recto_error *error)
{
    char where[32];
    (void)snprintf(where, sizeof where, "MMS ID %lld", (long long)id);
    return recto_fail(error, RECTO_ENOTFOUND, where, NULL, "no %s of this number", what);
}

recto_status inventory_count(repo *repo, int64_t document, recto_error *error)
{
    int64_t before = 0, after = 0;
    recto_status status = store_number(&before, repo, error, SQL_POSTING_INVENTORY, "i", document);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_BIB_COUNT_INVENTORY, "i", document);
    if (status == RECTO_OK)
        status = store_number(&after, repo, error, SQL_POSTING_INVENTORY, "i", document);
    /* The index knows whether there is any, not how many: the hundredth item of a serial costs no new entry. */
    return status == RECTO_OK && before != after ? postings_write(repo, document, NULL, error) : status;
}

recto_status deletion_note(repo *repo, mms_id id, recto_error *error)
{
    recto_status status = RECTO_OK;
    if (repo->deletion_step == 0)
        status = store_number(&repo->deletion_step, repo, error, SQL_DELETION_NEXT, "");
    return status == RECTO_OK ? store_run(repo, error, SQL_DELETION_NOTE, "ii", id, repo->deletion_step) : status;
}

recto_status repo_deletion_step(int64_t *out, repo *repo, mms_id id, recto_error *error)
{
    recto_status status = store_number(out, repo, error, SQL_DELETION_STEP, "i", id);
    if (status == RECTO_ENOTFOUND)
        *out = 0;
    return status == RECTO_ENOTFOUND ? RECTO_OK : status;
}

static recto_status visit_deleted(bool *more, repo *repo, enum sql_id id, char kind, int zone, mms_id bib,
                                  bool (*visit)(void *context, const repo_deleted_inventory *row), void *context,
                                  recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, id, "ni", zone, bib);
    while (*more && rows_next(&rows)) {
        repo_deleted_inventory row = { .kind = kind,
                                       .id = row_int64(&rows, 0),
                                       .holding = row_int64(&rows, 1),
                                       .bib = row_int64(&rows, 2),
                                       .zone = row_int(&rows, 3),
                                       .deleted_at = row_int64(&rows, 7) };
        row_string(&rows, 4, row.title, sizeof row.title);
        row_string(&rows, 5, row.what, sizeof row.what);
        row_string(&rows, 6, row.deleted_by, sizeof row.deleted_by);
        row_string(&rows, 8, row.barcode, sizeof row.barcode);
        row.step = row_int64(&rows, 9);
        *more = visit(context, &row);
    }
    return rows_close(&rows);
}

recto_status repo_deleted_below(repo *repo, int zone, mms_id bib, bool (*visit)(void *context, const repo_deleted_inventory *row),
                                void *context, recto_error *error)
{
    bool more = true;
    recto_status status = visit_deleted(&more, repo, SQL_DELETED_HOLDINGS, 'H', zone, bib, visit, context, error);
    return status == RECTO_OK && more ? visit_deleted(&more, repo, SQL_DELETED_ITEMS, 'I', zone, bib, visit, context, error)
                                      : status;
}
