/* src/tui/surface.h - a rectangle of cells to draw on, and the only door to curses.
 *
 * Panes draw on a surface that is lent to them for one drawing; what they draw is compared with what the terminal shows and
 * only changed cells are sent. Text of the program's own tables goes through surface_put; every other text (records, names,
 * messages of targets and of the system) through surface_data, which filters it (RL-150). */
#ifndef RECTO_TUI_SURFACE_H
#define RECTO_TUI_SURFACE_H

#include "recto/base/utf8.h"

/* Roles, never colours: a theme file gives each a look. The longest matching name wins, else its parent, else text. */
/* clang-format off */
#define SURFACE_ROLES(X) \
    X(TEXT, "text") X(TEXT_DIM, "text.dim") X(TEXT_PLACEHOLDER, "text.placeholder") X(BAR, "bar") \
    X(BAR_CURRENT, "bar.current") X(RULE, "rule") X(RULE_FOCUS, "rule.focus") X(TITLE, "title") \
    X(SELECTION, "selection") X(CURSOR_LINE, "cursor.line") X(LABEL, "label") X(INPUT, "input") \
    X(INPUT_PREFILLED, "input.prefilled") X(HINT_KEY, "hint.key") X(HINT_TEXT, "hint.text") X(HINT_OFF, "hint.off") \
    X(STATUS, "status") X(STATUS_ERROR, "status.error") X(FIELD_TAG, "field.tag") \
    X(FIELD_INDICATOR, "field.indicator") X(FIELD_CODE, "field.code") X(FIELD_TEXT, "field.text") \
    X(FIELD_FIXED, "field.fixed") X(FIELD_READ_ONLY, "field.readonly") X(MARK_NEW, "mark.new") \
    X(MARK_CHANGED, "mark.changed") X(MARK_LINKED, "mark.linked") X(ALERT_BLOCK, "alert.block") \
    X(ALERT_WARNING, "alert.warning") X(ALERT_INFO, "alert.info") X(FROM_EXISTING, "from.existing") \
    X(FROM_INCOMING, "from.incoming") X(FROM_BOTH, "from.both") X(FROM_COMBINED, "from.combined") \
    X(FROM_DROPPED, "from.dropped") X(DIFFERENT, "different") X(MENU, "menu") X(MENU_CURRENT, "menu.current") \
    X(DIALOG, "dialog") X(DIALOG_CURRENT, "dialog.current") \
    X(FAULT, "fault") X(FAULT_WARNING, "fault.warning") X(CODE_WORD, "code.word") X(CODE_TEXT, "code.text") \
    X(CODE_COMMENT, "code.comment")
/* clang-format on */
typedef enum role {
#define SURFACE_ROLE(name, text) ROLE_##name,
    SURFACE_ROLES(SURFACE_ROLE)
#undef SURFACE_ROLE
        ROLE_COUNT
} role;

struct screen;
typedef struct surface {
    struct screen *screen;
    int top, left, rows, columns; /* on the terminal */
} surface;

bool surface_utf8(const surface *area); /* may ═ ─ │ … be used? surface_rule and surface_data see to it themselves */
surface surface_part(const surface *area, int row, int column, int rows, int columns); /* clipped to area */
void surface_clear(const surface *area, role role);
void surface_fill(const surface *area, int row, int column, int columns, char ascii, role role);
/** The program's own text, UTF-8; box-drawing and signs become ASCII where the terminal lacks UTF-8. @return columns used */
int surface_put(const surface *area, int row, int column, role role, const char *text);
int surface_format(const surface *area, int row, int column, role role, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/** Data, filtered; cut at `columns` with an ellipsis in the last one when `ellipsis`. @return columns used */
int surface_data(const surface *area, int row, int column, int columns, role role, text data, bool ellipsis);
/** A rule over the whole row: `═> left ═══ right ══` when focused, `── left ─── right ──` otherwise; both texts are data. */
void surface_rule(const surface *area, int row, bool focused, const char *left, const char *right);
void surface_vertical_rule(const surface *area, int column);
/** Gives the cells of a row another role, keeping what stands there: the selection bar. */
void surface_paint(const surface *area, int row, int column, int columns, role role);
/** The row under the cursor of a list: its first columns in the look of a selection, and the terminal's cursor on it, so that
 *  the focus is found without colours and by a screen reader. Not the whole row: moving it would cost twice its length. */
void surface_mark_row(const surface *area, int row);
bool surface_hurries(const surface *area); /* keys come in quick succession: this drawing is not the last for them */
/** What is drawn into `area` only tells of what the cursor is on (`of` says what is told: one address each). While keys come in
 *  quick succession it may wait until they rest: the eye is on the cursor, and the line has less to carry.
 *  @return true: what stands there stays for now, and is not to be drawn */
bool surface_may_wait(const surface *area, const void *of);
/** The same of what is shown whether or not the cursor is on it: it stays only while it is `unchanged` since the last drawing. */
bool surface_may_stay(const surface *area, const void *of, bool unchanged);
/** The `>` of the cursor's row stands in this column of `area`, in ROLE_CURSOR_LINE; it may wait in the same way. */
void surface_marks(const surface *area, int column);
void surface_cursor(const surface *area, int row, int column); /* where the terminal's cursor is to stand; last call wins */

#endif
