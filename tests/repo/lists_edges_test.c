/* tests/repo/lists_edges_test.c - lists whose reader has had enough, that go on from a row, in zones that have none of a heading,
 * and over records that are damaged. */
#include "room.h"

#include "recto/repo/authorities.h"
#include "recto/repo/custody.h"
#include "recto/repo/jobs.h"
#include "recto/repo/links.h"
#include "recto/repo/sets.h"

#include <sqlite3.h>

typedef struct taken {
    char text[4000], last_key[256];
    size_t rows, wanted, key_length;
    mms_id last;
} taken;

static bool take_row(void *context, const browse_row *row)
{
    taken *taken = context;
    const size_t at = strlen(taken->text);
    snprintf(taken->text + at, sizeof taken->text - at, "%s%.*s (%zu)|", row->before ? "<" : "", (int)row->shown.length,
             row->shown.bytes, row->count);
    taken->key_length = row->key.length;
    memcpy(taken->last_key, row->key.bytes, row->key.length < 256 ? row->key.length : 256);
    return ++taken->rows != taken->wanted;
}

static bool take_id(void *context, mms_id id)
{
    taken *taken = context;
    taken->last = id;
    return ++taken->rows != taken->wanted;
}

static bool take_facet(void *context, search_facet facet, text value, size_t count)
{
    taken *taken = context;
    const size_t at = strlen(taken->text);
    snprintf(taken->text + at, sizeof taken->text - at, "%d:%.*s=%zu|", (int)facet, (int)value.length, value.bytes, count);
    return true;
}

static taken browse(repo *repo, const browse_request *request, size_t wanted)
{
    recto_error error;
    taken out = { .wanted = wanted };
    must(repo_browse(repo, request, take_row, &out, &error), &error);
    return out;
}

static taken records(repo *repo, const browse_request *request, text key, size_t wanted)
{
    recto_error error;
    taken out = { .wanted = wanted };
    must(repo_browse_records(repo, request, key, take_id, &out, &error), &error);
    return out;
}

