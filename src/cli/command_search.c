/* src/cli/command_search.c - recto search, show and versions: looking. */
#include "command_line.h"
#include "recto/catalog/headings.h"
#include "recto/catalog/lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void print_bib_json(json_writer *json, const bib_info *info, const catalog *catalog)
{
    char id[MMS_ID_LENGTH];
    const repo_zone *zone = catalog_zone_by_id(catalog, info->zone);
    mms_id_format(id, info->id);
    json_string(json, "mms_id", id);
    json_string(json, "zone", zone == NULL ? NULL : zone_name(zone->kind));
    const struct {
        const char *key, *value;
    } texts[] = { { "title", info->title },
                  { "creator", info->creator },
                  { "date", info->date },
                  { "oclc", info->oclc },
                  { "isbn", info->isbn },
                  { "issn", info->issn },
                  { "modified_by", info->modified_by },
                  { "locked_by", info->locked_by } };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        json_string(json, texts[i].key, texts[i].value[0] == '\0' ? NULL : texts[i].value);
    json_time(json, "modified", info->modified_at);
    json_integer(json, "holdings", info->holdings);
    json_integer(json, "items", info->items);
    json_integer(json, "portfolios", info->portfolios);
}

/* MMS ID, heading, kind, source, number as a $0 has it, modification date, see-from references and bibs. */
static void print_authority(command_line *line, catalog *catalog, const bib_info *row)
{
    char id[MMS_ID_LENGTH], modified[32];
    const repo_zone *zone = catalog_zone_by_id(catalog, row->zone);
    authority_info about = { .version = 0 };
    size_t references = 0, bibs = 0;
    json_writer json;
    (void)catalog_authority_load(catalog, row->id, 0, NULL, &about, NULL);
    (void)catalog_authority_counts(&references, &bibs, catalog, row->id, NULL);
    mms_id_format(id, row->id);
    if (!line->json) {
        clock_format_local(modified, sizeof modified, row->modified_at);
        print_format(line, "%s\t%s\t%s\t%s\t%s\t%s\tR%zu B%zu", id, row->title, row->material, about.vocabulary, about.control,
                     modified, references, bibs);
        print_end(line);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "mms_id", id);
    json_string(&json, "zone", zone == NULL ? NULL : zone_name(zone->kind));
    json_string(&json, "heading", row->title);
    json_string(&json, "kind", row->material);
    json_string(&json, "vocabulary", about.vocabulary[0] == '\0' ? NULL : about.vocabulary);
    json_string(&json, "control", about.control[0] == '\0' ? NULL : about.control);
    json_time(&json, "modified", row->modified_at);
    json_string(&json, "modified_by", row->modified_by);
    json_string(&json, "locked_by", row->locked_by[0] == '\0' ? NULL : row->locked_by);
    json_integer(&json, "references", (int64_t)references);
    json_integer(&json, "bibs", (int64_t)bibs);
    json_close(&json, '}');
    print_end(line);
}

static void print_hit(command_line *line, catalog *catalog, const bib_info *row)
{
    char id[MMS_ID_LENGTH], modified[32];
    json_writer json;
    if (catalog_is_authority(row->id)) {
        print_authority(line, catalog, row);
        return;
    }
    if (line->json) {
        json_init(&json, &line->out);
        json_open(&json, NULL, '{');
        print_bib_json(&json, row, catalog);
        json_close(&json, '}');
        print_end(line);
        return;
    }
    mms_id_format(id, row->id);
    clock_format_local(modified, sizeof modified, row->modified_at);
    print_format(line, "%s\t%s\t%s\t%s\t%s\t%s\tP%d E%d", id, row->title, row->creator, row->date, row->oclc, modified,
                 row->items, row->portfolios);
    print_end(line);
}

