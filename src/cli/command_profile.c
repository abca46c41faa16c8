/* src/cli/command_profile.c - recto profile: integration profiles as readable files. */
#include "command_line.h"
#include "passwords.h"
#include "rule_sources.h"

#include "recto/base/whole_file.h"
#include "recto/catalog/profiles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROFILE_FILE_MAX = 64 * 1024, SHORT_PASSWORD = 8, CHANGES_MAX = 64 };
static const char KNOWN_PASSWORD[] = "alma1234";

typedef struct profile_act { /* one act of `recto profile` */
    const char *name;
    int least, most; /* operands behind it */
    repo_mode mode;
    int (*run)(command_line *line, catalog *catalog, char **operands, int count);
} profile_act;

/* ---- reading */

static void print_profile(command_line *line, catalog *catalog, const catalog_profile *profile)
{
    json_writer json;
    const repo_zone *zone = catalog_zone_by_id(catalog, profile->zone);
    const char *institution = zone != NULL ? zone->code : "";
    if (!line->json) {
        print_format(line, "%s\t%s\t%s\t%s\t%s\t%s", profile->code, profile->type, institution,
                     profile->active ? "active" : "not active", profile->has_password ? "password set" : "no password",
                     profile->name);
        print_end(line);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "code", profile->code);
    json_string(&json, "name", profile->name);
    json_string(&json, "type", profile->type);
    json_string(&json, "institution", institution);
    json_bool(&json, "active", profile->active);
    json_bool(&json, "has_password", profile->has_password);
    json_integer(&json, "version", profile->version);
    json_time(&json, "saved_at", profile->saved_at);
    json_string(&json, "saved_by", profile->saved_by);
    json_close(&json, '}');
    print_end(line);
}

static int list_profiles(command_line *line, catalog *catalog, char **operands, int count)
{
    catalog_profile *profiles = NULL;
    size_t found = 0;
    recto_error error = { 0 };
    (void)operands;
    (void)count;
    if (catalog_profiles(&profiles, &found, catalog, &error) != RECTO_OK)
        return report(&error);
    for (size_t i = 0; i < found; i++)
        print_profile(line, catalog, &profiles[i]);
    free(profiles);
    return 0;
}

/* The text as one object, key by key. */
static void print_text_json(command_line *line, const catalog_profile *info, text source)
{
    json_writer json;
    text rest = source;
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    while (rest.bytes != NULL) {
        char name[64];
        text value = text_trim(text_next_field(&rest, '\n'));
        if (value.length == 0 || value.bytes[0] == '#')
            continue;
        const text key = text_trim(text_next_field(&value, '='));
        snprintf(name, sizeof name, "%.*s", (int)key.length, key.bytes);
        json_text(&json, name, text_trim(value));
    }
    json_bool(&json, "has_password", info->has_password);
    json_integer(&json, "version", info->version);
    json_close(&json, '}');
    print_end(line);
}

static int show_profile(command_line *line, catalog *catalog, char **operands, int count)
{
    buffer source;
    catalog_profile info = { .zone = 0 };
    recto_error error = { 0 };
    (void)count;
    buffer_init(&source, 0);
    recto_status status = catalog_profile_text(&source, &info, catalog, operands[0], &error);
    if (status == RECTO_OK && line->json)
        print_text_json(line, &info, buffer_text(&source));
    else if (status == RECTO_OK)
        print(line, buffer_text(&source));
    buffer_release(&source);
    return status == RECTO_OK ? 0 : report(&error);
}

/* To standard output, or to a file that appears whole. Without a code: the profile that Recto ships. */
static int export_profile(command_line *line, catalog *catalog, char **operands, int count)
{
    buffer source;
    catalog_profile info;
    recto_error error = { 0 };
    buffer_init(&source, 0);
    recto_status status = count == 0 ? catalog_profile_shipped(&source, &error)
                                     : catalog_profile_text(&source, &info, catalog, operands[0], &error);
    if (status == RECTO_OK && count > 1 && strcmp(operands[1], "-") != 0)
        status = whole_file_write(operands[1], WHOLE_FILE_AGAIN, buffer_text(&source), &error);
    else if (status == RECTO_OK)
        print(line, buffer_text(&source));
    buffer_release(&source);
    return status == RECTO_OK ? 0 : report(&error);
}

static int check_profile(command_line *line, catalog *catalog, char **operands, int count)
{
    buffer doubts;
    recto_error error = { 0 };
    (void)count;
    buffer_init(&doubts, 0);
    recto_status status = catalog_profile_check(&doubts, catalog, operands[0], &error);
    const bool doubtful = doubts.length > 0;
    if (status == RECTO_OK)
        print(line, buffer_text(&doubts));
    buffer_release(&doubts);
    return status != RECTO_OK ? report(&error) : doubtful ? 1 : 0;
}

static void print_key(command_line *line, const profile_key *key)
{
    json_writer json;
    if (!line->json) {
        print_format(line, "%-22s %s: %s\n", key->name, key->label, key->help);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "key", key->name);
    json_string(&json, "label", key->label);
    json_string(&json, "help", key->help);
    json_close(&json, '}');
    print_end(line);
}

