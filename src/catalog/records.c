/* src/catalog/records.c - reading records and versions, telling which record a file's copy is, tags and deletion. */
#include "inside.h"

#include "recto/catalog/custody.h"
#include "recto/repo/authorities.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static recto_status must_see(const catalog *catalog, mms_id id, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    mms_id_format(where, id);
    return catalog_sees(catalog, id) ? RECTO_OK : recto_fail(error, RECTO_ENOTFOUND, where, NULL, "no such record");
}

recto_status catalog_load(catalog *catalog, mms_id id, marc_record **record, bib_info *info, recto_error *error)
{
    bib_info unwanted;
    recto_status status = must_see(catalog, id, error);
    if (status != RECTO_OK)
        return status;
    return repo_bib_load(catalog->repo, id, record, info != NULL ? info : &unwanted, catalog_now(catalog), error);
}

recto_status catalog_versions(catalog *catalog, mms_id id, void (*visit)(void *context, const bib_version *version),
                              void *context, recto_error *error)
{
    recto_status status = must_see(catalog, id, error);
    return status == RECTO_OK ? repo_versions(catalog->repo, id, visit, context, error) : status;
}

recto_status catalog_version_load(catalog *catalog, mms_id id, int version, marc_record **out, recto_error *error)
{
    recto_status status = must_see(catalog, id, error);
    return status == RECTO_OK ? repo_version_load(catalog->repo, id, version, out, error) : status;
}

/* ---- which stored record is this? */

static recto_status refuse_other_version(const marc_record *record, const bib_info *info, recto_error *error)
{
    char where[MMS_ID_LENGTH], changed[64], copy[64] = "an unknown time";
    const text stamp = marc_record_control(record, "005");
    int64_t ticks;
    mms_id_format(where, info->id);
    clock_format_local(changed, sizeof changed, info->modified_at);
    if (clock_parse_005(&ticks, stamp.bytes, stamp.length))
        clock_format_local(copy, sizeof copy, ticks / 10);
    return recto_fail(error, RECTO_EREFUSED, where, "fetch the record again, or give --if-version",
                      "MMS ID %s changed at %s by %s (version %d); your copy is of %s. Nothing was saved", where, changed,
                      info->modified_by, info->version, copy);
}

recto_status catalog_identify(mms_id *id, int *base_version, catalog *catalog, const marc_record *record, int if_version,
                              recto_error *error)
{
    marc_record *stored = NULL;
    bib_info info;
    int64_t ticks;
    const text stamp = marc_record_control(record, "005");
    mms_id named;
    *id = 0;
    *base_version = 0;
    if (!mms_id_parse(&named, marc_record_control(record, "001")) || !catalog_sees(catalog, named))
        return RECTO_OK;
    recto_status status = repo_bib_load(catalog->repo, named, &stored, &info, catalog_now(catalog), error);
    if (status == RECTO_ENOTFOUND) {
        recto_error_clear(error);
        return RECTO_OK;
    }
    if (status == RECTO_OK && if_version == 0 &&
        (!clock_parse_005(&ticks, stamp.bytes, stamp.length) || !text_equal(stamp, marc_record_control(stored, "005"))))
        status = refuse_other_version(record, &info, error);
    if (status == RECTO_OK) {
        *id = named;
        *base_version = if_version != 0 ? if_version : info.version;
    }
    marc_record_free(stored);
    return status;
}

/* ---- tags and deletion */

static recto_status must_be_free(catalog *catalog, mms_id id, recto_error *error)
{
    repo_lock holder;
    char where[MMS_ID_LENGTH], sentence[128];
    if (!lock_refuses(catalog, id, &holder))
        return RECTO_OK;
    mms_id_format(where, id);
    lock_sentence(sentence, sizeof sentence, catalog, &holder);
    return recto_fail(error, RECTO_ELOCKED, where, sentence, "the record is locked");
}

