/* tests/index/kept_test.c - columns of few terms that a reader keeps: counts within few, many and nearly all documents, the first
 * time and later, with changes in a small segment and in entries, beside a model of what each document holds. */
#include "memory_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum { DOCUMENTS = 90000, HALF = DOCUMENTS / 2, CODES = 40, CHANGED = 700, COLUMN = 10, STATES = 3 };

typedef struct world {
    memory_store store;
    index_reader *reader;
    index_segment_info infos[3];
    index_set *documents[3];
    buffer changed; /* an entry */
    int state;      /* 0: two large segments; 1: and a small one; 2: and an entry */
} world;

/* Every seventh document has two codes; what the small segment has is changed, and the entry's has none. */
static bool has_code(const world *world, index_document document, unsigned code)
{
    if (world->state >= 2 && document == 5)
        return false;
    const unsigned shift = world->state >= 1 && document % 100 == 3 && document < CHANGED * 100 ? 11 : 0;
    return (document * 7 / 3 + shift) % CODES == code || (document % 7 == 0 && (document / 7) % CODES == code);
}

static void build(world *world, int number, index_document first, index_document last, index_document step)
{
    index_builder *builder = index_builder_new();
    index_entry *entry = index_entry_new();
    for (index_document document = first; document <= last; document += step) {
        index_entry_clear(entry);
        for (unsigned code = 0; code < CODES; code++) {
            char term[8];
            snprintf(term, sizeof term, "%02u", code);
            if (has_code(world, document, code))
                index_entry_add(entry, COLUMN, text_from(term), INDEX_NO_PLACE);
        }
        assert_int_equal(index_builder_add(builder, document, entry, NULL), RECTO_OK);
    }
    assert_int_equal(
        index_builder_write(builder, &world->store.door, number + 1, &world->infos[number], &world->documents[number], NULL),
        RECTO_OK);
    index_builder_free(builder);
    index_entry_free(entry);
}

static void go_to_state(world *world, int state)
{
    world->state = state;
    index_reader_renew(world->reader);
    for (int i = 0; i < (state >= 1 ? 3 : 2); i++)
        assert_int_equal(index_reader_add_segment(world->reader, &world->infos[i], index_set_copy(world->documents[i]), NULL),
                         RECTO_OK);
    if (state >= 2)
        assert_int_equal(index_reader_add_entry(world->reader, 5, buffer_text(&world->changed), NULL), RECTO_OK);
}

typedef struct counted {
    uint64_t counts[CODES], terms;
} counted;

static bool keep_count(void *context, text term, uint64_t count)
{
    counted *counted = context;
    int64_t code = -1;
    assert_true(text_to_integer(term, &code) && code >= 0 && code < CODES);
    assert_true(count > 0);
    counted->counts[code] += count;
    counted->terms++;
    return true;
}

/* @param share  of a thousand documents, so many are within; above 1000: no limit at all */
static void check_counts(const world *world, unsigned share)
{
    index_set *within = share > 1000 ? NULL : index_set_new();
    counted got = { .terms = 0 }, wanted = { .terms = 0 };
    for (index_document document = 1; document <= DOCUMENTS; document++) {
        if (share <= 1000 && document * 2654435761U % 1000 >= share)
            continue;
        if (within != NULL)
            index_set_add(within, document);
        for (unsigned code = 0; code < CODES; code++)
            wanted.counts[code] += has_code(world, document, code);
    }
    for (unsigned code = 0; code < CODES; code++)
        wanted.terms += wanted.counts[code] > 0;
    assert_int_equal(index_counts(world->reader, COLUMN, within, keep_count, &got, NULL), RECTO_OK);
    assert_memory_equal(&got, &wanted, sizeof got);
    index_set_free(within);
}

static bool keep_set(void *context, text term, const index_set *documents)
{
    return keep_count(context, term, index_set_count(documents));
}

static void check_terms(const world *world)
{
    counted got = { .terms = 0 }, wanted = { .terms = CODES };
    for (index_document document = 1; document <= DOCUMENTS; document++)
        for (unsigned code = 0; code < CODES; code++)
            wanted.counts[code] += has_code(world, document, code);
    assert_int_equal(index_terms(world->reader, COLUMN, TEXT(""), true, keep_set, &got, NULL), RECTO_OK);
    assert_memory_equal(&got, &wanted, sizeof got);
}

static void counts__are_right_however_often_asked_and_whatever_changed(void **state)
{
    static const uint8_t few[] = { COLUMN, 0 };
    static const unsigned shares[] = { 0, 3, 400, 900, 1000, 1001 };
    world world = { .state = 0 };
    (void)state;
    memory_init(&world.store);
    buffer_init(&world.changed, 0);
    index_entry *entry = index_entry_new();
    assert_int_equal(index_entry_write(&world.changed, entry, NULL), RECTO_OK);
    index_entry_free(entry);
    build(&world, 0, 1, HALF, 1);
    build(&world, 1, HALF + 1, DOCUMENTS, 1);
    world.state = 1;
    build(&world, 2, 3, CHANGED * 100 - 1, 100);
    world.reader = index_reader_new(&world.store.door);
    index_reader_expect_few(world.reader, few);
    index_reader_expect_large(world.reader, HALF);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < STATES; i++) {
            go_to_state(&world, i);
            for (size_t share = 0; share < sizeof shares / sizeof *shares; share++)
                check_counts(&world, shares[share]);
            check_terms(&world);
        }
    index_reader_free(world.reader);
    for (int i = 0; i < 3; i++)
        index_set_free(world.documents[i]);
    buffer_release(&world.changed);
    memory_release(&world.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(counts__are_right_however_often_asked_and_whatever_changed) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
