/* src/catalog/match_facts.h - the columns of the list of matches. Private to catalog/. */
#ifndef CATALOG_MATCH_FACTS_H
#define CATALOG_MATCH_FACTS_H

#include "inside.h"

/** 0 to 100: shared title words (60), same date (20; one year apart 10), same leader/06 and 07 (20). @spec SR-94 */
int match_likeness(const marc_record *a, const marc_record *b);
void match_facts_fill(match_hit *hit, const marc_record *incoming, const marc_record *stored);

#endif
