/* src/tui/preview_model.h - the model of the merge preview, shared by its drawing (preview_draw.c), its lines and their turning
 * (preview_lines.c), and its acts (pane_preview.c, pane_combine.c).
 *
 * One pane shows three things: what Copy & Merge would put into the editor, what Merge Records & Combine Inventory would make
 * of two records, and what a merge rule that is being written makes of two records. */
#ifndef RECTO_TUI_PREVIEW_MODEL_H
#define RECTO_TUI_PREVIEW_MODEL_H

#include "pane_common.h"
#include "recto/catalog/jobs.h"

typedef enum preview_kind { PREVIEW_COPY, PREVIEW_COMBINE, PREVIEW_TRY } preview_kind;

typedef struct preview_turn { /* one line that was turned; those of one key have the same step */
    size_t line, step;
} preview_turn;

typedef struct preview_model {
    preview_kind kind;
    session_tie tie;           /* PREVIEW_COPY */
    mms_id primary, secondary; /* PREVIEW_COMBINE */
    combine_plan plan;         /* PREVIEW_COMBINE; its result is `result` */
    combine_secondary what;    /* PREVIEW_COMBINE: what was chosen for the secondary */
    rule_file *tried;          /* PREVIEW_TRY; owned: the result lends its words */
    merge_result *result;
    bool overlay;
    bool turned; /* the result's `existing` is the record that is open, and that is the X side */
    mms_id match;
    marc_record *external; /* owned; NULL: a match */
    char target[80];
    char rule[120];
    char existing_line[200], incoming_line[200], moves_line[200], counts_line[200];
    char result_line[240]; /* incoming_line, and the brief level of the result as it stands */
    char cost_line[400];   /* what Copy & Overlay would lose */
    size_t *shown;         /* merge lines that are listed */
    size_t *partner;       /* by merge line: the other value of the same field, of which one is seen; SIZE_MAX: none */
    preview_turn *turns;   /* what the cataloger turned, in order; those from turn_count on can be made again */
    size_t turn_count, turns_made, turn_capacity;
    list_view list;
    size_t rows_shown;
    size_t change_count;
    bool differences_only;
    record_lines lines; /* of the listed merge lines, for the width last drawn; line.field is the place in `shown` */
    int laid_out_for;
    bool laid_out_utf8;
    size_t top; /* first display line */
} preview_model;

/* preview_lines.c */
/** Is it another field than the repository's record (or the open one) has, or one of it that goes, or one that was turned? */
bool preview_is_change(const preview_model *model, const merge_line *line);
/** Which record a line comes from, as the screen names them: 'R' the repository's, 'X' the other. */
char preview_side(const preview_model *model, merge_origin origin);
char preview_sign(const preview_model *model, const merge_line *line, role *look);
const merge_line *preview_current(const preview_model *model); /* NULL: nothing is listed */
/** The number of the change under the cursor, or of the last one before it. */
size_t preview_change_number(const preview_model *model);
size_t preview_turned_count(const preview_model *model); /* lines that are not as the rule decided */
/** Finds the pairs of values, lists and counts: after the result was made. */
recto_status preview_lines_fill(preview_model *model, recto_error *error);
void preview_lines_release(preview_model *model);
void preview_choose_shown(preview_model *model);
/** preview.toggle, toggle_tag, both, undo, redo. @return false: another command */
bool preview_run_turn(preview_model *model, const char *name, workstation *station);

/* preview_draw.c */
void preview_draw(void *state, const surface *canvas, bool focused);

/* pane_preview.c */
/** Puts the pane up; takes the model, whose result and lines of the head are filled. */
bool preview_open(workstation *station, preview_model *model, area area, place place);
void preview_release(void *state, workstation *station);
preview_model *preview_new(workstation *station); /* NULL: no memory, and that was said */

/* pane_combine.c */
void combine_apply(preview_model *model, workstation *station);
void combine_swap(preview_model *model, workstation *station);

#endif
