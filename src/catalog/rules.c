/* src/catalog/rules.c - the rules a zone has: its own with their versions, and the shipped ones; parsed once and kept.
 *
 * A parsed rule stays until the catalog is closed, because previews of merges lend from it. Whether a newer version was
 * saved, perhaps by another process, is asked at every use: one look at an index. */
#include "inside.h"

#include "recto/base/resource.h"
#include "recto/repo/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RULE_NAME = sizeof((catalog_rule *)NULL)->name };
static const char SUFFIX[] = ".rules";

typedef struct kept_rule kept_rule;
struct kept_rule {
    kept_rule *next;
    int zone, version; /* 0, 0: shipped */
    rule_language language;
    char name[RULE_NAME];
    rule_file *file;
};

void kept_rules_free(kept_rule *rules)
{
    while (rules != NULL) {
        kept_rule *next = rules->next;
        rule_file_free(rules->file);
        free(rules);
        rules = next;
    }
}

/* ---- the head of a text */

static text line_of(text *rest)
{
    text line = text_trim(text_next_field(rest, '\n'));
    if (text_starts(line, TEXT("\xEF\xBB\xBF")))
        line = text_of(line.bytes + 3, line.length - 3);
    return line;
}

/* "# primary: incoming" among the comments that the text begins with (SR-73). */
static rule_primary primary_of(text source)
{
    while (source.bytes != NULL && source.length > 0) {
        text line = line_of(&source);
        while (line.length > 0 && (line.bytes[0] == '#' || line.bytes[0] == '/'))
            line = text_trim(text_of(line.bytes + 1, line.length - 1));
        if (!text_starts(line, TEXT("primary:"))) {
            if (text_starts(line, TEXT("rule ")) || text_starts(line, TEXT("rule\"")))
                break;
            continue;
        }
        line = text_trim(text_of(line.bytes + 8, line.length - 8));
        return text_starts(line, TEXT("incoming"))   ? RULE_PRIMARY_INCOMING
               : text_starts(line, TEXT("existing")) ? RULE_PRIMARY_EXISTING
                                                     : RULE_PRIMARY_EITHER;
    }
    return RULE_PRIMARY_EITHER;
}

/* ---- shipped rules: resources data/rules/LANGUAGE/NAME.rules */

static bool shipped_path(char *out, size_t capacity, rule_language language, const char *name)
{
    if (strchr(name, '/') != NULL || name[0] == '.' || name[0] == '\0')
        return false;
    return (size_t)snprintf(out, capacity, "data/rules/%s/%s%s", rule_language_name(language), name, SUFFIX) < capacity;
}

static recto_status shipped_text(buffer *out, catalog_rule *info, rule_language language, const char *name, recto_error *error)
{
    char path[RULE_NAME + 64];
    resource file;
    *info = (catalog_rule){ .language = language };
    snprintf(info->name, sizeof info->name, "%s", name);
    if (!shipped_path(path, sizeof path, language, name))
        return RECTO_ENOTFOUND;
    recto_status status = resource_open(&file, path, RULES_FILE_LIMIT, error);
    if (status != RECTO_OK)
        return status;
    info->primary = primary_of(file.content);
    buffer_append_text(out, file.content);
    resource_release(&file);
    return buffer_failed(out) ? recto_fail_memory(error, "reading a rule") : RECTO_OK;
}

/* ---- lists */

typedef struct rule_list {
    catalog_rule *rows;
    size_t count, capacity;
    bool failed;
} rule_list;

static catalog_rule *add_to_list(rule_list *list)
{
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 16;
        catalog_rule *grown = realloc(list->rows, capacity * sizeof *grown);
        if (grown == NULL) {
            list->failed = true;
            return NULL;
        }
        list->rows = grown;
        list->capacity = capacity;
    }
    list->rows[list->count] = (catalog_rule){ .zone = 0 };
    return &list->rows[list->count++];
}

static void fill_info(catalog_rule *out, const repo_rule *rule)
{
    *out = (catalog_rule){ .language = rule_language_named(rule->language),
                           .zone = rule->zone,
                           .version = rule->version,
                           .saved_at = rule->saved_at,
                           .deleted = rule->deleted };
    snprintf(out->name, sizeof out->name, "%s", rule->name);
    snprintf(out->saved_by, sizeof out->saved_by, "%s", rule->saved_by);
    snprintf(out->note, sizeof out->note, "%s", rule->note);
}

static void add_own(void *context, const repo_rule *rule)
{
    catalog_rule *row = add_to_list(context);
    if (row != NULL)
        fill_info(row, rule);
}

