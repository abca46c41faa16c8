/* tests/match/merge_test.c - the four methods of seed 002 field by field, overlay, order, and invariants over real records. */
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

/** "R 245 their title": sign, tag, first subfield or content; dropped lines have "-R" or "-X" ("-=" cannot be). */
static void describe(buffer *out, const merge_line *line)
{
    marc_field field = { .content = line->content };
    marc_subfield subfield = { .value = line->content };
    size_t offset = 0;

    memcpy(field.tag, line->tag, sizeof field.tag);
    if (strcmp(line->tag, "LDR") != 0 && !marc_tag_is_control(line->tag))
        (void)marc_field_next_subfield(&field, &offset, &subfield);
    buffer_append_format(out, "%s%c %s %.*s\n", line->kept ? "" : "-", "RX=&"[line->origin], line -> tag,
                         (int)subfield.value.length, subfield.value.bytes);
}

static void check_lines(const merge_result *result, const char *want)
{
    buffer found;
    size_t next = 0;

    buffer_init(&found, 0);
    for (size_t i = 0; i < merge_result_count(result); i++) {
        const merge_line *line = merge_result_line(result, i);
        describe(&found, line);
        assert_true(line->rule != NULL && line->rule[0] != '\0');
        assert_int_equal(line->rule_line, 0);
        if (strcmp(line->tag, "LDR") == 0 || !line->kept) {
            assert_true(line->result_index == SIZE_MAX);
            continue;
        }
        assert_int_equal(line->result_index, next++);
        assert_true(text_equal(marc_record_field(merge_result_record(result), line->result_index)->content, line->content));
    }
    assert_int_equal(next, marc_record_count(merge_result_record(result)));
    assert_string_equal(buffer_string(&found), want);
    buffer_release(&found);
}

static const char old_lines[] = "LDR 00000cam a2200000 i 4500\n"
                                "001 99100\n"
                                "005 20200101000000.0\n"
                                "008 old fixed\n"
                                "035    $a(OCoLC)1\n"
                                "035    $a(Local)2\n"
                                "035 9  $a(Nine)3\n"
                                "100 1  $aSame, Author\n"
                                "245 10 $aOld title\n"
                                "500    $aOld note\n"
                                "600 10 $aOld person\n"
                                "650  0 $aShared subject\n"
                                "650  0 $aOld subject\n"
                                "700 1  $aOld editor\n"
                                "910    $aOld local\n"
                                "LKR    $aOld link";
static const char new_lines[] = "LDR 00000nam a2200000 i 4500\n"
                                "001 ocm1\n"
                                "003 OCoLC\n"
                                "005 20250101000000.0\n"
                                "008 new fixed\n"
                                "035    $a(OCoLC)1\n"
                                "035    $a(DLC)5\n"
                                "100 1  $aSame, Author\n"
                                "245 10 $aNew title\n"
                                "504    $aNew bibliography\n"
                                "500    $aNew note\n"
                                "600 10 $aNew person\n"
                                "650  0 $aNew subject\n"
                                "650  0 $aShared subject\n"
                                "700 1  $aNew editor\n"
                                "910    $aNew local";

typedef struct merge_case {
    merge_method method;
    const char *want;
} merge_case;

