/* src/index/phrase.c - terms at following places: only documents that hold all of them are looked at more closely. */
#include "reader.h"

#include <stdlib.h>

enum { PHRASE_TERMS_MAX = 256, KEY_PHRASE = 16, KEY_PHRASE_CUT }; /* kinds of finds, behind those of find.c */

typedef struct phrase {
    index_reader *reader;
    const text *terms;
    size_t count;   /* whole ones */
    text beginning; /* of the last, when it is cut; bytes NULL: not */
    uint32_t *places, *others;
    size_t place_count;
    unsigned column;
    /* documents that hold the whole terms, with the places where a term with the beginning would have to stand */
    index_document *documents;
    size_t document_count, document_capacity;
    size_t *place_ends;
    size_t ends_capacity;
    uint32_t *kept;
    size_t kept_count, kept_capacity;
} phrase;

static bool is_gap(const phrase *phrase, size_t number)
{
    return phrase->terms[number].length == 0;
}

static void phrase_clear(phrase *phrase)
{
    phrase->document_count = phrase->kept_count = 0;
}

static void phrase_release(phrase *phrase)
{
    free(phrase->documents);
    free(phrase->place_ends);
    free(phrase->kept);
}

static size_t group_places(uint32_t *out, const unsigned char *group)
{
    reading from = { group, group_end(group), false };
    size_t count = 0;
    uint32_t place = 0, number;
    do {
        number = reading_number(&from);
        place += number >> 1;
        if (place != INDEX_NO_PLACE)
            out[count++] = place;
    } while ((number & 1) != 0 && count < GROUP_PLACES_MAX);
    return count;
}

/* Keeps those places after which a term of the group follows, `step` places on: they become the places of that term. */
static void follow(phrase *phrase, const unsigned char *group, uint32_t step)
{
    size_t count = group_places(phrase->others, group), kept = 0;
    for (size_t i = 0, j = 0; i < phrase->place_count && j < count;) {
        uint32_t next = phrase->places[i] + step;
        if (phrase->others[j] == next) {
            phrase->places[kept++] = next;
            i++;
            j++;
        } else if (phrase->others[j] < next) {
            j++;
        } else {
            i++;
        }
    }
    phrase->place_count = kept;
}

/* The document holds the whole terms at phrase->places. */
static bool keep_document(phrase *phrase, index_document document)
{
    if (phrase->beginning.bytes == NULL)
        return gather_document(&phrase->reader->gather, document);
    if (!grow_array((void **)&phrase->documents, &phrase->document_capacity, phrase->document_count, sizeof *phrase->documents) ||
        !grow_array((void **)&phrase->place_ends, &phrase->ends_capacity, phrase->document_count, sizeof *phrase->place_ends))
        return false;
    for (size_t i = 0; i < phrase->place_count; i++) {
        if (!grow_array((void **)&phrase->kept, &phrase->kept_capacity, phrase->kept_count, sizeof *phrase->kept))
            return false;
        phrase->kept[phrase->kept_count++] = phrase->places[i];
    }
    phrase->documents[phrase->document_count] = document;
    phrase->place_ends[phrase->document_count++] = phrase->kept_count;
    return true;
}

/* ---- a segment ---- */

static recto_status check_document(bool *found, phrase *phrase, places_reader *readers, index_document document,
                                   recto_error *error)
{
    recto_status status = RECTO_OK;
    uint32_t step = 0;
    phrase->place_count = 1;
    for (size_t i = 0; status == RECTO_OK && i < phrase->count && phrase->place_count > 0; i++) {
        const unsigned char *group = NULL;
        step++;
        if (is_gap(phrase, i))
            continue;
        status = places_seek(&readers[i], document, &group, error);
        if (status != RECTO_OK || group == NULL)
            phrase->place_count = 0;
        else if (i == 0)
            phrase->place_count = group_places(phrase->places, group);
        else
            follow(phrase, group, step);
        step = 0;
    }
    *found = phrase->place_count > 0;
    return status;
}

