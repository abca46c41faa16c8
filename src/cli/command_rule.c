/* src/cli/command_rule.c - recto rule: its acts as a table, and the two that look at a rule file and nothing else. */
#include "rule_commands.h"
#include "rule_sources.h"

#include <stdio.h>
#include <string.h>

/* ---- check */

typedef struct check {
    command_line *line;
    const char *name;
} check;

/* What a fault quotes from the text is filtered already. */
static void print_line(const check *state, const rule_fault *fault)
{
    buffer said;
    buffer_init(&said, 0);
    buffer_append_format(&said, "%s:%d:%d: %s %s", state->name, fault->line, fault->column, fault->code, fault->message);
    print_shown(state->line, buffer_text(&said));
    print_end(state->line);
    buffer_release(&said);
}

static void print_fault(void *context, const rule_fault *fault)
{
    const check *state = context;
    command_line *line = state->line;
    json_writer json;
    if (!line->json) {
        print_line(state, fault);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "file", state->name);
    json_integer(&json, "line", fault->line);
    json_integer(&json, "column", fault->column);
    json_string(&json, "code", fault->code);
    json_string(&json, "severity", fault->warning ? "warning" : "error");
    json_string(&json, "message", fault->message);
    json_integer(&json, "length", fault->length);
    json_close(&json, '}');
    print_end(line);
}

/* Faults of the text are the result; what else went wrong is told on standard error. */
static int check_file(command_line *line, const char *name, rule_language language)
{
    const check state = { line, strcmp(name, "-") == 0 ? "(standard input)" : name };
    rule_file *file = NULL;
    recto_error error = { 0 };
    buffer source;
    recto_status status = file_bytes(&source, name, RULES_FILE_LIMIT, &error);
    if (status == RECTO_OK)
        status = rule_file_parse(&file, buffer_text(&source), state.name, language, print_fault, (void *)&state, &error);
    rule_file_free(file);
    buffer_release(&source);
    if (status == RECTO_EDATA)
        return recto_exit_status(status);
    return status == RECTO_OK ? 0 : report(&error);
}

int command_rule_check(command_line *line, int argc, char **argv)
{
    const char *language_name = NULL;
    const option_value options[] = { { "language", true, &language_name, NULL, NULL } };
    rule_language language;
    int worst = 0;
    int operands = read_options(argc, argv, options, 1);
    if (operands < 1)
        return operands < 0 ? 2 : usage("rule check takes files of rules");
    if (!language_named(&language, language_name))
        return 2;
    for (int i = 1; i <= operands; i++) {
        int status = check_file(line, argv[i], language);
        worst = status > worst ? status : worst;
    }
    return worst;
}

/* ---- print */

int command_rule_print(command_line *line, int argc, char **argv)
{
    const char *language_name = NULL, *zone = NULL;
    const option_value options[] = { { "language", true, &language_name, NULL, NULL }, { "zone", true, &zone, NULL, NULL } };
    rule_language languages[4];
    int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands != 1)
        return operands < 0 ? 2 : usage("rule print takes one file of rules, or the name of a rule");
    size_t count = rule_languages(languages, language_name);
    if (count == 0)
        return 2;
    rule_source source;
    rule_file *file = NULL;
    buffer printed;
    recto_error error = { 0 };
    buffer_init(&printed, 0);
    recto_status status = rule_source_find(&source, line, argv[1], zone, languages, count, &error);
    if (status == RECTO_OK && source.is_file && language_name != NULL)
        source.language = languages[0];
    if (status == RECTO_OK)
        status = rule_source_parse(&file, &source, &error);
    if (status == RECTO_OK) {
        rule_file_print(&printed, file);
        print(line, buffer_text(&printed));
    }
    rule_file_free(file);
    buffer_release(&printed);
    rule_source_release(&source);
    return status == RECTO_OK ? 0 : report(&error);
}

/* ---- the acts */

static const struct {
    const char *name, *arguments, *does;
    int (*run)(command_line *line, int argc, char **argv);
} acts[] = {
    { "check", "[--language L] FILE...", "parse rule files: silent when good, else FILE:LINE:COLUMN: CODE message",
      command_rule_check },
    { "print", "[--language L] FILE|NAME", "print rules in one canonical layout", command_rule_print },
    { "apply", "--rule FILE|NAME [--from F] [--to F] [--keep|--reject] [--why] [--jobs N] RECORDFILE",
      "apply a normalization, indication or brief level rule to records", command_rule_apply },
    { "apply", "--dry-run --rule FILE|NAME --set QUERY [--index I] [--zone Z] [--sample N] [--diff]",
      "try a normalization rule on a set of the repository; nothing is changed", command_rule_apply },
    { "apply", "--apply-exactly RUN", "do precisely what a dry run showed, as one job", command_rule_apply },
    { "list", "[--zone Z] [--language L]", "the rules that a zone can use", command_rule_list },
    { "show", "NAME [--version N] [--language L] [--zone Z]", "print the text of a rule", command_rule_show },
    { "save", "NAME FILE [--language L] [--note TEXT] [--if-version N] [--zone Z]", "keep a rule as a new version",
      command_rule_save },
    { "versions", "NAME [--language L] [--zone Z]", "list the versions of a rule", command_rule_versions },
    { "delete", "NAME [--language L] [--zone Z]", "delete a zone's own rule; its versions stay", command_rule_delete },
    { "use", "[USE [NAME]] [--zone Z] [--despite]", "where a zone uses which rule; choose one", command_rule_use },
};
enum { ACTS = sizeof acts / sizeof *acts };

void command_rule_help(command_line *line)
{
    print_format(line, "\n");
    for (size_t i = 0; i < ACTS; i++)
        print_format(line, "  %s %s\n      %s\n", acts[i].name, acts[i].arguments, acts[i].does);
    print_format(line,
                 "\nRule languages: merge, norm, indication, brief. A FILE is \"-\", a name with a slash, or a file that is\n"
                 "there; any other word is the NAME of a rule of the zone, or of one that is shipped.\n");
}

int command_rule(command_line *line, int argc, char **argv)
{
    char names[200] = "";
    for (size_t i = 0; i < ACTS && argc > 1; i++)
        if (strcmp(argv[1], acts[i].name) == 0)
            return acts[i].run(line, argc - 1, argv + 1);
    for (size_t i = 0; i < ACTS; i++)
        if (i == 0 || strcmp(acts[i].name, acts[i - 1].name) != 0)
            snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", i == 0 ? "" : ", ", acts[i].name);
    return argc > 1 ? usage("rule has no act '%s'; there are %s", argv[1], names) : usage("rule takes one of %s", names);
}
