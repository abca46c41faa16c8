/* src/catalog/headings.c - headings of bibs and of authority records laid into one list (ED-115, ED-116, ED-119, ED-120). */
#include "recto/catalog/headings.h"
#include "id_list.h"
#include "inside.h"
#include "search_plan.h"

#include <stdlib.h>
#include <string.h>

typedef struct gathered {
    heading_list list;
    size_t capacity;
    bool failed;
} gathered;

static char *copy_of(text value)
{
    char *copy = malloc(value.length + 1);
    if (copy == NULL)
        return NULL;
    if (value.length > 0)
        memcpy(copy, value.bytes, value.length);
    copy[value.length] = '\0';
    return copy;
}

static void release_row(catalog_heading *row)
{
    free(row->key);
    free(row->shown);
    free(row->use);
}

void heading_list_release(heading_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        release_row(&list->rows[i]);
    free(list->rows);
    *list = (heading_list){ NULL, 0 };
}

static catalog_heading *add(gathered *gathered, text key, text shown, text use)
{
    heading_list *list = &gathered->list;
    if (list->count == gathered->capacity) {
        const size_t capacity = gathered->capacity > 0 ? 2 * gathered->capacity : 64;
        catalog_heading *grown = realloc(list->rows, capacity * sizeof *grown);
        if (grown == NULL) {
            gathered->failed = true;
            return NULL;
        }
        list->rows = grown;
        gathered->capacity = capacity;
    }
    catalog_heading row = { .key = copy_of(key), .key_length = key.length, .shown = copy_of(shown), .use = copy_of(use) };
    if (row.key == NULL || row.shown == NULL || row.use == NULL) {
        release_row(&row);
        gathered->failed = true;
        return NULL;
    }
    list->rows[list->count] = row;
    return &list->rows[list->count++];
}

static bool add_bib_row(void *context, const browse_row *row)
{
    catalog_heading *added = add(context, row->key, row->shown, row->shown);
    if (added == NULL)
        return false;
    memcpy(added->tag, row->tag, sizeof added->tag);
    added->count = row->count;
    added->example = row->example;
    added->before = row->before;
    return true;
}

static bool add_authority_row(void *context, const authority_row *row)
{
    catalog_heading *added = add(context, row->key, row->shown, row->form == AUTHORITY_HEADING ? row->shown : row->heading);
    if (added == NULL)
        return false;
    memcpy(added->tag, row->tag, sizeof added->tag);
    added->form = row->form;
    added->authority = row->id;
    added->before = row->before;
    size_t length = row->vocabulary.length < sizeof added->vocabulary ? row->vocabulary.length : sizeof added->vocabulary - 1;
    memcpy(added->vocabulary, row->vocabulary.bytes != NULL ? row->vocabulary.bytes : "", length);
    added->vocabulary[length] = '\0';
    return true;
}

static int compare_keys(const catalog_heading *a, const catalog_heading *b)
{
    const size_t shorter = a->key_length < b->key_length ? a->key_length : b->key_length;
    const int order = memcmp(a->key, b->key, shorter);
    return order != 0 ? order : a->key_length < b->key_length ? -1 : a->key_length > b->key_length;
}

/* Of one key: authorized ones, references, then what only bibs have. */
static int compare_rows(const void *left, const void *right)
{
    const catalog_heading *a = left, *b = right;
    const int order = compare_keys(a, b);
    const int a_form = a->form == 0 ? 9 : (int)a->form, b_form = b->form == 0 ? 9 : (int)b->form;
    if (order != 0 || a_form != b_form)
        return order != 0 ? order : a_form - b_form;
    return a->authority < b->authority ? -1 : a->authority > b->authority;
}

/* A row of bibs whose heading is a row of an authority, too, goes into it. */
static void fold_counts(heading_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        catalog_heading *row = &list->rows[i];
        size_t same = kept;
        while (row->form == 0 && same > 0 && list->rows[same - 1].form != 0 && compare_keys(&list->rows[same - 1], row) == 0) {
            list->rows[same - 1].count = row->count;
            list->rows[same - 1].example = row->example;
            same--;
        }
        if (same < kept)
            release_row(row);
        else
            list->rows[kept++] = *row;
    }
    list->count = kept;
}

/* Each side brought as many as were asked for: what stands farther off than that is not complete. */
static void cut(heading_list *list, size_t before, size_t after)
{
    size_t behind = 0, kept = 0, first;
    while (behind < list->count && list->rows[behind].before)
        behind++;
    first = behind > before ? behind - before : 0;
    for (size_t i = 0; i < list->count; i++)
        if (i < first || i >= behind + after)
            release_row(&list->rows[i]);
        else
            list->rows[kept++] = list->rows[i];
    list->count = kept;
}

