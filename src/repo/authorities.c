/* src/repo/authorities.c - authority records found by heading, reference and number; authority_store.c keeps what is found. */
#include "authority_headings.h"
#include "headings.h"
#include "store.h"
#include <stdio.h>
#include <string.h>

enum { ZONES_TEXT = 600, ROWS_MAX = 1000 };

static void write_zones(char out[static ZONES_TEXT], const int *zones, size_t count)
{
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count && at + 16 < ZONES_TEXT; i++)
        at += (size_t)snprintf(out + at, ZONES_TEXT - at, "%s%d,", i == 0 ? "," : "", zones[i]);
}

/* ---- reading ---- */

recto_status repo_authority_info(repo *repo, mms_id id, authority_info *out, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    rows rows;
    bool found = false;
    (void)rows_open(&rows, repo, error, SQL_AUTHORITY_GET, "i", id);
    if (rows_next(&rows)) {
        found = true;
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
    if (mms_id_parse(out, number) && repo_is_authority(*out)) /* a number of our own */
        return repo_authority_info(repo, *out, &info, NULL);
    write_zones(list, zones, zone_count);
    buffer_init(&key, 0);
    authority_number_key(&key, number);
    recto_status status = buffer_failed(&key) ? recto_fail_memory(error, "finding an authority record")
                                              : find_number(out, &second, repo, list, buffer_text(&key), error);
    buffer_release(&key);
    return status == RECTO_OK && *out == 0 ? RECTO_ENOTFOUND : status;
}

/* ---- known again by its numbers ---- */

typedef struct known_search {
    repo *repo;
    const mms_id self;
    char zones[ZONES_TEXT];
    mms_id known, other;
    recto_status status;
    recto_error *error;
} known_search;

static void note_record(known_search *search, mms_id id)
{
    if (id == 0 || id == search->self)
        return;
    if (search->known == 0)
        search->known = id;
    else if (id != search->known)
        search->other = id;
}

static bool note_known(void *context, text number)
{
    known_search *search = context;
    mms_id first, second;
    search->status = find_number(&first, &second, search->repo, search->zones, number, search->error);
    note_record(search, first);
    note_record(search, second);
    return search->status == RECTO_OK;
}

recto_status repo_authority_known(mms_id *known, mms_id *other, repo *repo, int zone, const marc_record *record, mms_id self,
                                  recto_error *error)
{
    known_search search = { .repo = repo, .self = self, .error = error };
    write_zones(search.zones, &zone, 1);
    if (!authority_numbers(record, note_known, &search))
        return recto_fail_memory(error, "reading an authority record");
    *known = search.known;
    *other = search.other;
    return search.status;
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

void repo_heading_key(buffer *out, browse_kind kind, text typed)
{
    heading_key(out, heading_column(kind), typed);
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
    wanted_heading wanted = { .column = heading_column(kind), .key = key, .field = SIZE_MAX };
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
    wanted_heading wanted = { .column = heading_column(kind), .field = SIZE_MAX, .shown = shown, .found_key = key };
    marc_record *record = NULL;
    if (marc_record_new(&record, NULL) == RECTO_OK && marc_record_append(record, field->tag, field->content, NULL) == RECTO_OK)
        (void)index_headings(record, take_first, &wanted);
    marc_record_free(record);
    return wanted.field != SIZE_MAX && !buffer_failed(shown) && !buffer_failed(key);
}
