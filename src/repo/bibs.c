/* src/repo/bibs.c - bibliographic records: one write stores record, version, list columns and what is searched together.
 *
 * The guard against lost updates stands here (RL-40): a write names the version its author has seen. Matching, merging,
 * 001 and 005 are catalog/'s; here a record is stored as given. */
#include "bibs.h"
#include "authority_headings.h"
#include "pack.h"
#include "recto/base/utf8.h"
#include "recto/marc/tables.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Sorts behind every title: a record without one comes last. U+10FFFD. */
#define LAST_KEY "\xF4\x8F\xBF\xBD"

/* ---- what the list columns show ------------------------------------------------------------------------------------------ */

typedef void (*brief_part)(buffer *out, const marc_record *record);

/* Both give false for want of memory. */
static bool keep_part(char *out, size_t capacity, buffer *scratch, brief_part part, const marc_record *record)
{
    buffer_clear(scratch);
    part(scratch, record);
    string_keep(out, capacity, buffer_text(scratch));
    return !buffer_failed(scratch);
}

static bool make_key(char out[static TITLE_KEY_BYTES + 1], buffer *scratch, text value)
{
    buffer_clear(scratch);
    utf8_index_form(scratch, value);
    string_keep(out, TITLE_KEY_BYTES + 1, scratch->length > 0 ? buffer_text(scratch) : TEXT(LAST_KEY));
    return !buffer_failed(scratch);
}

/* The title as it is filed: without the leading article that 245's second indicator counts. */
static text filing_title(const marc_record *record, const char *title)
{
    text whole = text_from(title);
    size_t index = marc_record_find(record, "245", 0), at = 0;
    char digit = index == SIZE_MAX ? '0' : marc_field_indicator(marc_record_field(record, index), 2);
    for (int left = digit >= '1' && digit <= '9' ? digit - '0' : 0; left > 0 && at < whole.length; left--) {
        int32_t code;
        at += utf8_decode(whole.bytes + at, whole.length - at, &code);
    }
    return at < whole.length ? text_of(whole.bytes + at, whole.length - at) : whole;
}

static bool keep_first_number(void *context, const marc_key *key)
{
    brief *brief = context;
    const bool main_number = key->subfield == 'a' && strcmp(key->tag, "019") != 0;
    if (key->kind == MARC_KEY_OCLC && main_number && brief->oclc[0] == '\0')
        string_keep(brief->oclc, sizeof brief->oclc, key->key);
    if (key->kind == MARC_KEY_ISBN && main_number && brief->isbn[0] == '\0')
        string_keep(brief->isbn, sizeof brief->isbn, key->key);
    if (key->kind == MARC_KEY_ISSN && main_number && brief->issn[0] == '\0')
        string_keep(brief->issn, sizeof brief->issn, key->key);
    return true;
}

/* An authority record has its heading for a title. */
static bool brief_of_authority(brief *out, buffer *scratch, const marc_record *record)
{
    out->material = authority_kind(record);
    return keep_part(out->title, sizeof out->title, scratch, authority_title, record) &&
           make_key(out->title_key, scratch, text_from(out->title)) && make_key(out->creator_key, scratch, TEXT(""));
}

bool brief_make(brief *out, buffer *scratch, const marc_record *record)
{
    memset(out, 0, sizeof *out);
    if (marc_family_of(record) == MARC_AUTHORITY)
        return brief_of_authority(out, scratch, record);
    bool whole = keep_part(out->title, sizeof out->title, scratch, marc_record_title, record) &&
                 keep_part(out->creator, sizeof out->creator, scratch, marc_record_creator, record) &&
                 keep_part(out->date, sizeof out->date, scratch, marc_record_date, record) &&
                 make_key(out->title_key, scratch, filing_title(record, out->title)) &&
                 make_key(out->creator_key, scratch, text_from(out->creator));
    out->has_year = text_to_integer(text_from(out->date), &out->year);
    out->material = marc_material_type(record);
    return marc_record_keys(record, keep_first_number, out) && whole;
}

/* ---- writing --------------------------------------------------------------------------------------------------------------- */

typedef struct bib_state { /* of the stored record before the write */
    int64_t document;
    int version, zone;
    bool deleted;
    int64_t modified_at;
    char modified_by[64];
} bib_state;

