/* src/repo/authorities.c - authority records: stored with all versions, found by heading, reference and number. */
#include "authority_headings.h"
#include "headings.h"
#include "store.h"
#include "recto/marc/tables.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { ZONES_TEXT = 600, ROWS_MAX = 1000, AUTHORITY_PREFIX = 98 };
static const mms_id NUMBER_FACTOR = 10000, PREFIX_FACTOR = 10000000000000000;

bool repo_is_authority(mms_id id)
{
    return id / PREFIX_FACTOR == AUTHORITY_PREFIX;
}

static void write_zones(char out[static ZONES_TEXT], const int *zones, size_t count)
{
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count && at + 16 < ZONES_TEXT; i++)
        at += (size_t)snprintf(out + at, ZONES_TEXT - at, "%s%d,", i == 0 ? "," : "", zones[i]);
}

/* ---- reading ---- */

static recto_status read_info(int64_t *document, authority_info *out, repo *repo, mms_id id, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    rows rows;
    bool found = false;
    (void)rows_open(&rows, repo, error, SQL_AUTHORITY_GET, "i", id);
    if (rows_next(&rows)) {
        found = true;
        *document = row_int64(&rows, 0);
        *out = (authority_info){
            .id = id, .zone = row_int(&rows, 1), .version = row_int(&rows, 2), .modified_at = row_int64(&rows, 3)
        };
        row_string(&rows, 4, out->modified_by, sizeof out->modified_by);
        row_string(&rows, 5, out->tag, sizeof out->tag);
        row_string(&rows, 6, out->vocabulary, sizeof out->vocabulary);
        row_string(&rows, 7, out->control, sizeof out->control);
        row_string(&rows, 8, out->shown, sizeof out->shown);
    }
    recto_status status = rows_close(&rows);
    mms_id_format(where, id);
    if (status == RECTO_OK && !found)
        return recto_fail(error, RECTO_ENOTFOUND, where, NULL, "no authority record of this number");
    return status;
}

static recto_status read_record(marc_record **out, repo *repo, mms_id id, int64_t document, int version, recto_error *error)
{
    unsigned char checksum[CHECKSUM_LENGTH];
    char where[MMS_ID_LENGTH];
    rows rows;
    recto_status answer = RECTO_ENOTFOUND;
    mms_id_format(where, id);
    (void)rows_open(&rows, repo, error, SQL_AUTHORITY_RECORD, "in", document, version);
    if (rows_next(&rows)) {
        checksum_make(checksum, row_text(&rows, 0));
        answer = text_equal(row_text(&rows, 1), text_of((const char *)checksum, CHECKSUM_LENGTH))
                     ? repo_record_decode(out, row_text(&rows, 0), error)
                     : recto_fail(error, RECTO_EDATA, where, "load it again from its source", "version %d is damaged (checksum)",
                                  version);
    }
    recto_status status = rows_close(&rows);
    if (status == RECTO_OK && answer == RECTO_ENOTFOUND)
        return recto_fail(error, RECTO_ENOTFOUND, where, NULL, "there is no version %d", version);
    return status == RECTO_OK ? answer : status;
}

recto_status repo_authority_load(repo *repo, mms_id id, int version, marc_record **record, authority_info *info,
                                 recto_error *error)
{
    authority_info found = { .version = 0 };
    int64_t document = 0;
    recto_status status = read_info(&document, &found, repo, id, error);
    if (status == RECTO_OK && record != NULL)
        status = read_record(record, repo, id, document, version > 0 ? version : found.version, error);
    if (status == RECTO_OK && info != NULL)
        *info = found;
    return status;
}

recto_status repo_authority_versions(repo *repo, mms_id id, void (*visit)(void *context, const bib_version *version),
                                     void *context, recto_error *error)
{
    authority_info info;
    int64_t document = 0;
    rows rows;
    recto_status status = read_info(&document, &info, repo, id, error);
    if (status != RECTO_OK)
        return status;
    (void)rows_open(&rows, repo, error, SQL_AUTHORITY_VERSIONS, "i", document);
    while (rows_next(&rows)) {
        bib_version version = { .version = row_int(&rows, 0), .saved_at = row_int64(&rows, 1) };
        row_string(&rows, 2, version.saved_by, sizeof version.saved_by);
        row_string(&rows, 3, version.origin, sizeof version.origin);
        visit(context, &version);
    }
    return rows_close(&rows);
}

/* The lowest one; *second tells of another. */
static recto_status find_number(mms_id *out, mms_id *second, repo *repo, const char *zones, text key, recto_error *error)
{
    rows rows;
    *out = *second = 0;
    (void)rows_open(&rows, repo, error, SQL_AUTHORITY_BY_NUMBER, "ts", key, zones);
    if (rows_next(&rows))
        *out = row_int64(&rows, 0);
    if (*out != 0 && rows_next(&rows))
        *second = row_int64(&rows, 0);
    return rows_close(&rows);
}

