/* src/service/z3950_terms.c - which of our indexes a Bib-1 use attribute or a CQL index means, and terms in them.
 *
 * One table for both languages, so that a client finds the same by either. What a query asks for and an index cannot do is
 * refused by the diagnostic that says so; clients then ask more plainly (search-resources SR-21). */
#include "z3950_query.h"
#include <string.h>
#include <yaz/diagbib1.h>

static const struct access_point {
    int64_t use;          /* Bib-1 attribute type 1; 0: by CQL only */
    const char *cql;      /* the name behind the prefix: dc.title, bath.title, title. NULL: by Bib-1 only */
    const char *codes;    /* of search.md section 2, joined with OR */
    const char *in_union; /* in a union catalog, where it differs */
} access_points[] = {
    { 1016, "serverchoice", "kw", NULL },
    { 1017, "anywhere", "kw", NULL },
    { 1035, "keywords", "kw", NULL },
    { 4, "title", "ti", NULL },
    { 33, "keytitle", "ti", NULL },
    { 5, "series", "se", NULL },
    { 1, "personalname", "au", NULL },
    { 2, "corporatename", "au", NULL },
    { 3, "conferencename", "au", NULL },
    { 1003, "author", "au", NULL },
    { 1004, "creator", "au", NULL },
    { 1005, "contributor", "au", NULL },
    { 1006, "name", "au", NULL },
    { 7, "isbn", "isbn", NULL },
    { 8, "issn", "issn", NULL },
    { 9, "lccn", "lccn", NULL },
    { 12, "id", "mms sysno oclcz", "oclcz sysno" },
    { 0, "identifier", "mms sysno oclcz stdno", "oclcz sysno stdno" },
    { 0, "mms_id", "mms", "mms" },
    { 0, "mms", "mms", "mms" },
    { 1211, "oclc", "oclcz", NULL },
    { 21, "subject", "su", NULL },
    { 27, NULL, "su", NULL },
    { 25, NULL, "su", NULL },
    { 29, NULL, "su", NULL },
    { 46, NULL, "su", NULL },
    { 31, "date", "yr", NULL },
    { 30, "dateissued", "yr", NULL },
    { 0, "year", "yr", NULL },
    { 1018, "publisher", "pub", NULL },
    { 59, "place", "pl", NULL },
    { 1007, "standardidentifier", "stdno", NULL },
    { 54, "language", "lang", NULL },
    { 63, "note", "n", NULL },
    { 1001, "type", "type", NULL },
    { 1031, "format", "type", NULL },
};

static const char *codes_of(const query_maker *maker, const struct access_point *point)
{
    return maker->union_catalog && point->in_union != NULL ? point->in_union : point->codes;
}

const char *query_codes_of_use(const query_maker *maker, int64_t use)
{
    for (size_t i = 0; i < sizeof access_points / sizeof *access_points; i++)
        if (access_points[i].use == use && use != 0)
            return codes_of(maker, &access_points[i]);
    return NULL;
}

const char *query_codes_of_index(const query_maker *maker, const char *name)
{
    const char *dot = strrchr(name, '.');
    text wanted = text_from(dot == NULL ? name : dot + 1);
    for (size_t i = 0; i < sizeof access_points / sizeof *access_points; i++)
        if (access_points[i].cql != NULL && text_equal_ascii_case(wanted, text_from(access_points[i].cql)))
            return codes_of(maker, &access_points[i]);
    const search_index *index = repo_search_index(wanted.bytes); /* our own codes do as well */
    return index == NULL ? NULL : index->code;
}

/* ---- nodes ---- */

const query_node *query_fail(query_maker *maker, int diagnostic, text detail)
{
    if (maker->diagnostic == 0) {
        text kept = query_keep(maker, detail);
        maker->diagnostic = diagnostic;
        maker->detail = kept.length > 0 ? kept.bytes : NULL;
    }
    return NULL;
}

text query_keep(query_maker *maker, text value)
{
    const char *copy = arena_copy(maker->arena, value.length == 0 ? "" : value.bytes, value.length);
    return copy == NULL ? (text){ "", 0 } : text_of(copy, value.length);
}

static query_node *new_node(query_maker *maker, query_kind kind)
{
    query_node *node = arena_calloc(maker->arena, 1, sizeof *node);
    if (node == NULL)
        query_fail(maker, YAZ_BIB1_TEMPORARY_SYSTEM_ERROR, TEXT("no memory"));
    else
        node->kind = kind;
    return node;
}

const query_node *query_join(query_maker *maker, query_kind kind, const query_node *left, const query_node *right)
{
    query_node *node = new_node(maker, kind);
    if (node != NULL) {
        node->left = left;
        node->right = right;
    }
    return node;
}

/* ---- terms ---- */

static search_operator word_operator(const wanted_term *wanted)
{
    if (wanted->relation == RELATION_NOT)
        return SEARCH_NOT_KEYWORDS;
    if (wanted->whole_field)
        return SEARCH_EQUALS;
    if (wanted->starts_with)
        return SEARCH_STARTS_WITH;
    return wanted->phrase && !wanted->truncated ? SEARCH_PHRASE : SEARCH_KEYWORDS;
}

