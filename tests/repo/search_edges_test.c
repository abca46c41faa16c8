/* tests/repo/search_edges_test.c - what each kind of index does with each operator: what it finds, and what it refuses in words.
 */
#include "room.h"

#include "recto/repo/sets.h"

static query_node term(const char *index, search_operator operator, const char * value, const char *last)
{
    return (query_node){ .kind = QUERY_TERM,
                         .index = repo_search_index(index),
                         .operator= operator,
                         .value = text_from(value),
                         .value_to = text_from(last) };
}

typedef struct outcome {
    recto_status status;
    size_t count;
    recto_error error;
} outcome;

static outcome ask(repo *repo, const search_request *request)
{
    outcome out = { .count = SIZE_MAX, .error = { .status = RECTO_OK } };
    out.status = repo_search(repo, request, NULL, NULL, &out.count, &out.error);
    return out;
}

static void finds(repo *repo, search_type type, const char *index, search_operator operator, const char * value, const char *last,
                  size_t want)
{
    const query_node query = term(index, operator, value, last);
    const outcome got = ask(repo, &(search_request){ .type = type, .query = &query });
    if (got.status != RECTO_OK || got.count != want)
        fail_msg("%s, operator %d, '%s': status %d (%s), %zu and not %zu", index, (int)operator, value, (int)got.status,
                 got.error.what, got.count, want);
}

static void refuses(repo *repo, search_type type, const char *index, search_operator operator, const char * value)
{
    const query_node query = term(index, operator, value, "x");
    const outcome got = ask(repo, &(search_request){ .type = type, .query = &query });
    if (got.status != RECTO_EINVALID)
        fail_msg("%s, operator %d, '%s': status %d and not refused", index, (int)operator, value, (int)got.status);
    assert_string_equal(got.error.where, query.index->label);
    assert_true(got.error.todo[0] != '\0');
}

static mms_id fill(room *room)
{
    recto_error error;
    mms_id holding = 0;
    const mms_id id = room_add(room->repo, INSTITUTION,
                               RECORD("008 760211s1970    nyu           000 1 eng  ", "010    $a   70000001 ",
                                      "020    $a0-306-40615-2 (pbk.)", "022    $a0317-8471", "035    $a(OCoLC)ocm00000123",
                                      "035    $a(DE-604)BV123", "041 1  $aengspa", "245 10 $aOne hundred years of solitude.",
                                      "500    $aIts author\xE2\x80\x99s novel, an l\xE2\x80\x99"
                                      "amour.",
                                      "910    $agift"));
    (void)room_add(room->repo, INSTITUTION,
                   RECORD("008 720101s1972    ja            000 1 jpn  ", "035    $a(OCoLC)124", "245 10 $aAnother."));
    marc_record *record = RECORD("852 0  $bMAIN$cSTACKS$hPQ8180$i.A73");
    must(repo_holding_write(room->repo, &holding, id, INSTITUTION, record, 0, "cat1", NOON, &error), &error);
    marc_record_free(record);
    item piece = { .holding = holding, .barcode = "3011 22", .copy = 1 };
    must(repo_item_write(room->repo, &piece, "cat1", NOON, &error), &error);
    return id;
}

static void ranges__reach_to_both_ends(void **state)
{
    room *room = *state;
    const search_type all = SEARCH_ALL_TITLES;
    fill(room);
    finds(room->repo, all, "yr", SEARCH_BETWEEN, "1960", "1971", 1);
    finds(room->repo, all, "yr", SEARCH_BETWEEN, "1971", "1960", 0); /* the wrong way round: nothing */
    finds(room->repo, all, "yr", SEARCH_AT_MOST, "999999", "", 2);
    finds(room->repo, all, "yr", SEARCH_NOT_EMPTY, "", "", 2);
    finds(room->repo, all, "brief", SEARCH_NOT_EMPTY, "", "", 2);
    finds(room->repo, all, "clevel", SEARCH_AT_LEAST, "0", "", 2);
    finds(room->repo, all, "cdate", SEARCH_EQUALS, "2025", "", 2);
    finds(room->repo, all, "cdate", SEARCH_EQUALS, "2024", "", 0); /* of 366 days */
    finds(room->repo, all, "cdate", SEARCH_EQUALS, "2025-11-22T12:00:00Z", "", 2);
    finds(room->repo, all, "cdate", SEARCH_EQUALS, "2025-02", "", 0);
    finds(room->repo, all, "cdate", SEARCH_BETWEEN, "2025-11-01", "2025-11-30", 2);
    refuses(room->repo, all, "yr", SEARCH_EQUALS, "-5");
    refuses(room->repo, all, "yr", SEARCH_EQUALS, "1967-x");
    refuses(room->repo, all, "yr", SEARCH_BETWEEN, "1967");
    refuses(room->repo, all, "cdate", SEARCH_EQUALS, "");
    refuses(room->repo, all, "cdate", SEARCH_EQUALS, "2025-13-41");
}