recto_status catalog_headings(heading_list *out, catalog *catalog, zone_kind zone, const browse_request *request,
                              const char *vocabulary, recto_error *error)
{
    int zones[SEARCH_ZONES];
    browse_request here = *request;
    gathered gathered = { .failed = false };
    *out = (heading_list){ NULL, 0 };
    here.zones = zones;
    here.zone_count = search_zones(zones, catalog, zone);
    if (here.zone_count == 0)
        return RECTO_OK;
    recto_status status = vocabulary[0] != '\0' ? RECTO_OK : repo_browse(catalog->repo, &here, add_bib_row, &gathered, error);
    if (status == RECTO_OK)
        status = repo_authority_browse(catalog->repo, &here, strcmp(vocabulary, "*") == 0 ? "" : vocabulary, add_authority_row,
                                       &gathered, error);
    if (status == RECTO_OK && gathered.failed)
        status = recto_fail_memory(error, "listing headings");
    if (status != RECTO_OK) {
        heading_list_release(&gathered.list);
        return status;
    }
    if (gathered.list.count > 0)
        qsort(gathered.list.rows, gathered.list.count, sizeof *gathered.list.rows, compare_rows);
    fold_counts(&gathered.list);
    cut(&gathered.list, request->before, request->after);
    *out = gathered.list;
    return RECTO_OK;
}

static recto_status records_of_row(mms_id **out, size_t *count, catalog *catalog, zone_kind zone, browse_request request,
                                   text key, recto_error *error)
{
    int zones[SEARCH_ZONES];
    id_list list = { .ids = NULL };
    *out = NULL;
    *count = 0;
    request.zones = zones;
    request.zone_count = search_zones(zones, catalog, zone);
    recto_status status = repo_browse_records(catalog->repo, &request, key, id_list_add, &list, error);
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(error, "listing the records of a heading");
    if (status != RECTO_OK) {
        free(list.ids);
        return status;
    }
    *out = list.ids;
    *count = list.count;
    return RECTO_OK;
}

recto_status catalog_heading_bibs(mms_id **out, size_t *count, catalog *catalog, zone_kind zone, browse_kind kind, text key,
                                  recto_error *error)
{
    const browse_request request = { .kind = kind };
    return records_of_row(out, count, catalog, zone, request, key, error);
}

recto_status catalog_shelf_bibs(mms_id **out, size_t *count, catalog *catalog, zone_kind zone, const shelf_limits *limits,
                                text key, recto_error *error)
{
    const browse_request request = { .kind = BROWSE_SHELF, .shelf = limits };
    return records_of_row(out, count, catalog, zone, request, key, error);
}

/* ---- authority records ---- */

recto_status catalog_authority_load(catalog *catalog, mms_id id, int version, marc_record **record, authority_info *info,
                                    recto_error *error)
{
    char where[MMS_ID_LENGTH];
    mms_id_format(where, id);
    if (!catalog_sees(catalog, id))
        return recto_fail(error, RECTO_ENOTFOUND, where, NULL, "no such record");
    recto_status status = info != NULL ? repo_authority_info(catalog->repo, id, info, error) : RECTO_OK;
    if (status != RECTO_OK || record == NULL)
        return status;
    return version > 0 ? repo_version_load(catalog->repo, id, version, record, error)
                       : catalog_load(catalog, id, record, NULL, error);
}

bool catalog_is_authority(mms_id id)
{
    return repo_is_authority(id);
}

recto_status catalog_authority_counts(size_t *references, size_t *bibs, catalog *catalog, mms_id id, recto_error *error)
{
    int zones[SEARCH_ZONES];
    return repo_authority_counts(references, bibs, catalog->repo, id, zones, search_zones(zones, catalog, (zone_kind)0), error);
}

recto_status catalog_authority_bibs(mms_id **out, size_t *count, catalog *catalog, const marc_record *record, recto_error *error)
{
    int zones[SEARCH_ZONES];
    id_list list = { .ids = NULL };
    size_t counted = 0;
    *out = NULL;
    *count = 0;
    recto_status status = repo_authority_uses(&counted, catalog->repo, record, zones, search_zones(zones, catalog, (zone_kind)0),
                                              id_list_add, &list, error);
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(error, "listing the records of a heading");
    if (status != RECTO_OK) {
        id_list_release(&list);
        return status;
    }
    *out = list.ids;
    *count = list.count;
    return RECTO_OK;
}

static bool append_reference(void *context, const authority_row *row)
{
    buffer *out = context;
    if (out->length > 0)
        buffer_append_string(out, "\n");
    buffer_append_string(out, row->form == AUTHORITY_SEE ? "not: " : "see also: ");
    buffer_append_text(out, row->shown);
    return true;
}

recto_status catalog_authority_describe(buffer *references, buffer *about, catalog *catalog, mms_id id, recto_error *error)
{
    marc_record *record = NULL;
    recto_status status = catalog_authority_load(catalog, id, 0, &record, NULL, error);
    if (status == RECTO_OK)
        status = repo_authority_references(catalog->repo, id, append_reference, references, error);
    if (status == RECTO_OK)
        heading_extract(about, catalog, record);
    marc_record_free(record);
    return status;
}
