/* src/catalog/set_types.c - a job takes sets of fitting type only: what works on titles takes no set of items or of authority
 * records, which would find nothing, or other records than the set shows. @spec search.md SE-66 */
#include "search_plan.h"

#include "recto/catalog/lists.h"

#include <stdio.h>
#include <string.h>

static bool is_of_titles(search_type type)
{
    return type != SEARCH_PHYSICAL_ITEMS && type != SEARCH_AUTHORITIES;
}

static recto_status check_set(catalog *catalog, text value, recto_error *error)
{
    record_set set;
    char name[sizeof set.name];
    const text typed = text_trim(value);
    if (typed.length == 0)
        return RECTO_OK;
    string_keep(name, sizeof name, typed);
    recto_status status = catalog_set_get(&set, NULL, catalog, name, error);
    if (status != RECTO_OK || is_of_titles(set.type))
        return status;
    return recto_fail(error, RECTO_EINVALID, set.name, "give a set of titles", "this is a set of %s, and the job works on titles",
                      set.type == SEARCH_AUTHORITIES ? "authority records" : "physical items");
}

static recto_status check_node(catalog *catalog, const query_node *node, recto_error *error)
{
    if (node == NULL)
        return RECTO_OK;
    if (node->kind == QUERY_TERM)
        return node->index != NULL && strcmp(node->index->code, "set") == 0 ? check_set(catalog, node->value, error) : RECTO_OK;
    recto_status status = check_node(catalog, node->left, error);
    return status == RECTO_OK ? check_node(catalog, node->right, error) : status;
}

recto_status sets_fit_titles(catalog *catalog, const catalog_query *query, recto_error *error)
{
    const query_node *tree = NULL;
    struct arena *arena = arena_new(0);
    if (arena == NULL)
        return recto_fail_memory(error, "reading a query");
    recto_status status = catalog_query_parse(&tree, arena, query->index, query->text, error);
    if (status == RECTO_OK)
        status = check_node(catalog, tree, error);
    if (status == RECTO_ENOTFOUND) /* the query is wrong, not what it asks for */
        status = error != NULL ? (error->status = RECTO_EINVALID) : RECTO_EINVALID;
    arena_free(arena);
    return status;
}
