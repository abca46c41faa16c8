/* tests/index/damage_test.c - damaged blocks, sets and entries are found and reported, and a store that fails is heard: each byte
 * of a small index is changed, and every question must have its answer or RECTO_EDATA. */
#include "memory_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static const uint8_t columns[] = { 1, 0 }, keys[] = { 20, 0 };

/* Three kinds of lists: of one document, packed, and in blocks of their own. */
static void collect(index_entry *entry, index_document document)
{
    char key[24];
    index_entry_clear(entry);
    snprintf(key, sizeof key, "key%u", document);
    index_entry_add(entry, 20, text_from(key), INDEX_NO_PLACE);
    for (uint32_t place = 1; place < 4; place++)
        index_entry_add(entry, 1, TEXT("common"), place * (document % 9 + 1));
    if (document % 3 != 0)
        index_entry_add(entry, 1, TEXT("word"), 2 * (document % 9 + 1) + 1);
    if (document % 40 == 0)
        index_entry_add(entry, 1, TEXT("sometimes"), 7);
    index_entry_add(entry, 30, document % 2 == 0 ? TEXT("even") : TEXT("odd"), INDEX_NO_PLACE);
}

enum { DOCUMENTS = 2400 };

static void build(memory_store *store, index_segment_info *info, index_set **documents)
{
    index_builder *builder = index_builder_new();
    index_entry *entry = index_entry_new();
    for (index_document i = 1; i <= DOCUMENTS; i++) {
        collect(entry, i);
        assert_int_equal(index_builder_add(builder, i, entry, NULL), RECTO_OK);
    }
    assert_int_equal(index_builder_write(builder, &store->door, 1, info, documents, NULL), RECTO_OK);
    index_builder_free(builder);
    index_entry_free(entry);
}

static bool add_count(void *context, text term, uint64_t count)
{
    *(uint64_t *)context = *(uint64_t *)context * 31 + term.length + count;
    return true;
}

static bool add_posting(void *context, unsigned column, text term, index_document document, uint32_t place)
{
    *(uint64_t *)context = *(uint64_t *)context * 31 + column + term.length * 7 + document * 13 + place * 17;
    return true;
}

/* A question each; the answer as a number. */
static recto_status ask(uint64_t *answer, int question, index_reader *reader, const index_source *source,
                        const index_store *store, recto_error *error)
{
    static const text phrase[] = { { "common", 6 }, { "word", 4 } };
    index_set *set = NULL;
    bool held = false;
    recto_status status = RECTO_OK;
    *answer = 0;
    switch (question) {
    case 0:
        status = index_find(&set, reader, columns, TEXT("common"), error);
        break;
    case 1:
        status = index_find(&set, reader, columns, TEXT("sometimes"), error);
        break;
    case 2:
        status = index_find_prefix(&set, reader, keys, TEXT("key12"), error);
        break;
    case 3:
        status = index_find_phrase(&set, reader, columns, phrase, 2, false, error);
        break;
    case 4:
        status = index_holds(&held, reader, 1, TEXT("word"), 1000, error);
        break;
    case 5:
        status = index_counts(reader, 30, NULL, add_count, answer, error);
        break;
    default:
        status = index_walk(source, store, add_posting, answer, error);
        break;
    }
    *answer += index_set_count(set) + held;
    index_set_free(set);
    return status;
}
enum { QUESTIONS = 7 };

static recto_status ask_fresh(uint64_t *answer, int question, const memory_store *store, const index_segment_info *info,
                              const index_set *documents, recto_error *error)
{
    index_source source = { .segment = info, .documents = documents };
    index_reader *reader = index_reader_new(&store->door);
    assert_int_equal(index_reader_add_segment(reader, info, index_set_copy(documents), NULL), RECTO_OK);
    recto_status status = ask(answer, question, reader, &source, &store->door, error);
    index_reader_free(reader);
    return status;
}

