/* src/cli/command_convert.c - recto convert and validate: files of records in a stream, in constant memory, no repository. */
#include "command_line.h"

#include "recto/base/resource.h"
#include "recto/marc/validate.h"

#include <string.h>

/* "FILE: record 7, byte 10280: length is wrong ..." for each oddity of a record that was kept. */
static void note_oddity(void *context, const marc_oddity *oddity)
{
    note("%s: record %zu, byte %llu: %s", (const char *)context, oddity->record_number, (unsigned long long)oddity->offset,
         oddity->message);
}

static void note_reject(const record_file *file, const recto_error *error)
{
    note("%s: record %zu, byte %llu: %s; the record was left out", file->name, marc_reader_number(file->reader),
         (unsigned long long)marc_reader_offset(file->reader), error->what);
}

static bool goes_on(recto_status status)
{
    return status == RECTO_EDATA || status == RECTO_ELIMIT;
}

/* Writes every record that can be written; counts those that cannot. */
static recto_status convert_all(command_line *line, record_file *file, const marc_writer_options *writing, size_t *done,
                                size_t *rejected, recto_error *error)
{
    marc_record *record = NULL;
    recto_status status = marc_record_new(&record, error);
    if (status == RECTO_OK)
        status = marc_write_begin(&line->out, writing, error);
    while (status == RECTO_OK && (status = marc_reader_next(file->reader, record, error)) != RECTO_END) {
        if (status == RECTO_OK)
            status = marc_write_record(&line->out, record, writing, error);
        *done += status == RECTO_OK;
        if (goes_on(status)) {
            note_reject(file, error);
            ++*rejected;
            status = RECTO_OK;
        }
        if (line->out.length > 256 * 1024 && output_flush(line) != 0)
            status = recto_fail(error, RECTO_EIO, "standard output", "free space and try again", "cannot write");
    }
    if (status == RECTO_END)
        status = marc_write_end(&line->out, writing, error);
    marc_record_free(record);
    return status;
}

int command_convert(command_line *line, int argc, char **argv)
{
    const char *from = NULL, *to = NULL, *from_encoding = NULL, *to_encoding = NULL, *references = NULL;
    const option_value options[] = {
        { "from", true, &from, NULL, NULL },
        { "to", true, &to, NULL, NULL },
        { "from-encoding", true, &from_encoding, NULL, NULL },
        { "to-encoding", true, &to_encoding, NULL, NULL },
        { "references", false, &references, NULL, NULL },
    };
    int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands < 0 || operands > 1)
        return operands < 0 ? 2 : usage("convert takes one file; give several one after the other with cat");
    marc_writer_options writing = { .lossy_references = references != NULL };
    if (!format_named(&writing.format, to, MARC_FORMAT_MRK))
        return 2;
    if (to_encoding != NULL && !marc_encoding_named(&writing.encoding, to_encoding))
        return usage("there is no encoding '%s'; there are utf-8 and marc-8", to_encoding);
    if (writing.format == MARC_FORMAT_ISO2709 && line->out_is_terminal)
        return usage("binary MARC would upset the terminal; use > FILE or --to mrk");
    const char *name = operands == 1 ? argv[1] : "-";
    marc_reader_options reading = { .report = note_oddity, .report_context = (void *)(uintptr_t)name };
    record_file file;
    recto_error error = { 0 };
    size_t done = 0, rejected = 0;
    recto_status status = record_file_open(&file, name, from, from_encoding, &reading, &error);
    if (status != RECTO_OK)
        return report(&error);
    status = convert_all(line, &file, &writing, &done, &rejected, &error);
    record_file_close(&file);
    if (status != RECTO_OK)
        return report(&error);
    return rejected == 0 ? 0 : done == 0 ? 3 : 1;
}

/* ---- validate ---- */

typedef struct validation {
    command_line *line;
    size_t record;
    marc_severity least;
    size_t blocks, findings;
} validation;

