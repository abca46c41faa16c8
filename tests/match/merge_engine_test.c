/* tests/match/merge_engine_test.c - the merge language's semantics action by action and clause by clause, with programs made by
 * hand; origins and reasons of every field; turning lines; and what holds of any merge of real records. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "recto/marc/formats.h"
#include "recto/match/merge.h"

#include "records.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TAGS(...)                                                                                                                \
    .tags = (const char[][MARC_TAG_LENGTH + 1]){ __VA_ARGS__ }, .tag_count = COUNT(((const char *[]){ __VA_ARGS__ }))
#define TAG(...)                                                                                                                 \
    {                                                                                                                            \
        TAGS(__VA_ARGS__)                                                                                                        \
    }
#define IND(one, two, ...)                                                                                                       \
    {                                                                                                                            \
        TAGS(__VA_ARGS__), .indicator = { one, two }                                                                             \
    }
#define CLAUSES(...)                                                                                                             \
    .clauses = (const merge_clause[]){ __VA_ARGS__ }, .clause_count = COUNT(((const merge_clause[]){ __VA_ARGS__ }))
#define EXCLUDING(...)                                                                                                           \
    {                                                                                                                            \
        .kind = MERGE_EXCLUDING_FIELDS, .selector = __VA_ARGS__                                                                  \
    }
#define IF_EXISTS                                                                                                                \
    {                                                                                                                            \
        .kind = MERGE_IF_EXISTS                                                                                                  \
    }
#define IF_NOT_EXISTS                                                                                                            \
    {                                                                                                                            \
        .kind = MERGE_IF_EXISTS, .negated = true                                                                                 \
    }
#define IF_SUBFIELD(letter, is_not)                                                                                              \
    {                                                                                                                            \
        .kind = MERGE_IF_SUBFIELD, .code = (letter), .negated = (is_not)                                                         \
    }
#define WHEN(is_not, tag, letter, how, what)                                                                                     \
    {                                                                                                                            \
        .kind = MERGE_WHEN, .negated = (is_not), .selector = TAG(tag), .code = (letter), .comparison = (how), .value = what      \
    }
#define V(literal)                                                                                                               \
    {                                                                                                                            \
        literal, sizeof(literal) - 1                                                                                             \
    }
#define ACTIONS(...) (const merge_action[]){ __VA_ARGS__ }, COUNT(((const merge_action[]){ __VA_ARGS__ }))
#define ADD          MERGE_ADD
#define REMOVE       MERGE_REMOVE
#define REPLACE      MERGE_REPLACE

static bool is_three(const void *expression, text value)
{
    return value.length == 3 && memcmp(value.bytes, expression, 3) == 0;
}

/** "500 A|650 B": tags and first subfields (control fields whole), the leader's 06 first. */
static void describe_record(buffer *out, const marc_record *record)
{
    buffer_append_format(out, "%c", marc_record_leader(record)[6]);
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);
        marc_subfield subfield = { .value = field->content };
        size_t offset = 0;
        (void)marc_field_next_subfield(field, &offset, &subfield);
        buffer_append_format(out, "|%s %.*s", field->tag, (int)subfield.value.length, subfield.value.bytes);
    }
}

typedef struct construct {
    const char *name;
    const merge_action *actions;
    size_t count;
    const char *primary, *secondary, *want;
} construct;

