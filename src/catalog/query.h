/* src/catalog/query.h - what the search needs of the query language beside the parser: back to text, and identifiers. */
#ifndef CATALOG_QUERY_H
#define CATALOG_QUERY_H

#include "recto/base/arena.h"
#include "recto/base/utf8.h"
#include "recto/repo/repo.h"

/** Appends the one-line form; parsing it gives the same query (SE-35). */
void query_write(buffer *out, const query_node *node);
/** Plain words that are an MMS ID, OCLC number, ISBN or ISSN: the term for that, in the arena; NULL: they are not (SE-86). */
const query_node *query_identifier(struct arena *arena, const query_node *query);
/** An OCLC number with its prefix, such as (OCoLC) or ocm (SE-86). */
bool query_is_oclc_form(text value);
bool query_begins_without_case(text whole, text beginning); /* letters of ASCII */

#endif
