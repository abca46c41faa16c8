/* tests/repo/search_test.c - indexes, operators, types, zones, order and paging of search.md. */
#include "room.h"

typedef struct hits {
    mms_id ids[64];
    char titles[64][80];
    size_t shown, count;
} hits;

static bool note_hit(void *context, const bib_info *row)
{
    hits *found = context;
    found->ids[found->shown] = row->id;
    snprintf(found->titles[found->shown++], 80, "%.79s", row->title);
    return found->shown < 64;
}

static query_node term(const char *index, search_operator operator, const char * value)
{
    return (query_node){ .kind = QUERY_TERM, .index = repo_search_index(index), .operator= operator, .value = text_from(value) };
}

static hits ask(repo *repo, search_type type, int zone, const query_node *query, search_sort sort)
{
    hits found = { .shown = 0 };
    recto_error error;
    const search_request request = {
        .type = type, .zones = &zone, .zone_count = zone != 0, .query = query, .sort = sort, .limit = 60, .now = NOON
    };
    must(repo_search(repo, &request, note_hit, &found, &found.count, &error), &error);
    assert_int_equal(found.shown, found.count);
    return found;
}

static size_t count_of(repo *repo, const char *index, search_operator operator, const char * value)
{
    const query_node query = term(index, operator, value);
    return ask(repo, SEARCH_ALL_TITLES, 0, &query, SORT_MMS_ID).count;
}

typedef struct search_case {
    const char *index;
    search_operator operator;
    const char *value;
    size_t want;
} search_case;

static void check_cases(repo *repo, const search_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t found = count_of(repo, cases[i].index, cases[i].operator, cases[i].value);
        if (found != cases[i].want)
            fail_msg("%s, operator %d, '%s': %zu and not %zu", cases[i].index, (int)cases[i].operator, cases[i].value, found,
                     cases[i].want);
    }
}

static void fill(repo *repo)
{
    (void)room_add(repo, INSTITUTION,
                   RECORD("008 760211s1970    nyu           000 1 eng  ", "010    $a   70000001 ",
                          "020    $a0-306-40615-2 (pbk.)", "024 7  $a10.1000/182$2doi", "035    $a(OCoLC)ocm00000123$z(OCoLC)99",
                          "041 1  $aengspa", "100 1  $aGarc\u00EDa M\u00E1rquez, Gabriel.",
                          "245 10 $aOne hundred years of solitude /$cGregory Rabassa.",
                          "264  1 $aNew York :$bHarper & Row,$c1970.", "490 0  $aCass Canfield book", "500    $aTranslation.",
                          "650  0 $aFamilies$xGenealogy$zColombia.", "910    $agift of$bAnn"));
    (void)room_add(repo, INSTITUTION,
                   RECORD("008 720101s1972    ja            000 1 jpn  ", "022    $a0317-8471", "035    $a(DE-604)BV123",
                          "245 10 $6880-01$aHyakunen no kodoku.", "880 10 $6245-01$a\u767E\u5E74\u306E\u5B64\u72EC."));
    (void)room_add(repo, INSTITUTION, RECORD("245 14 $aThe hobbit, or, There and back again.", "100 1  $aTolkien, J. R. R."));
    (void)room_add(repo, NETWORK, RECORD("245 10 $aSolitude.", "100 1  $aStorr, Anthony.", "035    $a(OCoLC)123"));
}

