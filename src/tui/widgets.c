/* src/tui/widgets.c - what all panes share: one editable line, and a list's cursor. */
#include "workstation.h"

#include "recto/marc/characters.h"

#include <stdio.h>
#include <string.h>

/* ---- one line ---------------------------------------------------------------------------------------------------- */

void line_input_init(line_input *input, size_t limit_bytes)
{
    *input = (line_input){ .cursor = 0 };
    buffer_init(&input->text, limit_bytes);
}

void line_input_release(line_input *input)
{
    buffer_release(&input->text);
    *input = (line_input){ .cursor = 0 };
}

void line_input_set(line_input *input, const char *value, bool prefilled)
{
    buffer_clear(&input->text);
    buffer_append_string(&input->text, value == NULL ? "" : value);
    if (buffer_failed(&input->text))
        buffer_clear(&input->text);
    input->cursor = input->text.length;
    input->view = 0;
    input->prefilled = prefilled && input->text.length > 0;
}

/* Puts `added` in place of `removed` bytes at the cursor. @return false: there is no room */
static bool splice(line_input *input, size_t removed, text added)
{
    buffer *line = &input->text;
    size_t behind = line->length - input->cursor - removed, limit = line->limit;
    if (added.length > removed && (limit > 0 && line->length - removed + added.length > limit))
        return false;
    if (added.length > removed && buffer_reserve(line, added.length - removed) == NULL) {
        line->failed = false;
        return false;
    }
    if (line->bytes == NULL)
        return true;
    memmove(line->bytes + input->cursor + added.length, line->bytes + input->cursor + removed, behind);
    if (added.length > 0)
        memcpy(line->bytes + input->cursor, added.bytes, added.length);
    line->length = line->length - removed + added.length;
    line->bytes[line->length] = '\0';
    return true;
}

static void insert(line_input *input, text added)
{
    if (input->prefilled) { /* the first typed character replaces all (SR-13) */
        buffer_clear(&input->text);
        input->cursor = input->view = 0;
        input->prefilled = false;
    }
    if (splice(input, 0, added))
        input->cursor += added.length;
}

static size_t grapheme_behind(const line_input *input)
{
    if (input->cursor >= input->text.length)
        return 0;
    return utf8_grapheme(input->text.bytes + input->cursor, input->text.length - input->cursor);
}

static size_t grapheme_before(const line_input *input)
{
    return input->cursor == 0 ? 0 : input->cursor - utf8_grapheme_before(buffer_text(&input->text), input->cursor);
}

static size_t word_before(const line_input *input)
{
    size_t at = input->cursor;
    while (at > 0 && input->text.bytes[at - 1] == ' ')
        at--;
    while (at > 0 && input->text.bytes[at - 1] != ' ')
        at--;
    return input->cursor - at;
}

static bool control_typed(line_input *input, char letter)
{
    size_t removed;
    switch (letter) {
    case 'a':
        input->cursor = 0;
        return true;
    case 'e':
        input->cursor = input->text.length;
        return true;
    case 'k':
        splice(input, input->text.length - input->cursor, TEXT(""));
        return true;
    case 'u':
        removed = input->cursor;
        input->cursor = 0;
        splice(input, removed, TEXT(""));
        return true;
    case 'w':
        removed = word_before(input);
        input->cursor -= removed;
        splice(input, removed, TEXT(""));
        return true;
    default:
        return false;
    }
}

static bool named_typed(line_input *input, key_name name)
{
    size_t before = grapheme_before(input);
    switch (name) {
    case KEY_NAME_LEFT:
        input->cursor -= before;
        return true;
    case KEY_NAME_RIGHT:
        input->cursor += grapheme_behind(input);
        return true;
    case KEY_NAME_HOME:
        input->cursor = 0;
        return true;
    case KEY_NAME_END:
        input->cursor = input->text.length;
        return true;
    case KEY_NAME_BACKSPACE:
        input->cursor -= before;
        splice(input, before, TEXT(""));
        return true;
    case KEY_NAME_DELETE:
        splice(input, grapheme_behind(input), TEXT(""));
        return true;
    default:
        return false;
    }
}

/* ---- characters that no key has: as in the record editor ---- */

static void begin_composing(line_input *input)
{
    input->composing = true;
    input->first[0] = input->mark[0] = '\0';
}

static void stop_composing(line_input *input)
{
    input->composing = false;
    input->first[0] = input->mark[0] = '\0';
}

static void compose(line_input *input, const char *letter)
{
    buffer made;
    if (input->first[0] == '\0') {
        snprintf(input->first, sizeof input->first, "%s", letter);
        return;
    }
    buffer_init(&made, 256);
    if (character_compose(&made, text_from(input->first), text_from(letter)))
        insert(input, buffer_text(&made));
    stop_composing(input);
    buffer_release(&made);
}

static void put_marked(line_input *input, const char *letter)
{
    buffer apart, made;
    buffer_init(&apart, 256);
    buffer_init(&made, 256);
    buffer_append_string(&apart, letter);
    buffer_append_string(&apart, input->mark);
    stop_composing(input);
    utf8_nfc(&made, buffer_text(&apart));
    insert(input, buffer_text(&made));
    buffer_release(&apart);
    buffer_release(&made);
}

