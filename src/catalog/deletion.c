/* src/catalog/deletion.c - what stands in the way of deleting a record, the records that were deleted, and bringing one back.
 *
 * @spec editor.md ED-145, ED-149, ED-150, ED-172 */
#include "inside.h"

#include "recto/base/utf8.h"
#include "recto/catalog/custody.h"
#include "recto/repo/links.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- obstacles */

typedef struct obstacles {
    catalog *catalog;
    delete_obstacle *rows;
    size_t count;
    bool failed;
} obstacles;

static delete_obstacle *add(obstacles *list, char kind, mms_id id)
{
    delete_obstacle *grown = realloc(list->rows, (list->count + 1) * sizeof *grown);
    if (grown == NULL) {
        list->failed = true;
        return NULL;
    }
    list->rows = grown;
    grown[list->count] = (delete_obstacle){ .kind = kind, .id = id };
    return &grown[list->count++];
}

static void add_holding(void *context, const holding *holding)
{
    delete_obstacle *row = add(context, 'H', holding->id);
    if (row != NULL)
        snprintf(row->what, sizeof row->what, "holdings %lld: %.31s %.31s %.80s", (long long)holding->id, holding->library,
                 holding->location, holding->call_number);
}

static void add_item(void *context, const item *item)
{
    delete_obstacle *row = add(context, 'I', item->id);
    if (row != NULL)
        snprintf(row->what, sizeof row->what, "item %lld: barcode %.63s %.60s", (long long)item->id,
                 item->barcode[0] != '\0' ? item->barcode : "none", item->description);
}

static bool add_record(obstacles *list, char kind, mms_id id)
{
    bib_info info;
    delete_obstacle *row = add(list, kind, id);
    if (row == NULL)
        return false;
    info.title[0] = '\0';
    if (repo_bib_info(list->catalog->repo, id, &info, catalog_now(list->catalog), NULL) != RECTO_OK)
        info.title[0] = '\0';
    snprintf(row->what, sizeof row->what, "record %lld %s: %.120s", (long long)id,
             kind == 'L' ? "is linked to it" : "names it ($w)", info.title);
    return true;
}

static bool add_linked(void *context, mms_id id)
{
    return add_record(context, 'L', id);
}

static bool add_naming(void *context, mms_id id)
{
    return add_record(context, 'W', id);
}

static void add_rest(obstacles *list, const bib_info *info)
{
    repo_lock holder;
    delete_obstacle *row;
    if (info->portfolios > 0 && (row = add(list, 'P', 0)) != NULL)
        snprintf(row->what, sizeof row->what, "%d portfolio%s", info->portfolios, info->portfolios == 1 ? "" : "s");
    if (lock_refuses(list->catalog, info->id, &holder) && (row = add(list, 'K', 0)) != NULL) {
        lock_sentence(row->what, sizeof row->what, list->catalog, &holder);
    }
}

recto_status catalog_delete_obstacles(delete_obstacle **out, size_t *count, catalog *catalog, mms_id id, recto_error *error)
{
    obstacles list = { .catalog = catalog };
    bib_info info;
    recto_status status = repo_bib_info(catalog->repo, id, &info, catalog_now(catalog), error);
    if (status == RECTO_OK && info.holdings > 0)
        status = repo_holdings(catalog->repo, id, add_holding, &list, error);
    if (status == RECTO_OK && info.items > 0)
        status = repo_items(catalog->repo, id, add_item, &list, error);
    if (status == RECTO_OK)
        status = repo_bibs_linked(catalog->repo, id, add_linked, &list, error);
    if (status == RECTO_OK)
        status = repo_bibs_naming(catalog->repo, id, add_naming, &list, error);
    if (status == RECTO_OK)
        add_rest(&list, &info);
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(error, "looking what stands in the way");
    if (status != RECTO_OK) {
        free(list.rows);
        return status;
    }
    *out = list.rows;
    *count = list.count;
    return RECTO_OK;
}

void delete_obstacles_sentence(buffer *out, const delete_obstacle *rows, size_t count)
{
    static const struct {
        char kind;
        const char *one, *many;
    } names[] = { { 'H', "holdings record", "holdings records" },          { 'I', "item", "items" },
                  { 'P', "set of portfolios", "sets of portfolios" },      { 'L', "linked record", "linked records" },
                  { 'W', "record that names it", "records that name it" }, { 'K', "lock", "locks" } };
    const size_t before = out->length;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t found = 0;
        for (size_t n = 0; n < count; n++)
            found += rows[n].kind == names[i].kind;
        if (found > 0)
            buffer_append_format(out, "%s%zu %s", out->length > before ? ", " : "", found,
                                 found == 1 ? names[i].one : names[i].many);
    }
}

