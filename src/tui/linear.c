/* src/tui/linear.c - what is said of a screen, and how one line is changed in place (linear.h).
 *
 * Nothing here knows a pane: linear_line.c takes lines from the screen, and they are compared with what was said before. */
#include "linear_line.h"

#include <stdlib.h>
#include <string.h>

enum { SAID_ROWS_MAX = 12 };

struct linear {
    line shown, now; /* what stands on the terminal's last line; room for the next */
    line whole;      /* the line of which `shown` is the part that fits */
    int first;       /* its first cell in `shown` */
    int at;          /* the cell of `shown` where the terminal's cursor is */
    bool on_line;    /* the terminal's cursor is on `shown` */
    int row;
    const void *over;
    buffer heading, status, marked;
};

linear *linear_new(void)
{
    linear *made = calloc(1, sizeof *made);
    if (made == NULL)
        return NULL;
    buffer_init(&made->heading, 64 * 1024);
    buffer_init(&made->status, 64 * 1024);
    buffer_init(&made->marked, 64 * 1024);
    return made;
}

void linear_free(linear *linear)
{
    if (linear == NULL)
        return;
    buffer_release(&linear->heading);
    buffer_release(&linear->status);
    buffer_release(&linear->marked);
    free(linear);
}

/* ---- saying ------------------------------------------------------------------------------------------------------ */

static void leave_line(linear *linear, buffer *out)
{
    if (linear->on_line)
        buffer_append_string(out, "\r\n");
    linear->on_line = false;
}

static int line_columns(const line *line, int first, int last)
{
    int columns = 0;
    for (int i = first; i < last; i++)
        columns += line->cells[i].width;
    return columns;
}

/* Columns up to the next blank. */
static int word_columns(text said)
{
    size_t length = 0;
    while (length < said.length && said.bytes[length] != ' ')
        length++;
    return display_width(text_of(said.bytes, length), true);
}

/* As many lines as it needs, each at most as wide as the terminal. */
static void say_line(linear *linear, buffer *out, const line *said, int columns)
{
    int used = 0;
    leave_line(linear, out);
    for (int i = 0; i < said->count; i++) {
        if (used + said->cells[i].width >= columns) {
            buffer_append_string(out, "\r\n");
            used = 0;
        }
        linear_write_cell(out, &said->cells[i]);
        used += said->cells[i].width;
    }
    buffer_append_string(out, "\r\n");
}

void linear_say(linear *linear, buffer *out, text said, int columns)
{
    int used = 0;
    leave_line(linear, out);
    while (said.length > 0) {
        display_unit unit;
        display_next(&unit, said.bytes, said.length, true);
        bool wraps = said.bytes[0] == ' ' && used + 1 + word_columns(text_of(said.bytes + 1, said.length - 1)) >= columns;
        if (wraps) {
            said = text_of(said.bytes + 1, said.length - 1);
            display_next(&unit, said.bytes, said.length, true);
        }
        if (wraps || used + unit.width >= columns) {
            buffer_append_string(out, "\r\n");
            used = 0;
        }
        buffer_append_string(out, unit.shown);
        used += unit.width;
        said = text_of(said.bytes + unit.bytes, said.length - unit.bytes);
    }
    buffer_append_string(out, "\r\n");
}

/* What a title is about, without what changes as one works: badges, versions, counts stand behind a gap. */
static text subject_of(text title)
{
    for (size_t i = 0; i + 1 < title.length; i++)
        if (title.bytes[i] == ' ' && title.bytes[i + 1] == ' ')
            return text_of(title.bytes, i);
    return title;
}

/* Says a row when it is not what was said of it last. @return true: it was said
 * @param subject  only when what it is about is another */
static bool say_when_new(linear *linear, buffer *out, buffer *last, const screen *screen, int row, int columns, bool subject)
{
    buffer text;
    buffer_init(&text, 64 * 1024);
    if (row >= 0) {
        linear_take(&linear->now, screen, row, -1);
        linear_write(&text, &linear->now);
    }
    bool changed = subject ? !text_equal(subject_of(buffer_text(&text)), subject_of(buffer_text(last)))
                           : !text_equal(buffer_text(&text), buffer_text(last));
    buffer_clear(last);
    buffer_append_text(last, buffer_text(&text));
    if (changed && text.length > 0)
        say_line(linear, out, &linear->now, columns);
    changed = changed && text.length > 0;
    buffer_release(&text);
    return changed;
}

