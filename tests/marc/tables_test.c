/* tests/marc/tables_test.c - the shipped MARC 21 tables answer as the format says; faults in a file are told by line. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recto/base/resource.h"
#include "recto/marc/tables.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static int load_shipped(void **state)
{
    marc_tables *tables = NULL;
    size_t count = 0;
    const char *const *files = marc_tables_files(&count);

    assert_int_equal(marc_tables_new(&tables, NULL), RECTO_OK);
    for (size_t i = count; i-- > 0;) { /* backwards: any order will do */
        resource file;
        recto_error error;
        char line[600] = "";
        assert_int_equal(resource_open_built_in(&file, files[i], &error), RECTO_OK);
        recto_status status = marc_tables_add(tables, file.content, files[i], &error);
        if (status != RECTO_OK)
            recto_error_line(line, sizeof line, &error);
        assert_string_equal(line, "");
        resource_release(&file);
    }
    *state = tables;
    return 0;
}

static int free_tables(void **state)
{
    marc_tables_free(*state);
    return 0;
}

static void assert_text(text found, const char *want)
{
    if (!text_equal(found, text_from(want)))
        fail_msg("\"%.*s\", wanted \"%s\"", (int)found.length, found.bytes, want);
}

static void shipped__every_list_that_is_named_is_there(void **state)
{
    assert_text(marc_tables_missing_list(*state), "");
}

static void field__knows_repeatability_indicators_and_subfields(void **state)
{
    static const struct {
        marc_family family;
        const char *tag;
        bool repeatable, mandatory;
        const char *indicators;
        const char *subfields;
    } cases[] = {
        /* indicators: values of the first, a comma, values of the second; subfields: repeatable ones in square brackets */
        { MARC_BIBLIOGRAPHIC, "245", false, true, "01,0123456789", "abcfgh[k][n][p]s6[7][8]" },
        { MARC_BIBLIOGRAPHIC, "020", true, false, "#,#", "ac[q][z]6[8]" },
        { MARC_BIBLIOGRAPHIC, "100", false, false, "013,#", "ab[c]d[e]f[g][j][k]l[n][p]qtu[0][1]2[4]6[7][8]" },
        { MARC_BIBLIOGRAPHIC, "250", true, false, "#,#", "ab36[7][8]" },
        { MARC_BIBLIOGRAPHIC, "043", false, false, "#,#", "[a][b][c][0][1][2]6[8]" },
        { MARC_BIBLIOGRAPHIC, "264", true, false, "#23,01234", "[a][b][c]36[7][8]" },
        { MARC_HOLDINGS, "004", false, false, NULL, "" },
        { MARC_HOLDINGS, "852", true, true, "#012345678,#012", "a[b][c][d][e][f][g]h[i]j[k]l[m]npq[s]t[u][x][z]2368" },
        { MARC_AUTHORITY, "100", false, false, "013,#", NULL },
        { MARC_AUTHORITY, "400", true, false, "013,#", NULL },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const marc_field_definition *field = marc_tables_field(*state, cases[i].family, cases[i].tag);
        char values[64] = "";
        char subfields[256] = "";
        assert_non_null(field);
        assert_true(field->label.length > 0);
        assert_int_equal(field->repeatable, cases[i].repeatable);
        assert_int_equal(field->mandatory, cases[i].mandatory);
        for (int which = 0; which < 2; which++) {
            size_t used = strlen(values);
            for (size_t j = 0; j < field->indicator_count[which]; j++)
                values[used++] = field->indicator_values[which][j].code.bytes[0];
            if (which == 0)
                values[used] = ',';
        }
        if (cases[i].indicators != NULL)
            assert_string_equal(values, cases[i].indicators);
        for (size_t j = 0; j < field->subfield_count; j++) {
            const marc_subfield_definition *subfield = &field->subfields[j];
            size_t used = strlen(subfields);
            if (!subfield->obsolete)
                snprintf(subfields + used, sizeof subfields - used, subfield->repeatable ? "[%c]" : "%c", subfield->code);
            assert_true(subfield->label.length > 0);
            assert_ptr_equal(marc_definition_subfield(field, subfield->code), subfield);
        }
        if (cases[i].subfields != NULL)
            assert_string_equal(subfields, cases[i].subfields);
    }
    assert_null(marc_tables_field(*state, MARC_BIBLIOGRAPHIC, "999"));
    assert_null(marc_tables_field(*state, MARC_BIBLIOGRAPHIC, "24"));
    assert_null(marc_tables_field(*state, MARC_HOLDINGS, "245"));
    assert_true(marc_tables_field(*state, MARC_BIBLIOGRAPHIC, "440")->obsolete);
}

