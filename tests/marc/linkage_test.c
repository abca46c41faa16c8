/* tests/marc/linkage_test.c - a field and its 880: added, linked, unlinked, flipped, removed, numbered; each is one step of undo.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "recto/marc/formats.h"
#include "recto/marc/linkage.h"

#define LEADER "=LDR  00000cam a2200000 i 4500\n"

static marc_edit *edit_of(const char *mrk)
{
    recto_error error = { 0 };
    marc_record *record = NULL;
    marc_edit *edit = NULL;
    char whole[4000];
    snprintf(whole, sizeof whole, LEADER "%s\n", mrk);
    assert_int_equal(marc_record_parse(&record, text_from(whole), MARC_FORMAT_MRK, &error), RECTO_OK);
    assert_int_equal(marc_edit_new(&edit, &record, &error), RECTO_OK);
    return edit;
}

static void reads(const marc_edit *edit, const char *want, const char *name)
{
    const marc_record *record = marc_edit_record(edit);
    buffer lines;
    buffer_init(&lines, 0);
    for (size_t i = 0; i < marc_record_count(record); i++) {
        marc_field_line(&lines, marc_record_field(record, i));
        buffer_append_char(&lines, '\n');
    }
    if (strcmp(buffer_string(&lines), want) != 0)
        fail_msg("%s:\n%swanted:\n%s", name, buffer_string(&lines), want);
    buffer_release(&lines);
}

enum act { ADD, LINK, UNLINK, UNLINK_880, FLIP, SCRIPT, REMOVE, REMOVE_BOTH, RENUMBER };

static recto_status acts(marc_edit *edit, enum act act, size_t index, size_t other, recto_error *error)
{
    size_t made;
    switch (act) {
    case ADD:
        return marc_linkage_add(edit, index, "(2/r", &made, error);
    case LINK:
        return marc_linkage_link(edit, index, other, error);
    case UNLINK:
    case UNLINK_880:
        return marc_linkage_unlink(edit, index, act == UNLINK_880, error);
    case FLIP:
        return marc_linkage_flip(edit, index, error);
    case SCRIPT:
        return marc_linkage_set_script(edit, index, "(N", error);
    case REMOVE:
    case REMOVE_BOTH:
        return marc_linkage_remove(edit, index, act == REMOVE_BOTH, error);
    case RENUMBER:
        return marc_linkage_renumber(edit, &made, error);
    }
    return RECTO_EINVALID;
}

#define PAIR "=100  1\\$aAuthor\n=245  10$6880-01$aTitle\n=500  \\\\$aNote\n=880  10$6245-01/(2/r$aכותר\n"

static void a_pair__is_changed_as_one_step(void **state)
{
    static const struct {
        const char *name, *mrk;
        enum act act;
        size_t index, other;
        const char *want; /* NULL: refused */
    } cases[] = {
        { "add", "=245  10$aTitle /$cAuthor\n", ADD, 0, 0,
          "245 10 $6880-01$aTitle /$cAuthor\n880 10 $6245-01/(2/r$aTitle /$cAuthor\n" },
        { "add takes a number that is free", PAIR, ADD, 0, 0,
          "100 1\\ $6880-02$aAuthor\n245 10 $6880-01$aTitle\n500 \\\\ $aNote\n880 10 $6245-01/(2/r$aכותר\n880 1\\ "
          "$6100-02/(2/r$aAuthor\n" },
        { "add where there is one", PAIR, ADD, 1, 0, NULL },
        { "add to an 880", PAIR, ADD, 3, 0, NULL },
        { "add to a control field", "=008  x\n", ADD, 0, 0, NULL },
        { "link two of one tag", "=245  10$aTitle\n=245  10$aכותר\n", LINK, 1, 0,
          "245 10 $6880-01$aTitle\n880 10 $6245-01/(2/r$aכותר\n" },
        { "link a lone 880", "=245  10$aTitle\n=880  10$6245-00/(2/r$aכותר\n", LINK, 0, 1,
          "245 10 $6880-01$aTitle\n880 10 $6245-01/(2/r$aכותר\n" },
        { "link different tags", "=245  10$aTitle\n=246  10$aכותר\n", LINK, 0, 1, NULL },
        { "link what is linked", PAIR, LINK, 1, 3, NULL },
        { "unlink", PAIR, UNLINK, 3, 0, "100 1\\ $aAuthor\n245 10 $aTitle\n500 \\\\ $aNote\n245 10 $aכותר\n" },
        { "unlink, kept as 880", PAIR, UNLINK_880, 1, 0,
          "100 1\\ $aAuthor\n245 10 $aTitle\n500 \\\\ $aNote\n880 10 $6245-00/(2/r$aכותר\n" },
        { "unlink what stands alone", PAIR, UNLINK, 0, 0, NULL },
        { "flip", PAIR, FLIP, 1, 0, "100 1\\ $aAuthor\n245 10 $6880-01$aכותר\n500 \\\\ $aNote\n880 10 $6245-01/(2/r$aTitle\n" },
        { "script by the Latin half", PAIR, SCRIPT, 1, 0,
          "100 1\\ $aAuthor\n245 10 $6880-01$aTitle\n500 \\\\ $aNote\n880 10 $6245-01/(N$aכותר\n" },
        { "remove the Latin half", PAIR, REMOVE, 1, 0, "100 1\\ $aAuthor\n500 \\\\ $aNote\n880 10 $6245-00/(2/r$aכותר\n" },
        { "remove the 880", PAIR, REMOVE, 3, 0, "100 1\\ $aAuthor\n245 10 $aTitle\n500 \\\\ $aNote\n" },
        { "remove both", PAIR, REMOVE_BOTH, 1, 0, "100 1\\ $aAuthor\n500 \\\\ $aNote\n" },
        { "remove both, from the 880", PAIR, REMOVE_BOTH, 3, 0, "100 1\\ $aAuthor\n500 \\\\ $aNote\n" },
        { "link two 880", "=880  10$6245-00$aכותר\n=880  10$6245-00$aכותר\n", LINK, 0, 1, NULL },
        { "link a field with itself", "=245  10$aTitle\n", LINK, 0, 0, NULL },
        { "link a control field", "=008  x\n=245  10$aTitle\n", LINK, 0, 1, NULL },
        { "link with a control field", "=008  x\n=245  10$aTitle\n", LINK, 1, 0, NULL },
        { "link with one that is linked", PAIR "=245  10$aOther\n", LINK, 4, 1, NULL },
        { "link a lone 880, named first", "=245  10$aTitle\n=880  10$6245-00/(2/r$aכותר\n", LINK, 1, 0,
          "245 10 $6880-01$aTitle\n880 10 $6245-01/(2/r$aכותר\n" },
        { "link an 880 without $6", "=245  10$aTitle\n=880  10$aכותר\n", LINK, 0, 1,
          "245 10 $6880-01$aTitle\n880 10 $6245-01/(2/r$aכותר\n" },
        { "link the other script first", "=245  10$aכותר\n=245  10$aTitle\n", LINK, 0, 1,
          "880 10 $6245-01/(2/r$aכותר\n245 10 $6880-01$aTitle\n" },
        { "link two in Latin", "=245  10$aOne\n=245  10$aTwo\n", LINK, 0, 1, "245 10 $6880-01$aOne\n880 10 $6245-01$aTwo\n" },
        { "script where there is no 880", "=245  10$aTitle\n", SCRIPT, 0, 0, NULL },
        { "script of an 880 without $6", "=880  10$aכותר\n", SCRIPT, 0, 0, NULL },
        { "flip what stands alone", "=245  10$aTitle\n", FLIP, 0, 0, NULL },
        { "remove what stands alone", "=245  10$aTitle\n=500  \\\\$aNote\n", REMOVE, 1, 0, "245 10 $aTitle\n" },
        { "remove both of what stands alone", "=245  10$aTitle\n=500  \\\\$aNote\n", REMOVE_BOTH, 0, 0, "500 \\\\ $aNote\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        recto_error error = { 0 };
        marc_edit *edit = edit_of(cases[i].mrk), *before = edit_of(cases[i].mrk);
        recto_status status = acts(edit, cases[i].act, cases[i].index, cases[i].other, &error);
        if ((status == RECTO_OK) != (cases[i].want != NULL))
            fail_msg("%s: %s", cases[i].name, error.what);
        if (cases[i].want != NULL) {
            reads(edit, cases[i].want, cases[i].name);
            assert_int_equal(marc_edit_steps(edit), 1);
            assert_int_equal(marc_edit_undo(edit, NULL, &error), RECTO_OK);
        } else {
            assert_int_not_equal(error.what[0], '\0');
        }
        assert_true(marc_record_equal(marc_edit_record(edit), marc_edit_record(before)));
        marc_edit_free(edit);
        marc_edit_free(before);
    }
}

