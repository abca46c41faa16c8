/* tests/repo/bibs_test.c - records as bytes, writing with the version guard, versions, deleting, keys, inventory. */
#include "room.h"

/* ---- the codec ------------------------------------------------------------------------------------------------------- */

static void check_round_trip(const marc_record *record, char first)
{
    buffer bytes, again;
    marc_record *back = NULL;
    recto_error error;
    buffer_init(&bytes, 0);
    buffer_init(&again, 0);
    must(repo_record_encode(&bytes, record, &error), &error);
    assert_int_equal(bytes.bytes[0], first);
    must(repo_record_decode(&back, buffer_text(&bytes), &error), &error);
    assert_int_equal(marc_record_count(back), marc_record_count(record));
    for (size_t i = 0; i < marc_record_count(record); i++) {
        assert_string_equal(marc_record_field(back, i)->tag, marc_record_field(record, i)->tag);
        assert_true(text_equal(marc_record_field(back, i)->content, marc_record_field(record, i)->content));
    }
    must(repo_record_encode(&again, back, &error), &error);
    assert_true(text_equal(buffer_text(&again), buffer_text(&bytes)));
    marc_record_free(back);
    buffer_release(&bytes);
    buffer_release(&again);
}

static void codec__gives_back_every_byte(void **state)
{
    recto_error error;
    (void)state;
    marc_record *record = RECORD("001 x", "008 ", "245 10 $aTitle");
    must(marc_record_append(record, "9 !", TEXT("\x1D\x1E\x1F\x00\xFF odd"), &error), &error);
    must(marc_record_append(record, "500", TEXT(""), &error), &error);
    check_round_trip(record, '0');
    marc_record_free(record);
}

static void codec__holds_what_iso_2709_cannot(void **state)
{
    static char large[120000];
    recto_error error;
    (void)state;
    memset(large, 'a', sizeof large);
    marc_record *record = RECORD("245 10 $aTitle");
    must(marc_record_append(record, "500", text_of(large, 9999), &error),
         &error); /* one byte more than the directory's digits hold */
    check_round_trip(record, 'W');
    must(marc_record_append(record, "500", text_of(large, sizeof large), &error), &error);
    check_round_trip(record, 'W');
    marc_record_free(record);
}

static void codec__refuses_bytes_it_did_not_write(void **state)
{
    buffer bytes;
    recto_error error;
    (void)state;
    marc_record *record = RECORD("001 x", "245 10 $aTitle", "500    $aNote"), *back = NULL;
    buffer_init(&bytes, 0);
    must(repo_record_encode(&bytes, record, &error), &error);
    for (size_t length = 0; length < bytes.length; length++)
        assert_int_equal(repo_record_decode(&back, text_of(bytes.bytes, length), &error), RECTO_EDATA);
    for (size_t at = 0; at < 24 + 36; at++) { /* leader and directory: a wrong digit never reads outside */
        char kept = bytes.bytes[at];
        for (int digit = '0'; digit <= '9'; digit++) {
            bytes.bytes[at] = (char)digit;
            if (repo_record_decode(&back, buffer_text(&bytes), &error) == RECTO_OK)
                marc_record_free(back);
        }
        bytes.bytes[at] = kept;
    }
    buffer_release(&bytes);
    marc_record_free(record);
}

/* ---- writing ----------------------------------------------------------------------------------------------------------- */

static void write__keeps_what_the_list_shows(void **state)
{
    const room *room = *state;
    bib_info info;
    recto_error error;
    mms_id id =
        room_add(room->repo, INSTITUTION,
                 RECORD("008 760211s1970    nyu           000 1 eng  ", "020    $a0-306-40615-2 (pbk.)", "022    $a0317-8471",
                        "035    $a(OCoLC)ocm00000123", "100 1  $aRabassa, Gregory.", "245 14 $aThe hobbit /$cTolkien"));
    must(repo_bib_info(room->repo, id, &info, NOON, &error), &error);
    assert_string_equal(info.title, "The hobbit");
    assert_string_equal(info.creator, "Rabassa, Gregory");
    assert_string_equal(info.date, "1970");
    assert_string_equal(info.oclc, "123");
    assert_string_equal(info.isbn, "9780306406157");
    assert_string_equal(info.issn, "03178471");
    assert_string_equal(info.material, "Book");
    assert_string_equal(info.created_by, "cat1");
    assert_int_equal(info.version, 1);
    assert_int_equal(info.sync, 'B');
    assert_int_equal(info.brief_level, 8);
}

