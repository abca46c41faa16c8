/* tests/repo/many_records_test.c - a repository in which a search finds more than can be looked at one by one: what is then
 * walked along is in the same order, and every record is there once (SE-44, SE-45). */
#include "room.h"

#include "recto/repo/browse.h"
#include "recto/repo/bulk.h"

enum { RECORDS = 20400, BATCH = 5100, HELD = 40, PIECES = 3, PAGE = 3000, LATE = 20000 };

static void gather(bulk *bulk, bulk_maker *maker, bulk_slot *slot, bulk_batch *batch, int64_t number, int i)
{
    recto_error error;
    char title[60], call_number[60], series[60];
    snprintf(title, sizeof title, "245 10 $aMany %c%c %d%s", 'a' + i * 7 % 26, 'a' + i * 11 % 26, i,
             i * 19 % RECORDS >= LATE ? " late" : "");
    snprintf(call_number, sizeof call_number, "050  4 $aQA%d", 1 + i * 13 % RECORDS);
    snprintf(series, sizeof series, "490 0  $aSeries %05d", i * 19 % RECORDS);
    marc_record *record = i % 2 == 0 ? RECORD(title, call_number, series, "650  0 $aCommon") : RECORD(title, "650  0 $aCommon");
    const bib_write write = { .id = bulk_id(bulk, number),
                              .zone = INSTITUTION,
                              .record = record,
                              .user = "cat1",
                              .origin = "load",
                              .now = NOON,
                              .suppressed = -1 };
    must(bulk_make(slot, maker, &write, &error), &error);
    must(bulk_batch_add(batch, slot, &error), &error);
    marc_record_free(record);
}

static mms_id load(repo *repo)
{
    recto_error error;
    bulk *bulk = NULL;
    bulk_maker *maker = NULL;
    bulk_slot *slot = NULL;
    bulk_batch *batch = NULL;
    mms_id first_id = 0;
    must(bulk_new(&bulk, repo, INSTITUTION, &error), &error);
    must(bulk_maker_new(&maker, &error), &error);
    must(bulk_slot_new(&slot, &error), &error);
    must(bulk_batch_new(&batch, &error), &error);
    for (int done = 0; done < RECORDS; done += BATCH) {
        int64_t number = 0, first = 0;
        must(repo_begin(repo, &error), &error);
        must(bulk_numbers(bulk, BATCH, &number, &error), &error);
        must(bulk_next_document(&first, bulk, &error), &error);
        bulk_batch_clear(batch, first);
        for (int i = 0; i < BATCH; i++)
            gather(bulk, maker, slot, batch, number + i, done + i);
        assert_true(bulk_batch_bytes(batch) > 0);
        must(bulk_batch_end(batch, &error), &error);
        must(bulk_store(bulk, batch, &first, &error), &error);
        must(repo_commit(repo, &error), &error);
        first_id = first_id == 0 ? bulk_id(bulk, number) : first_id;
    }
    bulk_batch_free(batch);
    bulk_slot_free(slot);
    bulk_maker_free(maker);
    bulk_free(bulk);
    return first_id;
}

static mms_id next_id(mms_id id, int more)
{
    return id + (mms_id)more * 10000; /* the last four digits name the zone */
}

/* The last ones have holdings, the later the sooner on the shelf; a few of them pieces. */
static void shelve(repo *repo, mms_id first)
{
    recto_error error;
    must(repo_begin(repo, &error), &error);
    for (int i = 0; i < HELD; i++) {
        char line[60];
        mms_id holding = 0;
        snprintf(line, sizeof line, "852 0  $bMAIN$hAB%d", 1000 - i);
        marc_record *record = RECORD(line);
        must(repo_holding_write(repo, &holding, next_id(first, RECORDS - HELD + i), INSTITUTION, record, 0, "cat1", NOON, &error),
             &error);
        if (i == 0) { /* twice on the shelf */
            mms_id twin = 0;
            must(repo_holding_write(repo, &twin, next_id(first, RECORDS - HELD), INSTITUTION, record, 0, "cat1", NOON, &error),
                 &error);
        }
        marc_record_free(record);
        for (int copy = 1; i < PIECES && copy <= PIECES; copy++) {
            item piece = { .holding = holding, .copy = copy };
            must(repo_item_write(repo, &piece, "cat1", NOON, &error), &error);
        }
    }
    must(repo_commit(repo, &error), &error);
}

typedef struct listed {
    mms_id ids[RECORDS];
    size_t count;
} listed;

static bool note_row(void *context, const bib_info *row)
{
    listed *list = context;
    list->ids[list->count++] = row->id;
    return true;
}

static bool note_id(void *context, mms_id id)
{
    listed *list = context;
    list->ids[list->count++] = id;
    return list->count < RECORDS;
}

static int compare(const void *a, const void *b)
{
    const mms_id one = *(const mms_id *)a, other = *(const mms_id *)b;
    return one < other ? -1 : one > other;
}

static void expect_each_once(const listed *list)
{
    static listed sorted;
    assert_int_equal(list->count, RECORDS);
    sorted = *list;
    qsort(sorted.ids, sorted.count, sizeof *sorted.ids, compare);
    for (size_t i = 1; i < sorted.count; i++)
        assert_int_equal(sorted.ids[i], next_id(sorted.ids[0], (int)i));
}

