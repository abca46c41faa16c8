/* tests/rules/shipped_test.c - the rule files of data/rules: each is sound, the merge files equal the predefined methods, and
 * normalizations and brief levels do what the documents say. */
#include "support.h"

#include "recto/base/resource.h"
#include "recto/match/merge.h"

#include <dirent.h>

/* ---- every file -------------------------------------------------------------------------------------------------- */

static rule_file *shipped(const char *name, rule_language language)
{
    resource found;
    recto_error error = { 0 };
    faults all = { 0 };
    rule_file *file = NULL;
    assert_int_equal(resource_open_built_in(&found, name, &error), RECTO_OK);
    if (rule_file_parse(&file, found.content, name, language, note_fault, &all, &error) != RECTO_OK)
        fail_msg("%s: %s", error.where, error.what);
    if (all.warnings > 0)
        fail_msg("%s:%d: %s %s", name, all.warning.line, all.warning.code, all.warning.message);
    resource_release(&found);
    return file;
}

static void check_shipped(void *context, const char *name)
{
    size_t *count = context;
    char folder[20] = "";
    const char *begin = name + strlen("data/rules/"), *end = strchr(begin, '/');
    assert_non_null(end);
    assert_true((size_t)(end - begin) < sizeof folder);
    memcpy(folder, begin, (size_t)(end - begin));
    rule_language language = rule_language_named(folder);
    assert_true(language != RULES_UNKNOWN);
    rule_file *file = shipped(name, RULES_UNKNOWN);
    assert_int_equal(rule_file_language(file), language);
    assert_true(rule_file_count(file) > 0);
    rule_file_free(file);
    ++*count;
}

static void files__are_sound_and_of_the_language_of_their_folder(void **state)
{
    size_t count = 0;
    (void)state;
    resource_list("data/rules/", check_shipped, &count);
    assert_true(count >= 12);
}

/* ---- merge methods ----------------------------------------------------------------------------------------------- */

static const struct {
    merge_method method;
    const char *file;
} methods[] = {
    { MERGE_REPLACE_245_035, "data/rules/merge/replace-245-035.rules" },
    { MERGE_OVERLAY_BUT_LOCAL, "data/rules/merge/overlay-but-local.rules" },
    { MERGE_KEEP_OLD, "data/rules/merge/keep-old.rules" },
    { MERGE_CONDITIONAL_SUBJECTS, "data/rules/merge/conditional-subjects.rules" },
};
enum { METHODS = COUNT(methods) };

typedef struct rule_files {
    rule_file *files[METHODS];
    marc_record *ruled, *built_in;
} rule_files;

static void open_files(rule_files *all)
{
    size_t known = 0;
    (void)merge_methods(&known);
    assert_int_equal(known, METHODS);
    for (size_t i = 0; i < METHODS; i++)
        all->files[i] = shipped(methods[i].file, RULES_MERGE);
    assert_int_equal(marc_record_new(&all->ruled, NULL), RECTO_OK);
    assert_int_equal(marc_record_new(&all->built_in, NULL), RECTO_OK);
}

static void close_files(rule_files *all)
{
    for (size_t i = 0; i < METHODS; i++)
        rule_file_free(all->files[i]);
    marc_record_free(all->ruled);
    marc_record_free(all->built_in);
}

static void check_pair(rule_files *all, const marc_record *existing, const marc_record *incoming)
{
    for (size_t i = 0; i < METHODS; i++) {
        const merge_program *program = rule_file_merge_program(all->files[i]);
        assert_int_equal(match_merge_record(all->ruled, program, existing, incoming, NULL), RECTO_OK);
        assert_int_equal(match_merge_record(all->built_in, merge_method_program(methods[i].method), existing, incoming, NULL),
                         RECTO_OK);
        if (marc_record_equal(all->ruled, all->built_in))
            continue;
        buffer lines;
        buffer_init(&lines, 0);
        append_lines(&lines, all->ruled, true);
        buffer_append_string(&lines, "is by the built-in method:\n");
        append_lines(&lines, all->built_in, true);
        fail_msg("%s gives\n%s", methods[i].file, buffer_string(&lines));
    }
}