static void words__are_found_by_every_operator(void **state)
{
    const room *room = *state;
    static const search_case cases[] = {
        { "kw", SEARCH_KEYWORDS, "solitude", 2 },
        { "kw", SEARCH_KEYWORDS, "SOLITUDE marquez", 1 },
        { "kw", SEARCH_KEYWORDS, "years hundred", 1 },
        { "kw", SEARCH_KEYWORDS, "soli*", 2 },
        { "kw", SEARCH_KEYWORDS, "rabassa", 1 },
        { "ti", SEARCH_KEYWORDS, "rabassa", 0 },
        { "au", SEARCH_KEYWORDS, "garcia-marquez", 1 },
        { "au", SEARCH_KEYWORDS, "rabassa", 0 },
        { "ti", SEARCH_PHRASE, "hundred years", 1 },
        { "ti", SEARCH_PHRASE, "years hundred", 0 },
        { "ti", SEARCH_STARTS_WITH, "one hund", 1 },
        { "ti", SEARCH_STARTS_WITH, "hundred", 0 },
        { "ti", SEARCH_STARTS_WITH, "hobbit or th", 1 },
        { "ti", SEARCH_STARTS_WITH, "the hobb", 1 },
        { "ti", SEARCH_EQUALS, "Solitude", 1 },
        { "ti", SEARCH_EQUALS, "One hundred years of solitude", 1 },
        { "ti", SEARCH_EQUALS, "One hundred years", 0 },
        { "ti", SEARCH_NOT_KEYWORDS, "solitude", 2 },
        { "ti", SEARCH_NOT_EQUALS, "solitude", 3 },
        { "su", SEARCH_NOT_EMPTY, "", 1 },
        { "su", SEARCH_EMPTY, "", 3 },
        { "su", SEARCH_PHRASE, "families genealogy colombia", 1 },
        { "su", SEARCH_KEYWORDS, "genealogy", 1 }, /* $x is a subdivision here, and an ISSN elsewhere */
        { "se", SEARCH_KEYWORDS, "canfield", 1 },
        { "pub", SEARCH_KEYWORDS, "harper", 1 },
        { "pl", SEARCH_PHRASE, "new york", 1 },
        { "pl", SEARCH_KEYWORDS, "harper", 0 },
        { "n", SEARCH_KEYWORDS, "translation", 1 },
        { "l9xx", SEARCH_KEYWORDS, "gift", 1 },
        { "l910", SEARCH_KEYWORDS, "gift", 1 }, /* each local field is an index of its own */
        { "l910", SEARCH_KEYWORDS, "gi*", 1 },
        { "l910", SEARCH_PHRASE, "gift of ann", 1 },
        { "l910", SEARCH_PHRASE, "of gift", 0 },
        { "l910", SEARCH_STARTS_WITH, "gift o", 1 },
        { "l910", SEARCH_STARTS_WITH, "of", 0 },
        { "l910", SEARCH_EQUALS, "Gift of Ann", 1 },
        { "l910", SEARCH_EQUALS, "gift", 0 },
        { "l910", SEARCH_NOT_EMPTY, "", 1 },
        { "l910", SEARCH_EMPTY, "", 3 },
        { "l911", SEARCH_KEYWORDS, "gift", 0 },
        { "l911", SEARCH_NOT_EMPTY, "", 0 },
    };
    fill(room->repo);
    check_cases(room->repo, cases, sizeof cases / sizeof *cases);
}

static void japanese__is_found_by_any_fragment(void **state)
{
    const room *room = *state;
    static const search_case cases[] = {
        { "ti", SEARCH_KEYWORDS, "\u5B64\u72EC", 1 }, /* within the title */
        { "kw", SEARCH_KEYWORDS, "\u5E74\u306E\u5B64", 1 },
        { "kw", SEARCH_KEYWORDS, "\u72EC\u5B64", 0 }, /* the other way round is another word */
        { "ti", SEARCH_STARTS_WITH, "\u767E\u5E74", 1 },
        { "ti", SEARCH_STARTS_WITH, "\u5E74", 0 },
        { "ti", SEARCH_EQUALS, "\u767E\u5E74\u306E\u5B64\u72EC", 1 },
        { "kw", SEARCH_KEYWORDS, "kodoku \u5B64\u72EC", 1 },
    };
    fill(room->repo);
    check_cases(room->repo, cases, sizeof cases / sizeof *cases);
}

