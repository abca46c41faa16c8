/* tests/tui/keymap_test.c - keymap files: all that are shipped are sound, faults are told and cost their line only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../src/tui/keymap_inside.h"
#include "recto/tui/tui.h"

static const char *command_of(const keymap *keymap, const char *context, const char *keys)
{
    key sequence[KEYS_IN_SEQUENCE];
    size_t count = 0;
    const binding *found = NULL;
    text rest = text_from(keys);
    while (rest.bytes != NULL && rest.length > 0)
        assert_true(key_parse(&sequence[count++], text_next_field(&rest, ' ')));
    keymap_answer answer = keymap_find(&found, keymap, context, sequence, count);
    return answer == KEYMAP_FOUND ? found->command->name : answer == KEYMAP_PREFIX ? "(prefix)" : "(nothing)";
}

static void load_without_faults(void *context, const char *name)
{
    keymap *keymap = NULL;
    buffer faults;
    recto_error error;
    buffer_init(&faults, 0);
    assert_int_equal(keymap_load(&keymap, name, &faults, &error), RECTO_OK);
    if (faults.length > 0)
        fail_msg("%s: %s", name, buffer_string(&faults));
    keymap_free(keymap);
    buffer_release(&faults);
    *(size_t *)context += 1;
}

static void shipped_keymaps__have_no_fault(void **state)
{
    size_t count = 0;
    (void)state;
    tui_list_keymaps(load_without_faults, &count);
    assert_true(count >= 4);
}

/* What one keymap has a key for in a context and another has none. */
static void look_for_lost(const keymap *from, const keymap *in, const char *name, const char *wanted, const char *context,
                          buffer *lost)
{
    const binding *there[1000], *here[1000];
    const size_t all = keymap_list(there, 1000, from, wanted), count = keymap_list(here, 1000, in, context);
    assert_true(all < 1000 && count < 1000);
    for (size_t i = 0; i < all; i++) {
        bool found = false;
        for (size_t j = 0; j < count && !found; j++)
            found = here[j]->command == there[i]->command && strcmp(here[j]->argument, there[i]->argument) == 0;
        if (!found)
            buffer_append_format(lost, "%s [%s]: no key for %s %s\n", name, context, there[i]->command->name, there[i]->argument);
    }
}

static keymap *load(const char *name)
{
    keymap *made = NULL;
    buffer faults;
    recto_error error;
    buffer_init(&faults, 0);
    assert_int_equal(keymap_load(&made, name, &faults, &error), RECTO_OK);
    buffer_release(&faults);
    return made;
}

/* A command whose keys all mean something else on a screen could only be found in the menus there. */
static void look_for_lost_in(void *context, const char *name)
{
    keymap *keymap = load(name), *model = load("default");
    for (size_t i = 0; keymap_context_name(i) != NULL; i++) {
        look_for_lost(keymap, keymap, name, "all", keymap_context_name(i), context);
        look_for_lost(model, keymap, name, keymap_context_name(i), keymap_context_name(i), context);
    }
    keymap_free(keymap);
    keymap_free(model);
}

static void every_keymap__has_a_key_for_what_the_default_has_on_every_screen(void **state)
{
    buffer lost;
    (void)state;
    buffer_init(&lost, 0);
    tui_list_keymaps(look_for_lost_in, &lost);
    if (lost.length > 0) {
        fprintf(stderr, "%s", buffer_string(&lost));
        fail();
    }
    buffer_release(&lost);
}

static void a_command_without_a_key__is_told_with_file_and_line(void **state)
{
    static const char content[] = "[editor]\nAlt+; = string.insert\n[all]\nAlt+; = linear.line\nF10 = app.menu\n";
    keymap *keymap = NULL;
    buffer told;
    (void)state;
    buffer_init(&told, 0);
    assert_int_equal(keymap_check(&keymap, "mine.keymap", TEXT(content), &told), 0);
    keymap_tell_hidden(&told, keymap);
    assert_string_equal(buffer_string(&told),
                        "mine.keymap:2: [editor] takes Alt+; for string.insert; linear.line has no other key there\n");
    keymap_free(keymap);
    buffer_release(&told);
}

