/* src/repo/search_order.c - hits in order, and the page of them that is wanted.
 *
 * Two ways, the cheaper is taken: few hits are each asked for their sort key and sorted here; of many, the terms of a column
 * that is in the order wanted are walked, and what each shares with the hits is taken, until the page is full. Both order
 * equal keys by MMS ID (SE-45). Which is cheaper shows while walking: a walk that has cost as much as asking each hit
 * would is given up. Titles and creators stand in the index by their beginnings; what shares one is sorted by its rows. */
#include "search.h"
#include "recto/base/arena.h"
#include <stdlib.h>
#include <string.h>

/* Reading a key from its row costs about as much as passing eight terms. */
enum { FEW = 64, TERMS_A_KEY = 8, TERMS_LEAST = 500, GROUPS_MAX = 256, BATCH = 512 };

typedef struct hit {
    index_document document;
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
    return a->id < b->id ? -1 : a->id > b->id;
}

/* ---- keys read one by one ----------------------------------------------------------------------------------------------------
 */

static void fill_key(hit *out, const rows *keys, search_sort sort)
{
    const int64_t year = row_is_null(keys, 1) ? INT64_MAX : row_int64(keys, 1);
    out->id = row_int64(keys, 0);
    switch (sort) {
    case SORT_DATE:
        out->number_key = year;
        break;
    case SORT_DATE_NEWEST:
    case SORT_RANK:
        out->number_key = year == INT64_MAX ? year : -year;
        break;
    case SORT_MODIFIED_NEWEST:
        out->number_key = -row_int64(keys, 2);
        break;
    case SORT_CREATED_NEWEST:
        out->number_key = -row_int64(keys, 3);
        break;
    case SORT_TITLE:
    case SORT_CREATOR:
    case SORT_MMS_ID:
        break;
    }
}

static recto_status read_key(hit *out, arena *arena, search *search, search_sort sort)
{
    rows keys;
    recto_status status = RECTO_OK;
    (void)rows_open(&keys, search->repo, search->error, SQL_SORT_KEYS, "i", (int64_t)out->document);
    out->text_key = "";
    if (rows_next(&keys)) {
        fill_key(out, &keys, sort);
        if (sort == SORT_TITLE || sort == SORT_CREATOR) {
            text key = row_text(&keys, sort == SORT_TITLE ? 4 : 5);
            out->text_key = arena_copy(arena, key.bytes, key.length);
        }
        if (out->text_key == NULL)
            status = search_no_memory(search);
    }
    recto_status closed = rows_close(&keys);
    return status != RECTO_OK ? status : closed;
}

static recto_status list_hits(hit *out, size_t *count, arena *arena, search *search, const index_set *set, search_sort sort)
{
    index_document batch[BATCH], after = 0;
    const size_t capacity = *count;
    recto_status status = RECTO_OK;
    size_t got, filled = 0;
    while (status == RECTO_OK && (got = index_set_list(set, after, batch, BATCH)) > 0) {
        after = batch[got - 1];
        for (size_t i = 0; i < got && filled < capacity && status == RECTO_OK; i++) {
            out[filled] = (hit){ .document = batch[i] };
            status = read_key(&out[filled++], arena, search, sort);
        }
    }
    *count = filled;
    return status;
}

static void take(page *page, index_document document)
{
    if (page->skip > 0)
        page->skip--;
    else if (page->filled < page->wanted)
        page->documents[page->filled++] = document;
}

static recto_status order_by_keys(page *page, search *search, const index_set *set, size_t count, search_sort sort)
{
    arena *arena = arena_new(64 * 1024);
    hit *list = calloc(count + 1, sizeof *list);
    recto_status status;
    if (arena == NULL || list == NULL) {
        status = search_no_memory(search);
        goto out;
    }
    status = list_hits(list, &count, arena, search, set, sort);
    if (status != RECTO_OK)
        goto out;
    qsort(list, count, sizeof *list, compare_hits);
    for (size_t i = 0; i < count && page->filled < page->wanted; i++)
        take(page, list[i].document);
out:
    free(list);
    arena_free(arena);
    return status;
}

/* ---- a walk along a column ---------------------------------------------------------------------------------------------------
 */

typedef struct order {
    search_sort sort;
    unsigned column;
    bool backwards;
    bool whole_keys; /* the term is the key: what shares it is in the order of MMS IDs */
} order;

