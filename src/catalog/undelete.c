/* src/catalog/undelete.c - bringing back what was deleted, at the level where the deletion began (ED-150).
 *
 * A bib comes back with the holdings and items that went in the same step; holdings with the items that went with them, and
 * with their bib when that is gone; an item with its parents. All in one transaction. */
#include "inside.h"

#include "recto/catalog/custody.h"
#include "recto/repo/custody.h"
#include "recto/repo/links.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what was deleted below bibs */

typedef struct below {
    repo_deleted_inventory *rows;
    size_t count, capacity;
    bool failed;
} below;

static bool keep_row(void *context, const repo_deleted_inventory *row)
{
    below *list = context;
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 16;
        repo_deleted_inventory *grown = realloc(list->rows, capacity * sizeof *grown);
        list->failed = grown == NULL;
        if (grown == NULL)
            return false;
        list->rows = grown;
        list->capacity = capacity;
    }
    list->rows[list->count++] = *row;
    return true;
}

static recto_status read_below(below *out, catalog *catalog, mms_id bib, recto_error *error)
{
    *out = (below){ .rows = NULL };
    recto_status status = repo_deleted_below(catalog->repo, 0, bib, keep_row, out, error);
    return status == RECTO_OK && out->failed ? recto_fail_memory(error, "looking for what was deleted") : status;
}

static const repo_deleted_inventory *row_named(const below *list, mms_id id)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->rows[i].id == id)
            return &list->rows[i];
    return NULL;
}

/* ---- one record */

static recto_status must_be_deleted(const bib_info *info, catalog *catalog, recto_error *error)
{
    char where[MMS_ID_LENGTH], into[MMS_ID_LENGTH], todo[100];
    mms_id survivor = 0;
    mms_id_format(where, info->id);
    if (!info->deleted)
        return recto_fail(error, RECTO_EREFUSED, where, NULL, "this record is not deleted");
    recto_status status = repo_bib_survivor(catalog->repo, info->id, &survivor, error);
    if (status != RECTO_OK || survivor == 0)
        return status;
    mms_id_format(into, survivor);
    snprintf(todo, sizeof todo, "Undo Merge on %s brings it back with all that moved", into);
    return recto_fail(error, RECTO_EREFUSED, where, todo, "this record was merged into %s", into);
}

static recto_status write_again(int *version, catalog *catalog, const bib_info *info, recto_error *error)
{
    marc_record *record = NULL;
    buffer stored_005;
    char note[VERSION_NOTE];
    buffer_init(&stored_005, 64);
    recto_status status = repo_version_load(catalog->repo, info->id, info->version, &record, error);
    if (status == RECTO_OK) {
        buffer_append_text(&stored_005, marc_record_control(record, "005"));
        status = normalize_system_fields(record, info->id, recto_clock_ticks(&catalog->clock), buffer_text(&stored_005), error);
    }
    snprintf(note, sizeof note, "restored after deletion by %.63s", info->modified_by);
    const bib_write write = { .id = info->id,
                              .zone = info->zone,
                              .record = record,
                              .expected_version = info->version,
                              .user = catalog->user,
                              .origin = "restore",
                              .note = note,
                              .now = catalog_now(catalog),
                              .brief_level = info->brief_level,
                              .cataloging_level = info->cataloging_level,
                              .suppressed = -1 };
    if (status == RECTO_OK)
        status = repo_bib_write(catalog->repo, &write, version, error);
    marc_record_free(record);
    buffer_release(&stored_005);
    return status;
}

static recto_status bib_back(undeleted *out, catalog *catalog, mms_id id, recto_error *error)
{
    bib_info info;
    char where[MMS_ID_LENGTH];
    mms_id_format(where, id);
    recto_status status = repo_bib_info(catalog->repo, id, &info, catalog_now(catalog), error);
    if (status == RECTO_OK)
        status = must_be_deleted(&info, catalog, error);
    if (status == RECTO_OK)
        status = write_again(&out->version, catalog, &info, error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "bib.undelete", where, info.zone, "restored", NULL, error);
    if (status == RECTO_OK)
        out->bibs++;
    return status;
}

static recto_status holding_back(undeleted *out, catalog *catalog, const repo_deleted_inventory *row, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    mms_id_format(where, row->id);
    recto_status status = repo_holding_undelete(catalog->repo, row->id, catalog->user, catalog_now(catalog), error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "holding.undelete", where, row->zone, "restored", NULL, error);
    if (status == RECTO_OK)
        out->holdings++;
    return status;
}

