/* tests/index/long_merge_test.c - merges of long lists, which are moved in pieces: sources apart and overlapping, documents that
 * came again or were deleted, terms with and without places, entries among the sources. What a document holds is told by its
 * number and its version; the model keeps only the version. */
#include "memory_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum { NUMBERS = 150000, SOURCES = 5, ENTRIES = 40, PLACED = 1, CODE = 2, MIXED = 3, RARE = 4, COLUMNS = 4, PLACES = 3 };
enum { ABSENT = 0xFF, DELETED = 0xFE };

typedef struct world {
    uint64_t random;
    unsigned char versions[NUMBERS + 1]; /* ABSENT, DELETED, or what it holds */
    memory_store store;
    index_segment_info infos[SOURCES + 1];
    index_set *documents[SOURCES + 1];
    buffer entries[ENTRIES];
    index_document entry_documents[ENTRIES];
    size_t entry_count;
    index_entry *entry;
} world;

static uint32_t roll(world *world, uint32_t below)
{
    world->random = world->random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(world->random >> 33) % below;
}

/* The places of the column's one term in a document; none in `count` 0; a single 0: without place. */
static size_t places_of(uint32_t places[static PLACES], unsigned column, index_document document, unsigned version)
{
    if (version >= DELETED || (document * 7 + version * 3 + column) % 11 == 0)
        return 0;
    if (column == RARE && document % 97 != version)
        return 0;
    places[0] = 1 + (document + version) % 300;
    places[1] = places[0] + 1 + version;
    places[2] = places[1] + 400;
    if (column == CODE || (column == MIXED && version % 2 == 0))
        places[0] = INDEX_NO_PLACE;
    return places[0] == INDEX_NO_PLACE ? 1 : 1 + (document + version) % PLACES;
}

static void collect(world *world, index_document document, unsigned version)
{
    index_entry_clear(world->entry);
    for (unsigned column = 1; column <= COLUMNS; column++) {
        uint32_t places[PLACES];
        size_t count = places_of(places, column, document, version);
        for (size_t i = 0; i < count; i++)
            index_entry_add(world->entry, column, TEXT("term"), places[i]);
    }
}

static void make_segment(world *world, size_t number, index_document first, index_document last, uint32_t share)
{
    index_builder *builder = index_builder_new();
    for (index_document i = first; i <= last; i++) {
        if (roll(world, 100) >= share)
            continue;
        world->versions[i] = roll(world, 20) == 0 ? DELETED : (unsigned char)number;
        collect(world, i, world->versions[i]);
        assert_int_equal(index_builder_add(builder, i, world->entry, NULL), RECTO_OK);
    }
    assert_int_equal(
        index_builder_write(builder, &world->store.door, (int64_t)number, &world->infos[number], &world->documents[number], NULL),
        RECTO_OK);
    index_builder_free(builder);
}

static void make_entries(world *world)
{
    for (size_t i = 0; i < ENTRIES; i++) {
        index_document document = 1 + roll(world, NUMBERS);
        world->versions[document] = i % 5 == 0 ? DELETED : 7;
        collect(world, document, world->versions[document]);
        buffer_init(&world->entries[i], 0);
        assert_int_equal(index_entry_write(&world->entries[i], world->entry, NULL), RECTO_OK);
        world->entry_documents[i] = document;
    }
    world->entry_count = ENTRIES;
}

static void merge(world *world, uint64_t work, bool drop_empty, size_t *steps)
{
    index_source sources[SOURCES + ENTRIES] = { 0 };
    index_merge *merge = NULL;
    bool done = false;
    for (size_t i = 0; i < SOURCES; i++)
        sources[i] = (index_source){ .segment = &world->infos[i], .documents = world->documents[i] };
    for (size_t i = 0; i < world->entry_count; i++)
        sources[SOURCES + i] = (index_source){ .document = world->entry_documents[i], .entry = buffer_text(&world->entries[i]) };
    assert_int_equal(
        index_merge_new(&merge, sources, SOURCES + world->entry_count, &world->store.door, SOURCES, drop_empty, NULL), RECTO_OK);
    for (; !done; ++*steps)
        assert_int_equal(index_merge_step(merge, work, &done, &world->infos[SOURCES], &world->documents[SOURCES], NULL),
                         RECTO_OK);
    index_merge_free(merge);
}

/* ---- what is expected ---- */

typedef struct walked {
    const world *world;
    unsigned column;
    index_document document;
    size_t place;
} walked;

/* To the next posting of the model from where `at` stands. false: there is none */
static bool next_of_model(walked *at, uint32_t *place)
{
    for (; at->column <= COLUMNS; at->column++, at->document = 1) {
        for (; at->document <= NUMBERS; at->document++, at->place = 0) {
            uint32_t places[PLACES];
            if (at->place >= places_of(places, at->column, at->document, at->world->versions[at->document]))
                continue;
            *place = places[at->place];
            return true;
        }
    }
    return false;
}

static bool compare_posting(void *context, unsigned column, text term, index_document document, uint32_t place)
{
    walked *at = context;
    uint32_t wanted = 0;
    assert_true(next_of_model(at, &wanted));
    assert_int_equal(term.length, 4);
    assert_int_equal(column, at->column);
    assert_int_equal(document, at->document);
    assert_int_equal(place, wanted);
    at->place++;
    return true;
}