static const char *const samples[] = {
    "LDR 00000cam\\a2200000\\i\\4500\n001 99100\n003 XX\n005 20200101000000.0\n008 old\n019 \\\\ $a7\n035 \\\\ $a(OCoLC)1\n"
    "035 \\\\ $a(Local)2\n035 9\\ $a(Nine)3\n035 9\\ $a(OCoLC)9\n100 1\\ $aOld, A.\n245 10 $aOld title\n264 \\1 $aHere\n"
    "300 \\\\ $a1 v.\n490 1\\ $aSeries\n500 \\\\ $aOurs.$5XX\n500 \\\\ $aBoth\n600 10 $aOld, S.\n650 \\0 $aTopic\n"
    "651 \\0 $aPlace\n655 \\7 $aGenre$2local\n700 1\\ $aOld, B.\n856 40 $uhttp://old\n901 \\\\ $aLocal\n998 \\\\ $aX\n"
    "TMP \\\\ $aletters\nZ01 \\\\ $aletters\n",
    "LDR 00000nas\\a2200000\\a\\4500\n001 ocm2\n003 OCoLC\n005 20210101000000.0\n007 cr\n008 new\n035 \\\\ $a(OCoLC)2\n"
    "035 9\\ $a(Nine)4\n100 1\\ $aNew, A.\n245 10 $aNew title\n264 \\1 $aThere\n300 \\\\ $a2 v.\n500 \\\\ $aBoth\n"
    "500 \\\\ $aTheirs\n505 0\\ $aContents\n600 10 $aNew, S.\n650 \\0 $aTopic\n650 \\0 $aOther\n700 1\\ $aOld, B.\n"
    "700 1\\ $aNew, B.\n856 40 $uhttp://new\n901 \\\\ $aTheir local\n981 \\\\ $aTheirs\nTMP \\\\ $atheir letters\n",
    "LDR 00000nam\\a2200000\\i\\4500\n245 10 $aNothing else\n",
    "LDR 00000nam\\a2200000\\i\\4500\n900 \\\\ $aNo title\n245 00 $aBehind it\n035 \\\\ $zonly z\n008 out of order\n",
};

static void merge_files__equal_the_methods_on_samples(void **state)
{
    marc_record *records[COUNT(samples)];
    rule_files all;
    (void)state;
    open_files(&all);
    for (size_t i = 0; i < COUNT(samples); i++)
        records[i] = record_of(samples[i]);
    for (size_t i = 0; i < COUNT(samples); i++)
        for (size_t j = 0; j < COUNT(samples); j++)
            check_pair(&all, records[i], records[j]);
    for (size_t i = 0; i < COUNT(samples); i++)
        marc_record_free(records[i]);
    close_files(&all);
}

/* ---- real records ------------------------------------------------------------------------------------------------ */

enum { RECORD_LIMIT = 6000, RANDOM_PAIRS = 4000, A_FILE = 600 };
static const char real[] = "../shared/data/marc";

typedef struct pool {
    marc_record *records[RECORD_LIMIT];
    size_t count;
} pool;

static void read_records(pool *all, const char *path)
{
    size_t length = 0, before = all->count;
    char *bytes = read_file(path, &length);
    marc_reader_options options = { .format = MARC_FORMAT_ISO2709 };
    marc_reader *reader = NULL;
    marc_record *record = NULL;
    recto_status status = RECTO_OK;
    if (bytes == NULL)
        return;
    assert_int_equal(marc_reader_new_bytes(&reader, text_of(bytes, length), path, &options, NULL), RECTO_OK);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    while (all->count < RECORD_LIMIT && all->count - before < A_FILE &&
           (status = marc_reader_next(reader, record, NULL)) != RECTO_END) {
        if (status == RECTO_EIO || status == RECTO_ENOMEM)
            break;
        if (status == RECTO_OK)
            assert_int_equal(marc_record_copy(&all->records[all->count++], record, NULL), RECTO_OK);
    }
    marc_record_free(record);
    marc_reader_free(reader);
    free(bytes);
}

