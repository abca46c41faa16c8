/* src/service/z3950_query.h - a Z39.50 or CQL query as the tree that the repository searches. */
#ifndef RECTO_SRC_SERVICE_Z3950_QUERY_H
#define RECTO_SRC_SERVICE_Z3950_QUERY_H

#include "recto/base/arena.h"
#include "recto/repo/repo.h"
#include <yaz/proto.h>

/* One translation. On failure `diagnostic` is the Bib-1 code, `detail` what it is about (in the arena, or NULL). */
typedef struct query_maker {
    arena *arena;
    bool union_catalog;                                             /* system numbers are OCLC numbers */
    const query_node *(*find_set)(void *context, const char *name); /* a result set as an operand; may be NULL */
    void *context;
    int diagnostic;
    const char *detail;
    int depth, terms;
} query_maker;

/* NULL and diagnostic 0: every record (cql.allRecords). NULL and a diagnostic: it cannot be searched. */
const query_node *query_from_rpn(query_maker *maker, const Z_RPNQuery *query);
const query_node *query_from_cql(query_maker *maker, const char *query);

/* ---- shared by the two ---- */

enum { QUERY_DEPTH_MAX = 50, QUERY_TERMS_MAX = 200 };

typedef struct wanted_term { /* what both query languages can say about a term */
    enum { RELATION_EQUAL, RELATION_LESS, RELATION_LESS_EQUAL, RELATION_GREATER_EQUAL, RELATION_GREATER, RELATION_NOT } relation;
    bool phrase, starts_with, whole_field, truncated;
    text value, value_to; /* value_to: of a range; empty for none */
} wanted_term;

const query_node *query_fail(query_maker *maker, int diagnostic, text detail); /* always NULL */
const query_node *query_join(query_maker *maker, query_kind kind, const query_node *left, const query_node *right);
/* A term in one index, or in several joined with OR: "mms sysno". */
const query_node *query_term(query_maker *maker, const char *index_codes, const wanted_term *wanted);
/* Codes for a Bib-1 use attribute, or for the last part of a CQL index; NULL: not supported. */
const char *query_codes_of_use(const query_maker *maker, int64_t use);
const char *query_codes_of_index(const query_maker *maker, const char *name);
text query_keep(query_maker *maker, text value); /* a copy in the arena; empty when there is no memory */

#endif
