/* src/tui/search_choices.c - what a search is made of besides its words: type, zone, index and order.
 *
 * Each can be chosen in its box of the form, by a command, and by a command with an argument. */
#include "facets.h"
#include "remembered.h"
#include "search_model.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- choosing ---------------------------------------------------------------------------------------------------- */

static int tab_of(zone_kind zone)
{
    return zone == ZONE_INSTITUTION ? 0 : zone == ZONE_NETWORK ? 1 : zone == ZONE_COMMUNITY ? 2 : -1;
}

static void choose_zone(search_model *model, workstation *station, zone_kind zone)
{
    const int from = tab_of(model->zone), to = tab_of(zone);

    if (from >= 0 && model->searched) {
        model->places[from].known = true;
        model->places[from].current = model->list.current;
        model->places[from].top = model->list.top;
    }
    model->zone = zone;
    if (!model->searched)
        return;
    search_run_again(model, station);
    if (to < 0 || !model->places[to].known || model->places[to].current >= model->list.count)
        return;
    model->list.current = model->places[to].current;
    model->list.top = model->places[to].top;
    search_keep_window(model, station);
    search_show_current(model, station, true);
}

static void step_zone(search_model *model, workstation *station, int step)
{
    static const zone_kind zones[] = { ZONE_INSTITUTION, ZONE_NETWORK, ZONE_COMMUNITY };
    int at = 0;

    while (at < 2 && zones[at] != model->zone)
        at++;
    do {
        at = (at + step + 3) % 3;
    } while (at != 0 && catalog_zone(station_catalog(station), zones[at]) == NULL);
    choose_zone(model, station, zones[at]);
}

static void zone_by_name(search_model *model, workstation *station, const char *argument)
{
    if (argument == NULL || argument[0] == '\0' || strcmp(argument, "next") == 0)
        step_zone(model, station, 1);
    else if (strcmp(argument, "previous") == 0)
        step_zone(model, station, -1);
    else if (strchr("iI", argument[0]) != NULL)
        choose_zone(model, station, ZONE_INSTITUTION);
    else if (strchr("nN", argument[0]) != NULL)
        choose_zone(model, station, ZONE_NETWORK);
    else if (strchr("cC", argument[0]) != NULL)
        choose_zone(model, station, ZONE_COMMUNITY);
    else if (strchr("aA", argument[0]) != NULL)
        choose_zone(model, station, (zone_kind)0);
    else
        station_say(station, "Zones are institution, network, community and all");
}

static const dialog_choice sort_choices[] = {
    { "0", "Rank", 'r' },
    { "1", "Title", 't' },
    { "2", "Creator", 'c' },
    { "3", "Date", 'd' },
    { "4", "Date, newest first", 'n' },
    { "5", "Modified last", 'm' },
    { "6", "Created last", 'e' },
    { "7", "MMS ID", 'i' },
    { "8", "Title, last first", 'l' },
    { "9", "Creator, last first", 'o' },
    { "10", "Series", 's' },
    { "11", "Series, last first", '1' },
    { "12", "Uniform title", 'u' },
    { "13", "Uniform, last first", '2' },
    { "14", "Call number", 'b' },
    { "15", "Call no., last first", '3' },
    { "", "As it is", 'a' },
    { NULL, NULL, 0 },
};

/* "1 1 0 1 1": the order of each type (SE-45). */
static void keep_orders(const search_model *model, workstation *station)
{
    char kept[60];
    size_t at = 0;

    for (size_t i = 0; i < sizeof model->sorts / sizeof *model->sorts; i++)
        at += (size_t)snprintf(kept + at, sizeof kept - at, "%d ", (int)model->sorts[i]);
    remembered_set(station, "search_orders", kept);
}

