/* src/match/merge_order.c - where each field goes in a merged record.
 *
 * Kept fields stay where they are. An added field goes behind the last kept field whose tag is equal or lower (rules.md 2.3);
 * but the added fields of one hundred (5XX, 6XX) keep the order that they had in the secondary, because catalogers order
 * notes and subjects by meaning and nobody asked to sort them. In a record that is in order the two say the same. Among
 * added fields of one tag those of an earlier action come first, each action's in the order of the secondary: so that after
 * a stable sort by tag, which is how shared/corpus compares, the order is that of actions executed one after the other.
 *
 * Records may be hostile: a million fields on either side must not take the square of that. So an order is made by giving
 * each field that joins a list a gap (how many fields of the list stand before it) and sorting by gap. */
#include "merge_order.h"

#include <stdlib.h>
#include <string.h>

enum { WORK_LISTS = 4 };

static int compare_tags(const merge_field *a, const merge_field *b)
{
    return (a->packed_tag > b->packed_tag) - (a->packed_tag < b->packed_tag);
}

static int in_record_order(const merge_field *a, const merge_field *b)
{
    return (a->index > b->index) - (a->index < b->index);
}

/** For each place of a list, which field from there to the end has the smallest tag; so that a list that is out of order can
 *  still be searched. */
static void find_smallest(const merge_field **smallest, const merge_place *list, size_t count)
{
    for (size_t i = count; i-- > 0;)
        smallest[i] = i + 1 == count || compare_tags(list[i].field, smallest[i + 1]) <= 0 ? list[i].field : smallest[i + 1];
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

static int tag_order(const void *left, const void *right)
{
    const merge_place *a = left;
    const merge_place *b = right;
    int order = compare_tags(a->field, b->field);

    return order != 0 ? order : by_gap(a, b);
}

static int sequence_order(const void *left, const void *right)
{
    const merge_place *a = left;
    const merge_place *b = right;
    int order = compare_tags(a->field, b->field);

    return order != 0 ? order : (a->field->sequence > b->field->sequence) - (a->field->sequence < b->field->sequence);
}

static void sort_places(merge_place *places, size_t count, int (*order)(const void *left, const void *right))
{
    size_t sorted = 1;

    while (sorted < count && order(&places[sorted - 1], &places[sorted]) <= 0)
        sorted++;
    if (sorted < count) /* most records are in order already */
        qsort(places, count, sizeof *places, order);
}

/** Are fields of one tag in the order in which they were added? No, too, where it is not worth knowing. */
static bool is_in_sequence(const merge_place *added, size_t count)
{
    enum { SLOTS = 256 };
    size_t next[SLOTS] = { 0 }; /* of all tags that share the slot */

    for (size_t i = 0; i < count; i++) {
        uint32_t tag = added[i].field->packed_tag;
        size_t *slot = &next[((tag >> 8) * 7 + (tag >> 16) * 70 + (tag >> 24) * 700) % SLOTS];
        if (added[i].field->sequence < *slot)
            return false;
        *slot = added[i].field->sequence;
    }
    return true;
}

/** Exchanges fields of one tag among their places, so that those of the first action come first. The places are sorted; the
 *  gap of `by_tag` is used for the place. */
static void put_in_sequence(merge_place *added, size_t count, merge_place *by_tag, merge_place *by_sequence)
{
    for (size_t i = 0; i < count; i++) {
        by_tag[i] = by_sequence[i] = added[i];
        by_tag[i].gap = i;
    }
    sort_places(by_tag, count, tag_order);
    sort_places(by_sequence, count, sequence_order);
    for (size_t i = 0; i < count; i++)
        added[by_tag[i].gap].field = by_sequence[i].field;
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

static void list_places(merge_place *list, size_t *count, const merge_side *side, bool incoming)
{
    for (size_t i = 0; i < side->count; i++)
        if (side->fields[i].in_result)
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

/** @param work  four lists of `total` places, then as many pointers */
static void order_result(merge_order *out, const merge_side *existing, const merge_side *incoming, merge_place *work,
                         size_t total)
{
    merge_place *list = work;
    merge_place *joining = work + total;
    const merge_field **smallest = (const merge_field **)(void *)(work + WORK_LISTS * total);
    size_t listed = 0;
    size_t joined = 0;

    list_places(list, &listed, existing, false);
    list_places(joining, &joined, incoming, true);
    find_smallest(smallest, list, listed);
    find_gaps_of_added(joining, joined, smallest, listed);
    sort_places(joining, joined, added_order);
    if (!is_in_sequence(joining, joined))
        put_in_sequence(joining, joined, work + 2 * total, work + 3 * total);
    out->count = weave(out->places, list, listed, joining, joined);
}

bool merge_order_result(merge_order *out, const merge_side *existing, const merge_side *incoming)
{
    size_t total = existing->count + incoming->count + 1;
    merge_place *work = malloc(total * (WORK_LISTS * sizeof *work + sizeof(const merge_field *)));
    bool done;

    out->places = malloc(total * sizeof *out->places);
    done = work != NULL && out->places != NULL;
    if (done)
        order_result(out, existing, incoming, work, total);
    free(work);
    return done;
}

bool merge_order_add_dropped(merge_order *order, const merge_side *existing, const merge_side *incoming)
{
    size_t total = existing->count + incoming->count + 1;
    merge_place *joining = malloc(total * sizeof *joining);
    merge_place *all = malloc(total * sizeof *all);
    const merge_field **smallest = malloc((order->count + 1) * sizeof(const merge_field *));
    size_t joined = 0;
    bool done = joining != NULL && all != NULL && smallest != NULL;

    if (done) {
        find_smallest(smallest, order->places, order->count);
        list_dropped(joining, &joined, existing, incoming, false);
        list_dropped(joining, &joined, incoming, existing, true);
        for (size_t i = 0; i < joined; i++)
            joining[i].gap = gap_for(smallest, order->count, joining[i].field, false);
        sort_places(joining, joined, dropped_order);
        order->count = weave(all, order->places, order->count, joining, joined);
        free(order->places);
        order->places = all;
        all = NULL;
    }
    free(smallest);
    free(joining);
    free(all);
    return done;
}

void merge_order_release(merge_order *order)
{
    free(order->places);
    *order = (merge_order){ 0 };
}