static void list_all(listed *out, repo *repo, search_sort sort)
{
    recto_error error;
    out->count = 0;
    const query_node query = {
        .kind = QUERY_TERM, .index = repo_search_index("kw"), .operator= SEARCH_KEYWORDS, .value = TEXT("many")
    };
    for (size_t offset = 0; offset < RECORDS; offset += PAGE) {
        size_t count = 0;
        const search_request request = { .query = &query, .sort = sort, .offset = offset, .limit = PAGE };
        must(repo_search(repo, &request, note_row, out, &count, &error), &error);
        assert_int_equal(count, RECORDS);
    }
    expect_each_once(out);
}

static void many__are_listed_each_once_in_every_order(void **state)
{
    static const search_sort sorts[] = { SORT_RANK, SORT_TITLE, SORT_SERIES_BACKWARDS, SORT_CREATED_NEWEST };
    static listed list, backwards;
    room *room = *state;
    recto_error error;
    const mms_id first = load(room->repo);
    shelve(room->repo, first);
    list_all(&list, room->repo, SORT_CALL_NUMBER);
    list_all(&backwards, room->repo, SORT_CALL_NUMBER_BACKWARDS);
    for (int i = 0; i < HELD; i++) { /* what stands on the shelf comes first, both ways */
        assert_int_equal(list.ids[i], next_id(first, RECORDS - 1 - i));
        assert_int_equal(backwards.ids[i], next_id(first, RECORDS - HELD + i));
    }
    assert_int_equal(list.ids[HELD], first);              /* QA1 */
    for (size_t i = RECORDS / 2 + HELD; i < RECORDS; i++) /* what has none comes last, both ways */
        assert_true(list.ids[i] / 10000 % 2 != first / 10000 % 2 && backwards.ids[i] / 10000 % 2 != first / 10000 % 2);
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++)
        list_all(&list, room->repo, sorts[i]);
    /* uniform titles have no walk: told, and not waited for */
    const search_request uniform = { .sort = SORT_UNIFORM_TITLE, .limit = 5 };
    assert_int_equal(repo_search(room->repo, &uniform, note_row, &list, NULL, &error), RECTO_ELIMIT);
    assert_non_null(strstr(error.what, "20000"));
}

static void their_items__are_found_by_what_their_records_have(void **state)
{
    static listed list;
    room *room = *state;
    recto_error error;
    size_t count = 0;
    const query_node query = {
        .kind = QUERY_TERM, .index = repo_search_index("kw"), .operator= SEARCH_KEYWORDS, .value = TEXT("many")
    };
    const search_request items = { .type = SEARCH_PHYSICAL_ITEMS, .query = &query, .sort = SORT_TITLE, .limit = 50 };
    shelve(room->repo, load(room->repo));
    list.count = 0;
    must(repo_search(room->repo, &items, note_row, &list, &count, &error), &error);
    assert_int_equal(count, PIECES * PIECES);
    assert_int_equal(list.count, PIECES * PIECES);
}

static bool note_key(void *context, const browse_row *row)
{
    buffer_append_text(context, row->key);
    assert_int_equal(row->count, RECORDS);
    return false;
}

static void a_heading_of_all__leads_to_each(void **state)
{
    static listed list;
    room *room = *state;
    recto_error error;
    buffer key;
    const browse_request request = { .kind = BROWSE_SUBJECTS, .from = TEXT("common"), .after = 1 };
    (void)load(room->repo);
    buffer_init(&key, 0);
    list.count = 0;
    must(repo_browse(room->repo, &request, note_key, &key, &error), &error);
    must(repo_browse_records(room->repo, &request, buffer_text(&key), note_id, &list, &error), &error);
    expect_each_once(&list);
    buffer_release(&key);
}

/* A walk from the first series passes thousands that none of them has: it is given up, and they stand in order all the same. */
static void few_behind_many__are_in_order(void **state)
{
    static listed list;
    room *room = *state;
    recto_error error;
    size_t count = 0, held = 0;
    const mms_id first = load(room->repo);
    const query_node query = {
        .kind = QUERY_TERM, .index = repo_search_index("kw"), .operator= SEARCH_KEYWORDS, .value = TEXT("late")
    };
    const search_request request = { .query = &query, .sort = SORT_SERIES, .limit = RECORDS };
    list.count = 0;
    must(repo_search(room->repo, &request, note_row, &list, &count, &error), &error);
    assert_int_equal(count, RECORDS - LATE);
    assert_int_equal(list.count, count);
    for (mms_id before = -1; held < count; held++) {
        const mms_id number = (list.ids[held] - first) / 10000;
        if (number % 2 != 0)
            break; /* those without a series come last */
        assert_true(number * 19 % RECORDS > before);
        before = number * 19 % RECORDS;
    }
    assert_int_equal(held, count / 2);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(many__are_listed_each_once_in_every_order),
        IN_ROOM(their_items__are_found_by_what_their_records_have),
        IN_ROOM(a_heading_of_all__leads_to_each),
        IN_ROOM(few_behind_many__are_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
