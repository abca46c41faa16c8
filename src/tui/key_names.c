/* src/tui/key_names.c - keys as they are written in keymap files, hints and help, and whether a terminal can send them. */
#include "keymap.h"

#include "recto/base/utf8.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    key_name key;
    const char *capability; /* terminfo's; with modifiers its extended name and a number follow */
    const char *modified;
} names[] = {
    { "Enter", KEY_NAME_ENTER, NULL, NULL },       { "Return", KEY_NAME_ENTER, NULL, NULL },
    { "Tab", KEY_NAME_TAB, NULL, NULL },           { "Esc", KEY_NAME_ESCAPE, NULL, NULL },
    { "Escape", KEY_NAME_ESCAPE, NULL, NULL },     { "Backspace", KEY_NAME_BACKSPACE, NULL, NULL },
    { "Delete", KEY_NAME_DELETE, "kdch1", "kDC" }, { "Insert", KEY_NAME_INSERT, "kich1", "kIC" },
    { "Up", KEY_NAME_UP, "kcuu1", "kUP" },         { "Down", KEY_NAME_DOWN, "kcud1", "kDN" },
    { "Left", KEY_NAME_LEFT, "kcub1", "kLFT" },    { "Right", KEY_NAME_RIGHT, "kcuf1", "kRIT" },
    { "Home", KEY_NAME_HOME, "khome", "kHOM" },    { "End", KEY_NAME_END, "kend", "kEND" },
    { "PageUp", KEY_NAME_PAGE_UP, "kpp", "kPRV" }, { "PageDown", KEY_NAME_PAGE_DOWN, "knp", "kNXT" },
};

static bool parse_named(key *out, text name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal_ascii_case(name, text_from(names[i].name))) {
            out->name = names[i].key;
            return true;
        }
    int64_t number;
    if (name.length < 2 || (name.bytes[0] != 'F' && name.bytes[0] != 'f') ||
        !text_to_integer(text_of(name.bytes + 1, name.length - 1), &number) || number < 1 || number > 12)
        return false;
    out->name = (key_name)(KEY_NAME_F1 + (number - 1));
    return true;
}

static bool parse_character(key *out, text name)
{
    int32_t code;
    if (text_equal_ascii_case(name, TEXT("Space"))) {
        out->text[0] = ' ';
        return true;
    }
    if (name.length == 0 || name.length > 4 || utf8_decode(name.bytes, name.length, &code) != name.length || code < 0x20)
        return false;
    memcpy(out->text, name.bytes, name.length);
    return true;
}

/* What a terminal sends: Ctrl+I is Tab, Ctrl+M Enter, Ctrl+J Enter, Ctrl+H Backspace, Ctrl+[ Escape (ED-195). */
static void to_what_is_sent(key *key)
{
    static const struct {
        char letter;
        key_name name;
    } same[] = { { 'i', KEY_NAME_TAB }, { 'm', KEY_NAME_ENTER }, { 'j', KEY_NAME_ENTER }, { '[', KEY_NAME_ESCAPE } };
    char letter = key->text[0];
    bool is_letter = key->name == KEY_IS_TEXT && key->text[1] == '\0';
    if (is_letter && letter >= 'A' && letter <= 'Z' && (key->ctrl || (key->alt && !key->shift)))
        key->text[0] = letter = (char)(letter + 32);
    if (is_letter && key->shift && letter >= 'a' && letter <= 'z' && !key->ctrl)
        key->text[0] = letter = (char)(letter - 32);
    if (key->name == KEY_IS_TEXT)
        key->shift = false;
    for (size_t i = 0; is_letter && key->ctrl && i < sizeof same / sizeof *same; i++)
        if (letter == same[i].letter) {
            key->name = same[i].name;
            key->text[0] = '\0';
            key->ctrl = false;
            return;
        }
    if (is_letter && key->ctrl && !key->alt && letter == 'h') {
        key->name = KEY_NAME_BACKSPACE;
        key->text[0] = '\0';
        key->ctrl = false;
    }
    if (key->name == KEY_NAME_TAB && key->shift) {
        key->name = KEY_NAME_BACKTAB;
        key->shift = false;
    }
}