static void field__indicators_and_subfields_have_meanings(void **state)
{
    const marc_field_definition *field = marc_tables_field(*state, MARC_BIBLIOGRAPHIC, "245");
    assert_text(marc_definition_indicator(field, 2, '4')->label, "Number of nonfiling characters");
    assert_null(marc_definition_indicator(field, 1, '7'));
    assert_false(marc_definition_indicator_allowed(field, 1, ' '));
    assert_text(field->indicator_label[0], "Title added entry");
    assert_text(marc_definition_subfield(field, 'c')->label, "Statement of responsibility, etc.");
    assert_true(marc_definition_subfield(field, 'd')->obsolete);
    assert_null(marc_definition_subfield(field, 'y'));
    field = marc_tables_field(*state, MARC_BIBLIOGRAPHIC, "500");
    assert_true(marc_definition_indicator_allowed(field, 1, ' '));
    assert_false(marc_definition_indicator_allowed(field, 1, '1'));
}

static const marc_position *position_named(const marc_fixed_layout *layout, const char *name)
{
    for (size_t i = 0; i < layout->position_count; i++)
        if (text_equal(layout->positions[i].name, text_from(name)))
            return &layout->positions[i];
    return NULL;
}

static void obsolete__says_since_when_and_what_is_used_today(void **state)
{
    const marc_field_definition *title = marc_tables_field(*state, MARC_BIBLIOGRAPHIC, "245");
    const marc_field_definition *issn = marc_tables_field(*state, MARC_BIBLIOGRAPHIC, "022");
    const marc_subfield_definition *section = marc_definition_subfield(title, 'd');
    const marc_subfield_definition *cluster = marc_definition_subfield(issn, 'l');

    assert_true(section->obsolete && text_equal(section->instead, TEXT("since 1979")));
    assert_true(text_equal(section->label, TEXT("Designation of section/part/series (SE)")));
    assert_true(cluster->obsolete && text_equal(cluster->instead, TEXT("since 2023 it goes into 023")));
    assert_int_equal(marc_definition_subfield(title, 'a')->instead.length, 0);
}

