/* tests/rules/clear_empty_test.c - what is empty goes behind a file of rules, and nothing else does. */
#include "support.h"

static void clear_empty__drops_subfields_without_value_and_fields_without_subfields(void **state)
{
    static const struct {
        const char *name, *before, *after;
    } cases[] = {
        { "nothing is empty", "245 10 $aTitle /$cby me.\n", "245 10 $aTitle /$cby me.\n" },
        { "the first", "245 10 $a$cby me.\n", "245 10 $cby me.\n" },
        { "the last", "500 \\\\ $aNote.$5\n", "500 \\\\ $aNote.\n" },
        { "several", "500 \\\\ $a$bNote.$c$dMore$e\n", "500 \\\\ $bNote.$dMore\n" },
        { "a whole field", "500 \\\\ $a\n650 \\0 $aMills.\n", "650 \\0 $aMills.\n" },
        { "two fields side by side", "500 \\\\ $a\n501 \\\\ $a$b\n650 \\0 $aMills.\n", "650 \\0 $aMills.\n" },
        { "a blank is a value", "500 \\\\ $a $b\n", "500 \\\\ $a \n" },
        { "control fields stay", "001 x\n008 \\\n", "001 x\n008 \\\n" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_record *record = record_of(cases[i].before);
        buffer lines;
        buffer_init(&lines, 0);
        assert_int_equal(rule_clear_empty(record, NULL), RECTO_OK);
        append_lines(&lines, record, false);
        if (strcmp(buffer_string(&lines), cases[i].after) != 0)
            fail_msg("%s: %s", cases[i].name, buffer_string(&lines));
        buffer_release(&lines);
        marc_record_free(record);
    }
}

static void clear_empty__leaves_bytes_without_delimiter_to_others(void **state)
{
    marc_record *record = record_of("245 10 $aTitle.\n");
    (void)state;
    assert_int_equal(marc_record_append(record, "500",
                                        text_from("  stray\x1f"
                                                  "a\x1f"
                                                  "bkept"),
                                        NULL),
                     RECTO_OK);
    assert_int_equal(marc_record_append(record, "501", TEXT(""), NULL), RECTO_OK);
    assert_int_equal(rule_clear_empty(record, NULL), RECTO_OK);
    assert_int_equal(marc_record_count(record), 2);
    assert_true(text_equal(marc_record_field(record, 1)->content, text_from("  stray\x1f"
                                                                            "bkept")));
    marc_record_free(record);
}

static void normalize__clears_only_what_a_rule_has_changed(void **state)
{
    static const char source[] = "rule \"r\" when exists \"500\" then replaceContents \"500.a.Gone\" with \"\" end";
    rule_file *file = NULL;
    rule_result result = { .changed = false };
    (void)state;
    assert_int_equal(rule_file_parse(&file, text_from(source), "r", RULES_UNKNOWN, NULL, NULL, NULL), RECTO_OK);
    assert_string_equal(rule_file_name(file), "r");
    marc_record *record = record_of("245 10 $aTitle.$b\n");
    assert_int_equal(rule_file_normalize(&result, file, record, NULL, NULL, NULL), RECTO_OK);
    assert_false(result.changed);
    assert_true(text_equal(marc_record_field(record, 0)->content, text_from("10\x1f"
                                                                            "aTitle.\x1f"
                                                                            "b")));
    marc_record_free(record);
    record = record_of("245 10 $aTitle.$b\n500 \\\\ $aGone\n");
    assert_int_equal(rule_file_normalize(&result, file, record, NULL, NULL, NULL), RECTO_OK);
    assert_true(result.changed);
    assert_int_equal(marc_record_count(record), 1);
    assert_true(text_equal(marc_record_field(record, 0)->content, text_from("10\x1f"
                                                                            "aTitle.")));
    marc_record_free(record);
    rule_file_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clear_empty__drops_subfields_without_value_and_fields_without_subfields),
        cmocka_unit_test(clear_empty__leaves_bytes_without_delimiter_to_others),
        cmocka_unit_test(normalize__clears_only_what_a_rule_has_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
