/* tests/tui/text_edit_test.c - the text of a rule file being edited: typing, lines, undo and redo against a plain model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/tui/text_edit.h"

static void type(text_edit *edit, const char *letters)
{
    for (; *letters != '\0'; letters++) {
        key pressed = { .name = *letters == '\n' ? KEY_NAME_ENTER : KEY_IS_TEXT };
        pressed.text[0] = *letters == '\n' ? '\0' : *letters;
        assert_true(text_edit_typed(edit, &pressed, 10));
    }
}

static void press(text_edit *edit, key_name name)
{
    key pressed = { .name = name };
    assert_true(text_edit_typed(edit, &pressed, 10));
}

static void assert_text(const text_edit *edit, const char *wanted)
{
    assert_string_equal(buffer_string(&edit->text), wanted);
}

static void typing__joins_into_one_step_until_the_line_ends(void **state)
{
    text_edit edit;
    (void)state;
    text_edit_init(&edit, 1000);
    type(&edit, "rule");
    type(&edit, "\nwhen");
    assert_text(&edit, "rule\nwhen");
    assert_true(text_edit_undo(&edit));
    assert_text(&edit, "rule\n");
    assert_true(text_edit_undo(&edit));
    assert_text(&edit, "rule");
    assert_true(text_edit_undo(&edit));
    assert_text(&edit, "");
    assert_false(text_edit_undo(&edit));
    while (text_edit_redo(&edit))
        continue;
    assert_text(&edit, "rule\nwhen");
    text_edit_release(&edit);
}

static void a_new_line__keeps_the_indentation_at_the_end_of_a_line_only(void **state)
{
    text_edit edit;
    (void)state;
    text_edit_init(&edit, 1000);
    assert_true(text_edit_set(&edit, TEXT("  removeField \"1\"\nend")));
    press(&edit, KEY_NAME_END);
    type(&edit, "\nx");
    assert_text(&edit, "  removeField \"1\"\n  x\nend");
    press(&edit, KEY_NAME_DOWN);
    press(&edit, KEY_NAME_HOME);
    type(&edit, "\n");
    assert_text(&edit, "  removeField \"1\"\n  x\n\nend");
    text_edit_release(&edit);
}

static void line_ends__of_other_systems_become_one_kind(void **state)
{
    text_edit edit;
    (void)state;
    text_edit_init(&edit, 1000);
    assert_true(text_edit_set(&edit, TEXT("a\r\nb\rc\nd")));
    assert_text(&edit, "a\nb\nc\nd");
    assert_int_equal(text_edit_lines(&edit), 4);
    assert_true(text_equal(text_edit_line(&edit, 2), TEXT("c")));
    assert_false(text_edit_changed(&edit));
    text_edit_release(&edit);
}

static void places__are_lines_and_characters_as_faults_name_them(void **state)
{
    static const struct {
        int line, column;
        size_t offset;
    } cases[] = { { 1, 1, 0 }, { 1, 3, 3 }, { 2, 1, 5 }, { 2, 99, 8 }, { 9, 1, 8 }, { 0, 0, 0 } };
    text_edit edit;
    (void)state;
    text_edit_init(&edit, 1000);
    assert_true(text_edit_set(&edit, TEXT("a\xC3\xA9z\nxyz")));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        text_edit_go_to(&edit, cases[i].line, cases[i].column);
        assert_int_equal(edit.cursor, cases[i].offset);
    }
    text_edit_release(&edit);
}

static void up_and_down__aim_at_the_column_they_began_in(void **state)
{
    size_t line, offset;
    text_edit edit;
    (void)state;
    text_edit_init(&edit, 1000);
    assert_true(text_edit_set(&edit, TEXT("abcdef\nx\nabcdef")));
    text_edit_go_to(&edit, 1, 5);
    press(&edit, KEY_NAME_DOWN);
    text_edit_place(&edit, &line, &offset);
    assert_int_equal(line, 1);
    assert_int_equal(offset, 1);
    press(&edit, KEY_NAME_DOWN);
    text_edit_place(&edit, &line, &offset);
    assert_int_equal(line, 2);
    assert_int_equal(offset, 4);
    text_edit_release(&edit);
}

static void what_was_saved__is_unchanged_until_it_is_typed_in_again(void **state)
{
    text_edit edit;
    (void)state;
    text_edit_init(&edit, 1000);
    type(&edit, "ab");
    assert_true(text_edit_changed(&edit));
    text_edit_mark_saved(&edit);
    assert_false(text_edit_changed(&edit));
    type(&edit, "c");
    assert_true(text_edit_changed(&edit));
    assert_true(text_edit_undo(&edit));
    assert_false(text_edit_changed(&edit));
    assert_true(text_edit_undo(&edit));
    type(&edit, "zz"); /* the saved state can no longer be reached */
    assert_true(text_edit_changed(&edit));
    while (text_edit_undo(&edit))
        continue;
    assert_true(text_edit_changed(&edit));
    text_edit_release(&edit);
}