recto_status repo_authority_named(mms_id *out, repo *repo, const int *zones, size_t zone_count, text number, recto_error *error)
{
    char list[ZONES_TEXT];
    buffer key;
    mms_id second;
    authority_info info;
    int64_t document;
    if (mms_id_parse(out, number) && repo_is_authority(*out)) /* a number of our own */
        return read_info(&document, &info, repo, *out, NULL);
    write_zones(list, zones, zone_count);
    buffer_init(&key, 0);
    authority_number_key(&key, number);
    recto_status status = buffer_failed(&key) ? recto_fail_memory(error, "finding an authority record")
                                              : find_number(out, &second, repo, list, buffer_text(&key), error);
    buffer_release(&key);
    return status == RECTO_OK && *out == 0 ? RECTO_ENOTFOUND : status;
}

recto_status repo_authority_count(int64_t *out, repo *repo, int zone, recto_error *error)
{
    return store_number(out, repo, error, SQL_AUTHORITY_COUNT, "n", zone);
}

/* ---- writing ---- */

typedef struct put {
    repo *repo;
    const authority_write *write;
    recto_error *error;
    recto_status status;
    authority_info info;
    char zones[ZONES_TEXT];
    int64_t document;
    mms_id known, other; /* that have its numbers; other 0: one alone */
    int place;
    bool has_heading;
} put;

static bool note_known(void *context, text number)
{
    put *put = context;
    mms_id first, second;
    put->status = find_number(&first, &second, put->repo, put->zones, number, put->error);
    if (put->known == 0)
        put->known = first;
    if (first != 0 && first != put->known)
        put->other = first;
    if (second != 0)
        put->other = second;
    return put->status == RECTO_OK;
}

static bool note_heading(void *context, const authority_heading *heading)
{
    put *put = context;
    if (heading->form != AUTHORITY_HEADING)
        return true;
    put->has_heading = true;
    memcpy(put->info.tag, heading->tag, sizeof put->info.tag);
    string_keep(put->info.shown, sizeof put->info.shown, heading->shown);
    return false;
}

static bool store_heading(void *context, const authority_heading *heading)
{
    put *put = context;
    put->status = store_run(put->repo, put->error, SQL_AUTHORITY_HEADING_ADD, "intnnst", put->document, put->place++,
                            heading->key, heading->nature, (int)heading->form, heading->tag, heading->shown);
    return put->status == RECTO_OK;
}

static bool store_number_of(void *context, text number)
{
    put *put = context;
    put->status = store_run(put->repo, put->error, SQL_AUTHORITY_NUMBER_ADD, "ti", number, put->document);
    return put->status == RECTO_OK;
}

static recto_status look_at_record(put *put)
{
    const marc_record *record = put->write->record;
    const int zone = put->write->zone;
    char known[MMS_ID_LENGTH], other[MMS_ID_LENGTH];
    if (marc_family_of(record) != MARC_AUTHORITY)
        return recto_fail(put->error, RECTO_EDATA, "leader/06", NULL, "this is no authority record: the type is not z");
    if (!authority_headings(record, note_heading, put))
        return recto_fail_memory(put->error, "reading an authority record");
    if (!put->has_heading)
        return recto_fail(put->error, RECTO_EDATA, "1XX", NULL, "the authority record has no heading");
    write_zones(put->zones, &zone, 1);
    if (!authority_numbers(record, note_known, put))
        return recto_fail_memory(put->error, "reading an authority record");
    mms_id_format(known, put->known);
    mms_id_format(other, put->other);
    if (put->status == RECTO_OK && put->other != 0)
        return recto_fail(put->error, RECTO_EREFUSED, known, "mend the numbers (010, 035) of one of them",
                          "the numbers of this record are those of two: %s, too", other);
    authority_vocabulary(put->info.vocabulary, sizeof put->info.vocabulary, record);
    authority_control(put->info.control, sizeof put->info.control, record);
    return put->status;
}

static recto_status give_number(put *put)
{
    int64_t number = 0, suffix = 0;
    const repo_zone *zone = zone_by_id(put->repo, put->write->zone);
    if (zone == NULL)
        return recto_fail(put->error, RECTO_EINVALID, NULL, NULL, "there is no zone of number %d", put->write->zone);
    recto_status status = store_number(&number, put->repo, put->error, SQL_AUTHORITY_NUMBER, "n", zone->id);
    (void)text_to_integer(text_of(zone->suffix, 4), &suffix);
    put->info.id = AUTHORITY_PREFIX * PREFIX_FACTOR + number * NUMBER_FACTOR + suffix;
    if (status != RECTO_OK)
        return status;
    status =
        store_run(put->repo, put->error, SQL_AUTHORITY_ADD, "iniissssis", put->info.id, zone->id, number, (int64_t)1,
                  put->info.tag, put->info.shown, put->info.vocabulary, put->info.control, put->write->now, put->write->user);
    put->document = sqlite3_last_insert_rowid(put->repo->database);
    put->info.version = 1;
    return status;
}