static void default_keymap__has_every_row_of_the_keyboard_table(void **state)
{
    static const struct {
        const char *context, *keys, *want;
    } rows[] = {
        { "editor", "Ctrl+S", "record.save" },
        { "editor", "F2", "record.save" },
        { "editor", "Ctrl+Alt+R", "record.save_release" },
        { "editor", "Alt+S", "record.save_release" },
        { "editor", "Alt+Shift+R", "record.release" },
        { "editor", "F12", "record.release" },
        { "editor", "Ctrl+Alt+S", "record.save_draft" },
        { "editor", "F8", "field.append" },
        { "editor", "Insert", "field.append" },
        { "editor", "F9", "subfield.append" },
        { "editor", "Ctrl+D", "subfield.append" },
        { "editor", "Ctrl+F6", "field.remove" },
        { "editor", "Alt+Delete", "field.remove" },
        { "editor", "Alt+D", "field.remove" },
        { "editor", "Ctrl+F", "field.form" },
        { "editor", "Esc", "pane.back" },
        { "editor", "F3", "heading.browse" },
        { "editor", "Ctrl+Alt+H", "holding.new" },
        { "editor", "Alt+H", "holding.new" },
        { "editor", "Alt+I", "inventory.items" },
        { "editor", "Alt+V", "inventory.holdings" },
        { "editor", "Ctrl+Alt+O", "order.create" },
        { "editor", "Ctrl+Alt+V", "record.in_search" },
        { "editor", "Alt+M", "record.matches" },
        { "editor", "Ctrl+Alt+M", "area.toggle" },
        { "results", "F5", "area.toggle" },
        { "editor", "F10", "app.menu" },
        { "editor", "Alt+3", "app.menu" },
        { "results", "Alt+1", "search.institution" },
        { "results", "[", "search.institution" },
        { "results", "Alt+2", "search.community" },
        { "results", "]", "search.community" },
        { "editor", "Ctrl+Z", "edit.undo" },
        { "editor", "Ctrl+Y", "edit.redo" },
        { "editor", "F6", "pane.split" },
        { "editor", "Ctrl+E", "template.expand" },
        { "editor", "Ctrl+Alt+E", "record.enhance" },
        { "editor", "Alt+Shift+D", "record.delete" },
        { "editor", "Alt+Shift+C", "record.duplicate" },
        { "editor", "Alt+Shift+L", "record.reload" },
        { "editor", "Alt+C", "shelf.browse" },
        { "editor", "Alt+A", "number.generate" },
        { "editor", "F7", "alert.next" },
        { "editor", "Shift+F7", "alert.previous" },
        { "editor", "Ctrl+X", "field.cut" },
        { "editor", "Ctrl+C", "field.copy" },
        { "editor", "Ctrl+V", "field.paste" },
        { "editor", "Ctrl+Up", "field.up" },
        { "editor", "Alt+Down", "field.down" },
        { "editor", "Shift+Tab", "box.previous" },
        { "editor", "Alt+N", "record.next" },
        { "editor", "Alt+P", "record.previous" },
        { "results", ":", "app.palette" },
        { "results", "F1", "app.help" },
        { "results", "?", "app.help" },
        { "results", "m", "record.combine" },
        { "editor", "Alt+Shift+M", "record.combine" },
        { "editor", "Alt+Shift+U", "record.undo_merge" },
        { "preview", "Space", "preview.toggle" },
        { "preview", "t", "preview.toggle_tag" },
        { "preview", "Ctrl+Z", "preview.undo" },
        { "preview", "Enter", "preview.apply" },
        { "matches", "Space", "list.page_down" },
        { "ruletext", "F2", "rule.save" },
        { "ruletext", "F8", "rule.try" },
        { "ruletext", "F9", "rule.trial" },
        { "job", "a", "job.apply" },
        { "job", "r", "job.revert" },
        { "editor", "Alt+Shift+F", "area.rules" },
        { "editor", "Alt+Shift+J", "area.jobs" },
    };
    keymap *keymap = NULL;
    buffer faults;
    recto_error error;
    (void)state;
    buffer_init(&faults, 0);
    assert_int_equal(keymap_load(&keymap, "default", &faults, &error), RECTO_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(command_of(keymap, rows[i].context, rows[i].keys), rows[i].want) != 0)
            fail_msg("[%s] %s is %s, not %s", rows[i].context, rows[i].keys, command_of(keymap, rows[i].context, rows[i].keys),
                     rows[i].want);
    assert_string_equal(command_of(keymap, "editor", "j"), "(nothing)"); /* lists only */
    assert_string_equal(command_of(keymap, "matches", "j"), "list.down");
    keymap_free(keymap);
    buffer_release(&faults);
}

