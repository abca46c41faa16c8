/* src/cli/command_rule_store.c - recto rule list, show, save, versions, delete and use: the rules that a zone keeps and chooses.
 */
#include "rule_commands.h"
#include "rule_sources.h"

#include "recto/base/resource.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct store_options {
    const char *zone, *language, *version, *note, *if_version, *despite;
} store_options;

static int read_store_options(int argc, char **argv, store_options *given)
{
    const option_value options[] = {
        { "zone", true, &given->zone, NULL, NULL },        { "language", true, &given->language, NULL, NULL },
        { "version", true, &given->version, NULL, NULL },  { "note", true, &given->note, NULL, NULL },
        { "despite", false, &given->despite, NULL, NULL }, { "if-version", true, &given->if_version, NULL, NULL },
    };
    return read_options(argc, argv, options, sizeof options / sizeof *options);
}

static recto_status open_zone(catalog **out, const repo_zone **zone, const command_line *line, const char *zone_given,
                              repo_mode mode, recto_error *error)
{
    recto_status status = open_catalog(out, line, mode, false, error);
    return status == RECTO_OK ? zone_named(zone, *out, zone_given, error) : status;
}

/* ---- list */

static const char *primary_name(rule_primary primary)
{
    static const char *const names[] = {
        [RULE_PRIMARY_EITHER] = NULL, [RULE_PRIMARY_EXISTING] = "existing", [RULE_PRIMARY_INCOMING] = "incoming"
    };
    return names[primary];
}

/* A version, or the rule as it is now. */
static void print_rule(command_line *line, const catalog_rule *rule)
{
    char saved[CLOCK_ISO_LENGTH] = "", version[16] = "shipped";
    json_writer json;
    if (rule->saved_at > 0)
        clock_format_iso(saved, rule->saved_at);
    if (rule->version > 0)
        snprintf(version, sizeof version, "%d", rule->version);
    if (!line->json) {
        print_format(line, "%s\t%s\t%s\t%s\t%s\t%s%s", rule_language_name(rule->language), rule->name, version, saved,
                     rule->saved_by, rule->deleted ? "deleted" : "", rule->deleted ? "" : rule->note);
        print_end(line);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "language", rule_language_name(rule->language));
    json_string(&json, "name", rule->name);
    json_bool(&json, "shipped", rule->version == 0);
    if (rule->version > 0)
        json_integer(&json, "version", rule->version);
    json_string(&json, "saved_at", saved[0] == '\0' ? NULL : saved);
    json_string(&json, "saved_by", rule->saved_by[0] == '\0' ? NULL : rule->saved_by);
    json_string(&json, "note", rule->note[0] == '\0' ? NULL : rule->note);
    json_string(&json, "primary", primary_name(rule->primary));
    if (rule->deleted)
        json_bool(&json, "deleted", true);
    json_close(&json, '}');
    print_end(line);
}

typedef struct shipped_list {
    command_line *line;
    rule_language language;
} shipped_list;

/* "data/rules/merge/keep-old.rules" */
static void print_shipped(void *context, const char *path)
{
    const shipped_list *list = context;
    catalog_rule rule = { .version = 0 };
    char language[16];
    if (sscanf(path, "data/rules/%15[a-z]/%119[^/]", language, rule.name) != 2)
        return;
    char *ending = strstr(rule.name, ".rules");
    rule.language = rule_language_named(language);
    if (ending == NULL || rule.language == RULES_UNKNOWN || (list->language != RULES_UNKNOWN && rule.language != list->language))
        return;
    *ending = '\0';
    print_rule(list->line, &rule);
}

static recto_status list_of_zone(command_line *line, const char *zone_given, rule_language language, recto_error *error)
{
    catalog *catalog = NULL;
    const repo_zone *zone = NULL;
    catalog_rule *rules = NULL;
    size_t count = 0;
    recto_status status = open_zone(&catalog, &zone, line, zone_given, REPO_READ_ONLY, error);
    if (status == RECTO_OK)
        status = catalog_rules(&rules, &count, catalog, zone->id, error);
    for (size_t i = 0; status == RECTO_OK && i < count; i++)
        if (language == RULES_UNKNOWN || rules[i].language == language)
            print_rule(line, &rules[i]);
    free(rules);
    catalog_close(catalog);
    return status;
}

int command_rule_list(command_line *line, int argc, char **argv)
{
    store_options given = { 0 };
    shipped_list shipped = { .line = line };
    recto_error error = { 0 };
    int operands = read_store_options(argc, argv, &given);
    if (operands != 0)
        return operands < 0 ? 2 : usage("rule list takes no names; rule show prints one");
    if (!language_named(&shipped.language, given.language))
        return 2;
    if (given.zone == NULL && !repository_is_there(line)) {
        resource_list("data/rules/", print_shipped, &shipped);
        return 0;
    }
    return list_of_zone(line, given.zone, shipped.language, &error) == RECTO_OK ? 0 : report(&error);
}

/* ---- show, versions, delete */

