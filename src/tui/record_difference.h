/* src/tui/record_difference.h - two records field by field: what the one has, the other has, and what differs. */
#ifndef RECTO_TUI_RECORD_DIFFERENCE_H
#define RECTO_TUI_RECORD_DIFFERENCE_H

#include "command.h"

typedef enum difference_kind { DIFFERENCE_NONE, DIFFERENCE_ONLY_LEFT, DIFFERENCE_ONLY_RIGHT, DIFFERENCE_CHANGED } difference_kind;

typedef struct record_difference { /* one line; the leader has index RECORD_LEADER_INDEX on both sides */
    difference_kind kind;
    size_t left, right; /* field indexes; meaningless on the side that has none */
} record_difference;

/** Lines in the order of the records, leader first; yours to free(). RECTO_ENOMEM. */
recto_status record_difference_make(record_difference **out, size_t *count, const marc_record *left, const marc_record *right,
                                    recto_error *error);

/** Marks the bytes of `one` that are not in `other`: marks[i] is true for byte i. marks has room for
 *  one.length; nothing is marked when both are equal. */
void text_difference(bool *marks, text one, text other);

#endif
