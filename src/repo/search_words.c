/* src/repo/search_words.c - what a person typed into an FTS expression of quoted words.
 *
 * Only folded words, in quotes, reach FTS: folding leaves letters, digits and blanks, so nothing a user types can be an
 * operator or end the quotes (RL-139). Words come from the same folding as the index (indexing.c). */
#include "search.h"
#include <string.h>

enum { WORDS_MAX = 250 };

typedef struct typed_words {
    buffer folded, scratch;
    bool truncated; /* a * at the end */
} typed_words;

static text without_star(text typed, bool *truncated)
{
    text trimmed = text_trim(typed);
    *truncated = trimmed.length > 0 && trimmed.bytes[trimmed.length - 1] == '*';
    while (trimmed.length > 0 && trimmed.bytes[trimmed.length - 1] == '*')
        trimmed.length--;
    return trimmed;
}

static void fold(typed_words *words, text typed)
{
    buffer_clear(&words->folded);
    text value = without_star(typed, &words->truncated);
    index_fold(&words->folded, &words->scratch, value);
    /* An index token ends where the value ends: "abc *" truncates nothing. */
    if (value.length > 0 && value.bytes[value.length - 1] == ' ')
        words->truncated = false;
}

static size_t count_words(text folded)
{
    size_t count = folded.length > 0;
    for (size_t i = 0; i < folded.length; i++)
        count += folded.bytes[i] == ' ';
    return count;
}

static void append_quoted(buffer *out, const char *before, text words, const char *after, bool truncated)
{
    buffer_append_char(out, '"');
    buffer_append_string(out, before);
    buffer_append_text(out, words);
    buffer_append_string(out, after);
    buffer_append_string(out, truncated ? "\" *" : "\"");
}

/* Each typed word, in any order; one that folds into several (a name with a hyphen, Japanese) is a phrase of its own. */
static size_t append_keywords(buffer *out, typed_words *words, text typed)
{
    size_t count = 0;
    for (size_t at = 0; at < typed.length;) {
        size_t end = at;
        while (end < typed.length && strchr(" \t\r\n", typed.bytes[end]) == NULL)
            end++;
        if (end > at) {
            fold(words, text_of(typed.bytes + at, end - at));
            size_t more = count_words(buffer_text(&words->folded));
            if (more > 0 && count > 0)
                buffer_append_string(out, " AND ");
            if (more > 0)
                append_quoted(out, "", buffer_text(&words->folded), "", words->truncated);
            count += more;
        }
        at = end + 1;
    }
    return count;
}

static text first_word(text words)
{
    const char *blank = memchr(words.bytes, ' ', words.length);
    return text_of(words.bytes, blank != NULL ? (size_t)(blank - words.bytes) : words.length);
}

static text last_word(text words)
{
    size_t start = words.length;
    while (start > 0 && words.bytes[start - 1] != ' ')
        start--;
    return text_of(words.bytes + start, words.length - start);
}

/* The edges of a field are tokens that hold its first and its last word (indexing.c). */
static size_t append_edged(buffer *out, typed_words *words, text typed, bool whole)
{
    buffer before, after;
    fold(words, typed);
    text folded = buffer_text(&words->folded);
    size_t count = count_words(folded);
    buffer_init(&before, 0);
    buffer_init(&after, 0);
    if (count > 0) {
        text first = first_word(folded), last = last_word(folded);
        buffer_append_string(&before, INDEX_FIRST);
        buffer_append_text(&before, first);
        if (whole) {
            buffer_append_char(&before, ' ');
            buffer_append_char(&after, ' ');
            buffer_append_text(&after, last);
            buffer_append_string(&after, INDEX_LAST);
            append_quoted(out, buffer_string(&before), folded, buffer_string(&after), false);
        } else if (count == 1) {
            append_quoted(out, buffer_string(&before), TEXT(""), "", true); /* the word itself may be cut */
        } else {
            buffer_append_char(&before, ' ');
            append_quoted(out, buffer_string(&before), folded, "", true);
        }
    }
    if (buffer_failed(&before) || buffer_failed(&after))
        out->failed = true;
    buffer_release(&before);
    buffer_release(&after);
    return count;
}

static size_t append_phrase(buffer *out, typed_words *words, text typed, bool truncated)
{
    fold(words, typed);
    size_t count = count_words(buffer_text(&words->folded));
    if (count > 0)
        append_quoted(out, "", buffer_text(&words->folded), "", truncated || words->truncated);
    return count;
}

static size_t append_by_operator(buffer *out, typed_words *words, const query_node *term, bool any_column)
{
    switch (term->operator) {
    case SEARCH_PHRASE:
        return append_phrase(out, words, term->value, false);
    case SEARCH_STARTS_WITH: /* all columns together have no edges: the nearest thing is a phrase cut at its end */
        return any_column ? append_phrase(out, words, term->value, true) : append_edged(out, words, term->value, false);
    case SEARCH_EQUALS:
    case SEARCH_NOT_EQUALS:
        return any_column ? append_phrase(out, words, term->value, false) : append_edged(out, words, term->value, true);
    default:
        return append_keywords(out, words, term->value);
    }
}

recto_status words_expression(buffer *out, repo *repo, const query_node *term, recto_error *error)
{
    const char *column = index_origin_of(term->index)->column;
    typed_words words = { .truncated = false };
    (void)repo;
    buffer_init(&words.folded, 0);
    buffer_init(&words.scratch, 0);
    if (column != NULL)
        buffer_append_format(out, "{%s} : ", column);
    buffer_append_char(out, '(');
    size_t count = append_by_operator(out, &words, term, column == NULL);
    buffer_append_char(out, ')');
    bool failed = buffer_failed(out) || buffer_failed(&words.folded) || buffer_failed(&words.scratch);
    buffer_release(&words.folded);
    buffer_release(&words.scratch);
    if (failed)
        return recto_fail_memory(error, "searching");
    if (count == 0)
        return recto_fail(error, RECTO_EINVALID, term->index->label, "type a word",
                          "there is no word to search for in this index");
    if (count > WORDS_MAX)
        return recto_fail(error, RECTO_ELIMIT, term->index->label, "take out some", "more than %d words in a search", WORDS_MAX);
    return RECTO_OK;
}
