/* src/tui/pane_editor_characters.c - characters that no key has: composed of two keys, named in braces, chosen from tables; and
 * what the character under the cursor is.
 *
 * What is composed or chosen goes the way of typed text, so that each box takes or refuses it as if a key had sent it. */
#include "character_picker.h"
#include "editor.h"

#include "recto/marc/characters.h"

#include <string.h>

/* Where the name begins that a brace at `offset` would end; SIZE_MAX: there is none. */
static size_t name_start(const editor_row *row, size_t offset)
{
    enum { NAME_MAX_BYTES = 12 };
    for (size_t i = offset; i > row->start && offset - i < NAME_MAX_BYTES; i--) {
        char here = row->content.bytes[i - 1];
        if (here == '{')
            return i - 1;
        if ((unsigned char)here <= ' ' || here == '}')
            return SIZE_MAX;
    }
    return SIZE_MAX;
}

/* ---- the compose key ---- */

void editor_compose(editor *pane)
{
    if (!editor_may_change(pane, pane->row))
        return;
    pane->aid = (editor_aid){ .composing = true };
    station_say(pane->station, "compose: type two characters, such as ' and e, or a and e; Esc leaves it");
}

bool editor_aid_cancel(editor *pane)
{
    bool was = pane->aid.composing || pane->aid.mark[0] != '\0';
    pane->aid = (editor_aid){ .composing = false };
    return was;
}

static void composed(editor *pane, const char *second)
{
    buffer made;
    char first[sizeof pane->aid.first];
    memcpy(first, pane->aid.first, sizeof first);
    pane->aid = (editor_aid){ .composing = false };
    buffer_init(&made, 256);
    if (character_compose(&made, text_from(first), text_from(second))) {
        editor_type_text(pane, buffer_text(&made));
        character_used(pane->station, buffer_text(&made));
    } else {
        station_say(pane->station, "%s and %s make no character; Insert Character has all of them", first, second);
    }
    buffer_release(&made);
}

/* A mark that was named waits for its letter, as in {acute}e. */
static void put_mark(editor *pane, const char *letter)
{
    buffer apart, made;
    buffer_init(&apart, 256);
    buffer_init(&made, 256);
    buffer_append_string(&apart, letter);
    buffer_append_string(&apart, pane->aid.mark);
    pane->aid = (editor_aid){ .composing = false };
    utf8_nfc(&made, buffer_text(&apart));
    if (!buffer_failed(&made))
        editor_type_text(pane, buffer_text(&made));
    buffer_release(&apart);
    buffer_release(&made);
}

/* {circ}{acute}a: the second mark is on its way. */
static bool another_is_named(const editor *pane, const char *letter)
{
    editor_row row;
    return *letter == '{' || (editor_row_get(pane, pane->row, &row) && pane->offset <= row.content.length &&
                              name_start(&row, pane->offset) != SIZE_MAX);
}

bool editor_aid_typed(editor *pane, const key *pressed)
{
    bool plain = pressed->name == KEY_IS_TEXT && !pressed->ctrl && !pressed->alt && (unsigned char)pressed->text[0] >= 0x20;
    if (!pane->aid.composing && pane->aid.mark[0] == '\0')
        return false;
    if (!plain) {
        editor_aid_cancel(pane);
        return false;
    }
    if (!pane->aid.composing) {
        if (another_is_named(pane, pressed->text))
            return false;
        put_mark(pane, pressed->text);
        return true;
    }
    if (pane->aid.first[0] != '\0') {
        composed(pane, pressed->text);
        return true;
    }
    memcpy(pane->aid.first, pressed->text, sizeof pane->aid.first);
    station_say(pane->station, "compose: %s and ...", pane->aid.first);
    return true;
}

/* ---- {names} ---- */

bool editor_named_character(editor *pane, const editor_row *row, size_t *from, buffer *character)
{
    bool mark = false;
    *from = name_start(row, pane->offset);
    if (*from == SIZE_MAX)
        return false;
    text name = text_of(row->content.bytes + *from + 1, pane->offset - *from - 1);
    if (!character_mnemonic(character, name, &mark))
        return false;
    if (mark && character->length + strlen(pane->aid.mark) < sizeof pane->aid.mark) {
        memcpy(pane->aid.mark + strlen(pane->aid.mark), character->bytes, character->length);
        station_say(pane->station, "{%.*s}: type the letter that it goes on", (int)name.length, name.bytes);
        buffer_clear(character);
    }
    return true;
}

/* ---- chosen ---- */

static void chosen(workstation *station, void *context, text character)
{
    editor *pane = context;
    (void)station;
    if (pane->session != NULL && character.length > 0)
        editor_type_text(pane, character);
}

void editor_insert_character(editor *pane)
{
    if (editor_may_change(pane, pane->row))
        character_picker_open(pane->station, chosen, pane);
}

/* ---- what stands under the cursor ---- */

static text grapheme_here(const editor *pane, const editor_row *row)
{
    size_t at = pane->offset;
    if (pane->box != BOX_CONTENT || at >= row->content.length || row->content.bytes[at] == MARC_SUBFIELD_DELIMITER)
        return TEXT("");
    return text_of(row->content.bytes + at, utf8_grapheme(row->content.bytes + at, row->content.length - at));
}

void editor_describe_character(editor *pane)
{
    editor_row row;
    buffer said;
    if (!editor_row_get(pane, pane->row, &row))
        return;
    text here = grapheme_here(pane, &row);
    buffer_init(&said, 600);
    if (here.length == 0)
        buffer_append_string(&said, "no character stands under the cursor");
    character_describe(&said, here);
    station_say(pane->station, "%s", buffer_string(&said));
    buffer_release(&said);
}

static void name_anew(editor *pane, text here)
{
    buffer said;
    editor_named *named = &pane->named;
    buffer_init(&said, 1024);
    character_describe(&said, here);
    size_t kept = here.length < sizeof named->grapheme ? here.length : 0; /* a longer one is named each time */
    memcpy(named->grapheme, here.bytes, kept);
    named->grapheme[kept] = '\0';
    size_t length = said.length < sizeof named->said ? said.length : sizeof named->said - 1;
    memcpy(named->said, buffer_string(&said), length);
    named->said[length] = '\0';
    buffer_release(&said);
}

/* Letters of ASCII say themselves; all others are named beside the place of the cursor, which needs its room. */
void editor_character_position(editor *pane, const editor_row *row, buffer *out)
{
    enum { PLACE_COLUMNS = 26, LEAST = 20 };
    text here = grapheme_here(pane, row);
    int room = station_columns(pane->station) - PLACE_COLUMNS;
    if (here.length == 0 || (here.length == 1 && (unsigned char)here.bytes[0] < 0x80))
        return;
    if (!text_equal(text_from(pane->named.grapheme), here))
        name_anew(pane, here);
    display_cut(out, text_from(pane->named.said), room > LEAST ? room : LEAST, pane->utf8);
    buffer_append_string(out, "  ");
}