int command_rule_show(command_line *line, int argc, char **argv)
{
    store_options given = { 0 };
    rule_language languages[4];
    int64_t version = 0;
    rule_source source = { .version = 0 };
    recto_error error = { 0 };
    int operands = read_store_options(argc, argv, &given);
    if (operands != 1)
        return operands < 0 ? 2 : usage("rule show takes the name of one rule");
    if (given.version != NULL && !option_number("version", given.version, 1, 1000000000, &version))
        return 2;
    size_t count = rule_languages(languages, given.language);
    if (count == 0)
        return 2;
    recto_status status = rule_source_find(&source, line, argv[1], given.zone, languages, count, &error);
    if (status == RECTO_OK && version > 0) {
        catalog *catalog = NULL;
        const repo_zone *zone = NULL;
        buffer_clear(&source.text);
        status = open_zone(&catalog, &zone, line, given.zone, REPO_READ_ONLY, &error);
        if (status == RECTO_OK)
            status = catalog_rule_text(&source.text, NULL, catalog, zone->id, source.language, argv[1], (int)version, &error);
        catalog_close(catalog);
    }
    if (status == RECTO_OK)
        print(line, buffer_text(&source.text));
    rule_source_release(&source);
    return status == RECTO_OK ? 0 : report(&error);
}

/* The first of the languages in which the zone has, or had, versions of its own. */
static recto_status own_versions(catalog_rule **out, size_t *count, catalog *catalog, int zone, const char *name,
                                 const rule_language *languages, size_t language_count, recto_error *error)
{
    for (size_t i = 0; i < language_count; i++) {
        recto_status status = catalog_rule_versions(out, count, catalog, zone, languages[i], name, error);
        if (status != RECTO_OK || *count > 0)
            return status;
        free(*out);
        *out = NULL;
    }
    return recto_fail(error, RECTO_ENOTFOUND, name, "recto rule list names the rules; shipped ones have no versions",
                      "the zone has no rule of its own of this name");
}

typedef enum own_act { OWN_VERSIONS, OWN_DELETE } own_act;

static recto_status act_on_own(command_line *line, const store_options *given, const char *name, own_act act,
                               const rule_language *languages, size_t language_count, recto_error *error)
{
    catalog *catalog = NULL;
    const repo_zone *zone = NULL;
    catalog_rule *versions = NULL;
    size_t count = 0;
    recto_status status =
        open_zone(&catalog, &zone, line, given->zone, act == OWN_DELETE ? REPO_READ_WRITE : REPO_READ_ONLY, error);
    if (status == RECTO_OK)
        status = own_versions(&versions, &count, catalog, zone->id, name, languages, language_count, error);
    if (status == RECTO_OK && act == OWN_DELETE && count > 0)
        status = catalog_rule_delete(catalog, zone->id, versions[0].language, name, error);
    for (size_t i = 0; status == RECTO_OK && act == OWN_VERSIONS && i < count; i++)
        print_rule(line, &versions[i]);
    free(versions);
    catalog_close(catalog);
    return status;
}

static int own_command(command_line *line, int argc, char **argv, own_act act)
{
    store_options given = { 0 };
    rule_language languages[4];
    recto_error error = { 0 };
    int operands = read_store_options(argc, argv, &given);
    if (operands != 1)
        return operands < 0 ? 2 : usage("rule %s takes the name of one rule", argv[0]);
    size_t count = rule_languages(languages, given.language);
    if (count == 0)
        return 2;
    return act_on_own(line, &given, argv[1], act, languages, count, &error) == RECTO_OK ? 0 : report(&error);
}

int command_rule_versions(command_line *line, int argc, char **argv)
{
    return own_command(line, argc, argv, OWN_VERSIONS);
}

int command_rule_delete(command_line *line, int argc, char **argv)
{
    return own_command(line, argc, argv, OWN_DELETE);
}

/* ---- save */

/* Without --if-version the newest one is replaced, whichever it is. */
static recto_status newest_version(int *out, catalog *catalog, int zone, rule_language language, const char *name,
                                   recto_error *error)
{
    catalog_rule *versions = NULL;
    size_t count = 0;
    recto_status status = catalog_rule_versions(&versions, &count, catalog, zone, language, name, error);
    *out = status == RECTO_OK && count > 0 && !versions[0].deleted ? versions[0].version : 0;
    free(versions);
    return status;
}

static recto_status save_rule(catalog_rule *out, command_line *line, const store_options *given, text source, int64_t expected,
                              recto_error *error)
{
    catalog *catalog = NULL;
    const repo_zone *zone = NULL;
    int base = (int)expected;
    recto_status status = open_zone(&catalog, &zone, line, given->zone, REPO_READ_WRITE, error);
    if (status == RECTO_OK && given->if_version == NULL)
        status = newest_version(&base, catalog, zone->id, out->language, out->name, error);
    if (status == RECTO_OK)
        status = catalog_rule_save(catalog, zone->id, out->language, out->name, source, base, given->note, &out->version, error);
    if (status == RECTO_OK) {
        out->saved_at = catalog_now(catalog);
        snprintf(out->saved_by, sizeof out->saved_by, "%s", catalog_user(catalog));
        snprintf(out->note, sizeof out->note, "%s", given->note == NULL ? "" : given->note);
    }
    catalog_close(catalog);
    return status;
}

