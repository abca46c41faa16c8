/* src/service/z3950_cql.c - a CQL query (SRU) as the repository's tree. YAZ parses; this file gives it its meaning. */
#include "recto/base/utf8.h"
#include "z3950_query.h"
#include <string.h>
#include <strings.h>
#include <yaz/cql.h>
#include <yaz/diagbib1.h>

/* ---- terms ---- */

/* Escapes are undone. An unescaped * may only end the term, ^ only begin it; ? stands for no character we could search. */
static bool unmask(query_maker *maker, wanted_term *out, text raw, bool anchors)
{
    char *copy = arena_alloc(maker->arena, raw.length + 1);
    size_t length = 0;
    for (size_t i = 0; copy != NULL && i < raw.length; i++) {
        char byte = raw.bytes[i];
        if (byte == '\\' && i + 1 < raw.length) {
            byte = raw.bytes[++i];
        } else if (byte == '*' && i + 1 == raw.length && i > 0) {
            out->truncated = true;
            break;
        } else if (byte == '^' && i == 0 && anchors) {
            out->starts_with = true;
            continue;
        } else if (byte == '*' || byte == '?') {
            query_fail(maker, YAZ_BIB1_UNSUPP_TRUNCATION_ATTRIBUTE, text_of(&byte, 1));
            return false;
        }
        copy[length++] = byte;
    }
    out->value = text_trim(text_of(copy == NULL ? "" : copy, copy == NULL ? 0 : length));
    return true;
}

static text whole_term(query_maker *maker, const struct cql_node *node)
{
    buffer joined;
    buffer_init(&joined, 64 * 1024);
    buffer_append_string(&joined, node->u.st.term == NULL ? "" : node->u.st.term);
    for (const struct cql_node *more = node->u.st.extra_terms; more != NULL; more = more->u.st.extra_terms) {
        buffer_append_char(&joined, ' ');
        buffer_append_string(&joined, more->u.st.term == NULL ? "" : more->u.st.term);
    }
    text kept = query_keep(maker, buffer_text(&joined));
    buffer_release(&joined);
    return kept;
}

/* "any": each word by itself, joined with OR. */
static const query_node *any_word(query_maker *maker, const char *codes, text raw)
{
    const query_node *whole = NULL;
    for (text rest = raw; rest.bytes != NULL;) {
        wanted_term wanted = { .relation = RELATION_EQUAL };
        text word = text_next_field(&rest, ' ');
        if (word.length == 0)
            continue;
        if (!unmask(maker, &wanted, word, false))
            return NULL;
        const query_node *term = query_term(maker, codes, &wanted);
        if (term == NULL)
            return NULL;
        whole = whole == NULL ? term : query_join(maker, QUERY_OR, whole, term);
    }
    return whole;
}

/* "within": two values, lower and upper. */
static const query_node *within(query_maker *maker, const char *codes, text raw)
{
    text rest = text_trim(raw), from = text_next_field(&rest, ' ');
    wanted_term wanted = { .relation = RELATION_EQUAL, .value = from, .value_to = text_trim(rest) };
    if (rest.bytes == NULL)
        return query_fail(maker, YAZ_BIB1_MALFORMED_SEARCH_TERM, raw);
    return query_term(maker, codes, &wanted);
}

static const struct {
    const char *name;
    wanted_term wanted;
} relations[] = {
    { "all", { .relation = RELATION_EQUAL } },
    { "=", { .relation = RELATION_EQUAL, .phrase = true } },
    { "adj", { .relation = RELATION_EQUAL, .phrase = true } },
    { "==", { .relation = RELATION_EQUAL, .whole_field = true } },
    { "exact", { .relation = RELATION_EQUAL, .whole_field = true } },
    { "<>", { .relation = RELATION_NOT } },
    { "<", { .relation = RELATION_LESS } },
    { "<=", { .relation = RELATION_LESS_EQUAL } },
    { ">=", { .relation = RELATION_GREATER_EQUAL } },
    { ">", { .relation = RELATION_GREATER } },
    { "scr", { .relation = RELATION_EQUAL } },
};

