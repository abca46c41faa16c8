/* src/catalog/templates.c - the templates a cataloger has: list, read, save, delete, default; and who may what (ED-135 to
 * ED-138).
 *
 * Delivered ones are files of data/templates; all others are kept by the repository under zone and owner. */
#include "template_text.h"
#include "inside.h"

#include "recto/base/resource.h"
#include "recto/catalog/rules.h"
#include "recto/repo/templates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char FOLDER[] = "data/templates/", KIND[] = "template", DELIVERED_MARK[] = "(Default)";
static const char *const scope_names[] = { "private", "shared", "network", "delivered" };

const char *template_scope_name(template_scope scope)
{
    return (size_t)scope < sizeof scope_names / sizeof *scope_names ? scope_names[scope] : "";
}

bool template_scope_named(template_scope *out, const char *name)
{
    for (size_t i = 0; i < sizeof scope_names / sizeof *scope_names; i++)
        if (strcasecmp(scope_names[i], name) == 0) {
            *out = (template_scope)i;
            return true;
        }
    return false;
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */

typedef struct template_list {
    catalog *catalog;
    catalog_template *rows;
    size_t count, capacity;
    bool failed;
} template_list;

static const char *family_name(marc_family family)
{
    return family == MARC_HOLDINGS ? "holdings" : family == MARC_AUTHORITY ? "authority" : "bib";
}

static void describe(catalog_template *row, text source)
{
    marc_record *record = NULL;
    snprintf(row->family, sizeof row->family, "bib");
    if (template_text_read(&record, NULL, source, row->name, NULL) != RECTO_OK)
        return;
    snprintf(row->family, sizeof row->family, "%s", family_name(marc_family_of(record)));
    const bool authority = marc_family_of(record) == MARC_AUTHORITY;
    snprintf(row->title, sizeof row->title, "%s", authority ? "Authority" : marc_material_type(record));
    marc_record_free(record);
}

static catalog_template *add_row(template_list *list)
{
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 16;
        catalog_template *grown = realloc(list->rows, capacity * sizeof *grown);
        if (grown == NULL) {
            list->failed = true;
            return NULL;
        }
        list->rows = grown;
        list->capacity = capacity;
    }
    list->rows[list->count] = (catalog_template){ .zone = 0 };
    return &list->rows[list->count++];
}

static template_scope scope_of(const catalog *catalog, const repo_template *info)
{
    const repo_zone *zone = catalog_zone_by_id(catalog, info->zone);
    if (zone != NULL && zone->kind == ZONE_NETWORK)
        return TEMPLATE_NETWORK;
    return info->owner[0] != '\0' ? TEMPLATE_PRIVATE : TEMPLATE_SHARED;
}

static void fill_info(catalog_template *out, catalog *catalog, const repo_template *info, text source)
{
    repo_lock lock;
    *out = (catalog_template){
        .id = info->id, .scope = scope_of(catalog, info), .zone = info->zone, .version = info->version, .saved_at = info->saved_at
    };
    snprintf(out->name, sizeof out->name, "%s", info->name);
    snprintf(out->saved_by, sizeof out->saved_by, "%s", info->saved_by);
    snprintf(out->note, sizeof out->note, "%s", info->note);
    if (lock_refuses(catalog, info->id, &lock))
        snprintf(out->locked_by, sizeof out->locked_by, "%s", lock.owner);
    describe(out, source);
}

static void add_stored(void *context, const repo_template *info, text source)
{
    template_list *list = context;
    catalog_template *row = add_row(list);
    if (row != NULL)
        fill_info(row, list->catalog, info, source);
}

static void add_delivered(void *context, const char *path)
{
    template_list *list = context;
    template_head head = { .name = "" };
    resource file;
    if (resource_open(&file, path, TEMPLATE_FILE_MAX, NULL) != RECTO_OK)
        return;
    catalog_template *row = NULL;
    if (template_text_read(NULL, &head, file.content, path, NULL) == RECTO_OK && head.name[0] != '\0')
        row = add_row(list);
    if (row != NULL) {
        row->scope = TEMPLATE_DELIVERED;
        snprintf(row->name, sizeof row->name, "%s", head.name);
        describe(row, file.content);
    }
    resource_release(&file);
}

