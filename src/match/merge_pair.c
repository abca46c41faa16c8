/* src/match/merge_pair.c - which field of one record is, or stands against, which field of the other: for the preview.
 *
 * Fields that are the same byte for byte are twins. Of the rest, each gets the field of the other side with its tag that is
 * most like it: the words of a field, each with the code of its subfield, set bits of a small sketch, and likeness is the
 * share of common bits. Where a tag stands so often that comparing each with each would take long, the first stands
 * against the first. */
#include "merge_order.h"

#include <stdlib.h>
#include <string.h>

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

static bool join_twins(field_list *left, field_list *right)
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
    return true;
}

/* --- likeness --- */

enum { SKETCH_WORDS = 4, PAIRS_MAX = 40000 };

typedef struct sketch {
    uint64_t bits[SKETCH_WORDS];
} sketch;

static bool is_word_byte(unsigned char byte)
{
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static void add_words(sketch *out, char code, text value)
{
    uint32_t start = 2166136261U ^ (unsigned char)code;
    uint32_t hash = start;
    bool in_word = false;

    for (size_t i = 0; i <= value.length; i++) {
        unsigned char byte = i < value.length ? (unsigned char)value.bytes[i] : ' ';
        if (is_word_byte(byte)) {
            hash = (hash ^ (byte | (byte < 0x80 ? 0x20U : 0U))) * 16777619U;
            in_word = true;
        } else if (in_word) {
            hash ^= hash >> 15;
            out->bits[hash / 64 % SKETCH_WORDS] |= (uint64_t)1 << hash % 64;
            hash = start;
            in_word = false;
        }
    }
}

static sketch sketch_of(const marc_field *field)
{
    sketch out = { 0 };
    marc_subfield subfield;
    size_t offset = 0;

    if (marc_tag_is_control(field->tag))
        add_words(&out, 0, field->content);
    while (marc_field_next_subfield(field, &offset, &subfield))
        add_words(&out, subfield.code, subfield.value);
    return out;
}

/** In thousandths: twice the common bits against all bits of both. */
static unsigned likeness(const sketch *a, const sketch *b)
{
    unsigned common = 0;
    unsigned all = 0;

    for (int i = 0; i < SKETCH_WORDS; i++) {
        common += (unsigned)__builtin_popcountll(a->bits[i] & b->bits[i]);
        all += (unsigned)(__builtin_popcountll(a->bits[i]) + __builtin_popcountll(b->bits[i]));
    }
    return all == 0 ? 0 : 2000 * common / all;
}

typedef struct candidate_pair {
    unsigned likeness;
    size_t left, right; /* in the group */
} candidate_pair;

static int best_first(const void *a, const void *b)
{
    const candidate_pair *one = a;
    const candidate_pair *other = b;

    if (one->likeness != other->likeness)
        return one->likeness > other->likeness ? -1 : 1;
    if (one->left != other->left)
        return one->left < other->left ? -1 : 1;
    return (one->right > other->right) - (one->right < other->right);
}

static void stand_against(merge_field *a, merge_field *b)
{
    a->counterpart = b->index;
    b->counterpart = a->index;
}

/** All fields of one tag on both sides, the best pairs first. */
static bool join_nearest(merge_field **left, size_t lefts, merge_field **right, size_t rights)
{
    sketch *sketches = malloc((lefts + rights) * sizeof *sketches);
    candidate_pair *pairs = malloc(lefts * rights * sizeof *pairs);
    bool done = sketches != NULL && pairs != NULL;

    for (size_t i = 0; done && i < lefts + rights; i++)
        sketches[i] = sketch_of(i < lefts ? &left[i]->field : &right[i - lefts]->field);
    for (size_t i = 0; done && i < lefts * rights; i++) {
        pairs[i] = (candidate_pair){ .left = i / rights, .right = i % rights };
        pairs[i].likeness = likeness(&sketches[pairs[i].left], &sketches[lefts + pairs[i].right]);
    }
    if (done)
        qsort(pairs, lefts * rights, sizeof *pairs, best_first);
    for (size_t i = 0; done && i < lefts * rights; i++)
        if (left[pairs[i].left]->counterpart == SIZE_MAX && right[pairs[i].right]->counterpart == SIZE_MAX)
            stand_against(left[pairs[i].left], right[pairs[i].right]);
    free(sketches);
    free(pairs);
    return done;
}

static size_t end_of_tag(const field_list *list, size_t from)
{
    size_t end = from + 1;

    while (end < list->count && memcmp(list->fields[end]->field.tag, list->fields[from]->field.tag, MARC_TAG_LENGTH) == 0)
        end++;
    return end;
}

/** Both lists are sorted by tag. */
static bool join_counterparts(field_list *left, field_list *right)
{
    size_t i = 0;
    size_t j = 0;

    while (i < left->count && j < right->count) {
        int order = memcmp(left->fields[i]->field.tag, right->fields[j]->field.tag, MARC_TAG_LENGTH);
        size_t left_end = order <= 0 ? end_of_tag(left, i) : i;
        size_t right_end = order >= 0 ? end_of_tag(right, j) : j;
        size_t lefts = left_end - i;
        size_t rights = right_end - j;
        if (order == 0 && lefts <= PAIRS_MAX / rights) {
            if (!join_nearest(&left->fields[i], lefts, &right->fields[j], rights))
                return false;
        } else if (order == 0) {
            for (size_t k = 0; k < lefts && k < rights; k++)
                stand_against(left->fields[i + k], right->fields[j + k]);
        }
        i = left_end;
        j = right_end;
    }
    return true;
}

static bool join(merge_side *existing, merge_side *incoming, bool unpaired_only,
                 bool (*join_lists)(field_list *left, field_list *right))
{
    field_list left = { 0 };
    field_list right = { 0 };
    bool done = list_fields(&left, existing, unpaired_only) && list_fields(&right, incoming, unpaired_only);

    if (done)
        done = join_lists(&left, &right);
    free(left.fields);
    free(right.fields);
    return done;
}

bool merge_pair(merge_side *existing, merge_side *incoming)
{
    return join(existing, incoming, false, join_twins) && join(existing, incoming, true, join_counterparts);
}
