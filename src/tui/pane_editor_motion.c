/* src/tui/pane_editor_motion.c - moving and small changes of text as commands, for keymaps that bind letters to them (vi, emacs).
 *
 * What an arrow or Delete does is done by the same function; here are only names for it, words, and the text that was cut. In a
 * modal keymap a record is opened with the letters as commands; what begins typing (i, a, o) says so, Esc ends it. */
#include "editor.h"

#include <stdio.h>
#include <string.h>

/* ---- words ------------------------------------------------------------------------------------------------------- */

/* Is there a blank, a delimiter or the end at this stop? A word ends before it. */
static bool is_gap(const editor_row *row, size_t offset)
{
    return offset >= row->content.length || row->content.bytes[offset] == ' ' ||
           row->content.bytes[offset] == MARC_SUBFIELD_DELIMITER;
}

static bool is_code(const editor_row *row, size_t offset)
{
    return !row->control && offset > row->start && row->content.bytes[offset - 1] == MARC_SUBFIELD_DELIMITER;
}

static bool begins_word(const editor_row *row, size_t offset)
{
    return !is_gap(row, offset) && !is_code(row, offset) &&
           (offset == row->start || is_gap(row, offset - 1) || is_code(row, offset - 1));
}

/* The next stop in this field where a word begins; the end of the field when there is none. */
static size_t next_word(editor *pane, const editor_row *row, size_t offset)
{
    for (;;) {
        size_t after = editor_stop_after(pane, row, offset);
        if (after == offset || begins_word(row, after))
            return after;
        offset = after;
    }
}

static size_t word_end(editor *pane, const editor_row *row, size_t offset)
{
    for (size_t after = editor_stop_after(pane, row, offset); after != offset; after = editor_stop_after(pane, row, offset)) {
        size_t further = editor_stop_after(pane, row, after);
        offset = after;
        if (!is_gap(row, offset) && !is_code(row, offset) && (further == offset || is_gap(row, further)))
            break;
    }
    return offset;
}

static size_t previous_word(editor *pane, const editor_row *row, size_t offset)
{
    for (size_t before = editor_stop_before(pane, row, offset); before != SIZE_MAX;
         before = editor_stop_before(pane, row, before))
        if (begins_word(row, before))
            return before;
    return SIZE_MAX;
}

static void go_next_word(editor *pane, const char *argument)
{
    editor_row row;
    (void)argument;
    if (!editor_row_get(pane, pane->row, &row))
        return;
    if (pane->box != BOX_CONTENT)
        editor_enter_content(pane);
    else if (pane->offset < row.content.length)
        editor_move_to(pane, pane->row, BOX_CONTENT, next_word(pane, &row, pane->offset));
    else if (pane->row + 1 < editor_rows(pane)) {
        editor_move_to(pane, pane->row + 1, BOX_CONTENT, 0);
        editor_enter_content(pane);
    }
}

static void go_word_end(editor *pane, const char *argument)
{
    editor_row row;
    if (!editor_row_get(pane, pane->row, &row))
        return;
    if (pane->box == BOX_CONTENT && pane->offset < row.content.length)
        editor_move_to(pane, pane->row, BOX_CONTENT, word_end(pane, &row, pane->offset));
    else
        go_next_word(pane, argument);
}

static void go_previous_word(editor *pane, const char *argument)
{
    static const key left = { .name = KEY_NAME_LEFT };
    editor_row row;
    (void)argument;
    if (!editor_row_get(pane, pane->row, &row))
        return;
    size_t before = pane->box == BOX_CONTENT ? previous_word(pane, &row, pane->offset) : SIZE_MAX;
    if (before != SIZE_MAX)
        editor_move_to(pane, pane->row, BOX_CONTENT, before);
    else
        editor_move_key(pane, &left);
}

/* ---- fields ------------------------------------------------------------------------------------------------------ */

