/* src/catalog/query.c - reads the one-line form of a search into the tree it stands for (SE-35, SE-36); query_write.c writes it.
 *
 *   query    := part { [AND] part | OR part | NOT part }      OR binds weaker; words beside each other are keywords
 *   part     := ( query ) | NOT part | "phrase" | words | index operator value
 *   operator := = == ^= <> != >= <=       value := word | "phrase" | "" | * | from..to | { value ... }
 *
 * Who types plain words that happen not to be of this form gets a keyword search, not an error; a wrong index name is told. */
#include "inside.h"
#include "query_parser.h"

#include <stdio.h>
#include <string.h>

static const query_node *parse_or(parser *parser);

/* ---- small steps */

recto_status query_fail_at(parser *parser, size_t at, const char *todo, const char *what)
{
    const size_t column = utf8_count(text_of(parser->whole.bytes, at)) + 1;
    if (parser->status == RECTO_OK)
        parser->status = recto_fail(parser->error, RECTO_EINVALID, NULL, todo, "%s (column %zu)", what, column);
    return parser->status;
}

bool query_is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

void query_skip_blanks(parser *parser)
{
    while (parser->at < parser->whole.length && query_is_blank(parser->whole.bytes[parser->at]))
        parser->at++;
}

char query_peek(const parser *parser)
{
    return parser->at < parser->whole.length ? parser->whole.bytes[parser->at] : '\0';
}

text query_rest_of(const parser *parser)
{
    return text_of(parser->whole.bytes + parser->at, parser->whole.length - parser->at);
}

static bool at_word(const parser *parser, const char *word)
{
    const text rest = query_rest_of(parser);
    const size_t length = strlen(word);
    return text_starts(rest, text_from(word)) && (rest.length == length || query_is_blank(rest.bytes[length]) ||
                                                  rest.bytes[length] == '(' || rest.bytes[length] == ')');
}

static bool accept_word(parser *parser, const char *word)
{
    query_skip_blanks(parser);
    if (!at_word(parser, word))
        return false;
    parser->at += strlen(word);
    return true;
}

static bool at_connective(const parser *parser)
{
    return at_word(parser, "AND") || at_word(parser, "OR") || at_word(parser, "NOT");
}

static query_node *new_node(parser *parser, query_kind kind)
{
    query_node *node = arena_calloc(parser->arena, 1, sizeof *node);
    if (node == NULL && parser->status == RECTO_OK)
        parser->status = recto_fail_memory(parser->error, "reading a query");
    if (node != NULL)
        node->kind = kind;
    return node;
}

static const query_node *join(parser *parser, query_kind kind, const query_node *left, const query_node *right)
{
    if (parser->status != RECTO_OK || right == NULL)
        return NULL;
    query_node *node = new_node(parser, kind);
    if (node == NULL)
        return NULL;
    node->left = left;
    node->right = right;
    return node;
}

text query_copy(parser *parser, text value)
{
    const char *copy = arena_copy(parser->arena, value.bytes, value.length);
    if (copy == NULL && parser->status == RECTO_OK)
        parser->status = recto_fail_memory(parser->error, "reading a query");
    return text_of(copy, copy != NULL ? value.length : 0);
}

query_node *query_new_term(parser *parser, const search_index *index, search_operator operator, text value)
{
    if (++parser->terms > QUERY_TERMS_MAX) {
        query_fail_at(parser, parser->at, "split the search", "too many terms");
        return NULL;
    }
    query_node *node = new_node(parser, QUERY_TERM);
    if (node == NULL)
        return NULL;
    node->index = index;
    node->operator= operator;
    node->value = query_copy(parser, value);
    return node;
}

/* ---- parts */

