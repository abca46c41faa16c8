/* src/cli/command_validate.c - recto validate: a file of records against MARC 21, in a stream, in constant memory, no
 * repository. Severities are those of a profile, shipped or the caller's own. */
#include "command_line.h"

#include "recto/base/resource.h"
#include "recto/base/whole_file.h"
#include "recto/catalog/rules.h"
#include "recto/marc/validate.h"
#include "rule_sources.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct validation {
    command_line *line;
    size_t record;
    marc_validate_options options;
    bool by_zone; /* the profiles are those of a zone, which has another one for authority records */
    const marc_validation_profile *of_authorities; /* NULL: none */
    size_t blocks;
    const local_checks *checks; /* of a file or a zone; NULL: none */
} validation;

/* What a finding quotes from the record is filtered already. */
static void print_line(validation *state, const marc_finding *finding)
{
    buffer said;
    buffer_init(&said, 0);
    buffer_append_format(&said, "record %zu: %s: %s: %s (%s)\n", state->record, marc_severity_name(finding->severity),
                         finding->where, finding->message, finding->code);
    print_shown(state->line, buffer_text(&said));
    buffer_release(&said);
}

static void print_finding(void *context, const marc_finding *finding)
{
    validation *state = context;
    json_writer json;
    if (finding->severity < state->options.least)
        return;
    state->blocks += finding->severity == MARC_SEVERITY_BLOCK;
    if (!state->line->json) {
        print_line(state, finding);
        return;
    }
    json_init(&json, &state->line->out);
    json_open(&json, NULL, '{');
    json_integer(&json, "record", (int64_t)state->record);
    json_string(&json, "severity", marc_severity_name(finding->severity));
    json_string(&json, "code", finding->code);
    json_string(&json, "where", finding->where);
    json_string(&json, "message", finding->message);
    json_string(&json, "suggestion", finding->fixable ? finding->suggestion : NULL);
    json_close(&json, '}');
    print_end(state->line);
}

/* The reader's own findings (a wrong length, a bad byte) are findings of the file, and warnings. */
static void print_oddity(void *context, const marc_oddity *oddity)
{
    validation *state = context;
    marc_finding finding = { .severity = MARC_SEVERITY_WARNING, .code = oddity->code, .field = SIZE_MAX };
    if (strcmp(oddity->code, "rejected") == 0) /* print_reject tells it */
        return;
    snprintf(finding.message, sizeof finding.message, "%s", oddity->message);
    snprintf(finding.where, sizeof finding.where, "record");
    state->record = oddity->record_number;
    print_finding(state, &finding);
}

/* A record that cannot be read at all is not valid, whatever the profile says. */
static void print_reject(validation *state, const recto_error *error)
{
    marc_finding finding = { .severity = MARC_SEVERITY_BLOCK, .code = "unreadable", .field = SIZE_MAX };
    snprintf(finding.message, sizeof finding.message, "%s", error->what);
    snprintf(finding.where, sizeof finding.where, "record");
    print_finding(state, &finding);
}

/* ---- tables and profile ---- */

typedef struct table_loader {
    marc_tables *tables;
    recto_status status;
    recto_error *error;
} table_loader;

static void add_table(void *context, const char *name)
{
    table_loader *loader = context;
    resource file = { 0 };
    if (loader->status != RECTO_OK)
        return;
    loader->status = resource_open(&file, name, 0, loader->error);
    if (loader->status == RECTO_OK)
        loader->status = marc_tables_add(loader->tables, file.content, file.origin, loader->error);
    resource_release(&file);
}

static recto_status load_tables(marc_tables **out, recto_error *error)
{
    table_loader loader = { .error = error };
    loader.status = marc_tables_new(&loader.tables, error);
    if (loader.status == RECTO_OK)
        resource_list("data/marc21/", add_table, &loader);
    *out = loader.tables;
    return loader.status;
}