static void numbers__are_found_in_every_form(void **state)
{
    const room *room = *state;
    static const search_case cases[] = {
        { "oclc", SEARCH_EQUALS, "123", 2 },
        { "oclc", SEARCH_EQUALS, "ocm00000123", 2 },
        { "oclc", SEARCH_KEYWORDS, "(OCoLC)123", 2 },
        { "oclc", SEARCH_EQUALS, "99", 0 },
        { "oclcz", SEARCH_EQUALS, "99", 1 },
        { "oclc", SEARCH_EQUALS, "abc", 0 },
        { "oclc", SEARCH_NOT_EMPTY, "", 2 },
        { "isbn", SEARCH_EQUALS, "0306406152", 1 },
        { "isbn", SEARCH_EQUALS, "9780306406157", 1 },
        { "isbn", SEARCH_EQUALS, "978-0-306-40615-7", 1 },
        { "isbn", SEARCH_STARTS_WITH, "978-0-306", 1 },
        { "issn", SEARCH_EQUALS, "03178471", 1 },
        { "lccn", SEARCH_EQUALS, "70000001", 1 },
        { "sysno", SEARCH_EQUALS, "(de-604)bv123", 1 },
        { "osysid", SEARCH_EQUALS, "(DE-604)BV123", 1 },
        { "osysid", SEARCH_EQUALS, "(OCoLC)123", 2 },
        { "osysid", SEARCH_EQUALS, "(OCoLC)99", 0 }, /* $z is none that it came with */
        { "stdno", SEARCH_EQUALS, "10.1000/182", 1 },
        { "stdno", SEARCH_EQUALS, "0-306-40615-2", 1 },
        { "mms", SEARCH_EQUALS, " MMS 991000000000015801 ", 1 },
        { "yr", SEARCH_EQUALS, "1970", 1 },
        { "yr", SEARCH_EQUALS, "1967-2007", 2 },
        { "yr", SEARCH_AT_LEAST, "1971", 1 },
        { "yr", SEARCH_EMPTY, "", 2 },
        { "lang", SEARCH_EQUALS, "spa", 1 },
        { "lang", SEARCH_EQUALS, "ENG", 1 },
        { "type", SEARCH_EQUALS, "book", 4 },
        { "type", SEARCH_EQUALS, "am", 4 },
        { "sync", SEARCH_EQUALS, "bib", 4 },
        { "sync", SEARCH_EQUALS, "Don't publish", 0 },
        { "sync", SEARCH_NOT_EQUALS, "none", 4 },
        { "supp", SEARCH_EQUALS, "no", 4 },
        { "brief", SEARCH_AT_LEAST, "8", 4 },
        { "brief", SEARCH_AT_MOST, "7", 0 },
        { "cby", SEARCH_EQUALS, "cat1", 4 },
        { "has", SEARCH_EQUALS, "none", 4 },
        { "mdate", SEARCH_EQUALS, "2025-11-22", 4 },
        { "mdate", SEARCH_EQUALS, "2025-11", 4 },
        { "cdate", SEARCH_AT_MOST, "2024", 0 },
    };
    fill(room->repo);
    check_cases(room->repo, cases, sizeof cases / sizeof *cases);
}

static void typed_text__is_never_an_operator(void **state)
{
    const room *room = *state;
    static const char *const hostile[] = {
        "solitude OR hobbit",
        "solitude\" OR \"hobbit",
        "NEAR(solitude hobbit)",
        "ti : hobbit",
        "solitude NOT years",
        "-hobbit",
        "{ti} : solitude",
        "^solitude",
        "(((((",
        "solitude'; DROP TABLE bib; --",
        "\xEE\x80\x80solitude",
        "sol\x01itude\xFF",
    };
    fill(room->repo);
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        const query_node query = term("ti", SEARCH_KEYWORDS, hostile[i]);
        const search_request request = { .query = &query, .limit = 5 };
        hits found = { .shown = 0 };
        recto_error error;
        recto_status status = repo_search(room->repo, &request, note_hit, &found, &found.count, &error);
        if (status != RECTO_OK && status != RECTO_EINVALID)
            fail_msg("%s: status %d, %s", hostile[i], (int)status, error.what);
    }
    assert_int_equal(count_of(room->repo, "kw", SEARCH_KEYWORDS, "solitude OR hobbit"), 0); /* three words, all wanted */
    assert_int_equal(count_of(room->repo, "kw", SEARCH_KEYWORDS, "solitude"), 2);
}