static const construct constructs[] = {
    { "no action", NULL, 0, "500    $aA", "500    $aB\n600    $aC", "a|500 A" },
    { "remove", ACTIONS({ REMOVE, .selector = TAG("500") }), "500    $aA\n501    $aB\n500    $aC", "500    $aD", "a|501 B" },
    { "add, behind the last of its tag", ACTIONS({ ADD, .selector = TAG("500") }), "100    $aX\n500    $aA\n600    $aY",
      "500    $aB\n500    $aC", "a|100 X|500 A|500 B|500 C|600 Y" },
    { "add skips what stands", ACTIONS({ ADD, .selector = TAG("500") }), "500    $aA", "500    $aA\n500    $aB",
      "a|500 A|500 B" },
    { "the same but for an indicator is another", ACTIONS({ ADD, .selector = TAG("500") }), "500    $aA", "500 1  $aA",
      "a|500 A|500 A" },
    { "add twice adds once", ACTIONS({ ADD, .selector = TAG("500") }, { ADD, .selector = TAG("5XX") }), "",
      "500    $aA\n501    $aB", "a|500 A|501 B" },
    { "replace", ACTIONS({ REPLACE, .selector = TAG("500") }), "500    $aA\n501    $aB", "500    $aC", "a|500 C|501 B" },
    { "replace by nothing removes", ACTIONS({ REPLACE, .selector = TAG("500") }), "500    $aA\n501    $aB", "", "a|501 B" },
    { "each on the result of the one before", ACTIONS({ ADD, .selector = TAG("5XX") }, { REMOVE, .selector = TAG("500") }),
      "500    $aA", "500    $aB\n501    $aC", "a|501 C" },
    { "what was removed comes again", ACTIONS({ REMOVE, .selector = TAG("5XX") }, { ADD, .selector = TAG("500") }), "500    $aA",
      "500    $aA", "a|500 A" },
    { "of one tag the earlier action's first",
      ACTIONS({ ADD, .selector = IND(' ', '1', "650") }, { ADD, .selector = IND(' ', '0', "650") }), "650  2 $aK",
      "650  0 $aA\n650  1 $aB\n650  0 $aC\n650  1 $aD", "a|650 K|650 B|650 D|650 A|650 C" },
    { "wildcards", ACTIONS({ REMOVE, .selector = TAG("59X", "7XX") }), "580    $aA\n590    $aB\n700    $aC\n7AB    $aD", "",
      "a|580 A|7AB D" },
    { "letters are named in full", ACTIONS({ REMOVE, .selector = TAG("LKR", "AVX", "XXX") }),
      "245    $aA\nAVX    $aB\nAV1    $aC\nLKR    $aD", "", "a|AV1 C" },
    { "no wildcard covers a tag that says XXX", ACTIONS({ REMOVE, .selector = TAG("XXX") }, { REMOVE, .selector = TAG("6XX") }),
      "245    $aA\n6XX    $aB\nXXX    $aC", "XXX    $aD", "a|6XX B|XXX C" },
    { "a list of many tags",
      ACTIONS({ REMOVE, .selector = TAG("001", "002", "003", "004", "005", "006", "007", "008", "010", "011") }),
      "003 x\n008 y\n010    $aA\n012    $aB", "", "a|012 B" },
    { "indicators", ACTIONS({ REMOVE, .selector = IND('9', ' ', "035") }), "035 9  $aA\n035    $aB\n035 99 $aC", "",
      "a|035 B|035 C" },
    { "one indicator", ACTIONS({ REMOVE, .selector = IND(0, '0', "650") }), "650  0 $aA\n650 10 $aB\n650  1 $aC", "", "a|650 C" },
    { "indicators select no control fields", ACTIONS({ REMOVE, .selector = IND(' ', ' ', "008") }), "008 x", "", "a|008 x" },
    { "no wildcard covers the leader", ACTIONS({ REPLACE, .selector = TAG("XXX") }), "500    $aA",
      "LDR 00000nem a2200000 i 4500\n500    $aB", "a|500 B" },
    { "the leader by name", ACTIONS({ REPLACE, .selector = TAG("LDR") }), "500    $aA",
      "LDR 00000nem a2200000 i 4500\n500    $aB", "e|500 A" },
    { "the leader removed stays", ACTIONS({ REMOVE, .selector = TAG("LDR") }), "", "LDR 00000nem a2200000 i 4500", "a" },
    { "the leader added stands", ACTIONS({ ADD, .selector = TAG("LDR") }), "", "LDR 00000nem a2200000 i 4500", "a" },
    { "the leader removed and added", ACTIONS({ REMOVE, .selector = TAG("LDR") }, { ADD, .selector = TAG("LDR") }), "",
      "LDR 00000nem a2200000 i 4500", "e" },
    { "001 is not removed", ACTIONS({ REMOVE, .selector = TAG("001") }, { REMOVE, .selector = TAG("0XX") }), "001 1\n003 x",
      "001 2", "a|001 1" },
    { "001 is not taken by a wildcard", ACTIONS({ ADD, .selector = TAG("0XX") }), "", "001 2\n003 x", "a|003 x" },
    { "001 is replaced by name", ACTIONS({ REPLACE, .selector = TAG("001") }), "001 1\n003 x", "001 2", "a|001 2|003 x" },
    { "001 stays where there is no other", ACTIONS({ REPLACE, .selector = TAG("001") }), "001 1", "003 x", "a|001 1" },
    { "001 is added where there is none", ACTIONS({ ADD, .selector = TAG("001") }), "003 x", "001 2\n001 3", "a|001 2|003 x" },
    { "001 is not added to another", ACTIONS({ ADD, .selector = TAG("001") }), "001 1", "001 2", "a|001 1" },
    { "replace if exists",
      ACTIONS({ REPLACE, .selector = TAG("210"), CLAUSES(IF_EXISTS) }, { REPLACE, .selector = TAG("222"), CLAUSES(IF_EXISTS) }),
      "210    $aA\n222    $aB", "210    $aC", "a|210 C|222 B" },
    { "replace if exists adds where none was", ACTIONS({ REPLACE, .selector = TAG("210"), CLAUSES(IF_EXISTS) }), "", "210    $aC",
      "a|210 C" },
    { "remove if exists", ACTIONS({ REMOVE, .selector = TAG("210"), CLAUSES(IF_EXISTS) }), "210    $aA", "210    $aC", "a" },
    { "remove if not exists", ACTIONS({ REMOVE, .selector = TAG("210"), CLAUSES(IF_NOT_EXISTS) }), "210    $aA", "210    $aC",
      "a|210 A" },
    { "if exists asks for fields that pass the other clauses",
      ACTIONS({ REMOVE, .selector = TAG("210"), CLAUSES(IF_EXISTS, IF_SUBFIELD('5', false)) }), "210    $aA$5x", "210    $aC",
      "a|210 A" },
    { "add if does not exist",
      ACTIONS({ ADD, .selector = TAG("246"), CLAUSES(IF_NOT_EXISTS) }, { ADD, .selector = TAG("264"), CLAUSES(IF_NOT_EXISTS) }),
      "246    $aA", "246    $aB\n264    $aC\n264    $aD", "a|246 A|264 C|264 D" },
    { "add if does not exist, by indicator", ACTIONS({ ADD, .selector = IND(' ', '6', "650"), CLAUSES(IF_NOT_EXISTS) }),
      "650  0 $aA", "650  0 $aB\n650  6 $aC", "a|650 A|650 C" },
    { "add if exists",
      ACTIONS({ ADD, .selector = TAG("246"), CLAUSES(IF_EXISTS) }, { ADD, .selector = TAG("264"), CLAUSES(IF_EXISTS) }),
      "246    $aA", "246    $aB\n264    $aC", "a|246 A|246 B" },
    { "at that moment", ACTIONS({ REMOVE, .selector = TAG("246") }, { ADD, .selector = TAG("246"), CLAUSES(IF_NOT_EXISTS) }),
      "246    $aA", "246    $aB", "a|246 B" },
    { "if exists subfield, of the primary's", ACTIONS({ REMOVE, .selector = TAG("5XX"), CLAUSES(IF_SUBFIELD('5', true)) }),
      "500    $aA$5x\n501    $aB", "", "a|500 A" },
    { "if exists subfield, of the secondary's", ACTIONS({ ADD, .selector = TAG("5XX"), CLAUSES(IF_SUBFIELD('5', false)) }), "",
      "500    $aA$5x\n501    $aB", "a|500 A" },
    { "when, per field", ACTIONS({ ADD, .selector = TAG("246"), CLAUSES(WHEN(false, "246", '5', MERGE_CONTAINS, V("irq"))) }), "",
      "246    $aA$5The IRQ\n246    $aB$5x\n246    $aC", "a|246 A" },
    { "when not, per field",
      ACTIONS({ REMOVE, .selector = TAG("035"), CLAUSES(WHEN(true, "035", 'a', MERGE_CONTAINS, V("OCoLC"))) }),
      "035    $a(ocolc)1\n035    $aB\n035    $z(OCoLC)2", "", "a|035 (ocolc)1" },
    { "when of one tag of many",
      ACTIONS({ REMOVE, .selector = TAG("5XX"), CLAUSES(WHEN(false, "500", '5', MERGE_EQUALS, V("x"))) }),
      "500    $aA$5x\n501    $aB$5x", "", "a|501 B" },
    { "when of the primary as a whole",
      ACTIONS({ ADD, .selector = TAG("246"), CLAUSES(WHEN(false, "998", 'a', MERGE_EQUALS, V("yes"))) }), "998    $ayes",
      "246    $aA\n998    $ano", "a|246 A|998 yes" },
    { "when of the primary, which is not so",
      ACTIONS({ ADD, .selector = TAG("246"), CLAUSES(WHEN(false, "998", 'a', MERGE_EQUALS, V("yes"))) }), "998    $ano",
      "246    $aA\n998    $ayes", "a|998 no" },
    { "when not of the primary",
      ACTIONS({ REMOVE, .selector = TAG("246"), CLAUSES(WHEN(true, "998", 'a', MERGE_EQUALS, V("yes"))) }), "246    $aA", "",
      "a" },
    { "contains with a wildcard is of the whole",
      ACTIONS({ REMOVE, .selector = TAG("500"), CLAUSES(WHEN(false, "500", 'a', MERGE_CONTAINS, V("a*z"))) }),
      "500    $aAbcZ\n500    $abaz\n500    $aaz\n500    $aazy", "", "a|500 baz|500 azy" },
    { "wildcards go back",
      ACTIONS({ REMOVE, .selector = TAG("500"), CLAUSES(WHEN(false, "500", 'a', MERGE_CONTAINS, V("*ab*ab"))) }),
      "500    $aabxabyab\n500    $aab", "", "a|500 ab" },
    { "an escaped wildcard is itself",
      ACTIONS({ REMOVE, .selector = TAG("500"), CLAUSES(WHEN(false, "500", 'a', MERGE_CONTAINS, V("\\*b"))) }),
      "500    $aa*b\n500    $aab", "", "a|500 ab" },
    { "contains without case, beyond ASCII",
      ACTIONS({ REMOVE, .selector = TAG("500"), CLAUSES(WHEN(false, "500", 'a', MERGE_CONTAINS, V("\xC3\xA9T"))) }),
      "500    $a\xC3\x89t\xC3\xA9\n500    $aEt", "", "a|500 Et" },
    { "equals is exact", ACTIONS({ REMOVE, .selector = TAG("500"), CLAUSES(WHEN(false, "500", 'a', MERGE_EQUALS, V("a"))) }),
      "500    $aA\n500    $aa", "", "a|500 A" },
    { "matches",
      ACTIONS({ REMOVE, .selector = TAG("500"),
                CLAUSES({ .kind = MERGE_WHEN,
                          .selector = TAG("500"),
                          .code = 'a',
                          .comparison = MERGE_MATCHES,
                          .expression = "abc",
                          .matches = is_three }) }),
      "500    $aabc\n500    $aabcd", "", "a|500 abcd" },
    { "excluding tags", ACTIONS({ REMOVE, .selector = TAG("0XX"), CLAUSES(EXCLUDING(TAG("035", "04X"))) }),
      "003 x\n035    $aA\n040    $aB\n050    $aC", "", "a|035 A|040 B" },
    { "excluding fields by indicator", ACTIONS({ REMOVE, .selector = TAG("035"), CLAUSES(EXCLUDING(IND('9', ' ', "035"))) }),
      "035 9  $aA\n035    $aB", "", "a|035 A" },
    { "excluding an indicator",
      ACTIONS({ ADD, .selector = TAG("65X"), CLAUSES({ .kind = MERGE_EXCLUDING_INDICATOR, .which = 2, .character = '6' }) }), "",
      "650  0 $aA\n650  6 $aB", "a|650 A" },
    { "excluding a subfield",
      ACTIONS({ ADD, .selector = TAG("65X"), CLAUSES({ .kind = MERGE_EXCLUDING_SUBFIELD, .code = '2', .value = V("local") }) }),
      "", "650  7 $aA$2local\n650  7 $aB$2locally\n650  7 $aC$2Local", "a|650 B|650 C" },
    { "all clauses must hold",
      ACTIONS({ REPLACE, .selector = TAG("035"),
                CLAUSES(WHEN(false, "035", 'a', MERGE_CONTAINS, V("OCoLC")), EXCLUDING(IND('9', ' ', "035"))) }),
      "035    $a(OCoLC)1\n035 9  $a(OCoLC)2\n035    $aB", "035    $a(OCoLC)3\n035    $aC", "a|035 (OCoLC)2|035 B|035 (OCoLC)3" },
};

