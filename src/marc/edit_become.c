/* src/marc/edit_become.c - making a record equal to another by few field operations, so that undo, marks and the version list
 * show what changed and not that everything did.
 *
 * The longest run of fields that both have in the same order stays (longest common subsequence). Between two that stay, an
 * old and a new field of the same tag are one change; what is left over is removed or added. */
#include "edit_log.h"
#include "record_store.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_LIMIT = 4 << 20 }; /* cells: beyond that only tags are paired (2,000 changed fields on each side) */

typedef struct difference {
    marc_edit *edit;
    const marc_record *wanted;
    size_t new_start; /* of what differs, behind what both begin with */
    size_t old_count, new_count;
    uint16_t *table; /* length of the longest common run from (i, j) on; NULL: not made */
    size_t place;    /* in the record as it is by now */
} difference;

static const marc_field *old_field(const difference *diff, size_t i)
{
    return marc_record_field(diff->edit->record, diff->place + i);
}

static const marc_field *new_field(const difference *diff, size_t j)
{
    return marc_record_field(diff->wanted, diff->new_start + j);
}

static bool same(const marc_field *a, const marc_field *b)
{
    return memcmp(a->tag, b->tag, MARC_TAG_LENGTH) == 0 && text_equal(a->content, b->content);
}

static void trim_ends(difference *diff)
{
    const marc_record *record = diff->edit->record;
    size_t old_count = marc_record_count(record);
    size_t new_count = marc_record_count(diff->wanted);
    size_t start = 0;
    while (start < old_count && start < new_count &&
           same(marc_record_field(record, start), marc_record_field(diff->wanted, start)))
        start++;
    while (old_count > start && new_count > start &&
           same(marc_record_field(record, old_count - 1), marc_record_field(diff->wanted, new_count - 1))) {
        old_count--;
        new_count--;
    }
    diff->new_start = diff->place = start;
    diff->old_count = old_count - start;
    diff->new_count = new_count - start;
}

static uint16_t *cell(const difference *diff, size_t i, size_t j)
{
    return &diff->table[i * (diff->new_count + 1) + j];
}

/* From the ends, so that the walk can go forward. */
static void fill_table(difference *diff)
{
    for (size_t i = diff->old_count; i-- > 0;) {
        for (size_t j = diff->new_count; j-- > 0;) {
            uint16_t below = *cell(diff, i + 1, j);
            uint16_t right = *cell(diff, i, j + 1);
            uint16_t longest = below > right ? below : right;
            if (same(old_field(diff, i), new_field(diff, j)))
                longest = (uint16_t)(*cell(diff, i + 1, j + 1) + 1);
            *cell(diff, i, j) = longest;
        }
    }
}

static recto_status remove_old(difference *diff, size_t count, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t i = 0; i < count && status == RECTO_OK; i++)
        status = marc_edit_remove(diff->edit, diff->place, error);
    return status;
}

/* Between two fields that stay: `olds` fields stand at diff->place, fields j to j_end of the wanted record shall. */
static recto_status settle_gap(difference *diff, size_t olds, size_t j, size_t j_end, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (; j < j_end && status == RECTO_OK; j++) {
        const marc_field *wanted = new_field(diff, j);
        size_t partner = 0;
        while (partner < olds && memcmp(old_field(diff, partner)->tag, wanted->tag, MARC_TAG_LENGTH) != 0)
            partner++;
        if (partner < olds) {
            status = remove_old(diff, partner, error);
            olds -= partner + 1;
            if (status == RECTO_OK)
                status = marc_edit_replace(diff->edit, diff->place, wanted->tag, wanted->content, error);
        } else {
            status = marc_edit_insert(diff->edit, diff->place, wanted->tag, wanted->content, error);
        }
        diff->place++;
    }
    return status == RECTO_OK ? remove_old(diff, olds, error) : status;
}

/* Walks the table: gaps are settled as they end, at a field that stays or at the end. */
static recto_status apply(difference *diff, recto_error *error)
{
    size_t i = 0;
    size_t j = 0;
    size_t olds = 0;
    size_t gap_start = 0;
    recto_status status = RECTO_OK;
    if (diff->table == NULL)
        return settle_gap(diff, diff->old_count, 0, diff->new_count, error);
    while (i < diff->old_count && j < diff->new_count && status == RECTO_OK) {
        if (same(old_field(diff, olds), new_field(diff, j)) && *cell(diff, i, j) == *cell(diff, i + 1, j + 1) + 1) {
            status = settle_gap(diff, olds, gap_start, j, error);
            diff->place++;
            i++;
            gap_start = ++j;
            olds = 0;
        } else if (*cell(diff, i + 1, j) >= *cell(diff, i, j + 1)) {
            i++;
            olds++;
        } else {
            j++;
        }
    }
    if (status == RECTO_OK)
        status = settle_gap(diff, olds + diff->old_count - i, gap_start, diff->new_count, error);
    return status;
}

/* After a failure half way: the record is as it was, and so is the log. */
static void roll_back(marc_edit *edit, edit_snapshot *before, size_t operations, size_t steps)
{
    edit_snapshot_restore(before, edit);
    for (size_t i = edit->operation_count; i-- > operations;) {
        free(edit->operations[i].before);
        free(edit->operations[i].after);
    }
    edit->operation_count = operations;
    if (edit->step_count > steps) {
        edit->step_count = edit->done = steps;
        edit->step_open = false;
    }
}

recto_status marc_edit_become(marc_edit *edit, const marc_record *wanted, const char *title, recto_error *error)
{
    difference diff = { .edit = edit, .wanted = wanted };
    edit_snapshot before;
    if (marc_record_equal(edit->record, wanted))
        return RECTO_OK;
    if (!edit_snapshot_take(&before, edit))
        return recto_fail_memory(error, "changing a record");
    marc_edit_begin(edit, title);
    edit_drop_steps(edit, edit->done);
    size_t operations = edit->operation_count;
    size_t steps = edit->step_count;
    trim_ends(&diff);
    size_t cells = (diff.old_count + 1) * (diff.new_count + 1);
    const bool small = diff.old_count < UINT16_MAX && diff.new_count < UINT16_MAX && cells <= TABLE_LIMIT;
    if (small) /* else tags are paired only */
        diff.table = calloc(cells, sizeof *diff.table);
    const bool starved = small && diff.table == NULL;
    if (diff.table != NULL)
        fill_table(&diff);
    recto_status status =
        starved ? recto_fail_memory(error, "changing a record") : marc_edit_set_leader(edit, marc_record_leader(wanted), error);
    if (status == RECTO_OK)
        status = apply(&diff, error);
    if (status != RECTO_OK)
        roll_back(edit, &before, operations, steps);
    edit_snapshot_release(&before);
    marc_edit_end(edit);
    free(diff.table);
    return status;
}
