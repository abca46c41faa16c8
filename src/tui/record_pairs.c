/* src/tui/record_pairs.c - see record_pairs.h.
 *
 * Both records are walked once, side by side: of two different tags the smaller goes first, so that sorted records line up and
 * others still do as far as their order is the same. Within a run of one tag the longest common subsequence of equal fields
 * stays together, and between those the fields pair by occurrence. */
#include "record_pairs.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { RUN_CELLS = 40000 };

void record_pairs_release(record_pairs *pairs)
{
    free(pairs->slots);
    free(pairs->slot_of[0]);
    free(pairs->slot_of[1]);
    *pairs = (record_pairs){ 0 };
}

static bool make_room(record_pairs *pairs, size_t left_rows, size_t right_rows)
{
    const size_t rows[2] = { left_rows, right_rows };
    if (pairs->capacity < left_rows + right_rows) {
        record_slot *slots = realloc(pairs->slots, (left_rows + right_rows) * sizeof *slots);
        if (slots == NULL)
            return false;
        pairs->slots = slots;
        pairs->capacity = left_rows + right_rows;
    }
    for (int side = 0; side < 2; side++) {
        if (pairs->row_capacity[side] < rows[side]) {
            size_t *slot_of = realloc(pairs->slot_of[side], rows[side] * sizeof *slot_of);
            if (slot_of == NULL)
                return false;
            pairs->slot_of[side] = slot_of;
            pairs->row_capacity[side] = rows[side];
        }
        pairs->rows[side] = rows[side];
    }
    return true;
}

static void add_slot(record_pairs *pairs, size_t left, size_t right, bool differs)
{
    if (left != SIZE_MAX)
        pairs->slot_of[0][left] = pairs->count;
    if (right != SIZE_MAX)
        pairs->slot_of[1][right] = pairs->count;
    pairs->slots[pairs->count++] = (record_slot){ .rows = { left, right }, .differs = differs };
}

typedef struct run { /* fields of one tag that follow each other */
    const marc_record *records[2];
    size_t first[2], count[2];
} run;

/* Number and time of a record are its own, as are the lengths in its leader: no two records have them alike. */
static bool is_the_records_own(const char *tag)
{
    return strcmp(tag, "001") == 0 || strcmp(tag, "005") == 0;
}

static bool same_leader(const char *left, const char *right)
{
    enum { CODED_FIRST = 5, CODED = 5, LEVEL_FIRST = 17, LEVEL = 3 }; /* 05-09 and 17-19: the others are computed */
    return memcmp(left + CODED_FIRST, right + CODED_FIRST, CODED) == 0 &&
           memcmp(left + LEVEL_FIRST, right + LEVEL_FIRST, LEVEL) == 0;
}

static bool equal(const run *run, size_t left, size_t right)
{
    if (is_the_records_own(marc_record_field(run->records[0], run->first[0] + left)->tag))
        return true;
    return text_equal(marc_record_field(run->records[0], run->first[0] + left)->content,
                      marc_record_field(run->records[1], run->first[1] + right)->content);
}

/* Fields that are not equal to any: by occurrence, the rest alone. Row numbers are one more than field numbers. */
static void pair_gap(record_pairs *pairs, const run *run, size_t left, size_t left_end, size_t right, size_t right_end)
{
    while (left < left_end || right < right_end) {
        bool both = left < left_end && right < right_end;
        size_t left_row = left < left_end ? run->first[0] + left + 1 : SIZE_MAX;
        size_t right_row = right < right_end ? run->first[1] + right + 1 : SIZE_MAX;
        add_slot(pairs, left_row, right_row, both && !equal(run, left, right));
        left += left < left_end ? 1 : 0;
        right += right < right_end ? 1 : 0;
    }
}

static uint16_t *cell(uint16_t *cells, const run *run, size_t left, size_t right)
{
    return &cells[left * (run->count[1] + 1) + right];
}

static void fill_cells(uint16_t *cells, const run *run)
{
    for (size_t left = run->count[0]; left-- > 0;)
        for (size_t right = run->count[1]; right-- > 0;) {
            uint16_t down = *cell(cells, run, left + 1, right), across = *cell(cells, run, left, right + 1);
            *cell(cells, run, left, right) = equal(run, left, right) ? (uint16_t)(*cell(cells, run, left + 1, right + 1) + 1)
                                             : down > across         ? down
                                                                     : across;
        }
}

