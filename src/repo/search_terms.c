/* src/repo/search_terms.c - one condition of a query as the set of documents (or items) that meet it: words, identifiers, names,
 * places, sets; numbers, times and codes are in search_values.c. */
#include "search_terms.h"
#include "recto/base/utf8.h"
#include <stdio.h>
#include <string.h>

static const text BEHIND_ALL = { "\xF4\x8F\xBF\xBF", 4 }; /* U+10FFFF: behind all keys and codes */
enum { LIST_LINES_MAX = 100000, PLACE_LENGTH = 4 };

recto_status term_bad_value(const search *search, const query_node *term, const char *example)
{
    char todo[120];
    (void)snprintf(todo, sizeof todo, "type a value such as %s", example);
    return recto_fail(search->error, RECTO_EINVALID, term->index->label, todo, "this value does not fit the index");
}

recto_status term_bad_operator(const search *search, const query_node *term)
{
    return recto_fail(search->error, RECTO_EINVALID, term->index->label, "use another operator",
                      "this index has no such comparison");
}

static recto_status bad_type(const search *search, const query_node *term)
{
    const bool authorities = search->request->type == SEARCH_AUTHORITIES;
    return recto_fail(search->error, RECTO_EINVALID, term->index->label,
                      authorities ? "use kw, hd, sf, sa, n, lccn, sysno, voc or mms" : "search for authorities",
                      authorities ? "authority records have no such index" : "this is an index of authority records");
}

void found_release(found *found)
{
    index_set_free(found->set);
    *found = (struct found){ NULL, false };
}

/* ---- from tables, and from one column of the index ------------------------------------------------------------------------ */

/* Takes the rows: document numbers, or in a search of items the number of the item where the row names one. */
static recto_status collect(found *out, const search *search, rows *rows)
{
    const bool items = search->of_items && rows->statement != NULL && sqlite3_column_count(rows->statement) > 1;
    index_set *set = index_set_new();
    bool failed = set == NULL;
    while (rows_next(rows) && !failed)
        failed = !index_set_add(set, (index_document)row_int64(rows, items ? 1 : 0));
    recto_status status = rows_close(rows);
    if (status == RECTO_OK && failed)
        status = search_no_memory(search);
    if (status != RECTO_OK) {
        index_set_free(set);
        return status;
    }
    *out = (found){ set, items };
    return RECTO_OK;
}

static recto_status collect_texts(found *out, search *search, enum sql_id id, text from, text to)
{
    rows rows;
    (void)rows_open(&rows, search->repo, search->error, id, "tt", from, to);
    return collect(out, search, &rows);
}

recto_status term_nothing(found *out, const search *search)
{
    out->set = index_set_new();
    return out->set != NULL ? RECTO_OK : search_no_memory(search);
}

recto_status term_find_in(found *out, search *search, unsigned column, text term)
{
    const uint8_t columns[2] = { search_column(search, column), 0 };
    return index_find(&out->set, search->reader, columns, term, search->error);
}

recto_status term_find_between_in(found *out, search *search, unsigned column, const char *from, const char *to)
{
    const uint8_t columns[2] = { search_column(search, column), 0 };
    return index_find_range(&out->set, search->reader, columns, text_from(from), text_from(to), search->error);
}

recto_status term_find_all(found *out, search *search)
{
    return term_find_in(out, search, POSTING_LIVE, TEXT("1"));
}

/* ---- words ------------------------------------------------------------------------------------------------------- */

static recto_status find_words(found *out, search *search, const query_node *term)
{
    uint8_t scratch[2];
    const uint8_t *columns = search_word_columns(search, index_origin_of(term->index), scratch);
    if (term->operator>= SEARCH_AT_LEAST ||(term->operator== SEARCH_NOT_EMPTY && columns[1] != 0))
        return term_bad_operator(search, term);
    const char *tag = search_field_of(term->index);
    if (term->operator== SEARCH_NOT_EMPTY && tag != NULL)
        return index_find_prefix(&out->set, search->reader, columns, text_from(tag), search->error);
    if (term->operator== SEARCH_NOT_EMPTY) /* every field has a first word, and that an edge */
        return index_find_prefix(&out->set, search->reader, columns, TEXT(INDEX_FIRST), search->error);
    return search_words(&out->set, search, term, columns);
}

/* ---- identifiers ------------------------------------------------------------------------------------------------- */

static unsigned column_of_kind(int kind)
{
    return kind >= IDENTIFIER_LANGUAGE ? POSTING_OWN_KEYS + (unsigned)(kind - IDENTIFIER_LANGUAGE)
                                       : POSTING_KEYS + (unsigned)kind;
}