static bool list_has(const rule_list *list, rule_language language, text name)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->rows[i].language == language && text_equal(name, text_from(list->rows[i].name)))
            return true;
    return false;
}

/* "data/rules/norm/drop.rules"; other names below data/rules/ are no rules. */
static void add_shipped(void *context, const char *path)
{
    rule_list *list = context;
    text rest = text_from(path);
    char language[16];
    (void)text_next_field(&rest, '/');
    (void)text_next_field(&rest, '/');
    const text folder = text_next_field(&rest, '/');
    snprintf(language, sizeof language, "%.*s", (int)folder.length, folder.bytes != NULL ? folder.bytes : "");
    const rule_language named = rule_language_named(language);
    const size_t suffix = sizeof SUFFIX - 1;
    if (named == RULES_UNKNOWN || rest.bytes == NULL || rest.length <= suffix || rest.length - suffix >= RULE_NAME ||
        strcmp(rest.bytes + rest.length - suffix, SUFFIX) != 0)
        return;
    const text name = text_of(rest.bytes, rest.length - suffix);
    catalog_rule *row = list_has(list, named, name) ? NULL : add_to_list(list);
    if (row == NULL)
        return;
    row->language = named;
    snprintf(row->name, sizeof row->name, "%.*s", (int)name.length, name.bytes);
}

static int by_language_and_name(const void *a, const void *b)
{
    const catalog_rule *left = a, *right = b;
    if (left->language != right->language)
        return left->language < right->language ? -1 : 1;
    return strcmp(left->name, right->name);
}

static void read_primaries(rule_list *list, catalog *catalog, int zone)
{
    for (size_t i = 0; i < list->count; i++) {
        catalog_rule *row = &list->rows[i], info;
        buffer source;
        if (row->language != RULES_MERGE)
            continue;
        buffer_init(&source, 0);
        if (catalog_rule_text(&source, &info, catalog, zone, row->language, row->name, 0, NULL) == RECTO_OK)
            row->primary = info.primary;
        buffer_release(&source);
    }
}

recto_status catalog_rules(catalog_rule **out, size_t *count, catalog *catalog, int zone, recto_error *error)
{
    rule_list list = { .rows = NULL };
    recto_status status = repo_rules(catalog->repo, zone, NULL, add_own, &list, error);
    if (status == RECTO_OK)
        resource_list("data/rules/", add_shipped, &list);
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(error, "listing rules");
    if (status != RECTO_OK) {
        free(list.rows);
        return status;
    }
    read_primaries(&list, catalog, zone);
    if (list.count > 0)
        qsort(list.rows, list.count, sizeof *list.rows, by_language_and_name);
    *out = list.rows;
    *count = list.count;
    return RECTO_OK;
}

recto_status catalog_rule_versions(catalog_rule **out, size_t *count, catalog *catalog, int zone, rule_language language,
                                   const char *name, recto_error *error)
{
    rule_list list = { .rows = NULL };
    recto_status status = repo_rule_versions(catalog->repo, zone, rule_language_name(language), name, add_own, &list, error);
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(error, "listing versions of a rule");
    if (status != RECTO_OK) {
        free(list.rows);
        return status;
    }
    *out = list.rows;
    *count = list.count;
    return RECTO_OK;
}

/* ---- one rule */

/* How many of the letters of `wanted` stand in `name` in the same order; the nearest name has the best share of both. */
static size_t common_letters(const char *wanted, const char *name)
{
    size_t found = 0;
    for (; *wanted != '\0'; wanted++) {
        const char *at = strchr(name, *wanted);
        if (at == NULL)
            continue;
        found++;
        name = at + 1;
    }
    return found;
}

static recto_status fail_unknown(catalog *catalog, int zone, rule_language language, const char *name, recto_error *error)
{
    char todo[RULE_NAME + 32] = "recto rule list names the rules";
    catalog_rule *rules = NULL;
    size_t count = 0, best = 0;
    if (catalog_rules(&rules, &count, catalog, zone, NULL) != RECTO_OK)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t common = common_letters(name, rules[i].name), longest = strlen(name) + strlen(rules[i].name);
        const size_t share = longest > 0 ? 2 * common * 100 / longest : 0;
        if (rules[i].language != language || share < 60 || share <= best)
            continue;
        best = share;
        snprintf(todo, sizeof todo, "did you mean %s?", rules[i].name);
    }
    free(rules);
    return recto_fail(error, RECTO_ENOTFOUND, name, todo, "no %s of this name", rule_language_label(language));
}

