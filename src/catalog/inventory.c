/* src/catalog/inventory.c - holdings and items: who may make them, on what, and the call number that the bib proposes.
 *
 * Holdings hang on a saved bib of the own institution, items on holdings; the Network Zone has no inventory (SE-8).
 * @spec editor.md section 14, inventory-orders.md section 3 */
#include "inside.h"

#include "recto/base/plural.h"
#include "recto/repo/authorities.h"

#include <stdio.h>
#include <string.h>

static void setting_or(buffer *out, catalog *catalog, const char *name, const char *otherwise)
{
    buffer value;
    buffer_init(&value, 256);
    if (repo_setting_get(catalog->repo, catalog->own->id, name, &value, NULL) == RECTO_OK && value.length > 0)
        buffer_append_text(out, buffer_text(&value));
    else
        buffer_append_string(out, otherwise);
    buffer_release(&value);
}

static void write_852(buffer *out, catalog *catalog, const marc_record *bib)
{
    char scheme = ' ', own[64];
    buffer number;
    buffer_init(&number, 0);
    for (const char *tried = "01"; *tried != '\0' && scheme == ' '; tried++) /* LC, then Dewey: others are chosen by hand */
        if (call_number_propose(&number, catalog, bib, *tried))
            scheme = *tried;
    buffer_append_char(out, scheme);
    buffer_append_char(out, ' ');
    buffer_append_char(out, MARC_SUBFIELD_DELIMITER);
    buffer_append_char(out, 'b');
    catalog_own_library(own, catalog);
    if (own[0] != '\0')
        buffer_append_string(out, own);
    else
        setting_or(out, catalog, "default_library", "MAIN");
    buffer_append_char(out, MARC_SUBFIELD_DELIMITER);
    buffer_append_char(out, 'c');
    setting_or(out, catalog, "default_location", "STACKS");
    buffer_append_text(out, buffer_text(&number));
    buffer_release(&number);
}

/* ---- the template */

/* MARC 21 Holdings: leader/06 x single part, y serial; encoding level 1; no item information (18 n). */
static void set_holdings_leader(marc_record *record, bool serial)
{
    char leader[] = "00000nx  a22000001n 4500";
    leader[6] = serial ? 'y' : 'x';
    marc_record_set_leader(record, leader);
}

/* 008 of holdings, 32 positions: receipt status, method unknown, kept permanently, one copy, lending and copying unknown. */
static recto_status append_008(marc_record *record, int64_t now, bool serial, recto_error *error)
{
    char iso[CLOCK_ISO_LENGTH], date[7], content[33];
    clock_format_iso(iso, now);
    snprintf(date, sizeof date, "%.2s%.2s%.2s", iso + 2, iso + 5, iso + 8);
    snprintf(content, sizeof content, "%s%cu    8   4001uuund0%s", date, serial ? '4' : '0', date);
    return marc_record_append(record, "008", text_from(content), error);
}

static recto_status need_saved_bib(catalog *catalog, mms_id bib, marc_record **record, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    bib_info info;
    const repo_zone *zone = catalog_zone_of(catalog, bib);
    mms_id_format(where, bib);
    if (repo_is_authority(bib))
        return recto_fail(error, RECTO_EREFUSED, where, NULL, "an authority record has no inventory");
    if (zone != NULL && zone->kind != ZONE_INSTITUTION)
        return recto_fail(error, RECTO_EREFUSED, where, "copy the record to the catalog of your institution first",
                          "the %s holds no inventory", zone->kind == ZONE_NETWORK ? "Network Zone" : "Community Zone");
    recto_status status = catalog_load(catalog, bib, record, &info, error);
    if (status == RECTO_ENOTFOUND)
        return recto_fail(error, RECTO_EREFUSED, where, "save the bibliographic record first", "this record was never saved");
    if (status == RECTO_OK && info.deleted) {
        marc_record_free(*record);
        *record = NULL;
        return recto_fail(error, RECTO_EREFUSED, where, NULL, "this record has been deleted");
    }
    return status;
}