/* ---- defaults ---------------------------------------------------------------------------------------------------- */

static void default_setting(char *out, size_t capacity, const catalog *catalog, const char *family, bool for_everybody)
{
    if (for_everybody)
        snprintf(out, capacity, "template-default/%s", family);
    else
        snprintf(out, capacity, "user/%s/template-default/%s", catalog->user, family);
}

/* "shared Book" */
static bool reads_default(catalog *catalog, int zone, const char *family, bool for_everybody, buffer *kept)
{
    char name[160];
    buffer_clear(kept);
    default_setting(name, sizeof name, catalog, family, for_everybody);
    return repo_setting_get(catalog->repo, zone, name, kept, NULL) == RECTO_OK && kept->length > 0;
}

static bool is_named(const catalog_template *row, text kept)
{
    const text scope = text_next_field(&kept, ' ');
    return kept.bytes != NULL && text_equal(scope, text_from(template_scope_name(row->scope))) &&
           text_equal(kept, text_from(row->name));
}

static void mark_defaults_in(template_list *list, const repo_zone *zone)
{
    static const char *const families[] = { "bib", "holdings", "authority" };
    buffer kept;
    buffer_init(&kept, 1024);
    for (size_t family = 0; zone != NULL && family < sizeof families / sizeof *families; family++)
        for (int everybody = 0; everybody < 2; everybody++) {
            if (!reads_default(list->catalog, zone->id, families[family], everybody != 0, &kept))
                continue;
            for (size_t i = 0; i < list->count; i++)
                if (strcmp(list->rows[i].family, families[family]) == 0 && is_named(&list->rows[i], buffer_text(&kept)))
                    *(everybody ? &list->rows[i].is_default : &list->rows[i].is_own_default) = true;
        }
    buffer_release(&kept);
}

/* Those for bibs first: most are. */
static int family_rank(const char *family)
{
    return strcmp(family, "bib") == 0 ? 0 : strcmp(family, "holdings") == 0 ? 1 : 2;
}

static int in_order(const void *left, const void *right)
{
    const catalog_template *a = left, *b = right;
    const int first = (a->is_own_default ? 2 : 0) + a->is_default, second = (b->is_own_default ? 2 : 0) + b->is_default;
    if (first != second)
        return second - first;
    if (a->scope != b->scope)
        return (int)a->scope - (int)b->scope;
    const int by_family = family_rank(a->family) - family_rank(b->family);
    return by_family != 0 ? by_family : strcasecmp(a->name, b->name);
}

recto_status catalog_templates(catalog_template **out, size_t *count, catalog *catalog, recto_error *error)
{
    template_list list = { .catalog = catalog };
    recto_status status = repo_templates(catalog->repo, KIND, catalog->own->id, catalog->user, add_stored, &list, error);
    if (status == RECTO_OK)
        status = repo_templates(catalog->repo, KIND, catalog->own->id, "", add_stored, &list, error);
    if (status == RECTO_OK && catalog->network != NULL)
        status = repo_templates(catalog->repo, KIND, catalog->network->id, "", add_stored, &list, error);
    if (status == RECTO_OK)
        resource_list(FOLDER, add_delivered, &list);
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(error, "listing templates");
    if (status != RECTO_OK) {
        free(list.rows);
        return status;
    }
    mark_defaults_in(&list, catalog->own);
    mark_defaults_in(&list, catalog->network);
    if (list.count > 0)
        qsort(list.rows, list.count, sizeof *list.rows, in_order);
    *out = list.rows;
    *count = list.count;
    return RECTO_OK;
}

recto_status catalog_template_find(catalog_template *out, catalog *catalog, const char *name, recto_error *error)
{
    catalog_template *rows = NULL;
    size_t count = 0;
    const catalog_template *found = NULL;
    recto_status status = catalog_templates(&rows, &count, catalog, error);
    for (size_t i = 0; status == RECTO_OK && i < count; i++)
        if (strcasecmp(rows[i].name, name) == 0 && (found == NULL || rows[i].scope < found->scope))
            found = &rows[i];
    if (status == RECTO_OK && found == NULL)
        status = recto_fail(error, RECTO_ENOTFOUND, name, "recto template list, or the area Templates, shows them all",
                            "there is no template of this name");
    if (status == RECTO_OK)
        *out = *found;
    free(rows);
    return status;
}