static const merge_case methods_as_tables[] = {
    { MERGE_REPLACE_245_035,
      "X LDR 00000nam a2200000 i 4500\n-X 001 ocm1\nR 001 99100\nX 003 OCoLC\n-R 005 20200101000000.0\nX 005 20250101000000.0\n"
      "-R 008 old fixed\nX 008 new fixed\n-R 035 (Local)2\n= 035 (OCoLC)1\nR 035 (Nine)3\nX 035 (DLC)5\n= 100 Same, Author\n"
      "R 245 Old title\nX 245 New title\n-R 500 Old note\nX 504 New bibliography\nX 500 New note\n-R 600 Old person\n"
      "X 600 New person\n-R 650 Old subject\nX 650 New subject\n= 650 Shared subject\n-R 700 Old editor\nX 700 New editor\n"
      "-R 910 Old local\nX 910 New local\nR LKR Old link\n" },
    { MERGE_OVERLAY_BUT_LOCAL,
      "X LDR 00000nam a2200000 i 4500\n-X 001 ocm1\nR 001 99100\nX 003 OCoLC\n-R 005 20200101000000.0\nX 005 20250101000000.0\n"
      "-R 008 old fixed\nX 008 new fixed\n-R 035 (Local)2\nR 035 (Nine)3\n= 035 (OCoLC)1\nX 035 (DLC)5\n= 100 Same, Author\n"
      "-R 245 Old title\nX 245 New title\n-R 500 Old note\nX 504 New bibliography\nX 500 New note\n-R 600 Old person\n"
      "X 600 New person\n-R 650 Old subject\nX 650 New subject\n= 650 Shared subject\n-R 700 Old editor\nX 700 New editor\n"
      "-X 910 New local\nR 910 Old local\nR LKR Old link\n" },
    { MERGE_KEEP_OLD,
      "R LDR 00000cam a2200000 i 4500\n-X 001 ocm1\nR 001 99100\n-X 003 OCoLC\n-X 005 20250101000000.0\nR 005 20200101000000.0\n"
      "-X 008 new fixed\nR 008 old fixed\n-X 035 (DLC)5\n= 035 (OCoLC)1\nR 035 (Local)2\nR 035 (Nine)3\n= 100 Same, Author\n"
      "-X 245 New title\nR 245 Old title\n-X 500 New note\nR 500 Old note\n-X 504 New bibliography\n-X 600 New person\n"
      "R 600 Old person\n-X 650 New subject\n= 650 Shared subject\nR 650 Old subject\n-X 700 New editor\nR 700 Old editor\n"
      "-X 910 New local\nR 910 Old local\nR LKR Old link\n" },
    { MERGE_CONDITIONAL_SUBJECTS,
      "X LDR 00000nam a2200000 i 4500\n-X 001 ocm1\nR 001 99100\nX 003 OCoLC\n-R 005 20200101000000.0\nX 005 20250101000000.0\n"
      "-R 008 old fixed\nX 008 new fixed\n-X 035 (DLC)5\n= 035 (OCoLC)1\nR 035 (Local)2\nR 035 (Nine)3\n= 100 Same, Author\n"
      "-R 245 Old title\nX 245 New title\n-R 500 Old note\nX 504 New bibliography\nX 500 New note\n-R 600 Old person\n"
      "X 600 New person\n= 650 Shared subject\nR 650 Old subject\nX 650 New subject\nR 700 Old editor\nX 700 New editor\n"
      "-X 910 New local\nR 910 Old local\nR LKR Old link\n" },
};

static void merge__follows_the_table_of_each_method(void **state)
{
    marc_record *existing = record_from_lines(old_lines);
    marc_record *incoming = record_from_lines(new_lines);
    marc_record *existing_before = NULL;
    (void)state;
    assert_int_equal(marc_record_copy(&existing_before, existing, NULL), RECTO_OK);
    for (size_t i = 0; i < COUNT(methods_as_tables); i++) {
        merge_result *result = NULL;
        assert_int_equal(match_merge(&result, methods_as_tables[i].method, existing, incoming, NULL), RECTO_OK);
        check_lines(result, methods_as_tables[i].want);
        merge_result_free(result);
    }
    assert_true(marc_record_equal(existing, existing_before));
    marc_record_free(existing_before);
    marc_record_free(existing);
    marc_record_free(incoming);
}

