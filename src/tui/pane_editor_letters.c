/* src/tui/pane_editor_letters.c - commands on single letters, as vi has them: one replaced, its case changed, one looked for in
 * the field.
 *
 * Some of them wait for the letter: the next key is it, whatever the keymap makes of that key. The number typed before such a
 * command calls it as often, so the letter is replaced, or looked for, so many times. */
#include "editor.h"
#include "station.h"

#include <string.h>
#include <utf8proc.h>

typedef struct awaiting {
    const char *name;
    int by;    /* 1 forwards, -1 backwards; 0: nothing is looked for */
    bool till; /* stops before it */
    enum { TO_IT, REPLACE, DELETE, CHANGE } act;
    const char *asks;
} awaiting;

static const awaiting awaited[] = {
    { "text.replace", 0, false, REPLACE, "replace by: type the character; Esc leaves it" },
    { "cursor.find", 1, false, TO_IT, "forward to: type the character; Esc leaves it" },
    { "cursor.find_back", -1, false, TO_IT, "back to: type the character; Esc leaves it" },
    { "cursor.till", 1, true, TO_IT, "forward to before: type the character; Esc leaves it" },
    { "cursor.till_back", -1, true, TO_IT, "back to behind: type the character; Esc leaves it" },
    { "text.delete_find", 1, false, DELETE, "delete up to and with: type the character; Esc leaves it" },
    { "text.delete_till", 1, true, DELETE, "delete up to: type the character; Esc leaves it" },
    { "text.change_find", 1, false, CHANGE, "change up to and with: type the character; Esc leaves it" },
    { "text.change_till", 1, true, CHANGE, "change up to: type the character; Esc leaves it" },
};

static bool is_delimiter(const editor_row *row, size_t offset)
{
    return !row->control && row->content.bytes[offset] == MARC_SUBFIELD_DELIMITER;
}

static bool is_code(const editor_row *row, size_t offset)
{
    return offset > row->start && is_delimiter(row, offset - 1);
}

/* ---- looked for ---- */

/* At a stop: the letter; for a dollar a subfield code, too, before which the screen has two. */
static bool stands_at(editor *pane, const editor_row *row, size_t offset, text letter)
{
    if (offset >= row->content.length || is_delimiter(row, offset))
        return false;
    if (is_code(row, offset))
        return text_equal(letter, TEXT("$"));
    const size_t after = editor_stop_after(pane, row, offset);
    const text here = text_of(row->content.bytes + offset, (after > offset ? after : row->content.length) - offset);
    return text_equal(here, row->hash_blanks && text_equal(letter, TEXT("#")) ? TEXT(" ") : letter);
}

static size_t stop_beside(editor *pane, const editor_row *row, size_t offset, int by)
{
    const size_t to = by > 0 ? editor_stop_after(pane, row, offset) : editor_stop_before(pane, row, offset);
    return to == offset || to > row->content.length ? SIZE_MAX : to;
}

/* The stop where the cursor goes, `times` such letters on. SIZE_MAX: there are not so many */
static size_t look_for(editor *pane, const editor_row *row, const awaiting *what, text letter, size_t times, bool again)
{
    size_t at = pane->box == BOX_CONTENT ? pane->offset : row->start, before = at;
    if (again && what->till && (at = stop_beside(pane, row, at, what->by)) == SIZE_MAX)
        return SIZE_MAX; /* it stands before the one that was found */
    while (times > 0) {
        before = at;
        at = stop_beside(pane, row, at, what->by);
        if (at == SIZE_MAX)
            return SIZE_MAX;
        times -= stands_at(pane, row, at, letter);
    }
    return what->till ? before : at;
}

static void refuse(editor *pane, text letter, const char *why)
{
    station_say(pane->station, "'%.*s' %s", (int)letter.length, letter.bytes, why);
    pane->station->refused = true;
}

