/* tests/fuzz/index_fuzz.c - where libFuzzer comes in for the posting index: hostile blocks, sets and entries, with right
 * checksums.
 *
 * The first byte chooses. 0: changes of four bytes each (block, offset 2, value) to a sound segment that has every kind of block;
 * 1: a segment of blocks (length 2, bytes); 2: a set; 3: an entry. Whatever comes, every question is answered or refused with
 * RECTO_EDATA, and what is answered is a set in order. The bytes themselves choose a few of the questions, so that a run is short
 * and one input always asks the same. */
#include "../src/index/parts.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define EXPECT(condition)                                                                                                        \
    do {                                                                                                                         \
        if (!(condition)) {                                                                                                      \
            fprintf(stderr, "tests/fuzz: index: %s\n", #condition);                                                              \
            abort();                                                                                                             \
        }                                                                                                                        \
    } while (0)

enum { BLOCKS_MAX = 256, DOCUMENTS = 600, THICK = 4200 };
enum { QUESTIONS = 16, WALK = 11, MERGE = 12 }; /* of ask(), and two of the whole segment */

typedef struct blocks {
    char *bytes[BLOCKS_MAX];
    size_t lengths[BLOCKS_MAX];
    uint32_t count;
} blocks;

static recto_status put(void *context, int64_t segment, uint32_t number, text bytes, recto_error *error)
{
    blocks *blocks = context;
    (void)segment;
    if (number >= BLOCKS_MAX)
        return recto_fail(error, RECTO_ELIMIT, NULL, NULL, "too many blocks");
    EXPECT(number == blocks->count);
    blocks->bytes[number] = malloc(bytes.length + 1);
    EXPECT(blocks->bytes[number] != NULL);
    memcpy(blocks->bytes[number], bytes.bytes, bytes.length);
    blocks->lengths[number] = bytes.length;
    blocks->count++;
    return RECTO_OK;
}

static recto_status get(void *context, int64_t segment, uint32_t number, text *bytes, recto_error *error)
{
    const blocks *blocks = context;
    (void)segment;
    (void)error;
    if (number >= blocks->count)
        return RECTO_ENOTFOUND;
    *bytes = text_of(blocks->bytes[number], blocks->lengths[number]);
    return RECTO_OK;
}

static void blocks_release(blocks *blocks)
{
    for (uint32_t i = 0; i < blocks->count; i++)
        free(blocks->bytes[i]);
    blocks->count = 0;
}

static void collect(index_entry *entry, index_document document)
{
    char key[24];
    index_entry_clear(entry);
    snprintf(key, sizeof key, "key%u", document);
    index_entry_add(entry, 20, text_from(key), INDEX_NO_PLACE);
    index_entry_add(entry, 1, TEXT("common"), 1 + document % 9);
    index_entry_add(entry, 1, TEXT("common"), 20 + document % 9);
    if (document % 3 != 0)
        index_entry_add(entry, 1, TEXT("word"), 2 + document % 9);
    if (document % 40 == 0)
        index_entry_add(entry, 1, TEXT("sometimes"), 7);
    index_entry_add(entry, 30, document < 300 ? TEXT("low") : TEXT("high"), INDEX_NO_PLACE); /* runs */
    index_entry_add(entry, 30, document % 2 == 0 ? TEXT("even") : TEXT("odd"), INDEX_NO_PLACE);
}

/* The sound segment: documents in three chunks, one of them thick enough for a bitmap. */
static index_set *make_segment(blocks *out, index_segment_info *info)
{
    index_store store = { out, put, get };
    index_builder *builder = index_builder_new();
    index_entry *entry = index_entry_new();
    index_set *documents = NULL;
    EXPECT(builder != NULL && entry != NULL);
    for (index_document i = 1; i <= DOCUMENTS; i++) {
        index_document document = i < 100 ? i : i < 200 ? i + 65500 : i + 130900;
        collect(entry, document);
        EXPECT(index_builder_add(builder, document, entry, NULL) == RECTO_OK);
    }
    index_entry_clear(entry); /* a collected entry is cleared when it is taken */
    for (index_document i = 0; i < THICK; i++) {
        index_entry_add(entry, 40, TEXT("thick"), INDEX_NO_PLACE);
        EXPECT(index_builder_add(builder, 200000 + i * 2, entry, NULL) == RECTO_OK);
    }
    EXPECT(index_builder_write(builder, &store, 1, info, &documents, NULL) == RECTO_OK);
    index_builder_free(builder);
    index_entry_free(entry);
    return documents;
}

/* ---- questions ---- */

static void expect_status(recto_status status)
{
    EXPECT(status == RECTO_OK || status == RECTO_EDATA || status == RECTO_ELIMIT);
}

static void expect_set(const index_set *set)
{
    index_document room[512], after = 0;
    uint64_t count = index_set_has(set, 0);
    size_t got;
    while ((got = index_set_list(set, after, room, 512)) > 0) {
        for (size_t i = 0; i < got; i++) {
            EXPECT(room[i] > after && index_set_has(set, room[i]));
            after = room[i];
        }
        count += got;
    }
    EXPECT(count == index_set_count(set));
}

static void take_set(recto_status status, index_set **out)
{
    index_set *set = *out;
    expect_status(status);
    EXPECT((status == RECTO_OK) == (set != NULL));
    if (set != NULL)
        expect_set(set);
    index_set_free(set);
}

static bool see_term(void *context, text term, const index_set *documents)
{
    EXPECT(term.length <= INDEX_TERM_BYTES_MAX);
    expect_set(documents);
    return ++*(size_t *)context < 300;
}

static bool see_count(void *context, text term, uint64_t count)
{
    EXPECT(term.length <= INDEX_TERM_BYTES_MAX && count > 0);
    return ++*(size_t *)context < 3000;
}

static bool see_posting(void *context, unsigned column, text term, index_document document, uint32_t place)
{
    EXPECT(column < 256 && term.length <= INDEX_TERM_BYTES_MAX && document > 0 && place <= PLACE_MAX);
    return ++*(size_t *)context < 200000;
}

/* About a third of them. */
static bool is_asked(uint32_t choice, unsigned question)
{
    return (choice >> question % QUESTIONS & 1) != 0 && (choice >> (question + 3) % QUESTIONS & 1) == 0;
}

static uint32_t choose(const uint8_t *bytes, size_t size)
{
    return block_checksum(text_of((const char *)bytes, size), 7);
}

static void ask_about_terms(index_reader *reader, uint32_t choice)
{
    static const uint8_t words[] = { 1, 40, 0 };
    static const char *const terms[] = { "common", "word", "sometimes", "thick" };
    index_set *set = NULL;
    bool held = false;
    for (unsigned i = 0; i < 4; i++) {
        if (!is_asked(choice, i))
            continue;
        recto_status status = index_find(&set, reader, words, text_from(terms[i]), NULL);
        take_set(status, &set);
        expect_status(index_holds(&held, reader, i < 3 ? 1 : 40, text_from(terms[i]), 131500, NULL));
    }
}

static void ask(index_reader *reader, uint32_t choice)
{
    enum { PREFIX = 4, RANGE, PHRASE, NEAR, TERMS, BACKWARD, COUNTS };
    static const uint8_t words[] = { 1, 40, 0 }, keys[] = { 20, 0 };
    static const text phrase[] = { { "common", 6 }, { "word", 4 } };
    index_set *set = NULL;
    size_t seen = 0;
    ask_about_terms(reader, choice);
    if (is_asked(choice, PREFIX))
        take_set(index_find_prefix(&set, reader, keys, TEXT("key1"), NULL), &set);
    if (is_asked(choice, RANGE))
        take_set(index_find_range(&set, reader, words, TEXT("a"), TEXT("t"), NULL), &set);
    for (unsigned near = 0; near < 2; near++)
        if (is_asked(choice, PHRASE + near))
            take_set(index_find_phrase(&set, reader, words, phrase, 2, near == 1, NULL), &set);
    if (is_asked(choice, TERMS))
        expect_status(index_terms(reader, 20, TEXT("key5"), false, see_term, &seen, NULL));
    if (is_asked(choice, BACKWARD))
        expect_status(index_terms(reader, 30, TEXT(""), true, see_term, &seen, NULL));
    if (is_asked(choice, COUNTS))
        expect_status(index_counts(reader, 30, NULL, see_count, &seen, NULL));
}

static recto_status drop(void *context, int64_t segment, uint32_t number, text bytes, recto_error *error)
{
    (void)context, (void)segment, (void)number, (void)error;
    EXPECT(bytes.length >= BLOCK_HEADER_BYTES);
    return RECTO_OK;
}

static void merge(blocks *from, const index_segment_info *info, const index_set *documents)
{
    index_store store = { from, drop, get };
    index_source source = { info, documents, 0, { 0 } };
    index_merge *merge = NULL;
    index_segment_info made;
    index_set *all = NULL;
    bool done = false;
    EXPECT(index_merge_new(&merge, &source, 1, &store, 2, true, NULL) == RECTO_OK);
    recto_status status = RECTO_OK;
    while (status == RECTO_OK && !done)
        status = index_merge_step(merge, 0, &done, &made, &all, NULL);
    expect_status(status);
    index_set_free(all);
    index_merge_free(merge);
}

static void try_segment(blocks *from, const index_segment_info *info, const index_set *documents, uint32_t choice)
{
    index_store store = { from, put, get };
    index_source source = { info, documents, 0, { 0 } };
    size_t seen = 0;
    index_reader *reader = index_reader_new(&store);
    EXPECT(reader != NULL);
    EXPECT(index_reader_add_segment(reader, info, index_set_copy(documents), NULL) == RECTO_OK);
    ask(reader, choice);
    index_reader_free(reader);
    if (is_asked(choice, WALK))
        expect_status(index_walk(&source, &store, see_posting, &seen, NULL));
    if (is_asked(choice, MERGE))
        merge(from, info, documents);
}

static void fix_checksum(char *bytes, size_t length, uint32_t seed)
{
    if (length >= 4)
        little_put((unsigned char *)bytes, block_checksum(text_of(bytes + 4, length - 4), seed));
}

static void try_changes(const uint8_t *bytes, size_t size)
{
    static blocks sound;
    static index_segment_info info;
    static index_set *documents;
    if (documents == NULL)
        documents = make_segment(&sound, &info);
    const uint32_t choice = choose(bytes, size);
    blocks changed = { .count = sound.count };
    for (uint32_t i = 0; i < sound.count; i++) {
        changed.lengths[i] = sound.lengths[i];
        changed.bytes[i] = malloc(sound.lengths[i]);
        EXPECT(changed.bytes[i] != NULL);
        memcpy(changed.bytes[i], sound.bytes[i], sound.lengths[i]);
    }
    for (size_t i = 0; i + 4 <= size; i += 4) {
        uint32_t block = bytes[i] % sound.count;
        changed.bytes[block][(bytes[i + 1] | (size_t)bytes[i + 2] << 8) % changed.lengths[block]] = (char)bytes[i + 3];
    }
    for (uint32_t i = 0; i < changed.count; i++)
        fix_checksum(changed.bytes[i], changed.lengths[i], i);
    try_segment(&changed, &info, documents, choice);
    blocks_release(&changed);
}

static void try_blocks(const uint8_t *bytes, size_t size)
{
    blocks blocks = { .count = 0 };
    const uint32_t choice = choose(bytes, size);
    while (size >= 2 && blocks.count < BLOCKS_MAX) {
        size_t length = bytes[0] | (size_t)bytes[1] << 8;
        length = length > size - 2 ? size - 2 : length;
        char *block = malloc(length + (length == 0));
        EXPECT(block != NULL);
        memcpy(block, bytes + 2, length);
        fix_checksum(block, length, blocks.count);
        blocks.lengths[blocks.count] = length;
        blocks.bytes[blocks.count++] = block;
        bytes += 2 + length;
        size -= 2 + length;
    }
    index_segment_info info = { 1, blocks.count > 0 ? blocks.count - 1 : 0, blocks.count, 0, 0 };
    try_segment(&blocks, &info, NULL, choice);
    blocks_release(&blocks);
}

static void try_set(const char *bytes, size_t size)
{
    index_set *set = NULL, *again = NULL;
    buffer written;
    buffer_init(&written, 0);
    recto_status status = index_set_read(&set, text_of(bytes, size), NULL);
    EXPECT(status == RECTO_OK || status == RECTO_EDATA);
    if (status == RECTO_OK) {
        expect_set(set);
        EXPECT(index_set_write(&written, set, NULL) == RECTO_OK);
        EXPECT(index_set_read(&again, buffer_text(&written), NULL) == RECTO_OK);
        EXPECT(index_set_count(set) == index_set_count(again) && index_set_count(set) == index_set_count_both(set, again));
    }
    index_set_free(set);
    index_set_free(again);
    buffer_release(&written);
}

static void try_entry(const char *bytes, size_t size)
{
    blocks none = { .count = 0 };
    index_store store = { &none, put, get };
    index_source source = { NULL, NULL, 131500, text_of(bytes, size) };
    size_t seen = 0;
    index_reader *reader = index_reader_new(&store);
    EXPECT(reader != NULL);
    recto_status status = index_reader_add_entry(reader, 131500, text_of(bytes, size), NULL);
    EXPECT(status == RECTO_OK || status == RECTO_EDATA);
    ask(reader, choose((const uint8_t *)bytes, size));
    index_reader_free(reader);
    EXPECT(index_walk(&source, &store, see_posting, &seen, NULL) == status);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size < 1)
        return 0;
    char *copy = malloc(size); /* of exactly this size: a step beyond is seen */
    EXPECT(copy != NULL);
    memcpy(copy, bytes + 1, size - 1);
    switch (bytes[0] % 4) {
    case 0:
        try_changes(bytes + 1, size - 1);
        break;
    case 1:
        try_blocks(bytes + 1, size - 1);
        break;
    case 2:
        fix_checksum(copy, size - 1, 0);
        try_set(copy, size - 1);
        break;
    default:
        fix_checksum(copy, size - 1, 0);
        try_entry(copy, size - 1);
        break;
    }
    free(copy);
    return 0;
}
