/* src/repo/search_order.c - hits in order, and the page of them that is wanted.
 *
 * Two ways, the cheaper is taken: few hits are each asked for their sort key and sorted here; of many, the terms of a column
 * that is in the order wanted are walked, and what each shares with the hits is taken, until the page is full. Both order
 * equal keys by MMS ID (SE-45). Which is cheaper shows while walking: a walk that has cost as much as asking each hit
 * would is given up. Titles, creators and numbers stand in the index by their beginnings, twice: a walk over the few short ones
 * finds where the page begins, one over the long ones goes on in there, and what shares one is sorted by its rows. */
#include "search.h"
#include "recto/base/arena.h"
#include <stdlib.h>
#include <string.h>

/* Reading a key from its row costs about as much as passing eight terms; of titles and creators there are thousands, and few hits
 * lie far apart among them. */
enum { FEW = 128, FEW_TEXTS = 256, TERMS_A_KEY = 8, TERMS_LEAST = 500 };
enum { GROUPS_MAX = 256, BATCH = 512, RECORD_KEYS_MAX = 20000 };

typedef struct hit {
    index_document document;
    int64_t number_key;
    const char *text_key; /* "" where the number decides */
    mms_id id;
} hit;

static int compare_others(const hit *a, const hit *b)
{
    if (a->number_key != b->number_key)
        return a->number_key < b->number_key ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

static int compare_hits(const void *left, const void *right)
{
    const int texts = strcmp(((const hit *)left)->text_key, ((const hit *)right)->text_key);
    return texts != 0 ? texts : compare_others(left, right);
}

/* Backwards by the key; what shares one stays in the order of MMS IDs. */
static int compare_backwards(const void *left, const void *right)
{
    const int texts = strcmp(((const hit *)right)->text_key, ((const hit *)left)->text_key);
    return texts != 0 ? texts : compare_others(left, right);
}

static bool is_by_title(search_sort sort)
{
    return sort == SORT_TITLE || sort == SORT_TITLE_BACKWARDS;
}

static bool is_backwards(search_sort sort)
{
    return sort == SORT_TITLE_BACKWARDS || sort == SORT_CREATOR_BACKWARDS || sort == SORT_SERIES_BACKWARDS ||
           sort == SORT_UNIFORM_TITLE_BACKWARDS || sort == SORT_CALL_NUMBER_BACKWARDS;
}

static bool is_by_creator(search_sort sort)
{
    return sort == SORT_CREATOR || sort == SORT_CREATOR_BACKWARDS;
}

/* ---- keys read one by one ---------------------------------------------------------------------------------------- */

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
    case SORT_TITLE_BACKWARDS:
    case SORT_CREATOR:
    case SORT_CREATOR_BACKWARDS:
    case SORT_SERIES:
    case SORT_SERIES_BACKWARDS:
    case SORT_UNIFORM_TITLE:
    case SORT_UNIFORM_TITLE_BACKWARDS:
    case SORT_CALL_NUMBER:
    case SORT_CALL_NUMBER_BACKWARDS:
    case SORT_MMS_ID:
        break;
    }
}

static recto_status read_record_key(hit *out, arena *arena, search *search, search_sort sort)
{
    buffer key;
    buffer_init(&key, 0);
    recto_status status = search_record_key(&key, search, out->document, sort);
    if (status == RECTO_OK && (out->text_key = arena_copy(arena, key.bytes, key.length)) == NULL)
        status = search_no_memory(search);
    buffer_release(&key);
    return status;
}

