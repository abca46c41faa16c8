/* tests/repo/lists_test.c - facets with exact counts, browse lists without ghosts, lists of values, scripts as readers type them.
 */
#include "room.h"
#include "recto/repo/browse.h"

typedef struct lines {
    char text[4000];
} lines;

static bool note_facet(void *context, search_facet facet, text value, size_t count)
{
    lines *out = context;
    size_t used = strlen(out->text);
    snprintf(out->text + used, sizeof out->text - used, "%d:%.*s=%zu ", (int)facet, (int)value.length, value.bytes, count);
    return true;
}

static bool note_row(void *context, const browse_row *row)
{
    lines *out = context;
    size_t used = strlen(out->text);
    snprintf(out->text + used, sizeof out->text - used, "%s%s %.*s (%zu)|", row->before ? "<" : "", row->tag,
             (int)row->shown.length, row->shown.bytes, row->count);
    return true;
}

static void fill(repo *repo)
{
    (void)room_add(repo, INSTITUTION,
                   RECORD("008 760211s1970    nyu           000 1 eng  ", "020    $a0-306-40615-2", "041 1  $aeng$aspa",
                          "050  4 $aPQ8180.17.A73$bC513 1970", "100 1  $aGarc\u00EDa M\u00E1rquez, Gabriel,$d1927-2014.",
                          "245 10 $aOne hundred years of solitude.", "650  0 $aFamilies$zColombia$vFiction."));
    (void)room_add(repo, INSTITUTION,
                   RECORD("008 760211s1970    nyu           000 1 spa  ", "100 1  $aGarcia Marquez, Gabriel, 1927-2014",
                          "245 13 $aEl oto\u00F1o del patriarca.", "650  0 $aDictators."));
    (void)room_add(repo, NETWORK,
                   RECORD("008 760211s1972    ja            000 1 jpn  ", "022    $a0317-8471", "100 1  $6880-01$aGarushia.",
                          "880 1  $6100-01$a\u30AC\u30EB\u30B7\u30A2.", "245 10 $aHyakunen no kodoku.",
                          "650  0 $aFamilies$zJapan."));
    (void)room_add(
        repo, NETWORK,
        RECORD("008 760211s1866    ru            000 1 rus  ",
               "100 1  $a\u0414\u043E\u0441\u0442\u043E\u0435\u0432\u0441\u043A\u0438\u0439, \u0424\u0435\u0434\u043E\u0440.",
               "245 10 $a\u041F\u0440\u0435\u0441\u0442\u0443\u043F\u043B\u0435\u043D\u0438\u0435."));
}

static lines facets_of(repo *repo, const search_request *request)
{
    lines out = { "" };
    recto_error error;
    must(repo_facets(repo, request, note_facet, &out, &error), &error);
    return out;
}

static void must_hold(const lines *lines, const char *piece)
{
    if (strstr(lines->text, piece) == NULL)
        fail_msg("'%s' is not in: %s", piece, lines->text);
}

static void must_not_hold(const lines *lines, const char *piece)
{
    if (strstr(lines->text, piece) != NULL)
        fail_msg("'%s' is in: %s", piece, lines->text);
}

static void facets__are_counted_exactly_and_narrow_what_is_found(void **state)
{
    const room *room = *state;
    search_request request = { .limit = 0 };
    size_t count = 0;
    recto_error error;
    fill(room->repo);
    lines all = facets_of(room->repo, &request);
    must_hold(&all, "0:1=2 0:3=2 ");                     /* zones */
    must_hold(&all, "2:eng=1 2:jpn=1 2:rus=1 2:spa=2 "); /* 008 and 041, each record once */
    must_hold(&all, "3:1866=1 3:1970=2 3:1972=1 ");
    must_hold(&all, "4:N=4 ");
    must_hold(&all, "5:B=4 6:0=4 ");
    const facet_choice choices[] = { { FACET_LANGUAGE, TEXT("eng") },
                                     { FACET_LANGUAGE, TEXT("jpn") },
                                     { FACET_ZONE, TEXT("1") } };
    request.choices = choices;
    request.choice_count = 2; /* any of the two */
    must(repo_search(room->repo, &request, NULL, NULL, &count, &error), &error);
    assert_int_equal(count, 2);
    request.choice_count = 3; /* and the institution's */
    must(repo_search(room->repo, &request, NULL, NULL, &count, &error), &error);
    assert_int_equal(count, 1);
    lines narrowed = facets_of(room->repo, &request);
    must_hold(&narrowed, "0:1=1 0:3=1 ");     /* the zones of those in English or Japanese */
    must_hold(&narrowed, "2:eng=1 2:spa=2 "); /* the languages of the institution's */
    must_hold(&narrowed, "3:1970=1 ");        /* the years of what is found */
    must_not_hold(&narrowed, "3:1972");
}

