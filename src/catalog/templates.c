/* src/catalog/templates.c - the templates a cataloger has: listed, found by name, read (ED-135 to ED-138). Saving them is
 * template_save.c, the defaults are template_defaults.c.
 *
 * Delivered ones are files of data/templates; all others are kept by the repository under zone and owner. */
#include "templates_inside.h"
#include "template_text.h"

#include "recto/base/resource.h"
#include "recto/catalog/rules.h"
#include "recto/repo/templates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char TEMPLATE_KIND[] = "template";
static const char FOLDER[] = "data/templates/";
static const char *const scope_names[] = { "private", "shared", "network", "delivered" };

const char *template_scope_name(template_scope scope)
{
    return (size_t)scope < sizeof scope_names / sizeof *scope_names ? scope_names[scope] : "";
}

bool template_scope_named(template_scope *out, const char *name)
{
    for (size_t i = 0; i < sizeof scope_names / sizeof *scope_names; i++)
        if (strcasecmp(scope_names[i], name) == 0) {
            *out = (template_scope)i;
            return true;
        }
    return false;
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */

typedef struct template_list {
    catalog *catalog;
    catalog_template *rows;
    size_t count, capacity;
    bool failed;
} template_list;

static const char *family_name(marc_family family)
{
    return family == MARC_HOLDINGS ? "holdings" : family == MARC_AUTHORITY ? "authority" : "bib";
}

static void describe(catalog_template *row, text source)
{
    marc_record *record = NULL;
    snprintf(row->family, sizeof row->family, "bib");
    if (template_text_read(&record, NULL, source, row->name, NULL) != RECTO_OK)
        return;
    snprintf(row->family, sizeof row->family, "%s", family_name(marc_family_of(record)));
    const bool authority = marc_family_of(record) == MARC_AUTHORITY;
    snprintf(row->title, sizeof row->title, "%s", authority ? "Authority" : marc_material_type(record));
    marc_record_free(record);
}

static catalog_template *add_row(template_list *list)
{
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 16;
        catalog_template *grown = realloc(list->rows, capacity * sizeof *grown);
        if (grown == NULL) {
            list->failed = true;
            return NULL;
        }
        list->rows = grown;
        list->capacity = capacity;
    }
    list->rows[list->count] = (catalog_template){ .zone = 0 };
    return &list->rows[list->count++];
}

static template_scope scope_of(const catalog *catalog, const repo_template *info)
{
    const repo_zone *zone = catalog_zone_by_id(catalog, info->zone);
    if (zone != NULL && zone->kind == ZONE_NETWORK)
        return TEMPLATE_NETWORK;
    return info->owner[0] != '\0' ? TEMPLATE_PRIVATE : TEMPLATE_SHARED;
}

void template_describe_stored(catalog_template *out, catalog *catalog, const repo_template *info, text source)
{
    repo_lock lock;
    *out = (catalog_template){
        .id = info->id, .scope = scope_of(catalog, info), .zone = info->zone, .version = info->version, .saved_at = info->saved_at
    };
    snprintf(out->name, sizeof out->name, "%s", info->name);
    snprintf(out->saved_by, sizeof out->saved_by, "%s", info->saved_by);
    snprintf(out->note, sizeof out->note, "%s", info->note);
    if (lock_refuses(catalog, info->id, &lock))
        snprintf(out->locked_by, sizeof out->locked_by, "%s", lock.owner);
    describe(out, source);
}

static void add_stored(void *context, const repo_template *info, text source)
{
    template_list *list = context;
    catalog_template *row = add_row(list);
    if (row != NULL)
        template_describe_stored(row, list->catalog, info, source);
}

static void add_delivered(void *context, const char *path)
{
    template_list *list = context;
    template_head head = { .name = "" };
    resource file;
    if (resource_open(&file, path, TEMPLATE_FILE_MAX, NULL) != RECTO_OK)
        return;
    catalog_template *row = NULL;
    if (template_text_read(NULL, &head, file.content, path, NULL) == RECTO_OK && head.name[0] != '\0')
        row = add_row(list);
    if (row != NULL) {
        row->scope = TEMPLATE_DELIVERED;
        snprintf(row->name, sizeof row->name, "%s", head.name);
        describe(row, file.content);
    }
    resource_release(&file);
}

/* Those for bibs first: most are. */
static int family_rank(const char *family)
{
    return strcmp(family, "bib") == 0 ? 0 : strcmp(family, "holdings") == 0 ? 1 : 2;
}

