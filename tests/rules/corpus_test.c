/* tests/rules/corpus_test.c - every rule file of ../shared/corpus/rules does what its manifest says, compared as its README
 * says: empty subfields dropped, fields sorted by tag, line by line. */
#include "support.h"

#include "recto/match/merge.h"

static const char corpus[] = "../shared/corpus/rules";

typedef struct manifest_row {
    text file, kind, valid, code, line, column, input, secondary, expected;
} manifest_row;

static char *read_corpus(text name)
{
    char path[300];
    size_t length = 0;
    (void)snprintf(path, sizeof path, "%s/%.*s", corpus, (int)name.length, name.bytes);
    char *bytes = read_file(path, &length);
    if (bytes == NULL)
        fail_msg("%s cannot be read", path);
    return bytes;
}

static marc_record *record_named(text name)
{
    char *lines = read_corpus(name);
    marc_record *record = record_of(lines);
    free(lines);
    return record;
}

static void append_data_field(buffer *out, const marc_field *field)
{
    marc_subfield at;
    size_t before = out->length;
    bool any = false;
    buffer_append_format(out, "%s ", field->tag);
    for (int which = 1; which <= 2; which++) {
        char indicator = marc_field_indicator(field, which);
        buffer_append_char(out, indicator == ' ' ? '\\' : indicator);
    }
    buffer_append_string(out, " ");
    for (size_t offset = 0; marc_field_next_subfield(field, &offset, &at);) {
        if (at.value.length == 0)
            continue;
        any = true;
        buffer_append_format(out, "$%c", at.code);
        for (size_t i = 0; i < at.value.length; i++)
            at.value.bytes[i] == '$' ? buffer_append_string(out, "{dollar}") : buffer_append_char(out, at.value.bytes[i]);
    }
    if (any)
        buffer_append_string(out, "\n");
    else
        out->length = before;
}

static void append_control_field(buffer *out, const char *tag, text content)
{
    buffer_append_format(out, "%s ", tag);
    for (size_t i = 0; i < content.length; i++)
        buffer_append_char(out, content.bytes[i] == ' ' ? '\\' : content.bytes[i]);
    buffer_append_string(out, "\n");
}

static void append_field(buffer *out, const marc_field *field)
{
    if (marc_tag_is_control(field->tag))
        append_control_field(out, field->tag, field->content);
    else
        append_data_field(out, field);
}

/* Stable by tag. */
static void append_sorted(buffer *out, const marc_record *record)
{
    char last[MARC_TAG_LENGTH + 1] = "";
    append_control_field(out, "LDR", text_of(marc_record_leader(record), MARC_LEADER_LENGTH));
    for (;;) {
        const char *next = NULL;
        for (size_t i = 0; i < marc_record_count(record); i++) {
            const char *tag = marc_record_field(record, i)->tag;
            if (strcmp(tag, last) > 0 && (next == NULL || strcmp(tag, next) < 0))
                next = tag;
        }
        if (next == NULL)
            return;
        memcpy(last, next, sizeof last);
        for (size_t i = 0; i < marc_record_count(record); i++)
            if (strcmp(marc_record_field(record, i)->tag, last) == 0)
                append_field(out, marc_record_field(record, i));
    }
}

static void compare(const manifest_row *row, const marc_record *record)
{
    char *wanted = read_corpus(row->expected);
    buffer found;
    buffer_init(&found, 0);
    append_sorted(&found, record);
    if (strcmp(buffer_string(&found), wanted) != 0)
        fail_msg("%.*s gives\n%s", (int)row->file.length, row->file.bytes, buffer_string(&found));
    buffer_release(&found);
    free(wanted);
}

static void run_merge(const manifest_row *row, const rule_file *file)
{
    marc_record *primary = record_named(row->input), *secondary = record_named(row->secondary);
    merge_result *result = NULL;
    assert_int_equal(match_merge_run(&result, rule_file_merge_program(file), primary, secondary, NULL), RECTO_OK);
    compare(row, merge_result_record(result));
    merge_result_free(result);
    marc_record_free(primary);
    marc_record_free(secondary);
}

static void run_rules(const manifest_row *row, const rule_file *file)
{
    marc_record *record = record_named(row->input);
    rule_result result;
    char flag[40];
    assert_int_equal(rule_file_apply(&result, file, record, NULL, NULL, NULL), RECTO_OK);
    if (text_starts(row->expected, TEXT("=indication="))) {
        assert_int_equal(result.indication, text_equal(row->expected, TEXT("=indication=true")));
    } else if (text_starts(row->expected, TEXT("=brief_level="))) {
        (void)snprintf(flag, sizeof flag, "=brief_level=%02d", result.brief_level);
        assert_true(text_equal(row->expected, text_from(flag)));
    } else {
        compare(row, record);
    }
    marc_record_free(record);
}

static void check_fault(const manifest_row *row, const faults *all)
{
    char code[8];
    int64_t line = 0, column = 0;
    (void)snprintf(code, sizeof code, "%.*s", (int)row->code.length, row->code.bytes);
    assert_true(text_to_integer(row->line, &line) && text_to_integer(row->column, &column));
    assert_string_equal(all->first.code, code);
    assert_int_equal(all->first.line, line);
    assert_int_equal(all->first.column, column);
}

static void check_row(const manifest_row *row, rule_language language)
{
    char *source = read_corpus(row->file);
    faults all;
    rule_file *file = parse_with(&all, source, language);
    if (!text_equal(row->valid, TEXT("yes"))) {
        assert_null(file);
        check_fault(row, &all);
    } else if (file == NULL) {
        fail_msg("%.*s: %s %s", (int)row->file.length, row->file.bytes, all.first.code, all.first.message);
    } else if (row->expected.length > 0) {
        rule_file_language(file) == RULES_MERGE ? run_merge(row, file) : run_rules(row, file);
    }
    rule_file_free(file);
    free(source);
}

/* With the language named, and found out. */
static void check_line(text line)
{
    char kind[20];
    manifest_row row;
    text *const columns[] = { &row.file,   &row.kind,  &row.valid,     &row.code,    &row.line,
                              &row.column, &row.input, &row.secondary, &row.expected };
    for (size_t i = 0; i < COUNT(columns); i++)
        *columns[i] = text_next_field(&line, '\t');
    (void)snprintf(kind, sizeof kind, "%.*s", (int)row.kind.length, row.kind.bytes);
    rule_language language = rule_language_named(kind);
    assert_true(language != RULES_UNKNOWN);
    check_row(&row, language);
    check_row(&row, RULES_UNKNOWN);
}

static void corpus__every_file_does_what_the_manifest_says(void **state)
{
    char path[300];
    size_t length = 0, rows = 0;
    (void)state;
    (void)snprintf(path, sizeof path, "%s/manifest.tsv", corpus);
    char *manifest = read_file(path, &length);
    if (manifest == NULL) {
        printf("skipped: no %s beside the checkout\n", corpus);
        skip();
    }
    text rest = text_of(manifest, length), line;
    (void)text_next_field(&rest, '\n');
    while ((line = text_next_field(&rest, '\n')).bytes != NULL && line.length > 0) {
        check_line(line);
        rows++;
    }
    assert_true(rows >= 30);
    free(manifest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corpus__every_file_does_what_the_manifest_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