/* By the bytes as they are stored: lengths in a leader say nothing. */
static recto_status is_stored(bool *same, put *put, int version)
{
    unsigned char checksum[CHECKSUM_LENGTH];
    rows rows;
    buffer *bytes = &put->repo->scratch;
    buffer_clear(bytes);
    recto_status status = repo_record_encode(bytes, put->write->record, put->error);
    if (status != RECTO_OK)
        return status;
    checksum_make(checksum, buffer_text(bytes));
    (void)rows_open(&rows, put->repo, put->error, SQL_AUTHORITY_RECORD, "in", put->document, version);
    *same = rows_next(&rows) && text_equal(row_text(&rows, 1), text_of((const char *)checksum, CHECKSUM_LENGTH));
    return rows_close(&rows);
}

static recto_status next_version(put *put, bool *same)
{
    authority_info old = { .version = 0 };
    recto_status status = read_info(&put->document, &old, put->repo, put->known, put->error);
    if (status == RECTO_OK)
        status = is_stored(same, put, old.version);
    if (status != RECTO_OK)
        return status;
    put->info.id = put->known;
    put->info.version = *same ? old.version : old.version + 1;
    if (*same)
        return RECTO_OK;
    status = store_run(put->repo, put->error, SQL_AUTHORITY_UPDATE, "inssssis", put->known, put->info.version, put->info.tag,
                       put->info.shown, put->info.vocabulary, put->info.control, put->write->now, put->write->user);
    if (status == RECTO_OK)
        status = store_run(put->repo, put->error, SQL_AUTHORITY_HEADINGS_REMOVE, "i", put->document);
    return status == RECTO_OK ? store_run(put->repo, put->error, SQL_AUTHORITY_NUMBERS_REMOVE, "i", put->document) : status;
}

static recto_status store_content(put *put)
{
    unsigned char checksum[CHECKSUM_LENGTH];
    buffer *bytes = &put->repo->scratch;
    buffer_clear(bytes);
    recto_status status = repo_record_encode(bytes, put->write->record, put->error);
    if (status != RECTO_OK)
        return status;
    checksum_make(checksum, buffer_text(bytes));
    status =
        store_run(put->repo, put->error, SQL_AUTHORITY_VERSION_ADD, "inissbb", put->document, put->info.version, put->write->now,
                  put->write->user, put->write->origin, text_of((const char *)checksum, CHECKSUM_LENGTH), buffer_text(bytes));
    if (status == RECTO_OK && (!authority_headings(put->write->record, store_heading, put) ||
                               !authority_numbers(put->write->record, store_number_of, put)))
        return recto_fail_memory(put->error, "storing an authority record");
    return status == RECTO_OK ? put->status : status;
}

recto_status repo_authority_put(repo *repo, const authority_write *write, mms_id *id, authority_outcome *outcome,
                                recto_error *error)
{
    put put = { .repo = repo, .write = write, .error = error };
    bool same = false;
    assert(repo->writing && "an authority record is written in a transaction");
    recto_status status = look_at_record(&put);
    if (status == RECTO_OK)
        status = put.known == 0 ? give_number(&put) : next_version(&put, &same);
    if (status == RECTO_OK && !same)
        status = store_content(&put);
    if (status != RECTO_OK)
        return status;
    *id = put.info.id;
    *outcome = same ? AUTHORITY_UNCHANGED : put.known == 0 ? AUTHORITY_ADDED : AUTHORITY_UPDATED;
    return RECTO_OK;
}

/* ---- lists ---- */

static int natures_of(browse_kind kind)
{
    switch (kind) {
    case BROWSE_NAMES:
        return 1 << NATURE_NAME;
    case BROWSE_SUBJECTS:
        return 1 << NATURE_NAME | 1 << NATURE_TITLE | 1 << NATURE_SUBJECT;
    case BROWSE_SERIES:
    case BROWSE_TITLES:
        return 1 << NATURE_TITLE;
    case BROWSE_CALL_NUMBERS:
    case BROWSE_SHELF:
        break;
    }
    return 0;
}

static authority_row row_here(const rows *rows)
{
    authority_row row = { .key = row_text(rows, 0),
                          .shown = row_text(rows, 1),
                          .form = (authority_form)row_int(rows, 3),
                          .id = row_int64(rows, 4),
                          .heading = row_text(rows, 5),
                          .vocabulary = row_text(rows, 6) };
    row_string(rows, 2, row.tag, sizeof row.tag);
    return row;
}

