/* tests/rules/generated_test.c - rule files by chance: sound ones are printed and parsed to the same tree; mutilated ones neither
 * crash nor hang, and what is wrong is said. */
#include "support.h"

#include "recto/match/merge.h"

#include <time.h>

/* ---- the generator ----------------------------------------------------------------------------------------------- */

typedef struct dice {
    uint64_t state;
} dice;

static uint32_t below(dice *dice, uint32_t limit)
{
    dice->state = dice->state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(dice->state >> 33) % limit;
}

#define PICK(dice, array) ((array)[below(dice, (uint32_t)COUNT(array))])

static void gap(buffer *out, dice *dice)
{
    static const char *const gaps[] = { " ",           " ",        " ", "  ", "\t", "\n", "\r\n", "\xC2\xA0", " # why not\n",
                                        " // x \"y\n", "/* \" */", "\f" };
    buffer_append_string(out, PICK(dice, gaps));
}

static void word(buffer *out, dice *dice, const char *text)
{
    buffer_append_string(out, text);
    gap(out, dice);
}

static void quote(buffer *out, dice *dice, const char *text)
{
    buffer_append_format(out, "\"%s\"", text);
    gap(out, dice);
}

static const char *const tags[] = { "245", "6**", "9*", "ZZ1", "500", "035", "H**", "*", "880", "TMP", "007x" };
static const char *const exact_tags[] = { "590", "830", "ZZ1", "035", "998", "TMP" };
static const char *const braces[] = { "", "", ".{ ,1}", ".{*,*}", ".{-,#}", ".{,}", ".{1, }" };
static const char *const codes[] = { "a", "b", "9", "*", "2" };
static const char *const values[] = { "",           ".The *",           ".a|b*|c",       ".v. 1",        ".x\\\\\\\\.",
                                      ".*",         ".\\u00e9t\\u00e9", ".(pbk)",        ".http://x/#y", "..",
                                      ".^(.{3}).*", ".say \\\"x\\\"",   ".\xE6\xBC\xA2", ". /$",         ".\\\\*" };
static const char *const created[] = { ".Gift", ".x|y", ".\\\\\\\\.", ".\xC3\xA4", ".a.b.c" };
static const char *const texts[] = { "", "x", ".", "$1", "https://x?y=", "\\\\\\\\.", "\\u202B", "\xC3\x84", " " };
static const char *const names[] = { "one", "fix 245", "", "\xC3\x89t\xC3\xA9", "a # b", "#", "end" };

/* T, T.{i,j}, T.c, T.c.v, T.v as `parts` allows */
static void path(buffer *out, dice *dice, bool code, bool whole)
{
    char text[200] = "";
    const char *inside = PICK(dice, braces);
    bool with_code = code || below(dice, 2) == 0;
    const char *value = with_code ? PICK(dice, values) : "";
    bool no_code = !code && with_code && whole && below(dice, 6) == 0 && strlen(value) > 2;
    if (no_code)
        (void)snprintf(text, sizeof text, "%s%s%s", PICK(dice, tags), inside, value[1] == '.' ? ".x*" : value);
    else
        (void)snprintf(text, sizeof text, "%s%s%s%s%s", PICK(dice, tags), inside, with_code ? "." : "",
                       with_code ? PICK(dice, codes) : "", value);
    quote(out, dice, text);
}

static void created_path(buffer *out, dice *dice, bool code, bool value)
{
    char text[200];
    (void)snprintf(text, sizeof text, "%s%s%s%s", PICK(dice, exact_tags), PICK(dice, braces), code ? ".a" : "",
                   value ? PICK(dice, created) : "");
    quote(out, dice, text);
}

static void control_path(buffer *out, dice *dice)
{
    static const char *const paths[] = { "008.{35,3}.eng|fre", "LDR.{17,1}", "LDR.{06,1}.a", "007",
                                         "001.ocm*",           "008.{15,3}", "003.OCoLC" };
    quote(out, dice, PICK(dice, paths));
}

static void condition(buffer *out, dice *dice, int depth, bool control);

