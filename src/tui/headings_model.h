/* src/tui/headings_model.h - private to the list of headings: what it shows, shared by pane_headings.c and headings_draw.c. */
#ifndef RECTO_TUI_HEADINGS_MODEL_H
#define RECTO_TUI_HEADINGS_MODEL_H

#include "heading_panes.h"

typedef struct headings_model {
    workstation *station;
    area area;
    place place;
    bool for_field; /* of the open record `tie`: Enter puts the heading there */
    session_tie tie;
    size_t field; /* its index */
    char tag[MARC_TAG_LENGTH + 1];
    buffer content; /* of the field when the list was opened */
    buffer name;    /* under which a uniform title is browsed: rows that begin with it show what follows; empty: none */
    browse_kind kind;
    zone_kind zone; /* 0: all */
    char vocabulary[24];
    shelf_limits shelf; /* of the shelf list */
    line_input input;
    heading_list rows;
    list_view list;
    size_t rows_shown;
    size_t expanded;       /* row; SIZE_MAX: none */
    buffer references;     /* lines below the expanded row */
    buffer about, becomes; /* of the current row: what is told of it, the field with it */
    size_t told_for;       /* the row they are of; SIZE_MAX: none */
} headings_model;

const char *heading_kind_title(browse_kind kind);
const catalog_heading *headings_current(const headings_model *model); /* NULL: the list is empty */
void headings_draw(void *state, const surface *canvas, bool focused);

void headings_limits_changed(headings_model *model); /* reads the list again, and remembers */

/* headings_shelf.c */
const char *headings_level_name(shelf_level level);
void headings_shelf_sentence(const headings_model *model, char *out, size_t capacity);
bool headings_shelf_run(headings_model *model, const char *name); /* false: another command */

#endif
