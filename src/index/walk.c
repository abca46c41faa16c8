/* src/index/walk.c - everything a segment or an entry holds, in order, for a full check. */
#include "entry.h"
#include "tree.h"

typedef struct walk {
    const index_source *source;
    index_posting_visit visit;
    void *context;
    bool enough;
} walk;

static void visit_group(walk *walk, unsigned column, text term, index_document document, const unsigned char *group)
{
    reading from = { group, group_end(group), false };
    uint32_t number = reading_number(&from), place = number >> 1;
    walk->enough = !walk->visit(walk->context, column, term, document, place);
    while (!walk->enough && (number & 1) != 0) {
        number = reading_number(&from);
        place += number >> 1;
        walk->enough = !walk->visit(walk->context, column, term, document, place);
    }
}

static recto_status walk_term(walk *walk, postings *postings, const cursor *cursor, recto_error *error)
{
    text key = cursor_key(cursor), term = text_of(key.bytes + 1, key.length - 1);
    list_ref list = { cursor->view, cursor->terms[cursor->at].flags, cursor_payload(cursor) };
    postings_clear(postings);
    recto_status status = list_read(postings, &list, error);
    for (size_t i = 0; status == RECTO_OK && i < postings->count && !walk->enough; i++) {
        size_t length;
        if (walk->source->documents != NULL && !index_set_has(walk->source->documents, postings->documents[i]))
            return index_damaged(error, cursor->view->segment, cursor->view->root, "a term has a document that is not there");
        visit_group(walk, (unsigned char)key.bytes[0], term, postings->documents[i], postings_group(postings, i, &length));
    }
    return status;
}

static recto_status walk_segment(walk *walk, const index_store *store, recto_error *error)
{
    const index_segment_info *info = walk->source->segment;
    segment_view view = { store, info->segment, info->root, info->blocks, NULL, NULL };
    cursor cursor;
    postings postings = { 0 };
    index_key start = { .length = 0 };
    cursor_init(&cursor, &view);
    recto_status status = cursor_seek(&cursor, &start, false, error);
    while (status == RECTO_OK && !cursor.ended && !walk->enough) {
        status = walk_term(walk, &postings, &cursor, error);
        if (status == RECTO_OK)
            status = cursor_step(&cursor, false, error);
    }
    postings_release(&postings);
    cursor_release(&cursor);
    return status;
}

static recto_status walk_entry(walk *walk, recto_error *error)
{
    pool pool = { 0 };
    recto_status status = pool_add(&pool, walk->source->document, walk->source->entry, error);
    for (size_t i = 0; status == RECTO_OK && i < pool.slot_count && !walk->enough; i++) {
        const pool_slot *slot = &pool.slots[i];
        visit_group(walk, slot->column, text_of((const char *)slot->term, slot->length), walk->source->document,
                    slot_group(slot));
    }
    pool_release(&pool);
    return status;
}

recto_status index_walk(const index_source *source, const index_store *store, index_posting_visit visit, void *context,
                        recto_error *error)
{
    walk walk = { source, visit, context, false };
    return source->segment != NULL ? walk_segment(&walk, store, error) : walk_entry(&walk, error);
}