static void test(buffer *out, dice *dice, bool control)
{
    static const char *const kinds[] = { "exists", "exists", "Exists", "existsMoreThanOnce" };
    switch (below(dice, control ? 8 : 6)) {
    case 0:
        word(out, dice, below(dice, 2) == 0 ? "TRUE" : "false");
        break;
    case 1:
        word(out, dice, "recordHasDuplicateSubfields");
        quote(out, dice, "650");
        quote(out, dice, "a,b");
        if (below(dice, 2) == 0)
            quote(out, dice, "x*");
        break;
    case 6:
    case 7:
        word(out, dice, "existsControl");
        control_path(out, dice);
        break;
    default:
        word(out, dice, PICK(dice, kinds));
        path(out, dice, false, true);
    }
}

static void negation(buffer *out, dice *dice, int depth, bool control)
{
    static const char *const nots[] = { "not", "NOT", "!" };
    if (below(dice, 4) == 0)
        word(out, dice, PICK(dice, nots));
    if (depth > 0 && below(dice, 3) == 0) {
        word(out, dice, "(");
        condition(out, dice, depth - 1, control);
        word(out, dice, ")");
    } else {
        test(out, dice, control);
    }
}

static void condition(buffer *out, dice *dice, int depth, bool control)
{
    static const char *const operators[] = { "AND", "and", "&&", "OR", "or", "||" };
    negation(out, dice, depth, control);
    while (below(dice, 3) == 0) {
        word(out, dice, PICK(dice, operators));
        negation(out, dice, depth, control);
    }
}

/* How each action goes on behind its name: p path with code, f path, n new field, s new subfield, k control path, t target, c
 * target with code, T tag, L tags, C codes, 1 code, i indicator, x text; other letters stand for their word. */
static const struct {
    const char *name, *form;
    bool control;
} actions[] = {
    { "addField", "n", false },
    { "addSubField", "n", false },
    { "addControlField", "0", true },
    { "removeField", "f", true },
    { "removeSubfield", "p", false },
    { "removeControlField", "k", true },
    { "changeField", "f>T", false },
    { "changeControlField", "k>T", true },
    { "changeSubField", "p>1", false },
    { "changeSubFieldExceptFirst", "p>1", false },
    { "changeFirstIndicator", "f>i", false },
    { "changeSecondIndicator", "f>i", false },
    { "copyField", "f>t", true },
    { "copyControlField", "p>T", true },
    { "combineFields", "f-C", false },
    { "correctDuplicateFields", "L", false },
    { "correctDuplicateSubfields", "fC", false },
    { "moveSubfieldsToEndOfField", "fC", false },
    { "replaceContents", "p+x", false },
    { "REPLACECONTENTSEXCEPTFIRST", "p+x", false },
    { "replaceContentsOnlyFirst", "p+x", false },
    { "replaceControlContents", "k+x", true },
    { "prefix", "p+x", false },
    { "suffix", "p+x", false },
    { "prefixSubField", "p+p", false },
    { "suffixSubField", "p+p", false },
    { "splitSubField", "S>c", false },
    { "addSystemNumber", "c<o^o", true },
};

static void piece(buffer *out, dice *dice, char sign)
{
    static const char *const indicators[] = { "1", " ", "", "-", "#" };
    static const char *const lists[] = { "035", "610,630,650", "5**, 245" };
    static const char *const sources[] = { "001", "003", "TMP.a", "852.{*,*}.i" };
    switch (sign) {
    case 'p':
        path(out, dice, true, false);
        break;
    case 'f':
        path(out, dice, false, true);
        break;
    case 'n':
        created_path(out, dice, true, true);
        break;
    case 'k':
        control_path(out, dice);
        break;
    case 't':
        created_path(out, dice, below(dice, 2) == 0, false);
        break;
    case 'c':
        created_path(out, dice, true, false);
        break;
    case 'T':
        quote(out, dice, PICK(dice, exact_tags));
        break;
    case 'L':
        quote(out, dice, PICK(dice, lists));
        break;
    case 'C':
        quote(out, dice, below(dice, 2) == 0 ? "a" : "c, a,9");
        break;
    case '1':
        quote(out, dice, "x");
        break;
    case 'i':
        quote(out, dice, PICK(dice, indicators));
        break;
    case 'x':
        quote(out, dice, PICK(dice, texts));
        break;
    case '0':
        quote(out, dice, "007.cr ||*#");
        break;
    case 'S':
        quote(out, dice, "490.a.;");
        break;
    case 'o':
        quote(out, dice, PICK(dice, sources));
        break;
    case '>':
        word(out, dice, "to");
        break;
    case '+':
        word(out, dice, "with");
        break;
    case '-':
        word(out, dice, "excluding");
        break;
    case '<':
        word(out, dice, "from");
        break;
    default:
        word(out, dice, "prefixed");
        word(out, dice, "by");
        break;
    }
}

