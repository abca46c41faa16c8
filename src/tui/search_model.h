/* src/tui/search_model.h - the model of search and results, shared by its drawing (search_draw.c) and its acts (pane_search.c).
 *
 * The list is of any size: a window of rows around the cursor is held, and another one is read when the cursor leaves it. */
#ifndef RECTO_TUI_SEARCH_MODEL_H
#define RECTO_TUI_SEARCH_MODEL_H

#include "list_columns.h"
#include "recto/catalog/lists.h"
#include "pane_common.h"

enum { SEARCH_LINES = 2, SEARCH_WINDOW = 240, SEARCH_HISTORY = 100, SEARCH_TERM_LIMIT = 2000 };

typedef enum search_focus { FOCUS_TYPE, FOCUS_INDEX, FOCUS_QUERY, FOCUS_INDEX_2, FOCUS_QUERY_2, FOCUS_LIST } search_focus;

enum { SEARCH_OWN_ORDER = 24, SEARCH_ORDERED = 96 };          /* indexes put in order by hand; all that are in order */
enum { SEARCH_SELECTED_MOST = 200, SEARCH_CHOSEN_MOST = 24 }; /* ED-185; values of facets */

typedef struct search_model search_model;
struct search_model {
    search_focus focus;
    search_type type;
    zone_kind zone;
    search_sort sort;
    search_sort sorts[SEARCH_AUTHORITIES + 1]; /* of each type, as it was last (SE-45) */
    struct {
        bool known;
        size_t current, top;
    } places[3]; /* in the results of each zone, I, N, C: going back to a zone goes back to the row (SE-13) */
    const search_index *index[SEARCH_LINES];
    line_input query[SEARCH_LINES];
    area came_from;                                  /* where Esc leads out of the form */
    size_t picks_line;                               /* whose index is being picked */
    bool wants_two_lines;                            /* for a row */
    char *editions[SEARCH_WINDOW];                   /* of the window's rows: edition and imprint; NULL: not read yet */
    buffer labels;                                   /* of local fields, as the library has set them */
    const search_index *own_order[SEARCH_OWN_ORDER]; /* indexes that come first for this cataloger */
    size_t own_count;
    char kept[80]; /* the choices as they were remembered last */

    struct search_typing { /* search_typing.c */
        struct search_model *model;
        int64_t due_ms;
        bool left; /* it took too long */
    } typing;
    bool searched;                       /* what follows is the outcome of the last search */
    char *ran;                           /* its text, in the form catalog_search takes */
    const char *ran_index;               /* NULL: the text is the one-line form */
    catalog_hits hits;                   /* the window's rows */
    catalog_near near[SEARCH_NEAR_MOST]; /* when there are none: what is near, and which of the ways Enter takes */
    size_t ways, way;
    catalog_facet_value chosen[SEARCH_CHOSEN_MOST]; /* what the results are narrowed by (pane_facets.c) */
    size_t chosen_count;
    facet_choice choices[SEARCH_CHOSEN_MOST]; /* the same, as a query takes them */
    size_t window;                            /* offset of the window's first row */
    char row_zones[SEARCH_WINDOW];            /* I, N or C, of the window's rows */
    struct search_uses {                      /* of authority records among the window's rows, read when a row is first drawn */
        bool known;
        size_t references, bibs;
        char vocabulary[24];
    } uses[SEARCH_WINDOW];
    size_t counts[3]; /* I, N, C */
    bool counted;
    list_view list;
    size_t rows_shown;
    int64_t now;

    mms_id shown;       /* the record of the detail and preview; 0: none */
    size_t shown_index; /* its row */
    bool shown_is_late; /* the cursor is on another row: what is below the list follows when the keys rest */
    int64_t shown_at_ms;
    record_view preview;
    workstation *station;
    marc_record *ahead; /* of the row the cursor comes to next, read while the keys rest; NULL: none */
    bib_info ahead_info;
    int64_t ahead_at_ms, ahead_due_ms;
    bool goes_up;
    char statement[600]; /* title statement, imprint, extent */
    char numbers[200];

    mms_id selected[SEARCH_SELECTED_MOST]; /* in the order of selecting; they outlive another sort, not another search */
    size_t selected_count;
    mms_id copied;  /* that Copy to Catalog asks about */
    mms_id for_set; /* under the cursor when the name of a set was asked for */

    char *history[SEARCH_HISTORY]; /* newest last */
    size_t history_count, history_at;
    bool history_changed;
};

const char *search_type_title(search_type type);
const char *search_sort_title(search_sort sort);
/** The row of the list, when the window holds it. */
const bib_info *search_row(const search_model *model, size_t index);