static void constructs__do_what_rules_md_says(void **state)
{
    buffer found;
    (void)state;
    buffer_init(&found, 0);
    for (size_t i = 0; i < COUNT(constructs); i++) {
        const construct *at = &constructs[i];
        const merge_rule rule = { "made by hand", at->actions, at->count, 1 };
        const merge_program program = { "made by hand", &rule, 1 };
        marc_record *primary = record_from_lines(at->primary);
        marc_record *secondary = record_from_lines(at->secondary);
        marc_record *merged = NULL;
        merge_result *result = NULL;
        assert_int_equal(marc_record_new(&merged, NULL), RECTO_OK);
        assert_int_equal(match_merge_record(merged, &program, primary, secondary, NULL), RECTO_OK);
        buffer_clear(&found);
        describe_record(&found, merged);
        if (strcmp(buffer_string(&found), at->want) != 0)
            fail_msg("%s: %s", at->name, buffer_string(&found));
        assert_int_equal(match_merge_run(&result, &program, primary, secondary, NULL), RECTO_OK);
        assert_true(marc_record_equal(merge_result_record(result), merged));
        merge_result_free(result);
        marc_record_free(primary);
        marc_record_free(secondary);
        marc_record_free(merged);
    }
    buffer_release(&found);
}

/* --- reasons --- */

