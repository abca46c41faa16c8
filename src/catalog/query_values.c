/* src/catalog/query_values.c - the inside of one condition of the one-line form: its index, its sign, its value. */
#include "inside.h"
#include "query_parser.h"
#include "recto/base/nearest.h"

#include <stdio.h>
#include <string.h>

/* ---- names of indexes */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* What was probably meant: the code that is nearest with a third of the letters right, or the one whose label begins so. */
static const search_index *nearest_index(text name)
{
    size_t count, best = SIZE_MAX;
    const search_index *indexes = repo_search_indexes(&count), *found = NULL;
    for (size_t i = 0; i < count; i++) {
        const text code = text_from(indexes[i].code);
        size_t far = name_distance(name, code);
        if (name.length >= 3 && query_begins_without_case(text_from(indexes[i].label), name))
            far = 0;
        const size_t longer = name.length > code.length ? name.length : code.length;
        if (far < best && far * 3 <= longer * 2) {
            best = far;
            found = &indexes[i];
        }
    }
    return found;
}

void query_fail_unknown_index(parser *parser, text name, size_t at)
{
    char what[120], todo[120] = "";
    const search_index *near = nearest_index(name);
    snprintf(what, sizeof what, "unknown index '%.*s'", (int)smaller(name.length, 40), name.bytes);
    if (near != NULL)
        snprintf(todo, sizeof todo, "did you mean %s?", near->code);
    else
        snprintf(todo, sizeof todo, "recto search --help lists the indexes, Alt+X chooses one");
    parser->names_index = true;
    query_fail_at(parser, at, todo, what);
}

const search_index *query_index_named(text name)
{
    char code[32];
    if (name.length == 0 || name.length >= sizeof code)
        return NULL;
    for (size_t i = 0; i < name.length; i++)
        code[i] = (char)(name.bytes[i] >= 'A' && name.bytes[i] <= 'Z' ? name.bytes[i] - 'A' + 'a' : name.bytes[i]);
    code[name.length] = '\0';
    return repo_search_index(code);
}

/* ---- values */

bool query_read_quoted(parser *parser, value_read *out)
{
    const size_t began = parser->at;
    char *copy = arena_alloc(parser->arena, parser->whole.length - began + 1);
    size_t length = 0;
    if (copy == NULL) {
        parser->status = recto_fail_memory(parser->error, "reading a query");
        return false;
    }
    for (parser->at++; parser->at < parser->whole.length && query_peek(parser) != '"'; parser->at++) {
        if (query_peek(parser) == '\\' && parser->at + 1 < parser->whole.length)
            parser->at++;
        copy[length++] = query_peek(parser);
    }
    if (parser->at >= parser->whole.length) {
        query_fail_at(parser, began, "close it with a second \"", "a quotation mark is not closed");
        return false;
    }
    parser->at++;
    *out = (value_read){ .value = text_of(copy, length), .quoted = true };
    return true;
}

/* A word ends at a blank, or at a bracket that it has not opened itself: oclc=(OCoLC)123 is one value. */
text query_read_word(parser *parser)
{
    const size_t began = parser->at;
    int open = 0;
    for (; parser->at < parser->whole.length && !query_is_blank(query_peek(parser)); parser->at++) {
        const char byte = query_peek(parser);
        if (byte == ')' && open == 0 && parser->depth > 0)
            break;
        if (byte == '(')
            open++;
        else if (byte == ')' && open > 0)
            open--;
    }
    return text_of(parser->whole.bytes + began, parser->at - began);
}

static const struct {
    const char *sign;
    char meaning; /* '=' as the index wants, 'e' equals, 's' starts with, '!' not, '>' '<' */
} SIGNS[] = { { "==", 'e' }, { "^=", 's' }, { "<>", '!' }, { "!=", '!' }, { ">=", '>' }, { "<=", '<' }, { "=", '=' } };

char query_accept_sign(parser *parser)
{
    for (size_t i = 0; i < sizeof SIGNS / sizeof SIGNS[0]; i++)
        if (text_starts(query_rest_of(parser), text_from(SIGNS[i].sign))) {
            parser->at += strlen(SIGNS[i].sign);
            return SIGNS[i].meaning;
        }
    return '\0';
}

static size_t find_range(text value)
{
    for (size_t i = 0; i + 1 < value.length; i++)
        if (value.bytes[i] == '.' && value.bytes[i + 1] == '.')
            return i;
    return SIZE_MAX;
}

