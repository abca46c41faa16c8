/* src/catalog/template_defaults.c - the template that a new record begins with: a zone's, or a cataloger's own (ED-137, ED-138).
 *
 * It is a setting, "SCOPE NAME", for each family of records: template-default/bib, user/USER/template-default/bib. */
#include "templates_inside.h"

#include "recto/catalog/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void template_defaults_mark(catalog_template *rows, size_t count, catalog *catalog, const repo_zone *zone)
{
    static const char *const families[] = { "bib", "holdings", "authority" };
    buffer kept;
    buffer_init(&kept, 1024);
    for (size_t family = 0; zone != NULL && family < sizeof families / sizeof *families; family++)
        for (int everybody = 0; everybody < 2; everybody++) {
            if (!reads_default(catalog, zone->id, families[family], everybody != 0, &kept))
                continue;
            for (size_t i = 0; i < count; i++)
                if (strcmp(rows[i].family, families[family]) == 0 && is_named(&rows[i], buffer_text(&kept)))
                    *(everybody ? &rows[i].is_default : &rows[i].is_own_default) = true;
        }
    buffer_release(&kept);
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
