/* src/repo/check_postings.c - the posting index compared with the records in both directions, term by term (RL-81).
 *
 * What a record asks for (postings_collect) and what the index holds of it are the same set of terms and places when sums over
 * hashes of both are: so all is read once, in order, and eight bytes a record are kept. Of a repository too large for that, a
 * range of records is checked at a time. Of a record only what its newest source says counts. */
#include "check.h"
#include "postings_inside.h"
#include <stdlib.h>
#include <string.h>

enum { RANGE = 4 * 1024 * 1024, TOLD_MOST = 1000 }; /* records checked in one pass; findings, so that a list stays readable */

typedef struct posting_check {
    check *check;
    postings *kept;
    uint64_t *held, *asked, *into; /* sums, of the documents of this pass; the one that is made now */
    int64_t first, last, end;      /* of this pass; `end` is the last document there is */
    const index_set *newer;        /* documents that a newer source tells of */
    index_set *damaged;            /* documents of segments that cannot be read: not to be judged */
    struct {                       /* the term that was hashed last: they come in order */
        unsigned column;
        char bytes[INDEX_TERM_BYTES_MAX];
        size_t length;
        uint64_t hash;
    } term;
    int told;
} posting_check;

/* ---- sums -------------------------------------------------------------------------------------------------------- */

