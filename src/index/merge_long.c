/* src/index/merge_long.c - the lists of one term of several sources into one long list, in pieces of at most one chunk of
 * documents, so that a merge can stop within a term.
 *
 * The format wants all documents before all places: the sources are gone through twice. What only one source has, and hides none
 * of, is copied as it stands: chunks of documents, and blocks of places when the sources' documents lie apart, as those of a
 * load always do. */
#include "merge_long.h"

#include <stdlib.h>

enum { CHUNK_WORDS = CHUNK_DOCUMENTS / 64, COPY_BYTES_A_POSTING = 32 };

recto_status long_merge_new(long_merge **out, writer *writer, const index_key *key, size_t sources, uint64_t **seen,
                            recto_error *error)
{
    long_merge *merge = calloc(1, sizeof *merge);
    *out = merge;
    if (merge == NULL)
        return recto_fail_memory(error, "merging the index");
    merge->writer = writer;
    merge->key = *key;
    merge->seen = seen;
    merge->capacity = sources;
    writer_long_begin(writer, &merge->out);
    merge->sources = calloc(sources + 1, sizeof *merge->sources);
    merge->bits = malloc(CHUNK_WORDS * sizeof *merge->bits);
    merge->room = malloc(CHUNK_DOCUMENTS * sizeof *merge->room);
    if (merge->sources == NULL || merge->bits == NULL || merge->room == NULL)
        return recto_fail_memory(error, "merging the index");
    return RECTO_OK;
}

void long_merge_free(long_merge *merge)
{
    if (merge == NULL)
        return;
    for (size_t i = 0; i < merge->count; i++) {
        long_source *source = &merge->sources[i];
        buffer_release(&source->document_body);
        buffer_release(&source->place_body);
        postings_release(&source->list);
        free(source->hidden_bits);
        free(source->room);
    }
    long_release(&merge->out);
    free(merge->sources);
    free(merge->bits);
    free(merge->room);
    free(merge);
}

static recto_status no_memory(recto_error *error)
{
    return recto_fail_memory(error, "merging the index");
}

static recto_status source_damaged(const long_source *source, recto_error *error)
{
    uint32_t block = source->document_block > source->documents[0] ? source->document_block - 1 : source->documents[0];
    return index_damaged(error, source->view->segment, block, "a list of documents cannot be read");
}

/* ---- sources ---- */

static long_source *add_source(long_merge *merge, const index_set *hidden, bool has_places)
{
    long_source *source = &merge->sources[merge->count++];
    buffer_init(&source->document_body, 0);
    buffer_init(&source->place_body, 0);
    source->hidden = hidden;
    source->has_places = has_places;
    merge->has_places = merge->has_places || has_places;
    return source;
}

void long_merge_add_postings(long_merge *merge, postings *postings)
{
    long_source *source = add_source(merge, NULL, postings->has_places);
    source->list = *postings;
    *postings = (struct postings){ 0 };
    source->first = source->list.count == 0 ? 0 : source->list.documents[0];
    source->last = source->list.count == 0 ? 0 : source->list.documents[source->list.count - 1];
}

recto_status long_merge_add(long_merge *merge, const list_ref *list, const index_set *hidden, index_document first,
                            index_document last, recto_error *error)
{
    large_parts parts = { 0 };
    long_source *source = add_source(merge, hidden, (list->flags & 1) != 0);
    source->first = first;
    source->last = last;
    if ((list->flags >> 1 & 3) != LIST_LARGE)
        return list_read(&source->list, list, error);
    recto_status status = large_list(&parts, list, error);
    if (status != RECTO_OK)
        return status;
    source->view = list->view;
    source->documents[0] = parts.documents.first;
    source->documents[1] = parts.documents.first + parts.documents.count;
    source->places[0] = parts.places.first;
    source->places[1] = parts.places.first + parts.places.count;
    return RECTO_OK;
}

/* A block of the store, kept until the next of its kind. */
static recto_status load(reading *out, buffer *body, const long_source *source, uint32_t block, enum block_kind kind,
                         recto_error *error)
{
    text bytes = { NULL, 0 };
    recto_status status = list_block(&bytes, source->view, block, kind, error);
    if (status != RECTO_OK)
        return status;
    buffer_clear(body);
    buffer_append_text(body, bytes);
    *out = reading_of(buffer_text(body));
    return buffer_failed(body) ? no_memory(error) : RECTO_OK;
}

