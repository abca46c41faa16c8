/* tests/index/index_bench.c - what the index costs: index_bench [DOCUMENTS [SEGMENT_MB [only-build]]]. Made-up documents of 100
 * words with places (a long tail: every document brings words that hardly another has), 9 identifiers and 15 codes and sort keys;
 * blocks in memory. Prints documents a second, bytes a document and times of finding; asserts nothing. Times are CPU time of this
 * process.
 */
#include "recto/index/index.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { WORDS = 100, SEGMENTS_MAX = 400, COMMON_WORDS = 40000, SLICE_WORK = 20000 };

/* ---- blocks in memory ---- */

typedef struct blocks {
    text *blocks[4 * SEGMENTS_MAX];
    uint32_t counts[4 * SEGMENTS_MAX];
} blocks;

static recto_status put(void *context, int64_t segment, uint32_t block, text bytes, recto_error *error)
{
    blocks *all = context;
    (void)error;
    if ((block & (block + 1)) == 0 || block == 0)
        all->blocks[segment] = realloc(all->blocks[segment], ((size_t)block * 2 + 2) * sizeof(text));
    char *copy = malloc(bytes.length);
    memcpy(copy, bytes.bytes, bytes.length);
    all->blocks[segment][block] = text_of(copy, bytes.length);
    all->counts[segment] = block + 1;
    return RECTO_OK;
}

static recto_status get(void *context, int64_t segment, uint32_t block, text *bytes, recto_error *error)
{
    const blocks *all = context;
    (void)error;
    if (block >= all->counts[segment])
        return RECTO_ENOTFOUND;
    *bytes = all->blocks[segment][block];
    return RECTO_OK;
}

static void forget(blocks *all, int64_t segment)
{
    for (uint32_t i = 0; i < all->counts[segment]; i++)
        free((char *)all->blocks[segment][i].bytes);
    free(all->blocks[segment]);
    all->blocks[segment] = NULL;
    all->counts[segment] = 0;
}

/* ---- documents ---- */

static uint64_t seed = 88172645463325252ULL;
static uint32_t words[1 << 16]; /* ranks as frequent as in a language */

static uint64_t roll(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    return seed ^= seed << 17;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void make_words(void)
{
    double sum = 0, all = 0;
    for (int i = 1; i <= COMMON_WORDS; i++)
        all += 1.0 / i;
    for (int i = 1, at = 0; i <= COMMON_WORDS; i++) {
        sum += 1.0 / i;
        while (at < 1 << 16 && at < sum / all * (1 << 16))
            words[at++] = (uint32_t)i;
    }
}

static text word_of(char out[static 24], uint32_t rank)
{
    uint32_t mixed = rank * 2654435761U;
    int length = 0;
    for (uint32_t left = mixed; left > 0 && length < 12; left /= 26)
        out[length++] = (char)('a' + left % 26);
    if (rank < 200)
        length = 3;
    for (uint32_t left = rank; left > 0 && length < 20; left /= 26)
        out[length++] = (char)('a' + left % 26);
    return text_of(out, (size_t)length);
}

static void number_term(index_entry *entry, unsigned column, const char *format, unsigned long long number)
{
    char term[64];
    snprintf(term, sizeof term, format, number);
    index_entry_add(entry, column, text_from(term), INDEX_NO_PLACE);
}

static void make_document(index_entry *entry, uint32_t document)
{
    char room[24];
    for (uint32_t i = 0; i < WORDS; i++) {
        uint32_t rank = words[roll() & 0xFFFF];
        if (i % 33 == 7)
            rank = COMMON_WORDS + (uint32_t)(roll() % 4000000); /* the long tail */
        index_entry_add(entry, 1 + i * 5 / WORDS, word_of(room, rank), i + 1);
    }
    static const char *const keys[9] = { "%llu\x1F"
                                         "001 ",
                                         "9781%09llu\x1F"
                                         "020a",
                                         "(OCoLC)%llu\x1F"
                                         "035a",
                                         "%08llu\x1F"
                                         "010a",
                                         "ocm%llu\x1F"
                                         "035a",
                                         "title key of %llu\x1F"
                                         "245a",
                                         "name %llu\x1F"
                                         "100a",
                                         "%llu-x\x1F"
                                         "022a",
                                         "b%llu\x1F"
                                         "907a" };
    for (unsigned i = 0; i < 9; i++)
        number_term(entry, 20 + i, keys[i], (document + i * 7919ULL) * 2654435761ULL % 1000000000ULL);
    for (unsigned i = 0; i < 9; i++)
        number_term(entry, 80 + i, "%llu", roll() % (i < 5 ? 3 : 40));
    number_term(entry, 90, "%04llu", 1900 + roll() % 125);
    number_term(entry, 100, "%08llx", roll() % 100000000);
    number_term(entry, 101, "%05llx", roll() % 1000000);
    number_term(entry, 102, "%08llx", 0x60000000ULL + document / 50);
    number_term(entry, 103, "%013llu", 9910000000000ULL + document / 1000);
    number_term(entry, 110, "heading %llu", roll() % 400000);
}

/* ---- building ---- */

static uint64_t memory_peak(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)usage.ru_maxrss / 1024;
}