static void write__refuses_a_version_its_author_has_not_seen(void **state)
{
    const room *room = *state;
    marc_record *mine = RECORD("245 10 $aMine"), *theirs = RECORD("245 10 $aTheirs"), *stored = NULL;
    int version = 0;
    recto_error error;
    mms_id id = room_add_title(room->repo, INSTITUTION, "First");
    must(room_change(room->repo, id, theirs, 1, &version, &error), &error);
    assert_int_equal(version, 2);
    assert_int_equal(room_change(room->repo, id, mine, 1, &version, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "version 2"));
    assert_int_equal(room_change(room->repo, id, mine, 0, &version, &error), RECTO_EREFUSED);
    assert_int_equal(room_change(room->repo, id + 10000, mine, 1, &version, &error), RECTO_ENOTFOUND);
    must(repo_bib_load(room->repo, id, &stored, NULL, NOON, &error), &error);
    assert_true(text_equal(marc_record_text(stored, "245", 'a'), TEXT("Theirs")));
    marc_record_free(stored);
    marc_record_free(mine);
    marc_record_free(theirs);
    assert_sound(room->repo);
}

static void rollback__leaves_nothing(void **state)
{
    const room *room = *state;
    mms_id id = 0;
    bib_info info;
    recto_error error;
    marc_record *record = RECORD("245 10 $aNever", "035    $a(OCoLC)77");
    must(repo_begin(room->repo, &error), &error);
    must(repo_bib_new_id(room->repo, INSTITUTION, &id, &error), &error);
    must(room_try_write(room->repo, id, INSTITUTION, record, 0, NULL, &error), &error);
    repo_rollback(room->repo);
    marc_record_free(record);
    assert_int_equal(repo_bib_info(room->repo, id, &info, NOON, &error), RECTO_ENOTFOUND);
    assert_sound(room->repo);
}

typedef struct version_list {
    int numbers[8];
    size_t count;
} version_list;

static void note_version(void *context, const bib_version *version)
{
    version_list *list = context;
    list->numbers[list->count++] = version->version;
    assert_string_equal(version->saved_by, "cat1");
}

static void versions__are_all_kept_and_each_can_be_read(void **state)
{
    const room *room = *state;
    version_list list = { .count = 0 };
    recto_error error;
    mms_id id = room_add_title(room->repo, INSTITUTION, "Version 1");
    for (int expected = 1; expected < 4; expected++) {
        char line[40];
        snprintf(line, sizeof line, "245 10 $aVersion %d", expected + 1);
        marc_record *next = RECORD(line);
        must(room_change(room->repo, id, next, expected, NULL, &error), &error);
        marc_record_free(next);
    }
    must(repo_versions(room->repo, id, note_version, &list, &error), &error);
    assert_int_equal(list.count, 4);
    assert_int_equal(list.numbers[0], 4);
    for (int version = 1; version <= 4; version++) {
        marc_record *record = NULL;
        char title[40];
        snprintf(title, sizeof title, "Version %d", version);
        must(repo_version_load(room->repo, id, version, &record, &error), &error);
        assert_true(text_equal(marc_record_text(record, "245", 'a'), text_from(title)));
        marc_record_free(record);
    }
    marc_record *none = NULL;
    assert_int_equal(repo_version_load(room->repo, id, 5, &none, &error), RECTO_ENOTFOUND);
}

typedef struct id_list {
    mms_id ids[8];
    size_t count;
} id_list;

static bool note_id(void *context, mms_id id)
{
    id_list *list = context;
    list->ids[list->count++] = id;
    return list->count < 8;
}

static size_t count_keys(repo *repo, marc_key_kind kind, const char *key, int zone)
{
    id_list list = { .count = 0 };
    recto_error error;
    must(repo_find_by_key(repo, kind, text_from(key), zone == 0 ? NULL : &zone, zone != 0, note_id, &list, &error), &error);
    return list.count;
}

