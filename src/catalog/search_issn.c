/* src/catalog/search_issn.c - an ISSN stands in several subfields of 022: records that have it in $a come first, and where it is
 * found otherwise is said (SE-82). */
#include "search_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORDS_READ_MAX = 50 };

static const char order[] = "almyz";

static bool is_asked(const query_node *node)
{
    return node != NULL && node->kind == QUERY_TERM && node->operator== SEARCH_EQUALS && strcmp(node->index->code, "issn") == 0;
}

/* The first of the subfields that has the number; '\0': none. */
static char place_in(const marc_record *record, text wanted)
{
    size_t best = sizeof order - 1;
    for (size_t i = marc_record_find(record, "022", 0); i != SIZE_MAX; i = marc_record_find(record, "022", i + 1)) {
        marc_subfield subfield;
        size_t offset = 0;
        while (marc_field_next_subfield(marc_record_field(record, i), &offset, &subfield)) {
            const char *at = subfield.code != '\0' ? strchr(order, subfield.code) : NULL;
            buffer key;
            bool valid;
            buffer_init(&key, 0);
            if (at != NULL && (size_t)(at - order) < best && number_issn_key(&key, subfield.value, &valid) &&
                text_equal(buffer_text(&key), wanted))
                best = (size_t)(at - order);
            buffer_release(&key);
        }
    }
    return order[best];
}

static char place_of(catalog *catalog, mms_id id, text wanted)
{
    marc_record *record = NULL;
    bib_info info;
    char place = '\0';
    if (repo_bib_load(catalog->repo, id, &record, &info, catalog_now(catalog), NULL) == RECTO_OK)
        place = place_in(record, wanted);
    marc_record_free(record);
    return place;
}

/* Rows with the number in $a before the others, which keep their order. */
static void put_first(bib_info *rows, char *places, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const bib_info row = rows[i];
        size_t at = i;
        if (places[i] != 'a')
            continue;
        for (; at > 0 && places[at - 1] != 'a'; at--) {
            rows[at] = rows[at - 1];
            places[at] = places[at - 1];
        }
        rows[at] = row;
        places[at] = 'a';
    }
}

void search_issn_places(catalog_hits *hits, const search_plan *plan)
{
    const query_node *term = is_asked(plan->identifier) ? plan->identifier : plan->tree;
    char places[RECORDS_READ_MAX];
    buffer key;
    bool valid;
    if (!is_asked(term) || hits->row_count == 0 || hits->row_count != hits->total || hits->row_count > RECORDS_READ_MAX)
        return;
    buffer_init(&key, 0);
    if (number_issn_key(&key, term->value, &valid)) {
        size_t found = hits->row_count;
        for (size_t i = 0; i < hits->row_count; i++)
            places[i] = place_of(plan->catalog, hits->rows[i].id, buffer_text(&key));
        put_first(hits->rows, places, hits->row_count);
        for (size_t i = hits->row_count; i-- > 0;)
            found = places[i] != 'a' && places[i] != '\0' ? i : found;
        if (found < hits->row_count && hits->hint.sentence[0] == '\0')
            snprintf(hits->hint.sentence, sizeof hits->hint.sentence, "Record %zu has this ISSN in 022 $%c, not in $a.",
                     found + 1, places[found]);
    }
    buffer_release(&key);
}
