/* tests/marc/cutter_test.c - author numbers as the table of the Library of Congress has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recto/marc/cutter.h"

static void numbers__follow_the_table(void **state)
{
    static const struct {
        const char *heading, *number; /* NULL: none */
    } cases[] = {
        { "Rulfo, Juan", "R85" },     { "IBM", "I26" },      { "Idaho", "I33" },     { "\u00C9luard, Paul", "E48" },
        { "Import", "I47" },          { "Inman", "I56" },    { "Ipswich", "I67" },   { "Ito", "I86" },
        { "Sadron", "S23" },          { "Scanlon", "S23" },  { "Schreiber", "S37" }, { "Shillingburg", "S55" },
        { "Steinbeck, John", "S74" }, { "Queiroz", "Q45" },  { "Qaddafi", "Q23" },   { "Quinn", "Q56" },
        { "Campbell", "C36" },        { "Ceccaldi", "C43" }, { "Chertok", "C44" },   { "Clark", "C53" },
        { "Cryer", "C79" },           { "Cuellar", "C84" },  { "Cymbal", "C96" },    { "\"Dante\"", "D36" },
        { "\u590F\u76EE", NULL },     { "1984", NULL },      { "", NULL },           { "X", "X3" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char number[CUTTER_LENGTH] = "";
        const bool made = marc_cutter(number, text_from(cases[i].heading));
        if (made != (cases[i].number != NULL))
            fail_msg("%s", cases[i].heading);
        if (made)
            assert_string_equal(number, cases[i].number);
    }
}

static void the_title_counts__where_there_is_no_author(void **state)
{
    marc_record *record = NULL;
    recto_error error;
    char number[CUTTER_LENGTH];
    (void)state;
    assert_int_equal(marc_record_new(&record, &error), RECTO_OK);
    assert_int_equal(marc_main_heading(record).length, 0);
    assert_int_equal(marc_record_append_line(record, "245", "04", "$aThe old man.", &error), RECTO_OK);
    assert_true(marc_cutter(number, marc_main_heading(record)));
    assert_string_equal(number, "O43");
    assert_int_equal(marc_record_append_line(record, "100", "1 ", "$aHemingway, Ernest.", &error), RECTO_OK);
    assert_true(marc_cutter(number, marc_main_heading(record)));
    assert_string_equal(number, "H46");
    marc_record_free(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(numbers__follow_the_table),
                                        cmocka_unit_test(the_title_counts__where_there_is_no_author) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
