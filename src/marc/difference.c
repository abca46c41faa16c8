/* src/marc/difference.c - two records field by field: the longest common subsequence of their fields.
 *
 * Bounded: what lies between a common beginning and a common end is compared by a table only while that is of a size to be
 * had; larger stretches are walked by their tags. That is still right, only less fine. */
#include "recto/marc/difference.h"

#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 1500 };

typedef struct field_pair {
    const marc_record *left, *right;
    size_t left_count, right_count;
    size_t begin;               /* fields that both begin with */
    size_t left_end, right_end; /* behind these both end alike */
    uint16_t *lengths; /* of the common subsequence of what is left at [l][r], between those; NULL: too large, not made */
    record_difference *lines;
    size_t count;
} field_pair;

static bool fields_equal(const field_pair *pair, size_t left, size_t right)
{
    const marc_field *one = marc_record_field(pair->left, left);
    const marc_field *other = marc_record_field(pair->right, right);

    return strcmp(one->tag, other->tag) == 0 && text_equal(one->content, other->content);
}

static uint16_t *length_at(const field_pair *pair, size_t left, size_t right)
{
    return &pair->lengths[(left - pair->begin) * (pair->right_end - pair->begin + 1) + (right - pair->begin)];
}

static void fill_lengths(field_pair *pair)
{
    for (size_t left = pair->left_end; left-- > pair->begin;)
        for (size_t right = pair->right_end; right-- > pair->begin;) {
            uint16_t down = *length_at(pair, left + 1, right);
            uint16_t across = *length_at(pair, left, right + 1);

            if (fields_equal(pair, left, right))
                *length_at(pair, left, right) = (uint16_t)(*length_at(pair, left + 1, right + 1) + 1);
            else
                *length_at(pair, left, right) = down > across ? down : across;
        }
}

static void add_line(field_pair *pair, difference_kind kind, size_t left, size_t right)
{
    pair->lines[pair->count++] = (record_difference){ .kind = kind, .left = left, .right = right };
}

static bool take_left(const field_pair *pair, size_t left, size_t right)
{
    if (right >= pair->right_end)
        return true;
    if (left >= pair->left_end)
        return false;
    if (pair->lengths != NULL && *length_at(pair, left + 1, right) != *length_at(pair, left, right + 1))
        return *length_at(pair, left + 1, right) > *length_at(pair, left, right + 1);
    return strcmp(marc_record_field(pair->left, left)->tag, marc_record_field(pair->right, right)->tag) <= 0;
}

static void walk_fields(field_pair *pair)
{
    size_t left = 0;
    size_t right = 0;

    while (left < pair->begin)
        add_line(pair, DIFFERENCE_NONE, left++, right++);
    while (left < pair->left_end || right < pair->right_end) {
        if (left < pair->left_end && right < pair->right_end && fields_equal(pair, left, right))
            add_line(pair, DIFFERENCE_NONE, left++, right++);
        else if (take_left(pair, left, right))
            add_line(pair, DIFFERENCE_ONLY_LEFT, left++, right);
        else
            add_line(pair, DIFFERENCE_ONLY_RIGHT, left, right++);
    }
    while (left < pair->left_count)
        add_line(pair, DIFFERENCE_NONE, left++, right++);
}

/* What both begin and end with needs no table. */
static void set_aside(field_pair *pair)
{
    pair->left_end = pair->left_count;
    pair->right_end = pair->right_count;
    while (pair->begin < pair->left_end && pair->begin < pair->right_end && fields_equal(pair, pair->begin, pair->begin))
        pair->begin++;
    while (pair->left_end > pair->begin && pair->right_end > pair->begin &&
           fields_equal(pair, pair->left_end - 1, pair->right_end - 1)) {
        pair->left_end--;
        pair->right_end--;
    }
}

static const char *line_tag(const field_pair *pair, const record_difference *line)
{
    return line->kind == DIFFERENCE_ONLY_RIGHT ? marc_record_field(pair->right, line->right)->tag
                                               : marc_record_field(pair->left, line->left)->tag;
}