static recto_status own_text(buffer *out, catalog_rule *info, catalog *catalog, int zone, rule_language language,
                             const char *name, int version, recto_error *error)
{
    repo_rule stored;
    const size_t before = out->length;
    recto_status status = repo_rule_get(catalog->repo, zone, rule_language_name(language), name, version, &stored, out, error);
    if (status != RECTO_OK)
        return status;
    fill_info(info, &stored);
    info->primary = primary_of(text_of(out->bytes + before, out->length - before));
    return RECTO_OK;
}

recto_status catalog_rule_text(buffer *out, catalog_rule *info, catalog *catalog, int zone, rule_language language,
                               const char *name, int version, recto_error *error)
{
    catalog_rule unwanted = { .language = language };
    catalog_rule *filled = info != NULL ? info : &unwanted;
    if (language == RULES_UNKNOWN)
        return recto_fail(error, RECTO_EINVALID, name, "merge, norm, indication or brief", "which rule language?");
    recto_status status = own_text(out, filled, catalog, zone, language, name, version, error);
    if (status == RECTO_ENOTFOUND && version != 0)
        return recto_fail(error, RECTO_ENOTFOUND, name, NULL, "this rule has no version %d", version);
    if (status == RECTO_ENOTFOUND)
        status = shipped_text(out, filled, language, name, error);
    return status == RECTO_ENOTFOUND ? fail_unknown(catalog, zone, language, name, error) : status;
}

/* ---- saving */

static bool is_good_name(const char *name)
{
    const size_t length = strlen(name);
    if (length == 0 || length >= RULE_NAME || name[0] == '.' || name[0] == ' ' || name[length - 1] == ' ')
        return false;
    for (const char *at = name; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == '/' || *at == ',' || *at == 0x7F)
            return false;
    return true;
}

static recto_status may_save(catalog *catalog, int zone, rule_language language, const char *name, const char *act,
                             recto_error *error)
{
    const repo_zone *place = catalog_zone_by_id(catalog, zone);
    recto_status status = need_privilege(catalog, PRIVILEGE_RULES, act, name, error);
    if (status != RECTO_OK)
        return status;
    if (place == NULL || (place != catalog->own && place != catalog->network))
        return recto_fail(error, RECTO_EREFUSED, place != NULL ? place->code : name, NULL, "rules are kept in one's own zones");
    if (language == RULES_UNKNOWN)
        return recto_fail(error, RECTO_EINVALID, name, "merge, norm, indication or brief", "which rule language?");
    if (!is_good_name(name))
        return recto_fail(error, RECTO_EINVALID, name, NULL,
                          "a rule's name has 1 to %d bytes and no '/', no ',' and no dot in front", RULE_NAME - 1);
    return RECTO_OK;
}

static recto_status store_version(catalog *catalog, repo_rule *rule, text source, int expected, recto_error *error)
{
    char detail[RULE_NAME + 96];
    transaction change = { .repo = NULL };
    const char *act = rule->deleted ? "rule.delete" : "rule.save";
    recto_status status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_rule_put(catalog->repo, rule, source, expected, error);
    snprintf(detail, sizeof detail, "%s rule: version %d", rule->language, rule->version);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, act, rule->name, rule->zone, "done", detail, error);
    return transaction_end(&change, status, error);
}

static repo_rule new_version(const catalog *catalog, int zone, rule_language language, const char *name, const char *note)
{
    repo_rule rule = { .zone = zone, .saved_at = catalog_now(catalog) };
    snprintf(rule.language, sizeof rule.language, "%s", rule_language_name(language));
    snprintf(rule.name, sizeof rule.name, "%s", name);
    snprintf(rule.saved_by, sizeof rule.saved_by, "%s", catalog->user);
    snprintf(rule.note, sizeof rule.note, "%s", note != NULL ? note : "");
    return rule;
}

recto_status catalog_rule_save(catalog *catalog, int zone, rule_language language, const char *name, text source,
                               int expected_version, const char *note, int *version, recto_error *error)
{
    rule_file *parsed = NULL;
    recto_status status = may_save(catalog, zone, language, name, "rule.save", error);
    if (status == RECTO_OK)
        status = rule_refuse_locked(catalog, zone, language, name, error);
    if (status == RECTO_OK)
        status = rule_file_parse(&parsed, source, name, language, NULL, NULL, error);
    rule_file_free(parsed);
    if (status != RECTO_OK)
        return status;
    repo_rule rule = new_version(catalog, zone, language, name, note);
    status = store_version(catalog, &rule, source, expected_version, error);
    if (status == RECTO_OK && version != NULL)
        *version = rule.version;
    return status;
}