static lines browse(repo *repo, browse_kind kind, const char *from, size_t before, size_t after)
{
    lines out = { "" };
    recto_error error;
    const browse_request request = { .kind = kind, .from = text_from(from), .before = before, .after = after };
    must(repo_browse(repo, &request, note_row, &out, &error), &error);
    return out;
}

static void headings__stand_in_order_with_what_stands_before(void **state)
{
    const room *room = *state;
    fill(room->repo);
    lines subjects = browse(room->repo, BROWSE_SUBJECTS, "families", 2, 5);
    assert_string_equal(subjects.text,
                        "<650 Dictators. (1)|650 Families -- Colombia -- Fiction. (1)|650 Families -- Japan. (1)|");
    lines names = browse(room->repo, BROWSE_NAMES, "garcia", 0, 1);
    assert_string_equal(names.text, "100 Garc\u00EDa M\u00E1rquez, Gabriel, 1927-2014. (2)|"); /* both spellings are one */
    lines titles = browse(room->repo, BROWSE_TITLES, "otono", 0, 1);
    assert_string_equal(titles.text, "245 oto\u00F1o del patriarca. (1)|"); /* filed without its article */
    lines numbers = browse(room->repo, BROWSE_CALL_NUMBERS, "PQ 8000", 0, 5);
    assert_string_equal(numbers.text, "050 PQ8180.17.A73 C513 1970 (1)|");
    lines kana = browse(room->repo, BROWSE_NAMES, "\u30AC\u30EB\u30B7\u30A2", 0, 1);
    must_hold(&kana, "100 \u30AC\u30EB\u30B7\u30A2");
}

static void a_heading_whose_last_record_goes__is_gone(void **state)
{
    const room *room = *state;
    recto_error error;
    fill(room->repo);
    mms_id id = room_add(room->repo, INSTITUTION, RECORD("245 10 $aGhost.", "650  0 $aFamilies$zAlbania."));
    lines there = browse(room->repo, BROWSE_SUBJECTS, "families albania", 0, 1);
    must_hold(&there, "Albania");
    must(repo_begin(room->repo, &error), &error);
    must(repo_bib_delete(room->repo, id, 1, "cat1", NOON, &error), &error);
    must(repo_commit(room->repo, &error), &error);
    lines gone = browse(room->repo, BROWSE_SUBJECTS, "families albania", 0, 9);
    must_not_hold(&gone, "Albania");
}

static void the_shelf__is_that_of_the_holdings(void **state)
{
    const room *room = *state;
    recto_error error;
    fill(room->repo);
    mms_id bib = room_add_title(room->repo, INSTITUTION, "On the shelf");
    static const char *const numbers[] = { "$hPR6039$i.O32 H6", "$hPR700$i.A1", "$hQA76" };
    for (size_t i = 0; i < 3; i++) {
        char line[80];
        mms_id holding = 0;
        snprintf(line, sizeof line, "852 0  $bMAIN$cSTACKS%s", numbers[i]);
        marc_record *record = RECORD(line);
        must(repo_holding_write(room->repo, &holding, bib, INSTITUTION, record, 0, "cat1", NOON, &error), &error);
        marc_record_free(record);
    }
    lines shelf = browse(room->repo, BROWSE_SHELF, "PR 1000", 5, 5);
    assert_string_equal(shelf.text, "<852 PR700 .A1 (1)|852 PR6039 .O32 H6 (1)|852 QA76 (1)|");
}

static lines shelf_of(repo *repo, shelf_level level, const char *type, const char *library, const char *location)
{
    lines out = { "" };
    recto_error error;
    shelf_limits limits = { .level = level };
    snprintf(limits.type, sizeof limits.type, "%s", type);
    snprintf(limits.library, sizeof limits.library, "%s", library);
    snprintf(limits.location, sizeof limits.location, "%s", location);
    const browse_request request = { .kind = BROWSE_SHELF, .shelf = &limits, .from = TEXT("P"), .before = 5, .after = 5 };
    must(repo_browse(repo, &request, note_row, &out, &error), &error);
    return out;
}