static void merge__lines_know_what_stands_against_them(void **state)
{
    marc_record *existing = record_from_lines(old_lines);
    marc_record *incoming = record_from_lines(new_lines);
    merge_result *result = NULL;
    merge_counts counts;
    (void)state;
    assert_int_equal(match_merge(&result, MERGE_OVERLAY_BUT_LOCAL, existing, incoming, NULL), RECTO_OK);
    counts = merge_result_counts(result);
    marc_record_free(existing); /* the result stands on its own */
    marc_record_free(incoming);
    for (size_t i = 0; i < merge_result_count(result); i++) {
        const merge_line *line = merge_result_line(result, i);
        if (strcmp(line->tag, "LDR") == 0)
            assert_memory_equal(line->other.bytes, "00000cam a2200000 i 4500", MARC_LEADER_LENGTH);
        if (strcmp(line->tag, "245") == 0 && line->kept)
            assert_true(text_equal(line->other, TEXT("10\x1F"
                                                     "aOld title")));
        if (strcmp(line->tag, "245") == 0 && !line->kept)
            assert_true(text_equal(line->other, TEXT("10\x1F"
                                                     "aNew title")));
        if (strcmp(line->tag, "100") == 0)
            assert_true(text_equal(line->other, line->content));
        if (strcmp(line->tag, "504") == 0)
            assert_int_equal(line->other.length, 0);
        if (strcmp(line->tag, "910") == 0 && line->kept)
            assert_string_equal(line->rule, "keep 9XX, take no external 9XX");
    }
    assert_int_equal(counts.same, 3);
    assert_int_equal(counts.kept, 4);
    assert_int_equal(counts.taken, 10);
    assert_int_equal(counts.combined, 0);
    assert_int_equal(counts.dropped, 10);
    merge_result_free(result);
}

static void overlay__replaces_all_but_the_three_system_fields(void **state)
{
    static const char want[] =
        "X LDR 00000nam a2200000 i 4500\n-X 001 ocm1\nR 001 99100\n-X 003 OCoLC\n-X 005 20250101000000.0\n"
        "R 005 20200101000000.0\n-R 008 old\nX 008 new\n-R 245 Old\nX 245 New\n-R 910 Local\n-R LKR Link\n";
    marc_record *open = record_from_lines("LDR 00000cam a2200000 i 4500\n001 99100\n005 20200101000000.0\n008 old\n245 10 $aOld\n"
                                          "910    $aLocal\nLKR    $aLink");
    marc_record *chosen = record_from_lines("LDR 00000nam a2200000 i 4500\n001 ocm1\n003 OCoLC\n005 20250101000000.0\n008 new\n"
                                            "245 10 $aNew");
    merge_result *result = NULL;
    (void)state;
    assert_int_equal(match_overlay(&result, open, chosen, NULL), RECTO_OK);
    check_lines(result, want);
    merge_result_free(result);
    marc_record_free(open);
    marc_record_free(chosen);
}

static void merge__keeps_both_orders_where_records_are_not_sorted(void **state)
{
    static const struct {
        const char *name, *existing, *incoming, *want;
        merge_method method;
    } cases[] = {
        { "notes keep the order of the incoming record", "001 1\n998    $aL", "504    $aA\n500    $aB\n520    $aC\n505    $aD",
          "R 001 1\nX 504 A\nX 500 B\nX 520 C\nX 505 D\nR 998 L\n", MERGE_OVERLAY_BUT_LOCAL },
        { "kept fields out of order stay so", "700 1  $aK\n650  0 $aL\n001 1", "651  0 $aA\n710 2  $aB",
          "R 700 K\nR 650 L\nR 001 1\nX 651 A\nX 710 B\n", MERGE_CONDITIONAL_SUBJECTS },
        { "a field that stands is not doubled", "001 1\n650  0 $aK", "650  0 $aK\n650  0 $aK\n650  0 $aN",
          "R 001 1\n-X 650 K\n= 650 K\nX 650 N\n", MERGE_CONDITIONAL_SUBJECTS },
        { "copies within the incoming record stay when all is replaced", "001 1", "500    $aK\n500    $aK",
          "R 001 1\nX 500 K\nX 500 K\n", MERGE_OVERLAY_BUT_LOCAL },
        { "nothing comes into an empty record but what may", "", "001 7\n245 10 $aT", "-X 001 7\nX 245 T\n",
          MERGE_OVERLAY_BUT_LOCAL },
        { "nothing against something", "001 1\n500    $aK\n900    $aL", "", "R 001 1\n-R 500 K\nR 900 L\n",
          MERGE_OVERLAY_BUT_LOCAL },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        marc_record *existing = record_from_lines(cases[i].existing);
        marc_record *incoming = record_from_lines(cases[i].incoming);
        merge_result *result = NULL;
        char want[512];
        print_message("           %s\n", cases[i].name);
        assert_int_equal(match_merge(&result, cases[i].method, existing, incoming, NULL), RECTO_OK);
        snprintf(want, sizeof want, "= LDR 00000nam a2200000 i 4500\n%s", cases[i].want);
        check_lines(result, want);
        merge_result_free(result);
        marc_record_free(existing);
        marc_record_free(incoming);
    }
}

