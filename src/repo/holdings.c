/* src/repo/holdings.c - holdings records with their versions.
 *
 * Library, location and call number are read from 852 at every save and kept in the row, for lists and the shelf. */
#include "inventory_inside.h"
#include "search.h"
#include "recto/repo/links.h"
#include <stdio.h>
#include <string.h>

/* 852: $b library, $c location, $h $i (and $k $l $m) call number; the scheme is the first indicator. */
static void read_852(holding *out, char scheme[static 2], buffer *shelf, const marc_record *record)
{
    text value = { NULL, 0 };
    buffer call_number;
    size_t index = marc_record_find(record, "852", 0);
    if (index == SIZE_MAX)
        return;
    const marc_field *field = marc_record_field(record, index);
    scheme[0] = marc_field_indicator(field, 1);
    scheme[1] = '\0';
    if (marc_field_subfield(field, 'b', &value))
        string_keep(out->library, sizeof out->library, text_trim(value));
    if (marc_field_subfield(field, 'c', &value))
        string_keep(out->location, sizeof out->location, text_trim(value));
    buffer_init(&call_number, 0);
    marc_field_join(&call_number, field, "hijklm");
    string_keep(out->call_number, sizeof out->call_number, buffer_text(&call_number));
    buffer_clear(&call_number);
    marc_field_join(&call_number, field, "hi");
    shelf_key(shelf, buffer_text(&call_number));
    if (buffer_failed(&call_number))
        shelf->failed = true;
    buffer_release(&call_number);
}

typedef struct bib_place { /* where a new holding goes */
    int64_t document;
    int zone;
    bool deleted;
} bib_place;

static recto_status find_bib(bib_place *out, repo *repo, mms_id bib, recto_error *error)
{
    rows rows;
    bool found = false;
    (void)rows_open(&rows, repo, error, SQL_BIB_STATE, "i", bib);
    if (rows_next(&rows)) {
        found = true;
        *out = (bib_place){ .document = row_int64(&rows, 0), .deleted = row_int(&rows, 2) != 0, .zone = row_int(&rows, 3) };
    }
    recto_status status = rows_close(&rows);
    if (status == RECTO_OK && (!found || out->deleted))
        return inventory_unknown(bib, "bibliographic record", error);
    return status;
}

static recto_status refuse_other_zones(const repo *repo, const bib_place *bib, int zone, recto_error *error)
{
    const repo_zone *of_bib = zone_by_id(repo, bib->zone);
    if (of_bib == NULL || of_bib->kind != ZONE_INSTITUTION)
        return recto_fail(error, RECTO_EREFUSED, of_bib != NULL ? of_bib->code : NULL, "copy the record to the institution first",
                          "this zone holds no inventory");
    if (bib->zone != zone)
        return recto_fail(error, RECTO_EREFUSED, of_bib->code, NULL, "holdings belong to the zone of their record");
    return RECTO_OK;
}

static recto_status store_holding_version(repo *repo, int64_t number, int version, const marc_record *record, const char *user,
                                          int64_t now, recto_error *error)
{
    unsigned char checksum[CHECKSUM_LENGTH];
    buffer_clear(&repo->scratch);
    recto_status status = repo_record_encode(&repo->scratch, record, error);
    if (status != RECTO_OK)
        return status;
    checksum_make(checksum, buffer_text(&repo->scratch));
    return store_run(repo, error, SQL_HOLDING_VERSION_ADD, "inisbb", number, version, now, user,
                     text_of((const char *)checksum, CHECKSUM_LENGTH), buffer_text(&repo->scratch));
}

typedef struct holding_write {
    mms_id id, bib;
    int zone, expected_version;
    const marc_record *record;
    const char *user;
    int64_t now;
    holding brief; /* what 852 says */
    char scheme[2];
    buffer shelf;
} holding_write;

static recto_status add_holding(repo *repo, holding_write *write, recto_error *error)
{
    bib_place bib = { 0 };
    recto_status status = find_bib(&bib, repo, write->bib, error);
    if (status == RECTO_OK)
        status = refuse_other_zones(repo, &bib, write->zone, error);
    if (status == RECTO_OK)
        status = number_take(&write->id, repo, SQL_HOLDING_NUMBER, write->zone, HOLDING_PREFIX, error);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_HOLDING_ADD, "iinssstiss", write->id, bib.document, write->zone, write->brief.library,
                           write->brief.location, write->brief.call_number, buffer_text(&write->shelf), write->now, write->user,
                           write->scheme);
    if (status == RECTO_OK)
        status = store_holding_version(repo, sqlite3_last_insert_rowid(repo->database), 1, write->record, write->user, write->now,
                                       error);
    return status == RECTO_OK ? inventory_count(repo, bib.document, error) : status;
}