/* ED-169: the call numbers of holdings, of items, those for a time, or all; by scheme, library and location. */
static void the_shelf__has_levels_and_limits(void **state)
{
    const room *room = *state;
    recto_error error;
    mms_id bib = room_add_title(room->repo, INSTITUTION, "On the shelf"), holdings[2] = { 0, 0 };
    static const char *const numbers[] = { "852 0  $bMAIN$cSTACKS$hPR700$i.A1", "852 1  $bLAW$cREF$h823.8" };
    for (size_t i = 0; i < 2; i++) {
        marc_record *record = RECORD(numbers[i]);
        must(repo_holding_write(room->repo, &holdings[i], bib, INSTITUTION, record, 0, "cat1", NOON, &error), &error);
        marc_record_free(record);
    }
    item own = { .holding = holdings[0], .barcode = "1", .call_number = "PR700 .A1", .copy = 1 };
    item lent = { .holding = holdings[1],
                  .barcode = "2",
                  .temporary_library = "MAIN",
                  .temporary_location = "NEW",
                  .temporary_call_number = "QA76",
                  .copy = 1 };
    must(repo_item_write(room->repo, &own, "cat1", NOON, &error), &error);
    must(repo_item_write(room->repo, &lent, "cat1", NOON, &error), &error);
    static const struct {
        shelf_level level;
        const char *type, *library, *location, *rows;
    } cases[] = {
        { SHELF_HOLDINGS, "", "", "", "<852 823.8 (1)|852 PR700 .A1 (1)|" },
        { SHELF_HOLDINGS, "1", "", "", "<852 823.8 (1)|" },
        { SHELF_HOLDINGS, "", "MAIN", "", "852 PR700 .A1 (1)|" },
        { SHELF_HOLDINGS, "", "MAIN", "REF", "" },
        { SHELF_ITEMS, "", "", "", "852 PR700 .A1 (1)|" },
        { SHELF_ITEMS, "1", "", "", "" },
        { SHELF_TEMPORARY, "", "", "", "852 QA76 (1)|" },
        { SHELF_TEMPORARY, "", "MAIN", "NEW", "852 QA76 (1)|" },
        { SHELF_TEMPORARY, "", "LAW", "", "" },
        { SHELF_ALL_LEVELS, "", "", "", "<852 823.8 (1)|852 PR700 .A1 (2)|852 QA76 (1)|" },
        { SHELF_ALL_LEVELS, "", "MAIN", "", "852 PR700 .A1 (2)|852 QA76 (1)|" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        lines shelf = shelf_of(room->repo, cases[i].level, cases[i].type, cases[i].library, cases[i].location);
        if (strcmp(shelf.text, cases[i].rows) != 0)
            fail_msg("case %zu: %s", i, shelf.text);
    }
}

static size_t count_of(repo *repo, const char *index, search_operator operator, const char * value)
{
    recto_error error;
    size_t count = 0;
    const query_node query = {
        .kind = QUERY_TERM, .index = repo_search_index(index), .operator= operator, .value = text_from(value)
    };
    const search_request request = { .query = &query, .now = NOON };
    must(repo_search(repo, &request, NULL, NULL, &count, &error), &error);
    return count;
}

static void readers__type_as_they_write(void **state)
{
    const room *room = *state;
    fill(room->repo);
    assert_int_equal(count_of(room->repo, "au", SEARCH_KEYWORDS, "Garcia Marquez"), 2);
    assert_int_equal(count_of(room->repo, "au", SEARCH_KEYWORDS, "GARC\u00CDA m\u00E1rquez"), 2);
    assert_int_equal(count_of(room->repo, "kw", SEARCH_KEYWORDS, "\u30AC\u30EB\u30B7\u30A2"), 1);
    assert_int_equal(count_of(room->repo, "au", SEARCH_KEYWORDS, "\uFF76\uFF9E\uFF99\uFF7C\uFF71"), 1); /* half width */
    assert_int_equal(
        count_of(room->repo, "kw", SEARCH_KEYWORDS, "\u0434\u043E\u0441\u0442\u043E\u0435\u0432\u0441\u043A\u0438\u0439"), 1);
    assert_int_equal(count_of(room->repo, "ti", SEARCH_KEYWORDS, "OTONO"), 1);
}

static void a_list_of_values__finds_any_of_them(void **state)
{
    const room *room = *state;
    fill(room->repo);
    assert_int_equal(count_of(room->repo, "isbn", SEARCH_IN_LIST, "9780306406157\n\nnonsense\n9780000000002\n"), 1);
    assert_int_equal(count_of(room->repo, "lang", SEARCH_IN_LIST, "eng\nrus"), 2);
    assert_int_equal(count_of(room->repo, "mms", SEARCH_IN_LIST, "12\nno number"), 0);
    assert_int_equal(count_of(room->repo, "yr", SEARCH_IN_LIST, "1866\n1972"), 2);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(facets__are_counted_exactly_and_narrow_what_is_found),
        IN_ROOM(headings__stand_in_order_with_what_stands_before),
        IN_ROOM(a_heading_whose_last_record_goes__is_gone),
        IN_ROOM(the_shelf__is_that_of_the_holdings),
        IN_ROOM(the_shelf__has_levels_and_limits),
        IN_ROOM(readers__type_as_they_write),
        IN_ROOM(a_list_of_values__finds_any_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
