/* src/repo/authority_store.c - what an authority record has beside its row of `bib`: headings, references and numbers.
 *
 * The record itself is stored, versioned, locked and indexed as all records are (bibs.c); what F3 and $0 look up stands in tables
 * of its own, is made from the record alone with every save, and goes when it is deleted. @spec editor.md ED-115 to ED-119 */
#include "authority_headings.h"
#include "bibs.h"
#include "check.h"
#include "recto/marc/tables.h"
#include <stdio.h>
#include <string.h>

/* ---- what the list columns show ---- */

const char *authority_kind(const marc_record *record)
{
    static const struct {
        const char *tag, *name;
    } kinds[] = {
        { "100", "Personal name" },
        { "110", "Corporate name" },
        { "111", "Meeting name" },
        { "130", "Uniform title" },
        { "147", "Named event" },
        { "148", "Chronological term" },
        { "150", "Topical term" },
        { "151", "Geographic name" },
        { "155", "Genre/form term" },
        { "162", "Performance medium" },
        { "180", "General subdivision" },
        { "181", "Geographic subdivision" },
        { "182", "Chronological subdivision" },
        { "185", "Form subdivision" },
    };
    const size_t at = marc_record_find(record, "1XX", 0);
    const marc_field *field = at != SIZE_MAX ? marc_record_field(record, at) : NULL;
    text title;
    if (field != NULL && marc_field_subfield(field, 't', &title))
        return "Name/title";
    for (size_t i = 0; field != NULL && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(field->tag, kinds[i].tag) == 0)
            return kinds[i].name;
    return "Authority";
}

static bool keep_shown(void *context, const authority_heading *heading)
{
    if (heading->form != AUTHORITY_HEADING)
        return true;
    buffer_append_text(context, heading->shown);
    return false;
}

void authority_title(buffer *out, const marc_record *record)
{
    if (!authority_headings(record, keep_shown, out))
        out->failed = true;
}

static bool keep_key(void *context, const authority_heading *heading)
{
    if (heading->form != AUTHORITY_HEADING)
        return true;
    buffer_append_text(context, heading->key);
    return false;
}

void repo_authority_key(buffer *out, const marc_record *record)
{
    if (!authority_headings(record, keep_key, out))
        out->failed = true;
}

/* ---- storing ---- */

typedef struct storing {
    repo *repo;
    recto_error *error;
    recto_status status;
    int64_t document;
    int place;
} storing;

static bool store_heading(void *context, const authority_heading *heading)
{
    storing *to = context;
    to->status = store_run(to->repo, to->error, SQL_AUTHORITY_HEADING_ADD, "intnnst", to->document, to->place++, heading->key,
                           heading->nature, (int)heading->form, heading->tag, heading->shown);
    return to->status == RECTO_OK;
}

static bool store_number_of(void *context, text number)
{
    storing *to = context;
    to->status = store_run(to->repo, to->error, SQL_AUTHORITY_NUMBER_ADD, "ti", number, to->document);
    return to->status == RECTO_OK;
}

static recto_status clear(repo *repo, int64_t document, recto_error *error)
{
    recto_status status = store_run(repo, error, SQL_AUTHORITY_HEADINGS_REMOVE, "i", document);
    return status == RECTO_OK ? store_run(repo, error, SQL_AUTHORITY_NUMBERS_REMOVE, "i", document) : status;
}

static bool note_tag(void *context, const authority_heading *heading)
{
    char *tag = context;
    if (heading->form == AUTHORITY_HEADING)
        memcpy(tag, heading->tag, 4);
    return tag[0] == '\0';
}

static recto_status must_be_authority(char tag[static 4], const marc_record *record, recto_error *error)
{
    tag[0] = '\0';
    if (marc_family_of(record) != MARC_AUTHORITY)
        return recto_fail(error, RECTO_EDATA, "leader/06", NULL, "this is no authority record: the type is not z");
    if (!authority_headings(record, note_tag, tag))
        return recto_fail_memory(error, "reading an authority record");
    return tag[0] != '\0' ? RECTO_OK : recto_fail(error, RECTO_EDATA, "1XX", NULL, "the authority record has no heading");
}

recto_status authority_check(const marc_record *record, recto_error *error)
{
    char tag[4];
    return must_be_authority(tag, record, error);
}

