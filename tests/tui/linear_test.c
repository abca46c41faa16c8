/* tests/tui/linear_test.c - what a screen reader hears of a typed letter: that letter, not the line again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../src/tui/linear.h"

enum { COLUMNS = 100 };

typedef struct heard {
    screen screen;
    linear *linear;
    buffer out;
    bool shifts;
    int columns;
} heard;

static void begin(heard *heard, bool shifts)
{
    assert_true(screen_init(&heard->screen, 4, COLUMNS, true));
    heard->linear = linear_new();
    assert_non_null(heard->linear);
    heard->shifts = shifts;
    heard->columns = COLUMNS;
    buffer_init(&heard->out, 64 * 1024);
}

static void end(heard *heard)
{
    linear_free(heard->linear);
    buffer_release(&heard->out);
    screen_release(&heard->screen);
}

/* A pane with a title over one field, as the editor draws it; then what is sent. */
static void hear(heard *heard, const char *title, const char *mark, const char *field, int cursor, const char *status,
                 const char *want)
{
    surface all = screen_surface(&heard->screen);
    surface_clear(&all, ROLE_TEXT);
    surface_rule(&all, 0, true, title, NULL);
    surface_put(&all, 2, 1, ROLE_MARK_CHANGED, mark);
    surface_put(&all, 2, 4, ROLE_FIELD_TEXT, field);
    surface_cursor(&all, 2, 4 + cursor);
    const linear_view view = { .screen = &heard->screen, .status = status, .columns = heard->columns, .shifts = heard->shifts };
    buffer_clear(&heard->out);
    linear_tell(heard->linear, &heard->out, &view);
    assert_string_equal(buffer_string(&heard->out), want);
}

static void a_letter__goes_out_alone(void **state)
{
    heard heard;
    (void)state;
    begin(&heard, true);
    hear(&heard, "bib 1", " ", "The clown", 4, "", "bib 1\r\nThe clown\b\b\b\b\b");
    hear(&heard, "bib 1", "*", "The xclown", 5, "", "\033[1@x");         /* the mark of the change does not say the line again */
    hear(&heard, "bib 1  Draft", "*", "The xyclown", 6, "", "\033[1@y"); /* nor does the badge of the draft */
    hear(&heard, "bib 1  Draft", "*", "The xclown", 5, "", "\b\033[1P"); /* Backspace */
    hear(&heard, "bib 1  Draft", "*", "The Xclown", 5, "", "\bX");       /* as wide: written over */
    hear(&heard, "bib 1  Draft", "*", "The Xclown s", 12, "", "clown s \b");               /* at the end */
    hear(&heard, "bib 2", "*", "The Xclown s", 12, "", "\r\nbib 2\r\n*  The Xclown s \b"); /* another record is told */
    end(&heard);
}

static void a_line_wider_than_the_terminal__is_said_in_full_once(void **state)
{
    static const char field[] = "One two three four five six seven eight nine ten eleven";
    heard heard;
    (void)state;
    begin(&heard, true);
    heard.columns = 30;
    hear(&heard, "bib 1", " ", field, 4, "",
         "bib 1\r\nOne two three four five six s\r\neven eight nine ten eleven\r\n"
         "One two three four five six s\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b");
    hear(&heard, "bib 1", "*", "One xtwo three four five six seven eight nine ten eleven", 5, "", "\033[1@x");
    hear(&heard, "bib 1", "*", "One xtwo three four five six seven eight nine ten eleven", 4, "", "\b");
    hear(&heard, "bib 1", "*", "One xtwo three four five six seven eight nine ten eleven", 35, "",
         "\r\neight nine ten eleven\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b\b");
    hear(&heard, "bib 1", "*", "One xtwo three four five six seven yeight nine ten eleven", 36, "", "\033[1@y");
    end(&heard);
}

static void a_terminal_that_cannot_shift__gets_the_rest_again(void **state)
{
    heard heard;
    (void)state;
    begin(&heard, false);
    hear(&heard, "bib 1", " ", "The clown", 4, "", "bib 1\r\nThe clown\b\b\b\b\b");
    hear(&heard, "bib 1", "*", "The xclown", 5, "", "xclown\b\b\b\b\b");
    end(&heard);
}

static void what_is_typed_as_a_placeholder__is_heard_apart_from_one(void **state)
{
    heard heard;
    (void)state;
    begin(&heard, true);
    surface all = screen_surface(&heard.screen);
    surface_clear(&all, ROLE_TEXT);
    surface_rule(&all, 0, true, "bib 1", NULL);
    surface_data(&all, 2, 4, 90, ROLE_FIELD_TEXT, TEXT("a\xC2\x9B and <U+009B>, <9B>, <RLO>, <b>, <U+9> <"), true);
    surface_cursor(&all, 2, 4);
    const linear_view view = { .screen = &heard.screen, .status = "", .columns = heard.columns, .shifts = true };
    linear_tell(heard.linear, &heard.out, &view);
    assert_non_null(strstr(buffer_string(&heard.out), "a<U+009B> and <<U+009B>, <<9B>, <<RLO>, <b>, <U+9> <\b"));
    end(&heard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter__goes_out_alone),
        cmocka_unit_test(a_line_wider_than_the_terminal__is_said_in_full_once),
        cmocka_unit_test(a_terminal_that_cannot_shift__gets_the_rest_again),
        cmocka_unit_test(what_is_typed_as_a_placeholder__is_heard_apart_from_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
