/* src/catalog/roles.c - which role may do what: one table, and privileges instead of role names everywhere else.
 *
 * @spec roles-admin.md 2.1 (RA-14, RA-16), reliability.md RL-172 (default deny) */
#include "inside.h"

#include <stdio.h>
#include <string.h>

#define BIT(privilege) (1u << (privilege))
#define CATALOGING     (BIT(PRIVILEGE_CATALOG) | BIT(PRIVILEGE_CATALOG_NETWORK))

static const catalog_role ROLES[] = {
    { "CAT", "Cataloger", CATALOGING, NULL },
    { "CATX", "Cataloger Extended", BIT(PRIVILEGE_DELETE) | BIT(PRIVILEGE_COMBINE) | BIT(PRIVILEGE_TEMPLATES), "CAT,CM" },
    { "CM", "Catalog Manager", CATALOGING | BIT(PRIVILEGE_RULES) | BIT(PRIVILEGE_BULK), NULL },
    { "CA", "Catalog Administrator", CATALOGING | BIT(PRIVILEGE_LOCK_BREAK) | BIT(PRIVILEGE_RULES), NULL },
    { "PIO", "Physical Inventory Operator", BIT(PRIVILEGE_INVENTORY), NULL },
    { "PIOX", "Physical Inventory Operator Extended", BIT(PRIVILEGE_WITHDRAW), "PIO" },
    { "RM", "Repository Manager", BIT(PRIVILEGE_NONE), NULL },
    { "GSA", "General System Administrator", BIT(PRIVILEGE_ADMINISTER) | BIT(PRIVILEGE_LOCK_BREAK), NULL },
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

static bool list_has_one_of(const char *roles, const char *wanted)
{
    text rest = text_from(roles);
    while (rest.bytes != NULL) {
        const catalog_role *role = role_named(text_trim(text_next_field(&rest, ',')));
        text codes = text_from(wanted);
        while (role != NULL && codes.bytes != NULL)
            if (text_equal(text_next_field(&codes, ','), text_from(role->code)))
                return true;
    }
    return false;
}

unsigned roles_privileges(const char *roles)
{
    unsigned bits = BIT(PRIVILEGE_NONE) | BIT(PRIVILEGE_SEARCH); /* everybody may search and look (RA-7) */
    text rest = text_from(roles);
    while (rest.bytes != NULL) {
        const catalog_role *role = role_named(text_trim(text_next_field(&rest, ',')));
        if (role != NULL && (role->only_with == NULL || list_has_one_of(roles, role->only_with)))
            bits |= role->privileges;
    }
    return bits;
}

bool roles_known(const char *roles, char unknown[static CATALOG_NAME])
{
    text rest = text_from(roles);
    while (rest.bytes != NULL) {
        const text name = text_trim(text_next_field(&rest, ','));
        if (name.length == 0 || role_named(name) != NULL)
            continue;
        snprintf(unknown, CATALOG_NAME, "%.*s", (int)name.length, name.bytes);
        return false;
    }
    return true;
}

bool catalog_may(const catalog *catalog, privilege privilege)
{
    return (catalog->privileges & BIT(privilege)) != 0;
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
    char unknown[CATALOG_NAME];
    transaction change = { .repo = NULL };
    recto_status status = need_privilege(catalog, PRIVILEGE_ADMINISTER, "user.put", user->name, error);
    if (status != RECTO_OK)
        return status;
    if (user->name[0] == '\0')
        return recto_fail(error, RECTO_EINVALID, NULL, NULL, "a user needs a name");
    if (!roles_known(user->roles, unknown))
        return recto_fail(error, RECTO_EINVALID, user->name, "codes are CAT, CATX, CM, CA, PIO, PIOX, RM, GSA",
                          "unknown role '%s'", unknown);
    status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_user_put(catalog->repo, user, error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "user.put", user->name, 0, user->active ? "active" : "inactive", user->roles, error);
    return transaction_end(&change, status, error);
}