/* What an arrow, Delete or Tab does has a name for those keymaps that bind letters to it; elsewhere the key itself is the way. */
static bool has_a_key_of_its_own(const command *command, bool modal)
{
    static const char *const keys[] = { "cursor.left",      "cursor.right", "cursor.up",  "cursor.down", "cursor.page_up",
                                        "cursor.page_down", "cursor.start", "cursor.end", "text.delete", "text.delete_back" };
    static const char *const modal_only[] = { "text.insert",       "text.append",         "text.insert_start", "text.append_end",
                                              "text.change_word",  "text.change_end",     "cursor.word_end",   "text.replace",
                                              "text.delete_find",  "text.delete_till",    "text.change_find",  "text.change_till",
                                              "cursor.find",       "cursor.find_back",    "cursor.till",       "cursor.till_back",
                                              "cursor.find_again", "cursor.find_reverse", "edit.repeat" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(command->name, keys[i]) == 0)
            return true;
    for (size_t i = 0; !modal && i < sizeof modal_only / sizeof *modal_only; i++)
        if (strcmp(command->name, modal_only[i]) == 0)
            return true;
    return false;
}

static bool is_bound(const keymap *keymap, const command *command)
{
    static const binding *all[1000];
    for (size_t number = 0; keymap_context_name(number) != NULL; number++) {
        size_t count = keymap_list(all, sizeof all / sizeof *all, keymap, keymap_context_name(number));
        for (size_t i = 0; i < count && i < sizeof all / sizeof *all; i++)
            if (all[i]->command == command)
                return true;
    }
    return false;
}

/* By a key, or by the menus, which every keymap has a key for. */
static void check_reach(void *context, const char *name)
{
    size_t count;
    const command *table = command_table(&count);
    keymap *keymap = NULL;
    buffer faults;
    recto_error error;
    (void)context;
    buffer_init(&faults, 0);
    assert_int_equal(keymap_load(&keymap, name, &faults, &error), RECTO_OK);
    for (size_t number = 0; keymap_context_name(number) != NULL; number++)
        if (keymap_key_of(keymap, keymap_context_name(number), "app.menu") == NULL)
            fail_msg("%s: no key opens the menus in [%s]", name, keymap_context_name(number));
    for (size_t i = 0; i < count; i++)
        if (table[i].menu == NULL && !is_bound(keymap, &table[i]) && !has_a_key_of_its_own(&table[i], keymap_is_modal(keymap)))
            fail_msg("%s: %s has no key and is in no menu", name, table[i].name);
    keymap_free(keymap);
    buffer_release(&faults);
}

static void every_keymap__reaches_every_command(void **state)
{
    (void)state;
    tui_list_keymaps(check_reach, NULL);
}