static void lines__say_which_rule_and_line(void **state)
{
    const merge_rule rules[] = {
        { "first",
          ACTIONS({ REPLACE, .selector = TAG("LDR"), .line = 5 },
                  { REMOVE, .selector = TAG("0XX"), CLAUSES(EXCLUDING(IND('9', ' ', "035"))), .line = 6 },
                  { ADD, .selector = TAG("245"), CLAUSES(IF_NOT_EXISTS), .line = 7 }),
          1 },
        { "second",
          ACTIONS({ ADD, .selector = TAG("5XX", "6XX"), CLAUSES(WHEN(true, "500", '5', MERGE_CONTAINS, V("a*"))), .line = 12 },
                  { REPLACE, .selector = TAG("700"), .line = 13 }),
          10 },
    };
    const merge_program program = { "two rules", rules, COUNT(rules) };
    static const struct {
        const char *content, *rule;
        int line;
    } cases[] = {
        { "00000nem a2200000 i 4500", "first: replace \"LDR\"", 5 },
        { "1", "first: does not apply: remove \"0XX\" excluding \"035\" 9#", 6 },
        { "2", "no rule touches 001", 0 },
        { "x", "first: remove \"0XX\" excluding \"035\" 9#", 6 },
        { "9 \x1F"
          "aK",
          "first: does not apply: remove \"0XX\" excluding \"035\" 9#", 6 },
        { "  \x1F"
          "aOld",
          "no rule touches 245", 0 },
        { "  \x1F"
          "aNew",
          "first: does not apply: add \"245\" if does not exist", 7 },
        { "  \x1F"
          "aBoth",
          "second: stands already: add \"5XX,6XX\" when not \"500\" $5 contains \"a*\"", 12 },
        { "  \x1F"
          "aTheirs$",
          "second: add \"5XX,6XX\" when not \"500\" $5 contains \"a*\"", 12 },
        { "  \x1F"
          "aMine",
          "second: replace \"700\"", 13 },
    };
    marc_record *primary = record_from_lines("001 1\n003 x\n035 9  $aK\n245    $aOld\n500    $aBoth\n700    $aMine");
    marc_record *secondary =
        record_from_lines("LDR 00000nem a2200000 i 4500\n001 2\n245    $aNew\n500    $aBoth\n600    $aTheirs{dollar}");
    merge_result *result = NULL;
    size_t seen = 0;
    (void)state;
    assert_int_equal(match_merge_run(&result, &program, primary, secondary, NULL), RECTO_OK);
    for (size_t i = 0; i < merge_result_count(result); i++) {
        const merge_line *line = merge_result_line(result, i);
        for (size_t j = 0; j < COUNT(cases); j++) {
            if (!text_equal(line->content, text_from(cases[j].content)))
                continue;
            assert_string_equal(line->rule, cases[j].rule);
            assert_int_equal(line->rule_line, cases[j].line);
            seen++;
        }
    }
    assert_int_equal(seen, COUNT(cases));
    merge_result_free(result);
    marc_record_free(primary);
    marc_record_free(secondary);
}

