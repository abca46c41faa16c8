/* src/repo/search_rank.c - the order of relevance: tiers of hits, and in each the newest year first.
 *
 * A cataloger who types a title wants the record with that title first, then those that hold the words in their titles, then
 * those about it or by it. Each tier is a set, so that relevance costs little more than the search itself, at any number of
 * hits, and the same query gives the same order everywhere:
 *   1. the title is what was typed, whole      2. all words are in titles
 *   3. all words are among names, or subjects  4. the rest
 * Words of Keywords are asked of these columns; other conditions say nothing about relevance. Where letters with marks were
 * typed and the hits are few, those that have them as typed, capitals aside, come first in each tier (SE-34). */
#include "search.h"
#include "recto/base/utf8.h"
#include <string.h>

enum { EXACT_MAX = 500, TIERS = 4, EXACT_BATCH = 128 };

static bool has_words(const query_node *term)
{
    return index_origin_of(term->index)->source == FROM_WORDS &&
           (term->operator== SEARCH_KEYWORDS || term->operator== SEARCH_PHRASE || term->operator== SEARCH_STARTS_WITH || term->
            operator== SEARCH_EQUALS);
}

/* ---- tiers ------------------------------------------------------------------------------------------------------- */

/* Documents that meet the tree with the words of Keywords looked for in one column alone. *out NULL: the tree says nothing. */
static recto_status narrowed(index_set **out, search *search, const query_node *node, unsigned column)
{
    index_set *right = NULL;
    const uint8_t columns[2] = { search_column(search, column), 0 };
    *out = NULL;
    if (node == NULL)
        return RECTO_OK;
    if (node->kind == QUERY_TERM) {
        const unsigned own = index_origin_of(node->index)->column;
        return has_words(node) && (own == 0 || own == column) ? search_words(out, search, node, columns) : RECTO_OK;
    }
    if (node->kind == QUERY_NOT)
        return narrowed(out, search, node->left, column);
    recto_status status = narrowed(out, search, node->left, column);
    if (status == RECTO_OK)
        status = narrowed(&right, search, node->right, column);
    if (status == RECTO_OK && *out != NULL && right != NULL) {
        if (node->kind == QUERY_AND)
            index_set_and(*out, right);
        else if (!index_set_or(*out, right))
            status = search_no_memory(search);
    } else if (status == RECTO_OK && *out == NULL) {
        *out = right;
        right = NULL;
    }
    index_set_free(right);
    return status;
}

/* A title that is what was typed, in any one condition of the tree. */
static recto_status whole_titles(index_set **out, search *search, const query_node *node)
{
    const uint8_t titles[] = { search_column(search, POSTING_WORDS + WORDS_TITLE), 0 };
    if (node == NULL)
        return RECTO_OK;
    if (node->kind == QUERY_TERM) {
        query_node whole = *node;
        index_set *found = NULL;
        const unsigned own = index_origin_of(node->index)->column;
        if (!has_words(node) || (own != 0 && own != POSTING_WORDS + WORDS_TITLE))
            return RECTO_OK;
        whole.operator= SEARCH_EQUALS;
        recto_status status = search_words(&found, search, &whole, titles);
        if (status == RECTO_OK && *out == NULL) {
            *out = found;
            return RECTO_OK;
        }
        if (status == RECTO_OK && !index_set_or(*out, found))
            status = search_no_memory(search);
        index_set_free(found);
        return status;
    }
    recto_status status = whole_titles(out, search, node->left);
    return status == RECTO_OK && node->kind != QUERY_NOT ? whole_titles(out, search, node->right) : status;
}

static recto_status names_or_subjects(index_set **out, search *search, const query_node *query)
{
    index_set *subjects = NULL;
    recto_status status = narrowed(out, search, query, POSTING_WORDS + WORDS_CREATOR);
    if (status == RECTO_OK)
        status = narrowed(&subjects, search, query, POSTING_WORDS + WORDS_SUBJECT);
    if (status == RECTO_OK && *out == NULL) {
        *out = subjects;
        return RECTO_OK;
    }
    if (status == RECTO_OK && subjects != NULL && !index_set_or(*out, subjects))
        status = search_no_memory(search);
    index_set_free(subjects);
    return status;
}

static recto_status tier_of(index_set **out, search *search, int tier)
{
    const query_node *query = search->request->query;
    switch (tier) {
    case 0:
        return whole_titles(out, search, query);
    case 1:
        return narrowed(out, search, query, POSTING_WORDS + WORDS_TITLE);
    case 2:
        return names_or_subjects(out, search, query);
    default:
        return RECTO_OK;
    }
}

/* ---- letters with marks ------------------------------------------------------------------------------------------ */

typedef struct exact_words {
    buffer words; /* composed, a line each */
    bool any;
} exact_words;

