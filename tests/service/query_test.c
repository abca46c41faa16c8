/* tests/service/query_test.c - what Z39.50 and CQL queries become, and which are refused with which diagnostic. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../src/service/z3950_query.h"
#include <stdio.h>
#include <string.h>
#include <yaz/pquery.h>

static const char *const operators[] = {
    [SEARCH_KEYWORDS] = "words", [SEARCH_PHRASE] = "phrase",       [SEARCH_STARTS_WITH] = "starts",
    [SEARCH_EQUALS] = "is",      [SEARCH_NOT_EQUALS] = "is-not",   [SEARCH_NOT_KEYWORDS] = "not-words",
    [SEARCH_EMPTY] = "empty",    [SEARCH_NOT_EMPTY] = "not-empty", [SEARCH_AT_LEAST] = ">=",
    [SEARCH_AT_MOST] = "<=",     [SEARCH_BETWEEN] = "between",
};

static void describe(buffer *out, const query_node *node)
{
    static const char *const names[] = { [QUERY_AND] = "and", [QUERY_OR] = "or", [QUERY_NOT] = "not" };
    if (node == NULL) {
        buffer_append_string(out, "everything");
        return;
    }
    if (node->kind == QUERY_TERM) {
        buffer_append_format(out, "%s %s '%.*s'", node->index->code, operators[node->operator], (int)node->value.length, node->value.bytes);
        if (node->value_to.length > 0)
            buffer_append_format(out, "-'%.*s'", (int)node->value_to.length, node->value_to.bytes);
        return;
    }
    buffer_append_char(out, '(');
    describe(out, node->left);
    buffer_append_format(out, " %s ", names[node->kind]);
    describe(out, node->right);
    buffer_append_char(out, ')');
}

typedef struct query_case {
    const char *query, *want; /* want NULL: refused with `code` */
    int code;
    bool union_catalog;
} query_case;

static const query_node *a_set(void *context, const char *name)
{
    return strcmp(name, "1") == 0 ? context : NULL;
}

static void check(const query_case *test, bool cql)
{
    static const query_node earlier = { .kind = QUERY_TERM, .operator= SEARCH_KEYWORDS, .value = { "earlier", 7 } };
    query_node set = earlier;
    buffer got;
    ODR odr = odr_createmem(ODR_DECODE);
    set.index = repo_search_index("kw");
    query_maker maker = { .arena = arena_new(0), .union_catalog = test->union_catalog, .find_set = a_set, .context = &set };
    const query_node *tree = NULL;
    buffer_init(&got, 0);
    if (cql) {
        tree = query_from_cql(&maker, test->query);
    } else {
        YAZ_PQF_Parser parser = yaz_pqf_create();
        Z_RPNQuery *query = yaz_pqf_parse(parser, odr, test->query);
        assert_non_null(query);
        tree = query_from_rpn(&maker, query);
        yaz_pqf_destroy(parser);
    }
    describe(&got, tree);
    if (maker.diagnostic != test->code)
        fail_msg("%s: diagnostic %d, wanted %d (%s)", test->query, maker.diagnostic, test->code, buffer_string(&got));
    if (test->want != NULL && strcmp(buffer_string(&got), test->want) != 0)
        fail_msg("%s: %s, wanted %s", test->query, buffer_string(&got), test->want);
    buffer_release(&got);
    arena_free(maker.arena);
    odr_destroy(odr);
}

