/* src/cli/command_template.c - recto template, recto new, recto strings and recto macros: what catalogers keep, as files. */
#include "command_line.h"
#include "rule_sources.h"

#include "recto/base/whole_file.h"
#include "recto/catalog/templates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 256 * 1024, ANSWERS_MAX = 60 };

typedef struct template_options {
    const char *name, *scope; /* of what is imported; NULL: as the file says */
} template_options;

typedef struct template_act { /* one act of `recto template` */
    const char *name;
    int least, most; /* operands behind it */
    repo_mode mode;
    recto_status (*run)(command_line *line, catalog *catalog, const template_options *options, char **operands, int count,
                        recto_error *error);
} template_act;

/* ---- recto template ---- */

static void print_template(command_line *line, const catalog_template *info)
{
    json_writer json;
    const char *mark = info->is_own_default ? "own default" : info->is_default ? "default" : "";
    if (!line->json) {
        print_format(line, "%s\t%s\t%s\t%d\t%s\t%s\t%s", info->name, template_scope_name(info->scope), info->family,
                     info->version, info->saved_by, mark, info->locked_by);
        print_end(line);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "name", info->name);
    json_string(&json, "scope", template_scope_name(info->scope));
    json_string(&json, "family", info->family);
    if (info->scope != TEMPLATE_DELIVERED) {
        json_integer(&json, "version", info->version);
        json_time(&json, "saved_at", info->saved_at);
        json_string(&json, "saved_by", info->saved_by);
    }
    json_bool(&json, "default", info->is_default);
    json_bool(&json, "own_default", info->is_own_default);
    if (info->locked_by[0] != '\0')
        json_string(&json, "locked_by", info->locked_by);
    json_close(&json, '}');
    print_end(line);
}

static recto_status list_templates(command_line *line, catalog *catalog, const template_options *options, char **operands,
                                   int count, recto_error *error)
{
    (void)options;
    catalog_template *rows = NULL;
    size_t found = 0;
    (void)operands;
    (void)count;
    recto_status status = catalog_templates(&rows, &found, catalog, error);
    for (size_t i = 0; status == RECTO_OK && i < found; i++)
        print_template(line, &rows[i]);
    free(rows);
    return status;
}

static recto_status show_template(command_line *line, catalog *catalog, const template_options *options, char **operands,
                                  int count, recto_error *error)
{
    (void)options;
    catalog_template info;
    buffer out;
    buffer_init(&out, 0);
    recto_status status = catalog_template_find(&info, catalog, operands[0], error);
    if (status == RECTO_OK)
        status = catalog_template_export(&out, catalog, &info, error);
    if (status == RECTO_OK && count > 1 && strcmp(operands[1], "-") != 0)
        status = whole_file_write(operands[1], WHOLE_FILE_AGAIN, buffer_text(&out), error);
    else if (status == RECTO_OK)
        print(line, buffer_text(&out));
    buffer_release(&out);
    return status;
}

static recto_status import_templates(command_line *line, catalog *catalog, const template_options *options, char **operands,
                                     int count, recto_error *error)
{
    recto_status status = RECTO_OK;
    (void)line;
    for (int i = 0; status == RECTO_OK && i < count; i++) {
        catalog_template saved;
        buffer source;
        buffer_init(&source, FILE_MAX + 1);
        status = file_bytes(&source, operands[i], FILE_MAX, error);
        if (status == RECTO_OK &&
            catalog_template_import(&saved, catalog, buffer_text(&source), options->name, options->scope, error) != RECTO_OK)
            status = in_file(error, operands[i]);
        if (status == RECTO_OK)
            note("%s: kept as the %s template %s, version %d", operands[i], template_scope_name(saved.scope), saved.name,
                 saved.version);
        buffer_release(&source);
    }
    return status;
}