static void go_to_letter(editor *pane, const awaiting *what, text letter, size_t times, bool again)
{
    editor_row row;
    if (!editor_row_get(pane, pane->row, &row))
        return;
    const size_t to = look_for(pane, &row, what, letter, times, again);
    if (to == SIZE_MAX)
        refuse(pane, letter, what->by > 0 ? "does not come in the rest of this field" : "does not come before in this field");
    else
        editor_move_to(pane, pane->row, BOX_CONTENT, to);
}

/* Up to the letter; what is typed then stands for it. */
static void take_to_letter(editor *pane, const awaiting *what, text letter, size_t times)
{
    editor_row row;
    if (pane->box != BOX_CONTENT || !editor_row_get(pane, pane->row, &row))
        return;
    const size_t found = look_for(pane, &row, &(awaiting){ .by = 1 }, letter, times, false);
    if (found == SIZE_MAX || is_code(&row, pane->offset)) {
        refuse(pane, letter, "does not come in the rest of this field");
        return;
    }
    size_t to = is_code(&row, found) ? found - 1 : found; /* with its delimiter, or neither */
    if (!what->till)
        to = is_code(&row, found) ? found + 1 : editor_stop_after(pane, &row, found);
    if (what->act == CHANGE)
        editor_begin_typing(pane);
    if (what->act != CHANGE || !pane->left_field)
        editor_take_out(pane, pane->offset, to, what->act == CHANGE);
}

/* ---- replaced ---- */

static bool put_in_place(editor *pane, size_t from, size_t to, text letters)
{
    editor_row row;
    buffer content;
    if (!editor_row_get(pane, pane->row, &row))
        return false;
    buffer_init(&content, EDITOR_FIELD_LIMIT * 2);
    buffer_append(&content, row.content.bytes, from);
    buffer_append_text(&content, letters);
    buffer_append(&content, row.content.bytes + to, row.content.length - to);
    marc_edit_settle(edit_of(pane->session));
    const bool done = !buffer_failed(&content) && editor_set_content(pane, pane->row, row.tag, buffer_text(&content));
    marc_edit_settle(edit_of(pane->session));
    buffer_release(&content);
    return done;
}

/* What is typed over anyway: tag, indicator, code, a position of a fixed field. The cursor stays. */
static void type_over(editor *pane, text letter)
{
    const size_t row = pane->row, offset = pane->offset;
    const editor_box box = pane->box;
    marc_edit_settle(edit_of(pane->session));
    editor_type_text(pane, letter);
    if (pane->tag_pending)
        editor_commit_tag(pane);
    marc_edit_settle(edit_of(pane->session));
    if (pane->row == row)
        editor_move_to(pane, row, box, offset);
}

static void replace_letters(editor *pane, text letter, size_t times)
{
    editor_row row;
    size_t to = pane->offset, last = to;
    buffer letters;
    if (!editor_may_change(pane, pane->row) || !editor_row_get(pane, pane->row, &row))
        return;
    if (pane->box != BOX_CONTENT || row.overwrite || is_code(&row, pane->offset)) {
        type_over(pane, letter);
        return;
    }
    if (row.hash_blanks && text_equal(letter, TEXT("#")))
        letter = TEXT(" ");
    buffer_init(&letters, EDITOR_FIELD_LIMIT);
    for (size_t i = 0; i < times; i++) {
        last = pane->offset + letters.length;
        buffer_append_text(&letters, letter);
        if (to >= row.content.length || is_delimiter(&row, to) || is_code(&row, to)) {
            station_say(pane->station, "there are not so many characters from here on");
            pane->station->refused = true;
            buffer_release(&letters);
            return;
        }
        to = editor_stop_after(pane, &row, to);
    }
    if (put_in_place(pane, pane->offset, to, buffer_text(&letters)))
        editor_move_to(pane, pane->row, BOX_CONTENT, last);
    buffer_release(&letters);
}

/* ---- case ---- */

