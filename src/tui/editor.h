/* src/tui/editor.h - private to the record editor: the model of one open record's pane, shared by pane_editor*.c.
 *
 * The record itself lives in the edit session and is changed by marc/edit.h alone; what is kept here is where the cursor
 * stands, what is seen, what was found wrong, and what is half typed. Row 0 is the leader, row N the field N-1. An offset
 * counts bytes of the field's raw content, so that no text has to be rebuilt from the screen.
 *
 * Stops of the cursor within a data field: every grapheme, the end of each value (on the blank that is only shown before
 * the next $$), every subfield code (which overwrites, as an indicator does), and the end. */
#ifndef RECTO_TUI_EDITOR_H
#define RECTO_TUI_EDITOR_H

#include "record_pairs.h"
#include "recto/catalog/lists.h"
#include "recto/rules/checks.h"
#include "workstation.h"

typedef enum editor_box { BOX_TAG, BOX_INDICATOR_1, BOX_INDICATOR_2, BOX_CONTENT } editor_box;

enum {
    EDITOR_INDICATORS = 2,
    EDITOR_CONTENT_COLUMN = 12,
    EDITOR_FIELD_LIMIT = 1 << 20,
    EDITOR_FINDINGS_MAX = 1000,
    EDITOR_SMALL_RECORD = 300,
    EDITOR_SHORT_LAYOUTS = 16,
    EDITOR_LAYOUTS = EDITOR_SHORT_LAYOUTS + 4
};

/* One field as the editor sees it; lent until the next edit. */
typedef struct editor_row {
    char tag[MARC_TAG_LENGTH + 1];
    text content;
    size_t index; /* of the row */
    size_t start; /* of the content box within content: 2 behind indicators, else 0 */
    bool leader, control;
    const char *delimiter; /* shown before a code: "$$"; NULL: that */
    int delimiter_columns;
    bool overwrite;        /* LDR, 006, 007, 008: typing replaces */
    bool hash_blanks;      /* blanks are shown and typed as # (ED-35, 00X) */
    const char *read_only; /* why not, or NULL */
} editor_row;

typedef enum glyph_kind {
    GLYPH_TEXT,
    GLYPH_BLANK_AS_HASH,
    GLYPH_DOLLAR,    /* a dollar beside a dollar is shown as {dollar} */
    GLYPH_VALUE_END, /* blank before $$: a stop, but no byte */
    GLYPH_CODE,
    GLYPH_END,
    GLYPH_DELIMITER,
    GLYPH_GAP /* shown only, no stop */
} glyph_kind;

typedef struct glyph {
    size_t offset, bytes;
    int line, column, width;
    glyph_kind kind;
    bool breaks; /* a line may end behind it */
    bool opens;  /* it is the first of its line */
} glyph;

typedef struct layout { /* one field laid out at a width; storage is used again */
    glyph *glyphs;
    size_t count, capacity;
    int lines;
    char *bytes; /* the content it is of, so that the next layout begins at what differs; NULL: none yet */
    size_t length, bytes_capacity, start;
    int columns, delimiter_columns;
    bool utf8, control, hash_blanks;
    size_t row, used_at; /* which layout goes when another is needed */
} layout;

typedef struct editor_finding {
    marc_severity severity;
    size_t row; /* SIZE_MAX: the record as a whole */
    char subfield;
    size_t offset;
    char where[48], message[200];
    bool fixable; /* then these bytes of the content would become the suggestion */
    size_t fix_offset, fix_length;
    char suggestion[MARC_SUGGESTION_SIZE];
} editor_finding;

typedef struct editor_findings {
    editor_finding *list; /* at most EDITOR_FINDINGS_MAX */
    size_t count, capacity, counts[3];
    size_t held_row;   /* a field that is being made: nothing is said of it until it is left or asked for; 0: none */
    uint64_t revision; /* of the record that was looked at */
    size_t rows;       /* it had then */
    bool checked;
    size_t current;                         /* for F7; SIZE_MAX none */
    const marc_validation_profile *profile; /* of the zone; NULL: the built-in severities */
    bool profile_asked;
    const local_checks *checks; /* of the zone; NULL: none */
    char by_rules[1200];        /* what the last save changed by itself, a line each (ED-106b) ... */
    uint64_t by_rules_revision; /* ... shown as long as the record is as it was saved */
} editor_findings;

