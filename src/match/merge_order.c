/* src/match/merge_order.c - pairing the fields of two records, and the order of a merged one.
 *
 * Records may be hostile: a million fields on either side must not take the square of that. So everything here sorts and
 * searches. An order is made by giving each field that joins a list a gap (how many fields of the list stand before it) and
 * sorting by gap; the list itself keeps its order. */
#include "merge_order.h"

#include <stdlib.h>
#include <string.h>

/* --- pairs --- */

static int compare_contents(const merge_field *a, const merge_field *b)
{
    int order = memcmp(a->field.tag, b->field.tag, MARC_TAG_LENGTH);

    return order != 0 ? order : text_compare(a->field.content, b->field.content);
}

static int in_record_order(const merge_field *a, const merge_field *b)
{
    return (a->index > b->index) - (a->index < b->index);
}

static int by_content(const void *left, const void *right)
{
    const merge_field *const *a = left;
    const merge_field *const *b = right;
    int order = compare_contents(*a, *b);

    return order != 0 ? order : in_record_order(*a, *b);
}

static int by_tag(const void *left, const void *right)
{
    const merge_field *const *a = left;
    const merge_field *const *b = right;
    int order = memcmp((*a)->field.tag, (*b)->field.tag, MARC_TAG_LENGTH);

    return order != 0 ? order : in_record_order(*a, *b);
}

typedef struct field_list {
    merge_field **fields;
    size_t count;
} field_list;

static bool list_fields(field_list *list, const merge_side *side, bool unpaired_only)
{
    list->count = 0;
    list->fields = malloc((side->count + 1) * sizeof(merge_field *));
    if (list->fields == NULL)
        return false;
    for (size_t i = 0; i < side->count; i++)
        if (!unpaired_only || side->fields[i].twin == SIZE_MAX)
            list->fields[list->count++] = &side->fields[i];
    qsort(list->fields, list->count, sizeof(merge_field *), unpaired_only ? by_tag : by_content);
    return true;
}

/** Further copies of a field that has a twin: the other record has it too, though not as often. */
static void note_repeats(field_list *list)
{
    for (size_t i = 1; i < list->count; i++) {
        const merge_field *before = list->fields[i - 1];
        if (list->fields[i]->twin == SIZE_MAX && compare_contents(before, list->fields[i]) == 0)
            list->fields[i]->same = before->twin != SIZE_MAX ? before->twin : before->same;
    }
}

static void join_twins(field_list *left, field_list *right)
{
    size_t i = 0;
    size_t j = 0;

    while (i < left->count && j < right->count) {
        int order = compare_contents(left->fields[i], right->fields[j]);
        if (order == 0) {
            left->fields[i]->twin = right->fields[j]->index;
            right->fields[j]->twin = left->fields[i]->index;
        }
        i += order <= 0;
        j += order >= 0;
    }
    note_repeats(left);
    note_repeats(right);
}

/** The first of a tag against the first of that tag, the second against the second. */
static void join_counterparts(field_list *left, field_list *right)
{
    size_t i = 0;
    size_t j = 0;

    while (i < left->count && j < right->count) {
        int order = memcmp(left->fields[i]->field.tag, right->fields[j]->field.tag, MARC_TAG_LENGTH);
        if (order == 0) {
            left->fields[i]->counterpart = right->fields[j]->index;
            right->fields[j]->counterpart = left->fields[i]->index;
        }
        i += order <= 0;
        j += order >= 0;
    }
}

static bool join(merge_side *existing, merge_side *incoming, bool unpaired_only,
                 void (*join_lists)(field_list *left, field_list *right))
{
    field_list left = { 0 };
    field_list right = { 0 };
    bool done = list_fields(&left, existing, unpaired_only) && list_fields(&right, incoming, unpaired_only);

    if (done)
        join_lists(&left, &right);
    free(left.fields);
    free(right.fields);
    return done;
}

bool merge_pair(merge_side *existing, merge_side *incoming)
{
    return join(existing, incoming, false, join_twins) && join(existing, incoming, true, join_counterparts);
}

/* --- order --- */

static int compare_tags(const merge_field *a, const merge_field *b)
{
    return memcmp(a->field.tag, b->field.tag, MARC_TAG_LENGTH);
}

/** For each place of a list, which field from there to the end has the smallest tag; so that a list that is out of order can
 *  still be searched. */
static const merge_field **smallest_from(const merge_place *list, size_t count)
{
    const merge_field **smallest = malloc((count + 1) * sizeof(const merge_field *));

    for (size_t i = count; smallest != NULL && i-- > 0;)
        smallest[i] = i + 1 == count || compare_tags(list[i].field, smallest[i + 1]) <= 0 ? list[i].field : smallest[i + 1];
    return smallest;
}