recto_status catalog_holding_template(marc_record **out, catalog *catalog, mms_id bib, recto_error *error)
{
    marc_record *title = NULL, *made = NULL;
    char number[MMS_ID_LENGTH];
    buffer place;
    buffer_init(&place, 0);
    mms_id_format(number, bib);
    recto_status status = need_saved_bib(catalog, bib, &title, error);
    if (status == RECTO_OK)
        status = marc_record_new(&made, error);
    if (status == RECTO_OK) {
        set_holdings_leader(made, match_is_serial(title));
        status = marc_record_append(made, "004", text_from(number), error);
    }
    if (status == RECTO_OK)
        status = append_008(made, catalog_now(catalog), match_is_serial(title), error);
    if (status == RECTO_OK) {
        write_852(&place, catalog, title);
        status = buffer_failed(&place) ? recto_fail_memory(error, "making holdings")
                                       : marc_record_append(made, "852", buffer_text(&place), error);
    }
    buffer_release(&place);
    marc_record_free(title);
    if (status == RECTO_OK)
        *out = made;
    else
        marc_record_free(made);
    return status;
}

/* ---- inventory of network records */

recto_status catalog_inventory_bib(mms_id *out, catalog *catalog, mms_id bib, recto_error *error)
{
    const repo_zone *zone = catalog_zone_of(catalog, bib);
    *out = bib;
    if (zone == NULL || zone->kind != ZONE_NETWORK || catalog->own == NULL)
        return RECTO_OK;
    return repo_bib_linked(catalog->repo, bib, catalog->own->id, out, error);
}

static recto_status make_linked(mms_id *out, catalog *catalog, mms_id bib, recto_error *error)
{
    edit_session *session = NULL;
    ingest_outcome outcome = { 0 };
    recto_status status = edit_copy_to_catalog(&session, catalog, bib, true, error);
    if (status == RECTO_OK)
        status = edit_save(&outcome, session, true, error); /* what it would match is its own original */
    if (status == RECTO_OK && outcome.kind != OUTCOME_ADDED)
        status = recto_fail(error, RECTO_EREFUSED, NULL, NULL, "%s", outcome.message);
    if (status == RECTO_OK)
        *out = outcome.id;
    ingest_outcome_release(&outcome);
    recto_status released = edit_release(&session, status == RECTO_OK ? error : NULL);
    return status == RECTO_OK ? released : status;
}

recto_status catalog_link_bib(mms_id *out, bool *made, catalog *catalog, mms_id bib, recto_error *error)
{
    bool fresh = false;
    recto_status status = catalog_inventory_bib(out, catalog, bib, error);
    if (status == RECTO_OK && *out == 0) {
        status = make_linked(out, catalog, bib, error);
        fresh = status == RECTO_OK;
    }
    if (made != NULL)
        *made = fresh;
    return status;
}

/* ---- saving holdings */

/* In the library where the holdings are, and in the one where they go (ED-2). */
static recto_status need_holdings_right(catalog *catalog, mms_id id, const marc_record *record, const char *object,
                                        recto_error *error)
{
    const size_t at = marc_record_find(record, "852", 0);
    char code[32] = "";
    text library;
    if (at != SIZE_MAX && marc_field_subfield(marc_record_field(record, at), 'b', &library))
        snprintf(code, sizeof code, "%.*s", (int)text_trim(library).length, text_trim(library).bytes);
    recto_status status = code[0] != '\0' /* without one they are refused for that */
                              ? need_privilege_at(catalog, PRIVILEGE_HOLDINGS, code, "holding.save", object, error)
                              : need_privilege(catalog, PRIVILEGE_HOLDINGS, "holding.save", object, error);
    if (status == RECTO_OK && id != 0)
        status = need_privilege_for(catalog, PRIVILEGE_HOLDINGS, id, "holding.save", error);
    return status;
}

