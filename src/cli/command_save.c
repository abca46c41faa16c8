/* src/cli/command_save.c - recto save: one record into the repository, by the corridor of all doors. */
#include "command_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_match_fields(json_writer *json, const match_hit *hit)
{
    char id[MMS_ID_LENGTH];
    mms_id_format(id, hit->info.id);
    json_string(json, "mms_id", id);
    json_string(json, "zone", zone_name(hit->zone));
    json_string(json, "method", match_method_name(hit->method));
}

void print_save_outcome(command_line *line, const ingest_outcome *outcome)
{
    char id[MMS_ID_LENGTH] = "";
    json_writer json;
    if (outcome->id != 0)
        mms_id_format(id, outcome->id);
    if (!line->json) {
        print_format(line, "%s\t%s\t%s\n", outcome_name(outcome->kind), id, outcome->message);
        for (size_t i = 0; i < outcome->match_count; i++)
            print_format(line, "  match %lld: %s\n", (long long)outcome->matches[i].info.id, outcome->matches[i].why);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "outcome", outcome_name(outcome->kind));
    json_string(&json, "mms_id", id[0] == '\0' ? NULL : id);
    json_string(&json, "message", outcome->message);
    json_open(&json, "matches", '[');
    for (size_t i = 0; i < outcome->match_count; i++) {
        json_open(&json, NULL, '{');
        print_match_fields(&json, &outcome->matches[i]);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    print_end(line);
}

int status_of_outcome(outcome_kind kind)
{
    switch (kind) {
    case OUTCOME_ADDED:
    case OUTCOME_MERGED:
    case OUTCOME_OVERLAID:
    case OUTCOME_UNCHANGED:
    case OUTCOME_UPDATED:
        return 0;
    case OUTCOME_INVALID:
        return 3;
    default:
        return 4;
    }
}

/* A record that carries a known MMS ID in 001 is that record (RL-41); it is saved in the zone it belongs to. */
static recto_status find_known(ingest_request *request, catalog *catalog, const char *if_version, recto_error *error)
{
    int64_t version = 0;
    if (if_version != NULL)
        text_to_integer(text_from(if_version), &version);
    recto_status status = catalog_identify(&request->id, &request->base_version, catalog, request->record, (int)version, error);
    const repo_zone *zone = status == RECTO_OK && request->id != 0 ? catalog_zone_of(catalog, request->id) : NULL;
    if (zone != NULL)
        request->zone = zone->id;
    return status;
}

static bool read_on_match(on_match *out, const char *name)
{
    static const char *const names[] = { [ON_MATCH_ASK] = "ask",
                                         [ON_MATCH_MERGE] = "merge",
                                         [ON_MATCH_OVERLAY] = "overlay",
                                         [ON_MATCH_NEW] = "new",
                                         [ON_MATCH_REFUSE] = "refuse" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) {
            *out = (on_match)i;
            return true;
        }
    usage("--on-match is merge, overlay, new or refuse, not '%s'", name);
    return false;
}

static recto_status save_record(ingest_outcome *out, command_line *line, const ingest_policy *policy, const marc_record *record,
                                const char *zone_name, const char *if_version, recto_error *error)
{
    catalog *catalog = NULL;
    const repo_zone *zone = NULL;
    ingest_request request = { .record = record, .policy = policy, .note = "recto save" };
    recto_status status = open_catalog(&catalog, line, REPO_READ_WRITE, true, error);
    if (status == RECTO_OK)
        status = zone_named(&zone, catalog, zone_name, error);
    if (status == RECTO_OK) {
        request.zone = zone->id;
        request.ignore_matches = policy->on_match == ON_MATCH_NEW;
        status = find_known(&request, catalog, if_version, error);
    }
    if (status == RECTO_OK)
        status = catalog_ingest(out, catalog, &request, error);
    if (status == RECTO_OK)
        catalog_tidy_briefly(catalog);
    catalog_close(catalog);
    return status;
}

/* What was refused before it came to the ingest (an older 005) is an outcome, too: who reads JSON reads one line a record. */
static void print_refusal(command_line *line, const marc_record *record, const recto_error *error)
{
    ingest_outcome outcome = { .kind = OUTCOME_REFUSED };
    mms_id id = 0;
    if (mms_id_parse(&id, marc_record_control(record, "001")))
        outcome.id = id;
    (void)snprintf(outcome.message, sizeof outcome.message, "%s", error->what);
    print_save_outcome(line, &outcome);
}

int command_save(command_line *line, int argc, char **argv)
{
    const char *zone = NULL, *policy_name = "ask", *on_match_name = NULL, *if_version = NULL, *format = NULL;
    const option_value options[] = {
        { "zone", true, &zone, NULL, NULL },
        { "policy", true, &policy_name, NULL, NULL },
        { "on-match", true, &on_match_name, NULL, NULL },
        { "if-version", true, &if_version, NULL, NULL },
        { "format", true, &format, NULL, NULL },
    };
    int64_t number;
    int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands != 1)
        return operands < 0 ? 2 : usage("save takes one file with one record");
    if (if_version != NULL && !option_number("if-version", if_version, 1, 1000000000, &number))
        return 2;
    const ingest_policy *found = catalog_policy(policy_name);
    if (found == NULL)
        return usage("there is no policy '%s'; there are ask and load", policy_name);
    ingest_policy policy = *found;
    policy.door = "save";
    if (on_match_name != NULL && !read_on_match(&policy.on_match, on_match_name))
        return 2;
    marc_record *record = NULL;
    ingest_outcome outcome = { 0 };
    recto_error error = { 0 };
    recto_status status = record_file_first(&record, argv[1], format, &error);
    if (status == RECTO_OK)
        status = save_record(&outcome, line, &policy, record, zone, if_version, &error);
    int result = status == RECTO_OK ? status_of_outcome(outcome.kind) : report(&error);
    if (status == RECTO_OK)
        print_save_outcome(line, &outcome);
    else if (line->json && status == RECTO_EREFUSED)
        print_refusal(line, record, &error);
    ingest_outcome_release(&outcome);
    marc_record_free(record);
    return result;
}
