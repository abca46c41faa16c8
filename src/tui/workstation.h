/* src/tui/workstation.h - the one cataloger's session at the terminal: areas, panes, dialogs, status line, event loop.
 *
 * Areas are the tabs of row 1. Search holds a stack of panes (search and results below, record views and the external
 * search above). Records holds the open records; the focused one's editor is at the left, and one companion stack (external
 * search, its results, match list, merge preview, versions, a second record) at the right or, below 100 columns, over it. */
#ifndef RECTO_TUI_WORKSTATION_H
#define RECTO_TUI_WORKSTATION_H

#include "pane.h"
#include "recto/z3950/z3950.h"

typedef enum area { AREA_SEARCH, AREA_RECORDS, AREA_TEMPLATES, AREA_RULES, AREA_JOBS, AREA_COUNT } area;
typedef enum place { PLACE_MAIN, PLACE_COMPANION } place;

typedef struct workstation_options {
    catalog *catalog;                                                                   /* lent */
    recto_status (*open_targets)(target_list **out, void *context, recto_error *error); /* at first use */
    void *targets_context;
    const char *keymap, *theme; /* names; NULL: settings or default */
    bool guided_tour;           /* recto demo: a hint line that explains the main job, left at any key */
    bool linear;                /* line by line, for screen readers; RECTO_LINEAR=1 says the same */
} workstation_options;

/** Runs until the cataloger quits, the terminal goes away or a signal ends it. RECTO_EIO: terminal too dumb or gone. */
recto_status workstation_run(const workstation_options *options, recto_error *error);

/* What panes may ask of it. */
catalog *station_catalog(workstation *station);
target_list *station_targets(workstation *station); /* opened at first use; NULL: that failed, and was said */
int station_columns(const workstation *station);
int station_rows(const workstation *station);

/** The outcome on the status line; data inside is filtered. Kept until the next key that does something. */
void station_say(workstation *station, const char *format, ...) __attribute__((format(printf, 2, 3)));
void station_error(workstation *station, const recto_error *error); /* stays until seen */
void station_no_memory(workstation *station, const char *doing);    /* as an error: "no memory" for "listing versions" */

/** Puts a pane on top of a stack and focuses it; the model belongs to it from now on (released by kind->release). In the
 *  Records area a pane belongs to the open record that has the focus: it is seen with that record and goes with it. */
void station_push(workstation *station, area area, place place, const pane_kind *kind, void *model);
/** Closes that pane (asks may_close first). The model is released only when the key is done with: a pane may close itself. */
void station_pop(workstation *station, void *model);
/** The model of the topmost pane of a kind: with what is shown now, then with the focused record, then in the areas. NULL: none
 */
void *station_find(workstation *station, const pane_kind *kind);
void station_show(workstation *station, area area);
void station_focus(workstation *station, void *model);
void station_redraw(workstation *station);

/** Opens a record in the editor (or focuses it when it is open already). */
void station_open_record(workstation *station, mms_id id, bool view_only);
/** Puts a new or resumed edit session into the Records area; takes it. */
void station_add_session(workstation *station, edit_session **session);
void station_focus_session(workstation *station, const edit_session *session); /* its own desk, with its editor in front */
edit_session *station_session(workstation *station);                           /* the focused open record; NULL: none is open */
size_t station_session_count(const workstation *station);
size_t station_session_number(const workstation *station); /* of the focused open record, from 1; 0 none */
/** The field that was cut or copied last, in whatever record: three bytes of tag, then its content. Empty: none was. */
buffer *station_clipboard(workstation *station);
/** Into the clipboard of the terminal, if that can be (linear mode and many terminals cannot). */
bool station_to_clipboard(workstation *station, text copied);
/** Text that was cut within a field. */
buffer *station_cut_text(workstation *station);
/** Are letters commands until typing begins (vi)? */
bool station_is_modal(const workstation *station);
void station_close_session(workstation *station, edit_session *session); /* after edit_release */
/** The focused record's working copy was changed from outside of its editor pane (merge, restore, import): draw and re-check. */
void station_record_changed(workstation *station, edit_session *session);
/** Runs a command as if its key had been pressed. */
void station_run(workstation *station, const char *command, const char *argument);

/* Dialogs: a table of choices and a question; the answer comes back by `done`. Esc gives the choice `escape`. */
typedef struct dialog_choice {
    const char *id, *label;
    char letter;
} dialog_choice;
typedef struct dialog {
    const char *title;            /* "Confirmation required" */
    const char *const *lines;     /* what is at stake, data filtered; NULL ends */
    const dialog_choice *choices; /* id NULL ends */
    const char *initial, *escape; /* ids: the harmless default, and what Esc means */
    void (*done)(workstation *station, void *context, const char *choice);
    void *context;
} dialog;
void station_ask(workstation *station, const dialog *dialog); /* texts are copied; choices must be static */
/** One line of input: "Reason:"; done gets NULL on Esc. */
void station_prompt(workstation *station, const char *label, const char *initial,
                    void (*done)(workstation *station, void *context, const char *answer), void *context);