typedef struct editor_form { /* fixed-field form (ED-41 to ED-46) */
    bool open, choosing;
    bool raw;                         /* the cursor is in the raw string, not in an element */
    size_t row, element, unit_cursor; /* cursor within the element, in bytes */
    size_t from_row, from_offset;     /* where the cursor of the grid stood, to go back to */
    editor_box from_box;
    list_view choices;
    size_t top;
} editor_form;

enum { STRIP_ROWS = 4, STRIP_SLOTS = 6, STRIP_TEXT = 24 };
typedef struct editor_strip { /* the fixed field as it is shown, kept as long as leader and 008 are the same */
    char slots[STRIP_ROWS][STRIP_SLOTS][STRIP_TEXT];
    char leader[MARC_LEADER_LENGTH], fixed[64];
    size_t fixed_length;
    bool built;
} editor_strip;

typedef struct editor_marks { /* fields that block operations take together */
    bool *marked;             /* by field */
    size_t capacity, fields;  /* fields of the record the marks are of */
    size_t count;
} editor_marks;

typedef struct editor_values { /* that may stand where the cursor is */
    const marc_code *codes;
    size_t count;
    size_t from, length; /* bytes of the content that one of them takes the place of */
    bool by_label;       /* the label is what is written */
    bool blanks;         /* # is a blank, and the length is fixed */
    bool used;           /* no codes: values of other records */
    char title[80];
} editor_values;

struct editor;
typedef struct editor_used { /* values of other records for the subfield that is typed (pane_editor_used.c) */
    struct editor *pane;
    char tag[MARC_TAG_LENGTH + 1], code;
    char begin[64]; /* the three characters they begin with */
    bool waits;     /* until the keys rest */
    int64_t asked_at_ms;
    used_values values;
    marc_code codes[USED_VALUES_MOST]; /* of the values, to be offered */
    char labels[USED_VALUES_MOST][32];
} editor_used;

typedef struct editor_aid { /* what two keys or a name in braces make, as long as it is half typed */
    bool composing;
    char first[32]; /* of the two characters */
    char mark[16];  /* that waits for its letter */
} editor_aid;

typedef struct editor_named { /* the character under the cursor, as it was named last */
    char grapheme[32], said[240];
} editor_named;

typedef struct editor_awaits {   /* a command that the next letter belongs to (pane_editor_letters.c) */
    const struct awaiting *what; /* NULL: none */
    size_t times;
} editor_awaits;

typedef struct editor_found { /* the letter that was looked for last */
    int by;
    bool till;
    char letter[32]; /* "": none yet */
} editor_found;

typedef struct editor_before { /* a command, for what can be made again (pane_editor_repeat.c) */
    bool watched, left;
    uint64_t revision;
} editor_before;

struct editor;
typedef struct editor_pair { /* two records beside each other; goes with the last side */
    struct editor *sides[2]; /* left and right; NULL: gone */
    record_pairs pairs;
    uint64_t revisions[2]; /* of the records they were made from */
    bool built;
} editor_pair;

/* Where the cursor stood before a save: system fields that come in before it must not move it to another field. */
typedef struct saved_place {
    char tag[MARC_TAG_LENGTH + 1]; /* "": nothing is noted */
    size_t row, occurrence;
} saved_place;

typedef struct editor_drawn { /* what the grid was drawn of: a held key that only moves the cursor in it need not draw it again */
    bool plain;               /* and nothing in it belongs to the cursor's place */
    uint64_t revision, checked;
    size_t findings, marks, top_row;
    int top_line;
    bool shows_links;
} editor_drawn;

typedef struct raw_watch {
    size_t row;
    bool known; /* the rest was filled in */
    uint64_t print;
} raw_watch;

