/* src/tui/search_typing.c - results appear as the search is typed: when the keys rest for a moment, what stands in the first line
 * is searched with its last word cut short. The cursor stays in the line; Enter searches for what was typed, whole.
 *
 * It must never be felt: where it takes longer than a moment, it is left until the next search. */
#include "search_model.h"

#include "recto/base/clock.h"

#include <stdlib.h>
#include <string.h>

enum { KEYS_REST_MS = 180, TOO_LONG_MS = 60, LEAST_BYTES = 3 };

/* Plain words whose last is still being typed get a star; anything else is asked as it is, once it can be read. */
static bool compose(buffer *out, const search_model *model, const char **index)
{
    const text typed = search_line_text(&model->query[0]);
    bool plain = model->index[0]->kind == 'w';

    if (typed.length < LEAST_BYTES || search_line_text(&model->query[1]).length > 0)
        return false;
    for (size_t i = 0; i < typed.length && plain; i++)
        plain = strchr("\"=<>(){}*", typed.bytes[i]) == NULL;
    if (!plain && strcmp(model->index[0]->code, "kw") != 0)
        return false; /* half an identifier is no other one */
    buffer_append_text(out, typed);
    if (plain && (unsigned char)typed.bytes[typed.length - 1] > ' ')
        buffer_append_char(out, '*');
    *index = strcmp(model->index[0]->code, "kw") == 0 ? NULL : model->index[0]->code;
    return !buffer_failed(out);
}

static void show(search_model *model, char *ran, const char *index, catalog_hits *hits)
{
    free(model->ran);
    model->ran = ran;
    model->ran_index = index;
    model->searched = true;
    model->counted = false;
    model->ways = model->way = 0;
    model->list.current = model->list.top = 0;
    search_take_hits(model, station_catalog(model->station), hits, 0);
    search_show_current(model, model->station, true);
}

static bool run(search_model *model)
{
    buffer typed;
    const char *index = NULL;
    catalog_hits hits = { .rows = NULL };
    char *ran = NULL;
    bool shown = false;

    buffer_init(&typed, 0);
    if (compose(&typed, model, &index) && (ran = buffer_take(&typed)) != NULL) {
        const int64_t began = recto_clock_monotonic_ms(); /* the station's stands still while it searches */
        const catalog_query query = {
            .type = model->type, .zone = model->zone, .index = index, .text = ran, .sort = model->sort, .limit = SEARCH_WINDOW
        };
        model->selected_count = model->chosen_count = 0;
        shown = catalog_search(&hits, station_catalog(model->station), &query, NULL) == RECTO_OK;
        model->typing.left = recto_clock_monotonic_ms() - began > TOO_LONG_MS;
        if (shown)
            show(model, ran, index, &hits);
        else
            free(ran);
    }
    buffer_release(&typed);
    return shown;
}

static size_t wanted(void *context, struct pollfd *out, size_t capacity, int *timeout_ms)
{
    const struct search_typing *typing = context;
    const int64_t left = typing->due_ms - station_now_ms(typing->model->station);

    (void)out;
    (void)capacity;
    *timeout_ms = left > 0 ? (int)left : 0;
    return 0;
}

static bool step(void *context, const struct pollfd *polled, size_t count)
{
    struct search_typing *typing = context;
    search_model *model = typing->model;

    (void)polled;
    (void)count;
    if (station_now_ms(model->station) < typing->due_ms)
        return false;
    station_remove_source(model->station, typing);
    return model->focus == FOCUS_QUERY && run(model);
}

void search_typed_more(search_model *model)
{
    struct search_typing *typing = &model->typing;

    if (typing->left)
        return;
    typing->model = model;
    typing->due_ms = station_now_ms(model->station) + KEYS_REST_MS;
    station_add_source(model->station, &(station_source){ .wanted = wanted, .step = step, .context = typing });
}

void search_typing_done(search_model *model)
{
    station_remove_source(model->station, &model->typing);
    model->typing.left = false;
}