static void a_value_that_does_not_fit__names_the_index(void **state)
{
    const room *room = *state;
    static const struct {
        const char *index, *value, *label;
        search_operator operator;
    } cases[] = {
        { "yr", "soon", "Year", SEARCH_EQUALS },
        { "mms", "12", "MMS ID", SEARCH_EQUALS },
        { "kw", "---", "Keywords", SEARCH_KEYWORDS },
        { "ti", "a", "Title", SEARCH_BETWEEN },
        { "sync", "maybe", "Tag Sync External Catalog", SEARCH_EQUALS },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const query_node query = term(cases[i].index, cases[i].operator, cases[i].value);
        const search_request request = { .query = &query, .limit = 5 };
        recto_error error;
        assert_int_equal(repo_search(room->repo, &request, note_hit, NULL, NULL, &error), RECTO_EINVALID);
        assert_string_equal(error.where, cases[i].label);
    }
    assert_null(repo_search_index("tit"));
}

static void trees__join_conditions(void **state)
{
    const room *room = *state;
    const query_node solitude = term("kw", SEARCH_KEYWORDS, "solitude"), storr = term("au", SEARCH_KEYWORDS, "storr");
    const query_node hobbit = term("ti", SEARCH_KEYWORDS, "hobbit"), year = term("yr", SEARCH_EQUALS, "1970");
    const query_node both = { .kind = QUERY_AND, .left = &solitude, .right = &year };
    const query_node either = { .kind = QUERY_OR, .left = &both, .right = &hobbit };
    const query_node without = { .kind = QUERY_NOT, .left = &solitude, .right = &storr };
    const query_node complement = { .kind = QUERY_NOT, .right = &solitude };
    fill(room->repo);
    assert_int_equal(ask(room->repo, SEARCH_ALL_TITLES, 0, &both, SORT_RANK).count, 1);
    assert_int_equal(ask(room->repo, SEARCH_ALL_TITLES, 0, &either, SORT_RANK).count, 2);
    assert_int_equal(ask(room->repo, SEARCH_ALL_TITLES, 0, &without, SORT_RANK).count, 1);
    assert_int_equal(ask(room->repo, SEARCH_ALL_TITLES, 0, &complement, SORT_RANK).count, 2);
    assert_int_equal(ask(room->repo, SEARCH_ALL_TITLES, NETWORK, &complement, SORT_RANK).count, 0);
    assert_int_equal(ask(room->repo, SEARCH_ALL_TITLES, NETWORK, &either, SORT_RANK).count, 0);
    assert_int_equal(ask(room->repo, SEARCH_ALL_TITLES, INSTITUTION, NULL, SORT_TITLE).count, 3);
}

