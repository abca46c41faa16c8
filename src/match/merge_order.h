/* src/match/merge_order.h - which fields of two records are the same, and where each goes in a merge. Private to match/. */
#ifndef RECTO_MATCH_MERGE_ORDER_H
#define RECTO_MATCH_MERGE_ORDER_H

#include "merge_engine.h"

typedef struct merge_place {
    const merge_field *field;
    bool incoming;
    size_t gap; /* goes behind so many fields of the list it joins */
} merge_place;

typedef struct merge_order {
    merge_place *places;
    size_t count;
} merge_order;

/** Fills `twin`, `same` and `counterpart` of the fields of both sides: for the preview. False: no memory. */
bool merge_pair(merge_side *existing, merge_side *incoming);

/** Orders the fields of the result. False: no memory. */
bool merge_order_result(merge_order *out, const merge_side *existing, const merge_side *incoming);
/** Puts each dropped field before the first field of the result with its tag or a greater one. A twin that is not in the
 *  result, of a field that is, is left out: it is not lost. */
bool merge_order_add_dropped(merge_order *order, const merge_side *existing, const merge_side *incoming);
void merge_order_release(merge_order *order);

#endif