recto_status authority_store(repo *repo, int64_t document, const marc_record *record, recto_error *error)
{
    storing to = { .repo = repo, .document = document, .error = error };
    char tag[4], vocabulary[sizeof((authority_info *)NULL)->vocabulary], control[sizeof((authority_info *)NULL)->control];
    recto_status status = must_be_authority(tag, record, error);
    if (status != RECTO_OK)
        return status;
    authority_vocabulary(vocabulary, sizeof vocabulary, record);
    authority_control(control, sizeof control, record);
    status = store_run(repo, error, SQL_AUTHORITY_PUT, "isss", document, tag, vocabulary, control);
    if (status == RECTO_OK)
        status = clear(repo, document, error);
    if (status == RECTO_OK && (!authority_headings(record, store_heading, &to) ||
                               (to.status == RECTO_OK && !authority_numbers(record, store_number_of, &to))))
        return recto_fail_memory(error, "storing an authority record");
    return status == RECTO_OK ? to.status : status;
}

recto_status authority_remove(repo *repo, int64_t document, recto_error *error)
{
    recto_status status = clear(repo, document, error);
    return status == RECTO_OK ? store_run(repo, error, SQL_AUTHORITY_REMOVE, "i", document) : status;
}

/* ---- of an older repository ---- */

typedef struct derived { /* one record that has to be made findable */
    int64_t document;
    mms_id id;
    int version;
} derived;

static recto_status derive_one(repo *repo, const derived *one, recto_error *error)
{
    marc_record *record = NULL;
    brief brief;
    recto_status status = stored_record(&record, repo, one->id, one->document, one->version, error);
    if (status == RECTO_EDATA) { /* damaged already: check says so */
        recto_error_clear(error);
        return RECTO_OK;
    }
    if (status == RECTO_OK && !brief_make(&brief, &repo->scratch, record))
        status = recto_fail_memory(error, "reading an authority record");
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_AUTHORITY_SHOWN, "issss", one->document, brief.title, brief.material, brief.title_key,
                           brief.creator_key);
    if (status == RECTO_OK)
        status = authority_store(repo, one->document, record, error);
    marc_record_free(record);
    return status;
}

recto_status authorities_derive(repo *repo, recto_error *error)
{
    rows rows;
    recto_status status = RECTO_OK;
    (void)rows_open(&rows, repo, error, SQL_AUTHORITY_DOCUMENTS, "");
    while (status == RECTO_OK && rows_next(&rows)) {
        const derived one = { .document = row_int64(&rows, 0), .id = row_int64(&rows, 1), .version = row_int(&rows, 2) };
        status = derive_one(repo, &one, error);
    }
    recto_status closed = rows_close(&rows);
    return status != RECTO_OK ? status : closed;
}

/* ---- checking, and mending ---- */

/* What is stored and what the record asks for, as one text each. */
static bool list_heading(void *context, const authority_heading *heading)
{
    buffer_append_format(context, "%d %d %s ", heading->nature, (int)heading->form, heading->tag);
    buffer_append_text(context, heading->key);
    buffer_append_char(context, '\t');
    buffer_append_text(context, heading->shown);
    buffer_append_char(context, '\n');
    return true;
}

static recto_status list_stored(buffer *out, repo *repo, int64_t document, recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_AUTHORITY_HEADINGS, "i", document);
    while (rows_next(&rows)) {
        authority_heading heading = { .nature = row_int(&rows, 2),
                                      .form = (authority_form)row_int(&rows, 3),
                                      .key = row_text(&rows, 1),
                                      .shown = row_text(&rows, 5) };
        row_string(&rows, 4, heading.tag, sizeof heading.tag);
        (void)list_heading(out, &heading);
    }
    return rows_close(&rows);
}

typedef struct number_check {
    repo *repo;
    int64_t document;
    size_t missing;
    int64_t found;
    recto_status status;
    recto_error *error;
} number_check;

static bool look_for_number(void *context, text number)
{
    number_check *check = context;
    int64_t there = 0;
    check->status = store_number(&there, check->repo, check->error, SQL_AUTHORITY_HAS_NUMBER, "ti", number, check->document);
    check->missing += check->status == RECTO_OK && there == 0;
    return check->status == RECTO_OK;
}