recto_status holding_find(holding_state *out, repo *repo, mms_id id, recto_error *error)
{
    rows rows;
    bool found = false;
    (void)rows_open(&rows, repo, error, SQL_HOLDING_STATE, "i", id);
    if (rows_next(&rows)) {
        found = true;
        *out = (holding_state){ row_int64(&rows, 0), row_int64(&rows, 2), row_int(&rows, 1), row_int(&rows, 3) };
    }
    recto_status status = rows_close(&rows);
    return status == RECTO_OK && !found ? inventory_unknown(id, "holdings record", error) : status;
}

static recto_status update_holding(repo *repo, const holding_write *write, recto_error *error)
{
    holding_state state = { 0 };
    recto_status status = holding_find(&state, repo, write->id, error);
    if (status == RECTO_OK && state.version != write->expected_version)
        status = recto_fail(error, RECTO_EREFUSED, write->brief.call_number, "nothing was saved; your text is kept",
                            "the holdings record changed (version %d); your copy is of version %d", state.version,
                            write->expected_version);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_HOLDING_UPDATE, "issstiss", state.number, write->brief.library, write->brief.location,
                           write->brief.call_number, buffer_text(&write->shelf), write->now, write->user, write->scheme);
    if (status == RECTO_OK)
        status = store_holding_version(repo, state.number, state.version + 1, write->record, write->user, write->now, error);
    return status;
}

recto_status repo_holding_write(repo *repo, mms_id *id, mms_id bib, int zone, const marc_record *record, int expected_version,
                                const char *user, int64_t now, recto_error *error)
{
    bool own;
    holding_write write = {
        .id = *id, .bib = bib, .zone = zone, .expected_version = expected_version, .record = record, .user = user, .now = now
    };
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    buffer_init(&write.shelf, 0);
    read_852(&write.brief, write.scheme, &write.shelf, record);
    if (buffer_failed(&write.shelf))
        status = recto_fail_memory(error, "saving holdings");
    else
        status = *id == 0 ? add_holding(repo, &write, error) : update_holding(repo, &write, error);
    status = change_end(repo, own, status, error);
    if (status == RECTO_OK)
        *id = write.id;
    buffer_release(&write.shelf);
    return status;
}

/* The holdings go first, their items with them; then both bibs are counted. */
static recto_status move_holding(repo *repo, const holding_write *write, recto_error *error)
{
    holding_state state = { 0 };
    bib_place target = { 0 };
    recto_status status = holding_find(&state, repo, write->id, error);
    if (status == RECTO_OK)
        status = find_bib(&target, repo, write->bib, error);
    if (status == RECTO_OK)
        status = refuse_other_zones(repo, &target, state.zone, error);
    if (status == RECTO_OK)
        status = update_holding(repo, write, error);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_HOLDING_MOVE, "ii", state.number, target.document);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_ITEMS_MOVE, "ii", state.number, target.document);
    if (status == RECTO_OK)
        status = inventory_count(repo, state.document, error);
    return status == RECTO_OK ? inventory_count(repo, target.document, error) : status;
}

recto_status repo_holding_move(repo *repo, mms_id id, mms_id to, const marc_record *record, int expected_version,
                               const char *user, int64_t now, recto_error *error)
{
    bool own;
    holding_write write = {
        .id = id, .bib = to, .expected_version = expected_version, .record = record, .user = user, .now = now
    };
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    buffer_init(&write.shelf, 0);
    read_852(&write.brief, write.scheme, &write.shelf, record);
    status = buffer_failed(&write.shelf) ? recto_fail_memory(error, "moving holdings") : move_holding(repo, &write, error);
    buffer_release(&write.shelf);
    return change_end(repo, own, status, error);
}

static void read_holding(holding *out, const rows *rows)
{
    memset(out, 0, sizeof *out);
    out->id = row_int64(rows, 0);
    out->bib = row_int64(rows, 1);
    out->zone = row_int(rows, 2);
    out->version = row_int(rows, 3);
    row_string(rows, 4, out->library, sizeof out->library);
    row_string(rows, 5, out->location, sizeof out->location);
    row_string(rows, 6, out->call_number, sizeof out->call_number);
    out->items = row_int(rows, 7);
    out->created_at = row_int64(rows, 8);
    out->modified_at = row_int64(rows, 9);
    row_string(rows, 10, out->modified_by, sizeof out->modified_by);
}

static recto_status decode_holding(marc_record **out, repo *repo, mms_id id, int64_t number, int version, recto_error *error)
{
    rows rows;
    unsigned char checksum[CHECKSUM_LENGTH];
    char where[32];
    recto_status answer = RECTO_EDATA;
    (void)rows_open(&rows, repo, error, SQL_HOLDING_VERSION_RECORD, "in", number, version);
    if (rows_next(&rows)) {
        checksum_make(checksum, row_text(&rows, 0));
        if (text_equal(row_text(&rows, 1), text_of((const char *)checksum, CHECKSUM_LENGTH)))
            answer = repo_record_decode(out, row_text(&rows, 0), error);
    }
    recto_status status = rows_close(&rows);
    (void)snprintf(where, sizeof where, "MMS ID %lld", (long long)id);
    if (status == RECTO_OK && answer == RECTO_EDATA)
        return recto_fail(error, RECTO_EDATA, where, "run: recto check --full", "version %d is damaged (checksum)", version);
    return status != RECTO_OK ? status : answer;
}