static recto_status read_state(bib_state *out, repo *repo, mms_id id, recto_error *error)
{
    rows rows;
    bool found = false;
    char where[MMS_ID_LENGTH];
    (void)rows_open(&rows, repo, error, SQL_BIB_STATE, "i", id);
    if (rows_next(&rows)) {
        found = true;
        *out = (bib_state){ .document = row_int64(&rows, 0),
                            .version = row_int(&rows, 1),
                            .deleted = row_int(&rows, 2) != 0,
                            .zone = row_int(&rows, 3),
                            .modified_at = row_int64(&rows, 4) };
        row_string(&rows, 5, out->modified_by, sizeof out->modified_by);
    }
    recto_status status = rows_close(&rows);
    mms_id_format(where, id);
    if (status == RECTO_OK && !found)
        return recto_fail(error, RECTO_ENOTFOUND, where, NULL, "no record of this MMS ID");
    return status;
}

static recto_status refuse_unseen(const bib_state *state, mms_id id, int expected, recto_error *error)
{
    char when[40], where[32];
    if (state->version == expected)
        return RECTO_OK;
    clock_format_local(when, sizeof when, state->modified_at);
    (void)snprintf(where, sizeof where, "MMS ID %lld", (long long)id);
    return recto_fail(error, RECTO_EREFUSED, where, "nothing was saved; your text is kept",
                      "the record changed at %s by %s (version %d); your copy is of version %d", when, state->modified_by,
                      state->version, expected);
}

/* Year as a number, or nothing: "19uu" sorts with the undated. */
recto_status bib_row_store(repo *repo, const bib_write *write, const brief *brief, enum sql_id what, recto_error *error)
{
    const char sync[2] = { write->sync, '\0' };
    char year[24] = "";
    (void)snprintf(year, sizeof year, "%lld", (long long)brief->year);
    return store_run(repo, error, what, "innsnniissssssssssssss", write->id, write->zone, write->suppressed,
                     write->sync != 0 ? sync : NULL, write->brief_level, write->cataloging_level, write->linked_to, write->now,
                     brief->has_year ? year : NULL, write->user, write->origin, write->originating_system,
                     write->originating_version, brief->title, brief->creator, brief->date, brief->oclc, brief->isbn, brief->issn,
                     brief->material != NULL ? brief->material : "", brief->title_key, brief->creator_key);
}

recto_status bib_version_store(repo *repo, int64_t document, int version, const bib_write *write, text checksum, text packed,
                               recto_error *error)
{
    return store_run(repo, error, SQL_VERSION_ADD, "inisssbb", document, version, write->now, write->user, write->origin,
                     write->note, checksum, packed);
}

static recto_status store_version(repo *repo, int64_t document, int version, const bib_write *write, recto_error *error)
{
    unsigned char checksum[CHECKSUM_LENGTH];
    text packed = { NULL, 0 };
    buffer_clear(&repo->scratch);
    recto_status status = repo_record_encode(&repo->scratch, write->record, error);
    if (status == RECTO_OK)
        status = pack_record(&packed, repo, buffer_text(&repo->scratch), error);
    if (status != RECTO_OK)
        return status;
    checksum_make(checksum, buffer_text(&repo->scratch));
    return bib_version_store(repo, document, version, write, text_of((const char *)checksum, CHECKSUM_LENGTH), packed, error);
}

/* What is found of the record, beside its row. */
static recto_status store_findable(repo *repo, int64_t document, const bib_write *write, recto_error *error)
{
    recto_status status = repo_is_authority(write->id) ? authority_store(repo, document, write->record, error) : RECTO_OK;
    return status == RECTO_OK ? postings_write(repo, document, write->record, error) : status;
}

static recto_status add_bib(repo *repo, const bib_write *write, const brief *brief, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    recto_status status = bib_row_store(repo, write, brief, SQL_BIB_ADD, error);
    if (status != RECTO_OK && sqlite3_extended_errcode(repo->database) == SQLITE_CONSTRAINT_UNIQUE) {
        mms_id_format(where, write->id);
        return recto_fail(error, RECTO_EREFUSED, where, "open it and save that",
                          "a record of this MMS ID exists; nothing was saved");
    }
    if (status != RECTO_OK)
        return status;
    int64_t document = sqlite3_last_insert_rowid(repo->database);
    status = store_version(repo, document, 1, write, error);
    return status == RECTO_OK ? store_findable(repo, document, write, error) : status;
}

