/* src/repo/search_browse.c - lists that are looked through: headings and call numbers of bibs, the shelf list of holdings.
 *
 * The terms of a column of headings are the list. A term that no record holds any more is none, so there are no ghosts
 * (ED-121); what is shown is read from one of its records, by the function that made the term (headings.c). Terms are noted
 * first and records read afterwards: nothing is read from the repository within a visit of the index. */
#include "headings.h"
#include "search.h"
#include "recto/repo/browse.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 1000, SHELF_ZONES = 600 };

/* ---- terms ------------------------------------------------------------------------------------------------------- */

typedef struct line {
    char *key;
    size_t length, count;
    index_document document; /* one that holds it */
} line;

typedef struct line_list {
    line *lines;
    size_t count, wanted;
    const index_set *within; /* NULL: all */
    text from;
    bool failed;
} line_list;

static void release_lines(line_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->lines[i].key);
    free(list->lines);
    list->lines = NULL;
    list->count = 0;
}

static index_document first_of_both(const index_set *documents, const index_set *within)
{
    index_document batch[64], after = 0;
    size_t count;
    while ((count = index_set_list(documents, after, batch, 64)) > 0) {
        for (size_t i = 0; i < count; i++)
            if (within == NULL || index_set_has(within, batch[i]))
                return batch[i];
        after = batch[count - 1];
    }
    return 0;
}

static bool note_line(void *context, text term, const index_set *documents)
{
    line_list *list = context;
    const uint64_t count = list->within == NULL ? index_set_count(documents) : index_set_count_both(documents, list->within);
    if (count == 0)
        return true;
    line *line = &list->lines[list->count];
    line->key = malloc(term.length + 1);
    if (line->key == NULL) {
        list->failed = true;
        return false;
    }
    memcpy(line->key, term.bytes, term.length);
    line->length = term.length;
    line->count = (size_t)count;
    line->document = first_of_both(documents, list->within);
    return ++list->count < list->wanted;
}

static recto_status note_lines(line_list *list, search *search, unsigned column, bool backwards)
{
    list->lines = calloc(list->wanted + 1, sizeof *list->lines);
    if (list->lines == NULL)
        return search_no_memory(search);
    if (list->wanted == 0)
        return RECTO_OK;
    recto_status status = index_terms(search->reader, column, list->from, backwards, note_line, list, search->error);
    return status == RECTO_OK && list->failed ? search_no_memory(search) : status;
}

/* ---- what is shown ----------------------------------------------------------------------------------------------- */

typedef struct shown {
    unsigned column;
    text key;
    buffer text;
    char tag[MARC_TAG_LENGTH + 1];
    bool found;
} shown;

static bool match_heading(void *context, const heading *heading)
{
    shown *shown = context;
    if (heading->column != shown->column || !text_equal(heading->key, shown->key))
        return true;
    shown->found = true;
    buffer_append_text(&shown->text, heading->shown);
    memcpy(shown->tag, heading->tag, sizeof shown->tag);
    return false;
}

static recto_status read_example(mms_id *id, int *version, search *search, index_document document)
{
    rows rows;
    *id = 0;
    (void)rows_open(&rows, search->repo, search->error, SQL_DOCUMENT_VERSION, "i", (int64_t)document);
    if (rows_next(&rows)) {
        *id = row_int64(&rows, 0);
        *version = row_int(&rows, 1);
    }
    return rows_close(&rows);
}

/* A record that is damaged, or whose index is behind, shows the key. */
static recto_status fill_shown(shown *shown, mms_id *example, search *search, const line *line)
{
    marc_record *record = NULL;
    int version = 0;
    buffer_clear(&shown->text);
    shown->found = false;
    shown->tag[0] = '\0';
    shown->key = text_of(line->key, line->length);
    recto_status status = read_example(example, &version, search, line->document);
    if (status != RECTO_OK)
        return status;
    if (*example != 0)
        status = stored_record(&record, search->repo, *example, line->document, version, search->error);
    if (record != NULL && !index_headings(record, match_heading, shown))
        status = search_no_memory(search);
    if (status == RECTO_EDATA || status == RECTO_ENOTFOUND) {
        recto_error_clear(search->error);
        status = RECTO_OK;
    }
    marc_record_free(record);
    if (!shown->found)
        buffer_append_text(&shown->text, shown->key);
    return status == RECTO_OK && buffer_failed(&shown->text) ? search_no_memory(search) : status;
}