static void numbers__are_each_pairs_own(void **state)
{
    static const struct {
        const char *name, *mrk, *want;
    } cases[] = {
        { "all well", PAIR, "100 1\\ $aAuthor\n245 10 $6880-01$aTitle\n500 \\\\ $aNote\n880 10 $6245-01/(2/r$aכותר\n" },
        { "two pairs of one tag and number",
          "=500  \\\\$6880-01$aA\n=500  \\\\$6880-01$aB\n=880  \\\\$6500-01/(2/r$aא\n=880  \\\\$6500-01/(2/r$aב\n",
          "500 \\\\ $6880-01$aA\n500 \\\\ $6880-02$aB\n880 \\\\ $6500-01/(2/r$aא\n880 \\\\ $6500-02/(2/r$aב\n" },
        { "one number of two tags, the stroke kept",
          "=100  1\\$6880-3$aA\n=245  10$6880-03$aB\n=880  1\\$6100-03/(3/r$aא\n=880  10$6245-03/(3/r$aב\n",
          "100 1\\ $6880-3$aA\n245 10 $6880-01$aB\n880 1\\ $6100-03/(3/r$aא\n880 10 $6245-01/(3/r$aב\n" },
        { "lone ones are left", "=245  10$6880-01$aA\n=880  10$6246-01$aB\n=880  \\\\$6500-00$aC\n",
          "245 10 $6880-01$aA\n880 10 $6246-01$aB\n880 \\\\ $6500-00$aC\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        recto_error error = { 0 };
        marc_edit *edit = edit_of(cases[i].mrk);
        assert_int_equal(acts(edit, RENUMBER, 0, 0, &error), RECTO_OK);
        reads(edit, cases[i].want, cases[i].name);
        assert_true(marc_edit_steps(edit) <= 1);
        marc_edit_free(edit);
    }
}

static void links__are_read_as_they_are_written(void **state)
{
    static const struct {
        const char *mrk;
        bool read;
        unsigned number;
        const char *script;
    } cases[] = {
        { "=245  10$6880-01$aA\n", true, 1, "" },
        { "=880  10$6245-12/(2/r$aA\n", true, 12, "(2/r" },
        { "=880  10$6245-123/{dollar}1$aA\n", true, 123, "$1" },
        { "=245  10$6881-01$aA\n", false, 0, "" },
        { "=245  10$6880$aA\n", false, 0, "" },
        { "=245  10$6880-x$aA\n", false, 0, "" },
        { "=245  10$aA\n", false, 0, "" },
        { "=880  10$6245-00$aA\n", true, 0, "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_edit *edit = edit_of(cases[i].mrk);
        marc_linkage link;
        bool read = marc_linkage_of(marc_record_field(marc_edit_record(edit), 0), &link);
        if (read != cases[i].read ||
            (read && (link.number != cases[i].number || !text_equal(link.script, text_from(cases[i].script)))))
            fail_msg("%s: %d, %u, %.*s", cases[i].mrk, read, link.number, (int)link.script.length, link.script.bytes);
        marc_edit_free(edit);
    }
}

static void scripts__are_told_by_their_letters(void **state)
{
    static const struct {
        const char *mrk, *want;
    } cases[] = {
        { "=245  10$aTitle\n", NULL },    { "=245  10$aכותר (1994)\n", "(2/r" }, { "=245  10$aこころ /$c夏目漱石\n", "$1" },
        { "=245  10$aสี่แผ่นดิน\n", "Thai" }, { "=245  10$aगोदान\n", "Deva" },       { "=245  10$aВойна\n", "(N" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_edit *edit = edit_of(cases[i].mrk);
        const marc_script *script = marc_script_of(marc_record_field(marc_edit_record(edit), 0));
        assert_int_equal(script != NULL, cases[i].want != NULL);
        if (script != NULL)
            assert_string_equal(script->code, cases[i].want);
        marc_edit_free(edit);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair__is_changed_as_one_step),
        cmocka_unit_test(numbers__are_each_pairs_own),
        cmocka_unit_test(links__are_read_as_they_are_written),
        cmocka_unit_test(scripts__are_told_by_their_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
