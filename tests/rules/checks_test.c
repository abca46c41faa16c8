/* tests/rules/checks_test.c - local checks: what a file of them says, where a check points, what is wrong with a file
 * (ED-106a). */
#include "support.h"

#include "recto/rules/checks.h"

typedef struct seen {
    size_t count;
    char line[6][300];
    size_t field[6];
} seen;

static void note(void *context, const marc_finding *finding)
{
    seen *seen = context;
    assert_true(seen->count < 6);
    assert_string_equal(finding->code, "local-check");
    snprintf(seen->line[seen->count], sizeof *seen->line, "%s %s: %s", marc_severity_name(finding->severity), finding->where,
             finding->message);
    seen->field[seen->count++] = finding->field;
}

static const char FILE_OF_CHECKS[] = "# of a library\n"
                                     "\n"
                                     "check \"Private\"\n"
                                     "severity block\n"
                                     "text no private notes here\n"
                                     "field 590 $a\n"
                                     "when exists \"590.a.*private*\"\n"
                                     "check \"Bare book\"\n"
                                     "text a book has no 300\n"
                                     "when existsControl \"LDR.{6,1}.a\" AND\n"
                                     "     # on two lines\n"
                                     "     not exists \"300\"\n"
                                     "check \"Series\"\n"
                                     "severity info\n"
                                     "text a series\n"
                                     "field 4XX\n"
                                     "when exists \"490\"\n";

static void checks__tell_where_they_hold(void **state)
{
    local_checks *checks = NULL;
    recto_error error = { 0 };
    seen seen = { .count = 0 };
    (void)state;
    marc_record *record =
        record_of("LDR 00000nam\\\\a2200000\\\\i\\\\4500\n245 00 $aT\n490 0\\ $aS\n590 \\\\ $bx\n590 \\\\ $aa private note\n");
    assert_int_equal(local_checks_parse(&checks, text_from(FILE_OF_CHECKS), "mine", &error), RECTO_OK);
    assert_int_equal(local_checks_count(checks), 3);
    assert_int_equal(local_checks_get(checks, 1)->severity, MARC_SEVERITY_WARNING);
    assert_int_equal(local_checks_run(checks, record, MARC_SEVERITY_INFO, note, &seen, &error), RECTO_OK);
    assert_int_equal(seen.count, 3);
    assert_string_equal(seen.line[0], "block 590[2] $a: no private notes here (Private)");
    assert_int_equal(seen.field[0], 3);
    assert_string_equal(seen.line[1], "warning record: a book has no 300 (Bare book)");
    assert_true(seen.field[1] == SIZE_MAX);
    assert_string_equal(seen.line[2], "info 490: a series (Series)");
    seen.count = 0;
    assert_int_equal(local_checks_run(checks, record, MARC_SEVERITY_BLOCK, note, &seen, &error), RECTO_OK);
    assert_int_equal(seen.count, 1);
    assert_int_equal(local_checks_run(NULL, record, MARC_SEVERITY_INFO, note, &seen, &error), RECTO_OK);
    marc_record_free(record);
    local_checks_free(checks);
}

/* A check is for bibs unless it says otherwise. */
static void checks__are_of_a_family_of_records(void **state)
{
    static const char file[] = "check \"A\"\ntext a\nwhen TRUE\ncheck \"B\"\nrecords authority\ntext b\nwhen TRUE\n"
                               "check \"C\"\nrecords all\ntext c\nwhen TRUE\n";
    local_checks *checks = NULL;
    recto_error error = { 0 };
    seen seen = { .count = 0 };
    (void)state;
    marc_record *bib = record_of("LDR 00000nam\\\\a2200000\\\\i\\\\4500\n245 00 $aT\n");
    marc_record *authority = record_of("LDR 00000nz\\\\\\a2200000n\\\\\\4500\n150 \\\\ $aT\n");
    assert_int_equal(local_checks_parse(&checks, text_from(file), "mine", &error), RECTO_OK);
    assert_int_equal(local_checks_run(checks, bib, MARC_SEVERITY_INFO, note, &seen, &error), RECTO_OK);
    assert_int_equal(seen.count, 2);
    assert_string_equal(seen.line[0], "warning record: a (A)");
    assert_string_equal(seen.line[1], "warning record: c (C)");
    seen.count = 0;
    assert_int_equal(local_checks_run(checks, authority, MARC_SEVERITY_INFO, note, &seen, &error), RECTO_OK);
    assert_int_equal(seen.count, 2);
    assert_string_equal(seen.line[0], "warning record: b (B)");
    marc_record_free(bib);
    marc_record_free(authority);
    local_checks_free(checks);
    assert_int_equal(local_checks_parse(&checks, TEXT("check \"A\"\nrecords holdings\n"), "mine", &error), RECTO_EDATA);
    assert_non_null(strstr(error.todo, "authority"));
}

static void faults__have_their_line(void **state)
{
    static const struct {
        const char *file, *where, *what;
    } cases[] = {
        { "text x\n", "mine:1", "belongs to no check" },
        { "check \"a\"\n", "mine:1", "no condition" },
        { "\ncheck \"a\"\nwhen TRUE\n", "mine:2", "says nothing" },
        { "check \"a\"\nseverity loud\n", "mine:2", "severity" },
        { "check \"a\"\nfield 59\n", "mine:2", "place" },
        { "check \"a\"\nbecause x\n", "mine:2", "cannot be read" },
        { "check \"a\"\ntext x\nwhen TRUE\ncheck \"a\"\n", "mine:4", "already" },
        { "check \"a\"\ntext x\n\nwhen exist \"590\"\n", "mine:4:6", "" },
        { "check\n", "mine:1", "name" },
        { "check \"a\"\nfield 5Y0\n", "mine:2", "place" },
        { "check \"a\"\ntext \xFF\n", "mine", "byte 16 is no UTF-8" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        local_checks *checks = NULL;
        recto_error error = { 0 };
        assert_int_equal(local_checks_parse(&checks, text_from(cases[i].file), "mine", &error), RECTO_EDATA);
        assert_null(checks);
        if (strcmp(error.where, cases[i].where) != 0 || strstr(error.what, cases[i].what) == NULL)
            fail_msg("%s gives %s: %s", cases[i].file, error.where, error.what);
    }
}

static void an_empty_file__has_no_checks(void **state)
{
    local_checks *checks = NULL;
    recto_error error = { 0 };
    (void)state;
    assert_int_equal(local_checks_parse(&checks, TEXT("# nothing\n"), "mine", &error), RECTO_OK);
    assert_int_equal(local_checks_count(checks), 0);
    local_checks_free(checks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks__are_of_a_family_of_records),
        cmocka_unit_test(checks__tell_where_they_hold),
        cmocka_unit_test(faults__have_their_line),
        cmocka_unit_test(an_empty_file__has_no_checks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