static void print_count(command_line *line, size_t count)
{
    json_writer json;
    if (!line->json) {
        print_format(line, "%zu\n", count);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_integer(&json, "count", (int64_t)count);
    json_close(&json, '}');
    print_end(line);
}

typedef struct choice {
    const char *name;
    int value;
} choice;

/* The value of a name in a table that ends with NULL; false after a message that lists the names. */
static bool choose(const char *option, const char *name, const choice *table, int *out)
{
    char names[300] = "";
    for (size_t i = 0; table[i].name != NULL; i++) {
        if (strcmp(table[i].name, name) == 0) {
            *out = table[i].value;
            return true;
        }
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", i == 0 ? "" : ", ", table[i].name);
    }
    usage("--%s has no '%s'; there are %s", option, name, names);
    return false;
}

static const choice types[] = { { "all-titles", SEARCH_ALL_TITLES },
                                { "physical-titles", SEARCH_PHYSICAL_TITLES },
                                { "electronic-titles", SEARCH_ELECTRONIC_TITLES },
                                { "physical-items", SEARCH_PHYSICAL_ITEMS },
                                { "authorities", SEARCH_AUTHORITIES },
                                { NULL, 0 } };

bool search_type_chosen(search_type *out, const char *name)
{
    for (const choice *at = types; at->name != NULL; at++)
        if (strcmp(at->name, name) == 0) {
            *out = (search_type)at->value;
            return true;
        }
    return false;
}

static bool read_query(catalog_query *query, const char *type, const char *zone, const char *sort, const char *limit)
{
    static const choice zones[] = {
        { "iz", ZONE_INSTITUTION }, { "nz", ZONE_NETWORK }, { "cz", ZONE_COMMUNITY }, { "all", 0 }, { NULL, 0 }
    };
    static const choice sorts[] = { { "rank", SORT_RANK },
                                    { "title", SORT_TITLE },
                                    { "creator", SORT_CREATOR },
                                    { "date", SORT_DATE },
                                    { "newest", SORT_DATE_NEWEST },
                                    { "modified", SORT_MODIFIED_NEWEST },
                                    { "created", SORT_CREATED_NEWEST },
                                    { "mms", SORT_MMS_ID },
                                    { "title-backwards", SORT_TITLE_BACKWARDS },
                                    { "creator-backwards", SORT_CREATOR_BACKWARDS },
                                    { "series", SORT_SERIES },
                                    { "series-backwards", SORT_SERIES_BACKWARDS },
                                    { "uniform-title", SORT_UNIFORM_TITLE },
                                    { "uniform-title-backwards", SORT_UNIFORM_TITLE_BACKWARDS },
                                    { "call-number", SORT_CALL_NUMBER },
                                    { "call-number-backwards", SORT_CALL_NUMBER_BACKWARDS },
                                    { NULL, 0 } };
    int value = 0;
    int64_t number = 50;
    if (type != NULL && !choose("type", type, types, &value))
        return false;
    query->type = (search_type)value;
    value = 0;
    if (zone != NULL && !choose("zone", zone, zones, &value))
        return false;
    query->zone = (zone_kind)value;
    value = SORT_TITLE;
    if (sort != NULL && !choose("sort", sort, sorts, &value))
        return false;
    query->sort = (search_sort)value;
    if (limit != NULL && !option_number("limit", limit, 1, 1000000, &number))
        return false;
    query->limit = (size_t)number;
    return true;
}

/* ---- facets */

enum { CHOICES_MAX = 100 };
typedef struct choice_list {
    facet_choice choices[CHOICES_MAX];
    size_t count;
    const char *bad; /* the first that is none */
} choice_list;

static void add_choice(void *context, const char *value)
{
    choice_list *list = context;
    char name[32];
    const char *sign = strchr(value, '=');
    const size_t length = sign != NULL ? (size_t)(sign - value) : 0;
    snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), value);
    if (list->bad != NULL)
        return;
    if (sign == NULL || list->count == CHOICES_MAX || !catalog_facet_named(&list->choices[list->count].facet, name))
        list->bad = value;
    else
        list->choices[list->count++].value = text_from(sign + 1);
}

static void print_value(command_line *line, const catalog_facet_value *value)
{
    json_writer json;
    if (!line->json) {
        print_format(line, "%s\t%s\t%zu\t%s", catalog_facet_name(value->facet), value->value, value->count, value->label);
        print_end(line);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "facet", catalog_facet_name(value->facet));
    json_string(&json, "value", value->value);
    json_string(&json, "label", value->label);
    json_integer(&json, "count", (int64_t)value->count);
    json_close(&json, '}');
    print_end(line);
}

static int print_facets(command_line *line, const catalog_query *query)
{
    catalog *catalog = NULL;
    catalog_facet_value *values = NULL;
    size_t count = 0;
    recto_error error = { 0 };
    recto_status status = open_catalog(&catalog, line, REPO_READ_ONLY, false, &error);
    if (status == RECTO_OK)
        status = catalog_facets(&values, &count, catalog, query, &error);
    for (size_t i = 0; status == RECTO_OK && i < count; i++)
        print_value(line, &values[i]);
    free(values);
    catalog_close(catalog);
    if (status != RECTO_OK)
        return report(&error);
    return count > 0 ? 0 : 1;
}

