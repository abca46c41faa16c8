/* src/repo/search_terms.c - one condition of a query as the set of documents (or items) that meet it. */
#include "search.h"
#include "recto/base/utf8.h"
#include <stdio.h>
#include <string.h>

enum { SECONDS_A_DAY = 86400 };

static recto_status bad_value(const search *search, const query_node *term, const char *example)
{
    char todo[120];
    (void)snprintf(todo, sizeof todo, "type a value such as %s", example);
    return recto_fail(search->error, RECTO_EINVALID, term->index->label, todo, "this value does not fit the index");
}

static recto_status bad_operator(const search *search, const query_node *term)
{
    return recto_fail(search->error, RECTO_EINVALID, term->index->label, "use another operator",
                      "this index has no such comparison");
}

static recto_status no_memory(const search *search)
{
    return recto_fail_memory(search->error, "searching");
}

/* ---- collecting ------------------------------------------------------------------------------------------------------------ */

/* In a search of items a document stands for all its items, unless the row names one. */
static void add_found(bitmap *out, bitmap *documents, const search *search, const rows *found)
{
    if (!search->of_items)
        bitmap_add(out, row_int64(found, 0));
    else if (sqlite3_column_count(found->statement) > 1)
        bitmap_add(out, row_int64(found, 1));
    else
        bitmap_add(documents, row_int64(found, 0));
}

static recto_status collect(bitmap *out, search *search, rows *found)
{
    bitmap documents = { NULL, 0 };
    recto_status status = RECTO_OK;
    if (search->of_items && !bitmap_init(&documents, search->documents))
        status = no_memory(search);
    while (status == RECTO_OK && rows_next(found))
        add_found(out, &documents, search, found);
    recto_status closed = rows_close(found);
    for (size_t i = 0; i < search->item_count && status == RECTO_OK; i++)
        if (bitmap_has(&documents, search->item_documents[i]))
            bitmap_add(out, search->item_numbers[i]);
    bitmap_release(&documents);
    return status != RECTO_OK ? status : closed;
}

/* rows_open takes its values itself; the two kinds of value that conditions have are passed on by hand. */
static recto_status collect_text(bitmap *out, search *search, enum sql_id id, text value)
{
    rows found;
    (void)rows_open(&found, search->repo, search->error, id, "t", value);
    return collect(out, search, &found);
}

static recto_status collect_range(bitmap *out, search *search, enum sql_id id, int64_t from, int64_t to)
{
    rows found;
    (void)rows_open(&found, search->repo, search->error, id, "ii", from, to);
    return collect(out, search, &found);
}

static recto_status collect_texts(bitmap *out, search *search, enum sql_id id, text from, text to)
{
    rows found;
    (void)rows_open(&found, search->repo, search->error, id, "tt", from, to);
    return collect(out, search, &found);
}

static recto_status collect_all(bitmap *out, search *search, enum sql_id id)
{
    rows found;
    (void)rows_open(&found, search->repo, search->error, id, "");
    return collect(out, search, &found);
}

/* ---- the universe ------------------------------------------------------------------------------------------------------------
 */

static bool of_type(search_type type, int64_t items, int64_t portfolios)
{
    switch (type) {
    case SEARCH_PHYSICAL_TITLES:
    case SEARCH_PHYSICAL_ITEMS:
        return items > 0;
    case SEARCH_ELECTRONIC_TITLES:
        return portfolios > 0;
    case SEARCH_ALL_TITLES:
        break;
    }
    return true;
}

static bool zone_wanted(const search_request *request, int zone)
{
    for (size_t i = 0; i < request->zone_count; i++)
        if (request->zones[i] == zone)
            return true;
    return request->zone_count == 0;
}

static recto_status add_zone(bitmap *documents, search *search, int zone)
{
    rows found;
    (void)rows_open(&found, search->repo, search->error, SQL_DOCUMENTS_OF_ZONE, "n", zone);
    while (rows_next(&found))
        if (of_type(search->request->type, row_int64(&found, 1), row_int64(&found, 2)))
            bitmap_add(documents, row_int64(&found, 0));
    return rows_close(&found);
}

recto_status search_universe(search *search)
{
    bitmap documents;
    recto_status status = RECTO_OK;
    if (search->universe_ready)
        return RECTO_OK;
    if (!bitmap_init(&documents, search->documents))
        return no_memory(search);
    for (size_t i = 0; i < search->repo->zone_count && status == RECTO_OK; i++)
        if (zone_wanted(search->request, search->repo->zones[i].id))
            status = add_zone(&documents, search, search->repo->zones[i].id);
    if (search->of_items)
        for (size_t i = 0; i < search->item_count; i++)
            if (bitmap_has(&documents, search->item_documents[i]))
                bitmap_add(&search->universe, search->item_numbers[i]);
    if (!search->of_items)
        bitmap_or(&search->universe, &documents);
    bitmap_release(&documents);
    search->universe_ready = status == RECTO_OK;
    return status;
}

