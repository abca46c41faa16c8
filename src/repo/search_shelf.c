/* src/repo/search_shelf.c - orders whose keys stand in no row of a bib: by series, by uniform title, by call number (SE-44,
 * SE-45).
 *
 * The key of one record is read from the record, by the function that makes the headings of browse lists, and for call numbers
 * from its holdings first. A record of several keys stands where the first of them leads, backwards where the last does; one
 * without any comes last, both ways. Many hits are put in the order of call numbers along the shelf of holdings. */
#include "headings.h"
#include "search.h"
#include <string.h>

typedef struct record_order {
    search_sort sort;
    unsigned column; /* of its headings */
    bool backwards, of_holdings;
    const char *tags; /* of the fields that count, three bytes each; "" all of the column */
} record_order;

static const record_order orders[] = {
    { SORT_SERIES, POSTING_HEADING_SERIES, false, false, "" },
    { SORT_SERIES_BACKWARDS, POSTING_HEADING_SERIES, true, false, "" },
    { SORT_UNIFORM_TITLE, POSTING_HEADING_TITLE, false, false, "130240" },
    { SORT_UNIFORM_TITLE_BACKWARDS, POSTING_HEADING_TITLE, true, false, "130240" },
    { SORT_CALL_NUMBER, POSTING_CALL_NUMBER, false, true, "" },
    { SORT_CALL_NUMBER_BACKWARDS, POSTING_CALL_NUMBER, true, true, "" },
};

static const record_order *order_of(search_sort sort)
{
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        if (orders[i].sort == sort)
            return &orders[i];
    return NULL;
}

bool search_sorts_by_record(search_sort sort)
{
    return order_of(sort) != NULL;
}

/* ---- the key of one record --------------------------------------------------------------------------------------- */

typedef struct best_key {
    const record_order *order;
    buffer *out;
    size_t start; /* where the key begins in it */
    bool found;
} best_key;

static int compare_texts(text a, text b)
{
    const size_t shorter = a.length < b.length ? a.length : b.length;
    const int order = shorter > 0 ? memcmp(a.bytes, b.bytes, shorter) : 0;
    return order != 0 ? order : a.length < b.length ? -1 : a.length > b.length;
}

static bool counts(const char *tags, const char *tag)
{
    for (const char *at = tags; *at != '\0'; at += MARC_TAG_LENGTH)
        if (memcmp(at, tag, MARC_TAG_LENGTH) == 0)
            return true;
    return tags[0] == '\0';
}

static void offer(best_key *best, text key)
{
    const text held = text_of(best->out->bytes + best->start, best->out->length - best->start);
    const int order = best->found ? compare_texts(key, held) : 0;
    if (best->found && (best->order->backwards ? order <= 0 : order >= 0))
        return;
    best->found = true;
    best->out->length = best->start;
    buffer_append_text(best->out, key);
}

static bool offer_heading(void *context, const heading *heading)
{
    best_key *best = context;
    if (heading->column == best->order->column && counts(best->order->tags, heading->tag))
        offer(best, heading->key);
    return true;
}

static recto_status offer_holdings(best_key *best, search *search, index_document document)
{
    rows rows;
    (void)rows_open(&rows, search->repo, search->error, SQL_SHELF_KEYS_OF, "i", (int64_t)document);
    while (rows_next(&rows))
        offer(best, row_text(&rows, 0));
    return rows_close(&rows);
}

static recto_status offer_record(best_key *best, search *search, index_document document)
{
    rows rows;
    marc_record *record = NULL;
    mms_id id = 0;
    int version = 0;
    (void)rows_open(&rows, search->repo, search->error, SQL_DOCUMENT_VERSION, "i", (int64_t)document);
    if (rows_next(&rows)) {
        id = row_int64(&rows, 0);
        version = row_int(&rows, 1);
    }
    recto_status status = rows_close(&rows);
    if (status != RECTO_OK || id == 0)
        return status;
    if (stored_record(&record, search->repo, id, document, version, NULL) == RECTO_OK && /* a damaged one has no key */
        !index_headings(record, offer_heading, best))
        status = search_no_memory(search);
    marc_record_free(record);
    return status;
}

/* What stands before a key says where it belongs: holdings' call numbers first, then the record's own, then nothing. */
recto_status search_record_key(buffer *out, search *search, index_document document, search_sort sort)
{
    const record_order *order = order_of(sort);
    const size_t before = out->length;
    best_key best = { .order = order, .out = out, .start = before + 1 };
    recto_status status = RECTO_OK;
    buffer_append_char(out, order->backwards ? '3' : '1');
    if (order->of_holdings)
        status = offer_holdings(&best, search, document);
    if (status == RECTO_OK && !best.found && !buffer_failed(out)) {
        out->bytes[before] = '2';
        status = offer_record(&best, search, document);
    }
    if (status == RECTO_OK && !best.found && !buffer_failed(out))
        out->bytes[before] = order->backwards ? '1' : '3';
    return status == RECTO_OK && buffer_failed(out) ? search_no_memory(search) : status;
}

/* ---- along the shelf --------------------------------------------------------------------------------------------- */

/* The documents of `rest` that have holdings with a call number, in the order of these; what was passed is taken out of it. */
recto_status search_order_by_shelf(page *page, search *search, index_set *rest, search_sort sort)
{
    const bool backwards = order_of(sort)->backwards;
    index_set *passed = index_set_new();
    recto_status status = passed == NULL ? search_no_memory(search) : RECTO_OK;
    uint64_t left = index_set_count(rest);
    bool failed = false;
    rows rows;
    if (status != RECTO_OK)
        return status;
    (void)rows_open(&rows, search->repo, search->error, backwards ? SQL_SHELF_WALK_BACKWARDS : SQL_SHELF_WALK, "");
    while (!failed && left > 0 && page->filled < page->wanted && rows_next(&rows)) {
        const index_document document = (index_document)row_int64(&rows, 0);
        if (!index_set_has(rest, document) || index_set_has(passed, document))
            continue;
        failed = !index_set_add(passed, document);
        left--;
        page_take(page, document);
    }
    status = rows_close(&rows);
    if (status == RECTO_OK && failed)
        status = search_no_memory(search);
    index_set_and_not(rest, passed);
    index_set_free(passed);
    return status;
}