enum { CANDIDATES = 4096 };

static recto_status check_candidates(phrase *phrase, places_reader *readers, const index_set *candidates, recto_error *error)
{
    index_document room[CANDIDATES], after = 0;
    recto_status status = RECTO_OK;
    size_t count;
    while (status == RECTO_OK && (count = index_set_list(candidates, after, room, CANDIDATES)) > 0) {
        for (size_t i = 0; status == RECTO_OK && i < count; i++) {
            bool found = false;
            status = check_document(&found, phrase, readers, room[i], error);
            if (status == RECTO_OK && found && !keep_document(phrase, room[i]))
                status = recto_fail_memory(error, "searching");
        }
        after = room[count - 1];
    }
    return status;
}

/* Opens the reader of a whole term. RECTO_ENOTFOUND: no document is left that holds all so far. */
static recto_status open_reader(index_set **candidates, places_reader *reader, const phrase *phrase, size_t number,
                                const reader_segment *segment, recto_error *error)
{
    index_key key;
    dict_entry entry;
    key_make(&key, phrase->column, phrase->terms[number]);
    recto_status status = tree_find(&entry, &segment->view, &key, error);
    if (status != RECTO_OK)
        return status;
    list_ref list = { &segment->view, entry.flags, entry.payload };
    status = places_open(reader, &list, error);
    if (status != RECTO_OK)
        return status;
    if (*candidates != NULL) {
        index_set_and(*candidates, reader->set);
    } else {
        *candidates = index_set_copy(reader->set);
        if (*candidates == NULL)
            return recto_fail_memory(error, "searching");
        index_set_and_not(*candidates, segment->hidden);
    }
    return set_is_empty(*candidates) ? RECTO_ENOTFOUND : RECTO_OK;
}

/* From both ends: there stand the edges of a field, which few documents share. */
static recto_status open_readers(index_set **candidates, places_reader *readers, const phrase *phrase,
                                 const reader_segment *segment, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < phrase->count; i++) {
        const size_t number = i % 2 == 0 ? i / 2 : phrase->count - 1 - i / 2;
        if (!is_gap(phrase, number))
            status = open_reader(candidates, &readers[number], phrase, number, segment, error);
    }
    return status;
}

static recto_status search_segment(phrase *phrase, const reader_segment *segment, recto_error *error)
{
    index_set *candidates = NULL;
    places_reader *readers = calloc(phrase->count, sizeof *readers);
    if (readers == NULL)
        return recto_fail_memory(error, "searching");
    for (size_t i = 0; i < phrase->count; i++)
        buffer_init(&readers[i].body, 0);
    recto_status status = open_readers(&candidates, readers, phrase, segment, error);
    if (status == RECTO_OK)
        status = check_candidates(phrase, readers, candidates, error);
    for (size_t i = 0; i < phrase->count; i++)
        places_close(&readers[i]);
    free(readers);
    index_set_free(candidates);
    return status == RECTO_ENOTFOUND ? RECTO_OK : status;
}

/* ---- the last term is a beginning: each term that has it is tried on the documents that are left ---- */

static recto_status try_term(phrase *phrase, const list_ref *list, recto_error *error)
{
    places_reader reader;
    recto_status status = places_open(&reader, list, error);
    for (size_t i = 0; status == RECTO_OK && i < phrase->document_count; i++) {
        const unsigned char *group = NULL;
        if (!index_set_has(reader.set, phrase->documents[i]))
            continue;
        status = places_seek(&reader, phrase->documents[i], &group, error);
        if (status != RECTO_OK || group == NULL)
            continue;
        size_t first = i == 0 ? 0 : phrase->place_ends[i - 1];
        phrase->place_count = phrase->place_ends[i] - first;
        memcpy(phrase->places, phrase->kept + first, phrase->place_count * sizeof *phrase->places);
        follow(phrase, group, 1);
        if (phrase->place_count > 0 && !gather_document(&phrase->reader->gather, phrase->documents[i]))
            status = recto_fail_memory(error, "searching");
    }
    places_close(&reader);
    return status;
}

