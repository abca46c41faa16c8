/* src/tui/version_compare.h - two states of a record line by line, with a cursor: what differs, and which field is meant.
 *
 * A part of the versions pane; the left side is the older, or the stored one, the right side the newer, or the open record. */
#ifndef RECTO_TUI_VERSION_COMPARE_H
#define RECTO_TUI_VERSION_COMPARE_H

#include "pane_common.h"
#include "record_difference.h"

typedef struct version_compare {
    marc_record *left, *right; /* owned; NULL: nothing is compared */
    char left_name[32], right_name[32];
    bool differences_only;
    record_difference *differences;
    size_t difference_count;
    record_lines lines; /* line.field is twice the difference, and one more for the left side of a change */
    list_view list;     /* of lines */
    size_t rows;
    int laid_out_for;
    bool laid_out_utf8, placed;
} version_compare;

void version_compare_init(version_compare *view);
void version_compare_release(version_compare *view);
void version_compare_clear(version_compare *view); /* nothing is compared any more; what is shown of it stays chosen */
/** Takes both records, whatever happens. The cursor goes to the first difference. */
recto_status version_compare_set(version_compare *view, marc_record *left, marc_record *right, recto_error *error);
void version_compare_draw(version_compare *view, const surface *canvas, int first_row);
/** list.*, version.differences and version.next. @return true: used */
bool version_compare_run(version_compare *view, const char *command);
/** The difference under the cursor; NULL: none there. */
const record_difference *version_compare_current(const version_compare *view);

#endif
