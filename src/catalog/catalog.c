/* src/catalog/catalog.c - opening: which repository, who sits at the desk, in which institution, with which zones. */
#include "inside.h"

#include "recto/base/resource.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- who is who (decisions.md 13) */

static recto_status refuse_logon(catalog *catalog, const char *user, const char *why, recto_error *error)
{
    transaction change;
    if (!catalog_is_read_only(catalog) && transaction_begin(&change, catalog, false, NULL) == RECTO_OK)
        transaction_end(&change, catalog_audit(catalog, "logon", user, 0, "refused", why, NULL), NULL);
    return recto_fail(error, RECTO_EREFUSED, user, "give that user's password, or work under your own name",
                      "user or password is wrong");
}

/* One answer, after the same work, whether the name or the password is wrong. */
static recto_status check_password(catalog *catalog, const char *user, bool known, const char *password, recto_error *error)
{
    buffer hash;
    bool right;
    buffer_init(&hash, 0);
    if (known)
        repo_user_password(catalog->repo, user, &hash, NULL);
    right = password_verify(buffer_string(&hash), password != NULL ? password : "");
    buffer_release(&hash);
    return right ? RECTO_OK : refuse_logon(catalog, user, "user or password is wrong", error);
}

static recto_status act_as(catalog *catalog, const catalog_options *options, const repo_user *account, bool known,
                           recto_error *error)
{
    const bool own_name = strcmp(catalog->user, catalog->login) == 0;
    recto_status status = RECTO_OK;
    if (!own_name && options->owns_file)
        snprintf(catalog->actor, sizeof catalog->actor, "owner");
    else if (!own_name)
        status = check_password(catalog, catalog->user, known, options->password, error);
    if (status != RECTO_OK)
        return status;
    if (!known && !own_name)
        return recto_fail(error, RECTO_ENOTFOUND, catalog->user, "recto user list names the users", "no such user");
    if (known && !account->active)
        return recto_fail(error, RECTO_EREFUSED, catalog->user, "ask an administrator", "this user is inactive");
    snprintf(catalog->roles, sizeof catalog->roles, "%s", known ? account->roles : "");
    catalog->privileges = roles_privileges(catalog->roles);
    return RECTO_OK;
}

static recto_status find_user(catalog *catalog, const catalog_options *options, recto_error *error)
{
    repo_user account = { .active = false };
    const char *login = options->login != NULL ? options->login : "nobody";
    snprintf(catalog->login, sizeof catalog->login, "%s", login);
    snprintf(catalog->actor, sizeof catalog->actor, "%s", login);
    snprintf(catalog->user, sizeof catalog->user, "%s", options->user != NULL ? options->user : login);
    recto_status status = repo_user_get(catalog->repo, catalog->user, &account, error);
    if (status != RECTO_OK && status != RECTO_ENOTFOUND)
        return status;
    recto_error_clear(error);
    return act_as(catalog, options, &account, status == RECTO_OK, error);
}

/* ---- zones */

static recto_status unknown_institution(const catalog *catalog, const char *code, recto_error *error)
{
    buffer codes;
    buffer_init(&codes, 0);
    for (size_t i = 0; i < catalog->zone_count; i++)
        if (catalog->zones[i].kind == ZONE_INSTITUTION)
            buffer_append_format(&codes, "%s%s", codes.length > 0 ? ", " : "institutions are ", catalog->zones[i].code);
    recto_status status =
        recto_fail(error, RECTO_ENOTFOUND, code, buffer_string(&codes), "no such institution in this repository");
    buffer_release(&codes);
    return status;
}

