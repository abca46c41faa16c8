/* src/repo/check_full.c - every version read back, and the audit chain; check_postings.c compares the index (RL-81). */
#include "check.h"
#include "pack.h"
#include <string.h>

/* ---- records ----------------------------------------------------------------------------------------------------- */

/* A stored record must read back, and be the same bytes when written again. NULL in *out: reported. */
static recto_status check_record(marc_record **out, check *check, mms_id id, int version, text stored, text kept)
{
    unsigned char checksum[CHECKSUM_LENGTH];
    buffer again;
    text bytes = { NULL, 0 };
    *out = NULL;
    recto_status status = unpack_record(&bytes, check->repo, stored, check->error);
    if (status != RECTO_OK && status != RECTO_EDATA)
        return status;
    checksum_make(checksum, bytes);
    if (status == RECTO_EDATA || !text_equal(kept, text_of((const char *)checksum, CHECKSUM_LENGTH))) {
        tell_finding(check, "checksum", id, "version %d is damaged (checksum); go back to an earlier version, or " RUN_RESTORE,
                     version);
        return RECTO_OK;
    }
    status = repo_record_decode(out, bytes, check->error);
    if (status == RECTO_EDATA) {
        recto_error_clear(check->error);
        tell_finding(check, "record", id, "version %d cannot be read back; go back to an earlier version, or " RUN_RESTORE,
                     version);
        return RECTO_OK;
    }
    if (status != RECTO_OK)
        return status;
    buffer_init(&again, 0);
    status = repo_record_encode(&again, *out, check->error);
    if (status == RECTO_OK && !text_equal(buffer_text(&again), bytes))
        tell_finding(check, "record", id, "version %d is not the same bytes when written again; please report this", version);
    buffer_release(&again);
    return status;
}

static recto_status check_versions(check *check)
{
    rows rows;
    recto_status status = RECTO_OK;
    (void)rows_open(&rows, check->repo, check->error, SQL_CHECK_ALL_VERSIONS, "");
    while (status == RECTO_OK && rows_next(&rows)) {
        marc_record *record = NULL;
        const mms_id id = row_int64(&rows, 0);
        if (row_is_null(&rows, 0))
            tell_finding(check, "orphan-version", 0, "a version of a record that is not there (%lld); " RUN_RESTORE,
                         (long long)row_int64(&rows, 1));
        status = check_record(&record, check, id, row_int(&rows, 2), row_text(&rows, 3), row_text(&rows, 4));
        marc_record_free(record);
    }
    recto_status closed = rows_close(&rows);
    return status != RECTO_OK ? status : closed;
}

static recto_status check_holding_versions(check *check)
{
    rows rows;
    recto_status status = RECTO_OK;
    (void)rows_open(&rows, check->repo, check->error, SQL_CHECK_HOLDING_VERSIONS, "");
    while (status == RECTO_OK && rows_next(&rows)) {
        marc_record *record = NULL;
        status = check_record(&record, check, row_int64(&rows, 0), row_int(&rows, 1), row_text(&rows, 2), row_text(&rows, 3));
        marc_record_free(record);
    }
    recto_status closed = rows_close(&rows);
    return status != RECTO_OK ? status : closed;
}

/* ---- the audit chain --------------------------------------------------------------------------------------------- */

static recto_status check_audit(check *check)
{
    rows rows;
    bool broken = false;
    unsigned char hash[AUDIT_HASH_LENGTH];
    size_t length = 0; /* of the hash before: none before the first row */
    int64_t number = 0;
    (void)rows_open(&rows, check->repo, check->error, SQL_AUDIT_ALL, "");
    while (!broken && rows_next(&rows)) {
        text parts[AUDIT_PARTS];
        for (int i = 0; i < AUDIT_PARTS; i++)
            parts[i] = row_text(&rows, 2 + i);
        unsigned char next[AUDIT_HASH_LENGTH];
        audit_hash(next, text_of((const char *)hash, length), row_int64(&rows, 1), parts, AUDIT_PARTS);
        broken = !text_equal(row_text(&rows, 11), text_of((const char *)next, sizeof next)) || row_int64(&rows, 0) != number + 1;
        number = row_int64(&rows, 0);
        memcpy(hash, next, sizeof hash);
        length = sizeof hash;
    }
    if (broken)
        tell_finding(check, "audit-chain", 0, "the audit trail was changed at or before row %lld; compare it with a backup",
                     (long long)number);
    return rows_close(&rows);
}

recto_status check_everything(check *check)
{
    recto_status status = check_versions(check);
    if (status == RECTO_OK)
        status = check_holding_versions(check);
    if (status == RECTO_OK)
        status = check_authorities(check);
    if (status == RECTO_OK)
        status = check_postings(check);
    return status == RECTO_OK ? check_audit(check) : status;
}
