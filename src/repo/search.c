/* src/repo/search.c - a query tree over the index: conditions give sets, AND OR NOT join them, the page is fetched.
 *
 * All reads of one search see one state of the repository; the rows themselves are read afterwards, some at a time, so that a
 * visitor may take its time, and a record deleted meanwhile is left out (SE-50). What a search is limited to (type, zones,
 * chosen facets) is a set like any other; where it limits nothing it is not made at all. */
#include "search.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 100, SHOWN_BATCH = 64 };

/* ---- type and zones -------------------------------------------------------------------------------------------------------- */

/* The sets grow by OR and shrink by AND; NULL is "no limit" here. */
static recto_status find_into(index_set **set, search *search, unsigned column, text term)
{
    const uint8_t columns[2] = { search_column(search, column), 0 };
    index_set *more = NULL;
    recto_status status = index_find(&more, search->reader, columns, term, search->error);
    if (status == RECTO_OK && *set == NULL) {
        *set = more;
        return RECTO_OK;
    }
    if (status == RECTO_OK && !index_set_or(*set, more))
        status = search_no_memory(search);
    index_set_free(more);
    return status;
}

static bool zone_wanted(const search_request *request, int zone)
{
    for (size_t i = 0; i < request->zone_count; i++)
        if (request->zones[i] == zone)
            return true;
    return request->zone_count == 0;
}

static recto_status find_zones(index_set **out, search *search)
{
    const repo *repo = search->repo;
    recto_status status = RECTO_OK;
    size_t wanted = 0;
    for (size_t i = 0; i < repo->zone_count; i++)
        wanted += zone_wanted(search->request, repo->zones[i].id);
    if (wanted == repo->zone_count)
        return RECTO_OK;
    *out = index_set_new();
    if (*out == NULL)
        return search_no_memory(search);
    for (size_t i = 0; i < repo->zone_count && status == RECTO_OK; i++) {
        char number[16];
        if (!zone_wanted(search->request, repo->zones[i].id))
            continue;
        (void)snprintf(number, sizeof number, "%d", repo->zones[i].id);
        status = find_into(out, search, POSTING_ZONE, text_from(number));
    }
    return status;
}

static recto_status find_type(index_set **out, search *search)
{
    switch (search->request->type) {
    case SEARCH_PHYSICAL_TITLES:
        return find_into(out, search, POSTING_INVENTORY, TEXT("P"));
    case SEARCH_ELECTRONIC_TITLES:
        return find_into(out, search, POSTING_INVENTORY, TEXT("E"));
    case SEARCH_PHYSICAL_ITEMS: /* what has no item is no item */
    case SEARCH_ALL_TITLES:
    case SEARCH_AUTHORITIES:
        break;
    }
    return RECTO_OK;
}

static recto_status find_allowed(search *search)
{
    index_set *type = NULL;
    recto_status status = find_zones(&search->allowed, search);
    if (status == RECTO_OK)
        status = find_type(&type, search);
    if (status == RECTO_OK && type != NULL && search->allowed != NULL)
        index_set_and(search->allowed, type);
    else if (status == RECTO_OK && type != NULL) {
        search->allowed = type;
        return RECTO_OK;
    }
    index_set_free(type);
    return status;
}

static recto_status find_universe(search *search)
{
    if (search->universe != NULL)
        return RECTO_OK;
    if (search->allowed == NULL)
        return find_into(&search->universe, search, POSTING_LIVE, TEXT("1"));
    search->universe = index_set_copy(search->allowed);
    return search->universe != NULL ? RECTO_OK : search_no_memory(search);
}

static recto_status copy_universe(found *out, search *search)
{
    recto_status status = find_universe(search);
    if (status == RECTO_OK && (out->set = index_set_copy(search->universe)) == NULL)
        status = search_no_memory(search);
    return status;
}

static recto_status make_alike(found *a, found *b, search *search)
{
    if (a->items == b->items)
        return RECTO_OK;
    return search_to_items(a->items ? b : a, search);
}

recto_status search_complement(found *out, search *search, found *without)
{
    recto_status status = copy_universe(out, search);
    if (status == RECTO_OK)
        status = make_alike(out, without, search);
    if (status == RECTO_OK)
        index_set_and_not(out->set, without->set);
    return status;
}

/* ---- the tree -------------------------------------------------------------------------------------------------------------- */

static recto_status evaluate(found *out, search *search, const query_node *node, int depth);

static recto_status evaluate_pair(found *out, search *search, const query_node *node, int depth)
{
    found right = { NULL, false };
    recto_status status = evaluate(out, search, node->left, depth);
    if (status == RECTO_OK)
        status = evaluate(&right, search, node->right, depth);
    if (status == RECTO_OK)
        status = make_alike(out, &right, search);
    if (status == RECTO_OK && node->kind == QUERY_AND)
        index_set_and(out->set, right.set);
    else if (status == RECTO_OK && node->kind == QUERY_NOT)
        index_set_and_not(out->set, right.set);
    else if (status == RECTO_OK && !index_set_or(out->set, right.set))
        status = search_no_memory(search);
    found_release(&right);
    return status;
}

