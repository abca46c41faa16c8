/* tests/tui/theme_test.c - theme files: all that are shipped are sound, the longest role name wins, faults cost their line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../src/tui/theme.h"
#include "recto/tui/tui.h"

static void load_without_faults(void *context, const char *name)
{
    static const int depths[] = { 0, 8, 16, 256, 1 << 24 };
    look looks[ROLE_COUNT];
    recto_error error;
    for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
        buffer faults;
        buffer_init(&faults, 0);
        assert_int_equal(theme_load(looks, name, depths[i], &faults, &error), RECTO_OK);
        if (faults.length > 0)
            fail_msg("%s: %s", name, buffer_string(&faults));
        bool selection_is_seen =
            looks[ROLE_SELECTION].attributes != 0 || looks[ROLE_SELECTION].background != looks[ROLE_TEXT].background;
        assert_true(selection_is_seen);
        for (int role = 0; depths[i] == 0 && role < ROLE_COUNT; role++)
            assert_true(looks[role].foreground < 0 && looks[role].background < 0);
        buffer_release(&faults);
    }
    *(size_t *)context += 1;
}

static void shipped_themes__have_no_fault_at_any_depth(void **state)
{
    size_t count = 0;
    (void)state;
    tui_list_themes(load_without_faults, &count);
    assert_true(count >= 5);
}

static void the_longest_name__wins(void **state)
{
    static const char file[] =
        "[16]\ntext = white\nalert = red\nalert.info = default dim   # a comment\nfield.tag = cyan black bold\n"
        "[256]\nfield.tag = 38\n[true]\nfield.tag = #2aa198 #002b36\n[mono]\nalert = bold\n";
    look looks[ROLE_COUNT];
    buffer faults;
    (void)state;
    buffer_init(&faults, 0);
    assert_int_equal(theme_read(looks, "test", TEXT(file), 16, &faults), 0);
    assert_int_equal(looks[ROLE_ALERT_BLOCK].foreground, 1);
    assert_int_equal(looks[ROLE_ALERT_INFO].foreground, COLOR_DEFAULT);
    assert_int_equal(looks[ROLE_ALERT_INFO].attributes, LOOK_DIM);
    assert_int_equal(looks[ROLE_FIELD_TEXT].foreground, 7);
    assert_int_equal(looks[ROLE_FIELD_TAG].background, 0);
    theme_read(looks, "test", TEXT(file), 256, &faults);
    assert_int_equal(looks[ROLE_FIELD_TAG].foreground, 38);
    theme_read(looks, "test", TEXT(file), 1 << 24, &faults);
    assert_int_equal(looks[ROLE_FIELD_TAG].foreground, COLOR_RGB | 0x2aa198);
    theme_read(looks, "test", TEXT(file), 0, &faults);
    assert_int_equal(looks[ROLE_ALERT_WARNING].attributes, LOOK_BOLD);
    buffer_release(&faults);
}

static void a_fault__is_told_with_line_and_nearest_name(void **state)
{
    static const struct {
        const char *line, *says;
    } cases[] = {
        { "feild.tag = red", "test:2: unknown role 'feild.tag'; did you mean field.tag?" },
        { "field.tag = rad", "test:2: unknown colour or attribute 'rad'; did you mean red?" },
        { "field.tag = 256", "test:2: unknown colour or attribute '256'" },
        { "field.tag = red blue green", "test:2: more than a foreground and a background: 'green'" },
        { "field.tag red", "test:2: not of the form" },
        { "[17]", "test:2: unknown section '17'; did you mean 16?" },
        { "[mono]\nfield.tag = red", "test:3: [mono] has attributes only, not 'red'" },
        { "field.tag = \x1b[31m", "test:2: unknown colour or attribute '^[[31m'" },
        { "field.tag = #12345g", "test:2: unknown colour or attribute '#12345g'" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        look looks[ROLE_COUNT];
        buffer faults, file;
        buffer_init(&faults, 0);
        buffer_init(&file, 0);
        buffer_append_format(&file, "[16]\n%s\n[16]\nfield.code = green\n", cases[i].line);
        assert_int_equal(theme_read(looks, "test", buffer_text(&file), 16, &faults), 1);
        if (strstr(buffer_string(&faults), cases[i].says) == NULL)
            fail_msg("\"%s\" says %s", cases[i].line, buffer_string(&faults));
        assert_int_equal(looks[ROLE_FIELD_CODE].foreground, 2);
        buffer_release(&faults);
        buffer_release(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_themes__have_no_fault_at_any_depth),
        cmocka_unit_test(the_longest_name__wins),
        cmocka_unit_test(a_fault__is_told_with_line_and_nearest_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