static void lines__stand_against_the_nearest(void **state)
{
    marc_record *primary = record_from_lines("500    $aIncludes an index.\n500    $aTranslated from the Spanish.\n500    $aBoth");
    marc_record *secondary =
        record_from_lines("500    $aBoth\n500    $aTranslated from the Spanish by G. R.\n500    $aIncludes index and map");
    merge_result *result = NULL;
    size_t paired = 0;
    (void)state;
    assert_int_equal(match_merge(&result, MERGE_OVERLAY_BUT_LOCAL, primary, secondary, NULL), RECTO_OK);
    for (size_t i = 1; i < merge_result_count(result); i++) {
        const merge_line *line = merge_result_line(result, i);
        assert_memory_equal(line->content.bytes + 4, line->other.bytes + 4, 4);
        paired++;
    }
    assert_int_equal(paired, 5);
    merge_result_free(result);
    marc_record_free(primary);
    marc_record_free(secondary);
}

/* --- turning --- */

static void check_indexes(const merge_result *result)
{
    size_t next = 0;

    for (size_t i = 0; i < merge_result_count(result); i++) {
        const merge_line *line = merge_result_line(result, i);
        if (strcmp(line->tag, "LDR") == 0 || !line->kept) {
            assert_true(line->result_index == SIZE_MAX);
            continue;
        }
        assert_int_equal(line->result_index, next++);
        assert_true(text_equal(marc_record_field(merge_result_record(result), line->result_index)->content, line->content));
    }
    assert_int_equal(next, marc_record_count(merge_result_record(result)));
}