int command_rule_save(command_line *line, int argc, char **argv)
{
    store_options given = { 0 };
    catalog_rule rule = { .version = 0 };
    rule_source source = { .is_file = true };
    rule_file *file = NULL;
    int64_t expected = 0;
    recto_error error = { 0 };
    int operands = read_store_options(argc, argv, &given);
    if (operands != 2)
        return operands < 0 ? 2 : usage("rule save takes NAME and FILE");
    if (!language_named(&source.language, given.language) ||
        (given.if_version != NULL && !option_number("if-version", given.if_version, 0, 1000000000, &expected)))
        return 2;
    if (strlen(argv[1]) >= sizeof rule.name)
        return usage("the name of a rule has at most %zu bytes", sizeof rule.name - 1);
    snprintf(rule.name, sizeof rule.name, "%s", argv[1]);
    snprintf(source.name, sizeof source.name, "%s", argv[2]);
    recto_status status = file_bytes(&source.text, argv[2], RULES_FILE_LIMIT, &error);
    if (status == RECTO_OK)
        status = rule_source_parse(&file, &source, &error);
    if (status == RECTO_OK) {
        rule.language = rule_file_language(file);
        status = save_rule(&rule, line, &given, buffer_text(&source.text), expected, &error);
    }
    if (status == RECTO_OK)
        print_rule(line, &rule);
    rule_file_free(file);
    rule_source_release(&source);
    return status == RECTO_OK ? 0 : report(&error);
}

/* ---- use */

static recto_status print_use(command_line *line, catalog *catalog, const repo_zone *zone, const rule_use_info *use,
                              recto_error *error)
{
    buffer chosen;
    json_writer json;
    buffer_init(&chosen, 0);
    recto_status status = catalog_rule_chosen(&chosen, catalog, zone->id, use->use, error);
    if (status == RECTO_OK && !line->json) {
        print_format(line, "%-18s\t%s\t%s", use->name, chosen.length > 0 ? buffer_string(&chosen) : "-", use->label);
        print_end(line);
    } else if (status == RECTO_OK) {
        json_init(&json, &line->out);
        json_open(&json, NULL, '{');
        json_string(&json, "use", use->name);
        json_string(&json, "label", use->label);
        json_string(&json, "language", use->language == RULES_UNKNOWN ? NULL : rule_language_name(use->language));
        json_string(&json, "primary", primary_name(use->primary));
        json_string(&json, "chosen", chosen.length > 0 ? buffer_string(&chosen) : NULL);
        json_close(&json, '}');
        print_end(line);
    }
    buffer_release(&chosen);
    return status;
}

static recto_status print_uses(command_line *line, const char *zone_given, const rule_use_info *only, recto_error *error)
{
    catalog *catalog = NULL;
    const repo_zone *zone = NULL;
    size_t count;
    const rule_use_info *uses = rule_uses(&count);
    recto_status status = open_zone(&catalog, &zone, line, zone_given, REPO_READ_ONLY, error);
    for (size_t i = 0; status == RECTO_OK && i < count; i++)
        if (only == NULL || only == &uses[i])
            status = print_use(line, catalog, zone, &uses[i], error);
    catalog_close(catalog);
    return status;
}

static recto_status choose_rule(command_line *line, const store_options *given, const rule_use_info *use, const char *names,
                                recto_error *error)
{
    catalog *catalog = NULL;
    const repo_zone *zone = NULL;
    char warning[RULE_WARNING] = "";
    recto_status status = open_zone(&catalog, &zone, line, given->zone, REPO_READ_WRITE, error);
    if (status == RECTO_OK)
        status = catalog_rule_choose(catalog, zone->id, use->use, names, given->despite != NULL, warning, error);
    if (status == RECTO_OK && warning[0] != '\0')
        note("%s: %s", names, warning);
    if (status == RECTO_EREFUSED && warning[0] != '\0')
        note("--despite chooses it all the same");
    if (status == RECTO_OK)
        status = print_use(line, catalog, zone, use, error);
    catalog_close(catalog);
    return status;
}

static const rule_use_info *use_named(const char *name)
{
    char names[300] = "";
    size_t count;
    const rule_use_info *uses = rule_uses(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(uses[i].name, name) == 0)
            return &uses[i];
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", i == 0 ? "" : ", ", uses[i].name);
    }
    usage("rules have no use '%s'; there are %s", name, names);
    return NULL;
}

int command_rule_use(command_line *line, int argc, char **argv)
{
    store_options given = { 0 };
    recto_error error = { 0 };
    const rule_use_info *use = NULL;
    int operands = read_store_options(argc, argv, &given);
    if (operands < 0 || operands > 2)
        return operands < 0 ? 2 : usage("rule use takes a use and a name; several names go into one word, with commas");
    if (operands > 0 && (use = use_named(argv[1])) == NULL)
        return 2;
    recto_status status =
        operands == 2 ? choose_rule(line, &given, use, argv[2], &error) : print_uses(line, given.zone, use, &error);
    return status == RECTO_OK ? 0 : report(&error);
}
