/* src/cli/command_user.c - recto user: users, roles, and passwords, which come from the terminal or standard input only. */
#include "command_line.h"
#include "passwords.h"

#include "recto/catalog/custody.h"

#include <stdio.h>
#include <string.h>

static void print_user(void *context, const repo_user *user)
{
    command_line *line = context;
    json_writer json;
    if (!line->json) {
        print_format(line, "%s\t%s\t%s%s%s", user->name, user->full_name, user->roles, user->active ? "" : "\tinactive",
                     user->has_password ? "\tpassword set" : "");
        print_end(line);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "name", user->name);
    json_string(&json, "full_name", user->full_name);
    json_string(&json, "roles", user->roles);
    json_bool(&json, "active", user->active);
    json_bool(&json, "has_password", user->has_password);
    json_close(&json, '}');
    print_end(line);
}

static void keep(char *out, size_t capacity, const char *value)
{
    snprintf(out, capacity, "%s", value);
}

static recto_status put_user(catalog *catalog, const char *name, const char *full_name, const char *roles, bool make,
                             recto_error *error)
{
    repo_user user = { .active = true };
    recto_status status = repo_user_get(catalog_repo(catalog), name, &user, error);
    if (status == RECTO_OK && make)
        return recto_fail(error, RECTO_EUSAGE, name, "recto user roles changes one", "there is a user of this name already");
    if (status == RECTO_ENOTFOUND && make)
        status = RECTO_OK;
    if (status != RECTO_OK)
        return status;
    keep(user.name, sizeof user.name, name);
    if (full_name != NULL)
        keep(user.full_name, sizeof user.full_name, full_name);
    if (roles != NULL)
        keep(user.roles, sizeof user.roles, roles);
    return catalog_user_put(catalog, &user, error);
}

static recto_status set_password(catalog *catalog, const char *name, recto_error *error)
{
    char password[PASSWORD_MAX];
    repo_user user;
    recto_status status = repo_user_get(catalog_repo(catalog), name, &user, error); /* before somebody types for nobody */
    if (status != RECTO_OK)
        return status == RECTO_ENOTFOUND ? recto_fail(error, status, name, "recto user add makes one", "no such user") : status;
    status = ask_new_password(password, name, error);
    if (status == RECTO_OK)
        status = catalog_password_set(catalog, name, password, error);
    explicit_bzero(password, sizeof password);
    return status;
}

/* A line with a tabulator between, or an object with these two keys. */
static void print_pair(command_line *line, const char *first_key, const char *first, const char *second_key, const char *second)
{
    json_writer json;
    if (!line->json) {
        print_format(line, "%s\t%s\n", first, second);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, first_key, first);
    json_string(&json, second_key, second);
    json_close(&json, '}');
    print_end(line);
}

static void print_roles(command_line *line)
{
    size_t count;
    const catalog_role *roles = catalog_roles(&count);
    for (size_t i = 0; i < count; i++)
        print_pair(line, "role", roles[i].code, "name", roles[i].name);
}

/* `level NAME NN` says how high a record this user may change; `levels on` puts that in force in the institution (ED-179). */
static int command_levels(command_line *line, bool of_user, const char *first, const char *second)
{
    catalog *catalog = NULL;
    recto_error error = { 0 };
    int64_t level = 0;
    if (of_user && !option_number("level", second, 0, CATALOGING_LEVEL_MAX, &level))
        return 2;
    if (!of_user && strcmp(first, "on") != 0 && strcmp(first, "off") != 0)
        return usage("levels are on or off, not '%s'", first);
    recto_status status = open_catalog(&catalog, line, REPO_READ_WRITE, false, &error);
    if (status == RECTO_OK)
        status = of_user ? catalog_user_set_level(catalog, first, (int)level, &error)
                         : catalog_set_levels_on(catalog, strcmp(first, "on") == 0, &error);
    catalog_close(catalog);
    return status == RECTO_OK ? 0 : report(&error);
}

int command_user(command_line *line, int argc, char **argv)
{
    const char *full_name = NULL, *roles = NULL;
    const option_value options[] = { { "name", true, &full_name, NULL, NULL }, { "roles", true, &roles, NULL, NULL } };
    int operands = read_options(argc, argv, options, 2);
    const char *act = operands > 0 ? argv[1] : "", *name = operands > 1 ? argv[2] : NULL;
    bool list = operands == 1 && strcmp(act, "list") == 0, known = operands == 1 && strcmp(act, "roles") == 0;
    bool add = operands == 2 && strcmp(act, "add") == 0, change = operands == 3 && strcmp(act, "roles") == 0;
    bool password = operands == 2 && strcmp(act, "passwd") == 0;
    if (operands < 0)
        return 2;
    if ((operands == 3 && strcmp(act, "level") == 0) || (operands == 2 && strcmp(act, "levels") == 0))
        return command_levels(line, operands == 3, name, argv[operands]);
    if (known) {
        print_roles(line);
        return 0;
    }
    if (!list && !add && !change && !password)
        return usage("user takes `list`, `add NAME [--name FULL] [--roles CODES]`, `passwd NAME`, `roles`, `roles NAME CODES`,"
                     " `level NAME NN` or `levels on|off`");
    catalog *catalog = NULL;
    recto_error error = { 0 };
    recto_status status = open_catalog(&catalog, line, list ? REPO_READ_ONLY : REPO_READ_WRITE, false, &error);
    if (status == RECTO_OK && list)
        status = repo_users(catalog_repo(catalog), print_user, line, &error);
    else if (status == RECTO_OK && (add || change))
        status = put_user(catalog, name, full_name, change ? argv[3] : roles, add, &error);
    else if (status == RECTO_OK)
        status = set_password(catalog, name, &error);
    catalog_close(catalog);
    return status == RECTO_OK ? 0 : report(&error);
}
