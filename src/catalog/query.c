/* src/catalog/query.c - reads the one-line form of a search into the tree it stands for (SE-35, SE-36); query_write.c writes it.
 *
 *   query    := part { [AND] part | OR part | NOT part }      OR binds weaker; words beside each other are keywords
 *   part     := ( query ) | NOT part | "phrase" | words | index operator value
 *   operator := = == ^= <> != >= <=       value := word | "phrase" | "" | * | from..to | { value ... }
 *
 * Who types plain words that happen not to be of this form gets a keyword search, not an error; a wrong index name is told. */
#include "inside.h"
#include "query.h"

#include <stdio.h>
#include <string.h>

enum { QUERY_BYTES_MAX = 8192, QUERY_DEPTH_MAX = 64, QUERY_TERMS_MAX = 256 };

typedef struct parser {
    struct arena *arena;
    text whole;
    size_t at;
    int depth;
    size_t terms;
    bool names_index; /* an index was named: a mistake is then a mistake */
    recto_status status;
    recto_error *error;
} parser;

static const query_node *parse_or(parser *parser);

/* ---- small steps */

static recto_status fail_at(parser *parser, size_t at, const char *todo, const char *what)
{
    const size_t column = utf8_count(text_of(parser->whole.bytes, at)) + 1;
    if (parser->status == RECTO_OK)
        parser->status = recto_fail(parser->error, RECTO_EINVALID, NULL, todo, "%s (column %zu)", what, column);
    return parser->status;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static void skip_blanks(parser *parser)
{
    while (parser->at < parser->whole.length && is_blank(parser->whole.bytes[parser->at]))
        parser->at++;
}

static char peek(const parser *parser)
{
    return parser->at < parser->whole.length ? parser->whole.bytes[parser->at] : '\0';
}

static text rest_of(const parser *parser)
{
    return text_of(parser->whole.bytes + parser->at, parser->whole.length - parser->at);
}

static bool at_word(const parser *parser, const char *word)
{
    const text rest = rest_of(parser);
    const size_t length = strlen(word);
    return text_starts(rest, text_from(word)) &&
           (rest.length == length || is_blank(rest.bytes[length]) || rest.bytes[length] == '(' || rest.bytes[length] == ')');
}

static bool accept_word(parser *parser, const char *word)
{
    skip_blanks(parser);
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

static text keep(parser *parser, text value)
{
    const char *copy = arena_copy(parser->arena, value.bytes, value.length);
    if (copy == NULL && parser->status == RECTO_OK)
        parser->status = recto_fail_memory(parser->error, "reading a query");
    return text_of(copy, copy != NULL ? value.length : 0);
}

static query_node *new_term(parser *parser, const search_index *index, search_operator operator, text value)
{
    if (++parser->terms > QUERY_TERMS_MAX) {
        fail_at(parser, parser->at, "split the search", "too many terms");
        return NULL;
    }
    query_node *node = new_node(parser, QUERY_TERM);
    if (node == NULL)
        return NULL;
    node->index = index;
    node->operator= operator;
    node->value = keep(parser, value);
    return node;
}

/* ---- names of indexes */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to change, add or leave out; names are short. */
static size_t distance(text a, text b)
{
    size_t row[32];
    if (a.length >= 31 || b.length >= 31)
        return SIZE_MAX;
    for (size_t j = 0; j <= b.length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            const size_t above = row[j];
            const size_t change = diagonal + (a.bytes[i - 1] == b.bytes[j - 1] ? 0 : 1);
            row[j] = smaller(change, smaller(above, row[j - 1]) + 1);
            diagonal = above;
        }
    }
    return row[b.length];
}

/* What was probably meant: the code that is nearest, or the one whose label begins so. */
static const search_index *nearest_index(text name)
{
    size_t count, best = SIZE_MAX;
    const search_index *indexes = repo_search_indexes(&count), *found = NULL;
    for (size_t i = 0; i < count; i++) {
        const text code = text_from(indexes[i].code);
        size_t far = distance(name, code);
        if (name.length >= 3 && query_begins_without_case(text_from(indexes[i].label), name))
            far = 0;
        if (far < best) {
            best = far;
            found = &indexes[i];
        }
    }
    return found;
}

static void fail_unknown_index(parser *parser, text name, size_t at)
{
    char what[120], todo[120] = "";
    const search_index *near = nearest_index(name);
    snprintf(what, sizeof what, "unknown index '%.*s'", (int)smaller(name.length, 40), name.bytes);
    if (near != NULL)
        snprintf(todo, sizeof todo, "did you mean %s?", near->code);
    parser->names_index = true;
    fail_at(parser, at, todo, what);
}

static const search_index *index_named(text name)
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

typedef struct value_read {
    text value;
    bool quoted;
} value_read;

static bool read_quoted(parser *parser, value_read *out)
{
    const size_t began = parser->at;
    char *copy = arena_alloc(parser->arena, parser->whole.length - began + 1);
    size_t length = 0;
    if (copy == NULL) {
        parser->status = recto_fail_memory(parser->error, "reading a query");
        return false;
    }
    for (parser->at++; parser->at < parser->whole.length && peek(parser) != '"'; parser->at++) {
        if (peek(parser) == '\\' && parser->at + 1 < parser->whole.length)
            parser->at++;
        copy[length++] = peek(parser);
    }
    if (parser->at >= parser->whole.length) {
        fail_at(parser, began, "close it with a second \"", "a quotation mark is not closed");
        return false;
    }
    parser->at++;
    *out = (value_read){ .value = text_of(copy, length), .quoted = true };
    return true;
}

/* A word ends at a blank, or at a bracket that it has not opened itself: oclc=(OCoLC)123 is one value. */
static text read_word(parser *parser)
{
    const size_t began = parser->at;
    int open = 0;
    for (; parser->at < parser->whole.length && !is_blank(peek(parser)); parser->at++) {
        const char byte = peek(parser);
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

static char accept_sign(parser *parser)
{
    for (size_t i = 0; i < sizeof SIGNS / sizeof SIGNS[0]; i++)
        if (text_starts(rest_of(parser), text_from(SIGNS[i].sign))) {
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
        return new_term(parser, index,
                        value.length == 0    ? SEARCH_EMPTY
                        : index->kind == 'w' ? SEARCH_PHRASE
                                             : SEARCH_EQUALS,
                        value);
    if (text_equal(value, TEXT("*")))
        return new_term(parser, index, SEARCH_NOT_EMPTY, TEXT(""));
    if (range != SIZE_MAX && range > 0 && (index->kind == 'n' || strcmp(index->code, "cn") == 0)) {
        query_node *node = new_term(parser, index, SEARCH_BETWEEN, text_of(value.bytes, range));
        if (node != NULL)
            node->value_to = keep(parser, text_of(value.bytes + range + 2, value.length - range - 2));
        return node;
    }
    if (index->kind == 'w')
        return new_term(parser, index, SEARCH_KEYWORDS, value);
    if (value.length > 1 && value.bytes[value.length - 1] == '*')
        return new_term(parser, index, SEARCH_STARTS_WITH, text_of(value.bytes, value.length - 1));
    return new_term(parser, index, SEARCH_EQUALS, value);
}

static query_node *make_term(parser *parser, const search_index *index, char meaning, const value_read *read)
{
    switch (meaning) {
    case 'e':
        return new_term(parser, index, SEARCH_EQUALS, read->value);
    case 's':
        return new_term(parser, index, SEARCH_STARTS_WITH, read->value);
    case '!':
        return new_term(parser, index, index->kind == 'w' && !read->quoted ? SEARCH_NOT_KEYWORDS : SEARCH_NOT_EQUALS,
                        read->value);
    case '>':
        return new_term(parser, index, SEARCH_AT_LEAST, read->value);
    case '<':
        return new_term(parser, index, SEARCH_AT_MOST, read->value);
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
    for (skip_blanks(parser); parser->at < parser->whole.length && peek(parser) != '}'; skip_blanks(parser)) {
        value_read read = { .quoted = false };
        if (peek(parser) == '"' && !read_quoted(parser, &read))
            break;
        const size_t from = parser->at;
        while (!read.quoted && parser->at < parser->whole.length && !is_blank(peek(parser)) && strchr(",}", peek(parser)) == NULL)
            parser->at++;
        buffer_append_text(&lines, read.quoted ? read.value : text_of(parser->whole.bytes + from, parser->at - from));
        buffer_append_char(&lines, '\n');
        if (peek(parser) == ',')
            parser->at++;
    }
    if (parser->status == RECTO_OK && peek(parser) != '}')
        fail_at(parser, began, "close it with }", "a list is not closed");
    else if (parser->status == RECTO_OK && buffer_failed(&lines))
        parser->status = recto_fail_memory(parser->error, "reading a query");
    parser->at++;
    if (parser->status == RECTO_OK)
        node = new_term(parser, index, SEARCH_IN_LIST, buffer_text(&lines));
    buffer_release(&lines);
    return node;
}

static const query_node *parse_value(parser *parser, const search_index *index, char meaning)
{
    value_read read = { .quoted = false };
    const size_t began = parser->at;
    skip_blanks(parser);
    if (peek(parser) == '{' && meaning == '=')
        return parse_list(parser, index);
    if (peek(parser) == '"') {
        if (!read_quoted(parser, &read))
            return NULL;
    } else {
        read.value = read_word(parser);
        if (read.value.length == 0) {
            fail_at(parser, began, "\"\" means that the index is empty", "a value is missing");
            return NULL;
        }
    }
    return make_term(parser, index, meaning, &read);
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
    *index = index_named(name);
    parser->at += name.length;
    if (*index != NULL)
        skip_blanks(parser);
    *meaning = accept_sign(parser);
    if (*meaning == '\0') {
        parser->at = began;
        return false;
    }
    parser->names_index = true;
    if (*index == NULL)
        fail_unknown_index(parser, name, began);
    return true;
}

static bool next_is_part(parser *parser)
{
    const size_t began = parser->at;
    const search_index *index;
    char meaning;
    struct parser probe = *parser;
    skip_blanks(&probe);
    if (probe.at == began || probe.at >= probe.whole.length || at_connective(&probe) || peek(&probe) == '"' ||
        peek(&probe) == '(' || (peek(&probe) == ')' && probe.depth > 0))
        return true;
    probe.error = NULL;
    return accept_index(&probe, &index, &meaning);
}

/* Words up to the next thing that is none: one term, so that they are ranked together. */
static const query_node *parse_words(parser *parser)
{
    const size_t began = parser->at;
    do {
        skip_blanks(parser);
        read_word(parser);
    } while (parser->at < parser->whole.length && !next_is_part(parser));
    if (parser->at == began) {
        fail_at(parser, began, NULL, "a term is missing");
        return NULL;
    }
    return new_term(parser, repo_search_index("kw"), SEARCH_KEYWORDS,
                    text_trim(text_of(parser->whole.bytes + began, parser->at - began)));
}

static const query_node *parse_group(parser *parser)
{
    const size_t began = parser->at++;
    if (++parser->depth > QUERY_DEPTH_MAX) {
        fail_at(parser, began, NULL, "too many brackets");
        return NULL;
    }
    const query_node *inner = parse_or(parser);
    skip_blanks(parser);
    if (parser->status == RECTO_OK && peek(parser) != ')')
        fail_at(parser, began, NULL, "a bracket is not closed");
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
            fail_at(parser, parser->at, NULL, "too many NOT");
        const query_node *node = parser->status == RECTO_OK ? join(parser, QUERY_NOT, NULL, parse_part(parser)) : NULL;
        parser->depth--;
        return node;
    }
    skip_blanks(parser);
    if (peek(parser) == '(')
        return parse_group(parser);
    if (peek(parser) == '"')
        return read_quoted(parser, &read) ? new_term(parser, repo_search_index("kw"), SEARCH_PHRASE, read.value) : NULL;
    if (at_connective(parser) || (peek(parser) == ')' && parser->depth > 0) || parser->at >= parser->whole.length) {
        fail_at(parser, parser->at, NULL, "a term is missing");
        return NULL;
    }
    if (accept_index(parser, &index, &meaning))
        return parser->status == RECTO_OK ? parse_value(parser, index, meaning) : NULL;
    return parse_words(parser);
}

static const query_node *parse_and(parser *parser)
{
    const query_node *left = parse_part(parser);
    while (parser->status == RECTO_OK) {
        skip_blanks(parser);
        if (parser->at >= parser->whole.length || at_word(parser, "OR") || (peek(parser) == ')' && parser->depth > 0))
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
    const search_index *index = index_named(text_from(code));
    value_read read = { .quoted = false };
    char meaning = '=';
    if (index == NULL) {
        fail_unknown_index(parser, text_from(code), 0);
        return NULL;
    }
    skip_blanks(parser);
    if (index->kind == 'n') {
        const char sign = accept_sign(parser);
        meaning = sign != '\0' ? sign : '=';
        skip_blanks(parser);
    }
    const text value = text_trim(rest_of(parser));
    if (value.length == 0)
        return NULL;
    if (value.length > 1 && value.bytes[0] == '"' && value.bytes[value.length - 1] == '"')
        read = (value_read){ .value = text_of(value.bytes + 1, value.length - 2), .quoted = true };
    else
        read.value = value;
    return make_term(parser, index, meaning, &read);
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
        *out = new_term(&parser, repo_search_index("kw"), SEARCH_KEYWORDS, whole);
        return parser.status;
    }
    *out = parse_or(&parser);
    if (parser.status == RECTO_OK && parser.at < whole.length)
        fail_at(&parser, parser.at, NULL, "a bracket too many");
    if (parser.status == RECTO_EINVALID && !parser.names_index) {
        recto_error_clear(error);
        parser = (struct parser){ .arena = arena, .whole = whole, .status = RECTO_OK, .error = error };
        *out = new_term(&parser, repo_search_index("kw"), SEARCH_KEYWORDS, whole);
    }
    return parser.status;
}
