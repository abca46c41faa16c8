/* src/catalog/template_save.c - templates saved, deleted, written to files and taken from them; and who may what (ED-136). */
#include "templates_inside.h"
#include "template_text.h"

#include <stdio.h>
#include <string.h>

static const char DELIVERED_MARK[] = "(Default)";

/* Who made it; its first version says so. */
static bool is_maker(catalog *catalog, const catalog_template *info)
{
    repo_template first;
    return repo_template_get(catalog->repo, info->zone, TEMPLATE_KIND, template_owner(catalog, info->scope), info->name, 1,
                             &first, NULL, NULL) == RECTO_OK &&
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
    snprintf(info.kind, sizeof info.kind, "%s", TEMPLATE_KIND);
    snprintf(info.owner, sizeof info.owner, "%s", template_owner(catalog, scope));
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
    if (repo_template_get(catalog->repo, zone_of_scope(catalog, scope)->id, TEMPLATE_KIND, template_owner(catalog, scope), name,
                          0, &stored, NULL, NULL) != RECTO_OK ||
        stored.deleted)
        return false;
    template_describe_stored(out, catalog, &stored, TEXT(""));
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
        template_describe_stored(out, catalog, &info, buffer_text(&source));
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
