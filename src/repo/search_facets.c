/* src/repo/search_facets.c - how many hits have each value of each facet, and hits narrowed to chosen values.
 *
 * A facet is a column of the index whose terms are its values: counting is one intersection a value, which is not made. A
 * language stands there once for each place it comes from (008, 041), and is counted once. */
#include "search.h"
#include "recto/repo/browse.h"
#include <string.h>

enum { KEY_SEPARATOR = 0x1F };

static const struct facet_column {
    unsigned column;
    bool has_places; /* the term is a key, its separator and a place */
} facet_columns[FACET_COUNT] = {
    [FACET_ZONE] = { POSTING_ZONE, false },
    [FACET_MATERIAL] = { POSTING_MATERIAL, false },
    [FACET_LANGUAGE] = { POSTING_OWN_KEYS, true },
    [FACET_YEAR] = { POSTING_YEAR, false },
    [FACET_INVENTORY] = { POSTING_INVENTORY, false },
    [FACET_SYNC] = { POSTING_SYNC, false },
    [FACET_SUPPRESSED] = { POSTING_SUPPRESSED, false },
};
_Static_assert(IDENTIFIER_LANGUAGE == 101, "languages are the first of the own keys");

/* ---- narrowing --------------------------------------------------------------------------------------------------- */

static recto_status find_value(index_set **out, search *search, const facet_choice *choice)
{
    const struct facet_column *facet = &facet_columns[choice->facet];
    const uint8_t columns[2] = { search_column(search, facet->column), 0 };
    buffer key;
    if (!facet->has_places)
        return index_find(out, search->reader, columns, choice->value, search->error);
    buffer_init(&key, 0);
    postings_key_beginning(&key, choice->value);
    recto_status status = buffer_failed(&key) ? search_no_memory(search)
                                              : index_find_prefix(out, search->reader, columns, buffer_text(&key), search->error);
    buffer_release(&key);
    return status;
}

/* Any of the values chosen of one facet. *out NULL: none was. */
static recto_status find_facet(index_set **out, search *search, search_facet facet)
{
    const search_request *request = search->request;
    recto_status status = RECTO_OK;
    for (size_t i = 0; i < request->choice_count && status == RECTO_OK; i++) {
        index_set *more = NULL;
        if (request->choices[i].facet != facet)
            continue;
        status = find_value(&more, search, &request->choices[i]);
        if (status == RECTO_OK && *out == NULL) {
            *out = more;
            continue;
        }
        if (status == RECTO_OK && !index_set_or(*out, more))
            status = search_no_memory(search);
        index_set_free(more);
    }
    return status;
}

recto_status search_keep_chosen(found *hits, search *search, int without)
{
    recto_status status = RECTO_OK;
    for (int facet = 0; facet < FACET_COUNT && status == RECTO_OK && search->request->choice_count > 0; facet++) {
        found chosen = { NULL, false };
        if (facet == without)
            continue;
        status = find_facet(&chosen.set, search, (search_facet)facet);
        if (status == RECTO_OK && chosen.set != NULL && hits->items)
            status = search_to_items(&chosen, search);
        if (status == RECTO_OK && chosen.set != NULL)
            index_set_and(hits->set, chosen.set);
        found_release(&chosen);
    }
    return status;
}

/* ---- counting ---------------------------------------------------------------------------------------------------- */

typedef struct counter {
    bool (*visit)(void *context, search_facet facet, text value, size_t count);
    void *context;
    search_facet facet;
    bool more;
} counter;

static bool give_count(void *context, text value, uint64_t count)
{
    counter *counter = context;
    counter->more = counter->visit(counter->context, counter->facet, value, (size_t)count);
    return counter->more;
}

static recto_status count_facet(counter *counter, search *search, const found *matches)
{
    const struct facet_column *facet = &facet_columns[counter->facet];
    found hits = { index_set_copy(matches->set), matches->items };
    recto_status status = hits.set == NULL ? search_no_memory(search) : RECTO_OK;
    if (status == RECTO_OK)
        status = search_keep_chosen(&hits, search, (int)counter->facet);
    if (status == RECTO_OK && hits.items) { /* of items the bibs are counted */
        index_set *documents = NULL;
        status = search_to_documents(&documents, search, hits.set);
        index_set_free(hits.set);
        hits.set = documents;
    }
    if (status == RECTO_OK && facet->has_places)
        status = index_counts_joined(search->reader, search_column(search, facet->column), KEY_SEPARATOR, hits.set, give_count,
                                     counter, search->error);
    else if (status == RECTO_OK)
        status = index_counts(search->reader, search_column(search, facet->column), hits.set, give_count, counter, search->error);
    found_release(&hits);
    return status;
}

recto_status repo_facets(repo *repo, const search_request *request,
                         bool (*visit)(void *context, search_facet facet, text value, size_t count), void *context,
                         recto_error *error)
{
    search search = { .repo = repo };
    found matches = { NULL, false };
    counter counter = { .visit = visit, .context = context, .more = true };
    bool own;
    recto_status status = look_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = search_begin(&search, repo, request, error);
    if (status == RECTO_OK)
        status = search_matches(&matches, &search);
    for (int facet = 0; facet < FACET_COUNT && status == RECTO_OK && counter.more; facet++) {
        counter.facet = (search_facet)facet;
        status = count_facet(&counter, &search, &matches);
    }
    look_end(repo, own);
    found_release(&matches);
    search_end(&search);
    return status;
}