static void print_validation_finding(void *context, const marc_finding *finding)
{
    validation *state = context;
    json_writer json;
    if (finding->severity < state->least)
        return;
    state->findings++;
    state->blocks += finding->severity == MARC_SEVERITY_BLOCK;
    if (!state->line->json) {
        print_format(state->line, "record %zu: %s: %s: %s (%s)\n", state->record, marc_severity_name(finding->severity),
                     finding->where, finding->message, finding->code);
        return;
    }
    json_init(&json, &state->line->out);
    json_open(&json, NULL, '{');
    json_integer(&json, "record", (int64_t)state->record);
    json_string(&json, "severity", marc_severity_name(finding->severity));
    json_string(&json, "code", finding->code);
    json_string(&json, "where", finding->where);
    json_string(&json, "message", finding->message);
    json_close(&json, '}');
    print_end(state->line);
}

/* The reader's own findings (a wrong length, a bad byte) are findings of the file, and warnings. */
static void print_oddity(void *context, const marc_oddity *oddity)
{
    validation *state = context;
    marc_finding finding = { .severity = MARC_SEVERITY_WARNING, .code = oddity->code, .field = SIZE_MAX };
    size_t length = strlen(oddity->message);
    memcpy(finding.message, oddity->message, length < sizeof finding.message ? length + 1 : sizeof finding.message);
    memcpy(finding.where, "record", sizeof "record");
    state->record = oddity->record_number;
    print_validation_finding(state, &finding);
}

typedef struct table_loader {
    marc_tables *tables;
    recto_status status;
    recto_error *error;
} table_loader;

static void add_table(void *context, const char *name)
{
    table_loader *loader = context;
    resource file = { 0 };
    if (loader->status == RECTO_OK)
        loader->status = resource_open(&file, name, 0, loader->error);
    if (loader->status == RECTO_OK)
        loader->status = marc_tables_add(loader->tables, file.content, file.origin, loader->error);
    resource_release(&file);
}

static recto_status validate_all(validation *state, record_file *file, const marc_tables *tables, recto_error *error)
{
    marc_record *record = NULL;
    recto_status status = marc_record_new(&record, error);
    while (status == RECTO_OK && (status = marc_reader_next(file->reader, record, error)) != RECTO_END) {
        state->record = marc_reader_number(file->reader);
        if (status == RECTO_OK)
            status = marc_validate(record, tables, print_validation_finding, state, error);
        if (goes_on(status)) {
            marc_oddity reject = { .record_number = state->record, .code = "unreadable" };
            memcpy(reject.message, error->what,
                   sizeof reject.message < sizeof error->what ? sizeof reject.message : sizeof error->what);
            print_oddity(state, &reject);
            state->blocks++;
            status = RECTO_OK;
        }
    }
    marc_record_free(record);
    return status == RECTO_END ? RECTO_OK : status;
}

static bool severity_named(marc_severity *out, const char *name)
{
    for (int i = MARC_SEVERITY_INFO; i <= MARC_SEVERITY_BLOCK; i++)
        if (strcmp(marc_severity_name((marc_severity)i), name) == 0) {
            *out = (marc_severity)i;
            return true;
        }
    return false;
}

int command_validate(command_line *line, int argc, char **argv)
{
    const char *severity = NULL, *format = NULL;
    const option_value options[] = { { "severity", true, &severity, NULL, NULL }, { "from", true, &format, NULL, NULL } };
    if (read_options(argc, argv, options, 2) != 1)
        return usage("validate takes one file of records");
    validation state = { .line = line, .least = MARC_SEVERITY_INFO };
    if (severity != NULL && !severity_named(&state.least, severity))
        return usage("--severity is block, warning or info, not '%s'", severity);
    recto_error error = { 0 };
    record_file file = { .descriptor = -1 };
    marc_reader_options reading = { .report = print_oddity, .report_context = &state };
    table_loader loader = { .error = &error };
    loader.status = marc_tables_new(&loader.tables, &error);
    resource_list("data/marc21/", add_table, &loader);
    recto_status status = loader.status;
    if (status == RECTO_OK)
        status = record_file_open(&file, argv[1], format, NULL, &reading, &error);
    if (status == RECTO_OK)
        status = validate_all(&state, &file, loader.tables, &error);
    record_file_close(&file);
    marc_tables_free(loader.tables);
    if (status != RECTO_OK)
        return report(&error);
    return state.blocks > 0 ? 1 : 0;
}