static void blocks__a_changed_byte_is_found_or_harmless(void **state)
{
    (void)state;
    memory_store store;
    index_segment_info info;
    index_set *documents = NULL;
    uint64_t right[QUESTIONS], answer;
    size_t found = 0;
    memory_init(&store);
    build(&store, &info, &documents);
    for (int i = 0; i < QUESTIONS; i++)
        assert_int_equal(ask_fresh(&right[i], i, &store, &info, documents, NULL), RECTO_OK);
    for (size_t block = 0; block < store.count; block++)
        for (size_t at = 0; at < store.blocks[block].length; at += at < 64 ? 1 : 37) {
            char *byte = &store.blocks[block].bytes[at];
            char kept = *byte;
            *byte = (char)(kept ^ (1 << (at % 8)));
            for (int i = 0; i < QUESTIONS; i++) {
                recto_error error = { 0 };
                recto_status status = ask_fresh(&answer, i, &store, &info, documents, &error);
                assert_true((status == RECTO_OK && answer == right[i]) || (status == RECTO_EDATA && error.what[0] != '\0'));
                assert_true(i < QUESTIONS - 1 || status == RECTO_EDATA); /* the walk sees every block */
                found += status == RECTO_EDATA;
            }
            *byte = kept;
        }
    assert_true(found > 1000);
    index_set_free(documents);
    memory_release(&store);
}

static void blocks__a_missing_or_cut_one_is_found(void **state)
{
    (void)state;
    memory_store store;
    index_segment_info info;
    index_set *documents = NULL;
    uint64_t answer;
    memory_init(&store);
    build(&store, &info, &documents);
    for (size_t block = 0; block < store.count; block++) {
        memory_block kept = store.blocks[block];
        for (size_t length = 0; length < kept.length; length += length < 16 ? 1 : 501) {
            store.blocks[block].length = length;
            assert_int_equal(ask_fresh(&answer, QUESTIONS - 1, &store, &info, documents, NULL), RECTO_EDATA);
        }
        store.blocks[block] = kept;
        store.blocks[block].segment = block % 2 == 0 ? -1 : 1; /* the search of the store goes astray: not found */
        store.blocks[block].number = UINT32_MAX;
        assert_int_equal(ask_fresh(&answer, QUESTIONS - 1, &store, &info, documents, NULL), RECTO_EDATA);
        store.blocks[block] = kept;
    }
    info.root = info.blocks;
    assert_int_equal(ask_fresh(&answer, 0, &store, &info, documents, NULL), RECTO_EDATA);
    index_set_free(documents);
    memory_release(&store);
}

static void blocks__one_in_the_place_of_another_is_found(void **state)
{
    (void)state;
    memory_store store;
    index_segment_info info;
    index_set *documents = NULL;
    uint64_t answer;
    memory_init(&store);
    build(&store, &info, &documents);
    assert_true(store.count > 4);
    for (size_t i = 0; i + 1 < store.count; i++) {
        memory_block first = store.blocks[i], second = store.blocks[i + 1];
        store.blocks[i].bytes = second.bytes;
        store.blocks[i].length = second.length;
        store.blocks[i + 1].bytes = first.bytes;
        store.blocks[i + 1].length = first.length;
        assert_int_equal(ask_fresh(&answer, QUESTIONS - 1, &store, &info, documents, NULL), RECTO_EDATA);
        store.blocks[i] = first;
        store.blocks[i + 1] = second;
    }
    index_set_free(documents);
    memory_release(&store);
}

static void sets_and_entries__a_changed_byte_is_found(void **state)
{
    (void)state;
    index_entry *entry = index_entry_new();
    index_set *set = index_set_range(5, 70000), *read = NULL;
    buffer bytes, entry_bytes;
    memory_store store;
    memory_init(&store);
    buffer_init(&bytes, 0);
    buffer_init(&entry_bytes, 0);
    for (index_document i = 200000; i < 900000; i += 1 + i % 97)
        index_set_add(set, i);
    assert_int_equal(index_set_write(&bytes, set, NULL), RECTO_OK);
    assert_int_equal(index_set_read(&read, buffer_text(&bytes), NULL), RECTO_OK);
    assert_int_equal(index_set_count(read), index_set_count(set));
    assert_int_equal(index_set_count_both(read, set), index_set_count(set));
    index_set_free(read);
    for (size_t i = 0; i < bytes.length; i += 1 + i / 64) {
        bytes.bytes[i] ^= 0x10;
        assert_int_equal(index_set_read(&read, buffer_text(&bytes), NULL), RECTO_EDATA);
        assert_null(read);
        bytes.bytes[i] ^= 0x10;
    }
    for (size_t i = 0; i < bytes.length; i += 1 + i / 16)
        assert_int_equal(index_set_read(&read, text_of(bytes.bytes, i), NULL), RECTO_EDATA);
    collect(entry, 40);
    assert_int_equal(index_entry_write(&entry_bytes, entry, NULL), RECTO_OK);
    index_reader *reader = index_reader_new(&store.door);
    for (size_t i = 0; i < entry_bytes.length; i++) {
        entry_bytes.bytes[i] ^= 0x04;
        assert_int_equal(index_reader_add_entry(reader, 40, buffer_text(&entry_bytes), NULL), RECTO_EDATA);
        entry_bytes.bytes[i] ^= 0x04;
        assert_int_equal(index_reader_add_entry(reader, 40, text_of(entry_bytes.bytes, i), NULL), RECTO_EDATA);
    }
    assert_int_equal(index_reader_entries(reader), 0);
    assert_int_equal(index_reader_add_entry(reader, 40, buffer_text(&entry_bytes), NULL), RECTO_OK);
    index_reader_free(reader);
    index_entry_free(entry);
    index_set_free(set);
    buffer_release(&bytes);
    buffer_release(&entry_bytes);
}