/* search_selection.c */
bool search_is_selected(const search_model *model, mms_id id);
void search_select(search_model *model, mms_id id);       /* or no longer */
void search_ask_set(search_model *model, mms_id current); /* search_sets.c: those selected, else this one */
void search_select_page(search_model *model);
void search_push(search_model *model, mms_id current); /* those selected, else this one */
void search_ask_copy(search_model *model, mms_id id);

/* search_reading.c */
const char *search_sentence_end(const buffer *words); /* what stands before the next sentence: a full stop only where none is */
text search_line_text(const line_input *input);       /* what was typed, trimmed; never NULL */
/** Builds what catalog_search takes; *index NULL: the text is the one-line form. @return false: nothing was typed */
bool search_compose(search_model *model, buffer *out, const char **index);
catalog_query search_query_of(search_model *model, size_t offset, size_t limit);
void search_take_hits(search_model *model, catalog *house, catalog_hits *hits, size_t offset);
/** The window follows the cursor; what is on the screen around it is inside, too. */
void search_keep_window(search_model *model, workstation *station);
/** Reads the record of the current row, unless it was read a moment ago. */
void search_show_current(search_model *model, workstation *station, bool again);

/** The cursor has moved: the record is shown when the keys rest, so that running through a list sends two row marks a key. */
void search_show_soon(search_model *model, workstation *station);
/** What is late is done now: before a command that is about the record. */
void search_show_now(search_model *model, workstation *station);
/** Reads the record of the next row soon, so that the key that comes to it need not wait for the repository. */
void search_read_ahead(search_model *model, workstation *station);

/* pane_search.c */
/** Runs the search of last time again, as type, zone and order are now. */
bool search_run_again(search_model *model, workstation *station); /* false: it failed, and that was said */

/** Runs what stands in the form. */
void search_run_text(search_model *model, workstation *station);

/* search_two_lines.c */
void search_recall_rows(search_model *model, workstation *station);
void search_toggle_rows(search_model *model, workstation *station);
bool search_two_lines(const search_model *model);
void search_forget_editions(search_model *model);
void search_draw_two_lines(search_model *model, size_t index, int digits, const surface *canvas, int row);

/* search_index_list.c */
void search_read_labels(search_model *model, workstation *station);
text search_index_label(const search_model *model, const search_index *index); /* lent */
void search_read_order(search_model *model, workstation *station);
/** All indexes, single local fields only where they were put in order. @return how many */
size_t search_ordered(const search_model *model, const search_index *out[static SEARCH_ORDERED]);
void search_ask_order(search_model *model, workstation *station);

/* search_acts.c */
bool search_run_on_row(search_model *model, const char *name, mms_id id);
void search_ask_single(workstation *station);
/** A search by a number that found one record: opens it, for a cataloger who has chosen so. */
void search_open_single(search_model *model, workstation *station);

/* search_export.c */
void search_ask_export(search_model *model, workstation *station);

/* search_pickers.c */
void search_pick_index(search_model *model, workstation *station); /* of the line that has the focus */
void search_pick_history(search_model *model, workstation *station);
void search_pick_set(search_model *model, workstation *station);
void search_ask_keep(search_model *model, workstation *station);
void search_recall_history(search_model *model, workstation *station);
void search_keep_history(search_model *model, workstation *station); /* when it has changed */

/* search_typing.c */
/** The line has changed: it is searched when the keys rest. */
void search_typed_more(search_model *model);
void search_typing_done(search_model *model); /* a search was run, or the pane goes */

/* search_ways.c */
void search_find_ways(search_model *model, catalog *house, const catalog_query *query);
/** Enter on a way that is not the hint's. @return false: it is */
bool search_follow_way(search_model *model, workstation *station);
bool search_step_way(search_model *model, const char *command);
/** @return the row behind them */
int search_draw_ways(const search_model *model, const surface *canvas, int row);

/* search_choices.c */
void search_recall_orders(search_model *model, workstation *station);
/** Boxes whose index the type does not have go to one that it has (SE-3). */
void search_set_type(search_model *model, search_type type);
bool search_run_choice(search_model *model, const char *name, const char *argument, workstation *station);
/** A key in a box of choices. @return false: not used */
bool search_typed_choice(search_model *model, const key *pressed);

/* search_authorities.c */
void search_authority_columns(list_column out[static LIST_COLUMNS_MAX], size_t *count);
void search_draw_authority(const search_model *model, size_t index, const list_layout *layout, const surface *canvas, int row);
/** What is counted of the authority record of a row; NULL: it is none. */
const struct search_uses *search_uses_of(const search_model *model, size_t index);
void search_describe_authority(search_model *model, const marc_record *record, const bib_info *info);

/* search_draw.c */
void search_format_zone(char out[static 4], const search_model *model, size_t index); /* "I", "I>N" */
void search_draw(void *state, const surface *canvas, bool focused);

#endif