typedef struct built {
    index_segment_info infos[SEGMENTS_MAX];
    index_set *documents[SEGMENTS_MAX];
    size_t count;
} built;

static void build(built *out, const index_store *store, uint32_t documents, size_t limit, double making)
{
    index_builder *builder = index_builder_new();
    index_entry *entry = index_entry_new();
    double start = now(), writing = 0;
    uint64_t bytes = 0;
    for (uint32_t i = 1; i <= documents; i++) {
        make_document(entry, i);
        if (index_builder_add(builder, i, entry, NULL) != RECTO_OK)
            exit(1);
        if (index_builder_bytes(builder) < limit && i < documents)
            continue;
        double before = now();
        if (index_builder_write(builder, store, (int64_t)out->count, &out->infos[out->count], &out->documents[out->count],
                                NULL) != 0)
            exit(1);
        bytes += out->infos[out->count++].bytes;
        writing += now() - before;
    }
    double all = now() - start - making;
    printf("build   %9.0f documents/s (writing %.0f %%), %zu segments, %.1f bytes/document, peak %llu MB with the blocks\n",
           documents / all, 100 * writing / all, out->count, (double)bytes / documents, (unsigned long long)memory_peak());
    index_builder_free(builder);
    index_entry_free(entry);
}

static void merge_all(built *from, blocks *all, const index_store *store, uint32_t documents, size_t at_once)
{
    int64_t next = (int64_t)from->count;
    while (from->count > 1) {
        size_t kept = 0;
        double start = now(), longest = 0;
        uint64_t bytes = 0;
        for (size_t i = 0; i < from->count; i += at_once) {
            index_source sources[16] = { 0 };
            size_t count = 0;
            for (; count < at_once && i + count < from->count; count++)
                sources[count] = (index_source){ .segment = &from->infos[i + count], .documents = from->documents[i + count] };
            index_merge *merge = NULL;
            index_segment_info info;
            index_set *set = NULL;
            bool done = false;
            if (index_merge_new(&merge, sources, count, store, next++, i == 0, NULL) != RECTO_OK)
                exit(1);
            while (!done) {
                double before = now();
                if (index_merge_step(merge, SLICE_WORK, &done, &info, &set, NULL) != RECTO_OK)
                    exit(1);
                longest = now() - before > longest ? now() - before : longest;
            }
            index_merge_free(merge);
            for (size_t j = 0; j < count; j++) {
                forget(all, from->infos[i + j].segment);
                index_set_free(from->documents[i + j]);
            }
            from->infos[kept] = info;
            from->documents[kept++] = set;
            bytes += info.bytes;
        }
        double time = now() - start;
        printf("merge   %9.0f documents/s, %zu segments to %zu, %.1f bytes/document, slice of 20,000 postings: longest %.1f ms\n",
               documents / time, from->count, kept, (double)bytes / documents, longest * 1e3);
        from->count = kept;
    }
}

/* ---- finding ---- */