static text name_here(const parser *parser)
{
    size_t end = parser->at;
    while (end < parser->whole.length) {
        const char byte = parser->whole.bytes[end];
        if (!((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9')))
            break;
        end++;
    }
    return text_of(parser->whole.bytes + parser->at, end - parser->at);
}

/* NAME and a sign; blanks between them only where the name is an index. Otherwise nothing is consumed. */
static bool accept_index(parser *parser, const search_index **index, char *meaning)
{
    const size_t began = parser->at;
    const text name = name_here(parser);
    if (name.length == 0)
        return false;
    *index = query_index_named(name);
    parser->at += name.length;
    if (*index != NULL)
        query_skip_blanks(parser);
    *meaning = query_accept_sign(parser);
    if (*meaning == '\0') {
        parser->at = began;
        return false;
    }
    parser->names_index = true;
    if (*index == NULL)
        query_fail_unknown_index(parser, name, began);
    return true;
}

static bool next_is_part(parser *parser)
{
    const size_t began = parser->at;
    const search_index *index;
    char meaning;
    struct parser probe = *parser;
    query_skip_blanks(&probe);
    if (probe.at == began || probe.at >= probe.whole.length || at_connective(&probe) || query_peek(&probe) == '"' ||
        query_peek(&probe) == '(' || (query_peek(&probe) == ')' && probe.depth > 0))
        return true;
    probe.error = NULL;
    return accept_index(&probe, &index, &meaning);
}

/* Words up to the next thing that is none: one term, so that they are ranked together. */
static const query_node *parse_words(parser *parser)
{
    const size_t began = parser->at;
    do {
        query_skip_blanks(parser);
        query_read_word(parser);
    } while (parser->at < parser->whole.length && !next_is_part(parser));
    if (parser->at == began) {
        query_fail_at(parser, began, NULL, "a term is missing");
        return NULL;
    }
    return query_new_term(parser, repo_search_index("kw"), SEARCH_KEYWORDS,
                          text_trim(text_of(parser->whole.bytes + began, parser->at - began)));
}

static const query_node *parse_group(parser *parser)
{
    const size_t began = parser->at++;
    if (++parser->depth > QUERY_DEPTH_MAX) {
        query_fail_at(parser, began, NULL, "too many brackets");
        return NULL;
    }
    const query_node *inner = parse_or(parser);
    query_skip_blanks(parser);
    if (parser->status == RECTO_OK && query_peek(parser) != ')')
        query_fail_at(parser, began, NULL, "a bracket is not closed");
    parser->at++;
    parser->depth--;
    return parser->status == RECTO_OK ? inner : NULL;
}

static const query_node *parse_part(parser *parser)
{
    const search_index *index = NULL;
    value_read read;
    char meaning;
    if (accept_word(parser, "NOT")) {
        if (++parser->depth > QUERY_DEPTH_MAX)
            query_fail_at(parser, parser->at, NULL, "too many NOT");
        const query_node *node = parser->status == RECTO_OK ? join(parser, QUERY_NOT, NULL, parse_part(parser)) : NULL;
        parser->depth--;
        return node;
    }
    query_skip_blanks(parser);
    if (query_peek(parser) == '(')
        return parse_group(parser);
    if (query_peek(parser) == '"')
        return query_read_quoted(parser, &read) ? query_new_term(parser, repo_search_index("kw"), SEARCH_PHRASE, read.value)
                                                : NULL;
    if (at_connective(parser) || (query_peek(parser) == ')' && parser->depth > 0) || parser->at >= parser->whole.length) {
        query_fail_at(parser, parser->at, NULL, "a term is missing");
        return NULL;
    }
    if (accept_index(parser, &index, &meaning))
        return parser->status == RECTO_OK ? query_parse_value(parser, index, meaning) : NULL;
    return parse_words(parser);
}

static const query_node *parse_and(parser *parser)
{
    const query_node *left = parse_part(parser);
    while (parser->status == RECTO_OK) {
        query_skip_blanks(parser);
        if (parser->at >= parser->whole.length || at_word(parser, "OR") || (query_peek(parser) == ')' && parser->depth > 0))
            break;
        if (accept_word(parser, "NOT")) {
            left = join(parser, QUERY_NOT, left, parse_part(parser));
            continue;
        }
        const bool also = accept_word(parser, "AND");
        if (also && accept_word(parser, "NOT"))
            left = join(parser, QUERY_NOT, left, parse_part(parser));
        else
            left = join(parser, QUERY_AND, left, parse_part(parser));
    }
    return parser->status == RECTO_OK ? left : NULL;
}

static const query_node *parse_or(parser *parser)
{
    const query_node *left = parse_and(parser);
    while (parser->status == RECTO_OK && accept_word(parser, "OR"))
        left = join(parser, QUERY_OR, left, parse_and(parser));
    return parser->status == RECTO_OK ? left : NULL;
}

/* ---- from a box with its index chosen */

static const query_node *parse_in_index(parser *parser, const char *code)
{
    const search_index *index = query_index_named(text_from(code));
    value_read read = { .quoted = false };
    char meaning = '=';
    if (index == NULL) {
        query_fail_unknown_index(parser, text_from(code), 0);
        return NULL;
    }
    query_skip_blanks(parser);
    if (index->kind == 'n') {
        const char sign = query_accept_sign(parser);
        meaning = sign != '\0' ? sign : '=';
        query_skip_blanks(parser);
    }
    const text value = text_trim(query_rest_of(parser));
    if (value.length == 0)
        return NULL;
    if (value.length > 1 && value.bytes[0] == '"' && value.bytes[value.length - 1] == '"')
        read = (value_read){ .value = text_of(value.bytes + 1, value.length - 2), .quoted = true };
    else
        read.value = value;
    return query_make_term(parser, index, meaning, &read);
}

recto_status catalog_query_parse(const query_node **out, struct arena *arena, const char *index, const char *typed,
                                 recto_error *error)
{
    const text whole = text_trim(text_from(typed));
    parser parser = { .arena = arena, .whole = whole, .status = RECTO_OK, .error = error };
    *out = NULL;
    if (whole.length > QUERY_BYTES_MAX)
        return recto_fail(error, RECTO_ELIMIT, NULL, NULL, "a query has at most %d bytes", QUERY_BYTES_MAX);
    if (whole.length == 0)
        return RECTO_OK;
    if (index != NULL && index[0] != '\0') {
        *out = parse_in_index(&parser, index);
        return parser.status;
    }
    if (query_is_oclc_form(whole)) { /* the bracket of "(OCoLC)" groups nothing (SE-86) */
        *out = query_new_term(&parser, repo_search_index("kw"), SEARCH_KEYWORDS, whole);
        return parser.status;
    }
    *out = parse_or(&parser);
    if (parser.status == RECTO_OK && parser.at < whole.length)
        query_fail_at(&parser, parser.at, NULL, "a bracket too many");
    if (parser.status == RECTO_EINVALID && !parser.names_index) {
        recto_error_clear(error);
        parser = (struct parser){ .arena = arena, .whole = whole, .status = RECTO_OK, .error = error };
        *out = query_new_term(&parser, repo_search_index("kw"), SEARCH_KEYWORDS, whole);
    }
    return parser.status;
}
