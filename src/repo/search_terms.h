/* src/repo/search_terms.h - inside of conditions: what search_terms.c and search_values.c share. */
#ifndef RECTO_SRC_REPO_SEARCH_TERMS_H
#define RECTO_SRC_REPO_SEARCH_TERMS_H

#include "search.h"

/** Numbers, times and codes. */
recto_status search_value(found *out, search *search, const query_node *term);

recto_status term_bad_value(const search *search, const query_node *term, const char *example);
recto_status term_bad_operator(const search *search, const query_node *term);
recto_status term_nothing(found *out, const search *search);
recto_status term_find_all(found *out, search *search);
/** Documents of one term of a column, or of the terms from one to another. */
recto_status term_find_in(found *out, search *search, unsigned column, text term);
recto_status term_find_between_in(found *out, search *search, unsigned column, const char *from, const char *to);

#endif
