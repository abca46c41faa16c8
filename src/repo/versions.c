/* src/repo/versions.c - every version of a record is kept, each with a checksum (RL-82). */
#include "pack.h"
#include <stdio.h>
#include <string.h>

recto_status repo_versions(repo *repo, mms_id id, void (*visit)(void *context, const bib_version *version), void *context,
                           recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_VERSIONS, "i", id);
    while (rows_next(&rows)) {
        bib_version version = { .version = row_int(&rows, 0), .saved_at = row_int64(&rows, 1) };
        row_string(&rows, 2, version.saved_by, sizeof version.saved_by);
        row_string(&rows, 3, version.origin, sizeof version.origin);
        row_string(&rows, 4, version.note, sizeof version.note);
        visit(context, &version);
    }
    return rows_close(&rows);
}

/* @return RECTO_OK, RECTO_ENOTFOUND, RECTO_EDATA without filling the error: the caller knows the words. */
static recto_status read_version(marc_record **out, repo *repo, int64_t document, int version, recto_error *error)
{
    rows rows;
    unsigned char checksum[CHECKSUM_LENGTH];
    recto_status answer = RECTO_ENOTFOUND;
    (void)rows_open(&rows, repo, error, SQL_VERSION_RECORD, "in", document, version);
    if (rows_next(&rows)) {
        text bytes = { NULL, 0 };
        const text kept = row_text(&rows, 1);
        answer = unpack_record(&bytes, repo, row_text(&rows, 0), error);
        if (answer == RECTO_OK) {
            checksum_make(checksum, bytes);
            answer = text_equal(kept, text_of((const char *)checksum, CHECKSUM_LENGTH)) ? repo_record_decode(out, bytes, error)
                                                                                        : RECTO_EDATA;
        }
    }
    recto_status status = rows_close(&rows);
    return status != RECTO_OK ? status : answer;
}

static int last_good_version(repo *repo, int64_t document, int before)
{
    for (int version = before - 1; version > 0; version--) {
        marc_record *record = NULL;
        recto_status status = read_version(&record, repo, document, version, NULL);
        marc_record_free(record);
        if (status == RECTO_OK)
            return version;
    }
    return 0;
}

static recto_status fail_version(repo *repo, mms_id id, int64_t document, int version, recto_status status, recto_error *error)
{
    char where[32], good[80] = "no earlier version is good: restore a backup";
    (void)snprintf(where, sizeof where, "MMS ID %lld", (long long)id);
    if (status == RECTO_ENOTFOUND)
        return recto_fail(error, RECTO_ENOTFOUND, where, "recto versions lists those there are", "there is no version %d",
                          version);
    int last = last_good_version(repo, document, version);
    if (last > 0)
        (void)snprintf(good, sizeof good, "last good version: %d", last);
    return recto_fail(error, RECTO_EDATA, where, good, "version %d is damaged (checksum)", version);
}

recto_status stored_record(marc_record **out, repo *repo, mms_id id, int64_t document, int version, recto_error *error)
{
    recto_status status = read_version(out, repo, document, version, error);
    return status == RECTO_ENOTFOUND || status == RECTO_EDATA ? fail_version(repo, id, document, version, status, error) : status;
}

recto_status repo_version_load(repo *repo, mms_id id, int version, marc_record **out, recto_error *error)
{
    int64_t document = 0;
    char where[MMS_ID_LENGTH];
    mms_id_format(where, id);
    recto_status status = store_number(&document, repo, error, SQL_BIB_STATE, "i", id);
    if (status == RECTO_ENOTFOUND)
        return recto_fail(error, RECTO_ENOTFOUND, where, NULL, "no record of this MMS ID");
    return status == RECTO_OK ? stored_record(out, repo, id, document, version, error) : status;
}
