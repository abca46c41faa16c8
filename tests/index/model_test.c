/* tests/index/model_test.c - the index beside a model that only looks at every document: random documents, changes and deletions,
 * in random rows of entries and segments, merged at random; every question must have the model's answer. */
#include "memory_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum { DOCUMENTS = 700, POSTINGS_MAX = 48, SEGMENTS_MAX = 40, ENTRIES_MAX = 300 };
enum { COLUMN_TITLE = 1, COLUMN_NOTE = 2, COLUMN_CODE = 80, COLUMN_KEY = 250 };

typedef struct posting {
    unsigned column;
    char term[16];
    uint32_t place;
} posting;
typedef struct document {
    posting postings[POSTINGS_MAX];
    size_t count;
} document;
typedef struct segment {
    index_segment_info info;
    index_set *documents;
} segment;
typedef struct pending {
    index_document number;
    buffer bytes;
} pending;
typedef struct world {
    uint64_t random;
    document model[DOCUMENTS];
    memory_store store;
    segment segments[SEGMENTS_MAX];
    size_t segment_count;
    pending entries[ENTRIES_MAX];
    size_t entry_count;
    int64_t next_segment;
    index_entry *entry;
    index_builder *builder; /* kept, as a load keeps it */
} world;

static uint32_t roll(world *world, uint32_t below)
{
    world->random = world->random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(world->random >> 33) % below;
}

/* Documents lie in several chunks, some of them thick. */
static index_document number_of(size_t i)
{
    return i < DOCUMENTS / 2 ? (index_document)i + 1 : (index_document)(65536 * (i % 5) + 65400 + i);
}

/* ---- making documents ---- */

static void random_word(world *world, char out[static 16])
{
    static const char *const frequent[] = { "the", "of", "and", "a", "history", "hist", "historia", "x" };
    if (roll(world, 3) > 0)
        snprintf(out, 16, "%s", frequent[roll(world, roll(world, 2) == 0 ? 3 : 8)]);
    else
        snprintf(out, 16, "w%u", roll(world, 200));
}

static void random_document(world *world, document *out)
{
    memset(out, 0, sizeof *out);
    size_t words = roll(world, 24);
    uint32_t place = 1;
    for (size_t i = 0; i < words; i++) {
        posting *posting = &out->postings[out->count++];
        posting->column = roll(world, 4) == 0 ? COLUMN_NOTE : COLUMN_TITLE;
        posting->place = roll(world, 30) == 0 ? INDEX_NO_PLACE : place;
        place += roll(world, 12) == 0 ? 1000 : 1;
        random_word(world, posting->term);
    }
    for (size_t i = 0; i < 3; i++) {
        posting *posting = &out->postings[out->count++];
        posting->column = COLUMN_CODE;
        snprintf(posting->term, sizeof posting->term, "%u", roll(world, i == 0 ? 3 : 60));
    }
    posting *key = &out->postings[out->count++];
    key->column = COLUMN_KEY;
    snprintf(key->term, sizeof key->term, "k%07u", roll(world, 100000));
}

static void collect(world *world, const document *document)
{
    index_entry_clear(world->entry);
    size_t start = document->count > 0 ? roll(world, (uint32_t)document->count) : 0;
    bool shuffled = roll(world, 4) == 0;
    for (size_t i = 0; i < document->count; i++) {
        const posting *posting = &document->postings[shuffled ? (i + start) % document->count : i];
        index_entry_add(world->entry, posting->column, text_from(posting->term), posting->place);
    }
}

/* ---- changing the index ---- */

static void build_index(index_reader *reader, const world *world)
{
    index_reader_renew(reader);
    for (size_t i = 0; i < world->segment_count; i++)
        assert_int_equal(
            index_reader_add_segment(reader, &world->segments[i].info, index_set_copy(world->segments[i].documents), NULL),
            RECTO_OK);
    for (size_t i = 0; i < world->entry_count; i++)
        assert_int_equal(index_reader_add_entry(reader, world->entries[i].number, buffer_text(&world->entries[i].bytes), NULL),
                         RECTO_OK);
}

