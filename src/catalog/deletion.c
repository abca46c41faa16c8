/* src/catalog/deletion.c - what stands in the way of deleting a record, and what was deleted: bibs, holdings, items.
 *
 * @spec editor.md ED-145, ED-149, ED-150, ED-172 */
#include "inside.h"

#include "recto/base/utf8.h"
#include "recto/catalog/custody.h"
#include "recto/repo/custody.h"
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
        snprintf(row->what, sizeof row->what, "holdings %lld: %.*s %.*s %.*s", (long long)holding->id, FIT(holding->library, 31),
                 FIT(holding->location, 31), FIT(holding->call_number, 80));
}

static void add_item(void *context, const item *item)
{
    delete_obstacle *row = add(context, 'I', item->id);
    if (row != NULL)
        snprintf(row->what, sizeof row->what, "item %lld: barcode %.*s %.*s", (long long)item->id,
                 FIT(item->barcode[0] != '\0' ? item->barcode : "none", 63), FIT(item->description, 60));
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
    snprintf(row->what, sizeof row->what, "record %lld %s: %.*s", (long long)id,
             kind == 'L' ? "is linked to it" : "names it ($w)", FIT(info.title, 120));
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
    catalog *catalog;
    deleted_row *rows;
    size_t count, capacity;
    bool failed;
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

static bool has_words(deleted_list *list, const char *one, const char *other)
{
    buffer_clear(&list->words);
    utf8_index_form(&list->words, text_from(one));
    buffer_append_char(&list->words, ' ');
    utf8_index_form(&list->words, text_from(other));
    return strstr(buffer_string(&list->words), buffer_string(&list->wanted)) != NULL;
}

/* @param numbers  NULL after the last one */
static bool has_number(const deleted_list *list, mms_id id, const char *const *numbers)
{
    char own[MMS_ID_LENGTH];
    mms_id_format(own, id);
    if (list->digits[0] == '\0')
        return false;
    for (; *numbers != NULL; numbers++)
        if (begins(*numbers, list->digits))
            return true;
    return begins(own, list->digits);
}

static deleted_row *new_row(deleted_list *list)
{
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 32;
        deleted_row *grown = realloc(list->rows, capacity * sizeof *grown);
        if (grown == NULL) {
            list->failed = true;
            return NULL;
        }
        list->rows = grown;
        list->capacity = capacity;
    }
    return &list->rows[list->count++];
}

static bool add_deleted(void *context, const bib_info *info)
{
    deleted_list *list = context;
    const char *const numbers[] = { info->oclc, info->isbn, info->issn, NULL };
    if (list->wanted.length > 0 && !has_number(list, info->id, numbers) && !has_words(list, info->title, info->creator))
        return true;
    deleted_row *row = new_row(list);
    if (row == NULL)
        return false;
    *row = (deleted_row){
        .kind = 'B', .id = info->id, .bib = info->id, .zone = info->zone, .version = info->version, .at = info->modified_at
    };
    snprintf(row->title, sizeof row->title, "%s", info->title);
    snprintf(row->what, sizeof row->what, "%s", info->creator);
    snprintf(row->by, sizeof row->by, "%s", info->modified_by);
    return true;
}

static bool add_below(void *context, const repo_deleted_inventory *below)
{
    deleted_list *list = context;
    const char *const numbers[] = { below->barcode, NULL };
    if (list->wanted.length > 0 && !has_number(list, below->id, numbers) && !has_words(list, below->title, below->what))
        return true;
    deleted_row *row = new_row(list);
    if (row == NULL)
        return false;
    *row = (deleted_row){ .kind = below->kind, .id = below->id, .bib = below->bib, .zone = below->zone, .at = below->deleted_at };
    snprintf(row->title, sizeof row->title, "%s", below->title);
    snprintf(row->what, sizeof row->what, "%s", below->what);
    snprintf(row->by, sizeof row->by, "%s", below->deleted_by);
    return true;
}

/* Newest first; of one moment the bib, then holdings, then items. */
static int newest_first(const void *left, const void *right)
{
    const deleted_row *a = left, *b = right;
    if (a->at != b->at)
        return a->at < b->at ? 1 : -1;
    return a->kind != b->kind ? a->kind - b->kind : (a->id > b->id) - (a->id < b->id);
}

static recto_status read_deleted(deleted_list *list, const int *zones, size_t zone_count, recto_error *error)
{
    catalog *catalog = list->catalog;
    recto_status status = repo_deleted(catalog->repo, zones, zone_count, catalog_now(catalog), add_deleted, list, error);
    if (status == RECTO_OK && catalog->own != NULL)
        status = repo_deleted_below(catalog->repo, catalog->own->id, 0, add_below, list, error);
    return status == RECTO_OK && list->failed ? recto_fail_memory(error, "listing deleted records") : status;
}

recto_status catalog_deleted(deleted_row **out, size_t *count, bool *more, catalog *catalog, const char *words, size_t most,
                             recto_error *error)
{
    deleted_list list = { .catalog = catalog };
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
    recto_status status = read_deleted(&list, zones, zone_count, error);
    buffer_release(&list.wanted);
    buffer_release(&list.words);
    if (status != RECTO_OK) {
        free(list.rows);
        return status;
    }
    if (list.count > 1)
        qsort(list.rows, list.count, sizeof *list.rows, newest_first);
    *out = list.rows;
    *more = list.count > most;
    *count = *more ? most : list.count;
    return RECTO_OK;
}
