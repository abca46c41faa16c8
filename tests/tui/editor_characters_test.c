/* tests/tui/editor_characters_test.c - characters that no key has, typed into a field. */
#include "editor_bench.h"

static void a_character_is_composed_or_named(void **state)
{
    static const struct {
        const char *name, *tag;
        char code;
        const char *script, *want;
    } cases[] = {
        { "two keys", "300", 'a', "<character.compose>'e", "300 \\\\ $aé422 pages ;$c22 cm" },
        { "two keys that make nothing put nothing in", "300", 'a', "<character.compose>%q", "300 \\\\ $a422 pages ;$c22 cm" },
        { "an arrow leaves the composing", "300", 'a', "<character.compose>'<Left>x", NULL },
        { "a letter by its name", "300", 'a', "{eacute}", "300 \\\\ $aé422 pages ;$c22 cm" },
        { "a mark goes on the letter behind it", "300", 'a', "{acute}e", "300 \\\\ $aé422 pages ;$c22 cm" },
        { "two marks", "300", 'a', "{circ}{acute}a", "300 \\\\ $aấ422 pages ;$c22 cm" },
        { "a name that is none stays as it was typed", "300", 'a', "{nosuch}e", "300 \\\\ $a{nosuch}e422 pages ;$c22 cm" },
        { "a code point", "300", 'a', "{U+05D0}", "300 \\\\ $aא422 pages ;$c22 cm" },
        { "a dollar is still a dollar", "300", 'a', "{dollar}", "300 \\\\ $a{dollar}422 pages ;$c22 cm" },
        { "an entity stays what it is", "300", 'a', "&gt;", "300 \\\\ $a&gt;422 pages ;$c22 cm" },
        { "no name reaches over a subfield", "300", 'a', "{acu$$bte}", "300 \\\\ $a{acu$bte}422 pages ;$c22 cm" },
    };
    bench bench;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sit_down(&bench, BOOK);
        goes_to(&bench, cases[i].tag, cases[i].code);
        types(&bench, cases[i].script);
        if (cases[i].want != NULL)
            shows(&bench, row_of(&bench, cases[i].tag), cases[i].want, cases[i].name);
        assert_false(bench.pane->aid.composing);
        while (marc_edit_can_undo(edit_of(bench.pane->session)))
            command_named_runs(&bench, "edit.undo");
        assert_false(marc_edit_changed(edit_of(bench.pane->session)));
        stand_up(&bench);
    }
}

static void the_character_under_the_cursor_is_named(void **state)
{
    static const struct {
        const char *script, *want; /* from the start of $a of 100: García */
    } cases[] = {
        { "", "100 $$a" },
        { "<Right><Right><Right><Right>", "U+00ED latin small letter i with acute, MARC-8 ANSEL …  100 $$a" },
        { "{U+0915}<Left>", "U+0915 devanagari letter ka, not in MARC-8  100 $$a" },
        { "{U+05D0}<Left>", "U+05D0 hebrew letter alef, MARC-8 basic Hebrew  100 $$a" },
        { "{acute}q<Left>", "U+0071 latin small letter q, MARC-8 ASCII + U+0301 co…  100 $$a" },
    };
    bench bench;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer said;
        sit_down(&bench, BOOK);
        goes_to(&bench, "100", 'a');
        types(&bench, cases[i].script);
        buffer_init(&said, 0);
        editor_pane.position(bench.pane, &said);
        if (strncmp(buffer_string(&said), cases[i].want, strlen(cases[i].want)) != 0)
            fail_msg("'%s', wanted '%s'", buffer_string(&said), cases[i].want);
        buffer_release(&said);
        stand_up(&bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_character_is_composed_or_named),
        cmocka_unit_test(the_character_under_the_cursor_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
