/* src/index/terms.h - inside of the room: the terms of a column in all segments and entries, in step (terms.c), and those of
 * columns with few terms, which are kept (kept_columns.c). */
#ifndef RECTO_SRC_INDEX_TERMS_H
#define RECTO_SRC_INDEX_TERMS_H

#include "reader.h"

typedef struct term_walk {
    index_reader *reader;
    int tier; /* whose segments; KEPT_TIERS: of all */
    unsigned column;
    bool backwards;
    cursor *cursors; /* one a segment */
    const pool_order *order;
    size_t order_at; /* backwards: one behind */
    gather gather;
} term_walk;
recto_status walk_begin(term_walk *walk, text from, recto_error *error);
void walk_release(term_walk *walk);
/** The term a cursor stands on, if it is of the walk's column. */
bool walk_cursor_term(text *out, const term_walk *walk, const cursor *cursor);
/** The next term of any cursor, without those of entries; NULL bytes: none is left. */
text walk_next(const term_walk *walk);
/** The first slot of a column that is not before a term. */
size_t pool_order_lower(const pool *pool, const pool_order *order, unsigned column, text from);

typedef struct kept_pair { /* a column of few terms in the segments of each tier */
    bool is_kept;          /* false: it is not such a column, or has too many */
    kept_column *columns[KEPT_TIERS];
} kept_pair;
/** The documents of a term in the segments of a tier alone; lent until the next set of the tier is made. */
recto_status kept_term_set(const index_set **out, index_reader *reader, int tier, const kept_column *column, kept_term *term,
                           recto_error *error);
/** How many of `within` have each term of a column of the large segments, yours to free(). NULL: count them one by one. */
recto_status kept_codes_count(uint64_t **out, index_reader *reader, kept_column *column, const index_set *within,
                              recto_error *error);
/** @param separator  terms that are alike up to it are one; -1: none */
recto_status kept_column_get(kept_pair *out, index_reader *reader, unsigned column, int separator, recto_error *error);
/** index_terms and index_counts of such a column. */
recto_status kept_terms(index_reader *reader, const kept_pair *pair, text from, bool backwards, index_term_visit visit,
                        void *context, recto_error *error);
recto_status kept_counts(index_reader *reader, const kept_pair *pair, const index_set *within, index_count_visit visit,
                         void *context, recto_error *error);

#endif