/* To the next upper half of which the source has documents. */
static recto_status next_upper(long_source *source, recto_error *error)
{
    if (source->view == NULL) {
        source->list_at += source->count;
        source->count = 0;
        source->ended = source->list_at == source->list.count;
        return RECTO_OK;
    }
    int64_t last = source->document_block == source->documents[0] ? -1 : (int64_t)source->chunk.upper;
    if (source->chunks.at == source->chunks.end) {
        source->ended = source->document_block == source->documents[1];
        if (source->ended)
            return RECTO_OK;
        recto_status status =
            load(&source->chunks, &source->document_body, source, source->document_block, BLOCK_DOCUMENTS, error);
        if (status != RECTO_OK)
            return status;
        source->document_block++;
        source->before = -1;
    }
    if (!chunk_next(&source->chunk, &source->chunks, &source->before) || (int64_t)source->chunk.upper <= last)
        return source_damaged(source, error);
    return RECTO_OK;
}

static uint32_t upper_of(const long_source *source)
{
    return source->view == NULL ? source->list.documents[source->list_at] >> 16 : source->chunk.upper;
}

static recto_status take_members(long_source *source, recto_error *error)
{
    source->at = 0;
    if (source->view == NULL) {
        const postings *list = &source->list;
        uint32_t upper = list->documents[source->list_at] >> 16;
        source->members = list->documents + source->list_at;
        for (source->count = 0; source->list_at + source->count < list->count; source->count++)
            if (source->members[source->count] >> 16 != upper)
                break;
        return RECTO_OK;
    }
    if (source->room == NULL && (source->room = malloc(CHUNK_DOCUMENTS * sizeof *source->room)) == NULL)
        return no_memory(error);
    source->members = source->room;
    source->count = chunk_documents(&source->chunk, source->room);
    return source->count == 0 ? source_damaged(source, error) : RECTO_OK;
}

static recto_status take_hidden(long_source *source, recto_error *error)
{
    if (source->hidden == NULL)
        return RECTO_OK;
    size_t bytes = CHUNK_WORDS * sizeof *source->hidden_bits;
    if (source->hidden_bits == NULL && (source->hidden_bits = malloc(bytes)) == NULL)
        return no_memory(error);
    memset(source->hidden_bits, 0, bytes);
    roaring_uint32_iterator_t at;
    roaring_init_iterator(source->hidden->bits, &at);
    roaring_move_uint32_iterator_equalorlarger(&at, upper_of(source) << 16);
    for (; at.has_value && at.current_value >> 16 == upper_of(source); roaring_advance_uint32_iterator(&at))
        source->hidden_bits[(at.current_value & 0xFFFF) >> 6] |= UINT64_C(1) << (at.current_value & 63);
    return RECTO_OK;
}

static bool is_hidden(const long_source *source, index_document document)
{
    return source->hidden != NULL && (source->hidden_bits[(document & 0xFFFF) >> 6] >> (document & 63) & 1) != 0;
}

/* ---- both ways through ---- */

static recto_status start(long_merge *merge, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < merge->count; i++) {
        long_source *source = &merge->sources[i];
        source->document_block = source->documents[0];
        source->place_block = source->places[0];
        source->chunks = source->groups = (reading){ 0 };
        source->list_at = source->count = 0;
        status = next_upper(source, error);
    }
    return status;
}

/* The lowest upper half that is left. false: none is */
static bool lowest_upper(uint32_t *out, size_t *holders, const long_merge *merge)
{
    *holders = 0;
    for (size_t i = 0; i < merge->count; i++) {
        const long_source *source = &merge->sources[i];
        if (source->ended)
            continue;
        uint32_t upper = upper_of(source);
        if (*holders == 0 || upper < *out) {
            *out = upper;
            *holders = 1;
        } else {
            *holders += upper == *out;
        }
    }
    return *holders > 0;
}

static bool stands_at(const long_source *source, uint32_t upper)
{
    return !source->ended && upper_of(source) == upper;
}

/* ---- documents ---- */

static bool mark_seen(long_merge *merge, uint32_t upper)
{
    if (merge->seen == NULL)
        return true;
    uint64_t **chunk = &merge->seen[upper];
    if (*chunk == NULL && (*chunk = calloc(CHUNK_WORDS, sizeof **chunk)) == NULL)
        return false;
    for (size_t i = 0; i < CHUNK_WORDS; i++)
        (*chunk)[i] |= merge->bits[i];
    return true;
}