static void other_keymaps__answer_as_hands_expect(void **state)
{
    static const struct {
        const char *keymap, *context, *keys, *want;
    } rows[] = {
        { "vi", "editor", "h", "cursor.left" },
        { "vi", "editor", "d d", "field.cut" },
        { "vi", "editor", "d", "(prefix)" },
        { "vi", "editor", "d w", "text.delete_word" },
        { "vi", "editor", "G", "cursor.last" },
        { "vi", "editor", "g g", "cursor.first" },
        { "vi", "editor", "0", "cursor.start" },
        { "vi", "editor", "$", "cursor.end" },
        { "vi", "editor", "u", "edit.undo" },
        { "vi", "editor", "Ctrl+R", "edit.redo" },
        { "vi", "editor", "Z Z", "record.save_release" },
        { "vi", "editor", "i", "text.insert" },
        { "vi", "editor", "o", "field.append" },
        { "vi", "results", "G", "list.end" },
        { "vi", "editor", ":", "app.palette" },
        { "emacs", "editor", "Ctrl+N", "cursor.down" },
        { "emacs", "editor", "Ctrl+A", "cursor.start" },
        { "emacs", "editor", "Ctrl+X Ctrl+S", "record.save" },
        { "emacs", "editor", "Ctrl+X Ctrl+C", "app.quit" },
        { "emacs", "editor", "Alt+X", "app.palette" },
        { "emacs", "editor", "Ctrl+_", "edit.undo" },
        { "emacs", "results", "Ctrl+N", "list.down" },
        { "connexion", "editor", "F10", "record.save" },
        { "connexion", "editor", "Shift+F5", "record.validate" },
        { "connexion", "editor", "Ctrl+D", "subfield.append" },
        { "connexion", "editor", "Alt+Delete", "field.remove" },
        { "connexion", "editor", "F9", "app.menu" },
        { "vi", "results", "g g", "list.home" },
        { "vi", "editor", "Ctrl+W w", "pane.next" },
        { "vi", "matches", "Ctrl+W", "(prefix)" },
        { "vi", "matches", "Ctrl+W c", "pane.close" },
        { "vi", "results", "Z Q", "app.quit" },
        { "vi", "editor", "F2", "record.save" },
        { "emacs", "editor", "Ctrl+X", "(prefix)" },
        { "emacs", "results", "Ctrl+X Ctrl+C", "app.quit" },
        { "connexion", "ruletext", "F10", "rule.save" },
        { "connexion", "ruletext", "F9", "app.menu" },
        { "emacs", "ruletext", "Ctrl+X Ctrl+S", "rule.save" },
        { "emacs", "ruletext", "Ctrl+X Ctrl+C", "app.quit" },
        { "connexion", "results", "F9", "app.menu" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        keymap *keymap = NULL;
        buffer faults;
        recto_error error;
        buffer_init(&faults, 0);
        assert_int_equal(keymap_load(&keymap, rows[i].keymap, &faults, &error), RECTO_OK);
        if (strcmp(command_of(keymap, rows[i].context, rows[i].keys), rows[i].want) != 0)
            fail_msg("%s [%s] %s is %s, not %s", rows[i].keymap, rows[i].context, rows[i].keys,
                     command_of(keymap, rows[i].context, rows[i].keys), rows[i].want);
        assert_int_equal(keymap_is_modal(keymap), strcmp(rows[i].keymap, "vi") == 0);
        keymap_free(keymap);
        buffer_release(&faults);
    }
}

static void conflicts__are_told_with_file_and_line(void **state)
{
    static const struct {
        const char *content, *want;
    } cases[] = {
        { "[editor]\nF2 = record.save\nF2 = record.release\n",
          "own.keymap:3: F2 is bound twice in [editor]: line 2 has record.save\n" },
        { "[editor]\nF2 = record.save\n[list]\nF2 = list.open\n", "" },
        { "modal = yes\n[editor]\nd = field.cut\nd d = field.copy\n",
          "own.keymap:4: d d cannot be typed in [editor]: it begins with d, which is field.cut; unbind that with none\n" },
        { "[results]\nd = none\nd d = list.open\n", "" },
        { "modal = yes\n[editor]\nx = text.delete\n", "" },
        { "inherit = vi\n[editor]\nx = text.delete\n", "" },
        { "[editor]\nq = field.cut\n",
          "own.keymap:2: q is typed into what [editor] shows and never gets here: begin with Ctrl, Alt or a function key\n" },
        { "[owntext]\nSpace x = string.edit\n",
          "own.keymap:2: Space x is typed into what [owntext] shows and never gets here: begin with Ctrl, Alt or a function "
          "key\n" },
        { "[editor]\nq = none\n", "" },
        { "[list]\nAlt+o = list.up\n", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer faults;
        buffer_init(&faults, 0);
        keymap *checked = NULL;
        keymap_check(&checked, "own.keymap", text_from(cases[i].content), &faults);
        keymap_free(checked);
        assert_string_equal(buffer_string(&faults), cases[i].want);
        buffer_release(&faults);
    }
}

static void every_command__can_be_reached_by_its_name(void **state)
{
    size_t count;
    const command *table = command_table(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(command_named(table[i].name), &table[i]);
        assert_true(table[i].title[0] != '\0' && table[i].hint[0] != '\0' && table[i].help[0] != '\0');
        text contexts = text_from(table[i].contexts);
        while (contexts.bytes != NULL && contexts.length > 0) {
            char context[32];
            text one = text_next_field(&contexts, ',');
            snprintf(context, sizeof context, "%.*s", (int)one.length, one.bytes);
            if (keymap_known_context(text_from(context)) == NULL)
                fail_msg("%s: unknown context %s", table[i].name, context);
        }
    }
}

static void a_fault__is_told_with_its_line_and_the_rest_holds(void **state)
{
    static const struct {
        const char *line, *says;
    } cases[] = {
        { "F2 = record.saev", "test:2: unknown command 'record.saev'; did you mean record.save?" },
        { "Fg2 = record.save", "test:2: unknown key 'Fg2'" },
        { "Alt+Shift+O = record.save", "test:2: no terminal can send 'Alt+Shift+O'" }, /* ED-195 */
        { "x Alt+[ = record.save", "test:2: no terminal can send 'Alt+['" },
        { "Alt+Shift+X = record.save", "test:2: no terminal can send 'Alt+Shift+X'" }, /* begins a string of the terminal */
        { "Alt+Shift+P = record.save", "test:2: no terminal can send 'Alt+Shift+P'" },
        { "Alt+] = record.save", "test:2: no terminal can send 'Alt+]'" },
        { "F2 record.save", "test:2: not of the form: key = command" },
        { "F2 =", "test:2: a command is missing" },
        { "= record.save", "a key is missing" },
        { "F2 = record.save argument", "test:2: an argument stands in double quotes: 'argument'" },
        { "a b c d e = record.save", "test:2: more than four keys" },
        { "[editr]", "test:2: unknown context 'editr'; did you mean editor?" },
        { "F2 = \x1b[31mred", "unknown command '^[[31mred'" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        keymap *keymap = NULL;
        buffer faults;
        char file[300];
        buffer_init(&faults, 0);
        snprintf(file, sizeof file, "[editor]\n%s\n[editor]\nF7 = alert.next\n", cases[i].line);
        assert_int_equal(keymap_check(&keymap, "test", text_from(file), &faults), 1);
        if (strstr(buffer_string(&faults), cases[i].says) == NULL)
            fail_msg("\"%s\" says %s", cases[i].line, buffer_string(&faults));
        assert_string_equal(command_of(keymap, "editor", "F7"), "alert.next");
        keymap_free(keymap);
        buffer_release(&faults);
    }
}

static void sequences_and_arguments__are_found(void **state)
{
    static const char file[] = "[editor]\nAlt+R x = app.menu \"2\"   # a hint\nF2 = record.save\nF2 = record.release\nCtrl+S = "
                               "none\n[all]\nCtrl+S = record.save\n";
    keymap *keymap = NULL;
    buffer faults;
    const binding *found = NULL;
    key keys[2];
    (void)state;
    buffer_init(&faults, 0);
    assert_int_equal(keymap_check(&keymap, "test", TEXT(file), &faults), 1); /* F2 twice: told, and the later one holds */
    assert_string_equal(command_of(keymap, "editor", "Alt+R"), "(prefix)");
    assert_true(key_parse(&keys[0], TEXT("Alt+R")) && key_parse(&keys[1], TEXT("x")));
    assert_int_equal(keymap_find(&found, keymap, "editor", keys, 2), KEYMAP_FOUND);
    assert_string_equal(found->argument, "2");
    assert_string_equal(found->hint, "a hint");
    assert_string_equal(command_of(keymap, "editor", "F2"), "record.release");
    assert_string_equal(command_of(keymap, "editor", "Ctrl+S"), "(nothing)");
    assert_string_equal(command_of(keymap, "search", "Ctrl+S"), "record.save");
    keymap_free(keymap);
    buffer_release(&faults);
}

static void keys__are_what_the_terminal_sends(void **state)
{
    static const struct {
        const char *typed, *is;
    } cases[] = { { "Ctrl+I", "Tab" },
                  { "Ctrl+M", "Enter" },
                  { "Ctrl+[", "Esc" },
                  { "Ctrl+H", "Backspace" },
                  { "Shift+Tab", "Shift+Tab" },
                  { "ctrl+alt+r", "Ctrl+Alt+R" },
                  { "Alt+Shift+R", "Alt+Shift+R" },
                  { "Ctrl+Alt+M", "Alt+Enter" },
                  { "Ctrl+S", "Ctrl+S" },
                  { "M", "M" },
                  { "m", "m" },
                  { "Space", "Space" },
                  { "F12", "F12" },
                  { "+", "+" } };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        key key;
        buffer name;
        buffer_init(&name, 0);
        assert_true(key_parse(&key, text_from(cases[i].typed)));
        key_write(&name, &key, false);
        assert_string_equal(buffer_string(&name), cases[i].is);
        buffer_release(&name);
    }
}

static bool knows_xterm(const char *capability)
{
    return strcmp(capability, "kf8") == 0 || strcmp(capability, "kf30") == 0 || strcmp(capability, "kUP5") == 0;
}

static bool knows_nothing(const char *capability)
{
    (void)capability;
    return false;
}

static void keys__that_this_terminal_cannot_send_are_known(void **state)
{
    static const char *const named[] = { "F8", "Ctrl+F6", "Ctrl+Up" }, *const plain[] = { "Ctrl+S", "Alt+I", "x", "Esc", "Tab" };
    key key;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_true(key_parse(&key, text_from(named[i])));
        assert_true(key_can_be_sent(&key, knows_xterm));
        assert_false(key_can_be_sent(&key, knows_nothing));
    }
    for (size_t i = 0; i < 5; i++) {
        assert_true(key_parse(&key, text_from(plain[i])));
        assert_true(key_can_be_sent(&key, knows_nothing));
    }
}

static void a_keymap_that_is_not_there__is_an_error_with_a_name_near(void **state)
{
    keymap *keymap = NULL;
    buffer faults;
    recto_error error;
    (void)state;
    buffer_init(&faults, 0);
    assert_int_equal(keymap_load(&keymap, "defualt", &faults, &error), RECTO_EINVALID);
    assert_string_equal(error.todo, "default");
    assert_int_equal(keymap_load(&keymap, "../../etc/passwd", &faults, &error), RECTO_EINVALID);
    buffer_release(&faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_keymap__reaches_every_command),
        cmocka_unit_test(other_keymaps__answer_as_hands_expect),
        cmocka_unit_test(conflicts__are_told_with_file_and_line),
        cmocka_unit_test(shipped_keymaps__have_no_fault),
        cmocka_unit_test(every_keymap__has_a_key_for_what_the_default_has_on_every_screen),
        cmocka_unit_test(a_command_without_a_key__is_told_with_file_and_line),
        cmocka_unit_test(default_keymap__has_every_row_of_the_keyboard_table),
        cmocka_unit_test(every_command__can_be_reached_by_its_name),
        cmocka_unit_test(a_fault__is_told_with_its_line_and_the_rest_holds),
        cmocka_unit_test(sequences_and_arguments__are_found),
        cmocka_unit_test(keys__are_what_the_terminal_sends),
        cmocka_unit_test(keys__that_this_terminal_cannot_send_are_known),
        cmocka_unit_test(a_keymap_that_is_not_there__is_an_error_with_a_name_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