static recto_status must_be_ours(catalog *catalog, mms_id id, const char *act, recto_error *error)
{
    const repo_zone *zone = catalog_zone_of(catalog, id);
    char where[MMS_ID_LENGTH];
    mms_id_format(where, id);
    recto_status status = must_see(catalog, id, error);
    if (status == RECTO_OK && zone->kind == ZONE_COMMUNITY)
        return recto_fail(error, RECTO_EREFUSED, where, NULL, "%s", CANNOT_CHANGE_COMMUNITY);
    if (status == RECTO_OK && !catalog_may_in(catalog, zone))
        return refuse_privilege(catalog, PRIVILEGE_CATALOG, act, where, false, error);
    return status;
}

recto_status bib_set_tags(catalog *catalog, mms_id id, char sync, int suppressed, bool join, recto_error *error)
{
    transaction change = { .repo = NULL };
    char where[MMS_ID_LENGTH], detail[48];
    mms_id_format(where, id);
    snprintf(detail, sizeof detail, "sync %c, suppressed %d", sync != 0 ? sync : '=', suppressed);
    if (repo_is_authority(id))
        return recto_fail(error, RECTO_EREFUSED, where, NULL, "an authority record has no management tags");
    recto_status status = must_be_ours(catalog, id, "bib.tags", error);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, join, error);
    if (status == RECTO_OK)
        status = must_be_free(catalog, id, error);
    if (status == RECTO_OK)
        status = repo_bib_set_tags(catalog->repo, id, sync, suppressed, catalog->user, catalog_now(catalog), error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, "bib.tags", where, catalog_zone_of(catalog, id)->id, "changed", detail, error);
    return transaction_end(&change, status, error);
}

recto_status catalog_set_tags(catalog *catalog, mms_id id, char sync, int suppressed, recto_error *error)
{
    recto_status status = bib_set_tags(catalog, id, sync, suppressed, false, error);
    if (status == RECTO_OK)
        session_follow(catalog, id); /* it may be open: list and header mark what is suppressed */
    return status;
}

/* Never a bare "cannot be deleted" (ED-149). */
static recto_status must_be_bare(catalog *catalog, mms_id id, recto_error *error)
{
    delete_obstacle *rows = NULL;
    size_t count = 0;
    buffer sentence;
    char where[MMS_ID_LENGTH], level[80];
    mms_id_format(where, id);
    if (level_of_record_refuses(level, sizeof level, catalog, id))
        return recto_fail(error, RECTO_EREFUSED, where, "ask somebody of that level", "%s", level);
    recto_status status = catalog_delete_obstacles(&rows, &count, catalog, id, error);
    if (status != RECTO_OK || count == 0)
        return status;
    buffer_init(&sentence, 1024);
    delete_obstacles_sentence(&sentence, rows, count);
    status = recto_fail(error, RECTO_EREFUSED, where, "these have to go first", "in the way: %.*s",
                        FIT(buffer_string(&sentence), 100));
    buffer_release(&sentence);
    free(rows);
    return status;
}

recto_status bib_delete(catalog *catalog, mms_id id, int expected_version, bool join, recto_error *error)
{
    transaction change = { .repo = NULL };
    char where[MMS_ID_LENGTH];
    mms_id_format(where, id);
    const char *act = repo_is_authority(id) ? "authority.delete" : "bib.delete";
    recto_status status = must_be_ours(catalog, id, act, error);
    if (status == RECTO_OK)
        status = need_privilege(catalog, PRIVILEGE_DELETE, act, where, error);
    if (status == RECTO_OK)
        status = transaction_begin(&change, catalog, join, error);
    if (status == RECTO_OK)
        status = must_be_free(catalog, id, error);
    if (status == RECTO_OK)
        status = must_be_bare(catalog, id, error);
    if (status == RECTO_OK)
        status = repo_bib_delete(catalog->repo, id, expected_version, catalog->user, catalog_now(catalog), error);
    if (status == RECTO_OK)
        status = catalog_audit(catalog, act, where, catalog_zone_of(catalog, id)->id, "deleted", NULL, error);
    return transaction_end(&change, status, error);
}

recto_status catalog_delete(catalog *catalog, mms_id id, int expected_version, recto_error *error)
{
    return bib_delete(catalog, id, expected_version, false, error);
}