static recto_status put_control(marc_record *record, const char *tag, const char *content, recto_error *error)
{
    const size_t at = marc_record_find(record, tag, 0);
    if (at != SIZE_MAX)
        return marc_record_replace(record, at, tag, text_from(content), error);
    return marc_record_insert(record, marc_record_place(record, tag), tag, text_from(content), error);
}

static recto_status check_852(const marc_record *record, recto_error *error)
{
    const size_t at = marc_record_find(record, "852", 0);
    text library;
    if (at == SIZE_MAX || !marc_field_subfield(marc_record_field(record, at), 'b', &library) || text_trim(library).length == 0)
        return recto_fail(error, RECTO_EINVALID, "852", "put the library's code into $b", "holdings need an 852 with a library");
    return RECTO_OK;
}

recto_status holding_stamp(marc_record *record, mms_id id, mms_id bib, catalog *catalog, text stored_005, recto_error *error)
{
    char number[MMS_ID_LENGTH];
    recto_status status = normalize_system_fields(record, id, recto_clock_ticks(&catalog->clock), stored_005, error);
    if (status == RECTO_OK && id == 0)
        marc_record_remove(record, marc_record_find(record, "001", 0)); /* new: the number is given by the repository */
    mms_id_format(number, bib);
    return status == RECTO_OK ? put_control(record, "004", number, error) : status;
}

static recto_status prepare_holding(marc_record **out, catalog *catalog, mms_id id, mms_id bib, const marc_record *record,
                                    recto_error *error)
{
    marc_record *title = NULL, *stored = NULL, *made = NULL;
    holding info;
    recto_status status = check_852(record, error);
    if (status == RECTO_OK)
        status = need_saved_bib(catalog, bib, &title, error);
    if (status == RECTO_OK && id != 0)
        status = repo_holding_load(catalog->repo, id, &stored, &info, error);
    if (status == RECTO_OK)
        status = marc_record_copy(&made, record, error);
    if (status == RECTO_OK && id == 0) /* one that is there is never overwritten */
        status = call_number_fill(made, catalog, title, error);
    if (status == RECTO_OK)
        status = holding_stamp(made, id, bib, catalog, stored != NULL ? marc_record_control(stored, "005") : TEXT(""), error);
    marc_record_free(stored);
    marc_record_free(title);
    if (status == RECTO_OK)
        *out = made;
    else
        marc_record_free(made);
    return status;
}

recto_status catalog_holding_save(catalog *catalog, mms_id *id, mms_id bib, const marc_record *record, int expected_version,
                                  recto_error *error)
{
    transaction change = { .repo = NULL };
    marc_record *made = NULL;
    char object[MMS_ID_LENGTH];
    mms_id_format(object, bib);
    recto_status status = need_holdings_right(catalog, *id, record, object, error);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = prepare_holding(&made, catalog, *id, bib, record, error);
    if (status == RECTO_OK)
        status = repo_holding_write(catalog->repo, id, bib, catalog->own->id, made, expected_version, catalog->user,
                                    catalog_now(catalog), error);
    if (status == RECTO_OK) {
        mms_id_format(object, *id);
        status = catalog_audit(catalog, "holding.save", object, catalog->own->id, "saved", NULL, error);
    }
    status = transaction_end(&change, status, error);
    marc_record_free(made);
    return status;
}

recto_status catalog_holding_load(catalog *catalog, mms_id id, marc_record **record, holding *info, recto_error *error)
{
    holding unwanted;
    char number[MMS_ID_LENGTH];
    mms_id_format(number, id);
    if (!catalog_sees(catalog, id))
        return recto_fail(error, RECTO_ENOTFOUND, number, NULL, "no such holdings");
    recto_status status = repo_holding_load(catalog->repo, id, record, info != NULL ? info : &unwanted, error);
    if (status == RECTO_OK) {
        status = put_control(*record, "001", number, error);
        if (status != RECTO_OK) {
            marc_record_free(*record);
            *record = NULL;
        }
    }
    return status;
}

