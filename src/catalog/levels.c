/* src/catalog/levels.c - cataloging levels: who may change a record of which level (ED-179, ED-180). Off until the institution's
 * setting cataloging_levels is "on". */
#include "inside.h"

#include "recto/catalog/custody.h"

#include <stdio.h>
#include <string.h>

bool catalog_levels_are_on(catalog *catalog)
{
    buffer value;
    buffer_init(&value, 64);
    const bool on = catalog->own != NULL &&
                    repo_setting_get(catalog->repo, catalog->own->id, "cataloging_levels", &value, NULL) == RECTO_OK &&
                    text_equal(text_trim(buffer_text(&value)), TEXT("on"));
    buffer_release(&value);
    return on;
}

recto_status catalog_set_levels_on(catalog *catalog, bool on, recto_error *error)
{
    transaction change = { .repo = NULL };
    const char *word = on ? "on" : "off";
    recto_status status = need_privilege(catalog, PRIVILEGE_ADMINISTER, "levels", catalog->institution, error);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_setting_set(catalog->repo, catalog->own->id, "cataloging_levels", word, error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "levels", catalog->institution, catalog->own->id, word, NULL, error);
    return transaction_end(&change, status, error);
}

int catalog_own_level(catalog *catalog)
{
    int level = 0;
    (void)repo_user_level(catalog->repo, catalog->user, &level, NULL);
    return level;
}

bool level_refuses(char *sentence, size_t capacity, catalog *catalog, int level)
{
    if (level <= 0 || !catalog_levels_are_on(catalog))
        return false;
    const int own = catalog_own_level(catalog);
    snprintf(sentence, capacity, "Level %02d record; yours is %02d", level, own);
    return level > own;
}

bool level_of_record_refuses(char *sentence, size_t capacity, catalog *catalog, mms_id id)
{
    bib_info info;
    return catalog_levels_are_on(catalog) && repo_bib_info(catalog->repo, id, &info, catalog_now(catalog), NULL) == RECTO_OK &&
           level_refuses(sentence, capacity, catalog, info.cataloging_level);
}

static recto_status must_be_a_level(int level, const char *where, recto_error *error)
{
    if (level >= 0 && level <= CATALOGING_LEVEL_MAX)
        return RECTO_OK;
    return recto_fail(error, RECTO_EINVALID, where, "levels are 00 to 99", "%d is no cataloging level", level);
}

recto_status catalog_user_set_level(catalog *catalog, const char *user, int level, recto_error *error)
{
    transaction change = { .repo = NULL };
    char detail[32];
    recto_status status = need_privilege(catalog, PRIVILEGE_ADMINISTER, "user.level", user, error);
    if (status == RECTO_OK)
        status = must_be_a_level(level, user, error);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = repo_user_set_level(catalog->repo, user, level, error);
    snprintf(detail, sizeof detail, "level %02d", level);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "user.level", user, 0, "changed", detail, error);
    return transaction_end(&change, status, error);
}

static recto_status may_set(catalog *catalog, mms_id id, int level, const char *where, recto_error *error)
{
    bib_info info;
    repo_lock holder;
    char sentence[128];
    recto_status status = repo_bib_info(catalog->repo, id, &info, catalog_now(catalog), error);
    if (status != RECTO_OK)
        return status;
    if (level_refuses(sentence, sizeof sentence, catalog, info.cataloging_level) ||
        level_refuses(sentence, sizeof sentence, catalog, level))
        return recto_fail(error, RECTO_EREFUSED, where, "ask somebody of that level", "%s", sentence);
    if (!lock_refuses(catalog, id, &holder))
        return RECTO_OK;
    lock_sentence(sentence, sizeof sentence, catalog, &holder);
    return recto_fail(error, RECTO_ELOCKED, where, sentence, "the record is locked");
}

recto_status catalog_set_level(catalog *catalog, mms_id id, int level, recto_error *error)
{
    transaction change = { .repo = NULL };
    char where[MMS_ID_LENGTH], detail[32];
    const repo_zone *zone = catalog_zone_of(catalog, id);
    mms_id_format(where, id);
    snprintf(detail, sizeof detail, "level %02d", level);
    if (!catalog_may_in(catalog, zone))
        return refuse_privilege(catalog, PRIVILEGE_CATALOG, "bib.level", where, false, error);
    recto_status status = must_be_a_level(level, where, error);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, false, error);
    if (status == RECTO_OK)
        status = may_set(catalog, id, level, where, error);
    if (status == RECTO_OK)
        status = repo_bib_set_level(catalog->repo, id, level, catalog->user, catalog_now(catalog), error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "bib.level", where, zone->id, "changed", detail, error);
    return transaction_end(&change, status, error);
}