static void physical_titles__begin_with_the_first_holdings_record(void **state)
{
    const room *room = *state;
    const query_node query = term("ti", SEARCH_KEYWORDS, "hobbit"), barcode = term("bc", SEARCH_STARTS_WITH, "b1");
    mms_id holding = 0;
    recto_error error;
    fill(room->repo);
    mms_id id = ask(room->repo, SEARCH_ALL_TITLES, 0, &query, SORT_RANK).ids[0];
    assert_int_equal(ask(room->repo, SEARCH_PHYSICAL_TITLES, 0, &query, SORT_RANK).count, 0);
    marc_record *record = RECORD("852 0  $bMAIN$cSTACKS$hPR6039$i.O32 H6");
    must(repo_holding_write(room->repo, &holding, id, INSTITUTION, record, 0, "cat1", NOON, &error), &error);
    marc_record_free(record);
    assert_int_equal(ask(room->repo, SEARCH_PHYSICAL_TITLES, 0, &query, SORT_RANK).count, 1); /* SE-7, SE-10 */
    assert_int_equal(ask(room->repo, SEARCH_PHYSICAL_ITEMS, 0, &query, SORT_RANK).count, 0);
    for (int copy = 1; copy <= 3; copy++) {
        item item = { .holding = holding, .copy = copy };
        snprintf(item.barcode, sizeof item.barcode, "%s", copy == 1 ? "B10" : copy == 2 ? "b11" : "C12");
        must(repo_item_write(room->repo, &item, "cat1", NOON, &error), &error);
    }
    assert_int_equal(ask(room->repo, SEARCH_PHYSICAL_TITLES, 0, &query, SORT_RANK).count, 1);
    assert_int_equal(ask(room->repo, SEARCH_ELECTRONIC_TITLES, 0, &query, SORT_RANK).count, 0);
    assert_int_equal(ask(room->repo, SEARCH_PHYSICAL_TITLES, NETWORK, NULL, SORT_RANK).count, 0);
    assert_int_equal(ask(room->repo, SEARCH_PHYSICAL_ITEMS, 0, &query, SORT_TITLE).count, 3); /* a row an item */
    assert_int_equal(ask(room->repo, SEARCH_PHYSICAL_ITEMS, 0, &barcode, SORT_TITLE).count, 2);
    assert_int_equal(ask(room->repo, SEARCH_ALL_TITLES, 0, &barcode, SORT_TITLE).count, 1);
    assert_int_equal(count_of(room->repo, "cn", SEARCH_EQUALS, "PR 6039 .O32 H6"), 1);
    assert_int_equal(count_of(room->repo, "cn", SEARCH_AT_LEAST, "PR 700"), 1); /* class numbers sort as numbers */
    assert_int_equal(count_of(room->repo, "lib", SEARCH_EQUALS, "MAIN"), 1);
    assert_int_equal(count_of(room->repo, "lib", SEARCH_STARTS_WITH, "MA"), 1);
    assert_int_equal(count_of(room->repo, "lib", SEARCH_EQUALS, "MA"), 0);
    assert_int_equal(count_of(room->repo, "loc", SEARCH_NOT_EMPTY, ""), 1);
    assert_int_equal(count_of(room->repo, "loc", SEARCH_EMPTY, ""), 3);
    assert_int_equal(count_of(room->repo, "has", SEARCH_EQUALS, "physical"), 1);
}