static recto_status update_bib(repo *repo, const bib_write *write, const brief *brief, int *version, recto_error *error)
{
    bib_state state = { 0 };
    recto_status status = read_state(&state, repo, write->id, error);
    if (status == RECTO_OK)
        status = refuse_unseen(&state, write->id, write->expected_version, error);
    if (status == RECTO_OK && state.zone != write->zone)
        status = recto_fail(error, RECTO_EREFUSED, NULL, NULL, "the record belongs to another zone");
    if (status == RECTO_OK)
        status = bib_row_store(repo, write, brief, SQL_BIB_UPDATE, error);
    *version = state.version + 1;
    if (status == RECTO_OK)
        status = store_version(repo, state.document, *version, write, error);
    return status == RECTO_OK ? store_findable(repo, state.document, write, error) : status;
}

recto_status repo_bib_write(repo *repo, const bib_write *write, int *version, recto_error *error)
{
    brief brief;
    int stored = 1;
    assert(repo->writing && "a record is written in a transaction");
    assert(write->user != NULL && write->origin != NULL);
    if (zone_by_id(repo, write->zone) == NULL)
        return recto_fail(error, RECTO_EINVALID, NULL, NULL, "there is no zone of number %d", write->zone);
    recto_status status = repo_is_authority(write->id) ? authority_check(write->record, error) : RECTO_OK;
    if (status != RECTO_OK)
        return status;
    if (!brief_make(&brief, &repo->scratch, write->record))
        return recto_fail_memory(error, "saving a record");
    status = write->expected_version == 0 ? add_bib(repo, write, &brief, error) : update_bib(repo, write, &brief, &stored, error);
    if (status == RECTO_OK && version != NULL)
        *version = stored;
    return status;
}

recto_status repo_bib_delete(repo *repo, mms_id id, int expected_version, const char *user, int64_t now, recto_error *error)
{
    bib_state state = { 0 };
    bib_info info = { 0 };
    assert(repo->writing && "a record is deleted in a transaction");
    recto_status status = read_state(&state, repo, id, error);
    if (status == RECTO_OK)
        status = refuse_unseen(&state, id, expected_version, error);
    if (status == RECTO_OK)
        status = repo_bib_info(repo, id, &info, now, error);
    if (status != RECTO_OK || state.deleted)
        return status;
    if (info.holdings > 0)
        return recto_fail(error, RECTO_EREFUSED, info.title, "delete or move the holdings first",
                          "the record has %d holdings record%s", info.holdings, info.holdings == 1 ? "" : "s");
    status = store_run(repo, error, SQL_BIB_DELETE, "iis", state.document, now, user);
    if (status == RECTO_OK)
        status = deletion_note(repo, id, error);
    if (status == RECTO_OK && repo_is_authority(id))
        status = authority_remove(repo, state.document, error);
    return status == RECTO_OK ? postings_write(repo, state.document, NULL, error) : status;
}

