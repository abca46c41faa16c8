/* tests/catalog/search_test.c - the one-line query both ways, identifiers among words, and the way on when nothing is found. */
#include "catalog/room.h"

#include "recto/base/arena.h"

/* ---- the language */

/* A tree as brackets, so that a test can say what it wants. */
static void draw(buffer *out, const query_node *node)
{
    static const char *const operators[] = {
        [SEARCH_KEYWORDS] = "words", [SEARCH_PHRASE] = "phrase",  [SEARCH_STARTS_WITH] = "starts",
        [SEARCH_EQUALS] = "equals",  [SEARCH_NOT_EQUALS] = "not", [SEARCH_NOT_KEYWORDS] = "notwords",
        [SEARCH_EMPTY] = "empty",    [SEARCH_NOT_EMPTY] = "some", [SEARCH_AT_LEAST] = "least",
        [SEARCH_AT_MOST] = "most",   [SEARCH_BETWEEN] = "between"
    };
    static const char *const kinds[] = { [QUERY_AND] = "and", [QUERY_OR] = "or", [QUERY_NOT] = "not" };
    if (node == NULL) {
        buffer_append_string(out, "-");
        return;
    }
    if (node->kind == QUERY_TERM) {
        buffer_append_format(out, "%s %s %.*s", node->index->code, operators[node->operator], (int)node->value.length, node->value.bytes);
        if (node->operator== SEARCH_BETWEEN)
            buffer_append_format(out, " %.*s", (int)node->value_to.length, node->value_to.bytes);
        return;
    }
    buffer_append_format(out, "%s(", kinds[node->kind]);
    draw(out, node->left);
    buffer_append_string(out, "; ");
    draw(out, node->right);
    buffer_append_string(out, ")");
}