static int in_order(const void *left, const void *right)
{
    const catalog_template *a = left, *b = right;
    const int first = (a->is_own_default ? 2 : 0) + a->is_default, second = (b->is_own_default ? 2 : 0) + b->is_default;
    if (first != second)
        return second - first;
    if (a->scope != b->scope)
        return (int)a->scope - (int)b->scope;
    const int by_family = family_rank(a->family) - family_rank(b->family);
    return by_family != 0 ? by_family : strcasecmp(a->name, b->name);
}

recto_status catalog_templates(catalog_template **out, size_t *count, catalog *catalog, recto_error *error)
{
    template_list list = { .catalog = catalog };
    recto_status status = repo_templates(catalog->repo, TEMPLATE_KIND, catalog->own->id, catalog->user, add_stored, &list, error);
    if (status == RECTO_OK)
        status = repo_templates(catalog->repo, TEMPLATE_KIND, catalog->own->id, "", add_stored, &list, error);
    if (status == RECTO_OK && catalog->network != NULL)
        status = repo_templates(catalog->repo, TEMPLATE_KIND, catalog->network->id, "", add_stored, &list, error);
    if (status == RECTO_OK)
        resource_list(FOLDER, add_delivered, &list);
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(error, "listing templates");
    if (status != RECTO_OK) {
        free(list.rows);
        return status;
    }
    template_defaults_mark(list.rows, list.count, catalog, catalog->own);
    template_defaults_mark(list.rows, list.count, catalog, catalog->network);
    if (list.count > 0)
        qsort(list.rows, list.count, sizeof *list.rows, in_order);
    *out = list.rows;
    *count = list.count;
    return RECTO_OK;
}

recto_status catalog_template_find(catalog_template *out, catalog *catalog, const char *name, recto_error *error)
{
    catalog_template *rows = NULL;
    size_t count = 0;
    const catalog_template *found = NULL;
    recto_status status = catalog_templates(&rows, &count, catalog, error);
    for (size_t i = 0; status == RECTO_OK && i < count; i++)
        if (strcasecmp(rows[i].name, name) == 0 && (found == NULL || rows[i].scope < found->scope))
            found = &rows[i];
    if (status == RECTO_OK && found == NULL)
        status = recto_fail(error, RECTO_ENOTFOUND, name, "recto template list, or the area Templates, shows them all",
                            "there is no template of this name");
    if (status == RECTO_OK)
        *out = *found;
    free(rows);
    return status;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

typedef struct delivered_search {
    const char *name;
    buffer *source;
    bool found;
} delivered_search;

static void look_delivered(void *context, const char *path)
{
    delivered_search *search = context;
    template_head head = { .name = "" };
    resource file;
    if (search->found || resource_open(&file, path, TEMPLATE_FILE_MAX, NULL) != RECTO_OK)
        return;
    if (template_text_read(NULL, &head, file.content, path, NULL) == RECTO_OK && strcmp(head.name, search->name) == 0) {
        search->found = true;
        buffer_append_text(search->source, file.content);
    }
    resource_release(&file);
}

const char *template_owner(const catalog *catalog, template_scope scope)
{
    return scope == TEMPLATE_PRIVATE ? catalog->user : "";
}

recto_status catalog_template_load(buffer *source, marc_record **record, catalog *catalog, const catalog_template *info,
                                   int version, recto_error *error)
{
    repo_template stored;
    buffer found;
    recto_status status = RECTO_OK;
    buffer_init(&found, TEMPLATE_FILE_MAX);
    if (info->scope == TEMPLATE_DELIVERED) {
        delivered_search search = { info->name, &found, false };
        resource_list(FOLDER, look_delivered, &search);
        status = search.found ? RECTO_OK : RECTO_ENOTFOUND;
    } else {
        status = repo_template_get(catalog->repo, info->zone, TEMPLATE_KIND, template_owner(catalog, info->scope), info->name,
                                   version, &stored, &found, error);
        if (status == RECTO_OK && stored.deleted)
            status = RECTO_ENOTFOUND;
    }
    if (status == RECTO_ENOTFOUND)
        status = recto_fail(error, RECTO_ENOTFOUND, info->name, NULL, "this template is not there any more");
    if (status == RECTO_OK && record != NULL)
        status = template_text_read(record, NULL, buffer_text(&found), info->name, error);
    if (status == RECTO_OK && source != NULL)
        buffer_append_text(source, buffer_text(&found));
    buffer_release(&found);
    return status;
}

void catalog_template_values(template_values *out, buffer *symbol, catalog *catalog)
{
    *out = (template_values){ .user = catalog->user, .now = catalog_now(catalog) };
    if (repo_setting_get(catalog->repo, catalog->own->id, "symbol", symbol, NULL) != RECTO_OK || symbol->length == 0)
        buffer_append_string(symbol, catalog->institution);
    out->symbol = buffer_string(symbol);
}
