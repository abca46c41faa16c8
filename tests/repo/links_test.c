/* tests/repo/links_test.c - holdings that move with their items, records that name others, and numbers that were merged away. */
#include "old.h"

#include "recto/repo/links.h"

static mms_id add_holding(repo *repo, mms_id bib, const char *place)
{
    recto_error error = { .status = RECTO_OK };
    mms_id id = 0;
    marc_record *record = RECORD("004 1", place);
    must(repo_holding_write(repo, &id, bib, INSTITUTION, record, 0, "cat1", NOON, &error), &error);
    marc_record_free(record);
    return id;
}

static void add_item(repo *repo, mms_id holding, const char *barcode)
{
    recto_error error = { .status = RECTO_OK };
    item item = { .holding = holding, .copy = 1 };
    snprintf(item.barcode, sizeof item.barcode, "%s", barcode);
    must(repo_item_write(repo, &item, "cat1", NOON, &error), &error);
}

static bib_info info_of(repo *repo, mms_id id)
{
    recto_error error = { .status = RECTO_OK };
    bib_info info;
    must(repo_bib_info(repo, id, &info, NOON, &error), &error);
    return info;
}

static bool note_id(void *context, mms_id id)
{
    mms_id *ids = context;
    while (*ids != 0)
        ids++;
    *ids = id;
    return true;
}

static bool note_row(void *context, const bib_info *row)
{
    return note_id(context, row->id);
}

static size_t find_number(repo *repo, mms_id typed, mms_id found[static 8])
{
    recto_error error = { .status = RECTO_OK };
    char number[MMS_ID_LENGTH];
    size_t count = 0;
    mms_id_format(number, typed);
    const query_node query = {
        .kind = QUERY_TERM, .index = repo_search_index("mms"), .operator= SEARCH_EQUALS, .value = text_from(number)
    };
    const search_request request = { .type = SEARCH_ALL_TITLES, .query = &query, .sort = SORT_MMS_ID, .limit = 8, .now = NOON };
    assert_non_null(query.index);
    must(repo_search(repo, &request, note_row, found, &count, &error), &error);
    return count;
}

static void holdings__move_with_items_and_keep_their_numbers(void **state)
{
    repo *repo = ((room *)*state)->repo;
    recto_error error = { .status = RECTO_OK };
    const mms_id one = room_add_title(repo, INSTITUTION, "One"), two = room_add_title(repo, INSTITUTION, "Two");
    const mms_id held = add_holding(repo, one, "852 0  $bMAIN$cSTACKS$hPS1$i.A1"),
                 stays = add_holding(repo, one, "852    $bLAW$cA");
    add_item(repo, held, "111");
    add_item(repo, held, "112");
    add_item(repo, stays, "113");
    marc_record *moved = RECORD("004 2", "852 0  $bMAIN$cSTACKS$hPS1$i.A1"), *stored = NULL;
    holding info;
    assert_int_equal(repo_holding_move(repo, held, two, moved, 7, "cat2", NOON + 5, &error), RECTO_EREFUSED);
    assert_int_equal(info_of(repo, one).items, 3);
    must(repo_holding_move(repo, held, two, moved, 1, "cat2", NOON + 5, &error), &error);
    must(repo_holding_load(repo, held, &stored, &info, &error), &error);
    assert_int_equal(info.bib, two);
    assert_int_equal(info.version, 2);
    assert_int_equal(info.items, 2);
    assert_string_equal(info.call_number, "PS1 .A1");
    assert_true(text_equal(marc_record_control(stored, "004"), TEXT("2")));
    assert_int_equal(info_of(repo, one).holdings, 1);
    assert_int_equal(info_of(repo, one).items, 1);
    assert_int_equal(info_of(repo, two).holdings, 1);
    assert_int_equal(info_of(repo, two).items, 2);
    assert_sound(repo);
    marc_record_free(stored);
    marc_record_free(moved);
}