static void rpn__becomes_the_same_question(void **state)
{
    static const query_case cases[] = {
        { "water", "kw words 'water'", 0, false },
        { "@attr 1=1016 water", "kw words 'water'", 0, false },
        { "@attr 1=1017 water", "kw words 'water'", 0, false },
        { "@attr 1=1035 water", "kw words 'water'", 0, false },
        { "@attr 1=4 @attr 4=6 \"war peace\"", "ti words 'war peace'", 0, false },
        { "@attr 1=4 @attr 4=1 \"war and peace\"", "ti phrase 'war and peace'", 0, false },
        { "@attr 1=4 @attr 5=1 solit", "ti words 'solit*'", 0, false },
        { "@attr 1=4 @attr 3=1 war", "ti starts 'war'", 0, false },
        { "@attr 1=4 @attr 6=3 \"war and peace\"", "ti is 'war and peace'", 0, false },
        { "@attr 1=1003 tolstoy", "au words 'tolstoy'", 0, false },
        { "@attr 1=1 tolstoy", "au words 'tolstoy'", 0, false },
        { "@attr 1=1004 tolstoy", "au words 'tolstoy'", 0, false },
        { "@attr 1=7 @attr 4=1 0306406152", "isbn is '0306406152'", 0, false },
        { "@attr 1=8 0378-5955", "issn is '0378-5955'", 0, false },
        { "@attr 1=9 78890351", "lccn is '78890351'", 0, false },
        { "@attr 1=12 991000000000105816",
          "((mms is '991000000000105816' or sysno is '991000000000105816') or oclcz is '991000000000105816')", 0, false },
        { "@attr 1=12 abc", "sysno is 'abc'", 0, false },
        { "@attr 1=12 12345", "(oclcz is '12345' or sysno is '12345')", 0, true },
        { "@attr 1=1211 ocm00012345", "oclcz is 'ocm00012345'", 0, false },
        { "@attr 1=21 families", "su words 'families'", 0, false },
        { "@attr 1=31 1970", "yr is '1970'", 0, false },
        { "@attr 1=31 @attr 4=4 @attr 2=4 1970", "yr >= '1970'", 0, false },
        { "@attr 1=31 @attr 2=5 1970", "yr >= '1971'", 0, false },
        { "@attr 1=31 @attr 2=1 1970", "yr <= '1969'", 0, false },
        { "@attr 1=31 1967-2007", "yr between '1967'-'2007'", 0, false },
        { "@attr 1=1018 harper", "pub words 'harper'", 0, false },
        { "@and @attr 1=4 war @or @attr 1=1003 tolstoy @attr 1=7 1", "(ti words 'war' and (au words 'tolstoy' or isbn is '1'))",
          0, false },
        { "@not @attr 1=4 war peace", "(ti words 'war' not kw words 'peace')", 0, false },
        { "@and @set 1 peace", "(kw words 'earlier' and kw words 'peace')", 0, false },
        { "@and @set 2 peace", NULL, 30, false },
        { "@attr 1=9999 x", NULL, 114, false },
        { "@attr 2=103 x", NULL, 117, false },
        { "@attr 1=4 @attr 2=4 x", NULL, 117, false },
        { "@attr 4=99 x", NULL, 118, false },
        { "@attr 3=2 x", NULL, 119, false },
        { "@attr 5=2 x", NULL, 120, false },
        { "@attr 1=7 @attr 5=1 03", NULL, 120, false },
        { "@attr 6=2 x", NULL, 122, false },
        { "@attr 14=1 x", NULL, 113, false },
        { "@attr gils 1=4 x", NULL, 121, false },
        { "@attr 1=title x", NULL, 114, false },
        { "@attr 1=4 \"\"", NULL, 125, false },
        { "@prox 0 1 1 2 k 2 a b", NULL, 110, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(&cases[i], false);
}

static void cql__becomes_the_same_question(void **state)
{
    static const query_case cases[] = {
        { "water", "kw words 'water'", 0, false },
        { "\"war peace\"", "kw words 'war peace'", 0, false },
        { "dc.title = \"war and peace\"", "ti phrase 'war and peace'", 0, false },
        { "dc.title all \"war peace\"", "ti words 'war peace'", 0, false },
        { "dc.title any \"war peace\"", "(ti words 'war' or ti words 'peace')", 0, false },
        { "dc.title == \"war and peace\"", "ti is 'war and peace'", 0, false },
        { "title = solit*", "ti words 'solit*'", 0, false },
        { "dc.creator = tolstoy and dc.date >= 1970", "(au phrase 'tolstoy' and yr >= '1970')", 0, false },
        { "bath.isbn = 0306406152", "isbn is '0306406152'", 0, false },
        { "rec.id = 12345", "(oclcz is '12345' or sysno is '12345')", 0, true },
        { "mms = 991000000000105816", "mms is '991000000000105816'", 0, false },
        { "dc.date cql.within \"1967 2007\"", "yr between '1967'-'2007'", 0, false },
        { "cql.allRecords = 1", "everything", 0, false },
        { "a not b", "(kw words 'a' not kw words 'b')", 0, false },
        { "dc.title = \"a\\\"b\\*\"", "ti phrase 'a\"b*'", 0, false },
        { "foo.bar = x", NULL, 114, false },
        { "dc.title = w?r", NULL, 120, false },
        { "dc.title > x", NULL, 117, false },
        { "a prox b", NULL, 110, false },
        { "(a", NULL, 108, false },
        { "", NULL, 108, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(&cases[i], true);
}

static void depth__is_limited(void **state)
{
    buffer query;
    (void)state;
    buffer_init(&query, 0);
    for (int i = 0; i < 60; i++)
        buffer_append_string(&query, "@and a ");
    buffer_append_string(&query, "b");
    query_case test = { buffer_string(&query), NULL, 6, false };
    check(&test, false);
    buffer_release(&query);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rpn__becomes_the_same_question),
        cmocka_unit_test(cql__becomes_the_same_question),
        cmocka_unit_test(depth__is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
