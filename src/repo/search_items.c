/* src/repo/search_items.c - from documents to their items and back, for a search whose rows are items.
 *
 * Items are not in the index: there are tables for them. A condition on the bib is met by all items of the bib, so sets stay
 * sets of documents as long as they can. */
#include "search.h"
#include <stdlib.h>

enum { FEW = 2000 }; /* asked one by one; for more, all items are read once */

static recto_status add_items_of(index_set *items, search *search, index_document document)
{
    rows rows;
    bool failed = false;
    (void)rows_open(&rows, search->repo, search->error, SQL_ITEM_NUMBERS_OF, "i", (int64_t)document);
    while (rows_next(&rows) && !failed)
        failed = !index_set_add(items, (index_document)row_int64(&rows, 0));
    recto_status status = rows_close(&rows);
    return status == RECTO_OK && failed ? search_no_memory(search) : status;
}

static recto_status add_each(index_set *items, search *search, const index_set *documents)
{
    index_document batch[256], after = 0;
    recto_status status = RECTO_OK;
    size_t count;
    while (status == RECTO_OK && (count = index_set_list(documents, after, batch, 256)) > 0) {
        for (size_t i = 0; i < count && status == RECTO_OK; i++)
            status = add_items_of(items, search, batch[i]);
        after = batch[count - 1];
    }
    return status;
}

/* Reads all items: `from` are documents and items are added to `to`, or the other way round. */
static recto_status read_all(index_set *to, search *search, const index_set *from, bool from_items)
{
    rows rows;
    bool failed = false;
    (void)rows_open(&rows, search->repo, search->error, SQL_ITEM_DOCUMENTS, "");
    while (rows_next(&rows) && !failed) {
        const index_document document = (index_document)row_int64(&rows, 0), item = (index_document)row_int64(&rows, 1);
        if (index_set_has(from, from_items ? item : document))
            failed = !index_set_add(to, from_items ? document : item);
    }
    recto_status status = rows_close(&rows);
    return status == RECTO_OK && failed ? search_no_memory(search) : status;
}

recto_status search_to_items(found *found, search *search)
{
    index_set *items = index_set_new();
    if (items == NULL)
        return search_no_memory(search);
    recto_status status =
        index_set_count(found->set) <= FEW ? add_each(items, search, found->set) : read_all(items, search, found->set, false);
    if (status != RECTO_OK) {
        index_set_free(items);
        return status;
    }
    index_set_free(found->set);
    *found = (struct found){ items, true };
    return RECTO_OK;
}

recto_status search_to_documents(index_set **out, search *search, const index_set *items)
{
    *out = index_set_new();
    return *out == NULL ? search_no_memory(search) : read_all(*out, search, items, true);
}

recto_status search_expand_items(index_document *page, size_t *page_count, search *search, const index_document *documents,
                                 size_t document_count, const index_set *items, size_t offset, size_t limit)
{
    recto_status status = RECTO_OK;
    size_t seen = 0, filled = 0;
    for (size_t i = 0; i < document_count && filled < limit && status == RECTO_OK; i++) {
        rows rows;
        (void)rows_open(&rows, search->repo, search->error, SQL_ITEM_NUMBERS_OF, "i", (int64_t)documents[i]);
        while (filled < limit && rows_next(&rows))
            if (index_set_has(items, (index_document)row_int64(&rows, 0)) && seen++ >= offset)
                page[filled++] = documents[i];
        status = rows_close(&rows);
    }
    *page_count = filled;
    return status;
}
