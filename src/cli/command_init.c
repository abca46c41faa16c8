/* src/cli/command_init.c - recto init, check and backup: the repository as a whole. */
#include "command_line.h"

#include <stdio.h>
#include <string.h>

enum { INSTITUTIONS_MAX = 64 };

typedef struct codes {
    const char *codes[INSTITUTIONS_MAX];
    size_t count;
} codes;

static void add_code(void *context, const char *value)
{
    codes *list = context;
    if (list->count < INSTITUTIONS_MAX)
        list->codes[list->count] = value;
    list->count++;
}

static void print_plan(command_line *line, const char *path, const repo_plan *plan)
{
    json_writer json;
    if (!line->json) {
        print_format(line, "Created %s: ", path);
        for (size_t i = 0; i < plan->institution_count; i++)
            print_format(line, "%s%s", i == 0 ? "institution " : ", ", plan->institutions[i]);
        print_format(line, "%s%s, and the Community Zone.\n", plan->network == NULL ? "" : ", network ",
                     plan->network == NULL ? "" : plan->network);
        print_format(line, "Its first user is %s, with all roles. Next: recto load FILE, and recto user add NAME --roles CAT\n",
                     plan->owner);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "repository", path);
    json_open(&json, "institutions", '[');
    for (size_t i = 0; i < plan->institution_count; i++)
        json_string(&json, NULL, plan->institutions[i]);
    json_close(&json, ']');
    json_string(&json, "network", plan->network);
    json_close(&json, '}');
    print_end(line);
}

int command_init(command_line *line, int argc, char **argv)
{
    codes institutions = { .count = 0 };
    const char *network = NULL;
    char path[4096], login[64];
    recto_error error = { 0 };
    const option_value options[] = { { "institution", true, NULL, add_code, &institutions },
                                     { "network", true, &network, NULL, NULL } };
    int operands = read_options(argc, argv, options, 2);
    if (operands != 0)
        return operands < 0 ? 2 : usage("init takes no arguments; --repo names the file");
    if (institutions.count > INSTITUTIONS_MAX)
        return usage("at most %d institutions", INSTITUTIONS_MAX);
    if (institutions.count == 0)
        add_code(&institutions, line->institution != NULL ? line->institution : "01EXAMPLE");
    repository_path(line, path, sizeof path);
    repo_plan plan = { institutions.codes, institutions.count, network, login_name(login, sizeof login),
                       recto_clock_now(&line->clock) };
    if (repo_create(path, &plan, &error) != RECTO_OK)
        return report(&error);
    print_plan(line, path, &plan);
    return 0;
}

static void print_finding(void *context, const check_finding *finding)
{
    command_line *line = context;
    char id[MMS_ID_LENGTH] = "";
    json_writer json;
    if (finding->id != 0)
        mms_id_format(id, finding->id);
    if (!line->json) {
        print_format(line, "%s%s%s%s: %s\n", finding->harmless ? "note: " : "", finding->kind, id[0] == '\0' ? "" : " ", id,
                     finding->message);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "kind", finding->kind);
    json_string(&json, "mms_id", id[0] == '\0' ? NULL : id);
    json_string(&json, "message", finding->message);
    json_bool(&json, "harmless", finding->harmless);
    json_close(&json, '}');
    print_end(line);
}

static void print_verdict(command_line *line, const check_verdict *verdict)
{
    json_writer json;
    if (!line->json) {
        print_format(line, "%s: %llu records, %llu versions.\n", verdict->sound ? "Sound" : "NOT sound",
                     (unsigned long long)verdict->records, (unsigned long long)verdict->versions);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_bool(&json, "sound", verdict->sound);
    json_integer(&json, "records", (int64_t)verdict->records);
    json_integer(&json, "versions", (int64_t)verdict->versions);
    json_close(&json, '}');
    print_end(line);
}

int command_check(command_line *line, int argc, char **argv)
{
    const char *full = NULL, *rebuild = NULL;
    const option_value options[] = { { "full", false, &full, NULL, NULL }, { "rebuild-index", false, &rebuild, NULL, NULL } };
    repo *opened = NULL;
    check_verdict verdict = { 0 };
    recto_error error = { 0 };
    int operands = read_options(argc, argv, options, 2);
    if (operands != 0)
        return operands < 0 ? 2 : usage("check takes no arguments; --repo names the file");
    recto_status status = open_repository(&opened, line, rebuild != NULL ? REPO_READ_WRITE : REPO_READ_ONLY, &error);
    if (status == RECTO_OK && rebuild != NULL)
        status = repo_rebuild_indexes(opened, &error);
    if (status == RECTO_OK)
        status = repo_check(opened, full != NULL, print_finding, line, &verdict, &error);
    repo_close(opened);
    if (status != RECTO_OK)
        return report(&error);
    print_verdict(line, &verdict);
    return verdict.sound ? 0 : 3;
}

int command_backup(command_line *line, int argc, char **argv)
{
    repo *opened = NULL;
    recto_error error = { 0 };
    if (read_options(argc, argv, NULL, 0) != 1)
        return usage("backup takes the name of the file to write");
    recto_status status = open_repository(&opened, line, REPO_READ_ONLY, &error);
    if (status == RECTO_OK)
        status = repo_backup(opened, argv[1], &error);
    repo_close(opened);
    if (status != RECTO_OK)
        return report(&error);
    if (!line->json)
        print_format(line, "Backed up to %s.\n", argv[1]);
    return 0;
}