static recto_status delete_template(command_line *line, catalog *catalog, const template_options *options, char **operands,
                                    int count, recto_error *error)
{
    (void)options;
    catalog_template info;
    (void)line;
    (void)count;
    recto_status status = catalog_template_find(&info, catalog, operands[0], error);
    return status == RECTO_OK ? catalog_template_delete(catalog, &info, error) : status;
}

static const template_act ACTS[] = {
    { "list", 0, 0, REPO_READ_ONLY, list_templates },     { "show", 1, 1, REPO_READ_ONLY, show_template },
    { "export", 1, 2, REPO_READ_ONLY, show_template },    { "import", 1, 1000, REPO_READ_WRITE, import_templates },
    { "delete", 1, 1, REPO_READ_WRITE, delete_template },
};

static int run_act(command_line *line, const template_act *act, const template_options *options, char **operands, int count)
{
    catalog *catalog = NULL;
    recto_error error = { 0 };
    recto_status status = open_catalog(&catalog, line, act->mode, false, &error);
    if (status == RECTO_OK)
        status = act->run(line, catalog, options, operands, count, &error);
    catalog_close(catalog);
    return status == RECTO_OK ? 0 : report(&error);
}

int command_template(command_line *line, int argc, char **argv)
{
    template_options chosen = { NULL, NULL };
    const option_value options[] = { { "name", true, &chosen.name, NULL, NULL }, { "scope", true, &chosen.scope, NULL, NULL } };
    const int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands < 0)
        return 2;
    for (size_t i = 0; operands > 0 && i < sizeof ACTS / sizeof ACTS[0]; i++)
        if (strcmp(ACTS[i].name, argv[1]) == 0 && operands - 1 >= ACTS[i].least && operands - 1 <= ACTS[i].most)
            return run_act(line, &ACTS[i], &chosen, argv + 2, operands - 1);
    return usage("template takes `list`, `show NAME`, `export NAME [FILE]`, `import [--name NAME] [--scope"
                 " private|shared|network] FILE...` or `delete NAME`");
}

/* ---- recto new ---- */

/* "Title=Solitude": a prompt by its label. EINVALID names the prompts there are. */
static recto_status take_answer(const char **answers, const template_prompt *prompts, size_t count, char *given,
                                recto_error *error)
{
    char *equals = strchr(given, '=');
    char labels[RECTO_ERROR_TODO] = "";
    for (size_t i = 0; i < count; i++) {
        const size_t used = strlen(labels);
        if (equals != NULL && text_equal_ascii_case(text_of(given, (size_t)(equals - given)), text_from(prompts[i].label))) {
            answers[i] = equals + 1;
            return RECTO_OK;
        }
        snprintf(labels + used, sizeof labels - used, "%s%.79s", i > 0 ? ", " : "", prompts[i].label);
    }
    return recto_fail(error, RECTO_EUSAGE, given, labels, "the template asks for no such thing");
}

static recto_status fill_and_print(command_line *line, catalog *catalog, const char *name, marc_format format, char **given,
                                   int given_count, recto_error *error)
{
    template_prompt prompts[TEMPLATE_PROMPTS_MAX];
    const char *answers[TEMPLATE_PROMPTS_MAX] = { NULL };
    catalog_template info;
    marc_record *record = NULL, *made = NULL;
    template_values values;
    size_t count = 0;
    buffer symbol, out;
    buffer_init(&symbol, 1024);
    buffer_init(&out, 0);
    catalog_template_values(&values, &symbol, catalog);
    recto_status status = catalog_template_find(&info, catalog, name, error);
    if (status == RECTO_OK)
        status = catalog_template_load(NULL, &record, catalog, &info, 0, error);
    if (status == RECTO_OK)
        status = template_prompts(prompts, &count, record, error);
    for (int i = 0; status == RECTO_OK && i < given_count; i++)
        status = take_answer(answers, prompts, count, given[i], error);
    values.prompts = prompts;
    values.answers = answers;
    values.prompt_count = count;
    if (status == RECTO_OK)
        status = template_fill(&made, NULL, record, &values, error);
    const marc_writer_options writing = { .format = format };
    if (status == RECTO_OK)
        status = marc_write_begin(&out, &writing, error);
    if (status == RECTO_OK)
        status = marc_write_record(&out, made, &writing, error);
    if (status == RECTO_OK)
        status = marc_write_end(&out, &writing, error);
    if (status == RECTO_OK)
        print(line, buffer_text(&out));
    marc_record_free(made);
    marc_record_free(record);
    buffer_release(&out);
    buffer_release(&symbol);
    return status;
}

