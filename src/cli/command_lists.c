/* src/cli/command_lists.c - recto browse and recto set: headings looked through, and sets of records. */
#include "command_line.h"

#include "recto/base/plural.h"
#include "recto/base/whole_file.h"
#include "recto/catalog/headings.h"
#include "recto/catalog/lists.h"

#include <stdio.h>
#include <string.h>

enum { FILE_BYTES_MAX = 64 * 1024 * 1024 };

static bool zone_chosen(zone_kind *out, const char *name)
{
    static const struct {
        const char *name;
        zone_kind kind;
    } zones[] = { { "iz", ZONE_INSTITUTION }, { "nz", ZONE_NETWORK }, { "cz", ZONE_COMMUNITY }, { "all", (zone_kind)0 } };
    *out = (zone_kind)0;
    for (size_t i = 0; name != NULL && i < sizeof zones / sizeof *zones; i++)
        if (strcmp(zones[i].name, name) == 0) {
            *out = zones[i].kind;
            return true;
        }
    if (name != NULL)
        (void)usage("--zone has no '%s'; there are iz, nz, cz, all", name);
    return name == NULL;
}

static bool print_browse_row(void *context, const browse_row *row)
{
    command_line *line = context;
    char id[MMS_ID_LENGTH];
    json_writer json;
    mms_id_format(id, row->example);
    if (!line->json) {
        print_format(line, "%c\t%zu\t%s\t%.*s\t%s", row->before ? ' ' : '>', row->count, row->tag, (int)row->shown.length,
                     row->shown.bytes, id);
        print_end(line);
        return true;
    }
    char shown[600];
    snprintf(shown, sizeof shown, "%.*s", (int)(row->shown.length < 599 ? row->shown.length : 599), row->shown.bytes);
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "heading", shown);
    json_string(&json, "tag", row->tag);
    json_integer(&json, "count", (int64_t)row->count);
    json_string(&json, "mms_id", id);
    json_string(&json, "place", row->before ? "before" : "from");
    json_close(&json, '}');
    print_end(line);
    return true;
}

/* With --source the authority records are in the list, too: * authorized, x a reference, which leads to the form to use. */
static void print_heading(command_line *line, const catalog_heading *heading)
{
    char id[MMS_ID_LENGTH];
    json_writer json;
    const char *form = heading->form == AUTHORITY_HEADING ? "authorized" : heading->form == AUTHORITY_SEE ? "reference" : "bib";
    mms_id_format(id, heading->authority != 0 ? heading->authority : heading->example);
    if (!line->json) {
        print_format(line, "%c\t%zu\t%s\t%s\t%s\t%s\t%s\t%s", heading->before ? ' ' : '>', heading->count, heading->tag,
                     heading->shown, id, form, heading->vocabulary, heading->form == AUTHORITY_SEE ? heading->use : "");
        print_end(line);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "heading", heading->shown);
    json_string(&json, "tag", heading->tag);
    json_integer(&json, "count", (int64_t)heading->count);
    json_string(&json, "mms_id", id);
    json_string(&json, "place", heading->before ? "before" : "from");
    json_string(&json, "form", form);
    json_string(&json, "source", heading->vocabulary[0] != '\0' ? heading->vocabulary : NULL);
    json_string(&json, "use", heading->use);
    json_close(&json, '}');
    print_end(line);
}

static recto_status print_headings(command_line *line, catalog *catalog, zone_kind zone, const browse_request *request,
                                   const char *source, recto_error *error)
{
    heading_list list;
    recto_status status = catalog_headings(&list, catalog, zone, request, strcmp(source, "all") == 0 ? "" : source, error);
    for (size_t i = 0; status == RECTO_OK && i < list.count; i++)
        print_heading(line, &list.rows[i]);
    if (status == RECTO_OK)
        heading_list_release(&list);
    return status;
}

int command_browse(command_line *line, int argc, char **argv)
{
    const char *zone_text = NULL, *before = NULL, *after = NULL, *source = NULL;
    const option_value options[] = { { "zone", true, &zone_text, NULL, NULL },
                                     { "source", true, &source, NULL, NULL },
                                     { "before", true, &before, NULL, NULL },
                                     { "after", true, &after, NULL, NULL } };
    int64_t rows_before = 2, rows_after = 18;
    browse_kind kind;
    zone_kind zone;
    int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands < 1 || operands > 2)
        return operands < 0
                   ? 2
                   : usage("browse takes a list (names, subjects, series, titles, call-numbers, shelf) and where to begin");
    if (!catalog_browse_named(&kind, argv[1]))
        return usage("there is no list '%s'; there are names, subjects, series, titles, call-numbers, shelf", argv[1]);
    if (!zone_chosen(&zone, zone_text) || (before != NULL && !option_number("before", before, 0, 1000, &rows_before)) ||
        (after != NULL && !option_number("after", after, 0, 1000, &rows_after)))
        return 2;
    browse_request request = {
        .kind = kind, .from = text_from(operands > 1 ? argv[2] : ""), .before = (size_t)rows_before, .after = (size_t)rows_after
    };
    catalog *catalog = NULL;
    recto_error error = { 0 };
    recto_status status = open_catalog(&catalog, line, REPO_READ_ONLY, false, &error);
    if (status == RECTO_OK)
        status = source != NULL ? print_headings(line, catalog, zone, &request, source, &error)
                                : catalog_browse(catalog, zone, &request, print_browse_row, line, &error);
    catalog_close(catalog);
    return status == RECTO_OK ? 0 : report(&error);
}

