/* src/repo/zones.c - institutions, the Network Zone and the Community Zone; settings; MMS IDs. */
#include "bibs.h"
#include "recto/repo/authorities.h"
#include <stdio.h>
#include <string.h>

enum { SUFFIX_FACTOR = 10000, PREFIX_DIGITS_FACTOR = 10, BIB_PREFIX = 99, AUTHORITY_PREFIX = 98 };

/* ---- numbers -------------------------------------------------------------------------------------------------------- */

bool mms_id_parse(mms_id *out, text typed)
{
    text digits = text_trim(typed);
    if (digits.length > 3 && text_equal_ascii_case(text_of(digits.bytes, 3), TEXT("MMS"))) {
        digits = text_trim(text_of(digits.bytes + 3, digits.length - 3));
        if (digits.length > 2 && text_equal_ascii_case(text_of(digits.bytes, 2), TEXT("ID")))
            digits = text_of(digits.bytes + 2, digits.length - 2);
        while (digits.length > 0 && (digits.bytes[0] == ':' || digits.bytes[0] == ' '))
            digits = text_of(digits.bytes + 1, digits.length - 1);
    }
    int64_t value;
    if (digits.length < 8 || digits.length > 19 || digits.bytes[0] == '-' || !text_to_integer(digits, &value))
        return false;
    *out = value;
    return true;
}

void mms_id_format(char out[static MMS_ID_LENGTH], mms_id id)
{
    (void)snprintf(out, MMS_ID_LENGTH, "%lld", (long long)id);
}

/* "99" 100000000010 "5816": prefix, a number of its own for each zone and kind, the zone's suffix. */
static mms_id compose(int prefix, int64_t number, const char *suffix)
{
    int64_t power = 1, zone_digits = 0;
    while (power <= number)
        power *= PREFIX_DIGITS_FACTOR;
    (void)text_to_integer(text_of(suffix, 4), &zone_digits);
    return ((int64_t)prefix * power + number) * SUFFIX_FACTOR + zone_digits;
}

/* Two statements and not one with RETURNING: that one would open a savepoint, and at each savepoint FTS writes out the words
 * it holds in memory, which makes a load three times as slow. */
recto_status number_take(mms_id *out, repo *repo, enum sql_id counter, int zone_id, int prefix, recto_error *error)
{
    const enum sql_id taken = counter == SQL_BIB_NUMBER         ? SQL_BIB_NUMBER_TAKEN
                              : counter == SQL_HOLDING_NUMBER   ? SQL_HOLDING_NUMBER_TAKEN
                              : counter == SQL_AUTHORITY_NUMBER ? SQL_AUTHORITY_NUMBER_TAKEN
                                                                : SQL_ITEM_NUMBER_TAKEN;
    const repo_zone *zone = zone_by_id(repo, zone_id);
    bool own;
    int64_t number = 0;
    if (zone == NULL)
        return recto_fail(error, RECTO_EINVALID, NULL, NULL, "there is no zone of number %d", zone_id);
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = store_number(&number, repo, error, counter, "n", zone_id);
    if (status == RECTO_OK)
        status = store_run(repo, error, taken, "n", zone_id);
    status = change_end(repo, own, status, error);
    if (status == RECTO_OK)
        *out = compose(prefix, number, zone->suffix);
    return status;
}

recto_status repo_bib_new_id(repo *repo, int zone, mms_id *out, recto_error *error)
{
    return number_take(out, repo, SQL_BIB_NUMBER, zone, BIB_PREFIX, error);
}

recto_status repo_authority_new_id(repo *repo, int zone, mms_id *out, recto_error *error)
{
    return number_take(out, repo, SQL_AUTHORITY_NUMBER, zone, AUTHORITY_PREFIX, error);
}

bool repo_is_authority(mms_id id)
{
    static const mms_id first = 980000000000000000, last = 989999999999999999;
    return id >= first && id <= last;
}

recto_status bib_numbers_take(int64_t *first, repo *repo, int zone, int64_t count, recto_error *error)
{
    recto_status status = store_number(first, repo, error, SQL_BIB_NUMBER, "n", zone);
    return status == RECTO_OK ? store_run(repo, error, SQL_BIB_NUMBERS_TAKEN, "ni", zone, count) : status;
}

recto_status bib_numbers_return(repo *repo, int zone, int64_t first, int64_t end, recto_error *error)
{
    return store_run(repo, error, SQL_BIB_NUMBERS_RETURN, "nii", zone, first, end);
}

mms_id bib_number_id(const repo_zone *zone, int64_t number)
{
    return compose(BIB_PREFIX, number, zone->suffix);
}

/* ---- zones ---------------------------------------------------------------------------------------------------------- */

recto_status zones_load(repo *repo, recto_error *error)
{
    rows rows;
    const size_t capacity = sizeof repo->zones / sizeof *repo->zones;
    repo->zone_count = 0;
    (void)rows_open(&rows, repo, error, SQL_ZONES, "");
    while (repo->zone_count < capacity && rows_next(&rows)) {
        repo_zone *zone = &repo->zones[repo->zone_count++];
        text kind = row_text(&rows, 1);
        zone->id = row_int(&rows, 0);
        zone->kind = kind.length == 1 ? (zone_kind)kind.bytes[0] : ZONE_INSTITUTION;
        row_string(&rows, 2, zone->code, sizeof zone->code);
        row_string(&rows, 3, zone->suffix, sizeof zone->suffix);
    }
    return rows_close(&rows);
}

const repo_zone *zone_by_id(const repo *repo, int id)
{
    for (size_t i = 0; i < repo->zone_count; i++)
        if (repo->zones[i].id == id)
            return &repo->zones[i];
    return NULL;
}

recto_status repo_zones(repo *repo, repo_zone *out, size_t capacity, size_t *count, recto_error *error)
{
    (void)error; /* zones are made with the repository and read when it is opened */
    *count = repo->zone_count < capacity ? repo->zone_count : capacity;
    if (*count > 0)
        memcpy(out, repo->zones, *count * sizeof *out);
    return RECTO_OK;
}

/* ---- settings ------------------------------------------------------------------------------------------------------- */

recto_status repo_setting_get(repo *repo, int zone, const char *name, buffer *out, recto_error *error)
{
    rows rows;
    bool found = false;
    (void)rows_open(&rows, repo, error, SQL_SETTING_GET, "ns", zone, name);
    if (rows_next(&rows)) {
        found = true;
        buffer_append_text(out, row_text(&rows, 0));
    }
    recto_status status = rows_close(&rows);
    if (status == RECTO_OK && buffer_failed(out))
        return recto_fail_memory(error, "reading a setting");
    if (status == RECTO_OK && !found)
        return recto_fail(error, RECTO_ENOTFOUND, name, NULL, "no such setting in the repository");
    return status;
}

recto_status repo_setting_set(repo *repo, int zone, const char *name, const char *value, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    return change_end(repo, own, store_run(repo, error, SQL_SETTING_SET, "nss", zone, name, value), error);
}
