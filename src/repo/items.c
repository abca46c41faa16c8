/* src/repo/items.c - items: saved, listed, withdrawn and taken back.
 *
 * An item withdrawn goes to a table of its own with all it had, so that no list has to leave it out. */
#include "inventory_inside.h"
#include "search.h"
#include <stdio.h>
#include <string.h>

/* A barcode names one item of an institution; which one has it already is said. */
static recto_status refuse_taken(repo *repo, const item *item, text key, int zone, recto_error *error)
{
    int64_t owner = 0;
    if (key.length == 0)
        return RECTO_OK;
    recto_status status = store_number(&owner, repo, error, SQL_BARCODE_OWNER, "tni", key, zone, item->id);
    if (status == RECTO_ENOTFOUND)
        return RECTO_OK;
    if (status != RECTO_OK)
        return status;
    return recto_fail(error, RECTO_EINVALID, "barcode", "scan another one", "barcode %s is taken by item %lld", item->barcode,
                      (long long)owner);
}

typedef struct item_keys { /* what an item is found by */
    buffer barcode, shelf, temporary_shelf;
} item_keys;

static recto_status make_keys(item_keys *keys, const item *item, recto_error *error)
{
    barcode_key(&keys->barcode, text_from(item->barcode));
    shelf_key(&keys->shelf, text_from(item->call_number));
    shelf_key(&keys->temporary_shelf, text_from(item->temporary_call_number));
    return buffer_failed(&keys->barcode) || buffer_failed(&keys->shelf) || buffer_failed(&keys->temporary_shelf)
               ? recto_fail_memory(error, "saving an item")
               : RECTO_OK;
}

static void release_keys(item_keys *keys)
{
    buffer_release(&keys->barcode);
    buffer_release(&keys->shelf);
    buffer_release(&keys->temporary_shelf);
}

static recto_status add_item(repo *repo, item *item, const item_keys *keys, const char *user, int64_t now, recto_error *error)
{
    const text key = buffer_text(&keys->barcode);
    holding_state state = { 0 };
    mms_id id = 0;
    recto_status status = holding_find(&state, repo, item->holding, error);
    if (status == RECTO_OK)
        status = refuse_taken(repo, item, key, state.zone, error);
    if (status == RECTO_OK)
        status = number_take(&id, repo, SQL_ITEM_NUMBER, state.zone, ITEM_PREFIX, error);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_ITEM_ADD, "iiinstssssnisstssst", id, state.number, state.document, state.zone,
                           item->barcode, key, item->material, item->policy, item->description, item->note, item->copy, now, user,
                           item->call_number, buffer_text(&keys->shelf), item->temporary_library, item->temporary_location,
                           item->temporary_call_number, buffer_text(&keys->temporary_shelf));
    if (status == RECTO_OK)
        status = inventory_count(repo, state.document, error);
    if (status == RECTO_OK)
        item->id = id;
    return status;
}

typedef struct item_state {
    int64_t document, created_at;
    mms_id holding, bib;
    int zone;
} item_state;

static recto_status find_item(item_state *out, repo *repo, mms_id id, recto_error *error)
{
    rows rows;
    bool found = false;
    (void)rows_open(&rows, repo, error, SQL_ITEM_HOLDING, "i", id);
    if (rows_next(&rows)) {
        found = true;
        *out =
            (item_state){ row_int64(&rows, 0), row_int64(&rows, 2), row_int64(&rows, 3), row_int64(&rows, 4), row_int(&rows, 5) };
    }
    recto_status status = rows_close(&rows);
    return status == RECTO_OK && !found ? inventory_unknown(id, "item", error) : status;
}

static recto_status update_item(repo *repo, const item *item, const item_keys *keys, const char *user, int64_t now,
                                recto_error *error)
{
    const text key = buffer_text(&keys->barcode);
    item_state state = { 0 };
    recto_status status = find_item(&state, repo, item->id, error);
    if (status == RECTO_OK)
        status = refuse_taken(repo, item, key, state.zone, error);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_ITEM_UPDATE, "istssssnisstssst", item->id, item->barcode, key, item->material,
                           item->policy, item->description, item->note, item->copy, now, user, item->call_number,
                           buffer_text(&keys->shelf), item->temporary_library, item->temporary_location,
                           item->temporary_call_number, buffer_text(&keys->temporary_shelf));
    return status;
}

/* What the caller's item shows after the save: whose it is and when it was made. */
static recto_status complete_item(repo *repo, item *item, const char *user, int64_t now, recto_error *error)
{
    item_state state = { 0 };
    recto_status status = find_item(&state, repo, item->id, error);
    if (status != RECTO_OK)
        return status;
    item->holding = state.holding;
    item->bib = state.bib;
    item->created_at = state.created_at;
    item->modified_at = now;
    string_keep(item->modified_by, sizeof item->modified_by, text_from(user));
    return RECTO_OK;
}