static void keys__follow_every_change(void **state)
{
    const room *room = *state;
    recto_error error;
    mms_id id = room_add(room->repo, INSTITUTION, RECORD("035    $a(OCoLC)123$z(OCoLC)99", "245 10 $aA"));
    (void)room_add(room->repo, NETWORK, RECORD("035    $a(OCoLC)on0000000123", "245 10 $aB"));
    assert_int_equal(count_keys(room->repo, MARC_KEY_OCLC, "123", 0), 2);
    assert_int_equal(count_keys(room->repo, MARC_KEY_OCLC, "123", NETWORK), 1);
    assert_int_equal(count_keys(room->repo, MARC_KEY_OCLC, "99", 0), 1);
    marc_record *next = RECORD("035    $a(OCoLC)456", "245 10 $aA");
    must(room_change(room->repo, id, next, 1, NULL, &error), &error);
    marc_record_free(next);
    assert_int_equal(count_keys(room->repo, MARC_KEY_OCLC, "123", 0), 1);
    assert_int_equal(count_keys(room->repo, MARC_KEY_OCLC, "99", 0), 0);
    assert_int_equal(count_keys(room->repo, MARC_KEY_OCLC, "456", INSTITUTION), 1);
    assert_sound(room->repo);
}

static void delete__takes_out_of_indexes_and_a_write_brings_back(void **state)
{
    const room *room = *state;
    bib_info info;
    recto_error error;
    mms_id id = room_add(room->repo, INSTITUTION, RECORD("035    $a(OCoLC)123", "245 10 $aA"));
    must(repo_begin(room->repo, &error), &error);
    must(repo_bib_delete(room->repo, id, 1, "cat2", NOON + 5, &error), &error);
    must(repo_commit(room->repo, &error), &error);
    assert_int_equal(count_keys(room->repo, MARC_KEY_OCLC, "123", 0), 0);
    must(repo_bib_info(room->repo, id, &info, NOON, &error), &error);
    assert_true(info.deleted);
    assert_sound(room->repo);
    marc_record *again = RECORD("035    $a(OCoLC)123", "245 10 $aA");
    must(room_change(room->repo, id, again, 1, NULL, &error), &error);
    marc_record_free(again);
    assert_int_equal(count_keys(room->repo, MARC_KEY_OCLC, "123", 0), 1);
    assert_sound(room->repo);
}

static void set_tags__changes_only_what_is_named(void **state)
{
    const room *room = *state;
    bib_info info;
    recto_error error;
    mms_id id = room_add_title(room->repo, INSTITUTION, "A");
    must(repo_bib_set_tags(room->repo, id, 'N', -1, "cat2", NOON + 9, &error), &error);
    must(repo_bib_set_tags(room->repo, id, 0, 1, "cat2", NOON + 9, &error), &error);
    must(repo_bib_info(room->repo, id, &info, NOON, &error), &error);
    assert_int_equal(info.sync, 'N');
    assert_true(info.suppressed);
    assert_string_equal(info.modified_by, "cat2");
    assert_string_equal(info.created_by, "cat1");
    assert_int_equal(info.version, 1);
}

/* ---- inventory ----------------------------------------------------------------------------------------------------------- */

static void note_holding(void *context, const holding *holding)
{
    *(struct holding *)context = *holding;
}

static void count_item(void *context, const item *item)
{
    (void)item;
    ++*(int *)context;
}

static void holdings_and_items__are_counted_in_their_record(void **state)
{
    const room *room = *state;
    mms_id id = room_add_title(room->repo, INSTITUTION, "A"), holding_id = 0;
    holding info, listed;
    bib_info bib;
    marc_record *record = RECORD("852 0  $bMAIN$cSTACKS$hML410.B41$iF679 1998"), *back = NULL;
    int items = 0;
    recto_error error;
    must(repo_holding_write(room->repo, &holding_id, id, INSTITUTION, record, 0, "cat1", NOON, &error), &error);
    assert_int_equal(holding_id / 10000000000000000, 22);
    item item = { .holding = holding_id, .barcode = "a 12", .copy = 1, .material = "BOOK" };
    must(repo_item_write(room->repo, &item, "cat1", NOON, &error), &error);
    assert_int_equal(item.id / 10000000000000000, 23);
    assert_int_equal(item.bib, id);
    struct item twin = { .holding = holding_id, .barcode = "A12", .copy = 2 };
    assert_int_equal(repo_item_write(room->repo, &twin, "cat1", NOON, &error), RECTO_EINVALID);
    assert_int_equal(twin.id, 0);
    must(repo_bib_info(room->repo, id, &bib, NOON, &error), &error);
    assert_int_equal(bib.holdings, 1);
    assert_int_equal(bib.items, 1);
    must(repo_holding_load(room->repo, holding_id, &back, &info, &error), &error);
    assert_string_equal(info.library, "MAIN");
    assert_string_equal(info.location, "STACKS");
    assert_string_equal(info.call_number, "ML410.B41 F679 1998");
    assert_int_equal(repo_holding_write(room->repo, &holding_id, id, INSTITUTION, record, 7, "cat1", NOON, &error),
                     RECTO_EREFUSED);
    must(repo_holding_write(room->repo, &holding_id, id, INSTITUTION, record, 1, "cat1", NOON, &error), &error);
    must(repo_holdings(room->repo, id, note_holding, &listed, &error), &error);
    assert_int_equal(listed.version, 2);
    assert_int_equal(listed.items, 1);
    must(repo_items(room->repo, id, count_item, &items, &error), &error);
    must(repo_items(room->repo, holding_id, count_item, &items, &error), &error);
    assert_int_equal(items, 2);
    assert_int_equal(repo_holding_delete(room->repo, holding_id, "cat1", NOON, &error), RECTO_EREFUSED);
    must(repo_item_delete(room->repo, item.id, "cat1", NOON, &error), &error);
    must(repo_holding_delete(room->repo, holding_id, "cat1", NOON, &error), &error);
    must(repo_bib_info(room->repo, id, &bib, NOON, &error), &error);
    assert_int_equal(bib.holdings + bib.items, 0);
    marc_record_free(record);
    marc_record_free(back);
    assert_sound(room->repo);
}