static void by_hand(const room *room, const char *script)
{
    sqlite3 *database = NULL;
    char *message = NULL;
    assert_int_equal(sqlite3_open(room->path, &database), SQLITE_OK);
    if (sqlite3_exec(database, script, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", script, message);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static void add_subjects(repo *repo, int zone, int from, int to)
{
    for (int i = from; i < to; i++) {
        char line[60];
        snprintf(line, sizeof line, "650  0 $aSubject %02d", i);
        (void)room_add(repo, zone, RECORD("245 10 $aTitle", line, "650  0 $aCommon"));
    }
}

static void a_list__ends_where_its_reader_has_enough(void **state)
{
    room *room = *state;
    recto_error error;
    add_subjects(room->repo, INSTITUTION, 0, 6);
    browse_request request = { .kind = BROWSE_SUBJECTS, .from = TEXT("subject 03"), .before = 2, .after = 2 };
    assert_string_equal(browse(room->repo, &request, 0).text, "<Subject 01 (1)|<Subject 02 (1)|Subject 03 (1)|Subject 04 (1)|");
    assert_string_equal(browse(room->repo, &request, 1).text, "<Subject 01 (1)|");
    assert_string_equal(browse(room->repo, &request, 3).text, "<Subject 01 (1)|<Subject 02 (1)|Subject 03 (1)|");
    taken first = browse(room->repo, &request, 3);
    request.from = text_of(first.last_key, first.key_length);
    request.from_key = true;
    assert_string_equal(browse(room->repo, &request, 0).text, "<Subject 01 (1)|<Subject 02 (1)|Subject 03 (1)|Subject 04 (1)|");
    assert_int_equal(records(room->repo, &request, request.from, 0).rows, 1);
    request = (browse_request){ .kind = BROWSE_SUBJECTS, .from = TEXT("common"), .after = 1 };
    taken common = browse(room->repo, &request, 0);
    assert_string_equal(common.text, "Common (6)|");
    assert_int_equal(records(room->repo, &request, text_of(common.last_key, common.key_length), 4).rows, 4);
    assert_string_equal(browse(room->repo, &(browse_request){ .kind = BROWSE_SUBJECTS, .before = 5 }, 0).text, "");
    for (int side = 0; side < 2; side++) {
        const browse_request many = { .kind = BROWSE_SUBJECTS, .before = side == 0 ? 1001 : 0, .after = side == 1 ? 1001 : 0 };
        assert_int_equal(repo_browse(room->repo, &many, take_row, &common, &error), RECTO_ELIMIT);
        assert_int_equal(repo_authority_browse(room->repo, &many, "", NULL, NULL, &error), RECTO_ELIMIT);
    }
}

/* The example of a heading is a record of the zones asked for, however many others have it first. */
static void a_list_of_a_zone__has_what_is_there(void **state)
{
    enum { OTHERS = 70 };
    room *room = *state;
    const int zone = OTHER;
    add_subjects(room->repo, INSTITUTION, 0, OTHERS);
    add_subjects(room->repo, OTHER, OTHERS, OTHERS + 2);
    const browse_request request = { .kind = BROWSE_SUBJECTS, .zones = &zone, .zone_count = 1, .from = TEXT("a"), .after = 5 };
    taken list = browse(room->repo, &request, 0);
    assert_string_equal(list.text, "Common (2)|Subject 70 (1)|Subject 71 (1)|");
    const browse_request common = {
        .kind = BROWSE_SUBJECTS, .zones = &zone, .zone_count = 1, .from = TEXT("common"), .after = 1
    };
    list = browse(room->repo, &common, 0);
    assert_int_equal(records(room->repo, &common, text_of(list.last_key, list.key_length), 0).rows, 2);
}

static void a_damaged_record__shows_the_key_of_its_heading(void **state)
{
    room *room = *state;
    add_subjects(room->repo, INSTITUTION, 0, 2);
    by_hand(room, "UPDATE version SET record = substr(record, 1, 10) WHERE doc = 1");
    const browse_request request = { .kind = BROWSE_SUBJECTS, .from = TEXT("subject 00"), .after = 2 };
    assert_string_equal(browse(room->repo, &request, 0).text, "subject 00 (1)|Subject 01 (1)|");
    findings found;
    assert_false(room_check(room->repo, &found).sound);
}

static mms_id shelve(room *room, mms_id bib, int zone, const char *line)
{
    recto_error error;
    mms_id holding = 0;
    marc_record *record = RECORD(line);
    must(repo_holding_write(room->repo, &holding, bib, zone, record, 0, "cat1", NOON, &error), &error);
    marc_record_free(record);
    return holding;
}

/* ED-169: the bibs of a call number, each once, whichever levels have it. */
static void the_shelf__leads_to_its_bibs_once_each(void **state)
{
    room *room = *state;
    recto_error error;
    mms_id bibs[3];
    shelf_limits limits = { .level = SHELF_ALL_LEVELS };
    for (size_t i = 0; i < 3; i++) {
        bibs[i] = room_add_title(room->repo, INSTITUTION, "On the shelf");
        const mms_id holding = shelve(room, bibs[i], INSTITUTION, "852 0  $bMAIN$hQA76");
        item own = { .holding = holding, .call_number = "QA76", .copy = 1 };
        must(repo_item_write(room->repo, &own, "cat1", NOON, &error), &error);
    }
    browse_request request = { .kind = BROWSE_SHELF, .from = TEXT("QA"), .after = 3 };
    taken shelf = browse(room->repo, &request, 0);
    assert_string_equal(shelf.text, "QA76 (3)|");
    const text key = text_of(shelf.last_key, shelf.key_length);
    assert_int_equal(records(room->repo, &request, key, 0).rows, 3);
    assert_int_equal(records(room->repo, &request, key, 2).rows, 2);
    request.shelf = &limits;
    assert_int_equal(records(room->repo, &request, key, 0).rows, 3);
    assert_string_equal(browse(room->repo, &request, 1).text, "QA76 (6)|");
    limits.level = SHELF_TEMPORARY;
    assert_int_equal(records(room->repo, &request, key, 0).rows, 0);
    const int zones[] = { OTHER, NETWORK };
    limits.level = SHELF_ITEMS;
    request.zones = zones;
    request.zone_count = 2;
    assert_int_equal(records(room->repo, &request, key, 0).rows, 0);
    assert_string_equal(browse(room->repo, &request, 0).text, "");
}

static bool never(void *context, mms_id id)
{
    ++*(int *)context;
    (void)id;
    return false;
}

static bool never_a_member(void *context, mms_id id, bool gone)
{
    (void)gone;
    return never(context, id);
}

static bool never_a_row(void *context, const bib_info *row)
{
    return never(context, row->id);
}

static bool never_a_set(void *context, const record_set *set, text query)
{
    (void)query;
    return never(context, set->number);
}

static bool never_a_facet(void *context, search_facet facet, text value, size_t count)
{
    (void)facet;
    (void)value;
    return never(context, (mms_id)count);
}

static bool never_a_change(void *context, const repo_job_row *row)
{
    return never(context, row->id);
}

static bool never_inventory(void *context, const repo_deleted_inventory *row)
{
    return never(context, row->id);
}

/* Whoever says "enough" is not asked again, wherever he is. */
static void a_visitor__is_asked_no_more(void **state)
{
    room *room = *state;
    repo *repo = room->repo;
    recto_error error;
    int visits = 0;
    mms_id ids[3];
    char link[60];
    for (size_t i = 0; i < 3; i++) {
        snprintf(link, sizeof link, "773 0  $w%lld", i == 0 ? 0LL : (long long)ids[0]);
        ids[i] = room_add(repo, INSTITUTION, RECORD("245 10 $aSame", "020    $a0306406152", link));
    }
    for (size_t i = 0; i < 3; i++) {
        const mms_id holding = shelve(room, ids[i], INSTITUTION, "852 0  $bMAIN$hQA76");
        const mms_id second = shelve(room, ids[i], INSTITUTION, "852 0  $bLAW$hQA76");
        item piece = { .holding = holding, .copy = 1 };
        snprintf(piece.barcode, sizeof piece.barcode, "30%zu", i);
        must(repo_item_write(repo, &piece, "cat1", NOON, &error), &error);
        must(repo_item_delete(repo, piece.id, "cat1", NOON, &error), &error);
        must(repo_holding_delete(repo, second, "cat1", NOON, &error), &error);
    }
    must(repo_find_by_key(repo, MARC_KEY_ISBN, TEXT("9780306406157"), NULL, 0, never, &visits, &error), &error);
    assert_int_equal(visits, 1);
    must(repo_bibs_naming(repo, ids[0], never, &visits, &error), &error);
    assert_int_equal(visits, 2);
    must(repo_search(repo, &(search_request){ .limit = 3 }, never_a_row, &visits, NULL, &error), &error);
    assert_int_equal(visits, 3);
    must(repo_facets(repo, &(search_request){ .limit = 3 }, never_a_facet, &visits, &error), &error);
    assert_int_equal(visits, 4);
    record_set one = { .zone = INSTITUTION, .name = "one", .owner = "cat1" }, two = { .zone = INSTITUTION, .name = "two" };
    must(repo_set_put(repo, &one, TEXT(""), NOON, &error), &error);
    must(repo_set_put(repo, &two, TEXT(""), NOON, &error), &error);
    must(repo_set_add(repo, one.number, ids, 3, NOON, NULL, &error), &error);
    must(repo_set_members(repo, one.number, never_a_member, &visits, &error), &error);
    assert_int_equal(visits, 5);
    must(repo_sets(repo, 0, never_a_set, &visits, &error), &error);
    assert_int_equal(visits, 6);
    repo_job job = { .type = "rules", .title = "A job", .user = "cat1", .zone = INSTITUTION, .started_at = NOON };
    must(repo_job_begin(repo, &job, TEXT(""), &error), &error);
    must(repo_begin(repo, &error), &error);
    for (size_t i = 0; i < 3; i++) {
        repo_job_row row = { .id = ids[i], .kind = 'B', .outcome = "changed" };
        must(repo_job_row_add(repo, job.id, &row, &error), &error);
    }
    must(repo_commit(repo, &error), &error);
    must(repo_job_rows(repo, job.id, 0, 5, never_a_change, &visits, &error), &error);
    assert_int_equal(visits, 7);
    must(repo_deleted_below(repo, 0, 0, never_inventory, &visits, &error), &error);
    assert_int_equal(visits, 8);
    must(repo_find_by_barcode(repo, TEXT("300"), never, &visits, &error), &error); /* deleted: none */
    assert_int_equal(visits, 8);
    must(repo_find_by_barcode(repo, TEXT(" "), never, &visits, &error), &error);
    assert_int_equal(visits, 8);
    const int zones[] = { INSTITUTION, OTHER };
    for (size_t i = 1; i < 3; i++) {
        mms_id gone = room_add_title(repo, zones[i - 1], "Gone");
        must(repo_begin(repo, &error), &error);
        must(repo_bib_delete(repo, gone, 1, "cat1", NOON, &error), &error);
        must(repo_commit(repo, &error), &error);
    }
    must(repo_deleted(repo, zones, 2, NOON, never_a_row, &visits, &error), &error);
    assert_int_equal(visits, 9);
}

static void a_visitor_of_links_and_barcodes__is_asked_no_more(void **state)
{
    room *room = *state;
    repo *repo = room->repo;
    recto_error error;
    int visits = 0;
    const mms_id to = room_add_title(repo, NETWORK, "Linked to");
    for (int i = 0; i < 2; i++) {
        const mms_id id = room_add_title(repo, i == 0 ? INSTITUTION : OTHER, "Linked");
        must(repo_bib_set_link(repo, id, to, &error), &error);
        item piece = { .holding = shelve(room, id, i == 0 ? INSTITUTION : OTHER, "852 0  $bMAIN$hQA76"), .barcode = "77" };
        must(repo_item_write(repo, &piece, "cat1", NOON, &error), &error);
    }
    must(repo_bibs_linked(repo, to, never, &visits, &error), &error);
    assert_int_equal(visits, 1);
    must(repo_find_by_barcode(repo, TEXT("77"), never, &visits, &error), &error);
    assert_int_equal(visits, 2);
}

/* Of items the bibs are counted, whichever of them has been chosen. */
static void facets_of_items__count_bibs(void **state)
{
    room *room = *state;
    recto_error error;
    size_t count = 0;
    const char *const languages[] = { "eng", "spa" };
    for (int i = 0; i < 2; i++) {
        char line[60];
        snprintf(line, sizeof line, "008 760211s1970    nyu           000 1 %s  ", languages[i]);
        const mms_id id = room_add(room->repo, INSTITUTION, RECORD(line, "245 10 $aTitle"));
        item piece = { .holding = shelve(room, id, INSTITUTION, "852 0  $bMAIN$hQA76") };
        for (int copy = 0; copy < 3; copy++, piece.id = 0) {
            snprintf(piece.barcode, sizeof piece.barcode, "30%d%d", i, copy);
            must(repo_item_write(room->repo, &piece, "cat1", NOON, &error), &error);
        }
    }
    const facet_choice english = { FACET_LANGUAGE, TEXT("eng") };
    const query_node barcode = {
        .kind = QUERY_TERM, .index = repo_search_index("bc"), .operator= SEARCH_STARTS_WITH, .value = TEXT("30")
    };
    const search_request items = {
        .query = &barcode, .type = SEARCH_PHYSICAL_ITEMS, .limit = 1, .choices = &english, .choice_count = 1
    };
    must(repo_search(room->repo, &items, NULL, NULL, &count, &error), &error);
    assert_int_equal(count, 3);
    taken facets = { .rows = 0 };
    must(repo_facets(room->repo, &items, take_facet, &facets, &error), &error);
    assert_non_null(strstr(facets.text, "2:eng=1|2:spa=1|"));
    assert_non_null(strstr(facets.text, "3:1970=1|"));
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(a_list__ends_where_its_reader_has_enough),
        IN_ROOM(a_list_of_a_zone__has_what_is_there),
        IN_ROOM(a_damaged_record__shows_the_key_of_its_heading),
        IN_ROOM(the_shelf__leads_to_its_bibs_once_each),
        IN_ROOM(a_visitor__is_asked_no_more),
        IN_ROOM(a_visitor_of_links_and_barcodes__is_asked_no_more),
        IN_ROOM(facets_of_items__count_bibs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