static int list_keys(command_line *line, catalog *catalog, char **operands, int count)
{
    buffer choices;
    size_t known;
    recto_error error = { 0 };
    const profile_key *keys = profile_keys(&known);
    if (count == 0) {
        for (size_t i = 0; i < known; i++)
            print_key(line, &keys[i]);
        return 0;
    }
    buffer_init(&choices, 0);
    recto_status status =
        catalog_profile_choices(&choices, catalog, catalog_zone(catalog, ZONE_INSTITUTION)->id, operands[0], &error);
    if (status == RECTO_OK)
        print(line, buffer_text(&choices));
    buffer_release(&choices);
    return status == RECTO_OK ? 0 : report(&error);
}

/* ---- writing */

static int set_values(command_line *line, catalog *catalog, char **operands, int count)
{
    profile_change changes[CHANGES_MAX];
    recto_error error = { 0 };
    (void)line;
    for (int i = 1; i < count; i++) {
        char *equals = strchr(operands[i], '=');
        if (equals == NULL)
            return usage("'%s' is no KEY=VALUE; recto profile keys lists the keys", operands[i]);
        *equals = '\0';
        changes[i - 1] = (profile_change){ .key = operands[i], .value = equals + 1 };
    }
    if (catalog_profile_change(catalog, operands[0], changes, (size_t)count - 1, &error) != RECTO_OK)
        return report(&error);
    return 0;
}

static int import_profiles(command_line *line, catalog *catalog, char **operands, int count)
{
    recto_error error = { 0 };
    recto_status status = RECTO_OK;
    (void)line;
    for (int i = 0; status == RECTO_OK && i < count; i++) {
        buffer source;
        buffer_init(&source, PROFILE_FILE_MAX + 1);
        status = file_bytes(&source, operands[i], PROFILE_FILE_MAX, &error);
        if (status == RECTO_OK)
            status = catalog_profile_put(catalog, NULL, buffer_text(&source), &error);
        buffer_release(&source);
    }
    return status == RECTO_OK ? 0 : report(&error);
}

static int delete_profile(command_line *line, catalog *catalog, char **operands, int count)
{
    recto_error error = { 0 };
    (void)line;
    (void)count;
    return catalog_profile_delete(catalog, operands[0], &error) == RECTO_OK ? 0 : report(&error);
}

static int set_password(command_line *line, catalog *catalog, char **operands, int count)
{
    char password[PASSWORD_MAX];
    recto_error error = { 0 };
    (void)line;
    (void)count;
    recto_status status = ask_new_password(password, operands[0], &error);
    if (status == RECTO_OK)
        status = catalog_profile_password(catalog, operands[0], password, &error);
    if (status == RECTO_OK && strcmp(password, KNOWN_PASSWORD) == 0)
        note("This password is the publicly known one of another product; choose one of your own.");
    else if (status == RECTO_OK && strlen(password) < SHORT_PASSWORD)
        note("This password is short; %d characters and more are harder to guess.", SHORT_PASSWORD);
    explicit_bzero(password, sizeof password);
    return status == RECTO_OK ? 0 : report(&error);
}

static const profile_act ACTS[] = {
    { "list", 0, 0, REPO_READ_ONLY, list_profiles },
    { "show", 1, 1, REPO_READ_ONLY, show_profile },
    { "export", 0, 2, REPO_READ_ONLY, export_profile },
    { "check", 1, 1, REPO_READ_ONLY, check_profile },
    { "keys", 0, 1, REPO_READ_ONLY, list_keys },
    { "set", 2, CHANGES_MAX, REPO_READ_WRITE, set_values },
    { "import", 1, 1000, REPO_READ_WRITE, import_profiles },
    { "delete", 1, 1, REPO_READ_WRITE, delete_profile },
    { "passwd", 1, 1, REPO_READ_WRITE, set_password },
};

static int run_act(command_line *line, const profile_act *act, char **operands, int count)
{
    catalog *catalog = NULL;
    recto_error error = { 0 };
    int status;
    if (open_catalog(&catalog, line, act->mode, false, &error) == RECTO_OK)
        status = act->run(line, catalog, operands, count);
    else
        status = report(&error);
    catalog_close(catalog);
    return status;
}

int command_profile(command_line *line, int argc, char **argv)
{
    const int operands = read_options(argc, argv, NULL, 0);
    if (operands < 0)
        return 2;
    for (size_t i = 0; operands > 0 && i < sizeof ACTS / sizeof ACTS[0]; i++)
        if (strcmp(ACTS[i].name, argv[1]) == 0 && operands - 1 >= ACTS[i].least && operands - 1 <= ACTS[i].most)
            return run_act(line, &ACTS[i], argv + 2, operands - 1);
    return usage("profile takes `list`, `show CODE`, `set CODE KEY=VALUE...`, `import FILE...`, `export [CODE [FILE]]`,"
                 " `delete CODE`, `passwd CODE`, `check CODE` or `keys [KEY]`");
}
