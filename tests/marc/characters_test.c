/* tests/marc/characters_test.c - names of characters, their place in MARC-8, and what two keys or a name in braces make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "recto/base/utf8.h"
#include "recto/marc/characters.h"

static void names__are_those_of_unicode(void **state)
{
    static const struct {
        int32_t code;
        const char *want;
    } cases[] = {
        { 'A', "latin capital letter a" },
        { 0xE9, "latin small letter e with acute" },
        { 0x301, "combining acute accent" },
        { 0x5D0, "hebrew letter alef" },
        { 0x267, "latin small letter heng with hook" },
        { 0x266F, "music sharp sign" },
        { 0x4E00, "CJK ideograph 4E00" },
        { 0xAC00, "Hangul syllable AC00" },
        { 0x07, "control character 0007" },
        { 0x10FFFF, "private use 10FFFF" },
        { 0x0378, NULL }, /* not assigned */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer name;
        buffer_init(&name, 0);
        bool known = character_name(&name, cases[i].code);
        assert_int_equal(known, cases[i].want != NULL);
        if (known)
            assert_string_equal(buffer_string(&name), cases[i].want);
        buffer_release(&name);
    }
}

/* Every line of the file is found by its code: a search that misses one would show nothing on the screen. */
static void names__are_found_each_by_its_code(void **state)
{
    resource file;
    character_line line;
    int32_t last = -1;
    size_t count = 0;
    (void)state;
    assert_int_equal(character_file_open(&file, NULL), RECTO_OK);
    for (text rest = file.content; character_next(&rest, &line);) {
        if (line.code < 0)
            continue;
        assert_true(line.code > last);
        last = line.code;
        if (count++ % 37 != 0)
            continue;
        buffer name;
        buffer_init(&name, 0);
        assert_true(character_name(&name, line.code));
        assert_true(text_equal(buffer_text(&name), line.name));
        buffer_release(&name);
    }
    assert_true(count > 5000);
    resource_release(&file);
}

static void marc8__names_the_set_a_character_is_in(void **state)
{
    static const struct {
        int32_t code;
        char set;
        bool mark, in_parts;
    } cases[] = {
        { 'e', 'B', false, false },   { 0xE9, 'B', false, true },    { 0x141, 'E', false, false }, { 0x301, 'E', true, false },
        { 0x5D0, '2', false, false }, { 0x5B7, '2', true, false },   { 0x627, '3', false, false }, { 0x416, 'N', false, false },
        { 0x3B1, 'S', false, false }, { 0x4E00, '1', false, false }, { 0x905, 0, false, false },   { 0xE01, 0, false, false },
        { 0x1F600, 0, false, false },
    };
    (void)state;
    assert_string_equal(marc8_home_of(-1).name, ""); /* no character at all */
    assert_string_equal(marc8_home_of(INT32_MAX).name, "");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc8_home home = marc8_home_of(cases[i].code);
        if (home.set != cases[i].set || home.mark != cases[i].mark || home.in_parts != cases[i].in_parts)
            fail_msg("U+%04X: set %c, mark %d, in parts %d", (unsigned)cases[i].code, home.set == 0 ? '-' : home.set, home.mark,
                     home.in_parts);
        assert_int_equal(*home.name != '\0', home.set != 0);
    }
}

static void two_keys__make_a_character_in_either_order(void **state)
{
    static const struct {
        const char *first, *second, *want; /* NULL: nothing */
    } cases[] = {
        { "'", "e", "é" }, { "e", "'", "é" },  { "\"", "o", "ö" }, { "a", "e", "æ" },  { "e", "a", "æ" }, { "A", "E", "Æ" },
        { "s", "s", "ß" }, { "v", "c", "č" },  { "c", "v", "č" },  { "/", "o", "ø" },  { "<", "<", "«" }, { "o", "c", "©" },
        { ".", "h", "ḣ" }, { "!", "h", "ḥ" },  { "-", "a", "ā" },  { ",", "c", "ç" },  { "L", "-", "£" }, { ";", "e", "ę" },
        { "'", "ж", "ж́" }, { "%", "q", NULL }, { "'", "1", "ʹ" },  { "q", "z", NULL }, { "", "e", NULL }, { "^", "2", "²" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer made;
        buffer_init(&made, 0);
        bool done = character_compose(&made, text_from(cases[i].first), text_from(cases[i].second));
        if (done != (cases[i].want != NULL) || (done && strcmp(buffer_string(&made), cases[i].want) != 0))
            fail_msg("%s and %s: '%s'", cases[i].first, cases[i].second, buffer_string(&made));
        buffer_release(&made);
    }
}

static void mnemonics__name_letters_marks_and_codes(void **state)
{
    static const struct {
        const char *name, *want;
        bool mark;
    } cases[] = {
        { "eacute", "é", false }, { "AElig", "Æ", false },  { "acute", "\xCC\x81", true }, { "U+05D0", "א", false },
        { "Lstrok", "Ł", false }, { "dollar", "$", false }, { "copy", "©", false },        { "noSuchName", NULL, false },
        { "esc", NULL, false },   { "us", NULL, false },    { "greek", NULL, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer made;
        bool mark;
        buffer_init(&made, 0);
        bool done = character_mnemonic(&made, text_from(cases[i].name), &mark);
        if (done != (cases[i].want != NULL) || mark != cases[i].mark ||
            (done && strcmp(buffer_string(&made), cases[i].want) != 0))
            fail_msg("{%s}: '%s' %d", cases[i].name, buffer_string(&made), mark);
        buffer_release(&made);
    }
}

static void code_points__are_typed_in_several_ways(void **state)
{
    static const struct {
        const char *typed;
        int32_t want;
    } cases[] = {
        { "U+05D0", 0x5D0 }, { "u05d0", 0x5D0 },   { "0x5D0", 0x5D0 }, { "05d0", 0x5D0 }, { "5d0", -1 },
        { "U+E9", 0xE9 },    { "1F600", 0x1F600 }, { "110000", -1 },   { "U+", -1 },      { "acute", -1 },
        { "", -1 },          { "U+XYZ", -1 },      { "1234567", -1 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (character_code_typed(text_from(cases[i].typed)) != cases[i].want)
            fail_msg("%s: %x", cases[i].typed, (unsigned)character_code_typed(text_from(cases[i].typed)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names__are_those_of_unicode),
        cmocka_unit_test(names__are_found_each_by_its_code),
        cmocka_unit_test(marc8__names_the_set_a_character_is_in),
        cmocka_unit_test(two_keys__make_a_character_in_either_order),
        cmocka_unit_test(mnemonics__name_letters_marks_and_codes),
        cmocka_unit_test(code_points__are_typed_in_several_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