/* ---- a store that fails ---- */

static recto_status write_and_merge(memory_store *store)
{
    index_builder *builder = index_builder_new();
    index_entry *entry = index_entry_new();
    index_segment_info infos[2], merged;
    index_set *documents[2] = { NULL, NULL }, *all = NULL;
    index_merge *merge = NULL;
    recto_status status = RECTO_OK;
    for (unsigned part = 0; part < 2 && status == RECTO_OK; part++) {
        for (index_document i = 1; i <= DOCUMENTS / 2; i++) {
            collect(entry, i * 2 + part);
            assert_int_equal(index_builder_add(builder, i * 2 + part, entry, NULL), RECTO_OK);
        }
        status = index_builder_write(builder, &store->door, part, &infos[part], &documents[part], NULL);
    }
    if (status == RECTO_OK) {
        index_source sources[2] = { { &infos[0], documents[0], 0, { 0 } }, { &infos[1], documents[1], 0, { 0 } } };
        bool done = false;
        status = index_merge_new(&merge, sources, 2, &store->door, 2, true, NULL);
        while (status == RECTO_OK && !done)
            status = index_merge_step(merge, 100, &done, &merged, &all, NULL);
        index_merge_free(merge);
    }
    index_set_free(documents[0]);
    index_set_free(documents[1]);
    index_set_free(all);
    index_builder_free(builder);
    index_entry_free(entry);
    return status;
}

static void store__every_failing_call_is_heard(void **state)
{
    (void)state;
    size_t puts = 0, gets = 0;
    for (recto_status status = RECTO_EIO; status != RECTO_OK; puts++) {
        memory_store store;
        memory_init(&store);
        store.fail_put = puts + 1;
        status = write_and_merge(&store);
        assert_true(status == RECTO_EIO || store.fail_put > 0);
        memory_release(&store);
    }
    for (recto_status status = RECTO_EIO; status != RECTO_OK; gets++) {
        memory_store store;
        memory_init(&store);
        store.fail_get = gets + 1;
        status = write_and_merge(&store);
        assert_true(status == RECTO_EIO || store.fail_get > 0);
        memory_release(&store);
    }
    assert_true(puts > 20 && gets > 10);
}

static void questions__a_failing_read_fails_them_and_the_next_is_right(void **state)
{
    (void)state;
    memory_store store;
    index_segment_info info;
    index_set *documents = NULL;
    memory_init(&store);
    build(&store, &info, &documents);
    index_source source = { .segment = &info, .documents = documents };
    for (int i = 0; i < QUESTIONS; i++) {
        uint64_t right, answer;
        assert_int_equal(ask_fresh(&right, i, &store, &info, documents, NULL), RECTO_OK);
        for (size_t call = 1;; call++) {
            index_reader *reader = index_reader_new(&store.door);
            assert_int_equal(index_reader_add_segment(reader, &info, index_set_copy(documents), NULL), RECTO_OK);
            store.fail_get = call;
            recto_status status = ask(&answer, i, reader, &source, &store.door, NULL);
            bool failed = store.fail_get == 0;
            store.fail_get = 0;
            assert_int_equal(status, failed ? RECTO_EIO : RECTO_OK);
            assert_int_equal(ask(&answer, i, reader, &source, &store.door, NULL), RECTO_OK);
            assert_true(answer == right);
            index_reader_free(reader);
            if (!failed)
                break;
        }
    }
    index_set_free(documents);
    memory_release(&store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks__a_changed_byte_is_found_or_harmless),
        cmocka_unit_test(blocks__a_missing_or_cut_one_is_found),
        cmocka_unit_test(blocks__one_in_the_place_of_another_is_found),
        cmocka_unit_test(sets_and_entries__a_changed_byte_is_found),
        cmocka_unit_test(store__every_failing_call_is_heard),
        cmocka_unit_test(questions__a_failing_read_fails_them_and_the_next_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
