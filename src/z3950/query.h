/* src/z3950/query.h - what is sent: PQF for Z39.50, CQL for SRU, built from the boxes; never from the user's own syntax. */
#ifndef RECTO_SRC_Z3950_QUERY_H
#define RECTO_SRC_Z3950_QUERY_H

#include "targets.h"

/** Appends the query. `fallback` drops structure, then truncation, beyond what the session has learned already.
 *  `alternate` writes identifiers in their other form (SR: tried once when the first finds nothing).
 *  RECTO_EINVALID: nothing typed, a box this target cannot search, or a term with nothing in it. */
recto_status query_build(buffer *out, const target_entry *entry, const external_query *query, int fallback, bool alternate,
                         recto_error *error);
/** Is there another form to try when the first finds nothing? */
bool query_has_alternate(const target_entry *entry, const external_query *query);
/** The fallback that worked, for the boxes of this query (SR-21). */
void query_learn(target_entry *entry, const external_query *query, int fallback);
bool query_is_used(const external_query *query, external_box box);
/** "Title, Author" and "war peace, tolstoy", for messages. */
void query_boxes(buffer *out, const external_query *query);
void query_terms(buffer *out, const external_query *query);

#endif