static recto_status find_zones(catalog *catalog, const char *institution, recto_error *error)
{
    recto_status status = repo_zones(catalog->repo, catalog->zones, CATALOG_ZONES_MAX, &catalog->zone_count, error);
    if (status != RECTO_OK)
        return status;
    if (catalog->zone_count > CATALOG_ZONES_MAX)
        return recto_fail(error, RECTO_ELIMIT, repo_path(catalog->repo), NULL, "more than %d zones", CATALOG_ZONES_MAX);
    for (size_t i = 0; i < catalog->zone_count; i++) {
        const repo_zone *zone = &catalog->zones[i];
        if (zone->kind == ZONE_NETWORK)
            catalog->network = zone;
        else if (zone->kind == ZONE_COMMUNITY)
            catalog->community = zone;
        else if (catalog->own == NULL && (institution == NULL || strcmp(zone->code, institution) == 0))
            catalog->own = zone;
    }
    if (catalog->own == NULL)
        return unknown_institution(catalog, institution != NULL ? institution : "", error);
    snprintf(catalog->institution, sizeof catalog->institution, "%s", catalog->own->code);
    return RECTO_OK;
}

const repo_zone *catalog_zone(const catalog *catalog, zone_kind kind)
{
    switch (kind) {
    case ZONE_INSTITUTION:
        return catalog->own;
    case ZONE_NETWORK:
        return catalog->network;
    case ZONE_COMMUNITY:
        return catalog->community;
    }
    return NULL;
}

const repo_zone *catalog_zone_of(const catalog *catalog, mms_id id)
{
    char digits[MMS_ID_LENGTH];
    mms_id_format(digits, id);
    const size_t length = strlen(digits);
    for (size_t i = 0; length > 4 && i < catalog->zone_count; i++)
        if (strcmp(catalog->zones[i].suffix, digits + length - 4) == 0)
            return &catalog->zones[i];
    return NULL;
}

const repo_zone *catalog_zone_by_id(const catalog *catalog, int id)
{
    for (size_t i = 0; i < catalog->zone_count; i++)
        if (catalog->zones[i].id == id)
            return &catalog->zones[i];
    return NULL;
}

bool catalog_sees(const catalog *catalog, mms_id id)
{
    const repo_zone *zone = catalog_zone_of(catalog, id);
    return zone != NULL && (zone->kind != ZONE_INSTITUTION || zone == catalog->own);
}

/* ---- opening and closing */

recto_status catalog_session_needed(catalog *catalog, recto_error *error)
{
    if (catalog->session[0] != '\0' || catalog_is_read_only(catalog))
        return RECTO_OK;
    repo_keep_log(catalog->repo); /* who has a session stays for a while */
    return repo_session_begin(catalog->repo, catalog->user, catalog->institution, catalog_now(catalog), catalog->session, error);
}

static int64_t boot_seconds(void *context)
{
    (void)context;
    return recto_clock_boot_seconds();
}

static recto_status open_desk(catalog *catalog, const catalog_options *options, recto_error *error)
{
    recto_status status = repo_open_telling(&catalog->repo, options->repository, options->mode, options->tell_migration,
                                            options->tell_context, error);
    if (status == RECTO_OK && options->clock.fixed_ticks < 0)
        repo_age_by(catalog->repo, boot_seconds, NULL);
    if (status == RECTO_OK)
        status = find_zones(catalog, options->institution, error);
    if (status == RECTO_OK)
        status = find_user(catalog, options, error);
    if (status == RECTO_OK && options->with_session)
        status = catalog_session_needed(catalog, error);
    return status;
}

recto_status catalog_open(catalog **out, const catalog_options *options, recto_error *error)
{
    catalog *made = calloc(1, sizeof *made);
    lazy_tables *lazy = calloc(1, sizeof *lazy);
    recto_status status;
    if (made == NULL || lazy == NULL) {
        free(made);
        free(lazy);
        return recto_fail_memory(error, "opening the repository");
    }
    made->lazy = lazy;
    made->clock = options->clock;
    status = open_desk(made, options, error);
    if (status != RECTO_OK) {
        catalog_close(made);
        return status;
    }
    *out = made;
    return RECTO_OK;
}