static size_t bits_documents(const long_merge *merge, uint32_t upper)
{
    size_t count = 0;
    for (uint32_t i = 0; i < CHUNK_WORDS; i++)
        for (uint64_t word = merge->bits[i]; word != 0; word &= word - 1)
            merge->room[count++] = upper << 16 | (i << 6 | (uint32_t)__builtin_ctzll(word));
    return count;
}

static recto_status unite_documents(long_merge *merge, uint32_t upper, uint64_t *work, recto_error *error)
{
    recto_status status = RECTO_OK;
    memset(merge->bits, 0, CHUNK_WORDS * sizeof *merge->bits);
    for (size_t i = 0; status == RECTO_OK && i < merge->count; i++) {
        long_source *source = &merge->sources[i];
        if (!stands_at(source, upper))
            continue;
        status = take_members(source, error);
        if (status == RECTO_OK)
            status = take_hidden(source, error);
        for (size_t j = 0; status == RECTO_OK && j < source->count; j++)
            if (!is_hidden(source, source->members[j]))
                merge->bits[(source->members[j] & 0xFFFF) >> 6] |= UINT64_C(1) << (source->members[j] & 63);
        *work += source->count / 4 + 256;
        if (status == RECTO_OK)
            status = next_upper(source, error);
    }
    size_t count = status == RECTO_OK ? bits_documents(merge, upper) : 0;
    if (status == RECTO_OK && !mark_seen(merge, upper))
        status = no_memory(error);
    return count == 0 || status != RECTO_OK ? status : long_documents(&merge->out, merge->room, count, error);
}

/* One upper half. */
static recto_status step_documents(long_merge *merge, uint64_t *work, recto_error *error)
{
    uint32_t upper = 0;
    size_t holders = 0;
    if (!lowest_upper(&upper, &holders, merge)) {
        merge->stage = merge->has_places && merge->out.count > 0 ? LONG_PLACES : LONG_END;
        recto_status status = long_documents_end(&merge->out, error);
        return status != RECTO_OK || merge->stage == LONG_END ? status : start(merge, error);
    }
    for (size_t i = 0; holders == 1 && merge->seen == NULL && i < merge->count; i++) {
        long_source *source = &merge->sources[i];
        if (!stands_at(source, upper) || source->view == NULL || source->hidden != NULL)
            continue;
        *work += (uint64_t)(source->chunk.data.end - source->chunk.data.at) / COPY_BYTES_A_POSTING;
        recto_status status = long_chunk(&merge->out, &source->chunk, error);
        return status != RECTO_OK ? status : next_upper(source, error);
    }
    return unite_documents(merge, upper, work, error);
}

/* ---- places ---- */

static recto_status next_group(long_source *source, const unsigned char **group, size_t *length, recto_error *error)
{
    static const unsigned char none = 0;
    if (source->view == NULL) {
        *group = postings_group(&source->list, source->list_at + source->at, length);
        return RECTO_OK;
    }
    *group = &none;
    *length = 1;
    if (!source->has_places)
        return RECTO_OK;
    if (source->groups.at == source->groups.end) {
        reading body = { 0 };
        uint32_t marks = 0;
        if (source->place_block == source->places[1])
            return source_damaged(source, error);
        recto_status status = load(&body, &source->place_body, source, source->place_block++, BLOCK_PLACES, error);
        if (status != RECTO_OK)
            return status;
        if (!places_body(&source->groups, &marks, buffer_text(&source->place_body)))
            return source_damaged(source, error);
    }
    *group = source->groups.at;
    (void)reading_group(&source->groups);
    *length = (size_t)(source->groups.at - *group);
    return source->groups.bad || *length == 0 ? source_damaged(source, error) : RECTO_OK;
}

/* The source whose next document is the lowest, and where the next of another begins. */
static long_source *lowest_source(long_merge *merge, uint32_t *limit)
{
    long_source *lowest = NULL;
    *limit = UINT32_MAX;
    for (size_t i = 0; i < merge->count; i++) {
        long_source *source = &merge->sources[i];
        if (source->at == source->count)
            continue;
        index_document document = source->members[source->at];
        if (lowest == NULL || document < lowest->members[lowest->at]) {
            *limit = lowest == NULL ? UINT32_MAX : lowest->members[lowest->at];
            lowest = source;
        } else if (document < *limit) {
            *limit = document;
        }
    }
    return lowest;
}