static void action(buffer *out, dice *dice, rule_language language)
{
    uint32_t which = below(dice, (uint32_t)COUNT(actions));
    bool control = true;
    if (language == RULES_NORMALIZATION) {
        word(out, dice, actions[which].name);
        for (const char *sign = actions[which].form; *sign != '\0'; sign++)
            piece(out, dice, *sign);
        control = actions[which].control;
    } else {
        word(out, dice, "set");
        word(out, dice, language == RULES_INDICATION ? "indication" : "brief_level");
        word(out, dice, ".");
        quote(out, dice, language == RULES_INDICATION ? "true" : below(dice, 2) == 0 ? "10" : "05");
    }
    if (below(dice, 3) == 0) {
        word(out, dice, "if");
        word(out, dice, "(");
        condition(out, dice, 2, control);
        word(out, dice, ")");
    }
}

static void merge_spec(buffer *out, dice *dice)
{
    static const char *const specs[] = { "\"245\"",  "\"6\"XX", "\"59\"X", "\"541, 561,562\"", "\"LDR\"",
                                         "\"580\"X", "\"9XX\"", "\"008\"", "\"TMP\"" };
    buffer_append_string(out, "MARC");
    gap(out, dice);
    word(out, dice, ".");
    if (below(dice, 5) == 0) {
        word(out, dice, "control");
        word(out, dice, ".");
    }
    word(out, dice, PICK(dice, specs));
    if (below(dice, 4) == 0) {
        word(out, dice, "(");
        quote(out, dice, below(dice, 2) == 0 ? " " : "9");
        word(out, dice, ",");
        quote(out, dice, below(dice, 2) == 0 ? "*" : "0");
        word(out, dice, ")");
    }
}

static void excluded(buffer *out, dice *dice)
{
    switch (below(dice, 4)) {
    case 0:
        quote(out, dice, "001,035");
        break;
    case 1:
        merge_spec(out, dice);
        break;
    case 2:
        word(out, dice, below(dice, 2) == 0 ? "first" : "second");
        word(out, dice, "indicator");
        quote(out, dice, "8");
        break;
    default:
        word(out, dice, "subfield");
        word(out, dice, "(");
        quote(out, dice, "2");
        word(out, dice, ",");
        quote(out, dice, "local");
        word(out, dice, ")");
    }
}

static void when(buffer *out, dice *dice)
{
    static const char *const comparisons[] = { "contains \"N\"", "contains \"a*\"", "contains \"a\\\\\\\\*\"",
                                               "equals \"N \\\"x\\\"\"", "matches \"N[a-z]+?\\\\\\\\.\"" };
    word(out, dice, "when");
    if (below(dice, 3) == 0)
        word(out, dice, "not");
    merge_spec(out, dice);
    word(out, dice, ".");
    quote(out, dice, "5");
    word(out, dice, PICK(dice, comparisons));
}

static void merge_clause_text(buffer *out, dice *dice)
{
    static const char *const tests[] = { "if exists",     "if does not exists",       "if not exist",
                                         "if does exist", "if exists subfield \"5\"", "if not exists subfield \"5\"" };
    switch (below(dice, 3)) {
    case 0:
        when(out, dice);
        break;
    case 1:
        word(out, dice, "excluding");
        excluded(out, dice);
        while (below(dice, 3) == 0) {
            word(out, dice, ",");
            excluded(out, dice);
        }
        break;
    default:
        word(out, dice, PICK(dice, tests));
        break;
    }
}