static void pages__never_repeat_or_skip_a_row(void **state)
{
    enum { RECORDS = 200, PAGE = 7 };
    const room *room = *state;
    recto_error error;
    static const search_sort sorts[] = { SORT_RANK,
                                         SORT_TITLE,
                                         SORT_CREATOR,
                                         SORT_DATE,
                                         SORT_DATE_NEWEST,
                                         SORT_MODIFIED_NEWEST,
                                         SORT_CREATED_NEWEST,
                                         SORT_MMS_ID,
                                         SORT_TITLE_BACKWARDS,
                                         SORT_CREATOR_BACKWARDS,
                                         SORT_SERIES,
                                         SORT_SERIES_BACKWARDS,
                                         SORT_UNIFORM_TITLE,
                                         SORT_UNIFORM_TITLE_BACKWARDS,
                                         SORT_CALL_NUMBER,
                                         SORT_CALL_NUMBER_BACKWARDS };
    const query_node query = term("kw", SEARCH_KEYWORDS, "same");
    must(repo_begin(room->repo, &error), &error);
    for (int i = 0; i < RECORDS; i++) { /* equal keys everywhere: only the MMS ID tells them apart */
        mms_id id = 0;
        marc_record *record = RECORD("245 10 $aSame title");
        must(repo_bib_new_id(room->repo, INSTITUTION, &id, &error), &error);
        must(room_try_write(room->repo, id, INSTITUTION, record, 0, NULL, &error), &error);
        marc_record_free(record);
    }
    must(repo_commit(room->repo, &error), &error);
    for (size_t sort = 0; sort < sizeof sorts / sizeof *sorts; sort++) {
        mms_id before = 0;
        for (size_t offset = 0; offset < RECORDS; offset += PAGE) {
            hits page = { .shown = 0 };
            const search_request request = { .query = &query, .sort = sorts[sort], .offset = offset, .limit = PAGE };
            must(repo_search(room->repo, &request, note_hit, &page, &page.count, &error), &error);
            assert_int_equal(page.count, RECORDS);
            assert_int_equal(page.shown, RECORDS - offset < PAGE ? RECORDS - offset : PAGE);
            for (size_t i = 0; i < page.shown; i++) {
                assert_true(page.ids[i] > before);
                before = page.ids[i];
            }
        }
    }
    const search_request count_only = { .query = &query };
    size_t count = 0;
    must(repo_search(room->repo, &count_only, note_hit, NULL, &count, &error), &error);
    assert_int_equal(count, RECORDS);
}

static void orders__are_what_they_say(void **state)
{
    const room *room = *state;
    fill(room->repo);
    hits found = ask(room->repo, SEARCH_ALL_TITLES, INSTITUTION, NULL, SORT_TITLE);
    assert_memory_equal(found.titles[0], "The hobbit", 10) /* filed under h */;
    assert_memory_equal(found.titles[1], "Hyakunen", 8);
    found = ask(room->repo, SEARCH_ALL_TITLES, INSTITUTION, NULL, SORT_TITLE_BACKWARDS);
    assert_memory_equal(found.titles[0], "One hundred", 11);
    assert_memory_equal(found.titles[2], "The hobbit", 10);
    found = ask(room->repo, SEARCH_ALL_TITLES, INSTITUTION, NULL, SORT_DATE_NEWEST);
    assert_memory_equal(found.titles[0], "Hyakunen", 8);
    assert_memory_equal(found.titles[2], "The hobbit", 10); /* no date: last, both ways */
    found = ask(room->repo, SEARCH_ALL_TITLES, INSTITUTION, NULL, SORT_DATE);
    assert_memory_equal(found.titles[0], "One hundred", 11);
    assert_memory_equal(found.titles[2], "The hobbit", 10);
    const query_node query = term("kw", SEARCH_KEYWORDS, "solitude");
    found = ask(room->repo, SEARCH_ALL_TITLES, 0, &query, SORT_RANK);
    assert_string_equal(found.titles[0], "Solitude"); /* the shorter title says it more */
}

static void letters_with_marks__come_first_where_they_were_typed(void **state)
{
    const room *room = *state;
    (void)room_add_title(room->repo, INSTITUTION, "Garcia Marquez, a life");
    (void)room_add_title(room->repo, INSTITUTION, "Garc\u00EDa M\u00E1rquez, una vida");
    query_node query = term("kw", SEARCH_KEYWORDS, "garc\u00EDa m\u00E1rquez"); /* small letters: case is nothing */
    hits found = ask(room->repo, SEARCH_ALL_TITLES, 0, &query, SORT_RANK);
    assert_int_equal(found.count, 2);
    assert_string_equal(found.titles[0], "Garc\u00EDa M\u00E1rquez, una vida");
    query = term("kw", SEARCH_KEYWORDS, "garcia marquez");
    found = ask(room->repo, SEARCH_ALL_TITLES, 0, &query, SORT_RANK);
    assert_string_equal(found.titles[0], "Garcia Marquez, a life");
}