static int rows_with_text(const screen *screen)
{
    int rows = 0;
    for (int row = 0; row < screen->rows; row++)
        rows += linear_last_column(screen, row, 0) > 0;
    return rows;
}

static void say_rows(linear *linear, buffer *out, const linear_view *view, int end)
{
    for (int row = 0; row < end; row++) {
        linear_take(&linear->now, view->screen, row, -1);
        if (linear->now.count > 0)
            say_line(linear, out, &linear->now, view->columns);
    }
}

void linear_read(linear *linear, buffer *out, const linear_view *view)
{
    leave_line(linear, out);
    say_rows(linear, out, view, view->screen->rows);
}

void linear_forget(linear *linear)
{
    buffer_clear(&linear->heading);
    linear->row = -1;
}

/* ---- the line with the focus --------------------------------------------------------------------------------------- */

/* Is the cursor in the part that is shown from `first` on? */
static bool is_in_view(const line *line, int first, int columns)
{
    return line->cursor >= first && line_columns(line, first, line->cursor) < columns - 1;
}

/* Where the part to be shown begins when the cursor has left it: with the word there, as a line that is wrapped. */
static int view_for(const line *line, int columns)
{
    int first = line->cursor < 0 ? 0 : line->cursor;
    if (is_in_view(line, 0, columns))
        return 0;
    while (first > 0 && !linear_is_blank(&line->cells[first - 1]) && line->cursor - first < columns / 2)
        first--;
    return first;
}

/* Of a line wider than the terminal, the part from `first` on. */
static void cut_to_view(line *line, int first, int columns)
{
    int cursor = line->cursor < 0 ? 0 : line->cursor, last;
    for (last = first; last < line->count && line_columns(line, first, last + 1) < columns; last++)
        ;
    memmove(line->cells, line->cells + first, (size_t)(last - first) * sizeof(cell));
    line->count = last - first;
    line->cursor = cursor - first;
    line->marks = line->marks > first ? line->marks - first : 0;
}

static void step_back(buffer *out, const line *line, int from, int to)
{
    for (int columns = line_columns(line, to, from); columns > 0; columns--)
        buffer_append_char(out, '\b');
}

/* Only the cells from `front` to `at` are new, `by` columns more than what stood there: what is behind is pushed or pulled by the
 * terminal, and not sent. */
static void shift(linear *linear, buffer *out, int front, int at, int by)
{
    const line *old = &linear->shown, *now = &linear->now;
    step_back(out, old, linear->at, front < linear->at ? front : linear->at);
    for (int i = front < linear->at ? front : linear->at; i < front; i++)
        linear_write_cell(out, &now->cells[i]);
    if (by > 0)
        buffer_append_format(out, "\033[%d@", by);
    for (int i = front; i < at; i++)
        linear_write_cell(out, &now->cells[i]);
    if (by < 0)
        buffer_append_format(out, "\033[%dP", -by);
    step_back(out, now, at, now->cursor < at ? now->cursor : at);
    for (int i = at; i < now->cursor; i++)
        linear_write_cell(out, &now->cells[i]);
    linear->at = now->cursor;
}

static int same_at_end(const line *old, const line *now, int front)
{
    int back = 0, shorter = old->count < now->count ? old->count : now->count;
    while (back < shorter - front &&
           memcmp(&old->cells[old->count - 1 - back], &now->cells[now->count - 1 - back], sizeof(cell)) == 0)
        back++;
    return back;
}

/* How many cells came in where the two begin to differ, when the end of a line wider than the view was pushed out of it. 0: other
 */