static void layout__follows_the_leader_or_the_first_byte(void **state)
{
    static const struct {
        marc_family family;
        const char *tag, *type, *content, *want;
        size_t length;
    } cases[] = {
        { MARC_BIBLIOGRAPHIC, "LDR", "am", "", "Leader", 24 },
        { MARC_BIBLIOGRAPHIC, "008", "am", "", "Books", 40 },
        { MARC_BIBLIOGRAPHIC, "008", "tm", "", "Books", 40 },
        { MARC_BIBLIOGRAPHIC, "008", "ts", "", "Books", 40 },
        { MARC_BIBLIOGRAPHIC, "008", "as", "", "Continuing Resources", 40 },
        { MARC_BIBLIOGRAPHIC, "008", "ai", "", "Continuing Resources", 40 },
        { MARC_BIBLIOGRAPHIC, "008", "cm", "", "Music", 40 },
        { MARC_BIBLIOGRAPHIC, "008", "js", "", "Music", 40 },
        { MARC_BIBLIOGRAPHIC, "008", "em", "", "Maps", 40 },
        { MARC_BIBLIOGRAPHIC, "008", "gm", "", "Visual Materials", 40 },
        { MARC_BIBLIOGRAPHIC, "008", "mm", "", "Computer Files", 40 },
        { MARC_BIBLIOGRAPHIC, "008", "pc", "", "Mixed Materials", 40 },
        { MARC_BIBLIOGRAPHIC, "008", "?m", "", NULL, 0 },
        { MARC_BIBLIOGRAPHIC, "006", "am", "m", "Computer Files", 18 },
        { MARC_BIBLIOGRAPHIC, "006", "am", "s", "Continuing Resources", 18 },
        { MARC_BIBLIOGRAPHIC, "006", "am", "", NULL, 0 },
        { MARC_BIBLIOGRAPHIC, "007", "am", "sd", "Sound recording", 14 },
        { MARC_BIBLIOGRAPHIC, "007", "am", "cr", "Electronic resource", 14 },
        { MARC_BIBLIOGRAPHIC, "007", "am", "ta", "Text", 2 },
        { MARC_BIBLIOGRAPHIC, "007", "am", "y", NULL, 0 },
        { MARC_BIBLIOGRAPHIC, "009", "am", "y", NULL, 0 },
        { MARC_HOLDINGS, "008", "x ", "", "Holdings", 32 },
        { MARC_AUTHORITY, "008", "z ", "", "Authority", 40 },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char leader[] = "00000nam a2200000 i 4500";
        memcpy(leader + 6, cases[i].type, 2);
        const marc_fixed_layout *layout =
            marc_tables_fixed(*state, cases[i].family, cases[i].tag, leader, text_from(cases[i].content));
        if ((layout != NULL) != (cases[i].want != NULL))
            fail_msg("%s %s %s", cases[i].tag, cases[i].type, cases[i].content);
        if (layout == NULL)
            continue;
        assert_text(layout->name, cases[i].want);
        assert_int_equal(layout->length, cases[i].length);
    }
}

static void layout__positions_have_strip_names_and_codes(void **state)
{
    static const struct {
        const char *tag, *type, *content, *name;
        size_t offset, length, unit;
        const char *code, *meaning;
    } cases[] = {
        { "LDR", "am", "", "ELvl", 17, 1, 1, " ", "Full level" },
        { "LDR", "am", "", "Type", 6, 1, 1, "a", "Language material" },
        { "008", "am", "", "LitF", 33, 1, 1, "1", "Fiction (not further specified)" },
        { "008", "am", "", "Ills", 18, 4, 1, "a", "Illustrations" },
        { "008", "am", "", "Fest", 30, 1, 1, "0", "Not a festschrift" },
        { "008", "am", "", "Audn", 22, 1, 1, "j", "Juvenile" },
        { "008", "am", "", "Ctry", 15, 3, 3, "fr ", "France" },
        { "008", "am", "", "Lang", 35, 3, 3, "heb", "Hebrew" },
        { "008", "as", "", "Freq", 18, 1, 1, "q", "Quarterly" },
        { "008", "gm", "", "Time", 18, 3, 3, "117", "Running time" },
        { "008", "em", "", "Proj", 22, 2, 2, "  ", "Projection not specified" },
        { "008", "em", "", "SpFm", 33, 2, 1, "|", NULL },
        { "006", "am", "a", "LitF", 16, 1, 1, "f", "Novels" },
        { "006", "am", "s", "Freq", 1, 1, 1, "m", "Monthly" },
        { "007", "am", "sd", "SMD", 1, 1, 1, "d", "Sound disc" },
        { "007", "am", "vf", "VdFm", 4, 1, 1, "v", "DVD" },
        { "008", "am", "", "LitF", 33, 1, 1, "x", "" },
        { "008", "gm", "", "Time", 18, 3, 3, "11x", "" },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char leader[] = "00000nam a2200000 i 4500";
        memcpy(leader + 6, cases[i].type, 2);
        const marc_fixed_layout *layout =
            marc_tables_fixed(*state, MARC_BIBLIOGRAPHIC, cases[i].tag, leader, text_from(cases[i].content));
        assert_non_null(layout);
        const marc_position *position = position_named(layout, cases[i].name);
        if (position == NULL)
            fail_msg("%s %s", cases[i].tag, cases[i].name);
        assert_int_equal(position->offset, cases[i].offset);
        assert_int_equal(position->length, cases[i].length);
        assert_int_equal(position->unit_length, cases[i].unit);
        const marc_code *code = marc_position_code(position, text_from(cases[i].code));
        if (cases[i].meaning != NULL && cases[i].meaning[0] == '\0') {
            assert_null(code);
            continue;
        }
        assert_non_null(code);
        if (cases[i].meaning != NULL && !text_starts(code->label, text_from(cases[i].meaning)))
            fail_msg("%s %s: %.*s", cases[i].name, cases[i].code, (int)code->label.length, code->label.bytes);
    }
}