static void codes__are_whole_or_nothing(void **state)
{
    room *room = *state;
    const search_type all = SEARCH_ALL_TITLES;
    fill(room);
    finds(room->repo, all, "sync", SEARCH_NOT_EMPTY, "", "", 2);
    finds(room->repo, all, "supp", SEARCH_EMPTY, "", "", 0);
    finds(room->repo, all, "has", SEARCH_EQUALS, "digital", "", 0);
    finds(room->repo, all, "has", SEARCH_EQUALS, "physical", "", 1);
    refuses(room->repo, all, "sync", SEARCH_AT_LEAST, "bib");
    refuses(room->repo, all, "supp", SEARCH_EQUALS, "perhaps");
    refuses(room->repo, all, "has", SEARCH_EQUALS, "paper");
    refuses(room->repo, all, "has", SEARCH_BETWEEN, "none");
}

static void numbers__are_found_by_beginnings_and_refuse_ranges(void **state)
{
    room *room = *state;
    const search_type all = SEARCH_ALL_TITLES;
    const mms_id id = fill(room);
    char number[MMS_ID_LENGTH];
    mms_id_format(number, id);
    finds(room->repo, all, "isbn", SEARCH_STARTS_WITH, "0-306", "", 1); /* of ten digits: behind 978 in the index */
    finds(room->repo, all, "isbn", SEARCH_EQUALS, "0306406*", "", 1);
    finds(room->repo, all, "isbn", SEARCH_STARTS_WITH, "978030640", "", 1);
    finds(room->repo, all, "isbn", SEARCH_STARTS_WITH, " - ", "", 0);
    finds(room->repo, all, "isbn", SEARCH_EQUALS, "", "", 0);
    finds(room->repo, all, "oclc", SEARCH_STARTS_WITH, "12", "", 2);
    finds(room->repo, all, "oclc", SEARCH_STARTS_WITH, "13", "", 0);
    finds(room->repo, all, "oclc", SEARCH_NOT_EMPTY, "", "", 2);
    finds(room->repo, all, "osysid", SEARCH_STARTS_WITH, "(de-604)", "", 1);
    finds(room->repo, all, "osysid", SEARCH_EQUALS, "(DE-604)bv*", "", 1);
    finds(room->repo, all, "lang", SEARCH_STARTS_WITH, "SP", "", 1);
    finds(room->repo, all, "lccn", SEARCH_NOT_EMPTY, "", "", 1);
    finds(room->repo, all, "mms", SEARCH_NOT_EMPTY, "", "", 2);
    finds(room->repo, all, "mms", SEARCH_NOT_EQUALS, number, "", 1);
    refuses(room->repo, all, "isbn", SEARCH_AT_LEAST, "9780306406157");
    refuses(room->repo, all, "mms", SEARCH_AT_LEAST, number);
    refuses(room->repo, all, "mms", SEARCH_EQUALS, "none");
}

static void names_and_places__have_no_order(void **state)
{
    room *room = *state;
    const search_type all = SEARCH_ALL_TITLES;
    fill(room);
    finds(room->repo, all, "cby", SEARCH_NOT_EMPTY, "", "", 2);
    finds(room->repo, all, "cby", SEARCH_STARTS_WITH, " ca", "", 2);
    finds(room->repo, all, "mby", SEARCH_EQUALS, "nobody", "", 0);
    finds(room->repo, all, "osys", SEARCH_EMPTY, "", "", 2);
    finds(room->repo, all, "lib", SEARCH_NOT_EMPTY, "", "", 1);
    finds(room->repo, all, "loc", SEARCH_STARTS_WITH, "ST", "", 1);
    refuses(room->repo, all, "cby", SEARCH_AT_MOST, "cat1");
    refuses(room->repo, all, "lib", SEARCH_BETWEEN, "MAIN");
}

