/* src/tui/pane_editor_typing.c - what typing does in each box: tag, indicators and fixed fields overwrite, content inserts.
 *
 * Two dollars typed one after the other begin a subfield, as F9 does; a dollar that is meant as such beside another one is
 * typed {dollar} (ED-34). The blanks around a code are the screen's: a blank typed before $$ or right behind a code is not
 * stored. Each change is one operation on one field's bytes. */
#include "editor.h"

#include <string.h>

static bool splice(editor *pane, const editor_row *row, size_t offset, size_t removed, text inserted)
{
    if (row->content.length - removed + inserted.length > EDITOR_FIELD_LIMIT) {
        station_say(pane->station, "field %s would be over %d bytes; nothing was put in", row->tag, EDITOR_FIELD_LIMIT);
        return false;
    }
    buffer content;
    buffer_init(&content, 0);
    if (offset > row->content.length) /* indicators that are missing in a damaged field */
        buffer_append_text(&content, row->content);
    else
        buffer_append(&content, row->content.bytes, offset);
    while (content.length < offset && !buffer_failed(&content))
        buffer_append_char(&content, ' ');
    buffer_append_text(&content, inserted);
    if (offset + removed < row->content.length)
        buffer_append(&content, row->content.bytes + offset + removed, row->content.length - offset - removed);
    bool done = !buffer_failed(&content) && editor_set_content(pane, pane->row, row->tag, buffer_text(&content));
    buffer_release(&content);
    return done;
}

/* ---- tag and indicators ---- */

