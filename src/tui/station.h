/* src/tui/station.h - inside the workstation: what its own files share. Panes see workstation.h only.
 *
 * A desk is what lies before the cataloger at one time: a stack of panes, and a companion stack beside or over it. Every area
 * has one; in the Records area every open record has its own, so that its companions come and go with it. */
#ifndef RECTO_TUI_STATION_H
#define RECTO_TUI_STATION_H

#include "decoder.h"
#include "keymap.h"
#include "linear.h"
#include "screen.h"
#include "theme.h"
#include "workstation.h"

enum { PANES_IN_STACK = 16, OVERLAYS_MAX = 8, SOURCES_MAX = 16, HINTS_MAX = 64, POLLED_MAX = 64 };
enum { SPLIT_COLUMNS = 100, STACKED_ROWS = 24, SMALLEST_ROWS = 12, SMALLEST_COLUMNS = 40, STATUS_BYTES = 600 };
enum { DRAFT_AFTER_MS = 600, DRAFT_AFTER_KEYS = 200, DRAFT_AGAIN_MS = 5000, HEARTBEAT_MS = 60000 };
enum { KEYS_REST_MS = 75 };               /* after so long without a key all is drawn */
enum { TIDY_MS = 5000, TIDY_ON_MS = 20 }; /* keys rest so long before the repository is put in order; between two slices */

typedef struct open_pane {
    const pane_kind *kind;
    void *model;
} open_pane;

typedef struct pane_stack {
    open_pane panes[PANES_IN_STACK];
    size_t count;
} pane_stack;

typedef struct desk {
    edit_session *session; /* of an open record; NULL: the desk of an area */
    pane_stack stacks[2];  /* by place */
    place focus;
    uint64_t kept_revision; /* of the working copy, in the draft */
    int64_t changed_at_ms;  /* when the first change after that was seen; 0: none */
    int64_t try_again_ms;   /* a draft could not be stored: not before this time */
    size_t keys_since;
    char *elsewhere; /* a file that has what could not be stored as a draft (station_kept.c); NULL: none */
    uint64_t elsewhere_revision;
    int64_t elsewhere_at_ms; /* not before this time again */
} desk;

/* Dialogs, menus, palette, help: over everything, the topmost takes the keys. */
typedef struct overlay {
    void (*draw)(void *model, const surface *screen, workstation *station);
    void (*typed)(void *model, const key *key, workstation *station);
    void (*paste)(void *model, text pasted); /* may be NULL */
    void (*release)(void *model);
    void *model;
    const char *hint; /* the last row while it is open */
} overlay;

struct workstation {
    workstation_options options;
    target_list *targets; /* NULL until first asked for */
    screen screen;
    terminal *terminal;
    linear *linear;    /* NULL: a screen is shown */
    bool reads_screen; /* linear.read: all of it is said at the next drawing */
    decoder *decoder;
    keymap *keymap;
    char keymap_name[64], theme_name[64];
    area area;
    desk areas[AREA_COUNT];
    desk **records; /* open records, in the order they were opened */
    size_t record_count, record_capacity, focused_record;
    buffer clipboard;                                             /* station_clipboard */
    char find_typed[400], replace_typed[400], replace_scope[200]; /* what was looked for last */
    buffer cut_text;                                              /* station_cut_text */
    int count;                                                    /* digits typed before a command, in a modal keymap; 0: none */
    int signal_end;                                               /* of the pipe that signals write to */
    buffer typed_ahead;                                           /* what was typed while long work was under way */
    struct last_change *last_change;                              /* that can be made again; NULL: none */
    bool counts_on;                                               /* a command goes on for the number typed before it */
    struct macros *macros;                                        /* NULL: none was recorded or played yet */
    struct own_texts *own_texts;                                  /* NULL: not read yet */
    size_t executing;                                             /* commands that run within one another */
    bool refused;                                                 /* the last command or key did nothing */
    int64_t work_shown_ms, work_since_ms;
    mms_id combine_primary;         /* picked for Merge Records & Combine Inventory; 0: none */
    bool listing;                   /* the Records area shows its list */
    bool unsplit;                   /* F6: one pane whole */
    open_pane dead[PANES_IN_STACK]; /* closed while a key is handled */
    size_t dead_count;
    overlay overlays[OVERLAYS_MAX];
    size_t overlay_count;
    key sequence[KEYS_IN_SEQUENCE];
    size_t sequence_length;
    char status[STATUS_BYTES];
    bool status_is_error, status_was_seen;
    bool tables_told;         /* a file of MARC tables that is wrong: once */
    const char *hint_context; /* for which hints were gathered; NULL: gather anew */
    const binding *hints[HINTS_MAX];
    size_t hint_count;
    const binding *menu_hint; /* the key of the menus: always in the last row; NULL: none */
    station_source sources[SOURCES_MAX];
    size_t source_count;
    int64_t hear_at_ms; /* not before this time again: what others did to our records */
    int64_t heartbeat_at_ms, tidy_at_ms, now_ms;
    int64_t clicked_at_ms;
    int clicked_row;
    bool dirty, repaint, leaving, hung_up, test_mode;
    int64_t key_came_ms;
    bool key_is_held;   /* or typed as quickly */
    bool hurries, lags; /* this drawing leaves parts as they are; the one that is shown did */
    bool was_covered;   /* by something over the panes, at the last drawing */
    char status_shown[STATUS_BYTES];
    bool message_covers;  /* it takes rows of the pane */
    char barriers[8][32]; /* asked for, not answered yet */
    size_t barrier_count;
    size_t tour_step;
    bool touring;
};