static void holdings__move_only_within_their_zone(void **state)
{
    repo *repo = ((room *)*state)->repo;
    recto_error error = { .status = RECTO_OK };
    const mms_id one = room_add_title(repo, INSTITUTION, "One");
    const mms_id held = add_holding(repo, one, "852    $bMAIN$cSTACKS");
    marc_record *record = RECORD("852    $bMAIN$cSTACKS");
    const mms_id others[] = { room_add_title(repo, OTHER, "Two"), room_add_title(repo, NETWORK, "Three") };
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(repo_holding_move(repo, held, others[i], record, 1, "cat1", NOON, &error), RECTO_EREFUSED);
    assert_int_equal(repo_holding_move(repo, held, 991, record, 1, "cat1", NOON, &error), RECTO_ENOTFOUND);
    assert_int_equal(info_of(repo, one).holdings, 1);
    assert_sound(repo);
    marc_record_free(record);
}

static void records__are_found_by_whom_they_name(void **state)
{
    repo *repo = ((room *)*state)->repo;
    recto_error error = { .status = RECTO_OK };
    const mms_id named = room_add_title(repo, INSTITUTION, "Named");
    char plain[80], prefixed[80], number[MMS_ID_LENGTH];
    mms_id found[8] = { 0 };
    mms_id_format(number, named);
    snprintf(plain, sizeof plain, "776 08 $iPrint:$w%s", number);
    snprintf(prefixed, sizeof prefixed, "830  0 $aSeries$w(01EXAMPLE)%s", number);
    const mms_id one = room_add(repo, INSTITUTION, RECORD("245 10 $aA", plain)),
                 two = room_add(repo, INSTITUTION, RECORD("245 10 $aB", prefixed));
    (void)room_add(repo, INSTITUTION, RECORD("245 10 $aC", "776 08 $w(OCoLC)12345678"));
    must(repo_bibs_naming(repo, named, note_id, found, &error), &error);
    assert_int_equal(found[0], one);
    assert_int_equal(found[1], two);
    assert_int_equal(found[2], 0);
    assert_sound(repo);
}

