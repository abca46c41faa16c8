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

/* Neighbours often have one term: they are counted in turns, so that no count waits for the one before it.
 * @param counts  BANKS rows of `terms` */
static void count_codes(uint32_t *counts, size_t terms, const kept_codes *codes, const roaring_bitmap_t *within)
{
    index_document batch[BATCH];
    roaring_uint32_iterator_t iterator;
    size_t at = 0;
    uint32_t got;
    roaring_init_iterator(within, &iterator);
    while ((got = roaring_read_uint32_iterator(&iterator, batch, BATCH)) > 0)
        for (uint32_t i = 0; i < got && batch[i] < codes->count; i++) {
            const uint16_t code = codes->codes[batch[i]];
            if (code == SEVERAL)
                count_several(counts, codes, &at, batch[i]);
            else if (code != NO_TERM)
                counts[i % BANKS * terms + code - 1U]++;
        }
}

/* Of many hits the others are counted. */
static bool count_within(uint64_t *out, const kept_column *column, uint32_t *counts, const index_set *within)
{
    const kept_codes *codes = &column->codes;
    const bool turned = index_set_count(within) > codes->count / 2;
    roaring_bitmap_t *others = turned ? roaring_bitmap_flip(within->bits, 0, codes->count) : NULL;
    if (turned && others == NULL)
        return false;
    count_codes(counts, column->count, codes, turned ? others : within->bits);
    for (size_t i = 0; i < column->count; i++) {
        uint64_t sum = 0;
        for (size_t bank = 0; bank < BANKS; bank++)
            sum += counts[bank * column->count + i];
        out[i] = turned ? codes->totals[i] - sum : sum;
    }
    if (turned)
        roaring_bitmap_free(others);
    return true;
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
    uint32_t *counts = calloc(column->count * BANKS, sizeof *counts);
    *out = calloc(column->count, sizeof **out);
    if (counts == NULL || *out == NULL || !count_within(*out, column, counts, within)) {
        free(*out);
        *out = NULL;
        status = recto_fail_memory(error, "reading the index");
    }
    free(counts);
    return status;
}
