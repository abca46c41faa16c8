/* src/catalog/query_parser.h - inside of reading a query: what query.c and query_values.c share. */
#ifndef CATALOG_QUERY_PARSER_H
#define CATALOG_QUERY_PARSER_H

#include "query.h"

enum { QUERY_BYTES_MAX = 8192, QUERY_DEPTH_MAX = 64, QUERY_TERMS_MAX = 256 };

typedef struct parser {
    struct arena *arena;
    text whole;
    size_t at;
    int depth;
    size_t terms;
    bool names_index; /* an index was named: a mistake is then a mistake */
    recto_status status;
    recto_error *error;
} parser;

typedef struct value_read {
    text value;
    bool quoted;
} value_read;

/* Small steps (query.c). */
bool query_is_blank(char byte);
void query_skip_blanks(parser *parser);
char query_peek(const parser *parser);
text query_rest_of(const parser *parser);
recto_status query_fail_at(parser *parser, size_t at, const char *todo, const char *what);
text query_copy(parser *parser, text value); /* a copy in the arena */
query_node *query_new_term(parser *parser, const search_index *index, search_operator operator, text value);

/* Indexes and values (query_values.c). */
const search_index *query_index_named(text name);
void query_fail_unknown_index(parser *parser, text name, size_t at);
char query_accept_sign(parser *parser); /* 0: there is none */
bool query_read_quoted(parser *parser, value_read *out);
text query_read_word(parser *parser);
query_node *query_make_term(parser *parser, const search_index *index, char meaning, const value_read *read);
const query_node *query_parse_value(parser *parser, const search_index *index, char meaning);

#endif
