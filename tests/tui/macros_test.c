/* tests/tui/macros_test.c - texts of macros and strings are checked before they are kept: which line, and what is wrong with it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../src/tui/macros.h"

#include <string.h>

static void macro_check__names_line_and_fault(void **state)
{
    static const struct {
        const char *body, *where, *what, *todo;
    } cases[] = {
        { "field.append\ntype \"500  \"\npress Down 3\n# words\n\nrecord.save", NULL, NULL, NULL },
        { "answer \"a \\\"b\\\" \\\\ c\\n\"\nchoose network\npaste \"x\"", NULL, NULL, NULL },
        { "macro.play \"other\"", NULL, NULL, NULL },
        { "field.append\nfield.apend", "line 6", "no command", "field.append" },
        { "type", "line 5", "missing", "for example" },
        { "type \"500", "line 5", "quotation mark", "double quotes" },
        { "type \"5\"00\"", "line 5", "quotation mark", "double quotes" },
        { "press Sideways", "line 5", "no such key", "press Down" },
        { "press Down -1", "line 5", "no such number", "press Down" },
        { "press Down 99999", "line 5", "no such number", "press Down" },
        { "press Down x", "line 5", "no such number", "press Down" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        recto_error error = { .status = RECTO_OK };
        recto_status status = macro_check(text_from(cases[i].body), 5, &error);
        assert_int_equal(status, cases[i].where == NULL ? RECTO_OK : RECTO_EDATA);
        if (cases[i].where == NULL)
            continue;
        assert_string_equal(error.where, cases[i].where);
        assert_non_null(strstr(error.what, cases[i].what));
        assert_non_null(strstr(error.todo, cases[i].todo));
    }
}

static void own_text__keys_begin_with_what_types_nothing(void **state)
{
    static const struct {
        const char *source, *where;
    } cases[] = {
        { "[a] Alt+1 r\nx\n\n[b] F11\ny\n[c] Ctrl+F5\nz\n", NULL },
        { "[a] r\nx\n", "line 1" },
        { "[a]\nx\n[b] Alt+Nothing\ny\n", "line 3" },
        { "[a] Alt+1 Alt+2 Alt+3 Alt+4 Alt+5\nx\n", "line 1" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        recto_error error = { .status = RECTO_OK };
        recto_status status = own_text_check(TEXT_STRINGS, text_from(cases[i].source), &error);
        assert_int_equal(status, cases[i].where == NULL ? RECTO_OK : RECTO_EDATA);
        if (cases[i].where != NULL)
            assert_string_equal(error.where, cases[i].where);
    }
}

static void own_text__lines_of_a_macro_are_those_of_the_whole_text(void **state)
{
    recto_error error = { .status = RECTO_OK };
    (void)state;
    assert_int_equal(own_text_check(TEXT_MACROS, TEXT("# mine\n[a]\nfield.append\n\n[b]\nfield.append\nnothing.known\n"), &error),
                     RECTO_EDATA);
    assert_string_equal(error.where, "line 7");
    assert_int_equal(own_text_check(TEXT_STRINGS, TEXT("[a]\nnothing.known\n"), &error), RECTO_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(macro_check__names_line_and_fault),
        cmocka_unit_test(own_text__keys_begin_with_what_types_nothing),
        cmocka_unit_test(own_text__lines_of_a_macro_are_those_of_the_whole_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