static void read_folder(pool *all, const char *name)
{
    char path[600];
    (void)snprintf(path, sizeof path, "%s/%s", real, name);
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const char *ending = strrchr(entries[i]->d_name, '.');
        if (ending != NULL && strcmp(ending, ".mrc") == 0) {
            (void)snprintf(path, sizeof path, "%s/%s/%s", real, name, entries[i]->d_name);
            read_records(all, path);
        }
        free(entries[i]);
    }
    free(entries);
}

static bool oclc_number(const marc_record *record, text *out)
{
    *out = marc_record_text(record, "035", 'a');
    return text_starts(*out, TEXT("(OCoLC)"));
}

static size_t check_same_numbers(rule_files *files, const pool *all)
{
    size_t pairs = 0;
    text one, other;
    for (size_t i = 0; i < all->count; i++)
        for (size_t j = i + 1; j < all->count && oclc_number(all->records[i], &one); j++)
            if (oclc_number(all->records[j], &other) && text_equal(one, other)) {
                check_pair(files, all->records[i], all->records[j]);
                check_pair(files, all->records[j], all->records[i]);
                pairs += 2;
            }
    return pairs;
}

static uint64_t draw(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return *state >> 33;
}

static void merge_files__equal_the_methods_on_real_records(void **state)
{
    static const char *const folders[] = { "utf8", "marc8", "broken", "authority", "holdings", "long" };
    pool *all = calloc(1, sizeof *all);
    uint64_t seed = 20261123;
    rule_files files;
    (void)state;
    assert_non_null(all);
    for (size_t i = 0; i < COUNT(folders); i++)
        read_folder(all, folders[i]);
    if (all->count < 2) {
        free(all);
        print_message("skipped: no records in %s\n", real);
        skip();
    }
    open_files(&files);
    size_t same = check_same_numbers(&files, all);
    for (size_t i = 0; i < RANDOM_PAIRS; i++)
        check_pair(&files, all->records[draw(&seed) % all->count], all->records[draw(&seed) % all->count]);
    print_message("           %zu records, %zu pairs by OCLC number, %d at random\n", all->count, same, RANDOM_PAIRS);
    close_files(&files);
    for (size_t i = 0; i < all->count; i++)
        marc_record_free(all->records[i]);
    free(all);
}

/* ---- copy cataloging and 998 (match-merge.md 11) ----------------------------------------------------------------- */

static void copy_cataloging__opens_the_record_for_overlays(void **state)
{
    rule_file *file = shipped("data/rules/merge/copy-cataloging.rules", RULES_MERGE);
    marc_record *external = record_of("001 ocm1\n003 OCoLC\n245 10 $aBetter\n901 \\\\ $atheirs\n");
    marc_record *ours = record_of("001 99100\n245 10 $aPoor\n500 \\\\ $anot taken\n900 \\\\ $aaleph\n913 \\\\ $aa\n991 \\\\ $ab\n"
                                  "998 \\\\ $aNO-OVERLAY\n999 \\\\ $ac\n");
    merge_result *result = NULL;
    buffer lines;
    (void)state;
    buffer_init(&lines, 0);
    assert_int_equal(match_merge_run(&result, rule_file_merge_program(file), external, ours, NULL), RECTO_OK);
    append_lines(&lines, merge_result_record(result), false);
    assert_string_equal(buffer_string(&lines), "001 99100\n003 OCoLC\n245 10 $aBetter\n900 \\\\ $aaleph\n901 \\\\ $atheirs\n"
                                               "999 \\\\ $ac\n");
    buffer_release(&lines);
    merge_result_free(result);
    marc_record_free(external);
    marc_record_free(ours);
    rule_file_free(file);
}

static void check_lines(const rule_file *file, const char *before, const char *after)
{
    marc_record *record = record_of(before);
    buffer lines;
    buffer_init(&lines, 0);
    assert_int_equal(rule_file_apply(NULL, file, record, NULL, NULL, NULL), RECTO_OK);
    append_lines(&lines, record, false);
    assert_string_equal(buffer_string(&lines), after);
    buffer_release(&lines);
    marc_record_free(record);
}

#define LEADER(level, fullness) "LDR 00000na" level "\\a2200000" fullness "i\\4500\n"