void search_recall_orders(search_model *model, workstation *station)
{
    buffer kept;

    buffer_init(&kept, 0);
    remembered_get(station, "search_orders", &kept);
    text rest = buffer_text(&kept);
    for (size_t i = 0; i < sizeof model->sorts / sizeof *model->sorts; i++) {
        int64_t sort = SORT_TITLE;

        if (rest.bytes == NULL || !text_to_integer(text_next_field(&rest, ' '), &sort) || sort < 0 ||
            sort > SORT_CALL_NUMBER_BACKWARDS)
            sort = SORT_TITLE;
        model->sorts[i] = (search_sort)sort;
    }
    buffer_release(&kept);
    model->sort = model->sorts[model->type];
}

static void sort_chosen(workstation *station, void *context, const char *choice)
{
    search_model *model = context;

    int64_t sort;

    if (!text_to_integer(text_from(choice), &sort))
        return;
    model->sort = (search_sort)sort;
    model->sorts[model->type] = model->sort;
    keep_orders(model, station);
    search_run_again(model, station);
}

static void ask_sort(search_model *model, workstation *station)
{
    char initial[12];

    snprintf(initial, sizeof initial, "%d", (int)model->sort);

    station_ask(station, &(dialog){ .title = "Sort results by",
                                    .lines = (const char *const[]){ NULL },
                                    .choices = sort_choices,
                                    .initial = initial,
                                    .escape = "",
                                    .done = sort_chosen,
                                    .context = model });
}

enum { TYPES = SEARCH_AUTHORITIES + 1 };

static bool is_offered(const search_model *model, const search_index *index)
{
    bool chosen = index->simple || strcmp(index->code, "yr") == 0;

    for (size_t i = 0; i < model->own_count; i++)
        chosen = chosen || model->own_order[i] == index;
    return chosen && repo_search_offers(model->type, index);
}

/* Index number `step` further among those offered in the form, in the cataloger's order. */
static const search_index *step_index(const search_model *model, const search_index *from, int step)
{
    const search_index *all[SEARCH_ORDERED];
    const size_t count = search_ordered(model, all);
    size_t at = 0;

    while (at < count && all[at] != from)
        at++;
    if (count == 0)
        return from;
    if (at == count) /* a local field out of the long list stands nowhere: on to the first, or back to the last */
        at = step > 0 ? count - 1 : 0;
    do
        at = step > 0 ? (at + 1) % count : (at + count - 1) % count;
    while (!is_offered(model, all[at]));
    return all[at];
}

static const search_index *index_by_letter(const search_model *model, const search_index *from, const char *letter)
{
    const search_index *next = from;

    for (size_t i = 0; i < SEARCH_ORDERED; i++) {
        next = step_index(model, next, 1);
        if (text_equal_ascii_case(text_of(search_index_label(model, next).bytes, 1), text_of(letter, 1)))
            return next;
    }
    return from;
}

void search_set_type(search_model *model, search_type type)
{
    const bool leaves = model->type == SEARCH_AUTHORITIES && type != SEARCH_AUTHORITIES;

    model->type = type;
    model->sort = model->sorts[type];
    if (leaves && strcmp(model->index[1]->code, "n") == 0)
        model->index[1] = repo_search_index("yr");
    for (size_t i = 0; i < SEARCH_LINES; i++)
        if (!repo_search_offers(type, model->index[i]))
            model->index[i] = repo_search_index(i == 0 ? "kw" : type == SEARCH_AUTHORITIES ? "n" : "yr");
}

static void choose_type(search_model *model, int step)
{
    search_set_type(model, (search_type)(((int)model->type + step + TYPES) % TYPES));
}

static void type_by_letter(search_model *model, const char *letter)
{
    for (int i = 1; i <= TYPES; i++) {
        search_type type = (search_type)(((int)model->type + i) % TYPES);

        if (text_equal_ascii_case(text_of(search_type_title(type), 1), text_of(letter, 1))) {
            search_set_type(model, type);
            return;
        }
    }
}

static void index_by_name(search_model *model, workstation *station, const char *argument)
{
    const search_index *index;

    if (argument == NULL || argument[0] == '\0') {
        search_pick_index(model, station);
        return;
    }
    index = repo_search_index(argument);
    if (index != NULL && !repo_search_offers(model->type, index)) {
        station_say(station, "%s is no index of %s", index->label, search_type_title(model->type));
        return;
    }
    if (index == NULL) {
        station_say(station, "Unknown index '%s'", argument);
        return;
    }
    model->index[0] = index;
    model->focus = FOCUS_QUERY;
}