typedef struct editor {
    workstation *station;
    edit_session *session; /* owned by the workstation */
    size_t row, offset;
    editor_box box;
    int goal; /* column that Up and Down aim at; -1 none */
    size_t top_row;
    int top_line;           /* wrapped line of top_row that is the first one seen */
    bool opened;            /* just now: what stands below the field it opens on is wanted more than what stands above */
    int columns, grid_rows; /* as last drawn */
    int cursor_y, cursor_x; /* in the grid, as last drawn */
    editor_drawn drawn;
    bool utf8;
    char tag_typed[MARC_TAG_LENGTH + 1];
    bool tag_pending;               /* a tag is being typed and not yet in the record */
    bool dollar_typed, code_typed;  /* the last key was $, was a subfield code */
    bool code_supplied;             /* the field is new, and so far nothing stands behind the $a that it was made with */
    bool left_field;                /* Esc was pressed: `:` and `?` are commands now (ED-201), in a modal keymap every letter */
    char jump[MARC_TAG_LENGTH + 1]; /* digits typed in a view-only record */
    size_t jump_length;
    layout layouts[EDITOR_LAYOUTS], *laid; /* kept, and the one that editor_lay_out made last */
    size_t layouts_used;
    editor_aid aid;
    editor_awaits awaits;
    editor_found found;
    struct editor_linkage *linkage; /* fields and their 880; NULL: no memory for it */
    bool shows_links;               /* $6 of fields that are paired, too */
    bool shows_help;                /* of what is under the cursor */
    bool offers;                    /* values, for the last key typed one */
    buffer pasted;                  /* several lines, as long as it is asked what becomes of them */
    editor_named named;
    editor_used *used; /* NULL: nothing was asked for */
    editor_strip strip;
    editor_findings findings;
    editor_form form;
    size_t changed_fields, new_fields; /* as they were counted last */
    bool counted;
    int64_t key_at_ms;
    editor_marks marks;
    size_t delimiter;      /* which sign stands before a code (pane_editor_settings.c) */
    bool sort_on_tag;      /* ED-38 */
    bool pairs_only_added; /* the institution does not want linking, unlinking and flipping (ED-125) */
    char *kept_text;       /* edited as text and not taken (pane_edited.c); NULL: none */
    size_t kept_length;
    raw_watch raw;          /* the fixed field under the cursor, as it was entered */
    saved_place place;      /* of the save that is under way */
    editor_pair *pair;      /* with the record beside this one; NULL: there is none */
    int side;               /* in the pair */
    uint64_t seen_revision; /* another pane can change the same record */
    bool check_waits;       /* a large record: the check comes when the keys rest */
} editor;

/* pane_editor_number.c */
void editor_author_number(editor *pane);

/* pane_editor_raw.c */
void editor_watch_raw(editor *pane); /* after every key: a fixed field that was changed and left is checked aloud */

/* pane_editor.c */
editor *editor_make(workstation *station, edit_session *session); /* NULL: no memory, and that was said */
char editor_change_mark(const editor *pane, size_t row);          /* against what is stored: ' ', '+' new, '*' changed */
void editor_meet(editor *pane);    /* first of all with every key and drawing: the record may have been changed elsewhere */
void editor_changed(editor *pane); /* after every change: checks, marks, draft */
void editor_settle(editor *pane);  /* checks and counts what quick keys changed; a large record has its own time */

/* pane_editor_draw.c */
void editor_draw(void *model, const surface *on, bool focused);

/* pane_editor_rows.c */
const marc_record *editor_record(const editor *pane);
size_t editor_rows(const editor *pane); /* leader included */
bool editor_row_get(const editor *pane, size_t row, editor_row *out);
bool editor_may_change(editor *pane, size_t row); /* else says why not on the status line */
/** Puts a field's content in place of what is there; says so when it fails. */
bool editor_set_content(editor *pane, size_t row, const char *tag, text content);

/* pane_editor_commands.c */
bool editor_run_command(void *model, const command *what, const char *argument, workstation *station);
const char *editor_cannot_now(void *model, const command *what, workstation *station);

/* pane_editor_motion.c */
bool editor_motion(editor *pane, const char *name, const char *argument); /* false: not one of its commands */
bool editor_command_begins_typing(const char *name);                      /* in a modal keymap letters are text from then on */
void editor_begin_typing(editor *pane);                                   /* where the record may be changed */
/** Takes bytes of the content out and keeps them, as a step of its own, so that undo brings them back whole; or, when something
 * is typed in their place, as one step with that. Fixed fields have no text to take out. */
