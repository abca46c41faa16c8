/* src/tui/inventory_choices.c - what may stand in the boxes of the holdings form: schemes, and the libraries and locations of the
 * institution's lists (settings `libraries`, `locations`), then those that stand in its holdings (ED-43).
 *
 * Holdings are looked at along the shelf list, as many as a moment allows; what is typed is free all the same. */
#include "inventory_model.h"
#include "pick.h"

#include "recto/base/plural.h"
#include "recto/catalog/lists.h"
#include "recto/catalog/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHOICES_MOST = 200, BIBS_MOST = 300, VALUE_BYTES = 32 };

typedef struct choice {
    char value[VALUE_BYTES];
    char label[80];
    size_t used;
} choice;

typedef struct choices {
    choice list[CHOICES_MOST];
    size_t count, bib_count;
    mms_id bibs[BIBS_MOST];
    bool locations;      /* else libraries */
    const char *library; /* locations of this one alone; "" all */
} choices;

static choice *find_or_add(choices *all, text value)
{
    for (size_t i = 0; i < all->count; i++)
        if (text_equal(text_from(all->list[i].value), value))
            return &all->list[i];
    if (all->count == CHOICES_MOST || value.length == 0 || value.length >= VALUE_BYTES)
        return NULL;
    choice *made = &all->list[all->count++];
    *made = (choice){ .used = 0 };
    memcpy(made->value, value.bytes, value.length);
    return made;
}

/* "MAIN=Main Library|LAW" */
static void add_configured(choices *all, inventory *model)
{
    buffer kept;
    catalog *desk = station_catalog(model->station);
    buffer_init(&kept, 16384);
    if (catalog_setting_get(&kept, NULL, desk, catalog_zone(desk, ZONE_INSTITUTION), all->locations ? "locations" : "libraries",
                            NULL) != RECTO_OK)
        buffer_clear(&kept);
    text rest = buffer_text(&kept);
    while (rest.bytes != NULL && rest.length > 0) {
        text piece = text_trim(text_next_field(&rest, '|'));
        const text value = text_trim(text_next_field(&piece, '='));
        choice *made = find_or_add(all, value);
        if (made != NULL && piece.bytes != NULL)
            snprintf(made->label, sizeof made->label, "%.*s", (int)piece.length, piece.bytes);
    }
    buffer_release(&kept);
}

static void add_used(void *context, const holding *found)
{
    choices *all = context;
    if (all->locations && all->library[0] != '\0' && strcmp(found->library, all->library) != 0)
        return;
    choice *made = find_or_add(all, text_from(all->locations ? found->location : found->library));
    if (made != NULL)
        made->used++;
}

static bool note_bib(void *context, const browse_row *row)
{
    choices *all = context;
    for (size_t i = 0; i < all->bib_count; i++)
        if (all->bibs[i] == row->example)
            return true;
    if (all->bib_count < BIBS_MOST)
        all->bibs[all->bib_count++] = row->example;
    return all->bib_count < BIBS_MOST;
}

static void add_from_shelf(choices *all, inventory *model)
{
    catalog *desk = station_catalog(model->station);
    browse_request request = { .kind = BROWSE_SHELF, .from = TEXT(""), .after = BIBS_MOST };
    recto_error error = { 0 };
    (void)catalog_browse(desk, ZONE_INSTITUTION, &request, note_bib, all, &error);
    for (size_t i = 0; i < all->bib_count; i++)
        (void)catalog_holdings(desk, all->bibs[i], add_used, all, &error);
}

static void value_chosen(workstation *station, void *context, const char *value)
{
    inventory *model = context;
    (void)station;
    if (value != NULL && model->form != FORM_NONE)
        line_input_set(&model->boxes[model->box], value, false);
}

static void offer(inventory *model, const char *title, choices *all)
{
    pick *offered = pick_new(model->station, title, value_chosen, model);
    for (size_t i = 0; i < all->count; i++) {
        char label[140];
        if (all->list[i].used > 0)
            snprintf(label, sizeof label, "%s%s%zu %s", all->list[i].label, all->list[i].label[0] != '\0' ? ", " : "",
                     all->list[i].used, plural(all->list[i].used, "holding", "holdings"));
        else
            snprintf(label, sizeof label, "%s", all->list[i].label);
        pick_add(offered, text_from(all->list[i].value), text_from(all->list[i].value), text_from(label));
    }
    pick_open(offered, TEXT(""));
}

static const char *location_title(const inventory *model)
{
    return model->form == FORM_ITEM ? "Temporary location" : "852 $$c Location";
}

static const char *library_title(const inventory *model)
{
    return model->form == FORM_ITEM ? "Temporary library" : "852 $$b Library";
}

void inventory_offer_places(inventory *model, bool locations, const char *library)
{
    choices *all = calloc(1, sizeof *all);
    if (all == NULL)
        return;
    all->locations = locations;
    all->library = library;
    add_configured(all, model);
    add_from_shelf(all, model);
    for (size_t i = 0; i < model->count; i++) /* of this record, whether on the shelf list or not */
        if (!model->rows[i].is_item && all->bib_count == 0)
            add_used(all, &model->rows[i].holding);
    if (all->count == 0)
        station_say(model->station, "no %s is used yet; the setting `%s` may list them", locations ? "location" : "library",
                    locations ? "locations" : "libraries");
    else
        offer(model, locations ? location_title(model) : library_title(model), all);
    free(all);
}
