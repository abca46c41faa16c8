/* src/tui/record_lines.h - a MARC record as display lines: tag, indicators, wrapped content, each in its columns.
 *
 * Shared by every pane that shows MARC to be read: record view, search preview, external view, match view, merge preview. A
 * layout is a cache of what a draw needs, made for a width; it owns its text, so the record may go while it lives. */
#ifndef RECTO_TUI_RECORD_LINES_H
#define RECTO_TUI_RECORD_LINES_H

#include "command.h"
#include "surface.h"

/* From the tag's first column: tag 3, blank, indicator, blank, indicator, blank, content. */
enum { RECORD_TAG_COLUMNS = 3, RECORD_FIRST_INDICATOR = 4, RECORD_SECOND_INDICATOR = 6, RECORD_CONTENT = 8 };
#define RECORD_LEADER_INDEX SIZE_MAX

typedef struct record_line {
    size_t field;         /* index in the record; RECORD_LEADER_INDEX for the leader */
    size_t start, length; /* of its part of the content, in `text` */
    char tag[MARC_TAG_LENGTH + 1];
    char indicators[2]; /* '#' for blank; NULs for a control field */
    bool first;         /* this line carries the tag */
} record_line;

typedef struct record_lines {
    buffer text;
    record_line *lines;
    size_t count, capacity;
    bool failed; /* no memory: some lines are missing, and the view says so */
} record_lines;

void record_lines_init(record_lines *lines);
void record_lines_release(record_lines *lines);
void record_lines_clear(record_lines *lines);
/** The whole record, leader first, wrapped to `columns` of content (at least 1). */
void record_lines_layout(record_lines *lines, const marc_record *record, int columns, bool utf8);
/** One field, or the leader (tag "LDR"), appended; at most `most` lines (0: all of them). */
void record_lines_add(record_lines *lines, const char *tag, text content, size_t field, int columns, bool utf8, size_t most);
/** Draws one line with its tag at `column`; `columns` from there are its own. Cut lines end in an ellipsis. */
void record_lines_draw(const record_lines *lines, size_t index, const surface *area, int row, int column, int columns, role tags,
                       role content);

/** The content of a field as it is read on the screen, "$$a Title / $$c Author", blanks of control fields as '#'. Appends. */
void record_content(buffer *out, const char *tag, text content);
/** Draws such content in one row, subfield codes in their role. @return columns used */
int record_content_draw(const surface *area, int row, int column, int columns, role look, text content, bool ellipsis);

/* A record to be read and scrolled: what View means in every list. */
typedef struct record_view {
    marc_record *record; /* owned; NULL: nothing to show */
    record_lines lines;
    int laid_out_for; /* columns; 0: not yet */
    bool laid_out_utf8;
    size_t top, rows; /* first line shown; lines that fit, as last drawn */
} record_view;

void record_view_init(record_view *view);
void record_view_release(record_view *view);
/** Takes the record (may be NULL) and goes to its top. */
void record_view_set(record_view *view, marc_record *record);
void record_view_draw(record_view *view, const surface *area, int first_row, int rows);
/** list.up, list.down, list.page_up, list.page_down, list.home, list.end. @return true: used */
bool record_view_run(record_view *view, const char *command);

#endif