static void text_becomes_a_tree(void **state)
{
    static const struct {
        const char *index, *text, *want;
    } cases[] = {
        { NULL, "", "-" },
        { NULL, "war and peace", "kw words war and peace" },
        { NULL, "\"war and peace\"", "kw phrase war and peace" },
        { NULL, "ti=\"war and peace\" AND sync=none AND mdate>=2026-01-01",
          "and(and(ti phrase war and peace; sync equals none); mdate least 2026-01-01)" },
        { NULL, "ti=war OR au=tolstoy AND yr<=1900", "or(ti words war; and(au words tolstoy; yr most 1900))" },
        { NULL, "(ti=war OR ti=peace) NOT lang=eng", "not(or(ti words war; ti words peace); lang equals eng)" },
        { NULL, "NOT has=physical", "not(-; has equals physical)" },
        { NULL, "ti=war AND NOT au=x", "not(ti words war; au words x)" },
        { NULL, "oclc=(OCoLC)ocm00000123", "oclc equals (OCoLC)ocm00000123" },
        { NULL, "(oclc=(OCoLC)1)", "oclc equals (OCoLC)1" },
        { NULL, "yr=1900..1910", "yr between 1900 1910" },
        { NULL, "bc=3311*", "bc starts 3311" },
        { NULL, "isbn=\"\"", "isbn empty " },
        { NULL, "issn=*", "issn some " },
        { NULL, "ti^=\"War and\"", "ti starts War and" },
        { NULL, "ti==\"Dune\"", "ti equals Dune" },
        { NULL, "lang<>eng", "lang not eng" },
        { NULL, "TI = war", "ti words war" },
        { NULL, "cats dogs su=pets", "and(kw words cats dogs; su words pets)" },
        { NULL, "title (large print", "kw words title (large print" }, /* plain words are never a mistake */
        { NULL, "ti=\"say \\\"hi\\\"\"", "ti phrase say \"hi\"" },
        { "ti", "war AND peace", "ti words war AND peace" }, /* a box with its index takes the text as it is */
        { "ti", "\"war and peace\"", "ti phrase war and peace" },
        { "yr", ">=1999", "yr least 1999" },
        { "oclc", "ocm00000123", "oclc equals ocm00000123" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_new(0);
        const query_node *tree = NULL;
        recto_error error = { .status = RECTO_OK };
        buffer drawn;
        buffer_init(&drawn, 0);
        must(catalog_query_parse(&tree, arena, cases[i].index, cases[i].text, &error), &error);
        draw(&drawn, tree);
        assert_string_equal(buffer_string(&drawn), cases[i].want);
        buffer_release(&drawn);
        arena_free(arena);
    }
}

static void a_mistake_is_told_with_its_place(void **state)
{
    static const struct {
        const char *text, *what, *todo;
    } cases[] = {
        { "tit=war", "unknown index 'tit' (column 1)", "did you mean ti?" },
        { "ti=war AND titel=x", "unknown index 'titel' (column 12)", "did you mean" },
        { "ti=\"war", "a quotation mark is not closed (column 4)", NULL },
        { "ti=", "a value is missing (column 4)", NULL },
        { "(ti=war", "a bracket is not closed (column 1)", NULL },
        { "ti=war AND", "a term is missing (column 11)", NULL },
        { "ti=m\xC3\xBCnchen AND foo=1", "unknown index 'foo' (column 16)", NULL }, /* characters, not bytes */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena *arena = arena_new(0);
        const query_node *tree = NULL;
        recto_error error = { .status = RECTO_OK };
        assert_int_equal(catalog_query_parse(&tree, arena, NULL, cases[i].text, &error), RECTO_EINVALID);
        assert_string_equal(error.what, cases[i].what);
        if (cases[i].todo != NULL)
            assert_non_null(strstr(error.todo, cases[i].todo));
        arena_free(arena);
    }
}

static void a_hostile_query_is_refused_or_read(void **state)
{
    (void)state;
    struct arena *arena = arena_new(0);
    const query_node *tree = NULL;
    char deep[2000], many[9000];
    memset(deep, '(', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    assert_int_equal(catalog_query_parse(&tree, arena, NULL, deep, NULL), RECTO_OK); /* brackets are just plain words here */
    memcpy(deep, "ti=x AND ", 9);
    assert_int_equal(catalog_query_parse(&tree, arena, NULL, deep, NULL), RECTO_EINVALID);
    for (size_t i = 9; i + 4 < 1900; i += 4)
        memcpy(deep + i, "NOT ", 4);
    snprintf(deep + 1801, sizeof deep - 1801, "ti=y");
    assert_int_equal(catalog_query_parse(&tree, arena, NULL, deep, NULL), RECTO_EINVALID);
    memset(many, 'x', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    assert_int_equal(catalog_query_parse(&tree, arena, NULL, many, NULL), RECTO_ELIMIT);
    arena_free(arena);
}

/* ---- searching */

static void the_form_of_a_query_is_the_same_query(void **state)
{
    static const char *const forms[] = {
        "ti=\"war and peace\" AND sync=B AND mdate>=2020-01-01",
        "ti=war OR au=tolstoy",
        "(ti=war OR ti=peace) NOT lang=eng",
        "NOT lang=eng",
        "cats dogs",
        "yr=1900..1910",
        "ti^=\"War and\"",
        "isbn=\"\"",
        "issn=*",
    };
    (void)state;
    room here;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        recto_error error = { .status = RECTO_OK };
        catalog_hits hits;
        const catalog_query query = { .text = forms[i], .limit = 1 };
        must(catalog_search(&hits, chief, &query, &error), &error);
        assert_string_equal(hits.form, forms[i]);
        catalog_hits_release(&hits);
    }
    room_close(&here);
}

static void keywords_in_a_box_are_written_as_conditions(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    catalog_hits hits;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const catalog_query query = { .index = "ti", .text = "war peace", .limit = 1 };
    must(catalog_search(&hits, chief, &query, &error), &error);
    assert_string_equal(hits.form, "ti=war AND ti=peace");
    catalog_hits_release(&hits);
    room_close(&here);
}

static void identifiers_typed_as_words_are_found_first(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    catalog_hits hits;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    marc_record *named = book(NULL, "About 0306406152 and nothing else"), *real = book(NULL, "Zzz the book itself");
    add_line(real, "020", "  ", "$a9780306406157");
    store(chief, ZONE_INSTITUTION, named);
    const mms_id id = store(chief, ZONE_INSTITUTION, real);
    for (size_t offset = 0; offset < 2; offset++) {
        const catalog_query query = { .text = "0306406152", .sort = SORT_TITLE, .offset = offset, .limit = 1 };
        must(catalog_search(&hits, chief, &query, &error), &error);
        assert_int_equal(hits.total, 2);
        assert_int_equal(hits.row_count, 1);
        assert_int_equal(hits.rows[0].id == id, offset == 0);
        catalog_hits_release(&hits);
    }
    char digits[MMS_ID_LENGTH], label[40];
    mms_id_format(digits, id);
    snprintf(label, sizeof label, "MMS ID %s", digits);
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, 0, NULL, digits, NULL), 1);
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, 0, "mms", digits, NULL), 1);
    room_close(&here);
}

