/* src/index/kept_codes.c - the term of each document in a column of few terms, so that counting many values is one pass over the
 * hits instead of one intersection a value. Made when a column is counted again, from the sets of its terms. */
#include "terms.h"

#include <stdlib.h>

enum { BANKS = 4, NO_TERM = 0, SEVERAL = 0xFFFF, BATCH = 4096, FEW_TERMS = 8, MADE_AT = 2 };
enum { DOCUMENTS_MAX = 16 * 1024 * 1024 };

static int compare_pairs(const void *a, const void *b)
{
    const kept_several *x = a, *y = b;
    if (x->document != y->document)
        return x->document < y->document ? -1 : 1;
    return (x->term > y->term) - (x->term < y->term);
}

static bool add_several(kept_codes *codes, index_document document, uint32_t term)
{
    if (!grow_array((void **)&codes->several, &codes->several_capacity, codes->several_count, sizeof *codes->several))
        return false;
    codes->several[codes->several_count++] = (kept_several){ document, term };
    return true;
}

static bool add_code(kept_codes *codes, index_document document, uint32_t term)
{
    if (document >= codes->count)
        return true;
    uint16_t *code = &codes->codes[document];
    if (*code == NO_TERM) {
        *code = (uint16_t)(term + 1);
        return true;
    }
    if (*code != SEVERAL && !add_several(codes, document, *code - 1U))
        return false;
    *code = SEVERAL;
    return add_several(codes, document, term);
}

static bool add_set(kept_codes *codes, const index_set *set, uint32_t term)
{
    index_document batch[BATCH];
    roaring_uint32_iterator_t iterator;
    uint32_t got;
    roaring_init_iterator(set->bits, &iterator);
    while ((got = roaring_read_uint32_iterator(&iterator, batch, BATCH)) > 0)
        for (uint32_t i = 0; i < got; i++)
            if (!add_code(codes, batch[i], term))
                return false;
    return true;
}

/* Documents of the large segments: codes reach up to the last. */
static index_document last_document(const index_reader *reader)
{
    index_document last = 0;
    for (size_t i = 0; i < reader->tier_counts[KEPT_LARGE]; i++) {
        const index_set *documents = reader->segments[reader->tiers[KEPT_LARGE][i]].documents;
        const index_document own = set_is_empty(documents) ? 0 : roaring_bitmap_maximum(documents->bits);
        last = own > last ? own : last;
    }
    return last;
}

void kept_codes_free(kept_codes *codes)
{
    free(codes->codes);
    free(codes->totals);
    free(codes->several);
    *codes = (kept_codes){ .codes = NULL };
}

static recto_status make_codes(index_reader *reader, kept_column *column, recto_error *error)
{
    kept_codes *codes = &column->codes;
    const index_document last = last_document(reader);
    if (last == 0 || last >= DOCUMENTS_MAX)
        return RECTO_OK; /* it goes the long way */
    codes->codes = calloc((size_t)last + 1, sizeof *codes->codes);
    codes->totals = calloc(column->count, sizeof *codes->totals);
    recto_status status = RECTO_OK;
    bool made = codes->codes != NULL && codes->totals != NULL;
    codes->count = (size_t)last + 1;
    for (size_t i = 0; made && status == RECTO_OK && i < column->count; i++) {
        const index_set *set = NULL;
        status = kept_term_set(&set, reader, KEPT_LARGE, column, &column->terms[i], error);
        made = status == RECTO_OK && add_set(codes, set, (uint32_t)i);
        codes->totals[i] = made ? index_set_count(set) : 0;
    }
    if (!made)
        kept_codes_free(codes);
    else if (codes->several_count > 1)
        qsort(codes->several, codes->several_count, sizeof *codes->several, compare_pairs);
    return status;
}

static void count_several(uint32_t *counts, const kept_codes *codes, size_t *at, index_document document)
{
    while (*at < codes->several_count && codes->several[*at].document < document)
        ++*at;
    for (size_t i = *at; i < codes->several_count && codes->several[i].document == document; i++)
        counts[codes->several[i].term]++;
}