static recto_status read_key(hit *out, arena *arena, search *search, search_sort sort)
{
    rows keys;
    recto_status status = RECTO_OK;
    (void)rows_open(&keys, search->repo, search->error, SQL_SORT_KEYS, "i", (int64_t)out->document);
    out->text_key = "";
    if (rows_next(&keys)) {
        fill_key(out, &keys, sort);
        if (is_by_title(sort) || is_by_creator(sort)) {
            text key = row_text(&keys, is_by_title(sort) ? 4 : 5);
            out->text_key = arena_copy(arena, key.bytes, key.length);
        }
        if (out->text_key == NULL)
            status = search_no_memory(search);
    }
    recto_status closed = rows_close(&keys);
    if (status == RECTO_OK && closed == RECTO_OK && search_sorts_by_record(sort))
        return read_record_key(out, arena, search, sort);
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

static recto_status order_by_keys(page *page, search *search, const index_set *set, size_t count, search_sort sort)
{
    index_document single;
    if (count == 1 && index_set_list(set, 0, &single, 1) == 1) {
        page_take(page, single);
        return RECTO_OK;
    }
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
    qsort(list, count, sizeof *list, is_backwards(sort) ? compare_backwards : compare_hits);
    for (size_t i = 0; i < count && page->filled < page->wanted; i++)
        page_take(page, list[i].document);
out:
    free(list);
    arena_free(arena);
    return status;
}

/* ---- a walk along a column --------------------------------------------------------------------------------------- */

enum { LEVELS = 2 };

typedef struct order {
    search_sort sort;
    unsigned columns[LEVELS]; /* 0: none. The terms of the first begin those of the second. */
    bool backwards;
    bool whole_keys; /* the term is the key: what shares it is in the order of MMS IDs */
    bool several;    /* a document may have several terms, or none: the first that is met counts */
} order;

static const order orders[] = {
    { SORT_TITLE, { POSTING_BROAD_TITLE, POSTING_ORDER_TITLE }, false, false, false },
    { SORT_CREATOR, { POSTING_BROAD_CREATOR, POSTING_ORDER_CREATOR }, false, false, false },
    { SORT_DATE, { 0, POSTING_YEAR }, false, true, false },
    { SORT_DATE_NEWEST, { 0, POSTING_YEAR }, true, true, false },
    { SORT_RANK, { 0, POSTING_YEAR }, true, true, false },
    { SORT_MODIFIED_NEWEST, { 0, POSTING_ORDER_MODIFIED }, true, true, false },
    { SORT_CREATED_NEWEST, { 0, POSTING_ORDER_CREATED }, true, true, false },
    { SORT_MMS_ID, { POSTING_BROAD_MMS, POSTING_ORDER_MMS }, false, false, false },
    { SORT_TITLE_BACKWARDS, { POSTING_BROAD_TITLE, POSTING_ORDER_TITLE }, true, false, false },
    { SORT_CREATOR_BACKWARDS, { POSTING_BROAD_CREATOR, POSTING_ORDER_CREATOR }, true, false, false },
    { SORT_SERIES, { 0, POSTING_HEADING_SERIES }, false, true, true },
    { SORT_SERIES_BACKWARDS, { 0, POSTING_HEADING_SERIES }, true, true, true },
    { SORT_CALL_NUMBER, { 0, POSTING_CALL_NUMBER }, false, true, true }, /* of what has no holdings */
    { SORT_CALL_NUMBER_BACKWARDS, { 0, POSTING_CALL_NUMBER }, true, true, true },
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
    index_set *rest; /* of an order of several terms: what no term has led to yet, which is what `set` is then; else NULL */
    index_set *groups[GROUPS_MAX]; /* what terms share with the set, in order; sorted inside later: no reading in a visit */
    size_t sizes[GROUPS_MAX], group_count;
    size_t name_ends[GROUPS_MAX];
    buffer names;        /* of the groups: their terms */
    size_t skip, wanted; /* left */
    size_t passed;       /* members of terms that stand before the page */
    size_t seen;         /* members of the set passed, of `total` */
    size_t total;
    size_t terms, budget; /* terms passed, and how many may be */
    buffer last;          /* the term at which to go on */
    bool failed;
} walk;

/* What the page may begin or go on in; it is taken. */
static void keep_group(walk *walk, text term, index_set *group, size_t count)
{
    const size_t given = count - walk->skip;
    buffer_append_text(&walk->names, term);
    walk->name_ends[walk->group_count] = walk->names.length;
    walk->sizes[walk->group_count] = count;
    walk->groups[walk->group_count++] = group;
    walk->skip = 0;
    walk->wanted -= given < walk->wanted ? given : walk->wanted;
}

static bool walk_term(void *context, text term, const index_set *documents)
{
    walk *walk = context;
    index_set *group = index_set_both(documents, walk->set);
    const size_t count = (size_t)index_set_count(group);
    walk->failed = group == NULL;
    if (walk->failed)
        return false;
    walk->terms++;
    walk->seen += count;
    if (walk->rest != NULL && count > 0)
        index_set_and_not(walk->rest, group);
    if (count > walk->skip) {
        keep_group(walk, term, group, count);
    } else {
        index_set_free(group);
        walk->skip -= count;
        walk->passed += count;
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

/* A set that is put in order along one of the columns. */
typedef struct stretch {
    const order *order;
    int level;
    const index_set *set;
    size_t count;
    text from; /* the term of the level before that all of it share; empty: none */
} stretch;
static recto_status order_group(page *page, search *search, const stretch *stretch);
static recto_status order_stretch(page *page, search *search, const stretch *stretch);

/* Puts the groups of a part of the walk into the page; the first of them may begin before it. */
static recto_status take_groups(page *page, search *search, walk *walk, const stretch *whole, recto_status status)
{
    size_t begins = 0;
    for (size_t i = 0; i < walk->group_count; i++) {
        const stretch group = { whole->order, whole->level, walk->groups[i], walk->sizes[i],
                                text_of(walk->names.bytes + begins, walk->name_ends[i] - begins) };
        if (status == RECTO_OK)
            status = order_group(page, search, &group);
        index_set_free(walk->groups[i]);
        begins = walk->name_ends[i];
    }
    walk->group_count = 0;
    buffer_clear(&walk->names);
    return status;
}

/* Members of the set that no term of the column holds: the undated. They come last, both ways. */
static recto_status take_rest(page *page, search *search, const stretch *whole, const index_set *known)
{
    if (known != NULL)
        return search_order(page, search, known, SORT_MMS_ID);
    const uint8_t columns[2] = { search_column(search, whole->order->columns[whole->level]), 0 };
    index_set *held = NULL, *rest = index_set_copy(whole->set);
    recto_status status = rest == NULL ? search_no_memory(search) : RECTO_OK;
    if (status == RECTO_OK)
        status = index_find_prefix(&held, search->reader, columns, TEXT(""), search->error);
    if (status == RECTO_OK) {
        index_set_and_not(rest, held);
        const stretch last = { whole->order, LEVELS - 1, rest, (size_t)index_set_count(rest), TEXT("") };
        status = order_group(page, search, &last);
    }
    index_set_free(held);
    index_set_free(rest);
    return status;
}

/* @param *given_up  out: the budget was spent before the page was full; the page is as it was */
static recto_status order_by_walk(page *page, search *search, const stretch *whole, bool *given_up)
{
    const order *order = whole->order;
    const unsigned column = search_column(search, order->columns[whole->level]);
    const size_t budget = whole->count > SIZE_MAX / TERMS_A_KEY ? SIZE_MAX : whole->count * TERMS_A_KEY;
    const struct page before = *page;
    walk walk = { .set = whole->set, .skip = page->skip, .wanted = page->wanted - page->filled, .total = whole->count };
    recto_status status = RECTO_OK;
    bool more = true;
    if (order->several && (walk.set = walk.rest = index_set_copy(whole->set)) == NULL)
        return search_no_memory(search);
    buffer_init(&walk.last, 0);
    buffer_init(&walk.names, 0);
    walk.budget = budget < TERMS_LEAST ? TERMS_LEAST : budget;
    buffer_append_text(&walk.last, whole->from);
    if (order->backwards)
        buffer_append_char(&walk.last, '\xFF'); /* behind all terms that begin so */
    while (status == RECTO_OK && more) {
        walk.passed = 0;
        status = index_terms(search->reader, column, buffer_text(&walk.last), order->backwards, walk_term, &walk, search->error);
        page->skip -= walk.passed;
        if (status == RECTO_OK && (walk.failed || buffer_failed(&walk.last) || buffer_failed(&walk.names)))
            status = search_no_memory(search);
        more = walk.group_count == GROUPS_MAX && walk.wanted > 0 && walk.seen < walk.total && walk.terms < walk.budget;
        status = take_groups(page, search, &walk, whole, status);
        if (more && !order->backwards)
            buffer_append_char(&walk.last, '\0'); /* the next term after it */
    }
    *given_up = status == RECTO_OK && walk.wanted > 0 && walk.seen < walk.total && walk.terms >= walk.budget;
    if (*given_up)
        *page = before;
    else if (status == RECTO_OK && walk.wanted > 0 && walk.seen < walk.total)
        status = take_rest(page, search, whole, walk.rest);
    index_set_free(walk.rest);
    buffer_release(&walk.last);
    buffer_release(&walk.names);
    return status;
}

static recto_status order_group(page *page, search *search, const stretch *group)
{
    if (page->filled == page->wanted)
        return RECTO_OK;
    if (group->count <= page->skip) {
        page->skip -= group->count;
        return RECTO_OK;
    }
    if (group->order->whole_keys)
        return search_order(page, search, group->set, SORT_MMS_ID);
    stretch finer = *group;
    if (++finer.level < LEVELS)
        return order_stretch(page, search, &finer);
    return order_by_keys(page, search, group->set, group->count, group->order->sort);
}

/* Of numbers and times no more are read than are shown, where it can be helped: a row that is shown is read anyway. */
static size_t few_of(const order *order, const page *page)
{
    const size_t shown = page->skip + page->wanted - page->filled;
    if (order->several)
        return FEW;
    if (order->sort == SORT_MMS_ID || order->whole_keys)
        return shown < FEW ? shown : FEW;
    return FEW_TEXTS;
}

static recto_status order_stretch(page *page, search *search, const stretch *stretch)
{
    bool given_up = stretch->count <= few_of(stretch->order, page);
    recto_status status = RECTO_OK;
    if (!given_up)
        status = order_by_walk(page, search, stretch, &given_up);
    return status == RECTO_OK && given_up ? order_by_keys(page, search, stretch->set, stretch->count, stretch->order->sort)
                                          : status;
}

/* An index that is older than the short beginnings holds them only of what was saved since: then they are not used. All
 * documents have a number, so all must have its beginning. */
static recto_status find_broad(bool *out, search *search)
{
    const uint8_t broad[2] = { search_column(search, POSTING_BROAD_MMS), 0 }, all[2] = { search_column(search, POSTING_LIVE), 0 };
    index_set *held = NULL, *living = NULL;
    recto_status status = index_find_prefix(&held, search->reader, broad, TEXT(""), search->error);
    if (status == RECTO_OK)
        status = index_find(&living, search->reader, all, TEXT("1"), search->error);
    *out = status == RECTO_OK && index_set_count(held) == index_set_count(living);
    index_set_free(held);
    index_set_free(living);
    return status;
}

/* Asked once of the segments that are read now: what is saved has them. */
static recto_status has_broad(bool *out, search *search)
{
    postings_known *known = postings_know_broad(search->repo, search->request->type == SEARCH_AUTHORITIES);
    recto_status status = RECTO_OK;
    *out = *known == POSTINGS_YES;
    if (*known != POSTINGS_UNKNOWN)
        return RECTO_OK;
    status = find_broad(out, search);
    if (status == RECTO_OK)
        *known = *out ? POSTINGS_YES : POSTINGS_NO;
    return status;
}

/* Few by the keys of each; many along the shelf of holdings, and what stands on none by its own call number. */
static recto_status order_by_call_number(page *page, search *search, const stretch *whole)
{
    const search_sort sort = whole->order->sort;
    if (whole->count <= RECORD_KEYS_MAX)
        return order_by_keys(page, search, whole->set, whole->count, sort);
    index_set *rest = index_set_copy(whole->set);
    recto_status status = rest == NULL ? search_no_memory(search) : search_order_by_shelf(page, search, rest, sort);
    if (status == RECTO_OK) {
        const stretch left = { whole->order, whole->level, rest, (size_t)index_set_count(rest), TEXT("") };
        status = page->filled < page->wanted && left.count > 0 ? order_stretch(page, search, &left) : RECTO_OK;
    }
    index_set_free(rest);
    return status;
}

static recto_status order_by_uniform_title(page *page, search *search, const stretch *whole, search_sort sort)
{
    if (whole->count > RECORD_KEYS_MAX)
        return recto_fail(search->error, RECTO_ELIMIT, NULL, "narrow the search, or sort by title",
                          "at most %d records can be put in the order of uniform titles", RECORD_KEYS_MAX);
    return order_by_keys(page, search, whole->set, whole->count, sort);
}

recto_status search_order(page *page, search *search, const index_set *set, search_sort sort)
{
    stretch whole = { order_of(sort), LEVELS - 1, set, (size_t)index_set_count(set), TEXT("") };
    recto_status status = RECTO_OK;
    if (page->filled == page->wanted)
        return RECTO_OK;
    if (whole.count <= page->skip) {
        page->skip -= whole.count;
        return RECTO_OK;
    }
    if (sort == SORT_CALL_NUMBER || sort == SORT_CALL_NUMBER_BACKWARDS)
        return order_by_call_number(page, search, &whole);
    if (sort == SORT_UNIFORM_TITLE || sort == SORT_UNIFORM_TITLE_BACKWARDS)
        return order_by_uniform_title(page, search, &whole, sort);
    if (whole.order->columns[0] != 0 && whole.count > few_of(whole.order, page)) {
        bool broad = false;
        status = has_broad(&broad, search);
        if (broad)
            whole.level = 0;
    }
    return status == RECTO_OK ? order_stretch(page, search, &whole) : status;
}

/* ---- the page ---------------------------------------------------------------------------------------------------- */

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