typedef struct giver {
    bool (*visit)(void *context, const browse_row *row);
    void *context;
    bool more;
} giver;

static recto_status give_line(giver *giver, search *search, unsigned column, const line *line, bool before)
{
    shown shown = { .column = column };
    browse_row row = { .key = text_of(line->key, line->length), .count = line->count, .before = before };
    buffer_init(&shown.text, 0);
    recto_status status = fill_shown(&shown, &row.example, search, line);
    row.shown = buffer_text(&shown.text);
    memcpy(row.tag, shown.tag, sizeof row.tag);
    if (status == RECTO_OK)
        giver->more = giver->visit(giver->context, &row);
    buffer_release(&shown.text);
    return status;
}

static recto_status browse_terms(giver *giver, search *search, const browse_request *request, text from)
{
    const unsigned column = heading_column(request->kind);
    /* nothing stands before the beginning; to the index an empty term read backwards is the end */
    line_list before = { .wanted = from.length > 0 ? request->before : 0, .within = search->allowed, .from = from };
    line_list after = { .wanted = request->after, .within = search->allowed, .from = from };
    recto_status status = note_lines(&before, search, column, true);
    if (status == RECTO_OK)
        status = note_lines(&after, search, column, false);
    for (size_t i = before.count; i > 0 && status == RECTO_OK && giver->more; i--)
        status = give_line(giver, search, column, &before.lines[i - 1], true);
    for (size_t i = 0; i < after.count && status == RECTO_OK && giver->more; i++)
        status = give_line(giver, search, column, &after.lines[i], false);
    release_lines(&before);
    release_lines(&after);
    return status;
}

/* ---- the shelf --------------------------------------------------------------------------------------------------- */

static void write_zones(char out[static SHELF_ZONES], const browse_request *request)
{
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < request->zone_count && at + 16 < SHELF_ZONES; i++)
        at += (size_t)snprintf(out + at, SHELF_ZONES - at, "%s%d,", i == 0 ? "," : "", request->zones[i]);
}

typedef struct shelf_row {
    char *key, *call_number;
    mms_id bib;
    size_t count;
} shelf_row;

static void release_shelf(shelf_row *shelf, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(shelf[i].key);
        free(shelf[i].call_number);
    }
    free(shelf);
}

static char *copy_text(text value)
{
    char *copy = malloc(value.length + 1);
    if (copy == NULL)
        return NULL;
    memcpy(copy, value.bytes != NULL ? value.bytes : "", value.length);
    copy[value.length] = '\0';
    return copy;
}

enum { SHELF_LEVELS = 3 };
static const shelf_limits no_limits = { .level = SHELF_HOLDINGS };
static const struct {
    enum sql_id from, before, bibs;
} shelf_statements[SHELF_LEVELS] = {
    [SHELF_HOLDINGS] = { SQL_SHELF_FROM, SQL_SHELF_BEFORE, SQL_SHELF_BIBS },
    [SHELF_ITEMS] = { SQL_SHELF_ITEMS_FROM, SQL_SHELF_ITEMS_BEFORE, SQL_SHELF_ITEMS_BIBS },
    [SHELF_TEMPORARY] = { SQL_SHELF_TEMPORARY_FROM, SQL_SHELF_TEMPORARY_BEFORE, SQL_SHELF_TEMPORARY_BIBS },
};

static bool wants_level(const shelf_limits *limits, size_t level)
{
    return limits->level == SHELF_ALL_LEVELS || (size_t)limits->level == level;
}

typedef struct shelf_reading {
    shelf_row *rows;
    size_t count;
    bool backwards;
} shelf_reading;