static void check_no_byte_is_in_two_positions(const marc_fixed_layout *layout)
{
    bool taken[64] = { false };

    assert_true(layout->length <= sizeof taken);
    for (size_t i = 0; i < layout->position_count; i++) {
        const marc_position *position = &layout->positions[i];
        assert_true(position->offset + position->length <= layout->length);
        assert_int_equal(position->length % position->unit_length, 0);
        for (size_t byte = position->offset; byte < position->offset + position->length; byte++) {
            if (taken[byte])
                fail_msg("%.*s: byte %zu twice", (int)layout->name.length, layout->name.bytes, byte);
            taken[byte] = true;
        }
    }
}

static void layout__no_byte_is_in_two_positions(void **state)
{
    static const char types[] = "acdefgijkmoprt";
    static const char materials[] = "acdfghkmoqrstvz";
    char leader[] = "00000nam a2200000 i 4500";
    for (size_t i = 0; types[i] != '\0'; i++) {
        leader[6] = types[i];
        check_no_byte_is_in_two_positions(marc_tables_fixed(*state, MARC_BIBLIOGRAPHIC, "008", leader, TEXT("")));
        check_no_byte_is_in_two_positions(marc_tables_fixed(*state, MARC_BIBLIOGRAPHIC, "006", leader, text_of(&types[i], 1)));
    }
    for (size_t i = 0; materials[i] != '\0'; i++)
        check_no_byte_is_in_two_positions(
            marc_tables_fixed(*state, MARC_BIBLIOGRAPHIC, "007", leader, text_of(&materials[i], 1)));
    check_no_byte_is_in_two_positions(marc_tables_fixed(*state, MARC_BIBLIOGRAPHIC, "LDR", leader, TEXT("")));
    check_no_byte_is_in_two_positions(marc_tables_fixed(*state, MARC_HOLDINGS, "LDR", leader, TEXT("")));
    check_no_byte_is_in_two_positions(marc_tables_fixed(*state, MARC_HOLDINGS, "008", leader, TEXT("")));
    check_no_byte_is_in_two_positions(marc_tables_fixed(*state, MARC_AUTHORITY, "LDR", leader, TEXT("")));
    check_no_byte_is_in_two_positions(marc_tables_fixed(*state, MARC_AUTHORITY, "008", leader, TEXT("")));
}

static void code__is_found_by_list(void **state)
{
    static const struct {
        const char *list, *code, *want;
        bool obsolete;
    } cases[] = {
        { "country", "nyu", "New York (State)", false },
        { "country", "fr", "France", false },
        { "country", "ur", "Soviet Union", true },
        { "language", "eng", "English", false },
        { "language", "scr", "Croatian", true },
        { "relator", "aut", "Author", false },
        { "gac", "n-us-ny", "New York", false },
        { "relator", "", NULL, false },
        { "country", "zzz", NULL, false },
        { "planets", "eng", NULL, false },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const marc_code *code = marc_tables_code(*state, cases[i].list, text_from(cases[i].code));
        if ((code != NULL) != (cases[i].want != NULL))
            fail_msg("%s %s", cases[i].list, cases[i].code);
        if (code == NULL)
            continue;
        assert_text(code->label, cases[i].want);
        assert_int_equal(code->obsolete, cases[i].obsolete);
    }
    size_t count = 0;
    assert_non_null(marc_tables_list(*state, "language", &count));
    assert_true(count > 480);
    assert_null(marc_tables_list(*state, "planets", &count));
    assert_int_equal(count, 0);
}

