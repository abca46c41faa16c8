/* tests/fuzz/rules_fuzz.c - where libFuzzer comes in for the rule languages: hostile bytes as a rule file, which is then run.
 *
 * The seeds are the files of data/rules. What parses must print to the same tree, and must run on a record (or merge it with
 * itself) without harm; where it fails the record is as it was. */
#include "recto/marc/record.h"
#include "recto/match/merge.h"
#include "recto/rules/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define EXPECT(condition)                                                                                                        \
    do {                                                                                                                         \
        if (!(condition)) {                                                                                                      \
            fprintf(stderr, "tests/fuzz: rules: %s\n", #condition);                                                              \
            abort();                                                                                                             \
        }                                                                                                                        \
    } while (0)

static void see_fault(void *context, const rule_fault *fault)
{
    size_t *errors = context;
    EXPECT(fault->line > 0 && fault->column > 0 && fault->length > 0 && fault->message[0] != '\0');
    EXPECT(strlen(fault->code) == 3);
    *errors += !fault->warning;
}

static void see_event(void *context, const rule_event *event)
{
    (void)context;
    EXPECT(event->had || event->has);
}

static marc_record *make_sample(void)
{
    static const struct {
        const char *tag, *indicators, *line;
    } fields[] = { { "035", "  ", "$a(OCoLC)ocm1$z(OCoLC)2" },
                   { "245", "14", "$aThe aaaaaaaaaaaaaaaaaaaab /$cby A." },
                   { "490", "1 ", "$aS ; T$v1" },
                   { "500", "  ", "$aNote" },
                   { "650", " 7", "$aWetlands$2x$2x" },
                   { "880", "  ", "$6245$ax" },
                   { "998", "  ", "$aHOLD" } };
    marc_record *record = NULL;
    EXPECT(marc_record_new(&record, NULL) == RECTO_OK);
    EXPECT(marc_record_append(record, "001", text_from("99100"), NULL) == RECTO_OK);
    EXPECT(marc_record_append(record, "003", text_from("XX"), NULL) == RECTO_OK);
    EXPECT(marc_record_append(record, "008", text_from("850612c19859999ilumr1p       0   b0eng d"), NULL) == RECTO_OK);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        EXPECT(marc_record_append_line(record, fields[i].tag, fields[i].indicators, fields[i].line, NULL) == RECTO_OK);
    return record;
}

static void print_and_parse(const rule_file *file)
{
    rule_file *again = NULL;
    buffer printed;
    buffer_init(&printed, 0);
    rule_file_print(&printed, file);
    if (printed.length <= RULES_FILE_LIMIT) {
        recto_status status =
            rule_file_parse(&again, buffer_text(&printed), "printed", rule_file_language(file), NULL, NULL, NULL);
        EXPECT(status == RECTO_OK && rule_file_equal(file, again));
    }
    rule_file_free(again);
    buffer_release(&printed);
}

static void run(const rule_file *file)
{
    marc_record *sample = make_sample(), *record = make_sample();
    merge_result *merged = NULL;
    buffer why;
    buffer_init(&why, 0);
    if (rule_file_language(file) == RULES_MERGE) {
        EXPECT(match_merge_run(&merged, rule_file_merge_program(file), record, sample, NULL) == RECTO_OK);
        merge_result_free(merged);
    } else {
        recto_status status = rule_file_apply(NULL, file, record, see_event, NULL, NULL);
        EXPECT(status == RECTO_OK || ((status == RECTO_ELIMIT || status == RECTO_EDATA) && marc_record_equal(record, sample)));
        rule_file_explain(&why, file, sample);
    }
    buffer_release(&why);
    marc_record_free(sample);
    marc_record_free(record);
}

static void try_language(text source, rule_language language)
{
    rule_file *file = NULL;
    size_t errors = 0;
    recto_status status = rule_file_parse(&file, source, "fuzz", language, see_fault, &errors, NULL);
    EXPECT((status == RECTO_OK) == (errors == 0));
    if (status == RECTO_OK) {
        print_and_parse(file);
        run(file);
    }
    rule_file_free(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *source = malloc(size + 1 - (size > 0)); /* of exactly this size: a step beyond is seen */
    EXPECT(source != NULL);
    if (size > 0)
        memcpy(source, bytes, size);
    try_language(text_of(source, size), RULES_UNKNOWN);
    try_language(text_of(source, size), (rule_language)(RULES_MERGE + size % 4)); /* another than its own, mostly */
    free(source);
    return 0;
}