/* SE-90: what is near, as searches that can be copied. */
static void note_ways_on(catalog *catalog, const catalog_query *query, const catalog_hint *hint)
{
    catalog_near near[SEARCH_NEAR_MOST];
    size_t count = 0;
    if (hint->sentence[0] != '\0')
        note("%s", hint->sentence);
    if (query->limit == 0 || catalog_search_near(near, &count, catalog, query, NULL) != RECTO_OK)
        return;
    for (size_t i = 0; i < count; i++)
        note("%s: %s", near[i].sentence, near[i].text);
}

static bool print_piece(void *context, text bytes)
{
    print(context, bytes);
    return true;
}

/* All hits as records, or as a table (SE-48). */
static int export_all(command_line *line, const catalog_query *query, const search_export *as)
{
    catalog *catalog = NULL;
    recto_error error = { 0 };
    size_t given = 0;
    if (!as->as_table && as->format == MARC_FORMAT_ISO2709 && line->out_is_terminal)
        return usage("binary MARC would upset the terminal; use > FILE or --format mrk");
    recto_status status = open_catalog(&catalog, line, REPO_READ_ONLY, false, &error);
    if (status == RECTO_OK)
        status = catalog_search_export(&given, catalog, query, as, print_piece, line, &error);
    catalog_close(catalog);
    if (status != RECTO_OK)
        return report(&error);
    return given > 0 ? 0 : 1;
}

static int print_hits(command_line *line, const catalog_query *query, bool count_only)
{
    catalog *catalog = NULL;
    catalog_hits hits = { 0 };
    recto_error error = { 0 };
    recto_status status = open_catalog(&catalog, line, REPO_READ_ONLY, false, &error);
    if (status == RECTO_OK)
        status = catalog_search(&hits, catalog, query, &error);
    if (status == RECTO_OK && count_only)
        print_count(line, hits.total);
    for (size_t i = 0; status == RECTO_OK && i < hits.row_count; i++)
        print_hit(line, catalog, &hits.rows[i]);
    if (status == RECTO_OK && hits.total == 0)
        note_ways_on(catalog, query, &hits.hint);
    else if (status == RECTO_OK && hits.hint.sentence[0] != '\0')
        note("%s", hits.hint.sentence);
    const bool found = hits.total > 0;
    catalog_hits_release(&hits);
    catalog_close(catalog);
    if (status != RECTO_OK)
        return report(&error);
    return found ? 0 : 1;
}

void command_search_help(command_line *line)
{
    size_t count;
    const search_index *indexes = repo_search_indexes(&count);
    print_format(line, "\nIndexes, as in ti=\"war and peace\" AND yr>=1990, and behind --index:\n");
    for (size_t i = 0; i < count; i++)
        print_format(line, "  %-10s %s%s\n", indexes[i].code, indexes[i].label,
                     indexes[i].records == 'a' ? " (authority records)" : "");
}

int command_search(command_line *line, int argc, char **argv)
{
    choice_list chosen = { .count = 0 };
    const char *facets = NULL, *format = NULL;
    search_export export = { .as_table = false };
    const char *type = NULL, *zone = NULL, *limit = NULL, *count = NULL, *sort = NULL;
    catalog_query query = { 0 };
    const option_value options[] = { { "type", true, &type, NULL, NULL },         { "zone", true, &zone, NULL, NULL },
                                     { "index", true, &query.index, NULL, NULL }, { "limit", true, &limit, NULL, NULL },
                                     { "count", false, &count, NULL, NULL },      { "sort", true, &sort, NULL, NULL },
                                     { "facets", false, &facets, NULL, NULL },    { "facet", true, NULL, add_choice, &chosen },
                                     { "format", true, &format, NULL, NULL } };
    int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands != 1)
        return operands < 0 ? 2 : usage("search takes one query; put it in quotes");
    if (!read_query(&query, type, zone, sort, limit))
        return 2;
    if (count != NULL)
        query.limit = 0;
    query.text = argv[1];
    query.choices = chosen.choices;
    query.choice_count = chosen.count;
    if (chosen.bad != NULL)
        return usage("--facet has no '%s'; there are zone, material, language, year, inventory, sync, suppressed, each =VALUE",
                     chosen.bad);
    if (format != NULL && !catalog_export_named(&export, format))
        return usage("there is no format '%s'; there are marc, marcxml, mrk, json, line and csv", format);
    if (facets != NULL)
        return print_facets(line, &query);
    if (format != NULL && count == NULL) {
        query.limit = limit != NULL ? query.limit : SIZE_MAX;
        query.sort = sort != NULL ? query.sort : SORT_MMS_ID;
        return export_all(line, &query, &export);
    }
    return print_hits(line, &query, count != NULL);
}