static void toggle__turns_a_line_and_back(void **state)
{
    marc_record *primary = record_from_lines("001 1\n245    $aOld\n500    $aA\n910    $aL");
    marc_record *secondary = record_from_lines("LDR 00000nem a2200000 i 4500\n001 2\n245    $aNew\n500    $aA\n910    $aM");
    merge_result *result = NULL;
    marc_record *before = NULL;
    buffer found;
    recto_error error;
    (void)state;
    buffer_init(&found, 0);
    assert_int_equal(match_merge(&result, MERGE_OVERLAY_BUT_LOCAL, primary, secondary, NULL), RECTO_OK);
    assert_int_equal(marc_record_copy(&before, merge_result_record(result), NULL), RECTO_OK);
    for (size_t i = 0; i < merge_result_count(result); i++) {
        recto_status status = merge_result_toggle(result, i, &error);
        bool refused = strcmp(merge_result_line(result, i)->tag, "001") == 0;
        assert_int_equal(status, refused ? RECTO_EINVALID : RECTO_OK);
        assert_int_equal(merge_result_line(result, i)->toggled, !refused);
        check_indexes(result);
    }
    describe_record(&found, merge_result_record(result));
    assert_string_equal(buffer_string(&found), "a|001 1|245 Old|910 M");
    for (size_t i = merge_result_count(result); i-- > 0;)
        (void)merge_result_toggle(result, i, NULL);
    assert_true(marc_record_equal(before, merge_result_record(result)));
    assert_int_equal(merge_result_toggle(result, merge_result_count(result), &error), RECTO_EINVALID);
    buffer_release(&found);
    merge_result_free(result);
    marc_record_free(before);
    marc_record_free(primary);
    marc_record_free(secondary);
}

static void toggle__refuses_a_leader_without_another(void **state)
{
    marc_record *record = record_from_lines("001 1");
    merge_result *result = NULL;
    (void)state;
    assert_int_equal(match_merge(&result, MERGE_KEEP_OLD, record, record, NULL), RECTO_OK);
    assert_int_equal(merge_result_toggle(result, 0, NULL), RECTO_EINVALID);
    merge_result_free(result);
    marc_record_free(record);
}

/* --- limits --- */

