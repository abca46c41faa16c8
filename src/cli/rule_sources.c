/* src/cli/rule_sources.c - the rule that a command line names. See rule_sources.h.
 *
 * A path needs no repository, and neither does the name of a shipped rule: `recto rule apply` works in a pipe on a machine that
 * has none. Where there is one, a zone's own rule comes before the shipped one of the same name, as everywhere. */
#include "rule_sources.h"

#include "recto/base/resource.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

void rule_source_release(rule_source *source)
{
    buffer_release(&source->text);
}

bool is_rule_path(const char *given)
{
    struct stat about;
    return strcmp(given, "-") == 0 || strchr(given, '/') != NULL || (stat(given, &about) == 0 && !S_ISDIR(about.st_mode));
}

bool repository_is_there(const command_line *line)
{
    char path[4096];
    struct stat about;
    repository_path(line, path, sizeof path);
    return stat(path, &about) == 0;
}

bool language_named(rule_language *out, const char *name)
{
    *out = name == NULL ? RULES_UNKNOWN : rule_language_named(name);
    if (name == NULL || *out != RULES_UNKNOWN)
        return true;
    usage("there is no rule language '%s'; there are merge, norm, indication and brief", name);
    return false;
}

size_t rule_languages(rule_language out[static 4], const char *name)
{
    if (name != NULL)
        return language_named(&out[0], name) ? 1 : 0;
    out[0] = RULES_NORMALIZATION;
    out[1] = RULES_MERGE;
    out[2] = RULES_INDICATION;
    out[3] = RULES_BRIEF_LEVEL;
    return 4;
}

/* ---- names */

static recto_status shipped_text(rule_source *out, const char *name, rule_language language, recto_error *error)
{
    char path[400];
    resource file;
    if (snprintf(path, sizeof path, "data/rules/%s/%s.rules", rule_language_name(language), name) >= (int)sizeof path ||
        name[0] == '.')
        return RECTO_ENOTFOUND;
    recto_status status = resource_open(&file, path, RULES_FILE_LIMIT, error);
    if (status != RECTO_OK)
        return status;
    buffer_append_text(&out->text, file.content);
    resource_release(&file);
    return RECTO_OK;
}

/* In each of the languages; the error is that of the first, which names the nearest name. */
static recto_status named_text(rule_source *out, catalog *catalog, const char *zone_given, const char *name,
                               const rule_language *languages, size_t count, recto_error *error)
{
    const repo_zone *zone = NULL;
    recto_status status = catalog != NULL ? zone_named(&zone, catalog, zone_given, error) : RECTO_ENOTFOUND;
    if (catalog != NULL && status != RECTO_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        catalog_rule info = { .version = 0 };
        recto_error own = { 0 };
        status = catalog != NULL ? catalog_rule_text(&out->text, &info, catalog, zone->id, languages[i], name, 0, &own)
                                 : shipped_text(out, name, languages[i], &own);
        out->language = languages[i];
        out->version = info.version;
        if (status != RECTO_ENOTFOUND) {
            *error = own;
            return status;
        }
        if (i == 0 || strstr(own.todo, "did you mean") != NULL)
            *error = own;
    }
    return RECTO_ENOTFOUND;
}

recto_status rule_source_find(rule_source *out, command_line *line, const char *given, const char *zone,
                              const rule_language *languages, size_t count, recto_error *error)
{
    catalog *catalog = NULL;
    *out = (rule_source){ .is_file = is_rule_path(given) };
    buffer_init(&out->text, RULES_FILE_LIMIT + 1);
    snprintf(out->name, sizeof out->name, "%s", strcmp(given, "-") == 0 ? "(standard input)" : given);
    if (out->is_file)
        return file_bytes(&out->text, given, RULES_FILE_LIMIT, error);
    recto_status status = repository_is_there(line) ? open_catalog(&catalog, line, REPO_READ_ONLY, false, error) : RECTO_OK;
    if (status == RECTO_OK)
        status = named_text(out, catalog, zone, given, languages, count, error);
    if (status == RECTO_ENOTFOUND && catalog == NULL)
        status = recto_fail(error, RECTO_ENOTFOUND, given, "recto rule list names the rules",
                            "there is no rule and no file of this name");
    catalog_close(catalog);
    return status;
}

/* ---- parsing */

typedef struct fault_teller {
    const char *name;
    bool told_error; /* the first one is the error of the command */
} fault_teller;

static void tell_fault(void *context, const rule_fault *fault)
{
    fault_teller *teller = context;
    if (!fault->warning && !teller->told_error) {
        teller->told_error = true;
        return;
    }
    note("%s:%d:%d: %s %s", teller->name, fault->line, fault->column, fault->code, fault->message);
}

recto_status rule_source_parse(rule_file **out, const rule_source *source, recto_error *error)
{
    fault_teller teller = { .name = source->name };
    return rule_file_parse(out, buffer_text(&source->text), source->name, source->language, tell_fault, &teller, error);
}