/* Enough for the walk along the index: each way the other way round, pages and all. */
static void titles__go_both_ways(void **state)
{
    enum { RECORDS = 600, PAGE = 50 };
    const room *room = *state;
    recto_error error;
    static hits forwards[RECORDS / PAGE], page;
    must(repo_begin(room->repo, &error), &error);
    for (int i = 0; i < RECORDS; i++) {
        char line[60];
        mms_id id = 0;
        snprintf(line, sizeof line, "245 10 $aTitle %c%c same and %d", 'a' + i * 7 % 26, 'a' + i * 11 % 26, i * 37 % RECORDS);
        marc_record *record = RECORD(line);
        must(repo_bib_new_id(room->repo, INSTITUTION, &id, &error), &error);
        must(room_try_write(room->repo, id, INSTITUTION, record, 0, NULL, &error), &error);
        marc_record_free(record);
    }
    must(repo_commit(room->repo, &error), &error);
    const query_node query = term("kw", SEARCH_KEYWORDS, "same");
    for (size_t i = 0; i < RECORDS / PAGE; i++) {
        const search_request request = { .query = &query, .sort = SORT_TITLE, .offset = i * PAGE, .limit = PAGE };
        must(repo_search(room->repo, &request, note_hit, &forwards[i], NULL, &error), &error);
    }
    for (size_t i = 0; i < RECORDS / PAGE; i++) {
        const search_request request = { .query = &query, .sort = SORT_TITLE_BACKWARDS, .offset = i * PAGE, .limit = PAGE };
        page.shown = 0;
        must(repo_search(room->repo, &request, note_hit, &page, NULL, &error), &error);
        assert_int_equal(page.shown, PAGE);
        for (size_t j = 0; j < PAGE; j++)
            assert_int_equal(page.ids[j], forwards[RECORDS / PAGE - 1 - i].ids[PAGE - 1 - j]);
    }
}

enum { MANY = 180, PART = 90 };

/* A third with one series, a third with two of which the other leads nowhere first, a third with none. */
static void add_one_of_many(repo *repo, int i)
{
    char series[60], second[60], uniform[60], number[40];
    snprintf(series, sizeof series, "490 0  $aSeries %03d", i * 7 % MANY);
    snprintf(second, sizeof second, "490 0  $aSeries %03d x", (i * 7 + 50) % MANY);
    snprintf(uniform, sizeof uniform, "240 10 $aUniform %03d", i * 11 % MANY);
    snprintf(number, sizeof number, "050  4 $aQA%d", 1 + i * 13 % MANY);
    (void)room_add(repo, INSTITUTION,
                   i % 3 == 0 ? RECORD("245 10 $aOne same", series, i < PART ? "500    $apart" : "500    $arest", uniform, number)
                   : i % 3 == 1
                       ? RECORD("245 10 $aTwo same", series, second, i < PART ? "500    $apart" : "500    $arest", number)
                       : RECORD("245 10 $aNone same", i < PART ? "500    $apart" : "500    $arest"));
}

typedef struct long_list {
    mms_id ids[MANY];
    char titles[MANY][8];
    size_t count;
} long_list;

static bool note_long(void *context, const bib_info *row)
{
    long_list *list = context;
    snprintf(list->titles[list->count], sizeof list->titles[0], "%.7s", row->title);
    list->ids[list->count++] = row->id;
    return true;
}

static void list_long(long_list *out, repo *repo, const char *word, search_sort sort)
{
    recto_error error;
    const query_node query = term("kw", SEARCH_KEYWORDS, word);
    const search_request request = { .query = &query, .sort = sort, .limit = MANY };
    out->count = 0;
    must(repo_search(repo, &request, note_long, out, NULL, &error), &error);
}

static bool is_in_order(const long_list *whole, const long_list *part)
{
    size_t at = 0;
    for (size_t i = 0; i < whole->count && at < part->count; i++)
        at += whole->ids[i] == part->ids[at];
    return at == part->count;
}