void editor_take_out(editor *pane, size_t from, size_t to, bool replaced);

/* pane_editor_letters.c */
bool editor_await(editor *pane, const char *name, const char *argument); /* false: not one of its commands */
bool editor_await_typed(editor *pane, const key *pressed);               /* true: it was the letter */
bool editor_await_cancel(editor *pane);                                  /* true: a letter was awaited */
void editor_change_case(editor *pane);
void editor_find_letter_again(editor *pane, int direction); /* -1: the other way */

/* pane_editor_repeat.c */
void editor_repeat(editor *pane);
editor_before editor_note_before(editor *pane, const command *what);
void editor_note_command(editor *pane, const editor_before *before, const command *what, const char *argument);
void editor_note_key(editor *pane, const key *pressed);
void editor_note_other(editor *pane); /* what cannot be made again became a part of the change */

/* pane_editor_layout.c */
/** Lays out a field; costs little where it holds almost the same already. @return false: no memory, and it holds nothing */
bool layout_build(layout *laid, const editor_row *row, int columns, bool utf8);
bool editor_lay_out(editor *pane, const editor_row *row); /* at the width of the pane: into pane->laid, until the next one */
size_t layout_line(const layout *laid, int line);         /* its first glyph */
void layout_release(layout *laid);
bool editor_has_code(const editor_row *row, size_t delimiter);  /* a delimiter may stand bare, or before what is no code */
const glyph *layout_at(const layout *laid, size_t offset);      /* the stop at or before an offset */
size_t layout_offset(const layout *laid, int line, int column); /* of the stop nearest to a place */
int editor_content_columns(const editor *pane);
/** Most fields are short and ASCII: these are known to fit one line without being laid out. */
bool editor_is_flat(const editor_row *row, int columns);
int editor_height(editor *pane, size_t row);
size_t editor_stop_after(editor *pane, const editor_row *row, size_t offset);
size_t editor_stop_before(editor *pane, const editor_row *row, size_t offset);
size_t editor_first_stop(const editor_row *row); /* the start of $$a's value (ED-33) */

/* pane_editor_grid.c */
void editor_draw_grid(editor *pane, const surface *on, bool focused);
void editor_fit(editor *pane, int rows);                 /* scrolls so that the cursor is seen */
bool editor_place(editor *pane, int *line, int *column); /* of the cursor in its field */

/* pane_editor_beside.c */
void editor_pair_leave(editor *pane);
int editor_gap_before(editor *pane, size_t row);   /* lines kept free for rows that only the other record has */
int editor_span(editor *pane, size_t row);         /* lines of a row with its gap */
void editor_pair_measure(editor *pane);            /* before drawing: how wide the other side is */
bool editor_scrolls_along(editor *pane, int rows); /* the pane without the focus; false: nothing is beside it */
void editor_pair_follow(editor *pane);
char editor_pair_sign(const editor *pane, size_t row); /* ' ', '!' differs, '+' only here */
/** For each byte of the row's content whether it differs; NULL: nothing does. Yours to free(). */
bool *editor_pair_marks(editor *pane, const editor_row *row, size_t index);
void editor_next_difference(editor *pane, int by);
void editor_copy_across(editor *pane, int to_side);
void editor_copy_subfield_across(editor *pane, int to_side);

/* pane_editor_settings.c */
void editor_settings_read(editor *pane);
const char *editor_delimiter(const editor *pane, int *columns);
bool editor_is_delimiter(const editor *pane, text letters); /* typed: it begins a subfield */
void editor_choose_delimiter(editor *pane);
void editor_toggle_sort_on_tag(editor *pane);

/* pane_edited.c */
void editor_edit_as_text(editor *pane);

/* pane_editor_find.c */
void editor_find(editor *pane);
void editor_find_again(editor *pane, int by);
void editor_replace(editor *pane);

/* pane_editor_strip.c */
void editor_draw_strip(editor *pane, const surface *on);
int editor_meaning_column(const surface *on); /* of the line between strip and meaning; 0: too narrow for both */
const marc_fixed_layout *editor_fixed_layout(const editor *pane, const editor_row *row);

