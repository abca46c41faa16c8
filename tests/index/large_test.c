/* tests/index/large_test.c - lists so long that their documents and places fill several blocks, merged and split; the border
 * between chunks; the longest terms, the most places; empty documents. What a document holds is told by its number. */
#include "memory_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum { DOCUMENTS = 300000, STEP = 7 }; /* numbers 7, 14 ..: 33 chunks */
static const uint8_t words[] = { 1, 0 }, codes[] = { 2, 0 };

static bool has_second(index_document document)
{
    return document % 5 != 0;
}

static bool has_third(index_document document)
{
    return document % 1000 < 15;
}

/* "first" at 1 + document % 300 and again; "second" behind it in every third; "third" behind that. */
static void collect(index_entry *entry, index_document document)
{
    uint32_t place = 1 + document % 300;
    index_entry_clear(entry);
    index_entry_add(entry, 1, TEXT("first"), place);
    index_entry_add(entry, 1, TEXT("first"), place + 1000);
    if (has_second(document))
        index_entry_add(entry, 1, TEXT("second"), place + (document % 3 == 0 ? 1001 : 7));
    if (has_third(document))
        index_entry_add(entry, 1, TEXT("third"), place + 1002);
    index_entry_add(entry, 2, TEXT("all"), INDEX_NO_PLACE);
}

static void build(memory_store *store, int64_t number, size_t first, size_t last, index_segment_info *info, index_set **documents)
{
    index_builder *builder = index_builder_new();
    index_entry *entry = index_entry_new();
    for (size_t i = first; i <= last; i++) {
        collect(entry, (index_document)i * STEP);
        assert_int_equal(index_builder_add(builder, (index_document)i * STEP, entry, NULL), RECTO_OK);
    }
    assert_int_equal(index_builder_documents(builder), last - first + 1);
    assert_int_equal(index_builder_write(builder, &store->door, number, info, documents, NULL), RECTO_OK);
    assert_int_equal(index_builder_documents(builder), 0);
    index_builder_free(builder);
    index_entry_free(entry);
}

static bool is_found(int question, index_document document)
{
    switch (question) {
    case 0: /* first second */
        return has_second(document) && document % 3 == 0;
    case 1: /* first second thi... */
        return has_second(document) && document % 3 == 0 && has_third(document);
    case 2:
        return has_third(document);
    default:
        return true;
    }
}

static recto_status ask(index_set **out, int question, index_reader *reader)
{
    static const text phrase[] = { { "first", 5 }, { "second", 6 }, { "thi", 3 } };
    switch (question) {
    case 0:
        return index_find_phrase(out, reader, words, phrase, 2, false, NULL);
    case 1:
        return index_find_phrase(out, reader, words, phrase, 3, true, NULL);
    case 2:
        return index_find(out, reader, words, TEXT("third"), NULL);
    default:
        return index_find_prefix(out, reader, codes, TEXT("al"), NULL);
    }
}

static bool keep_count(void *context, text term, uint64_t count)
{
    *(uint64_t *)context = *(uint64_t *)context * 1000003 + term.length * 31 + count;
    return true;
}

/* Counts within every third document, beside sets. */
static void check_counts(index_reader *reader)
{
    static const char *const terms[] = { "first", "second", "third" };
    index_set *within = index_set_new();
    uint64_t got = 0, wanted = 0;
    for (size_t i = 1; i <= DOCUMENTS; i += 3)
        index_set_add(within, (index_document)i * STEP);
    assert_int_equal(index_counts(reader, 1, within, keep_count, &got, NULL), RECTO_OK);
    for (size_t i = 0; i < 3; i++) {
        index_set *set = NULL;
        assert_int_equal(index_find(&set, reader, words, text_from(terms[i]), NULL), RECTO_OK);
        keep_count(&wanted, text_from(terms[i]), index_set_count_both(set, within));
        index_set_free(set);
    }
    assert_true(got == wanted);
    index_set_free(within);
}

static void check(index_reader *reader)
{
    for (int question = 0; question < 4; question++) {
        index_set *set = NULL;
        uint64_t count = 0;
        assert_int_equal(ask(&set, question, reader), RECTO_OK);
        for (size_t i = 1; i <= DOCUMENTS; i++) {
            bool wanted = is_found(question, (index_document)i * STEP);
            count += wanted;
            if (index_set_has(set, (index_document)i * STEP) != wanted)
                fail_msg("question %d, document %zu", question, i * STEP);
        }
        assert_int_equal(index_set_count(set), count);
        index_set_free(set);
    }
    check_counts(reader);
    for (size_t i = 1; i <= DOCUMENTS; i += 997) {
        bool held = false;
        index_document document = (index_document)i * STEP;
        assert_int_equal(index_holds(&held, reader, 1, TEXT("second"), document, NULL), RECTO_OK);
        assert_int_equal(held, has_second(document));
        assert_int_equal(index_holds(&held, reader, 1, TEXT("first"), document - 1, NULL), RECTO_OK);
        assert_false(held);
    }
}