static void type_by_name(search_model *model, workstation *station, const char *argument)
{
    if (argument == NULL || argument[0] == '\0') {
        model->focus = FOCUS_TYPE;
        return;
    }
    for (int i = 0; i < TYPES; i++)
        if (strncasecmp(search_type_title((search_type)i), argument, strlen(argument)) == 0) {
            search_set_type(model, (search_type)i);
            if (model->searched)
                search_run_again(model, station);
            return;
        }
    station_say(station, "Types are: all titles, physical titles, electronic titles, physical items, authorities");
}

/* Boxes of choices: arrows and Space go round, a letter goes to the next choice that begins with it (SE-22). */
bool search_typed_choice(search_model *model, const key *pressed)
{
    bool letter = pressed->name == KEY_IS_TEXT && !pressed->ctrl && !pressed->alt && pressed->text[0] != ' ';
    bool back = pressed->name == KEY_NAME_UP || pressed->name == KEY_NAME_LEFT;
    bool on = pressed->name == KEY_NAME_DOWN || pressed->name == KEY_NAME_RIGHT ||
              (pressed->name == KEY_IS_TEXT && pressed->text[0] == ' ');
    const search_index **index = &model->index[model->focus == FOCUS_INDEX ? 0 : 1];

    if (!letter && !back && !on)
        return false;
    if (model->focus == FOCUS_TYPE && letter)
        type_by_letter(model, pressed->text);
    else if (model->focus == FOCUS_TYPE)
        choose_type(model, back ? -1 : 1);
    else
        *index = letter ? index_by_letter(model, *index, pressed->text) : step_index(model, *index, back ? -1 : 1);
    return true;
}

static void clear_search(search_model *model)
{
    for (size_t i = 0; i < SEARCH_LINES; i++)
        line_input_set(&model->query[i], "", false);
    catalog_hits_release(&model->hits);
    model->hits = (catalog_hits){ .rows = NULL };
    record_view_set(&model->preview, NULL);
    model->searched = model->counted = false;
    model->list = (list_view){ .count = 0 };
    model->shown = 0;
    model->focus = FOCUS_QUERY;
}

bool search_run_choice(search_model *model, const char *name, const char *argument, workstation *station)
{
    if (strcmp(name, "search.type") == 0)
        type_by_name(model, station, argument);
    else if (strcmp(name, "search.zone") == 0)
        zone_by_name(model, station, argument);
    else if (strcmp(name, "search.institution") == 0)
        choose_zone(model, station, ZONE_INSTITUTION);
    else if (strcmp(name, "search.network") == 0)
        choose_zone(model, station, ZONE_NETWORK);
    else if (strcmp(name, "search.community") == 0)
        choose_zone(model, station, ZONE_COMMUNITY);
    else if (strcmp(name, "search.index") == 0)
        index_by_name(model, station, argument);
    else if (strcmp(name, "search.sort") == 0)
        ask_sort(model, station);
    else if (strcmp(name, "search.facets") == 0)
        facets_pane_open(station);
    else if (strcmp(name, "search.history") == 0)
        search_pick_history(model, station);
    else if (strcmp(name, "search.sets") == 0)
        search_pick_set(model, station);
    else if (strcmp(name, "search.export") == 0)
        search_ask_export(model, station);
    else if (strcmp(name, "search.index_order") == 0)
        search_ask_order(model, station);
    else if (strcmp(name, "search.rows") == 0)
        search_toggle_rows(model, station);
    else if (strcmp(name, "search.single") == 0)
        search_ask_single(station);
    else if (strcmp(name, "search.keep") == 0)
        search_ask_keep(model, station);
    else if (strcmp(name, "search.narrow") == 0)
        model->focus = FOCUS_QUERY_2;
    else if (strcmp(name, "search.clear") == 0)
        clear_search(model);
    else
        return false;
    return true;
}
