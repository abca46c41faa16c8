/* src/tui/record_pairs.h - two records lined up field by field, for showing them beside each other.
 *
 * Row 0 is the leader, row N the field N-1, as in the editor. A slot holds a row of the one, of the other, or of both: fields
 * of one tag, in the order of their occurrence, equal ones first of all. Slots are in the order of both records. */
#ifndef RECTO_TUI_RECORD_PAIRS_H
#define RECTO_TUI_RECORD_PAIRS_H

#include "recto/marc/record.h"

typedef struct record_slot {
    size_t rows[2]; /* SIZE_MAX: that side has none */
    bool differs;   /* both have it, with another content; a field that only one side has is no difference of this kind */
} record_slot;

typedef struct record_pairs {
    record_slot *slots;
    size_t count, capacity;
    size_t *slot_of[2]; /* by row */
    size_t rows[2], row_capacity[2];
} record_pairs;

void record_pairs_release(record_pairs *pairs);
/** Lines them up anew. Time grows with the sum of fields, but for runs of one tag, which are compared with each other as long
 *  as that is cheap. @return false: no memory; the pairs are then empty */
bool record_pairs_make(record_pairs *pairs, const marc_record *left, const marc_record *right);
/** First row of a side at or behind a slot; the count of rows when there is none. */
size_t record_pairs_row_from(const record_pairs *pairs, int side, size_t slot);

/** Marks the bytes of `one` that differ from `other`, subfield by subfield: of subfields of the same code and occurrence what
 *  lies between common beginning and end, of others all. Control fields as one. marks has room for one.length. */
void field_difference(bool *marks, text one, text other, bool control);

#endif