void catalog_close(catalog *catalog)
{
    if (catalog == NULL)
        return;
    while (catalog->sessions != NULL)
        session_free(catalog->sessions);
    if (catalog->session[0] != '\0')
        repo_session_end(catalog->repo, catalog->session, catalog_now(catalog), NULL);
    repo_close(catalog->repo);
    kept_rules_free(catalog->rules);
    kept_profiles_free(catalog->profiles);
    kept_checks_free(catalog->checks);
    marc_tables_free(catalog->lazy->tables);
    free(catalog->lazy);
    free(catalog);
}

void catalog_expect_saves(catalog *catalog)
{
    (void)repo_reserve_log(catalog->repo, NULL);
}

void catalog_tidy_briefly(catalog *catalog)
{
    repo_tidy_briefly(catalog->repo);
}

bool catalog_tidy(catalog *catalog)
{
    bool more = false;
    return repo_tidy(catalog->repo, &more, NULL) == RECTO_OK && more;
}

/* Longer ago: the sign before this one has told it. */
enum { IDLE_TOLD_SECONDS = 180 };

recto_status catalog_heartbeat(catalog *catalog, int64_t idle_seconds, recto_error *error)
{
    if (catalog->session[0] == '\0')
        return RECTO_OK;
    recto_status status = repo_session_seen(catalog->repo, catalog->session, catalog_now(catalog), error);
    if (status == RECTO_OK && idle_seconds < IDLE_TOLD_SECONDS)
        status = repo_session_used(catalog->repo, catalog->session, catalog_now(catalog) - idle_seconds, error);
    return status;
}

/* ---- what the desk knows */

repo *catalog_repo(catalog *catalog)
{
    return catalog->repo;
}

const char *catalog_user(const catalog *catalog)
{
    return catalog->user;
}

const char *catalog_institution(const catalog *catalog)
{
    return catalog->institution;
}

int64_t catalog_now(const catalog *catalog)
{
    return recto_clock_now(&catalog->clock);
}

bool catalog_is_read_only(const catalog *catalog)
{
    return repo_is_read_only(catalog->repo);
}

static void add_table(void *context, const char *name)
{
    lazy_tables *lazy = context;
    resource file = { 0 };
    if (lazy->fault.status != RECTO_OK)
        return;
    recto_status status = resource_open(&file, name, 0, &lazy->fault);
    if (status == RECTO_OK)
        status = marc_tables_add(lazy->tables, file.content, file.origin, &lazy->fault);
    lazy->fault.status = status;
    resource_release(&file);
}

/* A cataloger must not be left without tables because a file of the configuration has a fault. */
static void load_built_in_tables(lazy_tables *lazy)
{
    size_t count = 0;
    const char *const *names = marc_tables_files(&count);
    marc_tables_free(lazy->tables);
    lazy->tables = NULL;
    recto_status status = marc_tables_new(&lazy->tables, NULL);
    for (size_t i = 0; i < count && status == RECTO_OK; i++) {
        resource file = { 0 };
        status = resource_open_built_in(&file, names[i], NULL);
        if (status == RECTO_OK)
            status = marc_tables_add(lazy->tables, file.content, names[i], NULL);
        resource_release(&file);
    }
    if (status != RECTO_OK) {
        marc_tables_free(lazy->tables);
        lazy->tables = NULL;
    }
}

const marc_tables *catalog_tables(const catalog *catalog)
{
    lazy_tables *lazy = catalog->lazy;
    if (!lazy->tried && marc_tables_new(&lazy->tables, NULL) == RECTO_OK) {
        resource_list("data/marc21/", add_table, lazy);
        if (lazy->fault.status != RECTO_OK)
            load_built_in_tables(lazy);
    }
    lazy->tried = true;
    return lazy->tables;
}

const recto_error *catalog_tables_fault(const catalog *catalog)
{
    (void)catalog_tables(catalog);
    return catalog->lazy->fault.status != RECTO_OK ? &catalog->lazy->fault : NULL;
}