static void an_oclc_number_is_found_in_every_form(void **state)
{
    static const char *const forms[] = { "123", "ocm00000123", "(OCoLC)123", "(OCoLC)ocm00000123", " 0000123 " };
    (void)state;
    room here;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    store(chief, ZONE_INSTITUTION, book("ocm00000123", "Prefixed"));
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, 0, "oclc", forms[i], NULL), 1);
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, 0, NULL, "ocm00000123", NULL), 1);
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, 0, "oclc", "124", NULL), 0);
    room_close(&here);
}

/* ---- the way on */

static void a_record_without_inventory_is_offered_from_all_titles(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    catalog_hint hint;
    marc_record *holdings = NULL;
    mms_id holding = 0;
    char digits[MMS_ID_LENGTH];
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("123", "Bare"));
    mms_id_format(digits, id);
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, 0, "mms", digits, NULL), 1);
    assert_int_equal(count_hits(chief, SEARCH_PHYSICAL_TITLES, ZONE_INSTITUTION, "mms", digits, &hint), 0);
    assert_string_equal(hint.sentence,
                        "0 physical titles. 1 title without physical inventory matches: Enter to show (All titles).");
    assert_true(hint.offers);
    assert_int_equal(hint.type, SEARCH_ALL_TITLES);
    must(catalog_holding_template(&holdings, chief, id, &error), &error);
    must(catalog_holding_save(chief, &holding, id, holdings, 0, &error), &error);
    marc_record_free(holdings);
    item item = { .holding = holding, .barcode = "33110001" };
    must(catalog_item_save(chief, &item, &error), &error);
    assert_int_equal(count_hits(chief, SEARCH_PHYSICAL_TITLES, ZONE_INSTITUTION, "mms", digits, NULL), 1);
    assert_int_equal(count_hits(chief, SEARCH_ELECTRONIC_TITLES, ZONE_INSTITUTION, "mms", digits, NULL), 0);
    room_close(&here);
}

static void an_empty_answer_shows_another_way(void **state)
{
    (void)state;
    room here;
    catalog_hint hint;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    marc_record *cancelled = book(NULL, "Cancelled number");
    add_line(cancelled, "035", "  ", "$a(OCoLC)900$z(OCoLC)77");
    store(chief, ZONE_NETWORK, cancelled);
    assert_int_equal(count_hits(chief, SEARCH_PHYSICAL_ITEMS, ZONE_NETWORK, NULL, "cancelled", &hint), 0);
    assert_string_equal(hint.sentence, "The Network Zone holds no items. Search the Institution instead?");
    assert_int_equal(hint.zone, ZONE_INSTITUTION);
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, 0, "oclc", "77", &hint), 0);
    assert_string_equal(hint.index, "oclcz");
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, 0, hint.index, "77", NULL), 1);
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, ZONE_INSTITUTION, NULL, "cancelled", &hint), 0);
    assert_string_equal(hint.sentence, "0 in the Institution Zone. 1 in the Network Zone: Enter to show.");
    assert_int_equal(hint.zone, ZONE_NETWORK);
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, 0, NULL, "nowhere", &hint), 0);
    assert_false(hint.offers);
    assert_string_equal(hint.sentence, "0 titles in all zones.");
    room_close(&here);
}

static void a_shared_number_is_told(void **state)
{
    (void)state;
    room here;
    catalog_hint hint;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    store(chief, ZONE_INSTITUTION, book("123", "One"));
    store(chief, ZONE_NETWORK, book("123", "Its network copy"));
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, 0, "oclc", "123", &hint), 2);
    assert_string_equal(hint.sentence, ""); /* one in each zone is as it should be */
    store(chief, ZONE_INSTITUTION, book("123", "Two"));
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, 0, "oclc", "ocm123", &hint), 3);
    assert_non_null(strstr(hint.sentence, "2 records share OCLC 123"));
    room_close(&here);
}

static void each_zone_is_counted(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    size_t counts[3];
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    store(chief, ZONE_INSTITUTION, book("1", "Counted"));
    store(chief, ZONE_NETWORK, book("2", "Counted"));
    store(chief, ZONE_NETWORK, book("3", "Counted"));
    const catalog_query query = { .text = "counted", .zone = ZONE_COMMUNITY };
    must(catalog_search_counts(counts, chief, &query, &error), &error);
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[1], 2);
    assert_int_equal(counts[2], 0);
    room_close(&here);
}