static void add__tells_the_line_of_a_fault(void **state)
{
    static const struct {
        const char *file, *where, *what;
    } cases[] = {
        { "family musical\n", "t:1", "no such family" },
        { "\n# comment\n  $a Title\n", "t:3", "an indented line that belongs to nothing" },
        { "245 NR Title\n  $a Title\n  $a Again\n", "t:3", "this subfield is defined already" },
        { "245 NR Title\n245 R Title\n", "t:2", "this field is defined already" },
        { "245 X Title\n", "t:1", "this line begins neither a field nor a block" },
        { "24 NR Title\n", "t:1", "this line begins neither a field nor a block" },
        { "245 NR\n", "t:1", "this line begins neither a field nor a block" },
        { "245 NR T\n  1 Label 0 None\n", "t:2", "an indicator without values" },
        { "245 NR T\n  1 Label: 012 None\n", "t:2", "this indicator value cannot be read" },
        { "245 NR T\n  1 Label: 9-1 None\n", "t:2", "this indicator value cannot be read" },
        { "245 NR T\n  1 Label: 0\n", "t:2", "this indicator value cannot be read" },
        { "245 NR T\n  a Title\n", "t:2", "this subfield cannot be read" },
        { "245 NR T\n  also 6\n", "t:2", "no such common subfield" },
        { "codes\n", "t:1", "a code list needs a name" },
        { "codes x\n  a\n", "t:2", "a code without a meaning" },
        { "codes x\n  a A\n  b B\n  a C\ncodes y\n", "t:5", "the code list above has a code twice" },
        { "codes x\n  a A\ncodes x\n", "t:3", "there is a code list of this name" },
        { "layout 008 Books\n", "t:1", "this layout cannot be read" },
        { "layout 008 40 Books\n  when LDR/x=1\n", "t:2", "this condition cannot be read" },
        { "positions\n", "t:1", "a group of positions needs a name" },
        { "layout 008 40 Books\n  x-21 A Alpha\n", "t:2", "this position cannot be read" },
        { "layout 008 40 Books\n  18-x A Alpha\n", "t:2", "this position cannot be read" },
        { "positions g\n  18 A Alpha\nlayout 006 18 B\n  use g 17\n", "t:4", "this cannot be read" },
        { "layout 008 40 Books\n  use nothing\n", "t:2", "no such group of positions" },
        { "positions g\n  18 A Alpha\nlayout 006 18 B\n  use g -19\n", "t:4",
          "a position of this group would lie before the field" },
        { "layout 008 40 Books\n  39-41 A Alpha\n", "t:2", "a position of the layout above lies behind its end" },
        { "layout 008 40 Books\n  21-18 A Alpha\n", "t:2", "this position cannot be read" },
        { "layout 008 40 Books\n  18-21 A\n", "t:2", "this position cannot be read" },
        { "codes x\n  abc A\nlayout 008 40 Books\n  18-21 A Alpha = x\n", "t:4",
          "codes do not fit a position that uses the list" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        marc_tables *tables = NULL;
        recto_error error;
        assert_int_equal(marc_tables_new(&tables, NULL), RECTO_OK);
        if (marc_tables_add(tables, text_from(cases[i].file), "t", &error) != RECTO_EDATA)
            fail_msg("case %zu was taken", i);
        assert_string_equal(error.where, cases[i].where);
        assert_memory_equal(error.what, cases[i].what, strlen(cases[i].what));
        assert_true(error.todo[0] != '\0');
        marc_tables_free(tables);
    }
}

static void add__takes_any_indicator_where_a_star_says_so(void **state)
{
    marc_tables *tables = NULL;
    (void)state;
    assert_int_equal(marc_tables_new(&tables, NULL), RECTO_OK);
    assert_int_equal(marc_tables_add(tables,
                                     TEXT("\n901 R Local\r\n  1 Shelf: *\r\n  $a+ Note\r\nlayout 008 3 X\n  00 A Alpha = later"),
                                     "local", NULL),
                     RECTO_OK);
    const marc_field_definition *field = marc_tables_field(tables, MARC_BIBLIOGRAPHIC, "901");
    assert_true(marc_definition_indicator_allowed(field, 1, 'Q'));
    assert_false(marc_definition_indicator_allowed(field, 2, 'Q'));
    assert_text(marc_definition_subfield(field, 'a')->label, "Note");
    assert_text(marc_tables_missing_list(tables), "later");
    assert_int_equal(marc_tables_add(tables, TEXT(""), "empty", NULL), RECTO_OK);
    assert_int_equal(marc_tables_add(tables, TEXT("codes later\n  a A"), "late", NULL), RECTO_OK);
    assert_text(marc_tables_missing_list(tables), "");
    const marc_fixed_layout *layout = marc_tables_fixed(tables, MARC_BIBLIOGRAPHIC, "008", "00000nam a2200000 i 4500", TEXT("a"));
    assert_non_null(marc_position_code(&layout->positions[0], TEXT("a")));
    marc_tables_free(tables);
}

static void material__follows_type_and_level(void **state)
{
    static const struct {
        const char *type, *material;
        marc_family family;
    } cases[] = {
        { "am", "Book", MARC_BIBLIOGRAPHIC },
        { "as", "Serial", MARC_BIBLIOGRAPHIC },
        { "ai", "Integrating resource", MARC_BIBLIOGRAPHIC },
        { "em", "Map", MARC_BIBLIOGRAPHIC },
        { "cm", "Score", MARC_BIBLIOGRAPHIC },
        { "jm", "Sound recording", MARC_BIBLIOGRAPHIC },
        { "gm", "Video", MARC_BIBLIOGRAPHIC },
        { "mm", "Computer file", MARC_BIBLIOGRAPHIC },
        { "x ", "Holdings", MARC_HOLDINGS },
        { "y ", "Holdings", MARC_HOLDINGS },
        { "z ", "Authority", MARC_AUTHORITY },
        { "??", "Other", MARC_BIBLIOGRAPHIC },
    };
    marc_record *record = NULL;
    (void)state;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char leader[] = "00000nam a2200000 i 4500";
        memcpy(leader + 6, cases[i].type, 2);
        marc_record_set_leader(record, leader);
        assert_string_equal(marc_material_type(record), cases[i].material);
        assert_int_equal(marc_family_of(record), cases[i].family);
    }
    marc_record_free(record);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped__every_list_that_is_named_is_there),
        cmocka_unit_test(field__knows_repeatability_indicators_and_subfields),
        cmocka_unit_test(field__indicators_and_subfields_have_meanings),
        cmocka_unit_test(obsolete__says_since_when_and_what_is_used_today),
        cmocka_unit_test(layout__follows_the_leader_or_the_first_byte),
        cmocka_unit_test(layout__positions_have_strip_names_and_codes),
        cmocka_unit_test(layout__no_byte_is_in_two_positions),
        cmocka_unit_test(code__is_found_by_list),
        cmocka_unit_test(add__tells_the_line_of_a_fault),
        cmocka_unit_test(add__takes_any_indicator_where_a_star_says_so),
        cmocka_unit_test(material__follows_type_and_level),
    };
    return cmocka_run_group_tests(tests, load_shipped, free_tables);
}