/* What a few hits cost one by one: cheaper than the universe when there are few. */
recto_status search_keep_wanted(bitmap *hits, search *search)
{
    recto_status status = RECTO_OK;
    for (int64_t document = bitmap_next(hits, 0); document >= 0 && status == RECTO_OK;
         document = bitmap_next(hits, document + 1)) {
        rows facts;
        bool wanted = false;
        (void)rows_open(&facts, search->repo, search->error, SQL_DOCUMENT_FACTS, "i", document);
        if (rows_next(&facts))
            wanted = zone_wanted(search->request, row_int(&facts, 0)) && row_int(&facts, 1) == 0 &&
                     of_type(search->request->type, row_int64(&facts, 2), row_int64(&facts, 3));
        status = rows_close(&facts);
        if (!wanted)
            bitmap_remove(hits, document);
    }
    return status;
}

/* ---- words
 * ---------------------------------------------------------------------------------------------------------------------- */

static recto_status find_not_empty_words(bitmap *out, search *search, const query_node *term)
{
    char expression[64];
    const char *column = index_origin_of(term->index)->column;
    if (column == NULL)
        return bad_operator(search, term);
    (void)snprintf(expression, sizeof expression, "{%s} : \"%s\" *", column, INDEX_FIRST);
    return collect_text(out, search, SQL_FIND_WORDS, text_from(expression));
}

static recto_status find_words(bitmap *out, search *search, const query_node *term)
{
    buffer expression;
    if (term->operator== SEARCH_NOT_EMPTY)
        return find_not_empty_words(out, search, term);
    if (term->operator>= SEARCH_AT_LEAST)
        return bad_operator(search, term);
    buffer_init(&expression, 0);
    recto_status status = words_expression(&expression, search->repo, term, search->error);
    if (status == RECTO_OK)
        status = collect_text(out, search, SQL_FIND_WORDS, buffer_text(&expression));
    buffer_release(&expression);
    return status;
}

/* ---- identifiers
 * ------------------------------------------------------------------------------------------------------------------- */

static recto_status find_key(bitmap *out, search *search, const key_place *place, text typed, enum sql_id id)
{
    rows found;
    buffer key;
    recto_status status = RECTO_OK;
    buffer_init(&key, 0);
    if (place->key(&key, typed) && !buffer_failed(&key) && key.length > 0) {
        (void)rows_open(&found, search->repo, search->error, id, "nts", place->kind, buffer_text(&key), place->places);
        status = collect(out, search, &found);
    }
    buffer_release(&key);
    return status;
}

/* The beginning of a number has no check digit to be normalized by: compared as its characters, hyphens and blanks out. */
static bool beginning_key(buffer *out, text typed)
{
    for (size_t i = 0; i < typed.length; i++)
        if (strchr("- *", typed.bytes[i]) == NULL)
            buffer_append_char(out, typed.bytes[i]);
    return true;
}

static recto_status find_keys(bitmap *out, search *search, const query_node *term)
{
    rows found;
    recto_status status = RECTO_OK;
    const bool starred = term->value.length > 0 && term->value.bytes[term->value.length - 1] == '*';
    const bool beginning = term->operator== SEARCH_STARTS_WITH ||(starred && term->operator!= SEARCH_NOT_EMPTY);
    if (term->operator>= SEARCH_AT_LEAST)
        return bad_operator(search, term);
    for (const key_place *place = index_origin_of(term->index)->keys; place->kind != 0 && status == RECTO_OK; place++) {
        if (term->operator== SEARCH_NOT_EMPTY) {
            (void)rows_open(&found, search->repo, search->error, SQL_FIND_IDENTIFIER_KIND, "ns", place->kind, place->places);
            status = collect(out, search, &found);
        } else if (beginning) {
            const key_place as_typed = { place->kind, place->places, beginning_key };
            status = find_key(out, search, &as_typed, term->value, SQL_FIND_IDENTIFIER_FROM);
        } else {
            status = find_key(out, search, place, term->value, SQL_FIND_IDENTIFIER);
        }
    }
    return status;
}