/* SE-90: in this order, each with its count and only where it finds something; what is offered finds what it says. */
static void near_searches_are_offered_with_their_counts(void **state)
{
    static const struct {
        search_type type;
        zone_kind zone;
        const char *index, *text, *sentences;
    } cases[] = {
        { SEARCH_PHYSICAL_TITLES, ZONE_INSTITUTION, NULL, "whales", "2 among all titles|" },
        { SEARCH_ALL_TITLES, ZONE_INSTITUTION, NULL, "squid", "1 in the Network Zone|" },
        { SEARCH_ALL_TITLES, ZONE_INSTITUTION, NULL, "\"whales red\"",
          "1 with the words in any order and place|2 without \"red\"|" },
        { SEARCH_ALL_TITLES, ZONE_INSTITUTION, "ti", "red wha", "1 with the last word cut short|1 without \"wha\"|" },
        { SEARCH_ALL_TITLES, ZONE_INSTITUTION, NULL, "whales AND lang=fre", "2 without \"fre\"|" },
        { SEARCH_ALL_TITLES, ZONE_INSTITUTION, "sysno", "(OCoLC)88", "1 by OCLC Control Number (035a+z), (019)|" },
        { SEARCH_ALL_TITLES, ZONE_INSTITUTION, NULL, "nowhere", "" },
    };
    (void)state;
    room here;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    marc_record *former = book("5", "Blue whales");
    add_line(former, "019", "  ", "$a88");
    store(chief, ZONE_INSTITUTION, former);
    store(chief, ZONE_INSTITUTION, book("6", "Red whales"));
    store(chief, ZONE_NETWORK, book("7", "Squid"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        catalog_near near[SEARCH_NEAR_MOST];
        recto_error error = { .status = RECTO_OK };
        size_t count = 0;
        buffer said;
        const catalog_query query = {
            .type = cases[i].type, .zone = cases[i].zone, .index = cases[i].index, .text = cases[i].text
        };
        buffer_init(&said, 0);
        must(catalog_search_near(near, &count, chief, &query, &error), &error);
        for (size_t at = 0; at < count; at++) {
            buffer_append_format(&said, "%s|", near[at].sentence);
            assert_int_equal(count_hits(chief, near[at].type, near[at].zone, NULL, near[at].text, NULL), near[at].count);
        }
        assert_string_equal(buffer_string(&said), cases[i].sentences);
        buffer_release(&said);
    }
    room_close(&here);
}

/* SE-82: the record that has it in $a comes first, whatever the order; of the other it is said. */
static void an_issn_is_found_in_a_first(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    catalog_hits hits;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    marc_record *linking = book("1", "Aaa linking"), *own = book("2", "Zzz own");
    add_line(linking, "022", "  ", "$a0317-8471$l1234-5679");
    add_line(own, "022", "  ", "$a1234-5679");
    store(chief, ZONE_INSTITUTION, linking);
    const mms_id id = store(chief, ZONE_INSTITUTION, own);
    const catalog_query query = { .index = "issn", .text = "1234-5679", .sort = SORT_TITLE, .limit = 10 };
    must(catalog_search(&hits, chief, &query, &error), &error);
    assert_int_equal(hits.row_count, 2);
    assert_true(hits.rows[0].id == id);
    assert_string_equal(hits.hint.sentence, "Record 2 has this ISSN in 022 $l, not in $a.");
    catalog_hits_release(&hits);
    room_close(&here);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_becomes_a_tree),
        cmocka_unit_test(a_mistake_is_told_with_its_place),
        cmocka_unit_test(a_hostile_query_is_refused_or_read),
        cmocka_unit_test(the_form_of_a_query_is_the_same_query),
        cmocka_unit_test(keywords_in_a_box_are_written_as_conditions),
        cmocka_unit_test(identifiers_typed_as_words_are_found_first),
        cmocka_unit_test(an_oclc_number_is_found_in_every_form),
        cmocka_unit_test(a_record_without_inventory_is_offered_from_all_titles),
        cmocka_unit_test(an_empty_answer_shows_another_way),
        cmocka_unit_test(a_shared_number_is_told),
        cmocka_unit_test(each_zone_is_counted),
        cmocka_unit_test(near_searches_are_offered_with_their_counts),
        cmocka_unit_test(an_issn_is_found_in_a_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