static void link_numbers__have_a_prefix_or_none(void **state)
{
    (void)state;
    static const struct {
        const char *value, *prefix;
        mms_id id;
    } rows[] = {
        { "991000000000011001", "", 991000000000011001 },
        { " (01EXAMPLE) 991000000000011001 ", "01EXAMPLE", 991000000000011001 },
        { "(OCoLC)12345678", NULL, 0 },
        { "(broken 991000000000011001", NULL, 0 },
        { "", NULL, 0 },
        { "(DLC)", NULL, 0 },
        { "99", NULL, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mms_id id = 0;
        text prefix;
        assert_int_equal(repo_link_number(&id, &prefix, text_from(rows[i].value)), rows[i].prefix != NULL);
        if (rows[i].prefix == NULL)
            continue;
        assert_int_equal(id, rows[i].id);
        assert_true(text_equal(prefix, text_from(rows[i].prefix)));
    }
}

static void delete_into(repo *repo, mms_id id, mms_id survivor)
{
    recto_error error = { .status = RECTO_OK };
    must(repo_begin(repo, &error), &error);
    must(repo_bib_delete(repo, id, 1, "cat1", NOON, &error), &error);
    must(repo_bib_set_survivor(repo, id, survivor, &error), &error);
    must(repo_commit(repo, &error), &error);
}

static void a_number_merged_away__leads_to_the_survivor(void **state)
{
    repo *repo = ((room *)*state)->repo;
    recto_error error = { .status = RECTO_OK };
    const mms_id one = room_add_title(repo, INSTITUTION, "One"), two = room_add_title(repo, INSTITUTION, "Two"),
                 three = room_add_title(repo, INSTITUTION, "Three");
    mms_id found[8] = { 0 }, survivor = 0;
    delete_into(repo, one, two);
    delete_into(repo, two, three);
    assert_int_equal(find_number(repo, one, found), 1);
    assert_int_equal(found[0], three);
    must(repo_bib_survivor(repo, one, &survivor, &error), &error);
    assert_int_equal(survivor, three);
    must(repo_bib_survivor(repo, three, &survivor, &error), &error);
    assert_int_equal(survivor, 0);
    /* Written again, it is itself. */
    marc_record *record = RECORD("245 10 $aOne again");
    must(room_change(repo, one, record, 1, NULL, &error), &error);
    memset(found, 0, sizeof found);
    assert_int_equal(find_number(repo, one, found), 1);
    assert_int_equal(found[0], one);
    must(repo_bib_survivor(repo, one, &survivor, &error), &error);
    assert_int_equal(survivor, 0);
    assert_sound(repo);
    marc_record_free(record);
}

/* As an earlier program wrote it: no identifiers of links, no column for merged records. */
static void a_repository_of_the_schema_before__gets_its_links(void **state)
{
    room *room = *state;
    recto_error error = { .status = RECTO_OK };
    char line[80], number[MMS_ID_LENGTH];
    mms_id found[8] = { 0 };
    const mms_id named = room_add_title(room->repo, INSTITUTION, "Named");
    mms_id_format(number, named);
    snprintf(line, sizeof line, "776 08 $w%s", number);
    const mms_id naming = room_add(room->repo, INSTITUTION, RECORD("245 10 $aA", line));
    room_make_old(room, 2);
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
    must(repo_bibs_naming(room->repo, named, note_id, found, &error), &error);
    assert_int_equal(found[0], naming);
    assert_sound(room->repo);
}

static void links_of_records__are_set_and_ended(void **state)
{
    repo *repo = ((room *)*state)->repo;
    recto_error error = { .status = RECTO_OK };
    mms_id found[8] = { 0 };
    const mms_id network = room_add_title(repo, NETWORK, "N"), own = room_add_title(repo, INSTITUTION, "I"),
                 other = room_add_title(repo, OTHER, "O");
    must(repo_bib_set_link(repo, own, network, &error), &error);
    must(repo_bib_set_link(repo, other, network, &error), &error);
    must(repo_bibs_linked(repo, network, note_id, found, &error), &error);
    assert_int_equal(found[0] + found[1], own + other);
    assert_int_equal(found[2], 0);
    must(repo_bib_set_link(repo, own, 0, &error), &error);
    assert_int_equal(info_of(repo, own).linked_to, 0);
    assert_int_equal(info_of(repo, own).version, 1);
    assert_int_equal(repo_bib_set_link(repo, 991, network, &error), RECTO_ENOTFOUND);
}

static void a_pair__stays_apart_in_either_order(void **state)
{
    repo *repo = ((room *)*state)->repo;
    recto_error error = { .status = RECTO_OK };
    const mms_id one = room_add_title(repo, INSTITUTION, "One"), two = room_add_title(repo, INSTITUTION, "One"),
                 three = room_add_title(repo, INSTITUTION, "One");
    bool apart = false;
    must(repo_apart_put(repo, two, one, "other edition", "cat1", NOON, &error), &error);
    must(repo_apart_put(repo, one, two, "other printing", "cat2", NOON, &error), &error);
    must(repo_apart(repo, one, two, &apart, &error), &error);
    assert_true(apart);
    must(repo_apart(repo, two, one, &apart, &error), &error);
    assert_true(apart);
    must(repo_apart(repo, one, three, &apart, &error), &error);
    assert_false(apart);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(holdings__move_with_items_and_keep_their_numbers),
        IN_ROOM(holdings__move_only_within_their_zone),
        IN_ROOM(records__are_found_by_whom_they_name),
        cmocka_unit_test(link_numbers__have_a_prefix_or_none),
        IN_ROOM(a_number_merged_away__leads_to_the_survivor),
        IN_ROOM(a_repository_of_the_schema_before__gets_its_links),
        IN_ROOM(links_of_records__are_set_and_ended),
        IN_ROOM(a_pair__stays_apart_in_either_order),
    };
    return cmocka_run_group_tests_name("repo links", tests, NULL, NULL);
}