bool key_parse(key *out, text name)
{
    static const struct {
        const char *name;
        size_t length;
    } modifiers[] = { { "Ctrl+", 5 }, { "Alt+", 4 }, { "Shift+", 6 } };
    *out = (key){ 0 };
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < sizeof modifiers / sizeof *modifiers; i++)
            if (name.length > modifiers[i].length && text_equal_ascii_case(text_of(name.bytes, modifiers[i].length),
                                                                           text_of(modifiers[i].name, modifiers[i].length))) {
                out->ctrl |= i == 0;
                out->alt |= i == 1;
                out->shift |= i == 2;
                name = text_of(name.bytes + modifiers[i].length, name.length - modifiers[i].length);
                again = true;
            }
    }
    if (!parse_named(out, name) && !parse_character(out, name))
        return false;
    to_what_is_sent(out);
    return true;
}

static const char *name_of(key_name name, char scratch[static 8])
{
    if (name >= KEY_NAME_F1 && name <= KEY_NAME_F12) {
        snprintf(scratch, 8, "F%d", (int)(name - KEY_NAME_F1) + 1);
        return scratch;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].key == name)
            return names[i].name;
    return name == KEY_NAME_BACKTAB ? "Shift+Tab" : "?";
}

void key_write(buffer *out, const key *key, bool brief)
{
    char scratch[8], letter = key->text[0];
    bool capital = key->name == KEY_IS_TEXT && (key->ctrl || key->alt) && letter >= 'A' && letter <= 'Z';
    bool small = key->name == KEY_IS_TEXT && (key->ctrl || key->alt) && letter >= 'a' && letter <= 'z';
    if (brief && key->ctrl && !key->alt && small)
        buffer_append_char(out, '^');
    else if (key->ctrl)
        buffer_append_string(out, "Ctrl+");
    if (key->alt)
        buffer_append_string(out, "Alt+");
    if (key->shift || capital)
        buffer_append_string(out, "Shift+");
    if (key->name != KEY_IS_TEXT)
        buffer_append_string(out, name_of(key->name, scratch));
    else if (strcmp(key->text, " ") == 0)
        buffer_append_string(out, "Space");
    else if (small)
        buffer_append_char(out, (char)(letter - 32));
    else
        buffer_append_string(out, key->text);
}

bool key_equal(const key *one, const key *other)
{
    if (one->name != other->name || one->ctrl != other->ctrl || one->alt != other->alt)
        return false;
    return one->name == KEY_IS_TEXT ? strcmp(one->text, other->text) == 0 : one->shift == other->shift;
}

bool key_begins_others(const key *key)
{
    const char character = key->text[0];
    return key->name == KEY_IS_TEXT && key->alt && !key->ctrl && character != '\0' && key->text[1] == '\0' &&
           strchr("O[PX]^_", character) != NULL;
}

void binding_write(buffer *out, const binding *binding, bool brief)
{
    for (size_t i = 0; i < binding->key_count; i++) {
        if (i > 0)
            buffer_append_char(out, ' ');
        key_write(out, &binding->keys[i], brief);
    }
}

bool key_can_be_sent(const key *key, bool (*knows)(const char *capability))
{
    char capability[16];
    int modifier = 1 + (key->shift ? 1 : 0) + (key->alt ? 2 : 0) + (key->ctrl ? 4 : 0);
    if (key->name >= KEY_NAME_F1 && key->name <= KEY_NAME_F12) {
        int number = (int)(key->name - KEY_NAME_F1) + 1; /* terminfo numbers them on: Shift +12, Ctrl +24, Alt +48 */
        int row = modifier == 1 ? 0 : modifier == 2 ? 12 : modifier == 5 ? 24 : modifier == 6 ? 36 : 48;
        snprintf(capability, sizeof capability, "kf%d", number + row);
        return knows(capability);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].key != key->name || names[i].capability == NULL)
            continue;
        if (modifier == 1)
            return knows(names[i].capability);
        snprintf(capability, sizeof capability, "%s%d", names[i].modified, modifier);
        return knows(capability) || (modifier == 2 && knows(names[i].modified));
    }
    return true;
}
