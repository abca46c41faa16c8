/* src/repo/authority_uses.c - the bibs that have the heading of an authority record, counted or listed.
 *
 * A heading is looked for in the lists where bibs have it: names also as subjects, titles also as subjects and series. */
#include "authority_headings.h"
#include "search.h"

enum { LISTED_AT_ONCE = 256 };

typedef struct use_search {
    search search;
    index_set *documents;
    bool longer;
    recto_status status;
} use_search;

static recto_status begin(use_search *use, repo *repo, const search_request *request, recto_error *error)
{
    use->documents = index_set_new();
    return use->documents == NULL ? recto_fail_memory(error, "looking for the bibs of a heading")
                                  : search_begin(&use->search, repo, request, error);
}

static void end(use_search *use)
{
    search_end(&use->search);
    index_set_free(use->documents);
}

static recto_status add_key(use_search *use, int nature, text key)
{
    static const uint8_t columns[][4] = {
        [NATURE_NAME] = { POSTING_HEADING_NAME, POSTING_HEADING_SUBJECT },
        [NATURE_TITLE] = { POSTING_HEADING_TITLE, POSTING_HEADING_SUBJECT, POSTING_HEADING_SERIES },
        [NATURE_SUBJECT] = { POSTING_HEADING_SUBJECT },
    };
    index_set *more = NULL;
    recto_status status = index_find(&more, use->search.reader, columns[nature], key, use->search.error);
    if (status == RECTO_OK && !index_set_or(use->documents, more))
        status = search_no_memory(&use->search);
    index_set_free(more);
    return status;
}

/* Headings that go on where this one ends: "Solitude -- Fiction", and a work of a name as a subject or series. Whether it is a
 * subdivision that follows, or only another word, the field must say. */
static recto_status add_longer(use_search *use, int nature, text key)
{
    static const uint8_t subjects[] = { POSTING_HEADING_SUBJECT, 0 },
                         works[] = { POSTING_HEADING_SUBJECT, POSTING_HEADING_SERIES, 0 };
    index_set *more = NULL;
    buffer beginning;
    if (key.length + 1 >= INDEX_TERM_BYTES_MAX)
        return RECTO_OK;
    buffer_init(&beginning, 0);
    buffer_append_text(&beginning, key);
    buffer_append_char(&beginning, ' ');
    recto_status status = buffer_failed(&beginning)
                              ? search_no_memory(&use->search)
                              : index_find_prefix(&more, use->search.reader, nature == NATURE_SUBJECT ? subjects : works,
                                                  buffer_text(&beginning), use->search.error);
    if (status == RECTO_OK && !index_set_or(use->documents, more))
        status = search_no_memory(&use->search);
    index_set_free(more);
    buffer_release(&beginning);
    return status;
}

static bool add_heading(void *context, const authority_heading *heading)
{
    use_search *use = context;
    if (heading->form == AUTHORITY_HEADING)
        use->status = use->longer ? add_longer(use, heading->nature, heading->key) : add_key(use, heading->nature, heading->key);
    return use->status == RECTO_OK;
}

static void keep_allowed(use_search *use)
{
    if (use->search.allowed != NULL)
        index_set_and(use->documents, use->search.allowed);
}

static recto_status visit_each(use_search *use, bool (*visit)(void *context, mms_id id), void *context)
{
    index_document batch[LISTED_AT_ONCE], after = 0;
    recto_status status = RECTO_OK;
    size_t count;
    bool more = true;
    while (status == RECTO_OK && more && (count = index_set_list(use->documents, after, batch, LISTED_AT_ONCE)) > 0) {
        for (size_t i = 0; i < count && status == RECTO_OK && more; i++) {
            rows row;
            (void)rows_open(&row, use->search.repo, use->search.error, SQL_DOCUMENT_PLACE, "i", (int64_t)batch[i]);
            if (rows_next(&row))
                more = visit(context, row_int64(&row, 0));
            status = rows_close(&row);
        }
        after = batch[count - 1];
    }
    return status;
}

static recto_status list_uses(size_t *count, repo *repo, const marc_record *record, bool longer, const search_request *request,
                              bool (*visit)(void *context, mms_id id), void *context, recto_error *error)
{
    use_search use = { .longer = longer };
    bool own;
    recto_status status = look_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = begin(&use, repo, request, error);
    if (status == RECTO_OK && !authority_headings(record, add_heading, &use))
        status = recto_fail_memory(error, "looking for the bibs of a heading");
    if (status == RECTO_OK)
        status = use.status;
    keep_allowed(&use);
    if (status == RECTO_OK)
        *count = (size_t)index_set_count(use.documents);
    if (status == RECTO_OK && visit != NULL)
        status = visit_each(&use, visit, context);
    look_end(repo, own);
    end(&use);
    return status;
}

recto_status repo_authority_uses(size_t *count, repo *repo, const marc_record *record, const int *zones, size_t zone_count,
                                 bool (*visit)(void *context, mms_id id), void *context, recto_error *error)
{
    const search_request request = { .zones = zones, .zone_count = zone_count };
    return list_uses(count, repo, record, false, &request, visit, context, error);
}

recto_status repo_authority_longer(size_t *count, repo *repo, const marc_record *record, const int *zones, size_t zone_count,
                                   bool (*visit)(void *context, mms_id id), void *context, recto_error *error)
{
    const search_request request = { .zones = zones, .zone_count = zone_count };
    return list_uses(count, repo, record, true, &request, visit, context, error);
}

/* From what is kept of the record: for rows of lists. */
static recto_status add_kept(use_search *use, size_t *references, mms_id id)
{
    rows rows;
    int64_t document = 0;
    recto_status status = store_number(&document, use->search.repo, use->search.error, SQL_POSTING_DOCUMENT, "i", id);
    if (status != RECTO_OK)
        return status == RECTO_ENOTFOUND ? RECTO_OK : status;
    (void)rows_open(&rows, use->search.repo, use->search.error, SQL_AUTHORITY_HEADINGS, "i", document);
    while (status == RECTO_OK && rows_next(&rows)) {
        const int nature = row_int(&rows, 2), form = row_int(&rows, 3);
        *references += form == AUTHORITY_SEE;
        if (form == AUTHORITY_HEADING && nature >= NATURE_NAME && nature <= NATURE_SUBJECT)
            status = add_key(use, nature, row_text(&rows, 1));
    }
    recto_status closed = rows_close(&rows);
    return status != RECTO_OK ? status : closed;
}

recto_status repo_authority_counts(size_t *references, size_t *bibs, repo *repo, mms_id id, const int *zones, size_t zone_count,
                                   recto_error *error)
{
    const search_request request = { .zones = zones, .zone_count = zone_count };
    use_search use = { .documents = NULL };
    bool own;
    *references = *bibs = 0;
    recto_status status = look_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = begin(&use, repo, &request, error);
    if (status == RECTO_OK)
        status = add_kept(&use, references, id);
    keep_allowed(&use);
    if (status == RECTO_OK)
        *bibs = (size_t)index_set_count(use.documents);
    look_end(repo, own);
    end(&use);
    return status;
}