typedef struct counting {
    const kept_codes *codes;
    uint32_t *rows[BANKS]; /* by code: of no term, and of each; neighbours often have one term, and no count waits for the one
                              before it */
    uint32_t *single;      /* by term: of documents with several */
    size_t at;             /* in the several */
} counting;

static inline void count_document(counting *counting, unsigned turn, index_document document)
{
    const uint16_t code = counting->codes->codes[document];
    if (code == SEVERAL)
        count_several(counting->single, counting->codes, &counting->at, document);
    else
        counting->rows[turn % BANKS][code]++;
}

static void count_bits(counting *counting, const set_chunk *chunk, index_document end)
{
    unsigned turn = 0;
    for (size_t i = 0; i < BITS_WORDS; i++)
        for (uint64_t word = set_chunk_word(chunk, i); word != 0; word &= word - 1) {
            const index_document document = chunk->first + (index_document)i * 64 + (index_document)__builtin_ctzll(word);
            if (document >= end)
                return;
            count_document(counting, turn++, document);
        }
}

/* All of one upper half. */
static void count_chunk(counting *counting, const set_chunk *chunk)
{
    const index_document end = (index_document)counting->codes->count;
    if (chunk->kind == CHUNK_BITS) {
        count_bits(counting, chunk, end);
        return;
    }
    for (uint32_t i = 0; i < chunk->count; i++) {
        const bool run = chunk->kind == CHUNK_RUNS;
        index_document document = chunk->first + set_chunk_half(chunk, run ? 2 * i : i);
        const index_document last = document + (run ? set_chunk_half(chunk, 2 * i + 1) : 0);
        for (unsigned turn = i; document <= last && document < end; document++)
            count_document(counting, turn++, document);
    }
}

/* @param counts  a row for each bank, and one of those with several */
static bool count_codes(uint32_t *counts, size_t terms, const kept_codes *codes, const index_set *within)
{
    counting counting = { .codes = codes, .single = counts + BANKS * (terms + 1) };
    set_chunks chunks;
    set_chunk chunk;
    for (size_t bank = 0; bank < BANKS; bank++)
        counting.rows[bank] = counts + bank * (terms + 1);
    if (!set_chunks_open(&chunks, within))
        return false;
    while (set_chunks_next(&chunk, &chunks))
        count_chunk(&counting, &chunk);
    set_chunks_close(&chunks);
    return true;
}

/* Of many hits the others are counted. */
static bool count_within(uint64_t *out, const kept_column *column, uint32_t *counts, const index_set *within)
{
    const kept_codes *codes = &column->codes;
    const size_t terms = column->count;
    const bool turned = index_set_count(within) > codes->count / 2;
    index_set *others = turned ? set_of_bits(roaring_bitmap_flip(within->bits, 0, codes->count)) : NULL;
    const bool counted = (!turned || others != NULL) && count_codes(counts, terms, codes, turned ? others : within);
    for (size_t i = 0; i < terms && counted; i++) {
        uint64_t sum = counts[BANKS * (terms + 1) + i];
        for (size_t bank = 0; bank < BANKS; bank++)
            sum += counts[bank * (terms + 1) + i + 1];
        out[i] = turned ? codes->totals[i] - sum : sum;
    }
    index_set_free(others);
    return counted;
}

recto_status kept_codes_count(uint64_t **out, index_reader *reader, kept_column *column, const index_set *within,
                              recto_error *error)
{
    recto_status status = RECTO_OK;
    *out = NULL;
    if (column->count <= FEW_TERMS || within == NULL)
        return RECTO_OK;
    if (column->codes.codes == NULL && ++column->counted == MADE_AT)
        status = make_codes(reader, column, error);
    if (status != RECTO_OK || column->codes.codes == NULL)
        return status;
    uint32_t *counts = calloc((column->count + 1) * (BANKS + 1), sizeof *counts);
    *out = calloc(column->count, sizeof **out);
    if (counts == NULL || *out == NULL || !count_within(*out, column, counts, within)) {
        free(*out);
        *out = NULL;
        status = recto_fail_memory(error, "reading the index");
    }
    free(counts);
    return status;
}