static void go_first(editor *pane, const char *argument)
{
    (void)argument;
    editor_move_to(pane, 0, BOX_CONTENT, 0);
}

/* The last field; with a number, the first field of that tag or behind: 245G, :245. */
static void go_last(editor *pane, const char *argument)
{
    int64_t number = 0;
    char wanted[MARC_TAG_LENGTH + 1];
    editor_row row;
    size_t at = editor_last_row(pane); /* as shown: an 880 stands under its field */
    if (argument != NULL && text_to_integer(text_from(argument), &number) && number >= 0 && number <= 999) {
        snprintf(wanted, sizeof wanted, "%03d", (int)number);
        for (at = 1; editor_row_get(pane, at, &row) && strcmp(row.tag, wanted) < 0; at++)
            ;
        if (at == editor_rows(pane))
            at--;
        if (editor_row_get(pane, at, &row) && strcmp(row.tag, wanted) != 0)
            station_say(pane->station, "there is no %s; this is %s", wanted, row.tag);
    }
    editor_move_to(pane, at, BOX_CONTENT, 0);
    editor_enter_content(pane);
}

/* ---- typing begins ----------------------------------------------------------------------------------------------- */

void editor_begin_typing(editor *pane)
{
    if (editor_may_change(pane, pane->row))
        pane->left_field = false;
}

static void insert_here(editor *pane, const char *argument)
{
    (void)argument;
    editor_begin_typing(pane);
}

static void append_here(editor *pane, const char *argument)
{
    editor_row row;
    (void)argument;
    editor_begin_typing(pane);
    if (!pane->left_field && pane->box == BOX_CONTENT && editor_row_get(pane, pane->row, &row))
        editor_move_to(pane, pane->row, BOX_CONTENT, editor_stop_after(pane, &row, pane->offset));
}

static void insert_at_start(editor *pane, const char *argument)
{
    (void)argument;
    editor_begin_typing(pane);
    if (!pane->left_field)
        editor_enter_content(pane);
}

static void append_at_end(editor *pane, const char *argument)
{
    (void)argument;
    editor_begin_typing(pane);
    if (!pane->left_field)
        editor_move_to(pane, pane->row, BOX_CONTENT, SIZE_MAX);
}

/* ---- text that goes ---------------------------------------------------------------------------------------------- */

static void keep_cut(editor *pane, text cut)
{
    buffer *kept = station_cut_text(pane->station);
    buffer_clear(kept);
    buffer_append_text(kept, cut);
}

void editor_take_out(editor *pane, size_t from, size_t to, bool replaced)
{
    editor_row row;
    buffer content;
    if (from >= to || !editor_may_change(pane, pane->row) || !editor_row_get(pane, pane->row, &row) || to > row.content.length)
        return;
    if (row.overwrite) {
        station_say(pane->station, "a fixed field keeps its length: type over it");
        return;
    }
    keep_cut(pane, text_of(row.content.bytes + from, to - from));
    buffer_init(&content, EDITOR_FIELD_LIMIT * 2);
    buffer_append(&content, row.content.bytes, from);
    buffer_append(&content, row.content.bytes + to, row.content.length - to);
    marc_edit_settle(edit_of(pane->session));
    if (!content.failed && editor_set_content(pane, pane->row, row.tag, buffer_text(&content)))
        editor_move_to(pane, pane->row, BOX_CONTENT, from);
    if (!replaced)
        marc_edit_settle(edit_of(pane->session));
    buffer_release(&content);
}

/* @param end  the blanks behind the word stay */
static void take_word(editor *pane, bool end, bool replaced)
{
    editor_row row;
    if (pane->box != BOX_CONTENT || !editor_row_get(pane, pane->row, &row))
        return;
    size_t to = next_word(pane, &row, pane->offset);
    const char *delimiter = row.control || to == pane->offset
                                ? NULL /* a word ends with its subfield */
                                : memchr(row.content.bytes + pane->offset, MARC_SUBFIELD_DELIMITER, to - pane->offset);
    if (delimiter != NULL && !is_code(&row, pane->offset))
        to = (size_t)(delimiter - row.content.bytes);
    while (end && to > pane->offset + 1 && row.content.bytes[to - 1] == ' ')
        to--;
    if (!is_code(&row, pane->offset))
        editor_take_out(pane, pane->offset, to, replaced);
}

