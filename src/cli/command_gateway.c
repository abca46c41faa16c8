/* src/cli/command_gateway.c - recto gateway: its log, a refused record once more, and whether a listener answers. */
#include "command_line.h"

#include "recto/catalog/gateway.h"
#include "recto/service/gateway.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_ROWS = 100, TICKS_A_SECOND = 10, GATEWAY_PORT = 5500 };

/* ---- the log */

/* "Matches: 991, 992" as the list that every other command gives. */
static void print_matches(json_writer *json, catalog *catalog, const gateway_log_row *row)
{
    static const char label[] = "Matches: ";
    text rest = text_from(row->details);
    if (!text_starts(rest, text_from(label)))
        return;
    rest = text_of(rest.bytes + sizeof label - 1, rest.length - (sizeof label - 1));
    rest = text_next_field(&rest, '\n');
    json_open(json, "matches", '[');
    while (rest.bytes != NULL) {
        mms_id id;
        const text piece = text_trim(text_next_field(&rest, ','));
        const repo_zone *zone = mms_id_parse(&id, piece) ? catalog_zone_of(catalog, id) : NULL;
        json_open(json, NULL, '{');
        json_text(json, "mms_id", piece);
        json_string(json, "zone", zone != NULL ? zone_name(zone->kind) : NULL);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static const char *or_null(const char *value)
{
    return value[0] != '\0' ? value : NULL;
}

static void print_row_json(command_line *line, catalog *catalog, const gateway_log_row *row)
{
    json_writer json;
    char id[MMS_ID_LENGTH] = "", number[24];
    if (row->id != 0)
        mms_id_format(id, row->id);
    snprintf(number, sizeof number, "%lld", (long long)row->number);
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "number", number);
    json_time(&json, "time", row->at);
    json_string(&json, "outcome", row->code);
    json_string(&json, "mms_id", or_null(id));
    json_string(&json, "message", row->message);
    json_string(&json, "details", or_null(row->details));
    print_matches(&json, catalog, row);
    json_string(&json, "institution", or_null(row->institution));
    json_string(&json, "oclc", or_null(row->oclc));
    json_string(&json, "title", or_null(row->title));
    json_string(&json, "peer", or_null(row->peer));
    json_string(&json, "user", or_null(row->user));
    json_string(&json, "form", or_null(row->form));
    json_string(&json, "encoding", or_null(row->encoding));
    json_string(&json, "warning", or_null(row->warning));
    json_string(&json, "stages", or_null(row->stages));
    json_integer(&json, "connection", row->connection);
    json_integer(&json, "record", row->record_number);
    json_integer(&json, "bytes", row->bytes);
    json_integer(&json, "milliseconds", row->milliseconds);
    json_bool(&json, "kept", row->kept);
    json_close(&json, '}');
    print_end(line);
}

static void print_row(command_line *line, catalog *catalog, const gateway_log_row *row)
{
    char when[40], id[MMS_ID_LENGTH] = "-";
    if (line->json) {
        print_row_json(line, catalog, row);
        return;
    }
    clock_format_local(when, sizeof when, row->at);
    if (row->id != 0)
        mms_id_format(id, row->id);
    print_format(line, "%lld\t%s\t%s\t%s\t%s\t%s\t%s\t%s", (long long)row->number, when, row->institution,
                 row->oclc[0] != '\0' ? row->oclc : "-", row->code, id, row->message, row->title);
    print_end(line);
}

static bool read_time(const char *option, const char *value, int64_t *out)
{
    int64_t ticks;
    if (value == NULL)
        return true;
    if (!clock_parse_iso(&ticks, value)) {
        usage("--%s takes a day or time as 2026-11-23 or 2026-11-23T14:00:00Z, not '%s'", option, value);
        return false;
    }
    *out = ticks / TICKS_A_SECOND;
    return true;
}

/* A day is one of the clock on the wall, as in the workstation; times of --from and --to are UTC unless they say otherwise. */
static bool read_day(const char *value, int64_t now, gateway_log_query *out)
{
    if (value == NULL)
        return true;
    if (!clock_local_day(&out->from, &out->to, value, now)) {
        usage("--day takes a day as 2026-11-23, today or yesterday, not '%s'", value);
        return false;
    }
    return true;
}

static int print_log(command_line *line, catalog *catalog, const gateway_log_query *query)
{
    gateway_log_row *rows = NULL;
    size_t count = 0;
    recto_error error = { 0 };
    if (catalog_gateway_log(&rows, &count, catalog, query, &error) != RECTO_OK)
        return report(&error);
    for (size_t i = 0; i < count; i++)
        print_row(line, catalog, &rows[i]);
    free(rows);
    return count > 0 ? 0 : 1;
}

static int run_log(command_line *line, int argc, char **argv)
{
    const char *day = NULL, *from = NULL, *to = NULL, *limit = "100", *number = "0", *of = NULL;
    gateway_log_query query = { .limit = LOG_ROWS };
    const option_value options[] = {
        { "day", true, &day, NULL, NULL },         { "from", true, &from, NULL, NULL },          { "to", true, &to, NULL, NULL },
        { "oclc", true, &query.oclc, NULL, NULL }, { "outcome", true, &query.code, NULL, NULL }, { "of", true, &of, NULL, NULL },
        { "number", true, &number, NULL, NULL },   { "limit", true, &limit, NULL, NULL }
    };
    int64_t most = LOG_ROWS;
    catalog *catalog = NULL;
    recto_error error = { 0 };
    const int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands < 0 || !read_time("from", from, &query.from) || !read_time("to", to, &query.to) ||
        !read_day(day, recto_clock_now(&line->clock), &query) || !option_number("limit", limit, 1, 10000, &most) ||
        !option_number("number", number, 0, INT64_MAX, &query.number))
        return 2;
    if (operands > 1)
        return usage("gateway log takes at most one operand: words of the title or message");
    query.limit = (size_t)most;
    query.institution = of;
    query.words = operands == 1 ? argv[1] : NULL;
    int status = 0;
    if (open_catalog(&catalog, line, REPO_READ_ONLY, false, &error) == RECTO_OK)
        status = print_log(line, catalog, &query);
    else
        status = report(&error);
    catalog_close(catalog);
    return status;
}