static void no_overlay__is_given_to_serials_below_full_level(void **state)
{
    rule_file *file = shipped("data/rules/norm/998-no-overlay.rules", RULES_NORMALIZATION);
    (void)state;
    check_lines(file, LEADER("s", "K") "245 00 $aT\n", "245 00 $aT\n998 \\\\ $aNO-OVERLAY\n");
    check_lines(file, LEADER("s", "K") "998 \\\\ $aNO-OVERLAY\n", "998 \\\\ $aNO-OVERLAY\n");
    check_lines(file, LEADER("m", "K") "245 00 $aT\n", "245 00 $aT\n");
    check_lines(file, LEADER("s", "\\") "245 00 $aT\n", "245 00 $aT\n998 \\\\ $aNO-OVERLAY\n");
    check_lines(file, LEADER("s", "7") "010 \\\\ $a1\n", "010 \\\\ $a1\n998 \\\\ $aNO-OVERLAY\n");
    check_lines(file, LEADER("s", "\\") "010 \\\\ $a1\n042 \\\\ $apcc\n", "010 \\\\ $a1\n042 \\\\ $apcc\n");
    check_lines(file, LEADER("s", "u") "245 00 $aT\n", "245 00 $aT\n");
    rule_file_free(file);
}

static void copy_019__appends_to_the_number_of_oclc(void **state)
{
    rule_file *file = shipped("data/rules/norm/copy-019-to-035.rules", RULES_NORMALIZATION);
    (void)state;
    check_lines(file, "019 \\\\ $a11$a12\n035 \\\\ $a(X)5\n035 \\\\ $a(OCoLC)1$z(OCoLC)11\n245 00 $aT\n",
                "019 \\\\ $a11$a12\n035 \\\\ $a(X)5\n035 \\\\ $a(OCoLC)1$z(OCoLC)11$z(OCoLC)12\n245 00 $aT\n");
    check_lines(file, "019 \\\\ $a11\n019 \\\\ $a12\n245 00 $aT\n",
                "019 \\\\ $a11\n019 \\\\ $a12\n035 \\\\ $z(OCoLC)11$z(OCoLC)12\n245 00 $aT\n");
    check_lines(file, "035 \\\\ $a(OCoLC)1\n", "035 \\\\ $a(OCoLC)1\n");
    rule_file_free(file);
}

static void initial__turns_the_source_number_into_a_035(void **state)
{
    rule_file *file = shipped("data/rules/norm/initial-normalization.rules", RULES_NORMALIZATION);
    (void)state;
    check_lines(file, "001 ocm1\n003 OCoLC\n008 x\n", "008 x\n035 \\\\ $a(OCoLC)ocm1\n");
    check_lines(file, "001 1\n003 OCoLC\n035 \\\\ $a(OCoLC)1\n", "035 \\\\ $a(OCoLC)1\n");
    check_lines(file, "001 1\n008 x\n", "008 x\n");
    rule_file_free(file);
}

/* ---- brief levels (match-merge.md 6.2) and the filter ------------------------------------------------------------ */

static int level_of(const rule_file *file, const char *lines)
{
    marc_record *record = record_of(lines);
    rule_result result = { 0 };
    assert_int_equal(rule_file_apply(&result, file, record, NULL, NULL, NULL), RECTO_OK);
    assert_false(result.changed);
    marc_record_free(record);
    return result.brief_level;
}

static void check_levels(const char *name, const char *codes, const int *levels)
{
    rule_file *file = shipped(name, RULES_BRIEF_LEVEL);
    char lines[60];
    for (size_t i = 0; codes[i] != '\0'; i++) {
        (void)snprintf(lines, sizeof lines, "LDR 00000nam\\a2200000%ci\\4500\n245 00 $aT\n", codes[i]);
        if (level_of(file, lines) != levels[i])
            fail_msg("%s: LDR/17 %c gives %d", name, codes[i], level_of(file, lines));
    }
    rule_file_free(file);
}

static void brief_levels__follow_their_tables(void **state)
{
    (void)state;
    check_levels("data/rules/brief/carli.rules", "\\1IL24M7K835uz0",
                 (const int[]){ 10, 10, 10, 10, 7, 7, 7, 5, 5, 4, 3, 2, 1, 1, 1 });
    check_levels("data/rules/brief/california-state.rules", "\\IL14KM27835uz0J",
                 (const int[]){ 10, 9, 9, 8, 7, 6, 6, 5, 5, 4, 3, 2, 2, 2, 2, 1 });
}