static void merge_line_text(buffer *out, dice *dice)
{
    static const char *const verbs[] = { "add", "remove", "replace", "Add" };
    word(out, dice, PICK(dice, verbs));
    merge_spec(out, dice);
    while (below(dice, 3) == 0)
        merge_clause_text(out, dice);
}

static void rule(buffer *out, dice *dice, rule_language language)
{
    word(out, dice, "rule");
    quote(out, dice, PICK(dice, names));
    while (below(dice, 3) == 0) {
        word(out, dice, below(dice, 2) == 0 ? "priority" : "salience");
        buffer_append_format(out, "%d", (int)below(dice, 200) - 100);
        gap(out, dice);
    }
    word(out, dice, "when");
    if (language == RULES_MERGE) {
        word(out, dice, "merge");
    } else {
        condition(out, dice, 3, true);
        while (below(dice, 5) == 0) {
            word(out, dice, "(");
            condition(out, dice, 1, true);
            word(out, dice, ")");
        }
    }
    word(out, dice, "then");
    for (uint32_t i = below(dice, 6); i > 0; i--)
        language == RULES_MERGE ? merge_line_text(out, dice) : action(out, dice, language);
    word(out, dice, "end");
}

/* A sound file in the language, in an odd layout, with comments. */
static void generate_rules(buffer *out, dice *dice, rule_language language)
{
    if (below(dice, 5) == 0)
        buffer_append_string(out, "\xEF\xBB\xBF");
    gap(out, dice);
    for (uint32_t i = 1 + below(dice, 5); i > 0; i--)
        rule(out, dice, language);
}

/* ---- there and back ---------------------------------------------------------------------------------------------- */

enum { GENERATED = 1000, MUTATED = 6000 };

static rule_language language_of(size_t round)
{
    return (rule_language)(RULES_MERGE + (int)(round % 6 < 3 ? round % 3 : 1 + round % 3));
}

static void check_there_and_back(const char *source, rule_language language)
{
    buffer printed, again;
    faults all;
    rule_file *file = parse_with(&all, source, language);
    if (file == NULL)
        fail_msg("%s %s at %d:%d of\n%s", all.first.code, all.first.message, all.first.line, all.first.column, source);
    buffer_init(&printed, 0);
    buffer_init(&again, 0);
    rule_file_print(&printed, file);
    rule_file *second = parse_with(&all, buffer_string(&printed), language);
    if (second == NULL || !rule_file_equal(file, second))
        fail_msg("%s\nis printed as\n%s\n%s", source, buffer_string(&printed),
                 second == NULL ? all.first.message : "another tree");
    rule_file_print(&again, second);
    assert_string_equal(buffer_string(&printed), buffer_string(&again));
    for (size_t i = 0; i < rule_file_count(file); i++)
        assert_int_equal(rule_file_rule(file, i).order, rule_file_rule(second, i).order);
    buffer_release(&printed);
    buffer_release(&again);
    rule_file_free(file);
    rule_file_free(second);
}

static void generated_files__are_printed_and_parsed_to_the_same_tree(void **state)
{
    dice dice = { 2026 };
    buffer source;
    (void)state;
    buffer_init(&source, 0);
    for (size_t i = 0; i < GENERATED; i++) {
        buffer_clear(&source);
        generate_rules(&source, &dice, language_of(i));
        check_there_and_back(buffer_string(&source), language_of(i));
    }
    buffer_release(&source);
}

