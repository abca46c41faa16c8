/* src/cli/command_merge.c - recto merge: two records by a predefined merge method, with the origin of every field on request. */
#include "command_line.h"

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
    marc_field_line(out, &field);
}

/* `primary` is the first file, which is the existing record of the method's words. */
static void print_line(command_line *line, const merge_line *at)
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

int command_merge(command_line *line, int argc, char **argv)
{
    const char *rule = NULL, *from = NULL, *to = NULL, *preview = NULL;
    const option_value options[] = { { "rule", true, &rule, NULL, NULL },
                                     { "from", true, &from, NULL, NULL },
                                     { "to", true, &to, NULL, NULL },
                                     { "preview", false, &preview, NULL, NULL } };
    marc_format format;
    int operands = read_options(argc, argv, options, 4);
    if (operands != 2)
        return operands < 0 ? 2 : usage("merge takes two records: PRIMARY and SECONDARY, files or MMS IDs");
    merge_method method = rule == NULL ? MERGE_NONE : merge_method_named(rule);
    if (method == MERGE_NONE)
        return rule == NULL ? usage("merge needs --rule NAME")
                            : usage("there is no merge method '%s'; rule files are not there yet", rule);
    if (!format_named(&format, to, MARC_FORMAT_LINE))
        return 2;
    marc_record *primary = NULL, *secondary = NULL;
    merge_result *result = NULL;
    recto_error error = { 0 };
    recto_status status = side(&primary, line, argv[1], from, &error);
    if (status == RECTO_OK)
        status = side(&secondary, line, argv[2], from, &error);
    if (status == RECTO_OK)
        status = match_merge(&result, method, primary, secondary, &error);
    if (status == RECTO_OK && preview == NULL)
        status = print_merged(line, merge_result_record(result), format, &error);
    for (size_t i = 0; status == RECTO_OK && preview != NULL && i < merge_result_count(result); i++)
        print_line(line, merge_result_line(result, i));
    merge_result_free(result);
    marc_record_free(primary);
    marc_record_free(secondary);
    return status == RECTO_OK ? 0 : report(&error);
}