static void drop_entries(world *world)
{
    for (size_t i = 0; i < world->entry_count; i++)
        buffer_release(&world->entries[i].bytes);
    world->entry_count = 0;
}

static void merge_sources(world *world, size_t first_segment, size_t segments, bool entries)
{
    index_source sources[SEGMENTS_MAX + ENTRIES_MAX] = { 0 };
    size_t count = 0;
    for (size_t i = 0; i < segments; i++, count++)
        sources[count] = (index_source){ .segment = &world->segments[first_segment + i].info,
                                         .documents = world->segments[first_segment + i].documents };
    for (size_t i = 0; entries && i < world->entry_count; i++, count++)
        sources[count] = (index_source){ .document = world->entries[i].number, .entry = buffer_text(&world->entries[i].bytes) };
    index_merge *merge = NULL;
    segment made = { 0 };
    bool done = false, drop = first_segment == 0 && roll(world, 2) == 0;
    assert_int_equal(index_merge_new(&merge, sources, count, &world->store.door, ++world->next_segment, drop, NULL), RECTO_OK);
    uint64_t slice = roll(world, 3) == 0 ? 0 : 1 + roll(world, 400);
    while (!done)
        assert_int_equal(index_merge_step(merge, slice, &done, &made.info, &made.documents, NULL), RECTO_OK);
    index_merge_free(merge);
    for (size_t i = 0; i < segments; i++)
        index_set_free(world->segments[first_segment + i].documents);
    memmove(&world->segments[first_segment + 1], &world->segments[first_segment + segments],
            (world->segment_count - first_segment - segments) * sizeof *world->segments);
    world->segments[first_segment] = made;
    world->segment_count += 1 - segments;
    if (entries)
        drop_entries(world);
}

static void flush(world *world)
{
    if (world->entry_count > 0)
        merge_sources(world, world->segment_count, 0, true);
}

static void save(world *world, size_t number, bool deleted)
{
    document *document = &world->model[number];
    random_document(world, document);
    if (deleted)
        document->count = 0;
    collect(world, document);
    pending *pending = &world->entries[world->entry_count++];
    pending->number = number_of(number);
    buffer_init(&pending->bytes, 0);
    assert_int_equal(index_entry_write(&pending->bytes, world->entry, NULL), RECTO_OK);
}

static int by_number(const void *a, const void *b)
{
    index_document x = number_of(*(const size_t *)a), y = number_of(*(const size_t *)b);
    return (x > y) - (x < y);
}

/* As a load writes it ahead: for other documents than it has at last. */
static void move_segment(world *world, segment *made, int64_t by)
{
    segment moved = { 0 };
    const index_source source = { .segment = &made->info, .documents = made->documents };
    assert_int_equal(index_shift(&source, &world->store.door, by, &world->store.door, ++world->next_segment, &moved.info,
                                 &moved.documents, NULL),
                     RECTO_OK);
    index_set_free(made->documents);
    *made = moved;
}

/* Some documents anew through the builder, as a load does. */
static void load(world *world)
{
    const uint32_t ahead = roll(world, 3) == 0 ? 1 + roll(world, 100000) : 0;
    size_t chosen[DOCUMENTS], count = 0;
    uint32_t share = 1 + roll(world, 4);
    flush(world);
    for (size_t i = 0; i < DOCUMENTS; i++)
        if (roll(world, 4) < share)
            chosen[count++] = i;
    qsort(chosen, count, sizeof *chosen, by_number);
    for (size_t i = 0; i < count; i++) {
        random_document(world, &world->model[chosen[i]]);
        collect(world, &world->model[chosen[i]]);
        assert_int_equal(index_builder_add(world->builder, number_of(chosen[i]) + ahead, world->entry, NULL), RECTO_OK);
    }
    segment *made = &world->segments[world->segment_count++];
    assert_int_equal(
        index_builder_write(world->builder, &world->store.door, ++world->next_segment, &made->info, &made->documents, NULL),
        RECTO_OK);
    assert_int_equal(made->info.documents, count);
    if (ahead > 0)
        move_segment(world, made, -(int64_t)ahead);
    assert_int_equal(made->info.documents, count);
}