/** The same for a password of at most 255 bytes: what is typed is not shown, and is wiped when the prompt goes. */
void station_prompt_secret(workstation *station, const char *label,
                           void (*done)(workstation *station, void *context, const char *answer), void *context);

/** Descriptors and time-outs of work under way: the external search. At most one a pane. */
typedef struct station_source {
    size_t (*wanted)(void *context, struct pollfd *out, size_t capacity, int *timeout_ms);
    bool (*step)(void *context, const struct pollfd *polled, size_t count); /* true: something visible changed */
    void *context;
    bool (*busy)(void *context); /* work is under way; NULL: while `wanted` names a descriptor or a time-out */
} station_source;
void station_add_source(workstation *station, const station_source *source);
void station_remove_source(workstation *station, void *context);
int64_t station_now_ms(const workstation *station);
bool station_draws_later(
    const workstation *station); /* once the keys rest all is drawn again: what need not be seen at once can wait */

/** Told from within long work that the repository does in one call (jobs): shows how far it is, takes what is typed for later,
 *  and answers false when Esc was pressed or the terminal went away. `what` is "Trying". Begin with done 0. (station_work.c) */
bool station_progress(workstation *station, const char *what, size_t done, size_t total);
/** The work is done: what was typed meanwhile goes on its way. */
void station_work_done(workstation *station);

/* Widgets that all panes share (widgets.c). */
typedef struct line_input { /* one editable line, by grapheme */
    buffer text;
    size_t cursor, view; /* byte offsets */
    bool prefilled;      /* the first typed character replaces all (SR-13) */
    bool composing;      /* Alt+K: two characters make one */
    char first[32];      /* of the two */
    char mark[16];       /* named in braces, waits for its letter: {acute}e */
} line_input;
void line_input_init(line_input *input, size_t limit_bytes);
void line_input_release(line_input *input);
void line_input_set(line_input *input, const char *value, bool prefilled);
bool line_input_typed(line_input *input, const key *key); /* true: used */
void line_input_paste(line_input *input, text pasted);    /* line ends become blanks */
void line_input_draw(line_input *input, const surface *area, int row, int column, int columns, bool focused);

typedef struct list_view {
    size_t count, current, top;
} list_view;
/** up, down, page, home, end by command name (list.*); rows is how many are shown. @return true: used */
bool list_view_run(list_view *list, const char *command, size_t rows);
void list_view_fit(list_view *list, size_t rows); /* keeps current visible and inside */

/* Doors of the panes, each in its own file. */
void search_pane_open(workstation *station);                                      /* pane_search.c */
void record_pane_open(workstation *station, mms_id id, int version, place place); /* pane_record.c: read-only MARC view */
void external_pane_open(workstation *station);                      /* pane_external.c: form, prefilled from the open record */
void editor_pane_open(workstation *station, edit_session *session); /* pane_editor.c */
void editor_pane_touched(void *model, workstation *station);
/** Puts another open record beside the one in front, as its companion; both can be edited (pane_editor_beside.c). */
void beside_open(workstation *station, edit_session *session);
void beside_next(workstation *station, const char *argument); /* the next open record, or the one of that MMS ID */
edit_session *beside_session(const void *model);              /* of a pane of beside_pane; NULL: released */
void matches_pane_open(workstation *station, edit_session *session, match_hit *hits,
                       size_t count); /* pane_matches.c; takes hits */
void preview_pane_open(workstation *station, edit_session *session, merge_result *result, bool overlay, mms_id match,
                       const marc_record *external, const char *target); /* pane_preview.c; takes result */
void versions_pane_open(workstation *station, edit_session *session);    /* pane_versions.c */
void inventory_pane_open(workstation *station, mms_id bib);              /* pane_inventory.c: holdings, items and their forms */
void records_pane_open(workstation *station);                            /* pane_records.c: open records and drafts */
void alerts_pane_open(workstation *station, edit_session *session);      /* pane_alerts.c */
const edit_session *alerts_session(const void *model);                   /* whose alerts a pane of alerts_pane shows */

extern const pane_kind beside_pane, search_pane, record_pane, external_pane, editor_pane, matches_pane, preview_pane,
    versions_pane, inventory_pane, records_pane, alerts_pane;

#endif
