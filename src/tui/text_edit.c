/* src/tui/text_edit.c - see text_edit.h. Rule files are small: lines are found by looking for their ends. */
#include "text_edit.h"

#include "recto/base/utf8.h"

#include <stdlib.h>
#include <string.h>

void text_edit_init(text_edit *edit, size_t limit_bytes)
{
    *edit = (text_edit){ .goal = SIZE_MAX, .settled = true };
    buffer_init(&edit->text, limit_bytes);
}

static void drop_changes(text_edit *edit, size_t from)
{
    for (size_t i = from; i < edit->changes_made; i++)
        free(edit->changes[i].bytes);
    edit->changes_made = from;
    if (edit->change_count > from)
        edit->change_count = from;
}

void text_edit_release(text_edit *edit)
{
    drop_changes(edit, 0);
    free(edit->changes);
    buffer_release(&edit->text);
    *edit = (text_edit){ .goal = SIZE_MAX };
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

static text all(const text_edit *edit)
{
    return edit->text.bytes == NULL ? TEXT("") : buffer_text(&edit->text);
}

size_t text_edit_lines(const text_edit *edit)
{
    text whole = all(edit);
    size_t lines = 1;
    for (size_t i = 0; i < whole.length; i++)
        lines += whole.bytes[i] == '\n';
    return lines;
}

size_t text_edit_line_start(const text_edit *edit, size_t line)
{
    text whole = all(edit);
    size_t at = 0;
    while (line > 0 && at < whole.length) {
        const char *end = memchr(whole.bytes + at, '\n', whole.length - at);
        if (end == NULL)
            return whole.length;
        at = (size_t)(end - whole.bytes) + 1;
        line--;
    }
    return at;
}

static size_t line_end(const text_edit *edit, size_t start)
{
    text whole = all(edit);
    const char *end = start < whole.length ? memchr(whole.bytes + start, '\n', whole.length - start) : NULL;
    return end == NULL ? whole.length : (size_t)(end - whole.bytes);
}

text text_edit_line(const text_edit *edit, size_t line)
{
    size_t start = text_edit_line_start(edit, line);
    return text_of(all(edit).bytes + start, line_end(edit, start) - start);
}

static size_t start_of_line(const text_edit *edit, size_t at)
{
    while (at > 0 && edit->text.bytes[at - 1] != '\n')
        at--;
    return at;
}

void text_edit_place(const text_edit *edit, size_t *line, size_t *offset)
{
    *line = 0;
    for (size_t i = 0; i < edit->cursor; i++)
        *line += edit->text.bytes[i] == '\n';
    *offset = edit->cursor - start_of_line(edit, edit->cursor);
}

void text_edit_go_to(text_edit *edit, int line, int column)
{
    size_t start = text_edit_line_start(edit, line > 0 ? (size_t)line - 1 : 0), end = line_end(edit, start);
    edit->cursor = start;
    for (int i = 1; i < column && edit->cursor < end; i++) {
        int32_t code;
        edit->cursor += utf8_decode(edit->text.bytes + edit->cursor, end - edit->cursor, &code);
    }
    edit->goal = SIZE_MAX;
    edit->settled = true;
}

/* ---- changes ----------------------------------------------------------------------------------------------------- */

static bool splice(text_edit *edit, size_t at, size_t removed, text added)
{
    buffer *whole = &edit->text;
    size_t length = whole->length - removed + added.length;
    if (whole->limit > 0 && length > whole->limit)
        return false;
    if (added.length > removed && buffer_reserve(whole, added.length - removed) == NULL) {
        whole->failed = false;
        return false;
    }
    if (whole->bytes == NULL)
        return true;
    memmove(whole->bytes + at + added.length, whole->bytes + at + removed, whole->length - at - removed);
    if (added.length > 0)
        memcpy(whole->bytes + at, added.bytes, added.length);
    whole->length = length;
    whole->bytes[length] = '\0';
    edit->revision++;
    return true;
}

static text_change *room_for_change(text_edit *edit)
{
    if (edit->change_count == edit->change_capacity) {
        size_t capacity = edit->change_capacity == 0 ? 64 : edit->change_capacity * 2;
        text_change *grown = realloc(edit->changes, capacity * sizeof *grown);
        if (grown == NULL)
            return NULL;
        edit->changes = grown;
        edit->change_capacity = capacity;
    }
    return &edit->changes[edit->change_count];
}

/* A letter behind the one before it belongs to the same step. */
static bool join_typed(text_edit *edit, size_t at, text added)
{
    if (edit->settled || edit->change_count == 0 || edit->change_count == edit->saved_at)
        return false;
    text_change *last = &edit->changes[edit->change_count - 1];
    if (!last->typed || last->at + last->added != at)
        return false;
    char *bytes = realloc(last->bytes, last->removed + last->added + added.length + 1);
    if (bytes == NULL)
        return false;
    memcpy(bytes + last->removed + last->added, added.bytes, added.length);
    last->bytes = bytes;
    last->added += added.length;
    return true;
}

static bool note_change(text_edit *edit, size_t at, size_t removed, text added, bool typed)
{
    text_change *made = room_for_change(edit);
    char *bytes = made == NULL ? NULL : malloc(removed + added.length + 1);
    if (bytes == NULL)
        return false;
    if (removed > 0)
        memcpy(bytes, edit->text.bytes + at, removed);
    if (added.length > 0)
        memcpy(bytes + removed, added.bytes, added.length);
    *made = (text_change){ .bytes = bytes, .at = at, .removed = removed, .added = added.length, .typed = typed };
    edit->changes_made = ++edit->change_count;
    return true;
}

static bool change(text_edit *edit, size_t at, size_t removed, text added, bool typed)
{
    if (removed == 0 && added.length == 0)
        return true;
    if (edit->saved_at != SIZE_MAX && edit->saved_at > edit->change_count)
        edit->saved_at = SIZE_MAX;
    drop_changes(edit, edit->change_count);
    bool joined = typed && removed == 0 && join_typed(edit, at, added);
    if (!joined && !note_change(edit, at, removed, added, typed))
        return false;
    if (!splice(edit, at, removed, added)) {
        if (joined)
            edit->changes[edit->change_count - 1].added -= added.length;
        else
            drop_changes(edit, edit->change_count - 1);
        return false;
    }
    edit->cursor = at + added.length;
    edit->goal = SIZE_MAX;
    edit->settled = !typed;
    return true;
}

bool text_edit_replace(text_edit *edit, size_t at, size_t removed, text added)
{
    return change(edit, at, removed, added, false);
}

/* Line ends of other systems become LF; NULs, which no rule can hold, become blanks. Yours to free. */
static char *with_own_line_ends(text content, size_t *length)
{
    char *out = malloc(content.length + 1);
    *length = 0;
    for (size_t i = 0; out != NULL && i < content.length; i++) {
        char byte = content.bytes[i];
        if (byte == '\r' && i + 1 < content.length && content.bytes[i + 1] == '\n')
            continue;
        out[(*length)++] = byte == '\r' ? '\n' : byte == '\0' ? ' ' : byte;
    }
    return out;
}

bool text_edit_set(text_edit *edit, text content)
{
    size_t length;
    char *own = with_own_line_ends(content, &length);
    bool done = own != NULL && splice(edit, 0, edit->text.length, text_of(own, length));
    free(own);
    if (!done)
        return false;
    drop_changes(edit, 0);
    edit->cursor = edit->saved_at = 0;
    edit->goal = SIZE_MAX;
    edit->settled = true;
    return true;
}

bool text_edit_become(text_edit *edit, text content)
{
    size_t length, cursor = edit->cursor;
    char *own = with_own_line_ends(content, &length);
    bool done = own != NULL && change(edit, 0, edit->text.length, text_of(own, length), false);
    free(own);
    if (done)
        edit->cursor = start_of_line(edit, cursor < edit->text.length ? cursor : edit->text.length);
    return done;
}

bool text_edit_paste(text_edit *edit, text pasted)
{
    size_t length;
    char *own = with_own_line_ends(pasted, &length);
    bool done = own != NULL && change(edit, edit->cursor, 0, text_of(own, length), false);
    free(own);
    return done;
}

static void move_to_change(text_edit *edit, size_t at)
{
    edit->cursor = at;
    edit->goal = SIZE_MAX;
    edit->settled = true;
}

bool text_edit_undo(text_edit *edit)
{
    if (edit->change_count == 0)
        return false;
    const text_change *last = &edit->changes[edit->change_count - 1];
    if (!splice(edit, last->at, last->added, text_of(last->bytes, last->removed)))
        return false;
    edit->change_count--;
    move_to_change(edit, last->at + last->removed);
    return true;
}

bool text_edit_redo(text_edit *edit)
{
    if (edit->change_count == edit->changes_made)
        return false;
    const text_change *next = &edit->changes[edit->change_count];
    if (!splice(edit, next->at, next->removed, text_of(next->bytes + next->removed, next->added)))
        return false;
    edit->change_count++;
    move_to_change(edit, next->at + next->added);
    return true;
}

bool text_edit_changed(const text_edit *edit)
{
    return edit->saved_at != edit->change_count;
}

void text_edit_mark_saved(text_edit *edit)
{
    edit->saved_at = edit->change_count;
    edit->settled = true;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

static size_t before(const text_edit *edit)
{
    return edit->cursor == 0 ? 0 : edit->cursor - utf8_grapheme_before(all(edit), edit->cursor);
}

static size_t behind(const text_edit *edit)
{
    return edit->cursor >= edit->text.length ? 0
                                             : utf8_grapheme(edit->text.bytes + edit->cursor, edit->text.length - edit->cursor);
}

static size_t graphemes(text part)
{
    size_t count = 0;
    for (size_t at = 0; at < part.length; count++)
        at += utf8_grapheme(part.bytes + at, part.length - at);
    return count;
}

/* To the line `by` lines away, as near to the column aimed at as it reaches. */
static void move_lines(text_edit *edit, size_t by, bool down)
{
    size_t start = start_of_line(edit, edit->cursor), line, offset, last = text_edit_lines(edit) - 1;
    text_edit_place(edit, &line, &offset);
    if (edit->goal == SIZE_MAX)
        edit->goal = graphemes(text_of(all(edit).bytes + start, offset));
    line = down ? (line + by < last ? line + by : last) : (line > by ? line - by : 0);
    start = text_edit_line_start(edit, line);
    size_t end = line_end(edit, start), at = start;
    for (size_t i = 0; i < edit->goal && at < end; i++)
        at += utf8_grapheme(edit->text.bytes + at, end - at);
    edit->cursor = at;
}

static bool move_key(text_edit *edit, key_name name, size_t rows)
{
    size_t page = rows > 2 ? rows - 1 : 1;
    switch (name) {
    case KEY_NAME_LEFT:
        edit->cursor -= before(edit);
        break;
    case KEY_NAME_RIGHT:
        edit->cursor += behind(edit);
        break;
    case KEY_NAME_HOME:
        edit->cursor = start_of_line(edit, edit->cursor);
        break;
    case KEY_NAME_END:
        edit->cursor = line_end(edit, edit->cursor);
        break;
    case KEY_NAME_UP:
    case KEY_NAME_DOWN:
        move_lines(edit, 1, name == KEY_NAME_DOWN);
        edit->settled = true;
        return true;
    case KEY_NAME_PAGE_UP:
    case KEY_NAME_PAGE_DOWN:
        move_lines(edit, page, name == KEY_NAME_PAGE_DOWN);
        edit->settled = true;
        return true;
    default:
        return false;
    }
    edit->goal = SIZE_MAX;
    edit->settled = true;
    return true;
}

static void new_line(text_edit *edit)
{
    size_t start = start_of_line(edit, edit->cursor), blanks = 0;
    bool at_end = edit->cursor == line_end(edit, edit->cursor); /* what is broken off keeps its own beginning */
    char added[80] = "\n";
    while (at_end && start + blanks < edit->cursor && edit->text.bytes[start + blanks] == ' ' && blanks + 2 < sizeof added)
        blanks++;
    memset(added + 1, ' ', blanks);
    change(edit, edit->cursor, 0, text_of(added, blanks + 1), false);
}

bool text_edit_typed(text_edit *edit, const key *key, size_t rows)
{
    if (key->ctrl || key->alt)
        return false;
    switch (key->name) {
    case KEY_IS_TEXT:
        change(edit, edit->cursor, 0, text_from(key->text), true);
        return true;
    case KEY_NAME_ENTER:
        new_line(edit);
        return true;
    case KEY_NAME_TAB:
        change(edit, edit->cursor, 0, TEXT("  "), true);
        return true;
    case KEY_NAME_BACKSPACE: {
        size_t removed = before(edit);
        change(edit, edit->cursor - removed, removed, TEXT(""), false);
        return true;
    }
    case KEY_NAME_DELETE: {
        size_t at = edit->cursor;
        change(edit, at, behind(edit), TEXT(""), false);
        return true;
    }
    default:
        return move_key(edit, key->name, rows);
    }
}
