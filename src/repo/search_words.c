/* src/repo/search_words.c - what a person typed, as words in the posting index.
 *
 * Only folded words are looked up: folding leaves letters, digits and blanks, so nothing a user types can be an operator
 * (RL-139). Words come from the same folding as the index (indexing.c). */
#include "search.h"
#include <string.h>

enum { WORDS_MAX = 250 };

typedef struct typed_words {
    buffer folded, scratch, edge_first, edge_last, tagged;
    bool truncated; /* a * at the end */
    text words[WORDS_MAX + 2];
    size_t count;
    bool too_many;
} typed_words;

typedef struct word_search {
    search *search;
    const uint8_t *columns;
    typed_words typed;
    size_t total;    /* words looked up */
    const char *tag; /* stands before each of them; NULL: none */
} word_search;

static text without_star(text typed, bool *truncated)
{
    text trimmed = text_trim(typed);
    *truncated = trimmed.length > 0 && trimmed.bytes[trimmed.length - 1] == '*';
    while (trimmed.length > 0 && trimmed.bytes[trimmed.length - 1] == '*')
        trimmed.length--;
    return trimmed;
}

static void cut_into_words(typed_words *typed)
{
    text rest = buffer_text(&typed->folded);
    typed->count = 0;
    while (rest.length > 0) {
        text word = text_next_field(&rest, ' ');
        if (word.length == 0)
            continue;
        if (typed->count == WORDS_MAX) {
            typed->too_many = true;
            return;
        }
        typed->words[typed->count++] = word;
    }
}

static void fold(typed_words *typed, text value)
{
    buffer_clear(&typed->folded);
    text kept = without_star(value, &typed->truncated);
    index_fold(&typed->folded, &typed->scratch, kept);
    /* An index token ends where the value ends: "abc *" truncates nothing. */
    if (kept.length > 0 && kept.bytes[kept.length - 1] == ' ')
        typed->truncated = false;
    cut_into_words(typed);
}

/* "smith" in the field 950 is the term "950smith". Until the words are typed anew they stand so. */
static recto_status put_tag(word_search *words)
{
    typed_words *typed = &words->typed;
    size_t ends[WORDS_MAX + 2];
    buffer_clear(&typed->tagged);
    for (size_t i = 0; i < typed->count; i++) {
        buffer_append_string(&typed->tagged, words->tag);
        buffer_append_text(&typed->tagged, typed->words[i]);
        ends[i] = typed->tagged.length;
    }
    if (buffer_failed(&typed->tagged))
        return search_no_memory(words->search);
    for (size_t i = 0; i < typed->count; i++) {
        const size_t start = i > 0 ? ends[i - 1] : 0;
        typed->words[i] = text_of(typed->tagged.bytes + start, ends[i] - start);
    }
    return RECTO_OK;
}

static recto_status look_up(index_set **out, word_search *words, bool cut)
{
    const typed_words *typed = &words->typed;
    search *search = words->search;
    words->total += typed->count;
    recto_status status = words->tag != NULL ? put_tag(words) : RECTO_OK;
    if (status != RECTO_OK)
        return status;
    if (typed->count > 1)
        return index_find_phrase(out, search->reader, words->columns, typed->words, typed->count, cut, search->error);
    if (cut)
        return index_find_prefix(out, search->reader, words->columns, typed->words[0], search->error);
    return index_find(out, search->reader, words->columns, typed->words[0], search->error);
}

/* Narrows *set to what is found now; the first set is taken as it is. */
static recto_status narrow(index_set **set, word_search *words, bool cut)
{
    index_set *more = NULL;
    recto_status status = look_up(&more, words, cut);
    if (status != RECTO_OK)
        return status;
    if (*set == NULL) {
        *set = more;
        return RECTO_OK;
    }
    index_set_and(*set, more);
    index_set_free(more);
    return RECTO_OK;
}

/* Each typed word, in any order; one that folds into several (a name with a hyphen, Japanese) is a phrase of its own. */
static recto_status find_keywords(index_set **set, word_search *words, text typed)
{
    recto_status status = RECTO_OK;
    for (size_t at = 0; at < typed.length && status == RECTO_OK;) {
        size_t end = at;
        while (end < typed.length && (typed.bytes[end] == '\0' || strchr(" \t\r\n", typed.bytes[end]) == NULL))
            end++;
        if (end > at) {
            fold(&words->typed, text_of(typed.bytes + at, end - at));
            if (words->typed.count > 0 && words->total <= WORDS_MAX)
                status = narrow(set, words, words->typed.truncated);
        }
        at = end + 1;
    }
    return status;
}

static recto_status find_phrase(index_set **set, word_search *words, text typed, bool cut)
{
    fold(&words->typed, typed);
    return words->typed.count > 0 ? narrow(set, words, cut || words->typed.truncated) : RECTO_OK;
}

/* An edge has its word beside it, which then need not be looked up: "the" stands in half of all titles, its edge in few. A word
 * so long that its edge is cut says more than the edge does. */
static void leave_out_ends(word_search *words)
{
    typed_words *typed = &words->typed;
    const size_t ends[] = { 1, typed->count - 2 };
    for (size_t i = 0; i < sizeof ends / sizeof *ends && words->tag == NULL; i++)
        if (typed->words[ends[i]].length <= INDEX_TERM_BYTES_MAX - sizeof INDEX_LAST)
            typed->words[ends[i]].length = 0;
}

