/* include/recto/marc/difference.h - two records field by field, and three: what the one has, the other has, and what differs.
 *
 * Fields are compared as they stand, byte for byte. A field gone and a field come with the same tag, in one run of differences,
 * are one field changed. */
#ifndef RECTO_MARC_DIFFERENCE_H
#define RECTO_MARC_DIFFERENCE_H

#include "recto/marc/record.h"

typedef enum difference_kind { DIFFERENCE_NONE, DIFFERENCE_ONLY_LEFT, DIFFERENCE_ONLY_RIGHT, DIFFERENCE_CHANGED } difference_kind;
#define DIFFERENCE_LEADER SIZE_MAX /* the leader's index */

typedef struct record_difference { /* one line; the leader comes first, with index DIFFERENCE_LEADER on both sides */
    difference_kind kind;
    size_t left, right; /* field indexes; on the side that has none: before which one it would stand */
} record_difference;

/** Lines in the order of the records, leader first; yours to free(). RECTO_ENOMEM. */
recto_status record_difference_make(record_difference **out, size_t *count, const marc_record *left, const marc_record *right,
                                    recto_error *error);

/** Tag and content of field `index`; of the leader for DIFFERENCE_LEADER, with tag "LDR". Lent by the record. */
marc_field record_difference_field(const marc_record *record, size_t index);
/** Does this line differ only in what the system keeps: 005, and the leader's lengths and addresses? */
bool record_difference_is_system(const record_difference *line, const marc_record *left, const marc_record *right);

typedef struct difference_counts { /* of what people change: without the system's 005 and the leader's lengths (ED-99) */
    size_t added, changed, removed;
} difference_counts;
recto_status record_difference_count(difference_counts *out, const marc_record *left, const marc_record *right,
                                     recto_error *error);

#endif