/* pane_editor_cursor.c */
void editor_move_to(editor *pane, size_t row, editor_box box, size_t offset);
bool editor_move_key(editor *pane, const key *pressed);
void editor_next_box(editor *pane);
void editor_enter_content(editor *pane); /* behind the second indicator, or a control field's tag */
void editor_clamp(editor *pane);         /* after the record changed under the cursor */
void editor_commit_tag(editor *pane);
void editor_go_to(editor *pane, size_t row, char subfield, size_t offset);
void editor_note_place(editor *pane); /* before a save: the field under the cursor */
void editor_return_place(
    editor *pane); /* once the record has become another one: to that field, when the cursor was left there */
void editor_jump_digit(editor *pane, char digit);

/* pane_editor_typing.c */
bool editor_type(editor *pane, const key *pressed);
void editor_add_subfield(editor *pane);
void editor_say_computed(editor *pane, const editor_row *row, size_t offset); /* why that position cannot be typed over */
void editor_type_text(editor *pane, text letters);                            /* as if a key had sent them */

/* pane_editor_pairs.c: rows in the order they are shown, an 880 under its field */
void editor_linkage_begin(editor *pane);
void editor_linkage_release(editor *pane);
size_t editor_row_after(const editor *pane, size_t row);  /* SIZE_MAX: it is the last */
size_t editor_row_before(const editor *pane, size_t row); /* SIZE_MAX: it is the first */
size_t editor_row_place(const editor *pane, size_t row);
size_t editor_last_row(const editor *pane);
size_t editor_partner(const editor *pane, size_t row);    /* row of the other half; SIZE_MAX: it stands alone */
size_t editor_row_anchor(const editor *pane, size_t row); /* the field an 880 is shown under; else the row itself */
bool editor_is_under_latin(const editor *pane, size_t row);
/** Bytes of $6 behind the indicators that are not shown: 0 when it is. */
size_t editor_hidden_link(const editor *pane, size_t row, text content);

/* pane_editor_alternate.c: commands for the pair under the cursor */
void editor_add_alternate(editor *pane);
void editor_change_script(editor *pane);
void editor_link_fields(editor *pane);
void editor_unlink_fields(editor *pane);
void editor_flip_fields(editor *pane);
void editor_other_half(editor *pane);
void editor_show_links(editor *pane);
bool editor_asks_before_removing(editor *pane); /* one half of a pair: asks, and does it by the answer */
void editor_number_links(editor *pane);         /* before a save: each pair has its own number */

/* pane_editor_values.c */
const marc_field_definition *editor_definition(const editor *pane, const editor_row *row); /* of an 880: what it renders */
bool editor_values_here(const editor *pane, editor_values *out);
void editor_choose_value(editor *pane);
void editor_choose_value_from(editor *pane, text typed);                      /* the list narrowed so far already */
void editor_draw_offers(const editor *pane, const surface *on, int y, int x); /* beside the cursor, which is there */

void editor_look_for_used(editor *pane); /* after a letter: are values of other records to be offered? */

/* pane_editor_used.c */
void editor_used_wanted(editor *pane, const char *tag, char code, text typed);
bool editor_used_values(const editor *pane, const char *tag, char code, text typed, editor_values *out); /* false: none */
void editor_used_release(editor *pane);

/* pane_editor_help.c */
int editor_help_rows(const editor *pane, int pane_rows);
void editor_draw_help(const editor *pane, const surface *on);
void editor_turn_help(editor *pane);

/* pane_editor_characters.c */
void editor_compose(editor *pane);
void editor_insert_character(editor *pane);
void editor_describe_character(editor *pane);
bool editor_aid_cancel(editor *pane);                    /* true: something was half composed */
bool editor_aid_typed(editor *pane, const key *pressed); /* true: it was a part of what is composed */
/** A closing brace is typed: is there a name before it, and what does it stand for? Nothing, when a mark waits now. */
bool editor_named_character(editor *pane, const editor_row *row, size_t *from, buffer *character);
void editor_character_position(editor *pane, const editor_row *row, buffer *out);