static bool is_ascii(text word)
{
    for (size_t i = 0; i < word.length; i++)
        if ((unsigned char)word.bytes[i] >= 0x80)
            return false;
    return true;
}

static void note_words(exact_words *out, const query_node *node)
{
    if (node == NULL)
        return;
    if (node->kind != QUERY_TERM) {
        note_words(out, node->left);
        if (node->kind != QUERY_NOT)
            note_words(out, node->right);
        return;
    }
    text rest = node->value;
    while (has_words(node) && rest.bytes != NULL) {
        text word = text_trim(text_next_field(&rest, ' '));
        while (word.length > 0 && word.bytes[word.length - 1] == '*')
            word.length--;
        if (word.length == 0 || is_ascii(word))
            continue;
        utf8_nfc_folded(&out->words, word);
        buffer_append_char(&out->words, '\n');
        out->any = true;
    }
}

static bool holds(text whole, text part)
{
    return part.length == 0 || memmem(whole.bytes, whole.length, part.bytes, part.length) != NULL;
}

static bool holds_all(text shown, text words)
{
    while (words.bytes != NULL && words.length > 0)
        if (!holds(shown, text_next_field(&words, '\n')))
            return false;
    return true;
}

/* Title and creator as the row shows them, composed. */
static recto_status is_exact(bool *out, search *search, index_document document, text words)
{
    rows rows;
    buffer shown;
    *out = false;
    buffer_init(&shown, 0);
    (void)rows_open(&rows, search->repo, search->error, SQL_SHOWN_WORDS, "i", (int64_t)document);
    if (rows_next(&rows)) {
        utf8_nfc_folded(&shown, row_text(&rows, 0));
        buffer_append_char(&shown, '\n');
        utf8_nfc_folded(&shown, row_text(&rows, 1));
        *out = !buffer_failed(&shown) && holds_all(buffer_text(&shown), words);
    }
    buffer_release(&shown);
    return rows_close(&rows);
}

static recto_status exact_of(index_set **out, search *search, const index_set *set, text words)
{
    index_document batch[EXACT_BATCH], after = 0;
    recto_status status = RECTO_OK;
    size_t count;
    if ((*out = index_set_new()) == NULL)
        return search_no_memory(search);
    while (status == RECTO_OK && (count = index_set_list(set, after, batch, EXACT_BATCH)) > 0) {
        after = batch[count - 1];
        for (size_t i = 0; i < count && status == RECTO_OK; i++) {
            bool exact;
            status = is_exact(&exact, search, batch[i], words);
            if (status == RECTO_OK && exact && !index_set_add(*out, batch[i]))
                status = search_no_memory(search);
        }
    }
    return status;
}

/* ---- in order ---------------------------------------------------------------------------------------------------- */

static recto_status order_tier(page *page, search *search, index_set *tier, const index_set *exact)
{
    index_set *first = exact != NULL ? index_set_copy(exact) : NULL;
    recto_status status = exact != NULL && first == NULL ? search_no_memory(search) : RECTO_OK;
    if (status == RECTO_OK && first != NULL) {
        index_set_and(first, tier);
        index_set_and_not(tier, first);
        status = search_order(page, search, first, SORT_DATE_NEWEST);
    }
    if (status == RECTO_OK)
        status = search_order(page, search, tier, SORT_DATE_NEWEST);
    index_set_free(first);
    return status;
}

static recto_status order_tiers(page *page, search *search, index_set *left, const index_set *exact)
{
    recto_status status = RECTO_OK;
    for (int tier = 0; tier < TIERS && status == RECTO_OK && page->filled < page->wanted; tier++) {
        index_set *members = NULL;
        status = tier_of(&members, search, tier);
        if (tier == TIERS - 1)
            return status == RECTO_OK ? order_tier(page, search, left, exact) : status;
        if (status == RECTO_OK && members != NULL) {
            index_set_and(members, left);
            index_set_and_not(left, members);
            status = order_tier(page, search, members, exact);
        }
        index_set_free(members);
    }
    return status;
}

recto_status search_order_by_rank(page *page, search *search, const index_set *set)
{
    exact_words words = { .any = false };
    index_set *left = index_set_copy(set), *exact = NULL;
    recto_status status = left == NULL ? search_no_memory(search) : RECTO_OK;
    buffer_init(&words.words, 0);
    note_words(&words, search->request->query);
    if (status == RECTO_OK && words.any && index_set_count(set) <= EXACT_MAX)
        status = exact_of(&exact, search, set, buffer_text(&words.words));
    if (status == RECTO_OK)
        status = order_tiers(page, search, left, exact);
    buffer_release(&words.words);
    index_set_free(exact);
    index_set_free(left);
    return status;
}