static void a_text_over_the_limit__is_refused_and_nothing_is_lost(void **state)
{
    text_edit edit;
    (void)state;
    text_edit_init(&edit, 8);
    type(&edit, "1234567890");
    assert_text(&edit, "12345678");
    assert_false(text_edit_paste(&edit, TEXT("x")));
    assert_false(text_edit_become(&edit, TEXT("123456789")));
    assert_text(&edit, "12345678");
    while (text_edit_undo(&edit))
        continue;
    assert_text(&edit, "");
    while (text_edit_redo(&edit))
        continue;
    assert_text(&edit, "12345678");
    text_edit_release(&edit);
}

/* Random keys: undoing all gives the beginning, making all again the end, and the cursor never leaves the text. */
static void random_keys__are_undone_and_made_again(void **state)
{
    static const key_name names[] = { KEY_NAME_ENTER, KEY_NAME_BACKSPACE, KEY_NAME_DELETE,  KEY_NAME_LEFT,
                                      KEY_NAME_RIGHT, KEY_NAME_UP,        KEY_NAME_DOWN,    KEY_NAME_HOME,
                                      KEY_NAME_END,   KEY_NAME_TAB,       KEY_NAME_PAGE_UP, KEY_NAME_PAGE_DOWN };
    static const char begin[] = "rule \"a\"\n  \xD7\x90\xD7\x91 e\xCC\x81\n";
    (void)state;
    for (unsigned seed = 1; seed <= 30; seed++) {
        text_edit edit;
        bool exactly = false; /* nothing was left undone when the keys ended */
        srand(seed);
        text_edit_init(&edit, 4000);
        assert_true(text_edit_set(&edit, TEXT(begin)));
        for (int i = 0; i < 400; i++) {
            key pressed = { .name = KEY_IS_TEXT };
            if (rand() % 2 == 0)
                pressed.name = names[(size_t)rand() % (sizeof names / sizeof *names)];
            else
                snprintf(pressed.text, sizeof pressed.text, "%s", rand() % 4 == 0 ? "\xCC\x81" : "q");
            text_edit_typed(&edit, &pressed, 5);
            if (rand() % 20 == 0)
                text_edit_undo(&edit);
            assert_true(edit.cursor <= edit.text.length);
        }
        exactly = edit.change_count == edit.changes_made;
        char *end = strdup(buffer_string(&edit.text));
        while (text_edit_undo(&edit))
            assert_true(edit.cursor <= edit.text.length);
        assert_text(&edit, begin);
        assert_false(text_edit_changed(&edit));
        while (text_edit_redo(&edit))
            assert_true(edit.cursor <= edit.text.length);
        if (exactly)
            assert_text(&edit, end);
        free(end);
        text_edit_release(&edit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typing__joins_into_one_step_until_the_line_ends),
        cmocka_unit_test(a_new_line__keeps_the_indentation_at_the_end_of_a_line_only),
        cmocka_unit_test(line_ends__of_other_systems_become_one_kind),
        cmocka_unit_test(places__are_lines_and_characters_as_faults_name_them),
        cmocka_unit_test(up_and_down__aim_at_the_column_they_began_in),
        cmocka_unit_test(what_was_saved__is_unchanged_until_it_is_typed_in_again),
        cmocka_unit_test(a_text_over_the_limit__is_refused_and_nothing_is_lost),
        cmocka_unit_test(random_keys__are_undone_and_made_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