/* pane_editor_paste.c */
void editor_paste_text(editor *pane, text pasted);

/* pane_editor_fields.c */
void editor_add_field(editor *pane);
void editor_insert_field(editor *pane);
void editor_undo(editor *pane);
void editor_redo(editor *pane);

/* pane_editor_marks.c */
bool editor_is_marked(const editor *pane, size_t row);
size_t editor_marked_count(const editor *pane);
void editor_marks_clear(editor *pane);
void editor_marks_release(editor *pane);
void editor_marks_set(editor *pane, size_t first, size_t count);
/** Indexes of the marked fields, else of the one under the cursor; yours to free(). NULL: the leader alone, or no memory. */
size_t *editor_chosen_fields(const editor *pane, size_t *count);
void editor_mark_field(editor *pane);
void editor_mark_tag(editor *pane);

/* pane_editor_block.c: each takes the marked fields, else the one under the cursor */
void editor_remove_field(editor *pane);
void editor_copy_field(editor *pane, bool cut);
void editor_paste_field(editor *pane);
void editor_move_field(editor *pane, int by);
void editor_sort_fields(editor *pane);
void editor_split_field(editor *pane);
void editor_join_fields(editor *pane);

/* pane_editor_subfields.c */
bool editor_subfield_here(const editor *pane, const editor_row *row, size_t *start, size_t *end); /* false: in none */
void editor_copy_subfield(editor *pane, bool cut);
void editor_remove_subfield(editor *pane);
void editor_paste_subfield(editor *pane, text subfield);
void editor_move_subfield(editor *pane, int by);
void editor_sort_subfields(editor *pane);

/* pane_editor_form.c */
void editor_form_open(editor *pane);
void editor_form_close(editor *pane);
void editor_draw_form(editor *pane, const surface *on); /* pane_editor_form_draw.c */
bool editor_form_type(editor *pane, const key *pressed);
void editor_relabelled(editor *pane); /* LDR/06 or /07 was changed (ED-45) */

/* pane_editor_alerts.c */
void editor_check(editor *pane);                             /* asked for: of all fields */
void editor_check_live(editor *pane);                        /* after a change: but for the field that is being made */
void editor_hold_alerts(editor *pane);                       /* of the field under the cursor, as long as the cursor is in it */
bool editor_alerts_are_due(editor *pane);                    /* the field that was being made has been left */
void editor_saved_by_rules(editor *pane, const char *lines); /* what the save changed by itself */
bool editor_check_is_due(const editor *pane);
int editor_check_wait_ms(const editor *pane); /* until it is due */
void editor_findings_release(editor_findings *findings);
void editor_alert_step(editor *pane, int by);
int editor_row_severity(const editor *pane, size_t row); /* -1 none */
int editor_alert_rows(int pane_rows);
void editor_alert_counts(const editor *pane, char *out, size_t capacity); /* "E0 W1 I0" */
void editor_draw_alerts(editor *pane, const surface *on);
void editor_draw_severity(const surface *on, int row, int column, marc_severity severity);
void editor_draw_finding(const surface *on, int row, const editor_finding *finding);

/* pane_editor_fix.c */
void editor_fix_alert(editor *pane);
/** "makes \"0\" \"2\"": what mending would do. @return false: nothing is known that would mend it */
bool editor_fix_sentence(const editor *pane, const editor_finding *finding, char *out, size_t capacity);

/* pane_editor_record.c */
void editor_save(editor *pane, bool release);
void editor_save_draft(editor *pane);
void editor_release_record(editor *pane);
void editor_find_matches(editor *pane);
void editor_why_match(editor *pane);
void editor_view_in_search(editor *pane);
void editor_duplicate(editor *pane);
void editor_duplicate_record(workstation *station, const marc_record *record); /* a new record with this content */
void editor_reload(editor *pane);
void editor_delete_record(editor *pane);
void editor_enhance(editor *pane);     /* pane_editor_enhance.c */
void editor_change_type(editor *pane); /* pane_editor_type.c */
void editor_keep_view(const editor *pane, buffer *out);
void editor_restore_view(editor *pane);

#endif