static bool holds_phrase(const world *world, index_document document)
{
    uint32_t places[PLACES];
    size_t count = places_of(places, PLACED, document, world->versions[document]);
    return count > 1 && places[1] == places[0] + 1;
}

static void check(world *world, bool drop_empty)
{
    index_source made = { .segment = &world->infos[SOURCES], .documents = world->documents[SOURCES] };
    walked at = { .world = world, .column = 1, .document = 1 };
    uint32_t place;
    assert_int_equal(index_walk(&made, &world->store.door, compare_posting, &at, NULL), RECTO_OK);
    assert_false(next_of_model(&at, &place));
    static const uint8_t columns[] = { PLACED, 0 };
    static const text phrase[] = { { "term", 4 }, { "term", 4 } };
    index_reader *reader = index_reader_new(&world->store.door);
    index_set *found = NULL;
    assert_int_equal(index_reader_add_segment(reader, made.segment, index_set_copy(made.documents), NULL), RECTO_OK);
    assert_int_equal(index_find_phrase(&found, reader, columns, phrase, 2, false, NULL), RECTO_OK);
    for (index_document i = 1; i <= NUMBERS; i++) {
        uint32_t places[PLACES];
        bool empty = true;
        for (unsigned column = 1; column <= COLUMNS; column++)
            empty = empty && places_of(places, column, i, world->versions[i]) == 0;
        assert_int_equal(index_set_has(made.documents, i), world->versions[i] != ABSENT && !(drop_empty && empty));
        assert_int_equal(index_set_has(found, i), holds_phrase(world, i));
    }
    index_set_free(found);
    index_reader_free(reader);
}

static void run(uint64_t seed, bool overlapping, bool entries, bool drop_empty, uint64_t work)
{
    world *world = calloc(1, sizeof *world);
    size_t steps = 0;
    world->random = seed;
    world->entry = index_entry_new();
    memory_init(&world->store);
    memset(world->versions, ABSENT, sizeof world->versions);
    for (size_t i = 0; i < SOURCES; i++) {
        size_t part = i * 3 % SOURCES; /* not in the order of their documents */
        index_document first = (index_document)(1 + part * (NUMBERS / SOURCES)), last = first + NUMBERS / SOURCES - 1;
        if (overlapping) {
            first = 1 + roll(world, NUMBERS / 2);
            last = first + roll(world, NUMBERS - first);
        }
        make_segment(world, i, first, last, i == 2 ? 3 : 60 + roll(world, 40)); /* one of short lists */
    }
    if (entries)
        make_entries(world);
    merge(world, work, drop_empty, &steps);
    assert_true(work == 0 ? steps == 1 : steps > COLUMNS);
    check(world, drop_empty);
    for (size_t i = 0; i < world->entry_count; i++)
        buffer_release(&world->entries[i]);
    for (size_t i = 0; i <= SOURCES; i++)
        index_set_free(world->documents[i]);
    memory_release(&world->store);
    index_entry_free(world->entry);
    free(world);
}

static void merge__moves_long_lists_that_lie_apart(void **state)
{
    (void)state;
    run(1, false, false, false, 1);
    run(2, false, false, true, 3000);
    run(3, false, true, false, 500);
}

static void merge__moves_long_lists_that_overlap(void **state)
{
    (void)state;
    for (uint64_t seed = 11; seed <= 16; seed++)
        run(seed, true, seed % 2 == 0, seed % 3 == 0, seed % 4 == 0 ? 0 : 100 * (seed - 10));
}

static void merge__given_up_within_a_term_gives_all_back(void **state)
{
    (void)state;
    world *world = calloc(1, sizeof *world);
    world->random = 5;
    world->entry = index_entry_new();
    memory_init(&world->store);
    for (size_t i = 0; i < 2; i++)
        make_segment(world, i, 1, NUMBERS, 90);
    index_source sources[2] = { { .segment = &world->infos[0], .documents = world->documents[0] },
                                { .segment = &world->infos[1], .documents = world->documents[1] } };
    size_t failed = 0;
    for (int kind = 0; kind < 2; kind++) { /* the at-th get, or put, fails, until none does */
        recto_status status = RECTO_EIO;
        for (size_t at = 1; status == RECTO_EIO; at++) {
            index_merge *merge = NULL;
            index_segment_info info;
            index_set *documents = NULL;
            bool done = false;
            int64_t number = 2 + (int64_t)failed;
            assert_int_equal(index_merge_new(&merge, sources, 2, &world->store.door, number, false, NULL), RECTO_OK);
            *(kind == 0 ? &world->store.fail_get : &world->store.fail_put) = at;
            status = RECTO_OK;
            while (status == RECTO_OK && !done)
                status = index_merge_step(merge, 1, &done, &info, &documents, NULL);
            index_merge_free(merge);
            index_set_free(documents);
            world->store.fail_get = world->store.fail_put = 0;
            assert_true(status == RECTO_OK || status == RECTO_EIO);
            failed += status == RECTO_EIO;
        }
    }
    assert_true(failed > 10);
    for (size_t i = 0; i < 2; i++)
        index_set_free(world->documents[i]);
    memory_release(&world->store);
    index_entry_free(world->entry);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merge__moves_long_lists_that_lie_apart),
        cmocka_unit_test(merge__moves_long_lists_that_overlap),
        cmocka_unit_test(merge__given_up_within_a_term_gives_all_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