static recto_status load_any(marc_record **record, catalog *catalog, const char *typed, int64_t version, recto_error *error)
{
    mms_id id;
    bib_info info;
    if (!mms_id_parse(&id, text_from(typed)))
        return recto_fail(error, RECTO_EUSAGE, typed, "it has 8 to 19 digits", "this is no MMS ID");
    if (version > 0)
        return catalog_version_load(catalog, id, (int)version, record, error);
    return catalog_load(catalog, id, record, &info, error);
}

/* All of them in one output, so that several make one file of records. */
static recto_status print_records(command_line *line, catalog *catalog, char **ids, int64_t version, marc_format format,
                                  recto_error *error)
{
    marc_writer_options writing = { .format = format };
    buffer out;
    buffer_init(&out, 0);
    recto_status status = marc_write_begin(&out, &writing, error);
    for (; status == RECTO_OK && *ids != NULL; ids++) {
        marc_record *record = NULL;
        status = load_any(&record, catalog, *ids, version, error);
        if (status == RECTO_OK)
            status = marc_write_record(&out, record, &writing, error);
        marc_record_free(record);
        print(line, buffer_text(&out));
        buffer_clear(&out);
    }
    if (status == RECTO_OK)
        status = marc_write_end(&out, &writing, error);
    print(line, buffer_text(&out));
    buffer_release(&out);
    return status;
}

int command_show(command_line *line, int argc, char **argv)
{
    const char *format_name = NULL, *version_text = NULL;
    const option_value options[] = { { "format", true, &format_name, NULL, NULL },
                                     { "version", true, &version_text, NULL, NULL } };
    int64_t version = 0;
    marc_format format;
    int operands = read_options(argc, argv, options, 2);
    if (operands < 1)
        return operands < 0 ? 2 : usage("show takes MMS IDs");
    if (!format_named(&format, format_name, line->json ? MARC_FORMAT_JSON : MARC_FORMAT_MRK))
        return 2;
    if (version_text != NULL && !option_number("version", version_text, 1, 1000000000, &version))
        return 2;
    if (format == MARC_FORMAT_ISO2709 && line->out_is_terminal)
        return usage("binary MARC would upset the terminal; use > FILE or --format mrk");
    catalog *catalog = NULL;
    recto_error error = { 0 };
    recto_status status = open_catalog(&catalog, line, REPO_READ_ONLY, false, &error);
    if (status == RECTO_OK)
        status = print_records(line, catalog, argv + 1, version, format, &error);
    catalog_close(catalog);
    return status == RECTO_OK ? 0 : report(&error);
}

static void print_version(void *context, const bib_version *version)
{
    command_line *line = context;
    char saved[CLOCK_ISO_LENGTH];
    json_writer json;
    clock_format_iso(saved, version->saved_at);
    if (!line->json) {
        print_format(line, "%d\t%s\t%s\t%s\t%s", version->version, saved, version->saved_by, version->origin, version->note);
        print_end(line);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_integer(&json, "version", version->version);
    json_string(&json, "saved_at", saved);
    json_string(&json, "saved_by", version->saved_by);
    json_string(&json, "origin", version->origin);
    json_string(&json, "note", version->note[0] == '\0' ? NULL : version->note);
    json_close(&json, '}');
    print_end(line);
}

int command_versions(command_line *line, int argc, char **argv)
{
    catalog *catalog = NULL;
    recto_error error = { 0 };
    mms_id id;
    int operands = read_options(argc, argv, NULL, 0);
    if (operands != 1 || !mms_id_parse(&id, text_from(argv[1])))
        return operands < 0 ? 2 : usage("versions takes one MMS ID");
    recto_status status = open_catalog(&catalog, line, REPO_READ_ONLY, false, &error);
    if (status == RECTO_OK)
        status = catalog_versions(catalog, id, print_version, line, &error);
    catalog_close(catalog);
    return status == RECTO_OK ? 0 : report(&error);
}