/* ---- sets -------------------------------------------------------------------------------------------------------- */

typedef struct set_call {
    command_line *line;
    catalog *catalog;
    const char *const *operands; /* behind the act */
    const char *note, *public, *kind, *items, *zone, *type, *unfound;
    buffer rest; /* lines of what set fill did not find once */
    recto_error *error;
    bool some_missing;
} set_call;

static bool print_set(void *context, const record_set *set, text query)
{
    command_line *line = context;
    json_writer json;
    char form[400];
    snprintf(form, sizeof form, "%.*s", (int)(query.length < 399 ? query.length : 399), query.bytes);
    if (!line->json) {
        print_format(line, "%s\t%s\t%s\t%s\t%zu\t%zu\t%s", set->name, set->logical ? "logical" : "itemized",
                     set->is_public ? "public" : "private", set->owner, set->members, set->gone, set->logical ? form : set->note);
        print_end(line);
        return true;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "name", set->name);
    json_string(&json, "kind", set->logical ? "logical" : "itemized");
    json_string(&json, "owner", set->owner);
    json_string(&json, "public", set->is_public ? "yes" : "no");
    json_string(&json, "query", set->logical ? form : NULL);
    json_string(&json, "note", set->note[0] != '\0' ? set->note : NULL);
    json_time(&json, "created", set->created_at);
    json_time(&json, "modified", set->modified_at);
    json_integer(&json, "members", (int64_t)set->members);
    json_integer(&json, "gone", (int64_t)set->gone);
    json_close(&json, '}');
    print_end(line);
    return true;
}

static recto_status set_list(set_call *call)
{
    return catalog_sets(call->catalog, print_set, call->line, call->error);
}

static bool print_member(void *context, mms_id id, bool gone)
{
    command_line *line = context;
    char number[MMS_ID_LENGTH];
    json_writer json;
    mms_id_format(number, id);
    if (!line->json) {
        print_format(line, gone ? "%s\t(deleted)" : "%s", number);
        print_end(line);
        return true;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "mms_id", number);
    json_string(&json, "gone", gone ? "yes" : NULL);
    json_close(&json, '}');
    print_end(line);
    return true;
}

static recto_status set_members(set_call *call)
{
    return catalog_set_members(call->catalog, call->operands[0], print_member, call->line, call->error);
}

static record_set named_set(const set_call *call)
{
    record_set set = { .is_public = call->public != NULL };
    snprintf(set.name, sizeof set.name, "%s", call->operands[0]);
    snprintf(set.note, sizeof set.note, "%s", call->note != NULL ? call->note : "");
    return set;
}

static recto_status set_keep(set_call *call)
{
    record_set set = named_set(call);
    zone_kind zone;
    size_t added = 0;
    if (!zone_chosen(&zone, call->zone))
        return recto_fail(call->error, RECTO_EUSAGE, call->zone, NULL, "no such zone");
    catalog_query query = { .zone = zone, .text = call->operands[1] };
    if (call->type != NULL && !search_type_chosen(&query.type, call->type))
        return recto_fail(call->error, RECTO_EUSAGE, call->type,
                          "all-titles, physical-titles, electronic-titles, physical-items, authorities", "no such type");
    if (call->items == NULL)
        return catalog_set_keep_query(&set, call->catalog, &query, call->error);
    recto_status status = catalog_set_keep_hits(&set, call->catalog, &query, &added, call->error);
    if (status == RECTO_OK)
        note("%zu %s added to %s", added, plural(added, "record", "records"), set.name);
    return status;
}

static void print_line(void *context, const set_line *told)
{
    set_call *call = context;
    command_line *line = call->line;
    if (told->found == 1)
        return;
    if (call->unfound != NULL) {
        buffer_append_text(&call->rest, told->typed);
        buffer_append_char(&call->rest, '\n');
    }
    print_format(line, "%zu\t%.*s\t", told->line, (int)told->typed.length, told->typed.bytes);
    if (told->found == 0)
        print_format(line, "not found");
    else
        print_format(line, "found %zu times", told->found);
    print_end(line);
}

