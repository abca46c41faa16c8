/* src/tui/external_model.h - the model of Search Resources: the form, the search under way, and its hits as rows.
 *
 * Shared by external_rows.c (hits to rows), external_draw.c (how it looks) and pane_external.c (what the keys do). */
#ifndef RECTO_TUI_EXTERNAL_MODEL_H
#define RECTO_TUI_EXTERNAL_MODEL_H

#include "external.h"
#include "list_columns.h"
#include "pane_common.h"

enum {
    EXTERNAL_PAGE = 10,
    EXTERNAL_TARGETS_MAX = 64,
    EXTERNAL_TERM_LIMIT = 1000,
    EXTERNAL_SPLIT_COLUMNS = 100,
    EXTERNAL_FORM_COLUMNS = 42
};

typedef enum external_mode { MODE_FORM, MODE_HITS, MODE_VIEW } external_mode;
typedef enum external_sort {
    EXTERNAL_BY_TARGET,
    EXTERNAL_BY_DATE,
    EXTERNAL_BY_TITLE,
    EXTERNAL_BY_LEVEL,
    EXTERNAL_SORTS
} external_sort;

typedef struct external_row { /* what the list shows of a hit; made once a hit */
    const target *from;
    size_t number; /* in the target's result: with `from` the hit's name, for its index shifts as others come */
    size_t hit;    /* index in the search now */
    char title[240], creator[100], date[8], extent[80], kind[4], level[2], agency[20], changed[12], oclc[24], headings[24];
    char statement[400], imprint[160], problem[200];
    bool rda, readable;
    mms_id held; /* the record of the institution or network that a save would match; 0: none */
    zone_kind held_zone;
} external_row;

typedef struct external_model {
    workstation *station; /* lent: steps of the search come without it */
    bool beside;          /* a record is open beside the form: Copy & Merge and Copy & Overlay have a goal */
    session_tie tie;
    external_mode mode;

    size_t target_count, focus; /* focus: targets first, then boxes */
    bool *chosen;               /* by target */
    line_input boxes[BOX_COUNT];
    size_t form_top;

    external_search *search; /* NULL: none yet */
    external_row *rows;
    external_sort sort;
    list_view list;
    size_t rows_shown;
    record_view view;
    zone_kind placement; /* of what is imported */
} external_model;

/** Brings the rows in line with the search's hits; the cursor stays on its hit. @return false: no memory */
bool external_rows_update(external_model *model);
void external_rows_sort(external_model *model);
const external_row *external_current(const external_model *model);
/** The hit of the row, or NULL. */
const external_hit *external_current_hit(const external_model *model);

/* external_search.c */
/** Is any chosen target able to search by this box? (SR-16) */
bool external_box_usable(const external_model *model, external_box box);
line_input *external_focused_box(external_model *model); /* NULL: a target has the cursor */
void external_focus_box(external_model *model, external_box box);
void external_prefill_record(external_model *model, const marc_record *record);
/** The strongest identifier that is filled: it alone is searched while nothing was touched (SR-13). BOX_COUNT: none */
external_box external_strongest(const external_model *model);
void external_clear_form(external_model *model);
void external_keep_chosen(external_model *model);
void external_run_search(external_model *model);
void external_drop_search(external_model *model);
bool external_is_busy(void *context); /* the model, as a source's context */
void external_fetch_more(external_model *model, size_t more);
/** Near the last record that came from a target, the next ones are asked for (SR-49). */
void external_fetch_ahead(external_model *model);
void external_stop(external_model *model);

/* external_draw.c */
void external_draw(void *state, const surface *canvas, bool focused);

#endif