static const char *relation_of(const struct cql_node *node)
{
    const char *name = node->u.st.relation == NULL ? "scr" : node->u.st.relation;
    const char *dot = strchr(name, '.');
    name = dot == NULL ? name : dot + 1;
    bool chosen_by_us = node->u.st.index == NULL || strcasecmp(node->u.st.index, "cql.serverChoice") == 0;
    return strcmp(name, "=") == 0 && chosen_by_us ? "scr" : name; /* a bare word or two: keywords */
}

static const query_node *from_clause(query_maker *maker, const struct cql_node *node)
{
    const char *index = node->u.st.index == NULL ? "cql.serverChoice" : node->u.st.index, *relation = relation_of(node);
    const char *codes = query_codes_of_index(maker, index);
    text raw = whole_term(maker, node);
    if (codes == NULL)
        return query_fail(maker, YAZ_BIB1_UNSUPP_USE_ATTRIBUTE, text_from(index));
    if (!utf8_valid(raw, NULL))
        return query_fail(maker, YAZ_BIB1_MALFORMED_SEARCH_TERM, TEXT("the term is not UTF-8"));
    if (strcasecmp(relation, "any") == 0)
        return any_word(maker, codes, raw);
    if (strcasecmp(relation, "within") == 0)
        return within(maker, codes, raw);
    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++) {
        if (strcasecmp(relation, relations[i].name) != 0)
            continue;
        wanted_term wanted = relations[i].wanted;
        return unmask(maker, &wanted, raw, true) ? query_term(maker, codes, &wanted) : NULL;
    }
    return query_fail(maker, YAZ_BIB1_UNSUPP_RELATION_ATTRIBUTE, text_from(relation));
}

/* ---- trees ---- */

static const query_node *from_node(query_maker *maker, const struct cql_node *node)
{
    if (node->which == CQL_NODE_ST)
        return from_clause(maker, node);
    if (node->which == CQL_NODE_SORT)
        return from_node(maker, node->u.sort.search);
    const char *operator= node->u.boolean.value;
    query_kind kind = strcasecmp(operator, "and") == 0 ? QUERY_AND : strcasecmp(operator, "or") == 0 ? QUERY_OR : QUERY_NOT;
    if (kind == QUERY_NOT && strcasecmp(operator, "not") != 0)
        return query_fail(maker, YAZ_BIB1_OPERATOR_UNSUPP, text_from(operator));
    if (++maker->depth > QUERY_DEPTH_MAX)
        return query_fail(maker, YAZ_BIB1_TOO_MANY_BOOLEAN_OPERATORS, (text){ NULL, 0 });
    const query_node *left = from_node(maker, node->u.boolean.left);
    const query_node *right = left == NULL ? NULL : from_node(maker, node->u.boolean.right);
    maker->depth--;
    return right == NULL ? NULL : query_join(maker, kind, left, right);
}

static bool is_everything(const struct cql_node *node)
{
    return node->which == CQL_NODE_ST && node->u.st.index != NULL && strcasecmp(node->u.st.index, "cql.allRecords") == 0;
}

const query_node *query_from_cql(query_maker *maker, const char *query)
{
    CQL_parser parser = cql_parser_create();
    const query_node *tree = NULL;
    if (strlen(query) > 16 * 1024)
        query_fail(maker, YAZ_BIB1_TOO_MANY_CHARS_IN_SEARCH_STATEMENT, (text){ NULL, 0 });
    else if (cql_parser_string(parser, query) != 0)
        query_fail(maker, YAZ_BIB1_MALFORMED_QUERY, text_from(query));
    else if (!is_everything(cql_parser_result(parser)))
        tree = from_node(maker, cql_parser_result(parser));
    cql_parser_destroy(parser);
    return tree;
}