/* ---- once more */

static void print_outcome(command_line *line, const gateway_outcome *outcome)
{
    json_writer json;
    char id[MMS_ID_LENGTH] = "";
    if (!line->json) {
        print_format(line, "%s", outcome->reply);
        print_end(line);
        return;
    }
    if (outcome->id != 0)
        mms_id_format(id, outcome->id);
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "outcome", outcome->code);
    json_string(&json, "mms_id", or_null(id));
    json_string(&json, "message", outcome->reply);
    json_close(&json, '}');
    print_end(line);
}

static bool is_saved(outcome_kind kind)
{
    return kind == OUTCOME_ADDED || kind == OUTCOME_MERGED || kind == OUTCOME_OVERLAID || kind == OUTCOME_UNCHANGED;
}

static int run_retry(command_line *line, int argc, char **argv)
{
    int64_t number = 0;
    catalog *catalog = NULL;
    gateway_outcome outcome;
    recto_error error = { 0 };
    const int operands = read_options(argc, argv, NULL, 0);
    if (operands != 1)
        return operands < 0 ? 2 : usage("gateway retry takes the number of a row of the log");
    if (!option_number("number", argv[1], 1, INT64_MAX, &number))
        return 2;
    recto_status status = open_catalog(&catalog, line, REPO_READ_WRITE, false, &error);
    if (status == RECTO_OK)
        status = catalog_gateway_retry(&outcome, catalog, number, &error);
    if (status == RECTO_OK)
        print_outcome(line, &outcome);
    catalog_close(catalog);
    return status != RECTO_OK ? report(&error) : is_saved(outcome.kind) ? 0 : 4;
}

/* ---- is it there? */

static int run_status(command_line *line, int argc, char **argv)
{
    const char *listen = "127.0.0.1", *port_text = "5500";
    const option_value options[] = { { "listen", true, &listen, NULL, NULL }, { "port", true, &port_text, NULL, NULL } };
    int64_t port = GATEWAY_PORT;
    recto_error error = { 0 };
    const int operands = read_options(argc, argv, options, 2);
    if (operands != 0)
        return operands < 0 ? 2 : usage("gateway status takes --listen and --port");
    if (!option_number("port", port_text, 1, 65535, &port))
        return 2;
    if (service_gateway_check(listen, (int)port, &error) != RECTO_OK)
        return report(&error);
    print_format(line, "The gateway answers on %s:%d.", listen, (int)port);
    print_end(line);
    return 0;
}

int command_gateway(command_line *line, int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "log") == 0)
        return run_log(line, argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "retry") == 0)
        return run_retry(line, argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "status") == 0)
        return run_status(line, argc - 1, argv + 1);
    return usage("gateway takes `log [--day DAY] [--from TIME] [--to TIME] [--oclc N] [--outcome CODE] [--of INSTITUTION|'*']"
                 " [--number N] [--limit N] [WORDS]`, `retry NUMBER` or `status [--listen ADDR] [--port N]`");
}