static void merge__035_counts_as_oclc_by_its_a_in_any_case(void **state)
{
    static const struct {
        const char *field, *sign;
    } cases[] = {
        { "035    $a(ocolc)7", "R 035" }, { "035    $zx$a(OCoLC)7", "R 035" }, { "035    $z(OCoLC)7$aX", "-R 035" },
        { "035 9  $aX", "R 035" },        { "035 99 $aX", "-R 035" },          { "035    $aocm7", "-R 035" },
    };
    marc_record *incoming = record_from_lines("245 10 $aT");
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        marc_record *existing = record_from_lines(cases[i].field);
        merge_result *result = NULL;
        buffer found;
        buffer_init(&found, 0);
        assert_int_equal(match_merge(&result, MERGE_REPLACE_245_035, existing, incoming, NULL), RECTO_OK);
        describe(&found, merge_result_line(result, 1));
        assert_memory_equal(buffer_string(&found), cases[i].sign, strlen(cases[i].sign));
        buffer_release(&found);
        merge_result_free(result);
        marc_record_free(existing);
    }
    marc_record_free(incoming);
}

static void merge__takes_records_with_impossible_tags(void **state)
{
    static const char bytes[] = "00071nam a2200061   4500"
                                "001000200000"
                                "LDR000200002"
                                "5\0"
                                "0000500004"
                                "\x1E"
                                "1\x1E"
                                "x\x1E"
                                "  \x1F"
                                "a\x1E"
                                "\x1D";
    marc_reader *reader = NULL;
    marc_record *record = NULL;
    marc_record *plain = record_from_lines("001 1\n500    $aK");
    merge_result *result = NULL;
    marc_reader_options options = { .format = MARC_FORMAT_ISO2709 };
    (void)state;
    assert_int_equal(marc_reader_new_bytes(&reader, text_of(bytes, sizeof bytes - 1), "impossible", &options, NULL), RECTO_OK);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
    assert_int_equal(marc_record_count(record), 3);
    assert_int_equal(match_merge(&result, MERGE_KEEP_OLD, record, plain, NULL), RECTO_OK);
    assert_int_equal(marc_record_count(merge_result_record(result)), 3);
    merge_result_free(result);
    assert_int_equal(match_overlay(&result, plain, record, NULL), RECTO_OK);
    assert_int_equal(marc_record_count(merge_result_record(result)), 3);
    assert_string_equal(marc_record_field(merge_result_record(result), 1)->tag, "5?0");
    assert_string_equal(marc_record_field(merge_result_record(result), 2)->tag, "LD?");
    merge_result_free(result);
    marc_reader_free(reader);
    marc_record_free(record);
    marc_record_free(plain);
}