/* Many are walked along the index, few are asked one by one: both say the same (SE-44, SE-45). */
static void orders_of_several_keys__are_alike_for_few_and_many(void **state)
{
    static const search_sort sorts[] = { SORT_SERIES,        SORT_SERIES_BACKWARDS,
                                         SORT_CALL_NUMBER,   SORT_CALL_NUMBER_BACKWARDS,
                                         SORT_UNIFORM_TITLE, SORT_UNIFORM_TITLE_BACKWARDS };
    static long_list whole, part;
    const room *room = *state;
    mms_id holding = 0;
    recto_error error;
    for (int i = 0; i < MANY; i++)
        add_one_of_many(room->repo, i);
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        list_long(&whole, room->repo, "same", sorts[i]);
        list_long(&part, room->repo, "part", sorts[i]);
        assert_int_equal(whole.count, MANY);
        assert_int_equal(part.count, PART);
        assert_true(is_in_order(&whole, &part));
        for (size_t at = 0; at < MANY; at++) /* what has no key comes last, both ways */
            assert_int_equal(strcmp(whole.titles[at], i < 4 ? "None sa" : "One sam") == 0,
                             i < 4 ? at >= MANY / 3 * 2 : at < MANY / 3);
    }
    /* A call number of holdings is first, whatever it is. */
    list_long(&whole, room->repo, "same", SORT_CALL_NUMBER);
    marc_record *record = RECORD("852 0  $bMAIN$hZZ999");
    must(repo_holding_write(room->repo, &holding, whole.ids[MANY - 1], INSTITUTION, record, 0, "cat1", NOON, &error), &error);
    marc_record_free(record);
    const mms_id held = whole.ids[MANY - 1];
    list_long(&whole, room->repo, "same", SORT_CALL_NUMBER);
    assert_int_equal(whole.ids[0], held);
    list_long(&whole, room->repo, "same", SORT_CALL_NUMBER_BACKWARDS);
    assert_int_equal(whole.ids[0], held);
}

static void a_change__is_found_at_once(void **state)
{
    const room *room = *state;
    recto_error error;
    mms_id id = room_add_title(room->repo, INSTITUTION, "Imaginery places");
    marc_record *next = RECORD("245 10 $aImaginary places");
    must(room_change(room->repo, id, next, 1, NULL, &error), &error);
    marc_record_free(next);
    assert_int_equal(count_of(room->repo, "ti", SEARCH_KEYWORDS, "imaginery"), 0);
    assert_int_equal(count_of(room->repo, "ti", SEARCH_KEYWORDS, "imaginary"), 1);
    must(repo_begin(room->repo, &error), &error);
    must(repo_bib_delete(room->repo, id, 2, "cat1", NOON, &error), &error);
    must(repo_commit(room->repo, &error), &error);
    assert_int_equal(count_of(room->repo, "ti", SEARCH_KEYWORDS, "imaginary"), 0);
    assert_int_equal(ask(room->repo, SEARCH_ALL_TITLES, 0, NULL, SORT_TITLE).count, 0);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(words__are_found_by_every_operator),
        IN_ROOM(japanese__is_found_by_any_fragment),
        IN_ROOM(numbers__are_found_in_every_form),
        IN_ROOM(typed_text__is_never_an_operator),
        IN_ROOM(a_value_that_does_not_fit__names_the_index),
        IN_ROOM(trees__join_conditions),
        IN_ROOM(physical_titles__begin_with_the_first_holdings_record),
        IN_ROOM(pages__never_repeat_or_skip_a_row),
        IN_ROOM(orders__are_what_they_say),
        IN_ROOM(titles__go_both_ways),
        IN_ROOM(orders_of_several_keys__are_alike_for_few_and_many),
        IN_ROOM(letters_with_marks__come_first_where_they_were_typed),
        IN_ROOM(a_change__is_found_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