/* What "=" means depends on the index: words are searched as words, identifiers and codes as they are. */
static query_node *equal_term(parser *parser, const search_index *index, const value_read *read)
{
    const text value = read->value;
    const size_t range = find_range(value);
    if (read->quoted)
        return query_new_term(parser, index,
                              value.length == 0    ? SEARCH_EMPTY
                              : index->kind == 'w' ? SEARCH_PHRASE
                                                   : SEARCH_EQUALS,
                              value);
    if (text_equal(value, TEXT("*")))
        return query_new_term(parser, index, SEARCH_NOT_EMPTY, TEXT(""));
    if (range != SIZE_MAX && range > 0 && (index->kind == 'n' || strcmp(index->code, "cn") == 0)) {
        query_node *node = query_new_term(parser, index, SEARCH_BETWEEN, text_of(value.bytes, range));
        if (node != NULL)
            node->value_to = query_copy(parser, text_of(value.bytes + range + 2, value.length - range - 2));
        return node;
    }
    if (index->kind == 'w')
        return query_new_term(parser, index, SEARCH_KEYWORDS, value);
    if (value.length > 1 && value.bytes[value.length - 1] == '*')
        return query_new_term(parser, index, SEARCH_STARTS_WITH, text_of(value.bytes, value.length - 1));
    return query_new_term(parser, index, SEARCH_EQUALS, value);
}

query_node *query_make_term(parser *parser, const search_index *index, char meaning, const value_read *read)
{
    switch (meaning) {
    case 'e':
        return query_new_term(parser, index, SEARCH_EQUALS, read->value);
    case 's':
        return query_new_term(parser, index, SEARCH_STARTS_WITH, read->value);
    case '!':
        return query_new_term(parser, index, index->kind == 'w' && !read->quoted ? SEARCH_NOT_KEYWORDS : SEARCH_NOT_EQUALS,
                              read->value);
    case '>':
        return query_new_term(parser, index, SEARCH_AT_LEAST, read->value);
    case '<':
        return query_new_term(parser, index, SEARCH_AT_MOST, read->value);
    default:
        return equal_term(parser, index, read);
    }
}

/* {a b "c d"}: any of these; kept as lines. */
static const query_node *parse_list(parser *parser, const search_index *index)
{
    const size_t began = parser->at++;
    buffer lines;
    query_node *node = NULL;
    buffer_init(&lines, QUERY_BYTES_MAX);
    for (query_skip_blanks(parser); parser->at < parser->whole.length && query_peek(parser) != '}'; query_skip_blanks(parser)) {
        value_read read = { .quoted = false };
        if (query_peek(parser) == '"' && !query_read_quoted(parser, &read))
            break;
        const size_t from = parser->at;
        while (!read.quoted && parser->at < parser->whole.length && !query_is_blank(query_peek(parser)) &&
               strchr(",}", query_peek(parser)) == NULL)
            parser->at++;
        buffer_append_text(&lines, read.quoted ? read.value : text_of(parser->whole.bytes + from, parser->at - from));
        buffer_append_char(&lines, '\n');
        if (query_peek(parser) == ',')
            parser->at++;
    }
    if (parser->status == RECTO_OK && query_peek(parser) != '}')
        query_fail_at(parser, began, "close it with }", "a list is not closed");
    else if (parser->status == RECTO_OK && buffer_failed(&lines))
        parser->status = recto_fail_memory(parser->error, "reading a query");
    parser->at++;
    if (parser->status == RECTO_OK)
        node = query_new_term(parser, index, SEARCH_IN_LIST, buffer_text(&lines));
    buffer_release(&lines);
    return node;
}

const query_node *query_parse_value(parser *parser, const search_index *index, char meaning)
{
    value_read read = { .quoted = false };
    const size_t began = parser->at;
    query_skip_blanks(parser);
    if (query_peek(parser) == '{' && meaning == '=')
        return parse_list(parser, index);
    if (query_peek(parser) == '"') {
        if (!query_read_quoted(parser, &read))
            return NULL;
    } else {
        read.value = query_read_word(parser);
        if (read.value.length == 0) {
            query_fail_at(parser, began, "\"\" means that the index is empty", "a value is missing");
            return NULL;
        }
    }
    return query_make_term(parser, index, meaning, &read);
}