static int pushed_in(const line *old, const line *now, int front)
{
    enum { TYPED_MOST = 8 };
    for (int added = 1; added <= TYPED_MOST && front + added < now->count; added++) {
        const int kept = now->count - front - added;
        if (kept <= old->count - front && old->count - front - kept <= added &&
            memcmp(&old->cells[front], &now->cells[front + added], (size_t)kept * sizeof(cell)) == 0)
            return added;
    }
    return 0;
}

/* Writes what differs over what stands there, and puts the cursor where it belongs. */
static void amend(linear *linear, buffer *out, bool shifts)
{
    const line *old = &linear->shown, *now = &linear->now;
    int same = 0, old_columns = line_columns(old, 0, old->count), columns = line_columns(now, 0, now->count);
    while (same < old->count && same < now->count && memcmp(&old->cells[same], &now->cells[same], sizeof(cell)) == 0)
        same++;
    bool equal = same == old->count && same == now->count;
    const bool clipped = linear->first + now->count < linear->whole.count; /* what is pushed out of it is not seen */
    const int back = equal ? 0 : same_at_end(old, now, same), added = clipped && !equal && shifts ? pushed_in(old, now, same) : 0;
    const int by = line_columns(now, same, now->count - back) - line_columns(old, same, old->count - back);
    if (back > 0 && (shifts || by == 0)) {
        shift(linear, out, same, now->count - back, by);
        return;
    }
    if (added > 0) {
        shift(linear, out, same, same + added, line_columns(now, same, same + added));
        return;
    }
    int from = equal && now->cursor < same ? now->cursor : same;
    step_back(out, old, linear->at, from < linear->at ? from : linear->at);
    for (int i = from < linear->at ? from : linear->at; i < (equal ? now->cursor : now->count); i++)
        linear_write_cell(out, &now->cells[i]);
    int at = equal ? now->cursor : now->count;
    for (int i = columns; i < old_columns && !equal; i++)
        buffer_append_char(out, ' ');
    for (int i = columns; i < old_columns && !equal; i++)
        buffer_append_char(out, '\b');
    step_back(out, now, at, now->cursor < at ? now->cursor : at);
    linear->at = now->cursor;
}

/* Is it the same line, changed by typing? Else it is another one and is said as such. */
static bool is_same_line(const linear *linear, int row)
{
    const line *old = &linear->whole, *now = &linear->now;
    int front = 0, back = 0, shorter = old->count < now->count ? old->count : now->count;
    if (!linear->on_line || row != linear->row)
        return false;
    while (front < shorter && memcmp(&old->cells[front], &now->cells[front], sizeof(cell)) == 0)
        front++;
    while (back < shorter - front &&
           memcmp(&old->cells[old->count - 1 - back], &now->cells[now->count - 1 - back], sizeof(cell)) == 0)
        back++;
    int longer = old->count > now->count ? old->count : now->count;
    return longer < 8 || (front + back) * 2 >= longer || front + back + 1 >= shorter;
}

/* While one types in a line its marks stay as they were heard: the first letter does not say the line again. */
static void keep_marks(line *now, const line *shown)
{
    const int by = shown->marks - now->marks;
    if (now->count + by > SCREEN_COLUMNS_MAX || now->cursor < now->marks)
        return;
    memmove(now->cells + shown->marks, now->cells + now->marks, (size_t)(now->count - now->marks) * sizeof(cell));
    memcpy(now->cells, shown->cells, (size_t)shown->marks * sizeof(cell));
    now->count += by;
    now->cursor += by;
    now->marks = shown->marks;
}

/* The part with the cursor becomes the terminal's last line. */
static void show_part(linear *linear, buffer *out, int columns)
{
    line *now = &linear->now;
    leave_line(linear, out);
    linear->first = view_for(now, columns);
    cut_to_view(now, linear->first, columns);
    linear_write(out, now);
    step_back(out, now, now->count, now->cursor < now->count ? now->cursor : now->count);
    linear->at = now->cursor < now->count ? now->cursor : now->count;
    linear->on_line = true;
}

/* Another line: when it is wider than the terminal it is said in full, and its part with the cursor is worked on. */
static void begin_line(linear *linear, buffer *out, int columns)
{
    linear->whole = linear->now;
    if (line_columns(&linear->whole, 0, linear->whole.count) >= columns)
        say_line(linear, out, &linear->whole, columns);
    show_part(linear, out, columns);
}

