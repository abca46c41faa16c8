/* tests/repo/bulk_test.c - a load's segments of the index: many become few while it goes on, and fewer when it ends. */
#include "room.h"

#include "../../src/repo/postings_inside.h"
#include "recto/repo/bulk.h"

enum { A_LARGE_BATCH = 1600, A_SMALL_BATCH = 2, LARGE_BATCHES = 2, SMALL_BATCHES = 40, BECOME_ONE = 24, FEW = 6 };

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(small_segments_become_one_as_soon_as_they_are_enough, room_open, room_close),
        cmocka_unit_test_setup_teardown(what_is_left_becomes_one_at_the_end, room_open, room_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