static void pair_run(record_pairs *pairs, const run *run)
{
    size_t left = 0, right = 0, left_gap = 0, right_gap = 0;
    size_t size = (run->count[0] + 1) * (run->count[1] + 1);
    bool small = run->count[0] < 1000 && run->count[1] < 1000 && size <= RUN_CELLS;
    uint16_t *cells = small && size > 4 ? calloc(size, sizeof *cells) : NULL;
    if (cells != NULL)
        fill_cells(cells, run);
    while (cells != NULL && left < run->count[0] && right < run->count[1]) {
        if (equal(run, left, right)) {
            pair_gap(pairs, run, left_gap, left, right_gap, right);
            pair_gap(pairs, run, left, left + 1, right, right + 1);
            left_gap = ++left;
            right_gap = ++right;
        } else if (*cell(cells, run, left + 1, right) >= *cell(cells, run, left, right + 1)) {
            left++;
        } else {
            right++;
        }
    }
    pair_gap(pairs, run, left_gap, run->count[0], right_gap, run->count[1]);
    free(cells);
}

static size_t run_length(const marc_record *record, size_t first)
{
    size_t end = first + 1, count = marc_record_count(record);
    while (end < count && strcmp(marc_record_field(record, end)->tag, marc_record_field(record, first)->tag) == 0)
        end++;
    return end - first;
}

bool record_pairs_make(record_pairs *pairs, const marc_record *left, const marc_record *right)
{
    run run = { .records = { left, right } };
    size_t counts[2] = { marc_record_count(left), marc_record_count(right) };
    pairs->count = 0;
    if (!make_room(pairs, counts[0] + 1, counts[1] + 1)) {
        record_pairs_release(pairs);
        return false;
    }
    add_slot(pairs, 0, 0, !same_leader(marc_record_leader(left), marc_record_leader(right)));
    while (run.first[0] < counts[0] || run.first[1] < counts[1]) {
        int order = run.first[0] >= counts[0] ? 1
                    : run.first[1] >= counts[1]
                        ? -1
                        : strcmp(marc_record_field(left, run.first[0])->tag, marc_record_field(right, run.first[1])->tag);
        run.count[0] = order <= 0 ? run_length(left, run.first[0]) : 0;
        run.count[1] = order >= 0 ? run_length(right, run.first[1]) : 0;
        pair_run(pairs, &run);
        run.first[0] += run.count[0];
        run.first[1] += run.count[1];
    }
    return true;
}

size_t record_pairs_row_from(const record_pairs *pairs, int side, size_t slot)
{
    for (; slot < pairs->count; slot++)
        if (pairs->slots[slot].rows[side] != SIZE_MAX)
            return pairs->slots[slot].rows[side];
    return pairs->rows[side];
}

/* ---- within a field ---- */

static size_t piece_end(text content, size_t start)
{
    size_t end = start + 1;
    while (end < content.length && content.bytes[end] != MARC_SUBFIELD_DELIMITER)
        end++;
    return end;
}

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Whole characters between what both begin and end with. */
static void mark_between(bool *marks, text one, text other)
{
    size_t most = one.length < other.length ? one.length : other.length, from = 0, behind = 0;
    while (from < most && one.bytes[from] == other.bytes[from])
        from++;
    while (from > 0 && from < one.length && is_continuation(one.bytes[from]))
        from--;
    while (behind < most - from && one.bytes[one.length - 1 - behind] == other.bytes[other.length - 1 - behind])
        behind++;
    while (behind > 0 && is_continuation(one.bytes[one.length - behind]))
        behind--;
    for (size_t i = from; i + behind < one.length; i++)
        marks[i] = true;
}

/* The piece of the same code and occurrence; empty: there is none. */
static text same_piece(text content, char code, size_t occurrence)
{
    for (size_t at = 0; at < content.length; at = piece_end(content, at))
        if (content.bytes[at] == MARC_SUBFIELD_DELIMITER && at + 1 < content.length && content.bytes[at + 1] == code &&
            occurrence-- == 0)
            return text_of(content.bytes + at, piece_end(content, at) - at);
    return (text){ 0 };
}

void field_difference(bool *marks, text one, text other, bool control)
{
    size_t seen[256] = { 0 };
    memset(marks, 0, one.length * sizeof *marks);
    if (control) {
        for (size_t i = 0; i < one.length; i++)
            marks[i] = i >= other.length || one.bytes[i] != other.bytes[i];
        return;
    }
    for (size_t at = 0; at < one.length; at = piece_end(one, at)) {
        text piece = text_of(one.bytes + at, piece_end(one, at) - at);
        if (piece.bytes[0] != MARC_SUBFIELD_DELIMITER) { /* indicators, and what is unsound */
            for (size_t i = at; i < at + piece.length; i++)
                marks[i] = i >= other.length || one.bytes[i] != other.bytes[i];
            continue;
        }
        char code = piece.length > 1 ? piece.bytes[1] : '\0';
        mark_between(marks + at, piece, same_piece(other, code, seen[(unsigned char)code]++));
    }
}
