/* src/repo/search.h - inside of search: indexes, how a term becomes a set of documents, how a set becomes a page.
 *
 * search_indexes.c holds the table; search_words.c makes FTS expressions; search_terms.c finds sets; search_order.c sorts
 * and pages; search.c joins them. */
#ifndef RECTO_SRC_REPO_SEARCH_H
#define RECTO_SRC_REPO_SEARCH_H

#include "bitmap.h"
#include "store.h"

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
    FROM_CALL_NUMBER,
    FROM_BARCODE
};

/** How a typed value becomes a key; false: it cannot be one, so nothing is found. */
typedef bool (*typed_key)(buffer *out, text typed);
typedef struct key_place {
    int kind;           /* of the identifier row; 0 ends the list */
    const char *places; /* "035a035z": tag and subfield in one; "": any */
    typed_key key;
} key_place;

typedef struct index_origin {
    enum search_source source;
    const char *column;    /* of FROM_WORDS; NULL: all columns */
    const key_place *keys; /* of FROM_KEYS */
    enum sql_id find;      /* of the others */
} index_origin;
const index_origin *index_origin_of(const search_index *index);

/** Appends the FTS expression for a term on a word index. RECTO_EINVALID: no word in it; RECTO_ELIMIT. */
recto_status words_expression(buffer *out, repo *repo, const query_node *term, recto_error *error);
void shelf_key(buffer *out, text call_number); /* sorts as on the shelf (SE-88) */
void barcode_key(buffer *out, text typed);     /* blanks out, ASCII capitals (SE-85) */

/* One search under way. Its universe is documents, or items when one row an item is wanted. */
typedef struct search {
    repo *repo;
    const search_request *request;
    recto_error *error;
    bool of_items;
    size_t size;      /* of bitmaps in the universe */
    size_t documents; /* of bitmaps of documents */
    bitmap universe;  /* all of the type and zones; made when first needed */
    bool universe_ready;
    int64_t *item_documents, *item_numbers; /* of_items: the documents and numbers of all items */
    size_t item_count;
} search;

recto_status search_term(bitmap *out, search *search, const query_node *term);
recto_status search_universe(search *search);
/** Takes out of a set of documents those of other types and zones; for few hits. */
recto_status search_keep_wanted(bitmap *hits, search *search);

/** The wanted page of the hits, in order: documents to show; `page` is yours to free(). */
recto_status search_page(int64_t **page, size_t *page_count, search *search, const bitmap *hits, size_t count);

#endif