static void change(world *world)
{
    uint32_t kind = roll(world, 20);
    if (world->segment_count > SEGMENTS_MAX - 4)
        merge_sources(world, 0, world->segment_count, false);
    else if (kind == 0)
        load(world);
    else if (kind < 3 || world->entry_count > ENTRIES_MAX - 40)
        flush(world);
    else if (kind < 6 && world->segment_count > 1) {
        size_t first = roll(world, (uint32_t)world->segment_count - 1);
        size_t count = 2 + roll(world, (uint32_t)(world->segment_count - first - 1));
        merge_sources(world, first, count, false);
    } else if (kind == 6 && world->entry_count > 0) {
        size_t first = roll(world, (uint32_t)world->segment_count + 1); /* segments and entries in one */
        merge_sources(world, first, world->segment_count - first, true);
    } else
        for (uint32_t i = 0, count = roll(world, 30); i < count; i++)
            save(world, roll(world, DOCUMENTS), roll(world, 6) == 0);
}

/* ---- the model's answers ---- */

static const posting *held(const document *document, const uint8_t *columns, bool (*matches)(const posting *, const void *),
                           const void *context)
{
    for (size_t i = 0; i < document->count; i++)
        if (strchr((const char *)columns, (int)document->postings[i].column) != NULL && matches(&document->postings[i], context))
            return &document->postings[i];
    return NULL;
}

static bool is_term(const posting *posting, const void *context)
{
    return strcmp(posting->term, context) == 0;
}

static bool has_beginning(const posting *posting, const void *context)
{
    return strncmp(posting->term, context, strlen(context)) == 0;
}

typedef struct range {
    char from[16], to[16];
} range;

static bool in_range(const posting *posting, const void *context)
{
    const range *range = context;
    return strcmp(posting->term, range->from) >= 0 && (range->to[0] == '\0' || strcmp(posting->term, range->to) <= 0);
}

typedef struct words {
    text terms[4];
    size_t count;
    bool last_cut;
} words;

static bool word_stands(const document *document, unsigned column, const words *words, size_t number, uint32_t place)
{
    bool cut = words->last_cut && number + 1 == words->count;
    if (!cut && words->terms[number].length == 0) /* whatever stands there */
        return true;
    for (size_t i = 0; i < document->count; i++) {
        const posting *posting = &document->postings[i];
        text term = text_from(posting->term);
        if (posting->column == column && posting->place == place &&
            (cut ? text_starts(term, words->terms[number]) : text_equal(term, words->terms[number])))
            return true;
    }
    return false;
}

static bool holds_phrase(const document *document, const uint8_t *columns, const words *words)
{
    for (const uint8_t *column = columns; *column != 0; column++)
        for (size_t i = 0; i < document->count; i++) {
            size_t number = 0;
            uint32_t place = document->postings[i].place;
            if (place == INDEX_NO_PLACE)
                continue;
            while (number < words->count && word_stands(document, *column, words, number, place + (uint32_t)number))
                number++;
            if (number == words->count)
                return true;
        }
    return false;
}

static void check_set(const world *world, index_set *got, recto_status status, const bool *wanted)
{
    uint64_t count = 0;
    assert_int_equal(status, RECTO_OK);
    assert_non_null(got);
    for (size_t i = 0; i < DOCUMENTS; i++) {
        count += wanted[i];
        if (index_set_has(got, number_of(i)) != wanted[i])
            fail_msg("document %u: %d wanted, state %llu", number_of(i), wanted[i], (unsigned long long)world->random);
    }
    assert_int_equal(index_set_count(got), count);
    index_set_free(got);
}