static void run__stops_at_the_limit_of_steps(void **state)
{
    enum { MANY_ACTIONS = 2000, MANY_FIELDS = 30000 };
    merge_action *actions = calloc(MANY_ACTIONS, sizeof *actions);
    const merge_rule rule = { "endless", actions, MANY_ACTIONS, 3 };
    const merge_program program = { "endless", &rule, 1 };
    marc_record *primary = record_from_lines("001 1");
    marc_record *out = NULL;
    recto_error error;
    (void)state;
    const merge_action one = { REMOVE, .selector = TAG("900"), .line = 10 };
    for (size_t i = 0; i < MANY_ACTIONS; i++)
        actions[i] = one;
    for (size_t i = 0; i < MANY_FIELDS; i++)
        marc_record_append(primary, "500",
                           TEXT("  \x1F"
                                "aA"),
                           NULL);
    assert_int_equal(marc_record_new(&out, NULL), RECTO_OK);
    assert_int_equal(match_merge_record(out, &program, primary, primary, &error), RECTO_ELIMIT);
    assert_string_equal(error.where, "endless");
    const merge_clause clause = WHEN(false, "500", 'a', MERGE_EQUALS, V("none has it"));
    const merge_action asking = { REMOVE, .selector = TAG("500"), .clauses = &clause, .clause_count = 1, .line = 10 };
    for (size_t i = 0; i < MANY_ACTIONS; i++)
        actions[i] = asking;
    assert_int_equal(match_merge_record(out, &program, primary, primary, &error), RECTO_ELIMIT);
    assert_int_equal(match_merge_record(out, NULL, primary, primary, &error), RECTO_EINVALID);
    assert_int_equal(match_merge_record(out, merge_method_program(MERGE_NONE), primary, primary, &error), RECTO_EINVALID);
    marc_record_free(primary);
    marc_record_free(out);
    free(actions);
}

/** A pattern that nearly fits everywhere, against a value made for it: seconds of CPU time, were not each character counted. */
static void run__counts_the_characters_that_contains_looks_at(void **state)
{
    enum { LONG = 45000 };
    static char value[2 + 2 + 2 * LONG], pattern[LONG + 1];
    marc_record *primary = record_from_lines("001 1");
    marc_record *out = NULL;
    recto_error error;
    (void)state;
    memset(value, 'a', sizeof value);
    memcpy(value, "  \x1F", 3);
    memset(pattern, 'a', sizeof pattern);
    pattern[LONG] = 'b';
    const merge_clause clause = { .kind = MERGE_WHEN,
                                  .selector = TAG("520"),
                                  .code = 'a',
                                  .comparison = MERGE_CONTAINS,
                                  .value = { pattern, sizeof pattern } };
    const merge_action action = { REMOVE, .selector = TAG("520"), .clauses = &clause, .clause_count = 1, .line = 10 };
    const merge_rule rule = { "long", &action, 1, 3 };
    const merge_program program = { "long", &rule, 1 };
    assert_int_equal(marc_record_append(primary, "520", text_of(value, sizeof value), NULL), RECTO_OK);
    assert_int_equal(marc_record_new(&out, NULL), RECTO_OK);
    assert_int_equal(match_merge_record(out, &program, primary, primary, &error), RECTO_ELIMIT);
    assert_string_equal(error.where, "long");
    marc_record_free(primary);
    marc_record_free(out);
}

/** 10,000 different notes on each side, half of them the same: sorted, not compared each with each. */
static void run__of_many_fields_does_not_take_the_square(void **state)
{
    enum { MANY = 10000 };
    const merge_rule rule = { "add", ACTIONS({ ADD, .selector = TAG("5XX") }), 1 };
    const merge_program program = { "add", &rule, 1 };
    marc_record *sides[2] = { record_from_lines(""), record_from_lines("") };
    merge_result *result = NULL;
    (void)state;
    for (int i = 0; i < 2 * MANY; i++) {
        char value[32];
        snprintf(value, sizeof value,
                 "  \x1F"
                 "a%d",
                 i % MANY + (i / MANY) * (MANY / 2));
        marc_record_append(sides[i / MANY], "500", text_from(value), NULL);
    }
    assert_int_equal(match_merge_run(&result, &program, sides[0], sides[1], NULL), RECTO_OK);
    assert_int_equal(marc_record_count(merge_result_record(result)), MANY + MANY / 2);
    assert_int_equal(merge_result_counts(result).same, MANY / 2);
    merge_result_free(result);
    marc_record_free(sides[0]);
    marc_record_free(sides[1]);
}

/* --- real records --- */

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245U + 12345U;
    return *seed >> 16;
}

