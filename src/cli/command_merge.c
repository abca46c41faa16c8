/* src/cli/command_merge.c - recto merge: two records by a merge rule, with the origin of every field on request. */
#include "merge_print.h"
#include "rule_sources.h"

#include <string.h>

/* A file of one record, or the MMS ID of a stored one. */
static recto_status side(marc_record **out, command_line *line, const char *name, const char *format, recto_error *error)
{
    mms_id id;
    bib_info info;
    catalog *catalog = NULL;
    if (!mms_id_parse(&id, text_from(name)))
        return record_file_first(out, name, format, error);
    recto_status status = open_catalog(&catalog, line, REPO_READ_ONLY, false, error);
    if (status == RECTO_OK)
        status = catalog_load(catalog, id, out, &info, error);
    catalog_close(catalog);
    return status;
}

static void line_text(buffer *out, const merge_line *line)
{
    marc_field field = { .content = line->content };
    memcpy(field.tag, line->tag, sizeof field.tag);
    append_field_line(out, &field);
}

/* `primary` is the first file, which is the existing record of the method's words. */
void print_merge_line(command_line *line, const merge_line *at)
{
    static const char *const from[] = { [MERGE_FROM_EXISTING] = "primary",
                                        [MERGE_FROM_INCOMING] = "secondary",
                                        [MERGE_FROM_BOTH] = "both",
                                        [MERGE_COMBINED] = "combined" };
    static const char signs[] = {
        [MERGE_FROM_EXISTING] = 'R', [MERGE_FROM_INCOMING] = 'X', [MERGE_FROM_BOTH] = '=', [MERGE_COMBINED] = '&'
    };
    buffer shown;
    json_writer json;
    buffer_init(&shown, 0);
    line_text(&shown, at);
    if (!line->json) {
        print_format(line, "%c ", at->kept ? signs[at->origin] : '-');
        print(line, buffer_text(&shown));
        print_format(line, "\t%s", at->rule == NULL ? "" : at->rule);
        if (at->rule_line > 0)
            print_format(line, " (line %d)", at->rule_line);
    } else {
        json_init(&json, &line->out);
        json_open(&json, NULL, '{');
        json_string(&json, "tag", at->tag);
        json_text(&json, "text", buffer_text(&shown));
        json_string(&json, "from", from[at->origin]);
        json_bool(&json, "kept", at->kept);
        json_string(&json, "rule", at->rule);
        json_integer(&json, "line", at->rule_line);
        json_close(&json, '}');
    }
    print_end(line);
    buffer_release(&shown);
}

static recto_status print_merged(command_line *line, const marc_record *record, marc_format format, recto_error *error)
{
    marc_writer_options writing = { .format = format };
    buffer out;
    buffer_init(&out, 0);
    recto_status status = marc_write_begin(&out, &writing, error);
    if (status == RECTO_OK)
        status = marc_write_record(&out, record, &writing, error);
    if (status == RECTO_OK)
        status = marc_write_end(&out, &writing, error);
    if (status == RECTO_OK)
        print(line, buffer_text(&out));
    buffer_release(&out);
    return status;
}

/* ---- the rule */

typedef struct chosen_rule {
    rule_source source;
    rule_file *file;
    const merge_program *program; /* the file's, or a predefined method's */
} chosen_rule;

static void chosen_rule_release(chosen_rule *rule)
{
    rule_file_free(rule->file);
    rule_source_release(&rule->source);
}

static recto_status use_source(chosen_rule *rule, recto_error *error)
{
    recto_status status = rule_source_parse(&rule->file, &rule->source, error);
    if (status != RECTO_OK)
        return status;
    rule->program = rule_file_merge_program(rule->file);
    if (rule->program != NULL)
        return RECTO_OK;
    return recto_fail(error, RECTO_EUSAGE, rule->source.name, "use it with recto rule apply", "this is a %s rule, no merge rule",
                      rule_language_name(rule_file_language(rule->file)));
}

/* A zone's own rule comes before the predefined method of the same name, as everywhere. */
static recto_status choose_rule(chosen_rule *out, command_line *line, const char *given, const char *zone, recto_error *error)
{
    static const rule_language language = RULES_MERGE;
    const merge_method method = merge_method_named(given);
    *out = (chosen_rule){ .program = NULL };
    recto_status status = rule_source_find(&out->source, line, given, zone, &language, 1, error);
    const bool own = status == RECTO_OK && (out->source.is_file || out->source.version > 0);
    if (method != MERGE_NONE && !own && (status == RECTO_OK || status == RECTO_ENOTFOUND)) {
        recto_error_clear(error);
        out->program = merge_method_program(method);
        return RECTO_OK;
    }
    return status == RECTO_OK ? use_source(out, error) : status;
}

/* ---- the command */

typedef struct merge_options {
    const char *rule, *from, *to, *preview, *zone;
} merge_options;

static recto_status merge_pair(command_line *line, const merge_options *given, char **names, marc_format format,
                               recto_error *error)
{
    marc_record *primary = NULL, *secondary = NULL;
    merge_result *result = NULL;
    chosen_rule rule;
    recto_status status = choose_rule(&rule, line, given->rule, given->zone, error);
    if (status == RECTO_OK)
        status = side(&primary, line, names[0], given->from, error);
    if (status == RECTO_OK)
        status = side(&secondary, line, names[1], given->from, error);
    if (status == RECTO_OK)
        status = match_merge_run(&result, rule.program, primary, secondary, error);
    if (status == RECTO_OK && given->preview == NULL)
        status = print_merged(line, merge_result_record(result), format, error);
    for (size_t i = 0; status == RECTO_OK && given->preview != NULL && i < merge_result_count(result); i++)
        print_merge_line(line, merge_result_line(result, i));
    merge_result_free(result);
    marc_record_free(primary);
    marc_record_free(secondary);
    chosen_rule_release(&rule);
    return status;
}

int command_merge(command_line *line, int argc, char **argv)
{
    merge_options given = { 0 };
    const option_value options[] = { { "rule", true, &given.rule, NULL, NULL },
                                     { "from", true, &given.from, NULL, NULL },
                                     { "to", true, &given.to, NULL, NULL },
                                     { "zone", true, &given.zone, NULL, NULL },
                                     { "preview", false, &given.preview, NULL, NULL } };
    marc_format format;
    recto_error error = { 0 };
    int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands != 2)
        return operands < 0 ? 2 : usage("merge takes two records: PRIMARY and SECONDARY, files or MMS IDs");
    if (given.rule == NULL)
        return usage("merge needs --rule FILE|NAME");
    if (!format_named(&format, given.to, line->json ? MARC_FORMAT_JSON : MARC_FORMAT_LINE))
        return 2;
    if (format == MARC_FORMAT_ISO2709 && given.preview == NULL && line->out_is_terminal)
        return usage("binary MARC would upset the terminal; use > FILE or --to mrk");
    return merge_pair(line, &given, argv + 1, format, &error) == RECTO_OK ? 0 : report(&error);
}
