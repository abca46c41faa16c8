/* tests/tools/rules_bench.c - how many records a second a ten-rule normalization file is applied to, on one core.
 *
 *   rules_bench tests/bench/ten.rules FILE.mrc [ROUNDS]
 *
 * Three figures in user time, taken in turns in one run: reading ISO 2709 alone; reading and applying; reading, applying and
 * writing. The evaluator alone is the second less the first. Build with: make build/tests/tools/rules_bench */
#include "recto/marc/formats.h"
#include "recto/rules/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { STAGES = 3, ROUNDS = 5 };
static const char *const stages[STAGES] = { "read", "read, apply", "read, apply, write" };

static double user_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6;
}

static char *read_whole(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    buffer all;
    if (file == NULL) {
        perror(path);
        exit(2);
    }
    buffer_init(&all, 0);
    for (size_t count = 1; count > 0;) {
        char *room = buffer_reserve(&all, 1 << 20);
        count = room == NULL ? 0 : fread(room, 1, 1 << 20, file);
        buffer_grow(&all, count);
    }
    fclose(file);
    *length = all.length;
    return buffer_take(&all);
}

typedef struct work {
    text input;
    const rule_file *rules;
    marc_record *record;
    buffer output;
    size_t records, changed, failed;
} work;

static void stop_at(recto_status status, const recto_error *error)
{
    char line[600];
    if (status == RECTO_OK)
        return;
    recto_error_line(line, sizeof line, error);
    fprintf(stderr, "%s\n", line);
    exit(1);
}

static double run_stage(work *work, int stage)
{
    marc_reader_options reading = { .format = MARC_FORMAT_ISO2709 };
    marc_writer_options writing = { .format = MARC_FORMAT_ISO2709 };
    marc_reader *reader = NULL;
    recto_error error = { 0 };
    recto_status status = RECTO_OK;
    double begin = user_seconds();
    work->records = work->changed = work->failed = 0;
    stop_at(marc_reader_new_bytes(&reader, work->input, "input", &reading, &error), &error);
    while ((status = marc_reader_next(reader, work->record, &error)) != RECTO_END) {
        rule_result result = { 0 };
        if (status != RECTO_OK)
            continue;
        work->records++;
        if (stage > 0)
            work->failed += rule_file_apply(&result, work->rules, work->record, NULL, NULL, &error) != RECTO_OK;
        work->changed += result.changed;
        if (work->output.length > 1 << 20)
            buffer_clear(&work->output);
        if (stage > 1)
            (void)marc_write_record(&work->output, work->record, &writing, &error);
    }
    marc_reader_free(reader);
    return user_seconds() - begin;
}

int main(int count, char **arguments)
{
    double least[STAGES] = { 0 };
    rule_file *rules = NULL;
    recto_error error = { 0 };
    size_t length = 0;
    if (count < 3) {
        fprintf(stderr, "usage: rules_bench RULES FILE.mrc [ROUNDS]\n");
        return 2;
    }
    int rounds = count > 3 ? (int)strtol(arguments[3], NULL, 10) : ROUNDS;
    char *source = read_whole(arguments[1], &length);
    stop_at(rule_file_parse(&rules, text_of(source, length), arguments[1], RULES_UNKNOWN, NULL, NULL, &error), &error);
    char *input = read_whole(arguments[2], &length);
    work work = { .input = text_of(input, length), .rules = rules };
    stop_at(marc_record_new(&work.record, &error), &error);
    buffer_init(&work.output, 0);
    for (int round = 0; round < rounds; round++)
        for (int stage = 0; stage < STAGES; stage++) {
            double seconds = run_stage(&work, stage);
            if (round == 0 || seconds < least[stage])
                least[stage] = seconds;
        }
    printf("%zu records, %zu changed, %zu failed, %zu rules\n", work.records, work.changed, work.failed, rule_file_count(rules));
    for (int stage = 0; stage < STAGES; stage++)
        printf("%-20s %8.0f records a second\n", stages[stage], (double)work.records / least[stage]);
    printf("%-20s %8.0f records a second\n", "apply alone", (double)work.records / (least[1] - least[0]));
    buffer_release(&work.output);
    marc_record_free(work.record);
    rule_file_free(rules);
    free(source);
    free(input);
    return 0;
}
