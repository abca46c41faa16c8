/* src/cli/command_match.c - recto match: which records of the repository each record of a file matches, why, and why not. */
#include "rule_sources.h"

#include <stdlib.h>
#include <string.h>

enum { PROFILE_BYTES = 64 * 1024 };

typedef struct matching {
    command_line *line;
    catalog *catalog;
    record_file file;
    int zone;
    ingest_policy policy;
    mms_id candidate; /* of --why-not; 0: none */
    size_t found, rejected;
} matching;

static void print_match(command_line *line, size_t number, const match_hit *hit)
{
    char id[MMS_ID_LENGTH];
    json_writer json;
    mms_id_format(id, hit->info.id);
    if (!line->json) {
        print_format(line, "%zu\t%s\t%s\t%s\t%s", number, id, zone_name(hit->zone), match_method_name(hit->method), hit->why);
        print_end(line);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_integer(&json, "record", (int64_t)number);
    json_string(&json, "mms_id", id);
    json_string(&json, "zone", zone_name(hit->zone));
    json_string(&json, "method", match_method_name(hit->method));
    json_string(&json, "why", hit->why);
    json_integer(&json, "likeness", hit->likeness);
    json_string(&json, "title", hit->info.title[0] == '\0' ? NULL : hit->info.title);
    json_string(&json, "cannot", hit->cannot[0] == '\0' ? NULL : hit->cannot);
    json_string(&json, "warning", hit->warning[0] == '\0' ? NULL : hit->warning);
    json_close(&json, '}');
    print_end(line);
}

/* ---- why not */

static bool is_among(const match_hit *hits, size_t count, mms_id id)
{
    for (size_t i = 0; i < count; i++)
        if (hits[i].info.id == id)
            return true;
    return false;
}

static void print_reasons(command_line *line, size_t number, mms_id id, bool matches, text reasons)
{
    char shown[MMS_ID_LENGTH];
    json_writer json;
    mms_id_format(shown, id);
    if (!line->json) {
        print_format(line, "record %zu %s %s:\n", number, matches ? "matches" : "does not match", shown);
        for (text rest = reasons; rest.bytes != NULL && rest.length > 0;) {
            print(line, TEXT("  "));
            print(line, text_next_field(&rest, '\n'));
            print_end(line);
        }
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_integer(&json, "record", (int64_t)number);
    json_string(&json, "mms_id", shown);
    json_bool(&json, "matches", matches);
    json_open(&json, "reasons", '[');
    for (text rest = reasons; rest.bytes != NULL && rest.length > 0;)
        json_text(&json, NULL, text_next_field(&rest, '\n'));
    json_close(&json, ']');
    json_close(&json, '}');
    print_end(line);
}

static recto_status explain(matching *work, const marc_record *record, const match_hit *hits, size_t count, recto_error *error)
{
    const bool matches = is_among(hits, count, work->candidate);
    buffer reasons;
    buffer_init(&reasons, 0);
    recto_status status = catalog_explain_match(&reasons, work->catalog, record, work->candidate, &work->policy, error);
    if (status == RECTO_OK && !matches && count > 0)
        buffer_append_format(&reasons, "%zu other records match, by %s; a method stops at the first step that finds any\n", count,
                             match_method_label(hits[0].method));
    if (status == RECTO_OK)
        print_reasons(work->line, marc_reader_number(work->file.reader), work->candidate, matches, buffer_text(&reasons));
    work->found += matches;
    buffer_release(&reasons);
    return status;
}

/* ---- all records */

static recto_status match_record(matching *work, const marc_record *record, recto_error *error)
{
    match_hit *hits = NULL;
    size_t count = 0;
    recto_status status = catalog_find_matches(&hits, &count, work->catalog, record, 0, work->zone, &work->policy, error);
    if (status == RECTO_OK && work->candidate != 0) {
        status = explain(work, record, hits, count, error);
    } else if (status == RECTO_OK) {
        for (size_t i = 0; i < count; i++)
            print_match(work->line, marc_reader_number(work->file.reader), &hits[i]);
        work->found += count;
    }
    free(hits);
    return status;
}

static recto_status match_all(matching *work, recto_error *error)
{
    marc_record *record = NULL;
    recto_status status = marc_record_new(&record, error);
    while (status == RECTO_OK && (status = marc_reader_next(work->file.reader, record, error)) != RECTO_END) {
        if (status == RECTO_OK)
            status = match_record(work, record, error);
        if (status == RECTO_EDATA || status == RECTO_ELIMIT) {
            note("%s: record %zu: %s; the record was left out", work->file.name, marc_reader_number(work->file.reader),
                 error->what);
            work->rejected++;
            status = RECTO_OK;
        }
    }
    marc_record_free(record);
    return status == RECTO_END ? RECTO_OK : status;
}

/* ---- the method */

/* A method's name or label, the rows of a profile, or a file of them. */
static recto_status read_profile(match_profile *out, const char *given, recto_error *error)
{
    buffer rows;
    buffer_init(&rows, 0);
    recto_status status = RECTO_OK;
    if (match_method_named(given) != MATCH_NONE || !is_rule_path(given))
        status = match_profile_parse(out, text_from(given), error);
    else if ((status = file_bytes(&rows, given, PROFILE_BYTES, error)) == RECTO_OK)
        status = match_profile_parse(out, buffer_text(&rows), error);
    buffer_release(&rows);
    if (status == RECTO_OK && out->count == 0)
        status = recto_fail(error, RECTO_EINVALID, given, "recto match --help lists the methods", "this profile has no rows");
    return status;
}

static recto_status choose_method(matching *work, const char *given, recto_error *error)
{
    match_profile profile;
    recto_status status = catalog_policy_for(&work->policy, work->catalog, "ask", work->zone, error);
    if (status != RECTO_OK || given == NULL)
        return status;
    status = read_profile(&profile, given, error);
    if (status == RECTO_OK)
        work->policy.serial_profile = work->policy.non_serial_profile = profile;
    return status;
}

static recto_status begin(matching *work, const char *zone_given, const char *method, const char *why_not, const char *file,
                          const char *format, recto_error *error)
{
    const repo_zone *zone = NULL;
    if (why_not != NULL && !mms_id_parse(&work->candidate, text_from(why_not)))
        return recto_fail(error, RECTO_EUSAGE, why_not, "it has 8 to 19 digits", "this is no MMS ID");
    recto_status status = open_catalog(&work->catalog, work->line, REPO_READ_ONLY, false, error);
    if (status == RECTO_OK)
        status = zone_named(&zone, work->catalog, zone_given, error);
    if (status != RECTO_OK)
        return status;
    work->zone = zone->id;
    status = choose_method(work, method, error);
    return status == RECTO_OK ? record_file_open(&work->file, file, format, NULL, NULL, error) : status;
}

void command_match_help(command_line *line)
{
    size_t count;
    const match_method_info *methods = match_methods(&count);
    print_format(line, "\nWithout --method the zone's own choice is taken. Methods:\n");
    for (size_t i = 0; i < count; i++)
        print_format(line, "  %-28s %s\n", methods[i].name, methods[i].label);
    print_format(line,
                 "\nA PROFILE is rows of KIND METHOD [prefix=TEXT] with KIND serial, non-serial or all, in a file or, with\n"
                 "semicolons, in one word: \"serial issn-exact; all unique-oclc\". The first row that finds any decides.\n");
}

int command_match(command_line *line, int argc, char **argv)
{
    const char *method = NULL, *zone = NULL, *format = NULL, *why_not = NULL;
    const option_value options[] = { { "method", true, &method, NULL, NULL },
                                     { "zone", true, &zone, NULL, NULL },
                                     { "why-not", true, &why_not, NULL, NULL },
                                     { "from", true, &format, NULL, NULL } };
    matching work = { .line = line, .file = { .descriptor = -1 } };
    recto_error error = { 0 };
    int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands != 1)
        return operands < 0 ? 2 : usage("match takes one file of records");
    recto_status status = begin(&work, zone, method, why_not, argv[1], format, &error);
    if (status == RECTO_OK)
        status = match_all(&work, &error);
    record_file_close(&work.file);
    catalog_close(work.catalog);
    if (status != RECTO_OK)
        return report(&error);
    return work.found > 0 && work.rejected == 0 ? 0 : 1;
}