static recto_status read_level(shelf_reading *reading, repo *repo, const browse_request *request, enum sql_id id, text from,
                               size_t wanted, recto_error *error)
{
    const shelf_limits *limits = request->shelf != NULL ? request->shelf : &no_limits;
    char zones[SHELF_ZONES];
    rows rows;
    bool failed = false;
    const size_t end = reading->count + wanted;
    write_zones(zones, request);
    (void)rows_open(&rows, repo, error, id, "tsisss", from, zones, (int64_t)wanted, limits->type, limits->library,
                    limits->location);
    while (!failed && reading->count < end && rows_next(&rows)) {
        shelf_row *row = &reading->rows[reading->count++];
        row->key = copy_text(row_text(&rows, 0));
        row->call_number = copy_text(row_text(&rows, 1));
        row->bib = row_int64(&rows, 2);
        row->count = (size_t)row_int64(&rows, 3);
        failed = row->key == NULL || row->call_number == NULL;
    }
    recto_status status = rows_close(&rows);
    return status == RECTO_OK && failed ? recto_fail_memory(error, "browsing") : status;
}

static int compare_shelf(const void *left, const void *right, void *context)
{
    const shelf_reading *reading = context;
    const int order = strcmp(((const shelf_row *)left)->key, ((const shelf_row *)right)->key);
    return reading->backwards ? -order : order;
}

/* Rows of several levels in one order; one row for one call number. */
static void fold_levels(shelf_reading *reading, size_t wanted)
{
    size_t kept = 0;
    if (reading->count > 1)
        qsort_r(reading->rows, reading->count, sizeof *reading->rows, compare_shelf, reading);
    for (size_t i = 0; i < reading->count; i++) {
        shelf_row *row = &reading->rows[i];
        const bool same = kept > 0 && strcmp(reading->rows[kept - 1].key, row->key) == 0;
        if (same)
            reading->rows[kept - 1].count += row->count;
        if (same || kept == wanted) {
            free(row->key);
            free(row->call_number);
        } else {
            reading->rows[kept++] = *row;
        }
    }
    reading->count = kept;
}

static recto_status read_shelf(shelf_row **out, size_t *count, repo *repo, const browse_request *request, bool backwards,
                               text from, size_t wanted, recto_error *error)
{
    const shelf_limits *limits = request->shelf != NULL ? request->shelf : &no_limits;
    shelf_reading reading = { .rows = calloc(SHELF_LEVELS * wanted + 1, sizeof *reading.rows), .backwards = backwards };
    recto_status status = RECTO_OK;
    *out = NULL;
    *count = 0;
    if (reading.rows == NULL)
        return recto_fail_memory(error, "browsing");
    for (size_t level = 0; level < SHELF_LEVELS && status == RECTO_OK; level++)
        if (wants_level(limits, level))
            status = read_level(&reading, repo, request,
                                backwards ? shelf_statements[level].before : shelf_statements[level].from, from, wanted, error);
    *out = reading.rows;
    *count = reading.count;
    if (status == RECTO_OK && limits->level == SHELF_ALL_LEVELS) {
        fold_levels(&reading, wanted);
        *count = reading.count;
    }
    return status;
}

static void give_shelf(giver *giver, const shelf_row *row, bool before)
{
    const browse_row shown = { .key = text_from(row->key),
                               .shown = text_from(row->call_number),
                               .tag = "852",
                               .example = row->bib,
                               .count = row->count,
                               .before = before };
    if (giver->more)
        giver->more = giver->visit(giver->context, &shown);
}

static recto_status browse_shelf(giver *giver, repo *repo, const browse_request *request, text from, recto_error *error)
{
    shelf_row *before = NULL, *after = NULL;
    size_t before_count = 0, after_count = 0;
    recto_status status = read_shelf(&before, &before_count, repo, request, true, from, request->before, error);
    if (status == RECTO_OK)
        status = read_shelf(&after, &after_count, repo, request, false, from, request->after, error);
    for (size_t i = before_count; i > 0 && status == RECTO_OK; i--)
        give_shelf(giver, &before[i - 1], true);
    for (size_t i = 0; i < after_count && status == RECTO_OK; i++)
        give_shelf(giver, &after[i], false);
    release_shelf(before, before_count);
    release_shelf(after, after_count);
    return status;
}

/* ---- the door ---------------------------------------------------------------------------------------------------- */