static bool in_places(const char *places, text term)
{
    if (places[0] == '\0')
        return true;
    for (; term.length >= PLACE_LENGTH && strlen(places) >= PLACE_LENGTH; places += PLACE_LENGTH)
        if (memcmp(places, term.bytes + term.length - PLACE_LENGTH, PLACE_LENGTH) == 0)
            return true;
    return false;
}

typedef struct key_walk {
    const char *places;
    text beginning;
    index_set *set;
    bool failed;
} key_walk;

static bool add_key(void *context, text term, const index_set *documents)
{
    key_walk *walk = context;
    if (!text_starts(term, walk->beginning))
        return false;
    if (in_places(walk->places, term))
        walk->failed = !index_set_or(walk->set, documents);
    return !walk->failed;
}

/* All keys that begin so; an empty beginning: all there are. */
static recto_status find_key_beginning(found *out, search *search, const key_place *place, text beginning)
{
    const unsigned column = column_of_kind(place->kind);
    const uint8_t columns[2] = { search_column(search, column), 0 };
    if (place->places[0] == '\0')
        return index_find_prefix(&out->set, search->reader, columns, beginning, search->error);
    key_walk walk = { .places = place->places, .beginning = beginning, .set = index_set_new() };
    recto_status status = walk.set == NULL
                              ? search_no_memory(search)
                              : index_terms(search->reader, columns[0], beginning, false, add_key, &walk, search->error);
    if (status == RECTO_OK && walk.failed)
        status = search_no_memory(search);
    out->set = walk.set;
    return status;
}

static recto_status add_found(found *out, found *more, const search *search)
{
    bool added = true;
    if (out->set == NULL) {
        *out = *more;
        return RECTO_OK;
    }
    added = index_set_or(out->set, more->set);
    found_release(more);
    return added ? RECTO_OK : search_no_memory(search);
}

static recto_status find_whole_key(found *out, search *search, const key_place *place, text key)
{
    const uint8_t columns[2] = { search_column(search, column_of_kind(place->kind)), 0 };
    recto_status status = RECTO_OK;
    buffer term;
    buffer_init(&term, 0);
    if (place->places[0] == '\0') {
        postings_key_beginning(&term, key);
        if (buffer_failed(&term))
            status = search_no_memory(search);
        else
            status = index_find_prefix(&out->set, search->reader, columns, buffer_text(&term), search->error);
    }
    for (const char *at = place->places; *at != '\0' && status == RECTO_OK; at += PLACE_LENGTH) {
        const char tag[MARC_TAG_LENGTH + 1] = { at[0], at[1], at[2], '\0' };
        found more = { NULL, false };
        buffer_clear(&term);
        postings_key_term(&term, key, tag, at[3]);
        if (buffer_failed(&term))
            status = search_no_memory(search);
        else
            status = index_find(&more.set, search->reader, columns, buffer_text(&term), search->error);
        if (status == RECTO_OK)
            status = add_found(out, &more, search);
    }
    buffer_release(&term);
    return status;
}

/* The beginning of a number has no check digit to be normalized by: compared as its characters, hyphens and blanks out. What is
 * a text to the index is one here, too. */
static bool beginning_key(buffer *out, const key_place *place, text typed)
{
    const bool is_number = place->kind == MARC_KEY_ISBN || place->kind == MARC_KEY_ISSN || place->kind == MARC_KEY_LCCN ||
                           place->kind == MARC_KEY_OCLC;
    while (typed.length > 0 && typed.bytes[typed.length - 1] == '*')
        typed.length--;
    if (!is_number)
        return place->key(out, typed);
    for (size_t i = 0; i < typed.length; i++)
        if (typed.bytes[i] == '\0' || strchr("- *", typed.bytes[i]) == NULL)
            buffer_append_char(out, typed.bytes[i]);
    return true;
}

/* The beginning of an ISBN of ten digits stands behind 978 in the index. */
static recto_status find_beginnings(found *out, search *search, const key_place *place, text beginning)
{
    char longer[20];
    recto_status status = find_key_beginning(out, search, place, beginning);
    if (status != RECTO_OK || place->kind != MARC_KEY_ISBN || beginning.length >= 10)
        return status;
    (void)snprintf(longer, sizeof longer, "978%.*s", (int)beginning.length, beginning.bytes);
    found more = { NULL, false };
    status = find_key_beginning(&more, search, place, text_from(longer));
    if (status == RECTO_OK)
        status = add_found(out, &more, search);
    else
        found_release(&more);
    return status;
}