static recto_status find_scoped(catalog_template *out, catalog *catalog, text scope, text name)
{
    catalog_template *rows = NULL;
    size_t count = 0;
    recto_status status = catalog_templates(&rows, &count, catalog, NULL);
    bool found = false;
    for (size_t i = 0; status == RECTO_OK && i < count && !found; i++) {
        found = text_equal(text_from(template_scope_name(rows[i].scope)), scope) && text_equal(text_from(rows[i].name), name);
        if (found)
            *out = rows[i];
    }
    free(rows);
    return found ? RECTO_OK : RECTO_ENOTFOUND;
}

recto_status catalog_template_default(catalog_template *out, catalog *catalog, int zone, const char *family, recto_error *error)
{
    recto_status status = RECTO_ENOTFOUND;
    buffer kept;
    (void)error;
    buffer_init(&kept, 1024);
    for (int everybody = 0; everybody < 2 && status == RECTO_ENOTFOUND; everybody++)
        if (reads_default(catalog, zone, family, everybody != 0, &kept)) {
            text name = buffer_text(&kept);
            const text scope = text_next_field(&name, ' ');
            status = name.bytes != NULL ? find_scoped(out, catalog, scope, name) : RECTO_ENOTFOUND;
        }
    buffer_release(&kept);
    return status;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

typedef struct delivered_search {
    const char *name;
    buffer *source;
    bool found;
} delivered_search;

static void look_delivered(void *context, const char *path)
{
    delivered_search *search = context;
    template_head head = { .name = "" };
    resource file;
    if (search->found || resource_open(&file, path, TEMPLATE_FILE_MAX, NULL) != RECTO_OK)
        return;
    if (template_text_read(NULL, &head, file.content, path, NULL) == RECTO_OK && strcmp(head.name, search->name) == 0) {
        search->found = true;
        buffer_append_text(search->source, file.content);
    }
    resource_release(&file);
}

static const char *owner_of(const catalog *catalog, template_scope scope)
{
    return scope == TEMPLATE_PRIVATE ? catalog->user : "";
}

recto_status catalog_template_load(buffer *source, marc_record **record, catalog *catalog, const catalog_template *info,
                                   int version, recto_error *error)
{
    repo_template stored;
    buffer found;
    recto_status status = RECTO_OK;
    buffer_init(&found, TEMPLATE_FILE_MAX);
    if (info->scope == TEMPLATE_DELIVERED) {
        delivered_search search = { info->name, &found, false };
        resource_list(FOLDER, look_delivered, &search);
        status = search.found ? RECTO_OK : RECTO_ENOTFOUND;
    } else {
        status = repo_template_get(catalog->repo, info->zone, KIND, owner_of(catalog, info->scope), info->name, version, &stored,
                                   &found, error);
        if (status == RECTO_OK && stored.deleted)
            status = RECTO_ENOTFOUND;
    }
    if (status == RECTO_ENOTFOUND)
        status = recto_fail(error, RECTO_ENOTFOUND, info->name, NULL, "this template is not there any more");
    if (status == RECTO_OK && record != NULL)
        status = template_text_read(record, NULL, buffer_text(&found), info->name, error);
    if (status == RECTO_OK && source != NULL)
        buffer_append_text(source, buffer_text(&found));
    buffer_release(&found);
    return status;
}

/* ---- rights ------------------------------------------------------------------------------------------------------ */

/* Who made it; its first version says so. */
static bool is_maker(catalog *catalog, const catalog_template *info)
{
    repo_template first;
    return repo_template_get(catalog->repo, info->zone, KIND, owner_of(catalog, info->scope), info->name, 1, &first, NULL,
                             NULL) == RECTO_OK &&
           strcmp(first.saved_by, catalog->user) == 0;
}

const char *catalog_template_cannot(catalog *catalog, const catalog_template *info)
{
    if (info->scope == TEMPLATE_DELIVERED)
        return "it comes with Recto: duplicate it and change the copy";
    if (!catalog_may(catalog, PRIVILEGE_CATALOG))
        return privilege_sentence(PRIVILEGE_CATALOG);
    if (info->scope == TEMPLATE_NETWORK && (catalog->network == NULL || !catalog_may_in(catalog, catalog->network)))
        return privilege_sentence(PRIVILEGE_CATALOG_NETWORK);
    if (info->scope == TEMPLATE_PRIVATE || catalog_may(catalog, PRIVILEGE_TEMPLATES) || is_maker(catalog, info))
        return NULL;
    return privilege_sentence(PRIVILEGE_TEMPLATES);
}

static const repo_zone *zone_of_scope(const catalog *catalog, template_scope scope)
{
    return scope == TEMPLATE_NETWORK ? catalog->network : catalog->own;
}

static bool is_good_name(const char *name)
{
    const size_t length = strlen(name);
    if (length == 0 || length >= sizeof((catalog_template *)NULL)->name || name[0] == ' ' || name[length - 1] == ' ')
        return false;
    for (const char *at = name; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == '/' || *at == 0x7F)
            return false;
    return true;
}

static recto_status may_save(catalog *catalog, template_scope scope, const char *name, const char *act, recto_error *error)
{
    recto_status status = need_privilege(catalog, PRIVILEGE_CATALOG, act, name, error);
    if (status != RECTO_OK)
        return status;
    if (!is_good_name(name))
        return recto_fail(error, RECTO_EINVALID, name, "give it another name",
                          "a template's name has 1 to %zu bytes, no slash and no blank at its ends",
                          sizeof((catalog_template *)NULL)->name - 1);
    if (scope == TEMPLATE_DELIVERED || strcasestr(name, DELIVERED_MARK) != NULL)
        return recto_fail(error, RECTO_EREFUSED, name, "give the copy another name", "templates named %s are Recto's own",
                          DELIVERED_MARK);
    const repo_zone *zone = zone_of_scope(catalog, scope);
    if (zone == NULL)
        return recto_fail(error, RECTO_EREFUSED, name, "private or shared", "this repository has no network");
    if (!catalog_may_in(catalog, zone))
        return refuse_privilege(catalog, PRIVILEGE_CATALOG_NETWORK, act, name, false, error);
    return RECTO_OK;
}

/* Somebody else's shared template is changed by Cataloger Extended only. */
static recto_status may_replace(catalog *catalog, const catalog_template *known, const char *act, recto_error *error)
{
    repo_lock lock;
    const char *why = catalog_template_cannot(catalog, known);
    if (why != NULL)
        return recto_fail(error, RECTO_EREFUSED, known->name, "duplicate it and change the copy", "%s refused: %s", act, why);
    if (known->id != 0 && lock_refuses(catalog, known->id, &lock)) {
        char sentence[128];
        lock_sentence(sentence, sizeof sentence, catalog, &lock);
        return recto_fail(error, RECTO_ELOCKED, known->name, "wait until it is released", "the template is locked: %s", sentence);
    }
    return RECTO_OK;
}

/* ---- saving ------------------------------------------------------------------------------------------------------ */

static repo_template new_version(const catalog *catalog, template_scope scope, const char *name, const char *note)
{
    repo_template info = { .zone = zone_of_scope(catalog, scope)->id, .saved_at = catalog_now(catalog) };
    snprintf(info.kind, sizeof info.kind, "%s", KIND);
    snprintf(info.owner, sizeof info.owner, "%s", owner_of(catalog, scope));
    snprintf(info.name, sizeof info.name, "%s", name);
    snprintf(info.saved_by, sizeof info.saved_by, "%s", catalog->user);
    string_keep(info.note, sizeof info.note, text_from(note));
    return info;
}

static recto_status store(catalog *catalog, repo_template *info, text source, int expected, recto_error *error)
{
    char detail[96];
    transaction change = { .repo = NULL };
    recto_status status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_template_put(catalog->repo, info, source, expected, error);
    snprintf(detail, sizeof detail, "%s%s: version %d", info->owner[0] != '\0' ? "private " : "", info->kind, info->version);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, info->deleted ? "template.delete" : "template.save", info->name, info->zone, "done",
                               detail, error);
    return transaction_end(&change, status, error);
}