/* What stays when a zone's own rule goes: a shipped one of the same name, or a predefined method. */
static bool has_substitute(rule_language language, const char *name)
{
    catalog_rule info;
    buffer source;
    buffer_init(&source, 0);
    const bool shipped = shipped_text(&source, &info, language, name, NULL) == RECTO_OK;
    buffer_release(&source);
    return shipped || (language == RULES_MERGE && merge_method_named(name) != MERGE_NONE);
}

recto_status catalog_rule_delete(catalog *catalog, int zone, rule_language language, const char *name, recto_error *error)
{
    repo_rule stored;
    recto_status status = may_save(catalog, zone, language, name, "rule.delete", error);
    if (status == RECTO_OK)
        status = rule_refuse_locked(catalog, zone, language, name, error);
    if (status == RECTO_OK)
        status = repo_rule_get(catalog->repo, zone, rule_language_name(language), name, 0, &stored, NULL, error);
    if (status == RECTO_ENOTFOUND)
        return recto_fail(error, RECTO_ENOTFOUND, name, "shipped rules cannot be deleted", "the zone has no rule of this name");
    if (status == RECTO_OK && !has_substitute(language, name))
        status = rules_refuse_in_use(catalog, zone, language, name, error);
    if (status != RECTO_OK)
        return status;
    repo_rule rule = new_version(catalog, zone, language, name, "deleted");
    rule.deleted = true;
    return store_version(catalog, &rule, TEXT(""), stored.version, error);
}

/* ---- parsed rules */

static const rule_file *find_kept(const catalog *catalog, int zone, int version, rule_language language, const char *name)
{
    for (const kept_rule *at = catalog->rules; at != NULL; at = at->next)
        if (at->zone == zone && at->version == version && at->language == language && strcmp(at->name, name) == 0)
            return at->file;
    return NULL;
}

static recto_status keep(const rule_file **out, catalog *catalog, const catalog_rule *info, text source, recto_error *error)
{
    kept_rule *kept = calloc(1, sizeof *kept);
    if (kept == NULL)
        return recto_fail_memory(error, "reading a rule");
    recto_status status = rule_file_parse(&kept->file, source, info->name, info->language, NULL, NULL, error);
    if (status != RECTO_OK) {
        free(kept);
        return status;
    }
    kept->zone = info->zone;
    kept->version = info->version;
    kept->language = info->language;
    snprintf(kept->name, sizeof kept->name, "%s", info->name);
    kept->next = catalog->rules;
    catalog->rules = kept;
    *out = kept->file;
    return RECTO_OK;
}

static recto_status read_and_keep(const rule_file **out, catalog *catalog, int zone, rule_language language, const char *name,
                                  recto_error *error)
{
    catalog_rule info;
    buffer source;
    buffer_init(&source, 0);
    recto_status status = catalog_rule_text(&source, &info, catalog, zone, language, name, 0, error);
    if (status == RECTO_OK)
        status = keep(out, catalog, &info, buffer_text(&source), error);
    buffer_release(&source);
    return status;
}

recto_status catalog_rule_file(const rule_file **out, catalog *catalog, int zone, rule_language language, const char *name,
                               recto_error *error)
{
    repo_rule newest;
    if (language == RULES_UNKNOWN)
        return recto_fail(error, RECTO_EINVALID, name, "merge, norm, indication or brief", "which rule language?");
    recto_status status = repo_rule_get(catalog->repo, zone, rule_language_name(language), name, 0, &newest, NULL, error);
    if (status != RECTO_OK && status != RECTO_ENOTFOUND)
        return status;
    *out =
        status == RECTO_OK ? find_kept(catalog, zone, newest.version, language, name) : find_kept(catalog, 0, 0, language, name);
    return *out != NULL ? RECTO_OK : read_and_keep(out, catalog, zone, language, name, error);
}

recto_status rules_merge_named(const merge_program **out, catalog *catalog, int zone, const char *name, recto_error *error)
{
    const rule_file *file = NULL;
    repo_rule own;
    const merge_method method = merge_method_named(name);
    recto_status status = repo_rule_get(catalog->repo, zone, rule_language_name(RULES_MERGE), name, 0, &own, NULL, error);
    if (status != RECTO_OK && status != RECTO_ENOTFOUND)
        return status;
    if (status == RECTO_ENOTFOUND && method != MERGE_NONE) {
        *out = merge_method_program(method);
        return RECTO_OK;
    }
    status = catalog_rule_file(&file, catalog, zone, RULES_MERGE, name, error);
    if (status != RECTO_OK)
        return status;
    *out = rule_file_merge_program(file);
    return *out != NULL ? RECTO_OK : recto_fail(error, RECTO_EDATA, name, NULL, "this is no merge rule");
}
