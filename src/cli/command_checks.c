/* src/cli/command_checks.c - recto checks: a zone's own checks (ED-106a), listed, taken from a file and written to one. */
#include "command_line.h"
#include "rule_sources.h"

#include "recto/base/whole_file.h"
#include "recto/catalog/rules.h"

#include <stdio.h>
#include <string.h>

static void print_check(command_line *line, const local_check *check)
{
    char place[8] = "";
    json_writer json;
    if (check->tag[0] != '\0')
        snprintf(place, sizeof place, check->subfield != 0 ? "%s $%c" : "%s", check->tag, check->subfield);
    if (!line->json) {
        print_format(line, "%s\t%s\t%s\t%s", check->name, marc_severity_name(check->severity), place, check->text);
        print_end(line);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "name", check->name);
    json_string(&json, "severity", marc_severity_name(check->severity));
    json_string(&json, "field", place);
    json_string(&json, "text", check->text);
    json_close(&json, '}');
    print_end(line);
}

static recto_status list_checks(command_line *line, catalog *catalog, const repo_zone *zone, recto_error *error)
{
    const local_checks *checks;
    recto_status status = catalog_checks(&checks, catalog, zone->id, error);
    for (size_t i = 0; status == RECTO_OK && i < local_checks_count(checks); i++)
        print_check(line, local_checks_get(checks, i));
    return status;
}

static recto_status export_checks(command_line *line, catalog *catalog, const repo_zone *zone, const char *file,
                                  recto_error *error)
{
    buffer source;
    buffer_init(&source, LOCAL_CHECKS_BYTES + 1);
    recto_status status = catalog_checks_text(&source, catalog, zone->id, error);
    if (status == RECTO_OK && file != NULL && strcmp(file, "-") != 0)
        status = whole_file_write(file, WHOLE_FILE_AGAIN, buffer_text(&source), error);
    else if (status == RECTO_OK)
        print(line, buffer_text(&source));
    buffer_release(&source);
    return status;
}

static recto_status import_checks(catalog *catalog, const repo_zone *zone, const char *file, recto_error *error)
{
    buffer source;
    buffer_init(&source, LOCAL_CHECKS_BYTES + 1);
    local_checks *checks = NULL;
    recto_status status = file_bytes(&source, file, LOCAL_CHECKS_BYTES, error);
    if (status == RECTO_OK) /* a fault is told by the name of the file, not of the zone */
        status = local_checks_parse(&checks, buffer_text(&source), file, error);
    local_checks_free(checks);
    if (status == RECTO_OK)
        status = catalog_checks_put(catalog, zone->id, buffer_text(&source), error);
    buffer_release(&source);
    return status;
}

int command_checks(command_line *line, int argc, char **argv)
{
    const char *zone_given = NULL;
    const option_value options[] = { { "zone", true, &zone_given, NULL, NULL } };
    const int operands = read_options(argc, argv, options, 1);
    if (operands < 0)
        return 2;
    const char *act = operands > 0 ? argv[1] : "";
    const bool lists = strcmp(act, "list") == 0 && operands == 1, clears = strcmp(act, "clear") == 0 && operands == 1;
    const bool exports = strcmp(act, "export") == 0 && operands <= 2, imports = strcmp(act, "import") == 0 && operands == 2;
    if (!lists && !clears && !exports && !imports)
        return usage("checks takes list, export [FILE], import FILE, or clear");
    catalog *catalog = NULL;
    const repo_zone *zone = NULL;
    recto_error error = { 0 };
    recto_status status = open_catalog(&catalog, line, imports || clears ? REPO_READ_WRITE : REPO_READ_ONLY, false, &error);
    if (status == RECTO_OK)
        status = zone_named(&zone, catalog, zone_given, &error);
    if (status == RECTO_OK && lists)
        status = list_checks(line, catalog, zone, &error);
    else if (status == RECTO_OK && exports)
        status = export_checks(line, catalog, zone, operands == 2 ? argv[2] : NULL, &error);
    else if (status == RECTO_OK && imports)
        status = import_checks(catalog, zone, argv[2], &error);
    else if (status == RECTO_OK)
        status = catalog_checks_put(catalog, zone->id, TEXT(""), &error);
    catalog_close(catalog);
    return status == RECTO_OK ? 0 : report(&error);
}