static const order orders[] = {
    { SORT_TITLE, POSTING_ORDER_TITLE, false, false },
    { SORT_CREATOR, POSTING_ORDER_CREATOR, false, false },
    { SORT_DATE, POSTING_YEAR, false, true },
    { SORT_DATE_NEWEST, POSTING_YEAR, true, true },
    { SORT_RANK, POSTING_YEAR, true, true },
    { SORT_MODIFIED_NEWEST, POSTING_ORDER_MODIFIED, true, true },
    { SORT_CREATED_NEWEST, POSTING_ORDER_CREATED, true, true },
    { SORT_MMS_ID, POSTING_ORDER_MMS, false, false },
};

static const order *order_of(search_sort sort)
{
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        if (orders[i].sort == sort)
            return &orders[i];
    return &orders[sizeof orders / sizeof *orders - 1];
}

typedef struct walk {
    const index_set *set;
    index_set *groups[GROUPS_MAX]; /* what terms share with the set, in order; sorted inside later: no reading in a visit */
    size_t sizes[GROUPS_MAX], group_count;
    size_t skip, wanted; /* left */
    size_t passed;       /* members of terms that stand before the page */
    size_t seen;         /* members of the set passed, of `total` */
    size_t total;
    size_t terms, budget; /* terms passed, and how many may be */
    buffer last;          /* the term at which to go on */
    bool failed;
} walk;

static bool walk_term(void *context, text term, const index_set *documents)
{
    walk *walk = context;
    const size_t count = (size_t)index_set_count_both(documents, walk->set);
    walk->terms++;
    if (count > 0) {
        walk->seen += count;
        if (count <= walk->skip) {
            walk->skip -= count;
            walk->passed += count;
        } else {
            index_set *group = index_set_copy(documents);
            if (group == NULL) {
                walk->failed = true;
                return false;
            }
            index_set_and(group, walk->set);
            walk->sizes[walk->group_count] = count;
            walk->groups[walk->group_count++] = group;
            size_t given = count - walk->skip;
            walk->skip = 0;
            walk->wanted -= given < walk->wanted ? given : walk->wanted;
        }
    }
    if (walk->wanted == 0 || walk->seen >= walk->total || walk->terms >= walk->budget)
        return false;
    if (walk->group_count == GROUPS_MAX) {
        buffer_clear(&walk->last);
        buffer_append_text(&walk->last, term);
        return false;
    }
    return true;
}

static recto_status order_group(page *page, search *search, const index_set *group, size_t count, const order *order);

/* Puts the groups of a stretch of the walk into the page; the first of them may begin before it. */
static recto_status take_groups(page *page, search *search, walk *walk, const order *order, recto_status status)
{
    for (size_t i = 0; i < walk->group_count; i++) {
        if (status == RECTO_OK)
            status = order_group(page, search, walk->groups[i], walk->sizes[i], order);
        index_set_free(walk->groups[i]);
    }
    walk->group_count = 0;
    return status;
}

/* Members of the set that no term of the column holds: the undated. They come last, both ways. */
static recto_status take_rest(page *page, search *search, const index_set *set, const order *order)
{
    const uint8_t columns[2] = { search_column(search, order->column), 0 };
    index_set *held = NULL, *rest = index_set_copy(set);
    recto_status status = rest == NULL ? search_no_memory(search) : RECTO_OK;
    if (status == RECTO_OK)
        status = index_find_prefix(&held, search->reader, columns, TEXT(""), search->error);
    if (status == RECTO_OK) {
        index_set_and_not(rest, held);
        status = order_group(page, search, rest, (size_t)index_set_count(rest), order);
    }
    index_set_free(held);
    index_set_free(rest);
    return status;
}

