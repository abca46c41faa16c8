/* src/match/merge_order.h - which fields of two records are the same, and where each goes in a merge. Private to match/. */
#ifndef RECTO_MATCH_MERGE_ORDER_H
#define RECTO_MATCH_MERGE_ORDER_H

#include "recto/base/arena.h"
#include "recto/marc/record.h"

typedef struct merge_field {
    marc_field field;   /* content is the merge result's own copy */
    size_t index;       /* in its record */
    size_t twin;        /* field of the other record that is the same byte for byte, each used once; SIZE_MAX */
    size_t counterpart; /* field of the other record that stands against it; SIZE_MAX */
    size_t same;        /* of a further copy: the field of the other record that it repeats; SIZE_MAX */
    bool in_result;
    const char *rule;
} merge_field;

typedef struct merge_side {
    merge_field *fields;
    size_t count;
} merge_side;

typedef struct merge_place {
    const merge_field *field;
    bool incoming;
    size_t gap; /* goes behind so many fields of the list it joins */
} merge_place;

typedef struct merge_order {
    merge_place *places; /* result and dropped fields in the order to be shown */
    size_t count;
} merge_order;

/** Fills `twin` and `same`, and `counterpart` for those without a twin: the first of a tag here against the first of that tag
 * there. */
bool merge_pair(merge_side *existing, merge_side *incoming);

/** Orders the fields of the result as merge.c says, each dropped field before the first field of the result with its tag or
 *  a greater one. A twin that is not in the result, of a field that is, is left out: it is not lost. */
bool merge_order_make(merge_order *out, const merge_side *existing, const merge_side *incoming);
void merge_order_release(merge_order *order);

#endif