#define RICH "008 850612s1985\\\\\\\\ilu\\\\\\\\\\\\\\\\\\\\\\000\\0\\eng\\d\n035 \\\\ $a(OCoLC)1\n"

static void brief_levels_of_harvard__look_at_the_fields(void **state)
{
    static const struct {
        const char *lines;
        int level;
    } cases[] = {
        { LEADER("m", "\\") RICH "260 \\\\ $aHere\n", 1 },
        { LEADER("m", "\\") "245 00 $aT\n", 2 },
        { LEADER("m", "\\") "011 \\\\ $aold\n" RICH "245 00 $aT\n", 2 },
        { LEADER("m", "\\") RICH "040 \\\\ $aXX$bger\n245 00 $aT\n", 3 },
        { LEADER("m", "u") RICH "245 00 $aT\n", 4 },
        { LEADER("m", "5") RICH "245 00 $kT\n", 5 },
        { LEADER("m", "8") RICH "245 00 $aT\n", 6 },
        { LEADER("m", "K") RICH "040 \\\\ $beng\n245 00 $aT\n", 7 },
        { LEADER("m", "1") RICH "245 00 $aT\n", 8 },
        { LEADER("m", "7") "010 \\\\ $a1\n042 \\\\ $apcc\n" RICH "245 00 $aT\n", 9 },
        { LEADER("m", "\\") RICH "245 00 $aT\n", 8 },
        { LEADER("m", "J") RICH "245 00 $aT\n", 0 },
    };
    rule_file *file = shipped("data/rules/brief/harvard.rules", RULES_BRIEF_LEVEL);
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (level_of(file, cases[i].lines) != cases[i].level)
            fail_msg("%d, not %d, for\n%s", level_of(file, cases[i].lines), cases[i].level, cases[i].lines);
    rule_file_free(file);
}

static void filter__leaves_out_what_is_kept_by_hand(void **state)
{
    static const struct {
        const char *lines;
        bool rejected;
    } cases[] = {
        { "LDR 00000nam\\a2200000\\i\\4500\n245 00 $aT\n", false },
        { "LDR 00000njm\\a2200000\\i\\4500\n245 00 $aT\n", false },
        { "LDR 00000nem\\a2200000\\i\\4500\n245 00 $aT\n", true },
        { "LDR 00000nas\\a2200000\\i\\4500\n245 00 $aT\n", true },
        { "LDR 00000namaa2200000\\i\\4500\n245 00 $aT\n", true },
        { "LDR 00000nam\\a2200000\\i\\4500\n040 \\\\ $aXX$edacs\n", true },
        { "LDR 00000nam\\a2200000\\i\\4500\n040 \\\\ $aDLC$edacs\n", false },
        { "LDR 00000nam\\a2200000\\i\\4500\n040 \\\\ $aXX$edacs\n502 \\\\ $aThesis\n", false },
    };
    rule_file *file = shipped("data/rules/indication/worldcat-updates.rules", RULES_INDICATION);
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        marc_record *record = record_of(cases[i].lines);
        rule_result result = { 0 };
        assert_int_equal(rule_file_apply(&result, file, record, NULL, NULL, NULL), RECTO_OK);
        if (result.indication != cases[i].rejected)
            fail_msg("wrong for\n%s", cases[i].lines);
        marc_record_free(record);
    }
    rule_file_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files__are_sound_and_of_the_language_of_their_folder),
        cmocka_unit_test(merge_files__equal_the_methods_on_samples),
        cmocka_unit_test(merge_files__equal_the_methods_on_real_records),
        cmocka_unit_test(copy_cataloging__opens_the_record_for_overlays),
        cmocka_unit_test(no_overlay__is_given_to_serials_below_full_level),
        cmocka_unit_test(copy_019__appends_to_the_number_of_oclc),
        cmocka_unit_test(initial__turns_the_source_number_into_a_035),
        cmocka_unit_test(brief_levels__follow_their_tables),
        cmocka_unit_test(brief_levels_of_harvard__look_at_the_fields),
        cmocka_unit_test(filter__leaves_out_what_is_kept_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