/* A comparison that always says yes would pass the test above. */
static void trees__that_differ_are_not_equal(void **state)
{
    static const char *const sources[] = {
        "rule \"a\" when TRUE then end",
        "rule \"b\" when TRUE then end",
        "rule \"a\" priority 1 when TRUE then end",
        "rule \"a\" when not TRUE then end",
        "rule \"a\" when TRUE AND TRUE then end",
        "rule \"a\" when TRUE OR TRUE then end",
        "rule \"a\" when exists \"100\" then end",
        "rule \"a\" when exists \"110\" then end",
        "rule \"a\" when TRUE then removeField \"900\" end",
        "rule \"a\" when TRUE then removeField \"901\" end",
        "rule \"a\" when TRUE then removeField \"900\" if (TRUE) end",
        "rule \"a\" when TRUE then removeField \"900\" removeField \"900\" end",
        "rule \"a\" when TRUE then prefix \"900.a\" with \"x\" end",
        "rule \"a\" when TRUE then suffix \"900.a\" with \"x\" end",
        "rule \"a\" when TRUE then end rule \"a\" when TRUE then end",
        "rule \"a\" when merge then end",
        "rule \"a\" when merge then add MARC.\"245\" end",
        "rule \"a\" when merge then remove MARC.\"245\" end",
        "rule \"a\" when merge then add MARC.control.\"245\" end",
        "rule \"a\" when merge then add MARC.\"24\"X end",
        "rule \"a\" when merge then add MARC.\"245\" if exists end",
        "rule \"a\" when merge then add MARC.\"245\" if not exists end",
        "rule \"a\" when merge then add MARC.\"245\" excluding first indicator \"1\" end",
        "rule \"a\" when merge then add MARC.\"245\" excluding second indicator \"1\" end",
    };
    rule_file *files[COUNT(sources)];
    (void)state;
    for (size_t i = 0; i < COUNT(sources); i++)
        files[i] = good_file(sources[i]);
    for (size_t i = 0; i < COUNT(sources); i++)
        for (size_t j = 0; j < COUNT(sources); j++)
            assert_int_equal(rule_file_equal(files[i], files[j]), i == j);
    for (size_t i = 0; i < COUNT(sources); i++)
        rule_file_free(files[i]);
}

/* ---- mutilated files --------------------------------------------------------------------------------------------- */

static const char *const scraps[] = { "rule",
                                      "when",
                                      "then",
                                      "end",
                                      "\"",
                                      "(",
                                      ")",
                                      "\\",
                                      "{",
                                      "}",
                                      ".",
                                      ",",
                                      "*",
                                      "|",
                                      "/*",
                                      "*/",
                                      "#",
                                      "if",
                                      "MARC",
                                      "X",
                                      "not",
                                      "AND",
                                      "exists",
                                      "removeField",
                                      "\xFF",
                                      "\xE2\x80\x9C",
                                      "\r",
                                      "\n",
                                      "&&",
                                      "-",
                                      "999999999999",
                                      "\x1F",
                                      "\\u001f",
                                      "\\ud800",
                                      "245.",
                                      "{1,",
                                      "^(",
                                      "$",
                                      "replaceContents \"245.a.(a*)*$\" with \"$9\"",
                                      "priority" };

static void mutate(buffer *out, dice *dice, text source)
{
    char *bytes = malloc(source.length + 1);
    size_t length = source.length;
    assert_non_null(bytes);
    memcpy(bytes, source.bytes, length);
    for (uint32_t i = below(dice, 3); i > 0 && length > 0; i--) {
        size_t at = below(dice, (uint32_t)length), cut = 1 + below(dice, 12);
        if (below(dice, 2) == 0) {
            bytes[at] = (char)below(dice, 256);
            continue;
        }
        cut = cut > length - at ? length - at : cut;
        memmove(bytes + at, bytes + at + cut, length - at - cut);
        length -= cut;
    }
    size_t seam = length == 0 ? 0 : below(dice, (uint32_t)length);
    buffer_append(out, bytes, seam);
    for (uint32_t i = below(dice, 3); i > 0; i--)
        buffer_append_string(out, PICK(dice, scraps));
    if (below(dice, 6) > 0)
        buffer_append(out, bytes + seam, length - seam);
    free(bytes);
}