static bool is_alphanumeric(char letter)
{
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

static void finish_tag(editor *pane)
{
    editor_row row;
    char wanted[MARC_TAG_LENGTH + 1];
    memcpy(wanted, pane->tag_typed, sizeof wanted);
    editor_commit_tag(pane);
    if (!editor_row_get(pane, pane->row, &row))
        return;
    if (strcmp(row.tag, wanted) != 0)
        editor_move_to(pane, pane->row, BOX_TAG, 0); /* refused: type it again */
    else if (row.control)
        editor_enter_content(pane);
    else
        editor_move_to(pane, pane->row, BOX_INDICATOR_1, 0);
}

static void type_tag(editor *pane, const editor_row *row, char letter)
{
    if (!is_alphanumeric(letter)) {
        station_say(pane->station, "a tag is three digits or letters");
        return;
    }
    if (!pane->tag_pending)
        memcpy(pane->tag_typed, row->tag, sizeof pane->tag_typed);
    pane->tag_pending = true;
    pane->tag_typed[pane->offset] = letter;
    if (pane->offset + 1 < MARC_TAG_LENGTH)
        editor_move_to(pane, pane->row, BOX_TAG, pane->offset + 1);
    else
        finish_tag(pane);
}

static void type_indicator(editor *pane, const editor_row *row, char letter)
{
    if (letter == '#')
        letter = ' ';
    if (!is_alphanumeric(letter) && letter != ' ' && letter != '|') {
        station_say(pane->station, "an indicator is a digit, a letter or a blank");
        return;
    }
    size_t offset = pane->box == BOX_INDICATOR_1 ? 0 : 1;
    if (splice(pane, row, offset, offset < row->content.length ? 1 : 0, text_of(&letter, 1)))
        editor_next_box(pane);
}

/* ---- fixed fields ---- */

static bool leader_position_is_computed(size_t offset)
{
    return offset < 5 || (offset >= 10 && offset <= 16) || offset >= 20;
}

void editor_say_computed(editor *pane, const editor_row *row, size_t offset)
{
    const marc_fixed_layout *fixed = editor_fixed_layout(pane, row);
    for (size_t i = 0; fixed != NULL && i < fixed->position_count; i++) {
        const marc_position *position = &fixed->positions[i];
        if (offset < position->offset || offset >= position->offset + position->length)
            continue;
        if (position->length > 1)
            station_say(pane->station, "%s/%02zu-%02zu, %.*s, is computed when the record is saved", row->tag, position->offset,
                        position->offset + position->length - 1, (int)position->label.length, position->label.bytes);
        else
            station_say(pane->station, "%s/%02zu, %.*s, is computed when the record is saved", row->tag, position->offset,
                        (int)position->label.length, position->label.bytes);
        return;
    }
    station_say(pane->station, "%s/%02zu is computed when the record is saved", row->tag, offset);
}

static bool position_is_free(editor *pane, const editor_row *row)
{
    if (row->leader && pane->offset < MARC_LEADER_LENGTH && leader_position_is_computed(pane->offset)) {
        editor_say_computed(pane, row, pane->offset);
        return false;
    }
    if (pane->offset < row->content.length)
        return true;
    const marc_fixed_layout *fixed = editor_fixed_layout(pane, row);
    size_t length = row->leader ? MARC_LEADER_LENGTH : fixed != NULL ? fixed->length : EDITOR_FIELD_LIMIT;
    if (row->content.length < length)
        return true;
    station_say(pane->station, "%s has %zu positions", row->tag, length);
    return false;
}

static void type_position(editor *pane, const editor_row *row, char letter)
{
    if (letter == '#')
        letter = ' ';
    if (letter < 0x20 || letter > 0x7E) {
        station_say(pane->station, "%s takes plain letters, digits, # for blank and | for fill", row->tag);
        return;
    }
    if (!position_is_free(pane, row))
        return;
    if (splice(pane, row, pane->offset, pane->offset < row->content.length ? 1 : 0, text_of(&letter, 1)))
        editor_move_to(pane, pane->row, BOX_CONTENT, pane->offset + 1);
}

/* Takes a character off a fixed field without moving what stands behind it. */
static void blank_position(editor *pane, const editor_row *row, size_t offset)
{
    const marc_fixed_layout *fixed = editor_fixed_layout(pane, row);
    if (offset >= row->content.length)
        return;
    if (row->leader && leader_position_is_computed(offset))
        editor_say_computed(pane, row, offset);
    else if (!row->leader && (fixed == NULL || row->content.length > fixed->length))
        splice(pane, row, offset, 1, TEXT(""));
    else
        splice(pane, row, offset, 1, TEXT(" "));
}

/* ---- content ---- */

static bool on_code(const editor *pane, const editor_row *row)
{
    return !row->control && pane->offset > row->start && pane->offset <= row->content.length &&
           row->content.bytes[pane->offset - 1] == MARC_SUBFIELD_DELIMITER;
}

static void type_code(editor *pane, const editor_row *row, char letter)
{
    if (letter >= 'A' && letter <= 'Z')
        letter = (char)(letter - 'A' + 'a');
    if (letter <= 0x20 || letter > 0x7E || letter == '$') {
        station_say(pane->station, "a subfield code is a letter or a digit");
        return;
    }
    size_t removed = editor_has_code(row, pane->offset - 1) ? 1 : 0;
    if (splice(pane, row, pane->offset, removed, text_of(&letter, 1))) {
        editor_move_to(pane, pane->row, BOX_CONTENT, pane->offset + 1);
        pane->code_typed = true;
    }
}

void editor_add_subfield(editor *pane)
{
    editor_row row;
    if (!editor_may_change(pane, pane->row) || !editor_row_get(pane, pane->row, &row))
        return;
    if (row.control) {
        station_say(pane->station, "%s has no subfields", row.tag);
        return;
    }
    if (pane->box != BOX_CONTENT)
        editor_move_to(pane, pane->row, BOX_CONTENT, SIZE_MAX);
    if (!editor_row_get(pane, pane->row, &row))
        return;
    size_t offset = pane->offset - (on_code(pane, &row) ? 1 : 0);
    if (offset < row.start)
        offset = row.start;
    if (splice(pane, &row, offset, 0, TEXT("\x1F ")))
        editor_move_to(pane, pane->row, BOX_CONTENT, offset + 1);
}

/* The cursor stands behind the $a that a new field was made with: what is typed next takes the place of its code. */
static bool retakes_supplied_code(editor *pane, const editor_row *row, size_t from)
{
    bool retakes = pane->code_supplied && from == row->start + 2 && row->content.length == from;
    pane->code_supplied = false;
    if (retakes)
        editor_move_to(pane, pane->row, BOX_CONTENT, row->start + 1);
    return retakes;
}

/* The second of two dollars: the first one goes (`typed` bytes are to go), and a blank before it, which the screen shows by
 * itself. */
static void begin_subfield(editor *pane, const editor_row *row, size_t typed)
{
    size_t from = pane->offset - typed;
    if (from > row->start && row->content.bytes[from - 1] == ' ' && !row->hash_blanks)
        from--;
    if (!splice(pane, row, from, pane->offset - from, TEXT("")))
        return;
    editor_move_to(pane, pane->row, BOX_CONTENT, from);
    editor_row left;
    if (!editor_row_get(pane, pane->row, &left) || !retakes_supplied_code(pane, &left, from))
        editor_add_subfield(pane);
}

static bool is_literal_dollar(const editor *pane, const editor_row *row)
{
    static const text name = { "{dollar", 7 };
    return pane->offset >= row->start + name.length &&
           memcmp(row->content.bytes + pane->offset - name.length, name.bytes, name.length) == 0;
}

static void insert(editor *pane, const editor_row *row, text letters)
{
    bool first = !row->control && row->content.length <= row->start;
    buffer inserted;
    buffer_init(&inserted, EDITOR_FIELD_LIMIT * 2);
    if (first)
        buffer_append_string(&inserted, "\x1F"
                                        "a"); /* content never stands outside of a subfield by typing */
    buffer_append_text(&inserted, letters);
    size_t offset = pane->offset < row->start ? row->start : pane->offset;
    if (!buffer_failed(&inserted) && splice(pane, row, offset, 0, buffer_text(&inserted)))
        editor_move_to(pane, pane->row, BOX_CONTENT, offset + inserted.length);
    buffer_release(&inserted);
}

/* {eacute} becomes the letter; {acute} goes, and its mark onto the letter that is typed next. */
static bool type_named(editor *pane, const editor_row *row)
{
    buffer character;
    size_t from;
    buffer_init(&character, 64);
    bool named = editor_named_character(pane, row, &from, &character) &&
                 splice(pane, row, from, pane->offset - from, buffer_text(&character));
    if (named) {
        editor_aid kept = pane->aid;
        editor_move_to(pane, pane->row, BOX_CONTENT, from + character.length);
        pane->aid = kept;
    }
    buffer_release(&character);
    return named;
}

static void type_content(editor *pane, const editor_row *row, text letters)
{
    bool dollar = text_equal(letters, TEXT("$")) && !row->control;
    if (on_code(pane, row)) {
        type_code(pane, row, letters.bytes[0]);
    } else if (dollar && pane->dollar_typed) {
        begin_subfield(pane, row, 1);
    } else if (!row->control && editor_is_delimiter(pane, letters)) {
        begin_subfield(pane, row, 0);
        pane->dollar_typed = false;
    } else if (text_equal(letters, TEXT("}")) && is_literal_dollar(pane, row)) {
        size_t from = pane->offset - strlen("{dollar");
        if (splice(pane, row, from, pane->offset - from, TEXT("$")))
            editor_move_to(pane, pane->row, BOX_CONTENT, from + 1);
    } else if (text_equal(letters, TEXT("}")) && type_named(pane, row)) {
        pane->dollar_typed = false;
    } else if (text_equal(letters, TEXT(" ")) && pane->code_typed) {
        pane->code_typed = false;
    } else {
        if (row->hash_blanks && text_equal(letters, TEXT("#")))
            letters = TEXT(" ");
        insert(pane, row, letters);
        pane->dollar_typed = dollar;
        pane->code_supplied &= dollar;
    }
}

void editor_type_text(editor *pane, text letters)
{
    editor_row row;
    if (!editor_row_get(pane, pane->row, &row))
        return;
    if (edit_state_of(pane->session)->view_only && !edit_state_of(pane->session)->pushed && letters.bytes[0] >= '0' &&
        letters.bytes[0] <= '9') {
        editor_jump_digit(pane, letters.bytes[0]);
        return;
    }
    if (!editor_may_change(pane, pane->row))
        return;
    if (pane->box == BOX_TAG)
        type_tag(pane, &row, letters.bytes[0]);
    else if (pane->box != BOX_CONTENT)
        type_indicator(pane, &row, letters.bytes[0]);
    else if (row.overwrite)
        type_position(pane, &row, letters.bytes[0]);
    else
        type_content(pane, &row, letters);
}

/* ---- taking away ---- */

/* Joins a subfield to the one before it; the first one of a field stays. */
static void remove_delimiter(editor *pane, const editor_row *row, size_t delimiter)
{
    if (delimiter <= row->start) {
        station_say(pane->station, "Alt+D removes the field");
        return;
    }
    size_t length = editor_has_code(row, delimiter) ? 2 : 1;
    if (splice(pane, row, delimiter, length, TEXT("")))
        editor_move_to(pane, pane->row, BOX_CONTENT, delimiter);
}

static void backspace_content(editor *pane, const editor_row *row)
{
    const char *bytes = row->content.bytes;
    size_t offset = pane->offset;
    if (on_code(pane, row)) {
        remove_delimiter(pane, row, offset - 1);
        return;
    }
    if (!row->control && offset >= row->start + 2 && bytes[offset - 2] == MARC_SUBFIELD_DELIMITER &&
        editor_has_code(row, offset - 2)) {
        remove_delimiter(pane, row, offset - 2);
        return;
    }
    size_t before = editor_stop_before(pane, row, offset);
    if (before != SIZE_MAX && splice(pane, row, before, offset - before, TEXT("")))
        editor_move_to(pane, pane->row, BOX_CONTENT, before);
}

static void backspace(editor *pane, const editor_row *row)
{
    static const key left = { .name = KEY_NAME_LEFT };
    if (pane->box == BOX_INDICATOR_1 || pane->box == BOX_INDICATOR_2) {
        size_t offset = pane->box == BOX_INDICATOR_1 ? 0 : 1;
        splice(pane, row, offset, offset < row->content.length ? 1 : 0, TEXT(" "));
        editor_move_key(pane, &left);
    } else if (pane->box == BOX_TAG) {
        editor_move_key(pane, &left);
    } else if (row->overwrite) {
        if (pane->offset == 0)
            return;
        editor_move_to(pane, pane->row, BOX_CONTENT, pane->offset - 1);
        blank_position(pane, row, pane->offset);
    } else {
        backspace_content(pane, row);
    }
}

static void delete_here(editor *pane, const editor_row *row)
{
    if (pane->box == BOX_INDICATOR_1 || pane->box == BOX_INDICATOR_2) {
        size_t offset = pane->box == BOX_INDICATOR_1 ? 0 : 1;
        splice(pane, row, offset, offset < row->content.length ? 1 : 0, TEXT(" "));
    } else if (pane->box == BOX_CONTENT && row->overwrite) {
        blank_position(pane, row, pane->offset);
    } else if (pane->box == BOX_CONTENT && pane->offset < row->content.length) {
        if (on_code(pane, row))
            remove_delimiter(pane, row, pane->offset - 1);
        else if (!row->control && row->content.bytes[pane->offset] == MARC_SUBFIELD_DELIMITER)
            remove_delimiter(pane, row, pane->offset);
        else
            splice(pane, row, pane->offset, editor_stop_after(pane, row, pane->offset) - pane->offset, TEXT(""));
    }
}

/* Enter goes to the next field, as in the forms catalogers know; behind the last one it makes a new field. */
static void enter(editor *pane)
{
    if (editor_row_after(pane, pane->row) != SIZE_MAX) {
        editor_move_to(pane, editor_row_after(pane, pane->row), BOX_CONTENT, 0);
        editor_enter_content(pane);
    } else if (editor_may_change(pane, 0)) {
        editor_add_field(pane);
    }
}

bool editor_type(editor *pane, const key *pressed)
{
    editor_row row;
    if (pressed->name == KEY_IS_TEXT) {
        if (pressed->ctrl || pressed->alt || (unsigned char)pressed->text[0] < 0x20 || pressed->text[0] == 0x7F)
            return false;
        editor_type_text(pane, text_from(pressed->text));
        return true;
    }
    if (pressed->alt)
        return false;
    if (pressed->name == KEY_NAME_ENTER) {
        enter(pane);
        return true;
    }
    if (pressed->name != KEY_NAME_BACKSPACE && pressed->name != KEY_NAME_DELETE)
        return editor_move_key(pane, pressed);
    if (!editor_may_change(pane, pane->row) || !editor_row_get(pane, pane->row, &row))
        return true;
    if (pressed->name == KEY_NAME_BACKSPACE)
        backspace(pane, &row);
    else
        delete_here(pane, &row);
    pane->dollar_typed = false;
    pane->code_typed = false;
    return true;
}
