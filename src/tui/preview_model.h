/* src/tui/preview_model.h - the model of the merge preview, shared by its drawing (preview_draw.c) and its acts (pane_preview.c).
 */
#ifndef RECTO_TUI_PREVIEW_MODEL_H
#define RECTO_TUI_PREVIEW_MODEL_H

#include "pane_common.h"

typedef struct preview_model {
    session_tie tie;
    merge_result *result;
    bool overlay;
    bool turned; /* the result's `existing` is the record that is open, and that is the X side */
    mms_id match;
    marc_record *external; /* owned; NULL: a match */
    char target[80];
    char rule[120];
    char existing_line[200], incoming_line[200], counts_line[200];
    char cost_line[400]; /* what Copy & Overlay would lose */
    size_t *shown;       /* merge lines that are listed */
    bool *folded;        /* by merge line: it gave way to a taken one, and is seen as the other value of that */
    list_view list;
    size_t rows_shown;
    size_t change_count;
    bool differences_only;
    record_lines lines; /* of the listed merge lines, for the width last drawn; line.field is the place in `shown` */
    int laid_out_for;
    bool laid_out_utf8;
    size_t top; /* first display line */
} preview_model;

/** Is it another field than the repository's record (or the open one) has, or one of it that goes? */
bool preview_is_change(const preview_model *model, const merge_line *line);
/** Which record a line comes from, as the screen names them: 'R' the repository's, 'X' the other. */
char preview_side(const preview_model *model, merge_origin origin);
char preview_sign(const preview_model *model, const merge_line *line, role *look);
const merge_line *preview_current(const preview_model *model); /* NULL: nothing is listed */
/** The number of the change under the cursor, or of the last one before it. */
size_t preview_change_number(const preview_model *model);
void preview_draw(void *state, const surface *canvas, bool focused);

#endif