static recto_status compare_tables(bool *same, repo *repo, int64_t document, const marc_record *record, recto_error *error)
{
    buffer stored, asked;
    number_check numbers = { .repo = repo, .document = document, .error = error };
    buffer_init(&stored, 0);
    buffer_init(&asked, 0);
    recto_status status = list_stored(&stored, repo, document, error);
    bool memory = authority_headings(record, list_heading, &asked) && !buffer_failed(&asked) && !buffer_failed(&stored);
    if (status == RECTO_OK && memory)
        memory = authority_numbers(record, look_for_number, &numbers);
    if (status == RECTO_OK)
        status = memory ? numbers.status : recto_fail_memory(error, "checking an authority record");
    *same = numbers.missing == 0 && text_equal(buffer_text(&stored), buffer_text(&asked));
    buffer_release(&stored);
    buffer_release(&asked);
    return status;
}

/* A version that is damaged or gone is told of elsewhere. */
static recto_status is_kept_right(bool *right, repo *repo, const derived *one, recto_error *error)
{
    marc_record *record = NULL;
    recto_status status = stored_record(&record, repo, one->id, one->document, one->version, error);
    *right = true;
    if (status == RECTO_EDATA || status == RECTO_ENOTFOUND) {
        recto_error_clear(error);
        return RECTO_OK;
    }
    if (status == RECTO_OK)
        status = compare_tables(right, repo, one->document, record, error);
    marc_record_free(record);
    return status;
}

static recto_status check_one(check *check, const derived *one)
{
    bool right = true;
    recto_status status = is_kept_right(&right, check->repo, one, check->error);
    if (status == RECTO_OK && !right)
        tell_finding(check, "authority-headings", one->id,
                     "the headings or numbers kept of this authority record are not those of the record; " RUN_REBUILD);
    return status;
}

static recto_status mend_one(repo *repo, const derived *one, recto_error *error)
{
    bool right = true, own;
    recto_status status = is_kept_right(&right, repo, one, error);
    if (status != RECTO_OK || right)
        return status;
    status = change_begin(repo, &own, error);
    return status == RECTO_OK ? change_end(repo, own, derive_one(repo, one, error), error) : status;
}

static recto_status remove_strays(repo *repo, recto_error *error)
{
    rows rows;
    bool own;
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    (void)rows_open(&rows, repo, error, SQL_AUTHORITY_STRAYS, "");
    while (status == RECTO_OK && rows_next(&rows))
        status = authority_remove(repo, row_int64(&rows, 0), error);
    recto_status closed = rows_close(&rows);
    return change_end(repo, own, status != RECTO_OK ? status : closed, error);
}

recto_status authorities_mend(repo *repo, recto_error *error)
{
    rows rows;
    recto_status status = RECTO_OK;
    (void)rows_open(&rows, repo, error, SQL_AUTHORITY_DOCUMENTS, "");
    while (status == RECTO_OK && rows_next(&rows)) {
        const derived one = { .document = row_int64(&rows, 0), .id = row_int64(&rows, 1), .version = row_int(&rows, 2) };
        status = mend_one(repo, &one, error);
    }
    recto_status closed = rows_close(&rows);
    status = status != RECTO_OK ? status : closed;
    return status == RECTO_OK ? remove_strays(repo, error) : status;
}

recto_status check_authorities(check *check)
{
    rows rows;
    recto_status status = RECTO_OK;
    (void)rows_open(&rows, check->repo, check->error, SQL_AUTHORITY_DOCUMENTS, "");
    while (status == RECTO_OK && rows_next(&rows)) {
        const derived one = { .document = row_int64(&rows, 0), .id = row_int64(&rows, 1), .version = row_int(&rows, 2) };
        status = check_one(check, &one);
    }
    recto_status closed = rows_close(&rows);
    if (status != RECTO_OK || closed != RECTO_OK)
        return status != RECTO_OK ? status : closed;
    (void)rows_open(&rows, check->repo, check->error, SQL_AUTHORITY_STRAYS, "");
    while (rows_next(&rows))
        tell_finding(check, "authority-stray", row_int64(&rows, 1),
                     "headings are kept of an authority record that is deleted or not there; " RUN_REBUILD);
    return rows_close(&rows);
}
