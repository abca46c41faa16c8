/* tests/repo/bulk_test.c - a load's segments of the index: many become few while it goes on, and fewer when it ends. */
#include "room.h"

#include "../../src/repo/held_segment.h"
#include "../../src/repo/postings_inside.h"
#include "recto/repo/bulk.h"

#include <sqlite3.h>

enum { A_LARGE_BATCH = 1600, A_SMALL_BATCH = 2, LARGE_BATCHES = 2, SMALL_BATCHES = 40, BECOME_ONE = 24, FEW = 6 };

static void by_hand(const room *room, const char *script)
{
    sqlite3 *database = NULL;
    char *message = NULL;
    assert_int_equal(sqlite3_open(room->path, &database), SQLITE_OK);
    if (sqlite3_exec(database, script, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", script, message);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

typedef struct loading {
    repo *repo;
    bulk *bulk;
    bulk_maker *maker;
    bulk_slot *slot;
    bulk_batch *batch;
    int64_t stored;
} loading;

static void begin(loading *load, repo *repo)
{
    recto_error error;
    *load = (loading){ .repo = repo };
    must(bulk_new(&load->bulk, repo, INSTITUTION, &error), &error);
    must(bulk_maker_new(&load->maker, &error), &error);
    must(bulk_slot_new(&load->slot, &error), &error);
    must(bulk_batch_new(&load->batch, &error), &error);
}

static void end(loading *load)
{
    bulk_batch_free(load->batch);
    bulk_slot_free(load->slot);
    bulk_maker_free(load->maker);
    bulk_free(load->bulk);
}

static void gather(loading *load, int64_t number)
{
    char line[80];
    recto_error error;
    snprintf(line, sizeof line, "245 10 $aLoaded title%lld", (long long)number);
    marc_record *record = RECORD(line);
    const bib_write write = { .id = bulk_id(load->bulk, number),
                              .zone = INSTITUTION,
                              .record = record,
                              .user = "cat1",
                              .origin = "load",
                              .now = NOON,
                              .suppressed = -1 };
    must(bulk_make(load->slot, load->maker, &write, &error), &error);
    must(bulk_batch_add(load->batch, load->slot, &error), &error);
    marc_record_free(record);
}

static void load_batch(loading *load, int records)
{
    recto_error error;
    int64_t number = 0, first = 0;
    must(repo_begin(load->repo, &error), &error);
    must(bulk_numbers(load->bulk, records, &number, &error), &error);
    must(bulk_next_document(&first, load->bulk, &error), &error);
    bulk_batch_clear(load->batch, first);
    for (int i = 0; i < records; i++)
        gather(load, number + i);
    must(bulk_batch_end(load->batch, &error), &error);
    must(bulk_store(load->bulk, load->batch, &first, &error), &error);
    must(repo_commit(load->repo, &error), &error);
    load->stored += records;
}

static void merge(loading *load, bool at_end)
{
    recto_error error;
    for (bool more = true; more;)
        must(bulk_merge(load->bulk, at_end, &more, &error), &error);
}

static size_t live_segments(repo *repo)
{
    segment_list list = { .rows = NULL };
    recto_error error;
    size_t live = 0;
    bool own;
    must(look_begin(repo, &own, &error), &error);
    must(segments_read(&list, repo, &error), &error);
    look_end(repo, own);
    for (size_t i = 0; i < list.count; i++)
        live += list.rows[i].state == SEGMENT_LIVE;
    segment_list_free(&list);
    return live;
}

static uint64_t found(repo *repo, const char *word)
{
    static const uint8_t columns[] = { POSTING_WORDS + WORDS_TITLE, 0 };
    recto_error error;
    index_reader *reader = NULL;
    index_set *documents = NULL;
    bool own;
    must(look_begin(repo, &own, &error), &error);
    must(postings_reader(&reader, repo, &error), &error);
    must(index_find(&documents, reader, columns, text_from(word), &error), &error);
    look_end(repo, own);
    const uint64_t many = index_set_count(documents);
    index_set_free(documents);
    return many;
}

/* It was looked for them after every sixteenth batch only, so that a few larger segments put a merge off for as many batches. */
static void small_segments_become_one_as_soon_as_they_are_enough(void **state)
{
    room *room = *state;
    loading load;
    begin(&load, room->repo);
    for (int i = 0; i < LARGE_BATCHES; i++)
        load_batch(&load, A_LARGE_BATCH);
    for (int i = 0; i < SMALL_BATCHES; i++) {
        load_batch(&load, A_SMALL_BATCH);
        merge(&load, false);
        assert_true(live_segments(room->repo) < LARGE_BATCHES + BECOME_ONE + 1);
    }
    assert_true(live_segments(room->repo) < SMALL_BATCHES);
    assert_int_equal(found(room->repo, "loaded"), load.stored);
    end(&load);
    assert_sound(room->repo);
}

static void what_is_left_becomes_one_at_the_end(void **state)
{
    room *room = *state;
    loading load;
    begin(&load, room->repo);
    for (int i = 0; i < FEW; i++) {
        load_batch(&load, A_SMALL_BATCH);
        merge(&load, false);
    }
    assert_int_equal(live_segments(room->repo), FEW);
    merge(&load, true);
    assert_int_equal(live_segments(room->repo), 1);
    assert_int_equal(found(room->repo, "loaded"), load.stored);
    end(&load);
    assert_sound(room->repo);
}

static void a_giant__leaves_room_for_the_next(void **state)
{
    enum { GIANT = 600 * 1024 };
    room *room = *state;
    recto_error error;
    loading load;
    int64_t number = 0, first = 0;
    char *line = malloc(GIANT + 1);
    assert_non_null(line);
    uint64_t dice = 7;
    for (size_t i = 0; i < GIANT; i++) { /* nothing that packs well */
        dice = dice * 6364136223846793005U + 1442695040888963407U;
        line[i] = (char)('A' + (dice >> 40) % 58);
    }
    memcpy(line, "500    $a", 9);
    line[GIANT] = '\0';
    begin(&load, room->repo);
    must(repo_begin(load.repo, &error), &error);
    must(bulk_numbers(load.bulk, 3, &number, &error), &error);
    must(bulk_next_document(&first, load.bulk, &error), &error);
    bulk_batch_clear(load.batch, first);
    marc_record *giant = RECORD("245 10 $aLoaded giant", line);
    const bib_write write = { .id = bulk_id(load.bulk, number),
                              .zone = INSTITUTION,
                              .record = giant,
                              .user = "cat1",
                              .origin = "load",
                              .now = NOON,
                              .suppressed = -1 };
    must(bulk_make(load.slot, load.maker, &write, &error), &error);
    must(bulk_batch_add(load.batch, load.slot, &error), &error);
    assert_true(bulk_batch_bytes(load.batch) > 256 * 1024);
    gather(&load, number + 1);
    gather(&load, number + 2);
    must(bulk_batch_end(load.batch, &error), &error);
    must(bulk_store(load.bulk, load.batch, &first, &error), &error);
    must(repo_commit(load.repo, &error), &error);
    assert_int_equal(found(room->repo, "loaded"), 3);
    assert_int_equal(found(room->repo, "giant"), 1);
    end(&load);
    marc_record_free(giant);
    free(line);
    assert_sound(room->repo);
}

/* Somebody rebuilds the index while a load merges: what is merged is not wanted any more, and the load goes on. */
static void a_merge_overtaken__is_given_up(void **state)
{
    room *room = *state;
    recto_error error;
    loading load;
    bool more = true;
    begin(&load, room->repo);
    for (int i = 0; i < FEW; i++)
        load_batch(&load, A_SMALL_BATCH);
    by_hand(room, "CREATE TRIGGER overtaken AFTER INSERT ON posting_segment BEGIN"
                  " UPDATE posting_segment SET state = 2 WHERE state = 1; END");
    must(bulk_merge(load.bulk, true, &more, &error), &error);
    assert_false(more);
    by_hand(room, "DROP TRIGGER overtaken");
    load_batch(&load, A_SMALL_BATCH);
    end(&load);
    assert_int_equal(found(room->repo, "loaded"), load.stored);
    assert_sound(room->repo);
}

static void a_block_that_was_not_put__is_not_there(void **state)
{
    recto_error error;
    held_segment held;
    text bytes = { NULL, 0 };
    (void)state;
    held_init(&held);
    const index_store store = held_store(&held);
    must(store.put(store.context, 3, 0, TEXT("block"), &error), &error);
    must(store.get(store.context, 3, 0, &bytes, &error), &error);
    assert_true(text_equal(bytes, TEXT("block")));
    assert_int_equal(store.get(store.context, 3, 1, &bytes, &error), RECTO_ENOTFOUND);
    assert_non_null(strstr(error.what, "segment 3"));
    held_release(&held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(small_segments_become_one_as_soon_as_they_are_enough, room_open, room_close),
        cmocka_unit_test_setup_teardown(what_is_left_becomes_one_at_the_end, room_open, room_close),
        cmocka_unit_test_setup_teardown(a_giant__leaves_room_for_the_next, room_open, room_close),
        cmocka_unit_test_setup_teardown(a_merge_overtaken__is_given_up, room_open, room_close),
        cmocka_unit_test_setup_teardown(a_block_that_was_not_put__is_not_there, room_open, room_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
