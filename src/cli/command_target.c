/* src/cli/command_target.c - recto target: the targets there are, whether one answers, and a new one as a file. */
#include "command_line.h"
#include "targets.h"

#include "recto/base/folder.h"
#include "recto/base/resource.h"
#include "recto/base/whole_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_target(command_line *line, const target *target)
{
    json_writer json;
    if (!line->json) {
        print_format(line, "%s\t%s\t%s:%d/%s\t%s%s%s", target->name, target->label, target->host, target->port, target->database,
                     target->enabled ? "enabled" : "disabled", target->note[0] == '\0' ? "" : "\t", target->note);
        print_end(line);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "name", target->name);
    json_string(&json, "label", target->label);
    json_string(&json, "host", target->host);
    json_integer(&json, "port", target->port);
    json_string(&json, "database", target->database);
    json_bool(&json, "enabled", target->enabled);
    json_string(&json, "note", target->note[0] == '\0' ? NULL : target->note);
    json_close(&json, '}');
    print_end(line);
}

static void print_step(void *context, const char *step)
{
    command_line *line = context;
    json_writer json;
    if (!line->json) {
        print_format(line, "%s", step);
        print_end(line);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "step", step);
    json_close(&json, '}');
    print_end(line);
}

/* What most targets understand; the file is the library's to change. */
static const char usual_boxes[] = "\n"
                                  "box ti    = use 4, structure 6\n"
                                  "box au    = use 1003, structure 6\n"
                                  "box isbn  = use 7, form isbn\n"
                                  "box issn  = use 8, form issn\n"
                                  "box lccn  = use 9, form lccn\n"
                                  "box sys   = use 12, form plain\n"
                                  "box kw    = use 1016, structure 6\n"
                                  "box pub   = use 1018, structure 6\n"
                                  "box yr    = use 31, form plain\n"
                                  "box su    = use 21, structure 6\n";

/* data/targets in the configuration. */
static recto_status make_targets_folder(char *out, size_t capacity, recto_error *error)
{
    static const char below[] = "/data/targets";
    if (!resource_configuration(out, capacity - sizeof below))
        return recto_fail(error, RECTO_EIO, "--config", "name a folder with --config",
                          "there is no folder for the configuration");
    memcpy(out + strlen(out), below, sizeof below);
    return make_folders(out) ? RECTO_OK : recto_fail_system(error, errno, out, "cannot make the directory");
}

static bool plain_name(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)name[i]) && name[i] != '-' && name[i] != '_')
            return false;
    return length > 0 && length < 64;
}

static bool one_line(const char *value)
{
    return value == NULL || strpbrk(value, "\r\n") == NULL;
}

/* The file is read back as every target file is, so that nothing is kept which could not be used. */
static recto_status write_target(const char *path, text content, recto_error *error)
{
    target_list *list = NULL;
    recto_status status = target_list_new(&list, error);
    if (status == RECTO_OK)
        status = target_list_add(list, content, path, error);
    target_list_free(list);
    return status == RECTO_OK ? whole_file_write(path, WHOLE_FILE_AGAIN, content, error) : status;
}

static void print_added(command_line *line, const char *name, const char *path)
{
    json_writer json;
    if (!line->json) {
        print_format(line, "Added as %s; recto target test %s tries it.\n", path, name);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "name", name);
    json_string(&json, "file", path);
    json_close(&json, '}');
    print_end(line);
}

static int add_target(command_line *line, const char *name, const char *const values[4])
{
    static const char *const keys[4] = { "label", "host", "port", "database" };
    static const char *const usual[4] = { NULL, NULL, "210", "Default" }; /* what the protocol's registry and servers take */
    char directory[3000], path[3200];
    buffer content;
    recto_error error = { 0 };
    if (!plain_name(name))
        return usage("a target's name is of letters, digits, - and _");
    if (values[1] == NULL)
        return usage("target add NAME needs --host, and may have --port, --database and --label");
    for (size_t i = 0; i < 4; i++)
        if (!one_line(values[i]))
            return usage("--%s is one line", keys[i]);
    buffer_init(&content, 64 * 1024);
    buffer_append_string(&content, "# Made by recto target add; worldcat.target describes the format.\n");
    for (size_t i = 0; i < 4; i++)
        if (values[i] != NULL || usual[i] != NULL)
            buffer_append_format(&content, "%-8s = %s\n", keys[i], values[i] != NULL ? values[i] : usual[i]);
    buffer_append_string(&content, usual_boxes);
    recto_status status = make_targets_folder(directory, sizeof directory, &error);
    snprintf(path, sizeof path, "%s/%s.target", directory, name);
    if (status == RECTO_OK)
        status = write_target(path, buffer_text(&content), &error);
    buffer_release(&content);
    if (status != RECTO_OK)
        return report(&error);
    print_added(line, name, path);
    return 0;
}

static recto_status test_target(command_line *line, target_list *list, const char *name, recto_error *error)
{
    const target *target = target_list_find(list, name);
    if (target == NULL)
        return recto_fail(error, RECTO_EUSAGE, name, "recto target list names them", "there is no such target");
    return target_test(list, target, print_step, line, error);
}

int command_target(command_line *line, int argc, char **argv)
{
    const char *values[4] = { NULL };
    const option_value options[] = { { "label", true, &values[0], NULL, NULL },
                                     { "host", true, &values[1], NULL, NULL },
                                     { "port", true, &values[2], NULL, NULL },
                                     { "database", true, &values[3], NULL, NULL } };
    int operands = read_options(argc, argv, options, 4);
    bool list_them = operands == 1 && strcmp(argv[1], "list") == 0, test = operands == 2 && strcmp(argv[1], "test") == 0;
    if (operands < 0)
        return 2;
    if (operands == 2 && strcmp(argv[1], "add") == 0)
        return add_target(line, argv[2], values);
    if (!list_them && !test)
        return usage("target takes `list`, `test NAME` or `add NAME --host HOST [--port N] [--database NAME] [--label TEXT]`");
    target_list *list = NULL;
    recto_error error = { 0 };
    recto_status status = open_targets(&list, &error);
    for (size_t i = 0; status == RECTO_OK && list_them && i < target_list_count(list); i++)
        print_target(line, target_list_get(list, i));
    if (status == RECTO_OK && test)
        status = test_target(line, list, argv[2], &error);
    target_list_free(list);
    return status == RECTO_OK ? 0 : report(&error);
}