static void merge__needs_a_method(void **state)
{
    marc_record *record = record_from_lines("001 1");
    merge_result *result = NULL;
    recto_error error;
    (void)state;
    assert_int_equal(match_merge(&result, MERGE_NONE, record, record, &error), RECTO_EINVALID);
    assert_null(result);
    assert_int_equal(match_merge(&result, (merge_method)99, record, record, &error), RECTO_EINVALID);
    marc_record_free(record);
}

static void methods__are_found_by_name_and_label(void **state)
{
    size_t count = 0;
    const merge_method_info *methods = merge_methods(&count);
    (void)state;
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(merge_method_named(methods[i].name), methods[i].method);
        assert_int_equal(merge_method_named(methods[i].label), methods[i].method);
        assert_string_equal(merge_method_label(methods[i].method), methods[i].label);
    }
    assert_string_equal(merge_method_label((merge_method)99), "no merge method");
    assert_int_equal(merge_method_named("overlay all fields but LOCAL"), MERGE_OVERLAY_BUT_LOCAL);
    assert_int_equal(merge_method_named("merge"), MERGE_NONE);
    assert_int_equal(merge_method_named(NULL), MERGE_NONE);
}

static void merge__of_many_fields_does_not_take_the_square(void **state)
{
    enum { MANY = 100000 };
    marc_record *existing = record_from_lines("001 1");
    marc_record *incoming = record_from_lines("001 2");
    merge_result *result = NULL;
    (void)state;
    for (int i = 0; i < MANY; i++) {
        char value[32];
        snprintf(value, sizeof value,
                 " 0\x1F"
                 "a%d",
                 i);
        marc_record_append(existing, "650", text_from(value), NULL);
        snprintf(value, sizeof value,
                 " 0\x1F"
                 "a%d",
                 MANY / 2 + MANY - i);
        marc_record_append(incoming, "650", text_from(value), NULL);
    }
    assert_int_equal(match_merge(&result, MERGE_CONDITIONAL_SUBJECTS, existing, incoming, NULL), RECTO_OK);
    merge_counts counts = merge_result_counts(result);
    assert_int_equal(counts.same, MANY / 2 - 1);
    assert_int_equal(counts.same + counts.kept + counts.taken, marc_record_count(merge_result_record(result)));
    merge_result_free(result);
    marc_record_free(existing);
    marc_record_free(incoming);
}

/* --- real records --- */

static size_t count_of(const marc_record *record, const marc_field *wanted)
{
    size_t found = 0;
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);
        found += strcmp(field->tag, wanted->tag) == 0 && text_equal(field->content, wanted->content);
    }
    return found;
}

static size_t dropped_count_of(const merge_result *result, const marc_field *wanted, merge_origin origin)
{
    size_t found = 0;
    for (size_t i = 0; i < merge_result_count(result); i++) {
        const merge_line *line = merge_result_line(result, i);
        found += !line->kept && line->origin == origin && strcmp(line->tag, wanted->tag) == 0 &&
                 text_equal(line->content, wanted->content);
    }
    return found;
}

static void check_nothing_is_lost_unsaid(const merge_result *result, const marc_record *input, merge_origin origin)
{
    const marc_record *merged = merge_result_record(result);
    for (size_t i = 0; i < marc_record_count(input); i++) {
        const marc_field *field = marc_record_field(input, i);
        assert_true(count_of(merged, field) + dropped_count_of(result, field, origin) >= count_of(input, field));
    }
}

static void check_invariants(const merge_result *result, const marc_record *existing, const marc_record *incoming)
{
    const marc_record *merged = merge_result_record(result);
    merge_counts counts = merge_result_counts(result);

    for (size_t i = 0; i < marc_record_count(merged); i++) {
        const marc_field *field = marc_record_field(merged, i);
        assert_true(count_of(existing, field) + count_of(incoming, field) > 0);
    }
    assert_true(text_equal(marc_record_control(merged, "001"), marc_record_control(existing, "001")));
    check_nothing_is_lost_unsaid(result, existing, MERGE_FROM_EXISTING);
    check_nothing_is_lost_unsaid(result, incoming, MERGE_FROM_INCOMING);
    assert_int_equal(counts.same + counts.kept + counts.taken + counts.combined, marc_record_count(merged));
}

