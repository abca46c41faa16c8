/* src/tui/search_index_list.c - the indexes as a cataloger sees them: the library's labels of its local fields (SE-21), and each
 * cataloger's own order (SE-22). What no order was set for follows in Recto's. */
#include "remembered.h"
#include "search_model.h"

#include "recto/catalog/settings.h"

#include <stdio.h>
#include <string.h>

/* ---- labels ---- */

void search_read_labels(search_model *model, workstation *station)
{
    catalog *house = station_catalog(station);

    buffer_clear(&model->labels);
    if (catalog_setting_get(&model->labels, NULL, house, catalog_zone(house, ZONE_INSTITUTION), "index_labels", NULL) != RECTO_OK)
        buffer_clear(&model->labels);
}

/* The setting is "910=Fund|949=Donor". */
text search_index_label(const search_model *model, const search_index *index)
{
    enum { TAG = 3 };
    text rest = buffer_text(&model->labels);

    while (index->code[0] == 'l' && index->code[1] == '9' && rest.bytes != NULL && rest.length > 0) {
        const text one = text_next_field(&rest, '|');
        if (one.length > TAG + 1 && memcmp(one.bytes, index->code + 1, TAG) == 0)
            return text_of(one.bytes + TAG + 1, one.length - TAG - 1);
    }
    return text_from(index->label);
}

/* ---- order ---- */

static bool is_among(const search_index *const *list, size_t count, const search_index *index)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == index)
            return true;
    return false;
}

void search_read_order(search_model *model, workstation *station)
{
    buffer kept;
    char code[16];

    buffer_init(&kept, 0);
    remembered_get(station, "search_index_order", &kept);
    model->own_count = 0;
    for (text rest = buffer_text(&kept); rest.bytes != NULL && rest.length > 0 && model->own_count < SEARCH_OWN_ORDER;) {
        string_keep(code, sizeof code, text_next_field(&rest, ' '));
        const search_index *index = repo_search_index(code);
        if (index != NULL && !is_among(model->own_order, model->own_count, index))
            model->own_order[model->own_count++] = index;
    }
    buffer_release(&kept);
}

size_t search_ordered(const search_model *model, const search_index *out[static SEARCH_ORDERED])
{
    size_t all_count, count = model->own_count;
    const search_index *all = repo_search_indexes(&all_count);

    memcpy(out, model->own_order, count * sizeof *out);
    for (size_t i = 0; i < all_count && count < SEARCH_ORDERED; i++)
        if (!is_among(model->own_order, model->own_count, &all[i]))
            out[count++] = &all[i];
    return count;
}

/* @return false: a word is no code of an index, and that was said */
static bool check_codes(workstation *station, text codes)
{
    char code[16];

    while (codes.bytes != NULL && codes.length > 0) {
        const text word = text_next_field(&codes, ' ');
        string_keep(code, sizeof code, word);
        if (word.length == 0 || (word.length < sizeof code && repo_search_index(code) != NULL))
            continue;
        station_say(station, "Unknown index '%s': the order is as it was. x lists the codes", code);
        return false;
    }
    return true;
}

static void order_typed(workstation *station, void *context, const char *answer)
{
    search_model *model = context;

    if (answer == NULL || !check_codes(station, text_from(answer)))
        return;
    remembered_set(station, "search_index_order", answer);
    search_read_order(model, station);
    if (model->own_count > 0)
        station_say(station, "%s comes first in the list of indexes, then the others as you gave them",
                    model->own_order[0]->label);
    else
        station_say(station, "The list of indexes begins with those that were used last");
}

void search_ask_order(search_model *model, workstation *station)
{
    buffer now;

    buffer_init(&now, 0);
    for (size_t i = 0; i < model->own_count; i++)
        buffer_append_format(&now, "%s%s", i > 0 ? " " : "", model->own_order[i]->code);
    station_prompt(station, "Indexes that come first, codes in your order (none: last used):", buffer_string(&now), order_typed,
                   model);
    buffer_release(&now);
}
