/* src/catalog/roles.c - which role may do what: one table, and privileges instead of role names everywhere else.
 *
 * @spec roles-admin.md 2.1 (RA-14, RA-16), reliability.md RL-172 (default deny) */
#include "inside.h"

#include <stdio.h>
#include <string.h>

#define BIT(privilege) (1u << (privilege))
#define CATALOGING     (BIT(PRIVILEGE_CATALOG) | BIT(PRIVILEGE_CATALOG_NETWORK))

static const catalog_role ROLES[] = {
    { "CAT", "Cataloger", CATALOGING | BIT(PRIVILEGE_HOLDINGS), NULL, false },
    { "CATX", "Cataloger Extended", BIT(PRIVILEGE_DELETE) | BIT(PRIVILEGE_COMBINE) | BIT(PRIVILEGE_TEMPLATES), "CAT,CM", false },
    { "CM", "Catalog Manager", CATALOGING | BIT(PRIVILEGE_HOLDINGS) | BIT(PRIVILEGE_RULES) | BIT(PRIVILEGE_BULK), NULL, false },
    { "CA", "Catalog Administrator", CATALOGING | BIT(PRIVILEGE_LOCK_BREAK) | BIT(PRIVILEGE_RULES), NULL, false },
    { "PIO", "Physical Inventory Operator", BIT(PRIVILEGE_HOLDINGS) | BIT(PRIVILEGE_INVENTORY), NULL, true },
    { "PIOL", "Physical Inventory Operator Limited", BIT(PRIVILEGE_HOLDINGS), NULL, true },
    { "PIOX", "Physical Inventory Operator Extended", BIT(PRIVILEGE_WITHDRAW), "PIO", true },
    { "PO", "Purchasing Operator", BIT(PRIVILEGE_HOLDINGS), NULL, true },
    { "PM", "Purchasing Manager", BIT(PRIVILEGE_HOLDINGS), NULL, true },
    { "RM", "Repository Manager", BIT(PRIVILEGE_HOLDINGS), NULL, true },
    { "GSA", "General System Administrator", BIT(PRIVILEGE_ADMINISTER) | BIT(PRIVILEGE_LOCK_BREAK), NULL, false },
};

/* One sentence a privilege, for greyed commands and refusals (ED-7). */
static const char *const SENTENCES[] = {
    [PRIVILEGE_NONE] = "needs no role",
    [PRIVILEGE_SEARCH] = "needs to be a user",
    [PRIVILEGE_CATALOG] = "needs role Cataloger",
    [PRIVILEGE_CATALOG_NETWORK] = "needs role Cataloger",
    [PRIVILEGE_INVENTORY] = "needs role Physical Inventory Operator",
    [PRIVILEGE_DELETE] = "needs role Cataloger Extended",
    [PRIVILEGE_LOCK_BREAK] = "needs role Catalog Administrator",
    [PRIVILEGE_ADMINISTER] = "needs role General System Administrator",
    [PRIVILEGE_WITHDRAW] = "needs role Physical Inventory Operator Extended",
    [PRIVILEGE_RULES] = "needs role Catalog Manager or Catalog Administrator",
    [PRIVILEGE_COMBINE] = "needs role Cataloger Extended",
    [PRIVILEGE_BULK] = "needs role Catalog Manager",
    [PRIVILEGE_TEMPLATES] = "needs role Cataloger Extended",
    [PRIVILEGE_HOLDINGS] = "needs role Cataloger, or one of inventory or purchasing",
};

const catalog_role *catalog_roles(size_t *count)
{
    *count = sizeof ROLES / sizeof ROLES[0];
    return ROLES;
}

const char *privilege_sentence(privilege privilege)
{
    const size_t count = sizeof SENTENCES / sizeof SENTENCES[0];
    return (size_t)privilege < count ? SENTENCES[privilege] : "is not known";
}

static const catalog_role *role_named(text name)
{
    for (size_t i = 0; i < sizeof ROLES / sizeof ROLES[0]; i++)
        if (text_equal_ascii_case(name, text_from(ROLES[i].code)) || text_equal_ascii_case(name, text_from(ROLES[i].name)))
            return &ROLES[i];
    return NULL;
}

/* "PIO@LAW" is the role PIO in the library LAW; without @ it holds in the whole institution.
 * @return the role, NULL: there is none of this name; `library` becomes "" without one */
static const catalog_role *next_role(text *rest, text *library)
{
    text entry = text_trim(text_next_field(rest, ','));
    const text name = text_trim(text_next_field(&entry, '@'));
    *library = entry.bytes != NULL ? text_trim(entry) : TEXT("");
    return role_named(name);
}

static bool holds_at(const catalog_role *role, text scope, text library)
{
    return role != NULL && (scope.length == 0 || (role->of_library && text_equal(scope, library)));
}

static bool list_has_one_of(const char *roles, const char *wanted, text library)
{
    text rest = text_from(roles);
    while (rest.bytes != NULL) {
        text scope, codes = text_from(wanted);
        const catalog_role *role = next_role(&rest, &scope);
        while (holds_at(role, scope, library) && codes.bytes != NULL)
            if (text_equal(text_next_field(&codes, ','), text_from(role->code)))
                return true;
    }
    return false;
}