typedef struct file_bytes {
    char *bytes;
    size_t length;
} file_bytes;

static bool read_file(file_bytes *out, const char *path)
{
    FILE *file = fopen(path, "rb");
    enum { FILE_MAX = 1 << 24 };
    if (file == NULL)
        return false;
    out->bytes = malloc(FILE_MAX);
    out->length = out->bytes == NULL ? 0 : fread(out->bytes, 1, FILE_MAX, file);
    fclose(file);
    return out->bytes != NULL;
}

static size_t check_pairs_of_file(const char *path)
{
    enum { PAIRS_MAX = 60 };
    file_bytes file = { 0 };
    marc_reader *reader = NULL;
    marc_record *before = NULL;
    marc_record *record = NULL;
    size_t pairs = 0;

    if (!read_file(&file, path))
        return 0;
    marc_reader_options options = { .format = MARC_FORMAT_ISO2709 };
    assert_int_equal(marc_reader_new_bytes(&reader, text_of(file.bytes, file.length), path, &options, NULL), RECTO_OK);
    assert_int_equal(marc_record_new(&before, NULL), RECTO_OK);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    while (pairs < PAIRS_MAX && marc_reader_next(reader, record, NULL) == RECTO_OK) {
        for (int method = MERGE_NONE; method <= MERGE_CONDITIONAL_SUBJECTS; method++) {
            merge_result *result = NULL;
            recto_status status = method == MERGE_NONE ? match_overlay(&result, before, record, NULL)
                                                       : match_merge(&result, (merge_method)method, before, record, NULL);
            assert_int_equal(status, RECTO_OK);
            check_invariants(result, before, record);
            merge_result_free(result);
        }
        marc_record *swap = before;
        before = record;
        record = swap;
        pairs++;
    }
    marc_reader_free(reader);
    marc_record_free(before);
    marc_record_free(record);
    free(file.bytes);
    return pairs;
}

static void merge__of_real_records_loses_nothing_unsaid(void **state)
{
    static const char *const files[] = {
        "../shared/data/marc/broken/folio-broken-dir.mrc",
        "../shared/data/marc/broken/alma-bu-bibs-wrong-length.mrc",
        "../shared/data/marc/broken/marc4j-many-errors-383.mrc",
        "../shared/data/marc/authority/evergreen-1066.mrc",
        "../shared/data/marc/utf8/connexion-export.mrc",
        "../shared/data/marc/utf8/loc-books-2014-100.mrc",
        "../shared/data/marc/utf8/folio-100.mrc",
        "../shared/data/marc/utf8/yaz-nonlatin.mrc",
    };
    size_t pairs = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++)
        pairs += check_pairs_of_file(files[i]);
    if (pairs == 0) {
        print_message("skipped: ../shared/data/marc is not here\n");
        skip();
    }
    print_message("           %zu pairs of real records\n", pairs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merge__follows_the_table_of_each_method),
        cmocka_unit_test(merge__lines_know_what_stands_against_them),
        cmocka_unit_test(overlay__replaces_all_but_the_three_system_fields),
        cmocka_unit_test(merge__keeps_both_orders_where_records_are_not_sorted),
        cmocka_unit_test(merge__035_counts_as_oclc_by_its_a_in_any_case),
        cmocka_unit_test(merge__takes_records_with_impossible_tags),
        cmocka_unit_test(merge__needs_a_method),
        cmocka_unit_test(methods__are_found_by_name_and_label),
        cmocka_unit_test(merge__of_many_fields_does_not_take_the_square),
        cmocka_unit_test(merge__of_real_records_loses_nothing_unsaid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
