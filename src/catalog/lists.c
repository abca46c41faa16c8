/* src/catalog/lists.c - facets of a search and browse lists, in the zones a user sees. */
#include "recto/catalog/lists.h"
#include "inside.h"
#include "search_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const facet_names[FACET_COUNT] = {
    [FACET_ZONE] = "zone",           [FACET_MATERIAL] = "material", [FACET_LANGUAGE] = "language",     [FACET_YEAR] = "year",
    [FACET_INVENTORY] = "inventory", [FACET_SYNC] = "sync",         [FACET_SUPPRESSED] = "suppressed",
};

const char *catalog_facet_name(search_facet facet)
{
    return facet_names[facet];
}

bool catalog_facet_named(search_facet *out, const char *name)
{
    for (size_t i = 0; i < FACET_COUNT; i++)
        if (strcmp(facet_names[i], name) == 0) {
            *out = (search_facet)i;
            return true;
        }
    return false;
}

static const struct {
    search_facet facet;
    const char *value, *label;
} labels[] = {
    { FACET_INVENTORY, "P", "physical" },       { FACET_INVENTORY, "I", "with items" },
    { FACET_INVENTORY, "E", "electronic" },     { FACET_INVENTORY, "N", "without inventory" },
    { FACET_SYNC, "B", "publish bib records" }, { FACET_SYNC, "H", "publish holdings only" },
    { FACET_SYNC, "N", "don't publish" },       { FACET_SUPPRESSED, "0", "not suppressed" },
    { FACET_SUPPRESSED, "1", "suppressed" },
};

static void write_label(catalog_facet_value *value, const catalog *catalog)
{
    snprintf(value->label, sizeof value->label, "%s", value->value);
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (labels[i].facet == value->facet && strcmp(labels[i].value, value->value) == 0)
            snprintf(value->label, sizeof value->label, "%s", labels[i].label);
    const marc_code *language = value->facet == FACET_LANGUAGE && catalog_tables(catalog) != NULL
                                    ? marc_tables_code(catalog_tables(catalog), "language", text_from(value->value))
                                    : NULL;
    if (language != NULL)
        snprintf(value->label, sizeof value->label, "%.*s", (int)(language->label.length < 60 ? language->label.length : 60),
                 language->label.bytes);
    int64_t number;
    if (value->facet == FACET_ZONE && text_to_integer(text_from(value->value), &number)) {
        const repo_zone *zone = catalog_zone_by_id(catalog, (int)number);
        if (zone != NULL)
            snprintf(value->label, sizeof value->label, "%s", search_zone_label(zone->kind));
    }
}

typedef struct facet_list {
    const catalog *catalog;
    const catalog_query *query;
    catalog_facet_value *values;
    size_t count, capacity;
    bool failed;
} facet_list;

static bool is_chosen(const catalog_query *query, search_facet facet, text value)
{
    for (size_t i = 0; i < query->choice_count; i++)
        if (query->choices[i].facet == facet && text_equal(query->choices[i].value, value))
            return true;
    return false;
}

static bool add_value(void *context, search_facet facet, text value, size_t count)
{
    facet_list *list = context;
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 64;
        catalog_facet_value *grown = realloc(list->values, capacity * sizeof *grown);
        if (grown == NULL) {
            list->failed = true;
            return false;
        }
        list->values = grown;
        list->capacity = capacity;
    }
    catalog_facet_value *added = &list->values[list->count++];
    *added = (catalog_facet_value){ .facet = facet, .count = count, .chosen = is_chosen(list->query, facet, value) };
    snprintf(added->value, sizeof added->value, "%.*s", (int)(value.length < 63 ? value.length : 63), value.bytes);
    write_label(added, list->catalog);
    return true;
}

static int compare_values(const void *left, const void *right)
{
    const catalog_facet_value *a = left, *b = right;
    if (a->facet != b->facet)
        return a->facet < b->facet ? -1 : 1;
    if (a->facet == FACET_YEAR)
        return strcmp(b->value, a->value);
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return strcmp(a->value, b->value);
}

recto_status catalog_facets(catalog_facet_value **out, size_t *count, catalog *catalog, const catalog_query *query,
                            recto_error *error)
{
    facet_list list = { .catalog = catalog, .query = query };
    search_plan plan;
    query_node both;
    *out = NULL;
    *count = 0;
    recto_status status = search_plan_make(&plan, catalog, query, error);
    if (status == RECTO_OK && plan.zone_count > 0) {
        const search_request request = search_plan_request(&plan, search_plan_whole(&both, &plan));
        status = repo_facets(catalog->repo, &request, add_value, &list, error);
    }
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(error, "counting facets");
    search_plan_release(&plan);
    if (status != RECTO_OK) {
        free(list.values);
        return status;
    }
    if (list.count > 0)
        qsort(list.values, list.count, sizeof *list.values, compare_values);
    *out = list.values;
    *count = list.count;
    return RECTO_OK;
}

/* ---- browse */

bool catalog_browse_named(browse_kind *out, const char *name)
{
    static const char *const names[] = {
        [BROWSE_NAMES] = "names",   [BROWSE_SUBJECTS] = "subjects",         [BROWSE_SERIES] = "series",
        [BROWSE_TITLES] = "titles", [BROWSE_CALL_NUMBERS] = "call-numbers", [BROWSE_SHELF] = "shelf"
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) {
            *out = (browse_kind)i;
            return true;
        }
    return false;
}

recto_status catalog_browse(catalog *catalog, zone_kind zone, browse_request *request,
                            bool (*visit)(void *context, const browse_row *row), void *context, recto_error *error)
{
    int zones[SEARCH_ZONES];
    request->zones = zones;
    request->zone_count = search_zones(zones, catalog, zone);
    recto_status status = request->zone_count > 0 ? repo_browse(catalog->repo, request, visit, context, error) : RECTO_OK;
    request->zones = NULL;
    request->zone_count = 0;
    return status;
}
