/* src/catalog/used_values.c - values that a subfield has in other records: what an editor may offer while one is typed (ED-36).
 *
 * There is no list of values: the records that have the words are found by the index, and looked into. So what is offered is what
 * stands in records now, and of very common beginnings only as many records are looked at as a moment allows. */
#include "recto/catalog/lists.h"

#include "inside.h"

#include "recto/base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { RECORDS_LOOKED_AT = 120, QUERY_BYTES = 400 };

static const struct used_place {
    const char *tag, *codes, *index;
} places[] = {
    { "260", "a", "pl" }, { "260", "b", "pub" }, { "260", "e", "kw" },  { "260", "f", "kw" },
    { "264", "a", "pl" }, { "264", "b", "pub" }, { "505", "rt", "kw" }, { "561", "a", "kw" },
};

static const struct used_place *place_of(const char *tag, char code)
{
    for (size_t i = 0; code != 0 && i < sizeof places / sizeof *places; i++)
        if (strcmp(places[i].tag, tag) == 0 && strchr(places[i].codes, code) != NULL)
            return &places[i];
    return NULL;
}

bool catalog_offers_used_values(const char *tag, char code)
{
    return place_of(tag, code) != NULL;
}

void used_values_release(used_values *values)
{
    for (size_t i = 0; i < values->count; i++)
        free(values->list[i].value);
    *values = (used_values){ .count = 0 };
}

static bool begins_with(text value, text folded)
{
    buffer form;
    buffer_init(&form, 64 * 1024);
    utf8_index_form(&form, value);
    const bool does = text_starts(buffer_text(&form), folded);
    buffer_release(&form);
    return does;
}

/* Marks that only join it to what follows are no part of a value: "Fondo," and "Fondo" are one. */
static text without_joint(text value)
{
    value = text_trim(value);
    while (value.length > 0 && strchr(",:;/", value.bytes[value.length - 1]) != NULL)
        value = text_trim(text_of(value.bytes, value.length - 1));
    return value;
}

static void add_value(used_values *out, text value)
{
    for (size_t i = 0; i < out->count; i++)
        if (text_equal(text_from(out->list[i].value), value)) {
            out->list[i].records++;
            return;
        }
    char *copy = out->count < USED_VALUES_MOST ? malloc(value.length + 1) : NULL;
    if (copy == NULL)
        return;
    memcpy(copy, value.bytes, value.length);
    copy[value.length] = '\0';
    out->list[out->count++] = (used_value){ .value = copy, .records = 1 };
}

void used_values_of_record(used_values *out, const marc_record *record, const char *tag, char code, text folded)
{
    enum { VALUE_MOST = 300 };
    for (size_t at = marc_record_find(record, tag, 0); at != SIZE_MAX; at = marc_record_find(record, tag, at + 1)) {
        marc_subfield subfield;
        for (size_t offset = 0; marc_field_next_subfield(marc_record_field(record, at), &offset, &subfield);) {
            const text value = without_joint(subfield.value);
            if (subfield.code == code && value.length > 0 && value.length <= VALUE_MOST && begins_with(value, folded))
                add_value(out, value);
        }
    }
}

/* The words of what is typed, the last one cut short. false: there are none */
static bool make_query(char out[static QUERY_BYTES], text folded)
{
    size_t used = 0;
    for (size_t i = 0; i < folded.length && used + 3 < QUERY_BYTES; i++) {
        const unsigned char byte = (unsigned char)folded.bytes[i];
        const bool letter = byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z');
        if (letter)
            out[used++] = (char)byte;
        else if (used > 0 && out[used - 1] != ' ')
            out[used++] = ' ';
    }
    while (used > 0 && out[used - 1] == ' ')
        used--;
    out[used] = '*';
    out[used + (used > 0 ? 1 : 0)] = '\0';
    return used > 0;
}

static int more_used_first(const void *one, const void *other)
{
    const used_value *a = one, *b = other;
    return a->records != b->records ? (a->records < b->records) - (a->records > b->records) : strcmp(a->value, b->value);
}

recto_status catalog_used_values(used_values *out, catalog *catalog, const char *tag, char code, text typed, recto_error *error)
{
    char query_text[QUERY_BYTES];
    buffer folded;
    catalog_hits hits = { .rows = NULL };
    const struct used_place *place = place_of(tag, code);
    recto_status status = RECTO_OK;
    buffer_init(&folded, 64 * 1024);
    utf8_index_form(&folded, typed);
    if (place != NULL && make_query(query_text, buffer_text(&folded))) {
        const catalog_query query = {
            .index = place->index, .text = query_text, .sort = SORT_MMS_ID, .limit = RECORDS_LOOKED_AT
        };
        status = catalog_search(&hits, catalog, &query, error);
    }
    for (size_t i = 0; status == RECTO_OK && i < hits.row_count; i++) {
        marc_record *record = NULL;
        if (catalog_load(catalog, hits.rows[i].id, &record, NULL, NULL) == RECTO_OK)
            used_values_of_record(out, record, tag, code, buffer_text(&folded));
        marc_record_free(record);
    }
    catalog_hits_release(&hits);
    buffer_release(&folded);
    qsort(out->list, out->count, sizeof *out->list, more_used_first);
    return status;
}