static uint64_t scramble(uint64_t value)
{
    value = (value ^ (value >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94D049BB133111EB);
    return value ^ (value >> 31);
}

static uint64_t term_hash(posting_check *all, unsigned column, text term)
{
    if (term.length > sizeof all->term.bytes)
        return 0; /* cannot be: the index cuts them */
    if (all->term.column == column && all->term.length == term.length && memcmp(all->term.bytes, term.bytes, term.length) == 0)
        return all->term.hash;
    uint64_t hash = UINT64_C(14695981039346656037) ^ column;
    for (size_t i = 0; i < term.length; i++)
        hash = (hash ^ (unsigned char)term.bytes[i]) * UINT64_C(1099511628211);
    all->term.column = column;
    all->term.length = term.length;
    memcpy(all->term.bytes, term.bytes, term.length);
    return all->term.hash = scramble(hash);
}

static bool add_posting(void *context, unsigned column, text term, index_document document, uint32_t place)
{
    posting_check *all = context;
    if (document < all->first || document > all->last || (all->newer != NULL && index_set_has(all->newer, document)))
        return true;
    uint64_t sum = scramble(term_hash(all, column, term) + place * UINT64_C(0x9E3779B97F4A7C15));
    all->into[document - all->first] += sum;
    return true;
}

/* ---- what the index holds ---------------------------------------------------------------------------------------- */

/* A source that cannot be read is named, and its records are not judged one by one. */
static recto_status walk(posting_check *all, const index_source *source, const char *name, int64_t number)
{
    recto_status status = index_walk(source, &all->kept->store, add_posting, all, all->check->error);
    if (status != RECTO_EDATA && status != RECTO_ENOTFOUND)
        return status;
    tell_finding(all->check, "index-damaged", 0, "%s %lld of the index is damaged; " RUN_REBUILD, name, (long long)number);
    recto_error_clear(all->check->error);
    const bool kept =
        source->segment != NULL ? index_set_or(all->damaged, source->documents) : index_set_add(all->damaged, source->document);
    return kept ? RECTO_OK : recto_fail_memory(all->check->error, "checking the index");
}

/* Documents behind the last row can only be in the index. */
static void tell_strays(posting_check *all, const index_set *documents)
{
    enum { TOLD = 8 };
    index_document strays[TOLD];
    size_t count = all->first == 1 ? index_set_list(documents, (index_document)all->end, strays, TOLD) : 0;
    for (size_t i = 0; i < count; i++)
        tell_finding(all->check, "index-stray", 0, "the index holds a record that is not there (%lld); " RUN_REBUILD,
                     (long long)strays[i]);
}

static recto_status walk_segment(posting_check *all, const segment_row *row, index_set *seen)
{
    index_set *documents = NULL;
    recto_status status = documents_get(&documents, all->check->repo, row->info.segment, all->check->error);
    if (status == RECTO_EDATA) {
        recto_error_clear(all->check->error);
        tell_finding(all->check, "index-damaged", 0, "segment %lld of the index is damaged; " RUN_REBUILD,
                     (long long)row->info.segment);
        index_set *every = index_set_range((index_document)all->first, (index_document)all->last);
        bool kept = every != NULL && index_set_or(all->damaged, every);
        index_set_free(every);
        return kept ? RECTO_OK : recto_fail_memory(all->check->error, "checking the index");
    }
    if (status != RECTO_OK)
        return status;
    const index_source source = { .segment = &row->info, .documents = documents };
    tell_strays(all, documents);
    all->newer = seen;
    status = walk(all, &source, "segment", row->info.segment);
    if (status == RECTO_OK && !index_set_or(seen, documents))
        status = recto_fail_memory(all->check->error, "checking the index");
    index_set_free(documents);
    return status;
}

static recto_status walk_segments(posting_check *all, index_set *seen)
{
    segment_list list = { .rows = NULL };
    recto_status status = segments_read(&list, all->check->repo, all->check->error);
    for (size_t i = list.count; i-- > 0 && status == RECTO_OK;)
        if (list.rows[i].state == SEGMENT_LIVE)
            status = walk_segment(all, &list.rows[i], seen);
    segment_list_free(&list);
    return status;
}

/* The newest entry of a record counts: they are read backwards. */
static recto_status walk_entries(posting_check *all, index_set *seen)
{
    rows rows;
    recto_status status = RECTO_OK;
    (void)rows_open(&rows, all->check->repo, all->check->error, SQL_PENDING_BACKWARDS, "");
    while (status == RECTO_OK && rows_next(&rows)) {
        const int64_t document = row_int64(&rows, 1);
        if (document <= 0 || document > all->end) {
            if (all->first == 1)
                tell_finding(all->check, "index-stray", 0, "the index holds a record that is not there (%lld); " RUN_REBUILD,
                             (long long)document);
            continue;
        }
        const index_source source = { .document = (index_document)document, .entry = row_text(&rows, 2) };
        all->newer = seen;
        status = walk(all, &source, "entry", row_int64(&rows, 0));
        if (status == RECTO_OK && !index_set_add(seen, source.document))
            status = recto_fail_memory(all->check->error, "checking the index");
    }
    recto_status closed = rows_close(&rows);
    return status != RECTO_OK ? status : closed;
}

static recto_status sum_index(posting_check *all)
{
    index_set *seen = index_set_new();
    if (seen == NULL)
        return recto_fail_memory(all->check->error, "checking the index");
    all->into = all->held;
    recto_status status = walk_entries(all, seen);
    if (status == RECTO_OK)
        status = walk_segments(all, seen);
    all->newer = NULL;
    index_set_free(seen);
    return status;
}

/* ---- what the records ask for ------------------------------------------------------------------------------------ */

static recto_status ask_record(posting_check *all, int64_t document)
{
    buffer *bytes = &all->kept->bytes;
    recto_error *error = all->check->error;
    recto_status status = postings_collect(all->kept->entry, all->check->repo, document, NULL, error);
    buffer_clear(bytes);
    if (status == RECTO_OK)
        status = index_entry_write(bytes, all->kept->entry, error);
    const index_source source = { .document = (index_document)document, .entry = buffer_text(bytes) };
    all->into = all->asked;
    return status == RECTO_OK ? index_walk(&source, &all->kept->store, add_posting, all, error) : status;
}

static void judge(posting_check *all, int64_t document, mms_id id)
{
    uint64_t held = all->held[document - all->first], asked = all->asked[document - all->first];
    if (held == asked || index_set_has(all->damaged, (index_document)document) || all->told >= TOLD_MOST)
        return;
    all->told++;
    if (held == 0)
        tell_finding(all->check, "index-missing", id, "the record is not in the index; " RUN_REBUILD);
    else if (asked == 0)
        tell_finding(all->check, "index-stray", id, "the index holds a record that is not there (%lld); " RUN_REBUILD,
                     (long long)document);
    else
        tell_finding(all->check, "index-differs", id, "the index differs from the record; " RUN_REBUILD);
}

/* What the index holds of documents without a row is judged, too. */
static recto_status ask_records(posting_check *all)
{
    rows rows;
    recto_status status = RECTO_OK;
    int64_t next = all->first;
    (void)rows_open(&rows, all->check->repo, all->check->error, SQL_CHECK_BIBS_OF, "ii", all->first, all->last);
    while (status == RECTO_OK && rows_next(&rows)) {
        const int64_t document = row_int64(&rows, 0);
        if (row_int(&rows, 2) == 0)
            status = ask_record(all, document);
        for (; next < document; next++)
            judge(all, next, 0);
        if (status == RECTO_OK)
            judge(all, document, row_int64(&rows, 1));
        next = document + 1;
    }
    for (; next <= all->last && status == RECTO_OK; next++)
        judge(all, next, 0);
    recto_status closed = rows_close(&rows);
    return status != RECTO_OK ? status : closed;
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static recto_status check_range(posting_check *all)
{
    const size_t count = (size_t)(all->last - all->first + 1);
    all->held = calloc(count, sizeof *all->held);
    all->asked = calloc(count, sizeof *all->asked);
    all->damaged = index_set_new();
    recto_status status = RECTO_OK;
    if (all->held == NULL || all->asked == NULL || all->damaged == NULL)
        status = recto_fail_memory(all->check->error, "checking the index");
    if (status == RECTO_OK)
        status = sum_index(all);
    if (status == RECTO_OK)
        status = ask_records(all);
    free(all->held);
    free(all->asked);
    index_set_free(all->damaged);
    return status;
}

/* Blocks of segments that no row tells of are never read, but they take room. */
static recto_status check_blocks(check *check)
{
    segment_list list = { .rows = NULL };
    int64_t number = 0;
    recto_status status = segments_read(&list, check->repo, check->error);
    for (; status == RECTO_OK; number++) {
        status = segment_stray(&number, check->repo, &list, check->error);
        if (status == RECTO_OK)
            tell_finding(check, "index-stray", 0, "the index holds blocks of a segment %lld that is not there; " RUN_REBUILD,
                         (long long)number);
    }
    segment_list_free(&list);
    return status == RECTO_ENOTFOUND ? RECTO_OK : status;
}

recto_status check_postings(check *check)
{
    posting_check all = { .check = check };
    recto_status status = postings_of(&all.kept, check->repo, check->error);
    if (status == RECTO_OK)
        status = store_number(&all.end, check->repo, check->error, SQL_DOCUMENT_LAST, "");
    if (status == RECTO_OK)
        status = check_blocks(check);
    for (all.first = 1; (all.first <= all.end || all.first == 1) && status == RECTO_OK; all.first = all.last + 1) {
        all.last = all.first + RANGE - 1 < all.end ? all.first + RANGE - 1 : all.end > 0 ? all.end : 1;
        status = check_range(&all);
    }
    return status;
}