static recto_status evaluate(found *out, search *search, const query_node *node, int depth)
{
    if (depth > DEPTH_MAX)
        return recto_fail(search->error, RECTO_ELIMIT, NULL, "use fewer brackets", "the query is nested deeper than %d",
                          DEPTH_MAX);
    if (node->kind == QUERY_TERM)
        return search_term(out, search, node);
    if (node->kind != QUERY_NOT || node->left != NULL)
        return evaluate_pair(out, search, node, depth + 1);
    /* "not this" alone: all of the type and zones without it */
    found without = { NULL, false };
    recto_status status = evaluate(&without, search, node->right, depth + 1);
    if (status == RECTO_OK)
        status = search_complement(out, search, &without);
    found_release(&without);
    return status;
}

recto_status search_matches(found *out, search *search)
{
    found allowed = { NULL, false };
    const query_node *query = search->request->query;
    recto_status status = query == NULL ? copy_universe(out, search) : evaluate(out, search, query, 0);
    if (status != RECTO_OK || search->allowed == NULL || query == NULL)
        return status;
    if (!out->items) {
        index_set_and(out->set, search->allowed);
        return RECTO_OK;
    }
    if ((allowed.set = index_set_copy(search->allowed)) == NULL)
        return search_no_memory(search);
    status = search_to_items(&allowed, search);
    if (status == RECTO_OK)
        index_set_and(out->set, allowed.set);
    found_release(&allowed);
    return status;
}

recto_status search_hits(found *out, search *search, int without)
{
    recto_status status = search_matches(out, search);
    if (status == RECTO_OK)
        status = search_keep_chosen(out, search, without);
    return status;
}

/* ---- beginning and end ------------------------------------------------------------------------------------------- */

recto_status search_begin(search *out, repo *repo, const search_request *request, recto_error *error)
{
    *out = (search){ .repo = repo, .request = request, .error = error, .of_items = request->type == SEARCH_PHYSICAL_ITEMS };
    recto_status status = postings_reader(&out->reader, repo, error);
    if (status == RECTO_OK)
        status = store_number(&out->documents, repo, error, SQL_DOCUMENT_LAST, "");
    return status == RECTO_OK ? find_allowed(out) : status;
}

void search_end(search *search)
{
    index_set_free(search->allowed);
    index_set_free(search->universe);
}

/* Rows of one state, a batch at a time; no transaction is open while a visitor takes its time. @param *read  in: how many, out:
 * those that are still there */
static recto_status read_rows(bib_info *out, size_t *read, const search *search, const index_document *page)
{
    const size_t wanted = *read;
    bool own;
    recto_status status = look_begin(search->repo, &own, search->error);
    *read = 0;
    for (size_t i = 0; i < wanted && status == RECTO_OK; i++) {
        rows found;
        bib_info *info = &out[*read];
        info->deleted = true;
        (void)rows_open(&found, search->repo, search->error, SQL_BIB_INFO_BY_DOCUMENT, "i", (int64_t)page[i]);
        if (rows_next(&found))
            bib_info_read(info, &found, search->request->now);
        status = rows_close(&found);
        *read += !info->deleted;
    }
    look_end(search->repo, own);
    return status;
}

static recto_status show(const search *search, const index_document *page, size_t page_count,
                         bool (*visit)(void *context, const bib_info *row), void *context)
{
    recto_status status = RECTO_OK;
    bool more = true;
    bib_info *batch = malloc((page_count < SHOWN_BATCH ? page_count : SHOWN_BATCH) * sizeof *batch);
    if (batch == NULL)
        return search_no_memory(search);
    for (size_t at = 0; at < page_count && more && status == RECTO_OK; at += SHOWN_BATCH) {
        size_t count = page_count - at < SHOWN_BATCH ? page_count - at : SHOWN_BATCH;
        status = read_rows(batch, &count, search, page + at);
        for (size_t i = 0; i < count && more && status == RECTO_OK; i++)
            more = visit(context, &batch[i]);
    }
    free(batch);
    return status;
}

recto_status repo_search(repo *repo, const search_request *request, bool (*visit)(void *context, const bib_info *row),
                         void *context, size_t *count, recto_error *error)
{
    search search = { .repo = repo };
    found hits = { NULL, false };
    index_document *page = NULL;
    size_t page_count = 0, all = 0;
    bool own;
    recto_status status = look_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = search_begin(&search, repo, request, error);
    if (status == RECTO_OK)
        status = search_hits(&hits, &search, -1);
    if (status == RECTO_OK && search.of_items && !hits.items)
        status = search_to_items(&hits, &search);
    if (status == RECTO_OK) {
        all = (size_t)index_set_count(hits.set);
        status = search_page(&page, &page_count, &search, &hits, all);
    }
    look_end(repo, own);
    if (status == RECTO_OK && count != NULL)
        *count = all;
    if (status == RECTO_OK && page_count > 0 && visit != NULL)
        status = show(&search, page, page_count, visit, context);
    free(page);
    found_release(&hits);
    search_end(&search);
    return status;
}