recto_status repo_item_write(repo *repo, item *item, const char *user, int64_t now, recto_error *error)
{
    bool own;
    item_keys keys = { .barcode = { .bytes = NULL } };
    struct item written = *item; /* the caller's stays as it was when the save fails */
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    buffer_init(&keys.barcode, 0);
    buffer_init(&keys.shelf, 0);
    buffer_init(&keys.temporary_shelf, 0);
    status = make_keys(&keys, item, error);
    if (status == RECTO_OK)
        status = item->id == 0 ? add_item(repo, &written, &keys, user, now, error)
                               : update_item(repo, &written, &keys, user, now, error);
    if (status == RECTO_OK)
        status = complete_item(repo, &written, user, now, error);
    status = change_end(repo, own, status, error);
    if (status == RECTO_OK)
        *item = written;
    release_keys(&keys);
    return status;
}

recto_status repo_items(repo *repo, mms_id holding_or_bib, void (*visit)(void *context, const item *item), void *context,
                        recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_ITEMS, "i", holding_or_bib);
    while (rows_next(&rows)) {
        item item = { .id = row_int64(&rows, 0),
                      .holding = row_int64(&rows, 1),
                      .bib = row_int64(&rows, 2),
                      .copy = row_int(&rows, 8),
                      .created_at = row_int64(&rows, 9),
                      .modified_at = row_int64(&rows, 10) };
        row_string(&rows, 3, item.barcode, sizeof item.barcode);
        row_string(&rows, 4, item.material, sizeof item.material);
        row_string(&rows, 5, item.policy, sizeof item.policy);
        row_string(&rows, 6, item.description, sizeof item.description);
        row_string(&rows, 7, item.note, sizeof item.note);
        row_string(&rows, 11, item.modified_by, sizeof item.modified_by);
        row_string(&rows, 12, item.call_number, sizeof item.call_number);
        row_string(&rows, 13, item.temporary_library, sizeof item.temporary_library);
        row_string(&rows, 14, item.temporary_location, sizeof item.temporary_location);
        row_string(&rows, 15, item.temporary_call_number, sizeof item.temporary_call_number);
        visit(context, &item);
    }
    return rows_close(&rows);
}

static recto_status delete_item(repo *repo, mms_id id, const char *user, int64_t now, recto_error *error)
{
    item_state state = { 0 };
    char object[MMS_ID_LENGTH];
    mms_id_format(object, id);
    const audit_entry entry = { .at = now,
                                .actor = user,
                                .acting_as = user,
                                .act = "item.delete",
                                .object = object,
                                .zone = "",
                                .outcome = "done",
                                .detail = "" };
    recto_status status = find_item(&state, repo, id, error);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_ITEM_KEEP_DELETED, "iis", id, now, user);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_ITEM_DELETE, "i", id);
    if (status == RECTO_OK)
        status = deletion_note(repo, id, error);
    if (status == RECTO_OK)
        status = inventory_count(repo, state.document, error);
    return status == RECTO_OK ? repo_audit(repo, &entry, error) : status;
}

recto_status repo_item_delete(repo *repo, mms_id id, const char *user, int64_t now, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    return change_end(repo, own, delete_item(repo, id, user, now, error), error);
}

static recto_status take_item_back(repo *repo, mms_id id, const char *user, int64_t now, recto_error *error)
{
    rows rows;
    buffer key;
    item item = { .id = id };
    int64_t document = 0;
    int zone = 0;
    bool found = false, holding_deleted = false;
    buffer_init(&key, 0);
    (void)rows_open(&rows, repo, error, SQL_ITEM_DELETED_STATE, "i", id);
    if (rows_next(&rows)) {
        found = true;
        document = row_int64(&rows, 0);
        zone = row_int(&rows, 1);
        row_string(&rows, 2, item.barcode, sizeof item.barcode);
        buffer_append_text(&key, row_text(&rows, 3));
        holding_deleted = row_int(&rows, 4) != 0;
    }
    recto_status status = rows_close(&rows);
    if (status == RECTO_OK && !found)
        status = inventory_unknown(id, "withdrawn item", error);
    if (status == RECTO_OK && holding_deleted)
        status = recto_fail(error, RECTO_EREFUSED, NULL, "restore the holdings first", "the holdings of this item are deleted");
    if (status == RECTO_OK)
        status = refuse_taken(repo, &item, buffer_text(&key), zone, error);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_ITEM_TAKE_BACK, "iis", id, now, user);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_ITEM_DELETED_FORGET, "i", id);
    buffer_release(&key);
    return status == RECTO_OK ? inventory_count(repo, document, error) : status;
}

recto_status repo_item_undelete(repo *repo, mms_id id, const char *user, int64_t now, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    return change_end(repo, own, take_item_back(repo, id, user, now, error), error);
}