static recto_status fill_from(set_line_counts *counts, set_call *call, record_set *set)
{
    const char kind = call->kind != NULL ? call->kind[0] : '\0';
    buffer lines;
    recto_status status = file_bytes(&lines, call->operands[1], FILE_BYTES_MAX, call->error);
    if (status == RECTO_OK)
        status = catalog_set_keep_lines(set, counts, call->catalog, buffer_text(&lines), kind, print_line, call, call->error);
    buffer_release(&lines);
    return status;
}

/* The name is looked at before anything is changed; a file of what was not found is there when the set was filled. */
static recto_status fill_and_tell_rest(set_line_counts *counts, set_call *call, record_set *set)
{
    whole_file file;
    recto_status status = whole_file_open(&file, call->unfound, WHOLE_FILE_NEW, call->error);
    if (status != RECTO_OK)
        return status;
    buffer_init(&call->rest, 2 * FILE_BYTES_MAX);
    status = fill_from(counts, call, set);
    if (status == RECTO_OK && buffer_failed(&call->rest))
        status = recto_fail_memory(call->error, "telling what was not found");
    if (status == RECTO_OK)
        status = whole_file_add(&file, buffer_text(&call->rest), call->error);
    buffer_release(&call->rest);
    return whole_file_close(&file, status, call->error);
}

static recto_status set_fill(set_call *call)
{
    record_set set = named_set(call);
    set_line_counts counts = { 0 };
    const recto_status status = call->unfound != NULL ? fill_and_tell_rest(&counts, call, &set) : fill_from(&counts, call, &set);
    if (status == RECTO_OK)
        note("%zu %s: %zu found, %zu not found, %zu found more than once; %zu added to %s", counts.lines,
             plural(counts.lines, "line", "lines"), counts.found, counts.missing, counts.several, counts.added, set.name);
    call->some_missing = counts.missing + counts.several > 0;
    return status;
}

static recto_status set_unite(set_call *call)
{
    return catalog_set_combine(call->catalog, call->operands[0], call->operands[1], SET_UNITE, call->error);
}

static recto_status set_intersect(set_call *call)
{
    return catalog_set_combine(call->catalog, call->operands[0], call->operands[1], SET_INTERSECT, call->error);
}

static recto_status set_subtract(set_call *call)
{
    return catalog_set_combine(call->catalog, call->operands[0], call->operands[1], SET_SUBTRACT, call->error);
}

static recto_status set_delete(set_call *call)
{
    return catalog_set_remove(call->catalog, call->operands[0], call->error);
}

static const struct {
    const char *name;
    int operands;
    const char *takes;
    bool changes;
    recto_status (*run)(set_call *call);
} acts[] = {
    { "list", 0, "nothing more", false, set_list },      { "members", 1, "NAME", false, set_members },
    { "keep", 2, "NAME QUERY", true, set_keep },         { "fill", 2, "NAME FILE", true, set_fill },
    { "unite", 2, "NAME OTHER", true, set_unite },       { "intersect", 2, "NAME OTHER", true, set_intersect },
    { "subtract", 2, "NAME OTHER", true, set_subtract }, { "delete", 1, "NAME", true, set_delete },
};

int command_set(command_line *line, int argc, char **argv)
{
    set_call call = { .line = line };
    const option_value options[] = { { "note", true, &call.note, NULL, NULL }, { "public", false, &call.public, NULL, NULL },
                                     { "kind", true, &call.kind, NULL, NULL }, { "items", false, &call.items, NULL, NULL },
                                     { "type", true, &call.type, NULL, NULL }, { "unfound", true, &call.unfound, NULL, NULL },
                                     { "zone", true, &call.zone, NULL, NULL } };
    recto_error error = { 0 };
    size_t act = 0;
    int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands < 1)
        return operands < 0 ? 2 : usage("set takes list, members, keep, fill, unite, intersect, subtract or delete");
    while (act < sizeof acts / sizeof *acts && strcmp(acts[act].name, argv[1]) != 0)
        act++;
    if (act == sizeof acts / sizeof *acts)
        return usage("set has no '%s'; there are list, members, keep, fill, unite, intersect, subtract, delete", argv[1]);
    if (operands - 1 != acts[act].operands)
        return usage("set %s takes %s; a name or query of several words stands in quotes", argv[1], acts[act].takes);
    call.operands = (const char *const *)argv + 2;
    call.error = &error;
    recto_status status = open_catalog(&call.catalog, line, acts[act].changes ? REPO_READ_WRITE : REPO_READ_ONLY, false, &error);
    if (status == RECTO_OK)
        status = acts[act].run(&call);
    catalog_close(call.catalog);
    if (status != RECTO_OK)
        return report(&error);
    return call.some_missing ? 1 : 0;
}