typedef struct near_list {
    repo *repo;
    const browse_request *request;
    const char *vocabulary;
    bool (*visit)(void *context, const authority_row *row);
    void *context;
    bool more;
} near_list;

static recto_status visit_near(near_list *list, text from, enum sql_id id, size_t wanted, recto_error *error)
{
    char zones[ZONES_TEXT];
    rows rows;
    write_zones(zones, list->request->zones, list->request->zone_count);
    (void)rows_open(&rows, list->repo, error, id, "tnssi", from, natures_of(list->request->kind), zones, list->vocabulary,
                    (int64_t)wanted);
    while (list->more && rows_next(&rows)) {
        authority_row row = row_here(&rows);
        row.before = id == SQL_AUTHORITY_BEFORE;
        list->more = list->visit(list->context, &row);
    }
    return rows_close(&rows);
}

recto_status repo_authority_browse(repo *repo, const browse_request *request, const char *vocabulary,
                                   bool (*visit)(void *context, const authority_row *row), void *context, recto_error *error)
{
    near_list list = { repo, request, vocabulary, visit, context, true };
    buffer key;
    if (request->before > ROWS_MAX || request->after > ROWS_MAX)
        return recto_fail(error, RECTO_ELIMIT, NULL, "go on from the last row", "a list has at most %d rows at a time", ROWS_MAX);
    buffer_init(&key, 0);
    if (request->from_key)
        buffer_append_text(&key, request->from);
    else
        repo_heading_key(&key, request->kind, request->from);
    recto_status status = buffer_failed(&key) ? recto_fail_memory(error, "browsing") : RECTO_OK;
    if (status == RECTO_OK && request->before > 0)
        status = visit_near(&list, buffer_text(&key), SQL_AUTHORITY_BEFORE, request->before, error);
    if (status == RECTO_OK && request->after > 0)
        status = visit_near(&list, buffer_text(&key), SQL_AUTHORITY_FROM, request->after, error);
    buffer_release(&key);
    return status;
}

recto_status repo_authority_references(repo *repo, mms_id id, bool (*visit)(void *context, const authority_row *row),
                                       void *context, recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_AUTHORITY_REFERENCES, "i", id);
    while (rows_next(&rows)) {
        authority_row row = row_here(&rows);
        if (!visit(context, &row))
            break;
    }
    return rows_close(&rows);
}

/* ---- headings of fields ---- */

static unsigned column_of(browse_kind kind)
{
    static const unsigned columns[] = {
        [BROWSE_NAMES] = POSTING_HEADING_NAME,       [BROWSE_SUBJECTS] = POSTING_HEADING_SUBJECT,
        [BROWSE_SERIES] = POSTING_HEADING_SERIES,    [BROWSE_TITLES] = POSTING_HEADING_TITLE,
        [BROWSE_CALL_NUMBERS] = POSTING_CALL_NUMBER, [BROWSE_SHELF] = POSTING_CALL_NUMBER,
    };
    return columns[kind];
}

void repo_heading_key(buffer *out, browse_kind kind, text typed)
{
    heading_key(out, column_of(kind), typed);
}

typedef struct wanted_heading {
    unsigned column;
    text key;
    size_t field;
    buffer *shown, *found_key;
} wanted_heading;

static bool is_wanted(void *context, const heading *heading)
{
    wanted_heading *wanted = context;
    if (heading->column != wanted->column || !text_equal(heading->key, wanted->key))
        return true;
    wanted->field = heading->field;
    return false;
}

size_t repo_heading_field(const marc_record *record, browse_kind kind, text key)
{
    wanted_heading wanted = { .column = column_of(kind), .key = key, .field = SIZE_MAX };
    (void)index_headings(record, is_wanted, &wanted);
    return wanted.field;
}

static bool take_first(void *context, const heading *heading)
{
    wanted_heading *wanted = context;
    if (heading->column != wanted->column)
        return true;
    wanted->field = heading->field;
    buffer_append_text(wanted->shown, heading->shown);
    buffer_append_text(wanted->found_key, heading->key);
    return false;
}

bool repo_field_heading(buffer *shown, buffer *key, const marc_field *field, browse_kind kind)
{
    wanted_heading wanted = { .column = column_of(kind), .field = SIZE_MAX, .shown = shown, .found_key = key };
    marc_record *record = NULL;
    if (marc_record_new(&record, NULL) == RECTO_OK && marc_record_append(record, field->tag, field->content, NULL) == RECTO_OK)
        (void)index_headings(record, take_first, &wanted);
    marc_record_free(record);
    return wanted.field != SIZE_MAX && !buffer_failed(shown) && !buffer_failed(key);
}