static recto_status unite_groups(long_merge *merge, uint64_t *work, recto_error *error)
{
    uint32_t limit;
    recto_status status = RECTO_OK;
    for (long_source *source; status == RECTO_OK && (source = lowest_source(merge, &limit)) != NULL;) {
        size_t before = source->at;
        do {
            const unsigned char *group = NULL;
            size_t length = 0;
            index_document document = source->members[source->at];
            status = next_group(source, &group, &length, error);
            source->at++;
            if (status == RECTO_OK && !is_hidden(source, document))
                status = long_group(&merge->out, document, group, length, error);
        } while (status == RECTO_OK && source->at < source->count && source->members[source->at] < limit);
        *work += source->at - before;
    }
    return status;
}

/* One upper half of sources whose documents overlap. */
static recto_status step_united(long_merge *merge, uint64_t *work, recto_error *error)
{
    uint32_t upper = 0;
    size_t holders = 0;
    recto_status status = RECTO_OK;
    if (!lowest_upper(&upper, &holders, merge)) {
        merge->stage = LONG_END;
        return RECTO_OK;
    }
    for (size_t i = 0; status == RECTO_OK && i < merge->count; i++) {
        long_source *source = &merge->sources[i];
        source->at = 0;
        if (!stands_at(source, upper)) {
            source->at = source->count;
            continue;
        }
        status = take_members(source, error);
        if (status == RECTO_OK)
            status = take_hidden(source, error);
    }
    if (status == RECTO_OK)
        status = unite_groups(merge, work, error);
    for (size_t i = 0; status == RECTO_OK && i < merge->count; i++)
        if (stands_at(&merge->sources[i], upper))
            status = next_upper(&merge->sources[i], error);
    return status;
}

static recto_status copy_places(long_merge *merge, long_source *source, uint64_t *work, recto_error *error)
{
    reading body = { 0 }, groups = { 0 };
    uint32_t marks = 0;
    recto_status status = load(&body, &source->place_body, source, source->place_block++, BLOCK_PLACES, error);
    if (status != RECTO_OK)
        return status;
    if (!places_body(&groups, &marks, buffer_text(&source->place_body)))
        return source_damaged(source, error);
    size_t length = (size_t)(groups.end - groups.at);
    *work += length / COPY_BYTES_A_POSTING;
    return long_piece(&merge->out, body.at + 4, marks, text_of((const char *)groups.at, length), error);
}

/* One block of a source that lies apart from the others, or some of what is in memory. */
static recto_status step_apart(long_merge *merge, uint64_t *work, recto_error *error)
{
    recto_status status = RECTO_OK;
    if (merge->source == merge->count) {
        merge->stage = LONG_END;
        return RECTO_OK;
    }
    long_source *source = &merge->sources[merge->source];
    if (source->view != NULL && source->place_block < source->places[1])
        return copy_places(merge, source, work, error);
    for (size_t i = 0; source->view == NULL && status == RECTO_OK && i < source->list.count; i++) {
        size_t length;
        const unsigned char *group = postings_group(&source->list, i, &length);
        status = long_group(&merge->out, source->list.documents[i], group, length, error);
    }
    *work += source->list.count;
    merge->source++;
    return status;
}

/* ---- all of it ---- */

static int by_first(const void *a, const void *b)
{
    const long_source *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

static bool lie_apart(const long_merge *merge)
{
    for (size_t i = 0; i < merge->count; i++) {
        const long_source *source = &merge->sources[i];
        if (source->hidden != NULL || !source->has_places || (i > 0 && source->first <= merge->sources[i - 1].last))
            return false;
    }
    return true;
}

static recto_status begin(long_merge *merge, recto_error *error)
{
    if (merge->count > 1)
        qsort(merge->sources, merge->count, sizeof *merge->sources, by_first);
    merge->apart = lie_apart(merge);
    merge->begun = true;
    return start(merge, error);
}

recto_status long_merge_step(long_merge *merge, uint64_t *work, bool *done, recto_error *error)
{
    *done = false;
    if (!merge->begun)
        return begin(merge, error);
    if (merge->stage == LONG_DOCUMENTS)
        return step_documents(merge, work, error);
    if (merge->stage == LONG_PLACES)
        return merge->apart ? step_apart(merge, work, error) : step_united(merge, work, error);
    *done = true;
    if (merge->out.count == 0)
        return RECTO_OK;
    return writer_long_end(merge->writer, merge->key.bytes, merge->key.length, &merge->out, merge->has_places, error);
}