void editor_repeat_release(workstation *station); /* pane_editor_repeat.c */

/* station_desks.c */
desk *station_desk(workstation *station);              /* what is shown */
open_pane *desk_top(desk *desk, place place);          /* NULL: empty */
open_pane *station_focused_pane(workstation *station); /* NULL: none */
bool desk_has_companion(desk *desk);
void station_bury(workstation *station); /* releases what was closed */
void station_release_panes(workstation *station);
void station_focus_record(workstation *station, size_t index);
desk *station_record_desk(workstation *station, const edit_session *session);
void station_swap_panes(workstation *station);
void station_close_pane(workstation *station); /* the command pane.close */
bool station_step_out(workstation *station);   /* the command pane.back: false when there is nothing to leave */

/* station_draw.c */
void station_draw(workstation *station);
bool station_is_split(workstation *station); /* both panes are seen: side by side, or one above the other */

void station_draw_side(workstation *station, const open_pane *pane, const surface *area, bool focused);

/* station_strip.c: two records and the alerts of one (ED-22) */
bool station_has_strip(workstation *station); /* one of two records is seen as a strip only */
void station_draw_strip(workstation *station, const surface *work);
const open_pane *station_companion_seen(workstation *station); /* of a split screen */
void station_click_strip(workstation *station, int column);

/* station_mouse.c */
void station_take_mouse(workstation *station, const event *event);
bool station_mouse_is_wanted(workstation *station);
void station_toggle_mouse(workstation *station);

/* station_linear.c */
bool station_is_linear(const workstation *station);
void station_paint_linear(workstation *station);
bool station_linear_command(workstation *station, const char *name); /* linear.*: false: another */

/* station_keys.c */
void station_take_key(workstation *station, const key *key);
void station_take_paste(workstation *station, text pasted);
void station_execute(workstation *station, const command *command, const char *argument);
/** Why it cannot be done now; NULL or "" when it can. The text is lent until the next call. */
const char *station_cannot(workstation *station, const command *command);
const char *station_context(workstation *station);
bool station_own_command(workstation *station, const command *command, const char *argument); /* station_commands.c */
bool station_belongs_here(workstation *station, const command *command);                      /* by the contexts of its row */
bool station_comes_later(const command *command);

/* station_new.c: the commands record.new and record.placement. @param argument  "network", "local"; NULL: it is asked */
void station_new_record(workstation *station, const char *argument);
void station_choose_placement(workstation *station, const char *argument);

/* station_drafts.c */
void station_note_changes(workstation *station);
bool station_keep_drafts(workstation *station, bool all_now); /* true: something visible changed */
int station_draft_timeout(const workstation *station);
void station_offer_drafts(workstation *station); /* RL-23 */
void station_leave_all(workstation *station);
void station_quit(workstation *station); /* the command app.quit: asks only when a draft cannot be kept */

/* station_return.c */
void station_note_return(workstation *station); /* the order of the open records, and what stands in front */
bool station_return(workstation *station);      /* to what was noted, once; false: the record in front is not open again */

/* station_kept.c: for a draft that cannot be stored (RL-93) */
void station_keep_elsewhere(desk *desk);
void station_drop_elsewhere(desk *desk);
const char *station_kept_elsewhere(const desk *desk); /* the file that has all of the text; NULL: none has */
void station_tell_kept(workstation *station);         /* at the start: what lies there of earlier ones */

/* workstation.c */
void station_set_keymap(workstation *station, const char *name);
void station_set_theme(workstation *station, const char *name);
void station_paint(workstation *station); /* draws and sends what changed */
void station_read_signals(workstation *station);
void station_suspend(workstation *station); /* gives the terminal to another program */
recto_status station_resume(workstation *station, recto_error *error);

/* overlays: dialog.c, but where another file is named */
void key_test_typed(void *model, const key *pressed, workstation *station); /* key_test.c: wants keys as they come */
bool station_add_overlay(workstation *station, const overlay *overlay);     /* false: too many; the model is released */
void station_drop_overlay(workstation *station, const void *model);
void menu_open(workstation *station, int number); /* menu.c; 0: the first */
void palette_open(workstation *station);          /* palette.c */
void help_open(workstation *station);             /* help.c */
void key_test_open(workstation *station);         /* key_test.c */
/** Finds the command that a line names: "record.save", "Save Record", "save", "menu 3". NULL: none or several (palette.c) */
const command *palette_find(const char *line, char *argument, size_t capacity);
/** A centred box with a title, and what stands at its right (NULL: nothing); the inside is returned. */
surface overlay_box(const surface *screen, int rows, int columns, const char *title, const char *right);

/* dialog.c: the answer to what is asked on top. @return false: nothing of the kind is asked, or it has no such choice */
bool station_answer_choice(workstation *station, const char *choice);
bool station_answer_prompt(workstation *station, const char *answer);

/* tour.c */
const char *tour_line(const workstation *station); /* NULL: no tour */
void tour_saw(workstation *station, const command *command);
void tour_toggle(workstation *station);

#endif