static bool find_stored(catalog_template *out, catalog *catalog, template_scope scope, const char *name)
{
    repo_template stored;
    if (repo_template_get(catalog->repo, zone_of_scope(catalog, scope)->id, KIND, owner_of(catalog, scope), name, 0, &stored,
                          NULL, NULL) != RECTO_OK ||
        stored.deleted)
        return false;
    fill_info(out, catalog, &stored, TEXT(""));
    return true;
}

recto_status catalog_template_save(catalog_template *out, catalog *catalog, template_scope scope, const char *name,
                                   const marc_record *record, int expected_version, const char *note, recto_error *error)
{
    template_prompt prompts[TEMPLATE_PROMPTS_MAX];
    size_t count = 0;
    catalog_template known;
    buffer source;
    recto_status status = may_save(catalog, scope, name, "template.save", error);
    if (status == RECTO_OK && find_stored(&known, catalog, scope, name))
        status = may_replace(catalog, &known, "template.save", error);
    if (status == RECTO_OK && marc_record_count(record) == 0)
        status = recto_fail(error, RECTO_EDATA, name, "give it a field", "there is no field in the template");
    if (status == RECTO_OK)
        status = template_prompts(prompts, &count, record, error);
    if (status != RECTO_OK)
        return status;
    buffer_init(&source, TEMPLATE_FILE_MAX);
    repo_template info = new_version(catalog, scope, name, note);
    status = template_text_write(&source, record, error);
    if (status == RECTO_OK)
        status = store(catalog, &info, buffer_text(&source), expected_version, error);
    if (status == RECTO_OK && out != NULL)
        fill_info(out, catalog, &info, buffer_text(&source));
    buffer_release(&source);
    return status;
}

