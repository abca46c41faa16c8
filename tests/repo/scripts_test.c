/* tests/repo/scripts_test.c - scripts that are written without blanks are found by any of their characters, and others by their
 * words; codes and links are no words. */
#include "room.h"

static size_t count_of(repo *repo, const char *index, search_operator operator, const char * value)
{
    recto_error error;
    size_t count = 0;
    const query_node query = {
        .kind = QUERY_TERM, .index = repo_search_index(index), .operator= operator, .value = text_from(value)
    };
    must(repo_search(repo, &(search_request){ .query = &query }, NULL, NULL, &count, &error), &error);
    return count;
}

/* The first, a middle and the last of each block, in a word of their like. */
static void characters_without_blanks__are_found_one_by_one(void **state)
{
    static const char *const alone[] = { "\u1100", "\u11FF", "\u3005", "\u3007", "\u3042", "\u30FE",     "\u31F0",
                                         "\u31FF", "\u0E01", "\u0E2E", "\u1000", "\u1021", "\u1780",     "\u17A2",
                                         "\u3400", "\u9FA5", "\uAC00", "\uD7A3", "\uFA0E", "\U00020000", "\U0002A6D6" };
    room *room = *state;
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++) {
        char line[80], title[40];
        snprintf(title, sizeof title, "before%sbehind", alone[i]);
        snprintf(line, sizeof line, "245 10 $a%s", title);
        (void)room_add(room->repo, INSTITUTION, RECORD(line));
        if (count_of(room->repo, "ti", SEARCH_KEYWORDS, alone[i]) < 1 || count_of(room->repo, "ti", SEARCH_EQUALS, title) < 1)
            fail_msg("%s is not found by itself", alone[i]);
        assert_int_equal(count_of(room->repo, "ti", SEARCH_KEYWORDS, "behind"), i + 1);
    }
    static const char *const joined[] = { "\u0416", "\u05D0", "\u0627", "\u0905", "\u10D0", "\u2D30" };
    for (size_t i = 0; i < sizeof joined / sizeof *joined; i++) {
        char line[80];
        snprintf(line, sizeof line, "246 10 $aword%sword", joined[i]);
        (void)room_add(room->repo, INSTITUTION, RECORD("245 10 $aOther", line));
        assert_int_equal(count_of(room->repo, "kw", SEARCH_KEYWORDS, "word"), 0); /* one word, with what is in it */
        assert_int_equal(count_of(room->repo, "kw", SEARCH_KEYWORDS, "word*"), i + 1);
    }
}

/* A voicing mark belongs to its kana, whether it is written with it or behind it. */
static void a_voicing_mark__stays_with_its_kana(void **state)
{
    room *room = *state;
    (void)room_add_title(room->repo, INSTITUTION, "\u304B\u3099\u304F");
    assert_int_equal(count_of(room->repo, "ti", SEARCH_KEYWORDS, "\u304F"), 1);
    assert_int_equal(count_of(room->repo, "ti", SEARCH_EQUALS, "\u304C\u304F"), 1);
}

/* No record can forge the edges of fields, which the index marks by characters of its own. */
static void an_edge__cannot_be_forged(void **state)
{
    room *room = *state;
    (void)room_add_title(room->repo, INSTITUTION, "One \xEE\x80\x80title and\xEE\x80\x81 more");
    assert_int_equal(count_of(room->repo, "ti", SEARCH_STARTS_WITH, "title"), 0);
    assert_int_equal(count_of(room->repo, "ti", SEARCH_STARTS_WITH, "one title"), 1);
}

static void articles__are_left_out_where_the_record_says_so(void **state)
{
    static const struct {
        const char *field, *starts;
        size_t found;
    } cases[] = { { "245 12 $aL'avare", "avare", 1 },       { "245 13 $aDe l'amour", "amour", 0 },
                  { "245 19 $aShort", "short", 1 },         { "245 1x $aThe odd", "odd", 0 },
                  { "245 12 $aL\u2019\u00EEle", "ile", 1 }, { "245 10 $aRock'n'roll", "rock", 1 },
                  { "245 14 $aThe end", "the end", 1 },     { "245 15 $a\u201CThe\u201D quoted", "quoted", 1 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        room *room = *state;
        const size_t before = count_of(room->repo, "ti", SEARCH_STARTS_WITH, cases[i].starts);
        (void)room_add(room->repo, INSTITUTION, RECORD(cases[i].field));
        if (count_of(room->repo, "ti", SEARCH_STARTS_WITH, cases[i].starts) - before != cases[i].found)
            fail_msg("%s by %s", cases[i].field, cases[i].starts);
    }
}

static void codes__are_no_words_and_languages_have_three_letters(void **state)
{
    room *room = *state;
    (void)room_add(room->repo, INSTITUTION,
                   RECORD("008 720101s1972    ja            000 1 |||  ", "041 1  $aengfre$hGER$ade1$bx", "245 10 $aTitle",
                          "650  0 $aCats$0(DLC)sh85021262", "773 0  $tHost title$w(OCoLC)4711$x0317-8471",
                          "880 10 $6245$aNo link", "880 10 $62$aShort link", "950    $aOwn$bwords"));
    assert_int_equal(count_of(room->repo, "lang", SEARCH_EQUALS, "eng"), 1);
    assert_int_equal(count_of(room->repo, "lang", SEARCH_EQUALS, "fre"), 1);
    assert_int_equal(count_of(room->repo, "lang", SEARCH_EQUALS, "de1"), 0);
    assert_int_equal(count_of(room->repo, "lang", SEARCH_EQUALS, "|||"), 0);
    assert_int_equal(count_of(room->repo, "kw", SEARCH_KEYWORDS, "sh85021262"), 0);
    assert_int_equal(count_of(room->repo, "kw", SEARCH_KEYWORDS, "4711"), 0);
    assert_int_equal(count_of(room->repo, "kw", SEARCH_KEYWORDS, "host"), 1);
    assert_int_equal(count_of(room->repo, "l950", SEARCH_PHRASE, "own words"), 1);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(characters_without_blanks__are_found_one_by_one),
        IN_ROOM(a_voicing_mark__stays_with_its_kana),
        IN_ROOM(an_edge__cannot_be_forged),
        IN_ROOM(articles__are_left_out_where_the_record_says_so),
        IN_ROOM(codes__are_no_words_and_languages_have_three_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