static recto_status read_profile_file(buffer *out, const char *name, recto_error *error)
{
    const int file = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (file < 0)
        return recto_fail(error, RECTO_ENOTFOUND, name, "name a file, or default or marcxml-bib-import",
                          "there is no such validation profile");
    const recto_status status = whole_file_read(out, file, name, error);
    close(file);
    return status;
}

/* The first fault is the error of the command, and told with it. */
static void print_profile_fault(void *context, size_t line, const recto_error *fault)
{
    size_t *faults = context;
    (void)line;
    if ((*faults)++ > 0)
        note("%s: %s; %s", fault->where, fault->what, fault->todo);
}

/* A file of the caller's, or the name of one that is shipped or configured. */
static recto_status load_profile(marc_validation_profile **out, const char *name, recto_error *error)
{
    enum { PROFILE_MAX = 1 << 20 };
    char shipped[160];
    resource found = { 0 };
    buffer content;
    size_t faults = 0;
    recto_status status = RECTO_ENOTFOUND;
    buffer_init(&content, PROFILE_MAX + 1);
    if (strchr(name, '/') == NULL && strlen(name) < 100) {
        snprintf(shipped, sizeof shipped, "data/validation/%s.txt", name);
        status = resource_open(&found, shipped, PROFILE_MAX, error);
    }
    if (status == RECTO_OK)
        buffer_append_text(&content, found.content);
    else if (status == RECTO_ENOTFOUND)
        status = read_profile_file(&content, name, error);
    if (status == RECTO_OK)
        status = marc_validation_profile_parse(out, buffer_text(&content), name, print_profile_fault, &faults, error);
    resource_release(&found);
    buffer_release(&content);
    return status;
}

/* ---- the command ---- */

static bool goes_on(recto_status status)
{
    return status == RECTO_EDATA || status == RECTO_ELIMIT;
}

static recto_status validate_one(validation *state, const marc_record *record, const marc_tables *tables, recto_error *error)
{
    marc_validate_options options = state->options;
    if (state->by_zone && marc_family_of(record) == MARC_AUTHORITY)
        options.profile = state->of_authorities;
    return marc_validate_with(record, tables, &options, print_finding, state, error);
}

static recto_status validate_all(validation *state, record_file *file, const marc_tables *tables, recto_error *error)
{
    marc_record *record = NULL;
    recto_status status = marc_record_new(&record, error);
    while (status == RECTO_OK && (status = marc_reader_next(file->reader, record, error)) != RECTO_END) {
        state->record = marc_reader_number(file->reader);
        if (status == RECTO_OK)
            status = validate_one(state, record, tables, error);
        if (status == RECTO_OK && state->checks != NULL)
            status = local_checks_run(state->checks, record, state->options.least, print_finding, state, error);
        if (goes_on(status) && state->record == 0)
            break; /* no records at all */
        if (goes_on(status)) {
            print_reject(state, error);
            status = RECTO_OK;
        }
        if (state->line->out.length > 64 * 1024 && output_flush(state->line) != 0)
            status = recto_fail(error, RECTO_EIO, "standard output", "free space and try again", "cannot write");
    }
    marc_record_free(record);
    return status == RECTO_END ? RECTO_OK : status;
}

static int print_codes(command_line *line, const marc_validation_profile *profile)
{
    size_t count = 0;
    const marc_finding_kind *kinds = marc_validate_findings(&count);
    for (size_t i = 0; i < count; i++) {
        const char *severity = marc_severity_name(marc_validation_severity(profile, kinds[i].code, NULL, '\0'));
        json_writer json;
        if (!line->json) {
            print_format(line, "%-24s %-8s %s\n", kinds[i].code, severity, kinds[i].sentence);
            continue;
        }
        json_init(&json, &line->out);
        json_open(&json, NULL, '{');
        json_string(&json, "code", kinds[i].code);
        json_string(&json, "severity", severity);
        json_string(&json, "sentence", kinds[i].sentence);
        json_close(&json, '}');
        print_end(line);
    }
    return 0;
}

