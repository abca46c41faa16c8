/* src/catalog/query_write.c - the tree of a search as its one-line form, which read again gives the same tree (SE-35). */
#include "inside.h"
#include "query.h"

#include <string.h>

static void write_quoted(buffer *out, text value)
{
    buffer_append_char(out, '"');
    for (size_t i = 0; i < value.length; i++) {
        if (value.bytes[i] == '"' || value.bytes[i] == '\\')
            buffer_append_char(out, '\\');
        buffer_append_char(out, value.bytes[i]);
    }
    buffer_append_char(out, '"');
}

static bool needs_quotes(text word)
{
    if (word.length == 0 || text_equal(word, TEXT("AND")) || text_equal(word, TEXT("OR")) || text_equal(word, TEXT("NOT")))
        return true;
    for (size_t i = 0; i < word.length; i++)
        if (strchr("\"()=<>!^\\ \t\r\n", word.bytes[i]) != NULL)
            return true;
    return false;
}

static void write_name(buffer *out, const query_node *term, const char *sign)
{
    if (strcmp(term->index->code, "kw") == 0 && strcmp(sign, "=") == 0)
        return;
    buffer_append_string(out, term->index->code);
    buffer_append_string(out, sign);
}

/* Keywords of an index, one condition a word: the same as all words in any order. */
static void write_keywords(buffer *out, const query_node *term)
{
    text rest = text_trim(term->value);
    const bool bare = strcmp(term->index->code, "kw") == 0;
    bool first = true;
    while (rest.length > 0) {
        const text word = text_next_field(&rest, ' ');
        if (word.length > 0) {
            if (!first)
                buffer_append_string(out, bare ? " " : " AND ");
            first = false;
            write_name(out, term, "=");
            if (needs_quotes(word))
                write_quoted(out, word);
            else
                buffer_append_text(out, word);
        }
        if (rest.bytes == NULL)
            break;
    }
}

static void write_value(buffer *out, const query_node *term, const char *sign)
{
    write_name(out, term, sign);
    if (term->operator== SEARCH_PHRASE || needs_quotes(term->value))
        write_quoted(out, term->value);
    else
        buffer_append_text(out, term->value);
}

/* isbn={9780306406157 0306406152} */
static void write_list(buffer *out, const query_node *term)
{
    text rest = term->value;
    bool first = true;
    buffer_append_format(out, "%s={", term->index->code);
    while (rest.bytes != NULL) {
        const text line = text_trim(text_next_field(&rest, '\n'));
        if (line.length == 0)
            continue;
        if (!first)
            buffer_append_char(out, ' ');
        first = false;
        if (needs_quotes(line) || memchr(line.bytes, '}', line.length) != NULL)
            write_quoted(out, line);
        else
            buffer_append_text(out, line);
    }
    buffer_append_char(out, '}');
}

static void write_term(buffer *out, const query_node *term)
{
    switch (term->operator) {
    case SEARCH_KEYWORDS:
        write_keywords(out, term);
        break;
    case SEARCH_PHRASE:
        write_value(out, term, "=");
        break;
    case SEARCH_EQUALS:
        write_value(out, term, term->index->kind == 'w' ? "==" : "=");
        break;
    case SEARCH_STARTS_WITH:
        write_value(out, term, "^=");
        break;
    case SEARCH_NOT_EQUALS:
    case SEARCH_NOT_KEYWORDS:
        write_value(out, term, "<>");
        break;
    case SEARCH_EMPTY:
        buffer_append_format(out, "%s=\"\"", term->index->code);
        break;
    case SEARCH_NOT_EMPTY:
        buffer_append_format(out, "%s=*", term->index->code);
        break;
    case SEARCH_AT_LEAST:
        write_value(out, term, ">=");
        break;
    case SEARCH_AT_MOST:
        write_value(out, term, "<=");
        break;
    case SEARCH_BETWEEN:
        write_value(out, term, "=");
        buffer_append_string(out, "..");
        buffer_append_text(out, term->value_to);
        break;
    case SEARCH_IN_LIST:
        write_list(out, term);
        break;
    }
}

static void write_side(buffer *out, const query_node *node, bool bracket)
{
    if (bracket)
        buffer_append_char(out, '(');
    query_write(out, node);
    if (bracket)
        buffer_append_char(out, ')');
}

void query_write(buffer *out, const query_node *node)
{
    if (node == NULL)
        return;
    switch (node->kind) {
    case QUERY_TERM:
        write_term(out, node);
        return;
    case QUERY_OR:
        query_write(out, node->left);
        buffer_append_string(out, " OR ");
        query_write(out, node->right);
        return;
    case QUERY_AND:
    case QUERY_NOT:
        if (node->left != NULL)
            write_side(out, node->left, node->left->kind == QUERY_OR);
        if (node->left != NULL)
            buffer_append_char(out, ' ');
        buffer_append_string(out, node->kind == QUERY_AND ? "AND " : "NOT ");
        write_side(out, node->right, node->right->kind != QUERY_TERM);
        return;
    }
}
