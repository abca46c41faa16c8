/* include/recto/marc/three_way.h - two texts that began from the same version: what each changed, and one record of both.
 *
 * Pure. Where only one side changed a field, that side is taken; where both did, and not alike, it is a conflict: the own text is
 * proposed, and whoever looks decides. What the system keeps (005, lengths) is theirs and no conflict. @spec editor.md ED-84 */
#ifndef RECTO_MARC_THREE_WAY_H
#define RECTO_MARC_THREE_WAY_H

#include "recto/marc/difference.h"

typedef enum three_way_kind {
    THREE_WAY_SAME,
    THREE_WAY_MINE,    /* only the own text changed it */
    THREE_WAY_THEIRS,  /* only the other one */
    THREE_WAY_ALIKE,   /* both, to the same */
    THREE_WAY_CONFLICT /* both, differently */
} three_way_kind;

#define THREE_WAY_NONE (SIZE_MAX - 1) /* this side has no such field */

typedef struct three_way_line {
    three_way_kind kind;
    size_t base, mine, theirs; /* field indexes, DIFFERENCE_LEADER or THREE_WAY_NONE */
    bool take_mine;
} three_way_line;

/** Lines in the order of the record, leader first; yours to free(). RECTO_ENOMEM. */
recto_status three_way_make(three_way_line **out, size_t *count, const marc_record *base, const marc_record *mine,
                            const marc_record *theirs, recto_error *error);
/** The record that the lines' choices make; yours to free. */
recto_status three_way_merge(marc_record **out, const three_way_line *lines, size_t count, const marc_record *mine,
                             const marc_record *theirs, recto_error *error);

#endif