static void remove_line(field_pair *pair, size_t index)
{
    memmove(&pair->lines[index], &pair->lines[index + 1], (pair->count - index - 1) * sizeof *pair->lines);
    pair->count--;
}

/* A field gone and a field come with the same tag, in one run of differences, are one field changed. */
static void join_changed(field_pair *pair)
{
    for (size_t i = 1; i < pair->count; i++) {
        record_difference *line = &pair->lines[i];

        if (line->kind != DIFFERENCE_ONLY_LEFT)
            continue;
        for (size_t j = i + 1; j < pair->count && pair->lines[j].kind != DIFFERENCE_NONE; j++)
            if (pair->lines[j].kind == DIFFERENCE_ONLY_RIGHT &&
                strcmp(line_tag(pair, line), line_tag(pair, &pair->lines[j])) == 0) {
                line->kind = DIFFERENCE_CHANGED;
                line->right = pair->lines[j].right;
                remove_line(pair, j);
                break;
            }
    }
}

recto_status record_difference_make(record_difference **out, size_t *count, const marc_record *left, const marc_record *right,
                                    recto_error *error)
{
    field_pair pair = {
        .left = left, .right = right, .left_count = marc_record_count(left), .right_count = marc_record_count(right)
    };
    bool same_leader = memcmp(marc_record_leader(left), marc_record_leader(right), MARC_LEADER_LENGTH) == 0;

    pair.lines = calloc(pair.left_count + pair.right_count + 1, sizeof *pair.lines);
    if (pair.lines == NULL)
        return recto_fail_memory(error, "comparing two records");
    set_aside(&pair);
    const size_t rows = pair.left_end - pair.begin, columns = pair.right_end - pair.begin;
    if (rows <= FIELDS_MAX && columns <= FIELDS_MAX)
        pair.lengths = calloc((rows + 1) * (columns + 1), sizeof *pair.lengths);
    if (pair.lengths != NULL)
        fill_lengths(&pair);
    add_line(&pair, same_leader ? DIFFERENCE_NONE : DIFFERENCE_CHANGED, DIFFERENCE_LEADER, DIFFERENCE_LEADER);
    walk_fields(&pair);
    join_changed(&pair);
    free(pair.lengths);
    *out = pair.lines;
    *count = pair.count;
    return RECTO_OK;
}

/* ---- what the system keeps, and counting ---- */

marc_field record_difference_field(const marc_record *record, size_t index)
{
    if (index != DIFFERENCE_LEADER)
        return *marc_record_field(record, index);
    return (marc_field){ .tag = "LDR", .content = text_of(marc_record_leader(record), MARC_LEADER_LENGTH) };
}

/* Positions 00-04 and 12-16 are made anew at every writing, 20-23 are always the same. */
static bool leaders_say_the_same(const char *one, const char *other)
{
    return memcmp(one + 5, other + 5, 7) == 0 && memcmp(one + 17, other + 17, 3) == 0;
}

bool record_difference_is_system(const record_difference *line, const marc_record *left, const marc_record *right)
{
    const bool of_left = line->kind != DIFFERENCE_ONLY_RIGHT;
    if ((of_left ? line->left : line->right) == DIFFERENCE_LEADER)
        return leaders_say_the_same(marc_record_leader(left), marc_record_leader(right));
    const marc_field *field = of_left ? marc_record_field(left, line->left) : marc_record_field(right, line->right);
    return strcmp(field->tag, "005") == 0;
}

recto_status record_difference_count(difference_counts *out, const marc_record *left, const marc_record *right,
                                     recto_error *error)
{
    record_difference *lines = NULL;
    size_t count = 0;
    *out = (difference_counts){ .added = 0 };
    recto_status status = record_difference_make(&lines, &count, left, right, error);
    for (size_t i = 0; status == RECTO_OK && i < count; i++) {
        if (lines[i].kind == DIFFERENCE_NONE || record_difference_is_system(&lines[i], left, right))
            continue;
        out->added += lines[i].kind == DIFFERENCE_ONLY_RIGHT;
        out->removed += lines[i].kind == DIFFERENCE_ONLY_LEFT;
        out->changed += lines[i].kind == DIFFERENCE_CHANGED;
    }
    free(lines);
    return status;
}