/* @param argument  "end": up to the end of the word */
static void delete_word(editor *pane, const char *argument)
{
    take_word(pane, argument != NULL && strcmp(argument, "end") == 0, false);
}

static void delete_word_back(editor *pane, const char *argument)
{
    editor_row row;
    (void)argument;
    if (pane->box != BOX_CONTENT || !editor_row_get(pane, pane->row, &row))
        return;
    size_t from = previous_word(pane, &row, pane->offset), first = editor_first_stop(&row);
    if (from == SIZE_MAX || from < first)
        from = first;
    const char *delimiter = row.control || from >= pane->offset
                                ? NULL
                                : memrchr(row.content.bytes + from, MARC_SUBFIELD_DELIMITER, pane->offset - from);
    if (delimiter != NULL)
        from = (size_t)(delimiter - row.content.bytes) + 2;
    editor_take_out(pane, from, pane->offset, false);
}

/* To the end of the field; on a subfield code the code's delimiter goes, too. */
static void take_to_end(editor *pane, bool replaced)
{
    editor_row row;
    if (pane->box != BOX_CONTENT || !editor_row_get(pane, pane->row, &row))
        return;
    size_t from = pane->offset;
    if (is_code(&row, from) && from - 1 > row.start)
        from--;
    else if (is_code(&row, from))
        from = editor_first_stop(&row);
    editor_take_out(pane, from, row.content.length, replaced);
}

static void cut_to_end(editor *pane, const char *argument)
{
    (void)argument;
    take_to_end(pane, false);
}

static void change_word(editor *pane, const char *argument)
{
    (void)argument;
    editor_begin_typing(pane);
    if (!pane->left_field)
        take_word(pane, true, true); /* as vi has it: what is typed stands for the word alone */
}

/* @param argument  "field": from its start */
static void change_to_end(editor *pane, const char *argument)
{
    if (argument != NULL && strcmp(argument, "field") == 0)
        insert_at_start(pane, NULL);
    else
        editor_begin_typing(pane);
    if (!pane->left_field)
        take_to_end(pane, true);
}

/* What was cut with its delimiters comes back with them: a paste from outside has none, or the typed ones. */
static void put_subfields(editor *pane, text kept)
{
    editor_row row;
    buffer content;
    if (!editor_may_change(pane, pane->row) || !editor_row_get(pane, pane->row, &row) || pane->offset > row.content.length)
        return;
    size_t at = is_code(&row, pane->offset) ? pane->offset - 1 : pane->offset;
    buffer_init(&content, EDITOR_FIELD_LIMIT * 2);
    buffer_append(&content, row.content.bytes, at);
    buffer_append_text(&content, kept);
    buffer_append(&content, row.content.bytes + at, row.content.length - at);
    marc_edit_settle(edit_of(pane->session)); /* a step of its own */
    if (!content.failed && editor_set_content(pane, pane->row, row.tag, buffer_text(&content)))
        editor_move_to(pane, pane->row, BOX_CONTENT, at + kept.length);
    marc_edit_settle(edit_of(pane->session));
    buffer_release(&content);
}

static bool holds_subfields(const editor *pane, text kept)
{
    editor_row row;
    return editor_row_get(pane, pane->row, &row) && !row.control && !row.overwrite &&
           memchr(kept.bytes, MARC_SUBFIELD_DELIMITER, kept.length) != NULL;
}