recto_status repo_browse(repo *repo, const browse_request *request, bool (*visit)(void *context, const browse_row *row),
                         void *context, recto_error *error)
{
    const search_request zones = { .zones = request->zones, .zone_count = request->zone_count };
    search search = { .repo = repo };
    giver giver = { visit, context, true };
    buffer key;
    bool own;
    if (request->before > ROWS_MAX || request->after > ROWS_MAX)
        return recto_fail(error, RECTO_ELIMIT, NULL, "go on from the last row", "a list has at most %d rows at a time", ROWS_MAX);
    recto_status status = look_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    buffer_init(&key, 0);
    if (request->from_key)
        buffer_append_text(&key, request->from);
    else
        heading_key(&key, heading_column(request->kind), request->from);
    if (buffer_failed(&key))
        status = recto_fail_memory(error, "browsing");
    else if (request->kind == BROWSE_SHELF)
        status = browse_shelf(&giver, repo, request, buffer_text(&key), error);
    else
        status = search_begin(&search, repo, &zones, error);
    if (status == RECTO_OK && request->kind != BROWSE_SHELF)
        status = browse_terms(&giver, &search, request, buffer_text(&key));
    look_end(repo, own);
    search_end(&search);
    buffer_release(&key);
    return status;
}

static recto_status visit_documents(search *search, const index_set *documents, bool (*visit)(void *context, mms_id id),
                                    void *context)
{
    index_document *page = NULL;
    size_t count = 0;
    const found hits = { (index_set *)documents, false };
    recto_status status = search_page(&page, &count, search, &hits, (size_t)index_set_count(documents));
    bool more = true;
    for (size_t i = 0; i < count && more && status == RECTO_OK; i++) {
        mms_id id;
        int version;
        status = read_example(&id, &version, search, page[i]);
        if (status == RECTO_OK && id != 0)
            more = visit(context, id);
    }
    free(page);
    return status;
}

/* The bibs of one call number, those of a level after those of the one before it; a bib is visited once. */
static recto_status visit_shelf(repo *repo, const browse_request *request, text key, bool (*visit)(void *context, mms_id id),
                                void *context, recto_error *error)
{
    const shelf_limits *limits = request->shelf != NULL ? request->shelf : &no_limits;
    char zones[SHELF_ZONES];
    mms_id *seen = NULL;
    size_t count = 0;
    recto_status status = RECTO_OK;
    bool more = true, failed = false;
    write_zones(zones, request);
    for (size_t level = 0; level < SHELF_LEVELS && more && !failed && status == RECTO_OK; level++) {
        rows rows;
        if (!wants_level(limits, level))
            continue;
        (void)rows_open(&rows, repo, error, shelf_statements[level].bibs, "tsisss", key, zones, (int64_t)0, limits->type,
                        limits->library, limits->location);
        while (more && !failed && rows_next(&rows)) {
            const mms_id id = row_int64(&rows, 0);
            size_t at = 0;
            while (at < count && seen[at] != id)
                at++;
            if (at < count)
                continue;
            mms_id *grown = realloc(seen, (count + 1) * sizeof *grown);
            failed = grown == NULL;
            if (failed)
                break;
            seen = grown;
            seen[count++] = id;
            more = visit(context, id);
        }
        status = rows_close(&rows);
    }
    free(seen);
    return status == RECTO_OK && failed ? recto_fail_memory(error, "browsing") : status;
}

recto_status repo_browse_records(repo *repo, const browse_request *request, text key, bool (*visit)(void *context, mms_id id),
                                 void *context, recto_error *error)
{
    const search_request all = {
        .zones = request->zones, .zone_count = request->zone_count, .sort = SORT_MMS_ID, .limit = SIZE_MAX
    };
    const uint8_t columns[2] = { (uint8_t)heading_column(request->kind), 0 };
    search search = { .repo = repo };
    index_set *documents = NULL;
    bool own;
    if (request->kind == BROWSE_SHELF)
        return visit_shelf(repo, request, key, visit, context, error);
    recto_status status = look_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = search_begin(&search, repo, &all, error);
    if (status == RECTO_OK)
        status = index_find(&documents, search.reader, columns, key, error);
    if (status == RECTO_OK && search.allowed != NULL)
        index_set_and(documents, search.allowed);
    if (status == RECTO_OK)
        status = visit_documents(&search, documents, visit, context);
    look_end(repo, own);
    search_end(&search);
    index_set_free(documents);
    return status;
}