/* The same line, typed or walked in. */
static void go_on(linear *linear, buffer *out, const linear_view *view)
{
    linear->whole = linear->now;
    if (!is_in_view(&linear->now, linear->first, view->columns)) {
        show_part(linear, out, view->columns);
        return;
    }
    cut_to_view(&linear->now, linear->first, view->columns);
    amend(linear, out, view->shifts);
}

static bool say_status(linear *linear, buffer *out, const linear_view *view)
{
    text status = text_from(view->status);
    if (text_equal(status, buffer_text(&linear->status)))
        return false;
    buffer_clear(&linear->status);
    buffer_append_text(&linear->status, status);
    if (status.length > 0)
        linear_say(linear, out, status, view->columns);
    return status.length > 0;
}

/* Where the rows of a box end: before the row with the focus when that is the last of them, since it is said next. */
static int end_of_box(const screen *screen, int row)
{
    for (int below = row + 1; row >= 0 && below < screen->rows; below++)
        if (linear_last_column(screen, below, 0) > 0)
            return screen->rows;
    return row >= 0 ? row : screen->rows;
}

/* The message of F7 says the alert that is then marked in its list: once is enough. */
static bool is_in_status(linear *linear, const linear_view *view, int row)
{
    enum { LETTER = 2 }; /* "W " */
    buffer text;
    if (row < 0 || view->status[0] == '\0')
        return false;
    buffer_init(&text, 64 * 1024);
    linear_take(&linear->now, view->screen, row, -1);
    linear_write(&text, &linear->now);
    bool found = text.length > LETTER && strstr(view->status, buffer_string(&text) + LETTER) != NULL;
    if (found) {
        buffer_clear(&linear->marked);
        buffer_append_text(&linear->marked, buffer_text(&text));
    }
    buffer_release(&text);
    return found;
}

static bool say_surroundings(linear *linear, buffer *out, const linear_view *view, int row)
{
    const screen *screen = view->screen;
    bool said = false, opened = view->over != NULL && view->over != linear->over;
    linear->over = view->over;
    if (opened && rows_with_text(screen) <= SAID_ROWS_MAX) {
        leave_line(linear, out);
        say_rows(linear, out, view, end_of_box(screen, row));
        said = true;
        buffer_clear(&linear->heading);
        if (linear_heading_row(screen, row, true) >= 0) {
            linear_take(&linear->now, screen, linear_heading_row(screen, row, true), -1);
            linear_write(&linear->heading, &linear->now);
        }
    } else {
        said = say_when_new(linear, out, &linear->heading, screen, linear_heading_row(screen, row, view->over != NULL),
                            view->columns, view->over == NULL);
        if (opened && view->hint != NULL)
            linear_say(linear, out, text_from(view->hint), view->columns);
    }
    said |= say_status(linear, out, view);
    const int marked = screen->cursor_row >= 0 ? linear_marked_row(screen, view->over != NULL) : -1;
    if (!is_in_status(linear, view, marked))
        said |= say_when_new(linear, out, &linear->marked, screen, marked, view->columns, false);
    return said;
}

void linear_tell(linear *linear, buffer *out, const linear_view *view)
{
    const screen *screen = view->screen;
    int row = screen->cursor_row >= 0 ? screen->cursor_row : linear_marked_row(screen, view->over != NULL);
    bool said = say_surroundings(linear, out, view, row);
    if (row < 0) {
        leave_line(linear, out);
        return;
    }
    const int cursor = screen->cursor_row >= 0 ? screen->cursor_column : 0;
    linear_take(&linear->now, screen, row, cursor);
    if (!said && row == linear->row)
        keep_marks(&linear->now, &linear->whole);
    if (!said && is_same_line(linear, row)) {
        go_on(linear, out, view);
    } else {
        linear_take(&linear->now, screen, row, cursor);
        begin_line(linear, out, view->columns);
    }
    linear->shown = linear->now;
    linear->row = row;
}
