/* src/tui/difference_view.h - a record before and after a rule, field by field, each change with the rule and line behind it. */
#ifndef RECTO_TUI_DIFFERENCE_VIEW_H
#define RECTO_TUI_DIFFERENCE_VIEW_H

#include "record_difference.h"
#include "record_lines.h"
#include "recto/rules/rules.h"

typedef struct view_step { /* what one action did, kept from the trace */
    char *before, *after;  /* NULL: no field before, none after */
    char *reason;          /* line 12, replaceContents: rule "Drop vendor fields" */
    char tag[MARC_TAG_LENGTH + 1];
} view_step;

typedef struct view_line { /* one row of the screen */
    char sign;
    role look;
    size_t line; /* in `lines`; SIZE_MAX: words */
    text words;  /* lent from `notes` or from a step */
} view_line;

typedef struct difference_view {
    marc_record *before, *after; /* owned */
    record_difference *differences;
    size_t difference_count, change_count;
    view_step *steps;
    size_t step_count, step_capacity;
    buffer notes; /* lines below the changes: what is said of the record as a whole, and why rules did not fire */
    bool whole;   /* unchanged fields are shown, too */
    record_lines lines;
    view_line *rows;
    size_t row_count, row_capacity;
    int laid_out_for;
    bool laid_out_utf8, failed;
    size_t top, shown; /* first row seen; rows that fit, as last drawn */
} difference_view;

void difference_view_init(difference_view *view);
void difference_view_release(difference_view *view);
void difference_view_clear(difference_view *view);
/** A rule_trace: context is the view. Before difference_view_set, after difference_view_clear. */
void difference_view_trace(void *context, const rule_event *event);
/** Compares; takes both records in any case. */
recto_status difference_view_set(difference_view *view, marc_record *before, marc_record *after, recto_error *error);
void difference_view_note(difference_view *view, const char *line);
void difference_view_draw(difference_view *view, const surface *canvas, int first_row, int rows);
/** list.up and so on scroll; version.differences turns unchanged fields on and off. @return true: used */
bool difference_view_run(difference_view *view, const char *command);

#endif