static void holdings__are_not_for_the_network_zone(void **state)
{
    const room *room = *state;
    mms_id id = room_add_title(room->repo, NETWORK, "A"), holding_id = 0;
    marc_record *record = RECORD("852 0  $bMAIN");
    recto_error error;
    assert_int_equal(repo_holding_write(room->repo, &holding_id, id, NETWORK, record, 0, "cat1", NOON, &error), RECTO_EREFUSED);
    assert_int_equal(holding_id, 0);
    marc_record_free(record);
}

static bool note_two(void *context, const bib_info *row)
{
    mms_id *order = context;
    order[order[0] == 0 ? 0 : 1] = row->id;
    return true;
}

static void holdings_without_852__stand_nowhere(void **state)
{
    const room *room = *state;
    recto_error error;
    holding info;
    mms_id id = 0;
    marc_record *record = RECORD("866  0 $av.1-3");
    const mms_id bib = room_add_title(room->repo, INSTITUTION, "A");
    must(repo_holding_write(room->repo, &id, bib, INSTITUTION, record, 0, "cat1", NOON, &error), &error);
    must(repo_holding_load(room->repo, id, NULL, &info, &error), &error);
    assert_string_equal(info.library, "");
    assert_string_equal(info.location, "");
    assert_string_equal(info.call_number, "");
    marc_record_free(record);
    assert_sound(room->repo);
}

/* A clock that was never set: what was saved by it is older than all else. */
static void a_record_from_before_1970__is_the_oldest(void **state)
{
    const room *room = *state;
    recto_error error;
    mms_id old = 0, order[2] = { 0, 0 };
    const mms_id now = room_add_title(room->repo, INSTITUTION, "Now");
    marc_record *record = RECORD("245 10 $aThen");
    must(repo_begin(room->repo, &error), &error);
    must(repo_bib_new_id(room->repo, INSTITUTION, &old, &error), &error);
    const bib_write write = {
        .id = old, .zone = INSTITUTION, .record = record, .user = "cat1", .origin = "editor", .now = -86400
    };
    must(repo_bib_write(room->repo, &write, NULL, &error), &error);
    must(repo_commit(room->repo, &error), &error);
    marc_record_free(record);
    const search_request newest = { .sort = SORT_CREATED_NEWEST, .limit = 2 };
    must(repo_search(room->repo, &newest, note_two, order, NULL, &error), &error);
    assert_int_equal(order[0], now);
    assert_int_equal(order[1], old);
    assert_sound(room->repo);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codec__gives_back_every_byte),
        cmocka_unit_test(codec__holds_what_iso_2709_cannot),
        cmocka_unit_test(codec__refuses_bytes_it_did_not_write),
        IN_ROOM(write__keeps_what_the_list_shows),
        IN_ROOM(write__refuses_a_version_its_author_has_not_seen),
        IN_ROOM(rollback__leaves_nothing),
        IN_ROOM(versions__are_all_kept_and_each_can_be_read),
        IN_ROOM(keys__follow_every_change),
        IN_ROOM(delete__takes_out_of_indexes_and_a_write_brings_back),
        IN_ROOM(set_tags__changes_only_what_is_named),
        IN_ROOM(holdings_and_items__are_counted_in_their_record),
        IN_ROOM(holdings__are_not_for_the_network_zone),
        IN_ROOM(holdings_without_852__stand_nowhere),
        IN_ROOM(a_record_from_before_1970__is_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
