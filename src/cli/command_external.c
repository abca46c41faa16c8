/* src/cli/command_external.c - recto external: other libraries' catalogs from the command line. */
#include "command_line.h"
#include "targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TARGETS_MAX = 32, PAGE = 10, LIMIT_DEFAULT = 10, LIMIT_MAX = 1000 };

typedef struct names {
    const char *names[TARGETS_MAX];
    size_t count;
} names;

static void add_target_name(void *context, const char *value)
{
    names *list = context;
    if (list->count < TARGETS_MAX)
        list->names[list->count++] = value;
}

static recto_status choose_targets(const target **out, size_t *count, const target_list *list, const names *wanted,
                                   recto_error *error)
{
    *count = 0;
    bool all = wanted->count == 0 || strcmp(wanted->names[0], "all") == 0;
    for (size_t i = 0; all && i < target_list_count(list) && *count < TARGETS_MAX; i++)
        if (target_list_get(list, i)->enabled)
            out[(*count)++] = target_list_get(list, i);
    for (size_t i = 0; !all && i < wanted->count; i++) {
        out[*count] = target_list_find(list, wanted->names[i]);
        if (out[(*count)++] == NULL)
            return recto_fail(error, RECTO_EUSAGE, wanted->names[i], "recto target list names them", "there is no such target");
    }
    return *count > 0 ? RECTO_OK : recto_fail(error, RECTO_EUSAGE, NULL, "recto target list names them", "no target is enabled");
}

/* Waits until every target has answered, failed or run out of time. */
static void run_search(external_search *search)
{
    struct pollfd polled[TARGETS_MAX * 2];
    while (external_search_busy(search)) {
        int timeout = -1;
        size_t count = external_search_wanted(search, polled, TARGETS_MAX * 2, &timeout);
        poll(polled, (nfds_t)count, timeout);
        external_search_step(search, polled, count);
    }
}

static void fetch_up_to(external_search *search, size_t limit)
{
    for (size_t i = 0; i < external_search_targets(search); i++) {
        const external_status *status = external_search_status(search, i);
        while (status->state == EXTERNAL_DONE && status->hits > (int64_t)status->fetched && status->fetched < limit) {
            size_t before = status->fetched;
            if (external_search_more(search, status->target, limit - before, NULL) != RECTO_OK)
                break;
            run_search(search);
            if (status->fetched == before)
                break;
        }
    }
}

static void print_failure(command_line *line, const external_status *status)
{
    json_writer json;
    if (!line->json) {
        note("%s", status->failure);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "target", status->target->name);
    json_string(&json, "error", status->failure);
    if (status->diagnostic != 0)
        json_integer(&json, "diagnostic", status->diagnostic);
    json_close(&json, '}');
    print_end(line);
}

static void oclc_number(buffer *out, const marc_record *record)
{
    for (size_t at = marc_record_find(record, "035", 0); at != SIZE_MAX && out->length == 0;
         at = marc_record_find(record, "035", at + 1)) {
        text value;
        if (marc_field_subfield(marc_record_field(record, at), 'a', &value))
            number_oclc_key(out, value);
    }
    if (out->length == 0 && text_equal_ascii_case(text_trim(marc_record_control(record, "003")), TEXT("OCoLC")))
        number_oclc_typed(out, text_trim(marc_record_control(record, "001")));
}

static void print_json_record(command_line *line, const marc_record *record)
{
    static const marc_writer_options writing = { .format = MARC_FORMAT_JSON };
    buffer whole;
    buffer_init(&whole, 0);
    if (marc_write_record(&whole, record, &writing, NULL) == RECTO_OK)
        print(line, text_trim(buffer_text(&whole)));
    else
        buffer_append_string(&line->out, "null");
    buffer_release(&whole);
}

