/* src/repo/search.c - a query tree over the indexes: conditions give sets, AND OR NOT join them, the page is fetched.
 *
 * All reads of one search see one state of the repository; the rows themselves are read afterwards, one by one, so that a
 * visitor may take its time, and a record deleted meanwhile is left out (SE-50). */
#include "search.h"
#include <stdlib.h>

enum { DEPTH_MAX = 100, FEW = 5000 };

/* ---- the tree -------------------------------------------------------------------------------------------------------------- */

static recto_status evaluate(bitmap *out, search *search, const query_node *node, int depth);

static recto_status evaluate_pair(bitmap *out, search *search, const query_node *node, int depth)
{
    bitmap right;
    if (!bitmap_init(&right, search->size))
        return recto_fail_memory(search->error, "searching");
    recto_status status = evaluate(out, search, node->left, depth);
    if (status == RECTO_OK)
        status = evaluate(&right, search, node->right, depth);
    if (status == RECTO_OK && node->kind == QUERY_AND)
        bitmap_and(out, &right);
    else if (status == RECTO_OK && node->kind == QUERY_OR)
        bitmap_or(out, &right);
    else if (status == RECTO_OK)
        bitmap_and_not(out, &right);
    bitmap_release(&right);
    return status;
}

static recto_status evaluate(bitmap *out, search *search, const query_node *node, int depth)
{
    if (depth > DEPTH_MAX)
        return recto_fail(search->error, RECTO_ELIMIT, NULL, "use fewer brackets", "the query is nested deeper than %d",
                          DEPTH_MAX);
    if (node->kind == QUERY_TERM)
        return search_term(out, search, node);
    if (node->kind != QUERY_NOT || node->left != NULL)
        return evaluate_pair(out, search, node, depth + 1);
    /* "not this" alone: all of the type and zones without it */
    recto_status status = search_universe(search);
    bitmap found;
    if (status != RECTO_OK)
        return status;
    if (!bitmap_init(&found, search->size))
        return recto_fail_memory(search->error, "searching");
    status = evaluate(&found, search, node->right, depth + 1);
    bitmap_or(out, &search->universe);
    bitmap_and_not(out, &found);
    bitmap_release(&found);
    return status;
}

static recto_status limit_hits(bitmap *hits, search *search)
{
    if (!search->universe_ready && !search->of_items && bitmap_count(hits) <= FEW)
        return search_keep_wanted(hits, search);
    recto_status status = search_universe(search);
    if (status == RECTO_OK)
        bitmap_and(hits, &search->universe);
    return status;
}

static recto_status find_hits(bitmap *hits, search *search)
{
    if (search->request->query != NULL) {
        recto_status status = evaluate(hits, search, search->request->query, 0);
        return status == RECTO_OK ? limit_hits(hits, search) : status;
    }
    recto_status status = search_universe(search);
    if (status == RECTO_OK)
        bitmap_or(hits, &search->universe);
    return status;
}

/* ---- beginning and end -------------------------------------------------------------------------------------------------------
 */

static recto_status read_items(search *search, size_t last)
{
    rows found;
    search->item_documents = calloc(last + 1, sizeof *search->item_documents);
    search->item_numbers = calloc(last + 1, sizeof *search->item_numbers);
    if (search->item_documents == NULL || search->item_numbers == NULL)
        return recto_fail_memory(search->error, "searching");
    (void)rows_open(&found, search->repo, search->error, SQL_ITEM_DOCUMENTS, "");
    while (search->item_count <= last && rows_next(&found)) {
        search->item_documents[search->item_count] = row_int64(&found, 0);
        search->item_numbers[search->item_count++] = row_int64(&found, 1);
    }
    return rows_close(&found);
}

static recto_status start(search *search)
{
    int64_t last = 0, last_item = 0;
    recto_status status = store_number(&last, search->repo, search->error, SQL_DOCUMENT_LAST, "");
    if (status == RECTO_OK)
        status = store_number(&last_item, search->repo, search->error, SQL_ITEM_LAST, "");
    search->of_items = search->request->type == SEARCH_PHYSICAL_ITEMS;
    search->documents = (size_t)last + 1;
    search->size = search->of_items ? (size_t)last_item + 1 : search->documents;
    if (status == RECTO_OK && search->of_items)
        status = read_items(search, (size_t)last_item);
    if (status == RECTO_OK && !bitmap_init(&search->universe, search->size))
        status = recto_fail_memory(search->error, "searching");
    return status;
}

static void release(search *search)
{
    bitmap_release(&search->universe);
    free(search->item_documents);
    free(search->item_numbers);
}

static recto_status show(const search *search, const int64_t *page, size_t page_count,
                         bool (*visit)(void *context, const bib_info *row), void *context)
{
    recto_status status = RECTO_OK;
    bool more = true;
    for (size_t i = 0; i < page_count && more && status == RECTO_OK; i++) {
        rows found;
        bib_info info = { .deleted = true };
        (void)rows_open(&found, search->repo, search->error, SQL_BIB_INFO_BY_DOCUMENT, "i", page[i]);
        if (rows_next(&found))
            bib_info_read(&info, &found, search->request->now);
        status = rows_close(&found);
        if (status == RECTO_OK && !info.deleted)
            more = visit(context, &info);
    }
    return status;
}

recto_status repo_search(repo *repo, const search_request *request, bool (*visit)(void *context, const bib_info *row),
                         void *context, size_t *count, recto_error *error)
{
    search search = { .repo = repo, .request = request, .error = error };
    bitmap hits = { NULL, 0 };
    int64_t *page = NULL;
    size_t page_count = 0, found = 0;
    bool own;
    recto_status status = look_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = start(&search);
    if (status == RECTO_OK && !bitmap_init(&hits, search.size))
        status = recto_fail_memory(error, "searching");
    if (status == RECTO_OK)
        status = find_hits(&hits, &search);
    if (status == RECTO_OK) {
        found = bitmap_count(&hits);
        status = search_page(&page, &page_count, &search, &hits, found);
    }
    look_end(repo, own);
    if (status == RECTO_OK && count != NULL)
        *count = found;
    if (status == RECTO_OK && page_count > 0 && visit != NULL)
        status = show(&search, page, page_count, visit, context);
    free(page);
    bitmap_release(&hits);
    release(&search);
    return status;
}