/* Where the name begins that a closing brace at the cursor ends; SIZE_MAX: there is none. */
static size_t name_before(const line_input *input)
{
    enum { NAME_MOST = 12 };
    for (size_t i = input->cursor; i > 0 && input->cursor - i < NAME_MOST; i--) {
        const char here = input->text.bytes[i - 1];
        if (here == '{')
            return i - 1;
        if ((unsigned char)here <= ' ' || here == '}')
            return SIZE_MAX;
    }
    return SIZE_MAX;
}

static bool put_named(line_input *input)
{
    const size_t from = input->prefilled ? SIZE_MAX : name_before(input);
    bool mark = false, known;
    buffer made;
    if (from == SIZE_MAX)
        return false;
    buffer_init(&made, 256);
    known = character_mnemonic(&made, text_of(input->text.bytes + from + 1, input->cursor - from - 1), &mark);
    if (known) {
        const size_t removed = input->cursor - from, kept = strlen(input->mark);
        input->cursor = from;
        splice(input, removed, TEXT(""));
        if (!mark)
            insert(input, buffer_text(&made));
        else if (kept + made.length < sizeof input->mark)
            memcpy(input->mark + kept, buffer_string(&made), made.length + 1);
    }
    buffer_release(&made);
    return known;
}

static void letter_typed(line_input *input, const char *letter)
{
    if (input->composing)
        compose(input, letter);
    else if (strcmp(letter, "}") == 0 && put_named(input))
        return;
    else if (input->mark[0] != '\0' && strcmp(letter, "{") != 0 && name_before(input) == SIZE_MAX)
        put_marked(input, letter);
    else
        insert(input, text_from(letter));
}

bool line_input_typed(line_input *input, const key *key)
{
    bool used;
    if (key->name == KEY_IS_TEXT && key->alt && !key->ctrl && strcmp(key->text, "k") == 0) {
        begin_composing(input);
        return true;
    }
    if (key->alt)
        return false;
    if (key->name == KEY_IS_TEXT && !key->ctrl) {
        letter_typed(input, key->text);
        return true;
    }
    stop_composing(input);
    used = key->name == KEY_IS_TEXT ? control_typed(input, key->text[0]) : !key->ctrl && named_typed(input, key->name);
    if (used)
        input->prefilled = false;
    return used;
}

void line_input_paste(line_input *input, text pasted)
{
    while (pasted.length > 0) {
        size_t plain = 0;
        while (plain < pasted.length && (unsigned char)pasted.bytes[plain] >= ' ' && pasted.bytes[plain] != 0x7F)
            plain++;
        if (plain > 0)
            insert(input, text_of(pasted.bytes, plain));
        else
            insert(input, TEXT(" "));
        plain = plain > 0 ? plain : 1;
        if (plain == 1 && pasted.bytes[0] == '\r' && pasted.length > 1 && pasted.bytes[1] == '\n')
            plain = 2;
        pasted = text_of(pasted.bytes + plain, pasted.length - plain);
    }
}

static int columns_between(const line_input *input, size_t from, size_t to, bool utf8)
{
    return display_width(text_of(input->text.bytes + from, to - from), utf8);
}

/* The part that holds the cursor is shown; it moves by no more than it must. */
void line_input_draw(line_input *input, const surface *area, int row, int column, int columns, bool focused)
{
    role look = input->prefilled ? ROLE_INPUT_PREFILLED : ROLE_INPUT;
    bool utf8 = surface_utf8(area);
    surface_fill(area, row, column, columns, ' ', look);
    if (input->text.length == 0) {
        if (focused)
            surface_cursor(area, row, column);
        return;
    }
    if (input->cursor < input->view)
        input->view = input->cursor;
    while (input->view < input->cursor && columns_between(input, input->view, input->cursor, utf8) > columns - 1)
        input->view += utf8_grapheme(input->text.bytes + input->view, input->text.length - input->view);
    surface_data(area, row, column, columns, look, text_of(input->text.bytes + input->view, input->text.length - input->view),
                 false);
    if (focused)
        surface_cursor(area, row, column + columns_between(input, input->view, input->cursor, utf8));
}

/* ---- a list's cursor --------------------------------------------------------------------------------------------- */

void list_view_fit(list_view *list, size_t rows)
{
    if (rows == 0)
        rows = 1;
    if (list->count == 0) {
        list->current = list->top = 0;
        return;
    }
    if (list->current >= list->count)
        list->current = list->count - 1;
    if (list->current < list->top)
        list->top = list->current;
    if (list->current >= list->top + rows)
        list->top = list->current - rows + 1;
    if (list->top + rows > list->count)
        list->top = list->count > rows ? list->count - rows : 0;
}

bool list_view_run(list_view *list, const char *command, size_t rows)
{
    size_t page = rows > 1 ? rows - 1 : 1;
    if (strcmp(command, "list.up") == 0)
        list->current -= list->current > 0 ? 1 : 0;
    else if (strcmp(command, "list.down") == 0)
        list->current += 1;
    else if (strcmp(command, "list.page_up") == 0)
        list->current -= list->current > page ? page : list->current;
    else if (strcmp(command, "list.page_down") == 0)
        list->current += page;
    else if (strcmp(command, "list.home") == 0)
        list->current = 0;
    else if (strcmp(command, "list.end") == 0)
        list->current = list->count;
    else
        return false;
    list_view_fit(list, rows);
    return true;
}