static void print_hit(command_line *line, const external_hit *hit)
{
    buffer title, creator, date, oclc;
    json_writer json;
    buffer_init(&title, 0);
    buffer_init(&creator, 0);
    buffer_init(&date, 0);
    buffer_init(&oclc, 0);
    if (hit->record != NULL) {
        marc_record_title(&title, hit->record);
        marc_record_creator(&creator, hit->record);
        marc_record_date(&date, hit->record);
        oclc_number(&oclc, hit->record);
    }
    if (!line->json) {
        print_format(line, "%s\t%zu\t%s\t%s\t%s\t%s", hit->target->name, hit->number,
                     hit->record == NULL ? hit->problem : buffer_string(&title), buffer_string(&creator), buffer_string(&date),
                     buffer_string(&oclc));
    } else {
        json_init(&json, &line->out);
        json_open(&json, NULL, '{');
        json_string(&json, "target", hit->target->name);
        json_integer(&json, "number", (int64_t)hit->number);
        json_string(&json, "title", title.length == 0 ? NULL : buffer_string(&title));
        json_string(&json, "creator", creator.length == 0 ? NULL : buffer_string(&creator));
        json_string(&json, "date", date.length == 0 ? NULL : buffer_string(&date));
        json_string(&json, "oclc", oclc.length == 0 ? NULL : buffer_string(&oclc));
        if (hit->record == NULL) {
            json_string(&json, "error", hit->problem);
        } else {
            buffer_append_string(&line->out, ",\"record\":");
            print_json_record(line, hit->record);
        }
        json_close(&json, '}');
    }
    print_end(line);
    buffer_release(&title);
    buffer_release(&creator);
    buffer_release(&date);
    buffer_release(&oclc);
}

/* 0 when anything was found, 1 when all that answered had none, 5 when no target answered (RL-135). */
static int print_results(command_line *line, const external_search *search)
{
    size_t answered = 0;
    for (size_t i = 0; i < external_search_hits(search); i++)
        print_hit(line, external_search_hit(search, i));
    for (size_t i = 0; i < external_search_targets(search); i++) {
        const external_status *status = external_search_status(search, i);
        answered += status->state != EXTERNAL_FAILED;
        if (status->failure[0] != '\0')
            print_failure(line, status);
    }
    if (external_search_hits(search) > 0)
        return 0;
    return answered > 0 ? 1 : 5;
}

static int search_targets(command_line *line, target_list *list, const names *wanted, const external_query *query, size_t limit)
{
    const target *targets[TARGETS_MAX];
    size_t count = 0;
    external_search *search = NULL;
    recto_error error = { 0 };
    recto_status status = choose_targets(targets, &count, list, wanted, &error);
    if (status == RECTO_OK)
        status = external_search_new(&search, list, targets, count, query, limit < PAGE ? limit : PAGE, &error);
    if (status != RECTO_OK)
        return report(&error);
    run_search(search);
    fetch_up_to(search, limit);
    int result = print_results(line, search);
    external_search_free(search);
    return result;
}

/* HOST:PORT/DATABASE as a target of its own, so that scripts can ask any server. */
static recto_status add_address(target_list *list, const char *address, recto_error *error)
{
    char host[256];
    const char *colon = strrchr(address, ':'), *slash = strchr(address, '/');
    int64_t port = 0;
    if (colon == NULL || (size_t)(colon - address) >= sizeof host ||
        !text_to_integer(text_of(colon + 1, slash == NULL ? strlen(colon + 1) : (size_t)(slash - colon - 1)), &port) ||
        port < 1 || port > 65535)
        return recto_fail(error, RECTO_EUSAGE, address, "give HOST:PORT/DATABASE", "this is no address of a target");
    snprintf(host, sizeof host, "%.*s", (int)(colon - address), address);
    return target_list_add_address(list, address, address, host, (int)port, slash == NULL ? "Default" : slash + 1, error);
}

int command_external(command_line *line, int argc, char **argv)
{
    names wanted = { .count = 0 };
    const char *index = "kw", *limit_text = NULL, *address = NULL;
    const option_value options[] = { { "target", true, NULL, add_target_name, &wanted },
                                     { "index", true, &index, NULL, NULL },
                                     { "limit", true, &limit_text, NULL, NULL },
                                     { "address", true, &address, NULL, NULL } };
    int64_t limit = LIMIT_DEFAULT;
    external_box box;
    int operands = read_options(argc, argv, options, 4);
    if (operands != 1)
        return operands < 0 ? 2 : usage("external takes one query; put it in quotes");
    if (!external_box_named(&box, index))
        return usage(
            "there is no box '%s' to search other catalogs by; there are ti au isbn issn lccn sys kw pub yr su stdno se lang",
            index);
    if (limit_text != NULL && !option_number("limit", limit_text, 1, LIMIT_MAX, &limit))
        return 2;
    external_query query = { 0 };
    query.boxes[box] = argv[1];
    target_list *list = NULL;
    recto_error error = { 0 };
    recto_status status = open_targets(&list, &error);
    if (status == RECTO_OK && address != NULL) {
        status = add_address(list, address, &error);
        add_target_name(&wanted, address);
    }
    int result = status == RECTO_OK ? search_targets(line, list, &wanted, &query, (size_t)limit) : report(&error);
    target_list_free(list);
    return result;
}