static recto_status find_mms(bitmap *out, search *search, const query_node *term)
{
    rows found;
    mms_id id;
    if (term->operator== SEARCH_NOT_EMPTY)
        return collect_all(out, search, SQL_FIND_ANY_WORDS);
    if (term->operator>= SEARCH_AT_LEAST)
        return bad_operator(search, term);
    if (!mms_id_parse(&id, term->value))
        return bad_value(search, term, "991000000000105816");
    (void)rows_open(&found, search->repo, search->error, SQL_FIND_MMS, "i", id);
    return collect(out, search, &found);
}

/* ---- numbers and times
 * ----------------------------------------------------------------------------------------------------------- */

typedef struct range {
    int64_t from, to; /* both included */
} range;

typedef bool (*read_range)(range *out, text typed);

static bool read_number(range *out, text typed)
{
    out->from = out->to = 0;
    if (!text_to_integer(text_trim(typed), &out->from))
        return false;
    out->to = out->from;
    return true;
}

/* "1967" or "1967-2007". */
static bool read_years(range *out, text typed)
{
    range end;
    text rest = text_trim(typed), first = text_next_field(&rest, '-');
    if (!read_number(out, first))
        return false;
    if (rest.bytes == NULL)
        return true;
    if (!read_number(&end, rest))
        return false;
    out->to = end.to;
    return true;
}

/* A day, a month, a year, or a moment: all seconds of it. UTC, as stored. */
static bool read_time(range *out, text typed)
{
    char iso[40];
    int64_t ticks;
    text value = text_trim(typed);
    (void)snprintf(iso, sizeof iso, "%.*s%s", (int)(value.length < 30 ? value.length : 30), value.length > 0 ? value.bytes : "",
                   value.length == 4   ? "-01-01"
                   : value.length == 7 ? "-01"
                                       : "");
    if (!clock_parse_iso(&ticks, iso))
        return false;
    out->from = ticks / 10;
    out->to = out->from + (value.length > 10 ? 0 : SECONDS_A_DAY - 1);
    if (value.length == 4)
        out->to = out->from + 366 * (int64_t)SECONDS_A_DAY - 1;
    for (int days = 31; value.length == 7 && days > 27; days--) { /* the last day that is still in the month */
        char next[CLOCK_ISO_LENGTH];
        out->to = out->from + days * (int64_t)SECONDS_A_DAY - 1;
        clock_format_iso(next, out->to);
        if (memcmp(next, iso, 7) == 0)
            break;
    }
    if (value.length == 4) {
        char next[CLOCK_ISO_LENGTH];
        clock_format_iso(next, out->to);
        if (memcmp(next, iso, 4) != 0)
            out->to -= SECONDS_A_DAY;
    }
    return true;
}

static recto_status find_range(bitmap *out, search *search, const query_node *term, read_range read, const char *example)
{
    range first = { INT64_MIN, INT64_MAX }, last;
    const enum sql_id find = index_origin_of(term->index)->find;
    if (term->operator== SEARCH_NOT_EMPTY)
        return collect_range(out, search, find, INT64_MIN, INT64_MAX);
    if (!read(&first, term->value))
        return bad_value(search, term, example);
    last = first;
    if (term->operator== SEARCH_BETWEEN && !read(&last, term->value_to))
        return bad_value(search, term, example);
    if (term->operator== SEARCH_AT_MOST)
        first.from = INT64_MIN;
    if (term->operator== SEARCH_AT_LEAST)
        last.to = INT64_MAX;
    return collect_range(out, search, find, first.from, last.to);
}

/* ---- codes
 * -------------------------------------------------------------------------------------------------------------------------- */

typedef struct code_word {
    const char *word; /* folded */
    const char *code;
} code_word;

static const code_word sync_words[] = {
    { "b", "B" },
    { "bib", "B" },
    { "publish", "B" },
    { "publish bib", "B" },
    { "publish bibliographic records", "B" },
    { "h", "H" },
    { "holdings", "H" },
    { "holdings only", "H" },
    { "publish holdings only", "H" },
    { "n", "N" },
    { "none", "N" },
    { "no", "N" },
    { "dont publish", "N" },
    { "do not publish", "N" },
    { NULL, NULL },
};
static const code_word flag_words[] = { { "yes", "1" }, { "y", "1" }, { "1", "1" }, { "true", "1" },  { "suppressed", "1" },
                                        { "no", "0" },  { "n", "0" }, { "0", "0" }, { "false", "0" }, { NULL, NULL } };
static const code_word inventory_words[] = { { "physical", "P" }, { "p", "P" }, { "electronic", "E" }, { "e", "E" },
                                             { "none", "N" },     { "n", "N" }, { "digital", "D" },    { NULL, NULL } };