recto_status repo_holding_load(repo *repo, mms_id id, marc_record **record, holding *info, recto_error *error)
{
    rows rows;
    holding own_info = { 0 }, *filled = info != NULL ? info : &own_info;
    int64_t number = 0;
    bool found = false, own;
    recto_status status = look_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    (void)rows_open(&rows, repo, error, SQL_HOLDING_INFO, "i", id);
    if (rows_next(&rows)) {
        found = true;
        read_holding(filled, &rows);
        number = row_int64(&rows, 11);
    }
    status = rows_close(&rows);
    if (status == RECTO_OK && !found)
        status = inventory_unknown(id, "holdings record", error);
    if (status == RECTO_OK && record != NULL)
        status = decode_holding(record, repo, id, number, filled->version, error);
    look_end(repo, own);
    return status;
}

recto_status repo_holdings(repo *repo, mms_id bib, void (*visit)(void *context, const holding *holding), void *context,
                           recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_HOLDINGS, "i", bib);
    while (rows_next(&rows)) {
        holding holding;
        read_holding(&holding, &rows);
        visit(context, &holding);
    }
    return rows_close(&rows);
}

static recto_status delete_holding(repo *repo, mms_id id, const char *user, int64_t now, recto_error *error)
{
    holding_state state = { 0 };
    int64_t items = 0;
    char where[32];
    recto_status status = holding_find(&state, repo, id, error);
    if (status == RECTO_OK)
        status = store_number(&items, repo, error, SQL_HOLDING_COUNT_ITEMS, "i", state.number);
    (void)snprintf(where, sizeof where, "MMS ID %lld", (long long)id);
    if (status == RECTO_OK && items > 0)
        return recto_fail(error, RECTO_EREFUSED, where, "delete or move the items first", "the holdings record has %d item%s",
                          (int)items, items == 1 ? "" : "s");
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_HOLDING_DELETE, "iis", state.number, now, user);
    if (status == RECTO_OK)
        status = deletion_note(repo, id, error);
    return status == RECTO_OK ? inventory_count(repo, state.document, error) : status;
}

recto_status repo_holding_delete(repo *repo, mms_id id, const char *user, int64_t now, recto_error *error)
{
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    return change_end(repo, own, delete_holding(repo, id, user, now, error), error);
}

/* A damaged holdings record has no type until it is saved again. */
static recto_status derive_one(bool *found, int64_t *number, repo *repo, recto_error *error)
{
    rows rows;
    mms_id id = 0;
    int version = 0;
    marc_record *record = NULL;
    *found = false;
    (void)rows_open(&rows, repo, error, SQL_HOLDING_NEXT, "i", *number);
    if (rows_next(&rows)) {
        *found = true;
        *number = row_int64(&rows, 0);
        id = row_int64(&rows, 1);
        version = row_int(&rows, 2);
    }
    recto_status status = rows_close(&rows);
    if (status == RECTO_OK && *found && decode_holding(&record, repo, id, *number, version, NULL) == RECTO_OK) {
        holding brief = { 0 };
        char scheme[2] = "";
        buffer shelf;
        buffer_init(&shelf, 0);
        read_852(&brief, scheme, &shelf, record);
        buffer_release(&shelf);
        status = store_run(repo, error, SQL_HOLDING_SET_TYPE, "is", *number, scheme);
    }
    marc_record_free(record);
    return status;
}

recto_status holdings_derive(repo *repo, recto_error *error)
{
    int64_t number = 0;
    bool found = true;
    recto_status status = RECTO_OK;
    while (status == RECTO_OK && found)
        status = derive_one(&found, &number, repo, error);
    return status;
}

recto_status repo_holding_undelete(repo *repo, mms_id id, const char *user, int64_t now, recto_error *error)
{
    rows rows;
    int64_t number = 0, document = 0;
    bool bib_deleted = false, found = false, own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    (void)rows_open(&rows, repo, error, SQL_HOLDING_DELETED_STATE, "i", id);
    if (rows_next(&rows)) {
        found = true;
        number = row_int64(&rows, 0);
        document = row_int64(&rows, 1);
        bib_deleted = row_int(&rows, 2) != 0;
    }
    status = rows_close(&rows);
    if (status == RECTO_OK && !found)
        status = inventory_unknown(id, "deleted holdings record", error);
    if (status == RECTO_OK && bib_deleted)
        status = recto_fail(error, RECTO_EREFUSED, NULL, "restore the bib first", "the bib of these holdings is deleted");
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_HOLDING_TAKE_BACK, "iis", number, now, user);
    if (status == RECTO_OK)
        status = inventory_count(repo, document, error);
    return change_end(repo, own, status, error);
}