/* A grapheme with the other case of its letter; marks stay. @return false: it has none */
static bool other_case(buffer *out, text grapheme)
{
    int32_t code = 0;
    const size_t used = utf8_decode(grapheme.bytes, grapheme.length, &code);
    int32_t other = code < 0 ? code : utf8proc_toupper(code);
    unsigned char bytes[4];
    if (other == code && code >= 0)
        other = utf8proc_tolower(code);
    if (code < 0 || other == code)
        return false;
    buffer_append(out, (const char *)bytes, (size_t)utf8proc_encode_char(other, bytes));
    buffer_append(out, grapheme.bytes + used, grapheme.length - used);
    return !buffer_failed(out);
}

void editor_change_case(editor *pane)
{
    static const key right = { .name = KEY_NAME_RIGHT };
    editor_row row;
    buffer other;
    if (!editor_may_change(pane, pane->row) || !editor_row_get(pane, pane->row, &row) || pane->box != BOX_CONTENT)
        return;
    const size_t offset = pane->offset, after = editor_stop_after(pane, &row, offset);
    const bool letter = offset < row.content.length && !is_delimiter(&row, offset) && !is_code(&row, offset);
    buffer_init(&other, 64);
    if (letter && after > offset && other_case(&other, text_of(row.content.bytes + offset, after - offset))) {
        if (row.overwrite)
            type_over(pane, buffer_text(&other));
        else
            (void)put_in_place(pane, offset, after, buffer_text(&other));
    }
    buffer_release(&other);
    editor_move_to(pane, pane->row, BOX_CONTENT, offset);
    if (offset < row.content.length)
        editor_move_key(pane, &right);
}

/* ---- waiting for the letter ---- */

static void take_letter(editor *pane, const awaiting *what, text letter, size_t times)
{
    editor_found *found = &pane->found;
    if (what->act == REPLACE) {
        replace_letters(pane, letter, times);
        return;
    }
    found->by = what->by;
    found->till = what->till;
    memcpy(found->letter, letter.bytes, letter.length);
    found->letter[letter.length] = '\0';
    if (what->act == TO_IT)
        go_to_letter(pane, what, letter, times, false);
    else
        take_to_letter(pane, what, letter, times);
}

bool editor_await(editor *pane, const char *name, const char *argument)
{
    for (size_t i = 0; i < sizeof awaited / sizeof *awaited; i++) {
        const awaiting *what = &awaited[i];
        if (strcmp(what->name, name) != 0)
            continue;
        const size_t length = argument != NULL ? strlen(argument) : 0;
        if (length > 0 && length < sizeof pane->found.letter && utf8_grapheme(argument, length) == length) {
            take_letter(pane, what, text_from(argument), 1);
        } else {
            pane->awaits.times = pane->awaits.what == what ? pane->awaits.times + 1 : 1;
            pane->awaits.what = what;
            station_say(pane->station, "%s", what->asks);
        }
        return true;
    }
    return false;
}

bool editor_await_cancel(editor *pane)
{
    const bool was = pane->awaits.what != NULL;
    pane->awaits = (editor_awaits){ NULL, 0 };
    return was;
}

bool editor_await_typed(editor *pane, const key *pressed)
{
    const awaiting *what = pane->awaits.what;
    const size_t times = pane->awaits.times;
    const bool plain = pressed->name == KEY_IS_TEXT && !pressed->ctrl && !pressed->alt &&
                       (unsigned char)pressed->text[0] >= 0x20 && pressed->text[0] != 0x7F &&
                       strlen(pressed->text) < sizeof pane->found.letter;
    if (!editor_await_cancel(pane) || !plain)
        return false;
    pane->station->status[0] = '\0'; /* it asked for the letter */
    take_letter(pane, what, text_from(pressed->text), times);
    return true;
}

void editor_find_letter_again(editor *pane, int direction)
{
    const editor_found *found = &pane->found;
    const awaiting what = { .by = found->by * direction, .till = found->till };
    if (found->letter[0] == '\0')
        station_say(pane->station, "no character was looked for yet");
    else
        go_to_letter(pane, &what, text_from(found->letter), 1, true);
}