static text with_star(query_maker *maker, text value)
{
    char *copy = arena_alloc(maker->arena, value.length + 2);
    if (copy == NULL)
        return value;
    memcpy(copy, value.bytes, value.length);
    memcpy(copy + value.length, "*", 2);
    return text_of(copy, value.length + 1);
}

static const query_node *word_term(query_maker *maker, query_node *node, const wanted_term *wanted)
{
    if (wanted->relation != RELATION_EQUAL && wanted->relation != RELATION_NOT)
        return query_fail(maker, YAZ_BIB1_UNSUPP_RELATION_ATTRIBUTE, text_from(node->index->label));
    node->operator= word_operator(wanted);
    if (wanted->truncated && node->operator!= SEARCH_KEYWORDS && node->operator!= SEARCH_STARTS_WITH)
        return query_fail(maker, YAZ_BIB1_UNSUPP_TRUNCATION_ATTRIBUTE, text_from(node->index->label));
    if (wanted->truncated && node->operator== SEARCH_KEYWORDS)
        node->value = with_star(maker, node->value);
    return node;
}

/* Years and dates: relations, and ranges as "1967-2007". */
static const query_node *number_term(query_maker *maker, query_node *node, const wanted_term *wanted)
{
    static const search_operator operators[] = {
        [RELATION_EQUAL] = SEARCH_EQUALS,           [RELATION_LESS] = SEARCH_AT_MOST,     [RELATION_LESS_EQUAL] = SEARCH_AT_MOST,
        [RELATION_GREATER_EQUAL] = SEARCH_AT_LEAST, [RELATION_GREATER] = SEARCH_AT_LEAST, [RELATION_NOT] = SEARCH_NOT_EQUALS,
    };
    int64_t number = 0;
    char digits[24];
    if (wanted->truncated)
        return query_fail(maker, YAZ_BIB1_UNSUPP_TRUNCATION_ATTRIBUTE, text_from(node->index->label));
    node->operator= operators[wanted->relation];
    if (wanted->value_to.length > 0) {
        node->operator= SEARCH_BETWEEN;
        node->value_to = query_keep(maker, wanted->value_to);
        return node;
    }
    if (wanted->relation != RELATION_LESS && wanted->relation != RELATION_GREATER)
        return node;
    if (!text_to_integer(node->value, &number))
        return query_fail(maker, YAZ_BIB1_MALFORMED_SEARCH_TERM, node->value);
    snprintf(digits, sizeof digits, "%lld", (long long)(wanted->relation == RELATION_LESS ? number - 1 : number + 1));
    node->value = query_keep(maker, text_from(digits));
    return node;
}

static const query_node *exact_term(query_maker *maker, query_node *node, const wanted_term *wanted)
{
    if (wanted->relation != RELATION_EQUAL && wanted->relation != RELATION_NOT)
        return query_fail(maker, YAZ_BIB1_UNSUPP_RELATION_ATTRIBUTE, text_from(node->index->label));
    if (wanted->truncated)
        return query_fail(maker, YAZ_BIB1_UNSUPP_TRUNCATION_ATTRIBUTE, text_from(node->index->label));
    node->operator= wanted->relation == RELATION_NOT ? SEARCH_NOT_EQUALS : SEARCH_EQUALS;
    return node;
}

/* An identifier that cannot be one of this index: the branch of the OR is left out. */
static bool can_hold(const search_index *index, text value)
{
    mms_id id = 0;
    buffer key;
    if (strcmp(index->code, "mms") == 0)
        return mms_id_parse(&id, value);
    if (strncmp(index->code, "oclc", 4) != 0)
        return true;
    buffer_init(&key, 4096);
    bool good = number_oclc_typed(&key, value);
    buffer_release(&key);
    return good;
}

static const query_node *term_in(query_maker *maker, const search_index *index, const wanted_term *wanted)
{
    query_node *node = new_node(maker, QUERY_TERM);
    if (node == NULL)
        return NULL;
    node->index = index;
    node->value = query_keep(maker, wanted->value);
    if (index->kind == 'w')
        return word_term(maker, node, wanted);
    return index->kind == 'n' ? number_term(maker, node, wanted) : exact_term(maker, node, wanted);
}

const query_node *query_term(query_maker *maker, const char *index_codes, const wanted_term *wanted)
{
    const query_node *whole = NULL;
    if (++maker->terms > QUERY_TERMS_MAX)
        return query_fail(maker, YAZ_BIB1_TOO_MANY_ARGUMENT_WORDS, (text){ NULL, 0 });
    if (wanted->value.length == 0)
        return query_fail(maker, YAZ_BIB1_MALFORMED_SEARCH_TERM, TEXT("the term is empty"));
    bool only = strchr(index_codes, ' ') == NULL;
    for (text rest = text_from(index_codes); rest.bytes != NULL && maker->diagnostic == 0;) {
        char code[16];
        text part = text_next_field(&rest, ' ');
        snprintf(code, sizeof code, "%.*s", (int)part.length, part.bytes);
        const search_index *index = repo_search_index(code);
        if (index == NULL)
            return query_fail(maker, YAZ_BIB1_UNSUPP_USE_ATTRIBUTE, part);
        if (!only && !can_hold(index, wanted->value))
            continue;
        const query_node *term = term_in(maker, index, wanted);
        whole = whole == NULL || term == NULL ? term : query_join(maker, QUERY_OR, whole, term);
    }
    return maker->diagnostic == 0 ? whole : NULL;
}