/* The edges of a field are words that hold its first and its last word (indexing.c). */
static recto_status find_edged(index_set **set, word_search *words, text value, bool whole)
{
    typed_words *typed = &words->typed;
    fold(typed, value);
    if (typed->count == 0)
        return RECTO_OK;
    buffer_clear(&typed->edge_first);
    buffer_clear(&typed->edge_last);
    buffer_append_string(&typed->edge_first, INDEX_FIRST);
    buffer_append_text(&typed->edge_first, typed->words[0]);
    buffer_append_text(&typed->edge_last, typed->words[typed->count - 1]);
    buffer_append_string(&typed->edge_last, INDEX_LAST);
    if (buffer_failed(&typed->edge_first) || buffer_failed(&typed->edge_last))
        return search_no_memory(words->search);
    if (!whole && typed->count == 1) { /* the word itself may be cut */
        typed->words[0] = buffer_text(&typed->edge_first);
        return narrow(set, words, true);
    }
    memmove(typed->words + 1, typed->words, typed->count * sizeof *typed->words);
    typed->words[0] = buffer_text(&typed->edge_first);
    typed->count++;
    if (!whole)
        return narrow(set, words, true);
    typed->words[typed->count++] = buffer_text(&typed->edge_last);
    leave_out_ends(words);
    return narrow(set, words, false);
}

static recto_status find_by_operator(index_set **set, word_search *words, const query_node *term)
{
    const bool any_column = words->columns[1] != 0; /* all together have no edges: the nearest thing is a phrase */
    switch (term->operator) {
    case SEARCH_PHRASE:
        return find_phrase(set, words, term->value, false);
    case SEARCH_STARTS_WITH:
        return any_column ? find_phrase(set, words, term->value, true) : find_edged(set, words, term->value, false);
    case SEARCH_EQUALS:
    case SEARCH_NOT_EQUALS:
        return any_column ? find_phrase(set, words, term->value, false) : find_edged(set, words, term->value, true);
    default:
        return find_keywords(set, words, term->value);
    }
}

static recto_status finish(const word_search *words, const query_node *term, index_set **set)
{
    const typed_words *typed = &words->typed;
    recto_error *error = words->search->error;
    if (buffer_failed(&typed->folded) || buffer_failed(&typed->scratch))
        return search_no_memory(words->search);
    if (typed->too_many || words->total > WORDS_MAX)
        return recto_fail(error, RECTO_ELIMIT, term->index->label, "take out some", "more than %d words in a search", WORDS_MAX);
    if (words->total == 0)
        return recto_fail(error, RECTO_EINVALID, term->index->label, "type a word",
                          "there is no word to search for in this index");
    return *set != NULL ? RECTO_OK : search_no_memory(words->search);
}

recto_status search_words(index_set **out, search *search, const query_node *term, const uint8_t *columns)
{
    word_search words = { .search = search, .columns = columns, .tag = search_field_of(term->index) };
    typed_words *typed = &words.typed;
    buffer *const buffers[] = { &typed->folded, &typed->scratch, &typed->edge_first, &typed->edge_last, &typed->tagged };
    index_set *set = NULL;
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        buffer_init(buffers[i], 0);
    recto_status status = find_by_operator(&set, &words, term);
    if (status == RECTO_OK)
        status = finish(&words, term, &set);
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        buffer_release(buffers[i]);
    if (status != RECTO_OK) {
        index_set_free(set);
        set = NULL;
    }
    *out = set;
    return status;
}

static const uint8_t all_word_columns[] = { POSTING_WORDS + WORDS_TITLE,     POSTING_WORDS + WORDS_CREATOR,
                                            POSTING_WORDS + WORDS_SUBJECT,   POSTING_WORDS + WORDS_SERIES,
                                            POSTING_WORDS + WORDS_PUBLISHER, POSTING_WORDS + WORDS_PLACE,
                                            POSTING_WORDS + WORDS_NOTES,     POSTING_WORDS + WORDS_LOCAL,
                                            POSTING_WORDS + WORDS_REST,      0 };
_Static_assert(sizeof all_word_columns == WORDS_COLUMNS + 1, "every column of words");

static const uint8_t all_of_authorities[] = { POSTING_OF_AUTHORITIES + POSTING_WORDS + WORDS_TITLE,
                                              POSTING_OF_AUTHORITIES + POSTING_WORDS + WORDS_CREATOR,
                                              POSTING_OF_AUTHORITIES + POSTING_WORDS + WORDS_SUBJECT,
                                              POSTING_OF_AUTHORITIES + POSTING_WORDS + WORDS_NOTES,
                                              POSTING_OF_AUTHORITIES + POSTING_WORDS + WORDS_LOCAL,
                                              POSTING_OF_AUTHORITIES + POSTING_WORDS + WORDS_REST,
                                              0 };

const uint8_t *search_word_columns(const search *search, const index_origin *origin, uint8_t scratch[static 2])
{
    if (origin->column == 0)
        return search->request->type == SEARCH_AUTHORITIES ? all_of_authorities : all_word_columns;
    scratch[0] = search_column(search, origin->column);
    scratch[1] = 0;
    return scratch;
}