static bool has_field(const marc_record *record, const marc_field *wanted)
{
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);
        if (strcmp(field->tag, wanted->tag) == 0 && text_equal(field->content, wanted->content))
            return true;
    }
    return false;
}

/** Random turns, then the same again from the end: the record is what it was. */
static void check_turns(merge_result *result, unsigned *seed)
{
    enum { TURNS = 40 };
    size_t turned[TURNS];
    marc_record *before = NULL;

    assert_int_equal(marc_record_copy(&before, merge_result_record(result), NULL), RECTO_OK);
    for (size_t i = 0; i < TURNS; i++) {
        turned[i] = next_random(seed) % merge_result_count(result);
        (void)merge_result_toggle(result, turned[i], NULL);
        check_indexes(result);
    }
    for (size_t i = TURNS; i-- > 0;)
        (void)merge_result_toggle(result, turned[i], NULL);
    assert_true(marc_record_equal(before, merge_result_record(result)));
    marc_record_free(before);
}

static void check_pair(const marc_record *primary, const marc_record *secondary, unsigned *seed)
{
    marc_record *merged = NULL;

    assert_int_equal(marc_record_new(&merged, NULL), RECTO_OK);
    for (int method = MERGE_REPLACE_245_035; method <= MERGE_CONDITIONAL_SUBJECTS; method++) {
        merge_result *result = NULL;
        const merge_program *program = merge_method_program((merge_method)method);
        assert_int_equal(match_merge_run(&result, program, primary, secondary, NULL), RECTO_OK);
        assert_int_equal(match_merge_record(merged, program, primary, secondary, NULL), RECTO_OK);
        assert_true(marc_record_equal(merge_result_record(result), merged));
        for (size_t i = 0; i < marc_record_count(merged); i++)
            assert_true(has_field(primary, marc_record_field(merged, i)) || has_field(secondary, marc_record_field(merged, i)));
        if (method == MERGE_KEEP_OLD)
            assert_true(marc_record_equal(merged, primary));
        check_turns(result, seed);
        merge_result_free(result);
    }
    marc_record_free(merged);
}

static void real_records__keep_what_holds_of_any_merge(void **state)
{
    static const char *const files[] = { "../shared/data/marc/utf8/connexion-export.mrc",
                                         "../shared/data/marc/utf8/folio-100.mrc",
                                         "../shared/data/marc/utf8/loc-books-2014-100.mrc" };
    unsigned seed = 7;
    size_t pairs = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        marc_reader *reader = NULL;
        marc_record *before = NULL;
        marc_record *record = NULL;
        marc_reader_options options = { .format = MARC_FORMAT_ISO2709 };
        enum { FILE_MAX = 1 << 22 };
        FILE *file = fopen(files[i], "rb");
        if (file == NULL)
            continue;
        char *bytes = malloc(FILE_MAX);
        size_t length = fread(bytes, 1, FILE_MAX, file);
        fclose(file);
        assert_int_equal(marc_reader_new_bytes(&reader, text_of(bytes, length), files[i], &options, NULL), RECTO_OK);
        assert_int_equal(marc_record_new(&before, NULL), RECTO_OK);
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        for (size_t j = 0; j < 60 && marc_reader_next(reader, record, NULL) == RECTO_OK; j++, pairs++) {
            check_pair(before, record, &seed);
            marc_record *kept = NULL;
            assert_int_equal(marc_record_copy(&kept, record, NULL), RECTO_OK);
            marc_record_free(before);
            before = kept;
        }
        marc_reader_free(reader);
        marc_record_free(before);
        marc_record_free(record);
        free(bytes);
    }
    if (pairs == 0) {
        print_message("skipped: ../shared/data/marc is not here\n");
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constructs__do_what_rules_md_says),
        cmocka_unit_test(lines__say_which_rule_and_line),
        cmocka_unit_test(lines__stand_against_the_nearest),
        cmocka_unit_test(toggle__turns_a_line_and_back),
        cmocka_unit_test(toggle__refuses_a_leader_without_another),
        cmocka_unit_test(run__stops_at_the_limit_of_steps),
        cmocka_unit_test(run__counts_the_characters_that_contains_looks_at),
        cmocka_unit_test(run__of_many_fields_does_not_take_the_square),
        cmocka_unit_test(real_records__keep_what_holds_of_any_merge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