static int by_time(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef enum question { WORD, ALL_OF_2, ALL_OF_3, PHRASE, BEGINNING, KNOWN, HOLDS, TERMS, COUNTS } question;

static bool count_term(void *context, text term, const index_set *documents)
{
    (void)term;
    return (*(uint64_t *)context += index_set_count(documents)) < 50;
}

static bool count_count(void *context, text term, uint64_t count)
{
    (void)term;
    *(uint64_t *)context += count;
    return true;
}

static uint64_t ask(index_reader *reader, question question, uint32_t low, uint32_t high, uint32_t documents,
                    const index_set *hits)
{
    static const uint8_t all[] = { 1, 2, 3, 4, 5, 0 }, key[] = { 21, 0 };
    char rooms[3][24], known[40];
    text terms[3];
    index_set *sets[3] = { NULL, NULL, NULL };
    uint64_t count = 0;
    bool held = false;
    for (int i = 0; i < 3; i++)
        terms[i] = word_of(rooms[i], low + (uint32_t)(roll() % (high - low)));
    switch (question) {
    case WORD:
    case ALL_OF_2:
    case ALL_OF_3:
        for (int i = 0; i <= (int)question; i++)
            index_find(&sets[i], reader, all, terms[i], NULL);
        for (int i = 1; i <= (int)question; i++)
            index_set_and(sets[0], sets[i]);
        break;
    case PHRASE:
        index_find_phrase(&sets[0], reader, all, terms, 2, false, NULL);
        break;
    case BEGINNING:
        index_find_prefix(&sets[0], reader, all, text_of(terms[0].bytes, 3), NULL);
        break;
    case KNOWN:
        snprintf(known, sizeof known, "9781%09llu\x1F", ((1 + roll() % documents) + 7919ULL) * 2654435761ULL % 1000000000ULL);
        index_find_prefix(&sets[0], reader, key, text_from(known), NULL);
        break;
    case HOLDS:
        index_holds(&held, reader, 1, terms[0], 1 + (uint32_t)(roll() % documents), NULL);
        count = held;
        break;
    case TERMS:
        index_terms(reader, 102, text_of(NULL, 0), true, count_term, &count, NULL);
        break;
    case COUNTS:
        index_counts(reader, 85, hits, count_count, &count, NULL);
        break;
    }
    if (sets[0] != NULL)
        count = index_set_count(sets[0]);
    for (int i = 0; i < 3; i++)
        index_set_free(sets[i]);
    return count;
}

static void measure(index_reader *reader, const char *name, question question, uint32_t low, uint32_t high, uint32_t documents)
{
    enum { ROUNDS = 300 };
    double times[ROUNDS];
    uint64_t hits = 0;
    static const uint8_t all[] = { 1, 2, 3, 4, 5, 0 };
    index_set *within = NULL;
    char room[24];
    index_find(&within, reader, all, word_of(room, low), NULL);
    for (int i = 0; i < ROUNDS; i++) {
        double start = now();
        hits += ask(reader, question, low, high, documents, within);
        times[i] = now() - start;
    }
    index_set_free(within);
    qsort(times, ROUNDS, sizeof *times, by_time);
    printf("%-28s p50 %9.1f us  p99 %9.1f us  mean %10.0f hits\n", name, times[ROUNDS / 2] * 1e6, times[ROUNDS * 99 / 100] * 1e6,
           (double)hits / ROUNDS);
}

static const struct {
    const char *name;
    question question;
    uint32_t low, high;
} questions[] = {
    { "known item", KNOWN, 1, 2 },
    { "one document holds", HOLDS, 1, 2000 },
    { "1 rare word", WORD, 10000, 40000 },
    { "1 medium word", WORD, 300, 2000 },
    { "1 common word", WORD, 1, 12 },
    { "2 common words", ALL_OF_2, 1, 30 },
    { "3 common words", ALL_OF_3, 1, 30 },
    { "phrase of 2 medium words", PHRASE, 300, 2000 },
    { "phrase of 2 common words", PHRASE, 1, 30 },
    { "beginning of 3 letters", BEGINNING, 300, 2000 },
    { "newest terms until 50", TERMS, 1, 2 },
    { "facet of 40 in common word", COUNTS, 1, 2 },
};

static void ask_all(built *index, const index_store *store, uint32_t documents)
{
    index_reader *reader = index_reader_new(store);
    printf("\nwith %zu segments and no entries:\n", index->count);
    for (size_t i = 0; i < index->count; i++)
        index_reader_add_segment(reader, &index->infos[i], index_set_copy(index->documents[i]), NULL);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        measure(reader, questions[i].name, questions[i].question, questions[i].low, questions[i].high, documents);
    buffer bytes[512];
    index_entry *entry = index_entry_new();
    uint64_t length = 0;
    for (uint32_t i = 0; i < 512; i++) {
        buffer_init(&bytes[i], 0);
        index_entry_clear(entry);
        make_document(entry, documents - i * 100);
        index_entry_write(&bytes[i], entry, NULL);
        length += bytes[i].length;
    }
    double start = now();
    for (uint32_t i = 0; i < 512; i++)
        index_reader_add_entry(reader, documents - i * 100, buffer_text(&bytes[i]), NULL);
    printf("\nwith 512 entries (%llu bytes each; adding all took %.2f ms):\n", (unsigned long long)length / 512,
           (now() - start) * 1e3);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        measure(reader, questions[i].name, questions[i].question, questions[i].low, questions[i].high, documents);
    for (uint32_t i = 0; i < 512; i++)
        buffer_release(&bytes[i]);
    index_entry_free(entry);
    index_reader_free(reader);
}

int main(int count, char **arguments)
{
    uint32_t documents = count > 1 ? (uint32_t)strtoul(arguments[1], NULL, 10) : 1000000;
    size_t limit = (count > 2 ? strtoul(arguments[2], NULL, 10) : 256) << 20;
    static blocks all;
    static built index;
    index_store store = { &all, put, get };
    make_words();
    index_entry *entry = index_entry_new();
    double start = now();
    for (uint32_t i = 1; i <= documents; i++) {
        index_entry_clear(entry);
        make_document(entry, i);
    }
    double making = now() - start;
    index_entry_free(entry);
    printf("%u documents; making and collecting them (not counted below): %.1f us each\n", documents, making / documents * 1e6);
    build(&index, &store, documents, limit, making);
    if (count <= 3)
        ask_all(&index, &store, documents);
    merge_all(&index, &all, &store, documents, 8);
    if (count <= 3)
        ask_all(&index, &store, documents);
    for (size_t i = 0; i < index.count; i++) {
        forget(&all, index.infos[i].segment);
        index_set_free(index.documents[i]);
    }
    return 0;
}