static recto_status find_typed_key(found *out, search *search, const key_place *place, const query_node *term, bool beginning)
{
    buffer key;
    recto_status status = RECTO_OK;
    if (term->operator== SEARCH_NOT_EMPTY)
        return find_key_beginning(out, search, place, TEXT(""));
    buffer_init(&key, 0);
    const bool is_key = beginning ? beginning_key(&key, place, term->value) : place->key(&key, term->value);
    if (buffer_failed(&key))
        status = search_no_memory(search);
    else if (is_key && key.length > 0 && beginning)
        status = find_beginnings(out, search, place, buffer_text(&key));
    else if (is_key && key.length > 0)
        status = find_whole_key(out, search, place, buffer_text(&key));
    buffer_release(&key);
    return status;
}

static recto_status find_keys(found *out, search *search, const query_node *term)
{
    recto_status status = term_nothing(out, search);
    const bool starred = term->value.length > 0 && term->value.bytes[term->value.length - 1] == '*';
    const bool beginning = term->operator== SEARCH_STARTS_WITH || starred;
    if (term->operator>= SEARCH_AT_LEAST)
        return term_bad_operator(search, term);
    for (const key_place *place = index_origin_of(term->index)->keys; place->kind != 0 && status == RECTO_OK; place++) {
        found more = { NULL, false };
        status = find_typed_key(&more, search, place, term, beginning);
        if (status == RECTO_OK && more.set != NULL)
            status = add_found(out, &more, search);
        else
            found_release(&more);
    }
    return status;
}

static recto_status find_mms(found *out, search *search, const query_node *term)
{
    rows rows;
    mms_id id;
    if (term->operator== SEARCH_NOT_EMPTY)
        return term_find_all(out, search);
    if (term->operator>= SEARCH_AT_LEAST)
        return term_bad_operator(search, term);
    if (!mms_id_parse(&id, term->value))
        return term_bad_value(search, term, "991000000000105816");
    (void)rows_open(&rows, search->repo, search->error, SQL_FIND_MMS, "in", id,
                    (int)(search->request->type == SEARCH_AUTHORITIES));
    return collect(out, search, &rows);
}

/* ---- names, places, sets ----------------------------------------------------------------------------------------- */

static recto_status find_name(found *out, search *search, const query_node *term)
{
    const unsigned column = index_origin_of(term->index)->column;
    const uint8_t columns[2] = { search_column(search, column), 0 };
    if (term->operator== SEARCH_NOT_EMPTY)
        return index_find_prefix(&out->set, search->reader, columns, TEXT(""), search->error);
    if (term->operator>= SEARCH_AT_LEAST)
        return term_bad_operator(search, term);
    if (term->operator== SEARCH_STARTS_WITH)
        return index_find_prefix(&out->set, search->reader, columns, text_trim(term->value), search->error);
    return term_find_in(out, search, column, text_trim(term->value));
}

static recto_status find_in_holdings(found *out, search *search, const query_node *term)
{
    const text code = term->operator== SEARCH_NOT_EMPTY ? TEXT("") : text_trim(term->value);
    const bool open_end = term->operator== SEARCH_NOT_EMPTY || term->operator== SEARCH_STARTS_WITH;
    buffer last;
    if (term->operator>= SEARCH_AT_LEAST)
        return term_bad_operator(search, term);
    buffer_init(&last, 0);
    buffer_append_text(&last, code);
    if (open_end)
        buffer_append_text(&last, BEHIND_ALL);
    recto_status status = buffer_failed(&last)
                              ? search_no_memory(search)
                              : collect_texts(out, search, index_origin_of(term->index)->find, code, buffer_text(&last));
    buffer_release(&last);
    return status;
}

/* Catalog/ says which set a name means, and that its user may see it; here it is a number. */
static recto_status find_set(found *out, search *search, const query_node *term)
{
    rows rows;
    int64_t number = 0;
    if (term->operator!= SEARCH_EQUALS && term->operator!= SEARCH_KEYWORDS)
        return term_bad_operator(search, term);
    if (!text_to_integer(text_trim(term->value), &number))
        return term_bad_value(search, term, "12");
    (void)rows_open(&rows, search->repo, search->error, SQL_FIND_SET_MEMBERS, "in", number,
                    (int)(search->request->type == SEARCH_AUTHORITIES));
    return collect(out, search, &rows);
}

/* ---- keys that are compared as texts: call numbers, barcodes ----------------------------------------------------- */

