/* src/tui/record_difference.c - what differs between two fields, by words: the longest common subsequence of them.
 *
 * Bounded: fields of more words than the tables here hold are compared by common beginning and end only. */
#include "record_difference.h"

#include <stdlib.h>
#include <string.h>

enum { UNITS_MAX = 400 };

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