static void put_back(editor *pane, const char *argument)
{
    const buffer *kept = station_cut_text(pane->station);
    (void)argument;
    if (kept->length == 0)
        station_say(pane->station, "no text was cut");
    else if (pane->box != BOX_CONTENT)
        station_say(pane->station, "text goes into the content of a field");
    else if (holds_subfields(pane, buffer_text(kept)))
        put_subfields(pane, buffer_text(kept));
    else
        editor_paste_text(pane, buffer_text(kept));
}

/* ---- letters ----------------------------------------------------------------------------------------------------- */

static void change_case(editor *pane, const char *argument)
{
    (void)argument;
    editor_change_case(pane);
}

static void find_again(editor *pane, const char *argument)
{
    (void)argument;
    editor_find_letter_again(pane, 1);
}

static void find_reverse(editor *pane, const char *argument)
{
    (void)argument;
    editor_find_letter_again(pane, -1);
}

static void repeat(editor *pane, const char *argument)
{
    (void)argument;
    editor_repeat(pane);
}

/* ---- the commands ------------------------------------------------------------------------------------------------ */

static const struct motion {
    const char *name;
    void (*act)(editor *pane, const char *argument);
    key key; /* when `act` is NULL: what this key does, in the form, too */
} motions[] = {
    { "cursor.left", NULL, { .name = KEY_NAME_LEFT } },
    { "cursor.right", NULL, { .name = KEY_NAME_RIGHT } },
    { "cursor.up", NULL, { .name = KEY_NAME_UP } },
    { "cursor.down", NULL, { .name = KEY_NAME_DOWN } },
    { "cursor.page_up", NULL, { .name = KEY_NAME_PAGE_UP } },
    { "cursor.page_down", NULL, { .name = KEY_NAME_PAGE_DOWN } },
    { "cursor.start", NULL, { .name = KEY_NAME_HOME } },
    { "cursor.end", NULL, { .name = KEY_NAME_END } },
    { "cursor.next_word", go_next_word, { 0 } },
    { "cursor.previous_word", go_previous_word, { 0 } },
    { "cursor.word_end", go_word_end, { 0 } },
    { "cursor.first", go_first, { 0 } },
    { "cursor.last", go_last, { 0 } },
    { "text.insert", insert_here, { 0 } },
    { "text.append", append_here, { 0 } },
    { "text.insert_start", insert_at_start, { 0 } },
    { "text.append_end", append_at_end, { 0 } },
    { "text.delete", NULL, { .name = KEY_NAME_DELETE } },
    { "text.delete_back", NULL, { .name = KEY_NAME_BACKSPACE } },
    { "text.delete_word", delete_word, { 0 } },
    { "text.delete_word_back", delete_word_back, { 0 } },
    { "text.cut_to_end", cut_to_end, { 0 } },
    { "text.change_word", change_word, { 0 } },
    { "text.change_end", change_to_end, { 0 } },
    { "text.put_back", put_back, { 0 } },
    { "text.change_case", change_case, { 0 } },
    { "cursor.find_again", find_again, { 0 } },
    { "cursor.find_reverse", find_reverse, { 0 } },
    { "edit.repeat", repeat, { 0 } },
};

bool editor_motion(editor *pane, const char *name, const char *argument)
{
    if (!pane->form.open && editor_await(pane, name, argument))
        return true;
    (void)editor_await_cancel(pane);
    for (size_t i = 0; i < sizeof motions / sizeof *motions; i++) {
        if (strcmp(motions[i].name, name) != 0)
            continue;
        if (motions[i].act == NULL && pane->form.open)
            editor_form_type(pane, &motions[i].key);
        else if (motions[i].act == NULL)
            editor_type(pane, &motions[i].key);
        else if (!pane->form.open)
            motions[i].act(pane, argument);
        return true;
    }
    return false;
}

bool editor_command_begins_typing(const char *name)
{
    static const char *const begins[] = { "field.append", "field.insert", "subfield.append" };
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strcmp(begins[i], name) == 0)
            return true;
    return false;
}