typedef struct sums {
    uint64_t postings, sum;
} sums;

static bool add_posting(void *context, unsigned column, text term, index_document document, uint32_t place)
{
    sums *sums = context;
    sums->postings++;
    sums->sum += (uint64_t)document * (place + 1) + column * term.length;
    return true;
}

static void lists__of_several_blocks_are_found_merged_and_walked(void **state)
{
    (void)state;
    memory_store store;
    index_segment_info infos[3], whole, merged;
    index_set *documents[3], *all = NULL, *again = NULL;
    memory_init(&store);
    build(&store, 0, 1, 100001, &infos[0], &documents[0]);
    build(&store, 1, 100002, 200000, &infos[1], &documents[1]);
    build(&store, 2, 200001, DOCUMENTS, &infos[2], &documents[2]);
    index_reader *reader = index_reader_new(&store.door);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(index_reader_add_segment(reader, &infos[i], index_set_copy(documents[i]), NULL), RECTO_OK);
    check(reader);
    index_source sources[3] = { { &infos[0], documents[0], 0, { 0 } },
                                { &infos[1], documents[1], 0, { 0 } },
                                { &infos[2], documents[2], 0, { 0 } } };
    index_merge *merge = NULL;
    bool done = false;
    assert_int_equal(index_merge_new(&merge, sources, 3, &store.door, 3, true, NULL), RECTO_OK);
    while (!done)
        assert_int_equal(index_merge_step(merge, 1, &done, &merged, &all, NULL), RECTO_OK);
    index_merge_free(merge);
    assert_int_equal(merged.documents, DOCUMENTS);
    assert_int_equal(merged.root + 1, merged.blocks);
    index_reader_clear(reader);
    assert_int_equal(index_reader_add_segment(reader, &merged, index_set_copy(all), NULL), RECTO_OK);
    check(reader);
    build(&store, 4, 1, DOCUMENTS, &whole, &again); /* the same by the shortest way */
    assert_in_range(merged.bytes, whole.bytes - whole.bytes / 1000, whole.bytes + whole.bytes / 1000); /* marks differ */
    sums one = { 0 }, other = { 0 };
    index_source source = { &merged, all, 0, { 0 } }, same = { &whole, again, 0, { 0 } };
    assert_int_equal(index_walk(&source, &store.door, add_posting, &one, NULL), RECTO_OK);
    assert_int_equal(index_walk(&same, &store.door, add_posting, &other, NULL), RECTO_OK);
    assert_true(one.postings == other.postings && one.sum == other.sum && one.postings > 3 * (uint64_t)DOCUMENTS);
    index_reader_free(reader);
    index_set_free(all);
    index_set_free(again);
    for (size_t i = 0; i < 3; i++)
        index_set_free(documents[i]);
    memory_release(&store);
}

static void builder__tells_its_memory_and_refuses_documents_that_do_not_rise(void **state)
{
    (void)state;
    index_builder *builder = index_builder_new();
    index_entry *entry = index_entry_new();
    recto_error error = { 0 };
    for (index_document i = 1; i <= 2000; i++) {
        size_t before = index_builder_bytes(builder);
        collect(entry, i);
        assert_int_equal(index_builder_add(builder, i, entry, NULL), RECTO_OK);
        assert_true(index_builder_bytes(builder) >= before);
    }
    collect(entry, 7);
    assert_int_equal(index_builder_add(builder, 2000, entry, &error), RECTO_EINVALID);
    assert_true(strlen(error.what) > 0);
    index_builder_free(builder);
    index_entry_free(entry);
}