static void use(const rule_file *file, const marc_record *sample)
{
    marc_record *record = NULL;
    recto_error error = { 0 };
    merge_result *result = NULL;
    buffer text;
    buffer_init(&text, 0);
    rule_file_print(&text, file);
    rule_file_explain(&text, file, sample);
    assert_int_equal(marc_record_copy(&record, sample, NULL), RECTO_OK);
    if (rule_file_language(file) == RULES_MERGE) {
        assert_int_equal(match_merge_run(&result, rule_file_merge_program(file), record, sample, &error), RECTO_OK);
        merge_result_free(result);
    } else {
        recto_status status = rule_file_apply(NULL, file, record, NULL, NULL, &error);
        assert_true(status == RECTO_OK || status == RECTO_ELIMIT || status == RECTO_EDATA);
        assert_true(status == RECTO_OK || marc_record_equal(record, sample));
    }
    marc_record_free(record);
    buffer_release(&text);
}

static void mutilated_files__never_crash_and_never_hang(void **state)
{
    marc_record *sample = record_of(
        "LDR 00000cas\\a2200373K\\\\4500\n001 1\n003 X\n008 850612c19859999ilumr1p\n035 \\\\ $a(OCoLC)1$zb\n"
        "245 14 $aThe aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab$cA\n490 1\\ $aS ; T\n500 \\\\ $aN\n650 \\7 $aW$2x$2x\n880 \\\\ $ax\n");
    dice dice = { 7 };
    buffer source, mutated;
    size_t sound = 0;
    clock_t begin = clock();
    (void)state;
    buffer_init(&source, 0);
    buffer_init(&mutated, 0);
    for (size_t i = 0; i < MUTATED; i++) {
        faults all = { 0 };
        rule_file *file = NULL;
        recto_error error = { 0 };
        buffer_clear(&source);
        buffer_clear(&mutated);
        generate_rules(&source, &dice, language_of(i));
        mutate(&mutated, &dice, buffer_text(&source));
        recto_status status = rule_file_parse(&file, buffer_text(&mutated), "mutated",
                                              i % 2 == 0 ? language_of(i) : RULES_UNKNOWN, note_fault, &all, &error);
        assert_true(status == RECTO_OK ? all.errors == 0 : status == RECTO_EDATA && all.errors > 0 && error.what[0] != '\0');
        if (status == RECTO_OK) {
            sound++;
            use(file, sample);
        }
        rule_file_free(file);
    }
    print_message("           %d mutilated files, %zu of them still sound, %.1f s of work\n", MUTATED, sound,
                  (double)(clock() - begin) / CLOCKS_PER_SEC);
    assert_true(sound > MUTATED / 20 && sound < MUTATED - MUTATED / 5);
    marc_record_free(sample);
    buffer_release(&source);
    buffer_release(&mutated);
}

/* What takes time in proportion to the square of its length would take hours here. */
static void hostile_files__take_time_in_proportion(void **state)
{
    static const char *const repeated[] = { "/*",   "(",   "!",    "\"",  "rule ", "rule \"",
                                            "not ", "\\",  "\"\\", "#\r", "\n",    "rule \"a\" when TRUE then end\n",
                                            "&",    "\xC3" };
    clock_t begin = clock();
    buffer source;
    (void)state;
    buffer_init(&source, 0);
    for (size_t i = 0; i < COUNT(repeated); i++) {
        rule_file *file = NULL;
        buffer_clear(&source);
        buffer_append_string(&source, "rule \"r\" when ");
        while (source.length < 500000)
            buffer_append_string(&source, repeated[i]);
        assert_int_not_equal(rule_file_parse(&file, buffer_text(&source), "hostile", RULES_UNKNOWN, NULL, NULL, NULL), RECTO_OK);
    }
    assert_true((clock() - begin) / CLOCKS_PER_SEC < 60);
    buffer_release(&source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generated_files__are_printed_and_parsed_to_the_same_tree),
        cmocka_unit_test(trees__that_differ_are_not_equal),
        cmocka_unit_test(mutilated_files__never_crash_and_never_hang),
        cmocka_unit_test(hostile_files__take_time_in_proportion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
