/* src/tui/record_difference.c - longest common subsequences: of fields between two records, of characters between two fields.
 *
 * Both are bounded: records of more fields, or fields of more characters, than the tables here hold are compared by common
 * beginning and end only. That is still right, only less fine. */
#include "record_difference.h"
#include "record_lines.h"

#include <stdlib.h>
#include <string.h>

enum { FIELDS_MAX = 1500, UNITS_MAX = 400 };

/* ---- fields -------------------------------------------------------------------------------------------------------------- */

typedef struct field_pair {
    const marc_record *left, *right;
    size_t left_count, right_count;
    uint16_t *lengths; /* of the common subsequence of what is left at [l][r]; NULL: too large, not made */
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
    return &pair->lengths[left * (pair->right_count + 1) + right];
}

static void fill_lengths(field_pair *pair)
{
    for (size_t left = pair->left_count; left-- > 0;)
        for (size_t right = pair->right_count; right-- > 0;) {
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
    if (right >= pair->right_count)
        return true;
    if (left >= pair->left_count)
        return false;
    if (pair->lengths != NULL && *length_at(pair, left + 1, right) != *length_at(pair, left, right + 1))
        return *length_at(pair, left + 1, right) > *length_at(pair, left, right + 1);
    return strcmp(marc_record_field(pair->left, left)->tag, marc_record_field(pair->right, right)->tag) <= 0;
}

static void walk_fields(field_pair *pair)
{
    size_t left = 0;
    size_t right = 0;

    while (left < pair->left_count || right < pair->right_count) {
        if (left < pair->left_count && right < pair->right_count && fields_equal(pair, left, right))
            add_line(pair, DIFFERENCE_NONE, left++, right++);
        else if (take_left(pair, left, right))
            add_line(pair, DIFFERENCE_ONLY_LEFT, left++, right);
        else
            add_line(pair, DIFFERENCE_ONLY_RIGHT, left, right++);
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
    if (pair.left_count <= FIELDS_MAX && pair.right_count <= FIELDS_MAX)
        pair.lengths = calloc((pair.left_count + 1) * (pair.right_count + 1), sizeof *pair.lengths);
    if (pair.lengths != NULL)
        fill_lengths(&pair);
    add_line(&pair, same_leader ? DIFFERENCE_NONE : DIFFERENCE_CHANGED, RECORD_LEADER_INDEX, RECORD_LEADER_INDEX);
    walk_fields(&pair);
    join_changed(&pair);
    free(pair.lengths);
    *out = pair.lines;
    *count = pair.count;
    return RECTO_OK;
}

/* ---- characters ------------------------------------------------------------------------------------------------------------ */

static size_t common_beginning(text one, text other)
{
    size_t at = 0;

    while (at < one.length && at < other.length && one.bytes[at] == other.bytes[at])
        at++;
    while (at > 0 && at < one.length && ((unsigned char)one.bytes[at] & 0xC0) == 0x80)
        at--;
    return at;
}

static size_t common_end(text one, text other)
{
    size_t at = 0;

    while (at < one.length && at < other.length && one.bytes[one.length - 1 - at] == other.bytes[other.length - 1 - at])
        at++;
    while (at > 0 && ((unsigned char)one.bytes[one.length - at] & 0xC0) == 0x80)
        at--;
    return at;
}

/* Words and what stands between them: a unit of comparison that reads better than single letters. */
static size_t split_words(text piece, text words[UNITS_MAX])
{
    size_t count = 0;

    for (size_t at = 0; at < piece.length; count++) {
        size_t end = at + 1;

        if (count == UNITS_MAX)
            return UNITS_MAX + 1;
        if (piece.bytes[at] != ' ')
            while (end < piece.length && piece.bytes[end] != ' ')
                end++;
        words[count] = text_of(piece.bytes + at, end - at);
        at = end;
    }
    return count;
}

static void mark_range(bool *marks, size_t from, size_t length)
{
    for (size_t i = 0; i < length; i++)
        marks[from + i] = true;
}

/* Marks the words of `one` that are not in a longest common subsequence with `other`. @return false: too many, or no memory */
static bool mark_words(bool *marks, const char *origin, text one, text other)
{
    struct tables {
        text ones[UNITS_MAX], others[UNITS_MAX];
        uint16_t lengths[UNITS_MAX + 1][UNITS_MAX + 1];
    } *tables = calloc(1, sizeof *tables);
    size_t count = tables == NULL ? 0 : split_words(one, tables->ones);
    size_t other_count = tables == NULL ? 0 : split_words(other, tables->others);
    bool can = tables != NULL && count <= UNITS_MAX && other_count <= UNITS_MAX;

    for (size_t i = can ? count : 0; i-- > 0;)
        for (size_t j = other_count; j-- > 0;) {
            uint16_t down = tables->lengths[i + 1][j];
            uint16_t across = tables->lengths[i][j + 1];

            if (text_equal(tables->ones[i], tables->others[j]))
                tables->lengths[i][j] = (uint16_t)(tables->lengths[i + 1][j + 1] + 1);
            else
                tables->lengths[i][j] = down > across ? down : across;
        }
    for (size_t i = 0, j = 0; can && i < count;) {
        if (j < other_count && text_equal(tables->ones[i], tables->others[j])) {
            i++;
            j++;
        } else if (j < other_count && tables->lengths[i][j + 1] >= tables->lengths[i + 1][j]) {
            j++;
        } else {
            mark_range(marks, (size_t)(tables->ones[i].bytes - origin), tables->ones[i].length);
            i++;
        }
    }
    free(tables);
    return can;
}

void text_difference(bool *marks, text one, text other)
{
    size_t beginning = common_beginning(one, other);
    text rest = text_of(one.bytes + beginning, one.length - beginning);
    text other_rest = text_of(other.bytes + beginning, other.length - beginning);
    size_t end = common_end(rest, other_rest);

    memset(marks, 0, one.length * sizeof *marks);
    rest.length -= end;
    other_rest.length -= end;
    if (rest.length == 0)
        return;
    if (other_rest.length == 0 || !mark_words(marks, one.bytes, rest, other_rest))
        mark_range(marks, beginning, rest.length);
}