recto_status catalog_holdings(catalog *catalog, mms_id bib, void (*visit)(void *context, const holding *holding), void *context,
                              recto_error *error)
{
    return repo_holdings(catalog->repo, bib, visit, context, error);
}

static void count_item(void *context, const item *item)
{
    (void)item;
    (*(size_t *)context)++;
}

recto_status holding_delete(catalog *catalog, mms_id id, bool join, recto_error *error)
{
    transaction change = { .repo = NULL };
    char object[MMS_ID_LENGTH];
    size_t items = 0;
    mms_id_format(object, id);
    recto_status status = need_privilege(catalog, PRIVILEGE_WITHDRAW, "holding.delete", object, error);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, join, error);
    if (status == RECTO_OK)
        status = repo_items(catalog->repo, id, count_item, &items, error);
    if (status == RECTO_OK && items > 0)
        status = recto_fail(error, RECTO_EREFUSED, object, "delete its items first", "the holdings have %zu %s", items,
                            plural(items, "item", "items"));
    if (status == RECTO_OK)
        status = repo_holding_delete(catalog->repo, id, catalog->user, catalog_now(catalog), error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "holding.delete", object, catalog->own->id, "deleted", NULL, error);
    return transaction_end(&change, status, error);
}

recto_status catalog_holding_delete(catalog *catalog, mms_id id, recto_error *error)
{
    recto_status status = need_privilege_for(catalog, PRIVILEGE_WITHDRAW, id, "holding.delete", error);
    return status == RECTO_OK ? holding_delete(catalog, id, false, error) : status;
}

/* ---- items */

static recto_status prepare_item(catalog *catalog, item *item, recto_error *error)
{
    marc_record *record = NULL;
    holding info = { .bib = 0 };
    const text barcode = text_trim(text_from(item->barcode));
    if (barcode.length == 0)
        return recto_fail(error, RECTO_EINVALID, "barcode", NULL, "an item needs a barcode");
    recto_status status = catalog_holding_load(catalog, item->holding, &record, &info, error);
    if (status != RECTO_OK)
        return status;
    marc_record_free(record);
    item->bib = info.bib;
    item->copy = item->copy > 0 ? item->copy : 1;
    memmove(item->barcode, barcode.bytes, barcode.length);
    item->barcode[barcode.length] = '\0';
    return RECTO_OK;
}

recto_status catalog_item_save(catalog *catalog, item *item, recto_error *error)
{
    transaction change = { .repo = NULL };
    char object[MMS_ID_LENGTH];
    mms_id_format(object, item->holding);
    recto_status status = need_privilege_for(catalog, PRIVILEGE_INVENTORY, item->holding, "item.save", error);
    if (status == RECTO_OK)
        status = prepare_item(catalog, item, error);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_item_write(catalog->repo, item, catalog->user, catalog_now(catalog), error);
    if (status == RECTO_OK) {
        mms_id_format(object, item->id);
        status = catalog_audit(catalog, "item.save", object, catalog->own->id, "saved", item->barcode, error);
    }
    return transaction_end(&change, status, error);
}

recto_status catalog_items(catalog *catalog, mms_id holding_or_bib, void (*visit)(void *context, const item *item), void *context,
                           recto_error *error)
{
    return repo_items(catalog->repo, holding_or_bib, visit, context, error);
}

recto_status item_delete(catalog *catalog, mms_id id, recto_error *error)
{
    char object[MMS_ID_LENGTH];
    mms_id_format(object, id);
    recto_status status = need_privilege(catalog, PRIVILEGE_WITHDRAW, "item.delete", object, error);
    if (status == RECTO_OK)
        status = repo_item_delete(catalog->repo, id, catalog->user, catalog_now(catalog), error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "item.delete", object, catalog->own->id, "deleted", NULL, error);
    return status;
}