recto_status catalog_template_delete(catalog *catalog, const catalog_template *info, recto_error *error)
{
    if (info->scope == TEMPLATE_DELIVERED)
        return recto_fail(error, RECTO_EREFUSED, info->name, NULL, "a template that comes with Recto stays");
    recto_status status = may_save(catalog, info->scope, info->name, "template.delete", error);
    if (status == RECTO_OK)
        status = may_replace(catalog, info, "template.delete", error);
    if (status != RECTO_OK)
        return status;
    repo_template gone = new_version(catalog, info->scope, info->name, "deleted");
    gone.deleted = true;
    return store(catalog, &gone, TEXT(""), info->version, error);
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

recto_status catalog_template_export(buffer *out, catalog *catalog, const catalog_template *info, recto_error *error)
{
    buffer source;
    buffer_init(&source, TEMPLATE_FILE_MAX);
    recto_status status = catalog_template_load(&source, NULL, catalog, info, 0, error);
    if (status == RECTO_OK && info->scope != TEMPLATE_DELIVERED) /* those have their head already */
        buffer_append_format(out, "# name: %s\n# scope: %s\n", info->name, template_scope_name(info->scope));
    if (status == RECTO_OK)
        buffer_append_text(out, buffer_text(&source));
    buffer_release(&source);
    return status == RECTO_OK && buffer_failed(out) ? recto_fail_memory(error, "writing a template") : status;
}

recto_status catalog_template_import(catalog_template *out, catalog *catalog, text file, const char *name, const char *scope,
                                     recto_error *error)
{
    marc_record *record = NULL;
    template_head head = { .name = "" };
    template_scope where = TEMPLATE_PRIVATE;
    catalog_template known;
    recto_status status = template_text_read(&record, &head, file, name != NULL ? name : "template", error);
    if (status != RECTO_OK)
        return status;
    const char *as = name != NULL ? name : head.name, *in = scope != NULL ? scope : head.scope;
    if (as[0] == '\0')
        status = recto_fail(error, RECTO_EINVALID, NULL, "a line # name: NAME in the file, or --name NAME", "which name has it?");
    else if (in[0] != '\0' && (!template_scope_named(&where, in) || where == TEMPLATE_DELIVERED))
        status = recto_fail(error, RECTO_EINVALID, in, "private, shared or network", "not a scope for a template");
    if (status == RECTO_OK && zone_of_scope(catalog, where) == NULL)
        status = recto_fail(error, RECTO_EREFUSED, as, "private or shared", "this repository has no network");
    if (status == RECTO_OK)
        status = catalog_template_save(out, catalog, where, as, record,
                                       find_stored(&known, catalog, where, as) ? known.version : 0, "imported", error);
    marc_record_free(record);
    return status;
}

/* ---- the default ------------------------------------------------------------------------------------------------- */

static void first_block(void *context, const marc_finding *finding)
{
    marc_finding *first = context;
    if (finding->severity == MARC_SEVERITY_BLOCK && first->code == NULL)
        *first = *finding;
}

/* With every prompt answered, would it be refused? Then it is no default (ED-138). */
static recto_status gives_mandatory(catalog *catalog, int zone, const catalog_template *info, recto_error *error)
{
    template_prompt prompts[TEMPLATE_PROMPTS_MAX];
    const char *answers[TEMPLATE_PROMPTS_MAX];
    marc_record *record = NULL, *filled = NULL;
    marc_finding first = { .code = NULL };
    template_values values;
    marc_validate_options options = { .profile = NULL, .least = MARC_SEVERITY_BLOCK };
    buffer symbol;
    size_t count = 0;
    buffer_init(&symbol, 256);
    catalog_template_values(&values, &symbol, catalog);
    recto_status status = catalog_template_load(NULL, &record, catalog, info, 0, error);
    if (status == RECTO_OK)
        status = template_prompts(prompts, &count, record, error);
    for (size_t i = 0; i < count; i++)
        answers[i] = prompts[i].width > 0 ? "" : "x";
    values.prompts = prompts;
    values.answers = answers;
    values.prompt_count = count;
    if (status == RECTO_OK)
        status = template_fill(&filled, NULL, record, &values, error);
    if (status == RECTO_OK)
        status = catalog_validation_profile(&options.profile, catalog, zone, marc_family_of(filled) == MARC_AUTHORITY, error);
    if (status == RECTO_OK)
        status = marc_validate_with(filled, catalog_tables(catalog), &options, first_block, &first, error);
    if (status == RECTO_OK && first.code != NULL)
        status = recto_fail(error, RECTO_EDATA, info->name, "give it a value or a prompt there", "it cannot be the default: %s",
                            first.message);
    buffer_release(&symbol);
    marc_record_free(filled);
    marc_record_free(record);
    return status;
}

recto_status catalog_template_set_default(catalog *catalog, int zone, const char *family, const catalog_template *info,
                                          bool for_everybody, recto_error *error)
{
    char name[160], value[160] = "";
    const char *object = info != NULL ? info->name : family;
    const privilege needed = for_everybody ? PRIVILEGE_TEMPLATES : PRIVILEGE_CATALOG;
    recto_status status = need_privilege(catalog, needed, "template.default", object, error);
    if (status == RECTO_OK && info != NULL && for_everybody && info->scope == TEMPLATE_PRIVATE)
        status = recto_fail(error, RECTO_EREFUSED, info->name, "save it as a shared one first",
                            "a private template cannot be the default for everybody");
    if (status == RECTO_OK && info != NULL && strcmp(info->family, family) != 0)
        status = recto_fail(error, RECTO_EINVALID, info->name, NULL, "it is a template for %s, not for %s", info->family, family);
    if (status == RECTO_OK && info != NULL)
        status = gives_mandatory(catalog, zone, info, error);
    if (status != RECTO_OK)
        return status;
    if (info != NULL)
        snprintf(value, sizeof value, "%s %s", template_scope_name(info->scope), info->name);
    default_setting(name, sizeof name, catalog, family, for_everybody);
    transaction change;
    status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_setting_set(catalog->repo, zone, name, value, error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "template.default", object, zone, "done", for_everybody ? "for everybody" : "own", error);
    return transaction_end(&change, status, error);
}

void catalog_template_values(template_values *out, buffer *symbol, catalog *catalog)
{
    *out = (template_values){ .user = catalog->user, .now = catalog_now(catalog) };
    if (repo_setting_get(catalog->repo, catalog->own->id, "symbol", symbol, NULL) != RECTO_OK || symbol->length == 0)
        buffer_append_string(symbol, catalog->institution);
    out->symbol = buffer_string(symbol);
}