static const uint8_t column_sets[][4] = { { COLUMN_TITLE }, { COLUMN_NOTE }, { COLUMN_TITLE, COLUMN_NOTE },
                                          { COLUMN_CODE },  { COLUMN_KEY },  { COLUMN_NOTE, COLUMN_CODE, COLUMN_KEY } };

static void random_term(world *world, char out[static 16])
{
    const document *document = &world->model[roll(world, DOCUMENTS)];
    if (document->count > 0 && roll(world, 5) > 0)
        memcpy(out, document->postings[roll(world, (uint32_t)document->count)].term, 16);
    else
        random_word(world, out);
}

static void ask_find(world *world, index_reader *reader)
{
    const uint8_t *columns = column_sets[roll(world, 6)];
    char term[16];
    bool wanted[DOCUMENTS];
    index_set *got = NULL;
    random_term(world, term);
    uint32_t kind = roll(world, 3);
    if (kind > 0 && roll(world, 2) == 0)
        term[roll(world, (uint32_t)strlen(term) + 1)] = '\0';
    range range;
    memcpy(range.from, term, sizeof term);
    random_term(world, range.to);
    if (roll(world, 5) == 0)
        range.to[0] = '\0';
    for (size_t i = 0; i < DOCUMENTS; i++)
        wanted[i] = held(&world->model[i], columns,
                         kind == 0   ? is_term
                         : kind == 1 ? has_beginning
                                     : in_range,
                         kind == 2 ? (const void *)&range : term) != NULL;
    recto_status status = kind == 0   ? index_find(&got, reader, columns, text_from(term), NULL)
                          : kind == 1 ? index_find_prefix(&got, reader, columns, text_from(term), NULL)
                                      : index_find_range(&got, reader, columns, text_from(range.from), text_from(range.to), NULL);
    check_set(world, got, status, wanted);
}

static void ask_phrase(world *world, index_reader *reader)
{
    const uint8_t *columns = column_sets[roll(world, 3)];
    char terms[4][16];
    bool wanted[DOCUMENTS];
    words words = { .count = 2 + roll(world, 3), .last_cut = roll(world, 3) == 0 };
    const document *document = &world->model[roll(world, DOCUMENTS)];
    size_t start = document->count > 8 ? roll(world, (uint32_t)document->count - 6) : 0;
    bool true_one = document->count > 8 && roll(world, 4) > 0;
    for (size_t i = 0; i < words.count; i++) {
        if (true_one)
            memcpy(terms[i], document->postings[start + i].term, 16);
        else
            random_word(world, terms[i]);
        words.terms[i] = text_from(terms[i]);
    }
    for (size_t i = 1; i + 1 + words.last_cut < words.count; i++)
        if (roll(world, 3) == 0)
            words.terms[i].length = 0;
    if (words.last_cut)
        words.terms[words.count - 1].length = roll(world, (uint32_t)words.terms[words.count - 1].length + 1);
    for (size_t i = 0; i < DOCUMENTS; i++)
        wanted[i] = holds_phrase(&world->model[i], columns, &words);
    index_set *got = NULL;
    recto_status status = index_find_phrase(&got, reader, columns, words.terms, words.count, words.last_cut, NULL);
    check_set(world, got, status, wanted);
}

static void ask_holds(world *world, index_reader *reader)
{
    size_t number = roll(world, DOCUMENTS);
    uint8_t columns[2] = { column_sets[roll(world, 6)][0], 0 };
    char term[16];
    bool got = false;
    random_term(world, term);
    if (world->model[number].count > 0 && roll(world, 2) == 0)
        memcpy(term, world->model[number].postings[roll(world, (uint32_t)world->model[number].count)].term, 16);
    assert_int_equal(index_holds(&got, reader, columns[0], text_from(term), number_of(number), NULL), RECTO_OK);
    assert_int_equal(got, held(&world->model[number], columns, is_term, term) != NULL);
}