/* ---- deleted records */

typedef struct deleted_list {
    bib_info *rows;
    size_t count, most;
    bool more, failed;
    buffer wanted, words; /* the words in the form of the index */
    char digits[64];      /* of a number that was typed; "" none */
} deleted_list;

/* ISBN and ISSN with or without hyphens, OCLC numbers with or without prefix. */
static void keep_digits(char *out, size_t capacity, text from)
{
    size_t used = 0;
    for (size_t i = 0; i < from.length && used + 1 < capacity; i++)
        if ((from.bytes[i] >= '0' && from.bytes[i] <= '9') || from.bytes[i] == 'X' || from.bytes[i] == 'x')
            out[used++] = from.bytes[i] == 'x' ? 'X' : from.bytes[i];
    out[used] = '\0';
}

static bool begins(const char *number, const char *wanted)
{
    char digits[64];
    keep_digits(digits, sizeof digits, text_from(number));
    return strncmp(digits, wanted, strlen(wanted)) == 0;
}

static bool is_wanted(deleted_list *list, const bib_info *row)
{
    char id[MMS_ID_LENGTH];
    mms_id_format(id, row->id);
    if (list->wanted.length == 0)
        return true;
    if (list->digits[0] != '\0' && (begins(id, list->digits) || begins(row->oclc, list->digits) ||
                                    begins(row->isbn, list->digits) || begins(row->issn, list->digits)))
        return true;
    buffer_clear(&list->words);
    utf8_index_form(&list->words, text_from(row->title));
    buffer_append_char(&list->words, ' ');
    utf8_index_form(&list->words, text_from(row->creator));
    return strstr(buffer_string(&list->words), buffer_string(&list->wanted)) != NULL;
}

static bool add_deleted(void *context, const bib_info *row)
{
    deleted_list *list = context;
    if (!is_wanted(list, row))
        return true;
    if (list->count == list->most) {
        list->more = true;
        return false;
    }
    bib_info *grown = realloc(list->rows, (list->count + 1) * sizeof *grown);
    if (grown == NULL) {
        list->failed = true;
        return false;
    }
    list->rows = grown;
    list->rows[list->count++] = *row;
    return true;
}

recto_status catalog_deleted(bib_info **out, size_t *count, bool *more, catalog *catalog, const char *words, size_t most,
                             recto_error *error)
{
    deleted_list list = { .most = most };
    int zones[2];
    size_t zone_count = 0;
    if (catalog->own != NULL)
        zones[zone_count++] = catalog->own->id;
    if (catalog->network != NULL)
        zones[zone_count++] = catalog->network->id;
    buffer_init(&list.wanted, 4096);
    buffer_init(&list.words, 1 << 16);
    utf8_index_form(&list.wanted, text_trim(text_from(words)));
    keep_digits(list.digits, sizeof list.digits, text_from(words));
    recto_status status = repo_deleted(catalog->repo, zones, zone_count, catalog_now(catalog), add_deleted, &list, error);
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(error, "listing deleted records");
    buffer_release(&list.wanted);
    buffer_release(&list.words);
    if (status != RECTO_OK) {
        free(list.rows);
        return status;
    }
    *out = list.rows;
    *count = list.count;
    *more = list.more;
    return RECTO_OK;
}

/* ---- and back */

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

recto_status catalog_undelete(int *version, catalog *catalog, mms_id id, recto_error *error)
{
    transaction change = { .repo = NULL };
    bib_info info;
    char where[MMS_ID_LENGTH];
    const repo_zone *zone = catalog_zone_of(catalog, id);
    mms_id_format(where, id);
    if (!catalog_may_in(catalog, zone))
        return refuse_privilege(catalog, PRIVILEGE_CATALOG, "bib.undelete", where, false, error);
    recto_status status = need_privilege(catalog, PRIVILEGE_DELETE, "bib.undelete", where, error);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_bib_info(catalog->repo, id, &info, catalog_now(catalog), error);
    if (status == RECTO_OK)
        status = must_be_deleted(&info, catalog, error);
    if (status == RECTO_OK)
        status = write_again(version, catalog, &info, error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "bib.undelete", where, zone->id, "restored", NULL, error);
    status = transaction_end(&change, status, error);
    if (status == RECTO_OK)
        session_follow(catalog, id);
    return status;
}