static recto_status item_back(undeleted *out, catalog *catalog, const repo_deleted_inventory *row, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    mms_id_format(where, row->id);
    recto_status status = repo_item_undelete(catalog->repo, row->id, catalog->user, catalog_now(catalog), error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "item.undelete", where, row->zone, "restored", row->barcode, error);
    if (status == RECTO_OK)
        out->items++;
    return status;
}

/* ---- steps */

/* Holdings come before items in the list, as they must. @param holding  0: of all holdings */
static recto_status bring_what_went_along(undeleted *out, catalog *catalog, const below *list, int64_t step, mms_id holding,
                                          recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t i = 0; step != 0 && status == RECTO_OK && i < list->count; i++) {
        const repo_deleted_inventory *row = &list->rows[i];
        if (row->step != step || (holding != 0 && (row->kind != 'I' || row->holding != holding)))
            continue;
        status = row->kind == 'H' ? holding_back(out, catalog, row, error) : item_back(out, catalog, row, error);
    }
    return status;
}

static recto_status whole_bib_back(undeleted *out, catalog *catalog, mms_id id, recto_error *error)
{
    below list;
    int64_t step = 0;
    recto_status status = read_below(&list, catalog, id, error);
    if (status == RECTO_OK)
        status = repo_deletion_step(&step, catalog->repo, id, error);
    if (status == RECTO_OK)
        status = bib_back(out, catalog, id, error);
    if (status == RECTO_OK)
        status = bring_what_went_along(out, catalog, &list, step, 0, error);
    free(list.rows);
    return status;
}

static recto_status parents_back(undeleted *out, catalog *catalog, const below *list, const repo_deleted_inventory *row,
                                 recto_error *error)
{
    bib_info info;
    recto_status status = repo_bib_info(catalog->repo, row->bib, &info, catalog_now(catalog), error);
    if (status == RECTO_OK && info.deleted)
        status = bib_back(out, catalog, row->bib, error);
    const repo_deleted_inventory *holding = row->kind == 'I' ? row_named(list, row->holding) : NULL;
    return status == RECTO_OK && holding != NULL ? holding_back(out, catalog, holding, error) : status;
}

static recto_status inventory_back(undeleted *out, catalog *catalog, const below *list, const repo_deleted_inventory *row,
                                   recto_error *error)
{
    recto_status status = parents_back(out, catalog, list, row, error);
    if (status == RECTO_OK && row->kind == 'I')
        return item_back(out, catalog, row, error);
    if (status == RECTO_OK)
        status = holding_back(out, catalog, row, error);
    return status == RECTO_OK ? bring_what_went_along(out, catalog, list, row->step, row->id, error) : status;
}

/* Asked before the transaction: a refusal is written down in one of its own. */
static recto_status may_bring_back(catalog *catalog, const repo_deleted_inventory *row, mms_id id, recto_error *error)
{
    bib_info info;
    char where[MMS_ID_LENGTH];
    mms_id_format(where, id);
    if (!catalog_may_in(catalog, catalog_zone_of(catalog, id)))
        return refuse_privilege(catalog, PRIVILEGE_CATALOG, "undelete", where, false, error);
    recto_status status = row != NULL ? need_privilege_at(catalog, PRIVILEGE_WITHDRAW, "", "undelete", where, error) : RECTO_OK;
    if (status == RECTO_OK)
        status = repo_bib_info(catalog->repo, row != NULL ? row->bib : id, &info, catalog_now(catalog), error);
    if (status == RECTO_OK && (row == NULL || info.deleted))
        status = need_privilege(catalog, PRIVILEGE_DELETE, "undelete", where, error);
    return status;
}

recto_status catalog_undelete(undeleted *out, catalog *catalog, mms_id id, recto_error *error)
{
    transaction change = { .repo = NULL };
    below list;
    *out = (undeleted){ .bib = id };
    recto_status status = read_below(&list, catalog, 0, error);
    const repo_deleted_inventory *row = status == RECTO_OK ? row_named(&list, id) : NULL;
    out->bib = row != NULL ? row->bib : id;
    if (status == RECTO_OK)
        status = may_bring_back(catalog, row, id, error);
    if (status == RECTO_OK) {
        status = transaction_begin(&change, catalog, false, error);
        if (status == RECTO_OK)
            status = row != NULL ? inventory_back(out, catalog, &list, row, error) : whole_bib_back(out, catalog, id, error);
        status = transaction_end(&change, status, error);
    }
    free(list.rows);
    if (status == RECTO_OK && out->bibs > 0)
        session_follow(catalog, out->bib);
    return status;
}