static recto_status try_beginning(phrase *phrase, const segment_view *view, recto_error *error)
{
    index_key key;
    cursor *cursor = &phrase->reader->scan;
    text beginning = phrase->beginning;
    key_make(&key, phrase->column, beginning);
    cursor->view = view;
    recto_status status = cursor_seek(cursor, &key, false, error);
    while (status == RECTO_OK && !cursor->ended) {
        text own = cursor_key(cursor);
        if (own.length < key.length || memcmp(own.bytes, key.bytes, key.length) != 0)
            break;
        list_ref list = { view, cursor->terms[cursor->at].flags, cursor_payload(cursor) };
        status = try_term(phrase, &list, error);
        if (status == RECTO_OK)
            status = cursor_step(cursor, false, error);
    }
    return status;
}

/* ---- entries ---- */

static bool entry_follows(phrase *phrase, const pool_entry *entry)
{
    const pool *pool = &phrase->reader->pool;
    uint32_t end = entry->first_slot + entry->slots, step = 0;
    phrase->place_count = 1;
    for (size_t i = 0; i < phrase->count && phrase->place_count > 0; i++) {
        step++;
        if (is_gap(phrase, i))
            continue;
        uint32_t at = pool_lower(pool, entry, phrase->column, phrase->terms[i]);
        if (at == end || slot_compare(&pool->slots[at], phrase->column, phrase->terms[i]) != 0)
            return false;
        if (i == 0)
            phrase->place_count = group_places(phrase->places, slot_group(&pool->slots[at]));
        else
            follow(phrase, slot_group(&pool->slots[at]), step);
        step = 0;
    }
    return phrase->place_count > 0;
}

/* phrase->kept holds the places of the whole terms. */
static bool entry_has_beginning(phrase *phrase, const pool_entry *entry)
{
    const pool *pool = &phrase->reader->pool;
    text beginning = phrase->beginning;
    uint32_t at = pool_lower(pool, entry, phrase->column, beginning);
    for (; at < entry->first_slot + entry->slots; at++) {
        const pool_slot *slot = &pool->slots[at];
        if (slot->column != phrase->column || slot->length < beginning.length ||
            (beginning.length > 0 && memcmp(slot->term, beginning.bytes, beginning.length) != 0))
            return false;
        phrase->place_count = phrase->kept_count;
        memcpy(phrase->places, phrase->kept, phrase->kept_count * sizeof *phrase->places);
        follow(phrase, slot_group(slot), 1);
        if (phrase->place_count > 0)
            return true;
    }
    return false;
}

static recto_status search_entries(phrase *phrase, recto_error *error)
{
    const pool *pool = &phrase->reader->pool;
    text term = phrase->terms[0];
    uint32_t hash = key_hash(phrase->column, term.bytes, term.length);
    for (uint32_t next = pool_first(pool, hash); next != 0; next = pool->slots[next - 1].next) {
        const pool_slot *slot = &pool->slots[next - 1];
        const pool_entry *entry = &pool->entries[slot->entry];
        if (entry->dead || !slot_is(slot, hash, phrase->column, term) || !entry_follows(phrase, entry))
            continue;
        phrase_clear(phrase);
        if (!keep_document(phrase, entry->document))
            return recto_fail_memory(error, "searching");
        if (phrase->beginning.bytes != NULL && entry_has_beginning(phrase, entry) &&
            !gather_document(&phrase->reader->gather, entry->document))
            return recto_fail_memory(error, "searching");
    }
    return RECTO_OK;
}

/* ---- all of them ---- */

static bool make_room(index_reader *reader)
{
    for (size_t i = 0; i < 2; i++)
        if (reader->places[i] == NULL && (reader->places[i] = malloc((GROUP_PLACES_MAX + 1) * sizeof(uint32_t))) == NULL)
            return false;
    return true;
}