recto_status repo_bib_set_tags(repo *repo, mms_id id, char sync, int suppressed, const char *user, int64_t now,
                               recto_error *error)
{
    bool own;
    const char code[2] = { sync, '\0' };
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = store_run(repo, error, SQL_BIB_SET_TAGS, "isnis", id, sync != 0 ? code : NULL, suppressed, now, user);
    if (status == RECTO_OK && store_changes(repo) == 0)
        status = recto_fail(error, RECTO_ENOTFOUND, NULL, NULL, "no record of this MMS ID");
    if (status == RECTO_OK)
        status = postings_write_id(repo, id, error);
    return change_end(repo, own, status, error);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

void bib_info_read(bib_info *out, const rows *rows, int64_t now)
{
    enum { OWNER = 26, TAKEN_AT, SEEN_AT, LEFT_AT, USED_AT = BIB_INFO_DOCUMENT + 1 };
    text sync = row_text(rows, 5);
    memset(out, 0, sizeof *out);
    out->id = row_int64(rows, 0);
    out->zone = row_int(rows, 1);
    out->version = row_int(rows, 2);
    out->deleted = row_int(rows, 3) != 0;
    out->suppressed = row_int(rows, 4) != 0;
    out->sync = sync.length > 0 ? sync.bytes[0] : 'B';
    out->brief_level = row_int(rows, 6);
    out->cataloging_level = row_int(rows, 7);
    out->created_at = row_int64(rows, 8);
    out->modified_at = row_int64(rows, 9);
    row_string(rows, 10, out->created_by, sizeof out->created_by);
    row_string(rows, 11, out->modified_by, sizeof out->modified_by);
    row_string(rows, 12, out->origin, sizeof out->origin);
    row_string(rows, 13, out->originating_system, sizeof out->originating_system);
    row_string(rows, 14, out->originating_version, sizeof out->originating_version);
    out->linked_to = row_int64(rows, 15);
    out->holdings = row_int(rows, 16);
    out->items = row_int(rows, 17);
    out->portfolios = row_int(rows, 18);
    row_string(rows, 19, out->title, sizeof out->title);
    row_string(rows, 20, out->creator, sizeof out->creator);
    row_string(rows, 21, out->date, sizeof out->date);
    row_string(rows, 22, out->oclc, sizeof out->oclc);
    row_string(rows, 23, out->isbn, sizeof out->isbn);
    row_string(rows, 24, out->issn, sizeof out->issn);
    row_string(rows, 25, out->material, sizeof out->material);
    if (row_is_null(rows, OWNER))
        return;
    int64_t aging_since = row_int64(rows, LEFT_AT) > 0 ? row_int64(rows, LEFT_AT) : row_int64(rows, SEEN_AT);
    if (lock_is_stale(aging_since, steady_now(rows->repo, now), lock_minutes(rows->repo)) ||
        lock_is_idle(rows->repo, row_int64(rows, USED_AT), steady_now(rows->repo, now)))
        return;
    row_string(rows, OWNER, out->locked_by, sizeof out->locked_by);
    out->locked_at = steady_shown(rows->repo, row_int64(rows, TAKEN_AT), now);
}

static recto_status no_such_record(mms_id id, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    mms_id_format(where, id);
    return recto_fail(error, RECTO_ENOTFOUND, where, NULL, "no record of this MMS ID");
}

static recto_status info_and_document(repo *repo, mms_id id, bib_info *info, int64_t *document, int64_t now, recto_error *error)
{
    rows rows;
    bool found = false;
    (void)rows_open(&rows, repo, error, SQL_BIB_INFO, "i", id);
    if (rows_next(&rows)) {
        found = true;
        bib_info_read(info, &rows, now);
        *document = row_int64(&rows, BIB_INFO_DOCUMENT);
    }
    recto_status status = rows_close(&rows);
    return status == RECTO_OK && !found ? no_such_record(id, error) : status;
}

recto_status repo_bib_info(repo *repo, mms_id id, bib_info *info, int64_t now, recto_error *error)
{
    int64_t document;
    return info_and_document(repo, id, info, &document, now, error);
}

recto_status repo_bib_linked(repo *repo, mms_id to, int zone, mms_id *out, recto_error *error)
{
    rows rows;
    *out = 0;
    (void)rows_open(&rows, repo, error, SQL_BIB_LINKED, "ii", to, (int64_t)zone);
    if (rows_next(&rows))
        *out = row_int64(&rows, 0);
    return rows_close(&rows);
}

static recto_status newest_version(repo *repo, mms_id id, int *version, int64_t *document, recto_error *error)
{
    rows rows;
    bool found = false;
    (void)rows_open(&rows, repo, error, SQL_BIB_STATE, "i", id);
    if (rows_next(&rows)) {
        found = true;
        *document = row_int64(&rows, 0);
        *version = row_int(&rows, 1);
    }
    recto_status status = rows_close(&rows);
    return status == RECTO_OK && !found ? no_such_record(id, error) : status;
}

recto_status repo_bib_load(repo *repo, mms_id id, marc_record **record, bib_info *info, int64_t now, recto_error *error)
{
    bool own;
    int version = 0;
    int64_t document = 0;
    recto_status status = look_begin(repo, &own, error); /* record and facts of the same moment */
    if (status != RECTO_OK)
        return status;
    if (info == NULL) {
        status = newest_version(repo, id, &version, &document, error);
    } else {
        status = info_and_document(repo, id, info, &document, now, error);
        version = status == RECTO_OK ? info->version : 0;
    }
    if (status == RECTO_OK)
        status = stored_record(record, repo, id, document, version, error);
    look_end(repo, own);
    return status;
}
