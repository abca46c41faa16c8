/* src/cli/command_user.c - recto user: users, roles, and passwords, which come from the terminal or standard input only. */
#include "command_line.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { PASSWORD_MAX = 1024 };

/* With echo off on a terminal; one line otherwise (RL-162). */
static bool ask_password(char out[static PASSWORD_MAX], const char *prompt)
{
    struct termios before, quiet;
    bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        quiet = before;
        quiet.c_lflag &= (tcflag_t)~ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
        fputs(prompt, stderr);
    }
    bool got = fgets(out, PASSWORD_MAX, stdin) != NULL;
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fputc('\n', stderr);
    }
    if (got)
        out[strcspn(out, "\r\n")] = '\0';
    return got;
}

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
    char password[PASSWORD_MAX] = "", again[PASSWORD_MAX] = "";
    recto_status status = RECTO_OK;
    if (!ask_password(password, "New password: ") || password[0] == '\0')
        status = recto_fail(error, RECTO_EUSAGE, name, "type it, or give it on standard input", "there is no password");
    if (status == RECTO_OK && isatty(STDIN_FILENO) == 1 && (!ask_password(again, "Once more: ") || strcmp(password, again) != 0))
        status = recto_fail(error, RECTO_EUSAGE, name, "try again", "the two passwords differ");
    if (status == RECTO_OK)
        status = catalog_password_set(catalog, name, password, error);
    explicit_bzero(password, sizeof password);
    explicit_bzero(again, sizeof again);
    return status;
}

static void print_roles(command_line *line)
{
    size_t count;
    const catalog_role *roles = catalog_roles(&count);
    for (size_t i = 0; i < count; i++)
        print_format(line, "%s\t%s\n", roles[i].code, roles[i].name);
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
    if (known) {
        print_roles(line);
        return 0;
    }
    if (!list && !add && !change && !password)
        return usage("user takes `list`, `add NAME [--name FULL] [--roles CODES]`, `passwd NAME`, `roles` or `roles NAME CODES`");
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