static void call_numbers_and_barcodes__are_compared_as_they_sort(void **state)
{
    room *room = *state;
    fill(room);
    for (search_type type = SEARCH_ALL_TITLES; type <= SEARCH_PHYSICAL_ITEMS; type++) {
        const size_t one = type != SEARCH_ELECTRONIC_TITLES;
        finds(room->repo, type, "cn", SEARCH_EQUALS, "PQ 8180 .A73", "", one);
        finds(room->repo, type, "cn", SEARCH_PHRASE, "PQ8180", "", one);
        finds(room->repo, type, "cn", SEARCH_EQUALS, "PQ81**", "", 0); /* not a class number yet */
        finds(room->repo, type, "cn", SEARCH_AT_MOST, "PR", "", one);
        finds(room->repo, type, "cn", SEARCH_AT_LEAST, "PR", "", 0);
        finds(room->repo, type, "cn", SEARCH_BETWEEN, "PA", "PZ", one);
        finds(room->repo, type, "cn", SEARCH_NOT_EMPTY, "", "", one);
        finds(room->repo, type, "bc", SEARCH_EQUALS, "3011\t22", "", one);
        finds(room->repo, type, "bc", SEARCH_STARTS_WITH, "30", "", one);
        finds(room->repo, type, "bc", SEARCH_EQUALS, "30*", "", one);
        finds(room->repo, type, "bc", SEARCH_EQUALS, "30", "", 0);
        finds(room->repo, type, "bc", SEARCH_NOT_EMPTY, "", "", one);
    }
}

static void words__refuse_what_has_no_word(void **state)
{
    room *room = *state;
    const search_type all = SEARCH_ALL_TITLES;
    char many[4000] = "";
    fill(room);
    finds(room->repo, all, "kw", SEARCH_KEYWORDS, "l'amour", "", 1);
    finds(room->repo, all, "kw", SEARCH_KEYWORDS, "amour", "", 1);
    finds(room->repo, all, "ti", SEARCH_PHRASE, "hundred yea*", "", 1);
    finds(room->repo, all, "ti", SEARCH_STARTS_WITH, "one hundred years of solitude", "", 1);
    finds(room->repo, all, "kw", SEARCH_EQUALS, "one hundred years of solitude", "", 1);
    finds(room->repo, all, "kw", SEARCH_STARTS_WITH, "hundred years", "", 1);
    finds(room->repo, all, "kw", SEARCH_KEYWORDS, "  solitude \t years\r\n", "", 1);
    refuses(room->repo, all, "ti", SEARCH_AT_LEAST, "a");
    refuses(room->repo, all, "kw", SEARCH_NOT_EMPTY, "");
    refuses(room->repo, all, "kw", SEARCH_KEYWORDS, "**");
    refuses(room->repo, all, "ti", SEARCH_EQUALS, "");
    for (int i = 0; i < 300; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "w%d ", i);
    for (search_operator operator= SEARCH_KEYWORDS; operator<= SEARCH_EQUALS; operator++) {
        const query_node query = term("kw", operator, many, "");
        assert_int_equal(ask(room->repo, &(search_request){ .query = &query }).status, RECTO_ELIMIT);
    }
}