int command_new(command_line *line, int argc, char **argv)
{
    const char *template = NULL, *to = NULL;
    const option_value options[] = { { "template", true, &template, NULL, NULL }, { "to", true, &to, NULL, NULL } };
    catalog *catalog = NULL;
    marc_format format;
    recto_error error = { 0 };
    const int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands < 0 || !format_named(&format, to, MARC_FORMAT_MRK))
        return 2;
    if (template == NULL || operands > ANSWERS_MAX)
        return usage("new takes --template NAME [--to FORMAT] [PROMPT=VALUE]...");
    recto_status status = open_catalog(&catalog, line, REPO_READ_ONLY, false, &error);
    if (status == RECTO_OK)
        status = fill_and_print(line, catalog, template, format, argv + 1, operands, &error);
    catalog_close(catalog);
    return status == RECTO_OK ? 0 : report(&error);
}

/* ---- recto strings, recto macros ---- */

static recto_status move_text(command_line *line, catalog *catalog, text_kind kind, bool shared, const char *act,
                              const char *file, recto_error *error)
{
    buffer source;
    int version = 0;
    const bool in = strcmp(act, "import") == 0;
    buffer_init(&source, FILE_MAX + 1);
    recto_status status = catalog_text_load(&source, &version, catalog, kind, shared, error);
    if (status == RECTO_OK && in) {
        buffer_release(&source); /* the reader of files begins one of its own */
        status = file_bytes(&source, file != NULL ? file : "-", FILE_MAX, error);
        if (status == RECTO_OK &&
            catalog_text_save(catalog, kind, shared, buffer_text(&source), version, NULL, error) != RECTO_OK)
            status = in_file(error, file != NULL ? file : "standard input");
    } else if (status == RECTO_OK && file != NULL && strcmp(file, "-") != 0) {
        status = whole_file_write(file, WHOLE_FILE_AGAIN, buffer_text(&source), error);
    } else if (status == RECTO_OK) {
        print(line, buffer_text(&source));
    }
    buffer_release(&source);
    return status;
}

static int run_texts(command_line *line, int argc, char **argv, text_kind kind)
{
    const char *shared = NULL;
    const option_value options[] = { { "shared", false, &shared, NULL, NULL } };
    catalog *catalog = NULL;
    recto_error error = { 0 };
    const int operands = read_options(argc, argv, options, 1);
    if (operands < 0)
        return 2;
    if (operands < 1 || operands > 2 || (strcmp(argv[1], "export") != 0 && strcmp(argv[1], "import") != 0))
        return usage("%s takes [--shared] `export [FILE]` or `import FILE`", kind == TEXT_MACROS ? "macros" : "strings");
    const repo_mode mode = strcmp(argv[1], "import") == 0 ? REPO_READ_WRITE : REPO_READ_ONLY;
    recto_status status = open_catalog(&catalog, line, mode, false, &error);
    if (status == RECTO_OK)
        status = move_text(line, catalog, kind, shared != NULL, argv[1], operands > 1 ? argv[2] : NULL, &error);
    catalog_close(catalog);
    return status == RECTO_OK ? 0 : report(&error);
}

int command_strings(command_line *line, int argc, char **argv)
{
    return run_texts(line, argc, argv, TEXT_STRINGS);
}

int command_macros(command_line *line, int argc, char **argv)
{
    return run_texts(line, argc, argv, TEXT_MACROS);
}