static recto_status find_between(found *out, search *search, const query_node *term, void (*key)(buffer *out, text typed))
{
    buffer from, to;
    const bool open_end = term->operator== SEARCH_AT_LEAST || term->operator== SEARCH_NOT_EMPTY;
    const bool beginning = term->operator== SEARCH_STARTS_WITH || term->operator==
                           SEARCH_PHRASE ||(term->value.length > 0 && term->value.bytes[term->value.length - 1] == '*');
    recto_status status;
    buffer_init(&from, 0);
    buffer_init(&to, 0);
    text value = term->value;
    while (value.length > 0 && value.bytes[value.length - 1] == '*')
        value.length--;
    if (term->operator!= SEARCH_AT_MOST && term->operator!= SEARCH_NOT_EMPTY)
        key(&from, value);
    if (!open_end)
        key(&to, term->operator== SEARCH_BETWEEN ? term->value_to : value);
    if (open_end || beginning || term->operator== SEARCH_BETWEEN)
        buffer_append_text(&to, BEHIND_ALL);
    if (buffer_failed(&from) || buffer_failed(&to))
        status = search_no_memory(search);
    else
        status = collect_texts(out, search, index_origin_of(term->index)->find, buffer_text(&from), buffer_text(&to));
    buffer_release(&from);
    buffer_release(&to);
    return status;
}

/* ---- all --------------------------------------------------------------------------------------------------------- */

static recto_status find_by_source(found *out, search *search, const query_node *term)
{
    switch (index_origin_of(term->index)->source) {
    case FROM_WORDS:
        return find_words(out, search, term);
    case FROM_KEYS:
        return find_keys(out, search, term);
    case FROM_MMS:
        return find_mms(out, search, term);
    case FROM_YEAR:
    case FROM_TIME:
    case FROM_LEVEL:
    case FROM_SYNC:
    case FROM_FLAG:
    case FROM_INVENTORY:
        return search_value(out, search, term);
    case FROM_NAME:
        return find_name(out, search, term);
    case FROM_HOLDINGS:
        return find_in_holdings(out, search, term);
    case FROM_CALL_NUMBER:
        return find_between(out, search, term, shelf_key);
    case FROM_BARCODE:
        return find_between(out, search, term, barcode_key);
    case FROM_SET:
        return find_set(out, search, term);
    }
    return term_bad_operator(search, term);
}

/* Any of the lines; a line that cannot be a value of the index finds nothing, as one that no record has. */
static recto_status find_list(found *out, search *search, const query_node *term)
{
    text rest = term->value;
    size_t lines = 0;
    recto_error *const told = search->error;
    recto_status status = term_nothing(out, search);
    while (status == RECTO_OK && rest.bytes != NULL) {
        query_node one = *term;
        found more = { NULL, false };
        one.operator= SEARCH_EQUALS;
        one.value = text_trim(text_next_field(&rest, '\n'));
        if (one.value.length == 0)
            continue;
        if (++lines > LIST_LINES_MAX)
            return recto_fail(told, RECTO_ELIMIT, term->index->label, "split the list", "a list has at most %d lines",
                              LIST_LINES_MAX);
        status = find_by_source(&more, search, &one);
        if (status == RECTO_OK && lines == 1)
            found_release(out);
        if (status == RECTO_OK)
            status = add_found(out, &more, search);
        else
            found_release(&more);
        if (status == RECTO_EINVALID) {
            recto_error_clear(told);
            status = RECTO_OK;
        }
    }
    return status;
}

static recto_status find_positive(found *out, search *search, const query_node *term)
{
    return term->operator== SEARCH_IN_LIST ? find_list(out, search, term) : find_by_source(out, search, term);
}

/* The operators that say "not" are the complement of their opposite, within the type and zones (SE-31). */
recto_status search_term(found *out, search *search, const query_node *term)
{
    query_node positive = *term;
    bool complement = true;
    if (term->index == NULL)
        return recto_fail(search->error, RECTO_EINVALID, NULL, "name an index", "a condition has no index");
    if (!repo_search_offers(search->request->type, term->index))
        return bad_type(search, term);
    if (term->operator== SEARCH_NOT_EQUALS)
        positive.operator= SEARCH_EQUALS;
    else if (term->operator== SEARCH_NOT_KEYWORDS)
        positive.operator= SEARCH_KEYWORDS;
    else if (term->operator== SEARCH_EMPTY)
        positive.operator= SEARCH_NOT_EMPTY;
    else
        complement = false;
    if (!complement)
        return find_positive(out, search, &positive);
    found without = { NULL, false };
    recto_status status = find_positive(&without, search, &positive);
    if (status == RECTO_OK)
        status = search_complement(out, search, &without);
    found_release(&without);
    return status;
}