static void sets__are_asked_for_by_number(void **state)
{
    room *room = *state;
    const search_type all = SEARCH_ALL_TITLES;
    recto_error error;
    const mms_id id = fill(room);
    record_set set = { .zone = INSTITUTION, .name = "mine", .owner = "cat1" };
    char number[24];
    must(repo_set_put(room->repo, &set, TEXT(""), NOON, &error), &error);
    must(repo_set_add(room->repo, set.number, &id, 1, NOON, NULL, &error), &error);
    snprintf(number, sizeof number, "%lld", (long long)set.number);
    finds(room->repo, all, "set", SEARCH_EQUALS, number, "", 1);
    finds(room->repo, all, "set", SEARCH_KEYWORDS, number, "", 1);
    finds(room->repo, all, "set", SEARCH_NOT_EQUALS, number, "", 1);
    finds(room->repo, SEARCH_AUTHORITIES, "set", SEARCH_EQUALS, number, "", 0);
    refuses(room->repo, all, "set", SEARCH_STARTS_WITH, number);
    refuses(room->repo, all, "set", SEARCH_EQUALS, "mine");
    assert_int_equal(repo_set_add(room->repo, 99, &id, 1, NOON, NULL, &error), RECTO_ENOTFOUND);
    assert_int_equal(repo_set_remove(room->repo, 99, &error), RECTO_ENOTFOUND);
    must(repo_set_take_out(room->repo, set.number, &id, 1, NOON, NULL, &error), &error);
    record_set nameless = { .zone = INSTITUTION, .name = "  ", .owner = "cat1" };
    assert_int_equal(repo_set_put(room->repo, &nameless, TEXT(""), NOON, &error), RECTO_EINVALID);
}

static void indexes__belong_to_bibs_or_to_authorities(void **state)
{
    room *room = *state;
    fill(room);
    refuses(room->repo, SEARCH_AUTHORITIES, "ti", SEARCH_KEYWORDS, "one");
    refuses(room->repo, SEARCH_ALL_TITLES, "hd", SEARCH_KEYWORDS, "one");
    const query_node nameless = { .kind = QUERY_TERM, .value = TEXT("x") };
    const outcome got = ask(room->repo, &(search_request){ .query = &nameless });
    assert_int_equal(got.status, RECTO_EINVALID);
}

static void lists__skip_what_is_no_value_and_have_a_limit(void **state)
{
    enum { LINES = 100001 };
    room *room = *state;
    fill(room);
    finds(room->repo, SEARCH_ALL_TITLES, "yr", SEARCH_IN_LIST, "soon\n\n1970\n 1972 \n", "", 2);
    finds(room->repo, SEARCH_ALL_TITLES, "yr", SEARCH_IN_LIST, "1970\nsoon", "", 1);
    finds(room->repo, SEARCH_ALL_TITLES, "yr", SEARCH_IN_LIST, "\n", "", 0);
    char *lines = malloc(2 * LINES + 1);
    assert_non_null(lines);
    for (int i = 0; i < LINES; i++)
        memcpy(lines + 2 * i, "x\n", 2);
    lines[2 * LINES] = '\0';
    const query_node query = term("lang", SEARCH_IN_LIST, lines, "");
    const outcome got = ask(room->repo, &(search_request){ .query = &query });
    assert_int_equal(got.status, RECTO_ELIMIT);
    free(lines);
}

/* Deeper than anybody types: told, and not by a stack that ends. */
static void trees__have_a_depth(void **state)
{
    enum { DEPTH = 5000 };
    room *room = *state;
    static query_node nodes[DEPTH];
    fill(room);
    nodes[0] = term("kw", SEARCH_KEYWORDS, "solitude", "");
    for (int i = 1; i < DEPTH; i++)
        nodes[i] = (query_node){ .kind = QUERY_OR, .left = &nodes[i - 1], .right = &nodes[0] };
    const outcome shallow = ask(room->repo, &(search_request){ .query = &nodes[20] });
    assert_int_equal(shallow.status, RECTO_OK);
    assert_int_equal(shallow.count, 1);
    const outcome deep = ask(room->repo, &(search_request){ .query = &nodes[DEPTH - 1] });
    assert_true(deep.status == RECTO_EINVALID || deep.status == RECTO_ELIMIT);
}