/* ---- terms in order ---- */

typedef struct listing {
    char terms[DOCUMENTS * 4][16];
    uint64_t counts[DOCUMENTS * 4];
    size_t count, limit;
} listing;

static bool list_counted(void *context, text term, uint64_t count)
{
    listing *listing = context;
    assert_true(term.length < 16 && listing->count < DOCUMENTS * 4);
    memset(listing->terms[listing->count], 0, 16);
    memcpy(listing->terms[listing->count], term.bytes, term.length);
    listing->counts[listing->count++] = count;
    return listing->count != listing->limit;
}

static bool list_term(void *context, text term, const index_set *documents)
{
    return list_counted(context, term, index_set_count(documents));
}

static int by_term(const void *a, const void *b)
{
    return strcmp(a, b);
}

static size_t model_terms(const world *world, unsigned column, char (*out)[16])
{
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < DOCUMENTS; i++)
        for (size_t j = 0; j < world->model[i].count; j++)
            if (world->model[i].postings[j].column == column)
                memcpy(out[count++], world->model[i].postings[j].term, 16);
    qsort(out, count, 16, by_term);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strcmp(out[i], out[i - 1]) != 0)
            memmove(out[kept++], out[i], 16);
    return kept;
}

static uint64_t model_count(const world *world, unsigned column, const char *term, const index_set *within)
{
    uint8_t columns[2] = { (uint8_t)column, 0 };
    uint64_t count = 0;
    for (size_t i = 0; i < DOCUMENTS; i++)
        count +=
            (within == NULL || index_set_has(within, number_of(i))) && held(&world->model[i], columns, is_term, term) != NULL;
    return count;
}

static void ask_terms(world *world, index_reader *reader, listing *listing, char (*terms)[16])
{
    unsigned column = column_sets[roll(world, 5)][0];
    column = column == COLUMN_TITLE && roll(world, 3) > 0 ? COLUMN_CODE : column;
    bool backwards = roll(world, 2) == 0;
    char from[16] = "";
    if (roll(world, 3) > 0)
        random_term(world, from);
    size_t count = model_terms(world, column, terms), at = 0;
    while (at < count && strcmp(terms[at], from) < 0)
        at++;
    if (backwards && from[0] == '\0')
        at = count;
    listing->count = 0;
    listing->limit = 1 + roll(world, 60);
    assert_int_equal(index_terms(reader, column, text_from(from), backwards, list_term, listing, NULL), RECTO_OK);
    size_t wanted = backwards ? at : count - at;
    assert_int_equal(listing->count, wanted < listing->limit ? wanted : listing->limit);
    for (size_t i = 0; i < listing->count; i++) {
        assert_string_equal(listing->terms[i], terms[backwards ? at - 1 - i : at + i]);
        if (i < 5)
            assert_int_equal(listing->counts[i], model_count(world, column, listing->terms[i], NULL));
    }
}

static void ask_counts(world *world, index_reader *reader, listing *listing, char (*terms)[16])
{
    index_set *within = roll(world, 4) == 0 ? NULL : index_set_new();
    for (size_t i = 0, share = roll(world, 10); within != NULL && i < DOCUMENTS; i++)
        if (roll(world, 10) < share)
            index_set_add(within, number_of(i));
    size_t count = model_terms(world, COLUMN_CODE, terms), at = 0;
    listing->count = listing->limit = 0;
    assert_int_equal(index_counts(reader, COLUMN_CODE, within, list_counted, listing, NULL), RECTO_OK);
    for (size_t i = 0; i < count; i++) {
        uint64_t wanted = model_count(world, COLUMN_CODE, terms[i], within);
        if (wanted == 0)
            continue;
        assert_true(at < listing->count);
        assert_string_equal(listing->terms[at], terms[i]);
        assert_int_equal(listing->counts[at++], wanted);
    }
    assert_int_equal(at, listing->count);
    index_set_free(within);
}