/* @param *given_up  out: the budget was spent before the page was full; the page is as it was */
static recto_status order_by_walk(page *page, search *search, const index_set *set, size_t count, const order *order,
                                  bool *given_up)
{
    walk walk = { .set = set, .skip = page->skip, .wanted = page->wanted - page->filled, .total = count };
    const struct page before = *page;
    const size_t budget = count > SIZE_MAX / TERMS_A_KEY ? SIZE_MAX : count * TERMS_A_KEY;
    recto_status status = RECTO_OK;
    bool more = true;
    buffer_init(&walk.last, 0);
    walk.budget = budget < TERMS_LEAST ? TERMS_LEAST : budget;
    if (order->backwards)
        buffer_append_char(&walk.last, '\xFF'); /* behind all terms */
    while (status == RECTO_OK && more) {
        walk.passed = 0;
        status = index_terms(search->reader, search_column(search, order->column), buffer_text(&walk.last), order->backwards,
                             walk_term, &walk, search->error);
        page->skip -= walk.passed;
        if (status == RECTO_OK && (walk.failed || buffer_failed(&walk.last)))
            status = search_no_memory(search);
        more = walk.group_count == GROUPS_MAX && walk.wanted > 0 && walk.seen < walk.total && walk.terms < walk.budget;
        status = take_groups(page, search, &walk, order, status);
        if (more && !order->backwards)
            buffer_append_char(&walk.last, '\0'); /* the next term after it */
    }
    *given_up = status == RECTO_OK && walk.wanted > 0 && walk.seen < walk.total && walk.terms >= walk.budget;
    if (*given_up)
        *page = before;
    else if (status == RECTO_OK && walk.wanted > 0 && walk.seen < walk.total)
        status = take_rest(page, search, set, order);
    buffer_release(&walk.last);
    return status;
}

static recto_status order_group(page *page, search *search, const index_set *group, size_t count, const order *order)
{
    if (page->filled == page->wanted)
        return RECTO_OK;
    if (count <= page->skip) {
        page->skip -= count;
        return RECTO_OK;
    }
    if (order->whole_keys)
        return search_order(page, search, group, SORT_MMS_ID);
    return order_by_keys(page, search, group, count, order->sort);
}

recto_status search_order(page *page, search *search, const index_set *set, search_sort sort)
{
    const size_t count = (size_t)index_set_count(set);
    bool given_up = count <= FEW;
    recto_status status = RECTO_OK;
    if (page->filled == page->wanted)
        return RECTO_OK;
    if (count <= page->skip) {
        page->skip -= count;
        return RECTO_OK;
    }
    if (!given_up)
        status = order_by_walk(page, search, set, count, order_of(sort), &given_up);
    return status == RECTO_OK && given_up ? order_by_keys(page, search, set, count, sort) : status;
}

/* ---- the page
 * ------------------------------------------------------------------------------------------------------------------ */

static recto_status order_documents(page *page, search *search, const index_set *documents)
{
    if (search->request->sort == SORT_RANK)
        return search_order_by_rank(page, search, documents);
    return search_order(page, search, documents, search->request->sort);
}

/* Items stand in the order of their bibs; as many bibs as items are wanted are surely enough. */
static recto_status page_of_items(page *page, search *search, const found *hits, size_t offset, size_t count)
{
    index_set *documents = NULL;
    struct page bibs = { .wanted = offset + page->wanted };
    recto_status status = search_to_documents(&documents, search, hits->set);
    if (bibs.wanted > count)
        bibs.wanted = count;
    bibs.documents = calloc(bibs.wanted + 1, sizeof *bibs.documents);
    if (status == RECTO_OK && bibs.documents == NULL)
        status = search_no_memory(search);
    if (status == RECTO_OK)
        status = order_documents(&bibs, search, documents);
    if (status == RECTO_OK)
        status = search_expand_items(page->documents, &page->filled, search, bibs.documents, bibs.filled, hits->set, offset,
                                     page->wanted);
    free(bibs.documents);
    index_set_free(documents);
    return status;
}

recto_status search_page(index_document **out, size_t *page_count, search *search, const found *hits, size_t count)
{
    const search_request *request = search->request;
    const size_t left = request->offset < count ? count - request->offset : 0;
    page page = { .wanted = left < request->limit ? left : request->limit, .skip = request->offset };
    recto_status status = RECTO_OK;
    *page_count = 0;
    page.documents = *out = calloc(page.wanted + 1, sizeof *page.documents);
    if (*out == NULL)
        return search_no_memory(search);
    if (page.wanted == 0)
        return RECTO_OK;
    if (hits->items)
        status = page_of_items(&page, search, hits, request->offset, count);
    else
        status = order_documents(&page, search, hits->set);
    *page_count = page.filled;
    return status;
}