unsigned roles_privileges_at(const char *roles, text library)
{
    unsigned bits = BIT(PRIVILEGE_NONE) | BIT(PRIVILEGE_SEARCH); /* everybody may search and look (RA-7) */
    text rest = text_from(roles);
    while (rest.bytes != NULL) {
        text scope;
        const catalog_role *role = next_role(&rest, &scope);
        if (holds_at(role, scope, library) && (role->only_with == NULL || list_has_one_of(roles, role->only_with, library)))
            bits |= role->privileges;
    }
    return bits;
}

unsigned roles_privileges(const char *roles)
{
    unsigned bits = roles_privileges_at(roles, TEXT(""));
    text rest = text_from(roles);
    while (rest.bytes != NULL) {
        text scope;
        if (next_role(&rest, &scope) != NULL && scope.length > 0)
            bits |= roles_privileges_at(roles, scope);
    }
    return bits;
}

/* Cataloging roles are of the institution; a library's name that is not there yet is not looked up (RA-11, RA-12). */
static const char *fault_of(const catalog_role *role, bool scoped, text library)
{
    if (role == NULL)
        return "unknown role";
    if (scoped && !role->of_library)
        return "for the whole institution only is role";
    return scoped && library.length == 0 ? "no library behind @ in role" : NULL;
}

/* @return NULL: all roles can be given so; else what is wrong, and with which of them */
static const char *roles_fault(const char *roles, char wrong[static CATALOG_NAME])
{
    text rest = text_from(roles);
    while (rest.bytes != NULL) {
        const text entry = text_trim(text_next_field(&rest, ','));
        text again = entry, library;
        if (entry.length == 0)
            continue;
        const catalog_role *role = next_role(&again, &library);
        const char *fault = fault_of(role, memchr(entry.bytes, '@', entry.length) != NULL, library);
        if (fault != NULL) {
            snprintf(wrong, CATALOG_NAME, "%.*s", (int)entry.length, entry.bytes);
            return fault;
        }
    }
    return NULL;
}

bool catalog_may(const catalog *catalog, privilege privilege)
{
    return (catalog->privileges & BIT(privilege)) != 0;
}

bool catalog_may_at(const catalog *catalog, privilege privilege, const char *library)
{
    return catalog_may(catalog, privilege) && (roles_privileges_at(catalog->roles, text_from(library)) & BIT(privilege)) != 0;
}

void catalog_own_library(char out[static 64], const catalog *catalog)
{
    text rest = text_from(catalog->roles), library = TEXT("");
    out[0] = '\0';
    if ((roles_privileges_at(catalog->roles, TEXT("")) & BIT(PRIVILEGE_HOLDINGS)) != 0)
        return;
    while (rest.bytes != NULL && library.length == 0)
        (void)next_role(&rest, &library);
    snprintf(out, 64, "%.*s", (int)library.length, library.bytes);
}

recto_status need_privilege_at(catalog *catalog, privilege privilege, const char *library, const char *act, const char *object,
                               recto_error *error)
{
    char where[96];
    recto_status status = need_privilege(catalog, privilege, act, object, error);
    if (status != RECTO_OK || catalog_may_at(catalog, privilege, library))
        return status;
    status = refuse_privilege(catalog, privilege, act, object, false, NULL);
    snprintf(where, sizeof where, library[0] != '\0' ? "the library %.60s" : "the whole institution", library);
    return recto_fail(error, status, object, "ask an administrator for the role there", "you are not authorized: %s %s in %s",
                      catalog->user, privilege_sentence(privilege), where);
}

recto_status need_privilege_for(catalog *catalog, privilege privilege, mms_id id, const char *act, recto_error *error)
{
    marc_record *record = NULL;
    holding info;
    char object[MMS_ID_LENGTH];
    mms_id_format(object, id);
    recto_status status = repo_holding_load(catalog->repo, id, &record, &info, error);
    marc_record_free(record);
    return status == RECTO_OK ? need_privilege_at(catalog, privilege, info.library, act, object, error) : status;
}

bool catalog_may_in(const catalog *catalog, const repo_zone *zone)
{
    if (zone == NULL || zone->kind == ZONE_COMMUNITY)
        return false;
    if (zone->kind == ZONE_NETWORK)
        return catalog_may(catalog, PRIVILEGE_CATALOG_NETWORK);
    return zone == catalog->own && catalog_may(catalog, PRIVILEGE_CATALOG);
}

recto_status catalog_user_put(catalog *catalog, const repo_user *user, recto_error *error)
{
    char wrong[CATALOG_NAME];
    transaction change = { .repo = NULL };
    recto_status status = need_privilege(catalog, PRIVILEGE_ADMINISTER, "user.put", user->name, error);
    if (status != RECTO_OK)
        return status;
    if (user->name[0] == '\0')
        return recto_fail(error, RECTO_EINVALID, NULL, NULL, "a user needs a name");
    const char *fault = roles_fault(user->roles, wrong);
    if (fault != NULL)
        return recto_fail(error, RECTO_EINVALID, user->name,
                          "codes are CAT, CATX, CM, CA, GSA, and with @LIBRARY for one library PIO, PIOL, PIOX, PO, PM, RM",
                          "%s '%s'", fault, wrong);
    status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_user_put(catalog->repo, user, error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "user.put", user->name, 0, user->active ? "active" : "inactive", user->roles, error);
    return transaction_end(&change, status, error);
}