/* Items and bibs in one tree are brought to the same kind, whichever stands first. */
static void items_and_bibs__meet_in_one_tree(void **state)
{
    room *room = *state;
    fill(room);
    const query_node barcode = term("bc", SEARCH_STARTS_WITH, "30", ""), title = term("ti", SEARCH_KEYWORDS, "solitude", "");
    const query_node other = term("ti", SEARCH_KEYWORDS, "another", "");
    static const struct {
        query_kind kind;
        size_t items, bibs;
    } cases[] = { { QUERY_AND, 1, 1 }, { QUERY_OR, 1, 1 }, { QUERY_NOT, 0, 0 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const query_node one = { .kind = cases[i].kind, .left = &barcode, .right = &title };
        const query_node two = { .kind = cases[i].kind, .left = &title, .right = &barcode };
        assert_int_equal(ask(room->repo, &(search_request){ .type = SEARCH_PHYSICAL_ITEMS, .query = &one }).count,
                         cases[i].items);
        assert_int_equal(ask(room->repo, &(search_request){ .type = SEARCH_PHYSICAL_ITEMS, .query = &two }).count,
                         cases[i].items);
        assert_int_equal(ask(room->repo, &(search_request){ .type = SEARCH_ALL_TITLES, .query = &one }).count, cases[i].bibs);
    }
    const query_node none = { .kind = QUERY_AND, .left = &barcode, .right = &other };
    assert_int_equal(ask(room->repo, &(search_request){ .type = SEARCH_PHYSICAL_ITEMS, .query = &none }).count, 0);
}

/* Each complement is taken of the same records. */
static void complements__meet(void **state)
{
    room *room = *state;
    fill(room);
    (void)room_add_title(room->repo, INSTITUTION, "A third");
    const query_node solitude = term("ti", SEARCH_KEYWORDS, "solitude", ""), another = term("ti", SEARCH_KEYWORDS, "another", "");
    const query_node one = { .kind = QUERY_NOT, .right = &solitude }, two = { .kind = QUERY_NOT, .right = &another };
    const query_node both = { .kind = QUERY_AND, .left = &one, .right = &two };
    const query_node either = { .kind = QUERY_OR, .left = &one, .right = &two };
    assert_int_equal(ask(room->repo, &(search_request){ .query = &both }).count, 1);
    assert_int_equal(ask(room->repo, &(search_request){ .query = &either }).count, 3);
}

/* A star behind a blank truncates nothing: what stands before it is whole. */
static void a_star_of_its_own__truncates_nothing(void **state)
{
    room *room = *state;
    fill(room);
    finds(room->repo, SEARCH_ALL_TITLES, "ti", SEARCH_KEYWORDS, "solit*", "", 1);
    finds(room->repo, SEARCH_ALL_TITLES, "ti", SEARCH_KEYWORDS, "solit *", "", 0);
    finds(room->repo, SEARCH_ALL_TITLES, "ti", SEARCH_KEYWORDS, "solitude *", "", 1);
    finds(room->repo, SEARCH_ALL_TITLES, "ti", SEARCH_PHRASE, "hundred yea *", "", 0);
}

static void pages_of_items__end_with_the_last(void **state)
{
    room *room = *state;
    recto_error error;
    size_t count = 0;
    fill(room);
    const query_node barcode = term("bc", SEARCH_STARTS_WITH, "30", "");
    const search_request all = { .type = SEARCH_PHYSICAL_ITEMS, .query = &barcode, .limit = 50 };
    const search_request behind = { .type = SEARCH_PHYSICAL_ITEMS, .query = &barcode, .offset = 1, .limit = 50 };
    must(repo_search(room->repo, &all, NULL, NULL, &count, &error), &error);
    assert_int_equal(count, 1);
    must(repo_search(room->repo, &behind, NULL, NULL, &count, &error), &error);
    assert_int_equal(count, 1);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(ranges__reach_to_both_ends),
        IN_ROOM(codes__are_whole_or_nothing),
        IN_ROOM(numbers__are_found_by_beginnings_and_refuse_ranges),
        IN_ROOM(names_and_places__have_no_order),
        IN_ROOM(call_numbers_and_barcodes__are_compared_as_they_sort),
        IN_ROOM(words__refuse_what_has_no_word),
        IN_ROOM(sets__are_asked_for_by_number),
        IN_ROOM(indexes__belong_to_bibs_or_to_authorities),
        IN_ROOM(lists__skip_what_is_no_value_and_have_a_limit),
        IN_ROOM(trees__have_a_depth),
        IN_ROOM(items_and_bibs__meet_in_one_tree),
        IN_ROOM(complements__meet),
        IN_ROOM(a_star_of_its_own__truncates_nothing),
        IN_ROOM(pages_of_items__end_with_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
