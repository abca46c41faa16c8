/* src/repo/search_order.c - hits in order, and the page of them that is wanted.
 *
 * Two ways, the cheaper is taken: few hits are each asked for their sort key and sorted here; of many, the documents are
 * walked in the order of an index until the page is full. Both order equal keys by MMS ID (SE-45). Rank is asked of FTS,
 * unless there are so many hits that it would say nothing: then the last changed come first. */
#include "search.h"
#include "recto/base/arena.h"
#include <stdlib.h>
#include <string.h>

enum { RANKED_MAX = 20000, KEY_COST = 5 }; /* reading a key costs about five steps of an ordered walk */

typedef struct hit {
    int64_t document, item; /* item: its number in a search of items, else 0 */
    int64_t number_key;
    const char *text_key; /* "" where the number decides */
    mms_id id;
} hit;

static int compare_hits(const void *left, const void *right)
{
    const hit *a = left, *b = right;
    int texts = strcmp(a->text_key, b->text_key);
    if (texts != 0)
        return texts;
    if (a->number_key != b->number_key)
        return a->number_key < b->number_key ? -1 : 1;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return a->item < b->item ? -1 : a->item > b->item;
}

/* ---- the rank expression: words of the query that must or may be there -------------------------------------------------------
 */

static recto_status rank_expression(buffer *out, search *search, const query_node *node)
{
    if (node == NULL || (node->kind == QUERY_NOT && node->left == NULL))
        return RECTO_OK;
    if (node->kind == QUERY_NOT)
        return rank_expression(out, search, node->left);
    if (node->kind == QUERY_TERM) {
        const bool words =
            node->index->kind == 'w' &&
            (node->operator== SEARCH_KEYWORDS || node->operator== SEARCH_PHRASE || node->operator== SEARCH_STARTS_WITH || node->
             operator== SEARCH_EQUALS);
        return words ? words_expression(out, search->repo, node, search->error) : RECTO_OK;
    }
    buffer left, right;
    buffer_init(&left, 0);
    buffer_init(&right, 0);
    recto_status status = rank_expression(&left, search, node->left);
    if (status == RECTO_OK)
        status = rank_expression(&right, search, node->right);
    if (left.length > 0 && right.length > 0)
        buffer_append_format(out, "(%s) %s (%s)", left.bytes, node->kind == QUERY_AND ? "AND" : "OR", right.bytes);
    else if (left.length + right.length > 0)
        buffer_append_text(out, left.length > 0 ? buffer_text(&left) : buffer_text(&right));
    buffer_release(&left);
    buffer_release(&right);
    return status;
}

typedef struct rank {
    int64_t document;
    double score;
} rank;

static int compare_ranks(const void *left, const void *right)
{
    const rank *a = left, *b = right;
    return a->document < b->document ? -1 : a->document > b->document;
}

/* FTS gives the documents of an expression in their order, so the scores are found again by halving. */
static recto_status read_ranks(rank **out, size_t *out_count, search *search, const bitmap *hits, size_t capacity,
                               text expression)
{
    rows found;
    size_t count = 0;
    rank *ranks = calloc(capacity + 1, sizeof *ranks);
    if (ranks == NULL)
        return recto_fail_memory(search->error, "ranking");
    (void)rows_open(&found, search->repo, search->error, SQL_RANK, "t", expression);
    while (count < capacity && rows_next(&found)) {
        int64_t document = row_int64(&found, 0);
        if (search->of_items || bitmap_has(hits, document))
            ranks[count++] = (rank){ document, row_real(&found, 1) };
    }
    recto_status status = rows_close(&found);
    qsort(ranks, count, sizeof *ranks, compare_ranks);
    *out = ranks;
    *out_count = count;
    return status;
}

/* ---- few hits: keys read one by one -------------------------------------------------------------------------------------------
 */

static void fill_key(hit *out, const rows *keys, search_sort sort, const char *title, const char *creator)
{
    const int64_t year = row_is_null(keys, 1) ? INT64_MAX : row_int64(keys, 1);
    out->text_key = "";
    out->id = row_int64(keys, 0);
    switch (sort) {
    case SORT_TITLE:
        out->text_key = title;
        break;
    case SORT_CREATOR:
        out->text_key = creator;
        break;
    case SORT_DATE:
        out->number_key = year;
        break;
    case SORT_DATE_NEWEST:
        out->number_key = year == INT64_MAX ? year : -year;
        break;
    case SORT_MODIFIED_NEWEST:
        out->number_key = -row_int64(keys, 2);
        break;
    case SORT_CREATED_NEWEST:
        out->number_key = -row_int64(keys, 3);
        break;
    case SORT_RANK:
    case SORT_MMS_ID:
        break;
    }
}

static recto_status read_key(hit *out, arena *arena, search *search, search_sort sort)
{
    rows keys;
    recto_status status = RECTO_OK;
    (void)rows_open(&keys, search->repo, search->error, SQL_SORT_KEYS, "i", out->document);
    out->text_key = "";
    if (rows_next(&keys)) {
        const int column = sort == SORT_CREATOR ? 5 : 4;
        text key = sort == SORT_TITLE || sort == SORT_CREATOR ? row_text(&keys, column) : TEXT("");
        const char *kept = arena_copy(arena, key.bytes, key.length);
        if (kept == NULL)
            status = recto_fail_memory(search->error, "sorting");
        else
            fill_key(out, &keys, sort, kept, kept);
    }
    recto_status closed = rows_close(&keys);
    return status != RECTO_OK ? status : closed;
}