/** How many fields stand before and with the last one whose tag is smaller than this field's (or equal, `or_equal`). */
static size_t gap_for(const merge_field *const *smallest, size_t count, const merge_field *field, bool or_equal)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_tags(smallest[middle], field) < (or_equal ? 1 : 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/** Places behind: fields of one hundred in the order they came, none before the one it followed. */
static void find_gaps_of_added(merge_place *added, size_t count, const merge_field *const *smallest, size_t kept)
{
    size_t last[256] = { 0 }; /* by the first byte of the tag */

    for (size_t i = 0; i < count; i++) {
        size_t *last_of_hundred = &last[(unsigned char)added[i].field->field.tag[0]];
        added[i].gap = gap_for(smallest, kept, added[i].field, true);
        if (added[i].gap < *last_of_hundred)
            added[i].gap = *last_of_hundred;
        *last_of_hundred = added[i].gap;
    }
}

static int by_gap(const merge_place *a, const merge_place *b)
{
    return (a->gap > b->gap) - (a->gap < b->gap);
}

static int added_order(const void *left, const void *right)
{
    const merge_place *a = left;
    const merge_place *b = right;
    int order = by_gap(a, b);

    if (order == 0)
        order = (unsigned char)a->field->field.tag[0] - (unsigned char)b->field->field.tag[0];
    return order != 0 ? order : in_record_order(a->field, b->field);
}

static int dropped_order(const void *left, const void *right)
{
    const merge_place *a = left;
    const merge_place *b = right;
    int order = by_gap(a, b);

    if (order == 0)
        order = compare_tags(a->field, b->field);
    if (order == 0)
        order = a->incoming - b->incoming;
    return order != 0 ? order : in_record_order(a->field, b->field);
}

/** Puts the sorted places of `joining` into the gaps of `list`. @return how many stand in out */
static size_t weave(merge_place *out, const merge_place *list, size_t count, const merge_place *joining, size_t more)
{
    size_t written = 0;
    size_t next = 0;

    for (size_t i = 0; i <= count; i++) {
        for (; next < more && joining[next].gap <= i; next++)
            out[written++] = joining[next];
        if (i < count)
            out[written++] = list[i];
    }
    return written;
}

static void list_places(merge_place *list, size_t *count, const merge_side *side, bool incoming, bool in_result)
{
    for (size_t i = 0; i < side->count; i++)
        if (side->fields[i].in_result == in_result)
            list[(*count)++] = (merge_place){ &side->fields[i], incoming, 0 };
}

static void list_dropped(merge_place *list, size_t *count, const merge_side *side, const merge_side *other, bool incoming)
{
    for (size_t i = 0; i < side->count; i++) {
        const merge_field *field = &side->fields[i];
        if (!field->in_result && (field->twin == SIZE_MAX || !other->fields[field->twin].in_result))
            list[(*count)++] = (merge_place){ field, incoming, 0 };
    }
}

static void sort_places(merge_place *places, size_t count, int (*order)(const void *left, const void *right))
{
    if (count > 1)
        qsort(places, count, sizeof *places, order);
}

bool merge_order_make(merge_order *out, const merge_side *existing, const merge_side *incoming)
{
    size_t total = existing->count + incoming->count + 1;
    merge_place *list = calloc(total, sizeof *list);
    merge_place *joining = calloc(total, sizeof *joining);
    merge_place *result = calloc(total, sizeof *result);
    const merge_field **smallest = NULL;
    size_t listed = 0;
    size_t joined = 0;
    bool done = false;

    out->places = calloc(total, sizeof *out->places);
    if (list == NULL || joining == NULL || result == NULL || out->places == NULL)
        goto out;
    list_places(list, &listed, existing, false, true);
    list_places(joining, &joined, incoming, true, true);
    smallest = smallest_from(list, listed);
    if (smallest == NULL)
        goto out;
    find_gaps_of_added(joining, joined, smallest, listed);
    sort_places(joining, joined, added_order);
    size_t merged = weave(result, list, listed, joining, joined);

    free(smallest);
    smallest = smallest_from(result, merged);
    if (smallest == NULL)
        goto out;
    joined = 0;
    list_dropped(joining, &joined, existing, incoming, false);
    list_dropped(joining, &joined, incoming, existing, true);
    for (size_t i = 0; i < joined; i++)
        joining[i].gap = gap_for(smallest, merged, joining[i].field, false);
    sort_places(joining, joined, dropped_order);
    out->count = weave(out->places, result, merged, joining, joined);
    done = true;
out:
    free(smallest);
    free(list);
    free(joining);
    free(result);
    return done;
}

void merge_order_release(merge_order *order)
{
    free(order->places);
    *order = (merge_order){ 0 };
}
