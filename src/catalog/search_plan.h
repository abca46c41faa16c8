/* src/catalog/search_plan.h - a query made ready to be asked: its tree, its zones, the identifier that plain words may be. */
#ifndef CATALOG_SEARCH_PLAN_H
#define CATALOG_SEARCH_PLAN_H

#include "inside.h"
#include "query.h"

enum { SEARCH_ZONES = 3 };

typedef struct search_plan {
    catalog *catalog;
    const catalog_query *query;
    struct arena *arena;
    const query_node *typed; /* as it was typed, sets by their names */
    const query_node *tree;
    const query_node *identifier; /* NULL: none */
    const query_node *others;     /* tree without the identifier's hits */
    int zones[SEARCH_ZONES];
    size_t zone_count;
} search_plan;

recto_status search_plan_make(search_plan *out, catalog *catalog, const catalog_query *query, recto_error *error);
void search_plan_release(search_plan *plan);
/** A request for this tree in the plan's zones, with the choices of its query; offset and limit are 0. */
search_request search_plan_request(const search_plan *plan, const query_node *tree);
/** The words' hits and the identifier's, as a search shows them together; `scratch` must live as long as what is returned. */
const query_node *search_plan_whole(query_node *scratch, const search_plan *plan);
/** How many the tree finds in the plan's zones; of the plan's own tree with what its identifier finds. */
size_t search_plan_count(const search_plan *plan, const query_node *tree, search_type type);
/** Rows of an ISSN that is in $a first; the hint says where else it was found (search_issn.c). */
void search_issn_places(catalog_hits *hits, const search_plan *plan);
/** The zones of that kind that the user sees; kind 0: all. */
size_t search_zones(int out[static SEARCH_ZONES], const catalog *catalog, zone_kind kind);
const char *search_zone_label(zone_kind kind);

/** Puts what sets mean in place of their names: numbers of itemized ones, queries of logical ones. In the arena. */
/** set_types.c: EINVALID when a set that the query names is not of titles, for a job that works on those (SE-66). */
recto_status sets_fit_titles(catalog *catalog, const catalog_query *query, recto_error *error);
recto_status sets_resolve(const query_node **tree, struct arena *arena, catalog *catalog, recto_error *error);

#endif