static void apply_ranks(hit *hits, size_t count, const rank *ranks, size_t rank_count)
{
    for (size_t i = 0; i < count; i++) {
        const rank wanted = { .document = hits[i].document };
        const rank *found = rank_count == 0 ? NULL : bsearch(&wanted, ranks, rank_count, sizeof *ranks, compare_ranks);
        hits[i].number_key = found != NULL ? (int64_t)(found->score * 1e6) : 0; /* bm25: the better, the more negative */
    }
}

static size_t list_hits(hit *out, const search *search, const bitmap *hits)
{
    size_t count = 0;
    if (search->of_items) {
        for (size_t i = 0; i < search->item_count; i++)
            if (bitmap_has(hits, search->item_numbers[i]))
                out[count++] = (hit){ .document = search->item_documents[i], .item = search->item_numbers[i] };
        return count;
    }
    for (int64_t document = bitmap_next(hits, 0); document >= 0; document = bitmap_next(hits, document + 1))
        out[count++] = (hit){ .document = document };
    return count;
}

static recto_status rank_hits(hit *list, size_t count, search *search, const bitmap *hits)
{
    buffer expression;
    rank *ranks = NULL;
    size_t rank_count = 0;
    buffer_init(&expression, 0);
    recto_status status = rank_expression(&expression, search, search->request->query);
    if (status == RECTO_OK && buffer_failed(&expression))
        status = recto_fail_memory(search->error, "ranking");
    if (status == RECTO_OK && expression.length > 0)
        status =
            read_ranks(&ranks, &rank_count, search, hits, search->of_items ? search->documents : count, buffer_text(&expression));
    if (status == RECTO_OK)
        apply_ranks(list, count, ranks, rank_count);
    free(ranks);
    buffer_release(&expression);
    return status;
}

static recto_status page_by_keys(int64_t *page, size_t wanted, search *search, const bitmap *hits, size_t count, search_sort sort)
{
    arena *arena = arena_new(64 * 1024);
    hit *list = calloc(count, sizeof *list);
    recto_status status = RECTO_OK;
    if (arena == NULL || list == NULL) {
        status = recto_fail_memory(search->error, "sorting");
        goto out;
    }
    count = list_hits(list, search, hits);
    for (size_t i = 0; i < count && status == RECTO_OK; i++)
        status = read_key(&list[i], arena, search, sort);
    if (status == RECTO_OK && sort == SORT_RANK)
        status = rank_hits(list, count, search, hits);
    if (status != RECTO_OK)
        goto out;
    qsort(list, count, sizeof *list, compare_hits);
    for (size_t i = 0; i < wanted; i++)
        page[i] = list[search->request->offset + i].document;
out:
    free(list);
    arena_free(arena);
    return status;
}

/* ---- many hits: a walk in order
 * --------------------------------------------------------------------------------------------------- */

static enum sql_id walk_of(search_sort sort)
{
    switch (sort) {
    case SORT_TITLE:
        return SQL_IN_ORDER_TITLE;
    case SORT_CREATOR:
        return SQL_IN_ORDER_CREATOR;
    case SORT_DATE:
        return SQL_IN_ORDER_DATE;
    case SORT_DATE_NEWEST:
        return SQL_IN_ORDER_DATE_NEWEST;
    case SORT_MODIFIED_NEWEST:
    case SORT_RANK:
        return SQL_IN_ORDER_MODIFIED_NEWEST;
    case SORT_CREATED_NEWEST:
        return SQL_IN_ORDER_CREATED_NEWEST;
    case SORT_MMS_ID:
        break;
    }
    return SQL_IN_ORDER_MMS_ID;
}

static recto_status page_by_walk(int64_t *page, size_t wanted, search *search, const bitmap *hits, search_sort sort)
{
    rows found;
    size_t seen = 0, filled = 0;
    (void)rows_open(&found, search->repo, search->error, walk_of(sort), "");
    while (filled < wanted && rows_next(&found)) {
        int64_t document = row_int64(&found, 0);
        if (bitmap_has(hits, document) && seen++ >= search->request->offset)
            page[filled++] = document;
    }
    return rows_close(&found);
}

recto_status search_page(int64_t **page, size_t *page_count, search *search, const bitmap *hits, size_t count)
{
    const search_request *request = search->request;
    const size_t left = request->offset < count ? count - request->offset : 0;
    const size_t wanted = left < request->limit ? left : request->limit;
    search_sort sort = request->sort == SORT_RANK && count > RANKED_MAX ? SORT_MODIFIED_NEWEST : request->sort;
    *page_count = wanted;
    *page = calloc(wanted + 1, sizeof **page);
    if (*page == NULL)
        return recto_fail_memory(search->error, "searching");
    if (wanted == 0)
        return RECTO_OK;
    const double steps = ((double)request->offset + (double)wanted) * (double)search->documents / (double)count;
    if (search->of_items || sort == SORT_RANK || (double)count * KEY_COST <= steps)
        return page_by_keys(*page, wanted, search, hits, count, sort);
    return page_by_walk(*page, wanted, search, hits, sort);
}
