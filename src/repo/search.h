/* src/repo/search.h - inside of search: indexes, how a term becomes a set of documents, how a set becomes a page.
 *
 * search_indexes.c holds the table; search_words.c finds words; search_terms.c all other conditions; search_items.c goes from
 * documents to items and back; search_order.c sorts and pages, search_rank.c by relevance, search_shelf.c by what records hold;
 * search_facets.c counts; search.c joins them. Everything here is done within one read or write transaction: the reader is of its
 * state. */
#ifndef RECTO_SRC_REPO_SEARCH_H
#define RECTO_SRC_REPO_SEARCH_H

#include "postings.h"

enum search_source {
    FROM_WORDS,
    FROM_KEYS,
    FROM_MMS,
    FROM_YEAR,
    FROM_TIME,
    FROM_LEVEL,
    FROM_SYNC,
    FROM_FLAG,
    FROM_NAME,
    FROM_INVENTORY,
    FROM_HOLDINGS,
    FROM_CALL_NUMBER,
    FROM_BARCODE,
    FROM_SET
};

/** How a typed value becomes a key; false: it cannot be one, so nothing is found. */
typedef bool (*typed_key)(buffer *out, text typed);
typedef struct key_place {
    int kind;           /* of the identifier; 0 ends the list */
    const char *places; /* "035a035z": tag and subfield in one; "": any */
    typed_key key;
} key_place;

typedef struct index_origin {
    enum search_source source;
    unsigned column;       /* of the posting index; of FROM_WORDS 0: all columns of words */
    const key_place *keys; /* of FROM_KEYS */
    enum sql_id find;      /* of what stands in tables: holdings, items */
} index_origin;
const index_origin *index_origin_of(const search_index *index);
/** The tag of the one local field that the index is of: "950". NULL: it is of more. */
const char *search_field_of(const search_index *index);

void shelf_key(buffer *out, text call_number); /* sorts as on the shelf (SE-88) */
void barcode_key(buffer *out, text typed);     /* blanks out, ASCII capitals (SE-85) */

/* What a condition finds: documents; in a search of items perhaps items, by their numbers. */
typedef struct found {
    index_set *set;
    bool items;
} found;
void found_release(found *found);

typedef struct search { /* one search under way */
    repo *repo;
    const search_request *request;
    recto_error *error;
    index_reader *reader;
    bool of_items;       /* one row an item */
    index_set *allowed;  /* documents of the type and zones; NULL after it was made: all are */
    index_set *universe; /* what "not" is the rest of; NULL: not made yet */
    int64_t documents;   /* about how many there are */
} search;

recto_status search_begin(search *out, repo *repo, const search_request *request, recto_error *error);
void search_end(search *search);
/** All hits of the request. @param without  a facet whose choices do not count; -1: all do */
recto_status search_hits(found *out, search *search, int without);
/** The same in two steps, so that facets are counted from one evaluation of the query. */
recto_status search_matches(found *out, search *search);
recto_status search_keep_chosen(found *hits, search *search, int without);

recto_status search_term(found *out, search *search, const query_node *term);
/** All of the type and zones but these. */
recto_status search_complement(found *out, search *search, found *without);

/** Documents that meet a condition on words, in columns ended by 0. */
recto_status search_words(index_set **out, search *search, const query_node *term, const uint8_t *columns);
const uint8_t *search_word_columns(const search *search, const index_origin *origin, uint8_t scratch[static 2]);

/** Makes a set of documents one of their items, or of items one of their documents. */
recto_status search_to_items(found *found, search *search);
recto_status search_to_documents(index_set **out, search *search, const index_set *items);
/** The items of documents in order that are among the hits, from `offset` on. Gives the document of each. */
recto_status search_expand_items(index_document *page, size_t *page_count, search *search, const index_document *documents,
                                 size_t document_count, const index_set *items, size_t offset, size_t limit);

/** The wanted page of the hits, in order: documents to show; `page` is yours to free(). */
recto_status search_page(index_document **page, size_t *page_count, search *search, const found *hits, size_t count);

/* A page being filled: what comes before it is only counted. */
typedef struct page {
    index_document *documents;
    size_t filled, wanted, skip;
} page;
static inline void page_take(page *page, index_document document)
{
    if (page->skip > 0)
        page->skip--;
    else if (page->filled < page->wanted)
        page->documents[page->filled++] = document;
}

/** Does the key of this order stand in records and holdings (search_shelf.c)? Then it is appended, so that bytes compare. */
bool search_sorts_by_record(search_sort sort);
recto_status search_record_key(buffer *out, search *search, index_document document, search_sort sort);
recto_status search_order_by_shelf(page *page, search *search, index_set *rest, search_sort sort);
/** Appends the documents of a set in order. */
recto_status search_order(page *page, search *search, const index_set *set, search_sort sort);
recto_status search_order_by_rank(page *page, search *search, const index_set *set);

/* Authority records have columns of their own. */
static inline uint8_t search_column(const search *search, unsigned column)
{
    return (uint8_t)(column + (search->request->type == SEARCH_AUTHORITIES ? POSTING_OF_AUTHORITIES : 0));
}

static inline recto_status search_no_memory(const search *search)
{
    return recto_fail_memory(search->error, "searching");
}

#endif