/* '0' is the lowest letter of the codes, so terms that are alike up to it stand side by side. */
static size_t joined_length(const char *term)
{
    return strcspn(term, "0");
}

static bool is_joined(const posting *posting, const void *context)
{
    const char *term = context;
    return joined_length(posting->term) == joined_length(term) && memcmp(posting->term, term, joined_length(term)) == 0;
}

static void ask_joined(world *world, index_reader *reader, listing *listing, char (*terms)[16])
{
    static const uint8_t columns[] = { COLUMN_CODE, 0 };
    index_set *within = index_set_range(number_of(0), number_of(roll(world, DOCUMENTS / 2)));
    const size_t count = model_terms(world, COLUMN_CODE, terms);
    size_t at = 0;
    listing->count = listing->limit = 0;
    assert_int_equal(index_counts_joined(reader, COLUMN_CODE, '0', within, list_counted, listing, NULL), RECTO_OK);
    for (size_t i = 0; i < count; i++) {
        uint64_t wanted = 0;
        if (i > 0 && joined_length(terms[i]) == joined_length(terms[i - 1]) &&
            memcmp(terms[i], terms[i - 1], joined_length(terms[i])) == 0)
            continue;
        for (size_t j = 0; j < DOCUMENTS; j++)
            wanted += index_set_has(within, number_of(j)) && held(&world->model[j], columns, is_joined, terms[i]) != NULL;
        if (wanted == 0)
            continue;
        assert_true(at < listing->count);
        assert_int_equal(strlen(listing->terms[at]), joined_length(terms[i]));
        assert_memory_equal(listing->terms[at], terms[i], joined_length(terms[i]));
        assert_int_equal(listing->counts[at++], wanted);
    }
    assert_int_equal(at, listing->count);
    index_set_free(within);
}

/* ---- all of it ---- */

/* A reader that is kept over the states of the index, with segments of either tier, in half of the runs. */
static void expect(index_reader *reader, uint64_t seed)
{
    static const uint8_t few[] = { COLUMN_CODE, COLUMN_KEY, 0 };
    if (seed % 2 == 0)
        return;
    index_reader_expect_few(reader, few);
    index_reader_expect_large(reader, seed % 4 == 1 ? 60 : 1);
}

static void run(uint64_t seed, unsigned rounds)
{
    world *world = calloc(1, sizeof *world);
    listing *listing = calloc(1, sizeof *listing);
    char(*terms)[16] = calloc((size_t)DOCUMENTS * POSTINGS_MAX, 16);
    world->random = seed;
    world->entry = index_entry_new();
    world->builder = index_builder_new();
    memory_init(&world->store);
    index_reader *reader = index_reader_new(&world->store.door);
    expect(reader, seed);
    for (unsigned round = 0; round < rounds; round++) {
        change(world);
        build_index(reader, world);
        for (unsigned i = 0; i < 6; i++) {
            ask_find(world, reader);
            ask_phrase(world, reader);
            ask_holds(world, reader);
        }
        ask_terms(world, reader, listing, terms);
        ask_counts(world, reader, listing, terms);
        if (round % 4 == 0)
            ask_joined(world, reader, listing, terms);
    }
    index_reader_free(reader);
    drop_entries(world);
    for (size_t i = 0; i < world->segment_count; i++)
        index_set_free(world->segments[i].documents);
    index_entry_free(world->entry);
    index_builder_free(world->builder);
    memory_release(&world->store);
    free(listing);
    free(terms);
    free(world);
}

static void index__answers_as_a_look_at_every_document_does(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++)
        run(seed, 120);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(index__answers_as_a_look_at_every_document_does) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