static recto_status search_tier(index_set **result, phrase *phrase, int tier, const uint8_t *columns, recto_error *error)
{
    index_reader *reader = phrase->reader;
    recto_status status = RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < reader->tier_counts[tier]; i++) {
        const reader_segment *segment = &reader->segments[reader->tiers[tier][i]];
        for (const uint8_t *column = columns; status == RECTO_OK && *column != 0; column++) {
            phrase_clear(phrase);
            phrase->column = *column;
            status = search_segment(phrase, segment, error);
            if (status == RECTO_OK && phrase->document_count > 0)
                status = try_beginning(phrase, &segment->view, error);
        }
        if (status == RECTO_OK)
            status = reader_take(result, &reader->gather, segment->hidden, error);
    }
    return status;
}

static recto_status search_kept(index_set **result, phrase *phrase, int tier, const kept_key *key, const uint8_t *columns,
                                recto_error *error)
{
    index_reader *reader = phrase->reader;
    if (reader->tier_counts[tier] == 0)
        return RECTO_OK;
    index_set *found = kept_copy(&reader->kept[tier], key);
    recto_status status = RECTO_OK;
    if (found == NULL) {
        status = search_tier(&found, phrase, tier, columns, error);
        if (status == RECTO_OK)
            kept_remember(&reader->kept[tier], key, found);
    }
    return reader_join(result, found, reader->past[tier], status);
}

static recto_status search_segments(index_set **result, phrase *phrase, const uint8_t *columns, recto_error *error)
{
    kept_key key;
    recto_status status = reader_settle(phrase->reader, error);
    kept_key_begin(&key, phrase->beginning.bytes != NULL ? KEY_PHRASE_CUT : KEY_PHRASE, columns);
    for (size_t i = 0; i < phrase->count; i++)
        kept_key_add(&key, phrase->terms[i]);
    kept_key_add(&key, phrase->beginning);
    for (int tier = 0; status == RECTO_OK && tier < KEPT_TIERS; tier++)
        status = search_kept(result, phrase, tier, &key, columns, error);
    return status;
}

static recto_status search_columns(index_set **result, phrase *phrase, const uint8_t *columns, recto_error *error)
{
    index_reader *reader = phrase->reader;
    recto_status status = search_segments(result, phrase, columns, error);
    for (const uint8_t *column = columns; status == RECTO_OK && reader->pool.living > 0 && *column != 0; column++) {
        phrase->column = *column;
        status = search_entries(phrase, error);
    }
    if (status == RECTO_OK)
        status = reader_take(result, &reader->gather, NULL, error);
    if (status != RECTO_OK)
        gather_release(&reader->gather);
    return status;
}

recto_status index_find_phrase(index_set **out, index_reader *reader, const uint8_t *columns, const text *terms, size_t count,
                               bool last_cut, recto_error *error)
{
    *out = NULL;
    if (count == 1)
        return last_cut ? index_find_prefix(out, reader, columns, terms[0], error)
                        : index_find(out, reader, columns, terms[0], error);
    if (count > PHRASE_TERMS_MAX)
        return recto_fail(error, RECTO_ELIMIT, NULL, "search for fewer words", "a phrase has at most %d words", PHRASE_TERMS_MAX);
    text whole[PHRASE_TERMS_MAX];
    for (size_t i = 0; i < count; i++)
        whole[i] = text_of(terms[i].bytes != NULL ? terms[i].bytes : "", term_length(terms[i]));
    if (!make_room(reader))
        return recto_fail_memory(error, "searching");
    phrase phrase = {
        .reader = reader, .terms = whole, .count = count, .places = reader->places[0], .others = reader->places[1]
    };
    if (last_cut && count > 0)
        phrase.beginning = whole[--phrase.count];
    index_set *result = NULL;
    recto_status status = count == 0 ? RECTO_OK : search_columns(&result, &phrase, columns, error);
    phrase_release(&phrase);
    return reader_finish(out, result, status, error);
}