static const char *code_of(const code_word *words, text typed)
{
    buffer folded;
    const char *code = NULL;
    buffer_init(&folded, 0);
    utf8_index_form(&folded, typed);
    for (; words->word != NULL && code == NULL; words++)
        if (text_equal(buffer_text(&folded), text_from(words->word)))
            code = words->code;
    buffer_release(&folded);
    return code;
}

static recto_status find_code(bitmap *out, search *search, const query_node *term, const code_word *words, const char *example)
{
    if (term->operator== SEARCH_NOT_EMPTY)
        return collect_all(out, search, SQL_FIND_ANY_WORDS);
    if (term->operator>= SEARCH_AT_LEAST)
        return bad_operator(search, term);
    const char *code = code_of(words, term->value);
    if (code == NULL)
        return bad_value(search, term, example);
    if (words != inventory_words)
        return collect_text(out, search, index_origin_of(term->index)->find, text_from(code));
    switch (code[0]) {
    case 'P':
        return collect_all(out, search, SQL_FIND_PHYSICAL);
    case 'E':
        return collect_all(out, search, SQL_FIND_ELECTRONIC);
    case 'N':
        return collect_all(out, search, SQL_FIND_WITHOUT_INVENTORY);
    default:
        return RECTO_OK; /* no digital inventory yet: nothing has any */
    }
}

static recto_status find_name(bitmap *out, search *search, const query_node *term)
{
    if (term->operator== SEARCH_NOT_EMPTY || term->operator>= SEARCH_AT_LEAST)
        return bad_operator(search, term);
    return collect_text(out, search, index_origin_of(term->index)->find, text_trim(term->value));
}

/* ---- keys that are compared as texts: call numbers, barcodes
 * ------------------------------------------------------------------- */

static recto_status find_between(bitmap *out, search *search, const query_node *term, void (*key)(buffer *out, text typed))
{
    static const text last = { "\xF4\x8F\xBF\xBF", 4 }; /* U+10FFFF: behind all keys */
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
        buffer_append_text(&to, last);
    if (buffer_failed(&from) || buffer_failed(&to))
        status = no_memory(search);
    else
        status = collect_texts(out, search, index_origin_of(term->index)->find, buffer_text(&from), buffer_text(&to));
    buffer_release(&from);
    buffer_release(&to);
    return status;
}

/* ---- all
 * -------------------------------------------------------------------------------------------------------------------------- */

static recto_status find_by_source(bitmap *out, search *search, const query_node *term)
{
    switch (index_origin_of(term->index)->source) {
    case FROM_WORDS:
        return find_words(out, search, term);
    case FROM_KEYS:
        return find_keys(out, search, term);
    case FROM_MMS:
        return find_mms(out, search, term);
    case FROM_YEAR:
        return find_range(out, search, term, read_years, "1967 or 1967-2007");
    case FROM_TIME:
        return find_range(out, search, term, read_time, "2026-01-31");
    case FROM_LEVEL:
        return find_range(out, search, term, read_number, "08");
    case FROM_SYNC:
        return find_code(out, search, term, sync_words, "bib, holdings or none");
    case FROM_FLAG:
        return find_code(out, search, term, flag_words, "yes or no");
    case FROM_INVENTORY:
        return find_code(out, search, term, inventory_words, "physical, electronic or none");
    case FROM_NAME:
        return find_name(out, search, term);
    case FROM_CALL_NUMBER:
        return find_between(out, search, term, shelf_key);
    case FROM_BARCODE:
        return find_between(out, search, term, barcode_key);
    }
    return bad_operator(search, term);
}

/* The operators that say "not" are the complement of their opposite, within the type and zones (SE-31). */
recto_status search_term(bitmap *out, search *search, const query_node *term)
{
    query_node positive = *term;
    bool complement = true;
    if (term->index == NULL)
        return recto_fail(search->error, RECTO_EINVALID, NULL, "name an index", "a condition has no index");
    if (term->operator== SEARCH_NOT_EQUALS)
        positive.operator= SEARCH_EQUALS;
    else if (term->operator== SEARCH_NOT_KEYWORDS)
        positive.operator= SEARCH_KEYWORDS;
    else if (term->operator== SEARCH_EMPTY)
        positive.operator= SEARCH_NOT_EMPTY;
    else
        complement = false;
    if (!complement)
        return find_by_source(out, search, &positive);
    bitmap found;
    if (!bitmap_init(&found, search->size))
        return no_memory(search);
    recto_status status = find_by_source(&found, search, &positive);
    if (status == RECTO_OK)
        status = search_universe(search);
    if (status == RECTO_OK) {
        bitmap_or(out, &search->universe);
        bitmap_and_not(out, &found);
    }
    bitmap_release(&found);
    return status;
}