static void entry__keeps_the_longest_terms_and_the_most_places(void **state)
{
    (void)state;
    char longest[300];
    memset(longest, 'x', sizeof longest);
    memory_store store;
    index_segment_info info;
    index_set *documents = NULL, *found = NULL;
    memory_init(&store);
    index_builder *builder = index_builder_new();
    index_entry *entry = index_entry_new();
    buffer bytes;
    buffer_init(&bytes, 0);
    index_entry_add(entry, INDEX_COLUMNS_MAX, text_of(longest, sizeof longest), UINT32_MAX);
    index_entry_add(entry, 0, TEXT("nowhere"), 1);
    index_entry_add(entry, INDEX_COLUMNS_MAX + 1, TEXT("nowhere"), 1);
    index_entry_add(entry, 1, TEXT(""), 5);
    for (uint32_t i = 0; i < 70000; i++)
        index_entry_add(entry, 1, TEXT("again"), 70000 - i);
    assert_int_equal(index_entry_write(&bytes, entry, NULL), RECTO_OK);
    assert_int_equal(index_builder_add(builder, UINT32_MAX, entry, NULL), RECTO_OK);
    assert_int_equal(index_builder_write(builder, &store.door, 1, &info, &documents, NULL), RECTO_OK);
    for (size_t i = 0; i < store.count; i++)
        assert_true(store.blocks[i].length <= INDEX_LIST_BYTES);
    index_reader *reader = index_reader_new(&store.door);
    static const uint8_t last[] = { INDEX_COLUMNS_MAX, 0 };
    static const text twice[] = { { "again", 5 }, { "again", 5 } };
    for (int as_entry = 0; as_entry < 2; as_entry++) {
        index_reader_clear(reader);
        if (as_entry == 0)
            assert_int_equal(index_reader_add_segment(reader, &info, index_set_copy(documents), NULL), RECTO_OK);
        else
            assert_int_equal(index_reader_add_entry(reader, UINT32_MAX, buffer_text(&bytes), NULL), RECTO_OK);
        const text asked[] = { text_of(longest, sizeof longest), text_of(longest, INDEX_TERM_BYTES_MAX), TEXT("") };
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(index_find(&found, reader, i < 2 ? last : words, asked[i], NULL), RECTO_OK);
            assert_true(index_set_has(found, UINT32_MAX));
            index_set_free(found);
        }
        assert_int_equal(index_find_phrase(&found, reader, words, twice, 2, false, NULL), RECTO_OK);
        assert_int_equal(index_set_count(found), 1);
        index_set_free(found);
        assert_int_equal(index_find(&found, reader, words, TEXT("nowhere"), NULL), RECTO_OK);
        assert_int_equal(index_set_count(found), 0);
        index_set_free(found);
    }
    index_reader_free(reader);
    index_builder_free(builder);
    index_entry_free(entry);
    index_set_free(documents);
    buffer_release(&bytes);
    memory_release(&store);
}

static void segment__without_terms_is_a_segment(void **state)
{
    (void)state;
    memory_store store;
    index_segment_info infos[2];
    index_set *documents[2] = { NULL, NULL }, *found = NULL;
    index_merge *merge = NULL;
    bool done = false;
    memory_init(&store);
    index_builder *builder = index_builder_new();
    index_entry *entry = index_entry_new();
    assert_int_equal(index_builder_add(builder, 5, entry, NULL), RECTO_OK);
    assert_int_equal(index_builder_write(builder, &store.door, 1, &infos[0], &documents[0], NULL), RECTO_OK);
    assert_int_equal(infos[0].documents, 1);
    index_source source = { &infos[0], documents[0], 0, { 0 } };
    assert_int_equal(index_merge_new(&merge, &source, 1, &store.door, 2, true, NULL), RECTO_OK);
    assert_int_equal(index_merge_step(merge, 0, &done, &infos[1], &documents[1], NULL), RECTO_OK);
    assert_true(done);
    assert_int_equal(infos[1].documents, 0);
    index_reader *reader = index_reader_new(&store.door);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(index_reader_add_segment(reader, &infos[i], documents[i], NULL), RECTO_OK);
    assert_int_equal(index_find_prefix(&found, reader, words, TEXT(""), NULL), RECTO_OK);
    assert_int_equal(index_set_count(found), 0);
    index_set_free(found);
    index_merge_free(merge);
    index_reader_free(reader);
    index_builder_free(builder);
    index_entry_free(entry);
    memory_release(&store);
}

static void set__lists_its_members_behind_one(void **state)
{
    (void)state;
    index_set *set = index_set_new();
    index_document out[10];
    static const index_document members[] = { 1, 2, 65535, 65536, 4000000000U, UINT32_MAX };
    for (size_t i = 0; i < 6; i++)
        assert_true(index_set_add(set, members[i]));
    assert_int_equal(index_set_list(set, 0, out, 10), 6);
    assert_memory_equal(out, members, sizeof members);
    assert_int_equal(index_set_list(set, 65535, out, 2), 2);
    assert_int_equal(out[0], 65536);
    assert_int_equal(index_set_list(set, UINT32_MAX, out, 10), 0);
    assert_int_equal(index_set_list(NULL, 0, out, 10), 0);
    buffer bytes;
    index_set *read = NULL;
    buffer_init(&bytes, 0);
    assert_int_equal(index_set_write(&bytes, set, NULL), RECTO_OK);
    assert_int_equal(index_set_read(&read, buffer_text(&bytes), NULL), RECTO_OK);
    assert_int_equal(index_set_list(read, 0, out, 10), 6);
    assert_memory_equal(out, members, sizeof members);
    index_set_and_not(read, set);
    assert_int_equal(index_set_count(read), 0);
    index_set_free(read);
    index_set_free(set);
    buffer_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists__of_several_blocks_are_found_merged_and_walked),
        cmocka_unit_test(builder__tells_its_memory_and_refuses_documents_that_do_not_rise),
        cmocka_unit_test(entry__keeps_the_longest_terms_and_the_most_places),
        cmocka_unit_test(segment__without_terms_is_a_segment),
        cmocka_unit_test(set__lists_its_members_behind_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