static recto_status validate_file(validation *state, const char *name, const char *format, recto_error *error)
{
    marc_reader_options reading = { .report = print_oddity, .report_context = state };
    record_file file = { .descriptor = -1 };
    marc_tables *tables = NULL;
    recto_status status = load_tables(&tables, error);
    if (status == RECTO_OK)
        status = record_file_open(&file, name, format, NULL, &reading, error);
    if (status == RECTO_OK)
        status = validate_all(state, &file, tables, error);
    record_file_close(&file);
    marc_tables_free(tables);
    return status;
}

/* ---- local checks: of a file, or with the profile as a zone has them ---- */

typedef struct own_checks {
    local_checks *of_file;
    catalog *catalog; /* lends what is the zone's */
} own_checks;

static recto_status read_checks_file(own_checks *out, const char *name, recto_error *error)
{
    buffer source;
    buffer_init(&source, LOCAL_CHECKS_BYTES + 1);
    recto_status status = file_bytes(&source, name, LOCAL_CHECKS_BYTES, error);
    if (status == RECTO_OK)
        status = local_checks_parse(&out->of_file, buffer_text(&source), name, error);
    buffer_release(&source);
    return status;
}

static recto_status find_checks(own_checks *out, validation *state, const char *file, const char *zone_name, recto_error *error)
{
    const repo_zone *zone = NULL;
    recto_status status = RECTO_OK;
    if (zone_name != NULL)
        status = open_catalog(&out->catalog, state->line, REPO_READ_ONLY, false, error);
    if (status == RECTO_OK && zone_name != NULL)
        status = zone_named(&zone, out->catalog, zone_name, error);
    state->by_zone = zone != NULL && state->options.profile == NULL;
    if (status == RECTO_OK && state->by_zone)
        status = catalog_validation_profile(&state->options.profile, out->catalog, zone->id, false, error);
    if (status == RECTO_OK && state->by_zone)
        status = catalog_validation_profile(&state->of_authorities, out->catalog, zone->id, true, error);
    if (status == RECTO_OK && zone != NULL)
        status = catalog_checks(&state->checks, out->catalog, zone->id, error);
    if (status == RECTO_OK && file != NULL) {
        status = read_checks_file(out, file, error);
        state->checks = out->of_file;
    }
    return status;
}

int command_validate(command_line *line, int argc, char **argv)
{
    const char *severity = NULL, *format = NULL, *profile_name = NULL, *codes = NULL, *checks_file = NULL, *zone = NULL;
    const option_value options[] = { { "severity", true, &severity, NULL, NULL },
                                     { "from", true, &format, NULL, NULL },
                                     { "profile", true, &profile_name, NULL, NULL },
                                     { "checks", true, &checks_file, NULL, NULL },
                                     { "zone", true, &zone, NULL, NULL },
                                     { "codes", false, &codes, NULL, NULL } };
    int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands < 0)
        return 2;
    if (operands != (codes != NULL ? 0 : 1))
        return usage("validate takes one file of records, or --codes and none");
    validation state = { .line = line, .options = { .least = MARC_SEVERITY_INFO } };
    if (severity != NULL &&
        (!marc_severity_named(&state.options.least, text_from(severity)) || state.options.least == MARC_SEVERITY_IGNORE))
        return usage("--severity is block, warning or info, not '%s'", severity);
    recto_error error = { 0 };
    marc_validation_profile *profile = NULL;
    recto_status status = profile_name != NULL ? load_profile(&profile, profile_name, &error) : RECTO_OK;
    state.options.profile = profile;
    own_checks own = { .of_file = NULL };
    if (status == RECTO_OK)
        status = find_checks(&own, &state, checks_file, zone, &error);
    int result = 0;
    if (status == RECTO_OK && codes != NULL)
        result = print_codes(line, profile);
    else if (status == RECTO_OK)
        status = validate_file(&state, argv[1], format, &error);
    marc_validation_profile_free(profile);
    local_checks_free(own.of_file);
    catalog_close(own.catalog);
    if (status != RECTO_OK)
        return report(&error);
    return result != 0 || state.blocks > 0 ? 1 : 0;
}
